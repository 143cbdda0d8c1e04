/* The first screen against the mock-ups' own people: words, columns, counts, units, what keys do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"

#include <string.h>

/* The mock-up `queues` (screens.md), without what is built later; mine has 6 due today, as `dossiers-132x40` marks them. */
static void counter_sees_the_mock_up(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_plant(&w, "seven");
    world_draw(&w, 24, 80);
    world_rows(&w, 0, " TẬP HUẤN  TT. Ngãi Giao · Mai         trực tuyến · chưa gửi 4, vướng 3 · 09:42",
               " Hàng việc                                                    dữ liệu lúc 09:42",
               "   Số Hàng việc                      Hồ sơ   Hôm nay  Quá hạn   Gần hạn nhất",
               ">  1  Chờ tiếp nhận (trực tuyến)        12         5     !! 1   quá hạn 72 phút",
               "   2  Việc của tôi                      26         6     !! 2   quá hạn 1 ngày",
               "   3  Đang xử lý                        41         6     !! 2   quá hạn 1 ngày",
               "   4  Chờ bổ sung giấy tờ                5         -        -   chờ đến 05/01",
               "   5  Chờ nộp phí                        3         -        -   tạm dừng",
               "   6  Chờ trả kết quả                    9         -        -   -",
               "   7  Đến hạn hôm nay                   13        13        -   còn 23 phút",
               "   8  Quá hạn                            3         -     !! 3   quá hạn 1 ngày",
               "   9  Đứng yên quá 2 ngày làm việc       2         -        -   -", "",
               "      Nháp đang làm dở                   0",
               "      Hộp gửi                            7    vướng 3",
               "      Danh mục thủ tục                 102");
    world_rows(&w, 19, " !! quá hạn    ! đến hạn hôm nay    || tạm dừng    ?? chưa tính được hạn", "", "",
               " 3 việc bị vướng cần xem. Bấm h để mở Hộp gửi.",
               " Enter Mở  n Hồ sơ mới  / Tìm  h Hộp gửi  r Tải lại  : Lệnh  ? Giúp  q Quay lại");
    assert_int_equal(w.canvas->cursor_row, 3);
    assert_int_equal(w.canvas->cursor_col, 0);
    world_free(&w);
}

static void open_supervisor(struct world *w)
{
    world_new(w, "mockups-unit", "quan", "09:42");
}

/* The mock-up `queues-unit`; nothing was sent back. */
static void supervisor_chooses_units(void **state)
{
    struct world w;

    open_supervisor(&w);
    world_draw(&w, 24, 80);
    world_rows(&w, 1, " Hàng việc                                                    dữ liệu lúc 09:42");
    world_keys(&w, "v Down Space Down Space Down Space Up Up");
    world_draw(&w, 24, 80);
    world_rows(&w, 0, " TẬP HUẤN  Huyện Châu Đức · Phạm Minh Quân      trực tuyến · chưa gửi 0 · 09:42",
               " Hàng việc · Huyện Châu Đức: 3 trong 16 đơn vị                dữ liệu lúc 09:42",
               "   Số Hàng việc                      Hồ sơ   Hôm nay  Quá hạn   Gần hạn nhất",
               ">  1  Chờ ký                            23         9     !! 1   quá hạn 1 giờ",
               "   2  Tôi đã trả lại, đang theo dõi      0         -        -   -",
               "   3  Đang xử lý                       187        21     !! 6   quá hạn 3 ngày",
               "   4  Chờ phát hành                     11         2        -   còn 2 giờ",
               "   5  Đến hạn hôm nay                   34        34        -   còn 23 phút",
               "   6  Quá hạn                            7         -     !! 7   quá hạn 3 ngày",
               "   7  Đứng yên quá 2 ngày làm việc       5         -        -   -",
               "── Đơn vị: Space chọn, gõ để tìm, F9 áp dụng ───────────────────────────────────",
               "        Đơn vị                             Chờ ký  Hôm nay   Quá hạn",
               "  [ ]   Tất cả 16 đơn vị                       68       22      !! 4",
               "> [x]   Thị trấn Ngãi Giao                     14        6      !! 1",
               "  [x]   Xã Bình Giã                             5        2         -",
               "  [x]   Xã Kim Long                             4        1         -",
               "  [ ]   Xã Xuân Sơn                             9        3      !! 1",
               "  [ ]   Xã Nghĩa Thành                          6        2         -",
               "  [ ]   Xã Suối Nghệ                            3        -         -",
               "  [ ]   Xã Bình Ba                              7        2      !! 1",
               "        còn 9 đơn vị nữa, cuộn xuống", "", " Đang chọn 3 đơn vị.",
               " Space Chọn  F9 Đồng ý  Esc Quay lại  F1 Giúp");
    assert_int_equal(w.canvas->cursor_row, 13);
    /* kept for ever, and for the lists too */
    world_keys(&w, "F9");
    world_restart(&w);
    world_keys(&w, "1");
    world_draw(&w, 24, 80);
    world_pass(&w, 50);
    world_draw(&w, 24, 80);
    assert_non_null(strstr(world_row(&w, 1), "Chờ ký · xếp theo hạn · Huyện Châu Đức: 3 trong 16 đơn vị"));
    assert_non_null(strstr(world_row(&w, 1), "1/23"));
    world_free(&w);
}

static void units_are_found_by_typing_and_taken_back(void **state)
{
    struct world w;

    open_supervisor(&w);
    world_keys(&w, "v");
    world_type(&w, "nghia"); /* without tones, and Space ticks */
    world_draw(&w, 24, 80);
    world_rows(&w, 12, "> [ ]   Xã Nghĩa Thành                          6        2         -", "");
    assert_true(world_sees(&w, "Tìm: nghia"));
    world_keys(&w, "Space");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, ">  1  Chờ ký                             6         2        -"));
    world_keys(&w, "Backspace Backspace Backspace Backspace Backspace Backspace");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Đang chọn 1 đơn vị."));
    assert_true(world_sees(&w, "Tất cả 16 đơn vị"));
    world_keys(&w, "Esc"); /* as it was */
    world_draw(&w, 24, 80);
    world_rows(&w, 1, " Hàng việc                                                    dữ liệu lúc 09:42");
    assert_true(world_sees(&w, ">  1  Chờ ký                            68        22     !! 4"));
    world_keys(&w, "v Space F9"); /* the box that means all */
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Chờ ký                            68"));
    world_free(&w);
}

static void one_unit_is_no_choice(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_keys(&w, "v");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "chỉ có một đơn vị"));
    assert_null(strstr(world_row(&w, 23), "Đơn vị"));
    world_free(&w);
}

/* Nothing is written as time passes, and still the counts are right: at 10:06 what was due at 10:05 is over. */
static void counts_follow_the_clock(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Chờ tiếp nhận (trực tuyến)        12         5     !! 1   quá hạn 72 phút"));
    world_pass(&w, 24 * 60 * 1000);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Chờ tiếp nhận (trực tuyến)        12         4     !! 2   quá hạn 96 phút"));
    assert_true(world_sees(&w, "Đến hạn hôm nay                   12        12"));
    world_free(&w);
}

static void counts_follow_the_feed(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    json_t *d = json_deep_copy(world_thing(&w, "dossiers", "d-41"));
    json_object_set_new(d, "version", json_integer(9));
    json_object_set_new(d, "status", json_string("received"));
    json_object_set_new(d, "due_at", json_string("2022-12-30T09:42:00+07:00"));
    world_feed(&w, "d-41", d);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Chờ tiếp nhận (trực tuyến)        11"));
    assert_true(world_sees(&w, "Đang xử lý                        42"));
    world_free(&w);
}

static void digits_and_rows_open_their_queue(void **state)
{
    static const struct {
        const char *keys, *title;
    } ways[] = {
        {"1", " Chờ tiếp nhận · "},
        {"8", " Quá hạn · "},
        {"Down Enter", " Việc của tôi · "},
        {"End Up Enter", " Hộp gửi"},
        {"End Enter", " Danh mục thủ tục · 102"},
        {"/", " Tìm: [mọi hồ sơ trên máy]"},
        {"h", " Hộp gửi"},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct world w;
        world_new(&w, "mockups", "mai", "09:42");
        world_keys(&w, ways[i].keys);
        world_draw(&w, 24, 80);
        if (strncmp(world_row(&w, 1), ways[i].title, strlen(ways[i].title)) != 0)
            fail_at(HERE, "%s: %s", ways[i].keys, world_row(&w, 1));
        world_keys(&w, "Esc");
        world_draw(&w, 24, 80);
        assert_non_null(strstr(world_row(&w, 1), " Hàng việc"));
        world_free(&w);
    }
}

/* There are nine lists: 0 is no number here. The focus comes back after a restart. */
static void focus_is_kept(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_keys(&w, "0");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Phím này không dùng ở đây. Bấm ? để xem phím dùng được."));
    world_keys(&w, "Down Down Enter q");
    world_restart(&w);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, ">  3  Đang xử lý"));
    world_free(&w);
}

static void what_was_sent_back_is_watched(void **state)
{
    struct world w;
    struct err e = {0};
    char keys[1][UUID_TEXT];
    open_supervisor(&w); /* where it stands: the app keeps the address of its clock */
    const struct wish back = {.target = "unknown-here",
                              .if_match = "1",
                              .method = "POST",
                              .path = "/dossiers/unknown-here/actions",
                              .action = "rework",
                              .code = "",
                              .name = "",
                              .body = "{}",
                              .body_len = 2,
                              .seen = "{}",
                              .hold = true,
                              .acted_at = w.clock};

    const char *ids[] = {"", "", ""};
    size_t i, n = 0;
    json_t *d;
    json_array_foreach(json_object_get(w.scenario, "dossiers"), i,
                       d) if (n < 3 && strcmp(json_string_value(json_object_get(d, "status")), "in_progress") ==
                                           0) ids[n++] = json_string_value(json_object_get(d, "id"));
    assert_int_equal(n, 3);
    struct wish sent = back, undone = back, before = back;
    sent.target = ids[0];
    before.target = ids[2];
    before.hold = false;
    assert_ok(outbox_enqueue(w.outbox, &before, 1, keys, &e), &e);
    assert_ok(outbox_sending(w.outbox, keys[0], &e), &e);
    assert_ok(outbox_done(w.outbox, keys[0], "\"2\"", NULL, w.clock, &e), &e);
    assert_ok(outbox_enqueue(w.outbox, &sent, 1, keys, &e), &e);
    undone.target = ids[1];
    assert_ok(outbox_enqueue(w.outbox, &undone, 1, keys, &e), &e);
    app_changed(w.app, CACHE_OUTBOX);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Tôi đã trả lại, đang theo dõi      3"));
    world_keys(&w, "u");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Tôi đã trả lại, đang theo dõi      2"));
    /* what the server took is remembered when its row in the outbox is gone */
    world_keys(&w, "u");
    char *kept = outbox_kept(w.outbox, "place:watch");
    assert_non_null(strstr(kept, ids[2]));
    assert_null(strstr(kept, ids[1]));
    mem_free(&kept);
    world_free(&w);
}

static void every_size_shows_the_counts(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    for (int cols = 60; cols <= 200; cols += 7) {
        for (int rows = 16; rows <= 50; rows += 17) {
            world_draw(&w, rows, cols);
            const char *row = world_row(&w, 3);
            if (!strstr(row, "Chờ tiếp nhận (trực tuyến)") || !strstr(row, " 12 ") || !strstr(row, "!! 1") ||
                (cols >= 80) != (strstr(row, "quá hạn 72 phút") != NULL))
                fail_at(HERE, "%d x %d: %s", cols, rows, row);
            assert_true(world_sees(&w, "Hộp gửi"));
            assert_true(world_sees(&w, "Đứng yên quá 2 ngày làm việc"));
        }
    }
    world_free(&w);
}

static void the_message_says_what_presses(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    static const struct {
        enum line_state state;
        const char *words;
    } lines[] = {
        {LINE_OFFLINE, "Mất mạng từ 09:12. Cứ làm tiếp, việc đã lưu sẽ tự gửi."},
        {LINE_MAINTENANCE, "Máy chủ bảo trì đến khoảng 11:00. Việc đã lưu trên máy này sẽ tự gửi sau đó."},
        {LINE_SIGN_IN, "Phiên đã hết. Việc chưa gửi vẫn ở trên máy này; đăng nhập lại để gửi."},
        {LINE_SLOW, "Mạng chậm, máy chủ trả lời sau 6 giây. Cứ làm tiếp."},
        {LINE_ONLINE, ""},
    };
    w.line.since = w.clock - 30 * 60;
    w.line.until = w.clock + 78 * 60;
    w.line.answer_ms = 6400;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        w.line.state = lines[i].state;
        world_line(&w);
        world_draw(&w, 24, 80);
        assert_string_equal(world_row(&w, 22) + (*lines[i].words != '\0'), lines[i].words);
    }
    w.line.first_sync = 12400;
    world_line(&w);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Đang lấy hồ sơ lần đầu: 12.400, đã dùng được phần đã có."));
    w.line.first_sync = -1;
    w.line.training = false;
    w.line.skew = -250;
    world_line(&w);
    world_draw(&w, 24, 100);
    assert_true(world_sees(
        &w, "Đồng hồ máy này lệch 4 phút so với máy chủ. Hạn tính theo giờ máy chủ; nhờ chỉnh lại giờ."));
    world_free(&w);
}

/* Before the first answer nobody knows which lists are his. */
static void lists_come_with_the_first_answer(void **state)
{
    struct world w;

    world_new(&w, "mockups", "new-here", "09:42");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Các hàng việc hiện ra khi máy chủ trả lời lần đầu. r: hỏi máy chủ ngay."));
    world_keys(&w, "1 Enter Down v");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Hàng việc"));
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counter_sees_the_mock_up),
        cmocka_unit_test(supervisor_chooses_units),
        cmocka_unit_test(units_are_found_by_typing_and_taken_back),
        cmocka_unit_test(one_unit_is_no_choice),
        cmocka_unit_test(counts_follow_the_clock),
        cmocka_unit_test(counts_follow_the_feed),
        cmocka_unit_test(digits_and_rows_open_their_queue),
        cmocka_unit_test(focus_is_kept),
        cmocka_unit_test(what_was_sent_back_is_watched),
        cmocka_unit_test(every_size_shows_the_counts),
        cmocka_unit_test(the_message_says_what_presses),
        cmocka_unit_test(lists_come_with_the_first_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

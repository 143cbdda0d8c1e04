/* The outbox: what each wish says of itself, what can be done with it, and that nothing is dropped or sent by an accident.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"
#include "tests/unit/tui_world.h"

#include <stdlib.h>
#include <string.h>

static struct world w;
static struct err e;

static int set_up(void **state)
{
    e = (struct err){0};
    world_new(&w, "mockups", "mai", "09:42");
    return 0;
}

static int tear_down(void **state)
{
    world_free(&w);
    return 0;
}

/* The outbox with the wishes of the mock-ups, newest first as they are planted; the focus on the first. */
static void open_seven(void)
{
    world_plant(&w, "seven");
    world_keys(&w, "h Home");
    world_draw(&w, 24, 80);
}

/* Keys Down until the focused row holds the words. */
static void go_to(const char *words)
{
    for (int i = 0; i < 20; i++) {
        world_draw(&w, 0, 0);
        for (int row = 3; row < 20; row++) {
            const char *text = world_row(&w, row);
            if (text[0] == '>' && strstr(text, words))
                return;
        }
        world_keys(&w, "Down");
    }
    fail_at(HERE, "no row “%s”", words);
}

static struct command *wish_of(struct arena *arena, const char *target)
{
    struct command *rows;
    size_t n;

    assert_ok(outbox_list(w.outbox, 0xff, arena, &rows, &n, &e), &e);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].target, target) == 0)
            return &rows[i];
    fail_at(HERE, "no wish on %s", target);
}

static enum command_state state_on(const char *target)
{
    struct arena arena = {0};
    enum command_state state = wish_of(&arena, target)->state;

    arena_clear(&arena);
    return state;
}

#define sees(words)     world_shows(&w, words)
#define sees_not(words) world_hides(&w, words)

/* ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* But that 09:41 stands above 09:40 (docs/scenarios.md). */
static void it_is_the_mock_up(void **state)
{
    open_seven();
    world_rows(&w, 1, " Hộp gửi · 7 việc, vướng 3                                                  1/7",
               "    Lúc làm Mã hồ sơ   Việc                Tình trạng",
               "> ~ 09:42   …1228-0041 Tiếp nhận           đã lưu trên máy này, hoàn tác được",
               "  » 09:41   …1228-0037 Phân công           đang gửi…",
               "  ↑ 09:40   …1227-0019 Ghi chú             đã lưu trên máy này, chưa gửi",
               "  ? 09:31   …1227-0022 Yêu cầu bổ sung     chưa rõ kết quả, thử lại lúc 09:44",
               "  ≠ 09:22   …1228-0038 Phân công           xung đột: hồ sơ đã đổi lúc 09:18",
               "  × 09:05   …1226-0007 Yêu cầu bổ sung     hệ thống từ chối: đang chờ nộp phí",
               "  ? 18/11   …1118-0002 Ghi chú             quá 40 ngày, cần đối chiếu", "", " Dòng đang chọn",
               "   Tiếp nhận hồ sơ 000.25.33.H06-221228-0041 (Nguyễn Thị Đào), dựa trên bản 3.",
               "   Sẽ gửi sau 10 giây hoàn tác. Đã thử gửi: 0 lần.");
    world_rows(&w, 15, "", " Đã xong hôm nay: 0 việc. Việc đã bỏ còn đọc được 30 ngày (: rồi gõ “đã bỏ”).", "");
    world_rows(&w, 22, " Việc vướng không làm chậm hồ sơ khác.",
               " Enter Mở  x Xử lý  u Hoàn tác  r Tải lại  ? Giúp  q Quay lại");
}

static void its_number_is_the_idempotency_key(void **state)
{
    struct arena arena = {0};
    open_seven();
    go_to("…1228-0041");
    const char *key = wish_of(&arena, "d-41")->key;
    sees(arena_format(&arena, "   Số việc: %.4s-…-%s", key, key + 32));
    world_draw(&w, 30, 100);
    sees(arena_format(&arena, "   Số việc: %s", key));
    arena_clear(&arena);
}

static void every_width_keeps_mark_code_and_state(void **state)
{
    static const int widths[] = {60, 72, 80, 100, 120, 132, 160};

    open_seven();
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        world_draw(&w, widths[i] == 60 ? 16 : 24, widths[i]);
        go_to("1227-0022");
        sees(widths[i] >= 120 ? "? 09:31   000.25.33.H06-221227-0022" : "? 09:31   …1227-0022");
        sees("chưa rõ kết quả");
        if (widths[i] == 72 || widths[i] == 80)
            sees("Yêu cầu bổ sung     chưa rõ");
        if (widths[i] >= 100)
            sees("Yêu cầu bổ sung giấy tờ   chưa rõ kết quả, thử lại lúc 09:44");
        if (widths[i] >= 132)
            sees("Hồ Quốc Bảo            Yêu cầu bổ sung giấy tờ");
        for (int row = 0; row < w.canvas->rows; row++)
            assert_true(text_width(world_row(&w, row)) <= widths[i]);
        world_keys(&w, "Home");
    }
}

static void the_focused_wish_is_said_whole(void **state)
{
    open_seven();
    go_to("1227-0022");
    sees("giấy tờ: ");
    sees("lý do: Giấy báo tử thiếu");
    sees("   dấu của trạm y tế; đề nghị bổ sung.");
    sees("Chưa rõ kết quả: đã gửi nhưng chưa có trả lời.");
    world_keys(&w, "Home");
    go_to("1226-0007");
    sees("Hệ thống từ chối: đang chờ nộp phí. Bấm x để sửa hoặc bỏ việc này.");
    world_keys(&w, "Home");
    go_to("1118-0002");
    sees("Việc này quá 40 ngày chưa rõ kết quả.");
    world_keys(&w, "Home");
    go_to("1228-0038");
    sees("Xung đột: Đỗ Thu Hà đã đổi hồ sơ lúc 09:18.");
}

/* The same words whatever the reason: cut off, waiting for a sign-in, behind another. */
static void what_waits_says_for_what(void **state)
{
    open_seven();
    go_to("1227-0019");
    sees("Sẽ gửi ngay khi đến lượt.");
    w.line.state = LINE_OFFLINE;
    world_line(&w);
    sees("Sẽ tự gửi khi có mạng.");
    w.line.state = LINE_SIGN_IN;
    world_line(&w);
    sees("Chờ đăng nhập lại rồi mới gửi.");
    w.line.state = LINE_MAINTENANCE;
    world_line(&w);
    sees("Sẽ tự gửi khi máy chủ hết bảo trì.");
}

static void an_empty_outbox_is_an_answer(void **state)
{
    world_keys(&w, "h");
    sees(" Hộp gửi trống: mọi việc đã được hệ thống ghi nhận.");
    world_keys(&w, "Enter");
    sees("không có việc nào ở đây");
    sees_not("Xử lý");
    sees_not("vướng");
}

/* ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_hold_that_ends_changes_the_words_alone(void **state)
{
    open_seven();
    go_to("1228-0041");
    world_pass(&w, 9000);
    sees("> ~ 09:42");
    world_pass(&w, 1500);
    sees("> ↑ 09:42   …1228-0041 Tiếp nhận           đã lưu trên máy này, chưa gửi");
    sees_not("u Hoàn tác");
}

static void undo_takes_the_row_away_and_the_focus_stays_by_key(void **state)
{
    open_seven();
    go_to("1228-0041");
    world_keys(&w, "Down");
    world_draw(&w, 0, 0);
    char *below = NULL;
    for (int row = 3; row < 12; row++)
        if (world_row(&w, row)[0] == '>')
            below = text_new("%.60s", world_row(&w, row) + 2);
    assert_non_null(below);
    world_keys(&w, "u");
    sees("Đã rút việc vừa lưu. Chưa có gì được gửi.");
    sees_not("1228-0041 Tiếp nhận");
    go_to(below);
    assert_int_equal(state_on("d-41"), COMMAND_DROPPED);
    free(below);
}

/* ── doing ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_menu_gives_each_thing_its_number_and_says_why_not(void **state)
{
    open_seven();
    go_to("1227-0019");
    world_keys(&w, "x");
    world_draw(&w, 0, 0);
    world_rows(&w, 15, "── Xử lý: bấm số ───────────────────────────────────────────────────────────────",
               "> 1  Gửi ngay", "  2  Mở hồ sơ", "  4  Bỏ việc này…", "  Chưa làm được",
               "  -  Sửa: mở lại phiếu với nội dung của tôi  đang chờ trả lời", "",
               " Chưa có gì thay đổi. Bấm số để làm, Esc để đóng.", " Enter Mở  Esc Quay lại  ? Giúp");
    world_keys(&w, "3");
    sees("Sửa: mở lại phiếu với nội dung của tôi: đang chờ trả lời");
    world_keys(&w, "Esc");
    sees_not("Xử lý: bấm số");
    assert_int_equal(state_on("d-19"), COMMAND_DUE);
}

static void send_now_asks_the_line_at_once(void **state)
{
    struct ask ask = {0};

    open_seven();
    while (world_ask(&w, &ask))
        ask_clear(&ask);
    go_to("1227-0022");
    world_keys(&w, "x 1");
    sees("Đang thử gửi ngay.");
    assert_true(world_ask(&w, &ask));
    assert_int_equal(ask.kind, ASK_SYNC);
    struct arena arena = {0};
    assert_int_equal(wish_of(&arena, "d-22")->not_before, 0);
    arena_clear(&arena);
    go_to("1227-0022");
    sees("chưa rõ kết quả");
    sees_not("thử lại lúc");
}

static void dropping_asks_first_and_no_is_what_enter_does(void **state)
{
    open_seven();
    go_to("1227-0019");
    world_keys(&w, "x 4");
    sees("Bỏ việc này? Nó chưa tới hệ thống.");
    world_keys(&w, "Enter");
    assert_int_equal(state_on("d-19"), COMMAND_DUE);
    world_keys(&w, "x 4 2");
    sees("Đã bỏ. Đọc lại được trong 30 ngày.");
    assert_int_equal(state_on("d-19"), COMMAND_DROPPED);
    sees_not("1227-0019");
    sees("6 việc");
}

static void what_may_have_arrived_is_dropped_with_other_words(void **state)
{
    open_seven();
    go_to("1227-0022");
    world_keys(&w, "x 4");
    sees("Có thể hệ thống đã ghi nhận, bỏ ở đây không rút lại được.");
    world_keys(&w, "Esc");
    assert_int_equal(state_on("d-22"), COMMAND_DUE);
}

static void what_is_being_sent_can_only_be_waited_for(void **state)
{
    open_seven();
    go_to("1228-0037");
    world_keys(&w, "x");
    sees("> 2  Mở hồ sơ");
    sees("  -  Gửi ngay");
    sees("  -  Bỏ việc này…");
    world_keys(&w, "4");
    assert_int_equal(state_on("d-37"), COMMAND_SENDING);
}

static void a_signature_in_doubt_can_only_be_asked_again(void **state)
{
    char keys[1][UUID_TEXT];
    bool taken;
    struct wish wish = wish_on("d-24");

    wish.action = "approve";
    wish.online_only = true;
    wish.hold = false;
    assert_ok(outbox_enqueue(w.outbox, &wish, 1, keys, &e), &e);
    assert_ok(outbox_sending(w.outbox, keys[0], &e), &e);
    assert_ok(outbox_no_answer(w.outbox, keys[0], true, 0, NULL, &taken, &e), &e);
    world_keys(&w, "h");
    sees("Ký duyệt");
    sees("Đã ký, chưa rõ hệ thống đã ghi nhận.");
    world_keys(&w, "x");
    sees("> 1  Hỏi lại ngay, đúng nội dung đã gửi");
    sees("  -  Bỏ việc này…                   chưa rõ kết quả, chỉ hỏi lại được");
    world_keys(&w, "4");
    assert_int_equal(state_on("d-24"), COMMAND_DUE);
}

/* Too old for its key: it goes as a new wish on what stands now, and the old one is not there twice. */
static void after_forty_days_sending_again_is_a_new_wish(void **state)
{
    struct arena arena = {0};
    json_t *d = json_deep_copy(world_thing(&w, "dossiers", "s-02"));

    json_object_set_new(d, "version", json_integer(9));
    json_object_set_new(
        d, "actions", json_pack("[{ss ss s[s]}]", "action", "comment", "offline", "queue", "requires", "note"));
    world_plant(&w, "seven");
    world_feed(&w, "s-02", d);
    const char *old = wish_of(&arena, "s-02")->key;
    world_keys(&w, "h Home");
    go_to("1118-0002");
    world_keys(&w, "x");
    sees("> 1  Gửi lại");
    world_keys(&w, "1");
    struct command *rows;
    size_t n;
    assert_ok(outbox_waiting_on(w.outbox, "s-02", &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_string_not_equal(rows[0].key, old);
    assert_string_equal(rows[0].if_match, "9");
    assert_non_null(strstr(rows[0].body, "người nộp hẹn chiều thứ hai đến nhận"));
    assert_int_equal(state_of(w.outbox, old), COMMAND_DROPPED);
    arena_clear(&arena);
}

static void a_refusal_is_said_whole_with_what_to_do(void **state)
{
    char keys[1][UUID_TEXT];
    struct wish wish = wish_on("d-24");
    const char *problem =
        "{\"type\":\"urn:onestop:problem:validation-failed\",\"title\":\"Không hợp lệ\",\"status\":422,"
        "\"detail\":\"Người được phân công không thuộc đơn vị.\",\"errors\":[{\"field\":\"/assignee\","
        "\"message\":\"chọn người của đơn vị\"}]}";

    wish.hold = false;
    assert_ok(outbox_enqueue(w.outbox, &wish, 1, keys, &e), &e);
    assert_ok(outbox_sending(w.outbox, keys[0], &e), &e);
    assert_ok(outbox_failed(w.outbox, keys[0], COMMAND_REFUSED, problem, "rq-77", w.clock, &e), &e);
    world_keys(&w, "h Enter");
    world_draw(&w, 0, 0);
    world_rows(&w, 12, "── Xử lý: bấm số ───────────────────────────────────────────────────────────────",
               "  Hệ thống từ chối: Không hợp lệ. Người được phân công không thuộc đơn vị;",
               "  chọn người của đơn vị. Số hỗ trợ rq-77.", "", "> 2  Mở hồ sơ");
    sees("  3  Sửa: mở lại phiếu");
}

/* However much a server has to say, the numbers are seen. */
static void a_long_refusal_leaves_room_for_the_numbers(void **state)
{
    char keys[1][UUID_TEXT], problem[4200];
    struct wish wish = wish_on("d-24");

    snprintf(problem, sizeof problem,
             "{\"type\":\"t\",\"title\":\"Không\",\"status\":422,\"detail\":\"%*s\"}", 3900, "dài");
    for (char *p = strstr(problem, "detail") + 9; *p == ' '; p++)
        *p = (p - problem) % 7 ? 'a' : ' ';
    wish.hold = false;
    assert_ok(outbox_enqueue(w.outbox, &wish, 1, keys, &e), &e);
    assert_ok(outbox_sending(w.outbox, keys[0], &e), &e);
    assert_ok(outbox_failed(w.outbox, keys[0], COMMAND_REFUSED, problem, NULL, w.clock, &e), &e);
    static const int sizes[][2] = {{24, 80}, {16, 60}, {40, 132}};
    for (size_t i = 0; i < 3; i++) {
        world_draw(&w, sizes[i][0], sizes[i][1]);
        world_keys(&w, "h");
        sees("Hệ thống từ chối: Không. a");
        world_keys(&w, "x");
        sees("  Hệ thống từ chối: Không. a");
        sees("> 2  Mở hồ sơ");
        sees("  -  Gửi ngay");
        assert_string_equal(world_row(&w, sizes[i][0] - 3), "");
        world_keys(&w, "Esc q");
    }
}

static void what_was_dropped_can_be_read(void **state)
{
    open_seven();
    go_to("1227-0019");
    world_keys(&w, "x 4 2 q");
    app_open(w.app, &view_outbox, &(struct view_arg){.more = "dropped"});
    sees(" Việc đã bỏ · 1 việc");
    sees(">   09:40   …1227-0019 Ghi chú             đã bỏ lúc 09:42");
    sees("nội dung: đã gọi người nộp, hẹn 14:00");
    sees("Đã bỏ lúc 09:42; đọc lại được trong 30 ngày.");
    world_keys(&w, "x");
    sees("  -  Gửi ngay");
    sees("  3  Sửa: mở lại phiếu");
    world_keys(&w, "Esc h");
    sees(" Hộp gửi · 6 việc, vướng 3");
}

/* A hundred wishes: the list scrolls, the block of the focused row stays where it is. */
static void a_long_outbox_scrolls(void **state)
{
    struct wish wishes[100];
    char keys[100][UUID_TEXT];

    for (size_t i = 0; i < 100; i++)
        wishes[i] = wish_on("d-1");
    assert_ok(outbox_enqueue(w.outbox, wishes, 100, keys, &e), &e);
    static const int sizes[][2] = {{24, 80}, {16, 60}, {40, 132}};
    for (size_t i = 0; i < 3; i++) {
        world_draw(&w, sizes[i][0], sizes[i][1]);
        world_keys(&w, "h End");
        sees("100/100");
        sees("Dòng đang chọn");
        assert_string_equal(world_row(&w, w.canvas->cursor_row)[0] == '>' ? ">" : "", ">");
        world_keys(&w, "PgUp Home");
        sees("1/100");
        assert_int_equal(w.canvas->cursor_row, 3);
        world_keys(&w, "q");
    }
}

static void enter_goes_where_there_is_something_to_do(void **state)
{
    open_seven();
    go_to("1228-0038");
    world_keys(&w, "Enter");
    sees("Xung đột · hồ sơ …1228-0038");
    world_keys(&w, "q");
    go_to("1226-0007");
    world_keys(&w, "Enter");
    sees("Xử lý: bấm số");
    world_keys(&w, "Esc Home");
    go_to("1228-0041");
    world_keys(&w, "Enter");
    assert_string_equal(app_top(w.app)->ops->name, "dossier");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_the_mock_up),
        TEST(its_number_is_the_idempotency_key),
        TEST(every_width_keeps_mark_code_and_state),
        TEST(the_focused_wish_is_said_whole),
        TEST(what_waits_says_for_what),
        TEST(an_empty_outbox_is_an_answer),
        TEST(a_hold_that_ends_changes_the_words_alone),
        TEST(undo_takes_the_row_away_and_the_focus_stays_by_key),
        TEST(the_menu_gives_each_thing_its_number_and_says_why_not),
        TEST(send_now_asks_the_line_at_once),
        TEST(dropping_asks_first_and_no_is_what_enter_does),
        TEST(what_may_have_arrived_is_dropped_with_other_words),
        TEST(what_is_being_sent_can_only_be_waited_for),
        TEST(a_signature_in_doubt_can_only_be_asked_again),
        TEST(after_forty_days_sending_again_is_a_new_wish),
        TEST(a_refusal_is_said_whole_with_what_to_do),
        TEST(a_long_refusal_leaves_room_for_the_numbers),
        TEST(what_was_dropped_can_be_read),
        TEST(a_long_outbox_scrolls),
        TEST(enter_goes_where_there_is_something_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

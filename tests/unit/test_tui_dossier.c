/* What the dossier does with time, keys, other widths, other data, and a server that answers late or not at all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_dossier.h"

#include <string.h>

/* ── what it does ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void count_reveals(void *context, const struct journal_entry *entry, const struct journal_place *at)
{
    (void)at;
    *(int *)context += entry->kind == JOURNAL_REVEAL;
}

static int reveals(struct world *w)
{
    struct journal_report report;
    int n = 0;

    assert_true(outbox_journal(w->outbox, count_reveals, &n, &report, NULL));
    assert_int_equal(report.bad, 0);
    return n;
}

static void numbers_are_whole_for_half_a_minute(void **state)
{
    struct world *w = *state;

    open_dossier(w, "d-41");
    world_draw(w, 24, 80);
    assert_false(world_sees(w, "000195004821"));
    world_keys(w, "m");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Giấy tờ số    000195004821     Điện thoại  0105020377"));
    assert_int_equal(reveals(w), 1);
    world_pass(w, 29999);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "000195004821"));
    world_pass(w, 1);
    world_draw(w, 24, 80);
    assert_false(world_sees(w, "000195004821"));
    assert_true(world_sees(w, "***4821"));
    world_keys(w, "m .");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Lâm Chí Vỹ"));
    assert_false(world_sees(w, "000000004821"));
    assert_int_equal(reveals(w), 2);
    world_keys(w, "m m");
    world_draw(w, 24, 80);
    assert_false(world_sees(w, "000000004821"));
    assert_int_equal(reveals(w), 3);
}

static void walking_goes_along_the_list(void **state)
{
    struct world *w = *state;

    open_dossier(w, "d-12");
    world_keys(w, "2 ,");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Phan Tấn Lộc"));
    assert_true(world_sees(w, "đầu danh sách"));
    world_keys(w, ".");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Nguyễn Thị Đào"));
    assert_true(world_sees(w, "[2 Giấy tờ]")); /* the tab stays */
    assert_true(world_sees(w, "5/26"));
    assert_false(world_sees(w, "đầu danh sách"));
    world_keys(w, ". .");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Lâm Chí Vỹ"));
    assert_true(world_sees(w, "cuối danh sách"));
    app_home(w->app);
    assert_true(app_open(w->app, &view_dossier, &(struct view_arg){.id = "d-41"}));
    world_keys(w, ".");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "không mở từ danh sách"));
    assert_false(world_sees(w, ". Mục kế"));
}

static void tabs_go_by_number_and_by_arrow(void **state)
{
    struct world *w = *state;

    open_dossier(w, "d-41");
    world_keys(w, "Left");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "[1 Tổng quan]"));
    world_keys(w, "Right Right Right Right Right");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "[5 Hạn]"));
    assert_int_equal(w->canvas->cursor_row, 2);
    assert_int_equal(w->canvas->cursor_col, 47);
    world_keys(w, "Left 3");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "[3 Phí]"));
    world_keys(w, "9");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "[3 Phí]"));
    assert_true(world_sees(w, "Phím này không dùng ở đây"));
}

static void what_does_not_fit_is_scrolled_to(void **state)
{
    struct world *w = *state;

    open_dossier(w, "d-41");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, " Thủ tục       1.001193 Đăng ký khai sinh"));
    assert_true(world_sees(w, "dòng ở dưới: bấm PgDn"));
    assert_false(world_sees(w, "Giấy tờ       4 thành phần"));
    world_keys(w, "PgDn");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, "Giấy tờ       4 thành phần"));
    world_keys(w, "End");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, "Nội dung kê khai"));
    assert_true(world_sees(w, "Số bản sao trích lục"));
    assert_false(world_sees(w, "dòng ở dưới"));
    world_keys(w, "Down Down PgDn");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, "Số bản sao trích lục"));
    world_keys(w, "Home");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, "Đăng ký khai sinh"));
    world_draw(w, 40, 132);
    assert_true(world_sees(w, "   Họ, chữ đệm, tên trẻ          Trần Minh Khôi"));
    assert_true(world_sees(w, "   Ngày sinh của trẻ             19/12/2022"));
}

/* Nothing may run over its neighbour at any width. */
static void every_width_holds_every_tab(void **state)
{
    struct world *w = *state;
    static const int sizes[][2] = {{16, 60}, {24, 72}, {24, 100}, {30, 120}, {40, 132}, {50, 200}};

    world_plant(w, "seven");
    open_dossier(w, "d-07");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int tab = 1; tab <= 5; tab++) {
            char key[] = {(char)('0' + tab), '\0'};
            world_keys(w, key);
            world_draw(w, sizes[i][0], sizes[i][1]);
            assert_true(w->canvas->cursor_row >= 2 && w->canvas->cursor_row < sizes[i][0] - 2);
            if (tab == 3)
                assert_true(world_sees(w, "10.000 đ         0 đ  chờ chuyển khoản"));
            if (tab == 2)
                assert_true(world_sees(w, "đã nộp"));
            if (tab == 5)
                assert_true(world_sees(w, "T2 26/12/2022"));
        }
    world_keys(w, "3");
    world_draw(w, 40, 132);
    assert_true(world_sees(w, "tiền mặt, 26/12, biên lai 0000187"));
}

/* ── where it comes from ───────────────────────────────────────────────────────────────────────────────────────────── */

static void one_that_is_not_kept_is_asked_for(void **state)
{
    struct world *w = *state;
    struct ask ask = {0};
    struct answer no = {.kind = ASK_DOSSIER, .final = true}, yes = no;
    struct err e = {0};
    json_t *d = copy_of(w, "d-41");

    assert_true(app_open(w->app, &view_dossier, &(struct view_arg){.id = "d-far"}));
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Đang hỏi máy chủ"));
    assert_true(world_ask(w, &ask));
    assert_int_equal(ask.kind, ASK_DOSSIER);
    assert_string_equal(ask.dossier, "d-far");
    world_keys(w, "x");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "chưa có hồ sơ"));
    no.id = ask.id;
    err_set(&no.err, ERR_NOT_FOUND, "không có");
    app_answer(w->app, &no);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "r: hỏi lại"));
    assert_true(world_sees(w, "không có"));
    ask_clear(&ask);

    world_keys(w, "r");
    assert_true(world_ask(w, &ask));
    json_object_set_new(d, "id", json_string("d-far"));
    set_member(d, "actions", "[]");
    json_object_del(d, "events");
    json_object_del(d, "files");
    assert_ok(codec_decode(&shape_dossier, d, &yes.arena, &yes.dossier, &e), &e);
    yes.id = ask.id;
    app_answer(w->app, &yes);
    answer_clear(&yes);
    json_decref(d);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Nguyễn Thị Đào"));
    assert_true(world_sees(w, " Trên máy này  chỉ xem, không lưu trên máy"));
    ask_clear(&ask);
}

static void one_that_is_taken_away_stays_on_the_screen(void **state)
{
    struct world *w = *state;

    open_dossier(w, "d-41");
    world_feed(w, "d-41", NULL);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Nguyễn Thị Đào"));
    assert_true(world_sees(w, " Trên máy này  bản 3; máy chủ không còn gửi hồ sơ này về máy"));
}

static void a_new_version_is_shown_at_once(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-41");

    open_dossier(w, "d-41");
    set_member(d, "version", "9");
    set_member(d, "assignee", "\"nam\"");
    set_member(d, "status", "\"archived_somehow\"");
    set_member(d, "step", "\"beyond\"");
    world_feed(w, "d-41", d);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Đang giữ      Lê Hoàng Nam"));
    assert_true(world_sees(w, " Trạng thái    archived_somehow · bước: beyond"));
    assert_true(world_sees(w, "bản 9"));
}

static void a_history_that_cannot_be_had_says_so(void **state)
{
    struct world *w = *state;
    struct ask ask = {0};
    struct answer answer = {.kind = ASK_EVENTS, .final = true};

    open_dossier(w, "d-07");
    world_keys(w, "4");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Đang hỏi máy chủ toàn bộ lịch sử"));
    assert_true(world_sees(w, " Theo thông tin trong hồ sơ"));
    assert_true(world_sees(w, "29/12 09:05                   Yêu cầu nộp phí"));
    assert_true(world_sees(w, "26/12 10:20  Vũ Thị Hạnh      Yêu cầu bổ sung giấy tờ: Bản chính bị ép nhựa"));
    assert_true(world_sees(w, "→ Yêu cầu bổ sung giấy tờ"));
    assert_true(world_ask(w, &ask));
    err_set(&answer.err, ERR_OFFLINE, "Mất mạng từ 09:12.");
    answer.id = ask.id;
    app_answer(w->app, &answer);
    ask_clear(&ask);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Toàn bộ lịch sử ở máy chủ: Mất mạng từ 09:12."));
    world_pass(w, 60000); /* it does not ask again by itself */
    assert_false(world_ask(w, &ask));
    world_keys(w, "r");
    answer_events(w, "d-07");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Hết. 5 sự kiện."));
}

static void events_are_asked_once_a_version(void **state)
{
    struct world *w = *state;
    struct ask ask = {0};
    json_t *d = copy_of(w, "d-19");

    open_dossier(w, "d-19");
    assert_false(world_ask(w, &ask));
    world_keys(w, "4");
    answer_events(w, "d-19");
    world_keys(w, "1 4");
    world_pass(w, 60000);
    assert_false(world_ask(w, &ask));
    set_member(d, "version", "8");
    world_feed(w, "d-19", d);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Hết. 6 sự kiện.")); /* until the new ones are there */
    answer_events(w, "d-19");
    world_keys(w, "4");
    assert_false(world_ask(w, &ask));
}

/* ── due time, otherwise ───────────────────────────────────────────────────────────────────────────────────────────── */

static void pauses_do_not_count(void **state)
{
    struct world *w = *state;

    open_dossier(w, "d-07"); /* same day; stood still from 10:20 on the 26th to 08:55 on the 29th, and since 09:05 */
    world_keys(w, "5");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "|| tạm dừng"));
    assert_true(world_sees(w, "   T2 26/12/2022   10:00-10:20                  20 phút   có tạm dừng"));
    assert_true(world_sees(w, "   T3 27/12/2022   -                            -         có tạm dừng"));
    assert_true(world_sees(w, "   T5 29/12/2022   08:55-09:05                  10 phút   hết hạn lúc 15:35"));
    assert_true(world_sees(w, " Máy này tính:         29/12/2022 15:35   khớp với hệ thống"));
    assert_true(world_sees(w, " Đã tạm dừng:          26/12/2022 10:20 đến 29/12/2022 08:55, yêu cầu bổ sung"));
    assert_true(world_sees(w, "từ 29/12/2022 09:05, yêu cầu thực hiện nghĩa vụ tài chính"));
}

static void a_difference_is_said(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-12");

    set_member(d, "version", "7");
    set_member(d, "due_at", "\"2023-01-04T11:00:00+07:00\"");
    world_feed(w, "d-12", d);
    open_dossier(w, "d-12");
    world_keys(w, "5");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Hạn do hệ thống đặt:  04/01/2023 11:00"));
    assert_true(world_sees(w, "04/01/2023 09:00   hệ thống lệch 2 giờ làm việc"));
}

static void a_registered_one_counts_from_its_filing(void **state)
{
    struct world *w = *state;

    open_dossier(w, "d-41");
    world_keys(w, "5");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Quy định: 8 giờ làm việc để tiếp nhận, tính từ 28/12/2022 15:10 (giờ nộp)"));
    assert_true(world_sees(w, "khớp với hệ thống"));
    assert_false(world_sees(w, "đúng hạn"));
}

static void without_hours_nothing_is_computed(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-12");

    set_member(d, "version", "9");
    set_member(d, "unit", "\"H06.33.99\"");
    world_feed(w, "d-12", d);
    open_dossier(w, "d-12");
    world_keys(w, "5");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "?? chưa tính được"));
    assert_true(world_sees(w, "nên chưa tính được thời gian còn."));
    assert_false(world_sees(w, "Máy này tính"));
}

/* ── data that bites ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void data_never_drives_the_terminal(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-41");

    set_member(d, "version", "9");
    set_member(d, "code", "\"X\\u001b]0;evil\\u0007\"");
    set_member(json_object_get(d, "applicant"), "name", "\"Nguyễn\\u202e\\u001b[31mĐào\"");
    set_member(json_object_get(d, "applicant"), "address", "\"Tổ\\u0001\\n4\"");
    set_member(json_array_get(json_object_get(d, "papers"), 0), "name", "\"Tờ\\u0085khai\"");
    set_member(d, "external_code", "\"\\u001bc\"");
    world_feed(w, "d-41", d);
    open_dossier(w, "d-41");
    for (int tab = 1; tab <= 5; tab++) {
        char key[] = {(char)('0' + tab), '\0'};
        world_keys(w, key);
        world_draw(w, 24, 80);
        for (int row = 0; row < 24; row++)
            for (const char *c = world_row(w, row); *c; c++)
                assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
    }
    assert_true(world_sees(w, "‹1B›"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_are_whole_for_half_a_minute),
        TEST(walking_goes_along_the_list),
        TEST(tabs_go_by_number_and_by_arrow),
        TEST(what_does_not_fit_is_scrolled_to),
        TEST(every_width_holds_every_tab),
        TEST(one_that_is_not_kept_is_asked_for),
        TEST(one_that_is_taken_away_stays_on_the_screen),
        TEST(a_new_version_is_shown_at_once),
        TEST(a_history_that_cannot_be_had_says_so),
        TEST(events_are_asked_once_a_version),
        TEST(pauses_do_not_count),
        TEST(a_difference_is_said),
        TEST(a_registered_one_counts_from_its_filing),
        TEST(without_hours_nothing_is_computed),
        TEST(data_never_drives_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

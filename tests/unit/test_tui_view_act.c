/* The action menu: what is offered under which number, why the rest is not, one action for several dossiers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_dossier.h"

#include <string.h>

#define BLANK ""

/* What the mock-up has of d-35. */
static void feed_35(struct world *w)
{
    json_t *d = copy_of(w, "d-35");

    offer(d, "receive", "queue", NULL);
    offer(d, "decline", "queue", "note");
    offer(d, "request_supplement", "queue", "note");
    offer(d, "request_payment", "never", "amount");
    offer(d, "request_withdrawal", "queue", NULL);
    offer(d, "comment", "queue", "note");
    refuse(d, "assign", "hồ sơ chưa được tiếp nhận");
    refuse(d, "propose", "việc của công chức chuyên môn");
    refuse(d, "approve", "chưa có ai trình ký");
    refuse(d, "issue", "chưa có quyết định");
    refuse(d, "return_result", "hồ sơ chưa xử lý xong");
    dossier_fed(w, d);
}

static void waiting_on(struct world *w, const char *target, const char *action, size_t n)
{
    struct arena arena = {0};
    struct command *rows;
    struct err e = {0};
    size_t found;

    assert_ok(outbox_waiting_on(w->outbox, target, &arena, &rows, &found, &e), &e);
    assert_int_equal(found, n);
    if (n > 0)
        assert_string_equal(rows[n - 1].action, action);
    arena_clear(&arena);
}

static void menu_is_the_mock_up(void **state)
{
    struct world *w = *state;

    feed_35(w);
    open_dossier(w, "d-35");
    world_keys(w, "x");
    world_draw(w, 24, 80);
    world_rows(w, 2, " [1 Tổng quan]  2 Giấy tờ   3 Phí   4 Lịch sử   5 Hạn", BLANK,
               " Thủ tục       1.000894 Đăng ký kết hôn  (Hộ tịch, dịch vụ công một phần)",
               " Trạng thái    1 Mới đăng ký · bước: tiếp nhận",
               " Hạn nhận      29/12/2022 10:05    !  còn 23 phút để tiếp nhận",
               "── Xử lý: bấm số ───────────────────────────────────────────────────────────────",
               "> 1  Tiếp nhận                    gửi sau được",
               "  2  Không tiếp nhận…             gửi sau được   cần lý do",
               "  3  Yêu cầu bổ sung giấy tờ…     gửi sau được   cần giấy tờ, lý do",
               "  4  Yêu cầu nộp phí…             cần mạng       cần số tiền",
               "  8  Ghi nhận công dân xin rút…   gửi sau được   cần nội dung",
               "  9  Ghi chú…                     gửi sau được   cần nội dung", "  Chưa làm được",
               "  -  Phân công                    hồ sơ chưa được tiếp nhận",
               "  -  Trình ký                     việc của công chức chuyên môn",
               "  -  Ký duyệt                     chưa có ai trình ký",
               "  -  Phát hành                    chưa có quyết định",
               "  -  Trả kết quả                  hồ sơ chưa xử lý xong", BLANK,
               "  … có thêm một màn hình để điền", " Chưa có gì thay đổi. Bấm số để làm, Esc để đóng.",
               " Enter Mở  Esc Quay lại  ? Giúp");
    assert_int_equal(w->canvas->cursor_row, 8);
    assert_int_equal(w->canvas->cursor_col, 0);
}

static void receiving_takes_one_number(void **state)
{
    struct world *w = *state;

    feed_35(w);
    open_dossier(w, "d-35");
    world_keys(w, "x 1");
    waiting_on(w, "d-35", "receive", 1);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Việc của tôi  ~ tiếp nhận, lúc 09:42: đã lưu trên máy này, còn hoàn tác được"));
    assert_true(world_sees(w, " Đã lưu trên máy này: tiếp nhận …1228-0035. Bấm u để hoàn tác trong 10 giây."));
    assert_true(world_sees(w, "u Hoàn tác"));
    world_keys(w, "u");
    waiting_on(w, "d-35", NULL, 0);
    world_draw(w, 24, 80);
    assert_false(world_sees(w, "Việc của tôi"));
    assert_false(world_sees(w, "u Hoàn tác"));
}

static void nothing_happens_without_a_number(void **state)
{
    struct world *w = *state;

    feed_35(w);
    open_dossier(w, "d-35");
    world_keys(w, "x 7");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Bây giờ không có việc nào mang số này."));
    world_keys(w, "d Space t Down Up Esc");
    world_draw(w, 24, 80);
    assert_false(world_sees(w, "Xử lý: bấm số"));
    world_keys(w, "x End Enter"); /* the last one is greyed */
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Trả kết quả: hồ sơ chưa xử lý xong"));
    waiting_on(w, "d-35", NULL, 0);
}

/* Behind a waiting wish only what the workflow allows after it. */
static void behind_a_wish_only_what_can_follow(void **state)
{
    struct world *w = *state;

    feed_35(w);
    open_dossier(w, "d-35");
    world_keys(w, "x 1 x");
    world_draw(w, 24, 80);
    assert_false(world_sees(w, "1  Tiếp nhận"));
    assert_true(world_sees(w, "  -  Tiếp nhận"));
    assert_true(world_sees(w, "  -  Không tiếp nhận"));
    assert_true(world_sees(w, "  -  Yêu cầu nộp phí"));
    assert_true(world_sees(w, "> 3  Yêu cầu bổ sung giấy tờ…"));
    assert_true(world_sees(w, "  9  Ghi chú…"));
}

static void without_a_line_what_needs_it_is_greyed(void **state)
{
    struct world *w = *state;

    feed_35(w);
    open_dossier(w, "d-35");
    world_keys(w, "x");
    w->line.state = LINE_OFFLINE;
    w->line.since = w->clock - 1800;
    world_line(w);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "  -  Yêu cầu nộp phí              cần có mạng, đang mất mạng"));
    assert_true(world_sees(w, "> 1  Tiếp nhận                    gửi sau được"));
    world_keys(w, "4"); /* its number gives its reason */
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Yêu cầu nộp phí: cần có mạng, đang mất mạng"));
    waiting_on(w, "d-35", NULL, 0);
    world_keys(w, "1");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Chưa gửi; sẽ tự gửi khi có mạng."));
}

/* Two that are offered at once share 8: the later of the table takes the first that is free. */
static void who_shares_a_number_gets_a_free_one(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-35");

    offer(d, "stop", "queue", "note");
    offer(d, "request_withdrawal", "queue", NULL);
    offer(d, "receive", "queue", NULL);
    offer(d, "teleport", "queue", "note");
    offer(d, "comment", "queue", "note");
    dossier_fed(w, d);
    open_dossier(w, "d-35");
    world_keys(w, "x");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "> 1  Tiếp nhận"));
    assert_true(world_sees(w, "  8  Ghi nhận công dân xin rút…"));
    assert_true(world_sees(w, "  2  Dừng xử lý…"));
    assert_true(world_sees(w, "  3  teleport…"));
    assert_true(world_sees(w, "  9  Ghi chú…"));
}

static void what_asks_for_unknown_things_is_refused(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-35");

    offer(d, "receive", "queue", "blood_sample");
    dossier_fed(w, d);
    open_dossier(w, "d-35");
    world_keys(w, "x");
    world_draw(w, 24, 100);
    assert_true(world_sees(w, "> -  Tiếp nhận"));
    assert_true(world_sees(w, "blood_sample"));
}

static void the_least_screen_scrolls(void **state)
{
    struct world *w = *state;

    feed_35(w);
    open_dossier(w, "d-35");
    world_keys(w, "x");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, "> 1  Tiếp nhận"));
    assert_true(world_sees(w, "Xử lý: bấm số"));
    assert_false(world_sees(w, "Trả kết quả"));
    world_keys(w, "End");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, "> -  Trả kết quả"));
    assert_true(world_sees(w, "… có thêm một màn hình để điền"));
    world_keys(w, "Home");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, "> 1  Tiếp nhận"));
}

/* ── several ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const several[] = {"d-35", "d-41", "d-43", NULL};

static void feed_several(struct world *w)
{
    json_t *other = copy_of(w, "d-43"), *third = copy_of(w, "d-41");

    feed_35(w);
    offer(other, "receive", "queue", NULL);
    offer(other, "comment", "queue", "note");
    dossier_fed(w, other);
    offer(third, "comment", "queue", "note");
    refuse(third, "receive", "đã có người nhận");
    dossier_fed(w, third);
}

static void several_take_one_action(void **state)
{
    struct world *w = *state;

    feed_several(w);
    app_open(w->app, &view_act, &(struct view_arg){.ids = several});
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "── Xử lý 3 hồ sơ: bấm số ──"));
    assert_true(world_sees(w, "> 1  Tiếp nhận                    gửi sau được   2 trong 3 hồ sơ"));
    assert_true(world_sees(w, "  9  Ghi chú…                     gửi sau được   3 trong 3 hồ sơ"));
    assert_true(world_sees(w, "  -  Yêu cầu bổ sung giấy tờ      làm từng hồ sơ một"));
    assert_true(world_sees(w, "  -  Yêu cầu nộp phí              làm từng hồ sơ một"));
    world_keys(w, "1");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Tiếp nhận 3 hồ sơ: 2 làm được, 1 không (đã có người nhận)."));
    assert_true(world_sees(w, "> 1  Không"));
    assert_true(world_sees(w, "  2  Làm 2 hồ sơ"));
    world_keys(w, "Enter");
    waiting_on(w, "d-35", NULL, 0);
    world_keys(w, "1 2");
    waiting_on(w, "d-35", "receive", 1);
    waiting_on(w, "d-43", "receive", 1);
    waiting_on(w, "d-41", NULL, 0);
    world_keys(w, "u"); /* saved in one piece, taken back in one piece */
    waiting_on(w, "d-35", NULL, 0);
    waiting_on(w, "d-43", NULL, 0);
}

static void several_take_one_form(void **state)
{
    struct world *w = *state;

    feed_several(w);
    app_open(w->app, &view_act, &(struct view_arg){.ids = several});
    world_keys(w, "9 2");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Ghi chú · 3 hồ sơ"));
    assert_true(world_sees(w, "Còn thiếu: nội dung."));
    world_type(w, "đã gọi");
    world_keys(w, "F9");
    waiting_on(w, "d-35", "comment", 1);
    waiting_on(w, "d-43", "comment", 1);
    waiting_on(w, "d-41", "comment", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(menu_is_the_mock_up),
        TEST(receiving_takes_one_number),
        TEST(nothing_happens_without_a_number),
        TEST(behind_a_wish_only_what_can_follow),
        TEST(without_a_line_what_needs_it_is_greyed),
        TEST(who_shares_a_number_gets_a_free_one),
        TEST(what_asks_for_unknown_things_is_refused),
        TEST(the_least_screen_scrolls),
        TEST(several_take_one_action),
        TEST(several_take_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The forms of actions: what each asks, what it takes, what stops it, and that nothing typed is lost.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"
#include "tests/unit/tui_dossier.h"
#include "tui/form_preset.h"

#include <stdlib.h>
#include <string.h>

#define BLANK ""

static void feed(struct world *w, const char *id, const char *action, const char *offline, const char *needs)
{
    json_t *d = copy_of(w, id);

    offer(d, action, offline, needs);
    dossier_fed(w, d);
}

/* The newest wish on it has this body (but for acted_at); NULL: there is none. */
#define assert_wish(w, target, body) assert_wish_at(HERE, w, target, body)
static void assert_wish_at(struct at at, struct world *w, const char *target, const char *body)
{
    struct arena arena = {0};
    struct command *rows;
    struct err e = {0};
    size_t n;

    assert_ok(outbox_waiting_on(w->outbox, target, &arena, &rows, &n, &e), &e);
    if (!body) {
        if (n > 0)
            fail_at(at, "there is a wish: %s", rows[n - 1].body);
        return;
    }
    if (n == 0)
        fail_at(at, "there is no wish");
    json_t *seen = json_loads(rows[n - 1].body, 0, NULL), *wanted = json_loads(body, 0, NULL);
    assert_non_null(wanted);
    json_object_del(seen, "acted_at");
    if (!json_equal(seen, wanted))
        fail_at(at, "the wish is %s", rows[n - 1].body);
    json_decref(seen);
    json_decref(wanted);
    arena_clear(&arena);
}

static void form_is_the_mock_up(void **state)
{
    struct world *w = *state;

    feed(w, "d-35", "request_supplement", "queue", "note");
    open_dossier(w, "d-35");
    world_keys(w, "x 3 Tab");
    world_type(w, "Giấy xác nhận tình trạng hôn nhân đã quá 6 tháng kể từ ngày cấp;");
    world_keys(w, "Enter");
    world_type(w, "đề nghị xin cấp lại tại nơi thường trú.");
    world_keys(w, "Shift-Tab");
    world_draw(w, 24, 80);
    world_rows(w, 1, " Yêu cầu bổ sung giấy tờ · …1228-0035 · Trần Ngọc Yến Nhi                 bản 3 ",
               " Chú ý: đây là lần yêu cầu thứ 2. Từ lần 2, hồ sơ bị tính là trễ hạn trong bộ",
               " chỉ số. Lần 1 (28/12/2022 16:40) đã yêu cầu: Giấy xác nhận tình trạng hôn nhân.", BLANK,
               " Giấy tờ cần bổ sung (Space để chọn)",
               "   [ ]   Tờ khai đăng ký kết hôn                                     đã nộp",
               " > [x]   Giấy xác nhận tình trạng hôn nhân (bên nữ)                  thiếu",
               "   [x]   Bản chụp hộ chiếu (bên nam)                                 thiếu",
               "   [ ]   Giấy tờ khác: ____________________________________________", BLANK,
               " Lý do        [Giấy xác nhận tình trạng hôn nhân đã quá 6 tháng kể từ ngày cấp;]",
               "  (F3: mẫu)   [đề nghị xin cấp lại tại nơi thường trú.                         ]",
               "              [                                                                ]",
               " Nộp đến      hệ thống đặt ngày khi ghi nhận", BLANK,
               " Sau khi gửi:  trạng thái thành “Yêu cầu bổ sung giấy tờ”, hạn trả tạm dừng", BLANK, BLANK,
               " Khi mất mạng: việc này lưu trên máy và tự gửi sau.", BLANK,
               " Bản đang điền được giữ lại nếu Quay lại.", " Đủ để gửi.",
               " Space Chọn  Tab Phần kế  F3 Tìm  Ctrl-T Kiểu gõ  F9 Đồng ý  Esc Quay lại");
    assert_int_equal(w->canvas->cursor_row, 7);
    assert_int_equal(w->canvas->cursor_col, 1);
    world_keys(w, "F9");
    assert_wish(w, "d-35",
                "{\"action\":\"request_supplement\",\"papers\":[\"p2\",\"p3\"],\"note\":\"Giấy xác nhận tình trạng hôn nhân đã quá 6 "
                "tháng kể từ ngày cấp;\\nđề nghị xin cấp lại tại nơi thường trú.\"}");
}

/* screens.md section 6, from the dossier on. */
static void budgets_hold(void **state)
{
    struct world *w = *state;

    feed(w, "d-35", "decline", "queue", "note");
    open_dossier(w, "d-35");
    world_keys(w, "x 2 F3 1 F9");
    assert_wish(
        w, "d-35",
        "{\"action\":\"decline\",\"note\":\"Thành phần hồ sơ chưa đúng quy định của thủ tục; đề nghị hoàn thiện và nộp lại.\"}");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Đã lưu trên máy này: không tiếp nhận …0035. u: hoàn tác."));
    assert_false(world_sees(w, "Trần Ngọc Yến Nhi · bản")); /* back where it was chosen */

    feed(w, "d-41", "request_supplement", "queue", "note");
    open_dossier(w, "d-41");
    world_keys(w, "x 3 Tab F3 1 F9");
    assert_wish(
        w, "d-41",
        "{\"action\":\"request_supplement\",\"papers\":[\"p4\"],\"note\":\"Đề nghị bổ sung: Văn bản ủy quyền (nếu nộp thay).\"}");

    json_t *d = copy_of(w, "d-12");
    set_member(d, "attachments",
               "[{\"id\":\"a-1\",\"name\":\"ket-qua.pdf\",\"media_type\":\"application/pdf\",\"size\":9,\"sha256\":\"00\",\"role\":\"result\","
               "\"complete\":true}]");
    offer(d, "propose", "queue", "outcome");
    dossier_fed(w, d);
    open_dossier(w, "d-12");
    world_keys(w, "x 1 1 F9");
    assert_wish(w, "d-12", "{\"action\":\"propose\",\"outcome\":\"grant\",\"result_attachment\":\"a-1\"}");

    d = copy_of(w, "d-19");
    set_member(d, "status", "\"completed\"");
    set_member(d, "step", "\"return\"");
    offer(d, "return_result", "queue", "returned_to");
    dossier_fed(w, d);
    open_dossier(w, "d-19");
    world_keys(w, "x 1 F9");
    assert_wish(w, "d-19", "{\"action\":\"return_result\",\"returned_to\":\"Lâm Chí Vỹ\"}");
}

static void nothing_leaves_that_lacks_something(void **state)
{
    struct world *w = *state;

    feed(w, "d-35", "decline", "queue", "note");
    open_dossier(w, "d-35");
    world_keys(w, "x 2");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Còn thiếu: lý do. Điền rồi bấm F9."));
    world_keys(w, "F9");
    world_type(w, "   ");
    world_keys(w, "F9");
    assert_wish(w, "d-35", NULL);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Không tiếp nhận · …1228-0035"));
    world_type(w, "trùng");
    world_keys(w, "Ctrl-D");
    assert_wish(w, "d-35", "{\"action\":\"decline\",\"note\":\"   trùng\"}");
}

static void what_is_typed_is_there_again(void **state)
{
    struct world *w = *state;

    feed(w, "d-35", "request_supplement", "queue", "note");
    open_dossier(w, "d-35");
    world_keys(w, "x 3 Up Space Down Down Down");
    world_type(w, "Sổ hộ khẩu");
    world_keys(w, "Tab");
    world_type(w, "Thiếu trang");
    world_keys(w, "Esc");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "[1 Tổng quan]"));
    world_keys(w, "x 3");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "   [x]   Tờ khai đăng ký kết hôn"));
    assert_true(world_sees(w, "[x]   Giấy tờ khác: Sổ hộ khẩu__"));
    assert_true(world_sees(w, "[Thiếu trang"));
    assert_true(world_sees(w, "Nội dung đang điền lần trước vẫn còn ở đây."));
    world_keys(w, "F9");
    assert_wish(
        w, "d-35",
        "{\"action\":\"request_supplement\",\"papers\":[\"p1\",\"p2\",\"p3\"],\"note\":\"Thiếu trang\\nGiấy tờ khác: Sổ hộ khẩu\"}");
    world_keys(w, "u"); /* sent forms begin anew */
    open_dossier(w, "d-35");
    world_keys(w, "x 3");
    world_draw(w, 24, 80);
    assert_false(world_sees(w, "Thiếu trang"));
}

static void a_change_meanwhile_is_said_and_typing_stays(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-35");

    feed(w, "d-35", "decline", "queue", "note");
    open_dossier(w, "d-35");
    world_keys(w, "x 2");
    world_type(w, "trùng hồ sơ");
    set_member(d, "version", "8");
    offer(d, "decline", "queue", "note");
    world_feed(w, "d-35", d);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Chú ý: hồ sơ đã đổi trong lúc điền, nay là bản 8."));
    assert_true(world_sees(w, "[trùng hồ sơ"));
    world_type(w, "!");
    world_keys(w, "F9");
    assert_wish(w, "d-35", "{\"action\":\"decline\",\"note\":\"trùng hồ sơ!\"}");
}

static void an_assignee_is_found_by_typing(void **state)
{
    struct world *w = *state;

    feed(w, "d-38", "assign", "queue", "assignee");
    open_dossier(w, "d-38");
    world_keys(w, "x 5");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Người xử lý  ["));
    assert_true(world_sees(w, "( )   Lê Hoàng Nam              Công chức Tư pháp"));
    assert_true(world_sees(w, "( )   Vũ Thị Hạnh"));
    assert_false(world_sees(w, "Phạm Minh Quân")); /* who is no specialist there */
    assert_true(world_sees(w, "Còn thiếu: người xử lý."));
    world_type(w, "hanh");
    world_draw(w, 24, 80);
    assert_false(world_sees(w, "Lê Hoàng Nam"));
    assert_true(world_sees(w, " > ( )   Vũ Thị Hạnh"));
    world_keys(w, "Space");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " > (x)   Vũ Thị Hạnh"));
    world_keys(w, "Backspace Backspace Backspace Backspace");
    world_type(w, "lhn");
    world_keys(w, "Enter");
    world_type(w, "gấp, dân đi xa");
    world_keys(w, "F9");
    assert_wish(w, "d-38", "{\"action\":\"assign\",\"assignee\":\"nam\",\"note\":\"gấp, dân đi xa\"}");
}

static void a_payment_is_confirmed_after_a_question(void **state)
{
    struct world *w = *state;

    feed(w, "d-07", "confirm_payment", "never", "amount");
    open_dossier(w, "d-07");
    world_keys(w, "x 1");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Số tiền      [10000"));
    assert_true(world_sees(w, "toàn bộ còn chưa nộp: 10.000 đ"));
    assert_true(world_sees(w, "(x) 1 tiền mặt"));
    assert_true(world_sees(w, "không làm được việc này"));
    world_keys(w, "Ctrl-U");
    world_type(w, "mười nghìn");
    world_keys(w, "F9");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Số tiền phải là số đồng, ví dụ 10.000."));
    world_keys(w, "Ctrl-U");
    world_type(w, "9.000 đ"); /* not all that is unpaid */
    world_keys(w, "F9");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "số tiền"));
    assert_false(world_sees(w, "  2  "));
    world_keys(w, "Ctrl-U");
    world_type(w, "10.000 đ");
    world_keys(w, "Tab 2 Tab");
    world_type(w, "0000188");
    world_keys(w, "F9");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Xác nhận đã nộp phí hồ sơ 000.25.33.H06-221226-0007?"));
    assert_true(world_sees(w, "> 1  Không"));
    world_keys(w, "Enter");
    assert_wish(w, "d-07", NULL);
    world_keys(w, "F9 2");
    assert_wish(
        w, "d-07",
        "{\"action\":\"confirm_payment\",\"amount\":10000,\"method\":\"transfer\",\"number\":\"0000188\"}");
}

/* What became of the wish on it: the system took it, or the line was dead and it was taken away. */
static void answer_payment(struct world *w, bool done)
{
    struct arena arena = {0};
    struct command *rows;
    struct err why = {.code = ERR_OFFLINE};
    size_t n;
    bool taken_away;

    assert_true(outbox_waiting_on(w->outbox, "d-07", &arena, &rows, &n, NULL) && n == 1);
    if (done)
        assert_true(outbox_sending(w->outbox, rows[0].key, NULL) &&
                    outbox_done(w->outbox, rows[0].key, "\"9\"", NULL, w->clock, NULL));
    else
        assert_true(outbox_no_answer(w->outbox, rows[0].key, false, 0, NULL, &taken_away, NULL) && taken_away);
    app_net_event(w->app, rows[0].key, done ? COMMAND_DONE : COMMAND_DUE, !done, false, &why);
    arena_clear(&arena);
}

/* The line may be found dead a moment after the form was sent. */
static void what_needs_the_line_is_typed_once(void **state)
{
    struct world *w = *state;

    feed(w, "d-07", "confirm_payment", "never", "amount");
    for (int i = 0; i < 2; i++) {
        open_dossier(w, "d-07");
        world_keys(w, "x 1");
        world_draw(w, 24, 80);
        if (i == 0) {
            world_keys(w, "Tab 2 Tab");
            world_type(w, "0000188");
        }
        world_draw(w, 24, 80);
        assert_true(world_sees(w, "0000188"));
        world_keys(w, "F9 2");
        assert_wish(
            w, "d-07",
            "{\"action\":\"confirm_payment\",\"amount\":10000,\"method\":\"transfer\",\"number\":\"0000188\"}");
        answer_payment(w, i == 1);
    }
    open_dossier(w, "d-07");
    world_keys(w, "x 1");
    world_draw(w, 24, 80);
    assert_false(world_sees(w, "0000188"));
}

static void a_new_due_time_is_a_time_after_the_old(void **state)
{
    struct world *w = *state;

    feed(w, "d-12", "extend", "queue", "note");
    open_dossier(w, "d-12");
    world_keys(w, "x 7");
    world_type(w, "31/02/2023 09:00");
    world_keys(w, "Tab F3 1 F9");
    assert_wish(w, "d-12", NULL);
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Hạn mới ghi ngày/tháng/năm giờ:phút"));
    world_keys(w, "Ctrl-U");
    world_type(w, "03/01/2023 09:00"); /* before it is due */
    world_keys(w, "F9");
    assert_wish(w, "d-12", NULL);
    world_keys(w, "Ctrl-U F3 2");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "[06/01/2023 09:00"));
    assert_true(world_sees(w, " Sau khi gửi:  hạn trả mới 06/01/2023 09:00"));
    world_keys(w, "F9");
    assert_wish(w, "d-12",
                "{\"action\":\"extend\",\"new_due_at\":\"2023-01-06T09:00:00+07:00\",\"note\":\"Cơ quan phối hợp chưa trả lời; xin "
                "lỗi và hẹn lại ngày trả kết quả.\"}");
}

static void stopping_is_asked_about(void **state)
{
    struct world *w = *state;

    feed(w, "d-12", "stop", "queue", "note");
    open_dossier(w, "d-12");
    world_keys(w, "x 8 F3 1 F9");
    assert_wish(w, "d-12", NULL);
    world_keys(w, "2");
    assert_wish(w, "d-12",
                "{\"action\":\"stop\",\"note\":\"Người nộp không hoàn thiện hồ sơ trong thời hạn quy định.\"}");
}

static void papers_that_came_are_those_asked_for(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-04");

    offer(d, "supplement", "queue", NULL);
    dossier_fed(w, d);
    open_dossier(w, "d-04");
    world_keys(w, "x 1");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Giấy tờ nhận được (Space để chọn)"));
    assert_false(world_sees(w, "Giấy tờ khác"));
    assert_true(world_sees(w, "hạn trả chạy tiếp"));
    assert_true(world_sees(w, "[x]"));
}

static void letters_and_pastes_go_only_where_one_types(void **state)
{
    struct world *w = *state;

    feed(w, "d-35", "request_supplement", "queue", "note");
    open_dossier(w, "d-35");
    world_keys(w, "x 3");
    world_type(w, "qx1");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Ở đây bấm Space để chọn."));
    assert_true(world_sees(w, " > [x]   Giấy xác nhận tình trạng hôn nhân (bên nữ)"));
    world_keys(w, "Tab");
    world_paste(w, "q\r\nx\x1b[31m");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "[q"));
    assert_wish(w, "d-35", NULL);

    json_t *d = copy_of(w, "d-12");
    offer(d, "propose", "queue", "outcome");
    dossier_fed(w, d);
    app_home(w->app);
    open_dossier(w, "d-12");
    world_keys(w, "x 1");
    world_paste(w, "2");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "( ) 2 Từ chối"));
    world_keys(w, "7");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Ở đây bấm một trong các số trên màn hình."));
}

static void a_wish_that_failed_is_mended(void **state)
{
    struct world *w = *state;
    struct form_preset preset = {0};
    const char *papers[] = {"p1"};

    feed(w, "d-35", "request_supplement", "queue", "note");
    codec_absent(&shape_action_request, &preset.request);
    preset.request.action = "request_supplement";
    preset.request.note = "Thiếu dấu giáp lai.";
    preset.request.papers = (struct texts){.items = papers, .n = 1};
    assert_true(app_open(w->app, &view_form,
                         &(struct view_arg){.id = "d-35", .action = "request_supplement", .more = &preset}));
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "[x]   Tờ khai đăng ký kết hôn"));
    assert_true(world_sees(w, "[ ]   Giấy xác nhận tình trạng hôn nhân (bên nữ)"));
    assert_true(world_sees(w, "[Thiếu dấu giáp lai."));
    world_keys(w, "F9");
    assert_wish(w, "d-35",
                "{\"action\":\"request_supplement\",\"papers\":[\"p1\"],\"note\":\"Thiếu dấu giáp lai.\"}");
}

static void what_is_not_offered_does_not_open(void **state)
{
    struct world *w = *state;

    open_dossier(w, "d-35");
    assert_false(app_open(w->app, &view_form, &(struct view_arg){.id = "d-35", .action = "decline"}));
    world_draw(w, 24, 80);
    assert_true(world_sees(w, "Chưa làm được việc “Không tiếp nhận”"));
    assert_true(world_sees(w, "[1 Tổng quan]"));
    assert_false(app_open(w->app, &view_form, &(struct view_arg){.id = "d-none", .action = "decline"}));
    assert_false(app_open(w->app, &view_form, &(struct view_arg){.id = "d-35"}));
}

static void a_deputy_sends_back_on_behalf(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-19");

    offer(d, "rework", "queue", "note");
    dossier_fed(w, d);
    json_t *me = json_deep_copy(world_thing(w, "officers", "mai")); /* as if she had his mandate */
    set_member(
        me, "mandates",
        "[{\"on_behalf_of\":\"quan\",\"from\":\"2022-12-26T00:00:00+07:00\",\"until\":\"2023-01-07T00:00:00+07:00\"}]");
    world_feed_page(w, json_pack("[o]", entry("officer", "mai", 9, me)));
    open_dossier(w, "d-19");
    world_keys(w, "x 2");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Thay mặt      Phạm Minh Quân"));
    world_keys(w, "F3 1 F9");
    assert_wish(
        w, "d-19",
        "{\"action\":\"rework\",\"note\":\"Đề nghị đối chiếu lại thông tin kê khai với giấy tờ.\",\"on_behalf_of\":\"quan\"}");
}

static void the_least_screen_shows_the_focused_part(void **state)
{
    struct world *w = *state;

    feed(w, "d-35", "request_supplement", "queue", "note");
    open_dossier(w, "d-35");
    world_keys(w, "x 3");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, "Chú ý: đây là lần yêu cầu thứ 2."));
    world_keys(w, "Tab");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, " Lý do        ["));
    world_type(w, "abc");
    world_draw(w, 16, 60);
    assert_true(world_sees(w, "[abc"));
    assert_true(w->canvas->cursor_row >= 2 && w->canvas->cursor_row <= 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(form_is_the_mock_up),
        TEST(budgets_hold),
        TEST(nothing_leaves_that_lacks_something),
        TEST(what_is_typed_is_there_again),
        TEST(a_change_meanwhile_is_said_and_typing_stays),
        TEST(an_assignee_is_found_by_typing),
        TEST(a_payment_is_confirmed_after_a_question),
        TEST(what_needs_the_line_is_typed_once),
        TEST(a_new_due_time_is_a_time_after_the_old),
        TEST(stopping_is_asked_about),
        TEST(papers_that_came_are_those_asked_for),
        TEST(letters_and_pastes_go_only_where_one_types),
        TEST(a_wish_that_failed_is_mended),
        TEST(what_is_not_offered_does_not_open),
        TEST(a_deputy_sends_back_on_behalf),
        TEST(the_least_screen_shows_the_focused_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

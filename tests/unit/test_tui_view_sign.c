/* To see and to sign: every line before the question, four typed characters and nothing else, the very bytes that were seen; another
 * dossier, another signer or another word, and nothing is signed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_dossier.h"

#include "core/codec.h"
#include "core/statement.h"

#include <stdlib.h>
#include <string.h>

#define BLANK  ""
#define CODE   "0019"
#define SCROLL "Phải xem hết mọi dòng rồi mới ký được: bấm PgDn."

static struct world w;
static int fed; /* versions of d-19 that came */

#define SHA_71 "9f2c41aa7b0e5d13c8864f20e1b7a95d3306cf7218be94d05a61f3c7720e8b14"
#define SHA_72 "4b1d77c0e2f8135aa96d0c5be37f42816a1e9d04b7c85f230d6e91a4f8c3b752"
#define PDF    "\"media_type\":\"application/pdf\",\"size\":1234,\"role\":\"result\",\"complete\":true"

/* The mock-up's documents, and what the server offers; every call is another version, from 8 on. */
static void feed_19(void)
{
    json_t *d = copy_of(&w, "d-19");

    json_object_set_new(d, "version", json_integer(7 + fed++));
    set_member(d, "attachments",
               "[{\"id\":\"a-71\",\"name\":\"Giay chung nhan HKD.pdf\",\"sha256\":\"" SHA_71 "\"," PDF "},"
               "{\"id\":\"a-72\",\"name\":\"To trinh.pdf\",\"sha256\":\"" SHA_72 "\"," PDF "}]");
    offer(d, "approve", "never", "signature");
    offer(d, "refuse_result", "never", "signature");
    dossier_fed(&w, d);
}

static int set_up(void **state)
{
    (void)state;
    fed = 0;
    world_new(&w, "mockups", "quan", "09:58");
    feed_19();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_free(&w);
    return 0;
}

/* ── the signer ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct ask next_ask(enum ask_kind kind)
{
    struct ask ask = {0};

    if (!world_ask(&w, &ask) || ask.kind != kind)
        fail_at(HERE, "the ask %d did not come", (int)kind);
    return ask;
}

static void nothing_is_asked(void)
{
    struct ask ask = {0};

    if (world_ask(&w, &ask))
        fail_at(HERE, "an ask %d came", (int)ask.kind);
}

static void signer_is(const char *name, int64_t until, const char *error)
{
    struct ask ask = next_ask(ASK_SIGNER);
    struct answer answer = {
        .id = ask.id, .kind = ASK_SIGNER, .final = true, .signer_name = name, .signer_until = until};

    if (error)
        err_set(&answer.err, ERR_SIGNER, "%s", error);
    app_answer(w.app, &answer);
    answer_clear(&answer);
    ask_clear(&ask);
}

/* d-19 (or another) for signing; training's signer is there until 14/08/2024. */
static void open_sign(const char *id, const char *action)
{
    assert_true(app_open(w.app, &view_sign, &(struct view_arg){.id = id, .action = action}));
    signer_is("phần mềm tập huấn, Phạm Minh Quân", 1723568400, NULL);
}

/* All of it seen, and the question open. */
static void open_question(void)
{
    open_sign("d-19", "approve");
    world_draw(&w, 24, 80);
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "  Gõ 4 ký tự cuối của mã hồ sơ để ký ĐỒNG Ý:   _"));
}

static void answer_signed(struct ask *ask, const char *cms, const char *error)
{
    struct answer answer = {.id = ask->id, .kind = ASK_SIGN, .final = true, .cms = cms};

    if (error)
        err_set(&answer.err, ERR_SIGNER, "%s", error);
    app_answer(w.app, &answer);
    answer_clear(&answer);
}

static void nothing_is_wished(void)
{
    struct arena arena = {0};
    struct command *rows;
    struct err e = {0};
    size_t n;

    assert_ok(outbox_list(w.outbox, 0xff, &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 0);
    arena_clear(&arena);
}

/* The one wish; its statement has to be what ASK_SIGN had. */
static void wished(const char *action, const char *note, const struct ask *ask)
{
    struct arena arena = {0};
    struct command *rows;
    struct action_request request;
    struct buf statement = {0};
    struct err e = {0};
    size_t n;

    assert_ok(outbox_list(w.outbox, 0xff, &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].action, action);
    assert_true(rows[0].online_only);
    assert_ok(codec_read(&shape_action_request, rows[0].body, rows[0].body_len, &arena, &request, NULL, &e), &e);
    assert_string_equal(request.note ? request.note : "", note);
    assert_string_equal(request.signature->cms, "Q01T");
    assert_true(base64_decode(request.signature->statement, &statement));
    assert_int_equal(statement.len, ask->n);
    assert_memory_equal(statement.data, ask->bytes, ask->n);
    buf_clear(&statement);
    arena_clear(&arena);
}

/* ── what is seen ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void it_is_the_mock_up(void **state)
{
    (void)state;
    open_question();
    world_type(&w, CODE);
    world_draw(&w, 0, 0);
    world_title(&w, "Xem và ký · đồng ý", "đã xem 15/15 dòng · bản 8");
    world_rows(&w, 2, "│ Loại         onestop/decision/1",
               "│ Hồ sơ        d-19 · mã 000.25.33.H06-221227-0019 · phiên bản 8",
               "│ Thủ tục      1.001612 Đăng ký thành lập hộ kinh doanh",
               "│ Người nộp    Lâm Chí Vỹ, 000000004821", "│ Quyết định   ĐỒNG Ý CẤP KẾT QUẢ (grant)",
               "│ Ý kiến       (không có)", "│ Tài liệu 1   a-71 Giay chung nhan HKD.pdf",
               "│   9f2c41aa7b0e5d13c8864f20e1b7a95d3306cf7218be94d05a61f3c7720e8b14",
               "│ Tài liệu 2   a-72 To trinh.pdf",
               "│   4b1d77c0e2f8135aa96d0c5be37f42816a1e9d04b7c85f230d6e91a4f8c3b752",
               "│ Người ký     Phạm Minh Quân       Ký thay  (không)", "│ Đơn vị       H06.33 Huyện Châu Đức",
               "│ Lúc ký       29/12/2022 09:58:00 +07:00");
    assert_true(world_sees(&w, " Ngoài phần ký: Lê Hoàng Nam trình 29/12 08:02 (khác người ký). Hạn: còn 1 ngày"));
    assert_true(world_sees(&w, "── Ký bằng: phần mềm tập huấn, Phạm Minh Quân, hết hạn 14/08/2024 ───"));
    assert_true(world_sees(&w, "để ký ĐỒNG Ý:   0019"));
    assert_true(world_sees(&w, " Ký là ra quyết định, không hoàn tác được."));
}

/* Keys that came before the next picture have shown nothing; a jump shows the two ends. */
static void every_line_has_stood_on_the_screen(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    world_draw(&w, 16, 60);
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, SCROLL));
    world_keys(&w, "End");
    world_draw(&w, 0, 0);
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_false(world_sees(&w, "Gõ 4 ký tự cuối"));
    world_keys(&w, "Home PgDn PgDn PgDn Enter");
    world_draw(&w, 0, 0);
    assert_false(world_sees(&w, "Gõ 4 ký tự cuối"));
    world_keys(&w, "Home");
    for (int i = 0; i < 3; i++) {
        world_draw(&w, 0, 0);
        world_keys(&w, "PgDn");
    }
    world_draw(&w, 0, 0);
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Gõ 4 ký tự cuối"));
    nothing_is_asked();
}

/* In part at one width is not seen at another; whole is whole. */
static void another_width_is_another_page(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    app_resize(w.app, 16, 100);
    world_keys(&w, "PgDn");
    world_draw(&w, 16, 100); /* the lower half */
    world_draw(&w, 16, 101); /* the upper one */
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_false(world_sees(&w, "Gõ 4 ký tự cuối"));
    world_draw(&w, 24, 80);
    world_draw(&w, 24, 100);
    world_keys(&w, "Enter");
    world_draw(&w, 16, 60);
    assert_true(world_sees(&w, "Gõ 4 ký tự cuối"));
}

static void a_minute_later_it_is_still_seen(void **state)
{
    (void)state;
    open_question();
    world_pass(&w, 61000);
    app_changed(w.app, CACHE_CLOCK);
    world_type(&w, CODE);
    world_keys(&w, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    ask_clear(&ask);
}

static void his_own_proposal_is_said(void **state)
{
    (void)state;
    open_sign("d-10", "approve");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Phạm Minh Quân trình 28/12 15:40"));
    assert_true(world_sees(&w, "TRÙNG người ký"));
}

/* ── what is typed ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void nothing_else_signs(void **state)
{
    static const char *const wrong[] = {BLANK, "0018", "001", "ky", "yes", "00 1"};

    (void)state;
    open_question();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        world_type(&w, wrong[i]);
        world_keys(&w, "Enter");
        world_draw(&w, 0, 0);
        if (!world_sees(&w, "Chưa ký.") || world_sees(&w, "Gõ 4 ký tự cuối"))
            fail_at(HERE, "after “%s”", wrong[i]);
        nothing_is_asked();
        world_keys(&w, "Enter");
    }
    world_keys(&w, "Enter Enter Enter Enter Enter Enter Enter"); /* a key that is held */
    world_draw(&w, 0, 0);
    nothing_is_asked();
    nothing_is_wished();
}

static void no_paste_and_no_scanner(void **state)
{
    (void)state;
    open_question();
    world_paste(&w, CODE);
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Dán hoặc máy quét không xác nhận được ở đây."));
    world_keys(&w, "Enter");
    nothing_is_asked();
    world_keys(&w, "Enter");
    struct key burst = {.text = mem_copy("0019")}; /* a scanner types it at once */
    app_key(w.app, &burst);
    world_keys(&w, "Enter");
    nothing_is_asked();
    world_keys(&w, "Enter");
    world_type(&w, "00190"); /* one too many is none */
    world_keys(&w, "Enter");
    nothing_is_asked();
    nothing_is_wished();
}

static void leaving_signs_nothing(void **state)
{
    (void)state;
    open_question();
    world_type(&w, CODE);
    world_keys(&w, "Esc");
    world_draw(&w, 0, 0);
    assert_false(world_sees(&w, "Gõ 4 ký tự cuối"));
    world_keys(&w, "Esc");
    world_draw(&w, 0, 0);
    assert_false(world_sees(&w, "Xem và ký"));
    nothing_is_asked();
    nothing_is_wished();
}

/* ── signing ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void what_was_seen_is_what_is_signed(void **state)
{
    struct arena arena = {0};
    struct signing_statement said;
    struct err e = {0};

    (void)state;
    open_question();
    world_type(&w, CODE);
    world_keys(&w, "Enter Enter Enter");
    struct ask ask = next_ask(ASK_SIGN);
    nothing_is_asked(); /* once */
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Đang ký. Chờ trả lời."));
    assert_ok(statement_parse(ask.bytes, ask.n, &arena, &said, &e), &e);
    assert_string_equal(said.outcome, "grant");
    assert_string_equal(said.officer, "quan");
    assert_string_equal(said.code, "000.25.33.H06-221227-0019");
    assert_int_equal(said.version, 8);
    nothing_is_wished(); /* not before it is signed */
    answer_signed(&ask, "Q01T", NULL);
    wished("approve", "", &ask);
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Đã ký. Chờ hệ thống ghi nhận…") || world_sees(&w, "Đang gửi"));
    ask_clear(&ask);
    arena_clear(&arena);
}

static void a_refusal_begins_with_its_reason(void **state)
{
    struct arena arena = {0};
    struct signing_statement said;
    struct err e = {0};

    (void)state;
    open_sign("d-19", "refuse_result");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Lý do: _"));
    assert_true(world_sees(&w, "đã xem 0/"));
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Còn thiếu: lý do."));
    world_type(&w, "Sai ngành nghề.");
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "│ Ý kiến       Sai ngành nghề."));
    assert_true(world_sees(&w, "│ Quyết định   TỪ CHỐI"));
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "để ký TỪ CHỐI:"));
    world_type(&w, CODE);
    world_keys(&w, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    assert_ok(statement_parse(ask.bytes, ask.n, &arena, &said, &e), &e);
    assert_string_equal(said.outcome, "refuse");
    assert_string_equal(said.note, "Sai ngành nghề.");
    answer_signed(&ask, "Q01T", NULL);
    wished("refuse_result", "Sai ngành nghề.", &ask);
    ask_clear(&ask);
    arena_clear(&arena);
}

/* Left before it is signed, or the program ended: what was typed is offered again; signed, it is not. */
static void a_reason_is_kept_until_it_is_signed(void **state)
{
    (void)state;
    open_sign("d-19", "refuse_result");
    world_type(&w, "Sai ngành nghềx");
    world_keys(&w, "Backspace Esc");
    world_restart(&w);
    open_sign("d-19", "refuse_result");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Lý do: Sai ngành nghề_"));
    assert_true(world_sees(&w, "đã xem 0/"));
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    world_keys(&w, "Enter");
    world_type(&w, CODE);
    world_keys(&w, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    answer_signed(&ask, "Q01T", NULL);
    wished("refuse_result", "Sai ngành nghề", &ask);
    ask_clear(&ask);
    open_sign("d-19", "refuse_result");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Lý do: _"));
}

/* Another word is another statement, to be seen again; leaving the line brings the old word back. */
static void another_opinion_is_another_statement(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    world_draw(&w, 24, 80);
    world_keys(&w, "Tab");
    world_type(&w, "Cấp ngay.");
    world_keys(&w, "Esc");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "│ Ý kiến       (không có)"));
    world_keys(&w, "Tab");
    world_type(&w, "Cấp ngay.");
    world_keys(&w, "Enter Enter"); /* not drawn yet: not seen */
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "│ Ý kiến       Cấp ngay."));
    assert_false(world_sees(&w, "Gõ 4 ký tự cuối"));
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Gõ 4 ký tự cuối"));
}

/* ── what goes wrong ────────────────────────────────────────────────────────────────────────────────────────────────── */

#define CHANGED "Hồ sơ đã đổi sau khi xem. Chưa ký. Xem lại rồi mới ký được."

static void a_dossier_that_changed_is_seen_again(void **state)
{
    (void)state;
    open_question();
    world_type(&w, CODE);
    feed_19();
    world_keys(&w, "Enter"); /* typed before the picture of what came */
    nothing_is_asked();
    world_draw(&w, 0, 0);
    assert_false(world_sees(&w, "Gõ 4 ký tự cuối"));
    world_title(&w, "Xem và ký · đồng ý", "đã xem 15/15 dòng · bản 9");
    nothing_is_wished();
}

static void a_change_is_told_and_stops_the_signer(void **state)
{
    uint64_t cancelled = 0;

    (void)state;
    open_question();
    world_type(&w, CODE);
    world_keys(&w, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    feed_19();
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, CHANGED));
    assert_true(app_next_cancel(w.app, &cancelled));
    assert_int_equal(cancelled, ask.id);
    answer_signed(&ask, "Q01T", NULL); /* too late */
    nothing_is_wished();
    ask_clear(&ask);
}

static void a_dossier_that_is_gone_is_not_signed(void **state)
{
    (void)state;
    open_question();
    world_type(&w, CODE);
    world_feed(&w, "d-19", NULL);
    for (int i = 0; i < 3; i++) { /* the question would be open after the first or the second */
        world_keys(&w, "Enter");
        world_draw(&w, 0, 0);
        world_type(&w, CODE);
    }
    world_keys(&w, "Enter");
    nothing_is_asked();
    nothing_is_wished();
}

static void what_the_signer_says_is_told(void **state)
{
    (void)state;
    open_question();
    world_type(&w, CODE);
    world_keys(&w, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    answer_signed(&ask, NULL, "Thiết bị ký không trả lời trong 30 giây. Chưa ký.");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Thiết bị ký không trả lời trong 30 giây. Chưa ký."));
    nothing_is_wished();
    world_keys(&w, "Enter"); /* it was seen; it can be tried again */
    world_type(&w, CODE);
    world_keys(&w, "Enter");
    struct ask again = next_ask(ASK_SIGN);
    assert_int_not_equal(ask.id, again.id);
    answer_signed(&ask, "b2xk", NULL); /* an answer to what was asked before */
    nothing_is_wished();
    answer_signed(&again, "Q01T", NULL);
    wished("approve", "", &again);
    ask_clear(&ask);
    ask_clear(&again);
}

static void without_a_signer_nothing_is_asked(void **state)
{
    (void)state;
    assert_true(app_open(w.app, &view_sign, &(struct view_arg){.id = "d-19", .action = "approve"}));
    signer_is(NULL, 0, "Chưa khai báo khóa tập huấn.");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Ký bằng: chưa có thiết bị ký"));
    assert_true(world_sees(&w, "Chưa khai báo khóa tập huấn."));
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_false(world_sees(&w, "Gõ 4 ký tự cuối"));
}

/* By the server's clock, not by this machine's. */
static void a_certificate_that_is_over_signs_nothing(void **state)
{
    (void)state;
    assert_true(app_open(w.app, &view_sign, &(struct view_arg){.id = "d-19", .action = "approve"}));
    signer_is("phần mềm tập huấn, Phạm Minh Quân", w.clock - 1, NULL);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Chứng thư hết hạn từ 29/12/2022. Chưa ký. Liên hệ nơi cấp chứng thư."));
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_false(world_sees(&w, "Gõ 4 ký tự cuối"));
}

static void without_a_line_nothing_is_signed(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    w.line.state = LINE_OFFLINE;
    world_line(&w);
    world_draw(&w, 24, 80);
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Việc này cần có mạng. Chưa có gì được lưu hay gửi; làm lại khi có mạng."));
    assert_false(world_sees(&w, "Gõ 4 ký tự cuối"));
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_the_mock_up),
        TEST(every_line_has_stood_on_the_screen),
        TEST(another_width_is_another_page),
        TEST(a_minute_later_it_is_still_seen),
        TEST(his_own_proposal_is_said),
        TEST(nothing_else_signs),
        TEST(no_paste_and_no_scanner),
        TEST(leaving_signs_nothing),
        TEST(what_was_seen_is_what_is_signed),
        TEST(a_refusal_begins_with_its_reason),
        TEST(a_reason_is_kept_until_it_is_signed),
        TEST(another_opinion_is_another_statement),
        TEST(a_dossier_that_changed_is_seen_again),
        TEST(a_change_is_told_and_stops_the_signer),
        TEST(a_dossier_that_is_gone_is_not_signed),
        TEST(what_the_signer_says_is_told),
        TEST(without_a_signer_nothing_is_asked),
        TEST(a_certificate_that_is_over_signs_nothing),
        TEST(without_a_line_nothing_is_signed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

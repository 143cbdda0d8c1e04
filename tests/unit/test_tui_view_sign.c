/* To see and to sign: every line before the question, four typed characters and nothing else, the very bytes that were seen; another
 * dossier, another signer or another word, and nothing is signed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_sign.h"

#include "core/statement.h"

#include <stdlib.h>
#include <string.h>

#define BLANK  ""
#define SCROLL "Phải xem hết mọi dòng rồi mới ký được: bấm PgDn."

/* ── what is seen ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void it_is_the_mock_up(void **state)
{
    (void)state;
    open_question();
    world_type(&signing, CODE);
    world_draw(&signing, 0, 0);
    world_title(&signing, "Xem và ký · đồng ý", "đã xem 15/15 dòng · bản 8");
    world_rows(&signing, 2, "│ Loại         onestop/decision/1",
               "│ Hồ sơ        d-19 · mã 000.25.33.H06-221227-0019 · phiên bản 8",
               "│ Thủ tục      1.001612 Đăng ký thành lập hộ kinh doanh",
               "│ Người nộp    Lâm Chí Vỹ, 000000004821", "│ Quyết định   ĐỒNG Ý CẤP KẾT QUẢ (grant)",
               "│ Ý kiến       (không có)", "│ Tài liệu 1   a-71 Giay chung nhan HKD.pdf",
               "│   9f2c41aa7b0e5d13c8864f20e1b7a95d3306cf7218be94d05a61f3c7720e8b14",
               "│ Tài liệu 2   a-72 To trinh.pdf",
               "│   4b1d77c0e2f8135aa96d0c5be37f42816a1e9d04b7c85f230d6e91a4f8c3b752",
               "│ Người ký     Phạm Minh Quân       Ký thay  (không)", "│ Đơn vị       H06.33 Huyện Châu Đức",
               "│ Lúc ký       29/12/2022 09:58:00 +07:00");
    assert_true(world_sees(&signing,
                           " Ngoài phần ký: Lê Hoàng Nam trình 29/12 08:02 (khác người ký). Hạn: còn 1 ngày"));
    assert_true(world_sees(&signing, "── Ký bằng: phần mềm tập huấn, Phạm Minh Quân, hết hạn 14/08/2024 ───"));
    assert_true(world_sees(&signing, "để ký ĐỒNG Ý:   0019"));
    assert_true(world_sees(&signing, " Ký là ra quyết định, không hoàn tác được."));
}

/* Keys that came before the next picture have shown nothing; a jump shows the two ends. */
static void every_line_has_stood_on_the_screen(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    world_draw(&signing, 16, 60);
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, SCROLL));
    world_keys(&signing, "End");
    world_draw(&signing, 0, 0);
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_false(world_sees(&signing, "Gõ 4 ký tự cuối"));
    world_keys(&signing, "Home PgDn PgDn PgDn Enter");
    world_draw(&signing, 0, 0);
    assert_false(world_sees(&signing, "Gõ 4 ký tự cuối"));
    world_keys(&signing, "Home");
    for (int i = 0; i < 3; i++) {
        world_draw(&signing, 0, 0);
        world_keys(&signing, "PgDn");
    }
    world_draw(&signing, 0, 0);
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Gõ 4 ký tự cuối"));
    nothing_is_asked();
}

/* In part at one width is not seen at another; whole is whole. */
static void another_width_is_another_page(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    app_resize(signing.app, 16, 100);
    world_keys(&signing, "PgDn");
    world_draw(&signing, 16, 100); /* the lower half */
    world_draw(&signing, 16, 101); /* the upper one */
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_false(world_sees(&signing, "Gõ 4 ký tự cuối"));
    world_draw(&signing, 24, 80);
    world_draw(&signing, 24, 100);
    world_keys(&signing, "Enter");
    world_draw(&signing, 16, 60);
    assert_true(world_sees(&signing, "Gõ 4 ký tự cuối"));
}

static void a_minute_later_it_is_still_seen(void **state)
{
    (void)state;
    open_question();
    world_pass(&signing, 61000);
    app_changed(signing.app, CACHE_CLOCK);
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    ask_clear(&ask);
}

static void his_own_proposal_is_said(void **state)
{
    (void)state;
    open_sign("d-10", "approve");
    world_draw(&signing, 24, 80);
    assert_true(world_sees(&signing, "Phạm Minh Quân trình 28/12 15:40"));
    assert_true(world_sees(&signing, "TRÙNG người ký"));
}

/* ── what is typed ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void nothing_else_signs(void **state)
{
    static const char *const wrong[] = {BLANK, "0018", "001", "ky", "yes", "00 1"};

    (void)state;
    open_question();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        world_type(&signing, wrong[i]);
        world_keys(&signing, "Enter");
        world_draw(&signing, 0, 0);
        if (!world_sees(&signing, "Chưa ký.") || world_sees(&signing, "Gõ 4 ký tự cuối"))
            fail_at(HERE, "after “%s”", wrong[i]);
        nothing_is_asked();
        world_keys(&signing, "Enter");
    }
    world_keys(&signing, "Enter Enter Enter Enter Enter Enter Enter"); /* a key that is held */
    world_draw(&signing, 0, 0);
    nothing_is_asked();
    nothing_is_wished();
}

static void no_paste_and_no_scanner(void **state)
{
    (void)state;
    open_question();
    world_paste(&signing, CODE);
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Dán hoặc máy quét không xác nhận được ở đây."));
    world_keys(&signing, "Enter");
    nothing_is_asked();
    world_keys(&signing, "Enter");
    struct key burst = {.text = mem_copy("0019")}; /* a scanner types it at once */
    app_key(signing.app, &burst);
    world_keys(&signing, "Enter");
    nothing_is_asked();
    world_keys(&signing, "Enter");
    world_type(&signing, "00190"); /* one too many is none */
    world_keys(&signing, "Enter");
    nothing_is_asked();
    nothing_is_wished();
}

static void leaving_signs_nothing(void **state)
{
    (void)state;
    open_question();
    world_type(&signing, CODE);
    world_keys(&signing, "Esc");
    world_draw(&signing, 0, 0);
    assert_false(world_sees(&signing, "Gõ 4 ký tự cuối"));
    world_keys(&signing, "Esc");
    world_draw(&signing, 0, 0);
    assert_false(world_sees(&signing, "Xem và ký"));
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
    world_type(&signing, CODE);
    world_keys(&signing, "Enter Enter Enter");
    struct ask ask = next_ask(ASK_SIGN);
    nothing_is_asked(); /* once */
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Đang ký. Chờ trả lời."));
    assert_ok(statement_parse(ask.bytes, ask.n, &arena, &said, &e), &e);
    assert_string_equal(said.outcome, "grant");
    assert_string_equal(said.officer, "quan");
    assert_string_equal(said.code, "000.25.33.H06-221227-0019");
    assert_int_equal(said.version, 8);
    nothing_is_wished(); /* not before it is signed */
    answer_signed(&ask, "Q01T", NULL);
    wished("approve", "", &ask);
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Đã ký. Chờ hệ thống ghi nhận…") || world_sees(&signing, "Đang gửi"));
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
    world_draw(&signing, 24, 80);
    assert_true(world_sees(&signing, "Lý do: _"));
    assert_true(world_sees(&signing, "đã xem 0/"));
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Còn thiếu: lý do."));
    world_type(&signing, "Sai ngành nghề.");
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "│ Ý kiến       Sai ngành nghề."));
    assert_true(world_sees(&signing, "│ Quyết định   TỪ CHỐI"));
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "để ký TỪ CHỐI:"));
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    assert_ok(statement_parse(ask.bytes, ask.n, &arena, &said, &e), &e);
    assert_string_equal(said.outcome, "refuse");
    assert_string_equal(said.note, "Sai ngành nghề.");
    answer_signed(&ask, "Q01T", NULL);
    wished("refuse_result", "Sai ngành nghề.", &ask);
    ask_clear(&ask);
    arena_clear(&arena);
}

/* The wish that was sent has its answer: the system took it, or the line was dead and it is taken away. */
static void answer_wish(bool done)
{
    struct arena arena = {0};
    struct command *rows;
    struct err why = {.code = ERR_OFFLINE};
    size_t n;
    bool taken_away;

    assert_true(outbox_list(signing.outbox, 0, &arena, &rows, &n, NULL) && n == 1);
    if (done)
        assert_true(outbox_sending(signing.outbox, rows[0].key, NULL) &&
                    outbox_done(signing.outbox, rows[0].key, "\"9\"", NULL, signing.clock, NULL));
    else
        assert_true(outbox_no_answer(signing.outbox, rows[0].key, false, 0, NULL, &taken_away, NULL) &&
                    taken_away);
    app_net_event(signing.app, rows[0].key, done ? COMMAND_DONE : COMMAND_DUE, !done, false, &why);
    world_pass(&signing, 1); /* the view that waited for it goes */
    arena_clear(&arena);
}

static void sign_it(const char *note)
{
    world_draw(&signing, 0, 0);
    world_keys(&signing, "Enter");
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    answer_signed(&ask, "Q01T", NULL);
    wished("refuse_result", note, &ask);
    ask_clear(&ask);
}

/* The line went with the signature: what matters is that it may have arrived, not that there is no line, which the status row says. */
static void that_a_signature_may_have_arrived_is_not_covered(void **state)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n;
    bool taken_away;

    (void)state;
    open_sign("d-19", "refuse_result");
    world_type(&signing, "Sai ngành nghề");
    world_draw(&signing, 24, 80);
    world_keys(&signing, "Enter");
    sign_it("Sai ngành nghề");
    assert_true(outbox_list(signing.outbox, 0, &arena, &rows, &n, NULL) && n == 1);
    assert_true(outbox_sending(signing.outbox, rows[0].key, NULL) &&
                outbox_no_answer(signing.outbox, rows[0].key, true, 0, NULL, &taken_away, NULL) && !taken_away);
    app_changed(signing.app, CACHE_OUTBOX);
    signing.line.state = LINE_OFFLINE;
    signing.line.since = signing.clock;
    err_set(&signing.line.why, ERR_OFFLINE, "%s", "Mất mạng.");
    world_line(&signing);
    world_shows(&signing, "Đã ký, chưa rõ hệ thống đã ghi nhận.");
    world_hides(&signing, "Mất mạng.");
    arena_clear(&arena);
}

/* Left before it is signed, or the program ended, or the line was dead after all: what was typed is offered again; once the system
 * took it, it is not. */
static void a_reason_is_kept_until_the_system_took_it(void **state)
{
    (void)state;
    open_sign("d-19", "refuse_result");
    world_type(&signing, "Sai ngành nghềx");
    world_keys(&signing, "Backspace Esc");
    world_restart(&signing);
    open_sign("d-19", "refuse_result");
    world_draw(&signing, 24, 80);
    assert_true(world_sees(&signing, "Lý do: Sai ngành nghề_"));
    assert_true(world_sees(&signing, "đã xem 0/"));
    world_keys(&signing, "Enter");
    sign_it("Sai ngành nghề");
    answer_wish(false);
    open_sign("d-19", "refuse_result");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Lý do: Sai ngành nghề_"));
    world_keys(&signing, "Enter");
    sign_it("Sai ngành nghề");
    answer_wish(true);
    open_sign("d-19", "refuse_result");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Lý do: _"));
}

/* It is no part of what is signed before Enter has taken it; and a refusal's reason is no opinion. */
static void an_opinion_is_kept_and_offered_again(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    world_draw(&signing, 24, 80);
    world_keys(&signing, "Tab");
    world_type(&signing, "Cấp ngay.");
    world_restart(&signing);
    open_sign("d-19", "approve");
    world_draw(&signing, 24, 80);
    assert_true(world_sees(&signing, "Ý kiến: Cấp ngay._"));
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "│ Ý kiến       Cấp ngay."));
    world_restart(&signing);
    open_sign("d-19", "refuse_result");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Lý do: _"));
}

/* Another word is another statement, to be seen again; leaving the line brings the old word back. */
static void another_opinion_is_another_statement(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    world_draw(&signing, 24, 80);
    world_keys(&signing, "Tab");
    world_type(&signing, "Cấp ngay.");
    world_keys(&signing, "Esc");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "│ Ý kiến       (không có)"));
    world_keys(&signing, "Tab");
    world_type(&signing, "Cấp ngay.");
    world_keys(&signing, "Enter Enter"); /* not drawn yet: not seen */
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "│ Ý kiến       Cấp ngay."));
    assert_false(world_sees(&signing, "Gõ 4 ký tự cuối"));
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Gõ 4 ký tự cuối"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGN_TEST(it_is_the_mock_up),
        SIGN_TEST(every_line_has_stood_on_the_screen),
        SIGN_TEST(another_width_is_another_page),
        SIGN_TEST(a_minute_later_it_is_still_seen),
        SIGN_TEST(his_own_proposal_is_said),
        SIGN_TEST(nothing_else_signs),
        SIGN_TEST(no_paste_and_no_scanner),
        SIGN_TEST(leaving_signs_nothing),
        SIGN_TEST(what_was_seen_is_what_is_signed),
        SIGN_TEST(a_refusal_begins_with_its_reason),
        SIGN_TEST(that_a_signature_may_have_arrived_is_not_covered),
        SIGN_TEST(a_reason_is_kept_until_the_system_took_it),
        SIGN_TEST(an_opinion_is_kept_and_offered_again),
        SIGN_TEST(another_opinion_is_another_statement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

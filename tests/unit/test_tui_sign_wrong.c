/* What goes wrong while a dossier is seen and signed: it changes, it goes, the signer fails, is late or is none, the line is cut. Each time
 * nothing is signed, and it is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_sign.h"

#define CHANGED "Hồ sơ đã đổi sau khi xem. Chưa ký. Xem lại rồi mới ký được."

static void a_dossier_that_changed_is_seen_again(void **state)
{
    (void)state;
    open_question();
    world_type(&signing, CODE);
    feed_19();
    world_keys(&signing, "Enter"); /* typed before the picture of what came */
    nothing_is_asked();
    world_draw(&signing, 0, 0);
    assert_false(world_sees(&signing, "Gõ 4 ký tự cuối"));
    world_title(&signing, "Xem và ký · đồng ý", "đã xem 15/15 dòng · bản 9");
    nothing_is_wished();
}

static void a_change_is_told_and_stops_the_signer(void **state)
{
    uint64_t cancelled = 0;

    (void)state;
    open_question();
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    feed_19();
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, CHANGED));
    assert_true(app_next_cancel(signing.app, &cancelled));
    assert_int_equal(cancelled, ask.id);
    answer_signed(&ask, "Q01T", NULL); /* too late */
    nothing_is_wished();
    ask_clear(&ask);
}

static void a_dossier_that_is_gone_is_not_signed(void **state)
{
    (void)state;
    open_question();
    world_type(&signing, CODE);
    world_feed(&signing, "d-19", NULL);
    for (int i = 0; i < 3; i++) { /* the question would be open after the first or the second */
        world_keys(&signing, "Enter");
        world_draw(&signing, 0, 0);
        world_type(&signing, CODE);
    }
    world_keys(&signing, "Enter");
    nothing_is_asked();
    nothing_is_wished();
}

static void what_the_signer_says_is_told(void **state)
{
    (void)state;
    open_question();
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    answer_signed(&ask, NULL, "Thiết bị ký không trả lời trong 30 giây. Chưa ký.");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Thiết bị ký không trả lời trong 30 giây. Chưa ký."));
    nothing_is_wished();
    world_keys(&signing, "Enter"); /* it was seen; it can be tried again */
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
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
    assert_true(app_open(signing.app, &view_sign, &(struct view_arg){.id = "d-19", .action = "approve"}));
    signer_is(NULL, 0, "Chưa khai báo khóa tập huấn.");
    world_draw(&signing, 24, 80);
    assert_true(world_sees(&signing, "Ký bằng: chưa có thiết bị ký"));
    assert_true(world_sees(&signing, "Chưa khai báo khóa tập huấn."));
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Chưa có thiết bị ký để ký."));
    assert_false(world_sees(&signing, "để ký..")); /* a sentence has one end */
    assert_false(world_sees(&signing, "Gõ 4 ký tự cuối"));
}

/* By the server's clock, not by this machine's. */
static void a_certificate_that_is_over_signs_nothing(void **state)
{
    (void)state;
    assert_true(app_open(signing.app, &view_sign, &(struct view_arg){.id = "d-19", .action = "approve"}));
    signer_is("phần mềm tập huấn, Phạm Minh Quân", signing.clock - 1, NULL);
    world_draw(&signing, 24, 80);
    assert_true(world_sees(&signing, "Chứng thư hết hạn từ 29/12/2022. Chưa ký. Liên hệ nơi cấp chứng thư."));
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_false(world_sees(&signing, "Gõ 4 ký tự cuối"));
}

static void without_a_line_nothing_is_signed(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    signing.line.state = LINE_OFFLINE;
    world_line(&signing);
    world_draw(&signing, 24, 80);
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Việc này cần có mạng. Chưa có gì được lưu hay gửi; làm lại khi có mạng."));
    assert_false(world_sees(&signing, "Gõ 4 ký tự cuối"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGN_TEST(a_dossier_that_changed_is_seen_again), SIGN_TEST(a_change_is_told_and_stops_the_signer),
        SIGN_TEST(a_dossier_that_is_gone_is_not_signed), SIGN_TEST(what_the_signer_says_is_told),
        SIGN_TEST(without_a_signer_nothing_is_asked),    SIGN_TEST(a_certificate_that_is_over_signs_nothing),
        SIGN_TEST(without_a_line_nothing_is_signed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

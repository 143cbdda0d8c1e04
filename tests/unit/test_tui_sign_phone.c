/* To sign with a phone: what the screen says while it waits, what ends it, and that nothing is signed but what the phone confirmed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_sign.h"

#include <string.h>

#define WAITS "Chờ xác nhận trên điện thoại, mã 7391, đến 10:03."

/* All of it seen, the characters typed: the phone is asked. */
static struct ask ask_phone(void)
{
    assert_true(app_open(signing.app, &view_sign, &(struct view_arg){.id = "d-19", .action = "approve"}));
    signer_is_phone();
    world_draw(&signing, 24, 80);
    assert_true(world_sees(&signing, "Ký bằng: điện thoại"));
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Sau khi gõ, điện thoại sẽ hỏi xác nhận."));
    nothing_is_asked();
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
    return next_ask(ASK_REMOTE_SIGN);
}

/* It waits; or why that is not known. */
static void answer_waiting(const struct ask *ask, const char *error)
{
    struct answer answer = {
        .id = ask->id, .kind = ASK_REMOTE_SIGN, .phone_code = "7391", .phone_until = signing.clock + 300};

    if (error)
        err_set(&answer.err, ERR_OFFLINE, "%s", error);
    app_answer(signing.app, &answer);
    answer_clear(&answer);
    world_draw(&signing, 0, 0);
}

static void the_code_is_shown_until_the_phone_has_signed(void **state)
{
    (void)state;
    struct ask ask = ask_phone();
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Đang hỏi điện thoại…"));
    answer_waiting(&ask, NULL);
    assert_true(world_sees(&signing, WAITS));
    world_keys(&signing, "Enter PgDn Enter"); /* asks nothing anew */
    nothing_is_asked();
    nothing_is_wished();
    answer_signed(&ask, "Q01T", NULL);
    wished("approve", "", &ask);
    ask_clear(&ask);
}

static void a_cut_line_is_not_known_yet(void **state)
{
    (void)state;
    struct ask ask = ask_phone();
    answer_waiting(&ask, NULL);
    answer_waiting(&ask, "Chưa rõ.");
    assert_true(world_sees(&signing, "Chưa rõ."));
    assert_false(world_sees(&signing, WAITS));
    nothing_is_wished();
    answer_waiting(&ask, NULL);
    assert_true(world_sees(&signing, WAITS));
    answer_signed(&ask, "Q01T", NULL);
    wished("approve", "", &ask);
    ask_clear(&ask);
}

static void a_no_on_the_phone_is_told_and_it_can_be_tried_again(void **state)
{
    (void)state;
    struct ask ask = ask_phone();
    answer_waiting(&ask, NULL);
    answer_signed(&ask, NULL, "Bị từ chối trên điện thoại. Chưa ký.");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Bị từ chối trên điện thoại. Chưa ký."));
    assert_false(world_sees(&signing, WAITS));
    nothing_is_wished();
    world_keys(&signing, "Enter");
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
    struct ask again = next_ask(ASK_REMOTE_SIGN);
    assert_int_not_equal(again.id, ask.id);
    ask_clear(&again);
    ask_clear(&ask);
}

static void esc_calls_it_off(void **state)
{
    uint64_t cancelled = 0;

    (void)state;
    struct ask ask = ask_phone();
    answer_waiting(&ask, NULL);
    world_keys(&signing, "Esc");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "Đã thôi chờ điện thoại. Chưa có quyết định nào."));
    assert_true(world_sees(&signing, "Xem và ký"));
    assert_true(app_next_cancel(signing.app, &cancelled));
    assert_int_equal(cancelled, ask.id);
    answer_signed(&ask, "Q01T", NULL); /* too late */
    nothing_is_wished();
    ask_clear(&ask);
}

static void a_dossier_that_changes_meanwhile_calls_it_off(void **state)
{
    uint64_t cancelled = 0;

    (void)state;
    struct ask ask = ask_phone();
    answer_waiting(&ask, NULL);
    feed_19();
    world_draw(&signing, 0, 0);
    assert_true(app_next_cancel(signing.app, &cancelled));
    assert_int_equal(cancelled, ask.id);
    answer_signed(&ask, "Q01T", NULL);
    nothing_is_wished();
    ask_clear(&ask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGN_TEST(the_code_is_shown_until_the_phone_has_signed),
        SIGN_TEST(a_cut_line_is_not_known_yet),
        SIGN_TEST(a_no_on_the_phone_is_told_and_it_can_be_tried_again),
        SIGN_TEST(esc_calls_it_off),
        SIGN_TEST(a_dossier_that_changes_meanwhile_calls_it_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

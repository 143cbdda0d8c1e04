/* With what is signed: the sheet says what there is; what is chosen is asked for anew where somebody is about to sign, and goes with the
 * statement. Who signs nothing is not offered it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_sign.h"

#include "core/instant.h"

#include <string.h>

static void open_sheet(void)
{
    world_keys(&signing, ":");
    world_type(&signing, "thiet bi ky");
    world_keys(&signing, "Enter");
}

static void tell_signers(const char *error)
{
    struct signer_choice all[] = {
        {.id = "token 07",
         .name = "thiết bị Quan, Phạm Minh Quân",
         .certificate = "Chứng thư số 07, do CA cấp.",
         .until = 1723568400},
        {.id = "training",
         .name = "phần mềm tập huấn, Phạm Minh Quân",
         .certificate = "",
         .until = INSTANT_NONE,
         .current = true},
        {.id = "phone", .name = "điện thoại, so mã trên hai máy", .certificate = "", .until = INSTANT_NONE},
    };
    struct ask ask = next_ask(ASK_SIGNERS);
    struct answer answer = {.id = ask.id, .kind = ASK_SIGNERS, .final = true, .signers = all, .n_signers = 3};

    if (error) {
        err_set(&answer.err, ERR_SIGNER, "%s", error);
        answer.n_signers = 0;
    }
    app_answer(signing.app, &answer);
    ask_clear(&ask);
}

static void it_says_what_there_is(void **state)
{
    (void)state;
    open_sheet();
    world_shows(&signing, "── Thiết bị ký ──");
    world_shows(&signing, "đang hỏi thiết bị ký…");
    world_keys(&signing, "1"); /* there is nothing to choose yet */
    world_shows(&signing, "── Thiết bị ký ──");
    tell_signers(NULL);
    world_shows(&signing, "  1  thiết bị Quan, Phạm Minh Quân, hết hạn 14/08/2024. Chứng thư số 07, do CA");
    world_shows(&signing, "> 2  phần mềm tập huấn, Phạm Minh Quân");
    world_shows(&signing, "  3  điện thoại, so mã trên hai máy");
    world_shows(&signing, "Bấm số để ký bằng thiết bị đó đến khi đăng xuất.");
    world_keys(&signing, "Esc");
    world_hides(&signing, "── Thiết bị ký ──");
    open_sheet();
    tell_signers("Trình giúp motcua-desk tự dừng.");
    world_shows(&signing, "Trình giúp motcua-desk tự dừng.");
}

static void what_is_chosen_is_asked_for_and_signs(void **state)
{
    (void)state;
    open_sign("d-19", "approve");
    world_draw(&signing, 24, 80);
    open_sheet();
    tell_signers(NULL);
    world_keys(&signing, "1");
    world_shows(&signing, "Từ giờ ký bằng thiết bị này, đến khi đăng xuất.");
    world_keys(&signing, "Enter"); /* it has not answered yet */
    world_hides(&signing, "Gõ 4 ký tự cuối");
    struct ask which = next_ask(ASK_SIGNER);
    assert_string_equal(which.text, "token 07");
    struct answer answer = {.id = which.id,
                            .kind = ASK_SIGNER,
                            .final = true,
                            .signer_name = "thiết bị Quan, Phạm Minh Quân",
                            .signer_certificate = "Chứng thư số 07, do CA cấp.",
                            .signer_until = 1723568400};
    app_answer(signing.app, &answer);
    answer_clear(&answer);
    ask_clear(&which);
    world_shows(&signing, "── Ký bằng: thiết bị Quan, Phạm Minh Quân, hết hạn 14/08/2024 ──");
    world_keys(&signing, "Enter");
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
    struct ask ask = next_ask(ASK_SIGN);
    assert_string_equal(ask.text, "token 07");
    ask_clear(&ask);
}

static void who_signs_nothing_is_not_offered_it(void **state)
{
    (void)state;
    sign_begin("mai");
    world_keys(&signing, ":");
    world_type(&signing, "thiet bi ky");
    world_draw(&signing, 24, 80);
    world_hides(&signing, "xem chứng thư");
    sign_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGN_TEST(it_says_what_there_is),
        SIGN_TEST(what_is_chosen_is_asked_for_and_signs),
        cmocka_unit_test(who_signs_nothing_is_not_offered_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

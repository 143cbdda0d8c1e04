/* Which signer is chosen where a phone is one: by the officer's word, by what the server offers, by what certificate there is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign.h"

#include "tests/harness.h"
#include "tests/unit/fake_env.h"

#include <string.h>

struct choice {
    struct config config;
    const char *certificate; /* NULL: none */
    bool remote, training;
    const char *word; /* of the officer in this session; NULL */
};

/* The answer to ASK_SIGNER, where it comes at once; false: a device is asked. answer_clear() it. */
static bool choose(const struct choice *c, struct answer *answer)
{
    struct fake_env env = fake_env(1);
    struct ask ask = {.id = 1, .kind = ASK_SIGNER, .text = c->word ? text_new("%s", c->word) : NULL};
    struct signer_who who = {.officer = "quan", .certificate = c->certificate};
    struct line_status line = {.remote_signing = c->remote, .training = c->training};

    struct signing *signing = signing_new(&c->config, &env.env);
    signing_ask(signing, &ask, &who, NULL, &line);
    bool answered = signing_answer(signing, answer);
    if (answered)
        assert_true(answer->final && answer->id == 1 && answer->kind == ASK_SIGNER);
    signing_free(&signing);
    return answered;
}

static void a_phone_is_chosen_where_it_can_sign(void **state)
{
    static const struct {
        struct choice choice;
        bool phone;
        enum err_code code;
    } cases[] = {
        {{.config.phone = true, .certificate = "ab12", .remote = true}, true, ERR_NONE}, /* the officer's word */
        {{.config.phone = true, .remote = true, .training = true}, true, ERR_NONE},
        {{.config.phone = true, .certificate = "ab12"}, false, ERR_SIGNER}, /* not offered */
        {{.remote = true}, true, ERR_NONE},                                 /* nothing else can sign */
        {{.remote = false}, false, ERR_SIGNER},                             /* nothing at all can */
        {{.config.token = true, .remote = true}, false, ERR_SIGNER},        /* the word is another */
        {{.config.token = true, .certificate = "ab12", .remote = true, .word = "phone"}, true, ERR_NONE}, /* the newer one counts */
        {{.config.phone = true, .remote = true, .word = "token"},
         false,
         ERR_SIGNER}, /* without a certificate there is no token of his */
        {{.config.agent = true, .certificate = "ab12", .remote = true}, false, ERR_SIGNER}, /* no socket is named */
        {{.config.phone = true, .certificate = "ab12", .remote = true, .word = "agent"}, false, ERR_SIGNER},
        {{.config.agent = true, .config.sign_agent = "/nowhere", .remote = true}, false, ERR_SIGNER}, /* no certificate is known */
        {{.certificate = "ab12", .word = "training"}, false, ERR_SIGNER}, /* nothing here is training's */
        {{.config.training_keys = "/nowhere", .certificate = "ab12", .word = "training"}, false, ERR_SIGNER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer;
        if (!choose(&cases[i].choice, &answer))
            fail_at(HERE, "case %zu: a device was asked", i);
        assert_int_equal(answer.err.code, cases[i].code);
        assert_int_equal(answer.signer_phone, cases[i].phone);
        answer_clear(&answer);
    }
}

/* A certificate is a token's; training's keys come before a phone that nobody has asked for. */
static void a_phone_is_not_chosen_unasked(void **state)
{
    static const struct choice cases[] = {
        {.certificate = "ab12", .remote = true},
        {.config.training_keys = "/nowhere", .remote = true, .training = true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer;
        if (choose(&cases[i], &answer)) {
            assert_false(answer.signer_phone);
            answer_clear(&answer);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phone_is_chosen_where_it_can_sign),
        cmocka_unit_test(a_phone_is_not_chosen_unasked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

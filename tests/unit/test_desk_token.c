/* The officer's own token: found by its certificate among several, RSA and EC, a PIN that is wrong, a key that wants it each time; what it
 * signs OpenSSL's own program verifies. Against SoftHSM, through the helper as the program uses it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"
#include "desk/client.h"
#include "desk/token.h"
#include "tests/harness.h"
#include "tests/token.h"
#include "tests/unit/fake_env.h"

#include <openssl/pem.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATEMENT "{\"statement\":\"onestop/decision/1\",\"note\":\"Đồng ý.\"}\n"

struct drawer { /* of the officer's desk, with a token in it */
    char *dir, *sha256;
    EVP_PKEY *key;
    X509 *certificate;
};

static int set_up(void **state)
{
    struct drawer *d = calloc(1, sizeof *d);

    d->dir = home_new();
    token_home(d->dir);
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    struct drawer *d = *state;

    X509_free(d->certificate);
    EVP_PKEY_free(d->key);
    free(d->sha256);
    home_free(&d->dir);
    free(d);
    return 0;
}

static void plug_in(struct drawer *d, EVP_PKEY *key, bool each_time)
{
    d->key = key;
    d->certificate = token_certify(key, "Phạm Minh Quân", 365);
    d->sha256 = token_sha256(d->certificate);
    token_make("Quan", key, d->certificate, each_time);
}

static char *sign_with(const struct drawer *d, const char *pin, struct err *e)
{
    char *copy = text_new("%s", pin),
         *cms = token_sign(&(struct token_wanted){.module = TOKEN_MODULE, .sha256 = d->sha256},
                           (unsigned char *)copy, strlen(copy), STATEMENT, strlen(STATEMENT), e);

    free(copy);
    return cms;
}

static void write_file(const char *dir, const char *name, const void *bytes, size_t n)
{
    char *path = text_new("%s/%s", dir, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
    free(path);
}

/* `openssl cms -verify -cades`, trusting this certificate alone. */
static void verifies(const struct drawer *d, const char *cms)
{
    struct buf der = {0};
    struct run run;
    char *at = text_new("%s/cms.der", d->dir), *content = text_new("%s/statement", d->dir),
         *ca = text_new("%s/ca.pem", d->dir);
    FILE *pem = fopen(ca, "w");

    assert_true(base64_decode(cms, &der));
    write_file(d->dir, "cms.der", der.data, der.len);
    write_file(d->dir, "statement", STATEMENT, strlen(STATEMENT));
    assert_int_equal(PEM_write_X509(pem, d->certificate), 1);
    assert_int_equal(fclose(pem), 0);
    run_program(&run,
                (const char *const[]){"/usr/bin/openssl", "cms", "-verify", "-cades", "-binary", "-inform",
                                      "DER", "-in", at, "-content", content, "-CAfile", ca, "-purpose", "any",
                                      "-out", "/dev/null", NULL},
                NULL, NULL, NULL);
    if (run.status != 0)
        fail_at(HERE, "openssl says %s", run.err);
    run_clear(&run);
    buf_clear(&der);
    free(at);
    free(content);
    free(ca);
}

static void an_rsa_key_signs(void **state)
{
    struct drawer *d = *state;
    struct err e = {0};

    plug_in(d, EVP_RSA_gen(2048), false);
    char *cms = sign_with(d, TOKEN_PIN, &e);
    assert_string_equal(e.text, "");
    verifies(d, cms);
    free(cms);
}

static void an_ec_key_signs(void **state)
{
    struct drawer *d = *state;
    struct err e = {0};

    plug_in(d, EVP_EC_gen("P-256"), false);
    char *cms = sign_with(d, TOKEN_PIN, &e);
    assert_string_equal(e.text, "");
    verifies(d, cms);
    free(cms);
}

static void a_key_that_wants_the_pin_each_time_signs(void **state)
{
    struct drawer *d = *state;
    struct err e = {0};

    plug_in(d, EVP_EC_gen("P-256"), true);
    char *cms = sign_with(d, TOKEN_PIN, &e);
    assert_string_equal(e.text, "");
    verifies(d, cms);
    free(cms);
}

static void the_device_is_described(void **state)
{
    struct drawer *d = *state;
    struct signer_certificate c;
    struct signer_device device;
    struct err e = {0};

    plug_in(d, EVP_EC_gen("P-256"), false);
    assert_true(
        token_describe(&(struct token_wanted){.module = TOKEN_MODULE, .sha256 = d->sha256}, &c, &device, &e));
    assert_string_equal(c.name, "Phạm Minh Quân");
    assert_string_equal(c.issuer, "Phạm Minh Quân");
    assert_string_equal(c.serial, "12D5");
    assert_string_equal(c.sha256, d->sha256);
    assert_string_equal(device.label, "Quan");
    assert_true(device.asks_pin);
    assert_false(device.last_try);
}

static void the_one_with_the_certificate_is_taken(void **state)
{
    struct drawer *d = *state;
    EVP_PKEY *other = EVP_EC_gen("P-256");
    X509 *others = token_certify(other, "Lê Hoàng Nam", 365);
    struct err e = {0};

    token_make("Nam", other, others, false);
    plug_in(d, EVP_EC_gen("P-256"), false);
    char *cms = sign_with(d, TOKEN_PIN, &e);
    assert_string_equal(e.text, "");
    verifies(d, cms);
    free(cms);
    X509_free(others);
    EVP_PKEY_free(other);
}

/* Two devices with one certificate, and somebody else's. */
static void each_device_is_found_and_can_be_named(void **state)
{
    struct drawer *d = *state;
    EVP_PKEY *other = EVP_EC_gen("P-256");
    X509 *others = token_certify(other, "Lê Hoàng Nam", 365);
    struct signer_found found[SIGNER_FOUND_MOST];
    struct err e = {0};
    int his = 0;

    plug_in(d, EVP_EC_gen("P-256"), false);
    token_make("Spare", d->key, d->certificate, false);
    token_make("Nam", other, others, false);
    assert_int_equal(token_look_around(TOKEN_MODULE, found, SIGNER_FOUND_MOST, &e), 3);
    assert_string_equal(e.text, "");
    assert_int_equal(token_look_around(TOKEN_MODULE, found, 2, &e), 2);
    assert_int_equal(token_look_around(TOKEN_MODULE, found, SIGNER_FOUND_MOST, &e), 3);
    for (size_t i = 0; i < 3; i++) {
        struct signer_certificate c;
        struct signer_device device;
        struct token_wanted wanted = {
            .module = TOKEN_MODULE, .sha256 = d->sha256, .serial = found[i].device.serial};
        bool has = strcmp(found[i].certificate.sha256, d->sha256) == 0;
        his += has;
        assert_int_equal(token_describe(&wanted, &c, &device, &(struct err){0}), has);
        if (has)
            assert_string_equal(device.label, found[i].device.label);
    }
    assert_int_equal(his, 2);
    X509_free(others);
    EVP_PKEY_free(other);
}

static void no_device_and_none_of_his_are_told_apart(void **state)
{
    struct drawer *d = *state;
    struct signer_certificate c;
    struct signer_device device;
    struct err e = {0};
    static const char strange[] = "00000000000000000000000000000000000000000000000000000000000000ff";

    assert_false(
        token_describe(&(struct token_wanted){.module = TOKEN_MODULE, .sha256 = strange}, &c, &device, &e));
    assert_string_equal(
        e.text, "No signing device is plugged in. Plug it in (over SSH: forward it), then open this again.");
    plug_in(d, EVP_EC_gen("P-256"), false);
    assert_false(
        token_describe(&(struct token_wanted){.module = TOKEN_MODULE, .sha256 = strange}, &c, &device, &e));
    assert_string_equal(
        e.text,
        "Signing devices that were found: 1. None holds the certificate that the system has for you. Nothing was signed.");
    assert_false(token_describe(&(struct token_wanted){.module = "/nonexistent.so", .sha256 = strange}, &c,
                                &device, &e));
    assert_string_equal(
        e.text, "The driver /nonexistent.so cannot be loaded. Nothing was signed. Check pkcs11_module.");
    assert_int_equal(e.code, ERR_SIGNER);
}

static void a_wrong_pin_signs_nothing_and_can_be_tried_again(void **state)
{
    struct drawer *d = *state;
    struct err e = {0}, none = {0};

    plug_in(d, EVP_EC_gen("P-256"), false);
    assert_null(sign_with(d, "000000", &e));
    assert_int_equal(e.code, ERR_AUTH);
    assert_string_equal(e.text, "The PIN is wrong. Nothing was signed. Enter it again.");
    char *cms = sign_with(d, TOKEN_PIN, &none);
    assert_non_null(cms);
    free(cms);
}

/* ── through the helper ──────────────────────────────────────────────────────────────────────────────────────────── */

struct heard {
    int answers;
    struct err err;
    char *cms;
    struct signer_device device;
};

static void heard(void *context, const struct signer_result *result)
{
    struct heard *h = context;

    h->answers++;
    h->err = result->err;
    h->device = result->device;
    free(h->cms);
    h->cms = result->cms ? text_new("%s", result->cms) : NULL;
}

static void wait_for(struct desk *desk, const struct heard *h, int n)
{
    int64_t until = harness_deadline();

    while (h->answers < n) {
        struct pollfd ready = {.fd = desk_fd(desk), .events = POLLIN};
        if (harness_now() >= until)
            fail_at(HERE, "%d answers came, not %d", h->answers, n);
        if (poll(&ready, 1, 20) > 0)
            desk_read(desk);
        desk_tick(desk);
    }
}

static void the_pin_goes_to_the_helper_behind_its_line(void **state)
{
    struct drawer *d = *state;
    struct fake_env env = fake_env(7);
    struct heard h = {0};
    char *program = build_path("motcua-desk");

    plug_in(d, EVP_EC_gen("P-256"), false);
    struct desk *desk = desk_new(program, &env.env);
    struct signer *token = desk_token_signer(desk, TOKEN_MODULE);
    struct signer_who who = {.officer = "quan", .certificate = d->sha256};
    token->describe(token, &who, 30000, heard, &h);
    wait_for(desk, &h, 1);
    assert_string_equal(h.err.text, "");
    assert_string_equal(h.device.label, "Quan");
    assert_true(h.device.asks_pin);
    token->sign(token, &who, STATEMENT, strlen(STATEMENT), "000000", 6, 30000, heard, &h);
    wait_for(desk, &h, 2);
    assert_int_equal(h.err.code, ERR_AUTH);
    assert_null(h.cms);
    token->sign(token, &who, STATEMENT, strlen(STATEMENT), TOKEN_PIN, strlen(TOKEN_PIN), 30000, heard, &h);
    wait_for(desk, &h, 3);
    assert_string_equal(h.err.text, "");
    verifies(d, h.cms);
    free(h.cms);
    token->free(token);
    desk_free(&desk);
    free(program);
}

/* ── a run ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct helper {
    struct fake_env env;
    struct desk *desk;
    struct signer *token;
    struct signer_who who;
    struct heard heard;
};

static void helper_start(struct helper *h, const struct drawer *d)
{
    char *program = build_path("motcua-desk");

    *h = (struct helper){.env = fake_env(7), .who = {.officer = "quan", .certificate = d->sha256, .run = true}};
    h->desk = desk_new(program, &h->env.env);
    h->token = desk_token_signer(h->desk, TOKEN_MODULE);
    free(program);
}

static void helper_end(struct helper *h)
{
    free(h->heard.cms);
    h->token->free(h->token);
    desk_free(&h->desk);
}

static void run_signs(struct helper *h, const char *pin)
{
    int before = h->heard.answers;

    h->token->sign(h->token, &h->who, STATEMENT, strlen(STATEMENT), pin, strlen(pin), 30000, heard, &h->heard);
    wait_for(h->desk, &h->heard, before + 1);
}

static void expect_signed(const struct helper *h, const struct drawer *d)
{
    assert_string_equal(h->heard.err.text, "");
    verifies(d, h->heard.cms);
}

static void expect_asked_for_pin(const struct helper *h)
{
    assert_null(h->heard.cms);
    assert_int_equal(h->heard.err.code, ERR_AUTH);
    assert_string_equal(h->heard.err.text, "The signing device asks for its PIN again. Nothing was signed.");
}

static void one_pin_signs_a_run_and_its_end_closes_it(void **state)
{
    struct drawer *d = *state;
    struct helper h;

    plug_in(d, EVP_EC_gen("P-256"), false);
    helper_start(&h, d);
    run_signs(&h, "");
    expect_asked_for_pin(&h); /* and the device counts no wrong one */
    run_signs(&h, TOKEN_PIN);
    expect_signed(&h, d);
    assert_false(h.heard.device.each_time);
    for (int i = 0; i < 3; i++) {
        run_signs(&h, "");
        expect_signed(&h, d);
    }
    h.token->end(h.token);
    run_signs(&h, "");
    expect_asked_for_pin(&h);
    helper_end(&h);
}

static void a_signature_outside_of_it_ends_a_run(void **state)
{
    struct drawer *d = *state;
    struct helper h;

    plug_in(d, EVP_EC_gen("P-256"), false);
    helper_start(&h, d);
    run_signs(&h, TOKEN_PIN);
    expect_signed(&h, d);
    h.who.run = false;
    run_signs(&h, TOKEN_PIN);
    expect_signed(&h, d);
    h.who.run = true;
    run_signs(&h, "");
    expect_asked_for_pin(&h);
    helper_end(&h);
}

static void a_wrong_pin_ends_a_run_and_a_right_one_begins_the_next(void **state)
{
    struct drawer *d = *state;
    struct helper h;

    plug_in(d, EVP_EC_gen("P-256"), false);
    helper_start(&h, d);
    run_signs(&h, "000000");
    assert_string_equal(h.heard.err.text, "The PIN is wrong. Nothing was signed. Enter it again.");
    run_signs(&h, "");
    expect_asked_for_pin(&h);
    run_signs(&h, TOKEN_PIN);
    expect_signed(&h, d);
    helper_end(&h);
}

static void a_key_that_wants_the_pin_each_time_says_so_in_a_run(void **state)
{
    struct drawer *d = *state;
    struct helper h;

    plug_in(d, EVP_EC_gen("P-256"), true);
    helper_start(&h, d);
    run_signs(&h, TOKEN_PIN);
    expect_signed(&h, d);
    assert_true(h.heard.device.each_time);
    run_signs(&h, TOKEN_PIN);
    expect_signed(&h, d);
    run_signs(&h, "");
    expect_asked_for_pin(&h);
    run_signs(&h, TOKEN_PIN);
    expect_signed(&h, d);
    helper_end(&h);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_rsa_key_signs),
        TEST(an_ec_key_signs),
        TEST(a_key_that_wants_the_pin_each_time_signs),
        TEST(the_device_is_described),
        TEST(the_one_with_the_certificate_is_taken),
        TEST(each_device_is_found_and_can_be_named),
        TEST(no_device_and_none_of_his_are_told_apart),
        TEST(a_wrong_pin_signs_nothing_and_can_be_tried_again),
        TEST(the_pin_goes_to_the_helper_behind_its_line),
        TEST(one_pin_signs_a_run_and_its_end_closes_it),
        TEST(a_signature_outside_of_it_ends_a_run),
        TEST(a_wrong_pin_ends_a_run_and_a_right_one_begins_the_next),
        TEST(a_key_that_wants_the_pin_each_time_says_so_in_a_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

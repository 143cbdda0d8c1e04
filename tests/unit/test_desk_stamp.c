/* A time-stamp that `openssl ts` made over a signature is found good, by whom and when; one of another signature, of a weak digest or changed
 * is not, and takes the signature with it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"
#include "core/instant.h"
#include "desk/check.h"
#include "desk/cms.h"
#include "tests/bureau.h"
#include "tests/harness.h"
#include "tests/token.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STATEMENT "{\"statement\":\"onestop/decision/1\"}\n"

struct desk {
    struct bureau *bureau;
    EVP_PKEY *key;
    X509 *officer;
    char *own, *both; /* files of certificates: the officer's; with the authority's */
};

static int set_up(void **state)
{
    struct desk *d = calloc(1, sizeof *d);

    d->bureau = bureau_new();
    d->key = EVP_EC_gen("P-256");
    d->officer = token_certify(d->key, "Phạm Minh Quân", 30);
    d->own = bureau_file(d->bureau, "own.pem");
    d->both = bureau_file(d->bureau, "both.pem");
    char *authority = file_text(d->bureau->certificate);
    FILE *own = fopen(d->own, "w"), *both = fopen(d->both, "w");
    assert_true(PEM_write_X509(own, d->officer) == 1 && PEM_write_X509(both, d->officer) == 1);
    assert_true(fputs(authority, both) >= 0);
    assert_true(fclose(own) == 0 && fclose(both) == 0);
    free(authority);
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *d = *state;

    EVP_PKEY_free(d->key);
    X509_free(d->officer);
    bureau_free(&d->bureau);
    free(d->own);
    free(d->both);
    free(d);
    return 0;
}

static CMS_ContentInfo *signature(const struct desk *d)
{
    struct err e = {0};
    struct buf der = {0};
    char *text = cms_sign(d->officer, cms_key_signs, d->key, STATEMENT, strlen(STATEMENT), &e);

    assert_non_null(text);
    assert_true(base64_decode(text, &der));
    const unsigned char *at = (const unsigned char *)der.data;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.len);
    assert_non_null(cms);
    buf_clear(&der);
    free(text);
    return cms;
}

static bool check(CMS_ContentInfo *cms, const char *ca, struct signer_proof *proof, struct err *e)
{
    unsigned char *der = NULL;
    int n = i2d_CMS_ContentInfo(cms, &der);
    bool ok = check_cms(STATEMENT, strlen(STATEMENT), der, (size_t)n, ca, proof, e);

    OPENSSL_free(der);
    return ok;
}

/* ── the cases ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void it_says_when_and_by_whom(void **state)
{
    const struct desk *d = *state;
    struct signer_proof proof;
    struct err e = {0};
    CMS_ContentInfo *cms = signature(d);

    assert_true(check(cms, d->both, &proof, &e));
    assert_int_equal(proof.stamp.at, INSTANT_NONE);
    bureau_stamp(d->bureau, cms, cms, "-sha256");
    assert_true(check(cms, NULL, &proof, &e));
    assert_string_equal(proof.stamp.authority, BUREAU_NAME);
    assert_true(proof.stamp.at >= proof.signed_at && proof.stamp.at <= proof.signed_at + 3600);
    assert_false(proof.stamp.trusted);
    assert_true(check(cms, d->both, &proof, &e));
    assert_true(proof.stamp.trusted && proof.trusted);
    CMS_ContentInfo_free(cms);
}

/* Who vouches for the officer does not vouch for the authority; the signature is as good as without. */
static void an_authority_that_nobody_knows_is_not_trusted(void **state)
{
    const struct desk *d = *state;
    struct signer_proof proof;
    struct err e = {0};
    CMS_ContentInfo *cms = signature(d);

    bureau_stamp(d->bureau, cms, cms, "-sha512");
    assert_true(check(cms, d->own, &proof, &e));
    assert_true(proof.trusted);
    assert_int_not_equal(proof.stamp.at, INSTANT_NONE);
    assert_false(proof.stamp.trusted);
    CMS_ContentInfo_free(cms);
}

static void one_of_another_signature_is_not_good(void **state)
{
    const struct desk *d = *state;
    struct signer_proof proof;
    struct err e = {0};
    CMS_ContentInfo *cms = signature(d), *other = signature(d);

    bureau_stamp(d->bureau, cms, cms, "-sha256");
    bureau_stamp(d->bureau, cms, other, "-sha256"); /* the first is good, but not all are */
    assert_false(check(cms, NULL, &proof, &e));
    assert_int_equal(e.code, ERR_SIGNER);
    CMS_ContentInfo_free(cms);
    CMS_ContentInfo_free(other);
}

static void a_weak_digest_is_not_good(void **state)
{
    const struct desk *d = *state;
    struct signer_proof proof;
    struct err e = {0};
    CMS_ContentInfo *cms = signature(d);

    bureau_stamp(d->bureau, cms, cms, "-sha1");
    assert_false(check(cms, d->both, &proof, &e));
    assert_int_equal(e.code, ERR_SIGNER);
    CMS_ContentInfo_free(cms);
}

/* Its time moved, its signature cut, no token at all. */
static void a_changed_one_is_not_good(void **state)
{
    const struct desk *d = *state;

    for (int i = 0; i < 3; i++) {
        struct signer_proof proof;
        struct err e = {0};
        CMS_ContentInfo *cms = signature(d);
        int n;
        unsigned char *der = bureau_token(d->bureau, cms, "-sha256", &n);
        char year[5];
        time_t now = time(NULL);
        strftime(year, sizeof year, "%Y", gmtime(&now));
        unsigned char *at = memmem(der, (size_t)n, year, 4); /* of the GeneralizedTime */
        assert_non_null(at);
        if (i == 0)
            at[3] = at[3] == '0' ? '1' : '0';
        else if (i == 1)
            der[n - 1] ^= 1;
        bureau_attach(cms, i == 2 ? (const unsigned char *)"\x30\x00" : der, i == 2 ? 2 : n);
        assert_false(check(cms, NULL, &proof, &e));
        assert_int_equal(e.code, ERR_SIGNER);
        OPENSSL_free(der);
        CMS_ContentInfo_free(cms);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_says_when_and_by_whom),
        TEST(an_authority_that_nobody_knows_is_not_trusted),
        TEST(one_of_another_signature_is_not_good),
        TEST(a_weak_digest_is_not_good),
        TEST(a_changed_one_is_not_good),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

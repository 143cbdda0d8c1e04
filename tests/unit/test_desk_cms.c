/* A signature is made by the certificate's own key or not at all, over just these bytes, with the attributes that CAdES asks for. A
 * training key is used only where nobody else can read or change it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"
#include "core/instant.h"
#include "desk/software.h"
#include "tests/harness.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATEMENT "{\"statement\":\"onestop/decision/1\",\"note\":\"Đồng ý.\"}\n"

static X509 *certify(EVP_PKEY *key)
{
    X509 *c = X509_new();

    X509_set_version(c, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 7);
    X509_gmtime_adj(X509_getm_notBefore(c), -60);
    X509_gmtime_adj(X509_getm_notAfter(c), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8,
                               (const unsigned char *)"Phạm Minh Quân", -1, -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(c));
    X509_set_pubkey(c, key);
    assert_true(X509_sign(c, key, EVP_sha256()) > 0);
    return c;
}

static int verify(X509 *trusted, const char *base64, const char *bytes)
{
    struct buf der = {0};
    assert_true(base64_decode(base64, &der));
    const unsigned char *at = (const unsigned char *)der.data;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.len);
    assert_non_null(cms);
    assert_true(CMS_is_detached(cms));
    BIO *content = BIO_new_mem_buf(bytes, -1);
    X509_STORE *store = X509_STORE_new();
    X509_STORE_add_cert(store, trusted);
    int ok = CMS_verify(cms, NULL, store, content, NULL, CMS_BINARY | CMS_CADES);

    X509_STORE_free(store);

    BIO_free(content);
    CMS_ContentInfo_free(cms);
    buf_clear(&der);
    return ok;
}

static void signs_these_bytes_and_no_others(void **state)
{
    struct err e = {0};
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *c = certify(key);
    char *cms = cms_sign(c, cms_key_signs, key, "{\"a\":1}\n", 8, &e);

    assert_non_null(cms);
    assert_int_equal(verify(c, cms, "{\"a\":1}\n"), 1);
    assert_int_equal(verify(c, cms, "{\"a\":2}\n"), 0);
    free(cms);
    X509_free(c);
    EVP_PKEY_free(key);
}

static void another_key_signs_nothing(void **state)
{
    struct err e = {0};
    EVP_PKEY *key = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256");
    X509 *c = certify(key);

    assert_null(cms_sign(c, cms_key_signs, other, "a", 1, &e));
    assert_int_equal(e.code, ERR_SIGNER);
    X509_free(c);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
}

/* ── what the command line of OpenSSL says ──────────────────────────────────────────────────────────────────────────── */

static void write_bytes(const char *dir, const char *name, const void *bytes, size_t n)
{
    char *path = text_new("%s/%s", dir, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    free(path);
}

/* `openssl cms -verify -cades`: 0 is good. */
static int program_verifies(const char *dir, const char *content)
{
    struct run run;
    char *cms = text_new("%s/cms.der", dir), *bytes = text_new("%s/%s", dir, content),
         *ca = text_new("%s/quan.cert.pem", dir);

    run_program(&run,
                (const char *const[]){"/usr/bin/openssl", "cms", "-verify", "-cades", "-binary", "-inform",
                                      "DER", "-in", cms, "-content", bytes, "-CAfile", ca, "-purpose", "any",
                                      "-out", "/dev/null", NULL},
                NULL, NULL, NULL);
    int status = run.status;
    run_clear(&run);
    free(cms);
    free(bytes);
    free(ca);
    return status;
}

/* OFFICER.key.pem and OFFICER.cert.pem, as motcua-training leaves them. */
static void write_pair(const char *dir, const char *officer, EVP_PKEY *key, X509 *certificate)
{
    const char *kinds[] = {"key", "cert"};

    for (size_t i = 0; i < 2; i++) {
        BIO *out = BIO_new(BIO_s_mem());
        char *name = text_new("%s.%s.pem", officer, kinds[i]), *pem;
        assert_int_equal(i == 0 ? PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL)
                                : PEM_write_bio_X509(out, certificate),
                         1);
        long n = BIO_get_mem_data(out, &pem);
        write_bytes(dir, name, pem, (size_t)n);
        BIO_free(out);
        free(name);
    }
}

static void the_program_finds_it_good_too(void **state)
{
    struct err e = {0};
    char *dir = home_new();
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *c = certify(key);
    struct buf der = {0};
    char *cms = cms_sign(c, cms_key_signs, key, STATEMENT, strlen(STATEMENT), &e);

    assert_non_null(cms);
    assert_true(base64_decode(cms, &der));
    write_pair(dir, "quan", key, c);
    write_bytes(dir, "cms.der", der.data, der.len);
    write_bytes(dir, "statement", STATEMENT, strlen(STATEMENT));
    write_bytes(dir, "crlf", "{\"statement\":\"onestop/decision/1\",\"note\":\"Đồng ý.\"}\r\n",
                strlen(STATEMENT) + 1);
    assert_int_equal(program_verifies(dir, "statement"), 0);
    assert_int_not_equal(program_verifies(dir, "crlf"), 0);
    free(cms);
    buf_clear(&der);
    X509_free(c);
    EVP_PKEY_free(key);
    home_free(&dir);
}

static void a_certificate_says_whose_it_is_and_until_when(void **state)
{
    struct signer_certificate about;
    struct err e = {0};
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *c = certify(key);

    X509_time_adj_ex(X509_getm_notBefore(c), 0, 0, &(time_t){1672281720});
    X509_time_adj_ex(X509_getm_notAfter(c), 0, 0, &(time_t){1723593600});
    assert_true(X509_sign(c, key, EVP_sha256()) > 0);
    assert_true(cms_describe(c, &about, &e));
    assert_string_equal(about.name, "Phạm Minh Quân");
    assert_int_equal(about.from, 1672281720);
    assert_int_equal(about.until, 1723593600);
    assert_int_equal(strlen(about.sha256), 64);
    assert_int_equal(strspn(about.sha256, "0123456789abcdef"), 64);
    X509_free(c);
    EVP_PKEY_free(key);
}

/* ── training's keys in files ───────────────────────────────────────────────────────────────────────────────────────── */

struct drawer {
    char *dir;
    EVP_PKEY *key;
    X509 *certificate;
};

static int set_up(void **state)
{
    struct drawer *d = calloc(1, sizeof *d);

    d->dir = home_new();
    d->key = EVP_EC_gen("P-256");
    d->certificate = certify(d->key);
    write_pair(d->dir, "quan", d->key, d->certificate);
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    struct drawer *d = *state;

    X509_free(d->certificate);
    EVP_PKEY_free(d->key);
    home_free(&d->dir);
    free(d);
    return 0;
}

#define refused(dir, officer) refused_at(dir, officer, HERE)
static void refused_at(const char *dir, const char *officer, struct at at)
{
    X509 *certificate = NULL;
    EVP_PKEY *key = NULL;
    struct err e = {0};

    if (software_open(dir, officer, &certificate, &key, &e))
        fail_at(at, "the key of %s in %s is used", officer, dir);
    if (e.code != ERR_SIGNER || !strstr(e.text, "Nothing was signed.") || certificate || key)
        fail_at(at, "it is not refused as it should be: %s", e.text);
}

static void his_own_key_is_used(void **state)
{
    struct drawer *d = *state;
    X509 *certificate = NULL;
    EVP_PKEY *key = NULL;
    struct err e = {0};

    assert_true(software_open(d->dir, "quan", &certificate, &key, &e));
    assert_int_equal(X509_cmp(certificate, d->certificate), 0);
    assert_int_equal(EVP_PKEY_eq(key, d->key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static void nobody_elses_is(void **state)
{
    struct drawer *d = *state;
    char *missing = text_new("%s/none", d->dir);

    refused(d->dir, "mai");
    refused(d->dir, "../quan");
    refused(d->dir, "");
    refused(missing, "quan");
    free(missing);
}

static void what_others_could_read_is_not_used(void **state)
{
    struct drawer *d = *state;
    char *key = text_new("%s/quan.key.pem", d->dir), *cert = text_new("%s/quan.cert.pem", d->dir);
    static const mode_t open_to_others[] = {0640, 0604, 0620, 0602, 0610, 0601};

    for (size_t i = 0; i < sizeof open_to_others / sizeof *open_to_others; i++) {
        assert_int_equal(chmod(key, open_to_others[i]), 0);
        refused(d->dir, "quan");
    }
    assert_int_equal(chmod(key, 0600), 0);
    assert_int_equal(chmod(cert, 0622), 0); /* who changes it changes who signs */
    refused(d->dir, "quan");
    assert_int_equal(chmod(cert, 0600), 0);
    assert_int_equal(chmod(d->dir, 0755), 0);
    refused(d->dir, "quan");
    assert_int_equal(chmod(d->dir, 0700), 0);
    his_own_key_is_used(state);
    if (geteuid() == 0) { /* of another account */
        assert_int_equal(chown(key, 65534, 65534), 0);
        refused(d->dir, "quan");
    }
    free(key);
    free(cert);
}

static void a_link_is_not_followed(void **state)
{
    struct drawer *d = *state;
    char *link = text_new("%s/mai.key.pem", d->dir), *dir = text_new("%s/again", d->dir);

    write_pair(d->dir, "mai", d->key, d->certificate);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink("quan.key.pem", link), 0);
    refused(d->dir, "mai");
    assert_int_equal(symlink(d->dir, dir), 0);
    refused(dir, "quan");
    free(link);
    free(dir);
}

/* A fifo would hold the helper up, a directory cannot be read, a file without end would fill its memory. */
static void what_is_no_key_is_none(void **state)
{
    struct drawer *d = *state;
    char *key = text_new("%s/quan.key.pem", d->dir);
    char *big = calloc(1, 200 * 1024);

    write_bytes(d->dir, "quan.key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n", 33);
    refused(d->dir, "quan");
    write_bytes(d->dir, "quan.key.pem", "", 0);
    refused(d->dir, "quan");
    write_bytes(d->dir, "quan.key.pem", big, 200 * 1024);
    refused(d->dir, "quan");
    assert_int_equal(unlink(key), 0);
    assert_int_equal(mkfifo(key, 0600), 0);
    refused(d->dir, "quan");
    assert_int_equal(unlink(key), 0);
    assert_int_equal(mkdir(key, 0700), 0);
    refused(d->dir, "quan");
    free(key);
    free(big);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_these_bytes_and_no_others),
        cmocka_unit_test(another_key_signs_nothing),
        cmocka_unit_test(the_program_finds_it_good_too),
        cmocka_unit_test(a_certificate_says_whose_it_is_and_until_when),
        TEST(his_own_key_is_used),
        TEST(nobody_elses_is),
        TEST(what_others_could_read_is_not_used),
        TEST(a_link_is_not_followed),
        TEST(what_is_no_key_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

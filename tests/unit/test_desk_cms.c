/* A signature is made by the certificate's own key or not at all, over just these bytes, with the attributes that CAdES asks for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"
#include "desk/cms.h"
#include "tests/harness.h"

#include <openssl/cms.h>
#include <stdlib.h>

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
    char *cms = cms_sign(c, key, "{\"a\":1}\n", 8, &e);

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

    assert_null(cms_sign(c, other, "a", 1, &e));
    assert_int_equal(e.code, ERR_SIGNER);
    X509_free(c);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(signs_these_bytes_and_no_others),
                                       cmocka_unit_test(another_key_signs_nothing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

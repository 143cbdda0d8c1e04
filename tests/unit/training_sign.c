/* training_sign: real signatures with the demo officers' own keys, as a workstation makes them; and wrong ones.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_pem(const struct place *place, const char *who, const char *what)
{
    char *path = text_new("%s/keys/%s.%s.pem", place->dir, who, what);
    FILE *file = fopen(path, "re");

    if (!file)
        fail_at(HERE, "%s is not there", path);
    free(path);
    return file;
}

static EVP_PKEY *key_of(const struct place *place, const char *who)
{
    FILE *file = open_pem(place, who, "key");
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);

    fclose(file);
    assert_non_null(key);
    return key;
}

static X509 *cert_of(const struct place *place, const char *who)
{
    FILE *file = open_pem(place, who, "cert");
    X509 *cert = PEM_read_X509(file, NULL, NULL, NULL);

    fclose(file);
    assert_non_null(cert);
    return cert;
}

static char *base64_n(const void *bytes, size_t n)
{
    char *out = calloc(1, n / 3 * 4 + 8);

    EVP_EncodeBlock((unsigned char *)out, bytes, (int)n);
    return out;
}

char *place_base64(const char *bytes)
{
    return base64_n(bytes, strlen(bytes));
}

char *place_cms(const struct place *place, const char *signer, const char *statement, int wrong)
{
    unsigned flags = CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL | (wrong & CMS_NOT_DETACHED ? 0u : CMS_DETACHED);
    unsigned of_signer =
        flags | (wrong & CMS_NO_TIME ? CMS_NOATTR : 0u) | (wrong & CMS_WITHOUT_CERT ? CMS_NOCERTS : 0u);
    EVP_PKEY *key = key_of(place, signer), *other_key = key_of(place, "thu");
    X509 *cert = cert_of(place, signer), *other = cert_of(place, "thu");
    BIO *content = BIO_new_mem_buf(statement, (int)strlen(statement));
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, content, flags);
    unsigned char *der = NULL;

    assert_non_null(CMS_add1_signer(cms, cert, key, wrong & CMS_SHA1 ? EVP_sha1() : EVP_sha256(), of_signer));
    if (wrong & CMS_TWO_SIGNERS)
        assert_non_null(CMS_add1_signer(cms, other, other_key, EVP_sha256(), of_signer));
    assert_int_equal(CMS_final(cms, content, NULL, flags & ~(unsigned)CMS_PARTIAL), 1);
    int n = i2d_CMS_ContentInfo(cms, &der);
    assert_true(n > 0);
    char *out = base64_n(der, (size_t)n);
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    X509_free(cert);
    X509_free(other);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other_key);
    return out;
}

static json_t *documents_of(const struct place *place)
{
    json_t *list = json_array(), *item;
    size_t i;

    json_array_foreach(place_json_said(place, "attachments"), i,
                       item) if (json_is_true(json_object_get(item, "complete")) &&
                                 strcmp(json_string_value(json_object_get(item, "role")), "result") == 0)
        json_array_append_new(list, json_pack("{s:O, s:O, s:O}", "id", json_object_get(item, "id"), "name",
                                              json_object_get(item, "name"), "sha256",
                                              json_object_get(item, "sha256")));
    return list;
}

json_t *place_statement(struct place *place, const char *who, const char *dossier, const char *outcome,
                        const char *note)
{
    char path[96], signed_at[INSTANT_TEXT], applicant[256];

    snprintf(path, sizeof path, "/dossiers/%s", dossier);
    assert_int_equal(PLACE_GET(place, who, path), 200);
    instant_format(place->now, 7 * 3600, signed_at);
    const char *number = place_said(place, "applicant.id_number");
    snprintf(applicant, sizeof applicant, "%s%s%s", place_said(place, "applicant.name"), *number ? " " : "",
             number);
    return json_pack("{s:s, s:s, s:O, s:O, s:s, s:s, s:s, s:s, s:o, s:s, s:O, s:s}", "statement",
                     "onestop/decision/1", "dossier", dossier, "code", place_json_said(place, "code"), "version",
                     place_json_said(place, "version"), "procedure", "1.000001 Đăng ký một", "applicant",
                     applicant, "outcome", outcome, "note", note ? note : "", "documents", documents_of(place),
                     "officer", who, "unit", place_json_said(place, "unit"), "signed_at", signed_at);
}

int place_sign(struct place *place, const char *who, const char *dossier, const char *action,
               const char *note, void (*alter)(json_t *statement))
{
    json_t *statement =
        place_statement(place, who, dossier, strcmp(action, "approve") == 0 ? "grant" : "refuse", note);
    json_t *more = json_object();

    if (alter)
        alter(statement);
    char *bytes = json_dumps(statement, JSON_COMPACT), *text = place_base64(bytes),
         *cms = place_cms(place, who, bytes, 0);
    const char *behalf = json_string_value(json_object_get(statement, "on_behalf_of"));
    json_object_set_new(more, "signature", json_pack("{s:s, s:s}", "statement", text, "cms", cms));
    if (note)
        json_object_set_new(more, "note", json_string(note));
    if (behalf)
        json_object_set_new(more, "on_behalf_of", json_string(behalf));
    char *members = json_dumps(more, JSON_COMPACT | JSON_EMBED);
    int status = place_act(place, who, dossier, action, members);
    free(bytes);
    free(text);
    free(cms);
    free(members);
    json_decref(statement);
    json_decref(more);
    return status;
}

bool place_cms_good(const struct place *place, const char *statement, size_t len, const char *cms)
{
    unsigned char *der = calloc(1, strlen(cms));
    int n = EVP_DecodeBlock(der, (const unsigned char *)cms, (int)strlen(cms));
    const unsigned char *at = der;
    CMS_ContentInfo *info = d2i_CMS_ContentInfo(NULL, &at, n);
    X509_STORE *store = X509_STORE_new();
    X509 *ca = cert_of(place, "ca");
    BIO *content = BIO_new_mem_buf(statement, (int)len);

    assert_non_null(info);
    X509_STORE_add_cert(store, ca);
    X509_STORE_set_flags(store, X509_V_FLAG_NO_CHECK_TIME);
    bool good = CMS_verify(info, NULL, store, content, NULL, CMS_BINARY | CMS_DETACHED) == 1;
    BIO_free(content);
    X509_free(ca);
    X509_STORE_free(store);
    CMS_ContentInfo_free(info);
    free(der);
    return good;
}

/* ca_cms: detached CMS signatures (RFC 5652), made for what is generated and judged for what comes in. Nothing is taken on trust from
 * OpenSSL's defaults that the contract states: the one signer, the algorithms, the attributes, the certificate and its time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/ca.h"
#include "training/ca_inside.h"

#include <openssl/cms.h>
#include <openssl/err.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct say unreadable = {{"không phải một chữ ký CMS tách rời", "not one detached CMS signature"}};
static const struct say wrong_form = {
    {"chữ ký không đúng dạng quy định", "the signature is not of the form that is asked for"}};
static const struct say weak = {
    {"thuật toán hoặc độ dài khóa không được nhận", "an algorithm or key that is not accepted"}};
static const struct say broken = {
    {"chữ ký không khớp với nội dung", "the signature does not fit what was signed"}};
static const struct say untrusted = {
    {"chứng thư không do nơi được tin cấp", "the certificate's issuer is not trusted"}};
static const struct say out_of_time = {
    {"chứng thư chưa hoặc không còn hiệu lực", "the certificate is not valid now"}};
static const struct say not_his = {
    {"chứng thư không phải của cán bộ này", "the certificate is not the officer's"}};

/* ── making ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Otherwise OpenSSL puts the machine's own time there. */
static bool set_signing_time(CMS_SignerInfo *signer, int64_t t)
{
    struct civil c = instant_civil(t, 0);
    ASN1_TIME *time = ASN1_TIME_new();
    char text[32];

    snprintf(text, sizeof text, "%04d%02d%02d%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
    bool ok = time && ASN1_TIME_set_string_X509(time, text) == 1 &&
              CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, time->type, time, -1) == 1;
    ASN1_TIME_free(time);
    return ok;
}

char *ca_sign(const struct ca *ca, const char *officer, const char *statement, size_t len, int64_t signed_at,
              struct arena *arena)
{
    const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP;
    const struct holder *holder = ca_holder(ca, officer);
    BIO *content = len <= INT_MAX ? BIO_new_mem_buf(statement, (int)len) : NULL;
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags | CMS_PARTIAL);
    CMS_SignerInfo *signer =
        holder && cms ? CMS_add1_signer(cms, holder->cert, holder->key, EVP_sha256(), flags | CMS_PARTIAL) : NULL;
    unsigned char *der = NULL;
    char *out = NULL;
    int n = -1;

    if (signer && content && set_signing_time(signer, signed_at) && CMS_final(cms, content, NULL, flags) == 1)
        n = i2d_CMS_ContentInfo(cms, &der);
    if (n > 0) {
        char *text = base64_encode(der, (size_t)n);
        out = arena_copy(arena, text);
        mem_free(&text);
    }
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    return out;
}

/* ── judging ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CMS_ContentInfo *parse(const struct buf *der)
{
    const unsigned char *at = (const unsigned char *)der->data;
    CMS_ContentInfo *cms =
        der->len > 0 && der->len <= INT_MAX ? d2i_CMS_ContentInfo(NULL, &at, (long)der->len) : NULL;

    if (cms && at == (const unsigned char *)der->data + der->len &&
        OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed && CMS_is_detached(cms) == 1)
        return cms;
    CMS_ContentInfo_free(cms);
    return NULL;
}

/* The one signer, with the attributes that have to be signed. */
static CMS_SignerInfo *only_signer(CMS_ContentInfo *cms)
{
    static const int attributes[] = {NID_pkcs9_contentType, NID_pkcs9_messageDigest, NID_pkcs9_signingTime};
    STACK_OF(CMS_SignerInfo) *all = CMS_get0_SignerInfos(cms);
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_num(all) == 1 ? sk_CMS_SignerInfo_value(all, 0) : NULL;

    for (size_t i = 0; signer && i < sizeof attributes / sizeof *attributes; i++) {
        int at = CMS_signed_get_attr_by_NID(signer, attributes[i], -1);
        if (at < 0 || CMS_signed_get_attr_by_NID(signer, attributes[i], at) >= 0)
            return NULL;
    }
    return signer;
}

static bool strong(CMS_SignerInfo *signer, EVP_PKEY *key)
{
    X509_ALGOR *digest, *algorithm;
    char group[32] = "";
    size_t n;

    CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &algorithm);
    int nid = OBJ_obj2nid(digest->algorithm);
    if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512)
        return false;
    /* Where the signature's algorithm names a digest, it is this one. */
    int signature = OBJ_obj2nid(algorithm->algorithm), named;
    if (signature != NID_rsaEncryption && signature != NID_rsassaPss && signature != NID_X9_62_id_ecPublicKey &&
        (!OBJ_find_sigid_algs(signature, &named, NULL) || named != nid))
        return false;
    if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS"))
        return EVP_PKEY_get_bits(key) >= 2048;
    return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof group, &n) == 1 &&
           (strcmp(group, "prime256v1") == 0 || strcmp(group, "secp384r1") == 0);
}

static bool after(const ASN1_TIME *time, int64_t now)
{
    struct tm tm;

    if (ASN1_TIME_to_tm(time, &tm) != 1)
        return false;
    return instant_of(&(struct civil){.year = tm.tm_year + 1900,
                                      .month = tm.tm_mon + 1,
                                      .day = tm.tm_mday,
                                      .hour = tm.tm_hour,
                                      .minute = tm.tm_min,
                                      .second = tm.tm_sec},
                      0) >= now;
}

/* Time is judged apart, by the server's clock. */
static bool issued_by(const struct ca *ca, X509 *cert)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    bool ok = store && context && X509_STORE_add_cert(store, ca->cert) == 1 &&
              X509_STORE_CTX_init(context, store, cert, NULL) == 1;

    if (ok) {
        X509_STORE_CTX_set_flags(context, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_X509_STRICT);
        ok = X509_verify_cert(context) == 1;
    }
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return ok;
}

static bool certificate_good(const struct ca *ca, X509 *cert, const char *sha256, int64_t now, struct say *why)
{
    char his[65];

    if (!issued_by(ca, cert))
        *why = untrusted;
    else if (after(X509_get0_notBefore(cert), now + 1) || !after(X509_get0_notAfter(cert), now))
        *why = out_of_time;
    else if (!sha256 || !certificate_sha256(cert, his) || strcmp(his, sha256) != 0)
        *why = not_his;
    else
        return true;
    return false;
}

static bool judge(const struct ca *ca, CMS_ContentInfo *cms, const struct buf *statement, const char *sha256,
                  int64_t now, struct say *why)
{
    BIO *content = BIO_new_mem_buf(statement->data, (int)statement->len);
    CMS_SignerInfo *signer = only_signer(cms);
    EVP_PKEY *key = NULL;
    X509 *cert = NULL;
    bool good = false;

    *why = wrong_form;
    if (!signer || !content)
        goto done;
    *why = broken;
    if (CMS_verify(cms, NULL, NULL, content, NULL, CMS_BINARY | CMS_DETACHED | CMS_NO_SIGNER_CERT_VERIFY) != 1)
        goto done;
    CMS_SignerInfo_get0_algs(signer, &key, &cert, NULL, NULL);
    *why = weak;
    good = key && cert && strong(signer, key) && certificate_good(ca, cert, sha256, now, why);
done:
    BIO_free(content);
    return good;
}

bool ca_verify(const struct ca *ca, const struct buf *statement, const struct buf *der, const char *sha256,
               int64_t now, struct say *why)
{
    CMS_ContentInfo *cms = parse(der);
    bool good = false;

    *why = unreadable;
    if (cms && statement->len > 0)
        good = judge(ca, cms, statement, sha256, now, why);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return good;
}

/* cms: see cms.h. OpenSSL does the work; nothing deprecated is called.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cms.h"

#include "core/codec.h"
#include "core/i18n.h"
#include "core/instant.h"
#include "core/mem.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text where it is text: no CRLF is made of LF, no S/MIME capabilities that nobody reads. */
#define SIGN_FLAGS (CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES)

static bool fail(struct err *e, const char *sentence)
{
    ERR_clear_error();
    return err_set(e, ERR_SIGNER, "%s", sentence);
}

bool cms_key_signs(void *key, const unsigned char *bytes, size_t n, struct buf *signature, struct err *e)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    unsigned char made[1024];
    size_t len = sizeof made;
    bool ok = md && EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestSign(md, made, &len, bytes, n) == 1;

    if (ok)
        buf_add(signature, made, len);
    EVP_MD_CTX_free(md);
    return ok || fail(e, _("The signature could not be made. Nothing was signed."));
}

/* ── what is signed: the attributes (RFC 5652, 5.4) ────────────────────────────────────────────────────────────────── */

static bool add_attributes(CMS_SignerInfo *signer, const void *bytes, size_t n)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0);
    bool ok =
        now && EVP_Digest(bytes, n, digest, &len, EVP_sha256(), NULL) == 1 &&
        CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data),
                                    -1) == 1 &&
        CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, ASN1_STRING_type(now), now, -1) == 1 &&
        CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest, (int)len) == 1;

    ASN1_TIME_free(now);
    return ok;
}

static bool push_attribute(ASN1_SEQUENCE_ANY *set, X509_ATTRIBUTE *attribute)
{
    unsigned char *der = NULL;
    int n = i2d_X509_ATTRIBUTE(attribute, &der);
    const unsigned char *at = der;
    ASN1_TYPE *any = n > 0 ? d2i_ASN1_TYPE(NULL, &at, n) : NULL;

    OPENSSL_free(der);
    if (any && sk_ASN1_TYPE_push(set, any) > 0)
        return true;
    ASN1_TYPE_free(any);
    return false;
}

/* They are signed as the SET that they are, not as the [0] that the SignerInfo has. */
static int attributes_der(const CMS_SignerInfo *signer, unsigned char **der)
{
    ASN1_SEQUENCE_ANY *set = sk_ASN1_TYPE_new_null();
    int count = CMS_signed_get_attr_count(signer), n = -1;
    bool ok = set && count > 0;

    for (int i = 0; ok && i < count; i++)
        ok = push_attribute(set, CMS_signed_get_attr(signer, i));
    if (ok)
        n = i2d_ASN1_SET_ANY(set, der);
    sk_ASN1_TYPE_pop_free(set, ASN1_TYPE_free);
    return n;
}

static bool sign_attributes(CMS_SignerInfo *signer, cms_signs *signs, void *context, struct err *e)
{
    unsigned char *der = NULL;
    struct buf signature = {0};
    int n = attributes_der(signer, &der);
    bool ok = n > 0 ? signs(context, der, (size_t)n, &signature, e)
                    : fail(e, _("The signature could not be made. Nothing was signed."));

    if (ok && ASN1_STRING_set(CMS_SignerInfo_get0_signature(signer), signature.data, (int)signature.len) != 1)
        ok = fail(e, _("The signature could not be made. Nothing was signed."));
    OPENSSL_free(der);
    buf_clear(&signature);
    return ok;
}

/* What a device gives back is not taken on trust: the very bytes that leave are read again. */
static bool is_good(const unsigned char *der, int n, const void *bytes, size_t n_bytes)
{
    const unsigned char *at = der;
    BIO *content = n_bytes <= INT32_MAX ? BIO_new_mem_buf(bytes, (int)n_bytes) : NULL;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, n);
    bool ok = content && cms &&
              CMS_verify(cms, NULL, NULL, content, NULL, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;

    CMS_ContentInfo_free(cms);
    BIO_free(content);
    return ok;
}

char *cms_sign(X509 *certificate, cms_signs *signs, void *context, const void *bytes, size_t n, struct err *e)
{
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | SIGN_FLAGS);
    EVP_PKEY *public = X509_get0_pubkey(certificate);
    CMS_SignerInfo *signer =
        cms && public ? CMS_add1_signer(cms, certificate, public, EVP_sha256(), SIGN_FLAGS) : NULL;
    unsigned char *der = NULL;
    char *text = NULL;

    if (!signer || !add_attributes(signer, bytes, n)) {
        fail(e, _("The signature could not be made. Nothing was signed."));
        goto done;
    }
    if (!sign_attributes(signer, signs, context, e))
        goto done;
    int len = i2d_CMS_ContentInfo(cms, &der);
    if (len > 0 && is_good(der, len, bytes, n))
        text = base64_encode(der, (size_t)len);
    else
        fail(e, _("The key does not belong to the certificate. Nothing was signed."));
done:
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    return text;
}

/* ── what a certificate says ───────────────────────────────────────────────────────────────────────────────────────── */

int64_t cms_instant(const ASN1_TIME *t)
{
    struct tm tm;
    struct civil c;

    if (!ASN1_TIME_to_tm(t, &tm))
        return INSTANT_NONE;
    c = (struct civil){.year = tm.tm_year + 1900,
                       .month = tm.tm_mon + 1,
                       .day = tm.tm_mday,
                       .hour = tm.tm_hour,
                       .minute = tm.tm_min,
                       .second = tm.tm_sec};
    return instant_of(&c, 0);
}

static void common_name(const X509_NAME *whose, char *out, size_t size)
{
    int at = X509_NAME_get_index_by_NID(whose, NID_commonName, -1);
    unsigned char *name = NULL;
    int n = at < 0 ? -1 : ASN1_STRING_to_UTF8(&name, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(whose, at)));

    out[0] = '\0';
    if (n >= 0)
        snprintf(out, size, "%.*s", n, (const char *)name);
    OPENSSL_free(name);
}

bool cms_describe(X509 *certificate, struct signer_certificate *out, struct err *e)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    BIGNUM *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *hex = serial ? BN_bn2hex(serial) : NULL;

    *out = (struct signer_certificate){.from = cms_instant(X509_get0_notBefore(certificate)),
                                       .until = cms_instant(X509_get0_notAfter(certificate))};
    common_name(X509_get_subject_name(certificate), out->name, sizeof out->name);
    common_name(X509_get_issuer_name(certificate), out->issuer, sizeof out->issuer);
    if (hex)
        snprintf(out->serial, sizeof out->serial, "%s", hex);
    OPENSSL_free(hex);
    BN_free(serial);
    if (X509_digest(certificate, EVP_sha256(), digest, &n) != 1 || n * 2 >= sizeof out->sha256)
        return fail(e, _("The certificate cannot be read. Nothing was signed."));
    for (unsigned i = 0; i < n; i++)
        snprintf(out->sha256 + 2 * (size_t)i, 3, "%02x", digest[i]);
    return true;
}

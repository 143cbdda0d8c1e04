/* cms: see cms.h. OpenSSL does the work; nothing deprecated is called.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cms.h"

#include "core/codec.h"
#include "core/i18n.h"
#include "core/instant.h"
#include "core/mem.h"

#include <openssl/bio.h>
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

static char *der_base64(CMS_ContentInfo *cms)
{
    unsigned char *der = NULL;
    int n = i2d_CMS_ContentInfo(cms, &der);
    char *text = n > 0 ? base64_encode(der, (size_t)n) : NULL;

    OPENSSL_free(der);
    return text;
}

char *cms_sign(X509 *certificate, EVP_PKEY *key, const void *bytes, size_t n, struct err *e)
{
    BIO *content = NULL;
    CMS_ContentInfo *cms = NULL;
    char *text = NULL;

    if (X509_check_private_key(certificate, key) != 1) {
        fail(e, _("The key does not belong to the certificate. Nothing was signed."));
        goto done;
    }
    content = n <= INT32_MAX ? BIO_new_mem_buf(bytes, (int)n) : NULL;
    cms = content ? CMS_sign(certificate, key, NULL, content, SIGN_FLAGS) : NULL;
    text = cms ? der_base64(cms) : NULL;
    if (!text)
        fail(e, _("The signature could not be made. Nothing was signed."));
done:
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    return text;
}

static int64_t instant_of_asn1(const ASN1_TIME *t)
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

bool cms_describe(X509 *certificate, struct signer_certificate *out, struct err *e)
{
    unsigned char digest[EVP_MAX_MD_SIZE], *name = NULL;
    unsigned n = 0;
    const X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    int length =
        at < 0 ? -1 : ASN1_STRING_to_UTF8(&name, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));

    *out = (struct signer_certificate){.from = instant_of_asn1(X509_get0_notBefore(certificate)),
                                       .until = instant_of_asn1(X509_get0_notAfter(certificate))};
    if (length >= 0)
        snprintf(out->name, sizeof out->name, "%.*s", length, (const char *)name);
    OPENSSL_free(name);
    if (X509_digest(certificate, EVP_sha256(), digest, &n) != 1 || n * 2 >= sizeof out->sha256)
        return fail(e, _("The certificate cannot be read. Nothing was signed."));
    for (unsigned i = 0; i < n; i++)
        snprintf(out->sha256 + 2 * (size_t)i, 3, "%02x", digest[i]);
    return true;
}

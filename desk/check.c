/* check: see check.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/check.h"

#include "core/i18n.h"
#include "core/instant.h"
#include "desk/cms.h"
#include "desk/stamp.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

static bool fail(struct err *e, const char *sentence)
{
    ERR_clear_error();
    return err_set(e, ERR_SIGNER, "%s", sentence);
}

static int64_t signing_time(CMS_SignerInfo *signer)
{
    const ASN1_TIME *time =
        CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(NID_pkcs9_signingTime), -3, V_ASN1_UTCTIME);

    if (!time)
        time =
            CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(NID_pkcs9_signingTime), -3, V_ASN1_GENERALIZEDTIME);
    return time ? cms_instant(time) : INSTANT_NONE;
}

/* The one signer and his certificate; NULL: another number of them. Borrowed from the CMS. */
static CMS_SignerInfo *one_signer(CMS_ContentInfo *cms, X509 **certificate)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_num(signers) == 1 ? sk_CMS_SignerInfo_value(signers, 0) : NULL;

    if (!signer || !CMS_is_detached(cms) || CMS_set1_signers_certs(cms, NULL, 0) != 1)
        return NULL;
    CMS_SignerInfo_get0_algs(signer, NULL, certificate, NULL, NULL);
    return *certificate ? signer : NULL;
}

/* At the time of signing: a certificate ends, what it signed does not. */
static bool is_vouched_for(CMS_ContentInfo *cms, X509 *certificate, const char *ca, int64_t at, struct err *e)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *chain = X509_STORE_CTX_new();
    STACK_OF(X509) *inside = CMS_get1_certs(cms);
    bool ok = false;

    if (!store || !chain || X509_STORE_load_file(store, ca) != 1) {
        fail(e, _("The file of authorities (--ca) cannot be read: it has to hold certificates in PEM."));
    } else if (X509_STORE_CTX_init(chain, store, certificate, inside) == 1) {
        X509_STORE_CTX_set_time(chain, 0, (time_t)at);
        ok = X509_verify_cert(chain) == 1;
        if (!ok)
            err_set(e, ERR_SIGNER, _("Nobody who is trusted vouches for the signer's certificate: %s."),
                    X509_verify_cert_error_string(X509_STORE_CTX_get_error(chain)));
    }
    sk_X509_pop_free(inside, X509_free);
    X509_STORE_CTX_free(chain);
    X509_STORE_free(store);
    ERR_clear_error();
    return ok;
}

bool check_cms(const void *bytes, size_t n, const void *der, size_t der_n, const char *ca,
               struct signer_proof *out, struct err *e)
{
    const unsigned char *at = der;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)der_n);
    BIO *content = n <= INT32_MAX ? BIO_new_mem_buf(bytes, (int)n) : NULL;
    X509 *certificate = NULL;
    CMS_SignerInfo *signer =
        cms && at == (const unsigned char *)der + der_n ? one_signer(cms, &certificate) : NULL;
    bool ok = false;

    *out = (struct signer_proof){.signed_at = INSTANT_NONE, .stamp.at = INSTANT_NONE};
    if (!signer || !content)
        fail(e, _("This is no signature of one signer with his certificate inside."));
    else if (CMS_verify(cms, NULL, NULL, content, NULL, CMS_BINARY | CMS_DETACHED | CMS_NO_SIGNER_CERT_VERIFY) != 1)
        fail(e,
             _("THE SIGNATURE IS NOT GOOD: what is here is not what was signed, or it was not signed with this certificate."));
    else
        ok = cms_describe(certificate, &out->certificate, e) && stamp_check(signer, ca, &out->stamp, e);
    if (ok) {
        out->signed_at = signing_time(signer);
        out->trusted = ca && out->signed_at != INSTANT_NONE;
        int64_t then = out->stamp.trusted ? out->stamp.at : out->signed_at;
        ok = !out->trusted || is_vouched_for(cms, certificate, ca, then, e);
        if (ok && ca && !out->trusted)
            ok = fail(
                e, _("The signature does not say when it was made, so nobody can have vouched for it then."));
    }
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    ERR_clear_error();
    return ok;
}

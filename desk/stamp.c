/* stamp: see stamp.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/stamp.h"

#include "core/i18n.h"
#include "core/instant.h"
#include "desk/cms.h"

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

/* What `flags` ask for holds. With TS_VFY_SIGNATURE: by a certificate for time-stamping that `ca` vouched for at that time. */
static bool holds(PKCS7 *token, int flags, ASN1_OCTET_STRING *value, const char *ca, int64_t at)
{
    TS_VERIFY_CTX *check = TS_VERIFY_CTX_new();
    X509_STORE *store = ca ? X509_STORE_new() : NULL;
    BIO *data = BIO_new_mem_buf(ASN1_STRING_get0_data(value), ASN1_STRING_length(value));
    bool ok = check && data && (!ca || (store && X509_STORE_load_file(store, ca) == 1));

    if (check) { /* which owns both from now on */
        TS_VERIFY_CTX_set_data(check, data);
        TS_VERIFY_CTX_set_store(check, store);
        TS_VERIFY_CTX_set_flags(check, flags);
    } else {
        BIO_free(data);
        X509_STORE_free(store);
    }
    if (ok && store)
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)at);
    ok = ok && TS_RESP_verify_token(check, token) == 1;
    TS_VERIFY_CTX_free(check);
    ERR_clear_error();
    return ok;
}

/* Who signed it, with his certificate inside; what it says is what he signed. */
static bool is_signed(PKCS7 *token, struct signer_certificate *by)
{
    STACK_OF(X509) *signers = NULL;
    struct err ignored = {0};
    bool ok = PKCS7_verify(token, NULL, NULL, NULL, NULL, PKCS7_NOVERIFY) == 1 &&
              (signers = PKCS7_get0_signers(token, NULL, 0)) != NULL && sk_X509_num(signers) == 1 &&
              cms_describe(sk_X509_value(signers, 0), by, &ignored);

    sk_X509_free(signers);
    return ok;
}

/* The digest that is stamped may not be one for which another text can be made. */
static bool is_strong(TS_TST_INFO *info)
{
    const ASN1_OBJECT *digest;

    X509_ALGOR_get0(&digest, NULL, NULL, TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(info)));
    int nid = OBJ_obj2nid(digest);
    return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

static bool check_token(PKCS7 *token, ASN1_OCTET_STRING *value, const char *ca, struct signer_stamp *out)
{
    TS_TST_INFO *info = PKCS7_to_TS_TST_INFO(token);
    struct signer_certificate by;
    bool ok = info && is_strong(info) && is_signed(token, &by) &&
              holds(token, TS_VFY_VERSION | TS_VFY_DATA, value, NULL, 0);

    if (ok) {
        out->at = cms_instant(TS_TST_INFO_get_time(info));
        snprintf(out->authority, sizeof out->authority, "%s", by.name);
        out->trusted = ca && holds(token, TS_VFY_SIGNATURE, value, ca, out->at);
        ok = out->at != INSTANT_NONE;
    }
    TS_TST_INFO_free(info);
    return ok;
}

static PKCS7 *token_of(X509_ATTRIBUTE *attribute, int i)
{
    const ASN1_TYPE *any = X509_ATTRIBUTE_get0_type(attribute, i);
    const ASN1_STRING *sequence = any && any->type == V_ASN1_SEQUENCE ? any->value.sequence : NULL;
    const unsigned char *der = sequence ? ASN1_STRING_get0_data(sequence) : NULL;
    PKCS7 *token = der ? d2i_PKCS7(NULL, &der, ASN1_STRING_length(sequence)) : NULL;

    if (token && PKCS7_type_is_signed(token))
        return token;
    PKCS7_free(token);
    return NULL;
}

static bool check_attribute(X509_ATTRIBUTE *attribute, ASN1_OCTET_STRING *value, const char *ca,
                            struct signer_stamp *out)
{
    int n = X509_ATTRIBUTE_count(attribute);
    bool ok = n > 0;

    for (int i = 0; ok && i < n; i++) {
        struct signer_stamp stamp = {0};
        PKCS7 *token = token_of(attribute, i);
        ok = token && check_token(token, value, ca, &stamp);
        if (ok && (out->at == INSTANT_NONE || stamp.at < out->at))
            *out = stamp;
        PKCS7_free(token);
    }
    return ok;
}

bool stamp_check(CMS_SignerInfo *signer, const char *ca, struct signer_stamp *out, struct err *e)
{
    ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer);
    bool ok = true;

    *out = (struct signer_stamp){.at = INSTANT_NONE};
    for (int at = -1; ok && (at = CMS_unsigned_get_attr_by_NID(signer, NID_id_smime_aa_timeStampToken, at)) >= 0;)
        ok = check_attribute(CMS_unsigned_get_attr(signer, at), value, ca, out);
    ERR_clear_error();
    return ok || err_set(e, ERR_SIGNER, "%s",
                         _("THE TIME-STAMP IS NOT GOOD: it is of another signature, or it was changed."));
}

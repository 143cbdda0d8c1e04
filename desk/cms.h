/* cms: a detached CMS signature over bytes, as the contract wants it (Signature): SignedData, one signer whose certificate is inside,
 * signed attributes content-type, message-digest, signing-time and signing-certificate-v2 (CAdES-BES), SHA-256 with RSA or EC.
 * It never holds a private key: whoever has one signs what it is given.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_CMS_H
#define MOTCUA_DESK_CMS_H

#include "core/err.h"
#include "core/mem.h"
#include "core/signer.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

/* Signs `n` bytes (the DER of the signed attributes) with SHA-256; appends the signature as X.509 has it (PKCS #1 v1.5, or the DER of
 * ECDSA's two numbers). */
typedef bool cms_signs(void *context, const unsigned char *bytes, size_t n, struct buf *signature, struct err *e);
bool cms_key_signs(void *key, const unsigned char *bytes, size_t n, struct buf *signature,
                   struct err *e); /* an EVP_PKEY */

/* The CMS as base64, the caller's to free; NULL and an error if what came back is no signature by this certificate. */
char *cms_sign(X509 *certificate, cms_signs *signs, void *context, const void *bytes, size_t n, struct err *e);
int64_t cms_instant(const ASN1_TIME *); /* INSTANT_NONE: no time */
/* Holder, issuer, fingerprint and validity, as the screen shows them. */
bool cms_describe(X509 *certificate, struct signer_certificate *out, struct err *e);

#endif

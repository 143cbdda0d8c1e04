/* cms: a detached CMS signature over bytes, as the contract wants it (Signature): SignedData, one signer whose certificate is inside,
 * signed attributes content-type, message-digest, signing-time and signing-certificate-v2 (CAdES-BES).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_CMS_H
#define MOTCUA_DESK_CMS_H

#include "core/err.h"
#include "core/signer.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

/* The CMS as base64, the caller's to free; NULL and ERR_SIGNER if the key does not fit the certificate or cannot sign. */
char *cms_sign(X509 *certificate, EVP_PKEY *key, const void *bytes, size_t n, struct err *e);
/* Holder, fingerprint and validity, as the screen shows them. */
bool cms_describe(X509 *certificate, struct signer_certificate *out, struct err *e);

#endif

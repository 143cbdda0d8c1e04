/* ca_inside: what ca.c and ca_cms.c share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_CA_INSIDE_H
#define MOTCUA_TRAINING_CA_INSIDE_H

#include <openssl/x509.h>
#include <stdint.h>

struct holder {
    char *officer;
    EVP_PKEY *key;
    X509 *cert;
    char sha256[65];
};
struct ca {
    int64_t start;
    EVP_PKEY *key;
    X509 *cert;
    struct holder *holders;
    size_t n_holders;
};
const struct holder *ca_holder(const struct ca *, const char *officer); /* NULL: nobody */
bool certificate_sha256(X509 *, char out[static 65]);

#endif

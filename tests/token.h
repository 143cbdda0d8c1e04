/* token: a signing device for tests: SoftHSM's, in a directory of its own, with a key and its certificate on it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_TOKEN_H
#define MOTCUA_TESTS_TOKEN_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <sys/types.h>

#define TOKEN_MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define TOKEN_PIN    "4821-Đào" /* bytes, not ASCII alone */

/* Says in the environment where SoftHSM's devices are: `dir`. Programs that are started later inherit it. */
void token_home(const char *dir);
/* Another device with this label. `each_time`: it wants the PIN for each signature. */
void token_make(const char *label, EVP_PKEY *key, X509 *certificate, bool each_time);
/* The demo officer's own, from the directory of keys (`motcua-training --keys`). */
void token_of(const char *keys, const char *officer, const char *label);
/* Signed by itself, as a certificate authority would. `days` from now until its end. */
X509 *token_certify(EVP_PKEY *key, const char *name, int days);
/* `p11-kit server` offers the devices on a socket in `dir`, as on a supervisor's own machine; the environment says where, so that programs that
 * are started later find it through TOKEN_CLIENT. The pid is to be killed. */
#define TOKEN_CLIENT "p11-kit-client.so"
pid_t token_forward(const char *dir);
char *token_sha256(X509 *); /* hex, the caller's to free */

#endif

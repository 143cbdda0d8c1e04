/* tls_name: by which name a server with this certificate is reached.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_TLS_NAME_H
#define MOTCUA_TRAINING_TLS_NAME_H

/* The first DNS name of the certificate that is no wildcard, else its first address, else "localhost"; the caller frees. */
char *tls_name(const char *pem);

#endif

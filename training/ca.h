/* ca: the scenario's own authority. It makes a key and a certificate for every officer at start, writes them where a software signer
 * finds them, signs what is generated, and judges signatures. Certificates go by the server's clock.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_CA_H
#define MOTCUA_TRAINING_CA_H

#include "training/inside.h"

/* Good from a year before `start` on, for eleven years. */
bool ca_new(int64_t start, struct ca **out, struct err *);
void ca_free(struct ca **);
/* A key and a certificate for an officer; the SHA-256 of its DER in hex (borrowed), or NULL. */
const char *ca_enrol(struct ca *, const char *officer, const char *name);
/* Makes `dir` (0700) and writes ca.cert.pem and OFFICER.key.pem, OFFICER.cert.pem (0600) into it. ERR_STORE. */
bool ca_write(const struct ca *, const char *dir, struct err *);
/* A detached CMS over `statement` in base64, in arena; NULL: nobody of that id. */
char *ca_sign(const struct ca *, const char *officer, const char *statement, size_t len, int64_t signed_at,
              struct arena *);
/* Contract, Signature: `sha256` is that of the certificate that it has to be made with. False: `*why`. */
bool ca_verify(const struct ca *, const struct buf *statement, const struct buf *cms, const char *sha256,
               int64_t now, struct say *why);

#endif

/* agent: the office's side of `motcua sign-agent` (core/agent.h): the officer's own machine shows what is signed, asks for the PIN and
 * signs; here the signature is verified over our own bytes. It refuses a socket that is not the account's own, and to believe what comes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_AGENT_H
#define MOTCUA_DESK_AGENT_H

#include "core/signer.h"

/* `path`: absolute. `sha256`: of the certificate, hex. Both block, but for no longer than AGENT_QUIET_MS without a word from there. ERR_SIGNER: the
 * socket is not there, not ours alone, or cut; or what is said at home. */
bool agent_describe(const char *path, const char *sha256, struct signer_certificate *, struct signer_device *,
                    struct err *);
/* base64, the caller's to free; NULL: nothing was signed, or it is no signature of these bytes with this certificate. */
char *agent_sign(const char *path, const char *sha256, const void *bytes, size_t n, struct err *);

#endif

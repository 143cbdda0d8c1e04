/* sign: answers ASK_SIGN and ASK_SIGNER with the signer that this machine has: the officer's own token, or, only while the server says that
 * nothing is real (About.training) and the configuration names its keys, training's software. Where it is the officer's phone, ASK_SIGNER
 * says so, and net/ does the rest (ASK_REMOTE_SIGN).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_SIGN_H
#define MOTCUA_CLI_SIGN_H

#include "cache/pin.h"
#include "cli/config.h"
#include "core/ask.h"
#include "core/env.h"
#include "core/line.h"
#include "core/signer.h"

struct signing;
/* The configuration lives as long. */
struct signing *signing_new(const struct config *, struct env *);
void signing_free(struct signing **);

/* Takes the ask (kinds SIGN, SIGN_END, SIGNER and SIGNERS) of this officer; its one answer comes through signing_answer(). `pin`: copied; NULL or empty: none. */
void signing_ask(struct signing *, struct ask *, const struct signer_who *, const struct pin *,
                 const struct line_status *);
void signing_cancel(struct signing *, uint64_t ask);
bool signing_answer(struct signing *, struct answer *out); /* the next answer; answer_clear() it */

/* For the loop's wait. */
int signing_fd(const struct signing *); /* -1: nothing to wait for */
void signing_step(struct signing *, bool readable);
int64_t signing_wake(const struct signing *); /* mono ms, INT64_MAX */

#endif

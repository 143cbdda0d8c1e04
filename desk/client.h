/* client: motcua's side of the helper motcua-desk, which carries the heavy libraries. Started by posix_spawn when first needed,
 * spoken to in JSON lines over a socketpair, each job with a deadline; its crash is a message, never ours.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_CLIENT_H
#define MOTCUA_DESK_CLIENT_H

#include "core/env.h"
#include "core/signer.h"

#include <jansson.h>

struct desk;
/* `program` is the path of motcua-desk (beside the executable, or in PATH). Starts nothing yet. */
struct desk *desk_new(const char *program, struct env *);
void desk_free(struct desk **); /* ends the helper */
/* For the loop: the descriptor to wait on (-1: no helper runs), what to do when it is readable, and the next deadline. */
int desk_fd(const struct desk *);
void desk_read(struct desk *);
int64_t desk_wake(const struct desk *); /* mono ms, INT64_MAX */
void desk_tick(struct desk *);

/* What there is on the tokens that are plugged in: result.found. `module` as for desk_token_signer(). One job at a time with those of the
 * signers. ERR_SIGNER: nothing is plugged in, or nobody could look. */
void desk_look_around(struct desk *, const char *module, int deadline,
                      void (*done)(void *, const struct signer_result *), void *context);
/* Whether `cms` (base64) is a good signature over these bytes (desk/check.h); `ca`: NULL or a path. One job at a time with those of the
 * signers. ERR_SIGNER: what is wrong with it, or that nobody could look. */
void desk_check(struct desk *, const void *statement, size_t n, const char *cms, const char *ca, int deadline,
                void (*done)(void *, const struct signer_result *), void *context);

/* Training's software signer: keys and certificates in `keys_dir` (0700). Refused (ERR_SIGNER) unless the server says
 * About.training, which the caller has checked. The signer is the caller's to free through its own call. */
struct signer *desk_training_signer(struct desk *, const char *keys_dir);
/* The officer's own token: the device that holds the certificate of struct signer_who. `module`: the path of a PKCS #11 driver, NULL: all
 * that p11-kit knows. */
struct signer *desk_token_signer(struct desk *, const char *module);

/* Paper: `line` is the job as desk/paper.h has it (taken). ERR_REFUSED: what was wrong; the sentence says whether something may have been
 * printed. */
struct desk_paper_result { /* borrowed for the call */
    struct err err;
    const json_t *printers; /* of "printers": an array of names, the default one first */
    const char *path;       /* of "save" */
};
void desk_paper(struct desk *, json_t *line, int deadline,
                void (*done)(void *, const struct desk_paper_result *), void *context);
/* The officer's own machine, over a socket that SSH forwards (desk/agent.h). To call it off ends the helper. */
struct signer *desk_agent_signer(struct desk *, const char *socket);

#endif

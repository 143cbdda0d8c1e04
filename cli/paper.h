/* paper: answers ASK_PRINTERS, ASK_PRINT and ASK_SAVE through a helper of its own, so that a printer which hangs holds up no signature.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_PAPER_H
#define MOTCUA_CLI_PAPER_H

#include "cli/config.h"
#include "core/ask.h"
#include "core/env.h"

struct papers;
/* The configuration lives as long. */
struct papers *papers_new(const struct config *, struct env *);
void papers_free(struct papers **);

void papers_ask(struct papers *,
                struct ask *); /* takes what it points to; its one answer comes through papers_answer() */
void papers_cancel(struct papers *, uint64_t ask);       /* what has begun goes on; nobody is told */
bool papers_answer(struct papers *, struct answer *out); /* the next answer; answer_clear() it */

/* For the loop's wait. */
int papers_fd(const struct papers *); /* -1: nothing to wait for */
void papers_step(struct papers *, bool readable);
int64_t papers_wake(const struct papers *); /* mono ms, INT64_MAX */

#endif

/* conflict_parts: one wish that somebody was faster than: what the officer saw, what he did, what stands now, and whether his work can
 * still be done on that. Nothing here draws or changes anything.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_CONFLICT_PARTS_H
#define MOTCUA_TUI_CONFLICT_PARTS_H

#include "tui/view.h"

struct conflict_row { /* one thing that may differ; ready to be shown, "-" for nothing */
    const char *label, *seen, *mine, *now;
    bool changed; /* what stands is not what the officer saw: `≠` */
    bool clash;   /* nor is it what he made of it */
};
#define CONFLICT_ROWS 16
struct conflict { /* zero-initialise; conflict_clear() */
    struct arena arena;
    bool stands; /* false: it was resolved, dropped or taken back meanwhile */
    struct command wish;
    struct problem problem; /* absent where the one before it failed, and it was not sent itself */
    struct action_request request;
    struct dossier saw, made, now;
    bool has_request, has_saw, has_now;
    const char *now_json;
    struct conflict_row rows[CONFLICT_ROWS];
    size_t n;
    struct wish_offer *offers; /* what is offered now */
    size_t n_offers;
    const char *why_not_keep; /* NULL: the same can be wished of what stands now */
    const char *why_not_mend;
};
/* Reads it anew. What stands is the newer of what the server sent with the conflict and what the cache holds. */
bool conflict_load(struct conflict *, struct app *, const char *key, struct err *);
void conflict_clear(struct conflict *);

#endif

/* numbers: codes of the day that the server has reserved for this officer (contract, reserveNumbers), kept in outbox.db, sealed, so that a counter
 * without a line can hand out official receipts. Each is given once; one of another day is never given. It refuses to make one up.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_NUMBERS_H
#define MOTCUA_CACHE_NUMBERS_H

#include "cache/outbox.h"
#include "core/types.h"

/* A block that the server has given for the unit, `now` (server time); synced. */
bool numbers_keep(struct outbox *, const char *unit, const struct number_block *, int64_t now, struct err *);

/* The code to write on the next receipt of that unit: good now, given to nobody, the first of them. It is given when a wish with it (struct
 * wish, `number`) is saved, not before. In arena. ERR_NOT_FOUND: there is none left of today. */
bool numbers_next(struct outbox *, const char *unit, int64_t now, struct arena *, const char **code,
                  struct err *);

/* How many there are of today, for the officer's eyes. */
struct numbers_state {
    int64_t left, given;
    const char *last; /* the code that was given last, NULL: none today */
    int64_t last_at;  /* and when */
};
bool numbers_state(struct outbox *, const char *unit, int64_t now, struct arena *, struct numbers_state *out,
                   struct err *);

#endif

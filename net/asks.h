/* asks: what a view wants to know that is shown and not kept: a search on the server, a dossier as it stands, all its events, and what the
 * officer's phone says to a statement (phone.h). The officer waits for it, so it is tried at once, whatever the breaker says, and,
 * but for the phone, fails at once. It refuses to change a dossier.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_ASKS_H
#define MOTCUA_NET_ASKS_H

#include "cache/cache.h"
#include "net/answers.h"
#include "net/judge.h"
#include "net/phone.h"

struct pending {
    struct ask ask;
    uint64_t request; /* on its way; 0: waits for its turn */
    bool busy;
    uint64_t token; /* the number of the one that it went with last; 0: none yet */
    bool again;     /* got 401: waits for a newer token, once */
    char *cursor;   /* EVENTS: of the next page */
    int pages;
    struct phone *phone; /* REMOTE_SIGN; it stays a while after the ask was taken back */
    struct arena arena;  /* EVENTS: what the pages brought so far */
    struct event *events;
    size_t n_events;
};
struct asks {
    struct env *env;
    const char *base;    /* borrowed */
    struct cache *cache; /* borrowed; NULL: answers are kept nowhere */
    struct answers *answers;
    struct pending *items; /* oldest first */
    size_t n, cap;
};
void asks_init(struct asks *, struct env *, const char *base, struct answers *);
void asks_clear(struct asks *);
void asks_add(struct asks *, struct ask *); /* takes what it points to */
/* Takes it back; the id of its request on the way that is of no use any more, or 0. */
uint64_t asks_cancel(struct asks *, uint64_t ask);
/* Fills the next request but for id and token. */
bool asks_next(struct asks *, uint64_t token, struct request *out);
void asks_began(struct asks *, uint64_t request);
/* true: 401, it waits for a newer token. */
bool asks_reply(struct asks *, const struct response *, const struct judged *);
void asks_end_late(struct asks *);      /* a phone that did not answer in time is not asked any more */
bool asks_waiting(const struct asks *); /* some have no request on the way, and would have */
int64_t asks_wake(const struct asks *); /* when the next of them wants one, mono ms; INT64_MAX: not by waiting */
void asks_fail_waiting(struct asks *, const struct err *why);

#endif

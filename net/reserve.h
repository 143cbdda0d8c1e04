/* reserve: where the server has number blocks, a counter officer's workstation keeps some codes of the day for when it is cut off
 * (contract, reserveNumbers), without anybody asking. What got no answer is asked for again with the same key, so there is one block,
 * not two. It refuses to hurry: 50,000 of them begin their day at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_RESERVE_H
#define MOTCUA_NET_RESERVE_H

#include "cache/cache.h"
#include "cache/outbox.h"
#include "net/judge.h"

#define RESERVE_KEPT  10 /* codes; as many are asked for as are missing … */
#define RESERVE_LEAST 5  /* … once there are fewer than this */

struct reserve {
    struct env *env;
    const char *base;    /* borrowed */
    struct cache *cache; /* borrowed; NULL: detached */
    struct outbox *outbox;
    char key[UUID_TEXT], *body, *unit; /* of the asking that has no answer yet; NULL: there is none */
    int64_t next_at;                   /* not before, mono ms; 0: since it was attached it has not looked */
    int failures;                      /* in a row */
    bool in_flight;
};
void reserve_init(struct reserve *, struct env *, const char *base);
void reserve_clear(struct reserve *);
/* NULLs: detached; what is on its way is forgotten, and so is what was asked for: it lapses. */
void reserve_attach(struct reserve *, struct cache *, struct outbox *);

/* Fills the next request but for id and token, if one is due. `officer`: whose files these are; `now`: server time; `spread`: within so many
 * ms the first look of a workstation is, at random. */
bool reserve_next(struct reserve *, const char *officer, int64_t now, int64_t spread, struct request *out);
void reserve_reply(struct reserve *, const struct response *, const struct judged *, int64_t now);
void reserve_dropped(struct reserve *);
int64_t reserve_wake(const struct reserve *); /* mono ms when it wants to look, INT64_MAX */

#endif

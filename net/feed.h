/* feed: GET /changes. Which page is asked for and when, and that each is applied whole. While one is applied the next is asked for; it
 * refuses to begin that before the last has been committed with its cursor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_FEED_H
#define MOTCUA_NET_FEED_H

#include "cache/cache.h"
#include "net/judge.h"

struct feed {
    struct env *env;
    const char *base;    /* borrowed */
    bool follow;         /* go on asking at the end (long polls) */
    struct cache *cache; /* borrowed; NULL: detached */

    bool wanted;    /* read to the end now, whoever follows */
    bool at_end;    /* the last page had `more` false */
    bool unhurried; /* this full pass is one that all may have to make at once */
    bool in_flight, applying;
    int wait;      /* of the request on its way */
    bool quick;    /* … which has to be answered at once, though a poll was due */
    int64_t asked; /* when it was begun, mono ms */
    char *since;   /* its cursor, NULL: none */
    char *ahead;   /* the next page's bytes, come while this one is applied; NULL: they have not */
    size_t ahead_len;
    char *page_since;   /* what the page that is applied was asked for with */
    int64_t next_at;    /* not before, mono ms */
    int64_t slot;       /* ms from question to question, at least (pace.h) */
    int failures;       /* in a row */
    struct err trouble; /* why the last try brought nothing; ERR_NONE: it did */
    int64_t data_at;    /* server time of the last page; INSTANT_NONE */
    int64_t first_sync; /* dossiers so far in a first pass; -1: none is running */
};
void feed_init(struct feed *, struct env *, const char *base, bool follow);
void feed_clear(struct feed *);
void feed_attach(struct feed *, struct cache *); /* NULL: detached; what is on its way is forgotten */

/* Fills the next request but for id and token, if a page is due. `quick`: it has to be answered at once, no long poll. */
bool feed_next(struct feed *, bool quick, struct request *out);
/* Takes the body. What it means for the line is the caller's to say. */
void feed_reply(struct feed *, struct response *, const struct judged *);
void feed_dropped(struct feed *);
/* Applies for at most `ms`; true: there is more of the page. `now`: server time. */
bool feed_apply(struct feed *, int ms, int64_t now);
void feed_want(struct feed *);          /* try now */
int64_t feed_wake(const struct feed *); /* mono ms when the next page is due, INT64_MAX */

#endif

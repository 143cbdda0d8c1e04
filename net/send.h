/* send: the outbox's due rows on their way, up to four dossiers at once, each with its key and its very bytes until it is answered.
 * Under the lease alone. It refuses to let a byte leave before SENDING is committed, and to call failed what was not answered.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_SEND_H
#define MOTCUA_NET_SEND_H

#include "cache/cache.h"
#include "cache/outbox.h"
#include "net/judge.h"
#include "net/net.h"

#define SEND_LANES 4

struct send_lane {
    uint64_t request; /* on its way; 0: none */
    bool busy;
    bool left;            /* SENDING is committed */
    bool waits_for_token; /* an online-only row: got 401, goes again with a new one or is taken away */
    uint64_t token;       /* the number of the one that it went with */
    struct arena arena;   /* owns the row */
    struct command row;
};
struct send {
    struct env *env;
    const char *base;      /* borrowed */
    struct outbox *outbox; /* borrowed; NULL: detached */
    struct cache *cache;   /* borrowed; NULL: answers are kept nowhere */
    int64_t now;           /* server time, told by sync.c before each call; 0: not known */
    struct send_lane lanes[SEND_LANES];
    int64_t wake;    /* when outbox_next() has something, mono ms */
    int64_t next_at; /* not before: the disk gives trouble */
    bool repair;     /* an answer could not be written down: outbox_recover() when nothing is on its way */
    int64_t seen_unsent;      /* what online-only rows were looked for at; -1: look */
    struct net_event *events; /* not taken yet */
    size_t n_events, cap_events;
};
void send_init(struct send *, struct env *, const char *base);
void send_clear(struct send *);
void send_attach(struct send *, struct cache *, struct outbox *); /* NULLs: detached */
/* Once the lease is ours, and again when server time is known; nothing may be on its way. */
void send_recover(struct send *);

/* Fills the next request but for id and token. `officer`: whose token it would go with. `open`: the line may be tried for any row;
 * else only for what the officer waits for (online only). */
bool send_next(struct send *, const char *officer, uint64_t token, bool open, struct request *out);
void send_began(struct send *, uint64_t request);        /* the id that it got */
bool send_leaves(struct send *, uint64_t request);       /* commits SENDING; false: it must not go */
void send_reply(struct send *, const struct response *); /* what it means is done */
void send_dropped(struct send *, uint64_t request);      /* its row is as it is until the next recovery */
/* The token that lanes wait for, or the line that online-only rows wait for, does not come: they are taken away, and why. */
void send_give_up_waiting(struct send *, const struct err *why);
void send_signed_in(struct send *); /* what waited for a new sign-in goes */
/* A row may be due: the line is wanted; or one that the officer waits for (online only). */
bool send_wants_line(const struct send *);
bool send_wants_line_now(struct send *);
int64_t send_wake(const struct send *); /* mono ms when the next row may be begun; INT64_MAX: not by waiting */
bool send_is_idle(const struct send *); /* nothing on its way */
bool send_take_event(struct send *, struct net_event *out);

#endif

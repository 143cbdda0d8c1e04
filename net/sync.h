/* sync: what is next. It steps from event to event and says which requests to begin and which to drop; it never begins one itself.
 * Its clocks and its chance are env's, its facts and wishes lie in cache/. No I/O of its own, no curl: tests/sim drives it with a
 * network made from a seed, net.c with transport.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_SYNC_H
#define MOTCUA_NET_SYNC_H

#include "core/ask.h"
#include "core/line.h"
#include "net/exchange.h"
#include "net/net.h"

struct sync;
struct sync_options {
    const char *base;       /* url_base() */
    const char *login_hint; /* NULL */
    bool follow;            /* as net_options.follow */
};
struct sync *sync_new(const struct sync_options *, struct env *);
void sync_free(struct sync **);
enum sync_event_kind {
    SYNC_TICK,  /* time has passed, or another instance has written */
    SYNC_REPLY, /* to a request that was begun */
    SYNC_ASK,
    SYNC_CANCEL, /* of an ask */
    SYNC_NOW,    /* net_sync_now() */
    SYNC_DRAIN,  /* leaving: from now on only what is due is sent */
};
struct sync_event {
    enum sync_event_kind kind;
    struct response *reply; /* its body may be taken; the caller clears it */
    struct ask *ask;        /* taken */
    uint64_t cancel;
};
#define SYNC_FLIGHTS 16
struct sync_orders {
    struct request *begin[SYNC_FLIGHTS]; /* the caller's from now on */
    size_t n_begin;
    uint64_t drop[SYNC_FLIGHTS]; /* no reply to these is wanted any more */
    size_t n_drop;
};
/* As net_attach(). A NULL lease with files: nobody else has them. `out` gets what is to be dropped. */
void sync_attach(struct sync *, struct cache *, struct outbox *, struct lease *, struct sync_orders *out);
void sync_step(struct sync *, const struct sync_event *, struct sync_orders *out);
/* A request with asks_first is connected, no byte is sent yet: commits, and says whether it may go. */
bool sync_leaves(struct sync *, uint64_t request);
/* Applies a page for at most `ms`; true: there is more of it. */
bool sync_apply(struct sync *, int ms);
/* Before the process is suspended: the page is finished, the lease given back. */
void sync_suspend(struct sync *);
int64_t sync_wake(struct sync *); /* when to tick again, mono ms; INT64_MAX */

int64_t sync_now(struct sync *); /* as net_now() */
void sync_line(struct sync *, struct line_status *out);
const char *sync_officer(const struct sync *);
bool sync_answer(struct sync *, struct answer *out);
bool sync_take_event(struct sync *, struct net_event *out);
enum net_sync sync_state(const struct sync *, struct err *why);
bool sync_drained(struct sync *);

#endif

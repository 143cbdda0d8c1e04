/* sync_internal: what sync.c (steps), learn.c (replies), once.c (read and send to the end, also beside another instance) and line.c (how the line
 * stands) share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_SYNC_INTERNAL_H
#define MOTCUA_NET_SYNC_INTERNAL_H

#include "net/asks.h"
#include "net/backoff.h"
#include "net/feed.h"
#include "net/pace.h"
#include "net/reserve.h"
#include "net/send.h"
#include "net/session.h"
#include "net/sync.h"
#include "net/upload.h"

enum owner { OWNER_SESSION, OWNER_ASK, OWNER_SEND, OWNER_FEED, OWNER_RESERVE, OWNER_UPLOAD };
struct flight_slip { /* a request on its way */
    uint64_t id;     /* 0: free */
    enum owner owner;
    int64_t sent;   /* mono ms */
    int wait;       /* of a long poll */
    uint64_t token; /* the number of the one that it goes with; 0: none */
    bool elsewhere; /* the issuer's, where that is of another origin: says nothing about the line to the API */
};

/* To the end of what is to be sent and read, once: sync --once, F5, another instance's wish. */
struct once {
    enum net_sync state;
    uint64_t ask; /* who is told how it ended; 0: nobody */
    struct err why;
    int64_t until;   /* mono ms: then it has failed */
    int64_t request; /* beside a holder: what was put through its door; 0: we do it ourselves */
    int64_t sign_of_life, unsent, data_at; /* when the holder last moved anything, and where it stood */
    int64_t for_other;                     /* the request of another instance that is being done; 0: none */
    int64_t answered;                      /* the newest such request that was answered */
};

struct sync {
    struct env *env;
    char *base;
    bool follow, draining;
    struct server_clock clock;
    struct breaker breaker;
    struct pace pace;
    struct answers answers;
    struct session *session;
    struct asks asks;
    struct send send;
    struct feed feed;
    struct reserve reserve;
    struct uploads uploads;
    struct once once;

    struct cache *cache;
    struct outbox *outbox;
    struct lease *lease;
    char *officer;                       /* whose files these are */
    int64_t lease_at;                    /* next try, mono ms */
    bool recovered, recovered_with_time; /* what an earlier holder left behind, since the lease is ours */
    int64_t kept_skew;                   /* wall - server of an earlier run, seconds; INSTANT_NONE */
    int64_t kept_now;                    /* what is written down of it */
    bool kept_training;
    int64_t kept_max_upload;

    struct flight_slip flights[SYNC_FLIGHTS];
    uint64_t last_id;

    /* The server asks all of us to wait (429, 503 maintenance). */
    int64_t hold_until; /* mono ms */
    int hold_failures;
    bool closed;          /* maintenance */
    int64_t closed_until; /* server time; INSTANT_NONE */

    struct err refused; /* the certificate, or what else of the connection a person has to mend; ERR_NONE */
    int64_t answer_ms;  /* of the last answer */
    int64_t last_try;   /* mono ms; INT64_MIN: none */
    bool ever_answered;
    struct line_status line;
};

/* ── sync.c ── */
bool sync_holds(const struct sync *);       /* sending and the feed are this instance's */
bool sync_line_open(const struct sync *);   /* anything may be tried now */
int64_t sync_opens_at(const struct sync *); /* mono ms */
/* When the next wish may go as far as the pace is concerned, mono ms. Who leaves, or says "now", does not wait for it. */
int64_t sync_sends_at(const struct sync *);
bool sync_can_work(const struct sync *); /* About is known, somebody is signed in, and these are that officer's files */
struct flight_slip *sync_slip(struct sync *, uint64_t id); /* of a request on its way; NULL: it is not. 0: a free one */
void sync_fail_waiting(struct sync *, const struct err *why); /* nothing can be done for those who wait */
void sync_drop(struct sync *, enum owner, bool long_poll_only, struct sync_orders *out);

bool sync_offers(const struct sync *, const char *feature); /* of About; false until that is known */

/* `id` is the request's from here on. */
uint64_t sync_begin_request(struct sync *, enum owner, struct request *, uint64_t token, struct sync_orders *out);
void sync_set_token(struct sync *, struct request *, uint64_t *number);

/* ── background.c ── */
void background_begin(struct sync *, struct sync_orders *out);
int64_t background_wake(const struct sync *); /* mono ms; INT64_MAX */

/* ── learn.c ── */
void sync_learn(struct sync *, struct response *); /* and tells its owner */

/* ── once.c ── */
void once_begin(struct sync *, uint64_t ask, struct sync_orders *out);
void once_leave(struct sync *);                       /* these files are nobody's business any more */
void once_hears(struct sync *);                       /* the server answered: a long feed may take its time */
void once_fail(struct sync *, const struct err *why); /* if it runs */
void once_look(struct sync *, struct sync_orders *out); /* before what is next is begun */
void once_check(struct sync *);                         /* after */
int64_t once_wake(const struct sync *);

/* ── line.c ── */
void line_update(struct sync *);
int64_t sync_max_upload(const struct sync *); /* 0: it takes no files */
int64_t line_wake(const struct sync *);

#endif

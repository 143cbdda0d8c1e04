/* herd: very many workstations against one server of fixed capacity, in simulated time. Each has the program's own scheduler
 * (net/sync.c and all below it), unchanged; beneath it lie a cache and an outbox in memory (store.c) with the interfaces of cache/,
 * above it a server that knows just enough of the contract (server.c). It refuses to know how net/ decides.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_HERD_HERD_H
#define MOTCUA_TESTS_HERD_HERD_H

#include "cache/cache.h"
#include "cache/outbox.h"
#include "net/sync.h"

#define HERD_BASE   "https://mot-cua.example"
#define HERD_ISSUER "https://id.example"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };
enum {
    OFFICE = 6,              /* who see the same dossiers: what one does, the others hear of */
    ACT_EVERY = 20 * MINUTE, /* on the average, each officer */
    PAGE = 200,              /* entries */
    ALL_DOSSIERS = 3000,     /* of an officer */
};

/* ── store.c ── */
struct row {
    unsigned n; /* of its officer's wishes */
    int attempts;
    int64_t not_before; /* mono ms */
    bool sending;
    bool old; /* of while the server was away */
};
struct outbox {
    struct env *env;
    int station;
    struct row *rows; /* unsent, oldest first */
    size_t n, cap;
    unsigned given;
};
struct cache {
    char cursor[16], page_cursor[16]; /* "": none */
    bool in_pass, ever, applying, more;
    size_t changes; /* of the page */
    int64_t data_at;
};
struct station *station_of(struct env *);
void store_wish(struct outbox *); /* as if acted 10 s ago */
void store_clear(struct outbox *);

/* ── station.c ── */
struct flight { /* a request, or its reply, on the way */
    struct flight *next;
    struct herd *herd;
    struct request *request;
    int station;
    int64_t sent;
    bool dropped, of_issuer;
    struct response reply;
};
struct station {
    struct env env; /* first */
    struct herd *herd;
    int n;
    uint64_t seed;
    char *officer, *token; /* the keyring */
    struct sync *sync;     /* NULL: not started */
    struct cache cache;
    struct outbox outbox;
    struct flight *flights;
    int64_t wake; /* the event that is the next tick */
    bool back;    /* the feed was answered since the server is there again */
    /* What the server knows of it: */
    unsigned cursor, unread; /* changes that it has had, and has not */
    bool forgotten;          /* the cursor that it has means nothing any more */
    struct flight *held;     /* a long poll … */
    int64_t held_until;
    int64_t confirmed; /* when the officer has confirmed the code */
};
void station_init(struct station *, struct herd *, int n);
void station_free(struct station *);
void station_keyring(struct station *, int64_t access_until); /* somebody is signed in */
void station_start(struct station *);
void station_act(struct station *);
void station_tick(struct station *);
void station_arrives(struct flight *); /* at the server */
void station_replied(struct flight *); /* at the workstation; frees it */

/* ── server.c ── */
struct server {
    int capacity;            /* requests a second */
    int64_t down, up;        /* is away from … to, ms */
    bool loses_cursors;      /* it is not away at all, but has forgotten all cursors */
    int64_t free_at;         /* when it has done all that it has, µs */
    unsigned *load, *issuer; /* requests by second, of the API and of the issuer, which is another machine */
    size_t seconds;
    int n_back;                /* workstations whose feed was answered since `up` */
    int64_t all_back;          /* when the 99th of a hundred was */
    int64_t waiting, all_sent; /* wishes of while it was away, and when the last of them was done */
};
bool server_is_down(const struct herd *);
void server_takes(struct herd *, struct flight *);
void server_goes(struct herd *);          /* all that it holds is cut off */
void server_loses_cursors(struct herd *); /* of all */
void server_ends_poll(struct herd *, struct station *);
void server_forgets(struct herd *, struct flight *); /* who asked has hung up */

/* ── herd.c ── */
enum event_kind {
    EVENT_TICK,
    EVENT_START,
    EVENT_ACT,
    EVENT_ARRIVES,
    EVENT_REPLY,
    EVENT_POLL_ENDS,
    EVENT_DOWN
};
struct happening {
    int64_t at;
    enum event_kind kind;
    int station;
    struct flight *flight;
};
struct herd {
    int64_t now; /* ms; 0 is the beginning of the scenario, env.mono is an hour more */
    uint64_t seed;
    struct station *stations;
    int n;
    struct server server;
    struct happening *heap;
    size_t n_heap, cap_heap;
};
void herd_at(struct herd *, int64_t at, enum event_kind, int station, struct flight *);
int64_t herd_chance(struct herd *, int64_t below);
int64_t herd_wall(const struct herd *); /* s */

#endif

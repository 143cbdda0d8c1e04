/* net_wire: a network in a test's hands. net/sync.c begins requests on it, the test says what comes of each and when; clocks and
 * chance are the test's, files and keyring real. Nothing is sent anywhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_NET_WIRE_H
#define MOTCUA_TESTS_UNIT_NET_WIRE_H

#include "cache/cache.h"
#include "cache/state.h"
#include "net/sync.h"
#include "tests/unit/cache_feed.h"

#define WIRE_BASE "https://mc-demo.local:8443"
#define JSON_TYPE "application/json"
#define PROBLEM   "application/problem+json"

struct wire {
    struct machine own, *machine; /* of the second of two instances it is the first's */
    struct sync *sync;
    struct cache *cache;
    struct outbox *outbox;
    struct lease *lease;
    bool follow;

    struct request *on[SYNC_FLIGHTS]; /* on their way */
    size_t n_on;
    size_t begun;         /* ever */
    int64_t server_ahead; /* server time in s less wall of the PC */
    const char *feature;  /* that it offers; NULL: none */
    const char *server;   /* what it says: */
    const char *retry_after, *etag, *location, *authenticate, *dossier_version,
        *request_id;  /* headers of the next reply */
    const char *date; /* NULL: right; "": none */

    uint64_t ask;         /* the newest */
    struct answer answer; /* the newest */
    bool answered;
    struct net_event event; /* the newest */
    size_t n_events;
};
/* Signed out, no files open. */
void wire_new(struct wire *, bool follow);
/* Another instance of the officer who has signed in there, on the same machine; ends before the first. */
void wire_beside(struct wire *, struct wire *first);
void wire_free(struct wire *);
/* The program is killed and starts again. */
void wire_restart(struct wire *);
/* Goes through a sign-in as of-mai, opens the files and reads an empty feed to its end. */
void wire_sign_in(struct wire *);
void wire_attach(struct wire *);
/* Up to and without the feed: About, metadata, code, tokens, me. */
void wire_sign_in_as(struct wire *, const char *officer, const char *access, const char *refresh);

void wire_step(struct wire *);                /* a tick */
void wire_advance(struct wire *, int64_t ms); /* time passes, in ticks where net wants them */
void wire_now(struct wire *);
void wire_ask(struct wire *, enum ask_kind, const char *dossier);
void wire_cancel(struct wire *); /* the newest ask */

/* The request on its way whose "METHOD path?query" begins so; NULL: none. */
struct request *wire_find(struct wire *, const char *begins);
struct request *wire_on_at(struct at, struct wire *, const char *begins); /* fails where there is none */
#define wire_on(w, begins) wire_on_at(HERE, w, begins)
const char *wire_body(const struct request *); /* as text */
/* It is connected; what sync_leaves() says. */
bool wire_connect(struct wire *, struct request *);
/* How it ends. The request is gone afterwards. */
void wire_reply(struct wire *, struct request *, int status, const char *type, const char *body);
void wire_json(struct wire *, struct request *, int status, json_t *body); /* takes body */
void wire_problem(struct wire *, struct request *, int status, const char *name,
                  json_t *more); /* takes more; NULL: none */
void wire_lost(struct wire *, struct request *, enum response_end end);
/* Answers the feed's request with a page. */
void wire_page(struct wire *, json_t *entries, const char *cursor, bool more, int poll_after);

/* A wish on `target` at version 3 as cache_machine.h has it, not held. */
void wire_wish(struct wire *, const char *target, bool online_only, char key[static UUID_TEXT]);
/* A dossier that wire_wish() is about, as it stands after it. */
json_t *wire_dossier(const char *id, int64_t version);
struct line_status wire_line(struct wire *);
struct command wire_row(struct wire *, struct arena *, const char *key);

#endif

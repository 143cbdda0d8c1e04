/* central: the central server without its sockets. A request and an instant go in, an answer (or "wait") comes out; everything
 * that the contract (docs/central-api.yaml) says of a server is decided behind these calls. It refuses to know what time it is,
 * to wait, and to open a connection: http.c does these, tests/sim does them its own way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_CENTRAL_H
#define MOTCUA_TRAINING_CENTRAL_H

#include "core/err.h"
#include "core/instant.h"
#include "core/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct central;

struct central_options {
    const char *base; /* where it is reached: "http://127.0.0.1:8080"; it is the issuer too */
    const char *scenario; /* path of the scenario's file; the server's facts come from there unless `db` has them already */
    uint64_t seed;    /* of what is generated, and with it all ids and numbers */
    int64_t dossiers; /* how many to generate; < 0: 2,000 */
    const char *db;   /* file to keep everything in; NULL: memory */
    const char *keys; /* directory (made 0700) for the officers' keys and certificates; NULL: written nowhere */
    const char *auto_approve; /* an officer's id or a role confirms every sign-in at once; "any": who login_hint names; NULL: nobody. Their phones confirm remote signatures by themselves ("any": all phones) */
    int64_t start; /* the clock's first instant; INSTANT_NONE: the scenario's, or where `db` was left */
    void (*random)(void *context, void *bytes, size_t n); /* for tokens; NULL: the system's */
    void *context;
};
/* ERR_CONFIG: the scenario is wrong, or auto_approve is nobody. ERR_STORE: db or keys. ERR_NOT_FOUND: no such scenario file. */
bool central_new(const struct central_options *, struct central **out, struct err *);
void central_free(struct central **);
int64_t central_start(const struct central *); /* the instant at which its clock is to begin */

#define CENTRAL_MAX_BODY \
    (1024 * 1024 + 1) /* of a longer body only so much is kept; that is enough to refuse it */

/* A long poll that has nothing to say yet. Whoever holds the request hands the same one in again, with this, as soon as
 * central_ready() says so. */
struct central_hold {
    int64_t until;  /* then there is an answer in any case */
    int64_t seen;   /* nothing up to this change concerns the officer */
    size_t officer; /* whose it is, by the server's own count */
};
bool central_ready(const struct central *, const struct central_hold *, int64_t now);

/* Everything is borrowed for the call. Absent: NULL. Header values are as they came. */
struct central_request {
    const char *method, *path, *query; /* path as it came, without `?` and what follows it; query that, or NULL */
    const char *authorization, *idempotency_key, *if_match, *accept_language, *content_type, *range,
        *user_agent, *upload_offset;
    const char *body;
    size_t len;                      /* of the body, what was cut off included */
    const struct central_hold *hold; /* from the first time that this request was handed in; NULL: this is the first */
};

struct central_header {
    const char *name;
    char *value;
};
#define CENTRAL_MAX_HEADERS 10
struct central_answer {
    bool held; /* no answer yet: see `hold`; the rest is empty */
    struct central_hold hold;
    int status;
    struct central_header headers[CENTRAL_MAX_HEADERS];
    size_t n_headers;
    struct buf body;
};
/* Always answers (a request that makes no sense: a problem). `now` never runs backwards. central_answer_clear() the answer. */
void central_answer(struct central *, const struct central_request *, int64_t now, struct central_answer *);
void central_answer_clear(struct central_answer *);
/* The value of a header of the answer, or NULL; borrowed. */
const char *central_answer_header(const struct central_answer *, const char *name);

/* What a real server may do to uploads that are not complete: it keeps only the first `keep` bytes of each; < 0: it forgets the files. */
void central_lose_uploads(struct central *, int64_t keep, int64_t now);

/* Changes so far: when it has grown, held requests may have become ready. */
int64_t central_changes(const struct central *);

#endif

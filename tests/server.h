/* server: a real motcua-training of the test's own, on a free port of loopback: started, stopped, killed, started again, its
 * clock moved, and spoken to as any client would. Whatever goes wrong here fails the running test.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SERVER_H
#define MOTCUA_TESTS_SERVER_H

#include "tests/harness.h"

#include <jansson.h>

struct server {
    pid_t pid;            /* 0: stopped */
    char *base;           /* "http://127.0.0.1:PORT", as --server takes it */
    char *control, *keys; /* where its clock is moved; the directory of the demo officers' keys */
    int port;
    char *home;
    char **args; /* ours, for a restart */
    int out;
};

/* `motcua-training serve --port 0 --control` and `extra` (NULL-terminated, or NULL); returns when it answers. It keeps nothing
 * over a restart unless `extra` names a --db; `extra` may name a file in a directory of home_new(). */
struct server *server_start(const char *const extra[]);
void server_stop(struct server *);    /* TERM; it has to end with status 0 */
void server_kill(struct server *);    /* KILL */
void server_restart(struct server *); /* stopped first if it runs; same port, same arguments */
void server_free(struct server **);
/* Its clock goes on by so many seconds. */
void server_advance(struct server *, int64_t seconds);

/* One request. `path` is as central-api.yaml writes it ("/dossiers/x", below /api/v1), or a whole URL. `headers` are
 * "Name: value", NULL-terminated or NULL; `token`, `body` may be NULL. A body is JSON unless a header says otherwise; a POST,
 * PATCH or DELETE without an Idempotency-Key gets a fresh one. No answer is status 0 with the reason in `body`. */
struct reply {
    long status;
    char *headers, *body; /* text; reply_clear() frees */
    size_t len;           /* of the body */
    json_t *json;         /* the body, if it is JSON; else NULL */
};
void server_call(struct server *, const char *method, const char *path, const char *token,
                 const char *const headers[], const char *body, struct reply *);
/* The value of a header (any case) in a new string, or NULL. */
char *reply_header(const struct reply *, const char *name);
/* The text at "a.b.0.c" in the answer, or NULL. Borrowed. */
const char *reply_text(const struct reply *, const char *where);
json_t *reply_at(const struct reply *, const char *where);
void reply_clear(struct reply *);

/* Signs in with the device grant (RFC 8628) as who `login_hint` names, for a server started with "--auto-approve", "any".
 * The access token; the caller frees. server_tokens() gives both. */
char *server_token(struct server *, const char *login_hint);
void server_tokens(struct server *, const char *login_hint, char **access, char **refresh);

#endif

/* session: what this server is (About), who signs in (RFC 8628), the token pair and its end. It makes requests one at a time and
 * reads their replies; it does no I/O but through env's keyring.
 * It refuses to send a token anywhere but to the API and to the issuer that the API names, and to use a new pair before it is kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_SESSION_H
#define MOTCUA_NET_SESSION_H

#include "net/answers.h"
#include "net/clock.h"
#include "net/judge.h"

struct session;
struct session_options {
    const char *base;       /* url_base() */
    const char *login_hint; /* NULL */
};
/* Texts are copied; the clock and the answers are borrowed for its life. Reads the keyring. */
struct session *session_new(const struct session_options *, struct env *, struct server_clock *,
                            struct answers *);
void session_free(struct session **);

/* ── its errands ─────────────────────────────────────────────────────────────────────────────────────────────────── */
/* The next request, if one is due: fills all but its id. `open`: the line may be tried now; what the officer has asked for does
 * not wait for that. `holder`: this instance has the lease, so it is the one that renews tokens first. */
bool session_next(struct session *, bool open, bool holder, struct request *out);
/* The reply to it. false: it failed, and `e` says why to whoever waits for the session. */
bool session_reply(struct session *, const struct response *, const struct judged *, struct err *e);
void session_dropped(struct session *); /* its request was given up */
/* When it has something to do, mono ms; what is not asked for by the officer not before the line `opens`. INT64_MAX: never. */
int64_t session_wake(const struct session *, int64_t opens);

/* ── what others ask ─────────────────────────────────────────────────────────────────────────────────────────────── */
const struct about *session_about(const struct session *);     /* NULL: not known yet */
bool session_stopped(const struct session *, struct err *why); /* we cannot work with this server */
const char *session_officer(const struct session *); /* NULL: nobody has signed in. Borrowed until the next reply. */
/* The access token to use now, and its number; NULL: there is none, or it has to be renewed first. */
const char *session_token(const struct session *, uint64_t *number);
bool session_is_over(const struct session *);             /* the officer has to sign in (again) */
void session_accepted(struct session *, uint64_t number); /* the API took that token */
void session_rejected(struct session *, uint64_t number); /* … did not */
bool session_take_signed_in(struct session *);            /* somebody signed in since the last call */

/* ── asks ────────────────────────────────────────────────────────────────────────────────────────────────────────── */
void session_sign_in(struct session *, uint64_t ask);
void session_sign_out(struct session *, uint64_t ask); /* forgets at once, then tells the server */
void session_cancel(struct session *, uint64_t ask);
bool session_is_asked(const struct session *); /* a sign-in or sign-out is going on */
/* The line is down, and nobody but us has anything to ask: then About tells when it is back. */
void session_probes(struct session *, bool);
void session_try_now(struct session *); /* F5: nothing of its own waits any longer */

#endif

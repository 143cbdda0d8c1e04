/* session_internal: what session.c (errands, About, metadata), signin.c (the device flow) and tokens.c (the pair) share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_SESSION_INTERNAL_H
#define MOTCUA_NET_SESSION_INTERNAL_H

#include "net/session.h"

enum errand {
    ERRAND_NONE,
    ERRAND_ABOUT,
    ERRAND_METADATA,
    ERRAND_DEVICE, /* a code for the officer */
    ERRAND_POLL,   /* has the officer confirmed? */
    ERRAND_ME,
    ERRAND_RENEW,
    ERRAND_REVOKE,
};
struct pair {
    char *access, *refresh; /* NULL: none */
    int64_t ends;           /* server time when `access` ends; INSTANT_NEVER: not known */
};
struct session {
    struct env *env;
    struct server_clock *clock;
    struct answers *answers;
    char *base, *server, *login_hint; /* server: its name in the keyring */
    bool plain;                       /* the API is http on loopback */
    bool holder;                      /* of the lease, when asked last */
    enum errand errand;               /* on its way */

    struct arena about_arena, metadata_arena;
    struct about about;
    bool about_known, metadata_known;
    int64_t about_read; /* mono ms */
    int about_failures;
    int64_t about_at; /* not before, mono ms */
    bool probes;      /* About is asked, though it is known: is there a line? */
    struct oidc_metadata metadata;
    struct err stopped; /* ERR_NONE, or why we cannot work with it */

    char *officer;
    struct pair pair;
    uint64_t number;     /* of the pair; grows */
    int64_t renew;       /* server time; 0: not chosen yet */
    bool accepted;       /* the API took it */
    bool renewed;        /* it came by renewal, in this run */
    bool rejected, over; /* the API did not take it; and nothing helps but a sign-in */
    int64_t rejected_at, renew_at;
    int renew_failures;

    bool signing_in, signing_out, signed_in;
    uint64_t sign_in, sign_out; /* their asks */
    struct pair fresh;          /* whose it is has yet to be asked */
    char *device_code;
    int64_t pause, poll_at, until; /* ms; mono ms */
    int poll_failures;
    char *revoke; /* the refresh token that is to end */
};

/* ── session.c ── */
/* POST of a form to `url`; `form` is taken. */
void session_form(struct session *, struct request *out, const char *url, struct buf *form);
void session_field(struct buf *form, const char *name, const char *value);

/* ── tokens.c ── */
void pair_clear(struct pair *);
bool pair_read(struct session *, const struct token_answer *, struct pair *out); /* false: no pair that can be used */
/* Reads the pair that lies in the keyring; true: it is another than ours, and ours now. */
bool tokens_reload(struct session *);
void tokens_load(struct session *); /* at start: the last officer and the pair */
/* Keeps the pair, then it is the one to use. Takes it. */
void tokens_adopt(struct session *, struct pair *);
void tokens_end(struct session *);    /* nothing helps but a sign-in */
void tokens_forget(struct session *); /* sign-out: the officer, too */
bool tokens_renewal_due(struct session *, bool holder);
void tokens_renew(struct session *, struct request *out);
bool tokens_renewed(struct session *, const struct response *, const struct judged *, struct err *e);
/* An answer of the token endpoint, good or not; false: it is none. */
bool tokens_answer(const struct response *, struct arena *, struct token_answer *out);

/* ── signin.c ── */
enum errand signin_errand(struct session *);
void signin_request(struct session *, enum errand, struct request *out);
void signin_reply(struct session *, enum errand, const struct response *, const struct judged *);
void signin_end(struct session *, const struct err *why); /* the last answer, if a sign-in goes on */
void signout_end(struct session *, const struct err *why);

#endif

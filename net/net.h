/* net: the central API. Sign-in, the feed, sending what is due, and asks. It decides what is next in sync.c (no I/O), moves bytes in
 * transport.c (curl, one multi handle), and hands facts to cache/ and answers to whoever asked. It refuses to know that a screen exists.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_NET_H
#define MOTCUA_NET_NET_H

#include "cache/cache.h"
#include "cache/outbox.h"
#include "cache/state.h"
#include "core/ask.h"
#include "core/env.h"
#include "core/line.h"

#include <poll.h>

/* Whom the connection trusts, and what it shows of itself. Files are in PEM; NULL: none. */
struct net_trust {
    const char *ca; /* the authorities, in place of the directory /etc/ssl/certs */
    const char *pin; /* "sha256//…", or two with ; between: the API's key has to be that, beside its certificate */
    const char *client_cert; /* shown where a server asks for it */
    const char *client_key;  /* without a passphrase; NULL: it stands in client_cert */
};
struct net_options {
    const char *server; /* base URL up to and without "/api/v1"; https, or http on loopback */
    struct net_trust trust;
    const char *workstation; /* this machine's name, shown to who confirms a sign-in */
    const char *login_hint;  /* demo: who signs in; NULL */
    const char *language;    /* "vi", "en": Accept-Language */
    bool follow;             /* long-poll the feed (the screen); false: only what is asked for (commands) */
};
struct net;
/* First thing in main(): what of the environment curl and its TLS would listen to is gone afterwards (http_proxy, https_proxy,
 * all_proxy, no_proxy in both cases, SSLKEYLOGFILE, SSL_CERT_FILE, SSL_CERT_DIR, CURL_CA_BUNDLE, CURL_SSL_BACKEND, CURL_HOME,
 * NETRC). */
void net_forget_environment(void);
/* ERR_CONFIG: the URL is none that we may talk to, or a file of `trust` cannot be read. Makes no connection. */
bool net_new(const struct net_options *, struct env *, struct net **out, struct err *);
void net_free(struct net **);

/* ── session: the token pair lies in env's keyring, under the server and officer ─────────────────────────────────── */
/* Who signed in last at this server (from the keyring), or NULL. Borrowed. */
const char *net_officer(const struct net *);
/* The officer's files; after sign-in, and at start where net_officer() is known. NULLs: signed out. All borrowed, until the next
 * call. Whoever signs in as somebody else than these files' officer sends nothing of theirs. net takes the lease when it can. */
void net_attach(struct net *, struct cache *, struct outbox *, struct lease *);

/* ── the loop's calls ────────────────────────────────────────────────────────────────────────────────────────────── */
/* Finishes transfers, applies a page for at most `ms`, starts what is next. Never waits. true: call again at once. */
bool net_step(struct net *, int ms);
/* The only wait: curl_multi_poll on transfers and `extra`; at most `timeout` ms and until net's own next deadline. */
void net_wait(struct net *, struct pollfd *extra, unsigned n_extra, int timeout);
/* Before the process is stopped (Ctrl-Z): finishes the page that is being applied, gives the lease back. */
void net_suspend(struct net *);
void net_line(struct net *, struct line_status *out);
/* Server time now: the quickest recent Date plus mono since; without a line the kept distance to wall. */
int64_t net_now(struct net *);

/* Takes what it points to; kinds SIGN_IN … EVENTS. A new SIGN_IN ends one that goes on. SIGN_OUT: the session here is gone at once;
 * the answer comes when the server was told, with ERR_OFFLINE where it could not be. */
void net_ask(struct net *, struct ask *);
void net_cancel(struct net *, uint64_t ask);       /* no answer will come */
bool net_answer(struct net *, struct answer *out); /* the next answer; answer_clear() it */

/* Not waiting for the breaker: try once now, send what is due (nothing before its not_before), read the feed to its end (sync --once,
 * F5). Beside an instance that holds the lease it is asked to; 20 s without a sign of life: failed, naming it. It ends
 * by itself, at the latest 85 s after the server's last answer: a first sync over a slow line gets its time. */
void net_sync_now(struct net *);
enum net_sync { NET_SYNC_RUNNING, NET_SYNC_DONE, NET_SYNC_FAILED };
enum net_sync net_sync_state(struct net *, struct err *why); /* of the last net_sync_now() */
/* Leaving: sends on, asks nothing new; true when nothing is in flight and nothing is due. */
bool net_drain(struct net *);
/* What was taken away or refused since the last call, for a toast: key in `key`. false: nothing. */
struct net_event {
    char key[UUID_TEXT];
    enum command_state state; /* DONE, CONFLICT, REFUSED; or DUE with `taken_away` */
    bool taken_away; /* an online-only row that never left, or was not taken; `why` is the whole sentence */
    bool step_up;    /* a signature needs a new sign-in */
    struct err why;  /* of CONFLICT and REFUSED the server's own words */
};
bool net_event(struct net *, struct net_event *out);

#endif

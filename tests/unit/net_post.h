/* net_post: an officer's post in a test: files, keyring, clocks and the network side of motcua, against whatever server stands at a
 * URL. Its `mono` runs with the real clock, and further where a test says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_NET_POST_H
#define MOTCUA_TESTS_UNIT_NET_POST_H

#include "cache/cache.h"
#include "cache/state.h"
#include "net/net.h"
#include "tests/server.h"
#include "tests/unit/cache_machine.h"

struct post {
    struct machine machine; /* its env is the post's */
    int64_t shift;          /* ms that `mono` is ahead of the real clock */
    char *url;
    struct net_trust trust; /* its texts are borrowed */
    bool follow;
    struct net *net;
    struct cache *cache;
    struct outbox *outbox;
    struct lease *lease;
    char *officer;

    struct answer answer; /* the newest; answered says that one came */
    bool answered;
    struct net_event events[64]; /* in order */
    size_t n_events;
};
/* At `url`, as who `login_hint` names. Nothing is asked yet. */
struct post *post_new(const char *url, const char *login_hint, bool follow);
struct post *post_new_trusting(const char *url, const char *login_hint, bool follow, struct net_trust);
void post_free(struct post **);
/* The program ends and starts again: same files, same keyring. */
void post_restart(struct post *);
void post_close(struct post *); /* the first half of it */
void post_open(struct post *);  /* the other half: attaches where somebody has signed in */

/* One turn of a loop. */
void post_turn(struct post *);
/* Turns until `done`, or fails the test at `where`. */
void post_until(struct at where, struct post *, bool (*done)(struct post *));
void post_turns_for(struct post *, int64_t ms);
/* Asks and waits for the final answer; it stands in p->answer. */
void post_ask(struct at where, struct post *, enum ask_kind, const char *dossier, const char *text);
/* Signs in, opens the officer's files, reads the feed to its end. */
void post_sign_in(struct at where, struct post *);
/* net_sync_now() to its end. */
enum net_sync post_sync(struct at where, struct post *, struct err *why);

/* Copies the first dossier (by id) that offers `action`; fails the test if there is none. In arena. */
void post_find(struct at where, struct post *, const char *action, struct arena *, struct dossier *out,
               const char **json);
/* Wishes it; the key. */
void post_wish(struct post *, const struct dossier *, const char *action, const char *body, bool online_only,
               char key[static UUID_TEXT]);
/* Waits until the wish is neither due nor on its way. */
enum command_state post_outcome(struct at where, struct post *, const char *key);
struct line_status post_line(struct post *);

#endif

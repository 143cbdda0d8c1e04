/* state: where an officer's files lie, and that the directory is ours alone. `$XDG_STATE_HOME/motcua/<server>/<officer>/`,
 * 0700; <server> is host, port and 8 hex digits of the URL's SHA-256.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_STATE_H
#define MOTCUA_CACHE_STATE_H

#include "core/err.h"

/* The base `…/motcua` as a path, the caller's to free: `state_home` is $XDG_STATE_HOME if absolute, else $HOME/.local/state
 * (both handed in by cli/, NULL allowed). ERR_CONFIG where neither is there. */
char *state_base(const char *xdg_state_home, const char *home, struct err *e);
/* The directory name of a server, the caller's to free. */
char *state_server_name(const char *url);
/* Opens (and makes) base/server/officer; a descriptor of the directory in *dir and its path in *path (the caller's to free).
 * Refuses links below the base, other owners and group or world access that it cannot take away: ERR_STORE with the sentence
 * `state-dir` of screens.md. The base's own parents may be links (a symlinked /home): resolved first. */
bool state_open(const char *base, const char *server, const char *officer, int *dir, char **path, struct err *e);

/* Makes `base` itself, where it is not there: ours alone, or refused as above. */
bool state_make(const char *base, struct err *e);

/* The sentence for an errno about one of the files there: disk full, not ours to write, or what the kernel calls it. false. */
bool state_fail(struct err *e, int why, const char *path);
/* Wakes the other instances: their watch on the directory fires (outbox_watch). Called after a commit, since the writes
 * before it are seen too early. */
void state_poke(int dir);

/* The lease for sending and the feed: an OFD lock on the file `lock` (docs/architecture.md, "Two instances"). */
struct lease;
struct lease *lease_new(int dir); /* takes nothing yet; NULL only for errno's sake never: dies on ENOMEM */
bool lease_take(struct lease *);  /* true: held now; never waits */
void lease_give_back(struct lease *);
bool lease_held(const struct lease *);
int lease_holder(struct lease *); /* pid of who holds it, 0 if unknown or nobody */
void lease_free(struct lease **);

/* Who has the officer's files open: every instance from before it reads the key until it closes them (`*presence`, a descriptor, the
 * caller's to close). It waits while one of them is alone. presence_alone: no other has them open now, or false; until it is given up
 * again. The key is changed so. */
bool presence_take(int dir, int *presence, struct err *e);
bool presence_alone(int presence, bool alone);

#endif

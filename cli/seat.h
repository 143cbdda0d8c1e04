/* seat: one server, and the files of the officer who is signed in there: key, cache, outbox, lease, log. Shared by the screen and
 * the commands. It refuses to keep an officer's files open once another signs in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_SEAT_H
#define MOTCUA_CLI_SEAT_H

#include "cache/key.h"
#include "net/net.h"

struct seat_options {
    const char *server, *login_hint;
    struct net_trust trust;
    const char *state; /* base directory of the officers' files; NULL: from XDG_STATE_HOME and HOME */
    const struct office_key *office; /* the recovery key that data under a PIN is sealed for as well; NULL */
    bool follow;                     /* keep up with the feed (the screen, `sync`) */
};
struct seat { /* read it; change it through the calls below */
    struct env *env;
    struct net *net;
    char *base, *server; /* the state directory, and the server's name in it */
    char *officer;       /* NULL: signed out, and so is all below */
    int dir;
    char *path;
    int presence; /* that the files are open */
    struct seal_key *key;
    bool pin;                /* it is under a PIN */
    int64_t kept;            /* mono, when the keyring was last given it */
    struct seal_key *opened; /* by a PIN, for seat_attach(); NULL */
    char *locked;            /* no officer, but the files of this one wait for his PIN; NULL */
    struct office_key office;
    bool has_office;
    struct cache *cache;
    struct outbox *outbox;
    struct lease *lease;
    struct log *log;
    bool busy;               /* seat_turn() has more to do at once */
    int64_t tidy_at;         /* mono when tidy() is wanted next */
    int64_t seen_at;         /* server time when the officer was noted as here; INSTANT_NONE: not yet */
    bool rebuilt, set_aside; /* found damaged at the start: cache.db, outbox.db */
};

/* Makes no connection and opens no file. ERR_CONFIG: the URL, or no home. */
bool seat_new(const struct seat_options *, struct env *, struct seat **out, struct err *);
void seat_free(struct seat **);

/* Opens the files of `officer` (NULL: of who signed in last, if anybody is), in place of whoever's were open. ERR_AUTH with s->locked:
 * they wait for a PIN (cli/vault.h). */
bool seat_attach(struct seat *, const char *officer, struct err *);
/* Where seat_attach() failed since a newer motcua wrote the outbox: that alone, to read. false: something else is wrong. */
bool seat_attach_to_read(struct seat *);
void seat_detach(struct seat *);
/* What the officer has to know about the files that were opened: one of them was damaged. NULL: nothing. */
const char *seat_notice(const struct seat *);
/* After the server let go of the officer: closes his files and removes the cache, never unsent wishes. */
bool seat_signed_out(struct seat *, struct err *);

/* What changed since the last call (CACHE_*), the outbox included. */
unsigned seat_changes(struct seat *);
/* For commands: waits for whatever comes, `also` (a descriptor, or -1) included, at most until mono `until`, then one round of the
 * network. Returns seat_changes(). */
unsigned seat_turn(struct seat *, int64_t until, int also);
int64_t seat_mono(const struct seat *);
/* Of the officer's signing certificate, as the feed has it (Officer.signing_certificate); NULL: none, or not known yet. Borrowed until
 * the cache changes. */
const char *seat_certificate(struct seat *);

#endif

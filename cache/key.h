/* key: the file `key` of an officer's directory: slots that hold the data key bare (`none`, as long as no PIN is set), under a PIN
 * (argon2id, 32 MiB) and for the office (its recovery key). docs/architecture.md, "Secrets". It refuses to take a PIN away, to lose
 * the data key at any kill, and to let PINs be tried faster than a person has a right to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_KEY_H
#define MOTCUA_CACHE_KEY_H

#include "cache/pin.h"
#include "cache/seal.h"
#include "core/env.h"

#define KEY_KEPT_SECONDS 1800 /* in the keyring after its last use, where there is a PIN */

/* ── what there is ───────────────────────────────────────────────────────────────────────────────────────────────── */
enum key_kind { KEY_ABSENT, KEY_BARE, KEY_PIN };
/* ERR_STORE: it cannot be read, or is damaged. */
bool key_look(int dir, enum key_kind *, bool *office, struct err *);
/* Before anything of the directory is opened: ends what a kill left half done while a PIN was being set. */
bool key_settle(int dir, const char *path, struct err *);
/* The bare key; makes one where there is no file. ERR_AUTH: it is under a PIN. 0600, O_NOFOLLOW, written aside and renamed.
 * (seal_key_load() is the same.) */
bool key_load(int dir, struct seal_key **out, struct err *);

/* ── the PIN ─────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* Wrong ones so far, and how long the next has to wait: from the fifth on 30 s, doubling. It stands in the file `tries`, so it
 * outlives a restart; mono begins anew with the machine, but then at least that much time has gone by. */
struct tries {
    int wrong;
    int64_t wait_ms;
};
#define TRIES_FREE 5
#define TRIES_WAIT 30 /* seconds */
void key_tries(int dir, struct env *, struct tries *);
/* ERR_AUTH with its sentence: wrong, or not yet. It takes a tenth of a second and 32 MiB. */
bool key_unlock(int dir, const struct pin *, struct env *, struct seal_key **out, struct err *);

struct office_key {
    unsigned char bytes[32];
};
struct key_reseal { /* the outbox, which is sealed with the old key and has to be with the new one */
    void *context;
    /* All or nothing, on the disk when it returns: from then on the new key counts. */
    bool (*outbox)(void *, const struct seal_key *fresh, struct err *);
};
/* The first PIN: a new data key, so that copies of the bare one open nothing that is here. `key` has become it when this returns
 * true. Nobody else may have the officer's files open (presence_alone). `office` may be NULL. ERR_INPUT: too short. */
bool key_set_pin(int dir, struct seal_key *key, const struct pin *, const struct office_key *office,
                 const struct key_reseal *, struct err *);
/* Another PIN for the same data key. */
bool key_change_pin(int dir, const struct seal_key *key, const struct pin *, struct err *);
/* After each unlock, before outbox and journal are opened: seals the journal again where key_set_pin() was killed before it could,
 * and adds or changes the slot of the office (NULL: leaves it). */
bool key_finish(int dir, const struct seal_key *key, const struct office_key *office, struct err *);

/* ── the keyring ─────────────────────────────────────────────────────────────────────────────────────────────────── */
/* There for KEY_KEPT_SECONDS from now. */
void key_keep(const struct seal_key *, struct env *, const char *name);
/* false: it is not there (any more), or is not the key of this directory. */
bool key_recall(int dir, struct env *, const char *name, struct seal_key **out);

/* ── the office ──────────────────────────────────────────────────────────────────────────────────────────────────── */
/* A pair, each half as the text of a file. `secret` is to be wiped. */
void key_office_new(struct buf *secret, struct buf *half);
bool key_office_read(const char *text, size_t n, struct office_key *, struct err *); /* the public half; ERR_CONFIG */
/* Opens with the secret half. ERR_REFUSED: not sealed for it. */
bool key_recover(int dir, const char *text, size_t n, struct seal_key **out, struct err *);

#endif

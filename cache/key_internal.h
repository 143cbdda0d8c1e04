/* key_internal: the file `key` as key.c and key_pin.c see it: slots in locked memory. Nothing else includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_KEY_INTERNAL_H
#define MOTCUA_CACHE_KEY_INTERNAL_H

#include "cache/key.h"
#include "cache/seal_internal.h"

enum slot {
    SLOT_NONE = 0,   /* the data key, bare */
    SLOT_PIN = 1,    /* struct pin_slot */
    SLOT_OFFICE = 2, /* struct office_slot */
    SLOT_OLD = 3, /* the data key before the first PIN, sealed with this one; until the journal is sealed again */
};
struct pin_slot { /* bytes alone: no padding */
    unsigned char ops[4], kib[4], salt[crypto_pwhash_SALTBYTES];
    unsigned char nonce[NONCE_BYTES], wrapped[KEY_BYTES + TAG_BYTES];
    unsigned char mark[16]; /* a hash of the data key: whether one from the keyring is this one */
};
struct office_slot {
    unsigned char office[crypto_box_PUBLICKEYBYTES], sealed[KEY_BYTES + crypto_box_SEALBYTES];
};

#define KEY_FILE "key"
#define KEY_NEXT "key.next"

struct key_file;
struct key_file *key_file_new(void); /* without slots */
void key_file_free(struct key_file **);
/* true and NULL: there is no such file. */
bool key_file_read(int dir, const char *name, struct key_file **out, struct err *);
/* Whole and synced under that name; `fresh`: only where there is none yet (`*made`). */
bool key_file_write(int dir, const char *name, const struct key_file *, struct err *);
bool key_file_make(int dir, const char *name, const struct key_file *, bool *made, struct err *);
bool key_file_has(const struct key_file *, enum slot);
/* The slot's bytes; false: it has none of that kind, or of another length. */
bool key_file_get(const struct key_file *, enum slot, void *bytes, size_t n);
void key_file_put(struct key_file *, enum slot, const void *bytes, size_t n); /* in the place of one that is there */
void key_file_drop(struct key_file *, enum slot);
bool key_damaged(struct err *);

void key_mark(const struct seal_key *, unsigned char mark[static 16]);

/* tries.c: around one try. false: not yet (ERR_AUTH), or it cannot be counted. `counts`: it was wrong. */
bool tries_begin(int dir, struct env *, int *fd, struct err *);
void tries_end(int fd, bool counts);

#endif

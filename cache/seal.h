/* seal: XChaCha20-Poly1305 (libsodium) over blobs of both databases, bound to where they stand, with a data key in locked memory.
 * It refuses to seal or open anything while its key is asleep. The key's file is key.h's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_SEAL_H
#define MOTCUA_CACHE_SEAL_H

#include "core/err.h"
#include "core/mem.h"

#include <stdint.h>

/* Bytes of a data key, in locked memory (sodium_malloc); random per officer and server. */
struct seal_key;
void seal_key_free(struct seal_key **);

/* A screen that has been locked for long forgets the bytes and keeps the object, which outbox and cache hold on to. Until they
 * are back (seal_key_wake) whoever would use it is broken: the program ends (70). */
void seal_key_sleep(struct seal_key *);
bool seal_key_asleep(const struct seal_key *);
/* `opened` gives its bytes back. Not asleep: true if it is the same key, and nothing happens otherwise. */
bool seal_key_wake(struct seal_key *, const struct seal_key *opened);

/* Sealed bytes = nonce, ciphertext, tag. They open only under the same table, id and version. */
void seal_close(const struct seal_key *, const char *table, const char *id, int64_t version,
                const void *plain, size_t n, struct buf *out);
/* false: not sealed by this key for this place. Appends to `out`. */
bool seal_open(const struct seal_key *, const char *table, const char *id, int64_t version,
               const void *sealed, size_t n, struct buf *out);

/* The key of the open directory `dir`: key_load() of key.h. */
bool seal_key_load(int dir, struct seal_key **out, struct err *e);

#endif

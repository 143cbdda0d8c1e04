/* seal: XChaCha20-Poly1305 (libsodium) over blobs of both databases, bound to where they stand; and the data key in the file `key`.
 * It refuses to keep an unwrapped key anywhere but in locked memory and in the keyring that `struct env` hands in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_SEAL_H
#define MOTCUA_CACHE_SEAL_H

#include "core/err.h"
#include "core/mem.h"

#include <stdint.h>

/* Bytes of a data key, in locked memory (sodium_malloc); random per officer and server. */
struct seal_key;
void seal_key_free(struct seal_key **);

/* Sealed bytes = nonce, ciphertext, tag. They open only under the same table, id and version. */
void seal_close(const struct seal_key *, const char *table, const char *id, int64_t version,
                const void *plain, size_t n, struct buf *out);
/* false: not sealed by this key for this place. Appends to `out`. */
bool seal_open(const struct seal_key *, const char *table, const char *id, int64_t version,
               const void *sealed, size_t n, struct buf *out);

/* The file `key` in the open directory `dir` (docs/architecture.md, "Secrets"): reads it, or makes one with the slot `none`. A key that is
 * wrapped under a PIN is ERR_AUTH here (unlock comes with its own issue). 0600, O_NOFOLLOW, written aside and renamed. */
bool seal_key_load(int dir, struct seal_key **out, struct err *e);

#endif

/* seal_internal: the bytes behind cache/seal.h, cache/pin.h, for those who make and wrap them: seal.c, pin.c, key*.c.
 * Nothing else includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_SEAL_INTERNAL_H
#define MOTCUA_CACHE_SEAL_INTERNAL_H

#include "cache/pin.h"
#include "cache/seal.h"

#include <sodium.h>

enum {
    KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PIN_BYTES = 4 * PIN_MOST,
};

/* Read-only but between seal_key_write() and seal_key_written(). */
struct seal_key {
    unsigned char bytes[KEY_BYTES];
    bool asleep;
};
struct seal_key *seal_key_new(void); /* zeros, and may be written */
void seal_key_write(struct seal_key *);
void seal_key_written(struct seal_key *);
void *seal_locked(size_t n); /* zeroed, locked, left out of core files; sodium_free() wipes it */

struct pin {
    size_t len;
    char text[PIN_BYTES + 1];
};

#endif

/* seal: the bytes of sealed blobs: nonce, ciphertext, tag.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/seal_internal.h"

#include <string.h>

/* ── the key in memory ─────────────────────────────────────────────────────────────────────────────────────────────── */

void *seal_locked(size_t n)
{
    if (sodium_init() < 0)
        die("libsodium does not start");
    void *bytes = sodium_malloc(n);
    if (!bytes)
        die("out of memory");
    sodium_memzero(bytes, n);
    return bytes;
}

struct seal_key *seal_key_new(void)
{
    return seal_locked(sizeof(struct seal_key));
}

void seal_key_write(struct seal_key *key)
{
    sodium_mprotect_readwrite(key);
}

void seal_key_written(struct seal_key *key)
{
    sodium_mprotect_readonly(key);
}

void seal_key_free(struct seal_key **key)
{
    sodium_free(*key); /* wipes it; NULL is fine */
    *key = NULL;
}

void seal_key_sleep(struct seal_key *key)
{
    seal_key_write(key);
    sodium_memzero(key->bytes, sizeof(key->bytes));
    key->asleep = true;
    seal_key_written(key);
}

bool seal_key_asleep(const struct seal_key *key)
{
    return key->asleep;
}

bool seal_key_wake(struct seal_key *key, const struct seal_key *opened)
{
    if (!key->asleep)
        return sodium_memcmp(key->bytes, opened->bytes, KEY_BYTES) == 0;
    seal_key_write(key);
    memcpy(key->bytes, opened->bytes, KEY_BYTES);
    key->asleep = false;
    seal_key_written(key);
    return true;
}

static void must_be_awake(const struct seal_key *key)
{
    if (key->asleep)
        die("the data key is asleep");
}

/* ── blobs ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Where a blob stands, as the bytes that it is bound to. Table names and ids hold no NUL, so no two places look alike. */
static struct buf place_of(const char *table, const char *id, int64_t version)
{
    struct buf place = {0};
    buf_add(&place, table, strlen(table) + 1);
    buf_add(&place, id, strlen(id) + 1);
    unsigned char number[8];
    for (int i = 0; i < 8; i++)
        number[i] = (unsigned char)((uint64_t)version >> (8 * i));
    buf_add(&place, number, sizeof(number));
    return place;
}

/* Both work in place, on bytes that `out` holds already: a plain copy on the way would be one more thing to wipe. */
void seal_close(const struct seal_key *key, const char *table, const char *id, int64_t version,
                const void *plain, size_t n, struct buf *out)
{
    must_be_awake(key);
    unsigned char nonce[NONCE_BYTES];
    randombytes_buf(nonce, sizeof(nonce));
    buf_add(out, nonce, sizeof(nonce));
    size_t at = out->len;
    buf_add(out, plain, n);
    buf_add(out, (const char[TAG_BYTES]){0}, TAG_BYTES);

    struct buf place = place_of(table, id, version);
    unsigned char *text = (unsigned char *)out->data + at;
    crypto_aead_xchacha20poly1305_ietf_encrypt(text, NULL, text, n, (unsigned char *)place.data, place.len,
                                               NULL, nonce, key->bytes);
    buf_clear(&place);
}

bool seal_open(const struct seal_key *key, const char *table, const char *id, int64_t version,
               const void *sealed, size_t n, struct buf *out)
{
    must_be_awake(key);
    if (!sealed || n < NONCE_BYTES + TAG_BYTES)
        return false;
    const unsigned char *nonce = sealed;
    size_t at = out->len;
    buf_add(out, nonce + NONCE_BYTES, n - NONCE_BYTES);

    struct buf place = place_of(table, id, version);
    unsigned char *text = (unsigned char *)out->data + at;
    unsigned long long plain = 0;
    bool ok = crypto_aead_xchacha20poly1305_ietf_decrypt(text, &plain, NULL, text, n - NONCE_BYTES,
                                                         (unsigned char *)place.data, place.len, nonce,
                                                         key->bytes) == 0;
    out->len = at + (ok ? (size_t)plain : 0);
    out->data[out->len] = '\0';
    buf_clear(&place);
    return ok;
}

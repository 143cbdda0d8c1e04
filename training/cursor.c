/* cursor: opaque places in the feed, a search or a history. A cursor carries its place itself and a seal over it, the officer and
 * what kind it is, so nothing has to be remembered and none of another officer's or another database's is taken.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/inside.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEAL_BYTES 12

static void seal(const struct call *call, const char *place, char out[static 2 * SEAL_BYTES + 1])
{
    const struct central *central = call->central;
    unsigned char mac[32];
    struct buf text = {0};

    buf_format(&text, "%s\n%s", place, call->me->id);
    HMAC(EVP_sha256(), central->cursor_key, sizeof central->cursor_key, (const unsigned char *)text.data,
         text.len, mac, NULL);
    buf_clear(&text);
    for (int i = 0; i < SEAL_BYTES; i++)
        snprintf(out + 2 * i, 3, "%02x", mac[i]);
}

char *cursor_write(struct call *call, struct cursor cursor)
{
    char mac[2 * SEAL_BYTES + 1];
    char *place = arena_format(&call->arena, "%c.%" PRIx64 ".%" PRIx64 ".%" PRIx64, cursor.kind,
                               (uint64_t)cursor.field[0], (uint64_t)cursor.field[1], (uint64_t)cursor.field[2]);

    seal(call, place, mac);
    return arena_format(&call->arena, "%s.%s", place, mac);
}

bool cursor_read(struct call *call, const char *text, struct cursor *out)
{
    const char *dot = strrchr(text, '.');
    char mac[2 * SEAL_BYTES + 1];

    if (!dot || strlen(text) > 200)
        return false;
    char *place = arena_copy_n(&call->arena, text, (size_t)(dot - text));
    seal(call, place, mac);
    if (strlen(dot + 1) != 2 * SEAL_BYTES || CRYPTO_memcmp(dot + 1, mac, 2 * SEAL_BYTES) != 0)
        return false;
    out->kind = place[0];
    char *at = place + 1;
    for (int i = 0; i < CURSOR_FIELDS; i++)
        out->field[i] = (int64_t)strtoull(at + 1, &at, 16);
    return true;
}

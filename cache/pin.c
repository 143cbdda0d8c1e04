/* pin: letters in locked memory. It refuses to show them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/seal_internal.h"

#include "core/text.h"

#include <string.h>

struct pin *pin_new(void)
{
    return seal_locked(sizeof(struct pin));
}

void pin_free(struct pin **pin)
{
    sodium_free(*pin); /* wipes it; NULL is fine */
    *pin = NULL;
}

static size_t letters(const char *text, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static bool is_typed(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < ' ' || c == 0x7F || (c == 0xC2 && (unsigned char)text[i + 1] < 0xA0))
            return false;
    }
    return n > 0;
}

bool pin_add(struct pin *pin, const char *utf8)
{
    struct buf nfc = {0};
    bool ok = text_nfc(utf8, strlen(utf8), &nfc) && is_typed(nfc.data, nfc.len) &&
              pin->len + nfc.len <= PIN_BYTES && pin_letters(pin) + letters(nfc.data, nfc.len) <= PIN_MOST;
    if (ok) {
        memcpy(pin->text + pin->len, nfc.data, nfc.len);
        pin->len += nfc.len;
    }
    buf_wipe(&nfc);
    return ok;
}

void pin_erase(struct pin *pin)
{
    while (pin->len > 0 && ((unsigned char)pin->text[pin->len - 1] & 0xC0) == 0x80)
        pin->text[--pin->len] = '\0';
    if (pin->len > 0)
        pin->text[--pin->len] = '\0';
}

const void *pin_bytes(const struct pin *pin, size_t *n)
{
    *n = pin->len;
    return pin->text;
}

void pin_clear(struct pin *pin)
{
    sodium_memzero(pin, sizeof(*pin));
}

size_t pin_letters(const struct pin *pin)
{
    return letters(pin->text, pin->len);
}

bool pin_same(const struct pin *a, const struct pin *b)
{
    return a->len == b->len && sodium_memcmp(a->text, b->text, sizeof(a->text)) == 0;
}

void pin_copy(struct pin *to, const struct pin *from)
{
    memcpy(to, from, sizeof(*to));
}

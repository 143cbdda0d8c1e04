/* vietqr: see vietqr.h. Fields are an id of two digits, a length of two digits, and so many bytes; some hold fields themselves.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/vietqr.h"

#include <stdlib.h>
#include <string.h>

#define ACCOUNT  "38" /* where the money goes */
#define SCHEME   "00"
#define NAPAS    "A000000727"
#define TO       "01"
#define AMOUNT   "54"
#define MORE     "62"
#define PURPOSE  "08"
#define SUM      "63"
#define SUM_SIZE 4

/* CRC-16/CCITT-FALSE, as EMVCo wants it. */
static unsigned crc16(const char *text, size_t len)
{
    unsigned crc = 0xffff;

    for (size_t i = 0; i < len; i++) {
        crc ^= (unsigned)(unsigned char)text[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xffff;
    }
    return crc;
}

static int two_digits(const char *text)
{
    return text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9'
               ? (text[0] - '0') * 10 + text[1] - '0'
               : -1;
}

/* The field's value, in arena; NULL: it is not there, or the text is not made of fields. */
static const char *field(const char *text, const char *id, struct arena *arena)
{
    size_t len = text ? strlen(text) : 0;

    for (size_t at = 0; at + 4 <= len;) {
        int n = two_digits(text + at + 2);
        if (n < 0 || at + 4 + (size_t)n > len)
            return NULL;
        if (memcmp(text + at, id, 2) == 0)
            return arena_copy_n(arena, text + at + 4, (size_t)n);
        at += 4 + (size_t)n;
    }
    return NULL;
}

static bool sum_is_right(const char *text, struct arena *arena)
{
    const char *sum = field(text, SUM, arena);
    size_t len = strlen(text);

    return sum && strlen(sum) == SUM_SIZE && memcmp(text + len - SUM_SIZE, sum, SUM_SIZE) == 0 &&
           strtoul(sum, NULL, 16) == crc16(text, len - SUM_SIZE);
}

bool vietqr_parse(const char *text, struct arena *arena, struct vietqr *out)
{
    if (!text || !sum_is_right(text, arena))
        return false;
    const char *merchant = field(text, ACCOUNT, arena), *scheme = field(merchant, SCHEME, arena),
               *to = field(merchant, TO, arena), *amount = field(text, AMOUNT, arena),
               *purpose = field(field(text, MORE, arena), PURPOSE, arena);
    *out =
        (struct vietqr){.bank = field(to, "00", arena),
                        .account = field(to, "01", arena),
                        .purpose = purpose ? purpose : "",
                        .amount = amount && strspn(amount, "0123456789") == strlen(amount) ? atoll(amount) : 0};
    return scheme && strcmp(scheme, NAPAS) == 0 && out->bank && *out->bank && out->account && *out->account;
}

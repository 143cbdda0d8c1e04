/* vietqr: the EMVCo text of a transfer, as banks' apps read it from a QR (NAPAS 247 by account). The bank and the account of a
 * scenario are nobody's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/generate.h"

#include <stdio.h>
#include <string.h>

static void field(struct buf *out, const char *id, const char *value)
{
    buf_format(out, "%s%02zu%s", id, strlen(value), value);
}

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

static char *filled(struct arena *arena, const char *form, const char *unit, const char *date, const char *serial)
{
    const char *const holes[][2] = {{"{unit}", unit}, {"{date}", date}, {"{serial}", serial}};
    struct buf out = {0};

    while (*form) {
        size_t i = 0;
        while (i < 3 && strncmp(form, holes[i][0], strlen(holes[i][0])) != 0)
            i++;
        if (i < 3)
            buf_text(&out, holes[i][1]);
        else
            buf_char(&out, *form);
        form += i < 3 ? strlen(holes[i][0]) : 1;
    }
    char *text = arena_copy(arena, out.data ? out.data : "");
    buf_clear(&out);
    return text;
}

char *vietqr_purpose(struct arena *arena, const char *form, const char *unit, const char *code)
{
    const char *last = strrchr(code, '-');
    size_t before = last ? (size_t)(last - code) : 0;

    while (before > 0 && code[before - 1] != '-')
        before--;
    return filled(arena, form, unit,
                  arena_copy_n(arena, code + before, last ? (size_t)(last - code) - before : 0),
                  last ? last + 1 : code);
}

char *vietqr_text(struct arena *arena, const char *bank, const char *account, int64_t amount, const char *purpose)
{
    struct buf to = {0}, merchant = {0}, more = {0}, out = {0};
    char number[24];

    field(&to, "00", bank);
    field(&to, "01", account);
    field(&merchant, "00", "A000000727");
    field(&merchant, "01", to.data);
    field(&merchant, "02", "QRIBFTTA");
    field(&more, "08", purpose);
    snprintf(number, sizeof number, "%lld", (long long)amount);
    field(&out, "00", "01");
    field(&out, "01", "12");
    field(&out, "38", merchant.data);
    field(&out, "53", "704");
    field(&out, "54", number);
    field(&out, "58", "VN");
    field(&out, "62", more.data);
    buf_text(&out, "6304");
    char *text = arena_format(arena, "%s%04X", out.data, crc16(out.data, out.len));
    buf_clear(&to);
    buf_clear(&merchant);
    buf_clear(&more);
    buf_clear(&out);
    return text;
}

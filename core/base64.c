/* base64: RFC 4648, section 4.
 * It refuses line breaks, missing or stray padding, and bits that are not zero after the last byte: one text for one value.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *bytes, size_t n)
{
    if (n > SIZE_MAX / 4 * 3 - 4)
        die("out of memory");
    const unsigned char *in = bytes;
    char *text = mem_alloc((n + 2) / 3 * 4 + 1), *out = text;
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t group =
            (uint32_t)in[i] << 16 | (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) | (left > 2 ? in[i + 2] : 0);
        *out++ = alphabet[group >> 18];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = left > 1 ? alphabet[group >> 6 & 63] : '=';
        *out++ = left > 2 ? alphabet[group & 63] : '=';
    }
    return text;
}

static int digit(char c)
{
    const char *at = c != '\0' ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

/* Four letters → 1 to 3 bytes, or 0. Only the last group may be padded. */
static size_t decode_group(const char in[4], bool last, unsigned char out[3])
{
    size_t letters = last && in[3] == '=' ? (in[2] == '=' ? 2 : 3) : 4;
    uint32_t group = 0;
    for (size_t i = 0; i < 4; i++) {
        int value = i < letters ? digit(in[i]) : 0;
        if (value < 0)
            return 0;
        group = group << 6 | (uint32_t)value;
    }
    size_t n = letters - 1;
    if (group & (0xFFFFFFu >> (8 * n)))
        return 0;
    out[0] = (unsigned char)(group >> 16);
    out[1] = (unsigned char)(group >> 8);
    out[2] = (unsigned char)group;
    return n;
}

bool base64_decode(const char *text, struct buf *out)
{
    size_t len = strlen(text), before = out->len;
    if (len % 4 != 0)
        return false;
    buf_add(out, "", 0);
    for (size_t i = 0; i < len; i += 4) {
        unsigned char bytes[3];
        size_t n = decode_group(text + i, i + 4 == len, bytes);
        if (n == 0) {
            out->len = before;
            out->data[before] = '\0';
            return false;
        }
        buf_add(out, bytes, n);
    }
    return true;
}

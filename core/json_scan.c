/* json_scan: JSON's grammar, byte by byte, and eight at a time inside strings.
 * It refuses to build anything: it says how far a value goes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json_scan.h"

#include "core/codec.h"
#include "core/i18n.h"

#include <endian.h>
#include <string.h>

static bool broken(struct scan *s)
{
    s->why = N_("this is not JSON");
    return false;
}

static void skip_space(struct scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t'))
        s->at++;
}

static bool take(struct scan *s, unsigned char c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

unsigned char scan_peek(struct scan *s)
{
    skip_space(s);
    return s->at < s->end ? *s->at : 0;
}

bool scan_end(struct scan *s)
{
    skip_space(s);
    return s->at == s->end || broken(s);
}

struct scan scan_over(const char *bytes, size_t len)
{
    const unsigned char *at = (const unsigned char *)bytes;
    return (struct scan){.at = at, .end = at + len};
}

/* --- strings -------------------------------------------------------------------------------------------------------- */

#define ONES (UINT64_MAX / 255)

/* The bytes that end a plain run: quotes, backslashes, those below 0x20 and above 0x7F have their top bit set. A subtraction
 * that borrows may mark a byte too many, but only above one that is rightly marked: the lowest mark is always right. */
static uint64_t specials(uint64_t x)
{
    uint64_t quote = x ^ (ONES * '"'), backslash = x ^ (ONES * '\\');
    return (x | (x - ONES * 0x20) | (quote - ONES) | (backslash - ONES)) & (ONES * 0x80);
}

static void skip_plain(struct scan *s)
{
    uint64_t eight;
    while (s->end - s->at >= (ptrdiff_t)sizeof(eight)) {
        memcpy(&eight, s->at, sizeof(eight));
        uint64_t marks = specials(le64toh(eight)); /* the first byte lowest */
        if (marks) {
            s->at += __builtin_ctzll(marks) / 8;
            return;
        }
        s->at += sizeof(eight);
    }
    while (s->at < s->end && *s->at >= 0x20 && *s->at < 0x80 && *s->at != '"' && *s->at != '\\')
        s->at++;
}

/* One character of more than one byte, as RFC 3629 has them: nothing overlong, no surrogates, nothing above U+10FFFF. */
static bool skip_multibyte(struct scan *s)
{
    const unsigned char *p = s->at;
    size_t left = (size_t)(s->end - p), n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || left < n)
        return broken(s);
    unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high || (n > 2 && (p[2] & 0xC0) != 0x80) || (n > 3 && (p[3] & 0xC0) != 0x80))
        return broken(s);
    s->at += n;
    return true;
}

static int hex_digit(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool skip_escape(struct scan *s)
{
    s->at++;
    if (s->at == s->end || *s->at == '\0' || !strchr("\"\\/bfnrtu", *s->at))
        return broken(s);
    if (*s->at++ != 'u')
        return true;
    for (int i = 0; i < 4; i++, s->at++)
        if (s->at == s->end || hex_digit(*s->at) < 0)
            return broken(s);
    return true;
}

bool scan_string(struct scan *s, struct quoted *out)
{
    skip_space(s);
    if (!take(s, '"'))
        return broken(s);
    const unsigned char *begin = s->at;
    out->escaped = false;
    for (;;) {
        skip_plain(s);
        if (s->at == s->end || *s->at < 0x20)
            return broken(s);
        if (*s->at == '"')
            break;
        if (*s->at == '\\') {
            out->escaped = true;
            if (!skip_escape(s))
                return false;
        } else if (!skip_multibyte(s)) {
            return false;
        }
    }
    out->span = (struct json_span){.at = (const char *)begin, .len = (size_t)(s->at - begin)};
    s->at++;
    return true;
}

/* The four hex digits at `p` of a string that scan_string() has taken. */
static uint32_t hex_four(const char *p)
{
    uint32_t code = 0;
    for (int i = 0; i < 4; i++)
        code = code << 4 | (uint32_t)hex_digit((unsigned char)p[i]);
    return code;
}

static char *put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        *out++ = (char)code;
        return out;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    *out++ = (char)(leads[more] | code >> (6 * more));
    for (int i = more - 1; i >= 0; i--)
        *out++ = (char)(0x80 | (code >> (6 * i) & 0x3F));
    return out;
}

/* \uXXXX at p[-2]; moves `*p` over it, and over its second half. 0: a NUL or half a surrogate, which no text may have. */
static uint32_t take_code(const char **p, const char *end)
{
    uint32_t code = hex_four(*p);
    *p += 4;
    if (code < 0xD800 || code > 0xDFFF)
        return code;
    if (code > 0xDBFF || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
        return 0;
    uint32_t low = hex_four(*p + 2);
    *p += 6;
    return low >= 0xDC00 && low <= 0xDFFF ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0;
}

/* In place: an escape is never shorter than what it means. */
char *scan_text(const struct quoted *q, struct arena *arena)
{
    static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
    char *text = arena_copy_n(arena, q->span.at, q->span.len), *out = text;
    if (!q->escaped)
        return text;
    const char *end = q->span.at + q->span.len;
    for (const char *p = q->span.at; p < end;) {
        if (*p != '\\') {
            *out++ = *p++;
            continue;
        }
        char c = p[1];
        p += 2;
        if (c == 'u') {
            uint32_t code = take_code(&p, end);
            if (code == 0)
                return NULL;
            out = put_utf8(out, code);
        } else {
            const char *letter = strchr(letters, c);
            *out++ = letter ? meant[letter - letters] : c;
        }
    }
    *out = '\0';
    return text;
}

/* --- values --------------------------------------------------------------------------------------------------------- */

static bool skip_digits(struct scan *s)
{
    const unsigned char *begin = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
        s->at++;
    return s->at > begin || broken(s);
}

static bool skip_number(struct scan *s)
{
    take(s, '-');
    if (!take(s, '0') && !skip_digits(s))
        return false;
    if (take(s, '.') && !skip_digits(s))
        return false;
    if (!take(s, 'e') && !take(s, 'E'))
        return true;
    if (!take(s, '+'))
        take(s, '-');
    return skip_digits(s);
}

static bool skip_word(struct scan *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->at) < n || memcmp(s->at, word, n) != 0)
        return broken(s);
    s->at += n;
    return true;
}

static bool enter(struct scan *s, unsigned char bracket)
{
    skip_space(s);
    if (!take(s, bracket))
        return broken(s);
    if (++s->depth <= CODEC_MAX_DEPTH)
        return true;
    s->why = N_("it has too many levels");
    return false;
}

static bool leave(struct scan *s, unsigned char bracket)
{
    s->depth--;
    return take(s, bracket) || broken(s);
}

bool scan_object(struct scan *s, scan_member *each, void *context)
{
    if (!enter(s, '{'))
        return false;
    bool more = scan_peek(s) != '}';
    while (more) {
        struct quoted key;
        if (!scan_string(s, &key))
            return false;
        skip_space(s);
        if (!take(s, ':'))
            return broken(s);
        if (!each(s, &key, context))
            return false;
        skip_space(s);
        more = take(s, ',');
    }
    return leave(s, '}');
}

bool scan_array(struct scan *s, scan_item *each, void *context)
{
    if (!enter(s, '['))
        return false;
    bool more = scan_peek(s) != ']';
    while (more) {
        if (!each(s, context))
            return false;
        skip_space(s);
        more = take(s, ',');
    }
    return leave(s, ']');
}

static bool skip_member(struct scan *s, const struct quoted *key, void *context)
{
    return scan_value(s);
}

static bool skip_item(struct scan *s, void *context)
{
    return scan_value(s);
}

bool scan_value(struct scan *s)
{
    struct quoted text;
    switch (scan_peek(s)) {
    case '{':
        return scan_object(s, skip_member, NULL);
    case '[':
        return scan_array(s, skip_item, NULL);
    case '"':
        return scan_string(s, &text);
    case 't':
        return skip_word(s, "true");
    case 'f':
        return skip_word(s, "false");
    case 'n':
        return skip_word(s, "null");
    default:
        return skip_number(s);
    }
}

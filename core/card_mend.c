/* card_mend: what keyboards, code pages and web forms do to Vietnamese letters on their way from a scanner, undone. Each step takes only
 * what cannot be meant otherwise and leaves the rest alone; whether the rest is in doubt is card_doubt.c's to say.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/card_inside.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define ROUNDS 4 /* damage upon damage: an entity of a percent escape of mojibake … */

/* ── letters ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

size_t card_point(const char *text, size_t n, int32_t *cp)
{
    if (n == 0)
        return 0;
    utf8proc_ssize_t used = utf8proc_iterate((const unsigned char *)text, (utf8proc_ssize_t)n, cp);
    if (used > 0)
        return (size_t)used;
    *cp = 0xfffd;
    return 1;
}

bool card_is_digit(int32_t cp)
{
    return cp >= '0' && cp <= '9';
}

bool card_is_letter(int32_t cp)
{
    utf8proc_category_t kind = utf8proc_category(cp);
    return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

bool card_is_vietnamese(int32_t cp)
{
    static const char latin1[] = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư";
    char one[5] = "";

    if (cp >= 0x1ea0 && cp <= 0x1ef9)
        return true;
    if (cp < 0xc0 || cp > 0x1b0)
        return false;
    utf8proc_encode_char(cp, (unsigned char *)one);
    return strstr(latin1, one) != NULL;
}

/* A tone or a roof that makes one of our letters of another. */
static bool is_our_mark(int32_t cp)
{
    return cp == 0x300 || cp == 0x301 || cp == 0x302 || cp == 0x303 || cp == 0x306 || cp == 0x309 ||
           cp == 0x31b || cp == 0x323;
}

/* What a card can have of what is not ASCII. */
static bool is_ours(int32_t cp)
{
    return card_is_vietnamese(cp) || is_our_mark(cp) || cp == 0x2013 || cp == 0x2018 || cp == 0x2019 ||
           cp == 0x201c || cp == 0x201d;
}

static void add_point(struct buf *out, int32_t cp)
{
    unsigned char bytes[4];
    buf_add(out, bytes, (size_t)utf8proc_encode_char(cp, bytes));
}

static bool all_ours(const struct buf *text)
{
    int32_t cp;
    for (size_t i = 0, used; (used = card_point(text->data + i, text->len - i, &cp)) > 0; i += used)
        if (!is_ours(cp))
            return false;
    return text->len > 0;
}

static bool is_utf8(const struct buf *text)
{
    int32_t cp;
    for (size_t i = 0, used; (used = card_point(text->data + i, text->len - i, &cp)) > 0; i += used)
        if (cp == 0xfffd || cp < ' ' || cp == 0x7f)
            return false;
    return text->len > 0;
}

/* What a step makes of the text at `at`: how much of it, appended to `out`; 0: nothing it knows. `begin`: where the text begins. */
typedef size_t step(const char *begin, const char *at, const char *end, struct buf *out);

/* ── percent escapes ───────────────────────────────────────────────────────────────────────────────────────────────── */

static int hex_digit(char c)
{
    const char *all = "0123456789abcdef0123456789ABCDEF";
    const char *found = c ? strchr(all, c) : NULL;
    return found ? (int)((found - all) % 16) : -1;
}

static int hex_byte(const char *at, const char *end)
{
    int high = end - at >= 2 ? hex_digit(at[0]) : -1;
    int low = high >= 0 ? hex_digit(at[1]) : -1;
    return low < 0 ? -1 : high * 16 + low;
}

/* A run of them, whose bytes are UTF-8. */
static size_t step_percent(const char *begin, const char *at, const char *end, struct buf *out)
{
    struct buf bytes = {0};
    const char *next = at;
    int byte;

    (void)begin;
    while (next < end && *next == '%' && (byte = hex_byte(next + 1, end)) >= 0) {
        buf_char(&bytes, (char)byte);
        next += 3;
    }
    bool good = is_utf8(&bytes);
    if (good)
        buf_add(out, bytes.data, bytes.len);
    buf_wipe(&bytes);
    return good ? (size_t)(next - at) : 0;
}

/* ── entities ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Those of ASCII and of our letters; the others of U+00A0 to U+00FF, for what mojibake looks like on a web page. */
static const struct {
    const char *name;
    int32_t cp;
} entities[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
    {"verbar", '|'},   {"vert", '|'},     {"nbsp", 0xa0},    {"iexcl", 0xa1},   {"cent", 0xa2},
    {"pound", 0xa3},   {"curren", 0xa4},  {"yen", 0xa5},     {"brvbar", 0xa6},  {"sect", 0xa7},
    {"uml", 0xa8},     {"copy", 0xa9},    {"ordf", 0xaa},    {"laquo", 0xab},   {"not", 0xac},
    {"shy", 0xad},     {"reg", 0xae},     {"macr", 0xaf},    {"deg", 0xb0},     {"plusmn", 0xb1},
    {"sup2", 0xb2},    {"sup3", 0xb3},    {"acute", 0xb4},   {"micro", 0xb5},   {"para", 0xb6},
    {"middot", 0xb7},  {"cedil", 0xb8},   {"sup1", 0xb9},    {"ordm", 0xba},    {"raquo", 0xbb},
    {"frac14", 0xbc},  {"frac12", 0xbd},  {"frac34", 0xbe},  {"iquest", 0xbf},  {"Agrave", 0xc0},
    {"Aacute", 0xc1},  {"Acirc", 0xc2},   {"Atilde", 0xc3},  {"Auml", 0xc4},    {"Aring", 0xc5},
    {"AElig", 0xc6},   {"Egrave", 0xc8},  {"Eacute", 0xc9},  {"Ecirc", 0xca},   {"Igrave", 0xcc},
    {"Iacute", 0xcd},  {"ETH", 0xd0},     {"Ograve", 0xd2},  {"Oacute", 0xd3},  {"Ocirc", 0xd4},
    {"Otilde", 0xd5},  {"Ugrave", 0xd9},  {"Uacute", 0xda},  {"Yacute", 0xdd},  {"agrave", 0xe0},
    {"aacute", 0xe1},  {"acirc", 0xe2},   {"atilde", 0xe3},  {"egrave", 0xe8},  {"eacute", 0xe9},
    {"ecirc", 0xea},   {"igrave", 0xec},  {"iacute", 0xed},  {"eth", 0xf0},     {"ograve", 0xf2},
    {"oacute", 0xf3},  {"ocirc", 0xf4},   {"otilde", 0xf5},  {"ugrave", 0xf9},  {"uacute", 0xfa},
    {"yacute", 0xfd},  {"Abreve", 0x102}, {"abreve", 0x103}, {"Dstrok", 0x110}, {"dstrok", 0x111},
    {"Itilde", 0x128}, {"itilde", 0x129}, {"Utilde", 0x168}, {"utilde", 0x169},
};

static int32_t entity_number(const char *name, size_t n)
{
    char digits[8], *end;
    bool hex = n > 1 && (name[1] == 'x' || name[1] == 'X');
    size_t skip = hex ? 2 : 1;

    if (n <= skip || n - skip >= sizeof digits)
        return -1;
    memcpy(digits, name + skip, n - skip);
    digits[n - skip] = '\0';
    if (strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789") != n - skip)
        return -1;
    long cp = strtol(digits, &end, hex ? 16 : 10);
    return cp >= ' ' && cp != 0x7f && utf8proc_codepoint_valid((int32_t)cp) ? (int32_t)cp : -1;
}

static int32_t entity_named(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strncmp(entities[i].name, name, n) == 0 && entities[i].name[n] == '\0')
            return entities[i].cp;
    return -1;
}

static size_t step_entity(const char *begin, const char *at, const char *end, struct buf *out)
{
    (void)begin;
    if (*at != '&')
        return 0;
    const char *stop = memchr(at, ';', (size_t)(end - at) < 12 ? (size_t)(end - at) : 12);
    if (!stop || stop == at + 1)
        return 0;
    size_t n = (size_t)(stop - at) - 1;
    int32_t cp = at[1] == '#' ? entity_number(at + 1, n) : entity_named(at + 1, n);
    if (cp < 0)
        return 0;
    add_point(out, cp);
    return n + 2;
}

/* ── bytes as 4 digits ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* A scanner that types Alt+0225 where nobody listens to Alt. A run of such groups whose bytes are our letters; digits that only look like it
 * do not: they begin with 0, stand in groups of 4, and each is a byte over 127. */
static size_t step_digits(const char *begin, const char *at, const char *end, struct buf *out)
{
    struct buf bytes = {0};
    const char *next = at;

    if (!card_is_digit(*at) || (at > begin && card_is_digit(at[-1])))
        return 0;
    for (; next < end && card_is_digit(*next); next += 4) {
        size_t group = 0;
        while (group < 4 && next + group < end && card_is_digit(next[group]))
            group++;
        int byte = group < 4 ? 0
                             : (next[0] - '0') * 1000 + (next[1] - '0') * 100 + (next[2] - '0') * 10 +
                                   (next[3] - '0');
        if (byte < 128 || byte > 255) {
            buf_wipe(&bytes);
            return 0;
        }
        buf_char(&bytes, (char)byte);
    }
    bool good = all_ours(&bytes);
    if (good)
        buf_add(out, bytes.data, bytes.len);
    buf_wipe(&bytes);
    return good ? (size_t)(next - at) : 0;
}

/* ── mojibake ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The byte that code page 1252 (or 1258, whose only other character in question is Ă; or Latin-1, with controls) shows as `cp`; -1: none. */
static int byte_of(int32_t cp)
{
    static const uint16_t high[32] = {
        0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
        0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
    };
    if (cp >= 0x80 && cp <= 0xff)
        return cp;
    if (cp == 0x102)
        return 0xc3;
    for (int i = 0; i < 32; i++)
        if (high[i] == cp)
            return 0x80 + i;
    return -1;
}

static bool bytes_of(const struct buf *text, struct buf *out)
{
    int32_t cp;
    for (size_t i = 0, used; (used = card_point(text->data + i, text->len - i, &cp)) > 0; i += used) {
        int byte = byte_of(cp);
        if (byte < 0)
            return false;
        buf_char(out, (char)byte);
    }
    return true;
}

/* How many bytes of what is not ASCII stand there in a row. */
static size_t foreign_run(const char *at, const char *end)
{
    size_t n = 0;
    while (at + n < end && (unsigned char)at[n] >= 0x80)
        n++;
    return n;
}

#define A_TILDE_SPACE "\xc3\x83\xc2\xa0" /* "Ã" and a hard space */

/* UTF-8 that was read as a code page, once or up to three times. A_TILDE_SPACE may be "à", or the end of a word in capitals. */
static size_t step_mojibake(const char *begin, const char *at, const char *end, struct buf *out)
{
    size_t n = at > begin && (unsigned char)at[-1] >= 0x80 ? 0 : foreign_run(at, end);
    struct buf text = {0}, bytes = {0};
    bool good = false;

    if (n == 0 || (n == 4 && memcmp(at, A_TILDE_SPACE, 4) == 0))
        return 0;
    buf_add(&text, at, n);
    for (int round = 0; !good && round < 3 && bytes_of(&text, &bytes) && is_utf8(&bytes); round++) {
        struct buf next = bytes;
        good = all_ours(&bytes);
        bytes = text;
        bytes.len = 0;
        text = next;
    }
    if (good)
        buf_add(out, text.data, text.len);
    buf_wipe(&text);
    buf_wipe(&bytes);
    return good ? n : 0;
}

/* Where all else was mojibake, no Ã can be meant. */
static size_t step_a_grave(const char *begin, const char *at, const char *end, struct buf *out)
{
    (void)begin;
    if (end - at < 4 || memcmp(at, A_TILDE_SPACE, 4) != 0)
        return 0;
    buf_text(out, "à");
    return 4;
}

/* ── all of it ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* An Icelandic Eth is what some code pages make of our Đ. */
static size_t step_eth(const char *begin, const char *at, const char *end, struct buf *out)
{
    (void)begin;
    if (end - at < 2 || (memcmp(at, "Ð", 2) != 0 && memcmp(at, "ð", 2) != 0))
        return 0;
    buf_text(out, memcmp(at, "Ð", 2) == 0 ? "Đ" : "đ");
    return 2;
}

/* One round of these steps over all of `text`; true: something was mended. */
static bool mend_round(struct buf *text, step *const *steps, size_t n_steps)
{
    struct buf out = {0};
    const char *begin = text->data, *end = text->data + text->len;
    bool mended = false;

    for (const char *at = begin; at < end;) {
        size_t used = 0;
        for (size_t i = 0; used == 0 && i < n_steps; i++)
            used = steps[i](begin, at, end, &out);
        if (used > 0) {
            mended = true;
            at += used;
            continue;
        }
        buf_char(&out, *at++);
    }
    buf_wipe(text);
    *text = out;
    return mended;
}

/* Every kind of space is one plain one; the ends have none. */
static void squeeze(struct buf *text)
{
    struct buf out = {0};
    int32_t cp;

    for (size_t i = 0, used; (used = card_point(text->data + i, text->len - i, &cp)) > 0; i += used) {
        bool space = cp <= ' ' || utf8proc_category(cp) == UTF8PROC_CATEGORY_ZS;
        if (space && (out.len == 0 || out.data[out.len - 1] == ' '))
            continue;
        add_point(&out, space ? ' ' : cp);
    }
    while (out.len > 0 && out.data[out.len - 1] == ' ')
        out.data[--out.len] = '\0';
    buf_wipe(text);
    *text = out;
}

char *card_mend(const char *raw, size_t n, struct arena *arena)
{
    static step *const coded[] = {step_percent, step_entity, step_digits};
    static step *const shown[] = {step_mojibake}, *const hidden[] = {step_a_grave};
    static step *const alike[] = {step_eth};
    struct buf text = {0}, nfc = {0};

    buf_add(&text, raw, n);
    for (int i = 0; text.len > 0 && i < ROUNDS; i++) {
        bool mended = mend_round(&text, coded, sizeof coded / sizeof *coded);
        if (mend_round(&text, shown, 1))
            mend_round(&text, hidden, 1);
        else if (!mended)
            break;
    }
    if (text.len > 0)
        mend_round(&text, alike, 1);
    squeeze(&text);
    if (text.len > 0)
        text_nfc(text.data, text.len, &nfc); /* UTF-8: squeeze() made it so */
    char *out = arena_copy_n(arena, nfc.data ? nfc.data : "", nfc.len);
    buf_wipe(&text);
    buf_wipe(&nfc);
    return out;
}

static size_t step_ascii(const char *begin, const char *at, const char *end, struct buf *out)
{
    struct buf one = {0};
    int byte = *at == '%' ? hex_byte(at + 1, end) : -1;
    size_t used = byte >= ' ' && byte < 0x7f ? 3 : 0;

    if (used)
        buf_char(&one, (char)byte);
    else
        used = step_entity(begin, at, end, &one);
    bool ascii = one.len == 1;
    if (ascii)
        buf_add(out, one.data, 1);
    buf_wipe(&one);
    return ascii ? used : 0;
}

char *card_mend_ascii(const char *raw, size_t n, struct arena *arena)
{
    static step *const steps[] = {step_ascii};
    struct buf text = {0};

    buf_add(&text, raw, n);
    if (text.len > 0)
        mend_round(&text, steps, 1);
    char *out = arena_copy_n(arena, text.data ? text.data : "", text.len);
    buf_wipe(&text);
    return out;
}

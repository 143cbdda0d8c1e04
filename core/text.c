/* text: the gate between data and whatever shows it, NFC, letters and their widths.
 * It refuses to let anything through that a terminal would obey, that cannot be seen, or that is not UTF-8.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum kind { KIND_LETTER, KIND_MARK, KIND_SPACE, KIND_BREAK, KIND_UNSAFE };

#define MARKS_KEPT 2

/* Code points that grow. */
struct points {
    int32_t *at;
    size_t n, cap;
};

static int32_t *points_room(struct points *p, size_t more)
{
    if (p->n + more > p->cap) {
        p->cap = (p->n + more) * 2;
        p->at = mem_grow(p->at, p->cap, sizeof *p->at);
    }
    return p->at + p->n;
}

static void points_clear(struct points *p)
{
    if (p->at)
        mem_wipe(p->at, p->cap * sizeof *p->at); /* it may have been a person's name */
    free(p->at);
    *p = (struct points){0};
}

static size_t next_point(const char *text, size_t len, int32_t *cp)
{
    const unsigned char *bytes = (const unsigned char *)text;

    if (len && bytes[0] < 0x80) {
        *cp = bytes[0];
        return 1;
    }
    utf8proc_ssize_t n = utf8proc_iterate(bytes, (utf8proc_ssize_t)len, cp);
    return n > 0 ? (size_t)n : 0;
}

/* Shows as itself in one column, composes with nothing before it: ASCII, the Latin letters, dashes, quotes, `…`. Nearly
 * all that a commune writes, so that it needs no more than this. */
static bool is_ours(int32_t cp)
{
    return (cp >= 0x20 && cp < 0x7f) || (cp > 0xa0 && cp < 0x300 && cp != 0xad) ||
           (cp >= 0x1e00 && cp < 0x1f00) || (cp >= 0x2010 && cp < 0x2028);
}

static bool all_ours(const char *text, size_t len)
{
    int32_t cp;

    for (size_t i = 0, n; i < len; i += n) {
        n = next_point(text + i, len - i, &cp);
        if (n == 0 || !is_ours(cp))
            return false;
    }
    return true;
}

static enum kind kind_of(int32_t cp)
{
    if (is_ours(cp))
        return cp == ' ' ? KIND_SPACE : KIND_LETTER;
    const utf8proc_property_t *property = utf8proc_get_property(cp);
    switch (property->category) {
    case UTF8PROC_CATEGORY_CC:
        return cp == '\t' ? KIND_SPACE : cp == '\n' || cp == '\r' ? KIND_BREAK : KIND_UNSAFE;
    case UTF8PROC_CATEGORY_ZS:
        return KIND_SPACE;
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return KIND_BREAK;
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
        return KIND_UNSAFE;
    default:
        if (property->ignorable) /* variation selectors, Hangul fillers and the like, of any category */
            return KIND_UNSAFE;
        if (property->charwidth == 0)
            return KIND_MARK;
        /* Four rare marks take columns, so they are no letter's and cannot stand alone. */
        return property->combining_class ? KIND_UNSAFE : KIND_LETTER;
    }
}

/* --- NFC ------------------------------------------------------------------------------------------------------- */

static void add_decomposed(struct points *p, int32_t cp)
{
    int32_t *room = points_room(p, 8); /* the longest canonical decomposition is 4 */

    if (cp < 0xc0) {
        *room = cp;
        p->n++;
        return;
    }
    utf8proc_ssize_t n = utf8proc_decompose_char(cp, room, 8, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, NULL);
    if (n > 0)
        p->n += (size_t)n;
}

static unsigned char class_of(int32_t cp)
{
    return cp < 0x300 ? 0 : (unsigned char)utf8proc_get_property(cp)->combining_class;
}

/* Counting sort, stable: utf8proc's own is quadratic, and a megabyte of marks would hold the program for minutes. */
static void sort_marks(int32_t *marks, size_t n)
{
    size_t ends[257] = {0};
    int32_t *sorted = mem_grow(NULL, n, sizeof *sorted);

    for (size_t i = 0; i < n; i++)
        ends[class_of(marks[i]) + 1]++;
    for (size_t c = 1; c < 257; c++)
        ends[c] += ends[c - 1];
    for (size_t i = 0; i < n; i++)
        sorted[ends[class_of(marks[i])]++] = marks[i];
    memcpy(marks, sorted, n * sizeof *marks);
    free(sorted);
}

static void compose(struct points *p)
{
    for (size_t i = 0; i < p->n; i++) {
        size_t start = i;
        bool sorted = true;
        for (; i < p->n && class_of(p->at[i]) != 0; i++)
            sorted &= i == start || class_of(p->at[i - 1]) <= class_of(p->at[i]);
        if (!sorted)
            sort_marks(p->at + start, i - start);
    }
    utf8proc_ssize_t n =
        utf8proc_normalize_utf32(p->at, (utf8proc_ssize_t)p->n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    if (n >= 0)
        p->n = (size_t)n;
}

static void add_point(struct buf *out, int32_t cp)
{
    unsigned char bytes[4];

    buf_add(out, bytes, (size_t)utf8proc_encode_char(cp, bytes));
}

bool text_nfc(const char *data, size_t len, struct buf *out)
{
    struct points p = {0};
    bool ok = true;
    int32_t cp;

    if (all_ours(data, len)) {
        buf_add(out, data, len);
        return true;
    }
    for (size_t i = 0, n; i < len && ok; i += n) {
        n = next_point(data + i, len - i, &cp);
        ok = n > 0;
        if (ok)
            add_decomposed(&p, cp);
    }
    if (ok) {
        compose(&p);
        for (size_t i = 0; i < p.n; i++)
            add_point(out, p.at[i]);
    }
    points_clear(&p);
    return ok;
}

/* --- the gate -------------------------------------------------------------------------------------------------- */

static void add_visible(struct points *p, int32_t code)
{
    int32_t *at = points_room(p, 8);
    int digits = 2;
    size_t n = 0;

    while (code >> (4 * digits))
        digits++;
    at[n++] = 0x2039; /* ‹ */
    while (digits-- > 0)
        at[n++] = (unsigned char)"0123456789ABCDEF"[(code >> (4 * digits)) & 15];
    at[n++] = 0x203a; /* › */
    p->n += n;
}

/* Data → decomposed points that are safe to show, in `p`. */
static bool clean(const char *data, size_t len, enum text_flags flags, struct points *p)
{
    bool replaced = false, base = false;

    for (size_t i = 0, n; i < len; i += n) {
        int32_t cp;
        n = next_point(data + i, len - i, &cp);
        if (n == 0) {
            cp = (unsigned char)data[i];
            n = 1;
            add_visible(p, cp);
            replaced = true;
            base = false;
            continue;
        }
        enum kind kind = kind_of(cp);
        if (kind == KIND_BREAK && cp == '\r' && i + 1 < len && data[i + 1] == '\n')
            n = 2;
        if (kind == KIND_UNSAFE || (kind == KIND_MARK && !base)) {
            add_visible(p, cp);
            replaced = true;
        } else if (kind == KIND_LETTER || kind == KIND_MARK) {
            add_decomposed(p, cp);
        } else {
            *points_room(p, 1) = kind == KIND_BREAK && (flags & TEXT_LINES) ? '\n' : ' ';
            p->n++;
        }
        base = kind == KIND_LETTER || (kind == KIND_MARK && base);
    }
    return replaced;
}

bool text_display(const char *data, size_t len, enum text_flags flags, struct buf *out)
{
    struct points p = {0};
    int marks = 0;

    if (all_ours(data, len)) {
        buf_add(out, data, len);
        return false;
    }
    bool replaced = clean(data, len, flags, &p);
    compose(&p);
    for (size_t i = 0; i < p.n; i++) {
        marks = kind_of(p.at[i]) == KIND_MARK ? marks + 1 : 0;
        if (marks <= MARKS_KEPT)
            add_point(out, p.at[i]);
        else
            replaced = true;
    }
    points_clear(&p);
    return replaced;
}

char *text_shown(struct arena *arena, const char *data)
{
    struct buf out = {0};
    size_t len = data ? strlen(data) : 0;

    if (all_ours(data ? data : "", len))
        return arena_copy_n(arena, data ? data : "", len);
    text_display(data, len, TEXT_PLAIN, &out);
    char *shown = arena_copy_n(arena, out.data, out.len);
    buf_wipe(&out);
    return shown;
}

/* --- letters and widths ---------------------------------------------------------------------------------------- */

size_t text_letter(const char *text, size_t len)
{
    int32_t cp;
    size_t used = next_point(text, len, &cp);

    if (used == 0)
        return len > 0;
    for (size_t n; used < len; used += n) {
        if ((unsigned char)text[used] < 0x80)
            break;
        n = next_point(text + used, len - used, &cp);
        if (n == 0 || is_ours(cp) || kind_of(cp) != KIND_MARK)
            break;
    }
    return used;
}

int text_width_n(const char *shown, size_t len)
{
    int width = 0;
    int32_t cp;

    for (size_t i = 0, n; i < len; i += n) {
        n = next_point(shown + i, len - i, &cp);
        if (n == 0)
            n = 1, width++; /* what never passed the gate takes some room at least */
        else
            width += is_ours(cp) ? 1 : utf8proc_charwidth(cp);
    }
    return width;
}

int text_width(const char *shown)
{
    return text_width_n(shown, strlen(shown));
}

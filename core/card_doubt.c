/* card_doubt: which words of a name or an address cannot be as they stand, and what may be meant instead. A word too many is marked rather
 * than one too few: a look costs the officer a second, a wrong name the citizen another visit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/card_inside.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

struct span {
    size_t from, to;
};

/* ── what cannot be ────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool bad_in_name(int32_t cp)
{
    if (cp < 0x80)
        return !((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z') && !strchr(" '-.", (int)cp);
    return !card_is_letter(cp) && cp != 0x2018 && cp != 0x2019;
}

static bool bad_in_address(int32_t cp)
{
    if (cp < 0x80)
        return strchr("?%&=<>{}\\^~|`$*!@", (int)cp) != NULL;
    return !card_is_letter(cp) && !(cp >= 0x2013 && cp <= 0x201d) && cp != 0xb0 && cp != 0xb7;
}

/* Letters that no card has, and that mojibake is made of. */
static bool is_stranger(int32_t cp)
{
    static const int32_t high[] = {0x152, 0x153, 0x160, 0x161, 0x178, 0x17d, 0x17e, 0x192};
    for (size_t i = 0; i < sizeof high / sizeof *high; i++)
        if (cp == high[i])
            return true;
    return cp >= 0x80 && cp <= 0xff && cp != 0xd1 && cp != 0xf1 && !card_is_vietnamese(cp);
}

static bool has_small_letters(const char *text)
{
    int32_t cp;
    for (size_t n = strlen(text), used; (used = card_point(text, n, &cp)) > 0; text += used, n -= used)
        if (utf8proc_category(cp) == UTF8PROC_CATEGORY_LL)
            return true;
    return false;
}

static size_t digits_at(const char *at, const char *end, int32_t *value)
{
    size_t n = 0;
    *value = 0;
    for (; at + n < end && card_is_digit(at[n]); n++)
        if (*value < 100000)
            *value = *value * 10 + (at[n] - '0');
    return n;
}

/* Digits in a word of an address that a letter may have become: its number in Unicode, or bytes of which some are lost. House numbers and
 * roads (12A, QL51, 259B) stay what they are. */
static bool digits_are_odd(const char *at, const char *end, bool letter_before)
{
    int32_t value, cp;
    size_t n = digits_at(at, end, &value);
    bool letter_behind = card_point(at + n, (size_t)(end - at) - n, &cp) > 0 && card_is_letter(cp);

    if (letter_before)
        return n >= 4 || (n == 3 && card_is_vietnamese(value));
    return *at == '0' && n >= 4 && (letter_behind || n >= 8);
}

/* The bytes of the word from its first to its last that cannot be; empty: none. */
static struct span damage(const char *word, size_t n, enum card_part part, bool small)
{
    struct span bad = {0, 0};
    bool letter_before = false, in_digits = false;
    int32_t cp;

    for (size_t i = 0, used; (used = card_point(word + i, n - i, &cp)) > 0; i += used) {
        bool wrong = cp == 0xfffd || is_stranger(cp) || (cp == 0xc3 && small) ||
                     (part == CARD_NAME ? bad_in_name(cp) : bad_in_address(cp));
        size_t len = used;
        if (part == CARD_ADDRESS && card_is_digit(cp) && !in_digits) {
            int32_t value;
            wrong = digits_are_odd(word + i, word + n, letter_before);
            len = digits_at(word + i, word + n, &value);
        }
        if (wrong && bad.to == 0)
            bad.from = i;
        if (wrong)
            bad.to = i + len;
        in_digits = card_is_digit(cp);
        letter_before = card_is_letter(cp);
    }
    return bad;
}

/* ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_end(char c)
{
    return c == ',' || c == ';' || c == '.';
}

/* The next word at or behind `at`, without the comma at its end; false: none. */
static bool next_word(const char *text, size_t at, struct span *out)
{
    at += strspn(text + at, " ");
    out->from = at;
    out->to = at + strcspn(text + at, " ");
    while (out->to > out->from + 1 && is_end(text[out->to - 1]))
        out->to--;
    return text[at] != '\0';
}

static size_t behind(const char *text, const struct span *word)
{
    return word->to + strcspn(text + word->to, " ");
}

/* The damaged word and those beside it that no comma parts from it. */
struct place {
    struct span word, bad, before, after; /* bad: within the word; before, after: empty where there is none */
};

static bool find_damage(const char *text, enum card_part part, struct place *out)
{
    bool small = has_small_letters(text);
    struct span word = {0}, last = {0};

    for (size_t at = 0; next_word(text, at, &word); at = behind(text, &word), last = word) {
        struct span bad = damage(text + word.from, word.to - word.from, part, small);
        if (bad.to == 0)
            continue;
        *out = (struct place){.word = word, .bad = bad};
        if (last.to > last.from && behind(text, &last) == last.to)
            out->before = last;
        struct span next;
        if (behind(text, &word) == word.to && next_word(text, word.to, &next))
            out->after = next;
        return true;
    }
    return false;
}

/* ── what may be meant ─────────────────────────────────────────────────────────────────────────────────────────────── */

static bool same_folded(const char *a, size_t n, const char *b, size_t m)
{
    struct buf x = {0}, y = {0};
    text_fold(a, n, &x);
    text_fold(b, m, &y);
    bool same = x.len == y.len && x.len > 0 && memcmp(x.data, y.data, x.len) == 0;
    buf_wipe(&x);
    buf_wipe(&y);
    return same;
}

static void offer(struct card_field *f, struct arena *arena, const struct place *p, const char *instead, size_t n)
{
    const char *text = f->text;
    size_t before = p->word.from - f->from, after = f->from + f->len - p->word.to;
    char *reading = arena_format(arena, "%.*s%.*s%.*s", (int)before, text + f->from, (int)n, instead,
                                 (int)after, text + p->word.to);

    for (size_t i = 0; i < f->n_readings; i++)
        if (strcmp(f->readings[i], reading) == 0)
            return;
    if (f->n_readings < CARD_READINGS)
        f->readings[f->n_readings++] = reading;
}

/* The word with `cp` in the place of what is damaged. ă and â end no syllable. */
static void offer_letter(struct card_field *f, struct arena *arena, const struct place *p, int32_t cp)
{
    char letter[5] = "";
    const char *word = f->text + p->word.from;
    size_t rest = p->word.to - p->word.from - p->bad.to;

    utf8proc_encode_char(cp, (unsigned char *)letter);
    int32_t plain = utf8proc_tolower(cp);
    if (rest == 0 && (plain == 0x103 || plain == 0xe2))
        return;
    char *whole = arena_format(arena, "%.*s%s%.*s", (int)p->bad.from, word, letter, (int)rest, word + p->bad.to);
    offer(f, arena, p, whole, strlen(whole));
}

/* A letter by its number; and what is left of mojibake whose control character was swallowed on the way. */
static void offer_letters(struct card_field *f, struct arena *arena, const struct place *p, bool small)
{
    static const int32_t swallowed[] = {0x1ec1, 0x1ecd, 0x1ecf, 0x1edd, 0x1ed0}; /* E1 BB and 81 8D 8F 9D 90 */
    const char *bad = f->text + p->word.from + p->bad.from;
    size_t n = p->bad.to - p->bad.from;
    int32_t value;

    if (digits_at(bad, bad + n, &value) == n && card_is_vietnamese(value))
        offer_letter(f, arena, p, value);
    if (n == 2 && memcmp(bad, "Ã", 2) == 0)
        offer_letter(f, arena, p, 0xe0); /* à, whose hard space became a plain one */
    if (p->bad.from < 2 || n != 2 || memcmp(bad - 2, "á»", 4) != 0)
        return;
    struct place whole = *p;
    whole.bad.from -= 2;
    for (size_t i = 0; i < sizeof swallowed / sizeof *swallowed; i++)
        if (!small || swallowed[i] != 0x1ed0)
            offer_letter(f, arena, &whole, swallowed[i]);
}

static bool fits(const char *word, size_t n, const struct place *p, const char *text)
{
    const char *from = text + p->word.from;
    size_t head = p->bad.from, tail = p->word.to - p->word.from - p->bad.to;

    return n > head + tail && memcmp(word, from, head) == 0 &&
           memcmp(word + n - tail, from + p->bad.to, tail) == 0;
}

static bool alike(const char *text, const struct span *a, const char *other, const struct span *b)
{
    return same_folded(text + a->from, a->to - a->from, other + b->from, b->to - b->from);
}

/* Words of `known` that have what is left of this one, beside the same neighbours: `wanted` of them. */
static void offer_known(struct card_field *f, struct arena *arena, const struct place *p, const char *known,
                        int wanted)
{
    struct span word, last = {0}, next;

    for (size_t at = 0; next_word(known, at, &word); at = behind(known, &word), last = word) {
        if (!fits(known + word.from, word.to - word.from, p, f->text))
            continue;
        bool after = p->after.to > 0 && next_word(known, behind(known, &word), &next) &&
                     alike(f->text, &p->after, known, &next);
        bool before = p->before.to > 0 && last.to > 0 && alike(f->text, &p->before, known, &last);
        if (before + after == wanted)
            offer(f, arena, p, known + word.from, word.to - word.from);
    }
}

void card_doubt(struct card_field *f, enum card_part part, const struct texts *known, struct arena *arena)
{
    struct place p;

    f->from = f->len = f->n_readings = 0;
    f->unsure = *f->text != '\0' && find_damage(f->text, part, &p);
    if (!f->unsure)
        return;
    f->from = p.before.to > 0 ? p.before.from : p.word.from;
    f->len = (p.after.to > 0 ? p.after.to : p.word.to) - f->from;
    for (int wanted = 2; known && wanted > 0; wanted--)
        for (size_t i = 0; i < known->n; i++)
            offer_known(f, arena, &p, known->items[i], wanted);
    offer_letters(f, arena, &p, has_small_letters(f->text));
}

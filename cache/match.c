/* match: what somebody types to find a dossier, and whether a line of the block has it: every word occurs, folded, letter for letter,
 * one of them at most as initials; of identity numbers the whole or a tail. It refuses operators: a `*` is looked for as a `*`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define TAIL_LEAST       5 /* digits of an identity number's tail */
#define TAIL_LEAST_ALONE 4 /* where the query is digits alone */

/* ── a query ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_space(const char *text, size_t *len)
{
    *len = strncmp(text, "\xc2\xa0", 2) == 0 ? 2 : 1; /* no-break space */
    return *len == 2 || (unsigned char)*text <= ' ';
}

static bool is_digits(const struct buf *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] < '0' || text->data[i] > '9')
            return false;
    return text->len > 0;
}

static void word_clear(struct word *w)
{
    buf_wipe(&w->folded);
    buf_wipe(&w->lower);
}

static void add_word(struct query *q, const char *text, size_t len)
{
    q->words = mem_grow(q->words, q->n + 1, sizeof(*q->words));
    struct word *w = &q->words[q->n];
    *w = (struct word){0};
    text_fold(text, len, &w->folded);
    text_lower(text, len, &w->lower);
    if (w->folded.len == 0) { /* marks without a letter */
        word_clear(w);
        return;
    }
    w->digits = is_digits(&w->folded);
    q->digits_alone = q->digits_alone && w->digits;
    if (w->folded.len > q->words[q->longest].folded.len)
        q->longest = q->n;
    q->n++;
}

void query_parse(const char *text, struct query *q)
{
    const char *word = text;
    size_t space = 1;

    *q = (struct query){.digits_alone = true};
    for (;; text += space) {
        bool ends = is_space(text, &space);
        if (ends && text > word)
            add_word(q, word, (size_t)(text - word));
        if (!*text)
            break;
        if (ends)
            word = text + space;
        else
            space = 1;
    }
}

void query_clear(struct query *q)
{
    for (size_t i = 0; i < q->n; i++)
        word_clear(&q->words[i]);
    free(q->words);
}

/* ── matching ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

enum hit { HIT_NONE, HIT_TEXT, HIT_INITIALS, HIT_NUMBER };

/* memmem() prepares itself for more than a line. */
static const char *find_word(const struct buf *word, const char *line, size_t len)
{
    const char *at = line, *end = line + len;

    while ((size_t)(end - at) >= word->len) {
        at = memchr(at, word->data[0], (size_t)(end - at) - word->len + 1);
        if (!at || memcmp(at, word->data, word->len) == 0)
            return at;
        at++;
    }
    return NULL;
}

/* What it means that a word occurs at `at`, first in a line of `len` bytes. */
static enum hit hit_at(const struct query *q, const struct word *w, const char *line, size_t len, const char *at)
{
    const char *end = line + len, *number;

    if (memchr(at, LINE_INITIALS, (size_t)(end - at)))
        return HIT_TEXT;
    if (memchr(at, LINE_NUMBER, (size_t)(end - at)))
        return HIT_INITIALS;
    number = memchr(line, LINE_NUMBER, len);
    size_t digits = (size_t)(end - 1 - ++number);
    size_t least = q->digits_alone ? TAIL_LEAST_ALONE : TAIL_LEAST;
    bool whole = w->folded.len == digits, tail = w->digits && w->folded.len >= least;
    return (whole || tail) && memcmp(number + digits - w->folded.len, w->folded.data, w->folded.len) == 0
               ? HIT_NUMBER
               : HIT_NONE;
}

bool query_matches(const struct query *q, const char *line, size_t len, const char *longest)
{
    int initials = 0;

    for (size_t i = 0; i < q->n; i++) {
        const struct word *w = &q->words[i];
        const char *at = i == q->longest ? longest : find_word(&w->folded, line, len);
        enum hit hit = at ? hit_at(q, w, line, len, at) : HIT_NONE;
        if (hit == HIT_NONE || (hit == HIT_INITIALS && ++initials > 1))
            return false;
    }
    return true;
}

bool query_is_exact(const struct query *q, const struct block *b, const struct line *line)
{
    struct json_span name = block_name(b, line);
    const char *folded = b->text.at + line->at;
    size_t folded_len = (size_t)((const char *)rawmemchr(folded, LINE_FIELD) - folded);

    for (size_t i = 0; i < q->n; i++) {
        const struct word *w = &q->words[i];
        if (find_word(&w->folded, folded, folded_len) && !find_word(&w->lower, name.at, name.len))
            return false;
    }
    return true;
}

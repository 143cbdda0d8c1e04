/* search: fills the block, marks in it what a query finds, and ranks it: exact tones first, then the newest submitted.
 * It refuses to touch the disk for what is not shown: only the rows that are given back are opened.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define CATCH_UP_ROWS 512 /* some 3 ms: what a page or two of the feed leave behind */

/* ── filling ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Takes some rows in; their number, 0: none is left, -1: they cannot be read. */
static int take_rows(struct cache *c)
{
    struct block *b = &c->block;
    struct arena arena = {0};
    sqlite3_stmt *st = sql_get(&c->reader, ST_ROWS_FROM);
    int rows = 0, rc;

    sql_number(st, 1, b->filled);
    while ((rc = sql_step(st)) == SQLITE_ROW) {
        struct dossier_row row;
        struct row facts;
        if (!row_read(c, st, &arena, &row, &facts)) {
            cache_corrupt(c, NULL);
            break;
        }
        block_add(b, facts.n, facts.submitted, &row.d);
        b->filled = facts.n;
        rows++;
        arena_reset(&arena);
    }
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        sqlite3_reset(st);
    else
        sql_fail(c, &c->reader, st, NULL);
    arena_clear(&arena);
    return rc == SQLITE_DONE ? rows : -1;
}

/* Lines whose rows another instance replaced or removed: what is not among the numbers that there are. */
static bool drop_stale(struct cache *c)
{
    struct block *b = &c->block;
    unsigned char *there = mem_alloc(b->n_lines + 1);
    size_t n_lines = b->n_lines, n_gone = 0;
    sqlite3_stmt *st = sql_get(&c->reader, ST_NUMBERS);
    int rc;

    while ((rc = sql_step(st)) == SQLITE_ROW) {
        const struct line *line = block_find(b, sqlite3_column_int64(st, 0));
        if (line)
            there[line - b->lines] = 1;
    }
    if (rc == SQLITE_DONE)
        sqlite3_reset(st);
    else
        sql_fail(c, &c->reader, st, NULL);
    int64_t *gone = mem_alloc((n_lines + 1) * sizeof(*gone));
    for (size_t i = 0; rc == SQLITE_DONE && i < n_lines; i++)
        if (!there[i] && block_alive(b, &b->lines[i]))
            gone[n_gone++] = b->lines[i].n;
    for (size_t i = 0; i < n_gone; i++)
        block_forget(b, gone[i]);
    free(gone);
    free(there);
    return rc == SQLITE_DONE;
}

/* Looks whether somebody else has written since the block was known to be right. */
static bool check_stale(struct cache *c)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_CHANGE);
    int rc = sql_step(st);
    int64_t change = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;

    if (rc != SQLITE_ROW)
        return sql_fail(c, &c->reader, st, NULL);
    sqlite3_reset(st);
    if (change != c->block.change && c->block.n_lines > 0 && !drop_stale(c))
        return false;
    c->block.change = change;
    return true;
}

bool search_catch_up(struct cache *c)
{
    int rows = 1;

    if (!check_stale(c))
        return false;
    if (!c->block.full)
        return false;
    for (int all = 0; rows > 0 && all < CATCH_UP_ROWS; all += rows)
        rows = take_rows(c);
    return rows == 0;
}

bool cache_search_fill(struct cache *c, struct env *env, int ms)
{
    struct block *b = &c->block;
    int64_t until = env->mono(env) + ms;
    uint64_t before = b->generation;
    int rows;

    if (!check_stale(c))
        return true;
    do
        rows = take_rows(c);
    while (rows > 0 && env->mono(env) < until);
    if (b->generation != before || (rows == 0 && !b->full))
        c->changed |= CACHE_SEARCH;
    b->full = b->full || rows == 0;
    return rows <= 0; /* what cannot be read is not tried again and again: the cache is made anew */
}

void cache_search_progress(const struct cache *c, int64_t *have, int64_t *all)
{
    *have = (int64_t)(c->block.n_lines - c->block.n_dead);
    *all = cache_dossier_count((struct cache *)c);
}

void cache_search_wipe(struct cache *c)
{
    block_wipe(&c->block);
    buf_wipe(&c->plain);
}

/* ── marking ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_found(const struct block *b, const struct line *line)
{
    size_t i = (size_t)(line - b->lines);

    return b->found[i / CHAR_BIT] & 1u << i % CHAR_BIT;
}

static void mark(struct block *b, size_t i)
{
    b->found[i / CHAR_BIT] |= (unsigned char)(1u << i % CHAR_BIT);
}

static void mark_all(struct block *b)
{
    for (size_t i = 0; i < b->n_lines; i++)
        if (block_alive(b, &b->lines[i]))
            mark(b, i);
}

/* The longest word is looked for in all texts at once; only the lines that have it are looked at. No text has a NUL in it, and
 * strstr() is several times quicker than memmem(). */
static void scan(struct block *b, const struct query *q)
{
    const struct buf *longest = &q->words[q->longest].folded;
    const char *at = b->text.at, *end = b->text.at + b->text.len;
    size_t i = 0;

    while (at < end && (at = strstr(at, longest->data))) {
        size_t offset = (size_t)(at - b->text.at);
        while (i + 1 < b->n_lines && b->lines[i + 1].at <= offset)
            i++;
        const char *line = b->text.at + b->lines[i].at;
        const char *next = i + 1 < b->n_lines ? b->text.at + b->lines[i + 1].at : end;
        if (query_matches(q, line, (size_t)(next - line), at))
            mark(b, i);
        at = next;
    }
}

bool search_mark(struct cache *c, const char *words, struct err *e)
{
    struct block *b = &c->block;
    struct query q;

    search_catch_up(c);
    if (c->broken)
        return cache_corrupt(c, e);
    if (b->found_words && b->found_generation == b->generation && strcmp(b->found_words, words) == 0)
        return true;
    b->found = mem_grow(b->found, b->n_lines / CHAR_BIT + 1, 1);
    memset(b->found, 0, b->n_lines / CHAR_BIT + 1);
    query_parse(words, &q);
    if (q.n > 0)
        scan(b, &q);
    else
        mark_all(b);
    query_clear(&q);
    if (b->found_words)
        mem_wipe(b->found_words, strlen(b->found_words));
    mem_free(&b->found_words);
    b->found_words = mem_copy(words);
    b->found_generation = b->generation;
    return true;
}

static void sql_found(sqlite3_context *context, int n, sqlite3_value **values)
{
    const struct block *b = &((struct cache *)sqlite3_user_data(context))->block;
    const struct line *line = b->found ? block_find(b, sqlite3_value_int64(values[0])) : NULL;

    sqlite3_result_int(context, line && is_found(b, line));
}

bool search_register(struct cache *c)
{
    return sqlite3_create_function(c->reader.db, "found", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, c, sql_found,
                                   NULL, NULL) == SQLITE_OK;
}

/* ── ranking ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct ranked {
    uint32_t submitted;
    int64_t n;
    bool exact;
};
/* The best of the hits, the worst of them on top. */
struct heap {
    struct ranked *items;
    size_t n, cap, limit;
};

static bool better(const struct ranked *a, const struct ranked *b)
{
    if (a->exact != b->exact)
        return a->exact;
    return a->submitted != b->submitted ? a->submitted > b->submitted : a->n > b->n;
}

static void sift(struct heap *h, size_t at, size_t n)
{
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && better(&h->items[child], &h->items[child + 1]))
            child++;
        if (!better(&h->items[at], &h->items[child]))
            return;
        struct ranked worst = h->items[child];
        h->items[child] = h->items[at];
        h->items[at] = worst;
    }
}

static void heap_add(struct heap *h, struct ranked hit)
{
    if (h->n == h->limit) {
        if (h->n > 0 && better(&hit, &h->items[0])) {
            h->items[0] = hit;
            sift(h, 0, h->n);
        }
        return;
    }
    if (h->n == h->cap) {
        h->cap = h->cap ? 2 * h->cap : 64;
        h->items = mem_grow(h->items, h->cap, sizeof(*h->items));
    }
    h->items[h->n++] = hit;
    for (size_t at = h->n - 1, up; at > 0 && better(&h->items[up = (at - 1) / 2], &h->items[at]); at = up) {
        struct ranked worse = h->items[at];
        h->items[at] = h->items[up];
        h->items[up] = worse;
    }
}

/* Best first. */
static void heap_sort(struct heap *h)
{
    for (size_t n = h->n; n > 1; n--) {
        struct ranked worst = h->items[0];
        h->items[0] = h->items[n - 1];
        h->items[n - 1] = worst;
        sift(h, 0, n - 1);
    }
}

/* What would not be among the best though its tones were exact is not looked at. */
static void rank(struct heap *h, const struct query *q, const struct block *b, const struct line *line)
{
    struct ranked hit = {.submitted = line->submitted, .n = line->n, .exact = true};

    if (h->n == h->limit && h->n > 0 && !better(&hit, &h->items[0]))
        return;
    hit.exact = query_is_exact(q, b, line);
    heap_add(h, hit);
}

/* Ranks what is marked, of all that is kept (from the last line on: the newest rank first) or of a list. */
static bool rank_all(struct cache *c, const struct query *q, const struct list_query *scope, struct heap *h,
                     int64_t *total, struct err *e)
{
    const struct block *b = &c->block;
    int64_t *n = NULL;
    size_t count = 0;

    for (size_t i = b->n_lines; !scope && i-- > 0;)
        if (is_found(b, &b->lines[i])) {
            rank(h, q, b, &b->lines[i]);
            ++*total;
        }
    if (scope && !list_members(c, scope, &n, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        rank(h, q, b, block_find(b, n[i])); /* found(n) has seen its line */
    *total += (int64_t)count;
    free(n);
    return true;
}

static bool load_ranked(struct cache *c, struct heap *h, struct arena *arena, struct list_page *out,
                        struct err *e)
{
    int64_t *n = mem_alloc((h->n + 1) * sizeof(*n));

    heap_sort(h);
    for (size_t i = 0; i < h->n; i++)
        n[i] = h->items[i].n;
    bool ok = rows_load(c, n, h->n, arena, out, e);
    free(n);
    return ok;
}

bool cache_search(struct cache *c, const char *words, const struct list_query *scope, size_t limit,
                  struct arena *arena, struct list_page *out, int64_t *total, struct err *e)
{
    struct list_query list = scope ? *scope : (struct list_query){0};
    struct heap heap = {.limit = limit};
    struct query q;

    *out = (struct list_page){0};
    *total = 0;
    if (!read_begin(c, e))
        return false;
    query_parse(words, &q);
    list.find = words;
    bool ok = search_mark(c, words, e) && rank_all(c, &q, scope ? &list : NULL, &heap, total, e) &&
              load_ranked(c, &heap, arena, out, e);
    query_clear(&q);
    free(heap.items);
    read_end(c);
    return ok;
}

/* sort: a list in the order of names (the given name first) or codes, which no index has: from the block in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

/* Where a row's key lies; ties fall to the newest submitted, then to the newest row. */
struct sort_key {
    const char *at;
    uint32_t len, submitted;
    int64_t n;
};

static int compare(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    size_t len = a->len < b->len ? a->len : b->len;
    int how = memcmp(a->at, b->at, len);

    if (how == 0)
        how = (a->len > b->len) - (a->len < b->len);
    if (how == 0)
        how = (a->submitted < b->submitted) - (a->submitted > b->submitted);
    return how ? how : (a->n < b->n) - (a->n > b->n);
}

static void add_key(const struct block *b, const struct line *line, enum list_sort sort, struct buf *out)
{
    struct json_span text = sort == SORT_NAME ? block_name(b, line) : block_code(b, line);

    if (sort == SORT_NAME) {
        char *name = mem_copy_n(text.at, text.len);
        text_name_key(name, out);
        mem_wipe(name, text.len);
        mem_free(&name);
    } else {
        buf_add(out, text.at, text.len);
    }
}

void sorted_free(struct sorted **sorted)
{
    struct sorted *s = *sorted;

    if (!s)
        return;
    buf_wipe(&s->bytes);
    buf_wipe(&s->signature);
    free(s->keys);
    free(s->n);
    free(s);
    *sorted = NULL;
}

/* All that decides which rows a list has. */
static void sign(const struct list_query *q, struct buf *out)
{
    const struct texts *const lists[] = {&q->units, &q->procedures, &q->channels, &q->statuses, &q->assignees};
    bool moves = q->due || q->queue == QUEUE_TODAY || q->queue == QUEUE_OVERDUE || q->queue == QUEUE_STUCK;

    buf_format(out, "%d %d %u %lld ", (int)q->queue, (int)q->sort, q->due, moves ? (long long)q->now : 0);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (size_t j = 0; j < lists[i]->n; j++)
            buf_add(out, lists[i]->items[j], strlen(lists[i]->items[j]) + 1);
        buf_char(out, '\n');
    }
    buf_text(out, q->find ? q->find : "");
}

/* Rows that have no line (they came after this snapshot was full) are left to the next time. */
static void make_keys(struct sorted *s, const struct block *b, const int64_t *n, size_t count)
{
    size_t *begins = mem_alloc((count + 1) * sizeof(*begins));

    s->keys = mem_alloc((count + 1) * sizeof(*s->keys));
    for (size_t i = 0; i < count; i++) {
        const struct line *line = block_find(b, n[i]);
        if (!line)
            continue;
        begins[s->count] = s->bytes.len;
        add_key(b, line, s->sort, &s->bytes);
        s->keys[s->count] = (struct sort_key){
            .len = (uint32_t)(s->bytes.len - begins[s->count]), .submitted = line->submitted, .n = n[i]};
        s->count++;
    }
    for (size_t i = 0; i < s->count; i++)
        s->keys[i].at = s->bytes.data + begins[i];
    free(begins);
}

static bool same(const struct buf *a, const struct buf *b)
{
    return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

bool search_sorted(struct cache *c, const struct list_query *q, const struct sorted **out, struct err *e)
{
    struct block *b = &c->block;
    struct buf signature = {0};
    int64_t *n = NULL;
    size_t count;

    *out = NULL;
    if (!b->full || !search_catch_up(c))
        return true;
    sign(q, &signature);
    if (b->sorted && b->sorted->generation == b->generation && same(&b->sorted->signature, &signature)) {
        buf_wipe(&signature);
        *out = b->sorted;
        return true;
    }
    sorted_free(&b->sorted);
    bool ok = list_members(c, q, &n, &count, e);
    if (ok) {
        struct sorted *s = b->sorted = mem_alloc(sizeof(*s));
        *s = (struct sorted){.sort = q->sort, .signature = signature, .generation = b->generation};
        signature = (struct buf){0};
        make_keys(s, b, n, count);
        qsort(s->keys, s->count, sizeof(*s->keys), compare);
        for (size_t i = 0; i < s->count; i++)
            n[i] = s->keys[i].n;
        s->n = n;
        n = NULL;
        *out = s;
    }
    free(n);
    buf_wipe(&signature);
    return ok;
}

size_t sorted_place(struct cache *c, const struct sorted *s, int64_t n, bool *there)
{
    const struct line *line = block_find(&c->block, n);
    struct buf bytes = {0};
    size_t low = 0, high = s->count;

    *there = false;
    if (!line)
        return 0;
    add_key(&c->block, line, s->sort, &bytes);
    struct sort_key key = {
        .at = bytes.data ? bytes.data : "", .len = (uint32_t)bytes.len, .submitted = line->submitted, .n = n};
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&s->keys[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *there = low < s->count && s->keys[low].n == n;
    buf_wipe(&bytes);
    return low;
}

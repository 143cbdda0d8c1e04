/* block: the memory that search reads: texts in one mapping, left out of core files and wiped, and an index of lines over it.
 * It refuses to keep what was removed: a line that goes is written over at once, its room is taken back when it adds up.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define GROW_BY ((size_t)1 << 20)
#define SQUEEZE 4 /* when a line in so many is dead */

/* ── mapped bytes ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void bytes_add(struct bytes *b, const void *bytes, size_t n)
{
    if (b->cap - b->len <= n) {
        size_t cap = b->cap + (n / GROW_BY + 1) * GROW_BY;
        void *at = b->at ? mremap(b->at, b->cap, cap, MREMAP_MAYMOVE)
                         : mmap(NULL, cap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED || cap >= UINT32_MAX)
            die("out of memory");
        madvise(at, cap, MADV_DONTDUMP);
        b->at = at;
        b->cap = cap;
    }
    if (n > 0)
        memcpy(b->at + b->len, bytes, n);
    b->len += n;
    b->at[b->len] = '\0';
}

static void bytes_wipe(struct bytes *b)
{
    if (b->at) {
        mem_wipe(b->at, b->len);
        munmap(b->at, b->cap);
    }
    *b = (struct bytes){0};
}

/* ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Adds a field to a line; a control character in it stands for nothing that can be typed. */
static void add_field(struct buf *line, const char *text, char end)
{
    size_t from = line->len;

    if (text)
        text_fold(text, strlen(text), line);
    for (size_t i = from; i < line->len; i++)
        if ((unsigned char)line->data[i] < ' ')
            line->data[i] = ' ';
    buf_char(line, end);
}

static void add_initials(struct buf *line, const char *name)
{
    struct buf initials = {0};

    text_initials(name, &initials);
    add_field(line, initials.data, LINE_NUMBER);
    buf_wipe(&initials);
}

void block_add(struct block *b, int64_t n, int64_t submitted, const struct dossier *d)
{
    struct buf text = {0}, name = {0};
    struct line line = {.n = (uint32_t)n, .at = (uint32_t)b->text.len, .exact = EXACT_SAME};

    line.submitted = submitted < 0 ? 0 : submitted > UINT32_MAX ? UINT32_MAX : (uint32_t)submitted;
    add_field(&text, d->applicant->name, LINE_FIELD);
    text_lower(d->applicant->name, strlen(d->applicant->name), &name);
    if (name.len + 1 != text.len || memcmp(name.data, text.data, name.len) != 0) {
        line.exact = (uint32_t)b->names.len;
        bytes_add(&b->names, name.data ? name.data : "", name.len + 1);
    }
    add_field(&text, d->code, LINE_FIELD);
    add_field(&text, d->external_code, LINE_FIELD);
    add_field(&text, d->client_ref, LINE_INITIALS);
    add_initials(&text, d->applicant->name);
    add_field(&text, d->applicant->id_number, LINE_END);
    bytes_add(&b->text, text.data, text.len);
    buf_wipe(&text);
    buf_wipe(&name);

    if (b->n_lines == b->cap_lines) {
        b->cap_lines += b->cap_lines / 4 + 4096;
        b->lines = mem_grow(b->lines, b->cap_lines, sizeof(*b->lines));
    }
    b->lines[b->n_lines++] = line;
    b->generation++;
}

const struct line *block_find(const struct block *b, int64_t n)
{
    size_t low = 0, high = b->n_lines;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (b->lines[middle].n < n)
            low = middle + 1;
        else
            high = middle;
    }
    return low < b->n_lines && b->lines[low].n == n && block_alive(b, &b->lines[low]) ? &b->lines[low] : NULL;
}

bool block_alive(const struct block *b, const struct line *line)
{
    return b->text.at[line->at] != LINE_DEAD;
}

static size_t text_end(const struct block *b, const struct line *line)
{
    return line + 1 < b->lines + b->n_lines ? line[1].at : b->text.len;
}

static struct json_span field(const struct block *b, const struct line *line, size_t at)
{
    const char *begin = b->text.at + at, *end = memchr(begin, LINE_FIELD, text_end(b, line) - at);

    return (struct json_span){begin, (size_t)(end - begin)};
}

struct json_span block_name(const struct block *b, const struct line *line)
{
    if (line->exact == EXACT_SAME)
        return field(b, line, line->at);
    const char *name = b->names.at + line->exact;
    return (struct json_span){name, strlen(name)};
}

struct json_span block_code(const struct block *b, const struct line *line)
{
    return field(b, line, line->at + field(b, line, line->at).len + 1);
}

/* ── what goes ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Moves the lines that are alive together. */
static void squeeze(struct block *b)
{
    size_t text = 0, names = 0, n = 0;

    for (size_t i = 0; i < b->n_lines; i++) {
        struct line line = b->lines[i];
        size_t len = text_end(b, &b->lines[i]) - line.at;
        if (!block_alive(b, &line))
            continue;
        memmove(b->text.at + text, b->text.at + line.at, len);
        line.at = (uint32_t)text;
        text += len;
        if (line.exact != EXACT_SAME) {
            len = strlen(b->names.at + line.exact) + 1;
            memmove(b->names.at + names, b->names.at + line.exact, len);
            line.exact = (uint32_t)names;
            names += len;
        }
        b->lines[n++] = line;
    }
    mem_wipe(b->text.at + text, b->text.len - text);
    mem_wipe(b->names.at + names, b->names.len - names);
    b->text.len = text;
    b->names.len = names;
    b->n_lines = n;
    b->n_dead = 0;
}

void block_forget(struct block *b, int64_t n)
{
    const struct line *line = block_find(b, n);

    if (!line)
        return;
    if (line->exact != EXACT_SAME)
        memset(b->names.at + line->exact, ' ', strlen(b->names.at + line->exact));
    memset(b->text.at + line->at, LINE_DEAD, text_end(b, line) - line->at);
    b->generation++;
    if (++b->n_dead > b->n_lines / SQUEEZE)
        squeeze(b);
}

void block_wipe(struct block *b)
{
    bytes_wipe(&b->text);
    bytes_wipe(&b->names);
    free(b->lines);
    free(b->found);
    if (b->found_words)
        mem_wipe(b->found_words, strlen(b->found_words));
    mem_free(&b->found_words);
    sorted_free(&b->sorted);
    *b = (struct block){.generation = b->generation + 1};
}

/* mem: memory that is there or the program ends, growing text, arenas.
 * It refuses to return NULL, and to leave behind what was in a text or an arena that goes away.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mem.h"

#include "core/err.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *p)
{
    if (!p)
        die("out of memory");
    return p;
}

void *mem_alloc(size_t size)
{
    return or_die(calloc(1, size ? size : 1));
}

void *mem_grow(void *old, size_t n, size_t size)
{
    return or_die(reallocarray(old, n ? n : 1, size ? size : 1));
}

char *mem_copy(const char *text)
{
    return or_die(strdup(text ? text : ""));
}

char *mem_copy_n(const char *bytes, size_t n)
{
    char *copy = mem_alloc(n + 1);
    if (n > 0)
        memcpy(copy, bytes, n);
    return copy;
}

char *mem_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        die("out of memory");
    va_end(args);
    return text;
}

void mem_free(char **text)
{
    free(*text);
    *text = NULL;
}

void mem_wipe(void *bytes, size_t n)
{
    if (n > 0)
        explicit_bzero(bytes, n);
}

/* --- buf ------------------------------------------------------------------------------------------------------------ */

/* Room for `more` bytes and the NUL. Not realloc(): it would leave a copy of a secret behind that nobody wipes. */
static void buf_reserve(struct buf *b, size_t more)
{
    if (more >= SIZE_MAX / 2 - b->len)
        die("out of memory");
    size_t need = b->len + more + 1;
    if (need <= b->cap)
        return;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < need)
        cap *= 2;
    char *data = or_die(malloc(cap));
    if (b->data)
        memcpy(data, b->data, b->len);
    buf_wipe(&(struct buf){.data = b->data, .cap = b->cap});
    b->data = data;
    b->cap = cap;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
    buf_reserve(b, n);
    if (n > 0)
        memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_text(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_format(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        die("a text could not be formatted");
    buf_reserve(b, (size_t)n);
    vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
    va_end(again);
    b->len += (size_t)n;
}

char *buf_take(struct buf *b)
{
    buf_reserve(b, 0);
    b->data[b->len] = '\0';
    char *text = b->data;
    *b = (struct buf){0};
    return text;
}

void buf_clear(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

void buf_wipe(struct buf *b)
{
    if (b->data)
        mem_wipe(b->data, b->cap);
    buf_clear(b);
}

/* --- arena ---------------------------------------------------------------------------------------------------------- */

#define ARENA_FIRST ((size_t)4096)
#define ARENA_MOST \
    ((size_t)512 * 1024) /* blocks double up to here; a larger thing gets a block of its own size */

struct arena_block {
    struct arena_block *next; /* older */
    struct arena_end *ends;   /* kept in the newest block alone */
    size_t cap;
    alignas(max_align_t) unsigned char data[];
};
struct arena_end {
    struct arena_end *next;
    void (*end)(void *);
    void *what;
};

static void arena_add_block(struct arena *a, size_t size)
{
    struct arena_block *old = a->block;
    size_t cap = old ? old->cap * 2 : ARENA_FIRST;
    if (cap > ARENA_MOST)
        cap = ARENA_MOST;
    if (cap < size)
        cap = size;
    if (cap > SIZE_MAX / 2)
        die("out of memory");
    struct arena_block *block = mem_alloc(sizeof(*block) + cap);
    block->cap = cap;
    block->next = old;
    if (old) {
        block->ends = old->ends;
        old->ends = NULL;
    }
    a->block = block;
    a->used = 0;
}

/* Blocks are zeroed when they are made and when they are kept, so what is taken is zero. */
static void *arena_take(struct arena *a, size_t size, size_t align)
{
    size_t at = (a->used + align - 1) & ~(align - 1);
    if (!a->block || at > a->block->cap || size > a->block->cap - at) {
        arena_add_block(a, size);
        at = 0;
    }
    a->used = at + size;
    return a->block->data + at;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return arena_take(a, size, alignof(max_align_t));
}

void *arena_grow(struct arena *a, void *old, size_t n, size_t room, size_t size)
{
    size_t bytes;
    if (room < n || __builtin_mul_overflow(room, size, &bytes))
        die("out of memory");
    void *grown = arena_alloc(a, bytes);
    if (n > 0)
        memcpy(grown, old, n * size);
    return grown;
}

char *arena_copy(struct arena *a, const char *text)
{
    return text ? arena_copy_n(a, text, strlen(text)) : arena_copy_n(a, "", 0);
}

char *arena_copy_n(struct arena *a, const char *bytes, size_t n)
{
    char *copy = arena_take(a, n + 1, 1);
    if (n > 0)
        memcpy(copy, bytes, n);
    return copy;
}

char *arena_format(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        die("a text could not be formatted");
    char *text = arena_take(a, (size_t)n + 1, 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

void arena_at_end(struct arena *a, void (*end)(void *), void *what)
{
    struct arena_end *e = arena_alloc(a, sizeof(*e));
    *e = (struct arena_end){.next = a->block->ends, .end = end, .what = what};
    a->block->ends = e;
}

static void arena_run_ends(struct arena *a)
{
    if (!a->block)
        return;
    for (struct arena_end *e = a->block->ends; e; e = e->next)
        e->end(e->what);
    a->block->ends = NULL;
}

/* Frees every block but `keep`. */
static void arena_drop(struct arena *a, const struct arena_block *keep)
{
    size_t used = a->used; /* of the newest; the older ones count as full */
    for (struct arena_block *block = a->block, *next; block; block = next) {
        next = block->next;
        mem_wipe(block->data, used < block->cap ? used : block->cap);
        used = SIZE_MAX;
        if (block != keep)
            free(block);
    }
}

void arena_reset(struct arena *a)
{
    if (!a->block)
        return;
    arena_run_ends(a);
    struct arena_block *largest = a->block;
    for (struct arena_block *block = a->block->next; block; block = block->next)
        if (block->cap > largest->cap)
            largest = block;
    arena_drop(a, largest);
    largest->next = NULL;
    *a = (struct arena){.block = largest};
}

void arena_clear(struct arena *a)
{
    arena_run_ends(a);
    arena_drop(a, NULL);
    *a = (struct arena){0};
}

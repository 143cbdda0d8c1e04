/* mem: memory that is there or the program ends, growing text, and arenas for things that go together.
 * It refuses to return NULL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_MEM_H
#define MOTCUA_CORE_MEM_H

#include <stdbool.h>
#include <stddef.h>

void *mem_alloc(size_t size) __attribute__((malloc, returns_nonnull, alloc_size(1))); /* zeroed */
void *mem_grow(void *old, size_t n, size_t size) __attribute__((returns_nonnull, alloc_size(2, 3)));
char *mem_copy(const char *text) __attribute__((malloc, returns_nonnull)); /* NULL counts as "" */
char *mem_copy_n(const char *bytes, size_t n) __attribute__((malloc, returns_nonnull));
char *mem_format(const char *format, ...) __attribute__((malloc, returns_nonnull, format(printf, 1, 2)));
void mem_free(char **text);           /* frees and nulls */
void mem_wipe(void *bytes, size_t n); /* not optimised away */

/* A text that grows. Always NUL-terminated at `len`. Zero-initialise, buf_clear at the end. */
struct buf {
    char *data;
    size_t len, cap;
};
void buf_add(struct buf *, const void *bytes, size_t n);
void buf_text(struct buf *, const char *text);
void buf_char(struct buf *, char c);
void buf_format(struct buf *, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *buf_take(struct buf *); /* the caller's to free; the buf is empty again */
void buf_clear(struct buf *);
void buf_wipe(struct buf *); /* as buf_clear, over bytes that were secret */

/* Things that live and die together: a page of rows, a decoded dossier. Zero-initialise, arena_clear at the end. */
struct arena {
    struct arena_block *block;
    size_t used;
};
void *arena_alloc(struct arena *, size_t size) __attribute__((returns_nonnull)); /* zeroed, aligned for anything */
/* A place for `room` things in all, of `size` bytes each, that begins with the `n` of `old` (which stays until the end). */
void *arena_grow(struct arena *, void *old, size_t n, size_t room, size_t size) __attribute__((returns_nonnull));
char *arena_copy(struct arena *, const char *text) __attribute__((returns_nonnull));
char *arena_copy_n(struct arena *, const char *bytes, size_t n) __attribute__((returns_nonnull));
char *arena_format(struct arena *, const char *format, ...)
    __attribute__((returns_nonnull, format(printf, 2, 3)));
/* Calls end(what) when the arena is reset or cleared, for what is not of its memory (json_t). Newest first. */
void arena_at_end(struct arena *, void (*end)(void *), void *what);
void arena_reset(struct arena *); /* empty, but keeps its largest block for the next use */
void arena_clear(struct arena *); /* wipes and frees: what stood in it may have been personal */

#endif

/* secret: see secret.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/secret.h"

#include "core/err.h"
#include "core/mem.h"

#include <sys/mman.h>

void secret_init(struct secret *s, size_t size)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (pages == MAP_FAILED)
        die("out of memory");
    (void)mlock(pages, size);
    (void)madvise(pages, size, MADV_DONTDUMP);
    *s = (struct secret){.bytes = pages, .size = size};
}

void secret_wipe(struct secret *s, size_t from, size_t n)
{
    mem_wipe(s->bytes + from, n);
}

void secret_clear(struct secret *s)
{
    if (!s->bytes)
        return;
    secret_wipe(s, 0, s->size);
    munmap(s->bytes, s->size);
    *s = (struct secret){0};
}

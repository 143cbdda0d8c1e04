/* disk_lock: who may read and write a file, and the memory that a WAL's readers share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/disk_inside.h"

#include "core/mem.h"

#include <stdlib.h>

/* ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int lock_shared(struct handle *h)
{
    if (h->node->pending)
        return SQLITE_BUSY;
    h->node->readers++;
    h->level = SQLITE_LOCK_SHARED;
    return SQLITE_OK;
}

int lock_file(sqlite3_file *file, int level)
{
    struct handle *h = handle_of(file);
    struct disk_node *n = h->node;
    if (h->user->dead)
        return SQLITE_BUSY; /* so closing neither checkpoints nor removes */
    if (h->level >= level)
        return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED)
        return lock_shared(h);
    if (n->writer && n->writer != h)
        return SQLITE_BUSY;
    n->writer = h;
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        n->pending = true;
        if (n->readers > 1) {
            h->level = SQLITE_LOCK_PENDING;
            return SQLITE_BUSY;
        }
    }
    h->level = level;
    return SQLITE_OK;
}

int unlock_file(sqlite3_file *file, int level)
{
    struct handle *h = handle_of(file);
    if (h->level <= level)
        return SQLITE_OK;
    if (h->node->writer == h) {
        h->node->writer = NULL;
        h->node->pending = false;
    }
    if (level == SQLITE_LOCK_NONE)
        h->node->readers--;
    h->level = level;
    return SQLITE_OK;
}

int lock_is_reserved(sqlite3_file *file, int *out)
{
    *out = handle_of(file)->node->writer != NULL;
    return SQLITE_OK;
}

/* ── shared memory ───────────────────────────────────────────────────────────────────────────────────────────────── */

void node_forget_map(struct disk_node *n)
{
    for (int i = 0; i < REGIONS; i++) {
        free(n->regions[i]);
        n->regions[i] = NULL;
    }
}

int map_region(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    struct handle *h = handle_of(file);
    struct disk_node *n = h->node;
    if (region >= REGIONS)
        return SQLITE_IOERR_SHMSIZE;
    if (!h->maps) {
        h->maps = true;
        n->maps++;
    }
    if (!n->regions[region] && extend)
        n->regions[region] = mem_alloc((size_t)size);
    *out = n->regions[region];
    return SQLITE_OK;
}

static bool is_free(const struct handle *h, int slot, bool shared)
{
    const struct disk_node *n = h->node;
    if (n->map_writer[slot] && n->map_writer[slot] != h)
        return false;
    int others = n->map_readers[slot] - ((h->map_shared >> slot) & 1);
    return shared || others == 0;
}

static void let_go(struct handle *h, int slot)
{
    struct disk_node *n = h->node;
    if (h->map_shared & 1u << slot)
        n->map_readers[slot]--;
    if (h->map_own & 1u << slot)
        n->map_writer[slot] = NULL;
    h->map_shared &= ~(1u << slot);
    h->map_own &= ~(1u << slot);
}

int map_lock(sqlite3_file *file, int slot, int n, int flags)
{
    struct handle *h = handle_of(file);
    bool shared = flags & SQLITE_SHM_SHARED;
    if (h->user->dead && flags & SQLITE_SHM_LOCK)
        return SQLITE_BUSY;
    for (int i = slot; i < slot + n; i++)
        if (flags & SQLITE_SHM_LOCK && !is_free(h, i, shared))
            return SQLITE_BUSY;
    for (int i = slot; i < slot + n; i++) {
        if (flags & SQLITE_SHM_UNLOCK) {
            let_go(h, i);
        } else if (shared && !(h->map_shared & 1u << i)) {
            h->node->map_readers[i]++;
            h->map_shared |= 1u << i;
        } else if (!shared) {
            h->node->map_writer[i] = h;
            h->map_own |= 1u << i;
        }
    }
    return SQLITE_OK;
}

void map_barrier(sqlite3_file *file)
{
    __sync_synchronize();
}

/* Whoever comes when the last has left begins with nothing, as after the first lock on a -shm file. */
int map_leave(sqlite3_file *file, int remove)
{
    struct handle *h = handle_of(file);
    if (!h->maps)
        return SQLITE_OK;
    for (int i = 0; i < SQLITE_SHM_NLOCK; i++)
        let_go(h, i);
    h->maps = false;
    if (--h->node->maps == 0)
        node_forget_map(h->node);
    return SQLITE_OK;
}

void handle_let_go(struct handle *h)
{
    map_leave(&h->base, 0);
    unlock_file(&h->base, SQLITE_LOCK_NONE);
}

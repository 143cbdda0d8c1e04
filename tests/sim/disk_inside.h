/* disk_inside: what disk.c and disk_lock.c share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SIM_DISK_INSIDE_H
#define MOTCUA_TESTS_SIM_DISK_INSIDE_H

#include "tests/sim/disk.h"

#include <sqlite3.h>
#include <stddef.h>
#include <sys/types.h>

enum { REGIONS = 16 };

struct bytes {
    unsigned char *data;
    size_t len, cap;
};
struct handle {
    sqlite3_file base; /* first */
    struct disk_node *node;
    struct disk_user *user;
    int level; /* SQLITE_LOCK_* */
    bool maps;
    unsigned map_shared, map_own; /* slots */
};
struct disk_node { /* a file */
    struct disk_node *next;
    struct disk *disk;
    int fd; /* of the empty real file: as long as it is open, its number is not given again */
    ino_t inode;
    int users;                     /* handles */
    struct bytes now, kept;        /* as programs see it; as it is on the disk */
    size_t soiled_from, soiled_to; /* where they may differ */
    bool cut;                      /* … in length, too */

    int readers;           /* handles that hold a lock */
    struct handle *writer; /* RESERVED or more */
    bool pending;          /* no new readers */
    int maps;              /* handles that have joined the shared memory */
    void *regions[REGIONS];
    int map_readers[SQLITE_SHM_NLOCK];
    struct handle *map_writer[SQLITE_SHM_NLOCK];
};

static inline struct handle *handle_of(sqlite3_file *file)
{
    return (struct handle *)file;
}

/* ── disk_lock.c: the locks of SQLite's own VFS for unix, among the handles of one process ── */
int lock_file(sqlite3_file *, int level);
int unlock_file(sqlite3_file *, int level);
int lock_is_reserved(sqlite3_file *, int *out);
int map_region(sqlite3_file *, int region, int size, int extend, void volatile **out);
int map_lock(sqlite3_file *, int slot, int n, int flags);
void map_barrier(sqlite3_file *);
int map_leave(sqlite3_file *, int remove);
void handle_let_go(struct handle *); /* all that it holds */
void node_forget_map(struct disk_node *);

#endif

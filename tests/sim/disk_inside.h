/* disk_inside: what disk.c and disk_lock.c share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SIM_DISK_INSIDE_H
#define MOTCUA_TESTS_SIM_DISK_INSIDE_H

#include "tests/sim/disk.h"

#include <sqlite3.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { REGIONS = 16 };
enum disk_chance { DISK_GOOD, DISK_FAILS, DISK_GOES_OFF };

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
    bool plain;                    /* a file that is not SQLite's: what programs see lies in the real one */

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

/* ── disk.c ── */
extern struct disk_user *disk_user_now;
uint64_t disk_draw(uint64_t *state, uint64_t below);
enum disk_chance disk_happens(struct disk *, bool changes); /* what becomes of the next operation */
struct disk_node *node_find(struct disk *, const struct stat *);
struct disk_node *node_new(struct disk *, int fd, const struct stat *); /* takes `fd` */
void node_soil(struct disk_node *, size_t from, size_t to);
void node_keep(struct disk_node *); /* synced */
void bytes_size(struct bytes *, size_t);

/* ── disk_plain.c: what the program does to other files (the link wraps its calls) ── */
void plain_load(struct disk_node *);     /* `now` as the real file is */
void plain_put_back(struct disk_node *); /* the real file as it is on the disk */

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

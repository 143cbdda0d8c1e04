/* disk: the disks of a run: a SQLite VFS whose files lie in memory and lose what a power cut would take. It keeps an empty real file
 * for each of its own, so that what the program renames, removes or looks at by other ways than SQLite's stays true. It refuses to
 * know what stands in a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SIM_DISK_H
#define MOTCUA_TESTS_SIM_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum { DISK_NEVER = -1 };

struct disk_node;
struct disk { /* of one PC; all zero but the chance and what is DISK_NEVER: a new one */
    uint64_t chance;
    bool lies;        /* a sync says that all is on the disk, and nothing is */
    bool off;         /* no power: nothing that is asked of it happens any more */
    int64_t off_in;   /* the power goes with this change from now on; DISK_NEVER */
    int64_t fails_in; /* this operation from now on fails with EIO; DISK_NEVER */
    bool fails_on;    /* … and all after it */
    int64_t room;     /* bytes that its files may still grow by; DISK_NEVER: no end of it */
    uint64_t faults;  /* so many operations were refused */
    struct disk_node *nodes;
};
/* Who opens files: a process on that PC. */
struct disk_user {
    struct disk *disk;
    bool dead; /* killed: what its open files are told (closing writes) does not happen */
};

void disk_register(void);               /* it becomes SQLite's default; once */
void disk_seed(uint64_t);               /* what SQLite draws (the salts of a WAL) comes from here */
void disk_enter(struct disk_user *);    /* who does what follows */
bool disk_is_well(const struct disk *); /* nothing is wrong with it now */
void disk_mend(struct disk *);          /* nothing will be, either */
void disk_power_cut(struct disk *); /* what was not synced is there, or not, or in part; the power is on again */
void disk_free(struct disk *);

#endif

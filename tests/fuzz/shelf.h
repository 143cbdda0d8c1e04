/* shelf: an officer's files for a fuzz target that opens them again and again, and whoever reads all of a cache. Chance is the same in
 * every process, libsodium's included, so that a finding's bytes mean the same when it is replayed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_FUZZ_SHELF_H
#define MOTCUA_TESTS_FUZZ_SHELF_H

#include "tests/unit/cache_feed.h"

/* From now on sodium's chance comes from this seed. */
void shelf_seed(uint64_t seed);
/* The machine of the process, made by the first call, gone at its end; its files and clocks are as the last user left them. */
struct machine *shelf_machine(void);

struct shelf_file {
    const char *name; /* in the machine's directory */
    char *bytes;      /* NULL: it is not there */
    size_t n;
};
void shelf_keep(const struct machine *, struct shelf_file *);      /* reads it */
void shelf_put(const struct machine *, const struct shelf_file *); /* as it was kept, or no such file */
void shelf_remove(const struct machine *, const char *name);

/* Lists of every queue and order to their ends, counts, search, each dossier whole, the reference data. `whole`: nothing may fail, and
 * all of it has to agree; else a failure has to say so. */
void shelf_read_all(struct cache *, struct env *, bool whole);

#endif

/* cache_flaky: SQLite's own files, of which one read or one sync of a WAL fails when a test says so. It refuses to say more of what is
 * written than how near to a WAL's start it was.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_CACHE_FLAKY_H
#define MOTCUA_TESTS_UNIT_CACHE_FLAKY_H

#include <stdbool.h>
#include <stdint.h>

struct flaky {
    int reads;     /* so many succeed, then one fails with EIO; -1: all succeed */
    bool wal_sync; /* the next sync of a WAL fails */
    int64_t first; /* the first byte of a WAL that was written since it was set to INT64_MAX */
};
extern struct flaky flaky;

/* Becomes SQLite's default until it is taken off, with all of `flaky` at rest. */
void flaky_on(void);
void flaky_off(void);

#endif

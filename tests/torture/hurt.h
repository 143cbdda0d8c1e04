/* hurt: a suite of which each case hurts one system call of one command, and then looks at what has to hold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_TORTURE_HURT_H
#define MOTCUA_TESTS_TORTURE_HURT_H

#include <stdbool.h>
#include <stddef.h>

struct hurt {
    const char *names; /* of calls, "write,openat"; NULL: all on files, descriptors and the line */
    const char *how;   /* "signal=KILL", "error=EIO" */
    bool on;           /* and every later call of the name */
    enum {
        HURT_ACT,   /* `act` on a dossier, while the line is there */
        HURT_SYNC,  /* `sync --once`: a wish is due, and another dossier has changed at the server */
        HURT_FIRST, /* `sync --once` on a machine that has nothing of this officer's: every file is made */
    } what;
};
/* Runs them all; what main() returns. */
int hurt_all(const struct hurt *, size_t n);

#endif

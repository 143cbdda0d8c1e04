/* harden: after start-up the process gives away what it does not need, for itself and for whatever it starts: writing outside of its
 * own places (Landlock), and system calls that only an attacker would make (seccomp). It refuses nothing that motcua-desk needs:
 * reading, exec, sockets of every kind. Where the kernel has less, less is given away, and nobody is told: it is a second fence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_HARDEN_H
#define MOTCUA_CLI_HARDEN_H

#include "core/err.h"

/* First thing in main(): no core files, nobody of this account may look into our memory, what we make is ours alone. */
void harden_memory(void);

struct harden_places {
    const char *const *below; /* directories, and files (a terminal), that may still be written; NULL-terminated; absent: passed over */
    const char *empties; /* a directory in which our own, once empty, are removed at the end; NULL */
};
enum {
    HARDEN_FILES = 1, /* Landlock holds */
    HARDEN_CALLS = 2, /* seccomp holds */
};
/* Once; it cannot be taken back. Which of it holds here. */
unsigned harden(const struct harden_places *);

#endif

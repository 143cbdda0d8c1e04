/* trace: system calls of the real program hurt from outside, by strace: killed before one, or one that fails.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_TORTURE_TRACE_H
#define MOTCUA_TESTS_TORTURE_TRACE_H

#include "tests/torture/ground.h"

/* NULL, or why nothing can be traced here. */
const char *trace_impossible(void);

struct call { /* the nth of its name in the program's life */
    char name[24];
    int nth;
};
/* The calls on files, descriptors and the line that `motcua ARGS` makes in `home`, those with one of these names ("write,openat"; NULL:
 * all), from the first that names the state directory on: what is before is the loader's. The caller frees. */
struct call *trace_calls(struct ground *, const char *home, const char *names, const char *const args[],
                         size_t *n);
/* Runs it with that call hurt: "signal=KILL", "error=EIO"; `on`: and every later one of the name. */
void trace_hurt(struct ground *, const char *home, const struct call *, const char *how, bool on,
                const char *const args[], struct run *);

#endif

/* env: the world, handed in: two clocks, chance and a place for secrets. cli/env.c is the real one, tests/env.c one whose `mono`
 * a test moves, tests/sim one made from a seed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_ENV_H
#define MOTCUA_CORE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env {
    int64_t (*mono)(struct env *); /* milliseconds since boot, suspends included: all waiting */
    int64_t (*wall)(struct env *); /* seconds since 1970 as the PC believes: never trusted for due times */
    void (*random)(struct env *, void *bytes, size_t n);

    /* The kernel's keyring (docs/architecture.md, "Secrets"). Names are ours, e.g. "token:<server>:<officer>". */
    bool (*secret_get)(struct env *, const char *name, void *bytes, size_t cap, size_t *n); /* false: not there */
    bool (*secret_put)(struct env *, const char *name, const void *bytes, size_t n,
                       int ttl_seconds); /* 0: as long as it can */
    void (*secret_drop)(struct env *, const char *name);
    bool (*secret_lasts)(struct env *); /* false: this process's memory alone */
};

/* Uniform in [0, below); 0 for below ≤ 0. */
int64_t env_random_below(struct env *, int64_t below);
/* Random UUID (RFC 9562, version 4), lower case. */
#define UUID_TEXT 37
void env_uuid(struct env *, char out[static UUID_TEXT]);

#endif

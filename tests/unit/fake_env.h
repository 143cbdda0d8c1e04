/* fake_env: a world for tests: two clocks that the test moves, chance from a seed, a keyring in memory.
 * It refuses to look at the real clock.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_FAKE_ENV_H
#define MOTCUA_TESTS_UNIT_FAKE_ENV_H

#include "core/env.h"

#include <string.h>

struct fake_env {
    struct env env; /* first: a struct env * is one of these */
    int64_t mono;   /* ms */
    int64_t wall;   /* s */
    uint64_t seed;
    bool no_keyring; /* secrets do not outlive the process */
    struct fake_secret {
        char name[128];
        unsigned char bytes[4096];
        size_t n;
    } secrets[8]; /* an empty name: free */
};

static inline struct fake_env *fake_of(struct env *env)
{
    return (struct fake_env *)env;
}

static inline int64_t fake_mono(struct env *env)
{
    return fake_of(env)->mono;
}

static inline int64_t fake_wall(struct env *env)
{
    return fake_of(env)->wall;
}

static inline void fake_random(struct env *env, void *bytes, size_t n)
{
    unsigned char *out = bytes;
    for (size_t i = 0; i < n; i++) { /* splitmix64, a byte at a time */
        uint64_t z = fake_of(env)->seed += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        out[i] = (unsigned char)(z >> 56);
    }
}

static inline struct fake_secret *fake_secret(struct env *env, const char *name)
{
    for (size_t i = 0; i < 8; i++)
        if (strcmp(fake_of(env)->secrets[i].name, name) == 0)
            return &fake_of(env)->secrets[i];
    return NULL;
}

static inline bool fake_secret_get(struct env *env, const char *name, void *bytes, size_t cap, size_t *n)
{
    const struct fake_secret *secret = fake_secret(env, name);
    if (!secret || secret->n > cap)
        return false;
    memcpy(bytes, secret->bytes, secret->n);
    *n = secret->n;
    return true;
}

static inline bool fake_secret_put(struct env *env, const char *name, const void *bytes, size_t n, int ttl_seconds)
{
    struct fake_secret *secret = fake_secret(env, name);
    secret = secret ? secret : fake_secret(env, "");
    if (!secret || n > sizeof(secret->bytes) || strlen(name) >= sizeof(secret->name))
        return false;
    memcpy(secret->name, name, strlen(name) + 1);
    memcpy(secret->bytes, bytes, n);
    secret->n = n;
    return true;
}

static inline void fake_secret_drop(struct env *env, const char *name)
{
    struct fake_secret *secret = fake_secret(env, name);
    if (secret)
        memset(secret, 0, sizeof(*secret));
}

static inline bool fake_secret_lasts(struct env *env)
{
    return !fake_of(env)->no_keyring;
}

/* An hour after boot, on 2022-12-29 at 09:42 in Châu Đức. */
static inline struct fake_env fake_env(uint64_t seed)
{
    return (struct fake_env){
        .env = {fake_mono, fake_wall, fake_random, fake_secret_get, fake_secret_put, fake_secret_drop,
                fake_secret_lasts},
        .mono = 3600 * 1000,
        .wall = 1672281720,
        .seed = seed,
    };
}

#endif

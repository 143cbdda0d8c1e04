/* env: the clocks, chance and keyring of this machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/env.h"

#include "core/err.h"
#include "core/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

struct real {
    struct env env;
    struct keyring *ring;
};

static struct keyring *ring_of(struct env *env)
{
    return ((struct real *)env)->ring;
}

static int64_t real_mono(struct env *env)
{
    struct timespec t;

    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_wall(struct env *env)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

static void real_random(struct env *env, void *bytes, size_t n)
{
    char *at = bytes;

    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0) {
            if (errno == EINTR)
                continue;
            die("no random numbers from the kernel");
        }
        at += got;
        n -= (size_t)got;
    }
}

static bool real_secret_get(struct env *env, const char *name, void *bytes, size_t cap, size_t *n)
{
    return keyring_get(ring_of(env), name, bytes, cap, n);
}

static bool real_secret_put(struct env *env, const char *name, const void *bytes, size_t n, int ttl_seconds)
{
    return keyring_put(ring_of(env), name, bytes, n, ttl_seconds);
}

static void real_secret_drop(struct env *env, const char *name)
{
    keyring_drop(ring_of(env), name);
}

static bool real_secret_lasts(struct env *env)
{
    return keyring_lasts(ring_of(env));
}

struct env *env_new(bool lasting)
{
    struct real *real = mem_alloc(sizeof *real);

    real->env = (struct env){
        .mono = real_mono,
        .wall = real_wall,
        .random = real_random,
        .secret_get = real_secret_get,
        .secret_put = real_secret_put,
        .secret_drop = real_secret_drop,
        .secret_lasts = real_secret_lasts,
    };
    real->ring = keyring_new(lasting);
    return &real->env;
}

void env_free(struct env **env)
{
    if (!*env)
        return;
    struct real *real = (struct real *)*env;
    keyring_free(&real->ring);
    free(real);
    *env = NULL;
}

int env_fd(struct env *env)
{
    return -1;
}

void env_moved(struct env *env)
{
}

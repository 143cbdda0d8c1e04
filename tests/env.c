/* env: the world for motcua-t: the real one, but MOTCUA_TEST_WALL says what time the PC believes it is at the start (seconds),
 * MOTCUA_TEST_DRAW what comes out where a number is drawn, and a test moves both clocks forward over an inherited socket:
 * "advance SECONDS" in, "ok" out. It refuses to go back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/env.h"

#include "core/err.h"
#include "core/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct moved {
    struct env env;
    struct keyring *ring;
    int fd;          /* -1: nobody moves it */
    int64_t advance; /* milliseconds so far */
    int64_t belief;  /* milliseconds that the PC believes to be ahead of the real time */
};

static struct keyring *ring_of(struct env *env)
{
    return ((struct moved *)env)->ring;
}

static int64_t clock_ms(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t moved_mono(struct env *env)
{
    return clock_ms(CLOCK_BOOTTIME) + ((struct moved *)env)->advance;
}

static int64_t moved_wall(struct env *env)
{
    const struct moved *moved = (const struct moved *)env;

    return (clock_ms(CLOCK_REALTIME) + moved->advance + moved->belief) / 1000;
}

static void moved_random(struct env *env, void *bytes, size_t n)
{
    const char *text = getenv("MOTCUA_TEST_DRAW");
    uint64_t draw = text ? strtoull(text, NULL, 10) : 0;

    (void)env;
    if (text && n == sizeof draw)
        memcpy(bytes, &draw, n);
    else if (getentropy(bytes, n) != 0)
        die("no random numbers from the kernel");
}

static bool moved_secret_get(struct env *env, const char *name, void *bytes, size_t cap, size_t *n)
{
    return keyring_get(ring_of(env), name, bytes, cap, n);
}

static bool moved_secret_put(struct env *env, const char *name, const void *bytes, size_t n, int ttl_seconds)
{
    return keyring_put(ring_of(env), name, bytes, n, ttl_seconds);
}

static void moved_secret_drop(struct env *env, const char *name)
{
    keyring_drop(ring_of(env), name);
}

static bool moved_secret_lasts(struct env *env)
{
    return keyring_lasts(ring_of(env));
}

static int inherited(void)
{
    const char *text = getenv("MOTCUA_TEST_FD");
    int fd = text ? atoi(text) : -1;

    if (fd < 3 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
        return -1;
    return fd;
}

static int64_t believed(void)
{
    const char *text = getenv("MOTCUA_TEST_WALL");

    return text ? strtoll(text, NULL, 10) * 1000 - clock_ms(CLOCK_REALTIME) : 0;
}

struct env *env_new(bool lasting)
{
    struct moved *moved = mem_alloc(sizeof *moved);

    moved->env = (struct env){
        .mono = moved_mono,
        .wall = moved_wall,
        .random = moved_random,
        .secret_get = moved_secret_get,
        .secret_put = moved_secret_put,
        .secret_drop = moved_secret_drop,
        .secret_lasts = moved_secret_lasts,
    };
    moved->ring = keyring_new(lasting);
    moved->fd = inherited();
    moved->belief = believed();
    return &moved->env;
}

void env_free(struct env **env)
{
    if (!*env)
        return;
    struct moved *moved = (struct moved *)*env;
    keyring_free(&moved->ring);
    if (moved->fd >= 0)
        close(moved->fd);
    free(moved);
    *env = NULL;
}

int env_fd(struct env *env)
{
    return ((struct moved *)env)->fd;
}

void env_moved(struct env *env)
{
    struct moved *moved = (struct moved *)env;
    char packet[64];
    double seconds;
    ssize_t n;

    while (moved->fd >= 0 && (n = recv(moved->fd, packet, sizeof packet - 1, MSG_DONTWAIT)) >= 0) {
        if (n == 0) { /* the test is gone */
            close(moved->fd);
            moved->fd = -1;
            return;
        }
        packet[n] = '\0';
        bool good = sscanf(packet, "advance %lf", &seconds) == 1 && seconds >= 0 && seconds < 1e9;
        if (good)
            moved->advance += (int64_t)(seconds * 1000);
        const char *answer = good ? "ok" : "no";
        send(moved->fd, answer, strlen(answer), MSG_NOSIGNAL);
    }
}

#ifdef __SANITIZE_ADDRESS__
/* newterm() of a terminal that it does not know forgets what it had made. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:new_prescr\n";
}
#endif

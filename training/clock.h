/* clock: the server's time: an instant to begin with, as much more as has really passed, and what /control adds. It never runs
 * backwards.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_CLOCK_H
#define MOTCUA_TRAINING_CLOCK_H

#include <stdint.h>
#include <time.h>

struct clock {
    int64_t start;   /* instant at `mono` */
    int64_t mono;    /* milliseconds */
    int64_t advance; /* seconds */
};

static inline int64_t clock_mono(void)
{
    struct timespec t;

    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline struct clock clock_begin(int64_t start)
{
    return (struct clock){.start = start, .mono = clock_mono()};
}

/* Milliseconds since 1970. */
static inline int64_t clock_now_ms(const struct clock *clock)
{
    return (clock->start + clock->advance) * 1000 + clock_mono() - clock->mono;
}

#endif

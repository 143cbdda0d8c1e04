/* backoff: waits drawn by chance, and the breaker.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/backoff.h"

#include <string.h>

#define RETRY_AFTER_MOST 900 /* seconds */

int64_t backoff_after(struct env *env, int failures)
{
    int64_t most = failures <= 1 ? BACKOFF_FIRST_MS : failures == 2 ? BACKOFF_SECOND_MS : BACKOFF_MOST_MS;
    return env_random_below(env, most + 1);
}

int64_t backoff_retry_after(struct env *env, const char *header)
{
    int64_t seconds = 0;
    if (!header || *header == '\0' || header[strspn(header, "0123456789")] != '\0')
        return -1;
    for (; *header && seconds <= RETRY_AFTER_MOST; header++)
        seconds = seconds * 10 + (*header - '0');
    seconds = seconds < 1 ? 1 : seconds > RETRY_AFTER_MOST ? RETRY_AFTER_MOST : seconds;
    return seconds * 1000 + env_random_below(env, seconds * 250 + 1);
}

bool breaker_allows(const struct breaker *b, int64_t mono)
{
    /* A wait that is longer than any that we draw was drawn before the clock jumped. */
    return b->failures == 0 || (b->probe == 0 && (mono >= b->until || b->until - mono > BACKOFF_MOST_MS));
}

void breaker_began(struct breaker *b, uint64_t request)
{
    if (b->failures > 0 && b->probe == 0)
        b->probe = request;
}

void breaker_answered(struct breaker *b)
{
    *b = (struct breaker){0};
}

void breaker_failed(struct breaker *b, struct env *env, uint64_t request)
{
    if (b->failures > 0 && b->probe != request)
        return;
    b->failures++;
    b->probe = 0;
    b->until = env->mono(env) + backoff_after(env, b->failures);
}

void breaker_forget(struct breaker *b, uint64_t request)
{
    if (b->probe == request)
        b->probe = 0;
}

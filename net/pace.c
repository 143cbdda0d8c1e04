/* pace: see pace.h. The figures are those with which `make herd` stays under 0.7 of the capacity.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/pace.h"

enum {
    SHORT_MS = 10000, /* an outage, more than a cut: all ask the feed at once, and each wish makes a whole office ask again */
    SHORT_GENTLE_MS = 300000,
    LONG_MS = 180000, /* one that has left wishes behind at all of them */
    LONG_GENTLE_MS = 1800000,
    SEND_LEAST_MS = 30000,
    SEND_SPREAD_MS = 60000,
    FEED_LEAST_MS = 50000, /* as long as a poll with nothing to say */
    FEED_SPREAD_MS = 8000,
    UNSENT_LEAST_MS = 150000, /* while own wishes go: their answers bring what they changed */
    UNSENT_SPREAD_MS = 200000,
};

void pace_hears(struct pace *p, struct env *env, bool answered)
{
    int64_t mono = env->mono(env), lasted = p->lost_at ? mono - p->lost_at : 0;
    if (!answered) {
        p->lost_at = p->lost_at ? p->lost_at : mono;
        return;
    }
    p->lost_at = 0;
    if (lasted >= LONG_MS) {
        p->feed_until = p->send_until = mono + LONG_GENTLE_MS;
        p->send_at = 0;
    } else if (lasted >= SHORT_MS && p->feed_until < mono + SHORT_GENTLE_MS) {
        p->feed_until = mono + SHORT_GENTLE_MS;
    }
}

/* What lies further ahead than is ever set was set before the clock jumped. */
static bool is_gentle(int64_t until, int64_t mono)
{
    return mono < until && until - mono <= LONG_GENTLE_MS;
}

int64_t pace_send_at(const struct pace *p, int64_t mono)
{
    return is_gentle(p->send_until, mono) ? p->send_at : 0;
}

void pace_sent(struct pace *p, struct env *env)
{
    p->send_at = env->mono(env) + SEND_LEAST_MS + env_random_below(env, SEND_SPREAD_MS);
}

int64_t pace_feed_slot(const struct pace *p, struct env *env, bool unsent)
{
    int64_t mono = env->mono(env);
    if (!is_gentle(p->feed_until, mono))
        return 0;
    if (unsent && is_gentle(p->send_until, mono))
        return UNSENT_LEAST_MS + env_random_below(env, UNSENT_SPREAD_MS);
    return FEED_LEAST_MS + env_random_below(env, FEED_SPREAD_MS);
}

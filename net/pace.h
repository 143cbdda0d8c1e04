/* pace: how a workstation comes back after an outage. The breaker spreads when each of 50,000 asks again; this spreads what they have
 * kept for the server meanwhile, and what each is told of the others'. It refuses to hold up what an officer waits for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_PACE_H
#define MOTCUA_NET_PACE_H

#include "core/env.h"

struct pace {
    int64_t lost_at; /* mono ms: the first request that brought nothing, since the last that did; 0: that one did */
    int64_t feed_until, send_until; /* mono ms: gently so long */
    int64_t send_at;                /* then the next wish may go */
};
/* A request to the API came to its end: the central answered, whatever it said, or did not. */
void pace_hears(struct pace *, struct env *, bool answered);
/* When the next wish may go, mono ms; 0: at once. */
int64_t pace_send_at(const struct pace *, int64_t mono);
void pace_sent(struct pace *, struct env *); /* one goes */
/* Milliseconds from one question to the feed to the next, at least; 0: as the server answers. `unsent`: wishes wait. */
int64_t pace_feed_slot(const struct pace *, struct env *, bool unsent);

#endif

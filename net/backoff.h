/* backoff: when to try again. Full jitter, so that 50,000 workstations that lost the same server do not come back as one; and a
 * breaker that lets one probe through. It counts failed connections and time-outs, never what a server said about one dossier.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_BACKOFF_H
#define MOTCUA_NET_BACKOFF_H

#include "core/env.h"

/* The first wait is 0 to 10 s: most cuts are of one connection. The second is 0 to 150 s, for then it is an outage: were it only
 * doubled, all would be back within half a minute, at more than the server can do (make herd). */
#define BACKOFF_FIRST_MS  10000
#define BACKOFF_SECOND_MS 150000
#define BACKOFF_MOST_MS   300000

/* Milliseconds to wait after so many failures in a row (from 1). */
int64_t backoff_after(struct env *, int failures);
/* Milliseconds by a Retry-After, clamped to 1-900 s, and up to a quarter more; -1 where the header is absent or no number. */
int64_t backoff_retry_after(struct env *, const char *header);

struct breaker {
    int failures;   /* in a row; 0: closed */
    int64_t until;  /* mono ms: then one probe may go */
    uint64_t probe; /* the request that is the probe now, 0: none */
};
bool breaker_allows(const struct breaker *, int64_t mono);
void breaker_began(struct breaker *, uint64_t request); /* it becomes the probe where the breaker is open */
/* How it ended: the line answered, or did not. Of what was on its way when the breaker opened only the probe counts. */
void breaker_answered(struct breaker *);
void breaker_failed(struct breaker *, struct env *, uint64_t request);
void breaker_forget(struct breaker *, uint64_t request); /* given up by us: says nothing about the line */

#endif

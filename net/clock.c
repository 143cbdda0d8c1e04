/* clock: intervals, narrowed answer by answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/clock.h"

#include "core/instant.h"

/* Two clocks drift apart by at most so much: one part in 10,000. */
#define DRIFT_PARTS 10000

void clock_learn(struct server_clock *c, const char *date, int64_t sent, int64_t received)
{
    int64_t t;
    if (!instant_parse_http(date, &t) || t < 0)
        return;
    int64_t least = t * 1000 - received, most = t * 1000 + 999 - sent;
    if (c->known) {
        int64_t drift = (received - c->learned) / DRIFT_PARTS + 1;
        int64_t old_least = c->least - drift, old_most = c->most + drift;
        if (least <= old_most && most >= old_least) {
            least = least > old_least ? least : old_least;
            most = most < old_most ? most : old_most;
        }
    }
    *c = (struct server_clock){.known = true, .least = least, .most = most, .learned = received};
}

int64_t clock_at(const struct server_clock *c, int64_t mono)
{
    /* After a long poll the interval is as long as the poll; the answer was made at its end, so that is where it stands. */
    int64_t width = c->most - c->least;
    return mono + c->least + (width < 1000 ? width : 1000) / 2;
}

/* clock: the server's time. Each answer says by its Date, to the second, what time it was there while it was on its way; what is
 * true of all recent ones is narrower than a second. It refuses to trust the PC's clock for anything but a start without a line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_CLOCK_H
#define MOTCUA_NET_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct server_clock {
    bool known;          /* from an answer of this run */
    int64_t least, most; /* server time less mono lies between, ms */
    int64_t learned;     /* mono ms */
};
/* `sent` and `received` in mono ms. A Date that is none (or NULL) is ignored; one that contradicts what was known means that the
 * server's clock was set. */
void clock_learn(struct server_clock *, const char *date, int64_t sent, int64_t received);
/* Server time in ms at that `mono`; only where it is known. */
int64_t clock_at(const struct server_clock *, int64_t mono);

#endif

/* officers: whose files lie on this machine, when each of them was here last, and whose cache goes because he has not come for long.
 * It opens nothing of what is sealed, and refuses directories that are not this account's alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_OFFICERS_H
#define MOTCUA_CACHE_OFFICERS_H

#include "core/err.h"

#include <stddef.h>
#include <stdint.h>

#define OFFICERS_ABSENT_SECONDS ((int64_t)7 * 86400)

struct officer_place {            /* borrowed, for as long as the call lasts */
    const char *server, *officer; /* names of the directories */
    const char *path;
    int dir;
};
/* Calls `each` for every officer's directory below `base` (state_base()): of one server, or, `server` NULL, of all; in the order of
 * their names; until it says false. false: it did. What is not there, is a link or is another account's is passed over. */
bool officers_each(const char *base, const char *server, bool (*each)(void *, const struct officer_place *),
                   void *context);

/* Server time when the officer was here last; INSTANT_NONE: not noted. */
int64_t officers_seen(int dir);
bool officers_set_seen(int dir, int64_t now, struct err *);
/* Removes the cache of each officer (of one server, or NULL: of all) who was not seen for OFFICERS_ABSENT_SECONDS before `now`, server
 * time, unless an instance works on it; never unsent wishes. Who was never seen is from now on. How many went. */
size_t officers_forget_absent(const char *base, const char *server, int64_t now);

#endif

/* phone: statements that wait for their officer's word on a phone, as phone.c keeps them and phone_page.c shows them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_PHONE_H
#define MOTCUA_TRAINING_PHONE_H

#include "training/inside.h"

#define PHONE_PATH "/ky-so"

enum phone_state {
    PHONE_WAITING,
    PHONE_SIGNED,
    PHONE_REJECTED,
    PHONE_CANCELLED
};             /* the numbers are stored */
struct phone { /* texts in an arena */
    const char *id, *officer, *code, *statement;
    size_t len;
    int64_t created, until;
    enum phone_state state; /* one that waits at `until` has expired */
    const char *cms;        /* base64; NULL: not signed */
};
/* False: no such request that is still kept. */
bool phone_find(struct central *, const char *id, int64_t now, struct arena *, struct phone *);
/* Those that wait for this officer, oldest first; at most `most`. How many. */
size_t phone_waiting(struct central *, const char *officer, int64_t now, struct arena *, struct phone *out,
                     size_t most);
bool phone_is_waiting(const struct phone *, int64_t now);
/* What its officer says to one that waits. */
void phone_sign(struct central *, struct phone *, int64_t now, struct arena *);
void phone_set(struct central *, struct phone *, enum phone_state);

#endif

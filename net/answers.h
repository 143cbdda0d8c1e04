/* answers: what came of asks and has not been taken yet, oldest first. It refuses to keep anything on disk.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_ANSWERS_H
#define MOTCUA_NET_ANSWERS_H

#include "core/ask.h"

struct answers {
    struct answer *items;
    size_t n, cap;
};
/* A new last one, to be filled before the next call; empty but for these. */
struct answer *answers_add(struct answers *, uint64_t ask, enum ask_kind, bool final);
bool answers_take(struct answers *, struct answer *out);
void answers_forget(struct answers *, uint64_t ask); /* the ask was taken back */
void answers_clear(struct answers *);

#endif

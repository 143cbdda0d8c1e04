/* queue: the lists that officers work from, and which of them a dossier stands in.
 * `queue` is the one role queue of a dossier; mine, today, overdue, stuck and watch are conditions over it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_QUEUE_H
#define MOTCUA_CORE_QUEUE_H

#include "core/types.h"

enum queue_id {
    QUEUE_NONE = 0,  /* ended: in no queue */
    QUEUE_TO_RECEIVE, QUEUE_IN_PROGRESS, QUEUE_SUPPLEMENT, QUEUE_UNPAID, QUEUE_TO_SIGN, QUEUE_TO_ISSUE, QUEUE_TO_RETURN,
    QUEUE_WITHDRAWAL, /* asked to be withdrawn: listed under in_progress for the counter, no queue of its own on the screen */
    QUEUE_ROLE_COUNT,
    /* conditions */
    QUEUE_MINE, QUEUE_TODAY, QUEUE_OVERDUE, QUEUE_STUCK, QUEUE_WATCH,
    QUEUE_ALL,       /* everything kept: the scope of search, `list` without --queue */
};
enum queue_id queue_of(const struct dossier *);  /* the role queue it stands in */
const char *queue_text(enum queue_id);           /* "to_receive" …: ids of screens.md section 5; NULL where it has none */
enum queue_id queue_parse(const char *text);     /* QUEUE_NONE: no such queue */

/* Which queues an officer with these roles (ROLE_BIT()s) has, in the screen's order; at most 10. */
size_t queue_list(unsigned roles, enum queue_id out[static 10]);

/* mine: assigned to the officer, or (counter) taken in or helped by the officer's … see queue.c; open only. */
bool queue_is_mine(const struct dossier *, const struct officer *me);

#endif

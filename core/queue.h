/* queue: the lists that officers work from, and which of them a dossier stands in.
 * `queue` is the one role queue of a dossier; mine, today, overdue, stuck and watch are conditions over it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_QUEUE_H
#define MOTCUA_CORE_QUEUE_H

#include "core/types.h"

enum queue_id {
    QUEUE_NONE = 0, /* ended: in no queue */
    QUEUE_TO_RECEIVE,
    QUEUE_IN_PROGRESS,
    QUEUE_SUPPLEMENT,
    QUEUE_UNPAID,
    QUEUE_TO_SIGN,
    QUEUE_TO_ISSUE,
    QUEUE_TO_RETURN,
    QUEUE_WITHDRAWAL, /* asked to be withdrawn: listed under in_progress for the counter, no queue of its own on the screen */
    QUEUE_ROLE_COUNT,
    /* conditions */
    QUEUE_MINE,
    QUEUE_TODAY,
    QUEUE_OVERDUE,
    QUEUE_STUCK,
    QUEUE_WATCH,
    QUEUE_ALL, /* everything kept: the scope of search, `list` without --queue */
};
/* The role queue it stands in; what is not over stands in one, also with a status or step that came later. */
enum queue_id queue_of(const struct dossier *);
/* "to_receive" …: ids of screens.md section 5; NULL where it has none. */
const char *queue_text(enum queue_id);
enum queue_id queue_parse(const char *text); /* QUEUE_NONE: no such queue */

/* Which queues an officer with these roles (ROLE_BIT()s) has, in the screen's order; at most 10: where several roles have more,
 * `watch` and `stuck` go. Auditors, trainers and whoever has no role that we know read all role queues. */
size_t queue_list(unsigned roles, enum queue_id out[static 10]);

/* mine: assigned to the officer while it is open; or filed with the officer's help (`assisted_by`) until its result is handed
 * out. A dossier does not say who took it in at the counter, so nothing else can make it somebody's. */
bool queue_is_mine(const struct dossier *, const struct officer *me);

#endif

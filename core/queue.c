/* queue: where a dossier stands among the lists that officers work from, and who has which lists.
 * It refuses to lose one: what is not over stands in a queue, also with a status or step that came later.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/queue.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOST         10 /* 1-9 and 0 */

#define COUNTER    ROLE_BIT(ROLE_COUNTER)
#define SPECIALIST ROLE_BIT(ROLE_SPECIALIST)
#define SUPERVISOR ROLE_BIT(ROLE_SUPERVISOR)
#define CLERK      ROLE_BIT(ROLE_CLERK)
#define WORKERS    (COUNTER | SPECIALIST | SUPERVISOR | CLERK)
#define READERS    (ROLE_BIT(ROLE_AUDITOR) | ROLE_BIT(ROLE_TRAINER)) /* and whoever has no role that we know */

/* In the screen's order (mock-ups queues and queues-unit): what waits for me first, then what I follow, then what presses.
 * Somebody with several roles has the lists of all; `spare` are the first to go where that makes more than ten: what stands in
 * them stands in another list too. */
static const struct {
    enum queue_id queue;
    const char *text;
    unsigned roles;
    bool spare;
} queues[] = {
    {QUEUE_TO_RECEIVE, "to_receive", COUNTER | READERS, false},
    {QUEUE_TO_SIGN, "to_sign", SUPERVISOR | READERS, false},
    {QUEUE_MINE, "mine", COUNTER | SPECIALIST, false},
    {QUEUE_WATCH, "watch", SUPERVISOR, true},
    {QUEUE_IN_PROGRESS, "in_progress", COUNTER | SPECIALIST | SUPERVISOR | READERS, false},
    {QUEUE_SUPPLEMENT, "supplement", COUNTER | SPECIALIST | READERS, false},
    {QUEUE_UNPAID, "unpaid", COUNTER | SPECIALIST | READERS, false},
    {QUEUE_TO_ISSUE, "to_issue", SUPERVISOR | CLERK | READERS, false},
    {QUEUE_TO_RETURN, "to_return", COUNTER | CLERK | READERS, false},
    {QUEUE_TODAY, "today", WORKERS | READERS, false},
    {QUEUE_OVERDUE, "overdue", WORKERS | READERS, false},
    {QUEUE_STUCK, "stuck", WORKERS | READERS, true},
};

static enum queue_id queue_in_progress(const char *step)
{
    switch (step_of(step)) {
    case STEP_APPROVAL:
        return QUEUE_TO_SIGN;
    case STEP_ISSUING:
        return QUEUE_TO_ISSUE;
    default:
        return QUEUE_IN_PROGRESS;
    }
}

enum queue_id queue_of(const struct dossier *d)
{
    switch (status_of(d->status)) {
    case STATUS_REGISTERED:
        return QUEUE_TO_RECEIVE;
    case STATUS_IN_PROGRESS:
        return queue_in_progress(d->step);
    case STATUS_AWAITING_SUPPLEMENT:
        return QUEUE_SUPPLEMENT;
    case STATUS_AWAITING_PAYMENT:
        return QUEUE_UNPAID;
    case STATUS_WITHDRAWAL_REQUESTED:
        return QUEUE_WITHDRAWAL;
    case STATUS_COMPLETED:
        return QUEUE_TO_RETURN;
    case STATUS_DECLINED:
    case STATUS_STOPPED:
    case STATUS_RETURNED:
        return QUEUE_NONE;
    default: /* received, and what came later */
        return QUEUE_IN_PROGRESS;
    }
}

const char *queue_text(enum queue_id queue)
{
    for (size_t i = 0; i < COUNT(queues); i++)
        if (queues[i].queue == queue)
            return queues[i].text;
    return NULL;
}

enum queue_id queue_parse(const char *text)
{
    for (size_t i = 0; text && i < COUNT(queues); i++)
        if (strcmp(queues[i].text, text) == 0)
            return queues[i].queue;
    return QUEUE_NONE;
}

size_t queue_list(unsigned roles, enum queue_id out[static 10])
{
    size_t n = 0, have = 0;

    if (!(roles & (WORKERS | READERS)))
        roles = READERS;
    for (size_t i = 0; i < COUNT(queues); i++)
        have += (queues[i].roles & roles) != 0;
    for (size_t i = 0; i < COUNT(queues) && n < MOST; i++)
        if (queues[i].roles & roles && !(queues[i].spare && have > MOST))
            out[n++] = queues[i].queue;
    return n;
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool queue_is_mine(const struct dossier *d, const struct officer *me)
{
    if (same(d->assignee, me->id) && dossier_is_open(d))
        return true;
    return same(d->assisted_by, me->id) && queue_of(d) != QUEUE_NONE;
}

/* types: the contract's words ↔ the numbers that code switches on, and the few facts that follow from one dossier alone.
 * It refuses to guess: a word that it does not know is *_UNKNOWN.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/types.h"

#include "core/instant.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const status_words[] = {
    [STATUS_REGISTERED] = "registered",
    [STATUS_RECEIVED] = "received",
    [STATUS_DECLINED] = "declined",
    [STATUS_IN_PROGRESS] = "in_progress",
    [STATUS_AWAITING_SUPPLEMENT] = "awaiting_supplement",
    [STATUS_AWAITING_PAYMENT] = "awaiting_payment",
    [STATUS_WITHDRAWAL_REQUESTED] = "withdrawal_requested",
    [STATUS_STOPPED] = "stopped",
    [STATUS_COMPLETED] = "completed",
    [STATUS_RETURNED] = "returned",
};
static const char *const step_words[] = {
    [STEP_INTAKE] = "intake",   [STEP_ASSESSMENT] = "assessment", [STEP_APPROVAL] = "approval",
    [STEP_ISSUING] = "issuing", [STEP_RETURN] = "return",         [STEP_CLOSED] = "closed",
};
static const char *const role_words[] = {
    [ROLE_COUNTER] = "counter", [ROLE_SPECIALIST] = "specialist", [ROLE_SUPERVISOR] = "supervisor",
    [ROLE_CLERK] = "clerk",     [ROLE_TRAINER] = "trainer",       [ROLE_AUDITOR] = "auditor",
};

/* Number of a word in a table whose first row stands for "unknown"; text may be NULL. */
static unsigned find(const char *const *words, size_t n, const char *text)
{
    for (size_t i = 1; text && i < n; i++)
        if (strcmp(words[i], text) == 0)
            return (unsigned)i;
    return 0;
}

enum dossier_status status_of(const char *text)
{
    return find(status_words, COUNT(status_words), text);
}

enum dossier_step step_of(const char *text)
{
    return find(step_words, COUNT(step_words), text);
}

enum role role_of(const char *text)
{
    return find(role_words, COUNT(role_words), text);
}

const char *status_text(enum dossier_status status)
{
    return status < COUNT(status_words) ? status_words[status] : NULL;
}

const char *step_text(enum dossier_step step)
{
    return step < COUNT(step_words) ? step_words[step] : NULL;
}

const char *role_text(enum role role)
{
    return role < COUNT(role_words) ? role_words[role] : NULL;
}

unsigned officer_roles(const struct officer *officer)
{
    unsigned roles = 0;
    for (size_t i = 0; i < officer->roles.n; i++) {
        enum role role = role_of(officer->roles.items[i]);
        if (role != ROLE_UNKNOWN)
            roles |= ROLE_BIT(role);
    }
    return roles;
}

bool mandate_holds(const struct mandate *m, int64_t now)
{
    return m->from <= now && now < m->until;
}

static bool mandate_covers(const struct mandate *m, const char *procedure, int64_t now)
{
    bool named = m->procedures.n == 0;

    for (size_t i = 0; i < m->procedures.n && !named; i++)
        named = strcmp(m->procedures.items[i], procedure) == 0;
    return named && mandate_holds(m, now);
}

const char *officer_acts_for(const struct officer *o, const char *chosen, const char *procedure, int64_t now)
{
    bool himself = officer_roles(o) & ROLE_BIT(ROLE_SUPERVISOR);
    const char *first = NULL;

    for (size_t i = 0; i < o->n_mandates; i++) {
        const struct mandate *m = &o->mandates[i];
        if (!mandate_covers(m, procedure, now))
            continue;
        if (chosen && strcmp(m->on_behalf_of, chosen) == 0)
            return m->on_behalf_of;
        first = first ? first : m->on_behalf_of;
    }
    return himself ? NULL : first;
}

int64_t dossier_due(const struct dossier *d)
{
    int64_t due = status_of(d->status) == STATUS_REGISTERED ? d->decide_by : d->due_at;
    return due == INSTANT_NONE ? INSTANT_NEVER : due;
}

bool dossier_is_open(const struct dossier *d)
{
    switch (status_of(d->status)) {
    case STATUS_DECLINED:
    case STATUS_STOPPED:
    case STATUS_COMPLETED:
    case STATUS_RETURNED:
        return false;
    default:
        return true;
    }
}

bool dossier_is_paused(const struct dossier *d)
{
    switch (status_of(d->status)) {
    case STATUS_AWAITING_SUPPLEMENT:
    case STATUS_AWAITING_PAYMENT:
    case STATUS_WITHDRAWAL_REQUESTED:
        return true;
    default: /* a status that came later may let the clock stand too */
        return d->paused_since != INSTANT_NONE;
    }
}

const char *problem_name(const struct problem *problem)
{
    static const char urn[] = "urn:onestop:problem:";
    bool ours = problem->type && strncmp(problem->type, urn, sizeof(urn) - 1) == 0;
    return ours ? problem->type + sizeof(urn) - 1 : "";
}

const struct payment *dossier_pending(const struct dossier *d)
{
    for (size_t i = d->n_payments; i-- > 0;)
        if (strcmp(d->payments[i].status, "pending") == 0)
            return &d->payments[i];
    return NULL;
}

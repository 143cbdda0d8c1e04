/* history: the events that must have made a dossier what it is, where a scenario does not tell them. Times are the dossier's own; who
 * did it is who is named, else the first officer there whose work it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/loader.h"

#include <string.h>

struct history {
    const struct directory *directory;
    const struct dossier *d;
    struct places places;
    struct arena *arena;
    struct event *events;
    size_t n, cap;
};

static const char *somebody(const struct history *h, enum role role)
{
    for (size_t i = 0; i < h->directory->n_officers; i++)
        if (directory_roles(h->directory, &h->directory->officers[i], &h->places) & ROLE_BIT(role))
            return h->directory->officers[i].id;
    return NULL;
}

static struct event *add(struct history *h, int64_t at, const char *action, const char *by,
                         enum dossier_status from, enum dossier_status to)
{
    if (h->n == h->cap) {
        h->events = arena_grow(h->arena, h->events, h->n, h->cap + 16, sizeof *h->events);
        h->cap += 16;
    }
    size_t place = h->n++;
    for (; place > 0 && h->events[place - 1].at > at; place--)
        h->events[place] = h->events[place - 1];
    h->events[place] = (struct event){.at = at,
                                      .acted_at = INSTANT_NONE,
                                      .by = by,
                                      .action = action,
                                      .from = status_text(from),
                                      .to = status_text(to)};
    return &h->events[place];
}

/* Taken in by an officer it was received at once. */
static void begin(struct history *h)
{
    const struct dossier *d = h->d;
    bool helped = strcmp(d->channel, "counter") == 0 || d->assisted_by;
    bool at_once = d->received_at == d->submitted_at;
    const char *by = d->assisted_by ? d->assisted_by : helped ? somebody(h, ROLE_COUNTER) : NULL;

    add(h, d->submitted_at, "create", by, STATUS_UNKNOWN, at_once ? STATUS_RECEIVED : STATUS_REGISTERED);
    if (!at_once && d->received_at != INSTANT_NONE)
        add(h, d->received_at, "receive", somebody(h, ROLE_COUNTER), STATUS_REGISTERED, STATUS_RECEIVED);
}

/* What it was before and after a pause: the step tells. */
static enum dossier_status around(const struct dossier *d, int64_t at)
{
    if (d->received_at == INSTANT_NONE || at < d->received_at)
        return STATUS_REGISTERED;
    return d->assignee ? STATUS_IN_PROGRESS : STATUS_RECEIVED;
}

static void pauses(struct history *h)
{
    const struct dossier *d = h->d;

    for (size_t i = 0; i < d->n_supplements; i++) {
        const struct supplement *s = &d->supplements[i];
        add(h, s->requested_at, "request_supplement", s->by, around(d, s->requested_at), STATUS_AWAITING_SUPPLEMENT)
            ->note = s->note;
        if (s->received_at != INSTANT_NONE)
            add(h, s->received_at, "supplement", somebody(h, ROLE_COUNTER), STATUS_AWAITING_SUPPLEMENT,
                around(d, s->received_at));
    }
    for (size_t i = 0; i < d->n_pauses; i++) {
        if (status_of(d->pauses[i].status) != STATUS_AWAITING_PAYMENT)
            continue;
        const char *counter = somebody(h, ROLE_COUNTER);
        add(h, d->pauses[i].from, "request_payment", counter, around(d, d->pauses[i].from),
            STATUS_AWAITING_PAYMENT);
        add(h, d->pauses[i].until, "confirm_payment", counter, STATUS_AWAITING_PAYMENT,
            around(d, d->pauses[i].until));
    }
    if (d->paused_since == INSTANT_NONE)
        return;
    if (status_of(d->status) == STATUS_AWAITING_PAYMENT)
        add(h, d->paused_since, "request_payment", somebody(h, ROLE_COUNTER), around(d, d->paused_since),
            STATUS_AWAITING_PAYMENT);
    if (status_of(d->status) == STATUS_WITHDRAWAL_REQUESTED)
        add(h, d->step_since, "request_withdrawal", somebody(h, ROLE_COUNTER), around(d, d->step_since),
            STATUS_WITHDRAWAL_REQUESTED);
}

/* Nobody wrote down when it was handed on: right after it was received. */
static void assign(struct history *h)
{
    const struct dossier *d = h->d;
    const struct officer *to = directory_officer(h->directory, d->assignee, NULL);
    int64_t at = d->received_at == INSTANT_NONE ? d->submitted_at : d->received_at;

    if (!to)
        return;
    if (status_of(d->status) == STATUS_IN_PROGRESS && step_of(d->step) == STEP_ASSESSMENT && d->n_pauses == 0)
        at = d->step_since;
    add(h, at, "assign", somebody(h, ROLE_COUNTER), STATUS_RECEIVED, STATUS_IN_PROGRESS)->note =
        arena_format(h->arena, "cho %s", to->name);
}

static void decide(struct history *h)
{
    const struct dossier *d = h->d;

    if (d->proposal)
        add(h, d->proposal->at, "propose", d->proposal->by, STATUS_IN_PROGRESS, STATUS_IN_PROGRESS)->note =
            d->proposal->note;
    if (d->decision) {
        bool grant = strcmp(d->decision->outcome, "grant") == 0;
        struct event *e = add(h, d->decision->at, grant ? "approve" : "refuse_result", d->decision->by,
                              STATUS_IN_PROGRESS, STATUS_IN_PROGRESS);
        e->on_behalf_of = d->decision->on_behalf_of;
        e->note = grant || !d->proposal ? NULL : d->proposal->note;
    }
    if (d->completed_at != INSTANT_NONE)
        add(h, d->completed_at, "issue", somebody(h, ROLE_CLERK), STATUS_IN_PROGRESS, STATUS_COMPLETED);
}

static void end(struct history *h)
{
    const struct dossier *d = h->d;
    enum dossier_status status = status_of(d->status);
    bool late = d->n_pauses && status_of(d->pauses[d->n_pauses - 1].status) == STATUS_WITHDRAWAL_REQUESTED;

    if (d->returned_at != INSTANT_NONE)
        add(h, d->returned_at, "return_result", somebody(h, ROLE_COUNTER), STATUS_COMPLETED, STATUS_RETURNED);
    else if (status == STATUS_DECLINED)
        add(h, d->step_since, "decline", somebody(h, ROLE_COUNTER), STATUS_REGISTERED, status);
    else if (status == STATUS_STOPPED && late)
        add(h, d->step_since, "withdraw", somebody(h, ROLE_COUNTER), STATUS_WITHDRAWAL_REQUESTED, status);
    else if (status == STATUS_STOPPED)
        add(h, d->step_since, "stop", somebody(h, ROLE_SUPERVISOR), around(d, d->step_since), status);
}

size_t history_of(const struct directory *directory, const struct dossier *d, struct arena *arena,
                  struct event **out)
{
    struct history h = {.directory = directory, .d = d, .places = directory_places(directory, d), .arena = arena};

    begin(&h);
    assign(&h);
    pauses(&h);
    decide(&h);
    end(&h);
    for (size_t i = 0; i < h.n; i++)
        h.events[i].seq = (int64_t)i + 1;
    *out = h.events;
    return h.n;
}

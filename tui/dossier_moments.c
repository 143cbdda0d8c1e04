/* dossier_moments: what a dossier says of its own past, without its events. It refuses to guess who did what where it does not say.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/dossier_parts.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

struct moments {
    struct arena *arena;
    const struct dossier *d;
    struct dossier_moment *items;
    size_t n, cap;
};

/* Keeps the newest first; of the same moment what was added later is the newer. */
static void add(struct moments *m, int64_t at, const char *by, const char *words, enum dossier_status status)
{
    size_t i = 0;

    if (at == INSTANT_NONE)
        return;
    if (m->n == m->cap) {
        m->cap = m->cap ? m->cap * 2 : 8;
        m->items = arena_grow(m->arena, m->items, m->n, m->cap, sizeof *m->items);
    }
    while (i < m->n && m->items[i].at > at)
        i++;
    memmove(&m->items[i + 1], &m->items[i], (m->n - i) * sizeof *m->items);
    m->items[i] = (struct dossier_moment){.at = at, .by = by, .words = words, .status = status_text(status)};
    m->n++;
}

static const char *label_of(enum action action)
{
    return word_action(workflow_rule(action)->id).label;
}

static const char *with_note(struct moments *m, enum action action, const char *note)
{
    return note && *note ? arena_format(m->arena, "%s: %s", label_of(action), text_shown(m->arena, note))
                         : label_of(action);
}

const char *dossier_intake_words(const char *channel, bool helped)
{
    if (strcmp(channel, "counter") == 0)
        return _("Taken in at the counter");
    if (strcmp(channel, "post") == 0)
        return _("Sent by post");
    return helped ? _("Filed online with help") : _("Filed online");
}

static void add_intake(struct moments *m)
{
    const struct dossier *d = m->d;
    bool at_once = d->received_at == d->submitted_at;
    enum dossier_status becomes = at_once ? STATUS_RECEIVED : STATUS_REGISTERED;

    add(m, d->submitted_at, d->assisted_by, dossier_intake_words(d->channel, d->assisted_by != NULL), becomes);
    if (!at_once)
        add(m, d->received_at, NULL, label_of(ACTION_RECEIVE), STATUS_RECEIVED);
}

static void add_supplements(struct moments *m)
{
    for (size_t i = 0; i < m->d->n_supplements; i++) {
        const struct supplement *s = &m->d->supplements[i];
        add(m, s->requested_at, s->by, with_note(m, ACTION_REQUEST_SUPPLEMENT, s->note),
            STATUS_AWAITING_SUPPLEMENT);
        add(m, s->received_at, NULL, label_of(ACTION_SUPPLEMENT), STATUS_UNKNOWN);
    }
}

static void add_pause(struct moments *m, const char *status, int64_t from, int64_t until)
{
    switch (status_of(status)) {
    case STATUS_AWAITING_PAYMENT:
        add(m, from, NULL, label_of(ACTION_REQUEST_PAYMENT), STATUS_AWAITING_PAYMENT);
        add(m, until, NULL, _("The payment is over"), STATUS_UNKNOWN);
        break;
    case STATUS_WITHDRAWAL_REQUESTED:
        add(m, from, NULL, label_of(ACTION_REQUEST_WITHDRAWAL), STATUS_WITHDRAWAL_REQUESTED);
        break;
    default: /* supplements say more of themselves */
        break;
    }
}

static void add_decisions(struct moments *m)
{
    const struct dossier *d = m->d;

    if (d->proposal)
        add(m, d->proposal->at, d->proposal->by,
            with_note(m, ACTION_PROPOSE,
                      d->proposal->note ? d->proposal->note : word_outcome(d->proposal->outcome)),
            STATUS_UNKNOWN);
    if (d->decision)
        add(m, d->decision->at, d->decision->by,
            label_of(strcmp(d->decision->outcome, "refuse") == 0 ? ACTION_REFUSE_RESULT : ACTION_APPROVE),
            STATUS_UNKNOWN);
    add(m, d->completed_at, NULL, with_note(m, ACTION_ISSUE, d->decision ? d->decision->number : NULL),
        STATUS_COMPLETED);
    add(m, d->returned_at, NULL, with_note(m, ACTION_RETURN_RESULT, d->returned_to), STATUS_RETURNED);
}

size_t dossier_moments(struct arena *arena, const struct dossier *d, struct dossier_moment **out)
{
    struct moments m = {.arena = arena, .d = d};
    enum dossier_status status = status_of(d->status);

    add_intake(&m);
    add_supplements(&m);
    for (size_t i = 0; i < d->n_pauses; i++)
        add_pause(&m, d->pauses[i].status, d->pauses[i].from, d->pauses[i].until);
    add_pause(&m, d->status, d->paused_since, INSTANT_NONE);
    add_decisions(&m);
    if (status == STATUS_DECLINED)
        add(&m, d->step_since, NULL, label_of(ACTION_DECLINE), status);
    else if (status == STATUS_STOPPED)
        add(&m, d->step_since, NULL, label_of(ACTION_STOP), status);
    *out = m.items;
    return m.n;
}

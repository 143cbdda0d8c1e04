/* conflict_parts: see conflict_parts.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/conflict_parts.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/outbox_parts.h"

#include <stdlib.h>
#include <string.h>

#define NOTHING "-"

/* ── what a dossier says, thing by thing ───────────────────────────────────────────────────────────────────────────── */

typedef char *say_fn(struct app *, struct arena *, const struct dossier *);

static char *say_status(struct app *app, struct arena *arena, const struct dossier *d)
{
    return text_shown(arena, word_status(d->status));
}

static char *say_step(struct app *app, struct arena *arena, const struct dossier *d)
{
    return text_shown(arena, word_step(d->step));
}

static char *say_assignee(struct app *app, struct arena *arena, const struct dossier *d)
{
    return d->assignee ? text_shown(arena, cache_officer_name(app_cache(app), d->assignee))
                       : arena_copy(arena, C_("assignee", "(nobody)"));
}

static char *say_due(struct app *app, struct arena *arena, const struct dossier *d)
{
    int64_t due = dossier_due(d);

    if (due == INSTANT_NEVER)
        return arena_copy(arena, NOTHING);
    return arena_format(arena, "%s %s", word_day_short(arena, due, app_now(app), app_offset(app)),
                        word_clock(arena, due, app_offset(app)));
}

static char *say_papers(struct app *app, struct arena *arena, const struct dossier *d)
{
    size_t missing = 0;

    for (size_t i = 0; i < d->n_papers; i++)
        missing += strcmp(d->papers[i].state, "missing") == 0;
    if (d->n_papers == 0)
        return arena_copy(arena, NOTHING);
    if (missing == 0)
        return arena_format(arena, _("%zu there"), d->n_papers);
    return arena_format(arena, _("%zu there, %zu missing"), d->n_papers - missing, missing);
}

static char *say_supplements(struct app *app, struct arena *arena, const struct dossier *d)
{
    return d->n_supplements ? arena_format(arena, _("asked for %zu times"), d->n_supplements)
                            : arena_copy(arena, NOTHING);
}

static char *say_fees(struct app *app, struct arena *arena, const struct dossier *d)
{
    int64_t all = 0, unpaid = dossier_unpaid(d);

    for (size_t i = 0; i < d->n_fees; i++)
        all += d->fees[i].amount;
    if (d->n_fees == 0)
        return arena_copy(arena, NOTHING);
    return unpaid ? arena_format(arena, _("%s to pay"), text_money(arena, unpaid))
                  : arena_format(arena, _("%s, all paid"), text_money(arena, all));
}

static char *say_proposal(struct app *app, struct arena *arena, const struct dossier *d)
{
    if (!d->proposal)
        return arena_copy(arena, NOTHING);
    return arena_format(arena, "%s, %s", text_shown(arena, word_outcome(d->proposal->outcome)),
                        text_shown(arena, cache_officer_name(app_cache(app), d->proposal->by)));
}

static char *say_decision(struct app *app, struct arena *arena, const struct dossier *d)
{
    if (!d->decision)
        return arena_copy(arena, NOTHING);
    return arena_format(arena, "%s, %s", text_shown(arena, word_outcome(d->decision->outcome)),
                        text_shown(arena, cache_officer_name(app_cache(app), d->decision->by)));
}

static char *say_number(struct app *app, struct arena *arena, const struct dossier *d)
{
    return d->decision && d->decision->number ? text_shown(arena, d->decision->number)
                                              : arena_copy(arena, NOTHING);
}

static char *say_returned_to(struct app *app, struct arena *arena, const struct dossier *d)
{
    return d->returned_to ? text_shown(arena, d->returned_to) : arena_copy(arena, NOTHING);
}

static char *say_applicant(struct app *app, struct arena *arena, const struct dossier *d)
{
    return text_shown(arena, d->applicant ? d->applicant->name : NULL);
}

static char *say_files(struct app *app, struct arena *arena, const struct dossier *d)
{
    return d->n_attachments ? arena_format(arena, _("%zu files"), d->n_attachments) : arena_copy(arena, NOTHING);
}

/* ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Every row, or only one in which something differs. */
enum when { ALWAYS, IF_DIFFERENT };

static void add_row(struct conflict *k, const struct conflict_row *row, enum when when)
{
    bool did = strcmp(row->mine, NOTHING) != 0;

    if (k->n < CONFLICT_ROWS && (when == ALWAYS || row->changed || did)) {
        k->rows[k->n] = *row;
        k->rows[k->n++].clash = row->changed && did && strcmp(row->mine, row->now) != 0;
    }
}

static void compare(struct conflict *k, struct app *app, const char *label, say_fn *say, enum when when)
{
    struct conflict_row row = {.label = label, .seen = NOTHING, .mine = NOTHING, .now = NOTHING};

    if (k->has_saw) {
        row.seen = say(app, &k->arena, &k->saw);
        const char *made = say(app, &k->arena, &k->made);
        row.mine = strcmp(made, row.seen) != 0 ? made : NOTHING;
    }
    if (k->has_now)
        row.now = say(app, &k->arena, &k->now);
    row.changed = k->has_saw && k->has_now && strcmp(row.seen, row.now) != 0;
    add_row(k, &row, when);
}

/* What the officer wrote stands in no dossier. */
static void add_own(struct conflict *k, const char *label, const char *text)
{
    if (text && *text)
        add_row(k, &(struct conflict_row){.label = label, .seen = NOTHING, .mine = text, .now = NOTHING}, ALWAYS);
}

static char *papers_asked_for(struct conflict *k)
{
    struct buf text = {0};

    for (size_t i = 0; i < k->request.papers.n; i++) {
        const char *name = k->request.papers.items[i];
        for (size_t p = 0; p < k->saw.n_papers; p++)
            if (strcmp(k->saw.papers[p].id, name) == 0)
                name = k->saw.papers[p].name;
        buf_format(&text, "%s%s", i ? ", " : "", text_shown(&k->arena, name));
    }
    char *out = arena_copy(&k->arena, text.data ? text.data : "");
    buf_wipe(&text);
    return out;
}

static bool same_json(const struct codec_shape *shape, const void *a, const void *b)
{
    json_t *left = codec_encode(shape, a, 0), *right = codec_encode(shape, b, 0);
    bool same = json_equal(left, right);

    json_decref(left);
    json_decref(right);
    return same;
}

/* What somebody corrected shows as a whole: which line of it is for the dossier's own screen. */
static void add_corrected(struct conflict *k, struct app *app)
{
    if (!k->has_saw || !k->has_now)
        return;
    bool person = !same_json(&shape_applicant, k->saw.applicant, k->now.applicant);
    bool form = k->saw.form && k->now.form && !json_equal(k->saw.form, k->now.form);
    struct conflict_row row = {
        .seen = NOTHING, .mine = NOTHING, .now = C_("conflict", "corrected"), .changed = true};

    compare(k, app, C_("conflict", "Applicant"), say_applicant, IF_DIFFERENT);
    row.label = C_("conflict", "Applicant's details");
    if (person)
        add_row(k, &row, IF_DIFFERENT);
    row.label = C_("conflict", "Content");
    if (form)
        add_row(k, &row, IF_DIFFERENT);
}

static void list_rows(struct conflict *k, struct app *app)
{
    const struct dossier *d = k->has_now ? &k->now : &k->saw;
    bool registered = status_of(d->status) == STATUS_REGISTERED;
    bool same_status = k->has_saw && k->has_now && strcmp(k->saw.status, k->now.status) == 0;
    const struct action_rule *rule = workflow_rule(action_of(k->wish.action));
    bool reason = rule && rule->needs & NEED_NOTE && action_of(k->wish.action) != ACTION_COMMENT;

    k->n = 0;
    compare(k, app, C_("conflict", "Status"), say_status, ALWAYS);
    if (same_status) /* else the status says it */
        compare(k, app, C_("conflict", "Step"), say_step, IF_DIFFERENT);
    compare(k, app, C_("conflict", "Who works on it"), say_assignee, ALWAYS);
    compare(k, app, registered ? C_("conflict", "Decide by") : C_("conflict", "Due"), say_due, ALWAYS);
    if (k->has_request) {
        add_own(k, reason ? C_("conflict", "Reason") : C_("conflict", "Note"),
                text_shown(&k->arena, k->request.note));
        add_own(k, C_("conflict", "Papers asked for"), papers_asked_for(k));
    }
    compare(k, app, C_("conflict", "Papers"), say_papers, ALWAYS);
    compare(k, app, C_("conflict", "Supplements"), say_supplements, IF_DIFFERENT);
    compare(k, app, C_("conflict", "Fees"), say_fees, IF_DIFFERENT);
    compare(k, app, C_("conflict", "Proposal"), say_proposal, IF_DIFFERENT);
    compare(k, app, C_("conflict", "Decision"), say_decision, IF_DIFFERENT);
    compare(k, app, C_("conflict", "Number"), say_number, IF_DIFFERENT);
    compare(k, app, C_("conflict", "Returned to"), say_returned_to, IF_DIFFERENT);
    add_corrected(k, app);
    compare(k, app, C_("conflict", "Files"), say_files, IF_DIFFERENT);
}

/* ── loading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_current(struct conflict *k)
{
    struct err e = {0};

    if (!k->problem.current || !codec_decode(&shape_dossier, k->problem.current, &k->arena, &k->now, &e))
        return false;
    char *text = json_dumps(k->problem.current, JSON_COMPACT);
    k->now_json = arena_copy(&k->arena, text ? text : "");
    free(text);
    return true;
}

static void read_now(struct conflict *k, struct app *app)
{
    struct dossier held;
    const char *json;

    k->has_now = read_current(k);
    if (!cache_dossier(app_cache(app), k->wish.target, &k->arena, &held, &json, NULL) ||
        (k->has_now && held.version <= k->now.version))
        return;
    k->now = held;
    k->now_json = json;
    k->has_now = true;
}

/* What the officer's work would have made of what he saw, had nobody been faster. */
static void make(struct conflict *k, struct app *app)
{
    struct cache *cache = app_cache(app);
    enum action action = action_of(k->wish.action);

    k->made = k->saw;
    if (!k->has_saw || !k->has_request ||
        workflow_state_allows(&k->saw, action, instant_day(k->wish.acted_at, app_offset(app))) != WHY_ALLOWED)
        return;
    workflow_apply(&k->made, action, &k->request, k->wish.actor, k->wish.acted_at,
                   cache_calendar(cache, k->saw.unit), cache_procedure(cache, k->saw.procedure), &k->arena);
}

static const struct wish_offer *own_offer(const struct conflict *k)
{
    for (size_t i = 0; i < k->n_offers; i++)
        if (strcmp(k->offers[i].action, k->wish.action) == 0)
            return &k->offers[i];
    return NULL;
}

static void judge(struct conflict *k)
{
    const struct wish_offer *offer = own_offer(k);

    k->why_not_keep = NULL;
    if (!k->has_now)
        k->why_not_keep = _("the dossier is not on this machine any more");
    else if (!offer || !offer->offered)
        k->why_not_keep = offer && offer->reason ? text_shown(&k->arena, offer->reason)
                                                 : _("the system does not offer it any more");
    else if (!k->has_request && !outbox_is_signature(&k->wish))
        k->why_not_keep = _("its content cannot be read");
    k->why_not_mend = k->why_not_keep;
    if (!k->why_not_keep && outbox_is_signature(&k->wish))
        k->why_not_keep = _("what stands now has to be seen and signed anew");
    else if (!k->why_not_mend && !outbox_has_form(&k->wish))
        k->why_not_mend = _("there is nothing to fill in");
}

bool conflict_load(struct conflict *k, struct app *app, const char *key, struct err *e)
{
    arena_reset(&k->arena);
    *k = (struct conflict){.arena = k->arena};
    if (!outbox_get(app_outbox(app), key, &k->arena, &k->wish, e))
        return false;
    k->stands = k->wish.state == COMMAND_CONFLICT;
    outbox_problem(&k->arena, &k->wish, &k->problem);
    k->has_request = outbox_request(&k->arena, &k->wish, &k->request);
    k->has_saw = outbox_seen(&k->arena, &k->wish, &k->saw);
    read_now(k, app);
    make(k, app);
    list_rows(k, app);
    if (k->has_now && !wish_offers(app_cache(app), app_outbox(app), &k->now, app_now(app), &k->arena,
                                   &k->offers, &k->n_offers, e))
        return false;
    judge(k);
    return true;
}

void conflict_clear(struct conflict *k)
{
    arena_clear(&k->arena);
    *k = (struct conflict){0};
}

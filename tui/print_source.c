/* print_source: see print_source.h. It refuses to hand out a form of a unit that nobody knows here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/print_source.h"

#include "core/i18n.h"
#include "tui/act_rows.h"
#include "tui/print_lists.h"

#include <stdlib.h>

#define SUCCESSORS 8 /* so often may a unit have been taken over */

static const char *name_of(void *app, const char *officer)
{
    return cache_officer_name(app_cache(app), officer);
}

/* Who hands it out now: old dossiers keep the name of a unit that is no more. */
static const struct unit *unit_of(struct app *app, const char *id, int32_t day)
{
    const struct unit *u = cache_unit(app_cache(app), id), *next;

    for (int i = 0;
         u && u->successor && u->active_until != DAY_NONE && u->active_until < day && i < SUCCESSORS; i++) {
        if (!(next = cache_unit(app_cache(app), u->successor)))
            break;
        u = next;
    }
    return u;
}

static struct handout_ask head_of(struct app *app, const struct unit *unit)
{
    return (struct handout_ask){.unit = unit,
                                .officer = app_officer(app),
                                .name_of = name_of,
                                .context = app,
                                .now = app_now(app),
                                .offset = app_offset(app),
                                .training = app_training(app)};
}

static bool make_list(struct print_source *s, struct app *app, struct err *e)
{
    const struct officer *me = app_officer(app);
    struct handout_ask head = head_of(app, me ? cache_unit(app_cache(app), me->unit) : NULL);

    arena_clear(&s->arena);
    return print_list_make(app, &head, s->list, &s->arena, &s->handout, e);
}

static bool make(struct print_source *s, struct app *app, struct err *e)
{
    int32_t day = instant_day(app_now(app), app_offset(app));
    struct handout_ask ask = head_of(app, unit_of(app, s->shown.d.unit, day));
    const struct payment *pending = dossier_pending(&s->shown.d);

    ask.dossier = &s->shown.d;
    ask.procedure = s->shown.procedure;
    ask.events = s->has_events ? s->events.items : NULL;
    ask.n_events = s->has_events ? s->events.n_items : 0;
    if (!ask.unit)
        return err_set(e, ERR_NOT_FOUND, "%s", _("The unit of this dossier is not known on this machine."));
    if (s->payment && !pending)
        return err_set(e, ERR_NOT_FOUND, "%s", _("No payment waits any more."));
    arena_clear(&s->arena);
    if (s->payment)
        handout_make_payment(&ask, pending, &s->arena, &s->handout);
    else
        handout_make(&ask, s->form, &s->arena, &s->handout);
    return true;
}

static void find_forms(struct print_source *s, struct app *app)
{
    int32_t day = instant_day(app_now(app), app_offset(app));
    bool still = false;

    s->n_forms = 0;
    for (enum handout_kind kind = 0; kind < HANDOUT_KINDS; kind++)
        if (handout_fits(kind, &s->shown.d, day)) {
            s->forms[s->n_forms++] = kind;
            still = still || (s->chosen && kind == s->form);
        }
    if (!still)
        s->form = handout_apt(&s->shown.d, day);
    s->chosen = true;
}

bool print_source_load(struct print_source *s, struct app *app, const struct view *from, struct err *e)
{
    struct dossier_shown fresh = {0};

    if (!s->id)
        return make_list(s, app, e);
    if (!act_read_dossier(app, from, s->id, &fresh, e))
        return false;
    dossier_shown_clear(&s->shown);
    s->shown = fresh;
    if (!s->payment)
        find_forms(s, app);
    if (!s->payment && s->n_forms == 0)
        return err_set(e, ERR_NOT_FOUND, "%s",
                       _("This dossier has no paper to hand out yet: it has not been taken in."));
    return make(s, app, e);
}

void print_source_clear(struct print_source *s)
{
    dossier_shown_clear(&s->shown);
    arena_clear(&s->arena);
    arena_clear(&s->past);
    free(s->id);
}

void print_source_step(struct print_source *s, struct app *app, int by)
{
    size_t at = 0;

    if (s->n_forms == 0) /* a list, or a QR */
        return;
    while (at < s->n_forms && s->forms[at] != s->form)
        at++;
    s->form = s->forms[(at + s->n_forms + (by > 0 ? 1 : s->n_forms - 1)) % s->n_forms];
    make(s, app, NULL);
}

void print_source_take_events(struct print_source *s, struct app *app, const struct event_page *events)
{
    arena_clear(&s->past);
    codec_copy(&shape_event_page, events, &s->past, &s->events);
    s->has_events = true;
    make(s, app, NULL);
}

bool print_source_lacks_events(const struct print_source *s)
{
    return s->id && !s->payment && handout_needs_events(s->form) && !s->has_events;
}

/* app_mandate: by whose right the officer signs and sends back: which of the mandates that hold now, chosen from a sheet and remembered until
 * he signs out. It refuses to judge: what a mandate covers is core/types', whether it holds is at last the server's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

const char *app_acts_for(struct app *app, const char *procedure)
{
    const struct officer *me = app_officer(app);

    return me ? officer_acts_for(me, app->mandate.chosen, procedure, app_now(app)) : NULL;
}

static bool is_supervisor(const struct officer *me)
{
    return officer_roles(me) & ROLE_BIT(ROLE_SUPERVISOR);
}

static void forget_choices(struct app *app)
{
    for (size_t i = 0; i < app->mandate.n; i++)
        free(app->mandate.choices[i]);
    app->mandate.n = 0;
}

void app_drop_mandate(struct app *app)
{
    forget_choices(app);
    mem_free(&app->mandate.chosen);
}

const char *app_mandate_blocked(struct app *app)
{
    const struct officer *me = app_officer(app);

    if (!me || me->n_mandates == 0)
        return "";
    for (size_t i = 0; i < me->n_mandates; i++)
        if (mandate_holds(&me->mandates[i], app_now(app)))
            return NULL;
    return _("no mandate of yours holds now");
}

/* ── the sheet ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *name_of(struct app *app, struct arena *arena, const char *officer)
{
    return text_shown(arena, cache_officer_name(app_cache(app), officer));
}

/* "Phạm Minh Quân, đến 00:00 ngày 07/01/2023, 2 thủ tục: …" */
static const char *mandate_words(struct app *app, struct arena *arena, const struct mandate *m)
{
    const char *until = word_when(arena, m->until, app_offset(app)), *who = name_of(app, arena, m->on_behalf_of);
    struct buf names = {0};

    if (m->procedures.n == 0)
        return arena_format(arena, _("%s, until %s, every procedure"), who, until);
    for (size_t i = 0; i < m->procedures.n; i++)
        buf_format(&names, "%s%s", i ? "; " : "",
                   text_shown(arena, cache_procedure_name(app_cache(app), m->procedures.items[i])));
    const char *words = arena_format(arena, _("%s, until %s, only: %s"), who, until, names.data);
    buf_clear(&names);
    return words;
}

/* The one that a dossier of any procedure would begin with stands in focus. */
static void add_choice(struct app *app, struct pick *pick, const char **items, const char *giver, const char *words)
{
    const char *chosen = app->mandate.chosen;

    if (giver && chosen && strcmp(giver, chosen) == 0)
        pick->focus = app->mandate.n;
    items[app->mandate.n] = words;
    app->mandate.choices[app->mandate.n++] = giver ? mem_copy(giver) : NULL;
}

static void mandate_picked(struct view *asker, size_t item)
{
    struct app *app = asker->app;
    struct arena arena = {0};
    const char *giver = item < app->mandate.n ? app->mandate.choices[item] : NULL;

    mem_free(&app->mandate.chosen);
    app->mandate.chosen = giver ? mem_copy(giver) : NULL;
    if (giver)
        app_toast(app, TOAST_NOTE, _("Where the mandate covers it you now sign on behalf of %s."),
                  name_of(app, &arena, giver));
    else
        app_toast(app, TOAST_NOTE, "%s", _("You now sign by your own right."));
    arena_clear(&arena);
    app_changed(app, CACHE_REFERENCE); /* what is being signed is another statement */
}

void app_choose_mandate(struct app *app)
{
    const struct officer *me = app_officer(app);
    const char *items[PICK_MOST + 1] = {NULL};
    struct pick pick = {.title = _("On behalf of whom you sign"), .items = items, .picked = mandate_picked};
    struct arena arena = {0};

    forget_choices(app);
    if (is_supervisor(me))
        add_choice(app, &pick, items, NULL, _("(nobody) by my own right"));
    for (size_t i = 0; i < me->n_mandates && app->mandate.n < PICK_MOST; i++)
        if (mandate_holds(&me->mandates[i], app_now(app)))
            add_choice(app, &pick, items, me->mandates[i].on_behalf_of,
                       mandate_words(app, &arena, &me->mandates[i]));
    view_pick_open(app->top, &pick);
    arena_clear(&arena);
}

/* ── when it is over ───────────────────────────────────────────────────────────────────────────────────────────────── */

static bool holds_from(const struct officer *me, const char *giver, int64_t now, int64_t *ended)
{
    *ended = now; /* it was taken back: the feed has it no more */
    for (size_t i = 0; i < me->n_mandates; i++) {
        const struct mandate *m = &me->mandates[i];
        if (strcmp(m->on_behalf_of, giver) != 0)
            continue;
        if (mandate_holds(m, now))
            return true;
        if (m->until <= now)
            *ended = m->until;
    }
    return false;
}

void app_say_other_right(struct app *app, const char *giver)
{
    const struct officer *me = app_officer(app);
    struct arena arena = {0};
    int64_t ended = 0;

    if (giver && me && !holds_from(me, giver, app_now(app), &ended))
        app_toast(
            app, TOAST_ERROR,
            _("The mandate to sign on behalf of %s ended at %s. Nothing was signed. Press %s and choose Sign for."),
            name_of(app, &arena, giver), word_clock(&arena, ended, app_offset(app)),
            app_key_name(app, CMD_PALETTE, &arena));
    else
        app_toast(app, TOAST_NOTE, "%s",
                  _("It is another statement now: by whose right you sign. See it, then sign."));
    arena_clear(&arena);
}

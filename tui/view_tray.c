/* view_tray: what was put aside to be decided together: what of it was seen, how it was decided, and the typed number that begins the
 * signing (tray_run.h). It refuses to decide: a statement is opened for that. Neither a paste nor Enter alone begins anything.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_tray.h"

#include "tui/act_rows.h"
#include "tui/row.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *tray_key(struct app *app, enum command_id id, struct arena *arena)
{
    return keymap_keys(app_keymap(app), "tray", FOCUS_ROW, id, true, arena);
}

static struct tray_row *focused(const struct tray_view *t)
{
    struct tray *tray = app_tray(t->app);

    return t->scroll.focus < tray->n ? &tray->rows[t->scroll.focus] : NULL;
}

/* ── loading ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Who changed it last and when, as far as the dossier says that itself. */
static const char *last_change(struct tray_view *t, const struct dossier *d)
{
    struct dossier_moment *moments, last = {.at = INSTANT_NONE};
    size_t n = dossier_moments(&t->arena, d, &moments);

    for (size_t i = 0; i < n; i++)
        if (last.at == INSTANT_NONE || moments[i].at > last.at)
            last = moments[i];
    if (last.at == INSTANT_NONE || !last.by)
        return NULL;
    return arena_format(&t->arena, "%s, %s",
                        text_shown(&t->arena, cache_officer_name(app_cache(t->app), last.by)),
                        word_clock(&t->arena, last.at, app_offset(t->app)));
}

static struct tray_line read_line(struct tray_view *t, const struct tray_row *row)
{
    struct arena arena = {0};
    struct dossier d;
    struct tray_line line = {.code = "", .name = "", .procedure = ""};

    if (cache_dossier(app_cache(t->app), row->id, &arena, &d, NULL, NULL)) {
        line.code = text_code(&t->arena, d.code ? d.code : d.id, TRAY_CODE);
        line.name = text_shown(&t->arena, d.applicant ? d.applicant->name : "");
        line.procedure = text_shown(&t->arena, cache_procedure_name(app_cache(t->app), d.procedure));
        line.changed = row->sight == TRAY_CHANGED ? last_change(t, &d) : NULL;
        line.left = row_time(t->app, &d);
    }
    arena_clear(&arena);
    return line;
}

static bool load_tray(struct view *v, struct cache *cache, struct err *e)
{
    struct tray_view *t = v->state;
    const struct tray *tray = app_tray(t->app);

    sign_signer_renew(&t->signer, v);
    if (!tray_refresh(t->app, e))
        return false;
    arena_reset(&t->arena);
    t->n = tray->n;
    t->scroll.focus = tray->focus;
    scroll_fit(&t->scroll, t->n, t->shown);
    t->lines = arena_alloc(&t->arena, (t->n ? t->n : 1) * sizeof *t->lines);
    for (size_t i = 0; i < t->n; i++)
        t->lines[i] = read_line(t, &tray->rows[i]);
    if (tray_to_sign(tray) == 0)
        t->confirming = false;
    return true;
}

static bool open_tray_view(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct tray_view *t = v->state;

    t->app = v->app;
    t->number.max = TRAY_NUMBER;
    t->signs_on = arg->action != NULL;
    t->shown = 1;
    sign_signer_ask(&t->signer, v);
    return true;
}

static const char *tray_message(const struct view *v)
{
    struct tray_view *t = v->state;
    const struct tray_row *row = focused(t);
    struct arena arena = {0};
    const char *key = tray_key(t->app, CMD_OPEN, &arena);

    t->message[0] = '\0';
    if (t->confirming)
        snprintf(t->message, sizeof t->message, "%s", _("To sign is to decide; it cannot be undone."));
    else if (row && row->sight == TRAY_CHANGED)
        snprintf(t->message, sizeof t->message, _("Press %s to see no. %zu again."), key, t->scroll.focus + 1);
    else if (row && row->decision == TRAY_OPEN)
        snprintf(t->message, sizeof t->message, _("Press %s to see no. %zu."), key, t->scroll.focus + 1);
    arena_clear(&arena);
    return t->message;
}

/* ── signing ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The run's screen stands in this one's place, which is gone then. */
static void begin(struct view *v)
{
    struct tray_view *t = v->state;
    struct app *app = t->app;

    tray_run_begin(app, &t->signer);
    app_replace(app, &view_batch, NULL);
}

static void send_back_answered(struct view *v, int choice, void *context)
{
    if (choice == 2)
        begin(v);
}

/* Nothing of it is signed, so nothing has to be typed. */
static void ask_to_send_back(struct view *v, size_t n)
{
    struct arena arena = {0};
    const char *choices[] = {_("No"), arena_format(&arena, _("Send back %zu dossiers"), n), NULL};

    app_question(
        v->app, v,
        &(struct question){.text = arena_format(&arena, _("Send back %zu dossiers? They are sent at once."), n),
                           .choices = choices,
                           .answered = send_back_answered});
    arena_clear(&arena);
}

static void accept(struct view *v)
{
    struct tray_view *t = v->state;
    const struct tray *tray = app_tray(t->app);

    if (tray_to_sign(tray) == 0) {
        ask_to_send_back(v, tray_count(tray, TRAY_REWORK));
        return;
    }
    field_clear(&t->number);
    t->confirming = true;
}

static void stop_confirming(struct tray_view *t, const char *why)
{
    field_clear(&t->number);
    t->confirming = false;
    app_toast(t->app, TOAST_NOTE, "%s", why);
}

static void confirm(struct view *v)
{
    struct tray_view *t = v->state;
    char number[16];

    snprintf(number, sizeof number, "%zu", tray_to_sign(app_tray(t->app)));
    if (strcmp(field_text(&t->number), number) == 0)
        begin(v);
    else
        stop_confirming(t, *field_text(&t->number)
                               ? _("This is not the number of dossiers that will be signed. Nothing was signed.")
                               : _("Nothing was signed."));
}

/* ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void act_answered(struct view *v, int choice, void *context)
{
    struct tray_view *t = v->state;
    const struct tray_row *row = focused(t);
    char *id = row ? mem_copy(row->id) : NULL;
    struct err e = {0};

    if (row && choice == 2)
        tray_remove(t->app, id);
    if (row && choice == 3)
        app_open(t->app, &view_dossier, &(struct view_arg){.id = id});
    while (choice == 4 && app_tray(t->app)->n)
        tray_remove(t->app, app_tray(t->app)->rows[0].id);
    if (choice != 3 && !load_tray(v, app_cache(t->app), &e))
        app_toast_err(t->app, &e);
    free(id);
}

static void act(struct view *v)
{
    struct tray_view *t = v->state;
    struct arena arena = {0};
    const struct tray_line *line = &t->lines[t->scroll.focus];
    const char *choices[] = {_("No"), _("Take it out of the tray"), _("Open the dossier"),
                             _("Empty the tray"), NULL};

    app_question(v->app, v,
                 &(struct question){
                     .text = arena_format(
                         &arena, _("No. %zu: %s, %s. What is in the tray is not lost when it is taken out."),
                         t->scroll.focus + 1, line->code, line->name),
                     .choices = choices,
                     .answered = act_answered});
    arena_clear(&arena);
}

/* The next one that is not decided. */
static void go_to_open(struct tray_view *t)
{
    struct tray *tray = app_tray(t->app);

    for (size_t by = 1; by <= tray->n; by++) {
        size_t i = (t->scroll.focus + by) % tray->n;
        if (tray->rows[i].decision == TRAY_OPEN) {
            t->scroll.focus = tray->focus = i;
            return;
        }
    }
    app_toast(t->app, TOAST_NOTE, "%s", _("All of them are decided."));
}

static enum handled confirm_command(struct view *v, enum command_id id)
{
    struct tray_view *t = v->state;

    if (id == CMD_SUBMIT)
        confirm(v);
    else if (id == CMD_BACK)
        stop_confirming(t, _("Nothing was signed."));
    else if (!field_command(&t->number, id))
        return NOT_HANDLED;
    return HANDLED;
}

static enum handled tray_command(struct view *v, enum command_id id, struct app *app)
{
    struct tray_view *t = v->state;

    if (t->confirming)
        return confirm_command(v, id);
    if (scroll_command(&t->scroll, id, t->n, t->shown)) {
        app_tray(app)->focus = t->scroll.focus;
        return HANDLED;
    }
    switch (id) {
    case CMD_OPEN:
        app_open(app, &view_review, &(struct view_arg){.id = focused(t)->id});
        return HANDLED;
    case CMD_NEXT_ITEM:
        go_to_open(t);
        return HANDLED;
    case CMD_ACCEPT:
        accept(v);
        return HANDLED;
    case CMD_ACT:
        act(v);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static const char *why_not_accept(const struct tray_view *t)
{
    const struct tray *tray = app_tray(t->app);

    if (tray_to_sign(tray) + tray_count(tray, TRAY_REWORK) == 0)
        return _("nothing is decided yet");
    if (tray_run_goes(t->app))
        return _("a run goes on; it has to end first");
    if (act_line_is_down(t->app))
        return _("this needs the line, which is down");
    if (tray_to_sign(tray) && !t->signer.can_sign)
        return _("there is no signing device to sign with");
    return NULL;
}

static void tray_answered(struct view *v, const struct answer *a)
{
    struct tray_view *t = v->state;

    sign_signer_told(&t->signer, t->app, a);
    if (*t->signer.message)
        app_toast(t->app, TOAST_ERROR, "%s", t->signer.message);
    if (t->signs_on && !why_not_accept(t))
        accept(v);
    t->signs_on = false;
}

static const char *tray_blocked(const struct view *v, enum command_id id)
{
    const struct tray_view *t = v->state;

    if (id == CMD_SUBMIT)
        return t->confirming ? NULL : "";
    if (t->confirming)
        return NULL;
    if (id == CMD_ACCEPT)
        return t->n == 0 ? "" : why_not_accept(t);
    if (t->n == 0 && (id == CMD_OPEN || id == CMD_ACT || id == CMD_NEXT_ITEM))
        return _("the tray is empty");
    return NULL;
}

static unsigned tray_focus(const struct view *v)
{
    return ((const struct tray_view *)v->state)->confirming ? FOCUS_PROMPT : FOCUS_ROW;
}

/* Only keys that were pressed one by one. */
static void tray_text(struct view *v, const char *text)
{
    struct tray_view *t = v->state;

    if (!t->confirming || (!app_text_is_pasted(t->app) && field_insert(&t->number, text)))
        return;
    app_toast(t->app, TOAST_ERROR, "%s",
              _("A paste or a scanner confirms nothing here. Type the number. Nothing was signed."));
    field_clear(&t->number);
}

static void close_tray(struct view *v)
{
    struct tray_view *t = v->state;

    arena_clear(&t->arena);
    sign_signer_clear(&t->signer);
    field_clear(&t->number);
}

static const enum command_id tray_commands[] = {CMD_OPEN,      CMD_NEXT_ITEM, CMD_ACCEPT, CMD_ACT,
                                                CMD_SUBMIT,    CMD_UP,        CMD_DOWN,   CMD_PAGE_UP,
                                                CMD_PAGE_DOWN, CMD_FIRST,     CMD_LAST,   CMD_NONE};

const struct view_ops view_tray = {
    .name = "tray",
    .title = NC_("view", "Tray"),
    .state_size = sizeof(struct tray_view),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_OUTBOX | CACHE_CLOCK | CACHE_LINE,
    .commands = tray_commands,
    .open = open_tray_view,
    .load = load_tray,
    .answered = tray_answered,
    .draw = tray_draw,
    .message = tray_message,
    .command = tray_command,
    .blocked = tray_blocked,
    .focus = tray_focus,
    .text = tray_text,
    .close = close_tray,
};

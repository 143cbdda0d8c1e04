/* app_act: what the officer wishes, taken back or said: the message line's words are made here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"
#include "tui/form_send.h"
#include "tui/tray_run.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void app_clear_toast(struct app *app)
{
    for (int i = 0; i < 3; i++)
        mem_free(&app->toast.forms[i]);
    app->toast = (struct toast_text){0};
    app->dirty = true;
}

void app_toast_forms(struct app *app, enum toast kind, bool undo, char *const forms[3])
{
    app_clear_toast(app);
    memcpy(app->toast.forms, forms, sizeof app->toast.forms);
    app->toast.kind = kind;
    app->toast.undo = undo;
    app->toast_serial++;
}

void app_toast(struct app *app, enum toast kind, const char *format, ...)
{
    char *forms[3] = {0};
    va_list args;

    va_start(args, format);
    if (vasprintf(&forms[0], format, args) < 0)
        forms[0] = mem_copy("");
    va_end(args);
    app_toast_forms(app, kind, false, forms);
}

void app_toast_err(struct app *app, const struct err *e)
{
    app_toast(app, TOAST_ERROR, "%s", e->text);
}

bool app_note(struct app *app, enum journal_kind kind, const char *dossier, const char *code)
{
    struct err e = {0};
    bool ok = outbox_note(app->outbox, kind, dossier, code, &e);

    if (!ok)
        app_toast_err(app, &e);
    return ok;
}

static char *action_words(struct arena *arena, const char *action)
{
    return word_inside(arena, word_action(action ? action : "").label);
}

/* What is said once it is on this machine, in up to three lengths: whole code, its tail, the shortest (mock-ups at 132, 80 and 60
 * columns). */
static void forms_undo(struct app *app, struct arena *arena, char *forms[3], const char *what, const char *code)
{
    const char *key = app_key_name(app, CMD_UNDO, arena);

    forms[0] = mem_format(_("Saved on this machine: %s dossier %s. Press %s to undo within 10 seconds."),
                          what, code, key);
    forms[1] = mem_format(_("Saved on this machine: %s %s. Press %s to undo within 10 seconds."), what,
                          text_code(arena, code, 10), key);
    forms[2] = mem_format(_("Saved on this machine: %s %s. %s: undo."), what, text_code(arena, code, 5), key);
}

static void forms_unsent(struct arena *arena, char *forms[3], const char *what, const char *code)
{
    forms[0] = mem_format(
        _("Saved on this machine: %s dossier %s. Not sent; goes by itself when the line is back."), what, code);
    forms[1] = mem_format(_("Saved on this machine: %s %s. Not sent; goes by itself when the line is back."),
                          what, text_code(arena, code, 10));
    forms[2] = mem_format(_("Saved on this machine: %s %s. Not sent."), what, text_code(arena, code, 5));
}

static void form_several(struct app *app, struct arena *arena, char *forms[3], const char *what, size_t n,
                         bool cut_off)
{
    if (cut_off)
        forms[0] = mem_format(
            _("Saved on this machine: %s, %zu dossiers. Not sent; goes by itself when the line is back."),
            what, n);
    else
        forms[0] = mem_format(_("Saved on this machine: %s, %zu dossiers. Press %s to undo within 10 seconds."),
                              what, n, app_key_name(app, CMD_UNDO, arena));
}

static void say_saved(struct app *app, const struct wish_target *targets, size_t n, const char *action, bool held)
{
    struct arena arena = {0};
    const char *what = action_words(&arena, action), *code = targets[0].dossier->code;
    enum line_state line = app->line.state;
    bool cut_off =
        line == LINE_OFFLINE || line == LINE_MAINTENANCE || line == LINE_SIGN_IN || line == LINE_STOPPED;
    char *forms[3] = {0};

    if (!held) { /* online only: nothing is kept here */
        forms[0] = mem_format(_("Being sent: %s dossier %s."), what, text_shown(&arena, code));
        forms[1] = mem_format(_("Being sent: %s %s."), what, text_code(&arena, code, 10));
    } else if (n > 1) {
        form_several(app, &arena, forms, what, n, cut_off);
    } else if (cut_off) {
        forms_unsent(&arena, forms, what, text_shown(&arena, code));
    } else {
        forms_undo(app, &arena, forms, what, text_shown(&arena, code));
    }
    app_toast_forms(app, TOAST_SAVED, held, forms);
    arena_clear(&arena);
}

static bool is_held(const struct action_request *request)
{
    const struct action_rule *rule = workflow_rule(action_of(request->action));

    return !(rule && rule->online_only);
}

static void acted(struct app *app, const struct wish_target *targets, size_t n,
                  const struct action_request *request)
{
    app->n_act_keys = n;
    say_saved(app, targets, n, request->action, is_held(request));
    app_changed(app, CACHE_OUTBOX);
}

bool app_act(struct app *app, const struct wish_target *targets, size_t n,
             const struct action_request *request, struct err *e)
{
    app->act_keys = mem_grow(app->act_keys, n ? n : 1, sizeof *app->act_keys);
    app->n_act_keys = 0;
    if (!wish_act(app->cache, app->outbox, targets, n, request, is_held(request), app_now(app), app->act_keys, e))
        return false;
    acted(app, targets, n, request);
    return true;
}

bool app_act_again(struct app *app, const char *key, const struct wish_target *target,
                   const struct action_request *request, struct err *e)
{
    app->act_keys = mem_grow(app->act_keys, 1, sizeof *app->act_keys);
    app->n_act_keys = 0;
    if (!wish_act_again(app->cache, app->outbox, key, target, request, is_held(request), app_now(app),
                        app->act_keys[0], e))
        return false;
    acted(app, target, 1, request);
    return true;
}

size_t app_act_keys(const struct app *app, const char (**keys)[UUID_TEXT])
{
    *keys = (const char(*)[UUID_TEXT])app->act_keys;
    return app->n_act_keys;
}

void app_note_hold(struct app *app)
{
    struct arena arena = {0};
    struct command *held;
    size_t n = 0;

    app->hold_end = INT64_MAX;
    if (app->outbox && outbox_can_undo(app->outbox) &&
        outbox_list(app->outbox, 1u << COMMAND_HELD, &arena, &held, &n, NULL) && n > 0)
        app->hold_end = held[0].held_at + OUTBOX_HOLD_MS;
    if (app->toast.undo && app->hold_end == INT64_MAX)
        app_clear_toast(app);
    arena_clear(&arena);
}

int app_undo_seconds(const struct app *app)
{
    int64_t left = app->hold_end == INT64_MAX ? 0 : app->hold_end - app_mono(app);

    return left > 0 ? (int)(left / 1000) : 0;
}

void app_undo(struct app *app)
{
    struct arena arena = {0};
    struct command undone;
    struct err e = {0};
    int64_t unsent = 0, stuck = 0;

    outbox_counts(app->outbox, &unsent, &stuck);
    if (outbox_undo(app->outbox, &arena, &undone, &e)) {
        app_toast(app, TOAST_NOTE, "%s", _("What was just saved is taken back. Nothing was sent."));
        app_changed(app, CACHE_OUTBOX);
    } else if (e.code == ERR_STORE) {
        app_toast_err(app, &e);
    } else if (unsent > 0) {
        app_toast(app, TOAST_NOTE,
                  _("The 10 seconds are over, it is being sent and cannot be taken back. Open the dossier, press %s to see what can "
                    "be done."),
                  app_key_name(app, CMD_ACT, &arena));
    } else {
        app_toast(app, TOAST_NOTE, "%s: %s.", i18n_shown(command_info(CMD_UNDO)->label),
                  app_blocked(app, app->top, CMD_UNDO));
    }
    arena_clear(&arena);
}

/* Who changed it and when, from the problem that the server sent with the conflict. */
static void say_conflict(struct app *app, const struct command *c, struct arena *arena)
{
    struct problem problem = {.changed_at = INSTANT_NONE};
    const char *who = _("somebody"), *when = word_clock(arena, app_now(app), app_offset(app));

    if (c->problem && codec_read(&shape_problem, c->problem, strlen(c->problem), arena, &problem, NULL, NULL)) {
        if (problem.changed_by)
            who = text_shown(arena, cache_officer_name(app->cache, problem.changed_by));
        if (problem.changed_at != INSTANT_NONE)
            when = word_clock(arena, problem.changed_at, app_offset(app));
    }
    app_toast(
        app, TOAST_ERROR,
        _("Conflict: %s changed the dossier at %s. The system has not taken my work. Press Enter to choose what to do."),
        who, when);
}

static bool lacks_mandate(const struct problem *problem)
{
    for (size_t i = 0; i < problem->n_errors; i++)
        if (strcmp(problem->errors[i].field, "/on_behalf_of") == 0)
            return true;
    return false;
}

static void say_refused(struct app *app, const struct command *c, const struct err *why, struct arena *arena)
{
    struct problem problem = {0};
    bool told =
        c->problem && codec_read(&shape_problem, c->problem, strlen(c->problem), arena, &problem, NULL, NULL);
    const char *reason = told && problem.title ? text_shown(arena, problem.title) : why->text;

    if (told && strcmp(problem_name(&problem), "four-eyes") == 0)
        app_toast(
            app, TOAST_ERROR, "%s",
            _("Who proposed and who signs have to be two people. Nothing was signed. Pass it to another signer."));
    else if (told && lacks_mandate(&problem))
        app_toast(app, TOAST_ERROR,
                  _("The system refused: no mandate of yours holds for this now. Press %s and choose Sign for."),
                  app_key_name(app, CMD_PALETTE, arena));
    else
        app_toast(app, TOAST_ERROR,
                  _("The system refused: %s. Open the outbox (%s), press %s to mend or drop it."), reason,
                  app_key_name(app, CMD_OUTBOX, arena), app_key_name(app, CMD_ACT, arena));
}

/* The line of who works; where nobody is signed in yet, the sign-in says what is wrong. */
void app_say_line(struct app *app)
{
    const struct err *why = &app->line.why;

    if (app->toast.line)
        app_clear_toast(app);
    if (!app->outbox || why->code == ERR_NONE || (app->toast.kind == TOAST_ERROR && app->toast.forms[0]) ||
        app->toast.undo)
        return;
    app_toast(app, why->code == ERR_OFFLINE ? TOAST_NOTE : TOAST_ERROR, "%s", why->text);
    app->toast.line = true;
}

void app_net_event(struct app *app, const char *key, enum command_state state, bool taken_away, bool step_up,
                   const struct err *why)
{
    struct arena arena = {0};
    struct command c = {0};
    bool known = app->outbox && outbox_get(app->outbox, key, &arena, &c, NULL);

    app_changed(app, CACHE_OUTBOX);
    if (known && !taken_away && !step_up)
        form_forget(app, &c);
    if (!step_up && tray_run_tells(app, key)) /* so does its own screen, and at the run's end the message line */
        known = taken_away = false;
    if (app->is_covered) /* the outbox tells it afterwards; here it would name a dossier */
        known = step_up = taken_away = false;
    if (step_up)
        app_toast(app, TOAST_ERROR, "%s",
                  _("The signature needs a new sign-in. What was signed is kept; sign in to send it."));
    else if (taken_away)
        app_toast(app, TOAST_ERROR, "%s",
                  why->code == ERR_AUTH || why->code == ERR_SERVER
                      ? why->text
                      : _("This needs the line. Nothing was saved or sent; do it again when the line is back."));
    else if (state == COMMAND_DONE && known && app->toast.kind != TOAST_ERROR && !app->toast.undo)
        app_toast(app, TOAST_NOTE, _("Sent, the system took it at %s: %s %s."),
                  word_clock(&arena, app_now(app), app_offset(app)), action_words(&arena, c.action),
                  text_code(&arena, text_shown(&arena, c.code), 10));
    else if (state == COMMAND_CONFLICT && known)
        say_conflict(app, &c, &arena);
    else if (state == COMMAND_REFUSED && known)
        say_refused(app, &c, why, &arena);
    arena_clear(&arena);
}

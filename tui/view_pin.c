/* view_pin: a PIN is set, typed twice. It is offered (back: later) or, where the office says so, has to be. It refuses to set one by
 * itself: the loop does (ASK_SET_PIN), since all that is saved is sealed again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "tui/pin_field.h"

#define COL   2
#define LABEL 16

struct setting {
    struct pin *first; /* what was typed the first time */
    bool again;        /* it is typed the second time now */
    bool leaving;      /* the officer goes: the screen is locked afterwards */
    uint64_t ask;
    struct err err;
};

static bool open_setting(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct setting *s = v->state;

    s->first = pin_new();
    s->leaving = arg->action != NULL;
    return true;
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int put(struct canvas *c, int row, const char *text)
{
    struct arena arena = {0};
    char **lines;
    size_t n = text_wrap(&arena, text, c->cols - COL - 1, &lines);

    for (size_t i = 0; i < n && row <= view_last_row(c); i++)
        canvas_put(c, row++, COL, -1, STYLE_TEXT, lines[i]);
    arena_clear(&arena);
    return row;
}

static void draw_setting(const struct view *v, struct canvas *c)
{
    const struct setting *s = v->state;
    const struct app_vault *vault = app_vault(v->app);
    const struct pin *typed = app_pin(v->app);
    struct arena arena = {0};
    int gap = view_body_rows(c) >= 16 ? 1 : 0, row = view_body_row() + gap;

    view_title(c, _("Set a PIN"), NULL);
    row = put(
        c, row,
        _("A PIN locks what is saved on this machine. Without it nobody can read that, not even who takes the disk."));
    row = put(c, row + gap,
              vault->office ? _("Forgotten, the IT department can open it with the office's recovery key.")
                            : _("Forgotten, nobody can open what was not sent yet: remember it well."));
    row = put(c, row + gap,
              arena_format(&arena, _("%d to %d characters. It is asked for when the screen was locked."),
                           PIN_LEAST, PIN_MOST)) +
          gap;
    canvas_put(c, row, COL, LABEL, STYLE_TEXT, _("New PIN"));
    pin_draw(c, row++, COL + LABEL, s->again ? s->first : typed, !s->again);
    if (s->again) {
        canvas_put(c, row, COL, LABEL, STYLE_TEXT, _("Once more"));
        pin_draw(c, row, COL + LABEL, typed, true);
    }
    const char *key = app_key_name(v->app, CMD_BACK, &arena);
    put(c, row + 1 + gap,
        vault->required ? arena_format(&arena, _("This office wants a PIN on every machine. %s: sign out."), key)
                        : arena_format(&arena, _("%s: later."), key));
    arena_clear(&arena);
}

static const char *message_setting(const struct view *v)
{
    const struct setting *s = v->state;

    return s->err.code != ERR_NONE ? s->err.text : NULL;
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void start_over(struct setting *s, struct pin *typed)
{
    s->again = false;
    pin_clear(s->first);
    pin_clear(typed);
}

static void submit(struct view *v)
{
    struct setting *s = v->state;
    struct pin *typed = app_pin(v->app);
    struct ask ask = {.kind = ASK_SET_PIN};

    s->err = (struct err){0};
    if (s->ask)
        return;
    if (pin_letters(typed) < PIN_LEAST) {
        err_set(&s->err, ERR_INPUT, _("A PIN has at least %d characters. Type a longer one."), PIN_LEAST);
    } else if (!s->again) {
        pin_copy(s->first, typed);
        pin_clear(typed);
        s->again = true;
    } else if (!pin_same(s->first, typed)) {
        start_over(s, typed);
        err_set(&s->err, ERR_INPUT, "%s", _("The two are not the same. Type the new PIN again."));
    } else {
        s->ask = app_ask(v->app, v, &ask);
    }
}

static void leave(struct view *v)
{
    struct app *app = v->app;

    if (((struct setting *)v->state)->leaving) {
        app_uncover(app);
        app_lock(app);
    } else {
        app_uncover(app);
    }
}

static void answered_setting(struct view *v, const struct answer *answer)
{
    struct setting *s = v->state;
    struct app *app = v->app;

    s->ask = 0;
    s->err = answer->err;
    if (answer->err.code != ERR_NONE) {
        start_over(s, app_pin(app));
        return;
    }
    bool leaving = s->leaving;
    leave(v);
    if (!leaving)
        app_toast(app, TOAST_NOTE, "%s",
                  _("The PIN is set. What was saved for viewing is fetched again; unsent work is safe."));
}

static enum handled command_setting(struct view *v, enum command_id id, struct app *app)
{
    switch (id) {
    case CMD_SUBMIT:
        submit(v);
        return HANDLED;
    case CMD_BACK:
        if (app_vault(app)->required)
            app_sign_out(app);
        else
            leave(v);
        return HANDLED;
    case CMD_LOCK:
        return HANDLED;
    default:
        return pin_command(app_pin(app), id) ? HANDLED : NOT_HANDLED;
    }
}

static void text_setting(struct view *v, const char *utf8)
{
    if (*utf8)
        pin_add(app_pin(v->app), utf8);
}

static unsigned focus_setting(const struct view *v)
{
    return FOCUS_PROMPT;
}

static void close_setting(struct view *v)
{
    pin_free(&((struct setting *)v->state)->first);
}

static const enum command_id commands_setting[] = {CMD_SUBMIT, CMD_NONE};

const struct view_ops view_pin = {
    .name = "pin",
    .title = NC_("view", "Set a PIN"),
    .state_size = sizeof(struct setting),
    .commands = commands_setting,
    .open = open_setting,
    .answered = answered_setting,
    .draw = draw_setting,
    .message = message_setting,
    .command = command_setting,
    .focus = focus_setting,
    .text = text_setting,
    .close = close_setting,
};

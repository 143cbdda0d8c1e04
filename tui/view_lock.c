/* view_lock: the locked screen. Nothing of a dossier; the officer's PIN opens it, or a sign-out. Without a PIN it only covers what is
 * there, says so, and any key opens it. It refuses to know what a PIN opens: the loop does (ASK_UNLOCK).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/pin_field.h"

#define COL       21
#define LABEL     9
#define FIRST_ROW 5 /* below the body's first, at 24 rows */

struct lock {
    struct arena arena;
    const char *who;
    uint64_t ask;
    struct err err;
};

/* ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *who_is_it(struct app *app, struct arena *arena)
{
    const struct officer *me = app_officer(app);
    const char *id = app_vault(app)->officer;

    if (!me)
        return text_shown(arena, *app_officer_id(app) ? app_officer_id(app) : id ? id : "");
    const char *unit = text_shown(arena, cache_unit_name(app_cache(app), me->unit));
    return arena_format(arena, "%s · %s", text_shown(arena, me->name), word_inside(arena, unit));
}

static bool open_lock(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct lock *l = v->state;

    l->who = who_is_it(v->app, &l->arena);
    return true;
}

static bool has_pin(const struct view *v)
{
    return app_vault(v->app)->pin;
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

static const char *tried(struct app *app, struct arena *arena)
{
    int wrong = app_vault(app)->wrong;

    if (wrong == 0)
        return "";
    if (wrong < TRIES_FREE)
        return arena_format(arena, _("Wrong %d times. After %d wrong ones there is a wait of %d seconds."),
                            wrong, TRIES_FREE, TRIES_WAIT);
    return arena_format(arena, _("Wrong %d times. Each further one doubles the wait."), wrong);
}

static int64_t sends_until(const struct app *app)
{
    return app_locked_mono(app) + (int64_t)KEY_KEPT_SECONDS * 1000;
}

/* What goes on behind the door. */
static int draw_kept(const struct view *v, struct canvas *c, int row, struct arena *arena)
{
    struct app *app = v->app;
    int64_t unsent = 0, stuck = 0, until = app_locked_at(app) + KEY_KEPT_SECONDS;

    if (!app_outbox(app))
        return put(c, row, _("What is saved on this machine is still there."));
    outbox_counts(app_outbox(app), &unsent, &stuck);
    row = put(c, row,
              arena_format(arena, _("What is being filled in and %lld unsent actions are still there."),
                           (long long)unsent));
    if (!has_pin(v))
        return row;
    const char *clock = word_clock(arena, until, app_offset(app));
    return put(c, row,
               arena_format(arena,
                            app_mono(app) < sends_until(app)
                                ? _("The machine goes on sending until %s; then it waits to be unlocked.")
                                : _("Since %s the machine sends nothing; it waits to be unlocked."),
                            clock));
}

static void draw_covered(const struct view *v, struct canvas *c, int row)
{
    struct arena arena = {0};

    row = put(c, row,
              app_vault(v->app)->offered
                  ? arena_format(&arena, _("There is no PIN yet, so any key opens it again. Press %s to set one."),
                                 app_key_name(v->app, CMD_LOCK, &arena))
                  : _("There is no PIN, so any key opens it again."));
    draw_kept(v, c, row + 1, &arena);
    canvas_cursor(c, row, COL);
    arena_clear(&arena);
}

static void draw_lock(const struct view *v, struct canvas *c)
{
    const struct lock *l = v->state;
    struct arena arena = {0};
    int gap = view_body_rows(c) >= 16 ? 1 : 0, row = view_body_row() + (gap ? FIRST_ROW : 0);

    view_title(c, _("Screen lock"), NULL);
    row = put(c, row, has_pin(v) ? _("motcua is locked") : _("motcua is covered")) + gap;
    row = put(c, row, l->who) + gap;
    if (!has_pin(v)) {
        draw_covered(v, c, row);
        arena_clear(&arena);
        return;
    }
    canvas_put(c, row, COL, -1, STYLE_TEXT, _("PIN"));
    pin_draw(c, row++, COL + LABEL, app_pin(v->app), true);
    row += gap;
    put(c, row, tried(v->app, &arena));
    row = draw_kept(v, c, row + 1 + gap, &arena) + gap;
    put(c, row,
        arena_format(&arena, _("Somebody else at this machine: press %s, choose Sign out."),
                     app_key_name(v->app, CMD_BACK, &arena)));
    arena_clear(&arena);
}

static const char *message_lock(const struct view *v)
{
    const struct lock *l = v->state;

    return l->err.code != ERR_NONE ? l->err.text : NULL;
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void submit(struct view *v)
{
    struct lock *l = v->state;
    struct ask ask = {.kind = ASK_UNLOCK};

    if (!l->ask && pin_letters(app_pin(v->app)) > 0)
        l->ask = app_ask(v->app, v, &ask);
}

static void answered_lock(struct view *v, const struct answer *answer)
{
    struct lock *l = v->state;

    l->ask = 0;
    l->err = answer->err;
    pin_clear(app_pin(v->app));
}

/* Nobody is signed in behind it: then one only goes back to the sign-in. */
static void back(struct app *app)
{
    if (app_outbox(app) || app_vault(app)->waiting)
        app_sign_out(app);
    else
        app_uncover(app);
}

static enum handled command_lock(struct view *v, enum command_id id, struct app *app)
{
    if (!has_pin(v)) {
        if (id == CMD_LOCK && app_vault(app)->offered)
            app_offer_pin(app, true);
        else
            app_uncover(app);
        return HANDLED;
    }
    switch (id) {
    case CMD_SUBMIT:
        submit(v);
        return HANDLED;
    case CMD_BACK:
        back(app);
        return HANDLED;
    case CMD_LOCK:
        return HANDLED; /* it is locked */
    default:
        return pin_command(app_pin(app), id) ? HANDLED : NOT_HANDLED;
    }
}

static void text_lock(struct view *v, const char *utf8)
{
    if (!has_pin(v))
        app_uncover(v->app);
    else if (*utf8)
        pin_add(app_pin(v->app), utf8);
}

static unsigned focus_lock(const struct view *v)
{
    return FOCUS_PROMPT;
}

static int64_t wake_lock(const struct view *v)
{
    int64_t until = sends_until(v->app);

    return has_pin(v) && app_mono(v->app) < until ? until : INT64_MAX;
}

static void tick_lock(struct view *v)
{
    app_refresh(v->app); /* it says something else from now on */
}

static void close_lock(struct view *v)
{
    arena_clear(&((struct lock *)v->state)->arena);
}

static const enum command_id commands_lock[] = {CMD_SUBMIT, CMD_NONE};

const struct view_ops view_lock = {
    .name = "lock",
    .title = NC_("view", "Screen lock"),
    .state_size = sizeof(struct lock),
    .depends = CACHE_CLOCK | CACHE_OUTBOX | CACHE_LINE,
    .commands = commands_lock,
    .open = open_lock,
    .answered = answered_lock,
    .draw = draw_lock,
    .message = message_lock,
    .command = command_lock,
    .focus = focus_lock,
    .text = text_lock,
    .wake = wake_lock,
    .tick = tick_lock,
    .close = close_lock,
};

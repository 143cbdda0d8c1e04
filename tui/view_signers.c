/* view_signers: with what the officer signs: the devices that are there, each with its certificate, the phone, training's software; one is
 * chosen by its number and remembered until he signs out. It refuses to sign, and to judge a certificate.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/instant.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

#define MOST     PICK_MOST
#define TEXT_COL 5

struct signers {
    struct arena arena;
    const char *ids[MOST], *words[MOST];
    size_t n, focus;
    bool told;
    const char *trouble; /* there was no answer; NULL */
};

/* ── the choice ────────────────────────────────────────────────────────────────────────────────────────────────────── */

unsigned app_signer_turn(const struct app *app)
{
    return app->signer_turn;
}

/* Who shows a signer asks for it again. */
static void choose_signer(struct app *app, const char *id)
{
    mem_free(&app->signer);
    app->signer = mem_copy(id);
    app->signer_turn++;
    app_changed(app, CACHE_REFERENCE);
}

const char *app_signer_blocked(struct app *app)
{
    const struct officer *me = app_officer(app);
    bool signs = me && ((officer_roles(me) & ROLE_BIT(ROLE_SUPERVISOR)) || me->n_mandates > 0);

    return signs ? NULL : "";
}

/* ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool open_signers(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct ask ask = {.kind = ASK_SIGNERS};

    app_ask(v->app, v, &ask);
    return true;
}

static const char *words_of(struct view *v, struct arena *arena, const struct signer_choice *c)
{
    const char *name = c->until == INSTANT_NONE
                           ? c->name
                           : arena_format(arena, _("%s, valid until %s"), c->name,
                                          word_day(arena, instant_day(c->until, app_offset(v->app))));

    return arena_format(arena, "%s%s%s", name, *c->certificate ? ". " : "", c->certificate);
}

static void signers_answered(struct view *v, const struct answer *a)
{
    struct signers *s = v->state;

    s->told = true;
    if (a->err.code != ERR_NONE)
        s->trouble = arena_copy(&s->arena, a->err.text);
    for (size_t i = 0; i < a->n_signers && s->n < MOST; i++) {
        if (a->signers[i].current)
            s->focus = s->n;
        s->ids[s->n] = arena_copy(&s->arena, a->signers[i].id);
        s->words[s->n++] = words_of(v, &s->arena, &a->signers[i]);
    }
}

/* ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *hint(const struct signers *s)
{
    return !s->told     ? _("asking the signing device…")
           : s->trouble ? s->trouble
                        : _("Press a number to sign with it until you sign out. Esc leaves it as it is.");
}

static void draw_signers(const struct view *v, struct canvas *c)
{
    const struct signers *s = v->state;
    struct arena arena = {0};
    char **lines[MOST];
    size_t n[MOST] = {0}, height = 2;

    for (size_t i = 0; i < s->n; i++)
        height += n[i] = text_wrap(&arena, s->words[i], c->cols - TEXT_COL - 1, &lines[i]);
    int row = view_last_row(c) - (int)height + 1;
    if (row < view_body_row())
        row = view_body_row();
    view_rule(c, row++, i18n_shown(command_info(CMD_SIGNER)->label));
    for (size_t i = 0; i < s->n && row < view_last_row(c); i++) {
        bool focused = i == s->focus;
        canvas_format(c, row, 0, -1, focused ? STYLE_FOCUS : STYLE_TEXT, "%s %zu", focused ? ">" : " ", i + 1);
        if (focused)
            canvas_cursor(c, row, 0);
        for (size_t j = 0; j < n[i] && row < view_last_row(c); j++)
            canvas_put(c, row++, TEXT_COL, -1, STYLE_TEXT, lines[i][j]);
    }
    canvas_put(c, view_last_row(c), 1, -1, STYLE_TEXT, hint(s));
    arena_clear(&arena);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void choose(struct view *v, struct app *app, size_t item)
{
    const struct signers *s = v->state;

    if (item >= s->n)
        return;
    char *id = mem_copy(s->ids[item]);
    app_close(app, v);
    choose_signer(app, id);
    app_toast(app, TOAST_NOTE, "%s", _("From now on you sign with that, until you sign out."));
    mem_free(&id);
}

static enum handled signers_command(struct view *v, enum command_id id, struct app *app)
{
    struct signers *s = v->state;

    if (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_9) {
        choose(v, app, (size_t)(id - CMD_CHOOSE_1));
        return HANDLED;
    }
    switch (id) {
    case CMD_UP:
        s->focus -= s->focus > 0;
        return HANDLED;
    case CMD_DOWN:
        s->focus += s->focus + 1 < s->n;
        return HANDLED;
    case CMD_OPEN:
        choose(v, app, s->focus);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static unsigned signers_focus(const struct view *v)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static void close_signers(struct view *v)
{
    arena_clear(&((struct signers *)v->state)->arena);
}

static const enum command_id signers_commands[] = {CMD_OPEN, CMD_UP, CMD_DOWN, CMD_NONE};

const struct view_ops view_signers = {
    .name = "signers",
    .title = NC_("view", "Signing devices"),
    .state_size = sizeof(struct signers),
    .sheet = true,
    .commands = signers_commands,
    .open = open_signers,
    .answered = signers_answered,
    .draw = draw_signers,
    .command = signers_command,
    .focus = signers_focus,
    .close = close_signers,
};

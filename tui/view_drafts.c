/* view_drafts: what is being filled in at intake and was not sent: taken up again, or thrown away. Nothing of it has left this machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_intake.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

enum { NAME = 2, TIME_WIDTH = 16 };

struct drafts {
    struct arena arena;
    struct draft *rows;
    size_t n;
    struct scroll scroll;
    char *asked; /* the key of the one that the question is about */
};

static size_t rows_shown(const struct view *v)
{
    int rows = app_rows(v->app) - 6;

    return rows > 1 ? (size_t)rows : 1;
}

/* The focus stays on the same draft, or goes to the one that took its place. */
static bool load(struct view *v, struct cache *cache, struct err *e)
{
    struct drafts *s = v->state;
    char *key = s->n ? mem_copy(s->rows[s->scroll.focus].key) : NULL;

    arena_reset(&s->arena);
    s->rows = NULL;
    s->n = 0;
    bool ok = draft_list(app_outbox(v->app), &s->arena, &s->rows, &s->n, e);
    for (size_t i = 0; ok && key && i < s->n; i++)
        if (strcmp(s->rows[i].key, key) == 0)
            s->scroll.focus = i;
    scroll_fit(&s->scroll, s->n, rows_shown(v));
    mem_free(&key);
    return ok;
}

static void draw_row(const struct view *v, struct canvas *c, int row, const struct draft *d, bool focus)
{
    struct arena arena = {0};
    int time = c->cols - TIME_WIDTH - 1, name = (time - NAME) / 2 - 2, procedure = NAME + name + 2;
    const char *who = d->name && *d->name ? text_shown(&arena, d->name) : C_("draft", "(no name yet)");

    canvas_put(c, row, NAME, -1, STYLE_TEXT, text_cut(&arena, who, name));
    canvas_put(c, row, procedure, -1, STYLE_TEXT,
               text_cut_middle(&arena, text_shown(&arena, cache_procedure_name(app_cache(v->app), d->procedure)),
                               time - procedure - 1));
    canvas_put(c, row, time, TIME_WIDTH, STYLE_TEXT, word_when(&arena, d->changed_at, app_offset(v->app)));
    if (focus) {
        canvas_put(c, row, 0, 1, STYLE_FOCUS, ">");
        canvas_cursor(c, row, 0);
    }
    arena_clear(&arena);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct drafts *s = v->state;
    int row = view_body_row();
    char *place = s->n ? mem_format("%zu/%zu", s->scroll.focus + 1, s->n) : mem_copy("0");

    view_title(c, i18n_shown(v->ops->title), place);
    mem_free(&place);
    canvas_cursor(c, row, 0);
    if (s->n == 0) {
        canvas_put(c, row, 1, c->cols - 2, STYLE_TEXT,
                   _("No drafts: what was begun was sent or thrown away. n: take a dossier in."));
        return;
    }
    canvas_put(c, row, NAME, -1, STYLE_WEAK, C_("column", "Applicant"));
    canvas_put(c, row, NAME + (c->cols - TIME_WIDTH - 1 - NAME) / 2, -1, STYLE_WEAK, C_("column", "Procedure"));
    canvas_put(c, row++, c->cols - TIME_WIDTH - 1, -1, STYLE_WEAK, C_("column", "Kept"));
    for (size_t i = s->scroll.first; i < s->n && i < s->scroll.first + rows_shown(v); i++)
        draw_row(v, c, row++, &s->rows[i], i == s->scroll.focus);
}

static void take_up(struct view *v, struct app *app)
{
    const struct drafts *s = v->state;
    const struct intake_open more = {.draft = s->rows[s->scroll.focus].key};

    app_open(app, &view_intake, &(struct view_arg){.more = &more});
}

static void answered(struct view *v, int choice, void *context)
{
    struct drafts *s = v->state;
    struct err e = {0};

    if (choice != 2 || !s->asked)
        return;
    if (!draft_discard(app_outbox(v->app), s->asked, &e) || !load(v, app_cache(v->app), &e))
        app_toast_err(v->app, &e);
    else
        app_changed(v->app, CACHE_OUTBOX);
}

static void ask_to_discard(struct view *v, struct app *app)
{
    struct drafts *s = v->state;
    const char *choices[] = {_("No"), C_("answer", "Throw it away"), NULL};

    mem_free(&s->asked);
    s->asked = mem_copy(s->rows[s->scroll.focus].key);
    app_question(app, v,
                 &(struct question){.text = _("Throw this draft away? It cannot be had back."),
                                    .choices = choices,
                                    .answered = answered});
}

static enum handled command(struct view *v, enum command_id id, struct app *app)
{
    struct drafts *s = v->state;

    switch (id) {
    case CMD_OPEN:
        take_up(v, app);
        return HANDLED;
    case CMD_ACT:
        ask_to_discard(v, app);
        return HANDLED;
    default:
        return scroll_command(&s->scroll, id, s->n, rows_shown(v)) ? HANDLED : NOT_HANDLED;
    }
}

static const char *blocked(const struct view *v, enum command_id id)
{
    const struct drafts *s = v->state;

    return (id == CMD_OPEN || id == CMD_ACT) && s->n == 0 ? _("there are no drafts") : NULL;
}

static void close_drafts(struct view *v)
{
    struct drafts *s = v->state;

    mem_free(&s->asked);
    arena_clear(&s->arena);
}

static const enum command_id commands[] = {CMD_OPEN,    CMD_ACT,       CMD_NEW,   CMD_UP,   CMD_DOWN,
                                           CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_FIRST, CMD_LAST, CMD_NONE};

const struct view_ops view_drafts = {
    .name = "drafts",
    .title = NC_("view", "Drafts"),
    .state_size = sizeof(struct drafts),
    .depends = CACHE_OUTBOX | CACHE_REFERENCE,
    .commands = commands,
    .load = load,
    .draw = draw,
    .command = command,
    .blocked = blocked,
    .close = close_drafts,
};

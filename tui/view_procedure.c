/* view_procedure: the page of a procedure that the public is told (procedure_parts.h), and its public address as a QR; from one to the
 * next without going back. It changes nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_procedures.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/procedure_parts.h"
#include "tui/qr.h"
#include "tui/view_intake.h"

#include <stdlib.h>
#include <string.h>

#define COL 1

struct procedure_page {
    struct arena arena; /* the id */
    const char *id;
    const struct procedure_walk *walk; /* NULL: not opened from a catalogue */
    const struct procedure *p;         /* the cache's; NULL: not known (any more) */
    int first;
    bool qr;
    char *message;
};

/* ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static int total_rows(const struct view *v, int rows, int cols)
{
    struct page p = page_new(NULL, 0, 0, rows, cols, 0);

    return procedure_write(v->app, ((const struct procedure_page *)v->state)->p, &p);
}

static int first_row(const struct view *v, int rows, int cols)
{
    const struct procedure_page *s = v->state;

    return page_scrolled(s->first, rows, total_rows(v, rows, cols), s->first, s->first);
}

static void draw_qr(const struct view *v, struct canvas *c)
{
    const struct procedure_page *s = v->state;
    struct arena arena = {0};
    struct qr *qr =
        qr_new(s->p->disclosure_url, app_options(v->app)->half_blocks, view_body_rows(c), c->cols - 2);
    int col = qr ? qr_cols(qr) + 3 : COL, row = view_body_row() + 2;
    char **lines;

    if (qr)
        qr_draw(qr, c, view_body_row(), 0);
    else
        canvas_put(c, row++, col, -1, STYLE_TEXT, _("This screen has no room for a QR code."));
    if (c->cols - col < 16)
        row = qr ? view_last_row(c) + 1 : row;
    size_t n = text_wrap(&arena, arena_format(&arena, _("The public page: %s"), procedure_address(&arena, s->p)),
                         c->cols - col > 16 ? c->cols - col - 1 : 16, &lines);
    for (size_t i = 0; i < n && row <= view_last_row(c); i++)
        canvas_put(c, row++, col, -1, STYLE_TEXT, lines[i]);
    qr_free(&qr);
    arena_clear(&arena);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct procedure_page *s = v->state;
    struct arena arena = {0};
    const char *from = "";

    canvas_cursor(c, view_body_row(), COL);
    if (!s->p) {
        view_title(c, text_shown(&arena, s->id), NULL);
        canvas_put(c, view_body_row(), COL, -1, STYLE_TEXT,
                   _("This procedure is not in the catalogue (any more)."));
        arena_clear(&arena);
        return;
    }
    if (s->p->effective_from != DAY_NONE)
        from = arena_format(&arena, _("in force from %s"), word_day(&arena, s->p->effective_from));
    view_title(c, arena_format(&arena, "%s %s", text_shown(&arena, s->p->code), text_shown(&arena, s->p->name)),
               from);
    if (s->qr) {
        draw_qr(v, c);
    } else {
        int rows = view_body_rows(c);
        struct page p = page_new(c, view_body_row(), 0, rows, c->cols, first_row(v, rows, c->cols));
        procedure_write(v->app, s->p, &p);
    }
    arena_clear(&arena);
}

static const char *message(const struct view *v)
{
    struct procedure_page *s = v->state;
    int rows = app_rows(v->app) - 4, cols = app_cols(v->app);

    mem_free(&s->message);
    if (!s->p || s->qr)
        return NULL;
    int below = total_rows(v, rows, cols) - first_row(v, rows, cols) - rows;
    if (below > 0)
        s->message = mem_format(_("%d more rows below: PgDn."), below);
    return s->message;
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool load(struct view *v, struct cache *cache, struct err *e)
{
    struct procedure_page *s = v->state;

    s->p = cache_procedure(cache, s->id);
    s->qr = s->qr && s->p && s->p->disclosure_url;
    return true;
}

static bool open_page(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct procedure_page *s = v->state;

    if (!arg->id)
        return err_set(e, ERR_USAGE, "%s", _("No procedure is chosen."));
    s->id = arena_copy(&s->arena, arg->id);
    s->walk = arg->more;
    return true;
}

static void walk(struct view *v, int by)
{
    struct procedure_page *s = v->state;
    const char *id = s->walk->step(s->walk, s->id, by);

    if (!id) {
        app_toast(v->app, TOAST_NOTE, "%s",
                  by > 0 ? _("This is the last procedure of the list.")
                         : _("This is the first procedure of the list."));
        return;
    }
    s->id = arena_copy(&s->arena, id);
    s->first = 0;
    load(v, app_cache(v->app), NULL);
}

static void scroll(struct view *v, enum command_id id)
{
    struct procedure_page *s = v->state;
    int rows = app_rows(v->app) - 4, cols = app_cols(v->app), total = s->p ? total_rows(v, rows, cols) : 0;
    int at = s->p ? first_row(v, rows, cols) : 0;
    int by = id == CMD_UP ? -1 : id == CMD_DOWN ? 1 : id == CMD_PAGE_UP ? -rows : rows;

    at = id == CMD_FIRST ? 0 : id == CMD_LAST ? total : at + by;
    s->first = page_scrolled(at > 0 ? at : 0, rows, total, at, at);
}

static enum handled command(struct view *v, enum command_id id, struct app *app)
{
    struct procedure_page *s = v->state;

    switch (id) {
    case CMD_NEXT_ITEM:
    case CMD_PREV_ITEM:
        walk(v, id == CMD_NEXT_ITEM ? 1 : -1);
        return HANDLED;
    case CMD_NEW:
        app_open(app, &view_intake, &(struct view_arg){.id = s->id});
        return HANDLED;
    case CMD_NEXT_PART:
        s->qr = !s->qr;
        return HANDLED;
    case CMD_UP:
    case CMD_DOWN:
    case CMD_PAGE_UP:
    case CMD_PAGE_DOWN:
    case CMD_FIRST:
    case CMD_LAST:
        scroll(v, id);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static const char *blocked(const struct view *v, enum command_id id)
{
    const struct procedure_page *s = v->state;

    switch (id) {
    case CMD_NEXT_ITEM:
    case CMD_PREV_ITEM:
        return s->walk ? NULL : _("it was not opened from a list");
    case CMD_NEW:
        return s->p ? NULL : _("it is not in the catalogue (any more)");
    case CMD_NEXT_PART:
        return s->p && s->p->disclosure_url ? NULL : _("it has no public address");
    default:
        return NULL;
    }
}

static void close_page(struct view *v)
{
    struct procedure_page *s = v->state;

    arena_clear(&s->arena);
    free(s->message);
}

static const enum command_id commands[] = {CMD_NEW,   CMD_NEXT_PART, CMD_NEXT_ITEM, CMD_PREV_ITEM,
                                           CMD_UP,    CMD_DOWN,      CMD_PAGE_UP,   CMD_PAGE_DOWN,
                                           CMD_FIRST, CMD_LAST,      CMD_NONE};

const struct view_ops view_procedure = {
    .name = "procedure",
    .title = NC_("view", "Procedure"),
    .state_size = sizeof(struct procedure_page),
    .depends = CACHE_REFERENCE,
    .commands = commands,
    .open = open_page,
    .load = load,
    .draw = draw,
    .message = message,
    .command = command,
    .blocked = blocked,
    .close = close_page,
};

/* view_dossier: one dossier in five tabs, each in a file of its own (tab_*.c). What is common stands here: reading it, walking to the
 * next, scrolling, numbers that are shown whole for half a minute. It refuses to change anything: that is view_act's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_dossier.h"

#include "core/handout.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/view_attach.h"

#include <stdlib.h>
#include <string.h>

#define TABS_ROW 2
#define BODY_ROW 3

static const struct dossier_tab *const tabs[TAB_COUNT] = {
    [TAB_OVERVIEW] = &tab_overview, [TAB_PAPERS] = &tab_papers, [TAB_FEES] = &tab_fees,
    [TAB_HISTORY] = &tab_history,   [TAB_CLOCK] = &tab_clock,
};

/* ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static size_t items_of(const struct dossier_view *v)
{
    return v->shown.loaded && tabs[v->tab]->items ? tabs[v->tab]->items(v) : 0;
}

static void keep_focus_inside(struct dossier_view *v)
{
    size_t n = items_of(v);

    if (v->focus[v->tab] >= n)
        v->focus[v->tab] = n ? n - 1 : 0;
}

static void ask_server(struct view *view)
{
    struct dossier_view *v = view->state;
    struct ask ask = {.kind = ASK_DOSSIER, .dossier = mem_copy(v->id)};

    v->ask = app_ask(v->app, view, &ask);
}

/* What the cache does not hold may be what the server found for the list, or what was here a moment ago. */
static bool load(struct view *view, struct cache *cache, struct err *e)
{
    struct dossier_view *v = view->state;
    struct dossier_shown fresh = {0};
    struct err why = {0};
    const struct dossier *found = v->walk ? v->walk->found(v->walk, v->id) : NULL;

    if (dossier_shown_load(&fresh, v->app, v->id, &why)) {
        dossier_shown_clear(&v->shown);
        v->shown = fresh;
        v->source = KEPT;
    } else if (why.code != ERR_NOT_FOUND) {
        *e = why;
        return false;
    } else if (v->shown.loaded) {
        v->source = v->source == FOUND ? FOUND : GONE;
        if (!dossier_shown_take(&v->shown, v->app, &v->shown.d, e))
            return false;
    } else if (found) {
        v->source = FOUND;
        if (!dossier_shown_take(&v->shown, v->app, found, e))
            return false;
    } else if (!v->ask) {
        ask_server(view);
    }
    keep_focus_inside(v);
    if (v->tab == TAB_HISTORY)
        history_ask(view, false);
    return true;
}

static void find_place(struct dossier_view *v)
{
    if (!v->walk || !v->walk->place(v->walk, v->id, &v->position, &v->total))
        v->position = 0;
}

static bool open_dossier(struct view *view, const struct view_arg *arg, struct err *e)
{
    struct dossier_view *v = view->state;

    if (!arg->id)
        return err_set(e, ERR_USAGE, "%s", _("No dossier is chosen."));
    v->app = view->app;
    v->id = mem_copy(arg->id);
    v->walk = arg->more;
    find_place(v);
    return true;
}

static void close_dossier(struct view *view)
{
    struct dossier_view *v = view->state;

    history_clear(v);
    dossier_shown_clear(&v->shown);
    free(v->id);
    free(v->message);
}

/* Starts anew with another dossier; the tab stays. */
static void go_to(struct view *view, const char *id)
{
    struct dossier_view *v = view->state;
    char *own = mem_copy(id);

    history_clear(v);
    if (v->ask)
        app_cancel_ask(v->app, v->ask);
    dossier_shown_clear(&v->shown);
    free(v->id);
    v->id = own;
    v->ask = 0;
    v->reveal_until = 0;
    memset(v->first, 0, sizeof v->first);
    memset(v->focus, 0, sizeof v->focus);
    find_place(v);
    struct err e = {0};
    if (!load(view, app_cache(v->app), &e))
        app_toast_err(v->app, &e);
}

static void answered(struct view *view, const struct answer *answer)
{
    struct dossier_view *v = view->state;
    struct err e = answer->err;

    if (answer->id == v->history.ask) {
        history_answered(v, answer);
        keep_focus_inside(v);
        return;
    }
    v->ask = 0;
    if (e.code == ERR_NONE && !v->shown.loaded && dossier_shown_take(&v->shown, v->app, &answer->dossier, &e))
        v->source = FOUND;
    if (e.code != ERR_NONE)
        app_toast_err(v->app, &e);
}

const struct dossier_shown *dossier_view_shown(const struct view *from, const char *id)
{
    for (const struct view *v = from; v; v = v->under) {
        const struct dossier_view *d = v->ops == &view_dossier ? v->state : NULL;
        if (d && d->shown.loaded && strcmp(d->shown.d.id, id) == 0)
            return &d->shown;
    }
    return NULL;
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int window_rows(int canvas_rows)
{
    return canvas_rows - 2 - BODY_ROW; /* message and keys stand below */
}

/* Writes the tab; without a canvas it only measures. Returns the rows that there are. */
static int write_tab(const struct dossier_view *v, struct canvas *c, int rows, int cols, int first, int *focus_row)
{
    struct page p = page_new(c, BODY_ROW, 0, rows, cols, first);

    tabs[v->tab]->write(v, &p);
    if (focus_row)
        *focus_row = p.focus_row;
    return page_end(&p);
}

static int first_row(const struct dossier_view *v, int rows, int cols)
{
    int total = write_tab(v, NULL, rows, cols, 0, NULL), first = v->first[v->tab];

    return page_scrolled(first, rows, total, first, first);
}

static void draw_tabs(const struct dossier_view *v, struct canvas *c)
{
    int col = 1;

    for (int i = 0; i < TAB_COUNT; i++) {
        bool here = i == (int)v->tab;
        int from = col;
        col += canvas_format(c, TABS_ROW, col, -1, here ? STYLE_CHOSEN : STYLE_TEXT,
                             here ? "[%d %s]" : " %d %s ", i + 1, i18n_shown(tabs[i]->label));
        if (here)
            canvas_cursor(c, TABS_ROW, from);
        col++;
    }
}

static void draw(const struct view *view, struct canvas *c)
{
    struct dossier_view *v = view->state;
    struct arena arena = {0};
    const struct dossier *d = &v->shown.d;
    const char *place = "";

    if (v->position > 0)
        place = arena_format(&arena, "%lld/%lld", (long long)v->position, (long long)v->total);
    if (!v->shown.loaded) {
        view_title(c, arena_format(&arena, _("Dossier %s"), text_shown(&arena, v->id)), place);
        canvas_put(c, BODY_ROW, 1, -1, STYLE_TEXT,
                   v->ask ? _("It is not kept on this machine. Asking the server…")
                          : _("It is not kept on this machine, and the server did not give it. r: ask again."));
        canvas_cursor(c, BODY_ROW, 1);
        arena_clear(&arena);
        return;
    }
    v->covered = app_top(v->app) != view;
    view_title(c,
               arena_format(&arena, _("Dossier %s · %s"), text_shown(&arena, d->code),
                            text_shown(&arena, d->applicant->name)),
               place);
    draw_tabs(v, c);
    int rows = window_rows(c->rows), first = first_row(v, rows, c->cols);
    write_tab(v, c, rows, c->cols, first, NULL);
    arena_clear(&arena);
}

/* ── message line ──────────────────────────────────────────────────────────────────────────────────────────────────── */

#define SKEW_SAID     120          /* seconds (domain.md, "The clock") */
#define SKEW_TRAINING (30 * 86400) /* more than that is the lesson's own time */

static bool skew_is_said(const struct dossier_view *v, int64_t *minutes)
{
    int64_t skew = app_line(v->app)->skew;

    if (skew == INSTANT_NONE)
        return false;
    skew = skew < 0 ? -skew : skew;
    *minutes = skew / 60;
    return skew > SKEW_SAID && !(app_training(v->app) && skew > SKEW_TRAINING);
}

static const char *message(const struct view *view)
{
    struct dossier_view *v = view->state;
    struct arena arena = {0};
    int rows = window_rows(app_rows(v->app)), cols = app_cols(v->app);
    int64_t minutes;

    mem_free(&v->message);
    if (!v->shown.loaded)
        return NULL;
    int below = write_tab(v, NULL, rows, cols, 0, NULL) - first_row(v, rows, cols) - rows;
    if (v->tab == TAB_OVERVIEW && v->shown.n_wishes > 0)
        v->message =
            mem_copy(dossier_wish_message(v->app, &arena, &v->shown.wishes[v->shown.n_wishes - 1], cols - 2));
    else if (v->tab == TAB_CLOCK && skew_is_said(v, &minutes))
        v->message =
            mem_format(_("This machine's clock is %lld minutes off the server's; due times go by the server's."),
                       (long long)minutes);
    else if (v->tab == TAB_PAPERS && papers_message(v, &arena))
        v->message = mem_copy(papers_message(v, &arena));
    else if (below > 0)
        v->message = mem_format(_("%d more rows below: PgDn."), below);
    arena_clear(&arena);
    return v->message;
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void show_tab(struct view *view, int tab)
{
    struct dossier_view *v = view->state;

    if (tab < 0 || tab >= TAB_COUNT)
        return;
    v->tab = (enum tab_id)tab;
    keep_focus_inside(v);
    if (v->tab == TAB_HISTORY)
        history_ask(view, false);
}

static void walk(struct view *view, int by)
{
    struct dossier_view *v = view->state;
    const char *id = v->walk->step(v->walk, v->id, by);

    if (id)
        go_to(view, id);
    else
        app_toast(v->app, TOAST_NOTE, "%s",
                  by > 0 ? _("This is the last dossier of the list.")
                         : _("This is the first dossier of the list."));
}

/* Up and down go from item to item where a tab has items; where the focus cannot go further, and without items, rows move. */
static bool scroll(struct dossier_view *v, enum command_id id)
{
    int rows = window_rows(app_rows(v->app)), cols = app_cols(v->app), focus;
    size_t n = items_of(v), before = v->focus[v->tab];
    struct scroll items = {.focus = before}, by_rows = {.focus = (size_t)first_row(v, rows, cols)};

    if (!scroll_command(&items, id, n, (size_t)rows))
        return false;
    v->focus[v->tab] = items.focus;
    int total = write_tab(v, NULL, rows, cols, 0, &focus), *first = &v->first[v->tab];
    if (items.focus != before) { /* with the first its heading is seen too, with the last what stands below */
        *first = page_scrolled(*first, rows, total, items.focus == 0 ? 0 : focus,
                               items.focus + 1 == n ? total - 1 : focus);
        return true;
    }
    scroll_command(&by_rows, id, (size_t)total, (size_t)rows);
    *first = page_scrolled((int)by_rows.focus, rows, total, (int)by_rows.focus, (int)by_rows.focus);
    return true;
}

static void reveal(struct dossier_view *v)
{
    if (v->reveal_until) {
        v->reveal_until = 0;
        return;
    }
    if (!app_note(v->app, JOURNAL_REVEAL, v->id, v->shown.loaded ? v->shown.d.code : NULL))
        return;
    v->tab = TAB_OVERVIEW;
    v->reveal_until = app_mono(v->app) + REVEAL_MS;
    app_toast(v->app, TOAST_NOTE, "%s", _("The numbers are shown for 30 seconds."));
}

static void reload(struct view *view)
{
    struct dossier_view *v = view->state;

    if (!v->shown.loaded && !v->ask)
        ask_server(view);
    else
        history_ask(view, true);
}

static enum handled command(struct view *view, enum command_id id, struct app *app)
{
    struct dossier_view *v = view->state;

    if (id >= CMD_CHOOSE_1 && id < CMD_CHOOSE_1 + TAB_COUNT) {
        show_tab(view, (int)(id - CMD_CHOOSE_1));
        return HANDLED;
    }
    switch (id) {
    case CMD_PREV_TAB:
    case CMD_NEXT_TAB:
        show_tab(view, (int)v->tab + (id == CMD_NEXT_TAB ? 1 : -1));
        return HANDLED;
    case CMD_NEXT_ITEM:
    case CMD_PREV_ITEM:
        walk(view, id == CMD_NEXT_ITEM ? 1 : -1);
        return HANDLED;
    case CMD_ACT:
        app_open(app, &view_act, &(struct view_arg){.id = v->shown.d.id});
        return HANDLED;
    case CMD_OPEN:
    case CMD_PAYMENT:
        app_open(app, &view_payment, &(struct view_arg){.id = v->shown.d.id});
        return HANDLED;
    case CMD_PRINT:
        app_open(app, &view_print, &(struct view_arg){.id = v->shown.d.id});
        return HANDLED;
    case CMD_ATTACH:
        app_open(app, &view_attach, &(struct view_arg){.id = v->shown.d.id, .more = papers_focused(v)});
        return HANDLED;
    case CMD_REVEAL:
        reveal(v);
        return HANDLED;
    case CMD_SYNC:
        if (v->tab == TAB_HISTORY || !v->shown.loaded) {
            reload(view);
            return HANDLED;
        }
        return NOT_HANDLED;
    default:
        return scroll(v, id) ? HANDLED : NOT_HANDLED;
    }
}

static bool has_numbers(const struct applicant *a)
{
    return a && ((a->id_number && *a->id_number) || (a->phone && *a->phone));
}

static const char *why_not_pay(const struct dossier_view *v)
{
    if (!v->shown.loaded)
        return _("the dossier is not here yet");
    return dossier_unpaid(&v->shown.d) > 0 || dossier_pending(&v->shown.d) ? NULL : _("no fee is unpaid");
}

static const char *blocked(const struct view *view, enum command_id id)
{
    const struct dossier_view *v = view->state;

    switch (id) {
    case CMD_NEXT_ITEM:
    case CMD_PREV_ITEM:
        return v->walk ? NULL : _("it was not opened from a list");
    case CMD_ACT:
        return v->shown.loaded ? NULL : _("the dossier is not here yet");
    case CMD_OPEN:
        return v->tab == TAB_FEES ? why_not_pay(v) : "";
    case CMD_PAYMENT:
        return why_not_pay(v);
    case CMD_PRINT:
        if (!v->shown.loaded)
            return _("the dossier is not here yet");
        return handout_apt(&v->shown.d, instant_day(app_now(v->app), app_offset(v->app))) == HANDOUT_KINDS
                   ? _("it has no paper before it is taken in")
                   : NULL;
    case CMD_ATTACH:
        if (v->tab != TAB_PAPERS)
            return "";
        if (app_line(v->app)->max_upload == 0)
            return _("the server takes no files");
        return v->shown.loaded && dossier_is_open(&v->shown.d) ? NULL : _("the dossier is closed");
    case CMD_REVEAL:
        return v->shown.loaded && (has_numbers(v->shown.d.applicant) || has_numbers(v->shown.d.submitted_by))
                   ? NULL
                   : _("there is no number to show");
    case CMD_UNDO:
        return outbox_can_undo(app_outbox(v->app)) ? NULL : _("nothing was saved in the last 10 seconds");
    default:
        return NULL;
    }
}

static unsigned focus(const struct view *view)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static int64_t wake(const struct view *view)
{
    const struct dossier_view *v = view->state;

    return v->reveal_until ? v->reveal_until : INT64_MAX;
}

static void tick(struct view *view)
{
    ((struct dossier_view *)view->state)->reveal_until = 0;
}

static const enum command_id *footer(const struct view *view)
{
    const struct dossier_view *v = view->state;

    return tabs[v->tab]->footer;
}

static const enum command_id commands[] = {
    CMD_ACT,       CMD_UNDO,     CMD_REVEAL,   CMD_PRINT,    CMD_ATTACH,   CMD_NEXT_ITEM,
    CMD_PREV_ITEM, CMD_SYNC,     CMD_PREV_TAB, CMD_NEXT_TAB, CMD_CHOOSE_1, CMD_CHOOSE_2,
    CMD_CHOOSE_3,  CMD_CHOOSE_4, CMD_CHOOSE_5, CMD_UP,       CMD_DOWN,     CMD_PAGE_UP,
    CMD_PAGE_DOWN, CMD_FIRST,    CMD_LAST,     CMD_OPEN,     CMD_PAYMENT,  CMD_NONE};

const struct view_ops view_dossier = {
    .name = "dossier",
    .title = NC_("view", "Dossier"),
    .state_size = sizeof(struct dossier_view),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_OUTBOX | CACHE_CLOCK | CACHE_LINE,
    .commands = commands,
    .footer = footer,
    .open = open_dossier,
    .load = load,
    .answered = answered,
    .draw = draw,
    .message = message,
    .command = command,
    .blocked = blocked,
    .focus = focus,
    .wake = wake,
    .tick = tick,
    .close = close_dossier,
};

/* view_act: what can be done now, each with the number that is always its own, and why the rest cannot. It offers what the server
 * offers and what the workflow allows behind a waiting wish, and nothing else; for several dossiers one action for all of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/act_rows.h"
#include "tui/form_send.h"
#include "tui/page.h"

#include <stdlib.h>
#include <string.h>

#define LABEL  5
#define LINE   34
#define NEEDS  49
#define DIGITS 10

struct act {
    struct app *app;
    struct arena arena; /* what it was opened on */
    const char **ids;
    size_t n;
    struct act_rows rows;
    char *focus, *chosen; /* actions by name: rows come and go */
    int first;
};

static size_t focused(const struct act *a)
{
    for (size_t i = 0; a->focus && i < a->rows.n; i++)
        if (strcmp(a->rows.items[i].action, a->focus) == 0)
            return i;
    return 0;
}

static bool load(struct view *view, struct cache *cache, struct err *e)
{
    struct act *a = view->state;

    return act_rows_read(&a->rows, a->app, view->under, a->ids, a->n, e);
}

static bool open_act(struct view *view, const struct view_arg *arg, struct err *e)
{
    struct act *a = view->state;
    const char *one[] = {arg->id, NULL};
    const char *const *ids = arg->ids ? arg->ids : one;
    size_t n = 0;

    a->app = view->app;
    while (ids[n])
        n++;
    if (n == 0)
        return err_set(e, ERR_USAGE, "%s", _("No dossier is chosen."));
    a->ids = arena_alloc(&a->arena, (n + 1) * sizeof *a->ids);
    for (a->n = 0; a->n < n; a->n++)
        a->ids[a->n] = arena_copy(&a->arena, ids[a->n]);
    return true;
}

static void close_act(struct view *view)
{
    struct act *a = view->state;

    free(a->focus);
    free(a->chosen);
    act_rows_clear(&a->rows);
    arena_clear(&a->arena);
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_offered(struct act *a, struct page *p, const struct act_row *row)
{
    const char *needs = form_asks_words(&p->arena, row->action, row->needs);

    page_put(p, 2, -1, STYLE_KEY, arena_format(&p->arena, "%d", row->digit));
    page_put(p, LABEL, LINE - LABEL - 1, STYLE_TEXT,
             arena_format(&p->arena, "%s%s", row->label, act_row_has_form(row) ? "…" : ""));
    page_put(p, LINE, -1, STYLE_TEXT, row->online_only ? _("needs the line") : _("can go later"));
    if (a->n > 1)
        needs = arena_format(&p->arena, _("%zu of %zu dossiers"), row->can, a->n);
    else if (*needs)
        needs = arena_format(&p->arena, _("needs %s"), needs);
    page_put(p, NEEDS, -1, STYLE_TEXT, text_cut(&p->arena, needs, p->cols - NEEDS));
    page_next(p);
}

static void write_greyed(struct page *p, const struct act_row *row)
{
    const char *why = row->reason ? row->reason : _("the server does not offer it");

    page_put(p, 2, -1, STYLE_WEAK, "-");
    page_put(p, LABEL, LINE - LABEL - 1, STYLE_WEAK, row->label);
    page_text(p, LINE, STYLE_WEAK, why);
}

static int write_rows(struct act *a, struct page *p)
{
    size_t focus = focused(a);
    bool forms = false, heading = false;

    for (size_t i = 0; i < a->rows.n; i++) {
        const struct act_row *row = &a->rows.items[i];
        if (row->can == 0 && !heading) {
            heading = true;
            page_put(p, 2, -1, STYLE_TITLE, _("Cannot be done yet"));
            page_next(p);
        }
        if (i == focus)
            page_focus(p, 0);
        if (row->can > 0)
            write_offered(a, p, row);
        else
            write_greyed(p, row);
        forms = forms || (row->can > 0 && act_row_has_form(row));
    }
    if (a->rows.n == 0)
        page_text(p, 2, STYLE_TEXT, _("Nothing can be done with this dossier by your account."));
    if (forms) {
        page_next(p);
        page_put(p, 2, -1, STYLE_TEXT, _("… has one more screen to fill in"));
        page_next(p);
    }
    return page_end(p);
}

static void draw(const struct view *view, struct canvas *c)
{
    struct act *a = view->state;
    struct arena arena = {0};
    struct page measured = page_new(NULL, 0, 0, 0, c->cols, 0);
    int total = write_rows(a, &measured), most = view_body_rows(c) - 3; /* the dossier's head stays in sight */
    int rows = total < most ? total : most, top = view_last_row(c) - rows + 1;

    view_rule(c, top - 1,
              a->n > 1 ? arena_format(&arena, _("Process %zu dossiers: press a number"), a->n)
                       : _("Process: press a number"));
    bool at_start = measured.focus_row < rows && focused(a) == 0;
    a->first = page_scrolled(a->first, rows, total, at_start ? 0 : measured.focus_row,
                             focused(a) + 1 == a->rows.n ? total - 1 : measured.focus_end);
    struct page p = page_new(c, top, 0, rows, c->cols, a->first);
    write_rows(a, &p);
    arena_clear(&arena);
}

static const char *message(const struct view *view)
{
    return _("Nothing has changed yet. Press a number to do it, Esc to close.");
}

/* ── doing ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Of several only those that it is offered for. NULL-terminated, in arena. */
static const char **those_that_can(struct act *a, const struct view *view, const char *action,
                                   struct arena *arena, size_t *n)
{
    const char **ids = arena_alloc(arena, (a->n + 1) * sizeof *ids);

    *n = 0;
    for (size_t i = 0; i < a->n; i++) {
        struct act_rows one = {0};
        if (act_rows_read(&one, a->app, view->under, &a->ids[i], 1, &(struct err){0}) &&
            act_rows_find(&one, action))
            ids[(*n)++] = a->ids[i];
        act_rows_clear(&one);
    }
    return ids;
}

static bool save(struct act *a, const struct view *view, const char *action, const char *const *ids, size_t n)
{
    struct dossier_shown *shown = mem_grow(NULL, n, sizeof *shown);
    struct wish_target *targets = mem_grow(NULL, n, sizeof *targets);
    struct action_request request;
    struct err e = {0};
    bool ok = true;

    memset(shown, 0, n * sizeof *shown);
    codec_absent(&shape_action_request, &request);
    request.action = action;
    for (size_t i = 0; ok && i < n; i++) {
        ok = act_read_dossier(a->app, view->under, ids[i], &shown[i], &e);
        targets[i] = (struct wish_target){.dossier = &shown[i].d, .seen = shown[i].json};
    }
    ok = ok && app_act(a->app, targets, n, &request, &e);
    if (!ok)
        app_toast_err(a->app, &e);
    for (size_t i = 0; i < n; i++)
        dossier_shown_clear(&shown[i]);
    free(shown);
    free(targets);
    return ok;
}

/* The next screen stands in this one's place. `view` is gone after it. */
static void go_on(struct view *view, const char *action, bool form, const char *const *ids, size_t n)
{
    struct act *a = view->state;
    struct app *app = a->app;
    const struct view_arg arg = {.id = ids[0], .ids = n > 1 ? ids : NULL, .action = action};

    if (workflow_rule(action_of(action)) && workflow_rule(action_of(action))->needs & NEED_SIGNATURE)
        app_replace(app, &view_sign, &arg);
    else if (form)
        app_replace(app, &view_form, &arg);
    else if (!save(a, view, action, ids, n))
        return;
    else if (n > 1)
        form_show_batch(app, action);
    else
        app_close(app, view);
}

static void answered(struct view *view, int choice, void *context)
{
    struct act *a = view->state;
    const struct act_row *row = act_rows_find(&a->rows, a->chosen);
    struct arena arena = {0};
    size_t n;

    if (choice != 2 || !row)
        return;
    bool form = act_row_has_form(row);
    char *action = arena_copy(&arena, row->action);
    const char **ids = those_that_can(a, view, action, &arena, &n);
    for (size_t i = 0; i < n; i++)
        ids[i] = arena_copy(&arena, ids[i]);
    if (n > 0)
        go_on(view, action, form, ids, n);
    arena_clear(&arena);
}

static void ask_many(struct view *view, const struct act_row *row)
{
    struct act *a = view->state;
    struct arena arena = {0};
    const char *text, *choices[] = {_("No"), NULL, NULL};

    free(a->chosen);
    a->chosen = mem_copy(row->action);
    choices[1] = arena_format(&arena, _("Do %zu dossiers"), row->can);
    if (row->can == a->n)
        text = arena_format(&arena, _("%s, %zu dossiers: all of them can be done."), row->label, a->n);
    else
        text = arena_format(&arena, _("%s, %zu dossiers: %zu can be done, %zu cannot (%s)."), row->label,
                            a->n, row->can, a->n - row->can,
                            row->reason ? row->reason : _("the server does not offer it"));
    app_question(a->app, view, &(struct question){.text = text, .choices = choices, .answered = answered});
    arena_clear(&arena);
}

static void choose(struct view *view, const struct act_row *row)
{
    struct act *a = view->state;
    struct arena arena = {0};

    if (row->can == 0) {
        app_toast(a->app, TOAST_NOTE, "%s: %s", row->label,
                  row->reason ? row->reason : _("the server does not offer it"));
        return;
    }
    if (a->n > 1) {
        ask_many(view, row);
        return;
    }
    const char *ids[] = {arena_copy(&arena, a->ids[0]), NULL};
    go_on(view, arena_copy(&arena, row->action), act_row_has_form(row), ids, 1);
    arena_clear(&arena);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The row that bears this number now; else the one that has it and cannot be done, for its reason. */
static const struct act_row *row_of_digit(const struct act *a, int digit)
{
    const struct act_row *greyed = NULL;

    for (size_t i = 0; i < a->rows.n; i++) {
        const struct act_row *row = &a->rows.items[i];
        if (row->digit == digit)
            return row;
        if (row->can == 0 && !greyed && word_action(row->action).digit == digit)
            greyed = row;
    }
    return greyed;
}

static enum handled command(struct view *view, enum command_id id, struct app *app)
{
    struct act *a = view->state;
    struct scroll s = {.focus = focused(a)};

    if (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_0) {
        const struct act_row *row = row_of_digit(a, (int)(id - CMD_CHOOSE_1 + 1) % DIGITS);
        if (row)
            choose(view, row);
        else
            app_toast(app, TOAST_NOTE, "%s", _("No action bears this number now."));
        return HANDLED;
    }
    if (a->rows.n == 0)
        return NOT_HANDLED;
    if (id == CMD_OPEN) {
        choose(view, &a->rows.items[s.focus]);
        return HANDLED;
    }
    if (!scroll_command(&s, id, a->rows.n, a->rows.n))
        return NOT_HANDLED;
    free(a->focus);
    a->focus = mem_copy(a->rows.items[s.focus].action);
    return HANDLED;
}

static unsigned focus(const struct view *view)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static const enum command_id commands[] = {
    CMD_OPEN,     CMD_UP,       CMD_DOWN,     CMD_PAGE_UP,  CMD_PAGE_DOWN, CMD_FIRST,
    CMD_LAST,     CMD_CHOOSE_1, CMD_CHOOSE_2, CMD_CHOOSE_3, CMD_CHOOSE_4,  CMD_CHOOSE_5,
    CMD_CHOOSE_6, CMD_CHOOSE_7, CMD_CHOOSE_8, CMD_CHOOSE_9, CMD_CHOOSE_0,  CMD_NONE};

const struct view_ops view_act = {
    .name = "act",
    .title = NC_("view", "What can be done"),
    .state_size = sizeof(struct act),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_OUTBOX | CACHE_LINE,
    .sheet = true,
    .commands = commands,
    .open = open_act,
    .load = load,
    .draw = draw,
    .message = message,
    .command = command,
    .focus = focus,
    .close = close_act,
};

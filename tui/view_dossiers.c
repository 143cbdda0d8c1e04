/* view_dossiers: one list of dossiers and what its keys do. What is loaded is dossiers_load.c, the picture dossiers_draw.c, the find line
 * dossiers_find.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_dossiers.h"

#include "core/i18n.h"
#include "tui/line_words.h"
#include "tui/list_sheets.h"
#include "tui/tray.h"
#include "tui/units.h"

#include <string.h>

static struct dossiers *state(const struct view *v)
{
    return v->state;
}

/* ── the way from a dossier to the next ────────────────────────────────────────────────────────────────────────────── */

static const char *next_in_list(struct view *v, const char *id, bool back)
{
    struct dossiers *s = state(v);
    struct list_page page;
    bool fell_back;
    struct err e = {0};

    if (!cache_list(app_cache(v->app), &s->query, id, back, 1, &s->step, &page, &fell_back, &e) || page.n == 0)
        return NULL;
    const char *next = page.rows[0].d.id;
    size_t rows = dossiers_rows(v), line = s->list.focus - s->list.first;
    if (!window_go(&s->list, next, rows))
        window_load(&s->list, app_cache(v->app), &s->query, next, line, rows, &e);
    return next;
}

static const char *next_hit(struct view *v, const char *id, bool back)
{
    struct dossiers *s = state(v);
    struct window *hits = &s->find.hits;

    if (!window_go(hits, id, dossiers_rows(v)) || (back ? hits->focus == 0 : hits->focus + 1 >= hits->n))
        return NULL;
    find_command(v, back ? CMD_UP : CMD_DOWN);
    return arena_copy(&s->step, window_focus(hits)->id);
}

static const char *walk_step(const struct dossier_walk *w, const char *id, int by)
{
    struct dossiers *s = state(w->list);
    char *from = mem_copy(id); /* it may be the one given last */

    arena_reset(&s->step);
    const char *next = dossiers_window(s) == &s->list ? next_in_list(w->list, from, by < 0)
                                                      : next_hit(w->list, from, by < 0);
    mem_free(&from);
    dossiers_moved(w->list);
    return next;
}

static bool walk_place(const struct dossier_walk *w, const char *id, int64_t *position, int64_t *total)
{
    struct dossiers *s = state(w->list);
    struct window *window = dossiers_window(s);
    const struct dossier *d = window_focus(window);

    if (!d || strcmp(d->id, id) != 0 || window->position == 0 || window->total == 0) { /* not counted yet */
        struct err e = {0};
        return window == &s->list &&
               cache_list_position(app_cache(w->list->app), &s->query, id, position, total, &e) && *position > 0;
    }
    *position = window->position;
    *total = window->total;
    return true;
}

static const struct dossier *walk_found(const struct dossier_walk *w, const char *id)
{
    return find_found(&state(w->list)->find, id);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void open_focused(struct view *v)
{
    struct dossiers *s = state(v);
    const struct dossier *d = dossiers_focused(v);

    dossiers_save(v);
    if (d)
        app_open(v->app, &view_dossier, &(struct view_arg){.id = d->id, .more = &s->walk});
}

static void open_act(struct view *v)
{
    struct dossiers *s = state(v);
    const struct dossier *d = dossiers_focused(v);
    struct arena arena = {0};
    struct view_arg arg = {.id = d ? d->id : NULL, .more = &s->walk};

    if (s->place.n_marks && !s->find.on) {
        const char **ids = arena_alloc(&arena, (s->place.n_marks + 1) * sizeof *ids);
        for (size_t i = 0; i < s->place.n_marks; i++)
            ids[i] = arena_copy(&arena, s->place.marks[i]);
        arg = (struct view_arg){.ids = ids};
    }
    dossiers_save(v);
    if (arg.id || arg.ids)
        app_open(v->app, &view_act, &arg);
    arena_clear(&arena);
}

/* What is marked goes into the tray, and is marked no longer; then the tray opens. What was marked by the page does not: one is to look at
 * what one signs from the first key on. */
static void to_tray(struct view *v)
{
    struct dossiers *s = state(v);
    size_t left = 0;

    if (s->place.by_page && s->place.n_marks) {
        app_toast(
            v->app, TOAST_ERROR, "%s",
            _("These were marked by the page. For the tray mark one by one, with Space; nothing was put into it."));
        return;
    }
    while (left < s->place.n_marks) {
        const char *id = s->place.marks[left];
        if (tray_add(v->app, id))
            list_place_mark(&s->place, id, false);
        else
            left++;
    }
    dossiers_save(v);
    if (left)
        app_toast(
            v->app, TOAST_ERROR,
            _("Not put into the tray, and marked still: %zu. They do not wait for a signature, or it is full."),
            left);
    app_open_tray(v->app);
}

static void move(struct view *v, enum command_id id)
{
    struct dossiers *s = state(v);
    struct err e = {0};

    if (!window_move(&s->list, app_cache(v->app), &s->query, id, dossiers_rows(v), &e))
        app_toast_err(v->app, &e);
    dossiers_moved(v);
}

static void mark(struct view *v)
{
    struct dossiers *s = state(v);
    const struct dossier *d = window_focus(&s->list);

    if (d)
        list_place_mark(&s->place, d->id, !list_place_marked(&s->place, d->id));
    move(v, CMD_DOWN);
}

static void mark_shown(struct view *v)
{
    struct dossiers *s = state(v);
    size_t rows = dossiers_explains(v) ? dossiers_explained_rows(v, app_rows(v->app)) : dossiers_rows(v);

    for (size_t i = s->list.first; i < s->list.n && i < s->list.first + rows; i++)
        list_place_mark(&s->place, s->list.rows[i].d.id, true);
    s->place.by_page = true;
    dossiers_moved(v);
}

static void mark_clear(struct view *v)
{
    struct dossiers *s = state(v);

    while (s->place.n_marks)
        list_place_mark(&s->place, s->place.marks[s->place.n_marks - 1], false);
    dossiers_moved(v);
}

/* The officer's queues stand side by side, as on the first screen; behind the last comes the first. */
static void switch_queue(struct view *v, int by)
{
    struct dossiers *s = state(v);
    enum queue_id ids[10];
    int n = (int)queue_list(app_roles(v->app), ids), at = 0;
    struct err e = {0};

    dossiers_save(v);
    while (at < n && ids[at] != s->queue)
        at++;
    s->queue = ids[at == n ? 0 : (at + by + n) % n];
    window_clear(&s->list);
    list_place_load(&s->place, v->app, s->queue);
    if (!dossiers_load(v, app_cache(v->app), &e))
        app_toast_err(v->app, &e);
}

static void switch_preview(struct view *v)
{
    struct err e = {0};

    app_set_place(v->app, "preview", json_boolean(!dossiers_preview_is_on(v)));
    if (!dossiers_load(v, app_cache(v->app), &e)) /* the list has another number of rows */
        app_toast_err(v->app, &e);
}

static enum handled list_command(struct view *v, enum command_id id, struct app *app)
{
    struct dossiers *s = state(v);
    const struct view_arg place = {.more = &s->place};

    switch (id) {
    case CMD_MARK:
        mark(v);
        return HANDLED;
    case CMD_MARK_SHOWN:
        mark_shown(v);
        return HANDLED;
    case CMD_MARK_CLEAR:
        mark_clear(v);
        return HANDLED;
    case CMD_TRAY:
        to_tray(v);
        return HANDLED;
    case CMD_SORT:
        app_open(app, &view_sort, &place);
        return HANDLED;
    case CMD_FILTER:
        app_open(app, &view_filter, &place);
        return HANDLED;
    case CMD_UNIT:
        app_open(app, &view_units, NULL);
        return HANDLED;
    case CMD_PREV_TAB:
    case CMD_NEXT_TAB:
        switch_queue(v, id == CMD_NEXT_TAB ? 1 : -1);
        return HANDLED;
    case CMD_FIND:
        find_open(v, s->find.is_kept_all ? FIND_ALL : FIND_LIST);
        dossiers_moved(v);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static enum handled command(struct view *v, enum command_id id, struct app *app)
{
    struct dossiers *s = state(v);

    if (s->find.on && find_command(v, id) == HANDLED)
        return HANDLED;
    if (window_moves(id)) {
        move(v, id);
        return HANDLED;
    }
    switch (id) {
    case CMD_OPEN:
    case CMD_SUBMIT:
        open_focused(v);
        return HANDLED;
    case CMD_ACT:
        open_act(v);
        return HANDLED;
    case CMD_PREVIEW:
        switch_preview(v);
        return HANDLED;
    case CMD_REVEAL:
        dossiers_reveal(v, state(v)->reveal_until == 0);
        return HANDLED;
    default:
        return s->find.on ? NOT_HANDLED : list_command(v, id, app);
    }
}

static const char *blocked(const struct view *v, enum command_id id)
{
    struct dossiers *s = state(v);

    switch (id) {
    case CMD_OPEN:
    case CMD_ACT:
    case CMD_MARK:
    case CMD_MARK_SHOWN:
        return dossiers_focused(v) ? NULL : _("there is no dossier here");
    case CMD_MARK_CLEAR:
        return s->place.n_marks ? NULL : _("no dossier is chosen");
    case CMD_UNIT:
        return units_blocked(v->app);
    case CMD_PREVIEW:
        arena_reset(&s->words);
        return app_cols(v->app) >= PREVIEW_COLS
                   ? NULL
                   : arena_format(&s->words, _("needs a screen of %d columns (this has %d)"), PREVIEW_COLS,
                                  app_cols(v->app));
    case CMD_REVEAL:
        return dossiers_preview_is_on(v) ? NULL : ""; /* numbers stand beside the list alone */
    default:
        return NULL;
    }
}

static const char *message(const struct view *v)
{
    struct dossiers *s = state(v);

    if (s->message || dossiers_explains(v))
        return s->message;
    arena_reset(&s->words);
    return line_message(v->app, &s->words, app_cols(v->app) - 2);
}

static const enum command_id commands[] = {
    CMD_OPEN,     CMD_MARK,     CMD_ACT,       CMD_FIND,       CMD_FILTER,     CMD_SORT,
    CMD_PREV_TAB, CMD_NEXT_TAB, CMD_UNDO,      CMD_OUTBOX,     CMD_LOCK,       CMD_TRAY,
    CMD_UNIT,     CMD_PREVIEW,  CMD_REVEAL,    CMD_MARK_SHOWN, CMD_MARK_CLEAR, CMD_UP,
    CMD_DOWN,     CMD_PAGE_UP,  CMD_PAGE_DOWN, CMD_FIRST,      CMD_LAST,       CMD_NONE};

/* As the mock-ups have it: narrow, cut off, and else; what can be undone is worth a place before what is always there. */
static const enum command_id *footer(const struct view *v)
{
    static const enum command_id finding[] = {CMD_SUBMIT, CMD_NEXT_PART, CMD_INPUT_METHOD, CMD_NONE};
    static const enum command_id cut[] = {CMD_OPEN, CMD_MARK, CMD_ACT, CMD_OUTBOX, CMD_SYNC, CMD_NONE};
    static const enum command_id narrow_undo[] = {CMD_OPEN, CMD_ACT, CMD_UNDO, CMD_NONE};
    static const enum command_id narrow[] = {CMD_OPEN, CMD_ACT, CMD_FIND, CMD_NONE};
    static const enum command_id undo[] = {CMD_OPEN,    CMD_MARK,   CMD_ACT,    CMD_UNDO,
                                           CMD_FIND,    CMD_FILTER, CMD_SORT,   CMD_UNIT,
                                           CMD_PREVIEW, CMD_REVEAL, CMD_OUTBOX, CMD_NONE};
    static const enum command_id plain[] = {CMD_OPEN,   CMD_MARK,   CMD_ACT,  CMD_FIND,
                                            CMD_FILTER, CMD_SORT,   CMD_UNIT, CMD_PREVIEW,
                                            CMD_REVEAL, CMD_OUTBOX, CMD_NONE};
    bool undoes = outbox_can_undo(app_outbox(v->app));

    if (state(v)->find.on)
        return finding;
    if (line_is_cut(v->app) && !undoes)
        return cut;
    if (app_cols(v->app) < 80)
        return undoes ? narrow_undo : narrow;
    return undoes ? undo : plain;
}

static unsigned focus(const struct view *v)
{
    return state(v)->find.on ? FOCUS_PROMPT | FOCUS_TEXT : FOCUS_ROW;
}

static struct field *prompt(struct view *v)
{
    struct dossiers *s = state(v);

    return s->find.on ? &s->find.words : NULL;
}

static const char *prompt_label(const struct view *v)
{
    return C_("prompt", "Find");
}

static void text(struct view *v, const char *utf8)
{
    if (state(v)->find.on)
        find_typed(v);
}

/* ── opening and closing ───────────────────────────────────────────────────────────────────────────────────────────── */

static bool open_list(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct dossiers *s = state(v);
    const char *find = arg->more;

    s->queue = arg->queue == QUEUE_NONE ? QUEUE_ALL : arg->queue;
    s->preview_at = s->count_at = s->save_at = s->names_at = INT64_MAX;
    s->walk = (struct dossier_walk){.list = v, .step = walk_step, .place = walk_place, .found = walk_found};
    s->find.is_kept_all = s->queue == QUEUE_ALL;
    list_place_load(&s->place, v->app, s->queue);
    if (find) {
        s->find.only = true;
        find_open(v, strcmp(find, "find_server") == 0 ? FIND_SERVER : FIND_ALL);
    }
    return true;
}

static void close_list(struct view *v)
{
    struct dossiers *s = state(v);

    dossiers_save(v);
    find_close(v);
    list_place_clear(&s->place);
    window_clear(&s->list);
    dossier_shown_clear(&s->shown);
    arena_clear(&s->arena);
    arena_clear(&s->step);
    arena_clear(&s->words);
    arena_clear(&s->message_arena);
}

const struct view_ops view_dossiers = {
    .name = "dossiers",
    .title = NC_("view", "List of dossiers"),
    .state_size = sizeof(struct dossiers),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_OUTBOX | CACHE_CLOCK | CACHE_LINE | CACHE_REBUILT,
    .commands = commands,
    .footer = footer,
    .open = open_list,
    .load = dossiers_load,
    .answered = find_answered,
    .draw = dossiers_draw,
    .message = message,
    .command = command,
    .blocked = blocked,
    .focus = focus,
    .prompt = prompt,
    .prompt_label = prompt_label,
    .text = text,
    .wake = dossiers_wake,
    .tick = dossiers_tick,
    .close = close_list,
};

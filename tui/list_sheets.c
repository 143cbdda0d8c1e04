/* list_sheets: see list_sheets.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/list_sheets.h"

#include "core/i18n.h"
#include "core/text.h"
#include "tui/list_place.h"
#include "tui/ticks.h"
#include "tui/units.h"

#include <string.h>

/* view_arg lends what it points to as const; the list's view lies under the sheet and outlives it. */
static struct list_place *place_of(const struct view_arg *arg)
{
    return (struct list_place *)arg->more;
}

/* ── order ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct sort_sheet {
    struct list_place *place;
    size_t focus;
};

static bool open_sort(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct sort_sheet *s = v->state;

    s->place = place_of(arg);
    s->focus = s->place->sort;
    return true;
}

static void draw_sort(const struct view *v, struct canvas *c)
{
    const struct sort_sheet *s = v->state;
    int row = view_last_row(c) - SORT_COUNT - 1;

    view_rule(c, row++, _("Sort by: press a number"));
    for (size_t i = 0; i < SORT_COUNT; i++, row++) {
        canvas_format(c, row, 2, 2, STYLE_KEY, "%zu", i + 1);
        canvas_put(c, row, 5, -1, STYLE_TEXT, list_sort_words((enum list_sort)i));
        if (i != s->focus)
            continue;
        canvas_put(c, row, 0, 1, STYLE_FOCUS, ">");
        canvas_style(c, row, 0, 4, STYLE_FOCUS);
        canvas_cursor(c, row, 0);
    }
}

static enum handled choose_sort(struct view *v, size_t sort)
{
    struct sort_sheet *s = v->state;

    if (sort >= SORT_COUNT)
        return NOT_HANDLED;
    s->place->sort = (enum list_sort)sort;
    app_close(v->app, v); /* the list loads again */
    return HANDLED;
}

static enum handled sort_command(struct view *v, enum command_id id, struct app *app)
{
    struct sort_sheet *s = v->state;
    struct scroll scroll = {.focus = s->focus};

    if (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_0)
        return choose_sort(v, (size_t)(id - CMD_CHOOSE_1));
    if (id == CMD_OPEN)
        return choose_sort(v, s->focus);
    if (!scroll_command(&scroll, id, SORT_COUNT, SORT_COUNT))
        return NOT_HANDLED;
    s->focus = scroll.focus;
    return HANDLED;
}

static unsigned sort_focus(const struct view *v)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static const char *sort_message(const struct view *v)
{
    return _("The order stays until it is changed again.");
}

static const enum command_id sort_commands[] = {CMD_OPEN,     CMD_UP,       CMD_DOWN,
                                                CMD_CHOOSE_1, CMD_CHOOSE_2, CMD_CHOOSE_3,
                                                CMD_CHOOSE_4, CMD_CHOOSE_5, CMD_NONE};

const struct view_ops view_sort = {
    .name = "sort",
    .title = NC_("view", "Sort"),
    .state_size = sizeof(struct sort_sheet),
    .sheet = true,
    .commands = sort_commands,
    .open = open_sort,
    .draw = draw_sort,
    .message = sort_message,
    .command = sort_command,
    .focus = sort_focus,
};

/* ── filter ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct filter_sheet {
    struct ticks ticks; /* first: ticks.h */
    struct list_place *place;
};

static bool has(const struct texts *values, const char *value)
{
    for (size_t i = 0; i < values->n; i++)
        if (strcmp(values->items[i], value) == 0)
            return true;
    return false;
}

/* A box whose `more` is its facet. What the filter holds is ticked. */
static void add(struct filter_sheet *s, enum facet facet, const char *value)
{
    struct arena arena = {0};
    struct app *app = s->ticks.view->app;
    struct tick *tick = ticks_add(&s->ticks, value, facet_name(facet), facet_word(app, &arena, facet, value),
                                  has(&s->place->filter.of[facet], value));
    enum facet *kept = arena_alloc(&s->ticks.arena, sizeof *kept);

    *kept = facet;
    tick->more = kept;
    arena_clear(&arena);
}

static void add_words(struct filter_sheet *s, enum facet facet, const char *const *values)
{
    for (; *values; values++)
        add(s, facet, *values);
}

/* Who works on dossiers in the officer's units. */
static void add_assignees(struct filter_sheet *s)
{
    struct app *app = s->ticks.view->app;
    const struct officer *const *all;
    size_t n = cache_officers(app_cache(app), &all);

    for (size_t i = 0; i < n; i++)
        if (officer_roles(all[i]) & ROLE_BIT(ROLE_SPECIALIST) && units_covers(app, all[i]->unit))
            add(s, FACET_ASSIGNEE, all[i]->id);
}

static bool is_there(const struct filter_sheet *s, enum facet facet, const char *value)
{
    for (size_t i = 0; i < s->ticks.n; i++) {
        const struct tick *t = &s->ticks.items[i];
        if (t->id && *(const enum facet *)t->more == facet && strcmp(t->id, value) == 0)
            return true;
    }
    return false;
}

/* "Hộ tịch", "Đất đai": as the procedures name theirs. */
static void add_fields(struct filter_sheet *s)
{
    const struct procedure *const *all;
    size_t n = cache_procedures(app_cache(s->ticks.view->app), &all);

    for (size_t i = 0; i < n; i++)
        if (all[i]->active && all[i]->field && *all[i]->field && !is_there(s, FACET_FIELD, all[i]->field))
            add(s, FACET_FIELD, all[i]->field);
}

static void add_procedures(struct filter_sheet *s)
{
    const struct procedure *const *all;
    size_t n = cache_procedures(app_cache(s->ticks.view->app), &all);

    for (size_t i = 0; i < n; i++)
        if (all[i]->active)
            add(s, FACET_PROCEDURE, all[i]->id);
}

/* What is filtered by but is no longer on offer must be there to be taken away. */
static void add_left_over(struct filter_sheet *s)
{
    for (int f = 0; f < FACET_COUNT; f++)
        for (size_t k = 0; k < s->place->filter.of[f].n; k++)
            if (!is_there(s, (enum facet)f, s->place->filter.of[f].items[k]))
                add(s, (enum facet)f, s->place->filter.of[f].items[k]);
}

static void filter_changed(struct ticks *t)
{
    struct filter_sheet *s = (struct filter_sheet *)t;

    list_filter_clear(&s->place->filter);
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].id && t->items[i].on)
            list_filter_add(&s->place->filter, *(enum facet *)t->items[i].more, t->items[i].id);
    app_changed(t->view->app, CACHE_DOSSIERS);
}

static const char *filter_title(const struct ticks *t)
{
    return _("Filter: Space chooses, type to find, F9 applies");
}

static const char *filter_message(struct ticks *t)
{
    size_t n = ticks_count_on(t);

    return n ? arena_format(&t->words_arena,
                            _("%zu values are chosen; of one kind any, of all kinds one each."), n)
             : _("Nothing is left out.");
}

static const char *filter_more(struct ticks *t, size_t n)
{
    return arena_format(&t->words_arena, _("%zu lines more, scroll down"), n);
}

static const struct ticks_kind filter_kind = {
    .title = filter_title,
    .changed = filter_changed,
    .message = filter_message,
    .more = filter_more,
};

static bool open_filter(struct view *v, const struct view_arg *arg, struct err *e)
{
    static const char *const channels[] = {"counter", "online", "post", NULL};
    static const char *const statuses[] = {
        "registered",           "received",  "in_progress", "awaiting_supplement", "awaiting_payment",
        "withdrawal_requested", "completed", NULL};
    struct filter_sheet *s = v->state;

    s->place = place_of(arg);
    ticks_begin(&s->ticks, v, &filter_kind);
    ticks_add(&s->ticks, NULL, NULL, _("All dossiers"), false);
    add_words(s, FACET_DUE, facet_due_values);
    add_words(s, FACET_CHANNEL, channels);
    add_words(s, FACET_STATUS, statuses);
    add_assignees(s);
    add_fields(s);
    add_procedures(s);
    add_left_over(s);
    ticks_ready(&s->ticks);
    return true;
}

const struct view_ops view_filter = {
    .name = "filter",
    .title = NC_("view", "Filter"),
    .state_size = sizeof(struct filter_sheet),
    .sheet = true,
    .commands = ticks_commands,
    .open = open_filter,
    .draw = ticks_draw,
    .message = ticks_message,
    .command = ticks_command,
    .focus = ticks_focus,
    .prompt = ticks_prompt,
    .prompt_label = ticks_prompt_label,
    .text = ticks_text,
    .close = ticks_close,
};

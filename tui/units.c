/* units: see units.h. Departments take nothing in and are not listed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/units.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/list_place.h"
#include "tui/ticks.h"

#include <string.h>

#define PLACE "units"
#define DEPTH 16 /* units are data: a ring of parents must not hang us */

static const char *my_unit(struct app *app)
{
    const struct officer *me = app_officer(app);

    return me && me->unit ? me->unit : "";
}

static bool leads_to(struct cache *cache, const char *id, const char *to, int depth)
{
    const struct unit *u = id && depth > 0 ? cache_unit(cache, id) : NULL;

    if (id && strcmp(id, to) == 0)
        return true;
    return u && (leads_to(cache, u->parent, to, depth - 1) || leads_to(cache, u->successor, to, depth - 1));
}

bool units_covers(struct app *app, const char *unit)
{
    return leads_to(app_cache(app), unit, my_unit(app), DEPTH);
}

size_t units_mine(struct app *app, struct arena *arena, const struct unit ***out)
{
    const struct unit *const *all;
    const char *mine = my_unit(app);
    size_t n_all = cache_units(app_cache(app), &all), n = 0;
    bool over_others = false;

    for (size_t i = 0; i < n_all; i++)
        over_others |=
            all[i]->parent && strcmp(all[i]->parent, mine) == 0 && strcmp(all[i]->level, "department") != 0;
    *out = arena_alloc(arena, (n_all + 1) * sizeof(void *));
    for (size_t i = 0; i < n_all; i++) {
        bool own = strcmp(all[i]->id, mine) == 0;
        if (strcmp(all[i]->level, "department") != 0 && !(own && over_others) && units_covers(app, all[i]->id))
            (*out)[n++] = all[i];
    }
    return n;
}

struct texts units_chosen(struct app *app, struct arena *arena)
{
    const json_t *ids = app_place(app, PLACE);
    const struct unit **mine;
    struct texts chosen = {0};

    if (json_array_size(ids) == 0)
        return chosen;
    size_t n = units_mine(app, arena, &mine);
    chosen.items = arena_alloc(arena, (n + 1) * sizeof *chosen.items);
    for (size_t i = 0; i < n; i++)
        if (place_holds(ids, mine[i]->id))
            chosen.items[chosen.n++] = arena_copy(arena, mine[i]->id);
    return chosen;
}

char *units_words(struct app *app, struct arena *arena)
{
    const struct unit **mine;
    size_t chosen = units_chosen(app, arena).n;

    if (chosen == 0)
        return NULL;
    return arena_format(arena, _("%s: %zu of %zu units"),
                        text_shown(arena, cache_unit_name(app_cache(app), my_unit(app))), chosen,
                        units_mine(app, arena, &mine));
}

const char *units_blocked(struct app *app)
{
    struct arena arena = {0};
    const struct unit **mine;
    size_t n = units_mine(app, &arena, &mine);

    arena_clear(&arena);
    return n > 1 ? NULL : _("there is only one unit");
}

/* ── the sheet ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

enum { TOTAL_END = 49, TODAY_END = 58, OVERDUE_END = 68, WIDE_AT = 72 };

struct unit_sheet {
    struct ticks ticks;  /* first: ticks.h */
    enum queue_id queue; /* of which the counts are: the officer's first */
};

static int shift(const struct canvas *c)
{
    return c->cols < WIDE_AT ? c->cols - WIDE_AT : 0;
}

static int unit_name_end(const struct canvas *c)
{
    return TOTAL_END - 8 + shift(c);
}

static void unit_header(struct ticks *t, struct canvas *c, int row)
{
    const struct unit_sheet *s = (struct unit_sheet *)t;

    canvas_put(c, row, 8, unit_name_end(c) - 8, STYLE_WEAK, C_("column", "Unit"));
    canvas_put_right(c, row, TOTAL_END + shift(c), STYLE_WEAK, word_queue(queue_text(s->queue)));
    canvas_put_right(c, row, TODAY_END + shift(c), STYLE_WEAK, C_("column", "Today"));
    canvas_put_right(c, row, OVERDUE_END + shift(c), STYLE_WEAK, C_("column", "Overdue"));
}

static void unit_columns(struct ticks *t, const struct tick *tick, struct canvas *c, int row)
{
    const struct queue_count *n = tick->more;
    struct arena arena = {0};

    canvas_put_right(c, row, TOTAL_END + shift(c), STYLE_TEXT, arena_format(&arena, "%lld", (long long)n->total));
    canvas_put_right(c, row, TODAY_END + shift(c), STYLE_TEXT,
                     n->today ? arena_format(&arena, "%lld", (long long)n->today) : "-");
    canvas_put_right(c, row, OVERDUE_END + shift(c), n->overdue ? STYLE_OVERDUE : STYLE_TEXT,
                     n->overdue ? arena_format(&arena, "!! %lld", (long long)n->overdue) : "-");
    arena_clear(&arena);
}

static const char *unit_title(const struct ticks *t)
{
    return _("Units: Space chooses, type to find, F9 applies");
}

/* The boxes but the first, which means all. */
static size_t units_of(const struct ticks *t)
{
    return t->n - 1;
}

static const char *unit_message(struct ticks *t)
{
    size_t n = ticks_count_on(t);

    return n ? arena_format(&t->words_arena, _("%zu units are chosen."), n)
             : arena_format(&t->words_arena, _("All %zu units are seen."), units_of(t));
}

static const char *unit_more(struct ticks *t, size_t n)
{
    return arena_format(&t->words_arena, _("%zu units more, scroll down"), n);
}

/* What is chosen holds at once: the counts above the sheet are those of the ticks. */
static void units_changed(struct ticks *t)
{
    struct app *app = t->view->app;
    json_t *ids = json_array();

    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].id && t->items[i].on)
            json_array_append_new(ids, json_string(t->items[i].id));
    app_set_place(app, PLACE, ids);
    app_changed(app, CACHE_DOSSIERS);
}

static const struct ticks_kind unit_kind = {
    .title = unit_title,
    .changed = units_changed,
    .message = unit_message,
    .more = unit_more,
    .header = unit_header,
    .columns = unit_columns,
    .name_end = unit_name_end,
};

static void add_unit(struct unit_sheet *s, const char *id, const char *name, bool on)
{
    ticks_add(&s->ticks, id, NULL, name, on)->more = arena_alloc(&s->ticks.arena, sizeof(struct queue_count));
}

static bool open_units(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct unit_sheet *s = v->state;
    const struct unit **mine;
    struct arena arena = {0};
    enum queue_id queues[10];
    const json_t *chosen = app_place(v->app, PLACE);
    size_t n = units_mine(v->app, &arena, &mine);

    ticks_begin(&s->ticks, v, &unit_kind);
    s->queue = queue_list(app_roles(v->app), queues) ? queues[0] : QUEUE_ALL;
    add_unit(s, NULL, arena_format(&arena, _("All %zu units"), n), false);
    for (size_t i = 0; i < n; i++)
        add_unit(s, mine[i]->id, text_shown(&arena, mine[i]->name), place_holds(chosen, mine[i]->id));
    ticks_ready(&s->ticks);
    arena_clear(&arena);
    return true;
}

/* Counts are asked for what is in sight: a province has hundreds of units. */
static bool load_units(struct view *v, struct cache *cache, struct err *e)
{
    struct unit_sheet *s = v->state;
    struct tick *tick;
    size_t n;

    for (size_t i = 0; (tick = ticks_seen(&s->ticks, i, &n)) != NULL; i++) {
        const struct texts one = {.items = (const char *[]){tick->id}, .n = tick->id != NULL};
        if (!cache_queue_count(cache, s->queue, &one, app_now(v->app), tick->more, e))
            return false;
    }
    return true;
}

const struct view_ops view_units = {
    .name = "unit",
    .title = NC_("view", "Units"),
    .state_size = sizeof(struct unit_sheet),
    .depends = CACHE_DOSSIERS | CACHE_CLOCK,
    .sheet = true,
    .commands = ticks_commands,
    .open = open_units,
    .load = load_units,
    .draw = ticks_draw,
    .message = ticks_message,
    .command = ticks_command,
    .focus = ticks_focus,
    .prompt = ticks_prompt,
    .prompt_label = ticks_prompt_label,
    .text = ticks_text,
    .close = ticks_close,
};

/* view_queues: the first screen: the officer's lists with how much stands in each, what is due today, what is overdue, what comes next;
 * and the outbox. Counts follow the feed and the clock. It offers what is built and nothing else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/draft.h"
#include "tui/line_words.h"
#include "tui/row.h"
#include "tui/units.h"
#include "tui/view.h"
#include "tui/watch.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

enum {
    QUEUES = 10,
    DIGIT = 3,
    NAME = 6,
    TOTAL_END = 42,
    TODAY_END = 52,
    OVERDUE_END = 61,
    NEAREST = 64,
    NEAREST_WIDTH = 16,
    SYNC_PAUSE_MS = 500, /* counts are not asked for at every page of a first sync */
};
#define PLACE "queues"

/* What stands below the lists. */
enum extra { EXTRA_DRAFTS, EXTRA_OUTBOX, EXTRA_PROCEDURES, EXTRAS };

struct queues {
    struct arena arena, message; /* of title and right; of message() */
    enum queue_id ids[QUEUES];
    struct queue_count counts[QUEUES];
    size_t n, focus; /* from n on: an extra */
    int64_t procedures, drafts;
    const char *title, *right;
    int64_t loaded_at; /* mono */
    bool stale;
};

/* ── what is loaded ────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *data_words(struct app *app, struct arena *arena)
{
    int64_t at = cache_data_at(app_cache(app));
    int32_t offset = app_offset(app);

    if (at == INSTANT_NONE)
        return "";
    bool today = instant_day(at, offset) == instant_day(app_now(app), offset);
    return arena_format(arena, _("data of %s"),
                        today ? word_clock(arena, at, offset) : word_when(arena, at, offset));
}

static void load_words(struct queues *s, struct app *app)
{
    arena_reset(&s->arena);
    const char *units = units_words(app, &s->arena);
    s->title = units ? arena_format(&s->arena, "%s · %s", _("Queues"), units) : _("Queues");
    s->right = data_words(app, &s->arena);
}

/* Which lists he has follows his roles, which the feed brings. */
static void load_ids(struct queues *s, struct app *app)
{
    enum queue_id focused = s->focus < s->n ? s->ids[s->focus] : QUEUE_NONE;
    size_t extra = s->n && s->focus >= s->n ? s->focus - s->n : EXTRAS;

    s->n = app_officer(app) ? queue_list(app_roles(app), s->ids) : 0;
    s->focus = extra < EXTRAS ? s->n + extra : 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->ids[i] == focused)
            s->focus = i;
}

static bool load_queues(struct view *v, struct cache *cache, struct err *e)
{
    struct queues *s = v->state;
    struct arena arena = {0};
    struct texts units = {0};
    bool ok = true;

    if (app_line(v->app)->first_sync >= 0 && s->n && app_mono(v->app) - s->loaded_at < SYNC_PAUSE_MS) {
        s->stale = true;
        return true;
    }
    s->stale = false;
    s->loaded_at = app_mono(v->app);
    load_ids(s, v->app);
    load_words(s, v->app);
    s->procedures = cache_procedure_count(cache);
    s->drafts = draft_count(app_outbox(v->app));
    units = units_chosen(v->app, &arena);
    for (size_t i = 0; ok && i < s->n; i++)
        ok = (s->ids[i] != QUEUE_WATCH || watch_refresh(app_cache(v->app), app_outbox(v->app), e)) &&
             cache_queue_count(cache, s->ids[i], &units, app_now(v->app), &s->counts[i], e);
    arena_clear(&arena);
    return ok;
}

static int64_t queues_wake(const struct view *v)
{
    const struct queues *s = v->state;

    return s->stale ? s->loaded_at + SYNC_PAUSE_MS : INT64_MAX;
}

static void queues_tick(struct view *v)
{
    struct err e = {0};

    if (!load_queues(v, app_cache(v->app), &e))
        app_toast_err(v->app, &e);
}

static bool open_queues(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct queues *s = v->state;
    enum queue_id kept = queue_parse(json_string_value(app_place(v->app, PLACE)));

    load_ids(s, v->app);
    for (size_t i = 0; i < s->n; i++)
        if (s->ids[i] == kept)
            s->focus = i;
    return true;
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The columns stand as at 80; below 62 they move to the left, below 80 the last one goes. */
static int shift(const struct canvas *c)
{
    return c->cols < OVERDUE_END + 1 ? c->cols - OVERDUE_END - 1 : 0;
}

static void draw_header(struct canvas *c, int row)
{
    canvas_put(c, row, DIGIT, 3, STYLE_WEAK, C_("column", "No"));
    canvas_put(c, row, NAME, -1, STYLE_WEAK, _("Queues"));
    canvas_put_right(c, row, TOTAL_END + shift(c), STYLE_WEAK, C_("column", "Dossiers"));
    canvas_put_right(c, row, TODAY_END + shift(c), STYLE_WEAK, C_("column", "Today"));
    canvas_put_right(c, row, OVERDUE_END + shift(c), STYLE_WEAK, C_("column", "Overdue"));
    if (c->cols >= NEAREST + NEAREST_WIDTH)
        canvas_put(c, row, NEAREST, -1, STYLE_WEAK, C_("column", "Next due"));
}

/* What comes next in a list: its nearest due time in words, or until when papers are waited for, or that all of it stands. */
static char *nearest_words(struct app *app, struct arena *arena, const struct queue_count *n, enum style *style)
{
    const struct officer *me = app_officer(app);
    int32_t offset = app_offset(app);

    *style = STYLE_TEXT;
    if (n->nearest_until != DAY_NONE)
        return arena_format(
            arena, _("until %s"),
            word_day_short(arena, instant_day_start(n->nearest_until, offset), app_now(app), offset));
    if (n->nearest_paused) {
        *style = STYLE_PAUSED;
        return word_time_left(arena, (struct time_left){.kind = TIME_PAUSED});
    }
    if (n->nearest == INSTANT_NONE)
        return arena_copy(arena, "-");
    struct time_left left =
        calendar_left_until(cache_calendar(app_cache(app), me ? me->unit : ""), n->nearest, app_now(app));
    *style = left.kind == TIME_OVERDUE ? STYLE_OVERDUE : STYLE_TEXT;
    return word_time_left(arena, left);
}

static void draw_counts(struct app *app, struct canvas *c, int row, const struct queue_count *n)
{
    struct arena arena = {0};
    enum style style;
    char *nearest = nearest_words(app, &arena, n, &style);

    canvas_put_right(c, row, TOTAL_END + shift(c), STYLE_TEXT, arena_format(&arena, "%lld", (long long)n->total));
    canvas_put_right(c, row, TODAY_END + shift(c), STYLE_TEXT,
                     n->today ? arena_format(&arena, "%lld", (long long)n->today) : "-");
    canvas_put_right(c, row, OVERDUE_END + shift(c), n->overdue ? STYLE_OVERDUE : STYLE_TEXT,
                     n->overdue ? arena_format(&arena, "!! %lld", (long long)n->overdue) : "-");
    if (c->cols >= NEAREST + NEAREST_WIDTH)
        canvas_put(c, row, NEAREST, NEAREST_WIDTH, style, nearest);
    arena_clear(&arena);
}

static void draw_focus(struct canvas *c, int row)
{
    canvas_put(c, row, 0, 1, STYLE_FOCUS, ">");
    canvas_style(c, row, 0, NAME - 1, STYLE_FOCUS);
    canvas_cursor(c, row, 0);
}

static void draw_extra(const struct queues *s, struct app *app, struct canvas *c, int row, enum extra extra)
{
    const char *const names[EXTRAS] = {_("Drafts that are being filled in"),
                                       i18n_shown(command_info(CMD_OUTBOX)->label),
                                       _("Catalogue of procedures")};
    int64_t unsent = 0, stuck = 0;

    if (extra == EXTRA_OUTBOX)
        outbox_counts(app_outbox(app), &unsent, &stuck);
    int64_t n = extra == EXTRA_DRAFTS ? s->drafts : extra == EXTRA_OUTBOX ? unsent + stuck : s->procedures;
    canvas_put(c, row, NAME, -1, STYLE_TEXT, names[extra]);
    char *number = mem_format("%lld", (long long)n);
    canvas_put_right(c, row, TOTAL_END + shift(c), STYLE_TEXT, number);
    mem_free(&number);
    if (stuck)
        canvas_format(c, row, TOTAL_END + shift(c) + 4, -1, STYLE_TEXT, C_("outbox", "stuck %lld"),
                      (long long)stuck);
    if (s->focus == s->n + extra)
        draw_focus(c, row);
}

/* A blank row above them where there is room; where there is too little, the focused one is seen. */
static int draw_extras(const struct queues *s, struct app *app, struct canvas *c, int row, int last)
{
    row += last - row >= EXTRAS;
    for (enum extra i = EXTRA_DRAFTS; i < EXTRAS; i++) {
        bool focused = s->focus == s->n + i;
        if (row > last && !focused)
            continue;
        if (row > last)
            canvas_clear_rows(c, row = last, 1);
        draw_extra(s, app, c, row++, i);
    }
    return row;
}

static bool legend_is_shown(struct app *app)
{
    const json_t *shown = app_place(app, "legend");

    return !json_is_false(shown);
}

static void draw_queues(const struct view *v, struct canvas *c)
{
    const struct queues *s = v->state;
    int row = view_body_row(), last = view_last_row(c), legend = last - 2;

    view_title(c, s->title, s->right);
    canvas_cursor(c, row, 0);
    if (s->n == 0) {
        canvas_put(c, row, 1, c->cols - 2, STYLE_TEXT,
                   _("Your lists come with the first answer of the server. r: ask it now."));
        return;
    }
    draw_header(c, row++);
    for (size_t i = 0; i < s->n; i++, row++) {
        canvas_format(c, row, DIGIT, 2, STYLE_KEY, "%zu", (i + 1) % QUEUES);
        canvas_put(c, row, NAME, TOTAL_END + shift(c) - 5 - NAME, STYLE_TEXT,
                   word_queue_in_full(queue_text(s->ids[i])));
        draw_counts(v->app, c, row, &s->counts[i]);
        if (i == s->focus)
            draw_focus(c, row);
    }
    row = draw_extras(s, v->app, c, row, last);
    if (legend > row && legend_is_shown(v->app))
        canvas_put(c, legend, 1, c->cols - 2, STYLE_WEAK,
                   _("!! overdue    ! due today    || paused    ?? due time not computed"));
}

static const char *queues_message(const struct view *v)
{
    struct queues *s = v->state;
    int64_t unsent, stuck;

    arena_reset(&s->message);
    outbox_counts(app_outbox(v->app), &unsent, &stuck);
    if (stuck && !line_is_cut(v->app))
        return arena_format(&s->message, _("%lld stuck actions want a look. Press h to open the outbox."),
                            (long long)stuck);
    return line_message(v->app, &s->message, app_cols(v->app) - 2);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void keep_focus(struct view *v)
{
    struct queues *s = v->state;

    if (s->focus < s->n)
        app_set_place(v->app, PLACE, json_string(queue_text(s->ids[s->focus])));
}

static void open_row(struct view *v, size_t row)
{
    struct queues *s = v->state;

    s->focus = row;
    keep_focus(v);
    if (row == s->n + EXTRA_DRAFTS)
        app_open(v->app, &view_drafts, NULL);
    else if (row == s->n + EXTRA_OUTBOX)
        app_open(v->app, &view_outbox, NULL);
    else if (row == s->n + EXTRA_PROCEDURES)
        app_open(v->app, &view_procedures, NULL);
    else
        app_open(v->app, &view_dossiers, &(struct view_arg){.queue = s->ids[row]});
}

static enum handled queues_command(struct view *v, enum command_id id, struct app *app)
{
    static const char find[] = "find";
    struct queues *s = v->state;
    struct scroll scroll = {.focus = s->focus};

    if (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_0) {
        size_t row = (size_t)(id - CMD_CHOOSE_1);
        if (row >= s->n)
            return NOT_HANDLED;
        open_row(v, row);
        return HANDLED;
    }
    if (scroll_command(&scroll, id, s->n + EXTRAS, s->n + EXTRAS)) {
        s->focus = scroll.focus;
        return HANDLED;
    }
    switch (id) {
    case CMD_OPEN:
        if (s->n)
            open_row(v, s->focus);
        return HANDLED;
    case CMD_FIND:
        app_open(app, &view_dossiers, &(struct view_arg){.queue = QUEUE_ALL, .more = find});
        return HANDLED;
    case CMD_UNIT:
        app_open(app, &view_units, NULL);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static const char *queues_blocked(const struct view *v, enum command_id id)
{
    const struct queues *s = v->state;

    if (id == CMD_UNIT)
        return units_blocked(v->app);
    return id == CMD_OPEN && s->n == 0 ? _("there are no lists here yet") : NULL;
}

static unsigned queues_focus(const struct view *v)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static void close_queues(struct view *v)
{
    struct queues *s = v->state;

    arena_clear(&s->arena);
    arena_clear(&s->message);
}

static const enum command_id queues_commands[] = {
    CMD_OPEN,     CMD_NEW,      CMD_FIND,     CMD_OUTBOX,   CMD_SYNC,     CMD_PALETTE,
    CMD_UNIT,     CMD_UP,       CMD_DOWN,     CMD_FIRST,    CMD_LAST,     CMD_CHOOSE_1,
    CMD_CHOOSE_2, CMD_CHOOSE_3, CMD_CHOOSE_4, CMD_CHOOSE_5, CMD_CHOOSE_6, CMD_CHOOSE_7,
    CMD_CHOOSE_8, CMD_CHOOSE_9, CMD_CHOOSE_0, CMD_NONE,
};

const struct view_ops view_queues = {
    .name = "queues",
    .title = NC_("view", "Queues"),
    .state_size = sizeof(struct queues),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_OUTBOX | CACHE_CLOCK | CACHE_LINE | CACHE_REBUILT,
    .commands = queues_commands,
    .open = open_queues,
    .load = load_queues,
    .draw = draw_queues,
    .message = queues_message,
    .command = queues_command,
    .blocked = queues_blocked,
    .focus = queues_focus,
    .wake = queues_wake,
    .tick = queues_tick,
    .close = close_queues,
};

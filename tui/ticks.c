/* ticks: see ticks.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/ticks.h"

#include "core/i18n.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    BOX = 2,
    NAME = 8,
    GROUP_WIDTH = 14,
    /* Where the sheet begins: as the mock-up has it at 24 rows, higher where it needs the room and has it. */
    ROWS_LEAST = 14,
    TOP_LEAST = 10,
};

void ticks_begin(struct ticks *t, struct view *view, const struct ticks_kind *kind)
{
    t->kind = kind;
    t->view = view;
}

struct tick *ticks_add(struct ticks *t, const char *id, const char *group, const char *name, bool on)
{
    struct tick tick = {.id = id ? arena_copy(&t->arena, id) : NULL,
                        .group = group,
                        .name = arena_copy(&t->arena, name),
                        .on = on};

    t->items = arena_grow(&t->arena, t->items, t->n, t->n + 1, sizeof *t->items);
    t->items[t->n] = tick;
    t->groups |= group != NULL;
    return &t->items[t->n++];
}

size_t ticks_count_on(const struct ticks *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        n += t->items[i].id && t->items[i].on;
    return n;
}

/* ── what fits the typed words ─────────────────────────────────────────────────────────────────────────────────────── */

/* Every word occurs, without tones. */
static bool fits(const struct tick *tick, const char *words)
{
    struct buf name = {0};
    bool all = true;

    if (tick->group)
        text_fold(tick->group, strlen(tick->group), &name);
    buf_char(&name, ' ');
    text_fold(tick->name, strlen(tick->name), &name);
    for (size_t n; all && *words; words += n) {
        words += strspn(words, " ");
        n = strcspn(words, " ");
        all = n == 0 || memmem(name.data, name.len, words, n);
    }
    buf_clear(&name);
    return all;
}

static void match(struct ticks *t)
{
    const char *typed = field_text(&t->typed);
    struct buf words = {0};

    text_fold(typed, strlen(typed), &words);
    t->n_matches = 0;
    for (size_t i = 0; i < t->n; i++)
        if (!*typed || (t->items[i].id && fits(&t->items[i], words.data)))
            t->matches[t->n_matches++] = i;
    buf_clear(&words);
}

void ticks_ready(struct ticks *t)
{
    t->before = arena_alloc(&t->arena, (t->n ? t->n : 1) * sizeof *t->before);
    t->matches = arena_alloc(&t->arena, (t->n ? t->n : 1) * sizeof *t->matches);
    for (size_t i = 0; i < t->n; i++)
        t->before[i] = t->items[i].on;
    match(t);
    for (size_t i = 0; i < t->n_matches; i++) /* what is chosen already is where one begins */
        if (t->items[i].id && t->items[i].on) {
            t->scroll.focus = i;
            break;
        }
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Rows of the sheet: the rule, the header, boxes, the line that says how many more, an empty one. */
static int top_row(const struct ticks *t, int rows)
{
    int needed = 1 + (t->kind->header != NULL) + (int)t->n + 1, top = rows - 2 - needed;
    int least = rows < 24 ? rows - ROWS_LEAST : TOP_LEAST;

    if (least < 4)
        least = 4;
    return top < least ? least : top;
}

static size_t boxes(const struct ticks *t, int rows)
{
    int n = rows - 2 - top_row(t, rows) - 1 - (t->kind->header != NULL) - 1;

    if ((size_t)n < t->n)
        n--; /* the line that says how many more */
    return n > 1 ? (size_t)n : 1;
}

static void draw_box(const struct ticks *t, struct canvas *c, int row, size_t at, bool focused)
{
    const struct tick *tick = &t->items[t->matches[at]], *above = at ? &t->items[t->matches[at - 1]] : NULL;
    bool on = tick->id ? tick->on : ticks_count_on(t) == 0;
    int name = NAME, end = t->kind->name_end ? t->kind->name_end(c) : c->cols - 1;
    struct arena arena = {0};

    canvas_put(c, row, BOX, -1, on ? STYLE_CHOSEN : STYLE_TEXT, on ? "[x]" : "[ ]");
    if (t->groups) {
        if (tick->group && (!above || above->group != tick->group || at == t->scroll.first))
            canvas_put(c, row, name, GROUP_WIDTH, STYLE_WEAK, tick->group);
        name += GROUP_WIDTH + 1;
    }
    canvas_put(c, row, name, end - name, STYLE_TEXT, text_cut(&arena, tick->name, end - name));
    if (t->kind->columns)
        t->kind->columns((struct ticks *)t, tick, c, row);
    if (focused) {
        canvas_put(c, row, 0, 1, STYLE_FOCUS, ">");
        canvas_style(c, row, 0, BOX + 3, STYLE_FOCUS);
        canvas_cursor(c, row, 0);
    }
    arena_clear(&arena);
}

void ticks_draw(const struct view *v, struct canvas *c)
{
    struct ticks *t = v->state;
    int row = top_row(t, c->rows);
    size_t shown = boxes(t, c->rows);

    scroll_fit(&t->scroll, t->n_matches, shown);
    view_rule(c, row++, t->kind->title(t));
    if (t->kind->header)
        t->kind->header(t, c, row++);
    canvas_cursor(c, row, 0);
    for (size_t i = t->scroll.first; i < t->n_matches && i < t->scroll.first + shown; i++, row++)
        draw_box(t, c, row, i, i == t->scroll.focus);
    if (t->n_matches > t->scroll.first + shown)
        canvas_put(c, row, NAME, c->cols - 1 - NAME, STYLE_WEAK,
                   t->kind->more(t, t->n_matches - t->scroll.first - shown));
    else if (t->n_matches == 0)
        canvas_put(c, row, NAME, c->cols - 1 - NAME, STYLE_TEXT, _("Nothing here fits. Backspace: erase."));
}

struct tick *ticks_seen(struct ticks *t, size_t i, size_t *n)
{
    size_t shown = boxes(t, app_rows(t->view->app));

    scroll_fit(&t->scroll, t->n_matches, shown);
    *n = t->n_matches - t->scroll.first < shown ? t->n_matches - t->scroll.first : shown;
    return i < *n ? &t->items[t->matches[t->scroll.first + i]] : NULL;
}

const char *ticks_message(const struct view *v)
{
    struct ticks *t = v->state;

    arena_reset(&t->words_arena);
    return t->kind->message(t);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void toggle(struct ticks *t)
{
    if (t->n_matches == 0)
        return;
    struct tick *tick = &t->items[t->matches[t->scroll.focus]];
    if (tick->id)
        tick->on = !tick->on;
    for (size_t i = 0; !tick->id && i < t->n; i++)
        t->items[i].on = false;
    t->kind->changed(t);
}

static void put_back(struct ticks *t)
{
    bool differs = false;

    for (size_t i = 0; i < t->n; i++) {
        differs |= t->items[i].on != t->before[i];
        t->items[i].on = t->before[i];
    }
    if (differs)
        t->kind->changed(t);
}

static enum handled leave(struct ticks *t, bool keep)
{
    struct view *v = t->view;

    if (!keep && *field_text(&t->typed)) { /* first out of the finding */
        field_clear(&t->typed);
        match(t);
        return HANDLED;
    }
    if (!keep)
        put_back(t);
    app_close(v->app, v);
    return HANDLED;
}

enum handled ticks_command(struct view *v, enum command_id id, struct app *app)
{
    struct ticks *t = v->state;

    if (scroll_command(&t->scroll, id, t->n_matches, boxes(t, app_rows(app)))) {
        if (v->ops->load)
            v->ops->load(v, app_cache(app), NULL); /* what came in sight */
        return HANDLED;
    }
    switch (id) {
    case CMD_MARK:
    case CMD_OPEN:
        toggle(t);
        return HANDLED;
    case CMD_ACCEPT:
        return leave(t, true);
    case CMD_BACK:
        return leave(t, false);
    case CMD_ERASE: /* nothing is typed: there is no prompt that would have taken it */
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

unsigned ticks_focus(const struct view *v)
{
    return FOCUS_ROW | FOCUS_TEXT;
}

struct field *ticks_prompt(struct view *v)
{
    struct ticks *t = v->state;

    return *field_text(&t->typed) ? &t->typed : NULL;
}

const char *ticks_prompt_label(const struct view *v)
{
    return C_("prompt", "Find");
}

void ticks_text(struct view *v, const char *utf8)
{
    struct ticks *t = v->state;

    if (*utf8 && !*field_text(&t->typed)) /* the first letter: there was no prompt to take it */
        app_type(v->app, &t->typed, utf8);
    match(t);
    t->scroll = (struct scroll){0};
    if (v->ops->load)
        v->ops->load(v, app_cache(v->app), NULL);
}

void ticks_close(struct view *v)
{
    struct ticks *t = v->state;

    field_clear(&t->typed);
    arena_clear(&t->words_arena);
    arena_clear(&t->arena);
}

const enum command_id ticks_commands[] = {CMD_MARK,    CMD_ACCEPT,    CMD_BACK,  CMD_UP,   CMD_DOWN,
                                          CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_FIRST, CMD_LAST, CMD_NONE};

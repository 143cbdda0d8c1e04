/* view_procedures: the catalogue of procedures: the unit's most used first, found by words without tones, what lacks a part that has to
 * be disclosed marked. It refuses to judge what a procedure says; that it says nothing is enough.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_procedures.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/dossier_parts.h"
#include "tui/procedure_parts.h"
#include "tui/view_intake.h"

#include <stdlib.h>
#include <string.h>

enum {
    CODE = 2,
    NAME = 12,
    FIELD_WIDTH = 10,
    LEVEL_WIDTH = 10,
    LIMIT_WIDTH = 7,
    RIGHT_WIDTH = FIELD_WIDTH + 1 + LEVEL_WIDTH + 1 + LIMIT_WIDTH,
    HINT_ROWS = 8, /* the rows below the list where there is room: what `!` is, what keys do, what "elsewhere" means */
};

struct entry {
    const struct procedure *p; /* the cache's: good until it says CACHE_REFERENCE */
    const char *id;            /* ours */
    const char *folded;        /* name, code, field: what is searched */
    int64_t uses;
};
struct catalogue {
    struct arena arena; /* of the list's own texts; the procedures are the cache's */
    struct procedure_walk walk;
    struct field query;
    struct entry *entries; /* most used first */
    size_t n;
    size_t *found, n_found; /* what the query and the scope leave */
    struct scroll scroll;
    bool here;   /* only what can be filed at the officer's unit now */
    bool choose; /* for an intake */
    char *burst; /* of the card that is to fill it, NULL */
};

/* ── what there is ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static int by_use(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->uses != y->uses)
        return x->uses < y->uses ? 1 : -1;
    return strcmp(x->p->code, y->p->code);
}

static const char *my_unit(struct app *app)
{
    const struct officer *me = app_officer(app);

    return me && me->unit ? me->unit : "";
}

static int64_t uses_of(const struct procedure_use *uses, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(uses[i].procedure, id) == 0)
            return uses[i].n;
    return 0;
}

static bool read_entries(struct view *v, struct cache *cache, struct err *e)
{
    struct catalogue *s = v->state;
    const struct procedure *const *all;
    struct procedure_use *uses;
    size_t n_uses, n = cache_procedures(cache, &all);

    if (!cache_procedure_uses(cache, my_unit(v->app), &s->arena, &uses, &n_uses, e))
        return false;
    s->entries = arena_alloc(&s->arena, (n + 1) * sizeof *s->entries);
    s->found = arena_alloc(&s->arena, (n + 1) * sizeof *s->found);
    for (s->n = 0; s->n < n; s->n++) {
        const struct procedure *p = all[s->n];
        s->entries[s->n] =
            (struct entry){.p = p,
                           .id = arena_copy(&s->arena, p->id),
                           .folded = text_folded(&s->arena, arena_format(&s->arena, "%s %s %s", p->name,
                                                                         p->code, p->field ? p->field : "")),
                           .uses = uses_of(uses, n_uses, p->id)};
    }
    qsort(s->entries, s->n, sizeof *s->entries, by_use);
    return true;
}

static bool is_here(struct view *v, const struct procedure *p)
{
    return procedure_is_filed(p, my_unit(v->app), instant_day(app_now(v->app), app_offset(v->app)));
}

static const char *focused(const struct catalogue *s)
{
    return s->n_found ? s->entries[s->found[s->scroll.focus]].id : NULL;
}

static size_t rows_shown(int rows, size_t n)
{
    size_t room = rows > 6 ? (size_t)(rows - 5) : 1; /* without the header */

    return n + HINT_ROWS < room ? n : room > HINT_ROWS + 6 ? room - HINT_ROWS : room;
}

/* The focus stays on the same procedure where that is still found. */
static void filter(struct view *v, const char *id)
{
    struct catalogue *s = v->state;
    struct arena arena = {0};
    const char *query = text_folded(&arena, field_text(&s->query));

    s->n_found = 0;
    s->scroll = (struct scroll){0};
    for (size_t i = 0; i < s->n; i++) {
        if (!text_has_words(s->entries[i].folded, query) || (s->here && !is_here(v, s->entries[i].p)))
            continue;
        if (id && strcmp(s->entries[i].id, id) == 0)
            s->scroll.focus = s->n_found;
        s->found[s->n_found++] = i;
    }
    scroll_fit(&s->scroll, s->n_found, rows_shown(app_rows(v->app), s->n_found));
    arena_clear(&arena);
}

static bool load_catalogue(struct view *v, struct cache *cache, struct err *e)
{
    struct catalogue *s = v->state;
    char *id = s->n_found ? mem_copy(focused(s)) : NULL;

    s->walk.list = v;
    arena_reset(&s->arena);
    s->n = s->n_found = 0;
    bool ok = read_entries(v, cache, e);
    if (ok)
        filter(v, id);
    mem_free(&id);
    return ok;
}

/* ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* "1 ngày": as much as there is room for; the page says which days. */
static const char *limit_words(struct arena *arena, const struct duration *limit)
{
    const char *unit = limit->unit ? limit->unit : "";

    if (strcmp(unit, "same_day") == 0)
        return C_("time limit in a row", "today");
    if (strcmp(unit, "working_hours") == 0)
        return arena_format(arena, C_("time limit in a row", "%lld hours"), (long long)limit->amount);
    if (strcmp(unit, "working_days") == 0 || strcmp(unit, "calendar_days") == 0)
        return arena_format(arena, C_("time limit in a row", "%lld days"), (long long)limit->amount);
    return text_shown(arena, word_duration(arena, limit));
}

static void put_columns(struct canvas *c, int row, enum style style, const char *const text[static 5])
{
    int right = c->cols - RIGHT_WIDTH, name = right - NAME - 1;

    if (c->cols < 72) { /* the field goes first, then the level */
        right = c->cols - LIMIT_WIDTH;
        name = right - NAME - 1;
    }
    canvas_put(c, row, CODE, NAME - CODE - 1, style, text[0]);
    canvas_put(c, row, NAME, name, style, text[1]);
    if (c->cols >= 72) {
        canvas_put(c, row, right, FIELD_WIDTH, style, text[2]);
        canvas_put(c, row, right + FIELD_WIDTH + 1, LEVEL_WIDTH, style, text[3]);
    }
    canvas_put(c, row, c->cols - LIMIT_WIDTH, LIMIT_WIDTH, style, text[4]);
}

static void draw_entry(const struct entry *entry, struct canvas *c, int row, bool focus)
{
    struct arena arena = {0};
    const struct procedure *p = entry->p;
    int name = (c->cols < 72 ? c->cols - LIMIT_WIDTH : c->cols - RIGHT_WIDTH) - NAME - 1;
    const char *level =
        procedure_is_elsewhere(p) ? C_("procedure", "elsewhere") : dossier_level_short(p->service_level);

    put_columns(c, row, STYLE_TEXT,
                (const char *const[]){text_cut(&arena, text_shown(&arena, p->code), NAME - CODE - 1),
                                      text_cut(&arena, text_shown(&arena, p->name), name),
                                      text_cut(&arena, text_shown(&arena, p->field), FIELD_WIDTH),
                                      text_cut(&arena, text_shown(&arena, level), LEVEL_WIDTH),
                                      text_cut(&arena, limit_words(&arena, &p->time_limit), LIMIT_WIDTH)});
    if (procedure_lacks(p))
        canvas_put(c, row, focus ? 1 : 0, 1, STYLE_ERROR, "!");
    if (focus) {
        canvas_put(c, row, 0, 1, STYLE_FOCUS, ">");
        canvas_style(c, row, 0, NAME - 1, STYLE_FOCUS);
    }
    arena_clear(&arena);
}

static int put_wrapped(struct canvas *c, int row, int last, const char *text)
{
    struct arena arena = {0};
    char **lines;
    size_t n = text_wrap(&arena, text, c->cols - 2, &lines);

    for (size_t i = 0; i < n && row <= last; i++)
        canvas_put(c, row++, 1, -1, STYLE_TEXT, lines[i]);
    arena_clear(&arena);
    return row;
}

static const char *hint_words(const struct view *v, struct arena *arena)
{
    const char *key = keymap_keys(app_keymap(v->app), "procedures", FOCUS_PROMPT, CMD_NEW, true, arena);

    if (!(app_roles(v->app) & ROLE_BIT(ROLE_COUNTER)))
        return _("Enter: see the public page.");
    return arena_format(arena,
                        _("Enter: see the public page. %s: take a dossier of the chosen procedure in."), key);
}

/* What the marks of the rows that are seen mean, and what can be done. */
static void draw_hints(const struct view *v, struct canvas *c, int row, size_t until)
{
    const struct catalogue *s = v->state;
    struct arena arena = {0};
    int last = view_last_row(c);
    const struct procedure *lacking = NULL;

    for (size_t i = s->scroll.first; i < until && !lacking; i++)
        if (procedure_lacks(s->entries[s->found[i]].p))
            lacking = s->entries[s->found[i]].p;
    if (lacking)
        row =
            put_wrapped(
                c, row, last,
                arena_format(
                    &arena,
                    _("! lacks a part that has to be disclosed: %s (%s). Tell the office that controls procedures."),
                    procedure_lacks_words(&arena, procedure_lacks(lacking)), text_shown(&arena, lacking->code))) +
            1;
    if (!s->choose)
        row = put_wrapped(c, row, last, hint_words(v, &arena));
    put_wrapped(c, row, last,
                _("Procedures that another agency decides (criminal record, driving licence, health insurance card) say "
                  "“elsewhere”: here they are only helped along and their code is followed."));
    arena_clear(&arena);
}

static const char *title_of(const struct view *v, struct arena *arena)
{
    const struct catalogue *s = v->state;

    if (s->choose)
        return arena_format(arena,
                            s->here ? _("New dossier: choose the procedure · filed here: %zu")
                                    : _("New dossier: choose the procedure · %zu"),
                            s->n_found);
    if (s->here)
        return arena_format(arena, _("Catalogue of procedures · filed here: %zu · most used first"), s->n_found);
    return arena_format(arena, _("Catalogue of procedures · %zu · most used first"), s->n);
}

static void draw_catalogue(const struct view *v, struct canvas *c)
{
    const struct catalogue *s = v->state;
    struct arena arena = {0};
    size_t shown = rows_shown(c->rows, s->n_found), until = s->scroll.first + shown;
    int row = view_body_row();

    view_title(c, title_of(v, &arena),
               s->n_found ? arena_format(&arena, "%zu/%zu", s->scroll.focus + 1, s->n_found) : "0");
    put_columns(c, row++, STYLE_WEAK,
                (const char *const[]){C_("procedure", "Code"), C_("column", "Name of the procedure"),
                                      C_("column", "Field"), C_("column", "Level"), C_("column", "Limit")});
    if (s->n == 0)
        row = put_wrapped(c, row, view_last_row(c),
                          _("The catalogue comes with the first answer of the server."));
    else if (s->n_found == 0)
        row = put_wrapped(c, row, view_last_row(c),
                          _("No procedure has these words. Erase some letters, or press Tab for all of them."));
    until = until < s->n_found ? until : s->n_found;
    for (size_t i = s->scroll.first; i < until; i++, row++)
        draw_entry(&s->entries[s->found[i]], c, row, i == s->scroll.focus);
    draw_hints(v, c, row + 2, until);
    arena_clear(&arena);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *step(const struct procedure_walk *walk, const char *id, int by)
{
    struct catalogue *s = walk->list->state;
    size_t at = s->scroll.focus;

    for (size_t i = 0; i < s->n_found; i++)
        if (strcmp(s->entries[s->found[i]].id, id) == 0)
            at = i;
    if (by < 0 ? at == 0 : at + 1 >= s->n_found)
        return NULL;
    s->scroll.focus = by < 0 ? at - 1 : at + 1;
    scroll_fit(&s->scroll, s->n_found, rows_shown(app_rows(walk->list->app), s->n_found));
    return focused(s);
}

static void keep_burst(struct catalogue *s, const char *burst)
{
    if (s->burst)
        mem_wipe(s->burst, strlen(s->burst));
    mem_free(&s->burst);
    s->burst = burst ? mem_copy(burst) : NULL;
}

static bool open_catalogue(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct catalogue *s = v->state;
    const struct procedures_open *more = arg->more;

    s->walk.step = step;
    s->choose = s->here = more != NULL;
    keep_burst(s, more ? more->burst : NULL);
    return true;
}

/* A card comes before the choice: it waits for it. */
static bool catalogue_card(struct view *v, const char *burst)
{
    struct catalogue *s = v->state;
    struct arena arena = {0};
    struct card card;
    bool is = card_read(burst, strlen(burst), NULL, &arena, &card);

    arena_clear(&arena);
    if (is) {
        keep_burst(s, burst);
        s->choose = true;
        app_toast(v->app, TOAST_NOTE, "%s", _("A card was read. Choose what is to be taken in, then Enter."));
    }
    return is;
}

/* What was chosen for an intake has no use any more: going back leads to where one came from. */
static void take_in(struct view *v, struct app *app)
{
    struct catalogue *s = v->state;
    const struct intake_open more = {.burst = s->burst};
    const struct view_arg arg = {.id = focused(s), .more = &more};

    if (s->choose)
        app_replace(app, &view_intake, &arg);
    else
        app_open(app, &view_intake, &arg);
}

static enum handled catalogue_command(struct view *v, enum command_id id, struct app *app)
{
    struct catalogue *s = v->state;

    switch (id) {
    case CMD_SUBMIT:
        if (s->choose)
            take_in(v, app);
        else
            app_open(app, &view_procedure, &(struct view_arg){.id = focused(s), .more = &s->walk});
        return HANDLED;
    case CMD_NEW:
        take_in(v, app);
        return HANDLED;
    case CMD_NEXT_PART:
        s->here = !s->here;
        filter(v, focused(s));
        return HANDLED;
    case CMD_FIRST:
    case CMD_LAST:
        return NOT_HANDLED;
    default:
        return scroll_command(&s->scroll, id, s->n_found, rows_shown(app_rows(app), s->n_found)) ? HANDLED
                                                                                                 : NOT_HANDLED;
    }
}

static const char *catalogue_blocked(const struct view *v, enum command_id id)
{
    const struct catalogue *s = v->state;

    return (id == CMD_SUBMIT || id == CMD_NEW) && s->n_found == 0 ? _("no procedure is chosen") : NULL;
}

static void catalogue_text(struct view *v, const char *text)
{
    filter(v, NULL);
}

static unsigned catalogue_focus(const struct view *v)
{
    return FOCUS_PROMPT;
}

static struct field *catalogue_prompt(struct view *v)
{
    return &((struct catalogue *)v->state)->query;
}

static const char *catalogue_label(const struct view *v)
{
    return C_("prompt", "Find");
}

static void close_catalogue(struct view *v)
{
    struct catalogue *s = v->state;

    keep_burst(s, NULL);
    field_clear(&s->query);
    arena_clear(&s->arena);
}

static const enum command_id catalogue_commands[] = {CMD_SUBMIT, CMD_NEW,     CMD_NEXT_PART, CMD_UP,
                                                     CMD_DOWN,   CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_NONE};

const struct view_ops view_procedures = {
    .name = "procedures",
    .title = NC_("view", "Catalogue of procedures"),
    .state_size = sizeof(struct catalogue),
    .depends = CACHE_REFERENCE,
    .commands = catalogue_commands,
    .open = open_catalogue,
    .load = load_catalogue,
    .draw = draw_catalogue,
    .command = catalogue_command,
    .blocked = catalogue_blocked,
    .focus = catalogue_focus,
    .prompt = catalogue_prompt,
    .prompt_label = catalogue_label,
    .card = catalogue_card,
    .text = catalogue_text,
    .close = close_catalogue,
};

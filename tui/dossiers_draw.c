/* dossiers_draw: the picture of a list of dossiers: title, rows, what is said where there are none or no line, legend, the dossier beside
 * it. From what is loaded alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_dossiers.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/line_words.h"
#include "tui/row.h"
#include "tui/units.h"

enum {
    EXPLAIN_ROWS = 14,  /* the block about the line and what is left free below it, as the mock-up has it */
    EXPLAIN_LEAST = 24, /* rows of a screen that has room for it */
    LEGEND_LEAST = 20,
    LEGEND_TWO = 30, /* rows of a screen that has two to spare for a legend in less than 80 columns */
};

static int list_cols(const struct view *v, int cols)
{
    return dossiers_preview_is_on(v) ? PREVIEW_AT - 1 : cols;
}

int dossiers_legend_rows(const struct view *v, int rows, int cols)
{
    const struct dossiers *s = v->state;

    if (s->find.on || rows < LEGEND_LEAST || json_is_false(app_place(v->app, "legend")))
        return 0;
    if (list_cols(v, cols) >= 80)
        return 1;
    return rows >= LEGEND_TWO && list_cols(v, cols) >= PREVIEW_AT - 1 ? 2 : 0;
}

size_t dossiers_explained_rows(const struct view *v, int rows)
{
    return rows >= EXPLAIN_LEAST ? (size_t)(rows - 5 - EXPLAIN_ROWS) : 0;
}

/* While cut off, until one moves down in the list: then the rows are what one wants to see. */
bool dossiers_explains(const struct view *v)
{
    const struct dossiers *s = v->state;

    return !s->find.on && line_is_cut(v->app) && s->list.first == 0 &&
           s->list.focus < dossiers_explained_rows(v, app_rows(v->app));
}

/* ── title ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *order_words(const struct view *v, struct arena *arena)
{
    const struct dossiers *s = v->state;
    enum list_sort sort = s->list.fell_back ? SORT_DUE : s->place.sort;
    char *words = arena_format(arena, _("by %s"), list_sort_words(sort));

    if (s->list.fell_back)
        return arena_format(arena, _("%s (names are still being read)"), words);
    if (sort == SORT_SUBMITTED && app_cols(v->app) >= 80)
        return arena_format(arena, _("%s, newest first"), words);
    return words;
}

static void draw_title(const struct view *v, struct canvas *c)
{
    const struct dossiers *s = v->state;
    struct arena arena = {0};
    const char *id = queue_text(s->queue), *units = units_words(v->app, &arena);
    char *left =
        arena_format(&arena, "%s · %s", id ? word_queue(id) : _("All dossiers"), order_words(v, &arena));
    char *right = arena_copy(&arena, "");

    if (!list_filter_is_empty(&s->place.filter))
        left = arena_format(&arena, _("%s · filter: %s"), left,
                            list_filter_words(&s->place.filter, v->app, &arena));
    if (units)
        left = arena_format(&arena, "%s · %s", left, units);
    if (s->list.position > 0 && s->list.total > 0)
        right = arena_format(&arena, "%lld/%lld", (long long)s->list.position, (long long)s->list.total);
    if (s->place.n_marks)
        right = arena_format(&arena, "%s%s%s", right, *right ? " · " : "",
                             arena_format(&arena, _("chosen %zu"), s->place.n_marks));
    view_title(c, left, right);
    arena_clear(&arena);
}

/* ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Returns how many rows it drew. */
static size_t draw_rows(const struct view *v, const struct window *w, struct canvas *c, int row, int cols,
                        size_t rows)
{
    const struct dossiers *s = v->state;
    struct row_layout layout = row_layout(cols);
    bool marks = w == &s->list; /* hits are found to be opened, not to be marked */
    size_t n = 0;

    row_header(&layout, c, row++);
    canvas_cursor(c, row, 0);
    for (size_t i = w->first; i < w->n && n < rows; i++, n++)
        row_draw(&layout, v->app, c, row + (int)n, &w->rows[i].d, i == w->focus,
                 marks && list_place_marked(&s->place, w->rows[i].d.id));
    return n;
}

static char *no_dossiers(const struct view *v, struct arena *arena)
{
    const struct dossiers *s = v->state;
    const struct line_status *line = app_line(v->app);
    const char *id = queue_text(s->queue);

    if (line->first_sync >= 0)
        return arena_format(arena,
                            _("Getting the dossiers for the first time: %s, what is there can be used already."),
                            line_number(arena, line->first_sync));
    if (!list_filter_is_empty(&s->place.filter))
        return arena_copy(arena, _("No dossier fits the filter. l: change it; r: ask the server."));
    if (s->queue == QUEUE_MINE || !id)
        return arena_copy(arena, _("No dossier is yours. r: ask the server."));
    return arena_format(arena, _("No dossiers: %s. r: ask the server."), word_inside(arena, word_queue(id)));
}

static void draw_legend(const struct view *v, struct canvas *c, int cols)
{
    int rows = dossiers_legend_rows(v, c->rows, c->cols), last = view_last_row(c);

    if (rows == 1) {
        canvas_put(c, last, 1, cols - 1, STYLE_WEAK,
                   _("~ can be undone   ↑ not sent   » being sent   ? not known   ≠ conflict   × refused"));
    } else if (rows == 2) {
        canvas_put(c, last - 1, 1, cols - 1, STYLE_WEAK,
                   _("~ can be undone  ↑ not sent  » being sent  ? not known  ≠ conflict"));
        canvas_put(c, last, 1, cols - 1, STYLE_WEAK,
                   _("× refused   !! overdue   ! today   || paused   ?? not computed"));
    }
}

static void draw_list(const struct view *v, struct canvas *c, int cols)
{
    const struct dossiers *s = v->state;
    bool explains = dossiers_explains(v);
    size_t rows = explains ? dossiers_explained_rows(v, c->rows) : dossiers_rows(v);
    int row = view_body_row() + 1 + (int)draw_rows(v, &s->list, c, view_body_row(), cols, rows);

    draw_title(v, c);
    if (s->list.n == 0) {
        struct arena arena = {0};
        canvas_put(c, row++, 1, cols - 2, STYLE_TEXT, no_dossiers(v, &arena));
        arena_clear(&arena);
    }
    if (explains)
        line_explain(v->app, c, row + 1, cols);
    else
        draw_legend(v, c, cols);
}

static void draw_found(const struct view *v, struct canvas *c, int cols)
{
    const struct dossiers *s = v->state;
    const struct window *w = find_shows_list(&s->find) ? &s->list : &s->find.hits;
    size_t n = draw_rows(v, w, c, view_body_row(), cols, dossiers_rows(v));

    find_draw(v, c, view_body_row() + 1 + (int)n, cols);
}

static void draw_preview(const struct view *v, struct canvas *c)
{
    const struct dossiers *s = v->state;
    int top = view_body_row(), rows = view_body_rows(c);

    for (int i = 0; i < rows; i++)
        canvas_put(c, top + i, PREVIEW_AT, 1, STYLE_WEAK, "│");
    dossier_preview_draw(&s->shown, v->app, c, top, PREVIEW_AT + 2, rows, c->cols - PREVIEW_AT - 2);
}

void dossiers_draw(const struct view *v, struct canvas *c)
{
    const struct dossiers *s = v->state;
    int cols = list_cols(v, c->cols);

    if (s->find.on)
        draw_found(v, c, cols);
    else
        draw_list(v, c, cols);
    if (dossiers_preview_is_on(v)) {
        int row = c->cursor_row, col = c->cursor_col;
        draw_preview(v, c);
        canvas_cursor(c, row, col);
    }
}

/* window: see window.h. It refuses to load more than is seen, but for two pages ahead once one has moved there: most lines down then
 * cost nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/window.h"

#include <stdlib.h>
#include <string.h>

#define PAGES_AHEAD 2
#define PAGES_KEPT  20
#define NEIGHBOURS  ((size_t)8)

void window_clear(struct window *w)
{
    arena_clear(&w->arena);
    free(w->rows);
    *w = (struct window){0};
}

const struct dossier *window_focus(const struct window *w)
{
    return w->n ? &w->rows[w->focus].d : NULL;
}

/* Takes pages in at either end. */
static void insert(struct window *w, size_t at, const struct list_page *page)
{
    if (page->n == 0)
        return;
    if (w->n + page->n > w->cap) {
        w->cap = w->n + page->n + w->cap / 2;
        w->rows = mem_grow(w->rows, w->cap, sizeof *w->rows);
    }
    memmove(w->rows + at + page->n, w->rows + at, (w->n - at) * sizeof *w->rows);
    memcpy(w->rows + at, page->rows, page->n * sizeof *w->rows);
    w->n += page->n;
}

/* Behind the last row, or behind `key` where there is none; NULL: from the start. */
static bool fetch_after(struct window *w, struct cache *cache, const struct list_query *q, const char *key,
                        size_t limit, struct err *e)
{
    struct list_page page;

    if (w->n)
        key = w->rows[w->n - 1].d.id;
    if (!cache_list(cache, q, key, false, limit, &w->arena, &page, &w->fell_back, e))
        return false;
    insert(w, w->n, &page);
    w->at_end = page.n < limit;
    return true;
}

static bool fetch_before(struct window *w, struct cache *cache, const struct list_query *q, const char *key,
                         size_t limit, struct err *e)
{
    struct list_page page;

    if (w->n)
        key = w->rows[0].d.id;
    if (!cache_list(cache, q, key, true, limit, &w->arena, &page, &w->fell_back, e))
        return false;
    insert(w, 0, &page);
    w->first += page.n;
    w->focus += page.n;
    w->at_start = page.n < limit;
    return true;
}

static bool find_row(const struct window *w, const char *id, size_t *at)
{
    for (size_t i = 0; id && i < w->n; i++)
        if (strcmp(w->rows[i].d.id, id) == 0) {
            *at = i;
            return true;
        }
    return false;
}

/* The rows around `focus`, which may or may not be among them: `line` rows before it, then from there on. One row more is asked for
 * before where the focus stands on top, since pages begin behind a key. */
static bool read_around(struct window *w, struct cache *cache, const struct list_query *q, const char *focus,
                        size_t line, size_t shown, struct err *e)
{
    size_t before = line ? line : 1;

    arena_reset(&w->arena);
    w->n = w->first = w->focus = 0;
    w->at_start = !focus;
    if (focus && !fetch_before(w, cache, q, focus, before, e))
        return false;
    return fetch_after(w, cache, q, NULL, shown > w->n ? shown - w->n + (focus && !line) : 1, e);
}

/* Rows above fill a page that the list's end leaves short. */
static bool fill_page(struct window *w, struct cache *cache, const struct list_query *q, size_t shown,
                      struct err *e)
{
    if (w->n < shown && !w->at_start && w->n && !fetch_before(w, cache, q, NULL, shown - w->n, e))
        return false;
    if (w->first + shown > w->n)
        w->first = w->n > shown ? w->n - shown : 0;
    if (w->focus >= w->first + shown)
        w->first = w->focus - shown + 1;
    if (w->focus < w->first)
        w->first = w->focus;
    return true;
}

/* What took the place of a row that has left, if nothing that stood beside it is there: the next in the order, else the last. In
 * `arena`; NULL: the list is empty. */
static bool heir_by_place(struct cache *cache, const struct list_query *q, const char *focus,
                          struct arena *arena, const char **heir, struct err *e)
{
    struct list_page page;
    bool fell_back;

    *heir = NULL;
    for (int back = 0; back < 2 && !*heir; back++) {
        if (!cache_list(cache, q, focus, back, 1, arena, &page, &fell_back, e))
            return false;
        if (page.n)
            *heir = page.rows[0].d.id;
    }
    return true;
}

/* The ids that stood behind the focus, nearest first, then those before it; not too many, each is looked for. */
static size_t neighbours(const struct window *w, struct arena *arena, const char ***out)
{
    size_t n = 0;

    *out = arena_alloc(arena, 2 * NEIGHBOURS * sizeof **out);
    for (size_t i = w->focus + 1; i < w->n && n < NEIGHBOURS; i++)
        (*out)[n++] = arena_copy(arena, w->rows[i].d.id);
    for (size_t i = w->focus, k = 0; i > 0 && k < NEIGHBOURS; i--, k++)
        (*out)[n++] = arena_copy(arena, w->rows[i - 1].d.id);
    return n;
}

bool window_load(struct window *w, struct cache *cache, const struct list_query *q, const char *focus,
                 size_t line, size_t shown, struct err *e)
{
    struct arena arena = {0};
    const char **others = NULL, *wanted = focus ? arena_copy(&arena, focus) : NULL, *id = wanted;
    bool stood = w->n && id && strcmp(w->rows[w->focus].d.id, id) == 0, ok;
    size_t n = stood ? neighbours(w, &arena, &others) : 0, at = 0;

    line = line < shown ? line : shown ? shown - 1 : 0;
    w->counted = false;
    for (size_t i = 0;; i++) {
        ok = read_around(w, cache, q, id, line, shown, e);
        if (!ok || !id || find_row(w, id, &at))
            break;
        if (i < n)
            id = others[i];
        else if (i > n)
            id = NULL; /* it left between two looks */
        else if (!(ok = heir_by_place(cache, q, wanted, &arena, &id, e)))
            break;
    }
    w->focus = at;
    w->first = at > line ? at - line : 0;
    ok = ok && fill_page(w, cache, q, shown, e);
    arena_clear(&arena);
    return ok;
}

bool window_moves(enum command_id id)
{
    return id == CMD_UP || id == CMD_DOWN || id == CMD_PAGE_UP || id == CMD_PAGE_DOWN || id == CMD_FIRST ||
           id == CMD_LAST;
}

/* Makes sure that rows stand behind (or before) the focus as far as the move goes. */
static bool reach(struct window *w, struct cache *cache, const struct list_query *q, bool back, size_t step,
                  size_t shown, struct err *e)
{
    bool there = back ? w->at_start || (step == 1 ? w->focus >= 1 : w->first >= step)
                      : w->at_end || (step == 1 ? w->focus + 1 < w->n : w->first + shown + step <= w->n);
    size_t more = step == 1 ? PAGES_AHEAD * shown : step;

    if (there)
        return true;
    return back ? fetch_before(w, cache, q, NULL, more, e) : fetch_after(w, cache, q, NULL, more, e);
}

static bool to_end(struct window *w, struct cache *cache, const struct list_query *q, bool last, size_t shown,
                   struct err *e)
{
    if (last ? !w->at_end : !w->at_start) {
        arena_reset(&w->arena);
        w->n = w->first = w->focus = 0;
        w->at_start = w->at_end = false;
        if (last ? !fetch_before(w, cache, q, NULL, shown, e) : !fetch_after(w, cache, q, NULL, shown, e))
            return false;
        *(last ? &w->at_end : &w->at_start) = true;
    }
    w->focus = last && w->n ? w->n - 1 : 0;
    w->first = last && w->n > shown ? w->n - shown : 0;
    w->position = last ? w->total : w->n ? 1 : 0;
    return true;
}

static void step_by(struct window *w, bool back, size_t step, size_t shown)
{
    size_t before = w->focus, last = w->n ? w->n - 1 : 0, top = w->n > shown ? w->n - shown : 0;

    if (back) {
        w->focus = w->focus > step ? w->focus - step : 0;
        w->first = step == 1 ? w->first : w->first > step ? w->first - step : 0;
    } else {
        w->focus = w->focus + step < last ? w->focus + step : last;
        w->first = step == 1 ? w->first : w->first + step < top ? w->first + step : top;
    }
    if (w->focus < w->first)
        w->first = w->focus;
    if (w->focus >= w->first + shown)
        w->first = w->focus - shown + 1;
    if (w->position)
        w->position += (int64_t)w->focus - (int64_t)before;
}

bool window_move(struct window *w, struct cache *cache, const struct list_query *q, enum command_id id,
                 size_t shown, struct err *e)
{
    bool back = id == CMD_UP || id == CMD_PAGE_UP;
    size_t step = id == CMD_UP || id == CMD_DOWN ? 1 : shown;

    if (w->n == 0 || shown == 0)
        return true;
    if (id == CMD_FIRST || id == CMD_LAST)
        return to_end(w, cache, q, id == CMD_LAST, shown, e);
    if (w->n > PAGES_KEPT * shown && !(w->at_start && w->at_end)) {
        bool counted = w->counted;
        if (!window_load(w, cache, q, w->rows[w->focus].d.id, w->focus - w->first, shown, e))
            return false;
        w->counted = counted;
    }
    if (!reach(w, cache, q, back, step, shown, e))
        return false;
    step_by(w, back, step, shown);
    return true;
}

bool window_count(struct window *w, struct cache *cache, const struct list_query *q, struct err *e)
{
    const struct dossier *focus = window_focus(w);
    int64_t position;

    if (w->counted)
        return true;
    if (!cache_list_position(cache, q, focus ? focus->id : NULL, &position, &w->total, e))
        return false;
    w->position = position > 0 ? position : 0;
    w->counted = true;
    return true;
}

bool window_go(struct window *w, const char *id, size_t shown)
{
    size_t at;

    if (!find_row(w, id, &at))
        return false;
    if (w->position)
        w->position += (int64_t)at - (int64_t)w->focus;
    w->focus = at;
    if (at < w->first)
        w->first = at;
    if (shown && at >= w->first + shown)
        w->first = at - shown + 1;
    return true;
}

void window_take(struct window *w, struct arena *arena, const struct list_page *page, int64_t total)
{
    arena_clear(&w->arena);
    w->arena = *arena;
    *arena = (struct arena){0};
    w->n = w->first = w->focus = 0;
    insert(w, 0, page);
    w->at_start = w->at_end = w->counted = true;
    w->position = w->n ? 1 : 0;
    w->total = total;
}

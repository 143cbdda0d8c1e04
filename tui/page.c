/* page: rows that may be more than the screen has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/page.h"

#include "core/text.h"

struct page page_new(struct canvas *c, int top, int left, int rows, int cols, int first)
{
    return (struct page){.canvas = c,
                         .top = top,
                         .left = left,
                         .rows = rows,
                         .cols = cols,
                         .first = first,
                         .focus_row = -1,
                         .focus_end = -1};
}

int page_end(struct page *p)
{
    arena_clear(&p->arena);
    return p->row;
}

static bool is_seen(const struct page *p)
{
    return p->canvas && p->row >= p->first && p->row < p->first + p->rows;
}

static int canvas_row_of(const struct page *p)
{
    return p->top + p->row - p->first;
}

void page_put(struct page *p, int col, int columns, enum style style, const char *shown)
{
    int room = p->cols - col;

    if (!is_seen(p) || room <= 0)
        return;
    canvas_put(p->canvas, canvas_row_of(p), p->left + col, columns < 0 || columns > room ? room : columns,
               style, shown);
}

void page_put_right(struct page *p, int end, enum style style, const char *shown)
{
    if (is_seen(p))
        canvas_put_right(p->canvas, canvas_row_of(p), p->left + (end < p->cols ? end : p->cols), style, shown);
}

void page_focus(struct page *p, int col)
{
    p->focus_row = p->focus_end = p->row;
    page_put(p, col, 1, STYLE_FOCUS, ">");
    if (is_seen(p))
        canvas_cursor(p->canvas, canvas_row_of(p), p->left + col);
}

int page_block(const struct page *p, int rows)
{
    bool whole = p->canvas && p->row >= p->first && p->row + rows <= p->first + p->rows;

    return whole ? canvas_row_of(p) : -1;
}

void page_next(struct page *p)
{
    p->row++;
}

void page_text(struct page *p, int col, enum style style, const char *shown)
{
    char **lines;
    size_t n = text_wrap(&p->arena, shown, p->cols - col > 2 ? p->cols - col : 2, &lines);

    for (size_t i = 0; i < n; i++, p->row++)
        page_put(p, col, -1, style, lines[i]);
}

void page_fact(struct page *p, int col, int width, const char *label, const char *shown)
{
    page_put(p, col, width - 1, STYLE_WEAK, label);
    page_text(p, col + width, STYLE_TEXT, shown);
}

int page_scrolled(int first, int rows, int total, int from, int until)
{
    if (until >= first + rows)
        first = until - rows + 1;
    if (from < first)
        first = from;
    if (first > total - rows)
        first = total - rows;
    return first > 0 ? first : 0;
}

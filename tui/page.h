/* page: rows written one after the other, of which a window is seen. What writes them does not know how far one has scrolled, and
 * can be run without a canvas to learn how many rows there are. It refuses raw data: callers pass what is shown.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_PAGE_H
#define MOTCUA_TUI_PAGE_H

#include "core/mem.h"
#include "tui/canvas.h"

struct page {
    struct canvas *canvas;     /* NULL: nothing is drawn, rows are only counted */
    int top, left, rows, cols; /* the window on the canvas */
    int first;                 /* the row of the page that stands at its top */
    int row;                   /* being written; in the end how many there are */
    int focus_row, focus_end;  /* first and last row of the focused item, where page_focus() said so; -1 */
    struct arena arena;        /* for what is made while writing; page_end() clears it */
};
struct page page_new(struct canvas *, int top, int left, int rows, int cols, int first);
int page_end(struct page *); /* how many rows were written */

/* On the row being written; columns count from the window's left, `columns` < 0: to its right edge. */
void page_put(struct page *, int col, int columns, enum style, const char *shown);
void page_put_right(struct page *, int end, enum style, const char *shown);
/* The focused item stands on this row: `>` and the hardware cursor at `col`. */
void page_focus(struct page *, int col);
/* A block of so many rows from here on, for what draws itself: its first row on the canvas; -1 where not all of it is seen. The
 * block's rows are still to be written. */
int page_block(const struct page *, int rows);
void page_next(struct page *); /* the row below */

/* Text from `col` to the right edge, on as many rows as it takes. */
void page_text(struct page *, int col, enum style, const char *shown);
/* The same with a label at `col` on its first row and the text `width` columns behind that. */
void page_fact(struct page *, int col, int width, const char *label, const char *shown);

/* Which row has to stand at the top so that rows from..until are seen, as near to `first` as can be. */
int page_scrolled(int first, int rows, int total, int from, int until);

#endif

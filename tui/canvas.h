/* canvas: a screen in memory, cells of letter and style. Views draw here and nowhere else; term.c alone shows one through curses.
 * It refuses raw data: whatever is put passes text_display() here, also where its caller has forgotten to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_CANVAS_H
#define MOTCUA_TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The roles of screens.md rule 5; tui/theme.h says what each looks like. */
enum style {
    STYLE_TEXT,
    STYLE_STATUS,
    STYLE_BANNER,
    STYLE_TITLE,
    STYLE_FOCUS,
    STYLE_CHOSEN,
    STYLE_KEY,
    STYLE_OVERDUE,
    STYLE_TODAY,
    STYLE_PAUSED,
    STYLE_ERROR,
    STYLE_FIELD,
    STYLE_DAMAGED,
    STYLE_MINE,
    STYLE_THEIRS,
    STYLE_WEAK,
    STYLE_QR,      /* black on white: half blocks, and what is light */
    STYLE_QR_DARK, /* a dark module as blanks */
    STYLE_COUNT,
};
struct cell {
    char text[14];        /* one letter with its marks, NUL-terminated; "" is the right half of a wide one */
    uint8_t style, width; /* width 1 or 2; 0: right half */
};
struct canvas {
    int rows, cols;
    int cursor_row, cursor_col; /* where the hardware cursor goes */
    struct cell *cells;
};
struct canvas *canvas_new(int rows, int cols);
void canvas_free(struct canvas **);
void canvas_resize(struct canvas *, int rows, int cols);
void canvas_clear(struct canvas *); /* blanks, STYLE_TEXT, cursor at 0,0 */
void canvas_clear_rows(struct canvas *, int row, int n);

/* Puts displayed text from (row, col), at most `columns` wide (negative: to the edge); clips, never wraps. The gate's marks
 * ("‹1B›") stand out: STYLE_DAMAGED. Returns the columns used. */
int canvas_put(struct canvas *, int row, int col, int columns, enum style, const char *shown);
/* Right-aligned so that it ends before column `end`. Returns its first column. */
int canvas_put_right(struct canvas *, int row, int end, enum style, const char *shown);
int canvas_format(struct canvas *, int row, int col, int columns, enum style, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void canvas_style(struct canvas *, int row, int col, int columns, enum style);
void canvas_fill(struct canvas *, int row, int col, int columns, enum style, const char *letter);
void canvas_cursor(struct canvas *, int row, int col);
/* The row as text without trailing blanks, for tests; the caller's to free. */
char *canvas_row(const struct canvas *, int row);

#endif

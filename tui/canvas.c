/* canvas: cells in memory. What it cannot hold (a letter of more than 13 bytes) it shows without its last marks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/canvas.h"

#include "core/mem.h"
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct cell *cell_at(const struct canvas *c, int row, int col)
{
    return &c->cells[(size_t)row * (size_t)c->cols + (size_t)col];
}

static bool inside(const struct canvas *c, int row, int col)
{
    return row >= 0 && row < c->rows && col >= 0 && col < c->cols;
}

struct canvas *canvas_new(int rows, int cols)
{
    struct canvas *c = mem_alloc(sizeof *c);

    canvas_resize(c, rows, cols);
    return c;
}

void canvas_free(struct canvas **c)
{
    if (!*c)
        return;
    mem_wipe((*c)->cells, sizeof(struct cell) * (size_t)(*c)->rows * (size_t)(*c)->cols);
    free((*c)->cells);
    free(*c);
    *c = NULL;
}

void canvas_resize(struct canvas *c, int rows, int cols)
{
    c->rows = rows > 0 ? rows : 1;
    c->cols = cols > 0 ? cols : 1;
    c->cells = mem_grow(c->cells, (size_t)c->rows * (size_t)c->cols, sizeof(struct cell));
    canvas_clear(c);
}

void canvas_clear(struct canvas *c)
{
    canvas_clear_rows(c, 0, c->rows);
    c->cursor_row = c->cursor_col = 0;
}

void canvas_clear_rows(struct canvas *c, int row, int n)
{
    static const struct cell blank = {.text = " ", .style = STYLE_TEXT, .width = 1};

    for (int r = row < 0 ? 0 : row; r < row + n && r < c->rows; r++)
        for (int col = 0; col < c->cols; col++)
            *cell_at(c, r, col) = blank;
}

static void cell_blank(struct cell *cell)
{
    cell->text[0] = ' ';
    cell->text[1] = '\0';
    cell->width = 1;
}

/* Half of a wide letter that is about to be overwritten must not stay behind. */
static void break_wide(struct canvas *c, int row, int col)
{
    struct cell *at = cell_at(c, row, col);

    if (at->width == 0 && col > 0) {
        cell_blank(cell_at(c, row, col - 1));
    }
    if (at->width == 2 && col + 1 < c->cols) {
        cell_blank(cell_at(c, row, col + 1));
    }
}

static void put_letter(struct canvas *c, int row, int col, enum style style, const char *letter, size_t n,
                       int width)
{
    struct cell *at = cell_at(c, row, col);

    break_wide(c, row, col);
    while (n >= sizeof at->text) { /* drop whole marks from the end */
        n--;
        while (n > 0 && ((unsigned char)letter[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(at->text, letter, n);
    at->text[n] = '\0';
    at->style = (uint8_t)style;
    at->width = (uint8_t)width;
    if (width == 2) {
        break_wide(c, row, col + 1);
        struct cell *right = cell_at(c, row, col + 1);
        *right = (struct cell){.text = "", .style = (uint8_t)style, .width = 0};
    }
}

/* What the gate would leave as it is, so that most of a screen need not pass it again. */
static bool is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7f)
            return false;
    return true;
}

/* Bytes of the gate's mark that begins here ("‹1B›"), 0: none does. */
static size_t mark_length(const char *shown)
{
    static const char open[] = "‹", close[] = "›";
    const size_t before = sizeof open - 1, after = sizeof close - 1;

    if (strncmp(shown, open, before) != 0)
        return 0;
    size_t digits = strspn(shown + before, "0123456789ABCDEF");
    return digits >= 2 && digits <= 6 && strncmp(shown + before + digits, close, after) == 0
               ? before + digits + after
               : 0;
}

int canvas_put(struct canvas *c, int row, int col, int columns, enum style style, const char *shown)
{
    struct buf safe = {0};
    size_t marked = 0; /* bytes of a mark that are still to come */
    int used = 0;

    if (!shown || row < 0 || row >= c->rows)
        return 0;
    if (!is_plain(shown)) {
        text_display(shown, strlen(shown), TEXT_PLAIN, &safe);
        shown = safe.data ? safe.data : "";
    }
    int room = c->cols - col;
    if (columns >= 0 && columns < room)
        room = columns;
    for (size_t left = strlen(shown), n; left > 0; shown += n, left -= n) {
        n = text_letter(shown, left);
        if (n == 0)
            break;
        int width = text_width_n(shown, n);
        if (width <= 0)
            continue; /* marks without a letter: text_display has left none */
        if (used + width > room)
            break;
        marked = marked ? marked : mark_length(shown);
        if (inside(c, row, col + used) && inside(c, row, col + used + width - 1))
            put_letter(c, row, col + used, marked ? STYLE_DAMAGED : style, shown, n, width);
        marked -= marked ? n : 0;
        used += width;
    }
    buf_clear(&safe);
    return used;
}

int canvas_put_right(struct canvas *c, int row, int end, enum style style, const char *shown)
{
    int col = end - text_width(shown);

    if (col < 0)
        col = 0;
    canvas_put(c, row, col, end - col, style, shown);
    return col;
}

int canvas_format(struct canvas *c, int row, int col, int columns, enum style style, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = mem_copy("");
    va_end(args);
    int used = canvas_put(c, row, col, columns, style, text);
    mem_free(&text);
    return used;
}

void canvas_style(struct canvas *c, int row, int col, int columns, enum style style)
{
    for (int i = col; i < col + columns || (columns < 0 && i < c->cols); i++)
        if (inside(c, row, i))
            cell_at(c, row, i)->style = (uint8_t)style;
}

void canvas_fill(struct canvas *c, int row, int col, int columns, enum style style, const char *letter)
{
    int end = columns < 0 || col + columns > c->cols ? c->cols : col + columns;

    for (int i = col; i < end; i++)
        if (inside(c, row, i))
            put_letter(c, row, i, style, letter, strlen(letter), 1);
}

void canvas_cursor(struct canvas *c, int row, int col)
{
    c->cursor_row = row < 0 ? 0 : row >= c->rows ? c->rows - 1 : row;
    c->cursor_col = col < 0 ? 0 : col >= c->cols ? c->cols - 1 : col;
}

char *canvas_row(const struct canvas *c, int row)
{
    struct buf text = {0};
    size_t kept = 0;

    for (int col = 0; row >= 0 && row < c->rows && col < c->cols; col++) {
        const struct cell *at = cell_at(c, row, col);
        buf_text(&text, at->text);
        if (strcmp(at->text, " ") != 0)
            kept = text.len;
    }
    buf_text(&text, "");
    text.data[kept] = '\0';
    return buf_take(&text);
}

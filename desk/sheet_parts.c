/* sheet_parts: what of a page is more than text: the code's marks for machines, and tables. It refuses to split a row over two pages.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/sheet_internal.h"

#include "desk/barcode.h"

#include <qrencode.h>

#define QR_SIDE    62.0 /* points, its quiet zone with it */
#define QR_ALONE   150.0
#define QR_QUIET   4 /* modules */
#define BAR_HEIGHT 26.0
#define MODULE     0.95 /* of the barcode; less where it has no room */
#define PAD        2.5  /* in a cell */

/* ── the code ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void draw_qr(struct sheet *s, double x, double y, double side, const char *text)
{
    QRcode *qr = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

    if (!qr)
        return; /* longer than any holds: the code stands there as text */
    double module = side / (qr->width + 2 * QR_QUIET);
    for (int row = 0; row < qr->width; row++)
        for (int col = 0; col < qr->width; col++)
            if (qr->data[row * qr->width + col] & 1)
                cairo_rectangle(s->cairo, x + (col + QR_QUIET) * module, y + (row + QR_QUIET) * module,
                                module, module);
    cairo_fill(s->cairo);
    QRcode_free(qr);
}

/* Its height. */
static double draw_barcode(struct sheet *s, double x, double y, double width, const char *text)
{
    struct buf widths = {0};
    int modules;
    bool ok = barcode_encode(text, &widths, &modules);

    if (ok) {
        double module = width / (modules + 2 * BARCODE_QUIET);
        module = module > MODULE ? MODULE : module;
        x += BARCODE_QUIET * module;
        for (size_t i = 0; i < widths.len; i++) {
            double bar = (widths.data[i] - '0') * module;
            if (i % 2 == 0)
                cairo_rectangle(s->cairo, x, y, bar, BAR_HEIGHT);
            x += bar;
        }
        cairo_fill(s->cairo);
    }
    buf_clear(&widths);
    return ok ? BAR_HEIGHT : 0;
}

void sheet_code(struct sheet *s, const struct handout_fact *code)
{
    char *words = mem_format("%s: %s", code->label ? code->label : "", code->value ? code->value : "");
    double width = s->right - s->left - QR_SIDE;

    sheet_room(s, QR_SIDE);
    double y = s->y + sheet_text(s, s->left, s->y, width, PANGO_ALIGN_LEFT, SHEET_BOLD, words, true) + 3;
    if (code->value) {
        draw_barcode(s, s->left, y, width, code->value);
        draw_qr(s, s->right - QR_SIDE, s->y, QR_SIDE, code->value);
    }
    s->y += QR_SIDE;
    mem_free(&words);
}

void sheet_qr(struct sheet *s, const char *text)
{
    sheet_room(s, QR_ALONE);
    draw_qr(s, (s->left + s->right - QR_ALONE) / 2, s->y, QR_ALONE, text);
    s->y += QR_ALONE;
}

/* ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A column's part of the line: as wide as on the screen, with the blanks between two. */
static double column_width(const struct sheet *s, const struct handout_block *b, size_t column)
{
    double all = 0;

    for (size_t i = 0; i < b->n_columns; i++)
        all += b->columns[i].width + 2;
    return (s->right - s->left) * (b->columns[column].width + 2) / all;
}

/* `cells` NULL: the titles. Its height. */
static double put_row(struct sheet *s, const struct handout_block *b, const char **cells, bool draws)
{
    double x = s->left, height = 0;
    unsigned look = cells ? SHEET_SMALL : SHEET_SMALL | SHEET_BOLD;

    for (size_t i = 0; i < b->n_columns; i++) {
        PangoAlignment align = !cells                ? PANGO_ALIGN_CENTER
                               : b->columns[i].right ? PANGO_ALIGN_RIGHT
                                                     : PANGO_ALIGN_LEFT;
        double width = column_width(s, b, i);
        double h = sheet_text(s, x + PAD, s->y + PAD, width - 2 * PAD, align, look,
                              cells ? cells[i] : b->columns[i].title, draws);
        height = h > height ? h : height;
        x += width;
    }
    return height + 2 * PAD;
}

static void rule_row(struct sheet *s, const struct handout_block *b, double height)
{
    double x = s->left;

    cairo_set_line_width(s->cairo, 0.5);
    for (size_t i = 0; i < b->n_columns; i++) {
        cairo_rectangle(s->cairo, x, s->y, column_width(s, b, i), height);
        x += column_width(s, b, i);
    }
    cairo_stroke(s->cairo);
}

static void add_row(struct sheet *s, const struct handout_block *b, const char **cells)
{
    double height = put_row(s, b, cells, true);

    rule_row(s, b, height);
    s->y += height;
}

void sheet_table(struct sheet *s, const struct handout_block *b)
{
    sheet_room(s, 3 * put_row(s, b, NULL, false));
    add_row(s, b, NULL);
    for (size_t i = 0; i < b->n_rows; i++) {
        const char **cells = b->cells + i * b->n_columns;
        if (sheet_room(s, put_row(s, b, cells, false)))
            add_row(s, b, NULL);
        add_row(s, b, cells);
    }
    s->y += s->size * 0.4;
}

/* qr: from libqrencode's modules to cells.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/qr.h"

#include "core/mem.h"

#include <qrencode.h>
#include <stdlib.h>

struct qr {
    QRcode *code;
    int quiet; /* modules around it */
    bool half_blocks;
};

/* Modules on a side, the quiet zone with them. */
static int side(const struct qr *q)
{
    return q->code->width + 2 * q->quiet;
}

int qr_rows(const struct qr *q)
{
    return q->half_blocks ? (side(q) + 1) / 2 : side(q);
}

int qr_cols(const struct qr *q)
{
    return q->half_blocks ? side(q) : side(q) * 2;
}

struct qr *qr_new(const char *text, bool half_blocks, int rows, int cols)
{
    static const struct {
        QRecLevel level;
        int quiet;
    } ways[] = {{QR_ECLEVEL_M, 4}, {QR_ECLEVEL_L, 4}, {QR_ECLEVEL_L, 3}, {QR_ECLEVEL_L, 2}};
    struct qr *q = mem_alloc(sizeof *q);

    q->half_blocks = half_blocks;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        q->code = QRcode_encodeString(text, 0, ways[i].level, QR_MODE_8, 1);
        q->quiet = ways[i].quiet;
        if (q->code && qr_rows(q) <= rows && qr_cols(q) <= cols)
            return q;
        QRcode_free(q->code); /* NULL where the text is longer than any code holds */
    }
    free(q);
    return NULL;
}

void qr_free(struct qr **q)
{
    if (!*q)
        return;
    QRcode_free((*q)->code);
    free(*q);
    *q = NULL;
}

/* Row and column count from the quiet zone's corner. */
static bool is_dark(const struct qr *q, int row, int col)
{
    int width = q->code->width, y = row - q->quiet, x = col - q->quiet;

    return x >= 0 && x < width && y >= 0 && y < width && (q->code->data[y * width + x] & 1);
}

static void draw_half_blocks(const struct qr *q, struct canvas *c, int row, int col)
{
    static const char *const letters[2][2] = {{" ", "▄"}, {"▀", "█"}}; /* upper half dark, lower half dark */

    for (int y = 0; y < side(q); y += 2)
        for (int x = 0; x < side(q); x++)
            canvas_put(c, row + y / 2, col + x, 1, STYLE_QR, letters[is_dark(q, y, x)][is_dark(q, y + 1, x)]);
}

static void draw_cells(const struct qr *q, struct canvas *c, int row, int col)
{
    for (int y = 0; y < side(q); y++)
        for (int x = 0; x < side(q); x++)
            canvas_put(c, row + y, col + 2 * x, 2, is_dark(q, y, x) ? STYLE_QR_DARK : STYLE_QR, "  ");
}

void qr_draw(const struct qr *q, struct canvas *c, int row, int col)
{
    (q->half_blocks ? draw_half_blocks : draw_cells)(q, c, row, col);
}

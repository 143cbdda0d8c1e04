/* qr: a QR code as cells of a canvas: half blocks where the terminal has them, else two background cells a module; black on white in
 * every theme. It refuses to draw one that a phone could not read: too big for its room, or without its quiet zone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_QR_H
#define MOTCUA_TUI_QR_H

#include "tui/canvas.h"

struct qr;
/* Fits the text into `rows` x `cols` cells: error level M with a quiet zone of 4 modules, else level L with 4, 3 or 2. NULL: it does
 * not fit (screens.md, rule 5). qr_free() it. */
struct qr *qr_new(const char *text, bool half_blocks, int rows, int cols);
void qr_free(struct qr **);

/* Its place with the quiet zone, in cells. */
int qr_rows(const struct qr *);
int qr_cols(const struct qr *);
void qr_draw(const struct qr *, struct canvas *, int row, int col);

#endif

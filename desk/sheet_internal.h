/* sheet_internal: the page that is being written, for the files of the sheet.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_SHEET_INTERNAL_H
#define MOTCUA_DESK_SHEET_INTERNAL_H

#include "desk/sheet.h"

#include <pango/pangocairo.h>

struct sheet { /* lengths in points, from the page's upper left corner */
    cairo_t *cairo;
    double width, left, right, top, bottom;
    double y;    /* where the next thing stands */
    double size; /* of letters */
    int page;
    const char *again; /* stands at the head of every further page; NULL */
};

enum { SHEET_PLAIN = 0, SHEET_BOLD = 1, SHEET_SLANTED = 2, SHEET_SMALL = 4, SHEET_LARGE = 8 };
/* Its height; drawn only where `draws`. */
double sheet_text(struct sheet *, double x, double y, double width, PangoAlignment, unsigned look,
                  const char *text, bool draws);
/* Goes to another page where so much does not fit on this one. true: it did. */
bool sheet_room(struct sheet *, double height);

/* The code with its barcode, and its QR at the right. */
void sheet_code(struct sheet *, const struct handout_fact *);
void sheet_qr(struct sheet *, const char *text); /* alone, as large as a phone likes it */
void sheet_table(struct sheet *, const struct handout_block *);

#endif

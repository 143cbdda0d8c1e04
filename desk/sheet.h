/* sheet: a handout as pages of PDF: what stands where, in a font that has every Vietnamese letter, which the file carries with it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_SHEET_H
#define MOTCUA_DESK_SHEET_H

#include "core/handout.h"

enum sheet_size { SHEET_A5, SHEET_A4 };
/* Appends the PDF. ERR_CONFIG: this machine has no font with every letter; ERR_DATA: it cannot be made. */
bool sheet_make(const struct handout *, enum sheet_size, struct buf *pdf, struct err *);

#endif

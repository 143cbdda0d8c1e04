/* barcode: Code 128 (ISO/IEC 15417), set B: the printable letters of ASCII. One symbology needs no library that knows sixty.
 * It refuses other letters: a code that has them is printed as text and as a QR alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_BARCODE_H
#define MOTCUA_DESK_BARCODE_H

#include "core/mem.h"

#define BARCODE_QUIET 10 /* modules that have to stay white at each side */
/* The widths in modules of bar, space, bar … in digits, and the sum of them. false: it has other letters, or none. Appends. */
bool barcode_encode(const char *text, struct buf *widths, int *modules);

#endif

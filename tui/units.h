/* units: which units an officer may look at, and which of them he chose to see, in all lists and counts and for ever. The sheet to
 * choose them stands on `v`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_UNITS_H
#define MOTCUA_TUI_UNITS_H

#include "tui/view.h"

/* The units that take dossiers in and lead to the officer's own by their parents and successors, in the order of ids; his own where
 * it stands over no other (else it is what "all" means). In arena. */
size_t units_mine(struct app *, struct arena *, const struct unit ***out);
/* Whether a unit (a department too) is his or below it. */
bool units_covers(struct app *, const char *unit);
/* Those that he chose; none: all. In arena. */
struct texts units_chosen(struct app *, struct arena *);
/* "Huyện Châu Đức: 3 trong 16 đơn vị"; NULL: nothing is chosen. In arena. */
char *units_words(struct app *, struct arena *);
/* Why he cannot choose, or NULL. */
const char *units_blocked(struct app *);

extern const struct view_ops view_units;

#endif

/* view_procedures: the catalogue, for reading or to choose what is taken in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_PROCEDURES_H
#define MOTCUA_TUI_VIEW_PROCEDURES_H

#include "tui/view.h"

/* What a catalogue hands to the page that it opens (view_arg.more), so that the next page can be reached without going back. It
 * belongs to the catalogue's view, which lies under the page's and outlives it. */
struct procedure_walk {
    struct view *list;
    /* The id of the procedure `by` rows (1 or -1) from `id`; NULL: the list ends there. The list's focus goes along. Borrowed until the
     * next call. */
    const char *(*step)(const struct procedure_walk *, const char *id, int by);
};

struct procedures_open { /* view_arg.more: something is to be taken in, and this is where it is chosen; NULL: the catalogue is read */
    const char *burst; /* of a card that was scanned, NULL */
};

extern const struct view_ops view_procedure;

#endif

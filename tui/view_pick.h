/* view_pick: a sheet of numbered values, one of which is taken: templates, suggestions. Unlike a question it has no answer that means
 * no: Esc leaves everything as it was.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_PICK_H
#define MOTCUA_TUI_VIEW_PICK_H

#include "tui/view.h"

#define PICK_MOST 9 /* what a digit can choose */

struct pick {
    const char *title;                          /* of the sheet */
    const char *const *items;                   /* as they are shown, NULL-terminated, at most PICK_MOST */
    size_t focus;                               /* the one that stands now */
    void (*picked)(struct view *, size_t item); /* on the view that asked, after the sheet is gone */
};
/* Everything is copied. */
void view_pick_open(struct view *asker, const struct pick *);

#endif

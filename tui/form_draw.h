/* form_draw: the parts of a form as rows of a page.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_FORM_DRAW_H
#define MOTCUA_TUI_FORM_DRAW_H

#include "tui/form_parts.h"
#include "tui/page.h"

#define FORM_NOTE_ROWS 3
#define FORM_FIELD_COL 14 /* the bracket before what is typed */

/* Writes all parts; the focused one gets the cursor. `template_key`: the key that gives templates, "" for none. Only what is drawn
 * of fields (how far they are scrolled) changes in the form. */
void form_write(struct form *, struct page *, const char *template_key);

#endif

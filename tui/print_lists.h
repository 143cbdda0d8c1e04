/* print_lists: the register of the month, what is handed over today, what was collected today: of the officer's unit, from what is kept here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_PRINT_LISTS_H
#define MOTCUA_TUI_PRINT_LISTS_H

#include "core/handout.h"
#include "tui/app.h"

/* view_arg.action of view_print for each; NULL-terminated by HANDOUT_LISTS. */
extern const char *const print_list_names[HANDOUT_LISTS + 1];

/* Everything in `arena`. ERR_NOT_FOUND: the officer's unit is not known here. */
bool print_list_make(struct app *, const struct handout_ask *head, enum handout_list, struct arena *,
                     struct handout *, struct err *);

#endif

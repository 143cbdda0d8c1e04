/* list_sheets: the two sheets of a list: in which order it stands (`s`), and what is left out of it (`l`). Both are opened with the
 * list's `struct list_place` in view_arg.more and change it; the list under them loads again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_LIST_SHEETS_H
#define MOTCUA_TUI_LIST_SHEETS_H

#include "tui/view.h"

extern const struct view_ops view_sort, view_filter;

#endif

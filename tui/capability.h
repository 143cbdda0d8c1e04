/* capability: what terminfo says of the terminal that curses has set up. Used by term.c and for its keys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_CAPABILITY_H
#define MOTCUA_TUI_CAPABILITY_H

#include "core/mem.h"

/* Adds the text of a string capability; nothing where the terminal has none. */
void capability_add(struct buf *, const char *name);

#endif

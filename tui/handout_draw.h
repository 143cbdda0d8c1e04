/* handout_draw: paper that is handed out, as text on the screen: the same words in the same order. It refuses to show an identity or phone
 * number whole unless it is told to; paper has them whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_HANDOUT_DRAW_H
#define MOTCUA_TUI_HANDOUT_DRAW_H

#include "core/handout.h"
#include "tui/page.h"

void handout_draw(const struct handout *, bool whole, struct page *);

#endif

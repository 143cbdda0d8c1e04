/* pin_field: a PIN while it is typed: as many dots as letters. It refuses to show one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_PIN_FIELD_H
#define MOTCUA_TUI_PIN_FIELD_H

#include "cache/pin.h"
#include "tui/canvas.h"
#include "tui/command.h"

/* "[ ········           ]" at (row, col); the cursor behind the last dot where it is focused. */
void pin_draw(struct canvas *, int row, int col, const struct pin *, bool focused);
bool pin_command(struct pin *, enum command_id); /* erasing; true: it was that */

#endif

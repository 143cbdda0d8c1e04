/* pin_field: dots, and what erases them. There is no moving in what cannot be seen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/pin_field.h"

void pin_draw(struct canvas *c, int row, int col, const struct pin *pin, bool focused)
{
    int n = (int)pin_letters(pin);

    canvas_put(c, row, col, -1, STYLE_TEXT, "[");
    canvas_fill(c, row, col + 2, PIN_MOST + 1, STYLE_FIELD, " ");
    canvas_fill(c, row, col + 2, n, STYLE_FIELD, "·");
    canvas_put(c, row, col + 2 + PIN_MOST + 1, -1, STYLE_TEXT, "]");
    if (focused)
        canvas_cursor(c, row, col + 2 + n);
}

bool pin_command(struct pin *pin, enum command_id id)
{
    if (id == CMD_ERASE)
        pin_erase(pin);
    else if (id == CMD_ERASE_WORD || id == CMD_ERASE_LINE)
        pin_clear(pin);
    return id >= CMD_ERASE && id <= CMD_ERASE_LINE;
}

/* theme: what each style looks like: default, light, mono, marker (screens.md rule 5). No role differs by bold or brightness alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_THEME_H
#define MOTCUA_TUI_THEME_H

#include "tui/canvas.h"

enum theme_id { THEME_DEFAULT, THEME_LIGHT, THEME_MONO, THEME_MARKER, THEME_COUNT };
#define THEME_DARK_YELLOW \
    94 /* of 256 colours, readable on white; where there are eight, COLOR_YELLOW stands for it */
struct look {
    short fg, bg; /* -1: the terminal's own; else COLOR_* 0-7, or THEME_DARK_YELLOW */
    bool reverse, underline, bold;
};
struct look theme_look(enum theme_id, enum style);
bool theme_parse(const char *name, enum theme_id *out);
const char *theme_name(enum theme_id);

#endif

/* command: everything that a key or the palette can do, from one table (command.def): enum, config names, labels, help.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_COMMAND_H
#define MOTCUA_TUI_COMMAND_H

#include <stddef.h>

enum command_id {
    CMD_NONE,
#define COMMAND(id, name, label, help, flags) CMD_##id,
#include "tui/command.def"
#undef COMMAND
    CMD_COUNT,
};
enum command_flags {
    EVERYWHERE = 1, /* no view has to list it */
    IN_PALETTE = 2, /* listed in the palette */
    QUIET = 4,      /* movement and editing: in help, not in the palette, never in a footer */
};
struct command_info {
    const char *name;  /* config name, "mark_shown" */
    const char *label; /* msgid with context: show by i18n_shown() */
    const char *help;  /* msgid */
    unsigned flags;
};
const struct command_info *command_info(enum command_id);
enum command_id command_of(const char *name);  /* CMD_NONE: unknown */
const char *command_nearest(const char *name); /* "did you mean" */

#endif

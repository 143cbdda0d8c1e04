/* view_outbox: what the outbox and its menu share. Nothing outside view_outbox.c and outbox_menu.c needs it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_OUTBOX_H
#define MOTCUA_TUI_VIEW_OUTBOX_H

#include "tui/view.h"

struct outbox_view {
    struct app *app;
    bool dropped; /* the list of what was dropped */
    struct arena arena;
    struct command *rows; /* newest first */
    size_t n, stuck;
    int64_t done_today;
    struct scroll scroll;
    char focus[UUID_TEXT]; /* key of the focused row; "": none yet */
    char asked[UUID_TEXT]; /* which row a question is about */
};

/* What can be done with the wish view_arg.id (a key): a sheet over the outbox. */
extern const struct view_ops view_outbox_menu;

#endif

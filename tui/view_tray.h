/* view_tray: what the files of the tray's view share: its lines and how far it is, and its picture (tray_draw.c). Nothing outside them includes
 * it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_TRAY_H
#define MOTCUA_TUI_VIEW_TRAY_H

#include "tui/tray_run.h"
#include "tui/view.h"

#define TRAY_CODE   10 /* columns */
#define TRAY_NUMBER 3  /* digits */

struct tray_line {                                 /* of the list; texts are fit to be shown */
    const char *code, *name, *procedure, *changed; /* changed: "Lê Hoàng Nam, 10:04"; NULL: not known */
    struct time_left left;
};
struct tray_view {
    struct app *app;
    struct arena arena; /* of the lines */
    struct tray_line *lines;
    size_t n;
    struct scroll scroll;
    size_t shown;
    struct sign_signer signer;
    bool confirming,
        signs_on; /* signs_on: it begins with the question for the number, once it is known what signs */
    struct field number;
    char message[160];
};
/* The keys of a command in this view, for its sentences. */
const char *tray_key(struct app *, enum command_id, struct arena *);

void tray_draw(const struct view *, struct canvas *); /* tray_draw.c */

#endif

/* act_rows: the lines of the action menu, for one dossier or for several at once: what is offered under which number, and why the rest
 * is not.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_ACT_ROWS_H
#define MOTCUA_TUI_ACT_ROWS_H

#include "tui/dossier_parts.h"
#include "tui/view.h"

struct act_row {
    const char *action, *label; /* the label is shown as it is */
    int digit;                  /* -1: greyed */
    bool online_only;
    unsigned needs;     /* all that any of them needs */
    const char *reason; /* why not, or why not all; NULL: the server did not say */
    size_t can;         /* for how many dossiers it is offered */
};
struct act_rows {
    struct arena arena;
    struct act_row *items; /* what is offered by number, then the rest as the server has it */
    size_t n, cap;
};
/* Reads them anew for `n` dossiers; one that is not to be had (any more) offers nothing, and is an error where it is the only one.
 * `from`: where the views lie that may show what the cache does not hold. */
bool act_rows_read(struct act_rows *, struct app *, const struct view *from, const char *const *ids, size_t n,
                   struct err *);
void act_rows_clear(struct act_rows *);
/* Nothing can be sent now: what is online only has to wait. */
bool act_line_is_down(struct app *);
/* The row of an action that is offered, or NULL. */
const struct act_row *act_rows_find(const struct act_rows *, const char *action);
/* One more screen comes before it is done. */
bool act_row_has_form(const struct act_row *);
/* The dossier as the officer sees it, from the cache or from a view beneath. */
bool act_read_dossier(struct app *, const struct view *from, const char *id, struct dossier_shown *out,
                      struct err *);

#endif

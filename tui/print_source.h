/* print_source: what view_print has before it: one of the forms that a dossier's state allows, made from what is kept here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_PRINT_SOURCE_H
#define MOTCUA_TUI_PRINT_SOURCE_H

#include "core/handout.h"
#include "tui/dossier_parts.h"
#include "tui/view.h"

/* view_arg.action of view_print: the QR of the payment that waits, instead of a form. */
#define PRINT_PAYMENT "payment"

/* Zero-initialise with `id`; print_source_clear() at the end. */
struct print_source {
    char *id;               /* of the dossier; freed at the end; NULL: a list */
    enum handout_list list; /* where there is no id */
    bool payment;           /* the QR of what is to be paid */
    struct dossier_shown shown;
    enum handout_kind forms[HANDOUT_KINDS]; /* that it has now */
    size_t n_forms;
    enum handout_kind form; /* the one that is shown */
    bool chosen;            /* by the officer, or at the start */
    struct arena arena;     /* of the handout */
    struct handout handout;
    struct arena past; /* of the events */
    struct event_page events;
    bool has_events;
};
/* Reads it anew and makes the form. `from`: the view that it was opened from. */
bool print_source_load(struct print_source *, struct app *, const struct view *from, struct err *);
void print_source_clear(struct print_source *);
/* The next (1) or previous (-1) form, made as well. */
void print_source_step(struct print_source *, struct app *, int by);
void print_source_take_events(struct print_source *, struct app *, const struct event_page *);
bool print_source_lacks_events(const struct print_source *);

#endif

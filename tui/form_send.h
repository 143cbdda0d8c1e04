/* form_send: what becomes of a form: what it will change, and the wish itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_FORM_SEND_H
#define MOTCUA_TUI_FORM_SEND_H

#include "tui/view_form.h"

/* Checks, asks where the action is one that is asked about first, saves the wish, and leaves for where the dossier was chosen. What
 * stands in the way is said, and the form stays. */
void form_send(struct view *);
/* What it will make of the dossier, in words; in arena. */
char *form_effects(struct form_view *, struct arena *);
/* Whose mandate the officer acts by (contract, Action.on_behalf_of); NULL: his own right. */
const char *form_on_behalf_of(const struct form_view *);
/* Where what is typed is kept until it is sent; the caller's to free. */
char *form_kept_name(const struct form_view *);
/* What was typed for a wish that needs the line is kept until its answer: it may be taken away, and nothing shall be typed again. */
void form_forget(struct app *, const struct command *);
/* The top view gives way to what becomes of the wishes that were just saved for several dossiers (app_act_keys()). */
void form_show_batch(struct app *, const char *action);

#endif

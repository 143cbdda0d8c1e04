/* view_form: what the form's view and what sends it share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_FORM_H
#define MOTCUA_TUI_VIEW_FORM_H

#include "tui/dossier_parts.h"
#include "tui/form_parts.h"
#include "tui/view.h"

struct form_view {
    struct app *app;
    struct arena arena; /* what it was opened on */
    const char **ids;
    size_t n; /* more than one: the same for all, shown is the first */
    const char *action, *replaces;
    unsigned needs; /* of the offer */
    bool online_only, built, changed;
    struct dossier_shown shown; /* as the officer sees it: what a wish is based on */
    struct form form;
    int first; /* row at the top */
    char *message;
};

#endif

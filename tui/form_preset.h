/* form_preset: what a form may begin with (view_arg.more of view_form and view_sign): the content of a wish that did not come to its
 * end, to be mended. The form copies it; what was kept of an earlier, unfinished form does not stand against it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_FORM_PRESET_H
#define MOTCUA_TUI_FORM_PRESET_H

#include "core/types.h"

struct form_preset {
    struct action_request request; /* first, so that a pointer to it will do where only the content is wanted */
    const char *replaces; /* key of that wish: sent with app_act_again(), it goes as the new one comes; NULL: app_act() */
};

#endif

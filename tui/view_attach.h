/* view_attach: opened on a dossier's id (or the key of its createDossier) and, as `more`, the struct paper that the file is a scan of; NULL:
 * another file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_ATTACH_H
#define MOTCUA_TUI_VIEW_ATTACH_H

#include "tui/app.h"
#include "tui/view.h"

extern const struct view_ops view_attach;

#endif

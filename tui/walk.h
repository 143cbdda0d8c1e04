/* walk: what a list hands to the dossier view that it opens (view_arg.more), so that the next and the previous dossier can be
 * reached without going back. It belongs to the list's view, which lies under the dossier's and outlives it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_WALK_H
#define MOTCUA_TUI_WALK_H

#include "tui/view.h"

struct dossier_walk {
    struct view *list;
    /* The id of the dossier `by` rows (1 or -1) from `id`, which may have left the list; NULL: the list ends there. The list's focus
     * goes along. Borrowed until the next call. */
    const char *(*step)(const struct dossier_walk *, const char *id, int by);
    /* "5/26": where it stands, from 1 on, of how many. false: it is not in the list (any more). Counts: ask once a dossier. */
    bool (*place)(const struct dossier_walk *, const char *id, int64_t *position, int64_t *total);
    /* One that the server found and this machine does not keep: dossier_shown_take() shows it. NULL: the cache has it. Borrowed as
     * long as the walk. */
    const struct dossier *(*found)(const struct dossier_walk *, const char *id);
};

#endif

/* view_dossiers: what the files of the list of dossiers share: view_dossiers.c (ops, keys), dossiers_load.c, dossiers_draw.c (the
 * picture), dossiers_find.c (the find line and its hits). Nothing else includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_DOSSIERS_H
#define MOTCUA_TUI_VIEW_DOSSIERS_H

#include "tui/dossier_parts.h"
#include "tui/list_place.h"
#include "tui/view.h"
#include "tui/walk.h"
#include "tui/window.h"

#define PREVIEW_COLS 120 /* the least that has room for it (screens.md rule 3) */
#define PREVIEW_AT   71  /* its left line */

enum find_scope { FIND_LIST, FIND_ALL, FIND_SERVER, FIND_SCOPES }; /* in the order of Tab */

struct finding {
    bool on;
    bool only;        /* the view was opened to find: leaving the line leaves the view */
    bool is_kept_all; /* there is no list to find in but all that is kept */
    enum find_scope scope;
    struct field words;
    struct window hits;
    size_t limit;       /* how many hits are loaded at most */
    uint64_t ask;       /* 0: none is under way */
    struct field asked; /* the words that the server was asked for; what it found is in `found` */
    bool answered;
    struct err refused;
    struct arena arena; /* of `found` and `cursor` */
    struct dossier *found;
    size_t n_found;
    const char *cursor; /* of its next page, NULL: there is no more */
};

struct dossiers {
    enum queue_id queue;
    struct list_place place;
    struct arena arena; /* the query's units */
    struct list_query query;
    uint64_t asked; /* which order and filters the list was counted with */
    struct window list;
    struct finding find;
    struct dossier_walk walk;
    struct arena step;                               /* the id that walk gave last */
    struct dossier_shown shown;                      /* the preview */
    int64_t preview_at, count_at, save_at, names_at; /* mono ms when they are due; INT64_MAX */
    int64_t reveal_until;                            /* mono ms; 0: numbers are masked */
    struct arena words;                              /* of message() and blocked() */
    char *message; /* what the focused row's own wish has to say; in `message_arena` */
    struct arena message_arena;
};

/* ── dossiers_load.c ── */
struct window *dossiers_window(struct dossiers *); /* the hits while finding, else the list */
const struct dossier *dossiers_focused(const struct view *);
size_t dossiers_rows(const struct view *); /* of the list, as many as the screen has room for */
bool dossiers_preview_is_on(const struct view *);
bool dossiers_load(struct view *, struct cache *, struct err *);
void dossiers_moved(struct view *); /* the focus is on another row: what follows it is due */
/* The numbers in the preview, whole for 30 seconds; another dossier's are masked again. */
void dossiers_reveal(struct view *, bool on);
void dossiers_save(struct view *); /* the place, for the next time */
int64_t dossiers_wake(const struct view *);
void dossiers_tick(struct view *);

/* ── dossiers_draw.c ── */
void dossiers_draw(const struct view *, struct canvas *);
int dossiers_legend_rows(const struct view *, int rows, int cols);
bool dossiers_explains(const struct view *); /* the block about the line stands under the list */
size_t dossiers_explained_rows(const struct view *, int rows); /* rows of the list above it */

/* ── dossiers_find.c ── */
void find_open(struct view *, enum find_scope);
void find_close(struct view *);
bool find_load(struct view *, struct cache *, struct err *); /* the cache changed, or the words */
void find_typed(struct view *);
void find_answered(struct view *, const struct answer *);
enum handled find_command(struct view *, enum command_id);
void find_draw(const struct view *, struct canvas *, int row, int cols); /* title and what stands below the hits */
bool find_shows_list(const struct finding *); /* nothing is typed yet: the list stands as it was */
const struct dossier *find_found(const struct finding *, const char *id);

#endif

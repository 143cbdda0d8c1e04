/* window: the rows of a list that are loaded, which of them stands at the top of the screen, and which has the focus. Pages by key,
 * so that it is as quick at a million as at ten; keeps the focus by id, and gives it to the next row when its own has left.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_WINDOW_H
#define MOTCUA_TUI_WINDOW_H

#include "cache/cache.h"
#include "tui/command.h"

struct window { /* zero-initialise; window_clear() */
    struct arena arena;
    struct dossier_row *rows;
    size_t n, cap;
    bool at_start, at_end; /* nothing stands before rows[0], behind the last */
    size_t first, focus;   /* into rows */
    int64_t position;      /* of the focus in the whole list, from 1 on; 0: not known */
    int64_t total;         /* how many there are */
    bool counted;          /* position and total are those of now */
    bool fell_back;        /* the order that was asked for is not ready: stands by due time */
};
void window_clear(struct window *);
const struct dossier *window_focus(const struct window *); /* NULL: empty */

/* Reads it anew, `shown` rows: `focus` on the screen's line `line` where that can be; where it is not in the list (any more), the
 * row that came next before, else where it would stand. NULL: from the start. Position and total stay until they are counted. */
bool window_load(struct window *, struct cache *, const struct list_query *, const char *focus, size_t line,
                 size_t shown, struct err *);
bool window_moves(enum command_id); /* up down page_up page_down first last */
bool window_move(struct window *, struct cache *, const struct list_query *, enum command_id, size_t shown,
                 struct err *);
/* Counts, as long as the list takes: behind the frame. */
bool window_count(struct window *, struct cache *, const struct list_query *, struct err *);
/* Puts the focus on a row that is loaded; false: it is not. */
bool window_go(struct window *, const char *id, size_t shown);

/* Rows that are all there (hits of a search), of `total`; they live in `arena`, which it takes. The focus is on the first. */
void window_take(struct window *, struct arena *, const struct list_page *, int64_t total);

#endif

/* list_place: what an officer left in a list: order, filter, marks, focus and the line that it stood on; per queue, for ever, also over
 * a restart (outbox.db). Ids alone are kept, nothing that names a person; what was searched for is not kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_LIST_PLACE_H
#define MOTCUA_TUI_LIST_PLACE_H

#include "tui/app.h"

/* What lists are filtered by. Values are the contract's words and ids; of `due`: overdue today left paused. */
enum facet {
    FACET_DUE,
    FACET_CHANNEL,
    FACET_STATUS,
    FACET_ASSIGNEE,
    FACET_FIELD,
    FACET_PROCEDURE,
    FACET_COUNT
};
struct list_filter { /* no value: that facet filters nothing */
    struct arena arena;
    struct texts of[FACET_COUNT];
};
void list_filter_clear(struct list_filter *);
bool list_filter_is_empty(const struct list_filter *);
void list_filter_add(struct list_filter *, enum facet, const char *value);
void list_filter_copy(const struct list_filter *from, struct list_filter *to); /* `to` is cleared first */
/* Into the query; texts stay the filter's, or are in the arena: a dossier does not say its field, its procedure does. */
void list_filter_ask(const struct list_filter *, struct app *, struct arena *, struct list_query *);
const char *facet_name(enum facet);                                            /* "Kênh" */
char *facet_word(struct app *, struct arena *, enum facet, const char *value); /* "trực tuyến" */
char *list_filter_words(const struct list_filter *, struct app *, struct arena *);
/* The due words, NULL-terminated. */
extern const char *const facet_due_values[];

/* Whether an array of ids, as places keep them, has this one. */
bool place_holds(const json_t *ids, const char *id);

const char *list_sort_words(enum list_sort); /* "hạn", as in "xếp theo hạn" */

struct list_place { /* zero-initialise; list_place_clear() */
    enum list_sort sort;
    struct list_filter filter;
    char *focus; /* a dossier's id, NULL: none */
    char *next;  /* of the row behind it, which gets the focus if that one is gone by then; or NULL */
    size_t line; /* of the screen, from the list's top */
    char **marks;
    size_t n_marks;
    bool by_page; /* some of them were marked with mark_shown: they are not for the tray */
};
void list_place_clear(struct list_place *);
void list_place_load(struct list_place *, struct app *, enum queue_id);
void list_place_save(const struct list_place *, struct app *, enum queue_id);
bool list_place_marked(const struct list_place *, const char *id);
void list_place_mark(struct list_place *, const char *id, bool on);

#endif

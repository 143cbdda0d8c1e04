/* ticks: a sheet of boxes that are ticked with Space and found by typing (screens.md, mock-up queues-unit). What is ticked holds at once,
 * so that what lies under the sheet shows it; F9 keeps it, Esc takes it back. A sheet is a `struct ticks` that begins its view's state
 * and a `struct ticks_kind` that says what the boxes are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_TICKS_H
#define MOTCUA_TUI_TICKS_H

#include "tui/view.h"

struct tick {
    const char *id;    /* NULL: the box that means all, on while no other is */
    const char *group; /* shown before the first of its group; NULL: none */
    const char *name;  /* fit to be shown */
    bool on;
    void *more; /* the kind's own */
};
struct ticks;
struct ticks_kind {
    const char *(*title)(const struct ticks *);    /* of the rule */
    void (*changed)(struct ticks *);               /* a box changed, or all were put back: make it hold */
    const char *(*message)(struct ticks *);        /* "Đang chọn 3 đơn vị." */
    const char *(*more)(struct ticks *, size_t n); /* "còn 9 đơn vị nữa, cuộn xuống" */
    void (*header)(struct ticks *, struct canvas *, int row); /* a row over the boxes; NULL: none */
    void (*columns)(struct ticks *, const struct tick *, struct canvas *, int row); /* right of the name; NULL */
    int (*name_end)(const struct canvas *); /* where the name has to end; NULL: at the edge */
};
struct ticks {
    const struct ticks_kind *kind;
    struct view *view;
    struct arena arena, words_arena; /* all that lives as long as the sheet; the texts of message() and more() */
    struct tick *items;
    size_t n;
    bool *before;    /* `on` as the sheet found it */
    size_t *matches; /* indexes of what fits the typed words */
    size_t n_matches;
    struct scroll scroll; /* over matches */
    struct field typed;
    bool groups;
};

/* For open(): first ticks_begin(), then ticks_add() each, then ticks_ready(). */
void ticks_begin(struct ticks *, struct view *, const struct ticks_kind *);
struct tick *ticks_add(struct ticks *, const char *id, const char *group, const char *name, bool on);
void ticks_ready(struct ticks *);
size_t ticks_count_on(const struct ticks *); /* without the one that means all */
/* The boxes that are in sight at the screen's size, for what is costly to know of each: index i of *n from ticks_seen(). */
struct tick *ticks_seen(struct ticks *, size_t i, size_t *n);

/* The ops of such a view. */
void ticks_draw(const struct view *, struct canvas *);
const char *ticks_message(const struct view *);
enum handled ticks_command(struct view *, enum command_id, struct app *);
unsigned ticks_focus(const struct view *);
struct field *ticks_prompt(struct view *);
const char *ticks_prompt_label(const struct view *);
void ticks_text(struct view *, const char *utf8);
void ticks_close(struct view *);
extern const enum command_id ticks_commands[];

#endif

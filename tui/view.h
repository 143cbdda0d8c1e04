/* view: one screen. A view is one file, view_*.c, that ends in its `struct view_ops`. It copies what it draws from the cache in
 * load(), draws it in draw() without touching anything else, and says what keys do in command(). The app (app.h) draws status line,
 * message line and footer, and gives the view the rows between.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_H
#define MOTCUA_TUI_VIEW_H

#include "cache/cache.h"
#include "core/ask.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/field.h"
#include "tui/keymap.h"

struct view_arg {           /* what a view is opened on; borrowed for the call of open() */
    const char *id;         /* dossier id, command key … */
    const char *action;     /* form: which action */
    enum queue_id queue;    /* dossiers */
    const char *const *ids; /* several dossiers: a batch; NULL-terminated */
    const void *more;       /* what two views agree on in a header of their own */
};

struct view {
    const struct view_ops *ops;
    void *state; /* ops->state_size bytes, zeroed before open() */
    struct app *app;
    struct view *under; /* the view it was opened from; NULL for the first */
};

enum handled { NOT_HANDLED, HANDLED };

struct view_ops {
    const char *name;  /* keymap section, help title, test name: "dossiers" */
    const char *title; /* NC_("view", …): its name in the help's title */
    size_t state_size;
    unsigned depends;                /* CACHE_* that make it load again */
    bool sheet;                      /* draws over the bottom of the view under it, which is drawn first */
    const enum command_id *commands; /* what it answers, in the footer's order; ends with CMD_NONE */
    const enum command_id *(*footer)(const struct view *); /* another order for the footer now (narrow, cut off …); NULL: commands */
    bool (*open)(struct view *, const struct view_arg *, struct err *); /* false: it is not opened, the error is shown */
    bool (*load)(struct view *, struct cache *, struct err *); /* copy what is drawn; keep the cursor on the same id */
    void (*answered)(struct view *, const struct answer *); /* to an ask of this view; NULL: it asks nothing */
    void (*draw)(const struct view *,
                 struct canvas *); /* pure: state → cells. Title on row 1, body rows 2 … view_last_row() */
    const char *(*message)(const struct view *); /* the message line where no toast stands; NULL or "": empty */
    bool (*message_first)(const struct view *); /* now it goes before what is said of the line, too; NULL: never */
    enum handled (*command)(struct view *, enum command_id, struct app *);
    /* NULL: it works; else why not, as a part of a sentence, for help, palette and whoever presses the key; "": it has no place here now,
     * so nobody has to be told. */
    const char *(*blocked)(const struct view *, enum command_id);
    unsigned (*focus)(const struct view *); /* enum focus bits: what has the focus; NULL: FOCUS_ROW */
    struct field *(*prompt)(struct view *); /* an input line on the message row has the focus; NULL or returns NULL: none */
    const char *(*prompt_label)(const struct view *); /* "Tìm" */
    /* Typed, pasted or scanned, whole, NFC; NULL: ignored. With a prompt it is in the field already ("" after erasing): a notice. */
    void (*text)(struct view *, const char *utf8);
    /* A scanner's card, typed or pasted as one text: true: taken. A view that has it gets letters only after a burst's gap, so that a
     * scanner works wherever the focus is; NULL: where nothing is typed, the app takes a card in. */
    bool (*card)(struct view *, const char *burst);
    int64_t (*wake)(const struct view *); /* mono ms when it wants tick(); INT64_MAX never; NULL never */
    void (*tick)(struct view *);
    void (*close)(struct view *);
};

/* Rows (0-based) of a canvas: 0 status, 1 title, 2 … rows-3 body, rows-2 message, rows-1 keys. */
static inline int view_body_row(void)
{
    return 2;
}
static inline int view_last_row(const struct canvas *c)
{
    return c->rows - 3;
}
static inline int view_body_rows(const struct canvas *c)
{
    return c->rows - 4;
}
/* Title on row 1: where I am at the left (one column in), position at the right edge. Long left parts are cut. */
void view_title(struct canvas *, const char *left, const char *right);
/* The rule of a sheet `──` + title + `─…` on `row`, clearing everything below it to the last body row. */
void view_rule(struct canvas *, int row, const char *title);
bool view_typing(const struct view *); /* its focus is PROMPT, NOTE or TEXT */

#endif

/* app_internal: what the files of the app share. Nothing outside app*.c includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_APP_INTERNAL_H
#define MOTCUA_TUI_APP_INTERNAL_H

#include "tui/app.h"
#include "tui/view.h"

struct toast_text { /* the first of the forms that fits is shown */
    char *forms[3];
    enum toast kind;
    bool undo; /* goes when nothing can be undone any more */
};
struct asked {
    uint64_t id;
    struct view *view; /* NULL: the app itself */
    bool live;
};
struct place {
    struct place *next;
    char *name;
    json_t *value;
};
struct app {
    struct app_options options;
    struct keymap *keymap;
    struct cache *cache;
    struct outbox *outbox;
    char *officer;
    struct line_status line;
    struct view *top;
    int rows, cols;
    bool dirty, quit, redraw, theme_changed, pasted;
    enum theme_id theme;
    struct toast_text toast;
    unsigned toast_serial;
    int64_t minute; /* of the last frame, server time */
    struct ask *asks;
    size_t n_asks;
    struct asked *asked;
    size_t n_asked;
    uint64_t *cancels;
    size_t n_cancels;
    uint64_t last_ask;
    struct place *places;
    char (*act_keys)[UUID_TEXT];
    size_t n_act_keys;
};

void app_clear_toast(struct app *);
void app_toast_forms(struct app *, enum toast, bool undo, char *const forms[3]); /* takes the texts; NULLs at the end */
void app_drop_places(struct app *);
void app_drop_asks_of(struct app *, const struct view *); /* a view that closes: its answers are nobody's */
void app_undo(struct app *);
void app_command(struct app *, enum command_id); /* as if its key had been pressed */
void app_choose_theme(struct app *);
void app_choose_keymap(struct app *);

void app_draw_status(struct app *, struct canvas *);
void app_draw_message(struct app *, struct canvas *);
void app_draw_footer(struct app *, struct canvas *);
void app_draw_small(struct app *, struct canvas *);
bool app_is_small(const struct app *);
unsigned view_focus(const struct view *);

extern const struct view_ops view_question;

#endif

/* app_internal: what the files of the app share. Nothing outside app*.c includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_APP_INTERNAL_H
#define MOTCUA_TUI_APP_INTERNAL_H

#include "tui/app.h"
#include "tui/tray.h"
#include "tui/view.h"
#include "tui/view_pick.h"

struct toast_text { /* the first of the forms that fits is shown */
    char *forms[3];
    enum toast kind;
    bool undo; /* goes when nothing can be undone any more */
    bool line; /* about the line: goes when that changes */
    bool sync; /* that the server is being asked: its answer takes the place */
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
struct watched_payment {
    char *dossier, *payment;
};
struct app {
    struct app_options options;
    struct keymap *keymap;
    struct cache *cache;
    struct outbox *outbox;
    char *officer;
    struct line_status line;
    struct view *top;
    struct view *covered; /* the stack that is covered, if there is any */
    bool is_covered, locked, wipe, pin_offered;
    int64_t locked_at, locked_mono; /* server time, mono ms */
    int64_t last_key;               /* mono ms */
    struct app_vault vault;
    char *vault_officer;
    struct pin *pin;
    int rows, cols;
    bool dirty, quit, redraw, theme_changed, pasted;
    enum theme_id theme;
    struct typing typing;
    struct toast_text toast;
    unsigned toast_serial;
    int64_t hold_end; /* mono ms when what can be undone cannot any more; INT64_MAX: nothing can */
    int64_t minute;   /* of the last frame, server time */
    struct ask *asks;
    size_t n_asks;
    struct asked *asked;
    size_t n_asked;
    uint64_t *cancels;
    size_t n_cancels;
    uint64_t last_ask;
    uint64_t sync_ask; /* the last ASK_SYNC, as long as it is not answered; 0 */
    struct place *places;
    struct watched_payment *watched; /* app_pay.c */
    size_t n_watched;
    char (*act_keys)[UUID_TEXT];
    size_t n_act_keys;
    char *signer;         /* that the officer chose (struct signer_choice); NULL: as configured */
    unsigned signer_turn; /* how many times he chose */
    struct app_mandate {
        char *chosen; /* whose mandate the officer acts by where it covers a thing (Officer.id); NULL: he did not choose */
        char *choices[PICK_MOST]; /* as the sheet that is open has them; NULL: his own right */
        size_t n;
    } mandate;
    struct tray tray;
};

void app_clear_toast(struct app *);
void app_synced(struct app *, const struct answer *);                            /* to app_sync() */
void app_toast_forms(struct app *, enum toast, bool undo, char *const forms[3]); /* takes the texts; NULLs at the end */
void app_drop_places(struct app *);
void app_drop_asks_of(struct app *, const struct view *); /* a view that closes: its answers are nobody's */
void app_undo(struct app *);
void app_note_hold(struct app *);         /* after the outbox changed */
int app_undo_seconds(const struct app *); /* how long it can still be undone, 0: not */
void app_say_line(struct app *); /* a toast about the line as it is now, where there is something to say */
void app_command(struct app *, enum command_id);   /* as if its key had been pressed */
void app_take_in(struct app *, const char *burst); /* a new dossier; burst: of a card, NULL */
void app_choose_theme(struct app *);
void app_cover(struct app *, const struct view_ops *, const struct view_arg *);
void app_lock_key(struct app *);         /* F12 */
int64_t app_idle_at(const struct app *); /* mono ms when it locks by itself */
bool app_works_covered(enum command_id);
void app_choose_keymap(struct app *);
void app_take_choices(struct app *); /* theme and keymap as the officer left them */

void app_take_typing(struct app *); /* as the officer left it */
void app_next_method(struct app *);
void app_choose_tone_style(struct app *);
const char *app_typing_word(const struct app *); /* "Telex", "VNI"; "" when off */

const char *app_signer_blocked(struct app *); /* as app_blocked(); "": he signs nothing */
void app_choose_mandate(struct app *);
const char *app_mandate_blocked(struct app *); /* as app_blocked(); "": nobody gave him one */
void app_drop_mandate(struct app *);

/* Why a command does nothing in a view now; NULL: it does; "": it is not there (view_ops.blocked). */
const char *app_blocked(struct app *, const struct view *, enum command_id);
/* The keys of a command in a view as help and palette show them: at most two. Returns how many. In arena. */
size_t app_keys(struct app *, const struct view *, enum command_id, struct arena *, const char *keys[static 2]);
/* The one that a sentence names: the shortest that works where the officer is. "?" for help, "Delete" … */
const char *app_key_name(struct app *, enum command_id, struct arena *);

void app_draw_status(struct app *, struct canvas *);
void app_draw_message(struct app *, struct canvas *);
void app_draw_footer(struct app *, struct canvas *);
bool app_is_small(const struct app *);
unsigned view_focus(const struct view *);

extern const struct view_ops view_question;

#endif

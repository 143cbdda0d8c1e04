/* app: the stack of views, and what they share. It draws status line, message line and keys; routes keys, texts, answers and
 * changes; never waits and never talks to the network. The loop (cli/loop.c) owns it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_APP_H
#define MOTCUA_TUI_APP_H

#include "cache/cache.h"
#include "cache/key.h"
#include "cache/outbox.h"
#include "cache/wish.h"
#include "core/ask.h"
#include "core/line.h"
#include "tui/canvas.h"
#include "tui/command.h"
#include "tui/key.h"
#include "tui/keymap.h"
#include "tui/theme.h"

struct app;
struct view;
struct view_ops;
struct view_arg;

struct app_options {
    struct env *env;
    const char *keymap_dir;  /* where the shipped keymaps lie */
    const char *server;      /* URL, for sign-in and about */
    const char *workstation; /* this machine's name */
    bool half_blocks;        /* term_half_blocks() */
    bool ascii_symbols;
    enum theme_id theme;
};
struct app_vault {         /* how the data key stands, told by the loop */
    bool pin;              /* there is one: the lock asks for it */
    bool offered;          /* the officer may set one here */
    bool required;         /* … and has to */
    bool office;           /* the office's recovery key opens too */
    bool waiting;          /* somebody is signed in, whose files wait for the PIN */
    const char *officer;   /* whose files a PIN would open, where none are open; NULL: nobody's. Copied */
    int wrong;             /* PINs so far */
    int64_t lock_after_ms; /* without a key; 0: never; -1: as the role has it */
};
struct app *app_new(const struct app_options *, struct keymap *);
void app_free(struct app **);

/* ── the loop's side ─────────────────────────────────────────────────────────────────────────────────────────────── */
/* The officer's files after sign-in (all borrowed), or NULLs when signed out: opens the first view (queues or signin). */
void app_attach(struct app *, struct cache *, struct outbox *, const char *officer);
void app_set_line(struct app *, const struct line_status *);
void app_changed(struct app *, unsigned changes); /* CACHE_*: views that depend on it load again */
void app_answer(struct app *, const struct answer *);
void app_key(struct app *, struct key *); /* takes key->text */
bool app_typing(const struct app *);      /* for input_next(): letters come at once */
void app_resize(struct app *, int rows, int cols);
bool app_draw(struct app *, struct canvas *); /* false: nothing changed since the last draw */
int64_t app_wake(const struct app *);         /* mono ms of the next tick; INT64_MAX */
void app_tick(struct app *);
bool app_next_ask(struct app *, struct ask *out); /* what views asked; the loop's to clear */
bool app_next_cancel(struct app *, uint64_t *ask);
bool app_wants_quit(const struct app *);
bool app_take_redraw(struct app *);
void app_set_vault(struct app *, const struct app_vault *);
/* Covers what is there and asks for the PIN; without one it only covers. Nothing where nobody's files could be meant. */
void app_lock(struct app *);
void app_offer_pin(struct app *, bool leaving); /* leaving: the screen is locked afterwards */
void app_uncover(struct app *);                 /* the officer is back */
bool app_is_covered(const struct app *);     /* no answer may be given to a view that is covered: they wait */
int64_t app_locked_mono(const struct app *); /* ms, when it was locked; INT64_MAX: it is not */
bool app_take_wipe(struct app *);            /* it was covered just now: nothing may stay on the terminal */
bool app_take_theme(struct app *, enum theme_id *); /* changed by the officer */
void app_net_event(struct app *, const char *key, enum command_state, bool taken_away, bool step_up,
                   const struct err *why); /* toasts */

/* ── the views' side ─────────────────────────────────────────────────────────────────────────────────────────────── */
struct cache *app_cache(struct app *); /* NULL when signed out */
struct outbox *app_outbox(struct app *);
struct env *app_env(struct app *);
const struct app_options *app_options(const struct app *);
const struct keymap *app_keymap(const struct app *);
const char *app_officer_id(struct app *);
const struct app_vault *app_vault(const struct app *);
struct pin *app_pin(struct app *); /* what is typed as a PIN now, in locked memory; the loop reads it */
int64_t app_locked_at(const struct app *);       /* server time, while it is locked */
const struct officer *app_officer(struct app *); /* the cache's record of me; NULL until the feed has it */
unsigned app_roles(struct app *);
const struct line_status *app_line(const struct app *);
/* For whom he signs and sends back in this procedure now (officer_acts_for), as he chose; NULL: for himself. Borrowed until the cache changes. */
const char *app_acts_for(struct app *, const char *procedure);
unsigned app_signer_turn(const struct app *); /* another number: another signer was chosen, ASK_SIGNER has another answer */
/* That what was said in the name of `giver` (NULL: his own) cannot be signed so any more: the mandate is over, or he chose another. */
void app_say_other_right(struct app *, const char *giver);
int64_t app_now(const struct app *);    /* server time */
int64_t app_mono(const struct app *);   /* ms */
int32_t app_offset(const struct app *); /* of my unit's zone, seconds east */
bool app_training(const struct app *);
int app_rows(const struct app *);
int app_cols(const struct app *);

bool app_open(struct app *, const struct view_ops *,
              const struct view_arg *);      /* on top; false: refused, the reason is shown */
void app_close(struct app *, struct view *); /* with every view above it */
void app_replace(struct app *, const struct view_ops *, const struct view_arg *); /* the top view by another */
void app_home(struct app *);                                                      /* back to queues */
struct view *app_top(const struct app *);
void app_quit(struct app *);
void app_sign_out(struct app *); /* asks, then ASK_SIGN_OUT */

/* Into the journal, before it is done. false: it could not be noted, so it is not done; that is said. */
bool app_note(struct app *, enum journal_kind, const char *dossier, const char *code);

/* The message line: stays until the next key that does something (or, for undo toasts, until the hold is over). */
enum toast { TOAST_NOTE, TOAST_SAVED, TOAST_ERROR };
void app_toast(struct app *, enum toast, const char *format, ...) __attribute__((format(printf, 3, 4)));
void app_toast_err(struct app *, const struct err *);
void app_refresh(struct app *);              /* something drawn changed */
bool app_text_is_pasted(const struct app *); /* in view->text(): a paste or a burst, not a key that was pressed */
/* In view->text(), into a field of words: what was typed goes through the officer's method (core/typing.h), what was pasted stays. */
struct field;
bool app_type(struct app *, struct field *, const char *utf8);

uint64_t app_ask(struct app *, struct view *,
                 struct ask *); /* the id; takes what ask points to; the answer goes to the view. Asks for the signer carry the officer's choice */
void app_cancel_ask(struct app *, uint64_t id);
void app_sync(struct app *); /* ASK_SYNC, in the place of one that is not answered yet */

/* A question sheet with numbered answers; 1 is "no", focused, what Enter and Esc do. `answered` gets 1-9. In arena copies. */
struct question {
    const char *text;           /* one or more sentences, wrapped */
    const char *const *choices; /* NULL-terminated; the first is "no" */
    void (*answered)(struct view *, int choice, void *context);
    void *context;
};
void app_question(struct app *, struct view *, const struct question *);

/* Saves what the officer wishes for these dossiers (wish_act), says so with the right toast, and marks what shows it for redrawing. */
bool app_act(struct app *, const struct wish_target *, size_t n, const struct action_request *, struct err *);
/* The same for one, in the place of the row `key` that came to no good end (wish_act_again). */
bool app_act_again(struct app *, const char *key, const struct wish_target *, const struct action_request *,
                   struct err *);
/* The newest of it, for views that wait for an online-only wish's end (batch). Copies keys; valid until the next app_act. */
size_t app_act_keys(const struct app *, const char (**keys)[UUID_TEXT]);

/* Where the officer left a thing: JSON by name, e.g. "queue:mine". Read once, then in memory; written through outbox_keep(). */
json_t *app_place(struct app *, const char *name);                 /* borrowed; NULL: none */
void app_set_place(struct app *, const char *name, json_t *value); /* takes value */

/* The unit as the status line has it: "TT. Ngãi Giao". In arena. */
char *app_unit_short(struct arena *, const char *name);

/* What the officer has put aside to be decided together (tray.h). */
struct tray *app_tray(struct app *);
void app_open_tray(struct app *); /* or the run that goes on, or whose end was not seen yet */
void app_sign_on(struct app *);   /* from a run that is over: the tray, with the question for the number */

/* Every view that can be opened by name. */
extern const struct view_ops view_signin, view_queues, view_dossiers, view_dossier, view_act, view_form,
    view_sign, view_tray, view_review, view_batch, view_outbox, view_conflict, view_help, view_palette,
    view_about, view_lock, view_pin, view_print, view_payment, view_procedures, view_signers, view_journal,
    view_drafts;

#endif

/* app_key: from a key to what it does: text for a field, a command of the view at hand, or one of the app's own. Every key has a
 * visible answer; a key that means nothing here says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/card.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/view_procedures.h"

#include <string.h>

/* ── the app's own commands ─────────────────────────────────────────────────────────────────────────────────────────── */

static void themes_answered(struct view *view, int choice, void *context)
{
    struct app *app = context;

    if (choice < 2)
        return;
    app->theme = (enum theme_id)(choice - 2);
    app->theme_changed = app->redraw = true;
    app_set_place(app, "theme", json_string(theme_name(app->theme)));
}

void app_choose_theme(struct app *app)
{
    const char *choices[] = {
        _("As it is"), _("Default"), _("Light background"), _("No colour"), _("Marker: fewest bytes"), NULL};

    app_question(
        app, app->top,
        &(struct question){
            .text = _("Which colours?"), .choices = choices, .answered = themes_answered, .context = app});
}

static void keymaps_answered(struct view *view, int choice, void *context)
{
    static const char *const names[] = {"default", "vim", "fkeys"};
    struct app *app = context;
    struct err e = {0};

    if (choice < 2)
        return;
    if (!keymap_use(app->keymap, names[choice - 2], app->options.keymap_dir, &e)) {
        app_toast_err(app, &e);
        return;
    }
    app_set_place(app, "keymap", json_string(names[choice - 2]));
    app->dirty = true;
}

void app_choose_keymap(struct app *app)
{
    const char *choices[] = {_("As it is"), _("Default: letters and F-keys"), _("vim"),
                             _("F-keys only: no letter is a command"), NULL};

    app_question(app, app->top,
                 &(struct question){
                     .text = _("Which keys?"), .choices = choices, .answered = keymaps_answered, .context = app});
}

void app_take_choices(struct app *app)
{
    const char *keymap = json_string_value(app_place(app, "keymap")),
               *theme = json_string_value(app_place(app, "theme"));

    if (keymap)
        keymap_use(app->keymap, keymap, app->options.keymap_dir, NULL);
    if (theme && theme_parse(theme, &app->theme))
        app->theme_changed = app->redraw = true;
}

static void sign_out_answered(struct view *view, int choice, void *context)
{
    struct ask ask = {.kind = ASK_SIGN_OUT};

    if (choice == 2)
        app_ask(context, NULL, &ask);
}

void app_sign_out(struct app *app)
{
    struct arena arena = {0};
    int64_t unsent = 0, stuck = 0;
    const char *choices[] = {_("No"), C_("answer", "Sign out"), NULL};

    if (app->outbox)
        outbox_counts(app->outbox, &unsent, &stuck);
    const char *text =
        app->outbox
            ? arena_format(&arena,
                           _("Sign out? %lld unsent actions are kept; only this account can send them, when it "
                             "signs in again."),
                           (long long)unsent)
            : _("Sign out? What was not sent is kept; only this account can send it, when it signs in again.");
    app_question(
        app, app->top,
        &(struct question){.text = text, .choices = choices, .answered = sign_out_answered, .context = app});
    arena_clear(&arena);
}

static void go_back(struct app *app)
{
    if (app->top->under)
        app_close(app, app->top);
    else
        app->quit = true;
}

void app_sync(struct app *app)
{
    struct ask ask = {.kind = ASK_SYNC};

    app_cancel_ask(app, app->sync_ask); /* it begins anew, and one answer is enough */
    app->sync_ask = app_ask(app, NULL, &ask);
}

/* Says how it ended where it is still said that it goes on: what came after has the line otherwise. */
void app_synced(struct app *app, const struct answer *answer)
{
    struct arena arena = {0};

    app->sync_ask = 0;
    if (!app->toast.sync)
        return;
    if (answer->err.code != ERR_NONE)
        app_toast_err(app, &answer->err);
    else
        app_toast(app, TOAST_NOTE, _("The server has answered; what is seen is of %s."),
                  word_clock(&arena, app_now(app), app_offset(app)));
    arena_clear(&arena);
}

/* Without a session there is nothing to ask with: the officer signs in first. */
static void sync_now(struct app *app)
{
    if (app->line.state == LINE_SIGN_IN) {
        app_open(app, &view_signin, NULL);
        return;
    }
    app_sync(app);
    app_toast(app, TOAST_NOTE, "%s", _("Asking the server…"));
    app->toast.sync = true;
}

static void switch_legend(struct app *app)
{
    const json_t *shown = app_place(app, "legend");

    app_set_place(app, "legend", json_boolean(shown && json_is_false(shown)));
    app->dirty = true;
}

/* Views that one opens from anywhere. Their commands say so in `more`. */
static void open_from_anywhere(struct app *app, const struct view_ops *ops, const struct view_arg *arg)
{
    if (app->top->ops != ops)
        app_open(app, ops, arg);
}

/* One that is looked at goes. */
static void open_list(struct app *app, const char *name)
{
    const struct view_arg arg = {.action = name};

    if (app->top->ops == &view_print)
        app_replace(app, &view_print, &arg);
    else
        app_open(app, &view_print, &arg);
}

/* What is taken in is chosen first; a card that was scanned comes along. */
void app_take_in(struct app *app, const char *burst)
{
    const char *why = app_blocked(app, app->top, CMD_NEW);

    if (why)
        app_toast(app, TOAST_NOTE, "%s: %s.", i18n_shown(command_info(CMD_NEW)->label), why);
    else
        app_open(app, &view_procedures, &(struct view_arg){.more = &(struct procedures_open){.burst = burst}});
}

/* What opens from anywhere with nothing but its key; NULL: another command. */
static const struct view_ops *plain_view(enum command_id id)
{
    switch (id) {
    case CMD_OUTBOX:
        return &view_outbox;
    case CMD_DRAFTS:
        return &view_drafts;
    case CMD_PROCEDURES:
        return &view_procedures;
    case CMD_JOURNAL:
        return &view_journal;
    case CMD_SIGNER:
        return &view_signers;
    default:
        return NULL;
    }
}

static enum handled officers_command(struct app *app, enum command_id id)
{
    const struct view_ops *plain = plain_view(id);
    static const char find[] = "find", find_server[] = "find_server", dropped[] = "dropped";

    if (plain) {
        open_from_anywhere(app, plain, NULL);
        return HANDLED;
    }
    switch (id) {
    case CMD_SYNC:
        sync_now(app);
        return HANDLED;
    case CMD_UNDO:
        app_undo(app);
        return HANDLED;
    case CMD_TRAY:
        app_open_tray(app);
        return HANDLED;
    case CMD_DROPPED:
        open_from_anywhere(app, &view_outbox, &(struct view_arg){.more = dropped});
        return HANDLED;
    case CMD_NEW:
        app_take_in(app, NULL);
        return HANDLED;
    case CMD_TAKINGS:
    case CMD_REGISTER:
    case CMD_HANDOVER:
        open_list(app, command_info(id)->name);
        return HANDLED;
    case CMD_QUEUES:
        app_home(app);
        return HANDLED;
    case CMD_FIND_ALL:
        app_open(app, &view_dossiers, &(struct view_arg){.queue = QUEUE_ALL, .more = find});
        return HANDLED;
    case CMD_FIND_SERVER:
        app_open(app, &view_dossiers, &(struct view_arg){.queue = QUEUE_ALL, .more = find_server});
        return HANDLED;
    case CMD_WATCH:
        app_open(app, &view_dossiers, &(struct view_arg){.queue = QUEUE_WATCH});
        return HANDLED;
    case CMD_MANDATE:
        app_choose_mandate(app);
        return HANDLED;
    case CMD_LEGEND:
        switch_legend(app);
        return HANDLED;
    case CMD_SIGN_OUT:
        app_sign_out(app);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static enum handled own_command(struct app *app, enum command_id id)
{
    switch (id) {
    case CMD_HELP:
        open_from_anywhere(app, &view_help, NULL);
        return HANDLED;
    case CMD_PALETTE:
        open_from_anywhere(app, &view_palette, NULL);
        return HANDLED;
    case CMD_BACK:
        go_back(app);
        return HANDLED;
    case CMD_LOCK:
        app_lock_key(app);
        return HANDLED;
    case CMD_REDRAW:
        app->redraw = app->dirty = true;
        return HANDLED;
    case CMD_QUIT:
        app->quit = true;
        return HANDLED;
    case CMD_THEME:
        app_choose_theme(app);
        return HANDLED;
    case CMD_KEYMAP:
        app_choose_keymap(app);
        return HANDLED;
    case CMD_INPUT_METHOD:
        app_next_method(app);
        return HANDLED;
    case CMD_TONE_STYLE:
        app_choose_tone_style(app);
        return HANDLED;
    case CMD_ABOUT:
        open_from_anywhere(app, &view_about, NULL);
        return HANDLED;
    default:
        return app->outbox ? officers_command(app, id) : NOT_HANDLED;
    }
}

/* Left and right, erasing, the ends: the prompt's own. */
static bool prompt_command(struct view *v, enum command_id id)
{
    struct field *prompt = v->ops->prompt ? v->ops->prompt(v) : NULL;

    if (!prompt || id == CMD_UP || id == CMD_DOWN || !field_command(prompt, id))
        return false;
    if (id >= CMD_ERASE && id <= CMD_ERASE_LINE && v->ops->text)
        v->ops->text(v, "");
    return true;
}

static void say_no_key(struct app *app)
{
    struct arena arena = {0};

    app_toast(app, TOAST_NOTE, _("This key is not used here. Press %s to see the keys that are."),
              app_key_name(app, CMD_HELP, &arena));
    arena_clear(&arena);
}

/* A reason is the end of a sentence, or one by itself. */
static void say_blocked(struct app *app, enum command_id id, const char *reason)
{
    app_toast(app, TOAST_NOTE, "%s: %s%s", i18n_shown(command_info(id)->label), reason,
              reason[strlen(reason) - 1] == '.' ? "" : ".");
}

void app_command(struct app *app, enum command_id id)
{
    struct view *v = app->top;
    unsigned serial = app->toast_serial;
    const char *reason =
        id == CMD_UNDO && app->outbox ? NULL : app_blocked(app, v, id); /* undo has sentences of its own */

    app->dirty = true;
    if (reason && *reason)
        say_blocked(app, id, reason);
    else if (reason)
        say_no_key(app);
    if (reason)
        return;
    if (prompt_command(v, id) || (v->ops->command && v->ops->command(v, id, app) == HANDLED) ||
        own_command(app, id) == HANDLED) {
        if (app->toast_serial == serial && !app->toast.undo)
            app_clear_toast(app);
        return;
    }
    if (id != CMD_ERASE) /* Backspace does nothing outside a field: typing tools send it */
        say_no_key(app);
}

/* ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void give_text(struct app *app, const char *text, bool pasted)
{
    struct view *v = app->top;
    struct field *prompt = v->ops->prompt ? v->ops->prompt(v) : NULL;
    bool taken = prompt || (v->ops->text && view_typing(v));

    app->dirty = true;
    if (!taken) {
        app_toast(app, TOAST_NOTE, "%s", _("Pasted text is not used here."));
        return;
    }
    if (!app->toast.undo)
        app_clear_toast(app);
    app->pasted = pasted;
    if (prompt)
        app_type(app, prompt, text);
    if (v->ops->text)
        v->ops->text(v, text);
    app->pasted = false;
}

static bool is_card(const char *text)
{
    struct arena arena = {0};
    struct card card;
    bool is = card_read(text, strlen(text), NULL, &arena, &card);

    arena_clear(&arena);
    return is;
}

/* Letters that came at once because the line had them together: an officer typed them, so they go his way of typing. */
static void give_letters(struct app *app, const char *text)
{
    size_t len = strlen(text);

    for (size_t n; len > 0 && (n = text_letter(text, len)) > 0; text += n, len -= n) {
        char *letter = mem_copy_n(text, n);
        give_text(app, letter, false);
        mem_wipe(letter, n);
        mem_free(&letter);
    }
}

/* A burst or a paste. A card's text is taken in from any view in which nothing is typed (screens.md section 3, "Bursts"). */
static void give_burst(struct app *app, const struct key *key)
{
    struct view *v = app->top;

    if (v->ops->card && v->ops->card(v, key->text))
        return;
    if (v->ops->card && !key->pasted && view_typing(v))
        give_letters(app, key->text);
    else if (!view_typing(v) && app->outbox && !app->is_covered && is_card(key->text))
        app_take_in(app, key->text);
    else
        give_text(app, key->text, true);
}

/* A letter that no default keyboard gives: an input method is on, and what it sends must never run anything. */
static bool is_marked_letter(const struct key *key)
{
    return key->name == KEY_NAME_CHAR && !key->ctrl && !key->alt && (unsigned char)key->letter[0] >= 0x80;
}

static bool is_plain_letter(const struct key *key)
{
    return key->name == KEY_NAME_CHAR && !key->ctrl && !key->alt && (unsigned char)key->letter[0] < 0x80;
}

static void unknown_key(struct app *app, const struct key *key)
{
    if (key->name == KEY_NAME_BACKSPACE)
        return; /* typing tools send it outside fields too */
    if (is_marked_letter(key)) {
        struct arena arena = {0};
        app_toast(
            app, TOAST_NOTE,
            _("A Vietnamese input method is on: the key “%s” was passed over. Switch it off or use the F-keys."),
            text_shown(&arena, key->letter));
        arena_clear(&arena);
        return;
    }
    say_no_key(app);
}

/* fkeys: a letter outside fields begins a search with it. */
static bool letter_begins_search(struct app *app, const struct key *key)
{
    struct view *v = app->top;

    if (!(is_plain_letter(key) || is_marked_letter(key)) || !keymap_letters_find(app->keymap, v->ops->name))
        return false;
    app_command(app, CMD_FIND);
    if (app->top && view_typing(app->top))
        give_text(app, key->letter, false);
    return true;
}

static void one_key(struct app *app, const struct key *key)
{
    struct view *v = app->top;
    bool letter = (is_plain_letter(key) || is_marked_letter(key) ||
                   (key->name == KEY_NAME_SPACE && !key->ctrl && !key->alt));
    unsigned focus = app_is_small(app) ? FOCUS_NONE : view_focus(v);
    enum command_id id = keymap_command(app->keymap, v->ops->name, focus, key);

    if (app_is_small(app)) {
        if ((id == CMD_BACK || id == CMD_LOCK) && !app->is_covered)
            app_command(app, id);
        return;
    }
    if (id == CMD_NONE && letter && view_typing(v))
        give_text(app, key->letter, false);
    else if (id == CMD_NONE && letter_begins_search(app, key))
        return;
    else if (id == CMD_NONE || is_marked_letter(key))
        unknown_key(app, key);
    else
        app_command(app, id);
}

void app_key(struct app *app, struct key *key)
{
    app->last_key = app_mono(app);
    if (app->top) {
        app->dirty = true;
        if (!key->text)
            one_key(app, key);
        else if (!app_is_small(app))
            give_burst(app, key);
    }
    key_clear(key);
}

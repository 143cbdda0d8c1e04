/* view_sign: see what is signed, then sign it. The statement is built once, its bytes are what is shown and what is signed; every line
 * must have stood on the screen before the last 4 characters of the code are asked for. Nothing but those typed characters signs:
 * not a letter, not Enter alone, not a paste or a scanner. A dossier that changed meanwhile is another statement, to be seen again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_sign.h"
#include "tui/form_preset.h"
#include "tui/pin_field.h"
#include "tui/sign_note.h"
#include "tui/sign_send.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTE_MAX 4000 /* contract, Action.note */

bool sign_grants(const struct sign *s)
{
    return action_of(s->action) == ACTION_APPROVE;
}

static bool build(struct sign *s, struct err *e)
{
    return sign_statement_build(&s->statement, s->app, &s->shown, sign_grants(s) ? "grant" : "refuse",
                                field_text(&s->note), e);
}

/* ── opening, loading ───────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_dossier(struct sign *s, struct err *e)
{
    if (!dossier_shown_load(&s->shown, s->app, s->id, e))
        return false;
    return s->shown.procedure ||
           err_set(e, ERR_NOT_FOUND, "%s",
                   _("The procedure of this dossier is not on this machine yet. Press r, then sign."));
}

static void say(struct sign *s, const char *sentence)
{
    snprintf(s->message, sizeof s->message, "%s", sentence);
}

static bool open_sign(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct sign *s = v->state;
    const struct form_preset *preset = arg->more;

    s->app = v->app;
    s->id = mem_copy(arg->id);
    s->action = mem_copy(arg->action);
    s->replaces = preset && preset->replaces ? mem_copy(preset->replaces) : NULL;
    s->note.max = NOTE_MAX;
    s->tail.max = SIGN_TAIL;
    if (!read_dossier(s, e))
        return false;
    bool kept;
    char *note = sign_note_first(s->app, &s->shown.d, s->action, preset, &kept);
    field_set(&s->note, note);
    free(note);
    s->noted = sign_grants(s) && !kept; /* what was typed is offered again, not signed unseen */
    s->stage = s->noted ? STAGE_READ : STAGE_NOTE;
    sign_signer_ask(&s->signer, v);
    return build(s, e);
}

/* The wish that was sent: how it stands now. Its end is told by the app; the view goes in tick(), since none may go while the app
 * goes through them. */
static void follow_wish(struct view *v)
{
    struct sign *s = v->state;
    struct arena arena = {0};
    struct command c;

    if (!outbox_get(app_outbox(s->app), s->key, &arena, &c, NULL)) {
        s->stage = STAGE_READ; /* taken away: no byte of it ever left */
        say(s, "");
    } else if (c.state == COMMAND_DONE || c.state == COMMAND_CONFLICT || c.state == COMMAND_REFUSED) {
        s->over = true;
        s->taken = c.state == COMMAND_DONE;
    } else if (c.may_have_arrived && c.state == COMMAND_DUE) {
        say(s, _("Signed; it is not known whether the system has taken it. The machine sends this very signature again; do not sign "
                 "elsewhere."));
    }
    arena_clear(&arena);
}

static bool load_sign(struct view *v, struct cache *cache, struct err *e)
{
    struct sign *s = v->state;
    int64_t version = s->shown.d.version;

    if (s->stage == STAGE_SENT) {
        follow_wish(v);
        return true;
    }
    if (s->stage == STAGE_READ)
        sign_signer_renew(&s->signer, v);
    bool here = read_dossier(s, e), same = here && s->shown.d.version == version && s->statement.bytes;

    if (same && sign_statement_right_stands(&s->statement, s->app, &s->shown))
        return sign_statement_lay_out(&s->statement, s->app, &s->shown, e); /* other columns, another minute */
    if (s->stage == STAGE_SIGNING)
        app_cancel_ask(s->app, s->ask);
    if (s->stage != STAGE_NOTE)
        s->stage = STAGE_READ;
    field_clear(&s->tail);
    say(s, "");
    if (!here) { /* nothing is left that could be signed */
        sign_statement_clear(&s->statement);
        return false;
    }
    if (same)
        app_say_other_right(s->app, s->statement.said.on_behalf_of);
    else
        app_toast(s->app, TOAST_ERROR, "%s",
                  _("The dossier changed after it was seen. Nothing was signed. See it again, then sign."));
    return build(s, e);
}

/* ── signing ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void sign_now(struct view *v)
{
    struct sign *s = v->state;
    struct ask ask = {.kind = s->signer.phone ? ASK_REMOTE_SIGN : ASK_SIGN,
                      .bytes = mem_copy_n(s->statement.bytes, s->statement.n_bytes),
                      .n = s->statement.n_bytes,
                      .pin = s->signer.asks_pin};

    s->stage = STAGE_SIGNING;
    say(s, s->signer.phone ? _("Asking the phone…")
           : s->signer.at_home
               ? _("Your own machine shows it now: read it there, type the PIN there. Esc calls it off.")
               : _("Signing…"));
    s->ask = app_ask(s->app, v, &ask);
}

static void ask_for_pin(struct sign *s)
{
    s->stage = STAGE_PIN;
    pin_clear(app_pin(s->app));
}

static void take_pin(struct view *v)
{
    struct sign *s = v->state;

    if (pin_letters(app_pin(s->app)) > 0) {
        sign_now(v);
        return;
    }
    s->stage = STAGE_READ;
    app_toast(s->app, TOAST_NOTE, "%s", _("Nothing was signed."));
}

static void confirm(struct view *v)
{
    struct sign *s = v->state;

    if (*field_text(&s->tail) && sign_tail_matches(&s->tail, s->statement.said.code)) {
        field_clear(&s->tail);
        if (s->signer.asks_pin)
            ask_for_pin(s);
        else
            sign_now(v);
        return;
    }
    app_toast(s->app, TOAST_NOTE, "%s",
              *field_text(&s->tail) ? _("These are not the last 4 characters of the code. Nothing was signed.")
                                    : _("Nothing was signed."));
    field_clear(&s->tail);
    s->stage = STAGE_READ;
}

static void signed_by(struct view *v, const struct answer *a)
{
    struct sign *s = v->state;
    struct err e = {0};

    if (!sign_statement_right_stands(&s->statement, s->app, &s->shown)) {
        app_changed(s->app, CACHE_REFERENCE);
        return;
    }
    if (!sign_send(s->app, &s->shown, &s->statement, s->action, s->replaces, a->cms, s->key, &e)) {
        s->stage = STAGE_READ;
        say(s, "");
        app_toast_err(s->app, &e);
        return;
    }
    s->stage = STAGE_SENT;
    say(s, _("Signed. Waiting for the system to take it…"));
}

static void not_signed(struct sign *s, const struct err *why)
{
    say(s, "");
    s->stage = STAGE_READ;
    if (why->code == ERR_AUTH && s->signer.asks_pin)
        ask_for_pin(s);
    app_toast_err(s->app, why);
}

static void sign_answered(struct view *v, const struct answer *a)
{
    struct sign *s = v->state;

    if (a->kind == ASK_SIGNER) {
        sign_signer_told(&s->signer, s->app, a);
        say(s, s->signer.message);
    } else if (s->stage != STAGE_SIGNING) {
        return;
    } else if (!a->final) {
        say(s, sign_signer_waits(&s->signer, s->app, a));
    } else if (a->err.code == ERR_NONE) {
        signed_by(v, a);
    } else {
        not_signed(s, &a->err);
    }
}

/* ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void take_note(struct view *v)
{
    struct sign *s = v->state;
    struct err e = {0};

    const char *note = field_text(&s->note);

    if (!sign_grants(s) && strspn(note, " ") == strlen(note)) {
        app_toast(s->app, TOAST_ERROR, _("Still missing: %s. Fill it in, then press Enter."),
                  word_need(NEED_NOTE));
        return;
    }
    if (!build(s, &e)) {
        app_toast_err(s->app, &e);
        return;
    }
    s->noted = true;
    s->stage = STAGE_READ;
}

static void submit(struct view *v)
{
    struct sign *s = v->state;

    if (s->stage == STAGE_NOTE)
        take_note(v);
    else if (!sign_statement_right_stands(&s->statement, s->app, &s->shown)) /* it ended since the last picture */
        app_changed(s->app, CACHE_REFERENCE);
    else if (s->stage == STAGE_READ)
        s->stage = STAGE_CONFIRM;
    else if (s->stage == STAGE_CONFIRM)
        confirm(v);
    else if (s->stage == STAGE_PIN)
        take_pin(v);
}

static bool step_back(struct sign *s)
{
    if (s->stage == STAGE_NOTE && s->noted && s->statement.bytes) {
        field_set(&s->note, s->statement.note); /* as it is in the statement */
        sign_note_keep(s->app, s->id, s->action, field_text(&s->note));
        s->stage = STAGE_READ;
        return true;
    }
    if (s->stage == STAGE_SIGNING && (s->signer.phone || s->signer.at_home)) {
        app_cancel_ask(s->app, s->ask); /* and there, too */
        say(s, "");
        app_toast(s->app, TOAST_NOTE, "%s", sign_signer_let_go(s->signer.phone));
    } else if (s->stage != STAGE_CONFIRM && s->stage != STAGE_PIN) {
        return false;
    }
    field_clear(&s->tail);
    pin_clear(app_pin(s->app));
    s->stage = STAGE_READ;
    return true;
}

static enum handled sign_command(struct view *v, enum command_id id, struct app *app)
{
    struct sign *s = v->state;

    if (id == CMD_SUBMIT || id == CMD_OPEN) {
        submit(v);
        return HANDLED;
    }
    if (id == CMD_BACK)
        return step_back(s) ? HANDLED : NOT_HANDLED;
    if (s->stage == STAGE_CONFIRM)
        return field_command(&s->tail, id) ? HANDLED : NOT_HANDLED;
    if (s->stage == STAGE_PIN)
        return pin_command(app_pin(app), id) ? HANDLED : NOT_HANDLED;
    if (id == CMD_NEXT_PART && s->stage == STAGE_READ) {
        s->stage = STAGE_NOTE;
        return HANDLED;
    }
    if (s->stage == STAGE_NOTE)
        return NOT_HANDLED;
    return sign_statement_scroll(&s->statement, id, sign_rows(s)) ? HANDLED : NOT_HANDLED;
}

static const char *sign_blocked(const struct view *v, enum command_id id)
{
    const struct sign *s = v->state;
    enum line_state line = app_line(s->app)->state;

    if (id == CMD_NEXT_PART && s->stage != STAGE_READ)
        return "";
    if ((id != CMD_SUBMIT && id != CMD_OPEN) || s->stage == STAGE_NOTE)
        return NULL;
    if (s->stage >= STAGE_SIGNING)
        return _("It is being signed. Wait for the answer.");
    if (line == LINE_OFFLINE || line == LINE_MAINTENANCE || line == LINE_SIGN_IN)
        return _("This needs the line. Nothing was saved or sent; do it again when the line is back.");
    if (s->stage == STAGE_READ && !sign_statement_seen_whole(&s->statement))
        return _("Every line has to be seen first: PgDn.");
    const struct officer *me = app_officer(s->app);
    if (me && !(officer_roles(me) & ROLE_BIT(ROLE_SUPERVISOR)) && !s->statement.said.on_behalf_of)
        return _("no mandate of yours covers this now");
    if (!s->signer.can_sign)
        return _("There is no signing device to sign with.");
    return NULL;
}

static bool is_typing(const struct sign *s)
{
    return s->stage == STAGE_NOTE || s->stage == STAGE_CONFIRM || s->stage == STAGE_PIN;
}

static unsigned sign_focus(const struct view *v)
{
    const struct sign *s = v->state;

    return is_typing(s) ? FOCUS_PROMPT : FOCUS_NONE;
}

static struct field *sign_prompt(struct view *v)
{
    struct sign *s = v->state;
    return s->stage == STAGE_NOTE ? &s->note : NULL;
}

static const char *sign_prompt_label(const struct view *v)
{
    return sign_grants(v->state) ? C_("statement", "Opinion") : C_("statement", "Reason");
}

static void refuse_paste(struct sign *s)
{
    app_toast(s->app, TOAST_ERROR, "%s",
              s->stage == STAGE_PIN
                  ? _("The PIN has to be typed by hand. Nothing was signed.")
                  : _("A paste or a scanner confirms nothing here. Type the 4 characters. Nothing was signed."));
    field_clear(&s->tail);
    pin_clear(app_pin(s->app));
}

/* Only keys that were pressed one by one; what came as one text, or did not fit, confirms nothing. */
static void sign_text(struct view *v, const char *text)
{
    struct sign *s = v->state;
    bool pressed = !app_text_is_pasted(s->app);

    if (s->stage == STAGE_NOTE)
        sign_note_keep(s->app, s->id, s->action, field_text(&s->note));
    if (s->stage == STAGE_CONFIRM && (!pressed || !field_insert(&s->tail, text)))
        refuse_paste(s);
    if (s->stage == STAGE_PIN && (!pressed || (*text && !pin_add(app_pin(s->app), text))))
        refuse_paste(s);
}

static int64_t sign_wake(const struct view *v)
{
    return ((const struct sign *)v->state)->over ? 0 : INT64_MAX;
}

/* Signed: back to the list. Not taken: back to the dossier, whose reason stands in the message line. */
static void sign_tick(struct view *v)
{
    const struct sign *s = v->state;
    struct view *under = v->under;
    app_close(s->app, s->taken && under && under->ops == &view_dossier && under->under ? under : v);
}

static void close_sign(struct view *v)
{
    struct sign *s = v->state;

    dossier_shown_clear(&s->shown);
    sign_statement_clear(&s->statement);
    sign_signer_clear(&s->signer);
    field_clear(&s->note);
    field_clear(&s->tail);
    if (s->stage == STAGE_PIN)
        pin_clear(app_pin(s->app));
    free(s->replaces);
    free(s->action);
    free(s->id);
}

static const enum command_id sign_commands[] = {CMD_SUBMIT,    CMD_NEXT_PART, CMD_UP,   CMD_DOWN, CMD_PAGE_UP,
                                                CMD_PAGE_DOWN, CMD_FIRST,     CMD_LAST, CMD_NONE};

const struct view_ops view_sign = {
    .name = "sign",
    .title = NC_("view", "See and sign"),
    .state_size = sizeof(struct sign),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_OUTBOX | CACHE_CLOCK,
    .commands = sign_commands,
    .open = open_sign,
    .load = load_sign,
    .answered = sign_answered,
    .draw = sign_draw,
    .message = sign_message,
    .message_first = sign_message_first,
    .command = sign_command,
    .blocked = sign_blocked,
    .focus = sign_focus,
    .prompt = sign_prompt,
    .prompt_label = sign_prompt_label,
    .text = sign_text,
    .wake = sign_wake,
    .tick = sign_tick,
    .close = close_sign,
};

/* view_sign: see what is signed, then sign it. The statement is built once, its bytes are what is shown and what is signed; every line
 * must have stood on the screen before the last 4 characters of the code are asked for. Nothing but those typed characters signs:
 * not a letter, not Enter alone, not a paste or a scanner. A dossier that changed meanwhile is another statement, to be seen again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/form_preset.h"
#include "tui/sign_lines.h"
#include "tui/view.h"

#include "core/i18n.h"
#include "core/statement.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAIL       4    /* characters of the code that are typed */
#define SHEET_ROWS 5    /* rule and four lines under the statement */
#define NOTE_MAX   4000 /* contract, Action.note */

enum stage {
    STAGE_NOTE,    /* the reason, or an opinion, is being typed */
    STAGE_READ,    /* the statement is being read */
    STAGE_CONFIRM, /* the last characters are being typed */
    STAGE_SIGNING, /* at the signer */
    STAGE_SENT,    /* the wish is in the outbox */
};
struct sign {
    struct app *app;
    char *id, *action, *replaces;
    enum stage stage;
    struct dossier_shown shown;
    char *bytes; /* the statement: shown and signed */
    size_t n_bytes;
    struct arena arena; /* the parsed statement and its lines */
    struct signing_statement statement;
    struct sign_line *lines;
    size_t n_lines, first;
    bool *seen;
    struct field note, tail;
    char *noted; /* the note that the statement was built with */
    uint64_t ask;
    struct arena signer; /* what ASK_SIGNER said */
    const char *signer_words;
    bool can_sign;
    char key[UUID_TEXT]; /* of the wish, once sent */
    bool over, taken;    /* the wish has its answer; the system took it */
    char message[512];
};

static bool grants(const struct sign *s)
{
    return action_of(s->action) == ACTION_APPROVE;
}

/* ── the statement ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A deputy signs for who gave him the mandate that holds now; a supervisor for himself. */
static const char *on_behalf_of(struct sign *s)
{
    const struct officer *me = app_officer(s->app);

    return me ? officer_acts_for(me, s->shown.d.procedure, app_now(s->app)) : NULL;
}

static void lay_out(struct sign *s)
{
    size_t before = s->n_lines;

    s->n_lines = sign_lines(s->app, &s->statement, &s->shown, app_cols(s->app), &s->arena, &s->lines);
    if (s->n_lines != before) { /* other lines than those that were seen */
        s->seen = mem_grow(s->seen, s->n_lines, sizeof *s->seen);
        memset(s->seen, 0, s->n_lines * sizeof *s->seen);
        s->first = 0;
    }
}

static bool build(struct sign *s, struct err *e)
{
    const struct statement_basis basis = {
        .dossier = &s->shown.d,
        .procedure = s->shown.procedure,
        .outcome = grants(s) ? "grant" : "refuse",
        .note = field_text(&s->note),
        .officer = app_officer_id(s->app),
        .on_behalf_of = on_behalf_of(s),
        .signed_at = app_now(s->app),
    };

    arena_reset(&s->arena);
    free(s->bytes);
    free(s->noted);
    s->noted = mem_copy(field_text(&s->note));
    s->bytes = statement_build(&basis, app_offset(s->app), &s->n_bytes);
    s->n_lines = 0;
    if (!statement_parse(s->bytes, s->n_bytes, &s->arena, &s->statement, e))
        return false;
    lay_out(s);
    return true;
}

/* ── what has been seen ─────────────────────────────────────────────────────────────────────────────────────────────── */

static size_t rows_shown(const struct sign *s)
{
    int rows = app_rows(s->app) - 4 - SHEET_ROWS;

    return rows > 1 ? (size_t)rows : 1;
}

static size_t n_seen(const struct sign *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_lines; i++)
        n += s->seen[i];
    return n;
}

static bool scroll(struct sign *s, enum command_id id)
{
    size_t shown = rows_shown(s), last = s->n_lines > shown ? s->n_lines - shown : 0;

    switch (id) {
    case CMD_UP:
        s->first -= s->first > 0;
        break;
    case CMD_DOWN:
        s->first += 1;
        break;
    case CMD_PAGE_UP:
        s->first -= s->first > shown ? shown : s->first;
        break;
    case CMD_PAGE_DOWN:
        s->first += shown;
        break;
    case CMD_FIRST:
        s->first = 0;
        break;
    case CMD_LAST:
        s->first = last;
        break;
    default:
        return false;
    }
    if (s->first > last)
        s->first = last;
    return true;
}

/* ── opening, loading ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void ask_signer(struct view *v)
{
    struct sign *s = v->state;
    struct ask ask = {.kind = ASK_SIGNER};

    s->signer_words = _("asking the signing device…");
    app_ask(s->app, v, &ask);
}

static bool open_sign(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct sign *s = v->state;
    const struct form_preset *preset = arg->more;
    const char *note;

    s->app = v->app;
    s->id = mem_copy(arg->id);
    s->action = mem_copy(arg->action);
    s->replaces = preset && preset->replaces ? mem_copy(preset->replaces) : NULL;
    s->note.max = NOTE_MAX;
    s->tail.max = TAIL;
    if (!dossier_shown_load(&s->shown, v->app, s->id, e))
        return false;
    if (!s->shown.procedure)
        return err_set(e, ERR_NOT_FOUND, "%s",
                       _("The procedure of this dossier is not on this machine yet. Press r, then sign."));
    note = preset ? preset->request.note : NULL;
    if (!note && !grants(s) && s->shown.d.proposal && strcmp(s->shown.d.proposal->outcome, "refuse") == 0)
        note = s->shown.d.proposal->note; /* the specialist's words are where the supervisor begins */
    field_set(&s->note, note ? note : "");
    s->stage = grants(s) ? STAGE_READ : STAGE_NOTE;
    ask_signer(v);
    return build(s, e);
}

static void say(struct sign *s, const char *sentence)
{
    snprintf(s->message, sizeof s->message, "%s", sentence);
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
    if (!dossier_shown_load(&s->shown, s->app, s->id, e))
        return false;
    if (!s->shown.procedure)
        return err_set(e, ERR_NOT_FOUND, "%s",
                       _("The procedure of this dossier is not on this machine yet. Press r, then sign."));
    if (s->shown.d.version == version) {
        arena_reset(&s->arena);
        if (!statement_parse(s->bytes, s->n_bytes, &s->arena, &s->statement, e))
            return false;
        lay_out(s); /* other columns, another minute */
        return true;
    }
    if (s->stage == STAGE_SIGNING)
        app_cancel_ask(s->app, s->ask);
    if (s->stage != STAGE_NOTE)
        s->stage = STAGE_READ;
    field_clear(&s->tail);
    app_toast(s->app, TOAST_ERROR, "%s",
              _("The dossier changed after it was seen. Nothing was signed. See it again, then sign."));
    return build(s, e);
}

/* ── drawing ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void draw_confirm(const struct sign *s, struct canvas *c, int row)
{
    struct sign *state = (struct sign *)s;
    const char *what = grants(s) ? C_("decision to sign", "GRANT") : C_("decision to sign", "REFUSE");
    int col = 2 + canvas_format(c, row, 2, -1, STYLE_TEXT,
                                _("Type the last 4 characters of the dossier's code to sign %s:   "), what);

    field_draw(&state->tail, c, row, col, 1, TAIL + 1, true, STYLE_TEXT);
    canvas_put(c, row + 1, 2, -1, STYLE_TEXT, _("Leave it empty and press Enter: nothing is signed."));
}

static void draw_sheet(const struct sign *s, struct canvas *c, int row)
{
    struct arena arena = {0};

    view_rule(c, row, arena_format(&arena, _("Sign with: %s"), s->signer_words));
    if (s->stage == STAGE_CONFIRM)
        draw_confirm(s, c, row + 2);
    else if (s->stage == STAGE_READ && n_seen(s) < s->n_lines)
        canvas_put(c, row + 2, 2, -1, STYLE_TEXT, _("Every line has to be seen first: PgDn."));
    else if (s->stage == STAGE_READ)
        canvas_put(c, row + 2, 2, -1, STYLE_TEXT, _("All of it was seen. Enter: to sign. Tab: another opinion."));
    arena_clear(&arena);
}

static void draw_sign(const struct view *v, struct canvas *c)
{
    struct sign *s = v->state;
    struct arena arena = {0};
    size_t rows = rows_shown(s);
    int top = view_body_row();

    if (s->stage != STAGE_NOTE) /* what stands on the screen is seen */
        for (size_t i = 0; i < rows && s->first + i < s->n_lines; i++)
            s->seen[s->first + i] = true;
    view_title(c, arena_format(&arena, _("See and sign · %s"), word_outcome(grants(s) ? "grant" : "refuse")),
               arena_format(&arena, _("seen %zu/%zu lines · version %lld"), n_seen(s), s->n_lines,
                            (long long)s->statement.version));
    for (size_t i = 0; i < rows && s->first + i < s->n_lines; i++)
        sign_line_draw(&s->lines[s->first + i], c, top + (int)i);
    canvas_cursor(c, top, 0);
    draw_sheet(s, c, view_last_row(c) - SHEET_ROWS + 1);
    arena_clear(&arena);
}

static const char *sign_message(const struct view *v)
{
    const struct sign *s = v->state;

    if (s->message[0])
        return s->message;
    return s->stage == STAGE_CONFIRM || s->stage == STAGE_READ ? _("To sign is to decide; it cannot be undone.")
                                                               : "";
}

/* ── signing ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool tail_matches(const struct sign *s)
{
    const char *code = s->statement.code, *typed = field_text(&s->tail);
    size_t n = strlen(code);

    return n >= TAIL && strlen(typed) == TAIL && strcasecmp(code + n - TAIL, typed) == 0;
}

static void sign_now(struct view *v)
{
    struct sign *s = v->state;
    struct ask ask = {.kind = ASK_SIGN, .bytes = mem_copy_n(s->bytes, s->n_bytes), .n = s->n_bytes};

    s->stage = STAGE_SIGNING;
    say(s, _("Signing…"));
    s->ask = app_ask(s->app, v, &ask);
}

static void confirm(struct view *v)
{
    struct sign *s = v->state;

    if (*field_text(&s->tail) && tail_matches(s)) {
        field_clear(&s->tail);
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
    char *statement = base64_encode(s->bytes, s->n_bytes);
    struct signature signature = {.statement = statement, .cms = a->cms};
    struct wish_target target = {.dossier = &s->shown.d, .seen = s->shown.json};
    struct action_request request;
    const char(*keys)[UUID_TEXT];

    codec_absent(&shape_action_request, &request);
    request.action = s->action;
    request.note = *s->noted ? s->noted : NULL;
    request.on_behalf_of = s->statement.on_behalf_of;
    request.signature = &signature;
    bool saved = s->replaces ? app_act_again(s->app, s->replaces, &target, &request, &e)
                             : app_act(s->app, &target, 1, &request, &e);
    free(statement);
    if (!saved) {
        s->stage = STAGE_READ;
        say(s, "");
        app_toast_err(s->app, &e);
        return;
    }
    app_act_keys(s->app, &keys);
    memcpy(s->key, keys[0], UUID_TEXT);
    s->stage = STAGE_SENT;
    say(s, _("Signed. Waiting for the system to take it…"));
}

static void signer_told(struct sign *s, const struct answer *a)
{
    arena_reset(&s->signer);
    s->can_sign = a->err.code == ERR_NONE;
    if (!s->can_sign)
        s->signer_words = arena_copy(&s->signer, _("no signing device"));
    else
        s->signer_words = arena_format(&s->signer, _("%s, valid until %s"), a->signer_name,
                                       word_day(&s->signer, instant_day(a->signer_until, app_offset(s->app))));
    say(s, a->err.text);
}

static void sign_answered(struct view *v, const struct answer *a)
{
    struct sign *s = v->state;

    if (a->kind == ASK_SIGNER) {
        signer_told(s, a);
    } else if (a->kind == ASK_SIGN && s->stage == STAGE_SIGNING) {
        if (a->err.code == ERR_NONE) {
            signed_by(v, a);
            return;
        }
        s->stage = STAGE_READ;
        say(s, "");
        app_toast_err(s->app, &a->err);
    }
}

/* ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void take_note(struct view *v)
{
    struct sign *s = v->state;
    struct err e = {0};

    if (!grants(s) && !*field_text(&s->note)) {
        app_toast(s->app, TOAST_ERROR, _("Still missing: %s. Fill it in, then press Enter."),
                  word_need(NEED_NOTE));
        return;
    }
    if (!build(s, &e))
        app_toast_err(s->app, &e);
    s->stage = STAGE_READ;
}

static void submit(struct view *v)
{
    struct sign *s = v->state;

    if (s->stage == STAGE_NOTE)
        take_note(v);
    else if (s->stage == STAGE_READ)
        s->stage = STAGE_CONFIRM;
    else if (s->stage == STAGE_CONFIRM)
        confirm(v);
}

static bool step_back(struct sign *s)
{
    if (s->stage == STAGE_CONFIRM || (s->stage == STAGE_NOTE && grants(s))) {
        field_clear(&s->tail);
        s->stage = STAGE_READ;
        return true;
    }
    return false;
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
    if (id == CMD_NEXT_PART && s->stage == STAGE_READ) {
        s->stage = STAGE_NOTE;
        return HANDLED;
    }
    if (s->stage == STAGE_NOTE)
        return NOT_HANDLED;
    return scroll(s, id) ? HANDLED : NOT_HANDLED;
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
    if (s->stage == STAGE_READ && n_seen(s) < s->n_lines)
        return _("Every line has to be seen first: PgDn.");
    if (!s->can_sign)
        return _("There is no signing device to sign with.");
    return NULL;
}

static unsigned sign_focus(const struct view *v)
{
    const struct sign *s = v->state;

    return s->stage == STAGE_CONFIRM || s->stage == STAGE_NOTE ? FOCUS_PROMPT : FOCUS_NONE;
}

static struct field *sign_prompt(struct view *v)
{
    struct sign *s = v->state;

    return s->stage == STAGE_NOTE ? &s->note : NULL;
}

static const char *sign_prompt_label(const struct view *v)
{
    return grants(v->state) ? C_("statement", "Opinion") : C_("statement", "Reason");
}

/* Only keys that were pressed one by one; what came as one text, or did not fit, confirms nothing. */
static void sign_text(struct view *v, const char *text)
{
    struct sign *s = v->state;

    if (s->stage != STAGE_CONFIRM)
        return;
    if (!app_text_is_pasted(s->app) && field_insert(&s->tail, text))
        return;
    field_clear(&s->tail);
    app_toast(s->app, TOAST_ERROR, "%s",
              _("A paste or a scanner confirms nothing here. Type the 4 characters. Nothing was signed."));
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
    arena_clear(&s->arena);
    arena_clear(&s->signer);
    field_clear(&s->note);
    field_clear(&s->tail);
    if (s->bytes)
        mem_wipe(s->bytes, s->n_bytes);
    free(s->bytes);
    free(s->noted);
    free(s->seen);
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
    .draw = draw_sign,
    .message = sign_message,
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

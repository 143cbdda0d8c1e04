/* view_review: a statement from the tray, seen line by line as in view_sign; at its end a digit decides, and the next opens. It signs
 * nothing. Another decision, another note or a dossier that changed is another statement, to be seen again; Enter decides nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view.h"
#include "tui/act_rows.h"
#include "tui/form_parts.h"
#include "tui/sign_note.h"
#include "tui/tray.h"
#include "tui/view_pick.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define SHEET_ROWS 5    /* rule and four lines under the statement */
#define NOTE_MAX   4000 /* contract, Action.note */

struct review {
    struct app *app;
    char *id;
    enum tray_decision built;  /* what the statement says: GRANT or REFUSE */
    enum tray_decision noting; /* whose note is being typed; OPEN: none is */
    struct dossier_shown shown;
    struct sign_statement statement;
    struct field note;
};

static const char *outcome(enum tray_decision decision)
{
    return decision == TRAY_GRANT ? "grant" : "refuse";
}

static bool build(struct review *r, enum tray_decision decision, const char *note, struct err *e)
{
    r->built = decision;
    return sign_statement_build(&r->statement, r->app, &r->shown, outcome(decision), note, e);
}

static size_t rows_shown(const struct review *r)
{
    int rows = app_rows(r->app) - 4 - SHEET_ROWS;

    return rows > 1 ? (size_t)rows : 1;
}

static size_t place(const struct review *r)
{
    const struct tray *tray = app_tray(r->app);
    size_t i = 0;

    while (i < tray->n && strcmp(tray->rows[i].id, r->id) != 0)
        i++;
    return i;
}

/* ── opening, loading ───────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_dossier(struct review *r, struct err *e)
{
    if (!dossier_shown_load(&r->shown, r->app, r->id, e))
        return false;
    return r->shown.procedure ||
           err_set(e, ERR_NOT_FOUND, "%s",
                   _("The procedure of this dossier is not on this machine yet. Press r, then sign."));
}

/* As it was decided, else as it was proposed, with what was typed before or the specialist's reason. */
static bool build_first(struct review *r, const struct tray_row *row, struct err *e)
{
    const struct proposal *p = r->shown.d.proposal;
    enum tray_decision decision = p && strcmp(p->outcome, "refuse") == 0 ? TRAY_REFUSE : TRAY_GRANT;
    bool decided = row->decision == TRAY_GRANT || row->decision == TRAY_REFUSE, kept;

    if (decided)
        return build(r, row->decision, row->note, e);
    char *note = sign_note_first(r->app, &r->shown.d, tray_action(decision), NULL, &kept);
    bool ok = build(r, decision, note, e);
    free(note);
    return ok;
}

static bool open_review(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct review *r = v->state;
    const struct tray_row *row = tray_find(app_tray(v->app), arg->id);

    r->app = v->app;
    r->id = mem_copy(arg->id);
    r->note.max = NOTE_MAX;
    app_tray(v->app)->focus = place(r);
    return row && read_dossier(r, e) && build_first(r, row, e);
}

static bool load_review(struct view *v, struct cache *cache, struct err *e)
{
    struct review *r = v->state;
    int64_t version = r->shown.d.version;
    bool here = read_dossier(r, e), same = here && r->shown.d.version == version && r->statement.bytes;

    if (same && sign_statement_right_stands(&r->statement, r->app, &r->shown))
        return sign_statement_lay_out(&r->statement, r->app, &r->shown, e); /* other columns, another minute */
    r->noting = TRAY_OPEN;
    if (!here) {
        sign_statement_clear(&r->statement);
        return false;
    }
    if (same)
        app_say_other_right(r->app, r->statement.said.on_behalf_of);
    else
        app_toast(r->app, TOAST_ERROR, "%s",
                  _("The dossier changed after it was seen. Nothing was signed. See it again, then sign."));
    char *note = mem_copy(r->statement.note ? r->statement.note : "");
    bool ok = build(r, r->built, note, e);
    free(note);
    return ok;
}

/* ── drawing ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void draw_choices(const struct review *r, struct canvas *c, int row)
{
    if (!sign_statement_seen_whole(&r->statement)) {
        canvas_put(c, row, 2, -1, STYLE_TEXT, _("Every line has to be seen first: PgDn."));
        return;
    }
    canvas_put(c, row, 2, -1, STYLE_TEXT, _("1 Grant   2 Send back…   0 Refuse…   . pass over, for later"));
    canvas_put(c, row + 1, 2, -1, STYLE_WEAK,
               _("Tab: another opinion. What is decided is signed from the tray, with F9."));
}

static const char *title(const struct review *r, struct arena *arena)
{
    const char *giver = r->statement.said.on_behalf_of, *word = word_outcome(outcome(r->built));
    size_t i = place(r) + 1, n = app_tray(r->app)->n;

    return giver ? arena_format(arena, _("Tray %zu/%zu · %s · on behalf of %s"), i, n, word,
                                text_shown(arena, cache_officer_name(app_cache(r->app), giver)))
                 : arena_format(arena, _("Tray %zu/%zu · %s"), i, n, word);
}

static void draw_review(const struct view *v, struct canvas *c)
{
    struct review *r = v->state;
    struct arena arena = {0};
    int top = view_body_row(), sheet = view_last_row(c) - SHEET_ROWS + 1;
    const struct tray_row *row = tray_find(app_tray(r->app), r->id);

    sign_statement_draw(&r->statement, c, top, rows_shown(r), r->noting == TRAY_OPEN);
    view_title(c, title(r, &arena),
               arena_format(&arena, _("seen %zu/%zu lines · version %lld"), sign_statement_seen(&r->statement),
                            r->statement.n_lines, (long long)r->statement.said.version));
    canvas_cursor(c, top, 0);
    view_rule(c, sheet,
              row && row->decision != TRAY_OPEN
                  ? arena_format(&arena, _("Decided: %s"), tray_decision_word(row->decision))
                  : _("Not decided yet"));
    if (r->noting == TRAY_OPEN)
        draw_choices(r, c, sheet + 2);
    else
        canvas_put(c, sheet + 2, 2, -1, STYLE_TEXT, _("F3: a reason that is often given. Enter: take it."));
    arena_clear(&arena);
}

/* ── deciding ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The next one behind it that is not decided; else the tray. `v` is gone after it. */
static void go_on(struct view *v)
{
    struct review *r = v->state;
    struct app *app = r->app;
    const struct tray *tray = app_tray(app);
    size_t i = place(r) + 1;

    while (i < tray->n && tray->rows[i].decision != TRAY_OPEN)
        i++;
    if (i >= tray->n) {
        app_close(app, v);
        return;
    }
    char *id = mem_copy(tray->rows[i].id);
    app_replace(app, &view_review, &(struct view_arg){.id = id});
    free(id);
}

/* The server has the last word, but what it said before need not wait until then. */
static void warn(struct review *r, enum tray_decision decision)
{
    struct act_rows rows = {0};
    const char *action = tray_action(decision);
    struct err e = {0};

    if (act_rows_read(&rows, r->app, app_top(r->app), (const char *const[]){r->id}, 1, &e) &&
        !act_rows_find(&rows, action))
        for (size_t i = 0; i < rows.n; i++)
            if (strcmp(rows.items[i].action, action) == 0 && rows.items[i].reason)
                app_toast(r->app, TOAST_ERROR, _("%s: the system will not take it: %s."), rows.items[i].label,
                          rows.items[i].reason);
    act_rows_clear(&rows);
}

static void decide(struct view *v, enum tray_decision decision, const char *note)
{
    struct review *r = v->state;
    struct tray_row *row = tray_find(app_tray(r->app), r->id);

    if (row) {
        tray_see(row, r->shown.d.version);
        tray_decide(row, decision, note, &r->statement);
        warn(r, decision);
    }
    go_on(v);
}

static void begin_note(struct review *r, enum tray_decision decision)
{
    bool kept, same = decision == r->built;
    char *note = sign_note_first(r->app, &r->shown.d, tray_action(decision), NULL, &kept);

    field_set(&r->note, same ? r->statement.note : note);
    r->noting = decision;
    free(note);
}

static bool is_blank(const char *note)
{
    return strspn(note, " ") == strlen(note);
}

/* Another statement: none of it was seen. */
static void rebuild(struct review *r, enum tray_decision decision, const char *note)
{
    struct err e = {0};

    if (!build(r, decision, note, &e))
        app_toast_err(r->app, &e);
    else
        app_toast(r->app, TOAST_NOTE, "%s",
                  _("Another decision or opinion is another statement: see all of it, then decide."));
}

static void choose(struct view *v, enum tray_decision decision)
{
    struct review *r = v->state;

    if (decision == TRAY_REWORK || (decision == TRAY_REFUSE && r->built != TRAY_REFUSE) ||
        (decision == TRAY_REFUSE && is_blank(r->statement.note))) {
        begin_note(r, decision);
    } else if (decision == r->built) {
        decide(v, decision, r->statement.note);
    } else {
        rebuild(r, decision, "");
    }
}

static void take_note(struct view *v)
{
    struct review *r = v->state;
    enum tray_decision decision = r->noting;
    const char *note = field_text(&r->note);

    if (decision != TRAY_GRANT && is_blank(note)) {
        app_toast(r->app, TOAST_ERROR, _("Still missing: %s. Fill it in, then press Enter."),
                  word_need(NEED_NOTE));
        return;
    }
    r->noting = TRAY_OPEN;
    if (decision == TRAY_REWORK)
        decide(v, decision, note);
    else if (decision != r->built || strcmp(note, r->statement.note) != 0)
        rebuild(r, decision, note);
}

/* ── the note ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void keep_note(struct review *r)
{
    sign_note_keep(r->app, r->id, tray_action(r->noting), field_text(&r->note));
}

/* Templates are asked of a form; one with nothing but the note will do. */
static const char *const *templates(struct review *r, struct arena *arena)
{
    struct form form = {.action = tray_action(r->noting)};
    struct form_part part = {.need = NEED_NOTE};

    return form_templates(arena, &form, &part, r->app, &r->shown.d, r->shown.procedure);
}

static void picked(struct view *v, size_t item)
{
    struct review *r = v->state;
    struct arena arena = {0};
    const char *const *items = templates(r, &arena);

    field_set(&r->note, items[item]);
    keep_note(r);
    arena_clear(&arena);
}

static void pick_template(struct view *v)
{
    struct arena arena = {0};
    const char *const *items = templates(v->state, &arena);

    if (items[0])
        view_pick_open(v, &(struct pick){.title = C_("statement", "Reason"), .items = items, .picked = picked});
    else
        app_toast(v->app, TOAST_NOTE, "%s", _("There are no templates for it."));
    arena_clear(&arena);
}

/* ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static enum handled note_command(struct view *v, enum command_id id)
{
    struct review *r = v->state;

    switch (id) {
    case CMD_SUBMIT:
        take_note(v);
        return HANDLED;
    case CMD_FIND:
        pick_template(v);
        return HANDLED;
    case CMD_BACK:
        r->noting = TRAY_OPEN;
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static enum handled review_command(struct view *v, enum command_id id, struct app *app)
{
    struct review *r = v->state;

    if (r->noting != TRAY_OPEN)
        return note_command(v, id);
    switch (id) {
    case CMD_CHOOSE_1:
        choose(v, TRAY_GRANT);
        return HANDLED;
    case CMD_CHOOSE_2:
        choose(v, TRAY_REWORK);
        return HANDLED;
    case CMD_CHOOSE_0:
        choose(v, TRAY_REFUSE);
        return HANDLED;
    case CMD_NEXT_ITEM:
        go_on(v);
        return HANDLED;
    case CMD_NEXT_PART:
        begin_note(r, r->built);
        return HANDLED;
    default:
        return sign_statement_scroll(&r->statement, id, rows_shown(r)) ? HANDLED : NOT_HANDLED;
    }
}

static const char *review_blocked(const struct view *v, enum command_id id)
{
    const struct review *r = v->state;
    bool noting = r->noting != TRAY_OPEN;

    switch (id) {
    case CMD_FIND:
        return noting ? NULL : "";
    case CMD_CHOOSE_1:
    case CMD_CHOOSE_2:
    case CMD_CHOOSE_0:
        return sign_statement_seen_whole(&r->statement) ? NULL : _("Every line has to be seen first: PgDn.");
    case CMD_NEXT_PART:
    case CMD_NEXT_ITEM:
        return noting ? "" : NULL;
    case CMD_SUBMIT:
        return noting ? NULL : _("here a number decides: 1, 2 or 0");
    default:
        return NULL;
    }
}

static unsigned review_focus(const struct view *v)
{
    return ((const struct review *)v->state)->noting != TRAY_OPEN ? FOCUS_PROMPT : FOCUS_NUMBER;
}

static struct field *review_prompt(struct view *v)
{
    struct review *r = v->state;

    return r->noting != TRAY_OPEN ? &r->note : NULL;
}

static const char *review_prompt_label(const struct view *v)
{
    return ((const struct review *)v->state)->noting == TRAY_GRANT ? C_("statement", "Opinion")
                                                                   : C_("statement", "Reason");
}

static void review_text(struct view *v, const char *text)
{
    struct review *r = v->state;

    if (r->noting != TRAY_OPEN)
        keep_note(r);
}

static void close_review(struct view *v)
{
    struct review *r = v->state;
    struct tray_row *row = r->id ? tray_find(app_tray(r->app), r->id) : NULL;

    if (row && sign_statement_seen_whole(&r->statement))
        tray_see(row, r->statement.said.version);
    dossier_shown_clear(&r->shown);
    sign_statement_clear(&r->statement);
    field_clear(&r->note);
    free(r->id);
}

static const enum command_id review_commands[] = {
    CMD_SUBMIT,    CMD_FIND,  CMD_NEXT_ITEM, CMD_NEXT_PART, CMD_UP,       CMD_DOWN,     CMD_PAGE_UP,
    CMD_PAGE_DOWN, CMD_FIRST, CMD_LAST,      CMD_CHOOSE_1,  CMD_CHOOSE_2, CMD_CHOOSE_0, CMD_NONE};

const struct view_ops view_review = {
    .name = "sign",
    .title = NC_("view", "See and decide"),
    .state_size = sizeof(struct review),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_CLOCK,
    .commands = review_commands,
    .open = open_review,
    .load = load_review,
    .draw = draw_review,
    .command = review_command,
    .blocked = review_blocked,
    .focus = review_focus,
    .prompt = review_prompt,
    .prompt_label = review_prompt_label,
    .text = review_text,
    .close = close_review,
};

/* view_batch: how several wishes that were made together come out, one row each, until all are answered; and how a run from the tray goes,
 * which asks for its PIN here. It can be left: the rows live in the outbox, the run is the app's. What is stuck is mended in the outbox.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/dossier_parts.h"
#include "tui/outbox_parts.h"
#include "tui/page.h"
#include "tui/pin_field.h"
#include "tui/tray_run.h"
#include "tui/view.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define CODE_COL   5
#define CODE_WIDTH 10
#define NAME_COL   16
#define NAME_WIDTH 16
#define WHAT_COL   33
#define WHAT_WIDTH 9
#define STATE_COL  43
#define BAR_WIDTH  60

struct batch_row {
    char key[UUID_TEXT];
    struct command wish;       /* in the arena */
    bool known;                /* false: taken away, since no byte of it ever left; or none yet (run) */
    const struct run_row *run; /* NULL: of no run. Until the next load */
};
struct batch {
    struct arena arena;
    struct batch_row *rows;
    size_t n, done; /* done: answered, whatever the answer */
    struct scroll scroll;
    bool signing; /* a signature is among them */
    bool is_run;  /* of the tray: its rows are read anew each time */
    int shown;    /* rows of the list that fit; kept by draw */
    char message[768];
};

static const struct tray_run *run_of(const struct batch *b, struct app *app)
{
    return b->is_run ? app_tray(app)->run : NULL;
}

static bool asks_pin(const struct view *v)
{
    const struct tray_run *run = run_of(v->state, v->app);

    return run && run->stage == RUN_PIN;
}

static void read_run(struct batch *b, const struct tray_run *run)
{
    b->n = run->n;
    b->rows = mem_grow(b->rows, b->n ? b->n : 1, sizeof *b->rows);
    for (size_t i = 0; i < b->n; i++) {
        b->rows[i] = (struct batch_row){.run = &run->rows[i]};
        memcpy(b->rows[i].key, run->rows[i].key, UUID_TEXT);
    }
}

/* The wishes with these keys; none named: the tray's run. */
static bool open_batch(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct batch *b = v->state;

    b->shown = 1;
    b->is_run = !arg->ids;
    if (b->is_run)
        return run_of(b, v->app) != NULL;
    while (arg->ids && arg->ids[b->n])
        b->n++;
    b->rows = mem_grow(NULL, b->n ? b->n : 1, sizeof *b->rows);
    for (size_t i = 0; arg->ids && i < b->n; i++) {
        b->rows[i] = (struct batch_row){0};
        memcpy(b->rows[i].key, arg->ids[i], UUID_TEXT);
    }
    return b->n > 0;
}

static bool is_answered(const struct batch_row *row)
{
    if (row->run && row->run->state != RUN_SENT)
        return row->run->state == RUN_FAILED || row->run->state == RUN_LEFT;
    return !row->known || row->wish.state >= COMMAND_DONE;
}

static const char *key_of(struct app *app, enum command_id id, struct arena *arena)
{
    return keymap_keys(app_keymap(app), "batch", FOCUS_ROW, id, true, arena);
}

/* Its code stands where no toast covers it. */
static bool waits_for_phone(const struct tray_run *run)
{
    return run->phone && run->stage == RUN_GOES && run->message[0];
}

static void say_run(struct batch *b, const struct tray_run *run)
{
    b->message[0] = '\0';
    if (run->message[0] && !waits_for_phone(run))
        snprintf(b->message, sizeof b->message, "%s", run->message);
    for (size_t i = 0; i < run->n && !b->message[0]; i++)
        if (run->rows[i].state == RUN_SIGNS)
            snprintf(b->message, sizeof b->message, _("Signing no. %zu…"), i + 1);
    if (!b->message[0] && b->done == b->n)
        snprintf(b->message, sizeof b->message, "%s", _("All of them are answered."));
}

static void say_progress(struct batch *b, struct app *app)
{
    size_t sending = b->n;

    if (run_of(b, app)) {
        say_run(b, run_of(b, app));
        return;
    }
    for (size_t i = 0; i < b->n && sending == b->n; i++)
        if (b->rows[i].known && b->rows[i].wish.state == COMMAND_SENDING)
            sending = i;
    b->message[0] = '\0';
    if (sending < b->n)
        snprintf(b->message, sizeof b->message, b->signing ? _("Signing no. %zu…") : _("Sending no. %zu…"),
                 sending + 1);
    else if (b->done == b->n)
        snprintf(b->message, sizeof b->message, "%s", _("All of them are answered."));
    else if (outbox_can_undo(app_outbox(app)))
        snprintf(b->message, sizeof b->message,
                 _("Saved on this machine. Press %s to undo all of it within 10 seconds."),
                 key_of(app, CMD_UNDO, &b->arena));
}

static bool load_batch(struct view *v, struct cache *cache, struct err *e)
{
    struct batch *b = v->state;

    arena_reset(&b->arena);
    b->done = 0;
    b->signing = b->is_run;
    if (run_of(b, v->app))
        read_run(b, run_of(b, v->app));
    for (size_t i = 0; i < b->n; i++) {
        struct batch_row *row = &b->rows[i];
        struct err gone = {.code = ERR_NOT_FOUND};
        row->known = *row->key && outbox_get(app_outbox(v->app), row->key, &b->arena, &row->wish, &gone);
        if (!row->known && gone.code != ERR_NOT_FOUND) {
            *e = gone;
            return false;
        }
        b->signing = b->signing || (row->known && outbox_is_signature(&row->wish));
        b->done += is_answered(row);
    }
    say_progress(b, v->app);
    return true;
}

/* "Đồng ý", "Từ chối", "Trả lại": what is decided; of anything else its label. */
static const char *what(const struct command *c)
{
    switch (action_of(c->action)) {
    case ACTION_APPROVE:
        return tray_decision_word(TRAY_GRANT);
    case ACTION_REFUSE_RESULT:
        return tray_decision_word(TRAY_REFUSE);
    case ACTION_REWORK:
        return tray_decision_word(TRAY_REWORK);
    default:
        return word_action_short(c->action);
    }
}

static char *when_taken(struct app *app, struct arena *arena, int64_t t)
{
    struct civil c = instant_civil(t, app_offset(app));

    return arena_format(arena, "%02d:%02d:%02d", c.hour, c.minute, c.second);
}

/* Of a row that is no wish. */
static char *run_result(struct app *app, struct arena *arena, const struct run_row *row, int columns)
{
    switch (row->state) {
    case RUN_SIGNS:
        return arena_copy(arena, app_tray(app)->run->phone     ? _("waiting for the phone")
                                 : app_tray(app)->run->at_home ? _("waiting for your own machine")
                                                               : _("being signed…"));
    case RUN_FAILED:
        return text_cut(arena, arena_format(arena, "× %s", word_inside(arena, text_shown(arena, row->why))),
                        columns);
    case RUN_LEFT:
        return text_cut(arena, _("not signed, still in the tray"), columns);
    default:
        return arena_copy(arena, _("waits for its turn"));
    }
}

static char *result(struct app *app, struct arena *arena, const struct batch_row *row, int columns)
{
    const struct command *c = &row->wish;
    bool signature = row->known && outbox_is_signature(c);
    struct problem problem;

    if (!row->known && row->run)
        return run_result(app, arena, row->run, columns);
    if (!row->known)
        return text_cut(arena, _("not sent: it needs the line"), columns);
    if (c->state == COMMAND_DONE)
        return arena_format(arena,
                            signature ? _("signed, the system took it %s") : _("sent, the system took it %s"),
                            when_taken(app, arena, c->ended_at));
    if (c->state == COMMAND_SENDING)
        return arena_copy(arena, signature ? _("being signed…") : _("being sent…"));
    if (c->state == COMMAND_REFUSED && outbox_problem(arena, c, &problem) && problem.title)
        return text_cut(
            arena, arena_format(arena, _("× refused: %s"), word_inside(arena, text_shown(arena, problem.title))),
            columns);
    if (c->state == COMMAND_DUE && c->may_have_arrived)
        return text_cut(arena, _("? result not known, being asked again"), columns);
    return text_cut(arena,
                    arena_format(arena, "%s %s", sync_mark_text(command_mark(c)),
                                 outbox_state(app, arena, c, columns - 2)),
                    columns);
}

static void draw_row(const struct view *v, struct canvas *c, int at, size_t i, struct arena *arena)
{
    const struct batch *b = v->state;
    const struct batch_row *row = &b->rows[i];
    bool focused = i == b->scroll.focus;
    enum style style = focused ? STYLE_FOCUS : STYLE_TEXT;

    canvas_format(c, at, 0, CODE_COL, style, "%s%3zu ", focused ? ">" : " ", i + 1);
    const char *code = row->run     ? row->run->code
                       : row->known ? row->wish.code
                                    : "",
               *name = row->run     ? row->run->name
                       : row->known ? row->wish.name
                                    : "",
               *does = row->run     ? tray_decision_word(row->run->decision)
                       : row->known ? what(&row->wish)
                                    : "";
    canvas_put(c, at, CODE_COL, CODE_WIDTH, style, text_code(arena, code ? code : "", CODE_WIDTH));
    if (focused)
        canvas_cursor(c, at, 0);
    canvas_put(c, at, NAME_COL, NAME_WIDTH, STYLE_TEXT, text_cut(arena, text_shown(arena, name), NAME_WIDTH));
    canvas_put(c, at, WHAT_COL, WHAT_WIDTH, STYLE_TEXT, text_cut(arena, text_shown(arena, does), WHAT_WIDTH));
    canvas_put(c, at, STATE_COL, -1, STYLE_TEXT, result(v->app, arena, row, c->cols - STATE_COL - 1));
}

static void draw_bar(const struct view *v, struct canvas *c, int at)
{
    const struct batch *b = v->state;
    const struct tray_run *run = run_of(b, v->app);
    int seconds = run ? tray_run_seconds(run, app_mono(v->app)) : 0;
    int width = c->cols - 20 < BAR_WIDTH ? c->cols - 20 : BAR_WIDTH;
    int full = (int)((size_t)width * b->done / b->n);

    canvas_fill(c, at, 1, full, STYLE_TEXT, "█");
    canvas_fill(c, at, 1 + full, width - full, STYLE_WEAK, "░");
    if (seconds > 0)
        canvas_format(c, at, 1 + width + 2, -1, STYLE_TEXT, _(" %zu/%zu, ~%d s left"), b->done, b->n, seconds);
    else
        canvas_format(c, at, 1 + width + 2, -1, STYLE_TEXT, " %zu/%zu", b->done, b->n);
}

/* Here a signature's own: shorter than in the outbox, since rows of one signing have them in common. */
static const char *trouble(struct app *app, struct arena *arena, const struct command *wish)
{
    struct problem problem;

    if (!outbox_is_signature(wish))
        return outbox_sentence(app, arena, wish, false);
    if (command_mark(wish) == MARK_UNKNOWN)
        return _("No answer came after the signature was sent. The same words are sent again; if the system took them, "
                 "nothing is done twice. Do not sign this dossier again elsewhere.");
    if (wish->state == COMMAND_REFUSED && outbox_problem(arena, wish, &problem) &&
        strcmp(problem_name(&problem), "four-eyes") == 0)
        return _("Who proposed and who signs have to be two people. Pass it to somebody else to sign.");
    return outbox_sentence(app, arena, wish, false);
}

/* So that another sentence can follow it. */
static const char *without_stop(struct arena *arena, const char *sentence)
{
    size_t n = strlen(sentence);

    return text_shown(arena, arena_copy_n(arena, sentence, n && sentence[n - 1] == '.' ? n - 1 : n));
}

static void write_ways_on(const struct view *v, struct page *page)
{
    const struct tray_run *run = run_of(v->state, v->app);
    const char *back = key_of(v->app, CMD_BACK, &page->arena), *tray = key_of(v->app, CMD_TRAY, &page->arena);

    page_next(page);
    if (!run) {
        page_text(page, 1, STYLE_WEAK,
                  arena_format(&page->arena,
                               _("%s: leave the screen, the work goes on; it is found again in the outbox (%s)."),
                               back, key_of(v->app, CMD_OUTBOX, &page->arena)));
    } else if (run->stage == RUN_OVER) {
        page_text(page, 1, STYLE_WEAK,
                  arena_format(&page->arena, _("%s: the tray, with what is not signed."), tray));
    } else {
        page_text(page, 1, STYLE_WEAK,
                  arena_format(&page->arena, _("%s: leave the screen, the work goes on; back to it with %s."),
                               back, tray));
        page_text(page, 1, STYLE_WEAK,
                  arena_format(
                      &page->arena,
                      _("%s: stop after the dossier that is being signed; those not signed stay in the tray."),
                      key_of(v->app, CMD_ACT, &page->arena)));
    }
}

/* Each row that came to no good end, in a sentence: what happened, what is safe, what to do. */
static void write_troubles(const struct view *v, struct page *page)
{
    const struct batch *b = v->state;

    for (size_t i = 0; i < b->n; i++) {
        const struct command *wish = &b->rows[i].wish;
        enum sync_mark mark = b->rows[i].known ? command_mark(wish) : MARK_NONE;
        if (b->rows[i].run && b->rows[i].run->state == RUN_FAILED) {
            char *number = arena_format(&page->arena, _("No. %zu: "), i + 1);
            page_fact(page, 1, text_width(number), number,
                      arena_format(&page->arena, _("%s. Nothing was decided; it stays in the tray."),
                                   without_stop(&page->arena, b->rows[i].run->why)));
        }
        if (mark != MARK_UNKNOWN && mark != MARK_CONFLICT && mark != MARK_REFUSED)
            continue;
        char *label = arena_format(&page->arena, _("No. %zu: "), i + 1);
        page_fact(page, 1, text_width(label), label, trouble(v->app, &page->arena, wish));
    }
    write_ways_on(v, page);
}

static void draw_batch(const struct view *v, struct canvas *c)
{
    struct batch *b = v->state;
    struct arena arena = {0};
    struct tray_run *run = b->is_run ? app_tray(v->app)->run : NULL;
    int top = view_body_row() + 1, last = view_last_row(c);
    int most = (last - top + 1) / 2 + 2;

    view_title(
        c, arena_format(&arena, b->signing ? _("Signing · %zu dossiers") : _("Sending · %zu dossiers"), b->n),
        arena_format(&arena, _("done %zu/%zu"), b->done, b->n));
    canvas_put(c, view_body_row(), 3, -1, STYLE_TITLE, "#");
    canvas_put(c, view_body_row(), CODE_COL, -1, STYLE_TITLE, C_("column", "Code"));
    canvas_put(c, view_body_row(), NAME_COL, -1, STYLE_TITLE, C_("column", "Applicant"));
    canvas_put(c, view_body_row(), WHAT_COL, -1, STYLE_TITLE, C_("column", "Work"));
    canvas_put(c, view_body_row(), STATE_COL, -1, STYLE_TITLE, C_("column", "Result"));
    b->shown = (int)b->n < most ? (int)b->n : most;
    scroll_fit(&b->scroll, b->n, (size_t)b->shown);
    for (int i = 0; i < b->shown; i++)
        draw_row(v, c, top + i, b->scroll.first + (size_t)i, &arena);
    int at = top + b->shown + 1;
    draw_bar(v, c, at);
    at += 2;
    struct page page = page_new(c, at, 0, last - at + 1, c->cols, 0);
    if (run && waits_for_phone(run)) {
        page_text(&page, 1, STYLE_TEXT, run->message);
        page_next(&page);
    }
    write_troubles(v, &page);
    page_end(&page);
    if (run && run->stage == RUN_OVER)
        run->told = true;
    if (asks_pin(v)) {
        view_rule(c, last - 4, _("The PIN for this run"));
        sign_signer_draw_pin(v->app, c, last - 2);
    }
    arena_clear(&arena);
}

static const char *batch_message(const struct view *v)
{
    return ((const struct batch *)v->state)->message;
}

static void open_row(struct view *v)
{
    const struct batch *b = v->state;
    const struct batch_row *row = &b->rows[b->scroll.focus];

    if (row->known && row->wish.state == COMMAND_CONFLICT)
        app_open(v->app, &view_conflict, &(struct view_arg){.id = row->key});
    else if (row->known || row->run)
        app_open(v->app, &view_dossier, &(struct view_arg){.id = row->run ? row->run->id : row->wish.target});
}

static enum handled pin_stage_command(struct app *app, enum command_id id)
{
    if (id == CMD_SUBMIT)
        tray_run_pin(app);
    else if (id == CMD_BACK)
        tray_run_stop(app);
    else if (!pin_command(app_pin(app), id))
        return NOT_HANDLED;
    return HANDLED;
}

static enum handled batch_command(struct view *v, enum command_id id, struct app *app)
{
    struct batch *b = v->state;

    if (asks_pin(v))
        return pin_stage_command(app, id);
    if (scroll_command(&b->scroll, id, b->n, (size_t)b->shown))
        return HANDLED;
    switch (id) {
    case CMD_OPEN:
        open_row(v);
        return HANDLED;
    case CMD_ACT:
        tray_run_stop(app);
        return HANDLED;
    case CMD_ACCEPT:
        app_sign_on(app);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static const char *batch_blocked(const struct view *v, enum command_id id)
{
    const struct batch *b = v->state;
    const struct tray_run *run = run_of(b, v->app);
    const struct batch_row *row = b->scroll.focus < b->n ? &b->rows[b->scroll.focus] : NULL;

    if (id == CMD_OPEN && row && !row->known && !row->run)
        return _("Nothing of it was kept: it needs the line.");
    if (id == CMD_ACT)
        return run && run->stage != RUN_OVER ? NULL : "";
    if (id == CMD_ACCEPT)
        return run && run->stage == RUN_OVER && tray_to_sign(app_tray(v->app)) ? NULL : "";
    if (id == CMD_SUBMIT)
        return asks_pin(v) ? NULL : "";
    return NULL;
}

static unsigned batch_focus(const struct view *v)
{
    return asks_pin(v) ? FOCUS_PROMPT : FOCUS_ROW;
}

/* Only keys that were pressed one by one. */
static void batch_text(struct view *v, const char *text)
{
    if (!asks_pin(v) || (!app_text_is_pasted(v->app) && (!*text || pin_add(app_pin(v->app), text))))
        return;
    app_toast(v->app, TOAST_ERROR, "%s", _("The PIN has to be typed by hand. Nothing was signed."));
    pin_clear(app_pin(v->app));
}

static const enum command_id *batch_footer(const struct view *v)
{
    static const enum command_id run[] = {CMD_SUBMIT, CMD_OPEN, CMD_ACT, CMD_ACCEPT, CMD_TRAY, CMD_NONE},
                                 wishes[] = {CMD_OPEN, CMD_UNDO, CMD_OUTBOX, CMD_NONE};

    return ((const struct batch *)v->state)->is_run ? run : wishes;
}

static void close_batch(struct view *v)
{
    struct batch *b = v->state;

    arena_clear(&b->arena);
    free(b->rows);
}

static const enum command_id batch_commands[] = {CMD_OPEN,   CMD_ACT,  CMD_ACCEPT, CMD_UNDO,    CMD_OUTBOX,
                                                 CMD_SUBMIT, CMD_UP,   CMD_DOWN,   CMD_PAGE_UP, CMD_PAGE_DOWN,
                                                 CMD_FIRST,  CMD_LAST, CMD_NONE};

const struct view_ops view_batch = {
    .name = "batch",
    .title = NC_("view", "Progress"),
    .state_size = sizeof(struct batch),
    .depends = CACHE_OUTBOX | CACHE_REFERENCE,
    .commands = batch_commands,
    .footer = batch_footer,
    .open = open_batch,
    .load = load_batch,
    .draw = draw_batch,
    .message = batch_message,
    .command = batch_command,
    .blocked = batch_blocked,
    .focus = batch_focus,
    .text = batch_text,
    .close = close_batch,
};

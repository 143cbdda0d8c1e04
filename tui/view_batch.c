/* view_batch: how several wishes that were made together come out, one row each, until all are answered. It can be left: the rows
 * live in the outbox, and the sending goes on. It refuses to change anything; what is stuck is mended in the outbox.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/dossier_parts.h"
#include "tui/outbox_parts.h"
#include "tui/page.h"
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
    struct command wish; /* in the arena */
    bool known;          /* false: taken away, since no byte of it ever left */
};
struct batch {
    struct arena arena;
    struct batch_row *rows;
    size_t n, done; /* done: answered, whatever the answer */
    struct scroll scroll;
    bool signing; /* a signature is among them */
    int shown;    /* rows of the list that fit; kept by draw */
    char message[256];
};

static bool open_batch(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct batch *b = v->state;

    while (arg->ids && arg->ids[b->n])
        b->n++;
    b->rows = mem_grow(NULL, b->n ? b->n : 1, sizeof *b->rows);
    for (size_t i = 0; arg->ids && i < b->n; i++) {
        b->rows[i] = (struct batch_row){0};
        memcpy(b->rows[i].key, arg->ids[i], UUID_TEXT);
    }
    b->shown = 1;
    return b->n > 0;
}

static bool is_answered(const struct batch_row *row)
{
    return !row->known || row->wish.state >= COMMAND_DONE;
}

static const char *key_of(struct app *app, enum command_id id, struct arena *arena)
{
    return keymap_keys(app_keymap(app), "batch", FOCUS_ROW, id, true, arena);
}

static void say_progress(struct batch *b, struct app *app)
{
    size_t sending = b->n;

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
    b->signing = false;
    for (size_t i = 0; i < b->n; i++) {
        struct batch_row *row = &b->rows[i];
        struct err gone = {0};
        row->known = outbox_get(app_outbox(v->app), row->key, &b->arena, &row->wish, &gone);
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
        return C_("decision", "Grant");
    case ACTION_REFUSE_RESULT:
        return C_("decision", "Refuse");
    case ACTION_REWORK:
        return C_("decision", "Send back");
    default:
        return word_action_short(c->action);
    }
}

static char *when_taken(struct app *app, struct arena *arena, int64_t t)
{
    struct civil c = instant_civil(t, app_offset(app));

    return arena_format(arena, "%02d:%02d:%02d", c.hour, c.minute, c.second);
}

static char *result(struct app *app, struct arena *arena, const struct batch_row *row, int columns)
{
    const struct command *c = &row->wish;
    bool signature = row->known && outbox_is_signature(c);
    struct problem problem;

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
    canvas_put(c, at, CODE_COL, CODE_WIDTH, style,
               text_code(arena, row->known && row->wish.code ? row->wish.code : "", CODE_WIDTH));
    if (focused)
        canvas_cursor(c, at, 0);
    if (row->known) {
        canvas_put(c, at, NAME_COL, NAME_WIDTH, STYLE_TEXT,
                   text_cut(arena, text_shown(arena, row->wish.name), NAME_WIDTH));
        canvas_put(c, at, WHAT_COL, WHAT_WIDTH, STYLE_TEXT,
                   text_cut(arena, text_shown(arena, what(&row->wish)), WHAT_WIDTH));
    }
    canvas_put(c, at, STATE_COL, -1, STYLE_TEXT, result(v->app, arena, row, c->cols - STATE_COL - 1));
}

static void draw_bar(const struct batch *b, struct canvas *c, int at)
{
    int width = c->cols - 20 < BAR_WIDTH ? c->cols - 20 : BAR_WIDTH;
    int full = (int)((size_t)width * b->done / b->n);

    canvas_fill(c, at, 1, full, STYLE_TEXT, "█");
    canvas_fill(c, at, 1 + full, width - full, STYLE_WEAK, "░");
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

/* Each row that came to no good end, in a sentence: what happened, what is safe, what to do. */
static void write_troubles(const struct view *v, struct page *page)
{
    const struct batch *b = v->state;

    for (size_t i = 0; i < b->n; i++) {
        const struct command *wish = &b->rows[i].wish;
        enum sync_mark mark = b->rows[i].known ? command_mark(wish) : MARK_NONE;
        if (mark != MARK_UNKNOWN && mark != MARK_CONFLICT && mark != MARK_REFUSED)
            continue;
        char *label = arena_format(&page->arena, _("No. %zu: "), i + 1);
        page_fact(page, 1, text_width(label), label, trouble(v->app, &page->arena, wish));
    }
    page_next(page);
    page_text(page, 1, STYLE_WEAK,
              arena_format(&page->arena,
                           _("%s: leave the screen, the work goes on; it is found again in the outbox (%s)."),
                           key_of(v->app, CMD_BACK, &page->arena), key_of(v->app, CMD_OUTBOX, &page->arena)));
}

static void draw_batch(const struct view *v, struct canvas *c)
{
    struct batch *b = v->state;
    struct arena arena = {0};
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
    draw_bar(b, c, at);
    at += 2;
    struct page page = page_new(c, at, 0, last - at + 1, c->cols, 0);
    write_troubles(v, &page);
    page_end(&page);
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
    else if (row->known)
        app_open(v->app, &view_dossier, &(struct view_arg){.id = row->wish.target});
}

static enum handled batch_command(struct view *v, enum command_id id, struct app *app)
{
    struct batch *b = v->state;

    if (scroll_command(&b->scroll, id, b->n, (size_t)b->shown))
        return HANDLED;
    if (id != CMD_OPEN)
        return NOT_HANDLED;
    open_row(v);
    return HANDLED;
}

static const char *batch_blocked(const struct view *v, enum command_id id)
{
    const struct batch *b = v->state;

    if (id == CMD_OPEN && !b->rows[b->scroll.focus].known)
        return _("Nothing of it was kept: it needs the line.");
    return NULL;
}

static void close_batch(struct view *v)
{
    struct batch *b = v->state;

    arena_clear(&b->arena);
    free(b->rows);
}

static const enum command_id batch_commands[] = {CMD_OPEN,    CMD_UNDO,      CMD_OUTBOX, CMD_UP,   CMD_DOWN,
                                                 CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_FIRST,  CMD_LAST, CMD_NONE};

const struct view_ops view_batch = {
    .name = "batch",
    .title = NC_("view", "Progress"),
    .state_size = sizeof(struct batch),
    .depends = CACHE_OUTBOX | CACHE_REFERENCE,
    .commands = batch_commands,
    .open = open_batch,
    .load = load_batch,
    .draw = draw_batch,
    .message = batch_message,
    .command = batch_command,
    .blocked = batch_blocked,
    .close = close_batch,
};

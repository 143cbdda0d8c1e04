/* view_outbox: every wish and where it stands, newest first, in honest words; or those that were dropped in the last 30 days. It
 * refuses to hide a wish that is in trouble.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_outbox.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/dossier_parts.h"
#include "tui/outbox_parts.h"

#include <string.h>

enum {
    COL_MARK = 2,
    COL_TIME = 4,
    COL_CODE = 12,
    DETAIL_ROWS = 9, /* kept free for the focused row's block, so that the list does not move with the focus */
    DETAIL_LEAST = 6,
    LIST_LEAST = 3,
};

/* ── loading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static size_t rows_shown(const struct app *app)
{
    int body = app_rows(app) - 5; /* without the header */
    int shown = body - (app_rows(app) >= 20 ? DETAIL_ROWS : DETAIL_LEAST);

    return (size_t)(shown > LIST_LEAST ? shown : LIST_LEAST);
}

static void keep_focus(struct outbox_view *o)
{
    scroll_fit(&o->scroll, o->n, rows_shown(o->app));
    memcpy(o->focus, o->n ? o->rows[o->scroll.focus].key : "", o->n ? UUID_TEXT : 1);
}

static const struct command *focused(const struct outbox_view *o)
{
    return o->n ? &o->rows[o->scroll.focus] : NULL;
}

static bool is_stuck(const struct command *c)
{
    return c->state == COMMAND_CONFLICT || c->state == COMMAND_REFUSED || c->state == COMMAND_RECONCILE;
}

static bool open_outbox(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct outbox_view *o = v->state;

    o->app = v->app;
    o->dropped = arg->more && strcmp(arg->more, "dropped") == 0;
    if (arg->id)
        snprintf(o->focus, sizeof o->focus, "%s", arg->id);
    return true;
}

static bool load_outbox(struct view *v, struct cache *cache, struct err *e)
{
    struct outbox_view *o = v->state;
    int64_t now = app_now(o->app);
    int32_t offset = app_offset(o->app);

    arena_reset(&o->arena);
    o->n = o->stuck = 0;
    if (!outbox_list(app_outbox(o->app), o->dropped ? 1u << COMMAND_DROPPED : 0, &o->arena, &o->rows, &o->n, e)) {
        o->n = 0;
        return false;
    }
    o->done_today = outbox_done_today(app_outbox(o->app), instant_day_start(instant_day(now, offset), offset));
    for (size_t i = 0; i < o->n; i++) {
        o->stuck += is_stuck(&o->rows[i]);
        if (strcmp(o->rows[i].key, o->focus) == 0)
            o->scroll.focus = i; /* else the row that took its place */
    }
    keep_focus(o);
    return true;
}

/* A hold that ends changes words, though nothing is written then. */
static int64_t wake_outbox(const struct view *v)
{
    const struct outbox_view *o = v->state;
    int64_t wake = INT64_MAX;

    for (size_t i = 0; i < o->n; i++)
        if (o->rows[i].state == COMMAND_HELD && o->rows[i].held_at + OUTBOX_HOLD_MS < wake)
            wake = o->rows[i].held_at + OUTBOX_HOLD_MS;
    return wake;
}

static void tick_outbox(struct view *v)
{
    struct err e = {0};

    if (!load_outbox(v, NULL, &e))
        app_toast_err(v->app, &e);
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct columns {
    int code, name, action, state; /* widths; name 0: gone */
    int at_name, at_action, at_state;
};

static struct columns columns_of(int cols)
{
    struct columns k = {.code = cols >= 120 ? 25 : 10,
                        .name = cols >= 132 ? 22 : 0,
                        .action = cols >= 100  ? 25
                                  : cols >= 72 ? 19
                                               : 15};

    k.at_name = COL_CODE + k.code + 1;
    k.at_action = k.at_name + (k.name ? k.name + 1 : 0);
    k.at_state = k.at_action + k.action + 1;
    k.state = cols - 1 - k.at_state;
    return k;
}

static void draw_header(const struct columns *k, struct canvas *c, int row)
{
    canvas_put(c, row, COL_TIME, -1, STYLE_WEAK, C_("column", "Done at"));
    canvas_put(c, row, COL_CODE, k->code, STYLE_WEAK, C_("column", "Code"));
    canvas_put(c, row, k->at_name, k->name, STYLE_WEAK, C_("column", "Applicant"));
    canvas_put(c, row, k->at_action, k->action, STYLE_WEAK, C_("column", "Action"));
    canvas_put(c, row, k->at_state, k->state, STYLE_WEAK, C_("column", "How it stands"));
}

static void draw_row(const struct outbox_view *o, const struct columns *k, struct canvas *c, int row,
                     const struct command *w, bool is_focused)
{
    struct arena arena = {0};

    canvas_put(c, row, COL_MARK, 1, STYLE_MINE, sync_mark_text(command_mark(w)));
    canvas_put(c, row, COL_TIME, COL_CODE - COL_TIME - 1, STYLE_TEXT, outbox_when(o->app, &arena, w->acted_at));
    canvas_put(c, row, COL_CODE, k->code, STYLE_TEXT, text_code(&arena, w->code, k->code));
    if (k->name)
        canvas_put(c, row, k->at_name, k->name, STYLE_TEXT,
                   text_cut(&arena, text_shown(&arena, w->name), k->name));
    canvas_put(c, row, k->at_action, k->action, STYLE_TEXT, outbox_action(&arena, w->action, k->action));
    canvas_put(c, row, k->at_state, k->state, STYLE_TEXT, outbox_state(o->app, &arena, w, k->state));
    if (is_focused) {
        canvas_put(c, row, 0, 1, STYLE_FOCUS, ">");
        canvas_style(c, row, 0, COL_CODE + k->code, STYLE_FOCUS);
        canvas_cursor(c, row, 0);
    }
    arena_clear(&arena);
}

/* One before it on the same dossier is still to be taken. */
static bool is_behind(const struct outbox_view *o, const struct command *w)
{
    for (size_t i = 0; w->after && i < o->n; i++)
        if (strcmp(o->rows[i].key, w->after) == 0)
            return true;
    return false;
}

/* "Tiếp nhận hồ sơ 000.25.33.H06-221228-0041 (Nguyễn Thị Đào), dựa trên bản 3." */
static char *what_words(struct arena *arena, const struct command *w)
{
    const char *code = text_shown(arena, w->code ? w->code : w->target);
    char *text = arena_format(arena, _("%s dossier %s"), text_shown(arena, word_action(w->action).label), code);

    if (w->name)
        text = arena_format(arena, "%s (%s)", text, text_shown(arena, w->name));
    return w->if_match
               ? arena_format(arena, _("%s, based on version %s."), text, text_shown(arena, w->if_match))
               : arena_format(arena, "%s.", text);
}

static char *number_words(struct arena *arena, const struct command *w, int cols)
{
    return cols >= 100
               ? arena_format(arena, _("Number of the work: %s"), w->key)
               : arena_format(arena, _("Number of the work: %.4s-…-%s"), w->key, w->key + strlen(w->key) - 4);
}

/* Puts as many lines as there is room for, down to `last`; the next row. */
static int put_lines(struct canvas *c, int row, int last, int col, const char *text)
{
    struct arena arena = {0};
    char **lines;
    size_t n = text_wrap(&arena, text, c->cols - col - 1, &lines);

    for (size_t i = 0; i < n && row <= last; i++)
        canvas_put(c, row++, col, -1, STYLE_TEXT, lines[i]);
    arena_clear(&arena);
    return row;
}

static int draw_detail(const struct outbox_view *o, struct canvas *c, int row)
{
    const struct command *w = focused(o);
    int last = view_last_row(c);
    struct arena arena = {0};

    canvas_put(c, row++, 1, -1, STYLE_TITLE, _("The focused line"));
    row = put_lines(c, row, last, 3, what_words(&arena, w));
    char *content = outbox_content(o->app, &arena, w);
    if (content)
        row = put_lines(c, row, last, 3, content);
    row = put_lines(c, row, last, 3, outbox_sentence(o->app, &arena, w, is_behind(o, w)));
    row = put_lines(c, row, last, 3, number_words(&arena, w, c->cols));
    arena_clear(&arena);
    return row;
}

/* How many were done today, and where to read what was dropped. */
static void draw_end(const struct outbox_view *o, struct canvas *c, int row)
{
    struct arena arena = {0};
    const char *key = keymap_keys(app_keymap(o->app), "outbox", FOCUS_ROW, CMD_PALETTE, true, &arena);
    char *text =
        *key ? arena_format(
                   &arena,
                   _("Done today: %lld. What was dropped can be read for 30 days (%s, then type “dropped”)."),
                   (long long)o->done_today, key)
             : arena_format(&arena, _("Done today: %lld. What was dropped can be read for 30 days."),
                            (long long)o->done_today);

    put_lines(c, row, view_last_row(c), 1, text);
    arena_clear(&arena);
}

static void draw_title(const struct outbox_view *o, struct canvas *c)
{
    struct arena arena = {0};
    char *left = o->n == 0    ? arena_copy(&arena, o->dropped ? _("Dropped work") : _("Outbox"))
                    : o->dropped ? arena_format(&arena, _("Dropped work · %zu"), o->n)
                 : o->stuck   ? arena_format(&arena, _("Outbox · %zu, stuck %zu"), o->n, o->stuck)
                              : arena_format(&arena, _("Outbox · %zu"), o->n);

    view_title(c, left, o->n ? arena_format(&arena, "%zu/%zu", o->scroll.focus + 1, o->n) : NULL);
    arena_clear(&arena);
}

static void draw_outbox(const struct view *v, struct canvas *c)
{
    const struct outbox_view *o = v->state;
    struct columns k = columns_of(c->cols);
    size_t shown = rows_shown(o->app);
    int row = view_body_row();

    draw_title(o, c);
    draw_header(&k, c, row++);
    if (o->n == 0) {
        canvas_cursor(c, row, 0);
        row = put_lines(c, row, view_last_row(c), 1,
                        o->dropped ? _("Nothing was dropped in the last 30 days.")
                                   : _("The outbox is empty: the system has taken all of it."));
    }
    for (size_t i = o->scroll.first; i < o->n && i < o->scroll.first + shown; i++)
        draw_row(o, &k, c, row++, &o->rows[i], i == o->scroll.focus);
    if (o->n)
        row = draw_detail(o, c, row + 1);
    if (!o->dropped)
        draw_end(o, c, row + 1);
}

static const char *message_outbox(const struct view *v)
{
    const struct outbox_view *o = v->state;

    return o->stuck ? _("What is stuck does not hold up other dossiers.") : NULL;
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Enter goes where the officer has to go: to the choice, to the reason, to the dossier. */
static void open_row(struct outbox_view *o)
{
    const struct command *w = focused(o);

    if (w->state == COMMAND_CONFLICT)
        app_open(o->app, &view_conflict, &(struct view_arg){.id = w->key});
    else if (w->state == COMMAND_REFUSED || strcmp(w->target, w->key) == 0)
        app_open(o->app, &view_outbox_menu, &(struct view_arg){.id = w->key});
    else
        app_open(o->app, &view_dossier, &(struct view_arg){.id = w->target});
}

static enum handled command_outbox(struct view *v, enum command_id id, struct app *app)
{
    struct outbox_view *o = v->state;

    if (scroll_command(&o->scroll, id, o->n, rows_shown(app))) {
        keep_focus(o);
        return HANDLED;
    }
    switch (id) {
    case CMD_OPEN:
        open_row(o);
        return HANDLED;
    case CMD_ACT:
        app_open(app, &view_outbox_menu, &(struct view_arg){.id = focused(o)->key});
        return HANDLED;
    case CMD_OUTBOX: /* from the dropped ones to the others */
        if (o->dropped)
            app_replace(app, &view_outbox, NULL);
        return HANDLED;
    case CMD_DROPPED:
        if (!o->dropped)
            app_replace(app, &view_outbox, &(struct view_arg){.more = "dropped"});
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static const char *blocked_outbox(const struct view *v, enum command_id id)
{
    const struct outbox_view *o = v->state;

    if (id == CMD_UNDO)
        return outbox_can_undo(app_outbox(v->app)) ? NULL : _("nothing was saved in the last 10 seconds");
    if ((id == CMD_OPEN || id == CMD_ACT) && o->n == 0)
        return _("nothing is listed here");
    return NULL;
}

static void close_outbox(struct view *v)
{
    arena_clear(&((struct outbox_view *)v->state)->arena);
}

static const enum command_id commands_outbox[] = {CMD_OPEN,  CMD_ACT,  CMD_UNDO,    CMD_SYNC,
                                                  CMD_UP,    CMD_DOWN, CMD_PAGE_UP, CMD_PAGE_DOWN,
                                                  CMD_FIRST, CMD_LAST, CMD_NONE};

const struct view_ops view_outbox = {
    .name = "outbox",
    .title = NC_("view", "Outbox"),
    .state_size = sizeof(struct outbox_view),
    .depends = CACHE_OUTBOX | CACHE_REFERENCE | CACHE_CLOCK | CACHE_LINE,
    .commands = commands_outbox,
    .open = open_outbox,
    .load = load_outbox,
    .draw = draw_outbox,
    .message = message_outbox,
    .command = command_outbox,
    .blocked = blocked_outbox,
    .wake = wake_outbox,
    .tick = tick_outbox,
    .close = close_outbox,
};

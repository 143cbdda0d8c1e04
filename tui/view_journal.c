/* view_journal: what was done on this machine, newest first, each line in words; and whether the journal is whole. It refuses to change
 * anything.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "cache/deeds.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/outbox_parts.h"

#include <string.h>

enum {
    COL_TIME = 2,
    COL_CODE = 10,
    DETAIL_ROWS = 5, /* kept free for the focused row's block, so that the list does not move with the focus */
    LIST_LEAST = 3,
};

struct journal_view {
    struct app *app;
    struct arena arena;
    struct deed *deeds; /* oldest first, as they were done; shown the other way round */
    size_t n;
    struct scroll scroll;
    struct err damage; /* what is not as it was written */
};

/* ── loading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static size_t rows_shown(const struct app *app)
{
    int shown = app_rows(app) - 5 - DETAIL_ROWS; /* without the header */

    return (size_t)(shown > LIST_LEAST ? shown : LIST_LEAST);
}

static const struct deed *deed_at(const struct journal_view *j, size_t row)
{
    return &j->deeds[j->n - 1 - row];
}

static const struct deed *focused(const struct journal_view *j)
{
    return j->n ? deed_at(j, j->scroll.focus) : NULL;
}

static bool open_journal(struct view *v, const struct view_arg *arg, struct err *e)
{
    ((struct journal_view *)v->state)->app = v->app;
    return true;
}

/* The focus stays on its line when others come above it: of an entry about several wishes on the same one of them. */
static void keep_focus(struct journal_view *j, uint64_t number, size_t nth)
{
    for (size_t i = 0; i < j->n; i++)
        if (j->deeds[i].number == number) {
            j->scroll.focus = j->n - 1 - (i + nth);
            break;
        }
    scroll_fit(&j->scroll, j->n, rows_shown(j->app));
}

static bool load_journal(struct view *v, struct cache *cache, struct err *e)
{
    struct journal_view *j = v->state;
    const struct deed *d = focused(j);
    uint64_t number = d ? d->number : 0;
    size_t nth = 0;
    struct journal_report report;

    while (d && d - nth > j->deeds && d[-1 - (ptrdiff_t)nth].number == number)
        nth++;
    arena_reset(&j->arena);
    j->damage = (struct err){0};
    if (!deeds_read(app_outbox(j->app), &j->arena, &j->deeds, &j->n, &report, e))
        return false;
    journal_judge(&report, &j->damage);
    keep_focus(j, number, nth);
    return true;
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct columns {
    int code, action, words; /* widths */
    int at_action, at_words;
};

static struct columns columns_of(int cols)
{
    struct columns k = {.code = cols >= 120 ? 25 : 10, .action = cols >= 100 ? 25 : cols >= 72 ? 19 : 15};

    k.at_action = COL_CODE + k.code + 1;
    k.at_words = k.at_action + k.action + 1;
    k.words = cols - 1 - k.at_words;
    return k;
}

static void draw_header(const struct columns *k, struct canvas *c, int row)
{
    canvas_put(c, row, COL_TIME, -1, STYLE_WEAK, C_("column", "Done at"));
    canvas_put(c, row, COL_CODE, k->code, STYLE_WEAK, C_("column", "Code"));
    canvas_put(c, row, k->at_action, k->action, STYLE_WEAK, C_("column", "Action"));
    canvas_put(c, row, k->at_words, k->words, STYLE_WEAK, C_("column", "What was done"));
}

static void draw_row(const struct journal_view *j, const struct columns *k, struct canvas *c, int row,
                     const struct deed *d, bool is_focused)
{
    struct arena arena = {0};

    canvas_put(c, row, COL_TIME, COL_CODE - COL_TIME - 1, STYLE_TEXT, outbox_when(j->app, &arena, d->at));
    if (d->code)
        canvas_put(c, row, COL_CODE, k->code, STYLE_TEXT, text_code(&arena, d->code, k->code));
    if (d->action)
        canvas_put(c, row, k->at_action, k->action, STYLE_TEXT, outbox_action(&arena, d->action, k->action));
    canvas_put(c, row, k->at_words, k->words, STYLE_TEXT, text_cut(&arena, deed_words(d), k->words));
    if (is_focused) {
        canvas_put(c, row, 0, 1, STYLE_FOCUS, ">");
        canvas_style(c, row, 0, COL_CODE + k->code, STYLE_FOCUS);
        canvas_cursor(c, row, 0);
    }
    arena_clear(&arena);
}

/* "Mục 12 · 29/12/2022 09:42 · Tiếp nhận hồ sơ 000.25.33.H06-221228-0041 · đã lưu" */
static char *whole_words(const struct journal_view *j, struct arena *arena, const struct deed *d)
{
    char *text = arena_format(arena, _("Entry %llu · %s"), (unsigned long long)d->number,
                              word_when(arena, d->at, app_offset(j->app)));
    const char *code = d->code ? text_shown(arena, d->code) : NULL;

    if (d->action && code)
        text = arena_format(arena, _("%s · %s dossier %s"), text,
                            text_shown(arena, word_action(d->action).label), code);
    else if (d->action)
        text = arena_format(arena, "%s · %s", text, text_shown(arena, word_action(d->action).label));
    else if (code)
        text = arena_format(arena, _("%s · dossier %s"), text, code);
    return arena_format(arena, "%s · %s", text, deed_words(d));
}

static void draw_detail(const struct journal_view *j, struct canvas *c, int row)
{
    const struct deed *d = focused(j);
    struct arena arena = {0};
    char **lines;

    canvas_put(c, row++, 1, -1, STYLE_TITLE, _("The focused line"));
    size_t n = text_wrap(&arena, whole_words(j, &arena, d), c->cols - 4, &lines);
    for (size_t i = 0; i < n && row <= view_last_row(c); i++)
        canvas_put(c, row++, 3, -1, STYLE_TEXT, lines[i]);
    if (d->key && row <= view_last_row(c))
        canvas_put(c, row, 3, -1, STYLE_TEXT, arena_format(&arena, _("Number of the work: %s"), d->key));
    arena_clear(&arena);
}

static void draw_journal(const struct view *v, struct canvas *c)
{
    const struct journal_view *j = v->state;
    struct columns k = columns_of(c->cols);
    struct arena arena = {0};
    size_t shown = rows_shown(j->app);
    int row = view_body_row();

    view_title(c, arena_format(&arena, "%s · %zu", i18n_shown(v->ops->title), j->n),
               j->n ? arena_format(&arena, "%zu/%zu", j->scroll.focus + 1, j->n) : NULL);
    draw_header(&k, c, row++);
    if (j->n == 0) {
        canvas_put(c, row, 1, -1, STYLE_TEXT, _("Nothing was noted on this machine yet."));
        canvas_cursor(c, row, 0);
    }
    for (size_t i = j->scroll.first; i < j->n && i < j->scroll.first + shown; i++)
        draw_row(j, &k, c, row++, deed_at(j, i), i == j->scroll.focus);
    if (j->n)
        draw_detail(j, c, row + 1);
    arena_clear(&arena);
}

static const char *message_journal(const struct view *v)
{
    const struct journal_view *j = v->state;

    return j->damage.code != ERR_NONE ? j->damage.text : NULL;
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What is being created is its own target until the server has made it. */
static bool is_of_dossier(const struct deed *d)
{
    return d->target && !(d->key && strcmp(d->target, d->key) == 0);
}

static enum handled command_journal(struct view *v, enum command_id id, struct app *app)
{
    struct journal_view *j = v->state;

    if (scroll_command(&j->scroll, id, j->n, rows_shown(app)))
        return HANDLED;
    if (id != CMD_OPEN)
        return NOT_HANDLED;
    app_open(app, &view_dossier, &(struct view_arg){.id = focused(j)->target});
    return HANDLED;
}

static const char *blocked_journal(const struct view *v, enum command_id id)
{
    const struct journal_view *j = v->state;

    if (id == CMD_OPEN && j->n == 0)
        return _("nothing is listed here");
    if (id == CMD_OPEN && !is_of_dossier(focused(j)))
        return _("this line is about no dossier");
    return NULL;
}

static void close_journal(struct view *v)
{
    arena_clear(&((struct journal_view *)v->state)->arena);
}

static const enum command_id commands_journal[] = {CMD_OPEN,      CMD_UP,    CMD_DOWN, CMD_PAGE_UP,
                                                   CMD_PAGE_DOWN, CMD_FIRST, CMD_LAST, CMD_NONE};

const struct view_ops view_journal = {
    .name = "journal",
    .title = NC_("view", "Journal of this machine"),
    .state_size = sizeof(struct journal_view),
    .depends = CACHE_OUTBOX | CACHE_CLOCK,
    .commands = commands_journal,
    .open = open_journal,
    .load = load_journal,
    .draw = draw_journal,
    .message = message_journal,
    .command = command_journal,
    .blocked = blocked_journal,
    .close = close_journal,
};

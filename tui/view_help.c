/* view_help: what can be done in the view under it, then what cannot and why, then the marks and the keys that work everywhere. Typing
 * searches. It refuses to do any of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_COL  3
#define LABEL_COL 15
#define TEXT_COL  31

struct line { /* a heading has a label alone */
    const char *keys, *label, *text;
    bool heading;
};
struct help {
    struct arena arena;
    struct field query;
    struct line *lines; /* all of them */
    size_t n;
    size_t *found, n_found; /* those that the query leaves */
    size_t first;
};

/* Where the table's words are too general for what a command does in a view. */
static const struct {
    const char *view;
    enum command_id id;
    const char *text;
} special[] = {
    {"dossiers", CMD_OPEN, N_("Open the dossier on the chosen line")},
    {"dossiers", CMD_MARK, N_("Mark the line, then one line down")},
    {"dossiers", CMD_ACT, N_("The list of what the system lets one do")},
    {"dossiers", CMD_FIND, N_("Find in the list, no tones needed")},
    {"dossiers", CMD_FILTER, N_("Filter by procedure, channel, who has it, due time")},
    {"dossiers", CMD_SORT, N_("Sort by due time, day filed, name, code")},
    {"dossiers", CMD_PREV_TAB, N_("To the queue before, after")},
};

static const char *text_of(const struct view *of, enum command_id id)
{
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (special[i].id == id && strcmp(special[i].view, of->ops->name) == 0)
            return _(special[i].text);
    return _(command_info(id)->help);
}

/* ── the lines ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void add(struct help *h, const struct line *line)
{
    h->lines = mem_grow(h->lines, h->n + 1, sizeof *h->lines);
    h->lines[h->n++] = *line;
}

static void add_heading(struct help *h, const char *label)
{
    if (h->n && h->lines[h->n - 1].heading)
        h->n--; /* nothing stood under the one before */
    add(h, &(struct line){.keys = "", .label = label, .text = "", .heading = true});
}

static const char *keys_of(struct help *h, struct app *app, const struct view *of, enum command_id id)
{
    const char *keys[2];
    size_t n = app_keys(app, of, id, &h->arena, keys);

    return n == 0 ? "" : n == 1 ? keys[0] : arena_format(&h->arena, "%-3s %s", keys[0], keys[1]);
}

static void add_command(struct help *h, struct app *app, const struct view *of, enum command_id id,
                        const char *text)
{
    const char *keys = keys_of(h, app, of, id);

    if (*keys)
        add(h, &(struct line){.keys = keys,
                              .label = i18n_shown(command_info(id)->label),
                              .text = word_inside(&h->arena, text)});
}

static bool lists(const struct view *of, enum command_id id)
{
    for (const enum command_id *c = of->ops->commands; c && *c != CMD_NONE; c++)
        if (*c == id)
            return true;
    return false;
}

/* Left and right are one line. */
static void add_tabs(struct help *h, struct app *app, const struct view *of)
{
    const char *keys[2];

    if (!lists(of, CMD_PREV_TAB) || !lists(of, CMD_NEXT_TAB) ||
        app_keys(app, of, CMD_PREV_TAB, &h->arena, keys) == 0)
        return;
    add(h, &(struct line){.keys = strcmp(keys[0], "Left") == 0 ? "← →" : keys[0],
                          .label = _("To the left, right"),
                          .text = word_inside(&h->arena, text_of(of, CMD_PREV_TAB))});
}

static void add_possible(struct help *h, struct app *app, const struct view *of, bool everywhere)
{
    for (const enum command_id *c = of->ops->commands; c && *c != CMD_NONE; c++) {
        unsigned flags = command_info(*c)->flags;
        if ((flags & QUIET) || !(flags & EVERYWHERE) == everywhere || *c == CMD_HELP || *c == CMD_BACK ||
            app_blocked(app, of, *c))
            continue;
        const char *text = text_of(of, *c);
        if (*c == CMD_UNDO)
            text = arena_format(&h->arena, _("Take back what was just saved (%d seconds left)"),
                                app_undo_seconds(app));
        add_command(h, app, of, *c, text);
    }
}

static void add_blocked(struct help *h, struct app *app, const struct view *of)
{
    for (const enum command_id *c = of->ops->commands; c && *c != CMD_NONE; c++) {
        const char *why = command_info(*c)->flags & QUIET ? NULL : app_blocked(app, of, *c);
        if (why && *why)
            add_command(h, app, of, *c, why);
    }
}

static void add_marks(struct help *h)
{
    add(h, &(struct line){.keys = "~ ↑ » ? ≠ ×",
                          .label = "",
                          .text = _("can be undone, not sent, being sent, not known, conflict, refused")});
    add(h, &(struct line){
               .keys = "!! ! || ??", .label = "", .text = _("overdue, due today, paused, cannot be computed")});
}

static void add_everywhere(struct help *h, struct app *app, const struct view *of)
{
    for (enum command_id id = CMD_NONE + 1; id < CMD_COUNT; id++) {
        bool listed = lists(of, id) && id != CMD_HELP && id != CMD_BACK;
        if ((command_info(id)->flags & EVERYWHERE) && !listed && !app_blocked(app, of, id))
            add_command(h, app, of, id, text_of(of, id));
    }
    if (keymap_letters_find(app_keymap(app), of->ops->name))
        add(h, &(struct line){.keys = "a-z",
                              .label = i18n_shown(command_info(CMD_FIND)->label),
                              .text = _("letters begin a search")});
}

static bool edits(enum command_id id)
{
    return id == CMD_NEWLINE || id == CMD_INPUT_METHOD || (id >= CMD_ERASE && id <= CMD_ERASE_LINE);
}

static void add_movement(struct help *h, struct app *app, const struct view *of)
{
    bool tabs = lists(of, CMD_PREV_TAB) && lists(of, CMD_NEXT_TAB);

    if (view_focus(of) & FOCUS_NUMBER)
        add(h, &(struct line){.keys = "0-9",
                              .label = _("Choose a number"),
                              .text = word_inside(&h->arena, text_of(of, CMD_CHOOSE_1))});
    for (enum command_id id = CMD_NONE + 1; id < CMD_COUNT; id++) {
        bool number = id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_0,
             tab = tabs && (id == CMD_PREV_TAB || id == CMD_NEXT_TAB);
        bool here = lists(of, id) || (view_typing(of) && edits(id));
        if ((command_info(id)->flags & QUIET) && !(command_info(id)->flags & EVERYWHERE) && here && !number &&
            !tab)
            add_command(h, app, of, id, text_of(of, id));
    }
}

static bool occurs(struct help *h, const struct line *line, const char *folded_query)
{
    char *text = arena_format(&h->arena, "%s %s %s", line->keys, line->label, line->text);

    return text_has_words(text_folded(&h->arena, text), folded_query);
}

static void filter(struct help *h)
{
    struct buf query = {0};

    text_fold(field_text(&h->query), h->query.text.len, &query);
    h->n_found = 0;
    h->found = mem_grow(h->found, h->n + 1, sizeof *h->found);
    for (size_t i = 0; i < h->n; i++) {
        if (h->lines[i].heading && h->n_found && h->lines[h->found[h->n_found - 1]].heading)
            h->n_found--;
        if (h->lines[i].heading || !query.len || occurs(h, &h->lines[i], query.data))
            h->found[h->n_found++] = i;
    }
    if (h->n_found && h->lines[h->found[h->n_found - 1]].heading)
        h->n_found--;
    buf_clear(&query);
}

static bool load_help(struct view *v, struct cache *cache, struct err *e)
{
    struct help *h = v->state;
    const struct view *of = v->under;

    arena_reset(&h->arena);
    h->n = 0;
    add_heading(h, _("Can be done now"));
    add_possible(h, v->app, of, false);
    add_tabs(h, v->app, of);
    add_possible(h, v->app, of, true);
    add_heading(h, _("Not usable yet"));
    add_blocked(h, v->app, of);
    add_heading(h, _("Marks"));
    add_marks(h);
    add_heading(h, _("On every screen"));
    add_everywhere(h, v->app, of);
    add_heading(h, _("Moving, marking, typing"));
    add_movement(h, v->app, of);
    filter(h);
    return true;
}

/* ── the picture ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Rows that a line takes; draws it where `c` is given. */
static int put_line(const struct line *line, struct canvas *c, int row, int cols, bool draw)
{
    struct arena arena = {0};
    char **lines;
    size_t n = 1;

    if (line->heading) {
        if (draw)
            canvas_put(c, row, 1, -1, STYLE_TITLE, line->label);
        return 1;
    }
    n = text_wrap(&arena, line->text, cols - TEXT_COL - 3, &lines);
    if (draw) {
        canvas_put(c, row, KEYS_COL, LABEL_COL - KEYS_COL - (*line->label ? 1 : 0), STYLE_KEY, line->keys);
        canvas_put(c, row, LABEL_COL, TEXT_COL - LABEL_COL - 1, STYLE_TEXT,
                   text_cut(&arena, line->label, TEXT_COL - LABEL_COL - 1));
        for (size_t i = 0; i < n; i++)
            canvas_put(c, row + (int)i, TEXT_COL, -1, STYLE_TEXT, lines[i]);
    }
    arena_clear(&arena);
    return (int)n;
}

/* How many lines are whole in `room` rows from `first` on; where not all are, one row is left to say so, and no heading stands last. */
static size_t lines_shown(const struct help *h, size_t first, int room, int cols)
{
    size_t i = first;

    for (int used = 0; i < h->n_found; i++) {
        int rows = put_line(&h->lines[h->found[i]], NULL, 0, cols, false);
        if (used + rows > room - (i + 1 < h->n_found))
            break;
        used += rows;
    }
    if (i < h->n_found && i > first && h->lines[h->found[i - 1]].heading)
        i--;
    return i > first ? i - first : h->n_found > first;
}

static void draw_help(const struct view *v, struct canvas *c)
{
    const struct help *h = v->state;
    struct arena arena = {0};
    const char *title = v->under->ops->title ? i18n_shown(v->under->ops->title) : v->under->ops->name;
    size_t shown = lines_shown(h, h->first, view_body_rows(c), c->cols), until = h->first + shown;
    int row = view_body_row();

    view_title(c, arena_format(&arena, "%s · %s", i18n_shown(command_info(CMD_HELP)->label), title),
               h->n_found ? arena_format(&arena, _("type to find · %zu-%zu/%zu"), h->first + 1, until, h->n_found)
                          : _("type to find"));
    for (size_t i = h->first; i < until; i++)
        row += put_line(&h->lines[h->found[i]], c, row, c->cols, true);
    if (until < h->n_found) {
        canvas_put(c, view_last_row(c), KEYS_COL, -1, STYLE_TEXT, "…");
        canvas_format(c, view_last_row(c), TEXT_COL, -1, STYLE_TEXT, _("%zu more lines"), h->n_found - until);
    }
    if (h->n_found == 0)
        canvas_put(c, row, 1, -1, STYLE_TEXT, _("Nothing here has these words. Erase some of them."));
    arena_clear(&arena);
}

/* ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static size_t page_of(const struct view *v)
{
    const struct help *h = v->state;

    return lines_shown(h, h->first, app_rows(v->app) - 4, app_cols(v->app));
}

/* The last page is full. */
static size_t last_first(const struct view *v)
{
    const struct help *h = v->state;
    size_t first = h->n_found;

    while (first > 0 && first - 1 + lines_shown(h, first - 1, app_rows(v->app) - 4, app_cols(v->app)) >= h->n_found)
        first--;
    return first;
}

static enum handled help_command(struct view *v, enum command_id id, struct app *app)
{
    struct help *h = v->state;
    size_t last = last_first(v), page = page_of(v);

    switch (id) {
    case CMD_UP:
        h->first -= h->first > 0;
        return HANDLED;
    case CMD_DOWN:
        h->first += h->first < last;
        return HANDLED;
    case CMD_PAGE_UP:
        h->first = h->first > page ? h->first - page : 0;
        return HANDLED;
    case CMD_PAGE_DOWN:
        h->first = h->first + page < last ? h->first + page : last;
        return HANDLED;
    case CMD_SUBMIT: /* on and on: after the end comes the start */
        h->first = h->first >= last ? 0 : h->first + page < last ? h->first + page : last;
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static void help_text(struct view *v, const char *text)
{
    struct help *h = v->state;

    filter(h);
    h->first = 0;
}

static unsigned help_focus(const struct view *v)
{
    return FOCUS_PROMPT;
}

static struct field *help_prompt(struct view *v)
{
    return &((struct help *)v->state)->query;
}

static const char *help_label(const struct view *v)
{
    return i18n_shown(command_info(CMD_FIND)->label);
}

static void close_help(struct view *v)
{
    struct help *h = v->state;

    field_clear(&h->query);
    arena_clear(&h->arena);
    free(h->lines);
    free(h->found);
}

static const enum command_id help_commands[] = {CMD_SUBMIT,  CMD_UP,        CMD_DOWN,
                                                CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_NONE};

const struct view_ops view_help = {
    .name = "help",
    .title = NC_("view", "Help"),
    .state_size = sizeof(struct help),
    .depends = CACHE_OUTBOX | CACHE_REFERENCE,
    .commands = help_commands,
    .load = load_help,
    .draw = draw_help,
    .command = help_command,
    .focus = help_focus,
    .prompt = help_prompt,
    .prompt_label = help_label,
    .text = help_text,
    .close = close_help,
};

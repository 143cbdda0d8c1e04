/* app_draw: a frame, made of the views' rows and the app's own three: status, message, keys (screens.md, rule 1).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_ROWS 16
#define LEAST_COLS 60

bool app_is_small(const struct app *app)
{
    return app->rows < LEAST_ROWS || app->cols < LEAST_COLS;
}

/* ── views' helpers ─────────────────────────────────────────────────────────────────────────────────────────────────── */

void view_title(struct canvas *c, const char *left, const char *right)
{
    struct arena arena = {0};
    int width = right ? text_width(right) : 0;
    int room = c->cols - 2 - (width ? width + 2 : 0);

    canvas_put(c, 1, 1, room, STYLE_TITLE, text_cut(&arena, left, room));
    if (width)
        canvas_put_right(c, 1, c->cols - 1, STYLE_TITLE, right);
    arena_clear(&arena);
}

void view_rule(struct canvas *c, int row, const char *title)
{
    canvas_clear_rows(c, row, view_last_row(c) - row + 1);
    canvas_fill(c, row, 0, c->cols, STYLE_TITLE, "─");
    int used = canvas_format(c, row, 2, c->cols - 4, STYLE_TITLE, " %s ", title);
    (void)used;
}

unsigned view_focus(const struct view *v)
{
    return v->ops->focus ? v->ops->focus(v) : FOCUS_ROW;
}

bool view_typing(const struct view *v)
{
    return (view_focus(v) & (FOCUS_PROMPT | FOCUS_NOTE | FOCUS_TEXT)) != 0;
}

bool app_typing(const struct app *app)
{
    return app->top && !app_is_small(app) && view_typing(app->top);
}

/* ── message line ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct field *prompt_of(struct view *v)
{
    return v->ops->prompt ? v->ops->prompt(v) : NULL;
}

void app_draw_message(struct app *app, struct canvas *c)
{
    int row = c->rows - 2, room = c->cols - 2;
    struct field *prompt = prompt_of(app->top);
    struct arena arena = {0};

    if (prompt) {
        int col = 1 + canvas_format(c, row, 1, room, STYLE_TEXT, "%s: ", app->top->ops->prompt_label(app->top));
        field_draw(prompt, c, row, col, 1, c->cols - 1 - col, true, STYLE_TEXT);
        return;
    }
    for (int i = 0; i < 3 && app->toast.forms[i]; i++) {
        bool last = i == 2 || !app->toast.forms[i + 1];
        if (!last && text_width(app->toast.forms[i]) > room)
            continue;
        canvas_put(c, row, 1, room, app->toast.kind == TOAST_ERROR ? STYLE_ERROR : STYLE_TEXT,
                   text_cut(&arena, app->toast.forms[i], room));
        arena_clear(&arena);
        return;
    }
    const char *message = app->top->ops->message ? app->top->ops->message(app->top) : NULL;
    if (message)
        canvas_put(c, row, 1, room, STYLE_TEXT, text_cut(&arena, message, room));
    arena_clear(&arena);
}

/* ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct footer {
    struct app *app;
    struct canvas *canvas;
    struct arena arena;
    int col;
};

static const char *footer_key(struct footer *f, enum command_id id)
{
    const struct view *v = f->app->top;
    unsigned focus = view_focus(v);

    if (id == CMD_BACK && (v->ops->sheet || view_typing(v))) {
        struct key esc = {.name = KEY_NAME_ESC};
        if (keymap_command(f->app->keymap, v->ops->name, focus, &esc) == CMD_BACK)
            return "Esc";
    }
    return keymap_keys(f->app->keymap, v->ops->name, focus, id, true, &f->arena);
}

static int footer_width(struct footer *f, enum command_id id)
{
    const char *key = footer_key(f, id);

    return *key ? text_width(key) + 1 + text_width(i18n_shown(command_info(id)->label)) : 0;
}

static void footer_add(struct footer *f, enum command_id id)
{
    const char *key = footer_key(f, id);

    if (!*key)
        return;
    f->col += canvas_put(f->canvas, f->canvas->rows - 1, f->col, -1, STYLE_KEY, key);
    f->col += 1 + canvas_put(f->canvas, f->canvas->rows - 1, f->col + 1, -1, STYLE_TEXT,
                             i18n_shown(command_info(id)->label));
    f->col += 2;
}

static bool footer_shows(const struct view *v, enum command_id id)
{
    if (command_info(id)->flags & QUIET)
        return false;
    if (id == CMD_HELP || id == CMD_BACK)
        return false; /* they stand at the end, always */
    return !v->ops->blocked || !v->ops->blocked(v, id);
}

/* What the view lists, as far as it fits, then help and back; over a field or a sheet back comes first, since Esc is near. */
void app_draw_footer(struct app *app, struct canvas *c)
{
    struct footer f = {.app = app, .canvas = c, .col = 1};
    const struct view *v = app->top;
    bool back_first = v->ops->sheet || view_typing(v);
    enum command_id ends[2] = {back_first ? CMD_BACK : CMD_HELP, back_first ? CMD_HELP : CMD_BACK};
    const enum command_id *list = v->ops->footer ? v->ops->footer(v) : v->ops->commands;
    int must = footer_width(&f, ends[0]) + 2 +
               (back_first || v->ops == &view_help ? 0 : footer_width(&f, ends[1]) + 2);

    for (; list && *list != CMD_NONE; list++) {
        if (!footer_shows(v, *list))
            continue;
        int width = footer_width(&f, *list);
        if (f.col + width + 2 + must - 2 > c->cols - 1)
            break;
        footer_add(&f, *list);
    }
    for (int i = 0; i < 2; i++)
        if (!(v->ops == &view_help && ends[i] == CMD_HELP) && f.col + footer_width(&f, ends[i]) <= c->cols)
            footer_add(&f, ends[i]);
    arena_clear(&f.arena);
}

/* ── the frame ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Sheets are drawn over what lies under them. */
static void draw_view(const struct view *v, struct canvas *c)
{
    if (v->ops->sheet && v->under)
        draw_view(v->under, c);
    v->ops->draw(v, c);
}

void app_draw_small(struct app *app, struct canvas *c)
{
    struct arena arena = {0};
    int64_t unsent = 0, stuck = 0;
    char key[2][24] = {"q", ""};
    int row = 0;

    if (app->outbox)
        outbox_counts(app->outbox, &unsent, &stuck);
    if (app->line.training)
        canvas_put(c, row++, 1, -1, STYLE_BANNER, _("TRAINING"));
    else
        row++;
    const char *lines[] = {
        arena_format(&arena, _("The window is %d x %d now."), c->cols, c->rows),
        arena_format(&arena, _("motcua needs at least %d x %d."), LEAST_COLS, LEAST_ROWS),
        "",
        _("Make it larger or the letters smaller;"),
        _("the screen comes back by itself, nothing is lost."),
        "",
        arena_format(&arena, _("Not sent: %lld. What is being filled in is kept."), (long long)unsent),
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines && row < c->rows - 1; i++)
        canvas_put(c, row++, 2, -1, STYLE_TEXT, lines[i]);
    (void)key;
    canvas_format(c, c->rows - 1, 2, -1, STYLE_TEXT, "q %s", i18n_shown(command_info(CMD_BACK)->label));
    canvas_cursor(c, c->rows - 1, 2);
    arena_clear(&arena);
}

bool app_draw(struct app *app, struct canvas *c)
{
    if (!app->dirty || !app->top)
        return false;
    app->dirty = false;
    if (c->rows != app->rows || c->cols != app->cols)
        canvas_resize(c, app->rows, app->cols);
    else
        canvas_clear(c);
    if (app_is_small(app)) {
        app_draw_small(app, c);
        return true;
    }
    draw_view(app->top, c);
    canvas_clear_rows(c, 0, 1);
    canvas_clear_rows(c, c->rows - 2, 2);
    app_draw_status(app, c);
    app_draw_message(app, c);
    app_draw_footer(app, c);
    return true;
}

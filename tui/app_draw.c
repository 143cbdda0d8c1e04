/* app_draw: a frame, made of the views' rows and the app's own three: status, message, keys (screens.md, rule 1).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_ROWS   16
#define LEAST_COLS   60
#define MESSAGE_ROWS 3

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
    canvas_format(c, row, 2, c->cols - 4, STYLE_TITLE, " %s ", title);
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
    return app->top && !app_is_small(app) && view_typing(app->top) && !app->top->ops->card;
}

/* ── message line ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct field *prompt_of(struct view *v)
{
    return v->ops->prompt ? v->ops->prompt(v) : NULL;
}

/* An error says at its end what to do, so it is never cut as long as there are rows: it takes the last of the body's too. */
static void draw_words(struct canvas *c, int row, enum style style, const char *words)
{
    struct arena arena = {0};
    int room = c->cols - 2;
    char **lines;
    size_t n = text_wrap(&arena, words, room, &lines);

    if (n > MESSAGE_ROWS) {
        n = MESSAGE_ROWS;
        lines[n - 1] = text_cut(&arena, arena_format(&arena, "%s %s", lines[n - 1], lines[n]), room);
    }
    row -= (int)n - 1;
    canvas_clear_rows(c, row, (int)n);
    for (size_t i = 0; i < n; i++)
        canvas_put(c, row + (int)i, 1, room, style, lines[i]);
    arena_clear(&arena);
}

/* Where a toast has no row of its own: over an input line it stands on the body's last. */
static void draw_toast(struct app *app, struct canvas *c, int row)
{
    const struct toast_text *toast = &app->toast;
    int form = 0;

    while (form < 2 && toast->forms[form + 1] && text_width(toast->forms[form]) > c->cols - 2)
        form++;
    if (toast->forms[form])
        draw_words(c, row, toast->kind == TOAST_ERROR ? STYLE_ERROR : STYLE_TEXT, toast->forms[form]);
}

/* What was saved is said where keys are being typed as well, but there the key that undoes it is a letter. */
static void draw_undo(struct app *app, struct canvas *c, int row)
{
    struct arena arena = {0};

    draw_words(c, row, STYLE_TEXT,
               arena_format(&arena, _("Saved on this machine. Press %s, then %s to undo within 10 seconds."),
                            app_key_name(app, CMD_BACK, &arena), app_key_name(app, CMD_UNDO, &arena)));
    arena_clear(&arena);
}

static void draw_prompt(struct app *app, struct canvas *c, struct field *prompt)
{
    int row = c->rows - 2;
    int col =
        1 + canvas_format(c, row, 1, c->cols - 2, STYLE_TEXT, "%s: ", app->top->ops->prompt_label(app->top));

    field_draw(prompt, c, row, col, 1, c->cols - 1 - col, true, STYLE_TEXT);
    if (prompt->at == prompt->text.len)
        canvas_put(c, row, c->cursor_col, 1, STYLE_TEXT, "_"); /* seen where the cursor is not */
}

void app_draw_message(struct app *app, struct canvas *c)
{
    const struct view *v = app->top;
    struct field *prompt = prompt_of(app->top);

    if (prompt) {
        if (app->toast.undo)
            draw_undo(app, c, view_last_row(c));
        else
            draw_toast(app, c, view_last_row(c));
        draw_prompt(app, c, prompt);
        return;
    }
    const char *message = v->ops->message ? v->ops->message(v) : NULL;
    bool first = app->toast.line && v->ops->message_first && v->ops->message_first(v);
    if (app->toast.forms[0] && !first)
        draw_toast(app, c, c->rows - 2);
    else if (message)
        draw_words(c, c->rows - 2, STYLE_TEXT, message);
}

/* ── the frame ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Sheets are drawn over what lies under them. */
static void draw_view(const struct view *v, struct canvas *c)
{
    if (v->ops->sheet && v->under)
        draw_view(v->under, c);
    v->ops->draw(v, c);
}

/* The picture has no room for words but its own, so in training its first row has the banner's colours alone. */
static void draw_small(struct app *app, struct canvas *c)
{
    struct arena arena = {0};
    int64_t unsent = 0, stuck = 0;

    if (app->outbox)
        outbox_counts(app->outbox, &unsent, &stuck);
    const char *lines[] = {
        "",
        arena_format(&arena, _("The window is %d x %d now."), c->cols, c->rows),
        arena_format(&arena, _("motcua needs at least %d x %d."), LEAST_COLS, LEAST_ROWS),
        "",
        _("Make it larger or the letters smaller;"),
        _("the screen comes back by itself, nothing is lost."),
        "",
        arena_format(&arena, _("Not sent: %lld. What is being filled in is kept."), (long long)unsent),
    };
    if (app->line.training)
        canvas_style(c, 0, 0, -1, STYLE_BANNER);
    for (int row = 0; row < (int)(sizeof lines / sizeof *lines) && row < c->rows - 1; row++)
        canvas_put(c, row, 2, -1, STYLE_TEXT, lines[row]);
    static const enum command_id keys[] = {CMD_BACK, CMD_LOCK};
    int col = 2;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !app->is_covered; i++)
        if (!app_blocked(app, app->top, keys[i]))
            col += 2 + canvas_format(
                           c, c->rows - 1, col, -1, STYLE_TEXT, "%s %s",
                           keymap_keys(app->keymap, app->top->ops->name, FOCUS_NONE, keys[i], true, &arena),
                           i18n_shown(command_info(keys[i])->label));
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
        draw_small(app, c);
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

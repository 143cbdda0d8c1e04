/* view_question: a question as a sheet, with numbered answers. 1 is "no", has the focus, and is what Enter and Esc do. It belongs to
 * the view that asked, and refuses letters: only a number answers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"

#include <string.h>

#define CHOICES 9

struct asking {
    struct arena arena;
    char *text, *choices[CHOICES];
    size_t n, focus;
    struct view *asker;
    void (*answered)(struct view *, int, void *);
    void *context;
};

static bool open_question(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct asking *a = v->state;
    const struct question *q = arg->more;

    a->text = arena_copy(&a->arena, q->text);
    while (a->n < CHOICES && q->choices[a->n]) {
        a->choices[a->n] = arena_copy(&a->arena, q->choices[a->n]);
        a->n++;
    }
    a->answered = q->answered;
    a->context = q->context;
    a->asker = v->under;
    return true;
}

static void draw_question(const struct view *v, struct canvas *c)
{
    const struct asking *a = v->state;
    struct arena arena = {0};
    char **lines;
    size_t n = text_wrap(&arena, a->text, c->cols - 4, &lines);
    int row = view_last_row(c) - (int)(n + a->n) - 1;

    if (row < view_body_row())
        row = view_body_row();
    view_rule(c, row++, _("Question"));
    for (size_t i = 0; i < n; i++)
        canvas_put(c, row++, 2, c->cols - 4, STYLE_TEXT, lines[i]);
    for (size_t i = 0; i < a->n; i++, row++) {
        bool focused = i == a->focus;
        canvas_format(c, row, 0, -1, focused ? STYLE_FOCUS : STYLE_TEXT, "%s %zu", focused ? ">" : " ", i + 1);
        canvas_put(c, row, 5, c->cols - 7, STYLE_TEXT, a->choices[i]);
        if (focused)
            canvas_cursor(c, row, 0);
    }
    arena_clear(&arena);
}

/* The sheet closes first: the answer may open another view. */
static void answer(struct view *v, size_t choice)
{
    struct asking *a = v->state;
    struct view *asker = a->asker;
    void (*answered)(struct view *, int, void *) = a->answered;
    void *context = a->context;

    app_close(v->app, v);
    if (answered)
        answered(asker, (int)choice + 1, context);
}

static enum handled question_command(struct view *v, enum command_id id, struct app *app)
{
    struct asking *a = v->state;

    if (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_9 && (size_t)(id - CMD_CHOOSE_1) < a->n) {
        answer(v, (size_t)(id - CMD_CHOOSE_1));
        return HANDLED;
    }
    switch (id) {
    case CMD_UP:
        a->focus -= a->focus > 0;
        return HANDLED;
    case CMD_DOWN:
        a->focus += a->focus + 1 < a->n;
        return HANDLED;
    case CMD_OPEN:
        answer(v, a->focus);
        return HANDLED;
    case CMD_BACK:
        answer(v, 0);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static unsigned question_focus(const struct view *v)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static void close_question(struct view *v)
{
    arena_clear(&((struct asking *)v->state)->arena);
}

static const enum command_id question_commands[] = {CMD_OPEN, CMD_UP, CMD_DOWN, CMD_BACK, CMD_NONE};

const struct view_ops view_question = {
    .name = "question",
    .title = NC_("view", "Question"),
    .state_size = sizeof(struct asking),
    .sheet = true,
    .commands = question_commands,
    .open = open_question,
    .draw = draw_question,
    .command = question_command,
    .focus = question_focus,
    .close = close_question,
};

void app_question(struct app *app, struct view *view, const struct question *question)
{
    const struct view_arg arg = {.more = question};

    while (app->top && app->top != view)
        app_close(app, app->top);
    app_open(app, &view_question, &arg);
}

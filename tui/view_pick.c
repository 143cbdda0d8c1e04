/* view_pick: values to choose from by their number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_pick.h"

#include "core/i18n.h"
#include "core/text.h"

struct picking {
    struct arena arena;
    const char *title, *items[PICK_MOST];
    size_t n, focus;
    void (*picked)(struct view *, size_t);
};

static bool open_pick(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct picking *s = v->state;
    const struct pick *from = arg->more;

    s->title = arena_copy(&s->arena, from->title);
    while (s->n < PICK_MOST && from->items[s->n]) {
        s->items[s->n] = arena_copy(&s->arena, from->items[s->n]);
        s->n++;
    }
    s->focus = from->focus;
    s->picked = from->picked;
    return true;
}

static void draw_pick(const struct view *v, struct canvas *c)
{
    const struct picking *s = v->state;
    struct arena arena = {0};
    char **lines[PICK_MOST];
    size_t n[PICK_MOST] = {0}, height = 1;

    for (size_t i = 0; i < s->n; i++)
        height += n[i] = text_wrap(&arena, s->items[i], c->cols - 6, &lines[i]);
    int row = view_last_row(c) - (int)height + 1;
    if (row < view_body_row())
        row = view_body_row();
    view_rule(c, row++, s->title);
    for (size_t i = 0; i < s->n; i++) {
        bool focused = i == s->focus;
        canvas_format(c, row, 0, -1, focused ? STYLE_FOCUS : STYLE_TEXT, "%s %zu", focused ? ">" : " ", i + 1);
        if (focused)
            canvas_cursor(c, row, 0);
        for (size_t j = 0; j < n[i] && row <= view_last_row(c); j++)
            canvas_put(c, row++, 5, -1, STYLE_TEXT, lines[i][j]);
    }
    arena_clear(&arena);
}

/* The sheet goes first: what is picked may open another view. */
static void pick(struct view *v, size_t item)
{
    struct picking *s = v->state;
    struct view *asker = v->under;
    void (*picked)(struct view *, size_t) = s->picked;

    if (item >= s->n)
        return;
    app_close(v->app, v);
    picked(asker, item);
}

static enum handled pick_command(struct view *v, enum command_id id, struct app *app)
{
    struct picking *s = v->state;

    if (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_9 && (size_t)(id - CMD_CHOOSE_1) < s->n) {
        pick(v, (size_t)(id - CMD_CHOOSE_1));
        return HANDLED;
    }
    switch (id) {
    case CMD_UP:
        s->focus -= s->focus > 0;
        return HANDLED;
    case CMD_DOWN:
        s->focus += s->focus + 1 < s->n;
        return HANDLED;
    case CMD_OPEN:
        pick(v, s->focus);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static unsigned pick_focus(const struct view *v)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static void close_pick(struct view *v)
{
    arena_clear(&((struct picking *)v->state)->arena);
}

static const enum command_id pick_commands[] = {CMD_OPEN, CMD_UP, CMD_DOWN, CMD_NONE};

static const struct view_ops view_pick = {
    .name = "pick",
    .title = NC_("view", "Values to choose from"),
    .state_size = sizeof(struct picking),
    .sheet = true,
    .commands = pick_commands,
    .open = open_pick,
    .draw = draw_pick,
    .command = pick_command,
    .focus = pick_focus,
    .close = close_pick,
};

void view_pick_open(struct view *asker, const struct pick *pick_from)
{
    app_open(asker->app, &view_pick, &(struct view_arg){.more = pick_from});
}

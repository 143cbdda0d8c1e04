/* tui_page: see tui_page.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_page.h"

#include <stdio.h>
#include <string.h>

struct noted_page now;

static bool open_page(struct view *v, const struct view_arg *arg, struct err *e)
{
    return !now.refuse || err_set(e, ERR_NOT_FOUND, "Không mở được.");
}
static bool load(struct view *v, struct cache *cache, struct err *e)
{
    now.loads++;
    return true;
}
static void draw(const struct view *v, struct canvas *c)
{
    canvas_put(c, 2, 0, -1, STYLE_TEXT, "thân màn hình");
    canvas_cursor(c, 2, 0);
}
static unsigned focus(const struct view *v)
{
    return now.focus;
}
static enum handled command(struct view *v, enum command_id id, struct app *app)
{
    now.got = id;
    return id == now.takes ? HANDLED : NOT_HANDLED;
}
static const char *blocked(const struct view *v, enum command_id id)
{
    return id == now.blocked ? now.why : NULL;
}
static struct field *prompt(struct view *v)
{
    return now.prompt;
}
static const char *label(const struct view *v)
{
    return "Tìm";
}
static void text(struct view *v, const char *utf8)
{
    now.texts++;
    snprintf(now.text, sizeof now.text, "%s", utf8);
    now.pasted = app_text_is_pasted(v->app);
}
static void answered(struct view *v, const struct answer *a)
{
    now.answers++;
    now.ask = a->id;
}
static int64_t wake(const struct view *v)
{
    return now.wake;
}
static void tick(struct view *v)
{
    now.ticks++;
    now.wake = INT64_MAX;
}
static void close_page(struct view *v)
{
    now.closed++;
}
static const enum command_id commands[] = {CMD_ACT, CMD_NONE};
const struct view_ops page = {.name = "dossiers",
                              .depends = CACHE_DOSSIERS | CACHE_CLOCK,
                              .commands = commands,
                              .open = open_page,
                              .load = load,
                              .answered = answered,
                              .draw = draw,
                              .command = command,
                              .blocked = blocked,
                              .focus = focus,
                              .prompt = prompt,
                              .prompt_label = label,
                              .text = text,
                              .wake = wake,
                              .tick = tick,
                              .close = close_page};

struct world w;

int page_sit_down(void **state)
{
    world_new(&w, "mockups", "mai", "09:42");
    memset(&now, 0, sizeof now);
    now.focus = FOCUS_ROW;
    now.wake = INT64_MAX;
    assert_true(app_open(w.app, &page, NULL));
    return 0;
}

int page_stand_up(void **state)
{
    world_free(&w);
    return 0;
}

void said_at(struct at at, const char *wanted)
{
    world_draw(&w, 24, 80);
    world_rows_at(at, &w, 22, (const char *const[]){wanted, NULL});
}

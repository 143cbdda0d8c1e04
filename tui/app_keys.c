/* app_keys: which key does what where the officer is, and why one does nothing: for the last row, sentences, help and palette.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"
#include "tui/tray_run.h"

#include "core/i18n.h"
#include "core/text.h"

#include <string.h>

static bool is_listed(const struct view *v, enum command_id id)
{
    for (const enum command_id *c = v->ops->commands; c && *c != CMD_NONE; c++)
        if (*c == id)
            return true;
    return false;
}

/* What the app itself does without an officer. */
static bool works_signed_out(enum command_id id)
{
    return id == CMD_HELP || id == CMD_PALETTE || id == CMD_BACK || id == CMD_REDRAW || id == CMD_THEME ||
           id == CMD_KEYMAP || id == CMD_ABOUT || id == CMD_QUIT;
}

static bool has_queue(struct app *app, enum queue_id queue)
{
    enum queue_id ids[10];
    size_t n = queue_list(app_roles(app), ids);

    while (n > 0 && ids[n - 1] != queue)
        n--;
    return n > 0;
}

const char *app_blocked(struct app *app, const struct view *v, enum command_id id)
{
    const char *why = v->ops->blocked ? v->ops->blocked(v, id) : NULL;

    if (why)
        return why;
    if (app->is_covered)
        return app_works_covered(id) ? NULL : _("the screen is locked");
    if (id == CMD_LOCK && !app->outbox)
        return app->vault.officer ? NULL : _("nobody is signed in");
    if (!app->outbox && (command_info(id)->flags & EVERYWHERE) && !works_signed_out(id) && !is_listed(v, id))
        return _("nobody is signed in");
    if (id == CMD_WATCH && !has_queue(app, QUEUE_WATCH))
        return "";
    if (id == CMD_MANDATE)
        return app_mandate_blocked(app);
    if (id == CMD_SIGNER && tray_run_goes(app))
        return _("a run goes on; it has to end first");
    if (id == CMD_TRAY && !tray_is_his(app))
        return _("this account has no role that signs");
    if (id == CMD_SIGNER)
        return app_signer_blocked(app);
    if (id == CMD_NEW && !(app_roles(app) & ROLE_BIT(ROLE_COUNTER)))
        return _("only officers of a counter take dossiers in");
    if (id == CMD_UNDO && app->hold_end == INT64_MAX)
        return _("nothing was saved in the last 10 seconds");
    return NULL;
}

size_t app_keys(struct app *app, const struct view *v, enum command_id id, struct arena *arena,
                const char *keys[static 2])
{
    const char *all = keymap_keys(app->keymap, v->ops->name, view_focus(v), id, false, arena);
    size_t n = 0;

    while (*all && n < 2) {
        const char *end = strstr(all, "  ");
        size_t len = end ? (size_t)(end - all) : strlen(all);
        keys[n++] = arena_copy_n(arena, all, len);
        all += len + (end ? 2 : 0);
    }
    return n;
}

const char *app_key_name(struct app *app, enum command_id id, struct arena *arena)
{
    const struct view *v = app->top;
    const char *name = v ? v->ops->name : "", *key = "";

    if (v)
        key = keymap_keys(app->keymap, name, view_focus(v), id, true, arena);
    if (!*key) /* typing, where it is a letter: the sentence is read after that */
        key = keymap_keys(app->keymap, name, FOCUS_ROW, id, true, arena);
    return *key ? key : command_info(id)->name;
}

/* ── the last row ───────────────────────────────────────────────────────────────────────────────────────────────────── */

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

static bool footer_shows(struct footer *f, enum command_id id)
{
    if (id == CMD_HELP || id == CMD_BACK || command_info(id)->flags & QUIET)
        return false; /* help and back stand at the end, always */
    return !app_blocked(f->app, f->app->top, id);
}

/* What the view lists, as far as it fits, then help and back; over a field or a sheet back comes first, since Esc is near, and help
 * only where there is room. Help itself does not offer help. */
void app_draw_footer(struct app *app, struct canvas *c)
{
    struct footer f = {.app = app, .canvas = c, .col = 1};
    const struct view *v = app->top;
    bool back_first = v->ops->sheet || view_typing(v);
    const enum command_id *list = v->ops->footer ? v->ops->footer(v) : v->ops->commands;
    int ends = footer_width(&f, CMD_BACK) + (back_first ? 0 : 2 + footer_width(&f, CMD_HELP));

    for (; list && *list != CMD_NONE; list++) {
        if (!footer_shows(&f, *list))
            continue;
        if (f.col + footer_width(&f, *list) + 2 + ends > c->cols)
            break;
        footer_add(&f, *list);
    }
    if (!back_first)
        footer_add(&f, CMD_HELP);
    footer_add(&f, CMD_BACK);
    if (back_first && v->ops != &view_help && f.col + footer_width(&f, CMD_HELP) <= c->cols)
        footer_add(&f, CMD_HELP);
    arena_clear(&f.arena);
}

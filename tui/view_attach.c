/* view_attach: a file that lies on this machine becomes the scan of a paper: its path is typed or pasted on the prompt. It refuses to look at
 * the disk: the loop does (ASK_ATTACH), says what is wrong with the file, and has it saved before it says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_attach.h"

#include "core/i18n.h"
#include "core/text.h"
#include "tui/field.h"

#define PATH_LETTERS 1000

struct attaching {
    struct arena arena;
    char *dossier, *paper; /* ids; no paper: another file of the dossier */
    char *name;            /* the paper's, ready to be shown */
    struct field path;
    uint64_t ask; /* 0: none is on its way */
    struct err err;
};

static bool open_attaching(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct attaching *a = v->state;
    const struct paper *paper = arg->more;

    a->dossier = arena_copy(&a->arena, arg->id);
    if (paper) {
        a->paper = arena_copy(&a->arena, paper->id);
        a->name = text_shown(&a->arena, paper->name);
    }
    a->path.max = PATH_LETTERS;
    return true;
}

static int lines_at(struct canvas *c, int row, const char *text, bool draw)
{
    struct arena arena = {0};
    char **lines;
    size_t n = text_wrap(&arena, text, c->cols - 4, &lines);

    for (size_t i = 0; draw && i < n; i++)
        canvas_put(c, row + (int)i, 2, c->cols - 4, STYLE_TEXT, lines[i]);
    arena_clear(&arena);
    return row + (int)n;
}

static void draw_attaching(const struct view *v, struct canvas *c)
{
    const struct attaching *a = v->state;
    struct arena arena = {0};
    const char *what =
        arena_format(&arena, _("PDF, JPEG or PNG, at most %lld MB. It is sent in the background."),
                     (long long)(app_line(v->app)->max_upload >> 20));
    const char *state = a->err.code != ERR_NONE ? a->err.text : a->ask ? _("Saving it on this machine…") : "";
    int rows = lines_at(c, 0, what, false) + (*state ? lines_at(c, 0, state, false) : 0);
    int row = view_last_row(c) - rows;

    view_rule(c, row++,
              a->name ? arena_format(&arena, _("Attach a file to: %s"), a->name) : _("Attach another file"));
    row = lines_at(c, row, what, true);
    if (*state)
        lines_at(c, row, state, true);
    arena_clear(&arena);
}

static void submit(struct view *v)
{
    struct attaching *a = v->state;

    if (a->ask || !*field_text(&a->path))
        return;
    struct ask ask = {.kind = ASK_ATTACH,
                      .text = mem_copy(field_text(&a->path)),
                      .dossier = mem_copy(a->dossier),
                      .cursor = a->paper ? mem_copy(a->paper) : NULL};
    a->err = (struct err){0};
    a->ask = app_ask(v->app, v, &ask);
}

static void answered_attaching(struct view *v, const struct answer *answer)
{
    struct attaching *a = v->state;
    struct app *app = v->app;

    a->ask = 0;
    a->err = answer->err;
    if (a->err.code != ERR_NONE)
        return;
    app_close(app, v);
    app_toast(app, TOAST_NOTE, "%s",
              _("The file is saved on this machine, sealed. It is sent in the background; you can go on."));
}

static enum handled command_attaching(struct view *v, enum command_id id, struct app *app)
{
    if (id != CMD_SUBMIT)
        return NOT_HANDLED;
    submit(v);
    return HANDLED;
}

static void text_attaching(struct view *v, const char *utf8)
{
    ((struct attaching *)v->state)->err = (struct err){0};
}

static unsigned focus_attaching(const struct view *v)
{
    return FOCUS_PROMPT;
}

static struct field *prompt_attaching(struct view *v)
{
    return &((struct attaching *)v->state)->path;
}

static const char *label_attaching(const struct view *v)
{
    return C_("prompt", "File");
}

static void close_attaching(struct view *v)
{
    struct attaching *a = v->state;

    field_clear(&a->path);
    arena_clear(&a->arena);
}

static const enum command_id commands_attaching[] = {CMD_SUBMIT, CMD_NONE};

const struct view_ops view_attach = {
    .name = "attach",
    .title = NC_("view", "Attach a file"),
    .state_size = sizeof(struct attaching),
    .depends = CACHE_LINE,
    .sheet = true,
    .commands = commands_attaching,
    .open = open_attaching,
    .answered = answered_attaching,
    .draw = draw_attaching,
    .command = command_attaching,
    .focus = focus_attaching,
    .prompt = prompt_attaching,
    .prompt_label = label_attaching,
    .text = text_attaching,
    .close = close_attaching,
};

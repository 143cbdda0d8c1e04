/* view_about: which motcua this is, whose server, who works here, and under which licence. It refuses to be more than words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#define LABEL_COL 2
#define TEXT_COL  17

struct facts {
    struct arena arena;
    struct {
        const char *label, *text;
    } facts[8];
    size_t n;
};

static const char *server(struct app *app, struct arena *arena)
{
    const char *url = text_shown(arena, app_options(app)->server);

    return app_training(app) ? arena_format(arena, _("%s (training server)"), url) : url;
}

static const char *officer(struct app *app, struct arena *arena)
{
    const struct officer *me = app_officer(app);

    if (!me)
        return *app_officer_id(app) ? text_shown(arena, app_officer_id(app)) : _("nobody is signed in");
    return arena_format(arena, "%s (%s) · %s", text_shown(arena, me->name), text_shown(arena, me->id),
                        text_shown(arena, cache_unit_name(app_cache(app), me->unit)));
}

static const char *kept(struct app *app, struct arena *arena)
{
    long long n = (long long)cache_dossier_count(app_cache(app));
    int64_t at = cache_data_at(app_cache(app));

    return at == INSTANT_NONE
               ? arena_format(arena, _("%lld dossiers"), n)
               : arena_format(arena, _("%lld dossiers, as of %s"), n, word_when(arena, at, app_offset(app)));
}

static void add(struct facts *a, const char *label, const char *text)
{
    a->facts[a->n].label = label;
    a->facts[a->n++].text = text;
}

static bool load_about(struct view *v, struct cache *cache, struct err *e)
{
    struct facts *a = v->state;
    struct app *app = v->app;

    arena_reset(&a->arena);
    a->n = 0;
    add(a, "motcua",
        arena_format(&a->arena, _("%s, the officer's workstation of the one-stop shop"), MOTCUA_VERSION));
    add(a, _("Server"), server(app, &a->arena));
    add(a, _("This machine"), text_shown(&a->arena, app_options(app)->workstation));
    add(a, _("Officer"), officer(app, &a->arena));
    if (cache) {
        add(a, _("Kept here"), kept(app, &a->arena));
        add(a, _("Protection"),
            app_vault(app)->pin
                ? app_vault(app)->office
                      ? _("What is kept here is sealed under the PIN; the office's recovery key opens it as well.")
                      : _("What is kept here is sealed under the PIN, which alone opens it.")
                : _("What is kept here is sealed with a key that lies beside it. There is no PIN: whoever takes the disk can read it."));
    }
    add(a, _("Licence"),
        _("GNU General Public License, version 3 or later. Free software: everybody may use, study, share and change it. No warranty."));
    add(a, _("Built with"), "ncurses, libcurl, SQLite, libsodium, jansson, utf8proc, libqrencode, OpenSSL");
    return true;
}

static void draw_about(const struct view *v, struct canvas *c)
{
    const struct facts *a = v->state;
    struct arena arena = {0};
    int row = view_body_row() + 1;

    view_title(c, i18n_shown(v->ops->title), NULL);
    for (size_t i = 0; i < a->n; i++) {
        char **lines;
        size_t n = text_wrap(&arena, a->facts[i].text, c->cols - TEXT_COL - 1, &lines);
        canvas_put(c, row, LABEL_COL, TEXT_COL - LABEL_COL - 1, STYLE_TEXT, a->facts[i].label);
        for (size_t k = 0; k < n && row <= view_last_row(c); k++)
            canvas_put(c, row++, TEXT_COL, -1, STYLE_TEXT, lines[k]);
    }
    canvas_cursor(c, view_body_row() + 1, LABEL_COL);
    arena_clear(&arena);
}

static void close_about(struct view *v)
{
    arena_clear(&((struct facts *)v->state)->arena);
}

static const enum command_id about_commands[] = {CMD_NONE};

const struct view_ops view_about = {
    .name = "about",
    .title = NC_("view", "About motcua"),
    .state_size = sizeof(struct facts),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_LINE,
    .commands = about_commands,
    .load = load_about,
    .draw = draw_about,
    .close = close_about,
};

/* view_about: which motcua this is, whose server, who works here, and under which licence. It refuses to be more than words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#define LABEL_COL 2
#define TEXT_COL  17

static int put(struct canvas *c, int row, const char *label, const char *text)
{
    struct arena arena = {0};
    char **lines;
    size_t n = text_wrap(&arena, text, c->cols - TEXT_COL - 1, &lines);

    canvas_put(c, row, LABEL_COL, TEXT_COL - LABEL_COL - 1, STYLE_TEXT, label);
    for (size_t i = 0; i < n && row <= view_last_row(c); i++)
        canvas_put(c, row++, TEXT_COL, -1, STYLE_TEXT, lines[i]);
    arena_clear(&arena);
    return row;
}

static const char *server(struct app *app, struct arena *arena)
{
    const char *url = text_shown(arena, app_options(app)->server);

    return app_training(app) ? arena_format(arena, _("%s (training: nothing counts)"), url) : url;
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

static void draw_about(const struct view *v, struct canvas *c)
{
    struct app *app = v->app;
    struct arena arena = {0};
    int row = view_body_row() + 1;

    view_title(c, _("About motcua"), NULL);
    row = put(c, row, "motcua",
              arena_format(&arena, _("%s, the officer's workstation of the one-stop shop"), MOTCUA_VERSION));
    row = put(c, row, _("Server"), server(app, &arena));
    row = put(c, row, _("This machine"), text_shown(&arena, app_options(app)->workstation));
    row = put(c, row, _("Officer"), officer(app, &arena));
    if (app_cache(app))
        row = put(c, row, _("Kept here"), kept(app, &arena));
    row = put(
        c, row + 1, _("Licence"),
        _("GNU General Public License, version 3 or later. Free software: everybody may use, study, share and change it. No warranty."));
    put(c, row, _("Built with"), "ncurses, libcurl, SQLite, libsodium, jansson, utf8proc, libqrencode, OpenSSL");
    canvas_cursor(c, view_body_row() + 1, LABEL_COL);
    arena_clear(&arena);
}

static const enum command_id about_commands[] = {CMD_NONE};

const struct view_ops view_about = {
    .name = "about",
    .title = NC_("view", "About motcua"),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_LINE,
    .commands = about_commands,
    .draw = draw_about,
};

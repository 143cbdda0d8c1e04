/* tray_draw: the picture of the tray: a row for each dossier, below them what changed, what the keys do and what signs; the typed number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_tray.h"

#include "tui/page.h"
#include "tui/row.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

enum {
    SIGHT_COL = 5,
    DECISION_COL = 15,
    CODE_COL = 28,
    NAME_COL = 39,
    NAME_WIDTH = 16,
    PROCEDURE_COL = 56,
    PROCEDURE_LEAST = 10,
    TIME_WIDTH = 8,
    BELOW = 9, /* rows under the list: what changed, what the keys do, with what is signed */
};

static const char *sight_word(enum tray_sight sight)
{
    return sight == TRAY_SEEN      ? C_("tray", "seen")
           : sight == TRAY_CHANGED ? C_("tray", "CHANGED")
                                   : C_("tray", "not seen");
}

static void put_head(struct canvas *c, int row, int time)
{
    canvas_put(c, row, 3, -1, STYLE_TITLE, "#");
    canvas_put(c, row, SIGHT_COL, -1, STYLE_TITLE, C_("column", "Seen"));
    canvas_put(c, row, DECISION_COL, -1, STYLE_TITLE, C_("column", "Decision"));
    canvas_put(c, row, CODE_COL, -1, STYLE_TITLE, C_("column", "Code"));
    canvas_put(c, row, NAME_COL, -1, STYLE_TITLE, C_("column", "Applicant"));
    if (time - PROCEDURE_COL > PROCEDURE_LEAST)
        canvas_put(c, row, PROCEDURE_COL, -1, STYLE_TITLE, C_("column", "Procedure"));
    canvas_put(c, row, time, -1, STYLE_TITLE, C_("column", "Left"));
}

static void put_row(const struct tray_view *t, struct canvas *c, int at, size_t i, struct arena *arena)
{
    const struct tray_row *row = &app_tray(t->app)->rows[i];
    const struct tray_line *line = &t->lines[i];
    bool focus = i == t->scroll.focus;
    int time = c->cols - TIME_WIDTH, room = time - PROCEDURE_COL - 1;
    bool has_procedure = room >= PROCEDURE_LEAST;

    canvas_format(c, at, 0, CODE_COL, focus ? STYLE_FOCUS : STYLE_TEXT, "%s%3zu ", focus ? ">" : " ", i + 1);
    if (focus)
        canvas_cursor(c, at, 0);
    canvas_put(c, at, SIGHT_COL, -1, row->sight == TRAY_CHANGED ? STYLE_ERROR : STYLE_TEXT,
               sight_word(row->sight));
    canvas_put(c, at, DECISION_COL, -1, STYLE_TEXT, tray_decision_word(row->decision));
    canvas_put(c, at, CODE_COL, TRAY_CODE, STYLE_TEXT, line->code);
    canvas_put(c, at, NAME_COL, -1, STYLE_TEXT,
               text_cut(arena, line->name, has_procedure ? NAME_WIDTH : time - NAME_COL - 1));
    if (has_procedure)
        canvas_put(c, at, PROCEDURE_COL, -1, STYLE_TEXT, text_cut_middle(arena, line->procedure, room));
    canvas_put(c, at, time, TIME_WIDTH - 1, row_time_style(line->left.kind), word_time_brief(arena, line->left));
}

static void write_changes(const struct tray_view *t, struct page *p)
{
    const struct tray *tray = app_tray(t->app);
    bool any = false;

    for (size_t i = 0; i < t->n; i++) {
        if (tray->rows[i].sight != TRAY_CHANGED)
            continue;
        any = true;
        page_text(p, 1, STYLE_TEXT,
                  t->lines[i].changed
                      ? arena_format(&p->arena,
                                     _("No. %zu changed after it was seen (%s): see it again to decide it."),
                                     i + 1, t->lines[i].changed)
                      : arena_format(&p->arena,
                                     _("No. %zu changed after it was seen: see it again to decide it."), i + 1));
    }
    if (any)
        page_next(p);
}

static const char *what_f9_does(const struct tray_view *t, struct arena *arena)
{
    const struct tray *tray = app_tray(t->app);
    size_t grants = tray_count(tray, TRAY_GRANT), refuses = tray_count(tray, TRAY_REFUSE),
           back = tray_count(tray, TRAY_REWORK);
    const char *key = tray_key(t->app, CMD_ACCEPT, arena);

    if (grants + refuses + back == 0)
        return arena_format(arena, _("%s: nothing is decided yet."), key);
    return arena_format(
        arena,
        _("%s: sign %zu decided dossiers (%zu granted, %zu refused), send back %zu; %zu dossiers for later."),
        key, grants + refuses, grants, refuses, back, tray->n - grants - refuses - back);
}

/* For whom the officer signs, the first that he signs for of those here. */
static const char *behalf(const struct tray_view *t, struct arena *arena)
{
    const char *first = NULL;

    for (size_t i = 0; !first && i < t->n; i++) {
        struct arena own = {0};
        struct dossier d;
        if (cache_dossier(app_cache(t->app), app_tray(t->app)->rows[i].id, &own, &d, NULL, NULL))
            first = app_acts_for(t->app, d.procedure);
        arena_clear(&own);
    }
    return first ? text_shown(arena, cache_officer_name(app_cache(t->app), first))
                 : C_("on behalf of", "nobody");
}

static const char *how_it_signs(const struct sign_signer *s)
{
    return s->phone || s->at_home ? _("it asks for each dossier")
           : s->asks_pin          ? _("it asks for the PIN once for this run")
                                  : _("it asks for no PIN");
}

static void write_below(const struct tray_view *t, struct page *p)
{
    write_changes(t, p);
    page_text(p, 1, STYLE_TEXT,
              _("While seeing one:  1 Grant   2 Send back…   0 Refuse…   . pass over, for later"));
    page_text(p, 1, STYLE_TEXT, what_f9_does(t, &p->arena));
    page_next(p);
    page_text(p, 1, STYLE_TEXT,
              t->signer.can_sign ? arena_format(&p->arena, _("On behalf of: %s. Signing device: %s, %s."),
                                                behalf(t, &p->arena), t->signer.device, how_it_signs(&t->signer))
                                 : arena_format(&p->arena, _("On behalf of: %s. Signing device: %s."),
                                                behalf(t, &p->arena), t->signer.words));
}

static void draw_confirm(struct tray_view *t, struct canvas *c)
{
    struct arena arena = {0};
    int top = view_last_row(c) - 4;
    struct field *number = &t->number;

    view_rule(c, top, arena_format(&arena, _("Sign with: %s"), t->signer.words));
    int col = 2 + canvas_format(c, top + 2, 2, -1, STYLE_TEXT,
                                _("Type the number of dossiers that will be signed (%zu) to sign:   "),
                                tray_to_sign(app_tray(t->app)));
    field_draw(number, c, top + 2, col, 1, TRAY_NUMBER + 1, true, STYLE_TEXT);
    if (number->at == number->text.len)
        canvas_put(c, top + 2, c->cursor_col, 1, STYLE_TEXT, "_"); /* seen where the cursor is not */
    sign_signer_draw_after(&t->signer, c, top + 3);
    arena_clear(&arena);
}

void tray_draw(const struct view *v, struct canvas *c)
{
    struct tray_view *t = v->state;
    const struct tray *tray = app_tray(t->app);
    struct arena arena = {0};
    int top = view_body_row(), last = view_last_row(c), room = view_body_rows(c) - 1 - BELOW;
    size_t seen = 0;

    if (room < 3)
        room = 3;
    for (size_t i = 0; i < tray->n; i++)
        seen += tray->rows[i].sight == TRAY_SEEN;
    view_title(c, arena_format(&arena, _("Tray · %zu dossiers"), tray->n),
               arena_format(&arena, _("seen %zu · to sign %zu"), seen, tray_to_sign(tray)));
    canvas_cursor(c, top, 0);
    if (tray->n == 0) {
        canvas_put(c, top, 1, c->cols - 2, STYLE_TEXT,
                   arena_format(
                       &arena,
                       _("The tray is empty. In the list “to sign”: Space to mark, %s to put them into the tray."),
                       tray_key(t->app, CMD_TRAY, &arena)));
        arena_clear(&arena);
        return;
    }
    put_head(c, top, c->cols - TIME_WIDTH);
    t->shown = t->n < (size_t)room ? t->n : (size_t)room;
    scroll_fit(&t->scroll, t->n, t->shown);
    for (size_t i = 0; i < t->shown; i++)
        put_row(t, c, top + 1 + (int)i, t->scroll.first + i, &arena);
    int at = top + 2 + (int)t->shown;
    struct page page = page_new(c, at, 0, last - at + 1, c->cols, 0);
    write_below(t, &page);
    page_end(&page);
    if (t->confirming)
        draw_confirm(t, c);
    arena_clear(&arena);
}

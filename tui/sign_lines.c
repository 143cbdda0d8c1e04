/* sign_lines: see sign_lines.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/sign_lines.h"

#include "core/i18n.h"
#include "core/statement.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_COL    2
#define TEXT_COL     15
#define SIGNER_WIDTH 21

struct lines {
    struct app *app;
    struct arena *arena;
    struct sign_line *items;
    size_t n, room;
    int columns; /* of the text */
};

static void add_line(struct lines *l, const char *label, const char *text, bool is_signed)
{
    if (l->n == l->room) {
        size_t room = l->room ? l->room * 2 : 32;
        l->items = arena_grow(l->arena, l->items, l->n, room, sizeof *l->items);
        l->room = room;
    }
    l->items[l->n++] = (struct sign_line){.label = label, .text = text, .is_signed = is_signed};
}

/* As many lines as the text takes. */
static void add(struct lines *l, const char *label, const char *text)
{
    char **wrapped;
    size_t n = text_wrap(l->arena, text, l->columns, &wrapped);

    for (size_t i = 0; i < n; i++)
        add_line(l, i == 0 ? label : "", wrapped[i], true);
}

static const char *show(struct lines *l, const char *data)
{
    return text_shown(l->arena, data);
}

/* The statement joins name and number with one space; a comma makes them two things to the eye. */
static const char *applicant(struct lines *l, const char *joined, const struct dossier *d)
{
    const char *number = d->applicant->id_number;
    size_t whole = strlen(joined), n = number ? strlen(number) : 0;

    if (n == 0 || n + 1 >= whole || strcmp(joined + whole - n, number) != 0)
        return show(l, joined);
    return arena_format(l->arena, "%s, %s", show(l, arena_copy_n(l->arena, joined, whole - n - 1)),
                        show(l, number));
}

static const char *decision(struct lines *l, const char *outcome)
{
    const char *words = strcmp(outcome, "grant") == 0    ? _("GRANT THE RESULT")
                        : strcmp(outcome, "refuse") == 0 ? _("REFUSE TO SETTLE IT")
                                                         : "";

    return arena_format(l->arena, "%s (%s)", words, show(l, outcome));
}

static void add_documents(struct lines *l, const struct signing_statement *s)
{
    if (s->n_documents == 0)
        add(l, C_("statement", "Documents"), C_("statement", "(none)"));
    for (size_t i = 0; i < s->n_documents; i++) {
        add(l, arena_format(l->arena, C_("statement", "Document %zu"), i + 1),
            arena_format(l->arena, "%s %s", show(l, s->documents[i].id), show(l, s->documents[i].name)));
        add_line(l, arena_format(l->arena, "  %s", show(l, s->documents[i].sha256)), "", true);
    }
}

static void add_signer(struct lines *l, const struct signing_statement *s)
{
    struct cache *cache = app_cache(l->app);
    const char *name = show(l, cache_officer_name(cache, s->officer));
    const char *behalf =
        s->on_behalf_of ? show(l, cache_officer_name(cache, s->on_behalf_of)) : C_("statement", "(no)");
    int gap = SIGNER_WIDTH - text_width(name);

    add(l, C_("statement", "Signer"),
        arena_format(l->arena, "%s%*s%s  %s", name, gap > 1 ? gap : 2, "", C_("statement", "on behalf of"),
                     behalf));
}

static void add_statement(struct lines *l, const struct signing_statement *s, const struct dossier *d)
{
    struct cache *cache = app_cache(l->app);
    struct civil at = instant_civil(s->signed_at, app_offset(l->app));
    int zone = app_offset(l->app) / 60;

    add(l, C_("statement", "Kind"), show(l, s->statement));
    add(l, C_("statement", "Dossier"),
        arena_format(l->arena, _("%s · code %s · version %lld"), show(l, s->dossier), show(l, s->code),
                     (long long)s->version));
    add(l, C_("statement", "Procedure"), show(l, s->procedure));
    add(l, C_("statement", "Applicant"), applicant(l, s->applicant, d));
    add(l, C_("statement", "Decision"), decision(l, s->outcome));
    add(l, C_("statement", "Opinion"), *s->note ? show(l, s->note) : C_("statement", "(none)"));
    add_documents(l, s);
    add_signer(l, s);
    add(l, C_("statement", "Unit"),
        arena_format(l->arena, "%s %s", show(l, s->unit), show(l, cache_unit_name(cache, s->unit))));
    add(l, C_("statement", "Signed at"),
        arena_format(l->arena, "%02d/%02d/%04d %02d:%02d:%02d %+03d:%02d", at.day, at.month, at.year, at.hour,
                     at.minute, at.second, zone / 60, abs(zone % 60)));
}

/* Who proposed it and whether that is somebody else, and the time left. Not signed. */
static void add_beside(struct lines *l, const struct signing_statement *s, const struct dossier_shown *shown,
                       int cols)
{
    const struct proposal *p = shown->d.proposal;
    const char *left = word_time_left(l->arena, shown->left);
    const char *text;
    char **wrapped;

    if (p) {
        bool same = strcmp(p->by, s->officer) == 0;
        const char *when = arena_format(l->arena, "%s %s",
                                        word_day_short(l->arena, p->at, app_now(l->app), app_offset(l->app)),
                                        word_clock(l->arena, p->at, app_offset(l->app)));
        text = arena_format(l->arena, _("Not signed: %s proposed it on %s (%s). Due: %s."),
                            show(l, cache_officer_name(app_cache(l->app), p->by)), when,
                            same ? _("THE SAME as the signer") : _("not the signer"), left);
    } else {
        text = arena_format(l->arena, _("Not signed: due: %s."), left);
    }
    size_t n = text_wrap(l->arena, text, cols - 2, &wrapped);
    for (size_t i = 0; i < n; i++)
        add_line(l, "", wrapped[i], false);
}

size_t sign_lines(struct app *app, const struct signing_statement *s, const struct dossier_shown *shown,
                  int cols, struct arena *arena, struct sign_line **out)
{
    struct lines l = {.app = app, .arena = arena, .columns = cols - TEXT_COL - 1};

    add_statement(&l, s, &shown->d);
    add_beside(&l, s, shown, cols);
    *out = l.items;
    return l.n;
}

void sign_line_draw(const struct sign_line *line, struct canvas *c, int row)
{
    if (!line->is_signed) {
        canvas_put(c, row, 1, -1, STYLE_TEXT, line->text);
        return;
    }
    canvas_put(c, row, 0, 1, STYLE_TITLE, "│");
    canvas_put(c, row, LABEL_COL, -1, STYLE_TEXT, line->label);
    canvas_put(c, row, TEXT_COL, -1, STYLE_TEXT, line->text);
}

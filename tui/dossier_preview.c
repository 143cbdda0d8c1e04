/* dossier_preview: the dossier beside a list, one picture without keys of its own (screens.md, 132x40).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/dossier_parts.h"
#include "tui/page.h"

#include <string.h>

#define LABEL 12 /* columns */
#define LINES 3  /* of its history */

struct preview {
    const struct dossier_shown *s;
    struct app *app;
    struct page page;
};

static void fact(struct preview *x, const char *label, const char *value)
{
    page_fact(&x->page, 0, LABEL, label, value);
}

/* "thị trấn Ngãi Giao, huyện Châu Đức" → "TT. Ngãi Giao": the kinds of places short, then from the end what does not fit. */
static char *short_address(struct arena *arena, const char *address, int columns)
{
    static const struct {
        const char *whole, *brief;
    } kinds[] = {{"thị trấn ", "TT. "}, {"thành phố ", "TP. "}, {"thị xã ", "TX. "}};
    struct buf out = {0};
    bool first = true;

    for (const char *part = text_shown(arena, address); *part; first = false) {
        size_t n = strcspn(part, ",");
        const char *name = arena_copy_n(arena, part, n), *kind = "";
        part += n;
        part += strspn(part, ", ");
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (strncmp(name, kinds[i].whole, strlen(kinds[i].whole)) == 0) {
                name += strlen(kinds[i].whole);
                kind = kinds[i].brief;
            }
        char *longer = arena_format(arena, "%s%s%s%s", out.data ? out.data : "", first ? "" : ", ", kind, name);
        if (!first && text_width(longer) > columns)
            break;
        buf_clear(&out);
        buf_text(&out, longer);
    }
    char *shown = text_cut(arena, out.data ? out.data : "", columns);
    buf_wipe(&out);
    return shown;
}

static void draw_where(struct preview *x)
{
    const struct dossier *d = &x->s->d;
    const struct procedure *p = x->s->procedure;
    struct arena *arena = &x->page.arena;
    bool registered = status_of(d->status) == STATUS_REGISTERED;
    int32_t offset = app_offset(x->app);

    fact(x, C_("dossier", "Procedure"),
         arena_format(arena, "%s %s", text_shown(arena, p ? p->code : d->procedure),
                      text_shown(arena, p ? p->name : "")));
    if (p)
        fact(x, "",
             arena_format(arena, _("%s, online service %s"), text_shown(arena, p->field ? p->field : ""),
                          text_shown(arena, dossier_level_short(p->service_level))));
    fact(x, C_("dossier", "Status"), dossier_status_words(arena, d, true));
    int64_t due = dossier_due(d);
    fact(x, registered ? C_("dossier", "Decide by") : C_("dossier", "Due"),
         due == INSTANT_NEVER ? "-"
                              : arena_format(arena, "%s  %s %s", word_when(arena, due, offset),
                                             word_time_mark(x->s->left), word_time_left(arena, x->s->left)));
    fact(x, C_("dossier", "Channel"),
         arena_format(arena, _("%s, filed %s"), text_shown(arena, word_channel(d->channel)),
                      word_when(arena, d->submitted_at, offset)));
    fact(x, C_("dossier", "Held by"),
         d->assignee ? text_shown(arena, cache_officer_name(app_cache(x->app), d->assignee))
                     : C_("dossier", "nobody yet"));
    page_next(&x->page);
}

static void draw_who(struct preview *x)
{
    const struct applicant *a = x->s->d.applicant;
    struct arena *arena = &x->page.arena;

    fact(x, C_("dossier", "Applicant"), dossier_person_words(arena, a));
    page_put(&x->page, 0, -1, STYLE_WEAK, C_("dossier", "Identity no."));
    page_put(&x->page, LABEL, -1, STYLE_TEXT,
             a->id_number ? dossier_number(arena, a->id_number, x->s->whole) : "-");
    page_put(&x->page, 25, -1, STYLE_WEAK, C_("dossier", "Phone"));
    page_put(&x->page, 37, -1, STYLE_TEXT, a->phone ? dossier_number(arena, a->phone, x->s->whole) : "-");
    page_next(&x->page);
    if (a->address)
        fact(x, C_("dossier", "Address"), short_address(arena, a->address, x->page.cols - LABEL));
    page_next(&x->page);
}

static void draw_papers(struct preview *x)
{
    const struct dossier *d = &x->s->d;
    struct arena *arena = &x->page.arena;

    fact(x, C_("dossier", "Papers"), dossier_paper_words(arena, d));
    for (size_t i = 0; i < d->n_papers; i++, page_next(&x->page)) {
        page_put(&x->page, 2, 9, STYLE_TEXT, text_shown(arena, word_paper_state(d->papers[i].state)));
        page_put(&x->page, LABEL, -1, STYLE_TEXT,
                 text_cut(arena, text_shown(arena, d->papers[i].name), x->page.cols - LABEL));
    }
    page_next(&x->page);
    fact(x, C_("dossier", "Fees"), dossier_fee_words(arena, d, x->s->procedure));
    page_next(&x->page);
}

static void draw_wishes(struct preview *x)
{
    struct arena *arena = &x->page.arena;

    if (x->s->n_wishes == 0)
        return;
    page_put(&x->page, 0, -1, STYLE_TITLE, _("My work that is not sent"));
    page_next(&x->page);
    for (size_t i = 0; i < x->s->n_wishes; i++) {
        const struct command *c = &x->s->wishes[i];
        page_put(&x->page, 2, -1, STYLE_MINE, sync_mark_text(command_mark(c)));
        page_put(&x->page, 4, -1, STYLE_TEXT, word_clock(arena, c->acted_at, app_offset(x->app)));
        page_text(&x->page, LABEL, STYLE_TEXT,
                  arena_format(arena, "%s: %s", text_shown(arena, word_action(c->action).label),
                               c->state == COMMAND_HELD ? _("saved on this machine (u to undo)")
                                                        : dossier_wish_state(c)));
    }
    page_next(&x->page);
}

static void draw_past(struct preview *x)
{
    struct dossier_moment *moments;
    struct arena *arena = &x->page.arena;
    size_t n = dossier_moments(arena, &x->s->d, &moments);
    int until = x->page.row + 1 + LINES;

    page_put(&x->page, 0, -1, STYLE_TITLE, _("History (last 3 lines)"));
    page_next(&x->page);
    for (size_t i = 0; i < n && x->page.row < until; i++) {
        int32_t offset = app_offset(x->app);
        page_put(&x->page, 2, -1, STYLE_TEXT,
                 arena_format(arena, "%s %s", word_day_short(arena, moments[i].at, app_now(x->app), offset),
                              word_clock(arena, moments[i].at, offset)));
        page_put(&x->page, 15, -1, STYLE_TEXT, text_cut(arena, moments[i].words, x->page.cols - 15));
        page_next(&x->page);
        if (moments[i].status && x->page.row < until) {
            page_put(&x->page, 2, -1, STYLE_TEXT, arena_format(arena, "→ %s", word_status(moments[i].status)));
            page_next(&x->page);
        }
    }
    page_next(&x->page);
}

/* Names of actions, broken between two of them. */
static void draw_actions(struct preview *x)
{
    const struct dossier *d = &x->s->d;
    struct arena *arena = &x->page.arena;
    const char *label = _("Can be done: ");
    int indent = text_width(label), col = indent;

    if (d->n_actions == 0)
        return;
    page_put(&x->page, 0, -1, STYLE_TITLE, label);
    for (size_t i = 0; i < d->n_actions; i++) {
        const char *end = i + 1 < d->n_actions ? "," : " (x)";
        char *name =
            arena_format(arena, "%s%s", text_shown(arena, word_action_short(d->actions[i].action)), end);
        if (col > indent && col + text_width(name) > x->page.cols) {
            page_next(&x->page);
            col = indent;
        }
        page_put(&x->page, col, -1, STYLE_TEXT, name);
        col += text_width(name) + 1;
    }
    page_next(&x->page);
}

void dossier_preview_draw(const struct dossier_shown *s, struct app *app, struct canvas *c, int row, int col,
                          int rows, int cols)
{
    struct preview x = {.s = s, .app = app, .page = page_new(c, row, col, rows, cols, 0)};
    struct arena *arena = &x.page.arena;

    if (!s->loaded)
        return;
    page_put(&x.page, 0, -1, STYLE_TITLE, arena_format(arena, _("Dossier %s"), text_shown(arena, s->d.code)));
    x.page.row = 2;
    draw_where(&x);
    draw_who(&x);
    draw_papers(&x);
    draw_wishes(&x);
    draw_past(&x);
    draw_actions(&x);
    page_end(&x.page);
}

/* dossiers_find: the find line of a list (screens.md, dossiers-find): hits change with every key, Tab widens the scope, the server is
 * asked only by an Enter of its own. What the server finds is shown and not kept; what was searched for is kept nowhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_dossiers.h"

#include "core/i18n.h"
#include "core/text.h"
#include "tui/row.h"

#include <stdlib.h>
#include <string.h>

#define HITS_FIRST  64 /* more of them once one moves down */
#define HINTS_BELOW 3  /* rows between the hits and the hints */

static const char *words_of(const struct finding *f)
{
    return field_text(&f->words);
}

/* Blanks alone are nothing to look for. */
static bool is_blank(const char *words)
{
    return words[strspn(words, " ")] == '\0';
}

bool find_shows_list(const struct finding *f)
{
    return f->scope == FIND_LIST && is_blank(words_of(f));
}

static void forget_answer(struct finding *f)
{
    if (f->scope == FIND_SERVER)
        window_clear(&f->hits); /* they lie in the answer */
    arena_clear(&f->arena);
    f->found = NULL;
    f->n_found = 0;
    f->cursor = NULL;
    f->answered = false;
    f->refused = (struct err){0};
    field_clear(&f->asked);
}

static void stop_asking(struct view *v)
{
    struct finding *f = &((struct dossiers *)v->state)->find;

    if (f->ask)
        app_cancel_ask(v->app, f->ask);
    f->ask = 0;
}

static bool answer_fits(const struct finding *f)
{
    return f->answered && strcmp(words_of(f), field_text(&f->asked)) == 0;
}

/* ── hits ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool hits_here(struct dossiers *s, struct cache *cache, struct err *e)
{
    struct finding *f = &s->find;
    struct arena arena = {0};
    struct list_page page;
    int64_t total;

    if (!cache_search(cache, words_of(f), f->scope == FIND_LIST ? &s->query : NULL, f->limit, &arena, &page,
                      &total, e)) {
        arena_clear(&arena);
        return false;
    }
    window_take(&f->hits, &arena, &page, total);
    return true;
}

static void hits_found(struct finding *f)
{
    struct arena arena = {0};
    struct list_page page = {.n = answer_fits(f) ? f->n_found : 0};

    page.rows = arena_alloc(&arena, (page.n + 1) * sizeof *page.rows);
    for (size_t i = 0; i < page.n; i++)
        page.rows[i] = (struct dossier_row){.d = f->found[i], .due = dossier_due(&f->found[i])};
    window_take(&f->hits, &arena, &page, (int64_t)page.n);
}

bool find_load(struct view *v, struct cache *cache, struct err *e)
{
    struct dossiers *s = v->state;
    struct finding *f = &s->find;
    const struct dossier *focus = window_focus(&f->hits);
    char *id = focus ? mem_copy(focus->id) : NULL;
    size_t line = f->hits.focus - f->hits.first;
    bool ok = true;

    if (f->scope == FIND_SERVER)
        hits_found(f);
    else if (is_blank(words_of(f)))
        window_clear(&f->hits);
    else
        ok = hits_here(s, cache, e);
    if (ok && id && window_go(&f->hits, id, 0) && line <= f->hits.focus)
        f->hits.first = f->hits.focus - line;
    mem_free(&id);
    return ok;
}

void find_typed(struct view *v)
{
    struct dossiers *s = v->state;
    struct err e = {0};

    stop_asking(v);
    window_clear(&s->find.hits);
    s->find.limit = HITS_FIRST;
    if (!find_load(v, app_cache(v->app), &e))
        app_toast_err(v->app, &e);
    dossiers_moved(v);
}

const struct dossier *find_found(const struct finding *f, const char *id)
{
    for (size_t i = 0; f->on && f->scope == FIND_SERVER && i < f->n_found; i++)
        if (strcmp(f->found[i].id, id) == 0)
            return &f->found[i];
    return NULL;
}

/* ── the server ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void ask_server(struct view *v, const char *cursor)
{
    struct finding *f = &((struct dossiers *)v->state)->find;
    struct ask ask = {
        .kind = ASK_SEARCH, .text = mem_copy(words_of(f)), .cursor = cursor ? mem_copy(cursor) : NULL};

    if (!cursor) {
        forget_answer(f);
        field_set(&f->asked, words_of(f));
    }
    f->ask = app_ask(v->app, v, &ask);
}

void find_answered(struct view *v, const struct answer *a)
{
    struct dossiers *s = v->state;
    struct finding *f = &s->find;
    struct err e = {0};

    if (a->kind != ASK_SEARCH || a->id != f->ask)
        return;
    f->ask = 0;
    f->answered = true;
    f->refused = a->err;
    if (a->err.code == ERR_NONE) {
        f->found =
            arena_grow(&f->arena, f->found, f->n_found, f->n_found + a->page.n_items + 1, sizeof *f->found);
        for (size_t i = 0; i < a->page.n_items; i++)
            codec_copy(&shape_dossier, &a->page.items[i], &f->arena, &f->found[f->n_found++]);
        f->cursor = a->page.more && a->page.cursor ? arena_copy(&f->arena, a->page.cursor) : NULL;
    }
    if (!find_load(v, app_cache(v->app), &e))
        app_toast_err(v->app, &e);
    dossiers_moved(v);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

void find_open(struct view *v, enum find_scope scope)
{
    struct dossiers *s = v->state;

    if (s->find.on)
        return;
    s->find.on = true;
    s->find.scope = scope;
    s->find.limit = HITS_FIRST;
}

void find_close(struct view *v)
{
    struct dossiers *s = v->state;
    struct finding *f = &s->find;

    stop_asking(v);
    forget_answer(f);
    field_clear(&f->words);
    window_clear(&f->hits);
    f->on = false;
    dossiers_moved(v);
}

static void next_scope(struct view *v, int by)
{
    struct finding *f = &((struct dossiers *)v->state)->find;
    int scope = ((int)f->scope + by + FIND_SCOPES) % FIND_SCOPES;

    if (scope == FIND_LIST && f->is_kept_all)
        scope = by > 0 ? FIND_ALL : FIND_SERVER;
    f->scope = (enum find_scope)scope;
    find_typed(v);
}

static void move(struct view *v, enum command_id id)
{
    struct dossiers *s = v->state;
    struct finding *f = &s->find;
    size_t rows = dossiers_rows(v);
    struct err e = {0};

    window_move(&f->hits, NULL, NULL, id, rows, NULL);
    if (f->hits.focus + rows >= f->hits.n && (int64_t)f->hits.n < f->hits.total) {
        f->limit *= 4;
        if (!find_load(v, app_cache(v->app), &e))
            app_toast_err(v->app, &e);
    }
    if (f->scope == FIND_SERVER && f->cursor && !f->ask && f->hits.focus + 1 == f->hits.n)
        ask_server(v, f->cursor);
    dossiers_moved(v);
}

/* Enter on the third scope asks, unless what the server found for these very words is there to be opened. */
static bool submit_asks(struct view *v)
{
    struct finding *f = &((struct dossiers *)v->state)->find;

    if (f->scope != FIND_SERVER || is_blank(words_of(f)) || (answer_fits(f) && f->hits.n))
        return false;
    if (!f->ask)
        ask_server(v, NULL);
    return true;
}

enum handled find_command(struct view *v, enum command_id id)
{
    struct dossiers *s = v->state;

    if (window_moves(id) && !find_shows_list(&s->find)) {
        move(v, id);
        return HANDLED;
    }
    switch (id) {
    case CMD_NEXT_PART:
    case CMD_PREV_PART:
        next_scope(v, id == CMD_NEXT_PART ? 1 : -1);
        return HANDLED;
    case CMD_SUBMIT:
        return submit_asks(v) ? HANDLED : NOT_HANDLED; /* else the focused hit is opened */
    case CMD_BACK:
        if (s->find.only)
            return NOT_HANDLED;
        find_close(v);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *scope_words(const struct finding *f, struct arena *arena)
{
    static const enum find_scope order[] = {FIND_ALL, FIND_LIST, FIND_SERVER};
    const char *const names[FIND_SCOPES] = {
        [FIND_LIST] = _("this list"),
        [FIND_ALL] = _("all dossiers on this machine"),
        [FIND_SERVER] = _("ask the server"),
    };
    char *words = arena_format(arena, "%s:", C_("prompt", "Find"));

    for (size_t i = 0; i < FIND_SCOPES; i++) {
        enum find_scope scope = order[i];
        if (scope == FIND_LIST && f->is_kept_all)
            continue;
        words =
            arena_format(arena, scope == f->scope ? "%s%s[%s]" : "%s%s%s", words, i ? "  " : " ", names[scope]);
    }
    return words;
}

/* Where the focus is among how many; how far the reading of names is, as long as it goes on. */
static char *find_position(const struct view *v, struct arena *arena)
{
    const struct finding *f = &((const struct dossiers *)v->state)->find;
    char *words = f->hits.n
                      ? arena_format(arena, "%lld/%lld%s", (long long)f->hits.position,
                                     (long long)f->hits.total, f->scope == FIND_SERVER && f->cursor ? "+" : "")
                      : arena_copy(arena, "");
    int64_t have, all;

    cache_search_progress(app_cache(v->app), &have, &all);
    if (f->scope != FIND_SERVER && have < all)
        words = arena_format(arena, _("%s · %lld%% read"), words, (long long)(have * 100 / all));
    return words;
}

static int put(struct canvas *c, struct arena *arena, int row, int cols, const char *text)
{
    char **lines;
    size_t n = text_wrap(arena, text, cols - 1, &lines);

    for (size_t i = 0; i < n && row <= view_last_row(c); i++)
        canvas_put(c, row++, 1, cols - 1, STYLE_TEXT, lines[i]);
    return row;
}

static const char *nothing_found(const struct finding *f, struct arena *arena)
{
    const char *words = text_shown(arena, words_of(f));

    switch (f->scope) {
    case FIND_LIST:
        return arena_format(arena, _("“%s” is not in this list. Tab: find in all dossiers on this machine."),
                            words);
    case FIND_ALL:
        return arena_format(arena, _("“%s” is in no dossier on this machine. Tab: ask the server."), words);
    default:
        return arena_format(arena, _("The server finds no “%s”. Try other words."), words);
    }
}

/* What stands where hits would be, if none are there. */
static const char *instead_of_hits(const struct view *v, struct arena *arena)
{
    const struct finding *f = &((const struct dossiers *)v->state)->find;

    if (is_blank(words_of(f)))
        return NULL;
    if (f->scope != FIND_SERVER)
        return nothing_found(f, arena);
    if (f->ask)
        return _("Asking the server…");
    if (!answer_fits(f))
        return _("Press Enter to ask the server.");
    return f->refused.code != ERR_NONE ? f->refused.text : nothing_found(f, arena);
}

static void draw_hints(const struct view *v, struct canvas *c, struct arena *arena, int row, int cols)
{
    const struct finding *f = &((const struct dossiers *)v->state)->find;

    if (row + 1 > view_last_row(c))
        return;
    row = put(c, arena, row, cols,
              _("Find by: name (no tones needed), initials (ntd), code, end of an identity number (4821)."));
    if (f->scope == FIND_LIST)
        put(c, arena, row, cols, _("Not here? Press Tab to choose “all dossiers on this machine”."));
    else if (f->scope == FIND_ALL)
        put(c, arena, row, cols, _("Not here? Press Tab to choose “ask the server”, then Enter."));
    else
        put(c, arena, row, cols, _("What the server finds is shown and not kept on this machine."));
}

void find_draw(const struct view *v, struct canvas *c, int row, int cols)
{
    const struct dossiers *s = v->state;
    struct arena arena = {0};

    view_title(c, scope_words(&s->find, &arena), find_position(v, &arena));
    if (!find_shows_list(&s->find)) {
        const char *instead = s->find.hits.n ? NULL : instead_of_hits(v, &arena);
        if (instead)
            row = put(c, &arena, row, cols, instead);
        draw_hints(v, c, &arena, row + HINTS_BELOW, cols);
    }
    arena_clear(&arena);
}

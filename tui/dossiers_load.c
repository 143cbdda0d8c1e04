/* dossiers_load: what is loaded of a list of dossiers and what follows its focus: rows, marks that still hold, the officer's own wish on
 * the focused row, the preview; what is counted, followed and kept a moment later, when the focus rests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_dossiers.h"

#include "tui/units.h"

#include <string.h>

enum {
    REST_MS = 200,       /* the focus has to stand so long before the preview follows it */
    FIRST_COUNT_MS = 20, /* behind the first frame */
    COUNT_MS = 300,      /* and again when nothing has changed for so long */
    SAVE_MS = 1000,
    READING_MS = 100, /* while names are still being read, what is found or sorted by them is asked for again */
    REVEAL_MS = 30000,
};

static struct dossiers *state(const struct view *v)
{
    return v->state;
}

struct window *dossiers_window(struct dossiers *s)
{
    return s->find.on && !find_shows_list(&s->find) ? &s->find.hits : &s->list;
}

const struct dossier *dossiers_focused(const struct view *v)
{
    return window_focus(dossiers_window(state(v)));
}

bool dossiers_preview_is_on(const struct view *v)
{
    return app_cols(v->app) >= PREVIEW_COLS && json_is_true(app_place(v->app, "preview"));
}

size_t dossiers_rows(const struct view *v)
{
    int rows = app_rows(v->app) - 5 - dossiers_legend_rows(v, app_rows(v->app), app_cols(v->app));

    return rows > 1 ? (size_t)rows : 1; /* without status, title, header, message and keys */
}

/* What is found or sorted by names is not all there yet. */
static bool waits_for_names(const struct view *v)
{
    const struct dossiers *s = state(v);
    int64_t have, all;

    if (!s->list.fell_back && !(s->find.on && s->find.scope != FIND_SERVER))
        return false;
    cache_search_progress(app_cache(v->app), &have, &all);
    return have < all;
}

/* ── what follows the focus ────────────────────────────────────────────────────────────────────────────────────────── */

/* What the officer himself wishes of the focused dossier: the row's status does not say it. */
static void load_message(struct view *v)
{
    struct dossiers *s = state(v);
    const struct dossier *d = dossiers_focused(v);
    enum sync_mark mark = d ? outbox_mark(app_outbox(v->app), d->id) : MARK_NONE;
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;

    arena_reset(&s->message_arena);
    s->message = NULL;
    if (mark == MARK_NONE || !outbox_list(app_outbox(v->app), 0, &arena, &rows, &n, NULL))
        n = 0;
    for (size_t i = 0; i < n && !s->message; i++)
        if (strcmp(rows[i].target, d->id) == 0 && command_mark(&rows[i]) == mark)
            s->message = dossier_wish_message(v->app, &s->message_arena, &rows[i], app_cols(v->app) - 2);
    arena_clear(&arena);
}

static void load_preview(struct view *v)
{
    struct dossiers *s = state(v);
    const struct dossier *d = dossiers_preview_is_on(v) ? dossiers_focused(v) : NULL;
    const struct dossier *found = d ? find_found(&s->find, d->id) : NULL;
    struct err e = {0};

    s->preview_at = INT64_MAX;
    if (!d)
        dossier_shown_clear(&s->shown);
    else if (!dossier_shown_load(&s->shown, v->app, d->id, &e) && found)
        dossier_shown_take(&s->shown, v->app, found, &e);
    s->shown.whole = s->reveal_until != 0;
}

/* The numbers in the preview, whole for 30 seconds; another dossier's are masked again. */
void dossiers_reveal(struct view *v, bool on)
{
    struct dossiers *s = state(v);
    const struct dossier *d = on ? dossiers_focused(v) : NULL;

    if (d && !app_note(v->app, JOURNAL_REVEAL, d->id, d->code))
        return;
    s->reveal_until = on ? app_mono(v->app) + REVEAL_MS : 0;
    s->shown.whole = on;
}

void dossiers_moved(struct view *v)
{
    struct dossiers *s = state(v);
    int64_t now = app_mono(v->app);

    load_message(v);
    dossiers_reveal(v, false);
    s->preview_at = dossiers_preview_is_on(v) ? now + REST_MS : INT64_MAX;
    s->save_at = now + SAVE_MS;
    s->names_at = waits_for_names(v) ? now + READING_MS : INT64_MAX;
    if (!s->find.on && s->list.n && (s->list.position == 0 || s->list.total == 0))
        s->count_at = now + FIRST_COUNT_MS;
}

/* ── what is loaded ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What is in trouble, as it is now: the outbox' own list goes with its next change. */
static const char **troubled(struct view *v)
{
    struct dossiers *s = state(v);
    const char *const *ids = outbox_troubled(app_outbox(v->app));
    size_t n = 0;

    while (ids && ids[n])
        n++;
    const char **copy = arena_alloc(&s->arena, (n + 1) * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = arena_copy(&s->arena, ids[i]);
    return copy;
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211); /* FNV-1a */
    return (hash ^ 0xff) * UINT64_C(1099511628211);
}

/* Tells one order and set of filters from another. */
static uint64_t fingerprint(const struct list_query *q)
{
    const struct texts lists[] = {q->units, q->procedures, q->channels, q->statuses, q->assignees};
    uint64_t hash = UINT64_C(14695981039346656037) ^ q->due ^ (uint64_t)q->sort << 8;

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (size_t k = 0; k < lists[i].n; k++)
            hash = add_text(hash, lists[i].items[k]);
        hash = add_text(hash, "");
    }
    return hash;
}

static void build_query(struct view *v)
{
    struct dossiers *s = state(v);

    arena_reset(&s->arena);
    s->query = (struct list_query){
        .queue = s->queue,
        .units = units_chosen(v->app, &s->arena),
        .sort = s->place.sort,
        .now = app_now(v->app),
        .first = s->place.sort == SORT_TROUBLE ? troubled(v) : NULL,
    };
    list_filter_ask(&s->place.filter, v->app, &s->arena, &s->query);
    const uint64_t asked = fingerprint(&s->query);
    if (asked == s->asked)
        return;
    s->asked = asked;
    s->list.position = s->list.total = 0; /* what was counted is of another list */
    s->save_at = app_mono(v->app) + SAVE_MS;
}

/* Marks of what has left the list go: nothing may be done to a dossier that one does not see. All are asked for at once, as the rows
 * that come first. */
static bool prune_marks(struct view *v, struct cache *cache, struct err *e)
{
    struct dossiers *s = state(v);
    struct list_query q = s->query;
    struct arena arena = {0};
    struct list_page page;
    bool fell_back;

    if (s->place.n_marks == 0 || !cache_ever_synced(cache))
        return true; /* after a new sign-in the list is still on its way */
    const char **marks = arena_alloc(&arena, (s->place.n_marks + 1) * sizeof *marks);
    for (size_t i = 0; i < s->place.n_marks; i++)
        marks[i] = arena_copy(&arena, s->place.marks[i]);
    q.sort = SORT_TROUBLE;
    q.first = marks;
    bool ok = cache_list(cache, &q, NULL, false, s->place.n_marks, &arena, &page, &fell_back, e);
    for (size_t i = 0; ok && marks[i]; i++) {
        bool there = false;
        for (size_t k = 0; k < page.n && !there; k++)
            there = strcmp(page.rows[k].d.id, marks[i]) == 0;
        if (!there)
            list_place_mark(&s->place, marks[i], false);
    }
    arena_clear(&arena);
    return ok;
}

/* The row that was left in focus has gone since: the one behind it has the focus. */
static bool take_next(struct dossiers *s, struct cache *cache, size_t line, size_t rows, struct err *e)
{
    const struct dossier *d = window_focus(&s->list);

    if (!d || !s->place.focus || !s->place.next || strcmp(d->id, s->place.focus) == 0)
        return true;
    return window_load(&s->list, cache, &s->query, s->place.next, line, rows, e);
}

static bool load_list(struct view *v, struct cache *cache, struct err *e)
{
    struct dossiers *s = state(v);
    const struct dossier *d = window_focus(&s->list);
    size_t line = d ? s->list.focus - s->list.first : s->place.line;

    if (!window_load(&s->list, cache, &s->query, d ? d->id : s->place.focus, line, dossiers_rows(v), e))
        return false;
    if (!d && !take_next(s, cache, line, dossiers_rows(v), e))
        return false;
    s->count_at = app_mono(v->app) + (s->list.total ? COUNT_MS : FIRST_COUNT_MS);
    return prune_marks(v, cache, e);
}

bool dossiers_load(struct view *v, struct cache *cache, struct err *e)
{
    struct dossiers *s = state(v);

    build_query(v);
    bool ok = (s->find.only || load_list(v, cache, e)) && (!s->find.on || find_load(v, cache, e));
    load_preview(v);
    load_message(v);
    s->names_at = waits_for_names(v) ? app_mono(v->app) + READING_MS : INT64_MAX;
    return ok;
}

/* ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

int64_t dossiers_wake(const struct view *v)
{
    const struct dossiers *s = state(v);
    const int64_t times[] = {s->preview_at, s->count_at, s->save_at,
                             s->reveal_until ? s->reveal_until : INT64_MAX, s->names_at};
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        first = times[i] < first ? times[i] : first;
    return first;
}

void dossiers_save(struct view *v)
{
    struct dossiers *s = state(v);
    const struct dossier *d = window_focus(&s->list);

    s->save_at = INT64_MAX;
    if (s->find.only)
        return;
    if (d) {
        mem_free(&s->place.focus);
        s->place.focus = mem_copy(d->id);
        mem_free(&s->place.next);
        if (s->list.focus + 1 < s->list.n)
            s->place.next = mem_copy(s->list.rows[s->list.focus + 1].d.id);
        s->place.line = s->list.focus - s->list.first;
    }
    list_place_save(&s->place, v->app, s->queue);
}

void dossiers_tick(struct view *v)
{
    struct dossiers *s = state(v);
    int64_t now = app_mono(v->app);
    struct err e = {0};
    bool ok = true;

    if (s->names_at <= now)
        ok = dossiers_load(v, app_cache(v->app), &e);
    if (ok && s->count_at <= now) {
        ok = window_count(&s->list, app_cache(v->app), &s->query, &e);
        s->count_at = INT64_MAX;
    }
    if (s->preview_at <= now)
        load_preview(v);
    if (s->reveal_until && s->reveal_until <= now)
        dossiers_reveal(v, false);
    if (s->save_at <= now)
        dossiers_save(v);
    if (!ok)
        app_toast_err(v->app, &e);
}

/* page: a page of the feed, applied a few milliseconds at a time in one transaction that ends with its cursor; full passes; and
 * answers. It refuses half a page: what cannot be committed whole is rolled back whole and can be asked for again; and a page that does
 * not go on from where the feed stands, since rows that have gone meanwhile would come back with it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"
#include "core/i18n.h"

#include <stdlib.h>

void page_drop(struct cache *c)
{
    struct page *p = &c->page;

    if (p->bytes)
        mem_wipe(p->bytes, p->len);
    free(p->bytes);
    mem_free(&p->since);
    free(p->sweep);
    arena_clear(&p->arena);
    arena_clear(&p->entry);
    *p = (struct page){0};
}

bool cache_begin_pass(struct cache *c, struct err *e)
{
    page_drop(c);
    tx_rollback(c);
    if (!tx_begin(c, e))
        return false;
    mem_free(&c->tx.state.cursor);
    c->tx.state.pass++;
    c->tx.state.in_pass = true;
    return tx_commit(c, e);
}

bool cache_page_begin(struct cache *c, char *bytes, size_t len, struct err *e)
{
    struct page *p = &c->page;

    page_drop(c);
    tx_rollback(c);
    p->bytes = bytes;
    p->len = len;
    p->since = c->state.cursor ? mem_copy(c->state.cursor) : NULL;
    p->active = json_split_page(bytes, len, &p->arena, &p->split, e);
    if (!p->active)
        page_drop(c);
    return p->active;
}

void cache_on_odd(struct cache *c, void (*log)(void *, const char *type, const char *id, const char *why),
                  void *context)
{
    c->odd = log;
    c->odd_context = context;
}

static void odd(struct cache *c, const struct change *change, const char *why)
{
    c->page.end.passed_over++;
    if (c->odd)
        c->odd(c->odd_context, change->type ? change->type : "?", change->id ? change->id : "?", why);
}

static bool apply_next(struct cache *c, struct err *e)
{
    struct page *p = &c->page;
    struct change change = {0};
    const char *why = NULL;

    arena_reset(&p->entry);
    if (!json_split_change(p->split.entries[p->next++], &p->entry, &change, NULL)) {
        odd(c, &change, "no entry of a feed");
        return true;
    }
    switch (apply_change(c, &change, &p->entry, &why, e)) {
    case APPLIED:
        p->end.applied++;
        return true;
    case APPLIED_ODD:
        odd(c, &change, why);
        return true;
    default:
        return false;
    }
}

/* ── the end of a full pass ────────────────────────────────────────────────────────────────────────────────────────── */

/* Finds what the pass has not named. */
static bool sweep_begin(struct cache *c, struct err *e)
{
    struct page *p = &c->page;
    sqlite3_stmt *st = sql_get(&c->writer, ST_NOT_NAMED);
    size_t cap = 0;
    int rc;

    sql_number(st, 1, c->tx.state.pass);
    while ((rc = sql_step(st)) == SQLITE_ROW) {
        if (p->n_sweep == cap) {
            cap = cap ? 2 * cap : 256;
            p->sweep = mem_grow(p->sweep, cap, sizeof(*p->sweep));
        }
        p->sweep[p->n_sweep++] = sqlite3_column_int64(st, 0);
    }
    if (rc != SQLITE_DONE)
        return sql_fail(c, &c->writer, st, e);
    sqlite3_reset(st);
    p->sweeping = true;
    return true;
}

static bool sweep_end(struct cache *c, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_THINGS_NOT_NAMED);

    sql_number(st, 1, c->tx.state.pass);
    if (!sql_done(c, &c->writer, st, e))
        return false;
    if (sqlite3_changes(c->writer.db) > 0)
        c->tx.state.reference++;
    c->tx.state.in_pass = false;
    c->tx.state.synced = true;
    return true;
}

/* ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool ends_pass(const struct cache *c)
{
    return c->tx.state.in_pass && !c->page.split.more;
}

/* One small piece of work; `*done` when the page can be committed. */
static bool step(struct cache *c, bool *done, struct err *e)
{
    struct page *p = &c->page;

    if (p->next < p->split.n_entries)
        return apply_next(c, e);
    if (ends_pass(c) && !p->sweeping)
        return sweep_begin(c, e);
    if (p->swept < p->n_sweep) {
        arena_reset(&p->entry);
        return apply_drop(c, p->sweep[p->swept++], &p->entry, e);
    }
    *done = true;
    return !p->sweeping || sweep_end(c, e);
}

static bool finish(struct cache *c, struct err *e)
{
    struct page *p = &c->page;

    mem_free(&c->tx.state.cursor);
    c->tx.state.cursor = mem_copy(p->split.cursor);
    p->end.more = p->split.more;
    p->end.poll_after = p->split.poll_after;
    return tx_commit(c, e);
}

enum cache_page cache_page_step(struct cache *c, struct env *env, int ms, struct cache_page_end *end,
                                struct err *e)
{
    struct page *p = &c->page;
    int64_t until = env->mono(env) + ms;
    bool done = false;

    if (!p->active)
        return CACHE_PAGE_NONE;
    if (!c->tx.open && wal_checkpoint_due(c)) { /* a turn of its own */
        wal_checkpoint(c, env);
        return CACHE_PAGE_MORE;
    }
    bool ok = !p->lost
                  ? tx_begin(c, e)
                  : err_set(e, ERR_STORE, _("What the server sent could not be kept; it is asked for again."));
    if (ok && !tx_stands_at(c, p->since)) {
        page_drop(c);
        return CACHE_PAGE_BEHIND;
    }
    while (ok && !done) {
        ok = step(c, &done, e);
        if (ok && !done && env->mono(env) >= until)
            return CACHE_PAGE_MORE;
    }
    ok = ok && finish(c, e);
    if (!ok)
        tx_rollback(c);
    *end = p->end;
    page_drop(c);
    return ok ? CACHE_PAGE_DONE : CACHE_PAGE_FAILED;
}

const char *cache_page_cursor(const struct cache *c, bool *more)
{
    *more = c->page.active && c->page.split.more;
    return c->page.active ? c->page.split.cursor : NULL;
}

/* ── beside the feed ───────────────────────────────────────────────────────────────────────────────────────────────── */

bool cache_replace_dossier(struct cache *c, const char *bytes, size_t len, struct err *e)
{
    struct arena arena = {0};
    struct change change = {.type = "dossier", .data = bytes, .data_len = len};
    const char *why = NULL;
    bool own = !c->tx.open; /* else it goes with the page that is being applied */
    bool ok = tx_begin(c, e);

    if (ok) {
        enum applied how = apply_answer(c, &change, &arena, &why, e);
        if (how == APPLIED_ODD)
            err_set(e, ERR_DATA, _("The server sent a dossier that cannot be read."));
        ok = how == APPLIED;
        if (own && ok)
            ok = tx_commit(c, e);
        else if (how == APPLIED_FAILED || own) {
            tx_rollback(c);
            c->page.lost = true;
        }
    }
    arena_clear(&arena);
    return ok;
}

bool cache_set_data_at(struct cache *c, int64_t at, struct err *e)
{
    bool own = !c->tx.open;

    if (!tx_begin(c, e))
        return false;
    c->tx.state.data_at = at;
    return !own || tx_commit(c, e);
}

int64_t cache_dossier_count(struct cache *c)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_COUNT_ALL);

    sql_number(st, 1, QUEUE_ROLE_COUNT);
    int64_t n = sql_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return n;
}

/* ── how far the feed has been read ────────────────────────────────────────────────────────────────────────────────── */

const char *cache_cursor(const struct cache *c)
{
    return c->state.cursor;
}

bool cache_in_pass(const struct cache *c)
{
    return c->state.in_pass;
}

bool cache_ever_synced(const struct cache *c)
{
    return c->state.synced;
}

int64_t cache_data_at(struct cache *c)
{
    return c->state.data_at;
}

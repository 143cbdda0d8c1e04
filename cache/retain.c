/* retain: what is closed goes a day after it changed or was opened last, a few milliseconds at a time. It refuses to trust the PC's
 * clock, to touch what is open, and to leave what it removed readable in free pages or in the WAL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_SECONDS 86400

/* ── what was opened ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void forget_opened(struct retain *r)
{
    for (size_t i = 0; i < r->n_opened; i++)
        free(r->opened[i]);
    r->n_opened = 0;
}

void cache_opened(struct cache *c, const char *id)
{
    struct retain *r = &c->retain;

    for (size_t i = 0; i < r->n_opened; i++)
        if (strcmp(r->opened[i], id) == 0)
            return;
    if (r->n_opened == r->cap_opened) {
        r->cap_opened = r->cap_opened ? 2 * r->cap_opened : 16;
        r->opened = mem_grow(r->opened, r->cap_opened, sizeof(*r->opened));
    }
    r->opened[r->n_opened++] = mem_copy(id);
}

static bool write_opened(struct cache *c, struct err *e)
{
    struct retain *r = &c->retain;
    bool ok = true;

    for (size_t i = 0; ok && i < r->n_opened; i++) {
        sqlite3_stmt *st = sql_get(&c->writer, ST_OPENED);
        sql_text(st, 1, r->opened[i]);
        ok = sql_done(c, &c->writer, st, e);
    }
    return ok;
}

void retain_close(struct cache *c)
{
    struct retain *r = &c->retain;

    /* A transaction that is open is half a page of the feed, which the close takes back. */
    if (r->n_opened > 0 && !c->broken && !c->tx.open && tx_begin_now(c, NULL)) {
        if (write_opened(c, NULL))
            tx_commit(c, NULL);
        else
            tx_rollback(c);
    }
    forget_opened(r);
    free(r->opened);
    *r = (struct retain){0};
}

/* ── what goes ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Whether anything is closed since `limit` or before, or was not dated yet: a look that writes nothing. */
static bool any(struct cache *c, int64_t limit)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_CLOSED_ANY);

    sql_number(st, 1, limit);
    bool there = sql_step(st) == SQLITE_ROW;
    sqlite3_reset(st);
    return there;
}

static bool date_new_ones(struct cache *c, int64_t now, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_CLOSED_NOW);

    sql_number(st, 1, now);
    return sql_done(c, &c->writer, st, e);
}

/* The next row that is over, behind the last; 0: none. `id` is the arena's. */
static bool next(struct cache *c, int64_t limit, struct arena *arena, int64_t *n, const char **id, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_CLOSED_BEFORE);

    sql_number(st, 1, limit);
    sql_number(st, 2, c->retain.after);
    int rc = sql_step(st);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sql_fail(c, &c->writer, st, e);
    *n = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    *id = rc == SQLITE_ROW ? arena_copy(arena, sql_column(st, 1)) : NULL;
    sqlite3_reset(st);
    return true;
}

/* In the open transaction; `*more`: the time was over before the end. */
static bool remove_some(struct cache *c, struct env *env, int64_t until, const struct retain_ask *ask,
                        bool *more, struct err *e)
{
    struct retain *r = &c->retain;
    struct arena arena = {0};
    int64_t n = 0;
    const char *id;
    bool ok;

    *more = true;
    do {
        arena_reset(&arena);
        ok = next(c, ask->now - KEPT_SECONDS, &arena, &n, &id, e);
        *more = ok && n > 0;
        r->after = n;
        if (*more && !(ask->keep && ask->keep(ask->context, id))) {
            ok = apply_drop(c, n, &arena, e);
            r->removed = true;
        }
    } while (ok && *more && env->mono(env) < until);
    arena_clear(&arena);
    return ok;
}

/* Pages that become free are written over while this is on, at the cost of writing them. */
static void overwrite_freed(struct cache *c, bool on)
{
    sqlite3_exec(c->writer.db, on ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = FAST", NULL, NULL,
                 NULL);
}

bool cache_retain(struct cache *c, struct env *env, int ms, const struct retain_ask *ask)
{
    struct retain *r = &c->retain;
    int64_t until = env->mono(env) + ms;
    bool more = false;

    if (ask->now == INSTANT_NONE || c->broken || !c->reader.db || c->page.active || c->tx.open || c->state.in_pass)
        return false;
    if (r->after == 0 && r->n_opened == 0 && !any(c, ask->now - KEPT_SECONDS))
        return false;
    if (!tx_begin_now(c, NULL))
        return false;
    overwrite_freed(c, true);
    bool ok = write_opened(c, NULL) && date_new_ones(c, ask->now, NULL) &&
              remove_some(c, env, until, ask, &more, NULL);
    if (ok)
        ok = tx_commit(c, NULL);
    else
        tx_rollback(c);
    overwrite_freed(c, false);
    if (ok)
        forget_opened(r);
    if (ok && more)
        return true;
    r->after = 0;
    if (ok && r->removed) {
        wal_truncate(c);
        r->removed = false;
    }
    return false;
}

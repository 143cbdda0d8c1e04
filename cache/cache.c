/* cache: the file cache.db: opened, checked, set aside when it is not ours, its two connections, its transactions, and what
 * changed in it. It refuses to repair: what is damaged is made anew and fetched again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"
#include "cache/state.h"
#include "cache/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT      1          /* user_version: what a row's blob looks like */
#define SMALLEST    512        /* bytes: a page of SQLite's smallest size */
#define LAST_CHANGE 4000000000 /* the numbers that search keeps have 32 bits */

/* ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool connect(struct cache *c, struct connection *conn, struct err *e)
{
    static const char reader[] = "PRAGMA cell_size_check = ON; PRAGMA cache_size = -2048";
    static const char writer[] =
        "PRAGMA cell_size_check = ON; PRAGMA cache_size = -8192; PRAGMA synchronous = NORMAL; "
        "PRAGMA secure_delete = FAST; PRAGMA journal_mode = WAL; "
        "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 16777216";

    if (!store_open(c->dir, c->directory, CACHE_FILE, &conn->db, e))
        return false;
    errno = 0;
    return sqlite3_exec(conn->db, conn == &c->reader ? reader : writer, NULL, NULL, NULL) == SQLITE_OK ||
           sql_fail(c, conn, NULL, e);
}

static int note_wal(void *cache, sqlite3 *db, const char *name, int pages)
{
    ((struct cache *)cache)->wal_pages = pages;
    return SQLITE_OK;
}

/* The writer is opened when it is first needed: a first screen needs none. */
static bool writer(struct cache *c, struct err *e)
{
    if (c->writer.db)
        return true;
    if (connect(c, &c->writer, e))
        sqlite3_wal_hook(c->writer.db, note_wal, c);
    else
        sql_close(&c->writer);
    return c->writer.db;
}

/* One is kept for whoever wants to know what happened: they are large, and what is in them comes again. */
static bool set_aside(struct cache *c, struct err *e)
{
    unlinkat(c->dir, CACHE_FILE ".bad", 0);
    unlinkat(c->dir, CACHE_FILE ".bad-wal", 0);
    return store_set_aside(c->dir, c->path, CACHE_FILE, NULL, e);
}

bool cache_wipe(int dir, struct err *e)
{
    static const char *const names[] = {CACHE_FILE, CACHE_FILE "-wal", CACHE_FILE "-shm", CACHE_FILE ".bad",
                                        CACHE_FILE ".bad-wal"};

    for (size_t i = 0; i < sizeof(names) / sizeof *names; i++)
        if (unlinkat(dir, names[i], 0) != 0 && errno != ENOENT)
            return state_fail(e, errno, names[i]);
    return true;
}

/* ── the state ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void state_clear(struct state *s)
{
    mem_free(&s->cursor);
    *s = (struct state){.data_at = INSTANT_NONE};
}

/* `sealed` (may be NULL) gets the blob that shows whose the file is. */
static bool state_load(struct cache *c, struct connection *conn, struct state *s, struct buf *sealed,
                       struct err *e)
{
    sqlite3_stmt *st = sql_get(conn, ST_STATE);

    if (sql_step(st) != SQLITE_ROW)
        return sql_fail(c, conn, st, e);
    state_clear(s);
    const char *cursor = sql_column(st, 0);
    *s = (struct state){
        .cursor = cursor ? mem_copy(cursor) : NULL,
        .pass = sqlite3_column_int64(st, 1),
        .in_pass = sqlite3_column_int(st, 2),
        .synced = sqlite3_column_int(st, 3),
        .change = sqlite3_column_int64(st, 4),
        .reference = sqlite3_column_int64(st, 5),
        .data_at = sqlite3_column_int64(st, 6),
    };
    if (sealed)
        buf_add(sealed, sqlite3_column_blob(st, 7), (size_t)sqlite3_column_bytes(st, 7));
    sqlite3_reset(st);
    return true;
}

static bool state_store(struct cache *c, const struct state *s, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_SET_STATE);

    sql_text(st, 1, s->cursor);
    sql_number(st, 2, s->pass);
    sql_number(st, 3, s->in_pass);
    sql_number(st, 4, s->synced);
    sql_number(st, 5, s->change);
    sql_number(st, 6, s->reference);
    sql_number(st, 7, s->data_at);
    return sql_done(c, &c->writer, st, e);
}

/* `now` is what stands; a cursor that did not move stays where it was, since it is lent out. */
static void state_take(struct cache *c, struct state *now)
{
    if (c->state.cursor && now->cursor && strcmp(c->state.cursor, now->cursor) == 0) {
        mem_free(&now->cursor);
        now->cursor = c->state.cursor;
        c->state.cursor = NULL;
    }
    state_clear(&c->state);
    c->state = *now;
    *now = (struct state){0};
}

/* ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The file says whose it is by a blob that opens only with the officer's key and under his id: the key of the code hashes. */
static bool make(struct cache *c, struct err *e)
{
    sqlite3 *db = c->reader.db;
    struct buf sealed = {0};
    sqlite3_stmt *st = NULL;
    bool ours, ok = sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) == SQLITE_OK &&
                    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
                    schema_check(db, &ours);

    if (ok && !ours) { /* else another instance was first */
        randombytes_buf(c->hash_key, sizeof(c->hash_key));
        seal_close(c->key, "state", c->me, FORMAT, c->hash_key, sizeof(c->hash_key), &sealed);
        ok = schema_make(db) && sqlite3_prepare_v2(db, "INSERT INTO state VALUES(1, NULL, 0, 0, 0, 0, 0, ?1, ?2)",
                                                   -1, &st, NULL) == SQLITE_OK;
        sql_number(st, 1, INSTANT_NONE);
        sql_blob(st, 2, &sealed);
        ok = ok && sqlite3_step(st) == SQLITE_DONE;
        sqlite3_finalize(st);
        ok = ok && sqlite3_exec(db, "PRAGMA user_version = 1", NULL, NULL, NULL) == SQLITE_OK;
    }
    ok = ok && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (!ok) {
        sql_fail(c, &c->reader, NULL, e);
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    }
    buf_clear(&sealed);
    return ok;
}

static int64_t pragma(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t value = -1;

    if (store_had_memory(sqlite3_prepare_v2(db, sql, -1, &st, NULL)) == SQLITE_OK &&
        store_had_memory(sqlite3_step(st)) == SQLITE_ROW)
        value = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return value;
}

/* The sealed blob opens with this officer's key alone. */
static bool is_this_officers(struct cache *c, const struct buf *sealed)
{
    struct buf plain = {0};
    bool ok = seal_open(c->key, "state", c->me, FORMAT, sealed->data, sealed->len, &plain) &&
              plain.len == sizeof(c->hash_key);

    if (ok)
        memcpy(c->hash_key, plain.data, plain.len);
    buf_wipe(&plain);
    return ok;
}

/* Whether the open file is ours, whole and this officer's. Errors that say nothing of its content leave `broken` alone. */
static bool verify(struct cache *c, struct err *e)
{
    struct buf sealed = {0};
    bool ours;

    errno = 0;
    if (!schema_check(c->reader.db, &ours))
        return sql_fail(c, &c->reader, NULL, e);
    if (!ours)
        return cache_corrupt(c, e);
    if (pragma(c->reader.db, "PRAGMA user_version") != FORMAT) /* another one is damage, one that cannot be read is not */
        return sql_fail(c, &c->reader, NULL, e);
    bool ok = state_load(c, &c->reader, &c->state, &sealed, e);
    if (ok && (!is_this_officers(c, &sealed) || c->state.change >= LAST_CHANGE))
        ok = cache_corrupt(c, e);
    buf_clear(&sealed);
    return ok;
}

/* SQLite takes a file that is too short for a database as a new one. */
static bool is_cut(const struct cache *c)
{
    struct stat st;

    return fstatat(c->dir, CACHE_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
           st.st_size > 0 && st.st_size < SMALLEST;
}

static bool open_reader(struct cache *c, struct err *e)
{
    if (is_cut(c))
        return cache_corrupt(c, e);
    if (!connect(c, &c->reader, e))
        return false;
    int64_t schema = pragma(c->reader.db, "PRAGMA schema_version");
    if (schema < 0)
        return sql_fail(c, &c->reader, NULL, e);
    if (schema == 0 && !make(c, e))
        return false;
    if (!verify(c, e))
        return false;
    c->data_version = pragma(c->reader.db, "PRAGMA data_version");
    if (sqlite3_exec(c->reader.db, "PRAGMA query_only = ON", NULL, NULL, NULL) != SQLITE_OK ||
        !reference_register(c) || !count_register(c) || !search_register(c))
        return sql_fail(c, &c->reader, NULL, e);
    c->told_change = c->state.change;
    c->told_reference = c->state.reference;
    return true;
}

/* Everything that was read from the file goes with it. */
static void forget(struct cache *c)
{
    page_drop(c);
    tx_rollback(c);
    sql_close(&c->reader);
    sql_close(&c->writer);
    c->wal_pages = 0;
    reference_forget(c);
    block_wipe(&c->block);
    state_clear(&c->state);
}

static bool open_or_rebuild(struct cache *c, bool *rebuilt, struct err *e)
{
    struct err first = {0};
    if (!c->broken && open_reader(c, &first))
        return true;
    if (!c->broken) {
        if (e)
            *e = first;
        return false;
    }
    forget(c);
    c->broken = false;
    if (!set_aside(c, e) || !open_reader(c, e))
        return false;
    *rebuilt = true;
    return true;
}

bool cache_start_over(struct cache *c, struct err *e)
{
    forget(c);
    c->broken = false;
    c->changed |= CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_SEARCH;
    return cache_wipe(c->dir, e) && open_reader(c, e);
}

bool cache_open(int dir, const char *path, const struct seal_key *key, const char *me, struct cache **out,
                bool *rebuilt, struct err *e)
{
    if (sodium_init() < 0)
        die("libsodium does not start");
    struct cache *c = mem_alloc(sizeof(*c));
    c->dir = fcntl(dir, F_DUPFD_CLOEXEC, 3);
    c->directory = mem_copy(path);
    c->path = mem_format("%s/" CACHE_FILE, path);
    c->key = key;
    c->me = mem_copy(me);
    c->state.data_at = INSTANT_NONE;
    *rebuilt = false;
    if (!open_or_rebuild(c, rebuilt, e)) {
        c->broken = false; /* said already */
        cache_close(&c);
        return false;
    }
    *out = c;
    return true;
}

void cache_close(struct cache **cache)
{
    struct cache *c = *cache;

    if (!c)
        return;
    retain_close(c);
    forget(c);
    if (c->broken)
        set_aside(c, NULL); /* the next to open it finds none */
    free(c->tx.dead);
    arena_clear(&c->watched_arena);
    buf_clear(&c->day.units);
    mem_wipe(c->hash_key, sizeof(c->hash_key));
    buf_wipe(&c->plain);
    buf_clear(&c->sealed);
    mem_free(&c->me);
    mem_free(&c->directory);
    mem_free(&c->path);
    if (c->dir >= 0)
        close(c->dir);
    free(c);
    *cache = NULL;
}

/* ── transactions ──────────────────────────────────────────────────────────────────────────────────────────────────── */

bool tx_begin(struct cache *c, struct err *e)
{
    if (c->tx.open)
        return true;
    if (!writer(c, e) || !sql_run(c, &c->writer, ST_BEGIN_WRITE, e))
        return false;
    c->tx.open = true;
    if (state_load(c, &c->writer, &c->tx.state, NULL, e)) {
        c->tx.began = c->tx.state.change;
        return true;
    }
    tx_rollback(c);
    return false;
}

bool tx_begin_now(struct cache *c, struct err *e)
{
    if (!writer(c, e))
        return false;
    sqlite3_busy_timeout(c->writer.db, 0);
    bool ok = tx_begin(c, e);
    sqlite3_busy_timeout(c->writer.db, STORE_BUSY_MS);
    return ok;
}

bool tx_stands_at(struct cache *c, const char *cursor)
{
    const char *now = c->tx.state.cursor;

    if (now && cursor ? strcmp(now, cursor) == 0 : now == cursor)
        return true;
    state_take(c, &c->tx.state);
    tx_rollback(c);
    return false;
}

static void tx_end(struct cache *c)
{
    c->tx.open = false;
    c->tx.n_dead = 0;
}

bool tx_commit(struct cache *c, struct err *e)
{
    if (!state_store(c, &c->tx.state, e) || !sql_run(c, &c->writer, ST_COMMIT, e)) {
        tx_rollback(c);
        return false;
    }
    state_take(c, &c->tx.state);
    if (c->block.change == c->tx.began)
        c->block.change = c->state.change;
    for (size_t i = 0; i < c->tx.n_dead; i++)
        block_forget(&c->block, c->tx.dead[i]);
    tx_end(c);
    return true;
}

void tx_rollback(struct cache *c)
{
    if (c->tx.open && !sqlite3_get_autocommit(c->writer.db))
        sql_run(c, &c->writer, ST_ROLLBACK, NULL);
    state_clear(&c->tx.state);
    tx_end(c);
}

bool read_begin(struct cache *c, struct err *e)
{
    return sql_run(c, &c->reader, ST_BEGIN_READ, e);
}

void read_end(struct cache *c)
{
    if (c->reader.db && !sqlite3_get_autocommit(c->reader.db))
        sql_run(c, &c->reader, ST_COMMIT, NULL);
}

/* ── what changed ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static unsigned rebuild(struct cache *c)
{
    bool rebuilt = false;

    if (!open_or_rebuild(c, &rebuilt, NULL)) {
        forget(c); /* disk full, say: tried again at the next turn */
        return 0;
    }
    return CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_SEARCH | CACHE_REBUILT;
}

/* Whoever committed, us or another instance, left the numbers of the newest change behind. */
static void look_for_commits(struct cache *c)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_DATA_VERSION);
    int64_t version = sql_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : c->data_version;

    sqlite3_reset(st);
    struct state now = {0};
    if (version == c->data_version || !state_load(c, &c->reader, &now, NULL, NULL))
        return;
    c->data_version = version;
    state_take(c, &now);
    if (c->state.change != c->told_change)
        c->changed |= CACHE_DOSSIERS;
    if (c->state.reference != c->told_reference) {
        c->changed |= CACHE_REFERENCE;
        reference_forget(c);
    }
    c->told_change = c->state.change;
    c->told_reference = c->state.reference;
}

unsigned cache_take_changes(struct cache *c)
{
    if (c->broken || !c->reader.db)
        return rebuild(c);
    look_for_commits(c);
    unsigned changed = c->changed;
    c->changed = 0;
    return changed;
}

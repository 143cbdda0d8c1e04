/* store: schema, statements and transactions. It refuses to know what a document says: what is filtered or ordered by stands in
 * columns of its own beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/store.h"

#include "core/mem.h"

#include <stdarg.h>
#include <string.h>

#define SCHEMA_VERSION 1
#define APPLICATION_ID 0x6d637472 /* "mctr" */

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct err failed; /* the first error since the last begin */
};

const char *const thing_names[THING_COUNT] = {
    [THING_UNIT] = "unit",         [THING_OFFICER] = "officer",     [THING_PROCEDURE] = "procedure",
    [THING_CALENDAR] = "calendar", [THING_PLAN] = "plan",           [THING_DOSSIER] = "dossier",
    [THING_DOCUMENT] = "document", [THING_MESSAGE] = "message",     [THING_TEAM] = "team",
    [THING_VISIT] = "visit",       [THING_INDICATOR] = "indicator",
};

/* What the feed names is a thing, whatever its type. `owes`: the version at which a generated decision was signed, as long as nobody
 * has asked for the signature. `found` is what search compares with; `keep_until`: when the feed says `removed`. */
static const char schema[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE thing (num INTEGER PRIMARY KEY, type INTEGER NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,"
    " version INTEGER NOT NULL, kept INTEGER NOT NULL, keep_until INTEGER, unit INTEGER, handled INTEGER, supported INTEGER,"
    " status INTEGER, submitted INTEGER, changed_by TEXT, changed_at INTEGER, owes INTEGER, found TEXT, doc TEXT NOT NULL);"
    "CREATE TABLE event (thing INTEGER, seq INTEGER, at INTEGER NOT NULL, acted_at INTEGER, actor TEXT, behalf TEXT,"
    " action TEXT NOT NULL, was INTEGER, became INTEGER, note TEXT, PRIMARY KEY (thing, seq)) WITHOUT ROWID;"
    "CREATE TABLE serial (unit TEXT, day INTEGER, last INTEGER NOT NULL, PRIMARY KEY (unit, day)) WITHOUT ROWID;"
    "CREATE TABLE answer (officer TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, status INTEGER NOT NULL, type TEXT,"
    " etag TEXT, location TEXT, body BLOB, at INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX answer_key ON answer (officer, key);"
    "CREATE INDEX answer_at ON answer (at);"
    "CREATE TABLE device (code BLOB PRIMARY KEY, user_code TEXT NOT NULL UNIQUE, workstation TEXT, created INTEGER NOT NULL,"
    " until INTEGER NOT NULL, pause INTEGER NOT NULL, polled INTEGER, state INTEGER NOT NULL, officer TEXT, family INTEGER);"
    "CREATE TABLE family (num INTEGER PRIMARY KEY, officer TEXT NOT NULL, signed_in INTEGER NOT NULL, ended INTEGER NOT NULL);"
    "CREATE TABLE pair (num INTEGER PRIMARY KEY, family INTEGER NOT NULL, parent INTEGER NOT NULL, used INTEGER NOT NULL,"
    " access BLOB NOT NULL UNIQUE, access_until INTEGER NOT NULL, refresh BLOB NOT NULL UNIQUE, refresh_until INTEGER NOT NULL);"
    "CREATE INDEX pair_family ON pair (family, parent);";

/* What a database that an older one made may lack. */
static const char additions[] =
    "CREATE TABLE IF NOT EXISTS phone (id TEXT PRIMARY KEY, officer TEXT NOT NULL, code TEXT NOT NULL, statement BLOB NOT NULL,"
    " created INTEGER NOT NULL, until INTEGER NOT NULL, state INTEGER NOT NULL, cms TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS added_fee (payment TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS number (code TEXT PRIMARY KEY, officer TEXT NOT NULL, unit TEXT NOT NULL,"
    " reserved INTEGER NOT NULL, until INTEGER NOT NULL, spent INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, dossier TEXT NOT NULL, officer TEXT NOT NULL, at INTEGER NOT NULL,"
    " has INTEGER NOT NULL, done INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS file_waits ON file (at) WHERE NOT done;"
    "CREATE TABLE IF NOT EXISTS piece (file TEXT NOT NULL, first INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "CREATE UNIQUE INDEX IF NOT EXISTS piece_first ON piece (file, first);";

/* A payment waits, as the stored document of a dossier (THING_DOSSIER) says it. */
#define PAYS "type = 6 AND instr(doc, '\"status\":\"pending\"') > 0"

static const char indexes[] =
    "CREATE UNIQUE INDEX IF NOT EXISTS thing_id ON thing (type, id);"
    "CREATE UNIQUE INDEX IF NOT EXISTS thing_seq ON thing (seq);"
    "CREATE INDEX IF NOT EXISTS thing_kept ON thing (seq) WHERE kept;"
    "CREATE INDEX IF NOT EXISTS thing_keep_until ON thing (keep_until) WHERE kept AND keep_until IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS thing_pays ON thing (num) WHERE " PAYS ";"
    "CREATE INDEX IF NOT EXISTS thing_newest ON thing (submitted, num) WHERE submitted IS NOT NULL;";

/* In the order of enum thing_column. */
#define THING                                                                                                               \
    "SELECT num, type, id, seq, version, kept, unit, handled, supported, changed_by, changed_at, owes, submitted, status, " \
    "found, doc FROM thing "

static const char *const texts[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [META_GET] = "SELECT value FROM meta WHERE name = ?",
    [META_PUT] = "INSERT OR REPLACE INTO meta VALUES (?, ?)",

    [THING_ADD] =
        "INSERT INTO thing (type, id, seq, version, kept, keep_until, unit, handled, supported, status, submitted, "
        "changed_by, changed_at, owes, found, doc) VALUES (?1, ?2, ?3, ?4, ?16, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
        "?13, ?14, ?15)",
    [THING_GET] = THING "WHERE type = ? AND id = ?",
    [THING_PUT] =
        "UPDATE thing SET seq = ?2, version = ?3, kept = ?4, keep_until = ?5, status = ?6, changed_by = ?7, "
        "changed_at = ?8, found = ?9, doc = ?10, owes = NULL WHERE num = ?1",
    [THING_OF_TYPE] = THING "WHERE type = ? ORDER BY num",
    [THING_SIGNED] = "UPDATE thing SET owes = NULL, doc = ?2 WHERE num = ?1",

    [FEED_PASS] = THING "WHERE kept AND seq > ? ORDER BY seq",
    [FEED_SINCE] = THING "WHERE seq > ? ORDER BY seq",
    [FEED_SWEEP] =
        "UPDATE thing SET kept = 0, seq = ?2 WHERE num = (SELECT num FROM thing WHERE kept AND keep_until IS NOT NULL "
        "AND keep_until <= ?1 ORDER BY keep_until LIMIT 1)",
    [SEARCH_NEWEST] =
        THING "WHERE submitted <= ?1 AND (submitted < ?1 OR num < ?2) ORDER BY submitted DESC, num DESC",

    [EVENT_ADD] =
        "INSERT INTO event VALUES (?1, 1 + coalesce((SELECT max(seq) FROM event WHERE thing = ?1), 0), ?2, ?3, ?4, ?5, "
        "?6, ?7, ?8, ?9)",
    [EVENT_PAGE] =
        "SELECT seq, at, acted_at, actor, behalf, action, was, became, note FROM event WHERE thing = ?1 AND seq > ?2 "
        "ORDER BY seq",
    [DECISION_NOTE] =
        "SELECT note FROM event WHERE thing = ? AND action IN ('approve', 'refuse_result') ORDER BY seq DESC LIMIT 1",

    [SERIAL_NEXT] =
        "INSERT INTO serial VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
    [SERIAL_SET] =
        "INSERT INTO serial VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",

    [NUMBER_ADD] = "INSERT INTO number (code, officer, unit, reserved, until) VALUES (?, ?, ?, ?, ?)",
    [NUMBER_SPEND] =
        "UPDATE number SET spent = 1 WHERE code = ?1 AND officer = ?2 AND unit = ?3 AND reserved <= ?4 AND until > ?4 "
        "AND NOT spent RETURNING 1",

    [KEY_GET] = "SELECT digest, status, type, etag, location, body FROM answer WHERE officer = ? AND key = ?",
    [KEY_PUT] = "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [KEY_PRUNE] = "DELETE FROM answer WHERE at < ?",

    [DEVICE_ADD] = "INSERT INTO device VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, 0, NULL, NULL)",
    [DEVICE_BY_CODE] =
        "SELECT code, user_code, workstation, created, until, pause, polled, state, officer, family FROM device "
        "WHERE code = ?",
    [DEVICE_BY_USER_CODE] =
        "SELECT code, user_code, workstation, created, until, pause, polled, state, officer, family FROM "
        "device WHERE user_code = ?",
    [DEVICE_SET] =
        "UPDATE device SET pause = ?2, polled = ?3, state = ?4, officer = ?5, family = ?6 WHERE code = ?1",
    [DEVICE_PRUNE] = "DELETE FROM device WHERE until < ?",
    [PHONE_ADD] = "INSERT INTO phone VALUES (?, ?, ?, ?, ?, ?, 0, NULL)",
    [PHONE_GET] = "SELECT id, officer, code, statement, created, until, state, cms FROM phone WHERE id = ?",
    [PHONE_OF] =
        "SELECT id, officer, code, statement, created, until, state, cms FROM phone WHERE officer = ? AND state = 0 "
        "AND until > ? ORDER BY created, id",
    [PHONE_SET] = "UPDATE phone SET state = ?2, cms = ?3 WHERE id = ?1",
    [FEE_ADDED] = "INSERT INTO added_fee VALUES (?)",
    [FEE_OF] = "SELECT 1 FROM added_fee WHERE payment = ?",
    [FEE_GONE] = "DELETE FROM added_fee WHERE payment = ?",
    [THING_PAYS] = THING "WHERE num > ? AND " PAYS " ORDER BY num LIMIT 1",
    [FILE_ADD] = "INSERT INTO file VALUES (?, ?, ?, ?, 0, 0)",
    [FILE_GET] = "SELECT dossier, officer, has, done FROM file WHERE id = ?",
    [FILE_SET] = "UPDATE file SET has = ?2, done = ?3 WHERE id = ?1",
    [FILE_GONE] = "DELETE FROM file WHERE id = ?",
    [FILE_STALE] = "SELECT id, dossier FROM file WHERE NOT done AND at <= ? ORDER BY at LIMIT 1",
    [FILE_TRIM] = "UPDATE file SET has = min(has, ?) WHERE NOT done",
    [FILE_HOLDER] = THING "WHERE type = 6 AND instr(doc, ?) > 0 LIMIT 1",
    [PIECE_ADD] = "INSERT INTO piece VALUES (?, ?, ?)",
    [PIECE_SOME] =
        "SELECT first, bytes FROM piece WHERE file = ?1 AND first < ?3 AND first + length(bytes) > ?2 ORDER BY first",
    [PIECE_GONE] = "DELETE FROM piece WHERE file = ?",
    [PIECE_AFTER] = "DELETE FROM piece WHERE first >= ? AND file IN (SELECT id FROM file WHERE NOT done)",
    [PIECE_CUT] =
        "UPDATE piece SET bytes = substr(bytes, 1, ?1 - first) WHERE first < ?1 AND first + length(bytes) > ?1 AND file IN "
        "(SELECT id FROM file WHERE NOT done)",
    [PHONE_PRUNE] = "DELETE FROM phone WHERE until < ?",
    [FAMILY_ADD] = "INSERT INTO family (officer, signed_in, ended) VALUES (?, ?, 0)",
    [FAMILY_END] = "UPDATE family SET ended = 1 WHERE num = ?",
    [FAMILY_PRUNE] = "DELETE FROM pair WHERE refresh_until < ?1 AND access_until < ?1",
    [PAIR_ADD] =
        "INSERT INTO pair (family, parent, used, access, access_until, refresh, refresh_until) VALUES (?, ?, 0, ?, ?, "
        "?, ?)",
    [PAIR_BY_ACCESS] =
        "SELECT pair.num, family, parent, used, access_until, officer, signed_in, ended FROM pair JOIN family ON "
        "family.num = family WHERE access = ?",
    [PAIR_BY_REFRESH] =
        "SELECT pair.num, family, parent, used, refresh_until, officer, signed_in, ended, EXISTS (SELECT 1 FROM "
        "pair AS child WHERE child.family = pair.family AND child.parent = pair.num AND child.used) FROM pair "
        "JOIN family ON family.num = family WHERE refresh = ?",
    [PAIR_USED] = "UPDATE pair SET used = 1 WHERE num = ?",
    [PAIR_DROP_UNUSED] = "DELETE FROM pair WHERE family = ? AND parent = ? AND NOT used",
};

/* ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool fail(struct store *store, struct err *e)
{
    return err_set(e, ERR_STORE, "the training database: %s", sqlite3_errmsg(store->db));
}

static void harden(sqlite3 *db)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
}

static int64_t pragma_number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int64_t n = -1;

    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static bool make_schema(struct store *store, bool *fresh, struct err *e)
{
    int64_t version = pragma_number(store->db, "PRAGMA user_version");

    if (version < 0)
        return fail(store, e);
    *fresh = version == 0;
    if (version == SCHEMA_VERSION)
        return true;
    if (version == 0 && pragma_number(store->db, "PRAGMA application_id") == APPLICATION_ID)
        return err_set(e, ERR_STORE, "this database was not filled to its end; delete it and start again");
    if (version != 0 || pragma_number(store->db, "SELECT count(*) FROM sqlite_schema") != 0)
        return err_set(e, ERR_STORE, "this file is no database of this motcua-training; name another one");
    char *sign = mem_format("PRAGMA application_id = %d", APPLICATION_ID);
    bool ok = sqlite3_exec(store->db, sign, NULL, NULL, NULL) == SQLITE_OK &&
              sqlite3_exec(store->db, schema, NULL, NULL, NULL) == SQLITE_OK;
    mem_free(&sign);
    return ok || fail(store, e);
}

bool store_new(const char *file, struct store **out, bool *fresh, struct err *e)
{
    struct store *store = mem_alloc(sizeof *store);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;

    if (sqlite3_open_v2(file ? file : ":memory:", &store->db, flags, NULL) != SQLITE_OK)
        goto fail;
    harden(store->db);
    if (file && sqlite3_exec(store->db,
                             "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
                             NULL, NULL, NULL) != SQLITE_OK)
        goto fail;
    /* In memory SQLite walks over all pages at each commit, since they never become clean: fewer, larger ones. */
    if (!file)
        sqlite3_exec(
            store->db,
            "PRAGMA page_size=16384; PRAGMA page_size=16384; PRAGMA page_size=16384; PRAGMA page_size=16384; PRAGMA journal_mode=MEMORY",
            NULL, NULL, NULL);
    if (!make_schema(store, fresh, e))
        goto done;
    if (sqlite3_exec(store->db, additions, NULL, NULL, NULL) != SQLITE_OK)
        goto fail;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(store->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &store->statements[i],
                               NULL) != SQLITE_OK)
            goto fail;
    *out = store;
    return true;
fail:
    fail(store, e);
done:
    store_free(&store);
    return false;
}

void store_free(struct store **at)
{
    struct store *store = *at;

    if (!store)
        return;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    *at = NULL;
    mem_free((char **)&store);
}

bool store_index(struct store *store, struct err *e)
{
    char *version = mem_format("PRAGMA user_version = %d", SCHEMA_VERSION);
    bool ok = sqlite3_exec(store->db, indexes, NULL, NULL, NULL) == SQLITE_OK &&
              sqlite3_exec(store->db, version, NULL, NULL, NULL) == SQLITE_OK;

    mem_free(&version);
    /* The statements were prepared for a database without indexes: SQLite prepares them again by itself. */
    return ok || fail(store, e);
}

/* ── statements ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void remember_failure(struct store *store)
{
    if (store->failed.code == ERR_NONE)
        fail(store, &store->failed);
}

static void bind_all(sqlite3_stmt *s, const char *format, va_list args)
{
    for (int i = 1; *format; format++, i++) {
        if (*format == 't') {
            sqlite3_bind_text(s, i, va_arg(args, const char *), -1, SQLITE_STATIC);
        } else if (*format == 'b') {
            const void *bytes = va_arg(args, const void *);
            sqlite3_bind_blob64(s, i, bytes, va_arg(args, size_t), SQLITE_STATIC);
        } else {
            int64_t n = va_arg(args, int64_t);
            if (*format == 'o' && n == INT64_MIN)
                sqlite3_bind_null(s, i);
            else
                sqlite3_bind_int64(s, i, n);
        }
    }
}

static sqlite3_stmt *bound(struct store *store, enum statement which, const char *format, va_list args)
{
    sqlite3_stmt *s = store->statements[which];

    sqlite3_reset(s);
    bind_all(s, format, args);
    return s;
}

sqlite3_stmt *store_query(struct store *store, enum statement which, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    sqlite3_stmt *s = bound(store, which, format, args);
    va_end(args);
    return s;
}

bool store_row(struct store *store, sqlite3_stmt *s)
{
    int code = sqlite3_step(s);

    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        remember_failure(store);
    store_done(s);
    return false;
}

void store_done(sqlite3_stmt *s)
{
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
}

void store_run(struct store *store, enum statement which, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    sqlite3_stmt *s = bound(store, which, format, args);
    va_end(args);
    store_row(store, s);
}

int64_t store_changed(struct store *store)
{
    return sqlite3_changes64(store->db);
}

int64_t store_last(struct store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

const char *store_text(sqlite3_stmt *s, int column)
{
    return (const char *)sqlite3_column_text(s, column);
}

int64_t store_int(sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL ? INT64_MIN : sqlite3_column_int64(s, column);
}

/* ── transactions ────────────────────────────────────────────────────────────────────────────────────────────────── */

void store_begin(struct store *store)
{
    store->failed = (struct err){0};
    store_run(store, BEGIN, "");
}

bool store_commit(struct store *store)
{
    if (store->failed.code == ERR_NONE)
        store_run(store, COMMIT, "");
    if (store->failed.code == ERR_NONE)
        return true;
    struct err why = store->failed;
    store_rollback(store);
    store->failed = why;
    return false;
}

void store_rollback(struct store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        store_run(store, ROLLBACK, "");
}

bool store_failed(const struct store *store, struct err *e)
{
    if (store->failed.code == ERR_NONE)
        return false;
    if (e)
        *e = store->failed;
    return true;
}

int64_t store_number(struct store *store, const char *meta, int64_t otherwise)
{
    sqlite3_stmt *s = store_query(store, META_GET, "t", meta);
    int64_t n = store_row(store, s) ? store_int(s, 0) : otherwise;

    store_done(s);
    return n;
}

void store_set_number(struct store *store, const char *meta, int64_t n)
{
    store_run(store, META_PUT, "ti", meta, n);
}

int64_t store_next_seq(struct store *store)
{
    int64_t seq = store_number(store, "seq", 0) + 1;

    store_set_number(store, "seq", seq);
    return seq;
}

int64_t store_add(struct store *store, const struct thing *t)
{
    store_run(store, THING_ADD, "itiioiiiiotiotti", (int64_t)t->type, t->id, t->seq, t->version,
              t->keep_until, (int64_t)t->unit, (int64_t)t->handled, (int64_t)t->supported, (int64_t)t->status,
              t->submitted, t->changed_by, t->changed_at, t->owes, t->found, t->doc, (int64_t)!t->removed);
    return store_last(store);
}

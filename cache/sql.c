/* sql: the schema of cache.db, its fixed statements, and how SQLite's errors become ours.
 * It refuses a file whose schema is not letter for letter this one: nothing of a foreign schema is ever run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"
#include "cache/state.h"
#include "cache/store.h"
#include "core/i18n.h"

#include <errno.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Rows that change take a new, higher n: so whoever reads along (search, another instance) asks for what is above the last n.
 * Each index ends in what decides whether a row is wanted (a partial one in its condition too, which SQLite looks at again), so
 * that the wide rows are opened for the screen alone. `mark` is small enough to be read whole (the hash of a code, the pass that
 * named the row): an index of hashes would cost the feed half of all pages that it writes. */
static const struct object {
    const char *type, *name, *sql;
} schema[] = {
    {"table", "state",
     "CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), cursor TEXT, pass INTEGER NOT NULL, "
     "in_pass INTEGER NOT NULL, synced INTEGER NOT NULL, change INTEGER NOT NULL, reference INTEGER NOT NULL, "
     "data_at INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT"},
    {"table", "dossier",
     "CREATE TABLE dossier(n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, "
     "queue INTEGER NOT NULL, clock INTEGER NOT NULL, mine INTEGER NOT NULL, due INTEGER NOT NULL, "
     "step_since INTEGER NOT NULL, submitted INTEGER NOT NULL, until INTEGER, status TEXT NOT NULL, step TEXT NOT NULL, "
     "unit TEXT NOT NULL, assignee TEXT, procedure TEXT NOT NULL, channel TEXT NOT NULL, "
     "row BLOB NOT NULL) STRICT"},
    {"index", "dossier_due", "CREATE INDEX dossier_due ON dossier(queue, due, id, unit)"},
    {"index", "dossier_submitted", "CREATE INDEX dossier_submitted ON dossier(queue, submitted, id, unit)"},
    {"index", "dossier_runs",
     "CREATE INDEX dossier_runs ON dossier(due, id, unit, queue, mine, submitted, clock) WHERE clock = 1"},
    {"index", "dossier_since",
     "CREATE INDEX dossier_since ON dossier(step_since, due, id, unit, submitted, clock) WHERE clock = 1"},
    {"index", "dossier_mine",
     "CREATE INDEX dossier_mine ON dossier(due, id, unit, submitted, mine) WHERE mine = 1"},
    {"index", "dossier_until", "CREATE INDEX dossier_until ON dossier(until, queue, unit) WHERE until NOT NULL"},
    {"table", "mark",
     "CREATE TABLE mark(n INTEGER PRIMARY KEY, pass INTEGER NOT NULL, code INTEGER NOT NULL) STRICT"},
    {"table", "closed", "CREATE TABLE closed(n INTEGER PRIMARY KEY, since INTEGER NOT NULL) STRICT"},
    {"table", "doc", "CREATE TABLE doc(n INTEGER PRIMARY KEY, doc BLOB NOT NULL) STRICT"},
    {"table", "tally",
     "CREATE TABLE tally(queue INTEGER NOT NULL, unit TEXT NOT NULL, day INTEGER NOT NULL, n INTEGER NOT NULL, "
     "PRIMARY KEY(queue, unit, day)) STRICT, WITHOUT ROWID"},
    {"table", "thing",
     "CREATE TABLE thing(type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, pass INTEGER NOT NULL, unit TEXT, "
     "data BLOB NOT NULL, PRIMARY KEY(type, id)) STRICT, WITHOUT ROWID"},
    {"index", "thing_unit", "CREATE INDEX thing_unit ON thing(type, unit) WHERE unit NOT NULL"},
};
/* Made by SQLite for the constraints above; they have no text. */
static const char *const automatic[] = {"sqlite_autoindex_dossier_1"};

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)
#define BUCKET(time)    "(" time " + " TEXT(TALLY_OFFSET) ") / 86400" /* as tally_day(), of times after 1970 */
#define HELD                                                                                                         \
    "SELECT n, version, pass, queue, clock, mine, due, step_since, unit, id, since FROM dossier JOIN mark USING(n) " \
    "LEFT JOIN closed USING(n) "

static const char *const statements[ST_COUNT] = {
    [ST_BEGIN_READ] = "BEGIN",
    [ST_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [ST_COMMIT] = "COMMIT",
    [ST_ROLLBACK] = "ROLLBACK",
    [ST_DATA_VERSION] = "PRAGMA data_version",
    [ST_STATE] = "SELECT cursor, pass, in_pass, synced, change, reference, data_at, sealed FROM state",
    [ST_CHANGE] = "SELECT change FROM state",
    [ST_SET_STATE] =
        "UPDATE state SET cursor = ?1, pass = ?2, in_pass = ?3, synced = ?4, change = ?5, reference = ?6, "
        "data_at = ?7",

    [ST_HELD] = HELD "WHERE id = ?1",
    [ST_HELD_N] = HELD "WHERE n = ?1",
    [ST_ADD] = "INSERT INTO dossier(n, id, version, queue, clock, mine, due, step_since, submitted, until, status, step, "
               "unit, assignee, procedure, channel, row) "
               "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    [ST_ADD_MARK] = "INSERT INTO mark(n, pass, code) VALUES(?1, ?2, ?3)",
    [ST_ADD_DOC] = "INSERT INTO doc(n, doc) VALUES(?1, ?2)",
    [ST_DROP] = "DELETE FROM dossier WHERE n = ?1",
    [ST_DROP_MARK] = "DELETE FROM mark WHERE n = ?1",
    [ST_DROP_DOC] = "DELETE FROM doc WHERE n = ?1",
    [ST_ADD_CLOSED] = "INSERT INTO closed(n, since) VALUES(?1, ?2)",
    [ST_DROP_CLOSED] = "DELETE FROM closed WHERE n = ?1",
    [ST_OPENED] = "UPDATE closed SET since = 0 WHERE n = (SELECT n FROM dossier WHERE id = ?1)",
    [ST_CLOSED_NOW] = "UPDATE closed SET since = ?1 WHERE since = 0",
    [ST_CLOSED_ANY] = "SELECT 1 FROM closed WHERE since <= ?1 LIMIT 1",
    [ST_CLOSED_BEFORE] =
        "SELECT n, id FROM closed JOIN dossier USING(n) WHERE since <= ?1 AND n > ?2 ORDER BY n LIMIT 1",
    [ST_NAMED] = "UPDATE mark SET pass = ?2 WHERE n = ?1",
    [ST_NOT_NAMED] = "SELECT n FROM mark WHERE pass < ?1",
    [ST_TALLY] = "INSERT INTO tally VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET n = n + excluded.n",
    [ST_TALLY_ZERO] = "DELETE FROM tally WHERE queue = ?1 AND unit = ?2 AND day = ?3 AND n = 0",
    [ST_ROW] = "SELECT " ROW_COLUMNS " FROM dossier WHERE n = ?1",
    [ST_ROWS_FROM] = "SELECT " ROW_COLUMNS " FROM dossier WHERE n > ?1 ORDER BY n LIMIT 32",
    [ST_DOC] = "SELECT doc FROM doc WHERE n = ?1",
    [ST_BY_ID] = "SELECT " ROW_COLUMNS " FROM dossier WHERE id = ?1",
    [ST_BY_CODE] = "SELECT " ROW_COLUMNS " FROM mark CROSS JOIN dossier USING(n) WHERE code = ?1",
    [ST_NUMBERS] = "SELECT n FROM mark",
    [ST_COUNT_ALL] = "SELECT coalesce(sum(n), 0) FROM tally WHERE queue < ?1",
    [ST_PLACE] = "SELECT due, submitted, n FROM dossier WHERE id = ?1",

    [ST_TALLY_SUM] = "SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (WHERE day < ?2), 0), "
                     "min(day) FILTER (WHERE day <= " TEXT(
                         TALLY_LAST) "), "
                                     "coalesce(sum(n) FILTER (WHERE day = " TEXT(
                                         TALLY_STANDS) "), 0), "
                                                       "coalesce(sum(n) FILTER (WHERE day = ?2), 0) "
                                                       "FROM tally WHERE queue = ?1 AND chosen(unit)",
    [ST_TALLY_STUCK] = "SELECT coalesce(sum(n) FILTER (WHERE day < " BUCKET(
        "stuck_since(unit)") "), 0), "
                             "min(stuck_since(unit)), max(stuck_since(unit)) FROM tally WHERE queue = ?1 AND chosen(unit)",
    [ST_STUCK_DAY] = "SELECT count(*) FROM dossier INDEXED BY dossier_since WHERE clock = 1 AND step_since >= ?1 AND "
                     "step_since <= ?2 AND step_since <= stuck_since(unit) AND " BUCKET(
                         "step_since") " = " BUCKET("stuck_since(unit)") " AND chosen(unit)",
    [ST_DAY] = "SELECT queue, mine, due < ?1, due >= ?1 AND due < day_end(unit) FROM dossier INDEXED BY dossier_runs "
               "WHERE clock = 1 AND due >= ?2 AND due <= ?3 AND chosen(unit)",
    [ST_NEAREST] =
        "SELECT due FROM dossier INDEXED BY dossier_runs WHERE clock = 1 AND due >= ?1 AND "
        "due < 9223372036854775807 AND (?4 = 0 OR due < day_end(unit)) AND (?2 >> queue) & 1 AND mine >= ?3 AND "
        "chosen(unit) ORDER BY due LIMIT 1",
    [ST_UNTIL] =
        "SELECT until FROM dossier INDEXED BY dossier_until WHERE until NOT NULL AND queue = ?1 AND chosen(unit) "
        "ORDER BY until LIMIT 1",
    [ST_WATCHED] = "SELECT clock, due, day_end(unit) FROM dossier WHERE id = ?1 AND queue > 0 AND chosen(unit)",
    [ST_USES] = "SELECT procedure, count(*) FROM (SELECT procedure, unit FROM dossier ORDER BY n DESC LIMIT ?2) "
                "WHERE unit = ?1 GROUP BY procedure ORDER BY 2 DESC, 1",

    [ST_THING] = "SELECT id, version, data FROM thing WHERE type = ?1 AND id = ?2",
    [ST_THING_PUT] =
        "INSERT INTO thing(type, id, version, pass, unit, data) VALUES(?1, ?2, ?3, ?4, ?5, ?6) "
        "ON CONFLICT DO UPDATE SET version = excluded.version, pass = excluded.pass, unit = excluded.unit, "
        "data = excluded.data",
    [ST_THING_DROP] = "DELETE FROM thing WHERE type = ?1 AND id = ?2",
    [ST_THING_NAMED] = "UPDATE thing SET pass = ?3 WHERE type = ?1 AND id = ?2",
    [ST_THINGS_NOT_NAMED] = "DELETE FROM thing WHERE pass < ?1",
    [ST_THINGS] = "SELECT id FROM thing WHERE type = ?1 ORDER BY id",
    [ST_THING_COUNT] = "SELECT count(*) FROM thing WHERE type = ?1",
    [ST_CALENDAR] =
        "SELECT id, version, data FROM thing WHERE type = 'calendar' AND unit = ?1 ORDER BY version DESC LIMIT 1",
    [ST_CALENDAR_UNITS] = "SELECT DISTINCT unit FROM thing WHERE type = 'calendar' AND unit NOT NULL",
};

sqlite3_stmt *sql_get(struct connection *c, enum statement which)
{
    sqlite3_stmt **st = &c->prepared[which];

    if (*st)
        sqlite3_reset(*st);
    else if (c->db)
        sqlite3_prepare_v3(c->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT, st, NULL);
    return *st;
}

int sql_step(sqlite3_stmt *st)
{
    errno = 0;
    return st ? sqlite3_step(st) : SQLITE_ERROR;
}

bool sql_run(struct cache *c, struct connection *conn, enum statement which, struct err *e)
{
    sqlite3_stmt *st = sql_get(conn, which);

    return sql_done(c, conn, st, e);
}

bool sql_done(struct cache *c, struct connection *conn, sqlite3_stmt *st, struct err *e)
{
    if (sql_step(st) != SQLITE_DONE)
        return sql_fail(c, conn, st, e);
    sqlite3_reset(st);
    return true;
}

void sql_number(sqlite3_stmt *st, int at, int64_t value)
{
    sqlite3_bind_int64(st, at, value);
}

void sql_text(sqlite3_stmt *st, int at, const char *text)
{
    if (text)
        sqlite3_bind_text(st, at, text, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(st, at);
}

void sql_blob(sqlite3_stmt *st, int at, const struct buf *blob)
{
    sqlite3_bind_blob64(st, at, blob->data, blob->len, SQLITE_STATIC);
}

const char *sql_column(sqlite3_stmt *st, int at)
{
    return (const char *)sqlite3_column_text(st, at);
}

bool cache_corrupt(struct cache *c, struct err *e)
{
    c->broken = true;
    return err_set(e, ERR_STORE,
                   _("The data kept on this machine for viewing is damaged; it is fetched again from the server. Unsent work is "
                     "safe."));
}

/* What stands there contradicts itself, or a row that is always there is not (no error at all). */
static bool is_damage(sqlite3 *db)
{
    int code = sqlite3_errcode(db) & 0xff;

    return store_is_damaged(db) || code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH ||
           code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE;
}

bool sql_fail(struct cache *c, const struct connection *conn, sqlite3_stmt *st, struct err *e)
{
    if (!conn->db)
        state_fail(e, EIO, c->path);
    else if (is_damage(conn->db))
        cache_corrupt(c, e);
    else
        store_fail(conn->db, c->path, e);
    if (st)
        sqlite3_reset(st);
    return false;
}

void sql_close(struct connection *c)
{
    for (size_t i = 0; i < ST_COUNT; i++)
        sqlite3_finalize(c->prepared[i]);
    sqlite3_close(c->db);
    *c = (struct connection){0};
}

/* ── the schema ────────────────────────────────────────────────────────────────────────────────────────────────────── */

bool schema_make(sqlite3 *db)
{
    for (size_t i = 0; i < COUNT(schema); i++)
        if (sqlite3_exec(db, schema[i].sql, NULL, NULL, NULL) != SQLITE_OK)
            return false;
    return true;
}

static bool is_ours(const char *type, const char *name, const char *sql)
{
    for (size_t i = 0; i < COUNT(automatic); i++)
        if (!sql && type && name && strcmp(type, "index") == 0 && strcmp(name, automatic[i]) == 0)
            return true;
    for (size_t i = 0; i < COUNT(schema); i++)
        if (sql && type && name && strcmp(type, schema[i].type) == 0 && strcmp(name, schema[i].name) == 0)
            return strcmp(sql, schema[i].sql) == 0;
    return false;
}

/* Names are unique in a schema, so as many as ours, each one of ours, are all of ours. */
bool schema_check(sqlite3 *db, bool *ours)
{
    sqlite3_stmt *st = NULL;
    size_t n = 0, foreign = 0;
    int rc = sqlite3_prepare_v2(db, "SELECT type, name, sql FROM sqlite_schema", -1, &st, NULL);

    if (rc == SQLITE_OK)
        while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
            foreign += !is_ours(sql_column(st, 0), sql_column(st, 1), sql_column(st, 2));
            n++;
        }
    *ours = foreign == 0 && n == COUNT(schema) + COUNT(automatic);
    sqlite3_finalize(st);
    return rc == SQLITE_DONE;
}

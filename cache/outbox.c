/* outbox: the file outbox.db itself: opening, its schema, transactions, and hearing of other instances. What stands in it is the
 * business of outbox_act.c, outbox_send.c, outbox_read.c and outbox_keep.c. It refuses to drop a file that it cannot read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include "cache/draft.h"
#include "cache/state.h"
#include "cache/store.h"
#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

#define FILE_NAME      "outbox.db"
#define APPLICATION_ID 0x6d637462 /* "mctb" */
enum { WAL_MOST = 2000 };         /* pages: then it goes into the file */

/* Step i makes version i + 1. Steps are only ever added; light columns stand before the blobs, so that a scan for marks stays
 * on the pages of the table itself. */
static const char *const migrations[] = {
    "CREATE TABLE command(seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, batch INTEGER NOT NULL, state INTEGER NOT NULL,"
    " online_only INTEGER NOT NULL, may_have_arrived INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,"
    " acted_at INTEGER NOT NULL, ended_at INTEGER, held_at INTEGER NOT NULL, not_before INTEGER NOT NULL DEFAULT 0,"
    " actor TEXT NOT NULL, target TEXT NOT NULL, action TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,"
    " if_match TEXT, after TEXT, answer TEXT, request_id TEXT,"
    " code BLOB, name BLOB, problem BLOB, body BLOB, seen BLOB) STRICT;"
    "CREATE INDEX command_open ON command(target, seq) WHERE " SQL_OPEN ";"
    "CREATE INDEX command_after ON command(after) WHERE after IS NOT NULL;"
    "CREATE TABLE place(name TEXT PRIMARY KEY, sealed INTEGER NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;",

    "CREATE TABLE draft(seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changes INTEGER NOT NULL,"
    " made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, procedure TEXT, target TEXT, name BLOB, body BLOB NOT NULL) STRICT;",

    "CREATE TABLE number(seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, unit TEXT NOT NULL, reserved_at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL, wish TEXT, given_at INTEGER, code BLOB NOT NULL) STRICT;",
    "CREATE TABLE upload(seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, target TEXT NOT NULL, attachment TEXT,"
    " sent INTEGER NOT NULL DEFAULT 0, again INTEGER NOT NULL DEFAULT 0, code BLOB, name BLOB, trouble BLOB,"
    " about BLOB NOT NULL, secret BLOB NOT NULL) STRICT;",
};
enum { SCHEMA_VERSION = sizeof(migrations) / sizeof(migrations[0]) };

/* ── statements ────────────────────────────────────────────────────────────────────────────────────────────────────── */

sqlite3_stmt *ob_statement(struct outbox *o, const char *sql)
{
    errno = 0; /* see store_fail() */
    /* An error of the disk, even of a mere look, has taken the transaction back: what follows would be one of its own, each. */
    if (o->writing && sqlite3_get_autocommit(o->db))
        return NULL;
    for (size_t i = 0; i < o->n_statements; i++) {
        if (o->statements[i].sql != sql)
            continue;
        sqlite3_reset(o->statements[i].st);
        sqlite3_clear_bindings(o->statements[i].st);
        return o->statements[i].st;
    }
    sqlite3_stmt *st = NULL;
    if (store_had_memory(sqlite3_prepare_v3(o->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL)) != SQLITE_OK)
        return NULL;
    o->statements = mem_grow(o->statements, o->n_statements + 1, sizeof(*o->statements));
    o->statements[o->n_statements++] = (struct ob_statement){.sql = sql, .st = st};
    return st;
}

void ob_bind_text(sqlite3_stmt *st, int i, const char *text)
{
    sqlite3_bind_text(st, i, text, -1, SQLITE_STATIC);
}

void ob_bind_sealed(struct outbox *o, sqlite3_stmt *st, int i, const char *column, const char *key,
                    const void *bytes, size_t n)
{
    if (!bytes)
        return;
    struct buf sealed = {0};
    seal_close(o->key, column, key, 0, bytes, n, &sealed);
    store_had_memory(sqlite3_bind_blob64(st, i, sealed.data, sealed.len, SQLITE_TRANSIENT));
    buf_clear(&sealed);
}

bool ob_run(struct outbox *o, sqlite3_stmt *st, struct err *e)
{
    int code;
    do
        code = sqlite3_step(st);
    while (code == SQLITE_ROW);
    bool ok = code == SQLITE_DONE || ob_fail(o, e);
    sqlite3_reset(st);
    return ok;
}

int64_t ob_number(sqlite3_stmt *st, int64_t none)
{
    int64_t value = none;
    if (store_had_memory(sqlite3_step(st)) == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
        value = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return value;
}

bool ob_fail(struct outbox *o, struct err *e)
{
    int why = errno;
    o->disk_full = store_is_full(o->db);
    char *file = mem_format("%s/" FILE_NAME, o->path);
    errno = why;
    store_fail(o->db, file, e);
    mem_free(&file);
    return false;
}

/* ── transactions ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool run_sql(struct outbox *o, const char *sql, struct err *e)
{
    errno = 0;
    return sqlite3_exec(o->db, sql, NULL, NULL, NULL) == SQLITE_OK || ob_fail(o, e);
}

static sqlite3_file *wal_of(struct outbox *o, sqlite3_int64 *size)
{
    sqlite3_file *wal = NULL;
    *size = 0;
    if (sqlite3_file_control(o->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) != SQLITE_OK ||
        !wal->pMethods || wal->pMethods->xFileSize(wal, size) != SQLITE_OK)
        *size = 0;
    return wal;
}

/* After a sync that failed the kernel takes for written what is not on the disk, and says so once, perhaps to a process that is gone.
 * What is committed behind such a hole goes with a power cut, however well it is synced. So the WAL is written anew, byte by byte what
 * it was, before anything is added that has to last: after a commit that failed, and to one that another process has left. Inside a
 * transaction: nobody else adds to it now. */
static bool write_wal_again(struct outbox *o, struct err *e)
{
    char piece[4096];
    sqlite3_int64 size, at = 0;
    sqlite3_file *wal = wal_of(o, &size);
    int code = SQLITE_OK;
    errno = 0;
    while (code == SQLITE_OK && at < size) {
        int n = size - at < (sqlite3_int64)sizeof(piece) ? (int)(size - at) : (int)sizeof(piece);
        code = wal->pMethods->xRead(wal, piece, n, at);
        if (code == SQLITE_OK)
            code = wal->pMethods->xWrite(wal, piece, n, at);
        at += n;
    }
    if (code == SQLITE_OK && size > 0)
        code = wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
    o->shaken = code != SQLITE_OK;
    o->disk_full = o->shaken && errno == ENOSPC;
    return !o->shaken || state_fail(e, errno ? errno : EIO, o->path);
}

/* The WAL goes into the file with a commit that waits for the disk anyway, unless it has grown much longer. The error of a checkpoint is
 * not that of the commit that it came after. */
static int on_commit(void *outbox, sqlite3 *db, const char *name, int pages)
{
    struct outbox *o = outbox;
    if (pages >= (o->synced ? WAL_MOST : 4 * WAL_MOST)) {
        int code = sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        o->shaken = o->shaken || (code & 0xff) == SQLITE_IOERR;
    }
    return SQLITE_OK;
}

bool ob_begin(struct outbox *o, enum ob_durability durability, struct err *e)
{
    bool synced = durability == OB_SYNCED;
    if (synced != o->synced &&
        !run_sql(o, synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", e))
        return false;
    o->synced = synced;
    ob_note_clear(o);
    o->writing = run_sql(o, "BEGIN IMMEDIATE", e);
    if (o->writing && synced && o->shaken && !write_wal_again(o, e)) {
        sqlite3_exec(o->db, "ROLLBACK", NULL, NULL, NULL);
        o->writing = false;
    }
    return o->writing;
}

bool ob_end_quietly(struct outbox *o, bool ok, struct err *e)
{
    ok = ok && ob_journal_change(o, e);
    bool committed = ok && run_sql(o, "COMMIT", e);
    o->writing = false;
    o->shaken = o->shaken || (ok && !committed);
    /* After a full disk SQLite has rolled back by itself. */
    if (!committed && !sqlite3_get_autocommit(o->db))
        sqlite3_exec(o->db, "ROLLBACK", NULL, NULL, NULL);
    ob_journal_settle(o, committed);
    return committed;
}

bool ob_end_but_marks(struct outbox *o, bool ok, struct err *e)
{
    if (!ob_end_quietly(o, ok, e))
        return false;
    o->changed = true;
    o->nothing_until = 0;
    state_poke(o->dir);
    return true;
}

bool ob_end(struct outbox *o, bool ok, struct err *e)
{
    if (!ob_end_but_marks(o, ok, e))
        return false;
    ob_marks_load(o);
    return true;
}

/* ── open ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t pragma_number(struct outbox *o, const char *sql)
{
    sqlite3_stmt *st = NULL;
    if (store_had_memory(sqlite3_prepare_v2(o->db, sql, -1, &st, NULL)) != SQLITE_OK)
        return -1;
    int64_t value = ob_number(st, -1);
    sqlite3_finalize(st);
    return value;
}

/* Some known bytes, sealed when the file was made, tell whether our key is the one. */
static bool key_fits(struct outbox *o)
{
    sqlite3_stmt *st = ob_statement(o, "SELECT value FROM meta WHERE name = 'seal'");
    struct buf plain = {0};
    bool fits =
        sqlite3_step(st) == SQLITE_ROW && seal_open(o->key, "meta", "seal", 0, sqlite3_column_blob(st, 0),
                                                    (size_t)sqlite3_column_bytes(st, 0), &plain);
    sqlite3_reset(st);
    buf_clear(&plain);
    return fits;
}

/* Whether no page of it is damaged. It is small, and there is a second copy: better it is seen now than when something is to be sent.
 * -1: not known, since it could not be read. */
static int is_whole(struct outbox *o)
{
    sqlite3_stmt *st = ob_statement(o, "PRAGMA quick_check(1)");
    int whole = -1;
    if (store_had_memory(sqlite3_step(st)) == SQLITE_ROW)
        whole = strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0;
    sqlite3_reset(st);
    return whole;
}

/* From an empty file or an older version to ours, whole or not at all. Looks at the version again, inside: another instance
 * may be making the same file. */
static bool migrate(struct outbox *o, struct err *e)
{
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    bool ok = true;
    for (int64_t version = pragma_number(o, "PRAGMA user_version"); ok && version < SCHEMA_VERSION; version++) {
        ok = (version >= 0 || ob_fail(o, e)) && run_sql(o, migrations[version], e);
        if (ok && version == 0) {
            sqlite3_stmt *st = ob_statement(o, "INSERT INTO meta(name, value) VALUES('seal', ?)");
            ob_bind_sealed(o, st, 1, "meta", "seal", "motcua", 6);
            ok = ob_run(o, st, e);
        }
    }
    char *stamp =
        mem_format("PRAGMA user_version = %d; PRAGMA application_id = %d", SCHEMA_VERSION, APPLICATION_ID);
    ok = ok && run_sql(o, stamp, e);
    mem_free(&stamp);
    return ob_end_quietly(o, ok, e);
}

enum opened { OPENED, UNREADABLE, NOT_OPENED };

/* Brings it up to the journal. */
static enum opened join(struct outbox *o, struct err *e)
{
    o->journal = journal_new(o->dir, o->path, o->key);
    o->journal_most = JOURNAL_MOST;
    enum ob_joined joined = ob_join(o, e);
    if (joined != OB_JOINED)
        return joined == OB_UNREADABLE ? UNREADABLE : NOT_OPENED;
    sqlite3_db_config(o->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    ob_marks_load(o);
    return OPENED;
}

static enum opened open_file(struct outbox *o, struct err *e)
{
    if (!store_open(o->dir, o->path, FILE_NAME, &o->db, e))
        return NOT_OPENED;
    /* Whatever is wrong with it, closing leaves it as it was: it may be set aside, or belong to a newer motcua. */
    sqlite3_db_config(o->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    int64_t version = pragma_number(o, "PRAGMA user_version");
    if (version < 0)
        goto failed;
    if (version > SCHEMA_VERSION) {
        err_set(
            e, ERR_STORE,
            _("The wishes on this machine were written by a newer motcua. Nothing was changed. Update motcua."));
        return NOT_OPENED;
    }
    int64_t tables = pragma_number(o, "SELECT count(*) FROM sqlite_schema");
    if (tables < 0) /* told before another statement ends well and forgets it */
        goto failed;
    int64_t id = pragma_number(o, "PRAGMA application_id");
    if (id < 0)
        goto failed;
    if (version == 0 ? tables != 0 : id != APPLICATION_ID)
        return UNREADABLE;
    if (!run_sql(o, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", e))
        goto failed;
    sqlite3_wal_hook(o->db, on_commit, o);
    o->synced = true;
    sqlite3_int64 left;
    wal_of(o, &left);
    o->shaken = left > 0;
    if (version < SCHEMA_VERSION && !migrate(o, e))
        return NOT_OPENED;
    int whole = is_whole(o);
    if (whole == 0)
        return UNREADABLE;
    if (whole > 0 && key_fits(o) && ob_marks_load(o))
        return join(o, e);
    if (whole > 0 && sqlite3_errcode(o->db) == SQLITE_OK)
        return UNREADABLE; /* sealed with another key */
failed:
    ob_fail(o, e);
    return store_is_damaged(o->db) ? UNREADABLE : NOT_OPENED;
}

static void close_file(struct outbox *o)
{
    if (o->shaken) /* a WAL with holes, half in the file when the power goes, would be damage: it stays for the next to write anew */
        sqlite3_db_config(o->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    for (size_t i = 0; i < o->n_statements; i++)
        sqlite3_finalize(o->statements[i].st);
    free(o->statements);
    o->statements = NULL;
    o->n_statements = 0;
    sqlite3_close(o->db);
    o->db = NULL;
    o->shaken = false;
    journal_free(&o->journal);
    ob_note_clear(o);
    ob_marks_clear(o);
}

/* One at a time looks again and sets aside, or the second would set aside what the first has just made. */
static enum opened set_aside_and_open(struct outbox *o, bool *set_aside, struct err *e)
{
    int turn = openat(o->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (turn >= 0)
        flock(turn, LOCK_EX);
    enum opened result = open_file(o, e);
    if (result == UNREADABLE) {
        char as[STORE_ASIDE];
        close_file(o);
        *set_aside = store_set_aside(o->dir, o->path, FILE_NAME, as, e);
        result = *set_aside ? open_file(o, e) : NOT_OPENED;
        if (*set_aside && result == OPENED)
            ob_drafts_rescue(o, as);
    }
    if (turn >= 0)
        close(turn);
    return result;
}

bool outbox_open(int dir, const char *path, const struct seal_key *key, const char *officer, struct env *env,
                 struct outbox **out, bool *set_aside, struct err *e)
{
    struct outbox *o = mem_alloc(sizeof(*o));
    struct err why = {0};
    *o = (struct outbox){.dir = dir, .key = key, .env = env, .watch = -1, .purged_day = INT64_MIN};
    o->path = mem_copy(path);
    o->officer = mem_copy(officer);
    *set_aside = false;
    enum opened result = open_file(o, &why);
    if (result == UNREADABLE) {
        close_file(o);
        why = (struct err){0};
        result = set_aside_and_open(o, set_aside, &why);
    }
    if (result != OPENED) {
        outbox_close(&o);
        return err_set(e, ERR_STORE, "%s", why.text);
    }
    o->data_version = ob_number(ob_statement(o, "PRAGMA data_version"), -1);
    *out = o;
    return true;
}

bool outbox_open_to_read(int dir, const char *path, const struct seal_key *key, const char *officer,
                         struct env *env, struct outbox **out, struct err *e)
{
    struct outbox *o = mem_alloc(sizeof(*o));
    *o = (struct outbox){.dir = dir, .key = key, .env = env, .watch = -1};
    o->path = mem_copy(path);
    o->officer = mem_copy(officer);
    bool ok = store_open(dir, path, FILE_NAME, &o->db, e);
    if (ok) {
        sqlite3_db_config(o->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        ok = run_sql(o, "PRAGMA query_only = ON", e) &&
             pragma_number(o, "PRAGMA application_id") == APPLICATION_ID &&
             pragma_number(o, "PRAGMA user_version") > SCHEMA_VERSION && key_fits(o) && ob_marks_load(o);
    }
    if (ok)
        *out = o;
    else
        outbox_close(&o);
    return ok || err_set(e, ERR_STORE, _("The outbox in %s cannot be read. Nothing was changed."), path);
}

void outbox_close(struct outbox **o)
{
    if (!*o)
        return;
    draft_sync(*o, NULL);
    close_file(*o);
    if ((*o)->watch >= 0)
        close((*o)->watch);
    mem_free(&(*o)->path);
    mem_free(&(*o)->officer);
    free(*o);
    *o = NULL;
}

/* ── other instances ───────────────────────────────────────────────────────────────────────────────────────────────── */

int outbox_watch(struct outbox *o)
{
    if (o->watch >= 0)
        return o->watch;
    o->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    /* ATTRIB is state_poke(), after a commit; MODIFY the writes of whoever does not poke. */
    if (o->watch >= 0 && inotify_add_watch(o->watch, o->path, IN_ATTRIB | IN_MODIFY | IN_ONLYDIR) < 0) {
        close(o->watch);
        o->watch = -1;
    }
    return o->watch;
}

bool ob_moved(struct outbox *o)
{
    int64_t version = ob_number(ob_statement(o, "PRAGMA data_version"), o->data_version);
    if (version == o->data_version)
        return false;
    o->data_version = version;
    o->marks_stale = true;
    o->nothing_until = 0;
    o->changed = true;
    return true;
}

bool outbox_take_changes(struct outbox *o)
{
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    while (o->watch >= 0 && read(o->watch, events, sizeof(events)) > 0)
        continue;
    ob_moved(o);
    if (o->held_first != 0 && o->env->mono(o->env) >= o->held_first) {
        o->marks_stale = true; /* what was `~` cannot be undone any more */
        o->changed = true;
    }
    if (o->marks_stale)
        ob_marks_load(o);
    bool changed = o->changed;
    o->changed = false;
    return changed;
}

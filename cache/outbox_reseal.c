/* outbox_reseal: another data key for the whole outbox. It refuses to begin where something does not open, and leaves nothing of the
 * old seal in the file or its WAL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include "cache/state.h"
#include "cache/store.h"
#include "core/i18n.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "outbox.db"

/* A column that is sealed: the next row after ?1, and the row put back. What it is bound to: the column's name and the row's key. */
static const struct column {
    const char *name, *next, *put;
} columns[] = {
#define COLUMN(t, c)                                                                                       \
    {                                                                                                      \
        t "." c,                                                                                           \
            "SELECT seq, key, " c " FROM " t " WHERE seq > ?1 AND " c " IS NOT NULL ORDER BY seq LIMIT 1", \
            "UPDATE " t " SET " c " = ?2 WHERE seq = ?1"                                                   \
    }
    COLUMN("command", "code"),  COLUMN("command", "name"),   COLUMN("command", "problem"),
    COLUMN("command", "body"),  COLUMN("command", "seen"),   COLUMN("draft", "name"),
    COLUMN("draft", "body"),    COLUMN("number", "code"),    COLUMN("upload", "code"),
    COLUMN("upload", "name"),   COLUMN("upload", "trouble"), COLUMN("upload", "about"),
    COLUMN("upload", "secret"),
#undef COLUMN
};

/* `sealed` under the old key becomes `fresh`. */
static bool again(struct outbox *o, const struct seal_key *fresh, const char *table, const char *id,
                  sqlite3_stmt *st, int i, struct buf *out, struct err *e)
{
    struct buf plain = {0};
    bool ok = seal_open(o->key, table, id, 0, sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i),
                        &plain) ||
              err_set(e, ERR_STORE, "%s",
                      _("Something in the outbox cannot be opened, so the PIN was not set. Nothing was changed. "
                        "Tell the IT department."));
    if (ok)
        seal_close(fresh, table, id, 0, plain.data ? plain.data : "", plain.len, out);
    buf_wipe(&plain);
    return ok;
}

static bool column_again(struct outbox *o, const struct seal_key *fresh, const struct column *c, struct err *e)
{
    for (int64_t seq = INT64_MIN;;) {
        char key[UUID_TEXT];
        struct buf sealed = {0};
        sqlite3_stmt *st = ob_statement(o, c->next);
        sqlite3_bind_int64(st, 1, seq);
        int code = sqlite3_step(st);
        if (code != SQLITE_ROW)
            return code == SQLITE_DONE ? ob_run(o, st, e) : ob_fail(o, e);
        seq = sqlite3_column_int64(st, 0);
        ob_copy_key(st, 1, key);
        bool ok = again(o, fresh, c->name, key, st, 2, &sealed, e);
        sqlite3_reset(st);
        if (ok) {
            sqlite3_stmt *put = ob_statement(o, c->put);
            sqlite3_bind_int64(put, 1, seq);
            sqlite3_bind_blob64(put, 2, sealed.data, sealed.len, SQLITE_STATIC);
            ok = ob_run(o, put, e);
        }
        buf_clear(&sealed);
        if (!ok)
            return false;
    }
}

static bool places_again(struct outbox *o, const struct seal_key *fresh, struct err *e)
{
    char *name = mem_copy("");
    bool ok = true, more = true;
    while (ok && more) {
        struct buf sealed = {0};
        sqlite3_stmt *st =
            ob_statement(o, "SELECT name, value FROM place WHERE sealed AND name > ? ORDER BY name LIMIT 1");
        ob_bind_text(st, 1, name);
        int code = sqlite3_step(st);
        more = code == SQLITE_ROW;
        ok = more || code == SQLITE_DONE || ob_fail(o, e);
        if (more) {
            char *found = mem_copy((const char *)sqlite3_column_text(st, 0));
            ok = again(o, fresh, "place", found, st, 1, &sealed, e);
            sqlite3_reset(st); /* before what is bound to it goes */
            mem_free(&name);
            name = found;
        }
        if (more && ok) {
            sqlite3_stmt *put = ob_statement(o, "UPDATE place SET value = ? WHERE name = ?");
            sqlite3_bind_blob64(put, 1, sealed.data, sealed.len, SQLITE_STATIC);
            ob_bind_text(put, 2, name);
            ok = ob_run(o, put, e);
        }
        buf_clear(&sealed);
    }
    mem_free(&name);
    return ok;
}

static bool mark_again(struct outbox *o, const struct seal_key *fresh, struct err *e)
{
    struct buf sealed = {0};
    sqlite3_stmt *st = ob_statement(o, "UPDATE meta SET value = ? WHERE name = 'seal'");
    seal_close(fresh, "meta", "seal", 0, "motcua", 6, &sealed);
    sqlite3_bind_blob64(st, 1, sealed.data, sealed.len, SQLITE_STATIC);
    bool ok = ob_run(o, st, e);
    buf_clear(&sealed);
    return ok;
}

bool outbox_reseal(struct outbox *o, const struct seal_key *fresh, struct err *e)
{
    sqlite3_exec(o->db, "PRAGMA secure_delete = ON", NULL, NULL, NULL);
    bool ok = ob_begin(o, OB_SYNCED, e);
    if (!ok)
        return false;
    for (size_t i = 0; ok && i < sizeof(columns) / sizeof(columns[0]); i++)
        ok = column_again(o, fresh, &columns[i], e);
    ok = ok && places_again(o, fresh, e) && mark_again(o, fresh, e);
    if (!ob_end_quietly(o, ok, e))
        return false;
    sqlite3_wal_checkpoint_v2(o->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return true;
}

enum outbox_fit outbox_fits(int dir, const char *path, const struct seal_key *key, struct err *e)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    struct buf plain = {0};
    enum outbox_fit fit = OUTBOX_NOT_KNOWN;
    if (faccessat(dir, FILE_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return OUTBOX_FITS;
    if (!store_open(dir, path, FILE_NAME, &db, e))
        return fit;
    int code = sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE name = 'seal'", -1, &st, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(st);
    if (code == SQLITE_ROW)
        fit = seal_open(key, "meta", "seal", 0, sqlite3_column_blob(st, 0),
                        (size_t)sqlite3_column_bytes(st, 0), &plain)
                  ? OUTBOX_FITS
                  : OUTBOX_FITS_NOT;
    else if (code == SQLITE_DONE || store_is_damaged(db))
        fit = OUTBOX_FITS_NOT;
    else if (code == SQLITE_ERROR)
        fit = OUTBOX_FITS; /* it has no tables yet */
    else
        store_fail(db, FILE_NAME, e);
    sqlite3_finalize(st);
    sqlite3_close(db);
    buf_clear(&plain);
    return fit;
}

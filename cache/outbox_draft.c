/* outbox_draft: drafts in outbox.db. In a WAL a commit without a sync lies with the kernel: a kill does not touch it, a power cut may take it. The
 * sync comes with the next commit that is synced. It refuses to wait for the disk while somebody types.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/draft.h"
#include "cache/outbox_internal.h"

#include "cache/store.h"
#include "core/i18n.h"
#include "core/instant.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define AGAIN_MS 30000 /* after a sync that failed */

/* ── saving ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void bind_text(struct outbox *o, sqlite3_stmt *st, int i, const char *column, const char *key,
                      const char *text)
{
    ob_bind_sealed(o, st, i, column, key, text, text ? strlen(text) : 0);
}

/* One row that gives its `changes`; none: somebody else was first. */
static bool save_row(struct outbox *o, struct draft *d, bool begun, struct err *e)
{
    sqlite3_stmt *st =
        begun ? ob_statement(o, "INSERT INTO draft(key, changes, changed_at, procedure, target, name, body, made_at)"
                                " VALUES(?1, ?2 + 1, ?3, ?4, ?5, ?6, ?7, ?3) RETURNING changes")
              : ob_statement(o, "UPDATE draft SET changes = changes + 1, changed_at = ?3, procedure = ?4, target = ?5,"
                                " name = ?6, body = ?7 WHERE key = ?1 AND changes = ?2 RETURNING changes");
    ob_bind_text(st, 1, d->key);
    sqlite3_bind_int64(st, 2, d->changes);
    sqlite3_bind_int64(st, 3, d->changed_at);
    ob_bind_text(st, 4, d->procedure);
    ob_bind_text(st, 5, d->target);
    bind_text(o, st, 6, "draft.name", d->key, d->name);
    bind_text(o, st, 7, "draft.body", d->key, d->body ? d->body : "");
    int code = sqlite3_step(st);
    if (code == SQLITE_ROW) {
        d->changes = sqlite3_column_int64(st, 0);
        return ob_run(o, st, e);
    }
    bool first = code == SQLITE_DONE;
    if (!first)
        ob_fail(o, e);
    sqlite3_reset(st);
    return first &&
           err_set(e, ERR_CONFLICT, "%s",
                   _("This draft was changed, sent or discarded at another screen. What is typed here is not saved. Leave "
                     "and open the draft again."));
}

static void want_sync(struct outbox *o)
{
    int64_t now = o->env->mono(o->env);
    o->draft_first = o->draft_first ? o->draft_first : now + DRAFT_MOST_MS;
    o->draft_next = now + DRAFT_REST_MS;
}

bool draft_save(struct outbox *o, struct draft *d, int64_t now, struct err *e)
{
    struct draft saved = *d;
    bool begun = d->key[0] == '\0';

    if (seal_key_asleep(o->key))
        return err_set(e, ERR_AUTH, "%s", _("The saved data is locked. Type the PIN first."));
    saved.changed_at = now;
    if (begun) {
        env_uuid(o->env, saved.key);
        saved.made_at = now;
        saved.changes = 0;
    }
    bool ok = ob_begin(o, OB_RELAXED, e) && ob_end_quietly(o, save_row(o, &saved, begun, e), e);
    if (!ok)
        return false;
    o->changed = o->changed || begun;
    *d = saved;
    want_sync(o);
    return true;
}

int64_t draft_wake(const struct outbox *o)
{
    if (!o->draft_first)
        return INT64_MAX;
    return o->draft_first < o->draft_next ? o->draft_first : o->draft_next;
}

bool draft_sync(struct outbox *o, struct err *e)
{
    if (!o->draft_first)
        return true;
    /* Something has to change, or there is nothing to commit. */
    bool ok = ob_begin(o, OB_SYNCED, e);
    if (ok) {
        sqlite3_stmt *st = ob_statement(o, "INSERT INTO meta(name, value) VALUES('drafts', 1)"
                                           " ON CONFLICT(name) DO UPDATE SET value = value + 1");
        ok = ob_end_quietly(o, ob_run(o, st, e), e);
    }
    if (ok)
        o->draft_first = o->draft_next = 0;
    else
        o->draft_first = o->draft_next = o->env->mono(o->env) + AGAIN_MS;
    return ok;
}

bool draft_discard(struct outbox *o, const char *key, struct err *e)
{
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    sqlite3_stmt *st = ob_statement(o, "DELETE FROM draft WHERE key = ?");
    ob_bind_text(st, 1, key);
    bool ok = ob_end_quietly(o, ob_run(o, st, e), e);
    o->changed = o->changed || ok;
    return ok;
}

bool ob_draft_sent(struct outbox *o, const char *key, struct err *e)
{
    char gone[UUID_TEXT];
    bool there;
    sqlite3_stmt *st = ob_statement(o, "DELETE FROM draft WHERE key = ? RETURNING key");
    ob_bind_text(st, 1, key);
    return ob_one_key(o, st, gone, &there, e) &&
           (there ||
            err_set(
                e, ERR_CONFLICT, "%s",
                _("This draft was sent or discarded at another screen already. Nothing was saved a second time.")));
}

/* ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *open_text(struct outbox *o, sqlite3_stmt *st, int i, const char *column, const char *key,
                             struct arena *arena)
{
    struct buf plain = {0};
    const char *text = NULL;
    if (sqlite3_column_type(st, i) == SQLITE_BLOB &&
        seal_open(o->key, column, key, 0, sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i), &plain))
        text = arena_copy_n(arena, plain.data ? plain.data : "", plain.len);
    buf_wipe(&plain);
    return text;
}

#define COLUMNS "SELECT key, changes, made_at, changed_at, procedure, target, name"

static void read_row(struct outbox *o, sqlite3_stmt *st, struct arena *arena, struct draft *out)
{
    const char *procedure = (const char *)sqlite3_column_text(st, 4);
    const char *target = (const char *)sqlite3_column_text(st, 5);
    *out = (struct draft){
        .changes = sqlite3_column_int64(st, 1),
        .made_at = sqlite3_column_int64(st, 2),
        .changed_at = sqlite3_column_int64(st, 3),
        .procedure = procedure ? arena_copy(arena, procedure) : NULL,
        .target = target ? arena_copy(arena, target) : NULL,
    };
    ob_copy_key(st, 0, out->key);
    out->name = open_text(o, st, 6, "draft.name", out->key, arena);
}

bool draft_list(struct outbox *o, struct arena *arena, struct draft **out, size_t *n, struct err *e)
{
    size_t room = 0;
    int code;
    *out = NULL;
    *n = 0;
    sqlite3_stmt *st = ob_statement(o, COLUMNS " FROM draft ORDER BY changed_at DESC, seq DESC");
    while ((code = store_had_memory(sqlite3_step(st))) == SQLITE_ROW) {
        if (*n == room) {
            room = room ? room * 2 : 8;
            *out = arena_grow(arena, *out, *n, room, sizeof(**out));
        }
        read_row(o, st, arena, &(*out)[(*n)++]);
    }
    bool ok = code == SQLITE_DONE || ob_fail(o, e);
    sqlite3_reset(st);
    return ok;
}

int64_t draft_count(struct outbox *o)
{
    return ob_number(ob_statement(o, "SELECT count(*) FROM draft"), 0);
}

bool draft_get(struct outbox *o, const char *key, struct arena *arena, struct draft *out, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, COLUMNS ", body FROM draft WHERE key = ?");
    ob_bind_text(st, 1, key);
    int code = store_had_memory(sqlite3_step(st));
    bool ok = code == SQLITE_ROW || code == SQLITE_DONE || ob_fail(o, e);
    if (code == SQLITE_ROW) {
        read_row(o, st, arena, out);
        out->body = open_text(o, st, 7, "draft.body", out->key, arena);
    }
    sqlite3_reset(st);
    if (ok && (code != SQLITE_ROW || !out->body))
        return err_set(e, ERR_NOT_FOUND, "%s", _("This draft is no longer there, or cannot be opened."));
    return ok;
}

/* ── out of a file that was set aside ──────────────────────────────────────────────────────────────────────────────── */

static bool opens(struct outbox *o, sqlite3_stmt *st, int i, const char *column, const char *key)
{
    struct buf plain = {0};
    bool ok = seal_open(o->key, column, key, 0, sqlite3_column_blob(st, i),
                        (size_t)sqlite3_column_bytes(st, i), &plain);
    buf_wipe(&plain);
    return ok;
}

/* What opens is copied as it lies: its seal is bound to the row's key, not to the file. What has become a wish since is none any more. */
static bool rescue_row(struct outbox *o, sqlite3_stmt *from, struct err *e)
{
    char key[UUID_TEXT];
    ob_copy_key(from, 0, key);
    if (!opens(o, from, 7, "draft.body", key))
        return true;
    sqlite3_stmt *st = ob_statement(
        o, "INSERT OR IGNORE INTO draft(key, changes, made_at, changed_at, procedure, target, name, body)"
           " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (SELECT 1 FROM command WHERE key = ?1)");
    for (int i = 0; i < 8; i++)
        sqlite3_bind_value(st, i + 1, sqlite3_column_value(from, i));
    return ob_run(o, st, e);
}

void ob_drafts_rescue(struct outbox *o, const char *file)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    char *shm = mem_format("%s-shm", file);
    if (!store_open(o->dir, o->path, file, &db, NULL))
        goto done;
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    int code = sqlite3_prepare_v2(db, COLUMNS ", body FROM draft ORDER BY seq", -1, &st, NULL);
    if (store_had_memory(code) == SQLITE_OK && ob_begin(o, OB_SYNCED, NULL)) {
        bool ok = true;
        while (ok && store_had_memory(sqlite3_step(st)) == SQLITE_ROW) /* it may be damaged: as far as it goes */
            ok = rescue_row(o, st, NULL);
        ob_end_quietly(o, ok, NULL);
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    unlinkat(o->dir, shm, 0);
done:
    mem_free(&shm);
}

/* outbox_numbers: codes in reserve in outbox.db. A code and the wish that it is given to are one transaction, so that none is on two receipts,
 * whatever two screens or a crash do. The journal does not know what is not given: after it made up for an older copy of the file,
 * nothing here can be told from what that copy has given, and all of it lapses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/numbers.h"
#include "cache/outbox_internal.h"

#include "cache/store.h"
#include "core/i18n.h"
#include "core/instant.h"

#include <string.h>

#define TODAY "unit = ?1 AND reserved_at <= ?2 AND expires_at > ?2"

/* ── in ────────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool put(struct outbox *o, const char *unit, const char *code, int64_t now, int64_t until, struct err *e)
{
    char key[UUID_TEXT];
    env_uuid(o->env, key);
    sqlite3_stmt *st =
        ob_statement(o, "INSERT INTO number(key, unit, reserved_at, expires_at, code) VALUES(?, ?, ?, ?, ?)");
    ob_bind_text(st, 1, key);
    ob_bind_text(st, 2, unit);
    sqlite3_bind_int64(st, 3, now);
    sqlite3_bind_int64(st, 4, until);
    ob_bind_sealed(o, st, 5, "number.code", key, code, strlen(code));
    return ob_run(o, st, e);
}

bool numbers_keep(struct outbox *o, const char *unit, const struct number_block *block, int64_t now,
                  struct err *e)
{
    if (seal_key_asleep(o->key))
        return err_set(e, ERR_AUTH, "%s", _("The saved data is locked. Type the PIN first."));
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < block->codes.n; i++)
        ok = put(o, unit, block->codes.items[i], now, block->expires_at, e);
    return ob_end_but_marks(o, ok, e);
}

/* ── out ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The code of the row that a statement stands on (key, code); one that does not open is nobody's. */
static bool open_code(struct outbox *o, sqlite3_stmt *st, char key[static UUID_TEXT], struct buf *code)
{
    ob_copy_key(st, 0, key);
    return seal_open(o->key, "number.code", key, 0, sqlite3_column_blob(st, 1),
                     (size_t)sqlite3_column_bytes(st, 1), code);
}

static sqlite3_stmt *left_today(struct outbox *o, const char *unit, int64_t now)
{
    sqlite3_stmt *st =
        ob_statement(o, "SELECT key, code FROM number WHERE " TODAY " AND wish IS NULL ORDER BY seq");
    ob_bind_text(st, 1, unit);
    sqlite3_bind_int64(st, 2, now);
    return st;
}

/* The next one, or the one that is `wanted`. ERR_NONE and "" where there is none. */
static bool find(struct outbox *o, const char *unit, int64_t now, const char *wanted,
                 char key[static UUID_TEXT], struct buf *code, struct err *e)
{
    sqlite3_stmt *st = left_today(o, unit, now);
    int step;
    bool found = false;
    while (!found && (step = store_had_memory(sqlite3_step(st))) == SQLITE_ROW) {
        code->len = 0;
        found = open_code(o, st, key, code) && (!wanted || strcmp(code->data, wanted) == 0);
    }
    bool ok = found || step == SQLITE_DONE || ob_fail(o, e);
    sqlite3_reset(st);
    if (!found)
        code->len = 0;
    return ok;
}

bool numbers_next(struct outbox *o, const char *unit, int64_t now, struct arena *arena, const char **code,
                  struct err *e)
{
    char key[UUID_TEXT];
    struct buf found = {0};
    bool ok = find(o, unit, now, NULL, key, &found, e);
    if (ok && found.len == 0)
        ok = err_set(e, ERR_NOT_FOUND, "%s",
                     _("No reserved code of today is left on this machine. A provisional receipt can be given."));
    else if (ok)
        *code = arena_copy_n(arena, found.data, found.len);
    buf_clear(&found);
    return ok;
}

bool ob_number_given(struct outbox *o, const struct wish *w, const char *key, struct err *e)
{
    char row[UUID_TEXT];
    struct buf found = {0};
    bool ok = find(o, w->number_unit, w->number_at, w->number, row, &found, e);
    bool there = found.len > 0;
    buf_clear(&found);
    if (!ok)
        return false;
    if (!there)
        return err_set(e, ERR_CONFLICT, "%s",
                       _("This reserved code was given at another screen, or its day is over. Nothing was saved; press F9 "
                         "again for the next one."));
    sqlite3_stmt *st = ob_statement(o, "UPDATE number SET wish = ?2, given_at = ?3 WHERE key = ?1");
    ob_bind_text(st, 1, row);
    ob_bind_text(st, 2, key);
    sqlite3_bind_int64(st, 3, w->number_at);
    return ob_run(o, st, e);
}

bool ob_numbers_lapse(struct outbox *o, struct err *e)
{
    return ob_run(o, ob_statement(o, "DELETE FROM number WHERE wish IS NULL"), e);
}

bool ob_numbers_purge(struct outbox *o, int64_t now, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "DELETE FROM number WHERE expires_at < ?");
    sqlite3_bind_int64(st, 1, now - 86400);
    return ob_run(o, st, e);
}

/* ── how it stands ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_last(struct outbox *o, const char *unit, int64_t now, struct arena *arena,
                      struct numbers_state *out, struct err *e)
{
    char key[UUID_TEXT];
    struct buf code = {0};
    sqlite3_stmt *st = ob_statement(o, "SELECT key, code, given_at FROM number WHERE " TODAY
                                       " AND wish IS NOT NULL ORDER BY given_at DESC, seq DESC LIMIT 1");
    ob_bind_text(st, 1, unit);
    sqlite3_bind_int64(st, 2, now);
    int step = store_had_memory(sqlite3_step(st));
    if (step == SQLITE_ROW && open_code(o, st, key, &code)) {
        out->last = arena_copy_n(arena, code.data, code.len);
        out->last_at = sqlite3_column_int64(st, 2);
    }
    bool ok = step == SQLITE_ROW || step == SQLITE_DONE || ob_fail(o, e);
    sqlite3_reset(st);
    buf_clear(&code);
    return ok;
}

bool numbers_state(struct outbox *o, const char *unit, int64_t now, struct arena *arena,
                   struct numbers_state *out, struct err *e)
{
    *out = (struct numbers_state){.last_at = INSTANT_NONE};
    sqlite3_stmt *st = ob_statement(o, "SELECT count(*), count(wish) FROM number WHERE " TODAY);
    ob_bind_text(st, 1, unit);
    sqlite3_bind_int64(st, 2, now);
    int step = store_had_memory(sqlite3_step(st));
    if (step == SQLITE_ROW) {
        out->given = sqlite3_column_int64(st, 1);
        out->left = sqlite3_column_int64(st, 0) - out->given;
    }
    bool ok = step == SQLITE_ROW || ob_fail(o, e);
    sqlite3_reset(st);
    return ok && read_last(o, unit, now, arena, out, e);
}

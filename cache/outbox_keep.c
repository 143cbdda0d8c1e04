/* outbox_keep: what the officer left where, and the slip that `sync --once` puts through the door of who holds the lease.
 * Nothing here is waited for; a power cut may take the last of it. It refuses to keep what is personal unsealed, if told so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include "cache/state.h"
#include "core/i18n.h"

#include <string.h>

/* ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool put_place(struct outbox *o, const char *name, const char *value, bool sealed, struct err *e)
{
    if (!value) {
        sqlite3_stmt *st = ob_statement(o, "DELETE FROM place WHERE name = ?");
        ob_bind_text(st, 1, name);
        return ob_run(o, st, e);
    }
    sqlite3_stmt *st = ob_statement(o, "REPLACE INTO place(name, sealed, value) VALUES(?, ?, ?)");
    ob_bind_text(st, 1, name);
    sqlite3_bind_int(st, 2, sealed);
    if (sealed)
        ob_bind_sealed(o, st, 3, "place", name, value, strlen(value));
    else
        sqlite3_bind_blob64(st, 3, value, strlen(value), SQLITE_STATIC);
    return ob_run(o, st, e);
}

/* A value that stands already is not written again: another instance would see a change, keep its own place, and so on. */
static bool stands(struct outbox *o, const char *name, const char *value)
{
    char *old = outbox_kept(o, name);
    bool same = old && value ? strcmp(old, value) == 0 : old == value;
    mem_free(&old);
    return same;
}

bool outbox_keep(struct outbox *o, const char *name, const char *value, bool sealed, struct err *e)
{
    if (sealed && seal_key_asleep(o->key))
        return err_set(e, ERR_AUTH, "%s", _("The saved data is locked. Type the PIN first."));
    if (stands(o, name, value))
        return true;
    if (!ob_begin(o, OB_RELAXED, e))
        return false;
    return ob_end_quietly(o, put_place(o, name, value, sealed, e), e);
}

char *outbox_kept(struct outbox *o, const char *name)
{
    sqlite3_stmt *st = ob_statement(o, "SELECT sealed, value FROM place WHERE name = ?");
    ob_bind_text(st, 1, name);
    char *text = NULL;
    if (sqlite3_step(st) == SQLITE_ROW) {
        const void *value = sqlite3_column_blob(st, 1);
        size_t n = (size_t)sqlite3_column_bytes(st, 1);
        struct buf plain = {0};
        if (sqlite3_column_int(st, 0) == 0)
            text = mem_copy_n(value ? value : "", n);
        else if (seal_open(o->key, "place", name, 0, value, n, &plain))
            text = buf_take(&plain);
    }
    sqlite3_reset(st);
    return text;
}

/* ── between instances ─────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t meta_number(struct outbox *o, const char *name)
{
    sqlite3_stmt *st = ob_statement(o, "SELECT value FROM meta WHERE name = ?");
    ob_bind_text(st, 1, name);
    return ob_number(st, 0);
}

static bool set_meta_number(struct outbox *o, const char *name, int64_t value, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "REPLACE INTO meta(name, value) VALUES(?, ?)");
    ob_bind_text(st, 1, name);
    sqlite3_bind_int64(st, 2, value);
    return ob_run(o, st, e);
}

int64_t outbox_want_sync(struct outbox *o, struct err *e)
{
    if (!ob_begin(o, OB_RELAXED, e))
        return 0;
    int64_t request = meta_number(o, "wanted") + 1;
    if (!ob_end_quietly(o, set_meta_number(o, "wanted", request, e), e))
        return 0;
    state_poke(o->dir);
    return request;
}

int64_t outbox_wanted(struct outbox *o)
{
    return meta_number(o, "wanted");
}

bool outbox_set_synced(struct outbox *o, int64_t request, bool ok, struct err *e)
{
    if (!ob_begin(o, OB_RELAXED, e))
        return false;
    bool written = set_meta_number(o, "synced", request, e) && set_meta_number(o, "synced_ok", ok, e);
    if (!ob_end_quietly(o, written, e))
        return false;
    state_poke(o->dir);
    return true;
}

bool outbox_synced(struct outbox *o, int64_t request, bool *ok)
{
    if (meta_number(o, "synced") < request)
        return false;
    *ok = meta_number(o, "synced_ok") != 0;
    return true;
}

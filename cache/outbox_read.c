/* outbox_read: rows of the outbox as structs, unsealed. It refuses to change anything.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include "core/i18n.h"
#include "core/instant.h"

#include <string.h>

bool ob_hold_is_over(int64_t mono, int64_t held_at)
{
    return mono < held_at || mono - held_at >= OUTBOX_HOLD_MS; /* before: the machine was restarted since */
}

/* A held row whose hold is over counts as due, whether or not somebody has written that down yet. */
static enum command_state state_now(struct outbox *o, enum command_state state, int64_t held_at)
{
    bool over = state == COMMAND_HELD && ob_hold_is_over(o->env->mono(o->env), held_at);
    return over ? COMMAND_DUE : state;
}

void ob_copy_key(sqlite3_stmt *st, int i, char out[static UUID_TEXT])
{
    const char *key = (const char *)sqlite3_column_text(st, i);
    size_t n = key ? strnlen(key, UUID_TEXT - 1) : 0;
    memcpy(out, key ? key : "", n);
    out[n] = '\0';
}

bool ob_one_key(struct outbox *o, sqlite3_stmt *st, char key[static UUID_TEXT], bool *row, struct err *e)
{
    int code = sqlite3_step(st);

    *row = code == SQLITE_ROW;
    if (*row)
        ob_copy_key(st, 0, key);
    else if (code != SQLITE_DONE)
        ob_fail(o, e);
    sqlite3_reset(st);
    return *row || code == SQLITE_DONE;
}

/* ── columns ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define SELECT                                                                                                                 \
    "SELECT seq, key, state, online_only, may_have_arrived, attempts, acted_at, ended_at, held_at, not_before, actor, target," \
    " action, method, path, if_match, after, answer, request_id, code, name, problem, body, seen FROM command "

static const char *text_of(sqlite3_stmt *st, int i, struct arena *arena)
{
    const char *text = (const char *)sqlite3_column_text(st, i);
    return text ? arena_copy_n(arena, text, (size_t)sqlite3_column_bytes(st, i)) : NULL;
}

/* NULL where there is none, or where it does not open (bytes changed by somebody without the key). */
static const char *sealed_of(struct outbox *o, sqlite3_stmt *st, int i, const char *column, const char *key,
                             struct arena *arena, size_t *len)
{
    struct buf plain = {0};
    const char *text = NULL;
    const void *sealed = sqlite3_column_blob(st, i);
    if (seal_open(o->key, column, key, 0, sealed, (size_t)sqlite3_column_bytes(st, i), &plain)) {
        text = arena_copy_n(arena, plain.data, plain.len);
        if (len)
            *len = plain.len;
    }
    buf_wipe(&plain);
    return text;
}

static void read_row(struct outbox *o, sqlite3_stmt *st, struct arena *arena, struct command *out)
{
    struct command c = {
        .seq = sqlite3_column_int64(st, 0),
        .online_only = sqlite3_column_int(st, 3) != 0,
        .may_have_arrived = sqlite3_column_int(st, 4) != 0,
        .attempts = sqlite3_column_int(st, 5),
        .acted_at = sqlite3_column_int64(st, 6),
        .ended_at = sqlite3_column_type(st, 7) == SQLITE_NULL ? INSTANT_NONE : sqlite3_column_int64(st, 7),
        .held_at = sqlite3_column_int64(st, 8),
        .not_before = sqlite3_column_int64(st, 9),
        .actor = text_of(st, 10, arena),
        .target = text_of(st, 11, arena),
        .action = text_of(st, 12, arena),
        .method = text_of(st, 13, arena),
        .path = text_of(st, 14, arena),
        .if_match = text_of(st, 15, arena),
        .after = text_of(st, 16, arena),
        .answer = text_of(st, 17, arena),
        .request_id = text_of(st, 18, arena),
    };
    c.state = state_now(o, (enum command_state)sqlite3_column_int(st, 2), c.held_at);
    ob_copy_key(st, 1, c.key);
    c.code = sealed_of(o, st, 19, "command.code", c.key, arena, NULL);
    c.name = sealed_of(o, st, 20, "command.name", c.key, arena, NULL);
    c.problem = sealed_of(o, st, 21, "command.problem", c.key, arena, NULL);
    c.body = sealed_of(o, st, 22, "command.body", c.key, arena, &c.body_len);
    c.seen = sealed_of(o, st, 23, "command.seen", c.key, arena, NULL);
    *out = c;
}

/* ── questions ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* All rows of a bound statement. */
static bool rows_of(struct outbox *o, sqlite3_stmt *st, struct arena *arena, struct command **out, size_t *n,
                    struct err *e)
{
    struct command *rows = NULL;
    size_t cap = 0;
    int code;
    *n = 0;
    while ((code = sqlite3_step(st)) == SQLITE_ROW) {
        if (*n == cap) {
            size_t wider = cap ? cap * 2 : 16;
            struct command *more = arena_alloc(arena, wider * sizeof(*more));
            if (rows)
                memcpy(more, rows, cap * sizeof(*more));
            rows = more;
            cap = wider;
        }
        read_row(o, st, arena, &rows[(*n)++]);
    }
    bool ok = code == SQLITE_DONE || ob_fail(o, e);
    sqlite3_reset(st);
    *out = rows;
    return ok;
}

bool outbox_list(struct outbox *o, unsigned which, struct arena *arena, struct command **out, size_t *n,
                 struct err *e)
{
    /* As state_now(), so that HELD and DUE are told apart by the clock here too. */
    sqlite3_stmt *st = ob_statement(o, SELECT "WHERE (?1 >> iif(state = " SQL_HELD
                                              " AND (held_at > ?2 OR held_at <= ?3), " SQL_DUE ", state)) & 1"
                                              " ORDER BY seq DESC");
    int64_t mono = o->env->mono(o->env);
    unsigned all = ~(1u << COMMAND_DONE | 1u << COMMAND_DROPPED);
    sqlite3_bind_int64(st, 1, which != 0 ? which : all);
    sqlite3_bind_int64(st, 2, mono);
    sqlite3_bind_int64(st, 3, mono - OUTBOX_HOLD_MS);
    return rows_of(o, st, arena, out, n, e);
}

bool outbox_get(struct outbox *o, const char *key, struct arena *arena, struct command *out, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, SELECT "WHERE key = ?");
    ob_bind_text(st, 1, key);
    int code = sqlite3_step(st);
    bool ok = code == SQLITE_ROW;
    if (ok)
        read_row(o, st, arena, out);
    else if (code == SQLITE_DONE)
        err_set(e, ERR_NOT_FOUND,
                _("There is no wish of this number in the outbox. “motcua outbox” lists them."));
    else
        ob_fail(o, e);
    sqlite3_reset(st);
    return ok;
}

bool outbox_waiting_on(struct outbox *o, const char *target, struct arena *arena, struct command **out,
                       size_t *n, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, SELECT "WHERE target = ? AND actor = ? AND " SQL_WAITING
                                              " AND " SQL_OPEN " ORDER BY seq");
    ob_bind_text(st, 1, target);
    ob_bind_text(st, 2, o->officer);
    return rows_of(o, st, arena, out, n, e);
}

int64_t outbox_done_today(struct outbox *o, int64_t day_start)
{
    sqlite3_stmt *st =
        ob_statement(o, "SELECT count(*) FROM command WHERE state = " SQL_DONE " AND ended_at >= ?");
    sqlite3_bind_int64(st, 1, day_start);
    return ob_number(st, 0);
}

/* ── light columns ─────────────────────────────────────────────────────────────────────────────────────────────────── */

bool ob_head(struct outbox *o, const char *key, struct ob_head *head, struct err *e)
{
    sqlite3_stmt *st = ob_statement(
        o, "SELECT state, held_at, online_only, may_have_arrived, target FROM command WHERE key = ?");
    ob_bind_text(st, 1, key);
    int code = sqlite3_step(st);
    bool ok = code == SQLITE_ROW;
    if (ok)
        *head = (struct ob_head){
            .state = state_now(o, (enum command_state)sqlite3_column_int(st, 0), sqlite3_column_int64(st, 1)),
            .online_only = sqlite3_column_int(st, 2) != 0,
            .may_have_arrived = sqlite3_column_int(st, 3) != 0,
            .target = mem_copy((const char *)sqlite3_column_text(st, 4)),
        };
    else if (code == SQLITE_DONE)
        err_set(e, ERR_NOT_FOUND,
                _("There is no wish of this number in the outbox. “motcua outbox” lists them."));
    else
        ob_fail(o, e);
    sqlite3_reset(st);
    return ok;
}

void ob_head_clear(struct ob_head *head)
{
    mem_free(&head->target);
}

enum sync_mark command_mark(const struct command *c)
{
    switch (c->state) {
    case COMMAND_HELD:
        return MARK_HELD;
    case COMMAND_DUE:
        return c->may_have_arrived ? MARK_UNKNOWN : MARK_DUE;
    case COMMAND_SENDING:
        return MARK_SENDING;
    case COMMAND_CONFLICT:
        return MARK_CONFLICT;
    case COMMAND_REFUSED:
        return MARK_REFUSED;
    case COMMAND_RECONCILE:
        return MARK_UNKNOWN;
    case COMMAND_DONE:
    case COMMAND_DROPPED:
        break;
    }
    return MARK_NONE;
}

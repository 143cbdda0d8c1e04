/* outbox_send: what is next and what became of it, for the instance that holds the lease. It refuses to call a wish answered
 * that was not, and to send two of one dossier at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include "core/codec.h"
#include "core/i18n.h"
#include "core/instant.h"

#include <string.h>

enum {
    CLOCK_JUMPED_MS = 900 * 1000, /* Retry-After is at most that: what is later was written before a restart */
    LEFT_BEHIND_MS = 60 * 1000,   /* an online-only row that never left has nobody waiting for it any more */
    DROPPED_DAYS = 30,
    OFFICE_OFFSET = 7 * 3600, /* "until the day ends" is the office's day */
};

/* ── clocks ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void learn_time(struct outbox *o, int64_t now)
{
    o->server_ahead = now * 1000 - o->env->mono(o->env);
    o->server_known = true;
}

/* The PC's clock only until the server's is known: for when a row ended, never for how old it is. */
int64_t ob_now(struct outbox *o)
{
    return o->server_known ? (o->env->mono(o->env) + o->server_ahead) / 1000 : o->env->wall(o->env);
}

/* Rows that were made before are too old to be sent: their keys may be forgotten at the server. */
static int64_t oldest(struct outbox *o)
{
    return o->server_known ? ob_now(o) - OUTBOX_RECONCILE_AFTER : INT64_MIN;
}

static bool reconcile_old(struct outbox *o, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "UPDATE command SET state = " SQL_RECONCILE " WHERE state IN (" SQL_HELD
                                       "," SQL_DUE ") AND acted_at < ? RETURNING key");
    sqlite3_bind_int64(st, 1, oldest(o));
    return ob_run_ending(o, st, COMMAND_RECONCILE, INSTANT_NONE, e);
}

static bool end_holds_that_are_over(struct outbox *o, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "UPDATE command SET state = " SQL_DUE " WHERE state = " SQL_HELD
                                       " AND (held_at > ?1 OR held_at <= ?2)");
    int64_t mono = o->env->mono(o->env);
    sqlite3_bind_int64(st, 1, mono);
    sqlite3_bind_int64(st, 2, mono - OUTBOX_HOLD_MS);
    return ob_run(o, st, e);
}

/* DONE rows go with their day, DROPPED ones after 30. */
static bool purge(struct outbox *o, int64_t now, struct err *e)
{
    int64_t day = instant_day(now, OFFICE_OFFSET);
    if (day == o->purged_day)
        return true;
    sqlite3_stmt *st = ob_statement(o, "DELETE FROM command WHERE (state = " SQL_DONE " AND ended_at < ?1)"
                                       " OR (state = " SQL_DROPPED " AND ended_at < ?2)");
    sqlite3_bind_int64(st, 1, instant_day_start((int32_t)day, OFFICE_OFFSET));
    sqlite3_bind_int64(st, 2, now - (int64_t)DROPPED_DAYS * 86400);
    bool ok = ob_run(o, st, e) && ob_numbers_purge(o, now, e);
    if (ok)
        o->purged_day = day;
    return ok;
}

/* ── taking the lease ──────────────────────────────────────────────────────────────────────────────────────────────── */

bool ob_remove_row(struct outbox *o, const char *key, int64_t now, struct err *e)
{
    if (!ob_fail_behind(o, key, now, e))
        return false;
    sqlite3_stmt *st = ob_statement(o, "DELETE FROM command WHERE key = ?");
    ob_bind_text(st, 1, key);
    ob_note_flag(o, key, JTAG_GONE, true);
    return ob_run(o, st, e);
}

/* Online-only rows whose officer was told long ago that nothing was sent, or who saw the program end. */
static bool remove_left_behind(struct outbox *o, int64_t now, struct err *e)
{
    char key[UUID_TEXT] = "";
    int64_t mono = o->env->mono(o->env);
    for (bool row = true; row;) {
        sqlite3_stmt *st =
            ob_statement(o, "SELECT key FROM command WHERE state = " SQL_DUE " AND online_only"
                            " AND NOT may_have_arrived AND (held_at > ?1 OR held_at <= ?2) LIMIT 1");
        sqlite3_bind_int64(st, 1, mono);
        sqlite3_bind_int64(st, 2, mono - LEFT_BEHIND_MS);
        if (!ob_one_key(o, st, key, &row, e) || (row && !ob_remove_row(o, key, now, e)))
            return false;
    }
    return true;
}

bool outbox_recover(struct outbox *o, int64_t now, struct err *e)
{
    learn_time(o, now);
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    sqlite3_stmt *st = ob_statement(o, "UPDATE command SET state = " SQL_DUE ", may_have_arrived = 1, not_before = 0"
                                       " WHERE state = " SQL_SENDING);
    ob_note_kind(o, JOURNAL_RECONCILE);
    bool ok = ob_run(o, st, e) && remove_left_behind(o, now, e) && end_holds_that_are_over(o, e) &&
              reconcile_old(o, e) && purge(o, now, e);
    return ob_end(o, ok, e);
}

/* ── next ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Writes down what time alone has decided, if it has. The end of a hold may be lost: after a power cut it is decided again. */
static bool settle(struct outbox *o, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "SELECT max(1 + (acted_at < ?3)) FROM command WHERE " SQL_OPEN
                                       " AND ((state = " SQL_HELD " AND (held_at > ?1 OR held_at <= ?2))"
                                       " OR (state IN (" SQL_HELD "," SQL_DUE ") AND acted_at < ?3))");
    int64_t mono = o->env->mono(o->env);
    sqlite3_bind_int64(st, 1, mono);
    sqlite3_bind_int64(st, 2, mono - OUTBOX_HOLD_MS);
    sqlite3_bind_int64(st, 3, oldest(o));
    int64_t what = ob_number(st, 0);
    if (what == 0)
        return true;
    if (!ob_begin(o, what == 2 ? OB_SYNCED : OB_RELAXED, e))
        return false;
    ob_note_kind(o, JOURNAL_RECONCILE);
    return ob_end(o, end_holds_that_are_over(o, e) && reconcile_old(o, e), e);
}

/* When the row may go: mono ms; INT64_MAX: not by waiting. */
static int64_t goes_at(enum command_state state, int64_t held_at, int64_t not_before, bool eager, int64_t mono)
{
    if (state == COMMAND_HELD)
        return held_at + OUTBOX_HOLD_MS;
    if (not_before == OUTBOX_UNTIL_SIGN_IN)
        return INT64_MAX;
    if (eager || not_before > mono + CLOCK_JUMPED_MS)
        return mono;
    return not_before;
}

/* The first row that may go now: its key; else *wake. Rows behind one that is not done, and those whose dossier has another on
 * the way, wait for its answer. A predecessor that is gone was done, on another day. */
static bool find_next(struct outbox *o, bool eager, char key[static UUID_TEXT], bool *found, int64_t *wake,
                      struct err *e)
{
    sqlite3_stmt *st = ob_statement(
        o, "SELECT key, state, held_at, not_before FROM command c NOT INDEXED WHERE actor = ? AND state IN (" SQL_HELD
           "," SQL_DUE ")"
           " AND " SQL_OPEN
           " AND NOT EXISTS (SELECT 1 FROM command p WHERE p.key = c.after AND p.state <> " SQL_DONE ")"
           " AND NOT EXISTS (SELECT 1 FROM command s WHERE s.target = c.target AND s.state = " SQL_SENDING
           " AND s." SQL_OPEN ") ORDER BY seq");
    ob_bind_text(st, 1, o->officer);
    int64_t mono = o->env->mono(o->env);
    int code = SQLITE_ROW;
    *found = false;
    while (!*found && (code = sqlite3_step(st)) == SQLITE_ROW) {
        int64_t at = goes_at((enum command_state)sqlite3_column_int(st, 1), sqlite3_column_int64(st, 2),
                             sqlite3_column_int64(st, 3), eager, mono);
        *found = at <= mono;
        if (*found)
            ob_copy_key(st, 0, key);
        else if (at < *wake)
            *wake = at;
    }
    bool ok = *found || code == SQLITE_DONE || ob_fail(o, e);
    sqlite3_reset(st);
    return ok;
}

/* A row that does not open any more can never be sent, and must not stand before the others. */
static bool refuse_damaged(struct outbox *o, const struct command *c, struct err *e)
{
    char *note = mem_format("{\"title\":\"%s\"}",
                            _("The bytes of this wish were changed on this machine; it was not sent."));
    bool ok = outbox_failed(o, c->key, COMMAND_REFUSED, note, NULL, ob_now(o), e);
    mem_free(&note);
    return ok;
}

static bool is_damaged(struct outbox *o, const char *key, const struct command *c)
{
    if (c->body)
        return false;
    sqlite3_stmt *st = ob_statement(o, "SELECT body IS NOT NULL FROM command WHERE key = ?");
    ob_bind_text(st, 1, key);
    return ob_number(st, 0) != 0;
}

bool outbox_next(struct outbox *o, bool eager, struct arena *arena, struct command *out, int64_t *wake,
                 struct err *e)
{
    char key[UUID_TEXT] = "";
    bool found, ok;
    if (!ob_moved(o) && !eager && o->nothing_until > o->env->mono(o->env)) {
        *wake = o->nothing_until;
        return false;
    }
    *wake = INT64_MAX;
    if (!settle(o, e))
        return false;
    while ((ok = find_next(o, eager, key, &found, wake, e)) && found) {
        if (!outbox_get(o, key, arena, out, e))
            return false;
        if (!is_damaged(o, key, out))
            return true;
        if (!refuse_damaged(o, out, e))
            return false;
        *wake = INT64_MAX;
    }
    if (ok && !eager)
        o->nothing_until = *wake;
    return false;
}

/* ── what became of it ─────────────────────────────────────────────────────────────────────────────────────────────── */

bool outbox_sending(struct outbox *o, const char *key, struct err *e)
{
    struct ob_head head = {0};
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    bool ok = ob_head(o, key, &head, e);
    /* Another instance may have taken it back or dropped it since outbox_next(). */
    if (ok && head.state != COMMAND_DUE && head.state != COMMAND_SENDING)
        ok = err_set(e, ERR_CONFLICT, _("This wish was taken back before it was sent."));
    if (ok) {
        sqlite3_stmt *st = ob_statement(o, "UPDATE command SET state = " SQL_SENDING
                                           ", attempts = attempts + 1 WHERE key = ?");
        ob_bind_text(st, 1, key);
        ok = ob_run(o, st, e);
        if (head.online_only) { /* of the others everything that waits may have left */
            ob_note_kind(o, JOURNAL_SENDING);
            ob_note_flag(o, key, JTAG_LEFT, true);
        }
    }
    ob_head_clear(&head);
    return ob_end(o, ok, e);
}

bool outbox_no_answer(struct outbox *o, const char *key, bool may_have_arrived, int64_t not_before,
                      const char *note, bool *taken_away, struct err *e)
{
    struct ob_head head = {0};
    *taken_away = false;
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    bool ok = ob_head(o, key, &head, e);
    bool waits = ok && (head.state == COMMAND_DUE || head.state == COMMAND_SENDING);
    bool goes = waits && head.online_only && !may_have_arrived && !head.may_have_arrived &&
                not_before != OUTBOX_UNTIL_SIGN_IN;
    if (goes) {
        ob_note_kind(o, JOURNAL_GONE);
        ok = ob_remove_row(o, key, ob_now(o), e);
    } else if (waits) {
        /* A try that did not get as far as SENDING is a try all the same. */
        sqlite3_stmt *st = ob_statement(
            o, "UPDATE command SET attempts = attempts + (state = " SQL_DUE "), state = " SQL_DUE
               ", may_have_arrived = may_have_arrived OR ?2, not_before = ?3, problem = ?4 WHERE key = ?1");
        ob_bind_text(st, 1, key);
        sqlite3_bind_int(st, 2, may_have_arrived);
        sqlite3_bind_int64(st, 3, not_before);
        ob_bind_sealed(o, st, 4, "command.problem", key, note, note ? strlen(note) : 0);
        ok = ob_run(o, st, e);
        if (head.online_only && !may_have_arrived && !head.may_have_arrived) {
            ob_note_kind(o, JOURNAL_SENDING);
            ob_note_flag(o, key, JTAG_LEFT, false);
        }
    }
    ob_head_clear(&head);
    ok = ob_end(o, ok, e);
    *taken_away = ok && goes;
    return ok;
}

/* The new dossier's id: the last part of the answer's Location, however much of a URL it is. */
static bool id_of(const char *location, char id[static 65])
{
    const char *slash = location ? strrchr(location, '/') : NULL;
    const char *name = slash ? slash + 1 : location;
    if (!name || !id_valid(name))
        return false;
    memcpy(id, name, strlen(name) + 1);
    return true;
}

/* What the officer did to a dossier that had no id yet is meant for the one that it has now. */
static bool rename_target(struct outbox *o, const char *key, const char *id, struct err *e)
{
    sqlite3_stmt *st =
        ob_statement(o, "UPDATE command SET target = ?2, path = replace(path, ?1, ?2) WHERE target = ?1");
    ob_bind_text(st, 1, key);
    ob_bind_text(st, 2, id);
    if (!ob_run(o, st, e))
        return false;
    st = ob_statement(o, "UPDATE upload SET target = ?2 WHERE target = ?1");
    ob_bind_text(st, 1, key);
    ob_bind_text(st, 2, id);
    return ob_run(o, st, e);
}

/* A file that was announced has an id, and its bytes may follow. */
static bool name_upload(struct outbox *o, const char *key, const char *id, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "UPDATE upload SET attachment = ?2 WHERE key = ?1");
    ob_bind_text(st, 1, key);
    ob_bind_text(st, 2, id);
    return ob_run(o, st, e);
}

/* The version out of an ETag: "7" of the header's "\"7\"", or as it stands. NULL: none. */
static char *version_of(const char *etag)
{
    size_t n = etag ? strlen(etag) : 0;
    if (n == 0)
        return NULL;
    bool quoted = n >= 2 && etag[0] == '"' && etag[n - 1] == '"';
    return quoted ? mem_copy_n(etag + 1, n - 2) : mem_copy(etag);
}

/* What waits behind it goes out with the version that this answer made; it has never been tried, so its bytes are still free. */
static bool hand_on(struct outbox *o, const char *key, const char *version, struct err *e)
{
    if (!version)
        return true;
    sqlite3_stmt *st = ob_statement(
        o, "UPDATE command SET if_match = ?2 WHERE after = ?1 AND state IN (" SQL_HELD "," SQL_DUE ")");
    ob_bind_text(st, 1, key);
    ob_bind_text(st, 2, version);
    return ob_run(o, st, e);
}

bool ob_apply_done(struct outbox *o, const char *key, const char *version, const char *id, int64_t now,
                   struct err *e)
{
    /* Whatever stood here: the server's answer is the truth. */
    sqlite3_stmt *st = ob_statement(o, "UPDATE command SET state = " SQL_DONE
                                       ", may_have_arrived = 0, ended_at = ?2, answer = ?3,"
                                       " body = NULL, seen = NULL, problem = NULL WHERE key = ?1");
    ob_bind_text(st, 1, key);
    sqlite3_bind_int64(st, 2, now);
    ob_bind_text(st, 3, version);
    return ob_run(o, st, e) && hand_on(o, key, version, e) &&
           (!id || (rename_target(o, key, id, e) && name_upload(o, key, id, e)));
}

bool outbox_done(struct outbox *o, const char *key, const char *etag, const char *location, int64_t now,
                 struct err *e)
{
    struct ob_head head = {0};
    char id[65];
    learn_time(o, now);
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    char *version = version_of(etag);
    bool ok = ob_head(o, key, &head, e);
    if (ok) {
        bool made = location && id_of(location, id);
        ob_note_kind(o, JOURNAL_DONE);
        ob_note_done(o, key, now, version, made ? id : NULL);
        ok = ob_apply_done(o, key, version, made ? id : NULL, now, e) && purge(o, now, e);
    }
    mem_free(&version);
    ob_head_clear(&head);
    return ob_end(o, ok, e);
}

bool outbox_failed(struct outbox *o, const char *key, enum command_state state, const char *problem,
                   const char *request_id, int64_t now, struct err *e)
{
    if (state != COMMAND_CONFLICT && state != COMMAND_REFUSED)
        die("a wish cannot fail as %d", (int)state);
    struct ob_head head = {0};
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    bool ok = ob_head(o, key, &head, e);
    if (ok && head.state != COMMAND_DROPPED && head.state != COMMAND_DONE) {
        sqlite3_stmt *st =
            ob_statement(o, "UPDATE command SET state = ?2, may_have_arrived = 0, ended_at = ?3, problem = ?4,"
                            " request_id = ?5 WHERE key = ?1");
        ob_bind_text(st, 1, key);
        sqlite3_bind_int(st, 2, state);
        sqlite3_bind_int64(st, 3, now);
        ob_bind_sealed(o, st, 4, "command.problem", key, problem, problem ? strlen(problem) : 0);
        ob_bind_text(st, 5, request_id);
        ob_note_kind(o, JOURNAL_ENDED);
        ob_note_end(o, key, state, now, problem, request_id);
        ok = ob_run(o, st, e) && ob_fail_behind(o, key, now, e);
    }
    ob_head_clear(&head);
    return ob_end(o, ok, e);
}

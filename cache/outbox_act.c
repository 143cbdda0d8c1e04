/* outbox_act: the officer's hands on his wishes: acting, taking back, dropping, sending again. Each is one synced transaction:
 * when it returns true, it stays so through a power cut. It refuses what would call a wish undone that may have arrived.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include "cache/store.h"
#include "core/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ── in ────────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The officer is told that nothing was saved, and why; what is no fault of the disk's is told as it is. */
static bool unsaved(struct outbox *o, const struct err *why, struct err *e)
{
    if (why->code != ERR_STORE)
        return err_set(e, why->code, "%s", why->text);
    if (o->disk_full)
        return err_set(e, ERR_STORE,
                       _("The disk is full: what you just did was NOT saved. What you were filling in is still there; "
                         "delete some files and press F9."));
    return err_set(e, ERR_STORE, _("What you just did was NOT saved. %s"), why->text);
}

static void note_wish(struct outbox *o, const struct wish *w, const char *key, const char *after)
{
    struct command c = {
        .actor = o->officer,
        .target = w->target ? w->target : key,
        .if_match = w->if_match,
        .after = after,
        .method = w->method,
        .path = w->path,
        .action = w->action,
        .code = w->code,
        .name = w->name,
        .body = w->body,
        .body_len = w->body_len,
        .acted_at = w->acted_at,
        .online_only = w->online_only,
    };
    memcpy(c.key, key, UUID_TEXT);
    ob_note_wish(o, &c);
}

static bool insert(struct outbox *o, const struct wish *w, int64_t batch, int64_t mono, const char *key,
                   struct err *e)
{
    sqlite3_stmt *st = ob_statement(
        o, "INSERT INTO command(key, batch, state, online_only, acted_at, held_at, actor, target, action, method, path,"
           " if_match, after, code, name, body, seen) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
           " (SELECT key FROM command WHERE target = ?8 AND actor = ?7 AND " SQL_WAITING " AND " SQL_OPEN
           " ORDER BY seq DESC LIMIT 1), ?13, ?14, ?15, ?16) RETURNING after");
    ob_bind_text(st, 1, key);
    sqlite3_bind_int64(st, 2, batch);
    sqlite3_bind_int(st, 3, w->hold && !w->online_only ? COMMAND_HELD : COMMAND_DUE);
    sqlite3_bind_int(st, 4, w->online_only);
    sqlite3_bind_int64(st, 5, w->acted_at);
    sqlite3_bind_int64(st, 6, mono);
    ob_bind_text(st, 7, o->officer);
    ob_bind_text(st, 8, w->target ? w->target : key); /* a createDossier is its own target until it has an id */
    ob_bind_text(st, 9, w->action);
    ob_bind_text(st, 10, w->method);
    ob_bind_text(st, 11, w->path);
    ob_bind_text(st, 12, w->if_match);
    ob_bind_sealed(o, st, 13, "command.code", key, w->code, w->code ? strlen(w->code) : 0);
    ob_bind_sealed(o, st, 14, "command.name", key, w->name, w->name ? strlen(w->name) : 0);
    ob_bind_sealed(o, st, 15, "command.body", key, w->body, w->body_len);
    ob_bind_sealed(o, st, 16, "command.seen", key, w->seen, w->seen ? strlen(w->seen) : 0);
    /* Not stepped again: an error has taken the transaction back, and it would be one of its own. */
    if (sqlite3_step(st) != SQLITE_ROW) {
        ob_fail(o, e);
        sqlite3_reset(st);
        return false;
    }
    note_wish(o, w, key, (const char *)sqlite3_column_text(st, 0));
    return ob_run(o, st, e);
}

/* The number of its first row. */
static int64_t next_batch(struct outbox *o)
{
    return ob_number(ob_statement(o, "SELECT coalesce(max(seq), 0) + 1 FROM command"), 1);
}

static void mark_enqueued(struct outbox *o, const struct wish *w, const char *key, int64_t mono)
{
    ob_mark_add(o, w->target ? w->target : key, w->hold && !w->online_only ? COMMAND_HELD : COMMAND_DUE,
                false, mono);
}

/* A draft's own, so that it cannot become two wishes; with what goes to the wish that has it. */
static bool choose_key(struct outbox *o, const struct wish *w, char key[static UUID_TEXT], struct err *e)
{
    if (w->file) {
        memcpy(key, w->file->key, UUID_TEXT);
        return ob_upload_put(o, w, e);
    }
    if (w->draft)
        snprintf(key, UUID_TEXT, "%s", w->draft);
    else
        env_uuid(o->env, key);
    return (!w->draft || ob_draft_sent(o, key, e)) && (!w->number || ob_number_given(o, w, key, e));
}

bool outbox_enqueue(struct outbox *o, const struct wish *wishes, size_t n, char (*keys)[UUID_TEXT], struct err *e)
{
    struct err why = {0};
    if (!ob_begin(o, OB_SYNCED, &why))
        return unsaved(o, &why, e);
    int64_t mono = o->env->mono(o->env);
    int64_t batch = next_batch(o);
    bool ok = true;
    ob_note_kind(o, JOURNAL_ACT);
    for (size_t i = 0; ok && i < n; i++) {
        ok = choose_key(o, &wishes[i], keys[i], &why) && insert(o, &wishes[i], batch, mono, keys[i], &why);
    }
    if (!ob_end_but_marks(o, ok, &why))
        return unsaved(o, &why, e);
    for (size_t i = 0; i < n; i++)
        mark_enqueued(o, &wishes[i], keys[i], mono);
    return true;
}

/* ── back ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

bool ob_fail_behind(struct outbox *o, const char *key, int64_t now, struct err *e)
{
    sqlite3_stmt *st = ob_statement(
        o, "WITH RECURSIVE behind(key) AS (SELECT c.key FROM command c WHERE c.after = ?1"
           " UNION SELECT c.key FROM command c JOIN behind ON c.after = behind.key)"
           " UPDATE command SET state = " SQL_CONFLICT ", ended_at = ?2"
           " WHERE key IN (SELECT key FROM behind) AND state IN (" SQL_HELD "," SQL_DUE ") RETURNING key");
    ob_bind_text(st, 1, key);
    sqlite3_bind_int64(st, 2, now);
    return ob_run_ending(o, st, COMMAND_CONFLICT, now, e);
}

static bool set_dropped(struct outbox *o, const char *key, int64_t now, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "UPDATE command SET state = " SQL_DROPPED ", ended_at = ? WHERE key = ?");
    sqlite3_bind_int64(st, 1, now);
    ob_bind_text(st, 2, key);
    ob_note_end(o, key, COMMAND_DROPPED, now, NULL, NULL);
    return ob_run(o, st, e) && ob_fail_behind(o, key, now, e);
}

/* The held rows of the newest batch that has any, newest first. */
static sqlite3_stmt *held_rows(struct outbox *o)
{
    sqlite3_stmt *st = ob_statement(o, "SELECT key, acted_at FROM command WHERE state = " SQL_HELD
                                       " AND held_at <= ?1 AND held_at > ?2"
                                       " AND batch = (SELECT batch FROM command WHERE state = " SQL_HELD
                                       " AND held_at <= ?1 AND held_at > ?2"
                                       " ORDER BY seq DESC LIMIT 1) ORDER BY seq DESC");
    int64_t mono = o->env->mono(o->env);
    sqlite3_bind_int64(st, 1, mono);
    sqlite3_bind_int64(st, 2, mono - OUTBOX_HOLD_MS);
    return st;
}

static bool nothing_to_undo(struct outbox *o, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "SELECT 1 FROM command WHERE " SQL_WAITING " AND " SQL_OPEN " LIMIT 1");
    if (ob_number(st, 0) == 0)
        return err_set(e, ERR_NOT_FOUND, _("There is nothing to take back."));
    return err_set(e, ERR_NOT_FOUND,
                   _("The 10 seconds are over and the action is being sent, so it cannot be taken back. Open the dossier "
                     "and press x to see what can be done next."));
}

bool outbox_undo(struct outbox *o, struct arena *arena, struct command *undone, struct err *e)
{
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    struct held {
        char key[UUID_TEXT];
        int64_t acted_at;
    } *held = NULL;
    size_t n = 0;
    ob_note_kind(o, JOURNAL_UNDO);
    sqlite3_stmt *st = held_rows(o);
    int code;
    /* Gathered first: a statement that is being stepped must not see its own table change. */
    while ((code = sqlite3_step(st)) == SQLITE_ROW) {
        held = mem_grow(held, n + 1, sizeof(*held));
        held[n] = (struct held){.acted_at = sqlite3_column_int64(st, 1)};
        ob_copy_key(st, 0, held[n++].key);
    }
    bool ok = (code == SQLITE_DONE || ob_fail(o, e)) && (n > 0 || nothing_to_undo(o, e));
    sqlite3_reset(st);
    for (size_t i = 0; ok && i < n; i++)
        ok = set_dropped(o, held[i].key, held[i].acted_at, e);
    ok = ok && outbox_get(o, held[0].key, arena, undone, e);
    free(held);
    return ob_end(o, ok, e);
}

bool outbox_end_holds(struct outbox *o, struct err *e)
{
    if (!ob_begin(o, OB_RELAXED, e))
        return false;
    sqlite3_stmt *st = ob_statement(o, "UPDATE command SET state = " SQL_DUE " WHERE state = " SQL_HELD);
    return ob_end(o, ob_run(o, st, e), e);
}

/* ── the officer's word ────────────────────────────────────────────────────────────────────────────────────────────── */

static bool may_drop(const struct ob_head *head, struct err *e)
{
    switch (head->state) {
    case COMMAND_SENDING:
        return err_set(e, ERR_REFUSED,
                       _("This wish is being sent right now. Wait for the answer, then try again."));
    case COMMAND_DONE:
        return err_set(e, ERR_REFUSED, _("The server has recorded this already, so it cannot be dropped."));
    case COMMAND_HELD:
    case COMMAND_DUE:
        if (head->online_only && head->may_have_arrived)
            return err_set(e, ERR_REFUSED,
                           _("The result is not known yet: this was sent and may have been recorded, so it cannot be dropped. "
                             "It is sent again until the server answers."));
        return true;
    case COMMAND_CONFLICT:
    case COMMAND_REFUSED:
    case COMMAND_RECONCILE: /* 40 days on nothing else will end it */
    case COMMAND_DROPPED:
        break;
    }
    return true;
}

bool outbox_drop(struct outbox *o, const char *key, int64_t now, struct err *e)
{
    struct ob_head head = {0};
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    ob_note_kind(o, JOURNAL_DROP);
    bool ok = ob_head(o, key, &head, e) && may_drop(&head, e) &&
              (head.state == COMMAND_DROPPED || set_dropped(o, key, now, e));
    ob_head_clear(&head);
    return ob_end(o, ok, e);
}

static bool may_retry(const struct ob_head *head, struct err *e)
{
    switch (head->state) {
    case COMMAND_HELD:
    case COMMAND_DUE:
    case COMMAND_SENDING:
        return true;
    case COMMAND_RECONCILE:
        return err_set(e, ERR_REFUSED,
                       _("This is over 40 days old and its result is not known. Open the dossier to see whether "
                         "the server has recorded it, then choose Send again or Drop."));
    case COMMAND_CONFLICT:
    case COMMAND_REFUSED:
        return err_set(
            e, ERR_REFUSED,
            _("The server has answered this for good; sending the same again changes nothing. Do it anew, or drop it."));
    case COMMAND_DONE:
    case COMMAND_DROPPED:
        break;
    }
    return err_set(e, ERR_REFUSED, _("This wish has ended; there is nothing to send again."));
}

bool outbox_retry(struct outbox *o, const char *key, struct err *e)
{
    struct ob_head head = {0};
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    bool ok = ob_head(o, key, &head, e) && may_retry(&head, e);
    if (ok && head.state != COMMAND_SENDING) {
        sqlite3_stmt *st =
            ob_statement(o, "UPDATE command SET state = " SQL_DUE ", not_before = 0 WHERE key = ?");
        ob_bind_text(st, 1, key);
        ok = ob_run(o, st, e);
        ob_note_kind(o, JOURNAL_RETRY);
        ob_note_key(o, key);
    }
    ob_head_clear(&head);
    return ob_end(o, ok, e);
}

static bool may_replace(const struct ob_head *head, struct err *e)
{
    bool ended =
        head->state == COMMAND_CONFLICT || head->state == COMMAND_REFUSED || head->state == COMMAND_RECONCILE;
    return ended || err_set(e, ERR_REFUSED, _("This wish has not come to its end, so it is not done anew."));
}

bool outbox_replace(struct outbox *o, const char *key, const struct wish *wish, int64_t now,
                    char new_key[static UUID_TEXT], struct err *e)
{
    struct err why = {0};
    struct ob_head head = {0};
    bool ok = ob_begin(o, OB_SYNCED, &why);
    if (ok) {
        ob_note_kind(o, JOURNAL_REPLACE);
        ok = ob_head(o, key, &head, &why) && may_replace(&head, &why) && set_dropped(o, key, now, &why) &&
             choose_key(o, wish, new_key, &why) &&
             insert(o, wish, next_batch(o), o->env->mono(o->env), new_key, &why);
        ob_head_clear(&head);
        ok = ob_end(o, ok, &why);
    }
    return ok || unsaved(o, &why, e);
}

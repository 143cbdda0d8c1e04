/* outbox_journal: what happens to wishes, on its way into the file `journal`: gathered while a transaction is open, appended before it is
 * committed, and told kept or void after (cache/outbox.h says why in this order). It refuses to commit what is not in the journal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include "core/i18n.h"
#include "core/instant.h"

#include <string.h>

/* ── gathering ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

void ob_note_kind(struct outbox *o, enum journal_kind kind)
{
    o->note.kind = kind;
}

void ob_note_clear(struct outbox *o)
{
    buf_wipe(&o->note.fields);
    o->note = (struct ob_note){0};
}

void ob_note_wish(struct outbox *o, const struct command *c)
{
    struct buf *f = &o->note.fields;
    journal_put_text(f, JTAG_KEY, c->key);
    journal_put_text(f, JTAG_ACTOR, c->actor);
    journal_put_text(f, JTAG_TARGET, c->target);
    journal_put_text(f, JTAG_IF_MATCH, c->if_match);
    journal_put_text(f, JTAG_AFTER, c->after);
    journal_put_text(f, JTAG_METHOD, c->method);
    journal_put_text(f, JTAG_PATH, c->path);
    journal_put_text(f, JTAG_ACTION, c->action);
    journal_put_text(f, JTAG_CODE, c->code);
    journal_put_text(f, JTAG_NAME, c->name);
    journal_put(f, JTAG_BODY, c->body, c->body_len);
    journal_put_number(f, JTAG_ACTED_AT, c->acted_at);
    if (c->online_only)
        journal_put_text(f, JTAG_ONLINE_ONLY, "1");
}

void ob_note_end(struct outbox *o, const char *key, enum command_state state, int64_t at, const char *problem,
                 const char *request_id)
{
    struct buf *f = &o->note.fields;
    journal_put_text(f, JTAG_KEY, key);
    journal_put_number(f, JTAG_STATE, state);
    if (at != INSTANT_NONE)
        journal_put_number(f, JTAG_ENDED_AT, at);
    journal_put_text(f, JTAG_PROBLEM, problem);
    journal_put_text(f, JTAG_REQUEST_ID, request_id);
}

void ob_note_done(struct outbox *o, const char *key, int64_t at, const char *version, const char *id)
{
    ob_note_end(o, key, COMMAND_DONE, at, NULL, NULL);
    journal_put_text(&o->note.fields, JTAG_ANSWER, version);
    journal_put_text(&o->note.fields, JTAG_ID, id);
}

void ob_note_flag(struct outbox *o, const char *key, enum journal_tag tag, bool set)
{
    journal_put_text(&o->note.fields, JTAG_KEY, key);
    journal_put_text(&o->note.fields, tag, set ? "1" : "0");
}

void ob_note_key(struct outbox *o, const char *key)
{
    journal_put_text(&o->note.fields, JTAG_KEY, key);
}

/* A statement that ends with `RETURNING key`: what it changed is noted. */
bool ob_run_ending(struct outbox *o, sqlite3_stmt *st, enum command_state state, int64_t at, struct err *e)
{
    char key[UUID_TEXT];
    int code;
    while ((code = sqlite3_step(st)) == SQLITE_ROW) {
        ob_copy_key(st, 0, key);
        ob_note_end(o, key, state, at, NULL, NULL);
    }
    bool ok = code == SQLITE_DONE || ob_fail(o, e);
    sqlite3_reset(st);
    return ok;
}

/* ── the mark in outbox.db: up to where it has the journal ───────────────────────────────────────────────────────────── */

enum { MARK_BYTES = 3 * 8 + JOURNAL_HASH };

bool ob_mark_read(struct outbox *o, struct journal_place *out, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "SELECT value FROM meta WHERE name = 'journal'");
    int code = sqlite3_step(st);
    *out = (struct journal_place){0};
    if (code == SQLITE_ROW && sqlite3_column_bytes(st, 0) == MARK_BYTES) {
        const char *bytes = sqlite3_column_blob(st, 0);
        memcpy(&out->first, bytes, 8);
        memcpy(&out->number, bytes + 8, 8);
        memcpy(&out->end, bytes + 16, 8);
        memcpy(out->hash, bytes + 24, JOURNAL_HASH);
    }
    /* What could not be read is not absent. */
    bool ok = code == SQLITE_ROW || code == SQLITE_DONE || ob_fail(o, e);
    sqlite3_reset(st);
    return ok;
}

bool ob_mark_write(struct outbox *o, const struct journal_place *at, struct err *e)
{
    char bytes[MARK_BYTES]; /* in this machine's order: outbox.db does not travel */
    memcpy(bytes, &at->first, 8);
    memcpy(bytes + 8, &at->number, 8);
    memcpy(bytes + 16, &at->end, 8);
    memcpy(bytes + 24, at->hash, JOURNAL_HASH);
    sqlite3_stmt *st = ob_statement(o, "REPLACE INTO meta(name, value) VALUES('journal', ?)");
    sqlite3_bind_blob(st, 1, bytes, MARK_BYTES, SQLITE_STATIC);
    return ob_run(o, st, e);
}

/* ── appending ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_damaged(struct outbox *o, struct err *e)
{
    return err_set(e, ERR_STORE,
                   _("The journal in %s is damaged. Nothing was changed. Start motcua again, which begins another one, "
                     "and tell the IT department."),
                   o->path);
}

bool ob_journal_reach_end(struct outbox *o, struct err *e)
{
    bool absent;
    if (seal_key_asleep(o->key))
        return err_set(e, ERR_AUTH, "%s", _("The saved data is locked. Type the PIN first."));
    if (!journal_lock(o->journal, &absent, e))
        return false;
    if (absent)
        return is_damaged(o, e);
    struct journal_place at = o->tail;
    enum journal_state state = journal_read(o->journal, &at, NULL, NULL, e);
    if (state == JOURNAL_BAD) { /* another file has come in its place */
        at = (struct journal_place){0};
        state = journal_read(o->journal, &at, NULL, NULL, e);
    }
    bool ok = state == JOURNAL_WHOLE || (state == JOURNAL_TORN && journal_cut(o->journal, &at, e)) ||
              (state == JOURNAL_BAD && is_damaged(o, e));
    if (ok)
        o->tail = at;
    else
        journal_unlock(o->journal);
    return ok;
}

bool ob_journal_change(struct outbox *o, struct err *e)
{
    struct ob_note *note = &o->note;
    struct journal_place mark;
    if (note->fields.len == 0 && note->kind != JOURNAL_RESTORED)
        return true;
    if (!ob_mark_read(o, &mark, e) || !ob_journal_reach_end(o, e))
        return false;
    struct journal_entry entry = {
        .kind = note->kind,
        .at = ob_now(o),
        .base = note->kind == JOURNAL_RESTORED ? note->base : mark.number,
        .fields = note->fields.data,
        .n = note->fields.len,
    };
    note->before = o->tail;
    note->appended = journal_append(o->journal, &o->tail, &entry, true, e);
    return note->appended && ob_mark_write(o, &o->tail, e);
}

/* ── another file ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The wishes that have no end yet, oldest first. */
static bool carry(struct outbox *o, struct buf *out, struct err *e)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n;
    bool ok = outbox_list(o, 0, &arena, &rows, &n, e);
    struct ob_note kept = o->note;
    o->note = (struct ob_note){0};
    for (size_t i = ok ? n : 0; i-- > 0;) {
        const struct command *c = &rows[i];
        ob_note_wish(o, c);
        if (c->state > COMMAND_SENDING)
            journal_put_number(&o->note.fields, JTAG_STATE, c->state);
        if (c->may_have_arrived || c->state == COMMAND_SENDING)
            journal_put_text(&o->note.fields, JTAG_LEFT, "1");
        if (c->ended_at != INSTANT_NONE)
            journal_put_number(&o->note.fields, JTAG_ENDED_AT, c->ended_at);
        journal_put_text(&o->note.fields, JTAG_PROBLEM, c->problem);
        journal_put_text(&o->note.fields, JTAG_REQUEST_ID, c->request_id);
    }
    *out = o->note.fields;
    o->note = kept;
    arena_clear(&arena);
    return ok;
}

bool ob_journal_renew(struct outbox *o, uint64_t base, uint64_t broken, struct err *e)
{
    struct buf fields = {0}, wishes = {0};
    bool ok = carry(o, &wishes, e);
    if (ok && broken)
        journal_put_number(&fields, JTAG_BROKEN, (int64_t)broken);
    if (ok && wishes.len > 0)
        buf_add(&fields, wishes.data, wishes.len);
    struct journal_entry first = {
        .kind = JOURNAL_BEGIN, .at = ob_now(o), .base = base, .fields = fields.data, .n = fields.len};
    ok = ok && journal_begin(o->journal, &o->tail, &first, broken != 0, e) && ob_mark_write(o, &o->tail, e);
    buf_wipe(&wishes);
    buf_wipe(&fields);
    return ok;
}

/* So that it does not grow without end; what cannot be done now is done after another change. */
static void bound(struct outbox *o)
{
    struct journal_place mark;
    if (o->tail.end <= o->journal_most || !ob_begin(o, OB_SYNCED, NULL))
        return;
    bool ok = ob_mark_read(o, &mark, NULL) && ob_journal_reach_end(o, NULL);
    if (ok && o->tail.end > o->journal_most) /* another instance may have done it */
        ok = ob_journal_renew(o, mark.number, 0, NULL);
    if (ok && o->tail.end * 2 > o->journal_most)
        o->journal_most = o->tail.end * 2; /* so much is open */
    ob_end_quietly(o, ok, NULL);
}

/* ── after the commit ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* The keys of new wishes, for whoever finds them in a file that kept what it said it did not. */
static void put_new_keys(const struct ob_note *note, struct buf *out)
{
    const struct journal_entry entry = {.fields = note->fields.data, .n = note->fields.len};
    struct journal_field f;
    for (size_t at = 0; note->kind == JOURNAL_ACT && journal_field(&entry, &at, &f);)
        if (f.tag == JTAG_KEY)
            journal_put(out, JTAG_KEY, f.text, f.n);
}

void ob_journal_settle(struct outbox *o, bool committed)
{
    struct ob_note *note = &o->note;
    bool appended = note->appended;
    if (!o->journal)
        return; /* outbox.db itself is being made */
    if (appended) {
        struct buf keys = {0};
        if (!committed)
            put_new_keys(note, &keys);
        struct journal_entry entry = {
            .kind = committed ? JOURNAL_KEPT : JOURNAL_VOID,
            .at = ob_now(o),
            .base = o->tail.number,
            .fields = keys.data,
            .n = keys.len,
        };
        /* KEPT need not reach the disk: the mark in outbox.db has. Where VOID cannot be written, nothing of it may stay. */
        if (!journal_append(o->journal, &o->tail, &entry, !committed, NULL) && !committed &&
            journal_cut(o->journal, &note->before, NULL))
            o->tail = note->before;
        buf_clear(&keys);
    }
    journal_unlock(o->journal);
    ob_note_clear(o);
    if (appended && committed)
        bound(o);
}

bool outbox_note(struct outbox *o, enum journal_kind kind, const char *target, const char *code, struct err *e)
{
    struct buf fields = {0};
    if (seal_key_asleep(o->key))
        return err_set(e, ERR_AUTH, "%s", _("The saved data is locked. Type the PIN first."));
    if (!ob_journal_reach_end(o, e))
        return false;
    journal_put_text(&fields, JTAG_TARGET, target);
    journal_put_text(&fields, JTAG_CODE, code);
    struct journal_entry entry = {.kind = kind, .at = ob_now(o), .fields = fields.data, .n = fields.len};
    bool ok = journal_append(o->journal, &o->tail, &entry, true, e);
    journal_unlock(o->journal);
    buf_wipe(&fields);
    return ok;
}

/* outbox_join: outbox.db and `journal` brought together when they are opened: what the journal knows and outbox.db does not (it was lost,
 * damaged, or is an older copy) is done again, before anything is sent. It refuses to bring back what the officer was never told to be
 * saved, as far as that can be known.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include "cache/store.h"
#include "core/i18n.h"
#include "core/instant.h"

#include <stdlib.h>
#include <string.h>

/* ── what the journal has behind the mark ──────────────────────────────────────────────────────────────────────────── */

enum verdict { OPEN, KEPT, VOID };
struct change {
    struct journal_entry entry; /* its fields in `bytes` */
    struct buf bytes;
    enum verdict verdict;
};
struct gathered {
    struct change *changes;
    size_t n;
    struct change begin; /* kind 0: not read */
    struct buf unsaid;   /* VOID of the very change that the mark names: which new wishes it had */
    bool mark_void;
    uint64_t mark, bad; /* bad: the first entry that does not open, 0: none */
};

static struct change copy(const struct journal_entry *entry)
{
    struct change c = {.entry = *entry};
    buf_add(&c.bytes, entry->fields, entry->n);
    c.entry.fields = c.bytes.data;
    return c;
}

static void judge(struct gathered *g, const struct journal_entry *entry)
{
    enum verdict verdict = entry->kind == JOURNAL_KEPT ? KEPT : VOID;
    for (size_t i = 0; i < g->n; i++)
        if (g->changes[i].entry.number == entry->base)
            g->changes[i].verdict = verdict;
    if (entry->base != g->mark)
        return;
    buf_wipe(&g->unsaid);
    g->mark_void = verdict == VOID;
    if (g->mark_void)
        buf_add(&g->unsaid, entry->fields, entry->n);
}

/* A change says which was the last one before it that stood: what is in between did not come to be. */
static void judge_by_next(struct gathered *g, uint64_t base)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->changes[i].verdict == OPEN)
            g->changes[i].verdict = g->changes[i].entry.number <= base ? KEPT : VOID;
}

static void gather(void *context, const struct journal_entry *entry, const struct journal_place *behind)
{
    struct gathered *g = context;
    if (!entry) {
        g->bad = g->bad ? g->bad : behind->number;
    } else if (entry->kind == JOURNAL_BEGIN) {
        g->begin = copy(entry);
    } else if (entry->kind == JOURNAL_KEPT || entry->kind == JOURNAL_VOID) {
        judge(g, entry);
    } else if (journal_is_change(entry->kind)) {
        judge_by_next(g, entry->base);
        g->changes = mem_grow(g->changes, g->n + 1, sizeof(*g->changes));
        g->changes[g->n++] = copy(entry);
    }
}

static void gathered_clear(struct gathered *g)
{
    for (size_t i = 0; i < g->n; i++)
        buf_wipe(&g->changes[i].bytes);
    free(g->changes);
    buf_wipe(&g->begin.bytes);
    buf_wipe(&g->unsaid);
    *g = (struct gathered){0};
}

/* ── doing it again ────────────────────────────────────────────────────────────────────────────────────────────────── */

struct item { /* what an entry says of one wish */
    struct journal_field f[JTAG_BROKEN + 1];
};

static bool next_item(const struct journal_entry *entry, size_t *at, struct item *out)
{
    struct journal_field f;
    size_t next = *at;
    *out = (struct item){0};
    while (journal_field(entry, &next, &f)) {
        if (f.tag == JTAG_KEY && out->f[JTAG_KEY].text)
            break;
        *at = next;
        if (f.tag >= JTAG_KEY && f.tag <= JTAG_BROKEN)
            out->f[f.tag] = f;
    }
    return out->f[JTAG_KEY].text != NULL;
}

static int64_t number_of(const struct item *item, enum journal_tag tag, int64_t none)
{
    return item->f[tag].text ? strtoll(item->f[tag].text, NULL, 10) : none;
}

static void bind_sealed(struct outbox *o, sqlite3_stmt *st, int i, const char *column,
                        const struct item *item, enum journal_tag tag)
{
    ob_bind_sealed(o, st, i, column, item->f[JTAG_KEY].text, item->f[tag].text, item->f[tag].n);
}

static bool insert_again(struct outbox *o, const struct item *item, struct err *e)
{
    static const enum journal_tag texts[] = {JTAG_ACTOR, JTAG_TARGET,   JTAG_ACTION, JTAG_METHOD,
                                             JTAG_PATH,  JTAG_IF_MATCH, JTAG_AFTER,  JTAG_REQUEST_ID};
    sqlite3_stmt *st = ob_statement(
        o, "INSERT OR IGNORE INTO command(key, batch, state, online_only, may_have_arrived, acted_at, held_at, ended_at,"
           " actor, target, action, method, path, if_match, after, request_id, code, name, problem, body)"
           " VALUES(?1, (SELECT coalesce(max(seq), 0) + 1 FROM command), ?2, ?3, ?4, ?5, 0, ?6,"
           " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)");
    ob_bind_text(st, 1, item->f[JTAG_KEY].text);
    sqlite3_bind_int64(st, 2, number_of(item, JTAG_STATE, COMMAND_DUE));
    sqlite3_bind_int(st, 3, item->f[JTAG_ONLINE_ONLY].text != NULL);
    sqlite3_bind_int64(st, 4, number_of(item, JTAG_LEFT, 0));
    sqlite3_bind_int64(st, 5, number_of(item, JTAG_ACTED_AT, 0));
    if (item->f[JTAG_ENDED_AT].text)
        sqlite3_bind_int64(st, 6, number_of(item, JTAG_ENDED_AT, 0));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        ob_bind_text(st, 7 + (int)i, item->f[texts[i]].text);
    bind_sealed(o, st, 15, "command.code", item, JTAG_CODE);
    bind_sealed(o, st, 16, "command.name", item, JTAG_NAME);
    bind_sealed(o, st, 17, "command.problem", item, JTAG_PROBLEM);
    bind_sealed(o, st, 18, "command.body", item, JTAG_BODY);
    return ob_run(o, st, e);
}

static bool end_again(struct outbox *o, const struct item *item, struct err *e)
{
    sqlite3_stmt *st =
        ob_statement(o, "UPDATE command SET state = ?2, may_have_arrived = 0, ended_at = ?3, request_id = ?4,"
                        " problem = coalesce(?5, problem) WHERE key = ?1");
    ob_bind_text(st, 1, item->f[JTAG_KEY].text);
    sqlite3_bind_int64(st, 2, number_of(item, JTAG_STATE, COMMAND_DUE));
    if (item->f[JTAG_ENDED_AT].text)
        sqlite3_bind_int64(st, 3, number_of(item, JTAG_ENDED_AT, 0));
    ob_bind_text(st, 4, item->f[JTAG_REQUEST_ID].text);
    bind_sealed(o, st, 5, "command.problem", item, JTAG_PROBLEM);
    return ob_run(o, st, e);
}

static bool left_again(struct outbox *o, const struct item *item, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "UPDATE command SET may_have_arrived = ?2 WHERE key = ?1");
    ob_bind_text(st, 1, item->f[JTAG_KEY].text);
    sqlite3_bind_int64(st, 2, number_of(item, JTAG_LEFT, 0));
    return ob_run(o, st, e);
}

static bool delete_row(struct outbox *o, const char *key, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "DELETE FROM command WHERE key = ?");
    ob_bind_text(st, 1, key);
    return ob_run(o, st, e);
}

static bool item_again(struct outbox *o, const struct item *item, struct err *e)
{
    const char *key = item->f[JTAG_KEY].text;
    if (item->f[JTAG_METHOD].text)
        return insert_again(o, item, e);
    if (item->f[JTAG_GONE].text)
        return delete_row(o, key, e);
    if (number_of(item, JTAG_STATE, COMMAND_DUE) == COMMAND_DONE)
        return ob_apply_done(o, key, item->f[JTAG_ANSWER].text, item->f[JTAG_ID].text,
                             number_of(item, JTAG_ENDED_AT, 0), e);
    if (item->f[JTAG_STATE].text)
        return end_again(o, item, e);
    return !item->f[JTAG_LEFT].text || left_again(o, item, e); /* else it changed nothing: retry */
}

static bool entry_again(struct outbox *o, const struct journal_entry *entry, struct err *e)
{
    struct item item;
    bool ok = true;
    for (size_t at = 0; ok && next_item(entry, &at, &item);)
        ok = item_again(o, &item, e);
    return ok;
}

/* What waits may have been sent by the outbox.db that is lost; not what stands behind another that waits, and of what is online
 * only the journal knows. What of that never left was told so, or is seen to be missing now: it is not sent as a surprise. */
static bool doubt(struct outbox *o, struct err *e)
{
    sqlite3_stmt *st = ob_statement(
        o, "UPDATE command AS c SET state = " SQL_DUE ", not_before = 0,"
           " may_have_arrived = may_have_arrived OR state = " SQL_SENDING
           " OR NOT (online_only OR EXISTS (SELECT 1 FROM command p WHERE p.key = c.after AND p.state IN (" SQL_HELD
           "," SQL_DUE "," SQL_SENDING "))) WHERE " SQL_WAITING);
    if (!ob_run(o, st, e))
        return false;
    for (bool row = true; row;) {
        char key[UUID_TEXT] = "";
        st = ob_statement(o, "SELECT key FROM command WHERE state = " SQL_DUE
                             " AND online_only AND NOT may_have_arrived LIMIT 1");
        if (!ob_one_key(o, st, key, &row, e) || (row && !ob_remove_row(o, key, ob_now(o), e)))
            return false;
    }
    return true;
}

/* ── joining ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct join {
    struct outbox *o;
    struct journal_place mark; /* what outbox.db has of the journal */
    bool has_mark, empty;      /* empty: outbox.db has just been made */
    struct gathered g;
    enum journal_state state;
};

/* The last change may be one that was never committed, nor called saved: then this outbox.db is the very one that it was made on. */
static bool comes_back(const struct join *j, const struct change *c)
{
    if (c->verdict == OPEN)
        return !j->has_mark || c->entry.base != j->mark.number;
    return c->verdict == KEPT;
}

static bool replay(struct join *j, size_t *n, struct err *e)
{
    struct outbox *o = j->o;
    bool ok = true;
    *n = 0;
    if (!j->has_mark && j->empty && j->g.begin.entry.kind) {
        ok = entry_again(o, &j->g.begin.entry, e);
        *n += j->g.begin.entry.n > 0;
    }
    for (size_t i = 0; ok && i < j->g.n; i++) {
        const struct change *c = &j->g.changes[i];
        if (c->entry.number <= j->mark.number || !comes_back(j, c))
            continue;
        ok = entry_again(o, &c->entry, e);
        o->note.base = c->entry.number;
        ++*n;
    }
    return ok;
}

/* The file was told to have kept nothing, and has kept it all the same (a commit that failed, then a crash). What the officer did not
 * hear to be saved is taken away; of the rest, what stands is the truth. */
static bool take_back_unsaid(struct join *j, struct err *e)
{
    const struct journal_entry entry = {.fields = j->g.unsaid.data, .n = j->g.unsaid.len};
    struct item item;
    bool ok = true;
    for (size_t at = 0; ok && next_item(&entry, &at, &item);)
        ok = delete_row(j->o, item.f[JTAG_KEY].text, e);
    return ok;
}

/* Says for good that the changes at the end did not come to be; or that the one did. */
static bool write_verdicts(struct join *j, struct err *e)
{
    struct outbox *o = j->o;
    struct journal_entry entry = {.at = ob_now(o)};
    bool ok = true;
    for (size_t i = 0; ok && i < j->g.n; i++) {
        const struct change *c = &j->g.changes[i];
        if (c->verdict != OPEN || comes_back(j, c))
            continue;
        entry.kind = JOURNAL_VOID;
        entry.base = c->entry.number;
        ok = journal_append(o->journal, &o->tail, &entry, true, e);
    }
    if (ok && j->g.mark_void && j->g.unsaid.len == 0) {
        entry.kind = JOURNAL_KEPT;
        entry.base = j->mark.number;
        ok = journal_append(o->journal, &o->tail, &entry, true, e);
    }
    return ok;
}

/* Reads behind the mark, or where that is of another file all of it. */
static bool look(struct join *j, struct err *e)
{
    struct outbox *o = j->o;
    struct journal_place at = j->mark;
    bool again = j->has_mark;
    for (;;) {
        gathered_clear(&j->g);
        j->g.mark = j->mark.number;
        j->state = journal_read(o->journal, &at, gather, &j->g, e);
        o->tail = at;
        if (j->state != JOURNAL_BAD || !again)
            return j->state != JOURNAL_FAILED;
        again = false;
        at = (struct journal_place){0};
    }
}

/* The journal begins after what this outbox.db knows, so that nothing can be said of what happened in between. */
static bool is_too_old(const struct join *j)
{
    if (!j->g.begin.entry.kind)
        return false;
    if (j->has_mark)
        return j->mark.number < j->g.begin.entry.base;
    /* One from before there was a journal, and another that has begun with it; a crash between the two leaves them equal. */
    return !j->empty && (j->g.n > 0 || j->g.begin.entry.number != 1);
}

/* From which entry on the journal is not what outbox.db knows it to be; 0: it is. */
static uint64_t broken_at(const struct join *j, bool absent)
{
    const struct journal_place *tail = &j->o->tail;
    if (absent)
        return j->has_mark ? j->mark.number : 0;
    if (j->g.bad)
        return j->g.bad;
    if (j->state == JOURNAL_BAD)
        return tail->number + 1;
    return j->has_mark && tail->number < j->mark.number ? tail->number + 1 : 0;
}

static enum ob_joined bring_up(struct join *j, bool absent, struct err *e)
{
    struct outbox *o = j->o;
    size_t done = 0;
    uint64_t broken = broken_at(j, absent);
    if (!absent && is_too_old(j))
        return OB_UNREADABLE;
    if (!replay(j, &done, e) || !take_back_unsaid(j, e))
        return OB_NOT_JOINED;
    if ((done > 0 || broken) && !ob_numbers_lapse(o, e))
        return OB_NOT_JOINED;
    if (done > 0) {
        /* A draft of an old copy that has become a wish since is none any more. */
        sqlite3_stmt *st = ob_statement(o, "DELETE FROM draft WHERE key IN (SELECT key FROM command)");
        if (!ob_run(o, st, e) || !doubt(o, e))
            return OB_NOT_JOINED;
        o->note.kind = JOURNAL_RESTORED;
        o->restored = true;
    }
    if (o->tail.number < j->mark.number)
        o->tail = j->mark; /* the chain goes on behind what outbox.db knows */
    if (absent || broken) {
        o->journal_broken = broken != 0;
        return ob_journal_renew(o, o->tail.number, broken, e) ? OB_JOINED : OB_NOT_JOINED;
    }
    if (j->state == JOURNAL_TORN && !journal_cut(o->journal, &o->tail, e))
        return OB_NOT_JOINED;
    return write_verdicts(j, e) && ob_mark_write(o, &o->tail, e) ? OB_JOINED : OB_NOT_JOINED;
}

/* Nothing but notes behind the mark, as nearly always: nothing is written. */
static bool is_joined(struct outbox *o)
{
    struct join j = {.o = o};
    bool absent, joined = false;
    /* The mark is read under the lock, under which it moves. */
    if (journal_lock(o->journal, &absent, NULL) && !absent && ob_mark_read(o, &j.mark, NULL) && j.mark.end > 0) {
        struct journal_place at = j.mark;
        j.g.mark = j.mark.number;
        joined = journal_read(o->journal, &at, gather, &j.g, NULL) == JOURNAL_WHOLE && j.g.n == 0 &&
                 !j.g.mark_void;
        o->tail = at;
    }
    journal_unlock(o->journal);
    gathered_clear(&j.g);
    return joined;
}

enum ob_joined ob_join(struct outbox *o, struct err *e)
{
    struct join j = {.o = o};
    bool absent;
    if (is_joined(o))
        return OB_JOINED;
    if (!ob_begin(o, OB_SYNCED, e))
        return OB_NOT_JOINED;
    enum ob_joined joined = OB_NOT_JOINED;
    bool read = ob_mark_read(o, &j.mark, e);
    int64_t rows = read ? ob_number(ob_statement(o, "SELECT count(*) FROM command"), -1) : -1;
    j.has_mark = j.mark.end > 0;
    j.empty = rows == 0;
    if (read && rows < 0)
        ob_fail(o, e);
    if (rows >= 0 && journal_lock(o->journal, &absent, e)) {
        o->tail = j.mark;
        if (absent || look(&j, e))
            joined = bring_up(&j, absent, e);
    }
    gathered_clear(&j.g);
    if (joined == OB_NOT_JOINED && store_is_damaged(o->db))
        joined = OB_UNREADABLE;
    if (!ob_end_quietly(o, joined == OB_JOINED, e) && joined == OB_JOINED)
        joined = OB_NOT_JOINED;
    return joined;
}

bool outbox_restored(const struct outbox *o)
{
    return o->restored;
}

bool outbox_journal_broken(const struct outbox *o)
{
    return o->journal_broken;
}

/* apply: one entry of the feed, or one answer, becomes rows: versions, what is removed, and the tally that queue counts come from
 * (old row out, new row in). It refuses to let a version go back, and to let one odd entry hold up its neighbours.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"

#include <string.h>

#define COUNT(list)     (sizeof(list) / sizeof *(list))
#define ENTRY_MAX       (256 * 1024) /* contract, "Limits": no object grows over it */
#define NUMBERS_RUN_OUT UINT32_MAX   /* search keeps 32 bits of a row's number */

/* Types of things. What has no shape is kept as it came, for views that come later. */
static const struct kind {
    const char *type;
    const struct codec_shape *shape;
} kinds[] = {
    {"unit", &shape_unit},
    {"officer", &shape_officer},
    {"procedure", &shape_procedure},
    {"calendar", &shape_office_calendar},
    {"plan", NULL},
    {"document", NULL},
    {"message", NULL},
    {"team", NULL},
    {"visit", NULL},
    {"indicator", NULL},
};

/* What is held of a dossier, as far as it has to be known to be replaced. */
struct held {
    struct row row;
    int64_t pass, since; /* since: of what is closed (retain.c), else 0 */
    const char *id, *unit;
};

int32_t tally_day(int64_t t)
{
    return instant_day(t, TALLY_OFFSET);
}

int64_t tally_day_start(int32_t day)
{
    return instant_day_start(day, TALLY_OFFSET);
}

/* ── the tally ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool tally_add(struct cache *c, enum queue_id queue, const char *unit, int32_t day, int n, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_TALLY);

    for (int pass = 0; pass < (n < 0 ? 2 : 1); pass++) {
        if (pass == 1) /* what sank to nothing goes, or it would be looked at for ever */
            st = sql_get(&c->writer, ST_TALLY_ZERO);
        sql_number(st, 1, queue);
        sql_text(st, 2, unit);
        sql_number(st, 3, day);
        if (pass == 0)
            sql_number(st, 4, n);
        if (!sql_done(c, &c->writer, st, e))
            return false;
    }
    return true;
}

/* `n` is 1 for a row that comes, -1 for one that goes. */
static bool tally_row(struct cache *c, const struct row *r, const char *unit, int n, struct err *e)
{
    bool runs = r->clock == CLOCK_RUNS;
    int32_t day = runs ? (r->due == INSTANT_NEVER ? TALLY_NEVER : tally_day(r->due))
                       : (r->clock == CLOCK_STANDS ? TALLY_STANDS : TALLY_ENDED);

    return tally_add(c, r->queue, unit, day, n, e) && (!r->mine || tally_add(c, QUEUE_MINE, unit, day, n, e)) &&
           (!runs || tally_add(c, QUEUE_STUCK, unit, tally_day(r->step_since), n, e));
}

/* ── what is closed (retain.c) ─────────────────────────────────────────────────────────────────────────────────────── */

/* It has ended and stands in no queue any more: nobody waits for it. */
static bool is_closed(const struct row *r)
{
    return r->clock == CLOCK_ENDED && r->queue == QUEUE_NONE;
}

/* When it changed last. A full pass says what stands, not when it came to be: there the dossier's own times tell. What comes again
 * unchanged is no younger for it. */
static int64_t closed_since(const struct cache *c, const struct dossier *d, const struct row *r,
                            const struct held *old)
{
    int64_t since = r->step_since;

    if (old && old->row.version == r->version && is_closed(&old->row))
        return old->since;
    if (old || !c->tx.state.in_pass)
        return 0;
    if (d->completed_at != INSTANT_NONE && d->completed_at > since)
        since = d->completed_at;
    if (d->returned_at != INSTANT_NONE && d->returned_at > since)
        since = d->returned_at;
    return since > 0 ? since : 1; /* of 1970: 0 would be now */
}

static bool add_closed(struct cache *c, int64_t n, int64_t since, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_ADD_CLOSED);

    sql_number(st, 1, n);
    sql_number(st, 2, since);
    return sql_done(c, &c->writer, st, e);
}

/* ── dossiers ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Fills `out` from a statement that selects what is held; `*there` says whether it stands on a row. */
static bool held_read(struct cache *c, sqlite3_stmt *st, struct arena *arena, struct held *out, bool *there,
                      struct err *e)
{
    int rc = sql_step(st);

    *there = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sql_fail(c, &c->writer, st, e);
    if (*there)
        *out = (struct held){
            .row = {.n = sqlite3_column_int64(st, 0),
                    .version = sqlite3_column_int64(st, 1),
                    .queue = (enum queue_id)sqlite3_column_int(st, 3),
                    .clock = (enum row_clock)sqlite3_column_int(st, 4),
                    .mine = sqlite3_column_int(st, 5),
                    .due = sqlite3_column_int64(st, 6),
                    .step_since = sqlite3_column_int64(st, 7)},
            .pass = sqlite3_column_int64(st, 2),
            .unit = arena_copy(arena, sql_column(st, 8)),
            .id = arena_copy(arena, sql_column(st, 9)),
            .since = sqlite3_column_int64(st, 10),
        };
    sqlite3_reset(st);
    return true;
}

static bool held_by_id(struct cache *c, const char *id, struct arena *arena, struct held *out, bool *there,
                       struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_HELD);

    sql_text(st, 1, id);
    return held_read(c, st, arena, out, there, e);
}

static bool run_on(struct cache *c, enum statement which, int64_t n, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, which);

    sql_number(st, 1, n);
    return sql_done(c, &c->writer, st, e);
}

static bool drop_held(struct cache *c, const struct held *old, struct err *e)
{
    struct transaction *tx = &c->tx;

    if (!tally_row(c, &old->row, old->unit, -1, e) || !run_on(c, ST_DROP, old->row.n, e) ||
        !run_on(c, ST_DROP_MARK, old->row.n, e) || !run_on(c, ST_DROP_DOC, old->row.n, e) ||
        (is_closed(&old->row) && !run_on(c, ST_DROP_CLOSED, old->row.n, e)))
        return false;
    if (tx->n_dead == tx->cap_dead) {
        tx->cap_dead = tx->cap_dead ? 2 * tx->cap_dead : 256;
        tx->dead = mem_grow(tx->dead, tx->cap_dead, sizeof(*tx->dead));
    }
    tx->dead[tx->n_dead++] = old->row.n;
    tx->state.change++;
    return true;
}

bool apply_drop(struct cache *c, int64_t n, struct arena *arena, struct err *e)
{
    struct held old;
    bool there;
    sqlite3_stmt *st = sql_get(&c->writer, ST_HELD_N);

    sql_number(st, 1, n);
    return held_read(c, st, arena, &old, &there, e) && (there ? drop_held(c, &old, e) : cache_corrupt(c, e));
}

static bool add_row(struct cache *c, const struct row *r, const struct dossier *d, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_ADD);
    const int64_t numbers[] = {r->version, r->queue, r->clock, r->mine, r->due, r->step_since, r->submitted};
    const char *const words[] = {d->status, d->step, d->unit, d->assignee, d->procedure, d->channel};

    c->sealed.len = 0;
    row_seal(c, r, d, &c->sealed);
    sql_number(st, 1, r->n);
    sql_text(st, 2, d->id);
    for (size_t i = 0; i < COUNT(numbers); i++)
        sql_number(st, 3 + (int)i, numbers[i]);
    if (r->until == DAY_NONE)
        sql_text(st, 10, NULL);
    else
        sql_number(st, 10, r->until);
    for (size_t i = 0; i < COUNT(words); i++)
        sql_text(st, 11 + (int)i, words[i]);
    sql_blob(st, 17, &c->sealed);
    return sql_done(c, &c->writer, st, e);
}

static bool add_mark(struct cache *c, int64_t n, int64_t pass, const char *code, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_ADD_MARK);

    sql_number(st, 1, n);
    sql_number(st, 2, pass);
    sql_number(st, 3, row_code_hash(c, code));
    return sql_done(c, &c->writer, st, e);
}

static bool add_doc(struct cache *c, int64_t n, const struct change *change, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_ADD_DOC);

    c->sealed.len = 0;
    seal_close(c->key, "doc", change->id, change->version, change->data, change->data_len, &c->sealed);
    sql_number(st, 1, n);
    sql_blob(st, 2, &c->sealed);
    return sql_done(c, &c->writer, st, e);
}

/* `old` is NULL where nothing is held. */
static bool put_dossier(struct cache *c, const struct change *change, const struct dossier *d,
                        const struct held *old, int64_t pass, struct err *e)
{
    struct row r = row_of(d, &(struct officer){.id = c->me});

    if (old && !drop_held(c, old, e))
        return false;
    if (c->tx.state.change >= NUMBERS_RUN_OUT)
        return cache_corrupt(c, e);
    r.n = ++c->tx.state.change;
    return add_row(c, &r, d, e) && add_mark(c, r.n, pass, d->code, e) && add_doc(c, r.n, change, e) &&
           (!is_closed(&r) || add_closed(c, r.n, closed_since(c, d, &r, old), e)) &&
           tally_row(c, &r, d->unit, 1, e);
}

static bool name_dossier(struct cache *c, int64_t n, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_NAMED);

    sql_number(st, 1, n);
    sql_number(st, 2, c->tx.state.pass);
    return sql_done(c, &c->writer, st, e);
}

/* NULL, or what is odd about it. */
static const char *decode_dossier(const struct change *change, struct arena *arena, struct dossier *d)
{
    if (change->data_len > ENTRY_MAX)
        return "too long";
    if (!codec_read(&shape_dossier, change->data, change->data_len, arena, d, NULL, NULL))
        return "not as the contract says";
    if (strcmp(d->id, change->id) != 0 || d->version != change->version)
        return "another thing than its entry says";
    return NULL;
}

static enum applied done(bool ok)
{
    return ok ? APPLIED : APPLIED_FAILED;
}

static enum applied apply_dossier(struct cache *c, const struct change *change, struct arena *arena,
                                  const char **why, struct err *e)
{
    struct held old;
    struct dossier d;
    bool there;

    if (!held_by_id(c, change->id, arena, &old, &there, e))
        return APPLIED_FAILED;
    if (change->removed)
        return done(!there || old.row.version > change->version || drop_held(c, &old, e));
    *why = decode_dossier(change, arena, &d);
    /* What is not taken is named all the same: the pass does not take away what is held. */
    if (there && (*why || old.row.version > change->version) && !name_dossier(c, old.row.n, e))
        return APPLIED_FAILED;
    if (*why)
        return APPLIED_ODD;
    if (there && old.row.version > change->version)
        return APPLIED;
    return done(put_dossier(c, change, &d, there ? &old : NULL, c->tx.state.pass, e));
}

enum applied apply_answer(struct cache *c, struct change *change, struct arena *arena, const char **why,
                          struct err *e)
{
    struct held old;
    struct dossier d;
    bool there;

    if (!codec_read(&shape_dossier, change->data, change->data_len, arena, &d, NULL, NULL)) {
        *why = "not as the contract says";
        return APPLIED_ODD;
    }
    change->id = d.id;
    change->version = d.version;
    if (!held_by_id(c, d.id, arena, &old, &there, e))
        return APPLIED_FAILED;
    if (!there || old.row.version > d.version)
        return APPLIED;
    return done(put_dossier(c, change, &d, &old, old.pass, e)); /* an answer is no page: what was not named stays so */
}

/* ── things ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct kind *kind_of(const char *type)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kinds[i].type, type) == 0)
            return &kinds[i];
    return NULL;
}

/* NULL, or what is odd about it. `*unit`: whose calendar it is. */
static const char *check_thing(const struct kind *kind, const struct change *change, struct arena *arena,
                               const char **unit)
{
    union {
        struct unit unit;
        struct officer officer;
        struct procedure procedure;
        struct office_calendar calendar;
    } value;
    const char *why = NULL;

    if (change->data_len > ENTRY_MAX)
        return "too long";
    json_t *json = codec_parse(change->data, change->data_len, NULL);
    const char *id = json_string_value(json_object_get(json, "id"));
    json_t *version = json_object_get(json, "version");
    if (!json_is_object(json) || (kind->shape && !codec_decode(kind->shape, json, arena, &value, NULL)))
        why = "not as the contract says";
    else if ((id && strcmp(id, change->id) != 0) || (version && json_integer_value(version) != change->version))
        why = "another thing than its entry says";
    else if (kind->shape == &shape_office_calendar)
        *unit = value.calendar.unit;
    json_decref(json);
    return why;
}

static bool put_thing(struct cache *c, const struct change *change, const char *unit, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_THING_PUT);

    c->sealed.len = 0;
    seal_close(c->key, change->type, change->id, change->version, change->data, change->data_len, &c->sealed);
    sql_text(st, 1, change->type);
    sql_text(st, 2, change->id);
    sql_number(st, 3, change->version);
    sql_number(st, 4, c->tx.state.pass);
    sql_text(st, 5, unit);
    sql_blob(st, 6, &c->sealed);
    return sql_done(c, &c->writer, st, e);
}

/* Steps a statement that begins with WHERE type = ?1 AND id = ?2. */
static bool run_on_thing(struct cache *c, enum statement which, const struct change *change, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, which);

    sql_text(st, 1, change->type);
    sql_text(st, 2, change->id);
    if (which == ST_THING_NAMED)
        sql_number(st, 3, c->tx.state.pass);
    return sql_done(c, &c->writer, st, e);
}

static bool held_thing(struct cache *c, const struct change *change, int64_t *version, bool *there, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->writer, ST_THING);

    sql_text(st, 1, change->type);
    sql_text(st, 2, change->id);
    int rc = sql_step(st);
    *there = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sql_fail(c, &c->writer, st, e);
    *version = *there ? sqlite3_column_int64(st, 1) : 0;
    sqlite3_reset(st);
    return true;
}

static enum applied apply_thing(struct cache *c, const struct kind *kind, const struct change *change,
                                struct arena *arena, const char **why, struct err *e)
{
    const char *unit = NULL;
    int64_t version;
    bool there;

    if (!held_thing(c, change, &version, &there, e))
        return APPLIED_FAILED;
    bool newer = there && version > change->version;
    if (change->removed && (!there || newer))
        return APPLIED;
    if (!change->removed && (*why = check_thing(kind, change, arena, &unit)))
        return !there || run_on_thing(c, ST_THING_NAMED, change, e) ? APPLIED_ODD : APPLIED_FAILED;
    if (newer)
        return done(run_on_thing(c, ST_THING_NAMED, change, e));
    bool ok = change->removed ? run_on_thing(c, ST_THING_DROP, change, e) : put_thing(c, change, unit, e);
    if (kind->shape)
        c->tx.state.reference++;
    return done(ok);
}

enum applied apply_change(struct cache *c, const struct change *change, struct arena *arena, const char **why,
                          struct err *e)
{
    if (strcmp(change->type, "dossier") == 0)
        return apply_dossier(c, change, arena, why, e);
    const struct kind *kind = kind_of(change->type);
    if (kind)
        return apply_thing(c, kind, change, arena, why, e);
    *why = "of a type that this version does not know";
    return APPLIED_ODD;
}

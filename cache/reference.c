/* reference: units, officers, procedures and calendars, decoded when they are first asked for and kept in memory until they change.
 * It also tells statements where a unit's day ends and since when what stands still is stuck there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"

#include <string.h>

#define DEFAULT_OFFSET (7 * 3600) /* a unit whose calendar is not here, or of an unknown zone */
#define STUCK_AT_MOST  (60 * 86400) /* two working days never take longer: Tết with its weekends is ten days */

enum kind { KIND_UNIT, KIND_OFFICER, KIND_PROCEDURE, KIND_CALENDAR };
static const struct {
    const char *type;
    const struct codec_shape *shape;
    size_t size;
} kinds[] = {
    [KIND_UNIT] = {"unit", &shape_unit, sizeof(struct unit)},
    [KIND_OFFICER] = {"officer", &shape_officer, sizeof(struct officer)},
    [KIND_PROCEDURE] = {"procedure", &shape_procedure, sizeof(struct procedure)},
    [KIND_CALENDAR] = {"calendar", &shape_office_calendar, sizeof(struct office_calendar)},
};

/* One of them, or that it is not known here. A calendar goes by its unit's id. */
struct thing {
    struct thing *next;
    enum kind kind;
    const char *id;
    const void *value; /* NULL: not known */
    int64_t version;   /* 0: not known */
    struct calendar calendar;
    int64_t now; /* what follows was computed for this moment */
    int64_t day_end, stuck_since;
};

void reference_forget(struct cache *c)
{
    arena_clear(&c->reference.arena);
    c->reference = (struct reference){0};
    c->day.known = false; /* days may end at another time */
}

static unsigned bucket_of(enum kind kind, const char *id)
{
    uint32_t hash = 2166136261u ^ (uint32_t)kind;

    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 16777619u;
    return (hash ^ hash >> 16) % REFERENCE_BUCKETS;
}

/* NULL: there is none, or it cannot be read: `*failed` (damage is remembered; while the key is asleep nothing new is known). */
static const void *read_thing(struct cache *c, enum kind kind, const char *id, int64_t *version, bool *failed)
{
    *failed = seal_key_asleep(c->key);
    if (*failed)
        return NULL;
    sqlite3_stmt *st = sql_get(&c->reader, kind == KIND_CALENDAR ? ST_CALENDAR : ST_THING);
    struct arena *arena = &c->reference.arena;
    struct buf plain = {0};
    void *value = NULL;

    sql_text(st, 1, kind == KIND_CALENDAR ? id : kinds[kind].type);
    if (kind != KIND_CALENDAR)
        sql_text(st, 2, id);
    int rc = sql_step(st);
    if (rc == SQLITE_ROW) {
        value = arena_alloc(arena, kinds[kind].size);
        *version = sqlite3_column_int64(st, 1);
        if (!seal_open(c->key, kinds[kind].type, sql_column(st, 0), sqlite3_column_int64(st, 1),
                       sqlite3_column_blob(st, 2), (size_t)sqlite3_column_bytes(st, 2), &plain) ||
            !codec_read(kinds[kind].shape, plain.data, plain.len, arena, value, NULL, NULL)) {
            cache_corrupt(c, NULL);
            value = NULL;
        }
    } else if (rc != SQLITE_DONE) {
        sql_fail(c, &c->reader, st, NULL);
    }
    *failed = rc != SQLITE_DONE && !value;
    sqlite3_reset(st);
    buf_wipe(&plain);
    return value;
}

static struct thing *get(struct cache *c, enum kind kind, const char *id)
{
    struct reference *r = &c->reference;
    id = id ? id : ""; /* no id of anything */
    struct thing **bucket = &r->bucket[bucket_of(kind, id)];

    for (struct thing *t = *bucket; t; t = t->next)
        if (t->kind == kind && strcmp(t->id, id) == 0)
            return t;
    struct thing *t = arena_alloc(&r->arena, sizeof(*t));
    *t = (struct thing){.next = *bucket, .kind = kind, .id = arena_copy(&r->arena, id), .now = INSTANT_NONE};
    bool failed;
    t->value = read_thing(c, kind, t->id, &t->version, &failed);
    if (kind == KIND_CALENDAR)
        t->calendar = calendar_of(t->value);
    if (!failed) /* else it is read again when it is asked for again */
        *bucket = t;
    return t;
}

const struct unit *cache_unit(struct cache *c, const char *id)
{
    return get(c, KIND_UNIT, id)->value;
}

const struct officer *cache_officer(struct cache *c, const char *id)
{
    return get(c, KIND_OFFICER, id)->value;
}

const struct procedure *cache_procedure(struct cache *c, const char *id)
{
    return get(c, KIND_PROCEDURE, id)->value;
}

const struct calendar *cache_calendar(struct cache *c, const char *unit)
{
    return &get(c, KIND_CALENDAR, unit)->calendar;
}

int64_t cache_calendar_version(struct cache *c, const char *unit)
{
    return get(c, KIND_CALENDAR, unit)->version;
}

const char *cache_unit_name(struct cache *c, const char *id)
{
    const struct unit *unit = id ? cache_unit(c, id) : NULL;

    return unit ? unit->name : id ? id : "";
}

const char *cache_officer_name(struct cache *c, const char *id)
{
    const struct officer *officer = id ? cache_officer(c, id) : NULL;

    return officer ? officer->name : id ? id : "";
}

const char *cache_procedure_name(struct cache *c, const char *id)
{
    const struct procedure *procedure = id ? cache_procedure(c, id) : NULL;

    return procedure ? procedure->name : id ? id : "";
}

/* ── all of a kind ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool list_ids(struct cache *c, enum kind kind, struct texts *ids)
{
    struct arena *arena = &c->reference.arena;
    sqlite3_stmt *st = sql_get(&c->reader, ST_THINGS);
    size_t cap = 0;
    int rc;

    sql_text(st, 1, kinds[kind].type);
    while ((rc = sql_step(st)) == SQLITE_ROW) {
        if (ids->n == cap) {
            cap = cap ? 2 * cap : 64;
            ids->items = arena_grow(arena, ids->items, ids->n, cap, sizeof(*ids->items));
        }
        ids->items[ids->n++] = arena_copy(arena, sql_column(st, 0));
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE;
}

static size_t all_of(struct cache *c, enum kind kind, const void ***out)
{
    struct reference *r = &c->reference;
    struct texts ids = {0};

    if (r->list[kind]) {
        *out = r->list[kind];
        return r->n_list[kind];
    }
    bool whole = list_ids(c, kind, &ids);
    const void **list = arena_alloc(&r->arena, (ids.n + 1) * sizeof(*list));
    size_t n = 0;
    for (size_t i = 0; i < ids.n; i++)
        if ((list[n] = get(c, kind, ids.items[i])->value))
            n++;
    *out = list;
    if (whole && n == ids.n) { /* else it is read again, too */
        r->list[kind] = list;
        r->n_list[kind] = n;
    }
    return n;
}

size_t cache_units(struct cache *c, const struct unit *const **out)
{
    return all_of(c, KIND_UNIT, (const void ***)out);
}

size_t cache_officers(struct cache *c, const struct officer *const **out)
{
    return all_of(c, KIND_OFFICER, (const void ***)out);
}

size_t cache_procedures(struct cache *c, const struct procedure *const **out)
{
    return all_of(c, KIND_PROCEDURE, (const void ***)out);
}

int64_t cache_procedure_count(struct cache *c)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_THING_COUNT);

    sql_text(st, 1, kinds[KIND_PROCEDURE].type);
    int64_t n = sql_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return n;
}

/* ── functions of statements ───────────────────────────────────────────────────────────────────────────────────────── */

/* The newest moment that is stuck. Mostly two days back at the same time of day; where that falls on a gap in the hours, looked for. */
static int64_t stuck_since(const struct calendar *c, int64_t now)
{
    int64_t stuck = now - STUCK_AT_MOST, fresh = now, guess = calendar_back_days(c, now, 2);

    if (!c->usable || !calendar_stuck(c, stuck, now))
        return INSTANT_NONE;
    if (guess > stuck && guess < fresh && calendar_stuck(c, guess, now)) {
        stuck = guess;
        if (!calendar_stuck(c, guess + 1, now))
            return guess;
    }
    while (fresh - stuck > 1) {
        int64_t middle = stuck + (fresh - stuck) / 2;
        if (calendar_stuck(c, middle, now))
            stuck = middle;
        else
            fresh = middle;
    }
    return stuck;
}

static const struct thing *office_of(struct cache *c, const char *unit)
{
    struct thing *t = get(c, KIND_CALENDAR, unit);
    const struct office_calendar *hours = t->value;
    int32_t offset;

    if (t->now != c->now) {
        if (!hours || !zone_offset(hours->time_zone, &offset))
            offset = DEFAULT_OFFSET;
        t->day_end = instant_day_start(instant_day(c->now, offset) + 1, offset);
        t->stuck_since = stuck_since(&t->calendar, c->now);
        t->now = c->now;
    }
    return t;
}

/* A unit without a calendar has that of a unit above, or none, which ends its days at +07:00. */
bool reference_day_ends(struct cache *c, int64_t end)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_CALENDAR_UNITS);
    bool all = instant_day_start(instant_day(c->now, DEFAULT_OFFSET) + 1, DEFAULT_OFFSET) == end;
    int rc = SQLITE_DONE;

    while (all && (rc = sql_step(st)) == SQLITE_ROW)
        all = office_of(c, sql_column(st, 0))->day_end == end;
    sqlite3_reset(st);
    return all && rc == SQLITE_DONE;
}

static void sql_day_end(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *unit = (const char *)sqlite3_value_text(values[0]);

    sqlite3_result_int64(context, office_of(sqlite3_user_data(context), unit)->day_end);
}

static void sql_stuck_since(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *unit = (const char *)sqlite3_value_text(values[0]);
    int64_t since = office_of(sqlite3_user_data(context), unit)->stuck_since;

    if (since == INSTANT_NONE)
        sqlite3_result_null(context);
    else
        sqlite3_result_int64(context, since);
}

bool reference_register(struct cache *c)
{
    const int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;

    return sqlite3_create_function(c->reader.db, "day_end", 1, flags, c, sql_day_end, NULL, NULL) == SQLITE_OK &&
           sqlite3_create_function(c->reader.db, "stuck_since", 1, flags, c, sql_stuck_since, NULL, NULL) ==
               SQLITE_OK;
}

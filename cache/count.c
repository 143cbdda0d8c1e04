/* count: how many stand in a queue, right at every moment with nothing written as time passes.
 *
 * A dossier is overdue when its clock runs (open, not paused) and due < now; it is due today when its clock runs, now <= due, and due
 * lies before the end of now's day in the zone of its unit's calendar (+07:00 where that is not known). What stands still or has ended
 * is neither, and counts in the total alone. Instants are compared, no working time: a unit without a calendar has its overdue ones
 * too. Stuck is what runs and has not moved for two working days (calendar_stuck()), total alone.
 *
 * tally(queue, unit, day, n) has a bucket for each day of due at +07:00 (under QUEUE_STUCK: of step_since) of what runs, and one each
 * for what runs without a due time, stands still, or has ended. Buckets of whole days are summed; the bucket that now (or the limit of
 * stuck) lies in is counted by index.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"

#include <string.h>

#define DAY_SECONDS 86400
#define USES_OF     5000

struct tally {
    int64_t total, before, day, stands; /* before: in buckets that are over; day: in the one that now lies in */
    int32_t first;                      /* the earliest day of what runs, DAY_NONE */
};

static void chosen(sqlite3_context *context, int n, sqlite3_value **values)
{
    const struct cache *c = sqlite3_user_data(context);
    const char *unit = (const char *)sqlite3_value_text(values[0]);
    bool is = !c->chosen || c->chosen->n == 0;

    for (size_t i = 0; !is && i < c->chosen->n; i++)
        is = unit && strcmp(c->chosen->items[i], unit) == 0;
    sqlite3_result_int(context, is);
}

bool count_register(struct cache *c)
{
    return sqlite3_create_function(c->reader.db, "chosen", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, c, chosen,
                                   NULL, NULL) == SQLITE_OK;
}

/* Steps a statement that gives at most one row; `*row`: it gave one, and is not reset. */
static bool one_row(struct cache *c, sqlite3_stmt *st, bool *row, struct err *e)
{
    int rc = sql_step(st);

    *row = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sql_fail(c, &c->reader, st, e);
    if (!*row)
        sqlite3_reset(st);
    return true;
}

static bool sum_tally(struct cache *c, enum queue_id queue, struct tally *sum, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_TALLY_SUM);
    bool row;

    sql_number(st, 1, queue);
    sql_number(st, 2, tally_day(c->now));
    if (!one_row(c, st, &row, e))
        return false;
    sum->total += sqlite3_column_int64(st, 0);
    sum->before += sqlite3_column_int64(st, 1);
    if (sqlite3_column_type(st, 2) != SQLITE_NULL) {
        int32_t first = sqlite3_column_int(st, 2);
        sum->first = sum->first == DAY_NONE || first < sum->first ? first : sum->first;
    }
    sum->stands += sqlite3_column_int64(st, 3);
    sum->day += sqlite3_column_int64(st, 4);
    sqlite3_reset(st);
    return true;
}

/* Which rows are meant: some role queues, or mine. */
struct among {
    int64_t queues; /* a bit each */
    bool mine;
};

static void sign_texts(const struct texts *texts, struct buf *out)
{
    for (size_t i = 0; texts && i < texts->n; i++)
        buf_add(out, texts->items[i], strlen(texts->items[i]) + 1);
}

/* Adds what is due from `from` to `to`, by queue and mine. */
static bool add_due(struct cache *c, struct day_counts *day, int64_t from, int64_t to, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_DAY);
    int rc;

    sql_number(st, 1, c->now);
    sql_number(st, 2, from);
    sql_number(st, 3, to);
    while ((rc = sql_step(st)) == SQLITE_ROW) {
        int queue = sqlite3_column_int(st, 0), mine = sqlite3_column_int(st, 1) != 0;
        if (queue < 0 || queue >= QUEUE_ROLE_COUNT)
            return cache_corrupt(c, e);
        day->over[queue][mine] += sqlite3_column_int(st, 2);
        day->today[queue][mine] += sqlite3_column_int(st, 3);
    }
    if (rc != SQLITE_DONE)
        return sql_fail(c, &c->reader, st, e);
    sqlite3_reset(st);
    return true;
}

/* The day that the clock stands in: what of it is over, and, unless the tally says so, what comes until the day ends. One look at the
 * index serves all queues of a screen; where only the clock went on, what it passed is added (`from`, else the start of the day). */
static bool look_at_day(struct cache *c, struct day_counts *day, int64_t from, struct err *e)
{
    if (from == INSTANT_NONE) {
        memset(day->over, 0, sizeof(day->over));
        memset(day->today, 0, sizeof(day->today));
        from = tally_day_start(tally_day(c->now));
    }
    return add_due(c, day, from, day->alike ? c->now - 1 : c->now + DAY_SECONDS, e);
}

static bool same_units(const struct buf *a, const struct buf *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* Makes c->day right for now, the chosen units and what stands in the snapshot. */
static bool know_day(struct cache *c, struct err *e)
{
    struct day_counts *day = &c->day;
    struct buf units = {0};
    sqlite3_stmt *st = sql_get(&c->reader, ST_CHANGE);
    bool row;

    if (!one_row(c, st, &row, e))
        return false;
    int64_t change = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    sign_texts(c->chosen, &units);
    bool same = day->known && day->change == change && same_units(&day->units, &units);
    if (!same || day->now != c->now) {
        bool alike = reference_day_ends(c, tally_day_start(tally_day(c->now)) + DAY_SECONDS);
        bool goes_on =
            same && alike && day->alike && c->now > day->now && tally_day(c->now) == tally_day(day->now);
        int64_t from = goes_on ? day->now : INSTANT_NONE;
        buf_clear(&day->units);
        day->units = units;
        units = (struct buf){0};
        day->now = c->now;
        day->change = change;
        day->alike = alike;
        day->known = look_at_day(c, day, from, e);
    }
    buf_clear(&units);
    return day->known;
}

/* `due`: how many are due in the bucket of the day. */
static bool count_day(struct cache *c, const struct among *among, int64_t due, int64_t *over, int64_t *today,
                      struct err *e)
{
    *over = *today = 0;
    if (!know_day(c, e))
        return false;
    for (int queue = 0; queue < QUEUE_ROLE_COUNT; queue++)
        for (int mine = among->mine; mine < 2; mine++)
            if (among->queues >> queue & 1) {
                *over += c->day.over[queue][mine];
                *today += c->day.today[queue][mine];
            }
    if (c->day.alike)
        *today = due - *over;
    return true;
}

/* The earliest due time from `from` on of what runs; before the day ends, where only today counts. */
static bool find_nearest(struct cache *c, const struct among *among, int64_t from, bool only_today,
                         int64_t *due, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_NEAREST);
    bool row;

    sql_number(st, 1, from);
    sql_number(st, 2, among->queues);
    sql_number(st, 3, among->mine);
    sql_number(st, 4, only_today);
    *due = INSTANT_NONE;
    if (!one_row(c, st, &row, e))
        return false;
    if (row) {
        *due = sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
    }
    return true;
}

static bool find_until(struct cache *c, int32_t *until, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_UNTIL);
    bool row;

    sql_number(st, 1, QUEUE_SUPPLEMENT);
    if (!one_row(c, st, &row, e))
        return false;
    if (row) {
        *until = sqlite3_column_int(st, 0);
        sqlite3_reset(st);
    }
    return true;
}

/* ── by kind of queue ──────────────────────────────────────────────────────────────────────────────────────────────── */

static bool count_stuck(struct cache *c, struct queue_count *out, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_TALLY_STUCK);
    bool row;

    sql_number(st, 1, QUEUE_STUCK);
    if (!one_row(c, st, &row, e))
        return false;
    out->total = sqlite3_column_int64(st, 0);
    bool any = sqlite3_column_type(st, 1) != SQLITE_NULL; /* a calendar that can compute */
    int64_t from = tally_day_start(tally_day(sqlite3_column_int64(st, 1))), until = sqlite3_column_int64(st, 2);
    sqlite3_reset(st);
    if (!any)
        return true;
    st = sql_get(&c->reader, ST_STUCK_DAY);
    sql_number(st, 1, from);
    sql_number(st, 2, until);
    if (!one_row(c, st, &row, e))
        return false;
    out->total += sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return true;
}

static bool count_watched(struct cache *c, struct queue_count *out, struct err *e)
{
    int64_t stands = 0;
    bool row;

    for (size_t i = 0; i < c->watched.n; i++) {
        sqlite3_stmt *st = sql_get(&c->reader, ST_WATCHED);
        sql_text(st, 1, c->watched.items[i]);
        if (!one_row(c, st, &row, e))
            return false;
        if (!row)
            continue;
        enum row_clock clock = (enum row_clock)sqlite3_column_int(st, 0);
        int64_t due = sqlite3_column_int64(st, 1), day_end = sqlite3_column_int64(st, 2);
        bool runs = clock == CLOCK_RUNS;
        out->total++;
        out->overdue += runs && due < c->now;
        out->today += runs && due >= c->now && due < day_end;
        stands += clock == CLOCK_STANDS;
        if (runs && due != INSTANT_NEVER && (out->nearest == INSTANT_NONE || due < out->nearest))
            out->nearest = due;
        sqlite3_reset(st);
    }
    out->nearest_paused = out->total > 0 && stands == out->total;
    return true;
}

/* Role queues, mine, today and overdue: all from the same buckets and the same index. */
static bool count_by_due(struct cache *c, enum queue_id queue, struct queue_count *out, struct err *e)
{
    enum queue_id queues[QUEUE_ROLE_COUNT];
    size_t n = list_queues(c, queue, queues);
    struct among among = {.queues = queue == QUEUE_MINE ? -1 : 0, .mine = queue == QUEUE_MINE};
    struct tally sum = {.first = DAY_NONE};
    int64_t over = 0, today = 0;

    for (size_t i = 0; i < n; i++) {
        if (queue != QUEUE_MINE)
            among.queues |= (int64_t)1 << queues[i];
        if (!sum_tally(c, queues[i], &sum, e))
            return false;
    }
    if (sum.first != DAY_NONE && !count_day(c, &among, sum.day, &over, &today, e))
        return false;
    bool only_today = queue == QUEUE_TODAY, only_over = queue == QUEUE_OVERDUE;
    out->overdue = only_today ? 0 : sum.before + over;
    out->today = only_over ? 0 : today;
    out->total = only_today ? out->today : only_over ? out->overdue : sum.total;
    out->nearest_paused = !only_today && !only_over && sum.total > 0 && sum.stands == sum.total;
    if (sum.first == DAY_NONE || out->total == 0)
        return true;
    return find_nearest(c, &among, only_today ? c->now : tally_day_start(sum.first), only_today,
                        &out->nearest, e);
}

bool cache_queue_count(struct cache *c, enum queue_id queue, const struct texts *units, int64_t now,
                       struct queue_count *out, struct err *e)
{
    *out =
        (struct queue_count){.nearest = INSTANT_NONE, .nearest_until = DAY_NONE, .oldest_overdue = INSTANT_NONE};
    c->now = now;
    c->chosen = units;
    if (!read_begin(c, e))
        return false;
    bool ok = queue == QUEUE_STUCK   ? count_stuck(c, out, e)
              : queue == QUEUE_WATCH ? count_watched(c, out, e)
                                     : count_by_due(c, queue, out, e);
    if (ok && queue == QUEUE_SUPPLEMENT)
        ok = find_until(c, &out->nearest_until, e);
    if (out->nearest != INSTANT_NONE && out->nearest < now)
        out->oldest_overdue = out->nearest;
    read_end(c);
    c->chosen = NULL;
    return ok;
}

bool cache_procedure_uses(struct cache *c, const char *unit, struct arena *arena, struct procedure_use **out,
                          size_t *n, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_USES);
    struct procedure_use *uses = NULL;
    size_t cap = 0;
    int rc;

    *n = 0;
    sql_text(st, 1, unit);
    sql_number(st, 2, USES_OF);
    while ((rc = sql_step(st)) == SQLITE_ROW) {
        if (*n == cap) {
            cap = cap ? 2 * cap : 32;
            uses = arena_grow(arena, uses, *n, cap, sizeof(*uses));
        }
        uses[(*n)++] = (struct procedure_use){arena_copy(arena, sql_column(st, 0)), sqlite3_column_int64(st, 1)};
    }
    *out = uses;
    if (rc != SQLITE_DONE)
        return sql_fail(c, &c->reader, st, e);
    sqlite3_reset(st);
    return true;
}

void cache_watch(struct cache *c, const char *const *ids, size_t n)
{
    arena_clear(&c->watched_arena);
    c->watched =
        (struct texts){.items = arena_alloc(&c->watched_arena, (n + 1) * sizeof(*c->watched.items)), .n = n};
    for (size_t i = 0; i < n; i++)
        c->watched.items[i] = arena_copy(&c->watched_arena, ids[i]);
}

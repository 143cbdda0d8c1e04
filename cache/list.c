/* list: the rows of a queue a page at a time, by key, in any of its orders, with its filters; and where a row stands in it.
 * It refuses to count its way to a page: what is shown is found through an index, however long the list is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* A list is the union of arms, each one index in the order of the list: SQLite merges them as it reads. What is bound is numbered,
 * so that all arms share it. With SORT_TROUBLE it has two places, one behind the other, each a statement of its own: what comes
 * first, then the rest. */
enum { NOW = 1, KEY_VALUE, KEY_ID, LIMIT, BOUND_FIRST_FREE };
enum side {
    SIDE_ALL,
    SIDE_AFTER, /* behind the key in the order of the list */
    SIDE_BEFORE,
    SIDE_UPTO, /* before it, and it */
    SIDE_AT,   /* it alone */
};
enum place { PLACE_FIRST, PLACE_REST };
struct key {
    const char *id; /* NULL: no key */
    int64_t value;  /* its due or submitted */
    int64_t n;
    enum place place;
};
struct select {
    struct buf sql, filter; /* filter: " AND …" that all arms share */
    struct bound {
        const char *text;
        int64_t number;
    } * bound; /* from BOUND_FIRST_FREE on */
    size_t n_bound, cap_bound;
    const struct list_query *q;
    enum side side;
    struct key key; /* in this place, or no key */
    enum place place;
    bool count; /* count the rows, do not give them */
    size_t arms;
};

static void select_clear(struct select *s)
{
    buf_clear(&s->sql);
    buf_clear(&s->filter);
    free(s->bound);
}

static int bind(struct select *s, const char *text)
{
    if (s->n_bound == s->cap_bound) {
        s->cap_bound = s->cap_bound ? 2 * s->cap_bound : 16;
        s->bound = mem_grow(s->bound, s->cap_bound, sizeof(*s->bound));
    }
    s->bound[s->n_bound] = (struct bound){.text = text};
    return BOUND_FIRST_FREE + (int)s->n_bound++;
}

/* ── filters ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* "column IN (…)" */
static void add_values(struct select *s, struct buf *out, const char *column, const char *const *values, size_t n)
{
    buf_format(out, "%s IN (", column);
    for (size_t i = 0; i < n; i++)
        buf_format(out, "%s?%d", i ? ", " : "", bind(s, values[i]));
    buf_text(out, ")");
}

/* The same rules as the counts' (count.c): instants are compared, so a unit without a calendar has its overdue ones too. */
static void add_due_kinds(struct select *s, unsigned kinds)
{
    static const struct {
        enum time_kind kind;
        const char *sql;
    } rules[] = {
        {TIME_OVERDUE, "clock = 1 AND due < ?1"},
        {TIME_TODAY, "clock = 1 AND due >= ?1 AND due < day_end(unit)"},
        {TIME_LEFT, "clock = 1 AND due >= day_end(unit)"},
        {TIME_PAUSED, "clock = 2"},
    };
    buf_text(&s->filter, " AND (0");
    for (size_t i = 0; i < COUNT(rules); i++)
        if (kinds & 1u << rules[i].kind)
            buf_format(&s->filter, " OR (%s)", rules[i].sql);
    buf_text(&s->filter, ")");
}

static size_t count_first(const struct list_query *q)
{
    size_t n = 0;

    while (q->sort == SORT_TROUBLE && q->first && q->first[n])
        n++;
    return n;
}

static void add_filters(struct select *s)
{
    const struct list_query *q = s->q;
    const struct {
        const char *column;
        const struct texts *values;
    } lists[] = {
        {"unit", &q->units},      {"procedure", &q->procedures}, {"channel", &q->channels},
        {"status", &q->statuses}, {"assignee", &q->assignees},
    };
    for (size_t i = 0; i < COUNT(lists); i++)
        if (lists[i].values->n > 0) {
            buf_text(&s->filter, " AND ");
            add_values(s, &s->filter, lists[i].column, lists[i].values->items, lists[i].values->n);
        }
    if (q->due)
        add_due_kinds(s, q->due);
    if (q->find && *q->find)
        buf_text(&s->filter, " AND found(n)");
    if (count_first(q) > 0) {
        buf_text(&s->filter, " AND ");
        add_values(s, &s->filter, s->place == PLACE_FIRST ? "id" : "id NOT", q->first, count_first(q));
    }
}

/* ── arms ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* core/queue.h: what is asked to be withdrawn stands among what is in progress for the counter alone. */
static bool sees_withdrawals(struct cache *c)
{
    const struct officer *me = cache_officer(c, c->me);

    return me && officer_roles(me) & ROLE_BIT(ROLE_COUNTER);
}

size_t list_queues(struct cache *c, enum queue_id queue, enum queue_id out[static QUEUE_ROLE_COUNT])
{
    bool all = queue == QUEUE_ALL || queue == QUEUE_TODAY || queue == QUEUE_OVERDUE;
    size_t n = 0;

    if (!all) {
        out[n++] = queue;
        if (queue == QUEUE_IN_PROGRESS && sees_withdrawals(c))
            out[n++] = QUEUE_WITHDRAWAL;
        return n;
    }
    for (int each = queue == QUEUE_ALL ? QUEUE_NONE : QUEUE_NONE + 1; each < QUEUE_ROLE_COUNT; each++)
        out[n++] = (enum queue_id)each;
    return n;
}

static bool by_submitted(const struct list_query *q)
{
    return q->sort == SORT_SUBMITTED;
}

static void add_side(struct select *s)
{
    const char *column = by_submitted(s->q) ? "submitted" : "due";
    bool after = s->side == SIDE_AFTER;

    if (s->side == SIDE_ALL || !s->key.id)
        return;
    if (s->side == SIDE_AT)
        buf_format(&s->sql, " AND id = ?%d", KEY_ID);
    else
        buf_format(&s->sql, " AND (%s, id) %s%s (?%d, ?%d)", column, after != by_submitted(s->q) ? ">" : "<",
                   s->side == SIDE_UPTO ? "=" : "", KEY_VALUE, KEY_ID);
}

/* `where` decides what stands in the list; `index` finds it in order. What comes first is few: SQLite finds it by id. */
static void add_arm(struct select *s, const char *index, const char *where)
{
    buf_text(&s->sql, s->arms++ ? " UNION ALL SELECT " : "SELECT ");
    if (s->count)
        buf_text(&s->sql, "count(*)");
    else
        buf_format(&s->sql, "%s AS value, id, n", by_submitted(s->q) ? "submitted" : "due");
    buf_text(&s->sql, " FROM dossier");
    if (index && s->place == PLACE_REST)
        buf_format(&s->sql, " INDEXED BY %s", index);
    buf_format(&s->sql, " WHERE %s%s", where, s->filter.data ? s->filter.data : "");
    add_side(s);
}

static void add_queue_arms(struct select *s, struct cache *c)
{
    enum queue_id queues[QUEUE_ROLE_COUNT];
    size_t n = list_queues(c, s->q->queue, queues);

    for (size_t i = 0; i < n; i++) {
        char where[32];
        snprintf(where, sizeof(where), "queue = %d", (int)queues[i]);
        add_arm(s, by_submitted(s->q) ? "dossier_submitted" : "dossier_due", where);
    }
}

static void add_watched_arm(struct select *s, const struct cache *c)
{
    struct buf where = {0};

    add_values(s, &where, "queue > 0 AND id", c->watched.items, c->watched.n);
    add_arm(s, NULL, where.data);
    buf_clear(&where);
}

static void add_arms(struct select *s, struct cache *c)
{
    switch (s->q->queue) {
    case QUEUE_WATCH:
        add_watched_arm(s, c);
        break;
    case QUEUE_MINE:
        add_arm(s, "dossier_mine", "mine = 1");
        break;
    case QUEUE_TODAY: /* no day ends more than 24 hours from now: the bound of ?1 + 86400 is for the index */
        add_arm(s, "dossier_runs", "clock = 1 AND due >= ?1 AND due <= ?1 + 86400 AND due < day_end(unit)");
        break;
    case QUEUE_OVERDUE:
        add_arm(s, "dossier_runs", "clock = 1 AND due < ?1");
        break;
    case QUEUE_STUCK: /* two working days are more than one day */
        add_arm(s, "dossier_since", "clock = 1 AND step_since < ?1 - 86400 AND step_since <= stuck_since(unit)");
        break;
    default:
        add_queue_arms(s, c);
    }
}

/* ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static sqlite3_stmt *prepare(struct cache *c, struct select *s, bool reverse, size_t limit)
{
    sqlite3_stmt *st = NULL;
    const char *way = reverse != by_submitted(s->q) ? " DESC" : "";

    if (!s->count && s->side != SIDE_ALL)
        buf_format(&s->sql, " ORDER BY value%s, id%s LIMIT ?%d", way, way, LIMIT);
    if (sqlite3_prepare_v2(c->reader.db, s->sql.data, -1, &st, NULL) != SQLITE_OK)
        return NULL;
    sql_number(st, NOW, s->q->now);
    sql_number(st, KEY_VALUE, s->key.value);
    sql_text(st, KEY_ID, s->key.id);
    sql_number(st, LIMIT, limit < INT32_MAX ? (int64_t)limit : INT32_MAX);
    for (size_t i = 0; i < s->n_bound; i++)
        sql_text(st, BOUND_FIRST_FREE + (int)i, s->bound[i].text);
    return st;
}

/* Finds where the row `id` stands in the order; one that is not kept is no key. */
static bool find_key(struct cache *c, const struct list_query *q, const char *id, struct key *out, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_PLACE);

    *out = (struct key){.place = PLACE_REST};
    if (!id)
        return true;
    sql_text(st, 1, id);
    int rc = sql_step(st);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sql_fail(c, &c->reader, st, e);
    if (rc == SQLITE_ROW) {
        out->id = id;
        out->value = sqlite3_column_int64(st, by_submitted(q) ? 1 : 0);
        out->n = sqlite3_column_int64(st, 2);
    }
    sqlite3_reset(st);
    for (const char *const *first = q->sort == SORT_TROUBLE ? q->first : NULL; first && *first; first++)
        if (strcmp(*first, id) == 0)
            out->place = PLACE_FIRST;
    return true;
}

/* Whether a place has anything on that side of the key. */
static bool wanted(const struct list_query *q, enum side side, const struct key *key, enum place place)
{
    if (place == PLACE_FIRST && count_first(q) == 0)
        return false;
    if (!key->id || side == SIDE_ALL || place == key->place)
        return true;
    return side == SIDE_AFTER ? place > key->place : side != SIDE_AT && place < key->place;
}

static void select_begin(struct select *s, struct cache *c, const struct list_query *q, enum side side,
                         const struct key *key, enum place place, bool count)
{
    *s = (struct select){.q = q, .side = side, .place = place, .count = count};
    if (place == key->place)
        s->key = *key;
    c->now = q->now;
    add_filters(s);
    add_arms(s, c);
}

/* Numbers of rows, and what the index says that they are ordered by. */
struct numbers {
    int64_t *n, *value;
    size_t count, cap;
};

static void numbers_add(struct numbers *out, int64_t n, int64_t value)
{
    if (out->count == out->cap) {
        out->cap = out->cap ? 2 * out->cap : 64;
        out->n = mem_grow(out->n, out->cap, sizeof(*out->n));
        out->value = mem_grow(out->value, out->cap, sizeof(*out->value));
    }
    out->n[out->count] = n;
    out->value[out->count++] = value;
}

/* Rows on one side of the key, nearest first where `reverse`, else in order; SIDE_ALL: all, in no order. */
static bool select_numbers(struct cache *c, const struct list_query *q, enum side side, const struct key *key,
                           bool reverse, size_t limit, struct numbers *out, struct err *e)
{
    bool ok = true;

    for (int i = PLACE_FIRST; ok && i <= PLACE_REST && out->count < limit; i++) {
        enum place place = reverse ? PLACE_REST - i : i;
        struct select s;
        int rc;
        if (!wanted(q, side, key, place))
            continue;
        select_begin(&s, c, q, side, key, place, false);
        sqlite3_stmt *st = prepare(c, &s, reverse, limit - out->count);
        while ((rc = sql_step(st)) == SQLITE_ROW)
            numbers_add(out, sqlite3_column_int64(st, 2), sqlite3_column_int64(st, 0));
        ok = rc == SQLITE_DONE || sql_fail(c, &c->reader, NULL, e);
        sqlite3_finalize(st);
        select_clear(&s);
    }
    return ok;
}

static bool select_count(struct cache *c, const struct list_query *q, enum side side, const struct key *key,
                         int64_t *out, struct err *e)
{
    bool ok = true;

    *out = 0;
    for (int place = PLACE_FIRST; ok && place <= PLACE_REST; place++) {
        struct select s;
        int rc;
        if (!wanted(q, side, key, (enum place)place))
            continue;
        select_begin(&s, c, q, side, key, (enum place)place, true);
        sqlite3_stmt *st = prepare(c, &s, false, 0);
        while ((rc = sql_step(st)) == SQLITE_ROW)
            *out += sqlite3_column_int64(st, 0);
        ok = rc == SQLITE_DONE || sql_fail(c, &c->reader, NULL, e);
        sqlite3_finalize(st);
        select_clear(&s);
    }
    return ok;
}

bool list_members(struct cache *c, const struct list_query *q, int64_t **n, size_t *count, struct err *e)
{
    struct numbers all = {0};
    bool ok = select_numbers(c, q, SIDE_ALL, &(struct key){.place = PLACE_REST}, false, SIZE_MAX, &all, e);

    free(all.value);
    *n = all.n;
    *count = all.count;
    return ok;
}

/* ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void turn_round(int64_t *all, size_t count)
{
    for (size_t i = 0, j = count; i + 1 < j; i++) {
        int64_t other = all[--j];
        all[j] = all[i];
        all[i] = other;
    }
}

/* An index that orders a row by what the row does not say is damaged. */
static bool is_ordered(const struct list_query *q, const struct numbers *numbers, const struct list_page *page)
{
    for (size_t i = 0; i < numbers->count; i++)
        if (numbers->value[i] != (by_submitted(q) ? page->rows[i].d.submitted_at : page->rows[i].due))
            return false;
    return true;
}

static bool page_by_index(struct cache *c, const struct list_query *q, const struct key *key, bool back,
                          size_t limit, struct arena *arena, struct list_page *out, struct err *e)
{
    struct numbers page = {0};
    bool ok = select_numbers(c, q, back ? SIDE_BEFORE : SIDE_AFTER, key, back, limit, &page, e);

    if (back) {
        turn_round(page.n, page.count);
        turn_round(page.value, page.count);
    }
    ok = ok && rows_load(c, page.n, page.count, arena, out, e) &&
         (is_ordered(q, &page, out) || cache_corrupt(c, e));
    free(page.n);
    free(page.value);
    return ok;
}

static bool page_by_name(struct cache *c, const struct sorted *sorted, const struct key *key, bool back,
                         size_t limit, struct arena *arena, struct list_page *out, struct err *e)
{
    bool there = false;
    size_t at = key->id ? sorted_place(c, sorted, key->n, &there) : back ? sorted->count : 0;
    size_t from = back ? (at > limit ? at - limit : 0) : at + there;
    size_t until = back ? at : (sorted->count - from > limit ? from + limit : sorted->count);

    return rows_load(c, sorted->n + from, until - from, arena, out, e);
}

/* Prepares what a list needs from search. `*sorted` is NULL where the index gives the order. */
static bool prepare_search(struct cache *c, struct list_query *q, const struct sorted **sorted, struct err *e)
{
    bool by_name = q->sort == SORT_NAME || q->sort == SORT_CODE;

    *sorted = NULL;
    if (q->find && *q->find && !search_mark(c, q->find, e))
        return false;
    if (!by_name)
        return true;
    if (!search_sorted(c, q, sorted, e))
        return false;
    if (!*sorted)
        q->sort = SORT_DUE;
    return true;
}

bool cache_list(struct cache *c, const struct list_query *query, const char *key_id, bool back, size_t limit,
                struct arena *arena, struct list_page *out, bool *fell_back, struct err *e)
{
    struct list_query q = *query;
    const struct sorted *sorted;
    struct key key;

    *out = (struct list_page){0};
    if (!read_begin(c, e))
        return false;
    bool ok = prepare_search(c, &q, &sorted, e) && find_key(c, &q, key_id, &key, e);
    *fell_back = q.sort != query->sort;
    if (ok && sorted)
        ok = page_by_name(c, sorted, &key, back, limit, arena, out, e);
    else if (ok)
        ok = page_by_index(c, &q, &key, back, limit, arena, out, e);
    read_end(c);
    return ok;
}

bool cache_list_position(struct cache *c, const struct list_query *query, const char *key_id,
                         int64_t *position, int64_t *total, struct err *e)
{
    struct list_query q = *query;
    const struct sorted *sorted;
    struct key key;
    int64_t there = 0;

    *position = -1;
    *total = 0;
    if (!read_begin(c, e))
        return false;
    bool ok = prepare_search(c, &q, &sorted, e) && find_key(c, &q, key_id, &key, e);
    if (ok && sorted) {
        bool in_list = false;
        size_t at = key.id ? sorted_place(c, sorted, key.n, &in_list) : 0;
        *total = (int64_t)sorted->count;
        *position = in_list ? (int64_t)at + 1 : -1;
    } else if (ok) {
        ok = select_count(c, &q, SIDE_ALL, &key, total, e) &&
             (!key.id || select_count(c, &q, SIDE_AT, &key, &there, e)) &&
             (!there || select_count(c, &q, SIDE_UPTO, &key, position, e));
    }
    read_end(c);
    return ok;
}

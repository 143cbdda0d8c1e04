/* Lists: every queue in every order, forwards and backwards, against a list that is sorted by hand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"
#include "tests/unit/core_samples.h"

#include <stdlib.h>
#include <string.h>

#define MANY 3000
#define PAGE 17

/* What the test knows of a dossier, beside the cache. */
struct known {
    char id[16], name[64], code[24];
    const char *status, *step, *unit, *procedure, *channel, *assignee;
    int64_t due, submitted, step_since;
};
static struct feed feed;
static struct known known[MANY];

static const char *const statuses[] = {"registered",          "received",         "in_progress",
                                       "awaiting_supplement", "awaiting_payment", "withdrawal_requested",
                                       "completed",           "returned",         "declined"};
static const char *const steps[] = {"assessment", "approval", "issuing"};
static const char *const units[] = {"u-1", "u-2", "u-3"};
static const char *const channels[] = {"counter", "online", "post"};

static json_t *known_json(const struct known *k)
{
    json_t *d = dossier_json(k->id, 1, k->status, k->step);

    set_text(d, "code", k->code);
    set_applicant(d, k->name, NULL);
    set_text(d, "unit", k->unit);
    set_text(d, "procedure", k->procedure);
    set_text(d, "channel", k->channel);
    set_text(d, "assignee", k->assignee);
    set_time(d, "submitted_at", k->submitted);
    set_time(d, "step_since", k->step_since);
    set_time(d, strcmp(k->status, "registered") == 0 ? "decide_by" : "due_at",
             k->due == INSTANT_NEVER ? INSTANT_NONE : k->due);
    return d;
}

/* Times lie on few values, so that many rows tie. */
static int setup(void **state)
{
    uint64_t seed = 42;
    json_t *entries = json_array();

    feed_new(&feed);
    json_array_append_new(entries, entry("calendar", "c-1", 1, calendar_json("u-1", "Asia/Ho_Chi_Minh")));
    json_array_append_new(entries, entry("calendar", "c-2", 1, calendar_json("u-2", "UTC")));
    for (int i = 0; i < MANY; i++) {
        struct known *k = &known[i];
        snprintf(k->id, sizeof(k->id), "d%u-%d", sample_number(&seed) % 100, i);
        snprintf(k->code, sizeof(k->code), "000.25.H06-%04u-%d", sample_number(&seed) % 500, i);
        sample_name(&seed, k->name);
        k->status = statuses[sample_number(&seed) % 9];
        k->step = strcmp(k->status, "in_progress") == 0 ? steps[sample_number(&seed) % 3] : "intake";
        k->unit = units[sample_number(&seed) % 3];
        k->procedure = sample_number(&seed) % 2 ? "p-1" : "p-2";
        k->channel = channels[sample_number(&seed) % 3];
        k->assignee = sample_number(&seed) % 5 == 0 ? ME : sample_number(&seed) % 2 ? "of-other" : NULL;
        k->due = sample_number(&seed) % 20 == 0 ? INSTANT_NEVER
                                                : T0 + ((int64_t)(sample_number(&seed) % 40) - 20) * 7200;
        k->submitted = T0 - (int64_t)(sample_number(&seed) % 50) * 3600;
        k->step_since = T0 - (int64_t)(sample_number(&seed) % 90) * 3600;
        json_array_append_new(entries, dossier_entry(known_json(k)));
    }
    full_pass(&feed, entries);
    cache_take_changes(feed.cache);
    *state = &feed;
    return 0;
}

static int teardown(void **state)
{
    feed_free(&feed);
    return 0;
}

/* ── the same by hand ──────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static bool ended(const struct known *k)
{
    return is(k->status, "returned") || is(k->status, "declined") || is(k->status, "completed");
}

static bool stands(const struct known *k)
{
    return is(k->status, "awaiting_supplement") || is(k->status, "awaiting_payment") ||
           is(k->status, "withdrawal_requested");
}

static int64_t end_of_day(const char *unit)
{
    int32_t offset = is(unit, "u-2") ? 0 : 7 * 3600;

    return instant_day_start(instant_day(T0, offset) + 1, offset);
}

static bool due_is(const struct known *k, unsigned kinds)
{
    enum time_kind kind = TIME_LEFT;

    if (ended(k))
        return false;
    if (stands(k))
        kind = TIME_PAUSED;
    else if (k->due < T0)
        kind = TIME_OVERDUE;
    else if (k->due < end_of_day(k->unit))
        kind = TIME_TODAY;
    return kinds & 1u << kind;
}

static enum queue_id role_queue(const struct known *k)
{
    struct dossier d = {.status = k->status, .step = k->step};

    return queue_of(&d);
}

static bool in_queue(const struct known *k, enum queue_id queue)
{
    switch (queue) {
    case QUEUE_ALL:
        return true;
    case QUEUE_MINE:
        return is(k->assignee, ME) && !ended(k);
    case QUEUE_TODAY:
        return due_is(k, 1u << TIME_TODAY);
    case QUEUE_OVERDUE:
        return due_is(k, 1u << TIME_OVERDUE);
    case QUEUE_STUCK: /* u-3 has no calendar: nothing there is ever stuck */
        return !ended(k) && !stands(k) && !is(k->unit, "u-3") &&
               calendar_stuck(cache_calendar(feed.cache, k->unit), k->step_since, T0);
    default:
        return role_queue(k) == queue;
    }
}

static const struct list_query *query; /* of the comparison */

static bool among_first(const char *id)
{
    for (const char *const *first = query->first; first && *first; first++)
        if (is(id, *first))
            return true;
    return false;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
    const struct known *a = *(const struct known *const *)left, *b = *(const struct known *const *)right;

    if (query->sort == SORT_SUBMITTED) {
        int newer = compare_numbers(b->submitted, a->submitted);
        return newer ? newer : strcmp(b->id, a->id);
    }
    if (query->sort == SORT_TROUBLE && among_first(a->id) != among_first(b->id))
        return among_first(a->id) ? -1 : 1;
    int later = compare_numbers(a->due, b->due);
    return later ? later : strcmp(a->id, b->id);
}

static bool one_of(const struct texts *texts, const char *value)
{
    for (size_t i = 0; i < texts->n; i++)
        if (is(value, texts->items[i]))
            return true;
    return texts->n == 0;
}

static size_t by_hand(const struct list_query *q, const struct known **out)
{
    size_t n = 0;

    for (size_t i = 0; i < MANY; i++) {
        const struct known *k = &known[i];
        if (in_queue(k, q->queue) && one_of(&q->units, k->unit) && one_of(&q->procedures, k->procedure) &&
            one_of(&q->channels, k->channel) && one_of(&q->statuses, k->status) &&
            one_of(&q->assignees, k->assignee) && (!q->due || due_is(k, q->due)))
            out[n++] = k;
    }
    query = q;
    qsort((void *)out, n, sizeof(void *), compare);
    return n;
}

/* ── the comparison ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void same_rows(const struct list_page *page, const struct known **expected, size_t n)
{
    assert_int_equal(page->n, n);
    for (size_t i = 0; i < n; i++) {
        const struct dossier_row *row = &page->rows[i];
        assert_string_equal(row->d.id, expected[i]->id);
        assert_string_equal(row->d.code, expected[i]->code);
        assert_string_equal(row->d.applicant->name, expected[i]->name);
        assert_string_equal(row->d.unit, expected[i]->unit);
        assert_true(row->due == expected[i]->due);
        assert_true(row->d.submitted_at == expected[i]->submitted);
    }
}

static void pages_are_as_by_hand(const struct list_query *q)
{
    static const struct known *expected[MANY];
    size_t n = by_hand(q, expected);
    struct arena arena = {0};
    struct err e = {0};
    struct list_page page;
    int64_t position, total;
    bool fell_back;
    const char *key = NULL;

    for (size_t at = 0;; at += PAGE) { /* forwards */
        assert_ok(cache_list(feed.cache, q, key, false, PAGE, &arena, &page, &fell_back, &e), &e);
        same_rows(&page, expected + at, n - at < PAGE ? n - at : PAGE);
        if (page.n < PAGE)
            break;
        key = expected[at + PAGE - 1]->id;
        assert_ok(cache_list_position(feed.cache, q, key, &position, &total, &e), &e);
        assert_int_equal(position, at + PAGE);
        assert_int_equal(total, n);
        arena_reset(&arena);
    }
    key = NULL;
    for (size_t end = n;;) { /* and back */
        size_t count = end < PAGE ? end : PAGE;
        assert_ok(cache_list(feed.cache, q, key, true, PAGE, &arena, &page, &fell_back, &e), &e);
        same_rows(&page, expected + end - count, count);
        if (count < PAGE)
            break;
        end -= count;
        key = expected[end]->id;
        arena_reset(&arena);
    }
    arena_clear(&arena);
}

static void every_queue_pages_in_both_orders(void **state)
{
    for (int queue = QUEUE_NONE; queue <= QUEUE_ALL; queue++) {
        if (queue == QUEUE_ROLE_COUNT || queue == QUEUE_WATCH)
            continue;
        for (int sort = SORT_DUE; sort <= SORT_SUBMITTED; sort++)
            pages_are_as_by_hand(
                &(struct list_query){.queue = (enum queue_id)queue, .sort = (enum list_sort)sort, .now = T0});
    }
}

static void filters_are_joined(void **state)
{
    static const char *two_units[] = {"u-1", "u-3"}, *one[] = {"p-2"}, *online[] = {"online"}, *me[] = {ME},
                      *two_statuses[] = {"received", "awaiting_payment"};
    const struct list_query queries[] = {
        {.queue = QUEUE_ALL, .units = {two_units, 2}},
        {.queue = QUEUE_IN_PROGRESS, .units = {two_units, 1}, .procedures = {one, 1}},
        {.queue = QUEUE_ALL, .statuses = {two_statuses, 2}, .assignees = {me, 1}, .channels = {online, 1}},
        {.queue = QUEUE_ALL, .due = 1u << TIME_OVERDUE | 1u << TIME_PAUSED},
        {.queue = QUEUE_ALL, .due = 1u << TIME_TODAY},
        {.queue = QUEUE_MINE, .due = 1u << TIME_LEFT, .channels = {online, 1}},
    };
    for (size_t i = 0; i < sizeof(queries) / sizeof *queries; i++) {
        struct list_query q = queries[i];
        q.now = T0;
        pages_are_as_by_hand(&q);
        q.sort = SORT_SUBMITTED;
        pages_are_as_by_hand(&q);
    }
}

static void trouble_comes_first(void **state)
{
    const char *first[] = {known[7].id, known[1500].id, "not-here", known[2999].id, known[12].id, NULL};

    pages_are_as_by_hand(
        &(struct list_query){.queue = QUEUE_ALL, .sort = SORT_TROUBLE, .first = first, .now = T0});
    pages_are_as_by_hand(
        &(struct list_query){.queue = role_queue(&known[7]), .sort = SORT_TROUBLE, .first = first, .now = T0});
    first[0] = NULL;
    pages_are_as_by_hand(
        &(struct list_query){.queue = QUEUE_ALL, .sort = SORT_TROUBLE, .first = first, .now = T0});
}

/* ── single things ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static int fresh(void **state)
{
    feed_new(&feed);
    *state = &feed;
    return 0;
}

static json_t *in_progress(const char *id, int64_t due)
{
    json_t *d = dossier_json(id, 1, "in_progress", "assessment");

    set_time(d, "due_at", due);
    return dossier_entry(d);
}

static void a_key_that_left_the_list_goes_on_at_its_place(void **state)
{
    struct feed *f = *state;
    struct list_query q = {.queue = QUEUE_IN_PROGRESS, .now = T0};
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    bool fell_back;
    int64_t position, total;

    full_pass(f, json_pack("[ooo]", in_progress("a", T0), in_progress("b", T0 + 1), in_progress("c", T0 + 2)));
    json_t *b = dossier_json("b", 2, "in_progress", "approval");
    set_time(b, "due_at", T0 + 1);
    apply_one(f, dossier_entry(b));
    assert_ok(cache_list(f->cache, &q, "b", false, 10, &arena, &page, &fell_back, &e), &e);
    assert_int_equal(page.n, 1);
    assert_string_equal(page.rows[0].d.id, "c");
    assert_ok(cache_list_position(f->cache, &q, "b", &position, &total, &e), &e);
    assert_int_equal(position, -1);
    assert_int_equal(total, 2);
    apply_one(f, entry("dossier", "b", 3, NULL)); /* not kept any more: from the start */
    assert_ok(cache_list(f->cache, &q, "b", false, 10, &arena, &page, &fell_back, &e), &e);
    assert_int_equal(page.n, 2);
    arena_clear(&arena);
}

static void officer_with_role(struct feed *f, const char *role)
{
    apply_one(
        f, entry("officer", ME, T0,
                 json_pack("{ss ss ss s[s]}", "id", ME, "name", "Trần Thị Mai", "unit", "u-1", "roles", role)));
    cache_take_changes(f->cache);
}

static void what_is_to_be_withdrawn_is_the_counters(void **state)
{
    struct feed *f = *state;
    struct list_query q = {.queue = QUEUE_IN_PROGRESS, .now = T0};
    struct queue_count count;
    struct err e = {0};
    json_t *w = dossier_json("w", 1, "withdrawal_requested", "assessment");

    set_time(w, "due_at", T0 - 50);
    full_pass(f, json_pack("[ooo]", in_progress("a", T0 - 100), dossier_entry(w), in_progress("z", T0)));
    officer_with_role(f, "specialist");
    char *ids = list_ids(f, &q);
    assert_string_equal(ids, "a z");
    mem_free(&ids);
    apply_one(f, entry("officer", ME, T0, NULL));
    officer_with_role(f, "counter");
    ids = list_ids(f, &q);
    assert_string_equal(ids, "a w z");
    mem_free(&ids);
    assert_ok(cache_queue_count(f->cache, QUEUE_IN_PROGRESS, NULL, T0, &count, &e), &e);
    assert_int_equal(count.total, 3);
    assert_int_equal(count.overdue, 1);
}

static void a_row_says_what_a_list_shows(void **state)
{
    struct feed *f = *state;
    struct list_query q = {.queue = QUEUE_ALL, .now = T0};
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    bool fell_back;
    json_t *d = dossier_json("d-1", 9, "awaiting_supplement", "assessment");

    set_text(d, "external_code", "VNeID-77");
    set_text(d, "assignee", "of-khoa");
    set_applicant(d, "Lê Thị Hoa Lài", "077195004821");
    set_time(d, "paused_since", T0 + 3);
    set_time(d, "step_since", T0 + 3);
    full_pass(f, json_pack("[o]", dossier_entry(d)));
    assert_ok(cache_list(f->cache, &q, NULL, false, 10, &arena, &page, &fell_back, &e), &e);
    const struct dossier *row = &page.rows[0].d;
    assert_int_equal(page.n, 1);
    assert_int_equal(row->version, 9);
    assert_string_equal(row->code, "M-d-1");
    assert_string_equal(row->external_code, "VNeID-77");
    assert_string_equal(row->procedure, "p-1");
    assert_string_equal(row->applicant->kind, "person");
    assert_string_equal(row->applicant->name, "Lê Thị Hoa Lài");
    assert_string_equal(row->applicant->id_number, "077195004821");
    assert_string_equal(row->assignee, "of-khoa");
    assert_string_equal(row->status, "awaiting_supplement");
    assert_string_equal(row->step, "assessment");
    assert_string_equal(row->channel, "online");
    assert_true(row->step_since == T0 + 3 && row->paused_since == T0 + 3 && row->submitted_at == T0);
    assert_true(row->due_at == T0 + 86400 && page.rows[0].due == T0 + 86400);
    assert_true(row->decide_by == INSTANT_NONE && row->completed_at == INSTANT_NONE &&
                row->returned_at == INSTANT_NONE);
    arena_clear(&arena);
}

static void watched_dossiers_are_a_list_of_their_own(void **state)
{
    struct feed *f = *state;
    struct list_query q = {.queue = QUEUE_WATCH, .now = T0};
    struct queue_count count;
    struct err e = {0};

    full_pass(f, json_pack("[oooo]", in_progress("a", T0 + 60), in_progress("b", T0 - 1),
                           in_progress("c", T0), dossier_entry(dossier_json("d", 1, "returned", "closed"))));
    cache_watch(f->cache, (const char *[]){"a", "b", "d", "nobody"}, 4);
    char *ids = list_ids(f, &q);
    assert_string_equal(ids, "b a");
    mem_free(&ids);
    assert_ok(cache_queue_count(f->cache, QUEUE_WATCH, NULL, T0, &count, &e), &e);
    assert_int_equal(count.total, 2);
    assert_int_equal(count.today, 1);
    assert_int_equal(count.overdue, 1);
    assert_true(count.nearest == T0 - 1 && count.oldest_overdue == T0 - 1);
    cache_watch(f->cache, NULL, 0);
    ids = list_ids(f, &q);
    assert_string_equal(ids, "");
    mem_free(&ids);
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, fresh, teardown)

int main(void)
{
    const struct CMUnitTest thousands[] = {
        cmocka_unit_test(every_queue_pages_in_both_orders),
        cmocka_unit_test(filters_are_joined),
        cmocka_unit_test(trouble_comes_first),
    };
    const struct CMUnitTest few[] = {
        FRESH(a_key_that_left_the_list_goes_on_at_its_place),
        FRESH(what_is_to_be_withdrawn_is_the_counters),
        FRESH(a_row_says_what_a_list_shows),
        FRESH(watched_dossiers_are_a_list_of_their_own),
    };
    return cmocka_run_group_tests(thousands, setup, teardown) + cmocka_run_group_tests(few, NULL, NULL);
}

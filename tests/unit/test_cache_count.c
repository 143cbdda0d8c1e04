/* Counts: after random changes and at moved clocks, against a count by hand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"
#include "tests/unit/core_samples.h"

#include <stdlib.h>
#include <string.h>

#define MANY   150
#define ROUNDS 400

struct known {
    bool there;
    int64_t version;
    const char *status, *step, *unit, *assignee;
    int64_t due, step_since;
    int32_t until;
};
static struct feed feed;
static struct known known[MANY];
static uint64_t seed;

static const char *const statuses[] = {"registered",
                                       "received",
                                       "in_progress",
                                       "in_progress",
                                       "awaiting_supplement",
                                       "awaiting_payment",
                                       "withdrawal_requested",
                                       "completed",
                                       "returned",
                                       "of_a_later_version"};
static const char *const steps[] = {"assessment", "approval", "issuing"};
static const char *const units[] = {"u-1", "u-2", "u-3"}; /* +07:00, UTC, no calendar */

static uint32_t chance(uint32_t below)
{
    return sample_number(&seed) % below;
}

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static int setup(void **state)
{
    seed = 7;
    memset(known, 0, sizeof(known));
    feed_new(&feed);
    full_pass(&feed, json_pack("[ooo]", entry("calendar", "c-1", 1, calendar_json("u-1", "Asia/Ho_Chi_Minh")),
                               entry("calendar", "c-2", 1, calendar_json("u-2", "UTC")),
                               entry("officer", ME, 1,
                                     json_pack("{ss ss ss s[s]}", "id", ME, "name", "Mai", "unit", "u-1",
                                               "roles", "counter"))));
    cache_take_changes(feed.cache);
    *state = &feed;
    return 0;
}

static int teardown(void **state)
{
    feed_free(&feed);
    return 0;
}

static json_t *supplements(int32_t until)
{
    char asked[INSTANT_TEXT], day[DAY_TEXT];
    json_t *s;

    instant_format(T0, 7 * 3600, asked);
    s = json_pack("{ss ss ss}", "requested_at", asked, "by", "of-other", "note", "thiếu giấy chứng sinh");
    if (until != DAY_NONE) {
        day_format(until, day);
        set_text(s, "until", day);
    }
    return json_pack("[o]", s);
}

static json_t *change(int i)
{
    struct known *k = &known[i];
    char id[16];

    snprintf(id, sizeof(id), "d-%d", i);
    if (k->there && chance(8) == 0) {
        k->there = false;
        return entry("dossier", id, k->version, NULL);
    }
    *k = (struct known){
        .there = true,
        .version = k->version + 1,
        .status = statuses[chance(10)],
        .unit = units[chance(3)],
        .assignee = chance(4) == 0 ? ME : NULL,
        .due = chance(15) == 0 ? INSTANT_NEVER : T0 + ((int64_t)chance(2 * 96) - 96) * 1800,
        .step_since = T0 - (int64_t)chance(120) * 1800,
        .until = chance(4) == 0 ? DAY_NONE : instant_day(T0, 0) + (int32_t)chance(10) - 3,
    };
    k->step = is(k->status, "in_progress") ? steps[chance(3)] : "intake";
    json_t *d = dossier_json(id, k->version, k->status, k->step);
    set_text(d, "unit", k->unit);
    set_text(d, "assignee", k->assignee);
    set_time(d, "step_since", k->step_since);
    set_time(d, is(k->status, "registered") ? "decide_by" : "due_at",
             k->due == INSTANT_NEVER ? INSTANT_NONE : k->due);
    if (is(k->status, "awaiting_supplement"))
        json_object_set_new(d, "supplements", supplements(k->until));
    return dossier_entry(d);
}

/* ── the same by hand ──────────────────────────────────────────────────────────────────────────────────────────────── */

static bool ended(const struct known *k)
{
    return is(k->status, "completed") || is(k->status, "returned");
}

static bool stands(const struct known *k)
{
    return is(k->status, "awaiting_supplement") || is(k->status, "awaiting_payment") ||
           is(k->status, "withdrawal_requested");
}

static bool is_overdue(const struct known *k, int64_t now)
{
    return !ended(k) && !stands(k) && k->due < now;
}

static bool is_today(const struct known *k, int64_t now)
{
    int32_t offset = is(k->unit, "u-2") ? 0 : 7 * 3600;

    return !ended(k) && !stands(k) && k->due >= now && instant_day(k->due, offset) == instant_day(now, offset);
}

static bool in_queue(const struct known *k, enum queue_id queue, int64_t now)
{
    struct dossier d = {.status = k->status, .step = k->step};
    enum queue_id role_queue = queue_of(&d);

    switch (queue) {
    case QUEUE_ALL:
        return true;
    case QUEUE_MINE:
        return is(k->assignee, ME) && !ended(k);
    case QUEUE_TODAY:
        return is_today(k, now);
    case QUEUE_OVERDUE:
        return is_overdue(k, now);
    case QUEUE_STUCK:
        return !ended(k) && !stands(k) && !is(k->unit, "u-3") &&
               calendar_stuck(cache_calendar(feed.cache, k->unit), k->step_since, now);
    case QUEUE_IN_PROGRESS:
        return role_queue == QUEUE_IN_PROGRESS || role_queue == QUEUE_WITHDRAWAL;
    default:
        return role_queue == queue;
    }
}

static bool among(const struct texts *texts, const char *unit)
{
    for (size_t i = 0; i < texts->n; i++)
        if (is(unit, texts->items[i]))
            return true;
    return texts->n == 0;
}

static struct queue_count by_hand(enum queue_id queue, const struct texts *chosen, int64_t now)
{
    struct queue_count count = {
        .nearest = INSTANT_NONE, .nearest_until = DAY_NONE, .oldest_overdue = INSTANT_NONE};
    bool all_stand = true;

    for (size_t i = 0; i < MANY; i++) {
        const struct known *k = &known[i];
        if (!k->there || !among(chosen, k->unit) || !in_queue(k, queue, now))
            continue;
        bool runs = !ended(k) && !stands(k) && k->due != INSTANT_NEVER;
        count.total++;
        count.today += is_today(k, now);
        count.overdue += is_overdue(k, now);
        all_stand = all_stand && stands(k);
        if (runs && (count.nearest == INSTANT_NONE || k->due < count.nearest))
            count.nearest = k->due;
        if (queue == QUEUE_SUPPLEMENT && k->until != DAY_NONE &&
            (count.nearest_until == DAY_NONE || k->until < count.nearest_until))
            count.nearest_until = k->until;
    }
    count.nearest_paused = count.total > 0 && all_stand;
    if (queue == QUEUE_STUCK) /* the total alone */
        return (struct queue_count){.total = count.total,
                                    .nearest = INSTANT_NONE,
                                    .nearest_until = DAY_NONE,
                                    .oldest_overdue = INSTANT_NONE};
    if (count.nearest != INSTANT_NONE && count.nearest < now)
        count.oldest_overdue = count.nearest;
    return count;
}

static void counts_are_as_by_hand(const struct texts *chosen, int64_t now)
{
    for (int queue = QUEUE_NONE; queue <= QUEUE_ALL; queue++) {
        struct queue_count got, expected;
        struct err e = {0};
        if (queue == QUEUE_ROLE_COUNT || queue == QUEUE_WATCH || queue == QUEUE_WITHDRAWAL)
            continue;
        assert_ok(cache_queue_count(feed.cache, (enum queue_id)queue, chosen, now, &got, &e), &e);
        expected = by_hand((enum queue_id)queue, chosen, now);
        if (got.total != expected.total || got.today != expected.today || got.overdue != expected.overdue ||
            got.nearest != expected.nearest || got.nearest_paused != expected.nearest_paused ||
            got.nearest_until != expected.nearest_until || got.oldest_overdue != expected.oldest_overdue)
            fail_at(HERE,
                    "queue %d at T0 %+lld: total %lld (%lld) today %lld (%lld) overdue %lld (%lld) nearest %lld (%lld) paused %d (%d) "
                    "until %d (%d)",
                    queue, (long long)(now - T0), (long long)got.total, (long long)expected.total,
                    (long long)got.today, (long long)expected.today, (long long)got.overdue,
                    (long long)expected.overdue, (long long)(got.nearest - T0),
                    (long long)(expected.nearest - T0), got.nearest_paused, expected.nearest_paused,
                    got.nearest_until, expected.nearest_until);
    }
}

/* Moments at which something ends or begins: midnights of both zones, due times themselves, and around them. */
static const int64_t moments[] = {
    T0,
    T0 - 1800,
    T0 + 1800,
    T0 - 34920, /* 00:00 at +07:00 */
    T0 - 34921,
    T0 - 34920 + 86400, /* the next one */
    T0 - 34921 + 86400,
    T0 - 9720, /* 00:00 UTC */
    T0 - 9721,
    T0 + 5 * 86400,
    T0 - 5 * 86400,
};

static void counts_hold_after_random_changes_and_at_moved_clocks(void **state)
{
    static const char *one[] = {"u-2"}, *two[] = {"u-1", "u-3"};
    const struct texts filters[] = {{NULL, 0}, {one, 1}, {two, 2}};

    for (int round = 0; round < ROUNDS; round++) {
        json_t *entries = json_array();
        for (uint32_t n = chance(6) + 1; n > 0; n--)
            json_array_append_new(entries, change((int)chance(MANY)));
        apply_page(&feed, entries, "r", false);
        counts_are_as_by_hand(&filters[chance(3)], moments[chance(sizeof(moments) / sizeof *moments)]);
    }
    for (size_t i = 0; i < sizeof(moments) / sizeof *moments; i++)
        for (size_t j = 0; j < 3; j++)
            counts_are_as_by_hand(&filters[j], moments[i]);
    for (int hour = -60; hour < 60; hour++) /* as time passes, with nothing written */
        counts_are_as_by_hand(&filters[0], T0 + hour * 3600);
}

static void a_list_has_as_many_rows_as_its_queue_counts(void **state)
{
    json_t *entries = json_array();

    for (int i = 0; i < MANY; i++)
        json_array_append_new(entries, change(i));
    apply_page(&feed, entries, "r", false);
    for (int queue = QUEUE_NONE; queue <= QUEUE_ALL; queue++)
        for (size_t i = 0; i < sizeof(moments) / sizeof *moments; i++) {
            struct list_query q = {.queue = (enum queue_id)queue, .now = moments[i]};
            struct queue_count count;
            int64_t position, total;
            struct err e = {0};
            if (queue == QUEUE_ROLE_COUNT)
                continue;
            assert_ok(cache_queue_count(feed.cache, q.queue, NULL, q.now, &count, &e), &e);
            assert_ok(cache_list_position(feed.cache, &q, NULL, &position, &total, &e), &e);
            assert_int_equal(count.total, total);
            assert_int_equal(position, -1);
        }
}

static void at_midnight_today_becomes_overdue(void **state)
{
    const int64_t midnight = T0 - 34920 + 86400;
    static const struct {
        int64_t from_midnight, today, overdue;
    } cases[] = {{-60, 1, 0}, {-1, 1, 0}, {0, 1, 1}, {1, 0, 2}};
    json_t *a = dossier_json("a", 1, "in_progress", "assessment"),
           *b = dossier_json("b", 1, "in_progress", "assessment");
    struct queue_count count;
    struct err e = {0};

    set_time(a, "due_at", midnight - 1);
    set_time(b, "due_at", midnight);
    apply_page(&feed, json_pack("[oo]", dossier_entry(a), dossier_entry(b)), "m", false);
    for (size_t i = 0; i < sizeof(cases) / sizeof *cases; i++) {
        assert_ok(cache_queue_count(feed.cache, QUEUE_IN_PROGRESS, NULL, midnight + cases[i].from_midnight,
                                    &count, &e),
                  &e);
        assert_int_equal(count.total, 2);
        assert_int_equal(count.today, cases[i].today);
        assert_int_equal(count.overdue, cases[i].overdue);
    }
}

static void what_stands_still_says_so(void **state)
{
    struct queue_count count;
    struct err e = {0};
    json_t *s = dossier_json("s", 1, "awaiting_supplement", "assessment");

    json_object_set_new(s, "supplements", supplements(day_of(2023, 1, 5)));
    apply_page(&feed,
               json_pack("[ooo]", dossier_entry(s),
                         dossier_entry(dossier_json("p", 1, "awaiting_payment", "intake")),
                         dossier_entry(dossier_json("r", 1, "completed", "return"))),
               "s", false);
    assert_ok(cache_queue_count(feed.cache, QUEUE_SUPPLEMENT, NULL, T0, &count, &e), &e);
    assert_true(count.nearest_until == day_of(2023, 1, 5) && count.nearest_paused &&
                count.nearest == INSTANT_NONE);
    assert_ok(cache_queue_count(feed.cache, QUEUE_UNPAID, NULL, T0, &count, &e), &e);
    assert_true(count.nearest_paused && count.total == 1);
    assert_ok(cache_queue_count(feed.cache, QUEUE_TO_RETURN, NULL, T0, &count, &e), &e);
    assert_true(!count.nearest_paused && count.total == 1 && count.nearest == INSTANT_NONE && count.overdue == 0);
}

static void a_calendar_of_another_zone_moves_the_day(void **state)
{
    struct queue_count count;
    struct err e = {0};
    json_t *d = dossier_json("z", 1, "in_progress", "assessment");

    set_time(d, "due_at", T0 - 34920 + 86400 + 3600); /* 01:00 of the next day at +07:00, still the same day in UTC */
    apply_one(&feed, dossier_entry(d));
    assert_ok(cache_queue_count(feed.cache, QUEUE_TODAY, NULL, T0, &count, &e), &e);
    assert_int_equal(count.total, 0);
    apply_one(&feed, entry("calendar", "c-1", 2, calendar_json("u-1", "UTC")));
    assert_true(cache_take_changes(feed.cache) & CACHE_REFERENCE);
    assert_ok(cache_queue_count(feed.cache, QUEUE_TODAY, NULL, T0, &count, &e), &e);
    assert_int_equal(count.total, 1);
    assert_int_equal(count.today, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Of one unit, the most used first, and never more than were asked about lately. */
static void procedures_are_counted_by_unit(void **state)
{
    static const struct {
        const char *id, *unit, *procedure;
    } rows[] = {
        {"a", "u-1", "p-1"}, {"b", "u-1", "p-2"}, {"c", "u-1", "p-2"}, {"d", "u-2", "p-1"}, {"e", "u-1", "p-0"}};
    struct arena arena = {0};
    struct procedure_use *uses;
    struct err e = {0};
    size_t n;

    json_t *entries = json_array();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        json_t *d = dossier_json(rows[i].id, 1, "received", "intake");
        set_text(d, "unit", rows[i].unit);
        set_text(d, "procedure", rows[i].procedure);
        json_array_append_new(entries, dossier_entry(d));
    }
    json_array_append_new(entries, entry("procedure", "p-1", 1, json_pack("{ss}", "id", "p-1")));
    full_pass(&feed, entries);
    assert_ok(cache_procedure_uses(feed.cache, "u-1", &arena, &uses, &n, &e), &e);
    assert_int_equal(n, 3);
    assert_string_equal(uses[0].procedure, "p-2");
    assert_int_equal(uses[0].n, 2);
    assert_string_equal(uses[1].procedure, "p-0");
    assert_string_equal(uses[2].procedure, "p-1");
    assert_int_equal(uses[2].n, 1);
    assert_ok(cache_procedure_uses(feed.cache, "u-9", &arena, &uses, &n, &e), &e);
    assert_int_equal(n, 0);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counts_hold_after_random_changes_and_at_moved_clocks),
        TEST(a_list_has_as_many_rows_as_its_queue_counts),
        TEST(at_midnight_today_becomes_overdue),
        TEST(what_stands_still_says_so),
        TEST(a_calendar_of_another_zone_moves_the_day),
        TEST(procedures_are_counted_by_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

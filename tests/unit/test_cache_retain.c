/* What is closed goes a day after it changed or was opened last, by the server's clock alone; what is open stays; nothing of what
 * went can be read in the files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define HOUR 3600
#define DAY  86400

static struct feed feed;

static int setup(void **state)
{
    feed_new(&feed);
    return 0;
}

static int teardown(void **state)
{
    feed_free(&feed);
    return 0;
}

static json_t *closed_at(const char *id, int64_t version, int64_t t)
{
    json_t *d = dossier_json(id, version, "returned", "done");

    set_time(d, "step_since", t);
    set_time(d, "returned_at", t);
    return dossier_entry(d);
}

static bool keeps(void *id, const char *which)
{
    return id && strcmp(id, which) == 0;
}

/* Until nothing is left to do; how many turns that took. */
static int retain(int64_t now, const char *kept)
{
    const struct retain_ask ask = {.now = now, .keep = keeps, .context = (void *)kept};
    int turns = 1;

    while (cache_retain(feed.cache, &feed.machine.env.env, 4, &ask))
        turns++;
    return turns;
}

static void holds_at(struct at at, const char *expected)
{
    struct list_query q = {.queue = QUEUE_ALL, .sort = SORT_SUBMITTED, .now = T0};
    char *ids = list_ids(&feed, &q);

    if (strcmp(ids, expected) != 0)
        fail_at(at, "“%s”, not “%s”", ids, expected);
    free(ids);
}
#define holds(expected) holds_at(HERE, expected)

/* Two closed ones, two that only look so. */
static void some(void)
{
    json_t *completed = dossier_json("d-completed", 1, "completed", "result");

    set_time(completed, "completed_at", T0 - 9 * DAY);
    full_pass(&feed, json_pack("[oooo]", closed_at("d-new", 1, T0 - 23 * HOUR),
                               closed_at("d-old", 1, T0 - 25 * HOUR), dossier_entry(completed),
                               dossier_entry(dossier_json("d-open", 1, "in_progress", "assessment"))));
}

static void goes_a_day_after_its_last_change(void **state)
{
    struct queue_count count;
    struct err e = {0};

    some();
    assert_int_equal(cache_dossier_count(feed.cache), 4);
    retain(T0, NULL);
    holds("d-open d-new d-completed");
    assert_int_equal(held_version(&feed, "d-old"), 0);
    assert_int_equal(cache_dossier_count(feed.cache), 3); /* the tally went along */
    retain(T0 + HOUR + 1, NULL);
    holds("d-open d-completed");
    retain(T0 + 400 * DAY, NULL); /* what is open stays, and what waits to be handed over */
    holds("d-open d-completed");
    assert_ok(cache_queue_count(feed.cache, QUEUE_ALL, NULL, T0, &count, &e), &e);
    assert_int_equal(count.total, 2);
}

static void without_the_servers_time_nothing_goes(void **state)
{
    some();
    retain(INSTANT_NONE, NULL);
    assert_int_equal(cache_dossier_count(feed.cache), 4);
}

static void comes_back_when_it_changes(void **state)
{
    some();
    retain(T0, NULL);
    apply_one(&feed, closed_at("d-old", 2, T0 - 25 * HOUR)); /* a comment, say: no step was taken */
    retain(T0 + 100, NULL);
    assert_int_equal(held_version(&feed, "d-old"), 2);
    retain(T0 + 23 * HOUR, NULL);
    assert_int_equal(held_version(&feed, "d-old"), 2);
    retain(T0 + 100 + DAY, NULL);
    assert_int_equal(held_version(&feed, "d-old"), 0);
}

static void what_comes_again_unchanged_is_no_younger(void **state)
{
    some();
    apply_one(&feed, closed_at("d-new", 2, T0));
    retain(T0, NULL);
    apply_one(&feed, closed_at("d-new", 2, T0)); /* an answer that crossed the feed, a page asked for twice */
    retain(T0 + 23 * HOUR, NULL);
    full_pass(&feed, json_pack("[o]", closed_at("d-new", 2, T0)));
    assert_int_equal(held_version(&feed, "d-new"), 2);
    retain(T0 + DAY, NULL);
    assert_int_equal(held_version(&feed, "d-new"), 0);
}

static void being_opened_renews_it(void **state)
{
    some();
    cache_opened(feed.cache, "d-old");
    cache_opened(feed.cache, "d-open"); /* of what is open nothing is noted */
    cache_opened(feed.cache, "d-none");
    retain(T0, NULL);
    assert_int_equal(held_version(&feed, "d-old"), 1);
    retain(T0 + DAY - 1, NULL);
    assert_int_equal(held_version(&feed, "d-old"), 1);
    cache_opened(feed.cache, "d-old");
    feed_close(&feed); /* a command that shows a dossier lives no longer */
    feed_open(&feed);
    retain(T0 + 3 * DAY, NULL);
    assert_int_equal(held_version(&feed, "d-old"), 1);
    retain(T0 + 4 * DAY, NULL);
    assert_int_equal(held_version(&feed, "d-old"), 0);
}

static void a_wish_that_waits_keeps_it(void **state)
{
    some();
    retain(T0 + 2 * DAY, "d-old");
    holds("d-open d-old d-completed");
    retain(T0 + 2 * DAY, NULL);
    holds("d-open d-completed");
}

static void a_reopened_one_stays(void **state)
{
    some();
    apply_one(&feed, dossier_entry(dossier_json("d-old", 2, "in_progress", "assessment")));
    retain(T0 + 9 * DAY, NULL);
    holds("d-open d-old d-completed");
}

/* Between a page's first entry and its last nothing else is written, and a pass that goes on is not judged by halves. */
static void not_while_a_page_or_a_pass_is_taken_in(void **state)
{
    struct err e = {0};
    struct cache_page_end end;
    size_t len;

    some();
    char *bytes =
        page_bytes(json_pack("[oo]", closed_at("d-3", 1, T0), closed_at("d-4", 1, T0)), "c", false, &len);
    assert_ok(cache_page_begin(feed.cache, bytes, len, &e), &e);
    assert_int_equal(cache_page_step(feed.cache, &feed.machine.env.env, 0, &end, &e), CACHE_PAGE_MORE);
    assert_int_equal(retain(T0, NULL), 1);
    assert_int_equal(held_version(&feed, "d-old"), 1);
    while (cache_page_step(feed.cache, &feed.machine.env.env, 1000, &end, &e) == CACHE_PAGE_MORE)
        ;
    assert_int_equal(held_version(&feed, "d-4"), 1);
    assert_ok(cache_begin_pass(feed.cache, &e), &e);
    retain(T0, NULL);
    assert_int_equal(held_version(&feed, "d-old"), 1);
}

/* Another instance that writes is not waited for. */
static void who_writes_is_not_waited_for(void **state)
{
    sqlite3 *db = NULL;
    char *path = mem_format("%s/cache.db", feed.machine.path);

    some();
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    int64_t began = harness_now();
    assert_int_equal(retain(T0, NULL), 1);
    assert_true(harness_now() - began < 1500);
    sqlite3_close(db);
    mem_free(&path);
    retain(T0, NULL);
    assert_int_equal(held_version(&feed, "d-old"), 0);
    assert_int_equal(cache_take_changes(feed.cache) & CACHE_REBUILT, 0);
}

static void search_forgets_it_too(void **state)
{
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    int64_t total = -1;

    some();
    while (!cache_search_fill(feed.cache, &feed.machine.env.env, 1000))
        ;
    retain(T0, NULL);
    while (!cache_search_fill(feed.cache, &feed.machine.env.env, 1000))
        ;
    assert_ok(cache_search(feed.cache, "M-d-old", NULL, 10, &arena, &page, &total, &e), &e);
    assert_int_equal(total, 0);
    arena_clear(&arena);
}

/* The sealed bytes too: what is gone cannot be opened by who gets the key later. */
static void nothing_of_it_stays_in_the_files(void **state)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    char *path = mem_format("%s/cache.db", feed.machine.path), *wal = mem_format("%s-wal", path);
    struct buf sealed = {0};

    json_t *big = dossier_json("d-old", 1, "returned", "done");
    char *note = mem_alloc(30001);
    memset(note, 'x', 30000); /* on pages of its own, which become free */
    set_text(big, "note", note);
    set_time(big, "step_since", T0 - 2 * DAY);
    full_pass(&feed, json_pack("[o]", dossier_entry(big)));
    mem_free(&note);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT doc FROM doc", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    buf_add(&sealed, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
    sqlite3_finalize(st);
    sqlite3_close(db);
    assert_true(sealed.len > 30000);

    for (int turn = 0; turn < 2; turn++) {
        size_t found = 0, size = 0;
        for (int f = 0; f < 2; f++) {
            char *bytes = file_bytes(f ? wal : path, &size);
            for (size_t at = 0; at + 32 < sealed.len; at += 1000)
                found += bytes && memmem(bytes, size, sealed.data + at, 32) != NULL;
            free(bytes);
        }
        assert_int_equal(found > 0, turn == 0);
        retain(T0, NULL);
    }
    buf_clear(&sealed);
    mem_free(&path);
    mem_free(&wal);
}

/* Many go in pieces of a few milliseconds, and the counts are right all the while. */
static void many_go_piece_by_piece(void **state)
{
    enum { MANY = 600 };
    const struct retain_ask ask = {.now = T0};
    json_t *entries = json_array();
    int turns = 0;

    for (int i = 0; i < MANY; i++) {
        char id[16];
        snprintf(id, sizeof(id), "d-%d", i);
        json_array_append_new(entries, i % 2 ? closed_at(id, 1, T0 - 2 * DAY)
                                             : dossier_entry(dossier_json(id, 1, "in_progress", "assessment")));
    }
    full_pass(&feed, entries);
    for (bool more = true; more; turns++) {
        int64_t before = cache_dossier_count(feed.cache);
        more = cache_retain(feed.cache, &feed.machine.env.env, 0, &ask);
        assert_true(cache_dossier_count(feed.cache) <= before);
    }
    assert_true(turns > MANY / 4);
    assert_int_equal(cache_dossier_count(feed.cache), MANY / 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(goes_a_day_after_its_last_change),
        TEST(without_the_servers_time_nothing_goes),
        TEST(comes_back_when_it_changes),
        TEST(what_comes_again_unchanged_is_no_younger),
        TEST(being_opened_renews_it),
        TEST(a_wish_that_waits_keeps_it),
        TEST(a_reopened_one_stays),
        TEST(not_while_a_page_or_a_pass_is_taken_in),
        TEST(who_writes_is_not_waited_for),
        TEST(search_forgets_it_too),
        TEST(nothing_of_it_stays_in_the_files),
        TEST(many_go_piece_by_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Reference data by id, and who is told what changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static int setup(void **state)
{
    static struct feed feed;

    feed_new(&feed);
    *state = &feed;
    return 0;
}

static int teardown(void **state)
{
    feed_free(*state);
    return 0;
}

static json_t *received(const char *id, int64_t version)
{
    return dossier_entry(dossier_json(id, version, "received", "intake"));
}

static json_t *unit(const char *id, int64_t version, const char *name)
{
    return entry("unit", id, version, json_pack("{ss ss ss}", "id", id, "name", name, "level", "commune"));
}

static void reference_data_is_there_by_id(void **state)
{
    struct feed *f = *state;
    const struct unit *const *units;

    assert_string_equal(cache_unit_name(f->cache, "u-1"), "u-1");
    assert_false(cache_calendar(f->cache, "u-1")->usable);
    full_pass(f, json_pack("[oooo]", unit("u-2", 1, "Xã Bình Giã"), unit("u-1", 3, "Thị trấn Ngãi Giao"),
                           entry("calendar", "c-9", 4, calendar_json("u-1", "Asia/Ho_Chi_Minh")),
                           entry("visit", "v-1", 1, json_pack("{ss si}", "id", "v-1", "version", 1))));
    assert_int_equal(cache_take_changes(f->cache), CACHE_REFERENCE);
    assert_string_equal(cache_unit_name(f->cache, "u-1"), "Thị trấn Ngãi Giao");
    assert_string_equal(cache_unit_name(f->cache, NULL), "");
    assert_true(cache_calendar(f->cache, "u-1")->usable);
    assert_int_equal(cache_calendar_version(f->cache, "u-1"), 4);
    assert_int_equal(cache_calendar_version(f->cache, "u-2"), 0);
    assert_false(cache_calendar(f->cache, "u-2")->usable);
    assert_int_equal(cache_units(f->cache, &units), 2);
    assert_string_equal(units[0]->id, "u-1");
    assert_string_equal(units[1]->name, "Xã Bình Giã");

    apply_page(f, json_pack("[oo]", unit("u-1", 2, "Cũ"), entry("unit", "u-2", 1, NULL)), "b", false);
    assert_int_equal(cache_take_changes(f->cache), CACHE_REFERENCE);
    assert_string_equal(cache_unit_name(f->cache, "u-1"), "Thị trấn Ngãi Giao");
    assert_null(cache_unit(f->cache, "u-2"));
}

static void changes_are_told_once(void **state)
{
    struct feed *f = *state;
    struct cache *other;
    struct err e = {0};
    bool rebuilt;

    assert_ok(cache_open(f->machine.dir, f->machine.path, f->machine.key, ME, &other, &rebuilt, &e), &e);
    assert_false(rebuilt);
    assert_int_equal(cache_take_changes(f->cache), 0);
    full_pass(f, json_pack("[oo]", received("d-1", 1), unit("u-1", 1, "Xã")));
    assert_int_equal(cache_take_changes(f->cache), CACHE_DOSSIERS | CACHE_REFERENCE);
    assert_int_equal(cache_take_changes(f->cache), 0);
    assert_int_equal(cache_take_changes(other), CACHE_DOSSIERS | CACHE_REFERENCE);
    assert_int_equal(cache_take_changes(other), 0);
    assert_string_equal(cache_cursor(other), "pass");
    apply_one(f, entry("dossier", "d-1", 1, NULL));
    assert_int_equal(cache_take_changes(other), CACHE_DOSSIERS);
    assert_int_equal(cache_dossier_count(other), 0);
    cache_close(&other);
}

static void the_servers_time_is_kept(void **state)
{
    struct feed *f = *state;
    struct err e = {0};

    assert_true(cache_data_at(f->cache) == INSTANT_NONE);
    assert_ok(cache_set_data_at(f->cache, T0, &e), &e);
    assert_true(cache_data_at(f->cache) == T0);
    full_pass(f, json_array());
    feed_close(f);
    feed_open(f);
    assert_true(cache_data_at(f->cache) == T0);
}

/* The lock view shows a clock: what it would read anew while the key is asleep is only not known, and known again afterwards. */
static void while_the_key_sleeps_nothing_new_is_known(void **state)
{
    struct feed *f = *state;
    struct seal_key *opened = NULL;
    struct err e = {0};

    full_pass(f, json_pack("[oo]", unit("u-1", 3, "Thị trấn Ngãi Giao"), unit("u-2", 1, "Xã Bình Giã")));
    assert_string_equal(cache_unit_name(f->cache, "u-1"), "Thị trấn Ngãi Giao");
    assert_ok(seal_key_load(f->machine.dir, &opened, &e), &e);
    seal_key_sleep(f->machine.key);
    assert_string_equal(cache_unit_name(f->cache, "u-1"), "Thị trấn Ngãi Giao"); /* as it was read */
    assert_string_equal(cache_unit_name(f->cache, "u-2"), "u-2");
    assert_false(cache_calendar(f->cache, "u-1")->usable);
    assert_true(seal_key_wake(f->machine.key, opened));
    assert_string_equal(cache_unit_name(f->cache, "u-2"), "Xã Bình Giã");
    seal_key_free(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reference_data_is_there_by_id),
        TEST(changes_are_told_once),
        TEST(the_servers_time_is_kept),
        TEST(while_the_key_sleeps_nothing_new_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

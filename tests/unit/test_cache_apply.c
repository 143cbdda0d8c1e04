/* What the feed becomes: pages, passes, versions, what is removed, what is odd.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

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

/* ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_page_is_kept_with_its_cursor(void **state)
{
    struct feed *f = *state;

    assert_null(cache_cursor(f->cache));
    assert_false(cache_ever_synced(f->cache));
    full_pass(f, json_pack("[oo]", received("d-1", 1), received("d-2", 5)));
    assert_string_equal(cache_cursor(f->cache), "pass");
    assert_true(cache_ever_synced(f->cache));
    assert_false(cache_in_pass(f->cache));
    assert_int_equal(cache_dossier_count(f->cache), 2);

    feed_close(f);
    feed_open(f);
    assert_false(f->rebuilt);
    assert_string_equal(cache_cursor(f->cache), "pass");
    assert_true(cache_ever_synced(f->cache));
    assert_int_equal(held_version(f, "d-1"), 1);
    assert_int_equal(held_version(f, "d-2"), 5);
}

static void a_dossier_comes_back_as_the_bytes_it_came_as(void **state)
{
    struct feed *f = *state;
    struct arena arena = {0};
    struct dossier d;
    const char *json = NULL;
    struct err e = {0};
    json_t *sent = dossier_json("d-1", 1, "received", "intake");

    json_object_set_new(sent, "of_a_later_version", json_pack("{si}", "colour", 7));
    char *bytes = json_dumps(sent, JSON_COMPACT);
    full_pass(f, json_pack("[o]", dossier_entry(sent)));
    assert_ok(cache_dossier(f->cache, "M-d-1", &arena, &d, &json, &e), &e);
    assert_string_equal(json, bytes);
    assert_string_equal(d.id, "d-1");
    assert_string_equal(d.applicant->name, "Nguyễn Thị Đào");
    assert_err(cache_dossier(f->cache, "M-d-", &arena, &d, &json, &e), &e, ERR_NOT_FOUND);
    arena_clear(&arena);
    free(bytes);
}

static void an_empty_page_moves_the_cursor(void **state)
{
    struct feed *f = *state;

    full_pass(f, json_pack("[o]", received("d-1", 1)));
    cache_take_changes(f->cache);
    struct cache_page_end end = apply_page(f, json_array(), "moved", true);
    assert_true(end.more);
    assert_int_equal(end.poll_after, -1);
    assert_int_equal(end.applied, 0);
    assert_string_equal(cache_cursor(f->cache), "moved");
    assert_int_equal(cache_take_changes(f->cache), 0);
    assert_int_equal(held_version(f, "d-1"), 1);
}

static void of_a_broken_page_nothing_is_applied(void **state)
{
    struct feed *f = *state;
    struct err e = {0};
    size_t len;

    full_pass(f, json_pack("[o]", received("d-1", 1)));
    char *bytes = page_bytes(json_pack("[o]", received("d-2", 1)), "broken", false, &len);
    bytes[len - 1] = ' '; /* the page's closing brace */
    assert_err(cache_page_begin(f->cache, bytes, len, &e), &e, ERR_DATA);
    struct cache_page_end end;
    assert_int_equal(cache_page_step(f->cache, &f->machine.env.env, 1000, &end, &e), CACHE_PAGE_NONE);
    assert_string_equal(cache_cursor(f->cache), "pass");
    assert_int_equal(held_version(f, "d-2"), 0);
}

/* A clock that a look moves on by a millisecond. */
static int64_t ticking(struct env *env)
{
    return fake_of(env)->mono++;
}

static void a_page_is_applied_in_steps_and_seen_whole(void **state)
{
    struct feed *f = *state;
    struct err e = {0};
    struct cache_page_end end;
    json_t *entries = json_array();
    size_t len, steps = 0;

    for (int i = 0; i < 50; i++) {
        char id[16];
        snprintf(id, sizeof(id), "d-%d", i);
        json_array_append_new(entries, received(id, 1));
    }
    f->machine.env.env.mono = ticking;
    assert_ok(cache_begin_pass(f->cache, &e), &e);
    char *bytes = page_bytes(entries, "whole", false, &len);
    assert_ok(cache_page_begin(f->cache, bytes, len, &e), &e);
    enum cache_page how;
    while ((how = cache_page_step(f->cache, &f->machine.env.env, 4, &end, &e)) == CACHE_PAGE_MORE) {
        assert_int_equal(cache_dossier_count(f->cache), 0);
        assert_null(cache_cursor(f->cache));
        steps++;
    }
    assert_int_equal(how, CACHE_PAGE_DONE);
    assert_in_range(steps, 5, 50);
    assert_int_equal(end.applied, 50);
    assert_int_equal(cache_dossier_count(f->cache), 50);
}

static void a_page_that_was_cut_off_leaves_nothing(void **state)
{
    struct feed *f = *state;
    struct err e = {0};
    struct cache_page_end end;
    size_t len;

    full_pass(f, json_pack("[o]", received("d-1", 1)));
    f->machine.env.env.mono = ticking;
    char *bytes = page_bytes(json_pack("[ooo]", received("d-1", 2), received("d-2", 1), received("d-3", 1)),
                             "cut", false, &len);
    assert_ok(cache_page_begin(f->cache, bytes, len, &e), &e);
    assert_int_equal(cache_page_step(f->cache, &f->machine.env.env, 0, &end, &e), CACHE_PAGE_MORE);
    feed_close(f); /* as if it had been killed: what is not committed is not there */
    feed_open(f);
    assert_false(f->rebuilt);
    assert_string_equal(cache_cursor(f->cache), "pass");
    assert_int_equal(held_version(f, "d-1"), 1);
    assert_int_equal(held_version(f, "d-2"), 0);
    assert_int_equal(cache_dossier_count(f->cache), 1);
}

static void a_page_that_another_instance_has_overtaken_changes_nothing(void **state)
{
    struct feed *f = *state;
    struct cache *slow = f->cache;
    struct err e = {0};
    struct cache_page_end end;
    size_t len;

    assert_ok(cache_begin_pass(slow, &e), &e);
    char *bytes = page_bytes(json_pack("[o]", received("d-1", 1)), "pass", false, &len);
    feed_open(f);
    apply_page(f, json_pack("[oo]", received("d-1", 1), received("d-2", 1)), "pass", false);
    apply_one(f, entry("dossier", "d-1", 2, NULL));
    assert_ok(cache_page_begin(slow, bytes, len, &e), &e); /* it has not looked since */
    assert_int_equal(cache_page_step(slow, &f->machine.env.env, 1000, &end, &e), CACHE_PAGE_BEHIND);
    assert_string_equal(cache_cursor(slow), "later");
    assert_false(cache_in_pass(slow));
    assert_true(cache_take_changes(slow) & CACHE_DOSSIERS);
    assert_int_equal(held_version(f, "d-1"), 0);
    assert_int_equal(held_version(f, "d-2"), 1);
    assert_int_equal(cache_dossier_count(slow), 1);
    cache_close(&slow);
}

static void the_wal_stays_small(void **state)
{
    struct feed *f = *state;
    struct stat st;

    for (int page = 0; page < 20; page++) {
        json_t *entries = json_array();
        for (int i = 0; i < 200; i++) {
            char id[16];
            snprintf(id, sizeof(id), "d-%d", page * 200 + i);
            json_array_append_new(entries, received(id, 1));
        }
        apply_page(f, entries, "w", true);
        assert_int_equal(fstatat(f->machine.dir, "cache.db-wal", &st, 0), 0);
        assert_true(st.st_size < 4 << 20);
    }
    assert_int_equal(cache_dossier_count(f->cache), 4000);
}

static void may_grow_to(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A page that cannot be written is rolled back whole, what was there can be read, and the page comes again. */
static void a_full_disk_costs_the_page_and_no_more(void **state)
{
    struct feed *f = *state;
    struct cache_page_end end;
    struct err e = {0};
    json_t *entries = json_array();
    size_t len;

    full_pass(f, json_pack("[o]", received("d-1", 1)));
    for (int i = 0; i < 200; i++) {
        char id[16];
        snprintf(id, sizeof(id), "d-%d", i);
        json_array_append_new(entries, received(id, 2));
    }
    char *bytes = page_bytes(json_incref(entries), "full", true, &len);
    signal(SIGXFSZ, SIG_IGN);
    may_grow_to(200000);
    assert_ok(cache_page_begin(f->cache, bytes, len, &e), &e);
    assert_int_equal(cache_page_step(f->cache, &f->machine.env.env, 1000, &end, &e), CACHE_PAGE_FAILED);
    assert_int_equal(e.code, ERR_STORE);
    assert_false(cache_take_changes(f->cache) & CACHE_REBUILT);
    assert_string_equal(cache_cursor(f->cache), "pass");
    assert_int_equal(held_version(f, "d-1"), 1);
    assert_int_equal(cache_dossier_count(f->cache), 1);
    may_grow_to(RLIM_INFINITY);
    apply_page(f, entries, "again", true);
    assert_int_equal(cache_dossier_count(f->cache), 200);
    assert_int_equal(held_version(f, "d-1"), 2);
}

/* ── full passes ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_full_pass_drops_what_it_has_not_named(void **state)
{
    struct feed *f = *state;
    struct err e = {0};

    full_pass(f, json_pack("[oooo]", received("d-1", 1), received("d-2", 1), received("d-3", 4),
                           entry("unit", "u-1", 1,
                                 json_pack("{ss ss ss}", "id", "u-1", "name", "Xã", "level", "commune"))));
    assert_non_null(cache_unit(f->cache, "u-1"));
    cache_take_changes(f->cache);

    assert_ok(cache_begin_pass(f->cache, &e), &e);
    assert_null(cache_cursor(f->cache));
    assert_true(cache_in_pass(f->cache));
    apply_page(f, json_pack("[o]", received("d-2", 1)), "half", true);
    assert_int_equal(cache_dossier_count(f->cache), 3); /* until the pass ends all stays */
    feed_close(f);
    feed_open(f); /* a pass goes on after a restart */
    assert_true(cache_in_pass(f->cache));
    assert_string_equal(cache_cursor(f->cache), "half");
    apply_page(f, json_pack("[oo]", received("d-3", 3), received("d-4", 1)), "end", false);

    assert_int_equal(held_version(f, "d-1"), 0);
    assert_int_equal(held_version(f, "d-2"), 1);
    assert_int_equal(held_version(f, "d-3"), 4); /* named by an older version: named all the same */
    assert_int_equal(held_version(f, "d-4"), 1);
    assert_null(cache_unit(f->cache, "u-1"));
    assert_int_equal(cache_dossier_count(f->cache), 3);
}

static void a_pass_that_begins_anew_forgets_the_one_before(void **state)
{
    struct feed *f = *state;
    struct err e = {0};

    full_pass(f, json_pack("[oo]", received("d-1", 1), received("d-2", 1)));
    assert_ok(cache_begin_pass(f->cache, &e), &e);
    apply_page(f, json_pack("[o]", received("d-1", 1)), "half", true);
    full_pass(f, json_pack("[o]", received("d-2", 1)));
    assert_int_equal(held_version(f, "d-1"), 0);
    assert_int_equal(held_version(f, "d-2"), 1);
}

static void an_answer_is_no_page_of_a_pass(void **state)
{
    struct feed *f = *state;
    struct err e = {0};
    json_t *d = dossier_json("d-1", 2, "received", "intake");
    char *bytes = json_dumps(d, JSON_COMPACT);

    full_pass(f, json_pack("[oo]", received("d-1", 1), received("d-2", 1)));
    assert_ok(cache_begin_pass(f->cache, &e), &e);
    assert_ok(cache_replace_dossier(f->cache, bytes, strlen(bytes), &e), &e);
    assert_int_equal(held_version(f, "d-1"), 2);
    apply_page(f, json_pack("[o]", received("d-2", 1)), "end", false);
    assert_int_equal(held_version(f, "d-1"), 0);
    free(bytes);
    json_decref(d);
}

/* ── versions ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *held_status(struct feed *f, const char *id)
{
    static char status[64];
    struct arena arena = {0};
    struct dossier d;
    struct err e = {0};

    assert_ok(cache_dossier(f->cache, id, &arena, &d, NULL, &e), &e);
    snprintf(status, sizeof(status), "%s", d.status);
    arena_clear(&arena);
    return status;
}

static void versions_never_go_back_and_an_equal_one_replaces(void **state)
{
    struct feed *f = *state;

    full_pass(f, json_pack("[o]", received("d-1", 5)));
    apply_one(f, dossier_entry(dossier_json("d-1", 4, "registered", "intake")));
    assert_string_equal(held_status(f, "d-1"), "received");
    apply_one(f, dossier_entry(dossier_json("d-1", 5, "in_progress", "approval")));
    assert_string_equal(held_status(f, "d-1"), "in_progress");
    apply_one(f, dossier_entry(dossier_json("d-1", 6, "completed", "return")));
    assert_string_equal(held_status(f, "d-1"), "completed");
    assert_int_equal(cache_dossier_count(f->cache), 1);
}

static void removed_purges_unless_a_higher_version_is_held(void **state)
{
    struct feed *f = *state;

    full_pass(f, json_pack("[o]", received("d-1", 5)));
    apply_one(f, entry("dossier", "d-1", 4, NULL));
    assert_int_equal(held_version(f, "d-1"), 5);
    apply_one(f, entry("dossier", "d-1", 5, NULL));
    assert_int_equal(held_version(f, "d-1"), 0);
    apply_one(f, entry("dossier", "d-1", 5, NULL)); /* nothing is held: it means nothing */
    apply_one(f, received("d-1", 5));               /* and it may come back with the same version */
    assert_int_equal(held_version(f, "d-1"), 5);
    apply_one(f, entry("dossier", "d-1", 9, NULL));
    assert_int_equal(held_version(f, "d-1"), 0);
    assert_int_equal(cache_dossier_count(f->cache), 0);
}

static void an_answer_replaces_and_never_adds(void **state)
{
    struct feed *f = *state;
    struct err e = {0};
    static const struct {
        const char *id;
        int64_t version, then;
    } answers[] = {{"d-1", 3, 5}, {"d-1", 5, 5}, {"d-1", 7, 7}, {"d-9", 1, 0}};

    full_pass(f, json_pack("[o]", received("d-1", 5)));
    for (size_t i = 0; i < 4; i++) {
        json_t *d = dossier_json(answers[i].id, answers[i].version, "in_progress", "assessment");
        char *bytes = json_dumps(d, JSON_COMPACT);
        assert_ok(cache_replace_dossier(f->cache, bytes, strlen(bytes), &e), &e);
        assert_int_equal(held_version(f, answers[i].id), answers[i].then);
        free(bytes);
        json_decref(d);
    }
    assert_err(cache_replace_dossier(f->cache, "{\"id\":1}", 8, &e), &e, ERR_DATA);
    assert_string_equal(cache_cursor(f->cache), "pass");
}

/* ── what is odd ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void note_odd(void *context, const char *type, const char *id, const char *why)
{
    buf_format(context, "%s %s: %s\n", type, id, why);
}

static void an_odd_entry_holds_back_no_neighbour(void **state)
{
    struct feed *f = *state;
    struct buf log = {0};
    json_t *nameless = dossier_json("d-2", 1, "received", "intake");
    json_t *long_one = dossier_json("d-5", 1, "received", "intake");
    char *much = mem_alloc(257 * 1024);

    json_object_del(nameless, "applicant");
    memset(much, 'x', 257 * 1024 - 1);
    set_text(long_one, "client_ref", much);
    free(much);
    cache_on_odd(f->cache, note_odd, &log);
    full_pass(f, json_pack("[o]", received("d-7", 3)));
    struct cache_page_end end =
        apply_page(f,
                   json_pack("[ooooooooo]", received("d-1", 1), dossier_entry(nameless), json_pack("[i]", 3),
                             entry("dossier", "d-3", 2, dossier_json("d-4", 2, "received", "intake")),
                             dossier_entry(long_one), entry("spaceship", "s-1", 1, json_object()),
                             entry("unit", "u-9", 1, json_object()),
                             entry("dossier", "d-7", 4, json_object()), received("d-6", 1)),
                   "after", false);
    assert_int_equal(end.applied, 2);
    assert_int_equal(end.passed_over, 7);
    assert_int_equal(cache_dossier_count(f->cache), 3);
    assert_int_equal(held_version(f, "d-1"), 1);
    assert_int_equal(held_version(f, "d-6"), 1);
    assert_int_equal(held_version(f, "d-7"), 3);
    assert_string_equal(log.data, "dossier d-2: not as the contract says\n"
                                  "? ?: no entry of a feed\n"
                                  "dossier d-3: another thing than its entry says\n"
                                  "dossier d-5: too long\n"
                                  "spaceship s-1: of a type that this version does not know\n"
                                  "unit u-9: not as the contract says\n"
                                  "dossier d-7: not as the contract says\n");
    assert_string_equal(cache_cursor(f->cache), "after");
    buf_clear(&log);
}

static void an_odd_entry_of_a_pass_does_not_cost_what_is_held(void **state)
{
    struct feed *f = *state;

    full_pass(f, json_pack("[oo]", received("d-1", 1), received("d-2", 1)));
    full_pass(f, json_pack("[o]", entry("dossier", "d-1", 2, json_object())));
    assert_int_equal(held_version(f, "d-1"), 1);
    assert_int_equal(held_version(f, "d-2"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_is_kept_with_its_cursor),
        TEST(a_dossier_comes_back_as_the_bytes_it_came_as),
        TEST(an_empty_page_moves_the_cursor),
        TEST(of_a_broken_page_nothing_is_applied),
        TEST(a_page_is_applied_in_steps_and_seen_whole),
        TEST(a_page_that_was_cut_off_leaves_nothing),
        TEST(a_page_that_another_instance_has_overtaken_changes_nothing),
        TEST(the_wal_stays_small),
        TEST(a_full_disk_costs_the_page_and_no_more),
        TEST(a_full_pass_drops_what_it_has_not_named),
        TEST(a_pass_that_begins_anew_forgets_the_one_before),
        TEST(an_answer_is_no_page_of_a_pass),
        TEST(versions_never_go_back_and_an_equal_one_replaces),
        TEST(removed_purges_unless_a_higher_version_is_held),
        TEST(an_answer_replaces_and_never_adds),
        TEST(an_odd_entry_holds_back_no_neighbour),
        TEST(an_odd_entry_of_a_pass_does_not_cost_what_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

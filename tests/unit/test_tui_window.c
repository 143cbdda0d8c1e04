/* A window on a list against the whole list: whatever one does, the rows are those that stand there, and the focus is where one left it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"
#include "tests/unit/core_samples.h"
#include "tui/window.h"

#include <stdlib.h>
#include <string.h>

#define MANY  400
#define SHOWN ((size_t)11)

static struct feed feed;
static struct window window;
static struct list_query query = {.queue = QUEUE_ALL, .now = T0};
static struct arena all_arena;
static struct list_page all; /* the whole list, read at once */

static json_t *one(int i, int64_t version, const char *status, int64_t due)
{
    char id[16];

    snprintf(id, sizeof id, "d-%03d", i);
    json_t *d = dossier_json(id, version, status, "assessment");
    set_time(d, strcmp(status, "registered") == 0 ? "decide_by" : "due_at", due);
    return d;
}

static int setup(void **state)
{
    json_t *entries = json_array();
    uint64_t seed = 7;

    feed_new(&feed);
    for (int i = 0; i < MANY; i++) /* many tie */
        json_array_append_new(
            entries, dossier_entry(one(i, 1, "in_progress", T0 + 3600 * (int64_t)(sample_number(&seed) % 90))));
    full_pass(&feed, entries);
    return 0;
}

static int teardown(void **state)
{
    window_clear(&window);
    arena_clear(&all_arena);
    feed_free(&feed);
    return 0;
}

static void read_all(void)
{
    bool fell_back;
    struct err e = {0};

    cache_take_changes(feed.cache);
    arena_clear(&all_arena);
    assert_ok(cache_list(feed.cache, &query, NULL, false, 10000, &all_arena, &all, &fell_back, &e), &e);
}

static size_t place_of(const char *id)
{
    size_t i = 0;

    while (i < all.n && strcmp(all.rows[i].d.id, id) != 0)
        i++;
    return i;
}

/* What is on the screen is a piece of the list, whole as far as the list goes, with the focus in it. */
static void check(const char *when)
{
    if (all.n == 0) {
        assert_int_equal(window.n, 0);
        return;
    }
    if (window.n == 0 || window.focus < window.first || window.focus >= window.first + SHOWN ||
        window.focus >= window.n)
        fail_at(HERE, "%s: the focus is not on the screen", when);
    size_t at = place_of(window.rows[window.first].d.id);
    for (size_t i = 0; i < SHOWN && at + i < all.n; i++) {
        if (window.first + i >= window.n)
            fail_at(HERE, "%s: %zu rows of %zu are loaded", when, i, SHOWN);
        if (strcmp(window.rows[window.first + i].d.id, all.rows[at + i].d.id) != 0)
            fail_at(HERE, "%s: row %zu is another", when, i);
    }
    if (all.n >= SHOWN && at + SHOWN > all.n)
        fail_at(HERE, "%s: the end leaves rows empty", when);
    if (window.position && window.position != (int64_t)place_of(window_focus(&window)->id) + 1)
        fail_at(HERE, "%s: position %lld, stands at %zu", when, (long long)window.position,
                place_of(window_focus(&window)->id) + 1);
}

static void load(const char *focus, size_t line)
{
    struct err e = {0};

    assert_ok(window_load(&window, feed.cache, &query, focus, line, SHOWN, &e), &e);
}

static void count(void)
{
    struct err e = {0};

    assert_ok(window_count(&window, feed.cache, &query, &e), &e);
}

static void move(enum command_id id)
{
    struct err e = {0};

    assert_ok(window_move(&window, feed.cache, &query, id, SHOWN, &e), &e);
}

/* Many thousand moves, against what the same moves do in a plain list of all. */
static void moves_are_those_in_a_plain_list(void **state)
{
    static const enum command_id ids[] = {CMD_UP,        CMD_DOWN,      CMD_DOWN, CMD_DOWN,
                                          CMD_UP,        CMD_UP,        CMD_DOWN, CMD_PAGE_UP,
                                          CMD_PAGE_DOWN, CMD_PAGE_DOWN, CMD_LAST, CMD_FIRST};
    uint64_t seed = 99;

    for (query.sort = SORT_DUE; query.sort <= SORT_SUBMITTED; query.sort++) {
        read_all();
        window_clear(&window);
        load(NULL, 0);
        count();
        size_t at = 0;
        for (int i = 0; i < 3000; i++) {
            unsigned pick = sample_number(&seed);
            enum command_id id = ids[pick % (i % 40 == 0 ? 12 : 10)];
            switch (id) {
            case CMD_UP:
                at -= at > 0;
                break;
            case CMD_DOWN:
                at += at + 1 < all.n;
                break;
            case CMD_PAGE_UP:
                at = at > SHOWN ? at - SHOWN : 0;
                break;
            case CMD_PAGE_DOWN:
                at = at + SHOWN < all.n ? at + SHOWN : all.n - 1;
                break;
            default:
                at = id == CMD_FIRST ? 0 : all.n - 1;
            }
            move(id);
            check("moved");
            if (place_of(window_focus(&window)->id) != at)
                fail_at(HERE, "step %d: the focus is at %zu, not %zu", i, place_of(window_focus(&window)->id),
                        at);
            if (i % 97 == 0) { /* the feed brought something */
                char id_now[32];
                snprintf(id_now, sizeof id_now, "%s", window_focus(&window)->id);
                size_t line = window.focus - window.first;
                load(window_focus(&window)->id, line);
                check("loaded again");
                assert_string_equal(window_focus(&window)->id, id_now);
                count();
            }
        }
        assert_int_equal(window.total, (int64_t)all.n);
    }
    query.sort = SORT_DUE;
}

/* The focus stays on its dossier and its line; new rows above shift the list, not the eye. */
static void focus_keeps_its_line(void **state)
{
    read_all();
    window_clear(&window);
    load(all.rows[100].d.id, 5);
    check("opened at a place");
    assert_string_equal(window_focus(&window)->id, all.rows[100].d.id);
    assert_int_equal(window.focus - window.first, 5);
    char id[32];
    snprintf(id, sizeof id, "%s", all.rows[100].d.id);
    apply_one(&feed, dossier_entry(one(900, 1, "in_progress", T0 - 3600)));
    read_all();
    load(id, window.focus - window.first);
    check("a row came above");
    assert_string_equal(window_focus(&window)->id, id);
    assert_int_equal(window.focus - window.first, 5);
}

/* A row that leaves hands the focus to the next; the last to the one before it. */
static void the_next_row_takes_the_focus(void **state)
{
    char next[32], gone[32];

    query.queue = QUEUE_IN_PROGRESS;
    read_all();
    window_clear(&window);
    load(all.rows[50].d.id, 3);
    snprintf(gone, sizeof gone, "%s", all.rows[50].d.id);
    snprintf(next, sizeof next, "%s", all.rows[51].d.id);
    apply_one(&feed, dossier_entry(one(atoi(gone + 2), 2, "completed", T0 + 86400 * 30))); /* kept, elsewhere in the order */
    read_all();
    load(gone, 3);
    check("the focused row left");
    assert_string_equal(window_focus(&window)->id, next);

    move(CMD_LAST);
    snprintf(gone, sizeof gone, "%s", window_focus(&window)->id);
    snprintf(next, sizeof next, "%s", all.rows[all.n - 2].d.id);
    apply_one(&feed, entry("dossier", gone, 1000, NULL)); /* not kept at all */
    read_all();
    load(gone, window.focus - window.first);
    check("the last row is gone");
    assert_string_equal(window_focus(&window)->id, next);
    query.queue = QUEUE_ALL;
}

/* Opened on a dossier that has left while the list was not looked at: where it would stand; unknown ones: the start. */
static void a_place_that_is_gone(void **state)
{
    query.queue = QUEUE_IN_PROGRESS;
    read_all();
    window_clear(&window);
    load("d-never", 4);
    check("an unknown place");
    assert_string_equal(window_focus(&window)->id, all.rows[0].d.id);
    query.queue = QUEUE_TO_SIGN; /* nothing stands there */
    read_all();
    load("d-001", 4);
    check("an empty list");
    assert_null(window_focus(&window));
    count();
    assert_int_equal(window.total, 0);
    move(CMD_DOWN);
    move(CMD_LAST);
    check("moves in an empty list");
    query.queue = QUEUE_ALL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_those_in_a_plain_list),
        cmocka_unit_test(focus_keeps_its_line),
        cmocka_unit_test(the_next_row_takes_the_focus),
        cmocka_unit_test(a_place_that_is_gone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

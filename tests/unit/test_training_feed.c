/* The feed: a full pass, what follows it, cursors, long polls, what goes again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include "core/json_split.h"
#include "core/types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct place *place;
static char *cursor; /* of the last page */

static int setup(void **state)
{
    place = place_new(NULL);
    return 0;
}

static int teardown(void **state)
{
    place_free(&place);
    free(cursor);
    cursor = NULL;
    return 0;
}

/* The page after `since` (NULL: a pass begins); `more` is further members of the query or "". */
static int page(const char *who, const char *since, const char *more)
{
    char *query = text_new("%s%s%s", since ? "since=" : "", since ? since : "", more);
    int status = place_ask(
        place, (struct place_ask){.path = "/changes", .as = who, .query = *query == '&' ? query + 1 : query});

    free(query);
    if (status == 200 && !place->answer.held) {
        char *next = text_new("%s", place_said(place, "cursor"));
        assert_true(strlen(next) > 0 && strlen(next) <= 200);
        free(cursor);
        cursor = next;
    }
    return status;
}

static size_t entries(void)
{
    return json_array_size(place_json_said(place, "changes"));
}

static bool has_more(void)
{
    return json_is_true(place_json_said(place, "more"));
}

/* The entry of that type and id on this page, or NULL. */
static json_t *entry(const char *type, const char *id)
{
    json_t *item;
    size_t i;

    json_array_foreach(place_json_said(place, "changes"), i,
                       item) if (strcmp(json_string_value(json_object_get(item, "type")), type) == 0 &&
                                 strcmp(json_string_value(json_object_get(item, "id")), id) == 0) return item;
    return NULL;
}

/* A pass to its end. */
static void pass(const char *who)
{
    assert_int_equal(page(who, NULL, ""), 200);
    while (has_more())
        assert_int_equal(page(who, cursor, ""), 200);
}

/* ── passes ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_pass_names_what_the_officer_is_to_keep(void **state)
{
    assert_int_equal(page("mai", NULL, ""), 200);
    assert_false(has_more());
    assert_non_null(entry("unit", "A"));
    assert_non_null(entry("officer", "nam"));
    assert_non_null(entry("procedure", "tt1"));
    assert_non_null(entry("calendar", "cal-D"));
    assert_non_null(entry("dossier", "moi"));
    assert_non_null(entry("dossier", "cu"));
    assert_null(entry("dossier", "xa"));  /* not hers */
    assert_null(entry("dossier", "lau")); /* ended long ago */
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(entry("calendar", "cal-D"), "data"), "exceptions")), 1);
    const json_t *moi = json_object_get(entry("dossier", "moi"), "data");
    assert_string_equal(json_string_value(json_object_get(moi, "id")), "moi");
    assert_int_equal(json_integer_value(json_object_get(moi, "version")), 1);
    assert_int_equal(json_array_size(json_object_get(moi, "actions")), 5);
}

static void entries_are_whole_for_our_own_reader(void **state)
{
    struct arena arena = {0};
    struct change_page pages;
    struct err e;

    assert_int_equal(page("mai", NULL, ""), 200);
    assert_true(json_split_page(place->answer.body.data, place->answer.body.len, &arena, &pages, &e));
    assert_int_equal(pages.n_entries, entries());
    for (size_t i = 0; i < pages.n_entries; i++) {
        struct change change;
        assert_true(json_split_change(pages.entries[i], &arena, &change, &e));
        assert_false(change.removed);
    }
    arena_clear(&arena);
}

static void pages_are_as_long_as_asked_for(void **state)
{
    size_t all, seen = 0, pages = 0;

    page("mai", NULL, "");
    all = entries();
    page("mai", NULL, "&limit=7");
    for (;; pages++) {
        assert_true(entries() <= 7);
        seen += entries();
        if (!has_more())
            break;
        assert_int_equal(entries(), 7);
        assert_int_equal(page("mai", cursor, "&limit=7"), 200);
    }
    assert_int_equal(seen, all);
    assert_true(pages > 2);
}

static void what_changes_during_a_pass_is_named_again(void **state)
{
    char *kept;

    page("mai", NULL, "&limit=1");
    kept = text_new("%s", cursor);
    while (!entry("dossier", "moi"))
        assert_int_equal(page("mai", cursor, "&limit=1"), 200);
    assert_int_equal(place_act(place, "ha", "moi", "comment", "\"note\":\"x\""), 200);
    assert_int_equal(page("mai", cursor, ""), 200);
    assert_false(has_more());
    assert_int_equal(json_integer_value(json_object_get(entry("dossier", "moi"), "version")), 2);
    assert_int_equal(page("mai", kept, ""), 200); /* a cursor in the middle is good for long */
    free(kept);
}

/* ── what follows ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void what_changed_comes_once_newest_and_in_order(void **state)
{
    pass("mai");
    assert_int_equal(place_act(place, "ha", "moi", "comment", "\"note\":\"1\""), 200);
    assert_int_equal(place_act(place, "ha", "ky", "comment", "\"note\":\"2\""), 200);
    assert_int_equal(place_act(place, "ha", "moi", "comment", "\"note\":\"3\""), 200);
    assert_int_equal(place_act(place, "hue", "xa", "comment", "\"note\":\"4\""), 200);
    assert_int_equal(page("mai", cursor, ""), 200);
    assert_int_equal(entries(), 2);
    assert_string_equal(place_said(place, "changes.0.id"), "ky");
    assert_string_equal(place_said(place, "changes.1.id"), "moi");
    assert_string_equal(place_said(place, "changes.1.version"), "3");
    assert_int_equal(page("mai", cursor, ""), 200);
    assert_int_equal(entries(), 0);
}

static void a_change_is_in_the_feed_before_its_answer(void **state)
{
    pass("mai");
    assert_int_equal(place_act(place, "mai", "moi", "receive", NULL), 200);
    char *version = text_new("%s", place_said(place, "version"));
    page("mai", cursor, "");
    assert_string_equal(place_said(place, "changes.0.version"), version);
    assert_string_equal(place_said(place, "changes.0.data.status"), "received");
    free(version);
}

static void actions_are_the_caller_s(void **state)
{
    pass("nam");
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(entry("dossier", "moi"), "data"), "actions")), 1);
}

/* ── cursors ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_cursor_is_its_officer_s_and_this_server_s(void **state)
{
    char *altered;

    pass("mai");
    assert_int_equal(page("ha", cursor, ""), 410);
    assert_string_equal(place_problem(place), "cursor-expired");
    assert_int_equal(page("mai", "unknown", ""), 410);
    assert_int_equal(page("mai", "", ""), 410);
    altered = text_new("%s", cursor);
    altered[3] = altered[3] == '1' ? '2' : '1';
    assert_int_equal(page("mai", altered, ""), 410);
    free(altered);
    assert_int_equal(page("mai", cursor, ""), 200);
    struct place *other = place_new(NULL);
    other->chance = 7;
    place_again(other, NULL); /* another chance, another seal */
    struct place *mine = place;
    place = other;
    other->n_tokens = 0;
    assert_int_equal(page("mai", cursor, ""), 410);
    place = mine;
    place_free(&other);
}

static void a_cursor_lasts_over_a_restart_where_there_is_a_file(void **state)
{
    char *db = text_new("%s/db", place->dir);
    const struct central_options kept = {.start = INSTANT_NONE, .db = db};

    place_again(place, &kept);
    place->n_tokens = 0;
    pass("mai");
    assert_int_equal(place_act(place, "ha", "moi", "comment", "\"note\":\"x\""), 200);
    place_again(place, &kept);
    assert_int_equal(page("mai", cursor, ""), 200);
    assert_non_null(entry("dossier", "moi"));
    assert_non_null(entry("officer", "mai")); /* new keys at a new start */
    assert_int_equal(json_integer_value(json_object_get(entry("officer", "mai"), "version")), 2);
    assert_null(entry("dossier", "ky"));
    free(db);
}

static void parameters_that_make_no_sense(void **state)
{
    static const char *const bad[] = {
        "&limit=0", "&limit=1001", "&limit=x", "&limit=", "&wait=61", "&wait=-1", "&limit=5.5"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(page("mai", NULL, bad[i]), 400);
        assert_string_equal(place_problem(place), "validation-failed");
    }
}

/* ── long polls ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void who_waits_is_answered_when_something_concerns_him(void **state)
{
    struct central_hold hold;
    struct place_ask again = {.path = "/changes", .as = "mai", .hold = &hold};
    char *query;

    pass("mai");
    query = text_new("since=%s&wait=30", cursor);
    again.query = query;
    page("mai", cursor, "&wait=30");
    assert_true(place->answer.held);
    hold = place->answer.hold;
    assert_int_equal(hold.until, place->now + 30);
    assert_false(central_ready(place->central, &hold, place->now));
    assert_int_equal(place_act(place, "hue", "xa", "comment", "\"note\":\"x\""), 200);
    assert_false(central_ready(place->central, &hold, place->now)); /* not hers to see */
    assert_int_equal(place_act(place, "ha", "moi", "comment", "\"note\":\"x\""), 200);
    assert_true(central_ready(place->central, &hold, place->now));
    assert_int_equal(place_ask(place, again), 200);
    assert_false(place->answer.held);
    assert_int_equal(entries(), 1);
    assert_string_equal(place_said(place, "changes.0.id"), "moi");
    free(query);
}

static void who_waits_in_vain_gets_an_empty_page_with_a_cursor_that_moved(void **state)
{
    struct central_hold hold;
    char *query, *before;

    pass("mai");
    before = text_new("%s", cursor);
    assert_int_equal(place_act(place, "hue", "xa", "comment", "\"note\":\"x\""), 200);
    query = text_new("since=%s&wait=30", cursor);
    place_ask(place, (struct place_ask){.path = "/changes", .as = "mai", .query = query});
    assert_true(place->answer.held);
    hold = place->answer.hold;
    place->now += 30;
    assert_true(central_ready(place->central, &hold, place->now));
    assert_int_equal(
        place_ask(place, (struct place_ask){.path = "/changes", .as = "mai", .query = query, .hold = &hold}),
        200);
    assert_false(place->answer.held);
    assert_int_equal(entries(), 0);
    assert_false(has_more());
    assert_string_not_equal(place_said(place, "cursor"), before);
    free(query);
    free(before);
}

static void a_token_that_ends_while_waiting_is_401(void **state)
{
    struct central_hold hold;
    char *query, *authorization;

    pass("mai");
    authorization = text_new("Bearer %s", place->tokens[0].token);
    query = text_new("since=%s&wait=30", cursor);
    place_ask(place, (struct place_ask){.path = "/changes", .authorization = authorization, .query = query});
    assert_true(place->answer.held);
    hold = place->answer.hold;
    place->now += 7200;
    assert_int_equal(place_ask(place, (struct place_ask){.path = "/changes",
                                                         .authorization = authorization,
                                                         .query = query,
                                                         .hold = &hold}),
                     401);
    free(query);
    free(authorization);
}

static void with_something_there_nobody_waits(void **state)
{
    page("mai", NULL, "&wait=30");
    assert_false(place->answer.held);
    assert_int_equal(place_act(place, "ha", "moi", "comment", "\"note\":\"x\""), 200);
    page("mai", cursor, "&wait=30");
    assert_false(place->answer.held);
    assert_int_equal(entries(), 1);
}

/* ── what goes ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void what_ended_is_kept_for_some_weeks_then_removed(void **state)
{
    assert_int_equal(place_act(place, "mai", "moi", "decline", "\"note\":\"x\""), 200);
    pass("mai");
    assert_non_null(entry("dossier", "moi"));
    place->now += 45 * 86400 - 3600;
    place->n_tokens = 0;
    page("mai", cursor, "");
    assert_null(entry("dossier", "moi"));
    place->now += 86400 + 3600;
    place->n_tokens = 0;
    page("mai", cursor, "");
    json_t *gone = entry("dossier", "moi");
    assert_non_null(gone);
    assert_true(json_is_true(json_object_get(gone, "removed")));
    assert_null(json_object_get(gone, "data"));
    assert_int_equal(json_integer_value(json_object_get(gone, "version")), 2); /* the thing did not change */
    pass("mai");
    assert_null(entry("dossier", "moi"));
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/moi"), 200); /* found, but not kept */
}

static void a_word_on_an_old_one_does_not_bring_it_back(void **state)
{
    pass("mai");
    assert_int_equal(place_act(place, "mai", "lau", "comment", "\"note\":\"tra lại\""), 200);
    page("mai", cursor, "");
    assert_true(json_is_true(json_object_get(entry("dossier", "lau"), "removed")));
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_pass_names_what_the_officer_is_to_keep),
        CASE(entries_are_whole_for_our_own_reader),
        CASE(pages_are_as_long_as_asked_for),
        CASE(what_changes_during_a_pass_is_named_again),
        CASE(what_changed_comes_once_newest_and_in_order),
        CASE(a_change_is_in_the_feed_before_its_answer),
        CASE(actions_are_the_caller_s),
        CASE(a_cursor_is_its_officer_s_and_this_server_s),
        CASE(a_cursor_lasts_over_a_restart_where_there_is_a_file),
        CASE(parameters_that_make_no_sense),
        CASE(who_waits_is_answered_when_something_concerns_him),
        CASE(who_waits_in_vain_gets_an_empty_page_with_a_cursor_that_moved),
        CASE(a_token_that_ends_while_waiting_is_401),
        CASE(with_something_there_nobody_waits),
        CASE(what_ended_is_kept_for_some_weeks_then_removed),
        CASE(a_word_on_an_old_one_does_not_bring_it_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

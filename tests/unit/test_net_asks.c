/* What an officer asks and waits for, without a network.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_wire.h"

#include <stdlib.h>
#include <string.h>

#define DOSSIER "GET /api/v1/dossiers/d-1"
#define EVENTS  "GET /api/v1/dossiers/d-1/events"
#define SEARCH  "POST /api/v1/dossiers/search"

static int begin(void **state)
{
    struct wire *w = mem_alloc(sizeof(*w));
    wire_new(w, true);
    wire_sign_in(w);
    *state = w;
    return 0;
}

static int end(void **state)
{
    wire_free(*state);
    free(*state);
    return 0;
}

static json_t *events(int first, int n, const char *cursor)
{
    json_t *items = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(items, json_pack("{s:i, s:s, s:s}", "seq", first + i, "at",
                                               "2022-12-29T09:42:00+07:00", "action", "comment"));
    return cursor ? json_pack("{s:o, s:b, s:s}", "items", items, "more", true, "cursor", cursor)
                  : json_pack("{s:o, s:b}", "items", items, "more", false);
}

static void a_dossier_is_the_one_that_was_asked_for(void **state)
{
    struct wire *w = *state;
    wire_ask(w, ASK_DOSSIER, "d-1");
    wire_json(w, wire_on(w, DOSSIER), 200, wire_dossier("d-2", 3));
    assert_int_equal(w->answer.err.code, ERR_OFFLINE);
    wire_ask(w, ASK_DOSSIER, "d-1");
    wire_json(w, wire_on(w, DOSSIER), 200, wire_dossier("d-1", 3));
    assert_int_equal(w->answer.err.code, ERR_NONE);
    assert_string_equal(w->answer.dossier.id, "d-1");
}

static void all_pages_of_events_are_one_answer(void **state)
{
    struct wire *w = *state;
    wire_ask(w, ASK_EVENTS, "d-1");
    wire_json(w, wire_on(w, EVENTS), 200, events(1, 3, "a/b"));
    assert_false(w->answered);
    assert_string_equal(wire_on(w, EVENTS)->url, WIRE_BASE "/api/v1/dossiers/d-1/events?cursor=a%2Fb");
    wire_json(w, wire_on(w, EVENTS), 200, events(4, 2, NULL));
    assert_int_equal(w->answer.events.n_items, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(w->answer.events.items[i].seq, i + 1);
}

static void events_without_end_are_not_listened_to_for_ever(void **state)
{
    struct wire *w = *state;
    int pages = 0;
    wire_ask(w, ASK_EVENTS, "d-1");
    for (; wire_find(w, EVENTS) && pages < 1000; pages++) {
        char *cursor = mem_format("c%d", pages);
        wire_json(w, wire_on(w, EVENTS), 200, events(pages, 1, cursor));
        mem_free(&cursor);
    }
    assert_in_range(pages, 100, 300);
    assert_int_equal(w->answer.err.code, ERR_OFFLINE);
    wire_ask(w, ASK_EVENTS, "d-1");
    wire_json(w, wire_on(w, EVENTS), 200, events(1, 1, "same"));
    wire_json(w, wire_on(w, EVENTS), 200, events(2, 1, "same"));
    assert_int_equal(w->answer.err.code, ERR_OFFLINE);
}

static void a_search_says_nothing_in_its_address(void **state)
{
    struct wire *w = *state;
    wire_ask(w, ASK_SEARCH, NULL);
    struct request *r = wire_on(w, SEARCH);
    assert_string_equal(r->url, WIRE_BASE "/api/v1/dossiers/search");
    assert_null(r->key);
    assert_string_equal(wire_body(r), "{\"q\":\"đào\"}");
    wire_json(w, r, 200,
              json_pack("{s:[o], s:b, s:s}", "items", wire_dossier("d-7", 1), "more", true, "cursor", "n"));
    assert_int_equal(w->answer.page.n_items, 1);
    assert_string_equal(w->answer.page.cursor, "n");
    assert_true(w->answer.page.more);
}

static void says_why_there_is_no_answer(void **state)
{
    static const struct {
        int status;
        const char *name;
        enum err_code code;
    } cases[] = {{403, "forbidden", ERR_REFUSED},       {404, "not-found", ERR_NOT_FOUND},
                 {422, "validation-failed", ERR_INPUT}, {500, "internal", ERR_OFFLINE},
                 {429, "rate-limited", ERR_OFFLINE},    {503, "maintenance", ERR_OFFLINE}};
    struct wire *w = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        wire_ask(w, ASK_DOSSIER, "d-1");
        w->request_id = "rq-42";
        wire_problem(w, wire_on(w, DOSSIER), cases[i].status, cases[i].name, NULL);
        assert_true(w->answered && w->answer.final);
        assert_int_equal(w->answer.err.code, cases[i].code);
        if (cases[i].status == 500)
            assert_non_null(strstr(w->answer.err.text, "rq-42")); /* for the help desk */
    }
}

/* Text of a problem comes from outside, and goes to a screen. */
static void a_title_cannot_drive_the_terminal(void **state)
{
    struct wire *w = *state;
    wire_ask(w, ASK_DOSSIER, "d-1");
    wire_problem(w, wire_on(w, DOSSIER), 404, "not-found", json_pack("{s:s}", "title", "x\x1b[2J\x07y"));
    assert_null(strchr(w->answer.err.text, 0x1b));
    assert_null(strchr(w->answer.err.text, 0x07));
}

static void what_is_taken_back_is_dropped(void **state)
{
    struct wire *w = *state;
    struct sync_orders orders;
    struct ask ask = {.kind = ASK_DOSSIER, .id = 77777, .dossier = mem_copy("d-2")};
    wire_ask(w, ASK_DOSSIER, "d-1");
    sync_step(w->sync, &(struct sync_event){.kind = SYNC_ASK, .ask = &ask}, &orders);
    assert_int_equal(orders.n_begin, 1);
    uint64_t request = orders.begin[0]->id;
    request_free(&orders.begin[0]);
    sync_step(w->sync, &(struct sync_event){.kind = SYNC_CANCEL, .cancel = 77777}, &orders);
    assert_int_equal(orders.n_drop, 1);
    assert_int_equal(orders.drop[0], request);
    wire_json(w, wire_on(w, DOSSIER), 200, wire_dossier("d-1", 3));
    assert_string_equal(w->answer.dossier.id, "d-1");
}

static void not_all_at_once(void **state)
{
    struct wire *w = *state;
    for (int i = 0; i < 10; i++)
        wire_ask(w, ASK_DOSSIER, "d-1");
    assert_int_equal(w->n_on, 1 + 3); /* beside the feed */
    for (int i = 0; i < 10; i++)
        wire_json(w, wire_on(w, DOSSIER), 200, wire_dossier("d-1", 3));
    assert_null(wire_find(w, DOSSIER));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_dossier_is_the_one_that_was_asked_for),
        TEST(all_pages_of_events_are_one_answer),
        TEST(events_without_end_are_not_listened_to_for_ever),
        TEST(a_search_says_nothing_in_its_address),
        TEST(says_why_there_is_no_answer),
        TEST(a_title_cannot_drive_the_terminal),
        TEST(what_is_taken_back_is_dropped),
        TEST(not_all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

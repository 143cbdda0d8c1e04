/* How a workstation comes back after an outage: its wishes one by one, its questions to the feed no closer than usual, and not held up
 * by a sign-in server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_wire.h"

#include <stdio.h>
#include <string.h>

#define FEED "GET /api/v1/changes"
#define ACT  "POST /api/v1/dossiers/"

enum { SECOND = 1000, MINUTE = 60000 };

static size_t on_the_way(struct wire *w, const char *begins)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n_on; i++) {
        const char *path = strstr(strstr(w->on[i]->url, "://") + 3, "/");
        char *line = mem_format("%s %s", w->on[i]->method, path);
        n += strncmp(line, begins, strlen(begins)) == 0;
        mem_free(&line);
    }
    return n;
}

/* All that is tried fails for so long; the next probe is on its way then. */
static void cut_off(struct wire *w, int64_t ms)
{
    int64_t end = w->machine->env.mono + ms;
    while (w->machine->env.mono < end || w->n_on == 0) {
        while (w->n_on > 0)
            wire_lost(w, w->on[0], RESPONSE_REFUSED);
        wire_advance(w, SECOND);
    }
}

static void wish(struct wire *w, int n)
{
    char target[16], key[UUID_TEXT];
    snprintf(target, sizeof(target), "hs-%d", n);
    wire_wish(w, target, false, key);
}

static void accept(struct wire *w)
{
    struct request *r = wire_on(w, ACT);
    char id[16] = "";
    assert_int_equal(sscanf(strstr(r->url, "hs-"), "%15[^/]", id), 1);
    wire_connect(w, r);
    wire_json(w, r, 200, wire_dossier(id, 4));
}

static void open_wire(struct wire *w)
{
    wire_new(w, true);
    wire_sign_in(w);
}

/* Seconds until a request of that kind is on its way. */
static int wait_for(struct wire *w, const char *begins, int most)
{
    for (int s = 0; s <= most; s++) {
        if (on_the_way(w, begins) > 0)
            return s;
        wire_advance(w, SECOND);
    }
    fail_at(HERE, "%s is not asked for within %d s", begins, most);
    return most;
}

static void after_a_long_outage_wishes_go_one_by_one(void **state)
{
    struct wire w;
    char key[UUID_TEXT];
    int longest = 0;
    open_wire(&w);
    for (int i = 1; i <= 8; i++)
        wish(&w, i);
    cut_off(&w, 10 * MINUTE);
    wire_page(&w, json_array(), "c2", false, -1);
    for (int i = 1; i <= 4; i++) { /* the first at once */
        int waited = wait_for(&w, ACT, i == 1 ? 0 : 90);
        assert_int_equal(on_the_way(&w, ACT), 1);
        assert_true(i == 1 || waited >= 29);
        longest = waited > longest ? waited : longest;
        accept(&w);
        assert_int_equal(on_the_way(&w, ACT), 0);
        assert_int_equal(wire_line(&w).state, LINE_ONLINE);
        assert_non_null(strstr(wire_line(&w).why.text, "one by one"));
    }
    assert_true(longest > 30);
    wire_wish(&w, "hs-20", true, key); /* somebody sits before it */
    assert_int_equal(on_the_way(&w, ACT), 1);
    accept(&w);
    wire_now(&w); /* the officer's word */
    for (int i = 5; i <= 8; i++)
        accept(&w);
    assert_int_equal(wire_line(&w).state, LINE_ONLINE);
    assert_int_equal(wire_line(&w).why.code, ERR_NONE);
    wire_free(&w);
}

static void after_a_short_outage_they_go_at_once(void **state)
{
    struct wire w;
    open_wire(&w);
    for (int i = 1; i <= 3; i++)
        wish(&w, i);
    while (w.n_on > 0)
        wire_lost(&w, w.on[0], RESPONSE_REFUSED);
    wait_for(&w, FEED, 11);
    wire_page(&w, json_array(), "c2", false, -1);
    for (int i = 1; i <= 3; i++)
        accept(&w);
    wire_free(&w);
}

static void half_an_hour_later_all_is_as_ever(void **state)
{
    struct wire w;
    open_wire(&w);
    cut_off(&w, 10 * MINUTE);
    wire_page(&w, json_array(), "c2", false, -1);
    for (int64_t end = w.machine->env.mono + 31 * MINUTE; w.machine->env.mono < end; wire_advance(&w, SECOND))
        if (w.n_on > 0 && w.begun > 0 && on_the_way(&w, FEED) > 0)
            wire_page(&w, json_array(), "c2", false, -1);
    for (int i = 1; i <= 4; i++)
        wish(&w, i);
    for (int i = 1; i <= 4; i++)
        accept(&w);
    wire_free(&w);
}

/* The probe was a question with an answer: no poll follows at once, or all who came back together would poll together. */
static void a_probe_is_followed_by_a_pause(void **state)
{
    int longest = 0;
    for (int i = 0; i < 8; i++) {
        struct wire w;
        open_wire(&w);
        w.machine->env.seed += (uint64_t)i;
        while (w.n_on > 0)
            wire_lost(&w, w.on[0], RESPONSE_CUT);
        wait_for(&w, FEED, 11);
        assert_int_equal(wire_on(&w, FEED)->wait, 0);
        wire_page(&w, json_array(), "c2", false, -1);
        assert_int_equal(on_the_way(&w, FEED), 0);
        int waited = wait_for(&w, FEED, 51);
        assert_true(wire_on(&w, FEED)->wait > 0);
        longest = waited > longest ? waited : longest;
        wire_free(&w);
    }
    assert_true(longest > 20);
}

/* A row alone, by the server's word. */
static void a_wish_waits_as_long_as_a_server_may_ask(void **state)
{
    struct wire w;
    char key[UUID_TEXT];
    open_wire(&w);
    wire_page(&w, json_array(), "c1", false, 3600);
    for (int i = 0; i < 3; i++) {
        wire_wish(&w, "hs-1", false, key);
        w.retry_after = "900";
        wire_problem(&w, wire_on(&w, ACT "hs-1/actions"), 500, "internal", NULL);
        wire_advance(&w, 899 * SECOND);
        assert_null(wire_find(&w, ACT));
        wire_advance(&w, 1001);
        accept(&w);
    }
    wire_free(&w);
}

/* One page that says "more" leads to the next without a pause, whatever the pace. */
static void what_was_missed_is_read_to_its_end(void **state)
{
    struct wire w;
    open_wire(&w);
    cut_off(&w, 10 * MINUTE);
    wire_page(&w, json_array(), "c2", true, -1);
    wire_page(&w, json_array(), "c3", true, -1);
    wire_page(&w, json_array(), "c4", false, -1);
    assert_int_equal(on_the_way(&w, FEED), 0);
    wire_free(&w);
}

/* After an outage a poll that is answered early does not lead to the next one early. */
static void the_feed_is_asked_no_closer_than_usual(void **state)
{
    struct wire w;
    open_wire(&w);
    cut_off(&w, MINUTE);
    wire_page(&w, json_array(), "c2", false, -1);
    wait_for(&w, FEED, 60);
    for (int i = 0; i < 3; i++) {
        wire_advance(&w, 5 * SECOND);
        wire_page(&w, json_array(), i % 2 ? "c4" : "c3", false, -1);
        assert_true(wait_for(&w, FEED, 60) >= 40);
    }
    wire_now(&w);
    assert_int_equal(on_the_way(&w, FEED), 1);
    wire_free(&w);
}

/* The session ended while the server was away: the issuer, which stands elsewhere, renews it, and the line is tried all the same. */
static void renewing_a_session_is_no_probe(void **state)
{
    struct wire w;
    open_wire(&w);
    for (int64_t end = w.machine->env.mono + 70 * MINUTE; w.machine->env.mono < end; wire_advance(&w, SECOND))
        while (on_the_way(&w, FEED) > 0)
            wire_lost(&w, wire_on(&w, FEED), RESPONSE_REFUSED);
    wait_for(&w, "POST /token", 301);
    wire_json(&w, wire_on(&w, "POST /token"), 200,
              json_pack("{s:s, s:s, s:s, s:i}", "access_token", "access-2", "refresh_token", "refresh-2",
                        "token_type", "Bearer", "expires_in", 3600));
    wait_for(&w, FEED, 301);
    assert_string_equal(wire_on(&w, FEED)->token, "access-2");
    wire_page(&w, json_array(), "c2", false, -1);
    assert_int_equal(wire_line(&w).state, LINE_ONLINE);
    wire_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_long_outage_wishes_go_one_by_one),
        cmocka_unit_test(after_a_short_outage_they_go_at_once),
        cmocka_unit_test(half_an_hour_later_all_is_as_ever),
        cmocka_unit_test(a_probe_is_followed_by_a_pause),
        cmocka_unit_test(a_wish_waits_as_long_as_a_server_may_ask),
        cmocka_unit_test(what_was_missed_is_read_to_its_end),
        cmocka_unit_test(the_feed_is_asked_no_closer_than_usual),
        cmocka_unit_test(renewing_a_session_is_no_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

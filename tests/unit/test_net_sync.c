/* What is next, decided without a network: the feed, the breaker, the clock, the line's state.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_wire.h"

#include "core/instant.h"
#include "net/backoff.h"

#include <string.h>

#define FEED  "GET /api/v1/changes"
#define ABOUT "GET /api/v1/about"

/* ── the beginning ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void asks_nothing_before_it_knows_the_server(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_step(&w);
    assert_int_equal(w.n_on, 1);
    assert_null(wire_on(&w, ABOUT)->token);
    assert_int_equal(wire_line(&w).state, LINE_SIGN_IN);
    wire_free(&w);
}

static void a_command_asks_nothing_for_nobody(void **state)
{
    struct wire w;
    wire_new(&w, false);
    wire_advance(&w, 3600 * 1000);
    assert_int_equal(w.begun, 0);
    wire_free(&w);
}

static void reads_the_feed_and_then_waits(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in_as(&w, ME, "access-1", "refresh-1");
    wire_attach(&w);
    assert_string_equal(wire_on(&w, FEED)->url, WIRE_BASE "/api/v1/changes?limit=200");
    assert_string_equal(wire_on(&w, FEED)->token, "access-1");
    assert_int_equal(wire_line(&w).first_sync, 0);
    wire_page(&w, json_pack("[o]", dossier_entry(wire_dossier("d-1", 3))), "c/1 ", true, -1);
    assert_string_equal(wire_on(&w, FEED)->url, WIRE_BASE "/api/v1/changes?limit=200&since=c%2F1%20");
    wire_page(&w, json_array(), "c2", false, -1);
    struct request *poll = wire_on(&w, FEED "?limit=200&since=c2&wait=");
    assert_in_range(poll->wait, 40, 60);
    assert_int_equal(wire_line(&w).first_sync, -1);
    assert_int_equal(wire_line(&w).state, LINE_ONLINE);
    assert_true(wire_line(&w).training);
    wire_free(&w);
}

/* The feed's request is answered with an empty page, which is not applied yet; the request that this begins, or NULL. */
static struct request *page_comes(struct wire *w, const struct request *r, const char *cursor, bool more)
{
    struct sync_orders orders;
    char *page = mem_format("{\"changes\":[],\"cursor\":\"%s\",\"more\":%s}", cursor, more ? "true" : "false");
    struct response reply = {.id = r->id,
                             .end = RESPONSE_ANSWER,
                             .left = true,
                             .status = 200,
                             .type = JSON_TYPE,
                             .body = page,
                             .len = strlen(page)};
    sync_step(w->sync, &(struct sync_event){.kind = SYNC_REPLY, .reply = &reply}, &orders);
    assert_in_range(orders.n_begin, 0, 1);
    return orders.n_begin ? orders.begin[0] : NULL;
}

static void begin_first_sync(struct wire *w)
{
    wire_new(w, true);
    wire_sign_in_as(w, ME, "access-1", "refresh-1");
    wire_attach(w);
}

/* While one page is applied the next is on its way; it does not begin before the first is whole. */
static void asks_for_the_next_page_while_it_applies_one(void **state)
{
    struct wire w;
    begin_first_sync(&w);
    struct request *second = page_comes(&w, wire_on(&w, FEED), "c1", true);
    assert_string_equal(second->url, WIRE_BASE "/api/v1/changes?limit=200&since=c1");
    assert_null(page_comes(&w, second, "c2", false));
    assert_null(cache_cursor(w.cache));
    assert_true(sync_apply(w.sync, 1000)); /* the first is whole, the second begins */
    assert_string_equal(cache_cursor(w.cache), "c1");
    assert_false(sync_apply(w.sync, 1000));
    assert_string_equal(cache_cursor(w.cache), "c2");
    request_free(&second);
    wire_free(&w);
}

/* Another program holds the cache: the page cannot be kept, and what came behind it must not take its place. */
static void a_page_that_cannot_be_kept_comes_again(void **state)
{
    struct wire w;
    struct cache *other = NULL;
    struct cache_page_end page_end;
    struct err e = {0};
    bool fresh;
    size_t len;
    begin_first_sync(&w);
    struct request *second = page_comes(&w, wire_on(&w, FEED), "c1", true);
    assert_ok(cache_open(w.machine->dir, w.machine->path, w.machine->key, ME, &other, &fresh, &e), &e);
    char *bytes = page_bytes(
        json_pack("[o,o]", dossier_entry(wire_dossier("d-1", 3)), dossier_entry(wire_dossier("d-2", 3))), "x",
        true, &len);
    assert_ok(cache_page_begin(other, bytes, len, &e), &e);
    assert_int_equal(cache_page_step(other, &w.machine->env.env, 0, &page_end, &e), CACHE_PAGE_MORE);
    assert_false(sync_apply(w.sync, 1000));
    cache_close(&other);
    assert_null(cache_cursor(w.cache));
    assert_int_equal(wire_line(&w).why.code, ERR_STORE);
    assert_null(page_comes(&w, second, "c2", false));
    assert_false(sync_apply(w.sync, 1000));
    assert_null(cache_cursor(w.cache));
    request_free(&w.on[0]); /* the first, which was answered */
    w.n_on = 0;
    wire_advance(&w, 10001);
    wire_page(&w, json_array(), "c1", false, -1);
    assert_string_equal(cache_cursor(w.cache), "c1");
    request_free(&second);
    wire_free(&w);
}

static void keeps_to_poll_after(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in_as(&w, ME, "access-1", "refresh-1");
    wire_attach(&w);
    wire_page(&w, json_array(), "c1", false, 60);
    wire_advance(&w, 59999);
    assert_null(wire_find(&w, FEED));
    wire_advance(&w, 17000);
    wire_on(&w, FEED);
    wire_free(&w);
}

static void does_not_hammer_a_server_that_does_not_hold(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in(&w);
    size_t before = w.begun;
    for (int64_t end = w.machine->env.mono + 60000; w.machine->env.mono < end;) {
        if (wire_find(&w, FEED))
            wire_page(&w, json_array(), "c1", false, -1);
        wire_advance(&w, 100);
    }
    assert_in_range(w.begun - before, 4, 13);
    wire_free(&w);
}

static void an_expired_cursor_begins_a_full_pass(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in_as(&w, ME, "access-1", "refresh-1");
    wire_attach(&w);
    wire_page(&w,
              json_pack("[o,o]", dossier_entry(wire_dossier("d-1", 3)), dossier_entry(wire_dossier("d-2", 3))),
              "c1", false, -1);
    assert_int_equal(cache_dossier_count(w.cache), 2);
    wire_problem(&w, wire_on(&w, FEED "?limit=200&since=c1"), 410, "cursor-expired", NULL);
    assert_int_equal(w.n_on, 0); /* it may be so for all: nobody hurries, */
    wire_advance(&w, BACKOFF_MOST_MS + 1);
    assert_string_equal(wire_on(&w, FEED)->url, WIRE_BASE "/api/v1/changes?limit=200");
    wire_page(&w, json_pack("[o]", dossier_entry(wire_dossier("d-2", 3))), "c2", true, -1);
    assert_int_equal(w.n_on, 0);
    wire_now(&w); /* but at the officer's word */
    wire_page(&w, json_pack("[o]", dossier_entry(wire_dossier("d-3", 1))), "c3", true, -1);
    wire_page(&w, json_array(), "c4", false, -1);
    assert_int_equal(cache_dossier_count(w.cache), 2);
    wire_free(&w);
}

static void a_broken_page_is_asked_for_again(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in(&w);
    wire_reply(&w, wire_on(&w, FEED), 200, JSON_TYPE, "{\"changes\":[{\"type\":\"dossier\"");
    assert_null(wire_find(&w, FEED));
    assert_int_equal(wire_line(&w).state, LINE_OFFLINE);
    wire_advance(&w, 10001);
    wire_on(&w, FEED "?limit=200&since=c1");
    wire_reply(&w, wire_on(&w, FEED), 200, "text/html", "<html>Wi-Fi</html>");
    wire_advance(&w, BACKOFF_SECOND_MS + 1);
    wire_page(&w, json_array(), "c2", false, -1);
    assert_int_equal(wire_line(&w).state, LINE_ONLINE);
    wire_free(&w);
}

static void a_cursor_that_stands_still_is_no_progress(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in(&w);
    wire_page(&w, json_array(), "c1", true, -1);
    assert_null(wire_find(&w, FEED));
    assert_int_equal(wire_line(&w).state, LINE_OFFLINE);
    wire_advance(&w, 10001);
    wire_on(&w, FEED);
    wire_free(&w);
}

/* ── the breaker ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Loses whatever is on its way until the next request, and says after how many ms that came. */
static int64_t lose_all(struct wire *w, int64_t most)
{
    int64_t began = w->machine->env.mono;
    while (w->n_on > 0)
        wire_lost(w, w->on[0], RESPONSE_REFUSED);
    while (w->n_on == 0 && w->machine->env.mono - began <= most)
        wire_advance(w, 10);
    return w->machine->env.mono - began;
}

static void waits_longer_and_longer_for_one_probe(void **state)
{
    int64_t longest = 0;
    struct wire w;
    wire_new(&w, true);
    wire_sign_in(&w);
    for (int i = 0; i < 12; i++) {
        int64_t most = i == 0 ? BACKOFF_FIRST_MS : i == 1 ? BACKOFF_SECOND_MS : BACKOFF_MOST_MS;
        int64_t waited = lose_all(&w, most);
        assert_in_range(waited, 0, most + 10);
        assert_int_equal(w.n_on, 1); /* one probe, and it has to come back soon */
        assert_int_equal(w.on[0]->wait, 0);
        longest = waited > longest ? waited : longest;
        wire_advance(&w, 5000);
        assert_int_equal(w.n_on, 1);
    }
    assert_true(longest > 20000);
    assert_int_equal(wire_line(&w).state, LINE_OFFLINE);
    wire_page(&w, json_array(), "c1", false, -1);
    assert_int_equal(wire_line(&w).state, LINE_ONLINE);
    wire_free(&w);
}

static void spreads_its_retries(void **state)
{
    int early = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct wire w;
        wire_new(&w, true);
        w.machine->env.seed = seed;
        wire_sign_in(&w);
        early += lose_all(&w, 10000) < 5000;
        wire_free(&w);
    }
    assert_in_range(early, 8, 32);
}

static void keeps_to_retry_after(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in(&w);
    w.retry_after = "120";
    wire_problem(&w, wire_on(&w, FEED), 503, "maintenance", NULL);
    struct line_status line = wire_line(&w);
    assert_int_equal(line.state, LINE_MAINTENANCE);
    assert_in_range(line.until - line.server_now, 119, 151);
    wire_advance(&w, 119999);
    assert_int_equal(w.n_on, 0);
    wire_advance(&w, 30002);
    w.retry_after = "999999999999";
    wire_problem(&w, wire_on(&w, FEED), 429, "rate-limited", NULL);
    wire_advance(&w, 899999);
    assert_int_equal(w.n_on, 0);
    wire_advance(&w, 225002);
    w.retry_after = "Thu, 29 Dec 2022 02:42:00 GMT"; /* never a date: as if there were none */
    wire_problem(&w, wire_on(&w, FEED), 503, "maintenance", NULL);
    wire_advance(&w, 10001);
    w.retry_after = "0";
    wire_problem(&w, wire_on(&w, FEED), 503, "maintenance", NULL);
    wire_advance(&w, 999);
    assert_int_equal(w.n_on, 0);
    wire_advance(&w, 252);
    wire_on(&w, FEED);
    wire_free(&w);
}

static void the_officers_word_does_not_wait(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in(&w);
    while (w.n_on > 0)
        wire_lost(&w, w.on[0], RESPONSE_TIMED_OUT);
    while (wire_line(&w).next_try - wire_line(&w).server_now < 20) {
        wire_advance(&w, 1000);
        while (w.n_on > 0)
            wire_lost(&w, w.on[0], RESPONSE_REFUSED);
    }
    wire_now(&w);
    assert_int_equal(wire_on(&w, FEED)->wait, 0);
    wire_free(&w);
}

static void what_an_officer_asks_is_tried_at_once_and_fails_at_once(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in(&w);
    while (w.n_on > 0)
        wire_lost(&w, w.on[0], RESPONSE_REFUSED);
    wire_ask(&w, ASK_DOSSIER, "d-1");
    wire_lost(&w, wire_on(&w, "GET /api/v1/dossiers/d-1"), RESPONSE_REFUSED);
    assert_true(w.answered && w.answer.final);
    assert_int_equal(w.answer.err.code, ERR_OFFLINE);
    assert_non_null(strstr(w.answer.err.text, "mc-demo.local:8443"));
    wire_free(&w);
}

/* ── the clock ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void follows_the_servers_clock(void **state)
{
    struct wire w;
    wire_new(&w, true);
    w.server_ahead = -7000;
    wire_sign_in(&w);
    int64_t off = sync_now(w.sync) - (w.machine->env.wall - 7000);
    assert_in_range(off + 2, 1, 3);
    assert_in_range(wire_line(&w).skew, 6998, 7002);
    w.machine->env.wall += 100000; /* somebody sets the PC's clock: server time goes on as it did */
    assert_in_range(sync_now(w.sync) - (w.machine->env.wall - 107000) + 2, 1, 3);
    w.date = "yesterday";
    wire_page(&w, json_array(), "c2", false, -1);
    assert_in_range(sync_now(w.sync) - (w.machine->env.wall - 107000) + 2, 1, 3);
    w.date = NULL;
    wire_advance(&w, 10001); /* an empty page that came at once */
    w.server_ahead = 3000;   /* the server's clock is set */
    wire_page(&w, json_array(), "c3", false, -1);
    assert_in_range(sync_now(w.sync) - (w.machine->env.wall + 3000) + 2, 1, 3);
    wire_restart(&w); /* without a line: the kept distance */
    assert_in_range(sync_now(w.sync) - (w.machine->env.wall + 3000) + 3, 0, 6);
    assert_true(wire_line(&w).training);
    assert_true(wire_line(&w).skew == INSTANT_NONE);
    wire_free(&w);
}

/* ── the line ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void slow_is_not_cut_off(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in(&w);
    wire_ask(&w, ASK_DOSSIER, "d-1");
    wire_advance(&w, 2900);
    assert_int_equal(wire_line(&w).state, LINE_ONLINE);
    wire_advance(&w, 3100);
    struct line_status line = wire_line(&w);
    assert_int_equal(line.state, LINE_SLOW);
    assert_in_range(line.answer_ms, 5900, 6100);
    assert_non_null(strstr(line.why.text, "6"));
    wire_json(&w, wire_on(&w, "GET /api/v1/dossiers/d-1"), 200, wire_dossier("d-1", 3));
    assert_int_equal(wire_line(&w).state, LINE_ONLINE);
    wire_free(&w);
}

static void says_since_when_it_is_cut_off(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_sign_in(&w);
    wire_advance(&w, 1000);
    int64_t since = sync_now(w.sync);
    lose_all(&w, 10000);
    lose_all(&w, BACKOFF_SECOND_MS);
    struct line_status line = wire_line(&w);
    assert_int_equal(line.state, LINE_OFFLINE);
    assert_in_range(line.since - since + 1, 0, 2);
    assert_non_null(strstr(line.why.text, "09:42"));
    assert_in_range(line.last_try, since, line.server_now);
    wire_free(&w);
}

static void an_untrusted_certificate_stops_it(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_step(&w);
    wire_lost(&w, wire_on(&w, ABOUT), RESPONSE_CERTIFICATE);
    struct line_status line = wire_line(&w);
    assert_int_equal(line.state, LINE_STOPPED);
    assert_non_null(strstr(line.why.text, "đã hết hạn"));
    wire_free(&w);
}

static void stops_at_a_newer_api(void **state)
{
    static const char *const versions[] = {"2.0", "0.9", "x", "1x", "10.1", ""};
    for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
        struct wire w;
        wire_new(&w, true);
        wire_step(&w);
        wire_json(&w, wire_on(&w, ABOUT), 200,
                  json_pack("{s:s, s:s, s:s, s:s, s:s, s:[]}", "name", "x", "api_version", versions[i],
                            "issuer", "https://id.mc-demo.local", "client_id", "motcua", "time",
                            "2022-12-29T09:42:00+07:00", "features"));
        assert_int_equal(wire_line(&w).state, LINE_STOPPED);
        assert_non_null(strstr(wire_line(&w).why.text, versions[i]));
        assert_int_equal(w.n_on, 0);
        wire_ask(&w, ASK_DOSSIER, "d-1"); /* nothing is asked of it */
        assert_int_equal(w.n_on, 0);
        assert_true(w.answered && w.answer.err.code != ERR_NONE);
        wire_free(&w);
    }
}

static void a_web_page_is_no_server(void **state)
{
    struct wire w;
    wire_new(&w, true);
    wire_step(&w);
    wire_reply(&w, wire_on(&w, ABOUT), 200, "text/html; charset=utf-8", "<!doctype html><title>Cổng</title>");
    assert_int_equal(wire_line(&w).state, LINE_STOPPED);
    assert_non_null(strstr(wire_line(&w).why.text, WIRE_BASE));
    wire_advance(&w, 10001);
    wire_reply(&w, wire_on(&w, ABOUT), 302, NULL, "");
    assert_int_equal(wire_line(&w).state, LINE_STOPPED);
    wire_advance(&w, BACKOFF_SECOND_MS + 1);
    wire_on(&w, ABOUT); /* portals go away */
    wire_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_nothing_before_it_knows_the_server),
        cmocka_unit_test(a_command_asks_nothing_for_nobody),
        cmocka_unit_test(reads_the_feed_and_then_waits),
        cmocka_unit_test(asks_for_the_next_page_while_it_applies_one),
        cmocka_unit_test(a_page_that_cannot_be_kept_comes_again),
        cmocka_unit_test(keeps_to_poll_after),
        cmocka_unit_test(does_not_hammer_a_server_that_does_not_hold),
        cmocka_unit_test(an_expired_cursor_begins_a_full_pass),
        cmocka_unit_test(a_broken_page_is_asked_for_again),
        cmocka_unit_test(a_cursor_that_stands_still_is_no_progress),
        cmocka_unit_test(waits_longer_and_longer_for_one_probe),
        cmocka_unit_test(spreads_its_retries),
        cmocka_unit_test(keeps_to_retry_after),
        cmocka_unit_test(the_officers_word_does_not_wait),
        cmocka_unit_test(what_an_officer_asks_is_tried_at_once_and_fails_at_once),
        cmocka_unit_test(follows_the_servers_clock),
        cmocka_unit_test(slow_is_not_cut_off),
        cmocka_unit_test(says_since_when_it_is_cut_off),
        cmocka_unit_test(an_untrusted_certificate_stops_it),
        cmocka_unit_test(stops_at_a_newer_api),
        cmocka_unit_test(a_web_page_is_no_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

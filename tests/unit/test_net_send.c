/* Wishes on their way, without a network: order, the same bytes again, what is told and what is taken away.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_wire.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define ACT(id) "POST /api/v1/dossiers/" id "/actions"

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

/* The row's state, with "?" behind it where it may have arrived. */
static void assert_row(struct wire *w, const char *key, enum command_state expected, bool may_have_arrived)
{
    struct arena arena = {0};
    struct command row = wire_row(w, &arena, key);
    assert_int_equal(row.state, expected);
    assert_int_equal(row.may_have_arrived, may_have_arrived);
    arena_clear(&arena);
}

static bool is_gone(struct wire *w, const char *key)
{
    struct arena arena = {0};
    struct command row;
    struct err e = {0};
    bool gone = !outbox_get(w->outbox, key, &arena, &row, &e) && e.code == ERR_NOT_FOUND;
    arena_clear(&arena);
    return gone;
}

/* ── done ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void sends_what_the_contract_wants(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_wish(w, "d-1", false, key);
    struct request *r = wire_on(w, ACT("d-1"));
    assert_string_equal(r->url, WIRE_BASE "/api/v1/dossiers/d-1/actions");
    assert_string_equal(r->token, "access-1");
    assert_string_equal(r->key, key);
    assert_string_equal(r->if_match, "\"3\"");
    assert_string_equal(r->content_type, JSON_TYPE);
    assert_string_equal(wire_body(r), "{\"action\":\"comment\",\"note\":\"gấp\"}");
    assert_row(w, key, COMMAND_DUE, false); /* no byte has left yet */
    assert_true(wire_connect(w, r));
    assert_row(w, key, COMMAND_SENDING, false);
    w->etag = "\"4\"";
    wire_json(w, r, 200, wire_dossier("d-1", 4));
    assert_row(w, key, COMMAND_DONE, false);
    assert_int_equal(w->event.state, COMMAND_DONE);
    assert_string_equal(w->event.key, key);
}

static void an_answer_replaces_what_is_held(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    struct arena arena = {0};
    struct dossier d;
    struct err e = {0};
    wire_page(w, json_pack("[o]", dossier_entry(wire_dossier("d-1", 3))), "c2", false, -1);
    wire_wish(w, "d-1", false, key);
    wire_json(w, wire_on(w, ACT("d-1")), 200, wire_dossier("d-1", 4)); /* no ETag: the body says it */
    assert_ok(cache_dossier(w->cache, "d-1", &arena, &d, NULL, &e), &e);
    assert_int_equal(d.version, 4);
    wire_wish(w, "d-9", false, key);
    wire_json(w, wire_on(w, ACT("d-9")), 200, wire_dossier("d-9", 4));
    assert_err(cache_dossier(w->cache, "d-9", &arena, &d, NULL, &e), &e, ERR_NOT_FOUND); /* only the feed adds */
    arena_clear(&arena);
}

/* Another instance may act again the moment that the row says so. The outbox is kept busy, so that it cannot say it first. */
static void what_it_answered_is_held_before_it_is_done(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT], *path = mem_format("%s/outbox.db", w->machine->path);
    struct arena arena = {0};
    struct dossier d;
    struct err e = {0};
    sqlite3 *busy;
    wire_page(w, json_pack("[o]", dossier_entry(wire_dossier("d-1", 3))), "c2", false, -1);
    wire_wish(w, "d-1", false, key);
    struct request *r = wire_on(w, ACT("d-1"));
    wire_connect(w, r);
    assert_int_equal(sqlite3_open(path, &busy), SQLITE_OK);
    assert_int_equal(sqlite3_exec(busy, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    wire_json(w, r, 200, wire_dossier("d-1", 4));
    sqlite3_close(busy);
    assert_row(w, key, COMMAND_SENDING, false);
    assert_ok(cache_dossier(w->cache, "d-1", &arena, &d, NULL, &e), &e);
    assert_int_equal(d.version, 4);
    arena_clear(&arena);
    mem_free(&path);
}

static void one_after_the_other_on_a_dossier(void **state)
{
    struct wire *w = *state;
    char first[UUID_TEXT], second[UUID_TEXT];
    wire_wish(w, "d-1", false, first);
    struct request *r = wire_on(w, ACT("d-1"));
    wire_connect(w, r);
    wire_wish(w, "d-1", false, second);
    assert_ptr_equal(wire_on(w, ACT("d-1")), r);
    w->etag = "W/\"17\""; /* a proxy that compresses weakens it: the body says which version it is */
    wire_json(w, r, 200, wire_dossier("d-1", 17));
    r = wire_on(w, ACT("d-1"));
    assert_string_equal(r->key, second);
    assert_string_equal(r->if_match, "\"17\"");
}

static void a_stuck_dossier_holds_up_no_other(void **state)
{
    struct wire *w = *state;
    char stuck[UUID_TEXT], other[UUID_TEXT];
    wire_wish(w, "d-1", false, stuck);
    wire_connect(w, wire_on(w, ACT("d-1")));
    for (int i = 2; i < 20; i++) {
        char *target = mem_format("d-%d", i), *path = mem_format("POST /api/v1/dossiers/%s/actions", target);
        wire_wish(w, target, false, other);
        wire_json(w, wire_on(w, path), 200, wire_dossier(target, 4));
        assert_row(w, other, COMMAND_DONE, false);
        mem_free(&target);
        mem_free(&path);
    }
    assert_row(w, stuck, COMMAND_SENDING, false);
}

static void a_new_dossier_gives_its_id_to_what_waits(void **state)
{
    struct wire *w = *state;
    struct wish create = {.method = "POST",
                          .path = "/dossiers",
                          .action = "create",
                          .code = "",
                          .name = "Nguyễn Thị Đào",
                          .body = "{}",
                          .body_len = 2,
                          .acted_at = T0};
    char key[UUID_TEXT], next[UUID_TEXT];
    create.target = NULL;
    enqueue(w->outbox, &create, key);
    wire_step(w);
    struct request *r = wire_on(w, "POST /api/v1/dossiers");
    assert_null(r->if_match);
    wire_connect(w, r);
    wire_wish(w, key, false, next);
    w->location = "/api/v1/dossiers/d-77";
    w->etag = "\"1\"";
    wire_json(w, r, 201, wire_dossier("d-77", 1));
    r = wire_on(w, ACT("d-77"));
    assert_string_equal(r->if_match, "\"1\"");
    assert_string_equal(r->key, next);
}

/* ── no answer ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_same_again_until_it_is_answered(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    char *html = mem_format("<html>%0*d</html>", 2000, 0);
    wire_wish(w, "d-1", false, key);
    for (int i = 0; i < 7; i++) {
        struct request *r = wire_on(w, ACT("d-1"));
        assert_string_equal(r->key, key);
        assert_string_equal(r->if_match, "\"3\"");
        assert_string_equal(wire_body(r), "{\"action\":\"comment\",\"note\":\"gấp\"}");
        switch (i) {
        case 0:
            wire_lost(w, r, RESPONSE_CUT);
            break;
        case 1:
            wire_lost(w, r, RESPONSE_TIMED_OUT);
            break;
        case 2:
            wire_reply(w, r, 200, "text/html", html);
            break;
        case 3:
            wire_reply(w, r, 500, NULL, "");
            break;
        case 4:
            wire_json(w, r, 200, wire_dossier("d-2", 4)); /* another dossier */
            break;
        case 5:
            wire_reply(w, r, 200, JSON_TYPE, "{\"id\":\"d-1\",\"version\":");
            break;
        default:
            wire_lost(w, r, RESPONSE_TOO_LARGE);
        }
        assert_row(w, key, COMMAND_DUE, true);
        int64_t until = w->machine->env.mono + 300001;
        while (!wire_find(w, ACT("d-1")) && w->machine->env.mono < until) {
            wire_advance(w, 1000);
            if (wire_find(w, "GET /api/v1/changes"))
                wire_page(w, json_array(), "c2", false, 30);
        }
    }
    assert_int_equal(w->n_events, 0);
    wire_json(w, wire_on(w, ACT("d-1")), 200, wire_dossier("d-1", 4));
    assert_row(w, key, COMMAND_DONE, false);
    mem_free(&html);
}

static void what_never_left_is_only_not_sent(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_wish(w, "d-1", false, key);
    wire_lost(w, wire_on(w, ACT("d-1")), RESPONSE_REFUSED);
    assert_row(w, key, COMMAND_DUE, false);
    while (wire_find(w, "GET /api/v1/changes"))
        wire_lost(w, wire_on(w, "GET /api/v1/changes"), RESPONSE_REFUSED);
    wire_advance(w, 20001);
    if (wire_find(w, "GET /api/v1/changes")) /* the probe */
        wire_page(w, json_array(), "c2", false, -1);
    wire_on(w, ACT("d-1")); /* goes as soon as the line is back */
}

/* What was cut off once goes with the line; what is cut off again waits for itself, or it would hold up the others for ever. */
static void what_is_cut_off_twice_waits_for_itself(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT], other[UUID_TEXT];
    int waited = 0;
    wire_wish(w, "d-1", false, key);
    for (int i = 0; i < 8; i++) {
        wire_lost(w, wire_on(w, ACT("d-1")), RESPONSE_CUT);
        wire_now(w);
        wire_page(w, json_array(), "c1", false, 3600); /* the line is back */
        if (i == 0) {
            wire_on(w, ACT("d-1"));
            continue;
        }
        waited += wire_find(w, ACT("d-1")) == NULL;
        wire_wish(w, "d-2", false, other);
        wire_json(w, wire_on(w, ACT("d-2")), 200, wire_dossier("d-2", 4));
        wire_advance(w, 300001);
    }
    assert_in_range(waited, 6, 7);
}

static void files_that_are_closed_and_opened_on_the_way(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_wish(w, "d-1", false, key);
    assert_true(wire_connect(w, wire_on(w, ACT("d-1"))));
    wire_attach(w);
    assert_int_equal(w->n_on, 2); /* the feed, and the same wish again */
    assert_string_equal(wire_on(w, ACT("d-1"))->key, key);
    assert_row(w, key, COMMAND_DUE, true);
}

static void a_key_in_progress_waits_as_it_is_told(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_wish(w, "d-1", false, key);
    w->retry_after = "40";
    wire_problem(w, wire_on(w, ACT("d-1")), 409, "idempotency-in-progress", NULL);
    assert_row(w, key, COMMAND_DUE, true);
    wire_advance(w, 39999);
    assert_null(wire_find(w, ACT("d-1")));
    wire_advance(w, 10002);
    wire_on(w, ACT("d-1"));
}

static void taken_back_before_the_first_byte(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    struct err e = {0};
    wire_wish(w, "d-1", false, key);
    struct request *r = wire_on(w, ACT("d-1"));
    assert_ok(outbox_drop(w->outbox, key, T0, &e), &e);
    assert_false(wire_connect(w, r));
    wire_lost(w, r, RESPONSE_HELD_BACK);
    assert_row(w, key, COMMAND_DROPPED, false);
    wire_advance(w, 1000);
    assert_null(wire_find(w, ACT("d-1")));
    assert_int_equal(wire_line(w).state, LINE_ONLINE);
}

static void a_kill_between_byte_and_answer(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_wish(w, "d-1", false, key);
    assert_true(wire_connect(w, wire_on(w, ACT("d-1"))));
    wire_restart(w);
    assert_row(w, key, COMMAND_DUE, true);
    wire_json(w, wire_on(w, "GET /api/v1/about"), 200,
              json_pack("{s:s, s:s, s:s, s:s, s:s, s:[]}", "name", "x", "api_version", "1.0", "issuer",
                        "https://id.mc-demo.local", "client_id", "motcua", "time",
                        "2022-12-29T09:42:00+07:00", "features"));
    struct request *r = wire_on(w, ACT("d-1"));
    assert_string_equal(r->key, key);
    assert_string_equal(r->token, "access-1");
    wire_json(w, r, 200, wire_dossier("d-1", 4));
    assert_row(w, key, COMMAND_DONE, false);
}

/* ── no ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_conflict_shows_what_stands_now(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT], behind[UUID_TEXT];
    struct arena arena = {0};
    struct dossier d;
    struct err e = {0};
    wire_page(w, json_pack("[o]", dossier_entry(wire_dossier("d-1", 3))), "c2", false, -1);
    wire_wish(w, "d-1", false, key);
    struct request *r = wire_on(w, ACT("d-1"));
    wire_connect(w, r);
    wire_wish(w, "d-1", false, behind);
    wire_problem(w, r, 412, "stale-version",
                 json_pack("{s:s, s:o}", "changed_by", "of-nam", "current", wire_dossier("d-1", 9)));
    assert_row(w, key, COMMAND_CONFLICT, false);
    assert_row(w, behind, COMMAND_CONFLICT, false);
    assert_ok(cache_dossier(w->cache, "d-1", &arena, &d, NULL, &e), &e);
    assert_int_equal(d.version, 9);
    assert_int_equal(w->event.state, COMMAND_CONFLICT);
    assert_non_null(strstr(wire_row(w, &arena, key).problem, "of-nam"));
    arena_clear(&arena);
}

static void a_refusal_is_final(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    struct arena arena = {0};
    wire_wish(w, "d-1", false, key);
    w->request_id = "rq-7";
    wire_problem(w, wire_on(w, ACT("d-1")), 403, "four-eyes", NULL);
    assert_row(w, key, COMMAND_REFUSED, false);
    assert_string_equal(wire_row(w, &arena, key).request_id, "rq-7");
    assert_int_equal(w->event.state, COMMAND_REFUSED);
    assert_string_equal(w->event.why.text, "Không được");
    wire_advance(w, 3600 * 1000);
    assert_null(wire_find(w, ACT("d-1")));
    arena_clear(&arena);
}

/* ── online only ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void online_only_is_tried_though_the_line_is_down(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT], ordinary[UUID_TEXT];
    while (w->n_on > 0)
        wire_lost(w, w->on[0], RESPONSE_REFUSED);
    wire_wish(w, "d-2", false, ordinary);
    assert_null(wire_find(w, ACT("d-2"))); /* that one waits for the probe */
    wire_wish(w, "d-1", true, key);
    wire_lost(w, wire_on(w, ACT("d-1")), RESPONSE_REFUSED);
    assert_true(is_gone(w, key));
    assert_true(w->event.taken_away);
    assert_int_equal(w->event.why.code, ERR_OFFLINE);
    assert_row(w, ordinary, COMMAND_DUE, false);
}

static void online_only_that_left_is_kept(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_wish(w, "d-1", true, key);
    wire_lost(w, wire_on(w, ACT("d-1")), RESPONSE_CUT);
    assert_row(w, key, COMMAND_DUE, true);
    assert_int_equal(w->n_events, 0);
}

static void online_only_is_taken_away_when_there_are_too_many(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_wish(w, "d-1", true, key);
    wire_problem(w, wire_on(w, ACT("d-1")), 429, "rate-limited", NULL);
    assert_true(is_gone(w, key));
    assert_true(w->event.taken_away);
}

static void a_signature_waits_for_a_new_sign_in(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_wish(w, "d-1", true, key);
    w->authenticate = "Bearer error=\"insufficient_user_authentication\"";
    wire_problem(w, wire_on(w, ACT("d-1")), 401, "step-up-required", NULL);
    assert_row(w, key, COMMAND_DUE, false);
    assert_true(w->event.step_up && !w->event.taken_away);
    wire_advance(w, 3600 * 500);
    assert_null(wire_find(w, ACT("d-1")));
    wire_sign_in_as(w, ME, "access-2", "refresh-2");
    struct request *r = wire_on(w, ACT("d-1"));
    assert_string_equal(r->key, key);
    assert_string_equal(r->token, "access-2");
}

static void nothing_goes_with_somebody_elses_token(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_sign_in_as(w, "of-nam", "access-9", "refresh-9");
    wire_wish(w, "d-1", false, key);
    wire_advance(w, 600 * 1000);
    assert_null(wire_find(w, ACT("d-1")));
    assert_null(wire_find(w, "GET /api/v1/changes"));
    assert_row(w, key, COMMAND_DUE, false);
    wire_sign_in_as(w, ME, "access-3", "refresh-3");
    assert_string_equal(wire_on(w, ACT("d-1"))->token, "access-3");
}

/* ── leaving, and a file that was changed ────────────────────────────────────────────────────────────────────────── */

static void leaving_sends_on_and_asks_nothing_new(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    struct sync_orders orders;
    wire_wish(w, "d-1", false, key);
    sync_step(w->sync, &(struct sync_event){.kind = SYNC_DRAIN}, &orders);
    assert_int_equal(orders.n_begin, 0);
    assert_int_equal(orders.n_drop, 1); /* the long poll */
    assert_false(sync_drained(w->sync));
    wire_json(w, wire_on(w, ACT("d-1")), 200, wire_dossier("d-1", 4));
    assert_true(sync_drained(w->sync));
    assert_null(wire_find(w, "GET /api/v1/changes?limit=200&since=c1\n"));
}

static void a_path_that_was_tampered_with_goes_nowhere(void **state)
{
    static const char *const paths[] = {"/../admin", "//evil.example/x", "/dossiers/d-1/actions?x=1",
                                        "/a\r\nHost: evil", "x"};
    struct wire *w = *state;
    char key[UUID_TEXT];
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        struct wish wish = wish_on("d-5");
        wish.path = paths[i];
        wish.hold = false;
        enqueue(w->outbox, &wish, key);
        wire_step(w);
        assert_null(wire_find(w, "POST"));
        assert_row(w, key, COMMAND_REFUSED, false);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(sends_what_the_contract_wants),
        TEST(an_answer_replaces_what_is_held),
        TEST(what_it_answered_is_held_before_it_is_done),
        TEST(one_after_the_other_on_a_dossier),
        TEST(a_stuck_dossier_holds_up_no_other),
        TEST(a_new_dossier_gives_its_id_to_what_waits),
        TEST(the_same_again_until_it_is_answered),
        TEST(what_never_left_is_only_not_sent),
        TEST(what_is_cut_off_twice_waits_for_itself),
        TEST(files_that_are_closed_and_opened_on_the_way),
        TEST(a_key_in_progress_waits_as_it_is_told),
        TEST(taken_back_before_the_first_byte),
        TEST(a_kill_between_byte_and_answer),
        TEST(a_conflict_shows_what_stands_now),
        TEST(a_refusal_is_final),
        TEST(online_only_is_tried_though_the_line_is_down),
        TEST(online_only_that_left_is_kept),
        TEST(online_only_is_taken_away_when_there_are_too_many),
        TEST(a_signature_waits_for_a_new_sign_in),
        TEST(nothing_goes_with_somebody_elses_token),
        TEST(leaving_sends_on_and_asks_nothing_new),
        TEST(a_path_that_was_tampered_with_goes_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

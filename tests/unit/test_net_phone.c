/* A remote signature without a network: asked for once whatever becomes of the answers, followed to its end, called off.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_wire.h"

#include "core/instant.h"

#include <stdlib.h>
#include <string.h>

#define ASKING "POST /api/v1/signatures"
#define STATE  "GET /api/v1/signatures/yc-1"
#define ENDING "DELETE /api/v1/signatures/yc-1"

static int begin(void **state)
{
    struct wire *w = mem_alloc(sizeof(*w));
    wire_new(w, true);
    wire_sign_in(w);
    wire_ask(w, ASK_REMOTE_SIGN, NULL);
    *state = w;
    return 0;
}

static int end(void **state)
{
    wire_free(*state);
    free(*state);
    return 0;
}

/* How it stands, answered to the request that begins so; `cms` may be NULL. */
static void stands(struct wire *w, const char *begins, const char *status, const char *cms)
{
    bool asks = *begins == 'P';
    wire_json(w, wire_on(w, begins), asks ? 202 : 200,
              json_pack("{s:s, s:s, s:s, s:s, s:s*}", "id", "yc-1", "status", status, "expires_at",
                        "2022-12-29T09:47:00+07:00", "confirmation_code", "7391", "cms", cms));
}

/* Nothing of what is on its way has to do with phones. */
static bool is_quiet(struct wire *w)
{
    return !wire_find(w, ASKING) && !wire_find(w, "GET /api/v1/signatures") && !wire_find(w, "DELETE");
}

static void the_statement_is_asked_for_and_followed_every_two_seconds(void **state)
{
    struct wire *w = *state;
    struct request *r = wire_on(w, ASKING);
    assert_string_equal(wire_body(r), "{\"statement\":\"eyJhIjoxfQ==\"}");
    assert_string_equal(r->content_type, "application/json");
    assert_int_equal(strlen(r->key), 36);
    stands(w, ASKING, "waiting", NULL);
    assert_true(w->answered && !w->answer.final);
    assert_string_equal(w->answer.phone_code, "7391");
    int64_t until;
    assert_true(instant_parse("2022-12-29T09:47:00+07:00", &until));
    assert_int_equal(w->answer.phone_until, until);
    for (int i = 0; i < 20; i++) {
        wire_advance(w, 1999);
        assert_null(wire_find(w, STATE));
        wire_advance(w, 1);
        assert_null(wire_on(w, STATE)->key);
        stands(w, STATE, "waiting", NULL);
    }
    wire_advance(w, 2000);
    stands(w, STATE, "signed", "Q01T");
    assert_true(w->answer.final);
    assert_int_equal(w->answer.err.code, ERR_NONE);
    assert_string_equal(w->answer.cms, "Q01T");
    wire_advance(w, 60000);
    assert_true(is_quiet(w));
}

static void each_end_is_said(void **state)
{
    static const char *const ends[] = {"rejected", "expired", "cancelled"};
    struct wire *w = *state;
    for (int i = 0; i < 3; i++) {
        stands(w, ASKING, "waiting", NULL);
        wire_advance(w, 2000);
        stands(w, STATE, ends[i], NULL);
        assert_true(w->answer.final);
        assert_int_equal(w->answer.err.code, ERR_REFUSED);
        assert_null(w->answer.cms);
        wire_ask(w, ASK_REMOTE_SIGN, NULL);
    }
}

static void a_lost_answer_is_asked_for_with_the_same_key_and_bytes(void **state)
{
    static const enum response_end ends[] = {RESPONSE_CUT, RESPONSE_TIMED_OUT, RESPONSE_REFUSED,
                                             RESPONSE_NO_HOST};
    struct wire *w = *state;
    char *key = mem_copy(wire_on(w, ASKING)->key), *body = mem_copy(wire_body(wire_on(w, ASKING)));
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        wire_lost(w, wire_on(w, ASKING), ends[i]);
        assert_false(w->answer.final);
        assert_int_equal(w->answer.err.code, ERR_OFFLINE); /* not known yet */
        wire_advance(w, 17000);
        assert_string_equal(wire_on(w, ASKING)->key, key);
        assert_string_equal(wire_body(wire_on(w, ASKING)), body);
    }
    wire_reply(w, wire_on(w, ASKING), 200, "text/html", "<html>a portal</html>");
    wire_advance(w, 17000);
    wire_problem(w, wire_on(w, ASKING), 500, "internal", NULL);
    wire_advance(w, 17000);
    wire_problem(w, wire_on(w, ASKING), 409, "idempotency-in-progress", NULL);
    wire_advance(w, 17000);
    assert_string_equal(wire_on(w, ASKING)->key, key);
    stands(w, ASKING, "waiting", NULL);
    assert_string_equal(w->answer.phone_code, "7391");
    mem_free(&body);
    mem_free(&key);
}

static void a_line_that_is_cut_while_waiting_is_said_and_the_code_again(void **state)
{
    struct wire *w = *state;
    stands(w, ASKING, "waiting", NULL);
    wire_advance(w, 2000);
    wire_lost(w, wire_on(w, STATE), RESPONSE_CUT);
    assert_false(w->answer.final);
    assert_int_equal(w->answer.err.code, ERR_OFFLINE);
    wire_advance(w, 5000);
    stands(w, STATE, "waiting", NULL);
    assert_int_equal(w->answer.err.code, ERR_NONE);
    assert_string_equal(w->answer.phone_code, "7391");
    wire_advance(w, 2000);
    wire_json(w, wire_on(w, STATE), 200, json_pack("{s:s, s:s}", "id", "yc-2", "status", "signed")); /* another's */
    assert_false(w->answer.final);
    wire_advance(w, 5000);
    stands(w, STATE, "signed", NULL); /* without what it is about */
    assert_false(w->answer.final);
    wire_advance(w, 7000);
    stands(w, STATE, "signed", "Q01T");
    assert_string_equal(w->answer.cms, "Q01T");
}

static void it_is_not_waited_for_without_end(void **state)
{
    struct wire *w = *state;
    stands(w, ASKING, "waiting", NULL);
    for (int i = 0; i < 400 && !w->answer.final; i++) {
        wire_advance(w, 1000);
        if (wire_find(w, STATE))
            wire_lost(w, wire_on(w, STATE), RESPONSE_REFUSED);
    }
    assert_true(w->answer.final);
    assert_int_equal(w->answer.err.code, ERR_OFFLINE);
    wire_advance(w, 60000);
    assert_true(is_quiet(w));
}

static void what_is_called_off_is_ended_on_the_server(void **state)
{
    struct wire *w = *state;
    stands(w, ASKING, "waiting", NULL);
    answer_clear(&w->answer);
    w->answered = false;
    wire_advance(w, 2000);
    assert_non_null(wire_find(w, STATE));
    wire_cancel(w);
    assert_null(wire_find(w, STATE)); /* dropped */
    char *key = mem_copy(wire_on(w, ENDING)->key);
    wire_lost(w, wire_on(w, ENDING), RESPONSE_CUT);
    wire_advance(w, 17000);
    assert_string_equal(wire_on(w, ENDING)->key, key);
    wire_reply(w, wire_on(w, ENDING), 204, NULL, "");
    wire_advance(w, 60000);
    assert_true(is_quiet(w));
    assert_false(w->answered); /* nobody waits */
    mem_free(&key);
}

static void what_is_called_off_while_asked_for_is_ended_when_its_name_is_known(void **state)
{
    struct wire *w = *state;
    wire_cancel(w);
    wire_lost(w, wire_on(w, ASKING), RESPONSE_CUT); /* the server may have it */
    wire_advance(w, 17000);
    stands(w, ASKING, "waiting", NULL);
    wire_reply(w, wire_on(w, ENDING), 204, NULL, "");
    wire_advance(w, 60000);
    assert_true(is_quiet(w));
    wire_ask(w, ASK_REMOTE_SIGN, NULL);
    wire_cancel(w);
    wire_lost(w, wire_on(w, ASKING), RESPONSE_REFUSED); /* it cannot */
    wire_advance(w, 60000);
    assert_true(is_quiet(w));
    assert_false(w->answered);
}

static void a_token_that_is_not_good_any_more_is_renewed(void **state)
{
    struct wire *w = *state;
    stands(w, ASKING, "waiting", NULL);
    for (int i = 0; i < 2; i++) { /* within one request, more than once */
        char *access = mem_format("access-%d", 10 + i), *refresh = mem_format("refresh-%d", 10 + i);
        wire_advance(w, 2000);
        wire_problem(w, wire_on(w, STATE), 401, "unauthorized", NULL);
        wire_advance(w, 10);
        wire_json(w, wire_on(w, "POST /token"), 200,
                  json_pack("{s:s, s:s, s:s, s:i}", "access_token", access, "refresh_token", refresh,
                            "token_type", "Bearer", "expires_in", 3600));
        stands(w, STATE, "waiting", NULL);
        assert_false(w->answer.final);
        mem_free(&refresh);
        mem_free(&access);
    }
}

static void a_no_is_a_no(void **state)
{
    struct wire *w = *state;
    wire_problem(w, wire_on(w, ASKING), 404, "not-found", NULL);
    assert_true(w->answer.final);
    assert_int_equal(w->answer.err.code, ERR_REFUSED);
    wire_ask(w, ASK_REMOTE_SIGN, NULL);
    wire_problem(w, wire_on(w, ASKING), 422, "validation-failed", NULL);
    assert_true(w->answer.final);
    assert_int_equal(w->answer.err.code, ERR_INPUT);
    wire_advance(w, 60000);
    assert_true(is_quiet(w));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(the_statement_is_asked_for_and_followed_every_two_seconds),
        TEST(each_end_is_said),
        TEST(a_lost_answer_is_asked_for_with_the_same_key_and_bytes),
        TEST(a_line_that_is_cut_while_waiting_is_said_and_the_code_again),
        TEST(it_is_not_waited_for_without_end),
        TEST(what_is_called_off_is_ended_on_the_server),
        TEST(what_is_called_off_while_asked_for_is_ended_when_its_name_is_known),
        TEST(a_token_that_is_not_good_any_more_is_renewed),
        TEST(a_no_is_a_no),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

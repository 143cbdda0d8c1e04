/* Codes in reserve: asked for in the background, as many as are missing, once, and by nobody who has no use for them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_wire.h"

#include "cache/numbers.h"
#include "core/instant.h"
#include "net/reserve.h"

#include <string.h>

#define RESERVE "POST /api/v1/number-blocks"
#define UNIT    "H06.33.26"
#define MINUTE  60000

static struct wire w;
static struct arena arena;
static struct err e;

/* Signed in at a server that has number blocks, as an officer with this role. */
static void begin(const char *feature, const char *role)
{
    e = (struct err){0};
    wire_new(&w, true);
    w.feature = feature;
    wire_sign_in_as(&w, ME, "access-1", "refresh-1");
    wire_attach(&w);
    json_t *me =
        json_pack("{s:s, s:s, s:s, s:[s]}", "id", ME, "name", "Trần Thị Mai", "unit", UNIT, "roles", role);
    wire_page(&w, json_pack("[o]", entry("officer", ME, 1, me)), "c1", false, -1);
}

static void end(void)
{
    wire_free(&w);
    arena_clear(&arena);
}

/* Minutes in which the session is kept up. */
static void pass(int minutes)
{
    for (int i = 0; i < minutes; i++) {
        wire_advance(&w, MINUTE);
        struct request *r = wire_find(&w, "POST /token");
        if (r)
            wire_json(&w, r, 200,
                      json_pack("{s:s, s:s, s:s, s:i}", "access_token", "access-2", "refresh_token",
                                "refresh-2", "token_type", "Bearer", "expires_in", 36000));
    }
}

static int64_t now(void)
{
    return wire_line(&w).server_now;
}

static json_t *block(int n, int64_t until)
{
    char text[INSTANT_TEXT];
    json_t *codes = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(codes, json_sprintf("c-%d", i));
    instant_format(until, 7 * 3600, text);
    return json_pack("{s:o, s:s}", "codes", codes, "expires_at", text);
}

static int64_t left(void)
{
    struct numbers_state s;
    assert_ok(numbers_state(w.outbox, UNIT, now() + 5, &arena, &s, &e), &e);
    return s.left;
}

static void a_counter_officer_gets_some_without_asking(void **state)
{
    begin("number_blocks", "counter");
    assert_null(wire_find(&w, RESERVE)); /* not in the first moment */
    wire_advance(&w, MINUTE);
    struct request *r = wire_on(&w, RESERVE);
    assert_string_equal(wire_body(r), "{\"unit\":\"H06.33.26\",\"count\":10}");
    assert_string_equal(r->token, "access-1");
    assert_non_null(r->key);
    wire_json(&w, r, 201, block(10, now() + 8 * 3600));
    assert_int_equal(left(), 10);
    const char *code;
    assert_ok(numbers_next(w.outbox, UNIT, now() + 5, &arena, &code, &e), &e);
    assert_string_equal(code, "c-0");
    pass(60);
    assert_null(wire_find(&w, RESERVE)); /* there are enough */
    end();
}

static void nobody_asks_who_has_no_use_for_them(void **state)
{
    static const struct {
        const char *feature, *role;
    } none[] = {{NULL, "counter"}, {"payments", "counter"}, {"number_blocks", "specialist"}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        begin(none[i].feature, none[i].role);
        pass(60);
        assert_null(wire_find(&w, RESERVE));
        end();
    }
}

static void the_next_day_brings_others(void **state)
{
    begin("number_blocks", "counter");
    wire_advance(&w, MINUTE);
    wire_json(&w, wire_on(&w, RESERVE), 201, block(10, now() + 3600));
    pass(50);
    assert_null(wire_find(&w, RESERVE));
    pass(30); /* they have lapsed */
    assert_int_equal(left(), 0);
    wire_on(&w, RESERVE);
    end();
}

static void what_got_no_answer_is_asked_again_with_the_same_key(void **state)
{
    begin("number_blocks", "counter");
    wire_advance(&w, MINUTE);
    struct request *r = wire_on(&w, RESERVE);
    char *key = mem_copy(r->key), *body = mem_copy(wire_body(r));
    wire_reply(&w, r, 500, "text/html", "oops");
    pass(10);
    r = wire_on(&w, RESERVE);
    assert_string_equal(r->key, key);
    assert_string_equal(wire_body(r), body);
    wire_json(&w, r, 201,
              json_pack("{s:[], s:s}", "codes", "expires_at", "2022-12-30T00:00:00+07:00")); /* makes no sense */
    pass(10);
    r = wire_on(&w, RESERVE);
    assert_string_equal(r->key, key);
    wire_json(&w, r, 201, block(10, now() + 3600));
    assert_int_equal(left(), 10);
    mem_free(&key);
    mem_free(&body);
    end();
}

static void a_server_that_does_not_want_to_is_left_alone(void **state)
{
    begin("number_blocks", "counter");
    wire_advance(&w, MINUTE);
    wire_problem(&w, wire_on(&w, RESERVE), 422, "validation-failed", NULL);
    pass(30);
    assert_null(wire_find(&w, RESERVE));
    pass(40);
    wire_on(&w, RESERVE);
    end();
}

static void nothing_is_asked_without_a_line_and_nothing_is_waited_for(void **state)
{
    begin("number_blocks", "counter");
    wire_lost(&w, wire_on(&w, "GET /api/v1/changes"), RESPONSE_REFUSED);
    for (int i = 0; i < 30; i++) {
        wire_advance(&w, MINUTE);
        assert_null(wire_find(&w, RESERVE));
        struct request *r = wire_find(&w, "GET /api/v1/changes");
        if (r)
            wire_lost(&w, r, RESPONSE_REFUSED);
    }
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_officer_gets_some_without_asking),
        cmocka_unit_test(nobody_asks_who_has_no_use_for_them),
        cmocka_unit_test(the_next_day_brings_others),
        cmocka_unit_test(what_got_no_answer_is_asked_again_with_the_same_key),
        cmocka_unit_test(a_server_that_does_not_want_to_is_left_alone),
        cmocka_unit_test(nothing_is_asked_without_a_line_and_nothing_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

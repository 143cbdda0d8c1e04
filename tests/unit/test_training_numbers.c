/* Codes in reserve as the contract's reserveNumbers has them: of the day, an officer's and a unit's own, each good once, whenever it is sent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include "core/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR 3600
#define DAY  86400
#define ASK  "{\"unit\":\"A\",\"count\":3}"

static struct place *place;

static int setup(void **state)
{
    place = place_new(NULL);
    return 0;
}

static int teardown(void **state)
{
    place_free(&place);
    return 0;
}

/* The i-th of the codes that were just said; the caller frees. */
static char *code(int i)
{
    char where[16];

    snprintf(where, sizeof where, "codes.%d", i);
    return text_new("%s", place_said(place, where));
}

static int take_in(const char *who, const char *unit, const char *code, int64_t received_at)
{
    char at[INSTANT_TEXT];

    instant_format(received_at, 7 * HOUR, at);
    char *body = text_new("{\"procedure\":\"tt1\",\"channel\":\"counter\",\"unit\":\"%s\",\"code\":\"%s\","
                          "\"received_at\":\"%s\",\"applicant\":{\"kind\":\"person\",\"name\":\"Lê Văn Tám\"}}",
                          unit, code, at);
    int status = PLACE_POST(place, who, "/dossiers", body);

    free(body);
    return status;
}

static void no_number(int status)
{
    assert_int_equal(status, 422);
    assert_string_equal(place_problem(place), "number-not-reserved");
}

static void a_block_is_codes_of_the_day_that_nobody_else_gets(void **state)
{
    char until[INSTANT_TEXT], *codes[6];

    assert_int_equal(PLACE_POST(place, "mai", "/number-blocks", ASK), 201);
    instant_format(instant_day_start(instant_day(place->now, 7 * HOUR) + 1, 7 * HOUR), 7 * HOUR, until);
    assert_string_equal(place_said(place, "expires_at"), until);
    assert_int_equal(json_array_size(place_json_said(place, "codes")), 3);
    for (int i = 0; i < 3; i++)
        codes[i] = code(i);
    assert_int_equal(PLACE_POST(place, "mai", "/number-blocks", ASK), 201);
    for (int i = 0; i < 3; i++)
        codes[3 + i] = code(i);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(codes[i], codes[j]);
    assert_int_equal(take_in("mai", "A", codes[0], place->now), 201); /* and the server gives none of them out itself */
    assert_string_equal(place_said(place, "code"), codes[0]);
    assert_int_equal(PLACE_POST(place, "mai", "/dossiers",
                                "{\"procedure\":\"tt1\",\"channel\":\"counter\",\"unit\":\"A\","
                                "\"applicant\":{\"kind\":\"person\",\"name\":\"A\"}}"),
                     201);
    for (int i = 0; i < 6; i++) {
        assert_string_not_equal(place_said(place, "code"), codes[i]);
        free(codes[i]);
    }
}

static void the_same_asking_gives_the_same_block(void **state)
{
    const struct place_ask ask = {.path = "/number-blocks", .as = "mai", .key = "0123456789abcdef-a", .body = ASK};

    assert_int_equal(place_ask(place, ask), 201);
    char *first = code(0);
    assert_int_equal(place_ask(place, ask), 201);
    assert_string_equal(place_said(place, "codes.0"), first);
    free(first);
}

static void a_code_is_good_once(void **state)
{
    assert_int_equal(PLACE_POST(place, "mai", "/number-blocks", ASK), 201);
    char *one = code(0);
    assert_int_equal(take_in("mai", "A", one, place->now), 201);
    no_number(take_in("mai", "A", one, place->now));
    free(one);
}

static void a_wish_that_is_refused_spends_nothing(void **state)
{
    assert_int_equal(PLACE_POST(place, "mai", "/number-blocks", ASK), 201);
    char *one = code(0);
    assert_int_equal(take_in("mai", "A", one, place->now + DAY), 422); /* in the future */
    assert_int_equal(take_in("mai", "A", one, place->now), 201);
    free(one);
}

static void one_that_was_handed_out_today_is_good_tomorrow_one_that_was_left_is_not(void **state)
{
    assert_int_equal(PLACE_POST(place, "mai", "/number-blocks", ASK), 201);
    char *handed_out = code(0), *left = code(1);
    int64_t then = place->now + HOUR;
    place->now += 2 * DAY;
    place->n_tokens = 0; /* he signs in again */
    assert_int_equal(take_in("mai", "A", handed_out, then), 201);
    assert_string_equal(place_said(place, "code"), handed_out);
    no_number(take_in("mai", "A", left, place->now));
    no_number(take_in("mai", "A", left, then - 2 * HOUR)); /* before it was reserved */
    free(handed_out);
    free(left);
}

static void a_code_is_its_officers_and_its_units_own(void **state)
{
    assert_int_equal(PLACE_POST(place, "mai", "/number-blocks", ASK), 201);
    char *one = code(0);
    no_number(take_in("ha", "A", one, place->now));
    no_number(take_in("mai", "A", "000.00.00.H00-221229-9999", place->now));
    assert_int_equal(PLACE_POST(place, "nam", "/number-blocks", ASK), 422);
    assert_string_equal(place_field(place), "/unit");
    assert_int_equal(take_in("mai", "A", one, place->now), 201);
    free(one);
}

static void what_is_asked_for_makes_sense(void **state)
{
    static const char *const bad[] = {"{\"unit\":\"A\",\"count\":0}",
                                      "{\"unit\":\"A\",\"count\":51}",
                                      "{\"unit\":\"nowhere\",\"count\":1}",
                                      "{\"unit\":\"A\"}",
                                      "{\"count\":1}",
                                      "{\"unit\":\"A\",\"count\":\"3\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(PLACE_POST(place, "mai", "/number-blocks", bad[i]), 422);
    assert_int_equal(PLACE_POST(place, NULL, "/number-blocks", ASK), 401);
    assert_int_equal(PLACE_POST(place, "mai", "/number-blocks", "{\"unit\":\"A\",\"count\":50}"), 201);
    assert_int_equal(json_array_size(place_json_said(place, "codes")), 50);
}

#define FRESH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(a_block_is_codes_of_the_day_that_nobody_else_gets),
        FRESH(the_same_asking_gives_the_same_block),
        FRESH(a_code_is_good_once),
        FRESH(a_wish_that_is_refused_spends_nothing),
        FRESH(one_that_was_handed_out_today_is_good_tomorrow_one_that_was_left_is_not),
        FRESH(a_code_is_its_officers_and_its_units_own),
        FRESH(what_is_asked_for_makes_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Fees without cash as the contract's payments say: asked for, called off, run out, paid at the bank; each on everybody's feed, once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include <stdlib.h>
#include <string.h>

#define DAY 86400

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

static const char *dossier(const char *id, const char *where)
{
    char *path = text_new("/dossiers/%s", id);

    assert_int_equal(PLACE_GET(place, "mai", path), 200);
    free(path);
    return place_said(place, where);
}

/* The id of the payment; the caller frees. */
static char *ask(const char *id, const char *body)
{
    char *path = text_new("/dossiers/%s/payments", id);

    assert_int_equal(PLACE_POST(place, "mai", path, body), 201);
    assert_string_equal(place_said(place, "status"), "pending");
    free(path);
    return text_new("%s", place_said(place, "id"));
}

static int refused(const char *who, const char *id, const char *body)
{
    char *path = text_new("/dossiers/%s/payments", id);
    int status = PLACE_POST(place, who, path, body);

    free(path);
    return status;
}

static int call_off(const char *who, const char *id, const char *payment)
{
    char *path = text_new("/dossiers/%s/payments/%s", id, payment);
    int status = place_ask(place, (struct place_ask){.method = "DELETE", .path = path, .as = who});

    free(path);
    return status;
}

static bool page_says(const char *words)
{
    return strstr(place->answer.body.data, words) != NULL;
}

static void transfer(const char *payment, const char *says)
{
    char *body = text_new("yeu_cau=%s", payment);

    assert_int_equal(place_ask(place, (struct place_ask){.path = "//ngan-hang", .body = body, .form = true}),
                     200);
    assert_true(page_says(says));
    free(body);
}

static void it_is_offered(void **state)
{
    assert_int_equal(PLACE_GET(place, NULL, "/about"), 200);
    assert_string_equal(place_said(place, "features.1"), "payments");
}

static void a_payment_is_a_text_for_a_bank_and_waits_for_a_day(void **state)
{
    char until[INSTANT_TEXT], *id;

    assert_int_equal(place_act(place, "mai", "cu", "request_payment", "\"amount\":10000"), 200);
    id = ask("cu", "{\"amount\":10000}");
    instant_format(place->now + DAY, 7 * 3600, until);
    assert_string_equal(place_said(place, "expires_at"), until);
    assert_string_equal(place_said(place, "purpose"), "LEPHI OLD 220620 0003");
    assert_string_equal(place_said(place, "vietqr"),
                        "00020101021238570010A00000072701270006999999011300000000000000208QRIBFTTA530370454051000058"
                        "02VN62250821LEPHI OLD 220620 0003630491E5");
    char *version = text_new("%s", place_header(place, "Dossier-Version"));
    assert_string_equal(dossier("cu", "version"), version);
    assert_string_equal(dossier("cu", "status"), "awaiting_payment"); /* it stays */
    assert_string_equal(dossier("cu", "payments.0.id"), id);
    assert_string_equal(dossier("cu", "fees.0.paid"), "0"); /* a drawn QR is no payment */
    free(version);
    free(id);
}

static void paid_at_the_bank_it_fills_the_fees_and_the_dossier_goes_on(void **state)
{
    char *id;

    assert_int_equal(place_act(place, "mai", "cu", "request_payment", "\"amount\":10000"), 200);
    id = ask("cu", "{\"amount\":10000}");
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//ngan-hang"}), 200);
    assert_true(page_says("LEPHI OLD 220620 0003"));
    assert_true(page_says("000.24.33.H06-220620-0003"));
    transfer(id, "Đã chuyển: LEPHI OLD 220620 0003.");
    assert_string_equal(dossier("cu", "status"), "received"); /* the one before */
    assert_string_equal(dossier("cu", "payments.0.status"), "paid");
    assert_string_equal(dossier("cu", "fees.0.paid"), "10000");
    assert_string_equal(dossier("cu", "fees.0.method"), "online");
    assert_string_equal(dossier("cu", "fees.0.receipt"), id);
    char *version = text_new("%s", dossier("cu", "version"));
    transfer(id, "Yêu cầu này đã xong"); /* nobody pays twice */
    assert_string_equal(dossier("cu", "version"), version);
    assert_int_equal(call_off("mai", "cu", id), 409);
    assert_string_equal(place_problem(place), "action-not-allowed");
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/cu/events"), 200);
    assert_true(page_says("\"action\":\"ask_payment\""));
    assert_true(page_says("\"action\":\"pay\""));
    free(version);
    free(id);
}

static void a_part_fills_them_in_their_order_and_nothing_moves(void **state)
{
    assert_int_equal(place_act(place, "mai", "cu", "request_payment", "\"amount\":10000"), 200);
    char *id = ask("cu", "{\"amount\":4000}");
    transfer(id, "Đã chuyển");
    assert_string_equal(dossier("cu", "status"), "awaiting_payment");
    assert_string_equal(dossier("cu", "fees.0.paid"), "4000");
    assert_int_equal(refused("mai", "cu", "{\"amount\":6001}"), 422);
    assert_string_equal(place_field(place), "/amount");
    free(id);
    id = ask("cu", "{\"amount\":6000}");
    transfer(id, "Đã chuyển");
    assert_string_equal(dossier("cu", "status"), "received");
    assert_string_equal(dossier("cu", "fees.0.paid"), "10000");
    free(id);
}

static void where_nothing_is_unpaid_a_fee_comes_and_goes_with_it(void **state)
{
    char *id = ask("moi", "{\"amount\":8000,\"purpose\":\"Phi sao luc\"}");

    assert_string_equal(dossier("moi", "fees.0.name"), "Phi sao luc");
    assert_string_equal(dossier("moi", "status"), "registered");
    assert_int_equal(call_off("mai", "moi", id), 204);
    assert_string_equal(dossier("moi", "payments.0.status"), "cancelled");
    assert_null(place_json_said(place, "fees.0"));
    free(id);
    id = ask("moi", "{\"amount\":8000,\"purpose\":\"Phi sao luc\"}");
    place->now += DAY;
    place->n_tokens = 0; /* the sign-in is over too */
    assert_string_equal(dossier("moi", "payments.1.status"), "expired");
    assert_null(place_json_said(place, "fees.0"));
    free(id);
    id = ask("moi", "{\"amount\":8000,\"purpose\":\"Phi sao luc\"}");
    assert_int_equal(place_act(place, "mai", "moi", "request_withdrawal", NULL), 200); /* cancels it */
    assert_string_equal(dossier("moi", "payments.2.status"), "cancelled");
    assert_null(place_json_said(place, "fees.0"));
    free(id);
}

static void cash_calls_it_off_and_its_fee_stays(void **state)
{
    char *id = ask("moi", "{\"amount\":8000,\"purpose\":\"Phi sao luc\"}");

    assert_int_equal(place_act(place, "mai", "moi", "confirm_payment",
                               "\"amount\":8000,\"method\":\"cash\",\"number\":\"0000188\""),
                     200);
    assert_string_equal(dossier("moi", "payments.0.status"), "cancelled");
    assert_string_equal(dossier("moi", "fees.0.receipt"), "0000188");
    assert_string_equal(dossier("moi", "fees.0.paid"), "8000");
    transfer(id, "Yêu cầu này đã xong");
    free(id);
}

static void one_at_a_time_by_a_counter_officer(void **state)
{
    assert_int_equal(refused("nam", "moi", "{\"amount\":8000}"), 403);
    assert_int_equal(refused("mai", "xa", "{\"amount\":8000}"), 404);
    assert_int_equal(refused("mai", "lau", "{\"amount\":8000}"), 409); /* closed */
    assert_int_equal(refused("mai", "moi", "{\"amount\":0}"), 422);
    assert_int_equal(refused("mai", "moi", "{\"amount\":\"8000\"}"), 422);
    assert_int_equal(refused("mai", "moi", "{\"amount\":8000,\"purpose\":\" \"}"), 422);
    char *id = ask("moi", "{\"amount\":8000}");
    assert_int_equal(refused("ha", "moi", "{\"amount\":1000}"), 409);
    assert_string_equal(place_problem(place), "action-not-allowed");
    assert_int_equal(call_off("nam", "moi", id), 403);
    assert_int_equal(call_off("mai", "moi", "pay-none"), 404);
    assert_int_equal(call_off("ha", "moi", id), 204); /* on any workstation */
    assert_int_equal(call_off("mai", "moi", id), 409);
    free(id);
}

static void the_same_wish_again_is_the_same_payment(void **state)
{
    struct place_ask wish = {
        .path = "/dossiers/moi/payments", .as = "mai", .key = "0123456789abcdef", .body = "{\"amount\":8000}"};

    assert_int_equal(place_ask(place, wish), 201);
    char *id = text_new("%s", place_said(place, "id")),
         *version = text_new("%s", place_header(place, "Dossier-Version"));
    assert_int_equal(place_ask(place, wish), 201);
    assert_string_equal(place_said(place, "id"), id);
    assert_string_equal(place_header(place, "Dossier-Version"), version);
    assert_null(place_header(place, "ETag"));
    assert_string_equal(dossier("moi", "version"), version);
    free(version);
    free(id);
}

/* Whoever waits for news of it hears at once. */
static void that_it_was_paid_comes_with_the_feed(void **state)
{
    char *id = ask("moi", "{\"amount\":8000}");

    assert_int_equal(PLACE_GET(place, "ha", "/changes"), 200);
    char *query = text_new("since=%s&wait=30", place_said(place, "cursor"));
    struct place_ask wait = {.path = "/changes", .query = query, .as = "ha"};
    place_ask(place, wait);
    assert_true(place->answer.held);
    struct central_hold hold = place->answer.hold;
    assert_false(central_ready(place->central, &hold, place->now));
    transfer(id, "Đã chuyển");
    assert_true(central_ready(place->central, &hold, place->now));
    wait.hold = &hold;
    assert_int_equal(place_ask(place, wait), 200);
    assert_true(page_says("\"status\":\"paid\""));
    free(query);
    free(id);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(it_is_offered),
        TEST(a_payment_is_a_text_for_a_bank_and_waits_for_a_day),
        TEST(paid_at_the_bank_it_fills_the_fees_and_the_dossier_goes_on),
        TEST(a_part_fills_them_in_their_order_and_nothing_moves),
        TEST(where_nothing_is_unpaid_a_fee_comes_and_goes_with_it),
        TEST(cash_calls_it_off_and_its_fee_stays),
        TEST(one_at_a_time_by_a_counter_officer),
        TEST(the_same_wish_again_is_the_same_payment),
        TEST(that_it_was_paid_comes_with_the_feed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

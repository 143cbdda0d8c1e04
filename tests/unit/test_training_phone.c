/* Remote signatures as the contract's /signatures say: the request, the phone's page, the ends, and that what was signed is good.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static char *statement_bytes(const char *who)
{
    json_t *json = place_statement(place, who, "ky", "grant", NULL);
    char *bytes = json_dumps(json, JSON_COMPACT);

    json_decref(json);
    return bytes;
}

static char *body_of(const char *bytes)
{
    char *text = place_base64(bytes), *body = text_new("{\"statement\":\"%s\"}", text);

    free(text);
    return body;
}

/* Asks for a signature over what `who` would decide; the id of the request, the caller frees. */
static char *request(const char *who)
{
    char *bytes = statement_bytes(who), *body = body_of(bytes);

    assert_int_equal(PLACE_POST(place, who, "/signatures", body), 202);
    assert_string_equal(place_said(place, "status"), "waiting");
    free(body);
    free(bytes);
    return text_new("%s", place_said(place, "id"));
}

static const char *look(const char *who, const char *id)
{
    char *path = text_new("/signatures/%s", id);

    assert_int_equal(PLACE_GET(place, who, path), 200);
    free(path);
    return place_said(place, "status");
}

static int page(const char *query)
{
    return place_ask(place, (struct place_ask){.path = "//ky-so", .query = query});
}

static bool page_says(const char *text)
{
    return strstr(place->answer.body.data, text) != NULL;
}

static int answer_on_page(const char *id, const char *what)
{
    char *body = text_new("yeu_cau=%s&viec=%s", id, what);
    int status = place_ask(place, (struct place_ask){.path = "//ky-so", .body = body, .form = true});

    free(body);
    return status;
}

static void it_is_offered(void **state)
{
    assert_int_equal(PLACE_GET(place, NULL, "/about"), 200);
    assert_string_equal(place_said(place, "features.0"), "remote_signing");
}

static void a_request_waits_with_a_code_for_five_minutes(void **state)
{
    char *id = request("thang"), until[INSTANT_TEXT];

    assert_int_equal(strlen(place_said(place, "confirmation_code")), 4);
    instant_format(place->now + 300, 7 * 3600, until);
    assert_string_equal(place_said(place, "expires_at"), until);
    assert_null(place_json_said(place, "cms"));
    assert_string_equal(look("thang", id), "waiting");
    place->now += 300;
    assert_int_equal(answer_on_page(id, "dong_y"), 200);
    assert_string_equal(look("thang", id), "expired");
    place->now += 2 * 86400;
    place->n_tokens = 0;
    char *path = text_new("/signatures/%s", id);
    assert_int_equal(PLACE_GET(place, "thang", path), 404);
    free(path);
    free(id);
}

static void the_page_shows_in_words_what_is_signed(void **state)
{
    char *id = request("thang"), *code = text_new("%s", place_said(place, "confirmation_code"));

    assert_int_equal(page("can_bo=quan"), 200);
    assert_false(page_says(code)); /* another's phone knows nothing of it */
    assert_int_equal(page("can_bo=nobody"), 404);
    assert_int_equal(page("can_bo=thang"), 200);
    assert_true(page_says(code));
    assert_true(page_says("000.25.33.H06-221226-0010"));
    assert_true(page_says("Nguyễn Hữu Đức 000180000010"));
    assert_true(page_says("ĐỒNG Ý GIẢI QUYẾT"));
    free(code);
    free(id);
}

static void what_was_confirmed_decides_the_dossier(void **state)
{
    char *bytes = statement_bytes("thang"), *body = body_of(bytes), *text = place_base64(bytes);

    assert_int_equal(PLACE_POST(place, "thang", "/signatures", body), 202);
    char *id = text_new("%s", place_said(place, "id"));
    assert_int_equal(answer_on_page(id, "dong_y"), 200);
    assert_string_equal(look("thang", id), "signed");
    char *cms = text_new("%s", place_said(place, "cms"));
    assert_true(place_cms_good(place, bytes, strlen(bytes), cms));
    char *more = text_new("\"signature\":{\"statement\":\"%s\",\"cms\":\"%s\"}", text, cms);
    assert_int_equal(place_act(place, "thang", "ky", "approve", more), 200);
    place->now += 86400 - 10;
    place->n_tokens = 0;
    assert_string_equal(look("thang", id), "signed"); /* for a day */
    assert_string_equal(place_said(place, "cms"), cms);
    assert_int_equal(answer_on_page(id, "tu_choi"), 200); /* too late */
    assert_string_equal(look("thang", id), "signed");
    free(more);
    free(cms);
    free(id);
    free(text);
    free(body);
    free(bytes);
}

static void what_was_refused_is_not_signed(void **state)
{
    char *id = request("thang");

    assert_int_equal(answer_on_page(id, "tu_choi"), 200);
    assert_string_equal(look("thang", id), "rejected");
    assert_null(place_json_said(place, "cms"));
    assert_int_equal(answer_on_page(id, "dong_y"), 200);
    assert_true(page_says("đã xong"));
    assert_string_equal(look("thang", id), "rejected");
    free(id);
}

static void what_waits_can_be_called_off(void **state)
{
    char *id = request("thang"), *path = text_new("/signatures/%s", id);

    assert_int_equal(place_ask(place, (struct place_ask){.method = "DELETE", .path = path, .as = "thang"}), 204);
    assert_string_equal(look("thang", id), "cancelled");
    assert_int_equal(answer_on_page(id, "dong_y"), 200);
    assert_string_equal(look("thang", id), "cancelled");
    free(path);
    free(id);
    id = request("thang");
    path = text_new("/signatures/%s", id);
    answer_on_page(id, "dong_y");
    assert_int_equal(place_ask(place, (struct place_ask){.method = "DELETE", .path = path, .as = "thang"}), 204);
    assert_string_equal(look("thang", id), "signed"); /* any other stays as it is */
    free(path);
    free(id);
}

static void it_is_the_caller_s_alone(void **state)
{
    char *id = request("thang"), *path = text_new("/signatures/%s", id);

    assert_int_equal(PLACE_GET(place, "quan", path), 404);
    assert_int_equal(place_ask(place, (struct place_ask){.method = "DELETE", .path = path, .as = "quan"}), 404);
    assert_int_equal(PLACE_GET(place, NULL, path), 401);
    assert_string_equal(look("thang", id), "waiting");
    assert_int_equal(PLACE_GET(place, "thang", "/signatures/nothing"), 404);
    free(path);
    free(id);
}

static void the_same_key_asks_for_one_signature(void **state)
{
    char *bytes = statement_bytes("thang"), *body = body_of(bytes);
    struct place_ask ask = {.path = "/signatures", .as = "thang", .body = body, .key = "the-one-key-of-this-test"};

    assert_int_equal(place_ask(place, ask), 202);
    char *id = text_new("%s", place_said(place, "id"));
    assert_int_equal(place_ask(place, ask), 202);
    assert_string_equal(place_said(place, "id"), id);
    ask.key = "";
    assert_int_equal(place_ask(place, ask), 400);
    free(id);
    free(body);
    free(bytes);
}

static void what_is_no_statement_is_refused(void **state)
{
    static const char *const bodies[] = {"{}", "{\"statement\":7}", "{\"statement\":\"!\"}",
                                         "{\"statement\":\"\"}", "{\"statement\":\"WzFd\"}" /* [1] */};

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_int_equal(PLACE_POST(place, "thang", "/signatures", bodies[i]), 422);
        assert_string_equal(place_field(place), "/statement");
    }
    char *long_text = calloc(1, 90002);
    memset(long_text, 'A', 90001);
    char *body = text_new("{\"statement\":\"%s\"}", long_text);
    assert_int_equal(PLACE_POST(place, "thang", "/signatures", body), 422);
    free(body);
    free(long_text);
    assert_int_equal(PLACE_POST(place, "thang", "/signatures", "{\"statement\":\"e30=\"}"), 202); /* {} */
    page("can_bo=thang");
    assert_true(page_says("<pre>{}</pre>"));
}

static void a_phone_can_answer_by_itself(void **state)
{
    char *id = request("thang");

    place->now += 2;
    assert_string_equal(look("thang", id), "waiting");
    place->now += 1;
    assert_string_equal(look("thang", id), "signed");
    free(id);
    place_again(place, &(struct central_options){.start = INSTANT_NONE, .auto_approve = "supervisor"}); /* quan */
    place->n_tokens = 0;
    id = request("quan"); /* signing in is his as well */
    place->now += 3;
    assert_string_equal(look("quan", id), "signed");
    free(id);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(it_is_offered),
        CASE(a_request_waits_with_a_code_for_five_minutes),
        CASE(the_page_shows_in_words_what_is_signed),
        CASE(what_was_confirmed_decides_the_dossier),
        CASE(what_was_refused_is_not_signed),
        CASE(what_waits_can_be_called_off),
        CASE(it_is_the_caller_s_alone),
        CASE(the_same_key_asks_for_one_signature),
        CASE(what_is_no_statement_is_refused),
        CASE(a_phone_can_answer_by_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

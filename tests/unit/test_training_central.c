/* The server's rules that hold for every request: who is asked first, keys, versions, problems, what is shown to whom. One case a
 * sentence of docs/central-api.yaml.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY  "11111111-2222-3333-4444-555555555555"
#define NOTE "{\"action\":\"comment\",\"note\":\"một\"}"
#define COMMENT(...)                                                            \
    (struct place_ask)                                                          \
    {                                                                           \
        .path = "/dossiers/moi/actions", .as = "mai", .body = NOTE, __VA_ARGS__ \
    }

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

static void assert_problem(int status, const char *name)
{
    assert_string_equal(place_problem(place), name);
    assert_int_equal(place->answer.status, status);
    assert_int_equal(json_integer_value(place_json_said(place, "status")), status);
    assert_string_equal(place_header(place, "Content-Type"), "application/problem+json");
    assert_true(*place_said(place, "title"));
}

/* ── every answer ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void every_answer_has_the_server_s_time_and_is_not_kept(void **state)
{
    place->now += 61;
    assert_int_equal(PLACE_GET(place, NULL, "/about"), 200);
    assert_string_equal(place_header(place, "Date"), "Thu, 29 Dec 2022 02:43:01 GMT");
    assert_string_equal(place_header(place, "Cache-Control"), "no-store");
    assert_string_equal(place_said(place, "time"), "2022-12-29T09:43:01+07:00");
    assert_int_equal(PLACE_GET(place, NULL, "/me"), 401);
    assert_string_equal(place_header(place, "Date"), "Thu, 29 Dec 2022 02:43:01 GMT");
    assert_string_equal(place_header(place, "Cache-Control"), "no-store");
    assert_non_null(place_header(place, "Request-Id"));
}

static void about_says_what_this_is(void **state)
{
    assert_int_equal(PLACE_GET(place, NULL, "/about"), 200);
    assert_string_equal(place_said(place, "api_version"), "1.0");
    assert_string_equal(place_said(place, "issuer"), "http://127.0.0.1:1");
    assert_true(json_is_true(place_json_said(place, "training")));
    assert_int_equal(json_array_size(place_json_said(place, "features")), 4);
    assert_string_equal(place_said(place, "features.0"), "remote_signing");
    assert_string_equal(place_said(place, "features.1"), "payments");
    assert_string_equal(place_said(place, "features.2"), "attachments");
    assert_string_equal(place_said(place, "features.3"), "number_blocks");
}

static void what_is_not_offered_is_not_there(void **state)
{
    static const char *const gone[] = {"/documents", "/messages", "/visits", "/nowhere"};

    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        assert_int_equal(PLACE_POST(place, "mai", gone[i], "{}"), 404);
        assert_problem(404, "not-found");
    }
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//nowhere"}), 404);
    assert_problem(404, "not-found");
    assert_int_equal(place_ask(place, (struct place_ask){.path = "/me", .method = "DELETE", .as = "mai"}), 404);
}

static void titles_are_in_the_language_that_is_asked_for(void **state)
{
    static const struct {
        const char *accept, *title;
    } cases[] = {
        {NULL, "Cần đăng nhập"},
        {"vi", "Cần đăng nhập"},
        {"en", "Sign in first"},
        {"en-GB, vi;q=0.5", "Sign in first"},
        {"vi, en;q=0.9", "Cần đăng nhập"},
        {"fr, en;q=0.2", "Sign in first"},
        {"fr", "Cần đăng nhập"},
        {"en;q=0", "Cần đăng nhập"},
        {"*", "Cần đăng nhập"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        place_ask(place, (struct place_ask){.path = "/me", .language = cases[i].accept});
        assert_string_equal(place_said(place, "title"), cases[i].title);
    }
}

/* ── 401 ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void without_a_good_token_there_is_nothing(void **state)
{
    assert_int_equal(PLACE_GET(place, NULL, "/me"), 401);
    assert_problem(401, "unauthorized");
    assert_string_equal(place_header(place, "WWW-Authenticate"), "Bearer");
    assert_int_equal(place_ask(place, (struct place_ask){.path = "/me", .authorization = "Bearer nobody"}), 401);
    assert_string_equal(place_header(place, "WWW-Authenticate"), "Bearer error=\"invalid_token\"");
    assert_int_equal(PLACE_GET(place, NULL, "/nowhere"), 401);
    assert_int_equal(PLACE_GET(place, "mai", "/me"), 200);
    assert_string_equal(place_said(place, "id"), "mai");
    assert_string_equal(place_said(place, "roles.0"), "counter");
    assert_int_equal(strlen(place_said(place, "signing_certificate")), 64);
}

/* ── the key ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_change_needs_a_key_of_the_right_form(void **state)
{
    static const char *const bad[] = {"", "short", "has spaces in it....", "umlauts-ää-are-no-good",
                                      "0123456789012345678901234567890123456789012345678901234567890123x"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(place_ask(place, COMMENT(.key = bad[i], .match = "\"1\"")), 400);
        assert_problem(400, "validation-failed");
    }
}

static void the_same_again_gives_the_same_answer_and_no_second_effect(void **state)
{
    assert_int_equal(place_ask(place, COMMENT(.key = KEY, .match = "\"1\"")), 200);
    char *first = text_new("%s", place->answer.body.data), *etag = text_new("%s", place_header(place, "ETag"));
    assert_string_equal(etag, "\"2\"");
    assert_int_equal(place_act(place, "ha", "moi", "comment", "\"note\":\"hai\""), 200);
    place->now += 40 * 86400;
    place->n_tokens = 0;
    assert_int_equal(place_ask(place, COMMENT(.key = KEY, .match = "\"1\"")), 200);
    assert_string_equal(place->answer.body.data, first);
    assert_string_equal(place_header(place, "ETag"), etag);
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/moi"), 200);
    assert_string_equal(place_said(place, "version"), "3");
    free(first);
    free(etag);
}

static void a_created_dossier_is_repeated_with_its_place(void **state)
{
    static const char body[] = "{\"procedure\":\"tt1\",\"channel\":\"counter\",\"unit\":\"A\","
                               "\"applicant\":{\"kind\":\"person\",\"name\":\"Hai Lần\"}}";
    const struct place_ask create = {.path = "/dossiers", .as = "mai", .key = KEY, .body = body};

    assert_int_equal(place_ask(place, create), 201);
    char *where = text_new("%s", place_header(place, "Location")), *id = text_new("%s", place_said(place, "id"));
    assert_int_equal(place_ask(place, create), 201);
    assert_string_equal(place_header(place, "Location"), where);
    assert_string_equal(place_header(place, "ETag"), "\"1\"");
    assert_string_equal(place_said(place, "id"), id);
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){.path = "/dossiers/search", .as = "mai", .body = "{\"q\":\"hai lan\"}"}),
        200);
    assert_int_equal(json_array_size(place_json_said(place, "items")), 1);
    free(where);
    free(id);
}

static void a_key_stands_for_one_request_of_one_officer(void **state)
{
    assert_int_equal(place_ask(place, COMMENT(.key = KEY, .match = "\"1\"")), 200);
    assert_int_equal(place_ask(place, (struct place_ask){.path = "/dossiers/moi/actions",
                                                         .as = "mai",
                                                         .key = KEY,
                                                         .match = "\"2\"",
                                                         .body = "{\"action\":\"comment\",\"note\":\"khác\"}"}),
                     422);
    assert_problem(422, "idempotency-key-reused");
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){
                      .path = "/dossiers/ky/actions", .as = "mai", .key = KEY, .match = "\"4\"", .body = NOTE}),
        422);
    assert_int_equal(place_ask(place, COMMENT(.key = KEY, .match = "\"1\"", .method = "PATCH")),
                     404); /* no such operation */
    struct place_ask of_ha = COMMENT(.key = KEY, .match = "\"2\"");
    of_ha.as = "ha";
    assert_int_equal(place_ask(place, of_ha), 200);
    assert_string_equal(place_said(place, "version"), "3");
}

static void what_was_refused_for_good_stays_refused(void **state)
{
    static const struct {
        const char *match;
        int status;
    } cases[] = {{"\"7\"", 412}, {"\"1\"", 409}};

    for (size_t i = 0; i < 2; i++) {
        char key[40];
        snprintf(key, sizeof key, "final-answer-%zu-0000", i);
        struct place_ask claim = COMMENT(.key = key, .match = cases[i].match);
        claim.body = "{\"action\":\"withdraw\"}";
        assert_int_equal(place_ask(place, claim), cases[i].status);
        char *first = text_new("%s", place->answer.body.data);
        assert_int_equal(place_act(place, "ha", "moi", "comment", "\"note\":\"x\""), 200);
        assert_int_equal(place_ask(place, claim), cases[i].status);
        assert_string_equal(place->answer.body.data, first);
        free(first);
        place_free(&place);
        place = place_new(NULL);
    }
}

static void what_was_not_final_is_tried_anew(void **state)
{
    assert_int_equal(place_ask(place, COMMENT(.key = KEY)), 428);
    assert_problem(428, "precondition-required");
    struct place_ask broken = COMMENT(.key = KEY, .match = "\"1\"");
    broken.body = "{\"action\":";
    assert_int_equal(place_ask(place, broken), 400);
    assert_int_equal(place_ask(place, COMMENT(.key = KEY, .match = "\"1\"")), 200);
}

/* ── which comes first ───────────────────────────────────────────────────────────────────────────────────────────── */

/* Each request has this fault and all that come later: the first is answered. */
static void the_first_of_several_faults_is_answered(void **state)
{
    char huge[300 * 1024];
    static const char tail[] = "\"}";

    memset(huge, 'x', sizeof huge);
    memcpy(huge, "{\"action\":\"withdraw\",\"note\":\"", 29);
    memcpy(huge + sizeof huge - sizeof tail, tail, sizeof tail);
    assert_int_equal(
        place_ask(place, (struct place_ask){.path = "/dossiers/none/actions", .body = "{", .key = ""}), 401);
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){.path = "/dossiers/none/actions", .as = "tam", .body = "{", .key = ""}),
        400);
    assert_int_equal(place_ask(place, COMMENT(.key = KEY, .match = "\"1\"")), 200);
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){.path = "/dossiers/none/actions", .as = "mai", .body = "{", .key = KEY}),
        422);
    assert_problem(422, "idempotency-key-reused");
    assert_int_equal(
        place_ask(place, (struct place_ask){.path = "/dossiers/none/actions", .as = "tam", .body = "{"}), 400);
    assert_int_equal(
        place_ask(place, (struct place_ask){.path = "/dossiers/none/actions", .as = "tam", .body = huge}), 404);
    assert_int_equal(
        place_ask(place, (struct place_ask){.path = "/dossiers/moi/actions", .as = "tam", .body = huge}), 428);
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){.path = "/dossiers/moi/actions", .as = "tam", .body = huge, .match = "*"}),
        412);
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){.path = "/dossiers/moi/actions", .as = "tam", .body = huge, .match = "\"2\""}),
        403);
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){.path = "/dossiers/moi/actions", .as = "mai", .body = huge, .match = "\"2\""}),
        409);
    memcpy(huge, "{\"action\":\"comment\", \"note\":\"", 29);
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){.path = "/dossiers/moi/actions", .as = "mai", .body = huge, .match = "\"2\""}),
        413);
    assert_problem(413, "too-large");
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/moi"), 200);
    assert_string_equal(place_said(place, "version"), "2");
}

/* ── bodies ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_body_that_is_no_object_is_not_read(void **state)
{
    static const char *const bad[] = {"",
                                      "[]",
                                      "\"x\"",
                                      "{",
                                      "{\"action\":\"comment\",\"action\":\"comment\"}",
                                      "{} {}",
                                      "{\"action\":\"comment\",\"note\":\"\xff\"}"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct place_ask a = COMMENT(.match = "\"1\"");
        a.body = bad[i];
        assert_int_equal(place_ask(place, a), 400);
        assert_problem(400, "validation-failed");
    }
}

static void deep_bodies_are_not_read(void **state)
{
    char deep[200] = "{\"action\":\"comment\",\"note\":\"x\",\"more\":";
    size_t n = strlen(deep);

    memset(deep + n, '[', 40);
    memset(deep + n + 40, ']', 40);
    memcpy(deep + n + 80, "}", 2);
    struct place_ask a = COMMENT(.match = "\"1\"");
    a.body = deep;
    assert_int_equal(place_ask(place, a), 400);
}

static void values_that_do_not_do_name_their_member(void **state)
{
    static const struct {
        const char *body, *field;
    } cases[] = {
        {"{'note':'x'}", "/action"},
        {"{'action':5}", "/action"},
        {"{'action':'comment'}", "/note"},
        {"{'action':'comment','note':'  '}", "/note"},
        {"{'action':'comment','note':5}", "/note"},
        {"{'action':'comment','note':null}", "/note"},
        {"{'action':'decline','note':''}", "/note"},
        {"{'action':'request_supplement','note':'x','papers':['khong co']}", "/papers/0"},
        {"{'action':'request_supplement','note':'x','papers':'p1'}", "/papers"},
        {"{'action':'request_supplement','note':'x','until':'2022-12-28'}", "/until"},
        {"{'action':'request_supplement','note':'x','until':'ngày mai'}", "/until"},
        {"{'action':'comment','note':'x','acted_at':'hôm nay'}", "/acted_at"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *json = place_json(cases[i].body);
        char *body = json_dumps(json, 0);
        struct place_ask a = COMMENT(.match = "\"1\"");
        a.body = body;
        assert_int_equal(place_ask(place, a), 422);
        assert_problem(422, "validation-failed");
        assert_string_equal(place_field(place), cases[i].field);
        assert_true(*place_said(place, "errors.0.message"));
        free(body);
        json_decref(json);
    }
}

/* That note with so many characters of two bytes. */
static char *long_note(int characters)
{
    char *letters = calloc(1, 2 * (size_t)characters + 1);

    for (int i = 0; i < characters; i++)
        memcpy(letters + 2 * i, "đ", 2);
    char *more = text_new("\"note\":\"%s\"", letters);
    free(letters);
    return more;
}

static void text_has_its_longest(void **state)
{
    char *over = long_note(4001), *longest = long_note(4000);

    assert_int_equal(place_act(place, "mai", "moi", "comment", over), 422);
    assert_string_equal(place_field(place), "/note");
    assert_int_equal(place_act(place, "mai", "moi", "comment", longest), 200);
    free(over);
    free(longest);
}

static void text_is_kept_in_nfc(void **state)
{
    assert_int_equal(place_act(place, "mai", "moi", "comment", "\"note\":\"Nguye\xcc\x82\xcc\x83n\""), 200);
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/moi/events"), 200);
    assert_string_equal(place_said(place, "items.1.note"), "Nguy\xe1\xbb\x85n");
}

static void members_that_it_does_not_know_are_ignored(void **state)
{
    assert_int_equal(place_act(place, "mai", "moi", "comment",
                               "\"note\":\"x\",\"colour\":\"red\",\"assignee\":5,\"amount\":-1"),
                     200);
}

/* ── versions ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void only_one_strong_tag_of_the_version_will_do(void **state)
{
    static const char *const bad[] = {"\"2\"", "W/\"1\"", "*",      "\"1\", \"2\"", "\"1\",\"1\"",
                                      "1",     "",        "\"01\"", " \"1\""};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(place_ask(place, COMMENT(.match = bad[i])), 412);
        assert_problem(412, "stale-version");
        assert_string_equal(place_said(place, "current.id"), "moi");
    }
    assert_int_equal(place_ask(place, COMMENT(.match = "\"1\"")), 200);
}

static void who_comes_second_sees_who_was_first(void **state)
{
    place->now += 60;
    assert_int_equal(place_act(place, "ha", "moi", "comment", "\"note\":\"trước\""), 200);
    place->now += 60;
    assert_int_equal(place_ask(place, COMMENT(.match = "\"1\"")), 412);
    assert_string_equal(place_said(place, "changed_by"), "ha");
    assert_string_equal(place_said(place, "changed_at"), "2022-12-29T09:43:00+07:00");
    assert_string_equal(place_said(place, "current.version"), "2");
    assert_true(json_array_size(place_json_said(place, "current.actions")) > 0);
}

static void what_cannot_be_done_shows_what_stands(void **state)
{
    assert_int_equal(place_act(place, "mai", "moi", "withdraw", NULL), 409);
    assert_problem(409, "action-not-allowed");
    assert_string_equal(place_said(place, "current.id"), "moi");
    assert_null(place_json_said(place, "changed_by")); /* the applicant filed it */
    assert_int_equal(place_act(place, "mai", "moi", "bay", NULL), 409);
    assert_problem(409, "action-not-allowed");
}

int main(void)
{
#define RULE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        RULE(every_answer_has_the_server_s_time_and_is_not_kept),
        RULE(about_says_what_this_is),
        RULE(what_is_not_offered_is_not_there),
        RULE(titles_are_in_the_language_that_is_asked_for),
        RULE(without_a_good_token_there_is_nothing),
        RULE(a_change_needs_a_key_of_the_right_form),
        RULE(the_same_again_gives_the_same_answer_and_no_second_effect),
        RULE(a_created_dossier_is_repeated_with_its_place),
        RULE(a_key_stands_for_one_request_of_one_officer),
        RULE(what_was_refused_for_good_stays_refused),
        RULE(what_was_not_final_is_tried_anew),
        RULE(the_first_of_several_faults_is_answered),
        RULE(a_body_that_is_no_object_is_not_read),
        RULE(deep_bodies_are_not_read),
        RULE(values_that_do_not_do_name_their_member),
        RULE(text_has_its_longest),
        RULE(text_is_kept_in_nfc),
        RULE(members_that_it_does_not_know_are_ignored),
        RULE(only_one_strong_tag_of_the_version_will_do),
        RULE(who_comes_second_sees_who_was_first),
        RULE(what_cannot_be_done_shows_what_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

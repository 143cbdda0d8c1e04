/* Sign-in as the contract's securitySchemes say it: device authorization, rotation with its leeway, the end of a family, revocation,
 * and the page on which somebody confirms.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEVICE_GRANT "urn:ietf:params:oauth:grant-type:device_code"

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

/* ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct pair {
    char access[64], refresh[64];
};

static int form(const char *path, const char *body)
{
    return place_ask(place, (struct place_ask){.path = path, .body = body, .form = true});
}

/* Asks for a code: the device code; `user_code` too where it is wanted. The caller frees. */
static char *device(const char *hint, char user_code[16])
{
    char body[256];

    snprintf(body, sizeof body, "client_id=motcua&scope=openid%%20offline_access%s%s",
             hint ? "&login_hint=" : "", hint ? hint : "");
    assert_int_equal(form("//oauth/device", body), 200);
    if (user_code)
        snprintf(user_code, 16, "%s", place_said(place, "user_code"));
    return text_new("%s", place_said(place, "device_code"));
}

static int take(struct pair *pair)
{
    if (place->answer.status == 200 && pair) {
        snprintf(pair->access, sizeof pair->access, "%s", place_said(place, "access_token"));
        snprintf(pair->refresh, sizeof pair->refresh, "%s", place_said(place, "refresh_token"));
    }
    return place->answer.status;
}

static int poll_for(const char *code, struct pair *pair)
{
    char *body = text_new("client_id=motcua&grant_type=%s&device_code=%s", DEVICE_GRANT, code);

    form("//oauth/token", body);
    free(body);
    return take(pair);
}

static int refresh(const char *token, struct pair *pair)
{
    char *body = text_new("client_id=motcua&grant_type=refresh_token&refresh_token=%s", token);

    form("//oauth/token", body);
    free(body);
    return take(pair);
}

static void sign_in(const char *hint, struct pair *pair)
{
    char *code = device(hint, NULL);

    assert_int_equal(poll_for(code, pair), 200);
    free(code);
}

/* The status of /me with this access token. */
static int me(const char *access)
{
    char *authorization = text_new("Bearer %s", access);
    int status = place_ask(place, (struct place_ask){.path = "/me", .authorization = authorization});

    free(authorization);
    return status;
}

static void assert_error(const char *error)
{
    assert_int_equal(place->answer.status, 400);
    assert_string_equal(place_said(place, "error"), error);
}

/* ── metadata ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_metadata_are_the_issuer_s_own(void **state)
{
    static const char *const endpoints[] = {"token_endpoint", "device_authorization_endpoint",
                                            "revocation_endpoint"};

    assert_int_equal(PLACE_GET(place, NULL, "//.well-known/openid-configuration"), 200);
    assert_string_equal(place_said(place, "issuer"), "http://127.0.0.1:1");
    for (size_t i = 0; i < 3; i++)
        assert_true(strncmp(place_said(place, endpoints[i]), "http://127.0.0.1:1/", 19) == 0);
}

/* ── the device flow ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_hint_says_who_confirms(void **state)
{
    static const struct {
        const char *hint, *who;
    } cases[] = {{"nam", "nam"}, {"counter", "mai"}, {"supervisor", "quan"}};

    for (size_t i = 0; i < 3; i++) {
        struct pair pair;
        sign_in(cases[i].hint, &pair);
        assert_int_equal(me(pair.access), 200);
        assert_string_equal(place_said(place, "id"), cases[i].who);
    }
}

static void a_hint_at_nobody_is_refused(void **state)
{
    char *code = device("nobody", NULL);

    assert_int_equal(poll_for(code, NULL), 400);
    assert_error("access_denied");
    free(code);
}

static void somebody_confirms_on_the_page(void **state)
{
    char user_code[16], query[32], body[64];
    char *code = device(NULL, user_code);
    struct pair pair;

    assert_string_equal(place_said(place, "verification_uri"), "http://127.0.0.1:1/thiet-bi");
    assert_int_equal(strlen(user_code), 9);
    assert_int_equal(json_integer_value(place_json_said(place, "expires_in")), 900);
    assert_int_equal(poll_for(code, NULL), 400);
    assert_error("authorization_pending");
    snprintf(query, sizeof query, "ma=%s", user_code);
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//thiet-bi", .query = query}), 200);
    assert_non_null(strstr(place->answer.body.data, "Máy quay-02 xin đăng nhập lúc 09:42"));
    assert_non_null(strstr(place->answer.body.data, "Trần Thị Mai"));
    snprintf(body, sizeof body, "ma=%s&can_bo=ha&viec=dong_y", user_code);
    assert_int_equal(form("//thiet-bi", body), 200);
    assert_non_null(strstr(place->answer.body.data, "Đỗ Thu Hà"));
    place->now += 5;
    assert_int_equal(poll_for(code, &pair), 200);
    assert_int_equal(me(pair.access), 200);
    assert_string_equal(place_said(place, "id"), "ha");
    free(code);
}

static void the_code_is_typed_as_people_type(void **state)
{
    char user_code[16], query[32];
    char *code = device(NULL, user_code);

    snprintf(query, sizeof query, "ma=+%.4s+%s", user_code, user_code + 5);
    for (char *c = query + 3; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//thiet-bi", .query = query}), 200);
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//thiet-bi", .query = "ma=BCDF-GHJK"}), 404);
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//thiet-bi", .query = "ma=%3Cb%3E"}), 404);
    assert_null(strstr(place->answer.body.data, "<b>"));
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//thiet-bi"}), 200);
    free(code);
}

static void somebody_refuses_on_the_page(void **state)
{
    char user_code[16], body[64];
    char *code = device(NULL, user_code);

    snprintf(body, sizeof body, "ma=%s&viec=tu_choi", user_code);
    assert_int_equal(form("//thiet-bi", body), 200);
    assert_int_equal(poll_for(code, NULL), 400);
    assert_error("access_denied");
    assert_int_equal(form("//thiet-bi", body), 404); /* it is over */
    free(code);
}

static void yes_needs_somebody(void **state)
{
    char user_code[16], body[64];
    char *code = device(NULL, user_code);

    snprintf(body, sizeof body, "ma=%s&viec=dong_y&can_bo=nobody", user_code);
    assert_int_equal(form("//thiet-bi", body), 200);
    assert_int_equal(poll_for(code, NULL), 400);
    assert_error("authorization_pending");
    free(code);
}

static void who_polls_too_fast_is_slowed_down(void **state)
{
    char user_code[16], body[64];
    char *code = device(NULL, user_code);

    assert_int_equal(json_integer_value(place_json_said(place, "interval")), 5);
    poll_for(code, NULL);
    assert_error("authorization_pending");
    place->now += 5;
    poll_for(code, NULL);
    assert_error("authorization_pending");
    place->now += 4;
    poll_for(code, NULL);
    assert_error("slow_down");
    place->now += 9; /* 10 are asked for now */
    poll_for(code, NULL);
    assert_error("slow_down");
    snprintf(body, sizeof body, "ma=%s&can_bo=ha&viec=dong_y", user_code);
    form("//thiet-bi", body);
    place->now += 14; /* 15 */
    poll_for(code, NULL);
    assert_error("slow_down");
    place->now += 20;
    assert_int_equal(poll_for(code, NULL), 200);
    free(code);
}

static void a_code_expires(void **state)
{
    char user_code[16], query[32];
    char *code = device(NULL, user_code);

    place->now += 899;
    poll_for(code, NULL);
    assert_error("authorization_pending");
    place->now += 1;
    poll_for(code, NULL);
    assert_error("expired_token");
    snprintf(query, sizeof query, "ma=%s", user_code);
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//thiet-bi", .query = query}), 404);
    free(code);
}

static void a_first_pair_that_got_lost_is_asked_for_again(void **state)
{
    struct pair lost, first, second;
    char *code = device("mai", NULL);

    assert_int_equal(poll_for(code, &lost), 200);
    assert_int_equal(poll_for(code, &first), 200);
    assert_int_equal(me(lost.access), 401);
    assert_int_equal(me(first.access), 200);
    assert_int_equal(poll_for(code, &second), 400); /* it was not lost after all */
    assert_error("invalid_grant");
    assert_int_equal(me(first.access), 200);
    free(code);
}

static void requests_that_make_no_sense(void **state)
{
    assert_int_equal(form("//oauth/device", "scope=openid"), 400);
    assert_error("invalid_request");
    assert_int_equal(form("//oauth/device", "client_id=other"), 400);
    assert_error("invalid_client");
    assert_int_equal(form("//oauth/token", "client_id=motcua&grant_type=password"), 400);
    assert_error("unsupported_grant_type");
    assert_int_equal(form("//oauth/token", "client_id=motcua"), 400);
    assert_error("invalid_request");
    assert_int_equal(form("//oauth/token", "client_id=motcua&grant_type=refresh_token&refresh_token=x"), 400);
    assert_error("invalid_grant");
    assert_int_equal(form("//oauth/token", "client_id=motcua&grant_type=" DEVICE_GRANT "&device_code=x"), 400);
    assert_error("invalid_grant");
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//oauth/token", .body = "client_id=motcua"}),
                     400); /* no form */
}

/* ── rotation ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void each_refresh_gives_a_new_pair(void **state)
{
    struct pair a, b, c;

    sign_in("mai", &a);
    assert_int_equal(me(a.access), 200);
    assert_int_equal(refresh(a.refresh, &b), 200);
    assert_int_equal(json_integer_value(place_json_said(place, "expires_in")), 3600);
    assert_string_not_equal(a.refresh, b.refresh);
    assert_int_equal(me(b.access), 200);
    assert_int_equal(refresh(b.refresh, &c), 200);
    assert_int_equal(me(c.access), 200);
}

static void a_refresh_that_got_lost_is_sent_again(void **state)
{
    struct pair a, lost, again, third;

    sign_in("mai", &a);
    assert_int_equal(refresh(a.refresh, &lost), 200);
    assert_int_equal(refresh(a.refresh, &again), 200); /* the unused one ends */
    assert_int_equal(refresh(a.refresh, &third), 200);
    assert_int_equal(me(lost.access), 401);
    assert_int_equal(me(again.access), 401);
    refresh(lost.refresh, NULL);
    assert_error("invalid_grant");
    assert_int_equal(me(third.access), 200); /* and nobody is thrown out for it */
    assert_int_equal(refresh(third.refresh, NULL), 200);
}

static void an_old_token_after_its_successor_was_used_ends_the_family(void **state)
{
    struct pair a, b, c;

    sign_in("mai", &a);
    assert_int_equal(refresh(a.refresh, &b), 200);
    assert_int_equal(me(b.access), 200); /* used */
    refresh(a.refresh, NULL);
    assert_error("invalid_grant");
    assert_int_equal(me(b.access), 401);
    refresh(b.refresh, NULL);
    assert_error("invalid_grant");

    sign_in("mai", &a);
    assert_int_equal(refresh(a.refresh, &b), 200);
    assert_int_equal(refresh(b.refresh, &c), 200); /* used this way */
    refresh(a.refresh, NULL);
    assert_error("invalid_grant");
    assert_int_equal(me(c.access), 401);
}

static void a_family_s_end_is_not_another_s(void **state)
{
    struct pair mine, hers, b;

    sign_in("mai", &mine);
    sign_in("mai", &hers);
    assert_int_equal(refresh(mine.refresh, &b), 200);
    assert_int_equal(me(b.access), 200);
    assert_int_equal(refresh(mine.refresh, NULL), 400);
    assert_int_equal(me(hers.access), 200);
}

static void tokens_expire_by_the_server_s_clock(void **state)
{
    struct pair a, b;

    sign_in("mai", &a);
    place->now += 3599;
    assert_int_equal(me(a.access), 200);
    place->now += 1;
    assert_int_equal(me(a.access), 401);
    assert_string_equal(place_header(place, "WWW-Authenticate"), "Bearer error=\"invalid_token\"");
    assert_int_equal(refresh(a.refresh, &b), 200);
    place->now += 90 * 86400;
    assert_int_equal(refresh(b.refresh, NULL), 400);
    assert_error("invalid_grant");
}

/* ── sign-out, step-up ───────────────────────────────────────────────────────────────────────────────────────────── */

static void signing_out_ends_the_family(void **state)
{
    struct pair a, b, other;
    char body[128];

    sign_in("mai", &a);
    sign_in("ha", &other);
    assert_int_equal(me(a.access), 200);
    assert_int_equal(refresh(a.refresh, &b), 200);
    snprintf(body, sizeof body, "client_id=motcua&token=%s&token_type_hint=refresh_token", b.refresh);
    assert_int_equal(form("//oauth/revoke", body), 200);
    assert_int_equal(me(a.access), 401);
    assert_int_equal(me(b.access), 401);
    assert_int_equal(refresh(b.refresh, NULL), 400);
    assert_int_equal(refresh(a.refresh, NULL), 400);
    assert_int_equal(me(other.access), 200);
    assert_int_equal(form("//oauth/revoke", body), 200); /* RFC 7009: nothing is an error there */
    assert_int_equal(form("//oauth/revoke", "client_id=motcua&token=unknown"), 200);
}

/* approve with a token whose sign-in is old; what it says does not matter: 401 comes first. */
static int approve_with(const char *access)
{
    char *authorization = text_new("Bearer %s", access);
    int status = place_ask(place, (struct place_ask){.path = "/dossiers/ky/actions",
                                                     .authorization = authorization,
                                                     .match = "\"3\"",
                                                     .key = "one-and-the-same-key-0001",
                                                     .body = "{\"action\":\"approve\"}"});

    free(authorization);
    return status;
}

static void a_signature_needs_a_sign_in_that_is_not_old(void **state)
{
    struct pair a, b, fresh;

    sign_in("thang", &a);
    assert_int_equal(approve_with(a.access), 422); /* new enough; it only lacks its signature */
    place_free(&place);
    place = place_new(NULL);
    sign_in("thang", &a);
    place->now += 7 * 86400 + 1;
    assert_int_equal(refresh(a.refresh, &b), 200);
    assert_int_equal(me(b.access), 200);
    assert_int_equal(approve_with(b.access), 401);
    assert_string_equal(place_problem(place), "step-up-required");
    assert_string_equal(place_header(place, "WWW-Authenticate"),
                        "Bearer error=\"insufficient_user_authentication\"");
    sign_in("thang", &fresh);
    assert_int_equal(approve_with(fresh.access), 422); /* the same request with its key was not remembered */
}

/* ── over a restart ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_session_outlives_the_server_where_there_is_a_file(void **state)
{
    struct pair a, b;
    char *db = text_new("%s/db", place->dir);
    const struct central_options kept = {.start = INSTANT_NONE, .db = db};

    place_again(place, &kept);
    sign_in("mai", &a);
    assert_int_equal(me(a.access), 200);
    place_again(place, &kept);
    assert_int_equal(me(a.access), 200);
    assert_int_equal(refresh(a.refresh, &b), 200);
    place_again(place, NULL); /* in memory: nobody is known */
    assert_int_equal(me(b.access), 401);
    free(db);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(the_metadata_are_the_issuer_s_own),
        CASE(the_hint_says_who_confirms),
        CASE(a_hint_at_nobody_is_refused),
        CASE(somebody_confirms_on_the_page),
        CASE(the_code_is_typed_as_people_type),
        CASE(somebody_refuses_on_the_page),
        CASE(yes_needs_somebody),
        CASE(who_polls_too_fast_is_slowed_down),
        CASE(a_code_expires),
        CASE(a_first_pair_that_got_lost_is_asked_for_again),
        CASE(requests_that_make_no_sense),
        CASE(each_refresh_gives_a_new_pair),
        CASE(a_refresh_that_got_lost_is_sent_again),
        CASE(an_old_token_after_its_successor_was_used_ends_the_family),
        CASE(a_family_s_end_is_not_another_s),
        CASE(tokens_expire_by_the_server_s_clock),
        CASE(signing_out_ends_the_family),
        CASE(a_signature_needs_a_sign_in_that_is_not_old),
        CASE(a_session_outlives_the_server_where_there_is_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The token pair and the sign-in, without a network: what is kept before it is used, what is sent again, when it is over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_wire.h"

#include <stdlib.h>
#include <string.h>

#define FEED  "GET /api/v1/changes"
#define TOKEN "POST /token"

enum { NIGHT_MS = 13 * 3600 * 1000 };

static json_t *pair(const char *access, const char *refresh, int seconds)
{
    return json_pack("{s:s, s:s, s:s, s:i}", "access_token", access, "refresh_token", refresh, "token_type",
                     "Bearer", "expires_in", seconds);
}

static json_t *oauth_error(const char *error)
{
    return json_pack("{s:s}", "error", error);
}

static int begin(void **state)
{
    struct wire *w = mem_alloc(sizeof(*w));
    wire_new(w, true);
    *state = w;
    return 0;
}

static int begin_signed_in(void **state)
{
    begin(state);
    wire_sign_in(*state);
    return 0;
}

static int end(void **state)
{
    wire_free(*state);
    free(*state);
    return 0;
}

/* What another instance, started now, would find in the keyring. */
static void assert_kept(struct wire *w, const char *access)
{
    bool found = false;
    for (int i = 0; i < 8; i++)
        found = found ||
                memmem(w->machine->env.secrets[i].bytes, w->machine->env.secrets[i].n, access, strlen(access));
    assert_true(found);
}

/* ── signing in ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static json_t *about(const char *issuer)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:[]}", "name", "x", "api_version", "1.7", "issuer", issuer,
                     "client_id", "mot cua&", "time", "2022-12-29T09:42:00+07:00", "features");
}

/* Up to the code on the screen. */
static void ask_for_code(struct wire *w)
{
    wire_step(w);
    wire_ask(w, ASK_SIGN_IN, NULL);
    wire_json(w, wire_on(w, "GET /api/v1/about"), 200, about("https://id.mc-demo.local/in"));
}

static json_t *metadata(const char *issuer, const char *token, const char *device)
{
    return json_pack("{s:s, s:s, s:s}", "issuer", issuer, "token_endpoint", token,
                     "device_authorization_endpoint", device);
}

static void give_code(struct wire *w)
{
    ask_for_code(w);
    wire_json(w, wire_on(w, "GET /in/.well-known/openid-configuration"), 200,
              metadata("https://id.mc-demo.local/in", "https://id.mc-demo.local/token",
                       "https://id.mc-demo.local/device"));
    struct request *r = wire_on(w, "POST /device");
    assert_null(r->token);
    assert_string_equal(r->content_type, "application/x-www-form-urlencoded");
    assert_string_equal(wire_body(r), "scope=openid%20offline_access&client_id=mot%20cua%26");
    wire_json(w, r, 200,
              json_pack("{s:s, s:s, s:s, s:i}", "device_code", "dc/1", "user_code", "WDJB-MJHT",
                        "verification_uri", "https://id.mc-demo.local/thiet-bi", "expires_in", 900));
}

static void shows_the_code_and_waits(void **state)
{
    struct wire *w = *state;
    give_code(w);
    assert_true(w->answered && !w->answer.final);
    assert_string_equal(w->answer.device.user_code, "WDJB-MJHT");
    assert_in_range(w->answer.device_until - sync_now(w->sync), 899, 901);
    wire_advance(w, 4999);
    assert_int_equal(w->n_on, 0);
    wire_advance(w, 2);
    assert_string_equal(
        wire_body(wire_on(w, TOKEN)),
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=dc%2F1&client_id=mot%20cua%26");
    wire_json(w, wire_on(w, TOKEN), 400, oauth_error("authorization_pending"));
    wire_advance(w, 5001);
    wire_json(w, wire_on(w, TOKEN), 400, oauth_error("slow_down"));
    wire_advance(w, 9999);
    assert_int_equal(w->n_on, 0); /* 5 and 5 more */
    wire_advance(w, 2);
    wire_lost(w, wire_on(w, TOKEN), RESPONSE_TIMED_OUT);
    wire_advance(w, 19999);
    assert_int_equal(w->n_on, 0); /* a line that is bad is asked less often */
    wire_advance(w, 2);
    wire_json(w, wire_on(w, TOKEN), 200, pair("access-1", "refresh-1", 3600));
    wire_lost(w, wire_on(w, "GET /api/v1/me"), RESPONSE_CUT);
    wire_advance(w, 60000);
    assert_string_equal(wire_on(w, "GET /api/v1/me")->token, "access-1");
    wire_json(w, wire_on(w, "GET /api/v1/me"), 200,
              json_pack("{s:s, s:s, s:s, s:[s]}", "id", ME, "name", "Trần Thị Mai", "unit", "u", "roles",
                        "counter"));
    assert_true(w->answer.final);
    assert_string_equal(w->answer.officer.name, "Trần Thị Mai");
    assert_string_equal(sync_officer(w->sync), ME);
    assert_kept(w, "access-1");
}

static void says_why_nobody_is_signed_in(void **state)
{
    static const struct {
        const char *error, *says;
    } cases[] = {
        {"access_denied", "phone"}, {"expired_token", "code is over"}, {"invalid_client", "invalid_client"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct wire w;
        wire_new(&w, true);
        give_code(&w);
        wire_advance(&w, 5001);
        wire_json(&w, wire_on(&w, TOKEN), 400, oauth_error(cases[i].error));
        assert_true(w.answer.final);
        assert_non_null(strstr(w.answer.err.text, cases[i].says));
        wire_advance(&w, 60000);
        assert_null(wire_find(&w, TOKEN));
        wire_free(&w);
    }
}

static void a_code_ends_though_nobody_says_so(void **state)
{
    struct wire *w = *state;
    give_code(w);
    for (int i = 0; i < 1000 && !w->answer.final; i++) {
        wire_advance(w, 1000);
        if (wire_find(w, TOKEN))
            wire_lost(w, wire_on(w, TOKEN), RESPONSE_REFUSED);
    }
    assert_int_equal(w->answer.err.code, ERR_AUTH);
    assert_int_equal(w->n_on, 0);
}

static void who_is_no_officer_is_not_signed_in(void **state)
{
    struct wire *w = *state;
    give_code(w);
    wire_advance(w, 5001);
    wire_json(w, wire_on(w, TOKEN), 200, pair("access-1", "refresh-1", 3600));
    wire_problem(w, wire_on(w, "GET /api/v1/me"), 403, "forbidden", NULL);
    assert_true(w->answer.final);
    assert_int_equal(w->answer.err.code, ERR_AUTH);
    assert_null(sync_officer(w->sync));
}

/* An officer's id becomes the name of a directory. */
static void an_officer_that_is_a_path_is_none(void **state)
{
    struct wire *w = *state;
    give_code(w);
    wire_advance(w, 5001);
    wire_json(w, wire_on(w, TOKEN), 200, pair("access-1", "refresh-1", 3600));
    wire_json(w, wire_on(w, "GET /api/v1/me"), 200,
              json_pack("{s:s, s:s, s:s, s:[]}", "id", "../../x", "name", "x", "unit", "u", "roles"));
    assert_null(sync_officer(w->sync));
    assert_false(w->answer.final);
}

static void tokens_go_to_the_issuer_alone(void **state)
{
#define GOOD "https://id.mc-demo.local/in"
#define AT   "https://id.mc-demo.local/x"
    static const char *const bad[][3] = {
        {"https://id.mc-demo.local", AT, AT},
        {GOOD, "https://evil.example/token", AT},
        {GOOD, AT, "https://id.mc-demo.local.evil.example/device"},
        {GOOD, AT, "http://id.mc-demo.local/device"},
        {GOOD, AT, "https://id.mc-demo.local:444/device"},
        {GOOD, "https://id.mc-demo.local@evil.example/token", AT},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct wire w;
        wire_new(&w, true);
        ask_for_code(&w);
        wire_json(&w, wire_on(&w, "GET /in/.well-known/openid-configuration"), 200,
                  metadata(bad[i][0], bad[i][1], bad[i][2]));
        assert_int_equal(w.n_on, 0);
        assert_true(w.answered && w.answer.final);
        assert_int_equal(w.answer.err.code, ERR_SERVER);
        wire_free(&w);
    }
}

static void what_is_taken_back_is_not_answered(void **state)
{
    struct wire *w = *state;
    struct sync_orders orders;
    give_code(w);
    sync_step(w->sync, &(struct sync_event){.kind = SYNC_CANCEL, .cancel = w->answer.id}, &orders);
    wire_advance(w, 1000 * 1000);
    assert_false(w->answer.final);
    assert_int_equal(w->n_on, 0);
}

/* ── the pair ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_session_outlives_the_program(void **state)
{
    struct wire *w = *state;
    wire_restart(w);
    assert_string_equal(sync_officer(w->sync), ME);
    assert_int_not_equal(wire_line(w).state, LINE_SIGN_IN);
}

static void is_renewed_before_it_ends(void **state)
{
    struct wire *w = *state;
    int64_t began = w->machine->env.mono;
    wire_page(w, json_array(), "c1", false, 3600);
    while (!wire_find(w, TOKEN) && w->machine->env.mono - began < 3600 * 1000)
        wire_advance(w, 1000);
    int64_t left = 3600 * 1000 - (w->machine->env.mono - began);
    assert_in_range(left, 1000, 310 * 1000);
    assert_string_equal(wire_body(wire_on(w, TOKEN)),
                        "grant_type=refresh_token&refresh_token=refresh-1&client_id=motcua");
    wire_lost(w, wire_on(w, TOKEN), RESPONSE_CUT); /* its answer is lost: the same again, with the old token */
    wire_advance(w, 10001);
    assert_string_equal(wire_body(wire_on(w, TOKEN)),
                        "grant_type=refresh_token&refresh_token=refresh-1&client_id=motcua");
    wire_json(w, wire_on(w, TOKEN), 200, pair("access-2", "refresh-2", 3600));
    assert_kept(w, "access-2");
    wire_ask(w, ASK_DOSSIER, "d-1");
    assert_string_equal(wire_on(w, "GET /api/v1/dossiers/d-1")->token, "access-2");
}

static void renewals_are_spread(void **state)
{
    int64_t first = INT64_MAX, last = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct wire w;
        wire_new(&w, true);
        w.machine->env.seed = seed;
        wire_sign_in(&w);
        int64_t began = w.machine->env.mono;
        wire_page(&w, json_array(), "c1", false, 3600);
        while (!wire_find(&w, TOKEN))
            wire_advance(&w, 1000);
        int64_t after = w.machine->env.mono - began;
        first = after < first ? after : first;
        last = after > last ? after : last;
        wire_free(&w);
    }
    assert_true(last - first > 120 * 1000);
}

static void a_rejected_token_is_renewed_and_the_ask_goes_again(void **state)
{
    struct wire *w = *state;
    wire_ask(w, ASK_DOSSIER, "d-1");
    wire_problem(w, wire_on(w, "GET /api/v1/dossiers/d-1"), 401, "unauthorized", NULL);
    assert_null(wire_find(w, "GET /api/v1/dossiers/d-1"));
    wire_json(w, wire_on(w, TOKEN), 200, pair("access-2", "refresh-2", 3600));
    assert_string_equal(wire_on(w, "GET /api/v1/dossiers/d-1")->token, "access-2");
    wire_json(w, wire_on(w, "GET /api/v1/dossiers/d-1"), 200, wire_dossier("d-1", 3));
    assert_int_equal(w->answer.err.code, ERR_NONE);
}

static void an_online_only_wish_goes_again_with_the_new_token(void **state)
{
    struct wire *w = *state;
    char key[UUID_TEXT];
    wire_wish(w, "d-1", true, key);
    wire_problem(w, wire_on(w, "POST /api/v1/dossiers/d-1/actions"), 401, "unauthorized", NULL);
    wire_json(w, wire_on(w, TOKEN), 200, pair("access-2", "refresh-2", 3600));
    struct request *r = wire_on(w, "POST /api/v1/dossiers/d-1/actions");
    assert_string_equal(r->key, key);
    assert_string_equal(r->token, "access-2");
}

static void a_session_that_is_over_says_so(void **state)
{
    struct wire *w = *state;
    char online[UUID_TEXT], ordinary[UUID_TEXT];
    struct arena arena = {0};
    wire_wish(w, "d-1", true, online);
    wire_problem(w, wire_on(w, "POST /api/v1/dossiers/d-1/actions"), 401, "unauthorized", NULL);
    wire_wish(w, "d-2", false, ordinary);
    wire_json(w, wire_on(w, TOKEN), 400, oauth_error("invalid_grant"));
    assert_int_equal(wire_line(w).state, LINE_SIGN_IN);
    assert_int_equal(wire_line(w).why.code, ERR_AUTH);
    assert_true(w->event.taken_away);
    assert_string_equal(w->event.key, online);
    assert_int_equal(w->event.why.code, ERR_AUTH);
    assert_int_equal(wire_row(w, &arena, ordinary).state, COMMAND_DUE);
    assert_string_equal(sync_officer(w->sync), ME); /* the files are still that officer's */
    wire_ask(w, ASK_DOSSIER, "d-1");
    assert_int_equal(w->answer.err.code, ERR_AUTH);
    wire_advance(w, 3600 * 1000);
    assert_null(wire_find(w, TOKEN));
    assert_null(wire_find(w, "POST"));
    wire_sign_in_as(w, ME, "access-2", "refresh-2");
    assert_string_equal(wire_on(w, "POST /api/v1/dossiers/d-2/actions")->key, ordinary);
    arena_clear(&arena);
}

/* A server that gives out tokens and takes none must not be asked for ever. */
static void a_new_token_that_is_rejected_too_ends_it(void **state)
{
    struct wire *w = *state;
    wire_problem(w, wire_on(w, FEED), 401, "unauthorized", NULL);
    wire_json(w, wire_on(w, TOKEN), 200, pair("access-2", "refresh-2", 3600));
    wire_problem(w, wire_on(w, FEED), 401, "unauthorized", NULL);
    assert_null(wire_find(w, TOKEN));
    assert_int_equal(wire_line(w).state, LINE_SIGN_IN);
}

/* Another instance keeps its new pair in the same keyring. */
static void another_keeps(struct wire *w, const char *old, const char *new)
{
    for (int i = 0; i < 8; i++) {
        struct fake_secret *s = &w->machine->env.secrets[i];
        char *at = memmem(s->bytes, s->n, old, strlen(old));
        if (at)
            memcpy(at, new, strlen(new));
    }
}

static void another_instance_has_renewed_it(void **state)
{
    struct wire *w = *state;
    another_keeps(w, "access-1", "access-7");
    wire_problem(w, wire_on(w, FEED), 401, "unauthorized", NULL);
    assert_null(wire_find(w, TOKEN));
    assert_string_equal(wire_on(w, FEED)->token, "access-7");
}

/* Both renewed at once: the server ended the pair of whoever was first. */
static void another_instance_was_later(void **state)
{
    struct wire *w = *state;
    wire_problem(w, wire_on(w, FEED), 401, "unauthorized", NULL);
    wire_json(w, wire_on(w, TOKEN), 200, pair("access-2", "refresh-2", 3600));
    another_keeps(w, "access-2", "access-8");
    wire_problem(w, wire_on(w, FEED), 401, "unauthorized", NULL);
    assert_string_equal(wire_on(w, FEED)->token, "access-8");
    another_keeps(w, "access-8", "access-9");
    wire_problem(w, wire_on(w, FEED), 401, "unauthorized", NULL);
    assert_string_equal(wire_on(w, FEED)->token, "access-9");
    wire_problem(w, wire_on(w, FEED), 401, "unauthorized", NULL);
    another_keeps(w, "access-9", "access-6");
    wire_json(w, wire_on(w, TOKEN), 400, oauth_error("invalid_grant"));
    assert_string_equal(wire_on(w, FEED)->token, "access-6"); /* not over: somebody else has a good one */
}

/* After a night, where somebody else's pair has ended as well, and the first request is lost. */
static void an_ended_pair_is_renewed_though_the_line_was_bad(void **state)
{
    struct wire *w = *state;
    another_keeps(w, "access-1", "access-7");
    w->machine->env.mono += NIGHT_MS;
    w->machine->env.wall += NIGHT_MS / 1000;
    wire_problem(w, wire_on(w, FEED), 401, "unauthorized", NULL);
    wire_lost(w, wire_on(w, "GET /api/v1/about"), RESPONSE_TIMED_OUT);
    assert_int_equal(w->n_on, 0);
    assert_in_range(sync_wake(w->sync), 0, w->machine->env.mono + 10001); /* nobody else would wake it */
    wire_advance(w, 10001);
    wire_on(w, TOKEN);
}

/* Who may ask nothing else asks About whether there is a line: as often as one tries, and not when it is known. */
static void without_a_session_about_says_whether_there_is_a_line(void **state)
{
    struct wire *w = *state;
    wire_step(w);
    wire_ask(w, ASK_SIGN_IN, NULL);
    wire_json(w, wire_on(w, "GET /api/v1/about"), 200, about(WIRE_BASE));
    wire_lost(w, wire_on(w, "GET /.well-known/openid-configuration"), RESPONSE_REFUSED);
    assert_true(w->answer.final);
    assert_int_equal(w->n_on, 0);
    assert_in_range(sync_wake(w->sync), 0, w->machine->env.mono + 10001);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(wire_line(w).state, LINE_OFFLINE);
        wire_advance(w, 300001);
        wire_lost(w, wire_on(w, "GET /api/v1/about"), RESPONSE_REFUSED);
    }
    wire_advance(w, 300001);
    wire_json(w, wire_on(w, "GET /api/v1/about"), 200, about(WIRE_BASE));
    assert_int_equal(wire_line(w).state, LINE_SIGN_IN);
    wire_advance(w, 3600 * 1000);
    assert_int_equal(w->n_on, 0);
}

/* Where the issuer is another machine, its silence says nothing about the line to the API. */
static void an_issuer_that_is_down_cuts_nothing_off(void **state)
{
    struct wire *w = *state;
    wire_page(w, json_array(), "c1", false, 3600);
    while (!wire_find(w, TOKEN))
        wire_advance(w, 1000);
    wire_lost(w, wire_on(w, TOKEN), RESPONSE_REFUSED);
    assert_int_equal(wire_line(w).state, LINE_ONLINE);
    wire_ask(w, ASK_DOSSIER, "d-1");
    assert_string_equal(wire_on(w, "GET /api/v1/dossiers/d-1")->token, "access-1"); /* good until it ends */
}

static void a_pair_that_no_header_can_hold_is_none(void **state)
{
    static const char *const bad[] = {"a\r\nX: y", "a b", "", "ắ"};
    struct wire *w = *state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        if (wire_find(w, FEED))
            wire_problem(w, wire_on(w, FEED), 401, "unauthorized", NULL);
        wire_json(w, wire_on(w, TOKEN), 200, pair(bad[i], "refresh-2", 3600));
        assert_null(wire_find(w, FEED));
        wire_advance(w, 300001);
    }
}

static void signing_out_forgets_and_revokes(void **state)
{
    struct wire *w = *state;
    wire_ask(w, ASK_SIGN_OUT, NULL);
    assert_null(sync_officer(w->sync));
    assert_null(wire_find(w, FEED));
    for (int i = 0; i < 8; i++)
        assert_string_equal(w->machine->env.secrets[i].name, "");
    struct request *r = wire_on(w, "POST /revoke");
    assert_string_equal(wire_body(r), "token=refresh-1&token_type_hint=refresh_token&client_id=motcua");
    wire_reply(w, r, 200, NULL, "");
    assert_true(w->answer.final);
    assert_int_equal(w->answer.err.code, ERR_NONE);
    assert_int_equal(wire_line(w).state, LINE_SIGN_IN);
}

static void signing_out_without_a_line_forgets_all_the_same(void **state)
{
    struct wire *w = *state;
    wire_ask(w, ASK_SIGN_OUT, NULL);
    wire_lost(w, wire_on(w, "POST /revoke"), RESPONSE_REFUSED);
    assert_true(w->answer.final);
    assert_int_equal(w->answer.err.code, ERR_OFFLINE);
    assert_null(sync_officer(w->sync));
}

int main(void)
{
#define FRESH(name)     cmocka_unit_test_setup_teardown(name, begin, end)
#define SIGNED_IN(name) cmocka_unit_test_setup_teardown(name, begin_signed_in, end)
    const struct CMUnitTest tests[] = {
        FRESH(shows_the_code_and_waits),
        cmocka_unit_test(says_why_nobody_is_signed_in),
        FRESH(a_code_ends_though_nobody_says_so),
        FRESH(who_is_no_officer_is_not_signed_in),
        FRESH(an_officer_that_is_a_path_is_none),
        cmocka_unit_test(tokens_go_to_the_issuer_alone),
        FRESH(what_is_taken_back_is_not_answered),
        SIGNED_IN(a_session_outlives_the_program),
        SIGNED_IN(is_renewed_before_it_ends),
        cmocka_unit_test(renewals_are_spread),
        SIGNED_IN(a_rejected_token_is_renewed_and_the_ask_goes_again),
        SIGNED_IN(an_online_only_wish_goes_again_with_the_new_token),
        SIGNED_IN(a_session_that_is_over_says_so),
        SIGNED_IN(a_new_token_that_is_rejected_too_ends_it),
        SIGNED_IN(another_instance_has_renewed_it),
        SIGNED_IN(another_instance_was_later),
        SIGNED_IN(an_ended_pair_is_renewed_though_the_line_was_bad),
        FRESH(without_a_session_about_says_whether_there_is_a_line),
        SIGNED_IN(an_issuer_that_is_down_cuts_nothing_off),
        SIGNED_IN(a_pair_that_no_header_can_hold_is_none),
        SIGNED_IN(signing_out_forgets_and_revokes),
        SIGNED_IN(signing_out_without_a_line_forgets_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What an answer means, status by status, and which addresses we talk to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/judge.h"
#include "net/url.h"
#include "tests/unit/cache_feed.h"
#include "tests/unit/core_fixtures.h"

#include "core/instant.h"
#include "net/backoff.h"
#include "net/clock.h"

#include <stdlib.h>
#include <string.h>

#define JSON    "application/json"
#define PROBLEM "application/problem+json"
#define BEARER  "Bearer error=\"invalid_token\""

static char *text_of(json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

static char *problem(int status, const char *name)
{
    return text_of(json_pack("{s:s+, s:s, s:i}", "type", "urn:onestop:problem:", name, "title", "Không được",
                             "status", status));
}

/* A wish to act on d-1. */
static struct command wish(void)
{
    return (struct command){.method = "POST", .path = "/dossiers/d-1/actions", .target = "d-1", .if_match = "3"};
}

struct expected {
    enum verdict verdict;
    bool may_have_arrived;
};
static struct judgement judge(struct arena *arena, const struct command *c, const struct response *reply)
{
    struct judgement j;
    judge_wish(c, reply, arena, &j);
    assert_int_equal(j.verdict == VERDICT_DONE, j.why.code == ERR_NONE);
    return j;
}

static struct response answer(int status, const char *type, const char *body)
{
    return (struct response){.end = RESPONSE_ANSWER,
                             .left = true,
                             .status = status,
                             .type = type,
                             .body = (char *)body,
                             .len = strlen(body)};
}

/* ── problems ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void every_problem_of_the_contract(void **state)
{
    static const struct {
        int status;
        const char *name;
        struct expected expected;
    } cases[] = {
        {400, "validation-failed", {VERDICT_REFUSED, false}},
        {401, "unauthorized", {VERDICT_TOKEN, false}},
        {401, "step-up-required", {VERDICT_STEP_UP, false}},
        {403, "forbidden", {VERDICT_REFUSED, false}},
        {403, "four-eyes", {VERDICT_REFUSED, false}},
        {404, "not-found", {VERDICT_REFUSED, false}},
        {409, "action-not-allowed", {VERDICT_CONFLICT, false}},
        {409, "fee-unpaid", {VERDICT_CONFLICT, false}},
        {409, "idempotency-in-progress", {VERDICT_NO_ANSWER, true}},
        {409, "offset-mismatch", {VERDICT_CONFLICT, false}},
        {412, "stale-version", {VERDICT_CONFLICT, false}},
        {413, "too-large", {VERDICT_REFUSED, false}},
        {422, "validation-failed", {VERDICT_REFUSED, false}},
        {422, "signature-invalid", {VERDICT_REFUSED, false}},
        {422, "number-not-reserved", {VERDICT_REFUSED, false}},
        {422, "idempotency-key-reused", {VERDICT_REFUSED, false}},
        {422, "digest-mismatch", {VERDICT_REFUSED, false}},
        {422, "secret-on-paper-only", {VERDICT_REFUSED, false}},
        {428, "precondition-required", {VERDICT_REFUSED, false}},
        {429, "rate-limited", {VERDICT_NO_ANSWER, false}},
        {500, "internal", {VERDICT_NO_ANSWER, true}},
        {503, "maintenance", {VERDICT_NO_ANSWER, true}},
        /* Names that came later count as their status says. */
        {403, "new-name", {VERDICT_REFUSED, false}},
        {409, "new-name", {VERDICT_CONFLICT, false}},
        {412, "new-name", {VERDICT_CONFLICT, false}},
        {451, "new-name", {VERDICT_REFUSED, false}},
        {502, "new-name", {VERDICT_NO_ANSWER, true}},
        {408, "new-name", {VERDICT_NO_ANSWER, true}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct arena arena = {0};
        struct command c = wish();
        char *body = problem(cases[i].status, cases[i].name);
        struct response reply = answer(cases[i].status, PROBLEM "; charset=utf-8", body);
        reply.authenticate = cases[i].status == 401 ? BEARER : NULL;
        struct judgement j = judge(&arena, &c, &reply);
        if (j.verdict != cases[i].expected.verdict || j.may_have_arrived != cases[i].expected.may_have_arrived)
            fail_at(HERE, "%d %s: %d, arrived %d", cases[i].status, cases[i].name, j.verdict, j.may_have_arrived);
        free(body);
        arena_clear(&arena);
    }
}

/* A portal, a proxy, a web server in front: whatever its status, it is not the central that speaks. */
static void what_is_no_problem_document_is_no_answer(void **state)
{
    static const int statuses[] = {200, 201, 204, 302, 307, 400, 401, 403, 404, 405,
                                   409, 410, 412, 413, 422, 428, 500, 502, 503, 504};
    char *foreign =
        text_of(json_pack("{s:s, s:s, s:i}", "type", "about:blank", "title", "Forbidden", "status", 403));
    char *other_status = problem(404, "not-found");
    const struct {
        const char *type, *body;
    } bodies[] = {{"text/html", "<html>"},
                  {PROBLEM, "{\"type\":"},
                  {PROBLEM, ""},
                  {PROBLEM, foreign},
                  {PROBLEM, other_status},
                  {JSON, "{}"},
                  {NULL, ""},
                  {"text/plain", "{}"},
                  {PROBLEM, "{\"status\":403}"},
                  {"application/jsonx", "{}"}};
    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
        for (size_t k = 0; k < sizeof(bodies) / sizeof(*bodies); k++) {
            struct arena arena = {0};
            struct command c = wish();
            struct response reply = answer(statuses[i], bodies[k].type, bodies[k].body);
            if (statuses[i] == 404 && bodies[k].body == other_status)
                continue; /* that one is a true one */
            struct judgement j = judge(&arena, &c, &reply);
            if (j.verdict != VERDICT_NO_ANSWER || !j.may_have_arrived)
                fail_at(HERE, "%d %s: %d", statuses[i], bodies[k].body, j.verdict);
            arena_clear(&arena);
        }
    }
    free(foreign);
    free(other_status);
}

static void no_line_is_no_answer(void **state)
{
    static const struct {
        enum response_end end;
        bool left;
    } cases[] = {{RESPONSE_NO_HOST, false},   {RESPONSE_REFUSED, false},  {RESPONSE_CERTIFICATE, false},
                 {RESPONSE_TIMED_OUT, false}, {RESPONSE_TIMED_OUT, true}, {RESPONSE_CUT, true},
                 {RESPONSE_TOO_LARGE, true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct arena arena = {0};
        struct command c = wish();
        struct response reply = {.end = cases[i].end, .left = cases[i].left};
        struct judgement j = judge(&arena, &c, &reply);
        assert_int_equal(j.verdict, VERDICT_NO_ANSWER);
        assert_int_equal(j.may_have_arrived, cases[i].left);
        assert_int_equal(j.why.code, ERR_OFFLINE);
        arena_clear(&arena);
    }
}

/* ── success ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct success {
    const char *method, *path;
    int status;
    const char *type, *etag, *location, *dossier_version;
    json_t *body; /* taken */
};

static enum verdict judge_success(struct success s, char **version)
{
    struct arena arena = {0};
    struct command c = {.method = s.method, .path = s.path};
    char *body = s.body ? text_of(s.body) : mem_copy("");
    struct response reply = answer(s.status, s.type, body);
    reply.etag = s.etag;
    reply.location = s.location;
    reply.dossier_version = s.dossier_version;
    struct judgement j = judge(&arena, &c, &reply);
    if (version)
        *version = j.version ? mem_copy(j.version) : NULL;
    free(body);
    arena_clear(&arena);
    return j.verdict;
}

static json_t *dossier(int64_t version)
{
    return dossier_json("d-1", version, "received", "intake");
}

static json_t *with(json_t *object, const char *member, json_t *value)
{
    json_object_set_new(object, member, value);
    return object;
}

static void a_success_is_what_was_promised(void **state)
{
    static const char act[] = "/dossiers/d-1/actions";
    char *version;
    assert_int_equal(
        judge_success((struct success){"POST", act, 200, JSON, "\"7\"", .body = dossier(7)}, &version),
        VERDICT_DONE);
    assert_string_equal(version, "7");
    mem_free(&version);
    assert_int_equal(
        judge_success((struct success){"POST", act, 200, JSON, "W/\"7\"", .body = dossier(7)}, &version),
        VERDICT_DONE);
    assert_string_equal(version, "7");
    mem_free(&version);
    assert_int_equal(judge_success((struct success){"PATCH", "/dossiers/d-1", 200, JSON "; charset=UTF-8",
                                                    .body = dossier(7)},
                                   NULL),
                     VERDICT_DONE);
    assert_int_equal(
        judge_success((struct success){"POST", "/dossiers", 201, JSON,
                                       .location = "https://x/api/v1/dossiers/d-1", .body = dossier(1)},
                      NULL),
        VERDICT_DONE);
    assert_int_equal(
        judge_success((struct success){"DELETE", "/attachments/a-1", 204, .dossier_version = "8"}, &version),
        VERDICT_DONE);
    assert_string_equal(version, "8");
    mem_free(&version);
    assert_int_equal(
        judge_success((struct success){"POST", "/visits", 201, JSON, .body = json_object()}, &version),
        VERDICT_DONE);
    assert_null(version);
}

static void a_success_that_is_not_meant_is_no_answer(void **state)
{
    static const char act[] = "/dossiers/d-1/actions";
    const struct success cases[] = {
        {"POST", act, 200, JSON, .body = dossier_json("d-2", 7, "received", "intake")},
        {"POST", act, 200, JSON, .body = dossier_json("d-11", 7, "received", "intake")},
        {"POST", "/dossiers/d-11/actions", 200, JSON, .body = dossier(7)},
        {"POST", act, 201, JSON, .body = dossier(7)},
        {"POST", act, 204, .body = NULL},
        {"POST", act, 202, JSON, .body = dossier(7)},
        {"POST", act, 200, "text/html", .body = dossier(7)},
        {"POST", act, 200, .body = dossier(7)},
        {"POST", act, 200, JSON, "\"8\"", .body = dossier(7)},
        {"POST", act, 200, JSON, .body = with(dossier(7), "version", json_string("7"))},
        {"POST", act, 200, JSON, .body = with(dossier(7), "version", json_real(7.5))},
        {"POST", act, 200, JSON, .body = with(dossier(7), "id", json_string("../d-1"))},
        {"POST", act, 200, JSON, .body = json_object()},
        {"POST", act, 200, JSON, .body = json_array()},
        {"POST", "/dossiers", 201, JSON, .location = "/api/v1/dossiers/d-2", .body = dossier(1)},
        {"POST", "/dossiers", 201, JSON, .body = dossier(1)},
        {"POST", "/visits", 201, JSON, .body = json_array()},
        {"POST", "/visits", 200, JSON, .body = json_object()},
        {"POST", "/nowhere", 200, JSON, .body = json_object()},
        {"DELETE", "/dossiers/d-1", 204, .body = NULL},
        {"DELETE", "/attachments/a-1/x", 204, .body = NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        if (judge_success(cases[i], NULL) != VERDICT_NO_ANSWER)
            fail_at(HERE, "case %zu counts as an answer", i);
}

static void limits_and_doubles(void **state)
{
    struct arena arena = {0};
    struct command c = wish();
    char *good = text_of(dossier(7));
    char *twice = mem_format("{\"id\":\"d-1\",%s", good + 1);
    struct buf deep = {0}, large = {0};
    buf_text(&deep, "{\"form\":");
    for (int i = 0; i < 40; i++)
        buf_text(&deep, "[");
    buf_format(&large, "{\"padding\":\"%0*d\",%s", 1024 * 1024, 0, good + 1);
    struct response replies[] = {answer(200, JSON, twice), answer(200, JSON, deep.data),
                                 answer(200, JSON, large.data)};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(judge(&arena, &c, &replies[i]).verdict, VERDICT_NO_ANSWER);
    struct response ok = answer(200, JSON, good);
    assert_int_equal(judge(&arena, &c, &ok).verdict, VERDICT_DONE);
    free(good);
    mem_free(&twice);
    buf_clear(&deep);
    buf_clear(&large);
    arena_clear(&arena);
}

/* ── addresses ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Its Date would be believed: a portal whose clock stands in 1970 must not make a day pass. */
static void a_portal_that_calls_its_page_json_is_no_central(void **state)
{
    static const struct {
        const char *type, *body;
        bool central;
    } cases[] = {{JSON, "{\"id\":\"d-1\"}", true},
                 {JSON, "\r\n {}", true},
                 {JSON, "<html>Xin mời đăng nhập</html>", false},
                 {JSON, "", false},
                 {"text/html", "{}", false}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct response reply = answer(200, cases[i].type, cases[i].body);
        struct judged judged;
        judge_reply(&reply, &arena, &judged);
        assert_int_equal(judge_is_central(&reply, &judged), cases[i].central);
        arena_clear(&arena);
    }
}

static void which_addresses_are_usable(void **state)
{
    static const struct {
        const char *url;
        bool usable, plain; /* where only https is taken, and where http is */
    } cases[] = {
        {"https://mc-demo.local", true, true},
        {"HTTPS://mc-demo.local:8443/x?y=1", true, true},
        {"https://[2001:db8::1]:443/", true, true},
        {"http://127.0.0.1:8080", false, true},
        {"http://localhost/x", false, true},
        {"http://[::1]:80", false, true},
        {"http://127.1.2.3", false, true},
        {"http://127.0.0.1.evil.example", false, false},
        {"http://127.evil", false, false},
        {"http://127.0.0.1.5", false, false},
        {"http://127.1", false, false},
        {"http://localhost.evil.example", false, false},
        {"http://mc-demo.local", false, false},
        {"https://", false, false},
        {"https://a:0", false, false},
        {"https://a:65536", false, false},
        {"https://a:", false, false},
        {"https://a:80x", false, false},
        {"https://user@a", false, false},
        {"https://user:pw@a/", false, false},
        {"https://a#b", false, false},
        {"https://a/ b", false, false},
        {"https://a\\b", false, false},
        {"https://a/\r\nX: y", false, false},
        {"https://.a", false, false},
        {"https://[::1", false, false},
        {"ftp://a", false, false},
        {"file:///etc/passwd", false, false},
        {"//a", false, false},
        {"", false, false},
        {NULL, false, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        if (url_usable(cases[i].url, false) != cases[i].usable || url_usable(cases[i].url, true) != cases[i].plain)
            fail_at(HERE, "%s", cases[i].url);
    struct err e = {0};
    char *base = url_base("https://mc-demo.local/motcua//", &e);
    assert_string_equal(base, "https://mc-demo.local/motcua");
    mem_free(&base);
    assert_null(url_base("http://mc-demo.local", &e));
    assert_int_equal(e.code, ERR_CONFIG);
    assert_null(url_base("https://a?x", &e));
    assert_null(url_base("https://a/\033]0;x\007\xff", &e));
    assert_non_null(strstr(e.text, "“https://a/‹1B›]0;x‹07›‹FF›”"));
}

static void which_origins_are_the_same(void **state)
{
    assert_true(url_same_origin("https://a.vn/x", "https://A.vn:443/y"));
    assert_true(url_same_origin("http://localhost", "http://localhost:80/"));
    assert_false(url_same_origin("https://a.vn", "http://a.vn:443"));
    assert_false(url_same_origin("https://a.vn", "https://a.vn:8443"));
    assert_false(url_same_origin("https://a.vn", "https://a.vn.evil"));
    assert_false(url_same_origin("https://a.vn", "https://b.vn"));
    assert_false(url_same_origin("x", "x"));
}

/* ── the clock and the waits ─────────────────────────────────────────────────────────────────────────────────────── */

static void answers_narrow_the_clock(void **state)
{
    struct server_clock c = {0};
    int64_t truth = 1672281720000; /* the server's ms at mono 0 */
    for (int64_t mono = 0; mono < 20000; mono += 1370) {
        char date[INSTANT_HTTP];
        instant_format_http((truth + mono + 30) / 1000, date);
        clock_learn(&c, date, mono, mono + 60);
    }
    assert_true(c.known);
    assert_in_range(clock_at(&c, 20000) - (truth + 20000) + 200, 0, 400);
    assert_true(c.most - c.least < 500); /* narrower than any of them alone */
    clock_learn(&c, "Thu, 29 Dec 2022 02:42:00 +0700", 0, 10);
    clock_learn(&c, NULL, 0, 10);
    assert_in_range(clock_at(&c, 20000) - (truth + 20000) + 300, 0, 600);
}

static void retry_after_is_seconds_within_bounds(void **state)
{
    static const struct {
        const char *header;
        int64_t least, most; /* ms; -1: none */
    } cases[] = {{"5", 5000, 6250},
                 {"0", 1000, 1250},
                 {"900", 900000, 1125000},
                 {"901", 900000, 1125000},
                 {"007", 7000, 8750},
                 {"99999999999999999999", 900000, 1125000},
                 {"", -1, -1},
                 {"-1", -1, -1},
                 {"1.5", -1, -1},
                 {" 5", -1, -1},
                 {"5s", -1, -1},
                 {NULL, -1, -1}};
    struct fake_env env = fake_env(7);
    for (int round = 0; round < 50; round++)
        for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
            int64_t wait = backoff_retry_after(&env.env, cases[i].header);
            if (wait < cases[i].least || wait > cases[i].most)
                fail_at(HERE, "%s: %lld", cases[i].header, (long long)wait);
        }
}

static void a_breaker_counts_an_outage_once(void **state)
{
    struct fake_env env = fake_env(7);
    struct breaker b = {0};
    assert_true(breaker_allows(&b, env.mono));
    for (uint64_t id = 1; id <= 4; id++) /* all that was on its way */
        breaker_failed(&b, &env.env, id);
    assert_int_equal(b.failures, 1);
    assert_true(b.until - env.mono <= BACKOFF_FIRST_MS);
    assert_false(breaker_allows(&b, b.until - 1));
    assert_true(breaker_allows(&b, b.until));
    breaker_began(&b, 5);
    assert_false(breaker_allows(&b, b.until)); /* one probe */
    breaker_began(&b, 6);
    breaker_failed(&b, &env.env, 6);
    assert_int_equal(b.failures, 1);
    breaker_failed(&b, &env.env, 5);
    assert_int_equal(b.failures, 2);
    breaker_began(&b, 7);
    breaker_forget(&b, 7);
    assert_true(breaker_allows(&b, b.until));
    assert_true(breaker_allows(&b, b.until - 10 * BACKOFF_MOST_MS)); /* drawn before the clock jumped */
    breaker_answered(&b);
    assert_true(breaker_allows(&b, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_problem_of_the_contract),
        cmocka_unit_test(what_is_no_problem_document_is_no_answer),
        cmocka_unit_test(no_line_is_no_answer),
        cmocka_unit_test(a_success_is_what_was_promised),
        cmocka_unit_test(a_success_that_is_not_meant_is_no_answer),
        cmocka_unit_test(limits_and_doubles),
        cmocka_unit_test(a_portal_that_calls_its_page_json_is_no_central),
        cmocka_unit_test(which_addresses_are_usable),
        cmocka_unit_test(which_origins_are_the_same),
        cmocka_unit_test(answers_narrow_the_clock),
        cmocka_unit_test(a_breaker_counts_an_outage_once),
        cmocka_unit_test(retry_after_is_seconds_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

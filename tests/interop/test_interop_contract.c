/* The whole client against the training server through a proxy that is made from the contract and looks at every request and every
 * answer: whatever is not as docs/central-api.yaml has it, on either side, fails here. Sign-in goes past it: the contract leaves that to
 * RFC 8628. It writes JSON anew, so bytes that do not change are not its to prove.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/impostor.h"
#include "tests/interop/fixture.h"
#include "tests/screen/pty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct desk {
    struct office o;
    struct fixture proxy;
    char *base, *keys;
    const char *officer; /* who is signed in */
    char *ids[5];        /* dossiers that came online, for the tests to use up */
};

/* ── the proxy ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *proxy_start(struct fixture *f, const char *upstream)
{
    char *prism = fixture_path("node_modules/@stoplight/prism-cli/dist/index.js");
    char *contract = fixture_path("contract.yaml");

    fixture_new(f, "prism");
    char *port = text_new("%d", f->port), *base = text_new("http://127.0.0.1:%d", f->port);
    /* Without --errors: it passes on what is wrong, and says what is wrong with it. */
    fixture_start(f,
                  ARGS("/usr/bin/env", "node", prism, "proxy", contract, upstream, "--host", "127.0.0.1",
                       "--port", port),
                  "Prism is listening");
    free(prism);
    free(contract);
    free(port);
    return base;
}

/* What the proxy found so far, a line each; the caller frees. */
static char *violations(const struct fixture *f)
{
    char *log = fixture_said(f), *found = text_new("%s", ""), *rest = log, *line;

    while ((line = strsep(&rest, "\n"))) {
        if (!strstr(line, "✖") && !strstr(line, "⚠") && !strcasestr(line, "violation"))
            continue;
        char *longer = text_new("%s%s\n", found, line);
        free(found);
        found = longer;
    }
    free(log);
    return found;
}

#define expect_no_violation(d)                       \
    do {                                             \
        char *found = violations(&(d)->proxy);       \
        if (*found)                                  \
            fail_at(HERE, "violations:\n%s", found); \
        free(found);                                 \
    } while (0)

/* ── the desk ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The officer at it is this one now, with what the server has for him; false: this machine keeps no session. */
static bool sit(struct desk *d, const char *officer)
{
    if (d->officer && strcmp(d->officer, officer) == 0)
        return true;
    if (!office_sign_in(&d->o, officer))
        return false;
    d->officer = officer;
    office_expect(&d->o, 0, "sync", "--once");
    return true;
}

static void find_dossiers(struct desk *d)
{
    size_t i, n = 0;
    json_t *row;

    office_expect(&d->o, 0, "list", "--queue", "to_receive", "--json");
    json_t *list = office_json(&d->o);
    json_array_foreach(list, i, row)
    {
        const json_t *first = json_array_get(json_object_get(row, "actions"), 0);
        const char *action = json_string_value(json_object_get(first, "action"));
        if (n < 5 && action && strcmp(action, "receive") == 0)
            d->ids[n++] = text_new("%s", json_string_value(json_object_get(row, "id")));
    }
    json_decref(list);
    assert_int_equal(n, 5);
}

static int tear_down(void **state)
{
    struct desk *d = *state;

    fixture_stop(&d->proxy);
    office_close(&d->o);
    home_free(&d->keys);
    for (size_t i = 0; i < 5; i++)
        free(d->ids[i]);
    free(d->base);
    free(d);
    return 0;
}

static int set_up(void **state)
{
    struct desk *d = calloc(1, sizeof *d);

    d->keys = home_new();
    office_open(&d->o, ARGS("--dossiers", "3000", "--keys", d->keys));
    d->base = proxy_start(&d->proxy, d->o.server->base);
    d->o.base = d->base;
    char *line = text_new("training_keys = %s", d->keys);
    fixture_configure(&d->o, line);
    free(line);
    *state = d;
    if (sit(d, "mai"))
        find_dossiers(d);
    return 0;
}

#define needs_session(d) \
    do {                 \
        if (!d->officer) \
            skip();      \
    } while (0)

/* ── every action ────────────────────────────────────────────────────────────────────────────────────────────────── */

struct step {
    const char *officer;
    int dossier;
    const char *args[6]; /* the action and its options; "UNPAID" stands for what is unpaid */
    const char *status;  /* then, at the server */
};

static char *unpaid(struct desk *d, const char *id)
{
    json_t *dossier = office_at_server(&d->o, "quan", id), *fee;
    long long sum = 0;
    size_t i;

    json_array_foreach(json_object_get(dossier, "fees"), i, fee) sum +=
        json_integer_value(json_object_get(fee, "amount")) - json_integer_value(json_object_get(fee, "paid"));
    json_decref(dossier);
    return text_new("%lld", sum);
}

/* At the terminal, where the end of the code is typed. */
static void sign(struct desk *d, const char *id, const char *const args[])
{
    json_t *dossier = office_at_server(&d->o, "quan", id);
    const char *code = json_string_value(json_object_get(dossier, "code"));
    char *last = text_new("%s\r", code + strlen(code) - 4);
    struct screen *s = screen_start(
        &(struct screen_opts){.argv = ARGV("motcua", "act", "--server", d->base, id, args[0], args[1], args[2]),
                              .home = d->o.home,
                              .cols = 132});

    screen_expect(s, "Gõ 4 ký tự cuối");
    screen_send(s, last, strlen(last));
    assert_int_equal(screen_exit_code(s), 0);
    screen_free(&s);
    free(last);
    json_decref(dossier);
}

static void take_step(struct desk *d, const struct step *step)
{
    const char *id = d->ids[step->dossier], *args[10] = {"act", id};
    char *sum = NULL;

    assert_true(sit(d, step->officer));
    office_expect(&d->o, 0, "sync", "--once");
    for (size_t i = 0; i < 6 && step->args[i]; i++)
        args[2 + i] = strcmp(step->args[i], "UNPAID") == 0 ? (sum = unpaid(d, id)) : step->args[i];
    if (strcmp(args[2], "approve") == 0 || strcmp(args[2], "refuse_result") == 0)
        sign(d, id, args + 2);
    else
        office_expect_at(&d->o, 0, args, HERE);
    expect_there(&d->o, id, "status", step->status);
    free(sum);
}

static void every_action_from_registered_to_returned(void **state)
{
    static const struct step steps[] = {
        {"mai", 0, {"receive", "--note", "đủ giấy tờ"}, "received"},
        {"mai", 1, {"receive"}, "received"},
        {"mai", 0, {"assign", "--assignee", "nam"}, "in_progress"},
        {"mai", 1, {"assign", "--assignee", "nam", "--note", "làm sớm"}, "in_progress"},
        {"mai", 2, {"decline", "--note", "không thuộc thẩm quyền"}, "declined"},
        {"mai", 3, {"receive"}, "received"},
        {"mai", 3, {"request_withdrawal", "--note", "người nộp đổi ý"}, "withdrawal_requested"},
        {"mai", 3, {"withdraw"}, "stopped"},
        {"nam", 0, {"release", "--note", "nghỉ phép"}, "received"},
        {"nam", 0, {"claim"}, "in_progress"},
        {"nam", 0, {"request_supplement", "--note", "thiếu chữ ký", "--until", "2023-01-20"}, "awaiting_supplement"},
        {"nam", 1, {"propose", "--outcome", "refuse", "--note", "không đủ điều kiện"}, "in_progress"},
        {"mai", 0, {"supplement", "--note", "đã ký"}, "in_progress"},
        {"mai", 0, {"request_payment", "--amount", "8000", "--note", "Lệ phí bản sao"}, "awaiting_payment"},
        {"mai", 0, {"confirm_payment", "--amount", "UNPAID", "--method", "cash"}, "in_progress"},
        {"mai", 0, {"comment", "--note", "đã gọi người nộp"}, "in_progress"},
        {"nam", 0, {"propose", "--outcome", "grant"}, "in_progress"},
        {"thang", 0, {"rework", "--note", "sai năm sinh"}, "in_progress"},
        {"thang", 0, {"extend", "--note", "chờ xác minh", "--new-due-at", "2023-06-01T16:30:00+07:00"}, "in_progress"},
        {"thang", 1, {"refuse_result", "--note", "không đủ điều kiện"}, "in_progress"},
        {"nam", 0, {"propose", "--outcome", "grant", "--note", "đã sửa"}, "in_progress"},
        {"thang", 0, {"approve"}, "in_progress"},
        {"thu", 0, {"issue", "--number", "12/GKS"}, "completed"},
        {"mai", 0, {"return_result", "--returned-to", "Nguyễn Thị Đào"}, "returned"},
        {"thang", 1, {"stop", "--note", "theo đơn"}, "stopped"},
    };
    struct desk *d = *state;

    needs_session(d);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        take_step(d, &steps[i]);
    expect_there(&d->o, d->ids[0], "decision.outcome", "grant");
    expect_there(&d->o, d->ids[1], "decision.outcome", "refuse");
    expect_no_violation(d);
}

/* ── other answers ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* A colleague writes a comment on it, past the proxy: what is kept here is no longer what stands there. */
static void touch(struct desk *d, const char *id)
{
    json_t *dossier = office_at_server(&d->o, "ha", id);
    char *token = server_token(d->o.server, "ha"), *path = text_new("/dossiers/%s/actions", id);
    char *match =
        text_new("If-Match: \"%lld\"", (long long)json_integer_value(json_object_get(dossier, "version")));
    struct reply reply;

    server_call(d->o.server, "POST", path, token, ARGS(match), "{\"action\":\"comment\",\"note\":\"xem\"}",
                &reply);
    assert_int_equal(reply.status, 200);
    reply_clear(&reply);
    json_decref(dossier);
    free(token);
    free(path);
    free(match);
}

static void expect_problem(struct desk *d, const char *type)
{
    json_t *problem = json_loads(d->o.run.err, 0, NULL);
    const char *is = json_string_value(json_object_get(problem, "type"));

    if (!is || strcmp(is, type) != 0)
        fail_at(HERE, "not %s: %s", type, d->o.run.err);
    json_decref(problem);
}

static void overtaken_and_refused(void **state)
{
    struct desk *d = *state;

    needs_session(d);
    assert_true(sit(d, "mai"));
    touch(d, d->ids[4]);
    office_expect(&d->o, 5, "act", d->ids[4], "receive", "--json");
    expect_problem(d, "urn:onestop:problem:stale-version");
    office_expect(&d->o, 0, "sync", "--once");
    office_expect(&d->o, 0, "act", d->ids[4], "receive");
    office_expect(&d->o, 1, "act", d->ids[4], "assign", "--assignee", "nobody", "--json");
    expect_problem(d, "urn:onestop:problem:validation-failed");
    expect_there(&d->o, d->ids[4], "status", "received");
    expect_no_violation(d);
}

static void a_feed_with_nothing_new_and_one_that_begins_anew(void **state)
{
    struct desk *d = *state;

    needs_session(d);
    assert_true(sit(d, "mai"));
    office_expect(&d->o, 0, "sync", "--once");
    office_expect(&d->o, 0, "sync", "--once", "--json");
    json_t *before = office_json(&d->o);
    server_advance(d->o.server, (int64_t)40 * 86400); /* both its cursor and its access token have ended */
    office_expect(&d->o, 0, "sync", "--once", "--json");
    json_t *after = office_json(&d->o);
    assert_true(json_integer_value(json_object_get(before, "dossiers")) > 100);
    assert_true(json_integer_value(json_object_get(after, "dossiers")) > 0);
    json_decref(before);
    json_decref(after);
    char *log = fixture_said(&d->proxy);
    expect_in(log, "has returned 410");
    free(log);
    expect_no_violation(d);
}

/* What the client cannot be made to ask for, or cannot yet; the server's words for it go by the contract, too. */
static void the_servers_other_answers(void **state)
{
    static const char comment[] = "{\"action\":\"comment\",\"note\":\"xem\"}";
    static const char intake[] = "{\"procedure\":\"1.001193\",\"unit\":\"H06.33.26\",\"channel\":\"counter\","
                                 "\"applicant\":{\"kind\":\"person\",\"name\":\"Nguyễn Thị Đào\"}}";
    static const struct {
        const char *method, *path, *token, *header, *body, *type;
        long status;
    } cases[] = {
        {"GET", "/me", "no-such-token", NULL, NULL, "unauthorized", 401},
        {"GET", "/dossiers/no-such-dossier", "mai", NULL, NULL, "not-found", 404},
        {"GET", "/dossiers/no-such-dossier/events", "mai", NULL, NULL, "not-found", 404},
        {"GET", "/changes?since=no-such-cursor", "mai", NULL, NULL, "cursor-expired", 410},
        {"POST", "/dossiers/no-such-dossier/actions", "mai", "If-Match: \"1\"", comment, "not-found", 404},
        {"POST", "/dossiers/%s/actions", "mai", "If-Match: \"999\"", comment, "stale-version", 412},
        {"POST", "/dossiers/%s/actions", "mai", "If-Match: *", comment, "stale-version", 412},
        {"POST", "/dossiers/search", "mai", NULL, "{}", "validation-failed", 422},
        {"POST", "/number-blocks", "mai", NULL, "{\"unit\":\"H06.33.26\",\"count\":3}", NULL, 201},
        {"POST", "/dossiers", "tam", NULL, intake, "forbidden", 403},
        {"POST", "/dossiers", "mai", NULL, intake, NULL, 201},
        {"DELETE", "/attachments/a-1", "mai", NULL, NULL, "not-found", 404},
    };
    struct desk *d = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *token = strncmp(cases[i].token, "no-", 3) == 0 ? text_new("%s", cases[i].token)
                                                             : server_token(d->o.server, cases[i].token);
        const char *hole = strstr(cases[i].path, "%s");
        char *path = hole ? text_new("%.*s%s%s", (int)(hole - cases[i].path), cases[i].path, d->ids[4], hole + 2)
                          : text_new("%s", cases[i].path);
        char *url = text_new("%s/api/v1%s", d->base, path);
        char *type = cases[i].type ? text_new("urn:onestop:problem:%s", cases[i].type) : NULL;
        struct reply reply;
        server_call(d->o.server, cases[i].method, url, token, ARGS(cases[i].header), cases[i].body, &reply);
        const char *is = reply_text(&reply, "type");
        if (reply.status != cases[i].status || (type && (!is || strcmp(is, type) != 0)))
            fail_at(HERE, "%s %s: %ld %.400s", cases[i].method, path, reply.status, reply.body);
        reply_clear(&reply);
        free(token);
        free(path);
        free(url);
        free(type);
    }
    expect_no_violation(d);
}

/* ── the screen ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What only the screen asks for: a dossier's events, a search at the server; and the long poll that stands meanwhile. */
static void the_screen(void **state)
{
    struct desk *d = *state;

    needs_session(d);
    assert_true(sit(d, "mai"));
    struct screen *s =
        screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "--server", d->base), .home = d->o.home});
    screen_expect(s, "trực tuyến ·");
    screen_expect(s, "Chờ tiếp nhận");
    screen_key(s, "1");
    screen_expect_row(s, 2, "Chờ tiếp nhận");
    screen_keys(s, "Home Enter");
    screen_expect(s, "Lịch sử");
    screen_keys(s, "Right Right Right");
    screen_expect(s, "Nộp trực tuyến");
    screen_key(s, "Esc");
    screen_expect(s, "Thời gian còn");
    screen_key(s, "/");
    screen_expect(s, "[danh sách này]");
    screen_type(s, "nguyen");
    screen_keys(s, "Tab Tab Enter");
    screen_expect(s, "Nguyễn");
    screen_keys(s, "Esc");
    screen_free(&s);
    char *log = fixture_said(&d->proxy);
    expect_in(log, "post /api/v1/dossiers/search");
    expect_in(log, "/events");
    expect_in(log, "wait=");
    free(log);
    expect_no_violation(d);
}

static void signing_out(void **state)
{
    struct desk *d = *state;

    needs_session(d);
    office_expect(&d->o, 0, "logout");
    office_expect(&d->o, 4, "list");
    d->officer = NULL;
    expect_no_violation(d);
}

/* ── the proxy itself ────────────────────────────────────────────────────────────────────────────────────────────── */

/* It would have said so: one wrong request, one wrong answer. */
static void a_violation_is_found(void **state)
{
    struct impostor liar = {.status = 200, .type = "application/json", .body = "{\"name\":\"x\"}"};
    struct office lone = {0};
    struct fixture proxy;
    struct reply reply;

    (void)state;
    impostor_start(&liar);
    char *base = proxy_start(&proxy, liar.base), *about = text_new("%s/api/v1/about", base),
         *search = text_new("%s/api/v1/dossiers/search", base), *found;
    server_call(lone.server, "POST", search, "token", NULL, "{\"limit\":0}", &reply);
    reply_clear(&reply);
    found = violations(&proxy);
    expect_in(found, "limit");
    free(found);
    server_call(lone.server, "GET", about, NULL, NULL, NULL, &reply);
    reply_clear(&reply);
    found = violations(&proxy);
    expect_in(found, "api_version");
    free(found);
    fixture_stop(&proxy);
    impostor_stop(&liar);
    free(base);
    free(about);
    free(search);
}

/* One desk for all of them, in this order: node takes seconds to start. */
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_violation_is_found),
        cmocka_unit_test(every_action_from_registered_to_returned),
        cmocka_unit_test(overtaken_and_refused),
        cmocka_unit_test(the_servers_other_answers),
        cmocka_unit_test(the_screen),
        cmocka_unit_test(a_feed_with_nothing_new_and_one_that_begins_anew),
        cmocka_unit_test(signing_out),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

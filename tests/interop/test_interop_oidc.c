/* The client's sign-in against an issuer of another make (node's oidc-provider, certified), of another origin than the API: the code on
 * the terminal, an officer who walks through that issuer's own pages, denials, codes that end, an issuer that wants fewer questions;
 * then tokens that are renewed and revoked there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/interop/fixture.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct place {
    struct office o;
    struct fixture oidc;
    int api_port;
    char *base, *issuer;
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    struct fixture api;
    char *script = fixture_path("oidc.mjs");

    office_open(&p->o, ARGS("--dossiers", "100"));
    fixture_new(&p->oidc, "oidc");
    fixture_new(&api, "api"); /* its port */
    p->issuer = text_new("http://127.0.0.1:%d", p->oidc.port);
    p->base = text_new("http://127.0.0.1:%d", api.port);
    char *issuer_port = text_new("%d", p->oidc.port), *api_port = text_new("%d", api.port);
    fixture_start(&p->oidc, ARGS("/usr/bin/env", "node", script, issuer_port, api_port, p->o.server->base),
                  "\"ready\"");
    p->o.base = p->base;
    fixture_stop(&api);
    free(script);
    free(issuer_port);
    free(api_port);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;

    fixture_stop(&p->oidc);
    office_close(&p->o);
    free(p->base);
    free(p->issuer);
    free(p);
    return 0;
}

/* The issuer's clock, or how often it says that it is busy. */
static void tell_issuer(struct place *p, const char *what, int n)
{
    char *url = text_new("%s/fixture?%s=%d", p->issuer, what, n);
    struct reply reply;

    server_call(p->o.server, "POST", url, NULL, NULL, "{}", &reply);
    assert_int_equal(reply.status, 200);
    reply_clear(&reply);
    free(url);
}

/* How often the issuer has said this so far. */
static int said(struct place *p, const char *words)
{
    char *log = fixture_said(&p->oidc);
    int n = 0;

    for (const char *at = log; (at = strstr(at, words)); at += strlen(words))
        n++;
    free(log);
    return n;
}

static void expect_said(struct place *p, const char *words, int n)
{
    int64_t until = harness_deadline();

    while (said(p, words) < n)
        if (harness_now() > until)
            fail_at(HERE, "the issuer has said %s %d times, not %d", words, said(p, words), n);
    assert_int_equal(said(p, words), n);
}

/* ── the officer's phone ─────────────────────────────────────────────────────────────────────────────────────────── */

static size_t gather(char *bytes, size_t size, size_t n, void *to)
{
    return fwrite(bytes, size, n, to);
}

/* GET, or a POST of the form; redirects and cookies as a browser has them. The page; the caller frees. */
static char *browse(CURL *curl, const char *url, const char *form)
{
    char *page = NULL;
    size_t len = 0;
    FILE *text = open_memstream(&page, &len);

    assert_non_null(text);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, text);
    if (form)
        curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, form);
    else
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    CURLcode code = curl_easy_perform(curl);
    fclose(text);
    if (code != CURLE_OK)
        fail_at(HERE, "%s: %s", url, curl_easy_strerror(code));
    return page;
}

/* What stands between `before` and the next quote, from `*at` on, which moves behind it; NULL: nothing. The caller frees. */
static char *quoted(const char **at, const char *before)
{
    const char *from = strstr(*at, before);

    if (!from)
        return NULL;
    from += strlen(before);
    size_t n = strcspn(from, "\"");
    *at = from + n;
    return text_new("%.*s", (int)n, from);
}

/* The page's form as it stands, with what this person adds to it. */
static char *fill_in(const char *page, const char *officer, bool accepts)
{
    const char *at = page;
    char *form = text_new("%s", strstr(page, "name=\"confirm\"") && !accepts ? "abort=yes" : "seen=yes"), *name;

    while ((name = quoted(&at, "type=\"hidden\" name=\""))) {
        char *value = quoted(&at, "value=\""), *longer = text_new("%s&%s=%s", form, name, value ? value : "");
        free(form);
        free(name);
        free(value);
        form = longer;
    }
    if (strstr(page, "name=\"login\"")) {
        char *longer = text_new("%s&login=%s&password=x", form, officer);
        free(form);
        form = longer;
    }
    return form;
}

/* From the address under the QR to the last page: code, name and password, consent; or no at the first question. */
static void answer_on_phone(struct place *p, const char *url, const char *officer, bool accepts)
{
    CURL *curl = curl_easy_init();

    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, gather);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(harness_deadline() - harness_now()));
    char *page = browse(curl, url, NULL);
    for (int pages = 0; strstr(page, "<form"); pages++) {
        const char *at = page;
        char *action = quoted(&at, "action=\"");
        char *to = action && *action == '/' ? text_new("%s%s", p->issuer, action) : text_new("%s", action);
        char *form = fill_in(page, officer, accepts);
        free(page);
        bool over = strstr(form, "abort=yes") != NULL;
        page = browse(curl, to, form);
        free(action);
        free(to);
        free(form);
        if (over)
            break;
        if (pages > 8)
            fail_at(HERE, "the issuer's pages have no end: %s", page);
    }
    free(page);
    curl_easy_cleanup(curl);
}

/* ── the terminal ────────────────────────────────────────────────────────────────────────────────────────────────── */

struct login {
    pid_t pid;
    int clock, out;
    char *code, *address; /* what the terminal shows */
};

static void read_line(int fd, char *line, size_t size)
{
    size_t n = 0;

    while (n < size - 1 && read(fd, line + n, 1) == 1 && line[n] != '\n')
        n++;
    line[n] = '\0';
}

/* false: this machine keeps no session. */
static bool login_start(struct place *p, struct login *l)
{
    const char *const argv[] = {"motcua-t", "login", "--json", "--server", p->base, NULL};
    int clock[2], out[2];
    char line[4096];

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, clock) | pipe(out), 0);
    *l = (struct login){.clock = clock[0], .out = out[0]};
    l->pid = child_start(
        &(struct child){.argv = argv, .home = p->o.home, .out = out[1], .err = out[1], .pass = clock[1]});
    close(out[1]);
    close(clock[1]);
    read_line(l->out, line, sizeof line);
    json_t *said = json_loads(line, 0, NULL);
    struct reply reply = {.json = said};
    if (strstr(line, "urn:motcua:problem:store"))
        return false;
    if (!reply_text(&reply, "user_code"))
        fail_at(HERE, "login says: %s", line);
    l->code = text_new("%s", reply_text(&reply, "user_code"));
    l->address = text_new("%s", reply_text(&reply, "verification_uri_complete"));
    assert_memory_equal(l->address, p->issuer, strlen(p->issuer));
    reply_clear(&reply);
    return true;
}

/* false: it has ended meanwhile. */
static bool login_waits(struct login *l, int seconds)
{
    char packet[32], answer[8];
    int n = snprintf(packet, sizeof packet, "advance %d", seconds);

    return send(l->clock, packet, (size_t)n, MSG_NOSIGNAL) == n && recv(l->clock, answer, sizeof answer, 0) == 2;
}

/* Second by second, each with room for an answer that is on its way, until the issuer has said this so often; it has to take `pause`
 * seconds at least. One is forgiven, for what the terminal had heard and we had not. */
static void expect_asked_after(struct place *p, struct login *l, int pause, const char *words, int n)
{
    int64_t began = harness_now(), until = harness_deadline(), passed = 0;

    while (said(p, words) < n) {
        if (harness_now() > until)
            fail_at(HERE, "%s was never said", words);
        passed += login_waits(l, 1) ? 1000 : 0;
        for (int64_t room = harness_now() + 50; said(p, words) < n && harness_now() < room;)
            poll(NULL, 0, 5);
    }
    passed += harness_now() - began;
    if (passed < (pause - 1) * 1000)
        fail_at(HERE, "asked again after %lld ms, not %d s", (long long)passed, pause);
}

/* Its status; what it said last, in `p->o.run.err`. */
static int login_ends(struct place *p, struct login *l)
{
    int status = child_wait(l->pid, harness_deadline());
    char line[4096];

    read_line(l->out, line, sizeof line);
    run_clear(&p->o.run);
    p->o.run.err = text_new("%s", line);
    close(l->clock);
    close(l->out);
    free(l->code);
    free(l->address);
    return status;
}

#define begin(p, l)             \
    do {                        \
        if (!login_start(p, l)) \
            skip();             \
    } while (0)

static void sign_in(struct place *p, const char *officer)
{
    struct login l;

    begin(p, &l);
    answer_on_phone(p, l.address, officer, true);
    assert_true(login_waits(&l, 6));
    if (login_ends(p, &l) != 0)
        fail_at(HERE, "%s", p->o.run.err);
}

static void expect_title(struct place *p, const char *words)
{
    char *title = office_problem(&p->o);

    expect_in(title, words);
    free(title);
}

/* ── tests ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The issuer names no interval: 5 s. */
static void accepted_after_a_wait(void **state)
{
    struct place *p = *state;
    struct login l;

    begin(p, &l);
    expect_asked_after(p, &l, 5, "\"authorization_pending\"", 1);
    answer_on_phone(p, l.address, "mai", true);
    expect_asked_after(p, &l, 5, "\"error\":null", 1);
    assert_int_equal(login_ends(p, &l), 0);
    office_expect(&p->o, 0, "sync", "--once");
    char *id = office_dossier(&p->o, "to_receive");
    office_expect(&p->o, 0, "act", id, "receive");
    expect_there(&p->o, id, "status", "received");
    free(id);
}

/* After each slow_down the pause is 5 s longer. */
static void an_issuer_that_is_busy_is_asked_less(void **state)
{
    struct place *p = *state;
    struct login l;

    tell_issuer(p, "busy", 2);
    begin(p, &l);
    expect_asked_after(p, &l, 5, "\"slow_down\"", 1);
    expect_asked_after(p, &l, 10, "\"slow_down\"", 2);
    expect_asked_after(p, &l, 15, "\"authorization_pending\"", 1);
    answer_on_phone(p, l.address, "mai", true);
    expect_asked_after(p, &l, 15, "\"error\":null", 1);
    assert_int_equal(login_ends(p, &l), 0);
}

static void denied_on_the_phone(void **state)
{
    struct place *p = *state;
    struct login l;

    begin(p, &l);
    answer_on_phone(p, l.address, "mai", false);
    assert_true(login_waits(&l, 6));
    assert_int_equal(login_ends(p, &l), 4);
    expect_title(p, "từ chối");
    expect_said(p, "\"access_denied\"", 1);
    office_expect(&p->o, 4, "list");
}

/* By the issuer's clock, while ours still has time. */
static void too_late_with_the_phone(void **state)
{
    struct place *p = *state;
    struct login l;

    begin(p, &l);
    tell_issuer(p, "advance", 601);
    assert_true(login_waits(&l, 6));
    assert_int_equal(login_ends(p, &l), 4);
    expect_title(p, "hết giờ");
    expect_said(p, "\"expired_token\"", 1);
}

static void a_token_is_renewed_there(void **state)
{
    struct place *p = *state;

    sign_in(p, "mai");
    office_expect(&p->o, 0, "sync", "--once");
    tell_issuer(p, "advance", 3700);
    server_advance(p->o.server, 3700);
    office_expect(&p->o, 0, "sync", "--once");
    expect_said(p, "{\"event\":\"token\",\"error\":null,\"grant\":\"refresh_token\"}", 1);
    office_expect(&p->o, 0, "sync", "--once");
    expect_said(p, "\"refresh_token\"", 1);
}

/* Who keeps them over three months is no longer known there. */
static void a_session_that_is_over_there_is_over_here(void **state)
{
    struct place *p = *state;

    sign_in(p, "mai");
    tell_issuer(p, "advance", 91 * 86400);
    server_advance(p->o.server, 3700);
    office_expect(&p->o, 4, "sync", "--once");
    expect_in(p->o.run.err, "đăng nhập lại");
    expect_said(p, "\"invalid_grant\"", 1);
}

static void signing_out_tells_the_issuer(void **state)
{
    struct place *p = *state;

    sign_in(p, "mai");
    office_expect(&p->o, 0, "logout");
    expect_said(p, "{\"event\":\"revocation\",\"status\":200}", 1);
    office_expect(&p->o, 4, "list");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(accepted_after_a_wait),        TEST(an_issuer_that_is_busy_is_asked_less),
        TEST(denied_on_the_phone),          TEST(too_late_with_the_phone),
        TEST(a_token_is_renewed_there),     TEST(a_session_that_is_over_there_is_over_here),
        TEST(signing_out_tells_the_issuer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The client behind nginx: TLS with the office's own authority, HTTP/2, compression, long polls beside other requests, connections that
 * it closes, and what is said when there is nothing behind it. API and issuer are one origin, as officers' machines see it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/interop/fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct front {
    struct office o;
    struct fixture nginx;
    char *dir, *base;
};

/* ── setting it up ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void openssl(struct front *f, const char *const args[])
{
    const char *argv[32] = {"/usr/bin/openssl",        "req",    "-x509", "-newkey", "ec", "-pkeyopt",
                            "ec_paramgen_curve:P-256", "-nodes", "-days", "2"};
    struct run run;

    for (size_t n = 10, i = 0; args[i]; i++)
        argv[n++] = args[i];
    run_program(&run, argv, NULL, f->dir, NULL);
    if (run.status != 0)
        fail_at(HERE, "openssl: %s", run.err);
    run_clear(&run);
}

/* An authority of the office's own, and a certificate that it gave to localhost. */
static void certify(struct front *f)
{
    char *ca = text_new("%s/ca.pem", f->dir), *ca_key = text_new("%s/ca.key", f->dir),
         *cert = text_new("%s/cert.pem", f->dir), *key = text_new("%s/key.pem", f->dir);

    openssl(f, ARGS("-subj", "/CN=Mot cua", "-keyout", ca_key, "-out", ca));
    openssl(f, ARGS("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext",
                    "basicConstraints=critical,CA:FALSE", "-CA", ca, "-CAkey", ca_key, "-keyout", key, "-out",
                    cert));
    free(ca);
    free(ca_key);
    free(cert);
    free(key);
}

/* The text with every WORD in it replaced; takes the text. */
static char *replaced(char *text, const char *word, const char *with)
{
    for (char *at = text; (at = strstr(at, word));) {
        size_t before = (size_t)(at - text);
        char *longer = text_new("%.*s%s%s", (int)before, text, with, at + strlen(word));
        free(text);
        text = longer;
        at = text + before + strlen(with);
    }
    return text;
}

static char *write_conf(struct front *f)
{
    char *conf = file_text("tests/interop/nginx.conf"), *path = text_new("%s/nginx.conf", f->dir);
    char *port = text_new("%d", f->nginx.port);

    assert_non_null(conf);
    conf = replaced(conf, "UPSTREAM", strstr(f->o.server->base, "127."));
    conf = replaced(conf, "DIR", f->dir);
    conf = replaced(conf, "PORT", port);
    FILE *file = fopen(path, "w");
    if (!file || fputs(conf, file) < 0 || fclose(file) != 0)
        fail_at(HERE, "%s cannot be written", path);
    free(conf);
    free(port);
    return path;
}

static int set_up(void **state)
{
    struct front *f = calloc(1, sizeof *f);

    f->dir = home_new();
    char *db = text_new("%s/central.db", f->dir);
    office_open(&f->o, ARGS("--dossiers", "300", "--db", db));
    free(db);
    fixture_new(&f->nginx, "nginx");
    certify(f);
    char *conf = write_conf(f);
    fixture_start(&f->nginx, ARGS("/usr/sbin/nginx", "-e", "stderr", "-c", conf), "event method");
    f->base = text_new("https://localhost:%d", f->nginx.port);
    f->o.base = f->base;
    char *line = text_new("ca = %s/ca.pem", f->dir);
    fixture_configure(&f->o, line);
    free(line);
    free(conf);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct front *f = *state;

    fixture_stop(&f->nginx);
    office_close(&f->o);
    home_free(&f->dir);
    free(f->base);
    free(f);
    return 0;
}

/* ── what it has seen ────────────────────────────────────────────────────────────────────────────────────────────── */

static char *seen(struct front *f)
{
    char *path = text_new("%s/access.log", f->dir), *log = file_text(path);

    free(path);
    return log ? log : text_new("%s", "");
}

static bool has_seen(struct front *f, const char *words)
{
    char *log = seen(f);
    bool has = strstr(log, words) != NULL;

    free(log);
    return has;
}

static long long version_of(struct front *f, const char *id)
{
    json_t *dossier = office_at_server(&f->o, "quan", id);
    long long version = json_integer_value(json_object_get(dossier, "version"));

    json_decref(dossier);
    return version;
}

/* A colleague, past the proxy; then what stands there has come here. So whoever holds the lease follows the feed. */
static void change_and_see(struct front *f, const char *id, const char *body)
{
    char *token = server_token(f->o.server, "ha"), *path = text_new("/dossiers/%s/actions", id);
    char *match = text_new("If-Match: \"%lld\"", version_of(f, id));
    int64_t until = harness_deadline();
    struct reply reply;

    server_call(f->o.server, "POST", path, token, ARGS(match), body, &reply);
    assert_int_equal(reply.status, 200);
    for (json_int_t wanted = json_integer_value(reply_at(&reply, "version")), here = 0; here != wanted;) {
        if (harness_now() > until)
            fail_at(HERE, "version %lld of %s never came", (long long)wanted, id);
        office_expect(&f->o, 0, "show", id, "--json");
        json_t *shown = office_json(&f->o);
        here = json_integer_value(json_object_get(shown, "version"));
        json_decref(shown);
    }
    reply_clear(&reply);
    free(token);
    free(path);
    free(match);
}

#define signed_in(f)                                 \
    do {                                             \
        if (!office_sign_in(&(f)->o, "mai"))         \
            skip();                                  \
        office_expect(&(f)->o, 0, "sync", "--once"); \
    } while (0)

/* ── tests ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void all_work_goes_over_http_2_and_small(void **state)
{
    struct front *f = *state;

    signed_in(f);
    char *id = office_dossier(&f->o, "to_receive");
    office_expect(&f->o, 0, "act", id, "receive");
    office_expect(&f->o, 0, "act", id, "assign", "--assignee",
                  "nam"); /* the ETag before was made weak by the compression */
    expect_there(&f->o, id, "status", "in_progress");
    office_expect(&f->o, 0, "logout");
    char *log = seen(f);
    expect_in(log, "HTTP/2.0 200 GET /api/v1/about");
    expect_in(log, "HTTP/2.0 200 POST /oauth/token");
    expect_in(log, "HTTP/2.0 200 GET /api/v1/changes [gzip]");
    expect_in(log, "HTTP/2.0 200 POST /oauth/revoke");
    assert_null(strstr(log, "HTTP/1."));
    free(log);
    free(id);
}

static void who_is_not_vouched_for_hears_nothing(void **state)
{
    struct front *f = *state;
    char *path = text_new("%s/config/motcua/config", f->o.home);

    remove(path);
    assert_int_not_equal(office_run(&f->o, "login"), 0);
    expect_in(f->o.run.err, "máy này không biết nơi cấp");
    char *log = seen(f);
    assert_string_equal(log, "");
    free(log);
    free(path);
}

static pid_t start(struct front *f, const char *const args[])
{
    const char *argv[8] = {"motcua"};
    size_t n = 1;

    for (size_t i = 0; args[i]; i++)
        argv[n++] = args[i];
    argv[n++] = "--server";
    argv[n++] = f->base;
    return child_start(&(struct child){.argv = argv, .home = f->o.home});
}

/* A colleague's work comes by the poll that stands; ours passes beside it, on the same connection; more of both than the four requests
 * after which nginx closes one. */
static void a_long_poll_stands_beside_other_work(void **state)
{
    struct front *f = *state;

    signed_in(f);
    char *id = office_dossier(&f->o, "to_receive");
    pid_t sync = start(f, ARGS("sync"));
    change_and_see(f, id, "{\"action\":\"comment\",\"note\":\"xem\"}");
    office_expect(&f->o, 0, "act", id, "receive");
    for (int i = 0; i < 6; i++) {
        char *note = text_new("lần %d", i);
        office_expect(&f->o, 0, "act", id, "comment", "--note", note);
        free(note);
    }
    change_and_see(f, id, "{\"action\":\"request_withdrawal\"}");
    kill(sync, SIGTERM);
    assert_int_equal(child_wait(sync, harness_deadline()), 0);
    assert_true(has_seen(f, "HTTP/2.0 200 GET /api/v1/changes [gzip] ["));
    assert_true(has_seen(f, "] 4\n")); /* the last of a connection */
    assert_false(has_seen(f, "HTTP/1."));
    free(id);
}

/* What was saved while nothing answered behind it goes out once, when something does. */
static void expect_sent_once(struct front *f, const char *id, long long before)
{
    office_expect(&f->o, 0, "outbox", "--json");
    struct reply rows = {.json = office_json(&f->o)};
    assert_int_equal(json_array_size(rows.json), 1);
    office_expect(&f->o, 0, "outbox", "retry", reply_text(&rows, "0.key")); /* now, not when its turn comes */
    reply_clear(&rows);
    office_expect(&f->o, 0, "outbox", "--json");
    expect_in(f->o.run.out, "[]");
    json_t *dossier = office_at_server(&f->o, "quan", id);
    assert_string_equal(json_string_value(json_object_get(dossier, "status")), "received");
    assert_int_equal(json_integer_value(json_object_get(dossier, "version")), before + 1);
    json_decref(dossier);
}

static void nothing_behind_it_is_said_in_words(void **state)
{
    struct front *f = *state;

    signed_in(f);
    char *id = office_dossier(&f->o, "to_receive");
    long long before = version_of(f, id);
    server_stop(f->o.server);
    office_expect(&f->o, 3, "sync", "--once");
    expect_in(f->o.run.err, "Máy chủ đang gặp lỗi");
    assert_null(strstr(f->o.run.err, "nginx"));
    office_expect(&f->o, 0, "act", id, "receive");
    expect_in(f->o.run.out, "Chưa gửi");
    assert_true(has_seen(f, "HTTP/2.0 502 "));
    office_expect(&f->o, 0, "list", "--limit", "3"); /* reading goes on */
    server_restart(f->o.server);
    expect_sent_once(f, id, before);
    free(id);
}

/* It hangs: nginx loses its patience, while the server has the wish already and does it later. Who sends knows it by then. */
static void a_server_that_hangs_is_not_asked_to_do_it_twice(void **state)
{
    struct front *f = *state;

    signed_in(f);
    char *id = office_dossier(&f->o, "to_receive");
    pid_t sync = start(f, ARGS("sync"));
    change_and_see(f, id, "{\"action\":\"comment\",\"note\":\"xem\"}");
    long long before = version_of(f, id);
    kill(f->o.server->pid, SIGSTOP);
    office_expect(&f->o, 0, "act", id, "receive");
    expect_in(f->o.run.out, "Chưa rõ kết quả");
    for (int64_t until = harness_deadline(); !has_seen(f, "HTTP/2.0 504 POST");)
        assert_true(harness_now() < until);
    kill(sync, SIGTERM);
    assert_int_equal(child_wait(sync, harness_deadline()), 0);
    kill(f->o.server->pid, SIGCONT);
    expect_sent_once(f, id, before);
    free(id);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_work_goes_over_http_2_and_small),
        TEST(who_is_not_vouched_for_hears_nothing),
        TEST(a_long_poll_stands_beside_other_work),
        TEST(nothing_behind_it_is_said_in_words),
        TEST(a_server_that_hangs_is_not_asked_to_do_it_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The program: its first line, options, long polls over real connections, the clock that a test moves, TLS, files, a clean end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/server.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const small[] = {"--dossiers", "20", "--auto-approve", "any", NULL};
static struct server *server;

static int setup(void **state)
{
    server = server_start(small);
    return 0;
}

static int teardown(void **state)
{
    server_free(&server);
    return 0;
}

/* ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void date_is_the_server_s_own(void **state)
{
    struct reply reply;

    server_call(server, "GET", "/about", NULL, NULL, NULL, &reply);
    assert_int_equal(reply.status, 200);
    char *date = reply_header(&reply, "Date");
    assert_memory_equal(date, "Thu, 29 Dec 2022 02:4", 21);
    free(date);
    reply_clear(&reply);
    server_advance(server, 86400);
    server_call(server, "GET", "/about", NULL, NULL, NULL, &reply);
    assert_memory_equal(reply_text(&reply, "time"), "2022-12-30T09:4", 15);
    reply_clear(&reply);
}

static void control_moves_the_clock_and_nothing_else(void **state)
{
    static const char *const text[] = {"Content-Type: text/plain", NULL};
    static const char *const bad[] = {"{\"advance\":-1}",         "{\"advance\":\"x\"}", "{}", "[]", "",
                                      "{\"advance\":99999999999}"};
    struct reply reply;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        server_call(server, "POST", server->control, NULL, NULL, bad[i], &reply);
        assert_int_equal(reply.status, 400);
        reply_clear(&reply);
    }
    server_call(server, "POST", server->control, NULL, text, "{\"advance\":5}", &reply);
    assert_int_equal(reply.status, 400);
    reply_clear(&reply);
    server_call(server, "GET", server->control, NULL, NULL, NULL, &reply);
    assert_int_equal(reply.status, 404);
    reply_clear(&reply);
}

static void a_long_body_is_413_and_a_longer_one_too(void **state)
{
    static const size_t sizes[] = {300 * 1024, 3 * 1024 * 1024};
    char *token = server_token(server, "counter");

    for (size_t i = 0; i < 2; i++) {
        struct reply reply;
        char *body = malloc(sizes[i] + 1);
        memset(body, ' ', sizes[i]);
        body[0] = '{';
        body[sizes[i] - 1] = '}';
        body[sizes[i]] = '\0';
        server_call(server, "POST", "/dossiers", token, NULL, body, &reply);
        assert_int_equal(reply.status, 413);
        reply_clear(&reply);
        free(body);
    }
    free(token);
}

/* ── long polls ──────────────────────────────────────────────────────────────────────────────────────────────────── */

#define WAITING 40

struct waiting {
    CURL *curl;
    struct curl_slist *headers;
    char *text;
    size_t len;
    FILE *out;
};

static void wait_for_changes(CURLM *multi, struct waiting *w, const char *token, const char *cursor)
{
    char *url = text_new("%s/api/v1/changes?since=%s&wait=60", server->base, cursor);
    char *authorization = text_new("Authorization: Bearer %s", token);

    w->curl = curl_easy_init();
    w->out = open_memstream(&w->text, &w->len);
    w->headers = curl_slist_append(NULL, authorization);
    curl_easy_setopt(w->curl, CURLOPT_URL, url);
    curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, w->headers);
    curl_easy_setopt(w->curl, CURLOPT_WRITEDATA, w->out);
    curl_easy_setopt(w->curl, CURLOPT_NOPROXY, "*");
    curl_multi_add_handle(multi, w->curl);
    free(url);
    free(authorization);
}

/* Runs them until `done` have ended, or `ms` have passed: how many are still waiting. */
static int run_until(CURLM *multi, int done, int ms)
{
    int running = 0;

    for (int64_t deadline = harness_now() + ms; harness_now() < deadline;) {
        curl_multi_perform(multi, &running);
        if (WAITING - running >= done)
            break;
        curl_multi_poll(multi, NULL, 0, 50, NULL);
    }
    return running;
}

/* Over connections that stay open, so that nothing else makes the server look round. */
static void one_who_waits_alone_is_woken(void **state)
{
    CURL *actor = curl_easy_init();
    CURLM *multi = curl_multi_init();
    char *token = server_token(server, "counter"), *authorization = text_new("Authorization: Bearer %s", token);
    char *url = text_new("%s/api/v1/dossiers/cd-01/actions", server->base);
    struct curl_slist *headers = curl_slist_append(NULL, authorization);
    struct waiting w;
    struct reply reply;
    long status = 0;

    server_call(server, "GET", "/changes?limit=1000", token, NULL, NULL, &reply);
    wait_for_changes(multi, &w, token, reply_text(&reply, "cursor"));
    reply_clear(&reply);
    run_until(multi, WAITING, 300);
    headers = curl_slist_append(headers, "If-Match: \"1\"");
    headers = curl_slist_append(headers, "Idempotency-Key: one-who-waits-alone");
    FILE *nowhere = fopen("/dev/null", "we");
    curl_easy_setopt(actor, CURLOPT_URL, url);
    curl_easy_setopt(actor, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(actor, CURLOPT_POSTFIELDS, "{\"action\":\"receive\"}");
    curl_easy_setopt(actor, CURLOPT_WRITEDATA, nowhere);
    curl_easy_setopt(actor, CURLOPT_NOPROXY, "*");
    assert_int_equal(curl_easy_perform(actor), CURLE_OK);
    curl_easy_getinfo(actor, CURLINFO_RESPONSE_CODE, &status);
    assert_int_equal(status, 200);
    assert_int_equal(run_until(multi, WAITING, 5000), 0);
    fclose(w.out);
    assert_non_null(strstr(w.text, "\"id\":\"cd-01\",\"version\":2"));
    curl_multi_remove_handle(multi, w.curl);
    curl_easy_cleanup(w.curl);
    curl_slist_free_all(w.headers);
    curl_multi_cleanup(multi);
    curl_easy_cleanup(actor);
    curl_slist_free_all(headers);
    fclose(nowhere);
    free(w.text);
    free(url);
    free(authorization);
    free(token);
}

static void many_wait_and_all_are_woken_at_once(void **state)
{
    struct waiting waiting[WAITING];
    CURLM *multi = curl_multi_init();
    char *token = server_token(server, "counter");
    struct reply reply;

    server_call(server, "GET", "/changes?limit=1000", token, NULL, NULL, &reply);
    char *cursor = text_new("%s", reply_text(&reply, "cursor"));
    reply_clear(&reply);
    for (int i = 0; i < WAITING; i++)
        wait_for_changes(multi, &waiting[i], token, cursor);
    assert_int_equal(run_until(multi, 1, 500), WAITING); /* nobody is answered */
    static const char *const match[] = {"If-Match: \"1\"", NULL};
    server_call(server, "POST", "/dossiers/cd-01/actions", token, match, "{\"action\":\"receive\"}", &reply);
    assert_int_equal(reply.status, 200);
    reply_clear(&reply);
    int64_t began = harness_now();
    assert_int_equal(run_until(multi, WAITING, 10000), 0);
    if (!harness_san())
        assert_true(harness_now() - began < 1000);
    for (int i = 0; i < WAITING; i++) {
        fclose(waiting[i].out);
        assert_non_null(strstr(waiting[i].text, "\"id\":\"cd-01\",\"version\":2"));
        curl_multi_remove_handle(multi, waiting[i].curl);
        curl_easy_cleanup(waiting[i].curl);
        curl_slist_free_all(waiting[i].headers);
        free(waiting[i].text);
    }
    curl_multi_cleanup(multi);
    free(cursor);
    free(token);
}

static void it_ends_cleanly_while_somebody_waits(void **state)
{
    struct waiting w;
    CURLM *multi = curl_multi_init();
    char *token = server_token(server, "counter");
    struct reply reply;

    server_call(server, "GET", "/changes?limit=1000", token, NULL, NULL, &reply);
    wait_for_changes(multi, &w, token, reply_text(&reply, "cursor"));
    reply_clear(&reply);
    run_until(multi, WAITING, 300);
    server_stop(server); /* fails the test unless it ends with 0 */
    fclose(w.out);
    curl_multi_remove_handle(multi, w.curl);
    curl_easy_cleanup(w.curl);
    curl_slist_free_all(w.headers);
    curl_multi_cleanup(multi);
    free(w.text);
    free(token);
}

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void keys_are_private(void **state)
{
    char *dir = home_new(), *keys = text_new("%s/keys", dir), *key = text_new("%s/keys/mai.key.pem", dir);
    char *cert = text_new("%s/keys/mai.cert.pem", dir), *ca = text_new("%s/keys/ca.cert.pem", dir);
    const char *const args[] = {"--dossiers", "0", "--keys", keys, NULL};
    struct stat st;

    server_free(&server);
    server = server_start(args);
    assert_string_equal(server->keys, keys);
    assert_int_equal(stat(keys, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(stat(key, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(cert, &st), 0);
    assert_int_equal(stat(ca, &st), 0);
    free(keys);
    free(key);
    free(cert);
    free(ca);
    home_free(&dir);
}

static void what_was_done_is_there_after_a_kill(void **state)
{
    char *dir = home_new(), *db = text_new("%s/db", dir);
    const char *const args[] = {"--dossiers", "20", "--auto-approve", "any", "--db", db, NULL};
    static const char *const match[] = {"If-Match: \"1\"", "Idempotency-Key: same-key-before-and-after", NULL};
    struct reply reply;

    server_free(&server);
    server = server_start(args);
    char *token = server_token(server, "counter");
    server_call(server, "POST", "/dossiers/cd-01/actions", token, match, "{\"action\":\"receive\"}", &reply);
    assert_int_equal(reply.status, 200);
    char *first = text_new("%s", reply.body);
    reply_clear(&reply);
    server_kill(server);
    server_restart(server);
    server_call(server, "POST", "/dossiers/cd-01/actions", token, match, "{\"action\":\"receive\"}", &reply);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, first);
    reply_clear(&reply);
    free(first);
    free(token);
    free(db);
    home_free(&dir);
}

/* A certificate for 127.0.0.1, signed by itself, and its key. */
static void make_certificate(const char *cert_file, const char *key_file)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    FILE *out;

    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC, (const unsigned char *)"test",
                               -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    X509_set_pubkey(cert, key);
    X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(cert, names, -1);
    X509_EXTENSION_free(names);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    out = fopen(cert_file, "we");
    PEM_write_X509(out, cert);
    fclose(out);
    out = fopen(key_file, "we");
    PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
    fclose(out);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static void it_speaks_tls_under_the_certificate_s_name(void **state)
{
    char *dir = home_new(), *cert = text_new("%s/cert.pem", dir), *key = text_new("%s/key.pem", dir);
    const char *const args[] = {"--dossiers", "0", "--tls-cert", cert, "--tls-key", key, NULL};
    long status = 0;

    make_certificate(cert, key);
    server_free(&server);
    server = server_start(args);
    assert_memory_equal(server->base, "https://127.0.0.1:", 18);
    char *url = text_new("%s/api/v1/about", server->base);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, cert);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOBODY, 0L);
    FILE *nowhere = fopen("/dev/null", "we");
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, nowhere);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    assert_int_equal(status, 200);
    curl_easy_cleanup(curl);
    fclose(nowhere);
    free(url);
    free(cert);
    free(key);
    home_free(&dir);
}

/* ── the command line ────────────────────────────────────────────────────────────────────────────────────────────── */

static void options_that_make_no_sense_say_so(void **state)
{
    static const struct {
        const char *args[6];
        int status;
    } cases[] = {
        {{"motcua-training"}, 2},
        {{"motcua-training", "dance"}, 2},
        {{"motcua-training", "serve", "--port", "99999"}, 2},
        {{"motcua-training", "serve", "--dossiers", "1000001"}, 2},
        {{"motcua-training", "serve", "--clock", "noon"}, 2},
        {{"motcua-training", "serve", "--scenario", "nowhere"}, 2},
        {{"motcua-training", "serve", "--tls-cert", "/dev/null"}, 2},
        {{"motcua-training", "serve", "--auto-approve", "nobody"}, 2},
        {{"motcua-training", "serve", "--colour"}, 2},
        {{"motcua-training", "--help"}, 0},
        {{"motcua-training", "--version"}, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        run_program(&run, cases[i].args, NULL, NULL, NULL);
        if (run.status != cases[i].status)
            fail_at(HERE, "case %zu: %d, %s", i, run.status, run.err);
        assert_true(strlen(cases[i].status ? run.err : run.out) > 10);
        assert_int_equal(strlen(cases[i].status ? run.out : run.err), 0);
        run_clear(&run);
    }
}

static void the_same_options_give_the_same_dossiers(void **state)
{
    const char *const args[] = {
        "--seed", "5", "--dossiers", "30", "--auto-approve", "any", "--clock", "2022-12-29T14:00:00+07:00",
        NULL};
    char *codes[2];

    for (int i = 0; i < 2; i++) {
        struct reply reply;
        server_free(&server);
        server = server_start(args);
        char *token = server_token(server, "auditor");
        server_call(server, "POST", "/dossiers/search", token, NULL, "{\"status\":\"returned\"}", &reply);
        assert_int_equal(reply.status, 200);
        codes[i] = text_new("%s %s %s", reply_text(&reply, "items.0.code"),
                            reply_text(&reply, "items.0.applicant.name"), reply_text(&reply, "items.5.code"));
        reply_clear(&reply);
        free(token);
    }
    assert_string_equal(codes[0], codes[1]);
    free(codes[0]);
    free(codes[1]);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(date_is_the_server_s_own),
        CASE(control_moves_the_clock_and_nothing_else),
        CASE(a_long_body_is_413_and_a_longer_one_too),
        CASE(one_who_waits_alone_is_woken),
        CASE(many_wait_and_all_are_woken_at_once),
        CASE(it_ends_cleanly_while_somebody_waits),
        CASE(keys_are_private),
        CASE(what_was_done_is_there_after_a_kill),
        CASE(it_speaks_tls_under_the_certificate_s_name),
        CASE(options_that_make_no_sense_say_so),
        CASE(the_same_options_give_the_same_dossiers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

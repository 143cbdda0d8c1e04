/* The helper's word is not taken for granted: one that dies half way, hangs, or talks nonsense is one sentence, and the next job gets a
 * fresh one. The bad helpers are scripts that speak over their standard input, as the real one does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/client.h"
#include "tests/harness.h"
#include "tests/unit/fake_env.h"

#include <openssl/pem.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEADLINE 30000
#define ENDED    "The helper motcua-desk ended by itself. Nothing was signed. Press F9 to try again."
#define NONSENSE "The helper motcua-desk does not answer as it should. Nothing was signed. Reinstall motcua."
#define LATE \
    "The signing device does not answer in time. Nothing was signed. Check the device or the SSH line, then press F9."

struct bench {
    char *dir;
    struct fake_env env;
    struct desk *desk;
    struct signer *signer;
    int answers; /* that came so far, and the last of them */
    struct err err;
    char *cms;
    struct signer_certificate certificate;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);

    b->dir = home_new();
    b->env = fake_env(7);
    *state = b;
    return 0;
}

static void put_away(struct bench *b)
{
    if (b->signer)
        b->signer->free(b->signer);
    b->signer = NULL;
    desk_free(&b->desk);
}

static int tear_down(void **state)
{
    struct bench *b = *state;

    put_away(b);
    free(b->cms);
    home_free(&b->dir);
    free(b);
    return 0;
}

static void use(struct bench *b, const char *program)
{
    b->desk = desk_new(program, &b->env.env);
    b->signer = desk_training_signer(b->desk, b->dir);
}

/* A helper that does this once it is started. */
static void helper(struct bench *b, const char *script)
{
    char *path = text_new("%s/helper", b->dir);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
    use(b, path);
    free(path);
}

static void answered(void *context, const struct signer_result *result)
{
    struct bench *b = context;

    b->answers++;
    b->err = result->err;
    b->certificate = result->certificate;
    free(b->cms);
    b->cms = result->cms ? text_new("%s", result->cms) : NULL;
}

static void begin(struct bench *b)
{
    b->signer->sign(b->signer, &(struct signer_who){.officer = "quan"}, "{}", 2, NULL, 0, DEADLINE, answered, b);
}

/* What the loop does, until `n` answers came. */
static void wait_for(struct bench *b, int n)
{
    int64_t until = harness_deadline();

    while (b->answers < n) {
        struct pollfd ready = {.fd = desk_fd(b->desk), .events = POLLIN};
        if (harness_now() >= until)
            fail_at(HERE, "%d answers came, not %d", b->answers, n);
        if (poll(&ready, 1, 20) > 0)
            desk_read(b->desk);
        desk_tick(b->desk);
    }
    assert_int_equal(b->answers, n);
}

static void is_told(struct bench *b, const char *sentence)
{
    assert_int_equal(b->err.code, ERR_SIGNER);
    assert_string_equal(b->err.text, sentence);
    assert_null(b->cms);
    assert_int_equal(desk_wake(b->desk), INT64_MAX);
}

/* ── bad helpers ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void one_that_is_not_there(void **state)
{
    struct bench *b = *state;
    char *path = text_new("%s/no-such-helper", b->dir);

    use(b, path);
    begin(b);
    assert_int_equal(b->answers, 1); /* at once */
    is_told(b, "The helper motcua-desk is not installed beside motcua. Nothing was signed.");
    assert_int_equal(desk_fd(b->desk), -1);
    free(path);
}

static void one_that_dies_half_way(void **state)
{
    static const char *const deaths[] = {"read line; kill -9 $$",
                                         "read line; printf '{\"job\":1,\"cms\":\"QU' >&0; kill -9 $$",
                                         "exit 0", "read line; exit 1"};
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
        b->answers = 0;
        helper(b, deaths[i]);
        begin(b);
        wait_for(b, 1);
        is_told(b, ENDED);
        assert_int_equal(desk_fd(b->desk), -1);
        put_away(b);
    }
}

static void one_that_hangs(void **state)
{
    struct bench *b = *state;

    helper(b, "while read line; do :; done");
    begin(b);
    assert_int_equal(desk_wake(b->desk), b->env.mono + DEADLINE);
    b->env.mono += DEADLINE - 1;
    desk_tick(b->desk);
    assert_int_equal(b->answers, 0);
    b->env.mono++;
    desk_tick(b->desk);
    assert_int_equal(b->answers, 1);
    is_told(b, LATE);
    assert_int_equal(desk_fd(b->desk), -1); /* and it is gone: a late signature reaches nobody */
}

static void one_that_talks_nonsense(void **state)
{
    static const char *const nonsense[] = {
        "read l; echo hello >&0; read l",
        "read l; echo '[]' >&0; read l",
        "read l; echo '{\"job\":1}' >&0; read l",
        "read l; echo '{\"job\":1,\"cms\":7}' >&0; read l",
        "read l; echo '{\"job\":1,\"cms\":\"QUJD\"' >&0; read l",
        "read l; exec tr '\\000' x >&0 </dev/zero", /* a line without end */
    };
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        b->answers = 0;
        helper(b, nonsense[i]);
        begin(b);
        wait_for(b, 1);
        is_told(b, NONSENSE);
        assert_int_equal(desk_fd(b->desk), -1);
        put_away(b);
    }
}

static void one_that_says_why_not(void **state)
{
    struct bench *b = *state;

    helper(b, "read l; echo '{\"job\":1,\"error\":\"The key is locked. Nothing was signed.\"}' >&0; read l");
    begin(b);
    wait_for(b, 1);
    is_told(b, "The key is locked. Nothing was signed.");
    assert_int_not_equal(desk_fd(b->desk), -1); /* it did its work */
}

/* ── jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void an_answer_in_pieces_is_one_answer(void **state)
{
    struct bench *b = *state;

    helper(b, "read l; printf '{\"job\":1,' >&0; printf '\"cms\":\"QUJD\"}' >&0; printf '\\n' >&0; read l");
    begin(b);
    wait_for(b, 1);
    assert_int_equal(b->err.code, ERR_NONE);
    assert_string_equal(b->cms, "QUJD");
}

/* What was called off is not mistaken for what is asked now. */
static void a_late_answer_is_to_no_other_job(void **state)
{
    struct bench *b = *state;

    helper(b, "read l; read l; echo '{\"job\":1,\"cms\":\"b2xk\"}' >&0; echo '{\"job\":2,\"cms\":\"bmV3\"}' >&0; read l");
    begin(b);
    b->signer->cancel(b->signer);
    begin(b);
    wait_for(b, 1);
    assert_int_equal(b->err.code, ERR_NONE);
    assert_string_equal(b->cms, "bmV3");
}

static void one_job_at_a_time(void **state)
{
    struct bench *b = *state;

    helper(b, "while read line; do :; done");
    begin(b);
    begin(b);
    assert_int_equal(b->answers, 1);
    assert_int_equal(b->err.code, ERR_SIGNER);
    assert_string_equal(b->err.text, "The signing device is at work. Wait for its answer.");
    assert_int_equal(desk_wake(b->desk), b->env.mono + DEADLINE); /* the first goes on */
}

/* ── the real one ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_pem(const char *dir, const char *kind, EVP_PKEY *key, X509 *certificate)
{
    char *path = text_new("%s/quan.%s.pem", dir, kind);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(certificate ? PEM_write_X509(file, certificate)
                                 : PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL),
                     1);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    free(path);
}

static void write_key(struct bench *b)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *c = X509_new();

    X509_gmtime_adj(X509_getm_notBefore(c), -60);
    X509_gmtime_adj(X509_getm_notAfter(c), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8,
                               (const unsigned char *)"Phạm Minh Quân", -1, -1, 0);
    X509_set_pubkey(c, key);
    assert_true(X509_sign(c, key, EVP_sha256()) > 0);
    write_pem(b->dir, "key", key, NULL);
    write_pem(b->dir, "cert", NULL, c);
    X509_free(c);
    EVP_PKEY_free(key);
}

/* Our only child. */
static pid_t helper_pid(void)
{
    char *path = text_new("/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    int pid = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    free(path);
    return pid;
}

static void killed_between_two_jobs_it_is_started_again(void **state)
{
    struct bench *b = *state;
    char *program = build_path("motcua-desk");

    write_key(b);
    use(b, program);
    assert_int_equal(desk_fd(b->desk), -1); /* not before it is needed */
    b->signer->describe(b->signer, &(struct signer_who){.officer = "quan"}, DEADLINE, answered, b);
    wait_for(b, 1);
    assert_int_equal(b->err.code, ERR_NONE);
    assert_string_equal(b->certificate.name, "Phạm Minh Quân");
    begin(b);
    wait_for(b, 2);
    assert_int_equal(b->err.code, ERR_NONE);
    assert_non_null(b->cms);

    struct pollfd gone = {.fd = desk_fd(b->desk), .events = POLLIN};
    assert_int_equal(kill(helper_pid(), SIGKILL), 0);
    assert_int_equal(poll(&gone, 1, 10000), 1);
    desk_read(b->desk);
    assert_int_equal(b->answers, 2); /* nobody had asked anything */
    assert_int_equal(desk_fd(b->desk), -1);
    begin(b);
    wait_for(b, 3);
    assert_int_equal(b->err.code, ERR_NONE);
    assert_non_null(b->cms);
    free(program);
}

static void no_key_is_a_sentence(void **state)
{
    struct bench *b = *state;
    char *program = build_path("motcua-desk");

    use(b, program);
    begin(b);
    wait_for(b, 1);
    assert_int_equal(b->err.code, ERR_SIGNER);
    assert_non_null(strstr(b->err.text, "quan.cert.pem"));
    free(program);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_that_is_not_there),
        TEST(one_that_dies_half_way),
        TEST(one_that_hangs),
        TEST(one_that_talks_nonsense),
        TEST(one_that_says_why_not),
        TEST(an_answer_in_pieces_is_one_answer),
        TEST(a_late_answer_is_to_no_other_job),
        TEST(one_job_at_a_time),
        TEST(killed_between_two_jobs_it_is_started_again),
        TEST(no_key_is_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Scans on their way over a line that is cut, to a server that loses bytes and files: each arrives once, whole, and is then gone here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/files.h"
#include "tests/unit/net_gate.h"
#include "tests/unit/net_post.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATCH "PATCH /api/v1/attachments/"
#define MOST  (20 * 1024 * 1024)

static struct server *server;
static struct gate *gate;

static int start(void **state)
{
    static const char *const args[] = {"--auto-approve", "any", "--dossiers", "50", NULL};
    server = server_start(args);
    return 0;
}

static int stop(void **state)
{
    server_free(&server);
    return 0;
}

struct sender {
    struct post *post;
    struct arena arena;
    struct dossier d; /* open, and the officer's to attach to */
    char key[UUID_TEXT];
    unsigned char *bytes;
    size_t n;
    size_t files_before;
};

static int begin(void **state)
{
    struct sender *s = mem_alloc(sizeof *s);
    const char *json;

    gate = gate_start(server->port);
    s->post = post_new(gate_url(gate), "counter", true);
    post_sign_in(HERE, s->post);
    post_find(HERE, s->post, "receive", &s->arena, &s->d, &json);
    s->files_before = s->d.n_attachments;
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct sender *s = *state;

    post_free(&s->post);
    arena_clear(&s->arena);
    free(s->bytes);
    free(s);
    gate_stop(&gate);
    return 0;
}

/* ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void attach(struct sender *s, size_t n)
{
    struct err e = {0};

    s->n = n;
    s->bytes = malloc(n);
    randombytes_buf_deterministic(s->bytes, n, (const unsigned char[randombytes_SEEDBYTES]){(unsigned char)n});
    memcpy(s->bytes, "%PDF-1.7\n", 9);
    struct attach a = {.dossier = s->d.id,
                       .code = s->d.code,
                       .applicant = s->d.applicant->name,
                       .name = "to-khai.pdf",
                       .bytes = s->bytes,
                       .n = n,
                       .most = MOST,
                       .acted_at = net_now(s->post->net)};
    assert_ok(file_attach(s->post->outbox, &a, s->key, &e), &e);
}

static size_t waiting(struct sender *s, struct waiting_file *first)
{
    struct waiting_file *files;
    struct err e = {0};
    size_t n;

    assert_ok(files_waiting(s->post->outbox, NULL, &s->arena, &files, &n, &e), &e);
    if (n > 0 && first)
        *first = files[0];
    return n;
}

static int64_t sent(struct sender *s)
{
    struct waiting_file f = {0};

    return waiting(s, &f) ? f.sent : (int64_t)s->n;
}

/* Where the line is cut, the time until it is tried again passes at once. */
static void turn(struct sender *s)
{
    post_turn(s->post);
    if (post_line(s->post).state == LINE_OFFLINE)
        s->post->shift += 5000;
}

static void until_sent(struct sender *s, int64_t bytes)
{
    for (int64_t deadline = harness_deadline(); sent(s) < bytes; turn(s))
        if (harness_now() >= deadline)
            fail_at(HERE, "%lld of %zu bytes have arrived", (long long)sent(s), s->n);
}

static void until_gone(struct sender *s)
{
    for (int64_t deadline = harness_deadline(); waiting(s, NULL) > 0; turn(s))
        if (harness_now() >= deadline)
            fail_at(HERE, "%lld of %zu bytes have arrived", (long long)sent(s), s->n);
}

static void rule(const char *begins, enum gate_does does, int times)
{
    gate_rules(gate, &(struct gate_rule){.begins = begins, .does = does, .times = times}, 1);
}

static size_t bytes_that_left(void)
{
    size_t bytes = 0;
    const struct gate_seen *seen;

    for (size_t i = 0; (seen = gate_seen(gate, PATCH, i)); i++)
        bytes += strtoul(strstr(seen->head, "Content-Length: ") + 16, NULL, 10);
    return bytes;
}

static const struct attachment *last_there(struct sender *s)
{
    post_ask(HERE, s->post, ASK_DOSSIER, s->d.id, NULL);
    assert_int_equal(s->post->answer.err.code, ERR_NONE);
    const struct dossier *d = &s->post->answer.dossier;
    assert_true(d->n_attachments > 0);
    return &d->attachments[d->n_attachments - 1];
}

static void arrived_once_and_whole(struct sender *s)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[65];

    until_gone(s);
    const struct attachment *a = last_there(s);
    assert_true(a->complete);
    assert_int_equal(a->size, s->n);
    crypto_hash_sha256(digest, s->bytes, s->n);
    assert_string_equal(a->sha256, sodium_bin2hex(hex, sizeof hex, digest, sizeof digest));
    assert_int_equal(s->post->answer.dossier.n_attachments, s->files_before + 1);
}

static bool lies_here(struct sender *s, const char *key)
{
    char *name = mem_format("files/%s", key);
    struct stat st;
    bool there = fstatat(s->post->machine.dir, name, &st, 0) == 0;

    mem_free(&name);
    return there;
}

static void server_keeps(int64_t bytes)
{
    struct reply reply;
    char *body = mem_format("{\"keep_uploads\":%lld}", (long long)bytes);

    server_call(server, "POST", server->control, NULL, NULL, body, &reply);
    assert_int_equal(reply.status, 200);
    reply_clear(&reply);
    mem_free(&body);
}

/* ── tests ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_scan_arrives_and_is_gone_here(void **state)
{
    struct sender *s = *state;

    attach(s, 300000);
    assert_true(lies_here(s, s->key));
    arrived_once_and_whole(s);
    assert_false(lies_here(s, s->key));
    assert_int_equal(bytes_that_left(), 300000);
}

/* Every other cut takes the piece, the others only the answer to it. */
static void twenty_megabytes_over_a_line_that_is_cut_ten_times(void **state)
{
    struct sender *s = *state;

    attach(s, MOST);
    for (int i = 0; i < 10; i++) {
        until_sent(s, (int64_t)(i + 1) * MOST / 12);
        rule(PATCH, i % 2 ? GATE_LOSE : GATE_DROP, 1);
        until_sent(s, sent(s) + 1);
    }
    arrived_once_and_whole(s);
    double times = (double)bytes_that_left() / MOST;
    printf("upload-cuts %.3f\n", times);
    assert_true(times > 1.0 && times <= 1.1);
}

static void after_a_restart_it_goes_on_where_it_stopped(void **state)
{
    struct sender *s = *state;

    attach(s, 2000000);
    until_sent(s, 800000);
    post_restart(s->post);
    assert_int_equal(waiting(s, NULL), 1);
    arrived_once_and_whole(s);
    assert_true(bytes_that_left() <= 2000000 + 2 * 128 * 1024); /* what was on its way then */
}

static void a_server_that_lost_bytes_gets_them_again(void **state)
{
    struct sender *s = *state;

    attach(s, 2000000);
    until_sent(s, 800000);
    server_keeps(100000);
    arrived_once_and_whole(s);
}

static void a_server_that_lost_the_file_has_it_announced_again(void **state)
{
    struct sender *s = *state;

    attach(s, 2000000);
    until_sent(s, 800000);
    server_keeps(-1);
    arrived_once_and_whole(s);
    assert_int_equal(gate_count(gate, "POST /api/v1/dossiers/"), 2);
    assert_string_not_equal(gate_seen(gate, "POST /api/v1/dossiers/", 0)->key,
                            gate_seen(gate, "POST /api/v1/dossiers/", 1)->key);
}

static void a_lost_answer_to_the_announcement_makes_no_second_file(void **state)
{
    struct sender *s = *state;

    rule("POST /api/v1/dossiers/", GATE_LOSE, 1);
    attach(s, 1000);
    arrived_once_and_whole(s);
}

static void a_wrong_one_is_taken_away_here_and_there(void **state)
{
    struct sender *s = *state;
    struct err e = {0};

    attach(s, 2000000);
    until_sent(s, 300000);
    assert_ok(file_give_up(s->post->outbox, s->key, net_now(s->post->net), &e), &e);
    assert_false(lies_here(s, s->key));
    for (int64_t deadline = harness_deadline(); last_there(s)->size == 2000000; turn(s))
        assert_true(harness_now() < deadline);
    assert_int_equal(s->post->answer.dossier.n_attachments, s->files_before);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(a_scan_arrives_and_is_gone_here),
        CASE(twenty_megabytes_over_a_line_that_is_cut_ten_times),
        CASE(after_a_restart_it_goes_on_where_it_stopped),
        CASE(a_server_that_lost_bytes_gets_them_again),
        CASE(a_server_that_lost_the_file_has_it_announced_again),
        CASE(a_lost_answer_to_the_announcement_makes_no_second_file),
        CASE(a_wrong_one_is_taken_away_here_and_there),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

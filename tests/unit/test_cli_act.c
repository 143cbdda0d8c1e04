/* Acting on the command line: done, refused, queued, in conflict, lost with a kill, beside another instance; each time with a look at
 * what the server has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cli_office.h"
#include "tests/unit/net_gate.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char *status_at_server(struct office *o, const char *id, long long *version)
{
    json_t *d = office_at_server(o, "sinh", id);
    char *status = text_new("%s", json_string_value(json_object_get(d, "status")));

    if (version)
        *version = json_integer_value(json_object_get(d, "version"));
    json_decref(d);
    return status;
}

#define expect_status(o, id, wanted)              \
    do {                                          \
        char *is = status_at_server(o, id, NULL); \
        assert_string_equal(is, wanted);          \
        free(is);                                 \
    } while (0)

static json_t *outbox(struct office *o)
{
    office_expect(o, 0, "outbox", "--json");
    return office_json(o);
}

static void expect_empty_outbox(struct office *o)
{
    json_t *rows = outbox(o);

    assert_int_equal(json_array_size(rows), 0);
    json_decref(rows);
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    if (!text)
        fail_at(HERE, "there is no “%s”", name);
    return text;
}

/* ── with a line ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void an_action_is_done_and_the_cache_knows(void **state)
{
    struct office *o = *state;

    office_begin(o, "mai");
    char *id = office_dossier(o, "to_receive");
    office_expect(o, 0, "act", id, "receive", "--note", "đủ giấy tờ", "--json");
    json_t *done = office_json(o);
    assert_string_equal(member(done, "state"), "DONE");
    assert_string_equal(member(done, "target"), id);
    assert_string_equal(member(done, "action"), "receive");
    json_decref(done);
    expect_status(o, id, "received");
    office_expect(o, 0, "show", id, "--json"); /* the answer is in the cache, without a sync */
    json_t *kept = office_json(o);
    assert_string_equal(member(kept, "status"), "received");
    json_decref(kept);
    expect_empty_outbox(o);
    free(id);
}

static void what_is_not_offered_ends_with_1_and_leaves_nothing(void **state)
{
    struct office *o = *state;
    long long before, after;

    office_begin(o, "mai");
    char *id = office_dossier(o, "to_receive");
    free(status_at_server(o, id, &before));
    office_expect(o, 1, "act", id, "issue", "--number", "1", "--json");
    char *title = office_problem(o);
    free(title);
    office_expect(o, 1, "act", id, "no_such_action");
    office_expect(o, 1, "act", "no-such-dossier", "receive");
    free(status_at_server(o, id, &after));
    assert_int_equal(before, after);
    expect_empty_outbox(o);
    free(id);
}

static void what_lacks_something_ends_with_2_and_leaves_nothing(void **state)
{
    static const char *const bad[][5] = {
        {"decline"},
        {"decline", "--note", ""},
        {"decline", "--note", " \t"},
        {"decline", "--note", "\xff"},
        {"request_supplement"},
        {"request_supplement", "--note", "thiếu", "--until", "2022-02-30"},
    };
    struct office *o = *state;
    long long before, after;

    office_begin(o, "mai");
    char *id = office_dossier(o, "to_receive");
    free(status_at_server(o, id, &before));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *const args[] = {"act", id, bad[i][0], bad[i][1], bad[i][2], bad[i][3], bad[i][4], NULL};
        office_expect_at(o, 2, args, HERE);
        assert_string_equal(o->run.out, "");
    }
    office_expect(o, 2, "act", id, "decline");
    expect_in(o->run.err, "--note");
    free(status_at_server(o, id, &after));
    assert_int_equal(before, after);
    expect_empty_outbox(o);
    free(id);
}

/* Somebody else was first: his version is newer than the one that is kept here. */
static void a_conflict_ends_with_5_and_stays_in_the_outbox(void **state)
{
    struct office *o = *state;

    office_begin(o, "mai");
    char *id = office_dossier(o, "to_receive");
    long long version;
    free(status_at_server(o, id, &version));
    char *token = server_token(o->server, "ha"), *path = text_new("/dossiers/%s/actions", id);
    char *match = text_new("If-Match: \"%lld\"", version);
    struct reply reply;
    server_call(o->server, "POST", path, token, ARGS(match), "{\"action\":\"comment\",\"note\":\"xem\"}", &reply);
    assert_int_equal(reply.status, 200);
    reply_clear(&reply);
    office_expect(o, 5, "act", id, "receive", "--json");
    assert_string_equal(o->run.out, "");
    json_t *problem = json_loads(o->run.err, 0, NULL);
    assert_string_equal(member(problem, "type"), "urn:onestop:problem:stale-version");
    json_decref(problem);
    json_t *rows = outbox(o);
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(member(json_array_get(rows, 0), "state"), "CONFLICT");
    assert_true(json_is_object(json_object_get(json_array_get(rows, 0), "problem")));
    office_expect(o, 0, "outbox", "drop", member(json_array_get(rows, 0), "key"));
    json_decref(rows);
    expect_empty_outbox(o);
    expect_status(o, id, "registered");
    free(id);
    free(token);
    free(path);
    free(match);
}

/* The same server, but that it offers no signing by phone. */
static struct gate *without_phones(struct office *o)
{
    struct reply about;
    struct gate *gate = gate_start(o->server->port);

    server_call(o->server, "GET", "/about", NULL, NULL, NULL, &about);
    json_object_set_new(about.json, "features", json_array());
    char *body = json_dumps(about.json, JSON_COMPACT), *says = gate_answer(200, "application/json", "", body);
    gate_rules(gate,
               (struct gate_rule[]){{.begins = "GET /api/v1/about", .does = GATE_SAY, .bytes = says},
                                    {.begins = "", .does = GATE_PASS}},
               2);
    free(says);
    free(body);
    reply_clear(&about);
    o->base = gate_url(gate);
    return gate;
}

static void without_a_terminal_or_a_phone_nothing_is_signed(void **state)
{
    struct office *o = *state;
    struct gate *gate = without_phones(o);
    long long before, after;

    office_begin(o, "quan");
    char *id = office_dossier(o, "to_sign");
    free(status_at_server(o, id, &before));
    office_expect(o, 2, "act", id, "refuse_result"); /* its reason is missing, too */
    expect_in(o->run.err, "--note");
    office_expect(o, 2, "act", id, "approve", "--json");
    char *title = office_problem(o);
    expect_in(title, "Chưa ký");
    free(title);
    free(status_at_server(o, id, &after));
    assert_int_equal(before, after);
    expect_empty_outbox(o);
    server_stop(o->server);
    office_expect(o, 3, "act", id, "approve"); /* the line comes first */
    free(id);
    gate_stop(&gate);
}

/* ── without a line ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* dinh is a supervisor, and has a mandate of thang for what is his. */
static void by_whose_mandate_is_said_or_refused(void **state)
{
    struct office *o = *state;

    office_begin(o, "dinh");
    char *id = office_dossier(o, "to_sign");
    office_expect(o, 1, "act", id, "rework", "--note", "xem lại", "--on-behalf-of", "mai");
    expect_in(o->run.err, "Không có ủy quyền của người này");
    expect_empty_outbox(o);
    office_expect(o, 0, "act", id, "rework", "--note", "xem lại", "--on-behalf-of", "thang");
    char *token = server_token(o->server, "dinh"), *path = text_new("/dossiers/%s/events", id);
    struct reply reply;
    server_call(o->server, "GET", path, token, NULL, NULL, &reply);
    expect_in(reply.body, "\"on_behalf_of\":\"thang\",\"by\":\"dinh\",\"action\":\"rework\"");
    reply_clear(&reply);
    free(token);
    free(path);
    free(id);
}

static void cut_off_it_is_queued_and_sent_once_later(void **state)
{
    static const char *const members[] = {"key", "actor", "target", "action", "state", "method", "path"};
    struct office *o = *state;
    long long before, after;

    office_begin(o, "mai");
    char *id = office_dossier(o, "to_receive");
    free(status_at_server(o, id, &before));
    server_stop(o->server);
    office_expect(o, 0, "act", id, "receive");
    expect_in(o->run.out, "Chưa gửi; sẽ tự gửi khi có mạng.");
    assert_int_equal(office_run_env(o, ARGS("LANGUAGE=en"), ARGS("outbox")), 0);
    expect_in(o->run.out, "not sent");
    json_t *rows = outbox(o), *row = json_array_get(rows, 0);
    assert_int_equal(json_array_size(rows), 1);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        member(row, members[i]);
    assert_string_equal(member(row, "state"), "DUE");
    assert_true(json_is_false(json_object_get(row, "may_have_arrived")));
    assert_true(json_is_integer(json_object_get(row, "attempts")));
    assert_true(json_is_null(json_object_get(row, "problem")));
    assert_string_equal(member(json_object_get(row, "body"), "action"), "receive");
    json_decref(rows);
    server_restart(o->server);
    office_expect(o, 0, "sync", "--once");
    expect_empty_outbox(o);
    char *status = status_at_server(o, id, &after);
    assert_string_equal(status, "received");
    assert_int_equal(after, before + 1);
    free(status);
    free(id);
}

static void what_cannot_wait_ends_with_3_before_anything_is_asked(void **state)
{
    struct office *o = *state;

    office_begin(o, "thu");
    char *id = office_dossier(o, "to_issue");
    server_stop(o->server);
    office_expect(o, 3, "act", id, "issue"); /* though the number is missing, too */
    office_expect(o, 3, "act", id, "issue", "--number", "12/QĐ-UBND", "--json");
    char *title = office_problem(o);
    free(title);
    expect_empty_outbox(o);
    server_restart(o->server);
    office_expect(o, 2, "act", id, "issue");
    office_expect(o, 0, "act", id, "issue", "--number", "12/QĐ-UBND");
    expect_status(o, id, "completed");
    free(id);
}

static void retry_sends_now_and_drop_forgets(void **state)
{
    struct office *o = *state;

    office_begin(o, "mai");
    char *id = office_dossier(o, "to_receive");
    server_stop(o->server);
    office_expect(o, 0, "act", id, "receive", "--json");
    json_t *queued = office_json(o);
    char *key = text_new("%s", member(queued, "key"));
    json_decref(queued);
    office_expect(o, 0, "outbox", "retry", key); /* still no line: queued, and says so */
    expect_in(o->run.out, "Chưa gửi");
    server_restart(o->server);
    office_expect(o, 0, "outbox", "retry", key, "--json");
    json_t *done = office_json(o);
    assert_string_equal(member(done, "state"), "DONE");
    assert_string_equal(member(done, "key"), key);
    json_decref(done);
    free(key);
    office_expect(o, 1, "outbox", "retry", "00000000-0000-4000-8000-000000000000");
    office_expect(o, 1, "outbox", "drop", "00000000-0000-4000-8000-000000000000");

    server_stop(o->server);
    office_expect(o, 0, "act", id, "comment", "--note", "bỏ", "--json");
    queued = office_json(o);
    office_expect(o, 0, "outbox", "drop", member(queued, "key"));
    json_decref(queued);
    expect_empty_outbox(o);
    server_restart(o->server);
    office_expect(o, 0, "sync", "--once");
    char *token = server_token(o->server, "ha"), *path = text_new("/dossiers/%s/events", id);
    struct reply reply;
    server_call(o->server, "GET", path, token, NULL, NULL, &reply);
    assert_null(strstr(reply.body, "\"bỏ\""));
    reply_clear(&reply);
    free(token);
    free(path);
    free(id);
}

/* ── kills and other instances ───────────────────────────────────────────────────────────────────────────────────── */

static pid_t start(struct office *o, const char *program, const char *const args[], int out, int clock)
{
    const char *argv[12] = {program};
    size_t n = 1;

    for (size_t i = 0; args[i]; i++)
        argv[n++] = args[i];
    argv[n++] = "--server";
    argv[n++] = o->server->base;
    return child_start(&(struct child){.argv = argv, .home = o->home, .out = out, .err = out, .pass = clock});
}

static void wait_for_rows(struct office *o, size_t n)
{
    for (int64_t until = harness_deadline(); harness_now() < until;) {
        json_t *rows = outbox(o);
        size_t have = json_array_size(rows);
        json_decref(rows);
        if (have == n)
            return;
    }
    fail_at(HERE, "the outbox never had %zu rows", n);
}

/* The server hangs, so the wish has left and nothing comes back; then the program is killed. */
static void a_kill_while_it_is_sent_loses_nothing_and_doubles_nothing(void **state)
{
    struct office *o = *state;
    long long before, after;

    office_begin(o, "mai");
    char *id = office_dossier(o, "to_receive");
    free(status_at_server(o, id, &before));
    kill(o->server->pid, SIGSTOP);
    pid_t act = start(o, "motcua", ARGS("act", id, "receive"), 0, 0);
    wait_for_rows(o, 1);
    kill(act, SIGKILL);
    waitpid(act, NULL, 0);
    kill(o->server->pid, SIGCONT);
    wait_for_rows(o, 1);
    office_expect(o, 0, "sync", "--once");
    expect_empty_outbox(o);
    char *status = status_at_server(o, id, &after);
    assert_string_equal(status, "received");
    assert_int_equal(after, before + 1);
    free(status);
    free(id);
}

static void expect_line(int fd, char *line, size_t size)
{
    size_t n = 0;

    while (n < size - 1 && read(fd, line + n, 1) == 1 && line[n] != '\n')
        n++;
    line[n] = '\0';
}

/* One instance holds the lease and follows the feed; another acts, and asks for a sync. */
static void beside_another_instance_the_holder_sends(void **state)
{
    struct office *o = *state;

    office_begin(o, "mai");
    char *id = office_dossier(o, "to_receive");
    pid_t holder = start(o, "motcua", ARGS("sync"), 0, 0);
    office_expect(o, 0, "act", id, "receive", "--json");
    json_t *done = office_json(o);
    assert_string_equal(member(done, "state"), "DONE");
    json_decref(done);
    office_expect(o, 0, "sync", "--once");
    expect_status(o, id, "received");
    kill(holder, SIGTERM);
    assert_int_equal(child_wait(holder, harness_deadline()), 0);
    office_expect(o, 0, "sync", "--once"); /* the lease is free again */
    free(id);
}

/* The holder hangs: 20 s later, by the clock that the test moves, the other gives up and names it. */
static void a_holder_without_a_sign_of_life_is_named(void **state)
{
    struct office *o = *state;
    int clock[2], out[2];
    char line[1024], pid[16], answer[8];

    office_begin(o, "mai");
    pid_t holder = start(o, "motcua", ARGS("sync"), 0, 0);
    char *id = office_dossier(o, "to_receive");
    office_expect(o, 0, "act", id, "receive"); /* it holds the lease by now */
    free(id);
    kill(holder, SIGSTOP);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, clock), 0);
    assert_int_equal(pipe(out), 0);
    pid_t once = start(o, "motcua-t", ARGS("sync", "--once"), out[1], clock[1]);
    close(out[1]);
    close(clock[1]);
    int status = -1;
    for (int i = 0; i < 50 && status < 0; i++) { /* it may not wait yet at the first packets */
        if (send(clock[0], "advance 1", 9, MSG_NOSIGNAL) == 9)
            recv(clock[0], answer, sizeof answer, 0);
        status = child_wait(once, harness_now() + 50);
    }
    expect_line(out[0], line, sizeof line);
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    assert_int_equal(status, 3);
    snprintf(pid, sizeof pid, "%d", (int)holder);
    expect_in(line, pid);
    close(out[0]);
    close(clock[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_action_is_done_and_the_cache_knows, office_open_kept, office_close_kept),
        cmocka_unit_test_setup_teardown(what_is_not_offered_ends_with_1_and_leaves_nothing, office_open_kept,
                                        office_close_kept),
        cmocka_unit_test_setup_teardown(what_lacks_something_ends_with_2_and_leaves_nothing, office_open_kept,
                                        office_close_kept),
        cmocka_unit_test_setup_teardown(a_conflict_ends_with_5_and_stays_in_the_outbox, office_open_kept,
                                        office_close_kept),
        cmocka_unit_test_setup_teardown(by_whose_mandate_is_said_or_refused, office_open_kept, office_close_kept),
        cmocka_unit_test_setup_teardown(without_a_terminal_or_a_phone_nothing_is_signed, office_open_kept,
                                        office_close_kept),
        cmocka_unit_test_setup_teardown(cut_off_it_is_queued_and_sent_once_later, office_open_kept,
                                        office_close_kept),
        cmocka_unit_test_setup_teardown(what_cannot_wait_ends_with_3_before_anything_is_asked,
                                        office_open_kept, office_close_kept),
        cmocka_unit_test_setup_teardown(retry_sends_now_and_drop_forgets, office_open_kept, office_close_kept),
        cmocka_unit_test_setup_teardown(a_kill_while_it_is_sent_loses_nothing_and_doubles_nothing,
                                        office_open_kept, office_close_kept),
        cmocka_unit_test_setup_teardown(beside_another_instance_the_holder_sends, office_open_kept,
                                        office_close_kept),
        cmocka_unit_test_setup_teardown(a_holder_without_a_sign_of_life_is_named, office_open_kept,
                                        office_close_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

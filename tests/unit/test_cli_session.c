/* Signing in and out on the command line, and reading what is kept: against a real server, each in a home of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cli_office.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const small[] = {"--dossiers", "300", NULL};

static int set_up(void **state)
{
    struct office *o = calloc(1, sizeof *o);

    office_open(o, small);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    struct office *o = *state;

    office_close(o);
    free(o);
    return 0;
}

/* The file `name` somewhere under the home, how many there are. */
static const char *wanted;
static int found;

static int count_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind;
    found += strcmp(path + ftw->base, wanted) == 0;
    return 0;
}

static int files(const char *home, const char *name)
{
    wanted = name;
    found = 0;
    nftw(home, count_one, 16, FTW_PHYS);
    return found;
}

/* `motcua-t login --json` up to its end, with what the officer does in between; its exit status and problem in o->run. */
static int login_and(struct office *o, const char *decision, int advance)
{
    const char *const argv[] = {"motcua-t", "login", "--json", "--server", o->server->base, NULL};
    int clock[2], out[2], err[2];
    char line[4096] = "", said[4096] = "", packet[32];
    size_t n = 0;

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, clock), 0);
    assert_int_equal(pipe(out) | pipe(err), 0);
    pid_t pid = child_start(
        &(struct child){.argv = argv, .home = o->home, .out = out[1], .err = err[1], .pass = clock[1]});
    close(out[1]);
    close(err[1]);
    close(clock[1]);
    while (n < sizeof line - 1 && read(out[0], line + n, 1) == 1 && line[n] != '\n')
        n++;
    json_t *code = json_loads(line, 0, NULL);
    if (!code)
        fail_at(HERE, "login printed: %s", line);
    const char *user_code = json_string_value(json_object_get(code, "user_code"));
    if (decision)
        office_decide(o, user_code, decision, false);
    int len = snprintf(packet, sizeof packet, "advance %d", advance);
    assert_int_equal(send(clock[0], packet, (size_t)len, MSG_NOSIGNAL), len);
    int status = child_wait(pid, harness_deadline());
    run_clear(&o->run);
    ssize_t got = read(err[0], said, sizeof said - 1);
    o->run.err = text_new("%.*s", got > 0 ? (int)got : 0, said);
    o->run.out = text_new("%s", line);
    json_decref(code);
    close(clock[0]);
    close(out[0]);
    close(err[0]);
    return status;
}

#define signed_in(o, officer)            \
    do {                                 \
        if (!office_sign_in(o, officer)) \
            skip();                      \
    } while (0)

/* ── signing in and out ──────────────────────────────────────────────────────────────────────────────────────────── */

static void nobody_is_signed_in_at_first(void **state)
{
    static const char *const commands[][3] = {
        {"queues"}, {"list"}, {"show", "x"}, {"act", "x", "receive"}, {"outbox"}, {"sync", "--once"}};
    struct office *o = *state;

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *const args[] = {commands[i][0], commands[i][1], commands[i][2], NULL};
        office_expect_at(o, 4, args, HERE);
        expect_in(o->run.err, "motcua login");
        assert_string_equal(o->run.out, "");
    }
    office_expect(o, 0, "logout"); /* nothing to do is no error */
}

static void login_prints_code_and_address_and_waits(void **state)
{
    static const char *const approving[] = {"--dossiers", "10", "--auto-approve", "mai", NULL};
    struct office o;

    (void)state;
    office_open(&o, approving);
    int status = office_run(&o, "login");
    if (status == 1 && strstr(o.run.err, "kho khóa")) {
        office_close(&o);
        skip();
    }
    assert_int_equal(status, 0);
    expect_in(o.run.out, "/thiet-bi");
    expect_in(o.run.out, "Trần Thị Mai");
    assert_string_equal(o.run.err, "");
    office_expect(&o, 0, "outbox");
    office_close(&o);
}

static void a_sign_in_that_is_denied_or_expires_ends_with_4(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai"); /* or skips */
    assert_int_equal(login_and(o, "mai", 6), 4);
    char *title = office_problem(o);
    expect_in(title, "từ chối");
    free(title);
    assert_int_equal(login_and(o, NULL, 3600), 4);
    title = office_problem(o);
    expect_in(title, "hết giờ");
    free(title);
    office_expect(o, 0, "outbox"); /* who was signed in still is */
}

static void logout_forgets_all_but_unsent_wishes(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    office_expect(o, 0, "sync", "--once");
    assert_int_equal(files(o->home, "cache.db"), 1);
    office_expect(o, 0, "logout");
    assert_int_equal(files(o->home, "cache.db"), 0);
    assert_int_equal(files(o->home, "outbox.db"), 1);
    office_expect(o, 4, "list");
}

static void logout_without_a_server_forgets_here_and_says_so(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    office_expect(o, 0, "sync", "--once");
    server_stop(o->server);
    office_expect(o, 3, "logout");
    assert_int_equal(files(o->home, "cache.db"), 0);
    office_expect(o, 4, "list");
}

static void each_server_remembers_its_own_officer(void **state)
{
    struct office *a = *state, b;

    office_open(&b, small);
    home_free(&b.home);
    b.home = a->home; /* one machine, two servers */
    bool lasts = office_sign_in(a, "mai") && office_sign_in(&b, "nam");
    if (lasts) {
        office_expect(a, 0, "sync", "--once");
        office_expect(&b, 0, "sync", "--once");
        office_expect(a, 0, "queues", "--json");
        expect_in(a->run.out, "\"to_receive\""); /* the counter's */
        office_expect(&b, 0, "queues", "--json");
        assert_null(strstr(b.run.out, "\"to_receive\""));
        signed_in(&b, "mai");
        office_expect(&b, 0, "sync", "--once");
        office_expect(&b, 0, "queues", "--json");
        expect_in(b.run.out, "\"to_receive\"");
    }
    b.home = NULL;
    office_close(&b);
    if (!lasts)
        skip();
}

/* ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void queues_and_lists_agree(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    office_expect(o, 0, "sync", "--once");
    office_expect(o, 0, "queues", "--json");
    json_t *queues = office_json(o), *queue;
    size_t i;

    assert_true(json_array_size(queues) > 4);
    json_array_foreach(queues, i, queue)
    {
        const char *id = json_string_value(json_object_get(queue, "id"));
        assert_true(json_is_string(json_object_get(queue, "name")));
        office_expect(o, 0, "list", "--json", "--queue", id);
        json_t *list = office_json(o);
        if (json_array_size(list) != (size_t)json_integer_value(json_object_get(queue, "count")))
            fail_at(HERE, "%s: counted %lld, listed %zu", id,
                    (long long)json_integer_value(json_object_get(queue, "count")), json_array_size(list));
        json_decref(list);
    }
    json_decref(queues);
}

static void a_list_has_whole_dossiers_and_pages_through_all(void **state)
{
    struct office *o = *state;
    json_t *seen = json_object(), *d;
    size_t i;

    signed_in(o, "mai");
    office_expect(o, 0, "sync", "--once");
    office_expect(o, 0, "list", "--json");
    json_t *list = office_json(o);
    assert_true(json_array_size(list) > 20);
    json_array_foreach(list, i, d)
    {
        const char *id = json_string_value(json_object_get(d, "id"));
        assert_non_null(id);
        assert_true(json_is_object(json_object_get(d, "applicant")));
        assert_true(json_is_integer(json_object_get(d, "version")));
        assert_null(json_object_get(seen, id)); /* each once */
        json_object_set_new(seen, id, json_true());
    }
    office_expect(o, 0, "list", "--json", "--limit", "7");
    json_t *seven = office_json(o);
    assert_int_equal(json_array_size(seven), 7);
    for (i = 0; i < 7; i++)
        assert_true(json_equal(json_array_get(seven, i), json_array_get(list, i)));
    json_decref(seven);
    json_decref(list);
    json_decref(seen);
}

static void a_plain_list_shows_the_tail_of_each_code(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    office_expect(o, 0, "sync", "--once");
    office_expect(o, 0, "list", "--json");
    json_t *list = office_json(o), *d;
    size_t i;

    office_expect(o, 0, "list");
    json_array_foreach(list, i, d)
    {
        const char *code = json_string_value(json_object_get(d, "code"));
        if (code && strlen(code) > 9)
            expect_in(o->run.out, code + strlen(code) - 9);
    }
    for (char *line = o->run.out, *end; (end = strchr(line, '\n')); line = end + 1)
        assert_true(end - line < 4000);
    json_decref(list);
}

static void show_finds_by_code_and_id(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    office_expect(o, 0, "sync", "--once");
    char *id = office_dossier(o, "to_receive");
    office_expect(o, 0, "show", "--json", id);
    json_t *by_id = office_json(o);
    const char *code = json_string_value(json_object_get(by_id, "code"));
    assert_true(json_is_array(json_object_get(by_id, "actions")));
    assert_non_null(code);
    office_expect(o, 0, "show", "--json", code);
    json_t *by_code = office_json(o);
    assert_true(json_equal(by_id, by_code));
    office_expect(o, 0, "show", code);
    expect_in(o->run.out, code);
    expect_in(o->run.out, "Mới đăng ký");
    expect_in(o->run.out, "receive");
    office_expect(o, 1, "show", "no-such-dossier");
    office_expect(o, 1, "show", "no-such-dossier", "--json");
    char *title = office_problem(o);
    free(title);
    assert_string_equal(o->run.out, "");
    json_decref(by_id);
    json_decref(by_code);
    free(id);
}

static void no_locale_and_no_zone_changes_what_is_read(void **state)
{
    static const char *const worlds[][4] = {
        {"LANG=C", "LC_ALL=C"},
        {"LC_ALL=vi_VN.UTF-8"},
        {"LC_ALL=tr_TR.ISO-8859-9", "TZ=America/New_York"},
        {"TZ=:nonsense", "LANG"},
        {"LC_CTYPE=POSIX", "TZ=Pacific/Kiritimati"},
    };
    struct office *o = *state;

    signed_in(o, "mai");
    office_expect(o, 0, "sync", "--once");
    char *id = office_dossier(o, "to_receive");
    office_expect(o, 0, "show", id);
    char *shown = text_new("%s", o->run.out);
    office_expect(o, 0, "list", "--limit", "20");
    char *listed = text_new("%s", o->run.out);
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        assert_int_equal(office_run_env(o, worlds[i], ARGS("show", id)), 0);
        assert_string_equal(o->run.out, shown);
        assert_int_equal(office_run_env(o, worlds[i], ARGS("list", "--limit", "20")), 0);
        assert_string_equal(o->run.out, listed);
        assert_int_equal(office_run_env(o, worlds[i], ARGS("queues")), 0);
        assert_int_equal(office_run_env(o, worlds[i], ARGS("outbox")), 0);
    }
    free(id);
    free(shown);
    free(listed);
}

static void search_needs_every_word_and_no_tones(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    office_expect(o, 0, "sync", "--once");
    office_expect(o, 0, "list", "--json", "--search", "nguyen");
    json_t *list = office_json(o), *d;
    size_t i, all;

    all = json_array_size(list);
    assert_true(all > 1);
    json_array_foreach(list, i, d)
    {
        json_t *applicant = json_object_get(d, "applicant");
        expect_in(json_string_value(json_object_get(applicant, "name")), "Nguyễn");
    }
    json_decref(list);
    office_expect(o, 0, "list", "--json", "--search", "nguyen zzz");
    list = office_json(o);
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    office_expect(o, 0, "list", "--json", "--search", "nguyen", "--limit", "2");
    list = office_json(o);
    assert_int_equal(json_array_size(list), 2);
    json_decref(list);
}

static void without_a_line_reading_goes_on_and_sync_says_3(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    office_expect(o, 0, "sync", "--once");
    server_stop(o->server);
    office_expect(o, 0, "queues");
    office_expect(o, 0, "list", "--limit", "1");
    office_expect(o, 3, "sync", "--once", "--json");
    char *title = office_problem(o);
    free(title);
    assert_string_equal(o->run.out, "");
}

/* Neither a proxy, nor a key log, nor an authority that the environment names. */
static void what_is_meant_for_curl_is_forgotten(void **state)
{
    struct office *o = *state;
    char *log = text_new("SSLKEYLOGFILE=%s/keylog", o->home), *netrc = text_new("%s/.netrc", o->home);

    signed_in(o, "mai");
    FILE *file = fopen(netrc, "w");
    assert_non_null(file);
    fputs("default login nobody password wrong\n", file);
    fclose(file);
    const char *const env[] = {"http_proxy=http://127.0.0.1:9",
                               "HTTPS_PROXY=http://127.0.0.1:9",
                               "ALL_PROXY=socks5://127.0.0.1:9",
                               "CURL_CA_BUNDLE=/dev/null",
                               "no_proxy",
                               log,
                               NULL};
    assert_int_equal(office_run_env(o, env, ARGS("sync", "--once")), 0);
    assert_int_equal(files(o->home, "keylog"), 0);
    free(log);
    free(netrc);
}

static void no_core_file_could_hold_a_dossier(void **state)
{
    struct office *o = *state;
    struct rlimit limit;

    getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max; /* what it inherits is not none already, where that can be had */
    setrlimit(RLIMIT_CORE, &limit);
    signed_in(o, "mai");
    const char *const argv[] = {"motcua", "sync", "--server", o->server->base, NULL};
    pid_t pid = child_start(&(struct child){.argv = argv, .home = o->home});
    char *path = text_new("/proc/%d/limits", (int)pid), *limits = NULL;
    bool none = false;
    for (int64_t until = harness_deadline(); !none && harness_now() < until; free(limits)) {
        limits = file_text(path);
        const char *core = limits ? strstr(limits, "Max core file size") : NULL;
        int soft = -1, hard = -1;
        none = core && sscanf(core, "Max core file size %d %d", &soft, &hard) == 2 && soft == 0 && hard == 0;
    }
    kill(pid, SIGKILL);
    child_wait(pid, harness_deadline());
    assert_true(none);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_is_signed_in_at_first, set_up, tear_down),
        cmocka_unit_test(login_prints_code_and_address_and_waits),
        cmocka_unit_test_setup_teardown(a_sign_in_that_is_denied_or_expires_ends_with_4, set_up, tear_down),
        cmocka_unit_test_setup_teardown(logout_forgets_all_but_unsent_wishes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(logout_without_a_server_forgets_here_and_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_server_remembers_its_own_officer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(queues_and_lists_agree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_has_whole_dossiers_and_pages_through_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_plain_list_shows_the_tail_of_each_code, set_up, tear_down),
        cmocka_unit_test_setup_teardown(show_finds_by_code_and_id, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_locale_and_no_zone_changes_what_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(search_needs_every_word_and_no_tones, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_meant_for_curl_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_core_file_could_hold_a_dossier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_line_reading_goes_on_and_sync_says_3, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

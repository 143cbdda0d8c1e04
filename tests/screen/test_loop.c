/* The screen's ways in and out, on a real terminal: the demo, leaving, hang-up, stop and go, crash, two instances of an officer.
 * What stands on the screens is other tests' business.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/pty.h"
#include "tests/server.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A server that lets mai in, and a home for her. */
struct post {
    struct server *server;
    char *home;
    const char *argv[8];
};

static int set_up(void **state)
{
    struct post *p = calloc(1, sizeof *p);

    harness_keyring();
    p->server = server_start(ARGV("--dossiers", "200", "--auto-approve", "mai"));
    p->home = home_new();
    p->argv[0] = "motcua-t";
    p->argv[1] = "--server";
    p->argv[2] = p->server->base;
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct post *p = *state;

    server_free(&p->server);
    home_free(&p->home);
    free(p);
    return 0;
}

static struct screen *open_screen(struct post *p)
{
    struct screen *s = screen_start(&(struct screen_opts){.argv = p->argv, .home = p->home});

    screen_expect(s, "Hàng việc");
    screen_expect(s, "trực tuyến ·"); /* the line, not the queue */
    return s;
}

static void write_file(const struct post *p, const char *name, const char *text)
{
    char *dir = text_new("%s/config/motcua", p->home), *path = text_new("%s/%s", dir, name);

    mkdir(dir, 0700);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
    free(dir);
    free(path);
}

/* A shell sets its own modes again when it hears of the stop, so it is waited for. */
static void expect_given_back(struct screen *s)
{
    int64_t until = harness_deadline();

    while (!screen_tty_cooked(s) && harness_now() < until)
        screen_read(s, 20);
    assert_true(screen_tty_cooked(s));
    assert_false(screen_alternate(s));
    assert_true(screen_cursor_shown(s));
}

static size_t entries(const char *path)
{
    DIR *dir = opendir(path);
    size_t n = 0;

    for (struct dirent *d; dir && (d = readdir(dir));)
        n += d->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return n;
}

/* ── the demo ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_demo_opens_as_anybody_and_leaves_nothing(void **state)
{
    static const char *const who[][2] = {{"counter", "Trần Thị Mai"}, {"supervisor", "Phạm Minh Quân"}};
    char *home = home_new(), *run = text_new("%s/run", home);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct screen *s = screen_start(
            &(struct screen_opts){.argv = ARGV("motcua-t", "demo", "--role", who[i][0]), .home = home});
        screen_expect(s, "TẬP HUẤN");
        screen_expect(s, who[i][1]);
        assert_int_equal(entries(run), 1);
        screen_key(s, "q");
        assert_int_equal(screen_exit_code(s), 0);
        expect_given_back(s);
        screen_free(&s);
        assert_int_equal(entries(run), 0);
    }
    free(run);
    home_free(&home);
}

/* What a killed one leaves is removed by the next; what a living one has is not. */
static void a_killed_demo_is_cleared_away(void **state)
{
    char *home = home_new(), *run = text_new("%s/run", home);
    const struct screen_opts opts = {.argv = ARGV("motcua-t", "demo"), .home = home};
    struct screen *a = screen_start(&opts), *b;

    (void)state;
    screen_expect(a, "Trần Thị Mai");
    kill(screen_pid(a), SIGKILL);
    screen_exit_code(a);
    screen_free(&a);
    assert_int_equal(entries(run), 1);
    a = screen_start(&opts);
    screen_expect(a, "Trần Thị Mai");
    assert_int_equal(entries(run), 1);
    b = screen_start(&opts);
    screen_expect(b, "Trần Thị Mai");
    assert_int_equal(entries(run), 2);
    screen_key(b, "q");
    assert_int_equal(screen_exit_code(b), 0);
    screen_key(a, "q");
    assert_int_equal(screen_exit_code(a), 0);
    assert_int_equal(entries(run), 0);
    screen_free(&a);
    screen_free(&b);
    free(run);
    home_free(&home);
}

static void the_demo_says_why_it_cannot(void **state)
{
    struct screen *s =
        screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "demo", "--scenario", "no-such-place")});

    (void)state;
    screen_expect(s, "Máy chủ tập huấn không chạy được");
    assert_int_equal(screen_exit_code(s), 1);
    screen_free(&s);
    s = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "demo", "--role", "king")});
    screen_expect(s, "Không ai trong tình huống này là “king”");
    assert_int_equal(screen_exit_code(s), 2);
    screen_free(&s);
}

/* ── leaving ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Opens the list of what came online, when it is there. */
static void open_list(struct screen *s)
{
    screen_expect(s, "Chờ tiếp nhận (trực tuyến)");
    screen_keys(s, "1");
    screen_expect_row(s, 2, "1/");
}

/* Receives the first of the list. */
static void receive_first(struct screen *s)
{
    screen_keys(s, "Enter x 1");
    screen_expect_row(s, -2, "Đã lưu trên máy này");
}

/* How many dossiers the server has in this status. */
static long long at_server(struct post *p, const char *status)
{
    char *token = server_token(p->server, "mai"), *body = text_new("{\"status\":\"%s\",\"limit\":200}", status);
    struct reply reply;

    server_call(p->server, "POST", "/dossiers/search", token, NULL, body, &reply);
    long long n = (long long)json_array_size(reply_at(&reply, "items"));
    reply_clear(&reply);
    free(token);
    free(body);
    return n;
}

static void leaving_ends_the_ten_seconds_and_sends(void **state)
{
    struct post *p = *state;
    long long before = at_server(p, "received");
    struct screen *s = open_screen(p);

    open_list(s);
    receive_first(s);
    assert_int_equal(at_server(p, "received"), before); /* it can still be undone */
    screen_keys(s, "q q q");
    assert_int_equal(screen_exit_code(s), 0);
    expect_given_back(s);
    assert_false(screen_has(s, "chưa gửi")); /* nothing is left, so nothing is said */
    assert_int_equal(at_server(p, "received"), before + 1);
    screen_free(&s);
}

static void leaving_without_a_line_says_what_is_left(void **state)
{
    struct post *p = *state;
    struct screen *s = open_screen(p);

    open_list(s);
    server_kill(p->server);
    receive_first(s);
    screen_keys(s, "q q q");
    assert_int_equal(screen_exit_code(s), 0);
    screen_read(s, 0);
    assert_true(screen_has(s, "Còn 1 việc chưa gửi"));
    screen_free(&s);
}

static void a_hang_up_keeps_everything(void **state)
{
    struct post *p = *state;
    struct screen *s = open_screen(p);
    struct run run;

    open_list(s);
    receive_first(s);
    screen_hangup(s);
    screen_exit_code(s);
    screen_free(&s);
    run_program(&run, ARGV("motcua-t", "outbox", "--json", "--server", p->server->base), NULL, p->home, NULL);
    if (run.status == 4) { /* no keyring here: who it was is forgotten with the process */
        run_clear(&run);
        skip();
    }
    assert_int_equal(run.status, 0);
    assert_non_null(strstr(run.out, "\"receive\""));
    run_clear(&run);
}

static void term_and_int_leave_in_order(void **state)
{
    static const int sigs[] = {SIGTERM, SIGINT};
    struct post *p = *state;

    for (size_t i = 0; i < 2; i++) {
        struct screen *s = open_screen(p);
        kill(screen_pid(s), sigs[i]);
        assert_int_equal(screen_exit_code(s), 0);
        expect_given_back(s);
        screen_free(&s);
    }
}

static void a_crash_gives_the_terminal_back(void **state)
{
    static const int sigs[] = {SIGSEGV, SIGABRT, SIGQUIT};
    struct post *p = *state;

    for (size_t i = 0; i < 3; i++) {
        struct screen *s = open_screen(p);
        kill(screen_pid(s), sigs[i]);
        int status = screen_exit_code(s);
        assert_int_not_equal(status, 0);
        if (!harness_san()) /* a sanitizer ends it in its own way */
            assert_int_equal(status, 128 + sigs[i]);
        expect_given_back(s);
        screen_free(&s);
    }
}

/* ── stop and go, size ───────────────────────────────────────────────────────────────────────────────────────────── */

static void stopped_it_gives_the_lease_back_and_comes_again(void **state)
{
    struct post *p = *state;
    struct screen *s = screen_start(&(struct screen_opts){
        .argv = ARGV("/bin/bash", "--norc", "--noediting", "-i"), .env = ARGV("PS1=shell> "), .home = p->home});
    char *program = build_path("motcua-t"), *line = text_new("%s --server %s\r", program, p->server->base);
    struct run run;

    screen_expect(s, "shell>");
    screen_send(s, line, strlen(line));
    screen_expect(s, "trực tuyến");
    screen_key(s, "Ctrl-Z");
    screen_expect(s, "Stopped");
    expect_given_back(s);
    /* Whoever asks now need not wait for the one that stands still. */
    run_program(&run, ARGV("motcua-t", "sync", "--once", "--server", p->server->base), NULL, p->home, NULL);
    assert_true(run.status == 0 || run.status == 4);
    run_clear(&run);
    screen_send(s, "fg\r", 3);
    screen_expect_row(s, 2, "Hàng việc");
    assert_true(screen_alternate(s));
    screen_key(s, "q");
    screen_expect(s, "shell>");
    expect_given_back(s);
    screen_free(&s);
    free(program);
    free(line);
}

static void it_follows_the_size_of_the_window(void **state)
{
    struct post *p = *state;
    struct screen *s = open_screen(p);

    screen_resize(s, 40, 132);
    screen_expect_row(s, -1, "Quay lại");
    screen_expect_row(s, 1, "trực tuyến");
    screen_resize(s, 10, 40);
    screen_expect_row_gone(s, 2, "Hàng việc");
    screen_resize(s, 24, 80);
    screen_expect_row(s, 2, "Hàng việc");
    screen_key(s, "q");
    assert_int_equal(screen_exit_code(s), 0);
    screen_free(&s);
}

/* ── two instances ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void two_instances_see_each_others_work(void **state)
{
    struct post *p = *state;
    struct screen *a = open_screen(p);
    struct screen *b = screen_start(&(struct screen_opts){.argv = p->argv, .home = p->home});

    screen_expect(b, "Hàng việc");
    if (screen_has(b, "Đăng nhập"))
        skip(); /* no keyring here */
    open_list(b);
    receive_first(b);
    screen_expect_row(a, 1, "chưa gửi 1");
    screen_advance(b, 11);
    screen_advance(a, 11);
    screen_expect_row(a, 1, "chưa gửi 0"); /* sent by who holds the lease */
    screen_expect_row(b, 1, "chưa gửi 0");
    screen_keys(a, "q");
    assert_int_equal(screen_exit_code(a), 0);
    screen_keys(b, "q q q");
    assert_int_equal(screen_exit_code(b), 0);
    screen_free(&a);
    screen_free(&b);
}

/* ── what is wrong with the place ────────────────────────────────────────────────────────────────────────────────── */

static void a_window_that_cannot_show_it_is_told_so(void **state)
{
    struct post *p = *state;
    struct screen *s =
        screen_start(&(struct screen_opts){.argv = p->argv, .home = p->home, .cols = 132, .lang = "vi_VN.TCVN"});

    screen_expect(s, "Đặt LANG=C.UTF-8 rồi mở lại motcua.");
    assert_int_equal(screen_exit_code(s), 2);
    assert_true(screen_tty_cooked(s));
    screen_free(&s);
    s = screen_start(&(struct screen_opts){.argv = p->argv, .home = p->home, .term = "no-such-terminal"});
    screen_expect(s, "cửa sổ dòng lệnh");
    assert_int_equal(screen_exit_code(s), 2);
    screen_free(&s);
}

static void a_bad_line_of_the_keymap_stops_nothing(void **state)
{
    struct post *p = *state;

    write_file(p, "keymap", "bind * F2 act\nbind * F4 unddo\n");
    struct screen *s = screen_start(&(struct screen_opts){.argv = p->argv, .home = p->home, .cols = 132});
    screen_expect(s, "keymap:2: ");
    screen_key(s, "q");
    assert_int_equal(screen_exit_code(s), 0);
    screen_free(&s);
}

static void a_bad_line_of_the_configuration_ends_it(void **state)
{
    struct post *p = *state;

    write_file(p, "config", "theme = dark\n");
    struct screen *s = screen_start(&(struct screen_opts){.argv = p->argv, .home = p->home, .cols = 200});
    screen_expect(s, "config:1: ");
    assert_int_equal(screen_exit_code(s), 1);
    screen_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_opens_as_anybody_and_leaves_nothing),
        cmocka_unit_test(a_killed_demo_is_cleared_away),
        cmocka_unit_test(the_demo_says_why_it_cannot),
        cmocka_unit_test_setup_teardown(leaving_ends_the_ten_seconds_and_sends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaving_without_a_line_says_what_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_hang_up_keeps_everything, set_up, tear_down),
        cmocka_unit_test_setup_teardown(term_and_int_leave_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_crash_gives_the_terminal_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stopped_it_gives_the_lease_back_and_comes_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_follows_the_size_of_the_window, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_instances_see_each_others_work, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_window_that_cannot_show_it_is_told_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bad_line_of_the_keymap_stops_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bad_line_of_the_configuration_ends_it, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

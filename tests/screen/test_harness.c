/* The harness itself, proved on programs that every Debian has: a test that waits for a picture is worth what its waiting is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/pty.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct screen *bash(const char *script)
{
    return screen_start(&(struct screen_opts){.argv = ARGV("/bin/bash", "-c", script)});
}

static void text_comes_and_goes(void **state)
{
    struct screen *s = bash("printf 'Một cửa\\033[3;5Hđây'; read x; printf '\\033[2J\\033[Hhết'; read x");
    char row[200];

    (void)state;
    screen_expect(s, "Một cửa");
    screen_expect_row(s, 3, "đây");
    screen_row(s, 3, row, sizeof row);
    assert_string_equal(row, "    đây");
    screen_expect_cursor(s, 3, 8);
    assert_false(screen_has(s, "hết"));
    screen_key(s, "Enter");
    screen_expect_gone(s, "Một cửa");
    screen_expect_row(s, 1, "hết");
    screen_key(s, "Enter");
    assert_int_equal(screen_exit_code(s), 0);
    screen_free(&s);
    assert_null(s);
}

static void keys_are_the_bytes_of_xterm(void **state)
{
    static const struct {
        const char *name, *bytes;
    } cases[] = {
        {"Enter", "\r"},
        {"Esc", "\033"},
        {"Shift-Tab", "\033[Z"},
        {"F1", "\033OP"},
        {"F12", "\033[24~"},
        {"PgDn", "\033[6~"},
        {"Ctrl-P", "\020"},
        {"Ctrl-d", "\004"},
        {"Alt-s", "\033s"},
        {"Space", " "},
        {"x", "x"},
        {"ư", "ư"},
        {"Backspace", "\177"},
        {"Alt-Right", "\033[1;3C"},
        {"?", "?"},
        {"-", "-"},
    };
    char bytes[16];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(key_bytes(cases[i].name, bytes));
        assert_string_equal(bytes, cases[i].bytes);
    }
    assert_false(key_bytes("Entre", bytes));
    assert_false(key_bytes("F13", bytes));
    assert_false(key_bytes("", bytes));
}

static void keys_and_text_arrive(void **state)
{
    struct screen *s = bash("stty -icanon -echo min 1; echo ready; head -c 16 | od -An -c -w16");

    (void)state;
    screen_expect(s, "ready");
    screen_keys(s, "x Up Ctrl-P");
    screen_type(s, "ab");
    screen_paste(s, "q");
    screen_expect(s, "x 033   O   A 020   a   b 033   [   2   0   0   ~   q 033   [");
    screen_free(&s);
}

static void attributes_title_and_second_screen(void **state)
{
    struct screen *s =
        bash("printf '\\033]0;motcua\\007\\033[?1049h\\033[?25l\\033[1;1H\\033[7mA\\033[0m\\033[1;31mB'; read x; "
             "printf '\\033[0m\\033[?25h\\033[?1049l'; read x");

    (void)state;
    screen_expect(s, "AB");
    assert_string_equal(screen_title(s), "motcua");
    assert_true(screen_attr_at(s, 1, 1).reverse);
    assert_int_equal(screen_attr_at(s, 1, 1).fg, -1);
    assert_true(screen_attr_at(s, 1, 2).bold);
    assert_int_equal(screen_attr_at(s, 1, 2).fg, 1);
    assert_true(screen_alternate(s));
    assert_false(screen_cursor_shown(s));
    screen_key(s, "Enter");
    screen_expect_gone(s, "AB");
    assert_false(screen_alternate(s));
    assert_true(screen_cursor_shown(s));
    screen_free(&s);
}

static void size_and_its_change_are_told(void **state)
{
    struct screen *s = screen_start(&(struct screen_opts){
        .argv = ARGV("/bin/bash", "-c", "trap 'stty size' WINCH; stty size; while :; do read -t 0.05 x; done"),
        .rows = 40,
        .cols = 132,
    });
    int rows, cols;

    (void)state;
    screen_expect(s, "40 132");
    screen_resize(s, 16, 60);
    screen_expect(s, "16 60");
    screen_size(s, &rows, &cols);
    assert_int_equal(rows, 16);
    assert_int_equal(cols, 60);
    screen_free(&s);
}

static void bytes_are_counted(void **state)
{
    struct screen *s = bash("stty -echo; printf abc; read x; printf 12345; read x");

    (void)state;
    screen_expect(s, "abc");
    assert_int_equal(screen_bytes(s), 3);
    screen_bytes_reset(s);
    screen_key(s, "Enter");
    screen_expect(s, "12345");
    assert_int_equal(screen_bytes(s), 5);
    screen_free(&s);
}

static void job_control_and_cooked_mode(void **state)
{
    struct screen *s =
        screen_start(&(struct screen_opts){.argv = ARGV("/bin/bash", "--norc", "-i"), .env = ARGV("PS1=$ ")});

    (void)state;
    screen_expect(s, "$");
    screen_type(s, "trap '' INT; stty raw -echo; printf 'raw '; cat\n");
    screen_expect_row(s, 2, "raw");
    assert_false(screen_tty_cooked(s));
    screen_type(s, "here");
    screen_expect_row(s, 2, "raw here");
    screen_signal(s, SIGSTOP);
    screen_expect(s, "Stopped");
    screen_free(&s);
}

static void a_signal_ends_it(void **state)
{
    struct screen *s = bash("echo up; read x");

    (void)state;
    screen_expect(s, "up");
    screen_signal(s, SIGTERM);
    assert_int_equal(screen_exit_code(s), 128 + SIGTERM);
    screen_free(&s);
    s = bash("echo up; read x");
    screen_expect(s, "up");
    screen_hangup(s);
    assert_int_equal(screen_exit_code(s), 128 + SIGHUP);
    screen_free(&s);
}

static void the_clock_answers(void **state)
{
    /* A program that speaks the protocol: /bin/bash cannot read packets, perl is in every Debian. */
    struct screen *s = screen_start(&(struct screen_opts){
        .argv = ARGV("/usr/bin/perl", "-e",
                     "$|=1; open F, '+<&=', $ENV{MOTCUA_TEST_FD}; print 'up'; while (sysread F, $_, 99) "
                     "{ print qq{<$_>}; syswrite F, 'ok' }"),
    });

    (void)state;
    screen_expect(s, "up");
    screen_advance(s, 10.5);
    screen_expect(s, "<advance 10.500>");
    screen_free(&s);
}

static void homes_are_private_and_go(void **state)
{
    struct screen *s = bash("echo \"$HOME|\"; touch $XDG_STATE_HOME/x; chmod 0 $XDG_STATE_HOME; read x");
    char row[300];
    struct stat st;

    (void)state;
    screen_expect(s, "|");
    screen_row(s, 1, row, sizeof row);
    *strchr(row, '|') = '\0';
    assert_int_equal(stat(row, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    screen_key(s, "Enter");
    assert_int_equal(screen_exit_code(s), 0);
    screen_free(&s);
    assert_int_equal(stat(row, &st), -1);
    assert_int_equal(errno, ENOENT);
}

static void programs_run_to_their_end(void **state)
{
    struct run run;

    (void)state;
    run_program(&run, ARGV("/bin/bash", "-c", "read x; echo \"$A:$x\"; echo no >&2; exit 5"), ARGV("A=b"),
                NULL, "in\n");
    assert_int_equal(run.status, 5);
    assert_string_equal(run.out, "b:in\n");
    assert_string_equal(run.err, "no\n");
    run_clear(&run);
    run_program(&run, ARGV("/bin/bash", "-c", "kill -KILL $$"), NULL, NULL, NULL);
    assert_int_equal(run.status, 128 + SIGKILL);
    run_clear(&run);
}

static void golden_takes_out_what_is_later(void **state)
{
    static const char picture[] = " Hàng việc  \n a  n Hồ sơ mới  / Tìm\n nháp\n dưới\n";
    char *why;
    char *text = golden_expected("p", picture, "# p\np 2 cut |n Hồ sơ mới  |\np 3 gone 4\nq 1 cut |x|\n", &why);

    (void)state;
    assert_string_equal(text, " Hàng việc\n a  / Tìm\n dưới\n\n");
    free(text);
    text = golden_expected("p", picture, "p 2 blank |n Hồ sơ mới  |\n", &why);
    assert_string_equal(text, " Hàng việc\n a               / Tìm\n nháp\n dưới\n");
    free(text);
    assert_null(golden_expected("p", picture, "p 2 cut |không có|\n", &why));
    assert_non_null(strstr(why, "không có"));
    free(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_comes_and_goes),
        cmocka_unit_test(keys_are_the_bytes_of_xterm),
        cmocka_unit_test(keys_and_text_arrive),
        cmocka_unit_test(attributes_title_and_second_screen),
        cmocka_unit_test(size_and_its_change_are_told),
        cmocka_unit_test(bytes_are_counted),
        cmocka_unit_test(job_control_and_cooked_mode),
        cmocka_unit_test(a_signal_ends_it),
        cmocka_unit_test(the_clock_answers),
        cmocka_unit_test(homes_are_private_and_go),
        cmocka_unit_test(programs_run_to_their_end),
        cmocka_unit_test(golden_takes_out_what_is_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

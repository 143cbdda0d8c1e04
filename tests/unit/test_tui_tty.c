/* The terminal is taken with care and given back whatever happened; what cannot be used is refused with a sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_window.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static void assert_same_modes(const struct termios *a, const struct termios *b)
{
    assert_int_equal(a->c_iflag, b->c_iflag);
    assert_int_equal(a->c_oflag, b->c_oflag);
    assert_int_equal(a->c_cflag, b->c_cflag);
    assert_int_equal(a->c_lflag, b->c_lflag);
    assert_memory_equal(a->c_cc, b->c_cc, sizeof a->c_cc);
}

static void modes_are_taken_and_given_back(void **state)
{
    struct window w;
    struct termios before, during, after;

    window_new(&w, 24, 80);
    tcgetattr(w.theirs, &before);
    struct term *t = window_open(&w, THEME_DEFAULT);
    tcgetattr(w.theirs, &during);
    assert_false(during.c_lflag & (ICANON | ECHO));
    assert_true(during.c_lflag & ISIG); /* Ctrl-Z stays the shell's */
    assert_int_equal(during.c_cc[VINTR], _POSIX_VDISABLE);
    assert_int_equal(during.c_cc[VSUSP], before.c_cc[VSUSP]);
    assert_false(fcntl(w.theirs, F_GETFL) & O_NONBLOCK); /* the shell's description is not touched */
    term_close(&t);
    window_read(&w);
    tcgetattr(w.theirs, &after);
    assert_same_modes(&after, &before);
    assert_false(w.alternate);
    assert_true(window_got(&w, "\033[?2004l"));
    window_free(&w);
}

static void a_crash_gives_it_back_too(void **state)
{
    struct window w;
    struct termios before, after;
    struct canvas *c = canvas_new(24, 80);

    window_new(&w, 24, 80);
    tcgetattr(w.theirs, &before);
    struct term *t = window_open(&w, THEME_DEFAULT);
    window_list(c, 4);
    window_show(&w, t, c);
    term_restore_now();
    window_read(&w);
    tcgetattr(w.theirs, &after);
    assert_same_modes(&after, &before);
    assert_false(w.alternate);
    window_bytes_reset(&w);
    term_restore_now(); /* once is enough */
    term_close(&t);
    window_read(&w);
    assert_int_equal(w.n, 0);
    canvas_free(&c);
    window_free(&w);
}

static void suspended_and_back(void **state)
{
    struct window w;
    struct termios during;
    struct canvas *c = canvas_new(24, 80);

    window_new(&w, 24, 80);
    struct term *t = window_open(&w, THEME_DEFAULT);
    window_list(c, 4);
    window_show(&w, t, c);
    term_suspend(t);
    window_read(&w);
    assert_false(w.alternate);
    tcgetattr(w.theirs, &during);
    assert_true(during.c_lflag & ICANON);
    vterm_screen_reset(w.screen, 1); /* the shell has used the screen */
    term_resume(t);
    window_show(&w, t, c);
    assert_true(w.alternate);
    window_shows(&w, c, 1);
    term_close(&t);
    canvas_free(&c);
    window_free(&w);
}

static void leaving_does_not_wait_for_a_stuck_line(void **state)
{
    struct window w;
    struct termios after;
    struct canvas *c = canvas_new(200, 400);

    window_new(&w, 200, 400);
    struct term *t = window_open(&w, THEME_DEFAULT);
    for (int frame = 0; !term_pending(t); frame++) {
        assert_true(frame < 1000);
        for (int row = 0; row < 200; row++)
            canvas_format(c, row, 0, -1, STYLE_TEXT, "%0399d", row + frame);
        term_show(t, c);
    }
    int64_t began = harness_now();
    term_close(&t);
    assert_in_range(harness_now() - began, 0, 5000);
    tcgetattr(w.theirs, &after);
    assert_true(after.c_lflag & ICANON);
    canvas_free(&c);
    window_free(&w);
}

static void a_dead_line_is_told(void **state)
{
    struct window w;
    struct input *in = input_new();
    struct key key;
    int wait;

    window_new(&w, 24, 80);
    struct term *t = window_open(&w, THEME_DEFAULT);
    assert_true(term_read(t, in, 0));
    assert_int_equal(write(w.ours, "\033[A", 3), 3);
    assert_true(term_read(t, in, 0));
    assert_true(input_next(in, false, 0, &key, &wait));
    assert_int_equal(key.name, KEY_NAME_UP);
    close(w.ours);
    w.ours = -1;
    assert_false(term_read(t, in, 0));
    term_close(&t);
    input_free(&in);
    window_free(&w);
}

static void refused(int fd, const char *words)
{
    struct err e = {0};
    struct term *t = NULL;

    assert_false(term_open(fd, THEME_DEFAULT, false, &t, &e));
    assert_null(t);
    assert_int_equal(e.code, ERR_CONFIG);
    assert_non_null(strstr(e.text, words));
}

static void what_cannot_be_used_is_refused(void **state)
{
    static const char *const terms[] = {"dumb", "", "no-such-terminal", "unknown"};
    static const char *const charsets[][2] = {
        {"LC_ALL", "C"}, {"LC_ALL", "vi_VN.TCVN"}, {"LC_CTYPE", "POSIX"}, {"LANG", "en_US.ISO-8859-1"}};
    struct window w;
    struct termios before, after;
    int ends[2];

    window_new(&w, 24, 80);
    tcgetattr(w.theirs, &before);
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        setenv("TERM", terms[i], 1);
        refused(w.theirs, "terminal");
    }
    unsetenv("TERM");
    refused(w.theirs, "terminal");
    setenv("TERM", "xterm-256color", 1);
    assert_int_equal(pipe(ends), 0);
    refused(ends[0], "terminal");
    close(ends[0]);
    close(ends[1]);
    unsetenv("LANG");
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
        setenv(charsets[i][0], charsets[i][1], 1);
        refused(w.theirs, "LANG=C.UTF-8");
        unsetenv(charsets[i][0]);
    }
    window_read(&w);
    assert_int_equal(w.n, 0); /* not a byte, no mode */
    tcgetattr(w.theirs, &after);
    assert_same_modes(&after, &before);
    window_free(&w);
}

static void locales_that_will_do(void **state)
{
    static const char *const values[] = {NULL,   "", "C.UTF-8", "C.utf8", "vi_VN.UTF-8", "vi_VN.UTF-8@tones",
                                         "vi_XX"};
    struct window w;

    window_new(&w, 24, 80);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (values[i])
            setenv("LANG", values[i], 1);
        else
            unsetenv("LANG");
        struct term *t = window_open(&w, THEME_DEFAULT);
        term_close(&t);
    }
    setenv("LANG", "C.UTF-8", 1);
    window_free(&w);
}

static void signals_stay_the_loops(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    struct window w;
    struct sigaction now;

    window_new(&w, 24, 80);
    struct term *t = window_open(&w, THEME_DEFAULT);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], NULL, &now);
        assert_true(now.sa_handler == SIG_DFL);
    }
    term_close(&t);
    window_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes_are_taken_and_given_back),
        cmocka_unit_test(a_crash_gives_it_back_too),
        cmocka_unit_test(suspended_and_back),
        cmocka_unit_test(leaving_does_not_wait_for_a_stuck_line),
        cmocka_unit_test(a_dead_line_is_told),
        cmocka_unit_test(what_cannot_be_used_is_refused),
        cmocka_unit_test(locales_that_will_do),
        cmocka_unit_test(signals_stay_the_loops),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

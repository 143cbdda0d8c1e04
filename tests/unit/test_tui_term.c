/* The terminal: what arrives there, how few bytes it takes, and that it is given back whatever happened.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_window.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct term *open_on(struct window *w, enum theme_id theme)
{
    struct err e = {0};
    struct term *t = NULL;

    if (!term_open(w->theirs, theme, false, &t, &e))
        fail_at(HERE, "%s", e.text);
    assert_int_equal(e.code, ERR_NONE);
    return t;
}

/* The window has the canvas's row. */
static void assert_shown(struct window *w, const struct canvas *c, int row)
{
    char *wanted = canvas_row(c, row);

    assert_string_equal(window_row(w, row), wanted);
    free(wanted);
}

/* A list as the dossiers' view draws one: marks and code are the focus. */
static void draw_list(struct canvas *c, int focus)
{
    canvas_clear(c);
    canvas_style(c, 0, 0, c->cols, STYLE_STATUS);
    canvas_put(c, 0, 1, -1, STYLE_STATUS, "TT. Ngãi Giao · Trần Thị Mai");
    canvas_put(c, 1, 1, -1, STYLE_TITLE, "Việc của tôi · xếp theo hạn");
    char position[16];
    snprintf(position, sizeof position, "%d/26", focus);
    canvas_put_right(c, 1, c->cols - 1, STYLE_TITLE, position);
    for (int row = 3; row < c->rows - 2; row++) {
        enum style style = row == focus ? STYLE_FOCUS : STYLE_TEXT;
        canvas_put(c, row, 0, -1, style, row == focus ? ">   " : "    ");
        canvas_format(c, row, 4, -1, style, "000.25.33.H06-221228-%04d", row);
        canvas_put(c, row, 30, -1, STYLE_TEXT, "Nguyễn Thị Đào         Đăng ký khai sinh      Mới ĐK");
    }
    canvas_cursor(c, focus, 0);
}

static void a_frame_arrives(void **state)
{
    struct window w;
    struct canvas *c = canvas_new(24, 80);

    window_new(&w, 24, 80);
    struct term *t = open_on(&w, THEME_DEFAULT);
    draw_list(c, 5);
    canvas_clear_rows(c, 10, 1);
    canvas_put(c, 10, 0, -1, STYLE_OVERDUE, "!! quá hạn “ba” ‹07› 東 cuối");
    window_show(&w, t, c);
    assert_true(w.alternate);
    assert_string_equal(w.title, "motcua");
    assert_true(window_got(&w, "\033[?2004h"));
    assert_shown(&w, c, 1);
    assert_shown(&w, c, 10);
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(w.vterm), &at);
    assert_int_equal(at.row, 5);
    assert_int_equal(at.col, 0);
    assert_true(window_cell(&w, 5, 0).attrs.reverse);
    assert_false(window_cell(&w, 5, 40).attrs.reverse);
    assert_true(window_cell(&w, 0, 79).attrs.reverse);
    assert_false(window_got(&w, "\033[?25l"));
    term_close(&t);
    assert_null(t);
    canvas_free(&c);
    window_free(&w);
}

static size_t bytes_of_a_move(enum theme_id theme, const char *name)
{
    struct window w;
    struct canvas *c = canvas_new(40, 120);

    setenv("TERM", name, 1);
    window_new(&w, 40, 120);
    struct term *t = open_on(&w, theme);
    draw_list(c, 10);
    window_show(&w, t, c);
    window_bytes_reset(&w);
    draw_list(c, 11);
    window_show(&w, t, c);
    size_t n = w.n;
    assert_true(strncmp(window_row(&w, 11), ">   000", 7) == 0);
    assert_true(strncmp(window_row(&w, 10), "    000", 7) == 0);
    window_bytes_reset(&w);
    window_show(&w, t, c);
    assert_int_equal(w.n, 0); /* nothing changed: not a byte */
    term_close(&t);
    canvas_free(&c);
    window_free(&w);
    setenv("TERM", "xterm-256color", 1);
    return n;
}

static void a_line_down_is_cheap(void **state)
{
    assert_in_range(bytes_of_a_move(THEME_DEFAULT, "xterm-256color"), 20, 107);
    assert_in_range(bytes_of_a_move(THEME_MARKER, "xterm-256color"), 10, 34);
    assert_in_range(bytes_of_a_move(THEME_DEFAULT, "linux"), 20, 107);
}

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
    struct term *t = open_on(&w, THEME_DEFAULT);
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
    struct term *t = open_on(&w, THEME_DEFAULT);
    draw_list(c, 4);
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
    struct term *t = open_on(&w, THEME_DEFAULT);
    draw_list(c, 4);
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
    assert_shown(&w, c, 1);
    term_close(&t);
    canvas_free(&c);
    window_free(&w);
}

/* Nobody reads: frames wait, none is lost or cut, and nothing blocks. */
static void a_stuck_line_holds_up_nothing(void **state)
{
    struct window w;
    struct canvas *c = canvas_new(200, 400);
    int frame = 0;

    window_new(&w, 200, 400);
    struct term *t = open_on(&w, THEME_DEFAULT);
    for (bool shown = true; shown; frame++) {
        assert_true(frame < 1000);
        for (int row = 0; row < 200; row++)
            for (int col = 0; col < 390; col += 10)
                canvas_format(c, row, col, -1, STYLE_TEXT, "%d·", (row * 7919 + col * 31 + frame) % 100000);
        shown = term_show(t, c);
    }
    assert_true(term_pending(t));
    assert_false(term_show(t, c));
    window_show(&w, t, c);
    for (int row = 0; row < 200; row++)
        assert_shown(&w, c, row);
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
    struct term *t = open_on(&w, THEME_DEFAULT);
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
    struct term *t = open_on(&w, THEME_DEFAULT);
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

static void sizes_of_every_kind(void **state)
{
    static const struct {
        int rows, cols, wanted_rows, wanted_cols;
    } cases[] = {{16, 60, 16, 60},          {1, 1, 1, 1},    {40, 132, 40, 132}, {0, 0, 24, 80},
                 {60000, 60000, 512, 1024}, {2, 300, 2, 300}};
    struct window w;
    struct canvas *c = canvas_new(24, 80);
    int rows = 0, cols = 0;

    window_new(&w, 24, 80);
    struct term *t = open_on(&w, THEME_DEFAULT);
    assert_true(term_resized(t, &rows, &cols)); /* nobody was told yet */
    assert_false(term_resized(t, &rows, &cols));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        window_resize(&w, cases[i].rows, cases[i].cols);
        assert_true(term_resized(t, &rows, &cols));
        assert_int_equal(rows, cases[i].wanted_rows);
        assert_int_equal(cols, cases[i].wanted_cols);
        draw_list(c, 3); /* one frame of the old size may still come */
        window_show(&w, t, c);
        canvas_resize(c, rows, cols);
        draw_list(c, rows > 3 ? 3 : 0);
        window_show(&w, t, c);
        if (rows == 40)
            assert_shown(&w, c, 20);
    }
    term_close(&t);
    canvas_free(&c);
    window_free(&w);
}

static void no_color_is_obeyed(void **state)
{
    struct window w;
    struct canvas *c = canvas_new(24, 80);

    setenv("NO_COLOR", "1", 1);
    window_new(&w, 24, 80);
    struct term *t = open_on(&w, THEME_DEFAULT);
    for (int style = 0; style < STYLE_COUNT; style++)
        if (style != STYLE_QR)
            canvas_put(c, style, 0, -1, (enum style)style, "chữ");
    window_show(&w, t, c);
    for (int colour = 30; colour < 38; colour++) {
        char bytes[2][8];
        snprintf(bytes[0], 8, "%dm", colour);
        snprintf(bytes[1], 8, "%dm", colour + 10);
        assert_false(window_got(&w, bytes[0]));
        assert_false(window_got(&w, bytes[1]));
    }
    assert_true(window_cell(&w, STYLE_ERROR, 0).attrs.reverse);
    canvas_put(c, 20, 0, -1, STYLE_QR, "█"); /* a scanner needs black on white all the same */
    window_show(&w, t, c);
    assert_true(window_got(&w, "47m"));
    term_close(&t);
    unsetenv("NO_COLOR");
    canvas_free(&c);
    window_free(&w);
}

static void a_theme_is_changed(void **state)
{
    struct window w;
    struct canvas *c = canvas_new(24, 80);

    window_new(&w, 24, 80);
    struct term *t = open_on(&w, THEME_DEFAULT);
    canvas_put(c, 0, 0, -1, STYLE_FOCUS, "> dòng");
    canvas_put(c, 1, 0, -1, STYLE_TODAY, "hôm nay");
    window_show(&w, t, c);
    assert_true(window_cell(&w, 0, 0).attrs.reverse);
    assert_true(window_got(&w, "33m"));
    term_set_theme(t, THEME_MARKER);
    window_show(&w, t, c);
    assert_false(window_cell(&w, 0, 0).attrs.reverse);
    term_set_theme(t, THEME_LIGHT);
    window_bytes_reset(&w);
    window_show(&w, t, c);
    assert_true(window_got(&w, "38;5;94m"));
    term_close(&t);
    canvas_free(&c);
    window_free(&w);
}

static void symbols_in_ascii(void **state)
{
    struct window w;
    struct err e = {0};
    struct term *t = NULL;
    struct canvas *c = canvas_new(24, 80);

    window_new(&w, 24, 80);
    assert_true(term_open(w.theirs, THEME_DEFAULT, true, &t, &e));
    assert_false(term_half_blocks(t));
    canvas_put(c, 0, 0, -1, STYLE_TEXT, "· … – “ ” ’ ‹ › × ≠ » ← ↑ → ↓ │ ─ █ ░ Đặng~");
    window_show(&w, t, c);
    assert_string_equal(window_row(&w, 0), ". $ - \" \" ' < > x # > < ^ > v | - # . Đặng~");
    term_close(&t);
    canvas_free(&c);
    window_free(&w);
}

/* What the C library measures otherwise than the canvas must not shift its row. */
static void a_cell_keeps_its_place(void **state)
{
    struct window w;
    struct canvas *c = canvas_new(24, 80);

    window_new(&w, 24, 80);
    struct term *t = open_on(&w, THEME_DEFAULT);
    canvas_put(c, 0, 0, -1, STYLE_TEXT, "a.b.c");
    snprintf(c->cells[1].text, sizeof c->cells[1].text, "東");
    snprintf(c->cells[3].text, sizeof c->cells[3].text, "\xff");
    window_show(&w, t, c);
    assert_string_equal(window_row(&w, 0), "a?b?c");
    canvas_put(c, 0, 0, -1, STYLE_TEXT, "東x");
    window_show(&w, t, c);
    assert_string_equal(window_row(&w, 0), "東x?c");
    canvas_put(c, 0, 0, -1, STYLE_TEXT, "ab");
    window_show(&w, t, c);
    assert_string_equal(window_row(&w, 0), "abx?c");
    term_close(&t);
    canvas_free(&c);
    window_free(&w);
}

static void other_terminals(void **state)
{
    static const struct {
        const char *term;
        bool half_blocks, alternate, title;
    } cases[] = {{"linux", false, false, false},
                 {"putty-256color", true, true, true},
                 {"vt100", true, false, false},
                 {"tmux-256color", true, true, true},
                 {"xterm-nobody-knows", true, true, true},
                 {"xterm", true, true, true}};
    struct canvas *c = canvas_new(24, 80);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct window w;
        setenv("TERM", cases[i].term, 1);
        window_new(&w, 24, 80);
        struct term *t = open_on(&w, THEME_DEFAULT);
        draw_list(c, 7);
        window_show(&w, t, c);
        assert_shown(&w, c, 7);
        assert_int_equal(term_half_blocks(t), cases[i].half_blocks);
        assert_int_equal(w.alternate, cases[i].alternate);
        assert_int_equal(window_got(&w, "\033]2;motcua\a"), cases[i].title);
        term_close(&t);
        window_read(&w);
        if (!cases[i].alternate) /* nothing of a dossier stays behind */
            assert_string_equal(window_row(&w, 7), "");
        window_free(&w);
    }
    setenv("TERM", "xterm-256color", 1);
    canvas_free(&c);
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
        struct term *t = open_on(&w, THEME_DEFAULT);
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
    struct term *t = open_on(&w, THEME_DEFAULT);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], NULL, &now);
        assert_true(now.sa_handler == SIG_DFL);
    }
    term_close(&t);
    window_free(&w);
}

static void terminfo_teaches_keys(void **state)
{
    struct window w;
    struct input *in = input_new();
    struct key key;
    int wait;

    setenv("TERM", "linux", 1);
    window_new(&w, 24, 80);
    struct term *t = open_on(&w, THEME_DEFAULT);
    term_map_keys(t, in);
    input_feed(in, "\033[[A\033[1~\033\t", 10, 0);
    assert_true(input_next(in, true, 100, &key, &wait));
    assert_int_equal(key.name, KEY_NAME_F1);
    assert_true(input_next(in, true, 100, &key, &wait));
    assert_int_equal(key.name, KEY_NAME_HOME);
    assert_true(input_next(in, true, 100, &key, &wait)); /* linux: kcbt=\E\011 */
    assert_int_equal(key.name, KEY_NAME_SHIFT_TAB);
    term_close(&t);
    setenv("TERM", "xterm-256color", 1);
    input_free(&in);
    window_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_arrives),
        cmocka_unit_test(a_line_down_is_cheap),
        cmocka_unit_test(modes_are_taken_and_given_back),
        cmocka_unit_test(a_crash_gives_it_back_too),
        cmocka_unit_test(suspended_and_back),
        cmocka_unit_test(a_stuck_line_holds_up_nothing),
        cmocka_unit_test(leaving_does_not_wait_for_a_stuck_line),
        cmocka_unit_test(a_dead_line_is_told),
        cmocka_unit_test(sizes_of_every_kind),
        cmocka_unit_test(no_color_is_obeyed),
        cmocka_unit_test(a_theme_is_changed),
        cmocka_unit_test(symbols_in_ascii),
        cmocka_unit_test(a_cell_keeps_its_place),
        cmocka_unit_test(other_terminals),
        cmocka_unit_test(what_cannot_be_used_is_refused),
        cmocka_unit_test(locales_that_will_do),
        cmocka_unit_test(signals_stay_the_loops),
        cmocka_unit_test(terminfo_teaches_keys),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Frames: what arrives in the window, and how few bytes it takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_window.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void a_frame_arrives(void **state)
{
    struct window w;
    struct canvas *c = canvas_new(24, 80);

    window_new(&w, 24, 80);
    struct term *t = window_open(&w, THEME_DEFAULT);
    window_list(c, 5);
    canvas_clear_rows(c, 10, 1);
    canvas_put(c, 10, 0, -1, STYLE_OVERDUE, "!! quá hạn “ba” ‹07› 東 cuối");
    window_show(&w, t, c);
    assert_true(w.alternate);
    assert_string_equal(w.title, "motcua");
    assert_true(window_got(&w, "\033[?2004h"));
    window_shows(&w, c, 1);
    window_shows(&w, c, 10);
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
    struct term *t = window_open(&w, theme);
    window_list(c, 10);
    window_show(&w, t, c);
    window_bytes_reset(&w);
    window_list(c, 11);
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

/* Nobody reads: frames wait, none is lost or cut, and nothing blocks. */
static void a_stuck_line_holds_up_nothing(void **state)
{
    struct window w;
    struct canvas *c = canvas_new(200, 400);
    int frame = 0;

    window_new(&w, 200, 400);
    struct term *t = window_open(&w, THEME_DEFAULT);
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
        window_shows(&w, c, row);
    term_close(&t);
    canvas_free(&c);
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
    struct term *t = window_open(&w, THEME_DEFAULT);
    assert_true(term_resized(t, &rows, &cols)); /* nobody was told yet */
    assert_false(term_resized(t, &rows, &cols));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        window_resize(&w, cases[i].rows, cases[i].cols);
        assert_true(term_resized(t, &rows, &cols));
        assert_int_equal(rows, cases[i].wanted_rows);
        assert_int_equal(cols, cases[i].wanted_cols);
        window_list(c, 3); /* one frame of the old size may still come */
        window_show(&w, t, c);
        canvas_resize(c, rows, cols);
        window_list(c, rows > 3 ? 3 : 0);
        window_show(&w, t, c);
        if (rows == 40)
            window_shows(&w, c, 20);
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
    struct term *t = window_open(&w, THEME_DEFAULT);
    for (int style = 0; style < STYLE_COUNT; style++)
        if (style != STYLE_QR && style != STYLE_QR_DARK)
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
    canvas_put(c, 20, 1, -1, STYLE_QR_DARK, " ");
    window_show(&w, t, c);
    assert_true(window_got(&w, "47m"));
    assert_true(window_got(&w, "40m"));
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
    struct term *t = window_open(&w, THEME_DEFAULT);
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
    struct term *t = window_open(&w, THEME_DEFAULT);
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
        struct term *t = window_open(&w, THEME_DEFAULT);
        window_list(c, 7);
        window_show(&w, t, c);
        window_shows(&w, c, 7);
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

static void terminfo_teaches_keys(void **state)
{
    struct window w;
    struct input *in = input_new();
    struct key key;
    int wait;

    setenv("TERM", "linux", 1);
    window_new(&w, 24, 80);
    struct term *t = window_open(&w, THEME_DEFAULT);
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
        cmocka_unit_test(a_stuck_line_holds_up_nothing),
        cmocka_unit_test(sizes_of_every_kind),
        cmocka_unit_test(no_color_is_obeyed),
        cmocka_unit_test(a_theme_is_changed),
        cmocka_unit_test(symbols_in_ascii),
        cmocka_unit_test(a_cell_keeps_its_place),
        cmocka_unit_test(other_terminals),
        cmocka_unit_test(terminfo_teaches_keys),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Cells: what is put stands where it was put, in columns, and nothing raw gets in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"
#include "tui/canvas.h"

#include <stdlib.h>
#include <string.h>

static void row_is(const struct canvas *c, int row, const char *wanted)
{
    char *text = canvas_row(c, row);

    assert_string_equal(text, wanted);
    free(text);
}

static const struct cell *at(const struct canvas *c, int row, int col)
{
    return &c->cells[row * c->cols + col];
}

static void text_is_put_by_columns(void **state)
{
    struct canvas *c = canvas_new(3, 20);

    assert_int_equal(canvas_put(c, 0, 2, -1, STYLE_TITLE, "Nguyễn Thị Đào"), 14);
    row_is(c, 0, "  Nguyễn Thị Đào");
    assert_string_equal(at(c, 0, 6)->text, "ễ");
    assert_int_equal(at(c, 0, 6)->style, STYLE_TITLE);
    assert_int_equal(at(c, 0, 1)->style, STYLE_TEXT);
    assert_int_equal(canvas_put(c, 1, 0, -1, STYLE_TEXT, "x\u0302\u0301y"), 2); /* one letter with its marks, one cell */
    assert_string_equal(at(c, 1, 0)->text, "x\u0302\u0301");
    assert_string_equal(at(c, 1, 1)->text, "y");
    assert_int_equal(canvas_format(c, 2, 0, -1, STYLE_TEXT, "%d/%d", 5, 26), 4);
    row_is(c, 2, "5/26");
    canvas_free(&c);
    assert_null(c);
}

static void text_is_clipped(void **state)
{
    struct canvas *c = canvas_new(2, 6);

    assert_int_equal(canvas_put(c, 0, 3, -1, STYLE_TEXT, "abcdef"), 3);
    row_is(c, 0, "   abc");
    assert_int_equal(canvas_put(c, 1, 0, 2, STYLE_TEXT, "xyz"), 2);
    row_is(c, 1, "xy");
    assert_int_equal(canvas_put(c, 7, 0, -1, STYLE_TEXT, "x"), 0);
    assert_int_equal(canvas_put(c, -1, 0, -1, STYLE_TEXT, "x"), 0);
    assert_int_equal(canvas_put(c, 0, 9, -1, STYLE_TEXT, "x"), 0);
    assert_int_equal(canvas_put(c, 0, 0, 0, STYLE_TEXT, "x"), 0);
    assert_int_equal(canvas_put(c, 0, 0, -1, STYLE_TEXT, NULL), 0);
    canvas_put(c, 1, -2, -1, STYLE_TEXT, "12345"); /* what is left of the edge is not seen, the rest keeps its place */
    row_is(c, 1, "345");
    canvas_free(&c);
}

static void right_aligned(void **state)
{
    struct canvas *c = canvas_new(2, 12);

    assert_int_equal(canvas_put_right(c, 0, 11, STYLE_TEXT, "09:42"), 6);
    row_is(c, 0, "      09:42");
    assert_int_equal(canvas_put_right(c, 1, 4, STYLE_TEXT, "quá dài"), 0);
    row_is(c, 1, "quá");
    canvas_free(&c);
}

static void wide_letters_hang_together(void **state)
{
    struct canvas *c = canvas_new(1, 8);

    assert_int_equal(canvas_put(c, 0, 0, -1, STYLE_TEXT, "a東b"), 4);
    assert_int_equal(at(c, 0, 1)->width, 2);
    assert_int_equal(at(c, 0, 2)->width, 0);
    assert_string_equal(at(c, 0, 2)->text, "");
    row_is(c, 0, "a東b");
    canvas_put(c, 0, 2, -1, STYLE_TEXT, "x"); /* over its right half: the left one goes too */
    row_is(c, 0, "a xb");
    canvas_put(c, 0, 4, -1, STYLE_TEXT, "京");
    canvas_put(c, 0, 4, -1, STYLE_TEXT, "y"); /* over its left half */
    row_is(c, 0, "a xby");
    assert_int_equal(canvas_put(c, 0, 7, -1, STYLE_TEXT, "東"), 0); /* half a letter is none */
    row_is(c, 0, "a xby");
    canvas_put(c, 0, 2, -1, STYLE_TEXT, "東");
    canvas_put(c, 0, 3, -1, STYLE_TEXT, "京"); /* over the right half of one: both are whole again */
    row_is(c, 0, "a  京");
    canvas_free(&c);
}

static void nothing_raw_gets_in(void **state)
{
    struct canvas *c = canvas_new(2, 40);

    canvas_put(c, 0, 0, -1, STYLE_TEXT, "\033[2Jx\ny\x7fz");
    row_is(c, 0, "‹1B›[2Jx y‹7F›z");
    canvas_put(c, 0, 0, -1, STYLE_TEXT, "\u202egiả \xc2\x9b[2J\u200b"); /* what has no byte below 0x20 as well */
    row_is(c, 0, "‹202E›giả ‹9B›[2J‹200B›");
    for (int col = 0; col < 12; col++) /* ‹202E›giả ‹ */
        assert_int_equal(at(c, 0, col)->style, col < 6 || col > 9 ? STYLE_DAMAGED : STYLE_TEXT);
    canvas_put(c, 1, 0, -1, STYLE_TITLE, "‹đào› ‹A› ‹0000000› ‹1B"); /* no marks */
    for (int col = 0; col < 22; col++)
        assert_int_equal(at(c, 1, col)->style, STYLE_TITLE);
    for (int i = 0; i < 80; i++)
        for (const char *b = c->cells[i].text; *b; b++)
            assert_true((unsigned char)*b >= 0x20 && *b != 0x7f);
    canvas_put(c, 1, 0, -1, STYLE_TEXT,
               "e\u0302\u0301\u0302\u0301\u0302\u0301\u0302\u0301!"); /* more marks than a cell holds */
    assert_string_equal(at(c, 1, 0)->text, "ế\u0302\u0301");
    assert_string_equal(at(c, 1, 1)->text, "!");
    canvas_free(&c);
}

static void styles_fills_and_rows(void **state)
{
    struct canvas *c = canvas_new(4, 10);

    canvas_put(c, 1, 0, -1, STYLE_TEXT, "0123456789");
    canvas_style(c, 1, 2, 3, STYLE_FOCUS);
    for (int col = 0; col < 10; col++)
        assert_int_equal(at(c, 1, col)->style, col >= 2 && col < 5 ? STYLE_FOCUS : STYLE_TEXT);
    canvas_style(c, 2, 4, -1, STYLE_STATUS);
    assert_int_equal(at(c, 2, 3)->style, STYLE_TEXT);
    assert_int_equal(at(c, 2, 9)->style, STYLE_STATUS);
    canvas_fill(c, 3, 2, 4, STYLE_TITLE, "─");
    row_is(c, 3, "  ────");
    canvas_fill(c, 3, 8, -1, STYLE_TITLE, "x");
    row_is(c, 3, "  ────  xx");
    canvas_clear_rows(c, 1, 2);
    row_is(c, 1, "");
    assert_int_equal(at(c, 2, 9)->style, STYLE_TEXT);
    row_is(c, 3, "  ────  xx");
    canvas_clear_rows(c, -1, 99);
    row_is(c, 3, "");
    canvas_free(&c);
}

static void the_cursor_stays_inside(void **state)
{
    struct canvas *c = canvas_new(4, 10);

    canvas_cursor(c, 9, 99);
    assert_int_equal(c->cursor_row, 3);
    assert_int_equal(c->cursor_col, 9);
    canvas_cursor(c, -1, -1);
    assert_int_equal(c->cursor_row, 0);
    assert_int_equal(c->cursor_col, 0);
    canvas_cursor(c, 2, 5);
    canvas_clear(c);
    assert_int_equal(c->cursor_row, 0);
    canvas_free(&c);
}

static void any_size(void **state)
{
    static const int sizes[][2] = {{1, 1}, {16, 60}, {0, 0}, {-3, 5}, {200, 500}, {2, 1}};
    struct canvas *c = canvas_new(24, 80);

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        canvas_put(c, 0, 0, -1, STYLE_FOCUS, "đầy");
        canvas_resize(c, sizes[i][0], sizes[i][1]);
        assert_int_equal(c->rows, sizes[i][0] > 0 ? sizes[i][0] : 1);
        assert_int_equal(c->cols, sizes[i][1] > 0 ? sizes[i][1] : 1);
        row_is(c, 0, "");
        assert_int_equal(at(c, c->rows - 1, c->cols - 1)->style, STYLE_TEXT);
        canvas_put(c, c->rows - 1, 0, -1, STYLE_TEXT, "dòng cuối");
    }
    char *none = canvas_row(c, 7);
    assert_string_equal(none, "");
    free(none);
    canvas_free(&c);
    canvas_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_put_by_columns),  cmocka_unit_test(text_is_clipped),
        cmocka_unit_test(right_aligned),           cmocka_unit_test(wide_letters_hang_together),
        cmocka_unit_test(nothing_raw_gets_in),     cmocka_unit_test(styles_fills_and_rows),
        cmocka_unit_test(the_cursor_stays_inside), cmocka_unit_test(any_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

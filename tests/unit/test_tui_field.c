/* Fields: letters, not bytes, under the cursor; lists that scroll.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"
#include "tests/harness.h"
#include "tui/field.h"

#include <stdlib.h>
#include <string.h>

static struct field f;

static int fresh(void **state)
{
    f = (struct field){0};
    return 0;
}

static int end(void **state)
{
    field_clear(&f);
    return 0;
}

/* The text with `|` where the cursor is. */
static void is(const char *wanted)
{
    char *seen = mem_format("%.*s|%s", (int)f.at, field_text(&f), field_text(&f) + f.at);

    assert_string_equal(seen, wanted);
    mem_free(&seen);
}

static void commands(const char *names)
{
    char *copy = mem_copy(names);

    for (char *save = NULL, *name = strtok_r(copy, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
        assert_int_not_equal(command_of(name), CMD_NONE);
        assert_true(field_command(&f, command_of(name)));
    }
    mem_free(&copy);
}

static void typing_moves_by_letters(void **state)
{
    is("|");
    assert_true(field_insert(&f, "Nguyễn Thị Đào"));
    is("Nguyễn Thị Đào|");
    commands("prev_tab prev_tab prev_tab");
    is("Nguyễn Thị |Đào");
    field_insert(&f, "Ngọc ");
    is("Nguyễn Thị Ngọc |Đào");
    commands("first");
    is("|Nguyễn Thị Ngọc Đào");
    commands("prev_tab next_tab next_tab");
    is("Ng|uyễn Thị Ngọc Đào");
    commands("last next_tab");
    is("Nguyễn Thị Ngọc Đào|");
}

static void erasing(void **state)
{
    field_set(&f, "Tổ 4, khu phố Hoàng Giao");
    commands("erase");
    is("Tổ 4, khu phố Hoàng Gia|");
    commands("erase_word");
    is("Tổ 4, khu phố Hoàng |");
    commands("erase_word");
    is("Tổ 4, khu phố |");
    commands("prev_tab erase");
    is("Tổ 4, khu ph| ");
    commands("first erase_next");
    is("|ổ 4, khu ph ");
    commands("erase_next");
    is("| 4, khu ph ");
    commands("next_tab next_tab erase_line");
    is("|, khu ph ");
    commands("erase erase_line erase_word");
    is("|, khu ph ");
    commands("last erase_line");
    is("|");
    commands("erase erase_next");
    is("|");
}

/* NFD comes from macOS keyboards and scanners: what is kept is NFC. */
static void marks_join_their_letter(void **state)
{
    field_insert(&f, "e");
    field_insert(&f, "\u0302");
    is("ê|");
    field_insert(&f, "\u0301");
    is("ế|");
    commands("erase");
    is("|");
    field_insert(&f, "xa");
    commands("prev_tab");
    field_insert(&f, "o\u0302\u0309");
    is("xổ|a");
}

static void no_more_than_it_may_hold(void **state)
{
    f.max = 4;
    assert_true(field_insert(&f, "ấấ"));
    assert_true(field_insert(&f, "bcd"));
    is("ấấbc|");
    assert_false(field_insert(&f, "x"));
    is("ấấbc|");
    f.max = 0;
    for (int i = 0; i < 300; i++)
        field_insert(&f, "mười chữ.."); /* 10 letters */
    assert_int_equal(strlen(field_text(&f)) > 1000, 1);
    assert_false(field_insert(&f, "x"));
}

static void nothing_raw_is_kept(void **state)
{
    assert_false(field_insert(&f, "\xff\xfe"));
    assert_false(field_insert(&f, ""));
    field_insert(&f, "a\tb\033[2Jc\x7f"
                     "d\xc2\x9b"
                     "e\nf\rg");
    is("a b [2Jc d  e f g|");
    field_clear(&f);
    f.lines = true;
    field_insert(&f, "một\r\nhai\rba\nbốn\tnăm");
    is("một \nhai\nba\nbốn năm|");
}

static void several_lines(void **state)
{
    assert_false(field_command(&f, CMD_NEWLINE));
    assert_false(field_command(&f, CMD_UP));
    f.lines = true;
    field_set(&f, "một\nhai ba\nbốn");
    assert_false(field_command(&f, CMD_DOWN));
    commands("up");
    is("một\nhai| ba\nbốn");
    commands("last");
    is("một\nhai ba|\nbốn");
    commands("up");
    is("một|\nhai ba\nbốn");
    assert_false(field_command(&f, CMD_UP));
    commands("down down first newline");
    is("một\nhai ba\n\n|bốn");
    commands("erase erase_line erase");
    is("một\nhai ba|bốn");
    commands("up first down erase_line last");
    is("một\nhai babốn|");
    assert_false(field_command(&f, CMD_ACCEPT));
    assert_false(field_command(&f, CMD_OPEN));
}

static void drawn(int columns, const char *row, int cursor)
{
    struct canvas *c = canvas_new(1, 80);

    field_draw(&f, c, 0, 10, 1, columns, true, STYLE_FIELD);
    char *seen = canvas_row(c, 0);
    assert_string_equal(seen + (strlen(seen) > 10 ? 10 : strlen(seen)), row);
    assert_int_equal(c->cursor_col, 10 + cursor);
    assert_int_equal(c->cells[10].style, STYLE_FIELD);
    assert_int_equal(c->cells[10 + columns].style, STYLE_TEXT);
    free(seen);
    canvas_free(&c);
}

static void a_line_scrolls_with_its_cursor(void **state)
{
    drawn(10, "", 0);
    field_set(&f, "ngắn");
    drawn(10, "ngắn", 4);
    field_set(&f, "thị trấn Ngãi Giao");
    drawn(10, "Ngãi Giao", 9);
    commands("prev_tab prev_tab prev_tab prev_tab");
    drawn(10, "Ngãi Giao", 5);
    commands("first");
    drawn(10, "thị trấn N", 0);
    commands("last");
    drawn(10, "Ngãi Giao", 9);
    commands("erase_word erase_word");
    drawn(10, "trấn", 5); /* what stands before the cursor is seen again */
    field_set(&f, "東京東京東京");
    drawn(6, "東京", 4);
}

/* A focus elsewhere leaves the cursor alone. */
static void unfocused_fields_leave_the_cursor(void **state)
{
    struct canvas *c = canvas_new(4, 20);

    field_set(&f, "chữ");
    canvas_cursor(c, 3, 7);
    field_draw(&f, c, 0, 0, 1, 10, false, STYLE_FIELD);
    f.lines = true;
    field_draw(&f, c, 1, 0, 2, 10, false, STYLE_FIELD);
    assert_int_equal(c->cursor_row, 3);
    assert_int_equal(c->cursor_col, 7);
    canvas_free(&c);
}

static void lines_wrap_and_scroll(void **state)
{
    struct canvas *c = canvas_new(6, 20);
    static const char *const wanted[] = {"", "abcdefgh", "ij", "kl", "", ""};

    f.lines = true;
    field_set(&f, "abcdefghij\nkl");
    field_draw(&f, c, 1, 0, 3, 8, true, STYLE_FIELD);
    for (int row = 0; row < 6; row++) {
        char *seen = canvas_row(c, row);
        assert_string_equal(seen, wanted[row]);
        free(seen);
    }
    assert_int_equal(c->cursor_row, 3);
    assert_int_equal(c->cursor_col, 2);
    field_insert(&f, "\nmn\nop");
    field_draw(&f, c, 1, 0, 3, 8, true, STYLE_FIELD);
    char *seen = canvas_row(c, 1);
    assert_string_equal(seen, "kl");
    free(seen);
    assert_int_equal(c->cursor_row, 3);
    while (f.at > 0)
        field_command(&f, CMD_PREV_TAB);
    field_draw(&f, c, 1, 0, 3, 8, true, STYLE_FIELD);
    assert_int_equal(c->cursor_row, 1);
    assert_int_equal(c->cursor_col, 0);
    canvas_free(&c);
}

static void lists_scroll(void **state)
{
    struct scroll s = {0};

    assert_true(scroll_command(&s, CMD_DOWN, 26, 10));
    assert_int_equal(s.focus, 1);
    assert_int_equal(s.first, 0);
    scroll_command(&s, CMD_LAST, 26, 10);
    assert_int_equal(s.focus, 25);
    assert_int_equal(s.first, 16);
    scroll_command(&s, CMD_DOWN, 26, 10);
    assert_int_equal(s.focus, 25);
    scroll_command(&s, CMD_UP, 26, 10);
    assert_int_equal(s.first, 16); /* only the focus moves */
    scroll_command(&s, CMD_PAGE_UP, 26, 10);
    assert_int_equal(s.focus, 14);
    assert_int_equal(s.first, 14);
    scroll_command(&s, CMD_PAGE_DOWN, 26, 10);
    assert_int_equal(s.focus, 24);
    scroll_command(&s, CMD_FIRST, 26, 10);
    assert_int_equal(s.focus + s.first, 0);
    scroll_command(&s, CMD_UP, 26, 10);
    assert_int_equal(s.focus, 0);
    assert_false(scroll_command(&s, CMD_OPEN, 26, 10));
    s = (struct scroll){.focus = 25, .first = 16};
    scroll_fit(&s, 20, 10); /* rows have gone */
    assert_int_equal(s.focus, 19);
    assert_int_equal(s.first, 10);
    scroll_fit(&s, 20, 18); /* the window grew */
    assert_int_equal(s.first, 2);
    scroll_fit(&s, 20, 0);
    assert_int_equal(s.first, 19);
    scroll_fit(&s, 0, 10);
    assert_int_equal(s.focus + s.first, 0);
    for (enum command_id id = CMD_UP; id <= CMD_LAST; id++) /* an empty list */
        assert_true(scroll_command(&s, id, 0, 10));
    assert_int_equal(s.focus + s.first, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, end)
    const struct CMUnitTest tests[] = {
        TEST(typing_moves_by_letters),
        TEST(erasing),
        TEST(marks_join_their_letter),
        TEST(no_more_than_it_may_hold),
        TEST(nothing_raw_is_kept),
        TEST(several_lines),
        TEST(a_line_scrolls_with_its_cursor),
        TEST(unfocused_fields_leave_the_cursor),
        TEST(lines_wrap_and_scroll),
        TEST(lists_scroll),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

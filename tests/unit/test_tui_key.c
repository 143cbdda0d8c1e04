/* Names of keys, both ways.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"
#include "tui/key.h"

#include <stdlib.h>
#include <string.h>

static void every_name_comes_back(void **state)
{
    static const char *const names[] = {
        "Enter",
        "Esc",
        "Tab",
        "Shift-Tab",
        "Space",
        "Backspace",
        "Delete",
        "Insert",
        "Home",
        "End",
        "PgUp",
        "PgDn",
        "Up",
        "Down",
        "Left",
        "Right",
        "F1",
        "F9",
        "F10",
        "F12",
        "x",
        "X",
        "?",
        ":",
        "/",
        "0",
        "-",
        "+",
        ".",
        ",",
        "#",
        "đ",
        "ũ",
        "Ctrl-P",
        "Ctrl-[",
        "Alt-s",
        "Alt-S",
        "Alt-Right",
        "Ctrl-Up",
        "Alt-F4",
        "Ctrl-Alt-Delete",
        "Ctrl-Space",
    };
    char text[24];
    struct key key;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!key_parse(names[i], &key))
            fail_at(HERE, "not read: %s", names[i]);
        key_format(&key, text);
        assert_string_equal(text, names[i]);
        assert_null(key.text);
    }
}

static void what_they_mean(void **state)
{
    struct key key;

    assert_true(key_parse("Ctrl-p", &key)); /* terminals know no lower case there */
    assert_string_equal(key.letter, "P");
    assert_true(key.ctrl);
    assert_int_equal(key.name, KEY_NAME_CHAR);
    assert_true(key_parse("F12", &key));
    assert_int_equal(key.name, KEY_NAME_F12);
    assert_true(key_parse("Alt-s", &key));
    assert_true(key.alt && !key.ctrl);
    assert_string_equal(key.letter, "s");
    assert_true(key_parse("Shift-Tab", &key));
    assert_int_equal(key.name, KEY_NAME_SHIFT_TAB);
}

static void what_is_no_key(void **state)
{
    static const char *const names[] = {
        "",     " ",     "F0",   "F13",  "F01",         "Up ",      "F1x",   "Entre",     "enter",  "xy",
        "\033", "Ctrl-", "Alt-", "\x7f", "Ctrl-Ctrl-P", "Shift-F1", "space", "Ctrl-\001", "Return", "đđ"};
    struct key key;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (key_parse(names[i], &key))
            fail_at(HERE, "read as a key: “%s”", names[i]);
}

static void equal_or_not(void **state)
{
    static const char *const names[] = {"x",  "X",     "Ctrl-X",    "Alt-x", "F1",
                                        "F2", "Enter", "Alt-Enter", "đ",     "d"};
    struct key a, b;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            key_parse(names[i], &a);
            key_parse(names[k], &b);
            assert_int_equal(key_equal(&a, &b), i == k);
        }
}

static void cleared(void **state)
{
    struct key key = {.text = strdup("000000004821"), .pasted = true};
    char text[24];

    key_format(&key, text);
    assert_string_equal(text, "");
    key_clear(&key);
    assert_null(key.text);
    assert_false(key.pasted);
    key_clear(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_comes_back),
        cmocka_unit_test(what_they_mean),
        cmocka_unit_test(what_is_no_key),
        cmocka_unit_test(equal_or_not),
        cmocka_unit_test(cleared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Themes (screens.md, rule 5): colour only repeats, bold and brightness never tell two roles apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"
#include "tui/theme.h"

#include <string.h>

static bool equal(struct look a, struct look b)
{
    return a.fg == b.fg && a.bg == b.bg && a.reverse == b.reverse && a.underline == b.underline &&
           a.bold == b.bold;
}

static struct look without_bold(struct look look)
{
    look.bold = false;
    if (look.fg >= 8 && look.fg < 16)
        look.fg = (short)(look.fg - 8);
    if (look.bg >= 8 && look.bg < 16)
        look.bg = (short)(look.bg - 8);
    return look;
}

static void bold_and_brightness_tell_nothing_apart(void **state)
{
    for (int theme = 0; theme < THEME_COUNT; theme++)
        for (int a = 0; a < STYLE_COUNT; a++)
            for (int b = 0; b < STYLE_COUNT; b++) {
                struct look one = theme_look((enum theme_id)theme, (enum style)a);
                struct look two = theme_look((enum theme_id)theme, (enum style)b);
                if (!equal(one, two) && equal(without_bold(one), without_bold(two)))
                    fail_at(HERE, "%s: styles %d and %d differ by bold or brightness alone",
                            theme_name((enum theme_id)theme), a, b);
            }
}

static void as_the_rule_has_them(void **state)
{
    assert_int_equal(theme_look(THEME_DEFAULT, STYLE_OVERDUE).fg, 1);
    assert_int_equal(theme_look(THEME_DEFAULT, STYLE_TODAY).fg, 3);
    assert_int_equal(theme_look(THEME_DEFAULT, STYLE_PAUSED).fg, 6);
    assert_true(theme_look(THEME_DEFAULT, STYLE_ERROR).fg == 1 && theme_look(THEME_DEFAULT, STYLE_ERROR).reverse);
    assert_true(theme_look(THEME_DEFAULT, STYLE_BANNER).fg == 0 &&
                theme_look(THEME_DEFAULT, STYLE_BANNER).bg == 3);
    assert_int_equal(theme_look(THEME_LIGHT, STYLE_TODAY).fg, THEME_DARK_YELLOW);
    assert_int_equal(theme_look(THEME_LIGHT, STYLE_PAUSED).fg, 4);
    assert_true(equal(theme_look(THEME_DEFAULT, STYLE_TEXT), (struct look){.fg = -1, .bg = -1}));
}

static void mono_has_no_colour_but_the_qr(void **state)
{
    for (int style = 0; style < STYLE_COUNT; style++) {
        struct look look = theme_look(THEME_MONO, (enum style)style);
        if (style == STYLE_QR)
            assert_true(look.fg == 0 && look.bg == 7);
        else if (style == STYLE_QR_DARK)
            assert_true(look.fg == 7 && look.bg == 0);
        else
            assert_true(look.fg == -1 && look.bg == -1);
    }
    assert_false(equal(theme_look(THEME_MONO, STYLE_BANNER), theme_look(THEME_MONO, STYLE_STATUS)));
}

/* 34 bytes a move: the marker `>` alone says where the focus is. */
static void marker_does_not_reverse_the_focus(void **state)
{
    for (int style = 0; style < STYLE_COUNT; style++)
        assert_int_equal(
            equal(theme_look(THEME_MARKER, (enum style)style), theme_look(THEME_DEFAULT, (enum style)style)),
            style != STYLE_FOCUS);
    assert_true(equal(theme_look(THEME_MARKER, STYLE_FOCUS), theme_look(THEME_MARKER, STYLE_TEXT)));
}

static void names(void **state)
{
    static const char *const all[] = {"default", "light", "mono", "marker"};
    enum theme_id id = THEME_MONO;

    for (int i = 0; i < THEME_COUNT; i++) {
        assert_string_equal(theme_name((enum theme_id)i), all[i]);
        assert_true(theme_parse(all[i], &id));
        assert_int_equal(id, i);
    }
    id = THEME_LIGHT;
    assert_false(theme_parse("dark", &id));
    assert_false(theme_parse("", &id));
    assert_int_equal(id, THEME_LIGHT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bold_and_brightness_tell_nothing_apart),
        cmocka_unit_test(as_the_rule_has_them),
        cmocka_unit_test(mono_has_no_colour_but_the_qr),
        cmocka_unit_test(marker_does_not_reverse_the_focus),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

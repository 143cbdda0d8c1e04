/* What is typed by hand: identity numbers and what they say, days, phones.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "core/entry.h"
#include "core/instant.h"

#include <string.h>

static void a_number_says_when_somebody_was_born_and_as_what(void **state)
{
    struct id_number says;
    assert_true(id_number_read("000191007731", &says));
    assert_int_equal(says.year, 1991);
    assert_string_equal(says.sex, "female");
    assert_true(id_number_read("077205000001", &says));
    assert_int_equal(says.year, 2005);
    assert_string_equal(says.sex, "male");
    assert_true(id_number_read("077999000001", &says));
    assert_int_equal(says.year, 2399);
    assert_string_equal(says.sex, "female");
    assert_false(id_number_read("", &says));
    assert_false(id_number_read("00019100773", &says));
    assert_false(id_number_read("0001910077311", &says));
    assert_false(id_number_read("00019100773x", &says));
}

static void a_number_is_held_against_birth_and_sex(void **state)
{
    int32_t in_1991 = day_of(1991, 9, 3), in_1990 = day_of(1990, 12, 31);
    assert_int_equal(id_number_check("000191007731", in_1991, "female"), 0);
    assert_int_equal(id_number_check("000191007731", DAY_NONE, NULL), 0);
    assert_int_equal(id_number_check("000191007731", in_1990, "female"), ID_YEAR);
    assert_int_equal(id_number_check("000191007731", in_1991, "male"), ID_SEX);
    assert_int_equal(id_number_check("000191007731", in_1990, "male"), ID_YEAR | ID_SEX);
    assert_int_equal(id_number_check("273000925", in_1990, "male"), 0);
    assert_int_equal(id_number_check("", in_1990, "male"), 0);
    assert_int_equal(id_number_check("00019100773", in_1991, "female"), ID_LENGTH);
    assert_int_equal(id_number_check("0001910O7731", in_1991, "female"), ID_NOT_DIGITS);
}

static void days_are_read_as_people_write_them(void **state)
{
    static const char *const good[] = {"03/09/1991", "3/9/1991", "03-09-1991",
                                       "3.9.1991",   "03091991", "  3 / 9 / 1991 "};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int32_t day = 0;
        if (!entry_day(good[i], &day) || day != day_of(1991, 9, 3))
            fail_msg("not read: %s", good[i]);
    }
    static const char *const bad[] = {"",         "1991",      "31/02/2021", "00/01/2000",  "3/13/1991",
                                      "3/9/91",   "3/9/1899",  "3/9-1991",   "03/09/19911", "3/9/1991x",
                                      "0309199",  "030919911", "-3/9/1991",  "3/+9/1991x",  "29/02/2023",
                                      "a/b/cccc", "3//1991",   "3/9/-199"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int32_t day = 77;
        if (entry_day(bad[i], &day) || day != 77)
            fail_msg("read: %s", bad[i]);
    }
    char text[ENTRY_DAY];
    entry_day_format(day_of(1991, 9, 3), text);
    assert_string_equal(text, "03/09/1991");
    entry_day_format(DAY_NONE, text);
    assert_string_equal(text, "");
}

static void phones_are_what_can_be_dialled(void **state)
{
    static const struct {
        const char *typed, *phone; /* NULL: none */
    } cases[] = {
        {"0912345678", "0912345678"},
        {" 091 234 56 78 ", "0912345678"},
        {"0912.345.678", "0912345678"},
        {"(0254) 3-881-234", "02543881234"},
        {"+84 912 345 678", "0912345678"},
        {"+84 (0) 912 345 678", "0912345678"},
        {"0084912345678", "0912345678"},
        {"", NULL},
        {"0", NULL},
        {"912345678", NULL},
        {"091234567", NULL},
        {"091234567890", NULL},
        {"+1 912 345 6789", NULL},
        {"0912345678x", NULL},
        {"0912+345678", NULL},
        {"000000000000000000000000000000000000000000", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char phone[ENTRY_PHONE] = "";
        bool read = entry_phone(cases[i].typed, phone);
        if (read != (cases[i].phone != NULL) || (read && strcmp(phone, cases[i].phone) != 0))
            fail_msg("%s: %s", cases[i].typed, read ? phone : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_says_when_somebody_was_born_and_as_what),
        cmocka_unit_test(a_number_is_held_against_birth_and_sex),
        cmocka_unit_test(days_are_read_as_people_write_them),
        cmocka_unit_test(phones_are_what_can_be_dialled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

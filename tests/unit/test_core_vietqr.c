/* What stands in a VietQR is read field by field, and a text that a phone would refuse is refused. Amounts are spelt out as they are read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/vietqr.h"
#include "core/words.h"
#include "tests/harness.h"

#include <string.h>

#define GOOD                                                                                                        \
    "00020101021238570010A00000072701270006999999011300000000000000208QRIBFTTA53037045405100005802VN62250821LEPHI " \
    "H06 221226 000763049F40"

static void a_good_one_says_where_the_money_goes(void **state)
{
    struct arena arena = {0};
    struct vietqr to;

    assert_true(vietqr_parse(GOOD, &arena, &to));
    assert_string_equal(to.bank, "999999");
    assert_string_equal(to.account, "0000000000000");
    assert_string_equal(to.purpose, "LEPHI H06 221226 0007");
    assert_int_equal(to.amount, 10000);
    arena_clear(&arena);
}

/* Any other byte anywhere, and any end that comes too early, is noticed. */
static void a_bad_one_is_refused(void **state)
{
    struct arena arena = {0};
    struct vietqr to;
    char text[sizeof GOOD];

    assert_false(vietqr_parse(NULL, &arena, &to));
    assert_false(vietqr_parse("", &arena, &to));
    assert_false(vietqr_parse("63046007", &arena, &to)); /* a sum that is right, over nothing */
    for (size_t i = 0; i < strlen(GOOD); i++) {
        memcpy(text, GOOD, sizeof GOOD);
        text[i] = text[i] == '7' ? '8' : '7';
        assert_false(vietqr_parse(text, &arena, &to));
        text[i] = '\0';
        assert_false(vietqr_parse(text, &arena, &to));
    }
    arena_clear(&arena);
}

static void amounts_are_spelt_out(void **state)
{
    static const struct {
        int64_t dong;
        const char *words;
    } cases[] = {
        {0, "không đồng"},
        {1, "một đồng"},
        {5, "năm đồng"},
        {10, "mười đồng"},
        {11, "mười một đồng"},
        {15, "mười lăm đồng"},
        {21, "hai mươi mốt đồng"},
        {25, "hai mươi lăm đồng"},
        {105, "một trăm linh năm đồng"},
        {500, "năm trăm đồng"},
        {1000, "một nghìn đồng"},
        {1005, "một nghìn không trăm linh năm đồng"},
        {10000, "mười nghìn đồng"},
        {14000, "mười bốn nghìn đồng"},
        {15500, "mười lăm nghìn năm trăm đồng"},
        {101000, "một trăm linh một nghìn đồng"},
        {1000015, "một triệu không trăm mười lăm đồng"},
        {2050000, "hai triệu không trăm năm mươi nghìn đồng"},
        {1000000000, "một tỷ đồng"},
        {999999999999, "chín trăm chín mươi chín tỷ chín trăm chín mươi chín triệu chín trăm chín mươi chín nghìn "
                       "chín trăm chín mươi chín đồng"},
        {1000000000000, "1000000000000 đồng"},
        {-5, "-5 đồng"},
    };
    struct arena arena = {0};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(word_dong(&arena, cases[i].dong), cases[i].words);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_one_says_where_the_money_goes),
        cmocka_unit_test(a_bad_one_is_refused),
        cmocka_unit_test(amounts_are_spelt_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a procedure has to tell the public, where and when it is filed; words that find one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "core/instant.h"
#include "core/procedure.h"
#include "core/text.h"

static struct procedure whole(void)
{
    static struct fee_item fees[] = {{.name = "Lệ phí"}};
    static struct required_paper papers[] = {{.id = "p1", .name = "Tờ khai"}};
    static const char *steps[] = {"nộp hồ sơ"}, *basis[] = {"Luật Hộ tịch 2014"};

    return (struct procedure){.id = "1.001193",
                              .code = "1.001193",
                              .name = "Đăng ký khai sinh",
                              .time_limit = {1, "working_days"},
                              .fees = fees,
                              .n_fees = 1,
                              .papers = papers,
                              .n_papers = 1,
                              .steps = {steps, 1},
                              .legal_basis = {basis, 1},
                              .effective_from = day_of(2022, 7, 1),
                              .effective_until = DAY_NONE,
                              .active = true};
}

static void each_part_that_is_missing_is_named(void **state)
{
    struct procedure p = whole();

    assert_int_equal(procedure_lacks(&p), 0);
    p.n_fees = 0;
    assert_int_equal(procedure_lacks(&p), DISCLOSED_FEES);
    p.n_papers = 0;
    assert_int_equal(procedure_lacks(&p), DISCLOSED_FEES | DISCLOSED_PAPERS);
    p = whole();
    p.steps.n = 0;
    assert_int_equal(procedure_lacks(&p), DISCLOSED_STEPS);
    p = whole();
    p.legal_basis.n = 0;
    assert_int_equal(procedure_lacks(&p), DISCLOSED_BASIS);
    p = whole();
    p.effective_from = DAY_NONE;
    assert_int_equal(procedure_lacks(&p), DISCLOSED_DATES);
}

/* No days are a limit only where it is the same day. */
static void a_limit_of_nothing_is_none(void **state)
{
    struct procedure p = whole();

    p.time_limit.amount = 0;
    assert_int_equal(procedure_lacks(&p), DISCLOSED_TIME);
    p.time_limit.unit = "same_day";
    assert_int_equal(procedure_lacks(&p), 0);
    p.time_limit.unit = NULL;
    assert_int_equal(procedure_lacks(&p), DISCLOSED_TIME);
}

static void it_is_filed_where_and_while_it_is_in_force(void **state)
{
    static const char *units[] = {"H06.33.26", "H06.33.27"};
    struct procedure p = whole();

    assert_true(procedure_is_filed(&p, "H06.33.26", day_of(2022, 7, 1)));
    assert_false(procedure_is_filed(&p, "H06.33.26", day_of(2022, 6, 30)));
    p.effective_until = day_of(2022, 12, 31);
    assert_true(procedure_is_filed(&p, "H06.33.26", day_of(2022, 12, 31)));
    assert_false(procedure_is_filed(&p, "H06.33.26", day_of(2023, 1, 1)));
    p.units = (struct texts){units, 2};
    assert_true(procedure_is_filed(&p, "H06.33.27", day_of(2022, 12, 1)));
    assert_false(procedure_is_filed(&p, "H06.33.28", day_of(2022, 12, 1)));
    p.active = false;
    assert_false(procedure_is_filed(&p, "H06.33.27", day_of(2022, 12, 1)));
}

static void who_decides_is_said_by_processing_alone(void **state)
{
    struct procedure p = whole();

    assert_false(procedure_is_elsewhere(&p));
    p.processing = "here";
    assert_false(procedure_is_elsewhere(&p));
    p.processing = "elsewhere";
    assert_true(procedure_is_elsewhere(&p));
}

static void every_word_has_to_occur_in_any_order(void **state)
{
    struct arena arena = {0};
    const char *text = text_folded(&arena, "Đăng ký KHAI sinh");

    assert_string_equal(text, "dang ky khai sinh");
    assert_true(text_has_words(text, ""));
    assert_true(text_has_words(text, "sinh dang"));
    assert_true(text_has_words(text, " khai  inh "));
    assert_false(text_has_words(text, "sinh khaii"));
    assert_string_equal(text_folded(&arena, ""), "");
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_that_is_missing_is_named),
        cmocka_unit_test(a_limit_of_nothing_is_none),
        cmocka_unit_test(it_is_filed_where_and_while_it_is_in_force),
        cmocka_unit_test(who_decides_is_said_by_processing_alone),
        cmocka_unit_test(every_word_has_to_occur_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

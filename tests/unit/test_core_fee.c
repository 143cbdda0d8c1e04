/* What a procedure costs: by channel, by cases, by copies, for who is exempt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "core/fee.h"
#include "core/instant.h"

#include <string.h>

#define POOR "Gia đình có công với cách mạng, hộ nghèo, người khuyết tật."

static struct fee_item birth[] = {
    {.name = "Lệ phí, đúng hạn", .amount = 0, .channel = "counter"},
    {.name = "Lệ phí, quá hạn", .amount = 8000, .channel = "counter", .exempt = POOR},
    {.name = "Lệ phí, đúng hạn", .amount = 0, .channel = "post"},
    {.name = "Lệ phí, quá hạn", .amount = 8000, .channel = "post", .exempt = POOR},
    {.name = "Lệ phí", .amount = 0, .channel = "online", .exempt = "miễn khi nộp trực tuyến"},
    {.name = "Lệ phí nhận cha, mẹ, con", .amount = 15000, .channel = "counter", .exempt = POOR},
    {.name = "Phí cấp bản sao", .amount = 8000, .per = "copy"},
};
static const struct procedure procedure = {.fees = birth, .n_fees = sizeof birth / sizeof *birth};

static void each_channel_has_its_items(void **state)
{
    static const struct {
        const char *channel;
        size_t n;
    } cases[] = {{"counter", 4}, {"post", 3}, {"online", 2}, {"of_a_later_version", 1}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct fee_line *lines;
        assert_int_equal(fee_lines(&procedure, cases[i].channel, &arena, &lines), cases[i].n);
        arena_clear(&arena);
    }
}

/* On time or late, never both; "Lệ phí nhận cha, mẹ, con" is another fee, whatever commas it has. */
static void of_the_cases_of_a_fee_one_is_charged(void **state)
{
    struct arena arena = {0};
    struct fee_line *lines;
    size_t n = fee_lines(&procedure, "counter", &arena, &lines);

    assert_int_equal(lines[0].count, 1);
    assert_int_equal(lines[1].count, 0);
    assert_string_equal(lines[2].item->name, "Lệ phí nhận cha, mẹ, con");
    assert_int_equal(lines[2].count, 1);
    assert_int_equal(fee_lines_sum(lines, n, false), 15000 + 8000);
    lines[0].count = 0;
    lines[1].count = 1;
    lines[3].count = 5;
    assert_int_equal(fee_lines_sum(lines, n, false), 8000 + 15000 + 5 * 8000);
    arena_clear(&arena);
}

/* Who is exempt pays nothing where the item says who is, and all of the rest. */
static void an_exemption_is_of_the_items_that_name_one(void **state)
{
    struct arena arena = {0};
    struct fee_line *lines;
    struct fee *fees;
    size_t n = fee_lines(&procedure, "counter", &arena, &lines);

    lines[1].count = 1;
    assert_int_equal(fee_lines_sum(lines, n, true), 8000);
    assert_int_equal(fee_lines_fees(lines, n, true, &arena, &fees), 1);
    assert_string_equal(fees[0].name, "Phí cấp bản sao");
    assert_int_equal(fees[0].amount, 8000);
    assert_int_equal(fees[0].paid, 0);
    assert_true(fees[0].paid_at == INSTANT_NONE);
    assert_int_equal(fee_lines_fees(lines, n, false, &arena, &fees), 3);
    arena_clear(&arena);
}

static void sums_end_where_numbers_do(void **state)
{
    struct fee_item item = {.name = "x", .amount = INT64_MAX / 2};
    struct fee_line lines[] = {{&item, 3}, {&item, 1}, {&item, -4}};

    assert_true(fee_line_amount(&lines[0], false) == INT64_MAX);
    assert_true(fee_lines_sum(lines, 3, false) == INT64_MAX);
    assert_true(fee_line_amount(&lines[2], false) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_channel_has_its_items),
        cmocka_unit_test(of_the_cases_of_a_fee_one_is_charged),
        cmocka_unit_test(an_exemption_is_of_the_items_that_name_one),
        cmocka_unit_test(sums_end_where_numbers_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Text made to fit: the cuts of the mock-ups, and that nothing is ever wider than its place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"
#include "tests/unit/core_samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

struct cut {
    const char *whole;
    int columns;
    const char *wanted;
};

static void assert_cuts(char *cut(struct arena *, const char *, int), const struct cut *cuts, size_t n)
{
    struct arena arena = {0};

    for (size_t i = 0; i < n; i++)
        assert_string_equal(cut(&arena, cuts[i].whole, cuts[i].columns), cuts[i].wanted);
    arena_clear(&arena);
}

static void names_are_cut_at_their_end(void **state)
{
    static const struct cut cuts[] = {
        {"Nguyễn Thị Ngọc Đào", 18, "Nguyễn Thị Ngọc Đ…"},
        {"Lý Thị Hồng Nhung", 14, "Lý Thị Hồng N…"},
        {"Bùi Thị Diễm Quỳnh", 16, "Bùi Thị Diễm Qu…"},
        {"Bùi Thị Diễm Quỳnh", 18, "Bùi Thị Diễm Quỳnh"},
        {"Công ty TNHH Bình Giã Xanh", 24, "Công ty TNHH Bình Giã X…"},
        {"Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con", 38, "Đăng ký khai sinh kết hợp đăng ký nhậ…"},
        {"Đăng ký khai sinh cho người đã có hồ sơ, giấy tờ", 38, "Đăng ký khai sinh cho người đã có hồ …"},
    };
    assert_cuts(text_cut, cuts, COUNT(cuts));
}

static void a_cut_keeps_letters_whole(void **state)
{
    static const struct cut cuts[] = {
        {"ax\xcc\x80\xcc\x81y", 3, "ax\xcc\x80\xcc\x81y"},
        {"ax\xcc\x80\xcc\x81yz", 3, "ax\xcc\x80\xcc\x81…"},
        {"ax\xcc\x80\xcc\x81yz", 2, "a…"},
        {"漢字漢字", 6, "漢字…"},
        {"漢字漢字", 5, "漢字…"},
        {"漢字漢字", 4, "漢…"},
        {"漢", 1, "…"},
    };
    assert_cuts(text_cut, cuts, COUNT(cuts));
}

static void there_is_a_cut_for_no_room_at_all(void **state)
{
    static const struct cut cuts[] = {
        {"Đào", 1, "…"}, {"Đào", 0, ""}, {"Đào", -3, ""}, {"", 0, ""}, {"", -1, ""}, {"Đ", 1, "Đ"},
    };
    assert_cuts(text_cut, cuts, COUNT(cuts));
    assert_cuts(text_cut_middle, cuts, COUNT(cuts));
    assert_cuts(text_code, cuts, COUNT(cuts));
}

static void procedures_are_cut_as_the_mock_ups_have_them(void **state)
{
    static const struct cut cuts[] = {
        {"Đăng ký khai sinh", 15, "Đăng…khai sinh"},
        {"Đăng ký khai sinh", 17, "Đăng ký khai sinh"},
        {"Xác nhận thông tin hộ tịch", 15, "Xác…hộ tịch"},
        {"Đăng ký thường trú", 15, "Đăng…thường trú"},
        {"Cấp Giấy xác nhận tình trạng hôn nhân", 15, "Cấp…hôn nhân"},
        {"Đăng ký thành lập hộ kinh doanh", 15, "Đăng…kinh doanh"},
        {"Chứng thực bản sao từ bản chính", 15, "Chứng…bản chính"},
        {"Đăng ký nhận cha, mẹ, con", 15, "Đăng ký…mẹ, con"},
        {"Chấm dứt hoạt động hộ kinh doanh", 15, "Chấm…kinh doanh"},
        {"Chứng thực di chúc", 15, "Chứng…di chúc"},
        {"Đăng ký khai tử", 15, "Đăng ký khai tử"},
        {"Đăng ký giám hộ", 15, "Đăng ký giám hộ"},
    };
    assert_cuts(text_cut_middle, cuts, COUNT(cuts));
}

static void procedures_are_cut_for_narrower_and_wider_columns(void **state)
{
    static const struct cut cuts[] = {
        {"Xác nhận thông tin hộ tịch", 22, "Xác nhận thông…hộ tịch"},
        {"Chứng thực bản sao từ bản chính", 22, "Chứng thực…bản chính"},
        {"Đăng ký khai tử", 12, "Đăng…khai tử"},
        {"Đăng ký kết hôn", 12, "Đăng…kết hôn"},
        {"Đăng ký khai sinh", 12, "Đăng ký…sinh"}, /* no room for two last words and a first */
        {"Đăng ký thường trú", 12, "Đăng ký…trú"},
        {"Đăng ký thường trú", 8, "Đăng…trú"},
        {"Đăng ký thường trú", 7, "Đăng k…"}, /* nor for one */
        {"Hai  khoảng  trắng", 15, "Hai…trắng"},
        {"Nghĩađịanhândân", 9, "Nghĩađịa…"}, /* one word */
        {"Chứng thực", 9, "Chứng th…"},      /* two */
    };
    assert_cuts(text_cut_middle, cuts, COUNT(cuts));
}

static void a_code_shows_whole_or_by_its_last_nine(void **state)
{
    static const struct cut cuts[] = {
        {"000.25.33.H06-221228-0041", 25, "000.25.33.H06-221228-0041"},
        {"000.25.33.H06-221228-0041", 24, "…1228-0041"},
        {"000.25.33.H06-221228-0041", 10, "…1228-0041"},
        {"000.25.33.H06-221228-0041", 5, "…0041"},
        {"000.25.33.H06-221228-0041", 1, "…"},
        {"0041", 10, "0041"},
        {"x\x1b-0123456789", 10, "…123456789"},
    };
    assert_cuts(text_code, cuts, COUNT(cuts));
}

static void numbers_show_their_last_four_at_most(void **state)
{
    struct arena arena = {0};

    assert_string_equal(text_masked(&arena, "077195004821"), "***4821");
    assert_string_equal(text_masked(&arena, "14821"), "***4821");
    assert_string_equal(text_masked(&arena, "4821"), "***");
    assert_string_equal(text_masked(&arena, "1"), "***");
    assert_string_equal(text_masked(&arena, "B1234567Đà"), "***67Đà");
    assert_string_equal(text_masked(&arena, ""), "");
    assert_string_equal(text_masked(&arena, NULL), "");
    arena_clear(&arena);
}

static void assert_wraps(const char *text, int columns, const char *const *wanted, size_t n)
{
    struct arena arena = {0};
    char **lines;

    assert_int_equal(text_wrap(&arena, text, columns, &lines), n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(lines[i], wanted[i]);
    arena_clear(&arena);
}

#define ASSERT_WRAPS(text, columns, ...) \
    assert_wraps(text, columns, (const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__})))

static void text_wraps_at_spaces(void **state)
{
    ASSERT_WRAPS("Mất trả lời sau khi gửi chữ ký.", 12, "Mất trả lời", "sau khi gửi", "chữ ký.");
    ASSERT_WRAPS("Mất trả lời", 11, "Mất trả lời");
    ASSERT_WRAPS("Mất trả lời", 10, "Mất trả", "lời");
    ASSERT_WRAPS("một    hai", 5, "một", "hai");
    ASSERT_WRAPS("một hai   ", 7, "một hai");
    ASSERT_WRAPS("", 10, "");
    ASSERT_WRAPS("   ", 10, "");
}

static void a_word_longer_than_the_line_is_broken_between_letters(void **state)
{
    ASSERT_WRAPS("ab sha256//abcdefgh yz", 8, "ab", "sha256//", "abcdefgh", "yz");
    ASSERT_WRAPS("x\xcc\x80\xcc\x81x\xcc\x80\xcc\x81x\xcc\x80\xcc\x81", 2,
                 "x\xcc\x80\xcc\x81x\xcc\x80\xcc\x81", "x\xcc\x80\xcc\x81");
    ASSERT_WRAPS("漢字漢", 3, "漢", "字", "漢");
    ASSERT_WRAPS("漢字", 0, "漢", "字"); /* 2 is the least */
}

static void line_breaks_and_indents_stay(void **state)
{
    ASSERT_WRAPS("một\nhai\n\nba", 10, "một", "hai", "", "ba");
    ASSERT_WRAPS("một\n", 10, "một", "");
    ASSERT_WRAPS("  một hai ba", 9, "  một hai", "ba");
    ASSERT_WRAPS("        một", 6, "một");
}

static void any_text_fits_whatever_its_place(void **state)
{
    uint64_t seed = 4711;
    char data[160];
    struct buf shown = {0};
    struct arena arena = {0};

    for (int round = 0; round < 20000; round++) {
        int columns = (int)(sample_number(&seed) % 40);
        shown.len = 0;
        buf_text(&shown, "");
        text_display(data, sample_text(&seed, data, sizeof data), TEXT_PLAIN, &shown);
        const char *text = shown.data ? shown.data : "";
        assert_in_range(text_width(text_cut(&arena, text, columns)), 0, columns);
        assert_in_range(text_width(text_cut_middle(&arena, text, columns)), 0, columns);
        assert_in_range(text_width(text_code(&arena, text, columns)), 0, columns);
        if (text_width(text) <= columns) {
            assert_string_equal(text_cut(&arena, text, columns), text);
            assert_string_equal(text_cut_middle(&arena, text, columns), text);
        }
        arena_reset(&arena);
    }
    arena_clear(&arena);
    buf_clear(&shown);
}

static void append_without_spaces(struct buf *out, const char *text)
{
    for (; *text; text++)
        if (*text != ' ' && *text != '\n')
            buf_char(out, *text);
}

static void wrapping_loses_nothing_but_spaces(void **state)
{
    uint64_t seed = 31;
    char data[200];
    struct buf shown = {0}, before = {0}, after = {0};
    struct arena arena = {0};

    for (int round = 0; round < 20000; round++) {
        int columns = 2 + (int)(sample_number(&seed) % 40);
        char **lines;
        shown.len = before.len = after.len = 0;
        buf_text(&shown, "");
        text_display(data, sample_text(&seed, data, sizeof data), TEXT_LINES, &shown);
        const char *text = shown.data ? shown.data : "";
        size_t n = text_wrap(&arena, text, columns, &lines);
        assert_true(n >= 1);
        append_without_spaces(&before, text);
        for (size_t i = 0; i < n; i++) {
            assert_in_range(text_width(lines[i]), 0, columns);
            append_without_spaces(&after, lines[i]);
        }
        assert_int_equal(before.len, after.len);
        if (before.len)
            assert_memory_equal(before.data, after.data, before.len);
        arena_reset(&arena);
    }
    arena_clear(&arena);
    buf_clear(&shown);
    buf_clear(&before);
    buf_clear(&after);
}

static void a_megabyte_of_words_holds_up_no_frame(void **state)
{
    size_t n = 1 << 19;
    struct arena arena = {0};
    char *text = mem_alloc(2 * n + 1), **lines;

    for (size_t i = 0; i < n; i++)
        memcpy(text + 2 * i, "a ", 2);
    assert_string_equal(text_cut_middle(&arena, text, 11), "a a a a…a a");
    assert_string_equal(text_cut(&arena, text, 4), "a a…");
    assert_string_equal(text_code(&arena, text, 10), "…"
                                                     " a a a a ");
    assert_int_equal(text_wrap(&arena, text, 79, &lines), (n + 39) / 40);
    arena_clear(&arena);
    mem_free(&text);
}

static void money_is_grouped_by_thousands(void **state)
{
    static const struct {
        int64_t dong;
        const char *wanted;
    } sums[] = {
        {0, "0 đ"},
        {5, "5 đ"},
        {999, "999 đ"},
        {1000, "1.000 đ"},
        {10000, "10.000 đ"},
        {1240000, "1.240.000 đ"},
        {-8000, "-8.000 đ"},
        {INT64_MAX, "9.223.372.036.854.775.807 đ"},
        {INT64_MIN, "-9.223.372.036.854.775.808 đ"},
    };
    struct arena arena = {0};

    for (size_t i = 0; i < COUNT(sums); i++)
        assert_string_equal(text_money(&arena, sums[i].dong), sums[i].wanted);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_cut_at_their_end),
        cmocka_unit_test(a_cut_keeps_letters_whole),
        cmocka_unit_test(there_is_a_cut_for_no_room_at_all),
        cmocka_unit_test(procedures_are_cut_as_the_mock_ups_have_them),
        cmocka_unit_test(procedures_are_cut_for_narrower_and_wider_columns),
        cmocka_unit_test(a_code_shows_whole_or_by_its_last_nine),
        cmocka_unit_test(numbers_show_their_last_four_at_most),
        cmocka_unit_test(text_wraps_at_spaces),
        cmocka_unit_test(a_word_longer_than_the_line_is_broken_between_letters),
        cmocka_unit_test(line_breaks_and_indents_stay),
        cmocka_unit_test(any_text_fits_whatever_its_place),
        cmocka_unit_test(wrapping_loses_nothing_but_spaces),
        cmocka_unit_test(a_megabyte_of_words_holds_up_no_frame),
        cmocka_unit_test(money_is_grouped_by_thousands),
    };
    return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}

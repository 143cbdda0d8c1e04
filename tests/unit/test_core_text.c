/* The gate: nothing that a terminal would obey or an eye would miss gets through, and what is plain stays plain.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"
#include "tests/forbidden.h"
#include "tests/unit/core_samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <utf8proc.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void shows(const char *data, const char *wanted, bool flagged)
{
    struct buf out = {0};

    bool replaced = text_display(data, strlen(data), TEXT_PLAIN, &out);
    assert_string_equal(out.len ? out.data : "", wanted);
    assert_int_equal(replaced, flagged);
    buf_clear(&out);
}

/* Valid UTF-8 without anything forbidden, no letter with more than two marks, none without a letter. */
static void assert_safe(const struct buf *shown, bool lines)
{
    int marks = 0;
    bool base = false;
    int32_t cp;

    for (size_t i = 0; i < shown->len;) {
        utf8proc_ssize_t n =
            utf8proc_iterate((const unsigned char *)shown->data + i, (utf8proc_ssize_t)(shown->len - i), &cp);
        assert_true(n > 0);
        assert_true(!forbidden(cp) || (lines && cp == '\n'));
        bool mark = cp >= 0x300 && utf8proc_charwidth(cp) == 0;
        marks = mark ? marks + 1 : 0;
        assert_true(!mark || (base && marks <= 2));
        base = mark ? base : cp != ' ' && cp != '\n';
        i += (size_t)n;
    }
}

static void vietnamese_text_shows_as_it_is(void **state)
{
    static const char *const texts[] = {
        "",
        "Nguyễn Thị Đào",
        "Huỳnh Ngọc Ẩn, tổ 4, khu phố Hoàng Giao",
        "Đã lưu trên máy này: tiếp nhận …1228-0041. Bấm u để hoàn tác trong 10 giây.",
        "· … – “ ” ’ ‹ › × ≠ » ← ↑ → ↓ │ ─ █ ░ ₫",
        "漢字 한글 ไทย 😀",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        shows(texts[i], texts[i], false);
}

static void decomposed_text_shows_composed_in_whatever_order_its_marks_came(void **state)
{
    shows("Nguye\xcc\x82\xcc\x83n", "Nguyễn", false);
    shows("Vie\xcc\xa3\xcc\x82t", "Việt", false);
    shows("Vie\xcc\x82\xcc\xa3t", "Việt", false);
    shows("Phu\xcc\x9bo\xcc\x9b\xcc\xa3ng", "Phượng", false);
    shows("Phu\xcc\x9bo\xcc\xa3\xcc\x9bng", "Phượng", false);
    shows("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "한", false);
}

static void escape_sequences_show_as_codes(void **state)
{
    shows("\x1b[2J\x1b]0;x\x07", "‹1B›[2J‹1B›]0;x‹07›", true);
    shows("\x1b[201~q", "‹1B›[201~q", true);
    shows("a\xc2\x9b"
          "2Jb",
          "a‹9B›2Jb", true);
    shows("a\x08\x08"
          "b\x7f",
          "a‹08›‹08›b‹7F›", true);
    shows("\x01\x0b\x0c\x1f", "‹01›‹0B›‹0C›‹1F›", true);
    shows("\xc2\x80\xc2\x85\xc2\x9f", "‹80›‹85›‹9F›", true);
}

static void a_nul_inside_the_data_shows_as_a_code(void **state)
{
    struct buf out = {0};

    assert_true(text_display("a\0b", 3, TEXT_PLAIN, &out));
    assert_string_equal(out.data, "a‹00›b");
    buf_clear(&out);
}

static void what_turns_hides_or_tags_text_shows_as_codes(void **state)
{
    shows("\xd8\x9c", "‹61C›", true);
    shows("\xe2\x80\x8e\xe2\x80\x8f", "‹200E›‹200F›", true);
    shows("Mai\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae",
          "Mai‹202A›‹202B›‹202C›‹202D›‹202E›", true);
    shows("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9", "‹2066›‹2067›‹2068›‹2069›", true);
    shows("Ma\xe2\x80\x8bi\xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf",
          "Ma‹200B›i‹200C›‹200D›‹2060›‹FEFF›", true);
    shows("kh\xc2\xad"
          "ai",
          "kh‹AD›ai", true);
    shows("\xf3\xa0\x80\x80\xf3\xa0\x81\x81\xf3\xa0\x81\xbf", "‹E0000›‹E0041›‹E007F›", true);
    shows("a\xef\xb8\x8f\xf3\xa0\x84\x80", "a‹FE0F›‹E0100›", true);
    shows("\xcd\x8f\xe1\x85\x9f\xe3\x85\xa4\xef\xbe\xa0\xe1\xa0\x8e", "‹34F›‹115F›‹3164›‹FFA0›‹180E›", true);
}

static void private_unassigned_and_noncharacters_show_as_codes(void **state)
{
    shows("\xee\x80\x80\xf3\xb0\x80\x80\xf4\x8f\xbf\xbd", "‹E000›‹F0000›‹10FFFD›", true);
    shows("\xcd\xb8", "‹378›", true);
    shows("\xef\xb7\x90\xef\xbf\xbe\xef\xbf\xbf\xf4\x8f\xbf\xbf", "‹FDD0›‹FFFE›‹FFFF›‹10FFFF›", true);
}

static void bytes_that_are_not_utf8_show_one_by_one(void **state)
{
    shows("a\xff"
          "b\xfe",
          "a‹FF›b‹FE›", true);
    shows("\x80\xbf", "‹80›‹BF›", true);
    shows("\xed\xa0\x80", "‹ED›‹A0›‹80›", true);                         /* a lone surrogate */
    shows("\xed\xa0\xbd\xed\xb8\x80", "‹ED›‹A0›‹BD›‹ED›‹B8›‹80›", true); /* a pair of them */
    shows("\xc0\xaf\xc1\x9b", "‹C0›‹AF›‹C1›‹9B›", true);                 /* overlong */
    shows("\xe0\x80\xaf", "‹E0›‹80›‹AF›", true);
    shows("\xf0\x80\x80\xaf", "‹F0›‹80›‹80›‹AF›", true);
    shows("\xf4\x90\x80\x80\xf5", "‹F4›‹90›‹80›‹80›‹F5›", true); /* above U+10FFFF */
    shows("Đ\xc4", "Đ‹C4›", true);                               /* cut in the middle of a letter */
    shows("\xe1\xbb x", "‹E1›‹BB› x", true);
    shows("\xf0\x9f\x98", "‹F0›‹9F›‹98›", true);
}

static void at_most_two_marks_stay_on_a_letter(void **state)
{
    shows("x\xcc\x80\xcc\x81", "x\xcc\x80\xcc\x81", false);
    shows("x\xcc\x80\xcc\x81\xcc\x82\xcc\x83y", "x\xcc\x80\xcc\x81y", true);
    /* Those that are part of the letter do not count. */
    shows("Vie\xcc\xa3\xcc\x82\xcc\x80\xcc\x81t", "Vi\xe1\xbb\x87\xcc\x80\xcc\x81t", false);
}

static void a_mark_without_a_letter_shows_as_a_code(void **state)
{
    shows("\xcc\x81"
          "a",
          "‹301›a", true);
    shows("a \xcc\x81\xcc\xa3", "a ‹301›‹323›", true);
    shows("\x1b\xcc\x81", "‹1B›‹301›", true);
}

static void every_kind_of_space_is_one_space_and_no_flag(void **state)
{
    shows("a\tb\xc2\xa0"
          "c\xe3\x80\x80"
          "d\xe2\x80\x89"
          "e",
          "a b c d e", false);
    shows("a\nb\r\nc\rd\xe2\x80\xa8"
          "e\xe2\x80\xa9"
          "f",
          "a b c d e f", false);
}

static void line_breaks_stay_where_lines_are_wanted(void **state)
{
    struct buf out = {0};
    const char *data = "a\nb\r\nc\rd\xe2\x80\xa8"
                       "e\xe2\x80\xa9"
                       "f\t\x1b";

    assert_true(text_display(data, strlen(data), TEXT_LINES, &out));
    assert_string_equal(out.data, "a\nb\nc\nd\ne\nf ‹1B›");
    buf_clear(&out);
}

static void it_appends_and_an_absent_text_is_empty(void **state)
{
    struct buf out = {0};
    struct arena arena = {0};

    buf_text(&out, "Tên: ");
    text_display("Đào", strlen("Đào"), TEXT_PLAIN, &out);
    text_display(" e\xcc\x81", 4, TEXT_PLAIN, &out);
    assert_string_equal(out.data, "Tên: Đào é");
    assert_string_equal(text_shown(&arena, NULL), "");
    assert_string_equal(text_shown(&arena, ""), "");
    assert_string_equal(text_shown(&arena, "Đào"), "Đào");
    assert_string_equal(text_shown(&arena, "Đ\x1b"), "Đ‹1B›");
    buf_clear(&out);
    arena_clear(&arena);
}

static void every_code_point_that_there_is_shows_safely(void **state)
{
    struct buf out = {0};

    for (int32_t cp = 0; cp < 0x110000; cp++) {
        unsigned char bytes[6] = {'a'};
        if (cp >= 0xd800 && cp < 0xe000)
            continue; /* no UTF-8 has them */
        size_t n = 1 + (size_t)utf8proc_encode_char(cp, bytes + 1);
        out.len = 0;
        bool replaced = text_display((const char *)bytes, n, TEXT_PLAIN, &out);
        assert_safe(&out, false);
        bool space = cp == '\t' || cp == '\n' || cp == '\r' || cp == 0x2028 || cp == 0x2029;
        if (forbidden(cp) && !space) {
            assert_true(replaced);
            assert_memory_equal(out.data, "a‹", 4);
        }
        if (replaced != (forbidden(cp) && !space))
            fail_msg("U+%04X: flagged %d", (unsigned)cp, replaced);
    }
    buf_clear(&out);
}

static void any_text_comes_out_safe_and_the_second_time_unchanged(void **state)
{
    uint64_t seed = 20221229;
    char data[200];
    struct buf once = {0}, twice = {0};

    for (int round = 0; round < 50000; round++) {
        enum text_flags flags = round & 1 ? TEXT_LINES : TEXT_PLAIN;
        size_t len = sample_text(&seed, data, sizeof data);
        once.len = twice.len = 0;
        text_display(data, len, flags, &once);
        assert_safe(&once, flags == TEXT_LINES);
        assert_false(text_display(once.data ? once.data : "", once.len, flags, &twice));
        assert_int_equal(once.len, twice.len);
        if (once.len)
            assert_memory_equal(once.data, twice.data, once.len);
    }
    buf_clear(&once);
    buf_clear(&twice);
}

static void a_megabyte_of_marks_holds_up_nothing(void **state)
{
    size_t n = 1 << 18;
    char *data = mem_alloc(4 * n + 1);
    struct buf out = {0};
    struct timespec began, ended;

    data[0] = 'a';
    for (size_t i = 0; i < n; i++) /* above, below, above, … : each has to pass all before it */
        memcpy(data + 1 + 4 * i, "\xcc\x81\xcc\xa3", 4);
    clock_gettime(CLOCK_MONOTONIC, &began);
    assert_true(text_display(data, 4 * n + 1, TEXT_PLAIN, &out));
    assert_string_equal(out.data, "\xe1\xba\xa1\xcc\xa3\xcc\xa3"); /* ạ and two of the rest: those below stand first */
    out.len = 0;
    assert_true(text_nfc(data, 4 * n + 1, &out));
    clock_gettime(CLOCK_MONOTONIC, &ended);
    assert_true(ended.tv_sec - began.tv_sec < 5);
    buf_clear(&out);
    mem_free(&data);
}

static void what_is_kept_is_composed_and_loses_nothing(void **state)
{
    struct buf out = {0};
    const char *decomposed = "Vie\xcc\xa3\xcc\x82t\xe2\x80\x8b x\xcc\x80\xcc\x81\xcc\x82";

    assert_true(text_nfc(decomposed, strlen(decomposed), &out));
    assert_string_equal(out.data, "Vi\xe1\xbb\x87t\xe2\x80\x8b x\xcc\x80\xcc\x81\xcc\x82");
    buf_clear(&out);
}

static void composing_refuses_what_is_not_utf8_and_appends_nothing(void **state)
{
    static const char *const broken[] = {"\xff",     "a\xc4", "\xed\xa0\x80",
                                         "\xc0\xaf", "Đ\x80", "\xf4\x90\x80\x80"};
    struct buf out = {0};

    buf_text(&out, "x");
    for (size_t i = 0; i < COUNT(broken); i++)
        assert_false(text_nfc(broken[i], strlen(broken[i]), &out));
    assert_string_equal(out.data, "x");
    buf_clear(&out);
}

static void composing_agrees_with_utf8proc(void **state)
{
    uint64_t seed = 7;
    char data[101];
    struct buf out = {0};

    for (int round = 0; round < 20000; round++) {
        size_t len = sample_text(&seed, data, 100);
        data[len] = '\0';
        out.len = 0;
        bool ok = text_nfc(data, len, &out);
        unsigned char *wanted = utf8proc_NFC((const unsigned char *)data);
        assert_int_equal(ok, wanted != NULL);
        if (wanted)
            assert_string_equal(out.len ? out.data : "", (const char *)wanted);
        free(wanted);
    }
    buf_clear(&out);
}

static void a_letter_is_its_base_and_its_marks(void **state)
{
    assert_int_equal(text_letter("", 0), 0);
    assert_int_equal(text_letter("ab", 2), 1);
    assert_int_equal(text_letter("Đa", 3), 2);
    assert_int_equal(text_letter("\xe1\xbb\x87t", 4), 3);
    assert_int_equal(text_letter("e\xcc\xa3\xcc\x82t", 6), 5);
    assert_int_equal(text_letter("漢\xcc\x81字", 8), 5);
    assert_int_equal(text_letter("\xff"
                                 "a",
                                 2),
                     1);
    assert_int_equal(text_letter("e\xcc", 2), 1);
    assert_int_equal(text_letter("\xcc\x81"
                                 "e",
                                 3),
                     2);
}

static void widths_are_utf8procs(void **state)
{
    for (int32_t cp = 0x20; cp < 0x110000; cp++) {
        unsigned char bytes[4];
        if ((cp >= 0xd800 && cp < 0xe000) || forbidden(cp))
            continue;
        size_t n = (size_t)utf8proc_encode_char(cp, bytes);
        assert_int_equal(text_width_n((const char *)bytes, n), utf8proc_charwidth(cp));
    }
    assert_int_equal(text_width("Đăng ký khai sinh"), 17);
    assert_int_equal(text_width("e\xcc\xa3\xcc\x82"), 1);
    assert_int_equal(text_width("漢字"), 4);
    assert_int_equal(text_width("‹202E›"), 6);
    assert_int_equal(text_width(""), 0);
}

static void widths_of_letters_add_up(void **state)
{
    uint64_t seed = 99;
    char data[200];
    struct buf out = {0};

    for (int round = 0; round < 20000; round++) {
        out.len = 0;
        text_display(data, sample_text(&seed, data, sizeof data), TEXT_PLAIN, &out);
        int sum = 0;
        size_t i = 0;
        for (size_t n; i < out.len; i += n) {
            n = text_letter(out.data + i, out.len - i);
            int width = text_width_n(out.data + i, n);
            assert_in_range(width, 1, 2);
            sum += width;
        }
        assert_int_equal(i, out.len);
        assert_int_equal(sum, text_width_n(out.data ? out.data : "", out.len));
    }
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vietnamese_text_shows_as_it_is),
        cmocka_unit_test(decomposed_text_shows_composed_in_whatever_order_its_marks_came),
        cmocka_unit_test(escape_sequences_show_as_codes),
        cmocka_unit_test(a_nul_inside_the_data_shows_as_a_code),
        cmocka_unit_test(what_turns_hides_or_tags_text_shows_as_codes),
        cmocka_unit_test(private_unassigned_and_noncharacters_show_as_codes),
        cmocka_unit_test(bytes_that_are_not_utf8_show_one_by_one),
        cmocka_unit_test(at_most_two_marks_stay_on_a_letter),
        cmocka_unit_test(a_mark_without_a_letter_shows_as_a_code),
        cmocka_unit_test(every_kind_of_space_is_one_space_and_no_flag),
        cmocka_unit_test(line_breaks_stay_where_lines_are_wanted),
        cmocka_unit_test(it_appends_and_an_absent_text_is_empty),
        cmocka_unit_test(every_code_point_that_there_is_shows_safely),
        cmocka_unit_test(any_text_comes_out_safe_and_the_second_time_unchanged),
        cmocka_unit_test(a_megabyte_of_marks_holds_up_nothing),
        cmocka_unit_test(what_is_kept_is_composed_and_loses_nothing),
        cmocka_unit_test(composing_refuses_what_is_not_utf8_and_appends_nothing),
        cmocka_unit_test(composing_agrees_with_utf8proc),
        cmocka_unit_test(a_letter_is_its_base_and_its_marks),
        cmocka_unit_test(widths_are_utf8procs),
        cmocka_unit_test(widths_of_letters_add_up),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}

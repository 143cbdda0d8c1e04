/* Memory, growing text, arenas; and asks and answers, which are made of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "core/ask.h"
#include "core/mem.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

static bool all_zero(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0)
            return false;
    return true;
}

static void memory_is_zero_and_never_null(void **state)
{
    unsigned char *p = mem_alloc(1000);
    assert_true(all_zero(p, 1000));
    p = mem_grow(p, 3000, 2);
    assert_true(all_zero(p, 1000));
    free(p);
    void *nothing = mem_alloc(0);
    assert_non_null(nothing);
    free(nothing);
    nothing = mem_grow(NULL, 0, 8);
    assert_non_null(nothing);
    free(nothing);
}

static void copies_are_whole_and_null_counts_as_empty(void **state)
{
    char *text = mem_copy("Đặng Thị Lụa");
    assert_string_equal(text, "Đặng Thị Lụa");
    mem_free(&text);
    assert_null(text);
    text = mem_copy(NULL);
    assert_string_equal(text, "");
    mem_free(&text);
    text = mem_copy_n("abcdef", 3);
    assert_string_equal(text, "abc");
    mem_free(&text);
    text = mem_copy_n(NULL, 0);
    assert_string_equal(text, "");
    mem_free(&text);
    text = mem_format("%s-%03d", "hs", 41);
    assert_string_equal(text, "hs-041");
    mem_free(&text);
    mem_free(&text);
}

static void wiping_leaves_zeros(void **state)
{
    char secret[16] = "1234";
    mem_wipe(secret, sizeof(secret));
    assert_true(all_zero(secret, sizeof(secret)));
    mem_wipe(NULL, 0);
}

static void a_text_grows_and_always_ends(void **state)
{
    struct buf b = {0};
    buf_add(&b, "", 0);
    assert_string_equal(b.data, "");
    for (int i = 0; i < 10000; i++) {
        buf_char(&b, (char)('a' + i % 26));
        assert_int_equal(b.data[b.len], '\0');
    }
    assert_int_equal(b.len, 10000);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(b.data[i], 'a' + i % 26);
    buf_clear(&b);
    assert_null(b.data);

    buf_text(&b, "x");
    buf_format(&b, "[%s|%d]", "yy", 7);
    buf_add(&b, "\0z", 2);
    assert_int_equal(b.len, 9);
    assert_memory_equal(b.data, "x[yy|7]\0z", 10); /* and its NUL */
    buf_wipe(&b);
    assert_null(b.data);
    assert_int_equal(b.cap, 0);
}

static void a_text_that_is_taken_belongs_to_the_taker(void **state)
{
    struct buf b = {0};
    char *empty = buf_take(&b);
    assert_string_equal(empty, "");
    buf_text(&b, "một");
    char *text = buf_take(&b);
    assert_null(b.data);
    buf_text(&b, "hai");
    assert_string_equal(text, "một");
    assert_string_equal(b.data, "hai");
    free(empty);
    free(text);
    buf_clear(&b);
}

static void things_in_an_arena_are_zero_aligned_and_apart(void **state)
{
    struct arena a = {0};
    unsigned char *things[2000];
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 2000; i++) {
            size_t n = i % 97 * (i % 50 == 0 ? 500 : 1);
            arena_copy(&a, "x"); /* puts what follows out of line */
            things[i] = arena_alloc(&a, n);
            assert_int_equal((uintptr_t)things[i] % alignof(max_align_t), 0);
            assert_true(all_zero(things[i], n));
            memset(things[i], (int)(i & 0xFF), n);
        }
        for (size_t i = 0; i < 2000; i++)
            for (size_t j = 0; j < i % 97; j++)
                assert_int_equal(things[i][j], i & 0xFF);
        arena_reset(&a);
    }
    arena_clear(&a);
    assert_null(a.block);
    arena_clear(&a);
    arena_reset(&a);
}

static void texts_in_an_arena(void **state)
{
    struct arena a = {0};
    assert_string_equal(arena_copy(&a, "Ngãi Giao"), "Ngãi Giao");
    assert_string_equal(arena_copy(&a, NULL), "");
    assert_string_equal(arena_copy_n(&a, "abcdef", 2), "ab");
    assert_string_equal(arena_copy_n(&a, NULL, 0), "");
    assert_string_equal(arena_format(&a, "%d.%03d đ", 10, 0), "10.000 đ");
    char *big = arena_format(&a, "%100000d", 1);
    assert_int_equal(strlen(big), 100000);
    arena_clear(&a);
}

static void an_array_in_an_arena_grows_with_what_it_holds(void **state)
{
    struct arena a = {0};
    int *numbers = arena_grow(&a, NULL, 0, 2, sizeof(int));
    numbers[0] = 7;
    numbers[1] = 8;
    numbers = arena_grow(&a, numbers, 2, 1000, sizeof(int));
    assert_int_equal(numbers[0], 7);
    assert_int_equal(numbers[1], 8);
    assert_true(all_zero(numbers + 2, 998 * sizeof(int)));
    arena_clear(&a);
}

static void count_up(void *n)
{
    ++*(int *)n;
}

static void what_an_arena_owns_ends_with_it_once(void **state)
{
    struct arena a = {0};
    int first = 0, second = 0;
    arena_at_end(&a, count_up, &first);
    for (int i = 0; i < 1000; i++) /* into a block of its own */
        arena_alloc(&a, 100);
    arena_at_end(&a, count_up, &second);
    assert_int_equal(first + second, 0);
    arena_reset(&a);
    assert_int_equal(first, 1);
    assert_int_equal(second, 1);
    arena_at_end(&a, count_up, &second);
    arena_clear(&a);
    arena_clear(&a);
    assert_int_equal(first, 1);
    assert_int_equal(second, 2);
}

static void an_ask_and_its_answer_are_empty_when_cleared(void **state)
{
    struct ask ask = {.id = 7, .kind = ASK_SIGN, .text = mem_copy("lụa"), .dossier = mem_copy("hs-1"), .n = 3};
    ask.bytes = mem_copy_n("{}\n", 3);
    ask_clear(&ask);
    assert_true(all_zero(&ask, sizeof(ask)));
    ask_clear(&ask);

    struct answer answer = {.kind = ASK_SEARCH, .final = true};
    answer.cms = arena_copy(&answer.arena, "MIIB");
    err_set(&answer.err, ERR_OFFLINE, "x");
    answer_clear(&answer);
    assert_true(all_zero(&answer, sizeof(answer)));
    answer_clear(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zero_and_never_null),
        cmocka_unit_test(copies_are_whole_and_null_counts_as_empty),
        cmocka_unit_test(wiping_leaves_zeros),
        cmocka_unit_test(a_text_grows_and_always_ends),
        cmocka_unit_test(a_text_that_is_taken_belongs_to_the_taker),
        cmocka_unit_test(things_in_an_arena_are_zero_aligned_and_apart),
        cmocka_unit_test(texts_in_an_arena),
        cmocka_unit_test(an_array_in_an_arena_grows_with_what_it_holds),
        cmocka_unit_test(what_an_arena_owns_ends_with_it_once),
        cmocka_unit_test(an_ask_and_its_answer_are_empty_when_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

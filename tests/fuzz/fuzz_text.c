/* The gate, the cuts, the folding: any bytes come out safe, within their columns, and the second time unchanged.
 * The first byte says how many columns there are, the rest is the text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "core/text.h"
#include "tests/fuzz/shown.h"

#include <string.h>

static bool same(const struct buf *a, const struct buf *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static void check_gate(const char *data, size_t len, enum text_flags flags, struct buf *shown)
{
    struct buf again = {0};

    buf_text(shown, "");
    text_display(data, len, flags, shown);
    check_shown_n(shown->data ? shown->data : "", shown->len, flags == TEXT_LINES);
    CHECK(!text_display(shown->data ? shown->data : "", shown->len, flags, &again));
    CHECK(same(shown, &again));
    buf_clear(&again);
}

static void check_letters(const char *text, size_t len)
{
    int sum = 0;
    size_t i = 0;

    for (size_t n; i < len; i += n) {
        n = text_letter(text + i, len - i);
        CHECK(n > 0);
        int width = text_width_n(text + i, n);
        CHECK(width >= 1 && width <= 2);
        sum += width;
    }
    CHECK(i == len && sum == text_width_n(text, len));
}

static void check_fits(struct arena *arena, const char *cut, int columns)
{
    CHECK(text_width(cut) <= columns);
    check_shown(cut);
    CHECK(strcmp(text_shown(arena, cut), cut) == 0);
}

static void check_cuts(struct arena *arena, const char *shown, const char *data, int columns)
{
    check_fits(arena, text_cut(arena, shown, columns), columns);
    check_fits(arena, text_cut_middle(arena, shown, columns), columns);
    check_fits(arena, text_code(arena, data, columns), columns);
    if (text_width(shown) <= columns)
        CHECK(strcmp(text_cut(arena, shown, columns), shown) == 0 &&
              strcmp(text_cut_middle(arena, shown, columns), shown) == 0);
    const char *masked = text_masked(arena, data);
    size_t letters = 0;
    for (size_t i = 0, len = strlen(masked); i < len; i += text_letter(masked + i, len - i))
        letters++;
    CHECK(letters <= 7);
}

static void check_wrap(struct arena *arena, const char *shown, int columns)
{
    char **lines;
    size_t n = text_wrap(arena, shown, columns, &lines);
    const char *at = shown;

    CHECK(n >= 1);
    for (size_t i = 0; i < n; i++) {
        CHECK(text_width(lines[i]) <= (columns < 2 ? 2 : columns));
        for (const char *c = lines[i]; *c; c++) {
            if (*c == ' ')
                continue;
            at += strspn(at, " \n");
            CHECK(*at == *c);
            at++;
        }
    }
    CHECK(at[strspn(at, " \n")] == '\0');
}

static void check_fold(const char *data, size_t len)
{
    struct buf composed = {0}, once = {0}, twice = {0};

    text_fold(data, len, &once);
    text_fold(once.data ? once.data : "", once.len, &twice);
    CHECK(same(&once, &twice));
    if (text_nfc(data, len, &composed)) {
        twice.len = 0;
        text_fold(composed.data ? composed.data : "", composed.len, &twice);
        CHECK(same(&once, &twice));
    }
    buf_clear(&composed);
    buf_clear(&once);
    buf_clear(&twice);
}

static void check_names(const char *name)
{
    struct buf key = {0}, first = {0}, lower = {0};

    text_name_key(name, &key);
    CHECK(key.len == 0 || !memchr(key.data, 0, key.len));
    text_initials(name, &first);
    text_lower(name, strlen(name), &lower);
    CHECK(text_nfc(lower.len ? lower.data : "", lower.len, &key));
    buf_clear(&key);
    buf_clear(&first);
    buf_clear(&lower);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena = {0};
    struct buf plain = {0}, lines = {0};

    if (size == 0)
        return 0;
    int columns = bytes[0] % 64;
    size_t len = size - 1;
    char *data = mem_copy_n((const char *)bytes + 1, len);
    check_gate(data, len, TEXT_PLAIN, &plain);
    check_gate(data, len, TEXT_LINES, &lines);
    check_letters(plain.data ? plain.data : "", plain.len);
    check_cuts(&arena, plain.data ? plain.data : "", data, columns);
    check_wrap(&arena, lines.data ? lines.data : "", columns);
    check_fold(data, len);
    check_names(data);
    buf_clear(&plain);
    buf_clear(&lines);
    arena_clear(&arena);
    mem_free(&data);
    return 0;
}

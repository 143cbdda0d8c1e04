/* words_money: an amount as a receipt spells it out. In Vietnamese whatever the screen speaks: it is the amount's legal form.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/words.h"

static const char *const digits[] = {"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"};

static void say(struct buf *out, const char *word)
{
    buf_format(out, "%s%s", out->len ? " " : "", word);
}

/* 0 to 999; `whole`: it stands behind a larger group, so its hundreds are named though they are none. */
static void say_group(struct buf *out, int n, bool whole)
{
    int hundreds = n / 100, tens = n / 10 % 10, ones = n % 10;

    if (hundreds > 0 || whole) {
        say(out, digits[hundreds]);
        say(out, "trăm");
    }
    if (tens == 0 && ones > 0 && (hundreds > 0 || whole))
        say(out, "linh");
    else if (tens == 1)
        say(out, "mười");
    else if (tens > 1) {
        say(out, digits[tens]);
        say(out, "mươi");
    }
    if (ones == 1 && tens > 1)
        say(out, "mốt");
    else if (ones == 5 && tens > 0)
        say(out, "lăm");
    else if (ones > 0)
        say(out, digits[ones]);
}

char *word_dong(struct arena *arena, int64_t dong)
{
    static const struct {
        int64_t size;
        const char *word;
    } groups[] = {{1000000000, "tỷ"}, {1000000, "triệu"}, {1000, "nghìn"}, {1, NULL}};
    struct buf out = {0};

    if (dong < 0 || dong >= INT64_C(1000000000000))
        return arena_format(arena, "%lld đồng", (long long)dong);
    if (dong == 0)
        say(&out, digits[0]);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        int n = (int)(dong / groups[i].size % 1000);
        if (n == 0)
            continue;
        say_group(&out, n, out.len > 0);
        if (groups[i].word)
            say(&out, groups[i].word);
    }
    say(&out, "đồng");
    char *words = arena_copy(arena, out.data);
    buf_clear(&out);
    return words;
}

/* fee: items, counts, sums. Pure.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fee.h"

#include "core/instant.h"

#include <string.h>

static bool holds_on(const struct fee_item *item, const char *channel)
{
    return !item->channel || strcmp(item->channel, channel) == 0;
}

/* Two cases of one fee: the same words up to the first comma. */
static bool same_fee(const char *a, const char *b)
{
    size_t n = strcspn(a, ",");

    return a[n] == ',' && strcspn(b, ",") == n && b[n] == ',' && strncmp(a, b, n) == 0;
}

static int64_t usual_count(const struct fee_line *lines, size_t before, const struct fee_item *item)
{
    for (size_t i = 0; i < before; i++)
        if (same_fee(lines[i].item->name, item->name))
            return 0;
    return 1;
}

size_t fee_lines(const struct procedure *p, const char *channel, struct arena *arena, struct fee_line **out)
{
    struct fee_line *lines = arena_alloc(arena, (p->n_fees + 1) * sizeof *lines);
    size_t n = 0;

    for (size_t i = 0; i < p->n_fees; i++) {
        if (!holds_on(&p->fees[i], channel))
            continue;
        lines[n] = (struct fee_line){.item = &p->fees[i], .count = usual_count(lines, n, &p->fees[i])};
        n++;
    }
    *out = lines;
    return n;
}

int64_t fee_line_amount(const struct fee_line *line, bool exempt)
{
    int64_t amount;

    if ((exempt && line->item->exempt) || line->count <= 0)
        return 0;
    return __builtin_mul_overflow(line->item->amount, line->count, &amount) ? INT64_MAX : amount;
}

int64_t fee_lines_sum(const struct fee_line *lines, size_t n, bool exempt)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        if (__builtin_add_overflow(sum, fee_line_amount(&lines[i], exempt), &sum))
            return INT64_MAX;
    return sum;
}

size_t fee_lines_fees(const struct fee_line *lines, size_t n, bool exempt, struct arena *arena, struct fee **out)
{
    struct fee *fees = arena_alloc(arena, (n + 1) * sizeof *fees);
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t amount = fee_line_amount(&lines[i], exempt);
        if (amount > 0)
            fees[m++] = (struct fee){.name = lines[i].item->name, .amount = amount, .paid_at = INSTANT_NONE};
    }
    *out = fees;
    return m;
}

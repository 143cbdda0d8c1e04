/* numbers: see numbers.h. They are taken from the same serials as all others, so that no code is given twice; what is not spent lapses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/numbers.h"

#include "training/intake.h"
#include "training/scenario.h"

#define MOST 50 /* contract, reserveNumbers */

static const struct say wrong_count = {{"từ 1 đến 50", "1 to 50"}};

/* The day ends there at midnight. */
static int64_t end_of_day(int64_t now)
{
    return instant_day_start(instant_day(now, CENTRAL_ZONE_OFFSET) + 1, CENTRAL_ZONE_OFFSET);
}

bool numbers_reserve(struct call *call)
{
    struct central *central = call->central;
    struct number_request asked;
    struct number_block block = {.expires_at = end_of_day(call->now)};

    if (!body_decode(call, &shape_number_request, &asked) || !unit_takes_in(call, asked.unit))
        return false;
    if (asked.count < 1 || asked.count > MOST)
        return problem_at(call, PROBLEM_INVALID, "/count", wrong_count);
    block.codes.items = arena_alloc(&call->arena, (size_t)asked.count * sizeof *block.codes.items);
    for (; block.codes.n < (size_t)asked.count; block.codes.n++) {
        const char *code = scenario_code(central->scenario, central->store, &call->arena, asked.unit, call->now);
        block.codes.items[block.codes.n] = code;
        store_run(central->store, NUMBER_ADD, "tttii", code, call->me->id, asked.unit, call->now,
                  block.expires_at);
    }
    answer_value(call, 201, codec_encode(&shape_number_block, &block, CENTRAL_ZONE_OFFSET));
    return true;
}

bool number_spent(struct call *call, const char *code, const char *unit, int64_t received_at)
{
    struct store *store = call->central->store;
    sqlite3_stmt *s = store_query(store, NUMBER_SPEND, "ttti", code, call->me->id, unit, received_at);
    bool good = store_row(store, s);

    store_done(s);
    return good;
}

/* Office hours of any kind and any times: nothing hangs or overflows, what is computed lies in working time, working time adds up, and
 * what came later is not due earlier.
 * Bytes in turn: zone, seven days, exceptions, then questions; where they end, zeros follow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "core/calendar.h"
#include "core/words.h"

#include <string.h>

#define DAY        86400
#define SPANS      8 /* more than a day may have */
#define EXCEPTIONS 12
#define SOME_TIME  INT64_C(1672281720)

struct source {
    const uint8_t *at;
    size_t left;
};

static uint64_t take(struct source *s, size_t n)
{
    uint64_t value = 0;

    for (; n > 0; n--) {
        value = value << 8 | (s->left ? *s->at : 0);
        s->at += s->left > 0;
        s->left -= s->left > 0;
    }
    return value;
}

/* Mostly near each other, now and then anything at all. */
static int64_t take_instant(struct source *s)
{
    if (take(s, 1) % 8 == 0)
        return (int64_t)take(s, 8);
    return SOME_TIME + (int64_t)(take(s, 3) % (40 * DAY)) - 20 * DAY;
}

static void take_hours(struct source *s, struct arena *arena, struct day_hours *hours)
{
    int at = 0;
    unsigned kind = (unsigned)take(s, 1);

    hours->n = kind % (SPANS + 1);
    hours->spans = arena_alloc(arena, SPANS * sizeof *hours->spans);
    for (size_t i = 0; i < hours->n; i++) {
        struct hours_span *span = &hours->spans[i];
        if (kind >= 240) { /* nonsense */
            *span = (struct hours_span){.from = (int16_t)take(s, 2), .until = (int16_t)take(s, 2)};
            continue;
        }
        at += (int)(take(s, 1) % 120);
        span->from = (int16_t)at;
        at += 1 + (int)(take(s, 1) % 240);
        span->until = (int16_t)at;
    }
}

static struct office_calendar take_calendar(struct source *s, struct arena *arena)
{
    static const char *const zones[] = {"Asia/Ho_Chi_Minh", "UTC", "Asia/Bangkok", "Mars/Olympus"};
    struct office_calendar hours = {.unit = "A", .time_zone = zones[take(s, 1) % 4]};

    for (size_t i = 0; i < 7; i++)
        take_hours(s, arena, &hours.week[i]);
    hours.n_exceptions = take(s, 1) % EXCEPTIONS;
    hours.exceptions = arena_alloc(arena, EXCEPTIONS * sizeof *hours.exceptions);
    for (size_t i = 0; i < hours.n_exceptions; i++) {
        hours.exceptions[i].date = (int32_t)(SOME_TIME / DAY) + (int32_t)(take(s, 1) % 40) - 20;
        hours.exceptions[i].name = "Nghỉ";
        take_hours(s, arena, &hours.exceptions[i].hours);
    }
    return hours;
}

static void check_working(const struct calendar *c, int64_t t)
{
    int64_t next = calendar_next(c, t);

    if (next == INSTANT_NONE)
        return;
    CHECK(next >= t && calendar_next(c, next) == next);
    CHECK(calendar_between(c, t, next) <= 0); /* INSTANT_NONE where that lies beyond the year 9999 */
}

static void check_sums(const struct calendar *c, int64_t from, int64_t middle, int64_t until)
{
    int64_t whole = calendar_between(c, from, until);
    int64_t first = calendar_between(c, from, middle), second = calendar_between(c, middle, until);

    CHECK(whole == INSTANT_NONE || (whole >= 0 && (until <= from || whole <= until - from)));
    if (whole != INSTANT_NONE && first != INSTANT_NONE && second != INSTANT_NONE && from <= middle &&
        middle <= until)
        CHECK(whole == first + second);
}

static void check_added(const struct calendar *c, int64_t from, int64_t seconds)
{
    int64_t t = calendar_add_time(c, from, seconds);

    if (t == INSTANT_NONE)
        return;
    int64_t between = calendar_between(c, from, t);
    CHECK(t >= from && (between == seconds || between == INSTANT_NONE));
    CHECK(calendar_resume(c, from, from, t) >= from || calendar_resume(c, from, from, t) == INSTANT_NONE);
}

/* Days of the year may end on a day off and move past what came later, where a day off became a working day. */
static void check_due(const struct calendar *c, int64_t early, int64_t late, const struct duration *limit)
{
    int64_t first = calendar_due(c, early, limit), second = calendar_due(c, late, limit);

    CHECK(first == INSTANT_NONE || first >= early);
    CHECK(second == INSTANT_NONE || second >= late);
    if (early <= late && first != INSTANT_NONE && second != INSTANT_NONE &&
        strcmp(limit->unit, "calendar_days") != 0)
        CHECK(first <= second);
    calendar_stuck(c, early, late);
}

static void check_left(const struct calendar *c, int64_t due, int64_t now, struct arena *arena)
{
    struct time_left left = calendar_left_until(c, due, now);

    CHECK(left.kind == TIME_UNKNOWN || (left.kind == TIME_OVERDUE) == (due < now));
    CHECK(left.days >= 0 && left.days <= CALENDAR_REACH_DAYS && left.minutes >= 0);
    CHECK(word_time_left(arena, left)[0]);
}

static void check_explained(const struct calendar *c, int64_t from, int64_t due, struct arena *arena)
{
    struct counted_day *days;
    int64_t sum = 0, whole = calendar_between(c, from, due);
    size_t n = calendar_explain(c, from, due, arena, &days);

    CHECK((n == 0) == (whole == INSTANT_NONE || due < from));
    for (size_t i = 0; i < n; i++) {
        CHECK(days[i].n_spans <= CALENDAR_SPANS && (!days[i].off || days[i].minutes == 0));
        sum += days[i].minutes;
    }
    /* Whole minutes of each end. */
    CHECK(n == 0 || (sum * 60 - whole < 60 && whole - sum * 60 < 60));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const units[] = {"working_hours", "working_days", "calendar_days", "same_day",
                                        "fortnights"};
    struct source s = {bytes, size};
    struct arena arena = {0};
    struct office_calendar hours = take_calendar(&s, &arena);
    struct calendar c = calendar_of(&hours);

    for (int i = 0; i < 4; i++) {
        int64_t a = take_instant(&s), b = take_instant(&s), m = take_instant(&s);
        struct duration limit = {.unit = units[take(&s, 1) % 5],
                                 .amount = (int64_t)take(&s, take(&s, 1) % 8 ? 1 : 7)};
        check_working(&c, a);
        check_sums(&c, a, m, b);
        check_added(&c, a, limit.amount);
        check_due(&c, a, b, &limit);
        check_left(&c, a, b, &arena);
        check_explained(&c, a, b, &arena);
        CHECK(calendar_decide_by(&c, a) == INSTANT_NONE || calendar_decide_by(&c, a) >= a);
        int64_t back = calendar_back_days(&c, a, limit.amount);
        CHECK(back == INSTANT_NONE || limit.amount == 0 ||
              (back < a && a - back < INT64_C(2) * CALENDAR_REACH_DAYS * DAY));
    }
    arena_clear(&arena);
    return 0;
}

/* Times and dates from a server: whatever is read is a moment that exists, and comes back from its own text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "core/instant.h"
#include "core/mem.h"

#include <string.h>

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z; read with an offset, a moment may lie a day beyond. */
#define FIRST INT64_C(-62135596800)
#define LAST  INT64_C(253402300799)
#define DAY   INT64_C(86400)

static const int32_t offsets[] = {0,         7 * 3600,           -12 * 3600,
                                  14 * 3600, 5 * 3600 + 45 * 60, -(23 * 3600 + 59 * 60)};

static void check_civil(const struct civil *c)
{
    CHECK(c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12 && c->day >= 1 && c->day <= 31);
    CHECK(c->hour >= 0 && c->hour < 24 && c->minute >= 0 && c->minute < 60 && c->second >= 0 && c->second < 60);
    CHECK(c->weekday >= 0 && c->weekday < 7);
}

static void check_moment(int64_t t)
{
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        int32_t offset = offsets[i];
        char text[INSTANT_TEXT];
        int64_t again;
        struct civil c = instant_civil(t, offset);
        check_civil(&c);
        instant_format(t, offset, text);
        CHECK(strlen(text) == (offset ? 25 : 20));
        CHECK(instant_parse(text, &again));
        if (t + offset < FIRST || t + offset > LAST)
            continue; /* has no text there: the nearest one stands for it */
        CHECK(again == t && instant_of(&c, offset) == t);
        int32_t day = instant_day(t, offset);
        int64_t start = instant_day_start(day, offset);
        CHECK(start <= t && t < start + DAY);
        CHECK(day_of(c.year, c.month, c.day) == day && day_weekday(day) == c.weekday);
    }
}

static void check_http(int64_t t)
{
    char text[INSTANT_HTTP];
    int64_t again;

    instant_format_http(t, text);
    CHECK(strlen(text) == 29);
    CHECK(instant_parse_http(text, &again));
    CHECK(again == t || t < FIRST || t > LAST);
}

/* Any number is computed with, even if it comes from a damaged file. */
static void check_any_number(const uint8_t *bytes, size_t size)
{
    int64_t t;
    char text[INSTANT_TEXT], http[INSTANT_HTTP], date[DAY_TEXT];

    if (size < sizeof t)
        return;
    memcpy(&t, bytes, sizeof t);
    struct civil c = instant_civil(t, offsets[bytes[0] % 6]);
    check_civil(&c);
    instant_format(t, offsets[bytes[0] % 6], text);
    instant_format_http(t, http);
    c = day_civil((int32_t)t);
    check_civil(&c);
    day_format((int32_t)t, date);
    CHECK(strlen(date) == 10);
    CHECK(day_weekday((int32_t)t) >= 0 && day_weekday((int32_t)t) < 7);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = mem_copy_n((const char *)bytes, size);
    int64_t t = INSTANT_NONE;
    int32_t day = DAY_NONE;

    if (instant_parse(text, &t)) {
        CHECK(t >= FIRST - DAY && t <= LAST + DAY);
        check_moment(t);
    } else {
        CHECK(t == INSTANT_NONE);
    }
    if (instant_parse_http(text, &t)) {
        char same[INSTANT_HTTP];
        instant_format_http(t, same);
        CHECK(strcmp(text, same) == 0 || strstr(text, ":59:60 "));
        check_http(t);
    }
    if (day_parse(text, &day)) {
        char same[DAY_TEXT];
        day_format(day, same);
        CHECK(strcmp(text, same) == 0);
        struct civil c = day_civil(day);
        CHECK(day_of(c.year, c.month, c.day) == day);
    }
    check_any_number(bytes, size);
    mem_free(&text);
    return 0;
}

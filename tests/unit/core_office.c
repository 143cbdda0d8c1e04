/* core_office: three calendars and the clock on their wall.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_office.h"

#include "core/instant.h"

#include <stdio.h>
#include <string.h>

#define EAST         (7 * 3600)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct hours_span day_spans[] = {{7 * 60, 11 * 60 + 30}, {13 * 60 + 30, 17 * 60}};
static struct hours_span saturday_spans[] = {{7 * 60, 11 * 60}};
#define DAY                        \
    {                              \
        .spans = day_spans, .n = 2 \
    }
#define SATURDAY                        \
    {                                   \
        .spans = saturday_spans, .n = 1 \
    }
#define CLOSED \
    {          \
        .n = 0 \
    }

/* Days since 1970: checked against the texts by test_core_calendar.c. */
static struct calendar_exception exceptions[] = {
    {.date = 19358, .hours = CLOSED, .name = "Tết Dương lịch"},         /* CN 2023-01-01 */
    {.date = 19359, .hours = CLOSED, .name = "nghỉ bù Tết Dương lịch"}, /* T2 2023-01-02 */
    {.date = 19377, .hours = CLOSED, .name = "Tết Nguyên đán"},         /* T6 2023-01-20 */
    {.date = 19380, .hours = CLOSED, .name = "Tết Nguyên đán"},         /* T2 2023-01-23 */
    {.date = 19381, .hours = CLOSED, .name = "Tết Nguyên đán"},
    {.date = 19382, .hours = CLOSED, .name = "Tết Nguyên đán"},
    {.date = 19383, .hours = CLOSED, .name = "Tết Nguyên đán"},        /* T5 2023-01-26 */
    {.date = 20687, .hours = DAY, .name = "làm bù cho 31/08"},         /* T7 2026-08-22 */
    {.date = 20696, .hours = CLOSED, .name = "nghỉ Quốc khánh"},       /* T2 2026-08-31 */
    {.date = 20697, .hours = CLOSED, .name = "Quốc khánh"},            /* T3 2026-09-01 */
    {.date = 20698, .hours = CLOSED, .name = "Quốc khánh"},            /* T4 2026-09-02 */
    {.date = 20781, .hours = CLOSED, .name = "Ngày Văn hóa Việt Nam"}, /* T3 2026-11-24 */
};

struct calendar office_weekdays(void)
{
    static const struct office_calendar hours = {
        .unit = "H06.33.26",
        .time_zone = "Asia/Ho_Chi_Minh",
        .week = {DAY, DAY, DAY, DAY, DAY, CLOSED, CLOSED},
        .exceptions = exceptions,
        .n_exceptions = COUNT(exceptions),
    };
    return calendar_of(&hours);
}

struct calendar office_short_saturday(void)
{
    static const struct office_calendar hours = {
        .unit = "H06.33.26",
        .time_zone = "Asia/Ho_Chi_Minh",
        .week = {DAY, DAY, DAY, DAY, DAY, SATURDAY, CLOSED},
    };
    return calendar_of(&hours);
}

struct calendar office_empty(void)
{
    static const struct office_calendar hours = {.unit = "H06.33.26", .time_zone = "Asia/Ho_Chi_Minh"};

    return calendar_of(&hours);
}

int64_t at(const char *text)
{
    char iso[32];
    int64_t t;

    if (*text == '\0')
        return INSTANT_NONE;
    snprintf(iso, sizeof iso, "%.10sT%s%s+07:00", text, text + 11, strlen(text) < 19 ? ":00" : "");
    if (!instant_parse(iso, &t))
        fail_msg("not a time: %s", text);
    return t;
}

int32_t on(const char *text)
{
    int32_t day;

    if (!day_parse(text, &day))
        fail_msg("not a day: %s", text);
    return day;
}

void assert_time_at(struct at here, int64_t got, const char *text)
{
    char said[INSTANT_TEXT] = "no time at all";

    if (got == at(text))
        return;
    if (got != INSTANT_NONE)
        instant_format(got, EAST, said);
    fail_at(here, "%s, not %s", said, *text ? text : "no time at all");
}

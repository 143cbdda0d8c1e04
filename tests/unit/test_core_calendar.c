/* Working time: every case here was counted by hand on a calendar of paper, none comes from the code.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_office.h"

#include "core/instant.h"

#include <string.h>

#define HOURS(n) ((int64_t)(n)*3600)

static int64_t due(struct calendar c, const char *received, int64_t amount, const char *unit)
{
    return calendar_due(&c, at(received), &(struct duration){.amount = amount, .unit = unit});
}

/* ── what the calendar is ────────────────────────────────────────────────────────────────────────────────────────── */

static void the_days_off_are_the_days_that_they_say(void **state)
{
    static const char *const dates[] = {"2023-01-01", "2023-01-02", "2023-01-20", "2023-01-23",
                                        "2023-01-24", "2023-01-25", "2023-01-26", "2026-08-22",
                                        "2026-08-31", "2026-09-01", "2026-09-02", "2026-11-24"};
    struct calendar c = office_weekdays();

    assert_true(c.usable);
    assert_true(c.sorted);
    assert_int_equal(c.offset, 7 * 3600);
    assert_int_equal(c.hours->n_exceptions, 12);
    for (size_t i = 0; i < 12; i++)
        assert_int_equal(c.hours->exceptions[i].date, on(dates[i]));
}

static void a_day_is_the_week_s_or_its_exception_s(void **state)
{
    struct calendar c = office_weekdays();
    const char *name;

    assert_int_equal(calendar_day(&c, on("2022-12-29"), &name)->n, 2);
    assert_null(name);
    assert_int_equal(calendar_day(&c, on("2022-12-31"), &name)->n, 0);
    assert_null(name);
    assert_int_equal(calendar_day(&c, on("2023-01-02"), &name)->n, 0);
    assert_string_equal(name, "nghỉ bù Tết Dương lịch");
    assert_int_equal(calendar_day(&c, on("2026-08-22"), &name)->n, 2);
    assert_string_equal(name, "làm bù cho 31/08");
    assert_int_equal(calendar_day(&c, on("2026-11-24"), NULL)->n, 0);
}

static void exceptions_may_come_in_any_order(void **state)
{
    struct calendar c = office_weekdays();
    struct calendar_exception turned[12];
    struct office_calendar hours = *c.hours;

    for (size_t i = 0; i < 12; i++)
        turned[i] = c.hours->exceptions[11 - i];
    hours.exceptions = turned;
    struct calendar other = calendar_of(&hours);
    assert_true(other.usable);
    assert_false(other.sorted);
    for (int32_t day = on("2022-12-01"); day < on("2026-12-31"); day++) {
        const char *name, *other_name;
        assert_int_equal(calendar_day(&c, day, &name)->n, calendar_day(&other, day, &other_name)->n);
        assert_ptr_equal(name, other_name);
    }
}

static void assert_computes_nothing(struct calendar c)
{
    struct arena arena = {0};
    struct counted_day *days;
    int64_t t = at("2022-12-29 09:00");
    static const char *const units[] = {"working_hours", "working_days", "calendar_days", "same_day"};

    assert_false(c.usable);
    assert_int_equal(calendar_day(&c, on("2022-12-29"), NULL)->n, 0);
    assert_time(calendar_next(&c, t), "");
    assert_time(calendar_between(&c, t, t + 60), "");
    assert_time(calendar_between(&c, t, t - 60), "");
    assert_time(calendar_add_time(&c, t, 60), "");
    assert_time(calendar_add_days(&c, t, 1), "");
    assert_time(calendar_back_days(&c, t, 1), "");
    for (size_t i = 0; i < 4; i++)
        assert_time(due(c, "2022-12-29 09:00", 1, units[i]), "");
    assert_time(calendar_decide_by(&c, t), "");
    assert_time(calendar_resume(&c, t, t - 60, t), "");
    assert_int_equal(calendar_left_until(&c, t, t - 60).kind, TIME_UNKNOWN);
    assert_int_equal(calendar_left_until(&c, t, t + 60).kind, TIME_UNKNOWN);
    assert_false(calendar_stuck(&c, t, at("2024-12-29 09:00")));
    assert_int_equal(calendar_explain(&c, t, t + 60, &arena, &days), 0);
    arena_clear(&arena);
}

static void an_empty_calendar_refuses(void **state)
{
    assert_computes_nothing(office_empty());
    assert_computes_nothing(calendar_of(NULL));
}

static void an_unknown_zone_refuses(void **state)
{
    struct office_calendar hours = *office_weekdays().hours;

    hours.time_zone = "Asia/Atlantis";
    assert_computes_nothing(calendar_of(&hours));
}

static void spans_that_no_day_can_have_refuse(void **state)
{
    static struct hours_span backwards[] = {{17 * 60, 7 * 60}},
                             overlapping[] = {{7 * 60, 12 * 60}, {11 * 60, 17 * 60}},
                             late[] = {{7 * 60, 24 * 60 + 1}}, nothing[] = {{7 * 60, 7 * 60}},
                             early[] = {{-1, 60}};
    static struct hours_span many[] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}, {10, 11}, {12, 13}};
    struct day_hours bad[] = {{backwards, 1}, {overlapping, 2}, {late, 1},
                              {nothing, 1},   {early, 1},       {many, 7}};
    struct office_calendar hours = *office_weekdays().hours;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        hours.week[3] = bad[i];
        assert_computes_nothing(calendar_of(&hours));
    }
    hours.week[3] = (struct day_hours){.spans = many, .n = 6};
    assert_true(calendar_of(&hours).usable);
    struct calendar_exception exception = {.date = on("2023-05-01"), .hours = bad[1]};
    hours.exceptions = &exception;
    hours.n_exceptions = 1;
    assert_computes_nothing(calendar_of(&hours));
}

static void hours_on_exceptions_alone_are_hours(void **state)
{
    struct calendar_exception one = {.date = on("2026-08-22"), .hours = office_weekdays().hours->week[0]};
    struct office_calendar hours = *office_empty().hours;

    hours.exceptions = &one;
    hours.n_exceptions = 1;
    struct calendar c = calendar_of(&hours);
    assert_true(c.usable);
    assert_time(calendar_next(&c, at("2026-08-01 09:00")), "2026-08-22 07:00");
    assert_time(calendar_next(&c, at("2025-07-18 09:00")), "2026-08-22 07:00"); /* 400 days */
    assert_time(calendar_next(&c, at("2025-07-17 09:00")), "");
    assert_time(calendar_next(&c, at("2026-08-22 17:00")), "");
    assert_time(calendar_add_time(&c, at("2026-08-01 09:00"), HOURS(8)), "2026-08-22 17:00");
    assert_time(calendar_add_time(&c, at("2026-08-01 09:00"), HOURS(8) + 1), "");
}

/* ── the next working moment, and the time between ───────────────────────────────────────────────────────────────── */

static void the_next_working_moment(void **state)
{
    static const struct {
        const char *t, *next;
    } cases[] = {
        {"2022-12-29 09:00", "2022-12-29 09:00"},    {"2022-12-29 09:00:20", "2022-12-29 09:00:20"},
        {"2022-12-29 06:59:59", "2022-12-29 07:00"}, {"2022-12-29 11:29:59", "2022-12-29 11:29:59"},
        {"2022-12-29 11:30", "2022-12-29 13:30"},    {"2022-12-29 12:15", "2022-12-29 13:30"},
        {"2022-12-29 17:00", "2022-12-30 07:00"},    {"2022-12-29 23:59", "2022-12-30 07:00"},
        {"2022-12-30 17:00", "2023-01-03 07:00"},    {"2023-01-19 17:00", "2023-01-27 07:00"},
        {"2026-11-23 17:00", "2026-11-25 07:00"},    {"2026-11-24 10:00", "2026-11-25 07:00"},
        {"2026-08-21 17:00", "2026-08-22 07:00"},
    };
    struct calendar c = office_weekdays();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_time(calendar_next(&c, at(cases[i].t)), cases[i].next);
}

static void working_time_between(void **state)
{
    static const struct {
        const char *from, *until;
        int64_t minutes;
    } cases[] = {
        {"2022-12-29 09:00", "2022-12-29 09:00", 0},
        {"2022-12-29 09:00", "2022-12-29 08:00", 0},
        {"2022-12-29 09:00", "2022-12-29 10:15", 75},
        {"2022-12-29 11:00", "2022-12-29 14:00", 60},
        {"2022-12-29 11:30", "2022-12-29 13:30", 0},
        {"2022-12-29 00:00", "2022-12-30 00:00", 480},
        {"2022-12-29 16:00", "2022-12-30 08:00", 120},
        {"2022-12-30 16:00", "2023-01-03 08:00", 120}, /* the New Year between */
        {"2023-01-19 16:00", "2023-01-27 08:00", 120}, /* Tết between */
        {"2026-11-23 13:30", "2026-11-25 11:30", 210 + 270},
        {"2026-08-21 13:30", "2026-08-24 11:30", 210 + 480 + 270}, /* the make-up Saturday counts */
        {"2022-12-31 08:00", "2023-01-02 17:00", 0},
    };
    struct calendar c = office_weekdays();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(calendar_between(&c, at(cases[i].from), at(cases[i].until)), cases[i].minutes * 60);
    assert_int_equal(calendar_between(&c, at("2022-12-29 09:00:30"), at("2022-12-29 09:01:10")), 40);
    assert_time(calendar_between(&c, at("2012-12-29 09:00"), at("2022-12-31 09:00")), ""); /* over ten years */
}

/* ── hours ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void hours_go_over_lunch_and_into_the_morning(void **state)
{
    static const struct {
        const char *received;
        int64_t hours;
        const char *due;
    } cases[] = {
        {"2022-12-29 08:00", 2, "2022-12-29 10:00"},
        {"2022-12-29 10:30", 2, "2022-12-29 14:30"}, /* lunch */
        {"2022-12-29 12:00", 2, "2022-12-29 15:30"}, /* received at lunch */
        {"2022-12-29 16:00", 2, "2022-12-30 08:00"}, /* the next morning */
        {"2022-12-23 16:00", 2, "2022-12-26 08:00"}, /* Friday evening, over the weekend */
        {"2022-12-30 16:00", 2, "2023-01-03 08:00"}, /* over the weekend and the New Year */
        {"2022-12-29 21:00", 2, "2022-12-30 09:00"}, /* received at night */
        {"2022-12-31 10:00", 2, "2023-01-03 09:00"}, /* received on a day off */
        {"2022-12-29 15:00", 2, "2022-12-29 17:00"}, /* an end at 17:00 stays */
        {"2022-12-29 07:00", 8, "2022-12-29 17:00"}, /* a whole day */
        {"2022-12-29 09:30", 2, "2022-12-29 11:30"}, /* and one at lunch stays */
        {"2022-12-29 09:00", 8, "2022-12-30 09:00"},
        {"2023-01-19 14:00", 8, "2023-01-27 14:00"}, /* over Tết */
        {"2026-11-23 16:00", 8, "2026-11-25 16:00"}, /* over 24 November 2026 */
        {"2026-08-21 16:00", 8, "2026-08-22 16:00"}, /* into a make-up Saturday */
        {"2026-08-28 16:00", 8, "2026-09-03 16:00"}, /* and over what it was made up for */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_time(due(office_weekdays(), cases[i].received, cases[i].hours, "working_hours"), cases[i].due);
    assert_time(due(office_short_saturday(), "2022-12-23 16:00", 8, "working_hours"), "2022-12-26 10:00");
    assert_time(due(office_weekdays(), "2022-12-29 12:00", 0, "working_hours"), "2022-12-29 13:30");
}

static void eight_working_hours_to_decide(void **state)
{
    struct calendar c = office_weekdays();

    assert_time(calendar_decide_by(&c, at("2022-12-28 15:10")), "2022-12-29 15:10"); /* mock-up `dossier` */
    assert_time(calendar_decide_by(&c, at("2022-12-28 10:05")), "2022-12-29 10:05"); /* mock-up `act` */
    assert_time(calendar_decide_by(&c, at("2022-12-30 20:00")), "2023-01-03 17:00");
}

static void seconds_are_kept(void **state)
{
    struct calendar c = office_weekdays();

    assert_time(calendar_add_time(&c, at("2022-12-29 16:59:50"), 20), "2022-12-30 07:00:10");
}

/* ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void days_end_at_the_same_time_of_day(void **state)
{
    static const struct {
        const char *received;
        int64_t days;
        const char *due;
    } cases[] = {
        {"2022-12-29 09:42", 1, "2022-12-30 09:42"},
        {"2022-12-29 09:00", 3, "2023-01-04 09:00"}, /* mock-up `dossier-clock` */
        {"2022-12-23 16:30", 1, "2022-12-26 16:30"}, /* Friday evening */
        {"2022-12-29 12:00", 1, "2022-12-30 13:30"}, /* received at lunch: from 13:30 on */
        {"2022-12-29 17:00", 1, "2023-01-03 07:00"}, /* received at closing time: from the next morning on */
        {"2022-12-29 21:00", 1, "2023-01-03 07:00"}, /* at night */
        {"2022-12-31 10:00", 1, "2023-01-04 07:00"}, /* on a day off */
        {"2022-12-29 09:00", 0, "2022-12-29 09:00"},
        {"2023-01-19 10:00", 1, "2023-01-27 10:00"}, /* over Tết */
        {"2023-01-17 10:00", 5, "2023-01-31 10:00"},
        {"2026-11-23 10:00", 1, "2026-11-25 10:00"}, /* over 24 November 2026 */
        {"2026-11-24 10:00", 1, "2026-11-26 07:00"}, /* received on it */
        {"2026-08-21 10:00", 1, "2026-08-22 10:00"}, /* the make-up Saturday is a day */
        {"2026-08-28 10:00", 1, "2026-09-03 10:00"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_time(due(office_weekdays(), cases[i].received, cases[i].days, "working_days"), cases[i].due);
}

static void a_short_day_is_a_day(void **state)
{
    struct calendar c = office_short_saturday();

    assert_time(due(c, "2022-12-23 09:00", 1, "working_days"), "2022-12-24 09:00");
    assert_time(due(c, "2022-12-23 15:00", 1, "working_days"),
                "2022-12-24 11:00"); /* it has no 15:00: its last moment */
    assert_time(due(c, "2022-12-23 15:00", 2, "working_days"), "2022-12-26 15:00"); /* and 15:00 is not forgotten */
    assert_time(due(c, "2022-12-24 12:00", 1, "working_days"), "2022-12-27 07:00");
}

static void a_time_that_the_end_day_has_not_is_its_next(void **state)
{
    static struct hours_span late_lunch[] = {{7 * 60, 11 * 60}, {14 * 60, 17 * 60}},
                             late_start[] = {{9 * 60, 17 * 60}};
    struct office_calendar hours = *office_short_saturday().hours;

    hours.week[1] = (struct day_hours){late_lunch, 2};
    hours.week[2] = (struct day_hours){late_start, 1};
    struct calendar c = calendar_of(&hours);
    assert_time(due(c, "2022-12-26 11:15", 1, "working_days"), "2022-12-27 14:00"); /* falls in that day's lunch */
    assert_time(due(c, "2022-12-26 13:30", 1, "working_days"), "2022-12-27 14:00");
    assert_time(due(c, "2022-12-26 11:00", 1, "working_days"), "2022-12-27 11:00"); /* the very end of its morning */
    assert_time(due(c, "2022-12-26 07:30", 2, "working_days"), "2022-12-28 09:00");
}

static void days_step_back_too(void **state)
{
    struct calendar c = office_weekdays();

    assert_time(calendar_back_days(&c, at("2023-01-04 09:00"), 2), "2022-12-30 09:00");
    assert_time(calendar_back_days(&c, at("2022-12-29 17:00"), 1), "2022-12-28 17:00"); /* 17:00 stays */
    assert_time(calendar_back_days(&c, at("2023-01-02 10:00"), 0),
                "2022-12-30 17:00"); /* a day off: the moment before */
    assert_time(calendar_back_days(&c, at("2023-01-02 10:00"), 1), "2022-12-29 17:00");
    assert_time(calendar_back_days(&c, at("2022-12-29 09:00"), -1), "");
    c = office_short_saturday();
    assert_time(calendar_back_days(&c, at("2022-12-26 16:00"), 1), "2022-12-24 11:00");
    assert_time(calendar_back_days(&c, at("2022-12-26 16:00"), 2), "2022-12-23 16:00");
}

static void calendar_days_count_every_day(void **state)
{
    static const struct {
        const char *received;
        int64_t days;
        const char *due;
    } cases[] = {
        {"2022-12-20 09:00", 7, "2022-12-27 09:00"},
        {"2022-12-20 09:00", 11, "2023-01-03 17:00"}, /* ends on a Saturday: the end of the next working day */
        {"2022-12-20 09:00", 13, "2023-01-03 17:00"}, /* on a holiday */
        {"2022-12-20 09:00", 14, "2023-01-03 09:00"},
        {"2022-12-20 20:00", 7, "2022-12-28 07:00"}, /* received at night */
        {"2022-12-24 09:00", 7, "2023-01-03 17:00"}, /* on a day off: from Monday the 26th to Monday the 2nd, a holiday */
        {"2023-01-15 09:00", 7, "2023-01-27 17:00"},
        {"2026-11-17 09:00", 7, "2026-11-25 17:00"}, /* 24 November 2026 */
        {"2026-08-15 09:00", 7, "2026-08-24 07:00"},
        {"2026-08-21 09:00", 1, "2026-08-22 09:00"}, /* a make-up Saturday is no day off */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_time(due(office_weekdays(), cases[i].received, cases[i].days, "calendar_days"), cases[i].due);
}

static void same_day_is_today_until_three(void **state)
{
    static const struct {
        const char *received, *due;
    } cases[] = {
        {"2022-12-29 08:00", "2022-12-29 17:00"}, {"2022-12-29 14:59:59", "2022-12-29 17:00"},
        {"2022-12-29 12:00", "2022-12-29 17:00"}, {"2022-12-29 15:00", "2022-12-30 17:00"},
        {"2022-12-29 16:59", "2022-12-30 17:00"}, {"2022-12-29 19:00", "2022-12-30 17:00"},
        {"2022-12-30 15:30", "2023-01-03 17:00"}, {"2022-12-31 16:00", "2023-01-03 17:00"},
        {"2023-01-19 15:00", "2023-01-27 17:00"}, {"2026-11-23 15:00", "2026-11-25 17:00"},
        {"2026-08-21 15:00", "2026-08-22 17:00"}, {"2022-12-29 05:00", "2022-12-29 17:00"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_time(due(office_weekdays(), cases[i].received, 0, "same_day"), cases[i].due);
    assert_time(due(office_short_saturday(), "2022-12-23 15:00", 0, "same_day"), "2022-12-24 11:00");
    assert_time(due(office_short_saturday(), "2022-12-24 08:00", 0, "same_day"), "2022-12-24 11:00");
    assert_time(due(office_short_saturday(), "2022-12-24 12:00", 0, "same_day"), "2022-12-26 17:00");
}

static void foolish_limits_compute_nothing(void **state)
{
    struct calendar c = office_weekdays();
    const int64_t most = 9007199254740991;

    assert_time(due(c, "2022-12-29 09:00", most, "working_hours"), "");
    assert_time(due(c, "2022-12-29 09:00", most, "working_days"), "");
    assert_time(due(c, "2022-12-29 09:00", most, "calendar_days"), "");
    assert_time(due(c, "2022-12-29 09:00", -1, "working_days"), "");
    assert_time(due(c, "2022-12-29 09:00", 1, "fortnights"), "");
    assert_time(due(c, "2022-12-29 09:00", 1, NULL), "");
    assert_time(calendar_due(&c, at("2022-12-29 09:00"), NULL), "");
    assert_time(due(c, "", 1, "working_days"), "");
    assert_time(calendar_next(&c, INSTANT_NEVER), "");
    assert_time(calendar_next(&c, INSTANT_NEVER - 1), "");
    assert_time(calendar_between(&c, at("2022-12-29 09:00"), INSTANT_NEVER), "");
    assert_time(calendar_add_time(&c, at("2022-12-29 09:00"), -1), "");
}

/* What one does, the other undoes; over two and a half years, Tết and all. */
static void adding_and_measuring_agree(void **state)
{
    struct calendar calendars[] = {office_weekdays(), office_short_saturday()};
    uint64_t dice = 20221229;

    for (int i = 0; i < 20000; i++) {
        const struct calendar *c = &calendars[i % 2];
        dice = dice * 6364136223846793005 + 1442695040888963407;
        int64_t from = at("2022-01-01 00:00") + (int64_t)((dice >> 33) % (900 * 86400));
        int64_t seconds = 1 + (int64_t)((dice >> 20) % (90 * 3600));
        int64_t until = calendar_add_time(c, from, seconds);
        assert_int_equal(calendar_between(c, from, until), seconds);
        assert_int_equal(calendar_between(c, from, until - 1), seconds - 1);
    }
}

/* ── pauses ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_due_time_moves_by_what_the_clock_stood(void **state)
{
    static const struct {
        const char *due, *from, *until, *moved;
    } cases[] = {
        {"2022-12-30 09:00", "2022-12-29 09:00", "2022-12-29 11:00", "2022-12-30 11:00"},
        {"2022-12-30 09:00", "2022-12-29 09:00", "2022-12-29 14:00", "2022-12-30 14:00"}, /* 3 hours, over lunch */
        {"2022-12-29 17:00", "2022-12-29 09:00", "2022-12-29 11:00", "2022-12-30 09:00"},
        {"2022-12-30 09:00", "2022-12-29 18:00", "2022-12-30 06:00", "2022-12-30 09:00"}, /* at night it stands anyway */
        {"2022-12-29 17:00", "2022-12-29 18:00", "2022-12-30 06:00", "2022-12-29 17:00"}, /* and 17:00 stays */
        {"2022-12-30 09:00", "2022-12-28 09:00", "2023-01-03 09:00", "2023-01-05 09:00"}, /* 24 hours, not 6 days */
        {"2022-12-28 09:00", "2022-12-29 09:00", "2022-12-29 10:00", "2022-12-28 10:00"}, /* overdue stays overdue */
    };
    struct calendar c = office_weekdays();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_time(calendar_resume(&c, at(cases[i].due), at(cases[i].from), at(cases[i].until)), cases[i].moved);
    }
    assert_time(calendar_resume(&c, INSTANT_NONE, at("2022-12-29 09:00"), at("2022-12-29 14:00")), "");
    assert_time(calendar_resume(&c, INSTANT_NONE, at("2022-12-29 18:00"), at("2022-12-29 19:00")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_days_off_are_the_days_that_they_say),
        cmocka_unit_test(a_day_is_the_week_s_or_its_exception_s),
        cmocka_unit_test(exceptions_may_come_in_any_order),
        cmocka_unit_test(an_empty_calendar_refuses),
        cmocka_unit_test(an_unknown_zone_refuses),
        cmocka_unit_test(spans_that_no_day_can_have_refuse),
        cmocka_unit_test(hours_on_exceptions_alone_are_hours),
        cmocka_unit_test(the_next_working_moment),
        cmocka_unit_test(working_time_between),
        cmocka_unit_test(hours_go_over_lunch_and_into_the_morning),
        cmocka_unit_test(eight_working_hours_to_decide),
        cmocka_unit_test(seconds_are_kept),
        cmocka_unit_test(days_end_at_the_same_time_of_day),
        cmocka_unit_test(a_short_day_is_a_day),
        cmocka_unit_test(a_time_that_the_end_day_has_not_is_its_next),
        cmocka_unit_test(days_step_back_too),
        cmocka_unit_test(calendar_days_count_every_day),
        cmocka_unit_test(same_day_is_today_until_three),
        cmocka_unit_test(foolish_limits_compute_nothing),
        cmocka_unit_test(adding_and_measuring_agree),
        cmocka_unit_test(a_due_time_moves_by_what_the_clock_stood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

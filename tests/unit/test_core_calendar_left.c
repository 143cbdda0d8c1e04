/* What is left, how long it is overdue, and why: the mock-ups' own numbers, and others counted by hand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_office.h"

#include "core/instant.h"

#include <string.h>

/* ── what is left ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void assert_left(struct calendar c, const char *due, const char *now, enum time_kind kind,
                        int64_t days, int64_t minutes)
{
    struct time_left left = calendar_left_until(&c, at(due), at(now));

    if (left.kind != kind || left.days != days || left.minutes != minutes)
        fail_msg("due %s, now %s: kind %d, %d days, %d minutes", due, now, (int)left.kind, (int)left.days,
                 (int)left.minutes);
}

static void what_is_left_is_days_then_working_time(void **state)
{
    struct calendar c = office_weekdays();

    /* The mock-ups: dossier-clock, then the rows of dossiers at 09:42. */
    assert_left(c, "2023-01-04 09:00", "2022-12-29 15:30", TIME_LEFT, 2, 210);
    assert_left(c, "2023-01-04 09:00", "2022-12-29 09:42", TIME_LEFT, 2, 438);
    assert_left(c, "2022-12-29 15:10", "2022-12-29 09:42", TIME_TODAY, 0, 208);
    assert_left(c, "2022-12-29 10:05", "2022-12-29 09:42", TIME_TODAY, 0, 23);
    assert_left(c, "2022-12-30 09:42", "2022-12-29 09:42", TIME_LEFT, 1, 0);
    assert_left(c, "2023-01-05 10:42", "2022-12-29 09:42", TIME_LEFT, 4, 60);
    /* Rounded down, never up. */
    assert_left(c, "2022-12-30 09:41:59", "2022-12-29 09:42", TIME_LEFT, 0, 479);
    assert_left(c, "2022-12-29 10:05", "2022-12-29 09:42:01", TIME_TODAY, 0, 22);
    assert_left(c, "2022-12-29 10:05", "2022-12-29 10:05", TIME_TODAY, 0, 0);
    /* Lunch, nights, weekends and holidays are no time. */
    assert_left(c, "2022-12-29 14:00", "2022-12-29 11:00", TIME_TODAY, 0, 60);
    assert_left(c, "2022-12-29 17:00", "2022-12-29 07:00", TIME_TODAY, 0, 480);
    assert_left(c, "2022-12-30 08:00", "2022-12-29 20:00", TIME_LEFT, 0, 60);
    assert_left(c, "2023-01-03 08:00", "2022-12-30 16:00", TIME_LEFT, 0, 120);
    assert_left(c, "2023-01-27 10:00", "2023-01-19 10:00", TIME_LEFT, 1, 0);
    assert_left(c, "2026-11-25 08:00", "2026-11-23 16:00", TIME_LEFT, 0, 120);
    assert_left(c, "2026-08-24 08:00", "2026-08-21 08:00", TIME_LEFT, 2, 0);
    /* Due at a time that nobody works at. */
    assert_left(c, "2022-12-30 12:00", "2022-12-29 13:30", TIME_LEFT, 1, 0);
    assert_left(c, "2023-01-01 12:00", "2022-12-29 17:00", TIME_LEFT, 1, 0);
    assert_left(c, "2023-01-01 12:00", "2023-01-01 08:00", TIME_TODAY, 0, 0);
}

static void a_short_day_left_is_a_day_left(void **state)
{
    struct calendar c = office_short_saturday();

    assert_left(c, "2022-12-26 10:00", "2022-12-24 10:00", TIME_LEFT, 1, 0);
    assert_left(c, "2022-12-26 10:00", "2022-12-23 15:00", TIME_LEFT, 1, 120 + 180);
    assert_left(c, "2022-12-26 15:00", "2022-12-24 10:30", TIME_LEFT, 1,
                30); /* Saturday's last moment stands for 15:00 */
    assert_left(c, "2022-12-26 15:00", "2022-12-23 15:00", TIME_LEFT, 2, 0); /* and Friday's 15:00 is 15:00 again */
    assert_left(c, "2022-12-24 12:00", "2022-12-23 12:00", TIME_LEFT, 1, 0);
}

static void overdue_is_counted_forward(void **state)
{
    struct calendar c = office_weekdays();

    assert_left(c, "2022-12-29 08:30", "2022-12-29 09:42", TIME_OVERDUE, 0, 72);
    assert_left(c, "2022-12-28 14:42", "2022-12-29 09:42", TIME_OVERDUE, 0, 138 + 162);
    assert_left(c, "2022-12-28 09:42", "2022-12-29 09:42", TIME_OVERDUE, 1, 0);
    assert_left(c, "2022-12-28 09:42:01", "2022-12-29 09:42", TIME_OVERDUE, 0, 479);
    assert_left(c, "2022-12-29 09:42", "2022-12-29 09:42:01", TIME_OVERDUE, 0, 0);
    assert_left(c, "2022-12-29 17:00", "2022-12-30 06:00", TIME_OVERDUE, 0, 0); /* nobody has worked since */
    assert_left(c, "2022-12-29 17:00", "2022-12-30 17:00", TIME_OVERDUE, 0, 480);
    assert_left(c, "2022-12-29 17:00", "2023-01-03 07:00", TIME_OVERDUE, 1, 0);
    assert_left(c, "2022-12-30 16:00", "2023-01-03 16:30", TIME_OVERDUE, 1, 30); /* the New Year counts for nobody */
    assert_left(c, "2023-01-19 16:00", "2023-01-30 16:00", TIME_OVERDUE, 2, 0);
    assert_left(c, "2022-12-31 16:00", "2023-01-03 08:00", TIME_OVERDUE, 0, 60);
    assert_left(office_short_saturday(), "2022-12-23 15:00", "2022-12-26 15:00", TIME_OVERDUE, 2, 0);
}

static void what_lies_too_far_is_not_counted(void **state)
{
    struct calendar c = office_weekdays();

    assert_left(c, "2035-12-29 09:00", "2022-12-29 09:00", TIME_UNKNOWN, 0, 0);
    assert_left(c, "2012-12-20 09:00", "2022-12-29 09:00", TIME_UNKNOWN, 0, 0);
    assert_left(c, "", "2022-12-29 09:00", TIME_UNKNOWN, 0, 0);
    assert_left(c, "2022-12-29 09:00", "", TIME_UNKNOWN, 0, 0);
    assert_int_equal(calendar_left_until(&c, INSTANT_NEVER, at("2022-12-29 09:00")).kind, TIME_UNKNOWN);
}

/* ── of a dossier ────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct dossier dossier(const char *status, const char *decide_by, const char *due_at)
{
    return (struct dossier){
        .status = status,
        .decide_by = at(decide_by),
        .due_at = at(due_at),
        .step_since = at("2022-12-27 10:00"),
        .completed_at = INSTANT_NONE,
        .returned_at = INSTANT_NONE,
        .paused_since = INSTANT_NONE,
    };
}

/* Numbers of a damaged file, and the ends of the calendar: nothing is computed, nothing goes round for ever. */
static void what_no_calendar_has_is_not_counted(void **state)
{
    static const int64_t odd[] = {INSTANT_NONE,      INSTANT_NONE + 1, INSTANT_NONE / 2, -62135596800,
                                  -62135596799,      253402300799,     253402300800,     INSTANT_NEVER / 2,
                                  INSTANT_NEVER - 1, INSTANT_NEVER};
    struct calendar c = office_weekdays();
    int64_t now = at("2022-12-29 09:42");

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        assert_int_equal(calendar_left_until(&c, odd[i], now).kind, TIME_UNKNOWN);
        assert_int_equal(calendar_left_until(&c, now, odd[i]).kind, TIME_UNKNOWN);
        for (size_t j = 0; j < sizeof odd / sizeof *odd; j++)
            calendar_left_until(&c, odd[i], odd[j]); /* which ends */
        int64_t next = calendar_next(&c, odd[i]);
        assert_true(next == INSTANT_NONE || calendar_next(&c, next) == next);
    }
}

static void a_dossier_has_the_time_that_its_status_says(void **state)
{
    struct calendar c = office_weekdays();
    int64_t now = at("2022-12-29 09:42");
    struct dossier d = dossier("registered", "2022-12-29 15:10", "");

    assert_int_equal(calendar_left(&c, &d, now).minutes, 208);
    d = dossier("in_progress", "", "2022-12-28 09:42");
    assert_int_equal(calendar_left(&c, &d, now).kind, TIME_OVERDUE);
    d = dossier("in_progress", "", "");
    assert_int_equal(calendar_left(&c, &d, now).kind, TIME_UNKNOWN);
    static const char *const standing[] = {"awaiting_supplement", "awaiting_payment", "withdrawal_requested"};
    for (size_t i = 0; i < 3; i++) {
        d = dossier(standing[i], "", "2022-12-20 09:00");
        d.paused_since = at("2022-12-19 09:00");
        assert_int_equal(calendar_left(&c, &d, now).kind, TIME_PAUSED);
    }
}

static void an_ended_dossier_compares_dates(void **state)
{
    struct calendar c = office_weekdays(), none = office_empty();
    int64_t now = at("2023-06-01 09:00");
    static const struct {
        const char *completed;
        enum time_kind kind;
    } cases[] = {
        {"2022-12-28 23:59", TIME_EARLY},
        {"2022-12-29 00:00", TIME_ON_TIME},
        {"2022-12-29 08:00", TIME_ON_TIME},
        {"2022-12-29 16:00", TIME_ON_TIME}, /* after 09:00, and on the day */
        {"2022-12-29 23:59", TIME_ON_TIME},
        {"2022-12-30 00:00", TIME_LATE},
    };
    static const char *const statuses[] = {"completed", "returned"};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t j = 0; j < 2; j++) {
            struct dossier d = dossier(statuses[j], "", "2022-12-29 09:00");
            d.step_since = at("2023-01-05 09:00"); /* handed out later: that is not when the work ended */
            d.completed_at = at(cases[i].completed);
            assert_int_equal(calendar_left(&c, &d, now).kind, cases[i].kind);
            assert_int_equal(calendar_left(&none, &d, now).kind, TIME_UNKNOWN);
        }
    struct dossier d = dossier("stopped", "", "2022-12-29 09:00");
    assert_int_equal(calendar_left(&c, &d, now).kind, TIME_EARLY); /* on the 27th */
    d = dossier("declined", "", "2022-12-27 16:00");
    assert_int_equal(calendar_left(&c, &d, now).kind, TIME_ON_TIME);
    d = dossier("declined", "", "");
    assert_int_equal(calendar_left(&c, &d, now).kind, TIME_NONE);
}

static void two_working_days_of_standing_still_is_stuck(void **state)
{
    struct calendar c = office_weekdays();

    assert_false(calendar_stuck(&c, at("2022-12-27 10:00"), at("2022-12-29 09:59:59")));
    assert_true(calendar_stuck(&c, at("2022-12-27 10:00"), at("2022-12-29 10:00")));
    assert_false(calendar_stuck(&c, at("2022-12-29 10:00"), at("2023-01-03 09:59")));
    assert_true(calendar_stuck(&c, at("2022-12-29 10:00"), at("2023-01-03 10:00")));
    assert_false(calendar_stuck(&c, INSTANT_NONE, at("2023-01-03 10:00")));
}

/* ── why ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_days_that_count_are_named(void **state)
{
    /* Mock-up `dossier-clock`, line by line. */
    static const struct {
        const char *day;
        int64_t minutes;
        size_t spans;
        int from, until;
        const char *name;
    } lines[] = {
        {"2022-12-29", 360, 2, 9 * 60, 17 * 60, NULL},
        {"2022-12-30", 480, 2, 7 * 60, 17 * 60, NULL},
        {"2022-12-31", 0, 0, 0, 0, NULL},
        {"2023-01-01", 0, 0, 0, 0, "Tết Dương lịch"},
        {"2023-01-02", 0, 0, 0, 0, "nghỉ bù Tết Dương lịch"},
        {"2023-01-03", 480, 2, 7 * 60, 17 * 60, NULL},
        {"2023-01-04", 120, 1, 7 * 60, 9 * 60, NULL},
    };
    struct calendar c = office_weekdays();
    struct arena arena = {0};
    struct counted_day *days;

    assert_int_equal(calendar_explain(&c, at("2022-12-29 09:00"), at("2023-01-04 09:00"), &arena, &days), 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(days[i].day, on(lines[i].day));
        assert_int_equal(days[i].minutes, lines[i].minutes);
        assert_int_equal(days[i].n_spans, lines[i].spans);
        assert_int_equal(days[i].off, lines[i].spans == 0);
        if (lines[i].spans > 0) {
            assert_int_equal(days[i].spans[0].from, lines[i].from);
            assert_int_equal(days[i].spans[lines[i].spans - 1].until, lines[i].until);
        }
        assert_true(lines[i].name ? strcmp(days[i].name, lines[i].name) == 0 : days[i].name == NULL);
    }
    assert_int_equal(calendar_explain(&c, at("2022-12-29 12:00"), at("2022-12-29 12:30"), &arena, &days), 1);
    assert_int_equal(days[0].n_spans, 0);
    assert_false(days[0].off); /* a working day of which nothing counts */
    assert_int_equal(calendar_explain(&c, at("2022-12-29 12:00"), at("2022-12-29 11:00"), &arena, &days), 0);
    assert_int_equal(calendar_explain(&c, at("2002-12-29 12:00"), at("2022-12-29 11:00"), &arena, &days), 0);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_is_days_then_working_time),
        cmocka_unit_test(a_short_day_left_is_a_day_left),
        cmocka_unit_test(overdue_is_counted_forward),
        cmocka_unit_test(what_lies_too_far_is_not_counted),
        cmocka_unit_test(what_no_calendar_has_is_not_counted),
        cmocka_unit_test(a_dossier_has_the_time_that_its_status_says),
        cmocka_unit_test(an_ended_dossier_compares_dates),
        cmocka_unit_test(two_working_days_of_standing_still_is_stuck),
        cmocka_unit_test(the_days_that_count_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Moments and dates: leap years, the first and the last year, offsets, fractions; and what is none of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "core/instant.h"

#include <string.h>

#define VIETNAM (7 * 3600)

static void assert_instant(const char *text, int64_t expected)
{
    int64_t t = 42;
    if (!instant_parse(text, &t) || t != expected)
        fail_msg("%s: %lld, not %lld", text, (long long)t, (long long)expected);
}

static void assert_no_instant(const char *text)
{
    int64_t t = 42;
    if (instant_parse(text, &t) || t != 42)
        fail_msg("taken: %s", text);
}

static void known_moments_are_the_right_seconds(void **state)
{
    /* By date -u -d … +%s. */
    assert_instant("1970-01-01T00:00:00Z", 0);
    assert_instant("1969-12-31T23:59:59Z", -1);
    assert_instant("2022-12-29T02:42:00Z", 1672281720);
    assert_instant("2022-12-29T09:42:00+07:00", 1672281720);
    assert_instant("2000-02-29T00:00:00Z", 951782400);
    assert_instant("2000-03-01T00:00:00Z", 951868800);
    assert_instant("2038-01-19T03:14:07Z", INT64_C(2147483647));
    assert_instant("2038-01-19T03:14:08Z", INT64_C(2147483648));
    assert_instant("2106-02-07T06:28:16Z", INT64_C(4294967296));
    assert_instant("1901-12-13T20:45:51Z", INT64_C(-2147483649));
    assert_instant("0001-01-01T00:00:00Z", INT64_C(-62135596800));
    assert_instant("9999-12-31T23:59:59Z", INT64_C(253402300799));
}

static void offsets_count_as_what_they_say(void **state)
{
    assert_instant("2022-12-29T02:42:00-00:00", 1672281720);
    assert_instant("2022-12-29T02:42:00+00:00", 1672281720);
    assert_instant("2022-12-28T21:42:00-05:00", 1672281720);
    assert_instant("2022-12-29T08:12:00+05:30", 1672281720);
    assert_instant("2022-12-30T02:41:00+23:59", 1672281720);
    assert_instant("2022-12-28T02:43:00-23:59", 1672281720);
    assert_instant("0001-01-01T00:00:00+07:00", INT64_C(-62135596800) - VIETNAM);
    assert_instant("9999-12-31T23:59:59-07:00", INT64_C(253402300799) + VIETNAM);
    assert_instant("2022-12-29t02:42:00z", 1672281720); /* RFC 3339, 5.6: letters may be small */
}

static void a_fraction_is_ignored(void **state)
{
    assert_instant("2022-12-29T02:42:00.9Z", 1672281720);
    assert_instant("2022-12-29T09:42:00.123456789012345678901234567890+07:00", 1672281720);
    assert_instant("1969-12-31T23:59:59.999Z", -1);
    assert_no_instant("2022-12-29T02:42:00.Z");
    assert_no_instant("2022-12-29T02:42:00,5Z");
    assert_no_instant("2022-12-29T02:42:00.5");
}

static void a_leap_second_is_the_last_of_a_utc_day_and_counts_as_59(void **state)
{
    assert_instant("2016-12-31T23:59:60Z", 1483228799);
    assert_instant("2017-01-01T06:59:60+07:00", 1483228799);
    assert_instant("2016-12-31T15:59:60.7-08:00", 1483228799);
    assert_instant("9999-12-31T23:59:60Z", INT64_C(253402300799));
    assert_no_instant("2022-12-29T09:42:60+07:00");
    assert_no_instant("2016-12-31T23:59:60+07:00");
    assert_no_instant("2016-12-31T23:59:61Z");
}

static void what_is_no_moment_is_refused_and_leaves_the_result_alone(void **state)
{
    static const char *const odd[] = {
        "",
        "2022",
        "2022-12-29",
        "2022-12-29T02:42Z",
        "2022-12-29 02:42:00Z",
        "2022-12-29T02:42:00",
        "2022-12-29T02:42:00Z ",
        " 2022-12-29T02:42:00Z",
        "2022-12-29T02:42:00ZZ",
        "2022-12-29T02:42:00+7:00",
        "2022-12-29T02:42:00+0700",
        "2022-12-29T02:42:00+07",
        "2022-12-29T02:42:00+24:00",
        "2022-12-29T02:42:00+07:60",
        "2022-12-29T24:00:00Z",
        "2022-12-29T02:60:00Z",
        "2022-13-29T02:42:00Z",
        "2022-00-29T02:42:00Z",
        "2022-12-32T02:42:00Z",
        "2022-12-00T02:42:00Z",
        "2022-02-29T02:42:00Z",
        "0000-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "12022-12-29T02:42:00Z",
        "22-12-29T02:42:00Z",
        "2022-1-29T02:42:00Z",
        "2022-12-29T2:42:00Z",
        "20a2-12-29T02:42:00Z",
        "2022-12-29T02:4\xC3\xA9:00Z",
        "٢٠٢٢-12-29T02:42:00Z",
    };
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        assert_no_instant(odd[i]);
    int64_t t = 42;
    assert_false(instant_parse(NULL, &t));
    assert_int_equal(t, 42);

    char text[] = "2022-12-29T09:42:00+07:00";
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        char cut[sizeof(text)];
        memcpy(cut, text, i);
        cut[i] = '\0';
        assert_no_instant(cut);
    }
}

static void assert_written(int64_t t, int32_t offset, const char *expected)
{
    char text[INSTANT_TEXT];
    instant_format(t, offset, text);
    assert_string_equal(text, expected);
}

static void moments_are_written_with_their_offset(void **state)
{
    assert_written(1672281720, VIETNAM, "2022-12-29T09:42:00+07:00");
    assert_written(1672281720, 0, "2022-12-29T02:42:00Z");
    assert_written(1672281720, -(3 * 3600 + 1800), "2022-12-28T23:12:00-03:30");
    assert_written(-1, 0, "1969-12-31T23:59:59Z");
    assert_written(INT64_C(-62135596800), 0, "0001-01-01T00:00:00Z");
    assert_written(INT64_C(253402300799), 0, "9999-12-31T23:59:59Z");
}

static void beyond_the_first_and_the_last_year_nothing_overflows(void **state)
{
    static const int64_t far[] = {INSTANT_NONE, INSTANT_NONE + 1, INT64_C(-62135596801)};
    static const int64_t late[] = {INSTANT_NEVER, INSTANT_NEVER - 1, INT64_C(253402300800)};
    for (int i = 0; i < 3; i++) {
        assert_written(far[i], 0, "0001-01-01T00:00:00Z");
        assert_written(late[i], 0, "9999-12-31T23:59:59Z");
        assert_int_equal(instant_day(far[i], 0), day_of(1, 1, 1));
        assert_int_equal(instant_day(late[i], 0), day_of(9999, 12, 31));
    }
    assert_written(INSTANT_NONE, -VIETNAM, "0001-01-01T00:00:00-07:00");
    assert_written(INSTANT_NEVER, VIETNAM, "9999-12-31T23:59:59+07:00");
    char text[DAY_TEXT];
    day_format(DAY_NONE, text);
    assert_string_equal(text, "0001-01-01");
    day_format(INT32_MAX, text);
    assert_string_equal(text, "9999-12-31");
}

static void every_day_of_ten_thousand_years_follows_the_one_before(void **state)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day = day_of(1, 1, 1);
    int weekday = 0; /* 0001-01-01 was a Monday */
    assert_int_equal(day, -719162);
    for (int year = 1; year <= 9999; year++) {
        bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (leap && month == 2);
            for (int d = 1; d <= length; d++, day++, weekday = (weekday + 1) % 7) {
                struct civil c = day_civil(day);
                if (day_of(year, month, d) != day || c.year != year || c.month != month || c.day != d ||
                    c.weekday != weekday || day_weekday(day) != weekday)
                    fail_msg("%04d-%02d-%02d", year, month, d);
            }
        }
    }
    assert_int_equal(day, day_of(9999, 12, 31) + 1);
}

static void dates_that_exist_and_dates_that_do_not(void **state)
{
    static const char *const good[] = {"0001-01-01", "2024-02-29", "2000-02-29", "9999-12-31", "2022-12-29"};
    static const char *const odd[] = {
        "2023-02-29", "1900-02-29",  "2100-02-29",  "2022-04-31", "2022-13-01",
        "2022-00-01", "2022-01-00",  "2022-01-32",  "0000-12-31", "2022-1-1",
        "2022-12-2",  "2022-12-291", "2022/12/29",  "29/12/2022", "2022-12-29T00:00:00Z",
        "",           "2022-12",     " 2022-12-29", "+022-12-29",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        int32_t day;
        char text[DAY_TEXT];
        assert_true(day_parse(good[i], &day));
        day_format(day, text);
        assert_string_equal(text, good[i]);
    }
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        int32_t day = 42;
        if (day_parse(odd[i], &day) || day != 42)
            fail_msg("taken: %s", odd[i]);
    }
    int32_t day = 42;
    assert_false(day_parse(NULL, &day));
}

static void a_day_begins_at_midnight_there(void **state)
{
    int64_t t;
    assert_true(instant_parse("2022-12-28T17:00:00Z", &t));
    assert_int_equal(instant_day(t, VIETNAM), day_of(2022, 12, 29));
    assert_int_equal(instant_day(t - 1, VIETNAM), day_of(2022, 12, 28));
    assert_int_equal(instant_day(t, 0), day_of(2022, 12, 28));
    assert_int_equal(instant_day(-1, 0), -1);
    assert_true(instant_day_start(day_of(2022, 12, 29), VIETNAM) == t);
    /* 32 bits would not do. */
    assert_true(instant_day_start(day_of(9999, 12, 31), 0) == INT64_C(253402214400));
}

static void a_moment_taken_apart_comes_together_again(void **state)
{
    struct civil c = instant_civil(1672281725, VIETNAM);
    assert_int_equal(c.year, 2022);
    assert_int_equal(c.month, 12);
    assert_int_equal(c.day, 29);
    assert_int_equal(c.hour, 9);
    assert_int_equal(c.minute, 42);
    assert_int_equal(c.second, 5);
    assert_int_equal(c.weekday, 3);
    for (int64_t t = INT64_C(-62135596800); t < INT64_C(253402300799); t += INT64_C(86400) * 353 + 7919) {
        c = instant_civil(t, 0);
        assert_true(instant_of(&c, 0) == t);
        char text[INSTANT_TEXT];
        int64_t again;
        instant_format(t, VIETNAM, text);
        if (t < INT64_C(253402300799) - VIETNAM)
            assert_true(instant_parse(text, &again) && again == t);
    }
}

static void the_date_of_an_answer_is_imf_fixdate_and_nothing_else(void **state)
{
    static const char *const odd[] = {
        "",
        "Thursday, 29-Dec-22 02:42:00 GMT",
        "Thu Dec 29 02:42:00 2022",
        "Fri, 29 Dec 2022 02:42:00 GMT", /* it was a Thursday */
        "thu, 29 Dec 2022 02:42:00 GMT",
        "Thu, 29 dec 2022 02:42:00 GMT",
        "Thu, 29 Dec 2022 02:42:00 gmt",
        "Thu, 29 Dec 2022 02:42:00 UTC",
        "Thu, 29 Dec 2022 02:42:00 +0000",
        "Thu, 29 Dec 2022 02:42:00 GMT ",
        " Thu, 29 Dec 2022 02:42:00 GMT",
        "Thu,29 Dec 2022 02:42:00 GMT",
        "Thu, 29 Dec 2022  02:42:00 GMT",
        "Thu, 9 Dec 2022 02:42:00 GMT",
        "Thu, 29 Dec 22 02:42:00 GMT",
        "Thu, 29 Dec 2022 24:00:00 GMT",
        "Thu, 29 Dec 2022 02:42:60 GMT",
        "Thu, 31 Feb 2022 02:42:00 GMT",
        "Thu, 29 Dec 2022 02:42 GMT",
        "Thu, 29 Dec 2022 02:42:00.5 GMT",
    };
    int64_t t;
    assert_true(instant_parse_http("Thu, 29 Dec 2022 02:42:00 GMT", &t));
    assert_int_equal(t, 1672281720);
    assert_true(instant_parse_http("Sat, 31 Dec 2016 23:59:60 GMT", &t));
    assert_int_equal(t, 1483228799);
    t = 42;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        if (instant_parse_http(odd[i], &t) || t != 42)
            fail_msg("taken: %s", odd[i]);
    assert_false(instant_parse_http(NULL, &t));

    char text[INSTANT_HTTP];
    instant_format_http(1672281720, text);
    assert_string_equal(text, "Thu, 29 Dec 2022 02:42:00 GMT");
    for (int month = 1; month <= 12; month++) {
        int64_t start = instant_day_start(day_of(2026, month, 9), 0) + 5;
        instant_format_http(start, text);
        assert_true(instant_parse_http(text, &t) && t == start);
    }
    instant_format_http(INSTANT_NEVER, text);
    assert_string_equal(text, "Fri, 31 Dec 9999 23:59:59 GMT");
}

static void only_zones_that_never_move_are_known(void **state)
{
    static const char *const east[] = {"Asia/Ho_Chi_Minh", "Asia/Saigon",    "Asia/Bangkok",
                                       "Asia/Phnom_Penh",  "Asia/Vientiane", "Asia/Jakarta"};
    static const char *const utc[] = {"UTC", "Etc/UTC", "Z"};
    static const char *const unknown[] = {"", "Europe/Berlin", "asia/ho_chi_minh", "Asia/Ho_Chi_Minh ", "+07:00"};
    int32_t offset = 42;
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        assert_false(zone_offset(unknown[i], &offset));
    assert_false(zone_offset(NULL, &offset));
    assert_int_equal(offset, 42);
    for (size_t i = 0; i < sizeof(east) / sizeof(east[0]); i++) {
        assert_true(zone_offset(east[i], &offset));
        assert_int_equal(offset, VIETNAM);
    }
    for (size_t i = 0; i < sizeof(utc) / sizeof(utc[0]); i++) {
        assert_true(zone_offset(utc[i], &offset));
        assert_int_equal(offset, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_moments_are_the_right_seconds),
        cmocka_unit_test(offsets_count_as_what_they_say),
        cmocka_unit_test(a_fraction_is_ignored),
        cmocka_unit_test(a_leap_second_is_the_last_of_a_utc_day_and_counts_as_59),
        cmocka_unit_test(what_is_no_moment_is_refused_and_leaves_the_result_alone),
        cmocka_unit_test(moments_are_written_with_their_offset),
        cmocka_unit_test(beyond_the_first_and_the_last_year_nothing_overflows),
        cmocka_unit_test(every_day_of_ten_thousand_years_follows_the_one_before),
        cmocka_unit_test(dates_that_exist_and_dates_that_do_not),
        cmocka_unit_test(a_day_begins_at_midnight_there),
        cmocka_unit_test(a_moment_taken_apart_comes_together_again),
        cmocka_unit_test(the_date_of_an_answer_is_imf_fixdate_and_nothing_else),
        cmocka_unit_test(only_zones_that_never_move_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* instant: RFC 3339, IMF-fixdate and calendar dates ↔ numbers, by the proleptic Gregorian calendar.
 * It refuses to ask the machine anything: no clock, no zone files, no locale, no time_t.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/instant.h"

#include <string.h>

#define DAY_SECONDS 86400
/* 0001-01-01T00:00:00 and 9999-12-31T23:59:59, as seconds of a local clock. Beyond there is no text for a moment. */
#define LOCAL_FIRST INT64_C(-62135596800)
#define LOCAL_LAST  INT64_C(253402300799)

/* The Gregorian calendar repeats after 400 years. With the year begun in March the leap day is its last, and the days before
 * a month are a straight line: 153 days in each five months. Day 0 of era 0 is 0000-03-01, which is 719468 days before 1970. */
#define ERA_YEARS  400
#define ERA_DAYS   146097
#define EPOCH_DAYS 719468

static int64_t divide_down(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

int32_t day_of(int year, int month, int day)
{
    int y = year - (month <= 2);
    int era = (int)divide_down(y, ERA_YEARS);
    int year_of_era = y - era * ERA_YEARS;
    int month_from_march = (month + 9) % 12;
    int day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

int day_weekday(int32_t day)
{
    /* Day 0 was a Thursday. */
    return (int)((int64_t)day + 3 - divide_down((int64_t)day + 3, 7) * 7);
}

struct civil day_civil(int32_t day)
{
    return instant_civil((int64_t)day * DAY_SECONDS, 0);
}

static void set_date(struct civil *c, int64_t day)
{
    int64_t n = day + EPOCH_DAYS;
    int64_t era = divide_down(n, ERA_DAYS);
    int day_of_era = (int)(n - era * ERA_DAYS);
    /* Take the leap days out that came before this day, then 365 fit. */
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    c->day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    c->month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    c->year = (int)(year_of_era + era * ERA_YEARS) + (c->month <= 2);
    c->weekday = day_weekday((int32_t)day);
}

/* What a clock there shows, as seconds; kept within the years that have a text, so that nothing below overflows. */
static int64_t local_of(int64_t t, int32_t offset)
{
    if (t < LOCAL_FIRST - offset)
        return LOCAL_FIRST;
    if (t > LOCAL_LAST - offset)
        return LOCAL_LAST;
    return t + offset;
}

struct civil instant_civil(int64_t t, int32_t offset)
{
    int64_t local = local_of(t, offset);
    int64_t day = divide_down(local, DAY_SECONDS);
    int second = (int)(local - day * DAY_SECONDS);
    struct civil c = {.hour = second / 3600, .minute = second / 60 % 60, .second = second % 60};
    set_date(&c, day);
    return c;
}

int64_t instant_of(const struct civil *c, int32_t offset)
{
    int64_t day = day_of(c->year, c->month, c->day);
    return day * DAY_SECONDS + c->hour * 3600 + c->minute * 60 + c->second - offset;
}

int32_t instant_day(int64_t t, int32_t offset)
{
    return (int32_t)divide_down(local_of(t, offset), DAY_SECONDS);
}

int64_t instant_day_start(int32_t day, int32_t offset)
{
    return (int64_t)day * DAY_SECONDS - offset;
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

/* Each take_*() moves *at over what it took, or returns false. A NUL is never moved over. */
static bool take(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

static bool take_digits(const char **at, int n, int *out)
{
    int value = 0;
    for (; n > 0; n--, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        value = value * 10 + (**at - '0');
    }
    *out = value;
    return true;
}

static bool date_exists(const struct civil *c)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (c->year < 1 || c->month < 1 || c->month > 12 || c->day < 1)
        return false;
    bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;
    return c->day <= lengths[c->month - 1] + (leap && c->month == 2);
}

static bool take_date(const char **at, struct civil *c)
{
    return take_digits(at, 4, &c->year) && take(at, '-') && take_digits(at, 2, &c->month) && take(at, '-') &&
           take_digits(at, 2, &c->day) && date_exists(c);
}

static bool take_time(const char **at, struct civil *c)
{
    return take_digits(at, 2, &c->hour) && take(at, ':') && take_digits(at, 2, &c->minute) && take(at, ':') &&
           take_digits(at, 2, &c->second) && c->hour < 24 && c->minute < 60 && c->second <= 60;
}

static bool take_fraction(const char **at)
{
    int digit;
    if (!take(at, '.'))
        return true;
    if (!take_digits(at, 1, &digit))
        return false;
    while (take_digits(at, 1, &digit))
        continue;
    return true;
}

static bool take_offset(const char **at, int32_t *offset)
{
    *offset = 0;
    if (take(at, 'Z') || take(at, 'z'))
        return true;
    int sign = take(at, '+') ? 1 : take(at, '-') ? -1 : 0;
    int hours, minutes;
    if (sign == 0 || !take_digits(at, 2, &hours) || !take(at, ':') || !take_digits(at, 2, &minutes))
        return false;
    *offset = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

/* A leap second is 23:59:60 of UTC and nothing else. It counts as the second before it. */
static bool settle(struct civil c, int32_t offset, int64_t *out)
{
    bool leap = c.second == 60;
    if (leap)
        c.second = 59;
    int64_t t = instant_of(&c, offset);
    if (leap && (t + 1) % DAY_SECONDS != 0)
        return false;
    *out = t;
    return true;
}

bool instant_parse(const char *text, int64_t *out)
{
    struct civil c = {0};
    int32_t offset;
    if (!text || !take_date(&text, &c) || !(take(&text, 'T') || take(&text, 't')) || !take_time(&text, &c) ||
        !take_fraction(&text) || !take_offset(&text, &offset) || *text != '\0')
        return false;
    return settle(c, offset, out);
}

bool day_parse(const char *text, int32_t *out)
{
    struct civil c = {0};
    if (!text || !take_date(&text, &c) || *text != '\0')
        return false;
    *out = day_of(c.year, c.month, c.day);
    return true;
}

static const char weekdays[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* One of `n` names, letter case counts (RFC 9110, 5.6.7). */
static bool take_name(const char **at, const char names[][4], int n, int *out)
{
    for (int i = 0; i < n; i++) {
        if (strncmp(*at, names[i], 3) == 0) {
            *at += 3;
            *out = i;
            return true;
        }
    }
    return false;
}

bool instant_parse_http(const char *text, int64_t *out)
{
    struct civil c = {0};
    int weekday;
    if (!text || !take_name(&text, weekdays, 7, &weekday) || !take(&text, ',') || !take(&text, ' ') ||
        !take_digits(&text, 2, &c.day) || !take(&text, ' ') || !take_name(&text, months, 12, &c.month) ||
        !take(&text, ' ') || !take_digits(&text, 4, &c.year) || !take(&text, ' ') || !take_time(&text, &c) ||
        strcmp(text, " GMT") != 0)
        return false;
    c.month++;
    return date_exists(&c) && day_weekday(day_of(c.year, c.month, c.day)) == weekday && settle(c, 0, out);
}

/* --- writing -------------------------------------------------------------------------------------------------------- */

/* `n` digits at `out`, so that no text can be longer than its place, whatever the number. */
static char *put(char *out, int value, int n)
{
    for (int i = n - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + n;
}

static char *put_date(char *out, const struct civil *c)
{
    out = put(out, c->year, 4);
    *out++ = '-';
    out = put(out, c->month, 2);
    *out++ = '-';
    return put(out, c->day, 2);
}

static char *put_time(char *out, const struct civil *c)
{
    out = put(out, c->hour, 2);
    *out++ = ':';
    out = put(out, c->minute, 2);
    *out++ = ':';
    return put(out, c->second, 2);
}

void day_format(int32_t day, char out[static DAY_TEXT])
{
    struct civil c = day_civil(day);
    *put_date(out, &c) = '\0';
}

void instant_format(int64_t t, int32_t offset, char out[static INSTANT_TEXT])
{
    struct civil c = instant_civil(t, offset);
    char *at = put_date(out, &c);
    *at++ = 'T';
    at = put_time(at, &c);
    if (offset == 0) {
        *at++ = 'Z';
    } else {
        int minutes = (offset < 0 ? -offset : offset) / 60;
        *at++ = offset < 0 ? '-' : '+';
        at = put(at, minutes / 60, 2);
        *at++ = ':';
        at = put(at, minutes % 60, 2);
    }
    *at = '\0';
}

void instant_format_http(int64_t t, char out[static INSTANT_HTTP])
{
    struct civil c = instant_civil(t, 0);
    char *at = out;
    memcpy(at, weekdays[c.weekday], 3);
    at += 3;
    *at++ = ',';
    *at++ = ' ';
    at = put(at, c.day, 2);
    *at++ = ' ';
    memcpy(at, months[c.month - 1], 3);
    at += 3;
    *at++ = ' ';
    at = put(at, c.year, 4);
    *at++ = ' ';
    at = put_time(at, &c);
    memcpy(at, " GMT", 5);
}

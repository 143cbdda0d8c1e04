/* instant: moments and dates as numbers, and the texts that stand for them. Computed here, so that they are the same on
 * every machine: no mktime, no TZ, no locale, 64 bits everywhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_INSTANT_H
#define MOTCUA_CORE_INSTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An instant is seconds since 1970-01-01T00:00:00Z. Absent is INSTANT_NONE. */
#define INSTANT_NONE INT64_MIN
/* "No due time": sorts after every real one (cache/). */
#define INSTANT_NEVER INT64_MAX

/* A day is days since 1970-01-01 in some zone. Absent is DAY_NONE. */
#define DAY_NONE INT32_MIN

struct civil {
    int year, month, day;     /* month 1-12, day 1-31 */
    int hour, minute, second; /* 0-23, 0-59, 0-59 */
    int weekday;              /* 0 Monday … 6 Sunday */
};
/* Every number is safe to hand in: what lies before 0001-01-01T00:00:00 or after 9999-12-31T23:59:59 of the clock there
 * (INSTANT_NONE, INSTANT_NEVER, DAY_NONE) counts as that moment. */

/* RFC 3339 with Z or an offset; a fraction is ignored, a leap second counts as :59. Years 1-9999. Here and below: NULL, and
 * whatever else has another form, is false, and `*out` stays as it was. */
bool instant_parse(const char *text, int64_t *out);
/* "2022-12-29T09:42:00+07:00", offset in seconds east ("Z" for 0). */
#define INSTANT_TEXT 26
void instant_format(int64_t t, int32_t offset, char out[static INSTANT_TEXT]);
/* IMF-fixdate of RFC 9110 ("Thu, 29 Dec 2022 02:42:00 GMT"), and only that. */
bool instant_parse_http(const char *text, int64_t *out);
#define INSTANT_HTTP 30
void instant_format_http(int64_t t, char out[static INSTANT_HTTP]);

struct civil instant_civil(int64_t t, int32_t offset);
int64_t instant_of(const struct civil *, int32_t offset);
int32_t instant_day(int64_t t, int32_t offset);         /* the day it falls on there */
int64_t instant_day_start(int32_t day, int32_t offset); /* that day's midnight */

bool day_parse(const char *text, int32_t *out); /* "YYYY-MM-DD" that exists in the calendar */
#define DAY_TEXT 11
void day_format(int32_t day, char out[static DAY_TEXT]);
struct civil day_civil(int32_t day);
int32_t day_of(int year, int month, int day);
int day_weekday(int32_t day); /* 0 Monday … 6 Sunday */

/* Offset east of UTC of a zone of the table (Asia/Ho_Chi_Minh and its twins, UTC); false: "cannot compute". */
bool zone_offset(const char *name, int32_t *seconds);

#endif

/* core_office: the office hours that core's tests compute with, and the times in them, written as people write them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_CORE_OFFICE_H
#define MOTCUA_TESTS_CORE_OFFICE_H

#include "core/calendar.h"
#include "tests/harness.h"

/* 07:00-11:30 and 13:30-17:00, Monday to Friday, with the days off of the turns of 2023 (Tết, a make-up Saturday) and 2026. */
struct calendar office_weekdays(void);
/* The same, and Saturday 07:00-11:00. */
struct calendar office_short_saturday(void);
/* No hours at all. */
struct calendar office_empty(void);

/* "2022-12-29 15:30" or "… 15:30:20", at the office (+07:00); "" is INSTANT_NONE. */
int64_t at(const char *text);
/* "2022-12-29" */
int32_t on(const char *text);

/* Says both times as people write them when they differ. */
#define assert_time(got, text) assert_time_at(HERE, got, text)
void assert_time_at(struct at, int64_t got, const char *text);

#endif

/* core_bench: what the tests of workflow_apply() act upon.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_CORE_BENCH_H
#define MOTCUA_TESTS_CORE_BENCH_H

#include "core/workflow.h"
#include "tests/unit/core_office.h"

#define NOW "2022-12-29 09:42"

struct bench {
    struct calendar calendar;   /* office_weekdays() */
    struct procedure procedure; /* papers p-1 and p-2, no fees */
    struct arena arena;
};
/* `*state` is a struct bench. */
int set_up(void **state);
int tear_down(void **state);
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* Version 7, submitted and, unless registered, received on 2022-12-28 08:00; due 2023-01-04 08:00; there since 2022-12-28 08:00. */
struct dossier dossier(const char *status, const char *step);
struct action_request request(void); /* nothing in it */
/* The officer o-9 does it. */
void act(struct bench *, struct dossier *, enum action, struct action_request, const char *now);

/* Status, step and since when; the version is one more than dossier()'s. */
#define assert_stands(d, status, step, since) assert_stands_at(HERE, d, status, step, since)
void assert_stands_at(struct at, const struct dossier *, const char *status, const char *step, const char *since);

#endif

/* cases: a suite that hurts the program again and again, each time in a process of its own, so that what one case breaks, hangs or
 * leaves open is that case's alone; said in TAP, which tests/run counts. It refuses to know what hurts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_TORTURE_CASES_H
#define MOTCUA_TESTS_TORTURE_CASES_H

#include "tests/harness.h"

/* Every which case is run: 1 in `make torture` (all), $MOTCUA_TORTURE_EVERY, else `otherwise`. */
int cases_every(int otherwise);
/* Runs `body` in a child. A failed check (fail_at, assert_*), a signal or no end in time fails the case; whatever it wrote to stderr is
 * told with the name. */
#define case_run(body, context, ...) case_run_named(body, context, text_new(__VA_ARGS__))
void case_run_named(void (*body)(void *), void *context, char *name); /* frees the name */
/* The one case of a suite that cannot be run here. */
void cases_skip(const char *why);
/* The plan; what main() returns. */
int cases_end(void);

#endif

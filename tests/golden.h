/* golden: the mock-ups as they have to be on the screen: tests/screen/golden/NAME.txt, but for what tests/screen/later.txt says:
 *     NAME ROW blank WORDS        the words are not there, what follows them keeps its place
 *     NAME ROW cut WORDS          the words are not there, what follows them moves left
 *     NAME ROW here WORDS INSTEAD the picture contradicts another or the contract: these words stand there instead
 *     NAME ROW gone LAST          the row is not there, the rows between it and LAST move to its place, LAST is blank
 *     NAME ROW stands WORDS       the row, which is blank, is this
 * in the order of the picture's rows from the bottom up, so that numbers stay those of the picture. WORDS and INSTEAD stand
 * between two bars: |n Hồ sơ mới  |. It refuses an entry that its picture does not fit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_GOLDEN_H
#define MOTCUA_TESTS_GOLDEN_H

#include "tests/harness.h"

/* What has to be seen, rows joined with \n, without trailing spaces; the caller frees. */
char *golden_wanted(const char *name, struct at);
/* The same from texts: `later` is that of later.txt. NULL and `*why` (the caller frees) where an entry does not fit. */
char *golden_expected(const char *name, const char *picture, const char *later, char **why);
/* Keeps what was seen in $MOTCUA_BUILD/golden/NAME.txt, for whoever looks at it afterwards. */
void golden_keep(const char *name, const char *seen);
/* Prints the rows that differ and fails. */
_Noreturn void golden_differ(const char *name, const char *wanted, const char *seen, struct at);

#endif

/* press: a printing system that is not there: lp and lpstat as scripts before the real ones in PATH, which keep what they were given where
 * motcua may write. And saved or printed pages, read back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_PRESS_H
#define MOTCUA_TESTS_SCREEN_PRESS_H

#include "tests/harness.h"

/* From here on programs find them; `dir` of home_new(). Printers: "HP-MotCua" (the default) and "Canon". */
void press_open(const char *dir);
void press_jam(const char *dir, const char *reason); /* lp says so and fails; NULL: it works again */

/* What lp was given in this officer's home since the last call: its arguments (NULL: nothing), and the words of the page. The caller
 * frees. */
char *press_arguments(const char *home);
char *press_page(const char *home);
/* What zbar reads on that page, as a picture. The caller frees. */
char *press_codes(const char *home);
/* The words of a PDF, each run of blanks one blank. The caller frees. */
char *press_words(const char *path);

#endif

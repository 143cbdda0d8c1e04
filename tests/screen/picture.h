/* picture: what is on the screen as a photograph of it would have it: cells of light and dark, for a program that reads QR codes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_PICTURE_H
#define MOTCUA_TESTS_SCREEN_PICTURE_H

#include "tests/screen/pty.h"

/* Waits until zbar reads this on the screen ("": nothing at all, now); `dir` is where the picture is made. The terminal's own colours are
 * light letters on dark. */
#define picture_says(s, dir, wanted) picture_says_at(s, dir, wanted, HERE)
void picture_says_at(struct screen *, const char *dir, const char *wanted, struct at);

#endif

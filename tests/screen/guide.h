/* guide: screens that README.md and the guides in docs/ show. Behind a line `<!-- screen: NAME -->` stands a fence with what a test sees
 * under that name; `make screens` (tests/screens) puts it there. It refuses to know what is on a screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_GUIDE_H
#define MOTCUA_TESTS_SCREEN_GUIDE_H

#include "tests/screen/pty.h"

/* What the screen shows has to be what `document` (from the top of the sources) shows under this name: else it is stale, and the test fails.
 * Certificates' numbers and the second of signing, which are new in every run, stand as zeros. */
#define guide_shows(screen, document, name) guide_shows_at(HERE, screen, document, name)
void guide_shows_at(struct at, struct screen *, const char *document, const char *name);

#endif

/* wishes: the unsent work of a scenario's `wishes` (docs/scenarios.md), put into an officer's outbox as another instance of motcua
 * would have: through cache/outbox.h, while the program is stopped. It refuses to touch the database itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_WISHES_H
#define MOTCUA_TESTS_SCREEN_WISHES_H

#include "tests/screen/pty.h"
#include "tests/server.h"

struct wishes {
    const char *scenario, *set; /* "mockups", "seven" */
    const struct server *server;
    struct screen *screen; /* the program that runs; NULL: none does */
    const char *home;      /* the program's */
    const char *now;       /* RFC 3339: server time at this moment */
    int64_t ahead;         /* milliseconds that the program's clock was moved */
};
/* What is planted as waiting is not sent within 10 minutes; a held one can be undone for 10 s from now. */
void wishes_plant(const struct wishes *);

#endif

/* stage: a scenario's people at its own moment: a real server with its clock there, an officer's home and a real motcua-t that
 * is signed in and has everything. It refuses to know what a picture has on it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_STAGE_H
#define MOTCUA_TESTS_SCREEN_STAGE_H

#include "tests/screen/pty.h"
#include "tests/server.h"

struct stage {
    const char *scenario; /* "mockups" */
    char *home, *keys;    /* keys: of the demo officers */
    struct server *server;
    struct screen *screen;  /* NULL until stage_open() */
    const char *const *env; /* of the program, as in struct child; NULL */
    char now[40];           /* RFC 3339: the server's clock as the test moved it */
    int64_t ahead;          /* milliseconds that the program's clock was moved */
};
/* `clock`: "09:42" or "09:57:30" on the scenario's day, 29/12/2022. Whoever asks is signed in as the officer of the question. */
struct stage *stage_new(const char *scenario, const char *officer, const char *clock);
void stage_free(struct stage **);
/* The program's own screen, on its first view with all that the server has. `rows`, `cols` 0: 24 and 80. */
void stage_open(struct stage *, int rows, int cols);
/* The wishes of the scenario with this name: wishes.h. */
void stage_plant(struct stage *, const char *set);
/* Time goes on for server and program. */
void stage_advance(struct stage *, int seconds);

#endif

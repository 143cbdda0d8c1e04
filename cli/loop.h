/* loop: the screen's one loop and its one wait (docs/architecture.md, "One loop").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_LOOP_H
#define MOTCUA_CLI_LOOP_H

#include "cli/paper.h"
#include "cli/seat.h"
#include "cli/sign.h"
#include "tui/app.h"
#include "tui/term.h"

struct loop_parts { /* all borrowed */
    struct seat *seat;
    struct app *app;
    struct term *term;
    struct input *input;
    struct signing *signing;
    struct papers *papers;
    bool pin_required;
    int lock_after;     /* minutes without a key; 0: as the role has it */
    const char *notice; /* what the officer is told when his lists come up; NULL: nothing */
};
enum loop_end {
    LOOP_LEFT,    /* by the officer, or asked to by TERM or INT */
    LOOP_HUNG_UP, /* nobody is at the other end any more */
};
/* Until the officer leaves. Opens the first view; follows who signs in and out. */
enum loop_end loop_run(const struct loop_parts *);

#endif

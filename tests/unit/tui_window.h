/* tui_window: a terminal window of a test's own: a pseudo-terminal whose other end is read through libvterm, in one process.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_TUI_WINDOW_H
#define MOTCUA_TESTS_UNIT_TUI_WINDOW_H

#include "tests/harness.h"
#include "tui/term.h"

#include <vterm.h>

struct window {
    int ours, theirs; /* both ends; `theirs` is what the program is started on */
    VTerm *vterm;
    VTermScreen *screen;
    char *bytes; /* everything that came since window_bytes_reset() */
    size_t n;
    bool alternate;
    char title[64];
};
void window_new(struct window *, int rows, int cols);
void window_free(struct window *);
void window_resize(struct window *, int rows, int cols);
/* Takes what the program has sent. */
void window_read(struct window *);
void window_bytes_reset(struct window *);
bool window_got(const struct window *, const char *bytes); /* since the last reset */
/* The row (0-based) as text without trailing blanks; valid until the next call. */
const char *window_row(struct window *, int row);
VTermScreenCell window_cell(struct window *, int row, int col);

/* Shows the whole canvas, reading as a window does. */
void window_show(struct window *, struct term *, const struct canvas *);

/* A terminal on the window; the test fails where it cannot be had. */
struct term *window_open(struct window *, enum theme_id);
/* A list as the dossiers' view draws one: marks and code of row `focus` are the focus. */
void window_list(struct canvas *, int focus);
/* The window has the canvas's row. */
void window_shows(struct window *, const struct canvas *, int row);

#endif

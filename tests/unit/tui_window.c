/* tui_window: see tui_window.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_window.h"

#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int property(VTermProp prop, VTermValue *value, void *user)
{
    struct window *w = user;

    if (prop == VTERM_PROP_ALTSCREEN)
        w->alternate = value->boolean;
    if (prop == VTERM_PROP_TITLE)
        snprintf(w->title, sizeof w->title, "%s", value->string);
    return 1;
}

void window_new(struct window *w, int rows, int cols)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = property};
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    *w = (struct window){0};
    assert_int_equal(openpty(&w->ours, &w->theirs, NULL, NULL, &size), 0);
    fcntl(w->ours, F_SETFL, O_NONBLOCK);
    w->vterm = vterm_new(rows, cols);
    vterm_set_utf8(w->vterm, 1);
    w->screen = vterm_obtain_screen(w->vterm);
    vterm_screen_set_callbacks(w->screen, &callbacks, w);
    vterm_screen_enable_altscreen(w->screen, 1);
    vterm_screen_reset(w->screen, 1);
}

void window_free(struct window *w)
{
    vterm_free(w->vterm);
    if (w->ours >= 0)
        close(w->ours);
    close(w->theirs);
    free(w->bytes);
}

void window_resize(struct window *w, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    ioctl(w->ours, TIOCSWINSZ, &size);
    if (rows > 0 && cols > 0 && rows <= 200 && cols <= 400)
        vterm_set_size(w->vterm, rows, cols);
}

void window_read(struct window *w)
{
    char piece[4096];
    ssize_t n;

    while ((n = read(w->ours, piece, sizeof piece)) > 0) {
        vterm_input_write(w->vterm, piece, (size_t)n);
        w->bytes = realloc(w->bytes, w->n + (size_t)n + 1);
        memcpy(w->bytes + w->n, piece, (size_t)n);
        w->n += (size_t)n;
        w->bytes[w->n] = '\0';
    }
}

void window_bytes_reset(struct window *w)
{
    w->n = 0;
    if (w->bytes)
        w->bytes[0] = '\0';
}

bool window_got(const struct window *w, const char *bytes)
{
    return w->bytes && memmem(w->bytes, w->n, bytes, strlen(bytes)) != NULL;
}

const char *window_row(struct window *w, int row)
{
    static char text[4096];
    int rows, cols;

    vterm_get_size(w->vterm, &rows, &cols);
    size_t n = vterm_screen_get_text(w->screen, text, sizeof text - 1,
                                     (VTermRect){.start_row = row, .end_row = row + 1, .end_col = cols});
    while (n && text[n - 1] == ' ')
        n--;
    text[n] = '\0';
    return text;
}

VTermScreenCell window_cell(struct window *w, int row, int col)
{
    VTermScreenCell cell = {0};

    vterm_screen_get_cell(w->screen, (VTermPos){.row = row, .col = col}, &cell);
    return cell;
}

void window_show(struct window *w, struct term *t, const struct canvas *c)
{
    while (!term_show(t, c))
        window_read(w);
    while (!term_flush(t))
        window_read(w);
    window_read(w);
}

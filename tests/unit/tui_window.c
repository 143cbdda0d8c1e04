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

struct term *window_open(struct window *w, enum theme_id theme)
{
    struct err e = {0};
    struct term *t = NULL;

    if (!term_open(w->theirs, theme, false, &t, &e))
        fail_at(HERE, "%s", e.text);
    assert_int_equal(e.code, ERR_NONE);
    return t;
}

void window_list(struct canvas *c, int focus)
{
    canvas_clear(c);
    canvas_style(c, 0, 0, c->cols, STYLE_STATUS);
    canvas_put(c, 0, 1, -1, STYLE_STATUS, "TT. Ngãi Giao · Trần Thị Mai");
    canvas_put(c, 1, 1, -1, STYLE_TITLE, "Việc của tôi · xếp theo hạn");
    char position[16];
    snprintf(position, sizeof position, "%d/26", focus);
    canvas_put_right(c, 1, c->cols - 1, STYLE_TITLE, position);
    for (int row = 3; row < c->rows - 2; row++) {
        enum style style = row == focus ? STYLE_FOCUS : STYLE_TEXT;
        canvas_put(c, row, 0, -1, style, row == focus ? ">   " : "    ");
        canvas_format(c, row, 4, -1, style, "000.25.33.H06-221228-%04d", row);
        canvas_put(c, row, 30, -1, STYLE_TEXT, "Nguyễn Thị Đào         Đăng ký khai sinh      Mới ĐK");
    }
    canvas_cursor(c, focus, 0);
}

void window_shows(struct window *w, const struct canvas *c, int row)
{
    char *wanted = canvas_row(c, row);

    assert_string_equal(window_row(w, row), wanted);
    free(wanted);
}

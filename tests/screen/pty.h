/* pty: a program on a pseudo-terminal, and the screen that a person would see, kept by libvterm. Tests say what will be on the
 * screen and the harness waits for it (10 s, under SAN five times that); nothing sleeps. It refuses to know the product.
 *
 *     struct screen *s = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "demo")});
 *     screen_expect(s, "Hàng việc");
 *     screen_keys(s, "1 Enter x 1");
 *     screen_expect_row(s, -2, "Đã lưu trên máy này");
 *     screen_key(s, "q");
 *     assert_int_equal(screen_exit_code(s), 0);
 *     screen_free(&s);
 *
 * Rows and columns count from 1, as in a mock-up; a negative row counts from the bottom (-1 keys, -2 message). Job control:
 * run {"/bin/bash", "--norc", "-i"} and type the program's name; it is then stopped and continued as in an officer's shell.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_PTY_H
#define MOTCUA_TESTS_SCREEN_PTY_H

#include "tests/golden.h"
#include "tests/harness.h"

struct screen;

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

struct screen_opts {
    const char *const *argv; /* as in struct child; NULL: motcua-t */
    const char *const *env;  /* "NAME=value" sets, "NAME" removes; NULL */
    const char *home;        /* of home_new(), so that it outlives the screen; NULL: one of its own */
    int rows, cols;          /* 0: 24 and 80 */
    const char *term;        /* NULL: xterm-256color */
    const char *lang;        /* NULL: C.UTF-8 */
};

struct screen *screen_start(const struct screen_opts *);
void screen_free(struct screen **); /* kills what still runs and removes a home of its own */
pid_t screen_pid(const struct screen *);

/* ── what a person does ──────────────────────────────────────────────────────────────────────────────────────────── */
/* A key by its name in screens.md (Enter, Esc, F1 … F12, Up, PgDn, Tab, Shift-Tab, Ctrl-P, Alt-s, Alt-Right, Space, Backspace,
 * Delete, Insert, Home, End, or one letter), several with spaces between. After Esc the hand rests for 60 ms of real time,
 * since Esc and a letter at once are Alt-letter to any program. */
#define screen_key(s, name)   screen_keys_at(s, name, HERE)
#define screen_keys(s, names) screen_keys_at(s, names, HERE)
void screen_keys_at(struct screen *, const char *names, struct at);
/* Text in one burst; `screen_paste` brackets it as a terminal does. */
void screen_type(struct screen *, const char *text);
void screen_paste(struct screen *, const char *text);
void screen_send(struct screen *, const char *bytes, size_t n);
/* The bytes of one key name for xterm; false: no such name. */
bool key_bytes(const char *name, char out[static 16]);

void screen_resize(struct screen *, int rows, int cols);
void screen_signal(struct screen *, int sig); /* to the process group in the foreground, as the terminal does */
void screen_hangup(struct screen *); /* the line is gone; only screen_exit_code() and screen_free() may follow */

/* ── what is on the screen ───────────────────────────────────────────────────────────────────────────────────────── */
#define screen_expect(s, text)               screen_wait_at(s, 0, text, true, HERE)
#define screen_expect_gone(s, text)          screen_wait_at(s, 0, text, false, HERE)
#define screen_expect_row(s, row, text)      screen_wait_at(s, row, text, true, HERE)
#define screen_expect_row_gone(s, row, text) screen_wait_at(s, row, text, false, HERE)
#define screen_expect_cursor(s, row, col)    screen_cursor_at(s, row, col, HERE)
void screen_wait_at(struct screen *, int row, const char *text, bool there, struct at); /* row 0: anywhere */
void screen_cursor_at(struct screen *, int row, int col, struct at);

/* As it is now, without waiting. Text is UTF-8 without trailing spaces; screen_text() joins the rows with \n, caller frees. */
bool screen_has(struct screen *, const char *text);
bool screen_row_has(struct screen *, int row, const char *text);
void screen_row(struct screen *, int row, char *buf, size_t size);
char *screen_text(struct screen *);
void screen_size(const struct screen *, int *rows, int *cols);
void screen_cursor(struct screen *, int *row, int *col);

struct screen_attr {
    bool bold, reverse, italic, blink;
    int underline;
    int fg, bg; /* 0-255 of the palette, -1 the terminal's own, 0x1RRGGBB direct */
};
struct screen_attr screen_attr_at(struct screen *, int row, int col);
bool screen_cursor_shown(const struct screen *);
bool screen_alternate(const struct screen *); /* the second screen, which a full-screen program uses and must leave */
bool screen_tty_cooked(const struct screen *); /* line editing and echo are on: the terminal is as the shell had it */
const char *screen_title(const struct screen *); /* "" as long as none was set */

/* Reads what there is, waiting at most so many ms for the first byte; false: nothing came. For measuring. */
bool screen_read(struct screen *, int ms);
size_t screen_bytes(const struct screen *); /* read from the program since the start or the last reset */
void screen_bytes_reset(struct screen *);
/* Prints the screen to stderr. */
void screen_dump(struct screen *);

/* Waits for the program's end: its status, or 128 + signal. */
#define screen_exit_code(s) screen_exit_code_at(s, HERE)
int screen_exit_code_at(struct screen *, struct at);

/* ── motcua-t's clock ────────────────────────────────────────────────────────────────────────────────────────────── */
/* Moves env.mono of the program. The child's end of a SOCK_SEQPACKET pair is the descriptor that MOTCUA_TEST_FD names; the
 * packet is "advance SECONDS", the answer "ok" once the loop has seen the new time. */
#define screen_advance(s, seconds) screen_advance_at(s, seconds, HERE)
void screen_advance_at(struct screen *, double seconds, struct at);

/* ── golden pictures (tests/golden.h) ────────────────────────────────────────────────────────────────────────────── */
/* Waits until the screen is the picture. */
#define screen_matches_golden(s, name) screen_golden_at(s, name, HERE)
void screen_golden_at(struct screen *, const char *name, struct at);

#endif

/* tty: the modes of the terminal, and the bytes that give it back to the shell whatever happened. There is one terminal, so there is
 * one of this: a crash handler has nothing to hand in. Used by term.c alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_TTY_H
#define MOTCUA_TUI_TTY_H

#include <stdbool.h>
#include <stddef.h>

#define TTY_LEAVE_MS 500 /* how long a stuck line may hold up leaving */

/* What the locale's variables say: none set counts as C.UTF-8, one that is not installed says nothing against it. */
bool tty_says_utf8(void);
/* A non-blocking description of our own on the terminal `fd`, so that O_NONBLOCK does not reach the shell's. -1: none. */
int tty_open_own(int fd);
/* Keeps the shell's modes and takes ours: every key as it comes, but for Ctrl-Z, Ctrl-\, Ctrl-S and Ctrl-Q. */
void tty_take(int fd);
bool tty_taken(void);
/* What leaves the screen (rmcup …). At most 255 bytes are kept. */
void tty_keep_way_out(const char *bytes, size_t n);
/* Async-signal-safe: writes the way out and sets the shell's modes; what was typed for us and not read is thrown away. Does nothing
 * where nothing was taken. */
void tty_restore(void);

#endif

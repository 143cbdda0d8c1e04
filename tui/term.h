/* term: the terminal, through curses into a memfd; the frame's bytes leave through a non-blocking descriptor of ours. The only file
 * that includes curses. It restores the terminal on every way out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_TERM_H
#define MOTCUA_TUI_TERM_H

#include "core/err.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/theme.h"

struct term;
/* Takes over the terminal `fd`. ERR_CONFIG: not a terminal, a TERM that cannot do it, not UTF-8 (sentences no-terminal, not-utf8). */
bool term_open(int fd, enum theme_id, bool ascii_symbols, struct term **out, struct err *);
void term_close(struct term **); /* restores everything */
int term_fd(const struct term *);
/* Shows a canvas: queues one frame's bytes. false: the last frame has not left yet, nothing was queued. */
bool term_show(struct term *, const struct canvas *);
/* Sends on what is queued; true when all has left. Never blocks. */
bool term_flush(struct term *);
bool term_pending(const struct term *); /* poll for POLLOUT too */
/* Reads what is there into `input`; false: the line is dead (hang-up). */
bool term_read(struct term *, struct input *, int64_t now_ms);
/* Asks the size (24x80 where there is none; 512x1024 at most); true if it changed since it was told last, and the first time. */
bool term_resized(struct term *, int *rows, int *cols);
void term_redraw(struct term *); /* the next frame is drawn whole */
void term_wipe(struct term *); /* … and before it all that was shown goes, from the terminal's scrollback too where it can (E3) */
void term_set_theme(struct term *, enum theme_id);
void term_suspend(struct term *); /* before SIGSTOP */
void term_resume(struct term *);
/* Async-signal-safe: write() of kept bytes and tcsetattr() alone. For crash handlers and die(). */
void term_restore_now(void);
void term_map_keys(struct term *, struct input *); /* terminfo's key sequences into `input` */
bool term_half_blocks(const struct term *); /* `▀ ▄` can be drawn (not the Linux console, not ascii symbols) */

#endif

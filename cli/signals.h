/* signals: what the kernel tells the screen, as bytes in a pipe that the loop waits for with everything else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_SIGNALS_H
#define MOTCUA_CLI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* From now on WINCH, TSTP, CONT, TERM, HUP and INT go into the pipe; a crash or QUIT first calls `restore`, which has to be safe in a
 * signal handler, then does what it would have done. Once a process. */
void signals_open(void (*restore)(void));
int signals_fd(void); /* readable: something came */
/* What came since the last call, as bits 1 << signal. */
uint64_t signals_take(void);
static inline bool signals_have(uint64_t bits, int sig)
{
    return bits >> sig & 1;
}
/* Stops the process as the terminal's Ctrl-Z does by itself; returns when it goes on, or at once where nobody could wake it. */
void signals_stop(void);

#endif

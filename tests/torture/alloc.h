/* alloc: one allocation that fails. Reaches our own code (-Wl,--wrap) and, by their hooks, SQLite's and curl's, while jansson asks core/codec.c; what a library
 * takes from libc behind them is not reached. Linked into a test, or into `motcua-m`, which obeys
 *   MOTCUA_TEST_ALLOCATION=N   the Nth of the program's life fails; 0: none
 *   MOTCUA_TEST_COUNT=FILE     at its end it writes there how many there were
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_TORTURE_ALLOC_H
#define MOTCUA_TESTS_TORTURE_ALLOC_H

/* Counts from now on; the nth fails, once. 0: none does. */
void alloc_arm(long nth);
/* How many there were since; counts no more. */
long alloc_disarm(void);

#endif

/* slow_line: a line between a program and its server that takes its time: what comes in at one end leaves at the other so many milliseconds
 * later, in both directions. It refuses to know what it carries.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_BENCH_SLOW_LINE_H
#define MOTCUA_TESTS_BENCH_SLOW_LINE_H

struct slow_line;
/* On loopback, in threads of its own; `delay_ms` is one way, half of a round trip. */
struct slow_line *slow_line_start(int upstream, int delay_ms);
void slow_line_stop(struct slow_line **); /* cuts what goes over it */
int slow_line_port(const struct slow_line *);

#endif

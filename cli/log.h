/* log: what the help desk may need to know and the screen need not: the file `log` beside the officer's databases. Types and ids,
 * never a name or a number of a person.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_LOG_H
#define MOTCUA_CLI_LOG_H

#include <stdint.h>

struct log;
/* In the open directory `dir`; 0600. Never fails: what cannot be written is not logged. Over 1 MiB it begins anew. */
struct log *log_new(int dir);
void log_free(struct log **);
/* A line: the time (seconds, UTC), and three words, shown as data is. */
void log_line(struct log *, int64_t at, const char *what, const char *which, const char *why);

#endif

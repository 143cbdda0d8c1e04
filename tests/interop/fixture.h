/* fixture: programs of other people that make interop puts between and around ours: a validating proxy, an issuer, a web server.
 * It starts them, waits until they are ready, keeps what they print, and ends them. It refuses to know what they are for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_INTEROP_FIXTURE_H
#define MOTCUA_TESTS_INTEROP_FIXTURE_H

#include "tests/unit/cli_office.h"

struct fixture {
    pid_t pid;
    char *log; /* the file that has what it prints */
    int port;  /* a free one of loopback, for its command line */
};

/* Before its arguments are put together: chooses its port, names its log (NAME-PORT.log in the home of the test program). */
void fixture_new(struct fixture *, const char *name);
/* Starts argv, whose first is a path, and returns once its log says `ready`. */
void fixture_start(struct fixture *, const char *const argv[], const char *ready);
/* TERM, or KILL where that is not enough; frees. What it printed is in the log until the test program's home goes. */
void fixture_stop(struct fixture *);
char *fixture_said(const struct fixture *); /* the log so far; the caller frees */

/* A file of `make interop`'s own directory in the build; the caller frees. */
char *fixture_path(const char *name);
/* A line of the officer's own configuration, beside those that are there. */
void fixture_configure(struct office *, const char *line);
/* A dossier's member at "a.b.0.c" in the server's eyes is this. */
#define expect_there(o, id, where, wanted) expect_there_at(o, id, where, wanted, HERE)
void expect_there_at(struct office *, const char *id, const char *where, const char *wanted, struct at);

#endif

/* ground: an officer at a training server with all that she may see fetched: what each case begins with a copy of, and what has to
 * hold of the copy when the case is over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_TORTURE_GROUND_H
#define MOTCUA_TESTS_TORTURE_GROUND_H

#include "tests/unit/cli_office.h"

struct ground {
    struct office o; /* its home is the ground */
    char *token;     /* mai's, for questions of the test's own */
    char *dossiers[16];
    size_t n;
};
/* NULL, or why nothing can be done on this machine's command line. */
const char *ground_new(struct ground *);
void ground_free(struct ground *);
/* A home with all that the server has by now, and nothing to be sent; home_free() it. */
char *ground_copy(struct ground *);
void ground_copy_to(struct ground *, const char *home); /* the same, into a home that is there */
/* The officer's directory in a home; the caller frees. NULL: it is not there. */
char *ground_directory(const char *home);

/* `motcua ARGS --server BASE` in a home, behind the command `before` (NULL). */
void ground_run(struct ground *, const char *home, const char *const before[], const char *const args[],
                struct run *);
/* Somebody else writes a comment on it. */
void ground_touch(struct ground *, const char *dossier);

/* Whether `act --json` has said that the wish is kept: the row is on stdout, or it ended with 0. */
bool ground_told(const struct run *);
/* A command that was not killed has ended as one that could not do it: its exit status, a sentence in Vietnamese. */
void ground_expect_honest(const struct run *, bool sentence);
/* Starts again and looks: the files open, are whole and 0600, nothing was set aside; all is sent; the comment `note` took effect on
 * `dossier` at most once, and once where it was `told`; what is kept is what the server has. */
void ground_check(struct ground *, const char *home, const char *dossier, const char *note, bool told);
/* The journal verifies, and was never found damaged. A disk that goes on failing may cost it an entry, which it says. */
void ground_check_journal(struct ground *, const char *home);

#endif

/* bad: what the tests of a bad world begin with: an officer's post whose server keeps what it is told, and how the screen refuses:
 * one whole sentence, the terminal given back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_BAD_H
#define MOTCUA_TESTS_SCREEN_BAD_H

#include "tests/screen/pty.h"
#include "tests/server.h"

/* A server that lets mai in and keeps what it is told over a restart, and a home for her. */
struct post {
    struct server *server;
    char *home, *database;
    const char *argv[4];
};
int bad_set_up(void **state); /* makes a struct post */
int bad_tear_down(void **state);

struct screen *open_screen(struct post *);
/* Signed in, everything fetched, and left again. false: this machine keeps no session (no keyctl). */
bool work_and_leave(struct post *);
/* A file of the officer's own configuration directory. */
void write_config(const char *home, const char *name, const char *bytes, size_t n);

/* Waits for a sentence, which may go over several rows. */
#define expect_sentence(s, words) expect_sentence_at(s, words, HERE)
void expect_sentence_at(struct screen *, const char *words, struct at);
/* The program ends by itself with a sentence and leaves the terminal as it was; frees the screen. */
#define expect_refusal(s, status, sentence) expect_refusal_at(s, status, sentence, HERE)
void expect_refusal_at(struct screen **, int status, const char *sentence, struct at);
/* `q` works, and leaving is orderly; frees the screen. */
void expect_leaving(struct screen **);

#endif

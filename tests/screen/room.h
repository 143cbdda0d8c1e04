/* room: an office at the mock-ups' moment, where any officer may sign in: a real server that keeps its database over a restart,
 * one officer's home with as many screens as a test wants, and colleagues who work over HTTP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_ROOM_H
#define MOTCUA_TESTS_SCREEN_ROOM_H

#include "tests/screen/pty.h"
#include "tests/server.h"

struct room {
    struct server *server;
    char *home, *database;
    int ahead;           /* seconds that the clock of the screens is ahead */
    const char *officer; /* who signs in on the screens: "mai" unless the test says otherwise */
};
/* Set-up and tear-down of one cmocka test: scenario "mockups" at 09:42, `*state` is the room. */
int room_open(void **state);
int room_close(void **state);

/* motcua-t in the officer's home: `rows`, `cols` 0: 24 and 80. The officer signs in on the screen where it asks for that, and
 * what the server has is there. room_start() waits for nothing. */
struct screen *room_start(struct room *, int rows, int cols);
struct screen *room_screen(struct room *, int rows, int cols);
/* The officer's yes at the server's page to the code that this screen shows. */
void room_sign_in(struct room *, struct screen *);
/* Time goes on for the server and the screen. */
void room_advance(struct room *, struct screen *, int seconds);
/* Whether a session outlives the program here (there is a keyring). */
bool room_lasts(struct room *);
/* A line of the officer's own configuration, beside those that are there. */
void room_configure(struct room *, const char *line);

/* What the server tells of a dossier, "d-41": what this officer did to it since it is there, in order, "receive comment"; its
 * status. The caller frees. */
char *room_events(struct room *, const char *dossier, const char *by);
char *room_status(struct room *, const char *dossier);
/* A colleague acts, over HTTP, on what stands now. `more`: further members of the body, or "". */
void room_act(struct room *, const char *officer, const char *dossier, const char *action, const char *more);

/* The line is back: time goes on for the program until it has asked again and nothing waits to be sent. */
void room_all_sent(struct screen *);

/* Waits for a sentence, which may go over several rows. */
#define room_says(s, sentence) room_says_at(s, sentence, HERE)
void room_says_at(struct screen *, const char *sentence, struct at);

/* Presses the key again and again until a row has the text: for lists that end. */
#define room_seek(s, key, row, text) room_seek_at(s, key, row, text, HERE)
void room_seek_at(struct screen *, const char *key, int row, const char *text, struct at);

#endif

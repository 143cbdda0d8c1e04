/* office: a town's one-stop shop with a handful of dossiers of the test's own, its officers each at a screen of their own, and what the
 * server says of a dossier. Nobody is let in but through the page of the device grant, as with a phone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_OFFICE_H
#define MOTCUA_TESTS_SCREEN_OFFICE_H

#include "tests/screen/pty.h"
#include "tests/server.h"

/* Thursday, 29/12/2022, 08:00, in thị trấn Ngãi Giao: mai and ha (counter), nam and hanh (specialists), dinh (specialist and
 * supervisor), thang (supervisor), thu (clerk). */
struct office {
    struct server *server;
    char *dir, *keys;
    char *home;         /* of who sat down last */
    const char *config; /* further lines of each seat's; NULL: none */
    const char *term;   /* TERM of each seat; NULL: xterm-256color */
    char *watcher; /* access token of who looks at the server for the test: quan, of the district above */
};
/* `dossiers`: JSON of the scenario's list, with ' for ". */
struct office *office_new(const char *dossiers);
void office_free(struct office **);

/* A fresh screen that shows the code of a sign-in. */
struct screen *office_door(struct office *);
/* The code on the screen, without looking at the rest of it; the caller frees. */
char *office_code(struct screen *);
/* On the phone: this officer accepts (or denies) the code. */
void office_confirm(struct office *, const char *code, const char *officer, bool accepts);
/* The page of this officer's phone that asks for signatures; on it the request with this code is answered: "dong_y", "tu_choi". */
void office_phone(struct office *, const char *officer, struct reply *page);
void office_answer_phone(struct office *, const char *officer, const char *code, const char *does);
/* The officer sits down: signed in on the screen, the queues are there. */
struct screen *office_sit(struct office *, const char *officer);
/* To the first view; to the queue with this name, where the dossier with this end of its code is. */
void office_queues(struct screen *);
void office_queue(struct screen *, const char *queue, const char *tail);
/* Nothing unsent is left; signed out, and out. */
void office_leave(struct screen **);

/* The dossier's member ("status", "decision.outcome") becomes this. */
#define office_expect(o, id, where, wanted) office_expect_at(o, id, where, wanted, HERE)
void office_expect_at(struct office *, const char *id, const char *where, const char *wanted, struct at);

/* Somebody of the district writes a comment on it: it is another version now. */
void office_touch(struct office *, const char *id);

/* ── keystrokes ────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* What a task costs, from the focused row to done (screens.md section 6). Typed values are beside it. */
struct task {
    struct screen *screen;
    const char *name;
    int keys, budget;
};
/* Presses and counts them; each waits for `then` to be on the screen where it is not NULL. */
#define task_press(task, keys, then) task_press_at(task, keys, then, HERE)
void task_press_at(struct task *, const char *keys, const char *then, struct at);
#define task_done(task) task_done_at(task, HERE)
void task_done_at(const struct task *, struct at);

#endif

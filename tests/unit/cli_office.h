/* cli_office: a training server, a home, and the real programs between them: what every test of the command line starts from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_CLI_OFFICE_H
#define MOTCUA_TESTS_UNIT_CLI_OFFICE_H

#include "tests/harness.h"
#include "tests/server.h"

#include <string.h>

struct office {
    struct server *server;
    char *home;
    char *kept;       /* office_open_kept(): the directory of the server's file; else NULL */
    const char *base; /* what --server says; NULL: the server itself, with nothing before it */
    struct run run;   /* the last command's; freed by the next one */
};
#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A server (with `extra` beside "--auto-approve any"; NULL) and an empty home. */
void office_open(struct office *, const char *const extra[]);
/* The same with 300 dossiers, all of it in a file, so that the server keeps what it knows over a restart; setup and teardown of a test. */
int office_open_kept(void **state);
int office_close_kept(void **state);
void office_close(struct office *);

/* `motcua ARGS --server BASE` in the home; its exit status. office->run holds what it said. */
#define office_run(o, ...) office_run_env(o, NULL, ARGS(__VA_ARGS__))
int office_run_env(struct office *, const char *const env[], const char *const args[]);
/* The same, which has to end with this status. */
#define office_expect(o, status, ...) office_expect_at(o, status, ARGS(__VA_ARGS__), HERE)
void office_expect_at(struct office *, int status, const char *const args[], struct at);
#define expect_in(text, part)                                 \
    do {                                                      \
        if (!strstr(text, part))                              \
            fail_at(HERE, "“%s” is not in:\n%s", part, text); \
    } while (0)
/* What the last command printed, as JSON; json_decref() it. */
#define office_json(o) office_json_at(o, HERE)
json_t *office_json_at(struct office *, struct at);
/* Fails unless stderr is just one problem object with a title; gives the title (the caller frees). */
#define office_problem(o) office_problem_at(o, HERE)
char *office_problem_at(struct office *, struct at);

/* `motcua login` and the officer's yes at the printed address. false: this machine keeps no session (no keyctl): skip(). */
bool office_sign_in(struct office *, const char *officer);
/* The officer's answer to a code on the server's page. */
void office_decide(struct office *, const char *user_code, const char *officer, bool yes);

/* Signed in as `officer`, with all that the server has; or the test is skipped. */
#define office_begin(o, officer)               \
    do {                                       \
        if (!office_sign_in(o, officer))       \
            skip();                            \
        office_expect(o, 0, "sync", "--once"); \
    } while (0)

/* The id of some dossier in this queue of the signed-in officer, which has to be there; the caller frees. */
char *office_dossier(struct office *, const char *queue);
/* A dossier as the server has it now, asked for by who `login_hint` names; json_decref() it. */
json_t *office_at_server(struct office *, const char *login_hint, const char *dossier);

#endif

/* command: what the commands of the command line share: who calls, what was configured, how results, sentences and problems are
 * printed, and which exit code an error is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_COMMAND_H
#define MOTCUA_CLI_COMMAND_H

#include "cli/config.h"
#include "cli/env.h"
#include "cli/options.h"
#include "cli/seat.h"

struct cli {
    struct options options;
    struct config config;
    struct env *env;
    bool json;
    bool exports;  /* the officer may save files (the screen) */
    char *problem; /* the server's own problem document behind an error, for --json; NULL */
};

bool cmd_screen(struct cli *, struct err *);
bool cmd_demo(struct cli *, struct err *);
bool cmd_login(struct cli *, struct err *);
bool cmd_logout(struct cli *, struct err *);
bool cmd_unlock(struct cli *, struct err *);
bool cmd_recovery_key(struct cli *, struct err *);
bool cmd_sync(struct cli *, struct err *);
bool cmd_queues(struct cli *, struct err *);
bool cmd_list(struct cli *, struct err *);
bool cmd_show(struct cli *, struct err *);
bool cmd_act(struct cli *, struct err *);
bool cmd_procedures(struct cli *, struct err *);
bool cmd_new(struct cli *, struct err *);
bool cmd_outbox(struct cli *, struct err *);
bool cmd_journal(struct cli *, struct err *);
bool cmd_wipe(struct cli *, struct err *);
bool cmd_verify(struct cli *, struct err *);
bool cmd_sign_agent(struct cli *, struct err *);
bool cmd_check_keymap(struct cli *, struct err *);

/* ── options ───────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* A typed text in NFC, in arena; one that was not given stays what it is. ERR_USAGE: it is no UTF-8. */
bool command_text(const struct cli *, enum option_id, struct arena *, const char **to, struct err *);
bool command_bad_value(enum option_id, const char *what, struct err *); /* ERR_USAGE, "--until: a day …"; false */

/* ── the seat ────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* Reads the configuration and makes a seat at its server; nobody's files are open. */
bool command_seat(struct cli *, bool follow, struct seat **out, struct err *);
/* The same, with the files of the current officer. ERR_AUTH: nobody is signed in there. */
bool command_officer(struct cli *, bool follow, struct seat **out, struct err *);
/* The session ends: here everything of it is forgotten whatever the server says, and though the files cannot be opened; the cache goes.
 * That something is left, here or there, is an error all the same. Somebody is signed in. */
bool command_sign_out(struct cli *, struct seat *, struct err *);
/* Gives away what the process does not need (harden.h): from here on it writes into the directory `own` alone, to the terminal, and
 * into `exports`, which is made where it is not there (NULL: nothing is exported). `empties`: harden_places. */
void command_harden(const char *own, const char *exports, const char *empties);
/* Waits until the wish `key` is answered, by our own sending or the lease holder's, at most `ms` (or, `syncing`, as long as
 * net_sync_now() goes on); then where it stands. false: it was taken away without having left (ERR_OFFLINE), or the outbox cannot
 * be read. */
bool command_wait(struct seat *, const char *key, int64_t ms, bool syncing, struct arena *,
                  struct command *out, struct err *);

/* Shows on the terminal what approve or refuse_result would sign, asks for the last characters of the code, signs, and puts the
 * signature into the request. Without a terminal the officer's phone does all that, where the server offers it. ERR_USAGE: neither; ERR_REFUSED: the officer did not want to; ERR_SIGNER. */
bool command_sign(struct cli *, struct seat *, const struct dossier *, struct action_request *,
                  struct arena *, struct err *);
/* What became of a wish, as a sentence or with --json as one object; the server's no is an error with its exit code, and the
 * problem that it came with is kept for print_problem(). */
bool command_outcome(struct cli *, struct seat *, const struct command *, struct err *);
const char *command_state_name(enum command_state); /* "DUE" */
json_t *command_json(struct seat *, const struct command *);

/* The screen on this seat, until the officer leaves it. */
bool screen_run(struct cli *, struct seat *, struct err *);
bool screen_possible(struct err *); /* false: no terminal; the sentence */

/* ── printing ────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* JSON as one line, the controls and directions in its texts escaped, so that a terminal can show it. */
void print_json(const char *json, size_t len);
void print_object(json_t *); /* takes it */
/* A line on stdout, unless --json wants objects alone. */
void print_line(const struct cli *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What a decision's signature is over, a line for each member. */
void print_statement(FILE *, const struct signing_statement *, int32_t offset, struct arena *);
/* Displayed text in a column of so many cells; `right`: aligned there. */
void print_cell(struct buf *, const char *shown, int columns, bool right);

/* The error on stderr: its sentence (none where it is empty: all has been said), or with --json one problem object. Gives the exit
 * code. */
int print_problem(const struct cli *, const struct err *);
int exit_code(enum err_code);

#endif

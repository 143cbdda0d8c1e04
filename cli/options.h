/* options: the command line, from one table: what there is, what it takes, what --help says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_OPTIONS_H
#define MOTCUA_CLI_OPTIONS_H

#include "core/err.h"

#include <stdint.h>
#include <stdio.h>

enum option_id {
    OPTION_JSON, /* switches have the value "" */
    OPTION_SERVER,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_ROLE,
    OPTION_SCENARIO,
    OPTION_ONCE,
    OPTION_QUEUE,
    OPTION_SEARCH,
    OPTION_LIMIT,
    OPTION_NOTE,
    OPTION_OUTCOME,
    OPTION_ASSIGNEE,
    OPTION_PAPERS,
    OPTION_UNTIL,
    OPTION_AMOUNT,
    OPTION_METHOD,
    OPTION_NUMBER,
    OPTION_RETURNED_TO,
    OPTION_NEW_DUE_AT,
    OPTION_RESULT,
    OPTION_ON_BEHALF_OF,
    OPTION_RECOVERY,
    OPTION_NEW_PIN,
    OPTION_VERIFY,
    OPTION_CA,
    OPTION_PROCEDURE,
    OPTION_NAME,
    OPTION_ID_NUMBER,
    OPTION_CHANNEL,
    OPTION_UNIT,
    OPTION_RECEIVED_AT,
    OPTION_PHONE,
    OPTION_ADDRESS,
    OPTION_COUNT,
};
#define OPERANDS_MAX 2

struct cli;
struct verb {
    const char *name;     /* "" is the screen */
    const char *operands; /* as --help shows them; NULL: none */
    int least, most;      /* how many operands */
    uint64_t options;     /* 1 << OPTION_…, beside --json, --server, --help, --version */
    const char *help;     /* msgid */
    /* false and `e`: the exit code follows from e->code (command.h). */
    bool (*run)(struct cli *, struct err *e);
};
struct options {
    const struct verb *verb;
    const char *value[OPTION_COUNT]; /* NULL: not given */
    const char *operand[OPERANDS_MAX];
    int n_operands;
};

/* argv[0] is the program. ERR_USAGE: one sentence. What --json says is known even then. */
bool options_parse(int argc, char *const argv[], struct options *out, struct err *e);
const char *option_name(enum option_id); /* "--note" */
void options_help(FILE *);

#endif

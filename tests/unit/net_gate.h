/* net_gate: a gateway that means harm, on a port of loopback. It hands requests on to a server, or answers them as a test says: with
 * what is no HTTP, too much, too little, too late, or not at all. It keeps what it was asked. A process of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_NET_GATE_H
#define MOTCUA_TESTS_UNIT_NET_GATE_H

#include "tests/harness.h"

enum gate_does {
    GATE_PASS, /* hands it on, and the answer back */
    GATE_LOSE, /* hands it on, takes the whole answer and closes without a word */
    GATE_CUT,  /* … gives back all but the last byte and closes */
    GATE_SAY,  /* says `bytes` and closes */
    GATE_DRIP, /* says them, a byte a second after the first `n` */
    GATE_HANG, /* says nothing and holds on */
    GATE_DROP, /* closes without a word */
};
struct gate_rule {
    const char *begins; /* "POST /api/v1/dossiers" of the request line; "" fits all */
    enum gate_does does;
    const char *bytes;
    size_t n;  /* of `bytes`; 0: text */
    int times; /* so often, then the next rule that fits; 0: always */
};
struct gate_seen {
    char line[256], key[64], if_match[64], token[128], body[4096];
    char head[2048];
};
struct gate;
/* `upstream`: the port that it hands on to; 0: nothing is there, what fits no rule is dropped. */
struct gate *gate_start(int upstream);
void gate_stop(struct gate **);
const char *gate_url(const struct gate *);                          /* "http://127.0.0.1:PORT" */
void gate_rules(struct gate *, const struct gate_rule *, size_t n); /* in place of those before */
/* The n-th request (from 0) whose line begins so; NULL: there was none. */
const struct gate_seen *gate_seen(const struct gate *, const char *begins, size_t n);
size_t gate_count(const struct gate *, const char *begins);
/* An answer: head, Content-Type, Content-Length, body. The caller frees. */
char *gate_answer(int status, const char *type, const char *more_headers, const char *body);

#endif

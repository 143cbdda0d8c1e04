/* judge: what an answer means. First whatever was asked, then for a wish: done, conflict, refused, or no answer at all. A success
 * that cannot be read, or speaks of another thing, is no answer. It refuses to act on its verdict.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_JUDGE_H
#define MOTCUA_NET_JUDGE_H

#include "cache/outbox.h"
#include "core/codec.h"
#include "net/exchange.h"

enum kind_of_answer {
    ANSWER_NO_LINE, /* nothing came, or not whole: the breaker's to count */
    ANSWER_GARBLED, /* from no central: a portal's page, a redirect, broken JSON */
    ANSWER_GOOD,    /* 2xx; whether the body is what was asked for is the asker's to say */
    ANSWER_TOKEN,   /* 401: refresh, then sign in */
    ANSWER_STEP_UP, /* 401: good, but too old for a signature */
    ANSWER_LATER,   /* 429 */
    ANSWER_CLOSED,  /* 503 maintenance */
    ANSWER_FAULT,   /* any other 5xx, and 408 */
    ANSWER_PROBLEM, /* any other 4xx of the contract's form; `problem` is filled */
};
struct judged {
    enum kind_of_answer kind;
    struct problem problem; /* PROBLEM, and where one came with the others; its title is NULL where none did */
};
/* `problem` lives in `arena`. */
void judge_reply(const struct response *, struct arena *, struct judged *out);
bool judge_is_json(const struct response *); /* its Content-Type says so */
/* Our central speaks, whatever it says: its Date may be believed. */
bool judge_is_central(const struct response *, const struct judged *);
/* A good answer's JSON as a struct of `shape`; false: it cannot be read, so it is no answer. */
bool judge_body(const struct response *, const struct codec_shape *, struct arena *, void *out);

enum verdict {
    VERDICT_DONE,
    VERDICT_CONFLICT,  /* 409, 412 */
    VERDICT_REFUSED,   /* every other 4xx that is final */
    VERDICT_NO_ANSWER, /* the same again later; see `retry_after` */
    VERDICT_TOKEN,     /* the same again with another token */
    VERDICT_STEP_UP,   /* the same again after a new sign-in */
};
struct judgement {
    enum verdict verdict;
    enum kind_of_answer kind;
    bool may_have_arrived; /* of this attempt alone */
    const char *retry_after; /* the header, where it counts for this row alone (idempotency-in-progress, a 5xx); NULL */
    const char *version;    /* DONE: the thing's version now, to hand on; NULL: it made none */
    bool dossier;           /* DONE: the body is the dossier as it stands */
    const char *attachment; /* DONE, of an announcement: its id */
    struct problem problem;
    struct err why; /* not DONE: for a person */
};
/* What became of a wish. Texts live in `arena` or in the reply. */
void judge_wish(const struct command *, const struct response *, struct arena *, struct judgement *out);

#endif

/* phone: one remote signature (contract, /signatures) from the asking to its end: the statement is sent, its state asked for every 2 seconds
 * while the phone is waited for, and a request that nobody waits for any more is called off. What got no answer is sent again, the
 * same bytes with the same key, so there is never a second request. It refuses to decide anything: who asked does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_PHONE_H
#define MOTCUA_NET_PHONE_H

#include "net/answers.h"
#include "net/judge.h"

struct phone {
    struct env *env;
    char ask_key[UUID_TEXT], end_key[UUID_TEXT]; /* Idempotency-Key of the asking and of the calling off */
    char *body;                                  /* of the asking */
    size_t len;
    char *id;          /* of the request; NULL: not known yet */
    int64_t at, until; /* mono ms: not before; then nobody goes on asking */
    int failures;      /* in a row */
    bool arrived;      /* the server may have the request */
    bool told;         /* the answer says how it stands */
    bool called_off;
};
struct phone *phone_new(struct env *, const void *statement, size_t n);
void phone_free(struct phone **);
bool phone_is_due(const struct phone *);
bool phone_is_late(const struct phone *); /* it is over without an answer: phone_say_late() */
void phone_say_late(struct err *);
/* Fills the next request but for id and token. */
void phone_next(struct phone *, const char *base, struct request *out);
/* What a reply (but 401, which another token may mend) means. Adds what is to be told of it for `ask`. true: it is over. */
bool phone_reply(struct phone *, const struct response *, const struct judged *, struct answers *, uint64_t ask);
/* Nobody waits any more. true: it is over; else it goes on until the server knows too, and `*drop`: what is on its way is of no use. */
bool phone_call_off(struct phone *, bool busy, bool *drop);

#endif

/* exchange: a request and what became of it, as plain values. sync.c makes requests and reads replies; transport.c (curl), or a
 * simulated network, carries them. It refuses to know what either is for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_EXCHANGE_H
#define MOTCUA_NET_EXCHANGE_H

#include "core/env.h"
#include "core/mem.h"

#define EXCHANGE_MAX_BYTES (1024 * 1024) /* contract, "Limits": of an answer, decoded */

struct request {
    uint64_t id; /* from 1, never given twice */
    const char *method, *url;
    const char *content_type;  /* of the body; NULL: none */
    const char *token;         /* Authorization: Bearer; NULL: none */
    const char *key;           /* Idempotency-Key; NULL: none */
    const char *if_match;      /* as the header says it, in quotes; NULL: none */
    const char *upload_offset; /* as the header says it; NULL: none */
    const char *body;          /* `len` bytes; NULL: none */
    size_t len;
    int wait;           /* seconds that the server may hold it with nothing to say (long poll) */
    bool asks_first;    /* sync_leaves() has to agree before the first byte */
    struct arena arena; /* owns all of the above */
};
struct request *request_new(void);
void request_free(struct request **); /* wipes */

enum response_end {
    RESPONSE_ANSWER,          /* whole; everything below is filled */
    RESPONSE_HELD_BACK,       /* sync_leaves() said no; nothing left */
    RESPONSE_NO_HOST,         /* the name is not known */
    RESPONSE_REFUSED,         /* no connection; nothing left */
    RESPONSE_CERTIFICATE,     /* not the server that it should be; nothing left */
    RESPONSE_OWN_CERTIFICATE, /* ours cannot be used, or the server does not take it */
    RESPONSE_TIMED_OUT,
    RESPONSE_CUT,       /* the connection ended in the middle, or what came is no HTTP */
    RESPONSE_TOO_LARGE, /* over EXCHANGE_MAX_BYTES decoded */
};
struct response {
    uint64_t id;
    enum response_end end;
    bool left;  /* a byte of the request may have left this machine */
    int status; /* 100-599 where `end` is RESPONSE_ANSWER, else 0 */
    /* Header fields, NULL where they are absent or stand there twice. */
    const char *type, *date, *etag, *location, *dossier_version, *retry_after, *request_id, *authenticate,
        *upload_offset, *upload_complete;
    char *body; /* `len` bytes and a NUL; never NULL in an answer. The reader may take it (and leave NULL). */
    size_t len;
    int64_t sent, received; /* mono ms: when it was begun, and over */
    const char *why;        /* RESPONSE_CERTIFICATE: why not, translated; else NULL */
    struct arena arena;     /* owns the texts */
};
void response_clear(struct response *); /* wipes */
/* The header fields above, one by one from 0 on: where it goes, and its name; NULL: there are no more. */
const char **response_header(struct response *, size_t i, const char **name);

#endif

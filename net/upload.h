/* upload: the bytes of scans on their way, one file after another in small pieces, from wherever the server stands; under the lease, behind
 * everything that somebody waits for (sync.c says when). It refuses to send a byte twice that the server says it has, and to call a file
 * sent before the server calls it complete.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_UPLOAD_H
#define MOTCUA_NET_UPLOAD_H

#include "cache/files.h"
#include "net/judge.h"

/* A cut costs at most one of them: 20 MB cut ten times are sent at most 1.07 times. */
#define UPLOAD_PIECE (128 * 1024)

struct uploads {
    struct env *env;
    const char *base;         /* borrowed */
    struct outbox *outbox;    /* borrowed; NULL: detached */
    bool busy;                /* a request is on its way */
    bool piece;               /* … and it carries bytes; else it asks how many have arrived */
    size_t len;               /* of the piece */
    int64_t next_at;          /* not before, mono ms */
    int failures;             /* in a row, of this file */
    int refusals;             /* how often all of it arrived as something else */
    struct arena arena;       /* owns the file below */
    struct waiting_file file; /* the one that goes now; no key: none */
    struct file_reader *reader;
    int64_t offset; /* where the server stands; -1: to be asked */
};
void uploads_init(struct uploads *, struct env *, const char *base);
void uploads_clear(struct uploads *);
void uploads_attach(struct uploads *, struct outbox *); /* NULL: detached */
void uploads_look(struct uploads *); /* a wish was answered: there may be something to send */
/* Fills the next request but for id and token; false: nothing is to be sent now. */
bool uploads_next(struct uploads *, struct request *out);
void uploads_began(struct uploads *);
void uploads_dropped(struct uploads *);
/* `now`: server time; 0: not known. */
void uploads_reply(struct uploads *, const struct response *, const struct judged *, int64_t now);
int64_t uploads_wake(const struct uploads *); /* mono ms; INT64_MAX: not by waiting */

#endif

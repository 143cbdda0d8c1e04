/* http: sockets for a central: libmicrohttpd in one thread of ours, with one wait.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_HTTP_H
#define MOTCUA_TRAINING_HTTP_H

#include "core/err.h"
#include "training/central.h"

/* A listening socket: on 127.0.0.1, or with `open` on every address. `*port` 0: any free one, which is set. ERR_STORE. */
bool http_listen(bool open, int *port, int *fd, struct err *);

struct http_options {
    struct central *central;
    int listening;                  /* from http_listen(); taken over */
    const char *tls_cert, *tls_key; /* PEM texts, or NULLs: plain HTTP */
    bool control;                   /* POST /control moves the clock; from loopback alone */
};
struct http;
bool http_new(const struct http_options *, struct http **out, struct err *);
/* Serves until `stop` (a signalfd) is readable. */
void http_run(struct http *, int stop);
void http_free(struct http **); /* those who wait are hung up on */

#endif

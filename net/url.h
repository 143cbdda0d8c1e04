/* url: which addresses we talk to. https, or plain http on loopback; nothing with a user, a password or a fragment in it.
 * It refuses to guess: what is not plainly a URL of that kind is none.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_URL_H
#define MOTCUA_NET_URL_H

#include "core/err.h"
#include "core/mem.h"

/* The base of an API without the slashes at its end, the caller's to free; NULL and ERR_CONFIG where we may not talk to it. */
char *url_base(const char *server, struct err *e);
/* A URL that came from a server. `plain`: the API itself is http on loopback, so this one may be, too. */
bool url_usable(const char *url, bool plain);
bool url_is_plain(const char *url); /* http */
/* Scheme, host and port are the same; both are usable. */
bool url_same_origin(const char *a, const char *b);
/* "host" or "host:8443", for sentences; in arena. */
const char *url_host(struct arena *, const char *url);
/* `text` as a value of a query or of a form: all but unreserved characters as %XX. */
void url_escape(struct buf *, const char *text);

#endif

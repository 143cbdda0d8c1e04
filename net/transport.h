/* transport: requests over libcurl, one multi handle, never waiting but in transport_wait(). What it may do is fixed here: the
 * base's own protocol, no redirects, no proxy, no cookies, no credentials but the token that it is handed.
 * It refuses to know what a request is for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_TRANSPORT_H
#define MOTCUA_NET_TRANSPORT_H

#include "core/err.h"
#include "net/exchange.h"
#include "net/net.h"

#include <poll.h>

#define TRANSPORT_CONNECT_MS 10000 /* at most, name and TLS included */
#define TRANSPORT_SILENCE_MS 60000 /* without a byte; a long poll: its `wait` and TRANSPORT_POLL_MS */
#define TRANSPORT_POLL_MS    15000
#define TRANSPORT_SLOW_MS    30000 /* so long under TRANSPORT_SLOW_RATE while bytes flow */
#define TRANSPORT_SLOW_RATE  64    /* bytes a second */

struct transport_options {
    const char *base; /* of the API */
    struct net_trust trust;
    const char *user_agent; /* "motcua/0.1.0 (quay-02)" */
    const char *language;   /* Accept-Language */
    /* Connected, no byte sent: may it go? Only asked for requests with asks_first. */
    bool (*leaves)(void *context, uint64_t request);
    void *context;
};
struct transport;
/* Texts are copied. Call transport_forget_environment() first. */
struct transport *transport_new(const struct transport_options *, struct env *);
void transport_free(struct transport **);
void transport_start(struct transport *, struct request *);     /* takes it */
void transport_cancel(struct transport *, uint64_t request);    /* no reply will come */
void transport_step(struct transport *);                        /* never waits */
bool transport_reply(struct transport *, struct response *out); /* the next one; response_clear() it */
/* Waits for transfers and `extra`, at most `timeout` ms (and less, where a transfer is to be given up). Fills their revents. */
void transport_wait(struct transport *, struct pollfd *extra, unsigned n_extra, int timeout);
/* What of the environment curl and its TLS would listen to: proxies, SSLKEYLOGFILE … Before any thread runs. */
void transport_forget_environment(void);

#endif

/* trust: whom a connection trusts and what it shows of itself: protocols, authorities, the pin, our own certificate. It refuses to
 * take any of that from the environment or from a server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_TRUST_H
#define MOTCUA_NET_TRUST_H

#include "net/net.h"

#include <curl/curl.h>

struct trust;
/* Texts are copied. `base`: of the API. Where that is http on loopback its issuer may be, too. */
struct trust *trust_new(const struct net_trust *, const char *base);
void trust_free(struct trust **);
void trust_set(const struct trust *, CURL *easy, const char *url);
/* Why a certificate was not taken, in the officer's language. */
const char *trust_why(CURL *easy, CURLcode code);

#endif

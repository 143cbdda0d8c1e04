/* trust: see trust.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/trust.h"

#include "core/i18n.h"
#include "core/mem.h"
#include "net/url.h"

#include <stdlib.h>

struct trust {
    char *base, *ca, *pin, *client_cert, *client_key;
};

static char *copy(const char *text)
{
    return text ? mem_copy(text) : NULL;
}

struct trust *trust_new(const struct net_trust *options, const char *base)
{
    struct trust *t = mem_alloc(sizeof(*t));
    *t = (struct trust){mem_copy(base), copy(options->ca), copy(options->pin), copy(options->client_cert),
                        copy(options->client_key)};
    return t;
}

void trust_free(struct trust **trust)
{
    struct trust *t = *trust;
    if (!t)
        return;
    mem_free(&t->base);
    mem_free(&t->ca);
    mem_free(&t->pin);
    mem_free(&t->client_cert);
    mem_free(&t->client_key);
    free(t);
    *trust = NULL;
}

static void set_own(const struct trust *t, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_SSLCERT, t->client_cert);
    curl_easy_setopt(easy, CURLOPT_SSLKEY, t->client_key);
    curl_easy_setopt(easy, CURLOPT_KEYPASSWD, ""); /* else OpenSSL asks the terminal for one */
}

void trust_set(const struct trust *t, CURL *easy, const char *url)
{
    const char *protocols = url_is_plain(t->base) ? "http,https" : "https";

    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    /* The bundle blocks the first handshake for 27 ms, the directory for 2 (docs/architecture.md). */
    curl_easy_setopt(easy, CURLOPT_CAINFO, t->ca);
    curl_easy_setopt(easy, CURLOPT_CAPATH, t->ca ? NULL : "/etc/ssl/certs");
    if (t->pin && url_same_origin(url, t->base)) /* an issuer elsewhere has a key of its own */
        curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, t->pin);
    if (t->client_cert)
        set_own(t, easy);
}

/* What OpenSSL found: X509_V_ERR_…, openssl-verification-options(1). */
static const char *found_why(long found)
{
    switch (found) {
    case 9:
        return _("it is not valid yet");
    case 10:
        return _("it has expired");
    case 18:
    case 19:
        return _("it is signed by itself");
    case 2:
    case 20:
    case 21:
        return _("who issued it is not known here");
    case 23:
        return _("it was revoked");
    case 0:
    case 1: /* curl's own: the name is looked at before anything is found wrong with the rest */
    case 62:
        return _("it is made out to another name");
    default:
        return _("it was not issued as it should be");
    }
}

const char *trust_why(CURL *easy, CURLcode code)
{
    long found = 0;

    if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
        return _("its key is not the one in the line pin of the configuration file");
    curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &found);
    return found_why(found);
}

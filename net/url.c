/* url: addresses taken apart by hand, since what a library forgives is what an attacker uses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/url.h"

#include "core/i18n.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS  "0123456789"

struct parts {
    bool plain;
    const char *host; /* with its brackets, if it has them */
    size_t host_len;
    long port;
    const char *rest; /* path and query; maybe empty */
};

static bool take_host(const char **at, struct parts *out)
{
    out->host = *at;
    if (**at == '[') {
        size_t n = strspn(*at + 1, DIGITS "abcdefABCDEF:.");
        if (n < 2 || (*at)[n + 1] != ']')
            return false;
        out->host_len = n + 2;
    } else {
        out->host_len = strspn(*at, LETTERS DIGITS "-._");
    }
    *at += out->host_len;
    return out->host_len > 0 && out->host_len <= 255 && out->host[0] != '.' && out->host[0] != '-';
}

static bool take_port(const char **at, struct parts *out)
{
    out->port = out->plain ? 80 : 443;
    if (**at != ':')
        return true;
    size_t digits = strspn(*at + 1, DIGITS);
    out->port = strtol(*at + 1, NULL, 10);
    *at += 1 + digits;
    return digits > 0 && digits <= 5 && out->port > 0 && out->port <= 65535;
}

/* Printable ASCII that needs no care: no space, no quotes, no backslash, no fragment. */
static bool rest_is_plain(const char *rest)
{
    return (*rest == '\0' || *rest == '/' || *rest == '?') &&
           rest[strspn(rest, LETTERS DIGITS "-._~:/?[]@!$&'()*+,;=%")] == '\0';
}

static bool split(const char *url, struct parts *out)
{
    const char *at;

    if (url && strncasecmp(url, "https://", 8) == 0)
        at = url + 8;
    else if (url && strncasecmp(url, "http://", 7) == 0)
        at = url + 7;
    else
        return false;
    out->plain = at == url + 7;
    if (!take_host(&at, out) || !take_port(&at, out) || !rest_is_plain(at))
        return false;
    out->rest = at;
    return true;
}

static bool is(const struct parts *p, const char *host)
{
    return strlen(host) == p->host_len && strncasecmp(p->host, host, p->host_len) == 0;
}

/* 127.0.0.0/8 in its usual form; curl does not ask any server for what localhost is. */
static bool on_loopback(const struct parts *p)
{
    int dots = 0;
    if (is(p, "localhost") || is(p, "[::1]"))
        return true;
    if (strncmp(p->host, "127.", 4) != 0 || strspn(p->host, DIGITS ".") < p->host_len)
        return false;
    for (size_t i = 0; i < p->host_len; i++)
        dots += p->host[i] == '.';
    return dots == 3;
}

bool url_usable(const char *url, bool plain)
{
    struct parts p;
    return split(url, &p) && (!p.plain || (plain && on_loopback(&p)));
}

bool url_is_plain(const char *url)
{
    struct parts p;
    return split(url, &p) && p.plain;
}

char *url_base(const char *server, struct err *e)
{
    struct parts p;
    if (!split(server, &p) || (p.plain && !on_loopback(&p)) || strchr(p.rest, '?')) {
        struct arena arena = {0};
        err_set(e, ERR_CONFIG,
                _("The server address “%s” cannot be used: it begins with https:// (http:// on this machine alone). Correct the "
                  "line server in the configuration file."),
                text_cut(&arena, text_shown(&arena, server), 60));
        arena_clear(&arena);
        return NULL;
    }
    size_t len = strlen(server);
    while (server[len - 1] == '/')
        len--;
    return mem_copy_n(server, len);
}

bool url_same_origin(const char *a, const char *b)
{
    struct parts p, q;
    return split(a, &p) && split(b, &q) && p.plain == q.plain && p.port == q.port &&
           p.host_len == q.host_len && strncasecmp(p.host, q.host, p.host_len) == 0;
}

const char *url_host(struct arena *arena, const char *url)
{
    struct parts p;
    if (!split(url, &p))
        return "";
    if (p.port == (p.plain ? 80 : 443))
        return arena_copy_n(arena, p.host, p.host_len);
    return arena_format(arena, "%.*s:%ld", (int)p.host_len, p.host, p.port);
}

void url_escape(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr(LETTERS DIGITS "-._~", *text))
            buf_char(out, *text);
        else
            buf_format(out, "%%%02X", (unsigned char)*text);
    }
}

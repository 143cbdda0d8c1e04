/* server: a central that does `capacity` requests a second, one after the other, and holds long polls; and its issuer. It refuses to
 * know more of the contract than a scheduler can see.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/instant.h"
#include "tests/herd/herd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACCESS_MS = HOUR, CONFIRM_LEAST = 20 * SECOND, CONFIRM_SPREAD = 40 * SECOND };

bool server_is_down(const struct herd *h)
{
    return h->now >= h->server.down && h->now < h->server.up;
}

static void count(const struct herd *h, unsigned *by_second)
{
    size_t second = (size_t)(h->now / SECOND);
    if (second < h->server.seconds)
        by_second[second]++;
}

/* ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Takes `body`. It comes when the server has done what came before, over a line of its own length. */
static void answer(struct herd *h, struct flight *f, int status, char *body)
{
    struct server *s = &h->server;
    int64_t done = h->now * 1000;
    char date[INSTANT_HTTP];
    if (!f->of_issuer)
        done = s->free_at = (s->free_at > done ? s->free_at : done) + 1000000 / s->capacity;
    instant_format_http(herd_wall(h) - h->now / SECOND + done / 1000000, date);
    f->reply.end = RESPONSE_ANSWER;
    f->reply.status = status;
    f->reply.type =
        status < 400 || strstr(f->request->url, "/token") ? "application/json" : "application/problem+json";
    f->reply.authenticate = status == 401 ? "Bearer error=\"invalid_token\"" : NULL;
    f->reply.date = arena_copy(&f->reply.arena, date);
    f->reply.body = body;
    f->reply.len = strlen(body);
    herd_at(h, done / 1000 + 10 + herd_chance(h, 50), EVENT_REPLY, f->station, f);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* "a<station>.<until>" */
static bool token_holds(const struct herd *h, const struct request *r)
{
    const char *dot = r->token ? strchr(r->token, '.') : NULL;
    return dot && strtoll(dot + 1, NULL, 10) > herd_wall(h);
}

/* ── the feed ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void note_back(struct herd *h, struct station *st)
{
    struct server *s = &h->server;
    if (st->back || h->now < s->up)
        return;
    st->back = true;
    if (++s->n_back == h->n - h->n / 100)
        s->all_back = h->now;
}

static void page(struct herd *h, struct flight *f)
{
    struct station *st = &h->stations[f->station];
    unsigned n = st->unread < PAGE ? st->unread : PAGE;
    st->unread -= n;
    st->cursor += n;
    note_back(h, st);
    answer(h, f, 200,
           mem_format("{\"changes\":[%u],\"cursor\":\"c%u\",\"more\":%d}", n, st->cursor, st->unread > 0));
}

static void feed(struct herd *h, struct flight *f)
{
    struct station *st = &h->stations[f->station];
    if (st->forgotten && strstr(f->request->url, "since=")) {
        answer(h, f, 410,
               mem_copy("{\"type\":\"urn:onestop:problem:cursor-expired\",\"title\":\"x\",\"status\":410}"));
        return;
    }
    st->forgotten = false;
    if (f->request->wait == 0 || st->unread > 0) {
        page(h, f);
        return;
    }
    st->held = f;
    st->held_until = h->now + f->request->wait * SECOND;
    herd_at(h, st->held_until, EVENT_POLL_ENDS, f->station, NULL);
}

void server_ends_poll(struct herd *h, struct station *st)
{
    struct flight *f = st->held;
    st->held = NULL;
    page(h, f);
}

void server_forgets(struct herd *h, struct flight *f)
{
    struct station *st = &h->stations[f->station];
    if (st->held != f)
        return;
    st->held = NULL;
    herd_at(h, h->now, EVENT_REPLY, f->station, f);
}

/* What one does, his office hears of. */
static void tell_office(struct herd *h, int station)
{
    int first = station / OFFICE * OFFICE;
    for (int i = first; i < first + OFFICE && i < h->n; i++) {
        struct station *st = &h->stations[i];
        st->unread++;
        if (st->held)
            server_ends_poll(h, st);
    }
}

void server_goes(struct herd *h)
{
    for (int i = 0; i < h->n; i++) {
        struct station *st = &h->stations[i];
        if (!st->held)
            continue;
        st->held->reply.end = RESPONSE_CUT;
        herd_at(h, h->now + herd_chance(h, 100), EVENT_REPLY, i, st->held);
        st->held = NULL;
    }
}

void server_loses_cursors(struct herd *h)
{
    for (int i = 0; i < h->n; i++) {
        struct station *st = &h->stations[i];
        struct flight *f = st->held;
        st->forgotten = true;
        st->unread = ALL_DOSSIERS;
        st->held = NULL;
        if (f)
            feed(h, f);
    }
}

/* ── everything else ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void act(struct herd *h, struct flight *f)
{
    char id[64] = "";
    sscanf(strstr(f->request->url, "/dossiers/"), "/dossiers/%63[^/]", id);
    tell_office(h, f->station);
    answer(h, f, 200,
           mem_format("{\"id\":\"%s\",\"version\":4,\"code\":\"x\",\"procedure\":\"p\",\"applicant\":{\"kind\":\"person\",\"name\":"
                      "\"x\"},\"channel\":\"counter\",\"unit\":\"u\",\"status\":\"received\",\"step\":\"intake\",\"submitted_at\":"
                      "\"2022-12-29T09:42:00+07:00\",\"actions\":[]}",
                      id));
}

static void api(struct herd *h, struct flight *f, const char *path)
{
    count(h, h->server.load);
    if (begins(path, "/about"))
        answer(h, f, 200,
               mem_copy("{\"name\":\"x\",\"api_version\":\"1.0\",\"issuer\":\"" HERD_ISSUER
                        "\",\"client_id\":\"motcua\",\"time\":\"2022-12-29T09:42:00+07:00\",\"features\":[]}"));
    else if (!token_holds(h, f->request))
        answer(h, f, 401,
               mem_copy("{\"type\":\"urn:onestop:problem:unauthorized\",\"title\":\"x\",\"status\":401}"));
    else if (begins(path, "/me"))
        answer(h, f, 200,
               mem_format("{\"id\":\"of-%d\",\"name\":\"x\",\"unit\":\"u\",\"roles\":[\"counter\"]}", f->station));
    else if (begins(path, "/changes"))
        feed(h, f);
    else
        act(h, f);
}

static char *pair(const struct herd *h, int station)
{
    return mem_format(
        "{\"access_token\":\"a%d.%lld\",\"refresh_token\":\"r%d\",\"token_type\":\"Bearer\",\"expires_in\":%d}",
        station, (long long)herd_wall(h) + ACCESS_MS / SECOND, station, ACCESS_MS / SECOND);
}

static void issuer(struct herd *h, struct flight *f, const char *path)
{
    struct station *st = &h->stations[f->station];
    count(h, h->server.issuer);
    if (begins(path, "/.well-known")) {
        answer(h, f, 200,
               mem_copy("{\"issuer\":\"" HERD_ISSUER "\",\"token_endpoint\":\"" HERD_ISSUER
                        "/token\",\"device_authorization_endpoint\":\"" HERD_ISSUER "/device\"}"));
    } else if (begins(path, "/device")) {
        st->confirmed = h->now + CONFIRM_LEAST + herd_chance(h, CONFIRM_SPREAD);
        answer(h, f, 200,
               mem_copy("{\"device_code\":\"d\",\"user_code\":\"WDJB-MJHT\",\"verification_uri\":\"" HERD_ISSUER
                        "\",\"expires_in\":900,\"interval\":5}"));
    } else if (strstr(f->request->body, "device_code") && h->now < st->confirmed) {
        answer(h, f, 400, mem_copy("{\"error\":\"authorization_pending\"}"));
    } else {
        answer(h, f, 200, pair(h, f->station));
    }
}

void server_takes(struct herd *h, struct flight *f)
{
    const char *url = f->request->url;
    if (f->of_issuer)
        issuer(h, f, url + strlen(HERD_ISSUER));
    else
        api(h, f, url + strlen(HERD_BASE "/api/v1"));
}

/* station: one workstation: the program's scheduler, its world, and what is on its way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/herd/herd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ── its world ───────────────────────────────────────────────────────────────────────────────────────────────────── */

struct station *station_of(struct env *env)
{
    return (struct station *)env;
}

static int64_t env_mono(struct env *env)
{
    return station_of(env)->herd->now + HOUR;
}

static int64_t env_wall(struct env *env)
{
    return herd_wall(station_of(env)->herd);
}

static void env_random(struct env *env, void *bytes, size_t n)
{
    unsigned char *out = bytes;
    for (size_t i = 0; i < n; i++) { /* splitmix64, a byte at a time */
        uint64_t z = station_of(env)->seed += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        out[i] = (unsigned char)(z >> 56);
    }
}

static char **secret(struct env *env, const char *name)
{
    return strncmp(name, "officer:", 8) == 0 ? &station_of(env)->officer : &station_of(env)->token;
}

static bool env_get(struct env *env, const char *name, void *bytes, size_t cap, size_t *n)
{
    const char *text = *secret(env, name);
    if (!text || strlen(text) > cap)
        return false;
    *n = strlen(text);
    memcpy(bytes, text, *n);
    return true;
}

static bool env_put(struct env *env, const char *name, const void *bytes, size_t n, int ttl)
{
    char **at = secret(env, name);
    mem_free(at);
    *at = mem_copy_n(bytes, n);
    return true;
}

static void env_drop(struct env *env, const char *name)
{
    mem_free(secret(env, name));
}

static bool env_lasts(struct env *env)
{
    return true;
}

void station_init(struct station *st, struct herd *h, int n)
{
    *st = (struct station){
        .env = {env_mono, env_wall, env_random, env_get, env_put, env_drop, env_lasts},
        .herd = h,
        .n = n,
        .seed = h->seed * 1000003 + (uint64_t)n * 7919,
        .wake = INT64_MAX,
        .cache = {.cursor = "c0", .ever = true},
    };
    st->outbox = (struct outbox){.env = &st->env, .station = n};
}

void station_free(struct station *st)
{
    for (struct flight *f; (f = st->flights);) {
        st->flights = f->next;
        response_clear(&f->reply);
        request_free(&f->request);
        free(f);
    }
    sync_free(&st->sync);
    store_clear(&st->outbox);
    mem_free(&st->officer);
    mem_free(&st->token);
}

void station_keyring(struct station *st, int64_t access_until)
{
    st->officer = mem_format("of-%d", st->n);
    st->token =
        mem_format("a%d.%lld\nr%d\n%lld", st->n, (long long)access_until, st->n, (long long)access_until);
}

/* ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void begin(struct station *st, struct request *request)
{
    struct flight *f = mem_alloc(sizeof(*f));
    *f = (struct flight){
        .next = st->flights, .herd = st->herd, .request = request, .station = st->n, .sent = env_mono(&st->env)};
    st->flights = f;
    herd_at(st->herd, st->herd->now + 10 + herd_chance(st->herd, 50), EVENT_ARRIVES, st->n, f);
}

static void drop(struct station *st, uint64_t request)
{
    for (struct flight *f = st->flights; f; f = f->next) {
        if (f->request->id != request)
            continue;
        f->dropped = true;
        server_forgets(st->herd, f);
    }
}

static void take(struct station *st, struct sync_orders *orders)
{
    for (size_t i = 0; i < orders->n_drop; i++)
        drop(st, orders->drop[i]);
    for (size_t i = 0; i < orders->n_begin; i++)
        begin(st, orders->begin[i]);
}

static void attach(struct station *st)
{
    struct sync_orders orders = {0};
    sync_attach(st->sync, &st->cache, &st->outbox, NULL, &orders);
    take(st, &orders);
}

static void step(struct station *st, const struct sync_event *event)
{
    struct sync_orders orders;
    struct answer answer;
    struct net_event told;
    sync_step(st->sync, event, &orders);
    take(st, &orders);
    while (sync_answer(st->sync, &answer)) {
        if (answer.kind == ASK_SIGN_IN && answer.final && answer.err.code == ERR_NONE)
            attach(st);
        answer_clear(&answer);
    }
    while (sync_take_event(st->sync, &told))
        ;
}

void station_tick(struct station *st)
{
    while (sync_apply(st->sync, 4))
        ;
    step(st, &(struct sync_event){.kind = SYNC_TICK});
    int64_t wake = sync_wake(st->sync);
    wake = wake == INT64_MAX ? wake : wake - HOUR;
    wake = wake <= st->herd->now ? st->herd->now + 1 : wake;
    if (wake != st->wake && wake < INT64_MAX)
        herd_at(st->herd, wake, EVENT_TICK, st->n, NULL);
    st->wake = wake;
}

void station_start(struct station *st)
{
    st->sync = sync_new(&(struct sync_options){.base = HERD_BASE, .follow = true}, &st->env);
    if (sync_officer(st->sync)) {
        attach(st);
    } else {
        struct ask ask = {.id = 1, .kind = ASK_SIGN_IN};
        step(st, &(struct sync_event){.kind = SYNC_ASK, .ask = &ask});
    }
    station_tick(st);
}

void station_act(struct station *st)
{
    if (!st->sync || !sync_officer(st->sync))
        return;
    store_wish(&st->outbox);
    station_tick(st);
}

/* ── on the way ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void unlink_flight(struct station *st, struct flight *flight)
{
    for (struct flight **at = &st->flights; *at; at = &(*at)->next) {
        if (*at == flight) {
            *at = flight->next;
            return;
        }
    }
}

void station_arrives(struct flight *f)
{
    struct herd *h = f->herd;
    struct station *st = &h->stations[f->station];
    f->of_issuer = strncmp(f->request->url, HERD_ISSUER, strlen(HERD_ISSUER)) == 0;
    if (f->dropped) {
        f->reply.end = RESPONSE_HELD_BACK;
    } else if (server_is_down(h) && !f->of_issuer) {
        f->reply.end = RESPONSE_REFUSED;
    } else if (f->request->asks_first && !sync_leaves(st->sync, f->request->id)) {
        f->reply.end = RESPONSE_HELD_BACK;
    } else {
        f->reply.left = true;
        server_takes(h, f);
        return;
    }
    station_replied(f);
}

void station_replied(struct flight *f)
{
    struct station *st = &f->herd->stations[f->station];
    unlink_flight(st, f);
    if (!f->dropped) {
        f->reply.id = f->request->id;
        f->reply.sent = f->sent;
        f->reply.received = env_mono(&st->env);
        step(st, &(struct sync_event){.kind = SYNC_REPLY, .reply = &f->reply});
        station_tick(st);
    }
    response_clear(&f->reply);
    request_free(&f->request);
    free(f);
}

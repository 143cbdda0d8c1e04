/* sync: steps. An event is told to whom it concerns, then everybody who has something to do begins it, in this order: the session,
 * what the officer asked, wishes, the feed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/sync_internal.h"

#include "core/instant.h"
#include "net/say.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>

#define LEASE_PAUSE_MS 2000 /* who lacks the lease tries so often */

struct sync *sync_new(const struct sync_options *options, struct env *env)
{
    struct sync *s = mem_alloc(sizeof(*s));
    s->env = env;
    s->base = mem_copy(options->base);
    s->follow = options->follow;
    struct session_options session = {.base = s->base, .login_hint = options->login_hint};
    s->session = session_new(&session, env, &s->clock, &s->answers);
    asks_init(&s->asks, env, s->base, &s->answers);
    send_init(&s->send, env, s->base);
    feed_init(&s->feed, env, s->base, s->follow);
    reserve_init(&s->reserve, env, s->base);
    uploads_init(&s->uploads, env, s->base);
    s->kept_skew = s->kept_now = s->closed_until = INSTANT_NONE;
    s->last_try = INT64_MIN;
    s->once.state = NET_SYNC_DONE;
    line_update(s);
    return s;
}

void sync_free(struct sync **sync)
{
    struct sync *s = *sync;
    if (!s)
        return;
    session_free(&s->session);
    asks_clear(&s->asks);
    send_clear(&s->send);
    feed_clear(&s->feed);
    reserve_clear(&s->reserve);
    uploads_clear(&s->uploads);
    answers_clear(&s->answers);
    mem_free(&s->base);
    mem_free(&s->officer);
    free(s);
    *sync = NULL;
}

/* ── the officer's files ─────────────────────────────────────────────────────────────────────────────────────────── */

bool sync_holds(const struct sync *s)
{
    return s->outbox && (!s->lease || lease_held(s->lease));
}

/* Who has just got the lease finds what another left behind; once more when the server's time is known, since only then anything
 * is too old. */
static void look_at_lease(struct sync *s)
{
    int64_t mono = s->env->mono(s->env);
    if (!s->outbox)
        return;
    if (s->lease && !lease_held(s->lease)) {
        s->recovered = s->recovered_with_time = false;
        if (mono < s->lease_at || s->draining)
            return;
        s->lease_at = mono + LEASE_PAUSE_MS;
        if (!lease_take(s->lease))
            return;
    }
    if ((s->recovered && (s->recovered_with_time || !s->clock.known)) || !send_is_idle(&s->send))
        return;
    s->recovered = true;
    s->recovered_with_time = s->clock.known;
    send_recover(&s->send);
}

void sync_suspend(struct sync *s)
{
    while (sync_apply(s, 1000))
        ;
    if (s->lease)
        lease_give_back(s->lease);
}

/* ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

int64_t sync_now(struct sync *s)
{
    if (s->clock.known)
        return clock_at(&s->clock, s->env->mono(s->env)) / 1000;
    int64_t wall = s->env->wall(s->env);
    return s->kept_skew == INSTANT_NONE ? wall : wall - s->kept_skew;
}

/* ── on the way ──────────────────────────────────────────────────────────────────────────────────────────────────── */

struct flight_slip *sync_slip(struct sync *s, uint64_t id)
{
    for (int i = 0; i < SYNC_FLIGHTS; i++)
        if (s->flights[i].id == id)
            return &s->flights[i];
    return NULL;
}

/* `id` is the request's from here on. */
uint64_t sync_begin_request(struct sync *s, enum owner owner, struct request *request, uint64_t token,
                            struct sync_orders *out)
{
    struct flight_slip *slip = sync_slip(s, 0);
    request->id = ++s->last_id;
    *slip = (struct flight_slip){.id = request->id,
                                 .owner = owner,
                                 .sent = s->env->mono(s->env),
                                 .wait = request->wait,
                                 .token = token,
                                 .elsewhere = !url_same_origin(request->url, s->base)};
    s->last_try = slip->sent;
    out->begin[out->n_begin++] = request;
    return request->id;
}

static void drop(struct sync *s, struct flight_slip *slip, struct sync_orders *out)
{
    switch (slip->owner) {
    case OWNER_SESSION:
        session_dropped(s->session);
        break;
    case OWNER_SEND:
        send_dropped(&s->send, slip->id);
        break;
    case OWNER_FEED:
        feed_dropped(&s->feed);
        break;
    case OWNER_RESERVE:
        reserve_dropped(&s->reserve);
        break;
    case OWNER_UPLOAD:
        uploads_dropped(&s->uploads);
        break;
    case OWNER_ASK:
        break;
    }
    breaker_forget(&s->breaker, slip->id);
    out->drop[out->n_drop++] = slip->id;
    slip->id = 0;
}

void sync_drop(struct sync *s, enum owner owner, bool long_poll_only, struct sync_orders *out)
{
    for (int i = 0; i < SYNC_FLIGHTS; i++) {
        struct flight_slip *slip = &s->flights[i];
        if (slip->id != 0 && slip->owner == owner && (!long_poll_only || slip->wait > 0))
            drop(s, slip, out);
    }
}

static void load_kept(struct sync *s)
{
    char *skew = s->outbox ? outbox_kept(s->outbox, "server-skew") : NULL;
    char *training = s->outbox ? outbox_kept(s->outbox, "server-training") : NULL;
    s->kept_skew = skew ? strtoll(skew, NULL, 10) : INSTANT_NONE;
    s->kept_now = s->kept_skew;
    s->kept_training = training && strcmp(training, "true") == 0;
    char *upload = s->outbox ? outbox_kept(s->outbox, "server-max-upload") : NULL;
    s->kept_max_upload = upload ? strtoll(upload, NULL, 10) : 0;
    mem_free(&upload);
    mem_free(&skew);
    mem_free(&training);
}

void sync_attach(struct sync *s, struct cache *cache, struct outbox *outbox, struct lease *lease,
                 struct sync_orders *out)
{
    const char *officer = session_officer(s->session);
    sync_drop(s, OWNER_FEED, false, out);
    sync_drop(s, OWNER_SEND, false, out);
    sync_drop(s, OWNER_RESERVE, false, out);
    sync_drop(s, OWNER_UPLOAD, false, out);
    mem_free(&s->officer);
    s->officer = outbox && officer ? mem_copy(officer) : NULL;
    s->cache = cache;
    s->outbox = outbox;
    s->lease = lease;
    s->lease_at = 0;
    s->recovered = s->recovered_with_time = false;
    s->asks.cache = cache;
    once_leave(s);
    send_attach(&s->send, cache, outbox);
    feed_attach(&s->feed, cache);
    reserve_attach(&s->reserve, cache, outbox);
    uploads_attach(&s->uploads, outbox);
    load_kept(s);
    line_update(s);
}

/* ── what is next ────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t sync_opens_at(const struct sync *s)
{
    int64_t at = s->hold_until;
    if (s->breaker.failures > 0)
        at = s->breaker.probe ? INT64_MAX : s->breaker.until > at ? s->breaker.until : at;
    return at;
}

bool sync_line_open(const struct sync *s)
{
    int64_t mono = s->env->mono(s->env);
    return mono >= s->hold_until && breaker_allows(&s->breaker, mono);
}

/* Whoever has signed in is the officer of these files. */
static bool files_are_ours(const struct sync *s)
{
    const char *officer = session_officer(s->session);
    return s->officer && officer && strcmp(officer, s->officer) == 0;
}

bool sync_can_work(const struct sync *s)
{
    uint64_t number;
    return session_about(s->session) && session_token(s->session, &number) && files_are_ours(s);
}

void sync_set_token(struct sync *s, struct request *request, uint64_t *number)
{
    request->token = arena_copy(&request->arena, session_token(s->session, number));
}

/* When the session may try the line for others, mono ms: at once for those whom the officer waits for, not at all for nobody. */
static int64_t session_opens_at(struct sync *s)
{
    bool sends = sync_holds(s) && send_wants_line(&s->send);
    if (asks_waiting(&s->asks) || (sends && send_wants_line_now(&s->send)))
        return 0;
    return s->follow || sends || s->once.state == NET_SYNC_RUNNING ? sync_opens_at(s) : INT64_MAX;
}

static void choose_probe(struct sync *s)
{
    bool over = session_is_over(s->session) && !session_is_asked(s->session);
    session_probes(s->session, over && s->breaker.failures > 0);
}

static void begin_session(struct sync *s, struct sync_orders *out)
{
    struct request *request = request_new();
    choose_probe(s);
    bool open = s->env->mono(s->env) >= session_opens_at(s);
    if (!sync_slip(s, 0) || !session_next(s->session, open, !s->lease || lease_held(s->lease), request)) {
        request_free(&request);
        choose_probe(s); /* a sign-in may just have come to its end */
        return;
    }
    bool elsewhere = !url_same_origin(request->url, s->base);
    uint64_t id = sync_begin_request(s, OWNER_SESSION, request, 0, out);
    if (!elsewhere) /* the issuer's answer says nothing about the line to the API: it is no probe */
        breaker_began(&s->breaker, id);
}

static void begin_asks(struct sync *s, struct sync_orders *out)
{
    uint64_t number;
    while (out->n_begin < SYNC_FLIGHTS && sync_slip(s, 0) && session_about(s->session) &&
           session_token(s->session, &number)) {
        struct request *request = request_new();
        if (!asks_next(&s->asks, number, request)) {
            request_free(&request);
            return;
        }
        sync_set_token(s, request, &number);
        asks_began(&s->asks, sync_begin_request(s, OWNER_ASK, request, number, out));
    }
}

int64_t sync_sends_at(const struct sync *s)
{
    bool now = s->draining || s->once.state == NET_SYNC_RUNNING;
    return now ? 0 : pace_send_at(&s->pace, s->env->mono(s->env));
}

static void begin_sends(struct sync *s, struct sync_orders *out)
{
    uint64_t number;
    while (sync_holds(s) && sync_can_work(s) && out->n_begin < SYNC_FLIGHTS && sync_slip(s, 0)) {
        struct request *request = request_new();
        session_token(s->session, &number);
        bool open = sync_line_open(s) && s->env->mono(s->env) >= sync_sends_at(s);
        if (!send_next(&s->send, s->officer, number, open, request)) {
            request_free(&request);
            return;
        }
        sync_set_token(s, request, &number);
        uint64_t id = sync_begin_request(s, OWNER_SEND, request, number, out);
        send_began(&s->send, id);
        pace_sent(&s->pace, s->env);
        breaker_began(&s->breaker, id);
    }
}

static void begin_feed(struct sync *s, struct sync_orders *out)
{
    uint64_t number;
    struct request *request = request_new();
    bool probe = s->breaker.failures > 0; /* has to come back soon */
    if (s->draining || !sync_holds(s) || !sync_can_work(s) || !sync_line_open(s) || !sync_slip(s, 0) ||
        !feed_next(&s->feed, probe, request)) {
        request_free(&request);
        return;
    }
    sync_set_token(s, request, &number);
    breaker_began(&s->breaker, sync_begin_request(s, OWNER_FEED, request, number, out));
}

void sync_fail_waiting(struct sync *s, const struct err *why)
{
    asks_fail_waiting(&s->asks, why);
    if (sync_holds(s))
        send_give_up_waiting(&s->send, why);
    once_fail(s, why);
}

static void look_at_session(struct sync *s)
{
    struct err why = {0};
    if (session_stopped(s->session, &why)) {
        sync_fail_waiting(s, &why);
    } else if (session_is_over(s->session) && !session_is_asked(s->session)) {
        if (session_officer(s->session))
            say_session_over(&why);
        else
            say_signed_out(&why);
        sync_fail_waiting(s, &why);
    }
}

static void begin_all(struct sync *s, struct sync_orders *out)
{
    asks_end_late(&s->asks);
    look_at_session(s);
    if (!files_are_ours(s))
        sync_drop(s, OWNER_FEED, false, out);
    begin_session(s, out);
    if (!s->draining)
        begin_asks(s, out);
    if (s->breaker.failures > 0) /* of all probes a page of the feed costs least, whatever becomes of it */
        begin_feed(s, out);
    begin_sends(s, out);
    begin_feed(s, out);
    background_begin(s, out);
}

/* ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void take_ask(struct sync *s, struct ask *ask, struct sync_orders *out)
{
    switch (ask->kind) {
    case ASK_SIGN_IN:
        session_sign_in(s->session, ask->id);
        break;
    case ASK_SIGN_OUT:
        sync_drop(s, OWNER_FEED, false, out);
        session_sign_out(s->session, ask->id);
        break;
    case ASK_SYNC:
        once_begin(s, ask->id, out);
        break;
    default:
        asks_add(&s->asks, ask);
    }
    ask_clear(ask);
}

static void cancel(struct sync *s, uint64_t ask, struct sync_orders *out)
{
    uint64_t request = asks_cancel(&s->asks, ask);
    struct flight_slip *slip = request ? sync_slip(s, request) : NULL;
    if (slip)
        drop(s, slip, out);
    session_cancel(s->session, ask);
    if (s->once.ask == ask)
        s->once.ask = 0;
    answers_forget(&s->answers, ask);
}

void sync_step(struct sync *s, const struct sync_event *event, struct sync_orders *out)
{
    *out = (struct sync_orders){0};
    switch (event->kind) {
    case SYNC_TICK:
        break;
    case SYNC_REPLY:
        sync_learn(s, event->reply);
        break;
    case SYNC_ASK:
        take_ask(s, event->ask, out);
        break;
    case SYNC_CANCEL:
        cancel(s, event->cancel, out);
        break;
    case SYNC_NOW:
        once_begin(s, 0, out);
        break;
    case SYNC_DRAIN:
        s->draining = true;
        sync_drop(s, OWNER_FEED, false, out);
        sync_drop(s, OWNER_UPLOAD, false, out);
        break;
    }
    s->send.now = s->clock.known ? sync_now(s) : 0;
    look_at_lease(s);
    if (sync_holds(s) && sync_can_work(s) && session_take_signed_in(s->session))
        send_signed_in(&s->send);
    once_look(s, out);
    begin_all(s, out);
    once_check(s);
    line_update(s);
}

bool sync_leaves(struct sync *s, uint64_t request)
{
    return send_leaves(&s->send, request);
}

bool sync_apply(struct sync *s, int ms)
{
    if (s->feed.applying)
        s->feed.slot = pace_feed_slot(&s->pace, s->env, send_wants_line(&s->send));
    return feed_apply(&s->feed, ms, sync_now(s));
}

int64_t sync_wake(struct sync *s)
{
    int64_t opens = sync_opens_at(s), wake = session_wake(s->session, session_opens_at(s));
    wake = earlier(wake, once_wake(s));
    wake = earlier(wake, asks_wake(&s->asks));
    wake = earlier(wake, line_wake(s));
    if (s->lease && !lease_held(s->lease))
        return s->draining ? wake : earlier(wake, s->lease_at);
    if (!sync_can_work(s) || !sync_holds(s))
        return wake;
    int64_t own = earlier(feed_wake(&s->feed), later(send_wake(&s->send), sync_sends_at(s)));
    own = earlier(own, background_wake(s));
    return own == INT64_MAX ? wake : earlier(wake, later(own, opens));
}

/* ── what others ask ─────────────────────────────────────────────────────────────────────────────────────────────── */

const char *sync_officer(const struct sync *s)
{
    return session_officer(s->session);
}

bool sync_answer(struct sync *s, struct answer *out)
{
    return answers_take(&s->answers, out);
}

bool sync_take_event(struct sync *s, struct net_event *out)
{
    return send_take_event(&s->send, out);
}

bool sync_drained(struct sync *s)
{
    if (!send_is_idle(&s->send))
        return false;
    return !sync_holds(s) || !sync_can_work(s) || !sync_line_open(s) ||
           send_wake(&s->send) > s->env->mono(s->env);
}

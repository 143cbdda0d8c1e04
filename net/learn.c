/* learn: what a reply says about the line, the server's clock and the token, before whoever asked reads it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/sync_internal.h"

#include "core/instant.h"
#include "net/say.h"

#include <stdio.h>

/* The central spoke, and was not only sorry. */
static bool is_an_answer(const struct judged *judged)
{
    return judged->kind == ANSWER_GOOD || judged->kind == ANSWER_PROBLEM || judged->kind == ANSWER_TOKEN ||
           judged->kind == ANSWER_STEP_UP;
}

static void learn_line(struct sync *s, const struct flight_slip *slip, const struct response *reply,
                       const struct judged *judged)
{
    if (reply->end == RESPONSE_HELD_BACK) {
        breaker_forget(&s->breaker, slip->id);
        return;
    }
    if (slip->elsewhere)
        return;
    pace_hears(&s->pace, s->env, is_an_answer(judged));
    if (judged->kind == ANSWER_NO_LINE) {
        breaker_failed(&s->breaker, s->env, slip->id);
        if (reply->end == RESPONSE_CERTIFICATE || reply->end == RESPONSE_OWN_CERTIFICATE)
            say_no_line(&s->refused, reply, s->base);
        return;
    }
    breaker_answered(&s->breaker);
    s->refused = (struct err){0};
    if (!judge_is_central(reply, judged))
        return;
    s->ever_answered = true;
    once_hears(s);
    clock_learn(&s->clock, reply->date, reply->sent, reply->received);
    if (slip->wait == 0)
        s->answer_ms = reply->received - reply->sent;
}

/* What the server asks of all of us, whatever was asked of it. */
static void learn_hold(struct sync *s, const struct flight_slip *slip, const struct response *reply,
                       const struct judged *judged)
{
    int64_t mono = s->env->mono(s->env);
    if (slip->elsewhere || judged->kind == ANSWER_NO_LINE)
        return;
    if (judged->kind != ANSWER_LATER && judged->kind != ANSWER_CLOSED) {
        s->hold_failures = 0;
        s->closed = false;
        return;
    }
    int64_t wait = backoff_retry_after(s->env, reply->retry_after);
    s->hold_until = mono + (wait >= 0 ? wait : backoff_after(s->env, ++s->hold_failures));
    s->closed = judged->kind == ANSWER_CLOSED;
    s->closed_until = wait >= 0 ? sync_now(s) + wait / 1000 : INSTANT_NONE;
    struct err why = {0};
    if (s->closed)
        say_maintenance(&why, s->closed_until);
    else
        say_rate_limited(&why);
    once_fail(s, &why);
}

static void learn_token(struct sync *s, const struct flight_slip *slip, const struct judged *judged)
{
    if (slip->token == 0)
        return;
    if (judged->kind == ANSWER_TOKEN)
        session_rejected(s->session, slip->token);
    else if (judged->kind == ANSWER_GOOD || judged->kind == ANSWER_PROBLEM)
        session_accepted(s->session, slip->token);
}

static void tell_owner(struct sync *s, enum owner owner, struct response *reply, const struct judged *judged)
{
    struct err why = {0};
    switch (owner) {
    case OWNER_SESSION:
        if (!session_reply(s->session, reply, judged, &why) && !sync_can_work(s))
            sync_fail_waiting(s, &why);
        break;
    case OWNER_ASK:
        asks_reply(&s->asks, reply, judged);
        break;
    case OWNER_SEND:
        send_reply(&s->send, reply);
        uploads_look(&s->uploads);
        break;
    case OWNER_FEED:
        feed_reply(&s->feed, reply, judged);
        break;
    case OWNER_RESERVE:
        reserve_reply(&s->reserve, reply, judged, sync_now(s));
        break;
    case OWNER_UPLOAD:
        uploads_reply(&s->uploads, reply, judged, s->send.now);
        break;
    }
}

/* For a start without a line. Seconds come and go with the fraction: only more than that is a change. */
static void keep_what_is_known(struct sync *s)
{
    char text[32];
    if (!s->outbox || !s->clock.known)
        return;
    int64_t skew = s->env->wall(s->env) - sync_now(s);
    if (s->kept_now == INSTANT_NONE || skew - s->kept_now > 1 || s->kept_now - skew > 1) {
        snprintf(text, sizeof(text), "%lld", (long long)skew);
        outbox_keep(s->outbox, "server-skew", text, false, NULL);
        s->kept_now = skew;
    }
    const struct about *about = session_about(s->session);
    if (sync_max_upload(s) != s->kept_max_upload) {
        s->kept_max_upload = sync_max_upload(s);
        snprintf(text, sizeof(text), "%lld", (long long)s->kept_max_upload);
        outbox_keep(s->outbox, "server-max-upload", text, false, NULL);
    }
    if (about && about->training != s->kept_training) {
        s->kept_training = about->training;
        outbox_keep(s->outbox, "server-training", about->training ? "true" : "false", false, NULL);
    }
}

void sync_learn(struct sync *s, struct response *reply)
{
    struct flight_slip *slip = reply->id ? sync_slip(s, reply->id) : NULL;
    struct arena arena = {0};
    struct judged judged;
    struct err why = {0};
    if (!slip)
        return;
    struct flight_slip was = *slip;
    slip->id = 0;
    judge_reply(reply, &arena, &judged);
    learn_line(s, &was, reply, &judged);
    learn_hold(s, &was, reply, &judged);
    learn_token(s, &was, &judged);
    s->send.now = s->clock.known ? sync_now(s) : 0;
    tell_owner(s, was.owner, reply, &judged);
    if (judged.kind == ANSWER_NO_LINE && reply->end != RESPONSE_HELD_BACK && !was.elsewhere) {
        say_no_line(&why, reply, s->base);
        once_fail(s, &why);
    }
    keep_what_is_known(s);
    arena_clear(&arena);
}

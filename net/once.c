/* once: everything that is due is sent and the feed read to its end, at the officer's word: sync --once, F5. Whoever has not the
 * lease puts a slip through the holder's door and waits for its answer as long as the holder shows signs of life.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/sync_internal.h"

#include "cache/state.h"
#include "core/i18n.h"
#include "core/instant.h"
#include "net/say.h"

enum {
    SILENT_MS = 85000, /* so long without an answer, and it has failed, whatever is still on its way */
    HOLDER_SILENT_MS = 20000,
};

/* Whatever held things up does not hold them up now. */
static void try_now(struct sync *s, struct sync_orders *out)
{
    session_try_now(s->session);
    s->breaker.until = s->hold_until = 0;
    s->send.wake = s->send.next_at = 0;
    feed_want(&s->feed);
    sync_drop(s, OWNER_FEED, true, out);
}

static void end(struct sync *s, enum net_sync state, const struct err *why)
{
    struct once *o = &s->once;
    int64_t other = o->for_other;
    if (o->ask) {
        struct answer *answer = answers_add(&s->answers, o->ask, ASK_SYNC, true);
        if (why)
            answer->err = *why;
    }
    *o = (struct once){.state = state, .answered = other > o->answered ? other : o->answered};
    if (why)
        o->why = *why;
    s->feed.wanted = false;
    if (other > 0 && s->outbox)
        outbox_set_synced(s->outbox, other, state == NET_SYNC_DONE, NULL);
}

void once_begin(struct sync *s, uint64_t ask, struct sync_orders *out)
{
    struct once *o = &s->once;
    int64_t mono = s->env->mono(s->env);
    int64_t other = o->state == NET_SYNC_RUNNING ? o->for_other : 0;
    *o = (struct once){.state = NET_SYNC_RUNNING,
                       .ask = ask,
                       .until = mono + SILENT_MS,
                       .for_other = other,
                       .answered = o->answered};
    s->lease_at = 0;
    try_now(s, out);
}

void once_leave(struct sync *s)
{
    if (s->once.ask)
        err_set(&answers_add(&s->answers, s->once.ask, ASK_SYNC, true)->err, ERR_AUTH, "%s",
                _("The session is over. What was not sent is still on this machine; sign in again to send it."));
    s->once = (struct once){.state = NET_SYNC_DONE};
}

void once_hears(struct sync *s)
{
    s->once.until = s->env->mono(s->env) + SILENT_MS;
}

void once_fail(struct sync *s, const struct err *why)
{
    if (s->once.state == NET_SYNC_RUNNING && s->once.request == 0)
        end(s, NET_SYNC_FAILED, why);
}

/* ── beside another instance ─────────────────────────────────────────────────────────────────────────────────────── */

static void look_for_slips(struct sync *s, struct sync_orders *out)
{
    struct once *o = &s->once;
    bool ok;
    int64_t wanted = outbox_wanted(s->outbox);
    if (wanted <= o->answered || o->state == NET_SYNC_RUNNING)
        return;
    if (outbox_synced(s->outbox, wanted, &ok)) {
        o->answered = wanted;
        return;
    }
    once_begin(s, 0, out);
    o->for_other = wanted;
}

static void push_slip(struct sync *s)
{
    struct once *o = &s->once;
    struct err why = {0};
    o->request = outbox_want_sync(s->outbox, &why);
    o->sign_of_life = s->env->mono(s->env);
    o->unsent = -1;
    if (o->request == 0)
        end(s, NET_SYNC_FAILED, &why);
}

static void look_at_holder(struct sync *s)
{
    struct once *o = &s->once;
    struct err why = {0};
    bool ok;
    int64_t mono = s->env->mono(s->env), unsent, stuck, data_at = s->cache ? cache_data_at(s->cache) : 0;
    if (outbox_synced(s->outbox, o->request, &ok)) {
        err_set(&why, ERR_OFFLINE, "%s",
                _("The other motcua of this officer got no usable answer from the server."));
        end(s, ok ? NET_SYNC_DONE : NET_SYNC_FAILED, ok ? NULL : &why);
        return;
    }
    outbox_counts(s->outbox, &unsent, &stuck);
    if (unsent != o->unsent || data_at != o->data_at)
        o->sign_of_life = mono;
    o->unsent = unsent;
    o->data_at = data_at;
    if (mono - o->sign_of_life < HOLDER_SILENT_MS)
        return;
    say_holder_silent(&why, s->lease ? lease_holder(s->lease) : 0);
    end(s, NET_SYNC_FAILED, &why);
}

/* Before what is next is begun. */
void once_look(struct sync *s, struct sync_orders *out)
{
    struct once *o = &s->once;
    if (!s->outbox)
        return;
    if (sync_holds(s)) {
        if (o->request != 0) { /* the holder is gone, its lease is ours */
            o->request = 0;
            try_now(s, out);
        }
        look_for_slips(s, out);
    } else if (o->state == NET_SYNC_RUNNING && o->request == 0) {
        push_slip(s);
    } else if (o->state == NET_SYNC_RUNNING) {
        look_at_holder(s);
    }
}

/* ── by ourselves ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* After what is next was begun. */
void once_check(struct sync *s)
{
    struct once *o = &s->once;
    struct err why = {0};
    int64_t mono = s->env->mono(s->env);
    if (o->state != NET_SYNC_RUNNING || o->request != 0)
        return;
    if (!s->outbox && session_about(s->session)) { /* nothing to send, nowhere to put what is read: the line is there */
        end(s, NET_SYNC_DONE, NULL);
    } else if (s->feed.trouble.code != ERR_NONE) {
        why = s->feed.trouble;
        end(s, NET_SYNC_FAILED, &why);
    } else if (mono >= o->until) {
        err_set(&why, ERR_OFFLINE, "%s",
                _("The server takes too long. What is saved on this machine stays there; try again in a while."));
        end(s, NET_SYNC_FAILED, &why);
    } else if (sync_holds(s) && sync_can_work(s) && !s->feed.wanted && !s->feed.applying &&
               send_is_idle(&s->send) && send_wake(&s->send) > mono) {
        end(s, NET_SYNC_DONE, NULL);
    }
}

int64_t once_wake(const struct sync *s)
{
    const struct once *o = &s->once;
    if (o->state != NET_SYNC_RUNNING)
        return INT64_MAX;
    return o->request != 0 ? o->sign_of_life + HOLDER_SILENT_MS : o->until;
}

enum net_sync sync_state(const struct sync *s, struct err *why)
{
    if (s->once.state == NET_SYNC_FAILED)
        *why = s->once.why;
    return s->once.state;
}

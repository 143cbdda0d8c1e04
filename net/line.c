/* line: how the connection stands, in one word and one sentence. A line that is only slow is not cut off.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/sync_internal.h"

#include "cache/state.h"
#include "core/instant.h"

#include "net/say.h"
#include <string.h>

#define SLOW_MS 3000

/* How long the slowest request on its way has been waited for, ms; one that the server may hold does not count. */
static int64_t waiting_ms(const struct sync *s)
{
    int64_t longest = 0, mono = s->env->mono(s->env);
    for (int i = 0; i < SYNC_FLIGHTS; i++) {
        const struct flight_slip *slip = &s->flights[i];
        if (slip->id != 0 && slip->wait == 0 && !slip->elsewhere && mono - slip->sent > longest)
            longest = mono - slip->sent;
    }
    return longest;
}

static bool is_other(const struct sync *s)
{
    return s->lease && s->lease_at != 0 && !lease_held(s->lease);
}

static bool feed_is_cut_off(const struct sync *s)
{
    return s->feed.failures > 0 && s->feed.trouble.code == ERR_OFFLINE;
}

static enum line_state state_of(const struct sync *s, struct err *why)
{
    if (session_stopped(s->session, why))
        return LINE_STOPPED;
    bool over = session_is_over(s->session);
    if (is_other(s) && !over) /* how its line stands, the holder says */
        return LINE_OTHER;
    if (s->refused.code != ERR_NONE) {
        *why = s->refused;
        return LINE_STOPPED;
    }
    if (s->closed && s->env->mono(s->env) < s->hold_until)
        return LINE_MAINTENANCE;
    if (s->breaker.failures > 0 || (!over && feed_is_cut_off(s))) /* nobody asks the feed again before a sign-in */
        return LINE_OFFLINE;
    if (over)
        return LINE_SIGN_IN;
    if (!s->ever_answered)
        return LINE_STARTING;
    return s->answer_ms >= SLOW_MS || waiting_ms(s) >= SLOW_MS ? LINE_SLOW : LINE_ONLINE;
}

/* Wishes wait for nothing but their turn. */
static bool goes_gently(const struct sync *s)
{
    return sync_holds(s) && send_wants_line(&s->send) && sync_sends_at(s) > s->env->mono(s->env);
}

static void say_state(struct sync *s, struct line_status *line)
{
    switch (line->state) {
    case LINE_MAINTENANCE:
        say_maintenance(&line->why, line->until);
        break;
    case LINE_OFFLINE:
        if (s->breaker.failures == 0)
            line->why = s->feed.trouble;
        else
            say_offline(&line->why, line->since);
        break;
    case LINE_SIGN_IN:
        if (session_officer(s->session))
            say_session_over(&line->why);
        break;
    case LINE_SLOW:
        say_slow(&line->why, line->answer_ms);
        break;
    case LINE_STOPPED:
        break;
    default:
        line->why = s->feed.trouble;
        if (line->state == LINE_ONLINE && line->why.code == ERR_NONE && goes_gently(s))
            say_gently(&line->why);
    }
}

bool sync_offers(const struct sync *s, const char *feature)
{
    const struct about *about = session_about(s->session);
    for (size_t i = 0; about && i < about->features.n; i++)
        if (strcmp(about->features.items[i], feature) == 0)
            return true;
    return false;
}

int64_t sync_max_upload(const struct sync *s)
{
    const struct about *about = session_about(s->session);
    if (!about)
        return s->kept_max_upload;
    return sync_offers(s, "attachments") ? about->max_upload_bytes : 0;
}

void line_update(struct sync *s)
{
    struct line_status *line = &s->line;
    const struct about *about = session_about(s->session);
    int64_t mono = s->env->mono(s->env), opens = sync_opens_at(s), waited = waiting_ms(s);
    struct err why = {0};
    enum line_state state = state_of(s, &why), before = line->state;
    int64_t now = sync_now(s), since = state == before && line->since != 0 ? line->since : now;
    *line = (struct line_status){
        .state = state,
        .since = since,
        .until = s->closed ? s->closed_until : INSTANT_NONE,
        .next_try = opens > mono && opens < INT64_MAX ? now + (opens - mono) / 1000 : now,
        .last_try = s->last_try == INT64_MIN ? INSTANT_NONE : now - (mono - s->last_try) / 1000,
        .data_at = s->feed.data_at,
        .server_now = now,
        .skew = s->clock.known ? s->env->wall(s->env) - now : INSTANT_NONE,
        .answer_ms = waited > s->answer_ms ? waited : s->answer_ms,
        .training = about ? about->training : s->kept_training,
        .remote_signing = sync_offers(s, "remote_signing"),
        .payments = sync_offers(s, "payments"),
        .max_upload = sync_max_upload(s),
        .first_sync = s->feed.first_sync,
        .holder = state == LINE_OTHER ? lease_holder(s->lease) : 0,
        .why = why,
    };
    say_state(s, line);
}

void sync_line(struct sync *s, struct line_status *out)
{
    line_update(s);
    *out = s->line;
}

/* When time alone makes another word of it. */
int64_t line_wake(const struct sync *s)
{
    int64_t wake = INT64_MAX, mono = s->env->mono(s->env);
    for (int i = 0; i < SYNC_FLIGHTS; i++) {
        const struct flight_slip *slip = &s->flights[i];
        bool counts = slip->id != 0 && slip->wait == 0 && !slip->elsewhere;
        if (counts && slip->sent + SLOW_MS > mono && slip->sent + SLOW_MS < wake)
            wake = slip->sent + SLOW_MS;
    }
    if (s->closed && s->hold_until > mono && s->hold_until < wake)
        wake = s->hold_until;
    return wake;
}

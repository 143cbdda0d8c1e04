/* background: what nobody waits for: codes in reserve and the bytes of scans. It goes when the line is free of all else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/sync_internal.h"

#define SPREAD_MS   300000 /* within so long codes in reserve are asked for, */
#define TRAINING_MS 5000   /* … where one lesson is to show them */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Codes in reserve are nobody's hurry: what keeps a pace keeps theirs too. */
static bool reserves(const struct sync *s)
{
    return s->follow && !s->draining && s->breaker.failures == 0 && s->clock.known && sync_holds(s) &&
           sync_can_work(s) && sync_offers(s, "number_blocks");
}

static void begin_reserve(struct sync *s, struct sync_orders *out)
{
    uint64_t number;
    int64_t spread = session_about(s->session) && session_about(s->session)->training ? TRAINING_MS : SPREAD_MS;
    struct request *request = request_new();
    if (!reserves(s) || s->env->mono(s->env) < sync_sends_at(s) || !sync_line_open(s) || !sync_slip(s, 0) ||
        !reserve_next(&s->reserve, s->officer, sync_now(s), spread, request)) {
        request_free(&request);
        return;
    }
    sync_set_token(s, request, &number);
    sync_begin_request(s, OWNER_RESERVE, request, number, out);
}

/* In the background: not for commands, not while a wish waits, not to try a line that is cut, nor where all go gently. Mono ms. */
static int64_t uploads_at(const struct sync *s)
{
    bool may = s->follow && !s->draining && sync_holds(s) && sync_can_work(s) && s->breaker.failures == 0 &&
               !send_wants_line(&s->send);
    return may ? later(uploads_wake(&s->uploads), later(sync_sends_at(s), s->hold_until)) : INT64_MAX;
}

static void begin_upload(struct sync *s, struct sync_orders *out)
{
    uint64_t number;
    struct request *request = request_new();
    if (out->n_begin == SYNC_FLIGHTS || !sync_slip(s, 0) || uploads_at(s) > s->env->mono(s->env) ||
        !uploads_next(&s->uploads, request)) {
        request_free(&request);
        return;
    }
    sync_set_token(s, request, &number);
    uploads_began(&s->uploads);
    sync_begin_request(s, OWNER_UPLOAD, request, number, out);
}

void background_begin(struct sync *s, struct sync_orders *out)
{
    begin_reserve(s, out);
    begin_upload(s, out);
}

int64_t background_wake(const struct sync *s)
{
    int64_t reserve = reserves(s) ? later(reserve_wake(&s->reserve), sync_sends_at(s)) : INT64_MAX,
            upload = uploads_at(s);
    return reserve < upload ? reserve : upload;
}

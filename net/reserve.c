/* reserve: see reserve.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/reserve.h"

#include "cache/numbers.h"
#include "net/backoff.h"

#include <string.h>

#define LOOK_MS    600000  /* from look to look: a night passes, codes are given */
#define REFUSED_MS 3600000 /* the server does not want to; it may be asked again after lunch */
#define TOKEN_MS   30000   /* another token is fetched */
#define CLOCK_SECONDS \
    2 /* what our idea of the server's clock may lag behind: a code is not given out before it was reserved */

void reserve_init(struct reserve *r, struct env *env, const char *base)
{
    *r = (struct reserve){.env = env, .base = base};
}

static void forget(struct reserve *r)
{
    mem_free(&r->body);
    mem_free(&r->unit);
    r->failures = 0;
}

void reserve_attach(struct reserve *r, struct cache *cache, struct outbox *outbox)
{
    forget(r);
    *r = (struct reserve){.env = r->env, .base = r->base, .cache = cache, .outbox = outbox};
}

void reserve_clear(struct reserve *r)
{
    reserve_attach(r, NULL, NULL);
}

/* ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void wait_for(struct reserve *r, int64_t ms)
{
    r->next_at = r->env->mono(r->env) + ms;
}

static void write_body(struct reserve *r, const char *unit, int64_t count)
{
    const struct number_request asked = {.unit = unit, .count = count};
    size_t n;

    r->body = codec_write(&shape_number_request, &asked, 0, &n);
    r->unit = mem_copy(unit);
    env_uuid(r->env, r->key);
}

/* Whether some are missing; then what is to be asked stands in `body`. */
static bool look(struct reserve *r, const char *officer, int64_t now)
{
    const struct officer *me = cache_officer(r->cache, officer);
    struct numbers_state have;
    struct arena arena = {0};
    bool missing = me && me->unit && (officer_roles(me) & ROLE_BIT(ROLE_COUNTER)) &&
                   numbers_state(r->outbox, me->unit, now, &arena, &have, NULL) && have.left < RESERVE_LEAST;

    arena_clear(&arena);
    if (missing)
        write_body(r, me->unit, RESERVE_KEPT - have.left);
    return missing;
}

bool reserve_next(struct reserve *r, const char *officer, int64_t now, int64_t spread, struct request *out)
{
    if (!r->outbox || r->in_flight)
        return false;
    if (r->next_at == 0)
        wait_for(r, 1 + env_random_below(r->env, spread));
    if (r->env->mono(r->env) < r->next_at)
        return false;
    if (!r->body && !look(r, officer, now)) {
        wait_for(r, LOOK_MS);
        return false;
    }
    out->method = "POST";
    out->url = arena_format(&out->arena, "%s/api/v1/number-blocks", r->base);
    out->content_type = "application/json";
    out->body = arena_copy(&out->arena, r->body);
    out->len = strlen(r->body);
    out->key = arena_copy(&out->arena, r->key);
    r->in_flight = true;
    return true;
}

void reserve_dropped(struct reserve *r)
{
    r->in_flight = false; /* the same again, with the same key */
}

int64_t reserve_wake(const struct reserve *r)
{
    return r->outbox && !r->in_flight ? r->next_at : INT64_MAX;
}

/* ── what came of it ───────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_block(const struct number_block *block, int64_t now)
{
    for (size_t i = 0; i < block->codes.n; i++)
        if (block->codes.items[i][0] == '\0')
            return false;
    return block->codes.n > 0 && block->codes.n <= RESERVE_KEPT && block->expires_at > now;
}

/* What cannot be written down lapses: nobody has given it out. */
static void take(struct reserve *r, const struct response *reply, int64_t now)
{
    struct arena arena = {0};
    struct number_block block;

    if (judge_body(reply, &shape_number_block, &arena, &block) && is_block(&block, now)) {
        numbers_keep(r->outbox, r->unit, &block, now + CLOCK_SECONDS, NULL);
        forget(r);
        wait_for(r, LOOK_MS);
    } else {
        wait_for(r, backoff_after(r->env, ++r->failures));
    }
    arena_clear(&arena);
}

void reserve_reply(struct reserve *r, const struct response *reply, const struct judged *judged, int64_t now)
{
    r->in_flight = false;
    if (!r->body)
        return;
    switch (judged->kind) {
    case ANSWER_GOOD:
        take(r, reply, now);
        break;
    case ANSWER_PROBLEM:
        if (reply->status == 409) { /* the first asking still goes on */
            wait_for(r, backoff_after(r->env, ++r->failures));
            break;
        }
        forget(r);
        wait_for(r, REFUSED_MS);
        break;
    case ANSWER_TOKEN:
    case ANSWER_STEP_UP:
        wait_for(r, TOKEN_MS);
        break;
    default:
        wait_for(r, backoff_after(r->env, ++r->failures));
    }
}

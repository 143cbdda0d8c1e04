/* feed: see feed.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/feed.h"

#include "core/i18n.h"
#include "core/instant.h"
#include "net/backoff.h"
#include "net/say.h"
#include "net/url.h"

#include <string.h>

enum {
    PAGE_LIMIT = 200,
    WAIT_LEAST = 50, /* seconds of a long poll: under the minute after which proxies cut, */
    WAIT_SPREAD = 8, /* and not the same for all, so that those who came back together do not stay together */
    QUICK_MS = 1000, /* a server that does not hold the request has nothing to say for a while: */
    QUICK_PAUSE_MS = 5000,
    LOST_MOST = 3, /* failures: within so long a pass begins that all may have to make (backoff.h) … */
    LOST_PAUSE_MS = 120000, /* … and between its pages, at most */
};

static void count_first_sync(struct feed *f)
{
    bool first = f->cache && !cache_ever_synced(f->cache);
    f->first_sync = first ? cache_dossier_count(f->cache) : -1;
}

static void drop_ahead(struct feed *f)
{
    if (f->ahead)
        mem_wipe(f->ahead, f->ahead_len);
    mem_free(&f->ahead);
}

void feed_attach(struct feed *f, struct cache *cache)
{
    drop_ahead(f);
    mem_free(&f->since);
    mem_free(&f->page_since);
    *f = (struct feed){.env = f->env, .base = f->base, .follow = f->follow, .cache = cache};
    f->data_at = cache ? cache_data_at(cache) : INSTANT_NONE;
    count_first_sync(f);
}

void feed_init(struct feed *f, struct env *env, const char *base, bool follow)
{
    *f = (struct feed){.env = env, .base = base, .follow = follow};
    feed_attach(f, NULL);
}

void feed_clear(struct feed *f)
{
    feed_attach(f, NULL);
}

/* ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void fail(struct feed *f, int64_t wait)
{
    f->failures++;
    f->next_at = f->env->mono(f->env) + (wait >= 0 ? wait : backoff_after(f->env, f->failures));
}

/* A pass has to be begun before its first page is asked for: rows that no page names go at its end. */
static bool pass_is_ready(struct feed *f)
{
    if (cache_cursor(f->cache) || cache_in_pass(f->cache))
        return true;
    struct err e = {0};
    if (cache_begin_pass(f->cache, &e))
        return true;
    f->trouble = e;
    fail(f, -1);
    return false;
}

static bool is_due(const struct feed *f)
{
    bool more;
    if (!f->cache || f->in_flight || f->ahead || !(f->wanted || f->follow))
        return false;
    return !f->applying || (!f->unhurried && !same(cache_page_cursor(f->cache, &more), f->page_since) && more);
}

/* What the next page is asked for with: behind the one that is being applied, or where the last one ended. */
static const char *next_cursor(const struct feed *f)
{
    bool more;
    return f->applying ? cache_page_cursor(f->cache, &more) : cache_cursor(f->cache);
}

static bool may_wait(const struct feed *f)
{
    return f->follow && f->at_end && !f->wanted && !f->applying && cache_cursor(f->cache) &&
           !cache_in_pass(f->cache);
}

bool feed_next(struct feed *f, bool quick, struct request *out)
{
    if (!is_due(f) || f->env->mono(f->env) < f->next_at || (!f->applying && !pass_is_ready(f)))
        return false;
    const char *cursor = next_cursor(f);
    struct buf url = {0};
    f->quick = quick && may_wait(f);
    f->wait = !quick && may_wait(f) ? WAIT_LEAST + (int)env_random_below(f->env, WAIT_SPREAD) : 0;
    buf_format(&url, "%s/api/v1/changes?limit=%d", f->base, PAGE_LIMIT);
    if (cursor) {
        buf_text(&url, "&since=");
        url_escape(&url, cursor);
    }
    if (f->wait > 0)
        buf_format(&url, "&wait=%d", f->wait);
    out->method = "GET";
    out->url = arena_copy_n(&out->arena, url.data, url.len);
    out->wait = f->wait;
    buf_clear(&url);
    mem_free(&f->since);
    f->since = cursor ? mem_copy(cursor) : NULL;
    f->asked = f->env->mono(f->env);
    f->in_flight = true;
    return true;
}

/* ── replies ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Takes the bytes. A page that was asked for behind one that could not be applied is not the next: that one comes again first. */
static void begin_page(struct feed *f, char *bytes, size_t len)
{
    if (!same(f->since, cache_cursor(f->cache))) {
        mem_wipe(bytes, len);
        mem_free(&bytes);
        return;
    }
    mem_free(&f->page_since);
    f->page_since = f->since;
    f->since = NULL;
    f->applying = cache_page_begin(f->cache, bytes, len, NULL);
    if (f->applying)
        return;
    say_unreadable(&f->trouble, &(struct response){.end = RESPONSE_ANSWER});
    fail(f, -1);
}

static void take_page(struct feed *f, struct response *reply)
{
    char *bytes = reply->body;
    size_t len = reply->len;
    reply->body = NULL;
    reply->len = 0;
    if (!f->applying) {
        begin_page(f, bytes, len);
        return;
    }
    f->ahead = bytes;
    f->ahead_len = len;
}

static void take_problem(struct feed *f, const struct response *reply, const struct judged *judged)
{
    struct err e = {0};
    if (reply->status == 410) {
        /* Who was up to date has lost it with all others: whatever is on the screen was right until now, so he does not hurry. */
        bool begun = cache_begin_pass(f->cache, &e);
        f->unhurried = f->at_end && !f->wanted;
        f->at_end = f->applying = false;
        f->trouble = e;
        f->next_at = f->env->mono(f->env) +
                     (begun && f->wanted ? 0 : backoff_after(f->env, f->unhurried ? LOST_MOST : 1));
        return;
    }
    say_problem(&f->trouble, &judged->problem);
    fail(f, -1);
}

void feed_reply(struct feed *f, struct response *reply, const struct judged *judged)
{
    f->in_flight = false;
    if (!f->cache)
        return;
    switch (judged->kind) {
    case ANSWER_GOOD:
        if (judge_is_json(reply)) {
            take_page(f, reply);
            return;
        }
        say_unreadable(&f->trouble, reply);
        fail(f, -1);
        return;
    case ANSWER_PROBLEM:
        take_problem(f, reply, judged);
        return;
    case ANSWER_GARBLED:
        say_unreadable(&f->trouble, reply);
        fail(f, backoff_retry_after(f->env, reply->retry_after));
        return;
    case ANSWER_FAULT:
        say_server_fault(&f->trouble, reply);
        fail(f, backoff_retry_after(f->env, reply->retry_after));
        return;
    default: /* no line, no token, or the server asks all of us to wait: sync.c knows when to go on */
        return;
    }
}

void feed_dropped(struct feed *f)
{
    f->in_flight = false;
}

/* ── applying ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A page that says "more" and leads nowhere would be asked for without end. */
static bool stands_still(const struct feed *f, const struct cache_page_end *end)
{
    return end->more && f->page_since && same(cache_cursor(f->cache), f->page_since);
}

static int64_t pause_after(const struct feed *f, const struct cache_page_end *end)
{
    int64_t mono = f->env->mono(f->env);
    if (end->more)
        return f->unhurried ? env_random_below(f->env, LOST_PAUSE_MS) : 0;
    if (end->poll_after >= 0)
        return end->poll_after * 1000 + env_random_below(f->env, end->poll_after * 250 + 1000);
    if (f->asked + f->slot > mono)
        return f->asked + f->slot - mono;
    if (f->quick) /* the probe was the question: who came back together does not poll together */
        return env_random_below(f->env, WAIT_LEAST * 1000);
    bool held = f->wait == 0 || mono - f->asked >= QUICK_MS || end->applied + end->passed_over > 0;
    return held ? 0 : QUICK_PAUSE_MS + env_random_below(f->env, QUICK_PAUSE_MS);
}

static void page_done(struct feed *f, const struct cache_page_end *end, int64_t now)
{
    struct err ignored = {0}; /* when the data are of is said again with the next page */
    if (stands_still(f, end)) {
        err_set(&f->trouble, ERR_OFFLINE, "%s",
                _("The server repeats itself instead of going on. It is asked again by itself."));
        fail(f, -1);
        return;
    }
    f->failures = 0;
    f->trouble = (struct err){0};
    f->at_end = !end->more;
    f->next_at = f->env->mono(f->env) + pause_after(f, end);
    if (f->at_end)
        f->wanted = f->unhurried = false;
    cache_set_data_at(f->cache, now, &ignored);
    f->data_at = now;
    count_first_sync(f);
}

bool feed_apply(struct feed *f, int ms, int64_t now)
{
    struct cache_page_end end = {0};
    struct err e = {0};
    if (!f->applying)
        return false;
    enum cache_page page = cache_page_step(f->cache, f->env, ms, &end, &e);
    f->applying = page == CACHE_PAGE_MORE; /* BEHIND: it is asked on from where the other instance has come to */
    if (page == CACHE_PAGE_DONE)
        page_done(f, &end, now);
    if (page == CACHE_PAGE_FAILED) {
        f->trouble = e;
        fail(f, -1);
    }
    if (!f->applying && f->ahead) {
        char *bytes = f->ahead;
        f->ahead = NULL;
        begin_page(f, bytes, f->ahead_len);
    }
    return f->applying;
}

void feed_want(struct feed *f)
{
    f->wanted = true;
    f->unhurried = false;
    f->next_at = 0;
    f->trouble = (struct err){0};
}

int64_t feed_wake(const struct feed *f)
{
    return is_due(f) ? f->next_at : INT64_MAX;
}

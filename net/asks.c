/* asks: see asks.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/asks.h"

#include "core/i18n.h"
#include "core/text.h"
#include "net/say.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>

enum {
    AT_ONCE = 3,       /* requests on the way */
    SEARCH_LIMIT = 50, /* dossiers of a page */
    PAGES_MOST = 200,  /* of events: a server that never ends is not listened to for ever */
};

void asks_init(struct asks *a, struct env *env, const char *base, struct answers *answers)
{
    *a = (struct asks){.env = env, .base = base, .answers = answers};
}

static void free_pending(struct pending *p)
{
    ask_clear(&p->ask);
    mem_free(&p->cursor);
    phone_free(&p->phone);
    arena_clear(&p->arena);
}

void asks_clear(struct asks *a)
{
    for (size_t i = 0; i < a->n; i++)
        free_pending(&a->items[i]);
    free(a->items);
    *a = (struct asks){0};
}

static void remove_at(struct asks *a, size_t i)
{
    free_pending(&a->items[i]);
    memmove(&a->items[i], &a->items[i + 1], (--a->n - i) * sizeof(*a->items));
}

void asks_add(struct asks *a, struct ask *ask)
{
    if (a->n == a->cap) {
        a->cap = a->cap ? 2 * a->cap : 4;
        a->items = mem_grow(a->items, a->cap, sizeof(*a->items));
    }
    a->items[a->n++] = (struct pending){
        .ask = *ask, .phone = ask->kind == ASK_REMOTE_SIGN ? phone_new(a->env, ask->bytes, ask->n) : NULL};
    *ask = (struct ask){0};
}

uint64_t asks_cancel(struct asks *a, uint64_t ask)
{
    for (size_t i = 0; i < a->n; i++) {
        struct pending *p = &a->items[i];
        bool drop = p->busy;
        if (p->ask.id != ask || (p->phone && p->phone->called_off))
            continue;
        uint64_t request = p->request;
        if (!p->phone || phone_call_off(p->phone, p->busy, &drop))
            remove_at(a, i);
        else
            p->busy = p->busy && !drop; /* goes on by itself, until the server knows */
        return drop ? request : 0;
    }
    return 0;
}

static void answer_err(struct asks *a, size_t i, const struct err *why)
{
    const struct pending *p = &a->items[i];
    if (!p->phone || !p->phone->called_off)
        answers_add(a->answers, p->ask.id, p->ask.kind, true)->err = *why;
    remove_at(a, i);
}

bool asks_waiting(const struct asks *a)
{
    for (size_t i = 0; i < a->n; i++)
        if (!a->items[i].busy && (!a->items[i].phone || phone_is_due(a->items[i].phone)))
            return true;
    return false;
}

int64_t asks_wake(const struct asks *a)
{
    int64_t wake = INT64_MAX, mono = a->env->mono(a->env);
    for (size_t i = 0; i < a->n; i++) {
        const struct phone *phone = a->items[i].phone;
        if (!phone || a->items[i].busy)
            continue;
        int64_t at = phone->at > mono ? phone->at : phone->until;
        wake = at < wake ? at : wake;
    }
    return wake;
}

void asks_end_late(struct asks *a)
{
    struct err why = {0};
    phone_say_late(&why);
    for (size_t i = a->n; i-- > 0;)
        if (!a->items[i].busy && a->items[i].phone && phone_is_late(a->items[i].phone))
            answer_err(a, i, &why);
}

void asks_fail_waiting(struct asks *a, const struct err *why)
{
    for (size_t i = a->n; i-- > 0;)
        if (!a->items[i].busy)
            answer_err(a, i, why);
}

/* ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void make_search(const struct asks *a, const struct ask *ask, struct request *out)
{
    struct dossier_search search;
    codec_absent(&shape_dossier_search, &search);
    search.q = ask->text;
    search.cursor = ask->cursor;
    search.limit = SEARCH_LIMIT;
    char *body = codec_write(&shape_dossier_search, &search, 0, &out->len);
    out->method = "POST";
    out->url = arena_format(&out->arena, "%s/api/v1/dossiers/search", a->base);
    out->content_type = "application/json";
    out->body = arena_copy_n(&out->arena, body, out->len);
    mem_wipe(body, out->len);
    mem_free(&body);
}

static void make_get(const struct asks *a, const struct pending *p, struct request *out)
{
    struct buf url = {0};
    buf_format(&url, "%s/api/v1/dossiers/%s", a->base, p->ask.dossier);
    if (p->ask.kind == ASK_EVENTS)
        buf_text(&url, "/events");
    if (p->cursor) {
        buf_text(&url, "?cursor=");
        url_escape(&url, p->cursor);
    }
    out->method = "GET";
    out->url = arena_copy_n(&out->arena, url.data, url.len);
    buf_clear(&url);
}

/* What cannot be asked at all is answered at once. */
static bool is_askable(struct asks *a, size_t i)
{
    const struct ask *ask = &a->items[i].ask;
    struct err why = {0};
    struct buf nfc = {0};
    if (a->items[i].phone)
        return true;
    bool ok = ask->kind == ASK_SEARCH ? ask->text && text_nfc(ask->text, strlen(ask->text), &nfc)
                                      : id_valid(ask->dossier);
    buf_wipe(&nfc);
    if (!ok) {
        err_set(&why, ERR_NOT_FOUND, "%s", _("There is no such dossier, or it is not yours to see."));
        answer_err(a, i, &why);
    }
    return ok;
}

static size_t on_the_way(const struct asks *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++)
        n += a->items[i].busy;
    return n;
}

bool asks_next(struct asks *a, uint64_t token, struct request *out)
{
    if (on_the_way(a) >= AT_ONCE)
        return false;
    for (size_t i = 0; i < a->n;) {
        struct pending *p = &a->items[i];
        if (p->busy || (p->again && p->token == token)) {
            i++;
            continue;
        }
        if (!is_askable(a, i))
            continue;
        if (p->phone && !phone_is_due(p->phone)) {
            i++;
            continue;
        }
        if (p->phone)
            phone_next(p->phone, a->base, out);
        else if (p->ask.kind == ASK_SEARCH)
            make_search(a, &p->ask, out);
        else
            make_get(a, p, out);
        p->busy = true;
        p->request = 0;
        p->token = token;
        return true;
    }
    return false;
}

void asks_began(struct asks *a, uint64_t request)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->items[i].busy && a->items[i].request == 0)
            a->items[i].request = request;
}

/* ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool take_search(struct asks *a, const struct pending *p, const struct response *reply)
{
    struct arena arena = {0};
    struct dossier_page page;
    bool ok = judge_body(reply, &shape_dossier_page, &arena, &page);
    if (ok) {
        struct answer *answer = answers_add(a->answers, p->ask.id, ASK_SEARCH, true);
        answer->arena = arena;
        answer->page = page;
    } else {
        arena_clear(&arena);
    }
    return ok;
}

static bool take_dossier(struct asks *a, const struct pending *p, const struct response *reply)
{
    struct arena arena = {0};
    struct dossier d;
    bool ok = judge_body(reply, &shape_dossier, &arena, &d) && strcmp(d.id, p->ask.dossier) == 0;
    if (ok) {
        struct answer *answer = answers_add(a->answers, p->ask.id, ASK_DOSSIER, true);
        answer->arena = arena;
        answer->dossier = d;
        if (a->cache)
            cache_replace_dossier(a->cache, reply->body, reply->len, NULL);
    } else {
        arena_clear(&arena);
    }
    return ok;
}

static void answer_events(struct asks *a, struct pending *p)
{
    struct answer *answer = answers_add(a->answers, p->ask.id, ASK_EVENTS, true);
    answer->arena = p->arena;
    answer->events = (struct event_page){.items = p->events, .n_items = p->n_events};
    p->arena = (struct arena){0};
}

/* Appends a page; *more: another is to be asked for. */
static bool take_events(struct pending *p, const struct response *reply, bool *more)
{
    struct event_page page;
    if (!judge_body(reply, &shape_event_page, &p->arena, &page))
        return false;
    p->events = arena_grow(&p->arena, p->events, p->n_events, p->n_events + page.n_items, sizeof(*p->events));
    for (size_t i = 0; i < page.n_items; i++)
        p->events[p->n_events++] = page.items[i];
    *more = page.more;
    if (!page.more)
        return true;
    bool moves = page.cursor && (!p->cursor || strcmp(page.cursor, p->cursor) != 0);
    mem_free(&p->cursor);
    p->cursor = page.cursor ? mem_copy(page.cursor) : NULL;
    return moves && ++p->pages < PAGES_MOST;
}

static void take_good(struct asks *a, size_t i, const struct response *reply)
{
    struct pending *p = &a->items[i];
    struct err why = {0};
    bool ok, more = false;
    if (p->ask.kind == ASK_SEARCH)
        ok = take_search(a, p, reply);
    else if (p->ask.kind == ASK_DOSSIER)
        ok = take_dossier(a, p, reply);
    else
        ok = take_events(p, reply, &more);
    if (ok && more) {
        p->busy = p->again = false;
        return;
    }
    if (!ok) {
        say_unreadable(&why, reply);
        answer_err(a, i, &why);
        return;
    }
    if (p->ask.kind == ASK_EVENTS)
        answer_events(a, p);
    remove_at(a, i);
}

static void take_phone(struct asks *a, size_t i, const struct response *reply, const struct judged *judged)
{
    struct pending *p = &a->items[i];
    p->busy = p->again = false;
    if (phone_reply(p->phone, reply, judged, a->answers, p->ask.id))
        remove_at(a, i);
}

static void say_why(struct asks *a, const struct response *reply, const struct judged *judged, struct err *e)
{
    switch (judged->kind) {
    case ANSWER_NO_LINE:
        say_no_line(e, reply, a->base);
        break;
    case ANSWER_PROBLEM:
        say_problem(e, &judged->problem);
        break;
    case ANSWER_TOKEN:
    case ANSWER_STEP_UP:
        say_session_over(e);
        break;
    case ANSWER_LATER:
        say_rate_limited(e);
        break;
    case ANSWER_CLOSED:
        say_maintenance(e, INSTANT_NONE);
        break;
    case ANSWER_FAULT:
        say_server_fault(e, reply);
        break;
    default:
        say_unreadable(e, reply);
    }
}

bool asks_reply(struct asks *a, const struct response *reply, const struct judged *judged)
{
    size_t i = 0;
    while (i < a->n && !(a->items[i].busy && a->items[i].request == reply->id))
        i++;
    if (i == a->n)
        return false;
    if (judged->kind == ANSWER_TOKEN && !a->items[i].again) {
        a->items[i].again = true;
        a->items[i].busy = false;
        return true;
    }
    if (a->items[i].phone) {
        take_phone(a, i, reply, judged);
        return false;
    }
    if (judged->kind == ANSWER_GOOD) {
        take_good(a, i, reply);
        return false;
    }
    struct err why = {0};
    say_why(a, reply, judged, &why);
    answer_err(a, i, &why);
    return false;
}

/* wire: the network of a run. Each request connects, comes to the server or not, and ends at its sender in a way that the seed
 * chooses. It refuses to know what a request is for, but for the errors that only some requests can have.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include "core/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GIVE_UP_MS = 30000, LATE_MS = 900000 };

static const char *const fate_names[] = {"good",    "lost",     "lost after",  "cut",      "late",
                                         "twice",   "fault",    "fault after", "busy",     "portal",
                                         "garbled", "progress", "no token",    "no cursor"};

/* ── flights ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct flight *new_flight(struct world *w)
{
    for (int i = 0; i < FLIGHTS; i++) {
        struct flight *f = &w->flights[i];
        if (f->request)
            continue;
        *f = (struct flight){.station = -1};
        return f;
    }
    broken(w, "the simulator's own list of requests is too short");
    return NULL;
}

static void end_flight(struct flight *f)
{
    response_clear(&f->reply);
    request_free(&f->request);
}

static char *part(struct arena *a, const char *text)
{
    return text ? arena_copy(a, text) : NULL;
}

/* The same bytes arrive once more, or for the first time, when nobody waits. */
static void add_ghost(struct world *w, const struct request *r, int64_t within)
{
    struct flight *f = new_flight(w);
    if (!f)
        return;
    struct request *copy = request_new();
    *copy = (struct request){.id = r->id, .len = r->len, .wait = r->wait};
    copy->method = part(&copy->arena, r->method);
    copy->url = part(&copy->arena, r->url);
    copy->content_type = part(&copy->arena, r->content_type);
    copy->token = part(&copy->arena, r->token);
    copy->key = part(&copy->arena, r->key);
    copy->if_match = part(&copy->arena, r->if_match);
    copy->upload_offset = part(&copy->arena, r->upload_offset);
    copy->body = r->body ? arena_copy_n(&copy->arena, r->body, r->len) : NULL;
    f->request = copy;
    f->stage = STAGE_SERVER;
    f->at = w->now + 1 + (int64_t)chance(w, (uint64_t)within);
}

void wire_begin(struct world *w, struct station *st, struct request *r)
{
    struct flight *f = new_flight(w);
    if (!f) {
        request_free(&r);
        return;
    }
    f->request = r;
    f->station = st->n;
    f->sent = st->pc->env.mono;
    f->at = w->now + 5 + (int64_t)chance(w, w->chaos && percent(w, 5) ? 5000 : 80);
}

/* Who gave up waiting does not stop what is on its way. */
static void give_up(struct world *w, struct flight *f)
{
    if (f->stage == STAGE_SERVER && percent(w, 50))
        add_ghost(w, f->request, GIVE_UP_MS);
    end_flight(f);
}

void wire_drop(struct world *w, struct station *st, uint64_t request)
{
    for (int i = 0; i < FLIGHTS; i++)
        if (w->flights[i].request && w->flights[i].station == st->n && w->flights[i].request->id == request)
            give_up(w, &w->flights[i]);
}

void wire_hang_up(struct world *w, struct station *st)
{
    for (int i = 0; i < FLIGHTS; i++)
        if (w->flights[i].request && w->flights[i].station == st->n)
            give_up(w, &w->flights[i]);
}

/* ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void say_end(struct flight *f, enum response_end end, bool left)
{
    f->reply.end = end;
    f->reply.left = left;
    if (end == RESPONSE_CERTIFICATE)
        f->reply.why = "đã hết hạn";
}

/* What some gateway says; NULL date: the right one. */
static void say(struct world *w, struct flight *f, int status, const char *type, const char *date,
                const char *body)
{
    char now[INSTANT_HTTP];
    instant_format_http(w->now / 1000, now);
    say_end(f, RESPONSE_ANSWER, true);
    f->reply.status = status;
    f->reply.type = type;
    f->reply.date = arena_copy(&f->reply.arena, date ? date : now);
    f->reply.body = mem_copy(body);
    f->reply.len = strlen(body);
}

static void say_problem(struct world *w, struct flight *f, int status, const char *name)
{
    char *body = mem_format("{\"type\":\"urn:onestop:problem:%s\",\"title\":\"Không được\",\"status\":%d}",
                            name, status);
    say(w, f, status, "application/problem+json", NULL, body);
    mem_free(&body);
}

static void say_portal(struct world *w, struct flight *f)
{
    static const int statuses[] = {200, 302, 403, 404, 511, 200, 409, 401};
    static const char page[] = "<html><title>Wi-Fi</title>Xin mời đăng nhập</html>";
    say(w, f, statuses[chance(w, 8)], percent(w, 80) ? "text/html; charset=utf-8" : "application/json",
        percent(w, 50) ? "Thu, 01 Jan 1970 00:00:07 GMT" : NULL, page);
    if (f->reply.status == 302)
        f->reply.location = "http://10.0.0.1/login";
}

static void say_fault(struct world *w, struct flight *f)
{
    static const int statuses[] = {500, 502, 503, 504};
    static const char *const retries[] = {
        NULL, "0", "30", "86400", "soon", "-1", "Thu, 29 Dec 2022 02:43:01 GMT"};
    int status = statuses[chance(w, 4)];
    if (percent(w, 50))
        say_problem(w, f, status, "internal");
    else
        say(w, f, status, "text/html", NULL, "<h1>Bad gateway</h1>");
    f->reply.retry_after = retries[chance(w, 7)];
}

static void take_answer(struct flight *f, struct central_answer *a)
{
    struct response *r = &f->reply;
    const char **to, *name;
    say_end(f, RESPONSE_ANSWER, true);
    r->status = a->status;
    for (size_t i = 0; (to = response_header(r, i, &name)); i++)
        *to = part(&r->arena, central_answer_header(a, name));
    r->len = a->body.len;
    r->body = mem_copy_n(a->body.data ? a->body.data : "", a->body.len);
}

/* ── fate ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_poisoned(const struct world *w, const struct request *r)
{
    char *part_of_path = mem_format("/dossiers/%s/", w->poisoned ? w->poisoned : "?");
    bool is = w->poisoned && r->key && strstr(r->url, part_of_path);
    mem_free(&part_of_path);
    return is;
}

static enum fate choose(struct world *w, const struct request *r)
{
    static const struct {
        unsigned below;
        enum fate fate;
    } table[] = {{55, FATE_GOOD},  {60, FATE_LOST},   {67, FATE_LOST_AFTER}, {72, FATE_LATE},
                 {78, FATE_TWICE}, {82, FATE_CUT},    {85, FATE_FAULT},      {88, FATE_FAULT_AFTER},
                 {90, FATE_BUSY},  {93, FATE_PORTAL}, {96, FATE_GARBLED},    {98, FATE_PROGRESS},
                 {99, FATE_TOKEN}, {100, FATE_CURSOR}};
    if (is_poisoned(w, r))
        return FATE_FAULT;
    if (!w->chaos)
        return FATE_GOOD;
    unsigned draw = (unsigned)chance(w, 100);
    size_t i = 0;
    while (draw >= table[i].below)
        i++;
    enum fate fate = table[i].fate;
    bool fits = (fate != FATE_PROGRESS || r->key) && (fate != FATE_TOKEN || r->token) &&
                (fate != FATE_CURSOR || strstr(r->url, "/changes?since="));
    return fits ? fate : FATE_GOOD;
}

/* What never comes to the server, or only later; false: it comes. */
static bool ends_before(struct world *w, struct flight *f)
{
    switch (f->fate) {
    case FATE_LATE:
        add_ghost(w, f->request, LATE_MS);
        say_end(f, RESPONSE_TIMED_OUT, true);
        f->at = w->now + GIVE_UP_MS + f->request->wait * 1000;
        break;
    case FATE_LOST:
        say_end(f, percent(w, 50) ? RESPONSE_TIMED_OUT : RESPONSE_CUT, true);
        f->at = w->now + GIVE_UP_MS;
        break;
    case FATE_FAULT:
        say_fault(w, f);
        break;
    case FATE_BUSY:
        say_problem(w, f, 429, "rate-limited");
        f->reply.retry_after = percent(w, 50) ? "7" : NULL;
        break;
    case FATE_PORTAL:
        say_portal(w, f);
        break;
    case FATE_PROGRESS:
        add_ghost(w, f->request, GIVE_UP_MS);
        say_problem(w, f, 409, "idempotency-in-progress");
        f->reply.retry_after = "2";
        break;
    case FATE_TOKEN:
        say_problem(w, f, 401, "unauthorized");
        f->reply.authenticate = "Bearer error=\"invalid_token\"";
        break;
    case FATE_CURSOR:
        say_problem(w, f, 410, "cursor-expired");
        break;
    default:
        return false;
    }
    return true;
}

static void spoil(struct world *w, struct flight *f)
{
    if (f->fate == FATE_GOOD || f->fate == FATE_TWICE)
        return;
    response_clear(&f->reply);
    f->reply = (struct response){0};
    if (f->fate == FATE_FAULT_AFTER)
        say_fault(w, f);
    else if (f->fate == FATE_GARBLED)
        say(w, f, 200, "application/json", NULL,
            percent(w, 50) ? "{\"id\":\"zz\",\"version\":1}" : "{\"changes\":[");
    else
        say_end(f, f->fate == FATE_CUT || percent(w, 30) ? RESPONSE_CUT : RESPONSE_TIMED_OUT, true);
}

/* Whether the sender knows what became of a wish. */
static void note_unclear(struct world *w, const struct request *r, bool unclear)
{
    struct saved *s = r->asks_first ? saved_find(w, r->key) : NULL;
    if (s)
        s->unclear = unclear;
}

/* ── stages ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void connect_now(struct world *w, struct flight *f)
{
    static const enum response_end ends[] = {RESPONSE_NO_HOST, RESPONSE_REFUSED, RESPONSE_TIMED_OUT,
                                             RESPONSE_CERTIFICATE};
    struct station *st = &w->stations[f->station];
    f->stage = STAGE_REPLY;
    f->at = w->now + 1;
    if (w->now < st->pc->line_up) {
        say_end(f, ends[chance(w, 4)], false);
        return;
    }
    station_enter(w, st);
    bool leaves = !f->request->asks_first || sync_leaves(st->sync, f->request->id);
    if (st->pc->disk.off) {
        station_settle(w, st);
        return;
    }
    if (!leaves) {
        say_end(f, RESPONSE_HELD_BACK, false);
        return;
    }
    f->at = w->now + 5 + (int64_t)chance(w, 200);
    note_unclear(w, f->request, true);
    f->fate = choose(w, f->request);
    if (f->fate == FATE_TWICE)
        add_ghost(w, f->request, percent(w, 50) ? 1000 : LATE_MS);
    if (!ends_before(w, f))
        f->stage = STAGE_SERVER;
    trace(w, "%d #%llu %s %s: %s", f->station, (unsigned long long)f->request->id, f->request->method,
          f->request->url + strlen(SIM_BASE), fate_names[f->fate]);
}

/* The officer who sits there confirms in the browser: the training server takes the hint for that. */
static void confirm(struct world *w, struct flight *f)
{
    struct request *r = f->request;
    if (f->station < 0 || !strstr(r->url, "/oauth/device") || strstr(r->body, "login_hint"))
        return;
    r->body = arena_format(&r->arena, "%s&login_hint=%s", r->body, w->stations[f->station].sits);
    r->len = strlen(r->body);
}

static void serve(struct world *w, struct flight *f, bool again)
{
    struct central_answer answer;
    confirm(w, f);
    office_answer(w, f->request, f->station < 0, again ? &f->hold : NULL, &answer);
    if (answer.held && f->station >= 0) {
        f->hold = answer.hold;
        f->stage = STAGE_HELD;
        f->at = answer.hold.until * 1000;
        central_answer_clear(&answer);
        return;
    }
    if (!answer.held)
        trace(w, "%d #%llu served: %d", f->station, (unsigned long long)f->request->id, answer.status);
    if (f->station < 0) {
        end_flight(f);
    } else {
        take_answer(f, &answer);
        spoil(w, f);
        f->stage = STAGE_REPLY;
        f->at = w->now + 5 + (int64_t)chance(w, w->chaos && percent(w, 10) ? 15000 : 100);
        if (f->reply.end == RESPONSE_TIMED_OUT)
            f->at += GIVE_UP_MS;
    }
    central_answer_clear(&answer);
}

static void reply(struct world *w, struct flight *f)
{
    struct station *st = &w->stations[f->station];
    struct response r = f->reply;
    r.id = f->request->id;
    r.sent = f->sent;
    r.received = st->pc->env.mono;
    f->reply = (struct response){0};
    note_unclear(w, f->request, false);
    end_flight(f);
    station_event(w, st, &(struct sync_event){.kind = SYNC_REPLY, .reply = &r});
    response_clear(&r);
    station_settle(w, st);
}

static bool sleeps(const struct world *w, const struct flight *f)
{
    return f->station >= 0 && w->stations[f->station].until > w->now;
}

static bool is_due(const struct world *w, const struct flight *f)
{
    if (!f->request || (sleeps(w, f) && f->stage != STAGE_SERVER))
        return false;
    return f->at <= w->now || (f->stage == STAGE_HELD && central_ready(w->central, &f->hold, w->now / 1000));
}

int64_t wire_wake(const struct world *w)
{
    int64_t at = INT64_MAX;
    for (int i = 0; i < FLIGHTS; i++) {
        const struct flight *f = &w->flights[i];
        if (is_due(w, f))
            return w->now + 1;
        if (f->request && f->at < at && (!sleeps(w, f) || f->stage == STAGE_SERVER))
            at = f->at;
    }
    return at;
}

void wire_run(struct world *w)
{
    for (int i = 0; i < FLIGHTS && !w->failure[0]; i++) {
        struct flight *f = &w->flights[i];
        if (!is_due(w, f))
            continue;
        switch (f->stage) {
        case STAGE_CONNECT:
            connect_now(w, f);
            break;
        case STAGE_SERVER:
            serve(w, f, false);
            break;
        case STAGE_HELD:
            serve(w, f, true);
            break;
        case STAGE_REPLY:
            reply(w, f);
            break;
        }
    }
}

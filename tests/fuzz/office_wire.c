/* office_wire: the office's central, the network between, and whoever else works there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/office_inside.h"

#include "core/instant.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

#define GIVES_UP 30000 /* as transport.c does */

/* ── the central ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void seeded(void *context, void *bytes, size_t n)
{
    fake_random(&((struct machine *)context)->env.env, bytes, n);
}

char *office_keys(const struct office *o)
{
    return mem_format("%s/keys", o->machine->home);
}

void office_open_central(struct office *o)
{
    char *keys = office_keys(o);
    struct err e = {0};
    const struct central_options options = {.base = OFFICE_BASE,
                                            .scenario = "tests/fuzz/office.json",
                                            .seed = 1,
                                            .keys = keys,
                                            .auto_approve = "any",
                                            .start = INSTANT_NONE,
                                            .random = seeded,
                                            .context = o->machine};

    if (!central_new(&options, &o->central, &e))
        fail_at(HERE, "no central: %s", e.text);
    mem_free(&keys);
    o->now = central_start(o->central) * 1000;
}

static void ask_central(struct office *o, const struct central_request *r, struct central_answer *out)
{
    central_answer(o->central, r, o->now / 1000, out);
}

static char *form_answer(struct office *o, const char *path, const char *form, const char *member)
{
    struct central_answer a;

    ask_central(o,
                &(struct central_request){.method = "POST",
                                          .path = path,
                                          .content_type = "application/x-www-form-urlencoded",
                                          .body = form,
                                          .len = strlen(form)},
                &a);
    json_t *json = json_loadb(a.body.data ? a.body.data : "", a.body.len, 0, NULL);
    char *text = mem_copy(json_string_value(json_object_get(json, member)));
    json_decref(json);
    central_answer_clear(&a);
    return text;
}

static void sign_in_beside(struct office *o)
{
    char *code = form_answer(o, "/oauth/device", "client_id=motcua&scope=openid&login_hint=mai", "device_code");
    char *form = mem_format(
        "client_id=motcua&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=%s", code);
    char *token = form_answer(o, "/oauth/token", form, "access_token");

    snprintf(o->token, sizeof o->token, "Bearer %s", token);
    mem_free(&token);
    mem_free(&form);
    mem_free(&code);
}

void office_beside(struct office *o, const char *dossier)
{
    static const char body[] = "{\"action\":\"comment\",\"note\":\"việc \xe2\x80\xaekhác\"}";
    char *path = mem_format("/api/v1/dossiers/%s", dossier), *to = mem_format("%s/actions", path), key[32],
         etag[32];
    struct central_request r = {.method = "GET", .path = path, .body = ""};
    struct central_answer a;

    if (!o->token[0])
        sign_in_beside(o);
    r.authorization = o->token;
    ask_central(o, &r, &a);
    const char *version = central_answer_header(&a, "ETag");
    snprintf(etag, sizeof etag, "%s", version ? version : "");
    central_answer_clear(&a);
    snprintf(key, sizeof key, "beside-all-others-%u", ++o->beside);
    ask_central(o,
                &(struct central_request){.method = "POST",
                                          .path = to,
                                          .authorization = o->token,
                                          .if_match = etag,
                                          .idempotency_key = key,
                                          .content_type = "application/json",
                                          .body = body,
                                          .len = sizeof body - 1},
                &a);
    central_answer_clear(&a);
    mem_free(&to);
    mem_free(&path);
}

/* ── the network ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void hand_in(struct office *o, struct response *reply)
{
    struct sync_orders orders;

    sync_step(o->sync, &(struct sync_event){.kind = SYNC_REPLY, .reply = reply}, &orders);
    response_clear(reply);
    office_orders(o, &orders);
}

static void drop(struct office *o, uint64_t request)
{
    for (size_t i = 0; i < OFFICE_FLIGHTS; i++)
        if (o->flights[i].request && o->flights[i].request->id == request)
            request_free(&o->flights[i].request);
}

void office_orders(struct office *o, struct sync_orders *orders)
{
    for (size_t i = 0; i < orders->n_drop; i++)
        drop(o, orders->drop[i]);
    for (size_t i = 0; i < orders->n_begin; i++) {
        size_t free = 0;
        while (free < OFFICE_FLIGHTS && o->flights[free].request)
            free++;
        CHECK(free < OFFICE_FLIGHTS);
        o->flights[free] = (struct office_flight){.request = orders->begin[i], .sent = o->machine->env.mono};
    }
}

void office_step(struct office *o, const struct sync_event *event)
{
    struct sync_orders orders;

    sync_step(o->sync, event, &orders);
    office_orders(o, &orders);
}

static void fill_reply(struct response *r, const struct central_answer *a)
{
    const char **to, *name;

    r->status = a->status;
    for (size_t i = 0; (to = response_header(r, i, &name)); i++) {
        const char *value = central_answer_header(a, name);
        *to = value ? arena_copy(&r->arena, value) : NULL;
    }
    r->len = a->body.len;
    r->body = mem_copy_n(a->body.data ? a->body.data : "", a->body.len);
}

/* true: `reply` is what is said; false: nothing is yet. */
static bool serve(struct office *o, struct office_flight *f, struct response *reply)
{
    const struct request *r = f->request;
    const char *path = r->url + strlen(OFFICE_BASE), *query = strchr(path, '?');
    char *bearer = r->token ? mem_format("Bearer %s", r->token) : NULL;
    char *alone = query ? mem_copy_n(path, (size_t)(query - path)) : mem_copy(path);
    struct central_answer a;

    ask_central(o,
                &(struct central_request){.method = r->method,
                                          .path = alone,
                                          .query = query ? query + 1 : NULL,
                                          .authorization = bearer,
                                          .idempotency_key = r->key,
                                          .if_match = r->if_match,
                                          .upload_offset = r->upload_offset,
                                          .content_type = r->content_type,
                                          .body = r->body ? r->body : "",
                                          .len = r->len,
                                          .hold = f->held ? &f->hold : NULL},
                &a);
    if (a.held) {
        f->held = true;
        f->hold = a.hold;
    } else {
        fill_reply(reply, &a);
    }
    bool held = a.held;
    central_answer_clear(&a);
    mem_free(&alone);
    mem_free(&bearer);
    return !held;
}

static void say(struct response *reply, int status, const char *type, const char *body)
{
    response_clear(reply);
    reply->status = status;
    reply->type = type;
    reply->body = mem_copy(body);
    reply->len = strlen(body);
}

#define PROBLEM(name, status)               \
    "{\"type\":\"urn:onestop:problem:" name \
    "\",\"title\":\"Kh\\u00f4ng \\u001b[31m\\u202e\",\"status\":" status "}"

/* true: it is over. */
static bool fly(struct office *o, struct office_flight *f, struct response *reply)
{
    enum weather weather = o->weather;
    bool late = o->machine->env.mono - f->sent >= GIVES_UP + f->request->wait * 1000;

    reply->end = RESPONSE_ANSWER;
    if (!f->held && weather != WEATHER_DOWN && f->request->asks_first && !sync_leaves(o->sync, f->request->id)) {
        reply->end = RESPONSE_HELD_BACK;
        return true;
    }
    reply->left = weather != WEATHER_DOWN;
    if (weather == WEATHER_DOWN)
        reply->end = RESPONSE_REFUSED;
    else if (weather == WEATHER_SILENT)
        reply->end = RESPONSE_TIMED_OUT;
    else if (weather == WEATHER_TOKEN && f->request->token) {
        say(reply, 401, "application/problem+json", PROBLEM("unauthorized", "401"));
        reply->authenticate = "Bearer error=\"invalid_token\"";
    } else if (weather == WEATHER_FAULT)
        say(reply, 502, "text/html", "<h1>Bad \x1b[2J\xc2\x9b gateway</h1>");
    else if (weather == WEATHER_MAINTENANCE)
        say(reply, 503, "application/problem+json", PROBLEM("maintenance", "503"));
    else if (!serve(o, f, reply))
        return false;
    if (weather == WEATHER_SILENT)
        return late;
    if (weather == WEATHER_LOST_AFTER) {
        response_clear(reply);
        reply->end = RESPONSE_CUT;
    } else if (weather == WEATHER_GARBLED) {
        say(reply, 200, "application/json", "{\"id\":\"zz\",\"version\":");
    }
    reply->left = weather != WEATHER_DOWN;
    return true;
}

/* Whether something came. */
bool office_wire(struct office *o)
{
    bool any = false;

    for (size_t i = 0; i < OFFICE_FLIGHTS; i++) {
        struct office_flight *f = &o->flights[i];
        struct response reply = {.sent = f->sent, .received = o->machine->env.mono};
        if (!f->request)
            continue;
        if (f->held && o->weather == WEATHER_GOOD && o->now / 1000 < f->hold.until &&
            !central_ready(o->central, &f->hold, o->now / 1000))
            continue;
        if (!fly(o, f, &reply)) {
            response_clear(&reply);
            continue;
        }
        reply.id = f->request->id;
        reply.sent = f->sent;
        reply.received = o->machine->env.mono;
        request_free(&f->request);
        hand_in(o, &reply);
        any = true;
    }
    return any;
}

/* net_wire: see net_wire.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_wire.h"

#include <stdlib.h>
#include <string.h>

#include "core/instant.h"

static void open_sync(struct wire *w)
{
    struct sync_options options = {.base = WIRE_BASE, .follow = w->follow};
    w->sync = sync_new(&options, &w->machine->env.env);
}

void wire_new(struct wire *w, bool follow)
{
    *w = (struct wire){.follow = follow};
    w->machine = &w->own;
    machine_new(&w->own);
    open_sync(w);
}

void wire_beside(struct wire *w, struct wire *first)
{
    *w = (struct wire){.follow = first->follow, .machine = first->machine};
    open_sync(w);
    wire_attach(w);
}

static void remove_on(struct wire *w, size_t i)
{
    request_free(&w->on[i]);
    memmove(&w->on[i], &w->on[i + 1], (--w->n_on - i) * sizeof(struct request *));
}

static void close_all(struct wire *w)
{
    while (w->n_on > 0)
        remove_on(w, 0);
    sync_free(&w->sync);
    outbox_close(&w->outbox);
    cache_close(&w->cache);
    lease_free(&w->lease);
    if (w->answered)
        answer_clear(&w->answer);
    w->answered = false;
    w->n_events = 0;
}

void wire_free(struct wire *w)
{
    close_all(w);
    if (w->machine == &w->own)
        machine_free(&w->own);
}

void wire_restart(struct wire *w)
{
    close_all(w);
    open_sync(w);
    wire_attach(w);
}

/* ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void take_orders(struct wire *w, const struct sync_orders *orders)
{
    for (size_t i = 0; i < orders->n_drop; i++)
        for (size_t j = w->n_on; j-- > 0;)
            if (w->on[j]->id == orders->drop[i])
                remove_on(w, j);
    for (size_t i = 0; i < orders->n_begin; i++) {
        assert_true(w->n_on < SYNC_FLIGHTS);
        w->on[w->n_on++] = orders->begin[i];
        w->begun++;
    }
    struct answer answer;
    while (sync_answer(w->sync, &answer)) {
        if (w->answered)
            answer_clear(&w->answer);
        w->answer = answer;
        w->answered = true;
    }
    while (sync_take_event(w->sync, &w->event))
        w->n_events++;
}

static void step(struct wire *w, const struct sync_event *event)
{
    struct sync_orders orders;
    sync_step(w->sync, event, &orders);
    take_orders(w, &orders);
}

void wire_step(struct wire *w)
{
    while (sync_apply(w->sync, 4))
        ;
    step(w, &(struct sync_event){.kind = SYNC_TICK});
}

void wire_advance(struct wire *w, int64_t ms)
{
    int64_t end = w->machine->env.mono + ms;
    int idle = 0; /* turns that net wanted at once and did nothing in */
    while (w->machine->env.mono < end) {
        int64_t wake = sync_wake(w->sync), mono = w->machine->env.mono;
        int64_t next = wake <= mono ? mono + 1 : wake < end ? wake : end;
        idle = wake <= mono ? idle + 1 : 0;
        if (idle > 3)
            fail_at(HERE, "net does not sleep, %zu requests are on their way", w->n_on);
        w->machine->env.mono = next;
        w->machine->env.wall += next / 1000 - mono / 1000;
        wire_step(w);
    }
}

void wire_now(struct wire *w)
{
    step(w, &(struct sync_event){.kind = SYNC_NOW});
}

void wire_ask(struct wire *w, enum ask_kind kind, const char *dossier)
{
    static uint64_t id;
    struct ask ask = {.id = ++id,
                      .kind = kind,
                      .dossier = dossier ? mem_copy(dossier) : NULL,
                      .text = mem_copy("đào"),
                      .bytes = mem_copy_n("{\"a\":1}", 7),
                      .n = 7};
    w->ask = id;
    if (w->answered)
        answer_clear(&w->answer);
    w->answered = false;
    step(w, &(struct sync_event){.kind = SYNC_ASK, .ask = &ask});
}

void wire_cancel(struct wire *w)
{
    step(w, &(struct sync_event){.kind = SYNC_CANCEL, .cancel = w->ask});
}

void wire_attach(struct wire *w)
{
    struct err e = {0};
    bool fresh;
    struct sync_orders orders = {0};
    const char *officer = sync_officer(w->sync);
    assert_non_null(officer);
    if (!w->outbox) {
        assert_ok(cache_open(w->machine->dir, w->machine->path, w->machine->key, officer, &w->cache, &fresh, &e),
                  &e);
        assert_ok(outbox_open(w->machine->dir, w->machine->path, w->machine->key, officer,
                              &w->machine->env.env, &w->outbox, &fresh, &e),
                  &e);
        w->lease = lease_new(w->machine->dir);
    }
    sync_attach(w->sync, w->cache, w->outbox, w->lease, &orders);
    take_orders(w, &orders);
    wire_step(w);
}

/* ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct request *wire_find(struct wire *w, const char *begins)
{
    for (size_t i = 0; i < w->n_on; i++) {
        const char *path = strstr(strstr(w->on[i]->url, "://") + 3, "/");
        char *line = mem_format("%s %s", w->on[i]->method, path);
        bool found = strncmp(line, begins, strlen(begins)) == 0;
        mem_free(&line);
        if (found)
            return w->on[i];
    }
    return NULL;
}

struct request *wire_on_at(struct at where, struct wire *w, const char *begins)
{
    struct request *r = wire_find(w, begins);
    if (!r)
        fail_at(where, "%s is not on its way, but %zu others, e.g. %s", begins, w->n_on,
                w->n_on ? w->on[0]->url : "-");
    return r;
}

const char *wire_body(const struct request *r)
{
    return r->body ? r->body : "";
}

bool wire_connect(struct wire *w, struct request *r)
{
    assert_true(r->asks_first);
    return sync_leaves(w->sync, r->id);
}

static void finish(struct wire *w, struct request *r, struct response *reply)
{
    reply->id = r->id;
    reply->received = w->machine->env.mono;
    reply->sent = reply->received - 40;
    for (size_t i = w->n_on; i-- > 0;)
        if (w->on[i] == r)
            remove_on(w, i);
    step(w, &(struct sync_event){.kind = SYNC_REPLY, .reply = reply});
    response_clear(reply);
    wire_step(w);
}

void wire_lost(struct wire *w, struct request *r, enum response_end end)
{
    bool left = end == RESPONSE_CUT || end == RESPONSE_TIMED_OUT || end == RESPONSE_TOO_LARGE;
    if (left && r->asks_first)
        assert_true(wire_connect(w, r));
    finish(w, r, &(struct response){.end = end, .left = left, .why = "đã hết hạn"});
}

void wire_reply(struct wire *w, struct request *r, int status, const char *type, const char *body)
{
    char date[INSTANT_HTTP];
    instant_format_http(w->machine->env.wall + w->server_ahead, date);
    if (r->asks_first)
        wire_connect(w, r);
    struct response reply = {
        .end = RESPONSE_ANSWER,
        .left = true,
        .status = status,
        .type = type,
        .date = !w->date   ? date
                : *w->date ? w->date
                           : NULL,
        .etag = w->etag,
        .location = w->location,
        .retry_after = w->retry_after,
        .authenticate = w->authenticate,
        .dossier_version = w->dossier_version,
        .request_id = w->request_id,
        .body = mem_copy(body),
        .len = strlen(body),
    };
    w->etag = w->location = w->retry_after = w->authenticate = w->dossier_version = w->request_id = NULL;
    finish(w, r, &reply);
}

void wire_json(struct wire *w, struct request *r, int status, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    wire_reply(w, r, status, JSON_TYPE, text);
    free(text);
}

void wire_problem(struct wire *w, struct request *r, int status, const char *name, json_t *more)
{
    json_t *problem = json_pack("{s:s+, s:s, s:i}", "type", "urn:onestop:problem:", name, "title",
                                "Không được", "status", status);
    if (more)
        json_object_update(problem, more);
    json_decref(more);
    char *text = json_dumps(problem, JSON_COMPACT);
    json_decref(problem);
    if (status == 401 && !w->authenticate)
        w->authenticate = "Bearer error=\"invalid_token\"";
    wire_reply(w, r, status, PROBLEM, text);
    free(text);
}

void wire_page(struct wire *w, json_t *entries, const char *cursor, bool more, int poll_after)
{
    json_t *page = json_pack("{s:o, s:s, s:b}", "changes", entries, "cursor", cursor, "more", more);
    if (poll_after >= 0)
        json_object_set_new(page, "poll_after", json_integer(poll_after));
    wire_json(w, wire_on(w, "GET /api/v1/changes"), 200, page);
}

/* ── signing in ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void answer_about(struct wire *w)
{
    struct request *about = wire_find(w, "GET /api/v1/about");
    json_t *features = json_array();
    if (w->feature)
        json_array_append_new(features, json_string(w->feature));
    if (about)
        wire_json(w, about, 200,
                  json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:O}", "name", "Một cửa", "api_version", "1.0",
                            "issuer", "https://id.mc-demo.local", "client_id", "motcua", "time",
                            "2022-12-29T09:42:00+07:00", "training", true, "features", features));
    json_decref(features);
}

void wire_sign_in_as(struct wire *w, const char *officer, const char *access, const char *refresh)
{
    wire_ask(w, ASK_SIGN_IN, NULL);
    answer_about(w);
    if (wire_find(w, "GET /.well-known"))
        wire_json(w, wire_on(w, "GET /.well-known/openid-configuration"), 200,
                  json_pack("{s:s, s:s, s:s, s:s}", "issuer", "https://id.mc-demo.local", "token_endpoint",
                            "https://id.mc-demo.local/token", "device_authorization_endpoint",
                            "https://id.mc-demo.local/device", "revocation_endpoint",
                            "https://id.mc-demo.local/revoke"));
    wire_json(w, wire_on(w, "POST /device"), 200,
              json_pack("{s:s, s:s, s:s, s:i, s:i}", "device_code", "dc", "user_code", "WDJB-MJHT",
                        "verification_uri", "https://id.mc-demo.local/thiet-bi", "expires_in", 900,
                        "interval", 5));
    wire_advance(w, 5000);
    wire_json(w, wire_on(w, "POST /token"), 200,
              json_pack("{s:s, s:s, s:s, s:i}", "access_token", access, "refresh_token", refresh,
                        "token_type", "Bearer", "expires_in", 3600));
    wire_json(w, wire_on(w, "GET /api/v1/me"), 200,
              json_pack("{s:s, s:s, s:s, s:[s]}", "id", officer, "name", "Trần Thị Mai", "unit", "u", "roles",
                        "counter"));
    assert_true(w->answered && w->answer.final);
    assert_int_equal(w->answer.err.code, ERR_NONE);
}

void wire_sign_in(struct wire *w)
{
    wire_sign_in_as(w, ME, "access-1", "refresh-1");
    wire_attach(w);
    if (!w->follow)
        wire_now(w);
    wire_page(w, json_array(), "c1", false, -1);
}

/* ── wishes ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

void wire_wish(struct wire *w, const char *target, bool online_only, char key[static UUID_TEXT])
{
    struct wish wish = wish_on(target);
    char *path = mem_format("/dossiers/%s/actions", target);
    wish.path = path;
    wish.hold = false;
    wish.online_only = online_only;
    enqueue(w->outbox, &wish, key);
    mem_free(&path);
    wire_step(w);
}

json_t *wire_dossier(const char *id, int64_t version)
{
    return dossier_json(id, version, "in_progress", "assessment");
}

struct line_status wire_line(struct wire *w)
{
    struct line_status line;
    sync_line(w->sync, &line);
    return line;
}

struct command wire_row(struct wire *w, struct arena *arena, const char *key)
{
    struct command row;
    struct err e = {0};
    assert_ok(outbox_get(w->outbox, key, arena, &row, &e), &e);
    return row;
}

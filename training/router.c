/* router: from a method and a path to the one function that answers, in the contract's order: 401, the key, 400, then what the
 * function itself looks at (404, 428, 412, 403, 409, 413, 422). What is not in the table is 404.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/attachment.h"
#include "training/inside.h"
#include "training/numbers.h"
#include "training/oauth.h"
#include "training/payment.h"
#include "training/phone.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct say not_json = {{"Nội dung gửi lên không phải một đối tượng JSON đúng quy cách",
                                     "The body is not one well-formed JSON object"}};

/* ── session ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool about(struct call *call)
{
    static const struct say name = {{"Hệ thống thông tin giải quyết thủ tục hành chính (tập huấn)",
                                     "Administrative procedures (training)"}};
    char now[INSTANT_TEXT];

    instant_format(call->now, CENTRAL_ZONE_OFFSET, now);
    answer_value(call, 200,
                 json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:[s,s,s,s], s:i}", "name", say_text(call, name),
                           "api_version", "1.0", "issuer", call->central->base, "client_id", CLIENT_ID,
                           "time", now, "training", 1, "features", "remote_signing", "payments",
                           "attachments", "number_blocks", "max_upload_bytes", UPLOAD_MAX));
    return true;
}

static bool me(struct call *call)
{
    struct store *store = call->central->store;
    sqlite3_stmt *s = store_query(store, THING_GET, "it", (int64_t)THING_OFFICER, call->me->id);
    struct buf body = {0};

    if (!store_row(store, s))
        return problem_answer(call, PROBLEM_FORBIDDEN);
    buf_text(&body, store_text(s, COLUMN_DOC));
    store_done(s);
    answer_json(call, 200, &body);
    return true;
}

/* ── routes ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

enum needs { OPEN = 1, KEY = 2, BODY = 4 };
struct route {
    const char *method, *path; /* `*` is an id */
    bool (*handle)(struct call *);
    unsigned needs;
};

static const struct route routes[] = {
    {"GET", "/about", about, OPEN},
    {"GET", "/me", me, 0},
    {"GET", "/changes", feed_changes, 0},
    {"POST", "/dossiers/search", dossier_search, BODY},
    {"POST", "/dossiers", dossier_create, KEY | BODY},
    {"GET", "/dossiers/*", dossier_get, 0},
    {"PATCH", "/dossiers/*", dossier_correct, KEY | BODY},
    {"POST", "/dossiers/*/actions", dossier_act, KEY | BODY},
    {"GET", "/dossiers/*/events", dossier_events, 0},
    {"POST", "/dossiers/*/payments", payment_request, KEY | BODY},
    {"DELETE", "/dossiers/*/payments/*", payment_cancel, KEY},
    {"POST", "/dossiers/*/attachments", attachment_announce, KEY | BODY},
    {"DELETE", "/attachments/*", attachment_delete, KEY},
    {"GET", "/attachments/*/upload", upload_offset, 0},
    {"PATCH", "/attachments/*/upload", upload_bytes, 0},
    {"GET", "/attachments/*/content", attachment_download, 0},
    {"POST", "/number-blocks", numbers_reserve, KEY | BODY},
    {"POST", "/signatures", signature_request, KEY | BODY},
    {"GET", "/signatures/*", signature_state, 0},
    {"DELETE", "/signatures/*", signature_cancel, KEY},
};

/* Sign-in, and the page for whoever confirms it: beside /api, and not by the contract's own rules. */
static const struct {
    const char *method, *path;
    void (*handle)(struct call *);
} pages[] = {
    {"GET", "/.well-known/openid-configuration", oauth_metadata},
    {"POST", "/oauth/device", oauth_device},
    {"POST", "/oauth/token", oauth_token},
    {"POST", "/oauth/revoke", oauth_revoke},
    {"GET", DEVICE_PATH, device_page},
    {"POST", DEVICE_PATH, device_page},
    {"GET", PHONE_PATH, phone_page},
    {"POST", PHONE_PATH, phone_page},
    {"GET", BANK_PATH, bank_page},
    {"POST", BANK_PATH, bank_page},
};

/* Whether `path` is as the pattern says; then `ids` are what stands for each `*`, in the arena. */
static bool matches(struct call *call, const char *pattern, const char *path, const char *ids[static 2])
{
    size_t n_ids = 0;

    for (; *pattern; pattern++) {
        if (*pattern != '*') {
            if (*path++ != *pattern)
                return false;
            continue;
        }
        size_t n = strcspn(path, "/");
        ids[n_ids++] = arena_copy_n(&call->arena, path, n);
        path += n;
    }
    return *path == '\0';
}

static const struct route *find_route(struct call *call, const char *path)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const char *ids[2] = {NULL, NULL};
        if (strcmp(routes[i].method, call->request->method) != 0 || !matches(call, routes[i].path, path, ids))
            continue;
        call->dossier = ids[0];
        call->part = ids[1];
        return &routes[i];
    }
    return NULL;
}

/* ── one request ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool authorized(struct call *call)
{
    const char *header = call->request->authorization;
    char *officer;

    if (!header || strncasecmp(header, "Bearer ", 7) != 0 ||
        !token_check(call->central, header + 7 + strspn(header + 7, " "), call->now, &officer, &call->arena,
                     &call->signed_in_at))
        return problem_answer(call, PROBLEM_UNAUTHORIZED);
    call->me = directory_officer(call->central->directory, officer, &call->officer);
    return call->me || problem_answer(call, PROBLEM_FORBIDDEN);
}

/* A body too long to be read is left to the function: other problems come before 413. */
static bool read_body(struct call *call)
{
    const struct central_request *request = call->request;

    if (request->len > CODEC_MAX_BYTES)
        return true;
    json_t *body = codec_parse(request->body, request->len, NULL);
    codec_keep(&call->arena, body);
    if (!json_is_object(body) || !json_normalize(body))
        return problem_at(call, PROBLEM_MALFORMED, NULL, not_json);
    call->body = body;
    return true;
}

static bool run(struct call *call)
{
    if (call->route->needs & BODY && !read_body(call))
        return false;
    return call->route->handle(call);
}

/* What changes nothing may still write: a decision is signed when it is first looked at (records.c). */
static void plainly(struct call *call)
{
    struct store *store = call->central->store;

    store_begin(store);
    run(call);
    if (!store_commit(store))
        problem_answer(call, PROBLEM_INTERNAL);
    else if (call->touched.seq)
        feed_tell(call->central, &call->touched, call->now);
}

static void api(struct call *call, const char *path)
{
    call->route = find_route(call, path);
    if (call->route && call->route->needs & OPEN) {
        call->route->handle(call);
        return;
    }
    if (!authorized(call))
        return;
    feed_sweep(call->central, call->now);
    payment_sweep(call->central, call->now);
    attachment_sweep(call->central, call->now);
    if (!call->route)
        problem_answer(call, PROBLEM_NOT_FOUND);
    else if (call->route->needs & KEY)
        idempotent(call, run);
    else
        plainly(call);
}

static void route(struct call *call)
{
    static const char prefix[] = "/api/v1";
    const char *path = call->request->path;

    if (strncmp(path, prefix, sizeof prefix - 1) == 0) {
        api(call, path + sizeof prefix - 1);
        return;
    }
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (strcmp(path, pages[i].path) == 0 && strcmp(call->request->method, pages[i].method) == 0) {
            pages[i].handle(call);
            return;
        }
    }
    problem_answer(call, PROBLEM_NOT_FOUND);
}

void central_answer(struct central *central, const struct central_request *request, int64_t now,
                    struct central_answer *answer)
{
    struct call call = {.central = central, .request = request, .answer = answer, .now = now};
    char date[INSTANT_HTTP];

    *answer = (struct central_answer){0};
    call.language = language_of(request->accept_language);
    route(&call);
    if (!answer->held) {
        instant_format_http(now, date);
        answer_header(answer, "Date", "%s", date);
        answer_header(answer, "Cache-Control", "no-store");
        answer_header(answer, "Request-Id", "r%llx", (unsigned long long)++central->requests);
    }
    arena_clear(&call.arena);
}

/* judge: status by status as the contract says. What is not of the contract's form is not the central's word, whatever its status:
 * a portal says 403 and 404 as well.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/judge.h"

#include "net/say.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ── whatever was asked ──────────────────────────────────────────────────────────────────────────────────────────── */

/* The media type without its parameters. */
static bool is_type(const char *header, const char *type)
{
    size_t n = header ? strcspn(header, "; \t") : 0;
    return n == strlen(type) && strncasecmp(header, type, n) == 0;
}

static bool is_named(const struct judged *j, const char *name)
{
    return j->problem.title && strcmp(problem_name(&j->problem), name) == 0;
}

static bool read_problem(const struct response *reply, struct arena *arena, struct problem *out)
{
    json_t *json = NULL;
    bool ok = is_type(reply->type, "application/problem+json") &&
              codec_read(&shape_problem, reply->body, reply->len, arena, out, &json, NULL) &&
              out->status == reply->status && problem_name(out)[0] != '\0';
    codec_keep(arena, json);
    if (!ok)
        *out = (struct problem){0};
    return ok;
}

static bool asks_for_bearer(const struct response *reply)
{
    return reply->authenticate && strncasecmp(reply->authenticate, "Bearer", 6) == 0;
}

static enum kind_of_answer kind_of(const struct response *reply, const struct judged *j)
{
    bool problem = j->problem.title != NULL;
    int status = reply->status;
    if (status / 100 == 2)
        return ANSWER_GOOD;
    if (status == 401 && asks_for_bearer(reply))
        return is_named(j, "step-up-required") || strstr(reply->authenticate, "insufficient_user_authentication")
                   ? ANSWER_STEP_UP
                   : ANSWER_TOKEN;
    if (status == 429)
        return ANSWER_LATER;
    if (status == 503 && is_named(j, "maintenance"))
        return ANSWER_CLOSED;
    if (status / 100 == 5 || status == 408)
        return ANSWER_FAULT;
    return problem && status / 100 == 4 && status != 401 ? ANSWER_PROBLEM : ANSWER_GARBLED;
}

void judge_reply(const struct response *reply, struct arena *arena, struct judged *out)
{
    *out = (struct judged){.kind = ANSWER_NO_LINE};
    if (reply->end == RESPONSE_TOO_LARGE)
        out->kind = ANSWER_GARBLED;
    if (reply->end != RESPONSE_ANSWER)
        return;
    if (reply->status >= 400)
        read_problem(reply, arena, &out->problem);
    out->kind = kind_of(reply, out);
}

bool judge_is_json(const struct response *reply)
{
    return is_type(reply->type, "application/json");
}

/* A portal may call its page JSON: every answer of the API begins as an object does. */
static bool begins_as_object(const struct response *reply)
{
    size_t i = 0;
    while (i < reply->len && strchr(" \t\r\n", reply->body[i]))
        i++;
    return i < reply->len && reply->body[i] == '{';
}

bool judge_is_central(const struct response *reply, const struct judged *judged)
{
    return judged->problem.title ||
           (judged->kind == ANSWER_GOOD &&
            (reply->status == 204 || (judge_is_json(reply) && begins_as_object(reply))));
}

bool judge_body(const struct response *reply, const struct codec_shape *shape, struct arena *arena, void *out)
{
    json_t *json = NULL;
    bool ok = judge_is_json(reply) && codec_read(shape, reply->body, reply->len, arena, out, &json, NULL);
    codec_keep(arena, json);
    return ok;
}

/* ── a wish ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What the contract promises for a success, by method and path; `*` stands for one part of a path. */
static const struct promise {
    const char *method, *path;
    int status;
    const struct codec_shape *shape; /* NULL: any object */
    bool dossier;                    /* it is the dossier itself, of the path's id where the path has one */
} promises[] = {
    {"POST", "/dossiers", 201, &shape_dossier, true},
    {"PATCH", "/dossiers/*", 200, &shape_dossier, true},
    {"POST", "/dossiers/*/actions", 200, &shape_dossier, true},
    {"POST", "/dossiers/*/attachments", 201, &shape_attachment, false},
    {"DELETE", "/attachments/*", 204, NULL, false},
    {"POST", "/dossiers/*/payments", 201, &shape_payment, false},
    {"DELETE", "/dossiers/*/payments/*", 204, NULL, false},
    {"POST", "/number-blocks", 201, NULL, false},
    {"POST", "/signatures", 202, NULL, false},
    {"DELETE", "/signatures/*", 204, NULL, false},
    {"POST", "/documents", 201, NULL, false},
    {"POST", "/documents/*/actions", 200, NULL, false},
    {"POST", "/messages", 201, NULL, false},
    {"POST", "/visits", 201, NULL, false},
};

static bool fits(const char *pattern, const char *path)
{
    for (; *pattern; pattern++) {
        if (*pattern != '*') {
            if (*path++ != *pattern)
                return false;
            continue;
        }
        size_t n = strcspn(path, "/");
        if (n == 0)
            return false;
        path += n;
    }
    return *path == '\0';
}

static const struct promise *promise_of(const struct command *c)
{
    for (size_t i = 0; i < sizeof(promises) / sizeof(*promises); i++)
        if (strcmp(promises[i].method, c->method) == 0 && fits(promises[i].path, c->path))
            return &promises[i];
    return NULL;
}

/* "7" in quotes; NULL for a weak one (a proxy that compresses makes them) and whatever else is no version. */
static const char *strong_version(struct arena *arena, const char *etag)
{
    size_t n = etag ? strlen(etag) : 0;
    if (n < 3 || etag[0] != '"' || etag[n - 1] != '"' || strspn(etag + 1, "0123456789") != n - 2)
        return NULL;
    return arena_copy_n(arena, etag + 1, n - 2);
}

/* The last part of a path or URL is this id. */
static bool ends_in(const char *location, const char *id)
{
    const char *last = location ? strrchr(location, '/') : NULL;
    return last && strcmp(last + 1, id) == 0;
}

static bool dossier_is_meant(const struct command *c, const struct response *reply, struct arena *arena,
                             struct judgement *out)
{
    struct dossier d;
    if (!judge_body(reply, &shape_dossier, arena, &d) || !id_valid(d.id))
        return false;
    out->version = arena_format(arena, "%lld", (long long)d.version);
    out->dossier = true;
    const char *etag = strong_version(arena, reply->etag);
    if (etag && strcmp(etag, out->version) != 0)
        return false; /* it contradicts itself */
    if (strcmp(c->path, "/dossiers") == 0)
        return ends_in(reply->location, d.id);
    size_t n = strlen(d.id);
    const char *at = c->path + strlen("/dossiers/");
    return strncmp(at, d.id, n) == 0 && (at[n] == '/' || at[n] == '\0');
}

static bool number_is_plain(const char *text)
{
    return text && *text && text[strspn(text, "0123456789")] == '\0' && strlen(text) <= 16;
}

static bool success_is_meant(const struct command *c, const struct response *reply, struct arena *arena,
                             struct judgement *out)
{
    const struct promise *p = promise_of(c);
    union {
        struct attachment attachment;
        struct payment payment;
    } thing;
    if (!p || reply->status != p->status)
        return false;
    if (p->dossier)
        return dossier_is_meant(c, reply, arena, out);
    out->version =
        number_is_plain(reply->dossier_version) ? reply->dossier_version : strong_version(arena, reply->etag);
    if (p->status == 204)
        return true;
    if (p->shape == &shape_attachment) {
        if (!judge_body(reply, p->shape, arena, &thing) || !id_valid(thing.attachment.id))
            return false;
        out->attachment = thing.attachment.id;
        return true;
    }
    if (p->shape)
        return judge_body(reply, p->shape, arena, &thing);
    json_t *json = judge_is_json(reply) ? codec_parse(reply->body, reply->len, NULL) : NULL;
    bool object = json_is_object(json);
    json_decref(json);
    return object;
}

static void judge_problem(struct judgement *out, const struct response *reply)
{
    bool in_progress = strcmp(problem_name(&out->problem), "idempotency-in-progress") == 0;
    say_problem(&out->why, &out->problem);
    if (reply->status == 409 && in_progress) {
        out->verdict = VERDICT_NO_ANSWER;
        out->may_have_arrived = true;
        out->retry_after = reply->retry_after;
    } else {
        out->verdict = reply->status == 409 || reply->status == 412 ? VERDICT_CONFLICT : VERDICT_REFUSED;
    }
}

static void judge_silence(struct judgement *out, const struct response *reply)
{
    out->verdict = VERDICT_NO_ANSWER;
    out->may_have_arrived = reply->left;
    switch (out->kind) {
    case ANSWER_LATER:
        out->may_have_arrived = false; /* not remembered, so not done */
        out->retry_after = reply->retry_after;
        say_rate_limited(&out->why);
        break;
    case ANSWER_FAULT:
    case ANSWER_CLOSED:
        out->retry_after = reply->retry_after;
        say_server_fault(&out->why, reply);
        break;
    default:
        if (out->kind == ANSWER_GARBLED)
            say_garbled(&out->why, reply);
        else if (reply->left)
            say_unknown(&out->why);
        else
            say_online_only(&out->why);
    }
}

void judge_wish(const struct command *c, const struct response *reply, struct arena *arena, struct judgement *out)
{
    struct judged judged;
    judge_reply(reply, arena, &judged);
    *out = (struct judgement){.kind = judged.kind, .problem = judged.problem};
    switch (judged.kind) {
    case ANSWER_GOOD:
        if (success_is_meant(c, reply, arena, out)) {
            out->verdict = VERDICT_DONE;
            return;
        }
        *out = (struct judgement){.kind = ANSWER_GARBLED};
        judge_silence(out, reply);
        return;
    case ANSWER_TOKEN:
        out->verdict = VERDICT_TOKEN;
        say_session_over(&out->why);
        return;
    case ANSWER_STEP_UP:
        out->verdict = VERDICT_STEP_UP;
        say_step_up(&out->why);
        return;
    case ANSWER_PROBLEM:
        judge_problem(out, reply);
        return;
    default:
        judge_silence(out, reply);
    }
}

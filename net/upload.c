/* upload: see upload.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/upload.h"

#include "core/i18n.h"
#include "net/backoff.h"
#include "net/say.h"

#include <stdlib.h>
#include <string.h>

enum {
    DISK_PAUSE_MS = 5000,
    AGAIN_MOST = 5,    /* a server that loses a file more often than that is asked no more */
    REFUSALS_MOST = 2, /* bytes that arrived changed twice were not changed on the way */
};

void uploads_init(struct uploads *u, struct env *env, const char *base)
{
    *u = (struct uploads){.env = env, .base = base, .offset = -1};
}

static void forget_file(struct uploads *u)
{
    file_close(&u->reader);
    arena_clear(&u->arena);
    u->file = (struct waiting_file){0};
    u->offset = -1;
    u->failures = u->refusals = 0;
    u->next_at = 0;
}

void uploads_attach(struct uploads *u, struct outbox *outbox)
{
    forget_file(u);
    u->busy = false;
    u->outbox = outbox;
}

void uploads_look(struct uploads *u)
{
    if (u->next_at == INT64_MAX)
        u->next_at = 0;
}

void uploads_clear(struct uploads *u)
{
    uploads_attach(u, NULL);
}

/* ── what is next ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The oldest that was announced and does not stand still. */
static bool choose(struct uploads *u)
{
    struct waiting_file *all;
    size_t n;

    if (!files_waiting(u->outbox, NULL, &u->arena, &all, &n, NULL))
        n = 0;
    for (size_t i = 0; i < n; i++) {
        if (!all[i].attachment || all[i].trouble)
            continue;
        u->file = all[i];
        return true;
    }
    forget_file(u);
    u->next_at = INT64_MAX; /* uploads_look() */
    return false;
}

static void stop(struct uploads *u, const char *why)
{
    struct err e = {0};
    bool written = file_stop(u->outbox, u->file.key, why, &e);

    forget_file(u);
    u->next_at = written ? 0 : u->env->mono(u->env) + DISK_PAUSE_MS;
}

static bool next_piece(struct uploads *u, struct request *out)
{
    struct buf bytes = {0};
    struct err e = {0};
    int64_t left = u->file.about.size - u->offset;

    u->len = left < UPLOAD_PIECE ? (size_t)left : UPLOAD_PIECE;
    if ((!u->reader && !file_open(u->outbox, u->file.key, &u->reader, &e)) ||
        !file_read_at(u->reader, u->offset, u->len, &bytes, &e)) {
        buf_wipe(&bytes);
        stop(u, e.text);
        return false;
    }
    out->method = "PATCH";
    out->content_type = "application/octet-stream";
    out->upload_offset = arena_format(&out->arena, "%lld", (long long)u->offset);
    out->body = arena_copy_n(&out->arena, bytes.data, bytes.len);
    out->len = bytes.len;
    buf_wipe(&bytes);
    return true;
}

bool uploads_next(struct uploads *u, struct request *out)
{
    if (!u->outbox || u->busy || u->env->mono(u->env) < u->next_at)
        return false;
    if (!u->file.key[0] && !choose(u))
        return false;
    out->url = arena_format(&out->arena, "%s/api/v1/attachments/%s/upload", u->base, u->file.attachment);
    out->method = "GET";
    u->piece = u->offset >= 0 && u->offset < u->file.about.size;
    return !u->piece || next_piece(u, out);
}

void uploads_began(struct uploads *u)
{
    u->busy = true;
}

void uploads_dropped(struct uploads *u)
{
    u->busy = false;
    u->offset = -1;
}

int64_t uploads_wake(const struct uploads *u)
{
    return !u->outbox || u->busy ? INT64_MAX : u->next_at;
}

/* ── what became of it ───────────────────────────────────────────────────────────────────────────────────────────── */

/* Asked again where it stands. The first time as soon as the line is open; then it waits for itself, or it would hold up the others. */
static void failed(struct uploads *u, const char *retry_after)
{
    int64_t wait = backoff_retry_after(u->env, retry_after);

    u->offset = -1;
    u->failures++;
    if (wait < 0)
        wait = u->failures == 1 ? 0 : backoff_after(u->env, u->failures - 1);
    u->next_at = u->env->mono(u->env) + wait;
}

/* A count of bytes of this file, or -1. */
static int64_t stands_at(const struct uploads *u, const struct response *reply)
{
    const char *text = reply->upload_offset;

    if (!text || !*text || strlen(text) > 15 || text[strspn(text, "0123456789")])
        return -1;
    int64_t n = strtoll(text, NULL, 10);
    return n <= u->file.about.size ? n : -1;
}

static int64_t version_of(const struct response *reply)
{
    const char *text = reply->dossier_version;

    return text && strlen(text) <= 15 && text[strspn(text, "0123456789")] == '\0' ? strtoll(text, NULL, 10) : 0;
}

static void completed(struct uploads *u, int64_t version)
{
    struct err e = {0};
    bool written = file_complete(u->outbox, u->file.key, version, &e);

    forget_file(u); /* not written down: it is asked again, and complete again */
    u->next_at = written ? 0 : u->env->mono(u->env) + DISK_PAUSE_MS;
}

static void take_answer(struct uploads *u, const struct response *reply)
{
    int64_t at = reply->status == 204 ? stands_at(u, reply) : -1;
    bool complete = reply->upload_complete && strcmp(reply->upload_complete, "true") == 0;

    if (at < 0 || (complete && at != u->file.about.size)) {
        failed(u, NULL);
        return;
    }
    if (complete) {
        completed(u, version_of(reply));
        return;
    }
    if (at == u->file.about.size) { /* all of it, and not complete: no server of the contract's stands so */
        failed(u, NULL);
        return;
    }
    if (u->piece && at > u->offset)
        u->failures = 0;
    u->offset = at;
    file_sent(u->outbox, u->file.key, at, NULL);
}

static void lost_there(struct uploads *u, int64_t now)
{
    struct err e = {0};

    if (u->file.again >= AGAIN_MOST) {
        stop(u, _("The server has lost this scan again and again. Tell the IT department."));
        return;
    }
    bool written = file_again(u->outbox, u->file.key, now, &e);
    if (!written && e.code == ERR_STORE) {
        stop(u, e.text);
        return;
    }
    forget_file(u);
}

static void take_problem(struct uploads *u, const struct response *reply, const struct judged *judged, int64_t now)
{
    struct err why = {0};
    const char *name = problem_name(&judged->problem);
    int64_t at = stands_at(u, reply);

    if (reply->status == 404) {
        lost_there(u, now);
    } else if (reply->status == 409 && strcmp(name, "offset-mismatch") == 0) {
        failed(u, NULL);
        u->offset = u->failures == 1 ? at : -1;
    } else if (strcmp(name, "digest-mismatch") == 0 && ++u->refusals < REFUSALS_MOST) {
        u->offset = 0;
        file_sent(u->outbox, u->file.key, 0, NULL);
    } else {
        say_problem(&why, &judged->problem);
        stop(u, why.text);
    }
}

void uploads_reply(struct uploads *u, const struct response *reply, const struct judged *judged, int64_t now)
{
    u->busy = false;
    if (!u->file.key[0])
        return;
    switch (judged->kind) {
    case ANSWER_GOOD:
        take_answer(u, reply);
        break;
    case ANSWER_PROBLEM:
        take_problem(u, reply, judged, now);
        break;
    case ANSWER_TOKEN:
    case ANSWER_STEP_UP:
        break; /* the same again with another token */
    case ANSWER_LATER:
    case ANSWER_CLOSED:
        u->offset = -1;
        break; /* all of us wait */
    default:
        failed(u, reply->retry_after);
    }
}

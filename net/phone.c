/* phone: see phone.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/phone.h"

#include "core/i18n.h"
#include "core/text.h"
#include "net/backoff.h"
#include "net/say.h"

#include <stdlib.h>
#include <string.h>

#define POLL_MS    2000   /* contract, requestSignature */
#define PAUSE_MOST 15000  /* between two attempts without an answer */
#define WAIT_MS    330000 /* the server waits 5 minutes by its own clock; this long an answer is looked for */

struct phone *phone_new(struct env *env, const void *statement, size_t n)
{
    struct phone *p = mem_alloc(sizeof *p);
    char *text = base64_encode(statement, n);

    p->env = env;
    p->body = mem_format("{\"statement\":\"%s\"}", text);
    p->len = strlen(p->body);
    p->until = env->mono(env) + WAIT_MS;
    env_uuid(env, p->ask_key);
    env_uuid(env, p->end_key);
    mem_wipe(text, strlen(text));
    mem_free(&text);
    return p;
}

void phone_free(struct phone **at)
{
    struct phone *p = *at;

    if (!p)
        return;
    mem_wipe(p->body, p->len);
    mem_free(&p->body);
    mem_free(&p->id);
    free(p);
    *at = NULL;
}

bool phone_is_due(const struct phone *p)
{
    return p->env->mono(p->env) >= p->at;
}

bool phone_is_late(const struct phone *p)
{
    return p->env->mono(p->env) >= p->until;
}

void phone_say_late(struct err *e)
{
    err_set(
        e, ERR_OFFLINE, "%s",
        _("What the phone said could not be fetched in time. Nothing was decided; see the dossier again, then sign again."));
}

void phone_next(struct phone *p, const char *base, struct request *out)
{
    bool ends = p->called_off && p->id;

    out->method = !p->id ? "POST" : ends ? "DELETE" : "GET";
    out->url = !p->id ? arena_format(&out->arena, "%s/api/v1/signatures", base)
                      : arena_format(&out->arena, "%s/api/v1/signatures/%s", base, p->id);
    if (!p->id) {
        out->content_type = "application/json";
        out->body = arena_copy_n(&out->arena, p->body, p->len);
        out->len = p->len;
        out->key = arena_copy(&out->arena, p->ask_key);
    } else if (ends) {
        out->key = arena_copy(&out->arena, p->end_key);
    }
}

bool phone_call_off(struct phone *p, bool busy, bool *drop)
{
    p->called_off = true;
    p->at = 0;
    *drop = busy && p->id;
    return !busy && !p->arrived;
}

/* ── how it stands ───────────────────────────────────────────────────────────────────────────────────────────────── */

static bool over(struct phone *p, struct answers *answers, uint64_t ask, const struct err *why)
{
    if (!p->called_off)
        answers_add(answers, ask, ASK_REMOTE_SIGN, true)->err = *why;
    return true;
}

static bool refused(struct phone *p, struct answers *answers, uint64_t ask, const char *sentence)
{
    struct err why = {0};

    err_set(&why, ERR_REFUSED, "%s", sentence);
    return over(p, answers, ask, &why);
}

static bool goes_on(struct phone *p, const struct signature_request *r, struct answers *answers, uint64_t ask)
{
    p->at = p->called_off ? 0 : p->env->mono(p->env) + POLL_MS;
    if (!p->told && !p->called_off) {
        struct answer *a = answers_add(answers, ask, ASK_REMOTE_SIGN, false);
        a->phone_code = text_shown(&a->arena, r->confirmation_code ? r->confirmation_code : "");
        a->phone_until = r->expires_at;
        p->told = true;
    }
    return false;
}

static bool stands(struct phone *p, const struct signature_request *r, struct answers *answers, uint64_t ask)
{
    if (strcmp(r->status, "rejected") == 0)
        return refused(p, answers, ask, _("It was rejected on the phone. Nothing was signed."));
    if (strcmp(r->status, "expired") == 0)
        return refused(p, answers, ask, _("The phone did not confirm in time. Nothing was signed."));
    if (strcmp(r->status, "cancelled") == 0)
        return refused(p, answers, ask, _("The signature was called off. Nothing was signed."));
    if (strcmp(r->status, "signed") != 0)
        return goes_on(p, r, answers, ask);
    if (!p->called_off) {
        struct answer *a = answers_add(answers, ask, ASK_REMOTE_SIGN, true);
        a->cms = arena_copy(&a->arena, r->cms);
    }
    return true;
}

/* The same again in a while; who waits hears it once. */
static bool again(struct phone *p, const struct response *reply, struct answers *answers, uint64_t ask)
{
    int64_t asked = backoff_retry_after(p->env, reply->retry_after),
            pause = POLL_MS * (int64_t)(1 + p->failures);

    pause = pause < PAUSE_MOST ? pause : PAUSE_MOST;
    p->failures++;
    p->arrived = p->arrived || reply->left;
    p->at = p->env->mono(p->env) + (asked >= 0 ? asked : pause + env_random_below(p->env, POLL_MS));
    if (p->called_off || p->failures != 1)
        return p->called_off && !p->arrived; /* there is nothing to call off */
    p->told = false;
    err_set(
        &answers_add(answers, ask, ASK_REMOTE_SIGN, false)->err, ERR_OFFLINE, "%s",
        _("It is not known yet what the phone says: the server does not answer. It is asked again by itself; Esc stops waiting."));
    return false;
}

static bool good(struct phone *p, const struct response *reply, struct answers *answers, uint64_t ask)
{
    struct arena arena = {0};
    struct signature_request r;
    bool ok = judge_body(reply, &shape_signature_request, &arena, &r) && id_valid(r.id) &&
              (!p->id || strcmp(p->id, r.id) == 0) && (strcmp(r.status, "signed") != 0 || (r.cms && *r.cms));
    bool end;

    if (ok) {
        p->failures = 0;
        p->arrived = true;
        if (!p->id)
            p->id = mem_copy(r.id);
        end = stands(p, &r, answers, ask);
    } else {
        end = again(p, reply, answers, ask); /* from no central, or cut: it is no answer */
    }
    arena_clear(&arena);
    return end;
}

static bool problem(struct phone *p, const struct response *reply, const struct problem *problem,
                    struct answers *answers, uint64_t ask)
{
    struct err why = {0};

    if (reply->status == 409 && strcmp(problem_name(problem), "idempotency-in-progress") == 0)
        return again(p, reply, answers, ask);
    if (reply->status == 404)
        return refused(p, answers, ask,
                       p->id ? _("The server knows nothing of this request any more. Nothing was signed.")
                             : _("The system offers no signing by phone. Nothing was signed."));
    say_problem(&why, problem);
    return over(p, answers, ask, &why);
}

bool phone_reply(struct phone *p, const struct response *reply, const struct judged *judged,
                 struct answers *answers, uint64_t ask)
{
    struct err why = {0};

    switch (judged->kind) {
    case ANSWER_GOOD:
        return (p->called_off && reply->status == 204) || good(p, reply, answers, ask);
    case ANSWER_PROBLEM:
        return problem(p, reply, &judged->problem, answers, ask);
    case ANSWER_TOKEN:
        say_session_over(&why);
        return over(p, answers, ask, &why);
    case ANSWER_STEP_UP:
        say_step_up(&why);
        return over(p, answers, ask, &why);
    default:
        return again(p, reply, answers, ask);
    }
}

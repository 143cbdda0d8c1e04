/* signin: the device authorization grant (RFC 8628) from the code on the screen to the officer's name, and sign-out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/session_internal.h"

#include "core/instant.h"
#include "net/say.h"

#include <string.h>

#define DEVICE_GRANT "urn:ietf:params:oauth:grant-type:device_code"

enum {
    SLOWER_MS = 5000,      /* RFC 8628, 3.5: after each slow_down */
    PAUSE_MOST_MS = 60000, /* between two polls, where the line is bad */
    CODE_MOST = 1800,      /* seconds that a code is shown, whatever the server says */
};

/* ── beginning and end ───────────────────────────────────────────────────────────────────────────────────────────── */

static void clear_code(struct session *s)
{
    if (s->device_code)
        mem_wipe(s->device_code, strlen(s->device_code));
    mem_free(&s->device_code);
    pair_clear(&s->fresh);
    s->poll_failures = 0;
}

void session_sign_in(struct session *s, uint64_t ask)
{
    struct err replaced = {0};
    say_code_expired(&replaced);
    signin_end(s, &replaced);
    s->signing_in = true;
    s->sign_in = ask;
}

void signin_end(struct session *s, const struct err *why)
{
    if (!s->signing_in)
        return;
    s->signing_in = false;
    clear_code(s);
    answers_add(s->answers, s->sign_in, ASK_SIGN_IN, true)->err = *why;
}

void session_sign_out(struct session *s, uint64_t ask)
{
    struct err over = {0};
    say_signed_out(&over);
    signin_end(s, &over);
    signout_end(s, NULL);
    if (s->pair.refresh)
        s->revoke = mem_copy(s->pair.refresh);
    tokens_forget(s);
    s->signing_out = true;
    s->sign_out = ask;
    if (!s->revoke)
        signout_end(s, NULL);
}

void signout_end(struct session *s, const struct err *why)
{
    if (!s->signing_out)
        return;
    s->signing_out = false;
    if (s->revoke)
        mem_wipe(s->revoke, strlen(s->revoke));
    mem_free(&s->revoke);
    struct answer *answer = answers_add(s->answers, s->sign_out, ASK_SIGN_OUT, true);
    if (why)
        answer->err = *why;
}

void session_cancel(struct session *s, uint64_t ask)
{
    if (s->signing_in && s->sign_in == ask) {
        s->signing_in = false;
        clear_code(s);
    }
}

bool session_is_asked(const struct session *s)
{
    return s->signing_in || s->signing_out;
}

/* ── errands ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

enum errand signin_errand(struct session *s)
{
    struct err over = {0};
    int64_t mono = s->env->mono(s->env);
    if (!s->device_code)
        return ERRAND_DEVICE;
    if (mono >= s->until) {
        say_code_expired(&over);
        signin_end(s, &over);
        return ERRAND_NONE;
    }
    if (mono < s->poll_at)
        return ERRAND_NONE;
    return s->fresh.access ? ERRAND_ME : ERRAND_POLL;
}

void signin_request(struct session *s, enum errand errand, struct request *out)
{
    struct buf form = {0};
    if (errand == ERRAND_ME) {
        out->method = "GET";
        out->url = arena_format(&out->arena, "%s/api/v1/me", s->base);
        out->token = arena_copy(&out->arena, s->fresh.access);
    } else if (errand == ERRAND_POLL) {
        session_field(&form, "grant_type", DEVICE_GRANT);
        session_field(&form, "device_code", s->device_code);
        session_form(s, out, s->metadata.token_endpoint, &form);
    } else {
        session_field(&form, "scope", "openid offline_access");
        if (s->login_hint)
            session_field(&form, "login_hint", s->login_hint);
        session_form(s, out, s->metadata.device_authorization_endpoint, &form);
    }
}

/* ── replies ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void fail(struct session *s, const struct response *reply, const struct judged *judged, const char *url)
{
    struct err why = {0};
    if (judged->kind == ANSWER_NO_LINE)
        say_no_line(&why, reply, url);
    else if (judged->kind == ANSWER_CLOSED)
        say_maintenance(&why, INSTANT_NONE);
    else
        say_unreadable(&why, reply);
    signin_end(s, &why);
}

static bool code_is_usable(const struct device_authorization *d)
{
    return d->expires_in > 0 && d->interval >= 0 && d->interval <= CODE_MOST && d->user_code[0] &&
           d->device_code[0] && strlen(d->device_code) <= 4096;
}

static void show_code(struct session *s, const struct device_authorization *device)
{
    int64_t mono = s->env->mono(s->env);
    int64_t lasts = device->expires_in < CODE_MOST ? device->expires_in : CODE_MOST;
    struct answer *answer = answers_add(s->answers, s->sign_in, ASK_SIGN_IN, false);
    codec_copy(&shape_device_authorization, device, &answer->arena, &answer->device);
    answer->device_until = clock_at(s->clock, mono) / 1000 + lasts;
    s->device_code = mem_copy(device->device_code);
    s->pause = (device->interval > 0 ? device->interval : 1) * 1000;
    s->poll_at = mono + s->pause;
    s->until = mono + lasts * 1000;
}

static void read_device(struct session *s, const struct response *reply, const struct judged *judged)
{
    struct arena arena = {0};
    struct device_authorization device;
    struct token_answer refusal;
    struct err why = {0};
    if (judged->kind == ANSWER_GOOD && judge_body(reply, &shape_device_authorization, &arena, &device) &&
        code_is_usable(&device)) {
        show_code(s, &device);
    } else if (tokens_answer(reply, &arena, &refusal) && refusal.error) {
        say_sign_in_refused(&why, refusal.error);
        signin_end(s, &why);
    } else {
        fail(s, reply, judged, s->metadata.device_authorization_endpoint);
    }
    arena_clear(&arena);
}

/* RFC 8628, 3.5: where the line is bad, ask less and less often. */
static void poll_later(struct session *s)
{
    int64_t pause = s->pause;
    for (int i = 0; i < s->poll_failures && pause < PAUSE_MOST_MS; i++)
        pause *= 2;
    s->poll_at = s->env->mono(s->env) + (pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS);
}

static void read_poll_error(struct session *s, const char *error)
{
    struct err why = {0};
    s->poll_failures = 0;
    if (strcmp(error, "slow_down") == 0)
        s->pause += SLOWER_MS;
    else if (strcmp(error, "access_denied") == 0)
        say_code_denied(&why);
    else if (strcmp(error, "expired_token") == 0 || strcmp(error, "invalid_grant") == 0)
        say_code_expired(&why);
    else if (strcmp(error, "authorization_pending") != 0)
        say_sign_in_refused(&why, error);
    if (why.code != ERR_NONE)
        signin_end(s, &why);
    else
        poll_later(s);
}

static void read_poll(struct session *s, const struct response *reply)
{
    struct arena arena = {0};
    struct token_answer answer;
    if (!tokens_answer(reply, &arena, &answer)) {
        s->poll_failures++;
        poll_later(s);
    } else if (answer.error) {
        read_poll_error(s, answer.error);
    } else if (pair_read(s, &answer, &s->fresh)) {
        s->poll_failures = 0;
        s->poll_at = 0;
    } else {
        struct err why = {0};
        say_unreadable(&why, reply);
        signin_end(s, &why);
    }
    arena_clear(&arena);
}

static void welcome(struct session *s, const struct officer *officer)
{
    mem_free(&s->officer);
    s->officer = mem_copy(officer->id);
    tokens_adopt(s, &s->fresh);
    s->accepted = true;
    s->signed_in = true;
    s->signing_in = false;
    clear_code(s);
    struct answer *answer = answers_add(s->answers, s->sign_in, ASK_SIGN_IN, true);
    codec_copy(&shape_officer, officer, &answer->arena, &answer->officer);
}

static void read_me(struct session *s, const struct response *reply, const struct judged *judged)
{
    struct arena arena = {0};
    struct officer officer;
    struct err why = {0};
    if (judged->kind == ANSWER_GOOD && judge_body(reply, &shape_officer, &arena, &officer) &&
        id_valid(officer.id)) {
        welcome(s, &officer);
    } else if (judged->kind == ANSWER_PROBLEM) {
        say_problem(&why, &judged->problem);
        why.code = ERR_AUTH;
        signin_end(s, &why);
    } else if (judged->kind == ANSWER_TOKEN || judged->kind == ANSWER_STEP_UP) {
        say_code_expired(&why);
        signin_end(s, &why);
    } else {
        s->poll_failures++;
        poll_later(s);
    }
    arena_clear(&arena);
}

void signin_reply(struct session *s, enum errand errand, const struct response *reply, const struct judged *judged)
{
    bool of_old_code = errand != ERRAND_DEVICE && !s->device_code;
    if (!s->signing_in || of_old_code)
        return;
    if (errand == ERRAND_DEVICE)
        read_device(s, reply, judged);
    else if (errand == ERRAND_POLL)
        read_poll(s, reply);
    else
        read_me(s, reply, judged);
}

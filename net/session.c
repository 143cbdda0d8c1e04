/* session: which errand is next, and the two documents that all others hang on: About and the issuer's metadata.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/session_internal.h"

#include "cache/state.h"
#include "core/instant.h"
#include "net/backoff.h"
#include "net/say.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ABOUT_MS  (12 * 3600 * 1000) /* asked again after so long: servers are updated */
#define API_MAJOR 1                  /* of /api/v1 */
#define FORM_TYPE "application/x-www-form-urlencoded"

struct session *session_new(const struct session_options *options, struct env *env,
                            struct server_clock *clock, struct answers *answers)
{
    struct session *s = mem_alloc(sizeof(*s));
    *s = (struct session){
        .env = env,
        .clock = clock,
        .answers = answers,
        .base = mem_copy(options->base),
        .server = state_server_name(options->base),
        .login_hint = options->login_hint ? mem_copy(options->login_hint) : NULL,
        .plain = url_is_plain(options->base),
    };
    tokens_load(s);
    return s;
}

void session_free(struct session **session)
{
    struct session *s = *session;
    if (!s)
        return;
    pair_clear(&s->pair);
    pair_clear(&s->fresh);
    arena_clear(&s->about_arena);
    arena_clear(&s->metadata_arena);
    mem_free(&s->base);
    mem_free(&s->server);
    mem_free(&s->login_hint);
    mem_free(&s->officer);
    mem_free(&s->device_code);
    mem_free(&s->revoke);
    free(s);
    *session = NULL;
}

/* ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────── */

void session_field(struct buf *form, const char *name, const char *value)
{
    buf_format(form, "%s%s=", form->len > 0 ? "&" : "", name);
    url_escape(form, value);
}

void session_form(struct session *s, struct request *out, const char *url, struct buf *form)
{
    session_field(form, "client_id", s->about.client_id);
    out->method = "POST";
    out->url = arena_copy(&out->arena, url);
    out->content_type = FORM_TYPE;
    out->body = arena_copy_n(&out->arena, form->data, form->len);
    out->len = form->len;
    buf_wipe(form);
}

static void make_revocation(struct session *s, struct request *out)
{
    struct buf form = {0};
    session_field(&form, "token", s->revoke);
    session_field(&form, "token_type_hint", "refresh_token");
    session_form(s, out, s->metadata.revocation_endpoint, &form);
}

static bool about_is_due(const struct session *s, bool open)
{
    int64_t mono = s->env->mono(s->env);
    if (!open || mono < s->about_at)
        return false;
    return !s->about_known || s->probes || mono - s->about_read >= ABOUT_MS;
}

static enum errand next_errand(struct session *s, bool open, bool holder)
{
    bool asked = s->signing_in || s->signing_out;
    if (about_is_due(s, open) || (asked && !s->about_known))
        return ERRAND_ABOUT;
    if (!s->about_known)
        return ERRAND_NONE;
    bool renewal = !asked && open && s->env->mono(s->env) >= s->renew_at && tokens_renewal_due(s, holder);
    if ((asked || renewal) && !s->metadata_known)
        return ERRAND_METADATA;
    if (s->signing_out && s->metadata.revocation_endpoint)
        return ERRAND_REVOKE;
    if (s->signing_out)
        signout_end(s, NULL);
    if (s->signing_in)
        return signin_errand(s);
    return renewal ? ERRAND_RENEW : ERRAND_NONE;
}

bool session_next(struct session *s, bool open, bool holder, struct request *out)
{
    if (s->errand != ERRAND_NONE)
        return false;
    s->holder = holder;
    s->errand = next_errand(s, open, holder);
    switch (s->errand) {
    case ERRAND_NONE:
        return false;
    case ERRAND_ABOUT:
        out->method = "GET";
        out->url = arena_format(&out->arena, "%s/api/v1/about", s->base);
        break;
    case ERRAND_METADATA:
        out->method = "GET";
        out->url = arena_format(&out->arena, "%s/.well-known/openid-configuration", s->about.issuer);
        break;
    case ERRAND_RENEW:
        tokens_renew(s, out);
        break;
    case ERRAND_REVOKE:
        make_revocation(s, out);
        break;
    default:
        signin_request(s, s->errand, out);
    }
    return true;
}

/* ── About ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* "1.0": the major, then a dot or the end; -1: no version. */
static long major_of(const char *version)
{
    char *end;
    if (*version < '0' || *version > '9')
        return -1;
    long major = strtol(version, &end, 10);
    return *end == '.' || *end == '\0' ? major : -1;
}

static bool about_is_ours(struct session *s, const struct about *about, struct err *e)
{
    long major = major_of(about->api_version);
    if (major != API_MAJOR)
        return say_other_api(e, about->api_version, major > API_MAJOR);
    if (!url_usable(about->issuer, s->plain))
        return say_other_issuer(e, about->issuer);
    return true;
}

static bool is_a_page(const struct response *reply)
{
    return reply->status / 100 == 3 || reply->status == 404 ||
           (reply->type && strncasecmp(reply->type, "text/", 5) == 0);
}

/* What the officer is told where something else than About came. */
static bool say_no_about(struct session *s, const struct response *reply, const struct judged *judged,
                         struct err *e)
{
    switch (judged->kind) {
    case ANSWER_NO_LINE:
        return say_no_line(e, reply, s->base);
    case ANSWER_CLOSED:
        return say_maintenance(e, INSTANT_NONE);
    case ANSWER_LATER:
        return say_rate_limited(e);
    case ANSWER_FAULT:
        return say_server_fault(e, reply);
    default:
        return is_a_page(reply) ? say_not_central(e, s->base) : say_unreadable(e, reply);
    }
}

/* Whether a person has to do something about it. */
static bool is_for_good(const struct err *e)
{
    return e->code == ERR_SERVER;
}

static bool read_about(struct session *s, const struct response *reply, const struct judged *judged,
                       struct err *e)
{
    struct arena arena = {0};
    struct about about;
    bool read = judged->kind == ANSWER_GOOD && judge_body(reply, &shape_about, &arena, &about);
    bool ours = read && about_is_ours(s, &about, e);
    if (ours) {
        if (s->about_known && strcmp(s->about.issuer, about.issuer) != 0)
            s->metadata_known = false;
        arena_clear(&s->about_arena);
        s->about_arena = arena;
        s->about = about;
        s->about_known = true;
        s->about_read = s->env->mono(s->env);
        s->about_failures = 0;
        s->stopped = (struct err){0};
        return true;
    }
    arena_clear(&arena);
    struct err why = *e;
    if (!read)
        say_no_about(s, reply, judged, &why);
    s->about_known = s->about_known && !read; /* one that was known stays, but for another version */
    s->stopped = !s->about_known && is_for_good(&why) ? why : (struct err){0};
    int64_t wait = backoff_retry_after(s->env, reply->retry_after);
    s->about_at = s->env->mono(s->env) + (wait >= 0 ? wait : backoff_after(s->env, ++s->about_failures));
    *e = why;
    return false;
}

/* ── the issuer ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_of_issuer(const struct session *s, const char *endpoint)
{
    return url_usable(endpoint, s->plain) && url_same_origin(endpoint, s->about.issuer);
}

static bool metadata_is_good(const struct session *s, const struct oidc_metadata *m)
{
    return strcmp(m->issuer, s->about.issuer) == 0 && is_of_issuer(s, m->token_endpoint) &&
           is_of_issuer(s, m->device_authorization_endpoint) &&
           (!m->revocation_endpoint || is_of_issuer(s, m->revocation_endpoint));
}

static bool read_metadata(struct session *s, const struct response *reply, const struct judged *judged,
                          struct err *e)
{
    arena_clear(&s->metadata_arena);
    bool read = judged->kind == ANSWER_GOOD &&
                judge_body(reply, &shape_oidc_metadata, &s->metadata_arena, &s->metadata);
    s->metadata_known = read && metadata_is_good(s, &s->metadata);
    if (s->metadata_known)
        return true;
    s->renew_at = s->env->mono(s->env) + backoff_after(s->env, ++s->renew_failures);
    if (judged->kind == ANSWER_NO_LINE)
        return say_no_line(e, reply, s->about.issuer);
    return read ? say_other_issuer(e, s->about.issuer) : say_unreadable(e, reply);
}

/* ── replies ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_revocation(struct session *s, const struct response *reply, struct err *e)
{
    return (reply->end == RESPONSE_ANSWER && reply->status == 200) || say_not_told(e);
}

bool session_reply(struct session *s, const struct response *reply, const struct judged *judged, struct err *e)
{
    enum errand errand = s->errand;
    bool ok = true;
    s->errand = ERRAND_NONE;
    switch (errand) {
    case ERRAND_ABOUT:
        ok = read_about(s, reply, judged, e);
        break;
    case ERRAND_METADATA:
        ok = read_metadata(s, reply, judged, e);
        break;
    case ERRAND_RENEW:
        return tokens_renewed(s, reply, judged, e);
    case ERRAND_REVOKE: {
        struct err why = {0};
        signout_end(s, read_revocation(s, reply, &why) ? NULL : &why);
        return true;
    }
    default:
        signin_reply(s, errand, reply, judged);
        return true;
    }
    if (!ok) {
        struct err not_told = {0};
        say_not_told(&not_told);
        signin_end(s, e);
        signout_end(s, &not_told);
    }
    return ok;
}

void session_dropped(struct session *s)
{
    s->errand = ERRAND_NONE;
}

/* ── what others ask ─────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* When the pair has to be renewed, or when that has yet to be chosen (it may have ended: another's pair, after a night). */
static int64_t renewal_at(const struct session *s)
{
    if (!s->pair.refresh || s->over)
        return INT64_MAX;
    if (s->rejected)
        return s->holder ? s->renew_at : later(s->renew_at, s->rejected_at);
    if (!s->holder || !s->clock->known || s->pair.ends == INSTANT_NEVER)
        return INT64_MAX;
    return s->renew == 0 ? s->renew_at : later(s->renew_at, s->renew * 1000 - clock_at(s->clock, 0));
}

int64_t session_wake(const struct session *s, int64_t opens)
{
    int64_t wake = INT64_MAX;
    if (s->errand != ERRAND_NONE)
        return wake;
    if (s->signing_in && s->device_code)
        wake = s->poll_at < s->until ? s->poll_at : s->until;
    int64_t own = !s->about_known || s->probes ? s->about_at : s->signing_in ? INT64_MAX : renewal_at(s);
    if (own < INT64_MAX && later(own, opens) < wake)
        wake = later(own, opens);
    return wake;
}

const struct about *session_about(const struct session *s)
{
    return s->about_known ? &s->about : NULL;
}

bool session_stopped(const struct session *s, struct err *why)
{
    if (s->stopped.code == ERR_NONE)
        return false;
    *why = s->stopped;
    return true;
}

const char *session_officer(const struct session *s)
{
    return s->officer;
}

bool session_is_over(const struct session *s)
{
    return s->over || !s->pair.access;
}

void session_probes(struct session *s, bool probes)
{
    s->probes = probes;
}

bool session_take_signed_in(struct session *s)
{
    bool was = s->signed_in;
    s->signed_in = false;
    return was;
}

void session_try_now(struct session *s)
{
    s->about_at = s->renew_at = 0;
    s->stopped = (struct err){0};
}

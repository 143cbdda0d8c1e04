/* tokens: the pair in the keyring. Instances of one officer share it there, so it is read again before anything is called over:
 * another may have renewed it. It refuses to keep a token in a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/session_internal.h"

#include "core/instant.h"
#include "net/backoff.h"
#include "net/say.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    TOKEN_MOST = 8192,   /* bytes of one token */
    SECRET_MOST = 20000, /* a key of the kernel's keyring is not larger */
    EARLY_LEAST = 30,    /* renewed so many seconds before its end … */
    EARLY_SPREAD = 270, /* … and up to so many more, so that a morning's sign-ins do not come back as one */
    OTHERS_FIRST_MS = 2000,  /* who has not the lease gives the holder so long … */
    OTHERS_SPREAD_MS = 3000, /* … and a random part */
};

/* ── a pair ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void wipe(char **text)
{
    if (*text)
        mem_wipe(*text, strlen(*text));
    mem_free(text);
}

void pair_clear(struct pair *p)
{
    wipe(&p->access);
    wipe(&p->refresh);
    p->ends = INSTANT_NEVER;
}

/* What may stand in a header: visible ASCII (RFC 6750, b68token and a little more). */
static bool token_is_plain(const char *token)
{
    size_t n = 0;
    for (; token && token[n]; n++)
        if (token[n] <= ' ' || token[n] > '~')
            return false;
    return n > 0 && n <= TOKEN_MOST;
}

bool pair_read(struct session *s, const struct token_answer *answer, struct pair *out)
{
    if (!token_is_plain(answer->access_token) || !token_is_plain(answer->refresh_token) ||
        !answer->token_type || strcasecmp(answer->token_type, "Bearer") != 0)
        return false;
    out->access = mem_copy(answer->access_token);
    out->refresh = mem_copy(answer->refresh_token);
    out->ends = INSTANT_NEVER;
    if (answer->expires_in > 0 && answer->expires_in < INT32_MAX && s->clock->known)
        out->ends = clock_at(s->clock, s->env->mono(s->env)) / 1000 + answer->expires_in;
    return true;
}

bool tokens_answer(const struct response *reply, struct arena *arena, struct token_answer *out)
{
    bool status = reply->status == 200 || reply->status == 400 || reply->status == 401;
    return reply->end == RESPONSE_ANSWER && status && judge_body(reply, &shape_token_answer, arena, out) &&
           (reply->status == 200) == (out->error == NULL);
}

/* ── the keyring ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *officer_name(const struct session *s)
{
    return mem_format("officer:%s", s->server);
}

static char *token_name(const struct session *s)
{
    return mem_format("token:%s:%s", s->server, s->officer);
}

static void use(struct session *s, struct pair *pair)
{
    pair_clear(&s->pair);
    s->pair = *pair;
    *pair = (struct pair){0};
    s->number++;
    s->renew = 0;
    s->renew_failures = 0;
    s->renew_at = 0;
    s->accepted = s->renewed = s->rejected = s->over = false;
}

/* "access\nrefresh\nends": no token has a line's end in it. */
static void keep(struct session *s, const struct pair *pair)
{
    struct buf text = {0};
    char *name = token_name(s);
    buf_format(&text, "%s\n%s\n%lld", pair->access, pair->refresh, (long long)pair->ends);
    s->env->secret_put(s->env, name, text.data, text.len, 0); /* full: then this process's memory has to do */
    buf_wipe(&text);
    mem_free(&name);
}

static bool kept(struct session *s, struct pair *out)
{
    char *text = mem_alloc(SECRET_MOST + 1), *name = token_name(s), *rest = text;
    size_t n = 0;
    bool ok = s->env->secret_get(s->env, name, text, SECRET_MOST, &n) && n <= SECRET_MOST;
    if (ok) {
        text[n] = '\0';
        const char *access = strsep(&rest, "\n"), *refresh = strsep(&rest, "\n");
        ok = rest && token_is_plain(access) && token_is_plain(refresh);
        if (ok)
            *out = (struct pair){mem_copy(access), mem_copy(refresh), strtoll(rest, NULL, 10)};
    }
    mem_wipe(text, SECRET_MOST);
    free(text);
    mem_free(&name);
    return ok;
}

bool tokens_reload(struct session *s)
{
    struct pair pair = {0};
    if (!s->officer || !kept(s, &pair))
        return false;
    bool other = !s->pair.access || strcmp(pair.access, s->pair.access) != 0;
    if (other) {
        use(s, &pair);
        s->signed_in = true; /* maybe: what waits for a sign-in may try */
    }
    pair_clear(&pair);
    return other;
}

void tokens_load(struct session *s)
{
    char id[65], *name = officer_name(s);
    size_t n = 0;
    if (s->env->secret_get(s->env, name, id, sizeof(id) - 1, &n) && n < sizeof(id)) {
        id[n] = '\0';
        s->officer = id_valid(id) ? mem_copy(id) : NULL;
    }
    mem_free(&name);
    tokens_reload(s);
}

void tokens_adopt(struct session *s, struct pair *pair)
{
    char *name = officer_name(s);
    keep(s, pair);
    s->env->secret_put(s->env, name, s->officer, strlen(s->officer), 0);
    mem_free(&name);
    use(s, pair);
}

void tokens_end(struct session *s)
{
    char *name = token_name(s);
    s->env->secret_drop(s->env, name);
    mem_free(&name);
    pair_clear(&s->pair);
    s->rejected = false;
    s->over = true;
}

void tokens_forget(struct session *s)
{
    char *name = officer_name(s);
    if (s->officer)
        tokens_end(s);
    s->env->secret_drop(s->env, name);
    mem_free(&name);
    mem_free(&s->officer);
    s->over = false;
}

/* ── using it ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t server_now(const struct session *s)
{
    return clock_at(s->clock, s->env->mono(s->env)) / 1000;
}

static bool has_ended(const struct session *s)
{
    return s->clock->known && s->pair.ends != INSTANT_NEVER && server_now(s) >= s->pair.ends;
}

const char *session_token(const struct session *s, uint64_t *number)
{
    if (!s->pair.access || s->rejected || has_ended(s))
        return NULL;
    *number = s->number;
    return s->pair.access;
}

void session_accepted(struct session *s, uint64_t number)
{
    if (number == s->number)
        s->accepted = true;
}

void session_rejected(struct session *s, uint64_t number)
{
    if (number != s->number || s->rejected || s->over || tokens_reload(s))
        return;
    if (s->renewed && !s->accepted) { /* new, and not taken either: another one would fare no better */
        tokens_end(s);
        return;
    }
    s->rejected = true;
    s->rejected_at = s->env->mono(s->env) + OTHERS_FIRST_MS + env_random_below(s->env, OTHERS_SPREAD_MS);
}

bool tokens_renewal_due(struct session *s, bool holder)
{
    if (!s->pair.refresh || s->over)
        return false;
    if (!holder && (s->rejected || has_ended(s)))
        return s->env->mono(s->env) >= s->rejected_at && !tokens_reload(s);
    if (s->rejected)
        return !tokens_reload(s);
    if (!holder || !s->clock->known || s->pair.ends == INSTANT_NEVER)
        return false;
    int64_t now = server_now(s), left = s->pair.ends - now;
    if (s->renew == 0) {
        int64_t early = EARLY_LEAST + env_random_below(s->env, EARLY_SPREAD);
        s->renew = s->pair.ends - (early < left / 2 ? early : left / 2);
    }
    return now >= s->renew && !tokens_reload(s);
}

void tokens_renew(struct session *s, struct request *out)
{
    struct buf form = {0};
    session_field(&form, "grant_type", "refresh_token");
    session_field(&form, "refresh_token", s->pair.refresh);
    session_form(s, out, s->metadata.token_endpoint, &form);
}

bool tokens_renewed(struct session *s, const struct response *reply, const struct judged *judged, struct err *e)
{
    struct arena arena = {0};
    struct token_answer answer = {0};
    struct pair pair = {0};
    bool spoke = tokens_answer(reply, &arena, &answer);
    bool ok = spoke && !answer.error && pair_read(s, &answer, &pair);
    if (ok) {
        tokens_adopt(s, &pair);
        s->renewed = true;
    } else if (spoke && answer.error && !tokens_reload(s)) {
        tokens_end(s);
        say_session_over(e);
    } else if (spoke && answer.error) {
        ok = true; /* another instance was first; its pair is ours now */
    } else {       /* no answer: the same again, with the old token */
        int64_t wait = backoff_retry_after(s->env, reply->retry_after);
        s->renew_at = s->env->mono(s->env) + (wait >= 0 ? wait : backoff_after(s->env, ++s->renew_failures));
        if (judged->kind == ANSWER_NO_LINE)
            say_no_line(e, reply, s->about.issuer);
        else
            say_unreadable(e, reply);
    }
    arena_clear(&arena);
    return ok;
}

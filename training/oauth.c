/* oauth: sign-in with the device authorization grant (RFC 8628), refresh, revocation (RFC 7009) and the metadata. The errors are
 * those of the RFCs, in their own form. It refuses to hold a token: tokens.c does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/oauth.h"

#include "training/inside.h"
#include "training/tokens.h"

#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

#define DEVICE_GRANT   "urn:ietf:params:oauth:grant-type:device_code"
#define DEVICE_SECONDS 900
#define DEVICE_PAUSE   5 /* seconds between two polls */

/* ── forms ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static char *decoded(struct arena *arena, const char *text, size_t len)
{
    char *out = arena_alloc(arena, len + 1), *o = out;

    for (size_t i = 0; i < len; i++) {
        int high = i + 2 < len ? hex(text[i + 1]) : -1, low = i + 2 < len ? hex(text[i + 2]) : -1;
        if (text[i] == '%' && high >= 0 && low >= 0) {
            *o++ = (char)(high * 16 + low);
            i += 2;
        } else {
            *o++ = text[i] == '+' ? ' ' : text[i];
        }
    }
    return memchr(out, '\0', (size_t)(o - out)) ? NULL : out;
}

char *form_value(struct arena *arena, const char *form, size_t len, const char *name)
{
    size_t name_len = strlen(name);

    while (form && len > 0) {
        const char *end = memchr(form, '&', len);
        size_t n = end ? (size_t)(end - form) : len;
        if (n > name_len && form[name_len] == '=' && memcmp(form, name, name_len) == 0) {
            char *value = decoded(arena, form + name_len + 1, n - name_len - 1);
            json_t *text = value ? json_string(value) : NULL; /* jansson knows what UTF-8 is */
            json_decref(text);
            return text ? value : NULL;
        }
        form += n + (end != NULL);
        len -= n + (end != NULL);
    }
    return NULL;
}

static char *field(struct call *call, const char *name)
{
    return form_value(&call->arena, call->request->body, call->request->len, name);
}

/* ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void oauth_error(struct call *call, const char *error)
{
    answer_value(call, 400, json_pack("{s:s}", "error", error));
}

static void answer_pair(struct call *call, const struct token_pair *pair)
{
    answer_value(call, 200,
                 json_pack("{s:s, s:s, s:i, s:s, s:s}", "access_token", pair->access, "token_type", "Bearer",
                           "expires_in", ACCESS_SECONDS, "refresh_token", pair->refresh, "scope",
                           "openid offline_access"));
}

void oauth_metadata(struct call *call)
{
    const char *base = call->central->base;

    answer_value(call, 200,
                 json_pack("{s:s, s:s+, s:s+, s:s+, s:[s,s], s:[s], s:[s,s], s:[]}", "issuer", base,
                           "device_authorization_endpoint", base, "/oauth/device", "token_endpoint", base,
                           "/oauth/token", "revocation_endpoint", base, "/oauth/revoke", "grant_types_supported",
                           DEVICE_GRANT, "refresh_token", "token_endpoint_auth_methods_supported", "none",
                           "scopes_supported", "openid", "offline_access", "response_types_supported"));
}

/* The form that all three endpoints take: from our client, and not longer than makes sense. */
static bool form_good(struct call *call)
{
    const char *type = call->request->content_type, *client = field(call, "client_id");

    if (!type || strncasecmp(type, "application/x-www-form-urlencoded", 33) != 0 ||
        call->request->len > 8192 || !client) {
        oauth_error(call, "invalid_request");
        return false;
    }
    if (strcmp(client, CLIENT_ID) != 0) {
        oauth_error(call, "invalid_client");
        return false;
    }
    return true;
}

/* What was written is written, whatever is answered: a family that ends, a poll that came too soon. */
static void commit(struct call *call)
{
    if (!store_commit(call->central->store))
        problem_answer(call, PROBLEM_INTERNAL);
}

/* ── device authorization ────────────────────────────────────────────────────────────────────────────────────────── */

static bool user_code_taken(struct central *central, const char *user_code)
{
    sqlite3_stmt *s = store_query(central->store, DEVICE_BY_USER_CODE, "t", user_code);
    bool taken = store_row(central->store, s);

    store_done(s);
    return taken;
}

/* The letters of RFC 8628, section 6.1: no vowels, so no words, and nothing that looks like something else. */
static void make_user_code(struct central *central, char out[static USER_CODE_TEXT])
{
    static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";
    unsigned char bytes[8];

    do {
        char *o = out;
        central->random(central->context, bytes, sizeof bytes);
        for (int i = 0; i < 8; i++) {
            if (i == 4)
                *o++ = '-';
            *o++ = letters[bytes[i] % 20];
        }
        *o = '\0';
    } while (user_code_taken(central, out));
}

/* Who confirms by himself: NULL nobody. `*denied`: somebody should, but the hint names nobody. */
static const struct officer *confirms_himself(struct call *call, bool *denied)
{
    const struct central *central = call->central;
    const char *who = central->auto_approve;

    *denied = false;
    if (who && strcmp(who, "any") == 0) {
        who = field(call, "login_hint");
        *denied = who != NULL;
    }
    const struct officer *officer = who ? central_somebody(central, who) : NULL;
    *denied = *denied && !officer;
    return officer;
}

/* The name of the workstation for the page: what stands in brackets in User-Agent, "motcua/0.1.0 (quay-02)". */
static const char *workstation(struct call *call)
{
    const char *agent = call->request->user_agent, *open = agent ? strchr(agent, '(') : NULL;
    size_t len = open ? strcspn(open + 1, ")") : 0;

    if (len == 0 || len > 64)
        return NULL;
    char *name = arena_copy_n(&call->arena, open + 1, len);
    json_t *text = json_string(name);
    json_decref(text);
    return text ? name : NULL;
}

void oauth_device(struct call *call)
{
    struct central *central = call->central;
    char code[TOKEN_TEXT], user_code[USER_CODE_TEXT];
    bool denied;

    if (!form_good(call))
        return;
    const struct officer *officer = confirms_himself(call, &denied);
    int64_t pause = officer ? 1 : DEVICE_PAUSE;
    token_make(central, code);
    make_user_code(central, user_code);
    struct token_digest digest = token_digest(code);
    store_begin(central->store);
    store_run(central->store, DEVICE_PRUNE, "i", call->now - 86400);
    store_run(central->store, DEVICE_ADD, "bttiii", digest.bytes, sizeof digest.bytes, user_code,
              workstation(call), call->now, call->now + DEVICE_SECONDS, pause);
    if (officer || denied)
        store_run(central->store, DEVICE_SET, "bioito", digest.bytes, sizeof digest.bytes, pause, INT64_MIN,
                  (int64_t)(denied ? DEVICE_DENIED : DEVICE_APPROVED), officer ? officer->id : NULL, INT64_MIN);
    answer_value(call, 200,
                 json_pack("{s:s, s:s, s:s+, s:s++, s:i, s:I}", "device_code", code, "user_code", user_code,
                           "verification_uri", central->base, DEVICE_PATH, "verification_uri_complete",
                           central->base, DEVICE_PATH "?ma=", user_code, "expires_in", DEVICE_SECONDS,
                           "interval", (json_int_t)pause));
    commit(call);
}

static bool device_row(struct central *central, sqlite3_stmt *s, struct arena *arena, struct device *out)
{
    if (!store_row(central->store, s))
        return false;
    memcpy(out->code, sqlite3_column_blob(s, 0), sizeof out->code);
    out->user_code = arena_copy(arena, store_text(s, 1));
    out->workstation = store_text(s, 2) ? arena_copy(arena, store_text(s, 2)) : NULL;
    out->created = store_int(s, 3);
    out->until = store_int(s, 4);
    out->pause = store_int(s, 5);
    out->polled = store_int(s, 6);
    out->state = (enum device_state)store_int(s, 7);
    out->officer = store_text(s, 8) ? arena_copy(arena, store_text(s, 8)) : NULL;
    out->family = store_int(s, 9);
    store_done(s);
    return true;
}

bool device_find(struct central *central, const char *user_code, struct arena *arena, struct device *out)
{
    return device_row(central, store_query(central->store, DEVICE_BY_USER_CODE, "t", user_code), arena, out);
}

void device_put(struct central *central, const struct device *device)
{
    store_run(central->store, DEVICE_SET, "bioito", device->code, sizeof device->code, device->pause,
              device->polled, (int64_t)device->state, device->officer, device->family);
}

/* ── token endpoint ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* NULL and a pair, or the error to answer. */
static const char *poll_device(struct call *call, struct device *device, struct token_pair *pair)
{
    struct central *central = call->central;
    bool soon = device->polled != INT64_MIN && call->now - device->polled < device->pause;

    if (device->state == DEVICE_SPENT)
        return tokens_begin_again(central, device->family, call->now, pair) ? NULL : "invalid_grant";
    if (call->now >= device->until)
        return "expired_token";
    if (device->state == DEVICE_DENIED)
        return "access_denied";
    device->polled = call->now;
    if (soon)
        device->pause += 5;
    if (device->state == DEVICE_APPROVED && !soon) {
        device->state = DEVICE_SPENT;
        device->family = tokens_begin(central, device->officer, call->now, pair);
    }
    device_put(central, device);
    return soon ? "slow_down" : device->state == DEVICE_SPENT ? NULL : "authorization_pending";
}

static const char *grant_device(struct call *call, struct token_pair *pair)
{
    const char *code = field(call, "device_code");

    if (!code)
        return "invalid_request";
    struct token_digest digest = token_digest(code);
    struct device device;
    sqlite3_stmt *s = store_query(call->central->store, DEVICE_BY_CODE, "b", digest.bytes, sizeof digest.bytes);
    if (!device_row(call->central, s, &call->arena, &device))
        return "invalid_grant";
    return poll_device(call, &device, pair);
}

static const char *grant_refresh(struct call *call, struct token_pair *pair)
{
    const char *refresh = field(call, "refresh_token");

    if (!refresh)
        return "invalid_request";
    return tokens_refresh(call->central, refresh, call->now, pair) ? NULL : "invalid_grant";
}

void oauth_token(struct call *call)
{
    struct token_pair pair = {0};
    const char *error;

    if (!form_good(call))
        return;
    const char *grant = field(call, "grant_type");
    store_begin(call->central->store);
    if (!grant)
        error = "invalid_request";
    else if (strcmp(grant, DEVICE_GRANT) == 0)
        error = grant_device(call, &pair);
    else if (strcmp(grant, "refresh_token") == 0)
        error = grant_refresh(call, &pair);
    else
        error = "unsupported_grant_type";
    if (error)
        oauth_error(call, error);
    else
        answer_pair(call, &pair);
    commit(call);
    OPENSSL_cleanse(&pair, sizeof pair);
}

void oauth_revoke(struct call *call)
{
    if (!form_good(call))
        return;
    const char *token = field(call, "token");
    if (!token) {
        oauth_error(call, "invalid_request");
        return;
    }
    store_begin(call->central->store);
    tokens_revoke(call->central, token);
    answer_empty(call, 200);
    commit(call);
}

/* tokens: pairs of an access and a refresh token, in families that begin with a sign-in (contract, securitySchemes). Stored is only
 * their SHA-256. A pair is "used" once either of its tokens was; until then its parent's refresh token stays good, so that a
 * refresh whose answer was lost can be sent again. It refuses to know how somebody signs in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/tokens.h"

#include "training/inside.h"

#include <openssl/sha.h>
#include <string.h>

enum pair_column {
    PAIR_NUM,
    PAIR_FAMILY,
    PAIR_PARENT,
    PAIR_WAS_USED,
    PAIR_UNTIL,
    PAIR_OFFICER,
    PAIR_SIGNED_IN,
    PAIR_ENDED,
    PAIR_CHILD_USED
};

void token_make(struct central *central, char out[static TOKEN_TEXT])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char bytes[TOKEN_TEXT - 1];

    central->random(central->context, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        out[i] = letters[bytes[i] & 63];
    out[TOKEN_TEXT - 1] = '\0';
}

struct token_digest token_digest(const char *token)
{
    struct token_digest digest;

    SHA256((const unsigned char *)token, strlen(token), digest.bytes);
    return digest;
}

static void add_pair(struct central *central, int64_t family, int64_t parent, int64_t now, struct token_pair *out)
{
    token_make(central, out->access);
    token_make(central, out->refresh);
    struct token_digest access = token_digest(out->access), refresh = token_digest(out->refresh);
    store_run(central->store, PAIR_ADD, "iibibi", family, parent, access.bytes, sizeof access.bytes,
              now + ACCESS_SECONDS, refresh.bytes, sizeof refresh.bytes, now + REFRESH_SECONDS);
}

int64_t tokens_begin(struct central *central, const char *officer, int64_t now, struct token_pair *out)
{
    store_run(central->store, FAMILY_ADD, "ti", officer, now);
    int64_t family = store_last(central->store);
    add_pair(central, family, 0, now, out);
    store_run(central->store, FAMILY_PRUNE, "i", now);
    return family;
}

bool tokens_begin_again(struct central *central, int64_t family, int64_t now, struct token_pair *out)
{
    store_run(central->store, PAIR_DROP_UNUSED, "ii", family, (int64_t)0);
    if (store_changed(central->store) == 0)
        return false;
    add_pair(central, family, 0, now, out);
    return true;
}

bool tokens_refresh(struct central *central, const char *refresh, int64_t now, struct token_pair *out)
{
    struct token_digest digest = token_digest(refresh);
    sqlite3_stmt *s = store_query(central->store, PAIR_BY_REFRESH, "b", digest.bytes, sizeof digest.bytes);

    if (!store_row(central->store, s))
        return false;
    int64_t pair = store_int(s, PAIR_NUM), family = store_int(s, PAIR_FAMILY);
    bool over = store_int(s, PAIR_ENDED) != 0 || store_int(s, PAIR_UNTIL) <= now;
    bool again = store_int(s, PAIR_CHILD_USED) != 0;
    store_done(s);
    if (over)
        return false;
    if (again) { /* somebody else has this token: whoever it is, all of them are out (RFC 9700) */
        store_run(central->store, FAMILY_END, "i", family);
        return false;
    }
    store_run(central->store, PAIR_USED, "i", pair);
    store_run(central->store, PAIR_DROP_UNUSED, "ii", family, pair);
    add_pair(central, family, pair, now, out);
    return true;
}

bool token_check(struct central *central, const char *token, int64_t now, char **officer, struct arena *arena,
                 int64_t *signed_in_at)
{
    struct token_digest digest = token_digest(token);
    sqlite3_stmt *s = store_query(central->store, PAIR_BY_ACCESS, "b", digest.bytes, sizeof digest.bytes);

    if (!store_row(central->store, s))
        return false;
    int64_t pair = store_int(s, PAIR_NUM);
    bool fresh = store_int(s, PAIR_WAS_USED) == 0;
    bool good = store_int(s, PAIR_ENDED) == 0 && store_int(s, PAIR_UNTIL) > now;
    *officer = arena_copy(arena, store_text(s, PAIR_OFFICER));
    *signed_in_at = store_int(s, PAIR_SIGNED_IN);
    store_done(s);
    if (good && fresh)
        store_run(central->store, PAIR_USED, "i", pair);
    return good;
}

/* A token of either kind (RFC 7009). One that we do not know is as good as revoked. */
void tokens_revoke(struct central *central, const char *token)
{
    static const enum statement by[] = {PAIR_BY_REFRESH, PAIR_BY_ACCESS};
    struct token_digest digest = token_digest(token);

    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        sqlite3_stmt *s = store_query(central->store, by[i], "b", digest.bytes, sizeof digest.bytes);
        if (!store_row(central->store, s))
            continue;
        int64_t family = store_int(s, PAIR_FAMILY);
        store_done(s);
        store_run(central->store, FAMILY_END, "i", family);
    }
}

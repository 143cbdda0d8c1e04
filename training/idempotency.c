/* idempotency: a key is an officer's own and stands for method, path and the very bytes of the body. The first final answer is kept
 * in the transaction that made its effect, and given again. All requests are handled one after another, so none is ever found
 * while its first attempt still runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/inside.h"

#include <openssl/evp.h>
#include <string.h>

#define KEEP_SECONDS (50 * 86400) /* the contract asks for at least 45 days */

static const struct say bad_key = {{"Idempotency-Key phải có, gồm 16 đến 64 chữ, số, “_” hoặc “-”.",
                                    "Idempotency-Key has to be there: 16 to 64 letters, digits, “_” or “-”."}};

struct digest {
    unsigned char bytes[32];
};

static bool key_valid(const char *key)
{
    size_t n = key ? strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") : 0;

    return n >= 16 && n <= 64 && key[n] == '\0';
}

static struct digest digest_of(const struct central_request *request)
{
    struct digest out;
    EVP_MD_CTX *md = EVP_MD_CTX_new();

    if (!md || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1 ||
        EVP_DigestUpdate(md, request->method, strlen(request->method) + 1) != 1 ||
        EVP_DigestUpdate(md, request->path, strlen(request->path) + 1) != 1 ||
        EVP_DigestUpdate(md, &request->len, sizeof request->len) != 1 ||
        EVP_DigestUpdate(md, request->body,
                         request->len < CENTRAL_MAX_BODY ? request->len : CENTRAL_MAX_BODY) != 1 ||
        EVP_DigestFinal_ex(md, out.bytes, NULL) != 1)
        die("SHA-256 failed");
    EVP_MD_CTX_free(md);
    return out;
}

static void repeat(struct call *call, sqlite3_stmt *s)
{
    static const char *const headers[] = {"Content-Type", "ETag", "Location"};
    const char *version = store_text(s, 3);

    answer_empty(call, (int)store_int(s, 1));
    for (int i = 0; i < 3; i++)
        if (store_text(s, 2 + i))
            answer_header(call->answer, i == 1 && *version != '"' ? "Dossier-Version" : headers[i], "%s",
                          store_text(s, 2 + i));
    const void *body = sqlite3_column_blob(s, 5);
    buf_add(&call->answer->body, body ? body : "", (size_t)sqlite3_column_bytes(s, 5));
}

/* True: the key was there, and the answer is made. */
static bool answered_before(struct call *call, const struct digest *digest)
{
    struct store *store = call->central->store;
    sqlite3_stmt *s = store_query(store, KEY_GET, "tt", call->me->id, call->request->idempotency_key);

    if (!store_row(store, s))
        return false;
    if (memcmp(sqlite3_column_blob(s, 0), digest->bytes, sizeof digest->bytes) == 0)
        repeat(call, s);
    else
        problem_answer(call, PROBLEM_KEY_REUSED);
    store_done(s);
    return true;
}

static bool is_final(int status)
{
    return status / 100 == 2 || status == 403 || status == 404 || status == 409 || status == 412 ||
           status == 413 || status == 422;
}

static void remember(struct call *call, const struct digest *digest)
{
    struct store *store = call->central->store;
    const struct central_answer *answer = call->answer;
    const char *etag =
        central_answer_header(answer, "ETag"); /* or, told apart by its quotes, the dossier's version */

    store_run(store, KEY_PUT, "ttbitttbi", call->me->id, call->request->idempotency_key, digest->bytes,
              sizeof digest->bytes, (int64_t)answer->status, central_answer_header(answer, "Content-Type"),
              etag ? etag : central_answer_header(answer, "Dossier-Version"),
              central_answer_header(answer, "Location"), answer->body.data ? answer->body.data : "",
              answer->body.len, call->now);
    store_run(store, KEY_PRUNE, "i", call->now - KEEP_SECONDS);
}

void idempotent(struct call *call, bool (*handle)(struct call *))
{
    struct store *store = call->central->store;

    if (!key_valid(call->request->idempotency_key)) {
        problem_at(call, PROBLEM_MALFORMED, NULL, bad_key);
        return;
    }
    struct digest digest = digest_of(call->request);
    if (answered_before(call, &digest))
        return;
    store_begin(store);
    bool done = handle(call);
    if (store_failed(store, NULL)) {
        store_rollback(store);
        problem_answer(call, PROBLEM_INTERNAL);
        return;
    }
    if (!done) { /* whatever it had begun is undone; that it was refused is remembered */
        store_rollback(store);
        store_begin(store);
        call->touched = (struct touched){0};
    }
    if (is_final(call->answer->status))
        remember(call, &digest);
    if (!store_commit(store)) {
        problem_answer(call, PROBLEM_INTERNAL);
        return;
    }
    if (call->touched.seq)
        feed_tell(call->central, &call->touched, call->now);
}

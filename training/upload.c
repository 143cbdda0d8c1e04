/* upload: the bytes of an announced file, piece by piece, from where the server stands. It refuses to call a file complete that is not
 * the one announced, or not of the kind that was said.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/attachment.h"

#include "core/media.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_MAX (1024 * 1024)

static const struct say no_offset = {
    {"Thiếu Upload-Offset: một số từ 0", "Upload-Offset is missing: a number from 0"}};
static const struct say another_kind = {
    {"nội dung không phải loại tệp đã báo", "it does not begin as the announced kind does"}};

/* Only who announced it sends it; the answer is made where it is false. */
static bool find_own(struct call *call, struct file *file)
{
    if (!file_find(call, file))
        return false;
    return (file->sent && strcmp(file->officer, call->me->id) == 0) || problem_answer(call, PROBLEM_NOT_FOUND);
}

static void say_offset(struct call *call, int64_t has)
{
    answer_header(call->answer, "Upload-Offset", "%lld", (long long)has);
}

static bool stands_at(struct call *call, const struct file *file)
{
    answer_empty(call, 204);
    say_offset(call, file->has);
    answer_header(call->answer, "Upload-Complete", "%s", file->attachment->complete ? "true" : "false");
    return true;
}

bool upload_offset(struct call *call)
{
    struct file file;

    return find_own(call, &file) && stands_at(call, &file);
}

static bool digest_good(struct call *call, const struct file *file)
{
    struct store *store = call->central->store;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    unsigned char digest[32];
    char hex[65];

    if (!md || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1)
        die("SHA-256 failed");
    sqlite3_stmt *s = store_query(store, PIECE_SOME, "tii", file->attachment->id, (int64_t)0, file->has);
    while (store_row(store, s))
        EVP_DigestUpdate(md, sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1));
    EVP_DigestFinal_ex(md, digest, NULL);
    EVP_MD_CTX_free(md);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return strcmp(hex, file->attachment->sha256) == 0;
}

static bool kind_good(struct call *call, const struct file *file)
{
    struct buf head = {0};

    file_read(call, file, 0, file->has < MEDIA_HEAD ? file->has : MEDIA_HEAD, &head);
    const char *kind = media_type_of(head.data, head.len);
    bool same = kind && strcmp(kind, file->attachment->media_type) == 0;
    buf_clear(&head);
    return same;
}

/* All of it is here. What is wrong is thrown away, and begins at 0 again. */
static bool complete(struct call *call, struct file *file)
{
    struct store *store = call->central->store;
    struct dossier *d = &file->record.d;
    bool same = digest_good(call, file);

    if (!same || !kind_good(call, file)) {
        store_run(store, PIECE_GONE, "t", file->attachment->id);
        store_run(store, FILE_SET, "tii", file->attachment->id, (int64_t)0, (int64_t)0);
        if (same)
            problem_at(call, PROBLEM_INVALID, "/media_type", another_kind);
        else
            problem_answer(call, PROBLEM_DIGEST);
        say_offset(call, 0);
        return false;
    }
    file->attachment->complete = true;
    for (size_t i = 0; file->attachment->paper && i < d->n_papers; i++)
        if (strcmp(d->papers[i].id, file->attachment->paper) == 0)
            d->papers[i].attachment = file->attachment->id;
    store_run(store, FILE_SET, "tii", file->attachment->id, file->has, (int64_t)1);
    if (!file_put(call, &file->record, "attach", file->attachment->name))
        return false;
    stands_at(call, file);
    answer_header(call->answer, "Dossier-Version", "%lld", (long long)file->record.version);
    return true;
}

bool upload_bytes(struct call *call)
{
    struct store *store = call->central->store;
    const struct central_request *request = call->request;
    const char *text = request->upload_offset;
    struct file file;

    if (!text || !*text || strlen(text) > 15 || text[strspn(text, "0123456789")])
        return problem_at(call, PROBLEM_MALFORMED, NULL, no_offset);
    if (!find_own(call, &file))
        return false;
    if (strtoll(text, NULL, 10) != file.has || file.attachment->complete) {
        problem_answer(call, PROBLEM_OFFSET);
        say_offset(call, file.has);
        return false;
    }
    if (request->len > PIECE_MAX || (int64_t)request->len > file.attachment->size - file.has)
        return problem_answer(call, PROBLEM_TOO_LARGE);
    if (request->len == 0)
        return stands_at(call, &file);
    store_run(store, PIECE_ADD, "tib", file.attachment->id, file.has, request->body, request->len);
    file.has += (int64_t)request->len;
    if (file.has == file.attachment->size)
        return complete(call, &file);
    store_run(store, FILE_SET, "tii", file.attachment->id, file.has, (int64_t)0);
    return stands_at(call, &file);
}

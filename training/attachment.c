/* attachment: see attachment.h. It refuses a name for what it is: the kind is what the first bytes say (upload.c).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/attachment.h"

#include "training/loader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_SECONDS (7 * 86400)

static const struct say not_his = {{"hồ sơ đã đóng, hoặc không phải cán bộ tiếp nhận hay người xử lý",
                                    "it is closed, or you are neither a counter officer nor the assignee"}};
static const struct say too_late = {
    {"chỉ bỏ được ở bước tiếp nhận và thẩm định", "only while the step is intake or assessment"}};
static const struct say wrong = {{"thiếu hoặc không hợp lệ", "missing or not valid"}};
static const struct say no_such_paper = {{"hồ sơ không có thành phần này", "the dossier has no such paper"}};
static const struct text_limit limits[] = {{"name", 255}};

/* ── whose ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_result(const char *role)
{
    return role && strcmp(role, "result") == 0;
}

/* An answer was made where it is false. */
static bool may_announce(struct call *call, const struct record *record, const char *role)
{
    const struct dossier *d = &record->d;
    unsigned roles = directory_roles(call->central->directory, call->me, &record->places);
    bool his = roles & ROLE_BIT(ROLE_COUNTER) || (d->assignee && strcmp(d->assignee, call->me->id) == 0) ||
               (is_result(role) && roles & ROLE_BIT(ROLE_CLERK));

    if (!(officer_roles(call->me) & ~ROLE_BIT(ROLE_AUDITOR)))
        return problem_answer(call, PROBLEM_FORBIDDEN);
    return (his && dossier_is_open(d)) || problem_stale(call, PROBLEM_NOT_ALLOWED, record, not_his);
}

/* ── found, stored ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct attachment *in_dossier(struct dossier *d, const char *id)
{
    for (size_t i = 0; i < d->n_attachments; i++)
        if (strcmp(d->attachments[i].id, id) == 0)
            return &d->attachments[i];
    return NULL;
}

/* What a scenario named stands in its dossier alone. */
static bool find_named(struct call *call, const char *id, struct file *file)
{
    struct store *store = call->central->store;
    char *member = arena_format(&call->arena, "{\"id\":\"%s\",\"name\":", id);
    sqlite3_stmt *s = store_query(store, FILE_HOLDER, "t", member);

    if (!store_row(store, s))
        return false;
    const char *dossier = arena_copy(&call->arena, store_text(s, COLUMN_ID));
    store_done(s);
    return record_find(call, dossier, &file->record);
}

static bool unknown(struct call *call)
{
    problem_answer(call, PROBLEM_NOT_FOUND);
    return false;
}

bool file_find(struct call *call, struct file *file)
{
    struct store *store = call->central->store;
    const char *id = call->dossier, *dossier = NULL;

    *file = (struct file){0};
    if (!id_valid(id))
        return unknown(call);
    sqlite3_stmt *s = store_query(store, FILE_GET, "t", id);
    if (store_row(store, s)) {
        dossier = arena_copy(&call->arena, store_text(s, 0));
        file->sent = true;
        file->officer = arena_copy(&call->arena, store_text(s, 1));
        file->has = store_int(s, 2);
        store_done(s);
    }
    if (dossier ? record_find(call, dossier, &file->record) : find_named(call, id, file))
        file->attachment = in_dossier(&file->record.d, id);
    return file->attachment || unknown(call);
}

bool file_put(struct call *call, struct record *record, const char *action, const char *name)
{
    struct event event = {.at = call->now,
                          .acted_at = INSTANT_NONE,
                          .by = call->me ? call->me->id : NULL,
                          .action = action,
                          .from = record->d.status,
                          .to = record->d.status,
                          .note = name};

    record->d.version++;
    return record_put(call, record, &event);
}

/* ── announced ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool good(struct call *call, const struct dossier *d, const struct new_attachment *n)
{
    static const char *const kinds[] = {"application/pdf", "image/jpeg", "image/png"}, *const roles[] = {
                                                                                           "scan", "result",
                                                                                           "other"};
    bool kind = false, role = false, paper = !n->paper;

    for (size_t i = 0; i < 3; i++) {
        kind |= strcmp(n->media_type, kinds[i]) == 0;
        role |= !n->role || strcmp(n->role, roles[i]) == 0;
    }
    for (size_t i = 0; i < d->n_papers; i++)
        paper |= n->paper && strcmp(d->papers[i].id, n->paper) == 0;
    if (text_blank(n->name))
        return problem_at(call, PROBLEM_INVALID, "/name", wrong);
    if (!kind)
        return problem_at(call, PROBLEM_INVALID, "/media_type", wrong);
    if (n->size < 1)
        return problem_at(call, PROBLEM_INVALID, "/size", wrong);
    if (strlen(n->sha256) != 64 || n->sha256[strspn(n->sha256, "0123456789abcdef")] != '\0')
        return problem_at(call, PROBLEM_INVALID, "/sha256", wrong);
    if (!role)
        return problem_at(call, PROBLEM_INVALID, "/role", wrong);
    return paper || problem_at(call, PROBLEM_INVALID, "/paper", no_such_paper);
}

static struct attachment *add(struct call *call, struct dossier *d, const struct new_attachment *n)
{
    struct central *central = call->central;
    uint64_t number;

    central->random(central->context, &number, sizeof number);
    d->attachments = arena_grow(&call->arena, d->attachments, d->n_attachments, d->n_attachments + 1,
                                sizeof *d->attachments);
    struct attachment *a = &d->attachments[d->n_attachments++];
    *a = (struct attachment){
        .id = arena_format(&call->arena, "tep-%016" PRIx64, number),
        .name = n->name,
        .media_type = n->media_type,
        .size = n->size,
        .sha256 = n->sha256,
        .paper = n->paper,
        .role = n->role ? n->role : "scan",
    };
    return a;
}

bool attachment_announce(struct call *call)
{
    struct record record;
    struct new_attachment n;

    if (!record_find(call, call->dossier, &record))
        return problem_answer(call, PROBLEM_NOT_FOUND);
    if (!may_announce(call, &record, json_string_value(json_object_get(call->body, "role"))))
        return false;
    if (call->request->len > REQUEST_MAX || json_integer_value(json_object_get(call->body, "size")) > UPLOAD_MAX)
        return problem_answer(call, PROBLEM_TOO_LARGE);
    if (!body_lengths(call, limits, sizeof limits / sizeof *limits) ||
        !body_decode(call, &shape_new_attachment, &n) || !good(call, &record.d, &n))
        return false;
    const struct attachment *a = add(call, &record.d, &n);
    if (!file_put(call, &record, "attach", a->name))
        return false;
    store_run(call->central->store, FILE_ADD, "ttti", a->id, record.d.id, call->me->id, call->now);
    answer_value(call, 201, codec_encode(&shape_attachment, a, CENTRAL_ZONE_OFFSET));
    answer_header(call->answer, "Dossier-Version", "%lld", (long long)record.version);
    return true;
}

/* ── taken away ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void drop(struct call *call, struct dossier *d, struct attachment *a)
{
    struct store *store = call->central->store;
    const char *id = a->id;

    store_run(store, PIECE_GONE, "t", id);
    store_run(store, FILE_GONE, "t", id);
    for (size_t i = 0; i < d->n_papers; i++)
        if (d->papers[i].attachment && strcmp(d->papers[i].attachment, id) == 0)
            d->papers[i].attachment = NULL;
    if (d->proposal && d->proposal->result_attachment && strcmp(d->proposal->result_attachment, id) == 0)
        d->proposal->result_attachment = NULL;
    size_t at = (size_t)(a - d->attachments);
    memmove(a, a + 1, (d->n_attachments - at - 1) * sizeof *a);
    d->n_attachments--;
}

bool attachment_delete(struct call *call)
{
    struct file file;

    if (!file_find(call, &file) || !may_announce(call, &file.record, file.attachment->role))
        return false;
    enum dossier_step step = step_of(file.record.d.step);
    if (step != STEP_INTAKE && step != STEP_ASSESSMENT)
        return problem_stale(call, PROBLEM_NOT_ALLOWED, &file.record, too_late);
    const char *name = file.attachment->name;
    drop(call, &file.record.d, file.attachment);
    if (!file_put(call, &file.record, "detach", name))
        return false;
    answer_empty(call, 204);
    answer_header(call->answer, "Dossier-Version", "%lld", (long long)file.record.version);
    return true;
}

/* The oldest that is not complete and was announced by `until`; false: there is none. */
static bool drop_stale(struct call *call, int64_t until)
{
    struct store *store = call->central->store;
    sqlite3_stmt *s = store_query(store, FILE_STALE, "i", until);
    struct record record;

    if (!store_row(store, s))
        return false;
    const char *id = arena_copy(&call->arena, store_text(s, 0)),
               *dossier = arena_copy(&call->arena, store_text(s, 1));
    store_done(s);
    s = store_query(store, THING_GET, "it", (int64_t)THING_DOSSIER, dossier);
    if (!store_row(store, s))
        die("a file of no dossier");
    record_of_row(call, s, &record);
    store_done(s);
    struct attachment *a = in_dossier(&record.d, id);
    store_begin(store);
    const char *name = a->name;
    drop(call, &record.d, a);
    if (!file_put(call, &record, "detach", name) || !store_commit(store)) {
        store_rollback(store);
        return false;
    }
    feed_tell(call->central, &call->touched, call->now);
    return true;
}

static void drop_all_stale(struct central *central, int64_t until, int64_t now)
{
    struct central_answer unused = {0};

    for (bool more = true; more;) {
        struct call call = {.central = central, .answer = &unused, .now = now};
        more = drop_stale(&call, until);
        arena_clear(&call.arena);
    }
    central_answer_clear(&unused);
}

void attachment_sweep(struct central *central, int64_t now)
{
    drop_all_stale(central, now - WAIT_SECONDS, now);
}

void central_lose_uploads(struct central *central, int64_t keep, int64_t now)
{
    struct store *store = central->store;

    if (keep < 0) {
        drop_all_stale(central, now, now);
        return;
    }
    store_begin(store);
    store_run(store, PIECE_AFTER, "i", keep);
    store_run(store, PIECE_CUT, "i", keep);
    store_run(store, FILE_TRIM, "i", keep);
    if (!store_commit(store))
        store_rollback(store);
}

/* ── read ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

bool file_read(struct call *call, const struct file *file, int64_t first, int64_t end, struct buf *out)
{
    struct store *store = call->central->store;

    if (!file->sent) {
        struct buf all = {0};
        if (!load_bytes(file->attachment, &all))
            return false;
        buf_add(out, all.data + first, (size_t)(end - first));
        buf_clear(&all);
        return true;
    }
    sqlite3_stmt *s = store_query(store, PIECE_SOME, "tii", file->attachment->id, first, end);
    while (store_row(store, s)) {
        int64_t at = store_int(s, 0), n = sqlite3_column_bytes(s, 1);
        int64_t from = first > at ? first - at : 0, to = end - at < n ? end - at : n;
        buf_add(out, (const char *)sqlite3_column_blob(s, 1) + from, (size_t)(to - from));
    }
    return true;
}

/* RFC 9110, section 14.1.2: one range of bytes. False: none that can be honoured; then all of it is sent. */
static bool read_range(const char *text, int64_t size, int64_t *first, int64_t *end)
{
    char *after;

    if (!text || strncmp(text, "bytes=", 6) != 0)
        return false;
    text += 6;
    if (*text == '-') { /* the last so many */
        int64_t n = strtoll(text + 1, &after, 10);
        *first = n < size ? size - n : 0;
        *end = size;
        return after != text + 1 && *after == '\0' && n > 0;
    }
    *first = strtoll(text, &after, 10);
    if (after == text || *after != '-' || *first < 0 || *first >= size)
        return false;
    text = after + 1;
    int64_t last = *text ? strtoll(text, &after, 10) : size - 1;
    if (*text && (after == text || *after))
        return false;
    *end = last < size - 1 ? last + 1 : size;
    return *end > *first;
}

bool attachment_download(struct call *call)
{
    struct file file;
    struct buf body = {0};
    int64_t first = 0, end;

    if (!file_find(call, &file))
        return false;
    int64_t size = end = file.attachment->size;
    bool part = read_range(call->request->range, size, &first, &end);
    if (!part)
        first = 0, end = size;
    if (!file.attachment->complete || !file_read(call, &file, first, end, &body))
        return problem_answer(call, PROBLEM_NOT_FOUND);
    answer_empty(call, part ? 206 : 200);
    call->answer->body = body;
    answer_header(call->answer, "Content-Type", "application/octet-stream");
    answer_header(call->answer, "ETag", "\"%s\"", file.attachment->sha256);
    if (part)
        answer_header(call->answer, "Content-Range", "bytes %lld-%lld/%lld", (long long)first,
                      (long long)end - 1, (long long)size);
    return true;
}

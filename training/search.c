/* search: beyond what a workstation keeps. Newest first, by walking along that order: what is asked for is mostly recent. It names
 * only what the caller may see.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/inside.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

static const struct say too_short = {{"cần ít nhất 3 ký tự", "at least 3 characters are needed"}};
static const struct say too_long = {{"dài quá 200 ký tự", "longer than 200 characters"}};
static const struct say too_wide = {{"cần q, status hoặc unit", "q, status or unit is needed"}};
static const struct say not_known = {{"không có giá trị này", "there is no such value"}};
static const struct say out_of_range = {{"phải từ 1 đến 200", "has to be 1 to 200"}};

struct wanted {
    char **words; /* folded */
    size_t n_words;
    enum dossier_status status; /* STATUS_UNKNOWN: any */
    int unit;                   /* -1: any */
    int64_t limit, key;         /* key: of all that goes with a cursor */
    int64_t submitted, num;     /* go on after this one */
};

static size_t characters(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void split(struct call *call, const char *q, struct wanted *out)
{
    struct buf folded = {0};

    text_fold(q, strlen(q), &folded);
    char *rest = arena_copy_n(&call->arena, folded.data ? folded.data : "", folded.len), *word;
    buf_clear(&folded);
    out->words = arena_alloc(&call->arena, (strlen(rest) / 2 + 1) * sizeof *out->words);
    while ((word = strsep(&rest, " \t\r\n")))
        if (*word)
            out->words[out->n_words++] = word;
}

/* A number for all that has to be the same from page to page. */
static int64_t key_of(const struct dossier_search *search)
{
    const char *parts[] = {search->q, search->status, search->unit};
    uint64_t hash = 14695981039346656037u;

    for (int i = 0; i < 3; i++) {
        for (const char *c = parts[i] ? parts[i] : ""; *c; c++)
            hash = (hash ^ (unsigned char)*c) * 1099511628211u;
        hash = (hash ^ 0x100u) * 1099511628211u;
    }
    return (int64_t)(hash >> 1);
}

static bool read_cursor(struct call *call, const char *text, struct wanted *out)
{
    struct cursor cursor;

    out->submitted = out->num = INT64_MAX;
    if (!text)
        return true;
    if (!cursor_read(call, text, &cursor) || cursor.kind != 'q' || cursor.field[2] != out->key)
        return problem_answer(call, PROBLEM_CURSOR);
    out->submitted = cursor.field[0];
    out->num = cursor.field[1];
    return true;
}

static bool understand(struct call *call, const struct dossier_search *search, struct wanted *out)
{
    *out = (struct wanted){.limit = search->limit, .unit = -1, .key = key_of(search)};
    if (!search->q && !search->status && !search->unit)
        return problem_at(call, PROBLEM_INVALID, "/q", too_wide);
    if (search->q && characters(search->q) > 200)
        return problem_at(call, PROBLEM_INVALID, "/q", too_long);
    if (search->q)
        split(call, search->q, out);
    if (search->q && (characters(search->q) < 3 || out->n_words == 0))
        return problem_at(call, PROBLEM_INVALID, "/q", too_short);
    if (search->limit < 1 || search->limit > 200)
        return problem_at(call, PROBLEM_INVALID, "/limit", out_of_range);
    if (search->status && (out->status = status_of(search->status)) == STATUS_UNKNOWN)
        return problem_at(call, PROBLEM_INVALID, "/status", not_known);
    if (search->unit && (out->unit = directory_unit(call->central->directory, search->unit)) < 0)
        return problem_at(call, PROBLEM_INVALID, "/unit", not_known);
    return read_cursor(call, search->cursor, out);
}

static bool fits(struct call *call, sqlite3_stmt *s, const struct wanted *wanted)
{
    struct places places = record_places(s);

    if (wanted->status != STATUS_UNKNOWN && sqlite3_column_int(s, COLUMN_STATUS) != (int)wanted->status)
        return false;
    if (wanted->unit >= 0 && places.unit != wanted->unit)
        return false;
    for (size_t i = 0; i < wanted->n_words; i++)
        if (!strstr(store_text(s, COLUMN_FOUND), wanted->words[i]))
            return false;
    return directory_sees(call->central->directory, call->officer, &places, call->now);
}

/* False: the page is full; this one begins the next. */
static bool add(struct call *call, sqlite3_stmt *s, struct wanted *wanted, struct buf *out, int64_t count)
{
    struct record record;
    struct buf item = {0};

    if (count == wanted->limit)
        return false;
    record_of_row(call, s, &record);
    record_view(call, &record, &item);
    bool room = out->len + item.len + 1024 <= PAGE_MAX;
    if (room) {
        buf_text(out, count ? "," : "");
        buf_add(out, item.data, item.len);
        wanted->submitted = record.d.submitted_at;
        wanted->num = record.num;
    }
    buf_clear(&item);
    return room;
}

bool dossier_search(struct call *call)
{
    struct store *store = call->central->store;
    struct dossier_search search;
    struct wanted wanted;
    struct buf body = {0};
    bool more = false;
    int64_t count = 0;

    if (!body_decode(call, &shape_dossier_search, &search) || !understand(call, &search, &wanted))
        return false;
    buf_text(&body, "{\"items\":[");
    sqlite3_stmt *s = store_query(store, SEARCH_NEWEST, "ii", wanted.submitted, wanted.num);
    while (!more && store_row(store, s)) {
        if (!fits(call, s, &wanted))
            continue;
        more = !add(call, s, &wanted, &body, count);
        count += !more;
    }
    store_done(s);
    buf_char(&body, ']');
    struct cursor cursor = {.kind = 'q', .field = {wanted.submitted, wanted.num, wanted.key}};
    if (more)
        buf_format(&body, ",\"cursor\":\"%s\"", cursor_write(call, cursor));
    buf_format(&body, ",\"more\":%s}", more ? "true" : "false");
    answer_json(call, 200, &body);
    return true;
}

/* feed: GET /changes. A full pass and what follows it are one walk along the numbers of the changes; the pass alone skips what is
 * no longer kept. Who may see a dossier is asked for each row. It refuses to wait: it says until when there is nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/inside.h"

#include <stdlib.h>
#include <string.h>

#define SCAN_MAX  20000 /* rows that one request looks at; then the client is asked to come again */
#define PAGE_ROOM 512   /* for what stands around the entries */

struct page {
    struct buf entries;
    int64_t count, scanned, limit;
    int64_t seq; /* everything up to here was looked at */
    bool pass, more;
};

/* ── entries ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_entry(struct call *call, sqlite3_stmt *s, enum thing_type type, struct buf *out)
{
    bool kept = store_int(s, COLUMN_KEPT) != 0;

    buf_format(out, "{\"type\":\"%s\",\"id\":\"%s\",\"version\":%lld", thing_names[type],
               store_text(s, COLUMN_ID), (long long)store_int(s, COLUMN_VERSION));
    if (!kept) {
        buf_text(out, ",\"removed\":true}");
        return;
    }
    buf_text(out, ",\"data\":");
    if (type == THING_DOSSIER) {
        struct record record;
        record_of_row(call, s, &record);
        record_view(call, &record, out);
    } else {
        buf_text(out, store_text(s, COLUMN_DOC));
    }
    buf_char(out, '}');
}

static bool may_see(struct call *call, sqlite3_stmt *s, enum thing_type type)
{
    struct places places = record_places(s);

    return type != THING_DOSSIER || directory_sees(call->central->directory, call->officer, &places, call->now);
}

/* One row. False: the page is full, this row begins the next. */
static bool take(struct call *call, struct page *page, sqlite3_stmt *s)
{
    enum thing_type type = (enum thing_type)store_int(s, COLUMN_TYPE);
    struct buf entry = {0};

    if (page->count == page->limit || page->scanned == SCAN_MAX)
        return false;
    page->scanned++;
    if (may_see(call, s, type)) {
        write_entry(call, s, type, &entry);
        if (page->entries.len + entry.len + PAGE_ROOM > PAGE_MAX) {
            buf_clear(&entry);
            return false;
        }
        if (page->count++ > 0)
            buf_char(&page->entries, ',');
        buf_add(&page->entries, entry.data, entry.len);
        buf_clear(&entry);
    }
    page->seq = store_int(s, COLUMN_SEQ);
    return true;
}

static void fill(struct call *call, struct page *page)
{
    struct store *store = call->central->store;
    sqlite3_stmt *s = store_query(store, page->pass ? FEED_PASS : FEED_SINCE, "i", page->seq);

    while (store_row(store, s)) {
        if (take(call, page, s))
            continue;
        page->more = true;
        break;
    }
    store_done(s);
    if (!page->more && page->seq < call->central->changes)
        page->seq = call->central->changes; /* a pass ends behind what it skipped */
}

static void answer_page(struct call *call, struct page *page)
{
    struct cursor cursor = {
        .kind = page->pass && page->more ? 'p' : 's',
        .field = {page->seq, directory_view(call->central->directory, call->officer, call->now)},
    };
    struct buf body = {0};

    buf_text(&body, "{\"changes\":[");
    buf_add(&body, page->entries.data ? page->entries.data : "", page->entries.len);
    buf_format(&body, "],\"cursor\":\"%s\",\"more\":%s}", cursor_write(call, cursor),
               page->more ? "true" : "false");
    answer_json(call, 200, &body);
}

/* ── what ends by itself ─────────────────────────────────────────────────────────────────────────────────────────── */

/* Once a day, or when the clock was moved over one: what ended long enough ago is no longer to be kept. */
void feed_sweep(struct central *central, int64_t now)
{
    int64_t today = now / 86400, seq = 0, changed;

    if (today == central->today_swept)
        return;
    store_begin(central->store);
    do {
        seq = store_next_seq(central->store);
        store_run(central->store, FEED_SWEEP, "ii", now, seq);
        changed = store_changed(central->store);
    } while (changed > 0 && !store_failed(central->store, NULL));
    if (!store_commit(central->store))
        return;
    central->today_swept = today;
    central->changes = seq;
    for (size_t i = 0; i < central->directory->n_officers; i++)
        central->concerned[i] = seq;
}

void feed_tell(struct central *central, const struct touched *touched, int64_t now)
{
    central->changes = touched->seq;
    for (size_t i = 0; i < central->directory->n_officers; i++)
        if (directory_sees(central->directory, i, &touched->places, now))
            central->concerned[i] = touched->seq;
}

bool central_ready(const struct central *central, const struct central_hold *hold, int64_t now)
{
    return now >= hold->until || central->concerned[hold->officer] > hold->seen;
}

/* ── the request ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A number of the query; false: 400 was answered. Absent: `*out` stays. */
static bool query_number(struct call *call, const char *name, int64_t least, int64_t most, int64_t *out)
{
    static const struct say wrong = {
        {"không phải số nguyên trong khoảng cho phép", "not a whole number in the range"}};
    const char *query = call->request->query,
               *text = form_value(&call->arena, query, query ? strlen(query) : 0, name);

    if (!text)
        return true;
    size_t digits = strspn(text, "0123456789");
    int64_t n = strtoll(text, NULL, 10);
    if (digits == 0 || digits > 6 || text[digits] != '\0' || n < least || n > most)
        return problem_at(call, PROBLEM_MALFORMED, NULL, wrong);
    *out = n;
    return true;
}

/* Where to go on. False: 410 was answered. */
static bool begin(struct call *call, struct page *page)
{
    const char *query = call->request->query,
               *since = form_value(&call->arena, query, query ? strlen(query) : 0, "since");
    struct cursor cursor;

    page->pass = true;
    if (!since)
        return true;
    if (!cursor_read(call, since, &cursor) || (cursor.kind != 'p' && cursor.kind != 's') ||
        cursor.field[1] != directory_view(call->central->directory, call->officer, call->now))
        return problem_answer(call, PROBLEM_CURSOR);
    page->pass = cursor.kind == 'p';
    page->seq = cursor.field[0];
    return true;
}

bool feed_changes(struct call *call)
{
    const struct central_hold *hold = call->request->hold;
    struct page page = {.limit = 500};
    int64_t wait = 0;

    if (!query_number(call, "limit", 1, 1000, &page.limit) || !query_number(call, "wait", 0, 60, &wait))
        return false;
    if (!begin(call, &page))
        return false;
    int64_t until = hold ? hold->until : call->now + wait;
    if (hold && !page.pass && hold->seen > page.seq)
        page.seq = hold->seen;
    fill(call, &page);
    if (page.count == 0 && !page.more && !page.pass && call->now < until) {
        call->answer->held = true;
        call->answer->hold = (struct central_hold){.until = until, .seen = page.seq, .officer = call->officer};
    } else {
        answer_page(call, &page);
    }
    buf_clear(&page.entries);
    return true;
}

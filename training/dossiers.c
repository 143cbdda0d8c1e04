/* dossiers: looking at one, and at what was done to it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/inside.h"

#include <string.h>

#define EVENTS_A_PAGE 200

bool dossier_get(struct call *call)
{
    struct record record;

    if (!record_find(call, call->dossier, &record))
        return problem_answer(call, PROBLEM_NOT_FOUND);
    record_answer(call, 200, &record);
    return true;
}

static void read_event(sqlite3_stmt *s, struct event *event)
{
    *event = (struct event){
        .seq = store_int(s, 0),
        .at = store_int(s, 1),
        .acted_at = store_int(s, 2),
        .by = store_text(s, 3),
        .on_behalf_of = store_text(s, 4),
        .action = store_text(s, 5),
        .from = status_text((enum dossier_status)sqlite3_column_int(s, 6)),
        .to = status_text((enum dossier_status)sqlite3_column_int(s, 7)),
        .note = store_text(s, 8),
    };
}

/* The events after `seq`, as many as go into a page; the number of the last one. */
static int64_t write_events(struct call *call, int64_t num, int64_t seq, struct buf *out, bool *more)
{
    struct store *store = call->central->store;
    sqlite3_stmt *s = store_query(store, EVENT_PAGE, "ii", num, seq);
    int count = 0;

    *more = false;
    while (store_row(store, s)) {
        struct event event;
        size_t len;
        read_event(s, &event);
        char *text = codec_write(&shape_event, &event, CENTRAL_ZONE_OFFSET, &len);
        *more = count == EVENTS_A_PAGE || out->len + len > PAGE_MAX - 1024;
        if (!*more) {
            buf_text(out, count++ ? "," : "");
            buf_add(out, text, len);
            seq = event.seq;
        }
        mem_free(&text);
        if (*more)
            break;
    }
    store_done(s);
    return seq;
}

bool dossier_events(struct call *call)
{
    const char *query = call->request->query;
    const char *text = form_value(&call->arena, query, query ? strlen(query) : 0, "cursor");
    struct cursor cursor = {.kind = 'e'};
    struct record record;
    struct buf body = {0};
    bool more;

    if (!record_find(call, call->dossier, &record))
        return problem_answer(call, PROBLEM_NOT_FOUND);
    if (text && (!cursor_read(call, text, &cursor) || cursor.kind != 'e' || cursor.field[0] != record.num))
        return problem_answer(call, PROBLEM_CURSOR);
    buf_text(&body, "{\"items\":[");
    int64_t seq = write_events(call, record.num, cursor.field[1], &body, &more);
    cursor = (struct cursor){.kind = 'e', .field = {record.num, seq}};
    buf_text(&body, "]");
    if (more)
        buf_format(&body, ",\"cursor\":\"%s\"", cursor_write(call, cursor));
    buf_format(&body, ",\"more\":%s}", more ? "true" : "false");
    answer_json(call, 200, &body);
    return true;
}

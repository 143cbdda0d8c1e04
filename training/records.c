/* records: a dossier between the store and the request that looks at it or changes it. The stored document is the contract's
 * Dossier with an empty list of actions at its end, in whose place the caller's own are put.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/inside.h"
#include "training/life.h"

#include "core/text.h"

#include <string.h>

#define NO_ACTIONS "\"actions\":[]}"

/* ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct places record_places(sqlite3_stmt *s)
{
    return (struct places){sqlite3_column_int(s, COLUMN_UNIT), sqlite3_column_int(s, COLUMN_HANDLED),
                           sqlite3_column_int(s, COLUMN_SUPPORTED)};
}

/* The decision of a generated dossier is signed when somebody first looks at it; from then on it stands. */
static bool pay_what_it_owes(struct call *call, struct record *record, int64_t version)
{
    struct central *central = call->central;
    size_t len;

    sqlite3_stmt *s = store_query(central->store, DECISION_NOTE, "i", record->num);
    const char *note =
        store_row(central->store, s) && store_text(s, 0) ? arena_copy(&call->arena, store_text(s, 0)) : NULL;
    store_done(s);
    if (!life_sign(central->ca, central->directory, &record->d, version, note, &call->arena))
        return false;
    char *doc = codec_write(&shape_dossier, &record->d, CENTRAL_ZONE_OFFSET, &len);
    record->doc = arena_copy_n(&call->arena, doc, len);
    record->doc_len = len;
    store_run(central->store, THING_SIGNED, "it", record->num, record->doc);
    mem_free(&doc);
    return true;
}

void record_of_row(struct call *call, sqlite3_stmt *s, struct record *record)
{
    json_t *form = NULL;
    int64_t owes = store_int(s, COLUMN_OWES);

    *record = (struct record){
        .num = store_int(s, COLUMN_NUM),
        .seq = store_int(s, COLUMN_SEQ),
        .version = store_int(s, COLUMN_VERSION),
        .kept = store_int(s, COLUMN_KEPT) != 0,
        .places = record_places(s),
        .changed_at = store_int(s, COLUMN_AT),
    };
    const char *by = store_text(s, COLUMN_BY), *doc = store_text(s, COLUMN_DOC);
    record->changed_by = by ? arena_copy(&call->arena, by) : NULL;
    record->doc_len = (size_t)sqlite3_column_bytes(s, COLUMN_DOC);
    record->doc = arena_copy_n(&call->arena, doc, record->doc_len);
    if (!codec_read(&shape_dossier, record->doc, record->doc_len, &call->arena, &record->d, &form, NULL))
        die("a stored dossier cannot be read");
    codec_keep(&call->arena, form);
    if (owes != INT64_MIN && !pay_what_it_owes(call, record, owes))
        die("a generated decision cannot be signed");
}

bool record_find(struct call *call, const char *id, struct record *record)
{
    struct store *store = call->central->store;
    sqlite3_stmt *s = store_query(store, THING_GET, "it", (int64_t)THING_DOSSIER, id);

    if (!store_row(store, s))
        return false;
    struct places places = record_places(s);
    bool seen = directory_sees(call->central->directory, call->officer, &places, call->now);
    if (seen)
        record_of_row(call, s, record);
    store_done(s);
    return seen;
}

void record_view(struct call *call, const struct record *record, struct buf *out)
{
    size_t tail = sizeof NO_ACTIONS - 1;

    if (record->doc_len < tail || strcmp(record->doc + record->doc_len - tail, NO_ACTIONS) != 0)
        die("a stored dossier does not end as it should");
    buf_add(out, record->doc, record->doc_len - tail);
    offers_write(call, record, out);
    buf_char(out, '}');
}

void record_answer(struct call *call, int status, const struct record *record)
{
    struct buf body = {0};

    record_view(call, record, &body);
    answer_json(call, status, &body);
    answer_header(call->answer, "ETag", "\"%lld\"", (long long)record->version);
}

bool record_matches(struct call *call, const struct record *record)
{
    const char *match = call->request->if_match;
    char etag[32];

    if (!match)
        return problem_answer(call, PROBLEM_PRECONDITION);
    snprintf(etag, sizeof etag, "\"%lld\"", (long long)record->version);
    return strcmp(match, etag) == 0 || problem_stale(call, PROBLEM_STALE, record, (struct say){{NULL, NULL}});
}

/* ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void fold_in(struct buf *out, const char *text)
{
    if (!text)
        return;
    text_fold(text, strlen(text), out);
    buf_char(out, '\n');
}

char *record_found(struct arena *arena, const struct dossier *d)
{
    struct buf out = {0};

    fold_in(&out, d->code);
    fold_in(&out, d->external_code);
    fold_in(&out, d->client_ref);
    fold_in(&out, d->applicant->name);
    fold_in(&out, d->applicant->id_number);
    fold_in(&out, d->applicant->phone);
    char *copy = arena_copy_n(arena, out.data, out.len);
    buf_clear(&out);
    return copy;
}

struct thing record_thing(struct arena *arena, const struct dossier *d, const struct places *places)
{
    return (struct thing){
        .type = THING_DOSSIER,
        .id = d->id,
        .version = d->version,
        .keep_until = INT64_MIN,
        .owes = INT64_MIN,
        .unit = places->unit,
        .handled = places->handled,
        .supported = places->supported,
        .status = (int)status_of(d->status),
        .submitted = d->submitted_at,
        .found = record_found(arena, d),
    };
}

int64_t record_keep_until(const struct central *central, const struct dossier *d)
{
    bool ended = !dossier_is_open(d) && status_of(d->status) != STATUS_COMPLETED;

    return ended ? d->step_since + central->closed_kept_days * 86400 : INT64_MIN;
}

char *record_doc(struct arena *arena, struct dossier *d, size_t *len)
{
    d->n_actions = d->n_unavailable = 0;
    char *text = codec_write(&shape_dossier, d, CENTRAL_ZONE_OFFSET, len);
    char *doc = arena_copy_n(arena, text, *len);

    mem_free(&text);
    return doc;
}

void event_put(struct store *store, int64_t num, const struct event *event)
{
    store_run(store, EVENT_ADD, "iiotttiit", num, event->at, event->acted_at, event->by, event->on_behalf_of,
              event->action, (int64_t)status_of(event->from), (int64_t)status_of(event->to), event->note);
}

bool record_put(struct call *call, struct record *record, const struct event *event)
{
    struct central *central = call->central;
    struct store *store = central->store;
    struct dossier *d = &record->d;
    int64_t keep_until = record_keep_until(central, d);

    record->doc = record_doc(&call->arena, d, &record->doc_len);
    if (record->doc_len > OBJECT_MAX)
        return problem_answer(call, PROBLEM_TOO_LARGE);
    record->version = d->version;
    record->kept = keep_until == INT64_MIN || keep_until > call->now;
    record->changed_by = call->me ? call->me->id : NULL; /* the system, a bank */
    record->changed_at = call->now;
    record->seq = store_next_seq(store);
    store_set_number(store, "clock", call->now); /* where a later start goes on */
    int64_t status = status_of(d->status), kept = record->kept;
    if (record->num == 0) {
        struct thing thing = record_thing(&call->arena, d, &record->places);
        thing.doc = record->doc;
        thing.seq = record->seq;
        thing.keep_until = keep_until;
        thing.changed_by = record->changed_by;
        thing.changed_at = record->changed_at;
        record->num = store_add(store, &thing);
    } else {
        store_run(store, THING_PUT, "iiiioititt", record->num, record->seq, record->version, kept, keep_until,
                  status, record->changed_by, record->changed_at, record_found(&call->arena, d), record->doc);
    }
    event_put(store, record->num, event);
    call->touched = (struct touched){.seq = record->seq, .places = record->places};
    return true;
}

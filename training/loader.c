/* loader: reference data and single dossiers into the store. It refuses what leads nowhere: an unknown unit, officer or procedure.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/loader.h"
#include "training/ca.h"
#include "training/scenario.h"

#include <string.h>

/* ── reference data ──────────────────────────────────────────────────────────────────────────────────────────────── */

static char *compact(const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);

    if (!text)
        die("out of memory");
    return text;
}

/* One item: without what is ours, and as the shape wants it. */
static bool add_item(struct central *central, enum thing_type type, const struct codec_shape *shape,
                     json_t *item, const char *id, struct err *e)
{
    struct arena arena = {0};
    struct err why = {0};
    union {
        struct unit unit;
        struct officer officer;
        struct procedure procedure;
        struct office_calendar calendar;
    } value; /* only to see that it can be one */
    json_t *version = json_object_get(item, "version");
    int64_t number = version ? json_integer_value(version) : 1;

    json_object_del(item, "version");
    bool ok = id_valid(id) && codec_decode(shape, item, &arena, &value, &why);
    if (ok) {
        char *doc = compact(item);
        store_add(central->store, &(struct thing){.type = type,
                                                  .id = id,
                                                  .seq = store_next_seq(central->store),
                                                  .version = number,
                                                  .keep_until = INT64_MIN,
                                                  .owes = INT64_MIN,
                                                  .submitted = INT64_MIN,
                                                  .unit = -1,
                                                  .handled = -1,
                                                  .supported = -1,
                                                  .doc = doc});
        mem_free(&doc);
    } else {
        err_set(e, ERR_CONFIG, "scenario: %s %s: %s", thing_names[type], *id ? id : "without an id", why.text);
    }
    arena_clear(&arena);
    return ok;
}

static bool certify(struct central *central, json_t *officer, struct err *e)
{
    const char *id = json_string_value(json_object_get(officer, "id"));
    const char *name = json_string_value(json_object_get(officer, "name"));
    const char *sha256 = id && name ? ca_enrol(central->ca, id, name) : NULL;

    if (!sha256)
        return err_set(e, ERR_CONFIG, "scenario: officer %s: no certificate could be made",
                       id ? id : "without an id");
    json_object_set_new(officer, "signing_certificate", json_string(sha256));
    return true;
}

/* The holidays of the file belong to every calendar; a calendar's own day wins. In the order of the dates. */
static void add_holidays(const struct scenario *scenario, json_t *calendar)
{
    json_t *own = json_object_get(calendar, "exceptions"), *all = json_array(), *item, *other;
    const json_t *holidays = scenario_member(scenario, "holidays");
    size_t i, j;

    json_array_foreach(holidays, i, item)
    {
        bool overridden = false;
        json_array_foreach(own, j, other) overridden |=
            json_equal(json_object_get(item, "date"), json_object_get(other, "date")) == 1;
        if (!overridden)
            json_array_append(all, item);
    }
    json_array_extend(all, own);
    for (i = 1; i < json_array_size(all); i++) { /* insertion: a few dozen days */
        item = json_incref(json_array_get(all, i));
        const char *date = json_string_value(json_object_get(item, "date"));
        for (j = i; j > 0; j--) {
            const char *before = json_string_value(json_object_get(json_array_get(all, j - 1), "date"));
            if (!date || !before || strcmp(before, date) <= 0)
                break;
            json_array_set(all, j, json_array_get(all, j - 1));
        }
        json_array_set_new(all, j, item);
    }
    json_object_set_new(calendar, "exceptions", all);
}

static bool add_list(struct central *central, const char *member, enum thing_type type,
                     const struct codec_shape *shape, struct err *e)
{
    const json_t *list = scenario_member(central->scenario, member);
    json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        json_t *copy = json_deep_copy(item);
        char *id = mem_copy(json_string_value(json_object_get(copy, "id")));
        bool ok = true;
        if (type == THING_OFFICER)
            ok = certify(central, copy, e);
        if (type == THING_CALENDAR) {
            add_holidays(central->scenario, copy);
            json_object_del(copy, "id"); /* it has one in the feed alone */
        }
        ok = ok && add_item(central, type, shape, copy, id, e);
        mem_free(&id);
        json_decref(copy);
        if (!ok)
            return false;
    }
    return true;
}

bool load_reference(struct central *central, struct err *e)
{
    return add_list(central, "units", THING_UNIT, &shape_unit, e) &&
           add_list(central, "officers", THING_OFFICER, &shape_officer, e) &&
           add_list(central, "procedures", THING_PROCEDURE, &shape_procedure, e) &&
           add_list(central, "calendars", THING_CALENDAR, &shape_office_calendar, e);
}

bool load_certificates(struct central *central, struct err *e)
{
    struct store *store = central->store;
    const char *nobody = NULL, *nothing = NULL;
    sqlite3_stmt *s = store_query(store, THING_OF_TYPE, "i", (int64_t)THING_OFFICER);
    bool ok = true;

    while (ok && store_row(store, s)) {
        int64_t num = store_int(s, COLUMN_NUM), version = store_int(s, COLUMN_VERSION) + 1;
        json_t *officer = codec_parse(store_text(s, COLUMN_DOC), (size_t)sqlite3_column_bytes(s, COLUMN_DOC), e);
        ok = officer && certify(central, officer, e);
        if (ok) {
            char *doc = compact(officer);
            store_run(store, THING_PUT, "iiiioititt", num, store_next_seq(store), version, (int64_t)1,
                      INT64_MIN, (int64_t)0, nobody, (int64_t)0, nothing, doc);
            mem_free(&doc);
        }
        json_decref(officer);
    }
    store_done(s);
    return ok;
}

/* ── dossiers ────────────────────────────────────────────────────────────────────────────────────────────────────── */

void load_dossier(struct central *central, struct dossier *d, const struct event *events, size_t n, int64_t owes)
{
    struct store *store = central->store;
    struct arena arena = {0};
    struct places places = directory_places(central->directory, d);
    struct thing thing = record_thing(&arena, d, &places);
    size_t len;

    thing.doc = record_doc(&arena, d, &len);
    thing.seq = store_next_seq(store);
    thing.keep_until = record_keep_until(central, d);
    thing.removed = thing.keep_until != INT64_MIN && thing.keep_until <= central->start;
    thing.owes = owes;
    thing.changed_by = n ? events[n - 1].by : NULL;
    thing.changed_at = n ? events[n - 1].at : d->submitted_at;
    int64_t num = store_add(store, &thing);
    for (size_t i = 0; i < n; i++)
        event_put(store, num, &events[i]);
    arena_clear(&arena);
}

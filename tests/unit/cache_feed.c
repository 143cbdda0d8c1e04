/* cache_feed: see cache_feed.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"

#include <stdlib.h>
#include <string.h>

void feed_open(struct feed *f)
{
    struct err e = {0};

    assert_ok(cache_open(f->machine.dir, f->machine.path, f->machine.key, ME, &f->cache, &f->rebuilt, &e), &e);
}

void feed_close(struct feed *f)
{
    cache_close(&f->cache);
    assert_null(f->cache);
}

void feed_new(struct feed *f)
{
    *f = (struct feed){0};
    machine_new(&f->machine);
    feed_open(f);
    assert_false(f->rebuilt);
}

void feed_free(struct feed *f)
{
    feed_close(f);
    machine_free(&f->machine);
}

void set_text(json_t *object, const char *member, const char *value)
{
    if (value)
        json_object_set_new(object, member, json_string(value));
    else
        json_object_del(object, member);
}

void set_time(json_t *object, const char *member, int64_t t)
{
    char text[INSTANT_TEXT];

    if (t == INSTANT_NONE) {
        json_object_del(object, member);
        return;
    }
    instant_format(t, 7 * 3600, text);
    json_object_set_new(object, member, json_string(text));
}

void set_applicant(json_t *object, const char *name, const char *number)
{
    json_t *applicant = json_pack("{ss ss}", "kind", "person", "name", name);

    set_text(applicant, "id_number", number);
    json_object_set_new(object, "applicant", applicant);
}

json_t *dossier_json(const char *id, int64_t version, const char *status, const char *step)
{
    json_t *d = json_pack("{ss sI ss+ ss so ss ss ss ss s[]}", "id", id, "version", (json_int_t)version,
                          "code", "M-", id, "procedure", "p-1", "applicant",
                          json_pack("{ss ss}", "kind", "person", "name", "Nguyễn Thị Đào"), "channel",
                          "online", "unit", "u-1", "status", status, "step", step, "actions");

    assert_non_null(d);
    set_time(d, "submitted_at", T0);
    set_time(d, "step_since", T0);
    set_time(d, strcmp(status, "registered") == 0 ? "decide_by" : "due_at", T0 + 86400);
    return d;
}

json_t *entry(const char *type, const char *id, int64_t version, json_t *data)
{
    json_t *e = json_pack("{ss ss sI}", "type", type, "id", id, "version", (json_int_t)version);

    json_object_set_new(e, data ? "data" : "removed", data ? data : json_true());
    return e;
}

json_t *dossier_entry(json_t *d)
{
    return entry("dossier", json_string_value(json_object_get(d, "id")),
                 json_integer_value(json_object_get(d, "version")), d);
}

json_t *calendar_json(const char *unit, const char *zone)
{
    json_t *week = json_array();

    for (int day = 0; day < 7; day++)
        json_array_append_new(week, day < 5 ? json_pack("[[ss][ss]]", "07:30", "11:30", "13:30", "17:00")
                                            : json_array());
    return json_pack("{ss ss so s[]}", "unit", unit, "time_zone", zone, "week", week, "exceptions");
}

char *page_bytes(json_t *entries, const char *cursor, bool more, size_t *len)
{
    json_t *page = json_pack("{so ss sb}", "changes", entries, "cursor", cursor, "more", more);
    char *bytes = json_dumps(page, JSON_COMPACT);

    assert_non_null(bytes);
    *len = strlen(bytes);
    json_decref(page);
    return bytes;
}

struct cache_page_end apply_page_at(struct at at, struct feed *f, json_t *entries, const char *cursor, bool more)
{
    struct err e = {0};
    struct cache_page_end end;
    size_t len;
    char *bytes = page_bytes(entries, cursor, more, &len);

    if (!cache_page_begin(f->cache, bytes, len, &e))
        fail_at(at, "the page is refused: %s", e.text);
    enum cache_page how;
    while ((how = cache_page_step(f->cache, &f->machine.env.env, 1000, &end, &e)) == CACHE_PAGE_MORE)
        ;
    if (how != CACHE_PAGE_DONE)
        fail_at(at, "the page is not applied: %s", e.text);
    return end;
}

void full_pass(struct feed *f, json_t *entries)
{
    struct err e = {0};

    assert_ok(cache_begin_pass(f->cache, &e), &e);
    while (json_array_size(entries) > 200) {
        json_t *some = json_array();
        for (int i = 0; i < 200; i++) {
            json_array_append(some, json_array_get(entries, 0));
            json_array_remove(entries, 0);
        }
        apply_page(f, some, "half", true);
    }
    apply_page(f, entries, "pass", false);
}

int64_t held_version(struct feed *f, const char *id)
{
    struct arena arena = {0};
    struct dossier d;
    struct err e = {0};
    int64_t version = 0;

    if (cache_dossier(f->cache, id, &arena, &d, NULL, &e))
        version = d.version;
    else if (e.code != ERR_NOT_FOUND)
        fail_at(HERE, "%s: %s", id, e.text);
    arena_clear(&arena);
    return version;
}

char *list_ids(struct feed *f, const struct list_query *q)
{
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    struct buf out = {0};
    bool fell_back;

    assert_ok(cache_list(f->cache, q, NULL, false, 1000, &arena, &page, &fell_back, &e), &e);
    for (size_t i = 0; i < page.n; i++)
        buf_format(&out, "%s%s", i ? " " : "", page.rows[i].d.id);
    arena_clear(&arena);
    return out.data ? buf_take(&out) : mem_copy("");
}

/* What a server may answer: any bytes become structs of every shape or an error, and what was understood says the same
 * when it is written and read again. The feed's pages, split without parsing, agree with the parser.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "core/codec.h"
#include "core/codec_shape.h"
#include "core/json_split.h"

#include <string.h>

#define VIETNAM (7 * 3600)

static const struct codec_shape *const shapes[] = {
    &shape_unit,
    &shape_officer,
    &shape_office_calendar,
    &shape_procedure,
    &shape_dossier,
    &shape_applicant,
    &shape_paper,
    &shape_attachment,
    &shape_fee,
    &shape_payment,
    &shape_event,
    &shape_event_page,
    &shape_dossier_page,
    &shape_about,
    &shape_problem,
    &shape_action_request,
    &shape_new_dossier,
    &shape_dossier_search,
    &shape_signing_statement,
    &shape_oidc_metadata,
    &shape_device_authorization,
    &shape_token_answer,
};

/* Fills the error if and only if it says no. */
static void check_error(bool ok, const struct err *e)
{
    CHECK(ok == (e->code == ERR_NONE));
    CHECK(ok || (e->text[0] && memchr(e->text, 0, sizeof e->text)));
}

static void check_shape(const struct codec_shape *shape, const char *bytes, size_t len)
{
    struct arena arena = {0};
    struct err e = {0};
    void *value = mem_alloc(shape->size), *again = mem_alloc(shape->size), *copy = mem_alloc(shape->size);
    json_t *keep = NULL;
    bool ok = codec_read(shape, bytes, len, &arena, value, &keep, &e);

    check_error(ok, &e);
    CHECK(ok == (keep != NULL));
    if (ok) {
        size_t n, m;
        json_t *keep_again = NULL;
        codec_copy(shape, value, &arena, copy);
        char *written = codec_write(shape, copy, VIETNAM, &n);
        CHECK(n > CODEC_MAX_BYTES || codec_read(shape, written, n, &arena, again, &keep_again, &e));
        if (keep_again) {
            char *twice = codec_write(shape, again, VIETNAM, &m);
            CHECK(n == m && memcmp(written, twice, n) == 0);
            mem_free(&twice);
        }
        json_decref(keep_again);
        mem_free(&written);
    }
    json_decref(keep);
    arena_clear(&arena);
    free(value);
    free(again);
    free(copy);
}

static void check_change(struct json_span entry, const json_t *parsed, struct arena *arena)
{
    struct err e = {0};
    struct change change;
    bool ok = json_split_change(entry, arena, &change, &e);

    check_error(ok, &e);
    if (!ok)
        return;
    CHECK(change.type && id_valid(change.id) && change.version > 0);
    CHECK(change.removed == !change.data);
    CHECK(!change.data || (change.data >= entry.at && change.data + change.data_len <= entry.at + entry.len));
    if (!parsed)
        return;
    CHECK(strcmp(change.type, json_string_value(json_object_get(parsed, "type"))) == 0);
    CHECK(strcmp(change.id, json_string_value(json_object_get(parsed, "id"))) == 0);
    CHECK(change.version == json_integer_value(json_object_get(parsed, "version")));
    CHECK(change.removed == json_is_true(json_object_get(parsed, "removed")));
}

static void check_entries(const struct change_page *page, const json_t *changes, struct arena *arena)
{
    for (size_t i = 0; i < page->n_entries; i++) {
        const json_t *parsed = json_array_get(changes, i);
        if (parsed) {
            json_t *alone = json_loadb(page->entries[i].at, page->entries[i].len, JSON_DECODE_ANY, NULL);
            CHECK(alone && json_equal(alone, parsed));
            json_decref(alone);
        }
        check_change(page->entries[i], parsed, arena);
    }
}

/* A page that has to be taken. ("-0" is an integer to jansson, but not to us: so no 0 here.) */
static bool is_page(const json_t *json)
{
    const json_t *poll = json_object_get(json, "poll_after");
    const char *cursor = json_string_value(json_object_get(json, "cursor"));

    return json_is_array(json_object_get(json, "changes")) &&
           json_is_boolean(json_object_get(json, "more")) && cursor && cursor[0] && strlen(cursor) <= 200 &&
           (!poll ||
            (json_is_integer(poll) && json_integer_value(poll) > 0 && json_integer_value(poll) <= CODEC_MOST));
}

static void check_page(const char *bytes, size_t len, const json_t *json)
{
    struct arena arena = {0};
    struct err e = {0};
    struct change_page page;
    bool ok = json_split_page(bytes, len, &arena, &page, &e);

    check_error(ok, &e);
    CHECK(ok || !json || !is_page(json));
    if (ok) {
        const json_t *changes = json_object_get(json, "changes");
        CHECK(page.cursor && page.cursor[0] && page.poll_after >= -1 && page.poll_after <= 3600);
        CHECK(!json || json_array_size(changes) == page.n_entries);
        CHECK(!json || strcmp(json_string_value(json_object_get(json, "cursor")), page.cursor) == 0);
        check_entries(&page, changes, &arena);
    }
    arena_clear(&arena);
}

/* The contract's limits hold, whatever the parser would take. */
static void check_limits(json_t *json, int depth)
{
    const char *key;
    json_t *value;
    size_t i;

    CHECK(depth <= CODEC_MAX_DEPTH);
    json_object_foreach(json, key, value) if (json_is_object(value) || json_is_array(value))
        check_limits(value, depth + 1);
    json_array_foreach(json, i, value) if (json_is_object(value) || json_is_array(value))
        check_limits(value, depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Of exactly its length, so that reading one byte further is seen. */
    char *bytes = malloc(size ? size : 1);
    struct err e = {0};

    if (!bytes)
        abort();
    if (size)
        memcpy(bytes, data, size);
    json_t *json = codec_parse(bytes, size, &e);
    check_error(json != NULL, &e);
    if (json) {
        check_limits(json, 1);
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
            check_shape(shapes[i], bytes, size);
    }
    check_page(bytes, size, json);
    json_decref(json);
    free(bytes);
    return 0;
}

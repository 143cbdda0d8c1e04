/* What is generated: the same from the same seed, lawful, signed, as many as asked for, and spread as the scenario says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include "core/codec.h"
#include "core/workflow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCENARIO(name) "training/scenarios/" name ".json"

static struct place *place;
static char *cursor;

/* A server with one of the product's own scenarios. */
static void open_scenario(const char *file, uint64_t seed, int64_t n)
{
    struct central_options options = {.base = "http://127.0.0.1:1",
                                      .scenario = file,
                                      .seed = seed,
                                      .dossiers = n,
                                      .auto_approve = "any",
                                      .start = INSTANT_NONE};
    struct err e = {0};

    place = calloc(1, sizeof *place);
    place->dir = home_new();
    char *keys = text_new("%s/keys", place->dir);
    options.keys = keys;
    if (!central_new(&options, &place->central, &e))
        fail_at(HERE, "%s: %s", file, e.text);
    free(keys);
    place->now = central_start(place->central);
}

static int teardown(void **state)
{
    if (place)
        place_free(&place);
    free(cursor);
    cursor = NULL;
    return 0;
}

/* The next page of the search by which an auditor sees everything, newest first; false after the last. */
static bool next_page(const char *status)
{
    char *body = text_new("{\"status\":\"%s\",\"limit\":200%s%s%s}", status, cursor ? ",\"cursor\":\"" : "",
                          cursor ? cursor : "", cursor ? "\"" : "");

    assert_int_equal(
        place_ask(place, (struct place_ask){.path = "/dossiers/search", .as = "auditor", .body = body}), 200);
    free(body);
    free(cursor);
    cursor = NULL;
    if (!json_is_true(place_json_said(place, "more")))
        return false;
    cursor = text_new("%s", place_said(place, "cursor"));
    return true;
}

static const char *const statuses[] = {
    "registered",           "received", "declined",  "in_progress", "awaiting_supplement", "awaiting_payment",
    "withdrawal_requested", "stopped",  "completed", "returned"};

/* All generated dossiers, without what depends on keys; the caller frees. */
static char *all_of_them(size_t *n)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    *n = 0;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        bool more;
        do {
            json_t *item;
            size_t j;
            more = next_page(statuses[i]);
            json_array_foreach(place_json_said(place, "items"), j, item)
            {
                if (strncmp(json_string_value(json_object_get(item, "id")), "hs-", 3) != 0)
                    continue;
                json_object_del(json_object_get(item, "decision"), "signature");
                json_dumpf(item, out, JSON_COMPACT);
                fputc('\n', out);
                ++*n;
            }
        } while (more);
    }
    fclose(out);
    return text;
}

static void the_same_seed_gives_the_same_data(void **state)
{
    size_t n;

    open_scenario(SCENARIO("chau-duc-2022"), 7, 300);
    char *first = all_of_them(&n);
    assert_int_equal(n, 300);
    teardown(NULL);
    open_scenario(SCENARIO("chau-duc-2022"), 7, 300);
    char *again = all_of_them(&n);
    assert_string_equal(first, again);
    teardown(NULL);
    open_scenario(SCENARIO("chau-duc-2022"), 8, 300);
    char *other = all_of_them(&n);
    assert_string_not_equal(first, other);
    free(first);
    free(again);
    free(other);
}

/* ── each one ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void assert_lawful(const json_t *item)
{
    struct arena arena = {0};
    struct dossier d;
    struct err e = {0};

    if (!codec_decode(&shape_dossier, item, &arena, &d, &e))
        fail_at(HERE, "%s", e.text);
    assert_true(status_of(d.status) != STATUS_UNKNOWN && step_of(d.step) != STEP_UNKNOWN);
    assert_true(d.submitted_at <= place->now && d.step_since <= place->now);
    assert_int_equal(status_of(d.status) == STATUS_REGISTERED, d.decide_by != INSTANT_NONE);
    assert_int_equal(dossier_is_paused(&d), d.paused_since != INSTANT_NONE);
    if (d.applicant->id_number && strcmp(d.applicant->kind, "person") == 0)
        assert_memory_equal(d.applicant->id_number, "000", 3);
    if (d.applicant->phone)
        assert_memory_equal(d.applicant->phone, "010", 3);
    if (d.decision)
        assert_string_not_equal(d.decision->by, d.proposal->by);
    if (status_of(d.status) == STATUS_RETURNED)
        assert_int_equal(dossier_unpaid(&d), 0);
    arena_clear(&arena);
}

static void each_is_lawful_in_every_scenario(void **state)
{
    static const char *const files[] = {SCENARIO("chau-duc-2022"), SCENARIO("ngai-giao-2026"),
                                        SCENARIO("mockups"), SCENARIO("mockups-unit")};

    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        open_scenario(files[f], 3, 400);
        for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
            bool more;
            do {
                json_t *item;
                size_t j;
                more = next_page(statuses[i]);
                json_array_foreach(place_json_said(place, "items"), j, item) assert_lawful(item);
            } while (more);
        }
        teardown(NULL);
    }
}

/* ── signatures ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void decisions_are_signed_and_stay_as_they_were_first_seen(void **state)
{
    open_scenario(SCENARIO("chau-duc-2022"), 3, 50);
    next_page("returned");
    char *path = text_new("/dossiers/%s", place_said(place, "items.0.id"));
    char *cms = text_new("%s", place_said(place, "items.0.decision.signature.cms"));
    char *version = text_new("%s", place_said(place, "items.0.version"));
    assert_true(strlen(cms) > 500);
    assert_int_equal(PLACE_GET(place, "auditor", path), 200);
    assert_string_equal(place_said(place, "decision.signature.cms"), cms);
    assert_string_equal(place_said(place, "version"), version);
    struct buf statement = {0};
    assert_true(base64_decode(place_said(place, "decision.signature.statement"), &statement));
    assert_true(place_cms_good(place, statement.data, statement.len, cms));
    statement.data[20] ^= 1;
    assert_false(place_cms_good(place, statement.data, statement.len, cms));
    statement.data[20] ^= 1;
    json_t *said = json_loadb(statement.data, statement.len, JSON_REJECT_DUPLICATES, NULL);
    assert_string_equal(json_string_value(json_object_get(said, "officer")), place_said(place, "decision.by"));
    assert_string_equal(json_string_value(json_object_get(said, "code")), place_said(place, "code"));
    assert_string_equal(json_string_value(json_object_get(said, "signed_at")), place_said(place, "decision.at"));
    assert_true(json_integer_value(json_object_get(said, "version")) < atoi(version));
    json_decref(said);
    buf_clear(&statement);
    free(path);
    free(cms);
    free(version);
}

/* ── all together ────────────────────────────────────────────────────────────────────────────────────────────────── */

struct tally {
    int all, online, open, overdue;
};

static struct tally month_of(const char *text, const char *month)
{
    struct tally t = {0};

    for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
        size_t n = strcspn(line, "\n");
        char *one = text_new("%.*s", (int)n, line);
        char *mark = text_new("\"submitted_at\":\"%s", month);
        if (strstr(one, mark)) {
            t.all++;
            t.online += strstr(one, "\"channel\":\"online\"") != NULL;
        }
        free(one);
        free(mark);
    }
    return t;
}

static void the_year_goes_from_the_counter_to_online(void **state)
{
    size_t n;

    open_scenario(SCENARIO("chau-duc-2022"), 1, 2000);
    char *text = all_of_them(&n);
    assert_int_equal(n, 2000);
    struct tally january = month_of(text, "2022-01"), july = month_of(text, "2022-07"),
                 december = month_of(text, "2022-12");
    assert_true(january.all > 40 && july.all > 40);
    assert_true(100 * january.online < 12 * january.all);
    assert_true(100 * july.online > 20 * july.all && 100 * july.online < 45 * july.all);
    assert_int_equal(december.online, december.all);
    free(text);
}

/* A pass of somebody who sees much: pages below 1 MiB, each dossier once, and nothing of it missing. */
static void a_full_pass_is_whole(void **state)
{
    size_t dossiers = 0, pages = 0;
    char *query = text_new("limit=1000");

    open_scenario(SCENARIO("chau-duc-2022"), 1, 2000);
    for (;; pages++) {
        json_t *item;
        size_t i;
        assert_int_equal(place_ask(place, (struct place_ask){.path = "/changes", .as = "quan", .query = query}),
                         200);
        assert_true(place->answer.body.len <= 1024 * 1024);
        json_array_foreach(place_json_said(place, "changes"), i, item) dossiers +=
            strcmp(json_string_value(json_object_get(item, "type")), "dossier") == 0;
        free(query);
        query = text_new("limit=1000&since=%s", place_said(place, "cursor"));
        if (!json_is_true(place_json_said(place, "more")))
            break;
    }
    assert_true(pages >= 1);
    assert_in_range(dossiers, 300, 900); /* open, and what ended in the last weeks */
    free(query);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_teardown(f, teardown)
    const struct CMUnitTest tests[] = {
        CASE(the_same_seed_gives_the_same_data),
        CASE(each_is_lawful_in_every_scenario),
        CASE(decisions_are_signed_and_stay_as_they_were_first_seen),
        CASE(the_year_goes_from_the_counter_to_online),
        CASE(a_full_pass_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

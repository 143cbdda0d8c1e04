/* A scenario that is not as docs/scenarios.md says is refused as a whole, and where it is wrong is said; what it leaves out is made.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct place *place;

static int setup(void **state)
{
    place = place_new(NULL);
    return 0;
}

static int teardown(void **state)
{
    place_free(&place);
    return 0;
}

/* The place's own scenario with one member replaced by `value` (JSON with '; NULL: gone), opened anew: the error's text. */
static const char *opened(const char *member, const char *value)
{
    static struct err e;
    char *file = text_new("%s/scenario.json", place->dir), *other = text_new("%s/other.json", place->dir);
    json_t *json = json_load_file(file, 0, NULL);
    struct central *central = NULL;

    if (value)
        json_object_set_new(json, member, place_json(value));
    else
        json_object_del(json, member);
    json_dump_file(json, other, 0);
    json_decref(json);
    e = (struct err){0};
    if (central_new(
            &(struct central_options){.base = "http://x", .scenario = other, .dossiers = 5, .start = INSTANT_NONE},
            &central, &e))
        e.text[0] = '\0';
    else
        assert_true(e.code == ERR_CONFIG);
    central_free(&central);
    free(file);
    free(other);
    return e.text;
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *member, *value, *says;
    } cases[] = {
        {"colour", "'red'", "colour"},
        {"clock", "'noon'", "clock"},
        {"clock", NULL, "clock"},
        {"closed_kept_days", "'many'", "closed_kept_days"},
        {"officers", NULL, "officers"},
        {"codes", NULL, "codes"},
        {"units", "[{'id':'A','level':'commune'}]", "A: /name"},
        {"units", "[{'name':'x','level':'commune'}]", "without an id"},
        {"officers", "[{'id':'mai','name':'Mai','unit':'A'}]", "mai: /roles"},
        {"calendars", "[{'id':'c','unit':'D','time_zone':'UTC','week':[],'exceptions':[]}]", "c: /week"},
        {"dossiers", "[{'id':'x'}]", "x: /code"},
        {"generate", "{'from':'2022-01-01'}", "generate"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *said = opened(cases[i].member, cases[i].value);
        if (!strstr(said, cases[i].says))
            fail_at(HERE, "%s: \"%s\"", cases[i].says, said);
    }
}

static void what_leads_nowhere_is_named(void **state)
{
    static const char one[] =
        "[{'id':'x','code':'c','procedure':'%s','channel':'counter','unit':'%s','status':'received','step':'intake',"
        "'step_since':'2022-12-28T10:00:00+07:00','submitted_at':'2022-12-28T10:00:00+07:00',"
        "'received_at':'2022-12-28T10:00:00+07:00','assignee':'%s','applicant':{'kind':'person','name':'N'}}]";
    static const struct {
        const char *procedure, *unit, *assignee;
        bool good;
    } cases[] = {{"tt1", "A", "nam", true},
                 {"tt9", "A", "nam", false},
                 {"tt1", "Z", "nam", false},
                 {"tt1", "A", "nobody", false}};

    for (size_t i = 0; i < 4; i++) {
        char *value = text_new(one, cases[i].procedure, cases[i].unit, cases[i].assignee);
        const char *said = opened("dossiers", value);
        assert_int_equal(*said == '\0', cases[i].good);
        assert_true(cases[i].good || strstr(said, "dossier x"));
        free(value);
    }
}

static void a_file_that_is_not_there_or_no_json(void **state)
{
    struct central *central = NULL;
    struct err e = {0};
    char *file = text_new("%s/broken.json", place->dir);
    FILE *out = fopen(file, "we");

    fputs("{\"name\":", out);
    fclose(out);
    assert_false(central_new(
        &(struct central_options){.base = "http://x", .scenario = file, .start = INSTANT_NONE}, &central, &e));
    assert_int_equal(e.code, ERR_CONFIG);
    assert_non_null(strstr(e.text, "broken.json:1"));
    assert_false(central_new(
        &(struct central_options){.base = "http://x", .scenario = "/nowhere.json", .start = INSTANT_NONE},
        &central, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    free(file);
}

static void papers_version_and_history_are_made(void **state)
{
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/ky"), 200);
    assert_string_equal(place_said(place, "papers.0.id"), "p1");
    assert_string_equal(place_said(place, "papers.0.state"), "handed_in");
    assert_int_equal(json_array_size(place_json_said(place, "papers")), 1); /* what is required */
    assert_string_equal(place_said(place, "version"), "3");
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/ky/events"), 200);
    assert_string_equal(place_said(place, "items.0.action"), "create");
    assert_string_equal(place_said(place, "items.0.to"), "received");
    assert_string_equal(place_said(place, "items.1.action"), "assign");
    assert_string_equal(place_said(place, "items.1.note"), "cho Lê Hoàng Nam");
    assert_string_equal(place_said(place, "items.2.action"), "propose");
    assert_string_equal(place_said(place, "items.2.by"), "nam");
}

static void the_clock_starts_as_told(void **state)
{
    place_again(place, &(struct central_options){.start = START + 5000});
    assert_int_equal(place->now, START + 5000);
    place_again(place, NULL);
    assert_int_equal(place->now, START);
    char *db = text_new("%s/db", place->dir);
    const struct central_options kept = {.start = INSTANT_NONE, .db = db};
    place_again(place, &kept);
    place->n_tokens = 0;
    place->now += 3600;
    assert_int_equal(place_act(place, "mai", "moi", "comment", "\"note\":\"x\""), 200);
    place_again(place, &kept);
    assert_int_equal(place->now, START + 3600); /* where it was left */
    free(db);
}

static void only_a_database_of_ours_is_opened(void **state)
{
    char *db = text_new("%s/db", place->dir), *file = text_new("%s/scenario.json", place->dir);
    const struct central_options options = {.base = "http://x", .scenario = file, .start = INSTANT_NONE, .db = db};
    struct central *central = NULL;
    struct err e = {0};
    FILE *out = fopen(db, "we");

    fputs("this is a letter, not a database; it is long enough to have a header of its own, and somebody wants to keep it.",
          out);
    fclose(out);
    assert_false(central_new(&options, &central, &e));
    assert_int_equal(e.code, ERR_STORE);
    char *text = file_text(db);
    assert_memory_equal(text, "this is a letter", 16);
    free(text);
    free(db);
    free(file);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(what_is_wrong_is_named),
        CASE(what_leads_nowhere_is_named),
        CASE(a_file_that_is_not_there_or_no_json),
        CASE(papers_version_and_history_are_made),
        CASE(the_clock_starts_as_told),
        CASE(only_a_database_of_ours_is_opened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

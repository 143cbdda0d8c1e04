/* The codec, reading: what it takes, what it refuses, and how it says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"
#include "tests/unit/core_fixtures.h"

#include "core/instant.h"

#include <stdlib.h>
#include <string.h>

/* ── bytes → JSON ────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool parses(const char *bytes, size_t len)
{
    struct err e = {0};
    json_t *json = codec_parse(bytes, len, &e);
    if (!json && (e.code != ERR_DATA || e.text[0] == '\0'))
        fail_msg("refused without a word");
    if (json && e.code != ERR_NONE)
        fail_msg("taken with an error: %s", e.text);
    bool ok = json != NULL;
    json_decref(json);
    return ok;
}

static void assert_parses(const char *text)
{
    if (!parses(text, strlen(text)))
        fail_msg("refused: %s", text);
}

static void assert_refused(const char *text)
{
    if (parses(text, strlen(text)))
        fail_msg("taken: %s", text);
}

static void json_is_objects_and_lists_in_utf8(void **state)
{
    assert_parses("{}");
    assert_parses("[]");
    assert_parses(" {\"tên\" : \"Đặng\", \"n\": [1.5, 1e3, -0, true, false, null]}\r\n\t");
    assert_parses("[\"\\u0110\\ud83d\\ude00\"]");
    assert_refused("");
    assert_refused("5");
    assert_refused("\"x\"");
    assert_refused("{}x");
    assert_refused("{} {}");
    assert_refused("\xEF\xBB\xBF{}");
    assert_refused("{'a':1}");
    assert_refused("{\"a\":1,}");
    assert_refused("[1,]");
    assert_refused("[01]");
    assert_refused("[NaN]");
    assert_refused("[\"a\nb\"]");
    assert_refused("// x\n{}");
}

static void a_member_twice_is_refused_at_any_depth(void **state)
{
    struct err e = {0};
    assert_refused("{\"a\":1,\"a\":1}");
    assert_refused("{\"a\":1,\"\\u0061\":2}");
    assert_refused("{\"x\":[{\"y\":{\"a\":1,\"b\":2,\"a\":3}}]}");
    assert_parses("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":1}]}");
    assert_null(codec_parse("{\"a\":1,\n\"a\":1}", 14, &e));
    assert_string_equal(e.text, "line 2, column 3: a member stands there twice");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    assert_refused("[\"\\u0000\"]");
    assert_refused("{\"\\u0000\":1}");
    assert_refused("[\"\\ud800\"]");
    assert_refused("[\"\\udc00\"]");
    assert_refused("[\"\\ud800\\ud800\"]");
    assert_refused("[\"\\ud800x\"]");
    assert_refused("[\"\xFF\"]");
    assert_refused("[\"\xC0\x80\"]");         /* overlong */
    assert_refused("[\"\xED\xA0\x80\"]");     /* a surrogate */
    assert_refused("[\"\xF4\x90\x80\x80\"]"); /* above U+10FFFF */
    assert_refused("[\"\xC4\"]");             /* cut */
    assert_false(parses("[\"a\0b\"]", 7));
    assert_false(parses("{}\0", 3));
}

static void thirty_two_levels_and_no_more(void **state)
{
    char text[256];
    for (int levels = 1; levels <= 40; levels++) {
        memset(text, '[', (size_t)levels);
        memset(text + levels, ']', (size_t)levels);
        assert_int_equal(parses(text, (size_t)levels * 2), levels <= 32);
    }
    /* Brackets in texts are no levels, neighbours are not either. */
    assert_parses("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[\"]");
    assert_parses(
        "[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]");
    assert_refused("]]]][[[[");
    struct err e = {0};
    char deep[100000];
    memset(deep, '[', sizeof(deep));
    assert_null(codec_parse(deep, sizeof(deep), &e));
    assert_string_equal(e.text, "more than 32 levels");
}

static void one_mebibyte_and_no_more(void **state)
{
    char *text = malloc(CODEC_MAX_BYTES + 1);
    memset(text, ' ', CODEC_MAX_BYTES + 1);
    memcpy(text, "{}", 2);
    assert_true(parses(text, CODEC_MAX_BYTES));
    assert_false(parses(text, CODEC_MAX_BYTES + 1));
    free(text);
}

static void an_error_never_quotes_the_bytes(void **state)
{
    struct err e = {0};
    const char *odd = "{\"a\":\x1b[31mhacked";
    assert_null(codec_parse(odd, strlen(odd), &e));
    assert_null(strstr(e.text, "hacked"));
    assert_null(strchr(e.text, '\x1b'));
    assert_string_equal(e.text, "line 1, column 6: this is not JSON");
}

/* ── JSON → struct ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* Whether the JSON decodes; what it says if not. */
static bool decodes(const struct codec_shape *shape, size_t size, json_t *json, struct err *e)
{
    struct arena a = {0};
    void *out = calloc(1, size);
    bool ok = codec_decode(shape, json, &a, out, e);
    free(out);
    arena_clear(&a);
    return ok;
}

static void each_required(const struct fixture *f)
{
    json_t *whole = fixture_json(f->json);
    const char *name;
    json_t *value;
    size_t n_required = 0;
    json_object_foreach(whole, name, value)
    {
        struct err e = {0};
        json_t *without = json_copy(whole);
        json_object_del(without, name);
        bool required = fixture_requires(f, name);
        n_required += required;
        if (decodes(f->shape, f->size, without, &e) == required)
            fail_msg("%s without %s: %s", f->name, name, required ? "taken" : e.text);
        if (required) {
            char expected[64] = "/";
            strncat(expected, name, 40);
            strncat(expected, ": is missing", 20);
            assert_string_equal(e.text, expected);
            assert_int_equal(e.code, ERR_DATA);
        }
        json_decref(without);
    }
    for (const char *p = f->required; *p; p += strspn(p, " "), n_required--)
        p += strcspn(p, " ");
    assert_int_equal(n_required, 0);
    json_decref(whole);
}

static void what_is_required_has_to_be_there_and_the_rest_has_not(void **state)
{
    for (size_t i = 0; i < n_fixtures; i++)
        each_required(&fixtures[i]);
}

/* Puts each of the odd values in the place of every member at every depth, and wants them refused. */
static void each_odd(const struct fixture *f, json_t *top, json_t *object)
{
    static const char *const odd[] = {"null",     "1.5",   "-1",    "1.0", "1e3", "9007199254740992",
                                      "{\"\":0}", "[[0]]", "[null]"};
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(object, next, name, value)
    {
        if (strcmp(name, "form") == 0 && json_is_object(value))
            continue; /* its members are the procedure's own */
        if (strcmp(name, "current") == 0)
            continue;
        for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
            struct err e = {0};
            json_t *wrong = json_loads(odd[i], JSON_DECODE_ANY, NULL);
            json_incref(value);
            json_object_set_new(object, name, wrong);
            if (decodes(f->shape, f->size, top, &e))
                fail_msg("%s: taken with %s for %s", f->name, odd[i], name);
            if (e.code != ERR_DATA || e.text[0] != '/' || !strstr(e.text, name))
                fail_msg("%s with %s for %s: %s", f->name, odd[i], name, e.text);
            json_object_set_new(object, name, value);
        }
        if (json_is_object(value))
            each_odd(f, top, value);
        json_t *item = json_array_get(value, 0);
        if (json_is_object(item))
            each_odd(f, top, item);
    }
}

static void a_member_of_another_form_is_refused_wherever_it_stands(void **state)
{
    for (size_t i = 0; i < n_fixtures; i++) {
        const struct fixture *f = &fixtures[i];
        json_t *json = fixture_json(f->json);
        each_odd(f, json, json);
        assert_true(decodes(f->shape, f->size, json, NULL));
        json_decref(json);
    }
}

static void an_error_names_the_member_that_is_wrong(void **state)
{
    static const struct {
        const char *path, *key, *value, *expected;
    } cases[] = {
        {"applicant", "birth_date", "\"2023-02-29\"", "/applicant/birth_date: has to be a date"},
        {"decision", "at", "\"29/12/2022\"", "/decision/at: has to be a time"},
        {NULL, "id", "\"a/b\"", "/id: is not an id"},
        {NULL, "sets", "1.0", "/sets: has to be a whole number"},
        {NULL, "actions", "[{\"action\":\"stop\",\"offline\":\"queue\",\"requires\":[\"a\",5]}]",
         "/actions/0/requires/1: has to be text"},
        {NULL, "papers", "[{\"id\":\"a\",\"name\":\"b\",\"state\":\"c\"},7]", "/papers/1: has to be an object"},
        {NULL, "applicant", "[]", "/applicant: has to be an object"},
        {NULL, "form", "null", "/form: has to be an object"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct err e = {0};
        json_t *json = fixture_json(fixture_dossier);
        json_t *in = cases[i].path ? json_object_get(json, cases[i].path) : json;
        json_object_set_new(in, cases[i].key, json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
        assert_false(decodes(&shape_dossier, sizeof(struct dossier), json, &e));
        assert_string_equal(e.text, cases[i].expected);
        json_decref(json);
    }
    struct err e = {0};
    json_t *list = json_array();
    assert_false(decodes(&shape_dossier, sizeof(struct dossier), list, &e));
    assert_string_equal(e.text, "/: has to be an object");
    json_decref(list);
}

static void absent_members_are_absent_or_at_the_contracts_default(void **state)
{
    struct arena a = {0};
    struct dossier d;
    assert_true(
        codec_read(&shape_dossier, fixture_dossier_small, strlen(fixture_dossier_small), &a, &d, NULL, NULL));
    assert_null(d.assignee);
    assert_null(d.submitted_by);
    assert_null(d.proposal);
    assert_null(d.decision);
    assert_null(d.form);
    assert_null(d.applicant->phone);
    assert_int_equal(d.applicant->birth_date, DAY_NONE);
    assert_true(d.due_at == INSTANT_NONE && d.decide_by == INSTANT_NONE && d.paused_since == INSTANT_NONE);
    assert_int_equal(d.sets, 1);
    assert_int_equal(d.extensions, 0);
    assert_int_equal(d.n_actions + d.n_papers + d.n_fees + d.n_payments + d.n_pauses + d.n_supplements, 0);

    struct about about;
    const char *text = "{\"name\":\"x\",\"api_version\":\"1.0\",\"issuer\":\"i\",\"client_id\":\"c\","
                       "\"time\":\"2022-12-29T02:42:00.5Z\",\"features\":[]}";
    assert_true(codec_read(&shape_about, text, strlen(text), &a, &about, NULL, NULL));
    assert_int_equal(about.max_upload_bytes, 20971520);
    assert_false(about.training);
    assert_int_equal(about.time, 1672281720);

    struct device_authorization device;
    text = "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"v\",\"expires_in\":9}";
    assert_true(codec_read(&shape_device_authorization, text, strlen(text), &a, &device, NULL, NULL));
    assert_int_equal(device.interval, 5);

    struct procedure p;
    codec_absent(&shape_procedure, &p);
    assert_string_equal(p.processing, "here");
    assert_int_equal(p.effective_from, DAY_NONE);
    struct action_request act;
    codec_absent(&shape_action_request, &act);
    assert_int_equal(act.until, DAY_NONE);
    assert_int_equal(act.amount, 0);
    assert_true(act.acted_at == INSTANT_NONE);
    struct dossier_search search;
    codec_absent(&shape_dossier_search, &search);
    assert_int_equal(search.limit, 50);
    arena_clear(&a);
}

static void unknown_members_and_words_do_no_harm(void **state)
{
    struct arena a = {0};
    struct unit unit;
    const char *text =
        "{\"id\":\"u1\",\"later\":{\"id\":[1.5,null]},\"name\":\"  \",\"level\":\"ward\",\"2^64\":1e300}";
    assert_true(codec_read(&shape_unit, text, strlen(text), &a, &unit, NULL, NULL));
    assert_string_equal(unit.id, "u1");
    assert_string_equal(unit.name, "  "); /* an odd server's blank is no reason to lose the unit */
    assert_string_equal(unit.level, "ward");
    arena_clear(&a);
}

static bool takes_week(const char *monday)
{
    char text[1024] = "{\"unit\":\"u\",\"time_zone\":\"UTC\",\"exceptions\":[],\"week\":[";
    strncat(text, monday, 500);
    strncat(text, ",[],[],[],[],[],[]]}", 100);
    json_t *json = fixture_json(text);
    bool ok = decodes(&shape_office_calendar, sizeof(struct office_calendar), json, NULL);
    json_decref(json);
    return ok;
}

static void hours_that_cannot_be_computed_with_are_refused(void **state)
{
    assert_true(takes_week("[]"));
    assert_true(takes_week("[[\"07:30\",\"11:30\"],[\"11:30\",\"24:00\"]]"));
    assert_false(takes_week("[[\"07:30\",\"07:30\"]]"));
    assert_false(takes_week("[[\"11:30\",\"07:30\"]]"));
    assert_false(takes_week("[[\"13:30\",\"17:00\"],[\"07:30\",\"11:30\"]]"));
    assert_false(takes_week("[[\"07:30\",\"12:00\"],[\"11:30\",\"17:00\"]]"));
    assert_false(takes_week("[[\"07:30\",\"24:01\"]]"));
    assert_false(takes_week("[[\"07:30\",\"29:59\"]]"));
    assert_false(takes_week("[[\"07:60\",\"11:30\"]]"));
    assert_false(takes_week("[[\"7:30\",\"11:30\"]]"));
    assert_false(takes_week("[[\"07:30:00\",\"11:30\"]]"));
    assert_false(takes_week("[[\"07h30\",\"11:30\"]]"));
    assert_false(takes_week("[[\"07:30\"]]"));
    assert_false(takes_week("[[\"07:30\",\"11:30\",\"12:00\"]]"));
    assert_false(takes_week("[[450,690]]"));
    assert_false(takes_week("[{}]"));
    assert_false(takes_week("{}"));
    assert_false(takes_week("[],[]")); /* eight days */

    struct arena a = {0};
    struct office_calendar c;
    for (size_t i = 0; i < n_fixtures; i++)
        if (fixtures[i].shape == &shape_office_calendar)
            assert_true(codec_read(&shape_office_calendar, fixtures[i].json, strlen(fixtures[i].json), &a, &c,
                                   NULL, NULL));
    assert_int_equal(c.week[0].n, 2);
    assert_int_equal(c.week[0].spans[1].from, 13 * 60 + 30);
    assert_int_equal(c.week[0].spans[1].until, 17 * 60);
    assert_int_equal(c.week[6].n, 0);
    assert_int_equal(c.exceptions[0].date, day_of(2023, 1, 2));
    assert_int_equal(c.exceptions[1].hours.spans[0].from, 8 * 60 + 5);
    arena_clear(&a);
}

static void a_long_list_is_whole(void **state)
{
    struct arena a = {0};
    struct buf text = {0};
    buf_text(&text, "{\"more\":false,\"items\":[");
    for (int i = 1; i <= 1000; i++)
        buf_format(&text, "%s{\"seq\":%d,\"at\":\"2022-12-29T02:42:00Z\",\"action\":\"a%d\"}",
                   i > 1 ? "," : "", i, i);
    buf_text(&text, "]}");
    struct event_page page;
    assert_true(codec_read(&shape_event_page, text.data, text.len, &a, &page, NULL, NULL));
    assert_int_equal(page.n_items, 1000);
    for (int i = 1; i <= 1000; i++) {
        char action[16];
        snprintf(action, sizeof(action), "a%d", i);
        assert_int_equal(page.items[i - 1].seq, i);
        assert_string_equal(page.items[i - 1].action, action);
    }
    buf_clear(&text);
    arena_clear(&a);
}

static void broken_bytes_never_become_a_dossier(void **state)
{
    size_t len = strlen(fixture_dossier);
    for (size_t cut = 0; cut < len; cut++) {
        char *part = mem_copy_n(fixture_dossier, cut); /* of its own, so that ASan sees a byte too far */
        struct arena a = {0};
        struct dossier d;
        json_t *keep = (json_t *)1;
        struct err e = {0};
        assert_false(codec_read(&shape_dossier, part, cut, &a, &d, &keep, &e));
        assert_null(keep);
        assert_int_equal(e.code, ERR_DATA);
        arena_clear(&a);
        free(part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_objects_and_lists_in_utf8),
        cmocka_unit_test(a_member_twice_is_refused_at_any_depth),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(thirty_two_levels_and_no_more),
        cmocka_unit_test(one_mebibyte_and_no_more),
        cmocka_unit_test(an_error_never_quotes_the_bytes),
        cmocka_unit_test(what_is_required_has_to_be_there_and_the_rest_has_not),
        cmocka_unit_test(a_member_of_another_form_is_refused_wherever_it_stands),
        cmocka_unit_test(an_error_names_the_member_that_is_wrong),
        cmocka_unit_test(absent_members_are_absent_or_at_the_contracts_default),
        cmocka_unit_test(unknown_members_and_words_do_no_harm),
        cmocka_unit_test(hours_that_cannot_be_computed_with_are_refused),
        cmocka_unit_test(a_long_list_is_whole),
        cmocka_unit_test(broken_bytes_never_become_a_dossier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

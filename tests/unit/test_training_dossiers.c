/* Taking in, correcting, looking at and searching dossiers, and who sees them.
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

/* POST /dossiers with a good body that `change` (JSON with ', merged into it) alters. */
static int create(const char *who, const char *change)
{
    json_t *body = place_json(
        "{'procedure':'tt1','channel':'counter','unit':'A','applicant':{'kind':'person','name':'Nguyễn Văn Tý'}}");
    json_t *patch = place_json(change);

    json_object_update(body, patch);
    char *text = json_dumps(body, JSON_COMPACT);
    int status = PLACE_POST(place, who, "/dossiers", text);
    free(text);
    json_decref(body);
    json_decref(patch);
    return status;
}

static int patch(const char *who, const char *dossier, const char *match, const char *change)
{
    char *path = text_new("/dossiers/%s", dossier), *body;
    json_t *json = place_json(change);

    body = json_dumps(json, JSON_COMPACT);
    int status = place_ask(
        place, (struct place_ask){.path = path, .method = "PATCH", .as = who, .match = match, .body = body});
    free(path);
    free(body);
    json_decref(json);
    return status;
}

static int search(const char *who, const char *body)
{
    json_t *json = place_json(body);
    char *text = json_dumps(json, JSON_COMPACT);
    int status =
        place_ask(place, (struct place_ask){.path = "/dossiers/search", .as = who, .body = text, .key = ""});

    free(text);
    json_decref(json);
    return status;
}

/* ── taking in ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void it_is_received_at_once_with_code_and_due_time(void **state)
{
    assert_int_equal(
        create("mai", "{'client_ref':'BN-7','sets':2,'form':{'so_ban':2,'gap':true,'ghi_chu':null},"
                      "'papers':[{'id':'p1','name':'Tờ khai','state':'handed_in','originals':1,'attachment':'x'}],"
                      "'fees':[{'name':'Lệ phí','amount':10000,'paid':10000,'method':'cash'}]}"),
        201);
    assert_string_equal(place_header(place, "ETag"), "\"1\"");
    char *where = text_new("/api/v1/dossiers/%s", place_said(place, "id"));
    assert_string_equal(place_header(place, "Location"), where);
    assert_string_equal(place_said(place, "code"), "000.25.33.H06-221229-0001");
    assert_string_equal(place_said(place, "status"), "received");
    assert_string_equal(place_said(place, "step"), "intake");
    assert_string_equal(place_said(place, "due_at"), "2023-01-04T09:42:00+07:00");
    assert_string_equal(place_said(place, "client_ref"), "BN-7");
    assert_string_equal(place_said(place, "sets"), "2");
    assert_true(json_is_null(place_json_said(place, "form.ghi_chu")));
    assert_null(place_json_said(place, "papers.0.attachment"));
    assert_string_equal(place_said(place, "fees.0.paid_at"), "2022-12-29T09:42:00+07:00");
    assert_null(place_json_said(place, "assisted_by"));
    assert_int_equal(create("ha", "{}"), 201);
    assert_string_equal(place_said(place, "code"), "000.25.33.H06-221229-0002");
    assert_int_equal(create("hue", "{'unit':'B'}"), 201);
    assert_string_equal(place_said(place, "code"), "000.26.33.H06-221229-0001");
    free(where);
}

static void filed_online_with_help_it_says_whose(void **state)
{
    assert_int_equal(create("mai", "{'channel':'online'}"), 201);
    assert_string_equal(place_said(place, "assisted_by"), "mai");
    assert_string_equal(place_said(place, "status"), "received");
}

static void the_clock_counts_from_when_it_was_handed_in(void **state)
{
    assert_int_equal(create("mai", "{'received_at':'2022-12-26T10:00:00+07:00'}"), 201);
    assert_string_equal(place_said(place, "received_at"), "2022-12-26T10:00:00+07:00");
    assert_string_equal(place_said(place, "due_at"), "2022-12-29T10:00:00+07:00");
    assert_string_equal(place_said(place, "code"), "000.25.33.H06-221226-0011"); /* behind 0010 of the scenario */
    assert_int_equal(create("mai", "{'received_at':'2022-12-29T09:42:03+07:00'}"),
                     201); /* a clock that is ahead a little */
    assert_string_equal(place_said(place, "received_at"), "2022-12-29T09:42:00+07:00");
}

static void what_cannot_be_taken_in(void **state)
{
    static const struct {
        const char *who, *change, *field;
    } cases[] = {
        {"mai", "{'unit':'B'}", "/unit"},
        {"nam", "{}", "/unit"},
        {"dung", "{}", "/unit"},
        {"mai", "{'unit':'OLD'}", "/unit"},
        {"mai", "{'unit':'khong co'}", "/unit"},
        {"mai", "{'procedure':'tt3'}", "/procedure"},
        {"mai", "{'procedure':'tt4'}", "/procedure"},
        {"mai", "{'procedure':'khong co'}", "/procedure"},
        {"mai", "{'channel':'fax'}", "/channel"},
        {"mai", "{'received_at':'2022-12-29T10:00:00+07:00'}", "/received_at"},
        {"mai", "{'received_at':'2022-11-29T09:41:00+07:00'}", "/received_at"},
        {"mai", "{'sets':0}", "/sets"},
        {"mai", "{'applicant':{'kind':'person','name':' '}}", "/applicant/name"},
        {"mai", "{'applicant':{'kind':'ghost','name':'x'}}", "/applicant/kind"},
        {"mai", "{'applicant':{'kind':'person'}}", "/applicant/name"},
        {"mai", "{'applicant':{'kind':'person','name':'x','id_number':'012345678901234567890'}}",
         "/applicant/id_number"},
        {"mai", "{'applicant':{'kind':'person','name':'x','birth_date':'2001-02-30'}}", "/applicant/birth_date"},
        {"mai", "{'submitted_by':{'kind':'person','name':''}}", "/submitted_by/name"},
        {"mai", "{'form':{'x':[1]}}", "/form/x"},
        {"mai", "{'form':{'x':1.5}}", "/form/x"},
        {"mai", "{'papers':[{'id':'p1','name':'x','state':'lost'}]}", "/papers/0/state"},
        {"mai", "{'papers':[{'id':'p1','name':'x','state':'missing'},{'id':'p1','name':'y','state':'missing'}]}",
         "/papers/1/id"},
        {"mai", "{'fees':[{'name':'x','amount':5,'paid':6,'method':'cash'}]}", "/fees/0/paid"},
        {"mai", "{'fees':[{'name':'x','amount':5,'paid':5}]}", "/fees/0/method"},
        {"mai", "{'fees':[{'name':'x','amount':5,'paid':5,'method':'online'}]}", "/fees/0/method"},
        {"mai", "{'fees':[{'name':'x','amount':-5,'paid':0}]}", "/fees/0/amount"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(create(cases[i].who, cases[i].change), 422);
        assert_string_equal(place_problem(place), "validation-failed");
        if (strcmp(place_field(place), cases[i].field) != 0)
            fail_at(HERE, "%s: %s", cases[i].change, place_field(place));
    }
    assert_int_equal(create("mai", "{'code':'000.25.33.H06-221229-0099'}"), 422);
    assert_string_equal(place_problem(place), "number-not-reserved");
    assert_int_equal(create("mai", "{}"), 201);
    assert_string_equal(place_said(place, "code"), "000.25.33.H06-221229-0001"); /* no number was lost on them */
}

/* ── correcting ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_patch_changes_what_it_names(void **state)
{
    assert_int_equal(patch("ha", "moi", "\"1\"",
                           "{'applicant':{'phone':null,'address':'Tổ 1'},'external_code':'LL-1',"
                           "'status':'returned','code':'x'}"),
                     200);
    assert_string_equal(place_header(place, "ETag"), "\"2\"");
    assert_string_equal(place_said(place, "applicant.name"), "Nguyễn Thị Đào");
    assert_string_equal(place_said(place, "applicant.address"), "Tổ 1");
    assert_null(place_json_said(place, "applicant.phone"));
    assert_string_equal(place_said(place, "external_code"), "LL-1");
    assert_string_equal(place_said(place, "status"), "registered");
    assert_int_equal(patch("ha", "moi", "\"2\"",
                           "{'external_code':null,'submitted_by':{'kind':'person','name':'Người Thay'}}"),
                     200);
    assert_null(place_json_said(place, "external_code"));
    assert_int_equal(patch("ha", "moi", "\"3\"", "{'submitted_by':null}"), 200);
    assert_null(place_json_said(place, "submitted_by"));
    assert_int_equal(PLACE_GET(place, "ha", "/dossiers/moi/events"), 200);
    assert_string_equal(place_said(place, "items.3.action"), "correct");
    assert_string_equal(place_said(place, "items.3.by"), "ha");
}

static void papers_are_replaced_whole_and_keep_their_scans(void **state)
{
    assert_int_equal(patch("mai", "ky", "\"3\"",
                           "{'papers':[{'id':'p2','name':'Bản sao','state':'missing'},"
                           "{'id':'p1','name':'Tờ khai','state':'handed_in','attachment':'moi-a'}]}"),
                     200);
    assert_string_equal(place_said(place, "papers.0.id"), "p2");
    assert_null(place_json_said(place, "papers.0.attachment"));
    assert_string_equal(place_said(place, "papers.1.attachment"), "ky-b");
}

static void who_may_correct(void **state)
{
    assert_int_equal(patch("nam", "ky", "\"3\"", "{'external_code':'x'}"), 200); /* its assignee */
    assert_int_equal(patch("hanh", "ky", "\"4\"", "{'external_code':'y'}"), 409);
    assert_string_equal(place_problem(place), "action-not-allowed");
    assert_string_equal(place_said(place, "current.version"), "4");
    assert_int_equal(patch("mai", "noikhac", "\"1\"", "{'external_code':'nơi khác 7'}"), 200);
    assert_int_equal(patch("mai", "lau", "\"2\"", "{'external_code':'z'}"), 409); /* declined */
    assert_int_equal(patch("mai", "ky", NULL, "{'external_code':'z'}"), 428);
    assert_int_equal(patch("mai", "ky", "\"3\"", "{'external_code':'z'}"), 412);
}

static void a_patch_that_leaves_nonsense_is_refused(void **state)
{
    static const struct {
        const char *change, *field;
    } cases[] = {
        {"{'applicant':{'name':null}}", "/applicant/name"},
        {"{'applicant':{'name':' '}}", "/applicant/name"},
        {"{'applicant':null}", "/applicant"},
        {"{'applicant':{'kind':'ghost'}}", "/applicant/kind"},
        {"{'papers':[{'id':'p1'}]}", "/papers/0/name"},
        {"{'external_code':5}", "/external_code"},
        {"{'form':{'a':{'b':1}}}", "/form/a"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(patch("mai", "moi", "\"1\"", cases[i].change), 422);
        assert_string_equal(place_field(place), cases[i].field);
    }
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/moi"), 200);
    assert_string_equal(place_said(place, "version"), "1");
}

static void no_dossier_grows_without_end(void **state)
{
    char *text = calloc(1, 1001);
    json_t *form = json_object(), *body = json_pack("{s:o}", "form", form);

    memset(text, 'x', 1000);
    for (int i = 0; i < 258; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        json_object_set_new(form, name, json_string(text));
    }
    char *bytes = json_dumps(body, JSON_COMPACT);
    assert_true(strlen(bytes) < 256 * 1024);
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){
                      .path = "/dossiers/ky", .method = "PATCH", .as = "mai", .match = "\"3\"", .body = bytes}),
        413);
    assert_string_equal(place_problem(place), "too-large");
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/ky"), 200);
    assert_string_equal(place_said(place, "version"), "3");
    json_decref(body);
    free(bytes);
    free(text);
}

/* ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void one_is_shown_as_it_stands(void **state)
{
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/ky"), 200);
    assert_string_equal(place_header(place, "ETag"), "\"3\"");
    assert_string_equal(place_said(place, "attachments.0.media_type"), "application/pdf");
    assert_int_equal(strlen(place_said(place, "attachments.0.sha256")), 64);
    assert_string_equal(place_said(place, "papers.0.attachment"), "ky-b");
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/none"), 404);
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/"), 404);
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/%2e%2e"), 404);
}

static void long_histories_come_in_pages(void **state)
{
    char *query = text_new("%s", "");
    int seen = 0, pages = 0;

    for (int i = 0; i < 230; i++)
        assert_int_equal(place_act(place, "mai", "moi", "comment", "\"note\":\"x\""), 200);
    for (;; pages++) {
        assert_int_equal(
            place_ask(place, (struct place_ask){.path = "/dossiers/moi/events", .as = "mai", .query = query}),
            200);
        int n = (int)json_array_size(place_json_said(place, "items"));
        assert_int_equal(json_integer_value(place_json_said(place, "items.0.seq")), seen + 1);
        seen += n;
        if (!json_is_true(place_json_said(place, "more")))
            break;
        free(query);
        query = text_new("cursor=%s", place_said(place, "cursor"));
    }
    assert_int_equal(seen, 231);
    assert_int_equal(pages, 1);
    assert_int_equal(
        place_ask(place, (struct place_ask){.path = "/dossiers/ky/events", .as = "mai", .query = query}), 410);
    free(query);
}

/* ── searching ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void words_are_found_without_tones(void **state)
{
    static const struct {
        const char *q, *first;
        size_t n;
    } cases[] = {
        {"nguyen thi dao", "moi", 1},
        {"ĐÀO NGUYỄN", "moi", 1},
        {"221228-0041", "moi", 1},
        {"4821", "moi", 1},
        {"0101220377", "moi", 1},
        {"nguyen", "moi", 2},
        {"nguyen khoa", "", 0},
        {"000.26.33", "", 0},
        {"lau", "lau", 1},
        {"100%", "", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *body = text_new("{'q':'%s'}", cases[i].q);
        assert_int_equal(search("mai", body), 200);
        if (json_array_size(place_json_said(place, "items")) != cases[i].n)
            fail_at(HERE, "%s: %zu", cases[i].q, json_array_size(place_json_said(place, "items")));
        assert_string_equal(place_said(place, "items.0.id"), cases[i].first);
        assert_true(json_is_false(place_json_said(place, "more")));
        free(body);
    }
}

static void newest_come_first_by_status_and_unit_in_pages(void **state)
{
    assert_int_equal(search("tam", "{'unit':'A','limit':2}"), 200);
    assert_string_equal(place_said(place, "items.0.id"), "moi");
    assert_string_equal(place_said(place, "items.1.id"), "noikhac");
    assert_true(json_is_true(place_json_said(place, "more")));
    char *next = text_new("{'unit':'A','limit':2,'cursor':'%s'}", place_said(place, "cursor"));
    char *other = text_new("{'unit':'B','limit':2,'cursor':'%s'}", place_said(place, "cursor"));
    assert_int_equal(search("tam", next), 200);
    assert_string_equal(place_said(place, "items.0.id"), "ky");
    assert_string_equal(place_said(place, "items.1.id"), "lau");
    assert_true(json_is_false(place_json_said(place, "more")));
    assert_int_equal(search("tam", other), 410); /* a cursor goes with the same other members */
    assert_int_equal(search("mai", next), 410);
    assert_int_equal(search("tam", "{'status':'registered'}"), 200);
    assert_int_equal(json_array_size(place_json_said(place, "items")), 2);
    assert_int_equal(search("mai", "{'unit':'B'}"), 200);
    assert_int_equal(json_array_size(place_json_said(place, "items")), 0);
    free(next);
    free(other);
}

static void a_search_has_to_ask_for_something(void **state)
{
    static const struct {
        const char *body, *field;
    } cases[] = {
        {"{}", "/q"},
        {"{'q':'ab'}", "/q"},
        {"{'q':'    '}", "/q"},
        {"{'status':'lost'}", "/status"},
        {"{'unit':'?'}", "/unit"},
        {"{'q':'abc','limit':201}", "/limit"},
        {"{'q':'abc','limit':0}", "/limit"},
        {"{'q':5}", "/q"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(search("mai", cases[i].body), 422);
        assert_string_equal(place_field(place), cases[i].field);
    }
    assert_int_equal(search("mai", "{'q':'đào'}"), 200); /* three characters, five bytes */
}

/* ── who sees what ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void who_sees_a_dossier(void **state)
{
    static const struct {
        const char *who, *sees;
    } cases[] = {
        {"mai", "moi ky cu noikhac lau"},           {"hue", "xa phong"},
        {"quan", "moi ky cu noikhac lau xa phong"}, {"nghia", "phong"},
        {"dung", "moi ky cu noikhac lau xa phong"}, {"tam", "moi ky cu noikhac lau xa phong"},
        {"loan", "moi ky cu noikhac lau"},
    };
    static const char *const all[] = {"moi", "ky", "cu", "noikhac", "lau", "xa", "phong"};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t j = 0; j < sizeof all / sizeof *all; j++) {
            char *padded = text_new(" %s ", cases[i].sees), *word = text_new(" %s ", all[j]),
                 *path = text_new("/dossiers/%s", all[j]);
            bool sees = strstr(padded, word) != NULL;
            if (PLACE_GET(place, cases[i].who, path) != (sees ? 200 : 404))
                fail_at(HERE, "%s, %s: %d", cases[i].who, all[j], place->answer.status);
            free(padded);
            free(word);
            free(path);
        }
}

static void what_is_not_seen_cannot_be_touched(void **state)
{
    static const char body[] = "{\"action\":\"comment\",\"note\":\"x\"}";

    assert_int_equal(
        place_ask(place,
                  (struct place_ask){.path = "/dossiers/xa/actions", .as = "mai", .match = "\"1\"", .body = body}),
        404);
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/xa/events"), 404);
    assert_int_equal(place_ask(place, (struct place_ask){.path = "/dossiers/xa",
                                                         .method = "PATCH",
                                                         .as = "mai",
                                                         .match = "\"1\"",
                                                         .body = "{\"external_code\":\"x\"}"}),
                     404);
}

static void a_mandate_shows_what_its_giver_sees_while_it_lasts(void **state)
{
    place_free(&place);
    place = place_new(
        "{'officers':["
        "{'id':'mai','name':'Mai','unit':'A','roles':['counter']},{'id':'quan','name':'Quân','unit':'D','roles':['supervisor']},"
        "{'id':'nam','name':'Nam','unit':'A','roles':['specialist']},{'id':'tam','name':'Tâm','unit':'D','roles':['auditor']},"
        "{'id':'phu','name':'Phụ','unit':'DEP','roles':['specialist'],'mandates':[{'on_behalf_of':'quan',"
        "'from':'2022-12-26T00:00:00+07:00','until':'2022-12-29T10:00:00+07:00'}]}]}");
    assert_int_equal(PLACE_GET(place, "phu", "/dossiers/moi"), 200);
    assert_int_equal(PLACE_GET(place, "phu", "/changes"), 200);
    char *since = text_new("since=%s", place_said(place, "cursor"));
    place->now = START + 18 * 60; /* 10:00 */
    assert_int_equal(PLACE_GET(place, "phu", "/dossiers/moi"), 404);
    assert_int_equal(place_ask(place, (struct place_ask){.path = "/changes", .as = "phu", .query = since}), 410);
    free(since);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(it_is_received_at_once_with_code_and_due_time),
        CASE(filed_online_with_help_it_says_whose),
        CASE(the_clock_counts_from_when_it_was_handed_in),
        CASE(what_cannot_be_taken_in),
        CASE(a_patch_changes_what_it_names),
        CASE(papers_are_replaced_whole_and_keep_their_scans),
        CASE(who_may_correct),
        CASE(a_patch_that_leaves_nonsense_is_refused),
        CASE(no_dossier_grows_without_end),
        CASE(one_is_shown_as_it_stands),
        CASE(long_histories_come_in_pages),
        CASE(words_are_found_without_tones),
        CASE(newest_come_first_by_status_and_unit_in_pages),
        CASE(a_search_has_to_ask_for_something),
        CASE(who_sees_a_dossier),
        CASE(what_is_not_seen_cannot_be_touched),
        CASE(a_mandate_shows_what_its_giver_sees_while_it_lasts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

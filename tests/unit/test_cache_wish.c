/* What may be wished of a dossier, alone and beside what waits already, and the rows that a wish becomes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"

#include "cache/wish.h"

#include <string.h>

static struct feed f;
static struct outbox *o;
static struct arena arena;
static struct err e;

/* An action as the server offers it; `need` NULL: nothing. */
static json_t *offer(const char *action, const char *offline, const char *need)
{
    json_t *json = json_pack("{ss ss s[]}", "action", action, "offline", offline, "requires");
    if (need)
        json_array_append_new(json_object_get(json, "requires"), json_string(need));
    return json;
}

static void offers_of(json_t *dossier, json_t *actions)
{
    json_object_set_new(dossier, "actions", actions);
    json_object_set_new(dossier, "unavailable",
                        json_pack("[{ss ss}]", "action", "issue", "reason", "chưa có quyết định"));
}

/* d-1 is registered, d-2 in assessment with the officer, d-3 waits to be signed. */
static json_t *dossiers(void)
{
    json_t *one = dossier_json("d-1", 3, "registered", "intake"),
           *two = dossier_json("d-2", 5, "in_progress", "assessment");
    json_t *three = dossier_json("d-3", 7, "in_progress", "approval");
    offers_of(one, json_pack("[ooooo]", offer("receive", "queue", NULL), offer("decline", "queue", "note"),
                             offer("request_payment", "never", "amount"),
                             offer("request_supplement", "queue", "note"), offer("comment", "queue", "note")));
    set_text(two, "assignee", ME);
    offers_of(two, json_pack("[oooo]", offer("assign", "queue", "assignee"), offer("propose", "queue", "outcome"),
                             offer("release", "queue", NULL), offer("comment", "queue", "note")));
    offers_of(three, json_pack("[ooo]", offer("approve", "never", "signature"),
                               offer("rework", "queue", "note"), offer("stamp", "queue", "seal")));
    return json_pack(
        "[oooooo]", entry("calendar", "c-1", 1, calendar_json("u-1", "Asia/Ho_Chi_Minh")),
        entry("procedure", "p-1", 1,
              json_pack("{ss ss ss ss ss s{sI ss} s[] sb}", "id", "p-1", "code", "1.001193", "name",
                        "Đăng ký khai sinh", "field", "Hộ tịch", "service_level", "full", "time_limit",
                        "amount", (json_int_t)8, "unit", "working_hours", "papers", "active", 1)),
        entry("officer", ME, 1,
              json_pack("{ss ss ss s[sss]}", "id", ME, "name", "Trần Thị Mai", "unit", "u-1", "roles",
                        "counter", "specialist", "supervisor")),
        dossier_entry(one), dossier_entry(two), dossier_entry(three));
}

static int set_up(void **state)
{
    feed_new(&f);
    full_pass(&f, dossiers());
    o = machine_outbox(&f.machine);
    e = (struct err){0};
    return 0;
}

static int tear_down(void **state)
{
    outbox_close(&o);
    arena_clear(&arena);
    feed_free(&f);
    return 0;
}

static const struct dossier *held(const char *id)
{
    struct dossier *d = arena_alloc(&arena, sizeof(*d));
    assert_ok(cache_dossier(f.cache, id, &arena, d, NULL, &e), &e);
    return d;
}

static struct action_request request(const char *action)
{
    return (struct action_request){
        .action = action, .until = DAY_NONE, .new_due_at = INSTANT_NONE, .acted_at = INSTANT_NONE};
}

static bool act_on(const char *id, const struct action_request *r, char key[static UUID_TEXT])
{
    struct wish_target target = {.dossier = held(id), .seen = "{\"id\":\"as shown\"}"};
    char keys[1][UUID_TEXT] = {""};
    bool ok = wish_act(f.cache, o, &target, 1, r, true, T0, keys, &e);
    memcpy(key, keys[0], UUID_TEXT);
    return ok;
}

static void acts(const char *id, const char *action, const char *note)
{
    struct action_request r = request(action);
    char key[UUID_TEXT];
    r.note = note;
    assert_ok(act_on(id, &r, key), &e);
}

/* The menu in one line: "receive decline | issue: why". */
static void menu_is(const char *id, const char *expected)
{
    struct wish_offer *offers;
    struct buf line = {0};
    size_t n;
    bool refused = false;
    assert_ok(wish_offers(f.cache, o, held(id), T0, &arena, &offers, &n, &e), &e);
    for (size_t i = 0; i < n; i++) {
        if (!offers[i].offered && !refused)
            buf_text(&line, "| ");
        assert_false(refused && offers[i].offered); /* offered first */
        refused = !offers[i].offered;
        assert_true(refused == (offers[i].reason != NULL));
        buf_format(&line, "%s%s%s%s ", offers[i].action, offers[i].online_only ? "*" : "",
                   refused ? ": " : "", refused ? offers[i].reason : "");
    }
    assert_string_equal(line.data, expected);
    buf_clear(&line);
}

/* ── offers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_menu_is_what_the_server_offers(void **state)
{
    menu_is("d-1", "receive decline request_payment* request_supplement comment | issue: chưa có quyết định ");
    struct wish_offer *offers;
    size_t n;
    assert_ok(wish_offers(f.cache, o, held("d-1"), T0, &arena, &offers, &n, &e), &e);
    assert_int_equal(n, 6);
    assert_int_equal(offers[0].needs, 0);
    assert_int_equal(offers[1].needs, NEED_NOTE);
    assert_int_equal(offers[2].needs, NEED_AMOUNT);
}

static void what_we_do_not_know_how_to_give_is_not_offered(void **state)
{
    menu_is("d-3", "approve* rework | stamp: the server asks for something that this motcua does not know (seal): update it "
                   "issue: chưa có quyết định ");
}

static void beside_a_waiting_wish_only_what_goes_after_it(void **state)
{
    acts("d-1", "receive", NULL);
    menu_is("d-1",
            "request_supplement comment | receive: not possible after what waits to be sent "
            "decline: not possible after what waits to be sent "
            "request_payment*: what you did to it before has to be sent first issue: chưa có quyết định ");
    menu_is("d-2", "assign propose release comment | issue: chưa có quyết định "); /* another dossier */
    acts("d-1", "request_supplement", "thiếu giấy chứng sinh");
    menu_is("d-1", "comment | receive: not possible after what waits to be sent "
                   "decline: the last day for the papers is not over "
                   "request_payment*: not possible after what waits to be sent "
                   "request_supplement: not possible after what waits to be sent issue: chưa có quyết định ");
}

static void who_gives_it_away_does_not_work_on_it(void **state)
{
    struct action_request r = request("assign");
    char key[UUID_TEXT];
    r.assignee = "of-nam";
    assert_ok(act_on("d-2", &r, key), &e);
    menu_is("d-2", "assign comment | propose: by then somebody else is working on it "
                   "release: by then somebody else is working on it issue: chưa có quyết định ");
}

static void once_it_is_taken_back_all_is_offered_again(void **state)
{
    struct command c;
    acts("d-1", "receive", NULL);
    assert_ok(outbox_undo(o, &arena, &c, &e), &e);
    menu_is("d-1", "receive decline request_payment* request_supplement comment | issue: chưa có quyết định ");
}

/* ── prediction ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_prediction_is_what_the_server_will_make_of_it(void **state)
{
    struct dossier will;
    const struct dossier *is = held("d-1");
    acts("d-1", "receive", NULL);
    assert_ok(wish_predict(f.cache, o, is, T0, &arena, &will, &e), &e);
    assert_string_equal(will.status, "received");
    assert_int_equal(will.received_at, T0);
    assert_int_equal(will.due_at, T0 + 86400 + 1800); /* 8 of the 7.5 working hours a day */
    assert_int_equal(will.version, 4);
    assert_string_equal(is->status, "registered"); /* what is shown stays the server's word */
    acts("d-1", "request_supplement", "thiếu giấy chứng sinh");
    assert_ok(wish_predict(f.cache, o, is, T0, &arena, &will, &e), &e);
    assert_string_equal(will.status, "awaiting_supplement");
    assert_int_equal(will.version, 5);
    assert_int_equal(will.n_supplements, 1);
    assert_string_equal(will.supplements[0].by, ME);
}

static void without_a_wish_it_is_what_is(void **state)
{
    struct dossier will;
    assert_ok(wish_predict(f.cache, o, held("d-2"), T0, &arena, &will, &e), &e);
    assert_string_equal(will.status, "in_progress");
    assert_int_equal(will.version, 5);
}

static void a_wish_that_has_arrived_already_is_not_counted_twice(void **state)
{
    struct dossier will;
    struct dossier received = *held("d-1");
    acts("d-1", "receive", NULL);
    received.status = "received"; /* the feed was faster than the answer */
    received.version = 4;
    received.received_at = T0 - 100;
    assert_ok(wish_predict(f.cache, o, &received, T0, &arena, &will, &e), &e);
    assert_int_equal(will.received_at, T0 - 100);
    assert_int_equal(will.version, 4);
}

/* ── acting ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_wish_becomes_the_contracts_request(void **state)
{
    struct action_request r = request("request_supplement");
    const char *papers[] = {"giay-chung-sinh"};
    char key[UUID_TEXT];
    struct command c;
    r.note = "thiếu giấy chứng sinh";
    r.papers = (struct texts){papers, 1};
    assert_ok(act_on("d-1", &r, key), &e);
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    assert_int_equal(c.state, COMMAND_HELD);
    assert_string_equal(c.target, "d-1");
    assert_string_equal(c.method, "POST");
    assert_string_equal(c.path, "/dossiers/d-1/actions");
    assert_string_equal(c.if_match, "3");
    assert_string_equal(c.action, "request_supplement");
    assert_string_equal(c.code, "M-d-1");
    assert_string_equal(c.name, "Nguyễn Thị Đào");
    assert_string_equal(c.seen, "{\"id\":\"as shown\"}");
    assert_int_equal(c.acted_at, T0);
    assert_string_equal(c.body, "{\"action\":\"request_supplement\",\"note\":\"thiếu giấy chứng sinh\",\"papers\":"
                                "[\"giay-chung-sinh\"],\"acted_at\":\"2022-12-29T09:42:00+07:00\"}");
}

static void the_next_is_chained(void **state)
{
    struct action_request r = request("comment");
    char key[UUID_TEXT];
    struct command c;
    acts("d-1", "receive", NULL);
    r.note = "gấp";
    assert_ok(act_on("d-1", &r, key), &e);
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    assert_non_null(c.after);
}

static void what_is_online_only_is_never_held(void **state)
{
    struct action_request r = request("request_payment");
    char key[UUID_TEXT];
    struct command c;
    r.amount = 8000;
    assert_ok(act_on("d-1", &r, key), &e);
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    assert_true(c.online_only);
    assert_int_equal(c.state, COMMAND_DUE);
}

static void refused(const char *id, const struct action_request *r, enum err_code code, const char *sentence)
{
    char key[UUID_TEXT];
    int64_t before, after, stuck;
    outbox_counts(o, &before, &stuck);
    assert_false(act_on(id, r, key));
    assert_string_equal(e.text, sentence);
    assert_int_equal(e.code, code);
    e = (struct err){0};
    outbox_counts(o, &after, &stuck);
    assert_int_equal(after, before);
}

static void what_is_not_offered_is_refused_with_the_reason(void **state)
{
    struct action_request r = request("issue");
    refused("d-1", &r, ERR_REFUSED, "Issue cannot be done on dossier M-d-1: chưa có quyết định.");
    r = request("claim");
    refused("d-1", &r, ERR_REFUSED, "Take it on cannot be done on dossier M-d-1: the server does not offer it.");
    r = request("stamp");
    refused("d-3", &r, ERR_REFUSED,
            "stamp cannot be done on dossier M-d-3: the server asks for something that this motcua does not know (seal): "
            "update it.");
}

static void what_is_missing_is_named(void **state)
{
    struct action_request r = request("decline");
    refused("d-1", &r, ERR_INPUT, "Still missing: reason. Fill it in and press F9.");
    r.note = "   ";
    refused("d-1", &r, ERR_INPUT, "Still missing: reason. Fill it in and press F9.");
    r = request("propose");
    r.outcome = "maybe";
    refused("d-2", &r, ERR_INPUT, "Still missing: grant or refuse. Fill it in and press F9.");
}

static void what_does_not_fit_is_named(void **state)
{
    struct action_request r = request("propose");
    r.outcome = "grant";
    r.result_attachment = "a-404";
    refused("d-2", &r, ERR_INPUT, "This does not fit dossier M-d-2: result. Correct it and press F9.");
}

static void bytes_that_are_no_text_go_nowhere(void **state)
{
    struct action_request r = request("decline");
    r.note = "\xff\xfe";
    refused("d-1", &r, ERR_INPUT, "What was typed is not UTF-8 text. Set LANG=C.UTF-8 and type it again.");
}

static void a_batch_is_all_or_nothing(void **state)
{
    struct action_request r = request("comment");
    const struct wish_target both[2] = {{held("d-1"), NULL}, {held("d-2"), NULL}};
    const struct wish_target one_wrong[3] = {{held("d-1"), NULL}, {held("d-2"), NULL}, {held("d-3"), NULL}};
    char keys[3][UUID_TEXT];
    int64_t unsent, stuck;
    r.note = "gấp";
    assert_err(wish_act(f.cache, o, one_wrong, 3, &r, true, T0, keys, &e), &e, ERR_REFUSED);
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 0);
    assert_ok(wish_act(f.cache, o, both, 2, &r, true, T0, keys, &e), &e);
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 2);
    assert_string_not_equal(keys[0], keys[1]);
}

static void what_came_to_no_good_end_goes_again_on_what_stands_now(void **state)
{
    struct action_request r = request("comment");
    struct wish_target target = {.dossier = held("d-2"), .seen = "{}"};
    char key[UUID_TEXT], again[UUID_TEXT];
    struct command row;
    r.note = "gấp";
    assert_ok(act_on("d-2", &r, key), &e);
    assert_err(wish_act_again(f.cache, o, key, &target, &r, true, T0 + 60, again, &e), &e, ERR_REFUSED);
    assert_ok(outbox_failed(o, key, COMMAND_CONFLICT, "{}", NULL, T0, &e), &e);
    struct dossier now = *held("d-2");
    now.version += 1;
    target.dossier = &now;
    assert_ok(wish_act_again(f.cache, o, key, &target, &r, true, T0 + 60, again, &e), &e);
    assert_int_equal(state_of(o, key), COMMAND_DROPPED);
    assert_ok(outbox_get(o, again, &arena, &row, &e), &e);
    char *version = text_new("%lld", (long long)now.version);
    assert_string_equal(row.if_match, version);
    assert_int_equal(row.acted_at, T0 + 60);
    assert_int_equal(row.state, COMMAND_HELD);
    free(version);
}

static void what_may_not_be_wished_again_leaves_the_old_as_it_is(void **state)
{
    struct action_request r = request("comment");
    struct wish_target target = {.dossier = held("d-3"), .seen = "{}"};
    char key[UUID_TEXT], again[UUID_TEXT];
    r.note = "gấp";
    assert_ok(act_on("d-2", &r, key), &e);
    assert_ok(outbox_failed(o, key, COMMAND_CONFLICT, "{}", NULL, T0, &e), &e);
    assert_err(wish_act_again(f.cache, o, key, &target, &r, true, T0, again, &e), &e, ERR_REFUSED);
    assert_int_equal(state_of(o, key), COMMAND_CONFLICT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_menu_is_what_the_server_offers),
        TEST(what_we_do_not_know_how_to_give_is_not_offered),
        TEST(beside_a_waiting_wish_only_what_goes_after_it),
        TEST(who_gives_it_away_does_not_work_on_it),
        TEST(once_it_is_taken_back_all_is_offered_again),
        TEST(the_prediction_is_what_the_server_will_make_of_it),
        TEST(without_a_wish_it_is_what_is),
        TEST(a_wish_that_has_arrived_already_is_not_counted_twice),
        TEST(a_wish_becomes_the_contracts_request),
        TEST(the_next_is_chained),
        TEST(what_is_online_only_is_never_held),
        TEST(what_is_not_offered_is_refused_with_the_reason),
        TEST(what_is_missing_is_named),
        TEST(what_does_not_fit_is_named),
        TEST(bytes_that_are_no_text_go_nowhere),
        TEST(a_batch_is_all_or_nothing),
        TEST(what_came_to_no_good_end_goes_again_on_what_stands_now),
        TEST(what_may_not_be_wished_again_leaves_the_old_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

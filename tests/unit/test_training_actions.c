/* Dossiers through their lives: all actions of the contract, by whom and from where, what they need and what they make; what is
 * offered to whom, and why the rest is not.
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

static void assert_stands(const char *status, const char *step)
{
    assert_int_equal(place->answer.status, 200);
    assert_string_equal(place_said(place, "status"), status);
    assert_string_equal(place_said(place, "step"), step);
}

#define does(who, action, more)   assert_int_equal(place_act(place, who, "moi", action, more), 200)
#define cannot(who, action, more) assert_int_equal(place_act(place, who, "moi", action, more), 409)

/* "receive decline …" as offered to the officer now, in the order of the answer. */
static char *offered(const char *who, const char *dossier, const char *list, const char *member)
{
    char *path = text_new("/dossiers/%s", dossier), *all = text_new("%s", "");
    json_t *item;
    size_t i;

    assert_int_equal(PLACE_GET(place, who, path), 200);
    json_array_foreach(place_json_said(place, list), i, item)
    {
        char *longer = text_new("%s%s%s", all, i ? " " : "", json_string_value(json_object_get(item, member)));
        free(all);
        all = longer;
    }
    free(path);
    return all;
}

static void assert_offered(const char *who, const char *dossier, const char *actions)
{
    char *got = offered(who, dossier, "actions", "action");

    assert_string_equal(got, actions);
    free(got);
}

/* ── whole lives ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void from_registered_to_returned_across_four_roles(void **state)
{
    does("mai", "receive", "\"note\":\"đủ giấy tờ\"");
    assert_stands("received", "intake");
    assert_string_equal(place_said(place, "received_at"), "2022-12-29T09:42:00+07:00");
    assert_string_equal(place_said(place, "due_at"), "2023-01-04T09:42:00+07:00"); /* 30, 3, 4: 2 January is off */
    assert_null(place_json_said(place, "decide_by"));
    does("mai", "assign", "\"assignee\":\"nam\",\"note\":\"gấp\"");
    assert_stands("in_progress", "assessment");
    assert_string_equal(place_said(place, "assignee"), "nam");
    does("nam", "propose", "\"outcome\":\"grant\",\"note\":\"đề nghị đồng ý\"");
    assert_stands("in_progress", "approval");
    assert_string_equal(place_said(place, "proposal.by"), "nam");
    assert_int_equal(place_sign(place, "thang", "moi", "approve", "Đồng ý.", NULL), 200);
    assert_stands("in_progress", "issuing");
    assert_string_equal(place_said(place, "decision.outcome"), "grant");
    assert_string_equal(place_said(place, "decision.by"), "thang");
    assert_true(*place_said(place, "decision.signature.cms"));
    does("thu", "issue", "\"number\":\"12/2022\"");
    assert_stands("completed", "return");
    assert_string_equal(place_said(place, "decision.number"), "12/2022");
    assert_string_equal(place_said(place, "completed_at"), "2022-12-29T09:42:00+07:00");
    does("ha", "return_result", "\"returned_to\":\"Nguyễn Thị Đào\"");
    assert_stands("returned", "closed");
    assert_string_equal(place_said(place, "returned_to"), "Nguyễn Thị Đào");
    assert_string_equal(place_said(place, "version"), "7");
    assert_offered("mai", "moi", "comment");
}

static void the_history_tells_it_all(void **state)
{
    static const char *const told[][5] = {
        {"create", "", "", "registered", ""},
        {"receive", "mai", "registered", "received", ""},
        {"assign", "mai", "received", "in_progress", "cho Lê Hoàng Nam: gấp"},
        {"comment", "bao", "in_progress", "in_progress", "đã gọi"},
    };

    does("mai", "receive", NULL);
    does("mai", "assign", "\"assignee\":\"nam\",\"note\":\"gấp\",\"acted_at\":\"2022-12-29T09:30:00+07:00\"");
    does("bao", "comment", "\"note\":\"đã gọi\"");
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/moi/events"), 200);
    assert_int_equal(json_array_size(place_json_said(place, "items")), 4);
    for (int i = 0; i < 4; i++) {
        static const char *const members[] = {"action", "by", "from", "to", "note"};
        for (int j = 0; j < 5; j++) {
            char *where = text_new("items.%d.%s", i, members[j]);
            assert_string_equal(place_said(place, where), told[i][j]);
            free(where);
        }
        char *seq = text_new("items.%d.seq", i);
        assert_int_equal(json_integer_value(place_json_said(place, seq)), i + 1);
        free(seq);
    }
    assert_string_equal(place_said(place, "items.2.acted_at"), "2022-12-29T09:30:00+07:00");
    assert_true(json_is_false(place_json_said(place, "more")));
}

static void a_registered_one_is_declined_with_a_reason(void **state)
{
    assert_int_equal(place_act(place, "mai", "moi", "decline", NULL), 422);
    assert_string_equal(place_field(place), "/note");
    does("mai", "decline", "\"note\":\"không thuộc thẩm quyền\"");
    assert_stands("declined", "closed");
    cannot("mai", "receive", NULL);
}

static void supplement_and_back_the_clock_stands_meanwhile(void **state)
{
    does("mai", "receive", NULL);
    does("nam", "claim", NULL);
    assert_string_equal(place_said(place, "assignee"), "nam");
    does("nam", "request_supplement", "\"note\":\"thiếu mặt sau\",\"papers\":[\"p1\"],\"until\":\"2023-01-05\"");
    assert_stands("awaiting_supplement", "assessment");
    assert_string_equal(place_said(place, "paused_since"), "2022-12-29T09:42:00+07:00");
    assert_string_equal(place_said(place, "supplements.0.until"), "2023-01-05");
    cannot("mai", "decline", "\"note\":\"hết hạn\"");
    cannot("nam", "propose", "\"outcome\":\"grant\"");
    place->now += 86400; /* 8 working hours, from 9:42 to 9:42 the next day less the night */
    place->n_tokens = 0;
    does("mai", "supplement", "\"papers\":[\"p1\",\"p2\"]");
    assert_stands("in_progress", "assessment");
    assert_null(place_json_said(place, "paused_since"));
    assert_string_equal(place_said(place, "pauses.0.status"), "awaiting_supplement");
    assert_string_equal(place_said(place, "due_at"), "2023-01-05T09:42:00+07:00");
    assert_string_equal(place_said(place, "papers.0.state"), "handed_in");
    assert_string_equal(place_said(place, "papers.1.id"), "p2"); /* the procedure knows it */
}

static void after_the_time_to_supplement_it_may_be_declined(void **state)
{
    does("mai", "request_supplement", "\"note\":\"thiếu\",\"until\":\"2022-12-30\"");
    assert_stands("awaiting_supplement", "intake");
    place->now += 86400;
    place->n_tokens = 0;
    cannot("mai", "decline", "\"note\":\"hết hạn\"");
    place->now += 86400;
    place->n_tokens = 0;
    does("mai", "decline", "\"note\":\"hết hạn\"");
    assert_stands("declined", "closed");
}

static void a_fee_is_asked_for_and_paid_before_it_goes_on(void **state)
{
    does("mai", "receive", NULL);
    assert_int_equal(place_act(place, "mai", "moi", "request_payment", "\"amount\":0"), 422);
    does("mai", "request_payment", "\"amount\":10000,\"note\":\"Lệ phí\"");
    assert_stands("awaiting_payment", "intake");
    assert_string_equal(place_said(place, "fees.0.amount"), "10000");
    cannot("mai", "assign", "\"assignee\":\"nam\"");
    assert_int_equal(place_act(place, "mai", "moi", "confirm_payment", "\"amount\":5000"), 422);
    assert_string_equal(place_field(place), "/amount");
    assert_int_equal(place_act(place, "mai", "moi", "confirm_payment", "\"amount\":10000,\"method\":\"gạo\""),
                     422);
    assert_string_equal(place_field(place), "/method");
    does("mai", "confirm_payment", "\"amount\":10000,\"method\":\"card\",\"number\":\"BL-7\"");
    assert_stands("received", "intake");
    assert_string_equal(place_said(place, "fees.0.method"), "card");
    assert_string_equal(place_said(place, "fees.0.receipt"), "BL-7");
    cannot("mai", "confirm_payment", "\"amount\":10000");
}

static void a_result_waits_until_the_fee_is_paid(void **state)
{
    assert_int_equal(place_act(place, "mai", "moi", "receive", NULL), 200);
    does("mai", "request_payment", "\"amount\":10000");
    does("mai", "confirm_payment", "\"amount\":10000");
    place_free(&place);
    place = place_new(
        "{'dossiers':[{'id':'moi','code':'x','procedure':'tt1','channel':'counter','unit':'A','status':'completed',"
        "'step':'return','step_since':'2022-12-28T10:00:00+07:00','submitted_at':'2022-12-26T08:00:00+07:00',"
        "'received_at':'2022-12-26T08:00:00+07:00','applicant':{'kind':'person','name':'Nợ Phí'},"
        "'fees':[{'name':'Lệ phí','amount':8000,'paid':0}]}]}");
    cannot("mai", "return_result", "\"returned_to\":\"Nợ Phí\"");
    assert_string_equal(place_problem(place), "fee-unpaid");
    assert_string_equal(place_said(place, "current.id"), "moi");
    assert_int_equal(place_act(place, "nam", "moi", "return_result", "\"returned_to\":\"Nợ Phí\""), 409);
    assert_string_equal(place_problem(place), "action-not-allowed");
    does("mai", "confirm_payment", "\"amount\":8000");
    assert_stands("completed", "return");
    assert_int_equal(place_act(place, "mai", "moi", "return_result", NULL), 422);
    assert_string_equal(place_field(place), "/returned_to");
    does("mai", "return_result", "\"returned_to\":\"Nợ Phí\"");
}

static void it_is_given_back_and_taken_again(void **state)
{
    does("mai", "receive", NULL);
    does("nam", "claim", NULL);
    cannot("hanh", "release", NULL);
    does("nam", "release", NULL);
    assert_stands("received", "intake");
    assert_null(place_json_said(place, "assignee"));
    does("thang", "assign", "\"assignee\":\"hanh\"");
    does("mai", "assign", "\"assignee\":\"nam\"");
    assert_string_equal(place_said(place, "assignee"), "nam");
}

static void only_a_specialist_there_can_be_assigned(void **state)
{
    static const char *const nobody[] = {"mai", "quan", "hue", "nghia", "không-có"};

    does("mai", "receive", NULL);
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++) {
        char *more = text_new("\"assignee\":\"%s\"", nobody[i]);
        assert_int_equal(place_act(place, "mai", "moi", "assign", more), 422);
        assert_string_equal(place_field(place), "/assignee");
        free(more);
    }
    assert_int_equal(place_act(place, "hue", "phong", "assign", "\"assignee\":\"nghia\""), 200);
}

static void it_goes_back_to_assessment_and_comes_again(void **state)
{
    assert_int_equal(place_act(place, "thang", "ky", "rework", NULL), 422);
    assert_int_equal(place_act(place, "thang", "ky", "rework", "\"note\":\"thiếu mã ngành\""), 200);
    assert_stands("in_progress", "assessment");
    assert_null(place_json_said(place, "proposal"));
    assert_int_equal(place_act(place, "nam", "ky", "propose", "\"outcome\":\"refuse\",\"note\":\"không đủ\""),
                     200);
    assert_int_equal(place_sign(place, "thang", "ky", "refuse_result", "Không đủ điều kiện.", NULL), 200);
    assert_stands("in_progress", "issuing");
    assert_string_equal(place_said(place, "decision.outcome"), "refuse");
}

static void due_is_put_off_once_with_an_apology(void **state)
{
    static const char later[] = "\"note\":\"xin lỗi\",\"new_due_at\":\"2023-01-10T10:00:00+07:00\"";

    does("mai", "receive", NULL);
    cannot("thang", "extend", later);
    does("mai", "assign", "\"assignee\":\"nam\"");
    assert_int_equal(place_act(place, "thang", "moi", "extend",
                               "\"note\":\"x\",\"new_due_at\":\"2023-01-03T10:00:00+07:00\""),
                     422);
    assert_string_equal(place_field(place), "/new_due_at");
    cannot("mai", "extend", later);
    does("thang", "extend", later);
    assert_string_equal(place_said(place, "due_at"), "2023-01-10T10:00:00+07:00");
    assert_string_equal(place_said(place, "extended_from"), "2023-01-04T09:42:00+07:00");
    assert_string_equal(place_said(place, "extensions"), "1");
    cannot("thang", "extend", "\"note\":\"x\",\"new_due_at\":\"2023-02-10T10:00:00+07:00\"");
}

static void it_is_withdrawn_or_stopped(void **state)
{
    cannot("mai", "withdraw", NULL);
    does("mai", "request_withdrawal", NULL);
    assert_stands("withdrawal_requested", "intake");
    cannot("mai", "request_withdrawal", NULL);
    cannot("mai", "confirm_payment", "\"amount\":1");
    does("mai", "withdraw", NULL);
    assert_stands("stopped", "closed");
    cannot("thang", "stop", "\"note\":\"x\"");
    assert_int_equal(place_act(place, "mai", "ky", "stop", "\"note\":\"x\""), 409);
    assert_int_equal(place_act(place, "quan", "ky", "stop", "\"note\":\"có tranh chấp\""), 200);
    assert_stands("stopped", "closed");
}

/* ── who ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void roles_count_where_they_are(void **state)
{
    cannot("nam", "receive", NULL);  /* no counter officer */
    cannot("dung", "receive", NULL); /* one of the district, above */
    does("mai", "receive", NULL);
    cannot("thu", "assign", "\"assignee\":\"nam\"");
    does("quan", "assign", "\"assignee\":\"nam\""); /* a supervisor above */
    cannot("hanh", "propose", "\"outcome\":\"grant\"");
    does("nam", "propose", "\"outcome\":\"grant\"");
    cannot("mai", "rework", "\"note\":\"x\"");
}

static void an_auditor_changes_nothing(void **state)
{
    static const char patch[] = "{\"external_code\":\"x\"}";

    assert_int_equal(place_act(place, "tam", "moi", "comment", "\"note\":\"x\""), 403);
    assert_string_equal(place_problem(place), "forbidden");
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){
                      .path = "/dossiers/moi", .method = "PATCH", .as = "tam", .match = "\"1\"", .body = patch}),
        403);
    assert_int_equal(PLACE_POST(place, "tam", "/dossiers", "{}"), 403);
    assert_offered("tam", "moi", "");
}

static void what_is_decided_elsewhere_is_only_commented(void **state)
{
    assert_offered("mai", "noikhac", "comment");
    assert_int_equal(place_act(place, "mai", "noikhac", "assign", "\"assignee\":\"nam\""), 409);
    assert_int_equal(place_act(place, "mai", "noikhac", "comment", "\"note\":\"đã gửi\""), 200);
}

static void old_dossiers_go_on_with_the_successor(void **state)
{
    assert_int_equal(place_act(place, "mai", "cu", "assign", "\"assignee\":\"nam\""), 200);
    assert_string_equal(place_said(place, "unit"), "OLD");
}

/* ── four eyes and mandates ──────────────────────────────────────────────────────────────────────────────────────── */

static void who_proposed_may_not_sign(void **state)
{
    does("mai", "receive", NULL);
    does("mai", "assign", "\"assignee\":\"dinh\"");
    does("dinh", "propose", "\"outcome\":\"grant\"");
    assert_int_equal(place_sign(place, "dinh", "moi", "approve", NULL, NULL), 403);
    assert_string_equal(place_problem(place), "four-eyes");
    assert_int_equal(place_sign(place, "dinh", "moi", "refuse_result", "không", NULL), 403);
    assert_int_equal(place_act(place, "dinh", "moi", "rework", "\"note\":\"tự sửa\""), 200); /* that he may */
}

static void for_thang(json_t *statement)
{
    json_object_set_new(statement, "on_behalf_of", json_string("thang"));
}

static void for_quan(json_t *statement)
{
    json_object_set_new(statement, "on_behalf_of", json_string("quan"));
}

static void by_a_mandate_one_decides_for_another(void **state)
{
    assert_int_equal(place_sign(place, "loan", "ky", "approve", NULL, NULL), 422); /* says not for whom */
    assert_string_equal(place_field(place), "/on_behalf_of");
    assert_int_equal(place_sign(place, "loan", "ky", "approve", NULL, for_quan), 422); /* that one is over */
    assert_int_equal(place_sign(place, "loan", "ky", "approve", NULL, for_thang), 200);
    assert_string_equal(place_said(place, "decision.by"), "loan");
    assert_string_equal(place_said(place, "decision.on_behalf_of"), "thang");
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/ky/events"), 200);
    size_t last = json_array_size(place_json_said(place, "items")) - 1;
    char *where = text_new("items.%zu.on_behalf_of", last);
    assert_string_equal(place_said(place, where), "thang");
    free(where);
}

static void a_mandate_ends_by_the_server_s_clock(void **state)
{
    place->now = START + 9 * 86400;
    place->n_tokens = 0;
    assert_int_equal(place_act(place, "loan", "ky", "rework", "\"note\":\"x\",\"on_behalf_of\":\"thang\""), 409);
    place->now = START;
    place->n_tokens = 0;
    assert_int_equal(place_act(place, "loan", "ky", "rework", "\"note\":\"x\",\"on_behalf_of\":\"quan\""), 422);
    assert_string_equal(place_field(place), "/on_behalf_of");
    assert_int_equal(place_act(place, "loan", "ky", "stop", "\"note\":\"x\",\"on_behalf_of\":\"thang\""),
                     409);                                                             /* not for this */
    assert_int_equal(place_act(place, "loan", "ky", "rework", "\"note\":\"x\""), 200); /* the server knows whose it is */
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/ky/events"), 200);
    assert_string_equal(place_said(place, "items.3.action"), "rework");
    assert_string_equal(place_said(place, "items.3.on_behalf_of"), "thang");
}

static void not_even_by_mandate_does_the_proposer_sign(void **state)
{
    does("mai", "receive", NULL);
    does("loan", "claim", NULL);
    does("loan", "propose", "\"outcome\":\"grant\"");
    assert_int_equal(place_sign(place, "loan", "moi", "approve", NULL, for_thang), 403);
    assert_string_equal(place_problem(place), "four-eyes");
}

/* ── offers ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void everybody_is_offered_what_he_may_do(void **state)
{
    assert_offered("mai", "moi", "receive decline request_supplement request_withdrawal comment");
    assert_offered("nam", "moi", "comment");
    assert_offered("thang", "moi", "stop comment");
    assert_offered("quan", "moi", "stop comment");
    assert_offered("dung", "moi", "comment");
    assert_offered("bao", "moi", "comment");
    assert_offered("nam", "ky", "comment");
    assert_offered("thang", "ky", "approve refuse_result rework extend stop comment");
    assert_offered("loan", "ky", "approve refuse_result rework comment");
    assert_offered("nam", "cu", "claim comment");
}

static void an_offer_says_what_it_needs_and_whether_it_can_wait(void **state)
{
    assert_int_equal(PLACE_GET(place, "thang", "/dossiers/ky"), 200);
    assert_string_equal(place_said(place, "actions.0.offline"), "never");
    assert_int_equal(json_array_size(place_json_said(place, "actions.0.requires")), 1);
    assert_string_equal(place_said(place, "actions.0.requires.0"), "signature");
    assert_string_equal(place_said(place, "actions.1.requires.0"), "note");
    assert_string_equal(place_said(place, "actions.1.requires.1"), "signature");
    assert_string_equal(place_said(place, "actions.2.offline"), "queue");
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/moi"), 200);
    assert_null(place_json_said(place, "actions.0.requires"));
}

static void what_lies_ahead_is_named_with_its_reason(void **state)
{
    static const char *const actions[] = {"assign", "propose", "approve", "issue", "return_result"};
    static const char *const vi[] = {"hồ sơ chưa được tiếp nhận", "việc của công chức chuyên môn",
                                     "chưa có ai trình ký", "chưa có quyết định", "hồ sơ chưa xử lý xong"};

    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/moi"), 200);
    assert_int_equal(json_array_size(place_json_said(place, "unavailable")), 5);
    for (int i = 0; i < 5; i++) {
        char *action = text_new("unavailable.%d.action", i), *reason = text_new("unavailable.%d.reason", i);
        assert_string_equal(place_said(place, action), actions[i]);
        assert_string_equal(place_said(place, reason), vi[i]);
        free(action);
        free(reason);
    }
    assert_int_equal(
        place_ask(place, (struct place_ask){.path = "/dossiers/moi", .as = "mai", .language = "en"}), 200);
    assert_string_equal(place_said(place, "unavailable.0.reason"), "the dossier is not received yet");
}

static void who_proposed_is_told_why_he_cannot_sign(void **state)
{
    does("mai", "receive", NULL);
    does("mai", "assign", "\"assignee\":\"dinh\"");
    does("dinh", "propose", "\"outcome\":\"grant\"");
    char *reasons = offered("dinh", "moi", "unavailable", "reason");
    assert_string_equal(
        reasons, "người trình không được ký người trình không được ký chưa có quyết định hồ sơ chưa xử lý xong");
    free(reasons);
    assert_offered("dinh", "moi", "rework extend stop comment");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(from_registered_to_returned_across_four_roles),
        CASE(the_history_tells_it_all),
        CASE(a_registered_one_is_declined_with_a_reason),
        CASE(supplement_and_back_the_clock_stands_meanwhile),
        CASE(after_the_time_to_supplement_it_may_be_declined),
        CASE(a_fee_is_asked_for_and_paid_before_it_goes_on),
        CASE(a_result_waits_until_the_fee_is_paid),
        CASE(it_is_given_back_and_taken_again),
        CASE(only_a_specialist_there_can_be_assigned),
        CASE(it_goes_back_to_assessment_and_comes_again),
        CASE(due_is_put_off_once_with_an_apology),
        CASE(it_is_withdrawn_or_stopped),
        CASE(roles_count_where_they_are),
        CASE(an_auditor_changes_nothing),
        CASE(what_is_decided_elsewhere_is_only_commented),
        CASE(old_dossiers_go_on_with_the_successor),
        CASE(who_proposed_may_not_sign),
        CASE(by_a_mandate_one_decides_for_another),
        CASE(a_mandate_ends_by_the_server_s_clock),
        CASE(not_even_by_mandate_does_the_proposer_sign),
        CASE(everybody_is_offered_what_he_may_do),
        CASE(an_offer_says_what_it_needs_and_whether_it_can_wait),
        CASE(what_lies_ahead_is_named_with_its_reason),
        CASE(who_proposed_is_told_why_he_cannot_sign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

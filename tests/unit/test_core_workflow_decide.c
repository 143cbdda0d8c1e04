/* What decisions and the ways out make of a dossier: every member that they change, and that they change no other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_bench.h"

/* ── decisions ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_proposal_goes_up_and_comes_back(void **state)
{
    struct action_request r = request();
    struct dossier d = dossier("in_progress", "assessment");

    r.outcome = "grant";
    r.note = "đủ điều kiện";
    r.result_attachment = "a-1";
    act(*state, &d, ACTION_PROPOSE, r, NOW);
    assert_stands(&d, "in_progress", "approval", NOW);
    assert_string_equal(d.proposal->by, "o-9");
    assert_time(d.proposal->at, NOW);
    assert_string_equal(d.proposal->outcome, "grant");
    assert_string_equal(d.proposal->note, "đủ điều kiện");
    assert_string_equal(d.proposal->result_attachment, "a-1");
    d.assignee = "o-9";
    d.version = 7;
    act(*state, &d, ACTION_REWORK, request(), "2022-12-29 11:00");
    assert_stands(&d, "in_progress", "assessment", "2022-12-29 11:00");
    assert_null(d.proposal);
    assert_string_equal(d.assignee, "o-9");
    assert_time(d.due_at, "2023-01-04 08:00");
}

static void a_decision_is_signed(void **state)
{
    static const struct {
        enum action action;
        const char *outcome;
    } cases[] = {{ACTION_APPROVE, "grant"}, {ACTION_REFUSE_RESULT, "refuse"}};
    struct signature signature = {.statement = "e30=", .cms = "MAA="};
    struct proposal proposal = {.by = "o-1", .outcome = "refuse"};

    for (size_t i = 0; i < 2; i++) {
        struct action_request r = request();
        struct dossier d = dossier("in_progress", "approval");
        d.proposal = &proposal; /* whatever was proposed */
        r.signature = &signature;
        r.on_behalf_of = i == 0 ? "o-2" : NULL;
        act(*state, &d, cases[i].action, r, NOW);
        assert_stands(&d, "in_progress", "issuing", NOW);
        assert_string_equal(d.decision->by, "o-9");
        assert_time(d.decision->at, NOW);
        assert_string_equal(d.decision->outcome, cases[i].outcome);
        assert_string_equal(d.decision->signature->statement, "e30=");
        assert_string_equal(d.decision->signature->cms, "MAA=");
        assert_null(d.decision->number);
        assert_int_equal(d.decision->on_behalf_of == NULL, i == 1);
        assert_ptr_equal(d.proposal, &proposal);
    }
}

static void issue_ends_the_clock_and_the_result_is_handed_out(void **state)
{
    struct decision decision = {.by = "o-2", .outcome = "grant"};
    struct action_request r = request();
    struct dossier d = dossier("in_progress", "issuing");

    d.decision = &decision;
    r.number = "12/QĐ-UBND";
    act(*state, &d, ACTION_ISSUE, r, NOW);
    assert_stands(&d, "completed", "return", NOW);
    assert_time(d.completed_at, NOW);
    assert_string_equal(d.decision->number, "12/QĐ-UBND");
    assert_string_equal(d.decision->by, "o-2");
    assert_null(decision.number);
    assert_time(d.returned_at, "");
    d.version = 7;
    r = request();
    r.returned_to = "Nguyễn Thị Đào";
    act(*state, &d, ACTION_RETURN_RESULT, r, "2022-12-30 08:00");
    assert_stands(&d, "returned", "closed", "2022-12-30 08:00");
    assert_time(d.returned_at, "2022-12-30 08:00");
    assert_string_equal(d.returned_to, "Nguyễn Thị Đào");
    assert_time(d.completed_at, NOW);
}

static void extend_keeps_the_old_due_time_for_the_apology(void **state)
{
    struct action_request r = request();
    struct dossier d = dossier("in_progress", "approval");

    r.new_due_at = at("2023-01-10 17:00");
    act(*state, &d, ACTION_EXTEND, r, NOW);
    assert_stands(&d, "in_progress", "approval", "2022-12-28 08:00");
    assert_time(d.due_at, "2023-01-10 17:00");
    assert_time(d.extended_from, "2023-01-04 08:00");
    assert_int_equal(d.extensions, 1);
}

/* ── the ways out ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_withdrawal_stops_the_clock_and_then_all(void **state)
{
    struct payment payment = {.id = "1", .status = "pending"};
    struct dossier d = dossier("in_progress", "approval");

    d.payments = &payment;
    d.n_payments = 1;
    act(*state, &d, ACTION_REQUEST_WITHDRAWAL, request(), NOW);
    assert_stands(&d, "withdrawal_requested", "approval", NOW);
    assert_time(d.paused_since, NOW);
    assert_string_equal(d.payments[0].status, "cancelled");
    d.version = 7;
    act(*state, &d, ACTION_WITHDRAW, request(), "2022-12-29 10:42");
    assert_stands(&d, "stopped", "closed", "2022-12-29 10:42");
    assert_time(d.paused_since, "");
    assert_int_equal(d.n_pauses, 1);
    assert_string_equal(d.pauses[0].status, "withdrawal_requested");
    assert_time(d.due_at, "2023-01-04 09:00");
}

static void a_clock_that_stood_stands_on(void **state)
{
    struct dossier d = dossier("in_progress", "assessment");

    act(*state, &d, ACTION_REQUEST_SUPPLEMENT, request(), "2022-12-29 08:00");
    act(*state, &d, ACTION_REQUEST_WITHDRAWAL, request(), "2022-12-29 09:00");
    assert_time(d.paused_since, "2022-12-29 08:00");
    assert_time(d.step_since, "2022-12-29 09:00");
    assert_int_equal(d.n_pauses, 0);
    assert_time(d.due_at, "2023-01-04 08:00");
}

static void stop_closes_from_anywhere(void **state)
{
    struct payment payment = {.id = "1", .status = "pending"};
    struct dossier d = dossier("registered", "intake");

    d.payments = &payment;
    d.n_payments = 1;
    act(*state, &d, ACTION_STOP, request(), NOW);
    assert_stands(&d, "stopped", "closed", NOW);
    assert_string_equal(d.payments[0].status, "cancelled");
    assert_time(d.decide_by, "");
    assert_time(d.completed_at, "");
}

static void a_comment_is_a_new_version_and_nothing_else(void **state)
{
    struct dossier d = dossier("awaiting_payment", "assessment");

    d.paused_since = at("2022-12-28 09:00");
    struct dossier was = d;
    act(*state, &d, ACTION_COMMENT, request(), NOW);
    assert_int_equal(d.version, 8);
    d.version = was.version;
    assert_memory_equal(&d, &was, sizeof d);
    act(*state, &d, ACTION_UNKNOWN, request(), NOW);
    d.version = was.version;
    assert_memory_equal(&d, &was, sizeof d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_proposal_goes_up_and_comes_back),
        TEST(a_decision_is_signed),
        TEST(issue_ends_the_clock_and_the_result_is_handed_out),
        TEST(extend_keeps_the_old_due_time_for_the_apology),
        TEST(a_withdrawal_stops_the_clock_and_then_all),
        TEST(a_clock_that_stood_stands_on),
        TEST(stop_closes_from_anywhere),
        TEST(a_comment_is_a_new_version_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

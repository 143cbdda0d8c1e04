/* What intake, supplements and fees make of a dossier: every member that they change, and that they change no other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_bench.h"

#include <string.h>

static struct fee_item tariff = {.name = "Lệ phí đăng ký", .amount = 8000};

/* ── intake ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void receive_starts_the_clock(void **state)
{
    struct bench *b = *state;
    struct dossier d = dossier("registered", "intake");

    act(b, &d, ACTION_RECEIVE, request(), NOW);
    assert_stands(&d, "received", "intake", NOW);
    assert_time(d.received_at, NOW);
    assert_time(d.due_at, "2023-01-04 09:42");
    assert_time(d.decide_by, "");
    assert_time(d.submitted_at, "2022-12-28 08:00");
    assert_time(d.paused_since, "");
}

static void without_a_calendar_there_is_no_due_time(void **state)
{
    struct bench *b = *state;
    struct dossier d = dossier("registered", "intake");

    b->calendar = office_empty();
    act(b, &d, ACTION_RECEIVE, request(), NOW);
    assert_string_equal(d.status, "received");
    assert_time(d.due_at, "");
    b->calendar = office_weekdays();
    d = dossier("registered", "intake");
    struct action_request r = request();
    workflow_apply(&d, ACTION_RECEIVE, &r, "o-9", at(NOW), &b->calendar, NULL, &b->arena);
    assert_string_equal(d.status, "received");
    assert_time(d.due_at, "");
    b->calendar = office_empty();
    d = dossier("awaiting_payment", "intake");
    d.paused_since = at("2022-12-28 09:42");
    act(b, &d, ACTION_CONFIRM_PAYMENT, request(), NOW);
    assert_time(d.due_at, "");
}

static void decline_closes(void **state)
{
    struct dossier d = dossier("registered", "intake");

    act(*state, &d, ACTION_DECLINE, request(), NOW);
    assert_stands(&d, "declined", "closed", NOW);
    assert_time(d.decide_by, "");
    assert_time(d.due_at, "");
    d = dossier("awaiting_supplement", "assessment");
    d.paused_since = at("2022-12-28 09:42");
    act(*state, &d, ACTION_DECLINE, request(), NOW);
    assert_stands(&d, "declined", "closed", NOW);
    assert_time(d.paused_since, "");
    assert_int_equal(d.n_pauses, 1);
    assert_string_equal(d.pauses[0].status, "awaiting_supplement");
    assert_time(d.due_at, "2023-01-05 08:00"); /* as the pause says: it stood for 8 hours */
}

/* ── who holds it ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void assign_and_claim_give_it_to_somebody(void **state)
{
    struct action_request r = request();
    struct dossier d = dossier("received", "intake");

    r.assignee = "o-5";
    act(*state, &d, ACTION_ASSIGN, r, NOW);
    assert_stands(&d, "in_progress", "assessment", NOW);
    assert_string_equal(d.assignee, "o-5");
    assert_time(d.due_at, "2023-01-04 08:00");
    r.assignee = "o-6";
    d.version = 7;
    act(*state, &d, ACTION_ASSIGN, r, "2022-12-29 10:00"); /* to a colleague: it stands where it stood */
    assert_stands(&d, "in_progress", "assessment", NOW);
    assert_string_equal(d.assignee, "o-6");
    d = dossier("received", "intake");
    act(*state, &d, ACTION_CLAIM, r, NOW);
    assert_stands(&d, "in_progress", "assessment", NOW);
    assert_string_equal(d.assignee, "o-9");
}

static void release_leaves_it_to_nobody(void **state)
{
    struct dossier d = dossier("in_progress", "assessment");

    d.assignee = "o-9";
    act(*state, &d, ACTION_RELEASE, request(), NOW);
    assert_stands(&d, "received", "intake", NOW);
    assert_null(d.assignee);
    assert_time(d.received_at, "2022-12-28 08:00");
    assert_time(d.due_at, "2023-01-04 08:00");
}

/* ── supplements ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_supplement_stops_the_clock_and_starts_it_again(void **state)
{
    const char *ids[] = {"p-1", "p-2", "p-3"};
    struct paper papers[] = {{.id = "p-1", .name = "Tờ khai", .state = "missing"},
                             {.id = "x", .state = "missing"}};
    struct action_request r = request();
    struct dossier d = dossier("in_progress", "assessment");

    d.papers = papers;
    d.n_papers = 2;
    r.note = "thiếu tờ khai";
    r.papers = (struct texts){.items = ids, .n = 2};
    r.until = on("2023-01-12");
    act(*state, &d, ACTION_REQUEST_SUPPLEMENT, r, NOW);
    assert_stands(&d, "awaiting_supplement", "assessment", NOW);
    assert_time(d.paused_since, NOW);
    assert_time(d.due_at, "2023-01-04 08:00"); /* as it was before, while the clock stands */
    assert_int_equal(d.n_supplements, 1);
    const struct supplement *s = &d.supplements[0];
    assert_time(s->requested_at, NOW);
    assert_string_equal(s->by, "o-9");
    assert_string_equal(s->note, "thiếu tờ khai");
    assert_int_equal(s->papers.n, 2);
    assert_string_equal(s->papers.items[1], "p-2");
    assert_int_equal(s->until, on("2023-01-12"));
    assert_time(s->received_at, "");
    assert_time(s->due_before, "2023-01-04 08:00");
    assert_time(s->due_after, "");

    d.version = 7;
    r.papers.n = 3;
    act(*state, &d, ACTION_SUPPLEMENT, r, "2022-12-30 11:12"); /* 9.5 working hours later */
    assert_stands(&d, "in_progress", "assessment", "2022-12-30 11:12");
    assert_time(d.paused_since, "");
    assert_int_equal(d.n_pauses, 1);
    assert_time(d.pauses[0].from, NOW);
    assert_time(d.pauses[0].until, "2022-12-30 11:12");
    assert_string_equal(d.pauses[0].status, "awaiting_supplement");
    assert_time(d.due_at, "2023-01-05 09:30");
    assert_int_equal(d.n_supplements, 1);
    assert_time(d.supplements[0].received_at, "2022-12-30 11:12");
    assert_time(d.supplements[0].due_after, "2023-01-05 09:30");
    assert_int_equal(d.n_papers, 3); /* p-2 is the procedure's, p-3 nobody's */
    assert_string_equal(d.papers[0].state, "handed_in");
    assert_string_equal(d.papers[1].state, "missing");
    assert_string_equal(d.papers[2].id, "p-2");
    assert_string_equal(d.papers[2].name, "Giấy chứng sinh");
    assert_string_equal(d.papers[2].state, "handed_in");
    assert_int_equal(d.papers[2].photocopies, 2);
    assert_string_equal(papers[0].state, "missing"); /* what was stays what it was */
}

static void without_a_last_day_the_supplement_has_thirty(void **state)
{
    struct dossier d = dossier("received", "intake");

    act(*state, &d, ACTION_REQUEST_SUPPLEMENT, request(), "2022-12-29 23:30"); /* the day is the office's, not UTC's */
    assert_int_equal(d.supplements[0].until, on("2023-01-28"));
}

static void a_supplement_goes_back_to_where_it_came_from(void **state)
{
    struct dossier d = dossier("received", "intake");

    act(*state, &d, ACTION_REQUEST_SUPPLEMENT, request(), NOW);
    assert_stands(&d, "awaiting_supplement", "intake", NOW);
    act(*state, &d, ACTION_SUPPLEMENT, request(), "2022-12-29 10:42");
    assert_string_equal(d.status, "received");
    assert_string_equal(d.step, "intake");
    assert_time(d.due_at, "2023-01-04 09:00");

    d = dossier("registered", "intake");
    act(*state, &d, ACTION_REQUEST_SUPPLEMENT, request(), "2022-12-28 16:00");
    assert_stands(&d, "awaiting_supplement", "intake", "2022-12-28 16:00");
    assert_time(d.decide_by, ""); /* only while registered */
    act(*state, &d, ACTION_SUPPLEMENT, request(), "2022-12-30 08:00");
    assert_string_equal(d.status, "registered");
    assert_time(d.decide_by, "2022-12-30 10:00"); /* 29/12 08:00, and the 10 hours that it stood */
    assert_time(d.due_at, "");
    assert_time(d.supplements[0].due_before, "");
    assert_time(d.supplements[0].due_after, "");
}

static void a_second_supplement_is_a_second_line(void **state)
{
    struct dossier d = dossier("received", "intake");

    act(*state, &d, ACTION_REQUEST_SUPPLEMENT, request(), "2022-12-29 08:00");
    act(*state, &d, ACTION_SUPPLEMENT, request(), "2022-12-29 09:00");
    const struct supplement *first = d.supplements;
    act(*state, &d, ACTION_REQUEST_SUPPLEMENT, request(), "2022-12-29 10:00");
    act(*state, &d, ACTION_SUPPLEMENT, request(), "2022-12-29 11:00");
    assert_int_equal(d.n_supplements, 2);
    assert_time(d.supplements[0].received_at, "2022-12-29 09:00");
    assert_time(d.supplements[1].received_at, "2022-12-29 11:00");
    assert_time(d.supplements[1].due_before, "2023-01-04 09:00");
    assert_time(d.supplements[1].due_after, "2023-01-04 10:00");
    assert_int_equal(d.n_pauses, 2);
    assert_time(first[0].requested_at, "2022-12-29 08:00");
}

/* ── fees ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_payment_is_asked_for_and_confirmed(void **state)
{
    struct fee old[] = {
        {.name = "Bản sao", .amount = 4000, .paid = 4000, .paid_at = at("2022-12-28 08:00"), .method = "card"},
        {.name = "Chứng thực", .amount = 9000, .paid = 1000, .paid_at = INSTANT_NONE}};
    struct payment payments[] = {{.id = "1", .status = "expired"}, {.id = "2", .status = "pending"}};
    struct action_request r = request();
    struct dossier d = dossier("in_progress", "assessment");

    d.fees = old;
    d.n_fees = 2;
    d.payments = payments;
    d.n_payments = 2;
    r.amount = 10000;
    r.note = "Phí thẩm định";
    act(*state, &d, ACTION_REQUEST_PAYMENT, r, NOW);
    assert_stands(&d, "awaiting_payment", "assessment", NOW);
    assert_time(d.paused_since, NOW);
    assert_int_equal(d.n_fees, 3);
    assert_string_equal(d.fees[2].name, "Phí thẩm định");
    assert_int_equal(d.fees[2].amount, 10000);
    assert_int_equal(d.fees[2].paid, 0);
    assert_time(d.fees[2].paid_at, "");
    assert_string_equal(d.payments[1].status, "pending");

    d.version = 7;
    r = request();
    r.amount = 18000;
    r.method = "transfer";
    r.number = "BL-17";
    act(*state, &d, ACTION_CONFIRM_PAYMENT, r, "2022-12-29 10:42");
    assert_stands(&d, "in_progress", "assessment", "2022-12-29 10:42");
    assert_time(d.due_at, "2023-01-04 09:00");
    assert_string_equal(d.pauses[0].status, "awaiting_payment");
    assert_int_equal(dossier_unpaid(&d), 0);
    assert_int_equal(d.fees[1].paid, 9000);
    assert_time(d.fees[1].paid_at, "2022-12-29 10:42");
    assert_string_equal(d.fees[1].method, "transfer");
    assert_string_equal(d.fees[1].receipt, "BL-17");
    assert_string_equal(d.fees[0].method, "card"); /* what was paid keeps its receipt */
    assert_null(d.fees[0].receipt);
    assert_string_equal(d.payments[0].status, "expired");
    assert_string_equal(d.payments[1].status, "cancelled");
    assert_int_equal(old[1].paid, 1000);
    assert_string_equal(payments[1].status, "pending");
}

static void a_fee_has_a_name(void **state)
{
    struct bench *b = *state;
    struct action_request r = request();
    struct dossier d = dossier("received", "intake");

    r.amount = 8000;
    act(b, &d, ACTION_REQUEST_PAYMENT, r, NOW);
    assert_string_equal(d.fees[0].name, "Lệ phí");
    b->procedure.fees = &tariff;
    b->procedure.n_fees = 1;
    d = dossier("received", "intake");
    act(b, &d, ACTION_REQUEST_PAYMENT, r, NOW);
    assert_string_equal(d.fees[0].name, "Lệ phí đăng ký");
    act(b, &d, ACTION_CONFIRM_PAYMENT, r, NOW);
    assert_string_equal(d.status, "received");
    assert_string_equal(d.fees[0].method, "cash");
}

static void paying_moves_only_what_waited_for_it(void **state)
{
    struct fee fee = {.name = "Phí", .amount = 1000, .paid_at = INSTANT_NONE};
    static const char *const stands[][2] = {
        {"completed", "return"}, {"awaiting_supplement", "assessment"}, {"in_progress", "issuing"}};

    for (size_t i = 0; i < 3; i++) {
        struct dossier d = dossier(stands[i][0], stands[i][1]);
        d.fees = &fee;
        d.n_fees = 1;
        act(*state, &d, ACTION_CONFIRM_PAYMENT, request(), NOW);
        assert_stands(&d, stands[i][0], stands[i][1], "2022-12-28 08:00");
        assert_int_equal(dossier_unpaid(&d), 0);
    }
}

/* Words of the request may go as soon as the action is done. */
static void what_is_new_is_kept_in_the_arena(void **state)
{
    char note[] = "thiếu", *names[] = {note};
    struct action_request r = request();
    struct dossier d = dossier("received", "intake");

    r.note = note;
    r.papers = (struct texts){.items = (const char **)names, .n = 1};
    act(*state, &d, ACTION_REQUEST_SUPPLEMENT, r, NOW);
    memset(note, 'x', sizeof note - 1);
    assert_string_equal(d.supplements[0].note, "thiếu");
    assert_string_equal(d.supplements[0].papers.items[0], "thiếu");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(receive_starts_the_clock),
        TEST(without_a_calendar_there_is_no_due_time),
        TEST(decline_closes),
        TEST(assign_and_claim_give_it_to_somebody),
        TEST(release_leaves_it_to_nobody),
        TEST(a_supplement_stops_the_clock_and_starts_it_again),
        TEST(without_a_last_day_the_supplement_has_thirty),
        TEST(a_supplement_goes_back_to_where_it_came_from),
        TEST(a_second_supplement_is_a_second_line),
        TEST(a_payment_is_asked_for_and_confirmed),
        TEST(a_fee_has_a_name),
        TEST(paying_moves_only_what_waited_for_it),
        TEST(what_is_new_is_kept_in_the_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

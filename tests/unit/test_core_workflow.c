/* The table of actions, written out by hand from the contract (act): every action × everywhere a dossier can stand × everybody.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_office.h"

#include "core/workflow.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TODAY        "2022-12-29"

/* Where a dossier can stand. */
static const struct {
    char sign;
    const char *status, *step;
} places[] = {
    {'R', "registered", "intake"},
    {'r', "received", "intake"},
    {'A', "in_progress", "assessment"},
    {'P', "in_progress", "approval"},
    {'I', "in_progress", "issuing"},
    {'S', "awaiting_supplement", "intake"},
    {'T', "awaiting_supplement", "assessment"},
    {'F', "awaiting_payment", "intake"},
    {'G', "awaiting_payment", "assessment"},
    {'W', "withdrawal_requested", "issuing"},
    {'C', "completed", "return"},
    {'d', "declined", "closed"},
    {'s', "stopped", "closed"},
    {'z', "returned", "closed"},
    {'o', "in_progress", "second_reading"}, /* a step and a status that came later */
    {'u', "under_appeal", "intake"},
};

/* Who asks; the dossier is the officer o-1's. */
static const struct {
    char sign;
    struct workflow_who who;
} people[] = {
    {'c', {.officer = "o-2", .roles = ROLE_BIT(ROLE_COUNTER)}},
    {'p', {.officer = "o-2", .roles = ROLE_BIT(ROLE_SPECIALIST)}},
    {'h', {.officer = "o-1", .roles = ROLE_BIT(ROLE_SPECIALIST)}}, /* holds it */
    {'v', {.officer = "o-2", .roles = ROLE_BIT(ROLE_SUPERVISOR)}},
    {'m', {.officer = "o-2", .roles = ROLE_BIT(ROLE_SPECIALIST), .mandated = true}},
    {'k', {.officer = "o-2", .roles = ROLE_BIT(ROLE_CLERK)}},
    {'t', {.officer = "o-2", .roles = ROLE_BIT(ROLE_TRAINER)}},
    {'a', {.officer = "o-2", .roles = ROLE_BIT(ROLE_AUDITOR)}},
    {'-', {.officer = "o-2"}},
};

/* The contract's table: who, and from where. */
static const struct {
    enum action action;
    const char *id, *who, *from;
    bool online_only;
} table[] = {
    {ACTION_RECEIVE, "receive", "c", "R", false},
    {ACTION_DECLINE, "decline", "c", "RST", false},
    {ACTION_ASSIGN, "assign", "cv", "rA", false},
    {ACTION_CLAIM, "claim", "phm", "r", false},
    {ACTION_RELEASE, "release", "h", "A", false},
    {ACTION_REQUEST_SUPPLEMENT, "request_supplement", "ch", "RrA", false},
    {ACTION_SUPPLEMENT, "supplement", "c", "ST", false},
    {ACTION_REQUEST_PAYMENT, "request_payment", "c", "rA", true},
    {ACTION_CONFIRM_PAYMENT, "confirm_payment", "c", "RrAPISTFGCou", true},
    {ACTION_PROPOSE, "propose", "h", "A", false},
    {ACTION_APPROVE, "approve", "vm", "P", true},
    {ACTION_REFUSE_RESULT, "refuse_result", "vm", "P", true},
    {ACTION_REWORK, "rework", "vm", "P", false},
    {ACTION_EXTEND, "extend", "v", "APIo", false},
    {ACTION_REQUEST_WITHDRAWAL, "request_withdrawal", "c", "RrAPISTFGou", false},
    {ACTION_WITHDRAW, "withdraw", "c", "W", false},
    {ACTION_STOP, "stop", "v", "RrAPISTFGWou", false},
    {ACTION_ISSUE, "issue", "k", "I", true},
    {ACTION_RETURN_RESULT, "return_result", "c", "C", false},
    {ACTION_COMMENT, "comment", "cphvmkt", "RrAPISTFGWCdszou", false},
};

static struct supplement asked = {.note = "thiếu bản sao"};
static struct fee fee = {.name = "Lệ phí", .amount = 10000};

static struct dossier dossier(const char *status, const char *step)
{
    asked.until = on(TODAY) - 1;
    return (struct dossier){
        .id = "hs-1",
        .status = status,
        .step = step,
        .assignee = "o-1",
        .due_at = at("2022-12-30 09:00"),
        .supplements = &asked,
        .n_supplements = 1,
    };
}

/* What stands so that nothing but status, step and person can be in the way. */
static struct dossier smooth(const char *status, const char *step, enum action action)
{
    struct dossier d = dossier(status, step);

    if (action == ACTION_CONFIRM_PAYMENT) {
        d.fees = &fee;
        d.n_fees = 1;
    }
    return d;
}

static void the_table_is_the_contract_s(void **state)
{
    assert_int_equal(COUNT(table), ACTION_COUNT - 1);
    for (size_t i = 0; i < COUNT(table); i++)
        for (size_t j = 0; j < COUNT(places); j++) {
            struct dossier d = smooth(places[j].status, places[j].step, table[i].action);
            bool from = strchr(table[i].from, places[j].sign);
            if ((workflow_state_allows(&d, table[i].action, on(TODAY)) == WHY_ALLOWED) != from)
                fail_msg("%s from %s, %s", table[i].id, places[j].status, places[j].step);
            for (size_t k = 0; k < COUNT(people); k++) {
                bool may = from && strchr(table[i].who, people[k].sign);
                if ((workflow_allows(&d, table[i].action, &people[k].who, on(TODAY)) == WHY_ALLOWED) != may)
                    fail_msg("%s from %s, %s by %c", table[i].id, places[j].status, places[j].step,
                             people[k].sign);
            }
        }
}

static void every_action_has_its_word_and_its_line(void **state)
{
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_int_equal(action_of(table[i].id), table[i].action);
        assert_string_equal(workflow_rule(table[i].action)->id, table[i].id);
        assert_int_equal(workflow_rule(table[i].action)->online_only, table[i].online_only);
    }
    assert_int_equal(action_of("teleport"), ACTION_UNKNOWN);
    assert_int_equal(action_of(""), ACTION_UNKNOWN);
    assert_int_equal(action_of(NULL), ACTION_UNKNOWN);
    assert_null(workflow_rule(ACTION_UNKNOWN));
    assert_null(workflow_rule(ACTION_COUNT));
}

static void an_unknown_action_is_never_allowed(void **state)
{
    struct dossier d = dossier("registered", "intake");

    assert_int_equal(workflow_state_allows(&d, ACTION_UNKNOWN, on(TODAY)), WHY_STATUS);
    assert_int_equal(workflow_allows(&d, ACTION_UNKNOWN, &people[0].who, on(TODAY)), WHY_STATUS);
}

/* needs and may have, as the table and ActionOffer.requires name them. */
static void every_action_asks_for_what_the_contract_says(void **state)
{
    static const struct {
        enum action action;
        const char *needs, *may;
    } asks[] = {
        {ACTION_RECEIVE, "", "note"},
        {ACTION_DECLINE, "note", ""},
        {ACTION_ASSIGN, "assignee", "note"},
        {ACTION_CLAIM, "", "note"},
        {ACTION_RELEASE, "", "note"},
        {ACTION_REQUEST_SUPPLEMENT, "note", "papers until"},
        {ACTION_SUPPLEMENT, "", "papers note"},
        {ACTION_REQUEST_PAYMENT, "amount", "note"},
        {ACTION_CONFIRM_PAYMENT, "amount", "method number"},
        {ACTION_PROPOSE, "outcome", "note result"},
        {ACTION_APPROVE, "signature", "note"},
        {ACTION_REFUSE_RESULT, "note signature", ""},
        {ACTION_REWORK, "note", ""},
        {ACTION_EXTEND, "note new_due_at", ""},
        {ACTION_REQUEST_WITHDRAWAL, "", "note"},
        {ACTION_WITHDRAW, "", "note"},
        {ACTION_STOP, "note", ""},
        {ACTION_ISSUE, "number", "note result"},
        {ACTION_RETURN_RESULT, "returned_to", "note"},
        {ACTION_COMMENT, "note", ""},
    };
    static const char *const words[] = {"note",      "assignee",    "papers",     "amount",
                                        "outcome",   "result",      "new_due_at", "number",
                                        "signature", "returned_to", "method",     "until"};

    assert_int_equal(COUNT(asks), ACTION_COUNT - 1);
    for (size_t i = 0; i < COUNT(asks); i++) {
        unsigned needs = 0, may = 0;
        for (size_t j = 0; j < COUNT(words); j++) {
            unsigned need = need_of(words[j]);
            assert_true(need != 0 && (need & (need - 1)) == 0);
            assert_string_equal(need_text(need), words[j]);
            needs |= strstr(asks[i].needs, words[j]) ? need : 0;
            may |= strstr(asks[i].may, words[j]) ? need : 0;
        }
        assert_int_equal(workflow_rule(asks[i].action)->needs, needs);
        assert_int_equal(workflow_rule(asks[i].action)->may, may);
    }
    assert_int_equal(need_of("blood"), 0);
    assert_int_equal(need_of(NULL), 0);
    assert_null(need_text(0));
    assert_null(need_text(NEED_NOTE | NEED_UNTIL));
}

/* ── why not ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static enum workflow_why why(const struct dossier *d, enum action action, char person)
{
    for (size_t i = 0; i < COUNT(people); i++)
        if (people[i].sign == person)
            return workflow_allows(d, action, &people[i].who, on(TODAY));
    fail_msg("nobody is %c", person);
    return WHY_ALLOWED;
}

static void the_reasons_are_those_that_help(void **state)
{
    /* Mock-up `act`: a counter officer before a registered dossier. */
    struct dossier d = dossier("registered", "intake");
    assert_int_equal(why(&d, ACTION_ASSIGN, 'c'), WHY_STATUS);  /* not received yet */
    assert_int_equal(why(&d, ACTION_PROPOSE, 'c'), WHY_ROLE);   /* a specialist's work */
    assert_int_equal(why(&d, ACTION_APPROVE, 'c'), WHY_STATUS); /* nobody has proposed */
    assert_int_equal(why(&d, ACTION_ISSUE, 'c'), WHY_STATUS);   /* nothing is decided */
    assert_int_equal(why(&d, ACTION_RETURN_RESULT, 'c'), WHY_STATUS);
    assert_int_equal(why(&d, ACTION_PROPOSE, 'p'), WHY_NOT_ASSIGNEE);
    assert_int_equal(why(&d, ACTION_PROPOSE, 'h'), WHY_STATUS);

    d = dossier("in_progress", "approval");
    assert_int_equal(why(&d, ACTION_PROPOSE, 'h'), WHY_STEP);
    assert_int_equal(why(&d, ACTION_APPROVE, 'c'), WHY_ROLE);
    assert_int_equal(why(&d, ACTION_REQUEST_SUPPLEMENT, 'h'), WHY_STEP);
    d = dossier("in_progress", "assessment");
    assert_int_equal(why(&d, ACTION_REQUEST_SUPPLEMENT, 'p'), WHY_NOT_ASSIGNEE);
    assert_int_equal(why(&d, ACTION_REQUEST_SUPPLEMENT, 'k'), WHY_ROLE);
    assert_int_equal(why(&d, ACTION_ISSUE, 'k'), WHY_STEP);
    d.assignee = NULL;
    assert_int_equal(why(&d, ACTION_RELEASE, 'h'), WHY_NOT_ASSIGNEE);
    d = dossier("declined", "closed");
    assert_int_equal(why(&d, ACTION_STOP, 'v'), WHY_STATUS);
    assert_int_equal(why(&d, ACTION_COMMENT, 'a'), WHY_ROLE);
}

static void what_is_decided_elsewhere_is_only_commented_on(void **state)
{
    for (size_t i = 0; i < COUNT(table); i++)
        for (size_t j = 0; j < COUNT(places); j++)
            for (size_t k = 0; k < COUNT(people); k++) {
                struct dossier d = smooth(places[j].status, places[j].step, table[i].action);
                struct workflow_who who = people[k].who;
                who.elsewhere = true;
                enum workflow_why got = workflow_allows(&d, table[i].action, &who, on(TODAY));
                if (table[i].action != ACTION_COMMENT)
                    assert_int_equal(got, WHY_ELSEWHERE);
                else
                    assert_int_equal(got == WHY_ALLOWED, strchr("cphvmkt", people[k].sign) != NULL);
            }
}

static void a_supplement_is_waited_for_until_its_day_is_over(void **state)
{
    struct supplement two[] = {{.until = on("2022-12-01")}, {.until = on(TODAY)}};
    struct dossier d = dossier("awaiting_supplement", "assessment");

    d.supplements = two;
    d.n_supplements = 2;
    assert_int_equal(why(&d, ACTION_DECLINE, 'c'), WHY_UNTIL_NOT_OVER); /* the last day is a day */
    assert_int_equal(workflow_state_allows(&d, ACTION_DECLINE, on("2022-12-30")), WHY_ALLOWED);
    assert_int_equal(why(&d, ACTION_SUPPLEMENT, 'c'), WHY_ALLOWED);
    assert_int_equal(workflow_state_allows(&d, ACTION_SUPPLEMENT, on("2023-03-01")), WHY_ALLOWED); /* "or still taken" */
    two[1].until = DAY_NONE;
    assert_int_equal(workflow_state_allows(&d, ACTION_DECLINE, on("2022-12-30")), WHY_UNTIL_NOT_OVER);
    d.n_supplements = 0;
    assert_int_equal(workflow_state_allows(&d, ACTION_DECLINE, on("2022-12-30")), WHY_UNTIL_NOT_OVER);
}

static void fees_stand_in_the_way_and_are_the_way(void **state)
{
    struct fee fees[] = {{.amount = 10000, .paid = 10000}, {.amount = 4000, .paid = 1000}, {.amount = 500}};
    struct dossier d = dossier("completed", "return");

    assert_int_equal(dossier_unpaid(&d), 0);
    assert_int_equal(why(&d, ACTION_CONFIRM_PAYMENT, 'c'), WHY_NO_FEE);
    d.fees = fees;
    d.n_fees = 3;
    assert_int_equal(dossier_unpaid(&d), 3500);
    assert_int_equal(why(&d, ACTION_RETURN_RESULT, 'c'), WHY_FEE_UNPAID);
    assert_int_equal(why(&d, ACTION_CONFIRM_PAYMENT, 'c'), WHY_ALLOWED);
    fees[1].paid = 4000;
    fees[2].paid = 600; /* too much for one fee pays no other */
    assert_int_equal(dossier_unpaid(&d), 0);
    assert_int_equal(why(&d, ACTION_RETURN_RESULT, 'c'), WHY_ALLOWED);
    assert_int_equal(why(&d, ACTION_CONFIRM_PAYMENT, 'c'), WHY_NO_FEE);
}

static void a_due_time_is_put_off_once(void **state)
{
    struct dossier d = dossier("in_progress", "assessment");

    d.extensions = 1;
    assert_int_equal(why(&d, ACTION_EXTEND, 'v'), WHY_EXTENDED);
}

static void who_proposed_does_not_decide(void **state)
{
    struct proposal proposal = {.by = "o-3", .outcome = "grant"};
    struct dossier d = dossier("in_progress", "approval");
    struct workflow_who both = {.officer = "o-3", .roles = ROLE_BIT(ROLE_SPECIALIST) | ROLE_BIT(ROLE_SUPERVISOR)};
    struct workflow_who deputy = {.officer = "o-3", .roles = ROLE_BIT(ROLE_SPECIALIST), .mandated = true};
    struct workflow_who colleague = {.officer = "o-3", .roles = ROLE_BIT(ROLE_SPECIALIST)};

    d.proposal = &proposal;
    assert_int_equal(workflow_allows(&d, ACTION_APPROVE, &both, on(TODAY)), WHY_OWN_PROPOSAL);
    assert_int_equal(workflow_allows(&d, ACTION_REFUSE_RESULT, &both, on(TODAY)), WHY_OWN_PROPOSAL);
    assert_int_equal(workflow_allows(&d, ACTION_APPROVE, &deputy, on(TODAY)), WHY_OWN_PROPOSAL);
    assert_int_equal(workflow_allows(&d, ACTION_REFUSE_RESULT, &deputy, on(TODAY)), WHY_OWN_PROPOSAL);
    assert_int_equal(workflow_allows(&d, ACTION_APPROVE, &colleague, on(TODAY)), WHY_ROLE);
    assert_int_equal(workflow_allows(&d, ACTION_REWORK, &both, on(TODAY)),
                     WHY_ALLOWED); /* sending back is no decision */
    assert_int_equal(workflow_allows(&d, ACTION_REWORK, &deputy, on(TODAY)), WHY_ALLOWED);
    proposal.by = "o-4";
    assert_int_equal(workflow_allows(&d, ACTION_APPROVE, &both, on(TODAY)), WHY_ALLOWED);
}

/* ── what it brings along ────────────────────────────────────────────────────────────────────────────────────────── */

static struct signature signature = {.statement = "e30=", .cms = "MAA="};
static const char *paper = "p-1";

static struct action_request full(void)
{
    return (struct action_request){
        .note = "đủ",
        .assignee = "o-1",
        .method = "transfer",
        .outcome = "refuse",
        .result_attachment = "a-1",
        .number = "12/QĐ",
        .returned_to = "Nguyễn Thị Đào",
        .papers = {.items = &paper, .n = 1},
        .until = on("2023-01-05"),
        .amount = 10000,
        .new_due_at = at("2023-01-05 09:00"),
        .acted_at = INSTANT_NONE,
        .signature = &signature,
    };
}

static unsigned lacks(enum action action, struct action_request request)
{
    unsigned missing = 99;

    bool complete = workflow_complete(action, &request, &missing);
    assert_int_equal(complete, missing == 0);
    return missing;
}

static void what_is_needed_is_asked_for(void **state)
{
    const struct action_request nothing = {
        .until = DAY_NONE, .new_due_at = INSTANT_NONE, .acted_at = INSTANT_NONE};

    for (size_t i = 0; i < COUNT(table); i++) {
        assert_int_equal(lacks(table[i].action, full()), 0);
        assert_int_equal(lacks(table[i].action, nothing), workflow_rule(table[i].action)->needs);
    }
    assert_int_equal(lacks(ACTION_UNKNOWN, nothing), 0);
}

static void what_makes_no_sense_is_found(void **state)
{
    static char long_note[4002], long_name[402];
    struct action_request r = full();

    r.note = " \t\n";
    assert_int_equal(lacks(ACTION_DECLINE, r), NEED_NOTE);
    assert_int_equal(lacks(ACTION_CLAIM, r), NEED_NOTE); /* what it may have is not blank either */
    memset(long_note, 'x', 4001);
    r.note = long_note;
    assert_int_equal(lacks(ACTION_COMMENT, r), NEED_NOTE);
    long_note[4000] = '\0';
    assert_int_equal(lacks(ACTION_COMMENT, r), 0);
    r = full();
    for (size_t i = 0; i < 400; i += 2)
        memcpy(long_name + i, "Đ", 2);
    r.returned_to = long_name; /* 200 characters, 400 bytes */
    assert_int_equal(lacks(ACTION_RETURN_RESULT, r), 0);
    long_name[400] = 'o';
    assert_int_equal(lacks(ACTION_RETURN_RESULT, r), NEED_RETURNED_TO);
    r = full();
    r.outcome = "maybe";
    assert_int_equal(lacks(ACTION_PROPOSE, r), NEED_OUTCOME);
    assert_int_equal(lacks(ACTION_APPROVE, r), 0); /* what it does not name is ignored */
    r.method = "shells";
    assert_int_equal(lacks(ACTION_CONFIRM_PAYMENT, r), NEED_METHOD);
    r.method = NULL;
    assert_int_equal(lacks(ACTION_CONFIRM_PAYMENT, r), 0);
    r.amount = -5;
    assert_int_equal(lacks(ACTION_CONFIRM_PAYMENT, r), NEED_AMOUNT);
    r = full();
    struct signature half = {.statement = "e30="};
    r.signature = &half;
    assert_int_equal(lacks(ACTION_REFUSE_RESULT, r), NEED_SIGNATURE);
}

static unsigned misfits(const struct dossier *d, enum action action, struct action_request request)
{
    unsigned wrong = 99;

    bool fits = workflow_fits(d, action, &request, at("2022-12-29 09:42"), &wrong);
    assert_int_equal(fits, wrong == 0);
    return wrong;
}

static void what_it_brings_fits_what_stands(void **state)
{
    struct attachment files[] = {{.id = "a-1", .role = "result", .complete = true},
                                 {.id = "a-2", .role = "result"},
                                 {.id = "a-3", .role = "scan", .complete = true},
                                 {.id = "a-4", .complete = true}};
    struct dossier d = dossier("in_progress", "assessment");
    struct action_request r = full();

    d.attachments = files;
    d.n_attachments = 4;
    d.fees = &fee;
    d.n_fees = 1;
    for (size_t i = 0; i < COUNT(table); i++)
        assert_int_equal(misfits(&d, table[i].action, r), 0);
    r.amount = 9999;
    assert_int_equal(misfits(&d, ACTION_CONFIRM_PAYMENT, r), NEED_AMOUNT);
    assert_int_equal(misfits(&d, ACTION_REQUEST_PAYMENT, r), 0);
    r.new_due_at = at("2022-12-30 09:00"); /* the due time that it has */
    assert_int_equal(misfits(&d, ACTION_EXTEND, r), NEED_NEW_DUE_AT);
    r.new_due_at = at("2022-12-30 09:00:01");
    assert_int_equal(misfits(&d, ACTION_EXTEND, r), 0);
    d.due_at = at("2022-12-20 09:00");
    r.new_due_at = at("2022-12-29 09:42"); /* now */
    assert_int_equal(misfits(&d, ACTION_EXTEND, r), NEED_NEW_DUE_AT);
    static const char *const bad[] = {"a-2", "a-3", "a-4", "a-5"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        r.result_attachment = bad[i];
        assert_int_equal(misfits(&d, ACTION_PROPOSE, r), NEED_RESULT);
        assert_int_equal(misfits(&d, ACTION_ISSUE, r), NEED_RESULT);
        assert_int_equal(misfits(&d, ACTION_APPROVE, r), 0);
    }
    r.result_attachment = NULL;
    assert_int_equal(misfits(&d, ACTION_PROPOSE, r), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_the_contract_s),
        cmocka_unit_test(every_action_has_its_word_and_its_line),
        cmocka_unit_test(an_unknown_action_is_never_allowed),
        cmocka_unit_test(every_action_asks_for_what_the_contract_says),
        cmocka_unit_test(the_reasons_are_those_that_help),
        cmocka_unit_test(what_is_decided_elsewhere_is_only_commented_on),
        cmocka_unit_test(a_supplement_is_waited_for_until_its_day_is_over),
        cmocka_unit_test(fees_stand_in_the_way_and_are_the_way),
        cmocka_unit_test(a_due_time_is_put_off_once),
        cmocka_unit_test(who_proposed_does_not_decide),
        cmocka_unit_test(what_is_needed_is_asked_for),
        cmocka_unit_test(what_makes_no_sense_is_found),
        cmocka_unit_test(what_it_brings_fits_what_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

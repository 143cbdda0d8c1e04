/* Which list a dossier stands in, who has which lists, and what is mine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/queue.h"
#include "tests/harness.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void every_dossier_stands_in_one_list(void **state)
{
    static const struct {
        const char *status, *step;
        enum queue_id queue;
    } cases[] = {
        {"registered", "intake", QUEUE_TO_RECEIVE},
        {"received", "intake", QUEUE_IN_PROGRESS},
        {"in_progress", "assessment", QUEUE_IN_PROGRESS},
        {"in_progress", "approval", QUEUE_TO_SIGN},
        {"in_progress", "issuing", QUEUE_TO_ISSUE},
        {"in_progress", "second_reading", QUEUE_IN_PROGRESS},
        {"awaiting_supplement", "intake", QUEUE_SUPPLEMENT},
        {"awaiting_supplement", "approval", QUEUE_SUPPLEMENT},
        {"awaiting_payment", "assessment", QUEUE_UNPAID},
        {"withdrawal_requested", "approval", QUEUE_WITHDRAWAL},
        {"completed", "return", QUEUE_TO_RETURN},
        {"declined", "closed", QUEUE_NONE},
        {"stopped", "closed", QUEUE_NONE},
        {"returned", "closed", QUEUE_NONE},
        {"under_appeal", "intake", QUEUE_IN_PROGRESS},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dossier d = {.status = cases[i].status, .step = cases[i].step};
        assert_int_equal(queue_of(&d), cases[i].queue);
    }
}

static void ids_are_those_of_the_screens(void **state)
{
    static const char *const ids[] = {"to_receive", "in_progress", "mine",  "supplement", "unpaid", "to_sign",
                                      "to_issue",   "to_return",   "today", "overdue",    "stuck",  "watch"};

    for (size_t i = 0; i < COUNT(ids); i++) {
        assert_int_not_equal(queue_parse(ids[i]), QUEUE_NONE);
        assert_string_equal(queue_text(queue_parse(ids[i])), ids[i]);
    }
    assert_int_equal(queue_parse("mine"), QUEUE_MINE);
    assert_int_equal(queue_parse("to_return"), QUEUE_TO_RETURN);
    assert_int_equal(queue_parse("withdrawal"), QUEUE_NONE);
    assert_int_equal(queue_parse(""), QUEUE_NONE);
    assert_int_equal(queue_parse(NULL), QUEUE_NONE);
    assert_null(queue_text(QUEUE_NONE));
    assert_null(queue_text(QUEUE_WITHDRAWAL));
    assert_null(queue_text(QUEUE_ALL));
}

/* Compares with a line of ids. */
static void assert_has(unsigned roles, const char *line)
{
    enum queue_id got[10];
    size_t n = queue_list(roles, got);
    char said[256] = "";

    for (size_t i = 0; i < n; i++) {
        strncat(said, i > 0 ? " " : "", sizeof said - strlen(said) - 1);
        strncat(said, queue_text(got[i]), sizeof said - strlen(said) - 1);
    }
    assert_string_equal(said, line);
}

static void everybody_has_the_lists_of_his_work(void **state)
{
    const unsigned counter = ROLE_BIT(ROLE_COUNTER), specialist = ROLE_BIT(ROLE_SPECIALIST),
                   supervisor = ROLE_BIT(ROLE_SUPERVISOR), clerk = ROLE_BIT(ROLE_CLERK),
                   auditor = ROLE_BIT(ROLE_AUDITOR), trainer = ROLE_BIT(ROLE_TRAINER);

    /* Mock-ups `queues` and `queues-unit`. */
    assert_has(counter, "to_receive mine in_progress supplement unpaid to_return today overdue stuck");
    assert_has(supervisor, "to_sign watch in_progress to_issue today overdue stuck");

    assert_has(specialist, "mine in_progress supplement unpaid today overdue stuck");
    assert_has(clerk, "to_issue to_return today overdue stuck");
    static const char all[] =
        "to_receive to_sign in_progress supplement unpaid to_issue to_return today overdue stuck";
    assert_has(auditor, all);
    assert_has(trainer, all);
    assert_has(0, all);

    assert_has(specialist | supervisor,
               "to_sign mine watch in_progress supplement unpaid to_issue today overdue stuck");
    assert_has(counter | specialist,
               "to_receive mine in_progress supplement unpaid to_return today overdue stuck");
    assert_has(counter | auditor,
               "to_receive to_sign mine in_progress supplement unpaid to_issue to_return today overdue");
    assert_has(clerk | trainer, all);
    assert_has(counter | specialist | supervisor | clerk,
               "to_receive to_sign mine in_progress supplement unpaid to_issue to_return today overdue");
    assert_has(counter | specialist | supervisor | clerk | auditor | trainer,
               "to_receive to_sign mine in_progress supplement unpaid to_issue to_return today overdue");
}

static void mine_is_what_i_hold_or_helped_to_file(void **state)
{
    static const struct {
        const char *assignee, *assisted_by, *status;
        bool mine;
    } cases[] = {
        {"me", NULL, "in_progress", true},
        {"me", NULL, "awaiting_payment", true},
        {"me", NULL, "completed", false}, /* the counter's now */
        {"me", NULL, "returned", false},
        {"you", NULL, "in_progress", false},
        {NULL, NULL, "registered", false},
        {NULL, "me", "registered", true},
        {"you", "me", "in_progress", true},
        {"you", "me", "completed", true}, /* its result is still to be handed out */
        {"you", "me", "returned", false},
        {"you", "me", "declined", false},
        {"me", "me", "stopped", false},
    };
    const struct officer me = {.id = "me"};

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dossier d = {
            .assignee = cases[i].assignee,
            .assisted_by = cases[i].assisted_by,
            .status = cases[i].status,
            .step = "assessment",
        };
        assert_int_equal(queue_is_mine(&d, &me), cases[i].mine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dossier_stands_in_one_list),
        cmocka_unit_test(ids_are_those_of_the_screens),
        cmocka_unit_test(everybody_has_the_lists_of_his_work),
        cmocka_unit_test(mine_is_what_i_hold_or_helped_to_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The field's words without a catalogue: English, complete, and short enough for their columns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_office.h"

#include "core/text.h"
#include "core/words.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EAST         (7 * 3600)

static const char *const statuses[] = {
    "registered",           "received", "declined",  "in_progress", "awaiting_supplement", "awaiting_payment",
    "withdrawal_requested", "stopped",  "completed", "returned"};

/* Every id of a list has a word of its own, and strangers stay as they came. */
static void assert_words(const char *(*word)(const char *), const char *const *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *text = word(ids[i]);
        assert_true(text[0] != '\0' && !strchr(text, '_') && !strchr(text, '\004'));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(text, word(ids[j]));
    }
    assert_string_equal(word("from_another_age"), "from_another_age");
    assert_string_equal(word(""), "");
    assert_string_equal(word(NULL), "");
}
#define ASSERT_WORDS(word, ...) \
    assert_words(word, (const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__})))

static void every_id_has_a_word(void **state)
{
    assert_words(word_status, statuses, COUNT(statuses));
    assert_words(word_status_short, statuses, COUNT(statuses));
    ASSERT_WORDS(word_step, "intake", "assessment", "approval", "issuing", "return", "closed");
    ASSERT_WORDS(word_role, "counter", "specialist", "supervisor", "clerk", "trainer", "auditor");
    ASSERT_WORDS(word_channel, "counter", "online", "post");
    ASSERT_WORDS(word_level, "full", "partial", "information");
    ASSERT_WORDS(word_paper_state, "handed_in", "looked_up", "reused", "missing");
    ASSERT_WORDS(word_method, "cash", "transfer", "card", "online");
    ASSERT_WORDS(word_payment, "pending", "paid", "expired", "cancelled");
    ASSERT_WORDS(word_outcome, "grant", "refuse");
    ASSERT_WORDS(word_sex, "male", "female");
    ASSERT_WORDS(word_queue, "to_receive", "in_progress", "mine", "supplement", "unpaid", "to_sign",
                 "to_issue", "to_return", "today", "overdue", "stuck", "watch");
    ASSERT_WORDS(word_queue_in_full, "to_receive", "in_progress", "mine", "supplement", "unpaid", "to_sign",
                 "to_issue", "to_return", "today", "overdue", "stuck", "watch");
}

static void some_words_are_these(void **state)
{
    assert_string_equal(word_status("received"), "Received");
    assert_string_equal(word_status("awaiting_payment"), "Waiting for payment");
    assert_string_equal(word_status_short("in_progress"), "In work");
    assert_string_equal(word_step("return"), "return");
    assert_string_equal(word_role("counter"), "intake and return");
    assert_string_equal(word_channel("counter"), "at the counter");
    assert_string_equal(word_level("full"), "full (level 4)");
    assert_string_equal(word_queue("to_receive"), "To receive");
    assert_string_equal(word_queue_in_full("to_receive"), "To receive (online)");
    assert_string_equal(word_queue_in_full("to_sign"), "To sign");
    assert_string_equal(word_weekday(0), "Mo");
    assert_string_equal(word_weekday(6), "Su");
    assert_string_equal(word_weekday(7), "");
    assert_string_equal(word_weekday(-1), "");
}

static void a_row_has_ten_columns_for_the_status(void **state)
{
    for (size_t i = 0; i < COUNT(statuses); i++)
        assert_true(text_width(word_status_short(statuses[i])) <= 10);
}

static void a_row_has_nineteen_columns_for_the_action(void **state)
{
    for (enum action action = ACTION_UNKNOWN + 1; action < ACTION_COUNT; action++)
        assert_in_range(text_width(word_action_short(workflow_rule(action)->id)), 1, 19);
    assert_string_equal(word_action_short("from_another_age"), "from_another_age");
}

/* screens.md, section 5: an action keeps its number always. */
static void actions_keep_their_numbers(void **state)
{
    static const struct {
        const char *action;
        int digit;
        bool asks_first;
    } cases[] = {
        {"receive", 1, false},
        {"decline", 2, false},
        {"assign", 5, false},
        {"claim", 6, false},
        {"release", 6, false},
        {"request_supplement", 3, false},
        {"supplement", 1, false},
        {"request_payment", 4, false},
        {"confirm_payment", 1, true},
        {"propose", 1, false},
        {"approve", 1, false},
        {"refuse_result", 0, false},
        {"rework", 2, false},
        {"extend", 7, false},
        {"request_withdrawal", 8, false},
        {"withdraw", 1, false},
        {"stop", 8, true},
        {"issue", 1, true},
        {"return_result", 1, false},
        {"comment", 9, false},
    };

    assert_int_equal(COUNT(cases), ACTION_COUNT - 1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct action_words words = word_action(cases[i].action);
        const struct action_rule *rule = workflow_rule(action_of(cases[i].action));
        assert_int_equal(words.digit, cases[i].digit);
        assert_int_equal(words.asks_first, cases[i].asks_first);
        assert_true(words.label[0] >= 'A' && words.label[0] <= 'Z');
        assert_int_equal(words.note != NULL, ((rule->needs | rule->may) & NEED_NOTE) != 0);
    }
    assert_string_equal(word_action("decline").note, "reason");
    assert_string_equal(word_action("comment").note, "content");
    assert_string_equal(word_action("approve").label, "Approve");
    struct action_words stranger = word_action("teleport");
    assert_string_equal(stranger.label, "teleport");
    assert_null(stranger.note);
    assert_int_equal(stranger.digit, -1);
    assert_false(stranger.asks_first);
    assert_string_equal(word_action(NULL).label, "");
}

static void every_need_has_a_word(void **state)
{
    for (unsigned need = NEED_NOTE; need <= NEED_UNTIL; need <<= 1)
        assert_true(word_need(need)[0] != '\0' && !strchr(word_need(need), '_'));
    assert_string_equal(word_need(NEED_RETURNED_TO), "who takes it");
    assert_string_equal(word_need(0), "");
}

/* ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void time_left_is_said_as_rule_6_says(void **state)
{
    static const struct {
        struct time_left left;
        const char *mark, *words;
    } cases[] = {
        {{TIME_LEFT, 2, 210}, "  ", "2 d 3 h left"}, /* mock-up dossier-clock */
        {{TIME_LEFT, 2, 438}, "  ", "2 d 7 h left"},
        {{TIME_LEFT, 3, 60}, "  ", "3 d 1 h left"},
        {{TIME_LEFT, 3, 59}, "  ", "3 d left"},
        {{TIME_LEFT, 4, 400}, "  ", "4 d left"},
        {{TIME_LEFT, 30, 0}, "  ", "30 d left"},
        {{TIME_LEFT, 1, 0}, "  ", "1 d left"},
        {{TIME_LEFT, 0, 479}, "  ", "7 h left"},
        {{TIME_LEFT, 0, 300}, "  ", "5 h left"},
        {{TIME_TODAY, 0, 208}, " !", "3 h left"},
        {{TIME_TODAY, 0, 120}, " !", "2 h left"},
        {{TIME_TODAY, 0, 119}, " !", "119 min left"},
        {{TIME_TODAY, 0, 80}, " !", "80 min left"},
        {{TIME_TODAY, 0, 60}, " !", "1 h left"},
        {{TIME_TODAY, 0, 23}, " !", "23 min left"},
        {{TIME_TODAY, 0, 1}, " !", "1 min left"},
        {{TIME_TODAY, 0, 0}, " !", "under 1 min left"},
        {{TIME_OVERDUE, 0, 0}, "!!", "overdue"},
        {{TIME_OVERDUE, 0, 72}, "!!", "overdue 72 min"},
        {{TIME_OVERDUE, 0, 60}, "!!", "overdue 1 h"}, /* mock-up queues-unit */
        {{TIME_OVERDUE, 0, 210}, "!!", "overdue 3 h"},
        {{TIME_OVERDUE, 1, 300}, "!!", "overdue 1 d"},
        {{TIME_OVERDUE, 3, 0}, "!!", "overdue 3 d"},
        {{TIME_PAUSED, 0, 0}, "||", "paused"},
        {{TIME_UNKNOWN, 0, 0}, "??", "not computed"},
        {{TIME_EARLY, 0, 0}, "  ", "done early"},
        {{TIME_ON_TIME, 0, 0}, "  ", "done on time"},
        {{TIME_LATE, 0, 0}, "  ", "done late"},
        {{TIME_NONE, 0, 0}, "  ", "-"},
    };
    struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_string_equal(word_time_left(&arena, cases[i].left), cases[i].words);
        assert_string_equal(word_time_mark(cases[i].left), cases[i].mark);
        assert_true(text_width(cases[i].words) <= 16);
    }
    arena_clear(&arena);
}

static void a_limit_is_said_in_words(void **state)
{
    static const struct {
        struct duration limit;
        const char *words;
    } cases[] = {
        {{3, "working_days"}, "3 working days"},   {{1, "working_days"}, "1 working day"},
        {{8, "working_hours"}, "8 working hours"}, {{1, "working_hours"}, "1 working hour"},
        {{15, "calendar_days"}, "15 days"},        {{1, "calendar_days"}, "1 day"},
        {{0, "same_day"}, "the same day"},         {{2, "fortnights"}, "2 fortnights"},
    };
    struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(word_duration(&arena, &cases[i].limit), cases[i].words);
    arena_clear(&arena);
}

static void dates_are_written_as_here(void **state)
{
    struct arena arena = {0};
    int64_t now = at("2022-12-29 09:42");

    assert_string_equal(word_when(&arena, at("2023-01-04 09:05:59"), EAST), "04/01/2023 09:05");
    assert_string_equal(word_when(&arena, at("2023-01-04 02:05"), 0), "03/01/2023 19:05");
    assert_string_equal(word_day(&arena, on("2023-01-04")), "04/01/2023");
    assert_string_equal(word_clock(&arena, at("2023-01-04 09:05:59"), EAST), "09:05");
    assert_string_equal(word_day_short(&arena, at("2022-11-18 09:00"), now, EAST), "18/11");
    assert_string_equal(word_day_short(&arena, at("2022-01-02 09:00"), now, EAST), "02/01");
    assert_string_equal(word_day_short(&arena, at("2021-12-31 09:00"), now, EAST), "31/12/2021");
    assert_string_equal(word_day_short(&arena, at("2023-01-05 09:00"), now, EAST), "05/01"); /* mock-up queues */
    assert_string_equal(word_day_short(&arena, at("2023-06-29 09:00"), now, EAST), "29/06");
    assert_string_equal(word_day_short(&arena, at("2023-07-01 09:00"), now, EAST), "01/07/2023");
    assert_string_equal(word_day_short(&arena, at("2022-12-31 23:30"), at("2023-01-01 00:10"), EAST),
                        "31/12/2022");
    assert_string_equal(word_when(&arena, INSTANT_NONE, EAST), "");
    assert_string_equal(word_when(&arena, INSTANT_NEVER, EAST), "");
    assert_string_equal(word_day(&arena, DAY_NONE), "");
    assert_string_equal(word_clock(&arena, INSTANT_NONE, EAST), "");
    assert_string_equal(word_day_short(&arena, INSTANT_NEVER, now, EAST), "");
    arena_clear(&arena);
}

static void the_given_name_stands_last(void **state)
{
    assert_string_equal(word_given_name("Trần Thị Mai"), "Mai");
    assert_string_equal(word_given_name("Mai"), "Mai");
    assert_string_equal(word_given_name("Trần  Mai "), "Mai ");
    assert_string_equal(word_given_name(""), "");
    assert_string_equal(word_given_name(" "), " ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_id_has_a_word),
        cmocka_unit_test(some_words_are_these),
        cmocka_unit_test(a_row_has_ten_columns_for_the_status),
        cmocka_unit_test(a_row_has_nineteen_columns_for_the_action),
        cmocka_unit_test(actions_keep_their_numbers),
        cmocka_unit_test(every_need_has_a_word),
        cmocka_unit_test(time_left_is_said_as_rule_6_says),
        cmocka_unit_test(a_limit_is_said_in_words),
        cmocka_unit_test(dates_are_written_as_here),
        cmocka_unit_test(the_given_name_stands_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

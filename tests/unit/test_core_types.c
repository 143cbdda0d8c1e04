/* Words and numbers of the contract, what follows from one dossier alone, and chance.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "core/codec.h"
#include "core/env.h"
#include "core/instant.h"

#include <string.h>

static void statuses_bear_their_national_numbers(void **state)
{
    static const char *const words[] = {
        "registered",
        "received",
        "declined",
        "in_progress",
        "awaiting_supplement",
        "awaiting_payment",
        "withdrawal_requested",
        "stopped",
        "completed",
        "returned",
    };
    for (int i = 0; i < 10; i++) {
        assert_int_equal(status_of(words[i]), i + 1);
        assert_string_equal(status_text(status_of(words[i])), words[i]);
    }
}

static void every_word_leads_there_and_back(void **state)
{
    static const char *const steps[] = {"intake", "assessment", "approval", "issuing", "return", "closed"};
    static const char *const roles[] = {"counter", "specialist", "supervisor", "clerk", "trainer", "auditor"};
    for (int i = 0; i < 6; i++) {
        assert_int_not_equal(step_of(steps[i]), STEP_UNKNOWN);
        assert_string_equal(step_text(step_of(steps[i])), steps[i]);
        assert_int_not_equal(role_of(roles[i]), ROLE_UNKNOWN);
        assert_string_equal(role_text(role_of(roles[i])), roles[i]);
    }
}

static void words_that_came_later_are_unknown(void **state)
{
    static const char *const words[] = {"", "Registered", "registered ", "archived", "unknown"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        assert_int_equal(status_of(words[i]), STATUS_UNKNOWN);
        assert_int_equal(step_of(words[i]), STEP_UNKNOWN);
        assert_int_equal(role_of(words[i]), ROLE_UNKNOWN);
    }
    assert_int_equal(status_of(NULL), STATUS_UNKNOWN);
    assert_null(status_text(STATUS_UNKNOWN));
    assert_null(status_text((enum dossier_status)99));
    assert_null(step_text(STEP_UNKNOWN));
    assert_null(role_text((enum role)99));
}

static void an_officer_has_the_roles_that_we_know(void **state)
{
    const char *roles[] = {"counter", "astronaut", "supervisor", "counter"};
    struct officer officer = {.roles = {.items = roles, .n = 4}};
    assert_int_equal(officer_roles(&officer), ROLE_BIT(ROLE_COUNTER) | ROLE_BIT(ROLE_SUPERVISOR));
    officer.roles.n = 0;
    assert_int_equal(officer_roles(&officer), 0);
}

static void a_deputy_acts_for_who_gave_the_mandate_while_it_lasts(void **state)
{
    const char *specialist[] = {"specialist"}, *both[] = {"specialist", "supervisor"}, *named[] = {"1.001612"};
    struct mandate mandates[] = {
        {.on_behalf_of = "quan", .from = 100, .until = 200, .procedures = {named, 1}},
        {.on_behalf_of = "sinh", .from = 150, .until = 300},
    };
    struct officer o = {.roles = {specialist, 1}, .mandates = mandates, .n_mandates = 2};

    assert_string_equal(officer_acts_for(&o, NULL, "1.001612", 100), "quan");
    assert_string_equal(officer_acts_for(&o, NULL, "1.001612", 199), "quan");
    assert_string_equal(officer_acts_for(&o, NULL, "1.001612", 200), "sinh");
    assert_string_equal(officer_acts_for(&o, NULL, "2.000720", 150), "sinh");
    assert_null(officer_acts_for(&o, NULL, "2.000720", 149));
    assert_null(officer_acts_for(&o, NULL, "1.001612", 99));
    assert_null(officer_acts_for(&o, NULL, "1.001612", 300));
    o.roles = (struct texts){both, 2};
    assert_null(officer_acts_for(&o, NULL, "1.001612", 150)); /* for himself */
}

static void a_mandate_that_was_chosen_goes_first_where_it_covers(void **state)
{
    const char *specialist[] = {"specialist"}, *supervisor[] = {"supervisor"}, *named[] = {"1.001612"};
    struct mandate mandates[] = {
        {.on_behalf_of = "sinh", .from = 100, .until = 300},
        {.on_behalf_of = "quan", .from = 100, .until = 200, .procedures = {named, 1}},
    };
    struct officer o = {.roles = {specialist, 1}, .mandates = mandates, .n_mandates = 2};

    assert_string_equal(officer_acts_for(&o, "quan", "1.001612", 150), "quan");
    assert_string_equal(officer_acts_for(&o, "quan", "2.000720", 150), "sinh");  /* which it does not cover */
    assert_string_equal(officer_acts_for(&o, "quan", "1.001612", 200), "sinh");  /* over */
    assert_string_equal(officer_acts_for(&o, "thang", "1.001612", 150), "sinh"); /* who gave him none */
    o.roles = (struct texts){supervisor, 1};
    assert_string_equal(officer_acts_for(&o, "quan", "1.001612", 150), "quan");
    assert_null(officer_acts_for(&o, "quan", "1.001612", 200)); /* for himself again */
}

static void what_is_due_is_the_decision_first_and_the_result_later(void **state)
{
    struct dossier d;
    codec_absent(&shape_dossier, &d);
    assert_true(dossier_due(&d) == INSTANT_NEVER);
    d.status = "registered";
    assert_true(dossier_due(&d) == INSTANT_NEVER);
    d.decide_by = 100;
    d.due_at = 200;
    assert_int_equal(dossier_due(&d), 100);
    d.status = "received";
    assert_int_equal(dossier_due(&d), 200);
    d.due_at = INSTANT_NONE;
    assert_true(dossier_due(&d) == INSTANT_NEVER);
}

static void a_dossier_is_open_until_it_ends_and_paused_while_its_clock_stands(void **state)
{
    static const struct {
        const char *status;
        bool open, paused;
    } cases[] = {
        {"registered", true, false},
        {"received", true, false},
        {"declined", false, false},
        {"in_progress", true, false},
        {"awaiting_supplement", true, true},
        {"awaiting_payment", true, true},
        {"withdrawal_requested", true, true},
        {"stopped", false, false},
        {"completed", false, false},
        {"returned", false, false},
        {"a_status_that_came_later", true, false},
    };
    struct dossier d;
    codec_absent(&shape_dossier, &d);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        d.status = cases[i].status;
        assert_int_equal(dossier_is_open(&d), cases[i].open);
        assert_int_equal(dossier_is_paused(&d), cases[i].paused);
    }
    d.paused_since = 5; /* the server says that it stands, whatever the status is called */
    assert_true(dossier_is_paused(&d));
}

static void a_problem_has_a_name_if_it_is_one_of_ours(void **state)
{
    assert_string_equal(problem_name(&(struct problem){.type = "urn:onestop:problem:four-eyes"}), "four-eyes");
    assert_string_equal(problem_name(&(struct problem){.type = "urn:onestop:problem:"}), "");
    assert_string_equal(problem_name(&(struct problem){.type = "about:blank"}), "");
    assert_string_equal(problem_name(&(struct problem){.type = "https://x/urn:onestop:problem:internal"}), "");
    assert_string_equal(problem_name(&(struct problem){.type = NULL}), "");
}

/* A world whose chance is a list of numbers, again and again. */
struct dealt {
    struct env env;
    const uint64_t *numbers;
    size_t n, next;
};

static void deal(struct env *env, void *bytes, size_t n)
{
    struct dealt *d = (struct dealt *)env;
    unsigned char *out = bytes;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t number = d->numbers[d->next++ % d->n];
        memcpy(out + i, &number, n - i < 8 ? n - i : 8);
    }
}

static void chance_is_uniform_below_its_bound(void **state)
{
    static const uint64_t numbers[] = {UINT64_MAX, 5, 17, UINT64_MAX - 1};
    struct dealt d = {.env = {.random = deal}, .numbers = numbers, .n = 4};
    assert_int_equal(env_random_below(&d.env, 10), 5); /* UINT64_MAX would favour 0 to 5: drawn again */
    assert_int_equal(env_random_below(&d.env, 10), 7);
    assert_int_equal(d.next, 3);
    assert_int_equal(env_random_below(&d.env, 1), 0);
    assert_int_equal(env_random_below(&d.env, 0), 0);
    assert_int_equal(env_random_below(&d.env, -5), 0);
    assert_true(env_random_below(&d.env, INT64_MAX) >= 0);
}

static void a_uuid_is_of_version_4_whatever_the_bytes(void **state)
{
    static const uint64_t ones[] = {UINT64_MAX}, zeros[] = {0};
    char text[UUID_TEXT];
    struct dealt d = {.env = {.random = deal}, .numbers = ones, .n = 1};
    env_uuid(&d.env, text);
    assert_string_equal(text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    d.numbers = zeros;
    env_uuid(&d.env, text);
    assert_string_equal(text, "00000000-0000-4000-8000-000000000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_bear_their_national_numbers),
        cmocka_unit_test(every_word_leads_there_and_back),
        cmocka_unit_test(words_that_came_later_are_unknown),
        cmocka_unit_test(an_officer_has_the_roles_that_we_know),
        cmocka_unit_test(a_deputy_acts_for_who_gave_the_mandate_while_it_lasts),
        cmocka_unit_test(a_mandate_that_was_chosen_goes_first_where_it_covers),
        cmocka_unit_test(what_is_due_is_the_decision_first_and_the_result_later),
        cmocka_unit_test(a_dossier_is_open_until_it_ends_and_paused_while_its_clock_stands),
        cmocka_unit_test(a_problem_has_a_name_if_it_is_one_of_ours),
        cmocka_unit_test(chance_is_uniform_below_its_bound),
        cmocka_unit_test(a_uuid_is_of_version_4_whatever_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

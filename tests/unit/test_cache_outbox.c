/* What the officer does to his wishes: acting, taking back, dropping, sending again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_room.h"

#include "core/instant.h"

#include <string.h>

static struct command row(const char *key)
{
    struct command c = {0};
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    return c;
}

static size_t listed(unsigned which)
{
    struct command *rows = NULL;
    size_t n = 0;
    assert_ok(outbox_list(o, which, &arena, &rows, &n, &e), &e);
    return n;
}

static void counts_are(int64_t unsent, int64_t stuck)
{
    int64_t is_unsent = -1, is_stuck = -1;
    outbox_counts(o, &is_unsent, &is_stuck);
    assert_int_equal(is_unsent, unsent);
    assert_int_equal(is_stuck, stuck);
}

/* ── acting ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_wish_is_kept_as_it_was_meant(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    enqueue(o, &w, key);
    struct command c = row(key);
    assert_string_equal(c.key, key);
    assert_int_equal(strlen(key), 36);
    assert_string_equal(c.actor, "of-mai");
    assert_string_equal(c.target, w.target);
    assert_string_equal(c.if_match, "3");
    assert_null(c.after);
    assert_string_equal(c.method, "POST");
    assert_string_equal(c.path, w.path);
    assert_string_equal(c.action, "comment");
    assert_string_equal(c.code, w.code);
    assert_string_equal(c.name, w.name);
    assert_int_equal(c.body_len, w.body_len);
    assert_memory_equal(c.body, w.body, w.body_len);
    assert_string_equal(c.seen, w.seen);
    assert_null(c.problem);
    assert_null(c.request_id);
    assert_null(c.answer);
    assert_int_equal(c.state, COMMAND_HELD);
    assert_false(c.online_only);
    assert_false(c.may_have_arrived);
    assert_int_equal(c.attempts, 0);
    assert_int_equal(c.acted_at, T0);
    assert_int_equal(c.ended_at, INSTANT_NONE);
    assert_int_equal(c.held_at, m.env.mono);
    assert_int_equal(c.not_before, 0);
}

static void it_is_kept_over_a_new_start(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    enqueue(o, &w, key);
    outbox_close(&o);
    o = machine_outbox(&m);
    assert_memory_equal(row(key).body, w.body, w.body_len);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_HELD);
    counts_are(1, 0);
}

static void what_is_not_held_is_due_at_once(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    w.hold = false;
    enqueue(o, &w, key);
    assert_int_equal(state_of(o, key), COMMAND_DUE);
    assert_false(outbox_can_undo(o));
    w.hold = w.online_only = true; /* online only is never held, whatever is asked */
    w.target = "d-2";
    enqueue(o, &w, key);
    assert_int_equal(state_of(o, key), COMMAND_DUE);
}

static void a_batch_is_kept_whole_and_each_chained(void **state)
{
    struct wish w[3] = {wish_on("d-1"), wish_on("d-2"), wish_on("d-1")};
    char first[UUID_TEXT], keys[3][UUID_TEXT];
    enqueue(o, &w[1], first);
    assert_ok(outbox_enqueue(o, w, 3, keys, &e), &e);
    assert_null(row(keys[0]).after);
    assert_string_equal(row(keys[1]).after, first);
    assert_string_equal(row(keys[2]).after, keys[0]);
    counts_are(4, 0);
}

static void what_is_over_is_no_predecessor(void **state)
{
    struct wish w = wish_on("d-1");
    char done[UUID_TEXT], refused[UUID_TEXT], dropped[UUID_TEXT], next[UUID_TEXT];
    enqueue(o, &w, done);
    assert_ok(outbox_done(o, done, "\"4\"", NULL, T0, &e), &e);
    enqueue(o, &w, refused);
    assert_null(row(refused).after);
    assert_ok(outbox_failed(o, refused, COMMAND_REFUSED, "{}", NULL, T0, &e), &e);
    enqueue(o, &w, dropped);
    assert_null(row(dropped).after);
    assert_ok(outbox_drop(o, dropped, T0, &e), &e);
    enqueue(o, &w, next);
    assert_null(row(next).after);
}

/* ── taking back ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void it_can_be_taken_back_for_ten_seconds(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    struct command c;
    enqueue(o, &w, key);
    m.env.mono += OUTBOX_HOLD_MS - 1;
    assert_true(outbox_can_undo(o));
    assert_int_equal(outbox_mark(o, "d-1"), MARK_HELD);
    assert_ok(outbox_undo(o, &arena, &c, &e), &e);
    assert_string_equal(c.key, key);
    assert_string_equal(c.code, w.code);
    assert_int_equal(state_of(o, key), COMMAND_DROPPED); /* readable for 30 days, as all that was dropped */
    assert_int_equal(outbox_mark(o, "d-1"), MARK_NONE);
    assert_false(outbox_can_undo(o));
    counts_are(0, 0);
}

static void after_ten_seconds_it_is_too_late(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    struct command c;
    enqueue(o, &w, key);
    outbox_take_changes(o);
    m.env.mono += OUTBOX_HOLD_MS;
    assert_false(outbox_can_undo(o));
    assert_int_equal(outbox_mark(o, "d-1"), MARK_DUE);
    assert_err(outbox_undo(o, &arena, &c, &e), &e, ERR_NOT_FOUND);
    assert_int_equal(state_of(o, key), COMMAND_DUE);
    assert_int_equal(listed(1u << COMMAND_DUE), 1);
    assert_int_equal(listed(1u << COMMAND_HELD), 0);
    assert_true(outbox_take_changes(o)); /* a list that says “~” has to be drawn again */
    assert_false(outbox_take_changes(o));
}

static void after_a_restart_of_the_machine_it_is_too_late(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    struct command c;
    enqueue(o, &w, key);
    outbox_close(&o);
    m.env.mono = 20 * 1000;
    o = machine_outbox(&m);
    assert_false(outbox_can_undo(o));
    assert_int_equal(outbox_mark(o, "d-1"), MARK_DUE);
    assert_err(outbox_undo(o, &arena, &c, &e), &e, ERR_NOT_FOUND);
}

static void the_newest_goes_first(void **state)
{
    struct wish w[2] = {wish_on("d-1"), wish_on("d-2")};
    char keys[2][UUID_TEXT];
    struct command c;
    enqueue(o, &w[0], keys[0]);
    m.env.mono += 4000;
    enqueue(o, &w[1], keys[1]);
    assert_ok(outbox_undo(o, &arena, &c, &e), &e);
    assert_string_equal(c.key, keys[1]);
    assert_ok(outbox_undo(o, &arena, &c, &e), &e);
    assert_string_equal(c.key, keys[0]);
    assert_err(outbox_undo(o, &arena, &c, &e), &e, ERR_NOT_FOUND);
}

static void a_batch_is_taken_back_whole_and_nothing_else(void **state)
{
    struct wish w[3] = {wish_on("d-1"), wish_on("d-2"), wish_on("d-3")};
    char alone[UUID_TEXT], keys[3][UUID_TEXT];
    struct wish other = wish_on("d-9");
    struct command c;
    enqueue(o, &other, alone);
    assert_ok(outbox_enqueue(o, w, 3, keys, &e), &e);
    assert_ok(outbox_undo(o, &arena, &c, &e), &e);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(state_of(o, keys[i]), COMMAND_DROPPED);
    assert_int_equal(state_of(o, alone), COMMAND_HELD);
    counts_are(1, 0);
}

static void what_stands_behind_becomes_a_conflict(void **state)
{
    struct wish w = wish_on("d-1");
    char first[UUID_TEXT], second[UUID_TEXT], third[UUID_TEXT], other[UUID_TEXT];
    struct command c;
    enqueue(o, &w, first);
    w.hold = false; /* from the command line */
    enqueue(o, &w, second);
    enqueue(o, &w, third);
    w.target = "d-2";
    enqueue(o, &w, other);
    assert_ok(outbox_undo(o, &arena, &c, &e), &e);
    assert_int_equal(state_of(o, second), COMMAND_CONFLICT);
    assert_int_equal(state_of(o, third), COMMAND_CONFLICT);
    assert_int_equal(state_of(o, other), COMMAND_DUE);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_CONFLICT);
    counts_are(1, 2);
}

static void leaving_ends_every_hold(void **state)
{
    struct wish w[2] = {wish_on("d-1"), wish_on("d-2")};
    char keys[2][UUID_TEXT];
    assert_ok(outbox_enqueue(o, w, 2, keys, &e), &e);
    assert_ok(outbox_end_holds(o, &e), &e);
    assert_int_equal(listed(1u << COMMAND_DUE), 2);
    assert_false(outbox_can_undo(o));
}

/* ── dropping, again, anew ─────────────────────────────────────────────────────────────────────────────────────────── */

static void what_has_not_left_can_be_dropped(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT], behind[UUID_TEXT];
    enqueue(o, &w, key);
    enqueue(o, &w, behind);
    assert_ok(outbox_drop(o, key, T0 + 60, &e), &e);
    struct command c = row(key);
    assert_int_equal(c.state, COMMAND_DROPPED);
    assert_int_equal(c.ended_at, T0 + 60);
    assert_memory_equal(c.body, w.body, w.body_len); /* readable */
    assert_int_equal(state_of(o, behind), COMMAND_CONFLICT);
    assert_ok(outbox_drop(o, key, T0 + 70, &e), &e); /* once is enough */
    assert_int_equal(row(key).ended_at, T0 + 60);
}

static void what_is_on_its_way_or_done_cannot_be_dropped(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    w.hold = false;
    enqueue(o, &w, key);
    assert_ok(outbox_sending(o, key, &e), &e);
    assert_err(outbox_drop(o, key, T0, &e), &e, ERR_REFUSED);
    assert_ok(outbox_done(o, key, "\"4\"", NULL, T0, &e), &e);
    assert_err(outbox_drop(o, key, T0, &e), &e, ERR_REFUSED);
    assert_err(outbox_drop(o, "00000000-0000-4000-8000-000000000000", T0, &e), &e, ERR_NOT_FOUND);
    assert_int_equal(state_of(o, key), COMMAND_DONE);
}

static void in_doubt_an_ordinary_one_can_be_dropped_a_signature_not(void **state)
{
    bool taken_away;
    for (int online_only = 0; online_only < 2; online_only++) {
        struct wish w = wish_on(online_only ? "d-2" : "d-1");
        char key[UUID_TEXT];
        w.hold = false;
        w.online_only = online_only;
        enqueue(o, &w, key);
        assert_ok(outbox_sending(o, key, &e), &e);
        assert_ok(outbox_no_answer(o, key, true, 0, NULL, &taken_away, &e), &e);
        assert_false(taken_away);
        assert_int_equal(outbox_mark(o, w.target), MARK_UNKNOWN);
        if (online_only)
            assert_err(outbox_drop(o, key, T0, &e), &e, ERR_REFUSED);
        else
            assert_ok(outbox_drop(o, key, T0, &e), &e);
        assert_int_equal(state_of(o, key), online_only ? COMMAND_DUE : COMMAND_DROPPED);
    }
}

static void again_means_now_under_the_same_key(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    bool taken_away;
    enqueue(o, &w, key);
    assert_ok(outbox_retry(o, key, &e), &e); /* held: the officer does not want to wait */
    assert_int_equal(state_of(o, key), COMMAND_DUE);
    assert_ok(outbox_no_answer(o, key, false, m.env.mono + 300000, NULL, &taken_away, &e), &e);
    assert_int_equal(row(key).not_before, m.env.mono + 300000);
    assert_ok(outbox_retry(o, key, &e), &e);
    assert_int_equal(row(key).not_before, 0);
    assert_ok(outbox_sending(o, key, &e), &e);
    assert_ok(outbox_retry(o, key, &e), &e);
    assert_int_equal(state_of(o, key), COMMAND_SENDING);
}

static void what_was_answered_is_not_sent_again(void **state)
{
    static const enum command_state ends[] = {COMMAND_CONFLICT, COMMAND_REFUSED};
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    for (size_t i = 0; i < 2; i++) {
        enqueue(o, &w, key);
        assert_ok(outbox_failed(o, key, ends[i], "{}", NULL, T0, &e), &e);
        assert_err(outbox_retry(o, key, &e), &e, ERR_REFUSED);
        assert_int_equal(state_of(o, key), ends[i]);
        assert_ok(outbox_drop(o, key, T0, &e), &e);
        assert_err(outbox_retry(o, key, &e), &e, ERR_REFUSED);
    }
    assert_err(outbox_retry(o, "no such key", &e), &e, ERR_NOT_FOUND);
}

static void a_conflict_is_resolved_by_a_new_wish(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT], anew[UUID_TEXT];
    enqueue(o, &w, key);
    assert_err(outbox_replace(o, key, &w, T0, anew, &e), &e, ERR_REFUSED); /* not before it has ended */
    assert_ok(outbox_failed(o, key, COMMAND_CONFLICT, "{\"status\":412}", "rq-1", T0 + 1, &e), &e);
    w.if_match = "5";
    assert_ok(outbox_replace(o, key, &w, T0 + 2, anew, &e), &e);
    assert_string_not_equal(anew, key);
    struct command old = row(key), c = row(anew);
    assert_int_equal(old.state, COMMAND_DROPPED);
    assert_string_equal(old.problem, "{\"status\":412}");
    assert_string_equal(old.request_id, "rq-1");
    assert_int_equal(c.state, COMMAND_HELD);
    assert_string_equal(c.if_match, "5");
    assert_null(c.after);
    counts_are(1, 0);
    assert_err(outbox_replace(o, "no such key", &w, T0, anew, &e), &e, ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_wish_is_kept_as_it_was_meant),
        TEST(it_is_kept_over_a_new_start),
        TEST(what_is_not_held_is_due_at_once),
        TEST(a_batch_is_kept_whole_and_each_chained),
        TEST(what_is_over_is_no_predecessor),
        TEST(it_can_be_taken_back_for_ten_seconds),
        TEST(after_ten_seconds_it_is_too_late),
        TEST(after_a_restart_of_the_machine_it_is_too_late),
        TEST(the_newest_goes_first),
        TEST(a_batch_is_taken_back_whole_and_nothing_else),
        TEST(what_stands_behind_becomes_a_conflict),
        TEST(leaving_ends_every_hold),
        TEST(what_has_not_left_can_be_dropped),
        TEST(what_is_on_its_way_or_done_cannot_be_dropped),
        TEST(in_doubt_an_ordinary_one_can_be_dropped_a_signature_not),
        TEST(again_means_now_under_the_same_key),
        TEST(what_was_answered_is_not_sent_again),
        TEST(a_conflict_is_resolved_by_a_new_wish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

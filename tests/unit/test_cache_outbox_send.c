/* What may go and when, in which order, and what an answer, or none, makes of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_room.h"

#include <sqlite3.h>
#include <string.h>

static struct command row(const char *key)
{
    struct command c = {0};
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    return c;
}

static struct wish due_on(const char *target)
{
    struct wish w = wish_on(target);
    w.hold = false;
    return w;
}

/* The next is `key` (NULL: nothing until `wake`). */
static void next_is(const char *key, int64_t wake)
{
    struct command c;
    int64_t is_wake = -1;
    bool found = outbox_next(o, false, &arena, &c, &is_wake, &e);
    assert_int_equal(e.code, ERR_NONE);
    if (key) {
        assert_true(found);
        assert_string_equal(c.key, key);
    } else {
        assert_false(found);
        assert_int_equal(is_wake, wake);
    }
}

static void no_answer(const char *key, bool may_have_arrived, int64_t not_before)
{
    bool taken_away;
    assert_ok(outbox_no_answer(o, key, may_have_arrived, not_before, NULL, &taken_away, &e), &e);
    assert_false(taken_away);
}

static void sent_and_done(const char *key, const char *etag)
{
    assert_ok(outbox_sending(o, key, &e), &e);
    assert_ok(outbox_done(o, key, etag, NULL, T0 + 1, &e), &e);
}

/* ── when ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void an_empty_outbox_waits_for_nothing(void **state)
{
    next_is(NULL, INT64_MAX);
}

static void a_held_row_goes_when_its_hold_is_over(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    enqueue(o, &w, key);
    int64_t over = m.env.mono + OUTBOX_HOLD_MS;
    next_is(NULL, over);
    m.env.mono = over - 1;
    next_is(NULL, over);
    m.env.mono = over;
    next_is(key, 0);
    assert_int_equal(state_of(o, key), COMMAND_DUE);
    m.env.mono = over - 5000; /* once due it stays due, whatever the clock does */
    assert_int_equal(state_of(o, key), COMMAND_DUE);
}

static void eager_does_not_end_a_hold(void **state)
{
    struct wish w = wish_on("d-1");
    struct command c;
    char key[UUID_TEXT];
    int64_t wake;
    enqueue(o, &w, key);
    assert_false(outbox_next(o, true, &arena, &c, &wake, &e));
    assert_int_equal(wake, m.env.mono + OUTBOX_HOLD_MS);
}

static void the_oldest_goes_first_with_its_bytes(void **state)
{
    struct wish w[2] = {due_on("d-1"), due_on("d-2")};
    char keys[2][UUID_TEXT];
    struct command c;
    int64_t wake;
    enqueue(o, &w[0], keys[0]);
    enqueue(o, &w[1], keys[1]);
    assert_true(outbox_next(o, false, &arena, &c, &wake, &e));
    assert_string_equal(c.key, keys[0]);
    assert_string_equal(c.if_match, "3");
    assert_int_equal(c.body_len, w[0].body_len);
    assert_memory_equal(c.body, w[0].body, c.body_len);
    assert_ok(outbox_sending(o, keys[0], &e), &e);
    assert_int_equal(row(keys[0]).attempts, 1);
    next_is(keys[1], 0); /* another dossier does not wait for it */
}

static void a_row_waits_for_its_time(void **state)
{
    struct wish w = due_on("d-1");
    struct command c;
    char key[UUID_TEXT];
    int64_t wake, at = m.env.mono + 90000;
    enqueue(o, &w, key);
    no_answer(key, false, at);
    next_is(NULL, at);
    assert_true(outbox_next(o, true, &arena, &c, &wake, &e)); /* sync --once does not */
    next_is(NULL, at);
    m.env.mono = at;
    next_is(key, 0);
}

static void a_time_too_far_ahead_is_of_before_a_restart(void **state)
{
    struct wish w = due_on("d-1");
    char key[UUID_TEXT];
    enqueue(o, &w, key);
    no_answer(key, false, m.env.mono + 900 * 1000);
    next_is(NULL, m.env.mono + 900 * 1000);
    no_answer(key, false, m.env.mono + 900 * 1000 + 1);
    next_is(key, 0);
}

static void a_signature_waits_for_the_sign_in(void **state)
{
    struct wish w = due_on("d-1");
    struct command c;
    char key[UUID_TEXT];
    int64_t wake;
    w.online_only = true;
    enqueue(o, &w, key);
    assert_ok(outbox_sending(o, key, &e), &e);
    no_answer(key, false, OUTBOX_UNTIL_SIGN_IN);
    next_is(NULL, INT64_MAX);
    m.env.mono += 3600 * 1000;
    next_is(NULL, INT64_MAX);
    assert_false(outbox_next(o, true, &arena, &c, &wake, &e));
    assert_ok(outbox_retry(o, key, &e), &e);
    next_is(key, 0);
}

static void forty_days_on_the_officer_decides(void **state)
{
    struct wish old = wish_on("d-1"), young = wish_on("d-2");
    char keys[4][UUID_TEXT];
    young.acted_at = T0 + 1;
    enqueue(o, &old, keys[0]);
    enqueue(o, &young, keys[1]);
    m.env.mono += OUTBOX_HOLD_MS;
    next_is(keys[0], 0); /* without the server's time nobody knows how old it is */
    no_answer(keys[0], true, 0);
    assert_ok(outbox_recover(o, T0 + OUTBOX_RECONCILE_AFTER, &e), &e);
    assert_int_equal(state_of(o, keys[0]), COMMAND_DUE);
    m.env.mono += 1000;
    old.acted_at = T0 + OUTBOX_RECONCILE_AFTER;
    enqueue(o, &old, keys[2]); /* acting does not wait for the next look */
    next_is(keys[1], 0);
    assert_int_equal(state_of(o, keys[0]), COMMAND_RECONCILE);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_UNKNOWN);
    assert_err(outbox_retry(o, keys[0], &e), &e, ERR_REFUSED);
    assert_ok(outbox_replace(o, keys[0], &old, T0 + OUTBOX_RECONCILE_AFTER, keys[3], &e), &e);
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(stuck, 1); /* what stood behind the old one is the officer's again */
    assert_int_equal(state_of(o, keys[2]), COMMAND_CONFLICT);
    assert_int_equal(state_of(o, keys[3]), COMMAND_HELD);
}

/* ── chains ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_next_of_a_dossier_waits_and_takes_the_answers_version(void **state)
{
    struct wish w = due_on("d-1"), other = due_on("d-2");
    char a[UUID_TEXT], b[UUID_TEXT], c[UUID_TEXT], d[UUID_TEXT];
    enqueue(o, &w, a);
    enqueue(o, &w, b);
    enqueue(o, &w, c);
    enqueue(o, &other, d);
    assert_ok(outbox_sending(o, a, &e), &e);
    next_is(d, 0);
    sent_and_done(d, "9");
    next_is(NULL, INT64_MAX);
    sent_and_done(a, "\"4\"");
    next_is(b, 0);
    assert_string_equal(row(b).if_match, "4");
    assert_string_equal(row(c).if_match, "3"); /* b's answer will say */
    no_answer(b, true, 0);
    assert_string_equal(row(b).if_match, "4");
    sent_and_done(b, "\"6\"");
    next_is(c, 0);
    assert_string_equal(row(c).if_match, "6");
    assert_string_equal(row(a).answer, "4");
}

static void an_answer_without_a_version_leaves_what_was_seen(void **state)
{
    struct wish w = due_on("d-1");
    char a[UUID_TEXT], b[UUID_TEXT];
    enqueue(o, &w, a);
    enqueue(o, &w, b);
    sent_and_done(a, NULL);
    next_is(b, 0);
    assert_string_equal(row(b).if_match, "3");
}

static void what_waits_for_a_new_dossier_goes_to_its_id(void **state)
{
    static const char *const locations[] = {"/api/v1/dossiers/d-77", "https://mc.vn/api/v1/dossiers/d-78",
                                            "d-79"};
    static const char *const ids[] = {"d-77", "d-78", "d-79"};
    for (size_t i = 0; i < 3; i++) {
        struct wish create = due_on(NULL);
        char a[UUID_TEXT], b[UUID_TEXT];
        create.if_match = NULL;
        create.path = "/dossiers";
        create.action = "create";
        enqueue(o, &create, a);
        assert_string_equal(row(a).target, a);
        assert_int_equal(outbox_mark(o, a), MARK_DUE);
        char *path = mem_format("/dossiers/%s/actions", a),
             *expected = mem_format("/dossiers/%s/actions", ids[i]);
        struct wish act = due_on(a);
        act.if_match = NULL;
        act.path = path;
        enqueue(o, &act, b);
        assert_string_equal(row(b).after, a);
        assert_ok(outbox_sending(o, a, &e), &e);
        assert_ok(outbox_done(o, a, "\"1\"", locations[i], T0, &e), &e);
        assert_string_equal(row(b).target, ids[i]);
        assert_string_equal(row(b).path, expected);
        assert_string_equal(row(b).if_match, "1");
        assert_string_equal(row(a).path, "/dossiers");
        assert_int_equal(outbox_mark(o, ids[i]), MARK_DUE);
        assert_int_equal(outbox_mark(o, a), MARK_NONE);
        sent_and_done(b, "\"2\"");
        mem_free(&path);
        mem_free(&expected);
    }
}

static void a_location_that_is_no_id_changes_nothing(void **state)
{
    struct wish create = due_on(NULL);
    char a[UUID_TEXT], b[UUID_TEXT];
    enqueue(o, &create, a);
    struct wish act = due_on(a);
    enqueue(o, &act, b);
    assert_ok(outbox_done(o, a, "\"1\"", "/dossiers/../../x y", T0, &e), &e);
    assert_string_equal(row(b).target, a);
}

static void a_location_on_any_other_answer_means_nothing(void **state)
{
    struct wish w = due_on("d-1");
    char a[UUID_TEXT], b[UUID_TEXT];
    enqueue(o, &w, a);
    enqueue(o, &w, b);
    assert_ok(outbox_done(o, a, "\"4\"", "/dossiers/d-9", T0, &e), &e);
    assert_string_equal(row(b).target, "d-1");
}

static void what_fails_takes_what_is_behind_it_along(void **state)
{
    static const enum command_state ends[] = {COMMAND_CONFLICT, COMMAND_REFUSED};
    for (size_t i = 0; i < 2; i++) {
        struct wish w = due_on(i ? "d-2" : "d-1"), held = wish_on(i ? "d-2" : "d-1");
        char a[UUID_TEXT], b[UUID_TEXT], c[UUID_TEXT];
        enqueue(o, &w, a);
        enqueue(o, &held, b);
        enqueue(o, &w, c);
        assert_ok(outbox_sending(o, a, &e), &e);
        assert_ok(outbox_failed(o, a, ends[i], "{\"status\":412}", "rq-7", T0 + 3, &e), &e);
        assert_int_equal(state_of(o, a), ends[i]);
        assert_string_equal(row(a).problem, "{\"status\":412}");
        assert_string_equal(row(a).request_id, "rq-7");
        assert_non_null(row(a).body); /* to be done anew */
        assert_int_equal(row(a).ended_at, T0 + 3);
        assert_int_equal(state_of(o, b), COMMAND_CONFLICT);
        assert_int_equal(state_of(o, c), COMMAND_CONFLICT);
        assert_null(row(c).problem); /* it is not its own */
        next_is(NULL, INT64_MAX);
    }
}

static void a_stuck_dossier_holds_up_no_other(void **state)
{
    struct wish w[3] = {due_on("d-1"), due_on("d-1"), due_on("d-2")};
    char keys[3][UUID_TEXT];
    assert_ok(outbox_enqueue(o, w, 3, keys, &e), &e);
    no_answer(keys[0], true, m.env.mono + 60000);
    next_is(keys[2], 0);
}

/* ── what became of it ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void done_keeps_its_name_and_loses_its_bytes(void **state)
{
    struct wish w = due_on("d-1");
    char key[UUID_TEXT];
    enqueue(o, &w, key);
    assert_ok(outbox_sending(o, key, &e), &e);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_SENDING);
    assert_ok(outbox_done(o, key, "\"4\"", NULL, T0 + 2, &e), &e);
    struct command c = row(key);
    assert_int_equal(c.state, COMMAND_DONE);
    assert_int_equal(c.ended_at, T0 + 2);
    assert_string_equal(c.code, w.code);
    assert_null(c.body);
    assert_null(c.seen);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_NONE);
}

static void no_answer_is_tried_again_and_never_forgets_that_bytes_left(void **state)
{
    struct wish w = due_on("d-1");
    char key[UUID_TEXT];
    bool taken_away;
    enqueue(o, &w, key);
    no_answer(key, false, 0); /* no connection at all */
    assert_int_equal(row(key).attempts, 1);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_DUE);
    assert_ok(outbox_sending(o, key, &e), &e);
    assert_ok(outbox_no_answer(o, key, true, 0, "{\"title\":\"?\"}", &taken_away, &e), &e);
    assert_int_equal(row(key).attempts, 2);
    assert_string_equal(row(key).problem, "{\"title\":\"?\"}");
    assert_int_equal(outbox_mark(o, "d-1"), MARK_UNKNOWN);
    no_answer(key, false, 0);
    assert_true(row(key).may_have_arrived);
    next_is(key, 0);
    sent_and_done(key, "\"4\"");
    assert_false(row(key).may_have_arrived);
    assert_null(row(key).problem);
}

static void an_online_only_row_that_never_left_is_taken_away(void **state)
{
    struct wish w = due_on("d-1");
    char key[UUID_TEXT];
    struct command c;
    bool taken_away;
    w.online_only = true;
    enqueue(o, &w, key);
    assert_ok(outbox_no_answer(o, key, false, 0, NULL, &taken_away, &e), &e);
    assert_true(taken_away);
    assert_err(outbox_get(o, key, &arena, &c, &e), &e, ERR_NOT_FOUND);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_NONE);
    enqueue(o, &w, key);
    assert_ok(outbox_sending(o, key, &e), &e);
    no_answer(key, true, 0); /* left: it stays until it is answered */
    no_answer(key, false, 0);
    next_is(key, 0);
}

static void what_was_taken_back_must_not_go(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    struct command c;
    enqueue(o, &w, key);
    assert_err(outbox_sending(o, key, &e), &e, ERR_CONFLICT); /* still held */
    assert_ok(outbox_undo(o, &arena, &c, &e), &e);
    assert_err(outbox_sending(o, key, &e), &e, ERR_CONFLICT);
    assert_err(outbox_sending(o, "no such key", &e), &e, ERR_NOT_FOUND);
}

/* Bytes that somebody without the key has changed are never sent, and hold up nobody. */
static void a_row_that_does_not_open_is_refused(void **state)
{
    struct wish w[3] = {due_on("d-1"), due_on("d-1"), due_on("d-2")};
    char keys[3][UUID_TEXT];
    assert_ok(outbox_enqueue(o, w, 3, keys, &e), &e);
    char *file = mem_format("%s/outbox.db", m.path);
    char *sql =
        mem_format("UPDATE command SET body = (SELECT body FROM command WHERE key = '%s') WHERE key = '%s'",
                   keys[2], keys[0]);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    next_is(keys[2], 0);
    assert_int_equal(state_of(o, keys[0]), COMMAND_REFUSED);
    assert_non_null(strstr(row(keys[0]).problem, "title"));
    assert_int_equal(state_of(o, keys[1]), COMMAND_CONFLICT);
    mem_free(&file);
    mem_free(&sql);
}

static void a_late_answer_is_the_truth(void **state)
{
    struct wish w = due_on("d-1");
    char key[UUID_TEXT];
    enqueue(o, &w, key);
    assert_ok(outbox_sending(o, key, &e), &e);
    no_answer(key, true, 0);
    assert_ok(outbox_drop(o, key, T0, &e), &e);
    assert_ok(outbox_failed(o, key, COMMAND_REFUSED, "{}", NULL, T0, &e), &e);
    assert_int_equal(state_of(o, key), COMMAND_DROPPED); /* no more trouble than there is */
    assert_ok(outbox_done(o, key, "\"4\"", NULL, T0, &e), &e);
    assert_int_equal(state_of(o, key), COMMAND_DONE);
    assert_ok(outbox_failed(o, key, COMMAND_REFUSED, "{}", NULL, T0, &e), &e);
    assert_int_equal(state_of(o, key), COMMAND_DONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_outbox_waits_for_nothing),
        TEST(a_held_row_goes_when_its_hold_is_over),
        TEST(eager_does_not_end_a_hold),
        TEST(the_oldest_goes_first_with_its_bytes),
        TEST(a_row_waits_for_its_time),
        TEST(a_time_too_far_ahead_is_of_before_a_restart),
        TEST(a_signature_waits_for_the_sign_in),
        TEST(forty_days_on_the_officer_decides),
        TEST(the_next_of_a_dossier_waits_and_takes_the_answers_version),
        TEST(an_answer_without_a_version_leaves_what_was_seen),
        TEST(what_waits_for_a_new_dossier_goes_to_its_id),
        TEST(a_location_that_is_no_id_changes_nothing),
        TEST(a_location_on_any_other_answer_means_nothing),
        TEST(what_fails_takes_what_is_behind_it_along),
        TEST(a_stuck_dossier_holds_up_no_other),
        TEST(done_keeps_its_name_and_loses_its_bytes),
        TEST(no_answer_is_tried_again_and_never_forgets_that_bytes_left),
        TEST(an_online_only_row_that_never_left_is_taken_away),
        TEST(what_was_taken_back_must_not_go),
        TEST(a_row_that_does_not_open_is_refused),
        TEST(a_late_answer_is_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

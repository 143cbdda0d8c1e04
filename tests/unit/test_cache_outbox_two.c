/* Several instances of one officer on one outbox, and what the one that takes the lease finds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_room.h"

#include "core/instant.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

static struct wish due_on(const char *target)
{
    struct wish w = wish_on(target);
    w.hold = false;
    return w;
}

static void sent_and_done(const char *key, const char *etag)
{
    assert_ok(outbox_sending(o, key, &e), &e);
    assert_ok(outbox_done(o, key, etag, NULL, T0 + 1, &e), &e);
}

static void next_is(struct outbox *where, const char *key)
{
    struct command c;
    int64_t wake;
    assert_int_equal(outbox_next(where, false, &arena, &c, &wake, &e), key != NULL);
    assert_int_equal(e.code, ERR_NONE);
    if (key)
        assert_string_equal(c.key, key);
}

/* ── taking the lease ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void who_takes_the_lease_knows_what_may_have_left(void **state)
{
    struct wish w[3] = {due_on("d-1"), due_on("d-2"), wish_on("d-3")};
    char keys[3][UUID_TEXT];
    w[0].online_only = true;
    assert_ok(outbox_enqueue(o, w, 3, keys, &e), &e);
    assert_ok(outbox_sending(o, keys[0], &e), &e);
    m.env.mono += OUTBOX_HOLD_MS;
    assert_ok(outbox_recover(o, T0 + 10, &e), &e);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_UNKNOWN);
    assert_int_equal(outbox_mark(o, "d-2"), MARK_DUE);
    assert_int_equal(outbox_mark(o, "d-3"), MARK_DUE);
    next_is(o, keys[0]); /* the same key again, online only or not */
}

static void online_only_rows_that_nobody_waits_for_go(void **state)
{
    struct wish w = due_on("d-1");
    char old[UUID_TEXT], young[UUID_TEXT];
    struct command c;
    w.online_only = true;
    enqueue(o, &w, old);
    m.env.mono += 60000;
    w.target = "d-2";
    enqueue(o, &w, young);
    assert_ok(outbox_recover(o, T0 + 60, &e), &e);
    assert_err(outbox_get(o, old, &arena, &c, &e), &e, ERR_NOT_FOUND);
    assert_int_equal(state_of(o, young), COMMAND_DUE);
}

static void what_has_ended_goes_in_its_time(void **state)
{
    int32_t day = instant_day(T0, 7 * 3600);
    int64_t midnight = instant_day_start(day + 1, 7 * 3600);
    struct wish w[2] = {due_on("d-1"), due_on("d-2")};
    char keys[2][UUID_TEXT];
    struct command c;
    assert_ok(outbox_enqueue(o, w, 2, keys, &e), &e);
    sent_and_done(keys[0], "\"4\"");
    assert_ok(outbox_drop(o, keys[1], T0, &e), &e);
    assert_ok(outbox_recover(o, midnight - 1, &e), &e);
    assert_int_equal(state_of(o, keys[0]), COMMAND_DONE);
    assert_ok(outbox_recover(o, midnight, &e), &e);
    assert_err(outbox_get(o, keys[0], &arena, &c, &e), &e, ERR_NOT_FOUND);
    assert_ok(outbox_recover(o, T0 + 30 * 86400 - 86400, &e), &e);
    assert_int_equal(state_of(o, keys[1]), COMMAND_DROPPED);
    assert_ok(outbox_recover(o, T0 + 30 * 86400 + 1, &e), &e);
    assert_err(outbox_get(o, keys[1], &arena, &c, &e), &e, ERR_NOT_FOUND);
}

static void a_program_that_runs_over_midnight_cleans_up_too(void **state)
{
    struct wish w[2] = {due_on("d-1"), due_on("d-2")};
    char keys[2][UUID_TEXT];
    struct command c;
    assert_ok(outbox_recover(o, T0, &e), &e);
    assert_ok(outbox_enqueue(o, w, 2, keys, &e), &e);
    sent_and_done(keys[0], "\"4\"");
    assert_ok(outbox_done(o, keys[1], "\"4\"", NULL, T0 + 86400, &e), &e);
    assert_err(outbox_get(o, keys[0], &arena, &c, &e), &e, ERR_NOT_FOUND);
    assert_int_equal(outbox_done_today(o, T0), 1);
}

/* ── two instances ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void each_sees_what_the_other_does(void **state)
{
    struct wish w = wish_on("d-1");
    struct outbox *other = machine_outbox(&m);
    char key[UUID_TEXT];
    struct command c;
    outbox_take_changes(o);
    outbox_take_changes(other);
    assert_false(outbox_take_changes(other));
    enqueue(o, &w, key);
    assert_true(outbox_take_changes(o));
    assert_true(outbox_take_changes(other));
    assert_false(outbox_take_changes(other));
    assert_int_equal(outbox_mark(other, "d-1"), MARK_HELD);
    assert_true(outbox_can_undo(other));
    assert_ok(outbox_undo(other, &arena, &c, &e), &e);
    assert_string_equal(c.key, key);
    assert_true(outbox_take_changes(o));
    assert_int_equal(outbox_mark(o, "d-1"), MARK_NONE);
    outbox_close(&other);
}

static void the_sender_sends_what_another_enqueued(void **state)
{
    struct wish w = due_on("d-1");
    struct outbox *other = machine_outbox(&m);
    char key[UUID_TEXT], behind[UUID_TEXT];
    next_is(o, NULL);
    next_is(o, NULL);
    enqueue(other, &w, key);
    next_is(o, key); /* without take_changes */
    assert_ok(outbox_drop(other, key, T0, &e), &e);
    assert_err(outbox_sending(o, key, &e), &e, ERR_CONFLICT);
    next_is(o, NULL);
    enqueue(other, &w, key);
    enqueue(o, &w, behind); /* chained across instances */
    next_is(o, key);
    assert_ok(outbox_sending(o, key, &e), &e);
    assert_err(outbox_drop(other, key, T0, &e), &e, ERR_REFUSED);
    assert_ok(outbox_done(o, key, "\"4\"", NULL, T0, &e), &e);
    assert_true(outbox_take_changes(other));
    assert_int_equal(state_of(other, key), COMMAND_DONE);
    next_is(o, behind);
    outbox_close(&other);
}

static void the_others_are_woken(void **state)
{
    struct outbox *other = machine_outbox(&m);
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    struct pollfd fd = {.fd = outbox_watch(o), .events = POLLIN};
    assert_true(fd.fd >= 0);
    assert_int_equal(outbox_watch(o), fd.fd);
    outbox_take_changes(o);
    assert_int_equal(poll(&fd, 1, 0), 0);
    enqueue(other, &w, key);
    assert_int_equal(poll(&fd, 1, 0), 1);
    assert_true(outbox_take_changes(o));
    assert_int_equal(poll(&fd, 1, 0), 0);
    assert_int_equal(outbox_want_sync(other, &e), 1);
    assert_int_equal(poll(&fd, 1, 0), 1);
    outbox_close(&other);
}

static void a_wanted_sync_is_answered(void **state)
{
    struct outbox *asks = machine_outbox(&m);
    bool ok = false;
    assert_int_equal(outbox_wanted(o), 0);
    int64_t first = outbox_want_sync(asks, &e), second = outbox_want_sync(asks, &e);
    assert_true(first > 0 && second > first);
    assert_int_equal(outbox_wanted(o), second);
    assert_false(outbox_synced(asks, first, &ok));
    assert_ok(outbox_set_synced(o, first, true, &e), &e);
    assert_true(outbox_synced(asks, first, &ok));
    assert_true(ok);
    assert_false(outbox_synced(asks, second, &ok));
    assert_ok(outbox_set_synced(o, second, false, &e), &e);
    assert_true(outbox_synced(asks, second, &ok));
    assert_false(ok);
    outbox_close(&asks);
}

/* Many processes act on the same dossier at once: every wish is there, in one chain without a fork. */
static void many_instances_act_at_once(void **state)
{
    enum { N = 6, EACH = 10 };
    outbox_close(&o);
    for (int i = 0; i < N; i++) {
        if (fork() != 0)
            continue;
        struct wish w = due_on("d-1");
        bool set_aside, ok;
        char keys[1][UUID_TEXT];
        m.env.seed = (uint64_t)i * 1000003;
        ok = outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, NULL) && !set_aside;
        for (int n = 0; ok && n < EACH; n++)
            ok = outbox_enqueue(o, &w, 1, keys, NULL);
        _exit(ok ? 0 : 1);
    }
    for (int i = 0; i < N; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    o = machine_outbox(&m);
    struct command *rows;
    size_t n;
    assert_ok(outbox_waiting_on(o, "d-1", &arena, &rows, &n, &e), &e);
    assert_int_equal(n, N * EACH);
    assert_null(rows[0].after);
    for (size_t i = 1; i < n; i++)
        assert_string_equal(rows[i].after, rows[i - 1].key);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_takes_the_lease_knows_what_may_have_left),
        TEST(online_only_rows_that_nobody_waits_for_go),
        TEST(what_has_ended_goes_in_its_time),
        TEST(a_program_that_runs_over_midnight_cleans_up_too),
        TEST(each_sees_what_the_other_does),
        TEST(the_sender_sends_what_another_enqueued),
        TEST(the_others_are_woken),
        TEST(a_wanted_sync_is_answered),
        TEST(many_instances_act_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Drafts: each keystroke outlives a kill, what was synced a power cut; two screens, and a wish made of one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_draft.h"
#include "tests/unit/cache_journal.h"
#include "tests/unit/cache_room.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ── a disk that loses what was not synced ─────────────────────────────────────────────────────────────────────────── */

static int syncs;
static bool copying; /* what is synced is kept as name.disk: what a power cut leaves */

static void keep_copy(int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - sizeof ".disk");
    if (n <= 0 || !strstr(path, "/outbox.db"))
        return;
    memcpy(path + n, ".disk", sizeof ".disk");
    int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    char bytes[65536];
    for (off_t at = 0; (n = pread(fd, bytes, sizeof bytes, at)) > 0; at += n)
        if (write(to, bytes, (size_t)n) != n)
            _exit(3);
    close(to);
}

/* In the place of libc's, for SQLite too. */
int fdatasync(int fd)
{
    syncs++;
    if (copying)
        keep_copy(fd);
    return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    syncs++;
    if (copying)
        keep_copy(fd);
    return (int)syscall(SYS_fsync, fd);
}

static const char *const files[] = {"outbox.db", "outbox.db-wal"};

/* Closed, all of it is on the disk. */
static void power_on(void)
{
    outbox_close(&o);
    for (size_t i = 0; i < 2; i++) {
        char copy[64];
        snprintf(copy, sizeof copy, "%s.disk", files[i]);
        unlinkat(m.dir, copy, 0);
        if (!journal_is_there(&m, files[i]))
            continue;
        struct buf bytes = journal_bytes(&m, files[i]);
        journal_put_file(&m, copy, &bytes);
        buf_clear(&bytes);
    }
    copying = true;
}

static void power_cut(void)
{
    copying = false;
    for (size_t i = 0; i < 2; i++) {
        char copy[64];
        snprintf(copy, sizeof copy, "%s.disk", files[i]);
        unlinkat(m.dir, files[i], 0);
        renameat(m.dir, copy, m.dir, files[i]);
    }
    unlinkat(m.dir, "outbox.db-shm", 0);
}

/* ── typing ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_draft_comes_back_as_it_was_typed(void **state)
{
    struct draft a = draft_typed("{\"phone\":\"09\"}"), b = {.body = "{}", .target = "d-7"}, back;
    assert_ok(draft_save(o, &a, T0, &e), &e);
    assert_ok(draft_save(o, &b, T0 + 5, &e), &e);
    assert_string_not_equal(a.key, b.key);
    a.name = "Nguyễn Thị Đào Anh";
    a.body = "{\"phone\":\"091\"}";
    assert_ok(draft_save(o, &a, T0 + 9, &e), &e);
    assert_int_equal(a.changes, 2);
    assert_int_equal(draft_count(o), 2);
    outbox_close(&o);
    o = machine_outbox(&m);
    assert_ok(draft_get(o, a.key, &arena, &back, &e), &e);
    assert_string_equal(back.name, "Nguyễn Thị Đào Anh");
    assert_string_equal(back.body, "{\"phone\":\"091\"}");
    assert_string_equal(back.procedure, "tt-1");
    assert_null(back.target);
    assert_int_equal(back.made_at, T0);
    assert_int_equal(back.changed_at, T0 + 9);
    assert_int_equal(back.changes, 2);

    struct draft *list;
    size_t n;
    assert_ok(draft_list(o, &arena, &list, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_string_equal(list[0].key, a.key); /* the last one that was typed at comes first */
    assert_string_equal(list[1].key, b.key);
    assert_string_equal(list[1].target, "d-7");
    assert_null(list[1].name);
    assert_null(list[0].body);
}

static void a_discarded_draft_is_gone(void **state)
{
    struct draft d = draft_typed("{}");
    draft_type(&d, "{}");
    assert_ok(draft_discard(o, d.key, &e), &e);
    assert_int_equal(draft_count(o), 0);
    assert_err(draft_get(o, d.key, &arena, &d, &e), &e, ERR_NOT_FOUND);
    assert_ok(draft_discard(o, d.key, &e), &e);
}

static void nothing_of_a_draft_stands_in_the_file_as_it_is(void **state)
{
    struct draft d = draft_typed("{\"phone\":\"0912345678\"}");
    draft_type(&d, d.body);
    for (size_t i = 0; i < 2; i++) {
        struct buf bytes = journal_bytes(&m, files[i]);
        assert_true(bytes.len > 0);
        assert_null(memmem(bytes.data, bytes.len, "0912345678", 10));
        assert_null(memmem(bytes.data, bytes.len, "Nguy", 4));
        buf_clear(&bytes);
    }
}

static void a_locked_machine_takes_no_draft(void **state)
{
    struct draft d = draft_typed("{}");
    seal_key_sleep(m.key);
    assert_err(draft_save(o, &d, T0, &e), &e, ERR_AUTH);
    assert_string_equal(d.key, "");
    assert_ok(draft_sync(o, &e), &e);
}

/* ── the disk ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void typing_waits_for_no_disk_however_long_it_goes_on(void **state)
{
    enum { KEYS = 3000 };
    char body[2048];
    struct draft d = draft_typed("{}");
    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    draft_type(&d, "{}");
    syncs = 0;
    for (int i = 0; i < KEYS; i++) {
        body[i % 2000] = (char)('a' + i % 26);
        draft_type(&d, body);
    }
    assert_int_equal(syncs, 0);
    assert_ok(draft_sync(o, &e), &e);
    assert_true(syncs > 0); /* and what had grown meanwhile has gone into the file itself */
    syncs = 0;
    assert_ok(draft_sync(o, &e), &e);
    assert_int_equal(syncs, 0);
    draft_is(d.key, body);
}

static void the_sync_is_wanted_after_a_rest_and_at_last_without_one(void **state)
{
    struct draft d = draft_typed("{}");
    int64_t start = m.env.mono;
    assert_int_equal(draft_wake(o), INT64_MAX);
    draft_type(&d, "{}");
    assert_int_equal(draft_wake(o), start + DRAFT_REST_MS);
    for (int i = 1; i <= 30; i++) {
        m.env.mono = start + i * 500;
        draft_type(&d, "{}");
        assert_int_equal(draft_wake(o), i < 18 ? m.env.mono + DRAFT_REST_MS : start + DRAFT_MOST_MS);
    }
    assert_ok(draft_sync(o, &e), &e);
    assert_int_equal(draft_wake(o), INT64_MAX);
}

/* A child types, tells what it has saved, and is killed at once. `synced`: it also came to a rest in between. */
static void type_and_die(struct draft *d, const char *first, bool synced, const char *second)
{
    int fds[2];
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    power_on();
    pid_t child = fork();
    if (child == 0) {
        bool set_aside;
        if (!outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, NULL))
            _exit(1);
        d->body = first;
        if (!draft_save(o, d, T0, NULL) || (synced && !draft_sync(o, NULL)))
            _exit(1);
        d->body = second;
        if (second && !draft_save(o, d, T0, NULL))
            _exit(1);
        if (write(fds[1], d, sizeof *d) == sizeof *d)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    close(fds[1]);
    assert_int_equal(read(fds[0], d, sizeof *d), sizeof *d);
    close(fds[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void a_kill_loses_no_keystroke(void **state)
{
    for (int i = 0; i < 10; i++) {
        char first[64], second[64];
        struct draft d = draft_typed(NULL);
        snprintf(first, sizeof first, "{\"a\":%d}", i);
        snprintf(second, sizeof second, "{\"a\":%d,\"b\":1}", i);
        m.env.seed += (uint64_t)i; /* another key each time */
        type_and_die(&d, first, false, second);
        copying = false;
        o = machine_outbox(&m);
        draft_is(d.key, second);
        assert_int_equal(draft_count(o), i + 1);
    }
}

static void a_power_cut_loses_at_most_what_was_typed_since_the_last_rest(void **state)
{
    struct draft d = draft_typed(NULL);
    type_and_die(&d, "{\"a\":1}", true, "{\"a\":1,\"b\":2}");
    power_cut();
    o = machine_outbox(&m);
    draft_is(d.key, "{\"a\":1}");

    /* The model is one that loses something. */
    d = draft_typed(NULL);
    m.env.seed++;
    type_and_die(&d, "{\"a\":1}", false, NULL);
    power_cut();
    o = machine_outbox(&m);
    assert_err(draft_get(o, d.key, &arena, &d, &e), &e, ERR_NOT_FOUND);
    assert_int_equal(draft_count(o), 1);
}

static void leaving_syncs(void **state)
{
    struct draft d = draft_typed("{}");
    draft_type(&d, "{}");
    power_on();
    o = machine_outbox(&m);
    draft_type(&d, "{\"a\":1}");
    outbox_close(&o);
    power_cut();
    o = machine_outbox(&m);
    draft_is(d.key, "{\"a\":1}");
}

/* ── two screens ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void what_another_screen_typed_is_not_written_over(void **state)
{
    struct outbox *other = machine_outbox(&m);
    struct draft mine = draft_typed("{}"), theirs, before;
    draft_type(&mine, "{}");
    assert_ok(draft_get(other, mine.key, &arena, &theirs, &e), &e);
    theirs.body = "{\"theirs\":1}";
    assert_ok(draft_save(other, &theirs, T0, &e), &e);
    before = mine;
    mine.body = "{\"mine\":1}";
    assert_err(draft_save(o, &mine, T0, &e), &e, ERR_CONFLICT);
    assert_int_equal(mine.changes, before.changes);
    draft_is(mine.key, "{\"theirs\":1}");

    assert_ok(draft_discard(other, theirs.key, &e), &e);
    theirs.body = "{\"theirs\":2}";
    assert_err(draft_save(other, &theirs, T0, &e), &e, ERR_CONFLICT); /* it does not come back by itself */
    assert_int_equal(draft_count(o), 0);
    outbox_close(&other);
}

static void a_list_hears_of_new_and_discarded_drafts_and_not_of_each_key(void **state)
{
    struct draft d = draft_typed("{}");
    outbox_take_changes(o);
    draft_type(&d, "{}");
    assert_true(outbox_take_changes(o));
    draft_type(&d, "{\"a\":1}");
    assert_false(outbox_take_changes(o));
    assert_ok(draft_discard(o, d.key, &e), &e);
    assert_true(outbox_take_changes(o));
}

/* ── becoming a wish ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_draft_becomes_one_wish_with_its_own_key(void **state)
{
    char keys[1][UUID_TEXT], again[1][UUID_TEXT];
    struct draft d = draft_typed("{}");
    draft_type(&d, "{}");
    struct wish w = draft_wish(&d);
    assert_ok(outbox_enqueue(o, &w, 1, keys, &e), &e);
    assert_string_equal(keys[0], d.key);
    assert_int_equal(draft_count(o), 0);
    assert_err(outbox_enqueue(o, &w, 1, again, &e), &e, ERR_CONFLICT);
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 1);
}

static void a_wish_that_was_not_saved_leaves_the_draft(void **state)
{
    char keys[2][UUID_TEXT];
    struct draft d = draft_typed("{}"), gone = {.key = "00000000-0000-4000-8000-000000000000"};
    draft_type(&d, "{}");
    struct wish both[2] = {draft_wish(&d), draft_wish(&gone)};
    assert_err(outbox_enqueue(o, both, 2, keys, &e), &e, ERR_CONFLICT);
    draft_is(d.key, "{}");
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 0);
}

static void a_refused_wish_is_made_anew_from_a_draft(void **state)
{
    char keys[1][UUID_TEXT], anew[UUID_TEXT];
    struct draft first = draft_typed("{}"), second = draft_typed("{}");
    draft_type(&first, "{}");
    struct wish w = draft_wish(&first);
    assert_ok(outbox_enqueue(o, &w, 1, keys, &e), &e);
    assert_ok(outbox_failed(o, keys[0], COMMAND_REFUSED, "{}", NULL, T0, &e), &e);
    draft_type(&second, "{}");
    w = draft_wish(&second);
    assert_ok(outbox_replace(o, keys[0], &w, T0, anew, &e), &e);
    assert_string_equal(anew, second.key);
    assert_int_equal(draft_count(o), 0);
    assert_int_equal(state_of(o, keys[0]), COMMAND_DROPPED);
}

#define ROOM(f) cmocka_unit_test_setup_teardown(f, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(a_draft_comes_back_as_it_was_typed),
        ROOM(a_discarded_draft_is_gone),
        ROOM(nothing_of_a_draft_stands_in_the_file_as_it_is),
        ROOM(a_locked_machine_takes_no_draft),
        ROOM(typing_waits_for_no_disk_however_long_it_goes_on),
        ROOM(the_sync_is_wanted_after_a_rest_and_at_last_without_one),
        ROOM(a_kill_loses_no_keystroke),
        ROOM(a_power_cut_loses_at_most_what_was_typed_since_the_last_rest),
        ROOM(leaving_syncs),
        ROOM(what_another_screen_typed_is_not_written_over),
        ROOM(a_list_hears_of_new_and_discarded_drafts_and_not_of_each_key),
        ROOM(a_draft_becomes_one_wish_with_its_own_key),
        ROOM(a_wish_that_was_not_saved_leaves_the_draft),
        ROOM(a_refused_wish_is_made_anew_from_a_draft),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The outbox as a file that crashes, full disks and other people touch.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_flaky.h"
#include "tests/unit/cache_room.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct wish due_on(const char *target)
{
    struct wish w = wish_on(target);
    w.hold = false;
    return w;
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

/* ── kill -9 ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A child acts, tells the keys only when it was told "saved", and is killed at once. What it told has to be there. */
static void what_was_called_saved_survives_kill_9(void **state)
{
    enum { ROUNDS = 20 };
    outbox_close(&o);
    for (int i = 0; i < ROUNDS; i++) {
        int fds[2];
        assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
        pid_t child = fork();
        if (child == 0) {
            bool set_aside;
            char target[16], keys[2][UUID_TEXT];
            snprintf(target, sizeof(target), "d-%d", i);
            struct wish w[2] = {wish_on(target), due_on(target)};
            m.env.seed += (uint64_t)i; /* other keys in each round */
            if (outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, NULL) &&
                outbox_enqueue(o, w, 2, keys, NULL) && write(fds[1], keys, sizeof(keys)) == sizeof(keys))
                kill(getpid(), SIGKILL);
            _exit(1);
        }
        close(fds[1]);
        char keys[2][UUID_TEXT];
        int status;
        assert_int_equal(read(fds[0], keys, sizeof(keys)), sizeof(keys));
        close(fds[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

        struct outbox *again = machine_outbox(&m);
        struct command c;
        assert_int_equal(state_of(again, keys[0]), COMMAND_HELD);
        assert_int_equal(state_of(again, keys[1]), COMMAND_DUE);
        assert_ok(outbox_get(again, keys[0], &arena, &c, &e), &e);
        assert_non_null(c.body);
        outbox_close(&again);
    }
    o = machine_outbox(&m);
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 2 * ROUNDS);
}

/* A sender is killed between "may have left" and the answer. */
static void a_killed_sender_leaves_it_in_doubt(void **state)
{
    struct wish w = due_on("d-1");
    char key[UUID_TEXT];
    enqueue(o, &w, key);
    outbox_close(&o);
    pid_t child = fork();
    if (child == 0) {
        bool set_aside;
        if (outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, NULL) &&
            outbox_sending(o, key, NULL))
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    o = machine_outbox(&m);
    assert_int_equal(state_of(o, key), COMMAND_SENDING);
    next_is(o, NULL);
    assert_ok(outbox_recover(o, T0, &e), &e);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_UNKNOWN);
    next_is(o, key);
}

/* ── files that are not as they should be ──────────────────────────────────────────────────────────────────────────── */

static char *file_of(const char *name)
{
    return mem_format("%s/%s", m.path, name);
}

static void write_file(const char *name, const void *bytes, size_t n)
{
    int fd = openat(m.dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
}

static void assert_there(const char *name, bool there)
{
    if ((faccessat(m.dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) != there)
        fail_at(HERE, "%s is %sthere", name, there ? "not " : "");
}

static void sql(const char *text)
{
    char *file = file_of("outbox.db");
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    mem_free(&file);
}

/* Opens what is there now: it has to be set aside, and the new one to work. */
static void is_set_aside_as(const char *name)
{
    bool set_aside = false;
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    assert_there(name, false);
    assert_ok(outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, &e), &e);
    assert_true(set_aside);
    assert_there(name, true);
    struct stat st;
    assert_int_equal(fstatat(m.dir, name, &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    enqueue(o, &w, key);
    outbox_close(&o);
    o = machine_outbox(&m); /* and is not set aside again */
    assert_int_equal(state_of(o, key), COMMAND_HELD);
    outbox_close(&o);
}

static void one_that_cannot_be_read_is_set_aside_whole(void **state)
{
    static const char garbage[8192] = "this is no database, but somebody may want to read it all the same";
    outbox_close(&o);
    write_file("outbox.db", garbage, sizeof(garbage));
    is_set_aside_as("outbox.db.bad");
    char *path = file_of("outbox.db.bad"), *text = file_text(path);
    assert_string_equal(text, garbage);
    free(text);
    mem_free(&path);

    write_file("outbox.db", garbage, sizeof(garbage)); /* nothing that was set aside is written over */
    is_set_aside_as("outbox.db.bad-2");
    sql("PRAGMA application_id = 7");
    is_set_aside_as("outbox.db.bad-3");
    sql("DROP TABLE command");
    is_set_aside_as("outbox.db.bad-4");
    unlinkat(m.dir, "outbox.db", 0);
    sql("CREATE TABLE recipes(name)");
    is_set_aside_as("outbox.db.bad-5");
}

static void one_sealed_with_another_key_is_set_aside_with_what_was_not_checkpointed(void **state)
{
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    enqueue(o, &w, key);
    /* As after a crash: a copy of the files while they are open. */
    char *command = mem_format("%s/outbox.db", m.path), *wal = mem_format("%s/outbox.db-wal", m.path);
    struct stat st;
    assert_int_equal(stat(wal, &st), 0);
    char *bytes = mem_alloc((size_t)st.st_size);
    int fd = open(wal, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, bytes, (size_t)st.st_size), st.st_size);
    close(fd);
    int db = open(command, O_RDONLY | O_CLOEXEC);
    char page[65536];
    ssize_t n = read(db, page, sizeof(page));
    close(db);
    outbox_close(&o);
    write_file("outbox.db", page, (size_t)n);
    write_file("outbox.db-wal", bytes, (size_t)st.st_size);
    mem_free(&bytes);
    mem_free(&command);
    mem_free(&wal);

    seal_key_free(&m.key);
    assert_int_equal(renameat(m.dir, "key", m.dir, "old-key"), 0);
    assert_ok(seal_key_load(m.dir, &m.key, &e), &e);
    is_set_aside_as("outbox.db.bad");

    /* With the old key and the old names all of it is there again. */
    seal_key_free(&m.key);
    assert_int_equal(renameat(m.dir, "old-key", m.dir, "key"), 0);
    assert_int_equal(renameat(m.dir, "outbox.db.bad", m.dir, "outbox.db"), 0);
    assert_int_equal(renameat(m.dir, "outbox.db.bad-wal", m.dir, "outbox.db-wal"), 0);
    assert_ok(seal_key_load(m.dir, &m.key, &e), &e);
    o = machine_outbox(&m);
    assert_int_equal(state_of(o, key), COMMAND_HELD);
}

static void one_of_a_newer_motcua_is_left_alone(void **state)
{
    bool set_aside;
    outbox_close(&o);
    sql("PRAGMA user_version = 99; CREATE TABLE future(x)");
    char *path = file_of("outbox.db"), before[65536], after[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, before, sizeof(before));
    assert_err(outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, &e), &e, ERR_STORE);
    assert_null(o);
    assert_false(set_aside);
    assert_int_equal(pread(fd, after, sizeof(after), 0), n);
    assert_memory_equal(before, after, (size_t)n);
    close(fd);
    assert_there("outbox.db.bad", false);
    mem_free(&path);
}

static void a_link_in_its_place_is_refused(void **state)
{
    bool set_aside;
    outbox_close(&o);
    assert_int_equal(renameat(m.dir, "outbox.db", m.dir, "elsewhere"), 0);
    assert_int_equal(symlinkat("elsewhere", m.dir, "outbox.db"), 0);
    assert_err(outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, &e), &e, ERR_STORE);
    assert_there("outbox.db.bad", false);
    if (geteuid() == 0) {
        assert_int_equal(unlinkat(m.dir, "outbox.db", 0), 0);
        assert_int_equal(renameat(m.dir, "elsewhere", m.dir, "outbox.db"), 0);
        assert_int_equal(fchownat(m.dir, "outbox.db", 12345, (gid_t)-1, 0), 0);
        assert_err(outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, &e), &e, ERR_STORE);
    }
}

static void its_files_are_for_nobody_else(void **state)
{
    static const char *const names[] = {"outbox.db", "outbox.db-wal", "outbox.db-shm"};
    mode_t old = umask(0);
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    outbox_close(&o);
    assert_int_equal(fchmodat(m.dir, "outbox.db", 0666, 0), 0);
    o = machine_outbox(&m);
    enqueue(o, &w, key);
    for (size_t i = 0; i < 3; i++) {
        struct stat st;
        assert_int_equal(fstatat(m.dir, names[i], &st, AT_SYMLINK_NOFOLLOW), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
    }
    umask(old);
}

/* ── a disk that is full ───────────────────────────────────────────────────────────────────────────────────────────── */

static struct wish big_wish(char *body, size_t n)
{
    struct wish w = due_on("d-1");
    memset(body, 'x', n);
    w.body = body;
    w.body_len = n;
    return w;
}

/* Nothing of the batch is kept, the sentence is `disk-full`, and with room again all goes on. */
static void acts_until_full(void (*make_room)(void))
{
    static char body[60000];
    struct wish batch[2] = {wish_on("d-2"), big_wish(body, sizeof(body))};
    char saved[64][UUID_TEXT], keys[2][UUID_TEXT];
    size_t n = 0;
    while (n < 64 && outbox_enqueue(o, &batch[1], 1, &saved[n], &e))
        n++;
    assert_in_range(n, 1, 63);
    assert_int_equal(e.code, ERR_STORE);
    assert_string_equal(
        e.text, "The disk is full: what you just did was NOT saved. What you were filling in is still there; "
                "delete some files and press F9.");
    e = (struct err){0};
    int64_t unsent, stuck;
    assert_err(outbox_enqueue(o, batch, 2, keys, &e), &e, ERR_STORE);
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, n);
    assert_int_equal(outbox_mark(o, "d-2"), MARK_NONE);

    make_room();
    assert_ok(outbox_enqueue(o, batch, 2, keys, &e), &e);
    outbox_close(&o);
    o = machine_outbox(&m);
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, n + 2);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(state_of(o, saved[i]), COMMAND_DUE);
}

static void no_limit(void)
{
    struct rlimit limit = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_file_that_may_not_grow_loses_nothing(void **state)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = 400000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    acts_until_full(no_limit);
}

static void delete_ballast(void)
{
    assert_int_equal(unlinkat(m.dir, "ballast", 0), 0);
}

static void a_full_disk_loses_nothing(void **state)
{
    static char ballast[1 << 20];
    if (geteuid() != 0)
        skip();
    outbox_close(&o);
    if (mount("tmpfs", m.path, "tmpfs", MS_NOSUID | MS_NODEV, "size=3m,mode=0700") != 0)
        skip(); /* a container without the right to mount */
    close(m.dir);
    m.dir = open(m.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    write_file("ballast", ballast, sizeof(ballast));
    o = machine_outbox(&m);
    acts_until_full(delete_ballast);
    outbox_close(&o);
    close(m.dir);
    assert_int_equal(umount2(m.path, MNT_DETACH), 0);
    m.dir = open(m.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* ── a sync that failed ────────────────────────────────────────────────────────────────────────────────────────────── */

static int flaky_room_enter(void **state)
{
    flaky_on();
    return room_enter(state);
}

static int flaky_room_leave(void **state)
{
    int code = room_leave(state);
    flaky_off();
    return code;
}

static void act_on(const char *target)
{
    struct wish w = wish_on(target);
    char key[UUID_TEXT];
    enqueue(o, &w, key);
}

/* The kernel takes for written what was not: behind that hole nothing that is committed would outlast a power cut. */
static void after_a_sync_that_failed_the_wal_is_written_anew(void **state)
{
    struct wish w = wish_on("d-2");
    char key[1][UUID_TEXT];
    act_on("d-1");
    flaky.wal_sync = true;
    assert_err(outbox_enqueue(o, &w, 1, key, &e), &e, ERR_STORE);
    flaky.first = INT64_MAX;
    act_on("d-3");
    assert_int_equal(flaky.first, 0);
    flaky.first = INT64_MAX;
    act_on("d-4");
    assert_true(flaky.first > 0);
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 3);
}

static void one_that_cannot_be_written_anew_gets_nothing_more(void **state)
{
    struct wish w = wish_on("d-2");
    char key[1][UUID_TEXT];
    for (int i = 0; i < 3; i++) {
        flaky.wal_sync = true;
        assert_err(outbox_enqueue(o, &w, 1, key, &e), &e, ERR_STORE);
    }
    act_on("d-3");
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 1);
}

/* Nobody knows how the syncs of a program fared that is gone. */
static void what_a_killed_program_left_is_written_anew(void **state)
{
    outbox_close(&o);
    pid_t child = fork();
    if (child == 0) {
        m.env.seed++; /* another key */
        o = machine_outbox(&m);
        act_on("d-1");
        kill(getpid(), SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    flaky.first = INT64_MAX;
    o = machine_outbox(&m);
    assert_int_equal(flaky.first, INT64_MAX);
    act_on("d-2");
    assert_int_equal(flaky.first, 0);
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 2);
}

/* Half of it in the file when the power goes would be damage. */
static void one_that_may_have_holes_stays_at_the_end(void **state)
{
    struct wish w = wish_on("d-2");
    char key[1][UUID_TEXT];
    act_on("d-1");
    flaky.wal_sync = true;
    assert_err(outbox_enqueue(o, &w, 1, key, &e), &e, ERR_STORE);
    outbox_close(&o);
    assert_int_equal(faccessat(m.dir, "outbox.db-wal", F_OK, 0), 0);
    o = machine_outbox(&m);
    act_on("d-3");
    outbox_close(&o);
    assert_int_not_equal(faccessat(m.dir, "outbox.db-wal", F_OK, 0), 0);
    o = machine_outbox(&m);
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 2);
}

static void a_read_error_sets_no_outbox_aside(void **state)
{
    act_on("d-1");
    outbox_close(&o);
    for (int reads = 0; !o; reads++) {
        bool aside;
        flaky.reads = reads;
        if (!outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &aside, &e))
            assert_int_equal(e.code, ERR_STORE);
        assert_false(aside);
        assert_true(o || reads < 100);
        e = (struct err){0};
    }
    flaky.reads = -1;
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 1);
}

#define FLAKY(name) cmocka_unit_test_setup_teardown(name, flaky_room_enter, flaky_room_leave)
#define TEST(name)  cmocka_unit_test_setup_teardown(name, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_called_saved_survives_kill_9),
        FLAKY(after_a_sync_that_failed_the_wal_is_written_anew),
        FLAKY(one_that_cannot_be_written_anew_gets_nothing_more),
        FLAKY(what_a_killed_program_left_is_written_anew),
        FLAKY(one_that_may_have_holes_stays_at_the_end),
        FLAKY(a_read_error_sets_no_outbox_aside),
        TEST(a_killed_sender_leaves_it_in_doubt),
        TEST(one_that_cannot_be_read_is_set_aside_whole),
        TEST(one_sealed_with_another_key_is_set_aside_with_what_was_not_checkpointed),
        TEST(one_of_a_newer_motcua_is_left_alone),
        TEST(a_link_in_its_place_is_refused),
        TEST(its_files_are_for_nobody_else),
        TEST(a_file_that_may_not_grow_loses_nothing),
        TEST(a_full_disk_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

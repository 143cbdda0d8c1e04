/* Who has files here, and whose cache goes since he has not come for a week: never unsent wishes, and nobody's who works on it now.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache.h"
#include "cache/officers.h"
#include "cache/state.h"
#include "tests/unit/cache_machine.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HERE_URL  "https://mc.chauduc.local"
#define THERE_URL "https://mc.ngaigiao.local"
#define DAY       86400

static char *home, *base, *here, *there;

static void put_file(int dir, const char *name)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
}

static int open_officer(const char *server, const char *officer)
{
    struct err e = {0};
    char *path = NULL;
    int dir = -1;

    assert_ok(state_open(base, server, officer, &dir, &path, &e), &e);
    mem_free(&path);
    return dir;
}

/* An officer with all the files that there are; seen at `t` (INSTANT_NONE: never). */
static void officer(const char *server, const char *name, int64_t t)
{
    static const char *const files[] = {"cache.db",  "cache.db-wal", "cache.db.bad",
                                        "outbox.db", "key",          "journal"};
    int dir = open_officer(server, name);

    for (size_t i = 0; i < sizeof(files) / sizeof *files; i++)
        put_file(dir, files[i]);
    if (t != INSTANT_NONE)
        assert_true(officers_set_seen(dir, t, NULL));
    close(dir);
}

static bool has(const char *server, const char *name, const char *file)
{
    int dir = open_officer(server, name);
    bool there_is = faccessat(dir, file, F_OK, AT_SYMLINK_NOFOLLOW) == 0;

    close(dir);
    return there_is;
}

static int set_up(void **state)
{
    home = home_new();
    base = mem_format("%s/state/motcua", home);
    here = state_server_name(HERE_URL);
    there = state_server_name(THERE_URL);
    officer(here, "of-mai", T0 - 8 * DAY);
    officer(here, "of-nam", T0 - 6 * DAY);
    officer(here, "of-ha", INSTANT_NONE);
    officer(there, "of-mai", T0 - 8 * DAY);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(&base);
    mem_free(&here);
    mem_free(&there);
    home_free(&home);
    return 0;
}

static void after_a_week_the_cache_goes_and_nothing_else(void **state)
{
    assert_int_equal(officers_forget_absent(base, NULL, T0), 2);
    for (int i = 0; i < 2; i++) {
        const char *server = i ? here : there;
        assert_false(has(server, "of-mai", "cache.db"));
        assert_false(has(server, "of-mai", "cache.db-wal"));
        assert_false(has(server, "of-mai", "cache.db.bad"));
        assert_true(has(server, "of-mai", "outbox.db"));
        assert_true(has(server, "of-mai", "key"));
        assert_true(has(server, "of-mai", "journal"));
    }
    assert_true(has(here, "of-nam", "cache.db"));
    assert_int_equal(officers_forget_absent(base, NULL, T0), 0); /* once */
}

static void a_storys_time_judges_its_own_server_alone(void **state)
{
    assert_int_equal(officers_forget_absent(base, here, T0), 1);
    assert_true(has(there, "of-mai", "cache.db"));
}

static void who_was_never_noted_is_from_now_on(void **state)
{
    assert_int_equal(officers_forget_absent(base, here, T0 + DAY), 1);
    assert_true(has(here, "of-ha", "cache.db"));
    assert_int_equal(officers_forget_absent(base, here, T0 + 8 * DAY), 1); /* of-nam */
    assert_true(has(here, "of-ha", "cache.db"));
    assert_int_equal(officers_forget_absent(base, here, T0 + 9 * DAY), 1);
    assert_false(has(here, "of-ha", "cache.db"));
}

static void whoever_works_on_it_keeps_it(void **state)
{
    int dir = open_officer(here, "of-mai");
    struct lease *lease = lease_new(dir);

    assert_true(lease_take(lease));
    assert_int_equal(officers_forget_absent(base, here, T0), 0);
    assert_true(has(here, "of-mai", "cache.db"));
    lease_free(&lease);
    close(dir);
    assert_int_equal(officers_forget_absent(base, here, T0), 1);
}

static void a_clock_that_goes_back_takes_nothing(void **state)
{
    assert_int_equal(officers_forget_absent(base, NULL, T0 - 400 * DAY), 0);
    assert_true(has(here, "of-mai", "cache.db"));
}

static void a_note_that_is_torn_or_hostile_is_none(void **state)
{
    static const char *const notes[] = {"", "\n", "-5\n", "12", "99999999999999999999x\n", "1e9\n"};
    int dir = open_officer(here, "of-nam");

    for (size_t i = 0; i < sizeof(notes) / sizeof *notes; i++) {
        int fd = openat(dir, "seen", O_WRONLY | O_TRUNC);
        assert_int_equal(write(fd, notes[i], strlen(notes[i])), strlen(notes[i]));
        close(fd);
        assert_true(officers_seen(dir) == INSTANT_NONE);
    }
    unlinkat(dir, "seen", 0);
    assert_int_equal(symlinkat("outbox.db", dir, "seen"), 0);
    assert_true(officers_seen(dir) == INSTANT_NONE);
    assert_false(officers_set_seen(dir, T0, NULL));
    char *path = mem_format("%s/%s/of-nam/outbox.db", base, here), *text = file_text(path);
    assert_string_equal(text, "x");
    free(text);
    mem_free(&path);
    close(dir);
}

static void links_and_foreign_directories_are_passed_over(void **state)
{
    char *from = mem_format("%s/%s/of-mai", base, here), *to = mem_format("%s/elsewhere", home);
    char *open_to_all = mem_format("%s/%s/of-nam", base, here);

    assert_int_equal(rename(from, to), 0);
    assert_int_equal(symlink(to, from), 0);
    assert_int_equal(chmod(open_to_all, 0755), 0);
    assert_int_equal(officers_forget_absent(base, here, T0 + 30 * DAY), 0);
    char *file = mem_format("%s/cache.db", to);
    assert_int_equal(access(file, F_OK), 0);
    mem_free(&file);
    file = mem_format("%s/cache.db", open_to_all);
    assert_int_equal(access(file, F_OK), 0);
    mem_free(&file);
    mem_free(&from);
    mem_free(&to);
    mem_free(&open_to_all);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(after_a_week_the_cache_goes_and_nothing_else),
        TEST(a_storys_time_judges_its_own_server_alone),
        TEST(who_was_never_noted_is_from_now_on),
        TEST(whoever_works_on_it_keeps_it),
        TEST(a_clock_that_goes_back_takes_nothing),
        TEST(a_note_that_is_torn_or_hostile_is_none),
        TEST(links_and_foreign_directories_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

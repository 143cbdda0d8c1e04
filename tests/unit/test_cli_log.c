/* The log: what came from a server stands in it as marks, one event a line, however it was worded; and it does not grow without end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/log.h"
#include "tests/harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *home;
static int dir;

static int set_up(void **state)
{
    home = home_new();
    dir = open(home, O_RDONLY | O_DIRECTORY);
    return dir < 0;
}

static int tear_down(void **state)
{
    close(dir);
    home_free(&home);
    return 0;
}

static char *log_text(void)
{
    char *path = text_new("%s/log", home), *text = file_text(path);

    free(path);
    return text;
}

static void what_came_from_outside_is_marks_on_one_line(void **state)
{
    struct log *log = log_new(dir);

    log_line(log, 1672281720, "dos\033[2Jsier", "d-1\n2022-12-29T00:00:00Z forged line",
             "\u202eno\x7f\xc2\x9b\xff");
    log_line(log, 1672281721, "unit", "", "not a unit");
    log_free(&log);
    char *text = log_text();
    assert_string_equal(
        text, "2022-12-29T02:42:00Z dos‹1B›[2Jsier d-1 2022-12-29T00:00:00Z forged line: ‹202E›no‹7F›‹9B›‹FF›\n"
              "2022-12-29T02:42:01Z unit : not a unit\n");
    free(text);
}

static void it_is_ours_alone_and_begins_anew(void **state)
{
    struct log *log = log_new(dir);
    struct stat st;

    assert_int_equal(fstatat(dir, "log", &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    int fd = openat(dir, "log", O_WRONLY);
    assert_int_equal(ftruncate(fd, 2 * 1024 * 1024), 0);
    close(fd);
    log_line(log, 1672281720, "a", "b", "c");
    assert_int_equal(fstatat(dir, "log", &st, 0), 0);
    assert_true(st.st_size < 100);
    log_free(&log);
}

static void what_is_no_file_is_not_written_to(void **state)
{
    assert_int_equal(mkfifoat(dir, "log", 0600), 0);
    struct log *log = log_new(dir); /* does not wait for a reader */
    log_line(log, 1672281720, "a", "b", "c");
    log_free(&log);
    assert_int_equal(unlinkat(dir, "log", 0), 0);
    assert_int_equal(symlinkat("/dev/full", dir, "log"), 0);
    log = log_new(dir);
    log_line(log, 1672281720, "a", "b", "c");
    log_free(&log);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_came_from_outside_is_marks_on_one_line),
        TEST(it_is_ours_alone_and_begins_anew),
        TEST(what_is_no_file_is_not_written_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

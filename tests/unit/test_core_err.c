/* How errors are filled and cut, and how a program ends that must not go on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "core/err.h"
#include "core/i18n.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void an_error_is_filled_and_false(void **state)
{
    struct err e = {0};
    assert_false(err_set(&e, ERR_STORE, "%s: %d", "cache.db", 28));
    assert_int_equal(e.code, ERR_STORE);
    assert_string_equal(e.text, "cache.db: 28");
}

static void nobody_has_to_care(void **state)
{
    assert_false(err_set(NULL, ERR_DATA, "%d", 1));
}

static void an_error_may_be_told_in_its_own_words(void **state)
{
    struct err e = {0};
    err_set(&e, ERR_DATA, "line 3");
    err_set(&e, ERR_CONFIG, "keymap, %s: %s", e.text, e.text);
    assert_int_equal(e.code, ERR_CONFIG);
    assert_string_equal(e.text, "keymap, line 3: line 3");
}

static void a_long_error_is_cut_at_the_end_of_a_character(void **state)
{
    /* Letters of 1 to 4 bytes, moved byte by byte over the end of the text. */
    static const char *const letters[] = {"a", "đ", "ễ", "𠀀"};
    for (size_t l = 0; l < 4; l++) {
        size_t bytes = strlen(letters[l]), room = sizeof((struct err){0}.text) - 1;
        for (size_t lead = 0; lead < 4; lead++) {
            char text[2048] = "xxxx";
            text[lead] = '\0';
            while (strlen(text) < 700)
                strncat(text, letters[l], sizeof(text) - strlen(text) - 1);
            struct err e;
            err_set(&e, ERR_DATA, "%s", text);
            assert_int_equal(strlen(e.text), lead + (room - lead) / bytes * bytes);
            assert_memory_equal(e.text, text, strlen(e.text));
        }
    }
}

/* Runs `end` in a child; what it wrote to stderr, and its exit status. */
static int child_that(void (*end)(void), char *out, size_t cap)
{
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(pipes[1], STDERR_FILENO);
        close(pipes[0]);
        close(pipes[1]);
        end();
        _exit(0);
    }
    close(pipes[1]);
    size_t used = 0;
    ssize_t n;
    while (used < cap - 1 && (n = read(pipes[0], out + used, cap - 1 - used)) > 0)
        used += (size_t)n;
    out[used] = '\0';
    close(pipes[0]);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void say_restored(void)
{
    assert_int_equal(write(STDERR_FILENO, "restored ", 9), 9);
}

static void end_with_the_terminal_given_back(void)
{
    die_restore_with(say_restored);
    die("%d things", 3);
}

static void die_again(void)
{
    die("a hook that fails");
}

static void end_while_restoring(void)
{
    die_restore_with(die_again);
    die("never told");
}

static void end_with_much_to_say(void)
{
    char text[2000];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    die("%s", text);
}

static void dying_restores_the_terminal_says_one_line_and_exits_70(void **state)
{
    char out[4096];
    assert_int_equal(child_that(end_with_the_terminal_given_back, out, sizeof(out)), 70);
    assert_int_equal(strncmp(out, "restored ", 9), 0);
    assert_non_null(strstr(out, ": 3 things\n"));
}

static void a_hook_that_dies_does_not_run_again(void **state)
{
    char out[4096];
    assert_int_equal(child_that(end_while_restoring, out, sizeof(out)), 70);
    assert_non_null(strstr(out, "a hook that fails\n"));
    assert_null(strstr(out, "never told"));
}

static void the_last_line_is_one_line_however_long(void **state)
{
    char out[4096];
    assert_int_equal(child_that(end_with_much_to_say, out, sizeof(out)), 70);
    assert_int_equal(strlen(out), 511);
    assert_ptr_equal(strchr(out, '\n'), out + 510);
}

static void without_a_catalogue_the_english_words_are_shown(void **state)
{
    assert_string_equal(C_("column", "Received"), "Received");
    assert_string_equal(i18n_shown(NC_("column", "Received")), "Received");
    assert_string_equal(i18n_shown(N_("Received")), "Received");
    assert_string_equal(i18n_shown(""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_filled_and_false),
        cmocka_unit_test(nobody_has_to_care),
        cmocka_unit_test(an_error_may_be_told_in_its_own_words),
        cmocka_unit_test(a_long_error_is_cut_at_the_end_of_a_character),
        cmocka_unit_test(dying_restores_the_terminal_says_one_line_and_exits_70),
        cmocka_unit_test(a_hook_that_dies_does_not_run_again),
        cmocka_unit_test(the_last_line_is_one_line_however_long),
        cmocka_unit_test(without_a_catalogue_the_english_words_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* motcua wipe: what can be fetched again goes, a wish never does; what is left is named, and so it is: the test looks for itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cli_office.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int set_up(void **state)
{
    static const char *const small[] = {"--dossiers", "60", NULL};
    struct office *o = calloc(1, sizeof *o);

    office_open(o, small);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    office_close(*state);
    free(*state);
    return 0;
}

static void signed_in(struct office *o, const char *officer)
{
    if (!office_sign_in(o, officer))
        skip();
    office_expect(o, 0, "sync", "--once");
}

/* The only directory below it; the caller frees. */
static char *only_below(const char *path)
{
    DIR *dir = opendir(path);
    char *found = NULL;

    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));)
        if (d->d_name[0] != '.') {
            assert_null(found);
            found = text_new("%s/%s", path, d->d_name);
        }
    closedir(dir);
    assert_non_null(found);
    return found;
}

static char *officer_dir(struct office *o)
{
    char *base = text_new("%s/state/motcua", o->home), *server = only_below(base), *officer = only_below(server);

    free(base);
    free(server);
    return officer;
}

/* Every file that is there is named, with its size, and no other. */
static void names_what_is_there(struct office *o, const json_t *one)
{
    char *path = officer_dir(o);
    DIR *dir = opendir(path);
    const json_t *left = json_object_get(one, "left");
    size_t n = 0, i;
    json_t *file;

    for (struct dirent *d; (d = readdir(dir));) {
        bool named = d->d_name[0] == '.';
        n += !named;
        json_array_foreach(left, i, file) named =
            named || strcmp(json_string_value(json_object_get(file, "file")), d->d_name) == 0;
        if (!named)
            fail_at(HERE, "%s is there and is not named", d->d_name);
        assert_true(strncmp(d->d_name, "cache.db", 8) != 0 && strcmp(d->d_name, "log") != 0);
    }
    closedir(dir);
    assert_int_equal(n, json_array_size(left));
    free(path);
}

static void a_wish_that_waits_is_not_lost(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    char *id = office_dossier(o, "to_receive");
    server_stop(o->server);
    office_expect(o, 0, "act", id, "comment", "--note", "giấy gấp");
    office_expect(o, 3, "wipe", "--json"); /* the server could not be told, and that is said */
    json_t *all = office_json(o), *one = json_array_get(all, 0);
    assert_int_equal(json_array_size(all), 1);
    assert_int_equal(json_integer_value(json_object_get(one, "unsent")), 1);
    assert_true(json_is_true(json_object_get(one, "clean")));
    names_what_is_there(o, one);
    json_decref(all);
    office_expect(o, 4, "list");

    server_restart(o->server);
    signed_in(o, "mai");
    office_expect(o, 0, "outbox", "--json");
    all = office_json(o);
    assert_int_equal(json_array_size(all), 0); /* sent by the sync */
    json_decref(all);
    json_t *dossier = office_at_server(o, "mai", id);
    assert_true(json_integer_value(json_object_get(dossier, "version")) > 1);
    json_decref(dossier);
    free(id);
}

static void what_was_wiped_is_said_in_words(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    office_expect(o, 0, "wipe");
    assert_non_null(strstr(o->run.out, "Không còn gì của hồ sơ trên máy này ngoài những gì nêu trên."));
    assert_non_null(strstr(o->run.out, "còn lại: outbox.db ("));
    assert_non_null(strstr(o->run.out, "còn lại: key ("));
    assert_null(strstr(o->run.out, "cache.db"));
    office_expect(o, 4, "queues");
    office_expect(o, 0, "wipe", "--json"); /* nobody is signed in: everybody's, and again it is no error */
    json_t *all = office_json(o);
    assert_int_equal(json_array_size(all), 1);
    names_what_is_there(o, json_array_get(all, 0));
    json_decref(all);
}

static void while_another_runs_nothing_is_removed(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    const char *const argv[] = {"motcua", "sync", "--server", o->server->base, NULL};
    pid_t pid = child_start(&(struct child){.argv = argv, .home = o->home});
    char *dir = officer_dir(o), *cache = text_new("%s/cache.db", dir), *lock = text_new("%s/lock", dir);
    bool runs = false;
    for (int64_t until = harness_deadline(); !runs && harness_now() < until;) {
        char *text = file_text(lock); /* its number stands there */
        runs = text && atoi(text) == (int)pid;
        free(text);
    }
    assert_true(runs);
    office_expect(o, 1, "wipe", "--json");
    char *title = office_problem(o);
    assert_non_null(strstr(title, "Chưa xóa gì"));
    assert_int_equal(access(cache, F_OK), 0);
    free(title);
    kill(pid, SIGTERM);
    assert_int_equal(child_wait(pid, harness_deadline()), 0);
    office_expect(o, 0, "wipe", "--json");
    assert_int_equal(access(cache, F_OK), -1);
    free(dir);
    free(cache);
    free(lock);
}

/* "" where it is not named. */
static const char *why_left(const json_t *all, const char *name)
{
    const json_t *left = json_object_get(json_array_get(all, 0), "left");
    json_t *file;
    size_t i;

    json_array_foreach(left, i, file) if (strcmp(json_string_value(json_object_get(file, "file")), name) ==
                                          0) return json_string_value(json_object_get(file, "why"));
    return "";
}

static void what_was_not_removed_is_an_error(void **state)
{
    struct office *o = *state;

    signed_in(o, "mai");
    char *dir = officer_dir(o), *cache = text_new("%s/cache.db.bad", dir),
         *foreign = text_new("%s/notes.txt", dir);
    char *make = text_new("mkdir -m 700 %s && touch %s", cache, foreign);
    const char *const argv[] = {"/bin/sh", "-c", make, NULL};
    struct run run = {0};

    run_program(&run, argv, NULL, o->home, NULL);
    assert_int_equal(run.status, 0);
    run_clear(&run);
    office_expect(o, 1, "wipe", "--json"); /* a directory where a file should be */
    json_t *all = office_json(o);
    assert_true(json_is_false(json_object_get(json_array_get(all, 0), "clean")));
    assert_string_equal(why_left(all, "cache.db.bad"), "failed");
    assert_string_equal(why_left(all, "notes.txt"), "foreign");
    assert_int_equal(access(foreign, F_OK), 0);
    json_decref(all);
    free(dir);
    free(cache);
    free(foreign);
    free(make);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_wish_that_waits_is_not_lost),
        TEST(what_was_wiped_is_said_in_words),
        TEST(while_another_runs_nothing_is_removed),
        TEST(what_was_not_removed_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

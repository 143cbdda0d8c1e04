/* Two officers on one PC account: each has his own files and token, one's wishes never go with the other's, and who does not come for a
 * week leaves his wishes alone. And files that were put back, or exchanged: a cache of yesterday, a cache of another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cli_office.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY 86400

struct two {
    struct office o;
    char *base; /* the server's directory below the state */
};

static int set_up(void **state)
{
    static const char *const small[] = {"--dossiers", "120", NULL};
    struct two *t = calloc(1, sizeof *t);

    office_open(&t->o, small);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    struct two *t = *state;

    office_close(&t->o);
    free(t->base);
    free(t);
    return 0;
}

static void signs_in(struct two *t, const char *officer)
{
    if (!office_sign_in(&t->o, officer))
        skip();
    office_expect(&t->o, 0, "sync", "--once");
    if (t->base)
        return;
    char *state = text_new("%s/state/motcua", t->o.home);
    DIR *dir = opendir(state);
    for (struct dirent *d; dir && (d = readdir(dir));)
        if (d->d_name[0] != '.' && !t->base)
            t->base = text_new("%s/%s", state, d->d_name);
    closedir(dir);
    free(state);
    assert_non_null(t->base);
}

static bool has(struct two *t, const char *officer, const char *file)
{
    char *path = text_new("%s/%s/%s", t->base, officer, file);
    bool there = access(path, F_OK) == 0;

    free(path);
    return there;
}

static size_t unsent(struct two *t)
{
    office_expect(&t->o, 0, "outbox", "--json");
    json_t *all = office_json(&t->o);
    size_t n = json_array_size(all);

    json_decref(all);
    return n;
}

/* Mai's comment waits for the line. The dossier; the caller frees. */
static char *mai_leaves_a_wish(struct two *t)
{
    signs_in(t, "mai");
    char *id = office_dossier(&t->o, "to_receive");
    server_stop(t->o.server);
    office_expect(&t->o, 0, "act", id, "comment", "--note", "gấp");
    server_restart(t->o.server);
    return id;
}

static int64_t version_of(struct two *t, const char *id)
{
    json_t *dossier = office_at_server(&t->o, "quan", id);
    int64_t version = json_integer_value(json_object_get(dossier, "version"));

    json_decref(dossier);
    return version;
}

static void ones_wishes_never_go_with_the_others_token(void **state)
{
    struct two *t = *state;
    char *id = mai_leaves_a_wish(t);
    int64_t before = version_of(t, id);

    signs_in(t, "ha"); /* who may do the same on the same dossier */
    assert_int_equal(unsent(t), 0);
    office_expect(&t->o, 0, "sync", "--once");
    assert_int_equal(version_of(t, id), before);
    office_expect(&t->o, 0, "logout");
    signs_in(t, "mai");
    assert_int_equal(unsent(t), 0);
    assert_int_equal(version_of(t, id), before + 1);

    char *token = server_token(t->o.server, "quan"), *path = text_new("/dossiers/%s/events", id);
    struct reply reply;
    bool hers = false;
    server_call(t->o.server, "GET", path, token, NULL, NULL, &reply);
    assert_int_equal(reply.status, 200);
    hers = strstr(reply.body, "\"mai\"") && strstr(reply.body, "gấp") && !strstr(reply.body, "\"by\":\"ha\"");
    reply_clear(&reply);
    assert_true(hers);
    free(token);
    free(path);
    free(id);
}

static void who_does_not_come_for_a_week_leaves_wishes_alone(void **state)
{
    struct two *t = *state;
    char *id = mai_leaves_a_wish(t);

    server_advance(t->o.server, 6 * DAY);
    signs_in(t, "ha");
    assert_true(has(t, "mai", "cache.db"));
    server_advance(t->o.server, 2 * DAY);
    signs_in(t, "ha");
    assert_false(has(t, "mai", "cache.db"));
    assert_false(has(t, "mai", "cache.db-wal"));
    assert_true(has(t, "mai", "outbox.db"));
    assert_true(has(t, "ha", "cache.db")); /* who is here stays */
    int64_t before = version_of(t, id);
    signs_in(t, "mai");
    assert_int_equal(version_of(t, id), before + 1); /* and it went, once */
    free(id);
}

static void exchange(struct two *t, const char *from, const char *to)
{
    char *command = text_new("cd %s && rm -f %s-wal %s-shm && cp -p %s %s", t->base, to, to, from, to);
    const char *const argv[] = {"/bin/sh", "-c", command, NULL};
    struct run run = {0};

    run_program(&run, argv, NULL, t->o.home, NULL);
    if (run.status != 0)
        fail_at(HERE, "%s: %s", command, run.err);
    run_clear(&run);
    free(command);
}

static json_t *all_kept(struct two *t)
{
    office_expect(&t->o, 0, "list", "--json");
    return office_json(&t->o);
}

static void yesterdays_cache_catches_up_and_anothers_is_set_aside(void **state)
{
    struct two *t = *state;

    signs_in(t, "ha");
    signs_in(t, "mai");
    exchange(t, "mai/cache.db", "mai/yesterday");
    char *id = office_dossier(&t->o, "to_receive");
    office_expect(&t->o, 0, "act", id, "comment", "--note", "gấp");
    office_expect(&t->o, 0, "sync", "--once");
    json_t *fresh = all_kept(t), *again;
    exchange(t, "mai/yesterday", "mai/cache.db");
    assert_false(json_equal(fresh, again = all_kept(t)));
    json_decref(again);
    office_expect(&t->o, 0, "sync", "--once");
    assert_true(json_equal(fresh, again = all_kept(t)));
    json_decref(again);
    assert_false(has(t, "mai", "cache.db.bad"));

    exchange(t, "ha/cache.db", "mai/cache.db");
    again = all_kept(t);
    assert_int_equal(json_array_size(again), 0); /* nothing of another's is shown */
    json_decref(again);
    assert_true(has(t, "mai", "cache.db.bad"));
    office_expect(&t->o, 0, "sync", "--once");
    assert_true(json_equal(fresh, again = all_kept(t)));
    assert_int_equal(unsent(t), 0);
    json_decref(again);
    json_decref(fresh);
    free(id);
}

/* The story begins on 29/12/2022; the server itself keeps what has ended for 45 days. */
static void what_is_closed_for_a_day_is_not_kept(void **state)
{
    struct two *t = *state;
    size_t i, closed = 0, open_ones = 0;
    json_t *d;

    signs_in(t, "mai");
    json_t *all = all_kept(t);
    json_array_foreach(all, i, d)
    {
        const char *status = json_string_value(json_object_get(d, "status")),
                   *since = json_string_value(json_object_get(d, "step_since"));
        bool ended = strcmp(status, "returned") == 0 || strcmp(status, "declined") == 0 ||
                     strcmp(status, "stopped") == 0;
        open_ones += !ended;
        closed += ended && strcmp(since, "2022-12-27") < 0;
    }
    json_decref(all);
    assert_true(open_ones > 10);
    assert_int_equal(closed, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ones_wishes_never_go_with_the_others_token),
        TEST(who_does_not_come_for_a_week_leaves_wishes_alone),
        TEST(what_is_closed_for_a_day_is_not_kept),
        TEST(yesterdays_cache_catches_up_and_anothers_is_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

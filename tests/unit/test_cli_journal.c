/* `motcua journal`, and an outbox.db that is lost while work waits in it: the real program against the real training server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cli_office.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the officer's `name` lies. */
static char *file_of(struct office *o, const char *name)
{
    struct run run = {0};
    char *find = text_new("find %s/state -name %s", o->home, name);

    run_program(&run, ARGS("/bin/sh", "-c", find), NULL, NULL, NULL);
    assert_int_equal(run.status, 0);
    char *path = text_new("%.*s", (int)strcspn(run.out, "\n"), run.out);
    assert_true(*path);
    run_clear(&run);
    free(find);
    return path;
}

static void lose(struct office *o)
{
    char *path = file_of(o, "outbox.db"), *wal = text_new("%s-wal", path), *shm = text_new("%s-shm", path);

    assert_int_equal(unlink(path), 0);
    unlink(wal);
    unlink(shm);
    free(path);
    free(wal);
    free(shm);
}

/* How many comments with these words the server has on the dossier. */
static size_t comments(struct office *o, const char *id, const char *words)
{
    char *token = server_token(o->server, "ha"), *path = text_new("/dossiers/%s/events", id);
    struct reply reply;
    size_t n = 0;

    server_call(o->server, "GET", path, token, NULL, NULL, &reply);
    assert_int_equal(reply.status, 200);
    for (const char *at = reply.body; (at = strstr(at, words)); at += strlen(words))
        n++;
    reply_clear(&reply);
    free(token);
    free(path);
    return n;
}

static void verify(struct office *o, int status, const char *words)
{
    assert_int_equal(office_run_env(o, ARGS("LANGUAGE=en"), ARGS("journal", "--verify")), status);
    expect_in(status ? o->run.err : o->run.out, words);
}

/* ── lost, and sent once ─────────────────────────────────────────────────────────────────────────────────────────── */

static void what_waited_in_a_lost_outbox_is_sent_once_under_its_key(void **state)
{
    struct office *o = *state;

    office_begin(o, "ha");
    char *id = office_dossier(o, "to_receive");
    server_stop(o->server);
    office_expect(o, 0, "act", id, "comment", "--note", "việc này không được mất", "--json");
    json_t *saved = office_json(o);
    lose(o);
    assert_int_equal(office_run_env(o, ARGS("LANGUAGE=en"), ARGS("outbox")), 0);
    expect_in(o->run.err, "Unsent work was brought back from the journal");
    expect_in(o->run.out, "result unknown");
    office_expect(o, 0, "outbox", "--json");
    json_t *rows = office_json(o);
    assert_int_equal(json_array_size(rows), 1);
    const char *same[] = {"key", "actor", "target", "action", "method", "path"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_true(
            json_equal(json_object_get(json_array_get(rows, 0), same[i]), json_object_get(saved, same[i])));
    json_decref(rows);
    json_decref(saved);

    server_restart(o->server);
    office_expect(o, 0, "sync", "--once");
    assert_int_equal(comments(o, id, "việc này không được mất"), 1);
    lose(o); /* what is done does not come back */
    office_expect(o, 0, "outbox", "--json");
    rows = office_json(o);
    assert_int_equal(json_array_size(rows), 0);
    json_decref(rows);
    office_expect(o, 0, "sync", "--once");
    assert_int_equal(comments(o, id, "việc này không được mất"), 1);
    verify(o, 0, "The journal is whole");
    free(id);
}

/* As if it had been sent, and the answer's row was in the copy that is lost: the server knows the key. */
static void what_was_sent_already_has_no_second_effect(void **state)
{
    struct office *o = *state;

    office_begin(o, "ha");
    char *id = office_dossier(o, "to_receive");
    server_stop(o->server);
    office_expect(o, 0, "act", id, "comment", "--note", "chỉ một lần thôi");
    char *journal = file_of(o, "journal"), *copy = text_new("%s/journal.copy", o->kept);
    char *cp = text_new("cp %s %s", journal, copy), *back = text_new("cp %s %s", copy, journal);
    struct run run = {0};
    run_program(&run, ARGS("/bin/sh", "-c", cp), NULL, NULL, NULL);
    run_clear(&run);
    server_restart(o->server);
    office_expect(o, 0, "sync", "--once");
    assert_int_equal(comments(o, id, "chỉ một lần thôi"), 1);
    lose(o);
    run_program(&run, ARGS("/bin/sh", "-c", back), NULL, NULL, NULL);
    assert_int_equal(run.status, 0);
    run_clear(&run);
    office_expect(o, 0, "outbox", "--json");
    json_t *rows = office_json(o);
    assert_int_equal(json_array_size(rows), 1);
    json_decref(rows);
    office_expect(o, 0, "sync", "--once");
    assert_int_equal(comments(o, id, "chỉ một lần thôi"), 1);
    free(journal);
    free(copy);
    free(cp);
    free(back);
    free(id);
}

/* ── read ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool has(const json_t *list, const char *what, const char *state)
{
    size_t i;
    json_t *entry;

    json_array_foreach(list, i, entry)
    {
        const char *said = json_string_value(json_object_get(entry, "what"));
        const char *came_to = json_string_value(json_object_get(entry, "state"));
        if (said && strcmp(said, what) == 0 && (!state || (came_to && strcmp(came_to, state) == 0)))
            return true;
    }
    return false;
}

static void it_lists_what_was_done_and_is_verified(void **state)
{
    struct office *o = *state;

    office_begin(o, "mai");
    char *id = office_dossier(o, "to_receive");
    office_expect(o, 0, "act", id, "receive", "--note", "đủ giấy tờ");
    office_expect(o, 0, "journal");
    expect_in(o->run.out, "đã đăng nhập");
    expect_in(o->run.out, "Tiếp nhận");
    expect_in(o->run.out, "đã lưu");
    office_expect(o, 0, "journal", "--json");
    json_t *list = office_json(o);
    assert_true(has(list, "sign-in", NULL));
    assert_true(has(list, "act", NULL));
    assert_true(has(list, "done", "DONE"));
    json_decref(list);
    office_expect(o, 0, "journal", "--verify", "--json");
    json_t *told = office_json(o);
    assert_int_equal(strlen(json_string_value(json_object_get(told, "hash"))), 64);
    assert_true(json_integer_value(json_object_get(told, "entries")) >= 4);
    json_decref(told);

    char *path = file_of(o, "journal");
    FILE *f = fopen(path, "r+e");
    assert_non_null(f);
    assert_int_equal(fseek(f, 60, SEEK_SET), 0); /* in the first entry */
    int c = fgetc(f);
    assert_int_equal(fseek(f, 60, SEEK_SET), 0);
    fputc(c ^ 1, f);
    fclose(f);
    verify(o, 1, "Entry 1 of the journal is not as it was written");
    office_expect(o, 1, "journal", "--verify", "--json");
    char *title = office_problem(o);
    expect_in(title, "Mục 1 của nhật ký");
    free(title);
    office_expect(o, 1, "journal"); /* the rest is listed all the same */
    expect_in(o->run.out, "Tiếp nhận");
    free(path);
    free(id);
}

static void an_outbox_of_a_newer_motcua_is_exported(void **state)
{
    struct office *o = *state;
    sqlite3 *db;

    office_begin(o, "ha");
    char *id = office_dossier(o, "to_receive");
    server_stop(o->server);
    office_expect(o, 0, "act", id, "comment", "--note", "mang đi nơi khác");
    char *path = file_of(o, "outbox.db");
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    office_expect(o, 0, "outbox", "--json");
    expect_in(o->run.out, "mang đi nơi khác");
    assert_int_equal(office_run_env(o, ARGS("LANGUAGE=en"), ARGS("outbox")), 0);
    expect_in(o->run.err, "newer motcua");
    office_expect(o, 1, "act", id, "comment", "--note", "không lưu được");
    office_expect(o, 1, "sync", "--once");
    server_restart(o->server);
    free(path);
    free(id);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_open_kept, office_close_kept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_waited_in_a_lost_outbox_is_sent_once_under_its_key),
        TEST(what_was_sent_already_has_no_second_effect),
        TEST(it_lists_what_was_done_and_is_verified),
        TEST(an_outbox_of_a_newer_motcua_is_exported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

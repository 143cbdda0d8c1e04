/* Procedures and taking in on the command line: with a line, without one, and what leaves nothing behind; each time with a look at what the
 * server has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cli_office.h"

#include "core/instant.h"

#include <stdlib.h>
#include <string.h>

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    if (!text)
        fail_at(HERE, "there is no “%s”", name);
    return text;
}

static size_t outbox_size(struct office *o)
{
    office_expect(o, 0, "outbox", "--json");
    json_t *rows = office_json(o);
    size_t n = json_array_size(rows);
    json_decref(rows);
    return n;
}

/* The dossiers that the server finds by a text; json_decref(). */
static json_t *found_at_server(struct office *o, const char *text)
{
    char *token = server_token(o->server, "mai"), *body = text_new("{\"q\":\"%s\"}", text);
    struct reply reply;

    server_call(o->server, "POST", "/dossiers/search", token, NULL, body, &reply);
    assert_int_equal(reply.status, 200);
    json_t *items = json_incref(json_object_get(reply.json, "items"));
    reply_clear(&reply);
    free(token);
    free(body);
    return items;
}

/* One that is filed here at a counter: the first of the catalogue with a limit of its own days. The caller frees both. */
static void choose_procedure(struct office *o, char **id, char **code)
{
    size_t i;
    json_t *p;

    office_expect(o, 0, "procedures", "--json");
    json_t *all = office_json(o);
    *id = *code = NULL;
    json_array_foreach(all, i, p)
    {
        const char *unit = member(json_object_get(p, "time_limit"), "unit");
        if (!*id && strcmp(unit, "working_days") == 0 && json_is_true(json_object_get(p, "active"))) {
            *id = text_new("%s", member(p, "id"));
            *code = text_new("%s", member(p, "code"));
        }
    }
    assert_non_null(*id);
    json_decref(all);
}

/* ── the catalogue ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void procedures_are_the_contracts_objects_and_a_list_for_people(void **state)
{
    struct office *o = *state;
    size_t i, lines = 0;
    json_t *p;

    office_begin(o, "mai");
    office_expect(o, 0, "procedures", "--json");
    json_t *all = office_json(o);
    assert_true(json_array_size(all) > 20);
    json_array_foreach(all, i, p)
    {
        member(p, "id");
        member(p, "code");
        member(p, "name");
        assert_true(json_is_object(json_object_get(p, "time_limit")));
        assert_true(json_is_boolean(json_object_get(p, "active")));
    }
    office_expect(o, 0, "procedures");
    for (const char *at = o->run.out; *at; at++)
        lines += *at == '\n';
    assert_int_equal(lines, json_array_size(all));
    const char *first = member(json_array_get(all, 0), "code"); /* the most used one, in both */
    assert_true(strncmp(o->run.out + 2, first, strlen(first)) == 0);
    server_stop(o->server);
    office_expect(o, 0, "procedures"); /* it is kept here */
    json_decref(all);
}

/* ── with a line ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_dossier_is_taken_in_and_its_code_told(void **state)
{
    struct office *o = *state;
    char *id, *code, text[INSTANT_TEXT];
    int64_t received, kept;

    office_begin(o, "mai");
    choose_procedure(o, &id, &code);
    office_expect(o, 0, "new", "--procedure", code, "--name", "Phạm Thị Diễm Hương", "--id-number",
                  "000191007731", "--phone", "010 123 45 67", "--address", "ấp Vạn Bình", "--json");
    json_t *done = office_json(o);
    assert_string_equal(member(done, "state"), "DONE");
    member(done, "key");
    json_t *made = office_at_server(o, "mai", member(done, "target"));
    assert_string_equal(member(made, "code"), member(done, "code"));
    assert_string_equal(member(made, "client_ref"), member(done, "client_ref"));
    assert_string_equal(member(made, "channel"), "counter");
    assert_string_equal(member(made, "procedure"), id);
    json_t *who = json_object_get(made, "applicant");
    assert_string_equal(member(who, "name"), "Phạm Thị Diễm Hương");
    assert_string_equal(member(who, "id_number"), "000191007731");
    assert_string_equal(member(who, "phone"), "0101234567");
    assert_string_equal(member(who, "address"), "ấp Vạn Bình");
    int64_t told = 0, due = 0;
    assert_true(instant_parse(member(done, "due_at"), &told) && instant_parse(member(made, "due_at"), &due));
    assert_int_equal(told, due);
    assert_true(instant_parse(member(made, "received_at"), &received));
    json_decref(made);
    assert_int_equal(outbox_size(o), 0);

    instant_format(received - 2 * 86400, 7 * 3600, text); /* handed in earlier */
    office_expect(o, 0, "new", "--procedure", id, "--name", "Võ Thị Ngọc", "--received-at", text, "--json");
    json_t *earlier = office_json(o);
    made = office_at_server(o, "mai", member(earlier, "target"));
    assert_true(instant_parse(member(made, "received_at"), &kept));
    assert_int_equal(kept, received - 2 * 86400);
    json_decref(made);
    json_decref(earlier);

    office_expect(o, 0, "new", "--procedure", id, "--name", "Lê Văn Tám", "--channel", "online");
    expect_in(o->run.out, "Đã gửi, hệ thống đã ghi nhận");
    json_t *found = found_at_server(o, "le van tam");
    assert_string_equal(member(json_array_get(found, 0), "assisted_by"), "mai");
    expect_in(o->run.out, member(json_array_get(found, 0), "code"));
    json_decref(found);
    json_decref(done);
    free(id);
    free(code);
}

/* ── without one ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void cut_off_it_is_saved_under_a_number_of_its_own_and_sent_once(void **state)
{
    struct office *o = *state;
    char *id, *code;

    office_begin(o, "mai");
    choose_procedure(o, &id, &code);
    server_stop(o->server);
    office_expect(o, 0, "new", "--procedure", id, "--name", "Phạm Thị Diễm Hương", "--json");
    json_t *first = office_json(o);
    assert_string_equal(member(first, "state"), "DUE");
    assert_true(json_is_null(json_object_get(first, "code")));
    office_expect(o, 0, "new", "--procedure", id, "--name", "Lê Văn Tám");
    expect_in(o->run.out, "Chưa gửi; sẽ tự gửi khi có mạng.");
    assert_null(strstr(o->run.out, member(first, "client_ref"))); /* another number */
    assert_int_equal(outbox_size(o), 2);

    server_restart(o->server);
    office_expect(o, 0, "sync", "--once");
    assert_int_equal(outbox_size(o), 0);
    json_t *found = found_at_server(o, member(first, "client_ref")), *made = json_array_get(found, 0);
    assert_int_equal(json_array_size(found), 1);
    assert_string_equal(member(json_object_get(made, "applicant"), "name"), "Phạm Thị Diễm Hương");
    assert_string_equal(member(made, "status"), "received");
    int64_t told = 0,
            due = 0; /* what the calendar here said is what the system says, but for a clock that was a second ahead */
    assert_true(instant_parse(member(first, "due_at"), &told) && instant_parse(member(made, "due_at"), &due));
    assert_in_range(told - due, 0, 5);
    json_decref(found);
    json_decref(first);
    free(id);
    free(code);
}

/* ── nothing left behind ───────────────────────────────────────────────────────────────────────────────────────────── */

static void what_lacks_something_or_cannot_be_filed_leaves_nothing(void **state)
{
    struct office *o = *state;
    char *id, *code;

    office_begin(o, "mai");
    choose_procedure(o, &id, &code);
    const char *const bad[][7] = {
        {"new"},
        {"new", "--procedure", id},
        {"new", "--name", "A"},
        {"new", "--procedure", id, "--name", " \t"},
        {"new", "--procedure", id, "--name", "\xff"},
        {"new", "--procedure", id, "--name", "A", "--phone=12"},
        {"new", "--procedure", id, "--name", "A", "--channel=fax"},
        {"new", "--procedure", id, "--name", "A", "--received-at=yesterday"},
        {"new", "--procedure", id, "--name", "A", "--received-at=2001-01-01T08:00:00+07:00"},
        {"new", "--procedure", id, "--name", "A", "--received-at=2101-01-01T08:00:00+07:00"},
        {"new", "--procedure", id, "--name", "A", "--note=x"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *const args[] = {bad[i][0], bad[i][1], bad[i][2], bad[i][3], bad[i][4], bad[i][5], NULL};
        office_expect_at(o, 2, args, HERE);
        assert_string_equal(o->run.out, "");
    }
    office_expect(o, 2, "new", "--json");
    free(office_problem(o));
    office_expect(o, 1, "new", "--procedure", "9.999999", "--name", "A", "--json");
    free(office_problem(o));
    assert_int_equal(outbox_size(o), 0);
    office_expect(o, 1, "new", "--procedure", id, "--name", "A", "--unit", "H99"); /* the server's no */
    office_expect(o, 0, "outbox", "--json");
    json_t *rows = office_json(o);
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(member(json_array_get(rows, 0), "state"), "REFUSED");
    office_expect(o, 0, "outbox", "drop", member(json_array_get(rows, 0), "key"));
    json_decref(rows);
    free(id);
    free(code);
}

static void only_counter_officers_take_in(void **state)
{
    struct office *o = *state;
    char *id, *code;

    office_begin(o, "thu");
    choose_procedure(o, &id, &code);
    office_expect(o, 1, "new", "--procedure", id, "--name", "A");
    assert_int_equal(outbox_size(o), 0);
    free(id);
    free(code);
}

static void nobody_takes_in_without_a_sign_in(void **state)
{
    struct office *o = *state;

    office_expect(o, 4, "new", "--procedure", "1.001193", "--name", "A");
    office_expect(o, 4, "procedures", "--json");
    free(office_problem(o));
}

#define KEPT(f) cmocka_unit_test_setup_teardown(f, office_open_kept, office_close_kept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT(procedures_are_the_contracts_objects_and_a_list_for_people),
        KEPT(a_dossier_is_taken_in_and_its_code_told),
        KEPT(cut_off_it_is_saved_under_a_number_of_its_own_and_sent_once),
        KEPT(what_lacks_something_or_cannot_be_filed_leaves_nothing),
        KEPT(only_counter_officers_take_in),
        KEPT(nobody_takes_in_without_a_sign_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

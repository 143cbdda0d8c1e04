/* Drafts in files: from before there were any, lost, put back older, damaged, and sealed with another key.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/key.h"
#include "tests/unit/cache_draft.h"
#include "tests/unit/cache_journal.h"
#include "tests/unit/cache_room.h"

#include <sqlite3.h>
#include <string.h>

static void run(const char *sql)
{
    char *path = mem_format("%s/outbox.db", m.path);
    sqlite3 *db;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    mem_free(&path);
}

static void an_outbox_from_before_there_were_drafts_gets_them_and_keeps_its_wishes(void **state)
{
    char key[UUID_TEXT];
    struct draft d = draft_typed("{}");
    journal_act_on(o, "d-1", key);
    outbox_close(&o);
    run("DROP TABLE draft; DROP TABLE number; DROP TABLE upload; PRAGMA user_version = 1");
    o = machine_outbox(&m);
    assert_false(outbox_restored(o));
    assert_int_equal(state_of(o, key), COMMAND_DUE);
    draft_type(&d, "{}");
    outbox_close(&o);
    o = machine_outbox(&m);
    draft_is(d.key, "{}");
}

static void an_outbox_made_from_the_journal_has_no_drafts(void **state)
{
    char key[UUID_TEXT];
    struct draft d = draft_typed("{}");
    journal_act_on(o, "d-1", key);
    draft_type(&d, "{}");
    journal_lose_outbox(&m, &o);
    o = machine_outbox(&m);
    assert_true(outbox_restored(o));
    assert_int_equal(state_of(o, key), COMMAND_DUE);
    assert_int_equal(draft_count(o), 0);
}

static void an_older_copy_has_no_draft_of_what_was_sent_since(void **state)
{
    char keys[1][UUID_TEXT];
    struct draft sent = draft_typed("{}"), open = draft_typed("{}");
    draft_type(&sent, "{\"sent\":1}");
    draft_type(&open, "{\"open\":1}");
    struct buf copy = journal_copy_outbox(&m, &o);
    struct wish w = draft_wish(&sent);
    assert_ok(outbox_enqueue(o, &w, 1, keys, &e), &e);
    journal_put_back(&m, &o, &copy);
    assert_true(outbox_restored(o));
    assert_int_equal(state_of(o, keys[0]), COMMAND_DUE);
    assert_int_equal(draft_count(o), 1);
    draft_is(open.key, "{\"open\":1}");
}

static void open_set_aside(void)
{
    bool set_aside;
    assert_ok(outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, &e), &e);
    assert_true(set_aside);
}

static void drafts_are_taken_out_of_a_file_that_is_set_aside(void **state)
{
    char key[UUID_TEXT], keys[1][UUID_TEXT];
    struct draft open = draft_typed("{}"), sent = draft_typed("{}");
    draft_type(&sent, "{\"sent\":1}");
    draft_type(&open, "{\"open\":1}");
    struct wish w = draft_wish(&sent);
    assert_ok(outbox_enqueue(o, &w, 1, keys, &e), &e);
    journal_act_on(o, "d-1", key);
    outbox_close(&o);
    /* The key that tells whose file it is does not open, and one draft neither. */
    run("UPDATE meta SET value = x'00' WHERE name = 'seal';"
        "INSERT INTO draft SELECT 99, 'x', 1, 1, 1, NULL, NULL, NULL, x'0011' FROM draft LIMIT 1");
    struct buf before = journal_bytes(&m, "outbox.db");
    open_set_aside();
    assert_true(outbox_restored(o));
    assert_int_equal(state_of(o, key), COMMAND_DUE);
    assert_int_equal(state_of(o, keys[0]), COMMAND_DUE);
    assert_int_equal(draft_count(o), 1);
    draft_is(open.key, "{\"open\":1}");
    struct buf aside = journal_bytes(&m, "outbox.db.bad");
    assert_int_equal(aside.len, before.len);
    assert_memory_equal(aside.data, before.data, aside.len);
    assert_false(journal_is_there(&m, "outbox.db.bad-shm"));
    buf_clear(&before);
    buf_clear(&aside);
}

static void damaged_pages_cost_the_drafts_on_them_and_nothing_else(void **state)
{
    struct draft d = draft_typed("{}");
    draft_type(&d, "{}");
    outbox_close(&o);
    struct buf bytes = journal_bytes(&m, "outbox.db");
    memset(bytes.data + bytes.len / 2, 0xff, bytes.len - bytes.len / 2);
    journal_put_file(&m, "outbox.db", &bytes);
    buf_clear(&bytes);
    open_set_aside();
    assert_true(draft_count(o) <= 1);
    d = draft_typed("{}");
    draft_type(&d, "{\"on\":1}");
    draft_is(d.key, "{\"on\":1}");
}

static bool reseal(void *outbox, const struct seal_key *fresh, struct err *why)
{
    return outbox_reseal(outbox, fresh, why);
}

static void drafts_open_after_a_pin_was_set(void **state)
{
    struct draft d = draft_typed("{}");
    struct key_reseal again = {.context = o, .outbox = reseal};
    struct pin *pin = pin_new();
    draft_type(&d, "{\"a\":1}");
    assert_true(pin_add(pin, "135790"));
    assert_ok(key_set_pin(m.dir, m.key, pin, NULL, &again, &e), &e);
    outbox_close(&o);
    seal_key_free(&m.key);
    assert_ok(key_unlock(m.dir, pin, &m.env.env, &m.key, &e), &e);
    pin_free(&pin);
    o = machine_outbox(&m);
    draft_is(d.key, "{\"a\":1}");
    struct draft *list;
    size_t n;
    assert_ok(draft_list(o, &arena, &list, &n, &e), &e);
    assert_string_equal(list[0].name, "Nguyễn Thị Đào");
}

#define ROOM(f) cmocka_unit_test_setup_teardown(f, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(an_outbox_from_before_there_were_drafts_gets_them_and_keeps_its_wishes),
        ROOM(an_outbox_made_from_the_journal_has_no_drafts),
        ROOM(an_older_copy_has_no_draft_of_what_was_sent_since),
        ROOM(drafts_are_taken_out_of_a_file_that_is_set_aside),
        ROOM(damaged_pages_cost_the_drafts_on_them_and_nothing_else),
        ROOM(drafts_open_after_a_pin_was_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

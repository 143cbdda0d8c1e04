/* An outbox that is lost, damaged, put back older or newer than this program, and the journal that it is made again from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/journal.h"
#include "cache/key.h"
#include "tests/unit/cache_journal.h"
#include "tests/unit/cache_room.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ── outbox.db from it ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void expect_same(const struct command *a, const struct command *b)
{
    assert_string_equal(a->key, b->key);
    assert_string_equal(a->actor, b->actor);
    assert_string_equal(a->target, b->target);
    assert_string_equal(a->if_match, b->if_match);
    assert_string_equal(a->method, b->method);
    assert_string_equal(a->path, b->path);
    assert_string_equal(a->action, b->action);
    assert_string_equal(a->code, b->code);
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->body, b->body);
    assert_int_equal(a->acted_at, b->acted_at);
    assert_int_equal(a->online_only, b->online_only);
    assert_int_equal(a->after != NULL, b->after != NULL);
    if (a->after)
        assert_string_equal(a->after, b->after);
}

static struct command row(const char *key)
{
    struct command c;
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    return c;
}

struct six {
    char open[UUID_TEXT], behind[UUID_TEXT], done[UUID_TEXT], dropped[UUID_TEXT], stuck[UUID_TEXT],
        held[UUID_TEXT];
    struct command open_row, behind_row;
};

static void make_six(struct six *s)
{
    struct wish held = wish_on("d-6");
    journal_act_on(o, "d-3", s->done);
    journal_act_on(o, "d-1", s->open);
    journal_act_on(o, "d-1", s->behind);
    journal_act_on(o, "d-4", s->dropped);
    journal_act_on(o, "d-5", s->stuck);
    enqueue(o, &held, s->held);
    assert_ok(outbox_done(o, s->done, "\"4\"", NULL, T0, &e), &e);
    assert_ok(outbox_drop(o, s->dropped, T0, &e), &e);
    assert_ok(outbox_failed(o, s->stuck, COMMAND_REFUSED, "{\"title\":\"không\"}", "r-1", T0, &e), &e);
    s->open_row = row(s->open);
    s->behind_row = row(s->behind);
}

static void expect_six(const struct six *s)
{
    struct command c = row(s->open);
    expect_same(&c, &s->open_row);
    assert_int_equal(c.state, COMMAND_DUE);
    assert_true(c.may_have_arrived);
    c = row(s->behind);
    expect_same(&c, &s->behind_row);
    assert_int_equal(c.state, COMMAND_DUE);
    assert_false(c.may_have_arrived); /* the one before it has no answer yet, so it cannot have left */
    assert_int_equal(state_of(o, s->done), COMMAND_DONE);
    assert_int_equal(state_of(o, s->dropped), COMMAND_DROPPED);
    c = row(s->stuck);
    assert_int_equal(c.state, COMMAND_REFUSED);
    assert_string_equal(c.problem, "{\"title\":\"không\"}");
    assert_string_equal(c.request_id, "r-1");
    assert_int_equal(outbox_mark(o, "d-1"), MARK_UNKNOWN);
    struct command next;
    int64_t wake;
    assert_true(outbox_next(o, false, &arena, &next, &wake, &e));
    assert_string_equal(next.key, s->open);
}

static void a_lost_outbox_comes_back(void **state)
{
    struct six s;
    make_six(&s);
    journal_lose_outbox(&m, &o);
    o = machine_outbox(&m);
    assert_true(outbox_restored(o));
    assert_false(outbox_journal_broken(o));
    expect_six(&s);
    assert_true(row(s.held).may_have_arrived);
    assert_int_equal(journal_told(o).bad, 0);
    outbox_close(&o);
    o = machine_outbox(&m);
    assert_false(outbox_restored(o)); /* once */
    expect_six(&s);
}

static void a_damaged_outbox_comes_back(void **state)
{
    struct six s;
    struct buf junk = {0};
    bool set_aside;
    make_six(&s);
    journal_lose_outbox(&m, &o);
    for (int i = 0; i < 500; i++)
        buf_text(&junk, "this is no database ");
    journal_put_file(&m, "outbox.db", &junk);
    buf_clear(&junk);
    assert_ok(outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, &e), &e);
    assert_true(set_aside);
    assert_true(outbox_restored(o));
    expect_six(&s);
}

/* Any page of it: found when it is opened, and all is there again. */
static void no_page_of_it_is_missed(void **state)
{
    enum { PAGE = 4096 };
    struct six s;
    make_six(&s);
    outbox_close(&o);
    struct buf good = journal_bytes(&m, "outbox.db"), journal = journal_bytes(&m, "journal");
    assert_true(good.len >= 5 * PAGE);
    for (size_t at = 0; at < good.len; at += PAGE) {
        bool set_aside;
        struct buf spoilt = {0};
        buf_add(&spoilt, good.data, good.len);
        memset(spoilt.data + at + (at ? 0 : 100), 0xA5,
               64); /* the page's header; the first one begins with the file's */
        journal_lose_outbox(&m, &o);
        journal_put_file(&m, "outbox.db", &spoilt);
        journal_put_file(&m, "journal", &journal);
        buf_clear(&spoilt);
        assert_ok(outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, &e), &e);
        assert_true(set_aside);
        expect_six(&s);
    }
    buf_clear(&good);
    buf_clear(&journal);
}

static void an_older_copy_is_brought_up(void **state)
{
    struct six s;
    char old[UUID_TEXT], last[UUID_TEXT];
    journal_act_on(o, "d-0", old);
    struct buf yesterday = journal_copy_outbox(&m, &o);
    make_six(&s);
    assert_ok(outbox_done(o, old, "\"4\"", NULL, T0, &e), &e);
    journal_put_back(&m, &o, &yesterday);
    assert_true(outbox_restored(o));
    assert_int_equal(state_of(o, old), COMMAND_DONE);
    expect_six(&s);

    struct buf one_back = journal_copy_outbox(&m, &o); /* older by the last wish alone */
    journal_act_on(o, "d-8", last);
    journal_put_back(&m, &o, &one_back);
    assert_true(outbox_restored(o));
    assert_int_equal(state_of(o, last), COMMAND_DUE);
    assert_int_equal(journal_told(o).bad, 0);
}

/* Killed between the journal and the commit: the journal has a last entry without KEPT, made on the outbox.db that is there. */
static void what_was_not_called_saved_does_not_come_back(void **state)
{
    char kept[UUID_TEXT], lost[UUID_TEXT], later[UUID_TEXT];
    journal_act_on(o, "d-1", kept);
    struct buf before = journal_copy_outbox(&m, &o);
    journal_act_on(o, "d-2", lost);
    outbox_close(&o);
    journal_cut_last(&m);
    journal_put_back(&m, &o, &before);
    assert_false(outbox_restored(o));
    struct command c;
    assert_err(outbox_get(o, lost, &arena, &c, &e), &e, ERR_NOT_FOUND);
    journal_act_on(o, "d-3", later);
    assert_int_equal(journal_told(o).bad, 0);
    journal_lose_outbox(&m, &o); /* not even then: it was shown not to be there */
    o = machine_outbox(&m);
    assert_int_equal(state_of(o, kept), COMMAND_DUE);
    assert_int_equal(state_of(o, later), COMMAND_DUE);
    assert_err(outbox_get(o, lost, &arena, &c, &e), &e, ERR_NOT_FOUND);
}

/* A power cut takes KEPT, and outbox.db is lost: what may have been called saved comes back. */
static void what_may_have_been_called_saved_comes_back(void **state)
{
    char key[UUID_TEXT];
    journal_act_on(o, "d-1", key);
    journal_lose_outbox(&m, &o);
    journal_cut_last(&m);
    o = machine_outbox(&m);
    assert_int_equal(state_of(o, key), COMMAND_DUE);
    journal_lose_outbox(&m, &o);
    o = machine_outbox(&m);
    assert_int_equal(state_of(o, key), COMMAND_DUE);
}

static void what_is_online_only_comes_back_if_it_left(void **state)
{
    char left[UUID_TEXT], never[UUID_TEXT], unsent[UUID_TEXT];
    struct wish w = journal_due_on("d-1");
    struct command c;
    bool gone;
    w.online_only = true;
    enqueue(o, &w, left);
    assert_ok(outbox_sending(o, left, &e), &e);
    w.target = "d-2";
    enqueue(o, &w, never);
    w.target = "d-3"; /* waits for another sign-in: the server has refused to take it */
    enqueue(o, &w, unsent);
    assert_ok(outbox_sending(o, unsent, &e), &e);
    assert_ok(outbox_no_answer(o, unsent, false, OUTBOX_UNTIL_SIGN_IN, NULL, &gone, &e), &e);
    journal_lose_outbox(&m, &o);
    o = machine_outbox(&m);
    assert_true(row(left).may_have_arrived);
    assert_err(outbox_get(o, never, &arena, &c, &e), &e, ERR_NOT_FOUND);
    assert_err(outbox_get(o, unsent, &arena, &c, &e), &e, ERR_NOT_FOUND);
}

static void what_was_done_makes_what_is_behind_it_go_on(void **state)
{
    char made[UUID_TEXT], behind[UUID_TEXT];
    struct wish create = journal_due_on(NULL), next = journal_due_on(NULL);
    create.action = "create";
    create.if_match = NULL;
    create.path = "/dossiers";
    enqueue(o, &create, made);
    char *path = mem_format("/dossiers/%s/actions", made);
    next.target = made;
    next.path = path;
    next.if_match = NULL;
    enqueue(o, &next, behind);
    struct buf before = journal_copy_outbox(&m, &o);
    assert_ok(outbox_done(o, made, "\"1\"", "/api/v1/dossiers/d-77", T0, &e), &e);
    journal_put_back(&m, &o, &before);
    struct command c = row(behind);
    assert_string_equal(c.target, "d-77");
    assert_string_equal(c.path, "/dossiers/d-77/actions");
    assert_string_equal(c.if_match, "1");
    mem_free(&path);
}

/* ── growth ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static off_t size_of(const char *name)
{
    struct stat st;
    return fstatat(m.dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_size : 0;
}

static void it_does_not_grow_without_end(void **state)
{
    enum { BODY = 1000 * 1000 };
    char *body = mem_alloc(BODY), first[UUID_TEXT], key[UUID_TEXT];
    memset(body, 'x', BODY);
    journal_act_on(o, "d-1", first);
    struct buf early = journal_copy_outbox(&m, &o);
    for (int i = 0; i < 10; i++) {
        struct wish w = journal_due_on("d-2");
        w.body = body;
        w.body_len = BODY;
        enqueue(o, &w, key);
        assert_ok(outbox_done(o, key, "\"4\"", NULL, T0, &e), &e);
        assert_true(size_of("journal") < JOURNAL_MOST + 2 * BODY);
    }
    mem_free(&body);
    assert_true(journal_is_there(&m, "journal.1"));
    assert_true(size_of("journal") + size_of("journal.1") < 2 * JOURNAL_MOST + 4 * BODY);
    struct journal_report r = journal_told(o);
    assert_int_equal(r.bad, 0);
    assert_int_equal(r.broken, 0);
    journal_lose_outbox(&m, &o);
    o = machine_outbox(&m);
    assert_int_equal(state_of(o, first), COMMAND_DUE);

    /* A copy from before the journal began is set aside: nobody could say what has happened since. */
    bool set_aside;
    journal_lose_outbox(&m, &o);
    journal_put_file(&m, "outbox.db", &early);
    buf_clear(&early);
    assert_ok(outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, &e), &e);
    assert_true(set_aside);
    assert_int_equal(state_of(o, first), COMMAND_DUE);
    assert_int_equal(journal_told(o).bad, 0);
    struct buf older = journal_bytes(&m, "journal.1");
    older.data[older.len / 2] ^= 1;
    journal_put_file(&m, "journal.1", &older);
    buf_clear(&older);
    assert_int_not_equal(journal_told(o).bad, 0);
}

static void a_newer_outbox_can_be_read(void **state)
{
    char key[UUID_TEXT];
    struct command *rows;
    size_t n;
    journal_act_on(o, "d-1", key);
    outbox_close(&o);
    assert_false(outbox_open_to_read(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, NULL)); /* not newer */
    char *file = mem_format("%s/outbox.db", m.path);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99; ALTER TABLE command ADD COLUMN more TEXT",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    mem_free(&file);
    struct buf before = journal_bytes(&m, "outbox.db");
    bool set_aside;
    assert_err(outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, &e), &e, ERR_STORE);
    assert_ok(outbox_open_to_read(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &e), &e);
    assert_ok(outbox_list(o, 0, &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].key, key);
    assert_string_equal(rows[0].body, wish_on("d-1").body);
    assert_err(outbox_drop(o, key, T0, &e), &e, ERR_STORE);
    outbox_close(&o);
    struct buf after = journal_bytes(&m, "outbox.db");
    assert_int_equal(before.len, after.len);
    assert_memory_equal(before.data, after.data, after.len);
    buf_clear(&before);
    buf_clear(&after);
}

static bool reseal(void *outbox, const struct seal_key *fresh, struct err *why)
{
    return outbox_reseal(outbox, fresh, why);
}

/* Another data key while the outbox is open: it goes on, and the journal is one chain before and after. */
static void a_pin_that_is_set_keeps_both(void **state)
{
    char before[UUID_TEXT], after[UUID_TEXT];
    struct key_reseal again = {.context = o, .outbox = reseal};
    struct pin *pin = pin_new();
    journal_act_on(o, "d-1", before);
    assert_true(pin_add(pin, "135790"));
    assert_ok(key_set_pin(m.dir, m.key, pin, NULL, &again, &e), &e);
    journal_act_on(o, "d-2", after);
    assert_int_equal(journal_told(o).bad, 0);
    outbox_close(&o);
    seal_key_free(&m.key);
    assert_ok(key_unlock(m.dir, pin, &m.env.env, &m.key, &e), &e);
    pin_free(&pin);
    o = machine_outbox(&m);
    assert_false(outbox_restored(o));
    assert_false(outbox_journal_broken(o));
    journal_lose_outbox(&m, &o);
    o = machine_outbox(&m);
    assert_int_equal(state_of(o, before), COMMAND_DUE);
    assert_int_equal(state_of(o, after), COMMAND_DUE);
    struct journal_report r = journal_told(o);
    assert_int_equal(r.bad, 0);
    assert_int_equal(r.broken, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lost_outbox_comes_back),
        TEST(a_damaged_outbox_comes_back),
        TEST(no_page_of_it_is_missed),
        TEST(an_older_copy_is_brought_up),
        TEST(what_was_not_called_saved_does_not_come_back),
        TEST(what_may_have_been_called_saved_comes_back),
        TEST(what_is_online_only_comes_back_if_it_left),
        TEST(what_was_done_makes_what_is_behind_it_go_on),
        TEST(it_does_not_grow_without_end),
        TEST(a_newer_outbox_can_be_read),
        TEST(a_pin_that_is_set_keeps_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The journal: its chain, and what becomes of it when somebody or a crash touches it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/journal.h"
#include "tests/unit/cache_journal.h"
#include "tests/unit/cache_room.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ── what is in it ─────────────────────────────────────────────────────────────────────────────────────────────────── */

struct kinds {
    char text[512];
};

static void add_kind(void *context, const struct journal_entry *entry, const struct journal_place *at)
{
    struct kinds *k = context;
    size_t n = strlen(k->text);
    snprintf(k->text + n, sizeof(k->text) - n, " %d", entry ? (int)entry->kind : -1);
}

static void expect_kinds(const char *expected)
{
    struct kinds k = {0};
    struct journal_report r;
    assert_ok(outbox_journal(o, add_kind, &k, &r, &e), &e);
    assert_string_equal(k.text, expected);
    assert_int_equal(r.bad, 0);
}

static void every_change_is_in_it_and_is_kept(void **state)
{
    char a[UUID_TEXT], b[UUID_TEXT], c[UUID_TEXT];
    struct command undone;
    struct wish held = wish_on("d-3"), anew = journal_due_on("d-2");
    journal_act_on(o, "d-1", a);
    journal_act_on(o, "d-2", b);
    enqueue(o, &held, c);
    assert_ok(outbox_undo(o, &arena, &undone, &e), &e);
    assert_ok(outbox_sending(o, a, &e), &e); /* of what is not online only it is not noted */
    assert_ok(outbox_done(o, a, "\"4\"", NULL, T0, &e), &e);
    assert_ok(outbox_failed(o, b, COMMAND_CONFLICT, "{}", NULL, T0, &e), &e);
    assert_ok(outbox_replace(o, b, &anew, T0, c, &e), &e);
    assert_ok(outbox_retry(o, c, &e), &e);
    assert_ok(outbox_drop(o, c, T0, &e), &e);
    assert_ok(outbox_note(o, JOURNAL_REVEAL, "d-1", "0041", &e), &e);
    expect_kinds(" 1 10 2 10 2 10 2 11 2 16 2 17 2 14 2 13 2 12 2 34");
    struct journal_report r = journal_told(o);
    assert_int_equal(r.entries, 20);
    assert_int_equal(r.last, 20);
    assert_int_equal(r.broken, 0);
    struct stat st;
    assert_int_equal(fstatat(m.dir, "journal", &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    struct buf bytes = journal_bytes(&m, "journal");
    assert_null(memmem(bytes.data, bytes.len, "comment", 7)); /* sealed */
    buf_clear(&bytes);
}

static void what_was_refused_leaves_no_trace(void **state)
{
    char a[UUID_TEXT];
    journal_act_on(o, "d-1", a);
    struct journal_report before = journal_told(o);
    assert_err(outbox_drop(o, "00000000-0000-4000-8000-000000000000", T0, &e), &e, ERR_NOT_FOUND);
    assert_ok(outbox_end_holds(o, &e), &e);
    assert_int_equal(journal_told(o).last, before.last);
}

/* ── touched ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void three_notes(void)
{
    char key[UUID_TEXT];
    for (int i = 0; i < 2; i++)
        assert_ok(outbox_note(o, JOURNAL_LOCK, NULL, NULL, &e), &e);
    journal_act_on(o, "d-1", key);
}

static void a_torn_tail_is_cut(void **state)
{
    three_notes();
    struct journal_report before = journal_told(o);
    struct buf whole = journal_bytes(&m, "journal");
    size_t starts[16], n = journal_starts(&whole, starts, 16);
    /* KEPT, which nobody waits for, half on the disk: at every length, and as zeros. */
    for (size_t cut = starts[n - 1]; cut < whole.len; cut++) {
        outbox_close(&o);
        struct buf torn = {0};
        buf_add(&torn, whole.data, cut);
        journal_put_file(&m, "journal", &torn);
        buf_clear(&torn);
        o = machine_outbox(&m);
        assert_false(outbox_journal_broken(o));
        assert_ok(outbox_note(o, JOURNAL_LOCK, NULL, NULL, &e), &e);
        struct journal_report r = journal_told(o);
        assert_int_equal(r.bad, 0);
        assert_int_equal(r.last, before.last);
    }
    outbox_close(&o);
    memset(whole.data + starts[n - 1], 0, whole.len - starts[n - 1]);
    journal_put_file(&m, "journal", &whole);
    buf_clear(&whole);
    o = machine_outbox(&m);
    assert_ok(outbox_note(o, JOURNAL_LOCK, NULL, NULL, &e), &e);
    assert_int_equal(journal_told(o).bad, 0);
    assert_false(journal_is_there(&m, "journal.bad"));
}

static void a_changed_entry_is_named(void **state)
{
    three_notes();
    journal_act_on(o, "d-2", (char[UUID_TEXT]){0});
    struct buf whole = journal_bytes(&m, "journal");
    size_t starts[16], n = journal_starts(&whole, starts, 16);
    for (size_t i = 0; i + 1 < n; i++) /* the last is KEPT: a torn one */
        for (size_t at = starts[i]; at < starts[i + 1]; at += 7) {
            whole.data[at] ^= 0x20;
            journal_put_file(&m, "journal", &whole);
            assert_int_equal(journal_told(o).bad, i + 1);
            whole.data[at] ^= 0x20;
        }
    whole.data[3] ^= 1; /* not even a journal */
    journal_put_file(&m, "journal", &whole);
    assert_int_equal(journal_told(o).bad, 1);
    whole.data[3] ^= 1;
    journal_put_file(&m, "journal", &whole);
    assert_int_equal(journal_told(o).bad, 0);
    buf_clear(&whole);
}

static void entries_that_are_missing_are_seen(void **state)
{
    three_notes();
    struct buf whole = journal_bytes(&m, "journal"), cut = {0};
    size_t starts[16], n = journal_starts(&whole, starts, 16);
    buf_add(&cut, whole.data, starts[n - 2]); /* the wish and its KEPT */
    journal_put_file(&m, "journal", &cut);
    assert_int_equal(journal_told(o).bad, n - 1);
    cut.len = starts[1]; /* the first note */
    buf_add(&cut, whole.data + starts[2], whole.len - starts[2]);
    journal_put_file(&m, "journal", &cut);
    assert_int_equal(journal_told(o).bad, 2);
    buf_clear(&cut);
    buf_clear(&whole);
}

/* Damaged behind what outbox.db knows, or gone: it goes on in another file, which remembers that. */
static void a_broken_one_is_kept_aside_and_goes_on(void **state)
{
    char key[UUID_TEXT];
    three_notes();
    struct buf whole = journal_bytes(&m, "journal");
    whole.len -= 200;
    outbox_close(&o);
    journal_put_file(&m, "journal", &whole);
    o = machine_outbox(&m);
    assert_true(outbox_journal_broken(o));
    assert_true(journal_is_there(&m, "journal.bad"));
    assert_int_equal(journal_told(o).bad, 0);
    assert_int_not_equal(journal_told(o).broken, 0);
    journal_act_on(o, "d-9", key);
    outbox_close(&o);
    o = machine_outbox(&m);
    assert_false(outbox_journal_broken(o)); /* said once */
    assert_int_not_equal(journal_told(o).broken, 0);
    journal_lose_outbox(&m, &o); /* what was open before is in the new one */
    o = machine_outbox(&m);
    int64_t unsent, stuck;
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 2);

    outbox_close(&o);
    unlinkat(m.dir, "journal", 0);
    o = machine_outbox(&m);
    assert_true(outbox_journal_broken(o));
    outbox_counts(o, &unsent, &stuck);
    assert_int_equal(unsent, 2);
    buf_clear(&whole);
}

/* ── several ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void several_processes_make_one_chain(void **state)
{
    enum { N = 4, EACH = 12 };
    outbox_close(&o);
    for (int i = 0; i < N; i++) {
        if (fork() != 0)
            continue;
        bool set_aside, ok;
        m.env.seed = (uint64_t)i * 1000003;
        ok = outbox_open(m.dir, m.path, m.key, "of-mai", &m.env.env, &o, &set_aside, NULL);
        for (int n = 0; ok && n < EACH; n++) {
            struct wish w = journal_due_on("d-1");
            char keys[1][UUID_TEXT];
            ok = n % 2 ? outbox_enqueue(o, &w, 1, keys, NULL)
                       : outbox_note(o, JOURNAL_REVEAL, "d-1", NULL, NULL);
        }
        _exit(ok ? 0 : 1);
    }
    bool all = true;
    for (int i = 0; i < N; i++) {
        int status;
        assert_true(wait(&status) > 0);
        all = all && status == 0;
    }
    assert_true(all);
    o = machine_outbox(&m);
    struct journal_report r = journal_told(o);
    assert_int_equal(r.bad, 0);
    assert_int_equal(r.entries, 1 + N * EACH / 2 * 3); /* BEGIN; a note, a wish, its KEPT */
}

/* ── another key ──────────────────────────────────────────────────────────────────────────────────── */

static struct journal_place read_with(const struct seal_key *key, enum journal_state expected)
{
    struct journal *j = journal_new(m.dir, m.path, key);
    struct journal_place at = {0};
    bool absent;
    assert_ok(journal_lock(j, &absent, &e), &e);
    assert_int_equal(journal_read(j, &at, NULL, NULL, &e), expected);
    journal_free(&j);
    return at;
}

static void another_key_keeps_the_chain(void **state)
{
    struct machine other;
    machine_new(&other);
    three_notes();
    outbox_close(&o);
    struct journal_place before = read_with(m.key, JOURNAL_WHOLE);
    assert_ok(journal_reseal(m.dir, m.key, other.key, &e), &e);
    struct journal_place after = read_with(other.key, JOURNAL_WHOLE);
    assert_memory_equal(&before, &after, sizeof(before));
    read_with(m.key, JOURNAL_BAD);
    assert_ok(journal_reseal(m.dir, m.key, other.key, &e), &e); /* again: nothing to do */
    read_with(other.key, JOURNAL_WHOLE);
    machine_free(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_change_is_in_it_and_is_kept),
        TEST(what_was_refused_leaves_no_trace),
        TEST(a_torn_tail_is_cut),
        TEST(a_changed_entry_is_named),
        TEST(entries_that_are_missing_are_seen),
        TEST(a_broken_one_is_kept_aside_and_goes_on),
        TEST(several_processes_make_one_chain),
        TEST(another_key_keeps_the_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

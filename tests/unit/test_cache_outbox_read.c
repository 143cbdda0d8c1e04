/* What lists, marks and places show of the wishes, and what the files do not.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_room.h"

#include <stdio.h>
#include <string.h>

static size_t listed(unsigned which)
{
    struct command *rows = NULL;
    size_t n = 0;
    assert_ok(outbox_list(o, which, &arena, &rows, &n, &e), &e);
    return n;
}

static void counts_are(int64_t unsent, int64_t stuck)
{
    int64_t is_unsent = -1, is_stuck = -1;
    outbox_counts(o, &is_unsent, &is_stuck);
    assert_int_equal(is_unsent, unsent);
    assert_int_equal(is_stuck, stuck);
}

static void nothing_personal_stands_in_the_files(void **state)
{
    static const char *const parts[] = {"Nguy", "000.25.33", "note", "version"};
    static const char *const files[] = {"outbox.db", "outbox.db-wal"};
    struct wish w = wish_on("d-1");
    char key[UUID_TEXT];
    bool taken_away;
    w.hold = false;
    enqueue(o, &w, key);
    assert_ok(outbox_no_answer(o, key, false, 0, "{\"note\":\"Nguyễn\"}", &taken_away, &e), &e);
    assert_ok(outbox_keep(o, "draft", "{\"name\":\"Nguyễn\"}", true, &e), &e);
    size_t seen = 0;
    for (size_t f = 0; f < 2; f++) {
        char *path = mem_format("%s/%s", m.path, files[f]);
        FILE *file = fopen(path, "r");
        struct buf all = {0};
        char part[4096];
        assert_non_null(file);
        for (size_t n; (n = fread(part, 1, sizeof(part), file)) > 0;)
            buf_add(&all, part, n);
        fclose(file);
        for (size_t p = 0; p < 4; p++)
            assert_null(memmem(all.data, all.len, parts[p], strlen(parts[p])));
        seen += memmem(all.data, all.len, key, 36) != NULL; /* it is this file that holds the row */
        buf_clear(&all);
        mem_free(&path);
    }
    assert_true(seen > 0);
}

/* ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_mark_is_that_of_the_worst(void **state)
{
    static const struct {
        enum sync_mark mark;
        const char *text;
    } texts[] = {{MARK_NONE, " "},    {MARK_HELD, "~"},     {MARK_DUE, "↑"},    {MARK_SENDING, "»"},
                 {MARK_UNKNOWN, "?"}, {MARK_CONFLICT, "≠"}, {MARK_REFUSED, "×"}};
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(sync_mark_text(texts[i].mark), texts[i].text);
    struct wish w = wish_on("d-1");
    char keys[4][UUID_TEXT];
    bool taken_away;
    assert_int_equal(outbox_mark(o, "d-1"), MARK_NONE);
    for (size_t i = 0; i < 4; i++)
        enqueue(o, &w, keys[i]);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_HELD);
    assert_ok(outbox_retry(o, keys[0], &e), &e);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_DUE);
    assert_ok(outbox_sending(o, keys[0], &e), &e);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_SENDING);
    assert_ok(outbox_no_answer(o, keys[0], true, 0, NULL, &taken_away, &e), &e);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_UNKNOWN);
    assert_ok(outbox_failed(o, keys[0], COMMAND_REFUSED, "{}", NULL, T0, &e), &e);
    assert_int_equal(outbox_mark(o, "d-1"), MARK_REFUSED);
    assert_int_equal(outbox_mark(o, "d-2"), MARK_NONE);
    counts_are(0, 4);
}

static void the_troubled_come_once_each(void **state)
{
    struct wish w[4] = {wish_on("d-1"), wish_on("d-2"), wish_on("d-2"), wish_on("d-3")};
    char keys[4][UUID_TEXT];
    bool taken_away;
    assert_null(outbox_troubled(o)[0]);
    w[3].hold = false;
    assert_ok(outbox_enqueue(o, w, 4, keys, &e), &e);
    assert_null(outbox_troubled(o)[0]);
    assert_ok(outbox_failed(o, keys[1], COMMAND_CONFLICT, "{}", NULL, T0, &e), &e); /* and the one behind it */
    assert_ok(outbox_no_answer(o, keys[3], true, 0, NULL, &taken_away, &e), &e);
    const char *const *troubled = outbox_troubled(o);
    assert_string_equal(troubled[0], "d-3");
    assert_string_equal(troubled[1], "d-2");
    assert_null(troubled[2]);
}

static void marks_of_many_dossiers_are_found(void **state)
{
    enum { N = 500 };
    struct wish w[N];
    char targets[N][16], keys[N][UUID_TEXT];
    for (int i = 0; i < N; i++) {
        snprintf(targets[i], sizeof(targets[i]), "d-%d", i);
        w[i] = wish_on(targets[i]);
    }
    assert_ok(outbox_enqueue(o, w, N, keys, &e), &e);
    for (int i = 0; i < N; i++)
        assert_int_equal(outbox_mark(o, targets[i]), MARK_HELD);
    assert_int_equal(outbox_mark(o, "d-500"), MARK_NONE);
    counts_are(N, 0);
}

static void lists_are_newest_first_and_filtered(void **state)
{
    struct wish w = wish_on("d-1"), other = wish_on("d-2");
    char keys[4][UUID_TEXT];
    struct command *rows;
    size_t n;
    for (size_t i = 0; i < 3; i++)
        enqueue(o, &w, keys[i]);
    enqueue(o, &other, keys[3]);
    assert_ok(outbox_done(o, keys[0], "\"4\"", NULL, T0 + 5, &e), &e);
    assert_ok(outbox_drop(o, keys[3], T0 + 5, &e), &e);
    assert_ok(outbox_list(o, 0, &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_string_equal(rows[0].key, keys[2]);
    assert_string_equal(rows[1].key, keys[1]);
    assert_int_equal(listed(1u << COMMAND_DROPPED), 1);
    assert_int_equal(listed(1u << COMMAND_DONE | 1u << COMMAND_DROPPED), 2);
    assert_ok(outbox_waiting_on(o, "d-1", &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_string_equal(rows[0].key, keys[1]); /* oldest first */
    assert_ok(outbox_waiting_on(o, "d-2", &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 0);
    assert_int_equal(outbox_done_today(o, T0), 1);
    assert_int_equal(outbox_done_today(o, T0 + 6), 0);
}

/* ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void places_are_kept(void **state)
{
    assert_null(outbox_kept(o, "focus:mine"));
    for (int sealed = 0; sealed < 2; sealed++) {
        assert_ok(outbox_keep(o, "focus:mine", "{\"id\":\"d-1\"}", sealed, &e), &e);
        outbox_close(&o);
        o = machine_outbox(&m);
        char *kept = outbox_kept(o, "focus:mine");
        assert_non_null(kept);
        assert_string_equal(kept, "{\"id\":\"d-1\"}");
        mem_free(&kept);
        assert_ok(outbox_keep(o, "focus:mine", NULL, sealed, &e), &e);
        assert_null(outbox_kept(o, "focus:mine"));
    }
}

static void a_place_is_no_change_of_wishes(void **state)
{
    outbox_take_changes(o);
    assert_ok(outbox_keep(o, "sort", "due", false, &e), &e);
    assert_false(outbox_take_changes(o));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_personal_stands_in_the_files), TEST(the_mark_is_that_of_the_worst),
        TEST(the_troubled_come_once_each),          TEST(marks_of_many_dossiers_are_found),
        TEST(lists_are_newest_first_and_filtered),  TEST(places_are_kept),
        TEST(a_place_is_no_change_of_wishes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Codes in reserve: each on one receipt, none of another day, none after a copy of the file that may have given it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/numbers.h"
#include "cache/wish.h"
#include "core/codec.h"
#include "tests/unit/cache_journal.h"
#include "tests/unit/cache_room.h"

#include <string.h>

#define UNIT     "H06.33.26"
#define MIDNIGHT (T0 + 14 * 3600 + 18 * 60) /* T0 is 09:42 */

static void keep_at(int64_t now, int64_t until, const char *const *codes, size_t n)
{
    const struct number_block block = {.codes = {(const char **)codes, n}, .expires_at = until};
    assert_ok(numbers_keep(o, UNIT, &block, now, &e), &e);
}

static void keep(void)
{
    static const char *const codes[] = {"c-1", "c-2", "c-3"};
    keep_at(T0, MIDNIGHT, codes, 3);
}

static void next_is(int64_t now, const char *code)
{
    const char *found = NULL;
    if (!code) {
        assert_err(numbers_next(o, UNIT, now, &arena, &found, &e), &e, ERR_NOT_FOUND);
        return;
    }
    assert_ok(numbers_next(o, UNIT, now, &arena, &found, &e), &e);
    assert_string_equal(found, code);
}

static bool take_in(const char *code, int64_t received_at, char key[static UUID_TEXT])
{
    struct applicant who;
    struct new_dossier n;
    codec_absent(&shape_applicant, &who);
    codec_absent(&shape_new_dossier, &n);
    who.kind = "person";
    who.name = "Lê Văn Tám";
    n.procedure = "tt-1";
    n.channel = "counter";
    n.unit = UNIT;
    n.applicant = &who;
    n.code = code;
    n.client_ref = "QUAY02-MAI-291222-001";
    n.received_at = received_at;
    return wish_create(o, &n, NULL, received_at, key, &e);
}

static void given(const char *code, int64_t at)
{
    char key[UUID_TEXT];
    assert_ok(take_in(code, at, key), &e);
}

static void state_is(int64_t now, int64_t left, int64_t given, const char *last)
{
    struct numbers_state s;
    assert_ok(numbers_state(o, UNIT, now, &arena, &s, &e), &e);
    assert_int_equal(s.left, left);
    assert_int_equal(s.given, given);
    if (last)
        assert_string_equal(s.last, last);
    else
        assert_null(s.last);
}

static void they_are_given_in_their_order_each_once(void **state)
{
    char key[UUID_TEXT];
    struct command c;
    next_is(T0, NULL);
    keep();
    state_is(T0, 3, 0, NULL);
    next_is(T0, "c-1");
    next_is(T0, "c-1"); /* looking gives nothing away */
    assert_ok(take_in("c-1", T0 + 60, key), &e);
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    assert_string_equal(c.code, "c-1");
    assert_non_null(strstr(c.body, "\"code\":\"c-1\""));
    assert_non_null(strstr(c.body, "\"received_at\":\"2022-12-29T09:43:00+07:00\""));
    next_is(T0 + 60, "c-2");
    assert_err(take_in("c-1", T0 + 61, key), &e, ERR_CONFLICT);
    assert_err(take_in("c-9", T0 + 61, key), &e, ERR_CONFLICT); /* nobody has reserved that one */
    given("c-2", T0 + 70);
    state_is(T0 + 80, 1, 2, "c-2");
    given("c-3", T0 + 90);
    next_is(T0 + 90, NULL);
    state_is(T0 + 99, 0, 3, "c-3");
    outbox_close(&o);
    o = machine_outbox(&m);
    next_is(T0 + 99, NULL);
    state_is(T0 + 99, 0, 3, "c-3");
}

static void one_of_yesterday_is_never_given_and_one_that_was_given_is_still_sent(void **state)
{
    char key[UUID_TEXT];
    struct command c;
    static const char *const today[] = {"d-1"};
    keep();
    assert_ok(take_in("c-1", MIDNIGHT - 1, key), &e);
    next_is(MIDNIGHT - 1, "c-2");
    next_is(MIDNIGHT, NULL);
    next_is(T0 - 1, NULL); /* nor before it was reserved */
    char other[UUID_TEXT];
    assert_err(take_in("c-2", MIDNIGHT, other), &e, ERR_CONFLICT);
    keep_at(MIDNIGHT + 8 * 3600, MIDNIGHT + 86400, today, 1);
    next_is(MIDNIGHT + 8 * 3600, "d-1");
    state_is(MIDNIGHT + 8 * 3600, 1, 0, NULL);
    int64_t wake;
    assert_ok(outbox_next(o, false, &arena, &c, &wake, &e), &e);
    assert_string_equal(c.key, key);
    assert_non_null(strstr(c.body, "\"code\":\"c-1\""));
}

static void a_unit_has_its_own(void **state)
{
    const char *found;
    keep();
    assert_err(numbers_next(o, "H06.33.27", T0, &arena, &found, &e), &e, ERR_NOT_FOUND);
}

static void a_wish_that_was_not_saved_gives_nothing_away(void **state)
{
    char keys[2][UUID_TEXT];
    keep();
    struct wish one = wish_on(NULL), two = wish_on(NULL);
    one.number = two.number = "c-1";
    one.number_unit = two.number_unit = UNIT;
    one.number_at = two.number_at = T0;
    const struct wish both[] = {one, two};
    assert_err(outbox_enqueue(o, both, 2, keys, &e), &e, ERR_CONFLICT);
    next_is(T0, "c-1");
    state_is(T0, 3, 0, NULL);
}

static void two_screens_give_two_codes(void **state)
{
    char key[UUID_TEXT];
    struct outbox *mine = o, *other = machine_outbox(&m);
    keep();
    next_is(T0, "c-1");
    o = other;
    next_is(T0, "c-1");
    given("c-1", T0);
    o = mine;
    assert_err(take_in("c-1", T0, key), &e, ERR_CONFLICT);
    next_is(T0, "c-2");
    outbox_close(&other);
}

static void after_an_older_copy_none_is_given_that_it_may_have_given(void **state)
{
    keep();
    struct buf copy = journal_copy_outbox(&m, &o);
    given("c-1", T0);
    journal_put_back(&m, &o, &copy);
    assert_true(outbox_restored(o));
    next_is(T0, NULL);
    journal_lose_outbox(&m, &o);
    o = machine_outbox(&m);
    next_is(T0, NULL);
}

static void an_older_copy_after_which_nothing_was_done_has_them_still(void **state)
{
    keep();
    struct buf copy = journal_copy_outbox(&m, &o);
    assert_ok(outbox_note(o, JOURNAL_SIGN_IN, NULL, NULL, &e), &e);
    journal_put_back(&m, &o, &copy);
    assert_false(outbox_restored(o));
    next_is(T0, "c-1");
}

static void they_lie_sealed_and_go_when_their_day_is_over(void **state)
{
    static const char *const files[] = {"outbox.db", "outbox.db-wal"};
    static const char *const codes[] = {"000.25.33.H06-221229-0030"};
    char key[UUID_TEXT];
    keep_at(T0, MIDNIGHT, codes, 1);
    for (size_t i = 0; i < 2; i++) {
        struct buf bytes = journal_bytes(&m, files[i]);
        assert_null(memmem(bytes.data, bytes.len, "221229-0030", 11));
        buf_clear(&bytes);
    }
    journal_act_on(o, "d-1", key);
    assert_ok(outbox_done(o, key, "\"4\"", NULL, T0 + 3 * 86400, &e), &e);
    next_is(T0, NULL); /* whatever the clock says: they are gone */
}

#define ROOM(f) cmocka_unit_test_setup_teardown(f, room_enter, room_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(they_are_given_in_their_order_each_once),
        ROOM(one_of_yesterday_is_never_given_and_one_that_was_given_is_still_sent),
        ROOM(a_unit_has_its_own),
        ROOM(a_wish_that_was_not_saved_gives_nothing_away),
        ROOM(two_screens_give_two_codes),
        ROOM(after_an_older_copy_none_is_given_that_it_may_have_given),
        ROOM(an_older_copy_after_which_nothing_was_done_has_them_still),
        ROOM(they_lie_sealed_and_go_when_their_day_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

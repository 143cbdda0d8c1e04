/* From what was taken down to a createDossier in the outbox, and the numbers of our own that stand for its code.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"

#include "cache/numbers.h"
#include "cache/wish.h"

#include <string.h>

static struct feed f;
static struct outbox *o;
static struct arena arena;
static struct err e;

static int set_up(void **state)
{
    feed_new(&f);
    o = machine_outbox(&f.machine);
    e = (struct err){0};
    return 0;
}

static int tear_down(void **state)
{
    outbox_close(&o);
    arena_clear(&arena);
    feed_free(&f);
    return 0;
}

static struct applicant applicant = {
    .kind = "person", .name = "Phạm Thị Diễm Hương", .id_number = "077191007731", .birth_date = DAY_NONE};

static struct new_dossier sample(void)
{
    struct new_dossier n;

    codec_absent(&shape_new_dossier, &n);
    n.procedure = "1.001193";
    n.channel = "counter";
    n.unit = "u-1";
    n.applicant = &applicant;
    n.received_at = T0;
    return n;
}

static struct command row(const char *key)
{
    struct command c;

    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    return c;
}

static void a_new_dossier_becomes_the_contracts_request(void **state)
{
    struct new_dossier n = sample(), back;
    char key[UUID_TEXT];

    n.client_ref = "QUAY02-MAI-291222-001";
    assert_ok(wish_create(o, &n, NULL, T0, key, &e), &e);
    struct command c = row(key);
    assert_string_equal(c.method, "POST");
    assert_string_equal(c.path, "/dossiers");
    assert_string_equal(c.action, "create");
    assert_string_equal(c.target, key); /* until the server has given it an id */
    assert_string_equal(c.code, "QUAY02-MAI-291222-001");
    assert_string_equal(c.name, "Phạm Thị Diễm Hương");
    assert_null(c.if_match);
    assert_int_equal(c.state, COMMAND_DUE); /* the citizen waits */
    assert_false(c.online_only);
    assert_ok(codec_read(&shape_new_dossier, c.body, c.body_len, &arena, &back, NULL, &e), &e);
    assert_string_equal(back.procedure, "1.001193");
    assert_string_equal(back.applicant->id_number, "077191007731");
    assert_true(back.received_at == T0);
}

static void a_code_of_its_own_stands_first(void **state)
{
    struct new_dossier n = sample();
    char key[UUID_TEXT];

    n.client_ref = "QUAY02-MAI-291222-001";
    n.code = "000.25.33.H06-221229-0030";
    assert_err(wish_create(o, &n, NULL, T0, key, &e), &e, ERR_CONFLICT); /* it is in nobody's reserve */
    assert_ok(numbers_keep(o, n.unit, &(struct number_block){{&n.code, 1}, T0 + 3600}, T0, &e), &e);
    assert_ok(wish_create(o, &n, NULL, T0, key, &e), &e);
    assert_string_equal(row(key).code, "000.25.33.H06-221229-0030");
}

static void what_lacks_what_is_required_is_not_saved(void **state)
{
    struct new_dossier n = sample();
    struct applicant nobody = applicant, bytes = applicant;
    struct command *rows;
    char key[UUID_TEXT];
    size_t count;

    nobody.name = "  ";
    bytes.address = "x\xff";
    n.applicant = &nobody;
    assert_err(wish_create(o, &n, NULL, T0, key, &e), &e, ERR_INPUT);
    n.applicant = &applicant;
    n.submitted_by = &nobody;
    assert_err(wish_create(o, &n, NULL, T0, key, &e), &e, ERR_INPUT);
    n.submitted_by = &bytes;
    assert_err(wish_create(o, &n, NULL, T0, key, &e), &e, ERR_INPUT);
    n.submitted_by = NULL;
    n.unit = NULL;
    assert_err(wish_create(o, &n, NULL, T0, key, &e), &e, ERR_INPUT);
    assert_ok(outbox_list(o, ~0u, &arena, &rows, &count, &e), &e);
    assert_int_equal(count, 0);
}

static const char *next_ref(int64_t now)
{
    const char *ref;

    assert_ok(wish_client_ref(o, "quay-02", "mai", now, 7 * 3600, &arena, &ref, &e), &e);
    return ref;
}

/* Asked for alone it is not given yet; saved, dropped or done it is. */
static void a_number_of_our_own_is_never_given_twice(void **state)
{
    struct new_dossier n = sample();
    char key[3][UUID_TEXT];
    const char *first = next_ref(T0);

    assert_true(strncmp(first, "QUAY02-MAI-", 11) == 0);
    assert_string_equal(first + strlen(first) - 4, "-001");
    assert_string_equal(next_ref(T0), first);
    for (int i = 0; i < 3; i++) {
        n.client_ref = next_ref(T0);
        assert_int_equal(n.client_ref[strlen(n.client_ref) - 1], '1' + i);
        assert_ok(wish_create(o, &n, NULL, T0, key[i], &e), &e);
    }
    assert_ok(outbox_drop(o, key[2], T0, &e), &e);
    assert_ok(outbox_sending(o, key[0], &e), &e);
    assert_ok(outbox_done(o, key[0], "\"1\"", "/api/v1/dossiers/hs-1", T0, &e), &e);
    assert_string_equal(next_ref(T0) + strlen(first) - 4, "-004");
    assert_string_equal(next_ref(T0 + 86400) + strlen(first) - 4, "-001"); /* of another day */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_dossier_becomes_the_contracts_request),
        TEST(a_code_of_its_own_stands_first),
        TEST(what_lacks_what_is_required_is_not_saved),
        TEST(a_number_of_our_own_is_never_given_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

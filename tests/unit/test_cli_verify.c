/* A decision is checked long after: from what is kept here without a line, from a file, with and without who vouches for the signer; and
 * what was changed, exchanged or signed by nobody's officer is not called good.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bureau.h"
#include "tests/unit/cli_office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct archive {
    struct office o;
    char *keys, *ca, *id, *other; /* two dossiers with a decision */
};

static int set_up(void **state)
{
    struct archive *a = calloc(1, sizeof *a);

    a->keys = home_new();
    office_open(&a->o, ARGS("--dossiers", "300", "--keys", a->keys));
    a->ca = text_new("%s/ca.cert.pem", a->o.server->keys);
    *state = a;
    return 0;
}

static int tear_down(void **state)
{
    struct archive *a = *state;

    office_close(&a->o);
    home_free(&a->keys);
    free(a->ca);
    free(a->id);
    free(a->other);
    free(a);
    return 0;
}

/* Signed in as the district's supervisor, with two decisions; false: this machine keeps no session. */
static bool begin(struct archive *a)
{
    if (!office_sign_in(&a->o, "quan"))
        return false;
    office_expect(&a->o, 0, "sync", "--once");
    office_expect(&a->o, 0, "list", "--json");
    json_t *list = office_json(&a->o), *d;
    size_t i;
    json_array_foreach(list, i, d)
    {
        char **to = a->id ? &a->other : &a->id;
        if (!*to && json_object_get(d, "decision"))
            *to = text_new("%s", json_string_value(json_object_get(d, "id")));
    }
    json_decref(list);
    assert_non_null(a->other);
    return true;
}

static json_t *shown(struct archive *a, const char *id)
{
    office_expect(&a->o, 0, "show", id, "--json");
    return office_json(&a->o);
}

static char *saved(struct archive *a, json_t *json)
{
    char *path = text_new("%s/export.json", a->keys);

    assert_int_equal(json_dump_file(json, path, 0), 0);
    json_decref(json);
    return path;
}

static void a_kept_decision_is_good_without_a_line(void **state)
{
    struct archive *a = *state;

    if (!begin(a))
        skip();
    server_stop(a->o.server);
    office_expect(&a->o, 0, "verify", a->id);
    expect_in(a->o.run.out, "onestop/decision/1");
    expect_in(a->o.run.out, "Chữ ký đúng");
    expect_in(a->o.run.out, "CHƯA kiểm");
    expect_in(a->o.run.out, "Không có dấu thời gian");
    office_expect(&a->o, 0, "verify", a->id, "--ca", a->ca, "--json");
    json_t *proof = office_json(&a->o);
    assert_true(json_is_true(json_object_get(proof, "trusted")));
    assert_string_equal(json_string_value(json_object_get(json_object_get(proof, "statement"), "dossier")),
                        a->id);
    assert_non_null(json_string_value(json_object_get(proof, "signed_at")));
    assert_int_equal(strlen(json_string_value(json_object_get(json_object_get(proof, "signer"), "sha256"))), 64);
    json_decref(proof);
}

static void an_exported_one_needs_nobody_to_be_signed_in(void **state)
{
    struct archive *a = *state;

    if (!begin(a))
        skip();
    json_t *d = shown(a, a->id), *signature = json_object_get(json_object_get(d, "decision"), "signature");
    char *alone = saved(a, json_deep_copy(signature));
    office_expect(&a->o, 0, "logout");
    office_expect(&a->o, 0, "verify", alone, "--ca", a->ca);
    expect_in(a->o.run.out, "--ca");
    free(alone);
    char *whole = saved(a, d);
    office_expect(&a->o, 0, "verify", whole, "--ca", a->ca);
    free(whole);
}

static void what_was_changed_or_exchanged_is_not_good(void **state)
{
    struct archive *a = *state;

    if (!begin(a))
        skip();
    json_t *d = shown(a, a->id), *decision = json_object_get(d, "decision"), *other = shown(a, a->other);
    json_t *signature = json_incref(json_object_get(decision, "signature")),
           *others = json_object_get(json_object_get(other, "decision"), "signature");

    /* the statement of one under the signature of the other */
    char *path = saved(a, json_pack("{s:O, s:O}", "statement", json_object_get(signature, "statement"), "cms",
                                    json_object_get(others, "cms")));
    office_expect(&a->o, 1, "verify", path);
    expect_in(a->o.run.err, "CHỮ KÝ KHÔNG ĐÚNG");
    free(path);

    /* a good signature, under another dossier */
    json_object_set(decision, "signature", others);
    path = saved(a, json_deep_copy(d));
    office_expect(&a->o, 1, "verify", path);
    expect_in(a->o.run.err, "CHỮ KÝ CỦA QUYẾT ĐỊNH KHÁC");
    free(path);

    json_object_set_new(signature, "cms", json_string("AAAA"));
    path = saved(a, signature);
    office_expect(&a->o, 1, "verify", path);
    expect_in(a->o.run.err, "không phải chữ ký");
    free(path);
    json_decref(d);
    json_decref(other);
}

static void somebody_has_to_vouch_for_the_signer(void **state)
{
    struct archive *a = *state;
    char *strange = text_new("%s/quan.cert.pem", a->o.server->keys), *none = text_new("%s/none.pem", a->keys);

    if (!begin(a))
        skip();
    office_expect(&a->o, 1, "verify", a->id, "--ca", none);
    expect_in(a->o.run.err, "--ca");
    json_t *d = shown(a, a->id);
    bool own = strcmp(json_string_value(json_object_get(json_object_get(d, "decision"), "by")), "quan") == 0;
    json_decref(d);
    if (!own) {
        office_expect(&a->o, 1, "verify", a->id, "--ca", strange);
        expect_in(a->o.run.err, "Không nơi nào được tin");
    }
    office_expect(&a->o, 1, "verify", "no-such-dossier");
    free(strange);
    free(none);
}

/* Not the signer's own clock alone says when; and a time-stamp of another signature is worth less than none. */
static void a_time_stamp_is_checked_and_told(void **state)
{
    struct archive *a = *state;

    if (!begin(a))
        skip();
    struct bureau *b = bureau_new();
    char *signers = file_text(a->ca), *authority = file_text(b->certificate),
         *both = text_new("%s%s", signers, authority), *ca = bureau_file(b, "both.pem");
    FILE *file = fopen(ca, "w");
    assert_true(fputs(both, file) >= 0);
    assert_int_equal(fclose(file), 0);
    json_t *d = shown(a, a->id), *other = shown(a, a->other);
    json_t *signature = json_object_get(json_object_get(d, "decision"), "signature");
    const char *cms = json_string_value(json_object_get(signature, "cms")),
               *others = json_string_value(
                   json_object_get(json_object_get(json_object_get(other, "decision"), "signature"), "cms"));
    char *good = bureau_stamp_text(b, cms, cms), *bad = bureau_stamp_text(b, cms, others);

    json_object_set_new(signature, "cms", json_string(good));
    char *path = saved(a, json_deep_copy(d));
    office_expect(&a->o, 0, "verify", path, "--ca", ca);
    expect_in(a->o.run.out, "Dấu thời gian: ");
    expect_in(a->o.run.out, BUREAU_NAME);
    expect_in(a->o.run.out, "Một nơi cấp trong --ca bảo đảm cho nơi đóng dấu này.");
    office_expect(&a->o, 0, "verify", path, "--json");
    json_t *proof = office_json(&a->o), *stamp = json_object_get(proof, "time_stamp");
    assert_string_equal(json_string_value(json_object_get(stamp, "by")), BUREAU_NAME);
    assert_true(json_is_false(json_object_get(stamp, "trusted")));
    json_decref(proof);
    free(path);

    json_object_set_new(signature, "cms", json_string(bad));
    path = saved(a, d);
    office_expect(&a->o, 1, "verify", path);
    expect_in(a->o.run.err, "DẤU THỜI GIAN KHÔNG ĐÚNG");
    json_decref(other);
    bureau_free(&b);
    char *all[] = {signers, authority, both, ca, good, bad, path};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_kept_decision_is_good_without_a_line),    TEST(an_exported_one_needs_nobody_to_be_signed_in),
        TEST(what_was_changed_or_exchanged_is_not_good), TEST(somebody_has_to_vouch_for_the_signer),
        TEST(a_time_stamp_is_checked_and_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The codec's other direction: what is written is what was read, a copy is whole, and what is absent is left out; ids and base64.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"
#include "tests/unit/core_fixtures.h"

#include "core/instant.h"

#include <stdlib.h>
#include <string.h>

/* ── struct → JSON, struct → struct ──────────────────────────────────────────────────────────────────────────────── */

static void there_and_back(const struct fixture *f)
{
    struct arena a = {0}, b = {0};
    json_t *keep = NULL;
    void *value = calloc(1, f->size), *copy = calloc(1, f->size);
    struct err e = {0};
    if (!codec_read(f->shape, f->json, strlen(f->json), &a, value, &keep, &e))
        fail_msg("%s: %s", f->name, e.text);
    size_t len;
    char *text = codec_write(f->shape, value, FIXTURE_OFFSET, &len);
    assert_string_equal(text, f->json);
    assert_int_equal(len, strlen(f->json));
    free(text);

    codec_copy(f->shape, value, &b, copy);
    memset(value, 0xAA, f->size);
    json_decref(keep);
    arena_clear(&a); /* wipes: nothing in the copy may lead there */
    text = codec_write(f->shape, copy, FIXTURE_OFFSET, &len);
    assert_string_equal(text, f->json);
    free(text);
    arena_clear(&b);
    free(value);
    free(copy);
}

static void every_shape_is_written_as_it_was_read_and_copied_whole(void **state)
{
    struct fixture small = {"small dossier", &shape_dossier, sizeof(struct dossier), "", fixture_dossier_small};
    there_and_back(&small);
    for (size_t i = 0; i < n_fixtures; i++)
        there_and_back(&fixtures[i]);
}

static void every_member_alone_can_be_absent(void **state)
{
    for (size_t i = 0; i < n_fixtures; i++) {
        const struct fixture *f = &fixtures[i];
        json_t *whole = fixture_json(f->json), *value;
        const char *name;
        json_object_foreach(whole, name, value)
        {
            if (fixture_requires(f, name))
                continue;
            json_t *without = json_copy(whole);
            json_object_del(without, name);
            struct arena a = {0};
            void *out = calloc(1, f->size);
            assert_true(codec_decode(f->shape, without, &a, out, NULL));
            json_t *again = codec_encode(f->shape, out, FIXTURE_OFFSET);
            if (!json_equal(again, without))
                fail_msg("%s without %s", f->name, name);
            json_decref(again);
            json_decref(without);
            arena_clear(&a);
            free(out);
        }
        json_decref(whole);
    }
}

static void what_is_at_its_default_is_left_out(void **state)
{
    struct new_dossier n;
    struct applicant who;
    codec_absent(&shape_applicant, &who);
    codec_absent(&shape_new_dossier, &n);
    who.kind = "person";
    who.name = "Đặng Thị Lụa";
    n.procedure = "tt-1";
    n.applicant = &who;
    n.channel = "counter";
    n.unit = "u";
    size_t len;
    char *text = codec_write(&shape_new_dossier, &n, FIXTURE_OFFSET, &len);
    assert_string_equal(text, "{\"procedure\":\"tt-1\",\"applicant\":{\"kind\":\"person\",\"name\":\"Đặng Thị Lụa\"},"
                              "\"channel\":\"counter\",\"unit\":\"u\"}");
    free(text);

    struct fee fee = {.name = "", .paid_at = INSTANT_NONE};
    text = codec_write(&shape_fee, &fee, 0, &len);
    assert_string_equal(text, "{\"name\":\"\",\"amount\":0,\"paid\":0}");
    free(text);
    struct event_page page = {0};
    text = codec_write(&shape_event_page, &page, 0, &len);
    assert_string_equal(text, "{\"items\":[],\"more\":false}");
    free(text);
}

static void texts_are_written_so_that_they_are_read_as_they_were(void **state)
{
    struct unit unit;
    codec_absent(&shape_unit, &unit);
    unit.id = "u";
    unit.level = "commune";
    unit.name = "\" \\ / \b\f\n\r\t \x01\x1f\x7f đ \xF0\x9F\x98\x80 \xE2\x80\xA8";
    size_t len;
    char *text = codec_write(&shape_unit, &unit, 0, &len);
    struct arena a = {0};
    struct unit again;
    assert_true(codec_read(&shape_unit, text, len, &a, &again, NULL, NULL));
    assert_string_equal(again.name, unit.name);
    for (size_t i = 0; i < len; i++)
        assert_true((unsigned char)text[i] >= 0x20);
    free(text);
    arena_clear(&a);
}

static void times_are_written_where_the_office_is(void **state)
{
    struct event event;
    codec_absent(&shape_event, &event);
    event.seq = 1;
    event.at = 1672281720;
    event.action = "create";
    size_t len;
    char *here = codec_write(&shape_event, &event, 7 * 3600, &len);
    char *utc = codec_write(&shape_event, &event, 0, &len);
    assert_string_equal(here, "{\"seq\":1,\"at\":\"2022-12-29T09:42:00+07:00\",\"action\":\"create\"}");
    assert_string_equal(utc, "{\"seq\":1,\"at\":\"2022-12-29T02:42:00Z\",\"action\":\"create\"}");
    free(here);
    free(utc);
}

static void json_members_live_as_long_as_who_keeps_them(void **state)
{
    struct arena a = {0}, b = {0};
    struct dossier d, copy;
    json_t *keep = NULL;
    size_t len = strlen(fixture_dossier);
    assert_true(codec_read(&shape_dossier, fixture_dossier, len, &a, &d, NULL, NULL));
    assert_null(d.form); /* nobody keeps it */
    assert_true(codec_read(&shape_dossier, fixture_dossier, len, &a, &d, &keep, NULL));
    assert_string_equal(json_string_value(json_object_get(d.form, "cha")), "Trần Văn Hòa");
    codec_copy(&shape_dossier, &d, &b, &copy);
    codec_keep(&a, keep);
    codec_keep(&a, NULL);
    arena_clear(&a);
    assert_string_equal(json_string_value(json_object_get(copy.form, "cha")), "Trần Văn Hòa");
    arena_clear(&b); /* LeakSanitizer sees whether it let go */
}

/* ── ids and base64 ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void ids_are_what_the_contract_says(void **state)
{
    char longest[66];
    memset(longest, 'a', 65);
    longest[65] = '\0';
    assert_false(id_valid(longest));
    longest[64] = '\0';
    assert_true(id_valid(longest));
    static const char *const good[] = {"a", "Z", "0", "hs-000041", "H06.33.26", "a~b_c.-"};
    static const char *const odd[] = {"",    ".",    "..", "-a",  "_a", "~a", "a/b",
                                      "a b", "a%2f", "đ",  "a\n", "a?", "a:"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(id_valid(good[i]));
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        if (id_valid(odd[i]))
            fail_msg("taken: %s", odd[i]);
    assert_false(id_valid(NULL));
}

static void base64_is_as_in_the_rfc(void **state)
{
    static const char *const pairs[][2] = {/* RFC 4648, section 10 */
                                           {"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char *text = base64_encode(pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(text, pairs[i][1]);
        struct buf out = {0};
        buf_text(&out, ">");
        assert_true(base64_decode(text, &out));
        assert_string_equal(out.data + 1, pairs[i][0]);
        buf_clear(&out);
        free(text);
    }
    unsigned char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    for (size_t n = 0; n <= 256; n++) {
        char *text = base64_encode(all, n);
        struct buf out = {0};
        assert_true(base64_decode(text, &out));
        assert_int_equal(out.len, n);
        assert_memory_equal(out.data, all, n);
        buf_clear(&out);
        free(text);
    }
}

static void base64_of_another_form_is_refused(void **state)
{
    static const char *const odd[] = {"Z",    "Zg",   "Zg=",      "Zh==",   "Zm9=",       "=",
                                      "====", "Z===", "Zg==Zg==", "Zm9v\n", "Zm9v\nZm9v", " Zm9",
                                      "Zm-v", "Zm_v", "Zm9v=",    "Zg=v",   "đđ"};
    struct buf out = {0};
    buf_text(&out, "before");
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        if (base64_decode(odd[i], &out))
            fail_msg("taken: %s", odd[i]);
        assert_string_equal(out.data, "before");
    }
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_is_written_as_it_was_read_and_copied_whole),
        cmocka_unit_test(every_member_alone_can_be_absent),
        cmocka_unit_test(what_is_at_its_default_is_left_out),
        cmocka_unit_test(texts_are_written_so_that_they_are_read_as_they_were),
        cmocka_unit_test(times_are_written_where_the_office_is),
        cmocka_unit_test(json_members_live_as_long_as_who_keeps_them),
        cmocka_unit_test(ids_are_what_the_contract_says),
        cmocka_unit_test(base64_is_as_in_the_rfc),
        cmocka_unit_test(base64_of_another_form_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Pages of the feed: where entries lie, what breaks a page, and what is only one entry's own trouble.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"
#include "tests/unit/core_fixtures.h"

#include "core/json_split.h"

#include <stdlib.h>
#include <string.h>

static const char page_text[] =
    " {\"changes\" : [ {\"type\":\"unit\",\"id\":\"u1\",\"version\":1,\"data\":{\"id\":\"u1\",\"x\":[-0.5e-3,[],{}]}} ,\n"
    "{\"version\":9007199254740991,\"removed\":true,\"id\":\"hs-1\",\"type\":\"dossier\"},\r\n\t5, \"Đặng \\u0110\\ud83d\\ude00\"],"
    "\"later\":{\"cursor\":\"no\",\"more\":[null]},\"cursor\":\"c\\/\\u0061\\u1ea1\\n\",\"more\":true,\"poll_after\":60} ";

/* The page's bytes in memory of their own, so that ASan sees a byte too far. */
static bool splits_n(const char *text, size_t len, struct arena *a, struct change_page *page, struct err *e)
{
    char *bytes = malloc(len ? len : 1);
    memcpy(bytes, text, len);
    *e = (struct err){0};
    bool ok = json_split_page(bytes, len, a, page, e);
    if (ok ? e->code != ERR_NONE : e->code != ERR_DATA || e->text[0] == '\0')
        fail_msg("%d with “%s”", ok, e->text);
    free(bytes);
    return ok;
}

static bool splits(const char *text)
{
    struct arena a = {0};
    struct change_page page;
    struct err e;
    bool ok = splits_n(text, strlen(text), &a, &page, &e);
    arena_clear(&a);
    return ok;
}

static void assert_refused(const char *text, const char *expected)
{
    struct arena a = {0};
    struct change_page page;
    struct err e;
    if (splits_n(text, strlen(text), &a, &page, &e))
        fail_msg("taken: %s", text);
    if (!strstr(e.text, expected))
        fail_msg("%s: “%s”", text, e.text);
    arena_clear(&a);
}

static void assert_span(struct json_span span, const char *expected)
{
    assert_int_equal(span.len, strlen(expected));
    assert_memory_equal(span.at, expected, span.len);
}

static void a_page_is_entries_a_cursor_and_whether_there_is_more(void **state)
{
    struct arena a = {0};
    struct change_page page;
    assert_true(json_split_page(page_text, strlen(page_text), &a, &page, NULL));
    assert_int_equal(page.n_entries, 4);
    assert_span(page.entries[0],
                "{\"type\":\"unit\",\"id\":\"u1\",\"version\":1,\"data\":{\"id\":\"u1\",\"x\":[-0.5e-3,[],{}]}}");
    assert_span(page.entries[1],
                "{\"version\":9007199254740991,\"removed\":true,\"id\":\"hs-1\",\"type\":\"dossier\"}");
    assert_span(page.entries[2], "5");
    assert_span(page.entries[3], "\"Đặng \\u0110\\ud83d\\ude00\"");
    assert_true(page.entries[0].at > page_text && page.entries[3].at < page_text + sizeof(page_text));
    assert_string_equal(page.cursor, "c/aạ\n");
    assert_true(page.more);
    assert_int_equal(page.poll_after, 60);
    arena_clear(&a);
}

static void an_empty_page_has_a_cursor_too(void **state)
{
    struct arena a = {0};
    struct change_page page;
    const char *text = "{\"more\":false,\"cursor\":\"x\",\"changes\":[]}";
    assert_true(json_split_page(text, strlen(text), &a, &page, NULL));
    assert_int_equal(page.n_entries, 0);
    assert_false(page.more);
    assert_int_equal(page.poll_after, -1);
    arena_clear(&a);
}

static void a_page_cut_anywhere_is_broken(void **state)
{
    struct arena a = {0};
    struct change_page page;
    struct err e;
    for (size_t cut = 0; cut < strlen(page_text) - 1; cut++)
        if (splits_n(page_text, cut, &a, &page, &e))
            fail_msg("taken after %zu bytes", cut);
    arena_clear(&a);
}

static void what_comes_after_a_page_breaks_it(void **state)
{
    assert_true(splits("{\"changes\":[],\"cursor\":\"c\",\"more\":true}\n \t\r"));
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true}{", "not JSON");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true},", "not JSON");
    assert_refused("\xEF\xBB\xBF{\"changes\":[],\"cursor\":\"c\",\"more\":true}", "byte 0: this is not JSON");
    struct arena a = {0};
    struct change_page page;
    struct err e;
    assert_false(splits_n("{\"changes\":[],\"cursor\":\"c\",\"more\":true}\0", 41, &a, &page, &e));
    arena_clear(&a);
}

static void what_a_page_has_to_have_has_to_be_there_once(void **state)
{
    assert_refused("{\"cursor\":\"c\",\"more\":true}", "/changes: is missing");
    assert_refused("{\"changes\":[],\"more\":true}", "/cursor: is missing");
    assert_refused("{\"changes\":[],\"cursor\":\"c\"}", "/more: is missing");
    assert_refused("{}", "/changes: is missing");
    assert_refused("[]", "byte 0: this is not JSON");
    assert_refused("", "byte 0: this is not JSON");
    assert_refused("null", "not JSON");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true,\"changes\":[]}", "twice");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true,\"cursor\":\"c\"}", "twice");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true,\"more\":true}", "twice");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true,\"\\u006dor\\u0065\":true}", "twice");
    assert_true(splits("{\"ch\\u0061nges\":[],\"\\u0063ursor\":\"c\",\"more\":true}"));
}

static void a_page_of_other_types_is_refused(void **state)
{
    assert_refused("{\"changes\":{},\"cursor\":\"c\",\"more\":true}", "has to be a list");
    assert_refused("{\"changes\":null,\"cursor\":\"c\",\"more\":true}", "has to be a list");
    assert_refused("{\"changes\":[],\"cursor\":5,\"more\":true}", "has to be text");
    assert_refused("{\"changes\":[],\"cursor\":\"a\\u0000b\",\"more\":true}", "has to be text");
    assert_refused("{\"changes\":[],\"cursor\":\"\\ud800\",\"more\":true}", "has to be text");
    assert_refused("{\"changes\":[],\"cursor\":\"\\ud800\\ud800\",\"more\":true}", "has to be text");
    assert_refused("{\"changes\":[],\"cursor\":\"\\udc00\",\"more\":true}", "has to be text");
    assert_refused("{\"changes\":[],\"cursor\":\"\",\"more\":true}", "1 to 200 characters");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":\"true\"}", "true or false");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":1}", "true or false");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true,\"poll_after\":1.0}", "whole number");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true,\"poll_after\":-1}", "whole number");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true,\"poll_after\":\"5\"}", "whole number");
    assert_refused("{\"changes\":[],\"cursor\":\"c\",\"more\":true,\"poll_after\":99999999999999999999}",
                   "whole number");
}

static void a_cursor_has_200_characters_of_any_script(void **state)
{
    char text[1024];
    for (int n = 199; n <= 201; n++) {
        char cursor[512] = "";
        for (int i = 0; i < n; i++)
            strncat(cursor, i % 2 ? "ệ" : "a", sizeof(cursor) - strlen(cursor) - 1);
        snprintf(text, sizeof(text), "{\"changes\":[],\"cursor\":\"%s\",\"more\":true}", cursor);
        assert_int_equal(splits(text), n <= 200);
    }
}

static void nobody_is_told_to_wait_longer_than_an_hour(void **state)
{
    struct arena a = {0};
    struct change_page page;
    const char *text = "{\"changes\":[],\"cursor\":\"c\",\"more\":false,\"poll_after\":86400}";
    assert_true(json_split_page(text, strlen(text), &a, &page, NULL));
    assert_int_equal(page.poll_after, 3600);
    arena_clear(&a);
}

static void a_page_has_32_levels_and_no_more(void **state)
{
    /* The page and its list are two. */
    for (int levels = 1; levels <= 40; levels++) {
        char text[256] = "{\"cursor\":\"c\",\"more\":true,\"changes\":[";
        for (int i = 0; i < levels; i++)
            strncat(text, "[", 2);
        for (int i = 0; i < levels; i++)
            strncat(text, "]", 2);
        strncat(text, "]}", 3);
        if (levels <= 30)
            assert_true(splits(text));
        else
            assert_refused(text, "too many levels");
    }
}

static void a_page_has_one_mebibyte_and_no_more(void **state)
{
    struct arena a = {0};
    struct change_page page;
    const char *text = "{\"changes\":[],\"cursor\":\"c\",\"more\":true}";
    char *bytes = malloc(CODEC_MAX_BYTES + 1);
    memset(bytes, ' ', CODEC_MAX_BYTES + 1);
    memcpy(bytes, text, strlen(text));
    assert_true(json_split_page(bytes, CODEC_MAX_BYTES, &a, &page, NULL));
    assert_false(json_split_page(bytes, CODEC_MAX_BYTES + 1, &a, &page, NULL));
    free(bytes);
    arena_clear(&a);
}

/* ── entries ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool change_of(const char *text, struct arena *a, struct change *out)
{
    struct err e = {0};
    bool ok = json_split_change((struct json_span){text, strlen(text)}, a, out, &e);
    if (ok ? e.code != ERR_NONE : e.code != ERR_DATA || e.text[0] == '\0')
        fail_msg("%d with “%s”", ok, e.text);
    return ok;
}

static void an_entry_is_its_envelope_and_its_bytes(void **state)
{
    struct arena a = {0};
    struct change c;
    assert_true(change_of("{\"type\":\"dossier\",\"id\":\"hs-\\u0031\",\"version\":9007199254740991,\"later\":[1],"
                          "\"data\" : { \"b\":1, \"a\":\"\\u0000\" } }",
                          &a, &c));
    assert_string_equal(c.type, "dossier");
    assert_string_equal(c.id, "hs-1");
    assert_true(c.version == INT64_C(9007199254740991));
    assert_false(c.removed);
    assert_span((struct json_span){c.data, c.data_len}, "{ \"b\":1, \"a\":\"\\u0000\" }");

    assert_true(change_of(
        "{\"type\":\"a type that came later\",\"id\":\"x\",\"version\":1,\"removed\":false,\"data\":{}}", &a, &c));
    assert_true(change_of("{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"removed\":true}", &a, &c));
    assert_true(c.removed);
    assert_null(c.data);
    arena_clear(&a);
}

static void what_is_to_go_goes_whatever_else_the_entry_says(void **state)
{
    struct arena a = {0};
    struct change c;
    assert_true(change_of(
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":{\"id\":\"x\"},\"removed\":true}", &a, &c));
    assert_true(c.removed);
    assert_null(c.data);
    assert_int_equal(c.data_len, 0);
    arena_clear(&a);
}

static void an_odd_entry_is_refused(void **state)
{
    static const char *const odd[] = {
        "5",
        "null",
        "[]",
        "{}",
        "{\"id\":\"x\",\"version\":1,\"data\":{}}",
        "{\"type\":\"unit\",\"version\":1,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"removed\":false}",
        "{\"type\":5,\"id\":\"x\",\"version\":1,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"\",\"version\":1,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"../x\",\"version\":1,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\\u0000\",\"version\":1,\"data\":{}}",
        "{\"type\":\"unit\\ud800\",\"id\":\"x\",\"version\":1,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":0,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":-1,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1.0,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1e3,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":9007199254740992,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":18446744073709551617,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":\"1\",\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":[]}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":null}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"removed\":null,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"removed\":1,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"id\":\"x\",\"version\":1,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":{},\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":{}}x",
    };
    struct arena a = {0};
    struct change c;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        if (change_of(odd[i], &a, &c))
            fail_msg("taken: %s", odd[i]);
    arena_clear(&a);
}

static void an_odd_entry_holds_back_no_neighbour(void **state)
{
    static const char *const odd[] = {
        "null",
        "[[{}]]",
        "{\"type\":\"unit\"}",
        "{\"type\":\"unit\",\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":99999999999999999999999999,\"data\":{}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":{\"id\":\"\\u0000\",\"name\":\"a\",\"level\":\"b\"}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":{\"id\":\"x\",\"name\":\"\\ud800\",\"level\":\"b\"}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":{\"id\":\"x\",\"id\":\"x\",\"name\":\"a\",\"level\":\"b\"}}",
        "{\"type\":\"unit\",\"id\":\"x\",\"version\":1,\"data\":{\"id\":\"x\",\"name\":1e999,\"level\":\"b\"}}",
    };
    static const char *const good =
        "{\"type\":\"unit\",\"id\":\"u1\",\"version\":1,\"data\":{\"id\":\"u1\",\"name\":\"a\",\"level\":\"b\"}}";
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        struct arena a = {0};
        struct change_page page;
        struct buf text = {0};
        buf_format(&text, "{\"changes\":[%s,%s,%s],\"cursor\":\"c\",\"more\":true}", good, odd[i], good);
        assert_true(json_split_page(text.data, text.len, &a, &page, NULL));
        assert_int_equal(page.n_entries, 3);
        for (size_t j = 0; j < 3; j++) {
            struct change c;
            struct unit unit;
            bool ok = json_split_change(page.entries[j], &a, &c, NULL) &&
                      codec_read(&shape_unit, c.data, c.data_len, &a, &unit, NULL, NULL);
            if (ok != (j != 1))
                fail_msg("entry %zu beside %s", j, odd[i]);
        }
        buf_clear(&text);
        arena_clear(&a);
    }
}

static void a_page_of_a_thousand_dossiers_is_all_of_them(void **state)
{
    struct arena a = {0};
    struct change_page page;
    struct buf text = {0};
    buf_text(&text, "{\"changes\":[");
    for (int i = 0; i < 1000; i++)
        buf_format(&text, "%s{\"type\":\"dossier\",\"id\":\"hs-%d\",\"version\":%d,\"data\":%s}",
                   i ? "," : "", i, i + 1, fixture_dossier_small);
    buf_text(&text, "],\"cursor\":\"c\",\"more\":false}");
    assert_true(json_split_page(text.data, text.len, &a, &page, NULL));
    assert_int_equal(page.n_entries, 1000);
    for (int i = 0; i < 1000; i++) {
        struct change c;
        char id[16];
        snprintf(id, sizeof(id), "hs-%d", i);
        assert_true(json_split_change(page.entries[i], &a, &c, NULL));
        assert_string_equal(c.id, id);
        assert_int_equal(c.version, i + 1);
        assert_span((struct json_span){c.data, c.data_len}, fixture_dossier_small);
    }
    buf_clear(&text);
    arena_clear(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_entries_a_cursor_and_whether_there_is_more),
        cmocka_unit_test(an_empty_page_has_a_cursor_too),
        cmocka_unit_test(a_page_cut_anywhere_is_broken),
        cmocka_unit_test(what_comes_after_a_page_breaks_it),
        cmocka_unit_test(what_a_page_has_to_have_has_to_be_there_once),
        cmocka_unit_test(a_page_of_other_types_is_refused),
        cmocka_unit_test(a_cursor_has_200_characters_of_any_script),
        cmocka_unit_test(nobody_is_told_to_wait_longer_than_an_hour),
        cmocka_unit_test(a_page_has_32_levels_and_no_more),
        cmocka_unit_test(a_page_has_one_mebibyte_and_no_more),
        cmocka_unit_test(an_entry_is_its_envelope_and_its_bytes),
        cmocka_unit_test(what_is_to_go_goes_whatever_else_the_entry_says),
        cmocka_unit_test(an_odd_entry_is_refused),
        cmocka_unit_test(an_odd_entry_holds_back_no_neighbour),
        cmocka_unit_test(a_page_of_a_thousand_dossiers_is_all_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

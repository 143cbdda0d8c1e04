/* JSON's grammar and UTF-8, byte by byte against jansson's reading of the same bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "core/json_scan.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static bool scans(const char *text, size_t len)
{
    char *bytes = malloc(len ? len : 1);
    memcpy(bytes, text, len);
    struct scan s = scan_over(bytes, len);
    bool ok = scan_value(&s) && scan_end(&s);
    assert_int_equal(ok, s.why == NULL);
    free(bytes);
    return ok;
}

static void assert_as_jansson(const char *text, size_t len)
{
    json_error_t error;
    json_t *json = json_loadb(text, len, JSON_DECODE_ANY, &error);
    bool ok = scans(text, len);
    if (ok != (json != NULL))
        fail_msg("%s alone: %.*s (%s)", ok ? "we" : "jansson", (int)len, text, json ? "" : error.text);
    json_decref(json);
}

static const char *const texts[] = {
    "0",
    "-0",
    "-",
    "00",
    "01",
    "-01",
    "1.",
    ".5",
    "1.5",
    "1e5",
    "1E+5",
    "1e-5",
    "1e",
    "1e+",
    "+1",
    "0x1",
    "1 2",
    "Infinity",
    "NaN",
    "tru",
    "true",
    "truex",
    "True",
    "null",
    "nul",
    "false",
    "[",
    "]",
    "[]",
    "[,]",
    "[1,]",
    "[1 2]",
    "[1,2]",
    "{",
    "}",
    "{}",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{\"a\" : 1}",
    "{a:1}",
    "{\"a\":1 \"b\":2}",
    "{1:2}",
    "\"",
    "\"\"",
    "\"a",
    "\"\\\"",
    "\"\\\\\"",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\u00e9\"",
    "\"\\uD83D\\uDE00\"",
    "\"\t\"",
    "\"\x7f\"",
    "\"\x1f\"",
    "'a'",
    "",
    " ",
    "[1]]",
    "[[1]",
    "{\"a\":{\"b\":[1,{}]}}",
    "\xC4\x91",
    "\"\xC4\x91\"",
    "\"\xC1\xBF\"",
    "\"\xE0\x9F\xBF\"",
    "\"\xE0\xA0\x80\"",
    "\"\xED\x9F\xBF\"",
    "\"\xED\xA0\x80\"",
    "\"\xEF\xBF\xBF\"",
    "\"\xF0\x8F\xBF\xBF\"",
    "\"\xF0\x90\x80\x80\"",
    "\"\xF4\x8F\xBF\xBF\"",
    "\"\xF4\x90\x80\x80\"",
    "\"\xF5\x80\x80\x80\"",
    "\"\x80\"",
    "\"\xBF\"",
    "\"\xFE\"",
    "\"\xE1\xBB\"",
    "\"\xE1\xBBx\"",
    "\"\xF0\x9F\x98\"",
    "\"\xE1\"",
};

static void values_are_what_another_reader_takes_them_for(void **state)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_as_jansson(texts[i], strlen(texts[i]));
}

static void a_page_with_any_byte_changed_is_what_another_reader_takes_it_for(void **state)
{
    static const char bytes[] = "\"\\{}[],:0 1-+.eE/ntu\n\x01\x7f\x80\xBF\xC3\xE1\xED\xF0\xF4\xFF";
    /* Without \u: what an escape may name is a reader's own matter, tested below. */
    static const char text[] =
        "{\"changes\":[{\"id\":\"Đặng Thị Lụa\",\"n\":[0,-10.25e+3,true,null,{}]},\"a\\\\b\\\"\\n\"],"
        "\"0123456789abcdef\":false}";
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        for (size_t j = 0; j < sizeof(bytes); j++) { /* its NUL too */
            char changed[sizeof(text)];
            memcpy(changed, text, sizeof(text));
            changed[i] = bytes[j];
            assert_as_jansson(changed, sizeof(text) - 1);
        }
    }
}

static void a_special_byte_is_seen_wherever_it_stands_in_eight(void **state)
{
    static const unsigned char special[] = {0x00, 0x01, 0x1F, 0x80, 0xFF, '"', '\\'};
    for (size_t i = 0; i < sizeof(special); i++) {
        for (size_t at = 1; at <= 40; at++) {
            char text[48];
            memset(text, at % 2 ? 0x7F : ' ', sizeof(text)); /* the neighbours of what is special */
            text[0] = text[46] = '"';
            text[at] = (char)special[i];
            if (scans(text, 47))
                fail_msg("%02x at %zu", special[i], at);
        }
    }
    for (size_t at = 1; at <= 40; at++) {
        char text[48];
        memset(text, '!', sizeof(text));
        text[0] = text[46] = '"';
        memcpy(text + at, "\xE1\xBB\x87", 3);
        assert_true(scans(text, 47));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_what_another_reader_takes_them_for),
        cmocka_unit_test(a_page_with_any_byte_changed_is_what_another_reader_takes_it_for),
        cmocka_unit_test(a_special_byte_is_seen_wherever_it_stands_in_eight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

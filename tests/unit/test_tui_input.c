/* From bytes and time to keys: sequences of every terminal, Esc's patience, bursts and pastes that never become commands.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"
#include "tui/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct input *in;
static int64_t now;
static int wait_ms;

static int fresh(void **state)
{
    in = input_new();
    now = 1000;
    return 0;
}

static int end(void **state)
{
    input_free(&in);
    return 0;
}

static void feed(const char *bytes)
{
    input_feed(in, bytes, strlen(bytes), now);
}

/* Reads all keys that there are: "x Ctrl-P <pasted text> [burst]". */
static const char *keys(bool typing)
{
    static char all[4096];
    struct key key;
    char name[24];
    size_t n = 0;

    all[0] = '\0';
    while (input_next(in, typing, now, &key, &wait_ms)) {
        key_format(&key, name);
        n += (size_t)snprintf(all + n, sizeof all - n, key.text ? key.pasted ? "%s<%s>" : "%s[%s]" : "%s%s",
                              n ? " " : "", key.text ? key.text : name);
        key_clear(&key);
        assert_true(n < sizeof all);
    }
    assert_null(key.text);
    return all;
}

static const char *after(const char *bytes, bool typing)
{
    feed(bytes);
    now += 100;
    const char *all = keys(typing);
    assert_int_equal(wait_ms, -1);
    return all;
}

static const struct {
    const char *bytes, *name;
} terminals[] = {
    /* xterm, VTE, Windows Terminal: normal and application mode */
    {"\033[A", "Up"},
    {"\033OA", "Up"},
    {"\033[B", "Down"},
    {"\033OB", "Down"},
    {"\033[C", "Right"},
    {"\033[D", "Left"},
    {"\033[H", "Home"},
    {"\033OH", "Home"},
    {"\033[F", "End"},
    {"\033OF", "End"},
    {"\033[5~", "PgUp"},
    {"\033[6~", "PgDn"},
    {"\033[2~", "Insert"},
    {"\033[3~", "Delete"},
    {"\033[Z", "Shift-Tab"},
    {"\033OP", "F1"},
    {"\033OQ", "F2"},
    {"\033OR", "F3"},
    {"\033OS", "F4"},
    {"\033[15~", "F5"},
    {"\033[17~", "F6"},
    {"\033[18~", "F7"},
    {"\033[19~", "F8"},
    {"\033[20~", "F9"},
    {"\033[21~", "F10"},
    {"\033[23~", "F11"},
    {"\033[24~", "F12"},
    {"\033[1;5A", "Ctrl-Up"},
    {"\033[1;3C", "Alt-Right"},
    {"\033[1;3D", "Alt-Left"},
    {"\033[1;5P", "Ctrl-F1"},
    {"\033[3;5~", "Ctrl-Delete"},
    {"\033[1;2B", "Down"},
    {"\033[24;3~", "Alt-F12"},
    {"\033OM", "Enter"},
    {"\033[15;2~", "F5"},
    /* the Linux console */
    {"\033[[A", "F1"},
    {"\033[[B", "F2"},
    {"\033[[C", "F3"},
    {"\033[[D", "F4"},
    {"\033[[E", "F5"},
    {"\033[1~", "Home"},
    {"\033[4~", "End"},
    /* PuTTY */
    {"\033[11~", "F1"},
    {"\033[12~", "F2"},
    {"\033[13~", "F3"},
    {"\033[14~", "F4"},
    {"\033\033[C", "Alt-Right"},
    {"\033\033OD", "Alt-Left"},
    /* rxvt */
    {"\033[7~", "Home"},
    {"\033[8~", "End"},
    {"\033[3^", "Ctrl-Delete"},
    {"\033[5^", "Ctrl-PgUp"},
    {"\033[11^", "Ctrl-F1"},
    {"\033[7$", ""},
    /* single bytes */
    {"\r", "Enter"},
    {"\n", "Enter"},
    {"\t", "Tab"},
    {"\x7f", "Backspace"},
    {"\x08", "Backspace"},
    {"\033", "Esc"},
    {"\x10", "Ctrl-P"},
    {"\x03", "Ctrl-C"},
    {"\x04", "Ctrl-D"},
    {"\x07", "Ctrl-G"},
    {"\x0c", "Ctrl-L"},
    {" ", "Space"},
    {"x", "x"},
    {"X", "X"},
    {"?", "?"},
    {"\033s", "Alt-s"},
    {"\033ư", "Alt-ư"},
    {"đ", "đ"},
    {"\033\033", "Esc Esc"},
    {"\033\r", "Esc Enter"},
};

static void keys_of_every_terminal(void **state)
{
    for (int typing = 0; typing < 2; typing++)
        for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++) {
            const char *name = after(terminals[i].bytes, typing);
            if (strcmp(name, terminals[i].name) != 0)
                fail_at(HERE, "case %zu: “%s”, not “%s”", i, name, terminals[i].name);
        }
}

/* Nobody asked, so nobody may be answered: none of this is a key. */
static void answers_of_the_terminal_do_nothing(void **state)
{
    static const char *const answers[] = {
        "\033[?64;1;2;6;9;15;18;21;22c",
        "\033[>0;276;0c",
        "\033[24;80R",
        "\033[1;80R",
        "\033[1;5R",
        "\033[0n",
        "\033[?2004;1$y",
        "\033[4;600;800t",
        "\033[I",
        "\033[O",
        "\033[?1;0;256S",
        "\033[27;5;9~",
        "\033[97;5u",
        "\033[<0;10;10M",
        "\033[M !q",
        "\033[M#\xff\xff",
        "\033]11;rgb:0000/0000/0000\007",
        "\033]11;rgb:ffff/ffff/ffff\033\\",
        "\033P>|XTerm(370)\033\\",
        "\033P1+r544e=787465726d\033\\",
        "\033_Gi=31;OK\033\\",
        "\033^private\033\\",
        "\033[999~",
        "\033[200000000000000000000~",
        "\033[",
        "\033O",
        "\033]0;open",
        "\x80\x9b\xff\xc0",
        "\xc2\x9b",
        "\xed\xa0\x80",
        "\x00",
    };

    for (int typing = 0; typing < 2; typing++)
        for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
            const char *name = after(answers[i], typing);
            if (*name)
                fail_at(HERE, "answer %zu is “%s”", i, name);
            assert_string_equal(after("x", typing), "x"); /* and what follows is read as ever */
        }
    input_feed(in, "\0", 1, now); /* Ctrl-Space is left to the typing tools */
    assert_string_equal(keys(true), "");
}

static void esc_waits_25_ms(void **state)
{
    feed("\033");
    assert_string_equal(keys(false), "");
    assert_int_equal(wait_ms, 25);
    now += 24;
    assert_string_equal(keys(false), "");
    assert_int_equal(wait_ms, 1);
    now += 1;
    assert_string_equal(keys(false), "Esc");

    feed("\033"); /* the rest comes in time */
    now += 20;
    assert_string_equal(keys(true), "");
    feed("[");
    now += 20;
    assert_string_equal(keys(true), "");
    feed("6~");
    assert_string_equal(keys(true), "PgDn");

    feed("\033"); /* Esc, a rest, a letter: two keys even where nobody looked in between */
    now += 40;
    feed("x");
    now += 40;
    assert_string_equal(keys(false), "Esc x");
}

static void sequences_come_in_pieces(void **state)
{
    static const char bytes[] = "\033[1;3C\033OP\033[[B\033[24~đ\033[200~dán\033[201~";

    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        static char all[256];
        input_feed(in, bytes + i, 1, now);
        strncat(all, keys(true), sizeof all - strlen(all) - 1);
        if (i + 2 == sizeof bytes)
            assert_string_equal(all, "Alt-RightF1F2F12đ");
        now += 2;
    }
    now += 40;
    assert_string_equal(keys(true), "<dán>");
}

static void letters_in_pieces(void **state)
{
    feed("\xe1");
    assert_string_equal(keys(true), "");
    assert_int_equal(wait_ms, 25);
    now += 5;
    feed("\xbb");
    assert_string_equal(keys(true), "");
    now += 5;
    feed("\x85n");
    assert_string_equal(keys(true), "ễ n");
    feed("\xe1"); /* the rest never comes */
    now += 50;
    assert_string_equal(keys(true), "");
    assert_string_equal(after("a\xcc\x81", true), "a \xcc\x81"); /* a mark of its own joins its letter in the field */
}

static void typing_is_at_once(void **state)
{
    feed("nguyen thi dao");
    assert_string_equal(keys(true), "n g u y e n Space t h i Space d a o");
}

/* A letter outside a field waits for the gap that tells it from a scanner. */
static void letters_outside_fields_wait_for_a_gap(void **state)
{
    feed("x");
    assert_string_equal(keys(false), "");
    assert_int_equal(wait_ms, 30);
    now += 29;
    assert_string_equal(keys(false), "");
    now += 1;
    assert_string_equal(keys(false), "x");
    feed("\033[B"); /* no letter, no wait */
    assert_string_equal(keys(false), "Down");
    feed("x1"); /* quick hands */
    now += 30;
    assert_string_equal(keys(false), "x 1");
    feed("1234567");
    now += 30;
    assert_string_equal(keys(false), "1 2 3 4 5 6 7");
}

static void eight_without_a_gap_are_one_text(void **state)
{
    feed("12345678");
    assert_string_equal(keys(false), "");
    now += 30;
    assert_string_equal(keys(false), "[12345678]");
    feed("079091004821|201234567|Phạm Thị Diễm Hương\r"); /* a card: its last Enter belongs to it */
    now += 30;
    assert_string_equal(keys(false), "[079091004821|201234567|Phạm Thị Diễm Hương]");
    feed("hai\rdòng liền\r\n");
    now += 30;
    assert_string_equal(keys(false), "[hai\rdòng liền]");
    feed("qqqqqqqq\t");
    now += 30;
    assert_string_equal(keys(false), "[qqqqqqqq]");
    feed("qqqqqqqq\033[B"); /* what follows it is a key */
    now += 30;
    assert_string_equal(keys(false), "[qqqqqqqq] Down");
}

/* A slow scanner's pieces: as long as no gap is 30 ms, it is one. */
static void a_burst_may_come_in_pieces(void **state)
{
    for (const char *c = "123456789012"; *c; c++) {
        input_feed(in, c, 1, now);
        assert_string_equal(keys(false), "");
        now += 20;
    }
    now += 10;
    assert_string_equal(keys(false), "[123456789012]");
    feed("xxxx");
    now += 35; /* nobody looked in between, but the gap is known */
    feed("xxxx");
    now += 35;
    assert_string_equal(keys(false), "x x x x x x x x");
}

/* An input method: a Backspace and a marked letter. */
static void what_an_input_method_sends(void **state)
{
    feed("d\x7fđ");
    now += 40;
    assert_string_equal(keys(false), "d Backspace đ");
    feed("d\x08đ");
    now += 40;
    assert_string_equal(keys(true), "d Backspace đ");
}

static void a_paste_is_one_text(void **state)
{
    feed("\033[200~q 1 y\r\n0019\033[201~");
    assert_string_equal(keys(false), "");
    assert_int_equal(wait_ms, 30);
    now += 30;
    assert_string_equal(keys(false), "<q 1 y\r\n0019>");
    feed("\033[200~\033[201~");
    now += 30;
    assert_string_equal(keys(true), "<>");
    assert_string_equal(after("x", false), "x");
}

/* Text that tries to end its own paste: everything up to the end that nothing follows is text. */
static void an_end_inside_a_paste_ends_nothing(void **state)
{
    feed("\033[200~vui\033[201~x1\r\033[201~0019\r\033[201~");
    now += 30;
    assert_string_equal(keys(false), "<vui\033[201~x1\r\033[201~0019\r>");
    feed("\033[200~chia\033[201~"); /* in pieces, without a gap */
    now += 10;
    assert_string_equal(keys(false), "");
    feed("x1\033[201~");
    now += 30;
    assert_string_equal(keys(false), "<chia\033[201~x1>");
}

static void a_paste_may_be_slow_or_lose_its_end(void **state)
{
    feed("\033[200~một ");
    now += 500;
    assert_string_equal(keys(false), "");
    feed("hai\033[201~");
    now += 30;
    assert_string_equal(keys(false), "<một hai>");
    feed("\033[200~mất đuôi");
    now += 1999;
    assert_string_equal(keys(false), "");
    now += 1;
    assert_string_equal(keys(false), "<mất đuôi>");
    assert_string_equal(after("x", false), "x");
    feed("\033[200~xong\033[201~"); /* a key after a rest is a key */
    now += 40;
    feed("\033[A");
    assert_string_equal(keys(false), "<xong> Up");
}

static void what_is_not_utf8_is_shown(void **state)
{
    feed("\033[200~t\xeant\033[201~");
    now += 30;
    assert_string_equal(keys(true), "<t‹EA›nt>");
}

/* A paste without brackets into a field: much, and quickly done. */
static void much_is_quick(void **state)
{
    size_t n = 1000000, got = 0;
    char *bytes = malloc(n);
    struct key key;

    memset(bytes, 'a', n);
    input_feed(in, bytes, n, now);
    int64_t began = harness_now();
    while (input_next(in, true, now, &key, &wait_ms))
        got++;
    assert_int_equal(got, n);
    assert_in_range(harness_now() - began, 0, harness_san() ? 10000 : 3000);
    free(bytes);
}

static void terminfo_comes_first(void **state)
{
    input_map(in, "\033[25~", KEY_NAME_F1, false, false);
    input_map(in, "\033\t", KEY_NAME_SHIFT_TAB, false, false);
    input_map(in, "\033Ox", KEY_NAME_UP, true, false);
    input_map(in, "x", KEY_NAME_F1, false, false); /* a single byte means the same everywhere */
    input_map(in, "\033", KEY_NAME_F1, false, false);
    input_map(in, "\033[123456789012345", KEY_NAME_F1, false, false); /* longer than any key */
    assert_string_equal(after("\033[25~", true), "F1");
    assert_string_equal(after("\033\t", true), "Shift-Tab");
    assert_string_equal(after("\033Ox", true), "Ctrl-Up");
    assert_string_equal(after("x", true), "x");
    assert_string_equal(after("\033", true), "Esc");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, end)
    const struct CMUnitTest tests[] = {
        TEST(keys_of_every_terminal),
        TEST(answers_of_the_terminal_do_nothing),
        TEST(esc_waits_25_ms),
        TEST(sequences_come_in_pieces),
        TEST(letters_in_pieces),
        TEST(typing_is_at_once),
        TEST(letters_outside_fields_wait_for_a_gap),
        TEST(eight_without_a_gap_are_one_text),
        TEST(a_burst_may_come_in_pieces),
        TEST(what_an_input_method_sends),
        TEST(a_paste_is_one_text),
        TEST(an_end_inside_a_paste_ends_nothing),
        TEST(a_paste_may_be_slow_or_lose_its_end),
        TEST(what_is_not_utf8_is_shown),
        TEST(much_is_quick),
        TEST(terminfo_comes_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Keymaps: the three shipped ones say what screens.md's table says (section 3); files of officers are read line by line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"
#include "tui/keymap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a person may stand on: a row that has numbers, an input line, a field of one line and one of several. */
#define ROW    (FOCUS_ROW | FOCUS_NUMBER)
#define PROMPT FOCUS_PROMPT
#define TEXT   FOCUS_TEXT
#define NOTE   FOCUS_NOTE

static const struct {
    enum command_id id;
    const char *view;
    unsigned focus;
    const char *keys[3]; /* default, vim, fkeys */
} table[] = {
    {CMD_HELP, "dossiers", ROW, {"F1  ?", "F1  ?", "F1"}},
    {CMD_HELP, "form", TEXT, {"F1", "F1", "F1"}},
    {CMD_PALETTE, "dossiers", ROW, {":  Ctrl-P", ":  Ctrl-P", "Ctrl-P"}},
    {CMD_PALETTE, "form", TEXT, {"Ctrl-P", "Ctrl-P", "Ctrl-P"}},
    {CMD_BACK, "dossiers", ROW, {"q  Esc  Ctrl-G  Ctrl-C", "q  Esc  Ctrl-G  Ctrl-C", "Esc  Ctrl-G  Ctrl-C"}},
    {CMD_BACK, "form", NOTE, {"Esc  Ctrl-G  Ctrl-C", "Esc  Ctrl-G  Ctrl-C", "Esc  Ctrl-G  Ctrl-C"}},
    {CMD_LOCK, "queues", FOCUS_ROW, {"F12  Ctrl-K", "F12  Ctrl-K", "F12  Ctrl-K"}},
    {CMD_SYNC, "signin", ROW, {"F5  r", "F5  r", "F5"}},
    {CMD_REDRAW, "form", TEXT, {"Ctrl-L", "Ctrl-L", "Ctrl-L"}},
    {CMD_FIND, "dossiers", ROW, {"F3  /  Ctrl-F", "F3  /  Ctrl-F", "F3  Ctrl-F"}},
    {CMD_UNDO, "dossiers", ROW, {"u", "u", "Delete"}},
    {CMD_UNDO, "form", TEXT, {"", "", ""}},
    {CMD_NEW, "queues", ROW, {"F4  n", "F4  I", "F4"}},
    {CMD_NEW, "procedures", PROMPT, {"F4", "F4", "F4"}},
    {CMD_ACT, "dossier", ROW, {"F2  x", "F2  x", "F2"}},
    {CMD_OUTBOX, "dossiers", ROW, {"F6  h", "F6  O", "F6"}},
    {CMD_ACCEPT, "form", TEXT, {"F9  Ctrl-D", "F9  Ctrl-D", "F9  Ctrl-D"}},
    {CMD_UP, "dossiers", ROW, {"Up", "Up  k", "Up"}},
    {CMD_DOWN, "dossiers", ROW, {"Down", "Down  j", "Down"}},
    {CMD_PAGE_UP, "dossiers", ROW, {"PgUp", "PgUp", "PgUp"}},
    {CMD_PAGE_DOWN, "dossiers", ROW, {"PgDn", "PgDn", "PgDn"}},
    {CMD_FIRST, "dossiers", ROW, {"Home", "Home  g", "Home"}},
    {CMD_LAST, "dossiers", ROW, {"End", "End  G", "End"}},
    {CMD_PREV_TAB, "dossiers", ROW, {"Left", "Left  h", "Left"}},
    {CMD_NEXT_TAB, "dossiers", ROW, {"Right", "Right  l", "Right"}},
    {CMD_PREV_TAB, "form", TEXT, {"Left", "Left", "Left"}},
    {CMD_NEXT_PART, "form", TEXT, {"Tab", "Tab", "Tab"}},
    {CMD_PREV_PART, "form", TEXT, {"Shift-Tab", "Shift-Tab", "Shift-Tab"}},
    {CMD_NEXT_ITEM, "dossier", ROW, {".", ".  n", "Alt-Right"}},
    {CMD_PREV_ITEM, "dossier", ROW, {",", ",  N", "Alt-Left"}},
    {CMD_CHOOSE_1, "queues", ROW, {"1", "1", "1"}},
    {CMD_CHOOSE_9, "act", ROW, {"9", "9", "9"}},
    {CMD_CHOOSE_0, "act", ROW, {"0", "0", "0"}},
    {CMD_CHOOSE_1, "form", TEXT, {"", "", ""}},
    {CMD_OPEN, "dossiers", ROW, {"Enter", "Enter", "Enter"}},
    {CMD_SUBMIT, "dossiers", PROMPT, {"Enter", "Enter", "Enter"}},
    {CMD_NEWLINE, "form", NOTE, {"Enter", "Enter", "Enter"}},
    {CMD_OPEN, "form", NOTE, {"", "", ""}},
    {CMD_SUBMIT, "form", TEXT, {"", "", ""}},
    {CMD_MARK, "dossiers", ROW, {"Space", "Space", "Space"}},
    {CMD_MARK, "queues", PROMPT | FOCUS_ROW, {"Space", "Space", "Space"}}, /* a picker that is filtered by typing */
    {CMD_MARK, "form", TEXT, {"", "", ""}},
    {CMD_MARK_SHOWN, "dossiers", ROW, {"+", "+", "+"}},
    {CMD_MARK_CLEAR, "dossiers", ROW, {"-", "-", "-"}},
    {CMD_SORT, "dossiers", ROW, {"s", "s", "Alt-s"}},
    {CMD_FILTER, "dossiers", ROW, {"l", "f", "Alt-l"}},
    {CMD_UNIT, "queues", ROW, {"v", "v", "Alt-v"}},
    {CMD_UNIT, "dossiers", ROW, {"v", "v", "Alt-v"}},
    {CMD_UNIT, "dossier", ROW, {"", "", ""}},
    {CMD_TRAY, "dossiers", ROW, {"F8  k", "F8  K", "F8"}},
    {CMD_PREVIEW, "dossiers", ROW, {"c", "c", "Alt-c"}},
    {CMD_REVEAL, "dossier", ROW, {"m", "m", "Alt-m"}},
    {CMD_REVEAL, "outbox", ROW, {"", "", ""}},
    {CMD_PRINT, "dossier", ROW, {"F7  p", "F7  p", "F7"}},
    {CMD_ATTACH, "dossier", ROW, {"g", "A", "Alt-g"}},
    {CMD_EXPORT, "print", ROW, {"o", "o", "Alt-o"}},
    {CMD_EXPORT, "dossiers", ROW, {"", "", ""}},
    {CMD_INPUT_METHOD, "form", TEXT, {"Ctrl-T", "Ctrl-T", "Ctrl-T"}},
    {CMD_INPUT_METHOD, "dossiers", PROMPT, {"Ctrl-T", "Ctrl-T", "Ctrl-T"}},
    {CMD_INPUT_METHOD, "dossiers", ROW, {"", "", ""}},
    {CMD_ERASE, "form", TEXT, {"Backspace", "Backspace", "Backspace"}},
    {CMD_ERASE, "dossiers", ROW, {"", "", ""}},
    {CMD_ERASE_NEXT, "form", NOTE, {"Delete", "Delete", "Delete"}},
    {CMD_ERASE_WORD, "dossiers", PROMPT, {"Ctrl-W", "Ctrl-W", "Ctrl-W"}},
    {CMD_ERASE_LINE, "form", TEXT, {"Ctrl-U", "Ctrl-U", "Ctrl-U"}},
};
static const char *const names[] = {"default", "vim", "fkeys"};

static struct keymap *shipped(int which)
{
    struct keymap *map = keymap_new();
    struct err e = {0};

    if (!keymap_use(map, names[which], "keymaps", &e))
        fail_at(HERE, "%s", e.text);
    return map;
}

static enum command_id press(const struct keymap *map, const char *view, unsigned focus, const char *name)
{
    struct key key;

    if (!key_parse(name, &key))
        fail_at(HERE, "no key: %s", name);
    return keymap_command(map, view, focus, &key);
}

static void as_the_table_says(void **state)
{
    for (int which = 0; which < 3; which++) {
        struct keymap *map = shipped(which);
        for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
            struct arena arena = {0};
            const char *wanted = table[i].keys[which];
            const char *keys = keymap_keys(map, table[i].view, table[i].focus, table[i].id, false, &arena);
            if (strcmp(keys, wanted) != 0)
                fail_at(HERE, "%s: %s in %s has “%s”, not “%s”", names[which],
                        command_info(table[i].id)->name, table[i].view, keys, wanted);
            for (const char *at = wanted; *at;) {
                size_t n = strcspn(at, " ");
                char *key = arena_copy_n(&arena, at, n);
                if (press(map, table[i].view, table[i].focus, key) != table[i].id)
                    fail_at(HERE, "%s: %s does not run %s", names[which], key, command_info(table[i].id)->name);
                at += n + strspn(at + n, " ");
            }
            arena_clear(&arena);
        }
        keymap_free(&map);
    }
}

/* Every command that has a key in the table is there; the others come from the palette alone. */
static void nothing_else_has_a_key(void **state)
{
    for (int id = CMD_NONE + 1; id < CMD_COUNT; id++) {
        bool in_table = id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_0;
        for (size_t i = 0; i < sizeof table / sizeof *table; i++)
            in_table = in_table || table[i].id == (enum command_id)id;
        assert_int_equal(in_table, id < CMD_QUEUES);
    }
}

/* Letters that Telex and VNI make others of run nothing, in no view, marked ones never. */
static void letters_of_input_methods_run_nothing(void **state)
{
    static const char *const views[] = {"signin", "queues",   "dossiers", "dossier", "act",
                                        "outbox", "conflict", "sign",     "batch"};
    static const char *const letters[] = {"d", "w", "z", "a", "e", "i", "y", "f",
                                          "j", "t", "[", "]", "D", "W", "Z"};
    static const char *const marked[] = {"đ", "ê", "ô", "ơ", "ư", "ă", "â", "á", "ũ", "ự", "Đ"};

    for (int which = 0; which < 3; which++) {
        struct keymap *map = shipped(which);
        for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
            for (size_t i = 0; which == 0 && i < sizeof letters / sizeof *letters; i++)
                assert_int_equal(press(map, views[v], ROW, letters[i]), CMD_NONE);
            for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
                assert_int_equal(press(map, views[v], ROW, marked[i]), CMD_NONE);
        }
        keymap_free(&map);
    }
}

/* What desktops, tmux and screen keep for themselves. */
static void keys_that_are_left_alone(void **state)
{
    static const char *const keys[] = {"F10",     "F11",    "Ctrl-S", "Ctrl-Q", "Ctrl-Z",
                                       "Ctrl-\\", "Ctrl-A", "Ctrl-B", "Alt-z",  "Ctrl-V",
                                       "Ctrl-H",  "Ctrl-I", "Ctrl-J", "Ctrl-M", "Ctrl-["};
    static const unsigned focuses[] = {ROW, PROMPT, TEXT, NOTE};

    for (int which = 0; which < 3; which++) {
        struct keymap *map = shipped(which);
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            for (size_t k = 0; k < 4; k++)
                assert_int_equal(press(map, "dossiers", focuses[k], keys[i]), CMD_NONE);
        keymap_free(&map);
    }
}

static void while_typing_letters_are_text(void **state)
{
    for (int which = 0; which < 3; which++) {
        struct keymap *map = shipped(which);
        for (char letter = '!'; letter < 0x7f; letter++) {
            struct key key = {.name = KEY_NAME_CHAR, .letter = {letter}};
            assert_int_equal(keymap_command(map, "dossiers", PROMPT, &key), CMD_NONE);
            assert_int_equal(keymap_command(map, "form", NOTE, &key), CMD_NONE);
        }
        assert_int_equal(press(map, "form", TEXT, "Space"), CMD_NONE);
        assert_int_equal(press(map, "form", TEXT, "F1"), CMD_HELP);
        keymap_free(&map);
    }
}

static void caps_lock_does_no_harm(void **state)
{
    struct keymap *map = shipped(0), *vim = shipped(1);

    assert_int_equal(press(map, "dossiers", ROW, "X"), CMD_ACT);
    assert_int_equal(press(map, "dossiers", ROW, "Q"), CMD_BACK);
    assert_int_equal(press(vim, "dossiers", ROW, "g"), CMD_FIRST); /* both are bound: they differ */
    assert_int_equal(press(vim, "dossiers", ROW, "G"), CMD_LAST);
    assert_int_equal(press(vim, "dossier", ROW, "N"), CMD_PREV_ITEM);
    assert_int_equal(press(vim, "dossiers", ROW, "o"), CMD_OUTBOX);
    keymap_free(&map);
    keymap_free(&vim);
}

static void only_in_fkeys_letters_begin_a_search(void **state)
{
    for (int which = 0; which < 3; which++) {
        struct keymap *map = shipped(which);
        assert_int_equal(keymap_letters_find(map, "dossiers"), which == 2);
        for (char letter = 'a'; which == 2 && letter <= 'z'; letter++) {
            struct key key = {.name = KEY_NAME_CHAR, .letter = {letter}};
            assert_int_equal(keymap_command(map, "dossiers", ROW, &key), CMD_NONE);
        }
        keymap_free(&map);
    }
}

static void the_last_row_shows_the_shortest(void **state)
{
    struct keymap *map = shipped(0), *fkeys = shipped(2);
    struct arena arena = {0};

    assert_string_equal(keymap_keys(map, "dossiers", ROW, CMD_HELP, true, &arena), "?");
    assert_string_equal(keymap_keys(map, "form", TEXT, CMD_HELP, true, &arena), "F1");
    assert_string_equal(keymap_keys(map, "dossiers", ROW, CMD_FIND, true, &arena), "/");
    assert_string_equal(keymap_keys(map, "form", TEXT, CMD_ACCEPT, true, &arena), "F9");
    assert_string_equal(keymap_keys(fkeys, "dossiers", ROW, CMD_UNDO, true, &arena), "Delete");
    assert_string_equal(keymap_keys(map, "dossiers", ROW, CMD_QUEUES, true, &arena), "");
    arena_clear(&arena);
    keymap_free(&map);
    keymap_free(&fkeys);
}

/* ── files ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct complaints {
    char text[8][400];
    size_t n;
};

static void note(void *context, const char *sentence)
{
    struct complaints *c = context;

    assert_true(c->n < 8);
    snprintf(c->text[c->n++], sizeof c->text[0], "%s", sentence);
}

static bool read_text(struct keymap *map, const char *text, struct complaints *c)
{
    *c = (struct complaints){0};
    return keymap_read(map, "keymap", text, strlen(text), note, c);
}

static void a_file_stands_on_top(void **state)
{
    struct keymap *map = keymap_new();
    struct complaints c;

    assert_true(read_text(
        map, "# mine\n\n  bind * F10 outbox # a key more\nbind dossiers x find\nunbind * r\r\nbind row # mark",
        &c));
    assert_int_equal(c.n, 0);
    assert_int_equal(press(map, "queues", ROW, "F10"), CMD_OUTBOX);
    assert_int_equal(press(map, "queues", ROW, "F6"), CMD_OUTBOX);
    assert_int_equal(press(map, "dossiers", ROW, "x"), CMD_FIND); /* the view's name goes before `*` */
    assert_int_equal(press(map, "dossier", ROW, "x"), CMD_ACT);
    assert_int_equal(press(map, "dossiers", ROW, "r"), CMD_NONE);
    assert_int_equal(press(map, "dossiers", ROW, "F5"), CMD_SYNC);
    assert_int_equal(press(map, "dossiers", ROW, "#"), CMD_MARK);
    read_text(map, "bind text x find\nbind * Space back\nbind note Ctrl-P erase_word", &c);
    assert_int_equal(press(map, "form", TEXT, "x"),
                     CMD_NONE); /* a letter in a field is a letter, whatever a file says */
    assert_int_equal(press(map, "form", TEXT, "Space"), CMD_NONE);
    assert_int_equal(press(map, "form", NOTE, "Ctrl-P"), CMD_ERASE_WORD);
    assert_int_equal(press(map, "form", TEXT, "Ctrl-P"), CMD_PALETTE);
    keymap_free(&map);
}

/* Another of ours below it leaves the officer's own on top. */
static void a_file_stays_on_top(void **state)
{
    struct keymap *map = keymap_new();
    struct complaints c;
    struct err e = {0};

    read_text(map, "bind * F10 outbox\nunbind * u", &c);
    assert_true(keymap_use(map, "vim", "keymaps", &e));
    assert_int_equal(press(map, "dossiers", ROW, "j"), CMD_DOWN);
    assert_int_equal(press(map, "dossiers", ROW, "F10"), CMD_OUTBOX);
    assert_int_equal(press(map, "dossiers", ROW, "u"), CMD_NONE);
    assert_true(keymap_use(map, "default", NULL, &e));
    assert_int_equal(press(map, "dossiers", ROW, "j"), CMD_NONE);
    assert_int_equal(press(map, "dossiers", ROW, "h"), CMD_OUTBOX);
    assert_int_equal(press(map, "dossiers", ROW, "F10"), CMD_OUTBOX);
    keymap_free(&map);
}

static void a_keymap_that_is_not_there(void **state)
{
    static const char *const wrong[] = {"emacs", "../../etc/passwd", "", "vim"};
    struct keymap *map = keymap_new();

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err e = {0};
        assert_false(keymap_use(map, wrong[i], "no/such/place", &e));
        assert_int_equal(e.code, ERR_CONFIG);
        assert_non_null(strstr(e.text, "default, vim, fkeys"));
        assert_int_equal(press(map, "dossiers", ROW, "h"), CMD_OUTBOX); /* nothing has changed */
    }
    keymap_free(&map);
}

static void bad_lines_are_told_and_passed_over(void **state)
{
    struct keymap *map = keymap_new();
    struct complaints c;

    assert_false(read_text(
        map,
        "bind * x unddo\nbind * Hyper-x undo\nbimd * x undo\nbind dossierz x undo\nbind * x\nbind * Ctrl-I undo\n"
        "bind * F10 undo extra\nbind * F11 undo\n",
        &c));
    static const char *const wanted[] = {
        "keymap:1: there is no command “unddo” (did you mean “undo”?). This line is passed over; mend it, then run motcua check-keymap.",
        "keymap:2: “Hyper-x” is no key. This line is passed over.",
        "keymap:3: expected “bind WHERE KEY COMMAND” or “unbind WHERE KEY”. This line is passed over.",
        "keymap:4: there is no place “dossierz”: a screen's name, *, row, prompt, note, text or number. This line is passed over.",
        "keymap:5: expected “bind WHERE KEY COMMAND” or “unbind WHERE KEY”. This line is passed over.",
        "keymap:6: no program can tell “Ctrl-I” from Backspace, Tab, Enter or Esc. This line is passed over.",
        "keymap:7: expected “bind WHERE KEY COMMAND” or “unbind WHERE KEY”. This line is passed over.",
    };
    assert_int_equal(c.n, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < c.n; i++)
        assert_string_equal(c.text[i], wanted[i]);
    assert_int_equal(press(map, "dossiers", ROW, "x"), CMD_ACT);
    assert_int_equal(press(map, "dossiers", ROW, "F11"), CMD_UNDO); /* the good line counts */
    keymap_free(&map);
}

static void names_that_are_nearly_right(void **state)
{
    static const char *const cases[][2] = {{"unddo", "undo"},          {"mark_show", "mark_shown"},
                                           {"Help", "help"},           {"pageup", "page_up"},
                                           {"palete", "palette"},      {"choose_10", "choose_1"},
                                           {"next-part", "next_part"}, {"sing_out", "sign_out"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(command_nearest(cases[i][0]), cases[i][1]);
    assert_non_null(command_nearest(""));
    assert_non_null(command_nearest("a name that is longer than any command could ever be, by far"));
}

/* Bytes of a file never drive the terminal that the sentence is shown on. */
static void control_bytes_never_come_out(void **state)
{
    static const char nasty[] = "bind * \033[2J undo\nbind \033]0;x\007 x undo\nbind * x \x9b"
                                "31m\nbind * x \xff\xfe\x80\n\033c\n";
    struct keymap *map = keymap_new();
    struct complaints c = {0};

    assert_false(keymap_read(map, "k\033[2Jeymap", nasty, sizeof nasty - 1, note, &c));
    assert_int_equal(c.n, 5);
    for (size_t i = 0; i < c.n; i++)
        for (const unsigned char *b = (const unsigned char *)c.text[i]; *b; b++)
            assert_true(*b >= 0x20 && *b != 0x7f && !(b[0] == 0xc2 && b[1] < 0xa0));
    assert_non_null(strstr(c.text[0], "‹1B›[2J"));
    c = (struct complaints){0};
    assert_false(keymap_read(map, "k", "bind\0* x undo", 13, note, &c)); /* a NUL ends no more than its word */
    assert_false(keymap_read(map, "k", "bind * x unddo", 14, NULL, NULL));
    assert_true(keymap_read(map, "k", "", 0, note, &c));
    keymap_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_table_says),
        cmocka_unit_test(nothing_else_has_a_key),
        cmocka_unit_test(letters_of_input_methods_run_nothing),
        cmocka_unit_test(keys_that_are_left_alone),
        cmocka_unit_test(while_typing_letters_are_text),
        cmocka_unit_test(caps_lock_does_no_harm),
        cmocka_unit_test(only_in_fkeys_letters_begin_a_search),
        cmocka_unit_test(the_last_row_shows_the_shortest),
        cmocka_unit_test(a_file_stands_on_top),
        cmocka_unit_test(a_file_stays_on_top),
        cmocka_unit_test(a_keymap_that_is_not_there),
        cmocka_unit_test(bad_lines_are_told_and_passed_over),
        cmocka_unit_test(names_that_are_nearly_right),
        cmocka_unit_test(control_bytes_never_come_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A terminal that data cannot drive: whatever a dossier says, in whatever locale and size, every cell holds one letter that may be shown,
 * rows are as wide as the screen, what is dangerous is seen and stands out; and Enter held down, pastes and what terminals answer by
 * themselves sign nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/forbidden.h"
#include "tests/unit/tui_dossier.h"
#include "tests/unit/tui_sign.h"

#include "core/text.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const char escapes[] = "\033]0;evil\a\033[2J\xc2\x9b"
                              "31m\033[201~Mai\x7f";
static const char turns[] = "\u202eÁnh\u2066\u200b\U000e0041\u0378";

/* ── what is looked at ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void check_letter(const struct cell *cell)
{
    size_t n = strlen(cell->text);
    int marks = -1;
    int32_t cp;

    assert_true(n > 0 && text_letter(cell->text, n) == n);
    assert_int_equal(text_width(cell->text), cell->width);
    for (size_t i = 0; i < n; marks++) {
        utf8proc_ssize_t bytes =
            utf8proc_iterate((const unsigned char *)cell->text + i, (utf8proc_ssize_t)(n - i), &cp);
        assert_true(bytes > 0 && !forbidden(cp));
        i += (size_t)bytes;
    }
    assert_in_range(marks, 0, 2);
}

static void check_cells(const struct canvas *c)
{
    for (int row = 0; row < c->rows; row++) {
        int width = 0;
        for (int col = 0; col < c->cols; col++) {
            const struct cell *cell = &c->cells[row * c->cols + col];
            if (cell->width > 0)
                check_letter(cell);
            else
                assert_true(cell->text[0] == '\0' && col > 0 && cell[-1].width == 2);
            width += cell->width;
        }
        assert_int_equal(width, c->cols);
    }
}

static void look(struct world *w)
{
    static const int sizes[][2] = {{24, 80}, {16, 60}, {50, 200}, {17, 61}};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        world_settle(w, sizes[i][0], sizes[i][1]);
        check_cells(w->canvas);
    }
    world_settle(w, 24, 80);
}

/* ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *flood(void)
{
    struct buf text = {0};

    buf_text(&text, "Lê");
    for (int i = 0; i < 400; i++)
        buf_text(&text, "\u0323\u0302\u0301");
    return buf_take(&text);
}

static char *long_name(void)
{
    struct buf text = {0};

    while (text.len < 10 * 1024)
        buf_text(&text, "東京Nguyễn ");
    return buf_take(&text);
}

static void feed_name(struct world *w, const char *name)
{
    json_t *d = copy_of(w, "d-41"), *who = json_object_get(d, "applicant");

    json_object_set_new(who, "name", json_string(name));
    json_object_set_new(who, "address", json_string(name));
    json_object_set_new(who, "phone", json_string(name));
    offer(d, "comment", "queue", "note");
    dossier_fed(w, d);
}

static void look_everywhere(struct world *w)
{
    app_home(w->app);
    look(w);
    open_dossier(w, "d-41"); /* from a list that has it */
    for (int tab = 0; tab < 5; tab++) {
        look(w);
        world_keys(w, "Tab");
    }
    world_keys(w, "x");
    look(w);
    world_keys(w, "Esc q");
    look(w);
    world_keys(w, "/");
    world_type(w, "Ánh");
    look(w);
    world_keys(w, "Esc ?");
    look(w);
}

static void names_drive_nothing_in_any_locale(void **state)
{
    static const char *const locales[] = {"C",           "POSIX",       "C.UTF-8",
                                          "vi_VN.UTF-8", "en_US.UTF-8", "tr_TR.UTF-8"};
    struct world *w = *state;
    char *marks = flood(), *much = long_name();
    const char *const names[] = {escapes, turns, marks, much};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        feed_name(w, names[i]);
        bool each = i == 1; /* what is told of letters is asked of the locale there, if anywhere */
        for (size_t l = each ? 0 : 2; l < (each ? sizeof locales / sizeof *locales : 3); l++)
            if (setlocale(LC_ALL, locales[l])) /* else it is not on this machine */
                look_everywhere(w);
    }
    assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
    free(marks);
    free(much);
}

static void what_is_dangerous_is_seen_and_stands_out(void **state)
{
    struct world *w = *state;
    int damaged = 0;

    feed_name(w, escapes);
    open_dossier(w, "d-41");
    world_settle(w, 24, 132);
    assert_true(world_sees(w, "‹1B›]0;evil‹07›‹1B›[2J‹9B›31m"));
    for (int i = 0; i < 24 * 132; i++)
        damaged += w->canvas->cells[i].style == STYLE_DAMAGED;
    assert_true(damaged >= 4 * 4);
}

/* ── what signs nothing ────────────────────────────────────────────────────────────────────────────────────────────── */

static void hold(const char *key, int times)
{
    for (int i = 0; i < times; i++) {
        world_keys(&signing, key);
        world_settle(&signing, 24, 80);
    }
}

static void nothing_is_signed(void)
{
    struct ask ask;

    while (world_ask(&signing, &ask)) {
        assert_int_not_equal(ask.kind, ASK_SIGN);
        ask_clear(&ask);
    }
    nothing_is_wished();
}

static void enter_held_down_signs_nothing(void **state)
{
    (void)state;
    hold("Enter", 40); /* queues, list, dossier */
    nothing_is_signed();
    app_home(signing.app);
    open_question();
    hold("Enter", 41);
    nothing_is_signed();
    hold("Space", 12);
    hold("Enter", 12);
    nothing_is_signed();
}

static void a_paste_signs_nothing(void **state)
{
    (void)state;
    open_question();
    world_paste(&signing, "0019");
    hold("Enter", 3);
    world_paste(&signing, "0019\r");
    hold("Enter", 3);
    world_paste(&signing, "00\033[201~19\r\r");
    hold("Enter", 3);
    nothing_is_signed();
}

/* Bytes that come by themselves: what the terminal is, where the cursor stands, its colours, focus, the mouse. */
static void answers_of_the_terminal_sign_nothing(void **state)
{
    static const char *const answers[] = {"\033[?62;1;6c",
                                          "\033[>41;390;0c",
                                          "\033[24;80R",
                                          "\033]11;rgb:0000/0000/0019\a",
                                          "\033[I",
                                          "\033[O",
                                          "\033[<0;19;1M",
                                          "\033[M 00",
                                          "\033P>|0019\033\\",
                                          "\033]52;c;MDAxOQ==\033\\",
                                          "\033[?2026;1$y"};
    struct input *in = input_new();
    struct key key;
    int64_t now = 1000;
    int wait;

    (void)state;
    open_question();
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        input_feed(in, answers[i], strlen(answers[i]), now);
        now += 5000;
        if (input_next(in, true, now, &key, &wait))
            fail_at(HERE, "answer %zu is a key", i);
    }
    hold("Enter", 2);
    nothing_is_signed();
    input_free(&in);
}

#define SIGNING(name) cmocka_unit_test_setup_teardown(name, sign_setup, sign_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_drive_nothing_in_any_locale),       TEST(what_is_dangerous_is_seen_and_stands_out),
        SIGNING(enter_held_down_signs_nothing),        SIGNING(a_paste_signs_nothing),
        SIGNING(answers_of_the_terminal_sign_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

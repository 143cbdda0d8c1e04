/* Where a key and a text go, and that each has an answer; questions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_page.h"

#include <string.h>

/* ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void commands_go_to_the_view_first(void **state)
{
    now.takes = CMD_ACT;
    world_keys(&w, "F2");
    assert_int_equal(now.got, CMD_ACT);
    now.got = CMD_NONE;
    world_keys(&w, "X"); /* Caps Lock */
    assert_int_equal(now.got, CMD_ACT);
    said("");
    now.takes = CMD_OUTBOX;
    world_keys(&w, "h");
    assert_ptr_equal(app_top(w.app)->ops, &page);
    now.takes = CMD_NONE; /* what it does not take is the app's */
    world_keys(&w, "h");
    assert_string_equal(app_top(w.app)->ops->name, "outbox");
    world_keys(&w, "h"); /* where one is already */
    world_keys(&w, "Ctrl-C");
    assert_ptr_equal(app_top(w.app)->ops, &page);
    world_keys(&w, "Ctrl-L");
    assert_true(app_take_redraw(w.app));
    assert_false(app_take_redraw(w.app));
}

/* Every key has a visible answer; what an input method sends runs nothing. */
static void keys_without_a_meaning_are_answered(void **state)
{
    static const char *const keys[] = {"z", "F10", "Tab", "F2", "Ctrl-V", "]", "Alt-s", "Insert"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        world_keys(&w, "Ctrl-L"); /* clears */
        said("");
        world_keys(&w, keys[i]);
        said(NO_KEY);
    }
    world_keys(&w, "ũ");
    said(" Bộ gõ tiếng Việt đang bật: đã bỏ qua phím “ũ”. Tắt bộ gõ hoặc dùng phím F.");
    world_keys(&w, "Ctrl-L Backspace");
    said(""); /* typing tools send it: nothing, and nothing is said */
    world_keys(&w, "d Backspace đ");
    assert_int_equal(now.got, CMD_REDRAW);
    said(" Bộ gõ tiếng Việt đang bật: đã bỏ qua phím “đ”. Tắt bộ gõ hoặc dùng phím F.");
    now.focus = FOCUS_TEXT;
    world_keys(&w, "F7");
    said(" Phím này không dùng ở đây. Bấm F1 để xem phím dùng được.");
}

static void a_locked_command_says_why(void **state)
{
    now.blocked = CMD_ACT;
    now.why = "hồ sơ đã đóng";
    now.takes = CMD_ACT;
    world_keys(&w, "x");
    assert_int_equal(now.got, CMD_NONE);
    said(" Xử lý: hồ sơ đã đóng.");
    now.why = ""; /* it has no place here now */
    world_keys(&w, "x");
    assert_int_equal(now.got, CMD_NONE);
    said(NO_KEY);
}

static void letters_are_text_where_one_types(void **state)
{
    now.focus = FOCUS_NOTE;
    world_type(&w, "q ư:");
    assert_int_equal(now.texts, 4);
    assert_string_equal(now.text, ":");
    assert_false(now.pasted);
    assert_int_equal(now.got, CMD_NONE);
    assert_true(app_typing(w.app));
    world_keys(&w, "F9");
    assert_int_equal(now.got, CMD_ACCEPT);
    now.focus = FOCUS_TEXT | FOCUS_ROW; /* a picker that is filtered by typing: Space ticks */
    world_keys(&w, "Space");
    assert_int_equal(now.got, CMD_MARK);
    assert_int_equal(now.texts, 4);
}

static void an_input_line_edits_itself(void **state)
{
    struct field field = {0};

    now.prompt = &field;
    now.focus = FOCUS_PROMPT;
    world_type(&w, "dđ ê");
    assert_string_equal(field_text(&field), "dđ ê");
    assert_string_equal(now.text, "ê");
    now.texts = 0;
    world_keys(&w, "Backspace Left Left"); /* what changes it is told, what moves in it is not */
    assert_string_equal(field_text(&field), "dđ ");
    assert_int_equal(now.texts, 1);
    assert_string_equal(now.text, "");
    assert_int_equal(now.got, CMD_NONE);
    world_keys(&w, "Up"); /* lists under it move */
    assert_int_equal(now.got, CMD_UP);
    world_paste(&w, "…1228-0041\n");
    assert_string_equal(field_text(&field), "d…1228-0041 đ ");
    assert_true(now.pasted);
    world_keys(&w, "Enter");
    assert_int_equal(now.got, CMD_SUBMIT);
    now.prompt = NULL;
    field_clear(&field);
}

static void pastes_never_run_a_command(void **state)
{
    now.takes = CMD_ACT;
    world_paste(&w, "x");
    world_paste(&w, "q1\rx");
    assert_int_equal(now.got, CMD_NONE);
    assert_int_equal(now.texts, 0);
    said(" Đoạn chữ vừa dán không dùng ở đây.");
    now.focus = FOCUS_TEXT;
    world_paste(&w, "x 1\r\n");
    assert_int_equal(now.texts, 1);
    assert_string_equal(now.text, "x 1\r\n");
    assert_true(now.pasted);
    world_type(&w, "a");
    assert_false(now.pasted);
}

/* fkeys: an input method may stay on. */
static void in_fkeys_letters_begin_a_search(void **state)
{
    struct err e = {0};

    assert_true(keymap_use(w.keymap, "fkeys", "keymaps", &e));
    now.takes = CMD_FIND;
    world_keys(&w, "n");
    assert_int_equal(now.got, CMD_FIND);
    assert_int_equal(now.texts, 0); /* no field took the focus: the letter is not kept */
    app_home(w.app);
    world_keys(&w, "1 q"); /* a real list does */
    world_draw(&w, 24, 80);
    assert_true(strncmp(world_row(&w, 22), " Tìm: q_", strlen(" Tìm: q_")) == 0);
    world_type(&w, "uố");
    world_draw(&w, 24, 80);
    assert_true(strncmp(world_row(&w, 22), " Tìm: quố_", strlen(" Tìm: quố_")) == 0);
}

static void back_leaves_where_nothing_is_under(void **state)
{
    world_keys(&w, "q");
    assert_int_equal(now.closed, 1);
    assert_string_equal(app_top(w.app)->ops->name, "queues");
    assert_false(app_wants_quit(w.app));
    world_keys(&w, "Ctrl-G");
    assert_true(app_wants_quit(w.app));
}

/* ── questions ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void take_answer(struct view *v, int choice, void *context)
{
    assert_ptr_equal(app_top(v->app), v); /* the sheet is gone */
    now.answer = choice;
    now.context = context;
}

static void ask(void)
{
    now.answer = 0;
    app_question(w.app, app_top(w.app),
                 &(struct question){.text = "Bỏ việc này? Nó chưa tới hệ thống.",
                                    .choices = (const char *const[]){"Không", "Bỏ (đọc lại được 30 ngày)", NULL},
                                    .answered = take_answer,
                                    .context = &now});
}

static void a_question_is_a_sheet_and_no_is_the_default(void **state)
{
    ask();
    world_draw(&w, 24, 80);
    world_rows(&w, 2, "thân màn hình");
    world_rows(&w, 17, "── Câu hỏi ─────────────────────────────────────────────────────────────────────",
               "  Bỏ việc này? Nó chưa tới hệ thống.", "> 1  Không", "  2  Bỏ (đọc lại được 30 ngày)", "", "",
               " Enter Mở  Esc Quay lại  ? Giúp");
    assert_int_equal(w.canvas->cursor_row, 19);
    assert_int_equal(w.canvas->cursor_col, 0);
    world_keys(&w, "Enter");
    assert_int_equal(now.answer, 1);
    assert_ptr_equal(now.context, &now);
    ask();
    world_keys(&w, "Esc");
    assert_int_equal(now.answer, 1);
    ask();
    world_keys(&w, "q");
    assert_int_equal(now.answer, 1);
    ask();
    world_keys(&w, "2");
    assert_int_equal(now.answer, 2);
    ask();
    world_keys(&w, "Down Down Up Down Enter");
    assert_int_equal(now.answer, 2);
}

/* Nothing but a number answers: no letter, no paste, no number that is not there. */
static void a_question_is_not_answered_by_chance(void **state)
{
    ask();
    world_keys(&w, "b x 3 9 0 Space F9 F2 y ô Backspace");
    world_paste(&w, "2");
    world_paste(&w, "2\r2\r");
    assert_int_equal(now.answer, 0);
    assert_string_equal(app_top(w.app)->ops->name, "question");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, " Đoạn chữ vừa dán không dùng ở đây."));
    world_keys(&w, "1");
    assert_int_equal(now.answer, 1);
}

static void a_long_question_fits_the_least_screen(void **state)
{
    world_draw(&w, 16, 60);
    app_question(
        w.app, app_top(w.app),
        &(struct question){
            .text = "Đăng xuất? 3 việc chưa gửi được giữ lại, chỉ tài khoản này gửi được khi đăng nhập lại, và "
                    "câu này còn dài hơn nữa để phải xuống dòng.",
            .choices = (const char *const[]){"một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", NULL},
            .answered = take_answer});
    world_draw(&w, 16, 60);
    assert_true(world_sees(&w, "> 1  một"));
    world_keys(&w, "9");
    assert_int_equal(now.answer, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(commands_go_to_the_view_first),
        PAGE_TEST(keys_without_a_meaning_are_answered),
        PAGE_TEST(a_locked_command_says_why),
        PAGE_TEST(letters_are_text_where_one_types),
        PAGE_TEST(an_input_line_edits_itself),
        PAGE_TEST(pastes_never_run_a_command),
        PAGE_TEST(in_fkeys_letters_begin_a_search),
        PAGE_TEST(back_leaves_where_nothing_is_under),
        PAGE_TEST(a_question_is_a_sheet_and_no_is_the_default),
        PAGE_TEST(a_question_is_not_answered_by_chance),
        PAGE_TEST(a_long_question_fits_the_least_screen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

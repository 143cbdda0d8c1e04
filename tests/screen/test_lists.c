/* Lists as officers use them for days: searching, marking, ordering, every keymap, every size, an input method left on, a slow
 * line; and each place found again as it was left.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/room.h"

#include <stdlib.h>
#include <string.h>

static struct screen *open_list(struct room *r, int rows, int cols)
{
    struct screen *s = room_screen(r, rows, cols);

    screen_key(s, "1");
    screen_expect_row(s, 2, "Chờ tiếp nhận");
    screen_expect_row(s, 2, "1/12");
    return s;
}

static void leave(struct screen **s, const char *keys)
{
    screen_keys(*s, keys);
    assert_int_equal(screen_exit_code(*s), 0);
    screen_free(s);
}

/* The program has read and done all that came before: its answer about the clock comes after that. */
static void expect_unmoved(struct screen *s, const char *row2)
{
    screen_advance(s, 0);
    screen_expect_row(s, 2, row2);
}

/* A hand rests between the key and the words: all of it in one burst would be a scanner's text. */
static void begin_search(struct screen *s, const char *key)
{
    screen_key(s, key);
    screen_expect_row(s, -2, "Tìm:");
}

/* What is written until nothing more comes. */
static size_t bytes_of(struct screen *s, const char *key)
{
    while (screen_read(s, 100)) {
    }
    screen_bytes_reset(s);
    screen_key(s, key);
    for (int64_t until = harness_deadline(); screen_bytes(s) == 0 && harness_now() < until;)
        screen_read(s, 50);
    while (screen_read(s, 100)) {
    }
    return screen_bytes(s);
}

/* ── search ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void names_are_found_without_tones_and_exact_tones_come_first(void **state)
{
    struct room *r = *state;
    struct screen *s = open_list(r, 0, 0);

    begin_search(s, "/");
    screen_type(s, "nguyen thi dao");
    screen_expect_row(s, 2, "Tìm: mọi hồ sơ trên máy  [danh sách này]  hỏi máy chủ");
    screen_expect_row(s, 2, "1/1");
    screen_expect_row(s, 4, "…1228-0041 Nguyễn Thị Đào");
    screen_key(s, "Tab");
    screen_expect_row(s, 2, "Tìm: [mọi hồ sơ trên máy]");
    screen_expect_row(s, 2, "1/5");
    screen_expect_row(s, 6, "Nguyễn Thị Đảo");
    screen_key(s, "Ctrl-U");
    screen_type(s, "Nguyễn Thị Đạo");
    screen_expect_row(s, 4, ">   …0930-0008 Nguyễn Thị Đạo");
    screen_expect_row(s, 2, "1/5"); /* the others come behind */
    screen_key(s, "Ctrl-U");
    screen_type(s, "DAO thi nguyen");
    screen_expect_row(s, 2, "1/5");
    screen_free(&s);
}

static void initials_and_tails_of_numbers_are_found(void **state)
{
    static const char *const words[][3] = {
        {"ntd", "1/4", "Nguyễn Thị Đào"},
        {"4821", "1/2", "Nguyễn Thị Đào"},
        {"1227-0019", "1/1", "Lâm Chí Vỹ"},
        {"0041", "1/1", "Nguyễn Thị Đào"},
        {"tran ngoc yen", "1/1", "Trần Ngọc Yến Nhi"},
    };
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    begin_search(s, "/");
    screen_expect_row(s, 2, "Tìm: [mọi hồ sơ trên máy]  hỏi máy chủ");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        screen_key(s, "Ctrl-U");
        screen_type(s, words[i][0]);
        screen_expect_row(s, 2, words[i][1]);
        screen_expect_row(s, 4, words[i][2]);
    }
    screen_key(s, "Ctrl-U");
    screen_type(s, "%_*\"'");
    screen_expect(s, "Không thấy “%_*\"'”"); /* no character is an operator */
    screen_keys(s, "Ctrl-U");
    screen_type(s, "nguyen thi dao");
    screen_expect_row(s, 2, "1/5");
    screen_keys(s, "Down Enter");
    screen_expect_row(s, 2, "1116-0020 · Nguyễn Thị Đào");
    screen_free(&s);
}

/* With the server gone nothing is amiss until Enter asks it. */
static void the_server_is_asked_by_enter_alone(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    begin_search(s, "/");
    screen_type(s, "nguyen thi dao");
    screen_expect_row(s, 2, "1/5");
    screen_key(s, "Tab");
    screen_expect_row(s, 2, "[hỏi máy chủ]");
    screen_expect(s, "Bấm Enter để hỏi máy chủ.");
    screen_key(s, "Enter");
    screen_expect_row(s, 4, "Nguyễn Thị Đ");
    screen_key(s, "Backspace");
    screen_expect(s, "Bấm Enter để hỏi máy chủ."); /* another question: nothing is shown for it yet */
    server_stop(r->server);
    screen_expect_row(s, 1, "mất mạng từ");
    screen_type(s, "o");
    screen_expect(s, "Bấm Enter để hỏi máy chủ.");
    screen_key(s, "Enter");
    screen_expect_gone(s, "Bấm Enter để hỏi máy chủ.");
    screen_expect(s, "mạng");
    screen_key(s, "Shift-Tab");
    screen_expect_row(s, 2, "1/5"); /* what is on this machine can still be found */
    screen_free(&s);
}

/* ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void marks_order_filter_and_focus_are_kept(void **state)
{
    struct room *r = *state;
    struct screen *s = open_list(r, 0, 0);

    screen_keys(s, "Space Space");
    screen_expect_row(s, 2, "3/12 · chọn 2");
    screen_expect_row(s, 4, " *  …1228-0001");
    screen_keys(s, "Up Space");
    screen_expect_row(s, 2, "chọn 1");
    screen_key(s, "s");
    screen_expect(s, "Xếp theo: bấm số");
    screen_key(s, "3");
    screen_expect_row(s, 2, "Chờ tiếp nhận · xếp theo tên");
    screen_expect_row(s, 4, "Nguyễn Thị Mỹ Bình"); /* by the given name */
    screen_expect_row(s, 15, "Trần Thị Thủy");
    screen_key(s, "l");
    screen_expect(s, "Lọc: Space chọn");
    screen_type(s, "den");
    screen_expect(s, "[ ]   Hạn            đến hạn hôm nay");
    screen_keys(s, "Space F9");
    screen_expect_row(s, 2, "xếp theo tên · lọc: đến hạn hôm nay");
    screen_key(s, "End");
    screen_expect_row(s, 8, "> ");
    screen_expect_row_gone(s, 2, "chọn"); /* what is not seen is not marked */
    screen_keys(s, "Up Space Up");
    screen_expect_row(s, 2, "4/5 · chọn 1");
    char focus[256], title[256];
    screen_row(s, 7, focus, sizeof focus);
    screen_row(s, 2, title, sizeof title);
    leave(&s, "q q");

    s = room_screen(r, 0, 0);
    screen_key(s, "1");
    screen_expect_row(s, 2, "lọc: đến hạn hôm nay");
    screen_expect_row(s, 7, focus);
    screen_expect_row(s, 2, title);
    screen_keys(s, "l");
    screen_expect(s, "[x]                  đến hạn hôm nay");
    screen_keys(s, "Space F9"); /* the focus is on "all" */
    screen_expect_row_gone(s, 2, "lọc");
    screen_keys(s, "s 1");
    screen_expect_row(s, 2, "xếp theo hạn");
    screen_key(s, "-");
    screen_expect_row_gone(s, 2, "chọn");
    screen_key(s, "+");
    screen_expect_row(s, 2, "chọn 12");
    leave(&s, "q q");
}

static void units_are_chosen_and_kept(void **state)
{
    struct room *r = *state;

    r->officer = "quan";
    struct screen *s = room_screen(r, 0, 0);
    screen_expect_row(s, 4, "Chờ ký                             8");
    screen_key(s, "v");
    screen_expect(s, "Đang xem cả 16 đơn vị.");
    screen_type(s, "ngai");
    screen_keys(s, "Space F9");
    screen_expect_row(s, 2, "Huyện Châu Đức: 1 trong 16 đơn vị");
    screen_expect_row(s, 4, "Chờ ký                             7");
    screen_key(s, "1");
    screen_expect_row(s, 2, "1/7");
    leave(&s, "q q");
    s = room_screen(r, 0, 0);
    screen_expect_row(s, 2, "1 trong 16 đơn vị");
    screen_expect_row(s, 4, "Chờ ký                             7");
    screen_free(&s);
}

/* ── sizes ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Nothing has a size that it cannot take, and back at 80x24 each view is what it was. */
static void every_view_takes_every_size(void **state)
{
    static const int sizes[][2] = {{1, 1},    {1, 500},  {500, 1}, {2, 2},    {3, 40},
                                   {15, 60},  {16, 60},  {16, 59}, {24, 79},  {25, 100},
                                   {40, 120}, {40, 132}, {7, 300}, {200, 60}, {500, 200}};
    static const struct {
        const char *keys, *words; /* these are there when it is */
    } views[] = {
        {"", "12         5"},           {"1", "1/12"},
        {"s", "Xếp theo: bấm số"},      {"Esc l", "Lọc: Space chọn"},
        {"Esc /", "Tìm: mọi hồ sơ"},    {"Esc Enter", "[1 Tổng quan]"},
        {"2", "[2 Giấy tờ]"},           {"5", "[5 Hạn]"},
        {"x", "Xử lý: bấm số"},         {"3", "Nộp đến"},
        {"Esc Esc h", "Hộp gửi trống"}, {"F1", "gõ để tìm"},
        {"Esc :", "Lệnh: _"},
    };
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
        screen_keys(s, views[v].keys);
        screen_expect(s, views[v].words);
        while (screen_read(s, 100)) { /* the rest of the frame */
        }
        char *before = screen_text(s);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            screen_resize(s, sizes[i][0], sizes[i][1]);
            screen_advance(s, 0); /* it lives and has drawn */
        }
        screen_resize(s, 24, 80);
        for (char *line = strtok(before, "\n"); line; line = strtok(NULL, "\n"))
            screen_expect(s, line);
        free(before);
    }
    screen_free(&s);
}

static void a_small_window_adapts_and_a_smaller_one_says_so(void **state)
{
    struct room *r = *state;
    struct screen *s = open_list(r, 0, 0);

    screen_resize(s, 20, 70);
    screen_expect_row(s, -1, "Enter Mở");
    screen_expect_row(s, 6, "Nguyễn Thị Đào");
    screen_expect_row(s, 6, "còn 3 giờ");
    screen_resize(s, 16, 60);
    screen_expect_row(s, 6, "…1228-0041 Nguyễn Thị Đào Mới ĐK      ! còn 3 giờ");
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_resize(s, 12, 50);
    screen_expect(s, "Cửa sổ đang là 50 x 12.");
    screen_expect(s, "motcua cần ít nhất 60 x 16.");
    screen_keys(s, "Down Enter x 1"); /* whoever cannot see does nothing */
    screen_type(s, "xxxxxxxx");
    screen_advance(s, 0);
    screen_resize(s, 24, 80);
    screen_expect_row(s, 2, "1/12");
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_expect_row(s, 4, ">   …1228-0001");
    screen_free(&s);
}

/* ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct {
    const char *name, *find, *down, *act, *undo, *sort, *home, *outbox;
} maps[] = {
    {"default", "/", "Down", "x", "u", "s", "Home", "h"},
    {"vim", "/", "j", "x", "u", "s", "g", "O"},
    {"fkeys", "F3", "Down", "F2", "Delete", "Alt-s", "Home", "F6"},
};

/* One task with each: found, opened, received, undone; the list ordered, the outbox opened. */
static void every_keymap_does_the_same_task(void **state)
{
    struct room *r = *state;

    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        char *line = text_new("keymap = %s", maps[i].name);
        room_configure(r, line);
        free(line);
        struct screen *s = open_list(r, 0, 0);
        screen_key(s, maps[i].down);
        screen_expect_row(s, 2, "2/12");
        screen_key(s, maps[i].home);
        screen_expect_row(s, 2, "1/12");
        begin_search(s, maps[i].find);
        screen_type(s, "nguyen thi dao");
        screen_expect_row(s, 4, "Nguyễn Thị Đào");
        screen_key(s, "Enter");
        screen_expect_row(s, 2, "Hồ sơ 000.25.33.H06-221228-0041");
        screen_keys(s, maps[i].act);
        screen_expect(s, "1  Tiếp nhận");
        screen_key(s, "1");
        screen_expect_row(s, 1, "chưa gửi 1");
        screen_key(s, maps[i].undo);
        screen_expect_row(s, 1, "chưa gửi 0");
        room_seek(s, "Esc", 2, "Chờ tiếp nhận");
        screen_key(s, maps[i].sort);
        screen_expect(s, "Xếp theo: bấm số");
        screen_key(s, "1");
        screen_expect_gone(s, "Xếp theo: bấm số");
        screen_key(s, maps[i].outbox);
        screen_expect_row(s, 2, "Hộp gửi");
        leave(&s, "Esc Esc Esc");
    }
    char *said = room_events(r, "d-41", "mai");
    assert_string_equal(said, "");
    free(said);
}

static void without_letters_a_letter_begins_a_search(void **state)
{
    struct room *r = *state;

    room_configure(r, "keymap = fkeys");
    struct screen *s = open_list(r, 0, 0);
    screen_key(s, "x");
    screen_expect_row(s, -2, "Tìm: x");
    screen_key(s, "Backspace");
    screen_type(s, "đào");
    screen_expect_row(s, -2, "Tìm: đào");
    screen_expect_row(s, 4, "Nguyễn Thị Đào");
    screen_free(&s);
}

/* Telex and VNI: what they send where nothing is typed runs nothing more than its first plain letter. */
static void an_input_method_left_on_runs_nothing(void **state)
{
    static const char *const letters[] = {"ũ", "đ", "Ơ", "ự", "ế", "Ă", "ô", "ỵ"};
    struct room *r = *state;
    struct screen *s = open_list(r, 0, 0);

    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        char *told = text_new("Bộ gõ tiếng Việt đang bật: đã bỏ qua phím “%s”", letters[i]);
        screen_type(s, letters[i]);
        room_says(s, told);
        expect_unmoved(s, "1/12");
        free(told);
        screen_key(s, "Home"); /* a key that does something takes the sentence away */
        screen_expect_gone(s, "Bộ gõ");
    }
    screen_type(s, "d");
    screen_expect_row(s, -2, "Phím này không dùng ở đây.");
    screen_send(s, "\177đ", strlen("\177đ")); /* dd as Telex sends it */
    room_says(s, "đã bỏ qua phím “đ”");
    expect_unmoved(s, "1/12");
    screen_expect_row(s, 4, ">   …1228-0001");
    screen_paste(s, "x1"); /* and no paste is a command */
    screen_expect_row_gone(s, -2, "Bộ gõ");
    expect_unmoved(s, "1/12");
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_free(&s);
}

/* ── a slow line ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Second by second, each with room for an answer that is on its way: from 3 s on it would count as slow, which is said. */
static void walk(struct room *r, struct screen *s, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        room_advance(r, s, 1);
        screen_read(s, 10);
    }
}

static void an_idle_screen_writes_nothing(void **state)
{
    struct room *r = *state;
    struct screen *s = open_list(r, 40, 120);

    /* First to a moment soon after a minute has begun, whenever the test runs. */
    while (!screen_row_has(s, 1, "09:43"))
        walk(r, s, 1);
    while (screen_read(s, 300)) {
    }
    screen_bytes_reset(s);
    walk(r, s, 44);
    assert_false(screen_read(s, 300));
    assert_int_equal(screen_bytes(s), 0);
    room_advance(r, s, 15);
    screen_expect_row(s, 1, "09:44"); /* the minute, in one frame */
    screen_free(&s);
}

static void a_line_down_is_cheap(void **state)
{
    static const struct {
        const char *theme;
        size_t most;
    } themes[] = {{"default", 120}, {"marker", 60}};
    struct room *r = *state;

    for (size_t t = 0; t < sizeof themes / sizeof *themes; t++) {
        char *line = text_new("theme = %s", themes[t].theme);
        room_configure(r, line);
        free(line);
        struct screen *s = room_screen(r, 40, 120);
        screen_key(s, "3");
        screen_expect_row(s, 2, "1/41");
        for (int i = 0; i < 20; i++) {
            char *place = text_new("%d/41", i + 2);
            size_t bytes = bytes_of(s, "Down");
            screen_expect_row(s, 2, place);
            if (bytes > themes[t].most)
                fail_at(HERE, "theme %s: a line down took %zu bytes", themes[t].theme, bytes);
            free(place);
        }
        screen_key(s, "Home");
        leave(&s, "q q");
    }
}

/* Who is faster than the counting of the list. */
static void a_dossier_opened_at_once_knows_its_place(void **state)
{
    struct screen *s = room_screen(*state, 0, 0);

    screen_key(s, "1");
    screen_expect_row(s, 4, "1228-0001");
    screen_send(s, "\033OH\r", 4);
    screen_expect_row(s, 3, "Tổng quan");
    screen_expect_row(s, 2, " 1/12");
    screen_free(&s);
}

/* What the officer did a moment ago, undone, looked at with its numbers: as the journal has it. */
static void what_was_done_here_can_be_read(void **state)
{
    struct screen *s = room_screen(*state, 0, 0);

    screen_key(s, "1");
    screen_expect_row(s, 2, "1/12");
    screen_keys(s, "x 1");
    screen_expect(s, "hoàn tác");
    screen_key(s, "u");
    screen_expect(s, "hoàn tác");
    screen_keys(s, "Enter m");
    screen_expect(s, "Tổng quan");
    screen_key(s, "Ctrl-P");
    screen_expect_row(s, -2, "Lệnh:");
    screen_type(s, "nhat ky");
    screen_expect(s, "việc đã làm trên máy này");
    screen_key(s, "Enter");
    screen_expect_row(s, 2, "Nhật ký máy này");
    screen_expect_row(s, 4, "đã hiện đủ số giấy tờ, điện thoại");
    screen_expect_row(s, 5, "đã hoàn tác");
    screen_expect_row(s, 6, "đã lưu");
    screen_expect_row(s, 7, "đã đăng nhập");
    screen_key(s, "Enter");
    screen_expect(s, "Tổng quan");
    screen_free(&s);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, room_open, room_close)
    const struct CMUnitTest tests[] = {
        TEST(names_are_found_without_tones_and_exact_tones_come_first),
        TEST(initials_and_tails_of_numbers_are_found),
        TEST(the_server_is_asked_by_enter_alone),
        TEST(marks_order_filter_and_focus_are_kept),
        TEST(units_are_chosen_and_kept),
        TEST(every_view_takes_every_size),
        TEST(a_small_window_adapts_and_a_smaller_one_says_so),
        TEST(every_keymap_does_the_same_task),
        TEST(without_letters_a_letter_begins_a_search),
        TEST(an_input_method_left_on_runs_nothing),
        TEST(an_idle_screen_writes_nothing),
        TEST(a_line_down_is_cheap),
        TEST(a_dossier_opened_at_once_knows_its_place),
        TEST(what_was_done_here_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

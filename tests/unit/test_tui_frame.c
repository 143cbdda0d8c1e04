/* The rows that are the app's own (screens.md, rule 1): who and how the line is, what is said, which keys; and a window too small.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"

#include "core/text.h"

#include <string.h>

/* ── a view that is what the test says ──────────────────────────────────────────────────────────────────────────────── */

static struct {
    unsigned focus;
    const enum command_id *list;
    enum command_id blocked;
    const char *message;
    struct field *prompt;
} now;

static void draw(const struct view *v, struct canvas *c)
{
    view_title(c, "Một màn hình", "1/2");
}
static unsigned focus(const struct view *v)
{
    return now.focus;
}
static const enum command_id *footer(const struct view *v)
{
    return now.list;
}
static const char *blocked(const struct view *v, enum command_id id)
{
    return id == now.blocked ? "chưa được" : NULL;
}
static const char *message(const struct view *v)
{
    return now.message;
}
static struct field *prompt(struct view *v)
{
    return now.prompt;
}
static const char *label(const struct view *v)
{
    return "Tìm";
}
static const enum command_id none[] = {CMD_NONE};
static const struct view_ops page = {.name = "dossiers",
                                     .commands = none,
                                     .draw = draw,
                                     .focus = focus,
                                     .footer = footer,
                                     .blocked = blocked,
                                     .message = message,
                                     .prompt = prompt,
                                     .prompt_label = label};
static const struct view_ops sheet = {.name = "dossiers",
                                      .sheet = true,
                                      .commands = none,
                                      .draw = draw,
                                      .focus = focus,
                                      .footer = footer,
                                      .blocked = blocked};

static struct world w;

static int sit_down(void **state)
{
    world_new(&w, "mockups", "mai", "09:42");
    memset(&now, 0, sizeof now);
    now.focus = FOCUS_ROW | FOCUS_NUMBER;
    now.list = none;
    return 0;
}

static int stand_up(void **state)
{
    world_free(&w);
    return 0;
}

/* ── status ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void status(int cols, const char *wanted)
{
    world_draw(&w, 24, cols);
    world_rows(&w, 0, wanted);
}

/* The role goes first, with the word for the clock; then family and middle name, then the unit. */
static void who_is_shortened(void **state)
{
    world_plant(&w, "seven");
    status(132, " TẬP HUẤN  TT. Ngãi Giao · Trần Thị Mai · tiếp nhận và trả kết quả                 trực tuyến · chưa gửi 4, "
                "vướng 3 · máy chủ 09:42");
    status(119, " TẬP HUẤN  TT. Ngãi Giao · Trần Thị Mai · tiếp nhận và trả kết quả    trực tuyến · chưa gửi 4, vướng 3 · máy "
                "chủ 09:42");
    status(116, " TẬP HUẤN  TT. Ngãi Giao · Trần Thị Mai                                    trực tuyến · chưa gửi 4, "
                "vướng 3 · 09:42");
    status(82, " TẬP HUẤN  TT. Ngãi Giao · Trần Thị Mai  trực tuyến · chưa gửi 4, vướng 3 · 09:42");
    status(80, " TẬP HUẤN  TT. Ngãi Giao · Mai         trực tuyến · chưa gửi 4, vướng 3 · 09:42");
    status(73, " TẬP HUẤN  TT. Ngãi Giao · Mai  trực tuyến · chưa gửi 4, vướng 3 · 09:42");
    status(72, " TẬP HUẤN  Mai                 trực tuyến · chưa gửi 4, vướng 3 · 09:42");
    status(60, " TẬP HUẤN  Mai     trực tuyến · chưa gửi 4, vướng 3 · 09:42");
}

/* No width loses what stands at the right, and nothing overlaps. */
static void every_width_has_clock_and_line(void **state)
{
    static const enum line_state states[] = {LINE_STARTING,    LINE_ONLINE,  LINE_SLOW,    LINE_OFFLINE,
                                             LINE_MAINTENANCE, LINE_SIGN_IN, LINE_STOPPED, LINE_OTHER};

    world_plant(&w, "seven");
    for (size_t s = 0; s < sizeof states / sizeof *states; s++) {
        w.line.state = states[s];
        world_line(&w);
        for (int cols = 60; cols <= 200; cols++) {
            world_draw(&w, 24, cols);
            const char *row = world_row(&w, 0);
            assert_true(strncmp(row, " TẬP HUẤN  ", strlen(" TẬP HUẤN  ")) == 0);
            assert_string_equal(row + strlen(row) - 5, "09:42");
            assert_non_null(strstr(row, " · chưa gửi 4, vướng 3 · "));
            assert_int_equal(text_width(row), cols - 1);
            for (int col = 0; col < cols; col++)
                assert_true(w.canvas->cells[col].style == (col >= 1 && col <= 8 ? STYLE_BANNER : STYLE_STATUS));
        }
    }
}

static void how_the_line_is(void **state)
{
    static const struct {
        enum line_state state;
        const char *words;
    } cases[] = {{LINE_ONLINE, "  trực tuyến · "},         {LINE_SLOW, "  mạng chậm · "},
                 {LINE_OFFLINE, "  mất mạng từ 09:12 · "}, {LINE_SIGN_IN, "  cần đăng nhập lại · "},
                 {LINE_MAINTENANCE, "  đang bảo trì · "},  {LINE_OTHER, "  trực tuyến · "}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        w.line.state = cases[i].state;
        w.line.since = w.clock - 30 * 60;
        world_line(&w);
        world_draw(&w, 24, 80);
        assert_non_null(strstr(world_row(&w, 0), cases[i].words));
    }
    w.line.state = LINE_OFFLINE; /* the mock-up `offline` fits to the last column */
    world_line(&w);
    world_plant(&w, "three");
    status(80, " TẬP HUẤN  TT. Ngãi Giao · Trần Thị Mai  mất mạng từ 09:12 · chưa gửi 3 · 09:42");
    w.line.training = false;
    world_line(&w);
    status(80, " TT. Ngãi Giao · Trần Thị Mai            mất mạng từ 09:12 · chưa gửi 3 · 09:42");
    world_pass(&w, 60000);
    status(80, " TT. Ngãi Giao · Trần Thị Mai            mất mạng từ 09:12 · chưa gửi 3 · 09:43");
}

static void nobody_is_signed_in(void **state)
{
    app_attach(w.app, NULL, NULL, NULL);
    status(80, " TẬP HUẤN  Chưa đăng nhập                       quay-02 · mc-demo.local · 09:42");
}

static void units_are_short(void **state)
{
    static const char *const cases[][2] = {{"Thị trấn Ngãi Giao", "TT. Ngãi Giao"},
                                           {"Thành phố Bà Rịa", "TP. Bà Rịa"},
                                           {"Thị xã Phú Mỹ", "TX. Phú Mỹ"},
                                           {"Huyện Châu Đức", "Huyện Châu Đức"},
                                           {"Ủy ban nhân dân xã Kim Long", "UBND xã Kim Long"},
                                           {"", ""}};
    struct arena arena = {0};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(app_unit_short(&arena, cases[i][0]), cases[i][1]);
    arena_clear(&arena);
}

/* ── message ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void messages_toasts_and_input_lines(void **state)
{
    struct field field = {0};

    app_open(w.app, &page, NULL);
    now.message = "Dòng của màn hình này.";
    world_draw(&w, 24, 80);
    world_rows(&w, 1, " Một màn hình                                                               1/2");
    world_rows(&w, 22, " Dòng của màn hình này.");
    app_toast(w.app, TOAST_ERROR, "Lỗi %d: %s", 7,
              "không ghi được một dòng rất dài mà màn hình tám mươi cột không thể nào chứa hết");
    world_draw(&w, 24, 80);
    world_rows(&w, 21, " Lỗi 7: không ghi được một dòng rất dài mà màn hình tám mươi cột không thể nào",
               " chứa hết");
    assert_int_equal(w.canvas->cells[21 * 80 + 1].style, STYLE_ERROR);
    assert_int_equal(w.canvas->cells[22 * 80 + 1].style, STYLE_ERROR);
    now.prompt = &field;
    field_set(&field, "nguyen thi dao");
    world_draw(&w, 24, 80); /* over an input line what is said stands on the body's last row */
    world_rows(&w, 20, " Lỗi 7: không ghi được một dòng rất dài mà màn hình tám mươi cột không thể nào",
               " chứa hết", " Tìm: nguyen thi dao_");
    assert_int_equal(w.canvas->cursor_row, 22);
    assert_int_equal(w.canvas->cursor_col, 20);
    field_command(&field, CMD_FIRST);
    world_draw(&w, 24, 80);
    world_rows(&w, 22, " Tìm: nguyen thi dao"); /* the mark stands at the end alone */
    assert_int_equal(w.canvas->cursor_col, 6);
    now.prompt = NULL;
    field_clear(&field);
}

/* ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define LIST(...) ((const enum command_id[]){__VA_ARGS__, CMD_NONE})

static void keys_at(struct at at, const struct view_ops *ops, unsigned focus_bits,
                    const enum command_id *list, int cols, const char *wanted)
{
    app_home(w.app);
    app_open(w.app, ops, NULL);
    now.focus = focus_bits;
    now.list = list;
    world_draw(&w, 24, cols);
    world_rows_at(at, &w, 23, (const char *const[]){wanted, NULL});
}
#define keys(...) keys_at(HERE, __VA_ARGS__)

/* The last rows of the mock-ups, without what is built later. */
static void last_rows_of_the_mock_ups(void **state)
{
    const unsigned row = FOCUS_ROW | FOCUS_NUMBER;

    world_plant(&w, "receive");
    keys(&page, row, LIST(CMD_OPEN, CMD_FIND, CMD_OUTBOX, CMD_SYNC, CMD_PALETTE), 80,
         " Enter Mở  / Tìm  h Hộp gửi  r Tải lại  : Lệnh  ? Giúp  q Quay lại");
    keys(&sheet, FOCUS_ROW | FOCUS_PROMPT, LIST(CMD_MARK, CMD_ACCEPT), 80,
         " Space Chọn  F9 Đồng ý  Esc Quay lại  F1 Giúp");
    const enum command_id *list = LIST(CMD_OPEN, CMD_MARK, CMD_ACT, CMD_UNDO, CMD_FIND, CMD_FILTER, CMD_SORT,
                                       CMD_UNIT, CMD_PREVIEW, CMD_REVEAL, CMD_OUTBOX);
    keys(&page, row, list, 80, " Enter Mở  Space Chọn  x Xử lý  u Hoàn tác  / Tìm  l Lọc  ? Giúp  q Quay lại");
    keys(&page, row, list, 132,
         " Enter Mở  Space Chọn  x Xử lý  u Hoàn tác  / Tìm  l Lọc  s Xếp  v Đơn vị  c Xem kèm  m Hiện số  h Hộp gửi  ? Giúp  q "
         "Quay lại");
    keys(&page, FOCUS_PROMPT, LIST(CMD_SUBMIT, CMD_NEXT_PART), 80,
         " Enter Tiếp  Tab Phần kế  Esc Quay lại  F1 Giúp");
    keys(&page, row, LIST(CMD_ACT, CMD_UNDO, CMD_REVEAL, CMD_NEXT_ITEM, CMD_PREV_ITEM), 80,
         " x Xử lý  u Hoàn tác  m Hiện số  . Mục kế  , Mục trước  ? Giúp  q Quay lại");
    keys(&sheet, row, LIST(CMD_OPEN), 80, " Enter Mở  Esc Quay lại  ? Giúp");
    keys(&page, FOCUS_ROW | FOCUS_TEXT, LIST(CMD_MARK, CMD_NEXT_PART, CMD_FIND, CMD_ACCEPT), 80,
         " Space Chọn  Tab Phần kế  F3 Tìm  F9 Đồng ý  Esc Quay lại  F1 Giúp");
    keys(&sheet, FOCUS_PROMPT, LIST(CMD_SUBMIT), 80, " Enter Tiếp  Esc Quay lại  F1 Giúp");
    keys(&page, row, LIST(CMD_MARK, CMD_OPEN, CMD_NEXT_ITEM), 80,
         " Space Chọn  Enter Mở  . Mục kế  ? Giúp  q Quay lại");
    keys(&page, row, LIST(CMD_OPEN, CMD_ACT, CMD_UNDO), 60, " Enter Mở  x Xử lý  u Hoàn tác  ? Giúp  q Quay lại");
}

static void what_does_not_fit_or_work_is_left_out(void **state)
{
    const enum command_id *list =
        LIST(CMD_OPEN, CMD_UP, CMD_MARK, CMD_ACT, CMD_UNDO, CMD_HELP, CMD_BACK, CMD_OUTBOX);

    keys(&page, FOCUS_ROW, list, 80,
         " Enter Mở  Space Chọn  x Xử lý  h Hộp gửi  ? Giúp  q Quay lại"); /* nothing to undo */
    now.blocked = CMD_MARK;
    keys(&page, FOCUS_ROW, list, 80, " Enter Mở  x Xử lý  h Hộp gửi  ? Giúp  q Quay lại");
    world_plant(&w, "receive");
    keys(&page, FOCUS_ROW, list, 80, " Enter Mở  x Xử lý  u Hoàn tác  h Hộp gửi  ? Giúp  q Quay lại");
    world_pass(&w, 10000); /* the ten seconds are over: the key goes by itself */
    keys(&page, FOCUS_ROW, list, 80, " Enter Mở  x Xử lý  h Hộp gửi  ? Giúp  q Quay lại");
    for (int cols = 60; cols < 120; cols++) { /* help and back are always there, whole */
        world_draw(&w, 24, cols);
        const char *seen = world_row(&w, 23), *end = "? Giúp  q Quay lại";
        assert_string_equal(seen + strlen(seen) - strlen(end), end);
    }
    assert_int_equal(w.canvas->cells[23 * w.canvas->cols + 1].style, STYLE_KEY);
}

static void the_keymap_in_use(void **state)
{
    struct err e = {0};

    world_plant(&w, "receive");
    assert_true(keymap_use(w.keymap, "fkeys", "keymaps", &e));
    keys(&page, FOCUS_ROW, LIST(CMD_OPEN, CMD_ACT, CMD_UNDO, CMD_FIND, CMD_SORT), 80,
         " Enter Mở  F2 Xử lý  Delete Hoàn tác  F3 Tìm  Alt-s Xếp  F1 Giúp  Esc Quay lại");
    assert_true(keymap_use(w.keymap, "vim", "keymaps", &e));
    keys(&page, FOCUS_ROW, LIST(CMD_OPEN, CMD_FILTER, CMD_OUTBOX), 80,
         " Enter Mở  f Lọc  O Hộp gửi  ? Giúp  q Quay lại");
}

/* ── too small ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_small_window_is_the_mock_up(void **state)
{
    world_plant(&w, "three");
    world_draw(&w, 12, 50);
    world_rows(&w, 0, "", "  Cửa sổ đang là 50 x 12.", "  motcua cần ít nhất 60 x 16.", "",
               "  Kéo rộng cửa sổ hoặc thu nhỏ chữ;", "  màn hình sẽ tự hiện lại, không mất gì.", "",
               "  Chưa gửi: 3. Bản đang điền vẫn được giữ.", "", "", "", "  q Quay lại  F12 Khóa");
    assert_int_equal(w.canvas->cells[0].style, STYLE_BANNER); /* training shows here too */
    world_draw(&w, 16, 59);
    world_rows(&w, 1, "  Cửa sổ đang là 59 x 16.");
    world_draw(&w, 15, 132);
    world_rows(&w, 1, "  Cửa sổ đang là 132 x 15.");
    world_draw(&w, 16, 60);
    world_rows(&w, 1, " Hàng việc                                dữ liệu lúc 09:42");
}

static void in_a_small_window_only_back_works(void **state)
{
    app_open(w.app, &page, NULL);
    now.focus = FOCUS_TEXT;
    world_draw(&w, 10, 30);
    assert_false(app_typing(w.app));
    world_keys(&w, "F6 h 1 x Enter Tab F1 : u");
    world_paste(&w, "q");
    assert_ptr_equal(app_top(w.app)->ops, &page);
    world_keys(&w, "q"); /* a letter, though a field has the focus: it is not seen */
    assert_string_equal(app_top(w.app)->ops->name, "queues");
    for (int rows = 1; rows < 16; rows++)
        for (int cols = 1; cols < 60; cols += 7)
            world_draw(&w, rows, cols);
    world_keys(&w, "Esc");
    assert_true(app_wants_quit(w.app));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sit_down, stand_up)
    const struct CMUnitTest tests[] = {
        TEST(who_is_shortened),
        TEST(every_width_has_clock_and_line),
        TEST(how_the_line_is),
        TEST(nobody_is_signed_in),
        TEST(units_are_short),
        TEST(messages_toasts_and_input_lines),
        TEST(last_rows_of_the_mock_ups),
        TEST(what_does_not_fit_or_work_is_left_out),
        TEST(the_keymap_in_use),
        TEST(a_small_window_is_the_mock_up),
        TEST(in_a_small_window_only_back_works),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

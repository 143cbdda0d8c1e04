/* Help, command palette, about: the mock-ups `help` and `palette` (screens.md) without what is built later, and what typing does there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"

#include <string.h>

/* As docs/scenarios.md says for these pictures: what is mine, newest first, on d-41, whose receipt was wished 4 s ago. */
static void open_list(struct world *w)
{
    world_new(w, "mockups", "mai", "09:42");
    world_plant(w, "receive");
    world_keys(w, "2 s 2 Home Down Down Down Down");
    world_draw(w, 24, 80);
    world_pass(w, 4000); /* the position is counted after the frame */
    world_draw(w, 24, 80);
    world_rows(w, 1, " Việc của tôi · xếp theo ngày nộp, mới trước                               5/26");
    assert_true(strncmp(world_row(w, 7), "> ~ …1228-0041 Nguyễn Thị Đào",
                        strlen("> ~ …1228-0041 Nguyễn Thị Đào")) == 0);
}

static void help_is_the_mock_up(void **state)
{
    struct world w;

    open_list(&w);
    world_keys(&w, "?");
    world_draw(&w, 24, 80);
    world_rows(&w, 0, " TẬP HUẤN  TT. Ngãi Giao · Trần Thị Mai         trực tuyến · chưa gửi 1 · 09:42",
               " Giúp · Danh sách hồ sơ                                     gõ để tìm · 1-18/34",
               " Làm được bây giờ", "   Enter       Mở              mở hồ sơ ở dòng đang chọn",
               "   Space       Chọn            đánh dấu dòng rồi xuống một dòng",
               "   F2  x       Xử lý           danh sách việc hệ thống cho làm",
               "   F3  /       Tìm             tìm trong danh sách, không cần dấu",
               "   l           Lọc             lọc theo thủ tục, kênh, người giữ, hạn",
               "   s           Xếp             xếp theo hạn, ngày nộp, tên, mã",
               "   ← →         Sang trái, phải sang hàng việc trước, sau",
               "   u           Hoàn tác        rút việc vừa lưu (còn 6 giây)",
               "   F6  h       Hộp gửi         việc đã lưu, đang gửi, bị vướng",
               "   F12 Ctrl-K  Khóa            che màn hình, mở lại bằng mã PIN", " Chưa dùng được",
               "   F8  k       Khay ký         tài khoản này không có vai trò ký duyệt",
               "   v           Đơn vị          chỉ có một đơn vị",
               "   c           Xem kèm         cần màn hình rộng từ 120 cột (đang 80)", " Dấu",
               "   ~ ↑ » ? ≠ ×                 hoàn tác được, chưa gửi, đang gửi, chưa rõ,",
               "                               xung đột, từ chối",
               "   !! ! || ??                  quá hạn, đến hạn hôm nay, tạm dừng, chưa tính",
               "   …                           còn 16 dòng", " Tìm: _", " Enter Tiếp  Esc Quay lại");
    assert_int_equal(w.canvas->cursor_row, 22);
    assert_int_equal(w.canvas->cursor_col, 6);
    world_free(&w);
}

static void help_scrolls_and_comes_round(void **state)
{
    struct world w;

    open_list(&w);
    world_keys(&w, "F1 Down");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "2-"));
    assert_false(world_sees(&w, "Làm được bây giờ"));
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "-34/34"));
    assert_true(world_sees(&w, "   F1  ?       Giúp            xem phím dùng được ở đây"));
    assert_true(world_sees(&w, "   q   Esc     Quay lại        về màn hình trước"));
    assert_true(world_sees(&w, "   +           Chọn trang      đánh dấu mọi dòng đang thấy (không dùng để ký)"));
    world_keys(&w, "Enter"); /* from the end to the start again */
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, " Làm được bây giờ"));
    world_keys(&w, "PgDn PgDn PgDn PgUp PgUp Up Esc");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Việc của tôi · xếp theo ngày nộp"));
    world_free(&w);
}

/* Tones are not needed, every word has to be there; headings without lines go. */
static void typing_in_help_searches(void **state)
{
    struct world w;

    open_list(&w);
    world_keys(&w, "?");
    world_type(&w, "phim khoa");
    world_draw(&w, 24, 80);
    world_rows(&w, 1, " Giúp · Danh sách hồ sơ                                       gõ để tìm · 1-2/2",
               " Ở mọi màn hình", "   F1  ?       Giúp            xem phím dùng được ở đây, phím đang khóa và vì",
               "                               sao", "", "");
    world_type(&w, "xyz");
    world_draw(&w, 24, 80);
    world_rows(&w, 1, " Giúp · Danh sách hồ sơ                                               gõ để tìm",
               " Không dòng nào có những chữ này. Xóa bớt chữ.");
    world_keys(&w, "Down Up PgDn PgUp Enter Ctrl-U");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "1-18/34"));
    world_keys(&w, "F7"); /* a key without a meaning is answered here too: above the line that one types in */
    world_draw(&w, 24, 80);
    world_rows(&w, 21, " Phím này không dùng ở đây. Bấm F1 để xem phím dùng được.", " Tìm: _");
    world_free(&w);
}

static void help_tells_other_views_and_keymaps(void **state)
{
    struct world w;
    struct err e = {0};

    open_list(&w);
    assert_true(keymap_use(w.keymap, "fkeys", "keymaps", &e));
    world_keys(&w, "F1");
    world_draw(&w, 24, 80);
    world_rows(&w, 3, "   Enter       Mở              mở hồ sơ ở dòng đang chọn",
               "   Space       Chọn            đánh dấu dòng rồi xuống một dòng",
               "   F2          Xử lý           danh sách việc hệ thống cho làm",
               "   F3  Ctrl-F  Tìm             tìm trong danh sách, không cần dấu");
    world_type(&w, "bat dau");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "   a-z         Tìm             gõ chữ là bắt đầu tìm"));
    assert_true(keymap_use(w.keymap, "vim", "keymaps", &e));
    world_keys(&w, "Esc q F1");
    world_draw(&w, 40, 100);
    assert_true(world_sees(&w, " Giúp · Hàng việc"));
    assert_true(world_sees(&w, "   Up  k       Lên"));
    assert_true(world_sees(&w, "   F6  O       Hộp gửi"));
    assert_true(world_sees(&w, "   0-9         Chọn số"));
    world_free(&w);
}

static void palette_is_the_mock_up(void **state)
{
    struct world w;

    open_list(&w);
    world_keys(&w, ":");
    world_type(&w, "ho");
    world_draw(&w, 24, 80);
    world_rows(&w, 0, " TẬP HUẤN  TT. Ngãi Giao · Trần Thị Mai         trực tuyến · chưa gửi 1 · 09:42");
    assert_true(strncmp(world_row(&w, 7), "> ~ …1228-0041", strlen("> ~ …1228-0041")) ==
                0); /* what lies under it is seen */
    world_rows(&w, 11, "── Lệnh ────────────────────────────────────────────────────────────────────────",
               "> Hộp gửi                    F6 h      việc đã lưu, đang gửi, bị vướng",
               "  Hồ sơ mới                  F4 n      nhận hồ sơ tại quầy hoặc giúp nộp trực",
               "  Hỏi máy chủ                          tìm ngoài phần đã lưu trên máy",
               "  Hồ sơ …1229-0012                     Phan Tấn Lộc · Đăng ký khai tử",
               "- Đơn vị                     v         chỉ có một đơn vị",
               "- Khay ký                    F8 k      tài khoản này không có vai trò ký duyệt", "", "", "",
               " 6 trong 66 lệnh. Gõ thêm để thu hẹp.", " Lệnh: ho_", " Enter Tiếp  Esc Quay lại  F1 Giúp");
    assert_int_equal(w.canvas->cursor_row, 22);
    assert_int_equal(w.canvas->cursor_col, 9);
    world_free(&w);
}

static void palette_runs_what_is_chosen(void **state)
{
    struct world w;

    open_list(&w);
    world_keys(&w, "Ctrl-P");
    world_type(&w, "hop gui");
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    assert_string_equal(app_top(w.app)->ops->name, "outbox");
    world_keys(&w, "q :");
    world_type(&w, "outbox"); /* the name that keymap files use */
    world_keys(&w, "Enter");
    assert_string_equal(app_top(w.app)->ops->name, "outbox");
    world_keys(&w, "q :");
    world_type(&w, "don vi"); /* what cannot be done says why, and changes nothing */
    world_draw(&w, 24, 80);
    world_rows(&w, 12, "> Đơn vị                     v         chỉ có một đơn vị");
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    world_rows(&w, 21, " Đơn vị: chỉ có một đơn vị.", " Lệnh: don vi_");
    assert_string_equal(app_top(w.app)->ops->name, "palette");
    world_keys(&w, "Ctrl-U");
    world_type(&w, "0041"); /* a dossier by its code */
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "> Hồ sơ …1228-0041"));
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    assert_string_equal(app_top(w.app)->ops->name, "dossier");
    assert_true(world_sees(&w, "Hồ sơ 000.25.33.H06-221228-0041"));
    assert_string_equal(app_top(w.app)->under->ops->name, "dossiers"); /* the palette is gone */
    world_free(&w);
}

static void palette_narrows_by_the_best_hits(void **state)
{
    struct world w;

    open_list(&w);
    world_keys(&w, ":");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "lệnh. Gõ để thu hẹp."));
    world_type(&w, "may chu"); /* a later word of a label */
    world_draw(&w, 24, 80);
    world_rows(&w, 12, "> Hỏi máy chủ                          tìm ngoài phần đã lưu trên máy", "");
    world_keys(&w, "Ctrl-U");
    world_type(&w, "giay phep"); /* only in what help says */
    world_draw(&w, 24, 80);
    world_rows(&w, 12, "> Về motcua                            phiên bản, máy chủ, giấy phép", "");
    world_keys(&w, "Ctrl-U");
    world_type(&w, "khong co lenh nay");
    world_draw(&w, 24, 80);
    world_rows(&w, 12, "", "");
    world_keys(&w, "Down Up Enter");
    world_draw(&w, 24, 80);
    world_rows(&w, 21, " Không có lệnh nào tên như vậy. Xóa bớt chữ.");
    world_keys(&w, "Ctrl-U End Home");
    for (int i = 0; i < 60; i++) /* to the end of all of them */
        world_keys(&w, "Down");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "> ") && !world_sees(&w, "> Giúp"));
    world_keys(&w, "PgUp PgUp PgUp PgUp PgUp PgUp PgUp PgUp Esc");
    assert_string_equal(app_top(w.app)->ops->name, "dossiers");
    world_free(&w);
}

static void palette_hides_what_needs_an_officer(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    app_attach(w.app, NULL, NULL, NULL);
    world_keys(&w, ":");
    world_type(&w, "hop gui");
    world_draw(&w, 24, 80);
    world_rows(&w, 12, "> Hộp gửi                    F6 h      chưa đăng nhập");
    world_keys(&w, "Ctrl-U");
    world_type(&w, "mau");
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Dùng màu nào?"));
    world_free(&w);
}

static void about_says_what_runs_here(void **state)
{
    struct world w;

    open_list(&w);
    world_keys(&w, ":");
    world_type(&w, "ve motcua");
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    world_rows(&w, 1, " Về motcua", "",
               ("  motcua         " MOTCUA_VERSION ", phần mềm máy trạm của bộ phận một cửa"),
               "  Máy chủ        https://mc-demo.local:8443/ (máy chủ tập huấn)", "  Máy này        quay-02",
               "  Cán bộ         Trần Thị Mai (mai) · Thị trấn Ngãi Giao");
    assert_true(world_sees(&w, "hồ sơ, số liệu lúc 29/12/2022 09:42"));
    assert_true(world_sees(&w, "có mã PIN: ai lấy được ổ đĩa thì đọc được."));
    assert_true(world_sees(&w, "GNU General Public License"));
    world_rows(&w, 23, " ? Giúp  q Quay lại");
    world_draw(&w, 16, 60);
    assert_true(world_sees(&w, "Về motcua"));
    world_keys(&w, "q");
    assert_string_equal(app_top(w.app)->ops->name, "dossiers");
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_is_the_mock_up),
        cmocka_unit_test(help_scrolls_and_comes_round),
        cmocka_unit_test(typing_in_help_searches),
        cmocka_unit_test(help_tells_other_views_and_keymaps),
        cmocka_unit_test(palette_is_the_mock_up),
        cmocka_unit_test(palette_runs_what_is_chosen),
        cmocka_unit_test(palette_narrows_by_the_best_hits),
        cmocka_unit_test(palette_hides_what_needs_an_officer),
        cmocka_unit_test(about_says_what_runs_here),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A list without a line, and a list without dossiers: what is said instead.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"

/* The mock-up `offline`; by due time another dossier stands first, and what is built later is not promised. */
static void cut_off(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_plant(&w, "three");
    w.line.state = LINE_OFFLINE;
    w.line.since = w.clock - 30 * 60;
    w.line.last_try = w.clock - 60;
    w.line.next_try = w.clock + 130;
    world_line(&w);
    world_keys(&w, "1 Down Down");
    world_settle(&w, 24, 80);
    world_rows(&w, 0, " TẬP HUẤN  TT. Ngãi Giao · Trần Thị Mai  mất mạng từ 09:12 · chưa gửi 3 · 09:42",
               " Chờ tiếp nhận · xếp theo hạn                                              3/12",
               "    Mã hồ sơ   Người nộp          Thủ tục         Trạng thái    Thời gian còn",
               "    …1228-0001 Nguyễn Thị Kiều    Cấp…hôn nhân    Mới ĐK     !! quá hạn 72 phút",
               "  ↑ …1228-0035 Trần Ngọc Yến Nhi  Đăng ký kết hôn Mới ĐK      ! còn 23 phút",
               "> ↑ …1228-0041 Nguyễn Thị Đào     Đăng…khai sinh  Mới ĐK      ! còn 3 giờ",
               "  ↑ …1228-0043 Lê Thị Hoa Lài     Đăng…thường trú Mới ĐK      ! còn 3 giờ",
               "    …1228-0047 Thạch Sa Rây       Xác…hộ tịch     Mới ĐK      ! còn 3 giờ", "",
               " Mất mạng từ 09:12 (lần thử gần nhất 09:41, thử lại sau khoảng 2 phút).",
               " Số liệu là của 09:42; hồ sơ mới sau đó chưa thấy ở đây.", "",
               " Vẫn làm được:   đọc, tìm, tiếp nhận, không tiếp nhận, yêu cầu bổ sung, ghi chú.",
               " Cần có mạng:    ký, phát hành, thu phí, hỏi máy chủ.", "",
               " 3 việc đã lưu trên máy này sẽ tự gửi theo thứ tự, mỗi việc một lần.", "", "", "", "", "", "",
               " ↑ Việc của tôi, lúc 09:41: tiếp nhận. Đã lưu trên máy này, gửi khi có mạng.",
               " Enter Mở  Space Chọn  x Xử lý  h Hộp gửi  r Tải lại  ? Giúp  q Quay lại");
    world_keys(&w, "Down Down Down"); /* further down the rows are what one wants to see */
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, ">   …1228-0002"));
    assert_true(world_sees(&w, "…1229-0006"));
    assert_false(world_sees(&w, "Vẫn làm được"));
    world_draw(&w, 16, 60);
    assert_true(world_sees(&w, "Mất mạng từ 09:12"));
    world_free(&w);
}

static void an_empty_list_says_what_to_do(void **state)
{
    struct world w;

    world_new(&w, "mockups-unit", "thang", "09:42"); /* who may see nothing that waits to be issued */
    for (int i = 0; i < 10 && !world_sees(&w, "Không có hồ sơ"); i++) {
        world_keys(&w, i ? "Right" : "1");
        world_draw(&w, 24, 80);
    }
    assert_true(world_sees(&w, "Không có hồ sơ "));
    assert_true(world_sees(&w, "r: hỏi máy chủ."));
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "ở đây không có hồ sơ nào"));
    world_keys(&w, "x");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "ở đây không có hồ sơ nào"));
    w.line.first_sync = 12400;
    world_line(&w);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Đang lấy hồ sơ lần đầu: 12.400, đã dùng được phần đã có."));
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_off),
        cmocka_unit_test(an_empty_list_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

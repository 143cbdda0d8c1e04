/* The first screen against the mock-ups' own people: words, columns, counts, units, what keys do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"

#include <string.h>

/* The mock-up `queues` (screens.md), without what is built later; mine has 6 due today, as `dossiers-132x40` marks them. */
static void counter_sees_the_mock_up(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_plant(&w, "seven");
    world_draw(&w, 24, 80);
    world_rows(&w, 0, " TẬP HUẤN  TT. Ngãi Giao · Mai         trực tuyến · chưa gửi 4, vướng 3 · 09:42",
               " Hàng việc                                                    dữ liệu lúc 09:42",
               "   Số Hàng việc                      Hồ sơ   Hôm nay  Quá hạn   Gần hạn nhất",
               ">  1  Chờ tiếp nhận (trực tuyến)        12         5     !! 1   quá hạn 72 phút",
               "   2  Việc của tôi                      26         6     !! 2   quá hạn 1 ngày",
               "   3  Đang xử lý                        41         6     !! 2   quá hạn 1 ngày",
               "   4  Chờ bổ sung giấy tờ                5         -        -   chờ đến 05/01",
               "   5  Chờ nộp phí                        3         -        -   tạm dừng",
               "   6  Chờ trả kết quả                    9         -        -   -",
               "   7  Đến hạn hôm nay                   13        13        -   còn 23 phút",
               "   8  Quá hạn                            3         -     !! 3   quá hạn 1 ngày",
               "   9  Đứng yên quá 2 ngày làm việc       2         -        -   -", "",
               "      Hộp gửi                            7    vướng 3");
    world_rows(&w, 19, " !! quá hạn    ! đến hạn hôm nay    || tạm dừng    ?? chưa tính được hạn", "", "",
               " 3 việc bị vướng cần xem. Bấm h để mở Hộp gửi.",
               " Enter Mở  / Tìm  h Hộp gửi  r Tải lại  : Lệnh  ? Giúp  q Quay lại");
    assert_int_equal(w.canvas->cursor_row, 3);
    assert_int_equal(w.canvas->cursor_col, 0);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counter_sees_the_mock_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

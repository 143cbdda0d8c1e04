/* The screens of docs/huong-dan-lanh-dao.md, in the order in which a supervisor meets them: tests/screen/guide.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/guide.h"
#include "tests/screen/stage.h"

#define shows(screen, name) guide_shows(screen, "docs/huong-dan-lanh-dao.md", "lanh-dao-" name)

static void from_the_queue_to_a_signature_and_a_return(void **state)
{
    struct stage *p = stage_new("chau-duc-2022", "quan", "09:42");

    stage_open(p, 0, 0);
    struct screen *s = p->screen;
    screen_expect(s, " 1  Chờ ký");
    shows(s, "hang-viec");
    screen_key(s, "1");
    screen_expect_row(s, 2, "1/25");
    shows(s, "cho-ky");
    screen_key(s, "Enter");
    screen_expect(s, "[1 Tổng quan]");
    shows(s, "ho-so");
    screen_key(s, "x");
    screen_expect(s, "Xử lý: bấm số");
    shows(s, "xu-ly");
    screen_key(s, "1");
    screen_expect(s, "Đã xem hết. Enter: ký.");
    shows(s, "xem");
    screen_key(s, "Tab");
    screen_expect_row(s, -2, "Ý kiến: _");
    shows(s, "y-kien");
    screen_key(s, "Esc");
    screen_expect(s, "Đã xem hết. Enter: ký.");
    screen_key(s, "Enter");
    screen_expect(s, "Gõ 4 ký tự cuối");
    screen_type(s, "0001");
    screen_expect(s, "0001_");
    shows(s, "go-ma");
    screen_key(s, "Enter");
    screen_expect_row(s, -2, "Đã gửi, hệ thống đã ghi nhận lúc 09:42: ký duyệt …1222-0001.");
    screen_expect_row(s, 2, "1/24");
    shows(s, "da-ky");
    screen_keys(s, "x 2");
    screen_expect(s, "Trả lại thẩm định ·");
    screen_type(s, "Thieu chung cu, xem lai.");
    screen_expect(s, "Đủ để gửi.");
    shows(s, "tra-lai");
    screen_key(s, "F9");
    screen_expect_row(s, -2, "Đã lưu trên máy này");
    shows(s, "da-luu");
    stage_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(from_the_queue_to_a_signature_and_a_return)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

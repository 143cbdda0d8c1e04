/* The screens of docs/huong-dan-lanh-dao.md, in the order in which a supervisor meets them: tests/screen/guide.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/guide.h"
#include "tests/screen/signoff.h"
#include "tests/screen/stage.h"
#include "tests/token.h"

#define shows(screen, name) guide_shows(screen, "docs/huong-dan-lanh-dao.md", "lanh-dao-" name)

static int set_up(void **state)
{
    struct stage *p = stage_new("chau-duc-2022", "quan", "09:42");

    stage_open(p, 0, 0);
    screen_expect(p->screen, " 1  Chờ ký");
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    stage_free((struct stage **)state);
    return 0;
}

/* The statement stands there, all of it seen, and the device has answered. */
static void is_seen(struct screen *s)
{
    screen_expect(s, "Chứng thư số");
    screen_expect(s, "Đã xem hết.");
}

/* In the tray: so, and all of it seen. */
static void is_opened(struct screen *s, const char *title)
{
    screen_expect_row(s, 2, title);
    if (screen_has(s, "Phải xem hết mọi dòng"))
        screen_key(s, "PgDn");
    screen_expect(s, "1 Đồng ý   2 Trả lại…");
}

static void one_is_read_and_signed(void **state)
{
    struct screen *s = ((struct stage *)*state)->screen;

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
    is_seen(s);
    shows(s, "xem");
    screen_key(s, "Tab");
    screen_expect_row(s, -2, "Ý kiến: _");
    screen_type(s, "Đồng ý, trả trong hôm nay.");
    screen_expect_row(s, -2, "hôm nay._");
    screen_key(s, "Enter");
    screen_expect(s, "│ Ý kiến       Đồng ý, trả trong hôm nay.");
    is_seen(s);
    screen_key(s, "Enter");
    screen_expect(s, "Gõ 4 ký tự cuối");
    screen_type(s, "0001");
    screen_expect(s, "0001_");
    shows(s, "go-ma");
    screen_key(s, "Enter");
    screen_expect_row(s, -2, "Đã gửi, hệ thống đã ghi nhận lúc 09:42: ký duyệt …1222-0001.");
    screen_expect_row(s, 2, "1/24");
    shows(s, "da-ky");
}

static void one_is_sent_back(void **state)
{
    struct screen *s = ((struct stage *)*state)->screen;

    screen_key(s, "1");
    screen_expect_row(s, 2, "1/25");
    screen_keys(s, "x 2");
    screen_expect(s, "Trả lại thẩm định ·");
    screen_type(s, "Thiếu giấy chứng sinh, đề nghị kiểm tra lại.");
    screen_expect(s, "kiểm tra lại.");
    screen_expect(s, "Đủ để gửi.");
    shows(s, "tra-lai");
    screen_key(s, "F9");
    screen_expect_row(s, -2, "Đã lưu trên máy này");
}

static void several_are_signed_from_the_tray(void **state)
{
    struct screen *s = ((struct stage *)*state)->screen;

    screen_key(s, "1");
    screen_expect_row(s, 2, "1/25");
    screen_keys(s, "Space Space Space Space k");
    screen_expect(s, "Khay ký · 4 hồ sơ");
    screen_expect(s, "Thiết bị ký: phần mềm tập huấn");
    screen_key(s, "Enter");
    is_opened(s, "Khay ký 1/4 ");
    shows(s, "khay-xem");
    screen_key(s, "1");
    is_opened(s, "Khay ký 2/4 ");
    screen_key(s, "1");
    is_opened(s, "Khay ký 3/4 ");
    screen_key(s, ".");
    is_opened(s, "Khay ký 4/4 ");
    screen_key(s, "1");
    screen_expect_row(s, 2, "đã xem 4 · sẽ ký 3");
    shows(s, "khay");
    screen_key(s, "F9");
    screen_expect(s, "Gõ số hồ sơ sẽ ký");
    screen_type(s, "3");
    screen_expect(s, "3_");
    shows(s, "khay-go-so");
    screen_key(s, "Enter");
    screen_expect_row(s, 2, "xong 3/3");
}

static void a_device_asks_its_pin(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    o->config = SIGNOFF_DEVICE;
    struct screen *s = signoff_see(o, "1229-0010", "1");
    signoff_ask_pin(s, "0010");
    signoff_type(s, "482100");
    screen_expect(s, "······");
    shows(s, "pin");
    screen_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_is_read_and_signed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_is_sent_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_are_signed_from_the_tray, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_device_asks_its_pin, signoff_open, signoff_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

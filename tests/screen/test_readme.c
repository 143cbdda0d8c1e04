/* The picture of README.md: a list of the demo's own scenario, where something has just been received. tests/screen/guide.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/guide.h"
#include "tests/screen/stage.h"

static void a_dossier_was_received_on_this_machine(void **state)
{
    struct stage *p = stage_new("chau-duc-2022", "mai", "09:42");

    (void)state;
    stage_open(p, 0, 0);
    screen_expect(p->screen, " 1  Chờ tiếp nhận");
    screen_keys(p->screen, "1");
    screen_expect_row(p->screen, 2, "1/");
    screen_keys(p->screen, "Down Down Down x");
    screen_expect(p->screen, "Xử lý: bấm số");
    screen_keys(p->screen, "1");
    screen_expect_row(p->screen, -2, "Bấm u để hoàn tác trong 10 giây.");
    screen_keys(p->screen, "Down Space Space Up Up Up");
    screen_expect_row(p->screen, 1, "chưa gửi 1");
    screen_expect_row(p->screen, 2, "4/10 · chọn 2");
    screen_expect_row(p->screen, -2, "Đã lưu trên máy này");
    guide_shows(p->screen, "README.md", "readme");
    stage_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_dossier_was_received_on_this_machine)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A deputy signs in the name of who gave him the mandate: chosen from the palette, said on every screen, kept by the server in decision and
 * history. What he proposed himself he cannot sign, in nobody's name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"

#include <string.h>

#define DOSSIER(id, tail, by)                                                                                        \
    "{'id': '" id "', 'code': '000.25.33.H06-221229-" tail "', 'procedure': '1.001193', 'unit': 'H06.33.26', "       \
    "'channel': 'online', 'submitted_at': '2022-12-29T07:10:00+07:00', 'received_at': '2022-12-29T07:20:00+07:00', " \
    "'due_at': '2022-12-30T17:00:00+07:00', 'status': 'in_progress', 'step': 'approval', "                           \
    "'step_since': '2022-12-29T07:40:00+07:00', "                                                                    \
    "'proposal': {'outcome': 'grant', 'by': '" by "', 'at': '2022-12-29T07:40:00+07:00'}, "                          \
    "'applicant': {'kind': 'person', 'name': 'Nguyễn Thị Đào', 'id_number': '000195004821'}, "                 \
    "'files': [{'id': 'a-" id "', 'name': 'Giay khai sinh.pdf', 'role': 'result', 'pages': 1}]}"

static const char dossiers[] = "[" DOSSIER("m-1", "0001", "nam") "," DOSSIER("m-2", "0002", "dinh") "]";

static int set_up(void **state)
{
    *state = office_new(dossiers);
    return 0;
}

static int tear_down(void **state)
{
    office_free((struct office **)state);
    return 0;
}

/* From the palette: dinh may sign by his own right as well, so he has to say so. */
static void choose(struct screen *s)
{
    screen_keys(s, ":");
    screen_expect(s, "Gõ để thu hẹp");
    screen_keys(s, "k y Space t h a y");
    screen_expect(s, "chọn người được ký thay");
    screen_keys(s, "Enter");
    screen_expect(s, "2  Nguyễn Quốc Thắng, đến 07/01/2023 00:00, mọi thủ tục");
    screen_keys(s, "2");
}

static void open_dossier(struct screen *s, const char *tail, const char *way)
{
    office_queue(s, "Chờ ký", tail);
    screen_keys(s, way);
    screen_expect_row(s, 2, tail);
    screen_keys(s, "x");
    screen_expect(s, "Xử lý: bấm số");
}

static void in_the_name_of_who_gave_the_mandate(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "dinh");

    open_dossier(s, "1229-0001", "Enter");
    screen_keys(s, "1");
    screen_expect(s, "onestop/decision/1");
    screen_expect(s, "Ký thay  (không)");
    choose(s);
    screen_expect(s, "Người được ký thay đã đổi");
    screen_expect_row(s, 2, "ký thay Nguyễn Quốc Thắng");
    screen_expect(s, "Ký thay  Nguyễn Quốc Thắng");
    screen_expect(s, "Đã xem hết");
    screen_keys(s, "Enter");
    screen_expect(s, "Gõ 4 ký tự cuối");
    screen_expect_row(s, 2, "ký thay Nguyễn Quốc Thắng");
    screen_keys(s, "0 0 0 1 Enter");
    office_expect(o, "m-1", "decision.outcome", "grant");
    office_expect(o, "m-1", "decision.by", "dinh");
    office_expect(o, "m-1", "decision.on_behalf_of", "thang");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_queues(s);
    screen_keys(s, "/");
    screen_keys(s, "0 0 0 1 Enter");
    screen_expect(s, "1229-0001");
    screen_keys(s, "Enter");
    screen_expect(s, "Lịch sử");
    screen_keys(s, "4");
    screen_expect(s, "Ký duyệt, thay Nguyễn Quốc Thắng");
    office_leave(&s);
}

static void not_what_he_proposed_himself(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "dinh");

    choose(s);
    screen_expect(s, "Từ giờ ký thay Nguyễn Quốc Thắng");
    open_dossier(s, "1229-0002", "Down Enter");
    screen_expect(s, "người trình không được ký");
    screen_keys(s, "1");
    assert_false(screen_has(s, "onestop/decision/1"));
    office_expect(o, "m-2", "step", "approval");
    screen_free(&s);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(in_the_name_of_who_gave_the_mandate),
        TEST(not_what_he_proposed_himself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A dossier's life on the screen: who signs in, from "registered" to "returned" through four pairs of hands, declined, supplemented, and
 * what two pairs of eyes forbid. No task costs more keys than screens.md section 6 gives it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"

#include <stdlib.h>
#include <string.h>

#define PERSON(name)                                               \
    "'applicant': {'kind': 'person', 'name': '" name               \
    "', 'id_number': '000195004821', 'birth_date': '1995-03-14', " \
    "'sex': 'female', 'address': 'Tổ 4, khu phố Hoàng Giao, thị trấn Ngãi Giao', 'phone': '0105020377'}, "
#define BIRTH \
    "'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'online', 'submitted_at': '2022-12-29T07:10:00+07:00', "
#define REGISTERED                                                                          \
    "'status': 'registered', 'step': 'intake', 'step_since': '2022-12-29T07:10:00+07:00', " \
    "'decide_by': '2022-12-29T15:10:00+07:00', "
#define CODE(n) "'id': 'l-" n "', 'code': '000.25.33.H06-221229-000" n "', "

static const char dossiers[] = "[{" CODE("1") BIRTH REGISTERED PERSON(
    "Nguyễn Thị Đào") "'files': [{'id': 'a-1', 'name': 'Giay khai sinh.pdf', 'role': 'result', 'pages': 1}]},"
                      "{" CODE("2") BIRTH REGISTERED PERSON(
                          "Lê Văn Hai") "'files': []},"
                                        "{" CODE("3") BIRTH REGISTERED PERSON(
                                            "Trần Thị Ba") "'papers': [{'id': 'p1', 'name': 'Tờ khai đăng ký khai sinh', 'state': 'handed_in', 'originals': 1}, "
                                                           "{'id': 'p2', 'name': 'Giấy chứng sinh', 'state': 'missing', 'originals': 1}]},"
                                                           "{" CODE("4") BIRTH PERSON(
                                                               "Phan Tấn Tư") "'status': 'in_progress', 'step': 'assessment', 'step_since': '2022-12-29T07:40:00+07:00', 'assignee': 'dinh', "
                                                                              "'received_at': '2022-12-29T07:20:00+07:00', 'due_at': '2022-12-30T17:00:00+07:00', "
                                                                              "'files': [{'id': 'a-4', 'name': 'Giay khai sinh.pdf', 'role': 'result', 'pages': 1}]}]";

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

/* ── signing in ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_code_lets_in_and_another_does_not(void **state)
{
    struct office *o = *state;
    struct screen *s = office_door(o);
    char *code = office_code(s);

    screen_expect(s, "/thiet-bi");
    office_confirm(o, code, "mai", false);
    screen_advance(s, 6);
    screen_expect_row(s, -2, "Đăng nhập bị từ chối trên điện thoại. Bấm r để lấy mã mới.");
    assert_false(screen_has(s, code));

    screen_key(s, "r");
    screen_expect(s, "Đang chờ xác nhận trên điện thoại");
    char *second = office_code(s);
    assert_string_not_equal(code, second);
    server_advance(o->server, 3600);
    screen_advance(s, 3600);
    screen_expect_row(s, -2, "Mã đăng nhập đã hết giờ. Bấm r để lấy mã mới.");

    screen_key(s, "r");
    screen_expect(s, "Đang chờ xác nhận trên điện thoại");
    char *third = office_code(s);
    assert_string_not_equal(second, third);
    office_confirm(o, third, "mai", true);
    screen_advance(s, 6);
    screen_expect(s, "Hàng việc");
    screen_expect(s, "Trần Thị Mai");
    office_leave(&s);
    free(code);
    free(second);
    free(third);
}

/* ── one dossier, four roles ───────────────────────────────────────────────────────────────────────────────────────── */

static void receive(struct office *o)
{
    struct screen *s = office_sit(o, "mai");
    struct task task = {s, "receive", 0, 3};

    office_queue(s, "Chờ tiếp nhận", "1229-0001");
    task_press(&task, "Enter", "Nguyễn Thị Đào");
    task_press(&task, "x", "Xử lý: bấm số");
    task_press(&task, "1", "Đã lưu trên máy này: tiếp nhận");
    task_done(&task);
    screen_advance(s, 11);
    office_expect(o, "l-1", "status", "received");
    office_leave(&s);
}

static void propose(struct office *o)
{
    struct screen *s = office_sit(o, "nam");
    struct task task = {s, "propose", 0, 5};

    office_queue(s, "Đang xử lý", "1229-0001");
    screen_keys(s, "Enter x 6");
    screen_expect(s, "Đã lưu trên máy này: nhận việc");
    screen_advance(s, 11);
    office_expect(o, "l-1", "assignee", "nam");
    screen_expect(s, "chưa gửi 0");
    screen_key(s, "Esc");
    screen_expect(s, "Thời gian còn");
    task_press(&task, "Enter", "Lịch sử");
    task_press(&task, "x", "Xử lý: bấm số");
    task_press(&task, "1", "Giay khai sinh.pdf");
    task_press(&task, "1", "Đủ để gửi.");
    task_press(&task, "F9", "Đã lưu trên máy này: trình ký");
    task_done(&task);
    screen_advance(s, 11);
    office_expect(o, "l-1", "step", "approval");
    office_leave(&s);
}

static void sign(struct office *o)
{
    struct screen *s = office_sit(o, "thang");
    struct task task = {s, "sign one", 0, 6};

    office_queue(s, "Chờ ký", "1229-0001");
    task_press(&task, "Enter", "Lịch sử");
    task_press(&task, "x", "Xử lý: bấm số");
    task_press(&task, "1", "onestop/decision/1");
    screen_expect(s, "Ký bằng: phần mềm tập huấn, Nguyễn Quốc Thắng");
    if (screen_has(s, "Phải xem hết các dòng"))
        task_press(&task, "PgDn", "Đã xem hết");
    task_press(&task, "Enter", "Gõ 4 ký tự cuối của mã hồ sơ để ký ĐỒNG Ý");
    for (const char *c = "0001"; *c; c++)
        screen_key(s, ((char[]){*c, '\0'}));
    screen_expect(s, "0001");
    task_press(&task, "Enter", NULL);
    task_done(&task);
    office_expect(o, "l-1", "decision.outcome", "grant");
    office_expect(o, "l-1", "decision.by", "thang");
    office_expect(o, "l-1", "step", "issuing");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_leave(&s);
}

static void issue(struct office *o)
{
    struct screen *s = office_sit(o, "thu");

    office_queue(s, "Chờ phát hành", "1229-0001");
    screen_keys(s, "Enter x 1");
    screen_expect(s, "Kết quả (bấm số)");
    screen_keys(s, "1 Tab");
    screen_type(s, "12/GKS");
    screen_expect(s, "12/GKS");
    screen_key(s, "F9");
    screen_expect(s, "1  Không");
    screen_key(s, "1"); /* "no" is first, and changes nothing */
    screen_expect_gone(s, "1  Không");
    screen_key(s, "F9");
    screen_expect(s, "1  Không");
    screen_key(s, "2");
    office_expect(o, "l-1", "status", "completed");
    office_leave(&s);
}

static void hand_over(struct office *o)
{
    struct screen *s = office_sit(o, "mai");
    struct task task = {s, "return a result", 0, 4};

    office_queue(s, "Chờ trả kết quả", "1229-0001");
    task_press(&task, "Enter", "Lịch sử");
    task_press(&task, "x", "Xử lý: bấm số");
    task_press(&task, "1", "Nguyễn Thị Đào");
    screen_expect(s, "F9");
    task_press(&task, "F9", "Đã lưu trên máy này: trả kết quả");
    task_done(&task);
    screen_advance(s, 11);
    office_expect(o, "l-1", "status", "returned");
    office_leave(&s);
}

static void through_four_pairs_of_hands(void **state)
{
    receive(*state);
    propose(*state);
    sign(*state);
    issue(*state);
    hand_over(*state);
}

/* ── other ends ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void declined_with_a_reason_that_stands_ready(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "mai");
    struct task find = {s, "find by name", 0, 2}, task = {s, "decline", 0, 6};

    office_queue(s, "Chờ tiếp nhận", "1229-0002");
    task_press(&find, "/", "[danh sách này]");
    screen_type(s, "le van hai");
    screen_expect_gone(s, "Nguyễn Thị Đào");
    task_press(&find, "Enter", "Lịch sử");
    screen_expect(s, "Lê Văn Hai");
    task_done(&find);
    screen_key(s, "Esc");
    screen_expect(s, "Thời gian còn");

    task_press(&task, "Enter", "Lịch sử");
    task_press(&task, "x", "Xử lý: bấm số");
    task_press(&task, "2", "Lý do");
    task_press(&task, "F3", "1 ");
    task_press(&task, "1", "Đủ để gửi.");
    task_press(&task, "F9", "Đã lưu trên máy này. Bấm Esc rồi u để hoàn tác trong 10 giây.");
    task_done(&task);
    screen_advance(s, 11);
    office_expect(o, "l-2", "status", "declined");
    office_leave(&s);
}

static void a_supplement_is_asked_for_and_comes(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "mai");
    struct task task = {s, "request a supplement", 0, 7};

    office_queue(s, "Chờ tiếp nhận", "1229-0003");
    screen_keys(s, "/");
    screen_expect(s, "[danh sách này]");
    screen_type(s, "tran thi ba");
    screen_expect_gone(s, "Nguyễn Thị Đào");
    task_press(&task, "Enter", "Lịch sử");
    task_press(&task, "x", "Xử lý: bấm số");
    task_press(&task, "3", "[x]");
    task_press(&task, "Tab", NULL);
    task_press(&task, "F3", "1 ");
    task_press(&task, "1", "Đủ để gửi.");
    task_press(&task, "F9", "Đã lưu trên máy này. Bấm Esc rồi u để hoàn tác trong 10 giây.");
    task_done(&task);
    screen_advance(s, 11);
    office_expect(o, "l-3", "status", "awaiting_supplement");
    screen_expect(s, "chưa gửi 0");

    office_queue(s, "Chờ bổ sung giấy tờ", "1229-0003");
    screen_keys(s, "Enter x");
    screen_expect(s, "1  Nhận giấy tờ bổ sung");
    screen_key(s, "1");
    screen_expect(s, "Giấy chứng sinh");
    if (!screen_has(s, "[x]"))
        screen_keys(s, "Space");
    screen_expect(s, "[x]");
    screen_key(s, "F9");
    screen_expect(s, "Đã lưu trên máy này: nhận giấy tờ bổ sung");
    screen_advance(s, 11);
    office_expect(o, "l-3", "status", "registered");
    office_expect(o, "l-3", "papers.1.state", "handed_in");
    office_leave(&s);
}

/* ── four eyes ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void who_proposed_does_not_sign(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "dinh");

    office_queue(s, "Đang xử lý", "1229-0004");
    screen_keys(s, "Enter x");
    screen_expect(s, "Xử lý: bấm số");
    screen_key(s, "1");
    screen_expect(s, "Giay khai sinh.pdf");
    screen_keys(s, "1 F9");
    screen_expect(s, "Đã lưu trên máy này: trình ký");
    screen_advance(s, 11);
    office_expect(o, "l-4", "step", "approval");
    screen_expect(s, "chưa gửi 0");
    office_queue(s, "Chờ ký", "1229-0004");
    screen_keys(s, "Enter x");
    screen_expect(s, "Xử lý: bấm số");
    screen_expect(s, "Ký duyệt                     người trình không được ký");
    screen_key(s, "1");
    assert_false(screen_has(s, "onestop/decision/1"));
    screen_keys(s, "Esc");
    office_expect(o, "l-4", "step", "approval");
    office_leave(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_code_lets_in_and_another_does_not),
        TEST(through_four_pairs_of_hands),
        TEST(declined_with_a_reason_that_stands_ready),
        TEST(a_supplement_is_asked_for_and_comes),
        TEST(who_proposed_does_not_sign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Several dossiers, one action: what is asked first, what comes of each, and all of it taken back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"

#include <string.h>

#define DOSSIER(n, name, how)                                                                                   \
    "{'id': 'b-" n "', 'code': '000.25.33.H06-221229-000" n "', 'procedure': '1.001193', 'unit': 'H06.33.26', " \
    "'channel': 'online', 'submitted_at': '2022-12-29T07:1" n ":00+07:00', "                                    \
    "'applicant': {'kind': 'person', 'name': '" name "', 'id_number': '00019500482" n                           \
    "', 'birth_date': '1995-03-14', "                                                                           \
    "'sex': 'female', 'address': 'Tổ 4, khu phố Hoàng Giao, thị trấn Ngãi Giao', 'phone': '0105020377'}, " how  \
    "}"
#define REGISTERED                                                                          \
    "'status': 'registered', 'step': 'intake', 'step_since': '2022-12-29T07:10:00+07:00', " \
    "'decide_by': '2022-12-29T15:10:00+07:00'"
#define RECEIVED                                                                          \
    "'status': 'received', 'step': 'intake', 'step_since': '2022-12-29T07:30:00+07:00', " \
    "'received_at': '2022-12-29T07:30:00+07:00', 'due_at': '2022-12-29T17:00:00+07:00'"

static const char dossiers[] =
    "[" DOSSIER("1", "Nguyễn Thị Đào", REGISTERED) "," DOSSIER("2", "Lê Văn Hai", REGISTERED) "," DOSSIER(
        "3", "Trần Thị Ba", REGISTERED) "," DOSSIER("4", "Phan Tấn Tư", RECEIVED) "]";

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

/* The three that came online are marked. */
static struct screen *mark_three(struct office *o)
{
    struct screen *s = office_sit(o, "mai");

    office_queue(s, "Chờ tiếp nhận", "1229-0003");
    screen_keys(s, "Home Space Space Space");
    screen_expect_row(s, 2, "chọn 3");
    return s;
}

static void no_is_the_first_answer(void **state)
{
    struct office *o = *state;
    struct screen *s = mark_three(o);

    screen_key(s, "x");
    screen_expect(s, "1  Tiếp nhận");
    screen_key(s, "1");
    screen_expect(s, "Tiếp nhận 3 hồ sơ");
    screen_expect(s, "1  Không");
    screen_expect(s, "2  Làm 3 hồ sơ");
    screen_key(s, "Enter"); /* held too long: "no" has the focus */
    screen_expect_gone(s, "1  Không");
    screen_expect_row(s, 1, "chưa gửi 0");
    office_expect(o, "b-1", "status", "registered");
    office_leave(&s);
}

static void undone_together(void **state)
{
    struct office *o = *state;
    struct screen *s = mark_three(o);

    screen_keys(s, "x 1");
    screen_expect(s, "2  Làm 3 hồ sơ");
    screen_key(s, "2");
    screen_expect_row(s, 1, "chưa gửi 3");
    screen_expect(s, "Bấm u để hoàn tác");
    screen_key(s, "u");
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_expect_row(s, -2, "Đã rút việc vừa lưu. Chưa có gì được gửi.");
    screen_advance(s, 30);
    for (const char *n = "123"; *n; n++)
        office_expect(o, ((char[]){'b', '-', *n, '\0'}), "status", "registered");
    office_leave(&s);
}

static void each_has_a_result_of_its_own(void **state)
{
    struct office *o = *state;
    struct screen *s = mark_three(o);

    screen_keys(s, "x 1");
    screen_expect(s, "2  Làm 3 hồ sơ");
    screen_key(s, "2");
    screen_expect(s, "Đang gửi · 3 hồ sơ");
    screen_expect(s, "xong 0/3");
    office_touch(o, "b-2"); /* while they are held here */
    screen_advance(s, 11);
    screen_expect(s, "xong 3/3");
    screen_expect_row(s, 4, "đã gửi, hệ thống ghi nhận 08:0");
    screen_expect_row(s, 5, "≠ xung đột");
    screen_expect_row(s, 6, "đã gửi, hệ thống ghi nhận 08:0");
    screen_expect(s, "Số 2: ");
    office_expect(o, "b-1", "status", "received");
    office_expect(o, "b-2", "status", "registered");
    office_expect(o, "b-3", "status", "received");

    screen_keys(s, "Down Enter"); /* what is in conflict opens as such */
    screen_expect(s, "Xung đột");
    screen_key(s, "Esc");
    screen_expect(s, "xong 3/3");
    screen_key(s, "q");
    screen_expect(s, "Thời gian còn");
    screen_free(&s);
}

/* What one of them cannot take is counted before, and is not done. */
static void the_question_counts_who_cannot(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "mai");

    office_queue(s, "Đến hạn hôm nay", "1229-0004");
    screen_key(s, "+");
    screen_expect_row(s, 2, "chọn 4");
    screen_keys(s, "x 1");
    screen_expect(s, "Tiếp nhận 4 hồ sơ: 3 làm được, 1 không");
    screen_expect(s, "2  Làm 3 hồ sơ");
    screen_key(s, "2");
    screen_expect(s, "Đang gửi · 3 hồ sơ");
    screen_advance(s, 11);
    screen_expect(s, "xong 3/3");
    office_expect(o, "b-3", "status", "received");
    screen_key(s, "q");
    office_leave(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_is_the_first_answer),
        TEST(undone_together),
        TEST(each_has_a_result_of_its_own),
        TEST(the_question_counts_who_cannot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

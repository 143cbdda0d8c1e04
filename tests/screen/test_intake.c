/* The counter, with the real program and the real server: from a scanner's burst to the code, through an outage, and after a kill. No more
 * keys than screens.md section 6 gives it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"
#include "tests/screen/room.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define CARD                                                                                                                         \
    "077191007731|273160925|Phạm Thị Diễm Hương|03091991|Nữ|Tổ 7, ấp Vạn Bình, xã Kim Long, huyện Châu Đức|" \
    "11052021\r"

/* What is typed beside the keys that are counted; waits until it stands there. */
static void type(struct screen *s, const char *text, const char *then)
{
    screen_type(s, text);
    screen_expect(s, then);
}

/* From any list to the form of a birth. */
static void choose_birth(struct task *t)
{
    task_press(t, "n", "Hồ sơ mới: chọn thủ tục");
    type(t->screen, "1.001193", "> 1.001193");
    task_press(t, "Enter", "[Người nộp]");
}

static void fill_in_a_birth(struct task *t)
{
    struct screen *s = t->screen;

    choose_birth(t);
    type(s, CARD, "Thẻ căn cước vừa quét: 7 mục, đọc được hết.");
    screen_expect(s, "[Phạm Thị Diễm Hương");
    type(s, "0901230611", "[0901230611]");
    task_press(t, "PgDn", "[Nội dung]");
    type(s, "Lê Bảo An", "[Lê Bảo An");
    task_press(t, "Tab", ">  Ngày sinh của trẻ");
    type(s, "25/12/2022", "[25/12/2022]");
    task_press(t, "Tab", ">  Giới tính");
    type(s, "1", "(x) Nam");
    task_press(t, "Tab", ">  Nơi sinh");
    type(s, "Bệnh viện Bà Rịa", "[Bệnh viện Bà Rịa");
    task_press(t, "PgDn", "[Giấy tờ 0/4]");
    task_press(t, "Space", "[Giấy tờ 1/4]");
    task_press(t, "Down", ">× Giấy chứng sinh");
    task_press(t, "Space", "[Giấy tờ 2/4]");
    task_press(t, "Down", ">  Giấy chứng nhận kết hôn");
    task_press(t, "2", "tra cứu");
    task_press(t, "PgDn", "Cộng");
    task_press(t, "PgDn", "Hạn trả sẽ là");
}

static void kill_screen(struct screen **s)
{
    kill(screen_pid(*s), SIGKILL);
    assert_int_equal(screen_exit_code(*s), 128 + SIGKILL);
    screen_free(s);
}

/* One hit among all that is kept on this machine. */
static void find_by_name(struct screen *s)
{
    screen_key(s, "/");
    screen_expect_row(s, 2, "Tìm:");
    screen_type(s, "pham thi diem huong");
    screen_expect_row(s, 2, "1/1");
    screen_expect(s, "Phạm Thị Diễm");
    screen_expect(s, "Đã nhận");
    screen_key(s, "Esc");
}

static void from_the_card_to_the_code(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);
    struct task task = {s, "intake", 0, 20};

    fill_in_a_birth(&task);
    task_press(&task, "F9", "-MAI-291222-001");
    screen_expect(s, "Mã hồ sơ        000.25.33.H06-221229-00");
    screen_expect(s, "đã gửi, hệ thống đã ghi nhận");
    screen_expect(s, "Hạn trả         30/12/2022 09:4");
    task_done(&task);
    screen_key(s, "p");
    screen_expect(s, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ");
    screen_expect(s, "Phạm Thị Diễm Hương");
    screen_key(s, "q");
    screen_expect(s, "đã gửi, hệ thống đã ghi nhận");
    screen_key(s, "Enter");
    screen_expect_row(s, 2, "Phạm Thị Diễm Hương");
    screen_expect(s, "2 Được tiếp nhận");
    screen_expect(s, "4 thành phần: 3 có, 1 thiếu");
    screen_free(&s);
}

/* Cut off after the first key: provisional, said before it is saved; it goes by itself, once, also after a kill. */
static void without_a_line_it_waits_and_goes_once(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);
    struct task task = {s, "intake without a line", 0, 20};

    server_stop(r->server);
    screen_expect_row(s, 1, "mất mạng từ 09:4");
    fill_in_a_birth(&task);
    task_press(&task, "F9", "GIẤY BIÊN NHẬN TẠM");
    task_press(&task, "2", "đã lưu trên máy này, chưa gửi; sẽ tự gửi");
    task_done(&task);
    screen_expect_row(s, 1, "chưa gửi 1");
    kill_screen(&s);

    server_restart(r->server);
    s = room_screen(r, 0, 0);
    room_all_sent(s);
    find_by_name(s);
    screen_keys(s, "q");
    screen_free(&s);
    server_restart(r->server);
    s = room_screen(r, 0, 0);
    screen_advance(s, 60);
    find_by_name(s);
    screen_free(&s);
}

/* Each key is kept as it is pressed: a kill between two loses nothing. */
static void a_draft_outlives_a_kill(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);
    struct task task = {s, "draft", 0, 20};

    choose_birth(&task);
    type(s, "Trần Thị Sáu", "[Trần Thị Sáu");
    screen_expect_row(s, 2, "nháp lưu 09:4");
    screen_key(s, "PgDn");
    type(s, "Trần Bảo", "[Trần Bảo");
    kill_screen(&s);

    s = room_screen(r, 0, 0);
    screen_expect(s, "Nháp đang làm dở                   1");
    screen_key(s, ":");
    screen_expect(s, "Lệnh:");
    type(s, "nhap", "> Nháp");
    screen_key(s, "Enter");
    screen_expect(s, "> Trần Thị Sáu");
    screen_key(s, "Enter");
    screen_expect(s, "[Nội dung]");
    screen_expect(s, "[Trần Bảo");
    screen_key(s, "PgUp");
    screen_expect(s, "[Trần Thị Sáu");
    screen_keys(s, "Esc x 2");
    screen_expect(s, "Không có nháp");
    screen_free(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_open, room_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(from_the_card_to_the_code),
        TEST(without_a_line_it_waits_and_goes_once),
        TEST(a_draft_outlives_a_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

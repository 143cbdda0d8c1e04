/* The line and other people: what an officer does while the server is away, is undone, was overtaken by a colleague or is refused;
 * nothing is lost, nothing is sent twice, and the screen says which of it is so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/room.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define expect_events(r, dossier, by, actions) expect_events_at(r, dossier, by, actions, HERE)
static void expect_events_at(struct room *r, const char *dossier, const char *by, const char *actions,
                             struct at at)
{
    char *said = room_events(r, dossier, by);

    if (strcmp(said, actions) != 0)
        fail_at(at, "%s: “%s” and not “%s” by %s", dossier, said, actions, by);
    free(said);
}

/* The list of what came online, with the focus on the row of this code. */
#define to_receive(s, code) to_receive_at(s, code, HERE)
static void to_receive_at(struct screen *s, const char *code, struct at at)
{
    char *focus = text_new(">   …%s", code);
    int64_t until = harness_deadline();

    screen_key(s, "1");
    screen_expect_row(s, 2, "Chờ tiếp nhận");
    screen_key(s, "Home");
    screen_expect_row(s, 2, "1/12");
    for (int n = 1; !screen_has(s, focus); n++) {
        char *place = text_new("%d/12", n + 1);
        if (harness_now() > until)
            fail_at(at, "%s is not in the list", code);
        screen_key(s, "Down");
        screen_expect_row(s, 2, place);
        free(place);
    }
    free(focus);
}

static void stop_server(struct room *r, struct screen *s)
{
    server_stop(r->server);
    screen_expect_row(s, 1, "mất mạng từ 09:4");
}

static void kill_screen(struct screen **s)
{
    kill(screen_pid(*s), SIGKILL);
    assert_int_equal(screen_exit_code(*s), 128 + SIGKILL);
    screen_free(s);
}

/* ── cut off ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void cut_off_one_reads_and_acts_and_all_is_sent_once_in_order(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    to_receive(s, "1228-0041");
    stop_server(r, s);
    screen_expect(s, "Vẫn làm được:   đọc, tìm, tiếp nhận");
    screen_expect(s, "Cần có mạng:    ký");
    screen_key(s, "Enter");
    screen_expect_row(s, 2, "Nguyễn Thị Đào");
    screen_key(s, "2");
    screen_expect(s, "Thành phần hồ sơ");
    screen_keys(s, "q");
    screen_keys(s, "x 1");
    screen_expect_row(s, -2, "Đã lưu trên máy này: tiếp nhận …1228-0041");
    screen_keys(s, "x 9");
    screen_expect_row(s, 2, "Ghi chú");
    screen_type(s, "dân đi xa");
    screen_key(s, "F9");
    screen_expect_row(s, -2, "Đã lưu trên máy này: ghi chú");
    screen_expect_row(s, 1, "chưa gửi 2");
    screen_key(s, "Down");
    screen_keys(s, "x 1");
    screen_expect_row(s, 1, "chưa gửi 3");
    screen_advance(s, 11);
    screen_expect(s, "↑ …1228-0041");
    screen_expect(s, "3 việc đã lưu trên máy này sẽ tự gửi theo thứ tự, mỗi việc một lần.");
    kill_screen(&s);

    server_restart(r->server);
    s = room_screen(r, 0, 0);
    room_all_sent(s);
    expect_events(r, "d-41", "mai", "receive comment");
    expect_events(r, "d-43", "mai", "receive");
    screen_key(s, "1");
    screen_expect_row(s, 2, "3/10"); /* the two went on; the focus is on what stood behind them */
    screen_expect(s, ">   …1228-0047");
    screen_keys(s, "q q");
    assert_int_equal(screen_exit_code(s), 0);
    screen_free(&s);
    server_restart(r->server);
    s = room_screen(r, 0, 0);
    screen_advance(s, 60);
    expect_events(r, "d-41", "mai", "receive comment");
    screen_free(&s);
}

static void what_needs_a_line_says_so_and_keeps_nothing(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    screen_key(s, "3");
    screen_expect_row(s, 2, "1/41");
    screen_key(s, "x");
    screen_expect(s, "4  Yêu cầu nộp phí…             cần mạng");
    screen_key(s, "4");
    screen_expect_row(s, 2, "Yêu cầu nộp phí");
    screen_type(s, "10000");
    screen_expect(s, "10000");
    stop_server(r, s); /* between opening the form and sending it */
    screen_key(s, "F9");
    room_says(s, "Chưa có gì được lưu hay gửi");
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_expect(s, "10000"); /* what was typed is there for later */
    screen_key(s, "Esc");
    screen_expect_row(s, 2, "1/41");
    screen_key(s, "x");
    screen_expect(s, "-  Yêu cầu nộp phí");
    screen_expect(s, "cần có mạng, đang mất mạng");
    screen_key(s, "4");
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_keys(s, "Esc h");
    screen_expect(s, "Hộp gửi trống");
    server_restart(r->server);
    room_all_sent(s);
    expect_events(r, "d-31", "mai", "receive assign supplement"); /* of the days before */
    screen_free(&s);
}

/* Killed within the ten seconds too: what is on the disk is sent by the next one. */
static void a_wish_survives_a_kill(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    to_receive(s, "1228-0047");
    screen_keys(s, "x 1");
    screen_expect_row(s, -2, "Đã lưu trên máy này: tiếp nhận …1228-0047");
    kill_screen(&s);
    expect_events(r, "d-47", "mai", "");
    s = room_screen(r, 0, 0);
    room_all_sent(s);
    expect_events(r, "d-47", "mai", "receive");
    screen_free(&s);
}

/* ── the ten seconds ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void what_is_undone_was_never_sent(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    to_receive(s, "1228-0041");
    screen_keys(s, "x 1");
    screen_expect(s, "> ~ …1228-0041");
    screen_key(s, "u");
    screen_expect_row(s, -2, "Đã rút việc vừa lưu. Chưa có gì được gửi.");
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_expect(s, ">   …1228-0041");
    screen_advance(s, 30);
    expect_events(r, "d-41", "mai", "");
    stop_server(r, s);
    screen_keys(s, "x 1");
    screen_expect_row(s, 1, "chưa gửi 1");
    screen_advance(s, 11);
    screen_expect(s, "> ↑ …1228-0041");
    screen_key(s, "u");
    room_says(s, "Đã quá 10 giây, việc đang được gửi nên không rút được.");
    screen_expect_row(s, 1, "chưa gửi 1");
    server_restart(r->server);
    room_all_sent(s);
    expect_events(r, "d-41", "mai", "receive");
    screen_free(&s);
}

/* ── two windows ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void two_windows_work_and_one_sends(void **state)
{
    struct room *r = *state;
    struct screen *a = room_screen(r, 0, 0);

    if (!room_lasts(r)) {
        screen_free(&a);
        skip();
    }
    struct screen *b = room_screen(r, 0, 0);
    to_receive(a, "1228-0041");
    to_receive(b, "1228-0043");
    screen_keys(a, "x 1");
    screen_expect_row(b, 1, "chưa gửi 1");
    screen_keys(b, "x 1");
    screen_expect_row(a, 1, "chưa gửi 2");
    screen_expect(a, "~ …1228-0043"); /* each sees the other's mark */
    screen_expect(b, "~ …1228-0041");
    screen_advance(a, 11);
    screen_advance(b, 11);
    room_all_sent(a);
    room_all_sent(b);
    expect_events(r, "d-41", "mai", "receive");
    expect_events(r, "d-43", "mai", "receive");
    screen_keys(b, "q q");
    assert_int_equal(screen_exit_code(b), 0);
    screen_free(&b);
    screen_free(&a);
}

/* The kernel frees the lease of whoever dies with it. */
static void the_other_window_sends_for_one_that_was_killed(void **state)
{
    struct room *r = *state;
    struct screen *a = room_screen(r, 0, 0);

    if (!room_lasts(r)) {
        screen_free(&a);
        skip();
    }
    struct screen *b = room_screen(r, 0, 0);
    to_receive(a, "1228-0041");
    screen_keys(a, "x 1");
    screen_expect_row(b, 1, "chưa gửi 1");
    kill_screen(&a);
    room_all_sent(b);
    expect_events(r, "d-41", "mai", "receive");
    screen_free(&b);
}

/* ── a colleague was first ───────────────────────────────────────────────────────────────────────────────────────── */

/* Mai receives the dossier of this code; before it is sent Ha does something to it. */
static void overtaken(struct room *r, struct screen *s, const char *code, const char *dossier, const char *action)
{
    char *mark = text_new(">≠ …%s", code), *saved = text_new("tiếp nhận …%s", code);

    to_receive(s, code);
    screen_keys(s, "x 1");
    screen_expect_row(s, -2, saved);
    room_act(r, "ha", dossier, action, ",\"note\":\"đã gọi điện\"");
    screen_advance(s, 11);
    screen_expect_row(s, 1, "vướng 1");
    free(mark);
    free(saved);
}

static void open_card(struct screen *s, const char *code)
{
    screen_key(s, "h");
    screen_expect_row(s, 2, "vướng 1");
    screen_expect(s, "xung đột");
    screen_key(s, "Enter");
    char *title = text_new("Xung đột · hồ sơ …%s", code);
    screen_expect_row(s, 2, title);
    free(title);
    room_says(s, "Đỗ Thu Hà đã đổi hồ sơ.");
    screen_expect(s, "Hệ thống chưa ghi nhận việc của tôi.");
}

static void the_card_keeps_mine(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    overtaken(r, s, "1228-0041", "d-41", "comment");
    screen_expect(s, "≠ …1228-0041");
    room_says(s, "Xung đột: Đỗ Thu Hà đã đổi hồ sơ lúc 09:4");
    open_card(s, "1228-0041");
    screen_expect(s, "1  Giữ việc của tôi: tiếp nhận trên bản");
    screen_key(s, "1");
    screen_expect_row(s, 1, "chưa gửi 1");
    room_all_sent(s);
    expect_events(r, "d-41", "mai", "receive");
    char *status = room_status(r, "d-41");
    assert_string_equal(status, "received");
    free(status);
    screen_free(&s);
}

static void the_card_takes_theirs(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    overtaken(r, s, "1228-0043", "d-43", "receive");
    open_card(s, "1228-0043");
    screen_expect(s, "hệ thống không cho làm việc này nữa");
    screen_key(s, "1");
    screen_expect_row(s, 1, "vướng 1"); /* what cannot be done is not done */
    screen_key(s, "2");
    screen_expect(s, "Đã bỏ");
    screen_expect_row_gone(s, 1, "vướng");
    screen_advance(s, 60);
    expect_events(r, "d-43", "mai", "");
    expect_events(r, "d-43", "ha", "receive");
    screen_free(&s);
}

static void the_card_opens_the_form_again(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    to_receive(s, "1228-0047");
    screen_keys(s, "x 2");
    screen_expect_row(s, 2, "Không tiếp nhận");
    screen_type(s, "thiếu tờ khai");
    screen_key(s, "F9");
    screen_expect_row(s, 1, "chưa gửi 1");
    room_act(r, "ha", "d-47", "comment", ",\"note\":\"đã gọi điện\"");
    screen_advance(s, 11);
    screen_expect_row(s, 1, "vướng 1");
    open_card(s, "1228-0047");
    screen_expect(s, "thiếu tờ khai");
    screen_key(s, "3");
    screen_expect_row(s, 2, "Không tiếp nhận");
    screen_expect(s, "[thiếu tờ khai");
    screen_key(s, "End");
    screen_type(s, " có chữ ký");
    screen_key(s, "F9");
    screen_expect_row(s, 1, "chưa gửi 1");
    screen_expect_row_gone(s, 1, "vướng");
    room_all_sent(s);
    expect_events(r, "d-47", "mai", "decline");
    screen_free(&s);
}

static void the_card_can_wait(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    overtaken(r, s, "1228-0035", "d-35", "comment");
    open_card(s, "1228-0035");
    screen_key(s, "4");
    screen_expect_row(s, 2, "Hộp gửi");
    screen_expect_row(s, 1, "vướng 1");
    kill_screen(&s);
    s = room_screen(r, 0, 0);
    screen_expect_row(s, 1, "vướng 1"); /* it waits for as long as it takes */
    screen_advance(s, 600);
    expect_events(r, "d-35", "mai", "request_supplement supplement"); /* of yesterday */
    screen_free(&s);
}

/* What follows on a work that was not taken is not sent either; kept one after the other, both arrive. */
static void what_stands_behind_a_conflict_waits_with_it(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    to_receive(s, "1228-0041");
    screen_keys(s, "x 1");
    screen_expect_row(s, -2, "tiếp nhận …1228-0041");
    screen_keys(s, "x 9");
    screen_expect_row(s, 2, "Ghi chú");
    screen_type(s, "dân đi xa");
    screen_key(s, "F9");
    screen_expect_row(s, 1, "chưa gửi 2");
    room_act(r, "ha", "d-41", "comment", ",\"note\":\"đã gọi điện\"");
    screen_advance(s, 11);
    screen_expect_row(s, 1, "chưa gửi 0, vướng 2");
    screen_key(s, "h");
    screen_expect_row(s, 2, "Hộp gửi · 2 việc, vướng 2");
    room_seek(s, "Down", 5, "> ≠"); /* newest first: the first work stands below */
    screen_expect_row(s, 5, "Tiếp nhận");
    screen_keys(s, "Enter 1");
    screen_expect_row(s, 1, "vướng 1");
    room_all_sent(s);
    expect_events(r, "d-41", "mai", "receive");
    room_seek(s, "Esc", 2, "Hộp gửi");
    screen_expect(s, "Ghi chú");
    screen_key(s, "Home");
    screen_key(s, "Enter");
    room_says(s, "Việc trước của hồ sơ này không được ghi nhận nên việc này chưa gửi.");
    screen_key(s, "1");
    screen_expect_row_gone(s, 1, "vướng");
    room_all_sent(s);
    expect_events(r, "d-41", "mai", "receive comment");
    screen_free(&s);
}

/* ── refused ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A new due time that has gone by before the line was back. */
static void what_is_refused_says_why_and_can_be_dropped(void **state)
{
    struct room *r = *state;

    r->officer = "thang";
    struct screen *s = room_screen(r, 0, 0);
    screen_key(s, "3");
    screen_expect_row(s, 2, "1/40");
    stop_server(r, s);
    screen_keys(s, "x 7");
    screen_expect_row(s, 2, "Xin lỗi và hẹn lại");
    screen_type(s, "29/12/2022 10:30");
    screen_key(s, "Tab");
    screen_type(s, "chờ xác minh");
    screen_key(s, "F9");
    screen_expect_row(s, 1, "chưa gửi 1");
    screen_advance(s, 11);
    server_restart(r->server);
    server_advance(r->server, 3600);
    for (int64_t until = harness_deadline(); !screen_row_has(s, 1, "vướng 1"); screen_read(s, 100)) {
        if (harness_now() > until)
            fail_at(HERE, "it was not refused");
        screen_advance(s, 11);
    }
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_expect(s, "> × …1223-0031");
    screen_key(s, "h");
    screen_expect(s, "hệ thống từ chối");
    room_says(s, "hạn mới phải sau bây giờ và sau hạn đang có. Số hỗ trợ");
    screen_keys(s, "x");
    screen_expect(s, "4  Bỏ việc này");
    screen_key(s, "4");
    screen_expect(s, "Bỏ việc này? Hệ thống chưa ghi nhận nó.");
    screen_key(s, "2");
    screen_expect_row_gone(s, 1, "vướng");
    expect_events(r, "d-31", "thang", "");
    screen_free(&s);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, room_open, room_close)
    const struct CMUnitTest tests[] = {
        TEST(cut_off_one_reads_and_acts_and_all_is_sent_once_in_order),
        TEST(what_needs_a_line_says_so_and_keeps_nothing),
        TEST(a_wish_survives_a_kill),
        TEST(what_is_undone_was_never_sent),
        TEST(two_windows_work_and_one_sends),
        TEST(the_other_window_sends_for_one_that_was_killed),
        TEST(the_card_keeps_mine),
        TEST(the_card_takes_theirs),
        TEST(the_card_opens_the_form_again),
        TEST(the_card_can_wait),
        TEST(what_stands_behind_a_conflict_waits_with_it),
        TEST(what_is_refused_says_why_and_can_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

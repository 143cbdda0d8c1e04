/* Fees without cash at the counter: the picture on the screen is read by another program, in every theme and with and without half blocks;
 * nobody calls it money; what the bank says is told wherever the officer is. One that waits is called off, or paid in cash.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"
#include "tests/screen/picture.h"
#include "tests/screen/press.h"
#include "tests/screen/stage.h"

#include <stdlib.h>
#include <string.h>

static const char dossiers[] =
    "[{'id': 'p-7', 'code': '000.25.33.H06-221229-0007', 'procedure': '2.000815', 'unit': 'H06.33.26', 'channel': 'counter', "
    "'submitted_at': '2022-12-29T07:30:00+07:00', 'received_at': '2022-12-29T07:30:00+07:00', 'due_at': '2022-12-29T17:00:00+07:00', "
    "'status': 'received', 'step': 'intake', 'step_since': '2022-12-29T07:30:00+07:00', "
    "'fees': [{'name': 'Chứng thực bản sao, 6 trang', 'amount': 10000, 'paid': 0}], "
    "'applicant': {'kind': 'person', 'name': 'Võ Thị Bích Ngọc', 'id_number': '000189000625'}}]";

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

/* ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────── */

#define TEXT                                                                                                            \
    "00020101021238570010A00000072701270006999999011300000000000000208QRIBFTTA53037045405100005802VN62250821LEPHI H06 " \
    "221226 000763049F40"

static void see(struct stage *p, int rows, int cols)
{
    stage_open(p, rows, cols);
    screen_keys(p->screen, "/");
    screen_expect(p->screen, "Tìm:");
    screen_type(p->screen, "221226-0007");
    screen_expect_row(p->screen, 2, "1/1");
    screen_keys(p->screen, "Enter");
    screen_expect(p->screen, "1 Tổng quan");
    screen_keys(p->screen, "3");
    screen_expect(p->screen, "Enter để mở lại mã QR cho người dân.");
    screen_keys(p->screen, "Enter");
    screen_expect(p->screen, "Hình QR chưa phải là tiền đã nộp.");
}

static void the_picture_is_the_mock_up_and_a_phone_reads_it(void **state)
{
    struct stage *p = stage_new("mockups", "mai", "09:06");

    see(p, 0, 0);
    screen_matches_golden(p->screen, "payment");
    picture_says(p->screen, p->home, TEXT);
    for (int theme = 3; theme <= 5; theme++) { /* light, mono, marker */
        char *number = text_new("%d", theme);
        screen_keys(p->screen, ":");
        screen_expect(p->screen, "Lệnh:");
        screen_type(p->screen, "mau");
        screen_expect(p->screen, "> Màu");
        screen_keys(p->screen, "Enter");
        screen_expect(p->screen, "Dùng màu nào?");
        screen_key(p->screen, number);
        screen_expect_gone(p->screen, "Dùng màu nào?");
        picture_says(p->screen, p->home, TEXT);
        free(number);
    }
    stage_free(&p);
}

/* ── asked for ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct screen *see_fees(struct office *o, const char *officer)
{
    struct screen *s = office_sit(o, officer);

    screen_keys(s, "/");
    screen_expect(s, "Tìm:");
    screen_type(s, "0007");
    screen_expect_row(s, 2, "1/1");
    screen_keys(s, "Enter");
    screen_expect(s, "1 Tổng quan");
    screen_keys(s, "3");
    screen_expect(s, "[3 Phí]");
    return s;
}

static struct screen *ask_for_it(struct office *o)
{
    struct screen *s = see_fees(o, "mai");

    screen_keys(s, "Enter");
    screen_expect(s, "Còn nộp     10.000 đồng");
    screen_expect(s, "mười nghìn đồng");
    screen_keys(s, "F9");
    screen_expect(s, "NỘP PHÍ KHÔNG DÙNG TIỀN MẶT");
    screen_expect(s, "LEPHI H06 221229 0007");
    office_expect(o, "p-7", "payments.0.status", "pending");
    return s;
}

/* The citizen's bank. */
static void transfer(struct office *o)
{
    struct reply reply;
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded", NULL};
    char *url = text_new("%s/ngan-hang", o->server->base);

    server_call(o->server, "GET", "/dossiers/p-7", o->watcher, NULL, NULL, &reply);
    char *form = text_new("yeu_cau=%s", reply_text(&reply, "payments.0.id"));
    reply_clear(&reply);
    server_call(o->server, "POST", url, NULL, headers, form, &reply);
    assert_int_equal(reply.status, 200);
    reply_clear(&reply);
    free(form);
    free(url);
}

static void what_the_bank_says_is_told_wherever_the_officer_is(void **state)
{
    struct office *o = *state;
    struct screen *s = ask_for_it(o);

    screen_keys(s, "q");
    screen_expect(s, "chờ chuyển khoản");
    office_queues(s);
    transfer(o);
    screen_expect_row(s, -2, "10.000 đ, đã nộp: hồ sơ …1229-0007.");
    office_expect(o, "p-7", "fees.0.method", "online");
    office_leave(&s);
    s = see_fees(o, "mai");
    screen_expect(s, "trực tuyến, 29/12");
    screen_keys(s, "Enter");
    screen_expect_row(s, -2, "không còn phí phải nộp");
    office_leave(&s);
}

static void without_half_blocks_it_takes_two_cells_a_module(void **state)
{
    struct office *o = *state;
    struct reply reply;

    o->config = "symbols = ascii\n";
    struct screen *s = see_fees(o, "mai");
    screen_keys(s, "Enter");
    screen_expect(s, "mười nghìn đồng");
    screen_keys(s, "F9"); /* where it does not fit, nothing is drawn that no phone reads */
    screen_expect(s, "Hình QR chưa phải là tiền đã nộp.");
    screen_keys(s, "F1 Esc"); /* what was said of the request has been read */
    screen_expect(s, "Màn hình này không vẽ được mã QR. Bấm p để in");
    screen_expect(s, "Tài khoản   0000000000000");
    screen_expect(s, "Nội dung    LEPHI H06 221229 0007");
    picture_says(s, o->dir, "");
    screen_resize(s, 50, 132);
    screen_expect(s, "NỘP PHÍ KHÔNG DÙNG TIỀN MẶT");
    assert_false(screen_has(s, "▀"));
    server_call(o->server, "GET", "/dossiers/p-7", o->watcher, NULL, NULL, &reply);
    picture_says(s, o->dir, reply_text(&reply, "payments.0.vietqr"));
    reply_clear(&reply);
    office_leave(&s);
}

static void one_that_waits_is_called_off(void **state)
{
    struct office *o = *state;
    struct screen *s = ask_for_it(o);

    screen_keys(s, "x");
    screen_expect(s, "Nộp bằng cách nào?");
    screen_keys(s, "Enter"); /* 1 is no */
    screen_expect_gone(s, "Nộp bằng cách nào?");
    office_expect(o, "p-7", "payments.0.status", "pending");
    screen_keys(s, "x 3");
    office_expect(o, "p-7", "payments.0.status", "cancelled");
    screen_expect(s, "10.000 đồng: đã hủy");
    screen_expect(s, "F9: lập yêu cầu nộp");
    office_leave(&s);
}

static void cash_is_taken_down_with_its_receipt(void **state)
{
    struct office *o = *state;
    struct screen *s = ask_for_it(o);

    screen_keys(s, "x");
    screen_expect(s, "Nộp bằng cách nào?");
    screen_keys(s, "2");
    screen_expect(s, "Xác nhận đã nộp phí");
    screen_keys(s, "F9");
    screen_expect(s, "1");
    screen_keys(s, "2");
    office_expect(o, "p-7", "fees.0.method", "cash");
    office_expect(o, "p-7", "payments.0.status", "cancelled");
    office_leave(&s);
}

static void the_picture_on_paper_is_read_as_well(void **state)
{
    struct office *o = *state;

    press_open(o->dir);
    struct screen *s = ask_for_it(o);
    screen_keys(s, "p");
    screen_expect(s, "Xem trước · Mã QR nộp phí");
    screen_expect(s, "[HP-MotCua");
    screen_keys(s, "p");
    screen_expect_row(s, -2, "Đã gửi tới máy in");
    char *words = press_page(o->home), *codes = press_codes(o->home);
    assert_non_null(strstr(words, "Mã QR này không phải là biên lai."));
    assert_non_null(strstr(words, "Nội dung chuyển khoản: LEPHI H06 221229 0007"));
    assert_non_null(strstr(codes, "LEPHI H06 221229 0007"));
    free(words);
    free(codes);
    office_leave(&s);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_picture_is_the_mock_up_and_a_phone_reads_it),
        TEST(what_the_bank_says_is_told_wherever_the_officer_is),
        TEST(without_half_blocks_it_takes_two_cells_a_module),
        TEST(one_that_waits_is_called_off),
        TEST(cash_is_taken_down_with_its_receipt),
        TEST(the_picture_on_paper_is_read_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

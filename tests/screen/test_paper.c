/* Paper at the counter: the receipt is seen as text before it is printed, goes to the printer that was chosen through a pipe, or into a file
 * of its own; each is noted in the journal. What a printer says is told, and nothing is lost by it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"
#include "tests/screen/press.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CODE "000.25.33.H06-221229-0014"

static const char dossiers[] =
    "[{'id': 'p-14', 'code': '" CODE "', 'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'counter', "
    "'submitted_at': '2022-12-29T10:20:00+07:00', 'received_at': '2022-12-29T10:20:00+07:00', 'due_at': '2022-12-30T10:20:00+07:00', "
    "'status': 'received', 'step': 'intake', 'step_since': '2022-12-29T10:20:00+07:00', 'fees': [{'name': 'Lệ phí', 'amount': 0, 'paid': 0}], "
    "'applicant': {'kind': 'person', 'name': 'Phạm Thị Diễm Hương', 'id_number': '000195007731', 'sex': 'female', "
    "'address': 'Tổ 7, ấp Vạn Bình, xã Kim Long', 'phone': '0106110611'}, 'papers': ["
    "{'id': 'p1', 'name': 'Tờ khai đăng ký khai sinh', 'state': 'handed_in', 'originals': 1}, "
    "{'id': 'p2', 'name': 'Giấy chứng sinh', 'state': 'handed_in', 'originals': 1}, "
    "{'id': 'p4', 'name': 'Văn bản ủy quyền', 'state': 'handed_in', 'originals': 1}]}, "
    "{'id': 'p-15', 'code': '000.25.33.H06-221229-0015', 'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'online', "
    "'submitted_at': '2022-12-29T08:00:00+07:00', 'decide_by': '2022-12-30T08:00:00+07:00', 'status': 'registered', 'step': 'intake', "
    "'step_since': '2022-12-29T08:00:00+07:00', 'applicant': {'kind': 'person', 'name': 'Lê Văn Tám', 'sex': 'male'}}, "
    "{'id': 'p-16', 'code': '000.25.33.H06-221228-0016', 'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'online', "
    "'submitted_at': '2022-12-28T08:00:00+07:00', 'status': 'declined', 'step': 'closed', 'step_since': '2022-12-29T07:30:00+07:00', "
    "'applicant': {'kind': 'person', 'name': 'Lê Thị Sáu', 'sex': 'female'}, 'events': ["
    "{'at': '2022-12-28T08:00:00+07:00', 'action': 'create', 'to': 'registered'}, {'at': '2022-12-29T07:30:00+07:00', 'by': 'ha', "
    "'action': 'decline', 'from': 'registered', 'to': 'declined', 'note': 'Không thuộc thẩm quyền của thị trấn.'}]}]";

static int set_up(void **state)
{
    struct office *o = office_new(dossiers);

    press_open(o->dir);
    server_advance(o->server, (2 * 60 + 24) * 60);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    office_free((struct office **)state);
    return 0;
}

/* The dossier of this name, from the first view. */
static void open_dossier(struct screen *s, const char *name)
{
    screen_keys(s, "/");
    screen_expect(s, "Tìm:");
    screen_type(s, name);
    screen_expect_row(s, 2, "1/1");
    screen_keys(s, "Enter");
    screen_expect(s, "1 Tổng quan");
}

static struct screen *see_receipt(struct office *o)
{
    struct screen *s = office_sit(o, "mai");

    open_dossier(s, "0014");
    screen_keys(s, "p");
    screen_expect(s, "Xem trước · Giấy tiếp nhận");
    screen_expect(s, "[HP-MotCua");
    return s;
}

static void the_receipt_is_the_mock_up(void **state)
{
    struct office *o = *state;
    struct screen *s = see_receipt(o);

    screen_matches_golden(s, "print");
    screen_keys(s, "PgDn");
    screen_expect_row(s, 2, "trang 2/2");
    screen_expect(s, "Vào Sổ theo dõi hồ sơ, quyển số");
    screen_expect(s, "NGƯỜI TIẾP NHẬN HỒ SƠ");
    screen_free(&s);
}

static void it_goes_to_the_chosen_printer_whole(void **state)
{
    struct office *o = *state;
    struct screen *s = see_receipt(o);

    screen_keys(s, "Right");
    screen_expect(s, "[Canon");
    screen_keys(s, "Tab Space 3 p");
    screen_expect_row(s, -2, "Đã gửi tới máy in Canon, số bản: 3.");
    char *arguments = press_arguments(o->home), *words = press_page(o->home);
    assert_non_null(arguments);
    assert_string_equal(arguments, "-d Canon -n 3 -t Giấy tiếp nhận và hẹn trả -o media=A4 -o fit-to-page\n");
    assert_non_null(strstr(words, "Mã hồ sơ: " CODE));
    assert_non_null(strstr(words, "Số giấy tờ: 000195007731"));
    assert_non_null(strstr(words, "BẢN TẬP HUẤN - KHÔNG CÓ GIÁ TRỊ SỬ DỤNG"));
    free(arguments);
    free(words);
    screen_keys(s, "q");
    screen_expect(s, "1 Tổng quan");
    screen_keys(s, "p"); /* it is remembered */
    screen_expect(s, "[Canon");
    screen_expect(s, "Khổ [A4]  Số bản [3]");
    office_leave(&s);
}

static void a_jammed_printer_is_told_and_a_file_is_saved_instead(void **state)
{
    struct office *o = *state;
    struct screen *s = see_receipt(o);

    press_jam(o->dir, "hết giấy");
    screen_keys(s, "p");
    screen_expect(s, "Máy in không nhận: lp: hết giấy. Chưa in.");
    assert_null(press_arguments(o->home));
    char *path = text_new("%s/motcua/giay-tiep-nhan-" CODE ".pdf", o->home),
         *second = text_new("%s/motcua/giay-tiep-nhan-" CODE "-2.pdf", o->home);
    screen_keys(s, "o");
    screen_expect(s, "Đã lưu: ~/motcua/giay-tiep-nhan-");
    screen_keys(s, "o"); /* never over another */
    screen_expect(s, "-2.pdf");
    char *words = press_words(path);
    assert_non_null(strstr(words, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"));
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    office_leave(&s);
    free(words);
    words = press_words(second);
    assert_non_null(strstr(words, CODE));
    free(words);
    free(second);
    free(path);
}

static void what_was_handed_out_stands_in_the_journal(void **state)
{
    struct office *o = *state;
    struct screen *s = see_receipt(o);
    struct run run;

    screen_keys(s, "p");
    screen_expect_row(s, -2, "Đã gửi tới máy in HP-MotCua, số bản: 2.");
    screen_keys(s, "o");
    screen_expect(s, "Đã lưu: ~/motcua/giay-tiep-nhan-");
    screen_key(s, "m");
    screen_expect(s, "Số giấy tờ: 000195007731");
    screen_advance(s, 31);
    screen_expect(s, "Số giấy tờ: ***7731");
    run_program(&run, ARGV("motcua-t", "journal", "--json", "--server", o->server->base), NULL, o->home, NULL);
    if (run.status == 0) { /* without a keyring nobody is signed in there */
        assert_non_null(strstr(run.out, "\"print\""));
        assert_non_null(strstr(run.out, "\"export\""));
        assert_non_null(strstr(run.out, CODE));
    }
    run_clear(&run);
    office_leave(&s);
}

static void what_was_not_taken_in_has_no_paper(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "mai");

    open_dossier(s, "0015");
    screen_keys(s, "p");
    screen_expect_row(s, -2, "chưa tiếp nhận thì chưa có giấy tờ để in");
    screen_free(&s);
}

/* The reason is the server's to tell: until it has, nothing is printed. */
static void a_refusal_has_its_reason(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "mai");

    open_dossier(s, "0016");
    screen_keys(s, "p");
    screen_expect(s, "Xem trước · Phiếu từ chối (mẫu 03, TT 01/2018)");
    screen_expect(s, "Lý do: Không thuộc thẩm quyền của thị trấn.");
    screen_expect(s, "[HP-MotCua");
    screen_keys(s, "p");
    screen_expect(s, "Đã gửi tới máy in");
    char *words = press_page(o->home);
    assert_non_null(strstr(words, "PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ"));
    assert_non_null(strstr(words, "Lý do: Không thuộc thẩm quyền của thị trấn."));
    free(words);
    screen_free(&s);
}

static void the_control_slip_has_what_was_done(void **state)
{
    struct office *o = *state;
    struct screen *s = see_receipt(o);

    screen_keys(s, ".");
    screen_expect(s, "Xem trước · Phiếu kiểm soát (mẫu 05, TT 01/2018)");
    screen_expect(s, "Nộp hồ sơ");
    screen_expect(s, "[A4]");
    screen_keys(s, "p");
    screen_expect_row(s, -2, "Đã gửi tới máy in");
    char *words = press_page(o->home);
    assert_non_null(strstr(words, "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ"));
    assert_non_null(strstr(words, "1 29/12/2022 10:20 Trần Thị Mai Nộp hồ sơ"));
    free(words);
    screen_keys(s, "."); /* round again */
    screen_expect(s, "Xem trước · Giấy tiếp nhận");
    screen_free(&s);
}

/* Through the palette, from the first view. */
static void open_list(struct screen *s, const char *words, const char *label, const char *title)
{
    screen_expect(s, "Hàng việc");
    screen_keys(s, ":");
    screen_expect(s, "Lệnh:");
    screen_type(s, words);
    screen_expect(s, label);
    screen_keys(s, "Enter");
    screen_expect(s, title);
    screen_expect(s, "[HP-MotCua");
}

static void the_register_is_printed_and_goes_to_a_spreadsheet(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "mai");

    open_list(s, "so theo doi", "> Sổ theo dõi", "Xem trước · Sổ theo dõi hồ sơ (mẫu 06, TT 01/2018)");
    screen_keys(s, "p");
    screen_expect_row(s, -2, "Đã gửi tới máy in");
    char *words = press_page(o->home);
    assert_non_null(strstr(words, "SỔ THEO DÕI HỒ SƠ"));
    assert_non_null(strstr(words, "Từ ngày: 01/12/2022 đến ngày 29/12/2022"));
    assert_non_null(strstr(words, "Phạm Thị Diễm Hương"));
    assert_null(strstr(words, "Lê Văn Tám")); /* not taken in */
    free(words);
    screen_keys(s, "Tab Tab Tab Space");
    screen_expect(s, "[CSV]");
    screen_keys(s, "o");
    screen_expect(s, "Đã lưu: ~/motcua/so-theo-doi-2022-12-29.csv");
    char *path = text_new("%s/motcua/so-theo-doi-2022-12-29.csv", o->home), *csv = file_text(path);
    assert_non_null(csv);
    assert_non_null(strstr(csv, "\r\n1," CODE ",Phạm Thị Diễm Hương,"));
    free(csv);
    free(path);
    office_leave(&s);
}

static void what_is_handed_over_and_what_was_collected_today(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "mai");

    open_list(s, "ban giao", "> Phiếu bàn giao", "Xem trước · Danh sách bàn giao");
    screen_expect(s, "Phạm Thị Diễm Hương");
    screen_keys(s, "q");
    open_list(s, "so thu", "> Sổ thu trong ngày", "Xem trước · Sổ thu trong ngày");
    screen_expect(s, "Tổng cộng: 0 đồng");
    office_leave(&s);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_receipt_is_the_mock_up),
        TEST(it_goes_to_the_chosen_printer_whole),
        TEST(a_jammed_printer_is_told_and_a_file_is_saved_instead),
        TEST(what_was_handed_out_stands_in_the_journal),
        TEST(what_was_not_taken_in_has_no_paper),
        TEST(a_refusal_has_its_reason),
        TEST(the_control_slip_has_what_was_done),
        TEST(the_register_is_printed_and_goes_to_a_spreadsheet),
        TEST(what_is_handed_over_and_what_was_collected_today),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

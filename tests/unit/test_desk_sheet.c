/* Each form of the circulars as it comes out of the printer: every field is read back from the PDF, the barcode and the QR by another
 * program, and where nothing is real each page says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/desk_forms.h"

#include "core/instant.h"

#include <stdlib.h>
#include <string.h>

static void a_receipt_says_all_that_the_form_asks_for(void **state)
{
    struct forms *f = *state;

    forms_make(f, HANDOUT_RECEIPT, SHEET_A5);
    assert_string_equal(f->handout.form, "mẫu 01, TT 01/2018");
    forms_say(f, "UBND THỊ TRẤN NGÃI GIAO");
    forms_say(f, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    forms_say(f, "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ");
    forms_say(f, "Độc lập - Tự do - Hạnh phúc");
    forms_say(f, "Ngãi Giao, ngày 29 tháng 12 năm 2022");
    forms_say(f, "Mã hồ sơ: 000.25.33.H06-221229-0014");
    forms_say(f, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ");
    forms_say(f, "BẢN TẬP HUẤN - KHÔNG CÓ GIÁ TRỊ SỬ DỤNG");
    forms_say(f, "Tiếp nhận hồ sơ của: bà Phạm Thị Diễm Hương");
    forms_say(f, "Số giấy tờ: 000195007731");
    forms_say(f, "Địa chỉ: Tổ 7, ấp Vạn Bình, xã Kim Long");
    forms_say(f, "Điện thoại: 0106110611");
    forms_say(f, "Nội dung: Đăng ký khai sinh");
    forms_say(f, "Số bộ: 1");
    forms_say(f, "1 Tờ khai đăng ký khai sinh 1 - -");
    forms_say(f, "2 Giấy chứng sinh 1 - -");
    forms_say(f, "3 Văn bản ủy quyền 1 - 2");
    assert_null(strstr(f->text, "kết hôn")); /* it is missing: nobody handed it in */
    forms_say(f, "Thời gian giải quyết: 1 ngày làm việc");
    forms_say(f, "Nhận lúc: 10 giờ 20 phút, ngày 29/12/2022");
    forms_say(f, "Trả kết quả lúc: 10 giờ 20 phút, ngày 30/12/2022");
    forms_say(f, "Nơi trả: Bộ phận một cửa thị trấn Ngãi Giao");
    forms_say(f, "Lệ phí: 0 đồng");
    forms_say(f, "Vào Sổ theo dõi hồ sơ, quyển số: ……… số thứ tự: ………");
    forms_say(f, "NGƯỜI NỘP HỒ SƠ");
    forms_say(f, "NGƯỜI TIẾP NHẬN HỒ SƠ");
    forms_say(f, "(Ký và ghi rõ họ tên)");
    forms_say(f, "Trần Thị Mai");
}

static void its_code_is_read_by_a_scanner_and_by_a_phone(void **state)
{
    struct forms *f = *state;

    forms_make(f, HANDOUT_RECEIPT, SHEET_A5);
    char *codes = forms_codes(f);
    assert_non_null(strstr(codes, "CODE-128:000.25.33.H06-221229-0014\n"));
    assert_non_null(strstr(codes, "QR-Code:000.25.33.H06-221229-0014\n"));
    free(codes);
}

static void who_files_for_another_is_named_beside_the_owner(void **state)
{
    struct forms *f = *state;

    forms_set(f, "submitted_by",
              "{'kind': 'person', 'name': 'Lê Văn Tám', 'sex': 'male', 'email': 'tam@example.vn'}");
    forms_set(f, "fees", "[{'name': 'Lệ phí', 'amount': 15000, 'paid': 5000}]");
    f->ask.training = false;
    forms_make(f, HANDOUT_RECEIPT, SHEET_A4);
    forms_say(f, "Tiếp nhận hồ sơ của: ông Lê Văn Tám");
    forms_say(f, "Chủ hồ sơ: bà Phạm Thị Diễm Hương");
    forms_say(f, "Thư điện tử: tam@example.vn");
    forms_say(f, "Số giấy tờ: ………………");
    forms_say(f, "Lệ phí: 15.000 đồng (còn 10.000 đồng)");
    assert_null(strstr(f->text, "TẬP HUẤN"));
}

static void a_request_for_a_supplement(void **state)
{
    struct forms *f = *state;

    forms_set(f, "status", "'awaiting_supplement'");
    forms_set(f, "supplements",
              "[{'requested_at': '2022-12-29T10:22:00+07:00', 'by': 'mai', 'note': 'Tờ khai chưa ký; đề nghị ký lại.', 'papers': ['p1', "
              "'p3'], 'until': '2023-01-09'}]");
    forms_make(f, HANDOUT_SUPPLEMENT, SHEET_A5);
    assert_string_equal(f->handout.form, "mẫu 02, TT 01/2018");
    forms_say(f, "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ");
    forms_say(f, "Hồ sơ của: bà Phạm Thị Diễm Hương");
    forms_say(f, "Nội dung yêu cầu giải quyết: Đăng ký khai sinh");
    forms_say(f, "1 Tờ khai đăng ký khai sinh 2 Giấy chứng nhận kết hôn");
    forms_say(f, "Lý do: Tờ khai chưa ký; đề nghị ký lại.");
    forms_say(f, "Nộp bổ sung chậm nhất: 09/01/2023");
    forms_say(f, "liên hệ Trần Thị Mai, điện thoại ………………, thư điện tử mai@ngaigiao.example");
    forms_say(f, "NGƯỜI HƯỚNG DẪN");
}

static void a_refusal_gives_the_reason_that_was_given(void **state)
{
    struct forms *f = *state;

    forms_set(f, "status", "'declined'");
    forms_event(f, "create", NULL, NULL);
    forms_event(f, "decline", "mai", "Không thuộc thẩm quyền của thị trấn.");
    forms_make(f, HANDOUT_REFUSAL, SHEET_A5);
    forms_say(f, "PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ");
    forms_say(f, "Lý do: Không thuộc thẩm quyền của thị trấn.");
    forms_say(f, "NGƯỜI NỘP HỒ SƠ NGƯỜI TIẾP NHẬN HỒ SƠ");
}

static void an_apology_has_both_due_times(void **state)
{
    struct forms *f = *state;

    forms_set(f, "extended_from", "'2022-12-30T10:20:00+07:00'");
    forms_set(f, "due_at", "'2023-01-05T10:20:00+07:00'");
    forms_event(f, "extend", "mai", "Chờ xác minh.");
    forms_make(f, HANDOUT_APOLOGY, SHEET_A5);
    forms_say(f, "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ");
    forms_say(f, "Đã hẹn trả kết quả lúc: 10 giờ 20 phút, ngày 30/12/2022");
    forms_say(f, "Lý do: Chờ xác minh.");
    forms_say(f, "Bộ phận một cửa thị trấn Ngãi Giao xin lỗi về sự chậm trễ này");
    forms_say(f, "Hẹn lại, trả kết quả lúc: 10 giờ 20 phút, ngày 05/01/2023");
    forms_say(f, "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ");
}

static void the_new_circular_has_other_numbers_and_one_form_more(void **state)
{
    struct forms *f = *state;

    assert_true(instant_parse("2025-09-14T10:24:00+07:00", &f->ask.now));
    forms_event(f, "create", NULL, NULL);
    forms_event(f, "receive", "mai", NULL);
    forms_event(f, "stop", "dinh", "Người nộp đã qua đời.");
    forms_make(f, HANDOUT_CONTROL, SHEET_A4);
    assert_string_equal(f->handout.form, "mẫu 05, TT 01/2018");
    forms_set(f, "status", "'stopped'");
    forms_set(f, "step_since", "'2025-09-15T08:00:00+07:00'");
    f->ask.now += 86400;
    forms_make(f, HANDOUT_STOP, SHEET_A5);
    assert_string_equal(f->handout.form, "mẫu 05, TT 03/2025");
    assert_false(handout_fits(HANDOUT_STOP, f->ask.dossier, day_of(2025, 9, 14)));
    forms_say(f, "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ");
    forms_say(f, "Dừng giải quyết lúc: 8 giờ 00 phút, ngày 15/09/2025");
    forms_say(f, "Lý do: Người nộp đã qua đời.");
    forms_make(f, HANDOUT_CONTROL, SHEET_A4);
    assert_string_equal(f->handout.form, "mẫu 06, TT 03/2025");
    forms_say(f, "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ");
    forms_say(f, "Hẹn trả lúc: 10 giờ 20 phút, ngày 30/12/2022");
    forms_say(f, "1 14/09/2025 09:24 Người nộp hồ sơ Nộp hồ sơ");
    forms_say(f, "2 14/09/2025 09:25 Trần Thị Mai Tiếp nhận");
    forms_say(f, "3 14/09/2025 09:26 dinh Dừng xử lý Người nộp đã qua đời.");
}

static void a_state_has_the_forms_that_it_asks_for(void **state)
{
    struct forms *f = *state;
    int32_t day = day_of(2022, 12, 29);
    struct dossier d;

    forms_make(f, HANDOUT_RECEIPT, SHEET_A5);
    d = *f->ask.dossier;
    assert_int_equal(handout_apt(&d, day), HANDOUT_RECEIPT);
    assert_false(handout_fits(HANDOUT_SUPPLEMENT, &d, day));
    assert_false(handout_fits(HANDOUT_REFUSAL, &d, day));
    assert_false(handout_fits(HANDOUT_APOLOGY, &d, day));
    d.status = "registered";
    d.received_at = INSTANT_NONE;
    assert_int_equal(handout_apt(&d, day), HANDOUT_KINDS);
    d.status = "declined";
    assert_int_equal(handout_apt(&d, day), HANDOUT_REFUSAL);
}

/* A hundred rows: further pages begin with what the first one says, and no row is lost. */
static void a_long_table_goes_on_over_pages(void **state)
{
    struct forms *f = *state;

    for (int i = 0; i < 100; i++)
        forms_event(f, "comment", "mai", "Đã gọi điện cho người nộp, hẹn ngày mai mang bản chính tới đối chiếu.");
    forms_make(f, HANDOUT_CONTROL, SHEET_A4);
    int voids = 0;
    for (const char *at = f->text; (at = strstr(at, "BẢN TẬP HUẤN")); at++)
        voids++;
    assert_true(f->pages > 3);
    assert_int_equal(voids, f->pages);
    for (int i = 1; i <= 100; i++) {
        char *row = text_new(" %d 29/12/2022 ", i);
        forms_say(f, row);
        free(row);
    }
}

/* Name and address are data: what they hold is text on the page. */
static void hostile_words_are_words(void **state)
{
    struct forms *f = *state;

    forms_set(f, "applicant",
              "{'kind': 'person', 'name': '<b>An</b> & \\u202eHòa\\u0007', 'address': '%s%n \\\\ (Tj) Ấp 1'}");
    forms_make(f, HANDOUT_RECEIPT, SHEET_A5);
    forms_say(f, "Tiếp nhận hồ sơ của: <b>An</b> & ‹202E›Hòa‹07›");
    forms_say(f, "Địa chỉ: %s%n \\ (Tj) Ấp 1");
}

#define LETTERS "aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"

static void every_letter_is_on_the_page(void **state)
{
    struct forms *f = *state;

    forms_set(f, "applicant", "{'kind': 'person', 'name': 'AN', 'address': '" LETTERS "'}");
    forms_make(f, HANDOUT_RECEIPT, SHEET_A4);
    char *seen = strdup(f->text), *to = seen; /* a long word is broken over lines */
    for (const char *from = f->text; *from; from++)
        if (*from != ' ')
            *to++ = *from;
    *to = '\0';
    assert_non_null(strstr(seen, LETTERS));
    free(seen);
    struct run run;
    run_program(&run, (const char *const[]){"/usr/bin/pdffonts", f->pdf, NULL}, NULL, NULL, NULL);
    assert_non_null(strstr(run.out, "LiberationSerif"));
    assert_null(strstr(run.out, " no  yes")); /* emb: each is in the file */
    run_clear(&run);
}

static void a_file_name_says_no_more_than_the_code(void **state)
{
    struct forms *f = *state;

    forms_set(f, "code", "'../../H06 221229/0014'");
    forms_make(f, HANDOUT_RECEIPT, SHEET_A5);
    assert_string_equal(handout_file(&f->arena, &f->handout, "pdf"), "giay-tiep-nhan-.._.._H06_221229_0014.pdf");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, forms_open, forms_close)
    const struct CMUnitTest tests[] = {
        TEST(a_receipt_says_all_that_the_form_asks_for),
        TEST(its_code_is_read_by_a_scanner_and_by_a_phone),
        TEST(who_files_for_another_is_named_beside_the_owner),
        TEST(a_request_for_a_supplement),
        TEST(a_refusal_gives_the_reason_that_was_given),
        TEST(an_apology_has_both_due_times),
        TEST(the_new_circular_has_other_numbers_and_one_form_more),
        TEST(a_state_has_the_forms_that_it_asks_for),
        TEST(a_long_table_goes_on_over_pages),
        TEST(hostile_words_are_words),
        TEST(every_letter_is_on_the_page),
        TEST(a_file_name_says_no_more_than_the_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

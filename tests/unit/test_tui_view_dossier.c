/* The dossier's tabs and its preview against the mock-ups of screens.md.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_dossier.h"
#include "tui/dossier_parts.h"

#include <string.h>

#define BLANK ""

/* ── overview ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void overview_is_the_mock_up(void **state)
{
    struct world *w = *state;

    world_plant(w, "receive");
    open_dossier(w, "d-41");
    world_draw(w, 24, 80);
    world_rows(w, 1, " Hồ sơ 000.25.33.H06-221228-0041 · Nguyễn Thị Đào                          5/26 ",
               " [1 Tổng quan]  2 Giấy tờ   3 Phí   4 Lịch sử   5 Hạn", BLANK,
               " Thủ tục       1.001193 Đăng ký khai sinh  (Hộ tịch, dịch vụ công toàn trình)",
               " Trạng thái    1 Mới đăng ký · bước: tiếp nhận",
               " Việc của tôi  ~ tiếp nhận, lúc 09:42: đã lưu trên máy này, còn hoàn tác được",
               " Hạn nhận      29/12/2022 15:10   !  còn 3 giờ   (bấm 5 để xem cách tính)",
               " Hạn trả       hệ thống đặt khi tiếp nhận; máy này ước tính 30/12/2022 09:42",
               " Kênh          trực tuyến, nộp 28/12/2022 15:10", " Đang giữ      chưa phân công", BLANK,
               " Người nộp     Nguyễn Thị Đào, nữ, sinh 14/03/1995",
               " Giấy tờ số    ***4821          Điện thoại  ***0377",
               " Địa chỉ       Tổ 4, khu phố Hoàng Giao, thị trấn Ngãi Giao, huyện Châu Đức",
               " Nộp thay cho  (không)", BLANK,
               " Nơi nhận      Thị trấn Ngãi Giao       Nơi giải quyết  Thị trấn Ngãi Giao",
               " Giấy tờ       4 thành phần: 3 có, 1 thiếu (bấm 2)",
               " Phí           0 đ (miễn khi nộp trực tuyến)", BLANK, " Trên máy này  bản 3, lấy lúc 09:41",
               " Đã lưu trên máy này: tiếp nhận …1228-0041. Bấm u để hoàn tác trong 10 giây.",
               " x Xử lý  u Hoàn tác  m Hiện số  . Mục kế  , Mục trước  ? Giúp  q Quay lại");
}

/* ── papers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void papers_are_the_mock_up(void **state)
{
    struct world *w = *state;
    json_t *d = copy_of(w, "d-41");

    set_member(d, "version", "4");
    set_member(d, "attachments",
               "[{\"id\":\"a-41\",\"name\":\"to-khai.pdf\",\"media_type\":\"application/pdf\",\"size\":212000,\"sha256\":\"00\","
               "\"paper\":\"p1\",\"role\":\"scan\",\"complete\":true},"
               "{\"id\":\"a-42\",\"name\":\"chung-sinh.pdf\",\"media_type\":\"application/pdf\",\"size\":1153434,\"sha256\":\"00\","
               "\"role\":\"scan\",\"complete\":true}]");
    json_object_set_new(json_array_get(json_object_get(d, "papers"), 1), "attachment", json_string("a-42"));
    world_feed(w, "d-41", d);
    open_dossier(w, "d-41");
    world_keys(w, "2");
    world_draw(w, 24, 80);
    world_rows(w, 2, "  1 Tổng quan  [2 Giấy tờ]  3 Phí   4 Lịch sử   5 Hạn",
               "    Thành phần hồ sơ                      Có?     Chính C.thực Photo Tệp",
               ">   Tờ khai đăng ký khai sinh             đã nộp     1      -     -  208 KB",
               "    Giấy chứng sinh                       đã nộp     1      -     -  1,1 MB",
               "    Giấy chứng nhận kết hôn của cha mẹ    tra cứu    -      -     -  từ CSDL",
               "  × Văn bản ủy quyền (nếu nộp thay)       thiếu      1      -     -  chưa có", BLANK,
               " Tệp khác", "    Kết quả (dự thảo)                     chưa có", BLANK,
               " Lần yêu cầu bổ sung trước: không có.", BLANK);
    assert_string_equal(world_row(w, 22), "");
    assert_string_equal(world_row(w, 23), " x Xử lý  ? Giúp  q Quay lại");
}

static void a_supplement_says_who_asked_for_what_until_when(void **state)
{
    struct world *w = *state;

    open_dossier(w, "d-35");
    world_keys(w, "2");
    world_draw(w, 24, 80);
    assert_true(world_sees(w, " Yêu cầu bổ sung lần 1, 28/12/2022 16:40, Trần Thị Mai: Giấy xác nhận tình trạng"));
    assert_true(world_sees(w, "   Giấy tờ: Giấy xác nhận tình trạng hôn nhân (bên nữ)"));
    assert_true(world_sees(w, "   đã nộp 29/12/2022 07:40"));
}

/* ── fees ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void fees_are_the_mock_up(void **state)
{
    struct world *w = *state;

    world_plant(w, "three");
    open_dossier(w, "d-07");
    world_keys(w, "3");
    world_draw(w, 24, 80);
    world_rows(w, 2, "  1 Tổng quan   2 Giấy tờ  [3 Phí]  4 Lịch sử   5 Hạn",
               "    Khoản                                 Mức thu      Đã nộp  Cách nộp",
               ">   Chứng thực bản sao, 6 trang          10.000 đ         0 đ  chờ chuyển khoản",
               "    Bản sao thêm, 2 bản x 2.000 đ         4.000 đ     4.000 đ  tiền mặt, 26/12",
               "    Cộng                                 14.000 đ     4.000 đ  còn nộp 10.000 đ", BLANK,
               " Yêu cầu nộp phí 29/12/2022 09:05: 10.000 đ, chờ nộp, dùng đến 30/12/2022 09:05.",
               " Mã QR đang chờ, chưa phải là tiền đã nộp. Enter để mở lại mã QR cho người dân.", BLANK,
               " Miễn, giảm    Trẻ em; người thuộc hộ nghèo; người cao tuổi; người khuyết tật;",
               "               người có công với cách mạng; đồng bào dân tộc thiểu số ở xã có",
               "               điều kiện kinh tế - xã hội đặc biệt khó khăn.",
               " Căn cứ        Mức thu theo thủ tục 2.000815, kênh trực tiếp, từ 01/07/2022.", BLANK,
               " Hạn trả đang tạm dừng từ 29/12/2022 09:05, chạy tiếp khi hệ thống báo đã nộp.", BLANK);
    assert_string_equal(world_row(w, 23), " Enter Mở  x Xử lý  p In  ? Giúp  q Quay lại");
}

/* ── history ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void history_is_the_mock_up(void **state)
{
    struct world *w = *state;

    world_plant(w, "comment");
    world_pass(w, -60000);
    open_dossier(w, "d-19");
    world_keys(w, "4");
    answer_events(w, "d-19");
    world_pass(w, 60000);
    world_draw(w, 24, 80);
    world_rows(w, 2, "  1 Tổng quan   2 Giấy tờ   3 Phí  [4 Lịch sử]  5 Hạn", " Chưa gửi",
               "> ↑ 29/12 09:40  Trần Thị Mai     Ghi chú: đã gọi người nộp, hẹn 14:00",
               " Hệ thống ghi nhận (lấy lúc 09:41)", "    29/12 08:02  Lê Hoàng Nam     Trình ký: đề nghị đồng ý",
               "    28/12 16:20  Lê Hoàng Nam     Ghi chú: đã sửa ngành nghề theo đề nghị",
               "    27/12 16:05  Phạm Minh Quân   Trả lại thẩm định: thiếu mã ngành 4719",
               "    27/12 10:31  Lê Hoàng Nam     Trình ký: đề nghị đồng ý",
               "    27/12 08:15  Đỗ Thu Hà        Phân công cho Lê Hoàng Nam",
               "                                  Được tiếp nhận → Đang xử lý",
               "    27/12 08:10  Trần Thị Mai     Tiếp nhận tại quầy",
               "                                  → Được tiếp nhận", BLANK, " Hết. 6 sự kiện.", BLANK);
    assert_string_equal(world_row(w, 22), "");
    assert_string_equal(world_row(w, 23), " r Tải lại  . Mục kế  , Mục trước  x Xử lý  ? Giúp  q Quay lại");
}

/* ── due time ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void clock_is_the_mock_up(void **state)
{
    struct world *w = *state;

    world_pass(w, (5 * 60 + 48) * 60000);
    w->line.skew = 240;
    world_line(w);
    open_dossier(w, "d-12");
    world_keys(w, "5");
    world_draw(w, 24, 80);
    world_rows(w, 2, "  1 Tổng quan   2 Giấy tờ   3 Phí   4 Lịch sử  [5 Hạn]",
               " Hạn do hệ thống đặt:  04/01/2023 09:00             còn 2 ngày 3 giờ",
               " Quy định: 3 ngày làm việc, tính từ 29/12/2022 09:00 (giờ tiếp nhận)", BLANK,
               "   Ngày            Giờ làm việc được tính       Cộng      Ghi chú",
               "   T5 29/12/2022   09:00-11:30  13:30-17:00     6 giờ     nghỉ trưa 11:30-13:30",
               "   T6 30/12/2022   07:00-11:30  13:30-17:00     8 giờ",
               "   T7 31/12/2022   -                            -         ngày nghỉ",
               "   CN 01/01/2023   -                            -         Tết Dương lịch",
               "   T2 02/01/2023   -                            -         nghỉ bù Tết Dương lịch",
               "   T3 03/01/2023   07:00-11:30  13:30-17:00     8 giờ",
               "   T4 04/01/2023   07:00-09:00                  2 giờ     hết hạn lúc 09:00", BLANK,
               " Máy này tính:         04/01/2023 09:00   khớp với hệ thống",
               " Đã tạm dừng:          chưa lần nào",
               " Lịch làm việc:        UBND thị trấn Ngãi Giao, bản 4, giờ Việt Nam", BLANK,
               " Xong trước ngày 04/01: trước hạn. Xong trong ngày 04/01: đúng hạn.", BLANK, BLANK,
               " Đồng hồ máy này lệch 4 phút so với máy chủ; hạn tính theo giờ máy chủ.",
               " p In  . Mục kế  , Mục trước  ? Giúp  q Quay lại");
}

/* ── the preview ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void preview_is_the_mock_up(void **state)
{
    struct world *w = *state;
    struct dossier_shown shown = {0};
    struct err e = {0};
    json_t *d = copy_of(w, "d-41");

    set_member(d, "version", "4");
    offer(d, "receive", "queue", NULL);
    offer(d, "decline", "queue", "note");
    offer(d, "request_supplement", "queue", "note");
    offer(d, "request_payment", "never", "amount");
    offer(d, "comment", "queue", "note");
    world_feed(w, "d-41", d);
    world_plant(w, "seven");
    canvas_resize(w->canvas, 40, 132);
    dossier_preview_draw(&shown, w->app, w->canvas, 2, 73, 34, 59);
    assert_string_equal(world_row(w, 2), "");
    assert_ok(dossier_shown_load(&shown, w->app, "d-41", &e), &e);
    for (int row = 0; row < 40; row++)
        canvas_put(w->canvas, row, 71, 1, STYLE_TEXT, "│");
    dossier_preview_draw(&shown, w->app, w->canvas, 2, 73, 34, 59);
    static const char *const rows[] = {
        "Hồ sơ 000.25.33.H06-221228-0041",
        "",
        "Thủ tục     1.001193 Đăng ký khai sinh",
        "            Hộ tịch, dịch vụ công toàn trình",
        "Trạng thái  1 Mới đăng ký · bước tiếp nhận",
        "Hạn nhận    29/12/2022 15:10   ! còn 3 giờ",
        "Kênh        trực tuyến, nộp 28/12/2022 15:10",
        "Đang giữ    chưa phân công",
        "",
        "Người nộp   Nguyễn Thị Đào, nữ, sinh 14/03/1995",
        "Giấy tờ số  ***4821      Điện thoại  ***0377",
        "Địa chỉ     Tổ 4, khu phố Hoàng Giao, TT. Ngãi Giao",
        "",
        "Giấy tờ     4 thành phần: 3 có, 1 thiếu",
        "  đã nộp    Tờ khai đăng ký khai sinh",
        "  đã nộp    Giấy chứng sinh",
        "  tra cứu   Giấy chứng nhận kết hôn của cha mẹ",
        "  thiếu     Văn bản ủy quyền (nếu nộp thay)",
        "",
        "Phí         0 đ (miễn khi nộp trực tuyến)",
        "",
        "Việc của tôi chưa gửi",
        "  ~ 09:42   Tiếp nhận: đã lưu trên máy này (u hoàn tác)",
        "",
        "Lịch sử (3 dòng cuối)",
        "  28/12 15:10  Giúp nộp trực tuyến",
        "  → Mới đăng ký",
        "",
        "Làm được: Tiếp nhận, Không tiếp nhận, Yêu cầu bổ sung,",
        "          Yêu cầu nộp phí, Ghi chú (x)",
        "",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *seen = strstr(world_row(w, 2 + (int)i), "│") + strlen("│");
        assert_string_equal(*seen == ' ' ? seen + 1 : seen, rows[i]);
    }
    dossier_shown_clear(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(overview_is_the_mock_up),
        TEST(papers_are_the_mock_up),
        TEST(a_supplement_says_who_asked_for_what_until_when),
        TEST(fees_are_the_mock_up),
        TEST(history_is_the_mock_up),
        TEST(clock_is_the_mock_up),
        TEST(preview_is_the_mock_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

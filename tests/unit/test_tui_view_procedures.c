/* The catalogue and the public page (screens.md, `procedures` and `procedure`) against the scenario's own procedures.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"

#include <string.h>

static void open_catalogue(struct world *w)
{
    world_new(w, "mockups", "mai", "10:11");
    world_keys(w, "Ctrl-P");
    world_type(w, "thu tuc");
    world_keys(w, "Enter");
    world_draw(w, 24, 80);
}

/* Of Mai's unit 10 dossiers are for temporary, 10 for permanent residence. */
static void the_most_used_come_first(void **state)
{
    struct world w;

    open_catalogue(&w);
    world_rows(&w, 1, " Danh mục thủ tục · 102 · hay dùng trước                                  1/102",
               "  Mã        Tên thủ tục                            Lĩnh vực   Mức độ     Hạn",
               "> 1.004194  Đăng ký tạm trú                        Đăng ký, … toàn trình 3 ngày",
               "  1.004222  Đăng ký thường trú                     Đăng ký, … toàn trình 7 ngày",
               "  1.001022  Đăng ký nhận cha, mẹ, con              Hộ tịch    toàn trình 3 ngày");
    assert_int_equal(w.canvas->cursor_row, 22); /* what is typed searches */
    world_keys(&w, "PgDn");
    world_draw(&w, 24, 80);
    world_title(&w, "Danh mục thủ tục · 102 · hay dùng trước", " 12/102");
    world_free(&w);
}

/* Code, name and field, without tones; every word has to occur. */
static void words_find_without_tones(void **state)
{
    static const char *const words[] = {"KHAI SINH LUU DONG", "1.003583", "sinh ho tich luu"};
    struct world w;

    open_catalogue(&w);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        world_type(&w, words[i]);
        world_draw(&w, 24, 80);
        world_title(&w, "Danh mục thủ tục · 102 · hay dùng trước", " 1/1");
        world_rows(&w, 3, ">!1.003583  Đăng ký khai sinh lưu động             Hộ tịch    một phần   5 ngày");
        world_keys(&w, "Ctrl-U");
    }
    world_type(&w, "khai sinh xyz");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Không có thủ tục nào có những chữ này."));
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "chưa chọn thủ tục nào"));
    world_free(&w);
}

static void what_is_not_disclosed_is_marked(void **state)
{
    struct world w;

    open_catalogue(&w);
    world_type(&w, "khai sinh");
    world_draw(&w, 24, 80);
    world_rows(&w, 6, "! 1.003583  Đăng ký khai sinh lưu động             Hộ tịch    một phần   5 ngày");
    assert_true(world_sees(&w, " ! thiếu phần phải công khai: lệ phí (1.003583). Báo bộ phận kiểm soát thủ tục."));
    world_keys(&w, "Down Down Down");
    world_draw(&w, 24, 80);
    world_rows(&w, 6, ">!1.003583  Đăng ký khai sinh lưu động             Hộ tịch    một phần   5 ngày");
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    world_title(&w, "1.003583 Đăng ký khai sinh lưu động", " áp dụng từ 01/01/2022");
    assert_true(world_sees(&w, " ! Thiếu phần phải công khai: lệ phí."));
    assert_false(world_sees(&w, "Lệ phí   "));
    world_free(&w);
}

/* The mock-up `procedure`, with what the scenario has of it: names as in the dossier's papers, the post's fees, no rule of 15:00 for
 * what takes a day. */
static void the_page_says_what_the_public_is_told(void **state)
{
    struct world w;

    open_catalogue(&w);
    world_type(&w, "1.001193");
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    world_rows(&w, 1, " 1.001193 Đăng ký khai sinh                               áp dụng từ 01/07/2022",
               " Lĩnh vực      Hộ tịch                  Mức độ trực tuyến  toàn trình (mức độ 4)",
               " Cấp           xã                       Nơi nộp            mọi đơn vị cấp xã",
               " Thời hạn      1 ngày làm việc", "",
               " Thành phần hồ sơ                                     Chính  C.thực  Photo",
               "   Tờ khai đăng ký khai sinh                            1       -      -",
               "   Giấy chứng sinh                                      1       -      -",
               "   Giấy chứng nhận kết hôn của cha mẹ (tra cứu được:    -       -      1", "   không phải nộp)",
               "   Văn bản ủy quyền (nếu nộp thay) (khi nộp thay)       1       -      -", "",
               " Lệ phí         trực tiếp        trực tuyến         bưu chính",
               "   đúng hạn          0 đ               0 đ               0 đ",
               "   quá hạn       8.000 đ               0 đ           8.000 đ",
               "   Miễn: Gia đình có công với cách mạng, hộ nghèo, người khuyết tật.", "",
               " Các bước       1 nộp hồ sơ   2 kiểm tra   3 ghi sổ, ký   4 trả kết quả",
               " Căn cứ         Luật Hộ tịch 2014; Nghị định 123/2015/NĐ-CP; Thông tư",
               "                04/2020/TT-BTP", " Địa chỉ        dichvucong.example/tthc/1.001193", "",
               " n Hồ sơ mới  Tab Phần kế  . Mục kế  , Mục trước  ? Giúp  q Quay lại");
    world_free(&w);
}

static void fees_by_copy_and_the_same_day(void **state)
{
    struct world w;

    open_catalogue(&w);
    world_type(&w, "2.000635");
    world_draw(&w, 24, 80);
    world_rows(&w, 3, "> 2.000635  Cấp bản sao Trích lục hộ tịch, bản sa… Hộ tịch    toàn trình hôm nay");
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, " Thời hạn      trong ngày; nhận sau 15:00 thì trả ngày làm việc tiếp theo"));
    assert_true(world_sees(&w, "8.000 đ/bản"));
    world_free(&w);
}

static void the_public_address_is_a_picture(void **state)
{
    struct world w;

    open_catalogue(&w);
    world_type(&w, "1.001193");
    world_keys(&w, "Enter Tab");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "█▀▀▀▀▀█"));
    assert_true(world_sees(&w, "Trang công khai:"));
    assert_true(world_sees(&w, "dichvucong.example/tthc/1.001193"));
    world_draw(&w, 16, 60);
    assert_true(world_sees(&w, "Màn hình này không đủ chỗ vẽ mã QR."));
    assert_true(world_sees(&w, "dichvucong.example/tthc/1.001193"));
    world_draw(&w, 24, 80);
    world_keys(&w, "Tab");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Thành phần hồ sơ"));
    world_free(&w);
}

/* Next and previous follow the list as it is searched, and the list's focus goes along. */
static void one_walks_from_page_to_page(void **state)
{
    struct world w;

    open_catalogue(&w);
    world_type(&w, "khai sinh");
    world_keys(&w, "Enter , ");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Đây là thủ tục đầu danh sách."));
    world_keys(&w, ". . . . .");
    world_draw(&w, 24, 80);
    assert_int_equal(strncmp(world_row(&w, 1), " 2.000635 ", 10), 0);
    world_keys(&w, ".");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Đây là thủ tục cuối danh sách."));
    world_keys(&w, "q");
    world_draw(&w, 24, 80);
    world_title(&w, "Danh mục thủ tục · 102 · hay dùng trước", " 6/6");
    world_free(&w);
}

/* What has ended, or is for other units alone, is not filed here, and can be read all the same. */
static void the_second_scope_is_what_is_filed_here(void **state)
{
    struct world w;
    json_t *ended, *others;

    open_catalogue(&w);
    ended = json_deep_copy(world_thing(&w, "procedures", "1.004194"));
    others = json_deep_copy(world_thing(&w, "procedures", "1.004222"));
    json_object_set_new(ended, "effective_until", json_string("2022-12-28"));
    json_object_set_new(others, "units", json_pack("[s]", "H06.33.27"));
    world_feed_page(&w, json_pack("[{ss ss si so} {ss ss si so}]", "type", "procedure", "id", "1.004194",
                                  "version", 2, "data", ended, "type", "procedure", "id", "1.004222",
                                  "version", 2, "data", others));
    world_draw(&w, 24, 80);
    world_rows(&w, 3, "> 1.004194  Đăng ký tạm trú                        Đăng ký, … toàn trình 3 ngày");
    world_keys(&w, "Tab");
    world_draw(&w, 24, 80);
    world_title(&w, "Danh mục thủ tục · nộp được ở đây: 100 · hay dùng trước", " 1/100");
    assert_false(world_sees(&w, "1.004194"));
    world_keys(&w, "Tab");
    world_draw(&w, 24, 80);
    world_title(&w, "Danh mục thủ tục · 102 · hay dùng trước", " 3/102");
    world_free(&w);
}

static void decided_elsewhere_says_so(void **state)
{
    struct world w;

    open_catalogue(&w);
    world_type(&w, "3.000333");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "nơi khác"));
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "nơi khác: cơ quan khác giải quyết"));
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_used_come_first),
        cmocka_unit_test(words_find_without_tones),
        cmocka_unit_test(what_is_not_disclosed_is_marked),
        cmocka_unit_test(the_page_says_what_the_public_is_told),
        cmocka_unit_test(fees_by_copy_and_the_same_day),
        cmocka_unit_test(the_public_address_is_a_picture),
        cmocka_unit_test(one_walks_from_page_to_page),
        cmocka_unit_test(the_second_scope_is_what_is_filed_here),
        cmocka_unit_test(decided_elsewhere_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

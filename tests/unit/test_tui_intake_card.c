/* Taking a dossier in (screens.md, `intake`): who files it, from a card or by hand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/instant.h"
#include "tests/unit/tui_intake.h"

#include <stdio.h>
#include <string.h>

/* ── the card ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* All seven fields, numbers masked, the draft kept, and the focus on what no card says. */
static void a_card_fills_the_form(void **state)
{
    static const char *const ends[] = {"", "\r", "\n", "\t"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct world w;
        char burst[400];
        counter_open(&w, "1.001193");
        snprintf(burst, sizeof burst, "%s%s", SOUND, ends[i]);
        counter_scan(&w, burst);
        world_draw(&w, 24, 80);
        world_rows(&w, 1, " Hồ sơ mới · 1.001193 Đăng ký khai sinh · trực tiếp           nháp lưu 10:12:12",
                   " [Người nộp]   Nội dung    Giấy tờ 0/4    Phí    Xem lại      PgDn: phần sau",
                   " Thẻ căn cước vừa quét: 7 mục, đọc được hết.", "",
                   "   Họ và tên       [Phạm Thị Diễm Hương                          ]",
                   "   Số giấy tờ      [***7731      ]  12 số, khớp năm sinh và giới tính",
                   "   Số CMND cũ      [***0925      ]",
                   "   Ngày sinh       [03/09/1991]        Giới tính  (x) Nữ  ( ) Nam",
                   "   Nơi thường trú  [Tổ 7, ấp Vạn Bình, xã Kim Long, huyện Châu Đức          ]",
                   "   Ngày cấp        [11/05/2021]",
                   ">  Điện thoại      [__________]        Thư điện tử  [________________________]", "",
                   "   Nộp thay cho    (x) không  ( ) người khác, điền sau phần này",
                   "   Chủ hồ sơ là    (x) cá nhân  ( ) tổ chức", "",
                   "   Hạn trả sẽ là   30/12/2022 10:12 (1 ngày làm việc)");
        assert_int_equal(w.canvas->cursor_row, 11);
        assert_int_equal(w.canvas->cursor_col, 20);
        world_free(&w);
    }
}

/* What can be read in one way only is repaired, and nobody has to look; what cannot is marked, with what the card said. */
static void damage_is_repaired_or_marked(void **state)
{
    static const struct {
        const char *burst, *sees;
        bool certain;
    } cases[] = {
        {CARD("T&#7893; 7, &#7845;p V&#7841;n B&igrave;nh"), "[Tổ 7, ấp Vạn Bình, xã Kim Long", true},
        {CARD("T%E1%BB%95 7, %E1%BA%A5p V%E1%BA%A1n B%C3%ACnh"), "[Tổ 7, ấp Vạn Bình, xã Kim Long", true},
        {CARD("To\xcc\x82\xcc\x89 7, a\xcc\x82\xcc\x81p Va\xcc\xa3n Bi\xcc\x80nh"),
         "[Tổ 7, ấp Vạn Bình, xã Kim Long", true},
        {CARD("Tá»• 7, áº¥p Váº¡n BÃ¬nh"), "[Tổ 7, ấp Vạn Bình, xã Kim Long", true},
        {CARD("Tổ 7, ấp V259 Bình"), ">? Nơi thường trú  [Tổ 7, ấp V259 Bình", false},
        {CARD("Tổ 7, ấp V?n Bình"), ">? Nơi thường trú  [Tổ 7, ấp V?n Bình", false},
        {"077191007731|273160925|Ph?m Thị Diễm Hương|03091991|Nữ|Ấp Vạn Bình|11052021",
         ">? Họ và tên       [Ph?m", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w;
        counter_open(&w, "1.001193");
        counter_scan(&w, cases[i].burst);
        world_shows(&w, cases[i].sees);
        if (cases[i].certain) {
            world_shows(&w, "đọc được hết");
        } else {
            world_shows(&w, "1 mục cần xem.");
            world_shows(&w, "Đọc từ thẻ: “");
            world_shows(&w, "Còn 1 chỗ đọc không chắc (?). F3 để chọn cách đọc, hoặc gõ lại.");
        }
        world_free(&w);
    }
}

/* What is in doubt is never sent: it is chosen, kept as it is, or typed again. */
static void what_is_in_doubt_is_looked_at(void **state)
{
    struct world w;

    counter_open(&w, "1.004194");
    counter_scan(&w, CARD("Tổ 7, ấp V259 Bình"));
    world_keys(&w, "F9");
    world_draw(&w, 24, 80);
    assert_int_equal(counter_wishes(&w), 0);
    world_keys(&w, "F3");
    world_shows(&w, "── Cách đọc: bấm số để chọn");
    world_shows(&w, "Giữ nguyên: Tổ 7, ấp V259 Bình, xã Kim Long, huyện Châu Đức");
    world_keys(&w, "End Enter");
    world_hides(&w, "Đọc từ thẻ");
    world_keys(&w, "Shift-Tab");
    counter_scan(&w, CARD("Tổ 7, ấp V259 Bình"));
    world_shows(&w, "Đọc từ thẻ");
    world_keys(&w, "Ctrl-U");
    world_type(&w, "Tổ 8");
    world_hides(&w, "Đọc từ thẻ");
    world_free(&w);
}

/* Whatever the focus is on, and with Telex on: a card is a card, and what stood in the field stays. */
static void a_burst_is_no_key_and_no_telex(void **state)
{
    struct world w;

    counter_open(&w, "1.001193");
    world_keys(&w, "Ctrl-T");
    world_type(&w, "tooi");
    world_shows(&w, "[tôi");
    world_keys(&w, "PgDn PgDn"); /* papers, where letters and digits are commands */
    counter_scan(&w, "077191007731||Hoàng Thị Ddoor|03091991|Nữ|Số 5 Aspen, xã Kim Long|11052021");
    world_shows(&w, "[Người nộp]");
    world_shows(&w, "Hoàng Thị Ddoor"); /* “dd” is no đ, “oo” no ô */
    world_shows(&w, "Giấy tờ 0/4");
    world_free(&w);
}

/* Where nothing is typed a card begins an intake; what it is for is chosen, then it is there. */
static void a_card_from_anywhere_begins_an_intake(void **state)
{
    struct world w;

    counter_sit(&w, "mai");
    world_keys(&w, "1");
    counter_scan(&w, SOUND);
    world_shows(&w, " Hồ sơ mới: chọn thủ tục · nộp được ở đây: 102");
    world_type(&w, "khai sinh");
    world_keys(&w, "Enter");
    world_shows(&w, "Thẻ căn cước vừa quét: 7 mục");
    world_shows(&w, "Phạm Thị Diễm Hương");
    world_keys(&w, "q");
    world_free(&w);

    counter_sit(&w, "nam");
    counter_scan(&w, SOUND);
    world_shows(&w, "chỉ cán bộ tiếp nhận mới nhận hồ sơ tại quầy");
    assert_string_equal(app_top(w.app)->ops->name, "queues");
    counter_scan(&w, "123456789");
    world_shows(&w, "Đoạn chữ vừa dán không dùng ở đây.");
    world_free(&w);
}

static void who_was_here_before_is_offered(void **state)
{
    struct world w;
    const json_t *known;

    counter_open(&w, "1.001193");
    world_settle(&w, 24, 80);
    known = json_object_get(world_thing(&w, "dossiers", "d-41"), "applicant");
    world_keys(&w, "Tab");
    world_type(&w, json_string_value(json_object_get(known, "id_number")));
    world_shows(&w, "hồ sơ cũ trên máy này (28/12/2022): F3 lấy điện thoại đã lưu");
    world_hides(&w, "Nguyễn Thị Đào"); /* nothing is filled in by itself */
    world_keys(&w, "F3");
    world_shows(&w, "[Nguyễn Thị Đào");
    world_shows(&w, "[***0377");
    world_shows(&w, "[Tổ 4, khu phố Hoàng Giao");
    world_free(&w);
}

/* ── checks ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void numbers_are_checked_beside_the_field(void **state)
{
    static const struct {
        const char *number, *birth, *sex, *note;
    } cases[] = {
        {"077191007731", "03/09/1991", "1", "12 số, khớp năm sinh và giới tính"},
        {"077191007731", "03/09/1992", "1", "không khớp năm sinh"},
        {"077191007731", "03/09/1991", "2", "không khớp giới tính"},
        {"0771910077", "", "", "không phải 12 hoặc 9 số"},
        {"07719100773x", "", "", "có ký tự không phải số"},
        {"077191007731", "", "", "12 số: sinh năm 1991, nữ"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w;
        counter_open(&w, "1.001193");
        world_keys(&w, "Tab");
        world_type(&w, cases[i].number);
        world_keys(&w, "Tab");
        world_type(&w, cases[i].birth);
        world_keys(&w, "Tab");
        world_type(&w, cases[i].sex);
        world_shows(&w, cases[i].note);
        world_free(&w);
    }
}

static void what_is_missing_or_no_day_is_named_and_gone_to(void **state)
{
    struct world w;

    counter_open(&w, "1.001193");
    world_keys(&w, "F9");
    world_shows(&w, "Còn thiếu: họ và tên, họ, chữ đệm, tên trẻ");
    counter_scan(&w, SOUND);
    world_keys(&w, "F9");
    world_shows(&w, "[Nội dung]");
    world_type(&w, "Lê Bảo An");
    world_keys(&w, "Tab");
    world_type(&w, "31/02/2022");
    world_keys(&w, "Tab 1 Tab");
    world_type(&w, "Bà Rịa");
    world_keys(&w, "PgDn F9");
    world_shows(&w, "Ngày sinh của trẻ ghi ngày/tháng/năm, như 03/09/1991. Sửa rồi bấm F9.");
    world_shows(&w, "[Nội dung]");
    assert_int_equal(counter_wishes(&w), 0);
    world_free(&w);
}

#define TEST(name) cmocka_unit_test_teardown(name, counter_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_card_fills_the_form),
        TEST(damage_is_repaired_or_marked),
        TEST(what_is_in_doubt_is_looked_at),
        TEST(a_burst_is_no_key_and_no_telex),
        TEST(a_card_from_anywhere_begins_an_intake),
        TEST(who_was_here_before_is_offered),
        TEST(numbers_are_checked_beside_the_field),
        TEST(what_is_missing_or_no_day_is_named_and_gone_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

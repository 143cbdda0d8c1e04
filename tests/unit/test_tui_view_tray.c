/* The tray: nothing is decided unseen, a change drops what was decided, and a typed number begins the signing and nothing else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_tray.h"
#include "tui/tray_run.h"

#include <stdlib.h>
#include <string.h>

static void it_is_the_mock_up(void **state)
{
    (void)state;
    at_tray_open(10, true, false);
    at_tray_press("Enter");
    at_tray_see_and("1");
    at_tray_see_and("1");
    world_shows(&at_tray, "TỪ CHỐI GIẢI QUYẾT"); /* as it was proposed */
    at_tray_see_and("0");
    at_tray_see_and("1");
    world_shows(&at_tray, "Ký duyệt: hệ thống sẽ không nhận: người trình không được ký.");
    at_tray_see_and("2");
    world_type(&at_tray, "Thiếu bản chính");
    at_tray_press("Enter");
    at_tray_see_and("1");
    at_tray_see_and("1");
    at_tray_see_and("Esc");
    at_tray_feed("d-08", "2022-12-29T10:04:00+07:00", true);
    at_tray_draw();
    world_matches_golden(&at_tray, "tray");
}

static void an_empty_tray_says_what_to_do(void **state)
{
    (void)state;
    at_tray_press("F8");
    at_tray_signer(false, false);
    world_shows(&at_tray, " Khay trống. Ở hàng Chờ ký: Space để chọn, k để đưa vào khay.");
    at_tray_press("F9");
    at_tray_press("Enter");
    at_tray_asks_nothing();
}

/* From the list: what is marked one by one, and waits for a signature. */
static void marks_go_into_the_tray(void **state)
{
    (void)state;
    at_tray_press("1");
    at_tray_press("Space");
    at_tray_press("Space");
    at_tray_press("k");
    at_tray_signer(false, false);
    world_title(&at_tray, "Khay ký · 2 hồ sơ", "đã xem 0 · sẽ ký 0");
    at_tray_press("q");
    at_tray_press("+");
    at_tray_press("k");
    world_shows(&at_tray, "Những hồ sơ này được chọn cả trang.");
    at_tray_press("-");
    at_tray_press("k");
    at_tray_signer(false, false);
    world_title(&at_tray, "Khay ký · 2 hồ sơ", "đã xem 0 · sẽ ký 0");
}

static void what_was_put_in_outlives_the_program(void **state)
{
    (void)state;
    at_tray_open(2, false, false);
    at_tray_press("Enter");
    at_tray_see_and("1");
    world_restart(&at_tray);
    at_tray_press("F8");
    at_tray_signer(false, false);
    world_title(&at_tray, "Khay ký · 2 hồ sơ", "đã xem 0 · sẽ ký 0"); /* seen it has to be again */
}

/* ── deciding ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void nothing_is_decided_unseen(void **state)
{
    (void)state;
    at_tray_open(1, false, false);
    world_draw(&at_tray, 16, 60);
    world_keys(&at_tray, "Enter");
    world_draw(&at_tray, 16, 60);
    world_keys(&at_tray, "1");
    world_draw(&at_tray, 16, 60);
    world_shows(&at_tray, "Phải xem hết mọi dòng rồi mới ký được: bấm PgDn.");
    world_keys(&at_tray, "2 0 Enter");
    world_draw(&at_tray, 16, 60);
    world_title(&at_tray, "Khay ký 1/1 · đồng ý", "dòng · bản 8");
    world_keys(&at_tray, "q");
    world_draw(&at_tray, 24, 80);
    world_title(&at_tray, "Khay ký · 1 hồ sơ", "đã xem 0 · sẽ ký 0");
    assert_int_equal(at_tray_wishes(), 0);
}

static void another_decision_is_another_statement(void **state)
{
    (void)state;
    at_tray_open(1, false, false);
    at_tray_press("Enter");
    at_tray_press("0"); /* a reason first */
    at_tray_press("Enter");
    world_shows(&at_tray, "Còn thiếu: ");
    world_type(&at_tray, "Không đủ điều kiện");
    at_tray_press("Enter");
    world_shows(&at_tray, "TỪ CHỐI GIẢI QUYẾT");
    world_shows(&at_tray, "Không đủ điều kiện");
    world_title(&at_tray, "Khay ký 1/1 · từ chối", "bản 8");
    at_tray_press("Enter"); /* decides nothing */
    world_title(&at_tray, "Khay ký 1/1 · từ chối", "bản 8");
    at_tray_press("0");
    world_shows(&at_tray, "Từ chối ");
    const struct tray_row *row = tray_find(app_tray(at_tray.app), "d-19");
    assert_int_equal(row->decision, TRAY_REFUSE);
    assert_string_equal(row->note, "Không đủ điều kiện");
    assert_non_null(strstr(row->bytes, "\"outcome\":\"refuse\",\"note\":\"Không đủ điều kiện\""));
}

static void a_template_sends_back(void **state)
{
    (void)state;
    at_tray_open(1, false, false);
    at_tray_press("Enter");
    at_tray_press("2");
    at_tray_press("F3");
    at_tray_press("1");
    at_tray_press("Enter");
    const struct tray_row *row = tray_find(app_tray(at_tray.app), "d-19");
    assert_int_equal(row->decision, TRAY_REWORK);
    assert_null(row->bytes);
    assert_true(*row->note != '\0');
    world_shows(&at_tray, "Trả lại ");
    at_tray_press("F9"); /* nothing is signed, so nothing is typed; it is asked */
    world_shows(&at_tray, "Trả lại 1 hồ sơ? Việc này gửi đi ngay.");
    at_tray_press("2");
    assert_int_equal(at_tray_wishes(), 1);
    at_tray_asks_nothing();
    at_tray_all_taken();
    world_shows(&at_tray, "đã gửi, hệ thống ghi nhận 10:06:00");
    world_shows(&at_tray, "xong 1/1");
    assert_int_equal(app_tray(at_tray.app)->n, 0);
    at_tray_press(":");
    world_type(&at_tray, "da tra lai");
    at_tray_press("Enter");
    world_settle(&at_tray, 24, 80);
    world_title(&at_tray, "Đã trả lại · xếp theo hạn", "1/1");
    world_shows(&at_tray, "…1227-0019 Lâm Chí Vỹ");
}

static void a_change_while_one_looks_is_seen_again(void **state)
{
    (void)state;
    at_tray_open(1, false, false);
    at_tray_press("Enter");
    at_tray_feed("d-19", NULL, true);
    world_draw(&at_tray, 16, 60);
    world_shows(&at_tray, "Hồ sơ đã đổi sau khi xem.");
    world_keys(&at_tray, "1");
    world_draw(&at_tray, 24, 80);
    assert_int_equal(tray_find(app_tray(at_tray.app), "d-19")->decision, TRAY_OPEN);
}

/* Decided by a colleague meanwhile: there is nothing to decide. */
static void what_waits_no_longer_leaves_the_tray(void **state)
{
    (void)state;
    at_tray_open(2, false, false);
    at_tray_press("Enter");
    at_tray_see_and("1");
    at_tray_see_and("q");
    json_t *d = copy_of(&at_tray, "d-19");
    json_object_set_new(d, "step", json_string("issuing"));
    json_object_set_new(d, "version", json_integer(11));
    dossier_fed(&at_tray, d);
    at_tray_draw();
    world_shows(&at_tray, "Ra khỏi khay vì không còn chờ ký: 1 hồ sơ.");
    world_title(&at_tray, "Khay ký · 1 hồ sơ", "đã xem 1 · sẽ ký 0");
}

/* ── beginning ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void only_the_typed_number_begins(void **state)
{
    static const char *const wrong[] = {"", "2", "33", "03", "x"};

    (void)state;
    at_tray_grant_three(false);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        at_tray_press("F9");
        world_shows(&at_tray, "  Gõ số hồ sơ sẽ ký (3) để ký:   _");
        world_type(&at_tray, wrong[i]);
        at_tray_press("Enter");
        world_shows(&at_tray, "Chưa ký.");
        at_tray_press("Enter Enter Esc"); /* a key that is held opens a statement at most */
        at_tray_asks_nothing();
    }
    at_tray_press("F9");
    world_paste(&at_tray, "3");
    at_tray_draw();
    world_shows(&at_tray, "Dán hoặc máy quét không xác nhận được ở đây. Hãy gõ số hồ sơ. Chưa ký.");
    at_tray_press("Enter");
    at_tray_asks_nothing();
    assert_int_equal(at_tray_wishes(), 0);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, at_tray_setup, at_tray_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_the_mock_up),
        TEST(an_empty_tray_says_what_to_do),
        TEST(marks_go_into_the_tray),
        TEST(what_was_put_in_outlives_the_program),
        TEST(nothing_is_decided_unseen),
        TEST(another_decision_is_another_statement),
        TEST(a_template_sends_back),
        TEST(a_change_while_one_looks_is_seen_again),
        TEST(what_waits_no_longer_leaves_the_tray),
        TEST(only_the_typed_number_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The tray's run signs what was seen, with one PIN; what fails stops no other, what never left goes back into the tray.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_tray.h"
#include "tui/tray_run.h"

#include <stdlib.h>
#include <string.h>

static void one_pin_signs_them_all(void **state)
{
    (void)state;
    at_tray_grant_three(true);
    world_shows(&at_tray, "hỏi PIN một lần cho lượt này");
    at_tray_begin("3", "123456");
    world_shows(&at_tray, "Đang ký số 1…");
    at_tray_sign_next(true);
    at_tray_sign_next(false);
    at_tray_sign_next(false);
    at_tray_run_closed();
    assert_int_equal(at_tray_wishes(), 3);
    assert_int_equal(app_tray(at_tray.app)->focus, 0); /* the next that are put in are looked at from the first on */
    at_tray_all_taken();
    world_title(&at_tray, "Đang ký · 3 hồ sơ", "xong 3/3");
    world_shows(&at_tray, "đã ký, hệ thống ghi nhận 10:06:00");
    assert_int_equal(app_tray(at_tray.app)->n, 0);
}

static void a_device_that_wants_it_each_time_is_asked_each_time(void **state)
{
    (void)state;
    at_tray_grant_three(true);
    at_tray_begin("3", "123456");
    for (int i = 0; i < 3; i++) {
        struct ask ask = at_tray_asks(ASK_SIGN);
        assert_true(ask.pin);
        at_tray_answer(&ask, ERR_NONE, NULL, true);
        if (i == 2)
            break;
        world_shows(&at_tray, "Mã PIN cho lượt ký này");
        at_tray_asks_nothing();
        pin_add(app_pin(at_tray.app), "123456");
        at_tray_press("Enter");
    }
    at_tray_run_closed();
    assert_int_equal(at_tray_wishes(), 3);
}

static void a_wrong_pin_is_asked_again_and_an_empty_one_ends_it(void **state)
{
    (void)state;
    at_tray_grant_three(true);
    at_tray_begin("3", "000000");
    struct ask ask = at_tray_asks(ASK_SIGN);
    at_tray_answer(&ask, ERR_AUTH, "Mã PIN sai. Chưa ký. Nhập lại.", false);
    world_shows(&at_tray, "Mã PIN sai. Chưa ký. Nhập lại.");
    at_tray_asks_nothing();
    world_paste(&at_tray, "123456");
    at_tray_draw();
    world_shows(&at_tray, "Mã PIN phải gõ bằng tay. Chưa ký.");
    at_tray_press("Enter");
    at_tray_run_closed();
    world_shows(&at_tray, "chưa ký, còn trong khay");
    assert_int_equal(at_tray_wishes(), 0);
    assert_int_equal(tray_to_sign(app_tray(at_tray.app)), 3); /* decided as they were */
}

static void a_device_that_is_pulled_leaves_the_rest_in_the_tray(void **state)
{
    (void)state;
    at_tray_grant_three(true);
    at_tray_begin("3", "123456");
    at_tray_sign_next(true);
    struct ask ask = at_tray_asks(ASK_SIGN);
    at_tray_answer(&ask, ERR_NOT_FOUND, "Thiết bị ký bị rút ra.", false);
    at_tray_run_closed();
    world_shows(&at_tray, "Thiết bị ký bị rút giữa chừng: 1 hồ sơ đã ký, 2 chưa ký.");
    world_shows(&at_tray, "Cắm lại rồi bấm F9 để");
    assert_int_equal(at_tray_wishes(), 1);
    at_tray_press("F9"); /* taken up again */
    at_tray_signer(true, false);
    world_title(&at_tray, "Khay ký · 2 hồ sơ", "đã xem 2 · sẽ ký 2");
    world_shows(&at_tray, "Gõ số hồ sơ sẽ ký (2)");
    world_type(&at_tray, "2");
    at_tray_press("Enter");
    world_type(&at_tray, "123456");
    at_tray_press("Enter");
    at_tray_sign_next(true);
    at_tray_sign_next(false);
    at_tray_run_closed();
    assert_int_equal(at_tray_wishes(), 3);
}

static void it_goes_on_without_its_screen_and_stops_when_told(void **state)
{
    (void)state;
    at_tray_grant_three(false);
    at_tray_begin("3", NULL);
    world_shows(&at_tray, "Đang ký số 1…");
    at_tray_press("q");
    at_tray_press(":");
    world_type(&at_tray, "thiet bi");
    at_tray_draw();
    world_shows(&at_tray, "một lượt ký đang chạy"); /* the device stays what it is */
    at_tray_press("Esc");
    at_tray_sign_next(false);
    assert_int_equal(at_tray_wishes(), 1);
    at_tray_press("k");
    world_shows(&at_tray, "Đang ký số 2…");
    at_tray_press("x");
    at_tray_sign_next(false); /* the one that was being signed */
    at_tray_asks_nothing();
    world_shows(&at_tray, "Đã dừng. Đã gửi 2 hồ sơ, chưa ký 1, còn trong khay.");
    assert_int_equal(at_tray_wishes(), 2);
    assert_int_equal(tray_to_sign(app_tray(at_tray.app)), 1);
}

static void sent_and(const char *id, enum command_state state, int64_t at)
{
    static const char four_eyes[] = "{\"type\":\"urn:onestop:problem:four-eyes\",\"status\":403,"
                                    "\"title\":\"Người trình không được ký\"}";
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;
    bool taken;

    assert_true(outbox_waiting_on(at_tray.outbox, id, &arena, &rows, &n, NULL));
    assert_int_equal(n, 1);
    assert_true(outbox_sending(at_tray.outbox, rows[0].key, NULL));
    if (state == COMMAND_DONE)
        assert_true(outbox_done(at_tray.outbox, rows[0].key, "\"9\"", NULL, at, NULL));
    else if (state == COMMAND_REFUSED)
        assert_true(outbox_failed(at_tray.outbox, rows[0].key, state, four_eyes, NULL, at, NULL));
    else
        assert_true(outbox_no_answer(at_tray.outbox, rows[0].key, true, at_tray.machine.env.mono + 60000,
                                     NULL, &taken, NULL));
    arena_clear(&arena);
    outbox_take_changes(at_tray.outbox);
    app_changed(at_tray.app, CACHE_OUTBOX);
    at_tray_draw();
}

static void a_run_is_the_mock_up(void **state)
{
    static const char *const ids[] = {"d-19", "d-24", "d-02", "d-10", "d-31", "d-29", "d-05"};

    (void)state;
    world_free(&at_tray);
    world_new(&at_tray, "mockups", "quan", "10:09");
    for (size_t i = 0; i < 7; i++) {
        at_tray_feed(ids[i], NULL, true);
        assert_true(tray_add(at_tray.app, ids[i]));
    }
    at_tray_press("F8");
    at_tray_signer(false, false);
    at_tray_press("Enter");
    for (size_t i = 0; i < 4; i++)
        at_tray_see_and(i == 2 ? "0" : "1");
    at_tray_see_and("2");
    world_type(&at_tray, "Thiếu bản chính");
    at_tray_press("Enter");
    at_tray_see_and("1");
    at_tray_see_and("1");
    at_tray_begin("6", NULL);
    for (int i = 0; i < 4; i++)
        at_tray_sign_next(false);
    world_pass(&at_tray, 5000);
    for (int64_t i = 0; i < 3; i++)
        sent_and(ids[i], COMMAND_DONE, at_tray.clock - 9 + i);
    sent_and("d-10", COMMAND_REFUSED, at_tray.clock - 6);
    at_tray_sign_next(false); /* d-29; d-31 went without a signature */
    sent_and("d-31", COMMAND_DONE, at_tray.clock - 5);
    sent_and("d-29", COMMAND_DUE, 0);
    at_tray_press("Down Down Down");
    world_matches_golden(&at_tray, "batch");
}

/* Between two: the version that was seen is no more, or the officer may not. The others are signed. */
static void one_that_fails_stops_no_other(void **state)
{
    (void)state;
    at_tray_open(5, false, false);
    at_tray_press("Enter");
    at_tray_see_and("1");
    at_tray_see_and("1");
    at_tray_see_and("0");
    at_tray_see_and("1"); /* d-10, his own proposal */
    at_tray_see_and("1");
    at_tray_begin("5", NULL);
    at_tray_feed("d-24", NULL, true);
    at_tray_sign_next(false);
    at_tray_sign_next(false); /* d-02 */
    at_tray_sign_next(false); /* d-31 */
    at_tray_asks_nothing();
    at_tray_all_taken();
    world_title(&at_tray, "Đang ký · 5 hồ sơ", "xong 5/5");
    world_shows(&at_tray, "× hồ sơ đã đổi sau khi xem");
    world_shows(&at_tray, "× người trình không được ký");
    world_shows(&at_tray, "Số 4: người trình không được ký. Chưa quyết định gì, hồ sơ còn trong khay.");
    assert_int_equal(at_tray_wishes(), 3);
    assert_int_equal(app_tray(at_tray.app)->n, 2);
}

/* No more is signed than can be sent at once: a line that goes then costs no signatures. */
static void no_more_is_signed_than_is_on_its_way(void **state)
{
    (void)state;
    at_tray_open(10, false, false);
    at_tray_press("Enter");
    for (size_t i = 0; i < 10; i++)
        at_tray_see_and(i == 2 ? "0" : "1");
    at_tray_begin("10", NULL);
    for (int i = 0; i < 4; i++)
        at_tray_sign_next(false);
    at_tray_asks_nothing();
    at_tray_all_taken();
    at_tray_sign_next(false);
    at_tray.line.state = LINE_OFFLINE;
    world_line(&at_tray);
    at_tray_sign_next(false); /* was at the signer */
    at_tray_asks_nothing();
    at_tray_draw();
    world_shows(&at_tray, "Mất mạng. Đã gửi 6 hồ sơ, chưa ký 4, còn trong khay.");
}

static void what_never_left_goes_back_into_the_tray(void **state)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;
    bool taken = false;

    (void)state;
    at_tray_grant_three(false);
    at_tray_begin("3", NULL);
    at_tray_sign_next(false);
    assert_true(outbox_list(at_tray.outbox, 1u << COMMAND_DUE, &arena, &rows, &n, NULL));
    assert_int_equal(n, 1);
    assert_true(outbox_no_answer(at_tray.outbox, rows[0].key, false, 0, NULL, &taken, NULL));
    assert_true(taken);
    arena_clear(&arena);
    outbox_take_changes(at_tray.outbox);
    app_changed(at_tray.app, CACHE_OUTBOX);
    at_tray_draw();
    world_shows(&at_tray, "× chưa gửi: việc này cần có mạng");
    assert_int_equal(tray_find(app_tray(at_tray.app), "d-19")->decision, TRAY_GRANT);
}

static void a_phone_is_asked_for_the_next_when_the_last_is_answered(void **state)
{
    (void)state;
    at_tray_open(2, false, true);
    world_shows(&at_tray, "Thiết bị ký: điện thoại, hỏi từng hồ sơ.");
    at_tray_press("Enter");
    at_tray_see_and("1");
    at_tray_see_and("1");
    at_tray_begin("2", NULL);
    struct ask first = at_tray_asks(ASK_REMOTE_SIGN);
    at_tray_asks_nothing();
    app_answer(at_tray.app, &(struct answer){.id = first.id,
                                             .kind = ASK_REMOTE_SIGN,
                                             .phone_code = "7391",
                                             .phone_until = at_tray.clock + 300});
    app_changed(at_tray.app, CACHE_OUTBOX);
    at_tray_draw();
    world_shows(&at_tray, "đang chờ điện thoại");
    world_shows(&at_tray, "mã 7391");
    at_tray_answer(&first, ERR_REFUSED, "Bị từ chối trên điện thoại. Chưa ký.", false);
    struct ask second = at_tray_asks(ASK_REMOTE_SIGN);
    at_tray_answer(&second, ERR_NONE, NULL, false);
    at_tray_asks_nothing();
    world_shows(&at_tray, "× bị từ chối trên điện thoại");
    assert_int_equal(at_tray_wishes(), 1);
    assert_int_equal(tray_to_sign(app_tray(at_tray.app)), 1);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, at_tray_setup, at_tray_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_pin_signs_them_all),
        TEST(a_device_that_wants_it_each_time_is_asked_each_time),
        TEST(a_wrong_pin_is_asked_again_and_an_empty_one_ends_it),
        TEST(a_device_that_is_pulled_leaves_the_rest_in_the_tray),
        TEST(it_goes_on_without_its_screen_and_stops_when_told),
        TEST(a_run_is_the_mock_up),
        TEST(one_that_fails_stops_no_other),
        TEST(no_more_is_signed_than_is_on_its_way),
        TEST(what_never_left_goes_back_into_the_tray),
        TEST(a_phone_is_asked_for_the_next_when_the_last_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

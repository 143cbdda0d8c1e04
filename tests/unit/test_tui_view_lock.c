/* The locked screen: nothing of a dossier, no key that does anything, no answer that gets through; the PIN, a sign-out or (without a PIN)
 * any key opens it, and what was typed is there again. And the sheet on which a PIN is set.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_machine.h"
#include "tests/unit/tui_world.h"

#include <string.h>

#define MINUTE (60 * 1000)

static struct world w;
static struct app_vault vault;

static int set_up(void **state)
{
    world_new(&w, "mockups", "mai", "09:50");
    vault = (struct app_vault){.pin = true, .lock_after_ms = -1};
    app_set_vault(w.app, &vault);
    return 0;
}

static int tear_down(void **state)
{
    world_free(&w);
    return 0;
}

#define sees(words)     world_shows(&w, words)
#define sees_not(words) world_hides(&w, words)

/* The loop's part: the ask has to be of this kind; it is answered so, or not at all (NULL: fine). */
static void answers(enum ask_kind kind, const char *why)
{
    struct ask ask = {0};
    struct answer a = {.final = true};

    assert_true(world_ask(&w, &ask));
    assert_int_equal(ask.kind, kind);
    a.id = ask.id;
    a.kind = kind;
    if (why)
        err_set(&a.err, ERR_AUTH, "%s", why);
    app_set_vault(w.app, &vault);
    app_answer(w.app, &a);
    if (!why && kind == ASK_UNLOCK)
        app_uncover(w.app);
    ask_clear(&ask);
}

static void asks_nothing(void)
{
    struct ask ask = {0};

    assert_false(world_ask(&w, &ask));
}

/* Queue 2, so that there are people on the screen. */
static void open_list(void)
{
    world_keys(&w, "2");
    sees("Nguyễn Thị Đào");
}

static void is_locked(void)
{
    sees("Đã khóa lúc");
    sees("motcua đang khóa");
    sees_not("Nguyễn Thị Đào");
    sees_not("Hàng việc");
    assert_true(app_is_covered(w.app));
}

/* ── locked ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void it_is_the_mock_up(void **state)
{
    world_plant(&w, "three");
    world_keys(&w, "F12");
    world_type(&w, "sai roi");
    world_keys(&w, "Enter");
    world_pass(&w, 3 * MINUTE);
    vault.wrong = 1;
    answers(ASK_UNLOCK, "Mã PIN chưa đúng. Nhập lại.");
    world_type(&w, "12345678");
    world_draw(&w, 24, 80);
    world_matches_golden(&w, "lock");
}

static void f12_and_ctrl_k_lock_and_the_pin_opens(void **state)
{
    open_list();
    for (int i = 0; i < 2; i++) {
        world_keys(&w, i ? "Ctrl-K" : "F12");
        assert_true(app_take_wipe(w.app));
        assert_false(app_take_wipe(w.app));
        is_locked();
        world_type(&w, "mã số mật");
        assert_int_equal(pin_letters(app_pin(w.app)), 9);
        world_keys(&w, "Enter");
        answers(ASK_UNLOCK, NULL);
        assert_int_equal(pin_letters(app_pin(w.app)), 0);
        sees("Nguyễn Thị Đào");
        sees_not("Đã khóa lúc");
    }
}

static void what_was_typed_is_there_again(void **state)
{
    open_list();
    world_keys(&w, "/");
    world_type(&w, "thi dao");
    sees("Tìm: thi dao");
    world_keys(&w, "F12");
    is_locked();
    sees_not("thi dao");
    world_type(&w, "123456");
    world_keys(&w, "Enter");
    answers(ASK_UNLOCK, NULL);
    world_type(&w, " x");
    sees("Tìm: thi dao x");
}

static void no_key_does_anything_behind_it(void **state)
{
    static const char *const keys[] = {"F1",    "Ctrl-P", "F2",        "F3",     "F5",     "F6",
                                       "F9",    "F12",    "Up",        "Down",   "PgDn",   "Home",
                                       "Right", "Tab",    "Backspace", "Ctrl-L", "1",      "q",
                                       "u",     "x",      "Space",     "Delete", "Ctrl-F", "Insert"};

    open_list();
    world_keys(&w, "F12");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        world_keys(&w, keys[i]);
        sees_not("Nguyễn Thị Đào");
        sees("Đã khóa lúc");
        asks_nothing();
        if (strcmp(keys[i], "F1") == 0)
            world_keys(&w, "Esc");
    }
    world_paste(&w, "\n\n");
    is_locked();
    asks_nothing();
}

static void an_empty_pin_is_not_tried(void **state)
{
    world_keys(&w, "F12 Enter Enter");
    asks_nothing();
    world_type(&w, "a");
    world_keys(&w, "Backspace Enter");
    asks_nothing();
    world_type(&w, "abc");
    world_keys(&w, "Ctrl-U Enter");
    asks_nothing();
}

/* A view that is covered has asked for something: what comes is not for the locked screen, and opens nothing over it. */
static void an_answer_opens_nothing_over_it(void **state)
{
    struct ask ask = {0};
    struct answer a = {.final = true};
    struct err why = {.code = ERR_REFUSED, .text = "Nguyễn Thị Đào"};

    open_list();
    world_keys(&w, "Enter 4");
    world_draw(&w, 0, 0);
    assert_true(world_ask(&w, &ask));
    world_keys(&w, "F12");
    a.id = ask.id;
    a.kind = ask.kind;
    err_set(&a.err, ERR_NOT_FOUND, "%s", "Nguyễn Thị Đào không còn");
    app_answer(w.app, &a); /* the loop does not even give it */
    app_net_event(w.app, "0", COMMAND_REFUSED, false, false, &why);
    app_net_event(w.app, "0", COMMAND_DUE, true, false, &why);
    world_pass(&w, 10 * MINUTE);
    is_locked();
    sees_not("không còn");
    ask_clear(&ask);
}

static void esc_offers_the_sign_out(void **state)
{
    world_plant(&w, "three");
    open_list();
    world_keys(&w, "F12 Esc");
    sees("Đăng xuất? 3 việc chưa gửi được giữ lại");
    sees_not("Nguyễn Thị Đào");
    world_keys(&w, "Enter"); /* no */
    is_locked();
    asks_nothing();
    world_keys(&w, "Esc 2");
    struct ask ask = {0};
    assert_true(world_ask(&w, &ask));
    assert_int_equal(ask.kind, ASK_SIGN_OUT);
    ask_clear(&ask);
}

static void after_half_an_hour_it_says_that_it_waits(void **state)
{
    world_keys(&w, "F12");
    sees("Máy vẫn gửi tiếp đến 10:20; sau đó chờ mở khóa.");
    world_pass(&w, 30 * MINUTE);
    sees("Máy đã ngừng gửi từ 10:20, đang chờ mở khóa.");
}

static void it_fits_every_size(void **state)
{
    static const int sizes[][2] = {{16, 60}, {24, 80}, {40, 132}};

    vault.wrong = 7;
    app_set_vault(w.app, &vault);
    world_keys(&w, "F12");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        world_draw(&w, sizes[i][0], sizes[i][1]);
        assert_true(world_sees(&w, "Trần Thị Mai"));
        assert_true(world_sees(&w, "Mã PIN   ["));
        assert_true(world_sees(&w, "Sai 7 lần."));
        assert_true(world_sees(&w, "Người khác dùng máy này"));
    }
    world_draw(&w, 12, 50);
    assert_true(world_sees(&w, "60 x 16"));
    assert_false(world_sees(&w, "q "));
}

/* ── by itself ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void idle_at_the_counter_it_locks_after_two_minutes(void **state)
{
    open_list();
    world_pass(&w, 2 * MINUTE - 1000);
    sees("Nguyễn Thị Đào");
    world_keys(&w, "Down"); /* somebody is there */
    world_pass(&w, 2 * MINUTE - 1000);
    sees("Nguyễn Thị Đào");
    world_pass(&w, 1000);
    is_locked();
}

static void idle_elsewhere_it_locks_after_five(void **state)
{
    world_free(&w);
    world_new(&w, "mockups", "quan", "09:50");
    app_set_vault(w.app, &vault);
    world_pass(&w, 5 * MINUTE - 1000);
    sees_not("Đã khóa");
    world_pass(&w, 1000);
    sees("Đã khóa lúc 09:55");
}

static void the_configuration_says_when(void **state)
{
    vault.lock_after_ms = 10 * MINUTE;
    app_set_vault(w.app, &vault);
    world_pass(&w, 10 * MINUTE - 1000);
    sees_not("Đã khóa");
    world_pass(&w, 1000);
    is_locked();
}

/* ── without a PIN ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void without_a_pin(bool offered)
{
    vault = (struct app_vault){.offered = offered, .lock_after_ms = -1};
    app_set_vault(w.app, &vault);
}

static void idle_without_a_pin_it_only_covers_and_says_so(void **state)
{
    without_a_pin(true);
    open_list();
    world_pass(&w, 2 * MINUTE);
    sees("motcua đang che màn hình");
    sees("Chưa có mã PIN nên bấm phím nào cũng mở lại. Bấm F12");
    sees_not("Nguyễn Thị Đào");
    world_keys(&w, "Down"); /* opens, and does nothing else */
    sees("Nguyễn Thị Đào");
    world_pass(&w, 2 * MINUTE);
    sees("motcua đang che màn hình");
    world_type(&w, "z");
    sees("Nguyễn Thị Đào");
}

static void the_first_f12_offers_to_set_one_and_later_it_covers(void **state)
{
    without_a_pin(true);
    open_list();
    world_keys(&w, "F12");
    sees("Đặt mã PIN");
    sees("Esc: để sau.");
    sees("không ai mở được việc chưa gửi");
    sees_not("Nguyễn Thị Đào");
    world_keys(&w, "Esc");
    sees("motcua đang che màn hình");
    world_keys(&w, "Enter");
    sees("Nguyễn Thị Đào");
    world_keys(&w, "F12"); /* not asked again by itself */
    sees("motcua đang che màn hình");
    world_keys(&w, "F12"); /* but when one wants to */
    sees("Đặt mã PIN");
}

static void set_at_f12_it_locks_at_once(void **state)
{
    without_a_pin(true);
    open_list();
    world_keys(&w, "F12");
    world_type(&w, "12345");
    world_keys(&w, "Enter");
    sees("Mã PIN có ít nhất 6 ký tự.");
    world_type(&w, "6");
    world_keys(&w, "Enter");
    sees("Nhập lại        [");
    world_type(&w, "1234567");
    world_keys(&w, "Enter");
    sees("Hai lần nhập không giống nhau.");
    asks_nothing();
    for (int i = 0; i < 2; i++) {
        world_type(&w, "123456");
        world_keys(&w, "Enter");
    }
    vault = (struct app_vault){.pin = true, .lock_after_ms = -1};
    answers(ASK_SET_PIN, NULL);
    is_locked();
}

static void where_it_could_not_be_set_it_says_why(void **state)
{
    without_a_pin(true);
    world_keys(&w, "F12");
    for (int i = 0; i < 2; i++) {
        world_type(&w, "123456");
        world_keys(&w, "Enter");
    }
    answers(ASK_SET_PIN, "motcua đang mở ở cửa sổ khác.");
    sees("motcua đang mở ở cửa sổ khác.");
    sees("Mã PIN mới");
    sees_not("Nhập lại        [");
}

static void where_it_has_to_be_only_a_sign_out_leads_away(void **state)
{
    without_a_pin(true);
    vault.required = vault.office = true;
    app_set_vault(w.app, &vault);
    app_offer_pin(w.app, false);
    sees("bắt buộc có mã PIN");
    sees("khóa khôi phục của");
    world_keys(&w, "F6 Ctrl-P F12");
    sees("Đặt mã PIN");
    world_keys(&w, "Esc");
    sees("Đăng xuất?");
    world_keys(&w, "1");
    sees("Đặt mã PIN");
    for (int i = 0; i < 2; i++) {
        world_type(&w, "123456");
        world_keys(&w, "Enter");
    }
    vault = (struct app_vault){.pin = true, .lock_after_ms = -1};
    answers(ASK_SET_PIN, NULL);
    sees("Hàng việc");
    sees("Đã đặt mã PIN.");
}

/* ── before anybody's files are open ───────────────────────────────────────────────────────────────────────────────── */

static void a_session_whose_files_wait_begins_locked(void **state)
{
    vault = (struct app_vault){.pin = true, .waiting = true, .officer = "mai", .lock_after_ms = -1};
    app_set_vault(w.app, &vault);
    app_attach(w.app, NULL, NULL, NULL);
    sees("motcua đang khóa");
    sees("mai");
    asks_nothing(); /* no sign-in behind it */
    world_keys(&w, "Esc");
    sees("Đăng xuất? Việc chưa gửi được giữ lại");
    world_keys(&w, "Esc");
    sees("motcua đang khóa");
}

static void from_the_sign_in_it_opens_what_is_saved(void **state)
{
    struct ask ask = {0};

    vault = (struct app_vault){.pin = true, .officer = "mai", .lock_after_ms = -1};
    app_set_vault(w.app, &vault);
    app_attach(w.app, NULL, NULL, NULL);
    assert_true(world_ask(&w, &ask));
    assert_int_equal(ask.kind, ASK_SIGN_IN);
    ask_clear(&ask);
    sees("Mất mạng? Bấm F12");
    world_keys(&w, "F12");
    sees("motcua đang khóa");
    world_keys(&w, "Esc"); /* nobody to sign out */
    sees("Mất mạng? Bấm F12");
    vault.officer = NULL;
    app_set_vault(w.app, &vault);
    world_keys(&w, "F12");
    sees("Khóa: chưa đăng nhập.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_the_mock_up),
        TEST(f12_and_ctrl_k_lock_and_the_pin_opens),
        TEST(what_was_typed_is_there_again),
        TEST(no_key_does_anything_behind_it),
        TEST(an_empty_pin_is_not_tried),
        TEST(an_answer_opens_nothing_over_it),
        TEST(esc_offers_the_sign_out),
        TEST(after_half_an_hour_it_says_that_it_waits),
        TEST(it_fits_every_size),
        TEST(idle_at_the_counter_it_locks_after_two_minutes),
        TEST(idle_elsewhere_it_locks_after_five),
        TEST(the_configuration_says_when),
        TEST(idle_without_a_pin_it_only_covers_and_says_so),
        TEST(the_first_f12_offers_to_set_one_and_later_it_covers),
        TEST(set_at_f12_it_locks_at_once),
        TEST(where_it_could_not_be_set_it_says_why),
        TEST(where_it_has_to_be_only_a_sign_out_leads_away),
        TEST(a_session_whose_files_wait_begins_locked),
        TEST(from_the_sign_in_it_opens_what_is_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

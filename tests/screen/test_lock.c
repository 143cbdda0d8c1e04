/* A PIN on the real program: set at F12, asked for after a lock, an idle while, a stop and a new start; what the commands say meanwhile;
 * and what goes on, and stops, behind the locked screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/state.h"
#include "tests/screen/room.h"

#include <keyutils.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PIN "mật mã 1"

/* ── what an officer does ──────────────────────────────────────────────────────────────────────────────────────────── */

static void type_pin(struct screen *s, const char *pin)
{
    screen_expect(s, "[                    ]"); /* the last one has been taken */
    screen_type(s, pin);
    screen_expect(s, "[ ········");
    screen_key(s, "Enter");
}

/* F12, and a PIN is there: the screen is locked with it. */
static void set_pin(struct screen *s)
{
    screen_key(s, "F12");
    screen_expect(s, "Đặt mã PIN");
    type_pin(s, PIN);
    screen_expect(s, "Nhập lại        [");
    type_pin(s, PIN);
    screen_expect(s, "motcua đang khóa");
}

static void shows_nobody(struct screen *s)
{
    static const char *const words[] = {"Nguyễn", "Đào", "221228", "Hàng việc", "Đăng ký", "khai sinh"};
    char *text = screen_text(s);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]))
            fail_at(HERE, "“%s” is on the locked screen:\n%s", words[i], text);
    free(text);
}

/* Time is over, or the machine was started again: the keyring has the key no more. */
static void keyring_forgets(struct room *r)
{
    char *server = state_server_name(r->server->base), *name = text_new("motcua:key:%s:mai", server);
    long key = keyctl_search(KEY_SPEC_SESSION_KEYRING, "user", name, 0);

    if (key < 0)
        key = keyctl_search(KEY_SPEC_USER_KEYRING, "user", name, 0);
    assert_true(key > 0);
    assert_int_equal(keyctl_revoke((key_serial_t)key), 0);
    keyctl_unlink((key_serial_t)key, KEY_SPEC_SESSION_KEYRING);
    keyctl_unlink((key_serial_t)key, KEY_SPEC_USER_KEYRING);
    free(name);
    free(server);
}

static void leave(struct screen **s)
{
    screen_signal(*s, SIGTERM);
    assert_int_equal(screen_exit_code(*s), 0);
    screen_free(s);
}

static void ends_with(struct room *r, int status, const char *const *argv, const char *words)
{
    struct run run;

    run_program(&run, argv, NULL, r->home, NULL);
    if (run.status != status || !strstr(run.status ? run.err : run.out, words))
        fail_at(HERE, "%s %s: %d, not %d with “%s”\n%s\n%s", argv[0], argv[1], run.status, status, words,
                run.out, run.err);
    run_clear(&run);
}

/* ── the lock ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_pin_is_set_and_asked_for(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    screen_keys(s, "1");
    screen_expect_row(s, 2, "1/12");
    screen_expect(s, "Nguyễn Thị Đào");
    set_pin(s);
    screen_expect_row(s, 1, "TẬP HUẤN  Đã khóa lúc 09:4");
    shows_nobody(s);
    type_pin(s, "mật mã 2");
    screen_expect_row(s, -2, "Mã PIN chưa đúng. Nhập lại.");
    screen_expect(s, "Sai 1 lần. Sau 5 lần sai phải chờ 30 giây.");
    shows_nobody(s);
    type_pin(s, PIN);
    screen_expect(s, "Nguyễn Thị Đào"); /* all that is for viewing was fetched again */
    screen_expect_row(s, 1, "trực tuyến");
    leave(&s);
}

static void what_was_typed_is_kept(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    set_pin(s);
    type_pin(s, PIN);
    screen_expect(s, " 1  Chờ tiếp nhận");
    screen_expect_row(s, 4, "12");
    screen_keys(s, "1");
    screen_expect_row(s, 2, "1/12");
    screen_keys(s, "Down Enter x 3");
    screen_expect_row(s, 2, "bản");
    screen_keys(s, "Tab");
    screen_type(s, "Giấy xác nhận đã quá 6 tháng");
    screen_expect(s, "quá 6 tháng");
    screen_key(s, "Ctrl-K");
    screen_expect(s, "motcua đang khóa");
    shows_nobody(s);
    assert_false(screen_has(s, "quá 6 tháng"));
    type_pin(s, PIN);
    screen_expect(s, "Giấy xác nhận đã quá 6 tháng");
    leave(&s);
}

static void five_wrong_pins_wait_also_over_a_restart(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    set_pin(s);
    for (int i = 1; i <= 5; i++) {
        char words[40];
        type_pin(s, "mật mã 2");
        snprintf(words, sizeof words, "Sai %d lần.", i);
        screen_expect(s, words);
    }
    type_pin(s, PIN); /* not yet */
    screen_expect_row(s, -2, "Mã PIN đã sai 5 lần. Chờ ");
    leave(&s);
    if (!room_lasts(r))
        skip();
    keyring_forgets(r);
    s = room_start(r, 0, 0);
    screen_advance(s, r->ahead); /* one machine, one clock */
    screen_expect(s, "Sai 5 lần.");
    type_pin(s, PIN);
    screen_expect_row(s, -2, "Mã PIN đã sai 5 lần. Chờ ");
    screen_advance(s, 31);
    type_pin(s, PIN);
    screen_expect(s, "Hàng việc");
    leave(&s);
}

/* ── by itself ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void idle_it_locks(void **state)
{
    struct room *r = *state;
    struct screen *s;

    room_configure(r, "lock_after = 3");
    s = room_screen(r, 0, 0);
    screen_keys(s, "1");
    screen_expect_row(s, 2, "1/12");
    screen_advance(s, 181);
    screen_expect(s, "motcua đang che màn hình"); /* there is no PIN yet */
    shows_nobody(s);
    screen_key(s, "F12");
    screen_expect(s, "Đặt mã PIN");
    screen_key(s, "Esc");
    screen_expect(s, "motcua đang che màn hình");
    screen_key(s, "Down");
    screen_expect(s, "Nguyễn Thị Đào");
    screen_keys(s, "F12 F12");
    screen_expect(s, "Đặt mã PIN");
    type_pin(s, PIN);
    screen_expect(s, "Nhập lại        [");
    type_pin(s, PIN);
    screen_expect(s, "motcua đang khóa");
    type_pin(s, PIN);
    screen_expect(s, "Nguyễn Thị Đào");
    screen_advance(s, 181);
    screen_expect(s, "motcua đang khóa");
    shows_nobody(s);
    leave(&s);
}

static void stopped_it_comes_back_locked(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);
    char *program = build_path("motcua-t"), *line = text_new("%s\r", program);

    set_pin(s);
    type_pin(s, PIN);
    screen_expect(s, "Hàng việc");
    leave(&s);
    if (!room_lasts(r))
        skip();
    s = screen_start(&(struct screen_opts){
        .argv = ARGV("/bin/bash", "--norc", "--noediting", "-i"), .env = ARGV("PS1=shell> "), .home = r->home});
    screen_expect(s, "shell>");
    screen_send(s, line, strlen(line));
    screen_expect(s, "Hàng việc");
    screen_key(s, "Ctrl-Z");
    screen_expect(s, "Stopped");
    shows_nobody(s);
    screen_send(s, "fg\r", 3);
    screen_expect(s, "motcua đang khóa");
    shows_nobody(s);
    type_pin(s, PIN);
    screen_expect(s, "Hàng việc");
    screen_key(s, "q");
    screen_expect(s, "shell>");
    screen_free(&s);
    free(program);
    free(line);
}

/* For half an hour it goes on sending; then it forgets the key and sends nothing, until the PIN is there. */
static void it_sends_for_half_an_hour(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    set_pin(s);
    type_pin(s, PIN);
    screen_expect_row(s, 4, "12");
    screen_keys(s, "1");
    screen_expect_row(s, 2, "1/12");
    screen_keys(s, "Down Enter x 1");
    screen_expect_row(s, -2, "Đã lưu trên máy này");
    screen_key(s, "F12");
    screen_expect(s, "và 1 việc chưa gửi vẫn còn");
    screen_advance(s, 11);
    screen_expect(s, "và 0 việc chưa gửi vẫn còn"); /* sent, while locked */
    shows_nobody(s);
    screen_advance(s, 1800);
    screen_expect(s, "Máy đã ngừng gửi từ");
    room_act(r, "mai", "d-41", "receive", "");
    screen_advance(s, 600);
    type_pin(s, PIN);
    screen_expect_row_gone(s, 1, "Đã khóa");
    screen_keys(s, "q");
    screen_expect_row(s, 2, "/10"); /* what came meanwhile is fetched */
    leave(&s);
}

static void another_officer_signs_the_first_one_out(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    set_pin(s);
    screen_advance(s, 1801);
    screen_expect(s, "Máy đã ngừng gửi từ");
    screen_key(s, "Esc");
    screen_expect(s, "1  Không");
    shows_nobody(s);
    screen_key(s, "2");
    screen_expect(s, "Chưa đăng nhập");
    screen_expect_row(s, -2, "Mất mạng? Bấm F12");
    screen_key(s, "F12"); /* what the first one left is still his, under his PIN */
    screen_expect(s, "motcua đang khóa");
    type_pin(s, PIN);
    screen_expect(s, "Hàng việc");
    leave(&s);
}

/* ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void commands_say_unlock_and_only_that_asks(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0);

    set_pin(s);
    type_pin(s, PIN);
    screen_expect_row(s, 4, "12");
    leave(&s);
    if (!room_lasts(r))
        skip();
    ends_with(r, 0, ARGV("motcua-t", "queues"), "Chờ tiếp nhận"); /* the half hour of the screen */
    keyring_forgets(r);
    ends_with(r, 4, ARGV("motcua-t", "queues"), "motcua unlock");
    ends_with(r, 4, ARGV("motcua-t", "list", "--json"), "motcua unlock");
    ends_with(r, 4, ARGV("motcua-t", "act", "d-41", "receive"), "motcua unlock");
    ends_with(r, 4, ARGV("motcua-t", "sync", "--once"), "motcua unlock");
    ends_with(r, 2, ARGV("motcua-t", "unlock"), "cửa sổ dòng lệnh");

    s = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "unlock"), .home = r->home});
    screen_expect(s, "Mã PIN:");
    screen_type(s, "sai mất rồi");
    screen_key(s, "Enter");
    screen_expect(s, "Mã PIN chưa đúng.");
    assert_false(screen_has(s, "sai mất"));
    assert_int_equal(screen_exit_code(s), 4);
    screen_free(&s);
    s = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "unlock"), .home = r->home});
    screen_expect(s, "Mã PIN:");
    screen_type(s, PIN);
    screen_key(s, "Enter");
    screen_expect(s, "Đã mở khóa");
    assert_int_equal(screen_exit_code(s), 0);
    screen_free(&s);
    ends_with(r, 0, ARGV("motcua-t", "queues"), "Chờ tiếp nhận");

    keyring_forgets(r);
    s = room_start(r, 0, 0); /* and a new start asks on the screen */
    screen_expect(s, "motcua đang khóa");
    shows_nobody(s);
    type_pin(s, PIN);
    screen_expect(s, "Hàng việc");
    leave(&s);
}

static void the_office_opens_where_the_pin_is_lost(void **state)
{
    struct room *r = *state;
    char *secret = text_new("%s/phuc-hoi", r->home), *line = text_new("recovery = %s.pub", secret);
    struct stat st;

    ends_with(r, 0, ARGV("motcua-t", "recovery-key", secret), "phuc-hoi.pub");
    assert_int_equal(stat(secret, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0400);
    ends_with(r, 1, ARGV("motcua-t", "recovery-key", secret), "phuc-hoi"); /* never over another one */
    room_configure(r, line);
    struct screen *s = room_screen(r, 0, 0);
    set_pin(s);
    leave(&s);
    if (!room_lasts(r))
        skip();
    keyring_forgets(r);
    s = screen_start(
        &(struct screen_opts){.argv = ARGV("motcua-t", "unlock", "--recovery", secret), .home = r->home});
    for (int i = 0; i < 2; i++) {
        screen_expect(s, i ? "Nhập lại:" : "Mã PIN mới:");
        screen_type(s, "mã khác 2");
        screen_key(s, "Enter");
    }
    screen_expect(s, "Đã mở khóa");
    assert_int_equal(screen_exit_code(s), 0);
    screen_free(&s);
    keyring_forgets(r);
    s = room_start(r, 0, 0);
    screen_expect(s, "motcua đang khóa");
    type_pin(s, "mã khác 2");
    screen_expect(s, "Hàng việc");
    leave(&s);
    free(secret);
    free(line);
}

/* ── who may not ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_second_window_keeps_the_key_from_being_changed(void **state)
{
    struct room *r = *state;
    struct screen *s = room_screen(r, 0, 0), *other;

    if (!room_lasts(r))
        skip();
    other = room_screen(r, 0, 0);
    screen_key(s, "F12");
    screen_expect(s, "Đặt mã PIN");
    type_pin(s, PIN);
    screen_expect(s, "Nhập lại        [");
    type_pin(s, PIN);
    room_says(s, "motcua đang mở ở cửa sổ khác. Đóng cửa sổ đó trước rồi mới đặt mã PIN.");
    leave(&other);
    type_pin(s, PIN);
    screen_expect(s, "Nhập lại        [");
    type_pin(s, PIN);
    screen_expect(s, "motcua đang khóa");
    type_pin(s, PIN);
    screen_expect(s, "Hàng việc");
    leave(&s);
}

static void where_the_office_wants_one_it_has_to_be(void **state)
{
    struct room *r = *state;
    struct screen *s;

    room_configure(r, "pin = required");
    s = room_start(r, 0, 0);
    room_sign_in(r, s);
    screen_expect(s, "Cơ quan này bắt buộc có mã PIN");
    screen_keys(s, "F6 Esc");
    screen_expect(s, "1  Không");
    screen_key(s, "1");
    screen_expect_gone(s, "1  Không");
    type_pin(s, PIN);
    screen_expect(s, "Nhập lại        [");
    type_pin(s, PIN);
    screen_expect(s, "Hàng việc");
    leave(&s);
}

/* One process holds everything: no keyring, and the lock works all the same. */
static void the_demo_locks_too(void **state)
{
    struct room *r = *state;
    struct screen *s = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "demo"), .home = r->home});

    screen_expect(s, "Hàng việc");
    screen_expect_row(s, 1, "trực tuyến");
    set_pin(s);
    screen_advance(s, 1801);
    screen_expect(s, "Máy đã ngừng gửi từ");
    type_pin(s, PIN);
    screen_expect(s, "Hàng việc");
    leave(&s);
}

#define IN_A_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_ROOM(a_pin_is_set_and_asked_for),
        IN_A_ROOM(what_was_typed_is_kept),
        IN_A_ROOM(five_wrong_pins_wait_also_over_a_restart),
        IN_A_ROOM(idle_it_locks),
        IN_A_ROOM(stopped_it_comes_back_locked),
        IN_A_ROOM(it_sends_for_half_an_hour),
        IN_A_ROOM(another_officer_signs_the_first_one_out),
        IN_A_ROOM(commands_say_unlock_and_only_that_asks),
        IN_A_ROOM(the_office_opens_where_the_pin_is_lost),
        IN_A_ROOM(a_second_window_keeps_the_key_from_being_changed),
        IN_A_ROOM(where_the_office_wants_one_it_has_to_be),
        IN_A_ROOM(the_demo_locks_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

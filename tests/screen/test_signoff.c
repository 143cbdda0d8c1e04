/* The whole sign-off in every terminal that officers have, over a line that holds pictures back, of a dossier that changes, and of refusals.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/signoff.h"
#include "tests/token.h"

#include <stdlib.h>
#include <string.h>

/* ── terminals ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* tmux, screen, PuTTY, Windows Terminal (it says xterm-256color), an old xterm, the console, a VT220. */
static void it_is_the_same_in_every_terminal(void **state)
{
    static const char *const terms[] = {"tmux-256color", "screen", "putty-256color", "xterm-256color",
                                        "xterm",         "linux",  "vt220"};
    struct office *o = *state;

    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        char *id = text_new("s-1%zu", i), *tail = text_new("1229-001%zu", i);
        o->term = terms[i];
        struct screen *s = signoff_see(o, tail, "1");
        signoff_type_code(s, tail + strlen("1229-"));
        char *picture = screen_text(s), *expected = text_new("để ký ĐỒNG Ý:   001%zu_", i);
        if (!strstr(picture, expected) || !strstr(picture, "── Ký bằng: phần mềm tập huấn, Nguyễn Quốc Thắng"))
            fail_at(HERE, "in %s:\n%s", terms[i], picture);
        screen_keys(s, "Enter");
        screen_expect_row(s, -2, "hệ thống đã ghi nhận");
        office_expect(o, id, "decision.by", "thang");
        office_leave(&s);
        free(picture);
        free(expected);
        free(id);
        free(tail);
    }
}

/* 9,600 bits a second at its worst: nothing comes through. Whoever types on by heart has signed nothing when the pictures come, since he
 * cannot have seen what he signs; then it goes on as always. */
static void what_is_typed_ahead_of_the_picture_signs_nothing(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "thang");

    office_queue(s, "Chờ ký", "1229-0010");
    for (int i = 0; i < 300; i++) /* more than a terminal takes that nobody reads */
        screen_keys(s, i % 2 ? "Up" : "Down");
    screen_keys(s, "Home Enter x 1 Enter 0 0 1 0 Enter");
    screen_expect(s, "Ký bằng: phần mềm tập huấn");
    screen_expect(s, "Đã xem hết");
    assert_false(screen_has(s, "Gõ 4 ký tự cuối"));
    screen_expect_row(s, 1, "chưa gửi 0");
    office_expect(o, "s-10", "step", "approval");
    signoff_type_code(s, "0010");
    screen_keys(s, "Enter");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_expect(o, "s-10", "decision.by", "thang");
    office_leave(&s);
}

/* Somebody of the district writes on it while the PIN is typed. */
static void a_dossier_that_changes_is_seen_again(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    o->config = SIGNOFF_DEVICE;
    struct screen *s = signoff_see(o, "1229-0010", "1");
    signoff_ask_pin(s, "0010");
    signoff_type(s, "48");
    office_touch(o, "s-10");
    screen_expect(s, "Hồ sơ đã đổi sau khi xem. Chưa ký.");
    assert_false(screen_has(s, "Mã PIN của thiết bị ký"));
    signoff_ask_pin(s, "0010");
    signoff_type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_expect(o, "s-10", "decision.by", "thang");
    office_leave(&s);
}

/* ── refused ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_reason(struct screen *s)
{
    screen_expect_row(s, -2, "Lý do: _");
    screen_type(s, "Thiếu giấy chứng sinh.");
    screen_expect_row(s, -2, "chứng sinh._");
    screen_keys(s, "Enter");
    screen_expect(s, "│ Ý kiến       Thiếu giấy chứng sinh.");
}

static void a_device_signs_a_refusal(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    o->config = SIGNOFF_DEVICE;
    struct screen *s = signoff_see(o, "1229-0010", "0");
    write_reason(s);
    signoff_ask_pin(s, "0010");
    signoff_type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_expect(o, "s-10", "decision.outcome", "refuse");
    office_leave(&s);
}

static void a_phone_signs_a_refusal(void **state)
{
    struct office *o = *state;

    o->config = SIGNOFF_PHONE;
    struct screen *s = signoff_see(o, "1229-0010", "0");
    write_reason(s);
    signoff_type_code(s, "0010");
    screen_keys(s, "Enter");
    char *code = signoff_phone_code(s);
    office_answer_phone(o, "thang", code, "dong_y");
    screen_advance(s, 3);
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_expect(o, "s-10", "decision.outcome", "refuse");
    office_leave(&s);
    free(code);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, signoff_open, signoff_close)
    const struct CMUnitTest tests[] = {
        TEST(it_is_the_same_in_every_terminal),
        TEST(what_is_typed_ahead_of_the_picture_signs_nothing),
        TEST(a_dossier_that_changes_is_seen_again),
        TEST(a_device_signs_a_refusal),
        TEST(a_phone_signs_a_refusal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A sign-off that breaks off: the line is cut at each step, the device is pulled out, its helper is killed. Whatever happens before the last
 * answer signs nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/signoff.h"
#include "tests/token.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* ── the line is cut ─────────────────────────────────────────────────────────────────────────────────────────────────── */

enum step { IN_MENU, AT_STATEMENT, IN_CODE, BEFORE_PIN, IN_PIN, STEPS };

static void go_to(struct screen *s, enum step step)
{
    if (step == IN_MENU) {
        screen_keys(s, "Esc x");
        screen_expect(s, "Xử lý: bấm số");
    } else if (step == IN_CODE) {
        signoff_type_code(s, "0010");
    } else if (step > IN_CODE) {
        signoff_ask_pin(s, "0010");
    }
    if (step == IN_PIN) {
        signoff_type(s, TOKEN_PIN); /* whole, but for Enter */
        screen_expect(s, "········");
    }
}

static void a_hang_up_signs_nothing_at_any_step(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    o->config = SIGNOFF_DEVICE;
    for (enum step step = IN_MENU; step < STEPS; step++) {
        struct screen *s = signoff_see(o, "1229-0010", "1");
        go_to(s, step);
        screen_hangup(s);
        screen_exit_code(s);
        screen_free(&s);
        office_expect(o, "s-10", "step", "approval");
        harness_keyring(); /* he is still signed in; the next sits down anew */
    }
}

/* The device has the PIN and does not answer any more. */
static void a_hang_up_while_the_device_is_at_work_signs_nothing(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    pid_t home = token_forward(o->dir);
    o->config = SIGNOFF_AT_HOME;
    struct screen *s = signoff_see(o, "1229-0010", "1");
    signoff_ask_pin(s, "0010");
    kill(home, SIGSTOP);
    signoff_type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    screen_expect(s, "Đang ký…");
    screen_hangup(s);
    screen_exit_code(s);
    screen_free(&s);
    kill(home, SIGCONT);
    kill(home, SIGTERM);
    child_wait(home, harness_deadline());
    unsetenv("P11_KIT_SERVER_ADDRESS");
    office_expect(o, "s-10", "step", "approval");
}

/* He says yes on the phone, but the screen that asked is gone: nobody sends the decision. */
static void a_hang_up_while_the_phone_is_asked_decides_nothing(void **state)
{
    struct office *o = *state;
    struct reply page;

    o->config = SIGNOFF_PHONE;
    struct screen *s = signoff_see(o, "1229-0010", "1");
    signoff_type_code(s, "0010");
    screen_keys(s, "Enter");
    char *code = signoff_phone_code(s);
    screen_hangup(s);
    screen_exit_code(s);
    screen_free(&s);
    office_phone(o, "thang", &page);
    bool waits = strstr(page.body, "yeu_cau") != NULL;
    reply_clear(&page);
    if (waits)
        office_answer_phone(o, "thang", code, "dong_y");
    office_expect(o, "s-10", "step", "approval");
    free(code);
}

/* ── what fails ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_device_that_is_pulled_out_signs_nothing(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    pid_t home = token_forward(o->dir);
    o->config = SIGNOFF_AT_HOME;
    struct screen *s = signoff_see(o, "1229-0010", "1");
    signoff_ask_pin(s, "0010");
    kill(home, SIGTERM);
    child_wait(home, harness_deadline());
    signoff_type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    screen_expect(s, "Chưa cắm thiết bị ký.");
    assert_false(screen_has(s, "Mã PIN của thiết bị ký"));
    screen_expect_row(s, 1, "chưa gửi 0");
    office_expect(o, "s-10", "step", "approval");
    screen_free(&s);
    unsetenv("P11_KIT_SERVER_ADDRESS");
}

/* The first child of a program, by the kernel's list. */
static pid_t child_of(pid_t pid)
{
    char *path = text_new("/proc/%d/task/%d/children", (int)pid, (int)pid), *list = file_text(path);
    pid_t child = list ? (pid_t)atoi(list) : 0;

    free(path);
    free(list);
    return child;
}

static void a_helper_that_is_killed_signs_nothing_and_the_next_does(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    pid_t home = token_forward(o->dir);
    o->config = SIGNOFF_AT_HOME;
    struct screen *s = signoff_see(o, "1229-0010", "1");
    signoff_ask_pin(s, "0010");
    kill(home, SIGSTOP);
    signoff_type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    screen_expect(s, "Đang ký…");
    pid_t helper = child_of(screen_pid(s));
    assert_true(helper > 0);
    kill(helper, SIGKILL);
    screen_expect(s, "Chương trình ký dừng giữa chừng. Chưa ký.");
    office_expect(o, "s-10", "step", "approval");
    kill(home, SIGCONT);
    signoff_ask_pin(s, "0010");
    signoff_type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_expect(o, "s-10", "decision.by", "thang");
    office_leave(&s);
    kill(home, SIGTERM);
    child_wait(home, harness_deadline());
    unsetenv("P11_KIT_SERVER_ADDRESS");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, signoff_open, signoff_close)
    const struct CMUnitTest tests[] = {
        TEST(a_hang_up_signs_nothing_at_any_step),
        TEST(a_hang_up_while_the_device_is_at_work_signs_nothing),
        TEST(a_hang_up_while_the_phone_is_asked_decides_nothing),
        TEST(a_device_that_is_pulled_out_signs_nothing),
        TEST(a_helper_that_is_killed_signs_nothing_and_the_next_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

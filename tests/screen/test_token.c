/* A supervisor signs with a token of his own: SoftHSM's device holds the key, the helper finds it, the server verifies what comes. A wrong
 * PIN, an empty one and a paste sign nothing; neither does a device that is not there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"
#include "tests/token.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char dossiers[] =
    "[{'id': 't-1', 'code': '000.25.33.H06-221229-0001', 'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'online', "
    "'submitted_at': '2022-12-29T07:10:00+07:00', 'received_at': '2022-12-29T07:20:00+07:00', 'due_at': '2022-12-30T17:00:00+07:00', "
    "'status': 'in_progress', 'step': 'approval', 'step_since': '2022-12-29T07:40:00+07:00', "
    "'proposal': {'outcome': 'grant', 'by': 'nam', 'at': '2022-12-29T07:40:00+07:00'}, "
    "'applicant': {'kind': 'person', 'name': 'Nguyễn Thị Đào', 'id_number': '000195004821'}, "
    "'files': [{'id': 'a-1', 'name': 'Giay khai sinh.pdf', 'role': 'result', 'pages': 1}]}]";

static int set_up(void **state)
{
    struct office *o = office_new(dossiers);

    o->config = "signer = token\npkcs11_module = " TOKEN_MODULE "\n";
    token_home(o->dir);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    office_free((struct office **)state);
    return 0;
}

static void type(struct screen *s, const char *text)
{
    for (size_t step; *text; text += step) {
        char letter[5] = "";
        for (step = 1; ((unsigned char)text[step] & 0xC0) == 0x80; step++)
            ;
        memcpy(letter, text, step);
        screen_key(s, letter);
    }
}

static struct screen *see(struct office *o, const char *signer)
{
    struct screen *s = office_sit(o, "thang");

    office_queue(s, "Chờ ký", "1229-0001");
    screen_keys(s, "Enter");
    screen_expect(s, "Lịch sử");
    screen_keys(s, "x");
    screen_expect(s, "Xử lý: bấm số");
    screen_keys(s, "1");
    screen_expect(s, "onestop/decision/1");
    screen_expect(s, signer);
    if (screen_has(s, "Phải xem hết các dòng")) {
        screen_keys(s, "PgDn");
        screen_expect(s, "Đã xem hết");
    }
    return s;
}

/* The last characters of the code, then the question for the PIN. */
static void confirm(struct screen *s)
{
    screen_keys(s, "Enter");
    screen_expect(s, "Sau khi gõ, máy hỏi mã PIN của thiết bị ký.");
    type(s, "0001");
    screen_expect(s, "0001");
    screen_keys(s, "Enter");
    screen_expect(s, "Mã PIN của thiết bị ký");
}

static void his_own_device_signs_with_its_pin_alone(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    struct screen *s = see(o, "Ký bằng: thiết bị Thang, Nguyễn Quốc Thắng");
    screen_expect(s, "Chứng thư số ");
    confirm(s);
    screen_keys(s, "Enter"); /* empty */
    screen_expect(s, "Chưa ký.");
    confirm(s);
    screen_paste(s, TOKEN_PIN);
    screen_expect(s, "Mã PIN phải gõ bằng tay. Chưa ký.");
    type(s, "000000");
    screen_expect(s, "······");
    screen_keys(s, "Enter");
    screen_expect(s, "Mã PIN sai. Chưa ký. Nhập lại.");
    office_expect(o, "t-1", "step", "approval");
    type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    office_expect(o, "t-1", "decision.outcome", "grant");
    office_expect(o, "t-1", "decision.by", "thang");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_leave(&s);
}

static void without_his_device_nothing_is_offered(void **state)
{
    struct office *o = *state;

    struct screen *s = see(o, "Ký bằng: chưa có thiết bị ký");
    screen_expect(s, "Chưa cắm thiết bị ký.");
    screen_keys(s, "Enter");
    screen_expect(s, "Chưa có thiết bị ký");
    assert_false(screen_has(s, "Gõ 4 ký tự cuối"));
    screen_free(&s);
    office_expect(o, "t-1", "step", "approval");
}

static void somebody_elses_device_is_not_taken(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "dinh", "Thang");
    struct screen *s = see(o, "Ký bằng: chưa có thiết bị ký");
    screen_expect(s, "Thấy 1 thiết bị ký nhưng không thiết bị nào giữ chứng thư");
    screen_free(&s);
    office_expect(o, "t-1", "step", "approval");
}

/* Two of one label with his certificate, one with another's, and training's software, which would sign if he chose nothing. */
static void one_of_several_is_chosen(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    token_of(o->server->keys, "thang", "Du phong");
    token_of(o->server->keys, "dinh", "Dinh");
    o->config = "pkcs11_module = " TOKEN_MODULE "\n";
    struct screen *s = see(o, "Ký bằng: phần mềm tập huấn, Nguyễn Quốc Thắng");
    screen_keys(s, ":");
    screen_expect(s, "Gõ để thu hẹp");
    type(s, "thiet");
    screen_expect(s, "xem chứng thư");
    screen_keys(s, "Enter");
    screen_expect(s, "thiết bị Thang, Nguyễn Quốc Thắng");
    screen_expect(s, "thiết bị Dinh, Trương Công Định");
    screen_expect(s, "chứng thư khác cho ông/bà.");
    screen_expect(s, "> 4  phần mềm tập huấn");
    char row[] = "1  thiết bị Du phong"; /* in which order the driver has them is its own affair */
    while (!screen_has(s, row) && row[0] < '3')
        row[0]++;
    row[1] = '\0';
    screen_keys(s, row);
    screen_expect(s, "Ký bằng: thiết bị Du phong, Nguyễn Quốc Thắng");
    confirm(s);
    type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    office_expect(o, "t-1", "decision.by", "thang");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_leave(&s);
}

/* At home: the device is there, its socket is forwarded. A line that has frozen is told, and the screen lives on. */
static void a_device_at_home_signs_over_its_forwarded_socket(void **state)
{
    struct office *o = *state;

    token_of(o->server->keys, "thang", "Thang");
    pid_t home = token_forward(o->dir);
    o->config = "signer = token\npkcs11_module = " TOKEN_CLIENT "\n";
    struct screen *s = see(o, "Ký bằng: thiết bị Thang qua SSH, Nguyễn Quốc Thắng");
    kill(home, SIGSTOP);
    confirm(s);
    type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    screen_expect(s, "Đang ký…");
    screen_keys(s, "F1"); /* it is not frozen with it */
    screen_expect(s, "Giúp · ");
    screen_keys(s, "Esc");
    screen_advance(s, 31);
    screen_expect(s, "Thiết bị ký không trả lời");
    office_expect(o, "t-1", "step", "approval");
    kill(home, SIGCONT);
    confirm(s);
    type(s, TOKEN_PIN);
    screen_keys(s, "Enter");
    office_expect(o, "t-1", "decision.by", "thang");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_leave(&s);
    kill(home, SIGTERM);
    child_wait(home, harness_deadline());
    unsetenv("P11_KIT_SERVER_ADDRESS");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(his_own_device_signs_with_its_pin_alone),
        TEST(without_his_device_nothing_is_offered),
        TEST(somebody_elses_device_is_not_taken),
        TEST(one_of_several_is_chosen),
        TEST(a_device_at_home_signs_over_its_forwarded_socket),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

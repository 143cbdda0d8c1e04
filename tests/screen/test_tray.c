/* The tray, on the real program with the real server: different decisions in one run, one that fails and one that changed; one PIN; a phone
 * one by one; what is left comes back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"
#include "tests/token.h"

#include <stdlib.h>
#include <string.h>

#define DOSSIER(n, name, by)                                                                                   \
    "{'id': 't-" n "', 'code': '000.25.33.H06-221229-00" n "', 'procedure': '1.001193', 'unit': 'H06.33.26', " \
    "'channel': 'online', 'submitted_at': '2022-12-29T07:" n                                                   \
    ":00+07:00', 'received_at': '2022-12-29T07:20:00+07:00', "                                                 \
    "'due_at': '2022-12-30T17:" n ":00+07:00', 'status': 'in_progress', 'step': 'approval', "                  \
    "'step_since': '2022-12-29T07:40:00+07:00', "                                                              \
    "'proposal': {'outcome': 'grant', 'by': '" by "', 'at': '2022-12-29T07:40:00+07:00'}, "                    \
    "'assignee': 'nam', 'applicant': {'kind': 'person', 'name': '" name "', 'id_number': '0001950048" n "'}}"

/* clang-format off */
static const char dossiers[] =
    "[" DOSSIER("10", "Nguyễn Thị Đào", "nam")
    "," DOSSIER("11", "Lê Văn Hai", "nam")
    "," DOSSIER("12", "Trần Thị Ba", "nam")
    "," DOSSIER("13", "Phan Tấn Tư", "dinh")
    "," DOSSIER("14", "Bùi Thị Năm", "nam")
    "," DOSSIER("15", "Hồ Văn Sáu", "nam")
    "," DOSSIER("16", "Đỗ Văn Bảy", "nam")
    "," DOSSIER("17", "Võ Thị Tám", "nam")
    "," DOSSIER("18", "Lý Văn Chín", "nam")
    "," DOSSIER("19", "Tạ Thị Mười", "nam")
    "]";
/* clang-format on */

static int set_up(void **state)
{
    struct office *o = office_new(dossiers);

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

/* ── the tray ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The first `n` of the list, by due, are marked and put into the tray. */
static struct screen *sit(struct office *o, const char *officer, int n)
{
    struct screen *s = office_sit(o, officer);
    char *title = text_new("Khay ký · %d hồ sơ", n);

    office_queue(s, "Chờ ký", "1229-0010");
    screen_key(s, "Home");
    for (int i = 0; i < n; i++)
        screen_key(s, "Space");
    screen_key(s, "k");
    screen_expect(s, title);
    free(title);
    return s;
}

/* The statement of this dossier stands there, all of it seen. */
static void see(struct screen *s, const char *code)
{
    char *line = text_new("mã 000.25.33.H06-221229-%s", code);

    screen_expect(s, line);
    if (screen_has(s, "Phải xem hết mọi dòng"))
        screen_key(s, "PgDn");
    screen_expect(s, "1 Đồng ý   2 Trả lại…");
    free(line);
}

static void decide(struct screen *s, const char *code, const char *keys)
{
    see(s, code);
    screen_keys(s, keys);
}

static void confirm(struct screen *s, const char *number)
{
    screen_key(s, "F9");
    screen_expect(s, "Gõ số hồ sơ sẽ ký");
    type(s, number);
    screen_expect_row(s, -5, number);
    screen_key(s, "Enter");
}

/* 10 granted, 11 refused, 12 sent back, 13 is dinh's own proposal, 14 passed over, 15 granted, but it changes before it is signed. */
static void each_is_decided_by_itself(void **state)
{
    struct office *o = *state;
    struct screen *s = sit(o, "dinh", 6);

    screen_expect(s, "Thiết bị ký: phần mềm tập huấn, không hỏi PIN.");
    screen_key(s, "Enter");
    decide(s, "0010", "1");
    decide(s, "0011", "0");
    screen_expect_row(s, -2, "Lý do");
    screen_type(s, "Không đủ điều kiện");
    screen_key(s, "Enter");
    screen_expect(s, "TỪ CHỐI GIẢI QUYẾT");
    decide(s, "0011", "0");
    decide(s, "0012", "2 F3");
    screen_expect(s, "── Lý do ");
    screen_key(s, "1");
    screen_expect_row(s, -2, "Đề nghị ");
    screen_key(s, "Enter");
    decide(s, "0013", "1");
    screen_expect_row(s, -2, "hệ thống sẽ không nhận");
    decide(s, "0014", ".");
    decide(s, "0015", "1");
    screen_expect_row(s, 2, "đã xem 6 · sẽ ký 4");
    office_touch(o, "t-15");
    screen_expect(s, "ĐÃ ĐỔI");
    screen_expect_row(s, 2, "đã xem 5 · sẽ ký 3");
    screen_expect(s, "Số 6 đã đổi sau khi xem");
    screen_key(s, "Enter");
    decide(s, "0015", "1");
    screen_expect_row(s, 2, "đã xem 6 · sẽ ký 4");

    confirm(s, "4");
    screen_expect_row(s, 2, "xong 5/5");
    screen_expect(s, "Số 4: ");
    office_expect(o, "t-10", "decision.outcome", "grant");
    office_expect(o, "t-11", "decision.outcome", "refuse");
    office_expect(o, "t-12", "step", "assessment");
    office_expect(o, "t-13", "step", "approval");
    office_expect(o, "t-14", "step", "approval");
    office_expect(o, "t-15", "decision.by", "dinh");
    screen_key(s, "k");
    screen_expect(s, "Khay ký · 2 hồ sơ"); /* 13 and 14 */
    screen_keys(s, "x 4");
    screen_expect(s, "Khay trống.");
    office_leave(&s);
}

static void ten_cost_no_more_keys_than_they_may(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "thang");
    struct task task = {s, "sign ten", 0, 35};

    office_queue(s, "Chờ ký", "1229-0010");
    screen_key(s, "Home");
    for (int i = 1; i <= 10; i++) { /* one by one: at once they would be taken for a paste */
        char *marked = text_new("chọn %d", i);
        task_press(&task, "Space", marked);
        free(marked);
    }
    task_press(&task, "k", "Khay ký · 10 hồ sơ");
    task_press(&task, "Enter", "1 Đồng ý   2 Trả lại…");
    for (int i = 0; i < 10; i++) {
        char *line = text_new("mã 000.25.33.H06-221229-00%d", 10 + i);
        screen_expect(s, line);
        screen_expect(s, "1 Đồng ý   2 Trả lại…");
        task_press(&task, "1", NULL);
        free(line);
    }
    screen_expect_row(s, 2, "sẽ ký 10");
    task_press(&task, "F9", "Gõ số hồ sơ sẽ ký (10)");
    type(s, "10");
    screen_expect_row(s, -5, "10_");
    task_press(&task, "Enter", "xong 10/10");
    task_done(&task);
    for (int i = 10; i < 20; i++) {
        char *id = text_new("t-%d", i);
        office_expect(o, id, "decision.by", "thang");
        free(id);
    }
    screen_key(s, "q");
    office_leave(&s);
}

/* ── the token ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct screen *decide_two(struct office *o)
{
    o->config = "signer = token\npkcs11_module = " TOKEN_MODULE "\n";
    token_of(o->server->keys, "thang", "Thang");
    struct screen *s = sit(o, "thang", 2);
    screen_expect(s, "Thiết bị ký: thiết bị Thang, hỏi PIN một lần cho lượt này.");
    screen_key(s, "Enter");
    decide(s, "0010", "1");
    decide(s, "0011", "1");
    screen_expect_row(s, 2, "sẽ ký 2");
    confirm(s, "2");
    screen_expect(s, "Mã PIN cho lượt ký này");
    return s;
}

static void one_pin_signs_both(void **state)
{
    struct office *o = *state;
    struct screen *s = decide_two(o);

    screen_paste(s, TOKEN_PIN);
    screen_expect(s, "Mã PIN phải gõ bằng tay. Chưa ký.");
    type(s, "000000");
    screen_expect(s, "······");
    screen_key(s, "Enter");
    screen_expect(s, "Mã PIN sai. Chưa ký. Nhập lại.");
    office_expect(o, "t-10", "step", "approval");
    type(s, TOKEN_PIN);
    screen_key(s, "Enter");
    screen_expect_row(s, 2, "xong 2/2");
    screen_expect(s, "đã ký, hệ thống ghi nhận 08:0");
    office_expect(o, "t-10", "decision.by", "thang");
    office_expect(o, "t-11", "decision.by", "thang");
    screen_key(s, "q");
    office_leave(&s);
}

/* The line goes in the middle of the PIN: nothing is signed, and the tray is what it was, but to be seen again. */
static void a_hang_up_in_the_middle_of_the_pin_signs_nothing(void **state)
{
    struct office *o = *state;
    struct screen *s = decide_two(o);

    type(s, "4821");
    screen_expect(s, "····");
    screen_hangup(s);
    screen_exit_code(s);
    screen_free(&s);
    office_expect(o, "t-10", "step", "approval");
    office_expect(o, "t-11", "step", "approval");
}

static void no_pin_and_nothing_is_signed(void **state)
{
    struct office *o = *state;
    struct screen *s = decide_two(o);

    screen_key(s, "Enter");
    screen_expect(s, "Không ký thêm hồ sơ nào.");
    screen_expect(s, "chưa ký, còn trong khay");
    office_expect(o, "t-10", "step", "approval");
    screen_key(s, "k"); /* decided as they were */
    screen_expect_row(s, 2, "đã xem 2 · sẽ ký 2");
    screen_expect(s, "hỏi PIN một lần");
    confirm(s, "2");
    screen_expect(s, "Mã PIN cho lượt ký này");
    type(s, TOKEN_PIN);
    screen_key(s, "Enter");
    screen_expect_row(s, 2, "xong 2/2");
    office_expect(o, "t-11", "decision.by", "thang");
    screen_key(s, "q");
    office_leave(&s);
}

/* ── the phone ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The code that is waited for; not `last`. The caller frees. */
static char *code_on(struct screen *s, const char *last)
{
    static const char before[] = "Chờ xác nhận trên điện thoại, mã ";
    char *code = NULL;

    for (int64_t until = harness_deadline(); !code;) {
        screen_expect(s, before);
        char *text = screen_text(s), *at = strstr(text, before);
        if (at && (!last || strncmp(at + strlen(before), last, 4) != 0))
            code = text_new("%.4s", at + strlen(before));
        free(text);
        if (!code && harness_now() > until)
            fail_at(HERE, "no other code than %s", last);
        if (!code)
            screen_read(s, 50);
    }
    return code;
}

static void a_phone_confirms_one_by_one(void **state)
{
    struct office *o = *state;

    o->config = "signer = phone\n";
    struct screen *s = sit(o, "thang", 3);
    screen_expect(s, "hỏi từng hồ sơ");
    screen_key(s, "Enter");
    decide(s, "0010", "1");
    decide(s, "0011", "1");
    decide(s, "0012", "1");
    screen_expect_row(s, 2, "sẽ ký 3");
    confirm(s, "3");
    char *first = code_on(s, NULL);
    screen_expect(s, "đang chờ điện thoại");
    screen_key(s, "q"); /* left, and found again */
    screen_expect(s, "Thời gian còn");
    screen_key(s, "F8");
    screen_expect(s, first);
    office_answer_phone(o, "thang", first, "dong_y");
    screen_advance(s, 2);
    office_expect(o, "t-10", "decision.by", "thang");
    char *second = code_on(s, first);
    office_answer_phone(o, "thang", second, "tu_choi");
    screen_advance(s, 2);
    screen_expect(s, "× bị từ chối trên điện thoại");
    char *third = code_on(s, second);
    screen_key(s, "x"); /* no longer waited for */
    screen_expect(s, "chưa ký, còn trong khay");
    screen_key(s, "k");
    screen_expect_row(s, 2, "đã xem 2 · sẽ ký 2");
    office_expect(o, "t-11", "step", "approval");
    office_expect(o, "t-12", "step", "approval");
    screen_key(s, "q");
    office_leave(&s);
    free(first);
    free(second);
    free(third);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_is_decided_by_itself),    TEST(ten_cost_no_more_keys_than_they_may),
        TEST(one_pin_signs_both),           TEST(a_hang_up_in_the_middle_of_the_pin_signs_nothing),
        TEST(no_pin_and_nothing_is_signed), TEST(a_phone_confirms_one_by_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

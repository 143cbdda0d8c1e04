/* A supervisor signs with a phone: the same code here and there, the phone's yes and no, an end by the clock, and to stop waiting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"

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

    o->config = "signer = phone\n";
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    office_free((struct office **)state);
    return 0;
}

/* ── the phone ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* thang's phone shows this code and what it is about; he answers. */
static void answer_phone(struct office *o, const char *code, const char *does)
{
    struct reply page;

    office_phone(o, "thang", &page);
    assert_non_null(strstr(page.body, "000.25.33.H06-221229-0001"));
    assert_non_null(strstr(page.body, "Nguyễn Thị Đào"));
    reply_clear(&page);
    office_answer_phone(o, "thang", code, does);
}

static bool phone_waits(struct office *o)
{
    struct reply page;

    office_phone(o, "thang", &page);
    bool waits = strstr(page.body, "yeu_cau") != NULL;
    reply_clear(&page);
    return waits;
}

/* ── the screen ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void type(struct screen *s, const char *text)
{
    for (char letter[2] = ""; *text; text++) {
        letter[0] = *text;
        screen_key(s, letter);
    }
}

static struct screen *see(struct office *o)
{
    struct screen *s = office_sit(o, "thang");

    office_queue(s, "Chờ ký", "1229-0001");
    screen_keys(s, "Enter");
    screen_expect(s, "Lịch sử");
    screen_keys(s, "x");
    screen_expect(s, "Xử lý: bấm số");
    screen_keys(s, "1");
    screen_expect(s, "onestop/decision/1");
    screen_expect(s, "Ký bằng: điện thoại");
    if (screen_has(s, "Phải xem hết các dòng")) {
        screen_keys(s, "PgDn");
        screen_expect(s, "Đã xem hết");
    }
    return s;
}

/* The characters are typed, the phone is asked: the code that the screen shows, the caller frees. */
static char *ask_phone(struct screen *s)
{
    static const char before[] = "Chờ xác nhận trên điện thoại, mã ";

    screen_keys(s, "Enter");
    screen_expect(s, "điện thoại sẽ hỏi xác nhận.");
    type(s, "0001");
    screen_expect(s, "0001");
    screen_keys(s, "Enter");
    screen_expect(s, before);
    char *text = screen_text(s), *code = text_new("%.4s", strstr(text, before) + strlen(before));
    assert_int_equal(strspn(code, "0123456789"), 4);
    free(text);
    return code;
}

static void what_the_phone_confirms_is_decided(void **state)
{
    struct office *o = *state;
    struct screen *s = see(o);
    char *code = ask_phone(s);

    office_expect(o, "t-1", "step", "approval");
    answer_phone(o, code, "dong_y");
    screen_advance(s, 2);
    office_expect(o, "t-1", "decision.outcome", "grant");
    office_expect(o, "t-1", "decision.by", "thang");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_leave(&s);
    free(code);
}

static void what_the_phone_refuses_is_not(void **state)
{
    struct office *o = *state;
    struct screen *s = see(o);
    char *code = ask_phone(s);

    answer_phone(o, code, "tu_choi");
    screen_advance(s, 2);
    screen_expect(s, "Bị từ chối trên điện thoại. Chưa ký.");
    office_expect(o, "t-1", "step", "approval");
    free(code);
    code = ask_phone(s); /* thought again */
    answer_phone(o, code, "dong_y");
    screen_advance(s, 2);
    office_expect(o, "t-1", "decision.outcome", "grant");
    screen_free(&s);
    free(code);
}

static void nobody_waits_for_longer_than_five_minutes(void **state)
{
    struct office *o = *state;
    struct screen *s = see(o);
    char *code = ask_phone(s);

    server_advance(o->server, 301);
    screen_advance(s, 2);
    screen_expect(s, "Hết giờ mà điện thoại chưa xác nhận. Chưa ký.");
    assert_false(phone_waits(o));
    office_expect(o, "t-1", "step", "approval");
    screen_free(&s);
    free(code);
}

static void esc_stops_waiting_here_and_there(void **state)
{
    struct office *o = *state;
    struct screen *s = see(o);
    char *code = ask_phone(s);

    assert_true(phone_waits(o));
    screen_keys(s, "Esc");
    screen_expect(s, "Đã thôi chờ điện thoại. Chưa có quyết định nào.");
    for (int64_t deadline = harness_deadline(); phone_waits(o);)
        if (harness_now() > deadline)
            fail_at(HERE, "the phone still waits");
    office_expect(o, "t-1", "step", "approval");
    screen_free(&s);
    free(code);
}

/* The server is away while the phone is waited for; then it is back, and the phone says yes. */
static void a_cut_line_is_not_known_yet(void **state)
{
    struct office *o = *state;
    struct screen *s = see(o);
    char *code = ask_phone(s);

    kill(o->server->pid, SIGSTOP);
    for (int i = 0; i < 4 && !screen_has(s, "Chưa rõ"); i++) { /* what is asked, now or in a while, times out */
        screen_advance(s, 61);
        screen_read(s, 1000);
    }
    screen_expect(s, "Chưa rõ điện thoại trả lời thế nào");
    kill(o->server->pid, SIGCONT);
    answer_phone(o, code, "dong_y");
    screen_advance(s, 16);
    screen_expect_gone(s, "Chưa rõ điện thoại trả lời thế nào");
    screen_advance(s, 3);
    office_expect(o, "t-1", "decision.outcome", "grant");
    screen_free(&s);
    free(code);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(what_the_phone_confirms_is_decided),
        CASE(what_the_phone_refuses_is_not),
        CASE(nobody_waits_for_longer_than_five_minutes),
        CASE(esc_stops_waiting_here_and_there),
        CASE(a_cut_line_is_not_known_yet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

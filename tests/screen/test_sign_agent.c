/* A supervisor signs from home: the office's screen shows the statement, his own machine shows it again, asks for the PIN there and signs; a
 * real sshd carries the socket between them. Called off, cut, frozen, refused: nothing is signed, and both sides say so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"
#include "tests/screen/sshd.h"
#include "tests/token.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char dossiers[] =
    "[{'id': 't-1', 'code': '000.25.33.H06-221229-0001', 'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'online', "
    "'submitted_at': '2022-12-29T07:10:00+07:00', 'received_at': '2022-12-29T07:20:00+07:00', 'due_at': '2022-12-30T17:00:00+07:00', "
    "'status': 'in_progress', 'step': 'approval', 'step_since': '2022-12-29T07:40:00+07:00', "
    "'proposal': {'outcome': 'grant', 'by': 'nam', 'at': '2022-12-29T07:40:00+07:00'}, "
    "'applicant': {'kind': 'person', 'name': 'Nguyễn Thị Đào', 'id_number': '000195004821'}, "
    "'files': [{'id': 'a-1', 'name': 'Giay khai sinh.pdf', 'role': 'result', 'pages': 1}]}]";

struct supervisor {
    struct office *office;
    struct sshd *sshd;
    char *at_home, *at_office, *config; /* the two ends of the socket, and what the office's configuration says */
    struct screen *home;                /* motcua sign-agent */
    pid_t line;                         /* ssh */
};

static int set_up(void **state)
{
    struct supervisor *v = calloc(1, sizeof *v);
    const char *why;

    v->office = office_new(dossiers);
    v->sshd = sshd_start(v->office->dir, &why);
    if (!v->sshd)
        fprintf(stderr, "# %s\n", why);
    v->at_home = text_new("%s/home.sock", v->office->dir);
    v->at_office = text_new("%s/office.sock", v->office->dir);
    v->config = text_new("signer = agent\nsign_agent = %s\n", v->at_office);
    v->office->config = v->config;
    token_home(v->office->dir);
    token_of(v->office->server->keys, "thang", "Thang");
    *state = v;
    return 0;
}

static void hang_up(struct supervisor *v)
{
    if (v->line > 0) {
        kill(v->line, SIGKILL);
        child_wait(v->line, harness_deadline());
    }
    v->line = 0;
}

static int tear_down(void **state)
{
    struct supervisor *v = *state;

    hang_up(v);
    if (v->home)
        screen_free(&v->home);
    sshd_stop(&v->sshd);
    office_free(&v->office);
    free(v->at_home);
    free(v->at_office);
    free(v->config);
    free(v);
    return 0;
}

/* ── at home ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Its configuration names the driver alone: it knows no server. */
static char *make_home(const struct supervisor *v)
{
    char *home = text_new("%s/home", v->office->dir), *config = text_new("%s/config", home),
         *dir = text_new("%s/motcua", config), *path = text_new("%s/config", dir);

    mkdir(home, 0700);
    mkdir(config, 0700);
    mkdir(dir, 0700);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("pkcs11_module = " TOKEN_MODULE "\n", file);
    assert_int_equal(fclose(file), 0);
    free(config);
    free(dir);
    free(path);
    return home;
}

static bool connected(struct supervisor *v, int rows)
{
    if (!v->sshd)
        return false;
    char *home = make_home(v);
    v->home = screen_start(
        &(struct screen_opts){.argv = ARGV("motcua-t", "sign-agent", v->at_home), .home = home, .rows = rows});
    screen_expect(v->home, "Đang chờ cơ quan gửi nội dung để ký.");
    v->line = sshd_forward(v->sshd, v->at_office, v->at_home);
    free(home);
    return true;
}

#define CONNECT(v, rows)         \
    do {                         \
        if (!connected(v, rows)) \
            skip();              \
    } while (0)

static void answer(struct screen *home, const char *question, const char *line)
{
    char *typed = text_new("%s\r", line);

    screen_expect(home, question);
    screen_send(home, typed, strlen(typed));
    free(typed);
}

/* ── at the office ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct screen *see(struct supervisor *v, const char *signer)
{
    struct screen *s = office_sit(v->office, "thang");

    office_queue(s, "Chờ ký", "1229-0001");
    screen_keys(s, "Enter");
    screen_expect(s, "Lịch sử");
    screen_keys(s, "x");
    screen_expect(s, "Xử lý: bấm số");
    screen_keys(s, "1");
    screen_expect(s, "onestop/decision/1");
    screen_expect(s, signer);
    screen_expect(s, "Đã xem hết");
    return s;
}

static void confirm(struct screen *s)
{
    screen_keys(s, "Enter");
    screen_expect(s, "Sau đó máy ở nhà hỏi.");
    screen_keys(s, "0 0 0 1 Enter");
    screen_expect(s, "Máy ở nhà đang hiện nội dung: đọc và gõ mã PIN ở đó.");
}

#define SIGNER "Ký bằng: máy ở nhà, thiết bị Thang, Nguyễn Quốc Thắng"

static void the_pin_is_typed_at_home_and_the_office_sees_none(void **state)
{
    struct supervisor *v = *state;

    CONNECT(v, 30);
    struct screen *s = see(v, SIGNER);
    confirm(s);
    screen_expect(v->home, "Lần 1: cơ quan gửi nội dung này để ký");
    screen_expect(v->home, "000.25.33.H06-221229-0001");
    screen_expect(v->home, "Giay khai sinh.pdf");
    screen_expect(v->home, "Ký bằng: thiết bị Thang, Nguyễn Quốc Thắng");
    answer(v->home, "Enter: không ký.", "0001");
    answer(v->home, "Mã PIN của thiết bị ký", "000000");
    screen_expect(v->home, "Mã PIN sai. Chưa ký.");
    office_expect(v->office, "t-1", "step", "approval");
    screen_send(v->home, TOKEN_PIN "\r", strlen(TOKEN_PIN "\r"));
    screen_expect(v->home, "Đã ký, đã gửi về cơ quan.");
    office_expect(v->office, "t-1", "decision.by", "thang");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    assert_false(screen_has(v->home, TOKEN_PIN));
    office_leave(&s);
    screen_send(v->home, "\x03", 1);
    assert_int_equal(screen_exit_code(v->home), 0);
    assert_int_equal(access(v->at_home, F_OK), -1);
}

/* The first page of it is there, and the question for the next. */
static void turn_page(struct screen *home, const char *which, const char *line)
{
    screen_expect(home, which);
    screen_expect_row(home, -1, "Enter: xem tiếp"); /* one that was answered stands further up */
    answer(home, "Enter: xem tiếp", line);
}

/* What does not fit the terminal has to be paged to its end; another word, or none, and nothing is signed. */
static void nothing_is_signed_at_home_that_was_not_read_there(void **state)
{
    struct supervisor *v = *state;

    CONNECT(v, 10);
    struct screen *s = see(v, SIGNER);
    confirm(s);
    turn_page(v->home, "── Lần 1:", "q");
    screen_expect_row(s, -2, "Máy ở nhà báo: Chưa ký.");
    confirm(s);
    turn_page(v->home, "── Lần 2:", "");
    answer(v->home, "Enter: không ký.", "0002");
    screen_expect_row(s, -2, "Máy ở nhà báo: Chưa ký.");
    confirm(s);
    turn_page(v->home, "── Lần 3:", "");
    answer(v->home, "Enter: không ký.", "0001");
    answer(v->home, "Mã PIN của thiết bị ký", "\x03");
    screen_expect_row(s, -2, "Máy ở nhà báo: Chưa ký.");
    office_expect(v->office, "t-1", "step", "approval");
    screen_free(&s);
}

static void ends_with(const char *socket, int status, const char *words)
{
    struct screen *s = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "sign-agent", socket)});

    screen_expect(s, words);
    assert_int_equal(screen_exit_code(s), status);
    screen_free(&s);
}

static void it_sits_on_a_socket_of_its_own_at_a_terminal(void **state)
{
    struct supervisor *v = *state;
    char *shared = text_new("%s/shared", v->office->dir), *inside = text_new("%s/agent.sock", shared);
    struct run run;

    run_program(&run, ARGV("motcua-t", "sign-agent", v->at_home), NULL, NULL, NULL);
    assert_int_equal(run.status, 2);
    assert_int_equal(access(v->at_home, F_OK), -1);
    run_clear(&run);
    ends_with("agent.sock", 2, "SOCKET phải là đường dẫn ngắn");
    assert_int_equal(mkdir(shared, 0700), 0);
    assert_int_equal(chmod(shared, 0777), 0);
    ends_with(inside, 1, "Thư mục của SOCKET phải là của tài khoản này");
    v->home = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "sign-agent", v->at_home)});
    screen_expect(v->home, "Đang chờ cơ quan");
    ends_with(v->at_home, 1, "EADDRINUSE");
    kill(screen_pid(v->home), SIGKILL);
    screen_exit_code(v->home);
    screen_free(&v->home);
    assert_int_equal(access(v->at_home, F_OK), 0); /* a killed one leaves it behind */
    v->home = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "sign-agent", v->at_home)});
    screen_expect(v->home, "Đang chờ cơ quan");
    screen_hangup(v->home);
    assert_int_equal(screen_exit_code(v->home), 0);
    assert_int_equal(access(v->at_home, F_OK), -1);
    free(shared);
    free(inside);
}

static void what_is_called_off_at_the_office_ends_at_home(void **state)
{
    struct supervisor *v = *state;

    CONNECT(v, 30);
    struct screen *s = see(v, SIGNER);
    confirm(s);
    screen_expect(v->home, "Enter: không ký.");
    screen_keys(s, "Esc");
    screen_expect(s, "Không chờ máy ở nhà nữa. Chưa quyết định gì.");
    screen_expect(v->home, "Cơ quan không chờ việc này nữa. Chưa quyết định gì.");
    office_expect(v->office, "t-1", "step", "approval");
    screen_free(&s);
}

static void a_line_that_is_cut_is_told_and_the_next_one_signs(void **state)
{
    struct supervisor *v = *state;

    CONNECT(v, 18); /* the second question is on the last row */
    struct screen *s = see(v, SIGNER);
    confirm(s);
    screen_expect(v->home, "Enter: không ký.");
    hang_up(v);
    screen_expect(s, "Máy ở nhà không trả lời nữa. Chưa ký.");
    screen_expect(v->home, "Cơ quan không chờ việc này nữa.");
    office_expect(v->office, "t-1", "step", "approval");
    assert_int_equal(unlink(v->at_office), 0);
    v->line = sshd_forward(v->sshd, v->at_office, v->at_home);
    confirm(s);
    screen_expect(v->home, "── Lần 2:");
    screen_expect_row(v->home, -1, "Enter: không ký.");
    answer(v->home, "Enter: không ký.", "0001");
    answer(v->home, "Mã PIN của thiết bị ký", TOKEN_PIN);
    office_expect(v->office, "t-1", "decision.by", "thang");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_leave(&s);
}

static void a_frozen_line_is_told_and_freezes_no_screen(void **state)
{
    struct supervisor *v = *state;

    CONNECT(v, 30);
    struct screen *s = see(v, SIGNER);
    confirm(s);
    screen_expect(v->home, "Enter: không ký.");
    kill(v->line, SIGSTOP);
    screen_keys(s, "F1");
    screen_expect(s, "Giúp · ");
    screen_keys(s, "Esc");
    screen_expect_gone(s, "Giúp · ");
    screen_advance(s, 301);
    screen_expect(s, "Thiết bị ký không trả lời");
    kill(v->line, SIGCONT);
    screen_expect(v->home, "Cơ quan không chờ việc này nữa.");
    office_expect(v->office, "t-1", "step", "approval");
    screen_free(&s);
}

/* The other way of docs/token-over-ssh.md: the device itself is forwarded. */
static void a_forwarded_device_signs_over_the_same_sshd(void **state)
{
    struct supervisor *v = *state;

    if (!v->sshd)
        skip();
    pid_t home = token_forward(v->office->dir);
    char *at_home = text_new("%s/p11-kit.sock", v->office->dir),
         *at_office = text_new("%s/token.sock", v->office->dir), *address = text_new("unix:path=%s", at_office);
    v->line = sshd_forward(v->sshd, at_office, at_home);
    assert_int_equal(setenv("P11_KIT_SERVER_ADDRESS", address, 1), 0);
    v->office->config = "signer = token\npkcs11_module = " TOKEN_CLIENT "\n";
    struct screen *s = see(v, "Ký bằng: thiết bị Thang qua SSH, Nguyễn Quốc Thắng");
    screen_keys(s, "Enter");
    screen_expect(s, "Gõ 4 ký tự cuối");
    screen_keys(s, "0 0 0 1 Enter");
    screen_expect(s, "Mã PIN của thiết bị ký");
    screen_keys(s, "4 8 2 1 - Đ à o Enter");
    office_expect(v->office, "t-1", "decision.by", "thang");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    office_leave(&s);
    kill(home, SIGTERM);
    child_wait(home, harness_deadline());
    unsetenv("P11_KIT_SERVER_ADDRESS");
    free(at_home);
    free(at_office);
    free(address);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_pin_is_typed_at_home_and_the_office_sees_none),
        TEST(nothing_is_signed_at_home_that_was_not_read_there),
        TEST(it_sits_on_a_socket_of_its_own_at_a_terminal),
        TEST(what_is_called_off_at_the_office_ends_at_home),
        TEST(a_line_that_is_cut_is_told_and_the_next_one_signs),
        TEST(a_frozen_line_is_told_and_freezes_no_screen),
        TEST(a_forwarded_device_signs_over_the_same_sshd),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

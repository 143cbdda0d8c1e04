/* The screen before servers that are none, certificates that nobody vouches for, and answers that cannot be read: each time one whole
 * sentence that says what to do, and nothing lost or done twice.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/impostor.h"
#include "tests/screen/bad.h"

#include <stdlib.h>
#include <string.h>

/* The first of what came online is received. */
static void receive_first(struct screen *s)
{
    screen_key(s, "1");
    screen_expect_row(s, 2, "Chờ tiếp nhận");
    screen_key(s, "Home");
    screen_expect_row(s, 2, "1/");
    screen_keys(s, "Enter x 1");
}

static void an_address_that_we_may_not_talk_to_ends_it(void **state)
{
    static const char *const lines[] = {"server = http://mot-cua.example\n", "server = ftp://mot-cua.example\n",
                                        "server = mot-cua.example\n", "server = https://\n"};
    char *home = home_new();

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        write_config(home, "config", lines[i], strlen(lines[i]));
        struct screen *s =
            screen_start(&(struct screen_opts){.argv = ARGV("motcua-t"), .home = home, .cols = 200});
        expect_refusal(&s, 1, "Sửa dòng server trong tệp cấu hình.");
    }
    home_free(&home);
}

static void the_sign_in_says_what_is_wrong_with_the_server(void **state)
{
    static const struct {
        int status;
        const char *type, *body, *what, *todo;
    } cases[] = {
        {200, "text/html", "<!doctype html><title>Portal</title>", "không phải máy chủ một cửa.",
         "trong tệp cấu hình."},
        {404, "text/html", "<p>nothing", "không phải máy chủ một cửa.", "trong tệp cấu hình."},
        {500, "text/html", "<p>down", "Máy chủ đang gặp lỗi.", "Lát nữa thử lại."},
        {200, "application/json", "{\"name\":", "không đọc được.", "lát nữa thử lại."},
        {200, "application/json", "\xff\xfe", "không đọc được.", "lát nữa thử lại."},
        {200, "application/json", IMPOSTOR_ABOUT("1.0", "%s"), "không đọc được.", "lát nữa thử lại."},
        {200, "application/json", IMPOSTOR_ABOUT("1.0", "http://127.0.0.1:1"),
         "Không kết nối được tới 127.0.0.1:1.", "trong tệp cấu hình."},
        {200, "application/json", IMPOSTOR_ABOUT("2.0", "%s"), "phiên bản 2.0 mới hơn motcua này.",
         "cập nhật motcua để làm tiếp."},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct impostor im = {.status = cases[i].status, .type = cases[i].type, .body = cases[i].body};
        impostor_start(&im);
        struct screen *s = screen_start(
            &(struct screen_opts){.argv = ARGV("motcua-t", "--server", im.base), .rows = 16, .cols = 60});
        expect_sentence(s, cases[i].what);
        expect_sentence(s, cases[i].todo);
        screen_expect_row(s, 2, "Đăng nhập");
        expect_leaving(&s);
        impostor_stop(&im);
    }
}

static void nobody_there_is_said_and_asked_again(void **state)
{
    struct post *p = *state;

    server_stop(p->server);
    struct screen *s = open_screen(p);
    expect_sentence(s, "Không kết nối được tới 127.0.0.1");
    expect_sentence(s, "trong tệp cấu hình.");
    server_restart(p->server);
    screen_key(s, "r");
    screen_expect(s, "trực tuyến ·");
    screen_expect(s, "Trần Thị Mai");
    expect_leaving(&s);
}

static void a_certificate_that_nobody_vouches_for_is_refused(void **state)
{
    char *home = home_new(), *key = text_new("%s/key.pem", home), *cert = text_new("%s/cert.pem", home);
    struct run run;
    (void)state;

    run_program(&run,
                ARGV("/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-subj",
                     "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"),
                NULL, home, NULL);
    assert_int_equal(run.status, 0);
    run_clear(&run);
    struct server *server =
        server_start(ARGV("--dossiers", "10", "--tls-cert", cert, "--tls-key", key, "--auto-approve", "mai"));
    char *url = text_new("https://localhost:%d", server->port);
    struct screen *s =
        screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "--server", url), .home = home});
    expect_sentence(s, "Không tin được chứng thư của localhost");
    expect_sentence(s, "Chưa gửi gì.");
    expect_sentence(s, "công nghệ thông tin.");
    expect_leaving(&s);
    /* The configuration vouches for it. */
    char *config = text_new("server = %s\nca = %s\n", url, cert);
    write_config(home, "config", config, strlen(config));
    s = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t"), .home = home});
    screen_expect(s, "Trần Thị Mai");
    expect_leaving(&s);
    server_free(&server);
    free(config);
    free(url);
    free(key);
    free(cert);
    home_free(&home);
}

static void behind_an_impostor_reading_goes_on_and_a_wish_waits(void **state)
{
    static const struct {
        int status;
        const char *type, *body, *words;
    } cases[] = {
        {200, "text/html", "<!doctype html><title>Portal</title>", "không phải máy chủ một cửa."},
        {200, "application/json", IMPOSTOR_ABOUT("2.0", "%s"), "phiên bản 2.0 mới hơn motcua này."},
        {200, "application/json", "{\"name\":", NULL},
        {503, "application/json", "{}", NULL},
    };
    struct post *p = *state;

    if (!work_and_leave(p))
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct impostor im = {
            .port = p->server->port, .status = cases[i].status, .type = cases[i].type, .body = cases[i].body};
        server_stop(p->server);
        impostor_start(&im);
        struct screen *s = open_screen(p);
        screen_expect_row(s, 2, "Hàng việc");
        if (cases[i].words)
            expect_sentence(s, cases[i].words);
        receive_first(s);
        screen_expect_row(s, -2, "Đã lưu trên máy này");
        screen_keys(s, "q q");
        screen_expect_row(s, 1, "chưa gửi 1");
        impostor_stop(&im);
        server_restart(p->server);
        screen_advance(s, 600);
        screen_expect_row(s, 1, "chưa gửi 0");
        screen_expect_row_gone(s, 1, "vướng");
        expect_leaving(&s);
    }
}

/* How many dossiers stand at the server as received. */
static size_t received(struct post *p)
{
    char *token = server_token(p->server, "mai");
    struct reply reply;

    server_call(p->server, "POST", "/dossiers/search", token, NULL, "{\"status\":\"received\",\"limit\":200}",
                &reply);
    size_t n = json_array_size(reply_at(&reply, "items"));
    reply_clear(&reply);
    free(token);
    return n;
}

static void a_garbled_answer_leaves_it_unknown_and_it_is_done_once(void **state)
{
    struct post *p = *state;
    struct impostor im = {.port = p->server->port, .status = 200, .type = "application/json", .body = "{\"id\":"};
    size_t before = received(p);
    struct screen *s = open_screen(p);

    screen_expect(s, "trực tuyến ·");
    screen_expect(s, "dữ liệu lúc");
    screen_key(s, "1");
    screen_expect_row(s, 2, "/");
    screen_keys(s, "Home Enter x 1");
    screen_expect_row(s, -2, "Đã lưu trên máy này");
    server_stop(p->server);
    impostor_start(&im);
    screen_advance(s, 11);
    expect_sentence(s, "chưa rõ kết quả");
    screen_expect_row(s, 1, "chưa gửi 1");
    impostor_stop(&im);
    server_restart(p->server);
    screen_advance(s, 600);
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_keys(s, "q q");
    expect_leaving(&s);
    assert_int_equal(received(p), before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_that_we_may_not_talk_to_ends_it),
        cmocka_unit_test(the_sign_in_says_what_is_wrong_with_the_server),
        cmocka_unit_test_setup_teardown(nobody_there_is_said_and_asked_again, bad_set_up, bad_tear_down),
        cmocka_unit_test(a_certificate_that_nobody_vouches_for_is_refused),
        cmocka_unit_test_setup_teardown(behind_an_impostor_reading_goes_on_and_a_wish_waits, bad_set_up,
                                        bad_tear_down),
        cmocka_unit_test_setup_teardown(a_garbled_answer_leaves_it_unknown_and_it_is_done_once, bad_set_up,
                                        bad_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

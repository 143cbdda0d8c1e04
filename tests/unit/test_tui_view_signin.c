/* Sign-in: the code, the address and the picture at every size; waiting, a new code, and what goes wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"
#include "tests/unit/cache_machine.h"
#include "tests/unit/tui_world.h"
#include "tui/qr.h"

#include <string.h>

#define PICTURE "https://mc-demo.local:8443/thiet-bi?ma=WDJB-MJHT"

static struct world w;
static uint64_t asked;

static int set_up(void **state)
{
    world_new(&w, "mockups", "mai", "07:02");
    return 0;
}

static int tear_down(void **state)
{
    world_free(&w);
    return 0;
}

#define sees(words)     world_shows(&w, words)
#define sees_not(words) world_hides(&w, words)

/* The next ask has to be for a sign-in. */
static void is_asked(void)
{
    struct ask ask = {0};

    assert_true(world_ask(&w, &ask));
    assert_int_equal(ask.kind, ASK_SIGN_IN);
    asked = ask.id;
    ask_clear(&ask);
}

/* Somebody who has worked here has a PIN. */
static void sign_out(void)
{
    app_set_vault(w.app, &(struct app_vault){.pin = true, .officer = "mai"});
    app_attach(w.app, NULL, NULL, NULL);
    world_draw(&w, 24, 80);
    is_asked();
}

static void code_comes(void)
{
    struct answer answer = {.id = asked, .kind = ASK_SIGN_IN, .device_until = w.clock + 900};

    answer.device = (struct device_authorization){.user_code = "WDJB-MJHT",
                                                  .verification_uri = "https://mc-demo.local:8443/thiet-bi",
                                                  .verification_uri_complete = PICTURE,
                                                  .expires_in = 900,
                                                  .interval = 5};
    app_answer(w.app, &answer);
}

static void ends(enum err_code code, const char *why)
{
    struct answer answer = {.id = asked, .kind = ASK_SIGN_IN, .final = true};

    if (code != ERR_NONE)
        err_set(&answer.err, code, "%s", why);
    else
        answer.officer = (struct officer){.id = "mai", .name = "Trần Thị Mai"};
    app_answer(w.app, &answer);
}

/* ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void it_is_the_mock_up(void **state)
{
    sign_out();
    code_comes();
    world_draw(&w, 24, 80);
    world_matches_golden(&w, "signin");
    assert_int_equal(w.canvas->cursor_row, 11);
}

/* The picture is the one of the whole address, code and all; test_tui_qr.c reads it back. */
static void the_picture_is_the_whole_address(void **state)
{
    struct qr *q = qr_new(PICTURE, true, 20, 40);
    struct canvas *alone = canvas_new(24, 80);

    sign_out();
    code_comes();
    world_draw(&w, 24, 80);
    qr_draw(q, alone, 2, 0);
    for (int row = 2; row < 2 + qr_rows(q); row++)
        for (int col = 0; col < qr_cols(q); col++) {
            const struct cell *seen = &w.canvas->cells[row * 80 + col], *wanted = &alone->cells[row * 80 + col];
            assert_string_equal(seen->text, wanted->text);
            assert_int_equal(seen->style, STYLE_QR);
        }
    canvas_free(&alone);
    qr_free(&q);
}

static bool has_picture(void)
{
    for (int i = 0; i < w.canvas->rows * w.canvas->cols; i++)
        if (w.canvas->cells[i].style == STYLE_QR || w.canvas->cells[i].style == STYLE_QR_DARK)
            return true;
    return false;
}

/* Where the picture has no room the code and the address stand alone, and the first step does not speak of it. */
static void every_size_has_code_and_address(void **state)
{
    static const struct {
        int rows, cols;
        bool picture;
    } sizes[] = {{16, 60, false}, {24, 60, false}, {17, 80, false},
                 {24, 80, true},  {24, 100, true}, {40, 132, true}};

    sign_out();
    code_comes();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        world_draw(&w, sizes[i].rows, sizes[i].cols);
        sees("WDJB-MJHT");
        sees("mc-demo.local:8443/thiet-bi");
        sees("quay-02, lúc 07:02");
        sees("Mã dùng được đến 07:17.");
        sees("Đang chờ xác nhận trên điện thoại…");
        sees(sizes[i].picture ? "1. Quét hình bên, hoặc mở trang này:" : "1. Mở trang này trên điện thoại:");
        assert_int_equal(has_picture(), sizes[i].picture);
        for (int row = 0; row < w.canvas->rows; row++)
            assert_true(text_width(world_row(&w, row)) <= sizes[i].cols);
    }
}

/* ── waiting ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void until_the_code_comes_it_says_so(void **state)
{
    sign_out();
    sees("Đang lấy mã từ máy chủ…");
    sees_not("2. Nhập mã");
}

static void r_gets_a_new_code_and_calls_off_the_old(void **state)
{
    uint64_t old, cancelled;

    sign_out();
    code_comes();
    old = asked;
    world_keys(&w, "r");
    is_asked();
    assert_true(asked != old);
    assert_true(app_next_cancel(w.app, &cancelled));
    assert_int_equal(cancelled, old);
    sees_not("WDJB-MJHT");
    sees("Đang lấy mã từ máy chủ…");
    code_comes();
    sees("WDJB-MJHT");
    uint64_t fresh = asked;
    asked = old; /* too late: it is nobody's any more */
    ends(ERR_AUTH, "muộn");
    sees("WDJB-MJHT");
    sees_not("muộn");
    asked = fresh;
}

/* The sentences are the net's; a code that has ended is not shown on. */
static void what_went_wrong_stands_until_a_new_code_is_asked_for(void **state)
{
    static const char *const sentences[] = {"Đăng nhập bị từ chối trên điện thoại. Bấm r để lấy mã mới.",
                                            "Mã đăng nhập đã hết giờ. Bấm r để lấy mã mới."};

    sign_out();
    for (size_t i = 0; i < 2; i++) {
        code_comes();
        ends(ERR_AUTH, sentences[i]);
        sees(sentences[i]);
        sees_not("WDJB-MJHT");
        assert_false(has_picture());
        world_pass(&w, 61000);
        world_keys(&w, "Ctrl-L");
        sees(sentences[i]);
        world_keys(&w, "r");
        is_asked();
        sees_not(sentences[i]);
    }
}

static bool is_asked_again(void)
{
    struct ask ask = {0};
    bool again = world_ask(&w, &ask);

    if (again) {
        assert_int_equal(ask.kind, ASK_SIGN_IN);
        asked = ask.id;
        ask_clear(&ask);
    }
    return again;
}

/* As the line is tried, and at once with r; a refusal is the officer's to answer. */
static void without_a_line_it_is_asked_again_by_itself(void **state)
{
    sign_out();
    ends(ERR_OFFLINE, "Không kết nối được tới máy chủ.");
    assert_false(is_asked_again());
    world_pass(&w, 5100);
    assert_true(is_asked_again());
    sees("Không kết nối được tới máy chủ.");
    w.line.state = LINE_OFFLINE;
    w.line.next_try = w.clock + 80;
    world_line(&w);
    ends(ERR_OFFLINE, "Không kết nối được tới máy chủ.");
    for (int i = 0; i < 13; i++) {
        world_pass(&w, 5000);
        assert_false(is_asked_again());
    }
    world_pass(&w, 12000);
    assert_true(is_asked_again());
    ends(ERR_OFFLINE, "Không kết nối được tới máy chủ.");
    world_keys(&w, "r");
    assert_true(is_asked_again());
    code_comes();
    sees("WDJB-MJHT");
    sees_not("Không kết nối được");
    ends(ERR_AUTH, "Đăng nhập bị từ chối trên điện thoại.");
    world_pass(&w, 600000);
    assert_false(is_asked_again());
}

static void signed_in_it_waits_for_the_files(void **state)
{
    sign_out();
    code_comes();
    ends(ERR_NONE, NULL);
    sees("Đã đăng nhập. Đang mở hồ sơ…");
    app_attach(w.app, w.cache, w.outbox, "mai");
    assert_string_equal(app_top(w.app)->ops->name, "queues");
}

/* Over the other views: a session that ended in the middle of the work. */
static void signing_in_again_leads_back(void **state)
{
    struct ask ask = {0};

    while (world_ask(&w, &ask))
        ask_clear(&ask);
    app_open(w.app, &view_outbox, NULL);
    w.line.state = LINE_SIGN_IN;
    world_line(&w);
    world_keys(&w, "r");
    assert_string_equal(app_top(w.app)->ops->name, "signin");
    is_asked();
    code_comes();
    sees("WDJB-MJHT");
    ends(ERR_NONE, NULL);
    assert_string_equal(app_top(w.app)->ops->name, "outbox");
    sees("Đã đăng nhập.");
}

/* What a server calls its code and address is data. */
static void odd_codes_are_shown_and_nothing_more(void **state)
{
    struct answer answer;

    sign_out();
    answer = (struct answer){.id = asked, .kind = ASK_SIGN_IN, .device_until = INSTANT_NONE};
    answer.device =
        (struct device_authorization){.user_code = "\033[2J\342\200\256AB", .verification_uri = "\177"};
    app_answer(w.app, &answer);
    world_draw(&w, 24, 80);
    for (int row = 0; row < 24; row++)
        assert_null(strpbrk(world_row(&w, row), "\033\177"));
    char whole[4000];
    memset(whole, 'x', sizeof whole - 1);
    whole[sizeof whole - 1] = '\0';
    answer.device = (struct device_authorization){.user_code = whole, .verification_uri = whole};
    app_answer(w.app, &answer);
    world_draw(&w, 24, 80);
    assert_false(has_picture());
    for (int row = 0; row < 24; row++)
        assert_true(text_width(world_row(&w, row)) <= 80);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_the_mock_up),
        TEST(the_picture_is_the_whole_address),
        TEST(every_size_has_code_and_address),
        TEST(until_the_code_comes_it_says_so),
        TEST(r_gets_a_new_code_and_calls_off_the_old),
        TEST(what_went_wrong_stands_until_a_new_code_is_asked_for),
        TEST(without_a_line_it_is_asked_again_by_itself),
        TEST(signed_in_it_waits_for_the_files),
        TEST(signing_in_again_leads_back),
        TEST(odd_codes_are_shown_and_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

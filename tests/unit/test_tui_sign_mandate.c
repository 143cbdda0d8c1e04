/* To sign on somebody's behalf: it stands on every screen of it and in what is signed; which mandate is the officer's choice; one that ends
 * meanwhile signs nothing, and that is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"
#include "tests/unit/tui_sign.h"

#include <string.h>

#define FROM "\"from\":\"2022-12-26T00:00:00+07:00\""

/* loan: a specialist with a mandate of quan for d-19's procedure. */
static int deputy_setup(void **state)
{
    (void)state;
    sign_begin("loan");
    return 0;
}

/* The feed brings these mandates of an officer. */
static void mandates_are(const char *officer, const char *mandates)
{
    static int version = 100;
    json_t *me = json_deep_copy(world_thing(&signing, "officers", officer));

    set_member(me, "mandates", mandates);
    world_feed_page(&signing, json_pack("[o]", entry("officer", officer, version++, me)));
}

static void signs_now(void)
{
    world_type(&signing, CODE);
    world_keys(&signing, "Enter");
}

static void sees_it_whole(void)
{
    world_draw(&signing, 24, 80);
    world_shows(&signing, "Đã xem hết");
}

static void choose(const char *key)
{
    world_keys(&signing, ":");
    world_type(&signing, "ky thay");
    world_keys(&signing, "Enter");
    world_shows(&signing, "── Ký thay ai ──");
    world_keys(&signing, key);
}

static void says_for_whom(const char *words)
{
    world_title(&signing, words, "đã xem 15/15 dòng · bản 8");
}

static void it_stands_on_every_screen_and_in_what_is_signed(void **state)
{
    static const char words[] = "Xem và ký · đồng ý · ký thay Phạm Minh Quân";

    (void)state;
    open_sign("d-19", "approve");
    world_draw(&signing, 24, 80);
    says_for_whom(words);
    world_shows(&signing, "│ Người ký     Võ Thị Kim Loan      Ký thay  Phạm Minh Quân");
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    says_for_whom(words);
    signs_now();
    world_draw(&signing, 0, 0);
    says_for_whom(words);
    struct ask ask = next_ask(ASK_SIGN);
    assert_non_null(memmem(ask.bytes, ask.n, "\"on_behalf_of\":\"quan\"", 21));
    answer_signed(&ask, "Q01T", NULL);
    wished_for("quan", "approve", "", &ask);
    ask_clear(&ask);
}

static void one_that_ends_while_it_is_read_signs_nothing(void **state)
{
    (void)state;
    mandates_are("loan", "[{\"on_behalf_of\":\"quan\"," FROM ",\"until\":\"2022-12-29T09:58:30+07:00\"}]");
    open_question();
    world_pass(&signing, 40000); /* no minute has gone by: nothing has looked */
    signs_now();
    nothing_is_asked();
    world_shows(&signing, "Quyền ký thay Phạm Minh Quân đã hết lúc 09:58. Chưa ký. Bấm : và chọn Ký thay.");
    sees_it_whole();
    world_keys(&signing, "Enter");
    world_shows(&signing, "không có ủy quyền nào còn hiệu lực cho thủ tục này");
    world_hides(&signing, "Gõ 4 ký tự cuối");
    nothing_is_wished();
}

/* Even the signature that was made is not sent. */
static void one_that_ends_while_it_is_signed_sends_nothing(void **state)
{
    (void)state;
    mandates_are("loan", "[{\"on_behalf_of\":\"quan\"," FROM ",\"until\":\"2022-12-29T10:00:00+07:00\"}]");
    open_question();
    signs_now();
    struct ask ask = next_ask(ASK_SIGN);
    world_pass(&signing, 130000);
    answer_signed(&ask, "Q01T", NULL);
    ask_clear(&ask);
    world_shows(&signing, "đã hết lúc 10:00. Chưa ký.");
    nothing_is_wished();
}

static void one_that_was_taken_back_is_over_now(void **state)
{
    (void)state;
    open_question();
    mandates_are("loan", "[]");
    world_shows(&signing, "Quyền ký thay Phạm Minh Quân đã hết lúc 09:58. Chưa ký.");
    world_hides(&signing, "Gõ 4 ký tự cuối");
    nothing_is_asked();
}

/* A supervisor signs for himself until he chooses otherwise; what he chose is another statement, and stays chosen. */
static void a_supervisor_chooses(void **state)
{
    (void)state;
    mandates_are("quan", "[{\"on_behalf_of\":\"sinh\"," FROM ",\"until\":\"2022-12-30T10:00:00+07:00\"},"
                         "{\"on_behalf_of\":\"thang\"," FROM ",\"until\":\"2022-12-29T09:00:00+07:00\"}]");
    open_sign("d-19", "approve");
    sees_it_whole();
    says_for_whom("Xem và ký · đồng ý");
    choose("2");
    world_shows(&signing, "Người được ký thay đã đổi. Chưa ký. Xem lại rồi mới ký được.");
    world_hides(&signing, "Gõ 4 ký tự cuối");
    says_for_whom("Xem và ký · đồng ý · ký thay Huỳnh Văn Sinh");
    world_keys(&signing, "Esc");
    open_sign("d-19", "approve");
    sees_it_whole();
    says_for_whom("Xem và ký · đồng ý · ký thay Huỳnh Văn Sinh");
    world_keys(&signing, "Enter");
    signs_now();
    struct ask ask = next_ask(ASK_SIGN);
    answer_signed(&ask, "Q01T", NULL);
    wished_for("sinh", "approve", "", &ask);
    ask_clear(&ask);
}

static void the_sheet_says_until_when_and_for_what(void **state)
{
    (void)state;
    mandates_are("quan", "[{\"on_behalf_of\":\"thang\"," FROM ",\"until\":\"2022-12-29T09:00:00+07:00\"},"
                         "{\"on_behalf_of\":\"sinh\"," FROM ",\"until\":\"2022-12-30T10:00:00+07:00\"},"
                         "{\"on_behalf_of\":\"dinh\"," FROM
                         ",\"until\":\"2022-12-30T10:00:00+07:00\",\"procedures\":[\"1.001193\"]}]");
    choose("2"); /* sinh: the first is over */
    world_shows(&signing, "Từ giờ ký thay Huỳnh Văn Sinh ở những thủ tục được ủy quyền.");
    choose("Down");
    world_shows(&signing, "  1  (không) ký với quyền của chính mình");
    world_shows(&signing, "  2  Huỳnh Văn Sinh, đến 30/12/2022 10:00, mọi thủ tục");
    world_shows(&signing, "> 3  Trương Công Định, đến 30/12/2022 10:00, chỉ: Đăng ký khai sinh");
    world_hides(&signing, "Nguyễn Quốc Thắng");
    world_keys(&signing, "1");
    open_sign("d-19", "approve");
    sees_it_whole();
    says_for_whom("Xem và ký · đồng ý");
}

static void who_has_none_is_not_offered_it(void **state)
{
    (void)state;
    world_keys(&signing, ":");
    world_type(&signing, "ky thay");
    world_draw(&signing, 24, 80);
    world_hides(&signing, "được ký thay");
    world_keys(&signing, "Esc");
    mandates_are("quan", "[{\"on_behalf_of\":\"thang\"," FROM ",\"until\":\"2022-12-29T09:00:00+07:00\"}]");
    world_keys(&signing, ":");
    world_type(&signing, "ky thay");
    world_keys(&signing, "Enter");
    world_shows(&signing, "không còn ủy quyền nào có hiệu lực");
}

int main(void)
{
#define DEPUTY_TEST(name) cmocka_unit_test_setup_teardown(name, deputy_setup, sign_teardown)
    const struct CMUnitTest tests[] = {
        DEPUTY_TEST(it_stands_on_every_screen_and_in_what_is_signed),
        DEPUTY_TEST(one_that_ends_while_it_is_read_signs_nothing),
        DEPUTY_TEST(one_that_ends_while_it_is_signed_sends_nothing),
        DEPUTY_TEST(one_that_was_taken_back_is_over_now),
        SIGN_TEST(a_supervisor_chooses),
        SIGN_TEST(the_sheet_says_until_when_and_for_what),
        SIGN_TEST(who_has_none_is_not_offered_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The conflict card: who and when, what was seen, done and stands, what can be chosen, and that leaving changes nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"
#include "tests/unit/cache_feed.h"
#include "tests/unit/tui_world.h"

#include <string.h>

static struct world w;
static struct err e;
static struct arena arena;

static int set_up(void **state)
{
    e = (struct err){0};
    world_new(&w, "mockups", "mai", "09:42");
    return 0;
}

static int tear_down(void **state)
{
    arena_clear(&arena);
    world_free(&w);
    return 0;
}

#define sees(words) world_shows(&w, words)

static struct command *wish_of(const char *target, unsigned states)
{
    struct command *rows;
    size_t n;

    assert_ok(outbox_list(w.outbox, states, &arena, &rows, &n, &e), &e);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].target, target) == 0)
            return &rows[i];
    return NULL;
}

/* The card of the mock-ups: assigned to Lê Hoàng Nam, when Vũ Thị Hạnh had it already. The outbox lies under it. */
static struct command *open_card(void)
{
    world_plant(&w, "seven");
    struct command *wish = wish_of("d-38", 1 << COMMAND_CONFLICT);
    world_keys(&w, "h");
    app_open(w.app, &view_conflict, &(struct view_arg){.id = wish->key});
    world_draw(&w, 24, 80);
    return wish;
}

/* A wish on `target` that ends in conflict with the problem; its card is opened. */
static const char *open_own(const struct wish *wish, const char *problem)
{
    char keys[1][UUID_TEXT];

    assert_ok(outbox_enqueue(w.outbox, wish, 1, keys, &e), &e);
    assert_ok(outbox_sending(w.outbox, keys[0], &e), &e);
    assert_ok(outbox_failed(w.outbox, keys[0], COMMAND_CONFLICT, problem, NULL, w.clock, &e), &e);
    app_open(w.app, &view_conflict, &(struct view_arg){.id = keys[0]});
    world_draw(&w, 24, 80);
    return arena_copy(&arena, keys[0]);
}

static struct wish plain_wish(const char *target, const char *action, const char *body)
{
    struct wish wish = wish_on(target);

    wish.action = action;
    wish.body = body;
    wish.body_len = strlen(body);
    wish.hold = false;
    wish.seen = NULL;
    return wish;
}

/* ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Without what belongs to corrections, which come later: the hint about them, and Space. */
static void it_is_the_mock_up(void **state)
{
    open_card();
    world_rows(&w, 1, " Xung đột · hồ sơ …1228-0038 · Đặng Văn Khoa                         việc 09:22",
               " Việc của tôi (phân công) dựa trên bản 4. Lúc 09:18 Đỗ Thu Hà đã đổi hồ sơ.",
               " Hệ thống chưa ghi nhận việc của tôi.", "",
               "   Mục             Tôi đã thấy (bản 4)  Việc của tôi         Bây giờ (bản 5)",
               " ≠ Trạng thái      Được tiếp nhận       Đang xử lý           Đang xử lý",
               ">≠ Người xử lý     (chưa có)            Lê Hoàng Nam         Vũ Thị Hạnh",
               "   Hạn trả         30/12 10:05          -                    30/12 10:05",
               "   Ghi chú         -                    gấp, dân đi xa       -",
               " ≠ Giấy tờ         3 có, 1 thiếu        -                    4 có", "",
               " Bây giờ hệ thống cho làm: phân công lại, ghi chú, yêu cầu bổ sung.", "",
               "   1  Giữ việc của tôi: phân công Lê Hoàng Nam trên bản 5",
               "   2  Lấy của họ: bỏ việc của tôi (còn đọc được 30 ngày)",
               "   3  Sửa: mở lại phiếu với nội dung của tôi", "   4  Để sau (mặc định)", "", "", "", "",
               " Chưa có gì được gửi.", " Enter Mở  . Mục kế  ? Giúp  q Quay lại");
    assert_int_equal(w.canvas->cursor_row, 7);
    assert_int_equal(w.canvas->cursor_col, 0);
}

/* On every screen the four choices are seen, and so is the row that has the focus. */
static void every_screen_has_the_choices_and_the_focus(void **state)
{
    static const int sizes[][2] = {{16, 60}, {18, 72}, {24, 80}, {24, 100}, {40, 132}};

    open_card();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        world_draw(&w, sizes[i][0], sizes[i][1]);
        world_keys(&w, "Home");
        for (int down = 0; down < 9; down++) {
            sees("1  Giữ việc của tôi: phân công Lê Hoàng Nam");
            sees("4  Để sau (mặc định)");
            assert_int_equal(world_row(&w, w.canvas->cursor_row)[0], '>');
            world_keys(&w, "Down");
        }
        for (int row = 0; row < w.canvas->rows; row++)
            assert_true(text_width(world_row(&w, row)) <= sizes[i][1]);
    }
}

static void long_words_take_more_rows(void **state)
{
    struct wish wish =
        plain_wish("d-38", "comment",
                   "{\"action\":\"comment\",\"note\":\"người nộp đã gọi lại hai lần, hẹn chiều thứ hai mang "
                   "giấy của bên nữ đến, nhờ giữ hồ sơ ở quầy số hai\"}");

    open_own(&wish, "{\"type\":\"urn:onestop:problem:stale-version\",\"title\":\"Hồ sơ đã đổi\",\"status\":412}");
    sees("   Ghi chú         -                    người nộp đã gọi lại -");
    sees("                                        hai lần, hẹn chiều");
    sees("Hệ thống trả lời: Hồ sơ đã đổi.");
    sees("   4  Để sau (mặc định)");
}

/* ── what is known of it ───────────────────────────────────────────────────────────────────────────────────────────── */

static void nobody_named_is_the_system_or_the_applicant(void **state)
{
    struct wish wish = plain_wish("d-24", "comment", "{\"action\":\"comment\",\"note\":\"x\"}");

    open_own(&wish, "{\"type\":\"urn:onestop:problem:stale-version\",\"title\":\"Hồ sơ đã đổi\",\"status\":412,"
                    "\"changed_at\":\"2022-12-28T16:05:00+07:00\"}");
    sees("Lúc 16:05 ngày 28/12 hồ sơ đã đổi (hệ");
    sees(" thống hoặc người nộp).");
}

/* It was never sent: what stands is what the cache holds. */
static void what_failed_behind_another_says_so(void **state)
{
    struct wish wishes[2] = {plain_wish("d-24", "comment", "{\"action\":\"comment\",\"note\":\"một\"}"),
                             plain_wish("d-24", "comment", "{\"action\":\"comment\",\"note\":\"hai\"}")};
    char keys[2][UUID_TEXT];

    assert_ok(outbox_enqueue(w.outbox, wishes, 2, keys, &e), &e);
    assert_ok(outbox_sending(w.outbox, keys[0], &e), &e);
    assert_ok(outbox_failed(w.outbox, keys[0], COMMAND_REFUSED, "{\"title\":\"không\"}", NULL, w.clock, &e), &e);
    app_open(w.app, &view_conflict, &(struct view_arg){.id = keys[1]});
    sees("Việc trước của hồ sơ này không được ghi");
    sees("Bây giờ (bản ");
    sees("Lê Hoàng Nam");
}

static void what_the_cache_knows_later_stands(void **state)
{
    json_t *d = json_deep_copy(world_thing(&w, "dossiers", "d-38"));

    json_object_set_new(d, "version", json_integer(6));
    json_object_set_new(d, "assignee", json_string("nam"));
    open_card();
    sees("Bây giờ (bản 5)");
    world_feed(&w, "d-38", d);
    sees("Bây giờ (bản 6)");
    sees("≠ Người xử lý     (chưa có)            Lê Hoàng Nam         Lê Hoàng Nam");
    sees("Bây giờ hệ thống không cho làm việc gì.");
    sees("   -  Giữ việc của tôi: hệ thống không cho làm việc này nữa");
    sees("   -  Sửa: hệ thống không cho làm việc này nữa");
    sees("   2  Lấy của họ");
}

static void a_dossier_that_is_gone_can_only_be_let_go(void **state)
{
    struct wish wish = plain_wish("d-24", "comment", "{\"action\":\"comment\",\"note\":\"x\"}");
    const char *key = open_own(&wish, "{\"type\":\"t\",\"title\":\"Không còn\",\"status\":409}");

    world_feed(&w, "d-24", NULL);
    sees("Hồ sơ không còn trên máy này.");
    world_keys(&w, "1");
    sees("hồ sơ không còn trên máy này");
    assert_int_equal(state_of(w.outbox, key), COMMAND_CONFLICT);
    world_keys(&w, "2");
    assert_int_equal(state_of(w.outbox, key), COMMAND_DROPPED);
}

/* Everything that an answer holds is data: it is shown, and drives nothing. */
static void odd_answers_are_shown_and_nothing_more(void **state)
{
    static const char *const problems[] = {
        "",
        "{",
        "[]",
        "{\"title\":7}",
        "{\"type\":\"t\",\"title\":\"\\u001b[2J\\u202eđổi\",\"status\":412,\"changed_by\":\"x\"}",
        "{\"type\":\"t\",\"title\":\"t\",\"status\":412,\"current\":{\"id\":\"d-24\"}}",
        "{\"type\":\"t\",\"title\":\"t\",\"status\":412,\"current\":7,\"changed_at\":\"hôm qua\"}",
    };
    struct wish wish = plain_wish("d-24", "comment", "{\"action\":\"comment\",\"note\":\"x\"}");

    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        open_own(&wish, problems[i]);
        sees("Hệ thống chưa ghi nhận việc của tôi.");
        sees("   4  Để sau (mặc định)");
        for (int row = 0; row < w.canvas->rows; row++)
            assert_null(strchr(world_row(&w, row), '\033'));
        world_keys(&w, "q");
    }
    wish = plain_wish("d-24", "stamp", "{\"action\":\"stamp\"}"); /* an action of a later version */
    open_own(&wish, problems[4]);
    sees("(stamp)");
}

/* ── choosing ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void leaving_changes_nothing(void **state)
{
    static const char *const ways[] = {"q", "Esc", "4", "End Enter"};

    const char *key = open_card()->key;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        world_keys(&w, ways[i]);
        assert_string_equal(app_top(w.app)->ops->name, "outbox");
        assert_int_equal(state_of(w.outbox, key), COMMAND_CONFLICT);
        app_open(w.app, &view_conflict, &(struct view_arg){.id = key});
    }
}

static void keeping_mine_wishes_it_of_what_stands_now(void **state)
{
    const char *key = open_card()->key;

    world_keys(&w, "1");
    assert_string_equal(app_top(w.app)->ops->name, "outbox");
    assert_int_equal(state_of(w.outbox, key), COMMAND_DROPPED);
    const struct command *fresh = wish_of("d-38", 0);
    assert_non_null(fresh);
    assert_int_equal(fresh->state, COMMAND_HELD);
    assert_string_equal(fresh->if_match, "5");
    assert_non_null(strstr(fresh->body, "gấp, dân đi xa"));
    assert_non_null(strstr(fresh->seen, "\"hanh\""));
    sees("Đã lưu trên máy này: phân công");
    sees("vướng 2");
}

static void taking_theirs_drops_mine(void **state)
{
    const char *key = open_card()->key;

    world_keys(&w, "2");
    assert_int_equal(state_of(w.outbox, key), COMMAND_DROPPED);
    assert_null(wish_of("d-38", 0));
    sees("Đọc lại được trong 30 ngày.");
    sees("vướng 2");
}

static void mending_opens_the_form_with_my_content(void **state)
{
    const struct command *wish = open_card();
    const char *key = wish->key;
    json_t *problem = json_loads(wish->problem, 0, NULL);

    world_feed(&w, "d-38", json_deep_copy(json_object_get(problem, "current"))); /* as net/ does with the answer */
    json_decref(problem);
    world_keys(&w, "3");
    assert_string_equal(app_top(w.app)->ops->name, "form");
    sees("gấp, dân đi xa");
    world_keys(&w, "Esc");
    assert_string_equal(app_top(w.app)->ops->name, "outbox");
    assert_int_equal(state_of(w.outbox, key), COMMAND_CONFLICT); /* until the new one comes */
    app_open(w.app, &view_conflict, &(struct view_arg){.id = key});
    world_keys(&w, "3 F9");
    assert_int_equal(state_of(w.outbox, key), COMMAND_DROPPED);
    const struct command *fresh = wish_of("d-38", 0);
    assert_non_null(fresh);
    assert_int_equal(fresh->state, COMMAND_HELD);
    assert_string_equal(fresh->if_match, "5");
    assert_non_null(strstr(fresh->body, "gấp, dân đi xa"));
}

static void without_a_form_there_is_nothing_to_mend(void **state)
{
    struct wish wish = plain_wish("d-38", "receive", "{\"action\":\"receive\"}");
    json_t *d = json_deep_copy(world_thing(&w, "dossiers", "d-38"));

    json_object_set_new(d, "version", json_integer(6));
    json_object_set_new(d, "actions",
                        json_pack("[{ss ss s[]}]", "action", "receive", "offline", "queue", "requires"));
    world_feed(&w, "d-38", d);
    open_own(&wish, "{\"type\":\"t\",\"title\":\"Hồ sơ đã đổi\",\"status\":412}");
    sees("   1  Giữ việc của tôi: tiếp nhận trên bản 6");
    sees("   -  Sửa: việc này không có gì để điền");
}

/* A signature was over the version that the officer saw. */
static void a_signature_is_never_sent_again_on_another_version(void **state)
{
    json_t *d = json_deep_copy(world_thing(&w, "dossiers", "d-24"));
    struct wish wish = plain_wish(
        "d-24", "approve", "{\"action\":\"approve\",\"signature\":{\"statement\":\"AA==\",\"cms\":\"AA==\"}}");

    json_object_set_new(d, "version", json_integer(9));
    json_object_set_new(
        d, "actions",
        json_pack("[{ss ss s[s]}]", "action", "approve", "offline", "never", "requires", "signature"));
    world_feed(&w, "d-24", d);
    wish.online_only = true;
    const char *key = open_own(&wish, "{\"type\":\"t\",\"title\":\"Hồ sơ đã đổi\",\"status\":412}");
    sees("   -  Giữ việc của tôi: phải xem và ký lại trên bản mới");
    sees("   3  Sửa: xem bản bây giờ và ký lại");
    world_keys(&w, "1");
    assert_int_equal(state_of(w.outbox, key), COMMAND_CONFLICT);
    world_keys(&w, "3");
    assert_string_equal(app_top(w.app)->ops->name, "sign");
}

static void the_next_conflict_is_a_key_away(void **state)
{
    struct wish wish = plain_wish("d-24", "comment", "{\"action\":\"comment\",\"note\":\"x\"}");

    open_card();
    world_keys(&w, ".");
    sees("Không còn xung đột nào khác.");
    sees("Xung đột · hồ sơ …1228-0038");
    world_keys(&w, "q");
    open_own(&wish, "{\"type\":\"t\",\"title\":\"Hồ sơ đã đổi\",\"status\":412}");
    world_keys(&w, ".");
    sees("Xung đột · hồ sơ …1228-0038");
    world_keys(&w, ".");
    sees("Hệ thống trả lời: Hồ sơ đã đổi.");
    world_keys(&w, ",");
    sees("Xung đột · hồ sơ …1228-0038");
}

/* Another motcua of the officer was quicker. */
static void what_is_resolved_meanwhile_says_so(void **state)
{
    const char *key = open_card()->key;

    assert_ok(outbox_drop(w.outbox, key, w.clock, &e), &e);
    outbox_take_changes(w.outbox);
    app_changed(w.app, CACHE_OUTBOX);
    sees("Việc này không còn vướng.");
    world_keys(&w, "1");
    sees("việc này không còn vướng");
    assert_null(wish_of("d-38", 0));
}

static void enter_on_a_row_opens_the_dossier(void **state)
{
    open_card();
    world_keys(&w, "Enter");
    assert_string_equal(app_top(w.app)->ops->name, "dossier");
    world_keys(&w, "q");
    sees("Xung đột · hồ sơ …1228-0038");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_the_mock_up),
        TEST(every_screen_has_the_choices_and_the_focus),
        TEST(long_words_take_more_rows),
        TEST(nobody_named_is_the_system_or_the_applicant),
        TEST(what_failed_behind_another_says_so),
        TEST(what_the_cache_knows_later_stands),
        TEST(a_dossier_that_is_gone_can_only_be_let_go),
        TEST(odd_answers_are_shown_and_nothing_more),
        TEST(leaving_changes_nothing),
        TEST(keeping_mine_wishes_it_of_what_stands_now),
        TEST(taking_theirs_drops_mine),
        TEST(mending_opens_the_form_with_my_content),
        TEST(without_a_form_there_is_nothing_to_mend),
        TEST(a_signature_is_never_sent_again_on_another_version),
        TEST(the_next_conflict_is_a_key_away),
        TEST(what_is_resolved_meanwhile_says_so),
        TEST(enter_on_a_row_opens_the_dossier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

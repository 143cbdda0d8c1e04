/* The progress of a batch: a result for each that says no more than is known, found by its key whatever becomes of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"

#include <stdlib.h>
#include <string.h>

static struct world w;
static struct err e;
static char keys[7][UUID_TEXT];

static int set_up(void **state)
{
    (void)state;
    e = (struct err){0};
    world_new(&w, "mockups", "quan", "10:09");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_free(&w);
    return 0;
}

/* ── wishes ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct wish batch_wish(const char *id, const char *action, bool online_only)
{
    const json_t *d = world_thing(&w, "dossiers", id);

    return (struct wish){.target = id,
                         .if_match = "7",
                         .method = "POST",
                         .path = "/dossiers/x/actions",
                         .action = action,
                         .code = json_string_value(json_object_get(d, "code")),
                         .name = json_string_value(json_object_get(json_object_get(d, "applicant"), "name")),
                         .body = "{}",
                         .body_len = 2,
                         .hold = !online_only,
                         .online_only = online_only,
                         .acted_at = w.clock};
}

static void open_batch(size_t n)
{
    const char *ids[8] = {0};

    for (size_t i = 0; i < n; i++)
        ids[i] = keys[i];
    assert_true(app_open(w.app, &view_batch, &(struct view_arg){.ids = ids}));
}

static void changed(void)
{
    outbox_take_changes(w.outbox);
    app_changed(w.app, CACHE_OUTBOX);
    world_draw(&w, 24, 80);
}

static void done_at(const char *key, int64_t at)
{
    assert_ok(outbox_sending(w.outbox, key, &e), &e);
    assert_ok(outbox_done(w.outbox, key, "\"8\"", NULL, at, &e), &e);
}

/* The mock-up's seven: three signed, one refused, one sent back, one not known, one on its way. */
static void seven(void)
{
    static const struct {
        const char *id, *action;
        bool online_only;
    } rows[] = {{"d-19", "approve", true}, {"d-24", "approve", true}, {"d-03b", "refuse_result", true},
                {"d-10", "approve", true}, {"d-31", "rework", false}, {"d-29", "approve", true},
                {"d-05", "approve", true}};
    struct wish wishes[7];
    bool taken;

    for (size_t i = 0; i < 7; i++)
        wishes[i] = batch_wish(rows[i].id, rows[i].action, rows[i].online_only);
    wishes[2].code = "000.25.33.H06-221226-0003";
    wishes[2].name = "Phùng Thị Mỹ Lệ";
    assert_ok(outbox_enqueue(w.outbox, wishes, 7, keys, &e), &e);
    world_pass(&w, OUTBOX_HOLD_MS);
    for (size_t i = 0; i < 3; i++)
        done_at(keys[i], w.clock - 9 + (int64_t)i);
    assert_ok(outbox_sending(w.outbox, keys[3], &e), &e);
    assert_ok(outbox_failed(w.outbox, keys[3], COMMAND_REFUSED,
                            "{\"type\":\"urn:onestop:problem:four-eyes\",\"status\":403,"
                            "\"title\":\"Người trình không được ký\"}",
                            NULL, w.clock - 6, &e),
              &e);
    assert_ok(outbox_end_holds(w.outbox, &e), &e);
    done_at(keys[4], w.clock - 5);
    assert_ok(outbox_sending(w.outbox, keys[5], &e), &e);
    assert_ok(outbox_no_answer(w.outbox, keys[5], true, w.machine.env.mono + 5000, NULL, &taken, &e), &e);
    assert_ok(outbox_sending(w.outbox, keys[6], &e), &e);
}

/* ── what it says ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void each_row_says_what_is_known(void **state)
{
    (void)state;
    seven();
    open_batch(7);
    changed();
    world_keys(&w, "Down Down Down");
    world_draw(&w, 0, 0);
    world_title(&w, "Đang ký · 7 hồ sơ", "xong 5/7");
    world_rows(&w, 2, "   # Mã hồ sơ   Người nộp        Việc      Kết quả",
               "   1 …1227-0019 Lâm Chí Vỹ       Đồng ý    đã ký, hệ thống ghi nhận 10:08:51",
               "   2 …1227-0024 Trần Quốc Việt   Đồng ý    đã ký, hệ thống ghi nhận 10:08:52",
               "   3 …1226-0003 Phùng Thị Mỹ Lệ  Từ chối   đã ký, hệ thống ghi nhận 10:08:53",
               ">  4 …1226-0010 Nguyễn Hữu Đức   Đồng ý    × từ chối: người trình không được ký",
               "   5 …1223-0031 Trương Gia Huy   Trả lại   đã gửi, hệ thống ghi nhận 10:08:55",
               "   6 …1223-0029 Bùi Thị Diễm Qu… Đồng ý    ? chưa rõ kết quả, đang hỏi lại",
               "   7 …1222-0005 Cao Thị Út       Đồng ý    đang ký…");
    assert_true(world_sees(&w, " ██████████████████████████████████████████░░░░░░░░░░░░░░░░░░   5/7"));
    assert_true(world_sees(&w, " Số 4: "));
    assert_true(world_sees(&w, " Số 6: "));
    assert_true(world_sees(&w, "ở nơi khác"));
    assert_true(world_sees(&w, " Đang ký số 7…"));
    assert_int_equal(w.canvas->cursor_row, 6);
}

/* An online-only wish that never left is taken away; its row stays and says so. */
static void what_was_taken_away_is_not_forgotten(void **state)
{
    struct wish wishes[] = {batch_wish("d-19", "approve", true), batch_wish("d-24", "approve", true)};
    bool taken = false;

    (void)state;
    assert_ok(outbox_enqueue(w.outbox, wishes, 2, keys, &e), &e);
    open_batch(2);
    assert_ok(outbox_no_answer(w.outbox, keys[0], false, 0, NULL, &taken, &e), &e);
    assert_true(taken);
    changed();
    world_title(&w, "Đang ký · 2 hồ sơ", "xong 1/2");
    assert_true(strstr(world_row(&w, 3), "chưa gửi: việc này cần có mạng") != NULL);
    world_keys(&w, "Enter");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "Đang ký · 2 hồ sơ"));
}

static void all_of_it_is_undone_at_once(void **state)
{
    struct wish wishes[] = {batch_wish("d-19", "rework", false), batch_wish("d-24", "rework", false)};

    (void)state;
    assert_ok(outbox_enqueue(w.outbox, wishes, 2, keys, &e), &e);
    open_batch(2);
    changed();
    world_title(&w, "Đang gửi · 2 hồ sơ", "xong 0/2");
    assert_true(world_sees(&w, "Bấm u để hoàn tác cả lượt trong 10 giây."));
    world_keys(&w, "u");
    changed();
    world_title(&w, "Đang gửi · 2 hồ sơ", "xong 2/2");
    assert_false(world_sees(&w, "hệ thống ghi nhận"));
    assert_false(outbox_can_undo(w.outbox));
}

/* Left and found again; what is in conflict opens as that. */
static void it_can_be_left_and_what_is_stuck_be_opened(void **state)
{
    struct wish wishes[] = {batch_wish("d-19", "rework", false), batch_wish("d-24", "rework", false)};

    (void)state;
    wishes[0].seen = wishes[1].seen = "{}";
    assert_ok(outbox_enqueue(w.outbox, wishes, 2, keys, &e), &e);
    assert_ok(outbox_end_holds(w.outbox, &e), &e);
    assert_ok(outbox_sending(w.outbox, keys[1], &e), &e);
    assert_ok(outbox_failed(w.outbox, keys[1], COMMAND_CONFLICT, NULL, NULL, w.clock, &e), &e);
    open_batch(2);
    changed();
    assert_true(strstr(world_row(&w, 4), "≠ xung đột") != NULL);
    world_keys(&w, "q");
    world_draw(&w, 0, 0);
    assert_false(world_sees(&w, "Đang gửi · 2 hồ sơ"));
    int64_t unsent, stuck;
    outbox_counts(w.outbox, &unsent, &stuck);
    assert_int_equal(unsent, 1);
    assert_int_equal(stuck, 1);
    open_batch(2);
    done_at(keys[0], w.clock);
    changed();
    world_title(&w, "Đang gửi · 2 hồ sơ", "xong 2/2");
    assert_true(strstr(world_row(&w, 3), "đã gửi, hệ thống ghi nhận 10:09:00") != NULL);
}

/* More than fit scroll; the focus is always in sight. */
static void a_long_batch_scrolls(void **state)
{
    struct wish wishes[40];
    static char many[40][UUID_TEXT];
    const char *ids[41] = {0};

    (void)state;
    for (size_t i = 0; i < 40; i++) {
        wishes[i] = batch_wish("d-19", "comment", false);
        ids[i] = many[i];
    }
    assert_ok(outbox_enqueue(w.outbox, wishes, 40, many, &e), &e);
    assert_true(app_open(w.app, &view_batch, &(struct view_arg){.ids = ids}));
    world_draw(&w, 16, 60);
    world_keys(&w, "End");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, "> 40 "));
    world_keys(&w, "Home");
    world_draw(&w, 0, 0);
    assert_true(world_sees(&w, ">  1 "));
    assert_true(world_sees(&w, "0/40"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_row_says_what_is_known), TEST(what_was_taken_away_is_not_forgotten),
        TEST(all_of_it_is_undone_at_once), TEST(it_can_be_left_and_what_is_stuck_be_opened),
        TEST(a_long_batch_scrolls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

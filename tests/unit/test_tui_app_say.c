/* What the message line says, and for how long: wishes, undo, the network.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_dossier.h"
#include "tests/unit/tui_page.h"

#include <stdio.h>
#include <string.h>

/* ── what is said ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void what_is_said_stays_until_something_is_done(void **state)
{
    app_toast(w.app, TOAST_ERROR, "%s", "Ổ đĩa đầy.");
    world_pass(&w, 3600 * 1000);
    said(" Ổ đĩa đầy.");
    world_keys(&w, "Backspace"); /* does nothing */
    said(" Ổ đĩa đầy.");
    now.takes = CMD_DOWN;
    world_keys(&w, "Down");
    said("");
    now.takes = CMD_ACT; /* what the key itself says stays */
    app_toast_err(w.app, &(struct err){.code = ERR_STORE, .text = "Lỗi."});
    said(" Lỗi.");
    now.focus = FOCUS_TEXT;
    world_type(&w, "a");
    said("");
}

/* The network says how the line is; that goes when it changes, and hides no error. */
static void the_line_is_told(void **state)
{
    static const char offline[] =
        "Mất mạng từ 09:42. Cứ làm tiếp: việc đã lưu trên máy này sẽ tự gửi khi có mạng.";

    w.line.state = LINE_OFFLINE;
    w.line.why = (struct err){.code = ERR_OFFLINE};
    snprintf(w.line.why.text, sizeof w.line.why.text, "%s", offline);
    world_line(&w);
    world_draw(&w, 24, 80); /* whole, since what to do stands at the end */
    world_rows(&w, 21, " Mất mạng từ 09:42. Cứ làm tiếp: việc đã lưu trên máy này sẽ tự gửi khi có", " mạng.");
    world_line(&w); /* once is enough: a key has taken it away */
    now.takes = CMD_DOWN;
    world_keys(&w, "Down");
    world_line(&w);
    said("");
    w.line.state = LINE_ONLINE;
    w.line.why = (struct err){0};
    world_line(&w);
    w.line.state = LINE_OFFLINE;
    w.line.why = (struct err){.code = ERR_OFFLINE, .text = "Mất mạng."};
    world_line(&w);
    said(" Mất mạng.");
    w.line.state = LINE_ONLINE;
    w.line.why = (struct err){0};
    world_line(&w);
    said("");
    w.line.why = (struct err){.code = ERR_STORE, .text = "Ổ đĩa đầy."}; /* the line is as good as it was */
    world_line(&w);
    said(" Ổ đĩa đầy.");
    w.line.why = (struct err){0};
    world_line(&w);
    said("");
    app_toast(w.app, TOAST_ERROR, "Lỗi của tôi.");
    w.line.state = LINE_SLOW;
    w.line.why = (struct err){.code = ERR_OFFLINE, .text = "Mạng chậm."};
    world_line(&w);
    said(" Lỗi của tôi.");
}

/* ── wishes ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The officer wishes `action` for this dossier; the server offers it. */
static void act_on(const char *id, const char *action, const char *offline)
{
    struct arena arena = {0};
    struct dossier d;
    struct err e = {0};
    json_t *whole = copy_of(&w, id);

    offer(whole, action, offline, NULL);
    dossier_fed(&w, whole);
    struct wish_target target = {.dossier = &d};
    assert_ok(cache_dossier(w.cache, id, &arena, &d, &target.seen, &e), &e);
    assert_ok(app_act(w.app, &target, 1,
                      &(struct action_request){.action = action, .until = DAY_NONE, .new_due_at = INSTANT_NONE},
                      &e),
              &e);
    arena_clear(&arena);
}

static void said_wide(int rows, int cols, const char *wanted)
{
    world_draw(&w, rows, cols);
    world_rows(&w, rows - 2, wanted);
}

/* The mock-ups `dossiers`, `dossiers-60x16` and `dossiers-132x40`. */
static void saved_in_three_lengths(void **state)
{
    act_on("d-41", "receive", "queue");
    said_wide(40, 132,
              " Đã lưu trên máy này: tiếp nhận hồ sơ 000.25.33.H06-221228-0041. Bấm u để hoàn tác trong 10 giây.");
    said_wide(16, 60, " Đã lưu trên máy này: tiếp nhận …0041. u: hoàn tác.");
    said(" Đã lưu trên máy này: tiếp nhận …1228-0041. Bấm u để hoàn tác trong 10 giây.");
    assert_true(strstr(world_row(&w, 0), "chưa gửi 1") != NULL);
    now.takes = CMD_DOWN;
    world_keys(&w, "Down"); /* it stays: it can still be taken back */
    world_pass(&w, 9999);
    said(" Đã lưu trên máy này: tiếp nhận …1228-0041. Bấm u để hoàn tác trong 10 giây.");
    world_pass(&w, 1);
    said("");
}

static void undone_or_too_late(void **state)
{
    world_keys(&w, "u");
    said(" Hoàn tác: không có việc nào vừa lưu trong 10 giây qua.");
    act_on("d-41", "receive", "queue");
    world_pass(&w, 9000);
    world_keys(&w, "u");
    said(" Đã rút việc vừa lưu. Chưa có gì được gửi.");
    assert_true(strstr(world_row(&w, 0), "chưa gửi 0") != NULL);
    act_on("d-43", "receive", "queue");
    world_pass(&w, 10000);
    world_keys(&w, "u");
    said_wide(24, 132,
              " Đã quá 10 giây, việc đang được gửi nên không rút được. Mở hồ sơ, bấm x để xem việc làm tiếp.");
    assert_true(strstr(world_row(&w, 0), "chưa gửi 1") != NULL);
}

static void the_key_of_the_keymap_is_named(void **state)
{
    struct err e = {0};

    now.focus = FOCUS_TEXT; /* a form is open while its wish is saved: the sentence is read after it */
    act_on("d-41", "receive", "queue");
    said(" Đã lưu trên máy này: tiếp nhận …1228-0041. Bấm u để hoàn tác trong 10 giây.");
    assert_true(keymap_use(w.keymap, "fkeys", "keymaps", &e));
    act_on("d-43", "receive", "queue");
    said(" Đã lưu trên máy này: tiếp nhận …0043. Delete: hoàn tác.");
    now.focus = FOCUS_ROW;
    world_keys(&w, "Delete");
    said(" Đã rút việc vừa lưu. Chưa có gì được gửi.");
}

static void saved_while_cut_off(void **state)
{
    w.line.state = LINE_OFFLINE;
    world_line(&w);
    act_on("d-41", "receive", "queue");
    said(" Đã lưu trên máy này: tiếp nhận …1228-0041. Chưa gửi; sẽ tự gửi khi có mạng.");
    said_wide(16, 60, " Đã lưu trên máy này: tiếp nhận …0041. Chưa gửi.");
    world_keys(&w, "u"); /* and can be taken back as ever */
    said(" Đã rút việc vừa lưu. Chưa có gì được gửi.");
}

static void several_at_once(void **state)
{
    static const char *const ids[] = {"d-41", "d-43", "d-47"};
    struct arena arena = {0};
    struct dossier d[3];
    struct wish_target targets[3];
    const char(*keys)[UUID_TEXT];
    struct err e = {0};

    for (int i = 0; i < 3; i++) {
        json_t *whole = copy_of(&w, ids[i]);
        offer(whole, "receive", "queue", NULL);
        dossier_fed(&w, whole);
        targets[i].dossier = &d[i];
        assert_ok(cache_dossier(w.cache, ids[i], &arena, &d[i], &targets[i].seen, &e), &e);
    }
    assert_ok(app_act(w.app, targets, 3,
                      &(struct action_request){.action = "receive", .until = DAY_NONE, .new_due_at = INSTANT_NONE},
                      &e),
              &e);
    assert_int_equal(app_act_keys(w.app, &keys), 3);
    assert_int_equal(strlen(keys[2]), 36);
    said(" Đã lưu trên máy này: tiếp nhận, 3 hồ sơ. Bấm u để hoàn tác trong 10 giây.");
    world_keys(&w, "u"); /* the batch is one wish */
    assert_true(strstr((world_draw(&w, 24, 80), world_row(&w, 0)), "chưa gửi 0") != NULL);
    arena_clear(&arena);
}

/* Refused before anything is kept: nothing is said but why. */
static void what_is_not_offered_is_not_saved(void **state)
{
    struct arena arena = {0};
    struct dossier d;
    struct wish_target target = {.dossier = &d};
    struct err e = {0};

    assert_ok(cache_dossier(w.cache, "d-41", &arena, &d, &target.seen, &e), &e);
    assert_err(
        app_act(w.app, &target, 1,
                &(struct action_request){.action = "issue", .until = DAY_NONE, .new_due_at = INSTANT_NONE}, &e),
        &e, ERR_REFUSED);
    said("");
    assert_true(strstr(world_row(&w, 0), "chưa gửi 0") != NULL);
    arena_clear(&arena);
}

/* ── what became of them ────────────────────────────────────────────────────────────────────────────────────────────── */

static char *key_on(const char *target)
{
    struct arena arena = {0};
    struct command *rows;
    struct err e = {0};
    char *key = NULL;
    size_t n;

    assert_ok(outbox_list(w.outbox, 0, &arena, &rows, &n, &e), &e);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].target, target) == 0)
            key = mem_copy(rows[i].key);
    arena_clear(&arena);
    assert_non_null(key);
    return key;
}

static void event(const char *target, enum command_state became, bool taken_away, bool step_up, struct err why)
{
    char *key = key_on(target);

    app_net_event(w.app, key, became, taken_away, step_up, &why);
    mem_free(&key);
}

static void what_the_network_tells(void **state)
{
    world_plant(&w, "seven");
    world_pass(&w, 10000); /* nothing can be undone */
    event("d-19", COMMAND_DONE, false, false, (struct err){0});
    said(" Đã gửi, hệ thống đã ghi nhận lúc 09:42: ghi chú …1227-0019.");
    event("d-38", COMMAND_CONFLICT, false, false, (struct err){0});
    said_wide(
        24, 132,
        " Xung đột: Đỗ Thu Hà đã đổi hồ sơ lúc 09:18. Hệ thống chưa ghi nhận việc của tôi. Bấm Enter để chọn cách xử lý.");
    event("d-19", COMMAND_DONE, false, false, (struct err){0}); /* good news do not hide what waits for the officer */
    said_wide(
        24, 132,
        " Xung đột: Đỗ Thu Hà đã đổi hồ sơ lúc 09:18. Hệ thống chưa ghi nhận việc của tôi. Bấm Enter để chọn cách xử lý.");
    event("d-07", COMMAND_REFUSED, false, false, (struct err){.code = ERR_REFUSED, .text = "?"});
    said_wide(24, 132, " Hệ thống từ chối: đang chờ nộp phí. Mở Hộp gửi (h), bấm x để sửa hoặc bỏ việc này.");
    event("d-37", COMMAND_DUE, true, false, (struct err){.code = ERR_OFFLINE, .text = "?"});
    said(" Việc này cần có mạng. Chưa có gì được lưu hay gửi; làm lại khi có mạng.");
    event("d-37", COMMAND_DUE, true, false, (struct err){.code = ERR_AUTH, .text = "Phiên đã hết."});
    said(" Phiên đã hết.");
    event("d-37", COMMAND_DUE, false, true, (struct err){.code = ERR_AUTH});
    said_wide(24, 132, " Hệ thống đòi đăng nhập lại để nhận chữ ký. Phần đã ký được giữ; đăng nhập lại để gửi.");
    assert_int_equal(w.canvas->cells[22 * 132 + 1].style, STYLE_ERROR);
}

/* Who signs what he proposed himself is told in words of its own; there is nothing to mend. */
static void four_eyes_are_told_in_words(void **state)
{
    struct err e = {0};
    char *key;

    world_plant(&w, "seven");
    world_pass(&w, 10000);
    key = key_on("d-19");
    assert_ok(outbox_sending(w.outbox, key, &e), &e);
    assert_ok(outbox_failed(w.outbox, key, COMMAND_REFUSED,
                            "{\"type\":\"urn:onestop:problem:four-eyes\",\"status\":403,\"title\":\"Hai người\"}",
                            NULL, w.clock, &e),
              &e);
    mem_free(&key);
    event("d-19", COMMAND_REFUSED, false, false, (struct err){.code = ERR_REFUSED, .text = "?"});
    said_wide(24, 132,
              " Người trình và người ký phải là hai người khác nhau. Chưa ký. Chuyển cho người ký khác.");
}

/* A row that another instance took away, a problem that says little. */
static void what_the_network_tells_of_things_unknown(void **state)
{
    app_net_event(w.app, "00000000-0000-4000-8000-000000000000", COMMAND_DONE, false, false, &(struct err){0});
    said("");
    world_plant(&w, "seven");
    world_pass(&w, 10000);
    event("d-22", COMMAND_CONFLICT, false, false, (struct err){0});
    said_wide(
        24, 132,
        " Xung đột: có người đã đổi hồ sơ lúc 09:42. Hệ thống chưa ghi nhận việc của tôi. Bấm Enter để chọn cách xử lý.");
    event("d-22", COMMAND_REFUSED, false, false, (struct err){.code = ERR_REFUSED, .text = "không đủ quyền"});
    said_wide(24, 132, " Hệ thống từ chối: không đủ quyền. Mở Hộp gửi (h), bấm x để sửa hoặc bỏ việc này.");
}

/* What can be taken back stands before the news of another wish. */
static void news_do_not_hide_the_undo(void **state)
{
    world_plant(&w, "comment");
    act_on("d-41", "receive", "queue");
    event("d-19", COMMAND_DONE, false, false, (struct err){0});
    said(" Đã lưu trên máy này: tiếp nhận …1228-0041. Bấm u để hoàn tác trong 10 giây.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(what_is_said_stays_until_something_is_done),
        PAGE_TEST(the_line_is_told),
        PAGE_TEST(saved_in_three_lengths),
        PAGE_TEST(undone_or_too_late),
        PAGE_TEST(the_key_of_the_keymap_is_named),
        PAGE_TEST(saved_while_cut_off),
        PAGE_TEST(several_at_once),
        PAGE_TEST(what_is_not_offered_is_not_saved),
        PAGE_TEST(what_the_network_tells),
        PAGE_TEST(four_eyes_are_told_in_words),
        PAGE_TEST(what_the_network_tells_of_things_unknown),
        PAGE_TEST(news_do_not_hide_the_undo),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

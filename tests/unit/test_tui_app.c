/* The app: its stack of views, what they ask, when it draws and wakes, and what it remembers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_page.h"

#include <stdio.h>
#include <string.h>

/* ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void answers_find_who_asked(void **state)
{
    struct view *v = app_top(w.app);
    struct ask one = {.kind = ASK_EVENTS, .dossier = mem_copy("d-41")},
               two = {.kind = ASK_SEARCH, .text = mem_copy("đào")}, out;
    uint64_t first = app_ask(w.app, v, &one), second = app_ask(w.app, v, &two), cancelled;

    assert_int_not_equal(first, second);
    assert_null(one.dossier); /* taken */
    assert_true(app_next_ask(w.app, &out));
    assert_true(out.id == first && out.kind == ASK_EVENTS && strcmp(out.dossier, "d-41") == 0);
    ask_clear(&out);
    app_answer(w.app, &(struct answer){.id = first, .kind = ASK_EVENTS}); /* more will come */
    app_answer(w.app, &(struct answer){.id = first, .kind = ASK_EVENTS, .final = true});
    app_answer(w.app, &(struct answer){.id = first, .kind = ASK_EVENTS, .final = true}); /* none was waited for */
    app_answer(w.app, &(struct answer){.id = 4711, .final = true});
    assert_int_equal(now.answers, 2);
    assert_int_equal(now.ask, first);
    world_keys(&w, "q"); /* who closes is not waited for */
    assert_true(app_next_cancel(w.app, &cancelled));
    assert_int_equal(cancelled, second);
    assert_false(app_next_cancel(w.app, &cancelled));
    app_answer(w.app, &(struct answer){.id = second, .kind = ASK_SEARCH, .final = true});
    assert_int_equal(now.answers, 2);
}

/* What the app itself asked: sign-out that could not be told. */
static void errors_of_the_apps_own_asks_are_said(void **state)
{
    struct ask mine = {.kind = ASK_SIGN_OUT};
    uint64_t id = app_ask(w.app, NULL, &mine);

    app_answer(w.app, &(struct answer){
                          .id = id, .final = true, .err = {.code = ERR_OFFLINE, .text = "Không có mạng."}});
    said(" Không có mạng.");
}

static void asking_the_server_now(void **state)
{
    struct ask out;

    world_keys(&w, "F5");
    said(" Đang hỏi máy chủ…");
    assert_true(world_ask(&w, &out));
    assert_int_equal(out.kind, ASK_SYNC);
    app_answer(w.app, &(struct answer){.id = out.id, .kind = ASK_SYNC, .final = true});
    said(" Máy chủ đã trả lời; số liệu là của 09:42.");
    ask_clear(&out);
}

static void how_asking_ended_is_not_said_over_what_was_said_since(void **state)
{
    struct ask out;

    world_keys(&w, "F5");
    assert_true(world_ask(&w, &out));
    app_toast(w.app, TOAST_ERROR, "%s", "Có việc khác.");
    app_answer(w.app, &(struct answer){.id = out.id, .kind = ASK_SYNC, .final = true});
    said(" Có việc khác.");
    ask_clear(&out);
}

static void asking_again_leaves_one_question(void **state)
{
    struct ask first, second;
    uint64_t cancelled;

    world_keys(&w, "F5");
    assert_true(world_ask(&w, &first));
    world_keys(&w, "F5");
    assert_true(world_ask(&w, &second));
    assert_true(app_next_cancel(w.app, &cancelled));
    assert_int_equal(cancelled, first.id);
    app_answer(w.app, &(struct answer){.id = second.id,
                                       .kind = ASK_SYNC,
                                       .final = true,
                                       .err = {.code = ERR_OFFLINE, .text = "Không có mạng."}});
    said(" Không có mạng.");
    ask_clear(&first);
    ask_clear(&second);
}

static void signing_out_is_asked(void **state)
{
    struct ask out;

    world_plant(&w, "three");
    app_sign_out(w.app);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Đăng xuất? 3 việc chưa gửi được giữ lại, chỉ tài khoản này gửi được khi đăng"));
    world_keys(&w, "Enter");
    assert_false(world_ask(&w, &out));
    app_sign_out(w.app);
    world_keys(&w, "2");
    assert_true(world_ask(&w, &out));
    assert_int_equal(out.kind, ASK_SIGN_OUT);
    ask_clear(&out);
}

/* ── the stack, time and frames ─────────────────────────────────────────────────────────────────────────────────────── */

static void views_are_opened_replaced_and_closed(void **state)
{
    struct view *first = app_top(w.app);

    now.refuse = true;
    assert_false(app_open(w.app, &page, NULL));
    assert_ptr_equal(app_top(w.app), first);
    said(" Không mở được.");
    app_replace(w.app, &page, NULL); /* what cannot be opened replaces nothing */
    assert_ptr_equal(app_top(w.app), first);
    now.refuse = false;
    int closed = now.closed;
    app_replace(w.app, &page, NULL);
    assert_int_equal(now.closed, closed + 1);
    assert_string_equal(app_top(w.app)->under->ops->name, "queues");
    struct view *low = app_top(w.app);
    app_open(w.app, &page, NULL);
    app_open(w.app, &page, NULL);
    app_close(w.app, low); /* with all above it */
    assert_string_equal(app_top(w.app)->ops->name, "queues");
    app_open(w.app, &page, NULL);
    app_open(w.app, &page, NULL);
    app_home(w.app);
    assert_null(app_top(w.app)->under);
}

static void views_load_what_they_depend_on(void **state)
{
    now.loads = 0;
    app_changed(w.app, CACHE_OUTBOX | CACHE_LINE);
    assert_int_equal(now.loads, 0);
    app_changed(w.app, CACHE_DOSSIERS);
    assert_int_equal(now.loads, 1);
    world_pass(&w, 59999); /* the minute is not over */
    assert_int_equal(now.loads, 1);
    world_pass(&w, 1);
    assert_int_equal(now.loads, 2);
    app_resize(w.app, 40, 120);
    assert_int_equal(now.loads, 3);
}

static void nothing_is_drawn_while_nothing_changes(void **state)
{
    struct canvas *c = canvas_new(24, 80);

    assert_true(app_draw(w.app, c));
    assert_false(app_draw(w.app, c));
    world_line(&w);
    app_tick(w.app);
    assert_false(app_draw(w.app, c));
    world_pass(&w, 59000);
    assert_false(app_draw(w.app, c));
    world_pass(&w, 1000);
    assert_true(app_draw(w.app, c)); /* the minute */
    assert_false(app_draw(w.app, c));
    world_keys(&w, "z");
    assert_true(app_draw(w.app, c));
    canvas_free(&c);
}

static void ticks_come_when_they_are_due(void **state)
{
    int64_t mono = w.machine.env.mono;

    assert_int_equal(app_wake(w.app), mono + 60000); /* 09:42:00: the next minute */
    now.wake = mono + 200;
    assert_int_equal(app_wake(w.app), mono + 200);
    world_pass(&w, 199);
    assert_int_equal(now.ticks, 0);
    world_pass(&w, 1);
    assert_int_equal(now.ticks, 1);
    world_plant(&w, "receive"); /* held since now */
    assert_int_equal(app_wake(w.app), w.machine.env.mono + 10000);
}

/* ── what is remembered ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void places_outlive_the_program(void **state)
{
    assert_null(app_place(w.app, "queue:mine"));
    app_set_place(w.app, "queue:mine", json_pack("{s:s}", "focus", "d-41"));
    assert_string_equal(json_string_value(json_object_get(app_place(w.app, "queue:mine"), "focus")), "d-41");
    world_restart(&w);
    assert_string_equal(json_string_value(json_object_get(app_place(w.app, "queue:mine"), "focus")), "d-41");
    app_set_place(w.app, "queue:mine", NULL);
    assert_null(app_place(w.app, "queue:mine"));
    world_restart(&w);
    assert_null(app_place(w.app, "queue:mine"));
}

static void colours_and_keys_outlive_the_program(void **state)
{
    enum theme_id theme = THEME_DEFAULT;

    assert_false(app_take_theme(w.app, &theme));
    world_keys(&w, ":");
    world_type(&w, "mau");
    world_keys(&w, "Enter 1");
    assert_false(app_take_theme(w.app, &theme));
    world_keys(&w, ":");
    world_type(&w, "mau");
    world_keys(&w, "Enter 3");
    assert_true(app_take_theme(w.app, &theme));
    assert_int_equal(theme, THEME_LIGHT);
    assert_false(app_take_theme(w.app, &theme));
    world_keys(&w, ":");
    world_type(&w, "bo phim");
    world_keys(&w, "Enter 3");
    now.got = CMD_NONE;
    world_keys(&w, "j");
    assert_int_equal(now.got, CMD_DOWN); /* vim */
    theme = THEME_DEFAULT;
    world_restart(&w);
    assert_true(app_take_theme(w.app, &theme));
    assert_int_equal(theme, THEME_LIGHT);
    assert_true(app_open(w.app, &page, NULL));
    now.got = CMD_NONE;
    world_keys(&w, "k");
    assert_int_equal(now.got, CMD_UP);
}

/* Keymap files may speak of every view that there is. */
static void every_view_is_a_place_for_keys(void **state)
{
    static const struct view_ops *const views[] = {
        &view_signin, &view_queues,  &view_dossiers, &view_dossier, &view_act,    &view_form,
        &view_sign,   &view_tray,    &view_review,   &view_batch,   &view_outbox, &view_conflict,
        &view_help,   &view_palette, &view_about,    NULL};

    for (size_t i = 0; views[i]; i++) {
        char line[64];
        int n = snprintf(line, sizeof line, "bind %s F10 help", views[i]->name);
        if (!keymap_read(w.keymap, "keymap", line, (size_t)n, NULL, NULL))
            fail_at(HERE, "no place: %s", views[i]->name);
        assert_non_null(views[i]->draw);
        assert_non_null(views[i]->title);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(answers_find_who_asked),
        PAGE_TEST(errors_of_the_apps_own_asks_are_said),
        PAGE_TEST(asking_the_server_now),
        PAGE_TEST(how_asking_ended_is_not_said_over_what_was_said_since),
        PAGE_TEST(asking_again_leaves_one_question),
        PAGE_TEST(signing_out_is_asked),
        PAGE_TEST(views_are_opened_replaced_and_closed),
        PAGE_TEST(views_load_what_they_depend_on),
        PAGE_TEST(nothing_is_drawn_while_nothing_changes),
        PAGE_TEST(ticks_come_when_they_are_due),
        PAGE_TEST(places_outlive_the_program),
        PAGE_TEST(colours_and_keys_outlive_the_program),
        PAGE_TEST(every_view_is_a_place_for_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

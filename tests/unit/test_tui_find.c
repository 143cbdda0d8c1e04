/* The find line of a list: scopes, hits, what the server finds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"
#include "tests/unit/tui_world.h"

#include <stdlib.h>
#include <string.h>

/* As docs/scenarios.md says how the pictures are reached. */
static void open_mine(struct world *w)
{
    world_new(w, "mockups", "mai", "09:42");
    world_plant(w, "seven");
    world_keys(w, "2 s 2 Home Down Down Down Down Space Space Down Down Down Space Up Up Up Up Up Up");
}

/* The mock-up `dossiers-find`. */
static void finding_is_the_mock_up(void **state)
{
    struct world w;

    open_mine(&w);
    world_keys(&w, "/ Tab");
    world_type(&w, "nguyen thi dao");
    world_draw(&w, 24, 80);
    world_rows(&w, 1, " Tìm: [mọi hồ sơ trên máy]  danh sách này  hỏi máy chủ                      1/5",
               "    Mã hồ sơ   Người nộp          Thủ tục         Trạng thái    Thời gian còn",
               "> ~ …1228-0041 Nguyễn Thị Đào     Đăng…khai sinh  Mới ĐK      ! còn 3 giờ",
               "    …1116-0020 Nguyễn Thị Đào     Chứng…bản chính Đã trả        xong đúng hạn",
               "    …1104-0052 Nguyễn Thị Đảo     Đăng ký kết hôn Đã trả        xong trước hạn",
               "    …0930-0008 Nguyễn Thị Đạo     Đăng ký tạm trú Đã trả        xong quá hạn",
               "    …0817-0033 Nguyễn Thị Ngọc Đ… Đăng ký khai tử Đã trả        xong đúng hạn", "", "", "",
               " Tìm theo: tên (không cần dấu), chữ đầu (ntd), mã hồ sơ, số cuối giấy tờ (4821).",
               " Chưa thấy? Bấm Tab để chọn “hỏi máy chủ” rồi Enter.");
    world_rows(&w, 22, " Tìm: nguyen thi dao_",
               " Enter Tiếp  Tab Phần kế  Ctrl-T Kiểu gõ  Esc Quay lại  F1 Giúp");
    world_free(&w);
}

static void finding_in_the_list_first(void **state)
{
    struct world w;

    open_mine(&w);
    world_keys(&w, "/");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, " Tìm: mọi hồ sơ trên máy  [danh sách này]  hỏi máy chủ"));
    assert_true(world_sees(&w, "…1229-0012")); /* the list stands until something is typed */
    world_type(&w, "ha");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "danh sách này]"));
    world_type(&w, "zzz");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Không thấy “hazzz” trong danh sách này. Tab: tìm mọi hồ sơ trên máy."));
    world_keys(&w, "Esc");
    world_settle(&w, 24, 80);
    world_title(&w, "Việc của tôi", "5/26 · chọn 3"); /* as it was */
    /* hits are walked through, and one comes back to them */
    world_keys(&w, "/ Tab");
    world_type(&w, "nguyen thi dao");
    world_keys(&w, "Down Enter");
    world_draw(&w, 24, 80);
    world_title(&w, "Hồ sơ 000.25.33.H06-221116-0020", "2/5");
    world_keys(&w, ". q");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, ">   …1104-0052 Nguyễn Thị Đảo"));
    assert_true(world_sees(&w, "Tìm: nguyen thi dao_"));
    world_free(&w);
}

/* What is searched for is kept nowhere. */
static void words_are_not_kept(void **state)
{
    struct world w;

    open_mine(&w);
    world_keys(&w, "/");
    world_type(&w, "nguyen thi dao");
    world_pass(&w, 2000);
    char *kept = outbox_kept(w.outbox, "place:queue:mine");
    assert_null(strstr(kept, "nguyen"));
    mem_free(&kept);
    world_free(&w);
}

static void answer_with(struct world *w, uint64_t id, const char *code, bool more)
{
    struct answer a = {.id = id, .kind = ASK_SEARCH, .final = true};
    json_t *d = dossier_json(code, 3, "returned", "closed"), *page;
    struct err e = {0};

    set_text(d, "unit", "H06.33.26");
    set_text(d, "procedure", "1.001193");
    set_time(d, "completed_at", w->clock - 86400 * 300);
    page = json_pack("{s[o] sb}", "items", d, "more", more);
    if (more)
        json_object_set_new(page, "cursor", json_string("next"));
    char *text = json_dumps(page, 0);
    assert_ok(codec_read(&shape_dossier_page, text, strlen(text), &a.arena, &a.page, NULL, &e), &e);
    free(text);
    json_decref(page);
    app_answer(w->app, &a);
    answer_clear(&a);
}

/* The server is asked by an Enter of its own; what it finds is shown, opened, and not kept. */
static void the_server_is_asked_by_enter(void **state)
{
    struct world w;
    struct ask ask;

    open_mine(&w);
    world_keys(&w, "/ Tab Tab");
    world_type(&w, "dao");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "mọi hồ sơ trên máy  danh sách này  [hỏi máy chủ]"));
    assert_true(world_sees(&w, "Bấm Enter để hỏi máy chủ."));
    assert_false(world_ask(&w, &ask));
    world_keys(&w, "Enter Enter"); /* once */
    assert_true(world_ask(&w, &ask));
    assert_int_equal(ask.kind, ASK_SEARCH);
    assert_string_equal(ask.text, "dao");
    uint64_t id = ask.id;
    ask_clear(&ask);
    assert_false(world_ask(&w, &ask));
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Đang hỏi máy chủ…"));
    answer_with(&w, id, "srv-1", true);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, ">   M-srv-1"));
    assert_true(world_sees(&w, "1/1+"));
    world_keys(&w, "Down"); /* at the end of what is here: the next page */
    assert_true(world_ask(&w, &ask));
    assert_string_equal(ask.cursor, "next");
    id = ask.id;
    ask_clear(&ask);
    answer_with(&w, id, "srv-2", false);
    world_keys(&w, "Down Enter");
    world_draw(&w, 24, 80);
    world_title(&w, "Hồ sơ M-srv-2", "2/2");
    struct arena arena = {0};
    struct dossier d;
    assert_false(cache_dossier(w.cache, "srv-2", &arena, &d, NULL, NULL));
    arena_clear(&arena);
    world_keys(&w, "q");
    world_type(&w, "x"); /* other words: another question */
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Bấm Enter để hỏi máy chủ."));
    assert_false(world_sees(&w, "srv-1"));
    world_free(&w);
}

static void the_server_has_no_answer(void **state)
{
    struct world w;
    struct ask ask;

    world_new(&w, "mockups", "mai", "09:42");
    world_keys(&w, "/ Tab");
    world_type(&w, "dao");
    world_keys(&w, "Enter");
    assert_true(world_ask(&w, &ask));
    struct answer a = {.id = ask.id, .kind = ASK_SEARCH, .final = true};
    err_set(&a.err, ERR_OFFLINE, "Không có mạng.");
    ask_clear(&ask);
    app_answer(w.app, &a);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Không có mạng."));
    world_keys(&w, "Enter"); /* may be asked again */
    assert_true(world_ask(&w, &ask));
    ask_clear(&ask);
    world_keys(&w, "Esc"); /* what was opened to find is left */
    world_draw(&w, 24, 80);
    world_title(&w, "Hàng việc", "09:42");
    world_free(&w);
}

/* Ctrl-T switches, the status line says it, and it is the same tomorrow. What is pasted is no key that was pressed. */
static void vietnamese_is_typed_by_telex_and_vni(void **state)
{
    struct world w;

    open_mine(&w);
    world_keys(&w, "/");
    world_type(&w, "ddaof");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, " Tìm: ddaof_"));
    assert_false(world_sees(&w, "Telex"));
    world_keys(&w, "Ctrl-U Ctrl-T");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Kiểu gõ: Telex."));
    world_type(&w, "nguyeenx ddaof");
    world_paste(&w, " aaf");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, " Tìm: nguyễn đào aaf_"));
    assert_true(world_sees(&w, "· Telex ·"));
    world_keys(&w, "Esc");
    world_restart(&w);
    world_keys(&w, "2 / Ctrl-T"); /* a letter that is a command stays one: nothing is typed in a list */
    world_type(&w, "d9a2o");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, " Tìm: đào_"));
    assert_true(world_sees(&w, "· VNI ·"));
    world_keys(&w, "Backspace");
    world_type(&w, "3"); /* on what stands before the cursor */
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, " Tìm: đả_"));
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finding_is_the_mock_up),   cmocka_unit_test(finding_in_the_list_first),
        cmocka_unit_test(words_are_not_kept),       cmocka_unit_test(the_server_is_asked_by_enter),
        cmocka_unit_test(the_server_has_no_answer), cmocka_unit_test(vietnamese_is_typed_by_telex_and_vni),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

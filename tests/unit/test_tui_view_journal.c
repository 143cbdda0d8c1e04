/* The journal of this machine: what was done in words, newest first, as far back as it is kept, and that damage is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_journal.h"
#include "tests/unit/tui_world.h"

#include <string.h>

static struct world w;
static struct err e;

static int set_up(void **state)
{
    e = (struct err){0};
    world_new(&w, "mockups", "mai", "09:42");
    return 0;
}

static int tear_down(void **state)
{
    world_free(&w);
    return 0;
}

static void open_journal(void)
{
    world_keys(&w, "Ctrl-P");
    world_type(&w, "nhat ky");
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
}

static void note(enum journal_kind kind, const char *dossier, const char *code)
{
    assert_ok(outbox_note(w.outbox, kind, dossier, code, &e), &e);
}

static void act(const char *dossier, char key[static UUID_TEXT])
{
    struct wish wish = wish_on(dossier);
    wish.acted_at = w.clock;
    enqueue(w.outbox, &wish, key);
}

static void undo(void)
{
    struct arena arena = {0};
    struct command undone;
    assert_ok(outbox_undo(w.outbox, &arena, &undone, &e), &e);
    arena_clear(&arena);
}

static void what_was_done_stands_in_words_newest_first(void **state)
{
    char key[UUID_TEXT];

    note(JOURNAL_SIGN_IN, NULL, NULL);
    act("d-41", key);
    note(JOURNAL_REVEAL, "d-35", "000.25.33.H06-221228-0035");
    undo();
    open_journal();
    world_rows(&w, 1, " Nhật ký máy này · 4                                                        1/4",
               "  Lúc làm Mã hồ sơ   Việc                Đã làm gì",
               "> 09:42   …1228-0041 Ghi chú             đã hoàn tác",
               "  09:42   …1228-0035                     đã hiện đủ số giấy tờ, điện thoại",
               "  09:42   …1228-0041 Ghi chú             đã lưu",
               "  09:42                                  đã đăng nhập");
    world_shows(&w, "Số việc: ");
    world_shows(&w, key);
    world_shows(&w, "29/12/2022 09:42 · Ghi chú hồ sơ 000.25.33.H06-221228-0041 · đã hoàn");
}

static void it_pages_as_lists_do(void **state)
{
    enum { MANY = 40 };
    for (int i = 0; i < MANY; i++)
        note(JOURNAL_LOCK, NULL, NULL);
    open_journal();
    world_title(&w, "Nhật ký máy này · 40", " 1/40");
    world_keys(&w, "PgDn");
    world_draw(&w, 24, 80);
    world_title(&w, "Nhật ký máy này · 40", " 15/40");
    world_keys(&w, "End Up");
    world_draw(&w, 24, 80);
    world_title(&w, "Nhật ký máy này · 40", " 39/40");
    world_keys(&w, "Home");
    world_draw(&w, 24, 80);
    world_title(&w, "Nhật ký máy này · 40", " 1/40");
    world_keys(&w, "Esc");
    world_hides(&w, "Nhật ký máy này");
}

/* One entry about several wishes is a line for each. */
static void the_focus_stays_on_its_line_when_others_come(void **state)
{
    struct wish both[2] = {wish_on("d-41"), wish_on("d-43")};
    char keys[2][UUID_TEXT], key[UUID_TEXT];

    both[0].acted_at = both[1].acted_at = w.clock;
    both[1].code = "000.25.33.H06-221228-0043";
    assert_ok(outbox_enqueue(w.outbox, both, 2, keys, &e), &e);
    open_journal();
    world_rows(&w, 3, "> 09:42   …1228-0043 Ghi chú             đã lưu",
               "  09:42   …1228-0041 Ghi chú             đã lưu");
    act("d-03", key);
    app_changed(w.app, CACHE_OUTBOX);
    world_draw(&w, 24, 80);
    world_title(&w, "Nhật ký máy này · 3", " 2/3");
    world_shows(&w, keys[1]);
}

static void enter_opens_the_dossier_where_there_is_one(void **state)
{
    char key[UUID_TEXT];

    act("d-41", key);
    note(JOURNAL_LOCK, NULL, NULL);
    open_journal();
    world_keys(&w, "Enter");
    world_shows(&w, "dòng này không về hồ sơ nào");
    world_keys(&w, "Down Enter");
    world_shows(&w, "Nguyễn Thị Đào");
    world_hides(&w, "Nhật ký máy này");
    world_keys(&w, "Esc");
    world_draw(&w, 24, 80);
    world_title(&w, "Nhật ký máy này · 2", " 2/2");
}

static void damage_is_told_and_the_rest_is_read(void **state)
{
    char key[UUID_TEXT];

    note(JOURNAL_SIGN_IN, NULL, NULL);
    note(JOURNAL_LOCK, NULL, NULL);
    act("d-41", key);
    struct buf bytes = journal_bytes(&w.machine, "journal");
    size_t starts[16], n = journal_starts(&bytes, starts, 16);
    assert_true(n >= 4);
    bytes.data[starts[2] + 20] ^= 1; /* the lock */
    journal_put_file(&w.machine, "journal", &bytes);
    buf_clear(&bytes);
    open_journal();
    world_title(&w, "Nhật ký máy này · 2", " 1/2");
    world_shows(&w, "Mục 3 của nhật ký không còn như lúc ghi");
    world_hides(&w, "khóa màn hình");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_done_stands_in_words_newest_first),   TEST(it_pages_as_lists_do),
        TEST(the_focus_stays_on_its_line_when_others_come), TEST(enter_opens_the_dossier_where_there_is_one),
        TEST(damage_is_told_and_the_rest_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

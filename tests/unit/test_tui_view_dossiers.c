/* Lists of dossiers against the mock-ups' own people: words and columns, focus, marks, order, filter, the dossier beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"

#include <string.h>

/* As docs/scenarios.md says how the pictures are reached. */
static void open_mine(struct world *w)
{
    world_new(w, "mockups", "mai", "09:42");
    world_plant(w, "seven");
    world_keys(w, "2 s 2 Home Down Down Down Down Space Space Down Down Down Space Up Up Up Up Up Up");
}

/* The mock-up `dossiers`. */
static void list_is_the_mock_up(void **state)
{
    struct world w;

    open_mine(&w);
    world_settle(&w, 24, 80);
    world_rows(&w, 0, " TẬP HUẤN  TT. Ngãi Giao · Mai         trực tuyến · chưa gửi 4, vướng 3 · 09:42",
               " Việc của tôi · xếp theo ngày nộp, mới trước                      5/26 · chọn 3",
               "    Mã hồ sơ   Người nộp          Thủ tục         Trạng thái    Thời gian còn",
               "    …1229-0012 Phan Tấn Lộc       Đăng ký khai tử Đang xử lý    còn 2 ngày 7 giờ",
               "    …1229-0003 Kiều Văn Đạt       Đăng ký tạm trú Mới ĐK        còn 6 giờ",
               "    …1228-0047 Thạch Sa Rây       Xác…hộ tịch     Mới ĐK      ! còn 3 giờ",
               "    …1228-0043 Lê Thị Hoa Lài     Đăng…thường trú Mới ĐK      ! còn 3 giờ",
               ">*~ …1228-0041 Nguyễn Thị Đào     Đăng…khai sinh  Mới ĐK      ! còn 3 giờ",
               " *≠ …1228-0038 Đặng Văn Khoa      Đăng ký kết hôn Đã nhận       còn 1 ngày",
               "  » …1228-0037 Lý Thị Hồng Nhung  Cấp…hôn nhân    Đang xử lý    còn 2 ngày 3 giờ",
               "    …1227-0024 Trần Quốc Việt     Đăng…kinh doanh Đang xử lý    còn 1 ngày",
               "  ? …1227-0022 Hồ Quốc Bảo        Đăng ký khai tử Đang xử lý  ! còn 3 giờ",
               " *↑ …1227-0019 Lâm Chí Vỹ         Đăng…kinh doanh Đang xử lý    còn 1 ngày 2 giờ",
               "    …1226-0010 Nguyễn Hữu Đức     Đăng ký giám hộ Đang xử lý  ! còn 3 giờ",
               "  × …1226-0007 Võ Thị Bích Ngọc   Chứng…bản chính Chờ phí    || tạm dừng",
               "    …1226-0004 Huỳnh Ngọc Ẩn      Đăng ký…mẹ, con Bổ sung    || tạm dừng",
               "    …1226-0003 Phùng Thị Mỹ Lệ    Chấm…kinh doanh Đang xử lý    còn 6 giờ",
               "    …1223-0031 Trương Gia Huy     Đăng…khai sinh  Đang xử lý !! quá hạn 1 ngày",
               "    …1223-0029 Bùi Thị Diễm Quỳnh Đăng ký giám hộ Đang xử lý !! quá hạn 3 giờ",
               "    …1222-0016 Tạ Đình Quý        Chứng…di chúc   Đang xử lý ?? chưa tính được",
               "    …1222-0011 Ngô Thị Kim Phượng Đăng…thường trú Đang xử lý    còn 3 ngày 1 giờ",
               " ~ hoàn tác được   ↑ chưa gửi   » đang gửi   ? chưa rõ   ≠ xung đột   × từ chối",
               " Đã lưu trên máy này: tiếp nhận …1228-0041. Bấm u để hoàn tác trong 10 giây.",
               " Enter Mở  Space Chọn  x Xử lý  u Hoàn tác  / Tìm  l Lọc  ? Giúp  q Quay lại");
    assert_int_equal(w.canvas->cursor_row, 7);
    assert_int_equal(w.canvas->cursor_col, 0);
    world_free(&w);
}

/* The mock-up `dossiers-60x16`. */
static void least_screen_is_the_mock_up(void **state)
{
    struct world w;

    open_mine(&w);
    world_settle(&w, 16, 60);
    world_rows(&w, 0, " TẬP HUẤN  Mai     trực tuyến · chưa gửi 4, vướng 3 · 09:42",
               " Việc của tôi · xếp theo ngày nộp             5/26 · chọn 3",
               "    Mã hồ sơ   Người nộp      Trạng thái    Thời gian còn",
               "    …1229-0012 Phan Tấn Lộc   Đang xử lý    còn 2 ngày 7 giờ",
               "    …1229-0003 Kiều Văn Đạt   Mới ĐK        còn 6 giờ",
               "    …1228-0047 Thạch Sa Rây   Mới ĐK      ! còn 3 giờ",
               "    …1228-0043 Lê Thị Hoa Lài Mới ĐK      ! còn 3 giờ",
               ">*~ …1228-0041 Nguyễn Thị Đào Mới ĐK      ! còn 3 giờ",
               " *≠ …1228-0038 Đặng Văn Khoa  Đã nhận       còn 1 ngày",
               "  » …1228-0037 Lý Thị Hồng N… Đang xử lý    còn 2 ngày 3 giờ",
               "    …1227-0024 Trần Quốc Việt Đang xử lý    còn 1 ngày",
               "  ? …1227-0022 Hồ Quốc Bảo    Đang xử lý  ! còn 3 giờ",
               " *↑ …1227-0019 Lâm Chí Vỹ     Đang xử lý    còn 1 ngày 2 giờ",
               "    …1226-0010 Nguyễn Hữu Đức Đang xử lý  ! còn 3 giờ",
               " Đã lưu trên máy này: tiếp nhận …0041. u: hoàn tác.",
               " Enter Mở  x Xử lý  u Hoàn tác  ? Giúp  q Quay lại");
    world_free(&w);
}

/* The mock-up `dossiers-132x40`: the list beside its preview; what stands in that is tested with the dossier. */
static void wide_screen_is_the_mock_up(void **state)
{
    struct world w;

    open_mine(&w);
    world_settle(&w, 40, 132);
    world_keys(&w, "c");
    world_settle(&w, 40, 132);
    assert_non_null(
        strstr(world_row(&w, 2),
               "    Mã hồ sơ   Người nộp                Trạng thái    Thời gian còn    │ Hồ sơ 000.25."));
    assert_non_null(
        strstr(world_row(&w, 7), ">*~ …1228-0041 Nguyễn Thị Đào           Mới ĐK      ! còn 3 giờ        │"));
    assert_non_null(strstr(world_row(&w, 25),
                           "    …1221-0009 Công ty TNHH Bình Giã X… Xin rút    || tạm dừng         │"));
    const char *keys = " Enter Mở  Space Chọn  x Xử lý  u Hoàn tác  / Tìm  l Lọc  s Xếp  c Xem kèm  m Hiện số  "
                       "h Hộp gửi  ? Giúp  q Quay lại";
    world_rows(&w, 36, " ~ hoàn tác được  ↑ chưa gửi  » đang gửi  ? chưa rõ  ≠ xung đột        │",
               " × từ chối   !! quá hạn   ! hôm nay   || tạm dừng   ?? chưa tính được  │",
               " Đã lưu trên máy này: tiếp nhận hồ sơ 000.25.33.H06-221228-0041. Bấm u để hoàn tác trong 10 giây.",
               keys);
    world_free(&w);
}

/* The preview follows the focus after 200 ms of rest, so that a held key repaints nothing; numbers are shown until another row. */
static void preview_follows_at_rest(void **state)
{
    struct world w;

    open_mine(&w);
    world_keys(&w, "c"); /* not in 80 columns */
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "cần màn hình rộng từ 120 cột (đang 80)"));
    world_draw(&w, 40, 132);
    world_keys(&w, "c m");
    world_settle(&w, 40, 132);
    assert_true(world_sees(&w, "│ Hồ sơ 000.25.33.H06-221228-0041"));
    assert_false(world_sees(&w, "***4821"));
    world_pass(&w, 30000);
    world_draw(&w, 40, 132);
    assert_true(world_sees(&w, "***4821"));
    world_keys(&w, "Down");
    world_pass(&w, 199);
    world_draw(&w, 40, 132);
    assert_true(world_sees(&w, "│ Hồ sơ 000.25.33.H06-221228-0041"));
    world_pass(&w, 1);
    world_draw(&w, 40, 132);
    assert_true(world_sees(&w, "│ Hồ sơ 000.25.33.H06-221228-0038"));
    world_restart(&w); /* it stays as the officer left it */
    world_keys(&w, "2");
    world_settle(&w, 40, 132);
    assert_true(world_sees(&w, "│ Hồ sơ 000.25.33.H06-221228-0038"));
    world_keys(&w, "c");
    world_draw(&w, 40, 132);
    assert_false(world_sees(&w, "│ Hồ sơ"));
    world_free(&w);
}

/* Rows as long as the screen, whatever its size; the list is never shorter than it could be. */
static void every_size(void **state)
{
    struct world w;

    open_mine(&w);
    for (int cols = 60; cols <= 190; cols += 9)
        for (int rows = 16; rows <= 48; rows += 4) {
            world_settle(&w, rows, cols);
            if (!world_sees(&w, ">*~") || !world_sees(&w, "Nguyễn Thị Đào") ||
                !strstr(world_row(&w, 1), "5/26 · chọn 3"))
                fail_at(HERE, "%d x %d", cols, rows);
            assert_int_equal(w.canvas->cells[w.canvas->cursor_row * cols].text[0], '>');
        }
    world_free(&w);
}

/* ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void all_is_found_as_it_was_left(void **state)
{
    struct world w;

    open_mine(&w);
    world_settle(&w, 24, 80);
    world_keys(&w, "Right"); /* another queue has a place of its own */
    world_settle(&w, 24, 80);
    world_title(&w, "Đang xử lý · xếp theo hạn", "1/41");
    world_keys(&w, "Left Left");
    world_settle(&w, 24, 80);
    world_title(&w, "Chờ tiếp nhận · xếp theo hạn", "1/12");
    world_keys(&w, "Left"); /* round */
    world_settle(&w, 24, 80);
    world_title(&w, "Đứng yên quá 2 ngày làm việc · xếp theo hạn", "1/2");
    world_keys(&w, "q");
    world_restart(&w);
    world_keys(&w, "2");
    world_settle(&w, 24, 80);
    world_title(&w, "Việc của tôi · xếp theo ngày nộp, mới trước", "5/26 · chọn 3");
    world_rows(&w, 7, ">*~ …1228-0041 Nguyễn Thị Đào     Đăng…khai sinh  Mới ĐK      ! còn 3 giờ");
    world_free(&w);
}

/* Also when the program dies: a place is kept a second after the focus rests. */
static void a_place_is_kept_at_rest(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_keys(&w, "2 Down Down Down");
    world_pass(&w, 1000);
    char *kept = outbox_kept(w.outbox, "place:queue:mine");
    assert_non_null(kept);
    assert_non_null(strstr(kept, "\"line\":3"));
    assert_null(strstr(kept, "Nguyễn")); /* ids, never names */
    mem_free(&kept);
    world_free(&w);
}

/* Places come from a file: what makes no sense is passed over. */
static void a_broken_place_is_no_place(void **state)
{
    static const char *const texts[] = {
        "[]", "7", "{\"sort\":\"size\",\"focus\":7,\"line\":-4,\"marks\":{\"a\":1},\"filter\":[1]}",
        "{\"marks\":[1,null,\"d-never\"],\"filter\":{\"due\":[3,\"never\"],\"status\":7}}", "{"};
    struct err e = {0};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct world w;
        world_new(&w, "mockups", "mai", "09:42");
        assert_ok(outbox_keep(w.outbox, "place:queue:mine", texts[i], false, &e), &e);
        world_keys(&w, "2");
        world_settle(&w, 24, 80);
        assert_true(world_sees(&w, "Việc của tôi · xếp theo hạn"));
        world_free(&w);
    }
}

/* ── rows come and go ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void received(struct world *w, const char *id)
{
    json_t *d = json_deep_copy(world_thing(w, "dossiers", id));

    json_object_set_new(d, "version", json_integer(90));
    json_object_set_new(d, "status", json_string("returned"));
    json_object_set_new(d, "step", json_string("closed"));
    json_object_set_new(d, "completed_at", json_string("2022-12-29T09:40:00+07:00"));
    json_object_set_new(d, "returned_at", json_string("2022-12-29T09:41:00+07:00"));
    world_feed(w, id, d);
}

/* A row that leaves hands the focus to the next, and its mark is gone: nothing may be done to what is not seen. */
static void a_row_leaves(void **state)
{
    struct world w;

    open_mine(&w);
    world_settle(&w, 24, 80);
    received(&w, "d-41");
    world_settle(&w, 24, 80);
    world_pass(&w, 300); /* counted again when nothing has changed for a while */
    world_draw(&w, 24, 80);
    world_title(&w, "Việc của tôi", "5/25 · chọn 2");
    world_rows(&w, 7, ">*≠ …1228-0038 Đặng Văn Khoa      Đăng ký kết hôn Đã nhận       còn 1 ngày");
    assert_false(world_sees(&w, "…1228-0041"));
    world_free(&w);
}

static void time_makes_a_row_overdue(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_keys(&w, "1");
    world_settle(&w, 24, 80);
    assert_true(world_sees(&w, "…1228-0035 Trần Ngọc Yến Nhi  Đăng ký kết hôn Mới ĐK      ! còn 23 phút"));
    world_pass(&w, 60 * 1000);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "…1228-0035 Trần Ngọc Yến Nhi  Đăng ký kết hôn Mới ĐK      ! còn 22 phút"));
    world_pass(&w, 24 * 60 * 1000);
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "…1228-0035 Trần Ngọc Yến Nhi  Đăng ký kết hôn Mới ĐK     !! quá hạn 1 phút"));
    world_free(&w);
}

static void nothing_is_drawn_while_nothing_changes(void **state)
{
    struct world w;

    open_mine(&w);
    world_settle(&w, 24, 80);
    world_pass(&w, 11000); /* the hold is over, the place is kept */
    world_draw(&w, 24, 80);
    world_pass(&w, 1000); /* and what stands here is counted */
    world_draw(&w, 24, 80);
    world_pass(&w, 10000);
    assert_false(app_draw(w.app, w.canvas));
    world_free(&w);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void marks(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_keys(&w, "2 +");
    world_settle(&w, 24, 80);
    world_title(&w, "Việc của tôi", "1/26 · chọn 18");
    world_keys(&w, "Space"); /* unmarks, and goes down */
    world_settle(&w, 24, 80);
    world_title(&w, "Việc của tôi", "2/26 · chọn 17");
    world_keys(&w, "-");
    world_settle(&w, 24, 80);
    world_title(&w, "Việc của tôi", "2/26");
    world_keys(&w, "-");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "chưa chọn hồ sơ nào"));
    world_free(&w);
}

/* What is marked is what `x` is about. */
static void one_action_for_all_that_is_marked(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    static const char *const ids[] = {"d-41", "d-43"};
    for (size_t i = 0; i < 2; i++) {
        json_t *d = json_deep_copy(world_thing(&w, "dossiers", ids[i]));
        json_object_set_new(d, "version", json_integer(9));
        json_object_set_new(d, "actions",
                            json_pack("[{ss s[] ss}]", "action", "receive", "requires", "offline", "queue"));
        world_feed(&w, ids[i], d);
    }
    world_keys(&w, "1 Home Down Down Space Space x");
    world_settle(&w, 24, 80);
    assert_true(world_sees(&w, "── Xử lý 2 hồ sơ: bấm số ─"));
    assert_true(world_sees(&w, "2 trong 2 hồ sơ"));
    world_keys(&w, "Esc - Up x"); /* none is marked: the focused one */
    world_settle(&w, 24, 80);
    assert_true(world_sees(&w, "── Xử lý: bấm số ─"));
    world_free(&w);
}

static void order(void **state)
{
    static const struct {
        const char *keys, *title, *first;
    } ways[] = {
        {"s 1 Home", "Việc của tôi · xếp theo hạn", "…1220-0027"},
        {"s 2 Home", "Việc của tôi · xếp theo ngày nộp, mới trước", "…1229-0012"},
        {"s 3 Home", "Việc của tôi · xếp theo tên", "Huỳnh Ngọc Ẩn"},
        {"s Down Enter Home", "Việc của tôi · xếp theo mã", "…1219-0004"},
        {"s 5 Home", "Việc của tôi · xếp theo việc vướng", "…12"},
    };
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_plant(&w, "seven");
    world_keys(&w, "2");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        world_keys(&w, ways[i].keys);
        world_settle(&w, 24, 80);
        world_title(&w, ways[i].title, "1/26");
        if (!strstr(world_row(&w, 3), ways[i].first))
            fail_at(HERE, "%s: %s", ways[i].title, world_row(&w, 3));
    }
    for (int row = 3; row < 6; row++) { /* ≠ × ? come first */
        const char *text = world_row(&w, row);
        if (!strstr(text, "≠") && !strstr(text, "×") && !strstr(text, "?"))
            fail_at(HERE, "no trouble in %s", text);
    }
    world_keys(&w, "s 8");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Phím này không dùng ở đây."));
    world_free(&w);
}

static void filter(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_keys(&w, "2 l");
    world_type(&w, "qua");
    world_keys(&w, "Space");
    world_settle(&w, 24, 80);
    assert_true(world_sees(&w, "> [x]   Hạn            quá hạn"));
    world_title(&w, "Việc của tôi · xếp theo hạn · lọc: quá hạn", "1/2"); /* the list shows it at once */
    world_keys(&w, "F9");
    world_settle(&w, 24, 80);
    world_rows(&w, 3, ">   …1223-0031 Trương Gia Huy     Đăng…khai sinh  Đang xử lý !! quá hạn 1 ngày",
               "    …1223-0029 Bùi Thị Diễm Quỳnh Đăng ký giám hộ Đang xử lý !! quá hạn 3 giờ", "");
    world_restart(&w);
    world_keys(&w, "2 l");
    world_type(&w, "giam"); /* a field, "Giảm nghèo", stands before the procedures */
    world_keys(&w, "Down Space F9");
    world_settle(&w, 24, 80);
    world_title(&w, "Việc của tôi · xếp theo hạn · lọc: quá hạn, Đăng ký giám hộ", "1/1");
    world_keys(&w, "l");
    world_type(&w, "buu chinh");
    world_keys(&w, "Space");
    world_settle(&w, 24, 80);
    assert_true(world_sees(&w, "Không có hồ sơ nào khớp bộ lọc. l: đổi bộ lọc; r: hỏi máy chủ."));
    world_keys(&w, "Esc Esc"); /* the words go, then what was ticked */
    world_settle(&w, 24, 80);
    world_title(&w, "Việc của tôi · xếp theo hạn · lọc: quá hạn, Đăng ký giám hộ", "1/1");
    world_keys(&w, "l Home Space F9");
    world_settle(&w, 24, 80);
    world_title(&w, "Việc của tôi · xếp theo hạn", "/26");
    world_free(&w);
}

/* What is to be signed today of one field: the procedures say which they are of. */
static void filter_by_field(void **state)
{
    struct world w;

    world_new(&w, "mockups", "quan", "09:42");
    world_keys(&w, "1 l");
    world_type(&w, "tich");
    world_keys(&w, "Space F9");
    world_settle(&w, 24, 80);
    world_title(&w, "Chờ ký · xếp theo hạn · lọc: Hộ tịch", "1/4");
    assert_false(world_sees(&w, "kinh doanh"));
    world_keys(&w, "l");
    world_type(&w, "hom");
    world_keys(&w, "Space F9");
    world_settle(&w, 24, 80);
    world_title(&w, "Chờ ký · xếp theo hạn · lọc: đến hạn hôm nay, Hộ tịch", "1/2");
    world_keys(&w, "l");
    world_type(&w, "cham"); /* of another field: no dossier is both */
    world_keys(&w, "Space");
    world_settle(&w, 24, 80);
    assert_true(world_sees(&w, "Không có hồ sơ nào khớp bộ lọc."));
    world_free(&w);
}

/* Enter, then `.` and `,`: the dossier knows where it stands in this list, and the list's focus goes along. */
static void the_way_to_the_next_dossier(void **state)
{
    struct world w;

    open_mine(&w);
    world_settle(&w, 24, 80);
    world_keys(&w, "Enter");
    world_draw(&w, 24, 80);
    world_title(&w, "Hồ sơ 000.25.33.H06-221228-0041 · Nguyễn Thị Đào", "5/26");
    world_keys(&w, ". .");
    world_draw(&w, 24, 80);
    world_title(&w, "Hồ sơ 000.25.33.H06-221228-0037 · Lý Thị Hồng Nhung", "7/26");
    world_keys(&w, ", , , , , , , ,");
    world_draw(&w, 24, 80);
    world_title(&w, "Hồ sơ 000.25.33.H06-221229-0012 · Phan Tấn Lộc", "1/26");
    world_keys(&w, ". q");
    world_settle(&w, 24, 80);
    world_title(&w, "Việc của tôi", "2/26 · chọn 3");
    world_rows(&w, 4, ">   …1229-0003 Kiều Văn Đạt       Đăng ký tạm trú Mới ĐK        còn 6 giờ");
    world_free(&w);
}

/* The dossier that is shown leaves the list meanwhile: `.` leads on from where it stood. */
static void the_way_goes_on_from_what_has_left(void **state)
{
    struct world w;

    world_new(&w, "mockups", "mai", "09:42");
    world_keys(&w, "1 Home Down Enter");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Hồ sơ 000.25.33.H06-221228-0035"));
    json_t *d = json_deep_copy(world_thing(&w, "dossiers", "d-35"));
    json_object_set_new(d, "version", json_integer(9));
    json_object_set_new(d, "status", json_string("received"));
    json_object_set_new(d, "due_at", json_string("2022-12-29T10:05:00+07:00"));
    world_feed(&w, "d-35", d);
    world_keys(&w, ".");
    world_draw(&w, 24, 80);
    assert_true(world_sees(&w, "Hồ sơ 000.25.33.H06-221228-0041"));
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_is_the_mock_up),
        cmocka_unit_test(least_screen_is_the_mock_up),
        cmocka_unit_test(wide_screen_is_the_mock_up),
        cmocka_unit_test(preview_follows_at_rest),
        cmocka_unit_test(every_size),
        cmocka_unit_test(all_is_found_as_it_was_left),
        cmocka_unit_test(a_place_is_kept_at_rest),
        cmocka_unit_test(a_broken_place_is_no_place),
        cmocka_unit_test(a_row_leaves),
        cmocka_unit_test(time_makes_a_row_overdue),
        cmocka_unit_test(nothing_is_drawn_while_nothing_changes),
        cmocka_unit_test(marks),
        cmocka_unit_test(one_action_for_all_that_is_marked),
        cmocka_unit_test(order),
        cmocka_unit_test(filter),
        cmocka_unit_test(filter_by_field),
        cmocka_unit_test(the_way_to_the_next_dossier),
        cmocka_unit_test(the_way_goes_on_from_what_has_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

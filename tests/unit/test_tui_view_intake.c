/* Taking a dossier in (screens.md, `intake`): what may be sent and what becomes of it; fees; every type of field; drafts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/draft.h"
#include "cache/numbers.h"
#include "core/instant.h"
#include "tests/unit/tui_intake.h"

#include <stdio.h>
#include <string.h>

/* ── what is sent ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The birth of the mock-up, from the card to the last paper. */
static void fill_in_again(struct world *w)
{
    world_keys(w, "n");
    world_type(w, "1.001193");
    world_keys(w, "Enter");
    counter_scan(w, SOUND "\r");
    world_type(w, "0901 230 611");
    world_keys(w, "PgDn");
    world_type(w, "Lê Bảo An");
    world_keys(w, "Tab");
    world_type(w, "25/12/2022");
    world_keys(w, "Tab 1 Tab");
    world_type(w, "Bệnh viện Bà Rịa");
    world_keys(w, "PgDn Space Down Space Down 2");
}

static void fill_in_a_birth(struct world *w)
{
    counter_sit(w, "mai");
    fill_in_again(w);
}

static void the_wish_is_what_was_taken_down(void **state)
{
    struct world w;

    fill_in_a_birth(&w);
    world_shows(&w, "[Giấy tờ 3/4]");
    world_keys(&w, "PgDn PgDn");
    world_shows(&w, "   Người nộp       Phạm Thị Diễm Hương, nữ, sinh 03/09/1991");
    world_shows(&w, "***7731  ***0611");
    world_shows(&w, "có 3 trong 4");
    world_hides(&w, "bắt buộc mà còn thiếu");
    world_keys(&w, "F9");
    world_shows(&w, "   Mã hồ sơ        hệ thống cấp");
    world_shows(&w, "   Số tạm          QUAY02-MAI-291222-001");
    world_shows(&w, "đã lưu trên máy này, chưa gửi; sẽ tự gửi");
    struct new_dossier n = counter_sent(&w);
    assert_string_equal(n.procedure, "1.001193");
    assert_string_equal(n.unit, "H06.33.26");
    assert_string_equal(n.channel, "counter");
    assert_string_equal(n.client_ref, "QUAY02-MAI-291222-001");
    assert_string_equal(n.applicant->kind, "person");
    assert_string_equal(n.applicant->name, "Phạm Thị Diễm Hương");
    assert_string_equal(n.applicant->id_number, "077191007731");
    assert_int_equal(n.applicant->birth_date, day_of(1991, 9, 3));
    assert_string_equal(n.applicant->sex, "female");
    assert_string_equal(n.applicant->address, "Tổ 7, ấp Vạn Bình, xã Kim Long, huyện Châu Đức");
    assert_string_equal(n.applicant->phone, "0901230611"); /* as it is dialled */
    assert_null(n.submitted_by);
    assert_string_equal(json_string_value(json_object_get(n.form, "ten_tre")), "Lê Bảo An");
    assert_string_equal(json_string_value(json_object_get(n.form, "ngay_sinh")), "2022-12-25");
    assert_string_equal(json_string_value(json_object_get(n.form, "gioi_tinh")), "Nam");
    assert_null(json_object_get(n.form, "so_ban"));
    assert_int_equal(n.n_papers, 4);
    assert_string_equal(n.papers[0].state, "handed_in");
    assert_int_equal(n.papers[0].originals, 1);
    assert_string_equal(n.papers[2].state, "looked_up");
    assert_string_equal(n.papers[3].state, "missing");
    assert_int_equal(n.n_fees, 0); /* on time, 0 đ */
    assert_int_equal(n.sets, 1);
    assert_true(n.received_at <= w.clock && n.received_at > w.clock - 70);
    assert_int_equal(draft_count(w.outbox), 0); /* it is a wish now */
    world_free(&w);
}

/* The code is shown when the feed has it; Enter opens the dossier. */
static void the_code_is_shown_when_it_comes(void **state)
{
    struct world w;
    struct err e = {0};

    fill_in_a_birth(&w);
    world_keys(&w, "F9");
    struct command c = counter_newest(&w);
    world_keys(&w, "Enter");
    world_shows(&w, "chưa có mã hồ sơ");
    json_t *d = json_deep_copy(world_thing(&w, "dossiers", "d-41"));
    json_object_set_new(d, "id", json_string("hs-1"));
    json_object_set_new(d, "code", json_string("000.25.33.H06-221229-0014"));
    world_feed(&w, "hs-1", d);
    assert_ok(outbox_sending(w.outbox, c.key, &e), &e);
    assert_ok(outbox_done(w.outbox, c.key, "\"1\"", "/api/v1/dossiers/hs-1", w.clock, &e), &e);
    app_changed(w.app, CACHE_OUTBOX);
    world_shows(&w, "   Mã hồ sơ        000.25.33.H06-221229-0014");
    world_shows(&w, "đã gửi, hệ thống đã ghi nhận");
    world_keys(&w, "Enter");
    world_shows(&w, " Hồ sơ 000.25.33.H06-221229-0014");
    world_free(&w);
}

/* What the system refuses can be mended with all that was filled in, under the number that the citizen has. */
static void what_is_refused_is_mended(void **state)
{
    static const char problem[] =
        "{\"type\":\"urn:onestop:problem:invalid\",\"title\":\"Số điện thoại không hợp lệ\",\"status\":422}";
    struct world w;
    struct err e = {0};

    fill_in_a_birth(&w);
    world_keys(&w, "F9");
    struct command c = counter_newest(&w);
    assert_ok(outbox_sending(w.outbox, c.key, &e), &e);
    assert_ok(outbox_failed(w.outbox, c.key, COMMAND_REFUSED, problem, NULL, w.clock, &e), &e);
    app_changed(w.app, CACHE_OUTBOX);
    world_shows(&w, "hệ thống từ chối");
    world_shows(&w, "Số điện thoại không hợp lệ");
    world_keys(&w, "h x 3");
    world_shows(&w, "[Phạm Thị Diễm Hương");
    world_keys(&w, "PgDn");
    world_shows(&w, "[25/12/2022]");
    world_shows(&w, "[Lê Bảo An");
    world_keys(&w, "PgDn");
    world_shows(&w, "[Giấy tờ 3/4]");
    world_keys(&w, "F9");
    world_shows(&w, "QUAY02-MAI-291222-001");
    struct new_dossier n = counter_sent(&w);
    assert_string_equal(n.client_ref, "QUAY02-MAI-291222-001");
    assert_string_equal(n.applicant->phone, "0901230611");
    assert_int_equal(counter_wishes(&w), 1);
    world_free(&w);
}

/* Who stands there files for another: the other is the applicant. */
static void somebody_files_for_the_owner(void **state)
{
    struct world w;

    counter_open(&w, "1.004194");
    counter_scan(&w, SOUND);
    world_shows(&w, "[Người nộp]");
    world_keys(&w, "Tab Tab 2");
    world_shows(&w, " Chủ hồ sơ");
    world_keys(&w, "Tab Tab");
    counter_scan(&w, "077068001234||Trần Văn Bảy|01021968|Nam|Ấp Vạn Bình, xã Kim Long, huyện Châu Đức|11052021");
    world_shows(&w, "[Trần Văn Bảy");
    world_shows(&w, "[Phạm Thị Diễm Hương");
    world_keys(&w, "PgDn PgDn PgDn PgDn");
    world_shows(&w, "   Chủ hồ sơ       Trần Văn Bảy, nam, sinh 01/02/1968");
    world_shows(&w, "   Người nộp thay  Phạm Thị Diễm Hương");
    world_free(&w);
}

/* ── fees ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void fees_follow_channel_copies_and_exemption(void **state)
{
    struct world w;

    counter_open(&w, "2.000635");
    counter_scan(&w, SOUND);
    world_keys(&w, "PgDn PgDn PgDn");
    world_shows(&w, "8.000 đ");
    world_keys(&w, "Tab Ctrl-U");
    world_type(&w, "3");
    world_shows(&w, "24.000 đ");
    world_keys(&w, "Tab 2");
    world_shows(&w, "   Cộng                                                                   0 đ");
    world_keys(&w, "1");
    world_shows(&w, "   Cộng                                                              24.000 đ");
    world_keys(&w, "Tab 2");
    world_shows(&w, "   Số biên lai     [____________________]");
    world_keys(&w, "Tab");
    world_type(&w, "BL-77");
    world_keys(&w, "PgUp PgUp 1 Tab");
    world_type(&w, "Phạm Thị Diễm Hương");
    world_keys(&w, "Tab");
    world_type(&w, "3");
    world_keys(&w, "F9");
    struct new_dossier n = counter_sent(&w);
    assert_int_equal(n.n_fees, 1);
    assert_string_equal(n.fees[0].name, "Phí cấp bản sao");
    assert_int_equal(n.fees[0].amount, 24000);
    assert_int_equal(n.fees[0].paid, 24000);
    assert_string_equal(n.fees[0].method, "cash");
    assert_string_equal(n.fees[0].receipt, "BL-77");
    assert_int_equal(json_integer_value(json_object_get(n.form, "so_ban")), 3);
    world_free(&w);
}

/* Helped to file it online: what costs at the counter costs nothing. */
static void the_channel_is_chosen_with_the_fees(void **state)
{
    struct world w;

    counter_open(&w, "1.001193");
    world_keys(&w, "PgDn PgDn PgDn 2");
    world_shows(&w, " · trực tuyến");
    world_hides(&w, "quá hạn");
    world_free(&w);
}

/* ── every type of the contract ────────────────────────────────────────────────────────────────────────────────────── */

static void every_type_of_field_is_asked_and_written_as_its_own(void **state)
{
    static const char *const types[] = {"text",   "multiline", "integer",   "money", "date",
                                        "choice", "yes_no",    "person_id", "phone", "of_a_later_version"};
    struct world w;
    json_t *fields = json_array(), *p;

    counter_sit(&w, "mai");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        json_t *field = json_pack("{ss ss ss}", "id", types[i], "label", types[i], "type", types[i]);
        if (i == 5)
            json_object_set_new(field, "choices", json_pack("[ss]", "một", "hai"));
        json_array_append_new(fields, field);
    }
    p = json_deep_copy(world_thing(&w, "procedures", "1.004194"));
    json_object_set_new(p, "form", fields);
    world_feed_page(
        &w, json_pack("[{ss ss si so}]", "type", "procedure", "id", "1.004194", "version", 2, "data", p));
    world_keys(&w, "n");
    world_type(&w, "1.004194");
    world_keys(&w, "Enter");
    counter_scan(&w, SOUND);
    world_keys(&w, "PgDn");
    world_type(&w, "chữ");
    world_keys(&w, "Tab");
    world_type(&w, "dòng");
    world_keys(&w, "Enter");
    world_type(&w, "hai");
    world_keys(&w, "Tab");
    world_type(&w, "12");
    world_keys(&w, "Tab");
    world_type(&w, "1.250.000");
    world_keys(&w, "Tab");
    world_type(&w, "1/2/2020");
    world_keys(&w, "Tab Right Right Tab Space Tab");
    world_type(&w, "077068001234");
    world_shows(&w, "12 số: sinh năm 1968, nam");
    world_keys(&w, "Tab");
    world_type(&w, "+84 901 230 611");
    world_keys(&w, "Tab");
    world_type(&w, "sau này");
    world_keys(&w, "F9");
    struct new_dossier n = counter_sent(&w);
    char *form = json_dumps(n.form, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(
        form, "{\"choice\":\"hai\",\"date\":\"2020-02-01\",\"integer\":12,\"money\":1250000,\"multiline\":"
              "\"dòng\\nhai\",\"of_a_later_version\":\"sau này\",\"person_id\":\"077068001234\",\"phone\":"
              "\"0901230611\",\"text\":\"chữ\",\"yes_no\":true}");
    free(form);
    world_free(&w);
}

/* ── cut off ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What a provisional receipt is, is read first; Enter leaves a draft and saves nothing. */
static void without_a_line_it_is_provisional_and_says_so(void **state)
{
    struct world w;

    fill_in_a_birth(&w);
    counter_cut_line(&w);
    world_keys(&w, "F9");
    world_shows(&w, " Hồ sơ mới · nhận khi mất mạng");
    world_shows(&w, "GIẤY BIÊN NHẬN TẠM");
    world_shows(&w, "   Số tạm          QUAY02-MAI-291222-001 (không phải mã hồ sơ)");
    world_shows(&w, "khoảng 30/12/2022 10:12 (máy này tính, chưa chính thức)");
    world_shows(&w, "> 1  Không, để lại thành nháp (mặc định)");
    world_shows(&w, "Chưa có gì được lưu ngoài bản nháp.");
    world_keys(&w, "Enter");
    world_shows(&w, "[Giấy tờ 3/4]");
    assert_int_equal(counter_wishes(&w), 0);
    assert_int_equal(draft_count(w.outbox), 1);
    world_keys(&w, "F9 Esc");
    world_shows(&w, "[Giấy tờ 3/4]");
    world_keys(&w, "F9 2");
    world_shows(&w, "đã lưu trên máy này, chưa gửi; sẽ tự gửi");
    assert_string_equal(counter_sent(&w).client_ref, "QUAY02-MAI-291222-001");
    assert_int_equal(draft_count(w.outbox), 0);
    world_free(&w);
}

/* The day's reserve has one code: the first receipt is official, the second cannot be. */
static void a_code_in_reserve_makes_the_receipt_official(void **state)
{
    struct world w;
    const char *codes[] = {"000.25.33.H06-221229-0030"};
    struct err e = {0};

    fill_in_a_birth(&w);
    assert_ok(
        numbers_keep(w.outbox, "H06.33.26", &(struct number_block){{codes, 1}, w.clock + 3600}, w.clock, &e), &e);
    counter_cut_line(&w);
    world_keys(&w, "F9");
    world_shows(&w, "Mã hồ sơ        000.25.33.H06-221229-0030");
    world_shows(&w, "đã lưu trên máy này, chưa gửi; sẽ tự gửi");
    world_shows(&w, "giấy biên nhận chính thức");
    world_hides(&w, "Số tạm");
    assert_string_equal(counter_sent(&w).code, codes[0]);
    assert_null(counter_sent(&w).client_ref);
    world_keys(&w, "q");
    fill_in_again(&w);
    world_keys(&w, "F9");
    world_shows(&w, " Số dự trữ trong ngày cho máy này");
    world_shows(&w, "đã dùng 1/1 (đến 000.25.33.H06-221229-0030). Hết số lúc 10:12.");
    world_shows(&w, " Vì vậy phiếu này là GIẤY BIÊN NHẬN TẠM");
    assert_int_equal(counter_wishes(&w), 1);
    world_free(&w);
}

/* ── drafts ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Left, restarted, taken up again: the text, the doubt, the counts, the tab. */
static void a_draft_is_taken_up_where_it_was_left(void **state)
{
    struct world w;

    counter_open(&w, "1.001193");
    counter_scan(&w, CARD("Tổ 7, ấp V259 Bình"));
    world_keys(&w, "PgDn");
    world_type(&w, "Lê Bảo An");
    world_keys(&w, "PgDn Space Right 3");
    world_restart(&w);
    world_draw(&w, 24, 80);
    world_shows(&w, "      Nháp đang làm dở                   1");
    world_keys(&w, "End Up Up Enter");
    world_shows(&w, " Nháp đang làm dở");
    world_shows(&w, "> Phạm Thị Diễm Hương");
    world_shows(&w, "Đăng ký khai sinh");
    world_keys(&w, "Enter");
    world_shows(&w, "[Giấy tờ 1/4]");
    world_shows(&w, "đã nộp       3      -     -");
    world_keys(&w, "PgUp");
    world_shows(&w, "[Lê Bảo An");
    world_keys(&w, "PgUp");
    world_shows(&w, "? Nơi thường trú  [Tổ 7, ấp V259 Bình");
    world_shows(&w, "Đọc từ thẻ: “");
    world_free(&w);
}

static void a_draft_is_thrown_away_when_one_says_so(void **state)
{
    struct world w;

    counter_open(&w, "1.001193");
    world_type(&w, "Lê");
    world_keys(&w, "Esc");
    world_keys(&w, "Ctrl-P");
    world_type(&w, "nhap");
    world_keys(&w, "Enter x");
    world_shows(&w, "Xóa bản nháp này? Không lấy lại được.");
    world_keys(&w, "Enter");
    assert_int_equal(draft_count(w.outbox), 1);
    world_keys(&w, "x 2");
    world_shows(&w, "Không có nháp: việc đã bắt đầu thì đã gửi hoặc đã xóa.");
    assert_int_equal(draft_count(w.outbox), 0);
    world_free(&w);
}

/* Nothing is begun by looking. */
static void what_nobody_typed_in_is_no_draft(void **state)
{
    struct world w;

    counter_open(&w, "1.001193");
    world_keys(&w, "PgDn PgDn PgDn PgDn Esc");
    assert_int_equal(draft_count(w.outbox), 0);
    world_free(&w);
}

#define TEST(name) cmocka_unit_test_teardown(name, counter_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_wish_is_what_was_taken_down),
        TEST(the_code_is_shown_when_it_comes),
        TEST(what_is_refused_is_mended),
        TEST(somebody_files_for_the_owner),
        TEST(fees_follow_channel_copies_and_exemption),
        TEST(the_channel_is_chosen_with_the_fees),
        TEST(every_type_of_field_is_asked_and_written_as_its_own),
        TEST(without_a_line_it_is_provisional_and_says_so),
        TEST(a_code_in_reserve_makes_the_receipt_official),
        TEST(a_draft_is_taken_up_where_it_was_left),
        TEST(a_draft_is_thrown_away_when_one_says_so),
        TEST(what_nobody_typed_in_is_no_draft),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

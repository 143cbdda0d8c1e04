/* The tray: nothing is decided unseen, a change drops what was decided, a typed number begins the signing and nothing else; the run signs
 * what was seen with one PIN, and what fails stops no other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_dossier.h"
#include "tui/tray_run.h"

#include <stdlib.h>
#include <string.h>

static struct world w;
static int fed; /* dossiers that came */

/* ── the mock-up's ten ──────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const ten[] = {"d-19", "d-24", "d-02", "d-10", "d-31",
                                  "d-29", "d-05", "d-08", "d-14", "d-17"};

/* Two of them are with nam in the scenario; here he has proposed them. */
static void feed(const char *id, const char *proposed_at, bool offered)
{
    json_t *d = copy_of(&w, id);

    json_object_set_new(d, "step", json_string("approval"));
    if (!json_object_get(d, "proposal"))
        set_member(d, "proposal", "{\"by\":\"nam\",\"at\":\"2022-12-29T09:50:00+07:00\",\"outcome\":\"grant\"}");
    if (proposed_at)
        json_object_set_new(json_object_get(d, "proposal"), "at", json_string(proposed_at));
    if (offered) {
        offer(d, "approve", "never", "signature");
        offer(d, "refuse_result", "never", "signature");
    } else {
        refuse(d, "approve", "người trình không được ký");
    }
    offer(d, "rework", "queue", "note");
    json_object_set_new(d, "version", json_integer(7 + fed / 10)); /* of the first ten: 8 */
    fed++;
    dossier_fed(&w, d);
}

static int set_up(void **state)
{
    (void)state;
    fed = 0;
    world_new(&w, "mockups", "quan", "10:06");
    for (size_t i = 0; i < sizeof ten / sizeof *ten; i++)
        feed(ten[i], NULL, strcmp(ten[i], "d-10") != 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_free(&w);
    return 0;
}

static void draw(void)
{
    world_draw(&w, 24, 80);
}

static void press(const char *keys)
{
    world_keys(&w, keys);
    draw();
}

static void expect(const char *words)
{
    if (world_sees(&w, words))
        return;
    for (int i = 0; i < 24; i++)
        print_message("%s\n", world_row(&w, i));
    fail_at(HERE, "“%s” is not there", words);
}

/* ── the signer ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct ask next_ask(enum ask_kind kind)
{
    struct ask ask = {0};

    if (!world_ask(&w, &ask) || ask.kind != kind)
        fail_at(HERE, "the ask %d did not come but %d", (int)kind, (int)ask.kind);
    return ask;
}

static void nothing_is_asked(void)
{
    struct ask ask = {0};

    if (world_ask(&w, &ask))
        fail_at(HERE, "an ask %d came", (int)ask.kind);
}

static void signer_is(bool asks_pin, bool phone)
{
    struct ask ask = next_ask(ASK_SIGNER);
    struct answer answer = {.id = ask.id,
                            .kind = ASK_SIGNER,
                            .final = true,
                            .signer_device = phone ? "điện thoại" : "phần mềm tập huấn",
                            .signer_name = "phần mềm tập huấn, Phạm Minh Quân",
                            .signer_certificate = "Chứng thư 07.",
                            .signer_until = w.clock + 400 * INT64_C(86400),
                            .signer_phone = phone,
                            .signer_asks_pin = asks_pin};

    app_answer(w.app, &answer);
    answer_clear(&answer);
    ask_clear(&ask);
    draw();
}

static void answer(struct ask *ask, enum err_code code, const char *error, bool each_time)
{
    struct answer a = {
        .id = ask->id, .kind = ask->kind, .final = true, .cms = "Q01T", .signer_each_time = each_time};

    if (code != ERR_NONE)
        err_set(&a.err, code, "%s", error);
    app_answer(w.app, &a);
    answer_clear(&a);
    ask_clear(ask);
    draw();
}

/* The next signature is asked for, with or without a PIN, and made. */
static void sign_next(bool with_pin)
{
    struct ask ask = next_ask(ASK_SIGN);

    assert_true(ask.run);
    assert_int_equal(ask.pin, with_pin);
    answer(&ask, ERR_NONE, NULL, false);
}

static void run_is_closed(void)
{
    struct ask ask = next_ask(ASK_SIGN_END);

    answer(&ask, ERR_NONE, NULL, false);
    nothing_is_asked();
}

/* ── the outbox ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static size_t wishes(void)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;

    assert_true(outbox_list(w.outbox, 0xff, &arena, &rows, &n, NULL));
    arena_clear(&arena);
    return n;
}

/* The server takes all that is due. */
static void all_taken(void)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;

    assert_true(outbox_list(w.outbox, 1u << COMMAND_DUE, &arena, &rows, &n, NULL));
    for (size_t i = 0; i < n; i++) {
        assert_true(outbox_sending(w.outbox, rows[i].key, NULL));
        assert_true(outbox_done(w.outbox, rows[i].key, "\"9\"", NULL, w.clock, NULL));
    }
    arena_clear(&arena);
    outbox_take_changes(w.outbox);
    app_changed(w.app, CACHE_OUTBOX);
    draw();
}

/* ── in the tray ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void open_with(size_t n, bool asks_pin, bool phone)
{
    for (size_t i = 0; i < n; i++)
        assert_true(tray_add(w.app, ten[i]));
    press("F8");
    signer_is(asks_pin, phone);
}

/* All of the statement is seen, then this key. */
static void see_and(const char *key)
{
    draw();
    press("PgDn");
    press(key);
}

static void grant_three(bool asks_pin)
{
    static const char *const three[] = {"d-19", "d-24", "d-05"};

    for (size_t i = 0; i < 3; i++)
        assert_true(tray_add(w.app, three[i]));
    press("F8");
    signer_is(asks_pin, false);
    press("Enter");
    see_and("1");
    see_and("1");
    see_and("1");
    world_title(&w, "Khay ký · 3 hồ sơ", "đã xem 3 · sẽ ký 3");
}

/* The typed number, and the PIN where one is asked for. */
static void begin(const char *number, const char *pin)
{
    press("F9");
    world_type(&w, number);
    press("Enter");
    if (pin) {
        expect("Mã PIN của thiết bị ký");
        nothing_is_asked();
        world_type(&w, pin);
        press("Enter");
    }
}

static void it_is_the_mock_up(void **state)
{
    (void)state;
    open_with(10, true, false);
    press("Enter");
    see_and("1");
    see_and("1");
    expect("TỪ CHỐI GIẢI QUYẾT"); /* as it was proposed */
    see_and("0");
    see_and("1");
    expect("Ký duyệt: hệ thống sẽ không nhận: người trình không được ký.");
    see_and("2");
    world_type(&w, "Thiếu bản chính");
    press("Enter");
    see_and("1");
    see_and("1");
    see_and("Esc");
    feed("d-08", "2022-12-29T10:04:00+07:00", true);
    draw();
    world_matches_golden(&w, "tray");
}

static void an_empty_tray_says_what_to_do(void **state)
{
    (void)state;
    press("F8");
    signer_is(false, false);
    expect(" Khay trống. Ở hàng Chờ ký: Space để chọn, k để đưa vào khay.");
    press("F9");
    press("Enter");
    nothing_is_asked();
}

/* From the list: what is marked one by one, and waits for a signature. */
static void marks_go_into_the_tray(void **state)
{
    (void)state;
    press("1");
    press("Space");
    press("Space");
    press("k");
    signer_is(false, false);
    world_title(&w, "Khay ký · 2 hồ sơ", "đã xem 0 · sẽ ký 0");
    press("q");
    press("+");
    press("k");
    expect("Những hồ sơ này được chọn cả trang.");
    press("-");
    press("k");
    signer_is(false, false);
    world_title(&w, "Khay ký · 2 hồ sơ", "đã xem 0 · sẽ ký 0");
}

static void what_was_put_in_outlives_the_program(void **state)
{
    (void)state;
    open_with(2, false, false);
    press("Enter");
    see_and("1");
    world_restart(&w);
    press("F8");
    signer_is(false, false);
    world_title(&w, "Khay ký · 2 hồ sơ", "đã xem 0 · sẽ ký 0"); /* seen it has to be again */
}

/* ── deciding ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void nothing_is_decided_unseen(void **state)
{
    (void)state;
    open_with(1, false, false);
    world_draw(&w, 16, 60);
    world_keys(&w, "Enter");
    world_draw(&w, 16, 60);
    world_keys(&w, "1");
    world_draw(&w, 16, 60);
    expect("Phải xem hết mọi dòng rồi mới ký được: bấm PgDn.");
    world_keys(&w, "2 0 Enter");
    world_draw(&w, 16, 60);
    world_title(&w, "Khay ký 1/1 · đồng ý", "dòng · bản 8");
    world_keys(&w, "q");
    world_draw(&w, 24, 80);
    world_title(&w, "Khay ký · 1 hồ sơ", "đã xem 0 · sẽ ký 0");
    assert_int_equal(wishes(), 0);
}

static void another_decision_is_another_statement(void **state)
{
    (void)state;
    open_with(1, false, false);
    press("Enter");
    press("0"); /* a reason first */
    press("Enter");
    expect("Còn thiếu: ");
    world_type(&w, "Không đủ điều kiện");
    press("Enter");
    expect("TỪ CHỐI GIẢI QUYẾT");
    expect("Không đủ điều kiện");
    world_title(&w, "Khay ký 1/1 · từ chối", "bản 8");
    press("Enter"); /* decides nothing */
    world_title(&w, "Khay ký 1/1 · từ chối", "bản 8");
    press("0");
    expect("Từ chối ");
    const struct tray_row *row = tray_find(app_tray(w.app), "d-19");
    assert_int_equal(row->decision, TRAY_REFUSE);
    assert_string_equal(row->note, "Không đủ điều kiện");
    assert_non_null(strstr(row->bytes, "\"outcome\":\"refuse\",\"note\":\"Không đủ điều kiện\""));
}

static void a_template_sends_back(void **state)
{
    (void)state;
    open_with(1, false, false);
    press("Enter");
    press("2");
    press("F3");
    press("1");
    press("Enter");
    const struct tray_row *row = tray_find(app_tray(w.app), "d-19");
    assert_int_equal(row->decision, TRAY_REWORK);
    assert_null(row->bytes);
    assert_true(*row->note != '\0');
    expect("Trả lại ");
    press("F9"); /* nothing is signed, so nothing is typed; it is asked */
    expect("Trả lại 1 hồ sơ? Việc này gửi đi ngay.");
    press("2");
    assert_int_equal(wishes(), 1);
    nothing_is_asked();
    all_taken();
    expect("đã gửi, hệ thống ghi nhận 10:06:00");
    expect("xong 1/1");
    assert_int_equal(app_tray(w.app)->n, 0);
    press(":");
    world_type(&w, "da tra lai");
    press("Enter");
    world_settle(&w, 24, 80);
    world_title(&w, "Đã trả lại · xếp theo hạn", "1/1");
    expect("…1227-0019 Lâm Chí Vỹ");
}

static void a_change_while_one_looks_is_seen_again(void **state)
{
    (void)state;
    open_with(1, false, false);
    press("Enter");
    feed("d-19", NULL, true);
    world_draw(&w, 16, 60);
    expect("Hồ sơ đã đổi sau khi xem.");
    world_keys(&w, "1");
    world_draw(&w, 24, 80);
    assert_int_equal(tray_find(app_tray(w.app), "d-19")->decision, TRAY_OPEN);
}

/* Decided by a colleague meanwhile: there is nothing to decide. */
static void what_waits_no_longer_leaves_the_tray(void **state)
{
    (void)state;
    open_with(2, false, false);
    press("Enter");
    see_and("1");
    see_and("q");
    json_t *d = copy_of(&w, "d-19");
    json_object_set_new(d, "step", json_string("issuing"));
    json_object_set_new(d, "version", json_integer(11));
    dossier_fed(&w, d);
    draw();
    expect("Ra khỏi khay vì không còn chờ ký: 1 hồ sơ.");
    world_title(&w, "Khay ký · 1 hồ sơ", "đã xem 1 · sẽ ký 0");
}

/* ── beginning ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void only_the_typed_number_begins(void **state)
{
    static const char *const wrong[] = {"", "2", "33", "03", "x"};

    (void)state;
    grant_three(false);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        press("F9");
        expect("  Gõ số hồ sơ sẽ ký (3) để ký:   _");
        world_type(&w, wrong[i]);
        press("Enter");
        expect("Chưa ký.");
        press("Enter Enter Esc"); /* a key that is held opens a statement at most */
        nothing_is_asked();
    }
    press("F9");
    world_paste(&w, "3");
    draw();
    expect("Dán hoặc máy quét không xác nhận được ở đây. Hãy gõ số hồ sơ. Chưa ký.");
    press("Enter");
    nothing_is_asked();
    assert_int_equal(wishes(), 0);
}

/* ── the run ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void one_pin_signs_them_all(void **state)
{
    (void)state;
    grant_three(true);
    expect("hỏi PIN một lần cho lượt này");
    begin("3", "123456");
    expect("Đang ký số 1…");
    sign_next(true);
    sign_next(false);
    sign_next(false);
    run_is_closed();
    assert_int_equal(wishes(), 3);
    assert_int_equal(app_tray(w.app)->focus, 0); /* the next that are put in are looked at from the first on */
    all_taken();
    world_title(&w, "Đang ký · 3 hồ sơ", "xong 3/3");
    expect("đã ký, hệ thống ghi nhận 10:06:00");
    assert_int_equal(app_tray(w.app)->n, 0);
}

static void a_device_that_wants_it_each_time_is_asked_each_time(void **state)
{
    (void)state;
    grant_three(true);
    begin("3", "123456");
    for (int i = 0; i < 3; i++) {
        struct ask ask = next_ask(ASK_SIGN);
        assert_true(ask.pin);
        answer(&ask, ERR_NONE, NULL, true);
        if (i == 2)
            break;
        expect("Mã PIN cho lượt ký này");
        nothing_is_asked();
        pin_add(app_pin(w.app), "123456");
        press("Enter");
    }
    run_is_closed();
    assert_int_equal(wishes(), 3);
}

static void a_wrong_pin_is_asked_again_and_an_empty_one_ends_it(void **state)
{
    (void)state;
    grant_three(true);
    begin("3", "000000");
    struct ask ask = next_ask(ASK_SIGN);
    answer(&ask, ERR_AUTH, "Mã PIN sai. Chưa ký. Nhập lại.", false);
    expect("Mã PIN sai. Chưa ký. Nhập lại.");
    nothing_is_asked();
    world_paste(&w, "123456");
    draw();
    expect("Mã PIN phải gõ bằng tay. Chưa ký.");
    press("Enter");
    run_is_closed();
    expect("chưa ký, còn trong khay");
    assert_int_equal(wishes(), 0);
    assert_int_equal(tray_to_sign(app_tray(w.app)), 3); /* decided as they were */
}

static void a_device_that_is_pulled_leaves_the_rest_in_the_tray(void **state)
{
    (void)state;
    grant_three(true);
    begin("3", "123456");
    sign_next(true);
    struct ask ask = next_ask(ASK_SIGN);
    answer(&ask, ERR_NOT_FOUND, "Thiết bị ký bị rút ra.", false);
    run_is_closed();
    expect("Thiết bị ký bị rút giữa chừng: 1 hồ sơ đã ký, 2 chưa ký.");
    expect("Cắm lại rồi bấm F9 để");
    assert_int_equal(wishes(), 1);
    press("F9"); /* taken up again */
    signer_is(true, false);
    world_title(&w, "Khay ký · 2 hồ sơ", "đã xem 2 · sẽ ký 2");
    expect("Gõ số hồ sơ sẽ ký (2)");
    world_type(&w, "2");
    press("Enter");
    world_type(&w, "123456");
    press("Enter");
    sign_next(true);
    sign_next(false);
    run_is_closed();
    assert_int_equal(wishes(), 3);
}

static void it_goes_on_without_its_screen_and_stops_when_told(void **state)
{
    (void)state;
    grant_three(false);
    begin("3", NULL);
    expect("Đang ký số 1…");
    press("q");
    press(":");
    world_type(&w, "thiet bi");
    draw();
    expect("một lượt ký đang chạy"); /* the device stays what it is */
    press("Esc");
    sign_next(false);
    assert_int_equal(wishes(), 1);
    press("k");
    expect("Đang ký số 2…");
    press("x");
    sign_next(false); /* the one that was being signed */
    nothing_is_asked();
    expect("Đã dừng. Đã gửi 2 hồ sơ, chưa ký 1, còn trong khay.");
    assert_int_equal(wishes(), 2);
    assert_int_equal(tray_to_sign(app_tray(w.app)), 1);
}

static void sent_and(const char *id, enum command_state state, int64_t at)
{
    static const char four_eyes[] = "{\"type\":\"urn:onestop:problem:four-eyes\",\"status\":403,"
                                    "\"title\":\"Người trình không được ký\"}";
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;
    bool taken;

    assert_true(outbox_waiting_on(w.outbox, id, &arena, &rows, &n, NULL));
    assert_int_equal(n, 1);
    assert_true(outbox_sending(w.outbox, rows[0].key, NULL));
    if (state == COMMAND_DONE)
        assert_true(outbox_done(w.outbox, rows[0].key, "\"9\"", NULL, at, NULL));
    else if (state == COMMAND_REFUSED)
        assert_true(outbox_failed(w.outbox, rows[0].key, state, four_eyes, NULL, at, NULL));
    else
        assert_true(outbox_no_answer(w.outbox, rows[0].key, true, w.machine.env.mono + 60000, NULL, &taken, NULL));
    arena_clear(&arena);
    outbox_take_changes(w.outbox);
    app_changed(w.app, CACHE_OUTBOX);
    draw();
}

static void a_run_is_the_mock_up(void **state)
{
    static const char *const ids[] = {"d-19", "d-24", "d-02", "d-10", "d-31", "d-29", "d-05"};

    (void)state;
    world_free(&w);
    world_new(&w, "mockups", "quan", "10:09");
    for (size_t i = 0; i < 7; i++) {
        feed(ids[i], NULL, true);
        assert_true(tray_add(w.app, ids[i]));
    }
    press("F8");
    signer_is(false, false);
    press("Enter");
    for (size_t i = 0; i < 4; i++)
        see_and(i == 2 ? "0" : "1");
    see_and("2");
    world_type(&w, "Thiếu bản chính");
    press("Enter");
    see_and("1");
    see_and("1");
    begin("6", NULL);
    for (int i = 0; i < 4; i++)
        sign_next(false);
    world_pass(&w, 5000);
    for (int64_t i = 0; i < 3; i++)
        sent_and(ids[i], COMMAND_DONE, w.clock - 9 + i);
    sent_and("d-10", COMMAND_REFUSED, w.clock - 6);
    sign_next(false); /* d-29; d-31 went without a signature */
    sent_and("d-31", COMMAND_DONE, w.clock - 5);
    sent_and("d-29", COMMAND_DUE, 0);
    press("Down Down Down");
    world_matches_golden(&w, "batch");
}

/* Between two: the version that was seen is no more, or the officer may not. The others are signed. */
static void one_that_fails_stops_no_other(void **state)
{
    (void)state;
    open_with(5, false, false);
    press("Enter");
    see_and("1");
    see_and("1");
    see_and("0");
    see_and("1"); /* d-10, his own proposal */
    see_and("1");
    begin("5", NULL);
    feed("d-24", NULL, true);
    sign_next(false);
    sign_next(false); /* d-02 */
    sign_next(false); /* d-31 */
    nothing_is_asked();
    all_taken();
    world_title(&w, "Đang ký · 5 hồ sơ", "xong 5/5");
    expect("× hồ sơ đã đổi sau khi xem");
    expect("× người trình không được ký");
    expect("Số 4: người trình không được ký. Chưa quyết định gì, hồ sơ còn trong khay.");
    assert_int_equal(wishes(), 3);
    assert_int_equal(app_tray(w.app)->n, 2);
}

/* No more is signed than can be sent at once: a line that goes then costs no signatures. */
static void no_more_is_signed_than_is_on_its_way(void **state)
{
    (void)state;
    open_with(10, false, false);
    press("Enter");
    for (size_t i = 0; i < 10; i++)
        see_and(i == 2 ? "0" : "1");
    begin("10", NULL);
    for (int i = 0; i < 4; i++)
        sign_next(false);
    nothing_is_asked();
    all_taken();
    sign_next(false);
    w.line.state = LINE_OFFLINE;
    world_line(&w);
    sign_next(false); /* was at the signer */
    nothing_is_asked();
    draw();
    expect("Mất mạng. Đã gửi 6 hồ sơ, chưa ký 4, còn trong khay.");
}

static void what_never_left_goes_back_into_the_tray(void **state)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;
    bool taken = false;

    (void)state;
    grant_three(false);
    begin("3", NULL);
    sign_next(false);
    assert_true(outbox_list(w.outbox, 1u << COMMAND_DUE, &arena, &rows, &n, NULL));
    assert_int_equal(n, 1);
    assert_true(outbox_no_answer(w.outbox, rows[0].key, false, 0, NULL, &taken, NULL));
    assert_true(taken);
    arena_clear(&arena);
    outbox_take_changes(w.outbox);
    app_changed(w.app, CACHE_OUTBOX);
    draw();
    expect("× chưa gửi: việc này cần có mạng");
    assert_int_equal(tray_find(app_tray(w.app), "d-19")->decision, TRAY_GRANT);
}

static void a_phone_is_asked_for_the_next_when_the_last_is_answered(void **state)
{
    (void)state;
    open_with(2, false, true);
    expect("Thiết bị ký: điện thoại, hỏi từng hồ sơ.");
    press("Enter");
    see_and("1");
    see_and("1");
    begin("2", NULL);
    struct ask first = next_ask(ASK_REMOTE_SIGN);
    nothing_is_asked();
    app_answer(w.app,
               &(struct answer){
                   .id = first.id, .kind = ASK_REMOTE_SIGN, .phone_code = "7391", .phone_until = w.clock + 300});
    app_changed(w.app, CACHE_OUTBOX);
    draw();
    expect("đang chờ điện thoại");
    expect("mã 7391");
    answer(&first, ERR_REFUSED, "Bị từ chối trên điện thoại. Chưa ký.", false);
    struct ask second = next_ask(ASK_REMOTE_SIGN);
    answer(&second, ERR_NONE, NULL, false);
    nothing_is_asked();
    expect("× bị từ chối trên điện thoại");
    assert_int_equal(wishes(), 1);
    assert_int_equal(tray_to_sign(app_tray(w.app)), 1);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_the_mock_up),
        TEST(an_empty_tray_says_what_to_do),
        TEST(marks_go_into_the_tray),
        TEST(what_was_put_in_outlives_the_program),
        TEST(nothing_is_decided_unseen),
        TEST(another_decision_is_another_statement),
        TEST(a_template_sends_back),
        TEST(a_change_while_one_looks_is_seen_again),
        TEST(what_waits_no_longer_leaves_the_tray),
        TEST(only_the_typed_number_begins),
        TEST(one_pin_signs_them_all),
        TEST(a_device_that_wants_it_each_time_is_asked_each_time),
        TEST(a_wrong_pin_is_asked_again_and_an_empty_one_ends_it),
        TEST(a_device_that_is_pulled_leaves_the_rest_in_the_tray),
        TEST(it_goes_on_without_its_screen_and_stops_when_told),
        TEST(a_run_is_the_mock_up),
        TEST(one_that_fails_stops_no_other),
        TEST(no_more_is_signed_than_is_on_its_way),
        TEST(what_never_left_goes_back_into_the_tray),
        TEST(a_phone_is_asked_for_the_next_when_the_last_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

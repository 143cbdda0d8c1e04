/* tui_tray: see tui_tray.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_tray.h"

#include "tui/tray.h"

#include <stdlib.h>
#include <string.h>

struct world at_tray;
static int fed; /* dossiers that came */

/* ── the mock-up's ten ──────────────────────────────────────────────────────────────────────────────────────────────── */

const char *const at_tray_ten[10] = {"d-19", "d-24", "d-02", "d-10", "d-31",
                                     "d-29", "d-05", "d-08", "d-14", "d-17"};

/* Two of them are with nam in the scenario; here he has proposed them. */
void at_tray_feed(const char *id, const char *proposed_at, bool offered)
{
    json_t *d = copy_of(&at_tray, id);

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
    dossier_fed(&at_tray, d);
}

int at_tray_setup(void **state)
{
    (void)state;
    fed = 0;
    world_new(&at_tray, "mockups", "quan", "10:06");
    for (size_t i = 0; i < sizeof at_tray_ten / sizeof *at_tray_ten; i++)
        at_tray_feed(at_tray_ten[i], NULL, strcmp(at_tray_ten[i], "d-10") != 0);
    return 0;
}

int at_tray_teardown(void **state)
{
    (void)state;
    world_free(&at_tray);
    return 0;
}

void at_tray_draw(void)
{
    world_draw(&at_tray, 24, 80);
}

void at_tray_press(const char *keys)
{
    world_keys(&at_tray, keys);
    at_tray_draw();
}

/* ── the signer ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct ask at_tray_asks(enum ask_kind kind)
{
    struct ask ask = {0};

    if (!world_ask(&at_tray, &ask) || ask.kind != kind)
        fail_at(HERE, "the ask %d did not come but %d", (int)kind, (int)ask.kind);
    return ask;
}

void at_tray_asks_nothing(void)
{
    struct ask ask = {0};

    if (world_ask(&at_tray, &ask))
        fail_at(HERE, "an ask %d came", (int)ask.kind);
}

void at_tray_signer(bool asks_pin, bool phone)
{
    struct ask ask = at_tray_asks(ASK_SIGNER);
    struct answer answer = {.id = ask.id,
                            .kind = ASK_SIGNER,
                            .final = true,
                            .signer_device = phone ? "điện thoại" : "phần mềm tập huấn",
                            .signer_name = "phần mềm tập huấn, Phạm Minh Quân",
                            .signer_certificate = "Chứng thư 07.",
                            .signer_until = at_tray.clock + 400 * INT64_C(86400),
                            .signer_phone = phone,
                            .signer_asks_pin = asks_pin};

    app_answer(at_tray.app, &answer);
    answer_clear(&answer);
    ask_clear(&ask);
    at_tray_draw();
}

void at_tray_answer(struct ask *ask, enum err_code code, const char *error, bool each_time)
{
    struct answer a = {
        .id = ask->id, .kind = ask->kind, .final = true, .cms = "Q01T", .signer_each_time = each_time};

    if (code != ERR_NONE)
        err_set(&a.err, code, "%s", error);
    app_answer(at_tray.app, &a);
    answer_clear(&a);
    ask_clear(ask);
    at_tray_draw();
}

/* The next signature is asked for, with or without a PIN, and made. */
void at_tray_sign_next(bool with_pin)
{
    struct ask ask = at_tray_asks(ASK_SIGN);

    assert_true(ask.run);
    assert_int_equal(ask.pin, with_pin);
    at_tray_answer(&ask, ERR_NONE, NULL, false);
}

void at_tray_run_closed(void)
{
    struct ask ask = at_tray_asks(ASK_SIGN_END);

    at_tray_answer(&ask, ERR_NONE, NULL, false);
    at_tray_asks_nothing();
}

/* ── the outbox ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

size_t at_tray_wishes(void)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;

    assert_true(outbox_list(at_tray.outbox, 0xff, &arena, &rows, &n, NULL));
    arena_clear(&arena);
    return n;
}

/* The server takes all that is due. */
void at_tray_all_taken(void)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;

    assert_true(outbox_list(at_tray.outbox, 1u << COMMAND_DUE, &arena, &rows, &n, NULL));
    for (size_t i = 0; i < n; i++) {
        assert_true(outbox_sending(at_tray.outbox, rows[i].key, NULL));
        assert_true(outbox_done(at_tray.outbox, rows[i].key, "\"9\"", NULL, at_tray.clock, NULL));
    }
    arena_clear(&arena);
    outbox_take_changes(at_tray.outbox);
    app_changed(at_tray.app, CACHE_OUTBOX);
    at_tray_draw();
}

/* ── in the tray ────────────────────────────────────────────────────────────────────────────────────────────────────── */

void at_tray_open(size_t n, bool asks_pin, bool phone)
{
    for (size_t i = 0; i < n; i++)
        assert_true(tray_add(at_tray.app, at_tray_ten[i]));
    at_tray_press("F8");
    at_tray_signer(asks_pin, phone);
}

/* All of the statement is seen, then this key. */
void at_tray_see_and(const char *key)
{
    at_tray_draw();
    at_tray_press("PgDn");
    at_tray_press(key);
}

void at_tray_grant_three(bool asks_pin)
{
    static const char *const three[] = {"d-19", "d-24", "d-05"};

    for (size_t i = 0; i < 3; i++)
        assert_true(tray_add(at_tray.app, three[i]));
    at_tray_press("F8");
    at_tray_signer(asks_pin, false);
    at_tray_press("Enter");
    at_tray_see_and("1");
    at_tray_see_and("1");
    at_tray_see_and("1");
    world_title(&at_tray, "Khay ký · 3 hồ sơ", "đã xem 3 · sẽ ký 3");
}

/* The typed number, and the PIN where one is asked for. */
void at_tray_begin(const char *number, const char *pin)
{
    at_tray_press("F9");
    world_type(&at_tray, number);
    at_tray_press("Enter");
    if (pin) {
        world_shows(&at_tray, "Mã PIN của thiết bị ký");
        at_tray_asks_nothing();
        world_type(&at_tray, pin);
        at_tray_press("Enter");
    }
}

/* tui_sign: see tui_sign.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_sign.h"

#include "core/codec.h"

#include <string.h>

struct world signing;
static int fed; /* versions of d-19 that came */

#define SHA_71 "9f2c41aa7b0e5d13c8864f20e1b7a95d3306cf7218be94d05a61f3c7720e8b14"
#define SHA_72 "4b1d77c0e2f8135aa96d0c5be37f42816a1e9d04b7c85f230d6e91a4f8c3b752"
#define PDF    "\"media_type\":\"application/pdf\",\"size\":1234,\"role\":\"result\",\"complete\":true"

/* The mock-up's documents, and what the server offers; every call is another version, from 8 on. */
void feed_19(void)
{
    json_t *d = copy_of(&signing, "d-19");

    json_object_set_new(d, "version", json_integer(7 + fed++));
    set_member(d, "attachments",
               "[{\"id\":\"a-71\",\"name\":\"Giay chung nhan HKD.pdf\",\"sha256\":\"" SHA_71 "\"," PDF "},"
               "{\"id\":\"a-72\",\"name\":\"To trinh.pdf\",\"sha256\":\"" SHA_72 "\"," PDF "}]");
    offer(d, "approve", "never", "signature");
    offer(d, "refuse_result", "never", "signature");
    dossier_fed(&signing, d);
}

void sign_begin(const char *officer)
{
    fed = 0;
    world_new(&signing, "mockups", officer, "09:58");
    feed_19();
}

int sign_setup(void **state)
{
    (void)state;
    sign_begin("quan");
    return 0;
}

int sign_teardown(void **state)
{
    (void)state;
    world_free(&signing);
    return 0;
}

/* ── the signer ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct ask next_ask(enum ask_kind kind)
{
    struct ask ask = {0};

    if (!world_ask(&signing, &ask) || ask.kind != kind)
        fail_at(HERE, "the ask %d did not come", (int)kind);
    return ask;
}

void nothing_is_asked(void)
{
    struct ask ask = {0};

    if (world_ask(&signing, &ask))
        fail_at(HERE, "an ask %d came", (int)ask.kind);
}

void signer_is(const char *name, int64_t until, const char *error)
{
    struct ask ask = next_ask(ASK_SIGNER);
    struct answer answer = {.id = ask.id,
                            .kind = ASK_SIGNER,
                            .final = true,
                            .signer_device = "phần mềm tập huấn",
                            .signer_name = name,
                            .signer_certificate = "Chứng thư 07.",
                            .signer_until = until};

    if (error)
        err_set(&answer.err, ERR_SIGNER, "%s", error);
    app_answer(signing.app, &answer);
    answer_clear(&answer);
    ask_clear(&ask);
}

void signer_is_phone(void)
{
    struct ask ask = next_ask(ASK_SIGNER);
    struct answer answer = {.id = ask.id,
                            .kind = ASK_SIGNER,
                            .final = true,
                            .signer_device = "điện thoại",
                            .signer_name = "điện thoại, so mã trên hai máy",
                            .signer_phone = true};

    app_answer(signing.app, &answer);
    answer_clear(&answer);
    ask_clear(&ask);
}

/* d-19 (or another) for signing; training's signer is there until 14/08/2024. */
void open_sign(const char *id, const char *action)
{
    assert_true(app_open(signing.app, &view_sign, &(struct view_arg){.id = id, .action = action}));
    signer_is("phần mềm tập huấn, Phạm Minh Quân", 1723568400, NULL);
}

/* All of it seen, and the question open. */
void open_question(void)
{
    open_sign("d-19", "approve");
    world_draw(&signing, 24, 80);
    world_keys(&signing, "Enter");
    world_draw(&signing, 0, 0);
    assert_true(world_sees(&signing, "  Gõ 4 ký tự cuối của mã hồ sơ để ký ĐỒNG Ý:   _"));
}

void answer_signed(struct ask *ask, const char *cms, const char *error)
{
    struct answer answer = {.id = ask->id, .kind = ask->kind, .final = true, .cms = cms};

    if (error)
        err_set(&answer.err, ERR_SIGNER, "%s", error);
    app_answer(signing.app, &answer);
    answer_clear(&answer);
}

void nothing_is_wished(void)
{
    struct arena arena = {0};
    struct command *rows;
    struct err e = {0};
    size_t n;

    assert_ok(outbox_list(signing.outbox, 0xff, &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 0);
    arena_clear(&arena);
}

void wished(const char *action, const char *note, const struct ask *ask)
{
    wished_for("", action, note, ask);
}

/* The one wish; its statement has to be what ASK_SIGN had. */
void wished_for(const char *giver, const char *action, const char *note, const struct ask *ask)
{
    struct arena arena = {0};
    struct command *rows;
    struct action_request request;
    struct buf statement = {0};
    struct err e = {0};
    size_t n;

    assert_ok(outbox_list(signing.outbox, 0xff, &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].action, action);
    assert_true(rows[0].online_only);
    assert_ok(codec_read(&shape_action_request, rows[0].body, rows[0].body_len, &arena, &request, NULL, &e), &e);
    assert_string_equal(request.note ? request.note : "", note);
    assert_string_equal(request.on_behalf_of ? request.on_behalf_of : "", giver);
    assert_string_equal(request.signature->cms, "Q01T");
    assert_true(base64_decode(request.signature->statement, &statement));
    assert_int_equal(statement.len, ask->n);
    assert_memory_equal(statement.data, ask->bytes, ask->n);
    buf_clear(&statement);
    arena_clear(&arena);
}

/* phone: /signatures. A statement is kept as it came and signed with the officer's own key once he has said yes. It refuses to judge
 * what the statement says: `act` does. Time is the server's clock alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/phone.h"

#include "training/ca.h"
#include "training/oauth.h"

#include <string.h>

#define WAIT_SECONDS 300
#define KEEP_SECONDS 86400 /* after the wait's end, so a signed one is there for a day at least */
#define AUTO_SECONDS 3     /* so long does nobody look at a phone that answers by itself */

static const struct say needed = {{"thiếu hoặc không hợp lệ", "missing or not valid"}};

static const struct text_limit limits[] = {{"statement", 90000}};

/* ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void read_row(sqlite3_stmt *s, struct arena *arena, struct phone *out)
{
    *out = (struct phone){
        .id = arena_copy(arena, store_text(s, 0)),
        .officer = arena_copy(arena, store_text(s, 1)),
        .code = arena_copy(arena, store_text(s, 2)),
        .statement = arena_copy_n(arena, sqlite3_column_blob(s, 3), (size_t)sqlite3_column_bytes(s, 3)),
        .len = (size_t)sqlite3_column_bytes(s, 3),
        .created = store_int(s, 4),
        .until = store_int(s, 5),
        .state = (enum phone_state)store_int(s, 6),
        .cms = store_text(s, 7) ? arena_copy(arena, store_text(s, 7)) : NULL,
    };
}

bool phone_is_waiting(const struct phone *phone, int64_t now)
{
    return phone->state == PHONE_WAITING && now < phone->until;
}

void phone_set(struct central *central, struct phone *phone, enum phone_state state)
{
    phone->state = state;
    store_run(central->store, PHONE_SET, "tit", phone->id, (int64_t)state, phone->cms);
}

void phone_sign(struct central *central, struct phone *phone, int64_t now, struct arena *arena)
{
    phone->cms = ca_sign(central->ca, phone->officer, phone->statement, phone->len, now, arena);
    phone_set(central, phone, phone->cms ? PHONE_SIGNED : PHONE_REJECTED);
}

/* --auto-approve: a phone that says yes to everything, when it has had time to ring. */
static void answer_by_itself(struct central *central, struct phone *phone, int64_t now, struct arena *arena)
{
    const char *who = central->auto_approve;
    const struct officer *he = who && strcmp(who, "any") != 0 ? central_somebody(central, who) : NULL;

    if (!who || !phone_is_waiting(phone, now) || now < phone->created + AUTO_SECONDS)
        return;
    if (strcmp(who, "any") == 0 || (he && strcmp(he->id, phone->officer) == 0))
        phone_sign(central, phone, now, arena);
}

bool phone_find(struct central *central, const char *id, int64_t now, struct arena *arena, struct phone *out)
{
    sqlite3_stmt *s = store_query(central->store, PHONE_GET, "t", id);

    if (!store_row(central->store, s))
        return false;
    read_row(s, arena, out);
    store_done(s);
    return now < out->until + KEEP_SECONDS;
}

size_t phone_waiting(struct central *central, const char *officer, int64_t now, struct arena *arena,
                     struct phone *out, size_t most)
{
    sqlite3_stmt *s = store_query(central->store, PHONE_OF, "ti", officer, now);
    size_t n = 0;

    while (n < most && store_row(central->store, s))
        read_row(s, arena, &out[n++]);
    store_done(s);
    return n;
}

/* ── the three calls ─────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *status_name(const struct phone *phone, int64_t now)
{
    switch (phone->state) {
    case PHONE_SIGNED:
        return "signed";
    case PHONE_REJECTED:
        return "rejected";
    case PHONE_CANCELLED:
        return "cancelled";
    default:
        return now < phone->until ? "waiting" : "expired";
    }
}

static void answer_phone(struct call *call, int status, const struct phone *phone)
{
    char until[INSTANT_TEXT];

    instant_format(phone->until, CENTRAL_ZONE_OFFSET, until);
    answer_value(call, status,
                 json_pack("{s:s, s:s, s:s, s:s, s:s*}", "id", phone->id, "status", status_name(phone, call->now),
                           "expires_at", until, "confirmation_code", phone->code, "cms", phone->cms));
}

/* The statement's bytes; false: they are no JSON object. */
static bool read_statement(const char *text, struct buf *out)
{
    json_t *json = text && base64_decode(text, out) && out->data ? codec_parse(out->data, out->len, NULL) : NULL;
    bool object = json_is_object(json);

    json_decref(json);
    return object;
}

/* A number of its own and a code of four digits. */
static void make_names(struct call *call, struct phone *phone)
{
    struct central *central = call->central;
    unsigned char bytes[16];
    char *id = arena_alloc(&call->arena, 2 * sizeof bytes + 2), *o = id;

    central->random(central->context, bytes, sizeof bytes);
    *o++ = 'k';
    for (size_t i = 0; i < sizeof bytes; i++) {
        *o++ = "0123456789abcdef"[bytes[i] >> 4];
        *o++ = "0123456789abcdef"[bytes[i] & 15];
    }
    phone->id = id;
    central->random(central->context, bytes, 4);
    phone->code = arena_format(&call->arena, "%04u", (bytes[0] << 16 | bytes[1] << 8 | bytes[2]) % 10000u);
}

bool signature_request(struct call *call)
{
    struct store *store = call->central->store;
    const char *text = json_string_value(json_object_get(call->body, "statement"));
    struct phone phone = {.officer = call->me->id, .created = call->now, .until = call->now + WAIT_SECONDS};
    struct buf bytes = {0};

    if (call->request->len > REQUEST_MAX)
        return problem_answer(call, PROBLEM_TOO_LARGE);
    if (!body_lengths(call, limits, sizeof limits / sizeof *limits))
        return false;
    if (!read_statement(text, &bytes)) {
        buf_clear(&bytes);
        return problem_at(call, PROBLEM_INVALID, "/statement", needed);
    }
    make_names(call, &phone);
    store_run(store, PHONE_PRUNE, "i", call->now - KEEP_SECONDS);
    store_run(store, PHONE_ADD, "tttbii", phone.id, phone.officer, phone.code, bytes.data, bytes.len,
              phone.created, phone.until);
    buf_clear(&bytes);
    answer_phone(call, 202, &phone);
    return true;
}

/* Another's is none. */
static bool find_his(struct call *call, struct phone *phone)
{
    if (!phone_find(call->central, call->dossier, call->now, &call->arena, phone) ||
        strcmp(phone->officer, call->me->id) != 0)
        return problem_answer(call, PROBLEM_NOT_FOUND);
    answer_by_itself(call->central, phone, call->now, &call->arena);
    return true;
}

bool signature_state(struct call *call)
{
    struct phone phone = {0};

    if (!find_his(call, &phone))
        return false;
    answer_phone(call, 200, &phone);
    return true;
}

bool signature_cancel(struct call *call)
{
    struct phone phone = {0};

    if (!find_his(call, &phone))
        return false;
    if (phone_is_waiting(&phone, call->now))
        phone_set(call->central, &phone, PHONE_CANCELLED);
    answer_empty(call, 204);
    return true;
}

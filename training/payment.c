/* payment: see payment.h. It refuses a second one beside one that waits, and more than what is unpaid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/payment.h"

#include "training/generate.h"
#include "training/scenario.h"

#include <inttypes.h>
#include <string.h>

#define WAIT_SECONDS 86400 /* a QR that waits for a day, as the generated ones do */

static const struct say not_now = {{"hồ sơ đã đóng, đang xin rút, hoặc đang có yêu cầu nộp phí chờ",
                                    "it is closed, is being withdrawn, or a payment is pending"}};
static const struct say is_over = {{"yêu cầu nộp phí này đã xong", "this payment is over"}};
static const struct say too_much = {{"nhiều hơn số còn phải nộp", "more than what is unpaid"}};
static const struct say needed = {{"thiếu hoặc không hợp lệ", "missing or not valid"}};
static const struct text_limit limits[] = {{"purpose", 200}};

/* ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct payment *payment_pending(struct dossier *d)
{
    return (struct payment *)dossier_pending(d); /* of this request's own copy */
}

/* Own copies, which may be changed and may grow by `more`. */
static void own(struct call *call, struct dossier *d, size_t more)
{
    d->payments =
        arena_grow(&call->arena, d->payments, d->n_payments, d->n_payments + more, sizeof *d->payments);
    d->fees = arena_grow(&call->arena, d->fees, d->n_fees, d->n_fees + more, sizeof *d->fees);
}

/* Nobody's account, unless the scenario has one. */
static const char *detail(const struct central *central, const char *member, const char *otherwise)
{
    const json_t *generate = scenario_member(central->scenario, "generate");
    const char *text = json_string_value(json_object_get(json_object_get(generate, "payment"), member));

    return text ? text : otherwise;
}

static char *new_id(struct call *call)
{
    struct central *central = call->central;
    uint64_t number;

    central->random(central->context, &number, sizeof number);
    return arena_format(&call->arena, "pay-%016" PRIx64, number);
}

static bool put(struct call *call, struct record *record, const char *action, const char *note)
{
    struct dossier *d = &record->d;
    struct event event = {.at = call->now,
                          .acted_at = INSTANT_NONE,
                          .by = call->me ? call->me->id : NULL,
                          .action = action,
                          .from = record->d.status,
                          .to = d->status,
                          .note = note};

    d->version++;
    return record_put(call, record, &event);
}

/* ── what was added goes again ─────────────────────────────────────────────────────────────────────────────────────── */

static bool was_added(struct call *call, const char *payment)
{
    struct store *store = call->central->store;
    sqlite3_stmt *s = store_query(store, FEE_OF, "t", payment);
    bool is = store_row(store, s);

    if (is)
        store_done(s);
    return is;
}

static void take_fee_away(struct call *call, struct dossier *d, const struct payment *payment)
{
    for (size_t i = d->n_fees; i-- > 0;) {
        struct fee *fee = &d->fees[i];
        if (fee->paid > 0 || fee->amount != payment->amount || strcmp(fee->name, payment->purpose) != 0)
            continue;
        memmove(fee, fee + 1, (d->n_fees - i - 1) * sizeof *fee);
        d->n_fees--;
        return;
    }
}

void payment_settle(struct call *call, struct dossier *d)
{
    own(call, d, 0);
    for (size_t i = 0; i < d->n_payments; i++) {
        const struct payment *payment = &d->payments[i];
        bool over = strcmp(payment->status, "cancelled") == 0 || strcmp(payment->status, "expired") == 0;
        if (!over || !was_added(call, payment->id))
            continue;
        take_fee_away(call, d, payment);
        store_run(call->central->store, FEE_GONE, "t", payment->id);
    }
}

/* ── asked for, called off ─────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_counter(struct call *call, const struct record *record)
{
    return (directory_roles(call->central->directory, call->me, &record->places) & ROLE_BIT(ROLE_COUNTER)) ||
           problem_answer(call, PROBLEM_FORBIDDEN);
}

static bool may_be_asked(const struct dossier *d)
{
    enum dossier_status status = status_of(d->status);

    return (dossier_is_open(d) || status == STATUS_COMPLETED) && status != STATUS_WITHDRAWAL_REQUESTED &&
           !dossier_pending(d);
}

static struct payment *add(struct call *call, struct dossier *d, int64_t amount, const char *purpose)
{
    const struct central *central = call->central;
    const char *province = arena_copy_n(&call->arena, d->unit, strcspn(d->unit, "."));
    struct payment *payment = &d->payments[d->n_payments++];

    *payment = (struct payment){
        .id = new_id(call),
        .amount = amount,
        .purpose =
            purpose ? purpose
                    : vietqr_purpose(&call->arena, detail(central, "purpose", "LEPHI {unit} {date} {serial}"),
                                     province, d->code),
        .status = "pending",
        .payee = detail(central, "payee", "KHO BAC TAP HUAN"),
        .expires_at = call->now + WAIT_SECONDS,
    };
    payment->vietqr = vietqr_text(&call->arena, detail(central, "bank", "999999"),
                                  detail(central, "account", "0000000000000"), amount, payment->purpose);
    return payment;
}

static void answer_payment(struct call *call, const struct record *record, const struct payment *payment)
{
    answer_value(call, 201, codec_encode(&shape_payment, payment, CENTRAL_ZONE_OFFSET));
    answer_header(call->answer, "Dossier-Version", "%lld", (long long)record->version);
}

/* The body: false: 422 was answered. `*purpose` NULL: the server words it. */
static bool read_body(struct call *call, int64_t *amount, const char **purpose)
{
    const json_t *how_much = json_object_get(call->body, "amount"),
                 *what = json_object_get(call->body, "purpose");

    if (!body_lengths(call, limits, sizeof limits / sizeof *limits))
        return false;
    if (!json_is_integer(how_much) || json_integer_value(how_much) < 1)
        return problem_at(call, PROBLEM_INVALID, "/amount", needed);
    if (what && (!json_is_string(what) || text_blank(json_string_value(what))))
        return problem_at(call, PROBLEM_INVALID, "/purpose", needed);
    *amount = json_integer_value(how_much);
    *purpose = json_string_value(what);
    return true;
}

bool payment_request(struct call *call)
{
    struct record record;
    const char *purpose = NULL;
    int64_t amount = 0;

    if (!record_find(call, call->dossier, &record))
        return problem_answer(call, PROBLEM_NOT_FOUND);
    if (!is_counter(call, &record))
        return false;
    if (!may_be_asked(&record.d))
        return problem_stale(call, PROBLEM_NOT_ALLOWED, &record, not_now);
    if (!read_body(call, &amount, &purpose))
        return false;
    int64_t unpaid = dossier_unpaid(&record.d);
    if (unpaid > 0 && amount > unpaid)
        return problem_at(call, PROBLEM_INVALID, "/amount", too_much);
    own(call, &record.d, 1);
    struct payment *payment = add(call, &record.d, amount, purpose);
    if (unpaid == 0) {
        record.d.fees[record.d.n_fees++] =
            (struct fee){.name = payment->purpose, .amount = amount, .paid_at = INSTANT_NONE};
        store_run(call->central->store, FEE_ADDED, "t", payment->id);
    }
    if (!put(call, &record, "ask_payment", payment->purpose))
        return false;
    answer_payment(call, &record, payment);
    return true;
}

bool payment_cancel(struct call *call)
{
    struct record record;
    struct payment *payment = NULL;

    if (!record_find(call, call->dossier, &record))
        return problem_answer(call, PROBLEM_NOT_FOUND);
    for (size_t i = 0; i < record.d.n_payments; i++)
        if (strcmp(record.d.payments[i].id, call->part) == 0)
            payment = &record.d.payments[i];
    if (!payment)
        return problem_answer(call, PROBLEM_NOT_FOUND);
    if (!is_counter(call, &record))
        return false;
    if (strcmp(payment->status, "pending") != 0)
        return problem_stale(call, PROBLEM_NOT_ALLOWED, &record, is_over);
    payment->status = "cancelled"; /* of this request's own copy */
    payment_settle(call, &record.d);
    if (!put(call, &record, "end_payment", payment->purpose))
        return false;
    answer_empty(call, 204);
    answer_header(call->answer, "Dossier-Version", "%lld", (long long)record.version);
    return true;
}

/* ── paid, run out ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* In their order, as far as it goes; true: nothing is unpaid any more. */
static bool fill_fees(struct call *call, struct dossier *d, int64_t amount, const char *receipt)
{
    for (size_t i = 0; i < d->n_fees && amount > 0; i++) {
        struct fee *fee = &d->fees[i];
        int64_t part = fee->amount - fee->paid < amount ? fee->amount - fee->paid : amount;
        if (part <= 0)
            continue;
        fee->paid += part;
        fee->paid_at = call->now;
        fee->method = "online";
        fee->receipt = receipt;
        amount -= part;
    }
    return dossier_unpaid(d) == 0;
}

bool payment_paid(struct call *call, struct record *record)
{
    struct dossier *d = &record->d;
    const struct directory *directory = call->central->directory;
    struct calendar calendar = directory_calendar(directory, d->unit);
    struct event event = {.at = call->now, .acted_at = INSTANT_NONE, .action = "pay", .from = d->status};

    own(call, d, 0);
    struct payment *payment = payment_pending(d);
    payment->status = "paid";
    event.note = payment->purpose;
    bool all = fill_fees(call, d, payment->amount, payment->id);
    if (all && status_of(d->status) == STATUS_AWAITING_PAYMENT) { /* goes back as it does when an officer confirms it */
        struct action_request request;
        codec_absent(&shape_action_request, &request);
        request.action = "confirm_payment";
        workflow_apply(d, ACTION_CONFIRM_PAYMENT, &request, NULL, call->now, &calendar,
                       directory_procedure(directory, d->procedure), &call->arena);
    } else {
        d->version++;
    }
    event.to = d->status;
    return record_put(call, record, &event);
}

bool payment_next(struct call *call, int64_t after, struct record *record)
{
    struct store *store = call->central->store;

    for (;;) {
        sqlite3_stmt *s = store_query(store, THING_PAYS, "i", after);
        if (!store_row(store, s))
            return false;
        record_of_row(call, s, record);
        store_done(s);
        if (payment_pending(&record->d)) /* the words may stand elsewhere in it */
            return true;
        after = record->num;
    }
}

static bool run_out(struct call *call, struct record *record)
{
    struct payment *payment = payment_pending(&record->d);

    if (!payment || payment->expires_at == INSTANT_NONE || payment->expires_at > call->now)
        return true;
    store_begin(call->central->store);
    payment->status = "expired";
    payment_settle(call, &record->d);
    bool ok = put(call, record, "end_payment", payment->purpose);
    if (!ok || !store_commit(call->central->store)) {
        store_rollback(call->central->store);
        return false;
    }
    feed_tell(call->central, &call->touched, call->now);
    return true;
}

/* By the minute, which the texts on the screen have too. */
void payment_sweep(struct central *central, int64_t now)
{
    struct central_answer unused = {0};

    if (now / 60 == central->payments_swept)
        return;
    central->payments_swept = now / 60;
    for (int64_t after = 0;;) {
        struct call call = {.central = central, .answer = &unused, .now = now};
        struct record record;
        bool more = payment_next(&call, after, &record);
        after = more ? record.num : after;
        more = more && run_out(&call, &record);
        arena_clear(&call.arena);
        if (!more)
            break;
    }
    central_answer_clear(&unused);
}

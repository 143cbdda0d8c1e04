/* bank_page: the page that stands for the citizen's banking app and the treasury behind it: the payments that are asked for, and a button
 * that pays. Nobody's money moves.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/html.h"
#include "training/payment.h"

#include <string.h>

#define SHOWN_MOST 200

static const struct say title = {{"Ngân hàng (tập huấn)", "Bank (training)"}};
static const struct say nothing = {{"Không có yêu cầu nộp phí nào đang chờ.", "No payment is being waited for."}};
static const struct say waits = {
    {"Đang chờ nộp. Không có tiền thật nào được chuyển.", "Waiting to be paid. No real money moves."}};
static const struct say pay = {{"Chuyển {} đồng", "Transfer {} dong"}};
static const struct say paid = {{"Đã chuyển: {}.", "Transferred: {}."}};
static const struct say is_over = {{"Yêu cầu này đã xong hoặc đã hết hiệu lực.", "This payment is over."}};

static void put_payment(struct call *call, struct buf *out, struct record *record)
{
    const struct payment *payment = payment_pending(&record->d);
    const char *amount = arena_format(&call->arena, "%lld", (long long)payment->amount);

    buf_format(out,
               "<hr>\n<p>%s<br>%s · %s</p>\n<form method=\"post\" action=\"" BANK_PATH
               "\"><input type=\"hidden\" name=\"yeu_cau\" value=\"%s\"><button>%s</button></form>\n",
               html_text(call, payment->purpose), html_text(call, record->d.code),
               html_text(call, payment->payee ? payment->payee : ""), html_text(call, payment->id),
               say_with(call, pay, (const char *[]){amount}));
}

static void show(struct call *call, const char *message)
{
    struct buf out = {0};
    struct record record = {0};
    size_t n = 0;

    if (message)
        buf_format(&out, "<p><strong>%s</strong></p>\n", message);
    for (int64_t after = 0; n < SHOWN_MOST && payment_next(call, after, &record); after = record.num) {
        if (n++ == 0)
            buf_format(&out, "<p>%s</p>\n", say_text(call, waits));
        put_payment(call, &out, &record);
    }
    if (n == 0)
        buf_format(&out, "<p>%s</p>\n", say_text(call, nothing));
    html_answer(call, 200, title, &out);
}

static bool find(struct call *call, const char *id, struct record *record)
{
    for (int64_t after = 0; payment_next(call, after, record); after = record->num)
        if (strcmp(payment_pending(&record->d)->id, id) == 0)
            return true;
    return false;
}

/* false: the answer is made. */
static bool transfer(struct call *call, const char *id, const char **message)
{
    struct central *central = call->central;
    struct record record;

    if (!id || !find(call, id, &record)) {
        *message = say_text(call, is_over);
        return true;
    }
    const char *purpose = payment_pending(&record.d)->purpose;
    store_begin(central->store);
    if (!payment_paid(call, &record)) {
        store_rollback(central->store);
        return false;
    }
    if (!store_commit(central->store))
        return problem_answer(call, PROBLEM_INTERNAL);
    feed_tell(central, &call->touched, call->now);
    *message = say_with(call, paid, (const char *[]){html_text(call, purpose)});
    return true;
}

void bank_page(struct call *call)
{
    const struct central_request *request = call->request;
    const char *message = NULL;

    payment_sweep(call->central, call->now);
    if (strcmp(request->method, "POST") != 0 ||
        transfer(call, form_value(&call->arena, request->body, request->len, "yeu_cau"), &message))
        show(call, message);
}

/* handout_payment: the QR of a fee on paper, for whom the screen cannot show it, with what a bank's app asks for in words. It says that it
 * is no receipt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/handout.h"

#include "core/text.h"
#include "core/vietqr.h"
#include "core/words.h"

static void one(struct handout_page *p, const char *label, const char *value)
{
    handout_facts(p, (struct handout_fact){.label = label, .value = value}, (struct handout_fact){0});
}

void handout_make_payment(const struct handout_ask *a, const struct payment *payment, struct arena *arena,
                          struct handout *out)
{
    struct handout_page p = {.arena = arena, .out = out};
    struct vietqr to;

    *out = (struct handout){
        .name = "Mã QR nộp phí", .file = "ma-qr-nop-phi", .about = text_shown(arena, a->dossier->code)};
    handout_head(&p, a, a->dossier->code, "THÔNG TIN NỘP PHÍ KHÔNG DÙNG TIỀN MẶT");
    one(&p, "Người nộp", text_shown(arena, a->dossier->applicant->name));
    one(&p, "Số tiền", handout_money(arena, payment->amount));
    one(&p, "Bằng chữ", word_dong(arena, payment->amount));
    if (vietqr_parse(payment->vietqr, arena, &to)) {
        handout_facts(&p, (struct handout_fact){.label = "Tài khoản", .value = text_shown(arena, to.account)},
                      (struct handout_fact){.label = "Ngân hàng", .value = text_shown(arena, to.bank)});
        one(&p, "Nội dung chuyển khoản", text_shown(arena, to.purpose));
    }
    if (payment->payee)
        one(&p, "Tên tài khoản", text_shown(arena, payment->payee));
    one(&p, "Mã dùng đến", handout_moment(arena, payment->expires_at, a->offset));
    handout_add(&p, HANDOUT_QR)->fact[0].value = text_shown(arena, payment->vietqr);
    handout_add(&p, HANDOUT_TEXT)->fact[0].value =
        "Mã QR này không phải là biên lai. Đã nộp hay chưa do hệ thống ghi nhận; hỏi tại quầy.";
}

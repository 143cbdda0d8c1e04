/* tab_fees: what was asked for, what was paid, what waits. It refuses to call a request that waits money.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/view_dossier.h"

#include <string.h>

#define NAME  4
#define LABEL 14

static const char *how_paid(const struct dossier_view *v, struct page *p, const struct fee *fee)
{
    int32_t offset = app_offset(v->app);
    struct arena *arena = &p->arena;

    if (fee->paid < fee->amount)
        return dossier_pending(&v->shown.d) ? _("waiting for a transfer") : C_("dossier", "not paid");
    if (fee->amount == 0)
        return "-";
    char *words = arena_format(
        arena, "%s%s%s", text_shown(arena, fee->method ? word_method(fee->method) : C_("dossier", "paid")),
        fee->paid_at != INSTANT_NONE ? ", " : "", word_day_short(arena, fee->paid_at, app_now(v->app), offset));
    if (fee->receipt && p->cols >= 100)
        words = arena_format(arena, _("%s, receipt %s"), words, text_shown(arena, fee->receipt));
    return words;
}

/* Columns count from the right edge of 80, so that the name takes what more there is. */
static void row(struct page *p, const char *name, const char *amount, const char *paid, const char *how,
                enum style style)
{
    int shift = p->cols >= 100 ? p->cols - 100 : p->cols - 80;

    page_put(p, NAME, -1, style, text_cut(&p->arena, name, 35 + shift > 8 ? 35 + shift : 8));
    page_put_right(p, 49 + shift, style, amount);
    page_put_right(p, 61 + shift, style, paid);
    page_put(p, 63 + shift, -1, style, how);
    page_next(p);
}

static void write_fees(const struct dossier_view *v, struct page *p)
{
    const struct dossier *d = &v->shown.d;
    struct arena *arena = &p->arena;
    int64_t all = 0, unpaid = dossier_unpaid(d);

    row(p, C_("fee", "Item"), C_("fee", "Amount"), C_("fee", "Paid"), C_("fee", "How"), STYLE_TITLE);
    for (size_t i = 0; i < d->n_fees; i++) {
        const struct fee *fee = &d->fees[i];
        all += fee->amount;
        if (v->focus[TAB_FEES] == i)
            page_focus(p, 0);
        row(p, text_shown(arena, fee->name), text_money(arena, fee->amount), text_money(arena, fee->paid),
            how_paid(v, p, fee), STYLE_TEXT);
    }
    row(p, C_("fee", "Sum"), text_money(arena, all), text_money(arena, all - unpaid),
        unpaid > 0 ? arena_format(arena, _("%s to pay"), text_money(arena, unpaid)) : "", STYLE_TEXT);
}

static void write_payment(const struct dossier_view *v, struct page *p)
{
    const struct payment *payment = dossier_pending(&v->shown.d);
    const struct dossier *d = &v->shown.d;
    struct arena *arena = &p->arena;
    int32_t offset = app_offset(v->app);

    if (!payment)
        return;
    bool waits = status_of(d->status) == STATUS_AWAITING_PAYMENT && d->paused_since != INSTANT_NONE;
    page_text(p, 1, STYLE_TEXT,
              arena_format(arena, _("Asked for payment%s%s: %s, %s%s%s."), waits ? " " : "",
                           word_when(arena, waits ? d->paused_since : INSTANT_NONE, offset),
                           text_money(arena, payment->amount), word_payment(payment->status),
                           payment->expires_at != INSTANT_NONE ? C_("payment", ", good until ") : "",
                           word_when(arena, payment->expires_at, offset)));
    page_text(p, 1, STYLE_TEXT,
              arena_format(
                  arena, _("The QR code waits; it is not money paid yet. %s to open it again for the citizen."),
                  keymap_keys(app_keymap(v->app), view_dossier.name, FOCUS_ROW, CMD_OPEN, true, arena)));
    page_next(p);
}

static bool applies(const struct fee_item *item, const char *channel)
{
    return !item->channel || strcmp(item->channel, channel) == 0;
}

/* The same exemption stands beside several items of the book. */
static bool said_before(const struct procedure *book, size_t i, const char *channel)
{
    for (size_t j = 0; j < i; j++)
        if (applies(&book->fees[j], channel) && book->fees[j].exempt &&
            strcmp(book->fees[j].exempt, book->fees[i].exempt) == 0)
            return true;
    return false;
}

static void write_book(const struct dossier_view *v, struct page *p)
{
    const struct dossier *d = &v->shown.d;
    const struct procedure *book = v->shown.procedure;
    struct arena *arena = &p->arena;
    const char *label = C_("dossier", "Exempt");

    if (!book)
        return;
    for (size_t i = 0; i < book->n_fees; i++) {
        if (!applies(&book->fees[i], d->channel) || !book->fees[i].exempt || said_before(book, i, d->channel))
            continue;
        page_fact(p, 1, LABEL, label, text_shown(arena, book->fees[i].exempt));
        label = "";
    }
    page_fact(p, 1, LABEL, C_("dossier", "By"),
              book->effective_from == DAY_NONE
                  ? arena_format(arena, _("The fees of procedure %s, channel %s."),
                                 text_shown(arena, book->code), text_shown(arena, word_channel(d->channel)))
                  : arena_format(arena, _("The fees of procedure %s, channel %s, from %s."),
                                 text_shown(arena, book->code), text_shown(arena, word_channel(d->channel)),
                                 word_day(arena, book->effective_from)));
}

static const char *per_words(const char *per)
{
    if (strcmp(per, "page") == 0)
        return _("a page");
    if (strcmp(per, "copy") == 0)
        return _("a copy");
    return strcmp(per, "dossier") == 0 ? _("a dossier") : per;
}

/* Nothing was asked for yet: what the book has. */
static void write_rates(const struct dossier_view *v, struct page *p)
{
    const struct procedure *book = v->shown.procedure;
    struct arena *arena = &p->arena;

    page_text(p, 1, STYLE_TEXT, arena_format(arena, _("Fees: %s."), dossier_fee_words(arena, &v->shown.d, book)));
    for (size_t i = 0; book && i < book->n_fees; i++) {
        const struct fee_item *item = &book->fees[i];
        if (applies(item, v->shown.d.channel) && item->amount > 0)
            row(p, text_shown(arena, item->name), text_money(arena, item->amount), "",
                item->per ? text_shown(arena, per_words(item->per)) : "", STYLE_TEXT);
    }
}

static void write(const struct dossier_view *v, struct page *p)
{
    const struct dossier *d = &v->shown.d;
    struct arena *arena = &p->arena;

    if (d->n_fees > 0)
        write_fees(v, p);
    else
        write_rates(v, p);
    page_next(p);
    write_payment(v, p);
    write_book(v, p);
    page_next(p);
    if (status_of(d->status) == STATUS_AWAITING_PAYMENT && d->paused_since != INSTANT_NONE)
        page_text(p, 1, STYLE_TEXT,
                  arena_format(
                      arena,
                      _("The due time stands still since %s; it goes on when the system knows of the payment."),
                      word_when(arena, d->paused_since, app_offset(v->app))));
}

static size_t items(const struct dossier_view *v)
{
    return v->shown.d.n_fees;
}

static const enum command_id footer[] = {CMD_OPEN, CMD_ACT, CMD_PRINT, CMD_NONE};

const struct dossier_tab tab_fees = {
    .label = NC_("tab", "Fees"), .write = write, .items = items, .footer = footer};

/* view_payment: a fee without cash: the server's VietQR as a picture that a phone reads, the same facts in words beside it, and what became
 * of it. It refuses to call a picture money: paid is what the system says is paid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/vietqr.h"
#include "core/words.h"
#include "tui/act_rows.h"
#include "tui/app_pay.h"
#include "tui/print_source.h"
#include "tui/qr.h"

#include <stdlib.h>
#include <string.h>

enum {
    TOP = 1,    /* the picture begins on the title's row, since it needs every one */
    TEXT = 43,  /* where the words stand beside the smallest picture of 41 columns */
    WORDS = 37, /* columns that they need */
    LABEL = 12,
    ROOMY = 24, /* from so many rows on there are blank lines between the words */
    ALONE = 1,  /* the words' column without a picture */
};

struct paying {
    struct app *app;
    char *id;
    struct dossier_shown shown;
    char *seen; /* the payment that was pending when it was last looked at; NULL: none was */
    char *message;
};

static const struct payment *find(const struct paying *p, const char *id)
{
    for (size_t i = 0; id && i < p->shown.d.n_payments; i++)
        if (strcmp(p->shown.d.payments[i].id, id) == 0)
            return &p->shown.d.payments[i];
    return NULL;
}

/* Being asked for, or called off: it is on its way. */
static const char *on_its_way(const struct paying *p)
{
    for (size_t i = 0; i < p->shown.n_wishes; i++)
        if (strcmp(p->shown.wishes[i].action, WISH_ASK_PAYMENT) == 0 ||
            strcmp(p->shown.wishes[i].action, WISH_END_PAYMENT) == 0)
            return p->shown.wishes[i].action;
    return NULL;
}

static bool load(struct view *view, struct cache *cache, struct err *e)
{
    struct paying *p = view->state;
    struct dossier_shown fresh = {0};

    if (!act_read_dossier(p->app, view->under, p->id, &fresh, e))
        return false;
    dossier_shown_clear(&p->shown);
    p->shown = fresh;
    const struct payment *pending = dossier_pending(&p->shown.d);
    if (pending) {
        mem_free(&p->seen);
        p->seen = mem_copy(pending->id);
        app_watch_payment(p->app, p->shown.d.id, pending->id);
    }
    return true;
}

static bool open_payment(struct view *view, const struct view_arg *arg, struct err *e)
{
    struct paying *p = view->state;

    if (!arg->id)
        return err_set(e, ERR_USAGE, "%s", _("No dossier is chosen."));
    p->app = view->app;
    p->id = mem_copy(arg->id);
    return true;
}

static void close_payment(struct view *view)
{
    struct paying *p = view->state;

    dossier_shown_clear(&p->shown);
    free(p->id);
    free(p->seen);
    free(p->message);
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct pen {
    struct canvas *c;
    int row, col;
    bool roomy;
};

static void gap(struct pen *pen)
{
    pen->row += pen->roomy;
}

static void line(struct pen *pen, enum style style, const char *shown)
{
    if (pen->row <= view_last_row(pen->c))
        canvas_put(pen->c, pen->row, pen->col, -1, style, shown);
    pen->row++;
}

static void fact(struct pen *pen, const char *label, const char *shown)
{
    if (pen->row <= view_last_row(pen->c)) {
        canvas_put(pen->c, pen->row, pen->col, LABEL - 1, STYLE_WEAK, label);
        canvas_put(pen->c, pen->row, pen->col + LABEL, -1, STYLE_TEXT, shown);
    }
    pen->row++;
}

static const char *key_of(const struct paying *p, enum command_id id, struct arena *arena)
{
    return keymap_keys(app_keymap(p->app), view_payment.name, FOCUS_ROW, id, true, arena);
}

static const char *dong(struct arena *arena, int64_t amount)
{
    char *money = text_money(arena, amount);

    return arena_format(arena, _("%.*s dong"), (int)(strlen(money) - strlen(" đ")), money);
}

static void put_transfer(const struct paying *p, struct pen *pen, const struct payment *payment,
                         struct arena *arena)
{
    struct vietqr to;

    fact(pen, C_("payment", "Amount"), dong(arena, payment->amount));
    fact(pen, C_("payment", "In words"), word_dong(arena, payment->amount));
    gap(pen);
    if (vietqr_parse(payment->vietqr, arena, &to)) {
        fact(pen, C_("payment", "Bank"),
             app_training(p->app) ? arena_format(arena, _("%s (training)"), text_shown(arena, to.bank))
                                  : text_shown(arena, to.bank));
        fact(pen, C_("payment", "Account"), text_shown(arena, to.account));
        fact(pen, C_("payment", "Purpose"), text_shown(arena, to.purpose));
    } else if (payment->purpose) {
        fact(pen, C_("payment", "Purpose"), text_shown(arena, payment->purpose));
    }
}

static void put_words(const struct paying *p, struct pen *pen, const struct payment *payment, bool picture,
                      struct arena *arena)
{
    const struct dossier *d = &p->shown.d;

    put_transfer(p, pen, payment, arena);
    gap(pen);
    fact(pen, C_("payment", "Dossier"), text_code(arena, d->code, 10));
    fact(pen, C_("payment", "Applicant"), text_shown(arena, d->applicant->name));
    gap(pen);
    if (payment->expires_at != INSTANT_NONE)
        line(pen, STYLE_TEXT,
             arena_format(arena, _("The code is good until %s"),
                          word_when(arena, payment->expires_at, app_offset(p->app))));
    gap(pen);
    line(pen, STYLE_TEXT, _("Waiting for the system to say it is paid…"));
    line(pen, STYLE_TEXT, _("The QR picture is not money paid yet."));
    gap(pen);
    if (picture)
        line(pen, STYLE_TEXT, _("It cannot be scanned?"));
    line(pen, STYLE_TEXT, arena_format(arena, _("%s: print the QR code"), key_of(p, CMD_PRINT, arena)));
    line(pen, STYLE_TEXT, arena_format(arena, _("%s: pay in another way"), key_of(p, CMD_ACT, arena)));
}

/* What fits beside the words; NULL: no picture does. */
static struct qr *picture_of(const struct paying *p, const struct payment *payment, int rows, int cols)
{
    return qr_new(payment->vietqr, app_options(p->app)->half_blocks, rows - TOP - 2, cols - WORDS - 2);
}

static void draw_pending(const struct paying *p, struct canvas *c, const struct payment *payment,
                         struct arena *arena)
{
    struct qr *qr = picture_of(p, payment, c->rows, c->cols);
    struct pen pen = {.c = c, .row = TOP + 1, .col = ALONE, .roomy = c->rows >= ROOMY};

    if (qr) {
        qr_draw(qr, c, TOP, 0);
        pen.col = qr_cols(qr) + 2 > TEXT ? qr_cols(qr) + 2 : TEXT;
        line(&pen, STYLE_TITLE, _("PAY THE FEE WITHOUT CASH"));
        gap(&pen);
    } else {
        view_title(c, _("Pay the fee without cash"), NULL);
    }
    canvas_cursor(c, pen.row, pen.col);
    put_words(p, &pen, payment, qr != NULL, arena);
    qr_free(&qr);
}

static void draw_none(const struct paying *p, struct canvas *c, struct arena *arena)
{
    const struct payment *last = find(p, p->seen);
    int64_t unpaid = dossier_unpaid(&p->shown.d);
    struct pen pen = {.c = c, .row = view_body_row() + 1, .col = ALONE, .roomy = true};

    view_title(c, _("Pay the fee without cash"), NULL);
    canvas_cursor(c, pen.row, pen.col);
    fact(&pen, C_("payment", "Dossier"), text_shown(arena, p->shown.d.code));
    fact(&pen, C_("payment", "Applicant"), text_shown(arena, p->shown.d.applicant->name));
    gap(&pen);
    if (last)
        line(&pen, STYLE_TEXT,
             arena_format(arena, _("%s: %s"), dong(arena, last->amount),
                          text_shown(arena, word_payment(last->status))));
    if (unpaid == 0) {
        line(&pen, STYLE_TEXT, _("Nothing is left to pay."));
        return;
    }
    fact(&pen, C_("payment", "To pay"), dong(arena, unpaid));
    fact(&pen, "", word_dong(arena, unpaid));
    gap(&pen);
    line(&pen, STYLE_TEXT,
         arena_format(arena, _("%s: ask for the transfer; the QR picture comes at once."),
                      key_of(p, CMD_ACCEPT, arena)));
}

static void draw(const struct view *view, struct canvas *c)
{
    const struct paying *p = view->state;
    const struct payment *pending = dossier_pending(&p->shown.d);
    struct arena arena = {0};

    if (pending)
        draw_pending(p, c, pending, &arena);
    else
        draw_none(p, c, &arena);
    arena_clear(&arena);
}

static const char *message(const struct view *view)
{
    struct paying *p = view->state;
    const struct payment *pending = dossier_pending(&p->shown.d);
    struct arena arena = {0};

    mem_free(&p->message);
    if (on_its_way(p)) {
        p->message =
            mem_copy(strcmp(on_its_way(p), WISH_ASK_PAYMENT) == 0 ? _("Asking the system for the QR code…")
                                                                  : _("Calling it off…"));
    } else if (pending) {
        struct qr *qr = picture_of(p, pending, app_rows(p->app), app_cols(p->app));
        p->message =
            qr ? mem_format(_("%s to pay. You may leave this screen; you are told when the money is there."),
                            text_money(&arena, pending->amount))
               : mem_format(
                     _("This screen cannot draw the QR code. Press %s to print it, or read out account and purpose."),
                     key_of(p, CMD_PRINT, &arena));
        qr_free(&qr);
    }
    arena_clear(&arena);
    return p->message;
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void tell(struct paying *p, bool ok, const struct err *e)
{
    if (!ok)
        app_toast_err(p->app, e);
    app_changed(p->app, CACHE_OUTBOX);
}

static void ask_for_it(struct paying *p)
{
    char key[UUID_TEXT];
    struct err e = {0};

    tell(p, wish_pay(app_outbox(p->app), &p->shown.d, dossier_unpaid(&p->shown.d), app_now(p->app), key, &e), &e);
}

static void call_off(struct paying *p)
{
    const struct payment *pending = dossier_pending(&p->shown.d);
    char key[UUID_TEXT];
    struct err e = {0};

    if (pending)
        tell(p, wish_pay_off(app_outbox(p->app), &p->shown.d, pending->id, app_now(p->app), key, &e), &e);
}

static void chosen(struct view *view, int choice, void *context)
{
    struct paying *p = view->state;

    if (choice == 2)
        app_open(p->app, &view_form, &(struct view_arg){.id = p->shown.d.id, .action = "confirm_payment"});
    else if (choice == 3)
        call_off(p);
}

static void ask_how(struct view *view)
{
    struct paying *p = view->state;
    const char *const choices[] = {_("No, go on waiting"),
                                   _("Paid in another way: cash or card, with the receipt's number"),
                                   dossier_pending(&p->shown.d) ? _("Call this request off") : NULL, NULL};

    app_question(p->app, view,
                 &(struct question){.text = _("How is it paid?"), .choices = choices, .answered = chosen});
}

static enum handled command(struct view *view, enum command_id id, struct app *app)
{
    struct paying *p = view->state;

    switch (id) {
    case CMD_ACCEPT:
        ask_for_it(p);
        return HANDLED;
    case CMD_ACT:
        ask_how(view);
        return HANDLED;
    case CMD_PRINT:
        app_open(app, &view_print, &(struct view_arg){.id = p->shown.d.id, .action = PRINT_PAYMENT});
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static const char *blocked(const struct view *view, enum command_id id)
{
    const struct paying *p = view->state;
    const struct payment *pending = dossier_pending(&p->shown.d);

    switch (id) {
    case CMD_ACCEPT:
        if (pending || on_its_way(p))
            return _("a payment is under way");
        if (dossier_unpaid(&p->shown.d) == 0)
            return _("no fee is unpaid");
        if (!app_line(p->app)->payments)
            return _("this system has no payment by QR, or has not been reached yet");
        return act_line_is_down(p->app) ? _("this needs the line, which is down") : NULL;
    case CMD_ACT:
        return on_its_way(p)                                ? _("the system has not answered yet")
               : dossier_unpaid(&p->shown.d) > 0 || pending ? NULL
                                                            : _("no fee is unpaid");
    case CMD_PRINT:
        return pending ? NULL : _("there is no QR code");
    default:
        return NULL;
    }
}

static const enum command_id commands[] = {CMD_ACCEPT, CMD_PRINT, CMD_ACT, CMD_SYNC, CMD_NONE};

const struct view_ops view_payment = {
    .name = "payment",
    .title = NC_("view", "Payment"),
    .state_size = sizeof(struct paying),
    .depends = CACHE_DOSSIERS | CACHE_OUTBOX | CACHE_LINE | CACHE_CLOCK,
    .commands = commands,
    .open = open_payment,
    .load = load,
    .draw = draw,
    .message = message,
    .command = command,
    .blocked = blocked,
    .close = close_payment,
};

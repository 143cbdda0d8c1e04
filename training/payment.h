/* payment: fees without cash (contract, tag payments): asked for, called off, run out, paid at the page that stands for a bank's app.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_PAYMENT_H
#define MOTCUA_TRAINING_PAYMENT_H

#include "training/inside.h"

#define BANK_PATH "/ngan-hang"

bool payment_request(struct call *);
bool payment_cancel(struct call *);
/* A fee that was added for a payment goes again where that was not paid: after an action has cancelled it. */
void payment_settle(struct call *, struct dossier *);
/* What waited too long is over. Before a request is looked at. */
void payment_sweep(struct central *, int64_t now);

/* The bank's side. The next dossier by number behind `after` that a payment waits on, whoever may see it; false: there is none. */
bool payment_next(struct call *, int64_t after, struct record *);
struct payment *payment_pending(struct dossier *); /* NULL: none */
/* The money came: in a transaction of the caller's, who tells the feed. false: an answer was made. */
bool payment_paid(struct call *, struct record *);
void bank_page(struct call *);

#endif

/* app_pay: payments that the officer need not wait for: the message line says when the system has one as paid, or over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_APP_PAY_H
#define MOTCUA_TUI_APP_PAY_H

#include "tui/app.h"

/* From here on it is told, until the program ends. */
void app_watch_payment(struct app *, const char *dossier, const char *payment);
void app_look_at_payments(struct app *); /* the app's, when dossiers changed */
void app_forget_payments(struct app *);  /* another officer, or the end */

#endif

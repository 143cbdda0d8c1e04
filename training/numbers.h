/* numbers: /number-blocks: codes of the day that a counter officer keeps in reserve, each good once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_NUMBERS_H
#define MOTCUA_TRAINING_NUMBERS_H

#include "training/inside.h"

bool numbers_reserve(struct call *);
/* Spends a code of the caller's for that unit. false (and nothing answered): it is none, or spent, or was not his to give out at that time. */
bool number_spent(struct call *, const char *code, const char *unit, int64_t received_at);

#endif

/* ask_pin: a PIN from the terminal: no echo, in locked memory. It refuses to read one from anything else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_ASK_PIN_H
#define MOTCUA_CLI_ASK_PIN_H

#include "cache/pin.h"
#include "core/err.h"

/* ERR_USAGE: no terminal; ERR_AUTH with an empty sentence: the officer gave up (Ctrl-C, Ctrl-D, a signal). */
bool ask_pin(const char *prompt, struct pin *, struct err *);
/* A new one, typed twice until both are the same. */
bool ask_new_pin(struct pin *, struct err *);

#endif

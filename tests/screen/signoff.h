/* signoff: a supervisor with dossiers to sign, and his way to a signature in steps, for the tests of what may happen between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_SIGNOFF_H
#define MOTCUA_TESTS_SCREEN_SIGNOFF_H

#include "tests/screen/office.h"

/* Lines of office.config: his device here, his device at home (token_forward()), his phone. */
#define SIGNOFF_DEVICE  "signer = token\npkcs11_module = " TOKEN_MODULE "\n"
#define SIGNOFF_AT_HOME "signer = token\npkcs11_module = " TOKEN_CLIENT "\n"
#define SIGNOFF_PHONE   "signer = phone\n"

/* Set-up and tear-down: `*state` is an office with "s-10" … "s-16" to sign, whose codes end so: 1229-0010; devices in its directory. */
int signoff_open(void **state);
int signoff_close(void **state);

/* One key after another. */
void signoff_type(struct screen *, const char *text);
/* thang sits down and opens the first dossier of "Chờ ký", whose code ends in `tail` ("1229-0010"); the action with this number shows its
 * statement or asks for the reason; who signs is known. */
struct screen *signoff_see(struct office *, const char *tail, const char *action);
/* The statement is seen to its end and the last characters are typed, but for Enter; with it, and the PIN is asked for. */
void signoff_type_code(struct screen *, const char *last);
void signoff_ask_pin(struct screen *, const char *last);
/* The four digits that the screen shows for the phone; the caller frees. */
char *signoff_phone_code(struct screen *);

#endif

/* tui_sign: quan at 09:58 with d-19 to be signed, and a signer whose answers are the test's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_TUI_SIGN_H
#define MOTCUA_TESTS_UNIT_TUI_SIGN_H

#include "tests/unit/tui_dossier.h"

#define CODE "0019" /* what has to be typed for d-19 */

extern struct world signing;
void sign_begin(const char *officer); /* the same with another officer than quan */
int sign_setup(void **state);
int sign_teardown(void **state);
#define SIGN_TEST(name) cmocka_unit_test_setup_teardown(name, sign_setup, sign_teardown)

/* The mock-up's documents, and what the server offers; every call is another version, from 8 on. */
void feed_19(void);
/* The view on it, training's signer being there until 14/08/2024; and with all of it seen and the question open. */
void open_sign(const char *id, const char *action);
void open_question(void);

struct ask next_ask(enum ask_kind); /* the caller's to ask_clear() */
void nothing_is_asked(void);
/* Answers the ask for the signer, and the one to sign: with a sentence where it is not NULL. */
void signer_is(const char *name, int64_t until, const char *error);
void signer_is_phone(void);
void answer_signed(struct ask *, const char *cms, const char *error);

void nothing_is_wished(void);
/* The one wish; its CMS is "Q01T", its statement has to be what ASK_SIGN had. */
void wished(const char *action, const char *note, const struct ask *);
void wished_for(const char *giver, const char *action, const char *note,
                const struct ask *); /* on whose behalf; "": nobody's */

#endif

/* tui_tray: quan at 10:06 with the mock-up's ten to be signed, a signer and a server whose answers are the test's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_TUI_TRAY_H
#define MOTCUA_TESTS_UNIT_TUI_TRAY_H

#include "tests/unit/tui_dossier.h"

extern struct world at_tray;
extern const char *const at_tray_ten[10]; /* their ids */
int at_tray_setup(void **state);
int at_tray_teardown(void **state);

/* Another version of one of them; `proposed_at` NULL: as it was proposed; `offered`: quan may sign. */
void at_tray_feed(const char *id, const char *proposed_at, bool offered);
void at_tray_draw(void);
void at_tray_press(const char *keys);

/* The tray with the first `n`, its signer known; or with three of them, seen and granted. */
void at_tray_open(size_t n, bool asks_pin, bool phone);
void at_tray_grant_three(bool asks_pin);
void at_tray_see_and(const char *key);                   /* all of the statement is seen, then this key */
void at_tray_begin(const char *number, const char *pin); /* F9, the typed number, and the PIN where one is asked for */

struct ask at_tray_asks(enum ask_kind); /* the next ask, of this kind; at_tray_answer() takes it */
void at_tray_asks_nothing(void);
void at_tray_signer(bool asks_pin, bool phone); /* answers the ask for the signer */
void at_tray_answer(struct ask *, enum err_code, const char *error, bool each_time);
void at_tray_sign_next(bool with_pin); /* the next signature is asked for so, and made */
void at_tray_run_closed(void);         /* the signer is told that no more comes */

size_t at_tray_wishes(void);
void at_tray_all_taken(void); /* by the server */

#endif

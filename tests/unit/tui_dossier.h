/* tui_dossier: a world of the mock-ups with a list to come from, for the tests of the dossier, the menu and the forms.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_TUI_DOSSIER_H
#define MOTCUA_TESTS_UNIT_TUI_DOSSIER_H

#include "tests/unit/tui_world.h"

/* Officer mai at 09:42, what is kept is of 09:41. *state is a struct world. */
int dossier_setup(void **state);
int dossier_teardown(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, dossier_setup, dossier_teardown)

/* From a list of d-12, d-41 (5/26) and d-19. */
void open_dossier(struct world *, const char *id);

/* A copy of a scenario's dossier, to be changed and fed: dossier_fed() gives it the next version. */
json_t *copy_of(struct world *, const char *id);
void set_member(json_t *, const char *member, const char *json);
/* The server offers it; `needs` may be NULL. */
void offer(json_t *dossier, const char *action, const char *offline, const char *needs);
void refuse(json_t *dossier, const char *action, const char *reason);
void dossier_fed(struct world *, json_t *dossier); /* takes it */

/* The ask for a dossier's events is there; it is answered with the scenario's. */
void answer_events(struct world *, const char *id);

#endif

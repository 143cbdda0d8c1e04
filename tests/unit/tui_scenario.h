/* tui_scenario: training/scenarios/NAME.json as a test reads it: its things, who sees what, and a dossier of it in the contract's shape.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_TUI_SCENARIO_H
#define MOTCUA_TESTS_UNIT_TUI_SCENARIO_H

#include <jansson.h>
#include <stdbool.h>

json_t *scenario_read(const char *name); /* with what it uses; json_decref() it */
json_t *scenario_thing(const json_t *scenario, const char *kind, const char *id); /* borrowed; NULL */
const char *scenario_text(const json_t *thing, const char *member); /* "" where it is not there */
/* Whether an officer of `unit` may see the dossier (docs/scenarios.md). */
bool scenario_sees(const json_t *scenario, const json_t *dossier, const char *unit);
/* From the scenario's shape to the contract's; takes it and gives it back. */
json_t *scenario_dossier(const json_t *scenario, json_t *dossier);

#endif

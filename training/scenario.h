/* scenario: one file of docs/scenarios.md, read and checked as a whole before anything is made of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_SCENARIO_H
#define MOTCUA_TRAINING_SCENARIO_H

#include "core/err.h"
#include "core/mem.h"

#include <jansson.h>
#include <stdint.h>

struct scenario;
struct store;
/* ERR_NOT_FOUND: no such file. ERR_CONFIG: it is not as docs/scenarios.md says, and where. */
bool scenario_open(const char *path, struct scenario **out, struct err *);
void scenario_free(struct scenario **);

/* A member, of this file or of the one that it uses; NULL where neither has it. Borrowed. */
const json_t *scenario_member(const struct scenario *, const char *name);
int64_t scenario_clock(const struct scenario *);
int64_t scenario_closed_kept_days(const struct scenario *);
const char *scenario_demo(const struct scenario *, const char *role); /* an officer's id, or NULL */

/* How codes of a unit are made: the part before the serial, for a day of its zone. In arena; NULL: it takes nothing in. */
char *scenario_code_prefix(const struct scenario *, struct arena *, const char *unit, int32_t day, int *digits);
/* The next code of a unit for something received at that instant. In a transaction. */
char *scenario_code(const struct scenario *, struct store *, struct arena *, const char *unit,
                    int64_t received_at);
/* The serial at the end of a code that was given, so that the next one goes on behind it. */
void scenario_code_used(const struct scenario *, struct store *, struct arena *, const char *unit,
                        int64_t received_at, const char *code);

#endif

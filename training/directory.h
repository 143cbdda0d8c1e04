/* directory: the reference data that the server judges by: units, officers, procedures, calendars. It knows who sees what and where
 * a role counts; dossiers it does not know.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_DIRECTORY_H
#define MOTCUA_TRAINING_DIRECTORY_H

#include "core/calendar.h"
#include "core/err.h"
#include "core/types.h"

#include <stddef.h>

struct store;

/* The units of a dossier, as numbers of the directory; -1: none. */
struct places {
    int unit, handled, supported;
};
#define NOWHERE ((struct places){-1, -1, -1})

struct directory {
    struct arena arena;
    struct unit *units;
    struct officer *officers;
    struct procedure *procedures;
    struct office_calendar *calendars;
    size_t n_units, n_officers, n_procedures, n_calendars;
    struct calendar *hours; /* by unit: its calendar, or that of the nearest unit above that has one */
    int *homes;             /* by officer: his unit, as a number; -1: none */
    char *own, *below; /* n_units × n_units, [officer's unit][dossier's unit]: whether they are one, or one above the other */
};
/* From what the store holds. ERR_DATA. */
bool directory_load(struct store *, struct directory **out, struct err *);
void directory_free(struct directory **);

int directory_unit(const struct directory *, const char *id); /* -1: none; NULL is none */
const struct officer *directory_officer(const struct directory *, const char *id, size_t *index);
const struct procedure *directory_procedure(const struct directory *, const char *id);
struct calendar directory_calendar(const struct directory *, const char *unit); /* not usable where there is none */
struct places directory_places(const struct directory *, const struct dossier *);

/* Officers of a dossier's units, of their successors and of all units above see it, auditors see all; who holds a mandate sees what
 * its giver sees, while it lasts. */
bool directory_sees(const struct directory *, size_t officer, const struct places *, int64_t now);
/* What directory_sees() depends on beside the dossier, as one number: when it changes, so does what he sees. */
int64_t directory_view(const struct directory *, size_t officer, int64_t now);
/* Roles that count there: all in the dossier's own units and their successors, a supervisor's also above them. */
unsigned directory_roles(const struct directory *, const struct officer *, const struct places *);
/* The mandate by which the officer may decide this procedure there now, given by `giver` (NULL: by anybody); NULL: none. */
const struct mandate *directory_mandate(const struct directory *, const struct officer *, const char *giver,
                                        const char *procedure, const struct places *, int64_t now);

#endif

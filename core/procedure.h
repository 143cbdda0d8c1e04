/* procedure: what is to be known of a procedure beside its members: whether the public is told all that it has to be told, where and
 * when it can be filed, and by whom it is decided.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_PROCEDURE_H
#define MOTCUA_CORE_PROCEDURE_H

#include "core/types.h"

/* What has to be disclosed (issue 5: papers, time, fees, steps, legal basis, dates of validity). */
enum disclosed {
    DISCLOSED_PAPERS = 1 << 0,
    DISCLOSED_TIME = 1 << 1, /* a limit of 0 is one only where the unit says so: the same day */
    DISCLOSED_FEES = 1 << 2, /* what costs nothing says 0 đ */
    DISCLOSED_STEPS = 1 << 3,
    DISCLOSED_BASIS = 1 << 4,
    DISCLOSED_DATES = 1 << 5,
};
unsigned procedure_lacks(const struct procedure *); /* bits; 0: it is whole */

/* Another agency decides: the counter helps to file it and follows their code. */
bool procedure_is_elsewhere(const struct procedure *);
/* It is in force on that day (of the unit's zone) and can be filed at that unit (contract, createDossier). */
bool procedure_is_filed(const struct procedure *, const char *unit, int32_t day);

#endif

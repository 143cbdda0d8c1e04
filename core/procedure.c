/* procedure: disclosure, validity, who decides.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/procedure.h"

#include "core/instant.h"

#include <string.h>

unsigned procedure_lacks(const struct procedure *p)
{
    bool same_day = p->time_limit.unit && strcmp(p->time_limit.unit, "same_day") == 0;
    unsigned lacks = 0;

    lacks |= p->n_papers == 0 ? DISCLOSED_PAPERS : 0u;
    lacks |= !p->time_limit.unit || (p->time_limit.amount <= 0 && !same_day) ? DISCLOSED_TIME : 0u;
    lacks |= p->n_fees == 0 ? DISCLOSED_FEES : 0u;
    lacks |= p->steps.n == 0 ? DISCLOSED_STEPS : 0u;
    lacks |= p->legal_basis.n == 0 ? DISCLOSED_BASIS : 0u;
    lacks |= p->effective_from == DAY_NONE ? DISCLOSED_DATES : 0u;
    return lacks;
}

bool procedure_is_elsewhere(const struct procedure *p)
{
    return p->processing && strcmp(p->processing, "elsewhere") == 0;
}

static bool is_listed(const struct texts *units, const char *unit)
{
    for (size_t i = 0; i < units->n; i++)
        if (strcmp(units->items[i], unit) == 0)
            return true;
    return units->n == 0; /* contract: empty means everywhere */
}

bool procedure_is_filed(const struct procedure *p, const char *unit, int32_t day)
{
    return p->active && (p->effective_from == DAY_NONE || day >= p->effective_from) &&
           (p->effective_until == DAY_NONE || day <= p->effective_until) && is_listed(&p->units, unit);
}

/* tidy: what an idle workstation throws away: closed dossiers that are over (cache/retain.c), and the caches of officers who have not
 * come for a week (cache/officers.h). It goes by the server's clock; while that is not known, nothing goes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_TIDY_H
#define MOTCUA_CLI_TIDY_H

#include "cli/seat.h"

/* For about `ms`, where this instance holds the lease. true: there is more to do; else it is wanted again at seat->tidy_at. */
bool tidy(struct seat *, int ms);

#endif

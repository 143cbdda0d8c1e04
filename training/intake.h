/* intake: what a new dossier and a correction are both held against. All answer 422 and return false where something is wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_INTAKE_H
#define MOTCUA_TRAINING_INTAKE_H

#include "training/inside.h"

#define DOSSIER_LIMITS 7
extern const struct text_limit dossier_limits[DOSSIER_LIMITS];

/* Dossiers are taken in there, by the caller. */
bool unit_takes_in(struct call *, const char *unit);
bool applicant_good(struct call *, const struct applicant *, const char *at);
bool papers_of_dossier_good(struct call *, struct paper *,
                            size_t n);             /* takes away `attachment`, which only the server sets */
bool form_good(struct call *, const json_t *form); /* NULL is good */

#endif

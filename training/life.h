/* life: what a dossier of a scenario has behind it: the signature over its decision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_LIFE_H
#define MOTCUA_TRAINING_LIFE_H

#include "training/inside.h"

/* Puts a real signature, made with the deciding officer's own key, over the statement of the moment of the decision: the version then,
 * the note of that action, signed at `decision.at`. In arena. False: no such officer or procedure. */
bool life_sign(const struct ca *, const struct directory *, struct dossier *, int64_t version,
               const char *note, struct arena *);

#endif

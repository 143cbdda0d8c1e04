/* loader: from a scenario into an empty store: reference data with fresh certificates, the dossiers of the file, then those that are
 * generated.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_LOADER_H
#define MOTCUA_TRAINING_LOADER_H

#include "training/inside.h"

/* Units, officers, procedures and calendars. ERR_CONFIG. */
bool load_reference(struct central *, struct err *);
/* New certificates for the officers of a store that was filled before: each is a new version of the officer. */
bool load_certificates(struct central *, struct err *);
/* The dossiers of the file, then `n` generated ones; the directory has been read. ERR_CONFIG names the dossier. */
bool load_dossiers(struct central *, uint64_t seed, int64_t n, struct err *);
/* `n` dossiers of the scenario's `generate` (generate.h); none where it has no such member. ERR_CONFIG. */
bool generate(struct central *, uint64_t seed, int64_t n, struct err *);
/* The history of a dossier, from its own times, oldest first, in arena; the number of events. */
size_t history_of(const struct directory *, const struct dossier *, struct arena *, struct event **out);
/* A complete attachment: the PDF that `file` of a scenario stands for. In arena. */
struct attachment load_file(struct arena *, const char *id, const char *name, const char *role, int64_t pages,
                            const char *paper);
/* Its bytes again, or false where the scenario itself named another digest. */
bool load_bytes(const struct attachment *, struct buf *out);
/* One dossier with its history into the store. `owes`: the version at which its decision is to be signed; INT64_MIN: none. */
void load_dossier(struct central *, struct dossier *, const struct event *, size_t n, int64_t owes);

#endif

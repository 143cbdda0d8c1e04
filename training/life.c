/* life: signs decisions that a scenario or the generator says were made.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/life.h"
#include "training/ca.h"

#include "core/statement.h"

bool life_sign(const struct ca *ca, const struct directory *directory, struct dossier *d, int64_t version,
               const char *note, struct arena *arena)
{
    struct dossier then = *d;
    struct decision *decision = d->decision;
    const struct procedure *procedure = directory_procedure(directory, d->procedure);
    struct signature *signature = arena_alloc(arena, sizeof *signature);
    size_t len;

    if (!procedure)
        return false;
    then.version = version;
    char *statement = statement_build(&(struct statement_basis){.dossier = &then,
                                                                .procedure = procedure,
                                                                .outcome = decision->outcome,
                                                                .note = note,
                                                                .officer = decision->by,
                                                                .on_behalf_of = decision->on_behalf_of,
                                                                .signed_at = decision->at},
                                      CENTRAL_ZONE_OFFSET, &len);
    char *text = base64_encode(statement, len);
    signature->statement = arena_copy(arena, text);
    signature->cms = ca_sign(ca, decision->by, statement, len, decision->at, arena);
    mem_free(&text);
    mem_free(&statement);
    decision->signature = signature;
    return signature->cms != NULL;
}

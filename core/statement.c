/* statement: the words that are signed, derived from what is held; and what of a statement does not say just that.
 * It refuses to repair: a member more, a member less or another letter is another statement.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/statement.h"

#include "core/i18n.h"
#include "core/instant.h"

#include <string.h>

static bool is_result(const struct attachment *file)
{
    return file->complete && file->role && strcmp(file->role, "result") == 0;
}

static void derive_documents(const struct dossier *d, struct arena *arena, struct signing_statement *out)
{
    out->documents = arena_alloc(arena, (d->n_attachments + 1) * sizeof *out->documents);
    for (size_t i = 0; i < d->n_attachments; i++) {
        const struct attachment *file = &d->attachments[i];
        if (is_result(file))
            out->documents[out->n_documents++] =
                (struct statement_document){.id = file->id, .name = file->name, .sha256 = file->sha256};
    }
}

/* Every member as the contract says it comes about. */
static struct signing_statement derive(const struct statement_basis *basis, struct arena *arena)
{
    const struct dossier *d = basis->dossier;
    const struct procedure *p = basis->procedure;
    const char *name = d->applicant->name, *number = d->applicant->id_number;
    struct signing_statement s = {
        .statement = STATEMENT_DECISION,
        .dossier = d->id,
        .code = d->code,
        .version = d->version,
        .procedure = arena_format(arena, "%s %s", p->code, p->name),
        .applicant = number ? arena_format(arena, "%s %s", name, number) : name,
        .outcome = basis->outcome,
        .note = basis->note ? basis->note : "",
        .officer = basis->officer,
        .on_behalf_of = basis->on_behalf_of,
        .unit = d->unit,
        .signed_at = basis->signed_at,
    };

    derive_documents(d, arena, &s);
    return s;
}

char *statement_build(const struct statement_basis *basis, int32_t offset, size_t *len)
{
    struct arena arena = {0};
    struct signing_statement statement = derive(basis, &arena);
    char *bytes = codec_write(&shape_signing_statement, &statement, offset, len);

    arena_clear(&arena);
    return bytes;
}

/* Whether what came has no member that is not in `known`, which was made from it, so that lists are as long. */
static bool has_only(const json_t *came, const json_t *known)
{
    const char *name;
    json_t *value;

    for (size_t i = 0; i < json_array_size(came); i++)
        if (!has_only(json_array_get(came, i), json_array_get(known, i)))
            return false;
    json_object_foreach((json_t *)came, name, value)
    {
        const json_t *other = json_object_get(known, name);
        if (!other || !has_only(value, other))
            return false;
    }
    return true;
}

bool statement_parse(const char *bytes, size_t len, struct arena *arena, struct signing_statement *out,
                     struct err *e)
{
    json_t *came = codec_parse(bytes, len, e), *known = NULL;
    bool ok = came && codec_decode(&shape_signing_statement, came, arena, out, e);

    /* Written again, it has the members that we know: one that is only in what came is a stranger. */
    if (ok) {
        known = codec_encode(&shape_signing_statement, out, 0);
        ok = has_only(came, known) ||
             err_set(e, ERR_DATA, "%s",
                     _("The statement holds something that is not in the contract. Nothing was signed."));
    }
    json_decref(known);
    json_decref(came);
    return ok;
}

/* Absent is the same as absent alone. */
static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_documents(const struct signing_statement *a, const struct signing_statement *b)
{
    if (a->n_documents != b->n_documents)
        return false;
    for (size_t i = 0; i < a->n_documents; i++) {
        const struct statement_document *x = &a->documents[i], *y = &b->documents[i];
        if (!same(x->id, y->id) || !same(x->name, y->name) || !same(x->sha256, y->sha256))
            return false;
    }
    return true;
}

const char *statement_differs(const struct signing_statement *statement, const struct statement_basis *basis)
{
    struct arena arena = {0};
    struct signing_statement held = derive(basis, &arena);
    const struct {
        const char *pointer;
        bool same;
    } members[] = {
        {"/statement", same(statement->statement, held.statement)},
        {"/dossier", same(statement->dossier, held.dossier)},
        {"/code", same(statement->code, held.code)},
        {"/version", statement->version == held.version},
        {"/procedure", same(statement->procedure, held.procedure)},
        {"/applicant", same(statement->applicant, held.applicant)},
        {"/outcome", same(statement->outcome, held.outcome)},
        {"/note", same(statement->note, held.note)},
        {"/documents", same_documents(statement, &held)},
        {"/officer", same(statement->officer, held.officer)},
        {"/on_behalf_of", same(statement->on_behalf_of, held.on_behalf_of)},
        {"/unit", same(statement->unit, held.unit)},
    };
    const char *first = NULL;

    for (size_t i = 0; !first && i < sizeof members / sizeof *members; i++)
        first = members[i].same ? NULL : members[i].pointer;
    arena_clear(&arena);
    return first;
}

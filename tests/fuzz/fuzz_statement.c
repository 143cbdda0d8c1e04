/* What is said to be signed: any bytes are a statement or an error, and one that was understood can be made again, letter for
 * letter, from what it says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/shown.h"

#include "core/statement.h"

#define VIETNAM (7 * 3600)

/* The dossier and the procedure that it would speak of. */
struct held {
    struct dossier dossier;
    struct procedure procedure;
    struct applicant applicant;
};

static void hold(struct held *h, const struct signing_statement *s, struct arena *arena)
{
    const char *blank = strchr(s->procedure, ' ');

    codec_absent(&shape_dossier, &h->dossier);
    codec_absent(&shape_procedure, &h->procedure);
    codec_absent(&shape_applicant, &h->applicant);
    h->applicant.name = s->applicant;
    h->procedure.code = blank ? arena_copy_n(arena, s->procedure, (size_t)(blank - s->procedure)) : s->procedure;
    h->procedure.name = blank ? blank + 1 : "";
    h->dossier.id = s->dossier;
    h->dossier.code = s->code;
    h->dossier.version = s->version;
    h->dossier.unit = s->unit;
    h->dossier.applicant = &h->applicant;
    h->dossier.attachments = arena_alloc(arena, (s->n_documents + 1) * sizeof *h->dossier.attachments);
    h->dossier.n_attachments = s->n_documents;
    for (size_t i = 0; i < s->n_documents; i++) {
        struct attachment *file = &h->dossier.attachments[i];
        codec_absent(&shape_attachment, file);
        file->id = s->documents[i].id;
        file->name = s->documents[i].name;
        file->sha256 = s->documents[i].sha256;
        file->role = "result";
        file->complete = true;
    }
}

static void check_again(const struct signing_statement *s, struct arena *arena)
{
    struct held held;
    struct signing_statement again;
    struct err e = {0};
    size_t len;

    hold(&held, s, arena);
    const struct statement_basis basis = {.dossier = &held.dossier,
                                          .procedure = &held.procedure,
                                          .outcome = s->outcome,
                                          .note = s->note,
                                          .officer = s->officer,
                                          .on_behalf_of = s->on_behalf_of,
                                          .signed_at = s->signed_at};
    const char *other = statement_differs(s, &basis);
    if (strchr(s->procedure, ' ') && strcmp(s->statement, STATEMENT_DECISION) == 0)
        CHECK(!other);
    else
        CHECK(other && (strcmp(other, "/procedure") == 0 || strcmp(other, "/statement") == 0));
    char *bytes = statement_build(&basis, VIETNAM, &len);
    if (len <= CODEC_MAX_BYTES) {
        CHECK(statement_parse(bytes, len, arena, &again, &e));
        CHECK(!statement_differs(&again, &basis));
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena = {0};
    struct signing_statement s;
    struct err e = {0};
    bool ok = statement_parse((const char *)bytes, size, &arena, &s, &e);

    CHECK(ok == (e.code == ERR_NONE));
    if (ok)
        check_again(&s, &arena);
    else
        check_shown(e.text);
    arena_clear(&arena);
    return 0;
}

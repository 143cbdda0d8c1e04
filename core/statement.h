/* statement: the very words that are signed (contract, SigningStatement). Built by the workstation, judged by the server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_STATEMENT_H
#define MOTCUA_CORE_STATEMENT_H

#include "core/codec.h"
#include "core/types.h"

#define STATEMENT_DECISION "onestop/decision/1"

/* What both sides derive from what they hold: every member but note, officer, on_behalf_of, outcome and signed_at. */
struct statement_basis {
    const struct dossier *dossier;
    const struct procedure *procedure;
    const char *outcome; /* grant, refuse */
    const char *note;    /* NULL: "" */
    const char *officer, *on_behalf_of;
    int64_t signed_at;
};
/* The statement as bytes: JSON, compact, UTF-8, members in the contract's order; the caller's to free. */
char *statement_build(const struct statement_basis *, int32_t offset, size_t *len);
/* Bytes → statement; ERR_DATA if it is not just these members. What the sign view shows comes from here. */
bool statement_parse(const char *bytes, size_t len, struct arena *, struct signing_statement *out, struct err *e);
/* The first member that differs from the basis as a JSON pointer ("/applicant"), NULL if none. signed_at is not compared. */
const char *statement_differs(const struct signing_statement *, const struct statement_basis *);

#endif

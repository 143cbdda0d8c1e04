/* codec: JSON ↔ the structs of types.h, one table per struct, read in both directions. The only code that knows member
 * names. It refuses what the contract refuses: a member twice, more than 32 levels, more than 1 MiB, a number with a
 * fraction where an integer stands, text that is not UTF-8; it ignores members that it does not know.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_CODEC_H
#define MOTCUA_CORE_CODEC_H

#include "core/err.h"
#include "core/mem.h"
#include "core/types.h"

#define CODEC_MAX_BYTES (1024 * 1024)
#define CODEC_MAX_DEPTH 32

/* One entry per struct of types.h that crosses the wire. */
struct codec_shape;
extern const struct codec_shape shape_unit, shape_officer, shape_office_calendar, shape_procedure, shape_dossier, shape_applicant,
    shape_paper, shape_attachment, shape_fee, shape_payment, shape_event, shape_event_page, shape_dossier_page, shape_about,
    shape_problem, shape_action_request, shape_new_dossier, shape_dossier_search, shape_signing_statement,
    shape_oidc_metadata, shape_device_authorization, shape_token_answer;

/* Bytes → JSON under the rules above; NULL and `e` (ERR_DATA, with line and column) otherwise. json_decref() it. */
json_t *codec_parse(const char *bytes, size_t len, struct err *e);

/* JSON → struct. Text is copied into `arena`, NFC as it came; members of type json_t* are borrowed from `json`.
 * ERR_DATA names the member that is missing or wrong ("/applicant/name"). `out` has the shape's size. */
bool codec_decode(const struct codec_shape *, const json_t *json, struct arena *, void *out, struct err *e);
/* Both in one. A json_t* member is kept alive by `*keep`, which the caller json_decref()s (NULL: such members are dropped). */
bool codec_read(const struct codec_shape *, const char *bytes, size_t len, struct arena *, void *out, json_t **keep, struct err *e);

/* Struct → JSON, absent members left out; times with `offset` seconds east. json_decref() it. */
json_t *codec_encode(const struct codec_shape *, const void *value, int32_t offset);
/* The same as compact UTF-8 text, members in the contract's order; the caller's to free. */
char *codec_write(const struct codec_shape *, const void *value, int32_t offset, size_t *len);

/* Fills `*out` with a deep copy of `in` whose every pointer is in `arena`. */
void codec_copy(const struct codec_shape *, const void *in, struct arena *, void *out);

/* ISO 8601 ids: 1 to 64 of `A-Z a-z 0-9 . _ ~ -`, beginning with a letter or digit (contract, Id). */
bool id_valid(const char *text);

/* Base64 of RFC 4648 section 4, padded, no line breaks. Encoded text is the caller's; decode refuses anything else. */
char *base64_encode(const void *bytes, size_t n);
bool base64_decode(const char *text, struct buf *out);

#endif

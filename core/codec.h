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
extern const struct codec_shape shape_unit, shape_officer, shape_office_calendar, shape_procedure,
    shape_dossier, shape_applicant, shape_paper, shape_attachment, shape_new_attachment, shape_fee,
    shape_payment, shape_event, shape_event_page, shape_dossier_page, shape_about, shape_number_request,
    shape_number_block, shape_signature_request, shape_problem, shape_action_request, shape_new_dossier,
    shape_dossier_search, shape_signing_statement, shape_oidc_metadata, shape_device_authorization,
    shape_token_answer;

/* Once, before the first JSON of a program: jansson, which calls a text bad where it finds no memory for it, gets memory or the program
 * ends. */
void codec_start(void);

/* Bytes → JSON under the rules above; NULL and `e` (ERR_DATA, with line and column) otherwise. json_decref() it. */
json_t *codec_parse(const char *bytes, size_t len, struct err *e);

/* JSON → struct. Text is copied into `arena`, NFC as it came; members of type json_t* are borrowed from `json`.
 * ERR_DATA: its text begins with the JSON pointer of the member that is missing or wrong, and a colon
 * ("/applicant/name: …"). `out` has the shape's size; after an error nothing in it may be used. */
bool codec_decode(const struct codec_shape *, const json_t *json, struct arena *, void *out, struct err *e);
/* Both in one. A json_t* member is kept alive by `*keep`, which the caller json_decref()s (NULL: such members are dropped). */
bool codec_read(const struct codec_shape *, const char *bytes, size_t len, struct arena *, void *out,
                json_t **keep, struct err *e);

/* The arena owns the reference from now on, so that json_t* members live as long as the text beside them. NULL is fine. */
void codec_keep(struct arena *, json_t *);

/* Fills `*out` with absent members (NULL, 0 items, INSTANT_NONE, DAY_NONE, the contract's defaults): what a value that is to
 * be written starts from. */
void codec_absent(const struct codec_shape *, void *out);

/* Struct → JSON; times with `offset` seconds east. What is absent is left out, and so is a member that need not be there and
 * is at its default; a list that has to be there is written empty. Text has to be UTF-8, or the program ends. json_decref(). */
json_t *codec_encode(const struct codec_shape *, const void *value, int32_t offset);
/* The same as compact UTF-8 text, members in the contract's order; the caller's to free. */
char *codec_write(const struct codec_shape *, const void *value, int32_t offset, size_t *len);

/* Fills `*out` with a deep copy of `in` whose every pointer is in `arena`; of json_t* members it owns a reference. */
void codec_copy(const struct codec_shape *, const void *in, struct arena *, void *out);

/* Ids: 1 to 64 of `A-Z a-z 0-9 . _ ~ -`, beginning with a letter or digit (contract, Id). */
bool id_valid(const char *text);

/* Base64 of RFC 4648 section 4, padded, no line breaks. Encoded text is the caller's to free; decode appends the bytes, and
 * refuses anything else (`out` is then as before). */
char *base64_encode(const void *bytes, size_t n);
bool base64_decode(const char *text, struct buf *out);

#endif

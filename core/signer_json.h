/* signer_json: a certificate and a device as members of a JSON object: between motcua and its helper, and between an office and the machine at
 * home. What is read is somebody else's: bounded, and shown only through text_display().
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_SIGNER_JSON_H
#define MOTCUA_CORE_SIGNER_JSON_H

#include "core/signer.h"

#include <jansson.h>

void signer_put_certificate(json_t *, const struct signer_certificate *);
void signer_put_device(json_t *, const struct signer_device *);
/* false: a member lacks, is of another kind or too long. */
bool signer_read_certificate(const json_t *, struct signer_certificate *);
bool signer_read_text(const json_t *, const char *member, char *out, size_t size);
bool signer_read_device(const json_t *, struct signer_device *);

#endif

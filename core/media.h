/* media: what kind of file some bytes are, by how they begin and never by a name. It knows the three kinds that the contract takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_MEDIA_H
#define MOTCUA_CORE_MEDIA_H

#include <stddef.h>

#define MEDIA_HEAD 8 /* bytes from the start that tell */

/* "application/pdf", "image/jpeg", "image/png" (contract, NewAttachment.media_type), or NULL: none of them. */
const char *media_type_of(const void *bytes, size_t n);

#endif

/* stamp: the time-stamp (RFC 3161) that a CMS signature may carry: the unsigned attribute id-aa-timeStampToken over the signature's own value
 * (RFC 3161, appendix A; CAdES-T). It refuses to take one that is over anything else. It asks nobody for one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_STAMP_H
#define MOTCUA_DESK_STAMP_H

#include "core/err.h"
#include "core/signer.h"

#include <openssl/cms.h>

/* The earliest of those that are there; `out->at` is INSTANT_NONE where none is. `ca` as in desk/check.h: `trusted` where it vouched for the
 * authority, for time-stamping, at the time that is stamped. ERR_SIGNER: one is of another signature, broken, or without its certificate. */
bool stamp_check(CMS_SignerInfo *signer, const char *ca, struct signer_stamp *out, struct err *);

#endif

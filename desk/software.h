/* software: training's signer: keys in files, made by motcua-training for invented officers. No key of a real person belongs here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_SOFTWARE_H
#define MOTCUA_DESK_SOFTWARE_H

#include "desk/cms.h"

/* `<officer>.key.pem` and `<officer>.cert.pem` in `dir`. Refuses (ERR_SIGNER) what is not ours alone, is a link, or is absent. */
bool software_open(const char *dir, const char *officer, X509 **certificate, EVP_PKEY **key, struct err *e);

#endif

/* vietqr: what stands in the text of a VietQR (EMVCo merchant-presented, NAPAS 247 by account), so that a person can type it into a bank's
 * app where no picture can be read. It refuses a text whose sum is wrong: such a QR would be refused by the phone as well.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_VIETQR_H
#define MOTCUA_CORE_VIETQR_H

#include "core/mem.h"

#include <stdint.h>

struct vietqr {
    const char *bank, *account; /* the bank's number (BIN) and the account there */
    const char *purpose;        /* what has to be written with the transfer; "" */
    int64_t amount;             /* đồng; 0: the payer chooses */
};
/* All in arena. */
bool vietqr_parse(const char *text, struct arena *, struct vietqr *out);

#endif

/* check: whether a detached CMS is a good signature over bytes, by whom, when, and whether somebody who is trusted vouches for him. It trusts
 * nobody by itself: the authorities are handed in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_CHECK_H
#define MOTCUA_DESK_CHECK_H

#include "core/err.h"
#include "core/signer.h"

/* `cms`: DER. `ca`: a file of certificates in PEM that vouch for signers, NULL: the chain is not looked at (`trusted` is false). ERR_SIGNER with
 * what is wrong: not one signature with its certificate inside, of other bytes, or broken; or, with `ca`, by somebody whom none of them
 * vouched for at the time of signing (which a trusted time-stamp says, else the signature itself); or with a time-stamp that is not good (desk/stamp.h). */
bool check_cms(const void *bytes, size_t n, const void *cms, size_t cms_n, const char *ca,
               struct signer_proof *, struct err *);

#endif

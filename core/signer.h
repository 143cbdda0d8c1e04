/* signer: who makes a detached CMS over a statement's bytes: training's software keys now; tokens and phones later stand
 * behind the same four calls. Each call returns at once; the result comes through `done` within the deadline.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_SIGNER_H
#define MOTCUA_CORE_SIGNER_H

#include "core/err.h"

#include <stddef.h>
#include <stdint.h>

struct signer_certificate {
    char name[256];      /* the holder, as the certificate says; shown through text_display() */
    char sha256[65];     /* of the DER, hex: Officer.signing_certificate */
    int64_t from, until; /* its validity */
};
struct signer_result {
    struct err err;
    const char *cms;                       /* base64; borrowed for the call */
    struct signer_certificate certificate; /* filled by `describe` */
};
struct signer {
    /* One job at a time; `deadline` in milliseconds from now. */
    void (*describe)(struct signer *, const char *officer, int deadline,
                     void (*done)(void *, const struct signer_result *), void *);
    void (*sign)(struct signer *, const char *officer, const void *statement, size_t n, int deadline,
                 void (*done)(void *, const struct signer_result *), void *);
    void (*cancel)(struct signer *);
    void (*free)(struct signer *);
};

#endif

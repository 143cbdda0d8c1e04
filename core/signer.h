/* signer: who makes a detached CMS over a statement's bytes: training's software keys, or the officer's own token. Each call returns at
 * once; the result comes through `done` within the deadline.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_SIGNER_H
#define MOTCUA_CORE_SIGNER_H

#include "core/err.h"
#include "core/mem.h"

#include <stddef.h>
#include <stdint.h>

struct signer_certificate {
    char name[256],
        issuer[256]; /* the holder and who vouches for him, as the certificate says; shown through text_display() */
    char serial[64];     /* hex */
    char sha256[65];     /* of the DER, hex: Officer.signing_certificate */
    int64_t from, until; /* its validity */
};
struct signer_device {
    char label[64];  /* of the token; "": software. Shown through text_display() */
    char serial[17]; /* of the token, by which one is told from another of the same label; "": it has none */
    bool asks_pin;  /* sign() wants a PIN; else none is asked for, or the device has keys of its own for it */
    bool last_try;  /* one more wrong PIN locks it */
    bool phone;     /* the officer's own, by the server (net/phone.h); it has no certificate to tell of */
    bool forwarded; /* it is plugged in at another machine, from which its socket is forwarded */
    bool at_home; /* on the officer's own machine, which shows the statement, asks for the PIN and signs: `motcua sign-agent` */
    bool each_time; /* of a run: known once it has signed: the next sign() wants a PIN again */
};
struct signer_stamp {    /* of a time-stamp authority (RFC 3161) over the signature */
    int64_t at;          /* INSTANT_NONE: there is none */
    char authority[256]; /* as its certificate says; shown through text_display() */
    bool trusted;        /* an authority that was handed in vouched for it then */
};
struct signer_proof { /* what a signature that exists says */
    struct signer_certificate certificate;
    struct signer_stamp stamp;
    int64_t signed_at; /* as the signer's machine had it; INSTANT_NONE: it does not say */
    bool trusted;      /* an authority that was handed in vouched for him then */
};
struct signer_found { /* one certificate on one device */
    struct signer_certificate certificate;
    struct signer_device device;
};
#define SIGNER_FOUND_MOST 6
struct signer_result {
    struct err err; /* ERR_AUTH: the PIN was wrong, another may be tried; ERR_NOT_FOUND: the device was pulled out; else ERR_SIGNER */
    const char *cms;                       /* base64; borrowed for the call */
    struct signer_certificate certificate; /* filled by `describe`, as is the device */
    const struct signer_proof *proof;      /* of a check; borrowed for the call */
    struct signer_device device;
    const struct signer_found *found; /* of a look around: at most SIGNER_FOUND_MOST; borrowed for the call */
    size_t n_found;
};
/* For whom, and by which certificate; borrowed for the call. */
struct signer_who {
    const char *officer;     /* Id */
    const char *certificate; /* Officer.signing_certificate, NULL: none is known */
    const char *device;      /* serial of the token that it has to be; NULL: the one with the certificate */
    bool run; /* sign: one of several: what its PIN opened stays open for the next, until `end` or 30 s without one. The first has the
                 PIN, the others have none, but where the device is `each_time` or says ERR_AUTH */
};
struct signer {
    /* One job at a time; `deadline` in milliseconds from now. `pin`: bytes that the signer keeps in locked memory until they have left,
     * and wipes then; NULL: none. */
    void (*describe)(struct signer *, const struct signer_who *, int deadline,
                     void (*done)(void *, const struct signer_result *), void *);
    void (*sign)(struct signer *, const struct signer_who *, const void *statement, size_t n, const void *pin,
                 size_t pin_n, int deadline, void (*done)(void *, const struct signer_result *), void *);
    void (*cancel)(struct signer *);
    void (*end)(struct signer *); /* of a run. Nothing is answered */
    void (*free)(struct signer *);
};

/* By the server's clock. ERR_SIGNER: from when, or since when not, on the day where the office is. */
bool signer_is_valid(int64_t from, int64_t until, int64_t now, int32_t offset, struct arena *, struct err *);
#define SIGNER_WARN_DAYS 30
int signer_days_left(int64_t until, int64_t now); /* whole days; SIGNER_WARN_DAYS: that many or more */

#endif

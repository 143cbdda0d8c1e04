/* token: the officer's own key on a PKCS #11 device: a USB token, a card, or one that is forwarded over SSH (p11-kit-client). A job is
 * opened, used, closed, and nothing stays logged in but between two signatures of a run. It never sees the statement as anything but bytes.
 * Source of the calls and of what their errors mean: PKCS #11 v2.40.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_TOKEN_H
#define MOTCUA_DESK_TOKEN_H

#include "desk/cms.h"

/* Which device. The one that has the certificate is it; ERR_SIGNER: there is no device, or none with this certificate; the sentence says which. */
struct token_wanted {
    const char *module; /* the path of a PKCS #11 library, NULL: every one that p11-kit knows */
    const char *sha256; /* of the certificate, hex */
    const char *serial; /* of the device, where another has the same certificate; NULL: any */
};
bool token_describe(const struct token_wanted *, struct signer_certificate *, struct signer_device *,
                    struct err *e);
/* The certificates of people on all devices (those of authorities beside them are none), at most `most`; how many. None: ERR_SIGNER. */
size_t token_look_around(const char *module, struct signer_found *, size_t most, struct err *e);
/* A detached CMS (cms.h) as base64, the caller's to free. `pin`: NULL where the device asks for it itself. ERR_AUTH: the PIN was wrong and can
 * be tried again; the sentence says if that is the last time. ERR_NOT_FOUND: the device was pulled out. Nothing was signed where it is NULL. */
char *token_sign(const struct token_wanted *, unsigned char *pin, size_t pin_n, const void *bytes, size_t n,
                 struct err *e);

/* Several with one PIN: the device stays open and logged in from one to the next. What fails ends it: the next has to bring a PIN. ERR_AUTH
 * also where it has none and one is needed, which no device is asked with. */
struct token_run; /* NULL: nothing is open */
char *token_run_sign(struct token_run **, const struct token_wanted *, unsigned char *pin, size_t pin_n,
                     const void *bytes, size_t n, struct err *e);
bool token_run_each_time(const struct token_run *); /* the device wants a PIN for each */
void token_run_end(struct token_run **);

#endif

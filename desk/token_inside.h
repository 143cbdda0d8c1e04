/* token_inside: what the files of the token share: one that is open, and how it is found. Nothing outside token*.c includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_TOKEN_INSIDE_H
#define MOTCUA_DESK_TOKEN_INSIDE_H

#include "desk/token.h"

#include <p11-kit/p11-kit.h>

#define TOKEN_ID_MOST 128 /* bytes of CKA_ID */

struct token {
    CK_FUNCTION_LIST **modules, *one[2]; /* modules: NULL-terminated; one: where just one was asked for */
    CK_FUNCTION_LIST *p11;               /* of the device that has the certificate; NULL: none has */
    CK_SESSION_HANDLE session;
    CK_SLOT_ID slot;
    bool logged_in, each_time; /* each_time: of the key that was used last */
    X509 *certificate;
    unsigned char id[TOKEN_ID_MOST];
    size_t n_id;
    int devices; /* that were looked at and hold keys */
};

bool token_open(const struct token_wanted *, struct token *, struct err *); /* true: token_close() it */
void token_close(struct token *);
CK_FLAGS token_flags(const struct token *); /* 0: it does not say */
CK_RV token_device(const struct token *, CK_TOKEN_INFO *, struct signer_device *);

#endif

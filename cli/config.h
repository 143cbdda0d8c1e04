/* config: what /etc/motcua/config and the officer's own config say, line by line `name = value`. The later file wins.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_CONFIG_H
#define MOTCUA_CLI_CONFIG_H

#include "core/err.h"
#include "core/mem.h"
#include "net/net.h"
#include "tui/theme.h"

#define CONFIG_SYSTEM "/etc/motcua/config"

struct config { /* texts in `arena`; NULL: not said */
    struct arena arena;
    const char *server;        /* base URL */
    struct net_trust trust;    /* absolute paths */
    const char *keymap;        /* default, vim, fkeys */
    const char *training_keys; /* directory of the demo officers' keys */
    bool token;                /* signer = token: also where there are training keys */
    bool phone;                /* signer = phone: the officer confirms there (remote signing) */
    bool agent;                /* signer = agent: the officer's own machine signs (motcua sign-agent) */
    const char *sign_agent;    /* the forwarded socket of it, an absolute path; NULL: none */
    const char *pkcs11_module; /* the token's driver: a path, or a name in p11-kit's directory; NULL: all that p11-kit knows */
    enum theme_id theme;  /* default, light, mono, marker; mono where NO_COLOR is set */
    bool ascii_symbols;   /* symbols = ascii */
    const char *exports;  /* directory that files are saved in; NULL: motcua, in the officer's home */
    const char *recovery; /* file with the public half of the office's recovery key */
    bool pin_required;    /* pin = required: a later file takes it back no more */
    int lock_after;       /* minutes without a key; 0: not said */
};
/* Both files; one that is not there says nothing. ERR_CONFIG: "file:line: what is wrong", of the first bad line. */
bool config_load(struct config *, struct err *);
/* One file's bytes on top. `name` is the file's, for sentences. */
bool config_read(struct config *, const char *name, const char *bytes, size_t len, struct err *);
void config_clear(struct config *);

#endif

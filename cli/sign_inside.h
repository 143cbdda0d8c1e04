/* sign_inside: what the files of cli/sign share. Nothing outside them includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_SIGN_INSIDE_H
#define MOTCUA_CLI_SIGN_INSIDE_H

#include "cli/sign.h"
#include "core/agent.h"
#include "desk/client.h"

#define SIGNER_DEADLINE_MS 30000 /* screens.md, signer-late */

enum signing_way { WAY_TOKEN, WAY_AGENT, WAY_TRAINING, WAY_PHONE, WAYS };
struct waiting {
    struct waiting *next;
    struct ask ask;
    char *officer, *certificate;
    struct pin *pin;       /* NULL: none */
    bool training, remote; /* the server says so of itself */
    enum signing_way look; /* ASK_SIGNERS: what is looked at now */
    struct answer found;   /* … and what there was so far */
};
struct answered {
    struct answered *next;
    struct answer answer;
};
struct signing {
    struct desk *desk;
    const struct config *config;
    struct signer *training, *token, *agent; /* training, agent: NULL where none are configured */
    struct waiting *line;                    /* the first is at `busy`, where that is not NULL */
    struct signer *busy;
    struct answered *answers;
};

/* The answer to the first in line, which goes; takes what `answer` holds. */
void signing_put(struct signing *, struct answer *);
void signing_next(struct signing *); /* of the line, where nothing is busy */
enum signing_way signing_way(const struct signing *, const struct waiting *);
const char *signing_device(const struct waiting *); /* serial of the token that was chosen; NULL: any */
const char *signing_device_name(struct arena *, const struct signer_device *); /* "thiết bị Quan qua SSH" */
const char *signing_name(struct arena *, const struct signer_certificate *, const struct signer_device *);
const char *signing_certificate(struct arena *, const struct signer_certificate *);

/* ── sign_look.c ── */
void signing_look(struct signing *); /* one step of the first in line, which is ASK_SIGNERS */

#endif

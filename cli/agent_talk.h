/* agent_talk: `motcua sign-agent` at its terminal: a statement is shown whole, page by page to its end, and confirmed by the end of its code.
 * It refuses to sign, and to take a key that was pressed before the question for an answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_AGENT_TALK_H
#define MOTCUA_CLI_AGENT_TALK_H

#include "cli/ask_pin.h"
#include "core/signer.h"
#include "core/types.h"

/* `number`: of those that this machine was asked for, so that none is taken for the one before. On stdout, at most as many lines at once as the terminal has. false: not to be signed: the officer does not want to, or
 * `goes_on` said no. */
bool agent_talk(unsigned number, const struct signing_statement *, const struct signer_certificate *,
                const struct signer_device *, const struct ask_while *);

#endif

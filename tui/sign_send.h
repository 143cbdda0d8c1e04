/* sign_send: what was signed becomes a wish: the statement's very bytes and the signature over them. It refuses to sign.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_SIGN_SEND_H
#define MOTCUA_TUI_SIGN_SEND_H

#include "core/codec.h"
#include "tui/sign_statement.h"

/* The request of such a wish, in `arena`; what it points to else is the statement's. */
void sign_request(const struct sign_statement *, const char *action, const char *cms, struct arena *,
                  struct action_request *out);
/* `replaces`: the key of the wish that it takes the place of, or NULL. `key`: of the wish. false: nothing was saved. */
bool sign_send(struct app *, const struct dossier_shown *, const struct sign_statement *, const char *action,
               const char *replaces, const char *cms, char key[static UUID_TEXT], struct err *);

#endif

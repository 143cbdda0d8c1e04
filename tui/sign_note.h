/* sign_note: the reason of a refusal, or the opinion beside a grant, as it was typed so far, sealed in the outbox, until the system
 * has taken the signature or it is emptied. It refuses to be a statement: it is offered again, and taken only with Enter.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_SIGN_NOTE_H
#define MOTCUA_TUI_SIGN_NOTE_H

#include "tui/app.h"
#include "tui/form_preset.h"

void sign_note_keep(struct app *, const char *dossier, const char *action,
                    const char *note); /* "": nothing is kept any more */
/* Where the officer begins: what is wished again, what was kept (*kept), or the specialist's reason of a refusal; the caller's to free. */
char *sign_note_first(struct app *, const struct dossier *, const char *action, const struct form_preset *,
                      bool *kept);

#endif

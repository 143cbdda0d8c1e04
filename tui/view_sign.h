/* view_sign: what the files of the sign view share: how far one signature is, and its picture (sign_draw.c). Nothing outside them includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_SIGN_H
#define MOTCUA_TUI_VIEW_SIGN_H

#include "tui/sign_signer.h"
#include "tui/sign_statement.h"
#include "tui/view.h"

enum sign_stage {
    STAGE_NOTE,    /* the reason, or an opinion, is being typed */
    STAGE_READ,    /* the statement is being read */
    STAGE_CONFIRM, /* the last characters are being typed */
    STAGE_PIN,     /* the signing device's PIN is being typed (app_pin) */
    STAGE_SIGNING, /* at the signer, or the phone is waited for */
    STAGE_SENT,    /* the wish is in the outbox */
};
struct sign {
    struct app *app;
    char *id, *action, *replaces;
    enum sign_stage stage;
    struct dossier_shown shown;
    struct sign_statement statement;
    struct field note, tail;
    bool noted; /* the statement has the note that the officer wants */
    uint64_t ask;
    struct sign_signer signer;
    char key[UUID_TEXT]; /* of the wish, once sent */
    bool over, taken;    /* the wish has its answer; the system took it */
    char message[512];
};
bool sign_grants(const struct sign *);

/* ── sign_draw.c ── */
size_t sign_rows(const struct sign *); /* that the screen has for the statement */
void sign_draw(const struct view *, struct canvas *);
const char *sign_message(const struct view *);
bool sign_message_first(const struct view *); /* how a signature stands that has left */

#endif

/* sign_signer: what the sign view knows of the signing device, and how it says it. It refuses to sign.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_SIGN_SIGNER_H
#define MOTCUA_TUI_SIGN_SIGNER_H

#include "core/ask.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/field.h"

struct sign_signer {
    struct arena arena;
    const char *words, *certificate; /* "device Quan, Phạm Minh Quân, valid until …"; its number and issuer */
    const char *device;              /* "device Quan"; "" while there is none */
    bool can_sign, asks_pin;
    bool phone;   /* the officer confirms there: ASK_REMOTE_SIGN */
    bool at_home; /* his own machine shows it and asks for the PIN; it takes minutes, and can be called off */
    const char *message; /* what the officer has to know of it before he signs; "": nothing */
    unsigned turn;       /* app_signer_turn() as it was asked for */
};
void sign_signer_ask(struct sign_signer *, struct view *);   /* the view is answered: sign_signer_told() */
void sign_signer_renew(struct sign_signer *, struct view *); /* asks again, if another was chosen since */
void sign_signer_told(struct sign_signer *, struct app *, const struct answer *); /* to ASK_SIGNER */
void sign_signer_clear(struct sign_signer *);
/* How an ASK_REMOTE_SIGN stands that is not over, for the message line; until the next call or the end. */
const char *sign_signer_waits(struct sign_signer *, struct app *, const struct answer *);

/* That the phone, or else his own machine, is waited for no more. */
const char *sign_signer_let_go(bool phone);

#define SIGN_TAIL 4 /* characters of the code that are typed */
bool sign_tail_matches(const struct field *, const char *code);
/* The question before signing: the field in which the code's end is typed, and what follows. */
void sign_signer_draw_confirm(const struct sign_signer *, struct field *tail, bool grants, struct canvas *,
                              int row);
/* Below any such question: what an empty answer does, and what a right one is followed by. */
void sign_signer_draw_after(const struct sign_signer *, struct canvas *, int row);
/* What the phone is waited for with, where no toast covers it. */
void sign_signer_draw_waits(const char *message, struct canvas *, int row);
/* The line in which app_pin() is typed, and what an empty one means. */
void sign_signer_draw_pin(struct app *, struct canvas *, int row);

#endif

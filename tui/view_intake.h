/* view_intake: what the files of the intake's view share, and what it is opened on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_INTAKE_H
#define MOTCUA_TUI_VIEW_INTAKE_H

#include "cache/draft.h"
#include "tui/intake_parts.h"
#include "tui/view.h"

struct intake_open {   /* view_arg.more; view_arg.id is the procedure */
    const char *draft; /* one that is taken up again; NULL: a new one */
    const char *burst; /* a card that was scanned before; NULL */
    const char *mends; /* the key of a createDossier that came to no good end, whose place the new one takes; NULL */
};

enum intake_stage {
    INTAKE_FILLING,
    INTAKE_PROVISIONAL, /* cut off: what that means is read before anything is saved */
    INTAKE_SAVED,       /* on this machine; the code comes or does not */
};
struct intake_view {
    struct intake form;
    enum intake_stage stage;
    struct draft draft; /* key and changes; its texts are this view's */
    bool unsaved;       /* the last keystroke could not be kept */
    int first;          /* row at the top */
    char *scanned, *message;
    /* whom this machine knows by the number that is typed */
    struct arena known_arena;
    char *known_number; /* the number that was looked for; NULL: none */
    struct applicant *known;
    size_t known_n;   /* dossiers of theirs here */
    int64_t known_at; /* of the newest */
    /* what became of it */
    struct arena sent_arena;
    const char *ref;       /* our own number for it; NULL where it has a code in reserve */
    const char *reserved;  /* cut off: the code of the day's reserve that stands on the receipt; NULL: none */
    char mends[UUID_TEXT]; /* "": none */
    char key[UUID_TEXT];
    enum command_state state;
    bool may_have_arrived;
    const char *id, *code, *reason; /* the server's; why it was refused */
    int64_t due;
    size_t choice; /* PROVISIONAL: 0 no, 1 save */
};

bool intake_opened(struct view *, const struct view_arg *, struct err *);
bool intake_card(struct view *, const char *burst); /* view_ops.card */

void intake_draft_save(struct view *); /* after each change */
void intake_look_up(struct view *);    /* after the number changed: who is it? */
bool intake_take_known(struct view *); /* phone, e-mail and address that were kept, into fields that are empty */
const char *intake_known_words(const struct view *, struct arena *, const char *key);

void intake_send(struct view *);                              /* F9 */
void intake_save_wish(struct view *);                         /* the second answer of PROVISIONAL */
bool intake_load_sent(struct view *, struct err *);           /* SAVED: how it stands */
void intake_draw_stage(const struct view *, struct canvas *); /* PROVISIONAL, SAVED */
const char *intake_stage_message(const struct view *, struct arena *);

extern const struct view_ops view_intake;

#endif

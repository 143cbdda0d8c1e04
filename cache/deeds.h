/* deeds: what was done on this machine, as the journal has it: a line for every wish that an entry is about, and for what changes none; and
 * what each says in words. It refuses to mend what is damaged; it tells.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_DEEDS_H
#define MOTCUA_CACHE_DEEDS_H

#include "cache/outbox.h"

struct deed {
    uint64_t number;          /* of its entry */
    int64_t at;               /* server time, or the PC's where that was not known */
    enum journal_kind kind;   /* BEGIN: another journal was begun, since the one before it was damaged */
    const char *key, *action; /* of the wish, NULL: it is about none, or about one that is not kept any more */
    const char *target, *code; /* the dossier that it is about, NULL */
    bool has_state;
    enum command_state state; /* … that the wish came to */
    bool gone;                /* online only, and it never left */
};
/* All that is kept of it, oldest first, in the arena. `report` tells of damage: what can be read is read. */
bool deeds_read(struct outbox *, struct arena *, struct deed **out, size_t *n, struct journal_report *report,
                struct err *);

const char *deed_id(const struct deed *);                /* "act", "sign-in" …: scripts rely on them */
const char *deed_words(const struct deed *);             /* "saved", "done", "signed in" …, translated */
const char *command_state_words(const struct command *); /* "not sent", translated */

/* Whether every entry is as it was written, and was at every start that is known of: ERR_DATA and a sentence. */
bool journal_judge(const struct journal_report *, struct err *);

#endif

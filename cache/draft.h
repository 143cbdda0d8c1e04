/* draft: what an officer is typing at intake, kept in outbox.db, sealed, a row each, until it becomes a wish or is thrown away. It is no wish: nothing
 * of it is sent, and the journal does not know it. It refuses to write over what was typed at another screen meanwhile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_DRAFT_H
#define MOTCUA_CACHE_DRAFT_H

#include "cache/outbox.h"

#define DRAFT_REST_MS 1000  /* so long nothing is typed before it is synced */
#define DRAFT_MOST_MS 10000 /* … or so long at most, for who types without a rest */

struct draft {
    char key[UUID_TEXT];         /* the wish that it becomes has this key; "": not saved yet */
    int64_t changes;             /* grows with each save */
    int64_t made_at, changed_at; /* server time */
    const char *procedure;       /* Procedure.id, NULL: not chosen yet */
    const char *target;          /* the dossier that is corrected; NULL: a new one */
    const char *name;            /* applicant, as far as typed: for the list (sealed); NULL */
    const char *body; /* all that was typed, as the view writes and reads it (sealed); NULL in a list */
};
/* Each keystroke: committed when it returns, so that a kill loses nothing, but not synced. A draft without a key gets one, and one is
 * begun; `changes`, `changed_at` (and `made_at`) are filled. ERR_CONFLICT: another screen has saved, sent or discarded it since;
 * ERR_AUTH: locked; ERR_STORE. On an error nothing is kept and `*d` is as before. */
bool draft_save(struct outbox *, struct draft *d, int64_t now, struct err *);
/* All of them, the one that was changed last first, without bodies. */
bool draft_list(struct outbox *, struct arena *, struct draft **out, size_t *n, struct err *);
int64_t draft_count(struct outbox *);
bool draft_get(struct outbox *, const char *key, struct arena *, struct draft *out, struct err *); /* ERR_NOT_FOUND */
/* For good, and synced. One that is not there is no error. */
bool draft_discard(struct outbox *, const char *key, struct err *);

/* What was saved is on the disk when it returns true; at once where it is already. Before a lock and on leaving (outbox_close() does it
 * as well), and by the loop at draft_wake(): mono ms, INT64_MAX: nothing waits. After an error it is tried again later. */
bool draft_sync(struct outbox *, struct err *);
int64_t draft_wake(const struct outbox *);

#endif

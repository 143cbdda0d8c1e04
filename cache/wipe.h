/* wipe: takes away what of an officer can be fetched or done again (what arrived, places and drafts, logs), and looks afterwards: what
 * is left, file by file, and why. It needs no key, and refuses to lose a wish that was not sent, the key that opens it, or the journal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_WIPE_H
#define MOTCUA_CACHE_WIPE_H

#include "core/err.h"
#include "core/mem.h"

#include <stdint.h>

enum wipe_why {
    WIPE_LEFT,    /* it should have gone, and is still there */
    WIPE_WISHES,  /* outbox.db and what belongs to it */
    WIPE_KEY,     /* opens outbox and journal */
    WIPE_JOURNAL, /* what was done here, sealed */
    WIPE_TRIES,   /* wrong PINs: else whoever wipes may guess anew */
    WIPE_LOCK,    /* who works here: empty, or a process's number */
    WIPE_ASIDE,   /* a damaged outbox that the IT department may still read */
    WIPE_FOREIGN, /* none of ours */
};
struct wipe_file {
    const char *name;
    int64_t bytes;
    enum wipe_why why;
};
struct wiped { /* in the arena */
    const char **removed;
    struct wipe_file *left; /* by name */
    size_t n_removed, n_left;
    int64_t unsent,
        ended; /* wishes in outbox.db: not sent or stuck; done or dropped, which stay readable for a while */
    bool places_gone; /* nor is anything of them in free pages or the WAL */
    bool clean;       /* places gone, and no file WIPE_LEFT */
};
/* Nobody else has the officer's files open. ERR_REFUSED. */
bool wipe_possible(int dir, struct err *e);
/* ERR_REFUSED: another instance has the officer's files open; nothing was touched. ERR_STORE: the directory cannot be read. */
bool wipe_officer(int dir, const char *path, struct arena *, struct wiped *out, struct err *);

#endif

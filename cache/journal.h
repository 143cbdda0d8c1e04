/* journal: the file `journal`, append-only: what the officer did on this machine, in sealed entries, each bound to its number and
 * chained to the one before it. The second copy of the wishes (cache/outbox_journal.c makes outbox.db again from it) and what
 * `motcua journal --verify` verifies. It refuses to know what an entry means, and to change one that stands.
 *
 * The file: "motcua-journal", a byte for the format (1), the number of its first entry (8 bytes, little end first), a line feed. A
 * record: its length n (4 bytes), the same again with all bits turned and the number's low half mixed in (4), n sealed bytes
 * (table "journal", version = the number). Inside: the entry's hash, kind (1), time (8), base (8), fields. The hash is BLAKE2b-256 over
 * the hash before it, the number, and all behind the hash: over plain bytes, so that sealing again under another key keeps it. A field is
 * a tag (1), a length (4), so many bytes and a NUL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_JOURNAL_H
#define MOTCUA_CACHE_JOURNAL_H

#include "cache/seal.h"

#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_HASH 32
#define JOURNAL_MOST \
    (4 * 1024 * 1024) /* a file that is larger is begun anew when the outbox allows it; the one before it is kept */

enum journal_kind {                    /* the numbers stand in files */
                    JOURNAL_BEGIN = 1, /* first of a file: the wishes that are open, and the hash that goes on */
                    JOURNAL_KEPT = 2, /* the change `base` was committed to outbox.db */
                    JOURNAL_VOID = 3, /* the change `base` was not, and the officer was told so, or nothing */
                    JOURNAL_RESTORED = 4, /* outbox.db was brought up to here */
                    JOURNAL_ACT = 10,     /* 10 to 29: changes of wishes */
                    JOURNAL_UNDO = 11,
                    JOURNAL_DROP = 12,
                    JOURNAL_RETRY = 13,
                    JOURNAL_REPLACE = 14,
                    JOURNAL_SENDING = 15, /* of what is online only: it may have left */
                    JOURNAL_DONE = 16,
                    JOURNAL_ENDED = 17, /* in conflict, refused */
                    JOURNAL_GONE = 18,  /* online only, and it never left */
                    JOURNAL_RECONCILE = 19,
                    JOURNAL_SIGN_IN = 30, /* 30 and above: what changes no wish */
                    JOURNAL_SIGN_OUT = 31,
                    JOURNAL_LOCK = 32,
                    JOURNAL_UNLOCK = 33,
                    JOURNAL_REVEAL = 34,    /* numbers of people were shown whole */
                    JOURNAL_STATEMENT = 35, /* what is to be signed was shown, with the number whole */
                    JOURNAL_PRINT = 36,     /* paper was sent to a printer, or so it was tried */
                    JOURNAL_EXPORT = 37,    /* the same into a file */
};
static inline bool journal_is_change(enum journal_kind kind)
{
    return (kind >= JOURNAL_ACT && kind < JOURNAL_SIGN_IN) || kind == JOURNAL_RESTORED;
}

enum journal_tag {               /* the numbers stand in files; numbers are written as decimal text */
                   JTAG_KEY = 1, /* begins one wish */
                   JTAG_ACTOR,
                   JTAG_TARGET,
                   JTAG_IF_MATCH,
                   JTAG_AFTER,
                   JTAG_METHOD,
                   JTAG_PATH,
                   JTAG_ACTION,
                   JTAG_CODE,
                   JTAG_NAME,
                   JTAG_BODY,
                   JTAG_ACTED_AT,
                   JTAG_ONLINE_ONLY, /* "1" */
                   JTAG_STATE,       /* enum command_state; absent of a new wish: DUE */
                   JTAG_ENDED_AT,
                   JTAG_PROBLEM,
                   JTAG_REQUEST_ID,
                   JTAG_ANSWER, /* version */
                   JTAG_ID,     /* of the dossier that was created */
                   JTAG_LEFT,   /* "1": it may have arrived */
                   JTAG_GONE,   /* "1" */
                   JTAG_HASH,   /* BEGIN: of the entry before it, JOURNAL_HASH bytes */
                   JTAG_BROKEN, /* BEGIN: the entry from which on the file before it could not be read */
};

struct journal_entry {
    uint64_t number;
    enum journal_kind kind;
    int64_t at; /* server time, or the PC's where that was not known */
    uint64_t base; /* a change: the last one that stood in outbox.db before it; BEGIN: the one that its wishes are as of */
    const char *fields;
    size_t n;
    unsigned char hash[JOURNAL_HASH];
};
struct journal_field {
    enum journal_tag tag;
    const char *text; /* NUL-terminated, borrowed from the entry */
    size_t n;
};
void journal_put(struct buf *fields, enum journal_tag, const void *bytes, size_t n); /* NULL: nothing */
void journal_put_text(struct buf *fields, enum journal_tag, const char *text);
void journal_put_number(struct buf *fields, enum journal_tag, int64_t);
/* The field at `*at`, which moves on. false: there is none. */
bool journal_field(const struct journal_entry *, size_t *at, struct journal_field *out);

struct journal_place { /* a place in the chain: behind the entry `number` */
    uint64_t first;    /* of the file's first entry: tells files apart */
    uint64_t number;
    uint64_t end; /* the byte of the file behind it */
    unsigned char hash[JOURNAL_HASH];
};

struct journal;
/* Opens nothing yet. `path` is the directory's name in sentences; all borrowed. */
struct journal *journal_new(int dir, const char *path, const struct seal_key *);
void journal_free(struct journal **);

/* One writer at a time, also of other processes: an OFD lock on the file, waited for at most 2 s. After it, the open file is the one that
 * stands in the directory; `*absent`: there is none, and nothing is locked. ERR_STORE. */
bool journal_lock(struct journal *, bool *absent, struct err *);
void journal_unlock(struct journal *);

enum journal_state {
    JOURNAL_WHOLE,
    JOURNAL_TORN,   /* an append was cut off: `*at` is where the whole entries end */
    JOURNAL_BAD,    /* an entry is not as it was written, or nothing can be read behind `*at` */
    JOURNAL_FAILED, /* cannot be read: `e` */
};
/* `entry` NULL: the one at this place is not as it was written. */
typedef void journal_each(void *context, const struct journal_entry *, const struct journal_place *behind);
/* Gives every entry from `*at` on to `each` (NULL: none), and moves it. Under the lock. A zeroed place: from the file's start. */
enum journal_state journal_read(struct journal *, struct journal_place *at, journal_each *, void *context,
                                struct err *);
/* The same of the file before this one, `journal.1`. `*absent`: there is none. Needs no lock. */
enum journal_state journal_read_older(struct journal *, struct journal_place *at, bool *absent,
                                      journal_each *, void *context, struct err *);

/* Under the lock. One entry behind `*tail`, where the file has to end; `*tail` moves. `synced`: on the disk when it returns. false: the
 * file is as it was (ERR_STORE). */
bool journal_append(struct journal *, struct journal_place *tail, struct journal_entry *, bool synced,
                    struct err *);
/* Under the lock. Takes back what was appended and never told to anybody, or what is torn. */
bool journal_cut(struct journal *, const struct journal_place *tail, struct err *);
/* A new file that goes on behind `*tail`, written aside, synced and renamed; the one before it stays as `journal.1`, or where it was
 * `broken` as journal.bad. `first` is its first entry (BEGIN). The new file is locked then. */
bool journal_begin(struct journal *, struct journal_place *tail, struct journal_entry *first, bool broken,
                   struct err *);

/* Seals both files again under a fresh key: written aside, synced, renamed. A file that opens with the fresh key already is left, so that
 * it can be done again after a crash in between. Nobody may be writing. ERR_STORE: the file in hand is as it was. */
bool journal_reseal(int dir, const struct seal_key *old, const struct seal_key *fresh, struct err *);

#endif

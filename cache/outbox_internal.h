/* outbox_internal: what the parts of the outbox share: its connection, statements, transactions and marks.
 * Nothing outside cache/outbox*.c includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_OUTBOX_INTERNAL_H
#define MOTCUA_CACHE_OUTBOX_INTERNAL_H

#include "cache/journal.h"
#include "cache/outbox.h"

#include <sqlite3.h>

/* enum command_state inside SQL. */
#define SQL_HELD      "0"
#define SQL_DUE       "1"
#define SQL_SENDING   "2"
#define SQL_DONE      "3"
#define SQL_CONFLICT  "4"
#define SQL_RECONCILE "6"
#define SQL_DROPPED   "7"
_Static_assert(COMMAND_HELD == 0 && COMMAND_DUE == 1 && COMMAND_SENDING == 2 && COMMAND_DONE == 3 &&
                   COMMAND_CONFLICT == 4 && COMMAND_REFUSED == 5 && COMMAND_RECONCILE == 6 &&
                   COMMAND_DROPPED == 7,
               "the numbers stand in files");
#define SQL_WAITING "state IN (" SQL_HELD "," SQL_DUE "," SQL_SENDING ")"
/* As the index of open rows has it, word for word, or SQLite does not use the index. */
#define SQL_OPEN "state NOT IN (" SQL_DONE "," SQL_DROPPED ")"

struct outbox {
    sqlite3 *db;
    int dir;
    char *path, *officer;
    const struct seal_key *key;
    struct env *env;

    struct ob_statement { /* prepared once, known by the address of its text */
        const char *sql;
        sqlite3_stmt *st;
    } * statements;
    size_t n_statements;
    bool synced;    /* PRAGMA synchronous is FULL now */
    bool disk_full; /* what failed last failed for want of room */
    bool shaken; /* what stands in the WAL may not be on the disk, whatever was said: see write_wal_again() */
    bool writing; /* between ob_begin() and its end */

    int watch;            /* inotify, -1 */
    int64_t data_version; /* last seen */
    bool changed;         /* not told by outbox_take_changes() yet */

    /* Marks: what lists ask for a hundred times a frame. Read again after each change, added to by enqueue. */
    struct ob_mark *marks; /* open addressing; target NULL: free */
    size_t marks_cap, marks_n;
    const char **troubled;
    size_t troubled_n;
    int64_t unsent, stuck;
    int64_t held_first, held_last; /* when the first and the last hold ends, mono; 0: none is held */
    bool marks_stale;

    /* outbox_next() found nothing until then; 0: not known. */
    int64_t nothing_until;
    int64_t server_ahead; /* server time in ms less mono, told by net/ */
    bool server_known;
    int64_t purged_day;

    /* The second copy (outbox_journal.c). */
    struct journal *journal;
    struct journal_place tail; /* behind the last entry that this instance has read */
    uint64_t journal_most;     /* a larger file is begun anew */
    struct ob_note {           /* of the open transaction */
        enum journal_kind kind;
        struct buf fields; /* empty: it changes no wish */
        uint64_t base;     /* RESTORED: the last change that was done again */
        struct journal_place before;
        bool appended;
    } note;
    bool restored, journal_broken; /* when it was opened */

    /* Drafts that were saved and not synced yet: when they have to be, and when they may be, mono; 0: there is none. */
    int64_t draft_first, draft_next;
};

/* ── statements ── */
/* Ready to be bound. NULL where it cannot be prepared (a damaged schema) or its transaction is gone: binding and ob_run() of it fail as
 * they should. */
sqlite3_stmt *ob_statement(struct outbox *, const char *sql);
void ob_bind_text(sqlite3_stmt *, int i, const char *text); /* lives until the statement has run */
/* Sealed for the column `column` of the row `key`; NULL bytes: NULL. */
void ob_bind_sealed(struct outbox *, sqlite3_stmt *, int i, const char *column, const char *key,
                    const void *bytes, size_t n);
bool ob_run(struct outbox *, sqlite3_stmt *, struct err *); /* to its end, rows ignored */
/* The first column of its first row; `none` where there is no row or an error. */
int64_t ob_number(sqlite3_stmt *, int64_t none);
bool ob_moved(struct outbox *); /* another instance has written since the last look: what is known is stale */
bool ob_fail(struct outbox *, struct err *); /* the connection's last error as ERR_STORE, false */

/* ── transactions ── */
enum ob_durability {
    OB_SYNCED, /* on the disk before it counts */
    OB_RELAXED /* lost at worst, with a power cut */
};
bool ob_begin(struct outbox *, enum ob_durability, struct err *);
/* ok: commits, else rolls back; true only if committed. */
bool ob_end_quietly(struct outbox *, bool ok, struct err *);
/* The same for what is about wishes: others are woken, views hear of it. The marks are read again, or left to the caller. */
bool ob_end(struct outbox *, bool ok, struct err *);
bool ob_end_but_marks(struct outbox *, bool ok, struct err *);

/* ── the journal ── */
/* Noted now, appended before the transaction is committed (ob_end…). Once a transaction: what the officer or the server did. */
void ob_note_kind(struct outbox *, enum journal_kind);
void ob_note_clear(struct outbox *);
void ob_note_wish(struct outbox *, const struct command *); /* a new row; all but its state */
void ob_note_end(struct outbox *, const char *key, enum command_state, int64_t at, const char *problem,
                 const char *request_id);
void ob_note_done(struct outbox *, const char *key, int64_t at, const char *version, const char *id);
void ob_note_flag(struct outbox *, const char *key, enum journal_tag, bool set);
void ob_note_key(struct outbox *, const char *key); /* of a row to which nothing happens that outlives a restart */
/* Runs an UPDATE … RETURNING key, and notes for each row that it came to this state. */
bool ob_run_ending(struct outbox *, sqlite3_stmt *, enum command_state, int64_t at, struct err *);
bool ob_journal_change(struct outbox *, struct err *); /* before COMMIT */
void ob_journal_settle(struct outbox *, bool committed);
/* Locks the journal and reads what others appended. */
bool ob_journal_reach_end(struct outbox *, struct err *);
/* A new file that begins with what is open: behind the last one, or where that is `broken` from an entry on in its place. Locked, inside a
 * transaction. `base`: the last change that its rows know. */
bool ob_journal_renew(struct outbox *, uint64_t base, uint64_t broken, struct err *);
/* Up to where outbox.db has the journal; `end` 0: it has no mark. */
bool ob_mark_read(struct outbox *, struct journal_place *, struct err *);
bool ob_mark_write(struct outbox *, const struct journal_place *, struct err *);
enum ob_joined { /* UNREADABLE: damaged or too old, to be made anew */
                 OB_JOINED,
                 OB_NOT_JOINED,
                 OB_UNREADABLE
};
enum ob_joined ob_join(struct outbox *, struct err *);
int64_t ob_now(struct outbox *); /* the PC's clock only until the server's is known */

/* ── rows ── */
void ob_copy_key(sqlite3_stmt *, int i,
                 char out[static UUID_TEXT]); /* of a file that may be damaged: cut to a key's length */
/* Steps what gives at most one key, and resets it. *row: it gave one. */
bool ob_one_key(struct outbox *, sqlite3_stmt *, char key[static UUID_TEXT], bool *row, struct err *);
/* A row's light columns, to decide by. */
struct ob_head {
    enum command_state state; /* HELD whose hold is over: DUE */
    bool online_only, may_have_arrived;
    char *target; /* ob_head_clear() */
};
bool ob_head(struct outbox *, const char *key, struct ob_head *, struct err *); /* ERR_NOT_FOUND */
void ob_head_clear(struct ob_head *);
bool ob_hold_is_over(int64_t mono, int64_t held_at);
/* The server's answer, into the row and into what waits behind it. `id`: of the dossier that it made, NULL. */
bool ob_apply_done(struct outbox *, const char *key, const char *version, const char *id, int64_t now,
                   struct err *);
/* It never left and nobody waits for it: away, without a trace. */
bool ob_remove_row(struct outbox *, const char *key, int64_t now, struct err *);
/* What waits behind `key` in its chain cannot be meant any more: CONFLICT. Inside a transaction. */
bool ob_fail_behind(struct outbox *, const char *key, int64_t now, struct err *);

/* ── files on their way ── */
bool ob_upload_put(struct outbox *, const struct wish *, struct err *); /* of a wish with a file; in its transaction */

/* ── drafts ── */
bool ob_draft_sent(struct outbox *, const char *key, struct err *); /* it goes; ERR_CONFLICT: it has gone already */
/* Those of a file that was set aside, as far as they can be read; in a transaction of its own. */
void ob_drafts_rescue(struct outbox *, const char *file);

/* ── codes in reserve ── */
bool ob_number_given(struct outbox *, const struct wish *, const char *key, struct err *); /* ERR_CONFLICT: to another */
bool ob_numbers_lapse(struct outbox *, struct err *);              /* all that are left */
bool ob_numbers_purge(struct outbox *, int64_t now, struct err *); /* of days that are over */

/* ── marks ── */
bool ob_marks_load(struct outbox *);
void ob_mark_add(struct outbox *, const char *target, enum command_state, bool may_have_arrived, int64_t held_at);
void ob_marks_clear(struct outbox *);

#endif

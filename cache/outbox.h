/* outbox: outbox.db, the officer's wishes: frozen when he acted, kept until the server has answered for good. The truth about
 * wishes, never thrown away; committed with synchronous=FULL before anybody says "saved". Also what the officer left where:
 * places and drafts. It refuses to know the network: net/ asks what is due and tells what became of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_OUTBOX_H
#define MOTCUA_CACHE_OUTBOX_H

#include "cache/journal.h"
#include "core/env.h"
#include "core/mem.h"

#include <stdbool.h>
#include <stdint.h>

#define OUTBOX_HOLD_MS         10000                 /* an ordinary action can be undone so long */
#define OUTBOX_RECONCILE_AFTER ((int64_t)40 * 86400) /* contract: clients send no key that is older */

/* As `not_before`: not until outbox_retry(), after the sign-in that the server asked for (step-up-required). */
#define OUTBOX_UNTIL_SIGN_IN INT64_MAX

enum command_state {
    COMMAND_HELD,      /* can be undone */
    COMMAND_DUE,       /* to be sent; with may_have_arrived: "chưa rõ kết quả" */
    COMMAND_SENDING,   /* may have left */
    COMMAND_DONE,      /* the server has it; without its body until the day ends */
    COMMAND_CONFLICT,  /* 412, 409, or one before it failed */
    COMMAND_REFUSED,   /* 403, 404, 413, 422 (400, 428: our bug) */
    COMMAND_RECONCILE, /* older than 40 days and not known: the officer decides */
    COMMAND_DROPPED,   /* readable for 30 days */
};
struct command {          /* a row of the outbox: one wish, frozen */
    int64_t seq;          /* order of acting */
    char key[UUID_TEXT];  /* Idempotency-Key */
    const char *actor;    /* only this officer's token may send it */
    const char *target;   /* dossier id, or the key of its createDossier */
    const char *if_match; /* version that the officer saw, as text ("7"); NULL: none yet, or none needed */
    const char *after;    /* key of his own command before it on the target, NULL */
    const char *method, *path; /* path below the API's base, with the target's id in it */
    const char *action;        /* "receive" …, "create", "correct": for words and --json */
    const char *code, *name;   /* the dossier's code and applicant, for the screen (sealed) */
    const char *body;          /* the very bytes of every attempt (sealed); NULL once DONE */
    size_t body_len;
    const char *seen;    /* the dossier's JSON as the officer saw it, for the conflict card (sealed); NULL */
    const char *problem; /* the problem document that ended it, or the garbled answer's note (sealed); NULL */
    const char *request_id; /* for the help desk, NULL */
    const char *answer;     /* ETag of the answer, once DONE: what `after` rows go out with */
    enum command_state state;
    bool online_only, may_have_arrived;
    int attempts;
    int64_t acted_at; /* server time when the officer acted */
    int64_t ended_at; /* server time of the final answer or drop; INSTANT_NONE */
    int64_t held_at,
        not_before; /* env->mono milliseconds; over 900 s ahead counts as now (the machine was restarted) */
};

/* Everything that happens to a wish stands in two files: in outbox.db, and in `journal` (cache/journal.h), from which outbox.db can be
 * made again. The order, under the lock of both: the rows change, the journal gets its entry and is synced, outbox.db is committed
 * (synced) with a mark of how far it has the journal, the journal is told KEPT, or VOID. Only then is it "saved". So:
 *   - called saved: in outbox.db, and in the journal behind the mark of any older copy, with KEPT or with a later change that names it;
 *   - killed before the commit: the journal has a last entry without KEPT that was made on the very mark which outbox.db has. It was
 *     not called saved, so it does not come back; VOID says so for good. Only where outbox.db is lost as well, this cannot be
 *     told from a KEPT that a power cut took: then it comes back, since losing what was called saved is worse;
 *   - an older copy of outbox.db has an older mark: what the journal has behind it is done again, ends included. What may have been
 *     sent meanwhile is DUE with may_have_arrived: its key makes sending again safe. What is online only is noted when it leaves;
 *     what of it never left does not come back.
 * A copy from before the journal's first entry is set aside, and made anew from what the journal began with. */
struct outbox;
/* Opens or makes outbox.db, and brings it up to the journal before anything can be sent (outbox_restored). One that cannot be read is
 * set aside whole beside the new one, and said: `*set_aside`. A newer schema: ERR_STORE, nothing touched; outbox_open_to_read() shows
 * what is in it. */
bool outbox_open(int dir, const char *path, const struct seal_key *, const char *officer, struct env *,
                 struct outbox **out, bool *set_aside, struct err *);
/* One of a newer motcua, as far as its rows are like ours: outbox_list() and outbox_get() alone, nothing is written. ERR_STORE: it is not
 * newer, or not readable. */
bool outbox_open_to_read(int dir, const char *path, const struct seal_key *, const char *officer,
                         struct env *, struct outbox **out, struct err *);
void outbox_close(struct outbox **);
/* Whether an outbox.db that is there opens with this key: what is decided before it is opened (key_settle). */
enum outbox_fit { OUTBOX_NOT_KNOWN, OUTBOX_FITS, OUTBOX_FITS_NOT }; /* FITS: also where there is none yet */
enum outbox_fit outbox_fits(int dir, const char *path, const struct seal_key *, struct err *);
/* Seals everything again under `fresh`, whole or not at all, on the disk when it returns; from then on its key has to be that one
 * (key_set_pin). Nobody else may have it open. */
bool outbox_reseal(struct outbox *, const struct seal_key *fresh, struct err *);
bool outbox_restored(const struct outbox *);       /* when it was opened, something came from the journal */
bool outbox_journal_broken(const struct outbox *); /* … the journal was damaged or gone; another one was begun */
/* What changes no wish, for the record: who signed in or out, whose numbers were shown. Synced. `target`, `code`: NULL, or of a dossier. */
bool outbox_note(struct outbox *, enum journal_kind, const char *target, const char *code, struct err *);
/* Reads the journal (the file before it first), against its chain and against what outbox.db knows of it. `each` may be NULL. */
struct journal_report {
    uint64_t entries, last; /* how many are kept here, and the number of the last */
    unsigned char hash[JOURNAL_HASH];
    uint64_t bad; /* the first that is not as it was written; 0: all are */
    uint64_t broken; /* one that was not when it was found at a start, since when another file goes on; 0: none is known of */
};
bool outbox_journal(struct outbox *, journal_each *, void *context, struct journal_report *, struct err *);
bool outbox_take_changes(struct outbox *); /* by us or another instance, since the last call; marks are fresh after it */
int outbox_watch(struct outbox *); /* inotify descriptor on the directory, for the loop's wait; -1: none */

/* ── wishes in ───────────────────────────────────────────────────────────────────────────────────────────────────── */
struct wish_file { /* a sealed file that waits to be announced and sent */
    char key[UUID_TEXT];
    unsigned char secret[32];
    int again; /* how often it was announced before */
};
struct wish { /* what enqueue needs; all borrowed */
    const char *target, *if_match, *method, *path, *action, *code, *name, *body, *seen;
    size_t body_len;
    bool hold;        /* HELD 10 s, else DUE at once */
    bool online_only; /* the row is taken away if it never left */
    int64_t acted_at;
    const char *number,
        *number_unit; /* a code in reserve (numbers.h) that is given to it, in the same transaction, and its unit; NULL */
    int64_t number_at;      /* received_at: has to lie within the code's day */
    struct wish_file *file; /* an announcement's (files.h): its key is the wish's; NULL */
    const char *draft; /* what it was until now (draft.h): goes in the same transaction, and the wish has its key; NULL */
};
/* All rows in one transaction (a batch), each chained (`after`) behind the officer's own waiting one on the same target. Keys are
 * chosen here. true: committed and synced. ERR_STORE: nothing is kept (disk full …, the sentence `disk-full`). ERR_CONFLICT: a draft
 * was sent or discarded, or a number given, at another screen; nothing is kept. */
bool outbox_enqueue(struct outbox *, const struct wish *, size_t n, char (*keys)[UUID_TEXT], struct err *);
/* Takes back the newest HELD row (or batch), whole. ERR_NOT_FOUND: nothing to undo, or too late. The row taken back (for words)
 * is copied into `arena`. What is behind it in the chain becomes CONFLICT. */
bool outbox_undo(struct outbox *, struct arena *, struct command *undone, struct err *);
bool outbox_can_undo(struct outbox *);
/* The officer's word on a row. drop refuses an online-only row that may have arrived. retry makes a waiting row due now, same key. */
bool outbox_drop(struct outbox *, const char *key, int64_t now, struct err *);
bool outbox_retry(struct outbox *, const char *key, struct err *);
/* A row in conflict or refused, resolved by a new row with a new key: the old becomes DROPPED in the same transaction. */
bool outbox_replace(struct outbox *, const char *key, const struct wish *, int64_t now,
                    char new_key[static UUID_TEXT], struct err *);
/* Ends every hold (leaving). */
bool outbox_end_holds(struct outbox *, struct err *);

/* ── read ────────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* How a row in a list is marked; the worst of the target's rows (screens.md rule 7). From memory. */
enum sync_mark { MARK_NONE, MARK_HELD, MARK_DUE, MARK_SENDING, MARK_UNKNOWN, MARK_CONFLICT, MARK_REFUSED };
enum sync_mark command_mark(const struct command *); /* of one row */
enum sync_mark outbox_mark(const struct outbox *, const char *target);
const char *sync_mark_text(enum sync_mark); /* " ", "~", "↑", "»", "?", "≠", "×" */
/* `chưa gửi` counts ~ ↑ » ?; `vướng` counts what waits for the officer. From memory. */
void outbox_counts(const struct outbox *, int64_t *unsent, int64_t *stuck);
const char *const *outbox_troubled(const struct outbox *); /* targets with ≠ × ?, NULL-terminated; for SORT_TROUBLE */
/* Rows newest first. `which`: bits 1 << command_state; 0: all but DONE and DROPPED. */
bool outbox_list(struct outbox *, unsigned which, struct arena *, struct command **out, size_t *n, struct err *);
bool outbox_get(struct outbox *, const char *key, struct arena *, struct command *out, struct err *);
/* The officer's waiting rows on a target, oldest first (HELD DUE SENDING, and what may have arrived). */
bool outbox_waiting_on(struct outbox *, const char *target, struct arena *, struct command **out, size_t *n,
                       struct err *);
int64_t outbox_done_today(struct outbox *, int64_t day_start);

/* ── sending (net/, under the lease) ─────────────────────────────────────────────────────────────────────────────── */
/* Who takes the lease calls it once: SENDING → DUE with may_have_arrived; too old → RECONCILE; holds that are over → DUE;
 * DONE of yesterday and DROPPED of 30 days ago go. */
bool outbox_recover(struct outbox *, int64_t now, struct err *);
/* The next row that may go: the oldest DUE row (HELD ones whose hold is over become DUE) whose predecessor is DONE and whose target
 * has no other in flight. `if_match` and `path` are filled from the predecessor's answer and kept. false with ERR_NONE: nothing now;
 * *wake gets when (mono ms, INT64_MAX: never). `eager`: not_before is ignored (sync --once, retry). */
bool outbox_next(struct outbox *, bool eager, struct arena *, struct command *out, int64_t *wake, struct err *);
/* Committed before the first byte leaves. ERR_CONFLICT: somebody took it back meanwhile; it must not go. */
bool outbox_sending(struct outbox *, const char *key, struct err *);
/* No answer: DUE again; online-only rows that never left are removed (ERR_NONE, `*taken_away`), unless `not_before` is
 * OUTBOX_UNTIL_SIGN_IN. */
bool outbox_no_answer(struct outbox *, const char *key, bool may_have_arrived, int64_t not_before,
                      const char *note, bool *taken_away, struct err *);
/* The server has it. `etag`: ETag (or Dossier-Version) of the answer, in quotes or not, NULL: none. `location`: of a createDossier; the
 * last part of it is the new id, which becomes the target of what waits behind. Of an announcement: the attachment's id. */
bool outbox_done(struct outbox *, const char *key, const char *etag, const char *location, int64_t now,
                 struct err *);
/* 412/409 → CONFLICT, 403/404/413/422/400/428 → REFUSED; what is behind it in its chain becomes CONFLICT. */
bool outbox_failed(struct outbox *, const char *key, enum command_state, const char *problem,
                   const char *request_id, int64_t now, struct err *);

/* ── what the officer left where ─────────────────────────────────────────────────────────────────────────────────── */
/* Small values by name (focus, sort, filter, marks per queue; the server's distance to wall): JSON text. Lost at worst, never
 * waited for: written without a sync. `sealed` ones (a form being filled) are personal. NULL value: remove. */
bool outbox_keep(struct outbox *, const char *name, const char *value, bool sealed, struct err *);
char *outbox_kept(struct outbox *, const char *name); /* NULL: none; the caller's to free */

/* Between instances: `sync --once` beside a holder writes "wanted" and waits for its "done". Returns the request's number. */
int64_t outbox_want_sync(struct outbox *, struct err *);
int64_t outbox_wanted(struct outbox *); /* newest request */
bool outbox_set_synced(struct outbox *, int64_t request, bool ok, struct err *);
bool outbox_synced(struct outbox *, int64_t request, bool *ok); /* true: done */

#endif

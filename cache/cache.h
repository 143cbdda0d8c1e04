/* cache: cache.db, the facts that arrived. All of it can be thrown away and fetched again; only the feed adds rows.
 * Views read through a second, read-only connection: whole pages of the feed only. It refuses to know the network.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_CACHE_H
#define MOTCUA_CACHE_CACHE_H

#include "cache/seal.h"
#include "core/calendar.h"
#include "core/codec.h"
#include "core/env.h"
#include "core/queue.h"

struct cache;
#define CACHE_FILE "cache.db"

/* Opens or makes cache.db in `dir` (a descriptor; `path` is its name for SQLite). `me` decides what is mine. A file that is
 * corrupt, swapped or of another schema is set aside (0600, cache.db.bad) and made anew: `*rebuilt` says so. A key that does not
 * open it counts as corrupt. ERR_STORE: disk, permissions. */
bool cache_open(int dir, const char *path, const struct seal_key *, const char *me, struct cache **out,
                bool *rebuilt, struct err *);
void cache_close(struct cache **);
/* Throws away all that arrived: the key is another one now (key_set_pin), and it is fetched again. Changes: all but CACHE_REBUILT. */
bool cache_start_over(struct cache *, struct err *);
/* Removes cache.db with its WAL (sign-out). */
bool cache_wipe(int dir, struct err *);

/* What changed since the last call, by us or by another instance (PRAGMA data_version): views that depend on it load again. */
enum cache_change {
    CACHE_DOSSIERS = 1 << 0,
    CACHE_REFERENCE = 1 << 1, /* units, officers, procedures, calendars: pointers given out before are gone */
    CACHE_OUTBOX = 1 << 2,    /* set by the loop from outbox_take_changes() */
    CACHE_CLOCK = 1 << 3,     /* set by the loop when the minute changed */
    CACHE_LINE = 1 << 4,      /* set by the loop when the line's state changed */
    CACHE_SEARCH = 1 << 5,    /* the search block grew or is full now */
    CACHE_REBUILT = 1 << 6, /* found damaged while open, set aside and made anew, empty: the sentence cache-rebuilt */
};
unsigned cache_take_changes(struct cache *);

/* ── the feed ────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* The cursor to ask with; NULL: a full pass has to begin. Borrowed until the next apply. */
const char *cache_cursor(const struct cache *);
/* A full pass begins (no cursor, or 410): the next pages belong to it until one with `more` false ends it. */
bool cache_begin_pass(struct cache *, struct err *);
bool cache_in_pass(const struct cache *);
bool cache_ever_synced(const struct cache *); /* a pass has ended once */
/* Takes the bytes of the page that was asked for with cache_cursor() (the cache frees them) and checks it whole; false: broken JSON,
 * nothing of it is applied. */
bool cache_page_begin(struct cache *, char *bytes, size_t len, struct err *);
enum cache_page { CACHE_PAGE_NONE, CACHE_PAGE_MORE, CACHE_PAGE_DONE, CACHE_PAGE_FAILED, CACHE_PAGE_BEHIND };
struct cache_page_end { /* filled on DONE */
    bool more;
    int64_t poll_after; /* -1: absent */
    size_t applied, passed_over;
};
/* Applies entries until `env->mono` has moved by `ms`, in one open transaction that ends with the cursor. FAILED: rolled back
 * whole (disk full …), the page can be asked for again. BEHIND: another instance has moved the feed since this page was asked for;
 * nothing of it is applied, and cache_cursor() says what to ask with now. */
enum cache_page cache_page_step(struct cache *, struct env *, int ms, struct cache_page_end *, struct err *);
/* The cursor behind the page that is being applied, and whether another follows, which can be asked for meanwhile. NULL: none is
 * being applied. Borrowed until the next step. */
const char *cache_page_cursor(const struct cache *, bool *more);
/* An answer's dossier: replaces a row that is not newer, adds none. true also when it was not held. */
bool cache_replace_dossier(struct cache *, const char *bytes, size_t len, struct err *);
/* Entries passed over since start, for the log: type and id only. */
void cache_on_odd(struct cache *, void (*log)(void *, const char *type, const char *id, const char *why), void *);
void cache_checkpoint(struct cache *); /* when idle */
int64_t cache_dossier_count(struct cache *);
int64_t cache_data_at(struct cache *); /* server time of the last page; INSTANT_NONE */
bool cache_set_data_at(struct cache *, int64_t, struct err *);

/* ── retention ─────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* What is closed (declined, stopped, returned: it stands in no queue) goes 24 hours after its last change or its last being opened,
 * and comes back only when it changes. What is open stays: a queue with holes would lie. */
/* The officer has this dossier before him: noted in memory, written by the next cache_retain() or when the cache is closed. */
void cache_opened(struct cache *, const char *id);
/* When idle, under the lease: removes what is over, for about `ms`. `now` is server time; INSTANT_NONE: not known, nothing goes. `keep`
 * (NULL: none) says whose dossiers stay for now: a wish on it waits. true: there is more to do. Waits for no other instance, and does
 * nothing while a page or a pass is taken in. */
struct retain_ask {
    int64_t now;
    bool (*keep)(void *context, const char *id);
    void *context;
};
bool cache_retain(struct cache *, struct env *, int ms, const struct retain_ask *);

/* ── reference data, whole in memory; pointers live until cache_take_changes() says CACHE_REFERENCE ──────────────────── */
const struct unit *cache_unit(struct cache *, const char *id); /* NULL: not known here */
const struct officer *cache_officer(struct cache *, const char *id);
const struct procedure *cache_procedure(struct cache *, const char *id);
const struct calendar *cache_calendar(struct cache *, const char *unit); /* never NULL; maybe not usable */
int64_t cache_calendar_version(struct cache *, const char *unit);        /* 0: it has none here */
size_t cache_units(struct cache *, const struct unit *const **out);      /* in the order of ids */
size_t cache_officers(struct cache *, const struct officer *const **out);
size_t cache_procedures(struct cache *, const struct procedure *const **out);
int64_t cache_procedure_count(struct cache *); /* how many there are, without reading them */
/* Names for the screen: the thing's name, or its id where it is not known. Borrowed likewise. NULL → "". */
const char *cache_unit_name(struct cache *, const char *id);
const char *cache_officer_name(struct cache *, const char *id);
const char *cache_procedure_name(struct cache *, const char *id);

/* ── dossiers ────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* One whole dossier by id or code. `*json` (may be NULL) gets the bytes as they came, in `arena`. ERR_NOT_FOUND. */
bool cache_dossier(struct cache *, const char *id_or_code, struct arena *, struct dossier *out,
                   const char **json, struct err *);

enum list_sort { SORT_DUE, SORT_SUBMITTED, SORT_NAME, SORT_CODE, SORT_TROUBLE, SORT_COUNT };
/* Filters are joined with "and", the values of one with "or"; 0 values: no filter. */
struct list_query {
    enum queue_id queue;
    struct texts units, procedures, channels, statuses, assignees;
    unsigned due; /* 1 << time_kind (TIME_OVERDUE, TIME_TODAY, TIME_LEFT, TIME_PAUSED); 0: any */
    enum list_sort sort;
    int64_t now;              /* server time: today, overdue, stuck */
    const char *const *first; /* SORT_TROUBLE: targets that come first, NULL-terminated */
    const char *find;         /* SEARCH inside the list; NULL or "": none */
};
struct dossier_row {
    struct dossier d; /* only what a list shows: id version code external_code procedure applicant(kind name id_number) unit
                        * assignee status step channel step_since submitted_at decide_by due_at paused_since completed_at returned_at */
    int64_t due;
};
struct list_page {
    struct dossier_row *rows;
    size_t n;
};
/* Rows after (or before, when `back`) the row `key` (a dossier's id; NULL: from the start, or the end when back), in list order.
 * Pages by key: as fast at a million as at ten. A key that is not in the list (any more) continues at its old place as long
 * as the dossier is kept, else from the start. Rows live in `arena`. SORT_NAME and SORT_CODE fall back to due until the search
 * block is full: `*fell_back` says so. */
bool cache_list(struct cache *, const struct list_query *, const char *key, bool back, size_t limit,
                struct arena *, struct list_page *out, bool *fell_back, struct err *);
/* Row `key` itself and where it stands (1-based), and how many rows there are: counted after the frame. -1: not there. */
bool cache_list_position(struct cache *, const struct list_query *, const char *key, int64_t *position,
                         int64_t *total, struct err *);

/* How often a unit's dossiers are of each procedure, the most used first: among the 5,000 that changed last, which is as much as the
 * next hour is like and no longer to count than that. In arena. */
struct procedure_use {
    const char *procedure; /* id */
    int64_t n;
};
bool cache_procedure_uses(struct cache *, const char *unit, struct arena *, struct procedure_use **out,
                          size_t *n, struct err *);

/* The dossiers that QUEUE_WATCH is made of: which the officer sent back is not in them. Copied; those that are over do not show. */
void cache_watch(struct cache *, const char *const *ids, size_t n);

struct queue_count {
    int64_t total, today, overdue;
    int64_t nearest;        /* the earliest due time that is not ended, INSTANT_NONE */
    bool nearest_paused;    /* all of it stands still */
    int32_t nearest_until;  /* supplement: the earliest `until`, DAY_NONE */
    int64_t oldest_overdue; /* the earliest due time that is over, INSTANT_NONE */
};
/* From tally() and the index of the current day; right as `now` goes on with nothing written. `units`: 0 is all. What counts as
 * today and overdue: count.c. QUEUE_TODAY has no overdue, QUEUE_OVERDUE no today, QUEUE_STUCK its total alone. */
bool cache_queue_count(struct cache *, enum queue_id, const struct texts *units, int64_t now,
                       struct queue_count *, struct err *);

/* ── search: one folded line per dossier in memory ───────────────────────────────────────────────────────────────── */
/* Fills for `ms`; true when full: called every turn, it also takes in what changed. Left out of core files; wiped by
 * cache_search_wipe() at lock. */
bool cache_search_fill(struct cache *, struct env *, int ms);
void cache_search_progress(const struct cache *, int64_t *have, int64_t *all);
void cache_search_wipe(struct cache *);
/* Ids of dossiers in which every word of `query` occurs (behaviour.md, "Search"): exact tones first, then by newest submitted. At
 * most `limit`; *total gets how many there are. `scope` (NULL: all kept) narrows to a list. */
bool cache_search(struct cache *, const char *query, const struct list_query *scope, size_t limit,
                  struct arena *, struct list_page *out, int64_t *total, struct err *);

#endif

/* cache_internal: what the files behind cache.h share: connections, statements, the open transaction, rows, reference data
 * and the block that search reads. Nobody outside cache/ includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_CACHE_INTERNAL_H
#define MOTCUA_CACHE_CACHE_INTERNAL_H

#include "cache/cache.h"
#include "core/json_split.h"

#include <sqlite3.h>

/* ── sql.c: the schema and every statement that does not depend on what is asked ───────────────────────────────────── */
enum statement {
    ST_BEGIN_READ,
    ST_BEGIN_WRITE,
    ST_COMMIT,
    ST_ROLLBACK,
    ST_DATA_VERSION,
    ST_STATE,
    ST_CHANGE,
    ST_SET_STATE,
    /* dossiers */
    ST_HELD,
    ST_HELD_N,
    ST_ADD,
    ST_ADD_MARK,
    ST_ADD_DOC,
    ST_DROP,
    ST_DROP_MARK,
    ST_DROP_DOC,
    ST_ADD_CLOSED,
    ST_DROP_CLOSED,
    ST_OPENED,
    ST_CLOSED_NOW,
    ST_CLOSED_ANY,
    ST_CLOSED_BEFORE,
    ST_NAMED,
    ST_NOT_NAMED,
    ST_TALLY,
    ST_TALLY_ZERO,
    ST_ROW,
    ST_ROWS_FROM,
    ST_DOC,
    ST_BY_ID,
    ST_BY_CODE,
    ST_NUMBERS,
    ST_COUNT_ALL,
    ST_PLACE,
    ST_TALLY_SUM,
    ST_TALLY_STUCK,
    ST_STUCK_DAY,
    ST_DAY,
    ST_NEAREST,
    ST_UNTIL,
    ST_WATCHED,
    ST_USES,
    /* things */
    ST_THING,
    ST_THING_PUT,
    ST_THING_DROP,
    ST_THING_NAMED,
    ST_THINGS_NOT_NAMED,
    ST_THINGS,
    ST_THING_COUNT,
    ST_CALENDAR,
    ST_CALENDAR_UNITS,
    ST_COUNT,
};
struct connection {
    sqlite3 *db;
    sqlite3_stmt *prepared[ST_COUNT];
};
/* Prepared once, reset when it is asked for again; NULL if it cannot be (sql_step() of it is an error). */
sqlite3_stmt *sql_get(struct connection *, enum statement);
/* SQLITE_ROW or SQLITE_DONE; everything else is an error, which sql_fail() words. */
int sql_step(sqlite3_stmt *);
/* Steps a statement that gives no rows to its end, and resets it; sql_run() one that has no parameters. */
bool sql_done(struct cache *, struct connection *, sqlite3_stmt *, struct err *);
bool sql_run(struct cache *, struct connection *, enum statement, struct err *);
void sql_text(sqlite3_stmt *, int at, const char *text); /* borrowed until the reset; NULL is NULL */
void sql_number(sqlite3_stmt *, int at, int64_t);
void sql_blob(sqlite3_stmt *, int at, const struct buf *);
const char *sql_column(sqlite3_stmt *, int at); /* text; NULL where it is NULL */
/* Puts the connection's last error into words, and resets the statement; a file that is corrupt is remembered, and made anew by
 * cache_take_changes(). */
bool sql_fail(struct cache *, const struct connection *, sqlite3_stmt *, struct err *);
/* The same for bytes that do not open or do not fit together. */
bool cache_corrupt(struct cache *, struct err *);
void sql_close(struct connection *);

/* The schema: makes it, or says whether a file has exactly it (false: it cannot be read). */
bool schema_make(sqlite3 *);
bool schema_check(sqlite3 *, bool *ours);

/* ── the state that goes with every commit ─────────────────────────────────────────────────────────────────────────── */
struct state {
    char *cursor; /* NULL: a full pass has to begin */
    int64_t pass; /* number of the newest full pass */
    bool in_pass, synced;
    int64_t change;    /* the number that the newest row took; rows that change take a new one */
    int64_t reference; /* `change` when reference data changed last */
    int64_t data_at;
};

/* One transaction of the writer: a page, or one answer. */
struct transaction {
    bool open;
    int64_t began;      /* `change` when it began */
    struct state state; /* as it will be */
    int64_t *dead;      /* numbers of rows that go with the commit */
    size_t n_dead, cap_dead;
};
bool tx_begin(struct cache *, struct err *);
bool tx_begin_now(struct cache *, struct err *); /* the same, but waits for no other instance */
/* Whether the feed stands at `cursor` (NULL: nowhere) in the transaction that has just begun. false: another instance has moved it; the
 * transaction is over, and cache_cursor() says where it stands. */
bool tx_stands_at(struct cache *, const char *cursor);
bool tx_commit(struct cache *, struct err *);
void tx_rollback(struct cache *);
/* One snapshot for several statements of the reader. */
bool read_begin(struct cache *, struct err *);
void read_end(struct cache *);

/* ── wal.c ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* The WAL goes into the file when it is due, in a turn of its own. */
bool wal_checkpoint_due(const struct cache *);
void wal_checkpoint(struct cache *, struct env *);
/* All of it, so that nothing of what was removed stands there; where another instance reads, the next one does it. */
void wal_truncate(struct cache *);

/* ── row.c: what a dossier's row holds ─────────────────────────────────────────────────────────────────────────────── */
enum row_clock { CLOCK_ENDED, CLOCK_RUNS, CLOCK_STANDS };
struct row {
    int64_t n, version, due, step_since, submitted;
    enum queue_id queue;
    enum row_clock clock;
    bool mine;
    int32_t until; /* the last day for the supplement that is waited for, DAY_NONE */
};
#define ROW_COLUMNS                                                                                             \
    "n, id, version, queue, clock, mine, due, step_since, submitted, status, step, unit, assignee, procedure, " \
    "channel, row"
struct row row_of(const struct dossier *, const struct officer *me);
/* Adds the sealed blob `row` of a dossier to `out`. */
void row_seal(struct cache *, const struct row *, const struct dossier *, struct buf *out);
/* The row that a statement with ROW_COLUMNS stands on; false: it does not open, or its columns are not those sealed. */
bool row_read(struct cache *, sqlite3_stmt *, struct arena *, struct dossier_row *out, struct row *facts);
/* Rows by number, in this order; inside read_begin(). */
bool rows_load(struct cache *, const int64_t *n, size_t count, struct arena *, struct list_page *out,
               struct err *);
/* What a code is found by: a keyed hash, so that the column says nothing. */
int64_t row_code_hash(const struct cache *, const char *code);

/* ── apply.c, page.c ───────────────────────────────────────────────────────────────────────────────────────────────── */
#define TALLY_OFFSET 25200 /* buckets are days at +07:00; whose today it is does not hang on it (count.c) */
#define TALLY_NEVER  2147483647 /* the clock runs, but there is no due time */
#define TALLY_STANDS 2147483646 /* paused */
#define TALLY_ENDED  2147483645
#define TALLY_LAST   2147483644 /* real days are not above it */
int32_t tally_day(int64_t t);   /* the bucket that an instant falls in */
int64_t tally_day_start(int32_t day);

/* How an entry fared. */
enum applied { APPLIED, APPLIED_ODD, APPLIED_FAILED };
/* One entry, inside a transaction. `why` (a word for the log) with APPLIED_ODD. */
enum applied apply_change(struct cache *, const struct change *, struct arena *, const char **why, struct err *);
/* A dossier that came as an answer (`data` alone is filled): takes the place of a row that is not newer. */
enum applied apply_answer(struct cache *, struct change *, struct arena *, const char **why, struct err *);
/* A row goes, with its document and its share of the tally. */
bool apply_drop(struct cache *, int64_t n, struct arena *, struct err *);

struct page {
    char *bytes;
    size_t len;
    char *since;               /* where the feed stood when it came; NULL: nowhere */
    struct arena arena, entry; /* the split page; one entry */
    struct change_page split;
    size_t next;
    int64_t *sweep; /* rows that the pass that ends has not named */
    size_t n_sweep, swept;
    bool active, sweeping, lost; /* lost: what it had written was rolled back */
    struct cache_page_end end;
};
void page_drop(struct cache *);

/* ── retain.c: closed(n, since): when it changed or was opened last, server time; 0: not since the last look ─────────── */
struct retain {
    char **opened; /* ids of dossiers opened since it was last written down */
    size_t n_opened, cap_opened;
    int64_t after; /* the row that was looked at last; 0: from the start */
    bool removed;  /* something went in this round: the WAL still has it */
};
/* Writes down what was opened, or forgets it where that cannot be. */
void retain_close(struct cache *);

/* ── reference.c ───────────────────────────────────────────────────────────────────────────────────────────────────── */
#define REFERENCE_BUCKETS 256
struct reference {
    struct arena arena;
    struct thing *bucket[REFERENCE_BUCKETS];
    const void **list[3]; /* all units, officers, procedures, in the order of ids; NULL: not asked for yet */
    size_t n_list[3];
};
void reference_forget(struct cache *);
/* Functions for statements of the reader: day_end(unit) and stuck_since(unit), at c->now; NULL where they cannot be computed. */
bool reference_register(struct cache *);
/* Whether the day of c->now ends at `end` in every unit. */
bool reference_day_ends(struct cache *, int64_t end);

/* ── list.c ────────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* Numbers of all rows of a list in no order; the caller frees. Inside read_begin(). */
bool list_members(struct cache *, const struct list_query *, int64_t **n, size_t *count, struct err *);
/* Which role queues a queue is made of (`mine`, `stuck`: their own number in the tally). */
size_t list_queues(struct cache *, enum queue_id, enum queue_id out[static QUEUE_ROLE_COUNT]);

/* ── count.c ───────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* What was counted for one moment and choice of units. */
struct day_counts {
    bool known,
        alike; /* alike: every unit's day ends with the bucket, so what comes later today is the rest of that */
    int64_t now, change;
    struct buf units; /* their ids, each with its NUL */
    int64_t over[QUEUE_ROLE_COUNT][2], today[QUEUE_ROLE_COUNT][2];
};
bool count_register(struct cache *); /* chosen(unit) */

/* ── block.c: one line per dossier in memory, left out of core files ───────────────────────────────────────────────── */
/* A line's folded text: name LINE_FIELD code LINE_FIELD external code LINE_FIELD client_ref LINE_INITIALS initials of the name
 * LINE_NUMBER identity number LINE_END. None of these bytes is in a field. */
enum { LINE_FIELD = 1, LINE_INITIALS, LINE_NUMBER, LINE_END, LINE_DEAD };
#define EXACT_SAME UINT32_MAX /* the name in small letters is its folded form */
struct line {
    uint32_t n;         /* its row; lines stand in its order */
    uint32_t submitted; /* seconds since 1970 */
    uint32_t at;        /* where its text begins in `text`; LINE_DEAD stands there: it is gone */
    uint32_t exact;     /* where the name in small letters, tones kept, begins in `names`; NUL-terminated */
};
struct bytes {
    char *at; /* a NUL stands behind the last one */
    size_t len, cap;
};
struct block {
    struct bytes text, names;
    struct line *lines;
    size_t n_lines, cap_lines, n_dead;
    int64_t filled; /* all rows up to this number are in */
    bool full;      /* was once: from then on whoever searches catches up by himself */
    int64_t change; /* up to this change no line's row was gone; behind a change of another instance they are looked for */
    uint64_t generation;  /* counts every change */
    unsigned char *found; /* a bit a line: search_mark() */
    char *found_words;    /* what it was marked for, NULL: nothing yet */
    uint64_t found_generation;
    struct sorted *sorted;
};
void block_add(struct block *, int64_t n, int64_t submitted, const struct dossier *);
void block_forget(struct block *, int64_t n);                   /* no line: nothing happens */
const struct line *block_find(const struct block *, int64_t n); /* NULL: none */
bool block_alive(const struct block *, const struct line *);
/* The line's name as it is ranked and sorted by, and its folded code. Not NUL-terminated. */
struct json_span block_name(const struct block *, const struct line *);
struct json_span block_code(const struct block *, const struct line *);
void block_wipe(struct block *);

/* ── match.c ───────────────────────────────────────────────────────────────────────────────────────────────────────── */
struct word {
    struct buf folded, lower; /* without tones, and with them */
    bool digits;
};
struct query {
    struct word *words;
    size_t n;
    bool digits_alone;
    size_t longest; /* index: the rarest, as a rule */
};
void query_parse(const char *text, struct query *); /* no words: everything matches */
void query_clear(struct query *);
/* Every word occurs in the line's `len` bytes, one of them at most as initials. `longest`: where the longest word does first. */
bool query_matches(const struct query *, const char *line, size_t len, const char *longest);
/* The tones of what was typed are those of the name; words that occur elsewhere (codes, numbers) have none to compare. */
bool query_is_exact(const struct query *, const struct block *, const struct line *);

/* ── search.c ──────────────────────────────────────────────────────────────────────────────────────────────────────── */
bool search_register(struct cache *); /* found(n) */
/* Drops lines whose rows are gone and, if it was full once, takes in what is new; true: it is full. */
bool search_catch_up(struct cache *);
/* Marks the lines in which every word of `words` occurs, for found(n). */
bool search_mark(struct cache *, const char *words, struct err *);

/* ── sort.c: lists in the order of names or codes ──────────────────────────────────────────────────────────────────── */
struct sorted {
    int64_t *n; /* numbers of rows */
    size_t count;
    struct sort_key *keys;
    struct buf bytes; /* of the keys */
    enum list_sort sort;
    struct buf signature; /* of the list that it is of */
    uint64_t generation;
};
/* Kept until a row changes or another list is asked for. true with NULL: the block is not full. Inside read_begin(). */
bool search_sorted(struct cache *, const struct list_query *, const struct sorted **out, struct err *);
/* The index of the first row that does not stand before row `n`; `*there`: that is it. */
size_t sorted_place(struct cache *, const struct sorted *, int64_t n, bool *there);
void sorted_free(struct sorted **);

struct cache {
    int dir;
    char *directory, *path; /* of cache.db */
    const struct seal_key *key;
    char *me;
    unsigned char hash_key[32];
    struct connection reader, writer;
    bool broken;              /* found corrupt: made anew at the next cache_take_changes() or cache_close() */
    int wal_pages, wal_limit; /* in the WAL since the last checkpoint; when the next is due, 0: not known yet */
    struct state state;
    int64_t data_version, told_change, told_reference;
    unsigned changed;
    struct transaction tx;
    struct page page;
    struct reference reference;
    struct block block;
    struct day_counts day;
    struct retain retain;
    int64_t now;                /* of the statement that runs: day_end(), stuck_since() */
    const struct texts *chosen; /* its units: chosen(); NULL or empty: all */
    struct texts watched;
    struct arena watched_arena;
    struct buf plain, sealed;
    void (*odd)(void *, const char *type, const char *id, const char *why);
    void *odd_context;
};

#endif

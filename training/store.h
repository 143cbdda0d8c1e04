/* store: the server's facts in SQLite, in memory or in a file. All statements are prepared once and named here. An error of
 * SQLite is remembered until the transaction ends and then turns into a rollback, so that callers need not look at each step.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_STORE_H
#define MOTCUA_TRAINING_STORE_H

#include "core/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* Types of things in the feed; the numbers are stored. */
enum thing_type {
    THING_UNIT = 1,
    THING_OFFICER,
    THING_PROCEDURE,
    THING_CALENDAR,
    THING_PLAN,
    THING_DOSSIER,
    THING_DOCUMENT,
    THING_MESSAGE,
    THING_TEAM,
    THING_VISIT,
    THING_INDICATOR,
    THING_COUNT,
};
extern const char *const thing_names[THING_COUNT];

/* Columns of the table `thing` in the order of every query that reads a row of it. */
enum thing_column {
    COLUMN_NUM,
    COLUMN_TYPE,
    COLUMN_ID,
    COLUMN_SEQ,
    COLUMN_VERSION,
    COLUMN_KEPT,
    COLUMN_UNIT,
    COLUMN_HANDLED,
    COLUMN_SUPPORTED,
    COLUMN_BY,
    COLUMN_AT,
    COLUMN_OWES,
    COLUMN_SUBMITTED,
    COLUMN_STATUS,
    COLUMN_FOUND,
    COLUMN_DOC,
};

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    META_GET,
    META_PUT,
    THING_ADD,
    THING_GET,
    THING_PUT,
    THING_OF_TYPE,
    THING_SIGNED,
    FEED_PASS,
    FEED_SINCE,
    FEED_SWEEP,
    THING_PAYS,
    SEARCH_NEWEST,
    EVENT_ADD,
    EVENT_PAGE,
    DECISION_NOTE,
    SERIAL_NEXT,
    SERIAL_SET,
    NUMBER_ADD,
    NUMBER_SPEND,
    KEY_GET,
    KEY_PUT,
    KEY_PRUNE,
    DEVICE_ADD,
    DEVICE_BY_CODE,
    DEVICE_BY_USER_CODE,
    DEVICE_SET,
    DEVICE_PRUNE,
    PHONE_ADD,
    PHONE_GET,
    PHONE_OF,
    PHONE_SET,
    PHONE_PRUNE,
    FEE_ADDED,
    FEE_OF,
    FEE_GONE,
    FILE_ADD,
    FILE_GET,
    FILE_SET,
    FILE_GONE,
    FILE_STALE,
    FILE_TRIM,
    FILE_HOLDER,
    PIECE_ADD,
    PIECE_SOME,
    PIECE_GONE,
    PIECE_AFTER,
    PIECE_CUT,
    FAMILY_ADD,
    FAMILY_END,
    FAMILY_PRUNE,
    PAIR_ADD,
    PAIR_BY_ACCESS,
    PAIR_BY_REFRESH,
    PAIR_USED,
    PAIR_DROP_UNUSED,
    STATEMENT_COUNT,
};

struct store;
/* ERR_STORE. A new one has neither indexes for the feed nor things; store_index() makes the former when it is filled. */
bool store_new(const char *file, struct store **out, bool *fresh, struct err *);
void store_free(struct store **);
bool store_index(struct store *, struct err *);

/* A statement with its parameters bound, ready to be stepped with store_row(). `format` has a letter for each parameter: i int64_t,
 * o int64_t where INT64_MIN is NULL, t text (NULL is NULL), b bytes (pointer, size_t). Bound bytes have to live until then. */
sqlite3_stmt *store_query(struct store *, enum statement, const char *format, ...);
bool store_row(struct store *, sqlite3_stmt *); /* the next row; after the last: false, and the statement is reset */
void store_done(sqlite3_stmt *);                /* no more rows are wanted */
/* A statement that gives no rows. */
void store_run(struct store *, enum statement, const char *format, ...);
int64_t store_changed(struct store *); /* rows, by the last one */
int64_t store_last(struct store *);    /* the rowid of the last insert */

void store_begin(struct store *);
bool store_commit(struct store *); /* false: it failed, nothing of it stays */
void store_rollback(struct store *);
bool store_failed(const struct store *, struct err *); /* since the last begin */

/* A new row of the feed, with the next number of a change; its num. `doc` and the texts are borrowed. */
struct thing {
    enum thing_type type;
    const char *id, *changed_by, *found, *doc;
    int64_t seq, version, keep_until, changed_at, owes; /* keep_until, owes: INT64_MIN is none */
    int unit, handled, supported, status;
    int64_t submitted; /* INT64_MIN: it is no dossier */
    bool removed;      /* from the beginning: the feed does not name it */
};
int64_t store_add(struct store *, const struct thing *);
int64_t store_next_seq(struct store *); /* the next number of a change; in the transaction */
int64_t store_number(struct store *, const char *meta, int64_t otherwise);
void store_set_number(struct store *, const char *meta, int64_t);

/* Columns: NULL is NULL or INT64_MIN. Text is borrowed until the next step. */
const char *store_text(sqlite3_stmt *, int column);
int64_t store_int(sqlite3_stmt *, int column);

#endif

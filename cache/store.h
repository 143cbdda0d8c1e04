/* store: how both databases are opened, what SQLite's errors mean to a person, and where a file goes that cannot be read.
 * It refuses to run code that a database brings along, and to make a file that others could read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_STORE_H
#define MOTCUA_CACHE_STORE_H

#include "core/err.h"

#include <sqlite3.h>

#define STORE_BUSY_MS 2000 /* locks are waited for so long */

/* Opens the file `name` in the directory `dir`, whose path is `path` without links (state_open); made 0600 if it is not there.
 * Triggers and views are off, trusted_schema is off, temporary tables stay in memory, locks are waited for STORE_BUSY_MS. Sets no journal
 * mode: who opens it looks at the schema first. On false `*out` is NULL; ERR_STORE. */
bool store_open(int dir, const char *path, const char *name, sqlite3 **out, struct err *e);

/* Fills `e` (ERR_STORE) from what went wrong last on `db`: at once, before a rollback forgets it or another call sets errno, which has
 * to be 0 before the call that failed. false. */
bool store_fail(sqlite3 *db, const char *path, struct err *e);
bool store_is_full(sqlite3 *db);    /* the last error was a full disk or quota */
bool store_is_damaged(sqlite3 *db); /* … was bytes that are no database of ours */

/* The same code; SQLITE_NOMEM ends the program (die): what SQLite did not bind or read for want of memory would else be taken as none. */
int store_had_memory(int code);

/* Renames the file and its WAL to name.bad, or name.bad-2 … where that is taken: nothing that was set aside is written over. The
 * connection is closed before. `as` (STORE_ASIDE bytes, or NULL) gets its new name. */
#define STORE_ASIDE 64
bool store_set_aside(int dir, const char *path, const char *name, char *as, struct err *e);

#endif

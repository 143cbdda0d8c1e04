/* cache_journal: what the tests of the journal do to an officer's files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_CACHE_JOURNAL_H
#define MOTCUA_TESTS_UNIT_CACHE_JOURNAL_H

#include "tests/unit/cache_machine.h"

/* Files of the officer's directory, whole. */
struct buf journal_bytes(struct machine *, const char *name); /* buf_clear() */
void journal_put_file(struct machine *, const char *name, const struct buf *);
bool journal_is_there(struct machine *, const char *name);

/* Closes the outbox, and deletes outbox.db. */
void journal_lose_outbox(struct machine *, struct outbox **);
/* A copy of outbox.db as it is now, closed; the outbox is open again. */
struct buf journal_copy_outbox(struct machine *, struct outbox **);
/* Such a copy in place of what is there, opened; takes it. */
void journal_put_back(struct machine *, struct outbox **, struct buf *copy);

/* Where the records of a file `journal` begin, and behind the last of them its end. */
size_t journal_starts(const struct buf *, size_t starts[], size_t most);
void journal_cut_last(struct machine *); /* takes away its last entry */

struct journal_report journal_told(struct outbox *);
struct wish journal_due_on(const char *target);
void journal_act_on(struct outbox *, const char *target, char key[static UUID_TEXT]);

#endif

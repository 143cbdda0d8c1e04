/* journal_internal: the bytes of the file `journal` (cache/journal.h says them), between the parts of the journal. Nothing else includes
 * it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_JOURNAL_INTERNAL_H
#define MOTCUA_CACHE_JOURNAL_INTERNAL_H

#include "cache/journal.h"

#define JOURNAL_MAGIC "motcua-journal"
enum {
    JOURNAL_HEADER = sizeof(JOURNAL_MAGIC) - 1 + 1 + 8 + 1, /* of the file */
    JOURNAL_RECORD_HEADER = 8,
};

void journal_put_header(struct buf *, uint64_t first);
/* The number of its first entry; 0: this is no header. */
uint64_t journal_parse_header(const char *bytes, size_t n);
void journal_put_record(struct buf *, const struct seal_key *, uint64_t number, const char *plain, size_t n);
/* What stands at the start of so many bytes, where entry `number` should; WHOLE: `*sealed` bytes behind the record's header. */
enum journal_state journal_parse_record(const char *bytes, size_t left, uint64_t number, size_t *sealed);
/* The entry behind `before` as a record; fills its number and hash. */
void journal_put_entry(struct buf *, const struct seal_key *, const struct journal_place *before,
                       struct journal_entry *);
/* Plain bytes → entry, borrowed from them. false: not what was chained behind `before`, of which `blind` knows no hash. */
bool journal_parse_entry(const struct buf *plain, const struct journal_place *before, bool blind,
                         struct journal_entry *out);

#endif

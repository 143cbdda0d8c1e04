/* cache_feed: pages of the feed as a test words them, and a cache that takes them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_CACHE_FEED_H
#define MOTCUA_TESTS_UNIT_CACHE_FEED_H

#include "cache/cache.h"
#include "tests/unit/cache_machine.h"

#include <jansson.h>

#define ME "of-mai"

struct feed {
    struct machine machine;
    struct cache *cache;
    bool rebuilt; /* by the last feed_open() */
};
void feed_new(struct feed *); /* with an open cache */
void feed_free(struct feed *);
void feed_open(struct feed *); /* opens the cache again */
void feed_close(struct feed *);

/* A dossier as the contract requires it, submitted at T0 and due a day later; change what the test is about. */
json_t *dossier_json(const char *id, int64_t version, const char *status, const char *step);
void set_text(json_t *, const char *member, const char *value);     /* NULL: take it away */
void set_time(json_t *, const char *member, int64_t t);             /* INSTANT_NONE: take it away */
void set_applicant(json_t *, const char *name, const char *number); /* number may be NULL */

json_t *entry(const char *type, const char *id, int64_t version, json_t *data); /* data NULL: removed; takes it */
json_t *dossier_entry(json_t *dossier);                                         /* takes it */
/* Office hours 07:30-11:30 and 13:30-17:00, Monday to Friday. */
json_t *calendar_json(const char *unit, const char *zone);

/* Takes the entries. */
char *page_bytes(json_t *entries, const char *cursor, bool more, size_t *len);
struct cache_page_end apply_page_at(struct at, struct feed *, json_t *entries, const char *cursor, bool more);
#define apply_page(f, entries, cursor, more) apply_page_at(HERE, f, entries, cursor, more)
/* A page of one entry behind the full pass. */
#define apply_one(f, item) apply_page(f, json_pack("[o]", item), "later", false)
/* A full pass, in pages of 200. */
void full_pass(struct feed *, json_t *entries);

/* The version that is held, 0: not held. */
int64_t held_version(struct feed *, const char *id);
/* The ids of a list, joined with a space; the caller frees. */
char *list_ids(struct feed *, const struct list_query *);

#endif

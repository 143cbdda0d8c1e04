/* wal: when what was committed goes from the WAL of cache.db into the file. It refuses to wait for another instance.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"
#include "cache/store.h"

#define WAL_LEAST 256  /* pages of 4 KiB: 1 MiB */
#define WAL_MOST  4096 /* 16 MiB */
#define SLOW_MS   16   /* a checkpoint that takes longer is felt */

/* What a checkpoint costs is mostly the disk's flush. Where that is quick it is done often, so that no turn of the loop is long;
 * where it is slow, rarely. */
bool wal_checkpoint_due(const struct cache *c)
{
    return c->wal_pages >= (c->wal_limit ? c->wal_limit : WAL_LEAST);
}

void wal_checkpoint(struct cache *c, struct env *env)
{
    int limit = c->wal_limit ? c->wal_limit : WAL_LEAST;
    int64_t began = env->mono(env);
    sqlite3_wal_checkpoint_v2(c->writer.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    c->wal_pages = 0;
    int64_t took = env->mono(env) - began;
    if (took > SLOW_MS && limit < WAL_MOST)
        limit *= 2;
    else if (took <= SLOW_MS / 2 && limit > WAL_LEAST)
        limit /= 2;
    c->wal_limit = limit;
}

void wal_truncate(struct cache *c)
{
    sqlite3_busy_timeout(c->writer.db, 0);
    if (sqlite3_wal_checkpoint_v2(c->writer.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK)
        c->wal_pages = 0;
    sqlite3_busy_timeout(c->writer.db, STORE_BUSY_MS);
}

void cache_checkpoint(struct cache *c)
{
    if (!c->writer.db || c->tx.open)
        return;
    if (c->wal_pages >= WAL_LEAST) {
        sqlite3_wal_checkpoint_v2(c->writer.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        c->wal_pages = 0;
    }
    sqlite3_db_release_memory(c->writer.db);
}

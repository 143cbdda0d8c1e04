/* Pages of the feed as a hostile server sends them: taken whole or refused whole, and whatever was taken can be listed, counted, searched
 * and opened, with counts and lists that agree.
 * First byte: bit 0: they are a full pass; then pages, with a NUL between two.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "cache/cache.h"
#include "core/json_split.h"
#include "tests/fuzz/shelf.h"

#include <string.h>

static const char *const files[] = {"cache.db", "cache.db-wal", "cache.db-shm", "cache.db.bad",
                                    "cache.db.bad-wal"};

/* A page that the parser refuses is refused by the cache as well, and the other way round. */
static bool begin(struct cache *cache, const char *bytes, size_t n, size_t *entries)
{
    struct arena arena = {0};
    struct change_page page;
    struct err e = {0}, why = {0};
    bool fits = json_split_page(bytes, n, &arena, &page, &why);
    bool taken = cache_page_begin(cache, mem_copy_n(bytes, n), n, &e);

    CHECK(taken == (e.code == ERR_NONE));
    CHECK(fits || !taken);
    *entries = fits ? page.n_entries : 0;
    arena_clear(&arena);
    return taken;
}

static void apply(struct cache *cache, struct env *env, const char *bytes, size_t n)
{
    struct cache_page_end end = {0};
    struct err e = {0};
    enum cache_page how = CACHE_PAGE_NONE;
    size_t entries;

    if (!begin(cache, bytes, n, &entries))
        return;
    for (int i = 0; i < 10000 && (how = cache_page_step(cache, env, 1000, &end, &e)) == CACHE_PAGE_MORE; i++)
        ;
    CHECK(how == CACHE_PAGE_DONE); /* nothing is wrong with the disk */
    CHECK(end.applied + end.passed_over <= entries && end.poll_after >= -1);
    CHECK(cache_cursor(cache) && *cache_cursor(cache));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct machine *m = shelf_machine();
    struct cache *cache;
    struct err e = {0};
    bool rebuilt;

    if (size < 2)
        return 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        shelf_remove(m, files[i]);
    shelf_seed(2);
    assert_ok(cache_open(m->dir, m->path, m->key, ME, &cache, &rebuilt, &e), &e);
    CHECK(!rebuilt);
    if (data[0] & 1)
        assert_ok(cache_begin_pass(cache, &e), &e);
    for (size_t at = 1; at <= size;) {
        const uint8_t *end = at < size ? memchr(data + at, 0, size - at) : NULL;
        size_t n = end ? (size_t)(end - data) - at : size - at;
        apply(cache, &m->env.env, (const char *)data + at, n);
        at += n + 1;
    }
    cache_replace_dossier(cache, (const char *)data + 1, size - 1, NULL);
    shelf_read_all(cache, &m->env.env, true);
    cache_close(&cache);
    assert_ok(cache_open(m->dir, m->path, m->key, ME, &cache, &rebuilt, &e), &e);
    CHECK(!rebuilt); /* whatever it holds, it is no damage */
    shelf_read_all(cache, &m->env.env, true);
    cache_close(&cache);
    return 0;
}

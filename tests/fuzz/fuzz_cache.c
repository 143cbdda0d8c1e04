/* A cache.db that somebody else wrote to: it is set aside or read, never crashed over and never believed: each dossier that it still gives
 * is byte for byte one that was put there. In the end there is a cache that works.
 * Bytes: offset (3), length (1), so many bytes to stand there instead, again and again; a length of 255 cuts the file there, 254 swaps the
 * page there with the first of the rest. The write-ahead log follows the database.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "cache/cache.h"
#include "tests/fuzz/shelf.h"

#include <string.h>

#define DOSSIERS 14
#define PAGE     4096

static struct shelf_file seed[] = {{.name = "cache.db"}, {.name = "cache.db-wal"}};
static char *put[DOSSIERS]; /* as JSON, by number */

static json_t *dossier(int i)
{
    static const struct {
        const char *status, *step;
    } stands[] = {{"registered", "intake"},    {"in_progress", "assessment"},
                  {"in_progress", "approval"}, {"awaiting_supplement", "intake"},
                  {"completed", "return"},     {"returned", "closed"}};
    char id[16];

    snprintf(id, sizeof id, "d-%d", i);
    json_t *d = dossier_json(id, i % 3 + 1, stands[i % 6].status, stands[i % 6].step);
    set_applicant(d, i % 2 ? "Nguyễn Thị Đào" : "Đỗ Văn Ánh", "000195004821");
    return d;
}

static void apply(struct cache *cache, struct machine *m, json_t *entries, bool more)
{
    struct cache_page_end end;
    struct err e = {0};
    size_t len;
    char *bytes = page_bytes(entries, "here", more, &len);

    assert_ok(cache_page_begin(cache, bytes, len, &e), &e);
    CHECK(cache_page_step(cache, &m->env.env, 60000, &end, &e) == CACHE_PAGE_DONE && end.passed_over == 0);
}

static void open_cache(struct machine *m, struct cache **cache)
{
    struct err e = {0};
    bool rebuilt;

    assert_ok(cache_open(m->dir, m->path, m->key, ME, cache, &rebuilt, &e), &e);
}

/* Half of it in the database, half in its log. */
static void make_seed(struct machine *m)
{
    struct cache *cache;
    struct err e = {0};
    json_t *unit = json_pack("{ss ss ss}", "id", "u-1", "name", "Xã A", "level", "commune");
    json_t *entries = json_pack("[oo]", entry("unit", "u-1", 1, unit),
                                entry("calendar", "u-1", 1, calendar_json("u-1", "Asia/Ho_Chi_Minh")));

    open_cache(m, &cache);
    assert_ok(cache_begin_pass(cache, &e), &e);
    for (int i = 0; i < DOSSIERS; i++) {
        json_t *d = dossier(i);
        put[i] = json_dumps(d, JSON_COMPACT);
        json_array_append_new(entries, dossier_entry(d));
        if (i == DOSSIERS / 2) {
            apply(cache, m, entries, true);
            entries = json_array();
            cache_close(&cache); /* which brings the log into the database */
            open_cache(m, &cache);
        }
    }
    apply(cache, m, entries, false);
    for (size_t i = 0; i < 2; i++)
        shelf_keep(m, &seed[i]);
    CHECK(seed[0].n > PAGE && seed[1].n > PAGE);
    cache_close(&cache);
}

static char *at(struct shelf_file *f, size_t offset)
{
    return offset < f[0].n ? f[0].bytes + offset : f[1].bytes + (offset - f[0].n);
}

static void spoil(struct shelf_file *f, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 4 <= size;) {
        size_t all = f[0].n + f[1].n, n = data[i + 3];
        size_t offset = (size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2];
        i += 4;
        offset = all ? offset % all : 0;
        if (all == 0)
            return;
        if (n == 255) {
            f[0].n = offset < f[0].n ? offset : f[0].n;
            f[1].n = offset < seed[0].n ? 0 : offset - f[0].n;
        } else if (n == 254) {
            size_t page = offset / PAGE * PAGE;
            for (size_t k = 0; page + k < f[0].n && k < PAGE && (page + PAGE + k) < f[0].n; k++) {
                char c = f[0].bytes[page + k];
                f[0].bytes[page + k] = f[0].bytes[page + PAGE + k];
                f[0].bytes[page + PAGE + k] = c;
            }
        } else {
            for (; n > 0 && i < size && offset < all; n--)
                *at(f, offset++) = (char)data[i++];
        }
    }
}

static void check_believed(struct cache *cache)
{
    for (int i = 0; i < DOSSIERS; i++) {
        struct arena arena = {0};
        struct dossier d;
        struct err e = {0};
        const char *json;
        char id[16];
        snprintf(id, sizeof id, "d-%d", i);
        if (cache_dossier(cache, id, &arena, &d, &json, &e))
            CHECK(strcmp(json, put[i]) == 0);
        arena_clear(&arena);
    }
}

/* Set aside if that is what it takes, then filled again. */
static void check_works(struct machine *m, struct cache *cache)
{
    struct err e = {0};

    if (!cache_begin_pass(cache, &e)) {
        cache_take_changes(cache); /* damage that was found is mended here */
        e = (struct err){0};
        assert_ok(cache_begin_pass(cache, &e), &e);
    }
    cache_take_changes(cache);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct machine *m = shelf_machine();
    struct cache *cache;
    struct err e = {0};
    bool rebuilt;

    if (!put[0])
        make_seed(m);
    struct shelf_file files[2] = {seed[0], seed[1]};
    for (size_t i = 0; i < 2; i++)
        files[i].bytes = mem_copy_n(seed[i].bytes, seed[i].n);
    spoil(files, data, size);
    shelf_remove(m, "cache.db-shm");
    shelf_remove(m, "cache.db.bad");
    shelf_remove(m, "cache.db.bad-wal");
    for (size_t i = 0; i < 2; i++)
        shelf_put(m, &files[i]);
    if (cache_open(m->dir, m->path, m->key, ME, &cache, &rebuilt, &e)) {
        shelf_read_all(cache, &m->env.env, size < 4);
        check_believed(cache);
        check_works(m, cache);
        cache_close(&cache);
        assert_ok(cache_open(m->dir, m->path, m->key, ME, &cache, &rebuilt, &e), &e);
        shelf_read_all(cache, &m->env.env, false);
        cache_close(&cache);
    } else {
        CHECK(e.code == ERR_STORE && e.text[0]);
    }
    for (size_t i = 0; i < 2; i++)
        mem_free(&files[i].bytes);
    return 0;
}

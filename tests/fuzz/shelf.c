/* shelf: see shelf.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/shelf.h"

#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW (T0 + 600)

/* ── chance ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct fake_env chance;

static const char *name_of_chance(void)
{
    return "fuzz";
}

static uint32_t next_number(void)
{
    uint32_t n;

    fake_random(&chance.env, &n, sizeof n);
    return n;
}

static void next_bytes(void *const bytes, const size_t n)
{
    fake_random(&chance.env, bytes, n);
}

void shelf_seed(uint64_t seed)
{
    static struct randombytes_implementation same = {
        .implementation_name = name_of_chance, .random = next_number, .buf = next_bytes};

    chance = fake_env(seed);
    randombytes_set_implementation(&same);
}

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct machine machine;

static void clear_away(void)
{
    machine_free(&machine);
}

struct machine *shelf_machine(void)
{
    if (machine.home)
        return &machine;
    setenv("CMOCKA_TEST_ABORT", "1", 1); /* what the helpers of the tests find is a finding */
    shelf_seed(1);
    machine_new(&machine);
    atexit(clear_away);
    return &machine;
}

void shelf_keep(const struct machine *m, struct shelf_file *file)
{
    int fd = openat(m->dir, file->name, O_RDONLY | O_CLOEXEC);
    struct stat st;

    *file = (struct shelf_file){.name = file->name};
    if (fd < 0)
        return;
    CHECK(fstat(fd, &st) == 0);
    file->n = (size_t)st.st_size;
    file->bytes = mem_alloc(file->n + 1);
    CHECK(read(fd, file->bytes, file->n) == (ssize_t)file->n);
    close(fd);
}

void shelf_remove(const struct machine *m, const char *name)
{
    unlinkat(m->dir, name, 0);
}

void shelf_put(const struct machine *m, const struct shelf_file *file)
{
    shelf_remove(m, file->name);
    if (!file->bytes)
        return;
    int fd = openat(m->dir, file->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && write(fd, file->bytes, file->n) == (ssize_t)file->n);
    close(fd);
}

/* ── a reader ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* One that failed says why; where nothing may, it has not. */
static bool good(bool ok, struct err *e, bool whole)
{
    CHECK(ok == (e->code == ERR_NONE) && (ok || e->text[0]));
    CHECK(ok || !whole);
    *e = (struct err){0};
    return ok;
}

static void read_dossier(struct cache *cache, const char *id, bool whole)
{
    struct arena arena = {0};
    struct dossier d;
    const char *json = NULL;
    struct err e = {0};

    if (good(cache_dossier(cache, id, &arena, &d, &json, &e), &e, whole))
        CHECK(strcmp(d.id, id) == 0 && json && *json);
    arena_clear(&arena);
}

/* Page by page, on and back; returns how many rows there are, -1: not known. */
static int64_t read_list(struct cache *cache, const struct list_query *q, bool whole)
{
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    bool fell_back;
    int64_t rows = 0;
    char *key = NULL;

    for (int pages = 0; rows >= 0 && pages < 200; pages++) {
        arena_reset(&arena);
        if (!good(cache_list(cache, q, key, false, 7, &arena, &page, &fell_back, &e), &e, whole)) {
            rows = -1;
            break;
        }
        mem_free(&key);
        if (page.n == 0)
            break;
        rows += (int64_t)page.n;
        key = mem_copy(page.rows[page.n - 1].d.id);
        read_dossier(cache, page.rows[0].d.id, whole);
    }
    good(cache_list(cache, q, NULL, true, 7, &arena, &page, &fell_back, &e), &e, whole);
    mem_free(&key);
    arena_clear(&arena);
    return rows;
}

static void read_queue(struct cache *cache, enum queue_id queue, enum list_sort sort, bool whole)
{
    struct list_query q = {.queue = queue, .sort = sort, .now = NOW};
    struct queue_count count;
    struct texts none = {0};
    struct err e = {0};
    int64_t position, total, rows = read_list(cache, &q, whole);

    if (good(cache_list_position(cache, &q, "d-1", &position, &total, &e), &e, whole) && whole)
        CHECK(total == rows && position <= total);
    if (queue != QUEUE_ALL && good(cache_queue_count(cache, queue, &none, NOW, &count, &e), &e, whole) && whole)
        CHECK(count.total == rows);
}

static void read_found(struct cache *cache, const char *words, bool whole)
{
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    int64_t total;

    if (good(cache_search(cache, words, NULL, 20, &arena, &page, &total, &e), &e, whole))
        CHECK(total >= (int64_t)page.n);
    arena_clear(&arena);
}

static void read_reference(struct cache *cache)
{
    const struct unit *const *units;
    const struct officer *const *officers;
    const struct procedure *const *procedures;
    size_t n = cache_units(cache, &units);

    for (size_t i = 0; i < n; i++)
        CHECK(cache_unit(cache, units[i]->id) == units[i] && cache_calendar(cache, units[i]->id));
    n = cache_officers(cache, &officers);
    for (size_t i = 0; i < n; i++)
        CHECK(cache_officer(cache, officers[i]->id) == officers[i]);
    n = cache_procedures(cache, &procedures);
    for (size_t i = 0; i < n; i++)
        CHECK(cache_procedure(cache, procedures[i]->id) == procedures[i]);
}

void shelf_read_all(struct cache *cache, struct env *env, bool whole)
{
    cache_take_changes(cache);
    for (int i = 0; i < 1000 && !cache_search_fill(cache, env, 10); i++)
        ;
    read_reference(cache);
    for (int queue = QUEUE_TO_RECEIVE; queue <= QUEUE_ALL; queue++)
        if (queue != QUEUE_ROLE_COUNT)
            read_queue(cache, (enum queue_id)queue, (enum list_sort)(queue % SORT_COUNT), whole);
    for (int sort = 0; sort < SORT_COUNT; sort++)
        read_list(cache, &(struct list_query){.queue = QUEUE_ALL, .sort = (enum list_sort)sort, .now = NOW},
                  whole);
    read_found(cache, "nguyễn", whole);
    read_found(cache, "0041", whole);
    read_found(cache, "ntd", whole);
    CHECK(cache_dossier_count(cache) >= 0);
    cache_data_at(cache);
    cache_take_changes(cache);
}

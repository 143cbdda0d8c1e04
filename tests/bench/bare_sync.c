/* bare_sync: the loop that takes in a feed for the first time and does nothing besides: fetch a page, split it, decode each entry, seal,
 * insert into the same tables with the same indexes, commit with the cursor. It refuses versions, removals, counts and anybody who
 * would look on.
 *
 *     bare_sync SERVER DIR FILE
 *
 * DIR has the key and a cache.db whose tables are made again in FILE.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"
#include "core/instant.h"
#include "core/json_split.h"
#include "core/queue.h"
#include "tests/bench/bare.h"

#include <curl/curl.h>
#include <stdio.h>

struct loop {
    struct bare_files files;
    sqlite3 *db;
    sqlite3_stmt *dossier, *mark, *doc, *thing, *cursor;
    struct buf row, sealed;
    int64_t n;
};

static void step(struct loop *l, sqlite3_stmt *st)
{
    if (sqlite3_step(st) != SQLITE_DONE)
        die("bare: %s", sqlite3_errmsg(l->db));
    sqlite3_reset(st);
}

static void add_text(struct buf *out, const char *text)
{
    size_t len = text ? strlen(text) : 0;

    for (size_t n = text ? len + 1 : 0;; n >>= 7) {
        buf_char(out, (char)(n < 0x80 ? n : (n & 0x7f) | 0x80));
        if (n < 0x80)
            break;
    }
    buf_add(out, text, len);
}

/* The sealed part of a row: a hash of the columns, five times, six texts. */
static void make_row(struct loop *l, const struct dossier *d)
{
    const int64_t times[] = {0, d->decide_by, d->due_at, d->paused_since, d->completed_at, d->returned_at};
    const struct applicant *a = d->applicant;
    const char *const texts[] = {d->code, d->external_code, d->client_ref, a->kind, a->name, a->id_number};

    l->row.len = 0;
    buf_add(&l->row, times, sizeof times);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        add_text(&l->row, texts[i]);
}

static void bind_sealed(struct loop *l, sqlite3_stmt *st, int at, const char *table, const struct change *c,
                        const void *bytes, size_t n)
{
    bare_close(&l->files, table, c->id, c->version, bytes, n, &l->sealed);
    sqlite3_bind_blob64(st, at, l->sealed.data, l->sealed.len, SQLITE_STATIC);
}

static void add_dossier(struct loop *l, const struct change *c, struct arena *arena)
{
    struct dossier d;
    const char *me = "quan";

    if (!codec_read(&shape_dossier, c->data, c->data_len, arena, &d, NULL, NULL))
        die("bare: a dossier");
    int64_t due = dossier_due(&d), n = ++l->n;
    int64_t since = d.step_since != INSTANT_NONE ? d.step_since : d.submitted_at;
    int clock = !dossier_is_open(&d) ? 0 : dossier_is_paused(&d) ? 2 : 1;
    bool mine = queue_is_mine(&d, &(struct officer){.id = me});
    const int64_t numbers[] = {c->version, queue_of(&d), clock, mine, due, since, d.submitted_at};
    const char *const words[] = {d.status, d.step, d.unit, d.assignee, d.procedure, d.channel};
    sqlite3_bind_int64(l->dossier, 1, n);
    sqlite3_bind_text(l->dossier, 2, c->id, -1, SQLITE_STATIC);
    for (int i = 0; i < 7; i++)
        sqlite3_bind_int64(l->dossier, 3 + i, numbers[i]);
    for (int i = 0; i < 6; i++)
        sqlite3_bind_text(l->dossier, 10 + i, words[i], -1, SQLITE_STATIC);
    make_row(l, &d);
    bind_sealed(l, l->dossier, 16, "dossier", c, l->row.data, l->row.len);
    step(l, l->dossier);
    sqlite3_bind_int64(l->mark, 1, n);
    sqlite3_bind_int64(l->mark, 2, n * INT64_C(6364136223846793005));
    step(l, l->mark);
    sqlite3_bind_int64(l->doc, 1, n);
    bind_sealed(l, l->doc, 2, "doc", c, c->data, c->data_len);
    step(l, l->doc);
}

static void add_thing(struct loop *l, const struct change *c)
{
    sqlite3_bind_text(l->thing, 1, c->type, -1, SQLITE_STATIC);
    sqlite3_bind_text(l->thing, 2, c->id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(l->thing, 3, c->version);
    bind_sealed(l, l->thing, 4, c->type, c, c->data, c->data_len);
    step(l, l->thing);
}

/* false: that was the last page. */
static bool apply(struct loop *l, const struct buf *page, char **cursor)
{
    struct arena all = {0}, one = {0};
    struct change_page split;

    if (!json_split_page(page->data, page->len, &all, &split, NULL))
        die("bare: a page: %.80s", page->data);
    sqlite3_exec(l->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    for (size_t i = 0; i < split.n_entries; i++) {
        struct change c;
        if (!json_split_change(split.entries[i], &one, &c, NULL))
            die("bare: an entry");
        if (strcmp(c.type, "dossier") == 0)
            add_dossier(l, &c, &one);
        else
            add_thing(l, &c);
        arena_reset(&one);
    }
    sqlite3_bind_text(l->cursor, 1, split.cursor, -1, SQLITE_STATIC);
    step(l, l->cursor);
    if (sqlite3_exec(l->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        die("bare: %s", sqlite3_errmsg(l->db));
    mem_free(cursor);
    *cursor = mem_copy(split.cursor);
    arena_clear(&one);
    arena_clear(&all);
    return split.more;
}

static size_t take(char *bytes, size_t size, size_t n, void *page)
{
    buf_add(page, bytes, size * n);
    return size * n;
}

static void open_database(struct loop *l, const char *dir, const char *file)
{
    sqlite3 *from = bare_database(dir, "cache.db");

    bare_key(&l->files, dir);
    unlink(file);
    if (sqlite3_open(file, &l->db) != SQLITE_OK)
        die("bare: %s", file);
    sqlite3_exec(l->db,
                 "PRAGMA cache_size = -8192; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = FAST; "
                 "PRAGMA journal_mode = WAL",
                 NULL, NULL, NULL);
    bare_schema(from, l->db);
    sqlite3_close(from);
    sqlite3_exec(l->db, "INSERT INTO state VALUES(1, NULL, 1, 1, 0, 0, 0, 0, x'')", NULL, NULL, NULL);
    l->dossier =
        bare_prepare(l->db, "INSERT INTO dossier(n, id, version, queue, clock, mine, due, step_since, submitted, "
                            "status, step, unit, assignee, procedure, channel, row) VALUES(?1, ?2, ?3, ?4, ?5, "
                            "?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
    l->mark = bare_prepare(l->db, "INSERT INTO mark VALUES(?1, 1, ?2)");
    l->doc = bare_prepare(l->db, "INSERT INTO doc VALUES(?1, ?2)");
    l->thing = bare_prepare(l->db, "INSERT INTO thing VALUES(?1, ?2, ?3, 1, NULL, ?4)");
    l->cursor = bare_prepare(l->db, "UPDATE state SET cursor = ?1");
}

int main(int argc, char **argv)
{
    struct loop l = {0};
    struct buf page = {0};
    char *cursor = NULL;
    bool more = true;

    if (argc != 4)
        return 2;
    open_database(&l, argv[2], argv[3]);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &page);
    while (more) {
        char *url = cursor ? mem_format("%s/api/v1/changes?limit=200&since=%s", argv[1], cursor)
                           : mem_format("%s/api/v1/changes?limit=200", argv[1]);
        page.len = 0;
        curl_easy_setopt(curl, CURLOPT_URL, url);
        if (curl_easy_perform(curl) != CURLE_OK)
            die("bare: %s", url);
        more = apply(&l, &page, &cursor);
        mem_free(&url);
    }
    printf("%lld\n", (long long)l.n);
    curl_easy_cleanup(curl);
    mem_free(&cursor);
    buf_clear(&page);
    buf_clear(&l.row);
    buf_clear(&l.sealed);
    return 0;
}

/* bare: what the bare programs do alike, each in a few lines: open the officer's files with SQLite, read the key, open what is sealed.
 * It refuses to share code with cache/, which it is the measure of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_BENCH_BARE_H
#define MOTCUA_TESTS_BENCH_BARE_H

#include "core/err.h"
#include "core/mem.h"

#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bare_files {
    sqlite3 *cache, *outbox;
    unsigned char key[32];
};

static inline char *bare_locale(void)
{
    const char *build = getenv("MOTCUA_BUILD");

    return mem_format("%s/locale", build ? build : "build");
}

static inline sqlite3 *bare_database(const char *dir, const char *name)
{
    char *path = mem_format("%s/%s", dir, name);
    sqlite3 *db = NULL;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        die("bare: %s", path);
    mem_free(&path);
    return db;
}

static inline sqlite3_stmt *bare_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        die("bare: %s: %s", sql, sqlite3_errmsg(db));
    return st;
}

static inline sqlite3_stmt *bare_query(struct bare_files *f, const char *sql)
{
    return bare_prepare(f->cache, sql);
}

/* The tables and indexes of one file in another. */
static inline void bare_schema(sqlite3 *from, sqlite3 *to)
{
    sqlite3_stmt *st =
        bare_prepare(from, "SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY type DESC, rowid");

    while (sqlite3_step(st) == SQLITE_ROW)
        if (sqlite3_exec(to, (const char *)sqlite3_column_text(st, 0), NULL, NULL, NULL) != SQLITE_OK)
            die("bare: %s", sqlite3_errmsg(to));
    sqlite3_finalize(st);
}

/* What a sealed blob is bound to. */
static inline struct buf bare_place(const char *table, const char *id, int64_t version)
{
    struct buf place = {0};

    buf_add(&place, table, strlen(table) + 1);
    buf_add(&place, id, strlen(id) + 1);
    buf_add(&place, &version, sizeof version); /* little end first, as on every machine that this runs on */
    return place;
}

/* Opens the blob of a column into `out`. */
static inline void bare_open(struct bare_files *f, const char *table, const char *id, int64_t version,
                             sqlite3_stmt *st, int column, struct buf *out)
{
    const unsigned char *sealed = sqlite3_column_blob(st, column);
    size_t n = (size_t)sqlite3_column_bytes(st, column), nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    struct buf place = bare_place(table, id, version);
    unsigned long long plain;

    buf_add(out, sealed + nonce, n - nonce);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)out->data, &plain, NULL, sealed + nonce,
                                                   n - nonce, (unsigned char *)place.data, place.len, sealed,
                                                   f->key) != 0)
        die("bare: %s %s does not open", table, id);
    out->len = (size_t)plain;
    buf_clear(&place);
}

static inline void bare_close(const struct bare_files *f, const char *table, const char *id, int64_t version,
                              const void *plain, size_t n, struct buf *out)
{
    enum {
        NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
        TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
    };
    struct buf place = bare_place(table, id, version);
    unsigned char nonce[NONCE];

    randombytes_buf(nonce, sizeof nonce);
    out->len = 0;
    buf_add(out, nonce, sizeof nonce);
    buf_add(out, plain, n);
    buf_add(out, (const char[TAG]){0}, TAG);
    crypto_aead_xchacha20poly1305_ietf_encrypt((unsigned char *)out->data + NONCE, NULL,
                                               (unsigned char *)out->data + NONCE, n,
                                               (unsigned char *)place.data, place.len, NULL, nonce, f->key);
    buf_clear(&place);
}

/* The next text of a row's blob: its length + 1 in 7-bit groups, its bytes. */
static inline const char *bare_text(const unsigned char **at, struct arena *arena)
{
    size_t n = 0;

    for (int shift = 0;; shift += 7) {
        unsigned char byte = *(*at)++;
        n |= (size_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    if (n == 0)
        return NULL;
    const char *text = arena_copy_n(arena, (const char *)*at, n - 1);
    *at += n - 1;
    return text;
}

/* "motcua-key", format, number of slots, then the bare slot: kind, length (2), the key. */
static inline void bare_key(struct bare_files *f, const char *dir)
{
    char *path = mem_format("%s/key", dir);
    unsigned char file[64];
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (sodium_init() < 0 || fd < 0 || read(fd, file, sizeof file) != 47)
        die("bare: %s", path);
    memcpy(f->key, file + 15, sizeof f->key);
    close(fd);
    mem_free(&path);
}

/* Both databases and the key; the blob that says whose they are has to open. */
static inline void bare_files_open(struct bare_files *f, const char *dir, const char *officer)
{
    struct buf plain = {0};

    bare_key(f, dir);
    f->cache = bare_database(dir, "cache.db");
    f->outbox = bare_database(dir, "outbox.db");
    sqlite3_stmt *st = bare_query(f, "SELECT sealed FROM state");
    if (sqlite3_step(st) != SQLITE_ROW)
        die("bare: no state");
    bare_open(f, "state", officer, 1, st, 0, &plain);
    sqlite3_finalize(st);
    buf_clear(&plain);
}

#endif

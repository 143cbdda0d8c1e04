/* bare_save: the durable steps of "saved" and nothing else: one append with fdatasync, then one row with the same bytes, sealed, in a WAL
 * commit with synchronous=FULL. Two numbers in each line of stdin: how many bytes the row's sealed part has, and how many are appended;
 * milliseconds in lines on stdout, after "ready".
 *
 *     bare_save DIR FILE
 *
 * DIR has the key, FILE is made anew with the tables and indexes of DIR's outbox.db, and FILE.log beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bare.h"

#include <stdio.h>
#include <time.h>

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        die("bare: %s: %s", sql, sqlite3_errmsg(db));
}

/* So many sealed bytes at the end of a file, on the disk. */
static void append(struct bare_files *files, int fd, const char *plain, size_t n)
{
    struct buf sealed = {0};

    bare_close(files, "log", "", 1, plain, n, &sealed);
    if (write(fd, sealed.data, sealed.len) != (ssize_t)sealed.len || fdatasync(fd) != 0)
        die("bare: the log");
    buf_clear(&sealed);
}

static int log_beside(const char *file)
{
    char *name = mem_format("%s.log", file);
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);

    if (fd < 0)
        die("bare: %s", name);
    mem_free(&name);
    return fd;
}

int main(int argc, char **argv)
{
    struct bare_files files = {0};
    struct buf plain = {0};
    char line[64];

    if (argc != 3)
        return 2;
    bare_key(&files, argv[1]);
    sqlite3 *from = bare_database(argv[1], "outbox.db");
    sqlite3 *db = NULL;
    unlink(argv[2]);
    if (sqlite3_open(argv[2], &db) != SQLITE_OK)
        die("bare: %s", argv[2]);
    bare_schema(from, db);
    sqlite3_close(from);
    run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000");
    sqlite3_stmt *begin = bare_prepare(db, "BEGIN IMMEDIATE"), *commit = bare_prepare(db, "COMMIT"),
                 *insert = bare_prepare(
                     db, "INSERT INTO command(key, batch, state, online_only, acted_at, held_at, actor, "
                         "target, action, method, path, if_match, code, name, body, seen) "
                         "VALUES(?1, 1, 0, 0, 1672281720, 1000, 'quan', ?1, 'comment', 'POST', "
                         "'/dossiers/' || ?1 || '/actions', '7', ?2, ?3, ?4, ?5)");
    int log = log_beside(argv[2]);
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        char *rest;
        size_t n = (size_t)strtol(line, &rest, 10), logged = (size_t)strtol(rest, NULL, 10);
        unsigned char random[18];
        char key[37];
        while (plain.len < n || plain.len < logged)
            buf_char(&plain, 'a');
        double began = now_ms();
        randombytes_buf(random, sizeof random);
        sodium_bin2hex(key, sizeof key, random, sizeof random);
        sqlite3_step(begin);
        sqlite3_bind_text(insert, 1, key, -1, SQLITE_STATIC);
        const size_t lengths[] = {30, 20, 100, n};
        struct buf blobs[4] = {0};
        for (int i = 0; i < 4; i++) {
            bare_close(&files, "command", key, 1, plain.data, lengths[i] < plain.len ? lengths[i] : plain.len,
                       &blobs[i]);
            sqlite3_bind_blob64(insert, 2 + i, blobs[i].data, blobs[i].len, SQLITE_STATIC);
        }
        bool ok = sqlite3_step(insert) == SQLITE_DONE;
        sqlite3_reset(insert);
        append(&files, log, plain.data, logged);
        sqlite3_reset(begin);
        ok = ok && sqlite3_step(commit) == SQLITE_DONE;
        sqlite3_reset(commit);
        if (!ok)
            die("bare: %s", sqlite3_errmsg(db));
        printf("%.4f\n", now_ms() - began);
        fflush(stdout);
        for (int i = 0; i < 4; i++)
            buf_clear(&blobs[i]);
    }
    buf_clear(&plain);
    return 0;
}

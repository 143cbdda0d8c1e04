/* bare_search: a scan of the same bytes that search reads: one folded line for each dossier, in memory, looked through for each word.
 * It refuses to rank, to sort and to show: it counts. Words in lines on stdin, milliseconds in lines on stdout, after "ready".
 *
 *     bare_search DIR
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"
#include "tests/bench/bare.h"

#include <stdio.h>
#include <time.h>

#define WORDS 16

/* Name, code, initials, number of each row, as core folds them; NUL ends a line. */
static void read_lines(struct bare_files *f, struct buf *lines)
{
    sqlite3_stmt *st = bare_query(f, "SELECT id, version, row FROM dossier ORDER BY n");
    struct arena arena = {0};

    while (sqlite3_step(st) == SQLITE_ROW) {
        struct buf plain = {0};
        bare_open(f, "dossier", (const char *)sqlite3_column_text(st, 0), sqlite3_column_int64(st, 1), st, 2,
                  &plain);
        const unsigned char *at = (const unsigned char *)plain.data + 8;
        unsigned there = *at++;
        for (unsigned bit = 1; bit < 32; bit <<= 1)
            at += there & bit ? 8 : 0;
        const char *texts[6];
        for (size_t i = 0; i < 6; i++)
            texts[i] = bare_text(&at, &arena);
        for (size_t i = 0; i < 6; i++)
            if (texts[i] && i != 3) { /* 3: the kind of applicant */
                text_fold(texts[i], strlen(texts[i]), lines);
                buf_char(lines, ' ');
            }
        text_initials(texts[4], lines);
        buf_char(lines, '\0');
        buf_clear(&plain);
        arena_reset(&arena);
    }
    arena_clear(&arena);
    sqlite3_finalize(st);
}

static size_t count_hits(const struct buf *lines, char *const *words, size_t n)
{
    const char *end = lines->data + lines->len;
    size_t hits = 0;

    for (const char *line = lines->data; line < end; line += strlen(line) + 1) {
        size_t i = 0;
        while (i < n && strstr(line, words[i]))
            i++;
        hits += i == n;
    }
    return hits;
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    struct bare_files files = {0};
    struct buf lines = {0};
    char text[256];

    if (argc != 2)
        return 2;
    bare_key(&files, argv[1]);
    files.cache = bare_database(argv[1], "cache.db");
    read_lines(&files, &lines);
    puts("ready");
    fflush(stdout);
    while (fgets(text, sizeof text, stdin)) {
        char *words[WORDS], *rest = text, *word;
        size_t n = 0;
        double began = now_ms();
        while (n < WORDS && (word = strsep(&rest, " \n")))
            if (*word)
                words[n++] = word;
        size_t hits = count_hits(&lines, words, n);
        printf("%.4f %zu\n", now_ms() - began, hits);
        fflush(stdout);
    }
    buf_clear(&lines);
    sqlite3_close(files.cache);
    return 0;
}

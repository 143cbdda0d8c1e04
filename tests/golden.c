/* golden: compares a screen with a picture row by row. What may differ stands in one file, so that it can be counted; an
 * entry that no longer fits its picture is an error, never ignored.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden.h"

#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define GOLDEN "tests/screen/golden"
#define LATER  "tests/screen/later.txt"

enum { ROWS_MAX = 100, ROW_SIZE = 2048 };

struct picture {
    char row[ROWS_MAX][ROW_SIZE];
    int rows;
};

static void trim(char *row)
{
    size_t n = strlen(row);

    while (n && (row[n - 1] == ' ' || row[n - 1] == '\r'))
        row[--n] = '\0';
}

static void picture_read(struct picture *p, const char *text)
{
    p->rows = 0;
    for (size_t n; *text && p->rows < ROWS_MAX; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        snprintf(p->row[p->rows], ROW_SIZE, "%.*s", (int)n, text);
        trim(p->row[p->rows++]);
    }
}

/* Columns are letters here: nothing in a picture is wider or narrower. */
static size_t letters(const char *words)
{
    size_t n = 0;

    for (; *words; words++)
        n += ((unsigned char)*words & 0xc0) != 0x80;
    return n;
}

/* `put` NULL: `words` leave a gap. */
static bool take_out(char *row, const char *words, const char *put)
{
    char *found = strstr(row, words), rest[ROW_SIZE];

    if (!found || !*words)
        return false;
    snprintf(rest, sizeof rest, "%s", found + strlen(words));
    snprintf(found, ROW_SIZE - (size_t)(found - row), "%*s%s%s", put ? 0 : (int)letters(words), "",
             put ? put : "", rest);
    trim(row);
    return true;
}

/* The rows between it and `last` move to its place. */
static bool row_gone(struct picture *p, int row, int last)
{
    int by = last < row ? -1 : 1;

    if (row < 1 || last < 1 || row > p->rows || last > p->rows)
        return false;
    for (; row != last; row += by)
        memcpy(p->row[row - 1], p->row[row - 1 + by], ROW_SIZE);
    p->row[last - 1][0] = '\0';
    return true;
}

static bool row_stands(struct picture *p, int row, const char *text)
{
    if (row < 1 || row > p->rows || p->row[row - 1][0])
        return false;
    snprintf(p->row[row - 1], ROW_SIZE, "%s", text);
    return true;
}

/* One line of later.txt that is about this picture. */
static bool later_apply(struct picture *p, const char *line)
{
    int row = 0, last = 0;
    char what[8] = "", words[ROW_SIZE] = "", put[ROW_SIZE] = "";

    if (sscanf(line, "%*s %d gone %d", &row, &last) == 2)
        return row_gone(p, row, last);
    if (sscanf(line, "%*s %d stands |%2000[^|]|", &row, put) == 2)
        return row_stands(p, row, put);
    int n = sscanf(line, "%*s %d %7s |%2000[^|]| |%2000[^|]|", &row, what, words, put);
    if (n < 3 || row < 1 || row > p->rows)
        return false;
    if (strcmp(what, "blank") == 0)
        return n == 3 && take_out(p->row[row - 1], words, NULL);
    if (strcmp(what, "cut") == 0)
        return n == 3 && take_out(p->row[row - 1], words, "");
    return strcmp(what, "here") == 0 && n == 4 && take_out(p->row[row - 1], words, put);
}

char *golden_expected(const char *name, const char *picture, const char *later, char **why)
{
    struct picture *p = malloc(sizeof *p);
    char *text = NULL, line[ROW_SIZE];
    size_t n = 0, len = strlen(name);

    *why = NULL;
    if (!p)
        abort();
    picture_read(p, picture);
    for (size_t size; later && *later && !*why; later += size + (later[size] == '\n')) {
        size = strcspn(later, "\n");
        snprintf(line, sizeof line, "%.*s", (int)size, later);
        if (strncmp(line, name, len) == 0 && line[len] == ' ' && !later_apply(p, line))
            *why = text_new(LATER ": does not fit " GOLDEN "/%s.txt: %s", name, line);
    }
    FILE *file = *why ? NULL : open_memstream(&text, &n);
    for (int i = 0; file && i < p->rows; i++)
        fprintf(file, "%s\n", p->row[i]);
    if (file)
        fclose(file);
    free(p);
    return text;
}

void golden_keep(const char *name, const char *text)
{
    char *dir = build_path("golden"), *path = text_new("%s/%s.txt", dir, name);

    mkdir(dir, 0777);
    FILE *file = fopen(path, "we");
    if (file) {
        fputs(text, file);
        fclose(file);
    }
    free(path);
    free(dir);
}

_Noreturn void golden_differ(const char *name, const char *wanted, const char *seen, struct at at)
{
    struct picture *w = calloc(1, sizeof *w), *s = calloc(1, sizeof *s);

    if (!w || !s)
        abort();
    picture_read(w, wanted);
    picture_read(s, seen);
    for (int i = 0; i < w->rows || i < s->rows; i++)
        if (strcmp(w->row[i], s->row[i]) != 0)
            print_error("# row %2d wanted |%s|\n#        seen   |%s|\n", i + 1, w->row[i], s->row[i]);
    fail_at(at, "the screen is not " GOLDEN "/%s.txt", name);
}

char *golden_wanted(const char *name, struct at at)
{
    char *path = text_new(GOLDEN "/%s.txt", name), *why = NULL;
    char *picture = file_text(path), *later = file_text(LATER);

    if (!picture)
        fail_at(at, "no picture %s", path);
    char *wanted = golden_expected(name, picture, later, &why);
    if (!wanted)
        fail_at(at, "%s", why);
    free(path);
    free(picture);
    free(later);
    return wanted;
}

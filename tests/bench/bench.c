/* bench: `make bench`: the figures of the program against bounds measured in the same run (docs/bench.md says what each row is).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

#define MILLION_NEEDS ((uint64_t)8 << 30)

double clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

/* ── samples ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

void samples_add(struct samples *s, double value)
{
    if (s->n == s->cap)
        s->at = mem_grow(s->at, s->cap = s->cap ? 2 * s->cap : 512, sizeof *s->at);
    s->at[s->n++] = value;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

double samples_quantile(const struct samples *s, double q)
{
    if (s->n == 0)
        fail_at(HERE, "nothing was measured");
    qsort(s->at, s->n, sizeof *s->at, by_value);
    size_t at = (size_t)ceil(q * (double)s->n);
    return s->at[at > 0 ? at - 1 : 0];
}

void samples_clear(struct samples *s)
{
    free(s->at);
    *s = (struct samples){0};
}

/* ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int missed;

__attribute__((format(printf, 6, 0))) static void row(const char *name, double value, const char *sign,
                                                      double target, bool good, const char *how, va_list args)
{
    printf("# %s: ", name);
    vprintf(how, args);
    printf("\n%s %.2f %s%.2f %s\n", name, value, sign, target, good ? "ok" : "MISS");
    fflush(stdout);
    missed += !good;
}

void row_at_most(const char *name, double value, double most, const char *how, ...)
{
    va_list args;

    va_start(args, how);
    row(name, value, "<=", most, value <= most, how, args);
    va_end(args);
}

void row_at_least(const char *name, double value, double least, const char *how, ...)
{
    va_list args;

    va_start(args, how);
    row(name, value, ">=", least, value >= least, how, args);
    va_end(args);
}

void row_printed(const char *name, double value)
{
    printf("%s %.2f - ok\n", name, value);
    fflush(stdout);
}

void row_skip(const char *name)
{
    printf("%s SKIP\n", name);
    fflush(stdout);
}

/* ── the run ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool room_for_a_million(void)
{
    const char *tmp = getenv("TMPDIR");
    struct statvfs fs;

    return statvfs(tmp && *tmp ? tmp : "/tmp", &fs) == 0 && (uint64_t)fs.f_bavail * fs.f_frsize >= MILLION_NEEDS;
}

static bool wanted(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 1;
}

static void run_office(int argc, char **argv, struct office *o)
{
    const struct {
        const char *name;
        void (*run)(const struct office *);
    } rows[] = {
        {"first-screen", bench_first_screen},
        {"keys", bench_keys},
        {"bytes", bench_bytes},
        {"search", bench_search},
        {"saved", bench_saved},
        {"sync", bench_sync},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wanted(argc, argv, rows[i].name))
            rows[i].run(o);
    if (wanted(argc, argv, "memory"))
        bench_memory(o);
    if (wanted(argc, argv, "busy"))
        bench_busy_keys(o);
}

static void run_million(const struct office *few, const struct office *many)
{
    static const char *const names[] = {"first-screen-1000000", "open-queue-1000000", "page-down-1000000",
                                        "line-down-1000000", "rss-1000000"};

    if (!room_for_a_million()) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            row_skip(names[i]);
        return;
    }
    struct office *million = office_new(1000000);
    bench_first_growth(many, million);
    bench_growth(few, million);
    bench_memory_printed(million);
    office_free(&million);
}

int main(int argc, char **argv)
{
    double began = clock_ms();
    struct office *few, *many;

    keyring_join();
    if (wanted(argc, argv, "training"))
        bench_training();
    if (wanted(argc, argv, "tray"))
        bench_tray();
    if (wanted(argc, argv, "upload"))
        bench_upload();
    if (argc == 2 && (strcmp(argv[1], "training") == 0 || strcmp(argv[1], "tray") == 0 ||
                      strcmp(argv[1], "upload") == 0)) /* they need no files */
        return missed ? 1 : 0;
    many = office_new(100000);
    run_office(argc, argv, many);
    if (wanted(argc, argv, "growth")) {
        few = office_new(1000);
        bench_growth(few, many);
        run_million(few, many);
        office_free(&few);
    }
    office_free(&many);
    printf("# %d missed; the run took %.0f s\n", missed, (clock_ms() - began) / 1000);
    return missed ? 1 : 0;
}

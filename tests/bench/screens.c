/* screens: the rows that are times from a key, or from the start, to the read that completed the wanted screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BODY     4 /* the first row of a list, from 1 */
#define SEEN     34
#define QUIET_MS 5

/* ── the first screen ────────────────────────────────────────────────────────────────────────────────────────────── */

/* The frame goes out from the top to the bottom, then the cursor to the focused row, which is kept from one start to the next. */
static bool queues_are_there(struct screen *s, const void *unused)
{
    char foot[1024], first[1024];
    int row, col;

    screen_cursor(s, &row, &col);
    if (row < BODY || row > BODY + 9 || col != 1)
        return false;
    screen_row(s, -1, foot, sizeof foot);
    screen_row(s, row, first, sizeof first);
    return foot[0] && first[0] == '>';
}

static double time_first(struct screen *(*start)(const struct office *), const struct office *o)
{
    double began = clock_ms();
    struct screen *s = start(o);
    double took = read_until(s, queues_are_there, NULL) - began;

    screen_free(&s);
    return took;
}

static struct screen *start_bare_queues(const struct office *o)
{
    return start_bare(o, "queues");
}

void bench_first_screen(const struct office *o)
{
    struct samples ours = {0}, bare = {0};

    for (int i = -WARM_UPS; i < PAIRS; i++) {
        double a = time_first(start_ours, o), b = time_first(start_bare_queues, o);
        if (i >= 0) {
            samples_add(&ours, a);
            samples_add(&bare, b);
        }
    }
    double a = samples_quantile(&ours, 0.5), b = samples_quantile(&bare, 0.5);
    row_at_most("first-screen-100000", a / b, 1.5, "ours %.1f ms, bare %.1f ms", a, b);
    samples_clear(&ours);
    samples_clear(&bare);
}

/* ── keys in a list ──────────────────────────────────────────────────────────────────────────────────────────────── */

struct list {
    struct screen *s;
    int64_t position, total;
    int row; /* of the focus */
};

/* "position/total" at the right end of the title. */
static bool read_position(struct screen *s, int64_t *position, int64_t *total)
{
    char title[1024];

    screen_row(s, 2, title, sizeof title);
    const char *at = strrchr(title, ' ');
    long long p, t;
    if (!at || sscanf(at, " %lld/%lld", &p, &t) != 2)
        return false;
    *position = p;
    *total = t;
    return true;
}

static bool list_is_there(struct screen *s, const void *list)
{
    const struct list *l = list;
    int64_t position, total;
    int row, col;

    screen_cursor(s, &row, &col);
    return row == l->row && col == 1 && read_position(s, &position, &total) && position == l->position;
}

static bool has_position(struct screen *s, const void *unused)
{
    int64_t position, total;

    return read_position(s, &position, &total);
}

static double press(struct list *l, const char *key, int quiet_ms)
{
    double began = clock_ms();

    screen_key(l->s, key);
    double took = read_until(l->s, list_is_there, l) - began;
    read_rest(l->s, quiet_ms);
    return took;
}

static void go_home(struct list *l)
{
    l->position = 1;
    l->row = BODY;
    press(l, "Home", 20);
}

/* Where the focus stood is kept, so it goes to the first row. */
static struct list list_begin(struct screen *s)
{
    struct list l = {.s = s};

    read_until(s, has_position, NULL);
    read_for(s, 100);
    go_home(&l);
    read_position(s, &l.position, &l.total);
    return l;
}

/* Ours: the queue in progress, which is the third. */
static struct list open_ours(const struct office *o)
{
    struct screen *s = start_ours(o);

    read_until(s, queues_are_there, NULL);
    read_for(s, 1500); /* search is filled */
    screen_key(s, "3");
    return list_begin(s);
}

static struct list open_bare(const struct office *o)
{
    return list_begin(start_bare(o, "list"));
}

/* One line down; at the end of the list from the start again. */
static double press_down(struct list *l, int quiet_ms)
{
    if (l->position == l->total)
        go_home(l);
    l->position++;
    l->row += l->row < BODY + SEEN - 1;
    return press(l, "Down", quiet_ms);
}

static double press_page(struct list *l, int quiet_ms)
{
    if (l->position + 2 * SEEN > l->total)
        go_home(l);
    l->position += SEEN;
    return press(l, "PgDn", quiet_ms);
}

static void keys_row(const char *name, const struct office *o, double (*key)(struct list *, int), double most)
{
    struct list ours = open_ours(o), bare = open_bare(o);
    struct samples a = {0}, b = {0};

    for (int i = -WARM_UPS; i < SAMPLES; i++) {
        double x = key(&ours, QUIET_MS), y = key(&bare, QUIET_MS);
        if (i >= 0) {
            samples_add(&a, x);
            samples_add(&b, y);
        }
    }
    double p = samples_quantile(&a, 0.95), q = samples_quantile(&b, 0.95);
    row_at_most(name, p / q, most, "p95 ours %.2f ms, bare %.2f ms (medians %.2f, %.2f)", p, q,
                samples_quantile(&a, 0.5), samples_quantile(&b, 0.5));
    samples_clear(&a);
    samples_clear(&b);
    screen_free(&ours.s);
    screen_free(&bare.s);
}

void bench_keys(const struct office *o)
{
    keys_row("line-down", o, press_down, 3);
    keys_row("page-down", o, press_page, 2);
}

/* The server says that the cursor is no longer known: every dossier comes again, while keys are pressed. */
void bench_busy_keys(struct office *o)
{
    static const struct {
        const char *name;
        double (*key)(struct list *, int);
    } rows[] = {{"line-down-in-sync", press_down}, {"page-down-in-sync", press_page}};

    for (size_t r = 0; r < 2; r++) {
        struct samples idle = {0}, busy = {0};
        office_serve(o, false);
        struct list l = open_ours(o);
        for (int i = 0; i < SAMPLES; i++)
            samples_add(&idle, rows[r].key(&l, QUIET_MS));
        screen_free(&l.s);
        office_serve(o, true);
        l = open_ours(o);
        screen_key(l.s, "r"); /* who asks is not kept waiting: the pass begins now */
        read_for(l.s, 500);
        for (int i = 0; i < SAMPLES; i++)
            samples_add(&busy, rows[r].key(&l, 1));
        if (!office_in_pass(o))
            printf("# the sync was over before the keys were\n");
        screen_free(&l.s);
        double p = samples_quantile(&idle, 0.95), q = samples_quantile(&busy, 0.95);
        office_finish_pass(o);
        row_at_most(rows[r].name, q - p, 8, "p95 in a sync %.2f ms, idle %.2f ms; the difference in ms", q, p);
        samples_clear(&idle);
        samples_clear(&busy);
    }
    office_serve(o, false);
}

/* ── bytes ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static double bytes_of(struct list *l, double (*key)(struct list *, int), int times)
{
    struct samples all = {0};

    go_home(l);
    for (int i = 0; i < times; i++) {
        screen_bytes_reset(l->s);
        key(l, 20);
        samples_add(&all, (double)screen_bytes(l->s));
    }
    double median = samples_quantile(&all, 0.5);
    samples_clear(&all);
    return median;
}

static void idle_row(struct list *l)
{
    char before[1024], after[1024];
    size_t bytes;

    do { /* the clock of the status line changes with the minute */
        read_rest(l->s, 500);
        screen_row(l->s, 1, before, sizeof before);
        screen_bytes_reset(l->s);
        read_for(l->s, 10000);
        bytes = screen_bytes(l->s);
        screen_row(l->s, 1, after, sizeof after);
    } while (strcmp(before, after) != 0);
    row_at_most("bytes-idle-10s", (double)bytes, 0, "within a minute");
}

static void marker_row(const struct office *o)
{
    char *path = text_new("%s/config/motcua/config", o->home), *dir = text_new("%s/config/motcua", o->home);

    mkdir(dir, 0700);
    FILE *file = fopen(path, "w");
    if (!file || fputs("theme = marker\n", file) < 0 || fclose(file) != 0)
        fail_at(HERE, "%s cannot be written", path);
    struct list ours = open_ours(o);
    row_at_most("bytes-line-down-marker", bytes_of(&ours, press_down, SEEN - 1), 60, "median");
    screen_free(&ours.s);
    unlink(path);
    free(path);
    free(dir);
}

void bench_bytes(const struct office *o)
{
    struct list ours = open_ours(o), bare = open_bare(o);
    double line = bytes_of(&ours, press_down, SEEN - 1), page = bytes_of(&ours, press_page, 50),
           bare_line = bytes_of(&bare, press_down, SEEN - 1), bare_page = bytes_of(&bare, press_page, 50);

    row_at_most("bytes-line-down", line, 120, "median; bare %.0f", bare_line);
    row_at_most("bytes-page-down", page / bare_page, 1.1, "ours %.0f, bare %.0f", page, bare_page);
    idle_row(&ours);
    screen_free(&ours.s);
    screen_free(&bare.s);
    marker_row(o);
}

/* ── search ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct typed {
    const char *words;
    char count[64]; /* "n/total" that stood there before */
};

/* The words stand in the field and the first hits above it: the cursor comes last, behind the words. */
static bool hits_are_there(struct screen *s, const void *typed)
{
    const struct typed *t = typed;
    char prompt[1024], hit[1024];
    int row, col;

    screen_cursor(s, &row, &col);
    if (row != ROWS - 1)
        return false;
    screen_row(s, -2, prompt, sizeof prompt);
    screen_row(s, BODY, hit, sizeof hit);
    const char *at = strstr(prompt, ": ");
    size_t n = strlen(t->words);
    return at && strncmp(at + 2, t->words, n) == 0 && strcmp(at + 2 + n, "_") == 0 && strstr(hit, ".H06-");
}

/* Asks the bare scan for the same words; the milliseconds that it took. */
static double scan(int to, int from, const char *words)
{
    char *line = text_new("%s\n", words);

    if (write(to, line, strlen(line)) < 0)
        fail_at(HERE, "bare_search is gone");
    free(line);
    line = child_line(from);
    double ms = strtod(line, NULL);
    free(line);
    return ms;
}

static void search_for(struct screen *s, const char *words, int to, int from, struct samples *ours,
                       struct samples *bare)
{
    char typed[64] = "";

    for (size_t i = 0; words[i]; i++) {
        char key[2] = {words[i]};
        memcpy(typed, words, i + 1);
        typed[i + 1] = '\0';
        double began = clock_ms();
        screen_type(s, key);
        if (words[i] == ' ') { /* finds nothing new */
            read_rest(s, 20);
            continue;
        }
        samples_add(ours, read_until(s, hits_are_there, &(struct typed){.words = typed}) - began);
        read_rest(s, QUIET_MS);
        samples_add(bare, scan(to, from, typed));
    }
    screen_type(s, "\025"); /* Ctrl-U */
    read_rest(s, 20);
}

void bench_search(const struct office *o)
{
    /* Names, initials, parts of codes, ends of numbers, as officers type them. */
    static const char *const words[] = {
        "nguyen thi hoa", "tran van", "ntd",    "221228",       "dang quoc tuan", "le hong",
        "pham minh quan", "vo thi",   "33.h06", "bui anh tuan", "hung",           "221115-0001"};
    struct samples ours = {0}, bare = {0};
    int in[2], out[2];
    char *program = bench_program("bare_search");

    if (pipe(in) != 0 || pipe(out) != 0)
        fail_at(HERE, "no pipe");
    pid_t pid = child_start(&(struct child){.argv = ARGV(program, o->dir), .in = in[0], .out = out[1]});
    close(in[0]);
    close(out[1]);
    free(child_line(out[0]));
    struct screen *s = start_ours(o);
    read_until(s, queues_are_there, NULL);
    read_rest(s, 3000);
    screen_key(s, "/");
    read_rest(s, 50);
    while (ours.n < SAMPLES)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            search_for(s, words[i], in[1], out[0], &ours, &bare);
    screen_free(&s);
    close(in[1]);
    close(out[0]);
    child_wait(pid, harness_deadline());
    double a = samples_quantile(&ours, 0.95), b = samples_quantile(&bare, 0.95);
    row_at_most("search-100000", a, 2 * b + 5, "ms, p95 of %zu keys (median %.2f); a bare scan %.2f ms",
                ours.n, samples_quantile(&ours, 0.5), b);
    samples_clear(&ours);
    samples_clear(&bare);
    free(program);
}

/* ── growth ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A list from its first row on; its number is counted later. */
static bool rows_are_there(struct screen *s, const void *unused)
{
    char first[1024], foot[1024];
    int row, col;

    screen_cursor(s, &row, &col);
    if (row != BODY || col != 1)
        return false;
    screen_row(s, BODY, first, sizeof first);
    screen_row(s, -1, foot, sizeof foot);
    return strstr(first, ".H06-") && strstr(foot, "Space");
}

static bool queues_are_back(struct screen *s, const void *unused)
{
    char row[1024];

    screen_row(s, 2, row, sizeof row);
    return strstr(row, "Hàng việc");
}

struct growth {
    struct samples open, page, down;
};

/* Opens the list, and presses a key of each kind in it. */
static void grow(struct list *l, struct growth *g)
{
    screen_key(l->s, "q");
    read_until(l->s, queues_are_back, NULL);
    read_rest(l->s, QUIET_MS);
    double began = clock_ms();
    screen_key(l->s, "Enter"); /* a digit is looked at for 30 ms: it might be an input method's */
    samples_add(&g->open, read_until(l->s, rows_are_there, NULL) - began);
    l->position = 1;
    l->row = BODY;
    read_until(l->s, list_is_there, l);
    read_rest(l->s, QUIET_MS);
    samples_add(&g->page, press_page(l, QUIET_MS));
    samples_add(&g->down, press_down(l, QUIET_MS));
    go_home(l);
}

static void growth_row(const char *what, const struct office *o, struct samples *ours, struct samples *few)
{
    char *name = text_new("%s-%lld", what, (long long)o->n);
    double a = samples_quantile(ours, 0.95), b = samples_quantile(few, 0.95);

    row_at_most(name, a / b, 1.15, "p95 %.2f ms, with 1,000 %.2f ms", a, b);
    samples_clear(ours);
    free(name);
}

void bench_growth(const struct office *few, const struct office *many)
{
    struct growth a = {0}, b = {0};

    struct list x = open_ours(few), y = open_ours(many);
    for (int i = 0; i < SAMPLES; i++) {
        grow(&x, &a);
        grow(&y, &b);
    }
    screen_free(&x.s);
    screen_free(&y.s);
    growth_row("open-queue", many, &b.open, &a.open);
    growth_row("page-down", many, &b.page, &a.page);
    growth_row("line-down", many, &b.down, &a.down);
    samples_clear(&a.open);
    samples_clear(&a.page);
    samples_clear(&a.down);
}

void bench_first_growth(const struct office *many, const struct office *million)
{
    struct samples a = {0}, b = {0};

    for (int i = -WARM_UPS; i < PAIRS; i++) {
        double x = time_first(start_ours, many), y = time_first(start_ours, million);
        if (i >= 0) {
            samples_add(&a, x);
            samples_add(&b, y);
        }
    }
    double x = samples_quantile(&a, 0.5), y = samples_quantile(&b, 0.5);
    row_at_most("first-screen-1000000", y / x, 1.15, "with 1,000,000 %.1f ms, with 100,000 %.1f ms", y, x);
    samples_clear(&a);
    samples_clear(&b);
}

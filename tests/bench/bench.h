/* bench: what the rows of `make bench` share: offices (an officer's files and a server that replays), samples, and how a row is printed.
 * Every time is milliseconds of CLOCK_MONOTONIC. Whatever goes wrong ends the run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_BENCH_BENCH_H
#define MOTCUA_TESTS_BENCH_BENCH_H

#include "tests/screen/pty.h"

#define OFFICER  "quan" /* supervisor of the district: sees every dossier */
#define ROWS     40
#define COLS     120
#define WARM_UPS 2
#define PAIRS    15
#define SAMPLES  400 /* at least, for p95 and p99 */
#define WAIT_MS  60000

double clock_ms(void);

/* ── samples ─────────────────────────────────────────────────────────────────────────────────────────────────────── */
struct samples {
    double *at;
    size_t n, cap;
};
void samples_add(struct samples *, double);
double samples_quantile(const struct samples *, double q); /* 0.5: the median */
void samples_clear(struct samples *);

/* ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* "NAME VALUE TARGET ok|MISS" on stdout, behind a line "# …" of how it came about. */
void row_at_most(const char *name, double value, double most, const char *how, ...)
    __attribute__((format(printf, 4, 5)));
void row_at_least(const char *name, double value, double least, const char *how, ...)
    __attribute__((format(printf, 4, 5)));
void row_printed(const char *name, double value); /* no target */
void row_skip(const char *name);
int rows_missed(void);

/* ── offices ─────────────────────────────────────────────────────────────────────────────────────────────────────── */
struct office {
    int64_t n;           /* dossiers */
    char *home, *server; /* server: its URL, on a port that is free */
    char *dir;           /* of the officer's files */
    char *pages;         /* for `replay` */
    int64_t now;         /* server time when it was filled */
    char *cert, *key;    /* with TLS; else NULL */
    int port;
    pid_t replay; /* 0: no server */
};
/* Files with so many dossiers, and the officer's session in the keyring. One run beside a server has been, so that what is learnt
 * from it (the clock's distance) is kept. */
struct office *office_new(int64_t n);
void office_free(struct office **);
void office_serve(struct office *, bool expired); /* a server, until office_close() */
void office_close(struct office *);
/* The same officer without any facts: for a first sync. The files of `from` stay; its pages are shared. */
struct office *office_empty(const struct office *from);
void office_forget(struct office *); /* cache.db goes: the next sync is a first one */
/* A server that speaks TLS, with a certificate of its own that the officer's configuration names. The files lie under its name until
 * office_plain(). */
void office_secure(struct office *);
void office_plain(struct office *);
void office_finish_pass(struct office *);
bool office_in_pass(const struct office *); /* the feed is being taken in from its beginning */

/* A private session keyring: sessions of the bench are nobody else's. */
void keyring_join(void);

/* ── programs on a terminal of 120×40 ────────────────────────────────────────────────────────────────────────────── */
struct screen *start_ours(const struct office *);
struct screen *start_bare(const struct office *, const char *what); /* bare_screen */
/* Reads until `there` says so; the time of the read that did it. */
double read_until(struct screen *, bool (*there)(struct screen *, const void *), const void *);
/* Reads what still comes until nothing came for so long. */
void read_rest(struct screen *, int quiet_ms);
void read_for(struct screen *, int ms); /* reads what comes in that time */
/* VmRSS, VmHWM …, in KiB. */
int64_t process_memory(pid_t, const char *name);
char *bench_program(const char *name); /* the path of a program of the bench; the caller frees */
char *child_line(int fd);              /* one line from a pipe; the caller frees */

/* ── what is measured ────────────────────────────────────────────────────────────────────────────────────────────── */
void bench_first_screen(const struct office *);
void bench_keys(const struct office *);
void bench_bytes(const struct office *);
void bench_search(const struct office *);
void bench_saved(const struct office *);
void bench_sync(const struct office *);
void bench_memory(struct office *);
void bench_memory_printed(const struct office *); /* no target */
void bench_busy_keys(struct office *);            /* during a full sync */
void bench_growth(const struct office *few, const struct office *many);
void bench_first_growth(const struct office *many, const struct office *million);
void bench_training(void);
void bench_tray(void);
void bench_upload(void);

#endif

/* harness: what every test that runs programs needs: deadlines, homes of their own, children that cannot outlive the test.
 * It refuses to know what the programs do. Whatever goes wrong fails the running cmocka test at the caller's line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_HARNESS_H
#define MOTCUA_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/types.h>

/* Fails the test at the line of whoever called the macro above it. */
struct at {
    const char *file;
    int line;
};
#define HERE ((struct at){__FILE__, __LINE__})
_Noreturn void fail_at(struct at, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ── waiting ─────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* Milliseconds of CLOCK_MONOTONIC, and until when the harness waits for what must come: 10 s, under SAN five times that. */
int64_t harness_now(void);
/* A port of loopback for a program that has to be told one: free now, and not among those that the kernel gives away by itself. */
int harness_port(void);
int64_t harness_deadline(void);
bool harness_san(void);
/* Waits until the child ends or `deadline`: its exit status, 128 + the signal that killed it, or -1 when it still runs. */
int child_wait(pid_t, int64_t deadline);

/* A fresh session keyring, which goes with the program: who signed in at one test's server is not signed in at the next that gets
 * the same port. Without keyctl (containers) there is none to keep apart. */
void harness_keyring(void);

/* ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* A new private directory under $TMPDIR; home_free() removes it with all that is in it and nulls the pointer. */
char *home_new(void);
void home_free(char **);
/* $MOTCUA_BUILD/name (default build/); the caller frees. Text of a whole file, or NULL; the caller frees. */
char *build_path(const char *name);
char *file_text(const char *path);
char *file_bytes(const char *path, size_t *len); /* the same of a file with NULs in it */
/* printf into a new string; the caller frees. */
char *text_new(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ── children ────────────────────────────────────────────────────────────────────────────────────────────────────── */
struct child {
    const char *const *argv; /* without a slash in argv[0] the program is $MOTCUA_BUILD/argv[0] */
    const char *const *env;  /* "NAME=value" sets, "NAME" removes; NULL: nothing */
    const char *home;        /* becomes HOME and all of XDG and TMPDIR; NULL: those of the test program */
    int in, out, err;        /* its descriptors 0, 1 and 2; 0 means /dev/null (for `err`: the test's own) */
    int pass;      /* a descriptor that it inherits under the number 3, named by MOTCUA_TEST_FD; 0: none */
    bool terminal; /* `in` is a terminal and becomes the controlling one of a session of its own */
};
/* Starts it. It is killed when the test program ends, however that ends. */
pid_t child_start(const struct child *);

/* A program from start to end, at most one harness_deadline(). `input` may be NULL. */
struct run {
    int status; /* exit status, or 128 + signal */
    char *out, *err;
};
void run_program(struct run *, const char *const argv[], const char *const env[], const char *home,
                 const char *input);
void run_clear(struct run *);

#endif

/* Allocations failed in the real program, each in a run of its own, against a real server: a command ends as it should, with 70, or says
 * why not; what it called saved takes effect once; the screen gives the terminal back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/pty.h"
#include "tests/torture/cases.h"
#include "tests/torture/ground.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* A run makes up to 20,000, and costs a second: every 41st of them is taken. test_memory_cache takes them all. */
enum { STRIDE = 41, DIED = 70 };

struct starved {
    struct ground *ground;
    const char *const *args; /* NULL: the screen */
    long nth;                /* 0: none fails */
    long count;
    size_t i;
};

/* ── a command ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void run_starved(struct starved *s, const char *home, const char *const args[], struct run *run)
{
    char *nth = text_new("MOTCUA_TEST_ALLOCATION=%ld", s->nth), *count = text_new("%s/count", home),
         *where = text_new("MOTCUA_TEST_COUNT=%s", count);
    const char *argv[24] = {"motcua-m"};
    size_t n = 1;

    for (size_t i = 0; args[i] && n < 20; i++)
        argv[n++] = args[i];
    argv[n++] = "--server";
    argv[n++] = s->ground->o.server->base;
    run_program(run, argv, ARGS(nth, where), home, NULL);
    char *text = file_text(count);
    s->count = text ? atol(text) : 0;
    free(text);
    free(nth);
    free(count);
    free(where);
}

static void expect_end(const struct run *run)
{
    if (run->status == DIED)
        return;
    if (strstr(run->err, "Sanitizer") || strstr(run->err, "runtime error"))
        fail_at(HERE, "%s", run->err);
    if (run->status != 0 && run->status != 1 && run->status != 3)
        fail_at(HERE, "it ended with %d: %s%s", run->status, run->out, run->err);
    if (run->status != 0 && strlen(run->err) < 20)
        fail_at(HERE, "it ended with %d and said “%s”", run->status, run->err);
}

static void a_command(void *context)
{
    struct starved *s = context;
    bool acts = strcmp(s->args[0], "act") == 0;
    const char *dossier = s->ground->dossiers[s->i % s->ground->n];
    char *home = ground_copy(s->ground), *note = text_new("%s không còn chỗ nhớ %ld", s->args[0], s->nth);
    struct run run;

    if (acts)
        run_starved(s, home, ARGS("act", dossier, "comment", "--note", note, "--json"), &run);
    else
        run_starved(s, home, s->args, &run);
    expect_end(&run);
    ground_check(s->ground, home, dossier, acts ? note : NULL, acts && ground_told(&run));
    ground_check_journal(s->ground, home);
    run_clear(&run);
    free(note);
    home_free(&home);
}

/* ── the screen ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool has_ended(struct screen *s)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)screen_pid(s), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

/* Until these words are there, or it has ended. */
static void await(struct screen *s, const char *words)
{
    for (int64_t until = harness_deadline(); !screen_has(s, words) && !has_ended(s) && harness_now() < until;)
        screen_read(s, 20);
}

static void press(struct screen *s, const char *key, const char *words)
{
    if (!has_ended(s))
        screen_key(s, key);
    await(s, words);
}

static void the_screen(void *context)
{
    struct starved *st = context;
    char *home = ground_copy(st->ground), *nth = text_new("MOTCUA_TEST_ALLOCATION=%ld", st->nth),
         *count = text_new("%s/count", home), *where = text_new("MOTCUA_TEST_COUNT=%s", count);
    struct screen *s = screen_start(&(struct screen_opts){
        .argv = ARGV("motcua-m", "--server", st->ground->o.server->base), .env = ARGV(nth, where), .home = home});

    await(s, "trực tuyến ·");
    press(s, "1", "1/");
    press(s, "Enter", "Người nộp");
    press(s, "x", "Nhận");
    press(s, "Esc", "Người nộp");
    for (int i = 0; i < 50 && !has_ended(s); i++) {
        screen_key(s, "q");
        screen_read(s, 100);
    }
    int status = screen_exit_code(s);
    if (status != 0 && status != 1 && status != DIED)
        fail_at(HERE, "the screen ended with %d", status);
    if (screen_alternate(s) || !screen_tty_cooked(s))
        fail_at(HERE, "the terminal was not given back (status %d)", status);
    screen_free(&s);
    ground_check(st->ground, home, st->ground->dossiers[0], NULL, false);
    char *text = file_text(count);
    st->count = text ? atol(text) : 0;
    free(text);
    free(count);
    free(where);
    free(nth);
    home_free(&home);
}

/* ── all ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* How many allocations there are when none fails. */
static long count(struct starved s, void (*body)(void *))
{
    body(&s);
    if (s.count < 100)
        fail_at(HERE, "it counted %ld allocations", s.count);
    return s.count;
}

static void starve(struct ground *g, const char *const args[])
{
    void (*body)(void *) = args ? a_command : the_screen;
    struct starved s = {.ground = g, .args = args};
    long all = count(s, body);

    for (s.nth = 1; s.nth <= all; s.nth += STRIDE * cases_every(1), s.i++)
        case_run(body, &s, "%s, allocation %ld of %ld", args ? args[0] : "screen", s.nth, all);
}

int main(void)
{
    struct ground ground;
    const char *why = ground_new(&ground);

    if (why) {
        cases_skip(why);
        return cases_end();
    }
    starve(&ground, ARGS("act"));
    starve(&ground, ARGS("sync", "--once"));
    starve(&ground, ARGS("list", "--search", "nguyen", "--json"));
    starve(&ground, ARGS("show", ground.dossiers[0]));
    starve(&ground, NULL);
    ground_free(&ground);
    return cases_end();
}

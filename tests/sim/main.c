/* main: which seeds. `sim` runs so many as `make test` has time for and says one TAP line for each; `sim SEED N` runs N from SEED and
 * says what failed and how far it is; one seed alone says all that happens. Each run is a process of its own (what it leaks, spoils or
 * dies of is its own), two at a time; every sixteenth is run twice and has to leave the same trace. LIE=1: disks whose sync is a lie,
 * which has to fail: `sim` proves with some of those that it would see it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include "tests/harness.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEEDS = 1000, LIARS = 40, TWICE_EVERY = 16, AT_ONCE = 2, SAY_EVERY = 1000 };
enum { FAILED = 3 }; /* exit status of a run that has said why; 1 is a sanitizer's */

struct order {
    uint64_t seed;
    int n;
    bool alone, tap, lies;
};
struct process {
    pid_t pid;
    struct order order;
};

/* ── chance that is not ours ─────────────────────────────────────────────────────────────────────────────────────── */

/* What libsodium draws (keys, nonces) comes from the seed, too. */
static uint64_t drawn;

static uint32_t seeded_word(void)
{
    drawn = drawn * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(drawn >> 32);
}

static void seeded_bytes(void *const out, const size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)out)[i] = (unsigned char)seeded_word();
}

static const char *seeded_name(void)
{
    return "seed";
}

static void take_chance_over(void)
{
    static struct randombytes_implementation ours = {
        .implementation_name = seeded_name, .random = seeded_word, .buf = seeded_bytes};
    randombytes_set_implementation(&ours);
}

/* ── one run, in a process of its own ────────────────────────────────────────────────────────────────────────────── */

static void begin(struct world *w, const struct order *o)
{
    memset(w, 0, sizeof(*w));
    w->seed = o->seed;
    w->verbose = o->alone;
    w->lies = o->lies;
    drawn = o->seed;
    sim_run(w);
}

static void say(const struct order *o, const struct world *w)
{
    bool failed = w->failure[0];
    if (o->tap || o->alone || failed)
        printf("%sok %d - seed %" PRIu64 ": %zu events, %zu wishes, %zu changes, %016" PRIx64 "\n",
               failed ? "not " : "", o->n, o->seed, w->n_trace, w->n_saved, w->n_effects, w->trace);
    if (failed)
        printf("# %s\n# again: make sim SEED=%" PRIu64 " N=1%s\n", w->failure, o->seed, o->lies ? " LIE=1" : "");
}

/* What the same seed leaves behind when it is run in another process, silently; 0: it came to no end. */
static uint64_t trace_of_twin(struct world *w, const struct order *o)
{
    int ends[2];
    uint64_t trace = 0;
    if (pipe(ends) != 0)
        return 0;
    pid_t pid = fork();
    if (pid == 0) {
        struct order silent = *o;
        silent.alone = false;
        begin(w, &silent);
        _exit(write(ends[1], &w->trace, sizeof(w->trace)) != sizeof(w->trace));
    }
    close(ends[1]);
    if (read(ends[0], &trace, sizeof(trace)) != sizeof(trace))
        trace = 0;
    close(ends[0]);
    waitpid(pid, NULL, 0);
    return trace;
}

/* Ends the process: 0 or FAILED. */
static _Noreturn void run_seed(const struct order *o)
{
    struct world *w = mem_alloc(sizeof(*w));
    bool twice = o->alone || o->seed % TWICE_EVERY == 0;
    uint64_t twin = twice ? trace_of_twin(w, o) : 0;
    begin(w, o);
    if (twice && w->trace != twin)
        broken(w, "two runs have one trace: %016" PRIx64 ", then %016" PRIx64, twin, w->trace);
    say(o, w);
    bool failed = w->failure[0];
    free(w);
    office_close();
    exit(failed ? FAILED : 0);
}

/* ── many ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Waits for one to end; true: it failed. */
static bool reap(struct process *runs)
{
    int status;
    pid_t pid = wait(&status);
    for (int i = 0; i < AT_ONCE; i++) {
        if (runs[i].pid != pid || pid <= 0)
            continue;
        runs[i].pid = 0;
        if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == FAILED))
            return WEXITSTATUS(status) == FAILED;
        printf("not ok %d - seed %" PRIu64 " ended with status %d\n# again: make sim SEED=%" PRIu64 " N=1\n",
               runs[i].order.n, runs[i].order.seed, status, runs[i].order.seed);
        return true;
    }
    return false;
}

static void start(struct process *runs, const struct order *o)
{
    struct process *r = runs;
    while (r->pid != 0)
        r++;
    fflush(stdout);
    *r = (struct process){.pid = fork(), .order = *o};
    if (r->pid == 0)
        run_seed(o);
}

/* How many of n seeds from o->seed on failed. */
static int run_all(const struct order *first, int n)
{
    struct process runs[AT_ONCE] = {0};
    struct order o = *first;
    int failed = 0, running = 0;
    for (int i = 0; i < n; i++, o.seed++, o.n++) {
        if (running == AT_ONCE) {
            failed += reap(runs);
            running--;
        }
        start(runs, &o);
        running++;
        if (!o.tap && (i + 1) % SAY_EVERY == 0)
            fprintf(stderr, "sim: %d of %d seeds, %d failed\n", i + 1, n, failed);
    }
    while (running-- > 0)
        failed += reap(runs);
    return failed;
}

/* The output of runs that have to fail is nobody's business. */
static bool liars_are_seen(int n)
{
    int out = dup(STDOUT_FILENO);
    fflush(stdout);
    bool hidden = out >= 0 && freopen("/dev/null", "w", stdout);
    int failed = run_all(&(struct order){.seed = 1, .n = 1, .lies = true}, n);
    fflush(stdout);
    if (hidden)
        dup2(out, STDOUT_FILENO);
    close(out);
    return failed > 0;
}

static int from_command_line(int argc, char **argv)
{
    const char *lie = getenv("LIE");
    int n = argc > 2 ? atoi(argv[2]) : 1;
    struct order o = {
        .seed = strtoull(argv[1], NULL, 10), .n = 1, .alone = n == 1, .lies = lie && strcmp(lie, "1") == 0};
    int failed = run_all(&o, n);
    printf("%d seeds, %d failed\n", n, failed);
    return failed > 0;
}

static int as_test(void)
{
    int n = harness_san() ? SEEDS / 5 : SEEDS;
    printf("1..%d\n", n + 1);
    int failed = run_all(&(struct order){.seed = 1, .n = 1, .tap = true}, n);
    bool seen = liars_are_seen(LIARS);
    printf("%sok %d - a disk that lies is seen\n", seen ? "" : "not ", n + 1);
    return failed > 0 || !seen;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    /* What real files are left is synced, which here nobody needs. */
    if (access("/dev/shm", W_OK | X_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1);
    char *home = home_new();
    take_chance_over();
    disk_register();
    if (sodium_init() < 0 || !office_prepare(home, &e)) {
        fprintf(stderr, "sim: %s\n", e.text);
        return 2;
    }
    int status = argc > 1 ? from_command_line(argc, argv) : as_test();
    office_close();
    home_free(&home);
    return status;
}

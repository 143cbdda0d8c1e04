/* sim: from a seed to a verdict. `sim` runs so many seeds as `make test` has time for, `sim SEED N` N from SEED; a run of one seed
 * alone says all that happens. TAP, one test a seed; every eighth is run twice and has to leave the same trace.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include "tests/harness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEEDS = 100, TWICE_EVERY = 8, MINUTE = 60000, HOUR = 60 * MINUTE, IDLE_MOST = 5000 };

/* ── chance, and what is said ────────────────────────────────────────────────────────────────────────────────────── */

uint64_t chance(struct world *w, uint64_t below)
{
    uint64_t z = w->chance += 0x9e3779b97f4a7c15u; /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return below ? z % below : 0;
}

bool percent(struct world *w, unsigned n)
{
    return chance(w, 100) < n;
}

void trace(struct world *w, const char *format, ...)
{
    char line[512];
    va_list args;
    int at = snprintf(line, sizeof(line), "%" PRId64 " ", w->now);
    va_start(args, format);
    vsnprintf(line + at, sizeof(line) - (size_t)at, format, args);
    va_end(args);
    for (const char *c = line; *c; c++) /* FNV-1a */
        w->trace = (w->trace ^ (unsigned char)*c) * 0x100000001b3u;
    w->n_trace++;
    if (w->verbose)
        printf("# %s\n", line);
}

void broken(struct world *w, const char *format, ...)
{
    va_list args;
    if (w->failure[0])
        return;
    va_start(args, format);
    vsnprintf(w->failure, sizeof(w->failure), format, args);
    va_end(args);
}

/* ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_moment(struct world *w, int64_t end)
{
    int64_t next = earlier(end, wire_wake(w));
    next = earlier(next, w->world_at);
    for (int i = 0; i < STATIONS; i++) {
        struct station *st = &w->stations[i];
        next = earlier(next, station_wake(w, st));
        next = earlier(next, st->hands_at);
        if (st->idle > IDLE_MOST)
            broken(w, "net at %d wants to go on at once and does nothing", i);
    }
    return next <= w->now ? w->now + 1 : next;
}

static void misfortune(struct world *w)
{
    struct station *st = &w->stations[chance(w, STATIONS)];
    w->world_at = w->now + 5000 + (int64_t)chance(w, 5 * MINUTE);
    if (!w->chaos)
        return;
    if (percent(w, 60)) {
        office_act(w);
    } else if (percent(w, 60)) {
        st->line_up = w->now + 5000 + (int64_t)chance(w, (uint64_t)(percent(w, 80) ? 5 : 45) * MINUTE);
        trace(w, "%d has no line", st->n);
    } else if (percent(w, 40) && w->n_owners > 0) {
        office_revoke(w, w->owners[w->n_owners - 1 - chance(w, w->n_owners < 3 ? w->n_owners : 3)].token);
    }
}

static void run_until(struct world *w, int64_t end)
{
    while (w->now < end && !w->failure[0]) {
        w->now = next_moment(w, end);
        for (int i = 0; i < STATIONS; i++)
            station_set_clock(w, &w->stations[i]);
        if (w->now >= w->world_at)
            misfortune(w);
        wire_run(w);
        for (int i = 0; i < STATIONS && !w->failure[0]; i++) {
            struct station *st = &w->stations[i];
            if (w->now >= st->hands_at)
                hands_move(w, st);
            station_turn(w, st);
        }
    }
}

/* Everybody goes home; what is on its way arrives. */
static void night(struct world *w)
{
    for (int i = 0; i < STATIONS; i++) {
        struct station *st = &w->stations[i];
        if (percent(w, 50))
            station_stop(w, st, percent(w, 50));
        st->until = w->now + 26 * HOUR + (int64_t)chance(w, HOUR);
        st->hands_at = st->until;
    }
    w->world_at = w->now + 26 * HOUR;
    run_until(w, w->now + 26 * HOUR);
}

static void heal(struct world *w)
{
    w->chaos = false;
    trace(w, "healing");
    for (int i = 0; i < STATIONS; i++) {
        struct station *st = &w->stations[i];
        st->line_up = 0;
        st->until = earlier(st->until, w->now + 1000);
        if (!st->sync)
            st->until = w->now + 1000;
    }
    run_until(w, w->now + 45 * MINUTE);
    if (!w->failure[0] && w->poisoned) {
        check_drained(w);
        w->poisoned = NULL;
        run_until(w, w->now + 45 * MINUTE);
    }
    /* Days end when the server is asked: all learn of it before it is compared. */
    json_decref(office_view(w, "tam"));
    run_until(w, w->now + 3 * MINUTE);
}

/* ── seeds ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void run(struct world *w)
{
    w->trace = 0xcbf29ce484222325u;
    w->chance = w->seed * 0x2545f4914f6cdd1du;
    w->central_chance = w->seed;
    w->chaos = true;
    w->home = home_new();
    bool ok = office_open(w) && station_new(w, 0, "mai") && station_new(w, 1, percent(w, 60) ? "mai" : "ha");
    if (percent(w, 50))
        w->poisoned = office_dossiers[0];
    for (int i = 0; ok && i < STATIONS; i++) {
        station_start(w, &w->stations[i]);
        w->stations[i].hands_at = w->now + (int64_t)chance(w, 30000);
    }
    w->world_at = w->now + 10000;
    if (ok)
        run_until(w, w->now + 20 * MINUTE + (int64_t)chance(w, 2 * HOUR));
    if (ok && percent(w, 30)) {
        night(w);
        run_until(w, w->now + 20 * MINUTE + (int64_t)chance(w, HOUR));
    }
    if (ok && !w->failure[0])
        heal(w);
    if (ok && !w->failure[0])
        check_end(w);
}

static void clear(struct world *w)
{
    for (int i = 0; i < STATIONS; i++) {
        if (w->stations[i].sync)
            wire_hang_up(w, &w->stations[i]);
        station_free(&w->stations[i]);
    }
    for (int i = 0; i < FLIGHTS; i++) {
        response_clear(&w->flights[i].reply);
        request_free(&w->flights[i].request);
    }
    central_free(&w->central);
    home_free(&w->home);
}

static bool run_seed(uint64_t seed, int n, bool alone)
{
    struct world *w = mem_alloc(sizeof(*w));
    w->seed = seed;
    w->verbose = alone;
    run(w);
    uint64_t first = w->trace;
    size_t n_trace = w->n_trace, saved = w->n_saved, effects = w->n_effects;
    bool again = !w->failure[0] && (alone || seed % TWICE_EVERY == 0);
    char failure[sizeof(w->failure)];
    memcpy(failure, w->failure, sizeof(failure));
    clear(w);
    if (again) {
        memset(w, 0, sizeof(*w));
        w->seed = seed;
        run(w);
        if (w->trace != first)
            snprintf(failure, sizeof(failure), "run again, it takes another course (%zu events, then %zu)",
                     n_trace, w->n_trace);
        clear(w);
    }
    printf("%sok %d - seed %" PRIu64 ": %zu events, %zu wishes, %zu changes\n", failure[0] ? "not " : "", n,
           seed, n_trace, saved, effects);
    if (failure[0])
        printf("# %s\n# again: make sim SEED=%" PRIu64 " N=1\n", failure, seed);
    fflush(stdout);
    free(w);
    return !failure[0];
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    int n = argc > 2 ? atoi(argv[2]) : harness_san() ? SEEDS / 5 : SEEDS;
    int failed = 0;
    /* Every wish is synced to the disk, which here nobody needs. */
    if (access("/dev/shm", W_OK | X_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1);
    printf("1..%d\n", n);
    for (int i = 0; i < n; i++)
        failed += !run_seed(seed + (uint64_t)i, i + 1, n == 1);
    return failed > 0;
}

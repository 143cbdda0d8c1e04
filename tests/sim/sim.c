/* sim: from a seed to a verdict: its chance, its time, and the order of things: chaos, healing, questions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include "tests/harness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE = 60000, HOUR = 60 * MINUTE, IDLE_MOST = 5000 };

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
    int64_t next = earlier(end, earlier(wire_wake(w), w->world_at));
    for (int i = 0; i < PCS; i++)
        if (w->pcs[i].mended_at != 0)
            next = earlier(next, w->pcs[i].mended_at);
    for (int i = 0; i < w->n_stations; i++) {
        struct station *st = &w->stations[i];
        next = earlier(next, earlier(st->wake, st->hands_at));
        if (st->turn)
            next = earlier(next, w->now + 1);
        if (st->idle > IDLE_MOST)
            broken(w, "waits: net at %d wants to go on at once and does nothing", i);
    }
    return next <= w->now ? w->now + 1 : next;
}

static void misfortune(struct world *w)
{
    struct pc *pc = &w->pcs[chance(w, PCS)];
    w->world_at = w->now + 5000 + (int64_t)chance(w, 4 * MINUTE);
    if (!w->chaos)
        return;
    unsigned draw = (unsigned)chance(w, 100);
    if (draw < 50) {
        office_act(w);
    } else if (draw < 70) {
        pc->line_up = w->now + 5000 + (int64_t)chance(w, (uint64_t)(percent(w, 80) ? 5 : 45) * MINUTE);
        trace(w, "pc %d has no line", pc->n);
    } else if (draw < 90) {
        pc_damage(w, pc);
    } else if (w->n_owners > 0) {
        office_revoke(w, w->owners[w->n_owners - 1 - chance(w, w->n_owners < 3 ? w->n_owners : 3)].token);
    }
}

static void run_until(struct world *w, int64_t end)
{
    while (w->now < end && !w->failure[0]) {
        w->now = next_moment(w, end);
        for (int i = 0; i < PCS; i++) {
            pc_set_clock(w, &w->pcs[i]);
            if (w->pcs[i].mended_at != 0 && w->now >= w->pcs[i].mended_at)
                pc_mend(w, &w->pcs[i]);
        }
        if (w->now >= w->world_at)
            misfortune(w);
        wire_run(w);
        for (int i = 0; i < w->n_stations && !w->failure[0]; i++) {
            struct station *st = &w->stations[i];
            if (w->now >= st->hands_at)
                hands_move(w, st);
            if (st->turn || w->now >= st->wake)
                station_turn(w, st);
        }
    }
}

/* Everybody goes home; what is on its way arrives. */
static void night(struct world *w)
{
    for (int i = 0; i < w->n_stations; i++) {
        struct station *st = &w->stations[i];
        if (percent(w, 50))
            station_stop(w, st, percent(w, 50));
        st->until = w->now + 26 * HOUR + (int64_t)chance(w, HOUR);
        st->hands_at = st->until;
        st->turn = true;
    }
    w->world_at = w->now + 26 * HOUR;
    run_until(w, w->now + 26 * HOUR);
}

/* As long as it takes, and at most so long. */
static void run_dry(struct world *w)
{
    for (int i = 0; i < 45 && !w->failure[0] && (i < 2 || !check_is_drained(w)); i++)
        run_until(w, w->now + MINUTE);
}

static void heal(struct world *w)
{
    w->chaos = false;
    w->healed_at = w->now;
    trace(w, "healing");
    for (int i = 0; i < PCS; i++) {
        w->pcs[i].line_up = 0;
        pc_mend(w, &w->pcs[i]);
    }
    for (int i = 0; i < w->n_stations; i++) {
        struct station *st = &w->stations[i];
        st->until = earlier(st->until, w->now + 1000);
        if (!st->sync)
            st->until = w->now + 1000;
        st->hands_at = earlier(st->hands_at, w->now + 2000);
        st->turn = true;
    }
    run_dry(w);
    if (!w->failure[0] && w->poisoned) {
        check_drained(w);
        w->poisoned = NULL;
        run_dry(w);
    }
    /* Days end when the server is asked: all learn of it before it is compared, also who asks gently after an outage (net/pace.c). */
    json_decref(office_view(w, "tam"));
    run_until(w, w->now + 6 * MINUTE);
}

/* ── a run ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A second program on the first PC, in every other run. */
static bool people_sit_down(struct world *w)
{
    if (!pc_new(w, 0, percent(w, 70) ? "mai" : "ha") || !pc_new(w, 1, percent(w, 50) ? "mai" : "ha"))
        return false;
    station_new(w, 0, &w->pcs[0]);
    station_new(w, 1, &w->pcs[1]);
    if (percent(w, 50))
        station_new(w, 2, &w->pcs[0]);
    for (int i = 0; i < w->n_stations; i++) {
        station_start(w, &w->stations[i]);
        w->stations[i].hands_at = w->now + (int64_t)chance(w, 30000);
    }
    return true;
}

static void live(struct world *w)
{
    if (percent(w, 50))
        w->poisoned = office_dossiers[0];
    w->world_at = w->now + 10000;
    run_until(w, w->now + 5 * MINUTE + (int64_t)chance(w, 40 * MINUTE));
    if (percent(w, 25)) {
        night(w);
        run_until(w, w->now + 5 * MINUTE + (int64_t)chance(w, 20 * MINUTE));
    }
    if (!w->failure[0])
        heal(w);
    if (!w->failure[0])
        check_end(w);
}

static void clear(struct world *w)
{
    for (int i = 0; i < w->n_stations; i++) {
        if (w->stations[i].sync)
            wire_hang_up(w, &w->stations[i]);
        station_free(&w->stations[i]);
    }
    for (int i = 0; i < FLIGHTS; i++) {
        response_clear(&w->flights[i].reply);
        request_free(&w->flights[i].request);
    }
    for (int i = 0; i < PCS; i++)
        pc_free(&w->pcs[i]);
    disk_enter(NULL);
    home_free(&w->home);
}

void sim_run(struct world *w)
{
    w->trace = 0xcbf29ce484222325u;
    w->chance = w->seed * 0x2545f4914f6cdd1du;
    w->chaos = true;
    w->home = home_new();
    disk_seed(w->seed);
    if (office_open(w) && people_sit_down(w))
        live(w);
    clear(w);
}

/* pc: a PC with the officer's files: its clocks, its power, its disk and what goes wrong with it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include <string.h>
#include <unistd.h>

void pc_set_clock(struct world *w, struct pc *pc)
{
    pc->env.mono = w->now - pc->boot;
    pc->env.wall = w->now / 1000 + pc->wall_off;
}

bool pc_new(struct world *w, int n, const char *officer)
{
    static const int64_t starts[] = {0, 946684800, 2145916800, -1, -1}; /* 1970, 2000, 2038, right */
    struct pc *pc = &w->pcs[n];
    struct err e = {0};
    char *base = mem_format("%s/pc%d/motcua", w->home, n);
    int64_t start = starts[chance(w, 5)];
    *pc = (struct pc){.n = n, .officer = officer, .env = fake_env(w->seed * 2 + (uint64_t)n), .dir = -1};
    pc->boot = w->now - (int64_t)chance(w, 3600000);
    pc->wall_off = start < 0 ? (int64_t)chance(w, 10) : start - w->now / 1000;
    pc->disk = (struct disk){.chance = chance(w, UINT64_MAX), .lies = w->lies};
    disk_mend(&pc->disk);
    pc_set_clock(w, pc);
    bool ok = state_open(base, "mc-demo.local-8443-0a1b2c3d", officer, &pc->dir, &pc->path, &e) &&
              seal_key_load(pc->dir, &pc->key, &e);
    if (!ok)
        broken(w, "no files: %s", e.text);
    mem_free(&base);
    return ok;
}

void pc_free(struct pc *pc)
{
    disk_free(&pc->disk);
    seal_key_free(&pc->key);
    if (pc->path)
        close(pc->dir);
    mem_free(&pc->path);
}

/* ── power ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

void pc_power_cut(struct world *w, struct pc *pc)
{
    int64_t again = w->now + 20000 + (int64_t)chance(w, w->chaos ? 600000 : 1000);
    trace(w, "pc %d has no power", pc->n);
    pc->disk.off = true;
    for (int i = 0; i < w->n_stations; i++) {
        struct station *st = &w->stations[i];
        if (st->pc != pc)
            continue;
        station_stop(w, st, true);
        st->until = st->until > again ? st->until : again;
        memset(st->seen, 0, sizeof(st->seen));
    }
    disk_power_cut(&pc->disk);
    memset(pc->env.secrets, 0, sizeof(pc->env.secrets));
    pc->boot = again;
}

void pc_sleep(struct world *w, struct pc *pc)
{
    int64_t again = w->now + 1000 + (int64_t)chance(w, 3600000);
    trace(w, "pc %d sleeps", pc->n);
    for (int i = 0; i < w->n_stations; i++)
        if (w->stations[i].pc == pc && w->stations[i].until < again)
            w->stations[i].until = again;
}

/* ── the disk ────────────────────────────────────────────────────────────────────────────────────────────────────── */

void pc_damage(struct world *w, struct pc *pc)
{
    struct disk *d = &pc->disk;
    switch (chance(w, 4)) {
    case 0:
        d->off_in = (int64_t)chance(w, 60);
        trace(w, "pc %d loses power after %d writes", pc->n, (int)d->off_in);
        return;
    case 1:
        d->room = (int64_t)chance(w, 60000);
        trace(w, "pc %d has room for %d bytes", pc->n, (int)d->room);
        break;
    default:
        d->fails_in = (int64_t)chance(w, 200);
        d->fails_on = percent(w, 40);
        trace(w, "pc %d has a disk that fails after %d: %s", pc->n, (int)d->fails_in,
              d->fails_on ? "for good" : "once");
    }
    pc->mended_at = w->now + 1000 + (int64_t)chance(w, 900000);
}

void pc_mend(struct world *w, struct pc *pc)
{
    trace(w, "pc %d has a good disk", pc->n);
    disk_mend(&pc->disk);
    pc->mended_at = 0;
}

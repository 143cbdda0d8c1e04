/* station: the program on a PC: started, killed, its loop going round. A kill leaves the files as they are at that moment, a power cut
 * what the disk has kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include "core/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void station_enter(struct world *w, struct station *st)
{
    pc_set_clock(w, st->pc);
    disk_enter(&st->user);
}

void station_new(struct world *w, int n, struct pc *pc)
{
    struct station *st = &w->stations[n];
    *st = (struct station){.n = n, .pc = pc, .sits = pc->officer, .user = {.disk = &pc->disk}};
    w->n_stations = n + 1;
}

static void close_files(struct station *st)
{
    sync_free(&st->sync);
    if (st->lease)
        lease_free(&st->lease);
    if (st->cache)
        cache_close(&st->cache);
    if (st->outbox)
        outbox_close(&st->outbox);
}

void station_free(struct station *st)
{
    disk_enter(&st->user);
    close_files(st);
}

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Whether the disk has refused something since it had refused `before`. */
static bool disk_is_why(const struct station *st, uint64_t before)
{
    return st->pc->disk.faults != before || st->pc->disk.off;
}

static bool open_both(struct world *w, struct station *st, struct err *e)
{
    struct pc *pc = st->pc;
    uint64_t before = pc->disk.faults;
    bool rebuilt = false, aside = false;
    bool ok = cache_open(pc->dir, pc->path, pc->key, pc->officer, &st->cache, &rebuilt, e) &&
              outbox_open(pc->dir, pc->path, pc->key, pc->officer, &pc->env.env, &st->outbox, &aside, e);
    if (!ok && !disk_is_why(st, before))
        broken(w, "files of a good disk: they open. %d says: %s", st->n, e->text);
    if (aside || rebuilt)
        broken(w, "files whole after any end: %s was set aside", aside ? "outbox.db" : "cache.db");
    return ok;
}

static void open_files(struct world *w, struct station *st)
{
    struct err e = {0};
    if (!st->outbox && !open_both(w, st, &e)) {
        trace(w, "%d does not start: %d", st->n, (int)e.code);
        st->fails = true;
        if (st->cache)
            cache_close(&st->cache);
        return;
    }
    if (!st->lease)
        st->lease = lease_new(st->pc->dir);
    struct sync_orders orders = {0};
    sync_attach(st->sync, st->cache, st->outbox, st->lease, &orders);
    for (size_t i = 0; i < orders.n_drop; i++)
        wire_drop(w, st, orders.drop[i]);
}

/* ── the program ─────────────────────────────────────────────────────────────────────────────────────────────────── */

void station_sign_in(struct world *w, struct station *st)
{
    if (!st->sync)
        return;
    struct ask ask = {.id = 1 + chance(w, 1000000), .kind = ASK_SIGN_IN};
    st->signing_in = true;
    trace(w, "%d %s signs in", st->n, st->sits);
    station_event(w, st, &(struct sync_event){.kind = SYNC_ASK, .ask = &ask});
}

static bool sits_at_his_own(const struct station *st)
{
    const char *who = sync_officer(st->sync);
    return who && strcmp(who, st->pc->officer) == 0;
}

void station_start(struct world *w, struct station *st)
{
    struct pc *pc = st->pc;
    st->until = st->leaves = 0;
    st->signing_in = st->more = st->fails = false;
    st->user.dead = false;
    pc->boot = pc->boot < w->now ? pc->boot : w->now;
    station_enter(w, st);
    st->sync = sync_new(&(struct sync_options){.base = SIM_BASE, .follow = true}, &pc->env.env);
    const char *who = sync_officer(st->sync);
    trace(w, "%d starts, %s", st->n, who ? who : "nobody");
    if (sits_at_his_own(st))
        open_files(w, st);
    else
        station_sign_in(w, st);
}

void station_stop(struct world *w, struct station *st, bool killed)
{
    if (!st->sync)
        return;
    trace(w, "%d %s", st->n, killed ? "is killed" : "ends");
    wire_hang_up(w, st);
    st->user.dead = killed; /* closing writes to the databases what a killed process does not */
    station_enter(w, st);
    close_files(st);
}

void station_settle(struct world *w, struct station *st)
{
    if (st->pc->disk.off) {
        pc_power_cut(w, st->pc);
    } else if (st->fails && st->sync) {
        station_stop(w, st, false);
        st->until = w->now + 1000 + (int64_t)chance(w, 300000);
    }
}

/* ── its turns ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void take_answers(struct world *w, struct station *st)
{
    struct answer answer;
    while (sync_answer(st->sync, &answer)) {
        if (answer.kind == ASK_SIGN_IN && answer.final) {
            const char *who = answer.err.code == ERR_NONE ? sync_officer(st->sync) : NULL;
            trace(w, "%d signed in: %s", st->n, who ? who : answer.err.text);
            st->signing_in = false;
            if (who && sits_at_his_own(st))
                open_files(w, st);
        }
        answer_clear(&answer);
    }
}

static void take_events(struct world *w, struct station *st)
{
    struct net_event event;
    while (sync_take_event(st->sync, &event)) {
        struct saved *s = saved_find(w, event.key);
        trace(w, "%d %.8s is %d%s", st->n, event.key, (int)event.state, event.taken_away ? ", taken away" : "");
        if (!s)
            broken(w, "no effect without a wish: something became of key %s, which nobody wished", event.key);
        else if (event.taken_away)
            s->told = s->never = true;
    }
}

void station_event(struct world *w, struct station *st, const struct sync_event *event)
{
    struct sync_orders orders;
    if (!st->sync)
        return;
    station_enter(w, st);
    sync_step(st->sync, event, &orders);
    st->turn = true;
    for (size_t i = 0; i < orders.n_drop; i++)
        wire_drop(w, st, orders.drop[i]);
    for (size_t i = 0; i < orders.n_begin; i++)
        wire_begin(w, st, orders.begin[i]);
    if (orders.n_begin > 0 || event->kind != SYNC_TICK)
        st->idle = 0;
    take_answers(w, st);
    take_events(w, st);
}

static int64_t next_turn(struct world *w, struct station *st)
{
    if (st->until > w->now)
        return st->until;
    if (!st->sync || st->more)
        return w->now + 1;
    int64_t wake = sync_wake(st->sync);
    if (wake <= st->pc->env.mono) {
        st->idle++;
        return w->now + 1;
    }
    if (st->leaves > 0)
        return w->now + 10;
    return wake > INT64_MAX / 2 ? INT64_MAX : st->pc->boot + wake;
}

static void leave(struct world *w, struct station *st)
{
    station_event(w, st, &(struct sync_event){.kind = SYNC_DRAIN});
    if (sync_drained(st->sync) || w->now >= st->leaves) {
        station_stop(w, st, false);
        st->until = w->now + 1000 + (int64_t)chance(w, w->chaos ? 1200000 : 1000);
    }
}

/* What it wrote wakes the others of the same files. */
static void poke_others(struct world *w, struct station *st)
{
    for (int i = 0; i < w->n_stations; i++)
        if (i != st->n && w->stations[i].pc == st->pc)
            w->stations[i].turn = true;
}

static bool has_wish(void *outbox, const char *dossier)
{
    return outbox_mark(outbox, dossier) != MARK_NONE;
}

/* As cli/tidy.c does when nobody is waited for. */
static void tidy(struct world *w, struct station *st)
{
    struct line_status line;
    sync_line(st->sync, &line);
    st->tidy_at = w->now + 600000;
    if (!st->cache || line.skew == INSTANT_NONE || !lease_held(st->lease))
        return;
    struct retain_ask ask = {.now = line.server_now, .keep = has_wish, .context = st->outbox};
    if (cache_retain(st->cache, &st->pc->env.env, 4, &ask))
        st->tidy_at = 0;
}

static void go_round(struct world *w, struct station *st)
{
    st->more = sync_apply(st->sync, percent(w, 50) ? 0 : 4);
    station_event(w, st, &(struct sync_event){.kind = SYNC_TICK});
    if (st->fails || st->pc->disk.off)
        return;
    if (st->cache && cache_take_changes(st->cache) & CACHE_DOSSIERS)
        check_running(w, st);
    if (st->outbox && outbox_take_changes(st->outbox))
        poke_others(w, st);
    if (st->leaves > 0)
        leave(w, st);
    else if (w->now >= st->tidy_at)
        tidy(w, st);
}

void station_turn(struct world *w, struct station *st)
{
    st->turn = false;
    if (st->until <= w->now) {
        if (st->until != 0 && !st->sync)
            station_start(w, st);
        st->until = 0;
        station_enter(w, st);
        if (st->sync && !st->fails)
            go_round(w, st);
        station_settle(w, st);
        st->turn = false;
    }
    st->wake = next_turn(w, st);
}

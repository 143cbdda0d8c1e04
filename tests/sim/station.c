/* station: a PC with the officer's files, and the program on it: started, killed, switched off. A kill leaves the files byte for
 * byte as they are at that moment (a power cut, which leaves less, is for the VFS to come).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void station_set_clock(struct world *w, struct station *st)
{
    st->env.mono = w->now - st->boot;
    st->env.wall = w->now / 1000 + st->wall_off;
}

bool station_new(struct world *w, int n, const char *officer)
{
    static const int64_t starts[] = {0, 946684800, 2145916800, -1, -1}; /* 1970, 2000, 2038, right */
    struct station *st = &w->stations[n];
    struct err e = {0};
    char *base = mem_format("%s/pc%d/motcua", w->home, n);
    int64_t start = starts[chance(w, 5)];
    *st = (struct station){
        .n = n, .officer = officer, .sits = officer, .env = fake_env(w->seed * 2 + (uint64_t)n)};
    st->boot = w->now - (int64_t)chance(w, 3600000);
    st->wall_off = start < 0 ? (int64_t)chance(w, 10) : start - w->now / 1000;
    station_set_clock(w, st);
    bool ok = state_open(base, "mc-demo.local-8443-0a1b2c3d", officer, &st->dir, &st->path, &e) &&
              seal_key_load(st->dir, &st->key, &e);
    if (!ok)
        broken(w, "no files: %s", e.text);
    mem_free(&base);
    return ok;
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
    if (!st->path)
        return;
    close_files(st);
    seal_key_free(&st->key);
    close(st->dir);
    mem_free(&st->path);
}

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void open_files(struct world *w, struct station *st)
{
    struct err e = {0};
    bool rebuilt = false, aside = false;
    if (!st->outbox &&
        !(cache_open(st->dir, st->path, st->key, st->officer, &st->cache, &rebuilt, &e) &&
          outbox_open(st->dir, st->path, st->key, st->officer, &st->env.env, &st->outbox, &aside, &e))) {
        broken(w, "files do not open: %s", e.text);
        return;
    }
    if (aside || (rebuilt && st->seen[0].id[0]))
        broken(w, "%s was set aside", aside ? "outbox.db" : "cache.db");
    if (!st->lease)
        st->lease = lease_new(st->dir);
    struct sync_orders orders = {0};
    sync_attach(st->sync, st->cache, st->outbox, st->lease, &orders);
    for (size_t i = 0; i < orders.n_drop; i++)
        wire_drop(w, st, orders.drop[i]);
}

struct kept_file {
    char name[256], *bytes;
    size_t n;
};

static bool is_database(const char *name)
{
    return strstr(name, ".db") && !strstr(name, "-shm");
}

/* Closing writes to the databases what a killed process does not: so their bytes are kept, and put back. */
static size_t keep_files(const struct station *st, struct kept_file *out, size_t most)
{
    DIR *dir = opendir(st->path);
    size_t n = 0;
    const struct dirent *entry;
    while (dir && n < most && (entry = readdir(dir))) {
        if (!is_database(entry->d_name))
            continue;
        char *path = mem_format("%s/%s", st->path, entry->d_name);
        FILE *in = fopen(path, "rb");
        struct buf bytes = {0};
        char block[65536];
        size_t got;
        while (in && (got = fread(block, 1, sizeof(block), in)) > 0)
            buf_add(&bytes, block, got);
        if (in)
            fclose(in);
        snprintf(out[n].name, sizeof(out[n].name), "%s", entry->d_name);
        out[n].n = bytes.len;
        out[n++].bytes = bytes.data ? buf_take(&bytes) : mem_copy("");
        mem_free(&path);
    }
    if (dir)
        closedir(dir);
    return n;
}

static void put_back(struct world *w, const struct station *st, struct kept_file *files, size_t n)
{
    static const char *const all[] = {"cache.db",  "cache.db-wal",  "cache.db-shm",
                                      "outbox.db", "outbox.db-wal", "outbox.db-shm"};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        unlinkat(st->dir, all[i], 0);
    for (size_t i = 0; i < n; i++) {
        char *path = mem_format("%s/%s", st->path, files[i].name);
        FILE *out = fopen(path, "wb");
        if (!out || fwrite(files[i].bytes, 1, files[i].n, out) != files[i].n || fclose(out) != 0)
            broken(w, "%s could not be put back", path);
        mem_free(&path);
        mem_free(&files[i].bytes);
    }
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

void station_start(struct world *w, struct station *st)
{
    st->until = st->leaves = 0;
    st->signing_in = st->more = false;
    st->boot = st->boot < w->now ? st->boot : w->now;
    station_set_clock(w, st);
    st->sync = sync_new(&(struct sync_options){.base = SIM_BASE, .follow = true}, &st->env.env);
    const char *who = sync_officer(st->sync);
    trace(w, "%d starts, %s", st->n, who ? who : "nobody");
    if (who && strcmp(who, st->officer) == 0)
        open_files(w, st);
    else
        station_sign_in(w, st);
}

void station_stop(struct world *w, struct station *st, bool killed)
{
    struct kept_file files[16];
    size_t n = killed && st->outbox ? keep_files(st, files, 16) : 0;
    if (!st->sync)
        return;
    trace(w, "%d %s", st->n, killed ? "is killed" : "ends");
    wire_hang_up(w, st);
    bool open = st->outbox != NULL;
    close_files(st);
    if (killed && open)
        put_back(w, st, files, n);
}

void station_reboot(struct world *w, struct station *st)
{
    station_stop(w, st, true);
    memset(st->env.secrets, 0, sizeof(st->env.secrets));
    st->until = w->now + 20000 + (int64_t)chance(w, 600000);
    st->boot = st->until;
    trace(w, "%d is switched off", st->n);
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
            if (who && strcmp(who, st->officer) == 0)
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
            broken(w, "something became of key %s, which nobody wished", event.key);
        else if (event.taken_away)
            s->told = s->never = true;
    }
}

void station_event(struct world *w, struct station *st, const struct sync_event *event)
{
    struct sync_orders orders;
    if (!st->sync)
        return;
    station_set_clock(w, st);
    sync_step(st->sync, event, &orders);
    for (size_t i = 0; i < orders.n_drop; i++)
        wire_drop(w, st, orders.drop[i]);
    for (size_t i = 0; i < orders.n_begin; i++)
        wire_begin(w, st, orders.begin[i]);
    if (orders.n_begin > 0 || event->kind != SYNC_TICK)
        st->idle = 0;
    take_answers(w, st);
    take_events(w, st);
}

void station_turn(struct world *w, struct station *st)
{
    if (st->until > w->now)
        return;
    if (st->until != 0 && !st->sync)
        station_start(w, st);
    st->until = 0;
    station_set_clock(w, st);
    st->more = sync_apply(st->sync, percent(w, 50) ? 0 : 4);
    station_event(w, st, &(struct sync_event){.kind = SYNC_TICK});
    if (st->cache && cache_take_changes(st->cache) & CACHE_DOSSIERS)
        check_running(w, st);
    if (st->outbox)
        outbox_take_changes(st->outbox);
    if (st->leaves > 0) {
        station_event(w, st, &(struct sync_event){.kind = SYNC_DRAIN});
        if (sync_drained(st->sync) || w->now >= st->leaves) {
            station_stop(w, st, false);
            st->until = w->now + 1000 + (int64_t)chance(w, w->chaos ? 1200000 : 1000);
        }
    }
}

int64_t station_wake(const struct world *w, struct station *st)
{
    if (st->until > w->now)
        return st->until;
    if (!st->sync || st->more)
        return w->now + 1;
    int64_t wake = sync_wake(st->sync);
    if (wake <= st->env.mono) {
        st->idle++;
        return w->now + 1;
    }
    if (st->leaves > 0)
        return w->now + 10;
    return wake > INT64_MAX / 2 ? INT64_MAX : st->boot + wake;
}

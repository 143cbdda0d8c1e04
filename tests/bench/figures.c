/* figures: the rows that no key is pressed for: a first sync, resident memory, what "saved" takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/state.h"
#include "cache/wish.h"
#include "cli/env.h"
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAVES   1000
#define SYNC_MS 120000

/* ── a first sync ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Seconds that a program takes from start to end. */
static double time_program(const struct office *o, const char *const argv[])
{
    double began = clock_ms();
    pid_t pid = child_start(&(struct child){.argv = argv, .home = o->home});
    int status = child_wait(pid, harness_now() + SYNC_MS);

    if (status != 0)
        fail_at(HERE, "%s ended with %d", argv[0], status);
    return (clock_ms() - began) / 1000;
}

void bench_sync(const struct office *filled)
{
    struct office *o = office_empty(filled);
    struct samples ours = {0}, bare = {0};
    char *program = bench_program("bare_sync"), *file = text_new("%s/bare.db", o->home);

    office_serve(o, false);
    for (int i = -WARM_UPS; i < PAIRS; i++) {
        office_forget(o);
        double a = time_program(o, ARGV("motcua", "--server", o->server, "sync", "--once")),
               b = time_program(o, ARGV(program, o->server, filled->dir, file));
        if (i >= 0) {
            samples_add(&ours, a);
            samples_add(&bare, b);
        }
    }
    double a = (double)o->n / samples_quantile(&ours, 0.5), b = (double)o->n / samples_quantile(&bare, 0.5);
    row_at_least("first-sync-100000", a / b, 0.8, "ours %.0f dossiers a second, bare %.0f", a, b);
    samples_clear(&ours);
    samples_clear(&bare);
    office_free(&o);
    free(program);
    free(file);
}

/* ── memory ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool queues_are_there(struct screen *s, const void *unused)
{
    return screen_row_has(s, 4, "Chờ ký") && screen_row_has(s, -1, "Enter");
}

static bool is_online(struct screen *s, const void *unused)
{
    return screen_row_has(s, 1, "trực tuyến");
}

static double resident(struct screen *s, const char *what)
{
    return (double)process_memory(screen_pid(s), what) / 1024;
}

void bench_memory_printed(const struct office *o)
{
    struct screen *s = start_ours(o);

    read_until(s, queues_are_there, NULL);
    row_printed("rss-1000000", resident(s, "VmRSS:"));
    screen_free(&s);
}

static void memory_of_sync(const struct office *filled)
{
    struct office *o = office_empty(filled);
    double until = clock_ms() + SYNC_MS;

    office_serve(o, false);
    struct screen *s = start_ours(o);
    read_until(s, is_online, NULL);
    do
        read_for(s, 200);
    while (office_in_pass(o) && clock_ms() < until);
    read_rest(s, 2000); /* the search block is filled */
    row_at_most("rss-first-sync", resident(s, "VmHWM:"), 48, "MB, VmHWM of the screen");
    screen_free(&s);
    office_free(&o);
}

void bench_memory(struct office *o)
{
    struct screen *s = start_ours(o);

    read_until(s, queues_are_there, NULL);
    row_at_most("rss-first-screen", resident(s, "VmRSS:"), 18, "MB, VmRSS");
    screen_free(&s);
    office_secure(o);
    s = start_ours(o);
    read_until(s, is_online, NULL);
    read_rest(s, 2000);
    row_at_most("rss-search-https", resident(s, "VmRSS:"), 32,
                "MB, VmRSS with the search block full and answers by HTTPS");
    screen_free(&s);
    office_plain(o);
    memory_of_sync(o);
}

/* ── saved ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct saving {
    char *home, *path, *cache_path;
    struct env *env;
    struct seal_key *key;
    struct cache *cache;
    struct outbox *outbox;
    int dir, cache_dir;
    int64_t now;
};

/* The officer's cache, and an outbox of our own beside it. */
static void saving_begin(struct saving *v, const struct office *o)
{
    struct err e = {0};
    char *base = text_new("%s/state/motcua", o->home), *server = state_server_name(o->server);
    bool fresh;

    *v = (struct saving){.env = env_new(false), .home = home_new(), .now = o->now};
    if (!state_open(base, server, OFFICER, &v->cache_dir, &v->cache_path, &e) ||
        !seal_key_load(v->cache_dir, &v->key, &e) ||
        !cache_open(v->cache_dir, v->cache_path, v->key, OFFICER, &v->cache, &fresh, &e) ||
        !state_open(v->home, "saves", OFFICER, &v->dir, &v->path, &e) ||
        !outbox_open(v->dir, v->path, v->key, OFFICER, v->env, &v->outbox, &fresh, &e))
        fail_at(HERE, "%s", e.text);
    mem_free(&server);
    free(base);
}

static void saving_end(struct saving *v)
{
    outbox_close(&v->outbox);
    cache_close(&v->cache);
    seal_key_free(&v->key);
    env_free(&v->env);
    mem_free(&v->path);
    mem_free(&v->cache_path);
    close(v->dir);
    close(v->cache_dir);
    home_free(&v->home);
}

static size_t journal_size(const struct saving *v)
{
    struct stat st;

    return fstatat(v->dir, "journal", &st, AT_SYMLINK_NOFOLLOW) == 0 ? (size_t)st.st_size : 0;
}

/* One action on one dossier, from the officer's wish to "saved". `*bytes`: what stands in the row of it; `*logged`: in the journal. */
static double save(struct saving *v, const char *id, size_t *bytes, size_t *logged)
{
    size_t before = journal_size(v);
    struct arena arena = {0};
    struct dossier d;
    struct wish_target target = {.dossier = &d};
    struct action_request request = {0};
    struct err e = {0};
    char key[1][UUID_TEXT];

    codec_absent(&shape_action_request, &request);
    request.action = "comment";
    request.note = "Đã xem, đề nghị bộ phận một cửa liên hệ với công dân trước khi đến hạn trả kết quả.";
    if (!cache_dossier(v->cache, id, &arena, &d, &target.seen, &e))
        fail_at(HERE, "%s", e.text);
    double began = clock_ms();
    if (!wish_act(v->cache, v->outbox, &target, 1, &request, true, v->now, key, &e))
        fail_at(HERE, "%s", e.text);
    double took = clock_ms() - began;
    *bytes = strlen(target.seen);
    *logged = journal_size(v) > before ? journal_size(v) - before : 0;
    arena_clear(&arena);
    return took;
}

static double save_bare(int to, int from, size_t bytes, size_t logged)
{
    char *line = text_new("%zu %zu\n", bytes, logged);

    if (write(to, line, strlen(line)) < 0)
        fail_at(HERE, "bare_save is gone");
    free(line);
    line = child_line(from);
    double took = strtod(line, NULL);
    free(line);
    return took;
}

static void save_all(struct saving *v, int to, int from, struct samples *ours, struct samples *bare)
{
    struct list_query q = {.queue = QUEUE_ALL, .now = v->now};
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    bool fell_back;
    size_t bytes, logged;

    if (!cache_list(v->cache, &q, NULL, false, SAVES + WARM_UPS, &arena, &page, &fell_back, &e))
        fail_at(HERE, "%s", e.text);
    for (size_t i = 0; i < page.n; i++) {
        double a = save(v, page.rows[i].d.id, &bytes, &logged);
        double b = save_bare(to, from, bytes, logged);
        if (i >= WARM_UPS) {
            samples_add(ours, a);
            samples_add(bare, b);
        }
    }
    arena_clear(&arena);
}

void bench_saved(const struct office *o)
{
    struct samples ours = {0}, bare = {0};
    struct saving v;
    int in[2], out[2];

    saving_begin(&v, o);
    char *program = bench_program("bare_save"), *file = text_new("%s/bare.db", v.home);
    if (pipe(in) != 0 || pipe(out) != 0)
        fail_at(HERE, "no pipe");
    pid_t pid = child_start(&(struct child){.argv = ARGV(program, o->dir, file), .in = in[0], .out = out[1]});
    close(in[0]);
    close(out[1]);
    free(child_line(out[0]));
    save_all(&v, in[1], out[0], &ours, &bare);
    close(in[1]);
    close(out[0]);
    child_wait(pid, harness_deadline());
    double a = samples_quantile(&ours, 0.99), b = samples_quantile(&bare, 0.99);
    row_at_most("saved", a / b, 2, "p99 ours %.2f ms, bare %.2f ms (medians %.2f, %.2f)", a, b,
                samples_quantile(&ours, 0.5), samples_quantile(&bare, 0.5));
    samples_clear(&ours);
    samples_clear(&bare);
    saving_end(&v);
    free(program);
    free(file);
}

/* Each allocation failed once while core and cache do an officer's day without a network: files made, a page applied, a wish saved, sent
 * and answered, lists, counts, search. The program ends with 70 or says what went wrong; what was called saved is there, whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/wish.h"
#include "tests/torture/alloc.h"
#include "tests/torture/cases.h"
#include "tests/unit/cache_feed.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OTHERWISE = 37, SAID = 9, DIED = 70 };

struct day { /* shared with the process that lives it */
    long nth, count;
    bool saved;
    char key[UUID_TEXT];
};

static char *page(size_t *len)
{
    json_t *entries = json_array();

    for (int i = 0; i < 3; i++) {
        char *id = text_new("d-%d", i);
        json_t *dossier = dossier_json(id, 3, "received", "assess");
        set_applicant(dossier, "Nguyễn Thị Đào", "077123456789");
        json_array_append_new(entries, dossier_entry(dossier));
        free(id);
    }
    json_array_append_new(entries, entry("calendar", "c-1", 1, calendar_json("u", "Asia/Ho_Chi_Minh")));
    return page_bytes(entries, "c1", false, len);
}

static bool apply(struct cache *cache, struct env *env, char *bytes, size_t len, struct err *e)
{
    struct cache_page_end end;
    enum cache_page state;

    if (!cache_begin_pass(cache, e) || !cache_page_begin(cache, bytes, len, e))
        return false;
    while ((state = cache_page_step(cache, env, 4, &end, e)) == CACHE_PAGE_MORE)
        ;
    return state == CACHE_PAGE_DONE;
}

static bool look(struct cache *cache, struct env *env, struct outbox *outbox, struct err *e)
{
    struct arena arena = {0};
    struct list_query query = {.queue = QUEUE_IN_PROGRESS, .now = T0};
    struct list_page found;
    struct queue_count count;
    struct dossier dossier;
    struct wish_offer *offers;
    const char *json;
    bool fell_back;
    int64_t total;
    size_t n;

    cache_take_changes(cache);
    while (!cache_search_fill(cache, env, 4))
        ;
    bool ok = cache_list(cache, &query, NULL, false, 20, &arena, &found, &fell_back, e) &&
              cache_queue_count(cache, QUEUE_IN_PROGRESS, &(struct texts){0}, T0, &count, e) &&
              cache_search(cache, "dao", NULL, 20, &arena, &found, &total, e) &&
              cache_dossier(cache, "d-1", &arena, &dossier, &json, e) &&
              wish_offers(cache, outbox, &dossier, T0, &arena, &offers, &n, e);
    arena_clear(&arena);
    return ok;
}

static bool act_and_send(struct outbox *outbox, struct day *day, struct err *e)
{
    struct wish wish = wish_on("d-1");
    struct arena arena = {0};
    struct command next;
    char keys[1][UUID_TEXT];
    int64_t wake;

    wish.hold = false;
    if (!outbox_enqueue(outbox, &wish, 1, keys, e))
        return false;
    memcpy(day->key, keys[0], UUID_TEXT);
    day->saved = true;
    bool ok = outbox_recover(outbox, T0, e) && outbox_next(outbox, true, &arena, &next, &wake, e) &&
              outbox_sending(outbox, next.key, e) &&
              outbox_no_answer(outbox, next.key, true, 0, "hết thời gian", &(bool){false}, e);
    arena_clear(&arena);
    return ok;
}

/* What an officer's program does, in a process that may end anywhere in it: never returns. */
static void live(struct day *day, struct machine *m, char *bytes, size_t len)
{
    struct err e = {0};
    struct cache *cache = NULL;
    struct outbox *outbox = NULL;
    bool odd;

    if (!freopen("/dev/null", "w", stderr)) /* what die() says is no news */
        _exit(3);
    alloc_arm(day->nth);
    bool ok = outbox_open(m->dir, m->path, m->key, ME, &m->env.env, &outbox, &odd, &e) && !odd &&
              cache_open(m->dir, m->path, m->key, ME, &cache, &odd, &e) && !odd &&
              apply(cache, &m->env.env, bytes, len, &e) && look(cache, &m->env.env, outbox, &e) &&
              act_and_send(outbox, day, &e);
    cache_close(&cache);
    outbox_close(&outbox);
    day->count = alloc_disarm();
    _exit(ok ? 0 : e.text[0] ? SAID : 3);
}

static void expect_saved(struct day *day, struct outbox *outbox)
{
    struct wish wish = wish_on("d-1");
    struct arena arena = {0};
    struct command row;
    struct err e = {0};

    assert_ok(outbox_get(outbox, day->key, &arena, &row, &e), &e);
    if (row.body_len != wish.body_len || memcmp(row.body, wish.body, wish.body_len) != 0 || !row.name ||
        strcmp(row.name, wish.name) != 0 || !row.seen || strcmp(row.seen, wish.seen) != 0 || !row.code ||
        strcmp(row.if_match, wish.if_match) != 0 || strcmp(row.path, wish.path) != 0)
        fail_at(HERE, "what was called saved is not whole: %s", row.body ? row.body : "no body");
    arena_clear(&arena);
}

static void one_case(void *context)
{
    struct day *day = context;
    struct machine m;
    struct err e = {0};
    struct cache *cache;
    bool rebuilt;
    size_t len;

    machine_new(&m);
    char *bytes = page(&len);
    day->saved = false;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        live(day, &m, bytes, len);
    int status = child_wait(pid, harness_deadline());
    if (status < 0)
        kill(pid, SIGKILL);
    if (status != 0 && status != SAID && status != DIED)
        fail_at(HERE, "it ended with %d", status);
    struct outbox *outbox = machine_outbox(&m);
    assert_ok(cache_open(m.dir, m.path, m.key, ME, &cache, &rebuilt, &e), &e);
    if (rebuilt || faccessat(m.dir, "cache.db.bad", F_OK, 0) == 0)
        fail_at(HERE, "cache.db was set aside");
    if (day->saved)
        expect_saved(day, outbox);
    cache_close(&cache);
    outbox_close(&outbox);
    free(bytes);
    machine_free(&m);
}

int main(void)
{
    struct day *day = mmap(NULL, sizeof *day, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (day == MAP_FAILED)
        return 1;
    /* Thousands of days, each with its forty flushes: that they reach a disk is other tests' business. */
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1);
    codec_start();
    case_run(one_case, day, "none fails");
    long all = day->count;
    if (all < 100 || !day->saved)
        return 1;
    for (long nth = 1; nth <= all; nth += cases_every(OTHERWISE)) {
        day->nth = nth;
        case_run(one_case, day, "allocation %ld of %ld", nth, all);
    }
    return cases_end();
}

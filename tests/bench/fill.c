/* fill: an officer's files as they are after a first sync, made by our own apply code from the scenario, without a network: the central
 * server runs in this process. Beside them lie the pages that it gave, for `replay`. It refuses to touch what is there already.
 *
 *     fill STATE SERVER OFFICER N PAGES WORK
 *
 * STATE is the base directory of the officers' files (…/motcua), WORK a directory for what is needed on the way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache.h"
#include "cache/outbox.h"
#include "cache/state.h"
#include "cli/env.h"
#include "core/codec.h"
#include "tests/bench/pages.h"
#include "training/central.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IN_MEMORY 200000 /* dossiers; more are kept in a file */
#define FEW       10000
#define SCENARIO  "training/scenarios/chau-duc-2022.json"

struct fill {
    struct central *central;
    int64_t now;
    char *authorization;
    struct central_answer answer;
    FILE *pages;
    bool all_pages;
    struct cache *cache;
    struct env *env;
};

_Noreturn static void give_up(const char *what, const struct err *e)
{
    fprintf(stderr, "fill: %s%s%s\n", what, e ? ": " : "", e ? e->text : "");
    exit(1);
}

/* ── the central server ──────────────────────────────────────────────────────────────────────────────────────────── */

/* The scenario, but for two things: whoever asks for a hundred thousand dossiers gets them all, not those of the last weeks; and of a
 * few, more are open, so that a list is several pages long. */
static char *scenario_of_ours(const char *work, int64_t dossiers)
{
    json_t *json = json_load_file(SCENARIO, 0, NULL);
    char *path = mem_format("%s/scenario.json", work);

    if (!json)
        give_up("cannot read " SCENARIO " (bench runs in the source tree)", NULL);
    json_object_set_new(json, "closed_kept_days", json_integer(36500));
    if (dossiers < FEW)
        json_object_set_new(json_object_get(json_object_get(json, "generate"), "open"), "share",
                            json_integer(60));
    if (json_dump_file(json, path, JSON_COMPACT) != 0)
        give_up("cannot write the scenario", NULL);
    json_decref(json);
    return path;
}

static void ask(struct fill *f, const char *path, const char *query, const char *form)
{
    struct central_request request = {
        .method = form ? "POST" : "GET",
        .path = path,
        .query = query,
        .authorization = f->authorization,
        .content_type = form ? "application/x-www-form-urlencoded" : NULL,
        .body = form ? form : "",
        .len = form ? strlen(form) : 0,
        .user_agent = "motcua/" MOTCUA_VERSION,
    };

    central_answer_clear(&f->answer);
    central_answer(f->central, &request, f->now, &f->answer);
    if (f->answer.status != 200)
        give_up(f->answer.body.data ? f->answer.body.data : path, NULL);
}

/* A text of the answer; the caller frees. */
static char *said(struct fill *f, const char *name)
{
    json_t *json = json_loadb(f->answer.body.data, f->answer.body.len, 0, NULL);
    const char *text = json_string_value(json_object_get(json, name));

    if (!text)
        give_up(name, NULL);
    char *copy = mem_copy(text);
    json_decref(json);
    return copy;
}

static void sign_in(struct fill *f, const char *officer)
{
    char *form = mem_format("client_id=motcua&scope=openid&login_hint=%s", officer);

    ask(f, "/oauth/device", NULL, form);
    mem_free(&form);
    char *code = said(f, "device_code");
    form = mem_format("client_id=motcua&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=%s",
                      code);
    ask(f, "/oauth/token", NULL, form);
    char *token = said(f, "access_token");
    f->authorization = mem_format("Bearer %s", token);
    mem_free(&token);
    mem_free(&form);
    mem_free(&code);
}

static void start_central(struct fill *f, int64_t dossiers, const char *work)
{
    char *scenario = scenario_of_ours(work, dossiers), *db = mem_format("%s/central.db", work);
    struct central_options options = {
        .base = PAGES_BASE,
        .scenario = scenario,
        .seed = 1,
        .dossiers = dossiers,
        .db = dossiers > IN_MEMORY ? db : NULL,
        .auto_approve = "any",
        .start = INSTANT_NONE,
    };
    struct err e = {0};

    if (!central_new(&options, &f->central, &e))
        give_up("the central server", &e);
    f->now = central_start(f->central);
    unlink(scenario);
    unlink(db); /* goes with the process */
    mem_free(&db);
    mem_free(&scenario);
}

/* ── the files ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void keep_answer(struct fill *f, const char *name)
{
    if (f->pages && !pages_write(f->pages, name, f->answer.body.data, f->answer.body.len))
        give_up("the pages cannot be written", NULL);
}

static void apply(struct fill *f, struct cache_page_end *end)
{
    struct err e = {0};
    enum cache_page how;

    if (!cache_page_begin(f->cache, mem_copy_n(f->answer.body.data, f->answer.body.len), f->answer.body.len, &e))
        give_up("a page", &e);
    while ((how = cache_page_step(f->cache, f->env, 1000, end, &e)) == CACHE_PAGE_MORE)
        ;
    if (how != CACHE_PAGE_DONE)
        give_up("a page", &e);
}

static void take_feed(struct fill *f)
{
    struct cache_page_end end = {.more = true};
    struct err e = {0};

    if (!cache_begin_pass(f->cache, &e))
        give_up("cache.db", &e);
    while (end.more) {
        const char *since = cache_cursor(f->cache);
        char *query = since ? mem_format("limit=200&since=%s", since) : mem_copy("limit=200");
        ask(f, "/api/v1/changes", query, NULL);
        mem_free(&query);
        apply(f, &end);
        if (f->all_pages || !end.more) /* else the last will do: whoever has that waits for what is next */
            keep_answer(f, PAGES_CHANGES);
    }
    if (!cache_set_data_at(f->cache, f->now, &e))
        give_up("cache.db", &e);
    cache_checkpoint(f->cache);
}

/* What a client asks for before it asks for changes. */
static void keep_others(struct fill *f)
{
    static const char *const paths[] = {"/.well-known/openid-configuration", "/api/v1/about", "/api/v1/me"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        ask(f, paths[i], NULL, NULL);
        keep_answer(f, paths[i]);
    }
}

int main(int argc, char **argv)
{
    struct fill f = {0};
    struct err e = {0};
    struct seal_key *key = NULL;
    struct outbox *outbox = NULL;
    char *path = NULL;
    bool fresh;
    int dir = -1;

    if (argc != 7)
        give_up("STATE SERVER OFFICER N PAGES WORK", NULL);
    char *server = state_server_name(argv[2]);
    f.env = env_new(false);
    f.pages = strcmp(argv[5], "-") == 0 ? NULL : fopen(argv[5], "w");
    if (!state_open(argv[1], server, argv[3], &dir, &path, &e) || !seal_key_load(dir, &key, &e) ||
        !outbox_open(dir, path, key, argv[3], f.env, &outbox, &fresh, &e) ||
        !cache_open(dir, path, key, argv[3], &f.cache, &fresh, &e))
        give_up("the officer's files", &e);
    int64_t dossiers = strtoll(argv[4], NULL, 10);
    f.all_pages = dossiers <= IN_MEMORY;
    start_central(&f, dossiers, argv[6]);
    sign_in(&f, argv[3]);
    keep_others(&f);
    take_feed(&f);
    printf("%lld %lld\n", (long long)cache_dossier_count(f.cache), (long long)f.now);
    cache_close(&f.cache);
    outbox_close(&outbox);
    seal_key_free(&key);
    if (f.pages && fclose(f.pages) != 0)
        give_up("the pages cannot be written", NULL);
    central_answer_clear(&f.answer);
    central_free(&f.central);
    env_free(&f.env);
    mem_free(&f.authorization);
    mem_free(&server);
    mem_free(&path);
    close(dir);
    return 0;
}

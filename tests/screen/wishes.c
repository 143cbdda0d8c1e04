/* wishes: see wishes.h. Keys are those of the scenario: chance is what the test says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/wishes.h"

#include "cache/outbox.h"
#include "cache/state.h"
#include "cache/store.h"
#include "core/instant.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define NOT_SOON_MS 600000 /* an outbox takes what is over 900 s ahead for now */

struct gardener {
    struct env env;
    const struct wishes *what;
    const char *key; /* the next UUID; NULL: any */
    const char *officer;
    char *token; /* of the officer */
    struct outbox *outbox;
    int64_t now;
};

static void must(bool ok, const struct err *e)
{
    if (!ok)
        fail_at(HERE, "a wish cannot be planted: %s", e->text);
}

/* ── the world ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t mono(struct env *env)
{
    struct timespec t;

    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + ((struct gardener *)env)->what->ahead;
}

static int64_t wall(struct env *env)
{
    return ((struct gardener *)env)->now;
}

static void chance(struct env *env, void *bytes, size_t n)
{
    struct gardener *g = (struct gardener *)env;
    const char *key = n == 16 ? g->key : NULL;

    if (getentropy(bytes, n) != 0)
        abort();
    for (unsigned char *b = bytes; key && *key; key += 2) {
        key += *key == '-';
        const char pair[] = {key[0], key[1], '\0'};
        *b++ = (unsigned char)strtoul(pair, NULL, 16);
    }
}

/* ── one wish ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *text_of(const json_t *thing, const char *member)
{
    const char *text = json_string_value(json_object_get(thing, member));

    return text ? text : "";
}

static int64_t time_of(const char *text, int64_t absent)
{
    int64_t t = absent;

    instant_parse(text, &t);
    return t;
}

static void fail_wish(struct gardener *g, const json_t *wish, const char *key, enum command_state state)
{
    char *problem = json_dumps(json_object_get(wish, "problem"), JSON_COMPACT);
    struct err e = {0};

    must(outbox_failed(g->outbox, key, state, problem, NULL, g->now, &e), &e);
    free(problem);
}

/* As often as the wish says, and no answer each time. */
static void try_in_vain(struct gardener *g, const json_t *wish, const char *key)
{
    int64_t again = time_of(text_of(wish, "not_before"), 0), at = mono(&g->env) + NOT_SOON_MS;
    json_int_t times = json_integer_value(json_object_get(wish, "attempts"));
    bool may = json_is_true(json_object_get(wish, "may_have_arrived")), taken_away;
    struct err e = {0};

    if (again)
        at = mono(&g->env) + (again - g->now) * 1000;
    do {
        must(outbox_sending(g->outbox, key, &e), &e);
        must(outbox_no_answer(g->outbox, key, may, at, NULL, &taken_away, &e), &e);
    } while (--times > 0);
}

static void bring_to_state(struct gardener *g, const json_t *wish, const char *key)
{
    const char *state = text_of(wish, "state");
    struct err e = {0};

    if (strcmp(state, "DUE") == 0 || strcmp(state, "RECONCILE") == 0)
        try_in_vain(g, wish, key);
    else if (strcmp(state, "HELD") != 0)
        must(outbox_sending(g->outbox, key, &e), &e);
    if (strcmp(state, "CONFLICT") == 0)
        fail_wish(g, wish, key, COMMAND_CONFLICT);
    if (strcmp(state, "REFUSED") == 0)
        fail_wish(g, wish, key, COMMAND_REFUSED);
    if (strcmp(state, "DONE") == 0)
        must(outbox_done(g->outbox, key, NULL, NULL, g->now, &e), &e);
    if (strcmp(state, "RECONCILE") == 0)
        must(outbox_recover(g->outbox, g->now, &e), &e);
}

static void plant(struct gardener *g, const json_t *wish)
{
    const char *target = text_of(wish, "target"), *seen = "{}";
    char *body = json_dumps(json_object_get(wish, "body"), JSON_COMPACT);
    char *dossier = text_new("/dossiers/%s", target), *path = text_new("%s/actions", dossier);
    char keys[1][UUID_TEXT];
    struct reply reply = {0};
    struct err e = {0};

    server_call((struct server *)g->what->server, "GET", dossier, g->token, NULL, NULL, &reply);
    if (reply.status == 200)
        seen = reply.body;
    const char *code = reply_text(&reply, "code"), *name = reply_text(&reply, "applicant.name");
    const struct wish row = {
        .target = target,
        .if_match = text_of(wish, "if_match"),
        .method = "POST",
        .path = path,
        .action = text_of(wish, "action"),
        .code = code,
        .name = name,
        .body = body,
        .body_len = strlen(body),
        .seen = seen,
        .hold = strcmp(text_of(wish, "state"), "HELD") == 0,
        .acted_at = time_of(text_of(wish, "acted_at"), g->now),
    };
    g->key = text_of(wish, "key");
    must(outbox_enqueue(g->outbox, &row, 1, keys, &e), &e);
    assert_string_equal(keys[0], g->key);
    g->key = NULL;
    bring_to_state(g, wish, keys[0]);
    reply_clear(&reply);
    free(body);
    free(dossier);
    free(path);
}

/* What was sent and answered today, beside the wishes. */
static void plant_done(struct gardener *g, json_int_t n)
{
    const struct wish row = {.target = "done",
                             .if_match = "1",
                             .method = "POST",
                             .path = "/dossiers/done/actions",
                             .action = "comment",
                             .code = "",
                             .name = "",
                             .body = "{}",
                             .body_len = 2,
                             .seen = "{}",
                             .acted_at = g->now};
    char keys[1][UUID_TEXT];
    struct err e = {0};

    for (; n > 0; n--) {
        must(outbox_enqueue(g->outbox, &row, 1, keys, &e), &e);
        must(outbox_sending(g->outbox, keys[0], &e), &e);
        must(outbox_done(g->outbox, keys[0], "2", NULL, g->now, &e), &e);
    }
}

/* ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The scenario has the newest first. */
static void plant_all(struct gardener *g, const json_t *wishes)
{
    size_t planted = 0;

    for (size_t i = json_array_size(wishes); i-- > 0;) {
        const json_t *wish = json_array_get(wishes, i);
        if (strcmp(text_of(wish, "set"), g->what->set) != 0)
            continue;
        plant(g, wish);
        plant_done(g, json_integer_value(json_object_get(wish, "done_today")));
        planted++;
    }
    if (planted == 0)
        fail_at(HERE, "no wishes “%s”", g->what->set);
}

static void open_outbox(struct gardener *g, int *dir, char **path, struct seal_key **key)
{
    char *home = text_new("%s/state", g->what->home);
    char *server = state_server_name(g->what->server->base);
    bool aside;
    struct err e = {0};
    char *base = state_base(home, NULL, &e);

    must(state_open(base, server, g->officer, dir, path, &e) && seal_key_load(*dir, key, &e), &e);
    must(outbox_open(*dir, *path, *key, g->officer, &g->env, &g->outbox, &aside, &e), &e);
    free(base);
    free(server);
    free(home);
}

/* Not in the middle of a write: whoever were stopped there would hold the lock. */
static void stop_between_writes(const struct gardener *g, int dir, const char *path)
{
    struct err e = {0};
    sqlite3 *db;

    must(store_open(dir, path, "outbox.db", &db, &e), &e);
    must(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK || store_fail(db, path, &e), &e);
    kill(screen_pid(g->what->screen), SIGSTOP);
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(db);
}

void wishes_plant(const struct wishes *w)
{
    char *file = text_new("training/scenarios/%s.json", w->scenario), *path;
    json_t *scenario = json_load_file(file, 0, NULL), *wishes = json_object_get(scenario, "wishes");
    struct gardener g = {.env = {.mono = mono, .wall = wall, .random = chance}, .what = w};
    struct seal_key *key;
    int dir;

    if (!scenario)
        fail_at(HERE, "%s cannot be read", file);
    g.officer = text_of(json_array_get(wishes, 0), "officer");
    g.now = time_of(w->now, 0);
    g.token = server_token((struct server *)w->server, g.officer);
    open_outbox(&g, &dir, &path, &key);
    if (w->screen)
        stop_between_writes(&g, dir, path);
    plant_all(&g, wishes);
    outbox_close(&g.outbox);
    state_poke(dir);
    if (w->screen)
        kill(screen_pid(w->screen), SIGCONT);
    seal_key_free(&key);
    close(dir);
    free(path);
    free(g.token);
    free(file);
    json_decref(scenario);
}

/* ground: see ground.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/ground.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ── before ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

const char *ground_new(struct ground *g)
{
    *g = (struct ground){0};
    office_open(&g->o, ARGS("--dossiers", "60"));
    if (!office_sign_in(&g->o, "mai")) {
        office_close(&g->o);
        return "no session is kept here (keyctl)";
    }
    g->token = server_token(g->o.server, "mai");
    office_expect(&g->o, 0, "sync", "--once");
    office_expect(&g->o, 0, "list", "--queue", "to_receive", "--limit", "16", "--json");
    json_t *list = office_json(&g->o);
    for (; g->n < json_array_size(list); g->n++)
        g->dossiers[g->n] = text_new("%s", json_string_value(json_object_get(json_array_get(list, g->n), "id")));
    if (g->n < 2)
        fail_at(HERE, "there is nothing to do on %s", g->o.server->base);
    json_decref(list);
    return NULL;
}

void ground_free(struct ground *g)
{
    for (size_t i = 0; i < g->n; i++)
        free(g->dossiers[i]);
    free(g->token);
    office_close(&g->o);
}

void ground_copy_to(struct ground *g, const char *home)
{
    char *from = text_new("%s/state/.", g->o.home), *to = text_new("%s/state", home);
    struct run run;

    office_expect(&g->o, 0, "sync", "--once");
    run_program(&run, ARGS("/bin/cp", "-a", from, to), NULL, NULL, NULL);
    if (run.status != 0)
        fail_at(HERE, "no copy: %s", run.err);
    run_clear(&run);
    free(from);
    free(to);
}

char *ground_copy(struct ground *g)
{
    char *home = home_new();

    ground_copy_to(g, home);
    return home;
}

static char *found; /* by look_for_outbox() */

static int look_for_outbox(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind;
    if (found || strcmp(path + ftw->base, "outbox.db") != 0)
        return 0;
    found = text_new("%.*s", ftw->base - 1, path);
    return 1;
}

char *ground_directory(const char *home)
{
    char *state = text_new("%s/state", home);

    found = NULL;
    nftw(state, look_for_outbox, 8, FTW_PHYS);
    free(state);
    return found;
}

void ground_run(struct ground *g, const char *home, const char *const before[], const char *const args[],
                struct run *run)
{
    const char *argv[40];
    char *motcua = build_path("motcua");
    size_t n = 0;

    for (size_t i = 0; before && before[i]; i++)
        argv[n++] = before[i];
    argv[n++] = motcua;
    for (size_t i = 0; args[i] && n < 36; i++)
        argv[n++] = args[i];
    argv[n++] = "--server";
    argv[n++] = g->o.server->base;
    argv[n] = NULL;
    run_program(run, argv, NULL, home, NULL);
    free(motcua);
}

void ground_touch(struct ground *g, const char *dossier)
{
    char *path = text_new("/dossiers/%s", dossier), *actions = text_new("%s/actions", path);
    struct reply reply;

    server_call(g->o.server, "GET", path, g->token, NULL, NULL, &reply);
    char *etag = reply_header(&reply, "ETag"), *match = text_new("If-Match: %s", etag ? etag : "");
    reply_clear(&reply);
    server_call(g->o.server, "POST", actions, g->token, ARGS(match),
                "{\"action\": \"comment\", \"note\": \"đã gọi người nộp\"}", &reply);
    if (reply.status != 200)
        fail_at(HERE, "%s: %ld %s", actions, reply.status, reply.body);
    reply_clear(&reply);
    free(path);
    free(actions);
    free(etag);
    free(match);
}

/* ── what was said ───────────────────────────────────────────────────────────────────────────────────────────────── */

bool ground_told(const struct run *run)
{
    json_t *row = json_loads(run->out, JSON_DISABLE_EOF_CHECK, NULL);
    bool told = json_is_string(json_object_get(row, "key"));

    if (run->status == 0 && !told)
        fail_at(HERE, "it ended with 0 and said “%s”", run->out);
    json_decref(row);
    return told;
}

void ground_expect_honest(const struct run *run, bool sentence)
{
    json_t *problem = json_loads(run->err, JSON_DISABLE_EOF_CHECK, NULL);
    const char *title = json_string_value(json_object_get(problem, "title"));
    bool vietnamese = false;

    for (const char *c = title ? title : ""; *c; c++)
        vietnamese = vietnamese || (unsigned char)*c >= 0xc3;
    if (run->status != 0 && run->status != 1 && run->status != 3)
        fail_at(HERE, "it ended with %d: %s%s", run->status, run->out, run->err);
    if (run->status != 0 && sentence && !vietnamese)
        fail_at(HERE, "it ended with %d, but no sentence: “%s”", run->status, run->err);
    json_decref(problem);
}

/* ── after ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int look_at_file(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    const char *name = path + ftw->base;

    if (kind == FTW_F && strstr(name, ".bad") && strcmp(name, "journal.bad") != 0) /* ground_check_journal() */
        fail_at(HERE, "%s was set aside", name);
    if (kind == FTW_F && (st->st_mode & 077))
        fail_at(HERE, "%s can be read by others: %o", name, (unsigned)st->st_mode);
    return 0;
}

static void expect_whole(const char *directory, const char *name)
{
    char *path = text_new("%s/%s", directory, name);
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    const char *said = "no database";

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        said = (const char *)sqlite3_column_text(st, 0);
    if (strcmp(said, "ok") != 0)
        fail_at(HERE, "%s: %s", name, said);
    sqlite3_finalize(st);
    sqlite3_close(db);
    free(path);
}

static void expect_sound_files(const char *home)
{
    char *directory = ground_directory(home);

    if (!directory)
        fail_at(HERE, "there is no outbox.db");
    nftw(directory, look_at_file, 8, FTW_PHYS);
    expect_whole(directory, "outbox.db");
    expect_whole(directory, "cache.db");
    free(directory);
}

static json_t *json_of(struct ground *g, const char *home, const char *const args[])
{
    struct run run;

    ground_run(g, home, NULL, args, &run);
    json_t *json = json_loads(run.out, 0, NULL);
    if (run.status != 0 || !json)
        fail_at(HERE, "motcua %s ended with %d: %s%s", args[0], run.status, run.out, run.err);
    run_clear(&run);
    return json;
}

static int count_notes(struct ground *g, const char *dossier, const char *note)
{
    char *path = text_new("/dossiers/%s/events", dossier), *first = path;
    int n = 0;

    for (bool more = true; more;) {
        struct reply reply;
        size_t i;
        json_t *event;
        server_call(g->o.server, "GET", path, g->token, NULL, NULL, &reply);
        if (reply.status != 200)
            fail_at(HERE, "%s: %ld %s", path, reply.status, reply.body);
        json_array_foreach(reply_at(&reply, "items"), i, event)
        {
            const char *said = json_string_value(json_object_get(event, "note"));
            n += said && strcmp(said, note) == 0;
        }
        more = json_is_true(reply_at(&reply, "more"));
        char *next = more ? text_new("%s?cursor=%s", first, reply_text(&reply, "cursor")) : NULL;
        if (path != first)
            free(path);
        path = next;
        reply_clear(&reply);
    }
    free(first);
    return n;
}

static bool is_open(const json_t *dossier)
{
    static const char *const closed[] = {"declined", "stopped", "returned"};
    const char *status = json_string_value(json_object_get(dossier, "status"));

    for (size_t i = 0; status && i < sizeof closed / sizeof *closed; i++)
        if (strcmp(status, closed[i]) == 0)
            return false;
    return status;
}

/* {"id": version …} of the open dossiers of a full pass: closed ones are kept for a day at most (cache/retain.c). */
static json_t *versions_at_server(struct ground *g)
{
    char *path = text_new("/changes");
    json_t *versions = json_object();

    while (path) {
        struct reply reply;
        size_t i;
        json_t *entry;
        server_call(g->o.server, "GET", path, g->token, NULL, NULL, &reply);
        if (reply.status != 200)
            fail_at(HERE, "%s: %ld %s", path, reply.status, reply.body);
        json_array_foreach(reply_at(&reply, "changes"), i, entry) if (is_open(json_object_get(entry, "data")))
            json_object_set(versions, json_string_value(json_object_get(entry, "id")),
                            json_object_get(entry, "version"));
        free(path);
        path = json_is_true(reply_at(&reply, "more"))
                   ? text_new("/changes?cursor=%s", reply_text(&reply, "cursor"))
                   : NULL;
        reply_clear(&reply);
    }
    return versions;
}

static void expect_the_servers_view(struct ground *g, const char *home)
{
    json_t *kept = json_of(g, home, ARGS("list", "--json")), *there = versions_at_server(g),
           *here = json_object(), *d;
    size_t i;

    json_array_foreach(kept, i, d) if (is_open(d))
        json_object_set(here, json_string_value(json_object_get(d, "id")), json_object_get(d, "version"));
    if (!json_equal(here, there))
        fail_at(HERE, "kept:   %s\nserver: %s", json_dumps(here, JSON_SORT_KEYS),
                json_dumps(there, JSON_SORT_KEYS));
    json_decref(kept);
    json_decref(there);
    json_decref(here);
}

void ground_check(struct ground *g, const char *home, const char *dossier, const char *note, bool told)
{
    json_t *synced = json_of(g, home, ARGS("sync", "--once", "--json")),
           *rows = json_of(g, home, ARGS("outbox", "--json"));

    if (json_integer_value(json_object_get(synced, "unsent")) || json_array_size(rows) > 0)
        fail_at(HERE, "after a sync this stands in the outbox: %s", json_dumps(rows, 0));
    int n = note ? count_notes(g, dossier, note) : 0;
    if (n > 1 || (told && n == 0))
        fail_at(HERE, "“%s” is %d times at the server; saved was %s", note, n, told ? "said" : "not said");
    expect_sound_files(home);
    expect_the_servers_view(g, home);
    json_decref(synced);
    json_decref(rows);
}

void ground_check_journal(struct ground *g, const char *home)
{
    struct run run;

    ground_run(g, home, NULL, ARGS("journal", "--verify"), &run);
    if (run.status != 0)
        fail_at(HERE, "the journal is not whole: %s%s", run.out, run.err);
    run_clear(&run);
}

/* check: what has to be true, while it runs and when it is over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include "core/instant.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void check_running(struct world *w, struct station *st)
{
    for (size_t i = 0; office_dossiers[i]; i++) {
        struct arena arena = {0};
        struct dossier d;
        if (cache_dossier(st->cache, office_dossiers[i], &arena, &d, NULL, NULL)) {
            if (d.version < st->seen[i].version)
                broken(w, "versions never go back: dossier %s went from %" PRId64 " to %" PRId64 " at %d",
                       d.id, st->seen[i].version, d.version, st->n);
            st->seen[i].version = d.version;
            memcpy(st->seen[i].id, d.id, strlen(d.id) + 1);
        }
        arena_clear(&arena);
    }
}

void check_unclear(struct world *w, struct station *st)
{
    for (size_t i = 0; st->outbox && i < w->n_saved; i++) {
        struct arena arena = {0};
        struct command row;
        if (w->saved[i].pc != st->pc->n || !w->saved[i].unclear)
            continue;
        if (outbox_get(st->outbox, w->saved[i].key, &arena, &row, NULL) && row.state == COMMAND_DUE &&
            !row.may_have_arrived)
            broken(w, "honest states: key %s has left and nothing was heard, but %d takes it for not sent",
                   row.key, st->n);
        arena_clear(&arena);
    }
}

static bool waits(enum command_state state)
{
    return state == COMMAND_HELD || state == COMMAND_DUE || state == COMMAND_SENDING;
}

/* It waits for the officer to decide on what he did before it. */
static bool is_behind_decision(const struct command *rows, size_t n, const struct command *row)
{
    for (size_t i = 0; row->after && i < n; i++)
        if (strcmp(rows[i].key, row->after) == 0)
            return rows[i].state == COMMAND_RECONCILE || is_behind_decision(rows, n, &rows[i]);
    return false;
}

static bool may_wait(const struct world *w, const struct command *rows, size_t n, const struct command *row)
{
    return (w->poisoned && strcmp(row->target, w->poisoned) == 0) || is_behind_decision(rows, n, row);
}

/* The outbox is empty, or shows why not, and the feed has been heard of since the healing. */
static bool is_dry(struct world *w, struct station *st)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n;
    struct line_status line = {0};
    if (st->sync)
        sync_line(st->sync, &line);
    bool dry = st->outbox && (line.state == LINE_ONLINE || line.state == LINE_OTHER) &&
               cache_data_at(st->cache) > w->healed_at / 1000 + 2 &&
               outbox_list(st->outbox, 0, &arena, &rows, &n, NULL);
    for (size_t i = 0; dry && i < n; i++)
        dry = !waits(rows[i].state) || may_wait(w, rows, n, &rows[i]);
    arena_clear(&arena);
    return dry;
}

bool check_is_drained(struct world *w)
{
    for (int i = 0; i < w->n_stations; i++)
        if (!is_dry(w, &w->stations[i]))
            return false;
    return true;
}

/* A stuck dossier holds up no other, and what is left is seen. */
static void check_outbox(struct world *w, struct station *st)
{
    struct arena arena = {0};
    struct command *rows;
    struct err e = {0};
    struct line_status line = {0};
    size_t n;
    if (st->sync)
        sync_line(st->sync, &line);
    if (!st->outbox || !outbox_list(st->outbox, 0, &arena, &rows, &n, &e)) {
        broken(w, "empty after healing: the outbox of %d is not open, the line is in state %d: %s", st->n,
               (int)line.state, e.text);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const struct saved *s = saved_find(w, rows[i].key);
        if (waits(rows[i].state) && !may_wait(w, rows, n, &rows[i]))
            broken(w, "empty after healing: key %s on %s still waits at %d, where the line is in state %d: state %d, attempts %d",
                   rows[i].key, rows[i].target, st->n, (int)line.state, (int)rows[i].state, rows[i].attempts);
        if (outbox_mark(st->outbox, rows[i].target) == MARK_NONE)
            broken(w, "a state that the screen shows: key %s is open, but no mark shows it", rows[i].key);
        if (!s)
            broken(w, "no effect without a wish: key %s is in the outbox of %d, but nobody wished it",
                   rows[i].key, st->n);
        if (rows[i].state == COMMAND_RECONCILE && s && !s->clock_off)
            broken(w, "a state that the screen shows: key %s is taken for 40 days old, and is not", rows[i].key);
    }
    arena_clear(&arena);
}

void check_drained(struct world *w)
{
    for (int i = 0; i < w->n_stations && !w->failure[0]; i++)
        check_outbox(w, &w->stations[i]);
}

static size_t effects_of(const struct world *w, const char *key)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n_effects; i++)
        n += strcmp(w->effects[i].key, key) == 0;
    return n;
}

/* The program on that PC that has the lease, or any: they share the outbox. */
static struct station *program_on(struct world *w, int pc)
{
    for (int i = 0; i < w->n_stations; i++)
        if (w->stations[i].pc->n == pc)
            return &w->stations[i];
    return NULL;
}

static void check_saved(struct world *w, const struct saved *s)
{
    struct station *st = program_on(w, s->pc);
    struct arena arena = {0};
    struct command row;
    size_t done = effects_of(w, s->key);
    bool there = outbox_get(st->outbox, s->key, &arena, &row, NULL), gone = s->dropped || s->never || s->unheard;
    enum command_state state = there ? row.state : COMMAND_DROPPED;
    if (done > 1)
        broken(w, "no key takes effect twice: %s did %zu times", s->key, done);
    if (done > 0 && s->never)
        broken(w, "no effect without a wish: key %s took effect, though it was taken back", s->key);
    if (!there && done == 0 && !s->online_only && !gone)
        broken(w, "saved is saved: key %s on %s is not in the outbox of pc %d, and not at the server", s->key,
               s->dossier, s->pc);
    if (!there && s->online_only && done == 0 && !s->told && !gone && s->in_sight)
        broken(w, "saved is saved: key %s left, then went without a word", s->key);
    if (there && state == COMMAND_DONE && done == 0)
        broken(w, "honest states: key %s stands as done, but the server has not done it", s->key);
    if (there && (state == COMMAND_CONFLICT || state == COMMAND_REFUSED) && done > 0)
        broken(w, "honest states: key %s stands as failed (%d), but the server has done it", s->key, (int)state);
    arena_clear(&arena);
}

/* One after another, nothing between that nobody did, and each PC's in the order in which they were wished. */
static void check_order(struct world *w, const char *dossier, int64_t version)
{
    const struct saved *last[PCS] = {0};
    for (size_t i = 0; i < w->n_effects; i++) {
        const struct effect *e = &w->effects[i];
        if (strcmp(e->dossier, dossier) != 0)
            continue;
        if (e->version != ++version)
            broken(w,
                   "no effect without a wish: dossier %s is at version %" PRId64 ", but %" PRId64
                   " changes are known",
                   dossier, e->version, version - 1);
        const struct saved *s = saved_find(w, e->key);
        if (!s)
            continue;
        if (strcmp(s->dossier, dossier) != 0)
            broken(w, "order within a dossier: key %s changed %s, but was meant for %s", e->key, dossier,
                   s->dossier);
        if (last[s->pc] && s < last[s->pc])
            broken(w, "order within a dossier: on %s key %s took effect before %s, which was wished first",
                   dossier, last[s->pc]->key, s->key);
        last[s->pc] = s;
    }
    if (office_version(w, dossier) != version)
        broken(w,
               "no effect without a wish: dossier %s is at version %" PRId64 ", not %" PRId64
               " as its changes say",
               dossier, office_version(w, dossier), version);
}

/* What was taken in is there under the code that was handed out, or under one that nobody else has. */
static void check_made(struct world *w, const struct effect *made)
{
    const struct saved *s = saved_find(w, made->key);
    struct central_answer a;
    if (!s || *s->dossier)
        return;
    char *path = mem_format("/api/v1/dossiers/%s", made->dossier);
    office_ask(w, "tam", "GET", path, NULL, NULL, NULL, &a);
    json_t *d = json_loadb(a.body.data ? a.body.data : "", a.body.len, 0, NULL);
    const char *code = json_string_value(json_object_get(d, "code")),
               *ref = json_string_value(json_object_get(d, "client_ref"));
    if (!code || !ref || strtoul(ref + 4, NULL, 10) != (unsigned long)(s - w->saved))
        broken(w, "no effect without a wish: key %s made dossier %s, but not of what was wished", made->key,
               made->dossier);
    else if (*s->code && strcmp(s->code, code) != 0)
        broken(w, "a code is on one receipt: %s was handed out for %s, which has %s", s->code, made->dossier,
               code);
    for (size_t i = 0; code && !*s->code && i < w->n_saved; i++)
        if (!w->saved[i].never && strcmp(w->saved[i].code, code) == 0)
            broken(w, "a code is on one receipt: the server gave %s to %s, and it is in reserve", code,
                   made->dossier);
    json_decref(d);
    central_answer_clear(&a);
    mem_free(&path);
}

/* What hangs on the hour (actions that are open) is not compared. */
static json_t *plain(json_t *data)
{
    json_t *copy = json_copy(data);
    json_object_del(copy, "actions");
    json_object_del(copy, "unavailable");
    return copy;
}

/* It may have gone: it is closed, and has been for a day. */
static bool is_over(const struct world *w, const json_t *data)
{
    static const char *const closed[] = {"declined", "stopped", "returned"};
    const char *status = json_string_value(json_object_get(data, "status"));
    int64_t since;
    bool is = false;
    for (size_t i = 0; i < sizeof(closed) / sizeof(*closed); i++)
        is = is || strcmp(status, closed[i]) == 0;
    return is && instant_parse(json_string_value(json_object_get(data, "step_since")), &since) &&
           since <= w->now / 1000 - 86400;
}

static void check_dossier(struct world *w, struct station *st, const char *id, const json_t *data, size_t *gone)
{
    struct arena arena = {0};
    struct dossier d;
    const char *text = NULL;
    bool there = cache_dossier(st->cache, id, &arena, &d, &text, NULL);
    json_t *ours = there ? json_loads(text, 0, NULL) : NULL;
    json_t *a = plain(ours), *b = plain((json_t *)data);
    if (!there && is_over(w, data))
        (*gone)++;
    else if (!there || !json_equal(a, b))
        broken(w, "the cache is the server's view: dossier %s at %d is %s", id, st->n,
               there ? "not as the server shows it" : "missing");
    json_decref(a);
    json_decref(b);
    json_decref(ours);
    arena_clear(&arena);
}

static void check_cache(struct world *w, struct station *st)
{
    json_t *view = office_view(w, st->pc->officer), *entry;
    const char *id;
    size_t gone = 0;
    int64_t held = cache_dossier_count(st->cache);
    json_object_foreach(view, id, entry) check_dossier(w, st, id, json_object_get(entry, "data"), &gone);
    if (held + (int64_t)gone != (int64_t)json_object_size(view))
        broken(w,
               "the cache is the server's view: %d holds %" PRId64
               " dossiers, the server shows %zu, of which %zu are over",
               st->n, held, json_object_size(view), gone);
    if (!cache_procedure(st->cache, "tt1") || !cache_officer(st->cache, "mai") ||
        !cache_unit(st->cache, "A") || !cache_calendar(st->cache, "D")->usable)
        broken(w, "the cache is the server's view: %d does not know the office", st->n);
    json_decref(view);
}

void check_end(struct world *w)
{
    check_drained(w);
    for (size_t i = 0; i < w->n_saved && !w->failure[0]; i++)
        check_saved(w, &w->saved[i]);
    for (size_t i = 0; i < w->n_effects && !w->failure[0]; i++)
        check_made(w, &w->effects[i]);
    for (size_t i = 0; office_dossiers[i] && !w->failure[0]; i++)
        check_order(w, office_dossiers[i], w->first[i]);
    for (int i = 0; i < w->n_stations && !w->failure[0]; i++) {
        struct station *st = &w->stations[i];
        int64_t off = sync_now(st->sync) - w->now / 1000;
        struct line_status line;
        check_cache(w, st);
        sync_line(st->sync, &line);
        if (line.state == LINE_ONLINE && (off < -2 || off > 2))
            broken(w, "deadlines from the server's time: it is off by %" PRId64 " s at %d", off, i);
    }
}

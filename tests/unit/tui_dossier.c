/* tui_dossier: see tui_dossier.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_dossier.h"

#include "tui/walk.h"

#include <stdlib.h>
#include <string.h>

/* ── a list to come from ───────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const listed[] = {"d-12", "d-41", "d-19"};
#define LISTED (sizeof listed / sizeof *listed)
static int64_t place_of_41 = 5, all = 26;

static const char *step(const struct dossier_walk *walk, const char *id, int by)
{
    for (size_t i = 0; i < LISTED; i++)
        if (strcmp(listed[i], id) == 0) {
            size_t next = i + (size_t)by;
            return next < LISTED ? listed[next] : NULL;
        }
    return NULL;
}

static bool place(const struct dossier_walk *walk, const char *id, int64_t *position, int64_t *total)
{
    *position = strcmp(id, "d-41") == 0 ? place_of_41 : 1;
    *total = all;
    return true;
}

static const struct dossier *found(const struct dossier_walk *walk, const char *id)
{
    return walk->list ? (const struct dossier *)(const void *)walk->list : NULL;
}

static const struct dossier_walk walk = {.step = step, .place = place, .found = found};

void open_dossier(struct world *w, const char *id)
{
    assert_true(app_open(w->app, &view_dossier, &(struct view_arg){.id = id, .more = &walk}));
}

int dossier_setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);

    world_new(w, "mockups", "mai", "09:42");
    w->line.data_at = w->clock - 60;
    world_line(w);
    *state = w;
    return 0;
}

int dossier_teardown(void **state)
{
    world_free(*state);
    free(*state);
    return 0;
}

/* A copy of a scenario's dossier, to be changed. */
json_t *copy_of(struct world *w, const char *id)
{
    return json_deep_copy(world_thing(w, "dossiers", id));
}

void set_member(json_t *d, const char *member, const char *json)
{
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);

    assert_non_null(value);
    json_object_set_new(d, member, value);
}

/* The scenario's events as the server would answer. */
void answer_events(struct world *w, const char *id)
{
    struct ask ask = {0};
    struct answer answer = {.kind = ASK_EVENTS, .final = true};
    json_t *events = json_deep_copy(json_object_get(world_thing(w, "dossiers", id), "events")), *event;
    size_t i;

    assert_true(world_ask(w, &ask));
    assert_int_equal(ask.kind, ASK_EVENTS);
    assert_string_equal(ask.dossier, id);
    json_array_foreach(events, i, event) json_object_set_new(event, "seq", json_integer((json_int_t)i + 1));
    json_t *page = json_pack("{so ss sb}", "items", events, "cursor", "end", "more", false);
    struct err e = {0};
    assert_ok(codec_decode(&shape_event_page, page, &answer.arena, &answer.events, &e), &e);
    answer.id = ask.id;
    app_answer(w->app, &answer);
    json_decref(page);
    answer_clear(&answer);
    ask_clear(&ask);
}

void offer(json_t *d, const char *action, const char *offline, const char *needs)
{
    json_t *offers = json_object_get(d, "actions"),
           *item = json_pack("{ss ss}", "action", action, "offline", offline);

    if (!offers)
        json_object_set_new(d, "actions", offers = json_array());
    if (needs)
        json_object_set_new(item, "requires", json_pack("[s]", needs));
    json_array_append_new(offers, item);
}

void refuse(json_t *d, const char *action, const char *reason)
{
    json_t *list = json_object_get(d, "unavailable");

    if (!list)
        json_object_set_new(d, "unavailable", list = json_array());
    json_array_append_new(list, json_pack("{ss ss}", "action", action, "reason", reason));
}

void dossier_fed(struct world *w, json_t *d)
{
    char *id = mem_copy(json_string_value(json_object_get(d, "id")));
    json_int_t version = json_integer_value(json_object_get(d, "version"));

    if (version == 0)
        version = (json_int_t)json_array_size(json_object_get(d, "events"));
    json_object_set_new(d, "version", json_integer(version + 1));
    world_feed(w, id, d);
    free(id);
}

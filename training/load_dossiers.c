/* load_dossiers: the dossiers that a scenario's file tells of one by one, and what the file leaves to us: papers, files, history,
 * the signature over a decision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/loader.h"
#include "training/scenario.h"

#include <string.h>

/* What the file may leave out and the shape asks for. Signatures come when somebody looks (records.c). */
static json_t *completed(const json_t *item, bool *owes)
{
    json_t *copy = json_deep_copy(item), *decision = json_object_get(copy, "decision");

    json_object_del(copy, "events");
    json_object_del(copy, "files");
    json_object_set_new(copy, "actions", json_array());
    if (!json_object_get(copy, "version"))
        json_object_set_new(copy, "version", json_integer(0));
    *owes = decision && !json_object_get(decision, "signature");
    if (*owes)
        json_object_set_new(decision, "signature", json_pack("{s:s, s:s}", "statement", "", "cms", ""));
    return copy;
}

static void add_papers(struct dossier *d, const struct procedure *p, struct arena *arena)
{
    d->papers = arena_alloc(arena, (p->n_papers + 1) * sizeof *d->papers);
    for (size_t i = 0; i < p->n_papers; i++) {
        const struct required_paper *r = &p->papers[i];
        if (r->required)
            d->papers[d->n_papers++] = (struct paper){.id = r->id,
                                                      .name = r->name,
                                                      .state = "handed_in",
                                                      .originals = r->originals,
                                                      .certified_copies = r->certified_copies,
                                                      .photocopies = r->photocopies};
    }
}

static const char *text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool add_files(struct dossier *d, const json_t *files, struct arena *arena)
{
    json_t *file;
    size_t i;

    d->attachments = arena_grow(arena, d->attachments, d->n_attachments,
                                d->n_attachments + json_array_size(files) + 1, sizeof *d->attachments);
    json_array_foreach(files, i, file)
    {
        const char *id = text(file, "id"), *name = text(file, "name"), *paper = text(file, "paper");
        if (!id_valid(id) || !name)
            return false;
        struct attachment *a = &d->attachments[d->n_attachments++];
        *a = load_file(arena, id, name, text(file, "role"),
                       json_integer_value(json_object_get(file, "pages")), paper);
        if (text(file, "sha256"))
            a->sha256 = text(file, "sha256");
        for (size_t j = 0; paper && j < d->n_papers; j++)
            if (strcmp(d->papers[j].id, paper) == 0)
                d->papers[j].attachment = id;
    }
    return true;
}

static bool read_events(const json_t *list, struct arena *arena, struct event **out, size_t *n, struct err *e)
{
    json_t *item;
    size_t i;

    *n = json_array_size(list);
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    json_array_foreach(list, i, item)
    {
        json_t *copy = json_copy(item);
        json_object_set_new(copy, "seq", json_integer((json_int_t)i + 1));
        bool ok = codec_decode(&shape_event, copy, arena, &(*out)[i], e);
        json_decref(copy);
        if (!ok)
            return false;
    }
    return true;
}

/* The version that the decision was made on: one less than its event's. */
static int64_t decided_on(const struct dossier *d, const struct event *events, size_t n)
{
    for (size_t i = n; i-- > 0;)
        if (strcmp(events[i].action, "approve") == 0 || strcmp(events[i].action, "refuse_result") == 0)
            return d->version - (int64_t)(n - i);
    return d->version - 1;
}

static bool leads_somewhere(const struct directory *directory, const struct dossier *d)
{
    struct places places = directory_places(directory, d);
    const char *people[] = {d->assignee, d->assisted_by, d->proposal ? d->proposal->by : NULL,
                            d->decision ? d->decision->by : NULL};

    for (size_t i = 0; i < 4; i++)
        if (people[i] && !directory_officer(directory, people[i], NULL))
            return false;
    return places.unit >= 0 && (places.handled >= 0 || !d->handled_by_unit) &&
           (places.supported >= 0 || !d->supported_by_unit) && directory_procedure(directory, d->procedure) &&
           id_valid(d->id);
}

static bool load_one(struct central *central, const json_t *item, struct arena *arena, struct err *e)
{
    const struct directory *directory = central->directory;
    struct dossier d;
    struct event *events;
    size_t n;
    bool owes;
    json_t *whole = completed(item, &owes);

    codec_keep(arena, whole);
    if (!codec_decode(&shape_dossier, whole, arena, &d, e))
        return false;
    if (!leads_somewhere(directory, &d))
        return err_set(e, ERR_CONFIG, "names a unit, officer or procedure that is not there");
    if (!json_object_get(item, "papers"))
        add_papers(&d, directory_procedure(directory, d.procedure), arena);
    if (!add_files(&d, json_object_get(item, "files"), arena))
        return err_set(e, ERR_CONFIG, "a file has no id or name");
    const json_t *told = json_object_get(item, "events");
    if (!told)
        n = history_of(directory, &d, arena, &events);
    else if (!read_events(told, arena, &events, &n, e))
        return false;
    if (d.version == 0)
        d.version = (int64_t)n;
    scenario_code_used(central->scenario, central->store, arena, d.unit, d.submitted_at, d.code);
    load_dossier(central, &d, events, n, owes ? decided_on(&d, events, n) : INT64_MIN);
    return true;
}

bool load_dossiers(struct central *central, uint64_t seed, int64_t n, struct err *e)
{
    const json_t *list = scenario_member(central->scenario, "dossiers");
    struct arena arena = {0};
    struct err why = {0};
    bool ok = true;
    json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        ok = ok && load_one(central, item, &arena, &why);
        if (!ok && why.code) {
            const char *id = text(item, "id");
            err_set(e, ERR_CONFIG, "scenario: dossier %s: %s", id ? id : "without an id", why.text);
            why.code = ERR_NONE;
        }
        arena_reset(&arena);
    }
    arena_clear(&arena);
    return ok && generate(central, seed, n, e);
}

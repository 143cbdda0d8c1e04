/* tui_scenario: see tui_scenario.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_scenario.h"

#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>

json_t *scenario_read(const char *name)
{
    char *path = text_new("training/scenarios/%s.json", name), *text = file_text(path);
    json_error_t why;

    if (!text)
        fail_at(HERE, "no %s", path);
    json_t *scenario = json_loads(text, 0, &why);
    if (!scenario)
        fail_at(HERE, "%s:%d: %s", path, why.line, why.text);
    free(text);
    free(path);
    const char *use = json_string_value(json_object_get(scenario, "use"));
    if (use) {
        json_t *base = scenario_read(use);
        json_object_del(base, "dossiers");
        json_object_del(base, "generate");
        json_object_update_missing(scenario, base);
        json_decref(base);
    }
    return scenario;
}

const char *scenario_text(const json_t *thing, const char *name)
{
    const char *text = thing ? json_string_value(json_object_get(thing, name)) : NULL;

    return text ? text : "";
}

json_t *scenario_thing(const json_t *scenario, const char *kind, const char *id)
{
    const json_t *things = json_object_get(scenario, kind);

    for (size_t i = 0; i < json_array_size(things); i++)
        if (strcmp(scenario_text(json_array_get(things, i), "id"), id) == 0)
            return json_array_get(things, i);
    return NULL;
}

/* A unit of the officer's: his own, or one that leads there by its parents and successors. */
static bool leads_to(const json_t *scenario, const char *unit, const char *to, int depth)
{
    const json_t *u = *unit ? scenario_thing(scenario, "units", unit) : NULL;

    if (strcmp(unit, to) == 0)
        return true;
    return u && depth < 8 &&
           (leads_to(scenario, scenario_text(u, "parent"), to, depth + 1) ||
            leads_to(scenario, scenario_text(u, "successor"), to, depth + 1));
}

bool scenario_sees(const json_t *scenario, const json_t *dossier, const char *unit)
{
    return leads_to(scenario, scenario_text(dossier, "unit"), unit, 0) ||
           leads_to(scenario, scenario_text(dossier, "handled_by_unit"), unit, 0) ||
           leads_to(scenario, scenario_text(dossier, "supported_by_unit"), unit, 0);
}

/* The procedure's required papers, as the loader of the training server has them. */
static json_t *required_papers(const json_t *scenario, const char *procedure)
{
    json_t *papers = json_array(), *required;
    size_t i;

    json_array_foreach(json_object_get(scenario_thing(scenario, "procedures", procedure), "papers"), i, required)
    {
        if (!json_is_true(json_object_get(required, "required")))
            continue;
        json_t *paper = json_pack("{ss}", "state", "handed_in");
        const char *const kept[] = {"id", "name", "originals", "certified_copies", "photocopies"};
        for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
            if (json_object_get(required, kept[k]))
                json_object_set(paper, kept[k], json_object_get(required, kept[k]));
        json_array_append_new(papers, paper);
    }
    return papers;
}

/* From the scenario's shape to the contract's; takes it. */
json_t *scenario_dossier(const json_t *scenario, json_t *d)
{
    size_t events = json_array_size(json_object_get(d, "events"));

    if (!json_object_get(d, "version"))
        json_object_set_new(d, "version", json_integer(events ? (json_int_t)events : 1));
    if (!json_object_get(d, "papers"))
        json_object_set_new(d, "papers", required_papers(scenario, scenario_text(d, "procedure")));
    if (!json_object_get(d, "actions"))
        json_object_set_new(d, "actions", json_array());
    json_t *decision = json_object_get(d, "decision"); /* the loader signs it */
    if (decision && !json_object_get(decision, "signature"))
        json_object_set_new(decision, "signature", json_pack("{ss ss}", "statement", "e30=", "cms", "AAAA"));
    json_object_del(d, "events");
    json_object_del(d, "files");
    return d;
}

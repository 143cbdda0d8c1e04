/* directory: reads the reference data once and answers who sees what. Who may see is closed over two relations: a unit that took over
 * another stands for it, and a unit above sees what is below.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/directory.h"

#include "core/codec.h"
#include "training/store.h"

#include <stdlib.h>
#include <string.h>

/* ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* All things of a type, decoded into an array in the arena. */
static bool read_type(struct store *store, struct directory *directory, enum thing_type type,
                      const struct codec_shape *shape, size_t size, void *list, size_t *n, struct err *e)
{
    sqlite3_stmt *s = store_query(store, THING_OF_TYPE, "i", (int64_t)type);
    char *items = NULL;
    size_t cap = 0;

    for (*n = 0; store_row(store, s); (*n)++) {
        json_t *document = NULL;
        const char *text = store_text(s, COLUMN_DOC);
        if (*n == cap) {
            items = arena_grow(&directory->arena, items, *n, cap ? 2 * cap : 32, size);
            cap = cap ? 2 * cap : 32;
        }
        if (!codec_read(shape, text, strlen(text), &directory->arena, items + *n * size, &document, e)) {
            store_done(s);
            return false;
        }
        codec_keep(&directory->arena, document);
    }
    memcpy(list, &items, sizeof items);
    return true;
}

static bool read_all(struct store *store, struct directory *d, struct err *e)
{
    return read_type(store, d, THING_UNIT, &shape_unit, sizeof *d->units, &d->units, &d->n_units, e) &&
           read_type(store, d, THING_OFFICER, &shape_officer, sizeof *d->officers, &d->officers,
                     &d->n_officers, e) &&
           read_type(store, d, THING_PROCEDURE, &shape_procedure, sizeof *d->procedures, &d->procedures,
                     &d->n_procedures, e) &&
           read_type(store, d, THING_CALENDAR, &shape_office_calendar, sizeof *d->calendars, &d->calendars,
                     &d->n_calendars, e);
}

/* ── relations ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void set(const struct directory *d, char *relation, int unit, size_t of)
{
    relation[(size_t)unit * d->n_units + of] = 1;
}

/* Bounded by the number of units: what leads in a circle ends as well. */
static void relate_one(struct directory *d, size_t of)
{
    int unit = (int)of;

    for (size_t i = 0; unit >= 0 && i < d->n_units; i++) {
        int above = unit;
        set(d, d->own, unit, of);
        for (size_t j = 0; above >= 0 && j < d->n_units; j++) {
            set(d, d->below, above, of);
            above = directory_unit(d, d->units[above].parent);
        }
        unit = directory_unit(d, d->units[unit].successor);
    }
}

static void relate(struct directory *d)
{
    d->own = arena_alloc(&d->arena, d->n_units * d->n_units + 1);
    d->below = arena_alloc(&d->arena, d->n_units * d->n_units + 1);
    for (size_t i = 0; i < d->n_units; i++)
        relate_one(d, i);
    d->homes = arena_alloc(&d->arena, (d->n_officers + 1) * sizeof *d->homes);
    for (size_t i = 0; i < d->n_officers; i++)
        d->homes[i] = directory_unit(d, d->officers[i].unit);
}

static const struct office_calendar *calendar_at_unit(const struct directory *d, const char *unit)
{
    for (size_t i = 0; i < d->n_calendars; i++)
        if (strcmp(d->calendars[i].unit, unit) == 0)
            return &d->calendars[i];
    return NULL;
}

static void find_hours(struct directory *d)
{
    d->hours = arena_alloc(&d->arena, (d->n_units + 1) * sizeof *d->hours);
    for (size_t i = 0; i < d->n_units; i++) {
        const struct office_calendar *found = NULL;
        int unit = (int)i;
        for (size_t steps = 0; !found && unit >= 0 && steps <= d->n_units; steps++) {
            found = calendar_at_unit(d, d->units[unit].id);
            unit = directory_unit(d, d->units[unit].parent);
        }
        d->hours[i] = calendar_of(found);
    }
}

bool directory_load(struct store *store, struct directory **out, struct err *e)
{
    struct directory *directory = mem_alloc(sizeof *directory);

    if (!read_all(store, directory, e)) {
        directory_free(&directory);
        return false;
    }
    relate(directory);
    find_hours(directory);
    *out = directory;
    return true;
}

void directory_free(struct directory **at)
{
    if (!*at)
        return;
    arena_clear(&(*at)->arena);
    free(*at);
    *at = NULL;
}

/* ── looking up ──────────────────────────────────────────────────────────────────────────────────────────────────── */

int directory_unit(const struct directory *d, const char *id)
{
    for (size_t i = 0; id && i < d->n_units; i++)
        if (strcmp(d->units[i].id, id) == 0)
            return (int)i;
    return -1;
}

const struct officer *directory_officer(const struct directory *d, const char *id, size_t *index)
{
    for (size_t i = 0; id && i < d->n_officers; i++) {
        if (strcmp(d->officers[i].id, id) != 0)
            continue;
        if (index)
            *index = i;
        return &d->officers[i];
    }
    return NULL;
}

const struct procedure *directory_procedure(const struct directory *d, const char *id)
{
    for (size_t i = 0; id && i < d->n_procedures; i++)
        if (strcmp(d->procedures[i].id, id) == 0)
            return &d->procedures[i];
    return NULL;
}

struct calendar directory_calendar(const struct directory *d, const char *unit)
{
    int i = directory_unit(d, unit);

    return i < 0 ? calendar_of(NULL) : d->hours[i];
}

struct places directory_places(const struct directory *d, const struct dossier *dossier)
{
    return (struct places){directory_unit(d, dossier->unit), directory_unit(d, dossier->handled_by_unit),
                           directory_unit(d, dossier->supported_by_unit)};
}

/* ── who may ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool related(const struct directory *d, const char *relation, const struct officer *officer,
                    const struct places *places)
{
    const int at[] = {places->unit, places->handled, places->supported};
    int unit = d->homes[officer - d->officers];

    for (size_t i = 0; unit >= 0 && i < 3; i++)
        if (at[i] >= 0 && relation[(size_t)unit * d->n_units + (size_t)at[i]])
            return true;
    return false;
}

bool directory_sees(const struct directory *d, size_t officer, const struct places *places, int64_t now)
{
    const struct officer *me = &d->officers[officer];

    if (officer_roles(me) & ROLE_BIT(ROLE_AUDITOR) || related(d, d->below, me, places))
        return true;
    for (size_t i = 0; i < me->n_mandates; i++) {
        const struct officer *giver = directory_officer(d, me->mandates[i].on_behalf_of, NULL);
        if (giver && mandate_holds(&me->mandates[i], now) && related(d, d->below, giver, places))
            return true;
    }
    return false;
}

int64_t directory_view(const struct directory *d, size_t officer, int64_t now)
{
    const struct officer *me = &d->officers[officer];
    int64_t view = 1;

    for (size_t i = 0; i < me->n_mandates; i++)
        view = view * 2 + mandate_holds(&me->mandates[i], now);
    return view * 1000 + d->homes[officer];
}

unsigned directory_roles(const struct directory *d, const struct officer *officer, const struct places *places)
{
    unsigned roles = officer_roles(officer);

    if (related(d, d->own, officer, places))
        return roles;
    return related(d, d->below, officer, places) ? roles & ROLE_BIT(ROLE_SUPERVISOR) : 0;
}

static bool names(const struct texts *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return list->n == 0;
}

const struct mandate *directory_mandate(const struct directory *d, const struct officer *officer,
                                        const char *giver, const char *procedure, const struct places *places,
                                        int64_t now)
{
    for (size_t i = 0; i < officer->n_mandates; i++) {
        const struct mandate *m = &officer->mandates[i];
        const struct officer *from = directory_officer(d, m->on_behalf_of, NULL);
        if (from && mandate_holds(m, now) && names(&m->procedures, procedure) &&
            (!giver || strcmp(giver, m->on_behalf_of) == 0) &&
            directory_roles(d, from, places) & ROLE_BIT(ROLE_SUPERVISOR))
            return m;
    }
    return NULL;
}

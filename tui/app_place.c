/* app_place: where the officer left a thing (focus, sort, filter, marks …), by name; in memory, and written through to outbox.db.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include <stdlib.h>
#include <string.h>

static struct place *find(struct app *app, const char *name)
{
    for (struct place *p = app->places; p; p = p->next)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

static struct place *add(struct app *app, const char *name, json_t *value)
{
    struct place *p = mem_alloc(sizeof *p);

    p->name = mem_copy(name);
    p->value = value;
    p->next = app->places;
    app->places = p;
    return p;
}

static char *key_of(const char *name)
{
    return mem_format("place:%s", name);
}

json_t *app_place(struct app *app, const char *name)
{
    struct place *p = find(app, name);

    if (p)
        return p->value;
    if (!app->outbox)
        return NULL;
    char *key = key_of(name), *text = outbox_kept(app->outbox, key);
    p = add(app, name, text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL);
    mem_free(&key);
    mem_free(&text);
    return p->value;
}

void app_set_place(struct app *app, const char *name, json_t *value)
{
    struct place *p = find(app, name);
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    char *key = key_of(name);

    if (!p)
        p = add(app, name, NULL);
    json_decref(p->value);
    p->value = value;
    if (app->outbox)
        outbox_keep(app->outbox, key, text, false, NULL); /* a place that was lost is no loss worth a word */
    mem_free(&key);
    free(text);
}

void app_drop_places(struct app *app)
{
    for (struct place *p = app->places, *next; p; p = next) {
        next = p->next;
        json_decref(p->value);
        free(p->name);
        free(p);
    }
    app->places = NULL;
}

/* list_place: see list_place.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/list_place.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define MARKS_MAX 1000 /* what one can have chosen by hand, and then some */

/* ── filters ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct {
    const char *id, *name;
} facets[FACET_COUNT] = {
    [FACET_DUE] = {"due", NC_("facet", "Due")},
    [FACET_CHANNEL] = {"channel", NC_("facet", "Channel")},
    [FACET_STATUS] = {"status", NC_("facet", "Status")},
    [FACET_ASSIGNEE] = {"assignee", NC_("facet", "With")},
    [FACET_FIELD] = {"field", NC_("facet", "Field")},
    [FACET_PROCEDURE] = {"procedure", NC_("facet", "Procedure")},
};

static const struct {
    const char *id, *word;
    enum time_kind kind;
} due_kinds[] = {
    {"overdue", NC_("filter", "overdue"), TIME_OVERDUE},
    {"today", NC_("filter", "due today"), TIME_TODAY},
    {"left", NC_("filter", "in time"), TIME_LEFT},
    {"paused", NC_("filter", "paused"), TIME_PAUSED},
};
#define DUE_KINDS (sizeof due_kinds / sizeof *due_kinds)
const char *const facet_due_values[] = {"overdue", "today", "left", "paused", NULL};

void list_filter_clear(struct list_filter *f)
{
    arena_clear(&f->arena);
    *f = (struct list_filter){0};
}

bool list_filter_is_empty(const struct list_filter *f)
{
    for (int i = 0; i < FACET_COUNT; i++)
        if (f->of[i].n)
            return false;
    return true;
}

void list_filter_add(struct list_filter *f, enum facet facet, const char *value)
{
    struct texts *t = &f->of[facet];

    t->items = arena_grow(&f->arena, (void *)t->items, t->n, t->n + 1, sizeof *t->items);
    t->items[t->n++] = arena_copy(&f->arena, value);
}

void list_filter_copy(const struct list_filter *from, struct list_filter *to)
{
    list_filter_clear(to);
    for (int i = 0; i < FACET_COUNT; i++)
        for (size_t k = 0; k < from->of[i].n; k++)
            list_filter_add(to, (enum facet)i, from->of[i].items[k]);
}

static bool holds(const struct texts *values, const char *value)
{
    for (size_t i = 0; value && i < values->n; i++)
        if (strcmp(values->items[i], value) == 0)
            return true;
    return false;
}

/* Those of the fields that are also among the procedures, where both are asked for. None at all is a procedure that nobody has. */
static struct texts procedures(const struct list_filter *f, struct app *app, struct arena *arena)
{
    const struct texts *fields = &f->of[FACET_FIELD], *wanted = &f->of[FACET_PROCEDURE];
    const struct procedure *const *all;
    size_t n = cache_procedures(app_cache(app), &all);

    if (fields->n == 0)
        return *wanted;
    struct texts out = {.items = arena_alloc(arena, (n + 1) * sizeof *out.items)};
    for (size_t i = 0; i < n; i++)
        if (holds(fields, all[i]->field) && (wanted->n == 0 || holds(wanted, all[i]->id)))
            out.items[out.n++] = arena_copy(arena, all[i]->id);
    if (out.n == 0)
        out.items[out.n++] = "";
    return out;
}

void list_filter_ask(const struct list_filter *f, struct app *app, struct arena *arena, struct list_query *q)
{
    const struct texts *due = &f->of[FACET_DUE];

    q->channels = f->of[FACET_CHANNEL];
    q->statuses = f->of[FACET_STATUS];
    q->assignees = f->of[FACET_ASSIGNEE];
    q->procedures = procedures(f, app, arena);
    q->due = 0;
    for (size_t i = 0; i < due->n; i++)
        for (size_t k = 0; k < DUE_KINDS; k++)
            if (strcmp(due->items[i], due_kinds[k].id) == 0)
                q->due |= 1u << due_kinds[k].kind;
}

const char *facet_name(enum facet facet)
{
    return i18n_shown(facets[facet].name);
}

char *facet_word(struct app *app, struct arena *arena, enum facet facet, const char *value)
{
    const char *word = value;

    switch (facet) {
    case FACET_DUE:
        for (size_t i = 0; i < DUE_KINDS; i++)
            if (strcmp(value, due_kinds[i].id) == 0)
                word = i18n_shown(due_kinds[i].word);
        break;
    case FACET_CHANNEL:
        word = word_channel(value);
        break;
    case FACET_STATUS:
        word = word_status(value);
        break;
    case FACET_ASSIGNEE:
        word = cache_officer_name(app_cache(app), value);
        break;
    case FACET_PROCEDURE:
        word = cache_procedure_name(app_cache(app), value);
        break;
    case FACET_FIELD: /* it has no name but itself */
    case FACET_COUNT:
        break;
    }
    return text_shown(arena, word);
}

char *list_filter_words(const struct list_filter *f, struct app *app, struct arena *arena)
{
    struct buf words = {0};

    for (int i = 0; i < FACET_COUNT; i++)
        for (size_t k = 0; k < f->of[i].n; k++)
            buf_format(&words, "%s%s", words.len ? ", " : "",
                       facet_word(app, arena, (enum facet)i, f->of[i].items[k]));
    char *out = arena_copy(arena, words.data ? words.data : "");
    buf_clear(&words);
    return out;
}

/* ── order ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct {
    const char *id, *words;
} sorts[SORT_COUNT] = {
    [SORT_DUE] = {"due", NC_("sort by", "due time")},
    [SORT_SUBMITTED] = {"submitted", NC_("sort by", "day filed")},
    [SORT_NAME] = {"name", NC_("sort by", "name")},
    [SORT_CODE] = {"code", NC_("sort by", "code")},
    [SORT_TROUBLE] = {"trouble", NC_("sort by", "what is stuck")},
};

const char *list_sort_words(enum list_sort sort)
{
    return i18n_shown(sorts[sort].words);
}

bool place_holds(const json_t *ids, const char *id)
{
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *text = json_string_value(json_array_get(ids, i));
        if (text && strcmp(text, id) == 0)
            return true;
    }
    return false;
}

/* ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

void list_place_clear(struct list_place *p)
{
    list_filter_clear(&p->filter);
    mem_free(&p->focus);
    mem_free(&p->next);
    for (size_t i = 0; i < p->n_marks; i++)
        free(p->marks[i]);
    free(p->marks);
    *p = (struct list_place){0};
}

static char *place_name(enum queue_id queue)
{
    const char *id = queue_text(queue);

    return mem_format("queue:%s", id ? id : "all");
}

/* Values come from a file: what is not text is passed over. */
static void read_filter(const json_t *json, struct list_filter *f)
{
    for (int i = 0; i < FACET_COUNT; i++) {
        const json_t *values = json_object_get(json, facets[i].id);
        for (size_t k = 0; k < json_array_size(values); k++)
            if (json_is_string(json_array_get(values, k)))
                list_filter_add(f, (enum facet)i, json_string_value(json_array_get(values, k)));
    }
}

void list_place_load(struct list_place *p, struct app *app, enum queue_id queue)
{
    char *name = place_name(queue);
    const json_t *json = app_place(app, name), *marks = json_object_get(json, "marks");
    const char *focus = json_string_value(json_object_get(json, "focus"));
    const char *next = json_string_value(json_object_get(json, "next"));
    const char *sort = json_string_value(json_object_get(json, "sort"));
    json_int_t line = json_integer_value(json_object_get(json, "line"));

    mem_free(&name);
    list_place_clear(p);
    for (int k = 0; sort && k < SORT_COUNT; k++)
        if (strcmp(sort, sorts[k].id) == 0)
            p->sort = (enum list_sort)k;
    if (focus)
        p->focus = mem_copy(focus);
    if (next)
        p->next = mem_copy(next);
    p->line = line > 0 && line < 1000 ? (size_t)line : 0;
    read_filter(json_object_get(json, "filter"), &p->filter);
    for (size_t i = 0; i < json_array_size(marks); i++)
        if (json_is_string(json_array_get(marks, i)))
            list_place_mark(p, json_string_value(json_array_get(marks, i)), true);
    p->by_page = json_is_true(json_object_get(json, "by_page"));
}

static json_t *filter_json(const struct list_filter *f)
{
    json_t *json = json_object();

    for (int i = 0; i < FACET_COUNT; i++) {
        json_t *values = json_array();
        for (size_t k = 0; k < f->of[i].n; k++)
            json_array_append_new(values, json_string(f->of[i].items[k]));
        if (f->of[i].n)
            json_object_set(json, facets[i].id, values);
        json_decref(values);
    }
    return json;
}

void list_place_save(const struct list_place *p, struct app *app, enum queue_id queue)
{
    char *name = place_name(queue);
    json_t *marks = json_array(), *json;

    for (size_t i = 0; i < p->n_marks; i++)
        json_array_append_new(marks, json_string(p->marks[i]));
    json = json_pack("{ss sI so so}", "sort", sorts[p->sort].id, "line", (json_int_t)p->line, "marks", marks,
                     "filter", filter_json(&p->filter));
    if (p->focus)
        json_object_set_new(json, "focus", json_string(p->focus));
    if (p->next)
        json_object_set_new(json, "next", json_string(p->next));
    if (p->by_page)
        json_object_set_new(json, "by_page", json_true());
    const json_t *kept = app_place(app, name);
    if (kept && json_equal(kept, json))
        json_decref(json);
    else
        app_set_place(app, name, json);
    mem_free(&name);
}

static size_t find_mark(const struct list_place *p, const char *id)
{
    size_t i = 0;

    while (i < p->n_marks && strcmp(p->marks[i], id) != 0)
        i++;
    return i;
}

bool list_place_marked(const struct list_place *p, const char *id)
{
    return find_mark(p, id) < p->n_marks;
}

void list_place_mark(struct list_place *p, const char *id, bool on)
{
    size_t at = find_mark(p, id);

    if (on && at == p->n_marks && p->n_marks < MARKS_MAX) {
        p->marks = mem_grow(p->marks, p->n_marks + 1, sizeof *p->marks);
        p->marks[p->n_marks++] = mem_copy(id);
    } else if (!on && at < p->n_marks) {
        free(p->marks[at]);
        p->n_marks--;
        memmove(p->marks + at, p->marks + at + 1, (p->n_marks - at) * sizeof *p->marks);
        p->by_page = p->by_page && p->n_marks > 0;
    }
}

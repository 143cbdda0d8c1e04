/* intake_preset: a request that came to no good end, back in the parts that it was made of, so that nothing has to be typed again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/intake_parts.h"

#include "core/entry.h"
#include "core/instant.h"

#include <inttypes.h>
#include <string.h>

struct values {
    struct arena arena;
    json_t *json;
};

static void set(struct values *v, const char *key, const char *text)
{
    if (text && *text)
        json_object_set_new(v->json, key, json_string(text));
}

static void set_number(struct values *v, const char *key, int64_t n)
{
    set(v, key, arena_format(&v->arena, "%" PRId64, n));
}

static void set_person(struct values *v, const char *prefix, const struct applicant *a)
{
    char day[ENTRY_DAY];
    const struct {
        const char *key, *text;
    } lines[] = {{"name", a->name},       {"id_number", a->id_number}, {"sex", a->sex},
                 {"address", a->address}, {"phone", a->phone},         {"email", a->email}};

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        set(v, arena_format(&v->arena, "%s%s", prefix, lines[i].key), lines[i].text);
    entry_day_format(a->birth_date, day);
    set(v, arena_format(&v->arena, "%sbirth_date", prefix), day);
}

/* As it is typed: a day as day/month/year, a boolean as the answer that was chosen. */
static void set_form(struct values *v, const struct intake *s, const json_t *form)
{
    const char *id;
    json_t *value;

    json_object_foreach((json_t *)form, id, value)
    {
        const char *key = arena_format(&v->arena, "form.%s", id), *text = json_string_value(value);
        int32_t day;
        char typed[ENTRY_DAY];
        bool is_day = false;
        for (size_t i = 0; i < s->n_parts; i++)
            is_day = is_day || (s->parts[i].value == INTAKE_DAY && strcmp(s->parts[i].key, key) == 0);
        if (json_is_boolean(value)) {
            set(v, key, json_is_true(value) ? "yes" : "no");
        } else if (json_is_integer(value)) {
            set_number(v, key, json_integer_value(value));
        } else if (is_day && text && day_parse(text, &day)) {
            entry_day_format(day, typed);
            set(v, key, typed);
        } else {
            set(v, key, text);
        }
    }
}

static void set_papers(struct values *v, const struct new_dossier *n)
{
    for (size_t i = 0; i < n->n_papers; i++) {
        const struct paper *p = &n->papers[i];
        set(v, arena_format(&v->arena, "paper.%s", p->id),
            arena_format(&v->arena, "%s %" PRId64 " %" PRId64 " %" PRId64, p->state, p->originals,
                         p->certified_copies, p->photocopies));
    }
}

/* How many of an item there were follows from what they came to; an item that was left out came to nothing. */
static void set_fees(struct values *v, const struct intake *s, const struct new_dossier *n)
{
    for (size_t i = 0; i < s->n_parts; i++) {
        const struct fee_item *item = s->parts[i].fee;
        int64_t count = 0;
        if (!item || item->amount == 0)
            continue;
        for (size_t k = 0; k < n->n_fees; k++)
            if (strcmp(n->fees[k].name, item->name) == 0)
                count = n->fees[k].amount / item->amount;
        set_number(v, s->parts[i].key, count);
    }
    if (n->n_fees == 0)
        return;
    if (n->fees[0].paid > 0) {
        set(v, "payment", n->fees[0].method);
        set(v, "receipt", n->fees[0].receipt);
    }
}

void intake_preset(struct intake *s, const struct new_dossier *n)
{
    struct values v = {.json = json_object()};

    set(&v, "whose", n->submitted_by ? "other" : "own");
    set(&v, "kind", n->applicant->kind);
    if (n->submitted_by)
        set_person(&v, "", n->submitted_by);
    set_person(&v, n->submitted_by ? "owner." : "", n->applicant);
    set(&v, "channel", n->channel);
    set(&v, "external_code", n->external_code);
    set_number(&v, "sets", n->sets);
    if (n->form)
        set_form(&v, s, n->form);
    set_papers(&v, n);
    set_fees(&v, s, n);
    json_t *kept = json_pack("{so}", "values", v.json);
    intake_restore(s, kept);
    json_decref(kept);
    arena_clear(&v.arena);
}

/* generate_people: names, addresses and numbers that look right and belong to nobody (docs/scenarios.md, "Numbers that belong to
 * nobody"), and what people write into forms.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/generate.h"

#include "core/codec.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

/* ── chance ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

uint64_t chance_next(struct chance *c)
{
    uint64_t z = c->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int64_t chance_below(struct chance *c, int64_t n)
{
    return n < 1 ? 0 : (int64_t)(chance_next(c) % (uint64_t)n);
}

int64_t chance_between(struct chance *c, int64_t least, int64_t most)
{
    return least + chance_below(c, most - least + 1);
}

bool chance_percent(struct chance *c, double percent)
{
    return (double)chance_below(c, 100000) < percent * 1000;
}

void wheel_add(struct wheel *w, struct arena *arena, int64_t weight)
{
    if ((w->n & (w->n - 1)) == 0)
        w->sums = arena_grow(arena, w->sums, w->n, w->n ? 2 * w->n : 1, sizeof *w->sums);
    w->sums[w->n] = (w->n ? w->sums[w->n - 1] : 0) + (weight > 0 ? weight : 0);
    w->n++;
}

size_t wheel_spin(const struct wheel *w, struct chance *c)
{
    int64_t at = w->n ? chance_below(c, w->sums[w->n - 1]) : 0;
    size_t low = 0, high = w->n ? w->n - 1 : 0;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (at < w->sums[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

const char *chance_text(struct chance *c, const json_t *list)
{
    return json_string_value(json_array_get(list, (size_t)chance_below(c, (int64_t)json_array_size(list))));
}

/* ── what the scenario has ───────────────────────────────────────────────────────────────────────────────────────── */

struct part { /* of a name */
    const json_t *list;
    struct wheel wheel;
};
struct people {
    const json_t *generate;
    struct part family, middle[2], given[2]; /* male, female */
    const json_t *families, *organisations;
    struct wheel all_families, organisation; /* all_families: the first is "any of `family`" */
};

static struct part read_part(const json_t *names, const char *member, struct arena *arena)
{
    struct part part = {.list = json_object_get(names, member)};
    json_t *item;
    size_t i;

    json_array_foreach(part.list, i, item)
        wheel_add(&part.wheel, arena, json_integer_value(json_array_get(item, 1)));
    return part;
}

struct people *people_new(const json_t *generate, struct arena *arena)
{
    struct people *p = arena_alloc(arena, sizeof *p);
    const json_t *names = json_object_get(generate, "names");
    json_t *item;
    size_t i;

    p->generate = generate;
    p->family = read_part(names, "family", arena);
    p->middle[0] = read_part(names, "middle_male", arena);
    p->middle[1] = read_part(names, "middle_female", arena);
    p->given[0] = read_part(names, "given_male", arena);
    p->given[1] = read_part(names, "given_female", arena);
    p->families = json_object_get(names, "families");
    wheel_add(&p->all_families, arena, p->family.wheel.n ? p->family.wheel.sums[p->family.wheel.n - 1] : 0);
    json_array_foreach(p->families, i, item)
        wheel_add(&p->all_families, arena, json_integer_value(json_object_get(item, "weight")));
    p->organisations = json_object_get(generate, "organisations");
    json_array_foreach(p->organisations, i, item)
        wheel_add(&p->organisation, arena, json_integer_value(json_object_get(item, "weight")));
    return p;
}

static double share(const struct people *p, const char *member)
{
    return json_number_value(json_object_get(p->generate, member));
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));

    return text ? text : "";
}

static const char *spin(const struct part *part, struct chance *c)
{
    const char *text =
        json_string_value(json_array_get(json_array_get(part->list, wheel_spin(&part->wheel, c)), 0));

    return text ? text : "";
}

/* ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool has_word_twice(const char *name)
{
    for (const char *a = name; *a; a += strcspn(a, " "), a += *a == ' ') {
        size_t n = strcspn(a, " ");
        for (const char *b = a + n; *b == ' '; b += 1 + strcspn(b + 1, " "))
            if (strcspn(b + 1, " ") == n && memcmp(a, b + 1, n) == 0)
                return true;
    }
    return false;
}

static char *make_name(const struct people *p, struct chance *c, bool female, struct arena *arena)
{
    size_t family = wheel_spin(&p->all_families, c);
    char *name;

    if (family > 0) {
        const json_t *f = json_array_get(p->families, family - 1);
        const char *given = chance_text(c, json_object_get(f, female ? "female" : "male"));
        return arena_format(arena, "%s %s", text_of(f, "family"), given ? given : "");
    }
    do {
        const char *first = spin(&p->family, c), *middle = spin(&p->middle[female], c);
        name = arena_format(arena, "%s %s %s", first, middle, spin(&p->given[female], c));
    } while (has_word_twice(name));
    return name;
}

/* ── numbers and places ──────────────────────────────────────────────────────────────────────────────────────────── */

static char *make_phone(const struct people *p, struct chance *c, struct arena *arena)
{
    const char *prefix = chance_text(c, json_object_get(p->generate, "phones"));
    int digits = 10 - (int)strlen(prefix ? prefix : "");
    int64_t numbers = 1;

    for (int i = 0; i < digits; i++)
        numbers *= 10;
    return arena_format(arena, "%s%0*lld", prefix ? prefix : "", digits, (long long)chance_below(c, numbers));
}

static char *make_address(const struct people *p, struct chance *c, const char *unit, struct arena *arena)
{
    const json_t *place = json_object_get(json_object_get(p->generate, "places"), unit);
    const json_t *streets = json_object_get(place, "streets"),
                 *numbers = json_object_get(p->generate, "house_numbers");
    const char *hamlet = chance_text(c, json_object_get(place, "hamlets")), *suffix = text_of(place, "suffix");
    int64_t first = json_integer_value(json_array_get(numbers, 0)),
            last = json_integer_value(json_array_get(numbers, 1));

    if (json_array_size(streets) > 0 && chance_percent(c, share(p, "street_share"))) {
        const char *street = chance_text(c, streets);
        return arena_format(arena, "%s%lld %s, %s", text_of(p->generate, "house_prefix"),
                            (long long)chance_between(c, first, last), street, suffix);
    }
    return arena_format(
        arena, "Tổ %lld, %s, %s",
        (long long)chance_between(c, 1, json_integer_value(json_object_get(p->generate, "groups"))),
        hamlet ? hamlet : "", suffix);
}

/* nguyendao95@… */
static char *make_email(const struct people *p, const char *name, int year, struct arena *arena)
{
    const char *given = strrchr(name, ' ');
    struct buf folded = {0};

    text_fold(name, strcspn(name, " "), &folded);
    text_fold(given ? given + 1 : "", given ? strlen(given + 1) : 0, &folded);
    char *email = arena_format(arena, "%s%02d%s", folded.data, year % 100, text_of(p->generate, "email_domain"));
    buf_clear(&folded);
    return email;
}

struct applicant *people_person(const struct people *p, struct chance *c, const char *unit, struct arena *arena)
{
    struct applicant *a = arena_alloc(arena, sizeof *a);
    const json_t *born = json_object_get(p->generate, "born");
    bool female =
        chance_percent(c, json_number_value(json_object_get(json_object_get(p->generate, "names"), "female")));
    int year = (int)chance_between(c, json_integer_value(json_array_get(born, 0)),
                                   json_integer_value(json_array_get(born, 1)));
    int first = day_of(year, 1, 1);

    codec_absent(&shape_applicant, a);
    a->kind = "person";
    a->name = make_name(p, c, female, arena);
    a->id_number =
        arena_format(arena, "%s%d%02d%06lld", text_of(json_object_get(p->generate, "identity"), "province"),
                     (year >= 2000 ? 2 : 0) + female, year % 100, (long long)chance_below(c, 1000000));
    a->birth_date = first + (int32_t)chance_below(c, day_of(year + 1, 1, 1) - first);
    a->sex = female ? "female" : "male";
    a->address = make_address(p, c, unit, arena);
    if (chance_percent(c, share(p, "phone_share")))
        a->phone = make_phone(p, c, arena);
    if (chance_percent(c, share(p, "email_share")))
        a->email = make_email(p, a->name, year, arena);
    return a;
}

struct applicant *people_organisation(const struct people *p, struct chance *c, const char *unit,
                                      struct arena *arena)
{
    struct applicant *a = arena_alloc(arena, sizeof *a);
    const json_t *kind = json_array_get(p->organisations, wheel_spin(&p->organisation, c));
    const char *trade = chance_text(c, json_object_get(kind, "trades")),
               *owner = chance_text(c, json_object_get(kind, "owners"));

    codec_absent(&shape_applicant, a);
    a->kind = "organisation";
    a->name = arena_format(arena, "%s %s %s", text_of(kind, "prefix"), trade ? trade : "", owner ? owner : "");
    a->id_number = arena_format(arena, "%s%08lld", text_of(json_object_get(p->generate, "enterprise"), "prefix"),
                                (long long)chance_below(c, 100000000));
    a->address = make_address(p, c, unit, arena);
    a->phone = make_phone(p, c, arena);
    return a;
}

/* ── forms ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static json_t *fill_field(const struct people *p, struct chance *c, const struct form_field *field, int64_t day)
{
    const json_t *texts = json_object_get(json_object_get(p->generate, "form"), field->id);
    struct arena scratch = {0};
    char date[DAY_TEXT];
    json_t *value;

    if (json_array_size(texts) > 0)
        return json_string(chance_text(c, texts));
    if (strcmp(field->type, "date") == 0) {
        day_format((int32_t)(day - chance_between(c, 1, 365)), date);
        return json_string(date);
    }
    if (strcmp(field->type, "integer") == 0)
        return json_integer(chance_between(c, 1, 9));
    if (strcmp(field->type, "money") == 0)
        return json_integer(chance_between(c, 1, 500) * 1000000);
    if (strcmp(field->type, "yes_no") == 0)
        return json_boolean(chance_percent(c, 50));
    if (strcmp(field->type, "choice") == 0 && field->choices.n > 0)
        return json_string(field->choices.items[chance_below(c, (int64_t)field->choices.n)]);
    value = json_string(make_name(p, c, chance_percent(c, 50), &scratch));
    arena_clear(&scratch);
    return value;
}

json_t *people_form(const struct people *p, struct chance *c, const struct procedure *procedure, int64_t day,
                    struct arena *arena)
{
    json_t *form = procedure->n_form ? json_object() : NULL;

    for (size_t i = 0; i < procedure->n_form; i++)
        if (procedure->form[i].required || chance_percent(c, 60))
            json_object_set_new(form, procedure->form[i].id, fill_field(p, c, &procedure->form[i], day));
    codec_keep(arena, form);
    return form;
}

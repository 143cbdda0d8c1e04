/* intake_card: a card's fields into the parts of an intake. What is in doubt stays in doubt until somebody has looked at it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/intake_parts.h"

#include <string.h>

static const struct {
    enum card_part part;
    const char *key;
} places[] = {
    {CARD_NUMBER, "id_number"}, {CARD_OLD_NUMBER, "old_number"},
    {CARD_NAME, "name"},        {CARD_BIRTH, "birth_date"},
    {CARD_SEX, "sex"},          {CARD_ADDRESS, "address"},
    {CARD_ISSUED, "issued"},
};

/* Names of units are parts of addresses: what a damaged word may have been. */
struct texts intake_known(struct intake *s, struct arena *arena)
{
    const struct unit *const *units;
    size_t n = cache_units(app_cache(s->app), &units);
    struct texts known = {.items = arena_alloc(arena, (n + 1) * sizeof *known.items)};

    for (size_t i = 0; i < n; i++)
        known.items[known.n++] = units[i]->name;
    return known;
}

static struct intake_part *place_of(struct intake *s, bool owner, const char *key)
{
    for (size_t i = 0; i < s->n_parts; i++) {
        struct intake_part *p = &s->parts[i];
        if (p->owner == owner && p->tab == INTAKE_PERSON &&
            strcmp(p->key + (owner ? strlen("owner.") : 0), key) == 0)
            return p;
    }
    return NULL;
}

static void put(struct intake_part *p, struct card_field *f)
{
    p->card = f;
    if (p->kind == INTAKE_CHOICE) {
        p->chosen = p->n;
        intake_choose(p, f->text);
    } else {
        field_set(&p->text, f->text);
    }
}

bool intake_read_card(struct intake *s, bool owner, const char *burst)
{
    struct card *card = arena_alloc(&s->arena, sizeof *card);
    struct texts known = intake_known(s, &s->arena);

    if (!card_read(burst, strlen(burst), &known, &s->arena, card))
        return false;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct intake_part *p = place_of(s, owner, places[i].key);
        if (p && card->fields[places[i].part].given)
            put(p, &card->fields[places[i].part]);
        else if (p)
            p->card = NULL;
    }
    if (s->card[owner])
        mem_wipe(s->card[owner], strlen(s->card[owner]));
    mem_free(&s->card[owner]);
    s->card[owner] = mem_copy(burst);
    return true;
}

bool intake_is_unsure(const struct intake_part *p)
{
    if (!p->card || !p->card->unsure)
        return false;
    if (p->kind == INTAKE_CHOICE)
        return p->chosen == p->n;
    return strcmp(field_text(&p->text), p->card->text) == 0;
}

size_t intake_unsure(struct intake *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_parts; i++)
        n += intake_is_seen(s, &s->parts[i]) && intake_is_unsure(&s->parts[i]);
    return n;
}

void intake_take_reading(struct intake *s, struct intake_part *p, size_t reading)
{
    struct texts known = intake_known(s, &s->arena);

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(p->key + (p->owner ? strlen("owner.") : 0), places[i].key) == 0)
            card_choose(p->card, places[i].part, reading, &known, &s->arena);
    put(p, p->card);
}

/* To what has to be looked at, else to what no card says: the phone. */
static void go_on(struct intake *s, bool owner)
{
    const struct intake_part *target = place_of(s, owner, "phone");

    for (size_t i = s->n_parts; i-- > 0;)
        if (s->parts[i].owner == owner && intake_is_unsure(&s->parts[i]))
            target = &s->parts[i];
    s->tab = INTAKE_PERSON;
    s->at[INTAKE_PERSON] = (size_t)(target - s->parts);
}

bool intake_scan(struct intake *s, const char *burst, size_t *given, size_t *unsure)
{
    const struct intake_part *at = &s->parts[s->at[INTAKE_PERSON]];
    bool owner = s->tab == INTAKE_PERSON && at->owner;

    if (!intake_read_card(s, owner, burst))
        return false;
    *given = *unsure = 0;
    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].owner == owner && s->parts[i].card) {
            *given += 1;
            *unsure += intake_is_unsure(&s->parts[i]);
        }
    go_on(s, owner);
    return true;
}

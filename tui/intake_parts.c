/* intake_parts: which parts the intake of a procedure has, what stands in them before anybody has typed, and which of them have a place
 * now.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/intake_parts.h"

#include "core/i18n.h"
#include "core/procedure.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ── adding ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct intake_part *add(struct intake *s, enum intake_tab tab, enum intake_kind kind, const char *key,
                               const char *label)
{
    struct intake_part *p = &s->parts[s->n_parts++];

    *p = (struct intake_part){.tab = tab, .kind = kind, .key = key, .label = label};
    return p;
}

static struct intake_part *add_line(struct intake *s, enum intake_tab tab, const char *key, const char *label,
                                    enum intake_value value, size_t max)
{
    struct intake_part *p = add(s, tab, INTAKE_LINE, key, label);

    p->value = value;
    p->text.max = max;
    return p;
}

/* `ids` and `labels` (msgids with context) are NULL-terminated; nothing is chosen yet. */
static struct intake_part *add_choice(struct intake *s, enum intake_tab tab, const char *key,
                                      const char *label, const char *const *ids, const char *const *labels)
{
    struct intake_part *p = add(s, tab, INTAKE_CHOICE, key, label);
    struct intake_choice *choices;

    while (ids[p->n])
        p->n++;
    p->choices = choices = arena_alloc(&s->arena, (p->n + 1) * sizeof *choices);
    for (size_t i = 0; i < p->n; i++)
        choices[i] = (struct intake_choice){ids[i], i18n_shown(labels[i])};
    p->chosen = p->n;
    return p;
}

/* ── who files it, and whose it is ─────────────────────────────────────────────────────────────────────────────────── */

static const char *const sexes[] = {"female", "male", NULL};
static const char *const sex_labels[] = {NC_("intake", "Female"), NC_("intake", "Male"), NULL};
static const char *const kinds[] = {"person", "organisation", NULL};
static const char *const kind_labels[] = {NC_("intake", "a person"), NC_("intake", "an organisation"), NULL};
static const char *const whose[] = {"own", "other", NULL};
static const char *const whose_labels[] = {NC_("intake", "nobody"),
                                           NC_("intake", "somebody else, filled in below"), NULL};

/* Lengths: contract, Applicant. */
static void add_person(struct intake *s, bool owner)
{
    const char *prefix = owner ? "owner." : "";
    const struct {
        const char *key, *label;
        enum intake_value value;
        size_t max;
        bool must, secret;
    } lines[] = {
        {"name", C_("intake", "Full name"), INTAKE_WORDS, 200, true, false},
        {"id_number", C_("intake", "Identity number"), INTAKE_ID, 20, false, true},
        {"old_number", C_("intake", "Old number"), INTAKE_WORDS, 20, false, true},
        {"birth_date", C_("intake", "Born on"), INTAKE_DAY, 10, false, false},
        {"sex", C_("intake", "Sex"), INTAKE_WORDS, 0, false, false},
        {"address", C_("intake", "Residence"), INTAKE_WORDS, 500, false, false},
        {"issued", C_("intake", "Issued on"), INTAKE_DAY, 10, false, false},
        {"phone", C_("intake", "Phone"), INTAKE_PHONE, 20, false, true},
        {"email", C_("intake", "E-mail"), INTAKE_WORDS, 254, false, false},
    };

    for (size_t i = 0; i < COUNT(lines); i++) {
        const char *key = arena_format(&s->arena, "%s%s", prefix, lines[i].key);
        struct intake_part *p =
            strcmp(lines[i].key, "sex") == 0
                ? add_choice(s, INTAKE_PERSON, key, lines[i].label, sexes, sex_labels)
                : add_line(s, INTAKE_PERSON, key, lines[i].label, lines[i].value, lines[i].max);
        p->must = lines[i].must;
        p->secret = lines[i].secret;
        p->owner = owner;
    }
}

static void add_people(struct intake *s)
{
    add_person(s, false);
    add_choice(s, INTAKE_PERSON, "whose", C_("intake", "Filed for"), whose, whose_labels)->chosen = 0;
    add_choice(s, INTAKE_PERSON, "kind", C_("intake", "The applicant is"), kinds, kind_labels)->chosen = 0;
    add_person(s, true);
}

/* ── the procedure's own form ──────────────────────────────────────────────────────────────────────────────────────── */

static const char *const answers[] = {"yes", "no", NULL};
static const char *const answer_labels[] = {NC_("intake", "yes"), NC_("intake", "no"), NULL};

static void add_own_choices(struct intake *s, const struct form_field *f, const char *key, const char *label)
{
    struct intake_part *p = add(s, INTAKE_FORM, INTAKE_CHOICE, key, label);
    struct intake_choice *choices = arena_alloc(&s->arena, (f->choices.n + 1) * sizeof *choices);

    for (; p->n < f->choices.n; p->n++)
        choices[p->n] =
            (struct intake_choice){f->choices.items[p->n], text_shown(&s->arena, f->choices.items[p->n])};
    p->choices = choices;
    p->chosen = p->n;
}

static enum intake_value value_of(const char *type)
{
    static const struct {
        const char *type;
        enum intake_value value;
    } values[] = {{"integer", INTAKE_INTEGER},
                  {"money", INTAKE_MONEY},
                  {"date", INTAKE_DAY},
                  {"person_id", INTAKE_ID},
                  {"phone", INTAKE_PHONE}};

    for (size_t i = 0; i < COUNT(values); i++)
        if (strcmp(type, values[i].type) == 0)
            return values[i].value;
    return INTAKE_WORDS; /* a type that came later is text */
}

static void add_form_field(struct intake *s, const struct form_field *f)
{
    const char *key = arena_format(&s->arena, "form.%s", f->id), *label = text_shown(&s->arena, f->label);
    const char *type = f->type ? f->type : "text";
    enum intake_value value = value_of(type);
    size_t usual = value == INTAKE_DAY ? 10 : value == INTAKE_WORDS ? 0 : 20;

    if (strcmp(type, "choice") == 0 && f->choices.n > 0) {
        add_own_choices(s, f, key, label);
    } else if (strcmp(type, "yes_no") == 0) {
        add_choice(s, INTAKE_FORM, key, label, answers, answer_labels)->yes_no = true;
    } else if (strcmp(type, "multiline") == 0) {
        struct intake_part *p = add(s, INTAKE_FORM, INTAKE_NOTE, key, label);
        p->text.lines = true;
        p->text.max = f->max_length > 0 ? (size_t)f->max_length : 0;
    } else {
        add_line(s, INTAKE_FORM, key, label, value, f->max_length > 0 ? (size_t)f->max_length : usual);
    }
    s->parts[s->n_parts - 1].must = f->required;
    s->parts[s->n_parts - 1].secret = value == INTAKE_ID || value == INTAKE_PHONE;
}

static void add_form(struct intake *s)
{
    if (procedure_is_elsewhere(&s->procedure))
        add_line(s, INTAKE_FORM, "external_code", C_("intake", "Code there"), INTAKE_WORDS, 64);
    for (size_t i = 0; i < s->procedure.n_form; i++)
        add_form_field(s, &s->procedure.form[i]);
}

/* ── papers, fees ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const states[] = {"handed_in", "looked_up", "reused", "missing", NULL};
#define PAPER_STATES 4

/* Nothing is there until the officer says so; the counts are those that are asked for. */
static void add_papers(struct intake *s)
{
    struct intake_choice *choices = arena_alloc(&s->arena, PAPER_STATES * sizeof *choices);

    for (size_t i = 0; i < PAPER_STATES; i++)
        choices[i] = (struct intake_choice){states[i], word_paper_state(states[i])};
    for (size_t i = 0; i < s->procedure.n_papers; i++) {
        const struct required_paper *paper = &s->procedure.papers[i];
        struct intake_part *p =
            add(s, INTAKE_PAPERS, INTAKE_PAPER, arena_format(&s->arena, "paper.%s", paper->id),
                text_shown(&s->arena, paper->name));
        p->choices = choices;
        p->n = PAPER_STATES;
        p->chosen = PAPER_STATES - 1;
        p->must = paper->required;
        p->counts[0] = paper->originals;
        p->counts[1] = paper->certified_copies;
        p->counts[2] = paper->photocopies;
    }
    field_set(&add_line(s, INTAKE_PAPERS, "sets", C_("intake", "Sets"), INTAKE_INTEGER, 3)->text, "1");
}

static const char *const channels[] = {"counter", "online", "post", NULL};
static const char *const channel_labels[] = {NC_("channel", "at the counter"), NC_("channel", "online"),
                                             NC_("channel", "by post"), NULL};
static const char *const exemptions[] = {"no", "yes", NULL};
static const char *const payments[] = {"later", "cash", "card", NULL};
static const char *const payment_labels[] = {NC_("intake", "later (transfer, QR)"),
                                             NC_("intake", "cash, paid now"), NC_("intake", "card, paid now"),
                                             NULL};

static void add_fee_items(struct intake *s)
{
    for (size_t i = 0; i < s->procedure.n_fees; i++) {
        struct intake_part *p = add(s, INTAKE_FEES, INTAKE_FEE, arena_format(&s->arena, "fee.%zu", i),
                                    text_shown(&s->arena, s->procedure.fees[i].name));
        p->value = INTAKE_INTEGER;
        p->text.max = 4;
        p->fee = &s->procedure.fees[i];
    }
    for (const char *const *channel = channels; *channel; channel++) { /* as many as is the rule there */
        struct fee_line *lines;
        size_t n = fee_lines(&s->procedure, *channel, &s->arena, &lines);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < s->n_parts; k++)
                if (s->parts[k].fee == lines[i].item)
                    field_set(&s->parts[k].text, lines[i].count ? "1" : "0");
    }
}

static void add_fees(struct intake *s)
{
    bool exempts = false;

    add_choice(s, INTAKE_FEES, "channel", C_("intake", "Channel"), channels, channel_labels)->chosen = 0;
    add_fee_items(s);
    for (size_t i = 0; i < s->procedure.n_fees; i++)
        exempts = exempts || (s->procedure.fees[i].exempt && s->procedure.fees[i].amount > 0);
    if (exempts)
        add_choice(s, INTAKE_FEES, "exempt", C_("intake", "Exempt"), exemptions,
                   (const char *const[]){NC_("intake", "no"), NC_("intake", "yes"), NULL})
            ->chosen = 0;
    if (s->procedure.n_fees > 0) {
        add_choice(s, INTAKE_FEES, "payment", C_("intake", "Paid"), payments, payment_labels)->chosen = 0;
        add_line(s, INTAKE_FEES, "receipt", C_("intake", "Receipt number"), INTAKE_WORDS, 64);
    }
}

/* ── whole ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool find_procedure(struct intake *s, const char *id, struct err *e)
{
    const struct procedure *p = cache_procedure(app_cache(s->app), id);
    const struct officer *me = app_officer(s->app);
    struct arena arena = {0};

    if (!p)
        return err_set(e, ERR_NOT_FOUND, "%s", _("This procedure is not in the catalogue (any more)."));
    if (!me || !me->unit || !(officer_roles(me) & ROLE_BIT(ROLE_COUNTER)))
        return err_set(e, ERR_REFUSED, "%s", _("Only officers of a counter take dossiers in."));
    if (!procedure_is_filed(p, me->unit, instant_day(app_now(s->app), app_offset(s->app)))) {
        err_set(e, ERR_REFUSED, _("%s cannot be filed at %s today: see its page for where and since when."),
                text_shown(&arena, p->name), text_shown(&arena, cache_unit_name(app_cache(s->app), me->unit)));
        arena_clear(&arena);
        return false;
    }
    codec_copy(&shape_procedure, p, &s->arena, &s->procedure);
    s->unit = arena_copy(&s->arena, me->unit);
    return true;
}

bool intake_build(struct intake *s, struct app *app, const char *procedure, struct err *e)
{
    enum { PEOPLE = 2 * 9 + 2, REST = 8 };

    *s = (struct intake){.app = app};
    if (!find_procedure(s, procedure, e))
        return false;
    s->parts = arena_alloc(&s->arena,
                           (PEOPLE + REST + s->procedure.n_form + s->procedure.n_papers + s->procedure.n_fees) *
                               sizeof *s->parts);
    add_people(s);
    add_form(s);
    add_papers(s);
    add_fees(s);
    for (int tab = 0; tab < INTAKE_TABS; tab++) {
        s->at[tab] = s->n_parts;
        for (size_t i = s->n_parts; i-- > 0;)
            if (s->parts[i].tab == (enum intake_tab)tab && intake_is_seen(s, &s->parts[i]))
                s->at[tab] = i;
    }
    return true;
}

void intake_clear(struct intake *s)
{
    for (size_t i = 0; i < s->n_parts; i++)
        field_clear(&s->parts[i].text);
    for (int i = 0; i < 2; i++) {
        if (s->card[i])
            mem_wipe(s->card[i], strlen(s->card[i]));
        mem_free(&s->card[i]);
    }
    arena_clear(&s->arena);
    *s = (struct intake){0};
}

/* ── finding and walking ───────────────────────────────────────────────────────────────────────────────────────────── */

struct intake_part *intake_part(struct intake *s, const char *key)
{
    for (size_t i = 0; i < s->n_parts; i++)
        if (strcmp(s->parts[i].key, key) == 0)
            return &s->parts[i];
    return NULL;
}

const char *intake_text(struct intake *s, const char *key)
{
    const struct intake_part *p = intake_part(s, key);

    if (!p)
        return "";
    if (p->kind == INTAKE_CHOICE || p->kind == INTAKE_PAPER)
        return p->chosen < p->n ? p->choices[p->chosen].id : "";
    return field_text(&p->text);
}

struct intake_part *intake_focus(struct intake *s)
{
    return s->at[s->tab] < s->n_parts ? &s->parts[s->at[s->tab]] : NULL;
}

static bool ends_in(const char *key, const char *name)
{
    size_t n = strlen(key), m = strlen(name);

    return n >= m && strcmp(key + n - m, name) == 0;
}

/* What no request has a place for is there where a card had it. */
bool intake_is_seen(struct intake *s, const struct intake_part *p)
{
    if (p->owner && strcmp(intake_text(s, "whose"), "other") != 0)
        return false;
    if (ends_in(p->key, "old_number") || ends_in(p->key, "issued"))
        return p->card || *field_text(&p->text);
    if (p->fee)
        return !p->fee->channel || strcmp(p->fee->channel, intake_text(s, "channel")) == 0;
    if (strcmp(p->key, "receipt") == 0)
        return strcmp(intake_text(s, "payment"), "later") != 0;
    return true;
}

bool intake_step(struct intake *s, int by)
{
    for (size_t i = s->at[s->tab] + (size_t)by; i < s->n_parts; i += (size_t)by)
        if (s->parts[i].tab == s->tab && intake_is_seen(s, &s->parts[i])) {
            s->at[s->tab] = i;
            return true;
        }
    return false;
}

void intake_choose(struct intake_part *p, const char *id)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->choices[i].id, id) == 0)
            p->chosen = i;
}

size_t intake_fee_lines(struct intake *s, struct arena *arena, struct fee_line **out)
{
    struct fee_line *lines = arena_alloc(arena, (s->procedure.n_fees + 1) * sizeof *lines);
    size_t n = 0;

    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].fee && intake_is_seen(s, &s->parts[i]))
            lines[n++] = (struct fee_line){.item = s->parts[i].fee,
                                           .count = strtol(field_text(&s->parts[i].text), NULL, 10)};
    *out = lines;
    return n;
}

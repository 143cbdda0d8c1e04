/* intake_values: what stands in the parts of an intake: kept as a draft, had again, checked, made a request of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/intake_parts.h"

#include "core/entry.h"
#include "core/i18n.h"
#include "core/instant.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/form_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ── kept ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const card_keys[2] = {"card", "owner.card"};

static char *kept_text(struct arena *arena, const struct intake_part *p)
{
    switch (p->kind) {
    case INTAKE_CHOICE:
        return arena_copy(arena, p->chosen < p->n ? p->choices[p->chosen].id : "");
    case INTAKE_PAPER:
        return arena_format(arena, "%s %" PRId64 " %" PRId64 " %" PRId64, p->choices[p->chosen].id,
                            p->counts[0], p->counts[1], p->counts[2]);
    default:
        return arena_copy(arena, field_text(&p->text));
    }
}

json_t *intake_kept(struct intake *s)
{
    struct arena arena = {0};
    json_t *values = json_object();

    for (size_t i = 0; i < s->n_parts; i++) {
        char *text = kept_text(&arena, &s->parts[i]);
        if (*text)
            json_object_set_new(values, s->parts[i].key, json_string(text));
    }
    for (int i = 0; i < 2; i++)
        if (s->card[i])
            json_object_set_new(values, card_keys[i], json_string(s->card[i]));
    arena_clear(&arena);
    return json_pack("{ss si so}", "procedure", s->procedure.id, "tab", (int)s->tab, "values", values);
}

static void restore_paper(struct intake_part *p, const char *text)
{
    char state[20];
    int64_t counts[INTAKE_COUNTS];

    if (sscanf(text, "%19s %" SCNd64 " %" SCNd64 " %" SCNd64, state, &counts[0], &counts[1], &counts[2]) != 4)
        return;
    intake_choose(p, state);
    for (int i = 0; i < INTAKE_COUNTS; i++)
        p->counts[i] = counts[i] >= 0 && counts[i] < 100 ? counts[i] : 0;
}

static void restore_part(struct intake_part *p, const char *text)
{
    if (p->kind == INTAKE_PAPER)
        restore_paper(p, text);
    else if (p->kind == INTAKE_CHOICE)
        intake_choose(p, text);
    else
        field_set(&p->text, text);
}

void intake_restore(struct intake *s, const json_t *kept)
{
    const json_t *values = json_object_get(kept, "values");
    json_int_t tab = json_integer_value(json_object_get(kept, "tab"));

    for (int i = 0; i < 2; i++) { /* what was in doubt is still; what was typed over it comes behind */
        const char *burst = json_string_value(json_object_get(values, card_keys[i]));
        if (burst)
            intake_read_card(s, i == 1, burst);
    }
    for (size_t i = 0; i < s->n_parts; i++) {
        const char *text = json_string_value(json_object_get(values, s->parts[i].key));
        if (text)
            restore_part(&s->parts[i], text);
        else if (s->parts[i].kind == INTAKE_LINE || s->parts[i].kind == INTAKE_NOTE)
            field_clear(&s->parts[i].text);
    }
    if (tab >= 0 && tab < INTAKE_TABS)
        s->tab = (enum intake_tab)tab;
}

/* ── checked ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_blank(const char *text)
{
    return text[strspn(text, " \n")] == '\0';
}

static bool is_filled(const struct intake_part *p)
{
    if (p->kind == INTAKE_CHOICE)
        return p->chosen < p->n;
    return p->kind == INTAKE_PAPER || !is_blank(field_text(&p->text));
}

char *intake_missing(struct intake *s, struct arena *arena, struct intake_part **first)
{
    struct buf names = {0};

    *first = NULL;
    for (size_t i = 0; i < s->n_parts; i++) {
        struct intake_part *p = &s->parts[i];
        if (!p->must || is_filled(p) || !intake_is_seen(s, p))
            continue;
        *first = *first ? *first : p;
        buf_format(&names, "%s%s", names.len ? ", " : "", word_inside(arena, p->label));
    }
    char *out = arena_copy(arena, names.data ? names.data : "");
    buf_clear(&names);
    return out;
}

static bool is_organisation(struct intake *s, const struct intake_part *p)
{
    bool other = strcmp(intake_text(s, "whose"), "other") == 0;

    return p->tab == INTAKE_PERSON && p->owner == other && strcmp(intake_text(s, "kind"), "organisation") == 0;
}

/* The part of the same person: "birth_date" beside "id_number", "owner.birth_date" beside "owner.id_number". */
static const char *beside(struct intake *s, const struct intake_part *p, const char *name, struct arena *arena)
{
    return intake_text(s, arena_format(arena, "%s%s", p->owner ? "owner." : "", name));
}

static const char *id_note(struct intake *s, const struct intake_part *p, struct arena *arena, bool *odd)
{
    const char *text = field_text(&p->text), *sex = "";
    int32_t birth = DAY_NONE;
    struct id_number id;

    if (p->tab == INTAKE_PERSON) {
        if (!entry_day(beside(s, p, "birth_date", arena), &birth))
            birth = DAY_NONE;
        sex = beside(s, p, "sex", arena);
    }
    unsigned bits = id_number_check(text, birth, *sex ? sex : NULL);
    *odd = bits != 0;
    if (bits & ID_NOT_DIGITS)
        return _("not digits alone");
    if (bits & ID_LENGTH)
        return _("neither 12 nor 9 digits");
    if (bits & ID_YEAR)
        return _("another year of birth than is typed");
    if (bits & ID_SEX)
        return _("another sex than is chosen");
    if (!id_number_read(text, &id))
        return "";
    if (birth != DAY_NONE && *sex)
        return _("12 digits, year of birth and sex fit");
    return arena_format(arena, _("12 digits: born in %d, %s"), id.year, word_sex(id.sex));
}

const char *intake_note(struct intake *s, const struct intake_part *p, struct arena *arena, bool *odd)
{
    const char *text = field_text(&p->text);
    char phone[ENTRY_PHONE];
    int64_t n;
    int32_t day;

    *odd = false;
    if (is_blank(text) || p->kind != INTAKE_LINE || is_organisation(s, p))
        return "";
    switch (p->value) {
    case INTAKE_ID:
        return id_note(s, p, arena, odd);
    case INTAKE_DAY:
        *odd = !entry_day(text, &day);
        return *odd ? _("day/month/year") : "";
    case INTAKE_PHONE:
        *odd = !entry_phone(text, phone);
        return *odd ? _("no phone number of Vietnam") : "";
    case INTAKE_MONEY:
        *odd = !form_read_amount(text, &n);
        return *odd ? _("an amount in đồng, like 10.000") : "";
    case INTAKE_INTEGER:
        *odd = text[strspn(text, "0123456789")] != '\0';
        return *odd ? _("digits alone") : "";
    default:
        return "";
    }
}

int64_t intake_received_at(const struct intake *s)
{
    int64_t now = app_now(s->app) - 5; /* never ahead of the server, however the two clocks round */

    return now - (now % 60 + 60) % 60; /* the receipt says the minute */
}

int64_t intake_due_at(const struct intake *s)
{
    return calendar_due(cache_calendar(app_cache(s->app), s->unit), intake_received_at(s),
                        &s->procedure.time_limit);
}

/* ── the request ───────────────────────────────────────────────────────────────────────────────────────────────────── */

struct reading {
    struct intake *s;
    struct arena *arena;
    struct intake_part **wrong;
    struct err *e;
};

static const char *line(struct reading *r, const char *key)
{
    const char *text = intake_text(r->s, key);

    return is_blank(text) ? NULL : arena_copy(r->arena, text);
}

static bool read_day(struct reading *r, const char *key, int32_t *out)
{
    const char *text = intake_text(r->s, key);

    *out = DAY_NONE;
    if (is_blank(text) || entry_day(text, out))
        return true;
    *r->wrong = intake_part(r->s, key);
    return err_set(r->e, ERR_INPUT, _("%s is written day/month/year, like 03/09/1991. Correct it and press F9."),
                   (*r->wrong)->label);
}

static const char *phone(struct reading *r, const char *text)
{
    char number[ENTRY_PHONE];

    return text && entry_phone(text, number) ? arena_copy(r->arena, number) : text;
}

static bool read_person(struct reading *r, bool owner, bool organisation, struct applicant **out)
{
    const char *prefix = owner ? "owner." : "";
    struct applicant *a = arena_alloc(r->arena, sizeof *a);
    char *keys[] = {
        arena_format(r->arena, "%sname", prefix),       arena_format(r->arena, "%sid_number", prefix),
        arena_format(r->arena, "%sbirth_date", prefix), arena_format(r->arena, "%ssex", prefix),
        arena_format(r->arena, "%saddress", prefix),    arena_format(r->arena, "%sphone", prefix),
        arena_format(r->arena, "%semail", prefix)};

    codec_absent(&shape_applicant, a);
    a->kind = organisation ? "organisation" : "person";
    a->name = line(r, keys[0]);
    a->id_number = line(r, keys[1]);
    a->address = line(r, keys[4]);
    a->phone = phone(r, line(r, keys[5]));
    a->email = line(r, keys[6]);
    *out = a;
    if (organisation)
        return true;
    a->sex = line(r, keys[3]);
    return read_day(r, keys[2], &a->birth_date);
}

static bool read_value(struct reading *r, struct intake_part *p, json_t **out)
{
    const char *text = field_text(&p->text);
    char day[DAY_TEXT];
    int32_t date;
    int64_t n;

    if (p->kind == INTAKE_CHOICE) {
        const char *id = p->choices[p->chosen].id;
        *out = p->yes_no ? json_boolean(p->chosen == 0) : json_string(id);
        return true;
    }
    switch (p->value) {
    case INTAKE_DAY:
        if (!read_day(r, p->key, &date))
            return false;
        day_format(date, day);
        *out = json_string(day);
        return true;
    case INTAKE_MONEY:
    case INTAKE_INTEGER:
        n = p->value == INTAKE_INTEGER ? strtoll(text, NULL, 10) : 0;
        *r->wrong = p;
        if (p->value == INTAKE_MONEY ? !form_read_amount(text, &n) : text[strspn(text, "0123456789")] != '\0')
            return err_set(r->e, ERR_INPUT, _("%s is a number. Correct it and press F9."), p->label);
        *r->wrong = NULL;
        *out = json_integer(n);
        return true;
    case INTAKE_PHONE:
        *out = json_string(phone(r, text));
        return true;
    default:
        *out = json_string(text);
        return true;
    }
}

static bool read_form(struct reading *r, struct new_dossier *n)
{
    json_t *form = json_object();

    codec_keep(r->arena, form);
    for (size_t i = 0; i < r->s->n_parts; i++) {
        struct intake_part *p = &r->s->parts[i];
        json_t *value = NULL;
        if (strncmp(p->key, "form.", 5) != 0 || !is_filled(p))
            continue;
        if (!read_value(r, p, &value))
            return false;
        json_object_set_new(form, p->key + 5, value);
    }
    n->form = json_object_size(form) > 0 ? form : NULL;
    return true;
}

static void read_papers(struct reading *r, struct new_dossier *n)
{
    n->papers = arena_alloc(r->arena, (r->s->procedure.n_papers + 1) * sizeof *n->papers);
    for (size_t i = 0; i < r->s->n_parts; i++) {
        const struct intake_part *p = &r->s->parts[i];
        if (p->kind != INTAKE_PAPER)
            continue;
        struct paper *paper = &n->papers[n->n_papers];
        codec_absent(&shape_paper, paper);
        paper->id = p->key + strlen("paper.");
        paper->name = r->s->procedure.papers[n->n_papers++].name;
        paper->state = p->choices[p->chosen].id;
        paper->originals = p->counts[0];
        paper->certified_copies = p->counts[1];
        paper->photocopies = p->counts[2];
    }
}

static void read_fees(struct reading *r, struct new_dossier *n)
{
    const char *payment = intake_text(r->s, "payment");
    bool exempt = strcmp(intake_text(r->s, "exempt"), "yes") == 0, paid = strcmp(payment, "later") != 0;
    struct fee_line *lines;
    size_t n_lines = intake_fee_lines(r->s, r->arena, &lines);

    n->n_fees = fee_lines_fees(lines, n_lines, exempt, r->arena, &n->fees);
    for (size_t i = 0; paid && i < n->n_fees; i++) {
        n->fees[i].paid = n->fees[i].amount;
        n->fees[i].paid_at = n->received_at;
        n->fees[i].method = arena_copy(r->arena, payment);
        n->fees[i].receipt = line(r, "receipt");
    }
}

bool intake_request(struct intake *s, const char *ref, struct arena *arena, struct new_dossier *n,
                    struct intake_part **wrong, struct err *e)
{
    struct reading r = {.s = s, .arena = arena, .wrong = wrong, .e = e};
    bool other = strcmp(intake_text(s, "whose"), "other") == 0;
    bool organisation = strcmp(intake_text(s, "kind"), "organisation") == 0;
    struct applicant *files, *owner = NULL;

    *wrong = NULL;
    codec_absent(&shape_new_dossier, n);
    n->procedure = s->procedure.id;
    n->unit = s->unit;
    n->channel = arena_copy(arena, intake_text(s, "channel"));
    n->external_code = line(&r, "external_code");
    n->client_ref = ref;
    n->received_at = intake_received_at(s);
    n->sets = strtol(intake_text(s, "sets"), NULL, 10);
    n->sets = n->sets < 1 ? 1 : n->sets;
    if (!read_person(&r, false, organisation && !other, &files) ||
        (other && !read_person(&r, true, organisation, &owner)))
        return false;
    n->applicant = other ? owner : files;
    n->submitted_by = other ? files : NULL;
    if (!read_form(&r, n))
        return false;
    read_papers(&r, n);
    read_fees(&r, n);
    return true;
}

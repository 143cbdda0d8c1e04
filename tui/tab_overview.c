/* tab_overview: what the dossier is, where it stands, whose it is. It refuses to show numbers whole for longer than was asked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/procedure.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/row.h"
#include "tui/view_dossier.h"

#include <string.h>

#define COL   1
#define LABEL 14
#define VALUE (COL + LABEL)

struct overview {
    const struct dossier_view *v;
    const struct dossier *d;
    struct page *p;
    struct arena *arena;
    int32_t offset;
};

static void fact(struct overview *x, const char *label, const char *value)
{
    page_fact(x->p, COL, LABEL, label, value);
}

static const char *officer(struct overview *x, const char *id)
{
    return text_shown(x->arena, cache_officer_name(app_cache(x->v->app), id));
}

static const char *unit(struct overview *x, const char *id)
{
    const struct unit *u = id ? cache_unit(app_cache(x->v->app), id) : NULL;
    const char *name = text_shown(x->arena, cache_unit_name(app_cache(x->v->app), id));

    if (!u || !u->successor)
        return name;
    return arena_format(x->arena, _("%s (now %s)"), name,
                        text_shown(x->arena, cache_unit_name(app_cache(x->v->app), u->successor)));
}

/* Two facts beside each other where there is room, else below each other. `width`: of the second label. */
static void two_facts(struct overview *x, const char *label, const char *value, int col, int width,
                      const char *label2, const char *value2)
{
    if (VALUE + text_width(value) + 2 > col || col + width + text_width(value2) > x->p->cols) {
        fact(x, label, value);
        fact(x, label2, value2);
        return;
    }
    page_put(x->p, COL, LABEL, STYLE_WEAK, label);
    page_put(x->p, VALUE, -1, STYLE_TEXT, value);
    page_put(x->p, col, width, STYLE_WEAK, label2);
    page_put(x->p, col + width, -1, STYLE_TEXT, value2);
    page_next(x->p);
}

/* ── where it stands ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_procedure(struct overview *x)
{
    const struct procedure *p = x->v->shown.procedure;

    if (!p) {
        fact(x, C_("dossier", "Procedure"), text_shown(x->arena, x->d->procedure));
        return;
    }
    const char *field = text_shown(x->arena, p->field ? p->field : "");
    fact(x, C_("dossier", "Procedure"),
         arena_format(x->arena, _("%s %s  (%s, online service %s)"), text_shown(x->arena, p->code),
                      text_shown(x->arena, p->name), field,
                      text_shown(x->arena, dossier_level_short(p->service_level))));
    if (procedure_is_elsewhere(p))
        fact(x, "", _("decided elsewhere: here it is only helped along"));
    if (x->d->external_code)
        fact(x, C_("dossier", "Code there"), text_shown(x->arena, x->d->external_code));
}

/* Since when it stands there is said where it is not what the rows below say anyway. */
static void write_status(struct overview *x)
{
    const struct dossier *d = x->d;
    char *words = dossier_status_words(x->arena, d, false);
    bool today = d->step_since != INSTANT_NONE &&
                 instant_day(d->step_since, x->offset) == instant_day(app_now(x->v->app), x->offset);

    if (d->step_since != INSTANT_NONE && !today && d->step_since != d->submitted_at)
        words = arena_format(x->arena, _("%s, since %s"), words, word_when(x->arena, d->step_since, x->offset));
    fact(x, C_("dossier", "Status"), words);
}

static void write_wishes(struct overview *x)
{
    for (size_t i = 0; i < x->v->shown.n_wishes; i++) {
        const struct command *c = &x->v->shown.wishes[i];
        fact(x, i == 0 ? C_("dossier", "My work") : "",
             arena_format(x->arena, _("%s %s, at %s: %s"), sync_mark_text(command_mark(c)),
                          word_inside(x->arena, text_shown(x->arena, word_action(c->action).label)),
                          word_clock(x->arena, c->acted_at, x->offset), dossier_wish_state(c)));
    }
}

/* Under a sheet 5 is another thing's number, so the way to the reasons is not offered there. */
static void write_due(struct overview *x, const char *label, int64_t due, bool registered)
{
    struct time_left left = x->v->shown.left;
    const char *when = due == INSTANT_NONE ? "-" : word_when(x->arena, due, x->offset);
    const char *words = word_time_left(x->arena, left), *end = "";
    bool runs = left.kind == TIME_LEFT || left.kind == TIME_TODAY;
    int col = VALUE + 16 + (x->v->covered ? 3 : 2);

    const char *hint = arena_format(x->arena, "   %s", _("(press 5 to see why)"));
    if (x->v->covered)
        end = registered && runs ? _(" to decide") : "";
    else if (col + 4 + text_width(words) + text_width(hint) <= x->p->cols)
        end = hint;
    page_put(x->p, COL, LABEL, STYLE_WEAK, label);
    page_put(x->p, VALUE, 16, STYLE_TEXT, when);
    page_put(x->p, col, 2, row_time_style(left.kind), word_time_mark(left));
    page_put(x->p, col + 4, -1, row_time_style(left.kind), words);
    page_put(x->p, col + 4 + text_width(words), -1, STYLE_TEXT, end);
    page_next(x->p);
}

/* What the system would set: as the officer's waiting wish makes it, else as if it were received now. */
static int64_t estimated_due(struct overview *x)
{
    const struct dossier_shown *s = &x->v->shown;

    if (s->after.received_at != INSTANT_NONE)
        return s->after.due_at;
    return s->procedure ? calendar_due(s->calendar, app_now(x->v->app), &s->procedure->time_limit) : INSTANT_NONE;
}

static void write_dues(struct overview *x)
{
    if (status_of(x->d->status) != STATUS_REGISTERED) {
        write_due(x, C_("dossier", "Due"), x->d->due_at, false);
        return;
    }
    int64_t due = estimated_due(x);
    write_due(x, C_("dossier", "Decide by"), x->d->decide_by, true);
    fact(x, C_("dossier", "Due"),
         due == INSTANT_NONE
             ? _("set by the system when it is received")
             : arena_format(x->arena, _("set by the system when it is received; estimated here %s"),
                            word_when(x->arena, due, x->offset)));
}

static void write_decisions(struct overview *x)
{
    const struct proposal *p = x->d->proposal;
    const struct decision *d = x->d->decision;
    const struct dossier *whole = x->d;

    if (p && !d)
        fact(x, C_("dossier", "Proposal"),
             arena_format(x->arena, _("%s, by %s %s%s%s"), text_shown(x->arena, word_outcome(p->outcome)),
                          officer(x, p->by), word_when(x->arena, p->at, x->offset), p->note ? ": " : "",
                          text_shown(x->arena, p->note)));
    if (d)
        fact(x, C_("dossier", "Decision"),
             arena_format(x->arena, _("%s, by %s %s%s%s"), text_shown(x->arena, word_outcome(d->outcome)),
                          officer(x, d->by), word_when(x->arena, d->at, x->offset),
                          d->number ? C_("decision", ", number ") : "", text_shown(x->arena, d->number)));
    if (d && d->on_behalf_of)
        fact(x, "", arena_format(x->arena, _("on behalf of %s"), officer(x, d->on_behalf_of)));
    if (whole->returned_at != INSTANT_NONE)
        fact(x, C_("dossier", "Returned"),
             arena_format(x->arena, _("%s, taken by %s"), word_when(x->arena, whole->returned_at, x->offset),
                          text_shown(x->arena, whole->returned_to)));
}

/* ── whose it is ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_person(struct overview *x, const char *label, const struct applicant *a)
{
    bool whole = x->v->reveal_until != 0;
    const char *id = a->id_number ? dossier_number(x->arena, a->id_number, whole) : "-";
    const char *phone = a->phone ? dossier_number(x->arena, a->phone, whole) : "-";

    fact(x, label, dossier_person_words(x->arena, a));
    two_facts(x, C_("dossier", "Identity no."), id, 32, 12, C_("dossier", "Phone"), phone);
    if (a->address)
        fact(x, C_("dossier", "Address"), text_shown(x->arena, a->address));
    if (a->email)
        fact(x, C_("dossier", "E-mail"), text_shown(x->arena, a->email));
}

static void write_people(struct overview *x)
{
    write_person(x, C_("dossier", "Applicant"), x->d->applicant);
    if (x->d->submitted_by)
        write_person(x, C_("dossier", "Filed by"), x->d->submitted_by);
    else
        fact(x, C_("dossier", "Filed for"), C_("filed for somebody else", "(no)"));
}

static void write_places(struct overview *x)
{
    const char *here = unit(x, x->d->unit);
    const char *competent = x->d->handled_by_unit ? unit(x, x->d->handled_by_unit) : here;

    two_facts(x, C_("dossier", "Taken in at"), here, 40, 16, C_("dossier", "Decided at"), competent);
    if (x->d->supported_by_unit)
        fact(x, C_("dossier", "Helped at"), unit(x, x->d->supported_by_unit));
    fact(x, C_("dossier", "Papers"),
         arena_format(x->arena, _("%s (press 2)"), dossier_paper_words(x->arena, x->d)));
    fact(x, C_("dossier", "Fees"), dossier_fee_words(x->arena, x->d, x->v->shown.procedure));
}

/* ── what is asked ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct form_field *field_of(const struct procedure *p, const char *id)
{
    for (size_t i = 0; p && i < p->n_form; i++)
        if (strcmp(p->form[i].id, id) == 0)
            return &p->form[i];
    return NULL;
}

static const char *value_of(struct overview *x, const struct form_field *field, const json_t *value)
{
    const char *type = field && field->type ? field->type : "", *text = json_string_value(value);
    int32_t day;

    if (json_is_boolean(value))
        return json_is_true(value) ? C_("in a form", "yes") : C_("in a form", "no");
    if (json_is_integer(value) && strcmp(type, "money") == 0)
        return text_money(x->arena, json_integer_value(value));
    if (json_is_integer(value))
        return arena_format(x->arena, "%lld", (long long)json_integer_value(value));
    if (text && strcmp(type, "date") == 0 && day_parse(text, &day))
        return word_day(x->arena, day);
    return text ? text_shown(x->arena, text) : "-";
}

static void write_form(struct overview *x)
{
    const char *id;
    json_t *value;

    if (json_object_size(x->d->form) == 0)
        return;
    page_next(x->p);
    page_put(x->p, COL, -1, STYLE_TITLE, C_("dossier", "What is asked"));
    page_next(x->p);
    json_object_foreach(x->d->form, id, value)
    {
        const struct form_field *field = field_of(x->v->shown.procedure, id);
        const char *label = text_shown(x->arena, field && field->label ? field->label : id);
        page_put(x->p, COL + 2, 30, STYLE_WEAK, text_cut(x->arena, label, 29));
        page_text(x->p, COL + 32, STYLE_TEXT, value_of(x, field, value));
    }
}

static const char *kept_words(struct overview *x)
{
    int64_t at = app_line(x->v->app)->data_at;

    if (at == INSTANT_NONE)
        at = cache_data_at(app_cache(x->v->app));
    switch (x->v->source) {
    case FOUND:
        return _("only shown, not kept here");
    case GONE:
        return arena_format(x->arena, _("version %lld; the server does not give it to this machine any more"),
                            (long long)x->d->version);
    default:
        return arena_format(x->arena, _("version %lld, taken at %s"), (long long)x->d->version,
                            word_clock(x->arena, at, x->offset));
    }
}

static void write(const struct dossier_view *v, struct page *p)
{
    struct overview x = {.v = v, .d = &v->shown.d, .p = p, .arena = &p->arena, .offset = app_offset(v->app)};
    const struct dossier *d = x.d;

    page_next(p);
    write_procedure(&x);
    write_status(&x);
    write_wishes(&x);
    write_dues(&x);
    fact(&x, C_("dossier", "Channel"),
         arena_format(x.arena, _("%s, filed %s"), text_shown(x.arena, word_channel(d->channel)),
                      word_when(x.arena, d->submitted_at, x.offset)));
    fact(&x, C_("dossier", "Held by"), d->assignee ? officer(&x, d->assignee) : C_("dossier", "nobody yet"));
    write_decisions(&x);
    page_next(p);
    write_people(&x);
    page_next(p);
    write_places(&x);
    page_next(p);
    fact(&x, C_("dossier", "On this machine"), kept_words(&x));
    if (d->assisted_by)
        fact(&x, C_("dossier", "Helped by"), officer(&x, d->assisted_by));
    write_form(&x);
}

static const enum command_id footer[] = {CMD_ACT,       CMD_UNDO,      CMD_REVEAL, CMD_PRINT,
                                         CMD_NEXT_ITEM, CMD_PREV_ITEM, CMD_NONE};

const struct dossier_tab tab_overview = {.label = NC_("tab", "Overview"), .write = write, .footer = footer};

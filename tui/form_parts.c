/* form_parts: which parts the form of an action has, and what stands in them before anybody has typed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/form_parts.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* screens.md section 5, "the form asks"; what is not here has no form. `may` is shown and can be left empty. */
static const struct form_asks asks[ACTION_COUNT] = {
    [ACTION_DECLINE] = {NEED_NOTE, 0},
    [ACTION_ASSIGN] = {NEED_ASSIGNEE, NEED_NOTE},
    [ACTION_REQUEST_SUPPLEMENT] = {NEED_PAPERS | NEED_NOTE, 0},
    [ACTION_SUPPLEMENT] = {NEED_PAPERS, NEED_NOTE},
    [ACTION_REQUEST_PAYMENT] = {NEED_AMOUNT, NEED_NOTE},
    [ACTION_CONFIRM_PAYMENT] = {NEED_AMOUNT | NEED_METHOD, NEED_NUMBER},
    [ACTION_PROPOSE] = {NEED_OUTCOME, NEED_RESULT | NEED_NOTE},
    [ACTION_REWORK] = {NEED_NOTE, 0},
    [ACTION_EXTEND] = {NEED_NEW_DUE_AT | NEED_NOTE, 0},
    [ACTION_REQUEST_WITHDRAWAL] = {NEED_NOTE, 0},
    [ACTION_STOP] = {NEED_NOTE, 0},
    [ACTION_ISSUE] = {NEED_NUMBER, NEED_RESULT},
    [ACTION_RETURN_RESULT] = {NEED_RETURNED_TO, 0},
    [ACTION_COMMENT] = {NEED_NOTE, 0},
};
/* As they stand on the screen. */
static const enum need order[] = {NEED_OUTCOME,     NEED_RESULT,     NEED_PAPERS, NEED_ASSIGNEE,
                                  NEED_AMOUNT,      NEED_METHOD,     NEED_NUMBER, NEED_UNTIL,
                                  NEED_RETURNED_TO, NEED_NEW_DUE_AT, NEED_NOTE};

struct form_asks form_asks(const char *action, unsigned needs)
{
    struct form_asks a = asks[action_of(action)];

    a.must |= needs & ~(unsigned)NEED_SIGNATURE;
    a.may &= ~a.must;
    return a;
}

static const char *need_name(const char *action, enum need need)
{
    const char *note = need == NEED_NOTE ? word_action(action).note : NULL;

    return note ? note : word_need(need);
}

static char *names_of(struct arena *arena, const char *action, unsigned needs)
{
    struct buf names = {0};

    for (size_t i = 0; i < COUNT(order); i++)
        if (needs & order[i])
            buf_format(&names, "%s%s", names.len ? ", " : "", need_name(action, order[i]));
    char *out = arena_copy(arena, names.data ? names.data : "");
    buf_clear(&names);
    return out;
}

char *form_asks_words(struct arena *arena, const char *action, unsigned needs)
{
    return names_of(arena, action, form_asks(action, needs).must);
}

char *form_names(struct arena *arena, const struct form *f, unsigned needs)
{
    return names_of(arena, f->action, needs);
}

bool form_fits_many(const char *action, unsigned needs)
{
    const struct action_rule *rule = workflow_rule(action_of(action));

    return rule && !rule->online_only && !(needs & NEED_SIGNATURE) &&
           !(form_asks(action, needs).must & ~(unsigned)(NEED_NOTE | NEED_ASSIGNEE));
}

/* ── building ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct building {
    struct form *f;
    struct app *app;
    const struct dossier *d;
    enum action action;
};

static const char *note_label(enum action action, bool must)
{
    switch (action) {
    case ACTION_COMMENT:
    case ACTION_REQUEST_WITHDRAWAL:
        return C_("field", "Content");
    case ACTION_PROPOSE:
        return C_("field", "Opinion");
    case ACTION_REQUEST_PAYMENT:
        return C_("field", "Name of the fee");
    default:
        return must ? C_("field", "Reason") : C_("field", "Note");
    }
}

static struct form_choice *room(struct building *b, struct form_part *p, size_t n)
{
    p->choices = arena_alloc(&b->f->arena, (n ? n : 1) * sizeof *p->choices);
    return p->choices;
}

static void build_outcome(struct building *b, struct form_part *p)
{
    struct form_choice *c = room(b, p, 2);

    p->kind = PART_CHOICE;
    p->label = C_("field", "Proposal");
    c[p->n++] = (struct form_choice){.id = "grant", .label = C_("proposal", "Grant"), .beside = ""};
    c[p->n++] = (struct form_choice){.id = "refuse", .label = C_("proposal", "Refuse"), .beside = ""};
}

static void build_method(struct building *b, struct form_part *p)
{
    static const char *const methods[] = {"cash", "transfer", "card", "online"};
    struct form_choice *c = room(b, p, COUNT(methods));

    p->kind = PART_CHOICE;
    p->label = C_("field", "Paid by");
    for (; p->n < COUNT(methods); p->n++)
        c[p->n] = (struct form_choice){
            .id = methods[p->n], .label = word_method(methods[p->n]), .beside = "", .ticked = p->n == 0};
}

/* One draft is chosen already; of several one has to be chosen, or none of them. */
static void build_result(struct building *b, struct form_part *p)
{
    struct form_choice *c = room(b, p, b->d->n_attachments + 1);

    p->kind = PART_CHOICE;
    p->label = C_("field", "Result");
    for (size_t i = 0; i < b->d->n_attachments; i++) {
        const struct attachment *a = &b->d->attachments[i];
        if (a->complete && a->role && strcmp(a->role, "result") == 0)
            c[p->n++] = (struct form_choice){.id = arena_copy(&b->f->arena, a->id),
                                             .label = text_shown(&b->f->arena, a->name),
                                             .beside = ""};
    }
    if (p->n == 0 && p->must)
        p->hint = _("the dossier has no file of a result yet");
    if (p->n == 1)
        c[0].ticked = true;
    if (p->n > 0 && !p->must) {
        p->must = p->n > 1;
        c[p->n++] = (struct form_choice){.id = "", .label = _("without a file"), .beside = ""};
    }
}

static bool is_listed(const struct texts *ids, const char *id)
{
    for (size_t i = 0; i < ids->n; i++)
        if (strcmp(ids->items[i], id) == 0)
            return true;
    return false;
}

static bool has_paper(const struct dossier *d, const char *id)
{
    for (size_t i = 0; i < d->n_papers; i++)
        if (strcmp(d->papers[i].id, id) == 0)
            return true;
    return false;
}

static void add_paper(struct building *b, struct form_part *p, const char *id, const char *name,
                      const char *beside, bool ticked)
{
    struct arena *arena = &b->f->arena;

    p->choices[p->n++] = (struct form_choice){.id = arena_copy(arena, id),
                                              .label = text_shown(arena, name),
                                              .beside = text_shown(arena, beside),
                                              .ticked = ticked};
}

/* To be asked for: what is missing is ticked. To be taken in: what was asked for, else what is missing. */
static void build_papers(struct building *b, struct form_part *p)
{
    const struct dossier *d = b->d;
    const struct procedure *book = cache_procedure(app_cache(b->app), d->procedure);
    const struct texts none = {0}, *asked = d->n_supplements > 0 && b->action == ACTION_SUPPLEMENT
                                                ? &d->supplements[d->n_supplements - 1].papers
                                                : &none;

    p->kind = PART_TICKS;
    p->other = b->action != ACTION_SUPPLEMENT;
    p->label = p->other ? _("Papers to be supplemented (Space to tick)") : _("Papers that came (Space to tick)");
    room(b, p, d->n_papers + (book ? book->n_papers : 0));
    for (size_t i = 0; i < d->n_papers; i++)
        add_paper(b, p, d->papers[i].id, d->papers[i].name, word_paper_state(d->papers[i].state),
                  asked->n > 0 ? is_listed(asked, d->papers[i].id) : strcmp(d->papers[i].state, "missing") == 0);
    for (size_t i = 0; book && i < book->n_papers; i++)
        if (!has_paper(d, book->papers[i].id))
            add_paper(b, p, book->papers[i].id, book->papers[i].name, C_("dossier", "not listed"),
                      is_listed(asked, book->papers[i].id));
    if (p->n == 0 && !p->other)
        p->must = false;
}

static bool is_there(struct building *b, const struct officer *o)
{
    const char *const units[] = {b->d->unit, b->d->handled_by_unit, b->d->supported_by_unit};

    for (size_t i = 0; o->unit && i < COUNT(units); i++) {
        const struct unit *u = units[i] ? cache_unit(app_cache(b->app), units[i]) : NULL;
        if (units[i] && strcmp(units[i], o->unit) == 0)
            return true;
        if (u && u->successor && strcmp(u->successor, o->unit) == 0)
            return true;
    }
    return false;
}

static int by_name(const void *a, const void *b)
{
    struct buf x = {0}, y = {0};

    text_name_key(((const struct form_choice *)a)->label, &x);
    text_name_key(((const struct form_choice *)b)->label, &y);
    int way = strcmp(x.data ? x.data : "", y.data ? y.data : "");
    buf_clear(&x);
    buf_clear(&y);
    return way;
}

/* Specialists of the dossier's units (contract, `assign`). */
static void build_assignee(struct building *b, struct form_part *p)
{
    const struct officer *const *all;
    size_t n = cache_officers(app_cache(b->app), &all);
    struct arena *arena = &b->f->arena;

    p->kind = PART_PERSON;
    p->label = C_("field", "Who works on it");
    p->hint = _("type to find, Space or Enter to choose");
    room(b, p, n);
    for (size_t i = 0; i < n; i++) {
        if (!(officer_roles(all[i]) & ROLE_BIT(ROLE_SPECIALIST)) || !is_there(b, all[i]))
            continue;
        bool now = b->d->assignee && strcmp(b->d->assignee, all[i]->id) == 0;
        p->choices[p->n++] =
            (struct form_choice){.id = arena_copy(arena, all[i]->id),
                                 .label = text_shown(arena, all[i]->name),
                                 .beside = now ? _("has it now") : text_shown(arena, all[i]->title)};
    }
    qsort(p->choices, p->n, sizeof *p->choices, by_name);
}

static void build_line(struct building *b, struct form_part *p)
{
    const struct dossier *d = b->d;
    struct arena *arena = &b->f->arena;

    p->kind = PART_LINE;
    p->text.max = p->need == NEED_RETURNED_TO ? 200 : p->need == NEED_NUMBER ? 64 : 20;
    switch (p->need) {
    case NEED_AMOUNT:
        p->label = C_("field", "Amount");
        p->hint = _("đồng");
        if (b->action != ACTION_CONFIRM_PAYMENT)
            break;
        p->hint = arena_format(arena, _("all that is unpaid: %s"), text_money(arena, dossier_unpaid(d)));
        field_set(&p->text, arena_format(arena, "%lld", (long long)dossier_unpaid(d)));
        break;
    case NEED_NUMBER:
        p->label = b->action == ACTION_CONFIRM_PAYMENT ? C_("field", "Receipt number") : C_("field", "Number");
        break;
    case NEED_UNTIL:
        p->label = C_("field", "Until");
        p->hint = _("day/month/year");
        break;
    case NEED_NEW_DUE_AT:
        p->label = C_("field", "New due time");
        p->hint = _("day/month/year hour:minute");
        break;
    default:
        p->label = C_("field", "Taken by");
        field_set(&p->text, d->applicant->name);
    }
}

static void add_part(struct building *b, enum need need, bool must)
{
    struct form_part *p = &b->f->parts[b->f->n_parts];

    *p = (struct form_part){.need = need, .must = must, .hint = ""};
    switch (need) {
    case NEED_OUTCOME:
        build_outcome(b, p);
        break;
    case NEED_METHOD:
        build_method(b, p);
        break;
    case NEED_RESULT:
        build_result(b, p);
        break;
    case NEED_PAPERS:
        build_papers(b, p);
        break;
    case NEED_ASSIGNEE:
        build_assignee(b, p);
        break;
    case NEED_NOTE:
        p->kind = PART_NOTE;
        p->label = note_label(b->action, must);
        p->text.lines = true;
        p->text.max = 4000;
        break;
    default:
        build_line(b, p);
    }
    for (size_t i = 0; i < p->n; i++)
        if (p->choices[i].ticked) {
            p->focus = i;
            break;
        }
    if (p->kind == PART_CHOICE && p->n == 0 && !p->must)
        return; /* nothing to choose from and nothing needed */
    b->f->n_parts++;
}

void form_build(struct form *f, struct app *app, const char *action, unsigned needs, const struct dossier *d)
{
    struct form_asks wanted = form_asks(action, needs);

    *f = (struct form){0};
    f->action = arena_copy(&f->arena, action);
    struct building b = {.f = f, .app = app, .d = d, .action = action_of(action)};
    for (size_t i = 0; i < COUNT(order) && f->n_parts < FORM_PARTS; i++)
        if ((wanted.must | wanted.may) & order[i])
            add_part(&b, order[i], (wanted.must & order[i]) != 0);
}

void form_clear(struct form *f)
{
    for (size_t i = 0; i < f->n_parts; i++)
        field_clear(&f->parts[i].text);
    arena_clear(&f->arena);
    *f = (struct form){0};
}

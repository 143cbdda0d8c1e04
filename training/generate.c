/* generate: plans, sorted by time, into dossiers with papers, scans, fees and a history, and these into the store.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/generate.h"
#include "training/loader.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define SCAN_PAGES 4

struct order { /* by submission */
    int64_t submitted_at, plan;
};
struct generator {
    struct arena arena; /* as long as it generates */
    struct planner planner;
    struct people *people;
    const json_t *generate;
    const struct directory *directory;
    struct cast **casts;       /* by unit and, 0 none, handling unit + 1 */
    int64_t *numbers;          /* of results, by unit, LIFE_YEARS each */
    struct attachment **scans; /* by procedure of the directory: by paper and pages; NULL: not made yet */
    int first_year;
};

/* ── who works there ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void add_role(struct generator *g, struct cast *cast, enum role role, const struct places *places, bool own)
{
    const struct directory *d = g->directory;

    if (cast->n[role] > 0)
        return;
    cast->of[role] = arena_alloc(&g->arena, (d->n_officers + 1) * sizeof *cast->of[role]);
    for (size_t i = 0; i < d->n_officers; i++) {
        bool at_home = d->homes[i] >= 0 && d->own[(size_t)d->homes[i] * d->n_units + (size_t)places->unit];
        if (directory_roles(d, &d->officers[i], places) & ROLE_BIT(role) && (at_home || !own))
            cast->of[role][cast->n[role]++] = d->officers[i].id;
    }
}

/* The competent unit's own people first, then those of the unit that took it in, then those above. */
static struct cast *cast_of(struct generator *g, int unit, int handled)
{
    size_t n = g->directory->n_units, slot = (size_t)unit * (n + 1) + (size_t)(handled + 1);
    struct places here = {unit, -1, -1}, there = {handled, -1, -1};

    if (g->casts[slot])
        return g->casts[slot];
    struct cast *cast = arena_alloc(&g->arena, sizeof *cast);
    add_role(g, cast, ROLE_COUNTER, &here, true);
    for (enum role role = ROLE_SPECIALIST; role <= ROLE_CLERK; role++) {
        if (handled >= 0)
            add_role(g, cast, role, &there, true);
        add_role(g, cast, role, &here, true);
        add_role(g, cast, role, &here, false);
    }
    g->casts[slot] = cast;
    return cast;
}

/* ── what is handed in ───────────────────────────────────────────────────────────────────────────────────────────── */

static char *file_name(struct arena *arena, const char *paper)
{
    struct buf folded = {0}, out = {0};

    text_fold(paper, strlen(paper), &folded);
    for (size_t i = 0; i < folded.len && out.len < 40; i++) {
        char c = folded.data[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_char(&out, c);
        else if (out.len > 0 && out.data[out.len - 1] != '-')
            buf_char(&out, '-');
    }
    char *name = arena_format(arena, "%s.pdf", out.data ? out.data : "giay-to");
    buf_clear(&folded);
    buf_clear(&out);
    return name;
}

/* The same paper with as many pages is the same file. */
static struct attachment scan_of(struct generator *g, const struct procedure *p, size_t paper, int64_t pages)
{
    struct attachment **all = &g->scans[p - g->directory->procedures];

    if (!*all)
        *all = arena_alloc(&g->arena, p->n_papers * SCAN_PAGES * sizeof **all);
    struct attachment *scan = &(*all)[paper * SCAN_PAGES + (size_t)pages - 1];
    if (!scan->sha256)
        *scan = load_file(&g->arena, NULL, file_name(&g->arena, p->papers[paper].name), "scan", pages,
                          p->papers[paper].id);
    return *scan;
}

static void hand_in(struct generator *g, struct life *l)
{
    const struct procedure *p = l->procedure;
    struct dossier *d = &l->d;
    double missing = json_number_value(json_object_get(g->generate, "missing"));
    double scans = json_number_value(json_object_get(g->generate, "scans"));

    d->papers = arena_alloc(l->arena, (p->n_papers + 1) * sizeof *d->papers);
    d->attachments = arena_alloc(l->arena, (p->n_papers + 1) * sizeof *d->attachments);
    for (size_t i = 0; i < p->n_papers; i++) {
        const struct required_paper *r = &p->papers[i];
        bool named = r->required || chance_percent(&l->chance, missing + 15);
        if (!named)
            continue;
        struct paper *paper = &d->papers[d->n_papers++];
        *paper = (struct paper){.id = r->id, .name = r->name, .state = "handed_in"};
        if (!r->required)
            paper->state = chance_percent(&l->chance, missing) ? "missing"
                           : chance_percent(&l->chance, 50)    ? "looked_up"
                                                               : "reused";
        if (strcmp(paper->state, "handed_in") != 0)
            continue;
        paper->originals = r->originals;
        paper->certified_copies = r->certified_copies;
        paper->photocopies = r->photocopies;
        if (!chance_percent(&l->chance, scans))
            continue;
        struct attachment *scan = &d->attachments[d->n_attachments++];
        *scan = scan_of(g, p, i, chance_between(&l->chance, 1, SCAN_PAGES));
        scan->id = paper->attachment = arena_format(l->arena, "%s-%zu", d->id, d->n_attachments);
    }
}

/* Taken at the counter, where somebody stands before it. */
static void take_fees(struct life *l)
{
    const struct procedure *p = l->procedure;
    struct dossier *d = &l->d;
    bool unpaid = chance_percent(&l->chance, 8);

    d->fees = arena_alloc(l->arena, (p->n_fees + 1) * sizeof *d->fees);
    for (size_t i = 0; i < p->n_fees; i++) {
        const struct fee_item *f = &p->fees[i];
        if (f->amount == 0 || (f->channel && strcmp(f->channel, d->channel) != 0) || strstr(f->name, "quá hạn"))
            continue;
        int64_t times = f->per && strcmp(f->per, "dossier") != 0 ? chance_between(&l->chance, 1, 5) : 1;
        struct fee *fee = &d->fees[d->n_fees++];
        *fee = (struct fee){.name = f->name, .amount = f->amount * times, .paid_at = INSTANT_NONE};
        if (unpaid)
            continue;
        fee->paid = fee->amount;
        fee->paid_at = d->submitted_at;
        fee->method = chance_percent(&l->chance, 70) ? "cash" : "card";
    }
}

/* ── one dossier ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void who_files(struct generator *g, struct life *l, const struct plan *plan)
{
    const json_t *how = json_array_get(json_object_get(g->generate, "procedures"), plan->procedure);
    double organisation = json_number_value(json_object_get(how, "organisation"));
    double for_another = json_number_value(json_object_get(g->generate, "submitted_by"));
    bool organised = chance_percent(&l->chance, organisation);

    l->d.applicant =
        (organised ? people_organisation : people_person)(g->people, &l->chance, l->d.unit, l->arena);
    if (chance_percent(&l->chance, for_another))
        l->d.submitted_by = people_person(g->people, &l->chance, l->d.unit, l->arena);
}

/* As createDossier or the applicant's own filing makes it. */
static void begin(struct generator *g, struct central *central, struct life *l, const struct plan *plan,
                  int64_t number)
{
    const json_t *how = json_array_get(json_object_get(g->generate, "procedures"), plan->procedure);
    struct dossier *d = &l->d;
    bool himself = strcmp(plan->channel, "online") == 0 && !plan->assisted;

    codec_absent(&shape_dossier, d);
    d->id = arena_format(l->arena, "hs-%06lld", (long long)number);
    d->procedure = l->procedure->id;
    d->channel = plan->channel;
    d->unit = g->planner.unit[plan->unit]->id;
    d->handled_by_unit = json_string_value(json_object_get(how, "handled_by"));
    d->submitted_at = d->step_since = plan->submitted_at;
    d->code = scenario_code(central->scenario, central->store, l->arena, d->unit, d->submitted_at);
    d->status = status_text(himself ? STATUS_REGISTERED : STATUS_RECEIVED);
    d->step = step_text(STEP_INTAKE);
    who_files(g, l, plan);
    d->form = people_form(g->people, &l->chance, l->procedure,
                          instant_day(d->submitted_at, CENTRAL_ZONE_OFFSET), l->arena);
    hand_in(g, l);
    struct places places = directory_places(g->directory, d);
    l->cast = cast_of(g, places.unit, places.handled);
    if (himself) {
        d->decide_by = calendar_decide_by(&l->calendar, d->submitted_at);
        life_create(l, NULL);
        return;
    }
    d->received_at = d->submitted_at;
    d->due_at = calendar_due(&l->calendar, d->received_at, &l->procedure->time_limit);
    take_fees(l);
    const char *counter =
        l->cast->n[ROLE_COUNTER]
            ? l->cast->of[ROLE_COUNTER][chance_below(&l->chance, (int64_t)l->cast->n[ROLE_COUNTER])]
            : NULL;
    d->assisted_by = plan->assisted ? counter : NULL;
    life_create(l, counter);
}

static void make(struct generator *g, struct central *central, int64_t plan_number, int64_t number,
                 struct arena *arena)
{
    struct plan plan;

    planner_plan(&g->planner, plan_number, &plan);
    const struct unit *unit = g->planner.unit[plan.unit];
    struct life life = {
        .chance = plan.chance,
        .arena = arena,
        .generate = g->generate,
        .directory = g->directory,
        .procedure = g->planner.procedure[plan.procedure],
        .calendar = directory_calendar(g->directory, unit->id),
        .now = g->planner.now,
        .receive_at = plan.receive_at,
        .numbers = g->numbers + LIFE_YEARS * (size_t)(unit - g->directory->units),
        .first_year = g->first_year,
    };
    begin(g, central, &life, &plan, number);
    if (life.cast->n[ROLE_SPECIALIST] == 0 || life.cast->n[ROLE_SUPERVISOR] == 0)
        plan.fate = plan.fate == FATE_REGISTERED ? plan.fate
                                                 : FATE_RECEIVED; /* nobody there who could go on with it */
    life_live(&life, plan.fate, plan.end);
    load_dossier(central, &life.d, life.events, life.n, life.owes);
}

/* ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static int by_time(const void *a, const void *b)
{
    const struct order *x = a, *y = b;

    if (x->submitted_at != y->submitted_at)
        return x->submitted_at < y->submitted_at ? -1 : 1;
    return x->plan < y->plan ? -1 : x->plan > y->plan;
}

static struct order *in_order(const struct planner *planner)
{
    struct order *all = mem_grow(NULL, (size_t)planner->n, sizeof *all);

    for (int64_t i = 0; i < planner->n; i++) {
        struct plan plan;
        planner_plan(planner, i, &plan);
        all[i] = (struct order){plan.submitted_at, i};
    }
    qsort(all, (size_t)planner->n, sizeof *all, by_time);
    return all;
}

bool generate(struct central *central, uint64_t seed, int64_t n, struct err *e)
{
    struct generator g = {.generate = scenario_member(central->scenario, "generate"),
                          .directory = central->directory};
    struct arena arena = {0};
    size_t units = central->directory->n_units;
    bool ok = true;

    if (!g.generate || n == 0)
        return true;
    if (planner_new(g.generate, g.directory, seed, n, central->start, &g.arena, &g.planner, e)) {
        struct order *order = in_order(&g.planner);
        g.people = people_new(g.generate, &g.arena);
        g.casts = arena_alloc(&g.arena, units * (units + 1) * sizeof(struct cast *));
        g.numbers = arena_alloc(&g.arena, units * LIFE_YEARS * sizeof *g.numbers);
        g.scans = arena_alloc(&g.arena, (g.directory->n_procedures + 1) * sizeof(struct attachment *));
        g.first_year = day_civil(g.planner.from).year;
        for (int64_t i = 0; i < n; i++) {
            make(&g, central, order[i].plan, i + 1, &arena);
            arena_reset(&arena);
        }
        store_set_number(central->store, "dossiers", n);
        free(order);
    } else {
        ok = false;
    }
    arena_clear(&arena);
    arena_clear(&g.arena);
    return ok;
}

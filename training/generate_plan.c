/* generate_plan: what is to be: which dossiers are open and how they stand to their due time, who takes them in, on which day and
 * channel. A plan follows from the seed and its number alone, so that plans can be sorted by time and made again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/procedure.h"
#include "training/generate.h"

#include <string.h>

#define DAY   86400
#define TRIES 64

static const char *const open_states[] = {
    "registered",          "received",         "assessment",           "approval", "issuing",
    "awaiting_supplement", "awaiting_payment", "withdrawal_requested", "completed"};
static const char *const closed_states[] = {"returned", "declined", "stopped"};
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const json_t *get(const struct planner *p, const char *object, const char *member)
{
    return json_object_get(json_object_get(p->generate, object), member);
}

static double percent(const struct planner *p, const char *object, const char *member)
{
    return json_number_value(get(p, object, member));
}

static const char *text_of(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

static bool read_units(struct planner *p, struct arena *arena, struct err *e)
{
    const json_t *list = json_object_get(p->generate, "units");
    json_t *item;
    size_t i;

    p->unit = arena_alloc(arena, (json_array_size(list) + 1) * sizeof(struct unit *));
    json_array_foreach(list, i, item)
    {
        int unit = directory_unit(p->directory, text_of(item, "unit"));
        if (unit < 0)
            return err_set(e, ERR_CONFIG, "scenario: generate.units names a unit that is not there");
        p->unit[i] = &p->directory->units[unit];
        wheel_add(&p->units, arena, json_integer_value(json_object_get(item, "weight")));
    }
    return i > 0 || err_set(e, ERR_CONFIG, "scenario: generate.units is empty");
}

static bool read_procedures(struct planner *p, struct arena *arena, struct err *e)
{
    const json_t *list = json_object_get(p->generate, "procedures");
    json_t *item;
    size_t i;

    p->procedure = arena_alloc(arena, (json_array_size(list) + 1) * sizeof(struct procedure *));
    json_array_foreach(list, i, item)
    {
        const char *handled = text_of(item, "handled_by");
        p->procedure[i] = directory_procedure(p->directory, text_of(item, "procedure"));
        if (!p->procedure[i] || (handled && directory_unit(p->directory, handled) < 0))
            return err_set(e, ERR_CONFIG, "scenario: generate.procedures names what is not there");
        wheel_add(&p->procedures, arena, json_integer_value(json_object_get(item, "weight")));
    }
    return i > 0 || err_set(e, ERR_CONFIG, "scenario: generate.procedures is empty");
}

static bool read_months(struct planner *p, struct arena *arena, struct err *e)
{
    const json_t *list = json_object_get(p->generate, "months");
    int32_t *starts = arena_alloc(arena, (json_array_size(list) + 1) * sizeof *starts);
    json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        const char *month = text_of(item, "month");
        char first[16];
        snprintf(first, sizeof first, "%.7s-01", month ? month : "");
        if (!day_parse(first, &starts[i]))
            return err_set(e, ERR_CONFIG, "scenario: generate.months has a month that is none");
        starts[i] = starts[i] > p->from ? starts[i] : p->from;
        wheel_add(&p->months, arena, json_integer_value(json_object_get(item, "weight")));
    }
    starts[i] = p->until + 1;
    p->month_start = starts;
    return i > 0 || err_set(e, ERR_CONFIG, "scenario: generate.months is empty");
}

static void read_states(struct wheel *wheel, const json_t *weights, const char *const *names, size_t n,
                        struct arena *arena)
{
    for (size_t i = 0; i < n; i++)
        wheel_add(wheel, arena, json_integer_value(json_object_get(weights, names[i])));
}

bool planner_new(const json_t *generate, const struct directory *directory, uint64_t seed, int64_t n,
                 int64_t now, struct arena *arena, struct planner *out, struct err *e)
{
    const char *from = text_of(generate, "from"), *until = text_of(generate, "until");

    *out = (struct planner){.generate = generate, .directory = directory, .seed = seed, .n = n, .now = now};
    if (!from || !until || !day_parse(from, &out->from) || !day_parse(until, &out->until) ||
        out->until < out->from)
        return err_set(e, ERR_CONFIG, "scenario: generate.from and generate.until have to be dates");
    read_states(&out->open_states, get(out, "open", "states"), open_states, COUNT(open_states), arena);
    read_states(&out->closed_states, get(out, "closed", "states"), closed_states, COUNT(closed_states), arena);
    out->n_open = (int64_t)((double)n * percent(out, "open", "share") / 100);
    return read_units(out, arena, e) && read_procedures(out, arena, e) && read_months(out, arena, e);
}

/* ── choosing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool in_force(int32_t from, int32_t until, int32_t day)
{
    return (from == DAY_NONE || from <= day) && (until == DAY_NONE || day <= until);
}

static size_t pick_unit(const struct planner *p, struct chance *c, int32_t day)
{
    size_t unit = 0;

    for (int i = 0; i < TRIES; i++) {
        unit = wheel_spin(&p->units, c);
        if (in_force(p->unit[unit]->active_from, p->unit[unit]->active_until, day))
            break;
    }
    return unit;
}

/* What another agency decides never gets further than received here. */
static size_t pick_procedure(const struct planner *p, struct plan *plan, int32_t day)
{
    size_t procedure = 0;

    for (int i = 0; i < TRIES; i++) {
        procedure = wheel_spin(&p->procedures, &plan->chance);
        const struct procedure *it = p->procedure[procedure];
        bool fits = !procedure_is_elsewhere(it) || plan->fate == FATE_RECEIVED;
        for (size_t j = 0; fits && j < it->units.n; j++)
            fits = strcmp(it->units.items[j], p->unit[plan->unit]->id) == 0;
        if (fits && it->active && in_force(it->effective_from, it->effective_until, day))
            break;
    }
    return procedure;
}

static struct calendar unit_calendar(const struct planner *p, const struct plan *plan)
{
    return directory_calendar(p->directory, p->unit[plan->unit]->id);
}

/* By the curve of the month. */
static void pick_channel(const struct planner *p, struct plan *plan, int32_t day)
{
    const json_t *months = json_object_get(p->generate, "months"), *month;
    size_t i = 0;

    while (i + 1 < p->months.n && p->month_start[i + 1] <= day)
        i++;
    month = json_array_get(months, i);
    double online = json_number_value(json_object_get(month, "online")),
           post = json_number_value(json_object_get(month, "post"));
    double at = (double)chance_below(&plan->chance, 100000) / 1000;
    plan->channel = at < online ? "online" : at < online + post ? "post" : "counter";
    plan->assisted =
        at < online && chance_percent(&plan->chance, json_number_value(json_object_get(month, "assisted")));
}

static void pick_end(const struct planner *p, struct plan *plan)
{
    double at = (double)chance_below(&plan->chance, 100000) / 1000, early = percent(p, "closed", "early");

    plan->end = at < early ? -1 : at < early + percent(p, "closed", "on_time") ? 0 : 1;
}

/* A working moment of that day, or of the next that has one. */
static int64_t working_moment(struct plan *plan, const struct calendar *calendar, int32_t day)
{
    int64_t start = calendar_next(calendar, instant_day_start(day, calendar->offset));
    int32_t on = instant_day(start, calendar->offset);
    int64_t work = calendar_between(calendar, start, instant_day_start(on + 1, calendar->offset));

    return start == INSTANT_NONE ? instant_day_start(day, calendar->offset)
                                 : calendar_add_time(calendar, start, chance_below(&plan->chance, work));
}

/* ── open ones: from the due time back ───────────────────────────────────────────────────────────────────────────── */

static int64_t target(const struct planner *p, struct plan *plan, const struct calendar *calendar)
{
    double at = (double)chance_below(&plan->chance, 100000) / 1000, overdue = percent(p, "open", "overdue");
    int64_t days = (int64_t)percent(p, "open", "days"), late = (int64_t)percent(p, "open", "late_days");
    int64_t some = chance_below(&plan->chance, 6 * 3600), t;

    if (at < overdue)
        t = calendar_add_time(
            calendar, calendar_back_days(calendar, p->now, chance_between(&plan->chance, 1, late)), some / 3);
    else if (at < overdue + percent(p, "open", "today"))
        t = calendar_add_time(calendar, p->now, some / 2 + 60);
    else
        t = calendar_add_time(
            calendar, calendar_add_days(calendar, p->now, chance_between(&plan->chance, 1, days)), some);
    return t == INSTANT_NONE ? p->now : t;
}

/* When something had to be received to be due about then. */
static int64_t received_for(const struct procedure *procedure, const struct calendar *calendar, int64_t due)
{
    int64_t amount = procedure->time_limit.amount;
    const char *unit = procedure->time_limit.unit;

    if (strcmp(unit, "same_day") == 0)
        return due - 3 * 3600;
    if (strcmp(unit, "calendar_days") == 0)
        return due - amount * DAY;
    return calendar_back_days(calendar, due, strcmp(unit, "working_hours") == 0 ? (amount + 7) / 8 : amount);
}

/* The last moment at which it can have been received to have come so far. */
static int64_t latest_for(const struct planner *p, enum fate fate)
{
    if (fate == FATE_REGISTERED || fate == FATE_RECEIVED)
        return p->now - 60;
    return p->now -
           (fate == FATE_ASSESSMENT || fate == FATE_SUPPLEMENT || fate == FATE_PAYMENT ? 3600 : 3 * 3600);
}

/* A procedure that can be due then although it was received by now: what lasts an hour is not open for days. False: this one
 * cannot. */
static bool received_in_time(const struct planner *p, const struct plan *plan,
                             const struct calendar *calendar, int64_t due, int64_t *received)
{
    int64_t first = instant_day_start(p->from, calendar->offset);
    int64_t t = plan->fate == FATE_REGISTERED ? calendar_back_days(calendar, due, 1)
                                              : received_for(p->procedure[plan->procedure], calendar, due);

    *received = t == INSTANT_NONE ? t : calendar_next(calendar, t);
    return *received != INSTANT_NONE && *received <= latest_for(p, plan->fate) && *received >= first;
}

static void plan_open(const struct planner *p, struct plan *plan)
{
    int32_t today = instant_day(p->now, 7 * 3600);
    int64_t received;

    plan->fate = (enum fate)wheel_spin(&p->open_states, &plan->chance);
    plan->unit = pick_unit(p, &plan->chance, today);
    struct calendar calendar = unit_calendar(p, plan);
    int64_t due = target(p, plan, &calendar);
    bool found = false;
    for (int i = 0; i < TRIES && !found; i++) {
        plan->procedure = pick_procedure(p, plan, today);
        found = received_in_time(p, plan, &calendar, due, &received);
        if (!found && plan->fate == FATE_REGISTERED) /* 8 hours to decide, whatever it is: sooner then */
            due = calendar_add_time(&calendar, p->now, chance_between(&plan->chance, 600, 7 * 3600));
    }
    if (!found)
        received = working_moment(plan, &calendar,
                                  instant_day(calendar_back_days(&calendar, p->now, 1), calendar.offset));
    pick_end(p, plan);
    pick_channel(p, plan, today);
    plan->submitted_at = received;
    if (plan->fate == FATE_REGISTERED) {
        plan->channel = "online";
        plan->assisted = false;
    } else if (strcmp(plan->channel, "online") == 0 && !plan->assisted) { /* some hours before, at any time of day */
        plan->receive_at = received;
        plan->submitted_at = received - chance_between(&plan->chance, 600, 16 * 3600);
    }
}

/* ── closed ones: along the year ─────────────────────────────────────────────────────────────────────────────────── */

static int64_t due_of(const struct planner *p, const struct plan *plan, const struct calendar *calendar)
{
    int64_t due = calendar_due(calendar, plan->submitted_at, &p->procedure[plan->procedure]->time_limit);

    return due == INSTANT_NONE ? plan->submitted_at : due;
}

static void plan_closed(const struct planner *p, struct plan *plan)
{
    plan->fate = (enum fate)(FATE_RETURNED + wheel_spin(&p->closed_states, &plan->chance));
    pick_end(p, plan);
    for (int i = 0; i < TRIES; i++) { /* until it can have ended by now */
        size_t month = wheel_spin(&p->months, &plan->chance);
        int32_t first = p->month_start[month], days = p->month_start[month + 1] - first;
        int32_t day = first + (int32_t)chance_below(&plan->chance, days);
        plan->unit = pick_unit(p, &plan->chance, day);
        plan->procedure = pick_procedure(p, plan, day);
        pick_channel(p, plan, day);
        struct calendar calendar = unit_calendar(p, plan);
        if (strcmp(plan->channel, "online") == 0 && !plan->assisted)
            plan->submitted_at =
                instant_day_start(day, calendar.offset) + chance_between(&plan->chance, 6 * 3600, 22 * 3600);
        else
            plan->submitted_at = working_moment(plan, &calendar, day);
        int64_t end = calendar_add_days(&calendar, due_of(p, plan, &calendar), plan->end > 0 ? 6 : 2);
        if (end != INSTANT_NONE && end < p->now)
            return;
    }
    plan->submitted_at = working_moment(plan, &(struct calendar){0}, p->from);
}

void planner_plan(const struct planner *p, int64_t i, struct plan *out)
{
    *out = (struct plan){.chance.state = p->seed * 0x9e3779b97f4a7c15u + (uint64_t)i * 0xd1342543de82ef95u,
                         .receive_at = INSTANT_NONE};
    chance_next(&out->chance);
    if (i < p->n_open)
        plan_open(p, out);
    else
        plan_closed(p, out);
}

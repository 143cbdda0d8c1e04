/* calendar: what is left of a due time, how long past it is, and the days that make it up, as people count them.
 * It refuses to call anything on time that it cannot compute.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/calendar.h"

#define DAY_SECONDS 86400
#define STUCK_DAYS  2

/* Steps working days from `due` towards `now` at the due time of day (`way` -1: it is still to come; 1: it has passed), as long
 * as a whole one fits. `*edge` is where the last step ended. */
static int64_t step_towards(const struct calendar *c, int64_t due, int64_t now, int way, int64_t *edge)
{
    int64_t second, steps = 0;
    int32_t day = calendar_place(c, way > 0 ? calendar_next(c, due) : due, &second);

    *edge = due;
    if (day == DAY_NONE)
        return 0;
    for (;;) {
        day = calendar_step(c, day, way);
        if (day == DAY_NONE || steps > CALENDAR_REACH_DAYS) /* before the year 1 no day is earlier than the last */
            return steps;
        int64_t t = calendar_at(c, day, second);
        if (way > 0 ? t > now : t < now)
            return steps;
        *edge = t;
        steps++;
    }
}

struct time_left calendar_left_until(const struct calendar *c, int64_t due, int64_t now)
{
    struct time_left left = {.kind = TIME_UNKNOWN};

    if (!calendar_computes(c, due) || !calendar_computes(c, now))
        return left;
    bool over = due < now;
    int64_t edge;
    if ((over ? now - due : due - now) > (int64_t)CALENDAR_REACH_DAYS * DAY_SECONDS)
        return left;
    left.days = step_towards(c, due, now, over ? 1 : -1, &edge);
    int64_t rest = over ? calendar_between(c, edge, now) : calendar_between(c, now, edge);
    if (rest == INSTANT_NONE)
        return (struct time_left){.kind = TIME_UNKNOWN};
    left.minutes = rest / 60;
    if (over)
        left.kind = TIME_OVERDUE;
    else
        left.kind = instant_day(due, c->offset) == instant_day(now, c->offset) ? TIME_TODAY : TIME_LEFT;
    return left;
}

static enum time_kind kind_of_end(const struct calendar *c, const struct dossier *d)
{
    int64_t end = d->completed_at != INSTANT_NONE ? d->completed_at : d->step_since;

    if (d->due_at == INSTANT_NONE)
        return TIME_NONE;
    if (!c->usable || end == INSTANT_NONE)
        return TIME_UNKNOWN;
    int32_t ended = instant_day(end, c->offset), due = instant_day(d->due_at, c->offset);
    return ended < due ? TIME_EARLY : ended == due ? TIME_ON_TIME : TIME_LATE;
}

struct time_left calendar_left(const struct calendar *c, const struct dossier *d, int64_t now)
{
    if (!dossier_is_open(d))
        return (struct time_left){.kind = kind_of_end(c, d)};
    if (dossier_is_paused(d))
        return (struct time_left){.kind = TIME_PAUSED};
    return calendar_left_until(c, dossier_due(d), now);
}

bool calendar_stuck(const struct calendar *c, int64_t step_since, int64_t now)
{
    int64_t until = calendar_add_days(c, step_since, STUCK_DAYS);

    return until != INSTANT_NONE && until <= now;
}

size_t calendar_explain(const struct calendar *c, int64_t from, int64_t due, struct arena *arena,
                        struct counted_day **out)
{
    *out = NULL;
    if (calendar_between(c, from, due) == INSTANT_NONE || due < from)
        return 0;
    int32_t first = instant_day(from, c->offset);
    size_t n = (size_t)(instant_day(due, c->offset) - first) + 1;
    *out = arena_alloc(arena, n * sizeof **out);
    for (size_t i = 0; i < n; i++) {
        struct counted_day *counted = &(*out)[i];
        counted->day = first + (int32_t)i;
        const struct day_hours *hours = calendar_day(c, counted->day, &counted->name);
        int64_t start = instant_day_start(counted->day, c->offset);
        int64_t begin = (from - start) / 60, end = (due - start) / 60;
        counted->off = hours->n == 0;
        for (size_t j = 0; j < hours->n; j++) {
            struct hours_span span = hours->spans[j];
            span.from = span.from > begin ? span.from : (int16_t)begin;
            span.until = span.until < end ? span.until : (int16_t)end;
            if (span.from >= span.until)
                continue;
            counted->spans[counted->n_spans++] = span;
            counted->minutes += span.until - span.from;
        }
    }
    return n;
}

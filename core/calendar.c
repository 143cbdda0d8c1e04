/* calendar: office hours as numbers: working time between, after and before instants, and the due times that follow from it.
 * It refuses to guess: hours that make no sense, an empty week or an unknown zone compute nothing at all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/calendar.h"

#include <string.h>

#define DAY_SECONDS   86400
#define DAY_MINUTES   1440
#define GAP_DAYS      400
#define DECIDE_HOURS  8
#define SAME_DAY_HOUR 15
#define YEAR_1        (-62135596800)
#define YEAR_10000    253402300800

static bool hours_are_sound(const struct day_hours *hours)
{
    int last = 0;

    if (hours->n > CALENDAR_SPANS)
        return false;
    for (size_t i = 0; i < hours->n; i++) {
        const struct hours_span *span = &hours->spans[i];
        if (span->from < last || span->until <= span->from || span->until > DAY_MINUTES)
            return false;
        last = span->until;
    }
    return true;
}

struct calendar calendar_of(const struct office_calendar *hours)
{
    struct calendar c = {.hours = hours, .sorted = true};
    size_t spans = 0;
    bool sound = true;

    if (!hours)
        return c;
    for (size_t i = 0; i < 7; i++) {
        spans += hours->week[i].n;
        sound = sound && hours_are_sound(&hours->week[i]);
    }
    for (size_t i = 0; i < hours->n_exceptions; i++) {
        const struct calendar_exception *exception = &hours->exceptions[i];
        spans += exception->hours.n;
        sound = sound && hours_are_sound(&exception->hours);
        c.sorted = c.sorted && (i == 0 || exception[-1].date < exception->date);
    }
    c.usable = zone_offset(hours->time_zone, &c.offset) && sound && spans > 0;
    return c;
}

static const struct calendar_exception *exception_on(const struct calendar *c, int32_t day)
{
    const struct calendar_exception *all = c->hours->exceptions;
    size_t low = 0, high = c->hours->n_exceptions;

    if (!c->sorted) {
        for (size_t i = 0; i < high; i++)
            if (all[i].date == day)
                return &all[i];
        return NULL;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all[middle].date < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->hours->n_exceptions && all[low].date == day ? &all[low] : NULL;
}

const struct day_hours *calendar_day(const struct calendar *c, int32_t day, const char **name)
{
    static const struct day_hours closed;
    const struct calendar_exception *exception = c->usable ? exception_on(c, day) : NULL;

    if (name)
        *name = exception ? exception->name : NULL;
    if (exception)
        return &exception->hours;
    return c->usable ? &c->hours->week[day_weekday(day)] : &closed;
}

int32_t calendar_step(const struct calendar *c, int32_t day, int way)
{
    for (int i = 0; c->usable && i < GAP_DAYS; i++) {
        day += way;
        if (calendar_day(c, day, NULL)->n > 0)
            return day;
    }
    return DAY_NONE;
}

int64_t calendar_at(const struct calendar *c, int32_t day, int64_t second)
{
    const struct day_hours *hours = calendar_day(c, day, NULL);
    int64_t start = instant_day_start(day, c->offset);

    if (hours->n == 0)
        return INSTANT_NONE;
    for (size_t i = 0; i < hours->n; i++) {
        int64_t from = hours->spans[i].from * 60, until = hours->spans[i].until * 60;
        if (second <= until)
            return start + (second > from ? second : from);
    }
    return start + hours->spans[hours->n - 1].until * 60;
}

bool calendar_computes(const struct calendar *c, int64_t t)
{
    return c->usable && t >= YEAR_1 && t < YEAR_10000;
}

/* The first working moment ≥ t; `*end` is the end of the span that it lies in. */
static int64_t next_span(const struct calendar *c, int64_t t, int64_t *end)
{
    if (!calendar_computes(c, t))
        return INSTANT_NONE;
    int32_t day = instant_day(t, c->offset);
    for (int i = 0; i <= GAP_DAYS; i++, day++) {
        const struct day_hours *hours = calendar_day(c, day, NULL);
        int64_t start = instant_day_start(day, c->offset);
        for (size_t j = 0; j < hours->n; j++) {
            int64_t from = start + hours->spans[j].from * 60;
            *end = start + hours->spans[j].until * 60;
            if (t < *end)
                return t > from ? t : calendar_computes(c, from) ? from : INSTANT_NONE;
        }
    }
    return INSTANT_NONE;
}

int64_t calendar_next(const struct calendar *c, int64_t t)
{
    int64_t end;

    return next_span(c, t, &end);
}

int64_t calendar_between(const struct calendar *c, int64_t from, int64_t until)
{
    int64_t sum = 0;

    if (!calendar_computes(c, from) || !calendar_computes(c, until))
        return INSTANT_NONE;
    if (until <= from)
        return 0;
    int32_t day = instant_day(from, c->offset), last = instant_day(until, c->offset);
    if (last - day > CALENDAR_REACH_DAYS)
        return INSTANT_NONE;
    for (; day <= last; day++) {
        const struct day_hours *hours = calendar_day(c, day, NULL);
        int64_t start = instant_day_start(day, c->offset);
        for (size_t i = 0; i < hours->n; i++) {
            int64_t begins = start + hours->spans[i].from * 60, ends = start + hours->spans[i].until * 60;
            begins = begins > from ? begins : from;
            ends = ends < until ? ends : until;
            sum += ends > begins ? ends - begins : 0;
        }
    }
    return sum;
}

int64_t calendar_add_time(const struct calendar *c, int64_t from, int64_t seconds)
{
    int64_t end, t = next_span(c, from, &end);
    int64_t reach = t + (int64_t)CALENDAR_REACH_DAYS * DAY_SECONDS;

    if (seconds < 0)
        return INSTANT_NONE;
    while (t != INSTANT_NONE && t <= reach) {
        if (seconds <= end - t)
            return t + seconds;
        seconds -= end - t;
        t = next_span(c, end, &end);
    }
    return INSTANT_NONE;
}

/* `days` working days from a day and time of day on, in either direction. */
static int64_t move_days(const struct calendar *c, int32_t day, int64_t second, int64_t days, int way)
{
    int32_t first = day;

    if (days < 0)
        return INSTANT_NONE;
    for (; days > 0; days--) {
        day = calendar_step(c, day, way);
        if (day == DAY_NONE || (day - first) * way > CALENDAR_REACH_DAYS)
            return INSTANT_NONE;
    }
    return calendar_at(c, day, second);
}

int64_t calendar_add_days(const struct calendar *c, int64_t from, int64_t days)
{
    int64_t t = calendar_next(c, from);

    if (t == INSTANT_NONE)
        return INSTANT_NONE;
    int32_t day = instant_day(t, c->offset);
    return move_days(c, day, t - instant_day_start(day, c->offset), days, 1);
}

int32_t calendar_place(const struct calendar *c, int64_t t, int64_t *second)
{
    *second = 0;
    if (!calendar_computes(c, t))
        return DAY_NONE;
    int32_t day = instant_day(t, c->offset);
    *second = t - instant_day_start(day, c->offset);
    if (calendar_day(c, day, NULL)->n > 0)
        return day;
    *second = DAY_SECONDS;
    return calendar_step(c, day, -1);
}

int64_t calendar_back_days(const struct calendar *c, int64_t from, int64_t days)
{
    int64_t second;
    int32_t day = calendar_place(c, from, &second);

    return day == DAY_NONE ? INSTANT_NONE : move_days(c, day, second, days, -1);
}

static int64_t due_same_day(const struct calendar *c, int64_t received, int64_t start)
{
    int32_t day = instant_day(start, c->offset);

    /* Received on a day off or after hours it already counts from the next working day. */
    if (day == instant_day(received, c->offset) && instant_civil(received, c->offset).hour >= SAME_DAY_HOUR)
        day = calendar_step(c, day, 1);
    return day == DAY_NONE ? INSTANT_NONE : calendar_at(c, day, DAY_SECONDS);
}

static int64_t due_calendar_days(const struct calendar *c, int64_t start, int64_t days)
{
    if (days > CALENDAR_REACH_DAYS)
        return INSTANT_NONE;
    int64_t t = start + days * DAY_SECONDS;
    int32_t day = instant_day(t, c->offset);
    if (calendar_day(c, day, NULL)->n > 0)
        return calendar_at(c, day, t - instant_day_start(day, c->offset));
    day = calendar_step(c, day, 1);
    return day == DAY_NONE ? INSTANT_NONE : calendar_at(c, day, DAY_SECONDS);
}

int64_t calendar_due(const struct calendar *c, int64_t received, const struct duration *limit)
{
    int64_t start = calendar_next(c, received);

    if (start == INSTANT_NONE || !limit || !limit->unit || limit->amount < 0)
        return INSTANT_NONE;
    if (strcmp(limit->unit, "same_day") == 0)
        return due_same_day(c, received, start);
    if (strcmp(limit->unit, "working_days") == 0)
        return calendar_add_days(c, start, limit->amount);
    if (strcmp(limit->unit, "calendar_days") == 0)
        return due_calendar_days(c, start, limit->amount);
    if (strcmp(limit->unit, "working_hours") == 0 && limit->amount <= CALENDAR_REACH_DAYS * 24)
        return calendar_add_time(c, start, limit->amount * 3600);
    return INSTANT_NONE;
}

int64_t calendar_decide_by(const struct calendar *c, int64_t submitted)
{
    return calendar_add_time(c, submitted, DECIDE_HOURS * 3600);
}

int64_t calendar_resume(const struct calendar *c, int64_t due, int64_t paused_from, int64_t paused_until)
{
    int64_t stood = calendar_between(c, paused_from, paused_until);

    if (stood == 0 && calendar_computes(c, due))
        return due;
    return stood == INSTANT_NONE ? INSTANT_NONE : calendar_add_time(c, due, stood);
}
